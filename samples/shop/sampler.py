"""A stack sampler: python3 sampler.py OUT.folded PROGRAM.py [ARGUMENTS...]

A timer interrupts the program every millisecond, and the stack of that moment is counted. What comes out is
one line for each different stack: its frames from the outermost to the innermost, a blank, and the count.
"""

import signal
import sys
from collections import Counter
from pathlib import Path

EVERY_S = 0.001
HERE = f"{Path.cwd()}/"


def frame_text(code):
    name = getattr(code, "co_qualname", code.co_name)
    return f"{name} ({code.co_filename.removeprefix(HERE)}:{code.co_firstlineno})"


def stack_text(frame):
    frames = []
    while frame and frame.f_code.co_filename != __file__:  # what lies outside is this sampler
        frames.append(frame_text(frame.f_code))
        frame = frame.f_back
    return ";".join(reversed(frames))


def main():
    out, program, *arguments = sys.argv[1:]
    sys.argv = [program, *arguments]
    code = compile(Path(program).read_text(), program, "exec")
    stacks = Counter()
    signal.signal(signal.SIGALRM, lambda number, frame: stacks.update([stack_text(frame)]))
    signal.setitimer(signal.ITIMER_REAL, EVERY_S, EVERY_S)
    try:
        exec(code, {"__name__": "__main__", "__doc__": code.co_consts[0]})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    with open(out, "w") as file:
        file.writelines(f"{stack} {count}\n" for stack, count in sorted(stacks.items()) if stack)


if __name__ == "__main__":
    main()
