#include "formats/format.h"

#include "formats/call_entries.h"
#include "model/builder.h"
#include "model/number.h"

#include <string.h>

/* What Intel VTune prints for `-report gprof-cc`: entries like gprof's, parted by blank lines, with
 * times alone. See docs/formats/axe.md. */

enum place { OUTSIDE, BETWEEN, ENTRY };

/* Beyond so many lines in a row that are none of it the table is taken to have ended. */
enum { STRAY_LINES = 3, SECONDS = 9 };

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_call_entries *entries;
    enum place place;
    unsigned strays, tables;
    unsigned power; /* times are 10^power of the metric's unit */
};

/* "Index  % CPU Time:Total  CPU Time:Self  CPU Time:Children  Name  Index": *metric is "CPU Time".
 */
static bool is_header(struct pv_text line, struct pv_text *metric)
{
    struct pv_text total = PV_TEXT(":Total"), word;
    size_t from = pv_text_find(line, '%') + 1, to = pv_text_search(line, total);
    if (!pv_text_word(&line, &word) || !pv_text_equal(word, PV_TEXT("Index")) || from >= to)
        return false;
    *metric = pv_text_trim(pv_text_slice((struct pv_text){word.data, to}, from, to));
    struct pv_buffer columns = {0};
    pv_buffer_print(&columns, "%.*s:Self", PV_TEXT_ARGS(*metric));
    size_t self = pv_text_search(line, pv_buffer_text(&columns));
    pv_buffer_free(&columns);
    struct pv_text rest = pv_text_slice(line, self, line.size);
    return metric->size > 0 && pv_text_search(rest, PV_TEXT(":Children")) < rest.size &&
           pv_text_search(rest, PV_TEXT("Name")) < rest.size;
}

/* ---- Lines ---- */

static bool take_number(struct pv_text *rest, unsigned power, int64_t *out)
{
    struct pv_text word, after = *rest;
    if (!pv_text_word(&after, &word) || !pv_parse_scaled(word, power, out))
        return false;
    *rest = after;
    return true;
}

static bool take_times(struct pv_text *rest, unsigned power, struct pv_entry_line *out)
{
    struct pv_text after = *rest;
    if (!take_number(&after, power, &out->self) || !take_number(&after, power, &out->children))
        return false;
    out->has_time = true;
    *rest = after;
    return true;
}

/* "[3]  99.93  0.0  31.268  draw_trace  [3]" is primary; others have no index in front, and those
 * within a cycle a name alone. */
static bool parse_line(struct pv_text line, unsigned power, struct pv_entry_line *out,
                       bool *is_primary)
{
    struct pv_text index;
    int64_t share;
    *out = (struct pv_entry_line){.calls = PV_UNKNOWN_CALLS};
    *is_primary =
        line.size > 1 && line.data[0] == '[' && line.data[1] >= '0' && line.data[1] <= '9';
    if (*is_primary) {
        pv_text_split(&line, ']', &index);
        if (!line.data || !take_number(&line, 0, &share) || !take_times(&line, power, out))
            return false;
        return pv_entry_name(line, out);
    }
    take_times(&line, power, out);
    return pv_entry_name(line, out) && (out->index != PV_NONE || out->is_nobody);
}

/* Seconds of what is called a time, else a count of something. */
static void begin_table(struct reader *reader, struct pv_text metric)
{
    pv_call_entries_section(reader->entries);
    bool is_time = pv_text_ends(metric, PV_TEXT("Time"));
    pv_call_entries_metric(reader->entries, metric, is_time ? PV_UNIT_NS : PV_UNIT_COUNT);
    reader->power = is_time ? SECONDS : 0;
    reader->place = BETWEEN;
    reader->strays = 0;
    reader->tables++;
}

static void end_entry(struct reader *reader, enum place place)
{
    if (reader->place == ENTRY && !pv_call_entries_end(reader->entries))
        pv_input_bad_record(reader->input, "an entry of the call graph without its function");
    reader->place = place;
}

static void take_entry_line(struct reader *reader, struct pv_text line)
{
    struct pv_entry_line parsed;
    bool is_primary;
    if (!parse_line(line, reader->power, &parsed, &is_primary)) {
        pv_input_bad_record(reader->input, "no line of a call graph: times, a name and its index");
        if (++reader->strays > STRAY_LINES)
            reader->place = OUTSIDE;
        return;
    }
    pv_input_good_record(reader->input);
    pv_call_entries_line(reader->entries, &parsed, is_primary);
    reader->place = ENTRY;
    reader->strays = 0;
}

/* What follows the table: an index of the functions, with its title or without. */
static bool is_index(struct pv_text line)
{
    struct pv_text word;
    bool is_heading = pv_text_word(&line, &word) && pv_text_equal(word, PV_TEXT("Index")) &&
                      pv_text_word(&line, &word);
    return is_heading && (pv_text_equal(word, PV_TEXT("Function")) ||
                          pv_text_equal(pv_text_trim(line), PV_TEXT("function name")));
}

static void take_line(struct reader *reader, struct pv_text line)
{
    struct pv_text metric;
    if (is_header(line, &metric)) {
        begin_table(reader, metric);
        return;
    }
    if (reader->place == OUTSIDE ||
        (reader->place == BETWEEN && pv_text_starts(line, PV_TEXT("---"))))
        return;
    if (line.size == 0)
        end_entry(reader, BETWEEN);
    else if (is_index(line))
        end_entry(reader, OUTSIDE);
    else
        take_entry_line(reader, line);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where place = {.source = pv_input_name(reader->input)};
    end_entry(reader, OUTSIDE);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (pv_call_entries_count(reader->entries) == 0 && pv_builder_is_ok(reader->builder))
        return pv_fail(err, PV_INPUT_FAILED, place, "%s",
                       reader->tables ? "holds the heading of VTune's gprof-cc report, but no "
                                        "function"
                                      : "holds no call graph of VTune: it begins with the line "
                                        "'Index  % CPU Time:Total  CPU Time:Self …'");
    return pv_call_entries_finish(reader->entries, out, err);
}

static bool read_axe(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_ARCS, "axe"),
    };
    struct pv_text line;
    reader.entries = pv_call_entries_new(input, reader.builder);
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        take_line(&reader, pv_text_trim(line));
    bool is_done = finish(&reader, out, err);
    pv_call_entries_free(reader.entries);
    pv_builder_free(reader.builder);
    return is_done;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text line, metric;
    (void)is_whole;
    if (pv_text_search(head, PV_TEXT(":Self")) == head.size)
        return PV_PROBE_NO;
    while (pv_text_split(&head, '\n', &line))
        if (is_header(pv_text_trim(line), &metric))
            return PV_PROBE_SURE;
    return PV_PROBE_NO;
}

extern const struct pv_format pv_format_axe;
const struct pv_format pv_format_axe = {
    .name = "axe",
    .summary = "call graphs that Intel VTune prints (-report gprof-cc)",
    .aliases = "vtune",
    .extensions = ".axe",
    .probe = probe,
    .read = read_axe,
};
