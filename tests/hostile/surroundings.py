#!/usr/bin/env python3
"""Hostile surroundings: full disks, folders that go away, limits, signals, other locales and fonts.
Whatever happens, an output is whole or the old one stands, nothing is left beside it, and the exit
code is the documented one; and what does not matter changes no byte.

surroundings.py [FAILING]: FAILING is the library made of failing.c."""

import contextlib
import errno
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time

from common import IS_SANITIZED, PROFVIZ, SOURCE, TIMEOUT, Test, as_user, environment, limited, profviz

test = Test()

PSTATS = str(SOURCE / "samples/shop/shop.pstats")
FOLDED = str(SOURCE / "samples/shop/shop.folded")
OUTPUTS = [("graph.svg", ["--view", "graph"]), ("flame.svg", ["--view", "flame"]),
           ("flame.png", ["--view", "flame"]), ("flame.pdf", ["--view", "flame"]), ("x.json", []),
           ("x.folded", []), ("x.csv", []), ("x.md", []), ("x.txt", []), ("x.json.gz", []),
           ("flame.svgz", ["--view", "flame"])]
OLD = b"old\n"

test.room.chmod(0o755)
WHOLE = {}  # output name → what a run without trouble writes


def whole():
    for name, options in OUTPUTS:
        profviz(FOLDED, *options, "-q", "-o", str(test.room / name))
        WHOLE[name] = (test.room / name).read_bytes()
        test.check(WHOLE[name] != b"", f"{name} can be written")


def fresh(label, old=True, name="out"):
    folder = test.room / ("".join(c if c.isalnum() else "-" for c in label)[:80] + "-" + name)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    if old:
        (folder / name).write_bytes(OLD)
        (folder / name).chmod(0o666)
    return folder


def intact(label, folder, name, code, result, expected=None):
    """The old output stands where it failed, the new one is whole where it did not; nothing else."""
    found = sorted(os.listdir(folder))
    test.check(found == [name], f"{label}: nothing else in the folder: {found}", result.err)
    content = (folder / name).read_bytes() if name in found else None
    if result.code == 0:
        test.check(content != OLD and (expected is None or content == expected), f"{label}: whole", result.err)
    else:
        test.check(content == OLD, f"{label}: the old output stands", result.err)
    if code is not None:
        test.check(result.code == code, f"{label}: exit code {result.code}, not {code}", result.err)
    if code == 1:
        test.check(result.err.startswith(b"profviz: ") or b"\nprofviz: " in result.err, f"{label}: says why",
                   result.err)


# ---- outputs that cannot be written

def full(_):
    if not os.path.exists("/dev/full"):
        test.skip("/dev/full is not here")
        return
    for name, options in OUTPUTS:
        kind = name.split(".")[1]
        kind = {"svgz": "svg", "txt": "text", "md": "markdown", "folded": "collapsed"}.get(kind, kind)
        for path in ("/dev/full", "-"):
            with open("/dev/full", "wb") as stdout:
                done = subprocess.run([PROFVIZ, FOLDED, *options, "-T", kind, "-o", path], stdout=stdout,
                                      stderr=subprocess.PIPE, env=environment(), timeout=TIMEOUT, check=False)
            test.check(done.returncode == 1 and b"No space left" in done.stderr, f"/dev/full as {path} {name}",
                       done.stderr)
    for word in ("--help", "--version", "formats", "views"):
        with open("/dev/full", "wb") as stdout:
            done = subprocess.run([PROFVIZ, word], stdout=stdout, stderr=subprocess.PIPE, env=environment(),
                                  timeout=TIMEOUT, check=False)
        test.check(done.returncode == 1, f"/dev/full {word}", done.stderr)


def closed_pipe(_):
    for name, options in OUTPUTS[:7]:
        kind = name.split(".")[-1].replace("folded", "collapsed")
        child = subprocess.Popen([PROFVIZ, FOLDED, *options, "-q", "-T", kind, "-o", "-"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        child.stdout.close()
        err = child.stderr.read()
        child.stderr.close()
        test.check(child.wait(TIMEOUT) == 0 and err == b"", f"closed pipe {name}", err)


def readable_program():
    """The build folder may be closed to others."""
    copy = str(test.room / "profviz")
    shutil.copy(PROFVIZ, copy)
    os.chmod(copy, 0o755)
    shutil.copy(FOLDED, test.room / "in.folded")
    (test.room / "in.folded").chmod(0o644)
    done = profviz("--version", prepare=as_user, program=copy, cwd="/")
    return copy if done.code == 0 else None


def read_only(_):
    program = readable_program()
    if not program:
        test.skip("another user cannot run the program: no read-only folders")
        return
    given = str(test.room / "in.folded")
    for name, options in OUTPUTS[:5]:
        label = f"read-only folder {name}"
        folder = fresh(label, name=name)
        folder.chmod(0o555)
        result = profviz(given, *options, "-o", str(folder / name), prepare=as_user, program=program, cwd="/")
        intact(label, folder, name, 1, result)
        label = f"read-only file {name}"
        folder = fresh(label, name=name)
        (folder / name).chmod(0o444)
        result = profviz(given, *options, "-o", str(folder / name), prepare=as_user, program=program, cwd="/")
        intact(label, folder, name, 1, result)
    closed = test.room / "closed.folded"
    closed.write_bytes(b"a;b 1\n")
    closed.chmod(0)
    result = profviz(str(closed), prepare=as_user, program=program, cwd="/")
    test.check(result.code == 1 and b"Permission denied" in result.err, "unreadable input", result.err)


def vanished(_):
    """The folder goes away while the input is being read, or is a file by then."""
    for what in ("gone", "file", "target is a folder", "working directory"):
        label = f"vanished {what}"
        folder = fresh(label, old=False)
        name = "out.json" if what == "working directory" else str(folder / "out.json")
        child = subprocess.Popen([PROFVIZ, "-o", name, "-F", "collapsed"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
                                 cwd=folder if what == "working directory" else "/")
        child.stdin.write(b"a;b 1\n" * 100000)
        child.stdin.flush()
        if what == "target is a folder":
            (folder / "out.json").mkdir()
        else:
            shutil.rmtree(folder)
        if what == "file":
            folder.write_bytes(b"")
        _, err = child.communicate(b"a;c 1\n", timeout=TIMEOUT)
        test.check(child.returncode == 1 and err.startswith(b"profviz: "), f"{label}: {child.returncode}", err)
        if what == "target is a folder":
            test.check(os.listdir(folder) == ["out.json"], f"{label}: nothing left")


def size_limit(_):
    for name, options in OUTPUTS:
        size = len(WHOLE[name])
        for limit in (0, 1, size // 2, size - 1, size):
            def apply(limit=limit):
                limited(0)()
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            label = f"RLIMIT_FSIZE {limit} of {size} {name}"
            folder = fresh(label, name=name)
            result = profviz(FOLDED, *options, "-q", "-o", str(folder / name), prepare=apply)
            intact(label, folder, name, 0 if limit == size else 1, result, WHOLE[name])


def memory_limit(_):
    if IS_SANITIZED:
        test.skip("RLIMIT_AS: the sanitizer's shadow needs all of it")
        return
    codes = set()
    for name, options in OUTPUTS[:5]:
        for mib in (8, 16, 24, 32, *range(36, 128, 4), 128, 256, 512):
            label = f"RLIMIT_AS {mib} MiB {name}"
            folder = fresh(label, name=name)
            result = profviz(FOLDED, *options, "-q", "-o", str(folder / name), memory=mib << 20)
            intact(label, folder, name, None, result, None)
            is_loaded = b"error while loading" not in result.err and result.code != 127
            codes.add((mib, result.code))
            test.check(result.code in (0, 1) or not is_loaded, f"{label}: exit code {result.code}", result.err)
    test.check(any(code == 0 for _, code in codes), "RLIMIT_AS: 512 MiB is enough")


def failing_writes(library):
    if IS_SANITIZED or not library:
        test.skip("failing writes: a sanitizer wants to be loaded first")
        return
    environ = {"LD_PRELOAD": library}
    for name, options in OUTPUTS:
        size = len(WHOLE[name])
        places = sorted({0, 1, 2, size // 4, size // 2, size - 2, size - 1})
        rows = [(place, str(number), {}) for place in places for number in (errno.ENOSPC,)]
        rows += [(size // 2, str(number), {}) for number in (errno.EIO, errno.EDQUOT, errno.EFBIG, errno.EPIPE)]
        rows += [(size, str(errno.EIO), {"FAIL_CLOSE": "1"}), (size, "0", {"FAIL_RENAME": "1"})]
        for place, how, more in rows:
            label = f"write fails at {place} of {size} with {how} {more} {name}"
            folder = fresh(label, name=name)
            env = environment(FAIL_AT=str(place), FAIL_HOW=how, **more, **environ)
            result = profviz(FOLDED, *options, "-q", "-o", str(folder / name), env=env)
            intact(label, folder, name, 1, result)
        if size < 100_000:
            label = f"short writes {name}"
            folder = fresh(label, name=name)
            env = environment(FAIL_AT="0", FAIL_HOW="short", **environ)
            result = profviz(FOLDED, *options, "-q", "-o", str(folder / name), env=env)
            intact(label, folder, name, 0, result, WHOLE[name])


# ---- signals

def where_it_hangs(pid):
    """What the system knows of a process that does not end."""
    told = []
    for task in sorted(pathlib.Path(f"/proc/{pid}/task").glob("*")):
        for name in ("wchan", "syscall", "stack", "status"):
            with contextlib.suppress(OSError):
                told.append(f"{task.name} {name}: " + " ".join((task / name).read_text(errors="replace").split())[:500])
    return "\n".join(told).encode()


def end_of(label, child):
    """The child's end; a hang is a failure that says where, and its code is None."""
    try:
        return child.communicate(timeout=TIMEOUT)[1]
    except subprocess.TimeoutExpired:
        test.check(False, f"{label}: hangs", where_it_hangs(child.pid))
        child.kill()
        return None


def run_signalled(name, options, given, number, delay, expected):
    def apply():
        limited(0)()
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(each, signal.SIG_DFL)
    label = f"signal {number} after {delay:.4f} s {name}"
    folder = fresh(label + given[-6:], name=name)
    # The search for leaks stops the program from outside by ptrace: a signal would end that, not us.
    child = subprocess.Popen([PROFVIZ, given, *options, "-q", "-o", str(folder / name)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=environment(ASAN_OPTIONS="detect_leaks=0"), preexec_fn=apply)
    time.sleep(delay)
    child.send_signal(number)
    err = end_of(label, child)
    if err is None:
        return 0

    class Result:
        code = child.returncode
    Result.err = err
    # Before main has begun the signal is the kernel's.
    if Result.code == -number:
        Result.code = 128 + number
    # Between the renaming and the end of the program the new output stands already.
    if Result.code != 0 and (folder / name).read_bytes() == expected:
        (folder / name).write_bytes(OLD)
    intact(label, folder, name, 0 if Result.code == 0 else 128 + number, Result, expected)
    return Result.code


def signals(_):
    lines = b"".join(b"a%d;b%d;c%d %d\n" % (i % 7, i % 101, i, i % 13) for i in range(150_000))
    large = test.room / "large.folded"
    large.write_bytes(lines)
    ended, count = 0, 0
    for name, options in (("graph.svg", ["--view", "graph"]), ("x.json", []), ("flame.png", ["--view", "flame"])):
        began = time.monotonic()
        profviz(str(large), *options, "-q", "-o", str(test.room / ("timed-" + name)))
        took = time.monotonic() - began
        expected = (test.room / ("timed-" + name)).read_bytes()
        for number in (signal.SIGINT, signal.SIGTERM):
            moments = 20 if not IS_SANITIZED else 5
            for i in range(moments):
                ended += run_signalled(name, options, str(large), number, took * i / moments, expected) != 0
                count += 1
        for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM, signal.SIGXCPU):
            run_signalled(name, options, str(large), number, took * 0.6, expected)
    test.check(ended > count / 3, f"signals: {ended} of {count} came in time")


def graph_child(_):
    """A signal to the child that places a graph is not the program's end, nor its output's."""
    text = b"".join(b"a%d;b%d;c%d;d%d 1\n" % (i % 9, i % 31, i % 37, i % 41) for i in range(3000))
    (test.room / "dense.folded").write_bytes(text)
    folder = fresh("graph child", name="g.svg")
    child = subprocess.Popen([PROFVIZ, str(test.room / "dense.folded"), "--view", "graph", "-n", "0", "-e", "0",
                              "--nodecount", "120", "--edgecount", "2000", "-o", str(folder / "g.svg")],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=environment())
    killed = False
    children = f"/proc/{child.pid}/task/{child.pid}/children"
    while child.poll() is None and not killed and os.path.exists(children):
        try:
            with open(children, encoding="ascii") as file:
                for pid in file.read().split():
                    os.kill(int(pid), signal.SIGTERM)
                    killed = True
        except OSError:
            break
    _, err = child.communicate(timeout=TIMEOUT)
    if not killed:
        test.skip("the child that places graphs was not seen")
    test.check(child.returncode in (0, 1) and sorted(os.listdir(folder)) == ["g.svg"],
               f"graph child: {child.returncode}", err)


# ---- what must not matter

def system_calls(_):
    log = test.room / "strace.log"
    tried = shutil.which("strace") and subprocess.run(
        ["strace", "-o", str(log), "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if not tried or tried.returncode != 0:
        test.skip("strace is not here or may not be used")
        return
    env = environment(ASAN_OPTIONS="detect_leaks=0")
    for name, options in OUTPUTS[:4]:
        done = subprocess.run(["strace", "-f", "-qq", "-e", "trace=%file,%network,execve", "-o", str(log), PROFVIZ,
                               PSTATS, *options, "-q", "-o", str(test.room / ("traced-" + name))],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, timeout=TIMEOUT, check=False)
        calls = log.read_text(errors="replace").split("\n")
        test.check(done.returncode == 0, f"strace {name}", done.stderr)
        plugins = {word for call in calls for word in call.split('"')[1::2] if "gvplugin" in word and "= -1" not in call}
        test.check(not any("config6" in call for call in calls), f"{name}: no plugin configuration")
        test.check(all("gvplugin_core" in word or "gvplugin_dot_layout" in word for word in plugins),
                   f"{name}: no plugin but the linked ones", str(plugins).encode())
        test.check(sum("execve(" in call for call in calls) <= 1, f"{name}: starts no program")
        test.check(not any(word in call for call in calls for word in ("connect(", "AF_INET", "bind(")),
                   f"{name}: no network")


def locales():
    done = subprocess.run(["locale", "-a"], stdout=subprocess.PIPE, check=False) if shutil.which("locale") else None
    here = done.stdout.decode(errors="replace").split() if done else []
    return [name for name in here if name.split("_")[0] in ("de", "tr", "ar", "fa", "hi", "fr")][:3]


def same_bytes(_):
    empty = test.room / "empty-fonts.conf"
    empty.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    deep = test.room / "deep" / "er"
    deep.mkdir(parents=True)
    bare = {"PATH": "/nowhere"}
    cases = [("locale " + name, {"LC_ALL": name, "LANG": name}, {}) for name in
             ["C.UTF-8", "nonsense", "tr_TR.UTF-8", *locales()]]
    cases += [("zone " + name, {"TZ": name}, {}) for name in ("Asia/Kathmandu", "nonsense", ":/etc/passwd")]
    cases += [("home", {"HOME": "/nowhere", "XDG_CACHE_HOME": "/nowhere", "TMPDIR": "/nowhere"}, {}),
              ("terminal", {"COLUMNS": "33", "TERM": "xterm-256color", "LINES": "1"}, {}),
              ("no colour", {"NO_COLOR": "1"}, {}),
              ("folder", {}, {"cwd": deep}), ("date", {"SOURCE_DATE_EPOCH": "1"}, {}),
              ("Graphviz's own", {"GVBINDIR": "/nowhere", "SERVER_NAME": "x", "DOTFONTPATH": "/nowhere"}, {}),
              ("allocator", {"MALLOC_PERTURB_": "165", "MALLOC_ARENA_MAX": "1"}, {})]
    font_cases = [("no fonts", {"FONTCONFIG_FILE": str(empty)}, {})]
    if shutil.which("setarch") and subprocess.run(["setarch", "-R", "true"], stderr=subprocess.DEVNULL,
                                                  check=False).returncode == 0:
        cases.append(("no ASLR", {}, {"setarch": True}))
    else:
        test.skip("setarch -R is not here or may not be used")
    if IS_SANITIZED:
        cases = cases[::4]
    for name, options in OUTPUTS:
        is_drawn = name.endswith((".png", ".pdf"))
        for label, changes, how in cases + ([] if is_drawn else font_cases):
            path = deep / name
            command = [FOLDED, *options, "-q", "-o", str(path)]
            program = PROFVIZ
            if how.get("setarch"):
                command, program = ["-R", PROFVIZ, *command], shutil.which("setarch")
            result = profviz(*command, env=environment(**changes), cwd=how.get("cwd"), program=program)
            test.check(result.code == 0 and path.read_bytes() == WHOLE[name], f"{label}: {name} is the same",
                       result.err)
    result = profviz(FOLDED, "--view", "graph", "-q", "-o", "-", "-T", "svg", env=bare)
    test.check(result.out == WHOLE["graph.svg"], "bare environment", result.err)
    no_fonts(empty)


def no_fonts(empty):
    for name in ("svg", "png", "pdf"):
        path = test.room / ("fontless." + name)
        result = profviz(FOLDED, "--view", "flame", "-o", str(path), env=environment(FONTCONFIG_FILE=str(empty)))
        test.check(result.code == 0 and path.stat().st_size > 500, f"no fonts: {name} is written", result.err)
        test.check(name == "svg" or b"no fonts are installed" in result.err, f"no fonts: {name} says so", result.err)
        broken = environment(FONTCONFIG_FILE="/nowhere/fonts.conf", FONTCONFIG_PATH="/nowhere")
        result = profviz(FOLDED, "--view", "flame", "-o", str(path), env=broken)
        test.check(result.code == 0 and not result.crashed(), f"no font configuration: {name}", result.err)


def main():
    library = sys.argv[1] if len(sys.argv) > 1 and os.path.exists(sys.argv[1]) else None
    whole()
    # Signals alone: the others would take the time that they are counted in.
    for task, item in ((signals, 0), (graph_child, 0)):
        test.each(task, [item])
    test.each(lambda task: task[0](task[1]), [
        (full, 0), (closed_pipe, 0), (read_only, 0), (vanished, 0), (size_limit, 0), (memory_limit, 0),
        (failing_writes, library), (system_calls, 0), (same_bytes, 0)])
    test.end()


main()
