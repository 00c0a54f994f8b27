#!/usr/bin/env python3
"""Disks that are full, folders and files that may not be written, a history that another program holds: for all that
writes a file. What stood there stands, byte for byte, nothing is left beside it, the words name the file and the cause,
and the exit code is 1. With enough room the same is written as ever.

A full disk is a small tmpfs in a mount name space of the test's own; where that is not allowed, the test says so."""

import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

from common import PROFVIZ, SOURCE, Test, as_user, profviz

PAGE = 4096
DISK = 6 << 20
OLD = b"old\n"
SAMPLES = SOURCE / "samples/shop"

test = Test()
test.room.chmod(0o755)
GIVEN = test.room / "given"  # where nobody may read them, too
GIVEN.mkdir()
for name in ("shop.folded", "shop.pstats", "slower.pstats"):
    shutil.copy(SAMPLES / name, GIVEN / name)
    (GIVEN / name).chmod(0o644)
FOLDED, BASE, HEAD = (str(GIVEN / name) for name in ("shop.folded", "shop.pstats", "slower.pstats"))
BUDGET = ["--budget", "time<=1000s"]
ADD = ["track", "add", FOLDED, "--commit", "b", "--time", "2026-11-23", "--db"]

# What is written, and by what: the name of a file goes behind.
FILES = {
    "flame.svg": [FOLDED, "-o"], "flame.png": [FOLDED, "--view", "flame", "-o"], "page.html": [FOLDED, "-o"],
    "data.json.gz": [FOLDED, "-o"], "diff.svg": ["diff", BASE, HEAD, "-o"], "diff.html": ["diff", BASE, HEAD, "-o"],
    "diff.md": ["diff", BASE, HEAD, "-o"], "report.html": ["report", FOLDED, BASE, "-o"],
    "report.md": ["report", FOLDED, BASE, "-o"], "junit.xml": ["check", HEAD, *BUDGET, "-o"],
    "summary.md": ["check", HEAD, *BUDGET, "--summary"], "trend.svg": ["track", "trend", "--db", str(GIVEN / "h.db"), "-o"],
    "history.db": ADD,
}
WHOLE = {}  # name → what is written where there is room


def old_content(name):
    return HISTORY if name == "history.db" else OLD


def put(folder, name):
    (folder / name).write_bytes(old_content(name))


def prepare_whole():
    """Histories are other bytes each time, and summaries are added: both are looked at apart."""
    folder = test.room / "whole"
    folder.mkdir()
    for name, arguments in FILES.items():
        put(folder, name)
        result = profviz(*arguments, str(folder / name))
        WHOLE[name] = (folder / name).read_bytes()
        test.check(result.code == 0 and WHOLE[name] != old_content(name), f"{name} can be written", result.err)


def is_whole(name, path):
    if name != "history.db":
        return path.read_bytes() == WHOLE[name]
    with contextlib.closing(sqlite3.connect(path)) as history:
        return (history.execute("pragma integrity_check").fetchone() == ("ok",) and
                history.execute("select count(*) from run").fetchone() == (2,))


def check_file(label, folder, name, result, cause, beside=()):
    """Refused, and nothing has changed."""
    here = sorted(os.listdir(folder))
    test.check(here == sorted([name, *beside]), f"{label}: nothing else is there: {here}", result.err)
    test.check((folder / name).read_bytes() == old_content(name), f"{label}: the old one stands", result.err)
    test.check(result.code == 1, f"{label}: exit code {result.code}", result.err)
    test.check(re.search(cause, result.err) and name.encode() in result.err, f"{label}: says why", result.err)


# ---- full disks, in a name space of their own

NO_SPACE = rb"No space left on device|the disk is full"


def fill(disk, pages):
    """All of it but so many pages."""
    (disk / "fill").unlink(missing_ok=True)
    state = os.statvfs(disk)
    free = state.f_bavail * state.f_frsize // PAGE
    (disk / "fill").write_bytes(bytes((free - pages) * PAGE))


def file_on_full_disk(disk, name, arguments):
    needed = -(-len(WHOLE[name]) // PAGE)
    fails = True
    for pages in sorted({0, 1, needed // 2, needed - 1, needed, 3 * needed}):
        (disk / "fill").unlink(missing_ok=True)
        put(disk, name)
        fill(disk, pages)
        result = profviz(*arguments, str(disk / name))
        fails = result.code != 0
        label = f"{pages} pages for {needed} of {name}"
        if fails:
            check_file(label, disk, name, result, NO_SPACE, ["fill"])
        else:
            test.check(is_whole(name, disk / name), f"{label}: whole", result.err)
            test.check(sorted(os.listdir(disk)) == sorted([name, "fill"]), f"{label}: nothing else", result.err)
        # A summary needs no page of its own while its last one has room.
        test.check(fails or pages > 0 or name == "summary.md", f"{label}: fails", result.err)
    test.check(not fails, f"{name}: room enough")
    (disk / name).unlink()


def large_summary(disk):
    """The summary's last page is full: what fits of the new one is taken back."""
    old = b"x" * (PAGE - 100)
    (disk / "s.md").write_bytes(old)
    fill(disk, 0)
    result = profviz("check", HEAD, *BUDGET, "--summary", str(disk / "s.md"))
    test.check(result.code == 1 and re.search(NO_SPACE, result.err), "summary over a page's end: refused", result.err)
    test.check((disk / "s.md").read_bytes() == old, "summary over a page's end: the old one stands", result.err)
    (disk / "s.md").unlink()


def report_folder(disk):
    """Each file in the folder of a report is the old one, or whole, or not there."""
    whole = test.room / "report"
    profviz("report", FOLDED, BASE, "-o", str(whole))
    names = sorted(os.listdir(whole))
    test.check(len(names) == 10, "report: a folder of ten files", str(names).encode())
    needed = sum(-(-(whole / each).stat().st_size // PAGE) for each in names)
    folder = disk / "report"
    for pages in (0, 2, needed // 3, needed * 2 // 3, needed - 4, needed):
        (disk / "fill").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "index.html").write_bytes(OLD)
        fill(disk, pages)
        result = profviz("report", FOLDED, BASE, "-j", "1", "-o", str(folder))
        label = f"{pages} pages for {needed} of a report"
        test.check(result.code == (0 if pages == needed else 1), f"{label}: exit code {result.code}", result.err)
        test.check(result.code == 0 or (re.search(NO_SPACE, result.err) and b": : " not in result.err),
                   f"{label}: says why", result.err)
        for each in sorted(os.listdir(folder)):
            content = (folder / each).read_bytes()
            # The index tells of what could not be written, so it is another one.
            is_fine = each in names and (content == (whole / each).read_bytes() or content == OLD or
                                         each in ("index.html", "index.md") and b"No space left" in content)
            test.check(is_fine, f"{label}: {each} is whole", result.err)
    shutil.rmtree(folder)


def new_history(disk):
    fill(disk, 1)
    result = profviz(*ADD, str(disk / "new.db"))
    test.check(result.code == 1 and re.search(NO_SPACE, result.err), "a new history: refused", result.err)
    fill(disk, 200)
    result = profviz(*ADD, str(disk / "new.db"))
    test.check(result.code == 0, "a new history: where there is room again", result.err)
    (disk / "new.db").unlink()


def in_name_space():
    disk = test.room / "disk"
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(disk)], check=True)
    for name, arguments in FILES.items():
        file_on_full_disk(disk, name, arguments)
    large_summary(disk)
    report_folder(disk)
    new_history(disk)
    # A disk that was mounted to be read only.
    for name in FILES:
        (disk / name).mkdir()
        put(disk / name, name)
    (disk / "fill").unlink(missing_ok=True)
    # The mount, not the file system: that one may wait for a sandbox which the kernel still takes down.
    subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)
    for name, arguments in FILES.items():
        result = profviz(*arguments, str(disk / name / name))
        check_file(f"read-only disk, {name}", disk / name, name, result, rb"[Rr]ead-only|cannot be written|readonly")
    subprocess.run(["umount", str(disk)], check=True)
    test.end()


def full_disks():
    """The part above, in another process that may mount."""
    for flags in ("-rm", "-m"):
        tried = subprocess.run(["unshare", flags, "mount", "-t", "tmpfs", "none", str(test.room / "given")],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if tried.returncode == 0:
            done = subprocess.run(["unshare", flags, sys.executable, "-B", __file__, "mounting"], check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            print("full disks:", done.stdout.decode(errors="replace").strip())
            test.check(done.returncode == 0, "full disks, above")
            return
    test.skip("no disk can be mounted here: full ones are only played, by surroundings.py")


# ---- what may not be written

def readable_program():
    """The build folder may be closed to others."""
    copy = str(test.room / "profviz")
    shutil.copy(PROFVIZ, copy)
    os.chmod(copy, 0o755)
    return copy if profviz("--version", prepare=as_user, program=copy, cwd="/").code == 0 else None


def read_only():
    program = readable_program()
    if not program:
        test.skip("another user cannot run the program: no read-only folders")
        return
    for name, arguments in FILES.items():
        for label, folder_mode, file_mode in (("folder", 0o555, 0o444), ("file", 0o777, 0o444),
                                              ("folder alone", 0o555, 0o666)):
            # A summary is added to, so the folder need not be written.
            if (name, label) == ("summary.md", "folder alone"):
                continue
            folder = test.room / f"{label}-{name}".replace(" ", "-")
            folder.mkdir()
            put(folder, name)
            (folder / name).chmod(file_mode)
            folder.chmod(folder_mode)
            result = profviz(*arguments, str(folder / name), prepare=as_user, program=program, cwd="/")
            check_file(f"read-only {label}, {name}", folder, name, result,
                       rb"[Pp]ermission denied|[Rr]ead-only|readonly|unable to open|cannot be written")
            folder.chmod(0o755)
    folder = test.room / "closed"
    folder.mkdir(mode=0o555)
    result = profviz("report", FOLDED, "-o", str(folder), prepare=as_user, program=program, cwd="/")
    test.check(result.code == 1 and b"ermission denied" in result.err and not os.listdir(folder),
               "a report into a read-only folder", result.err)
    result = profviz("report", FOLDED, "-o", str(folder / "new"), prepare=as_user, program=program, cwd="/")
    test.check(result.code == 1 and b"ermission denied" in result.err, "a report's folder in a read-only one", result.err)


# ---- a history that another program holds

def locked():
    folder = test.room / "locked"
    folder.mkdir()
    path = folder / "history.db"
    for how, readers_code in (("immediate", 0), ("exclusive", 1)):
        path.write_bytes(HISTORY)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin " + how)
        result = profviz(*ADD, str(path), "--wait", "0.1")
        test.check(result.code == 1 and b"another program has locked it" in result.err, f"{how} lock: told", result.err)
        for action in ("list", "trend", "export"):
            result = profviz("track", action, "--db", str(path), "--wait", "0.1")
            test.check(result.code == readers_code, f"{how} lock: {action}: exit code {result.code}", result.err)
            test.check(result.code == 0 or b"another program has locked it" in result.err,
                       f"{how} lock: {action}: told", result.err)
        other.execute("rollback")
        other.close()
        test.check(path.read_bytes() == HISTORY and os.listdir(folder) == ["history.db"],
                   f"{how} lock: the history is as it was")
        result = profviz(*ADD, str(path))
        test.check(result.code == 0 and is_whole("history.db", path), f"{how} lock: goes on afterwards", result.err)


profviz("track", "add", BASE, "--name", "shop", "--commit", "a", "--time", "2026-11-22", "--db", str(GIVEN / "h.db"))
(GIVEN / "h.db").chmod(0o644)
HISTORY = pathlib.Path(GIVEN / "h.db").read_bytes()
prepare_whole()
if "mounting" in sys.argv:
    in_name_space()
read_only()
locked()
full_disks()
test.end()
