#include "formats/format.h"

#include "formats/gprof_line.h"
#include "model/builder.h"

/* What gprof prints: a flat table and a call graph, both or one of them, with or without what
 * explains them. See docs/formats/gprof.md. */

enum place { OUTSIDE, FLAT, BETWEEN, ENTRY };

/* Beyond so many lines in a row that are none of it a table is taken to have ended. */
enum { STRAY_LINES = 3 };

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_call_entries *entries;
    struct pv_gprof_units units;
    enum place place;
    unsigned strays, tables;
    bool is_cut; /* the text ended in an entry */
};

static bool take_header(struct reader *reader, struct pv_text line)
{
    struct pv_gprof_units units;
    if (pv_gprof_flat_header(line, &units)) {
        reader->units = units;
        reader->place = FLAT;
    } else if (pv_gprof_graph_header(line)) {
        pv_call_entries_section(reader->entries);
        reader->place = BETWEEN;
    } else {
        return false;
    }
    reader->strays = 0;
    reader->tables++;
    return true;
}

static void take_good(struct reader *reader)
{
    pv_call_entries_metric(reader->entries, reader->units.metric, reader->units.unit);
    pv_input_good_record(reader->input);
    reader->strays = 0;
}

static void take_stray(struct reader *reader, const char *why)
{
    pv_input_bad_record(reader->input, why);
    if (++reader->strays > STRAY_LINES) {
        pv_call_entries_end(reader->entries);
        reader->place = OUTSIDE;
    }
}

static void take_row(struct reader *reader, struct pv_text line)
{
    struct pv_entry_line row;
    int64_t total;
    if (line.size == 0) {
        reader->place = OUTSIDE;
    } else if (pv_gprof_flat_row(line, &reader->units, &row, &total)) {
        take_good(reader);
        pv_call_entries_flat(reader->entries, &row, total);
    } else if (!pv_gprof_scale(line, &reader->units)) {
        take_stray(reader, "no row of a flat profile: shares, seconds, calls and a name");
    }
}

static bool is_rule(struct pv_text line)
{
    return pv_text_starts(line, PV_TEXT("-----"));
}

static bool take_line_of_entry(struct reader *reader, struct pv_text line)
{
    struct pv_entry_line parsed;
    bool is_primary;
    if (!pv_gprof_entry_line(line, &reader->units, &parsed, &is_primary))
        return false;
    take_good(reader);
    pv_call_entries_line(reader->entries, &parsed, is_primary);
    reader->place = ENTRY;
    return true;
}

/* What is no entry here is what explains the table, or what comes after it. */
static void take_between(struct reader *reader, struct pv_text line)
{
    bool is_passed_over = line.size == 0 || is_rule(line) ||
                          pv_text_starts(line, PV_TEXT("called/total")) ||
                          pv_gprof_scale(line, &reader->units);
    if (!is_passed_over && !take_line_of_entry(reader, line))
        reader->place = OUTSIDE;
}

static void end_entry(struct reader *reader, enum place place)
{
    if (!pv_call_entries_end(reader->entries))
        pv_input_bad_record(reader->input, "an entry of the call graph without its function");
    reader->place = place;
}

static void take_entry(struct reader *reader, struct pv_text line)
{
    if (is_rule(line))
        end_entry(reader, BETWEEN);
    else if (pv_text_starts(line, PV_TEXT("Index by function name")))
        end_entry(reader, OUTSIDE);
    else if (line.size && !take_line_of_entry(reader, line))
        take_stray(reader, "no line of a call graph: seconds, calls and a name");
}

static void take_line(struct reader *reader, struct pv_text line)
{
    struct pv_text trimmed = pv_text_trim(line);
    if (take_header(reader, trimmed))
        return;
    switch (reader->place) {
    case OUTSIDE:
        break;
    case FLAT:
        take_row(reader, trimmed);
        break;
    case BETWEEN:
        take_between(reader, trimmed);
        break;
    case ENTRY:
        take_entry(reader, trimmed);
        break;
    }
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where place = {.source = pv_input_name(reader->input)};
    bool is_in_entry = reader->place == ENTRY;
    if (!pv_input_ok(reader->input, err))
        return false;
    if (reader->tables == 0)
        return pv_fail(err, PV_INPUT_FAILED, place,
                       "holds no table of gprof: it begins with the line 'time   seconds   "
                       "seconds    calls  ms/call  ms/call  name'");
    if (pv_call_entries_count(reader->entries) == 0 && pv_builder_is_ok(reader->builder))
        return pv_fail(err, PV_INPUT_FAILED, place,
                       "holds gprof's headings but no function: compile and link with -pg, let the "
                       "program end by itself, and run gprof on its gmon.out");
    if (is_in_entry)
        pv_build_note(reader->builder, "cut", "the text ends within an entry of the call graph", 1,
                      pv_input_where(reader->input).line);
    return pv_call_entries_finish(reader->entries, out, err);
}

static bool read_gprof(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_ARCS, "gprof"),
        .units = pv_gprof_seconds(),
    };
    struct pv_text line;
    reader.entries = pv_call_entries_new(input, reader.builder);
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        take_line(&reader, line);
    bool is_done = finish(&reader, out, err);
    pv_call_entries_free(reader.entries);
    pv_builder_free(reader.builder);
    return is_done;
}

/* Both headers have "call" and "name" in them. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text line;
    struct pv_gprof_units units;
    (void)is_whole;
    if (pv_text_search(head, PV_TEXT("self")) == head.size &&
        pv_text_search(head, PV_TEXT("/call")) == head.size)
        return PV_PROBE_NO;
    while (pv_text_split(&head, '\n', &line)) {
        line = pv_text_trim(line);
        if (pv_gprof_flat_header(line, &units) || pv_gprof_graph_header(line))
            return PV_PROBE_SURE;
    }
    return PV_PROBE_NO;
}

extern const struct pv_format pv_format_gprof;
const struct pv_format pv_format_gprof = {
    .name = "gprof",
    .summary = "what gprof prints: flat profile, call graph, both, by line (GNU, BSD, AIX, macOS)",
    .aliases = "gmon",
    .extensions = ".gprof .gprof.txt",
    .probe = probe,
    .read = read_gprof,
};
