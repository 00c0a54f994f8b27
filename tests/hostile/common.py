"""What the tests of hostile inputs share: the program, a room of their own, a list of failures.

Each test is a script: PROFVIZ names the program. It prints what failed and ends with 1, or with 77
where it cannot be run at all.
"""

import concurrent.futures
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

PROFVIZ = os.path.realpath(os.environ["PROFVIZ"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SANITIZER_EXIT = 99
TIMEOUT = 120  # far beyond what anything takes; a hang, not a slow machine

# What no output for people shows as it is.
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u061c\u115f\u200b-\u200f\u2028-\u202f"
                    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufdd0-\ufdef\ufffe\uffff"
                    "\U0001fffe\U0001ffff\U000e0000-\U000e0fff]")

IS_SANITIZED = b"__asan_init" in pathlib.Path(PROFVIZ).read_bytes()


def environment(**changes):
    env = {key: value for key, value in os.environ.items()
           if key not in ("NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "SOURCE_DATE_EPOCH")}
    env.update(LC_ALL="C", TZ="UTC", TERM="dumb")
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        env[name] = f"exitcode={SANITIZER_EXIT}:" + env.get(name, "")
    env.update(changes)
    return env


def limited(memory):
    """Address space of the child. A sanitizer needs all of it for its shadow: there the program's
    own --max-memory and the runner's timeout remain."""
    def apply():
        if memory and not IS_SANITIZED:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return apply


NOBODY = 65534


def as_user():
    """Root may write anywhere; nobody may not."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def crashed(self):
        return self.code < 0 or self.code == SANITIZER_EXIT


def profviz(*arguments, stdin=b"", memory=0, cwd=None, env=None, prepare=None, program=PROFVIZ):
    """Runs it; a hang is code -1000."""
    given = {"stdin": subprocess.DEVNULL} if stdin == b"" else {}
    given = {"stdin": stdin} if not isinstance(stdin, bytes) else given
    if isinstance(stdin, bytes) and stdin:
        given["input"] = stdin
    try:
        done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=TIMEOUT, cwd=cwd, env=env or environment(), check=False,
                              preexec_fn=prepare or limited(memory), **given)
    except subprocess.TimeoutExpired:
        return Result(-1000, b"", b"timed out")
    return Result(done.returncode, done.stdout, done.stderr)


class Test:
    """Checks, counted; end() prints and exits."""

    def __init__(self):
        self.failures, self.checks, self.skips = [], 0, []
        self.room = pathlib.Path(tempfile.mkdtemp(prefix="profviz-hostile-"))

    def check(self, holds, label, detail=b""):
        self.checks += 1
        if not holds:
            self.failures.append((label, detail))
        return holds

    def skip(self, why):
        self.skips.append(why)

    @staticmethod
    def timed(function, item):
        began = time.monotonic()
        function(item)
        if "-v" in sys.argv:
            print(f"{time.monotonic() - began:7.2f} s  {str(item)[:80]}", flush=True)

    def each(self, function, items):
        """All items, on all cores; an exception is a failure of its item."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            futures = {pool.submit(self.timed, function, item): item for item in items}
            for future, item in futures.items():
                problem = future.exception()
                if problem:
                    self.check(False, f"{str(item)[:80]}: {type(problem).__name__}: {problem}")

    def end(self):
        shutil.rmtree(self.room, ignore_errors=True)
        for why in self.skips:
            print("skipped:", why)
        for label, detail in self.failures[:400]:
            print("FAILED:", label)
            if detail:
                print("   ", bytes(detail)[-1500:])
        print(f"{self.checks} checks, {len(self.failures)} failed, {len(self.skips)} skipped")
        sys.exit(1 if self.failures else 0)
