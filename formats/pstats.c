#include "formats/format.h"

#include "formats/pstats_fold.h"
#include "formats/pstats_frame.h"
#include "formats/pstats_parts.h"
#include "formats/pstats_write.h"
#include "model/error.h"

#include <stdlib.h>

/* The dump that cProfile, profile, pyinstrument, yappi and others write: one marshalled dictionary,
 * (file, line, name) → (primitive calls, calls, own time, cumulative time, callers), callers being
 * a dictionary of the same keys. See docs/formats/pstats.md. */

static uint32_t keep_text(void *context, struct pv_text text)
{
    return pv_build_text(context, text);
}

static struct pv_text get_text(void *context, uint32_t number)
{
    return pv_build_text_bytes(context, number);
}

/* A key of one text is no function but a fact about the whole: Python 3.15's sampler writes
 * ("__sampled__",): True. What others may mean is not known. */
static bool take_fact(struct pv_pstats *reader)
{
    struct pv_marshal_token key, value;
    if (!pv_marshal_next(reader->marshal, &key))
        return false;
    if (key.kind != PV_MARSHAL_TEXT)
        return pv_pstats_refuse(reader, &key, "the name of a fact");
    if (!pv_marshal_next(reader->marshal, &value) || !pv_marshal_skip(reader->marshal, &value))
        return false;
    if (key.text == reader->sampled)
        reader->is_sampled = value.kind != PV_MARSHAL_INT || value.integer;
    else
        reader->unknown++;
    return true;
}

static bool take_entries(struct pv_pstats *reader)
{
    struct pv_marshal_token token;
    while (pv_marshal_next(reader->marshal, &token)) {
        if (token.kind == PV_MARSHAL_END)
            return true;
        bool is_fact = token.kind == PV_MARSHAL_TUPLE && token.count == 1 && !token.is_reference;
        if (is_fact ? !take_fact(reader) : !pv_pstats_function(reader, &token))
            return false;
    }
    return false;
}

static bool take_file(struct pv_pstats *reader)
{
    struct pv_text head = pv_input_need(reader->input, 1);
    struct pv_marshal_token token;
    if (head.size == 0)
        return pv_marshal_fail(reader->marshal, "the file is empty: the program that should write "
                                                "the profile did not get that far");
    unsigned char first = (unsigned char)head.data[0];
    if ((first & 0x7f) != '{' || !pv_marshal_next(reader->marshal, &token))
        return pv_marshal_fail(reader->marshal,
                               "byte 0x%02x begins no pstats file, which is a "
                               "marshalled dictionary: leave -F out to see what it "
                               "is",
                               first);
    if (!take_entries(reader))
        return false;
    pv_marshal_end(reader->marshal);
    return true;
}

/* Bytes behind the dictionary, which Python's own reader never sees: all are read, so that a
 * damaged end of a packed file shows. */
static bool has_rest(struct pv_input *input)
{
    bool has = false;
    for (;;) {
        struct pv_text rest = pv_input_need(input, 1);
        if (rest.size == 0)
            return has;
        has = true;
        pv_input_skip(input, rest.size);
    }
}

static void note(struct pv_pstats *reader, const char *kind, const char *text, uint64_t count)
{
    if (count)
        pv_build_note(reader->builder, kind, text, count, 0);
}

static void add_notes(struct pv_pstats *reader)
{
    note(reader, "clamped", "times that are no number or beyond 292 years were clamped",
         reader->clamped);
    note(reader, "repaired",
         "functions had more primitive calls than calls: the two were exchanged", reader->swapped);
    note(reader, "negative", "functions have negative times: the profiler's clock ran backwards",
         reader->negative);
    note(reader, "skipped", "entries of the file that are no functions were left out",
         reader->unknown);
    note(reader, "skipped", "what follows the end of the profile was left out",
         has_rest(reader->input));
    if (reader->negative)
        pv_build_signed(reader->builder, 0);
}

static bool finish(struct pv_pstats *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_profile *profile;
    if (!pv_input_ok(reader->input, err))
        return false;
    struct pv_where end = pv_input_where(reader->input);
    if (!pv_builder_finish(reader->builder, &profile, err)) {
        err->where = end;
        return false;
    }
    struct pv_pstats_afterwards afterwards = {reader->is_sampled, reader->aliases.items,
                                              reader->aliases.count};
    bool is_final = !reader->is_sampled && reader->aliases.count == 0;
    if (!is_final && !pv_pstats_fold(&profile, &afterwards, pv_input_limits(reader->input), err)) {
        pv_profile_free(profile);
        err->where = end;
        return false;
    }
    profile->is_unbounded = pv_pstats_is_unbounded(profile);
    *out = profile;
    return true;
}

static bool read_pstats(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_pstats reader = {.input = input, .budget.limit = limits->memory};
    reader.builder = pv_builder_new(limits, PV_ORIGIN_ARCS, "pstats");
    struct pv_marshal_texts texts = {keep_text, get_text, reader.builder};
    reader.marshal = pv_marshal_new(input, &texts);
    pv_build_metric(reader.builder, PV_TEXT("time"), PV_UNIT_NS, false);
    reader.tilde = pv_build_text(reader.builder, PV_TEXT("~"));
    reader.sampled = pv_build_text(reader.builder, PV_TEXT("__sampled__"));
    if (take_file(&reader))
        add_notes(&reader);
    bool is_done = finish(&reader, out, err);
    pv_marshal_free(reader.marshal);
    pv_builder_free(reader.builder);
    free(reader.shares.items);
    free(reader.rows.items);
    free(reader.aliases.items);
    free(reader.file_flags.items);
    return is_done;
}

/* A dictionary whose first key is a tuple of three, or of one, with a text in front. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    const unsigned char *bytes = (const unsigned char *)head.data;
    if (head.size == 0 || (bytes[0] & 0x7f) != '{')
        return PV_PROBE_NO;
    if (is_whole && head.size == 2 && bytes[1] == '0')
        return PV_PROBE_SURE;
    if (head.size < 3)
        return is_whole && bytes[0] == 0xfb ? PV_PROBE_MAYBE : PV_PROBE_NO;
    unsigned type = bytes[1] & 0x7f;
    size_t count_bytes = type == ')' ? 1 : 4;
    if ((type != ')' && type != '(') || (bytes[2] != 3 && bytes[2] != 1))
        return PV_PROBE_NO;
    for (size_t i = 1; i < count_bytes && 2 + i < head.size; i++)
        if (bytes[2 + i] != 0)
            return PV_PROBE_NO;
    if (head.size < 3 + count_bytes)
        return PV_PROBE_LIKELY;
    return pv_text_find(PV_TEXT("stuaAzZR"), (char)(bytes[2 + count_bytes] & 0x7f)) < 8
               ? PV_PROBE_SURE
               : PV_PROBE_LIKELY;
}

const struct pv_format pv_format_pstats = {
    .name = "pstats",
    .summary = "profiles of Python: cProfile, profile, pyinstrument, yappi, django-silk",
    .aliases = "cprofile profile",
    .extensions = ".pstats .prof .cprof .profile",
    .probe = probe,
    .read = read_pstats,
    .write = pv_pstats_write,
    .write_needs_graph = true,
};
