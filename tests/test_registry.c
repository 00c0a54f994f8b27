#include "formats/registry.h"

#include "formats/looks.h"
#include "model/error.h"
#include "render/registry.h"
#include "tests/random_profile.h"
#include "tests/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A constant initialiser, which PV_TEXT is not. */
#define BYTES(literal)                                                                             \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

static void formats_are_described(void **state)
{
    (void)state;
    const struct pv_format *const *formats = pv_formats();
    for (size_t i = 0; formats[i]; i++) {
        const struct pv_format *format = formats[i];
        struct pv_text extensions = pv_text_of(format->extensions), extension;
        assert_true(format->name[0] && format->summary[0]);
        assert_true(format->read || format->write);
        assert_true(!format->read || format->probe);
        assert_ptr_equal(pv_format_named(pv_text_of(format->name)), format);
        while (pv_text_word(&extensions, &extension))
            assert_true(extension.size > 1 && extension.data[0] == '.');
        for (const char *c = format->name; *c; c++)
            assert_true((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_');
    }
    assert_null(pv_format_named(PV_TEXT("nothing")));
    assert_null(pv_format_named(PV_TEXT("")));
}

static void formats_are_meant(void **state)
{
    (void)state;
    static const struct {
        const char *word, *name; /* NULL: none */
        bool is_written;
    } rows[] = {
        {"collapsed", "collapsed", true},
        {"folded", "collapsed", true},
        {"Stacks", "collapsed", false},
        {"chrome-trace", "chrome_trace", false},
        {"Chrome", "chrome_trace", false},
        {"chrome", NULL, true}, /* is only read */
        {"cProfile", "pstats", true},
        {"prof", "pstats", false},
        {"speedscope.json", "speedscope", true},
        {"gprof2dot", "gprof2dot_json", false},
        {"cpu-profile", "cpuprofile", false},
        {"svg", "picture", false},
        {"json", "json", false},
        {"callgrind.out", "callgrind", false},
        {"out", NULL, false}, /* callgrind's and massif's */
        {"", NULL, false},
        {"-", NULL, false},
        {"nothing", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct pv_format *format =
            pv_format_meant(pv_text_of(rows[i].word), rows[i].is_written);
        const struct pv_format *wanted =
            rows[i].name ? pv_format_named(pv_text_of(rows[i].name)) : NULL;
        if (format != wanted)
            fail_msg("%s: %s", rows[i].word, format ? format->name : "none");
    }
}

static void views_are_listed_once(void **state)
{
    (void)state;
    const struct pv_renderer *const *views = pv_renderers();
    for (size_t i = 0; views[i]; i++) {
        assert_true(views[i]->name[0] && views[i]->summary[0] && views[i]->draw);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(views[i]->name, views[k]->name);
    }
}

static void outputs_are_named_by_their_extension(void **state)
{
    (void)state;
    static const struct {
        const char *path, *format;
    } rows[] = {
        {"a.json", "json"}, {"dir.x/a.b.json", "json"},
        {"A.JSON", "json"}, {"a.json.gz", "json"},
        {"a.svg", NULL},    {"json", NULL},
        {"ajson", NULL},    {"", NULL},
        {".gz", NULL},      {"a.json/b", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pv_format *format = pv_format_for_output(pv_text_of(rows[i].path));
        if (!format || !rows[i].format)
            assert_true(!format && !rows[i].format);
        else
            assert_string_equal(format->name, rows[i].format);
    }
}

static void unreadable_inputs_are_told_by_their_looks(void **state)
{
    (void)state;
    static const struct {
        struct pv_text head;
        const char *what;
    } rows[] = {
        {BYTES(""), "the file is empty"},
        {BYTES(" \n\n "), "nothing but blanks"},
        {BYTES("\x80\4\x95\0\0\0\0\0\0\0\0}."), "a Python pickle"},
        {BYTES("\x80\2}q\0."), "a Python pickle"},
        {BYTES("(dp0\nS'a'\np1\n"), "a Python pickle"},
        {BYTES("\x89PNG\r\n\x1a\n"), "a PNG image"},
        {BYTES("\xff\xd8\xff\xe0"), "a JPEG image"},
        {BYTES("GIF89a"), "a GIF image"},
        {BYTES("RIFF\1\2\3\4WEBPVP8 "), "a WebP image"},
        {BYTES("%PDF-1.7"), "a PDF document"},
        {BYTES("\177ELF\2\1\1"), "(ELF)"},
        {BYTES("\x42\r\r\n\0\0\0\0"), "a compiled Python module"},
        {BYTES("#!/bin/sh\nexit 0\n"), "a script"},
        {BYTES("PK\3\4\x14\0"), "a zip archive"},
        {BYTES("SQLite format 3\0"), "an SQLite database"},
        {BYTES("PERFILE2\x68\0"), "run perf script"},
        {BYTES("gmon\1\0\0\0"), "run gprof"},
        {BYTES("<!DOCTYPE html>\n<html>"), "an HTML page"},
        {BYTES("\n <HTML><body>"), "an HTML page"},
        {BYTES("<?xml version=\"1.0\"?>"), "XML"},
        {BYTES("<svg xmlns=\"x\">"), "an SVG picture"},
        {BYTES("{\"foo\": [1, 2]}"), "JSON of an unknown kind (its first key is \"foo\")"},
        {BYTES("[1, 2]"), "JSON of an unknown kind"},
        {BYTES("{\"\x1b[31m\": 1}"), "first key is \"\\u{1b}[31m\""},
        {BYTES("\n\4\b\1\20\2"), "a pprof profile"},
        {BYTES("swapper 0 1.0: cycles:\n\t    ffffffff8104f45a native_safe_halt ([kernel])\n\n"),
         "the output of perf script"},
        {BYTES("# callgrind format\nversion: 1\nevents: Ir\n"), "a callgrind profile"},
        {BYTES("Usage: py-spy <SUBCOMMAND>"), "the help of another program"},
        {BYTES("Traceback (most recent call last):\n"), "a Python traceback"},
        {BYTES("\1\2\0\3\4binary"), "binary data"},
        {BYTES("\1\2\3\4\5\6"), "binary data"},
        {BYTES("Dear diary,\ntoday was fine.\n"), "text that is no profile"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer out = {0};
        pv_looks_like(&out, rows[i].head, true);
        pv_buffer_char(&out, '\0');
        if (!strstr(out.data, rows[i].what))
            fail_msg("wanted %s, got %s", rows[i].what, out.data);
        assert_non_null(strchr(out.data, ';')); /* what it is; what to do */
        assert_true(out.size < sizeof((struct pv_error *)NULL)->message);
        pv_buffer_free(&out);
    }
}

static void detection_refuses_with_a_place(void **state)
{
    (void)state;
    struct pv_error err;
    struct pv_input *input = pv_input_memory(PV_TEXT("\x89PNG\r\n"), "graph.pstats", NULL);
    assert_null(pv_format_detect(input, &err));
    assert_int_equal(err.code, PV_INPUT_FAILED);
    assert_string_equal(err.where.source, "graph.pstats");
    assert_string_equal(err.message,
                        "looks like a PNG image; give the profile that it was drawn from");
    pv_input_close(input);
    /* What cannot be unpacked says so rather than what its nothing looks like. */
    input = pv_input_memory(PV_TEXT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff"), "a.gz", NULL);
    assert_null(pv_format_detect(input, &err));
    assert_null(strstr(err.message, "empty"));
    pv_input_close(input);
}

/* One frame, and a blank in its name: it looks like anything, but for what it is called. */
static void detection_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        bool is_found;
    } rows[] = {
        {"flat.folded", "operator new(long) 3\n(below main) 4\n", true},
        {"flat.folded.gz", "operator new(long) 3\n", true},
        {"flat.txt", "operator new(long) 3\n(below main) 4\n", false},
        {"prose.folded", "a text\nwith words\nand 3\n", false},
        {"nothing.folded", "# stacks: 0\n", true},
        {"empty.folded", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_error err;
        struct pv_input *input = pv_input_memory(pv_text_of(rows[i].text), rows[i].name, NULL);
        if ((pv_format_detect(input, &err) != NULL) != rows[i].is_found)
            fail_msg("%s: %s", rows[i].name, rows[i].text);
        pv_input_close(input);
    }
}

/* Calls every probe on a copy of exactly this size, so that a sanitizer sees a step beyond it.
 * Returns how many are sure. */
static unsigned probe_all(struct pv_text head, bool is_whole)
{
    unsigned sure = 0;
    char *copy = malloc(head.size ? head.size : 1);
    assert_non_null(copy);
    memcpy(copy, head.data, head.size);
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        if ((*next)->read)
            sure += (*next)->probe((struct pv_text){copy, head.size}, is_whole) == PV_PROBE_SURE;
    struct pv_buffer out = {0};
    pv_looks_like(&out, (struct pv_text){copy, head.size}, is_whole);
    assert_true(out.size > 0 && out.size < sizeof((struct pv_error *)NULL)->message);
    pv_buffer_free(&out);
    free(copy);
    return sure;
}

static void random_heads_do_no_harm(void **state)
{
    (void)state;
    static const char *const words[] = {
        "{\"profviz\":",
        "\"traceEvents\"",
        "[",
        "{(s\1\0\0\0",
        "\x80\4",
        "main;a 1\n",
        "function calls",
        " in ",
        "seconds\n",
        "ncalls",
        "\xff\xfe",
        "\"",
        "\\",
        ";",
        "\n",
        "# ",
        "P1;T1",
        "\0",
    };
    struct pv_random random = {7};
    for (int round = 0; round < 3000; round++) {
        char head[300];
        size_t size = pv_random_below(&random, 200);
        for (size_t i = 0; i < size; i++)
            head[i] = (char)pv_random_below(&random, 256);
        for (uint32_t i = pv_random_below(&random, 6); i > 0; i--) {
            const char *word = words[pv_random_below(&random, sizeof words / sizeof *words)];
            memcpy(head + pv_random_below(&random, 200), word, strlen(word));
        }
        struct pv_text text = {head, size};
        probe_all(text, round % 2);
    }
}

/* The files of samples/, those of one folder that is named after a format and of all others. */
struct samples {
    struct pv_buffer paths; /* each with a NUL behind it */
    size_t count;
};

static bool is_sample(const char *folder, struct pv_text name)
{
    static const char sources[] = ".md .c .h .py .sh"; /* samples/trace: how it is written */
    struct pv_text kinds = pv_text_of(sources), kind;
    while (pv_text_word(&kinds, &kind))
        if (pv_text_ends(name, kind))
            return false;
    if (pv_format_named(pv_text_of(folder)))
        return true;
    for (const struct pv_format *const *next = pv_formats(); *next; next++) {
        struct pv_text rest = pv_text_of((*next)->extensions), extension;
        while (pv_text_word(&rest, &extension))
            if (pv_text_ends(name, extension))
                return true;
    }
    return false;
}

static bool is_hidden(const struct dirent *entry)
{
    return entry->d_name[0] == '.';
}

static void list_folder(struct samples *samples, const char *folder)
{
    char path[300];
    snprintf(path, sizeof path, "samples/%s", folder);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (is_hidden(entry) || !is_sample(folder, pv_text_of(entry->d_name)))
            continue;
        pv_buffer_print(&samples->paths, "%s/%s", path, entry->d_name);
        pv_buffer_char(&samples->paths, '\0');
        samples->count++;
    }
    if (dir)
        closedir(dir);
}

static struct samples list_samples(void)
{
    struct samples samples = {0};
    DIR *dir = opendir("samples");
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (!is_hidden(entry))
            list_folder(&samples, entry->d_name);
    closedir(dir);
    return samples;
}

/* The start of a file as a probe sees it; *bytes owns it. Packed files are unpacked. */
static struct pv_text head_of(const char *path, struct pv_buffer *bytes)
{
    struct pv_input *input;
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        fail_msg("%s: %s", path, err.message);
    bytes->size = 0;
    pv_buffer_add(bytes, pv_input_peek(input));
    pv_input_close(input);
    return pv_buffer_text(bytes);
}

static void check_sample(const char *path, struct pv_text head)
{
    struct pv_input *input = pv_input_memory(head, "unknown", NULL);
    struct pv_error err;
    const struct pv_format *format = pv_format_detect(input, &err);
    if (!format) {
        fail_msg("%s is not recognised: %s", path, err.message);
        return;
    }
    /* samples/FORMAT/…: the folder says what it is. */
    struct pv_text rest = pv_text_of(path + strlen("samples/")), folder;
    pv_text_split(&rest, '/', &folder);
    if (pv_format_named(folder) && pv_format_named(folder) != format)
        fail_msg("%s is taken for %s", path, format->name);
    if (probe_all(head, true) > 1)
        fail_msg("%s: more than one format is sure of it", path);
    for (size_t size = 0; size <= head.size; size += 1 + head.size / 200)
        probe_all(pv_text_slice(head, 0, size), size % 2);
    pv_input_close(input);
}

static void samples_are_recognised_by_content(void **state)
{
    (void)state;
    struct samples samples = list_samples();
    struct pv_buffer bytes = {0};
    const char *path = samples.paths.data;
    for (size_t i = 0; i < samples.count; i++, path += strlen(path) + 1)
        check_sample(path, head_of(path, &bytes));
    assert_true(samples.count > 0);
    pv_buffer_free(&bytes);
    pv_buffer_free(&samples.paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_described),
        cmocka_unit_test(formats_are_meant),
        cmocka_unit_test(views_are_listed_once),
        cmocka_unit_test(outputs_are_named_by_their_extension),
        cmocka_unit_test(unreadable_inputs_are_told_by_their_looks),
        cmocka_unit_test(detection_refuses_with_a_place),
        cmocka_unit_test(detection_by_name),
        cmocka_unit_test(random_heads_do_no_harm),
        cmocka_unit_test(samples_are_recognised_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
