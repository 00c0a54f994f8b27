#!/usr/bin/env python3
"""Hostile inputs: bombs, floods, depth, sizes and numbers, in each format. Whatever comes, the
program ends soon, in bounded memory, with a clear error or a repair that it tells of."""

import bz2
import gzip
import json
import lzma
import marshal
import os
import shutil
import struct
import subprocess

from common import HIDDEN, IS_SANITIZED, Test, profviz

test = Test()

GIB = 1 << 30
MEMORY = GIB            # address space that anything but the largest inputs has to do with
SCALE = 10 if IS_SANITIZED else 1  # sanitizers: everything a tenth as large


def write(name, data):
    path = test.room / name
    path.write_bytes(data)
    return str(path)


def clean(label, result):
    """No crash, no hang, words that say something."""
    test.check(not result.crashed(), f"{label}: ends by itself, code {result.code}", result.err)
    text = result.err.decode()
    test.check(result.code in (0, 1, 2) and not HIDDEN.search(text.replace("\n", "")),
               f"{label}: exit code and words", result.err)
    return result


def refused(label, *arguments, memory=MEMORY, says=b"profviz: "):
    result = clean(label, profviz(*arguments, memory=memory))
    test.check(result.code == 1 and says in result.err and result.out == b"", f"{label}: refused, with a word",
               result.err)


def read(label, *arguments, memory=MEMORY, says=b""):
    result = clean(label, profviz(*arguments, memory=memory))
    test.check(result.code == 0 and says in result.err, f"{label}: read", result.err)
    return result.out


def either(label, *arguments, memory=MEMORY):
    result = clean(label, profviz(*arguments, memory=memory))
    test.check(result.code == 0 or b"profviz: " in result.err, f"{label}: read, or refused with a word")


# ---- compressed

def zstd(data):
    return subprocess.run(["zstd", "-q", "-1", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


COMPRESSORS = {
    "gz": lambda data: gzip.compress(data, 6, mtime=0),
    "gz.gz": lambda data: gzip.compress(gzip.compress(data, 6, mtime=0), mtime=0),
    "zst": zstd,
    "bz2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
}


def bomb(kind):
    """10 GB: 160 members of 64 MiB, one behind the other, as all formats allow."""
    if kind == "zst" and not shutil.which("zstd"):
        test.skip("zstd is not here: no bomb of it")
        return
    member = COMPRESSORS[kind](bytes(64 << 20))
    path = write("zeros." + kind, member * 160)
    for form in ("json", "pstats", "pstats_text"):
        refused(f"bomb {kind} as {form}", "-F", form, path, "-T", "json")
    refused(f"bomb {kind}", path, "-T", "json")
    # A valid beginning does not help. Deflate alone stays under 2000:1, and is read up to --max-input.
    if kind != "gz":
        data = COMPRESSORS[kind](b"a;b 1\n" * 10) + COMPRESSORS[kind](b"\n" * (64 << 20)) * 160
        refused(f"bomb {kind} by its ratio", "-F", "collapsed", write("ratio." + kind, data),
                says=b"--max-ratio")


def nested_bomb(_):
    twice = gzip.compress(gzip.compress(bytes(64 << 20), 6, mtime=0) * 160, 9, mtime=0)
    refused("bomb .gz.gz", write("twice.gz", twice), "-F", "collapsed", "-T", "json")
    refused("bomb .gz.gz.gz", write("thrice.gz", gzip.compress(twice, 9, mtime=0)), "-T", "json")
    lines = gzip.compress(gzip.compress(b"a;b 1\n" * 10_000_000, 9, mtime=0), 9, mtime=0)
    result = clean("stacks .gz.gz", profviz(write("lines.gz", lines), "-T", "json", memory=MEMORY))
    test.check(result.code == 0 or b"--max-ratio" in result.err, "stacks .gz.gz: read or refused by ratio",
               result.err)


def empty_members(_):
    """Millions of members that hold nothing."""
    nothing = gzip.compress(b"", mtime=0)
    refused("empty members", write("nothing.gz", nothing * (500_000 // SCALE)))


# ---- marshal: what pstats files are

def ref(index):
    return b"r" + struct.pack("<I", index)


def marshal_bombs(_):
    dict_head = b"\xfb"  # { with a reference to itself
    refused("marshal 16 bytes", "-F", "pstats", write("m16", b"\xa8\x01\0\0\0" + b"r\0\0\0\0" + b"N" * 6))
    for kind in (b"(", b"[", b"<", b">", b"l", b"s", b"u", b"{", b")"):
        for size in (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\0\0\0\x80"):
            path = write("m" + kind.hex() + size.hex(), b"{" + kind + size + b"N" * 10)
            refused(f"marshal {kind} of {size.hex()}", "-F", "pstats", path)
    # Tuples whose two members are the one before: 2^60 leaves in a few hundred bytes.
    nest = b"\xa9\x02" + b"NN"
    doubles = b""
    for level in range(60):
        doubles += b"\xa9\x02" + ref(level) * 2
    key = b")\x60" + nest + doubles + b"N" * 35
    refused("marshal doubling references", "-F", "pstats", write("doubles", b"{" + key + b"N0"))
    label = b"\xa9\x03" + b"\xda\x01f" + b"i\1\0\0\0" + b"\xda\x01g"
    stat = b")\x05" + b"i\1\0\0\0" * 2 + b"i\0\0\0\0" * 2 + b"{"
    for level in range(40):
        stat += b"\xa9\x02" + ref(0) + ref(0)
    refused("marshal references as callers", "-F", "pstats", write("callers", b"{" + label + stat + b"00"))
    # Nested as deep as it is long.
    for opener in (b")\1", b"(\1\0\0\0", b"[\1\0\0\0", b"{", dict_head):
        path = write("deep" + opener.hex(), b"{" + opener * (1_000_000 // SCALE))
        refused(f"marshal nested {opener!r}", "-F", "pstats", path)
    refused("marshal unknown reference", "-F", "pstats", write("unknown", b"{" + ref(0xFFFFFFFF) + b"N0"))
    # One long name, a million times: references are not copies.
    label = ("f" * 60000, 1, "g")
    stats = {label: (1, 1, 0.0, 0.0, {})}
    for i in range(2000):
        stats[(label[0], i + 2, "g")] = (1, 1, 0.0, 0.0, {})
    read("marshal one name often", "-F", "pstats", write("often.pstats", marshal.dumps(stats)), "-T", "json")


def pstats_numbers(_):
    huge, cases = 2**63 - 1, {}
    cases["NaN"] = (1, 1, float("nan"), float("nan"), {})
    cases["inf"] = (1, 1, float("inf"), float("inf"), {})
    cases["-inf"] = (1, 1, float("-inf"), 0.0, {})
    cases["1e308"] = (1, 1, 1e308, 1e308, {})
    cases["denormal"] = (1, 1, 5e-324, 5e-324, {})
    cases["INT64_MAX calls"] = (huge, huge, 1.0, 1.0, {})
    cases["beyond calls"] = (2**200, 2**200, 1.0, 1.0, {})
    cases["negative calls"] = (-1, -1, 1.0, 1.0, {})
    cases["9e9 s"] = (1, 1, 9.0e9, 9.0e9, {})
    for name, row in cases.items():
        one = {("a.py", 1, "f"): row}
        two = {("a.py", 1, "f"): row, ("a.py", 2, "g"): row}
        arcs = {("a.py", 1, "f"): row, ("a.py", 2, "g"): (*row[:4], {("a.py", 1, "f"): row[:4]})}
        for label, stats in (("once", one), ("twice", two), ("as an arc", arcs)):
            path = write(f"n-{name}-{label}".replace(" ", ""), marshal.dumps(stats))
            for kind in ("json", "svg", "csv"):
                either(f"pstats {name} {label} to {kind}", "-F", "pstats", path, "-T", kind, "-o", "-")


# ---- stacks

def deep_stack(_):
    """One stack of a million frames: cut with a visible frame, told of, drawn."""
    frames = b";".join(b"f%d" % (i % 1000) for i in range(1_000_000 // SCALE))
    path = write("deep.folded", frames + b" 7\n")
    out = read("a million frames", path, "-T", "json")
    document = json.loads(out)
    test.check(document["metrics"][0]["total"] == 7, "a million frames: the total")
    test.check(max(len(document["stacks"]["parent"]), 1) <= 65536 + 3, "a million frames: cut")
    test.check(b"--max-depth" in profviz(path, "-T", "json").err or document["notes"],
               "a million frames: told of")
    for kind in ("svg", "png", "pdf", "csv", "collapsed"):
        view = ["--view", "flame"] if kind in ("svg", "png", "pdf") else []
        read(f"a million frames to {kind}", path, *view, "-T", kind, "-o", "-")
    read("a million frames as graph", path, "--view", "graph", "-o", str(test.room / "deep.svg"))
    refused("a million frames, strictly a line too long", path, "--max-line", "1K", says=b"--max-line")


def wide(_):
    """A hundred thousand names of one letter's difference; a hundred thousand roots."""
    lines = b"".join(b"r%d;x%d 1\n" % (i, i) for i in range(200_000 // SCALE))
    path = write("wide.folded", lines)
    for view in ("flame", "graph"):
        read(f"many roots as {view}", path, "--view", view, "-T", "svg", "-o", "-")
    refused("many roots with --max-functions", path, "--max-functions", "1000", says=b"--max-functions")
    refused("many roots with --max-nodes", path, "--max-nodes", "1000", says=b"--max-nodes")
    refused("many roots with --max-memory", path, "--max-memory", "1M", says=b"--max-memory")


def cycle(_):
    """A hundred thousand functions that call each other in a ring, and with chords."""
    count = 100_000 // SCALE
    stats = {}
    for i in range(count):
        callers = {("c.py", (i - 1) % count, "f"): (1, 1, 0.001, 1.0)}
        if i % 3 == 0:
            callers[("c.py", (i * 7 + 1) % count, "f")] = (1, 1, 0.001, 1.0)
        stats[("c.py", i, "f")] = (2, 1, 0.001, 1.0, callers)
    path = write("cycle.pstats", marshal.dumps(stats))
    for view in ("graph", "flame"):
        read(f"a cycle as {view}", path, "--view", view, "-T", "svg", "-o", "-")
        read(f"all of a cycle as {view}", path, "--view", view, "-T", "svg", "-o", "-", *(
            ["-n", "0", "-e", "0", "--nodecount", "150", "--edgecount", "400"] if view == "graph" else []))
    read("a cycle as text", "top", path)
    lines = b";".join(b"f%d" % i for i in range(60_000 // SCALE)) + b" 1\n"
    path = write("cycle.folded", lines + lines[:-3] + b";f0 1\n")
    read("a deep cycle as graph", path, "--view", "graph", "-T", "svg", "-o", "-")


def lines(_):
    sixteen = 16 << 20
    name = b"n" * (sixteen - 2)
    for label, line, is_read in (("16 MiB", name + b" 1", True), ("one more", name + b"n 1", False)):
        path = write("line" + str(len(line)), line + b"\nmain;b 2\n")
        if is_read:
            out = read(f"a line of {label}", "-F", "collapsed", path, "-T", "json")
            test.check(len(out) < 1 << 20, "a line of 16 MiB: its name is cut")
        else:
            refused(f"a line of {label}", "-F", "collapsed", path, "-T", "json", says=b"--max-line")
    for data, form in ((b"x" * (40 << 20), "collapsed"), (b"x" * (40 << 20), "pstats_text"),
                       (b'{"profviz":1,"' + b"k" * (40 << 20), "json")):
        refused(f"40 MiB without a line end as {form}", "-F", form, write("long" + form, data))
    string = b'{"profviz":1,"format":"json","x":"' + b"\\u0041" * (5 << 20) + b'"}'
    refused("a JSON string of 30 MiB", "-F", "json", write("string", string))
    either("40 MiB of line ends", "-F", "collapsed", write("ends", b"\n" * (40 << 20)))
    either("40 MiB of ;", "-F", "collapsed", write("semicolons", (b";" * 4_000_000 + b" 1\n") * 2))


def numbers(_):
    huge = b"9223372036854775807"
    for label, text in (("INT64_MAX twice", b"a;b %s\na;c %s\n" % (huge, huge)),
                        ("INT64_MAX twice in one stack", b"a;b %s\na;b %s\n" % (huge, huge)),
                        ("-INT64_MAX twice", b"a;b -%s\na;c -%s\n" % (huge, huge))):
        refused(label, "-F", "collapsed", write(label.replace(" ", ""), text), "-T", "json")
    read("INT64_MAX and its opposite", "-F", "collapsed",
         write("opposite", b"a;b %s\na;c -%s\na;b 1\n" % (huge[:-1], huge[:-1])), "-T", "json")
    for word in (b"NaN", b"nan", b"inf", b"-inf", b"Infinity", b"1e400", b"1e-400", b"0x10", b"9" * 400,
                 b"1" + b"0" * 30, b"0." + b"0" * 400 + b"1", b"--1", b"1e999999999", b"+", b"."):
        path = write("number" + word.hex()[:60], b"a;b 1\n" * 20 + b"a;c " + word + b"\n")
        for kind in ("json", "svg"):
            either(f"collapsed number {word[:20]!r} to {kind}", "-F", "collapsed", path, "-T", kind, "-o", "-")
    head = (b'{"profviz":1,"format":"json","origin":"stacks","is_unbounded":false,"metrics":[{"name":"m",'
            b'"unit":"count","scale":%s,"signed":false,"total":%s}],"functions":[{"name":"a","file":"",'
            b'"line":%s,"module":"","calls":%s,"primitive_calls":null,"self":[%s],"total":[%s]}],"arcs":[],'
            b'"stacks":{"function":[null,%s],"parent":[null,%s],"self":[[0,%s]]},"notes":[]}')
    usual = [b"1", b"1", b"0", b"null", b"1", b"1", b"0", b"0", b"1"]
    for word in (b"NaN", b"Infinity", b"-Infinity", b"1e400", huge, b"9223372036854775808", b"-1", b"1.5",
                 b"1e18", b"4294967296", b"4294967295", b"9" * 400, b"true", b'"1"', b"[1]", b"{}", b"-0", b"01"):
        for field in range(len(usual)):
            values = list(usual)
            values[field] = word
            path = write(f"json-{field}-{word.hex()[:60]}", head % tuple(values))
            either(f"JSON {word[:20]!r} in field {field}", "-F", "json", path, "-T", "svg", "-o", "-")
    table = ("   {0} function calls in {1} seconds\n\n   ncalls  tottime  percall  cumtime  percall "
             "filename:lineno(function)\n{0:>9} {1:>8} {1:>8} {1:>8} {1:>8} a.py:1(f)\n"
             "{0:>9} {1:>8} {1:>8} {1:>8} {1:>8} a.py:2(g)\n")
    for calls in ("1", "nan", "9223372036854775807", "9" * 30, "-1", "1/0", "/", "9223372036854775807/1"):
        for time in ("0.001", "nan", "inf", "-inf", "1e300", "9223372036.854775807", "9" * 30, "-"):
            path = write(f"table-{calls}-{time}".replace("/", "_"), table.format(calls, time).encode())
            either(f"table with {calls[:20]} calls, {time[:20]} s", "-F", "pstats_text", path, "-T", "svg", "-o", "-")


def deep_json(_):
    for opener in (b"[", b'{"a":', b'[{"a":[', b'{"profviz":1,"notes":'):
        path = write("nest" + opener.hex(), b'{"profviz":1,"format":"json","x":' + opener * (1_000_000 // SCALE))
        refused(f"JSON nested {opener!r}", "-F", "json", path)
        refused(f"JSON nested {opener!r} bare", write("bare" + opener.hex(), opener * (1_000_000 // SCALE)))
    # Parents that are their own, or each other's, or behind.
    for parents in ("[null,1]", "[null,2,1]", "[null,0,9]", "[0,0,0]", "[null,-1,0]", "[null,4294967295,0]"):
        count = parents.count(",") + 1
        functions = "[" + ",".join(["null"] + ["0"] * (count - 1)) + "]"
        text = ('{"profviz":1,"format":"json","origin":"stacks","is_unbounded":false,"metrics":[{"name":"m",'
                '"unit":"count","scale":1,"signed":false,"total":2}],"functions":[{"name":"a","file":"","line":0,'
                '"module":"","calls":null,"primitive_calls":null,"self":[1],"total":[1]}],"arcs":[],"stacks":'
                f'{{"function":{functions},"parent":{parents},"self":[[{",".join(["1"] * count)}]]}},"notes":[]}}')
        either(f"JSON parents {parents}", "-F", "json", write("p" + parents.encode().hex(), text.encode()),
               "--view", "flame", "-T", "svg", "-o", "-")


def expressions(_):
    """Patterns are the user's, names the enemy's: neither may take for ever."""
    path = write("aaa.folded", b"main;" + b"a" * 60000 + b" 1\n" + b"b 1\n")
    either("a pattern that backtracks", path, "--focus", "(a+)+$|(a|aa)+b", "-T", "json")
    either("a pattern that backtracks twice", path, "--ignore", "(a*)*(a*)*c", "-T", "json")


def main():
    test.each(lambda task: task[0](task[1]), [
        (bomb, "gz"), (bomb, "gz.gz"), (bomb, "zst"), (bomb, "bz2"), (bomb, "xz"), (nested_bomb, 0), (empty_members, 0),
        (marshal_bombs, 0), (pstats_numbers, 0), (deep_stack, 0), (wide, 0), (cycle, 0), (lines, 0),
        (numbers, 0), (deep_json, 0), (expressions, 0)])
    test.end()


if __name__ == "__main__":
    main()
