#include "formats/format.h"

#include "formats/pstats_frame.h"
#include "formats/pstats_label.h"
#include "formats/pstats_text_line.h"
#include "formats/pstats_text_log.h"
#include "model/builder.h"
#include "model/map.h"

#include <stdlib.h>
#include <string.h>

/* What pstats prints: tables of functions, of callers and of callees, anywhere in a text. See
 * docs/formats/pstats-text.md. */

enum place { OUTSIDE, ROWS, CALLS };

/* Beyond so many lines that are no rows a table is taken to have ended without its blank line. */
enum { STRAY_LINES = 3 };

/* What is known of a function, by frame: its row, or sums over what came through its callers. */
struct known {
    bool has_row, has_callers, has_callees;
    int64_t calls, primitive_calls, self, total;
    int64_t out; /* what went to its callees */
};

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_budget budget;
    enum place place;
    bool is_callers;
    size_t column;    /* of the arrow */
    size_t prefix;    /* bytes that a log puts before each line of the present table */
    uint32_t left;    /* the function on the left of the present lines, or PV_NONE */
    unsigned strays;  /* lines in a row that are none of the table */
    uint32_t profile; /* of the summary read last */
    uint32_t table, tables;
    struct pv_map profiles; /* hash of a summary → profile */
    struct pv_map rows;     /* profile and frame → table */
    struct pv_map arcs;     /* caller and callee → number of the pair */
    struct pv_map shares;   /* profile and number of the pair → table */
    struct known *known;
    uint32_t known_count, known_capacity;
    int64_t calls_told, calls_found, ns_told, ns_found;
    uint64_t repeated, estimated, clamped, negative, times_left_out;
};

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return pv_add(a, b, &sum) ? sum : a < 0 ? INT64_MIN : INT64_MAX;
}

static void add_calls(int64_t *sum, int64_t more)
{
    if (more != PV_UNKNOWN_CALLS)
        *sum = *sum == PV_UNKNOWN_CALLS ? more : add(*sum, more);
}

static bool fail_memory(struct reader *reader)
{
    pv_input_fail(reader->input, PV_LIMIT, "the text needs more than --max-memory allows");
    return false;
}

/* One profile may be printed several times, sorted or cut differently: what a table says again of a
 * profile that an earlier table has said is passed over. */
static bool is_said(struct reader *reader, struct pv_map *map, uint32_t what)
{
    bool is_new;
    uint32_t *table = pv_map_put(map, (uint64_t)reader->profile << 32 | what, reader->table,
                                 &is_new, &reader->budget);
    if (!table)
        return !fail_memory(reader);
    if (!is_new && *table != reader->table)
        reader->repeated++;
    return *table != reader->table;
}

static struct known *known_of(struct reader *reader, uint32_t frame)
{
    void *known = reader->known;
    uint64_t needed = (uint64_t)frame + 1;
    bool grown =
        needed <= reader->known_capacity ||
        pv_grow(&known, &reader->known_capacity, needed, sizeof *reader->known, &reader->budget);
    reader->known = known;
    if (!grown) {
        fail_memory(reader);
        return NULL;
    }
    for (; reader->known_count <= frame; reader->known_count++)
        reader->known[reader->known_count] =
            (struct known){.calls = PV_UNKNOWN_CALLS, .primitive_calls = PV_UNKNOWN_CALLS};
    return &reader->known[frame];
}

/* ---- Tables of functions ---- */

static void take_summary(struct reader *reader, struct pv_text line, int64_t calls, int64_t ns)
{
    bool is_new;
    line = pv_text_trim(line);
    uint32_t *profile = pv_map_put(&reader->profiles, pv_hash(line.data, line.size),
                                   reader->profiles.count + 1, &is_new, &reader->budget);
    reader->place = OUTSIDE;
    if (!profile) {
        fail_memory(reader);
        return;
    }
    reader->profile = *profile;
    if (is_new) {
        reader->calls_told = add(reader->calls_told, calls);
        reader->ns_told = add(reader->ns_told, ns);
    }
}

static void begin_table(struct reader *reader, enum place place)
{
    reader->place = place;
    reader->table = ++reader->tables;
    reader->strays = 0;
    reader->left = PV_NONE;
}

static bool take_row(struct reader *reader, struct pv_text line)
{
    struct pv_pstats_numbers numbers;
    struct pv_text label;
    uint32_t frame;
    if (!pv_pstats_text_row(line, &numbers, &label) ||
        !pv_pstats_label(reader->builder, label, &frame))
        return false;
    struct known *known = known_of(reader, frame);
    if (!known || is_said(reader, &reader->rows, frame))
        return true;
    if (!known->has_row) /* better than what callers tell */
        *known = (struct known){
            .has_row = true, .calls = PV_UNKNOWN_CALLS, .primitive_calls = PV_UNKNOWN_CALLS};
    add_calls(&known->calls, numbers.calls);
    add_calls(&known->primitive_calls, numbers.primitive_calls);
    known->self = add(known->self, numbers.self);
    known->total = add(known->total, numbers.total);
    reader->calls_found = add(reader->calls_found, numbers.calls < 0 ? 0 : numbers.calls);
    reader->ns_found = add(reader->ns_found, numbers.self);
    return true;
}

/* ---- Tables of callers and callees ---- */

/* The own times that come through its callers are all of a function's own time; what comes through
 * recursion is not counted again in its whole. */
static void learn(struct reader *reader, uint32_t caller, uint32_t callee,
                  const struct pv_pstats_numbers *numbers)
{
    if (!known_of(reader, caller > callee ? caller : callee))
        return;
    struct known *from = &reader->known[caller], *to = &reader->known[callee];
    from->has_callees = true;
    if (caller != callee)
        from->out = add(from->out, numbers->total);
    if (to->has_row)
        return;
    to->has_callers = true;
    add_calls(&to->calls, numbers->calls);
    add_calls(&to->primitive_calls, numbers->primitive_calls);
    to->self = add(to->self, numbers->self);
    if (caller != callee)
        to->total = add(to->total, numbers->total);
}

static bool is_said_arc(struct reader *reader, uint32_t caller, uint32_t callee)
{
    bool is_new;
    uint32_t *pair = pv_map_put(&reader->arcs, (uint64_t)caller << 32 | callee, reader->arcs.count,
                                &is_new, &reader->budget);
    return pair ? is_said(reader, &reader->shares, *pair) : !fail_memory(reader);
}

static bool take_share(struct reader *reader, struct pv_text rest)
{
    struct pv_pstats_numbers numbers;
    struct pv_text label;
    uint32_t frame;
    if (!pv_pstats_text_share(rest, &numbers, &label) ||
        !pv_pstats_label(reader->builder, label, &frame))
        return false;
    uint32_t caller = reader->is_callers ? frame : reader->left;
    uint32_t callee = reader->is_callers ? reader->left : frame;
    if (is_said_arc(reader, caller, callee))
        return true;
    learn(reader, caller, callee, &numbers);
    reader->times_left_out += !numbers.has_times;
    pv_build_arc(reader->builder, caller, callee, numbers.calls,
                 numbers.has_times ? &numbers.total : NULL);
    return true;
}

static bool take_calls(struct reader *reader, struct pv_text line)
{
    struct pv_text label, rest = line;
    bool is_continued = line.size && line.data[0] == ' ' && reader->left != PV_NONE;
    if (pv_pstats_text_cut(line, reader->is_callers, reader->column, &label, &rest)) {
        if (!pv_pstats_label(reader->builder, label, &reader->left))
            return false;
        known_of(reader, reader->left);
        if (pv_text_trim(rest).size == 0)
            return true;
    } else if (!is_continued) {
        return pv_pstats_text_is_subheader(line);
    }
    return take_share(reader, rest) || (is_continued && pv_pstats_text_is_subheader(line));
}

/* ---- Lines ---- */

static void take_table_line(struct reader *reader, struct pv_text line)
{
    bool is_blank = pv_text_trim(line).size == 0;
    bool is_rows = reader->place == ROWS;
    if (!is_blank && (is_rows ? take_row(reader, line) : take_calls(reader, line))) {
        reader->strays = 0;
        pv_input_good_record(reader->input);
        return;
    }
    if (is_blank || ++reader->strays > STRAY_LINES)
        reader->place = OUTSIDE;
    else
        pv_input_bad_record(reader->input, "is no row of a table of pstats");
}

/* Headers and summaries; they say where their tables' lines begin. */
static bool take_head(struct reader *reader, struct pv_text line)
{
    int64_t calls, ns;
    bool is_callers;
    size_t column, prefix = pv_pstats_log_prefix(line);
    line = pv_text_slice(line, prefix, line.size);
    if (pv_pstats_text_is_header(line)) {
        begin_table(reader, ROWS);
    } else if (pv_pstats_text_calls_header(line, &is_callers, &column)) {
        begin_table(reader, CALLS);
        reader->is_callers = is_callers;
        reader->column = column;
    } else {
        if (pv_pstats_text_summary(line, &calls, &ns))
            take_summary(reader, line, calls, ns);
        return reader->place == OUTSIDE;
    }
    reader->prefix = prefix;
    return true;
}

static void take_lines(struct reader *reader)
{
    struct pv_text line;
    struct pv_buffer room = {0};
    while (pv_builder_is_ok(reader->builder) && pv_input_line(reader->input, &line)) {
        line = pv_pstats_log_plain(line, &room);
        if (!take_head(reader, line))
            take_table_line(reader, pv_text_slice(line, reader->prefix, line.size));
    }
    pv_buffer_free(&room);
}

/* ---- Functions, when all tables are read ---- */

static int64_t sum_self(const struct reader *reader)
{
    int64_t whole = 0;
    for (uint32_t f = 0; f < reader->known_count; f++)
        whole = add(whole, reader->known[f].self);
    return whole;
}

/* The whole of a function that only tables of callers know is what came in, or where nobody called
 * it, what went out. None is more than everything: rounding takes more off the many small own times
 * than off the few large whole ones. */
static int64_t settle_total(struct reader *reader, const struct known *known, int64_t whole)
{
    int64_t total = known->total;
    if (!known->has_row) {
        total = known->has_callers ? known->total : known->out;
        total = total < known->self ? known->self : total;
        reader->estimated += total != 0;
    }
    if (whole <= 0 || total <= whole)
        return total;
    reader->clamped++;
    return whole;
}

static void add_funcs(struct reader *reader)
{
    int64_t whole = sum_self(reader);
    for (uint32_t f = 0; f < reader->known_count; f++) {
        const struct known *known = &reader->known[f];
        int64_t total = settle_total(reader, known, whole);
        reader->negative += known->self < 0 || total < 0;
        pv_build_func(reader->builder, f, known->calls, known->primitive_calls, &known->self,
                      &total);
    }
}

static void clamp_arcs(const struct pv_profile *profile)
{
    int64_t whole = profile->metrics[0].total;
    for (uint32_t i = 0; whole > 0 && i < profile->graph->arc_count; i++)
        if (profile->graph->arc_total[0][i] > whole)
            profile->graph->arc_total[0][i] = whole;
}

static void note(struct reader *reader, const char *kind, const char *text, uint64_t count)
{
    if (count)
        pv_build_note(reader->builder, kind, text, count, 0);
}

static void add_notes(struct reader *reader)
{
    enum { MILLISECOND = 1000000 };
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    const char *cut = pv_input_open_end(reader->input);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, pv_input_where(reader->input).line);
    note(reader, "repeated", "rows of a profile that an earlier table has printed were passed over",
         reader->repeated);
    note(reader, "estimated",
         "whole times of functions were estimated from their callers, as the text has no table of "
         "functions",
         reader->estimated);
    note(reader, "skipped",
         "times behind callers or callees are of the function and not of the call, and were left "
         "out",
         reader->times_left_out);
    note(
        reader, "clamped",
        "whole times beyond the sum of all own times, which rounding makes too small, were clamped "
        "to it",
        reader->clamped);
    note(reader, "negative", "functions have negative times: the profiler's clock ran backwards",
         reader->negative);
    bool has_rows = reader->rows.count > 0 && reader->profiles.count > 0;
    note(reader, "cut", "the table does not hold all functions: calls are missing in it",
         has_rows && reader->calls_found < reader->calls_told);
    note(reader, "rounded",
         "the text rounds to milliseconds: its rows add up to less than the whole it names",
         has_rows && reader->ns_found < reader->ns_told - MILLISECOND / 2);
    if (reader->negative)
        pv_build_signed(reader->builder, 0);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_profile *profile;
    struct pv_where end = pv_input_where(reader->input);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (reader->tables == 0)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "holds no table of pstats: it begins with the line 'ncalls  tottime  "
                       "percall  cumtime  percall filename:lineno(function)'");
    add_funcs(reader);
    add_notes(reader);
    if (!pv_builder_finish(reader->builder, &profile, err)) {
        err->where = end;
        return false;
    }
    clamp_arcs(profile);
    profile->is_unbounded = pv_pstats_is_unbounded(profile);
    *out = profile;
    return true;
}

static bool read_text(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct reader reader = {.input = input, .budget.limit = limits->memory, .left = PV_NONE};
    reader.builder = pv_builder_new(limits, PV_ORIGIN_ARCS, "pstats_text");
    pv_build_metric(reader.builder, PV_TEXT("time"), PV_UNIT_NS, false);
    pv_input_as_text(input);
    take_lines(&reader);
    bool is_done = finish(&reader, out, err);
    pv_builder_free(reader.builder);
    pv_map_free(&reader.profiles);
    pv_map_free(&reader.rows);
    pv_map_free(&reader.arcs);
    pv_map_free(&reader.shares);
    free(reader.known);
    return is_done;
}

static enum pv_probe probe_line(struct pv_text line)
{
    int64_t calls, ns;
    bool is_callers;
    size_t column;
    if (pv_text_ends(line, PV_TEXT("\r")))
        line.size--;
    line = pv_text_slice(line, pv_pstats_log_prefix(line), line.size);
    if (pv_pstats_text_is_header(line) || pv_pstats_text_calls_header(line, &is_callers, &column))
        return PV_PROBE_SURE;
    return pv_pstats_text_summary(line, &calls, &ns) ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

/* A header anywhere in the head; a summary alone may be that of a table further on. All of them
 * have "calls" or "called" in them. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    enum pv_probe best = PV_PROBE_NO;
    struct pv_text line;
    struct pv_buffer room = {0};
    (void)is_whole;
    if (pv_text_search(head, PV_TEXT("calls")) == head.size &&
        pv_text_search(head, PV_TEXT("called")) == head.size)
        return PV_PROBE_NO;
    while (best < PV_PROBE_SURE && pv_text_split(&head, '\n', &line)) {
        enum pv_probe found = probe_line(pv_pstats_log_plain(line, &room));
        best = found > best ? found : best;
    }
    pv_buffer_free(&room);
    return best;
}

const struct pv_format pv_format_pstats_text = {
    .name = "pstats_text",
    .summary = "tables that Python's pstats prints: functions, callers, callees",
    .aliases = "print-stats",
    .extensions = ".pyprofile.txt .pyprofile",
    .probe = probe,
    .read = read_text,
};
