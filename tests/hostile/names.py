#!/usr/bin/env python3
"""Hostile names in every field, in every output: what comes out is what its reader expects, and
nothing in it acts. Fields: function, file, module, metric, thread frame, note, --title, --subtitle,
--countname and the input's own name, all at once; outputs: all that the program writes."""

import csv
import html.parser
import io
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import xml.parsers.expat
import zlib

from common import HIDDEN, IS_SANITIZED, PROFVIZ, Test, environment, profviz
from payloads import PAYLOADS

test = Test()

NAME_LIMIT = 64 << 10
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
SGR = re.compile(rb"\x1b\[[0-9;]*m")
COMMAND = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[", re.M)


def text_of(name):
    """Bytes as the program's JSON spells them."""
    return name.decode("utf-8", "surrogateescape")


def frame(name, file, module):
    return {"name": name, "file": file, "line": 0, "module": module, "flags": [], "calls": None,
            "primitive_calls": None, "self": [1], "total": [1]}


def stacks(name):
    """thread, then three functions whose names, files and modules are the payload."""
    functions = [frame(name, "", ""), frame(name, name, name), frame(name, "", name),
                 frame("leaf", name, ""), frame("plain", "plain.c", "")]
    return {"profviz": 1, "format": "json", "origin": "stacks", "is_unbounded": False,
            "metrics": [{"name": name, "unit": "count", "scale": 1, "signed": False, "total": 5}],
            "functions": functions, "arcs": [],
            "stacks": {"function": [None, 0, 1, 2, 3, 4], "parent": [None, 0, 1, 2, 3, 4],
                       "self": [[0, 1, 1, 1, 1, 1]]},
            "notes": [{"kind": name, "count": 2, "where": {"line": 17}, "text": name}]}


# ---- what each output must hold

class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.update([(tag, None)] + [(tag, name) for name, _ in attrs])


def parse_svg(data):
    """(element, attribute) pairs in lower case, code of scripts, all text, all attribute values."""
    shape, scripts, texts, values, stack = set(), [], [], [], []

    def start(tag, attributes):
        stack.append((tag, attributes))
        shape.add((tag.lower(), None))
        for name, value in attributes.items():
            shape.add((tag.lower(), name.lower()))
            values.append(value)
        if tag == "script" and attributes.get("type") != "application/json":
            scripts.append("")

    def characters(text):
        tag, attributes = stack[-1]
        if tag == "script" and attributes.get("type") != "application/json":
            scripts[-1] += text
        elif tag not in ("script", "style"):
            texts.append(text)

    parser = xml.parsers.expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: stack.pop()
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = lambda *_: shape.add(("!doctype", None))
    parser.ProcessingInstructionHandler = lambda *_: shape.add(("?", None))
    parser.CommentHandler = lambda *_: shape.add(("!--", None))
    parser.Parse(data, True)
    return shape, scripts, texts, values


def check_svg(label, data, plain):
    shape, scripts, texts, values = parse_svg(data)
    test.check(shape <= plain["shape"], f"{label}: only what a harmless profile has",
               str(shape - plain["shape"]).encode())
    test.check(scripts == plain["scripts"], f"{label}: only our own scripts")
    test.check(not any(HIDDEN.search(text) for text in texts + values), f"{label}: nothing hidden")
    test.check(not COMMAND.search(data.decode()), f"{label}: no workflow command")
    test.check(not any(re.match(r"\s*(javascript|data|https?):", value, re.I)
                       for value in values if value != "http://www.w3.org/2000/svg"),
               f"{label}: no address")
    tags = Tags()
    tags.feed(data.decode())
    test.check(tags.seen <= plain["shape"], f"{label}: as HTML no more than as XML",
               str(tags.seen - plain["shape"]).encode())


class Document(html.parser.HTMLParser):
    """A page's (element, attribute) pairs, scripts and styles, and all text that is seen."""
    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.seen, self.code, self.texts, self.values, self.inside = set(), [], [], [], None
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.seen.update([(tag, None)] + [(tag, name) for name, _ in attrs])
        self.values += [value for _, value in attrs if value]
        is_data = dict(attrs).get("type") == "application/json"
        self.inside = tag if tag in ("script", "style") else self.inside
        if self.inside == tag and not is_data:
            self.code.append("")
        elif self.inside == tag:
            self.inside = "data"

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.inside = None

    def handle_data(self, data):
        if self.inside in ("script", "style"):
            self.code[-1] += data
        elif self.inside == "data":
            test.check(re.fullmatch(r'"[A-Za-z0-9+/=]*"', data), "data is base 64", data[:80].encode())
        else:
            self.texts.append(data)


def check_document(label, data, plain):
    page = Document(data)
    test.check(page.seen <= plain.seen, f"{label}: only what a harmless profile has",
               str(page.seen - plain.seen).encode())
    test.check(page.code == plain.code, f"{label}: only our own script and style")
    test.check(not any(HIDDEN.search(text) for text in page.texts + page.values), f"{label}: nothing hidden")
    test.check(not COMMAND.search(data.decode()), f"{label}: no workflow command")
    test.check(not any(re.match(r"\s*(javascript|data|https?):", value, re.I)
                       for value in page.values if value != "http://www.w3.org/2000/svg"), f"{label}: no address")


def check_words(label, data):
    """For terminals and logs."""
    text = data.decode()  # strictly
    test.check(not HIDDEN.search(text), f"{label}: no raw control or hidden character", data[:2000])
    test.check(not COMMAND.search(text), f"{label}: no workflow command", data[:2000])


def check_colour(label, data):
    check_words(label, SGR.sub(b"", data))


PAGE = {"html", "head", "meta", "title", "style", "body", "main", "h1", "p", "div", "table", "thead",
        "tbody", "tr", "th", "td", "svg", "rect", "span", "ul", "li", "footer"}


def check_page(label, data):
    """A table as HTML: our elements, and nothing in attributes that is a name's."""
    check_words(label, data)
    tags = Tags()
    tags.feed(data.decode())
    test.check({tag for tag, _ in tags.seen} <= PAGE, f"{label}: only our elements",
               str(tags.seen).encode())
    test.check(not any(name and name.startswith(("on", "href", "src", "style"))
                       for _, name in tags.seen), f"{label}: only our attributes")


def check_csv(label, data):
    text = data.decode()
    check_words(label, data)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    test.check(len(rows) == 6 and len({len(row) for row in rows}) == 1, f"{label}: rows and columns",
               data[:2000])
    names = [i for i, title in enumerate(rows[0]) if title in ("function", "file")]
    for row in rows[1:]:
        for i in names:
            test.check(row[i][:1] not in FORMULA or not row[i], f"{label}: no formula",
                       row[i][:80].encode())
    # A spreadsheet of another country cuts at ; and knows no quotes in the middle of a cell.
    for line in text.split("\n")[1:]:
        for part in line.split(";")[1:]:
            part = part.lstrip("\"' ")
            test.check(part[:1] not in FORMULA or not part, f"{label}: no formula behind ;",
                       line[:200].encode())


def code_spans_cut(line):
    """The line without its code spans, by CommonMark's rule."""
    out, at = "", 0
    while at < len(line):
        fence = re.compile("`+").match(line, at)
        if not fence:
            out += line[at]
            at += 1
            continue
        close = re.compile("(?<!`)" + fence.group() + "(?!`)").search(line, fence.end())
        out += "\x01" if close else fence.group()
        at = close.end() if close else fence.end()
    return out


def check_markdown(label, data):
    text = data.decode()
    check_words(label, data)
    lines = text.split("\n")
    rows = [line for line in lines if line.startswith("|")]
    test.check(len(rows) >= 7, f"{label}: a table")
    for cut in (r"\\.|[^|]", r"\\\||[^|]"):  # a backslash takes any character, or only bars
        counts = {len(re.sub(cut, "", row)) for row in rows}
        test.check(len(counts) == 1, f"{label}: bars that part cells", data[:2000])
    for line in lines:
        rest = code_spans_cut(line)
        if line in rows:
            rest = re.sub(r"^[| ]*|(: )?-+:? \|", "", rest) if "---" in line else rest
        rest = re.sub(r"file:line|: ", "", rest)
        test.check(not re.search(r"[\[\]<>@#:`_~$]|www|http", rest), f"{label}: no markup outside of code",
                   line.encode()[:300])


def check_json(label, data, name):
    def no_constant(word):
        raise ValueError(word)
    document = json.loads(data.decode(), parse_constant=no_constant)
    test.check(not re.search("[<>&\u2028\u2029\x00-\x09\x0b-\x1f]", data.decode()),
               f"{label}: may stand in a script element")
    check_commands = not COMMAND.search(data.decode())
    test.check(check_commands, f"{label}: no workflow command")
    names = {function["name"] for function in document["functions"]}
    if len(name) < NAME_LIMIT and name:
        test.check(text_of(name) in names, f"{label}: the name comes back", data[:600])
    return document


def check_png(label, data):
    test.check(data[:8] == b"\x89PNG\r\n\x1a\n", f"{label}: a PNG")
    at, pixels = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        crc, = struct.unpack(">I", data[at + 8 + size:at + 12 + size])
        test.check(zlib.crc32(kind + body) == crc, f"{label}: whole")
        pixels += body if kind == b"IDAT" else b""
        at += 12 + size
    test.check(zlib.decompress(pixels) != b"", f"{label}: pixels")


def check_pdf(label, data):
    """Nothing acts: looked for outside of strings and streams."""
    body = re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.S)
    body = re.sub(rb"\\.", b"", body, flags=re.S)
    while True:
        shorter = re.sub(rb"\([^()]*\)", b"", body)
        if shorter == body:
            break
        body = shorter
    test.check(data[:5] == b"%PDF-", f"{label}: a PDF")
    test.check(not re.search(rb"/(JavaScript|JS|URI|OpenAction|AA|Launch|Annots|EmbeddedFiles)\b", body),
               f"{label}: nothing acts")


# ---- the runs

PICTURE = ["--width", "400"]
VIEWS = [("flame", ["--view", "flame"]), ("icicle", ["--view", "flame", "--inverted"]),
         ("treemap", ["--view", "treemap"]), ("pie", ["--view", "pie"]), ("sunburst", ["--view", "sunburst"]), ("files", ["--view", "treemap", "--by", "files"]),
         ("graph", ["--view", "graph", "--node-thres", "0"])]


# Names reach a PNG or a PDF on one way, whatever the view: a sanitizer need not see all of them.
PAGED = ("flame", "graph") if IS_SANITIZED else ("flame", "treemap", "pie", "sunburst", "files", "graph")


def run(label, arguments, folder, failing=False):
    result = profviz(*arguments, cwd=folder)
    test.check(not result.crashed(), f"{label}: no crash", result.err)
    test.check(result.code == 0 or failing, f"{label}: exit code {result.code}", result.err)
    if result.err:
        check_words(f"{label}: stderr", result.err)
    return result.out


def file_name(name):
    name = name.replace(b"/", b"_").replace(b"\0", b"_")[:200]
    return os.path.join(b".", name if name not in (b"", b".", b"..") else b"x")


def argument(name):
    return name.replace(b"\0", b"")


def on_terminal(arguments, folder):
    """All that the program sends to a terminal."""
    master, slave = pty.openpty()
    child = subprocess.Popen([PROFVIZ, *arguments], stdin=subprocess.DEVNULL, stdout=slave,
                             stderr=slave, cwd=folder, env=environment(TERM="xterm", LC_ALL="C.UTF-8"))
    os.close(slave)
    data = b""
    while True:
        select.select([master], [], [])
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        data += piece
    os.close(master)
    child.wait()
    return data.replace(b"\r\n", b"\n")


def plain_shapes():
    """What the pictures of a harmless profile are made of."""
    folder = test.room / "plain"
    folder.mkdir()
    (folder / "in").write_text(json.dumps(stacks("p" * 3)))
    plain = {"shape": set(), "scripts": {}}
    for view, options in VIEWS:
        data = run(view, ["in", *options, *PICTURE, "-T", "svg", "-o", "-"], folder)
        shape, scripts, _, _ = parse_svg(data)
        plain["shape"] |= shape
        plain["scripts"][view] = scripts
    run("report", ["report", "in", "-o", "report.html"], folder)
    plain["report"] = Document((folder / "report.html").read_bytes())
    plain["page"] = Document(run("html", ["in", *PICTURE, "-T", "html", "-o", "-"], folder))
    return plain


PLAIN = plain_shapes()


def pictures(label, given, folder, words):
    check_document(f"{label} html", run(f"{label} html", [*given, *PICTURE, *words, "-T", "html", "-o", "-"], folder),
               PLAIN["page"])
    for view, options in VIEWS:
        data = run(f"{label} svg {view}", [*given, *options, *PICTURE, *words, "-T", "svg", "-o", "-"],
                   folder)
        check_svg(f"{label} svg {view}", data,
                  {"shape": PLAIN["shape"], "scripts": PLAIN["scripts"][view]})
        if view not in PAGED:
            continue
        data = run(f"{label} png {view}", [*given, *options, *PICTURE, *words, "--scale", "1", "-T",
                                           "png", "-o", "-"], folder)
        check_png(f"{label} png {view}", data)
        data = run(f"{label} pdf {view}", [*given, *options, *PICTURE, *words, "-T", "pdf", "-o", "-"],
                   folder)
        check_pdf(f"{label} pdf {view}", data)


def tables(label, given, folder):
    top = ["top", *given]
    check_words(f"{label} text", run(f"{label} text", top, folder))
    check_colour(f"{label} colour", run(f"{label} colour", [*top, "--color", "always"], folder))
    check_csv(f"{label} csv", run(f"{label} csv", [*top, "-T", "csv"], folder))
    check_markdown(f"{label} markdown", run(f"{label} markdown", [*top, "-T", "markdown"], folder))
    check_page(f"{label} html", run(f"{label} html", [*top, "-T", "html", "-o", "-"], folder))
    data = run(f"{label} json table", [*top, "-T", "json"], folder).decode()
    test.check(len(json.loads(data)["rows"]) == 5 and not re.search("[<>&]", data),
               f"{label}: a table as JSON")


def reports(label, given, folder, name):
    """Quality, many profiles on a page, and the history."""
    check_words(f"{label} quality", run(f"{label} quality", ["quality", *given], folder))
    data = run(f"{label} quality json", ["quality", *given, "-T", "json"], folder).decode()
    test.check(json.loads(data)["profviz_quality"] == 1 and not re.search("[<>&]", data), f"{label}: quality as JSON")
    for line in run(f"{label} quality markdown", ["quality", *given, "-T", "markdown"], folder).decode().split("\n"):
        rest = re.sub(r"^ *- |\\*\\*|: ", "", code_spans_cut(line))
        test.check(not re.search(r"[\[\]<>@#:`_~$]|www|http", rest), f"{label}: no markup in quality", line.encode()[:300])
    run(f"{label} report", ["report", *given, "-o", "report.html"], folder)
    page = Document((folder / "report.html").read_bytes())
    test.check(page.seen <= PLAIN["report"].seen | {("ul", None), ("li", None), ("strong", None), ("em", None), ("wbr", None)},
               f"{label}: only what a harmless report has", str(page.seen - PLAIN["report"].seen).encode())
    test.check(page.code == PLAIN["report"].code, f"{label}: only our own script and style in a report")
    test.check(not any(HIDDEN.search(text) for text in page.texts + page.values), f"{label}: nothing hidden in a report")
    test.check(not any(re.match(r"\s*(javascript|https?):", value, re.I) for value in page.values),
               f"{label}: no address in a report")
    words = [option + argument(name) for option in (b"--branch=", b"--commit=", b"--testbed=")]
    run(f"{label} track", ["track", "add", *given, *words, b"--name=x" + argument(name)], folder)
    for action in (["list"], ["trend"], ["changes"], ["trend", "-T", "csv"], ["export"]):
        check_words(f"{label} track {action}", run(f"{label} track {action}", ["track", *action], folder))
    data = run(f"{label} trend", ["track", "trend", "-T", "svg", "-o", "-"], folder)
    _, scripts, texts, values = parse_svg(data)
    test.check(not scripts and not any(HIDDEN.search(text) for text in texts + values), f"{label}: a harmless trend")


def data_outputs(label, given, folder, name):
    check_json(f"{label} json", run(f"{label} json", [*given, "-T", "json"], folder), name)
    folded = run(f"{label} collapsed", [*given, "-T", "collapsed"], folder)
    (folder / "folded").write_bytes(folded)
    again = run(f"{label} collapsed again", ["folded", "-F", "collapsed", "-T", "json"], folder)
    total = json.loads(again.decode())["metrics"][0]["total"]
    test.check(total == 5, f"{label}: collapsed stacks read back", folded[:300])


def terminals(label, given, folder):
    check_colour(f"{label} terminal", on_terminal([*given], folder))
    for kind in ("json", "collapsed", "csv", "svg"):
        data = on_terminal([*given, "-T", kind, "-o", "-"], folder)
        text = data.decode()
        test.check(not HIDDEN.search(text), f"{label} {kind} on a terminal: nothing raw", data[:2000])


def try_payload(item):
    number, (kind, name) = item
    label = f"{number} {kind} {name[:30]!r}"
    folder = test.room / str(number)
    folder.mkdir()
    given = [file_name(name)]
    with open(os.path.join(os.fsencode(folder), given[0]), "wb") as file:
        file.write(json.dumps(stacks(text_of(name))).encode())
    words = [option + argument(name) for option in (b"--title=", b"--subtitle=", b"--countname=")]
    pictures(label, given, folder, words)
    tables(label, given, folder)
    reports(label, given, folder, name)
    data_outputs(label, given, folder, name)
    terminals(label, given, folder)
    test.check(not (folder / "owned").exists(), f"{label}: no shell")
    # Names in messages.
    for arguments in ([argument(name), "-o", "x.svg"], ["--" + os.fsdecode(argument(name))],
                      [*given, "--metric", argument(name) + b"x"], [*given, "-T", argument(name)],
                      [*given, "--focus", b"(" + argument(name)]):
        run(f"{label} message", arguments, folder, failing=True)


def distinct():
    """No two of all names become equal in what people read."""
    names = sorted({text_of(name[:1000]) for _, name in PAYLOADS})
    document = stacks("x")
    document["functions"] = [frame(name, "", "") for name in names]
    count = len(names)
    document["metrics"][0]["total"] = count
    document["stacks"] = {"function": [None, *range(count)], "parent": [None] + [0] * count,
                          "self": [[0] + [1] * count]}
    (test.room / "all").write_text(json.dumps(document))
    data = run("all csv", ["top", "-n", "0", "all", "-T", "csv"], test.room)
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
    shown = [row["function"] for row in rows]
    test.check(len(shown) == count and len(set(shown)) == count, "csv: names stay apart")
    data = run("all dot", ["all", "-T", "dot", "-n", "0", "--nodecount", "10000"], test.room)
    if shutil.which("dot"):
        done = subprocess.run(["dot", "-Tsvg"], input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        shape = parse_svg(done.stdout)[0]
        test.check(done.returncode == 0 and b"rror" not in done.stderr, "dot reads it", done.stderr)
        test.check({tag for tag, _ in shape} <= {"svg", "g", "title", "polygon", "path", "text", "a",
                                                 "!doctype", "!--"}, "dot: no name acts", str(shape).encode())
        test.check(done.stdout.count(b'class="node"') == count, "dot: all functions are there")
    data = run("all markdown", ["top", "-n", "0", "all", "-T", "markdown"], test.room)
    rows = {line for line in data.decode().split("\n") if line.startswith("|")}
    test.check(len(rows) == count + 4 - 1, "markdown: names stay apart", str(len(rows)).encode())


def chosen():
    """Under sanitizers, which are slow, one of each kind."""
    seen, items = set(), []
    for number, (kind, name) in enumerate(PAYLOADS):
        if not IS_SANITIZED or kind not in seen:
            items.append((number, (kind, name)))
        seen.add(kind)
    return items


test.check(len(PAYLOADS) >= 60, "sixty payloads")
distinct()
test.each(try_payload, chosen())
test.end()
