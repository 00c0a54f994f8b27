#include "formats/registry.h"

#include "formats/looks.h"

#include <string.h>

/* One line per format, in the order in which help lists them. */
#define FORMATS(FORMAT)                                                                            \
    FORMAT(pstats)                                                                                 \
    FORMAT(pstats_text)                                                                            \
    FORMAT(callgrind)                                                                              \
    FORMAT(cachegrind)                                                                             \
    FORMAT(gprof)                                                                                  \
    FORMAT(axe)                                                                                    \
    FORMAT(gprof2dot_json)                                                                         \
    FORMAT(trace)                                                                                  \
    FORMAT(speedscope)                                                                             \
    FORMAT(cpuprofile)                                                                             \
    FORMAT(heapprofile)                                                                            \
    FORMAT(pyinstrument)                                                                           \
    FORMAT(json)                                                                                   \
    FORMAT(picture)                                                                                \
    FORMAT(chrome_trace)                                                                           \
    FORMAT(dhat)                                                                                   \
    FORMAT(massif)                                                                                 \
    FORMAT(mojo)                                                                                   \
    FORMAT(strace)                                                                                 \
    FORMAT(strace_summary)                                                                         \
    FORMAT(uftrace)                                                                                \
    FORMAT(ftrace)                                                                                 \
    FORMAT(collapsed)

#define DECLARE(name) extern const struct pv_format pv_format_##name;
#define POINT(name) &pv_format_##name,
FORMATS(DECLARE)

const struct pv_format *const *pv_formats(void)
{
    static const struct pv_format *const table[] = {FORMATS(POINT) NULL};
    return table;
}

const struct pv_format *pv_format_named(struct pv_text name)
{
    const struct pv_format *const *format = pv_formats();
    while (*format && !pv_text_equal(pv_text_of((*format)->name), name))
        format++;
    return *format;
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool ends_in(struct pv_text path, struct pv_text extension)
{
    if (extension.size == 0 || extension.size > path.size)
        return false;
    const char *tail = path.data + path.size - extension.size;
    for (size_t i = 0; i < extension.size; i++)
        if (lower(tail[i]) != lower(extension.data[i]))
            return false;
    return true;
}

/* The size of the longest of the format's extensions that the path ends in, or 0. */
static size_t extension_fit(const struct pv_format *format, struct pv_text path)
{
    struct pv_text rest = pv_text_of(format->extensions), extension;
    size_t best = 0;
    while (pv_text_word(&rest, &extension))
        if (extension.size > best && ends_in(path, extension))
            best = extension.size;
    return best;
}

static bool is_filler(char byte)
{
    return byte == '-' || byte == '_' || byte == '.' || byte == ' ';
}

/* "Chrome-Trace" is "chrome_trace". */
static bool is_same_word(struct pv_text a, struct pv_text b)
{
    size_t i = 0, j = 0;
    while (true) {
        while (i < a.size && is_filler(a.data[i]))
            i++;
        while (j < b.size && is_filler(b.data[j]))
            j++;
        if (i == a.size || j == b.size)
            return i == a.size && j == b.size && i && j;
        if (lower(a.data[i++]) != lower(b.data[j++]))
            return false;
    }
}

static bool is_called(const struct pv_format *format, struct pv_text name)
{
    struct pv_text rest = pv_text_of(format->aliases ? format->aliases : ""), alias;
    bool is_so = is_same_word(name, pv_text_of(format->name));
    while (!is_so && pv_text_word(&rest, &alias))
        is_so = is_same_word(name, alias);
    return is_so;
}

static bool has_extension(const struct pv_format *format, struct pv_text name)
{
    struct pv_text rest = pv_text_of(format->extensions), extension;
    while (pv_text_word(&rest, &extension))
        if (is_same_word(name, extension))
            return true;
    return false;
}

const struct pv_format *pv_format_meant(struct pv_text name, bool is_written)
{
    const struct pv_format *called = NULL, *ending = NULL;
    bool is_clear = true;
    for (const struct pv_format *const *next = pv_formats(); *next; next++) {
        if (is_written ? !(*next)->write : !(*next)->read)
            continue;
        if (pv_text_equal(name, pv_text_of((*next)->name)))
            return *next;
        if (!called && is_called(*next, name))
            called = *next;
        if (has_extension(*next, name)) {
            is_clear = ending == NULL;
            ending = *next;
        }
    }
    return called ? called : is_clear ? ending : NULL;
}

static struct pv_text without_packing(struct pv_text path)
{
    static const char *const packings[] = {".gz", ".zst", ".xz", ".bz2"};
    for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
        if (ends_in(path, pv_text_of(packings[i])))
            return pv_text_slice(path, 0, path.size - strlen(packings[i]));
    return path;
}

/* With and without a packing's extension: ".pb.gz" is one extension, ".folded.gz" is two. */
static size_t path_fit(const struct pv_format *format, struct pv_text path)
{
    size_t whole = extension_fit(format, path);
    size_t inner = extension_fit(format, without_packing(path));
    return whole > inner ? whole : inner;
}

static const struct pv_format *best_match(struct pv_text head, bool is_whole, struct pv_text name)
{
    const struct pv_format *best = NULL;
    enum pv_probe best_probe = PV_PROBE_NO;
    bool best_is_named = false;
    for (const struct pv_format *const *next = pv_formats(); *next; next++) {
        enum pv_probe probe = (*next)->read ? (*next)->probe(head, is_whole) : PV_PROBE_NO;
        if (probe == PV_PROBE_NO || probe < best_probe)
            continue;
        bool is_named = path_fit(*next, name) > 0;
        if (probe > best_probe || (is_named && !best_is_named)) {
            best = *next;
            best_probe = probe;
            best_is_named = is_named;
        }
    }
    return best;
}

/* What nobody knows by its content may be what it is called. */
static const struct pv_format *named_match(struct pv_text head, bool is_whole, struct pv_text name)
{
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        if ((*next)->probe_named && path_fit(*next, name) && (*next)->probe_named(head, is_whole))
            return *next;
    return NULL;
}

enum { PEEK = 64 * 1024 };

const struct pv_format *pv_format_detect(struct pv_input *input, struct pv_error *err)
{
    struct pv_text head = pv_input_peek(input);
    bool is_whole = head.size < PEEK;
    struct pv_text name = pv_text_of(pv_input_name(input));
    const struct pv_format *format = best_match(head, is_whole, name);
    if (!format && head.size)
        format = named_match(head, is_whole, name);
    if (format)
        return format;
    if (!pv_input_ok(input, err)) /* cannot be read at all: that is the better reason */
        return NULL;
    struct pv_buffer sentence = {0};
    pv_looks_like(&sentence, head, is_whole);
    struct pv_where where = {.source = pv_input_name(input)};
    pv_fail(err, PV_INPUT_FAILED, where, "%.*s", PV_TEXT_ARGS(pv_buffer_text(&sentence)));
    pv_buffer_free(&sentence);
    return NULL;
}

const struct pv_format *pv_format_for_output(struct pv_text path)
{
    const struct pv_format *best = NULL;
    size_t best_fit = 0;
    for (const struct pv_format *const *next = pv_formats(); *next; next++) {
        size_t fit = (*next)->write ? path_fit(*next, path) : 0;
        if (fit > best_fit) {
            best = *next;
            best_fit = fit;
        }
    }
    return best;
}
