#include "formats/looks.h"

#include "model/escape.h"

/* A file type known by bytes at a fixed place. */
struct magic {
    size_t at;
    struct pv_text bytes;
    const char *what, *advice;
};

#define BYTES(literal)                                                                             \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define GIVE_PROFILE "give the profile that a profiler wrote"
#define NOT_YET "this version does not read it"
#define UNPACK "unpack it and give the profile inside"

static const struct magic magics[] = {
    /* Profiles that another program must turn into text first. */
    {0, BYTES("PERFILE2"), "the data of perf record", "run perf script on it and give its output"},
    {0, BYTES("2ELIFREP"), "the data of perf record", "run perf script on it and give its output"},
    {0, BYTES("gmon"), "a gmon.out file", "run gprof PROGRAM on it and give its output"},
    {0, BYTES("v8-version,"), "a log of node --prof", "run node --prof-process on it"},
    {0, BYTES("FLR\0"), "a Java flight recording", "convert it to collapsed stacks (jfr2flame)"},
    {0, BYTES("MOJ"), "a binary Austin file of an unknown version",
     "run mojo2austin on it and give its output"},
    {0, BYTES("JAVA PROFILE"), "a Java heap dump", NOT_YET},
    {0, BYTES("NYTProf"), "a file of Devel::NYTProf", "run nytprofcalls on it and give its output"},
    {0, BYTES("\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"), "a file of gperftools or vmprof",
     "run pprof --collapsed on it and give its output"},
    /* Pictures. */
    {0, BYTES("\x89PNG"), "a PNG image", "give the profile that it was drawn from"},
    {0, BYTES("\xff\xd8\xff"), "a JPEG image", "give the profile that it was drawn from"},
    {0, BYTES("GIF8"), "a GIF image", "give the profile that it was drawn from"},
    {8, BYTES("WEBP"), "a WebP image", "give the profile that it was drawn from"},
    {0, BYTES("%PDF"), "a PDF document", "give the profile that it was drawn from"},
    {0, BYTES("%!PS"), "a PostScript document", "give the profile that it was drawn from"},
    /* Programs. */
    {0, BYTES("\177ELF"), "a program or library (ELF)",
     "run it under a profiler and give what that writes"},
    {0, BYTES("MZ"), "a program for Windows", "run it under a profiler and give what that writes"},
    {0, BYTES("\xcf\xfa\xed\xfe"), "a program for macOS",
     "run it under a profiler and give what that writes"},
    {0, BYTES("\xca\xfe\xba\xbe"), "a Java class or a program for macOS",
     "run it under a profiler and give what that writes"},
    {0, BYTES("\0asm"), "a WebAssembly program",
     "run it under a profiler and give what that writes"},
    {0, BYTES("#!"), "a script", "run it under a profiler and give what that writes"},
    {1, BYTES("\r\r\n"), "a compiled Python module",
     "run it with python3 -m cProfile -o OUT.pstats and give OUT.pstats"},
    /* Containers. */
    {0, BYTES("PK\3\4"), "a zip archive", UNPACK},
    {0, BYTES("PK\5\6"), "an empty zip archive", GIVE_PROFILE},
    {0, BYTES("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", UNPACK},
    {0, BYTES("Rar!"), "a RAR archive", UNPACK},
    {257, BYTES("ustar"), "a tar archive", UNPACK},
    {0, BYTES("\x04\x22\x4d\x18"), "LZ4 compressed data", "unpack it with lz4 first"},
    {0, BYTES("\x1f\x9d"), "data of compress (.Z)", "unpack it with gzip -d first"},
    {0, BYTES("SQLite format 3"), "an SQLite database", NOT_YET},
};

/* A text known by how it begins, ignoring blanks before it and case. */
struct opening {
    const char *text, *what, *advice;
};

static const struct opening openings[] = {
    {"<!doctype html", "an HTML page", "give the profile that the page was made from"},
    {"<html", "an HTML page", "give the profile that the page was made from"},
    {"<svg", "an SVG picture", "give the profile that it was drawn from"},
    {"digraph", "a graph for Graphviz", "give the profile that it was made from"},
    {"strict digraph", "a graph for Graphviz", "give the profile that it was made from"},
    {"<?xml", "XML", NOT_YET},
    {"<!--", "HTML or XML", GIVE_PROFILE},
    {"ccopy_reg\n", "a Python pickle", GIVE_PROFILE},
    {"(dp", "a Python pickle", GIVE_PROFILE},
    {"(lp", "a Python pickle", GIVE_PROFILE},
    {"traceback (most recent call last)", "a Python traceback",
     "the program that should write the profile failed: see what it says"},
    {"usage:", "the help of another program",
     "the command that should write the profile did not run: see what it says"},
    {"error:", "an error message of another program",
     "the command that should write the profile failed: see what it says"},
    {"version https://git-lfs", "a pointer of Git LFS", "run git lfs pull first"},
};

/* A text known by a word near its beginning. */
static const struct opening words[] = {
    {"heap profile: ", "a heap profile of gperftools", NOT_YET},
    {"Showing nodes accounting for", "the output of pprof", "give the profile that pprof read"},
    {"\nevents:", "a callgrind profile", NOT_YET},
    {"Each sample counts as", "the output of gprof", NOT_YET},
    {"import time: self [us]", "the output of python -X importtime", NOT_YET},
    {"Timer unit:", "the output of line_profiler", NOT_YET},
    {"Command being timed:", "the output of time -v", NOT_YET},
    {"Traceback (most recent call last)", "a Python traceback",
     "the program that should write the profile failed: see what it says"},
};

enum { WORD_REACH = 4096, QUOTED = 40 };

static void say(struct pv_buffer *out, const char *what, const char *advice)
{
    pv_buffer_print(out, "looks like %s; %s", what, advice);
}

static bool say_magic(struct pv_buffer *out, struct pv_text head)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *row = &magics[i];
        if (pv_text_starts(pv_text_slice(head, row->at, head.size), row->bytes)) {
            say(out, row->what, row->advice);
            return true;
        }
    }
    return false;
}

static bool begins(struct pv_text text, struct pv_text wanted)
{
    if (text.size < wanted.size)
        return false;
    for (size_t i = 0; i < wanted.size; i++) {
        char byte = text.data[i];
        if ((byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte) != wanted.data[i])
            return false;
    }
    return true;
}

static bool say_opening(struct pv_buffer *out, struct pv_text text)
{
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (begins(text, pv_text_of(openings[i].text))) {
            say(out, openings[i].what, openings[i].advice);
            return true;
        }
    return false;
}

static bool say_word(struct pv_buffer *out, struct pv_text text)
{
    struct pv_text reach = pv_text_slice(text, 0, WORD_REACH);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (pv_text_search(reach, pv_text_of(words[i].text)) < reach.size) {
            say(out, words[i].what, words[i].advice);
            return true;
        }
    return false;
}

/* Pickles of protocol 2 to 5: PROTO n, and the STOP opcode at the end of a whole one. */
static bool is_pickle(struct pv_text head)
{
    return head.size > 2 && head.data[0] == '\x80' && head.data[1] >= 2 && head.data[1] <= 5;
}

/* The head of a pprof protobuf holds a sample type: a message of two small string numbers. */
static bool is_pprof(struct pv_text head)
{
    enum { REACH = 32 };
    struct pv_text reach = pv_text_slice(head, 0, REACH);
    return pv_text_search(reach, PV_TEXT("\n\4\b")) < reach.size;
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

/* perf script writes a frame a line: a tab, the address in hexadecimal, the symbol, (the
 * module). */
static bool has_addresses(struct pv_text text)
{
    enum { LEAST_DIGITS = 3 };
    struct pv_text rest = pv_text_slice(text, 0, WORD_REACH), line, word;
    while (pv_text_split(&rest, '\n', &line)) {
        size_t digits = 0;
        if (!pv_text_starts(line, PV_TEXT("\t")) || !pv_text_ends(line, PV_TEXT(")")) ||
            !pv_text_word(&line, &word))
            continue;
        while (digits < word.size && is_hex(word.data[digits]))
            digits++;
        if (digits == word.size && digits >= LEAST_DIGITS)
            return true;
    }
    return false;
}

static bool is_binary(struct pv_text head)
{
    size_t odd = 0;
    for (size_t i = 0; i < head.size; i++) {
        unsigned char byte = (unsigned char)head.data[i];
        if (byte == 0)
            return true;
        odd += byte < ' ' && (byte < '\b' || byte > '\r') && byte != '\x1b';
    }
    return odd > head.size / 16;
}

/* The first key, which tells the owner which file it is. */
static void say_json(struct pv_buffer *out, struct pv_text text)
{
    pv_buffer_print(out, "looks like JSON of an unknown kind");
    struct pv_text rest = pv_text_trim(pv_text_slice(text, 1, text.size));
    if (text.data[0] == '{' && rest.size > 1 && rest.data[0] == '"') {
        struct pv_text key = pv_text_slice(rest, 1, QUOTED);
        key = pv_text_slice(key, 0, pv_text_find(key, '"'));
        pv_buffer_print(out, " (its first key is \"");
        pv_escape(out, PV_ESCAPE_DISPLAY, key);
        pv_buffer_print(out, "\")");
    }
    pv_buffer_print(out, "; profviz formats lists what can be read");
}

void pv_looks_like(struct pv_buffer *out, struct pv_text head, bool is_whole)
{
    struct pv_text text = pv_text_trim(head);
    if (head.size == 0)
        pv_buffer_print(out, "the file is empty; the profiler may not have finished: let the "
                             "program end by itself");
    else if (text.size == 0)
        pv_buffer_print(out, "nothing but blanks %s; see that the profiler finished",
                        is_whole ? "in it" : "at its start");
    else if (is_pickle(head))
        say(out, "a Python pickle",
            "profviz reads what cProfile's dump_stats and -o write, not pickled objects");
    else if (say_magic(out, head) || say_opening(out, text) || say_word(out, text))
        return;
    else if (is_pprof(head))
        say(out, "a pprof profile", NOT_YET);
    else if (is_binary(head))
        say(out, "binary data of an unknown kind", "profviz formats lists what can be read");
    else if (text.data[0] == '{' || text.data[0] == '[')
        say_json(out, text);
    else if (has_addresses(text))
        say(out, "the output of perf script", "collapse it first (stackcollapse-perf.pl)");
    else
        say(out, "text that is no profile",
            "profviz formats lists what can be read, and -F NAME says which it is");
}
