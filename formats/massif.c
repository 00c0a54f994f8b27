#include "formats/format.h"
#include "formats/massif_tree.h"
#include "model/builder.h"
#include "model/error.h"

#include <stdlib.h>

/* What massif of valgrind writes, and heaptrack_print --massif: snapshots of how much memory is in
 * use, some with a tree of who allocated it. The format is described nowhere but in ms_print
 * (valgrind 3.19), which reads it. */

enum tree_kind { TREE_UNKNOWN, TREE_EMPTY, TREE_DETAILED, TREE_PEAK };

enum { HEAP, EXTRA, STACKS, PARTS };

struct snapshot {
    uint64_t number;
    struct pv_decimal at;
    int64_t bytes[PARTS];
    bool has_at, has_heap;
    enum tree_kind kind;
};

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct pv_massif_tree *tree;
    struct snapshot *snapshots;
    uint32_t count, room;
    uint64_t lines;
    pv_str time_unit; /* heaptrack writes it at the end */
    bool has_header, has_note_of_cut;
};

static void bad(struct reader *reader, const char *why)
{
    pv_input_bad_record(reader->input, why);
}

static struct snapshot *current(struct reader *reader)
{
    return reader->count ? &reader->snapshots[reader->count - 1] : NULL;
}

/* A snapshot that lacks something is none, and the next one takes its place. */
static void end_snapshot(struct reader *reader)
{
    struct snapshot *last = current(reader);
    pv_massif_tree_end(reader->tree);
    if (last && !(last->has_at && last->has_heap && last->kind != TREE_UNKNOWN)) {
        bad(reader, "a snapshot lacks time, mem_heap_B or heap_tree");
        last->kind = TREE_UNKNOWN;
    }
}

static void begin_snapshot(struct reader *reader, struct pv_text value)
{
    uint64_t number;
    end_snapshot(reader);
    if (!pv_parse_uint64(value, &number)) {
        bad(reader, "a snapshot has no number");
        number = reader->count;
    }
    void *snapshots = reader->snapshots;
    if (!pv_grow(&snapshots, &reader->room, (uint64_t)reader->count + 1, sizeof(struct snapshot),
                 &reader->budget))
        pv_input_fail(reader->input, PV_LIMIT, "the snapshots need more than --max-memory allows");
    reader->snapshots = snapshots;
    if (reader->budget.is_over)
        return;
    reader->snapshots[reader->count++] = (struct snapshot){.number = number};
    pv_massif_tree_begin(reader->tree, reader->count - 1);
}

static bool set_kind(struct snapshot *snapshot, struct pv_text value)
{
    static const struct {
        struct pv_text word;
        enum tree_kind kind;
    } kinds[] = {
        {{"empty", 5}, TREE_EMPTY}, {{"detailed", 8}, TREE_DETAILED}, {{"peak", 4}, TREE_PEAK}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (pv_text_equal(value, kinds[i].word))
            snapshot->kind = kinds[i].kind;
    return snapshot->kind != TREE_UNKNOWN;
}

static bool set_bytes(struct snapshot *snapshot, int part, struct pv_text value)
{
    bool is_fine = pv_parse_int64(value, &snapshot->bytes[part]) && snapshot->bytes[part] >= 0;
    snapshot->has_heap = snapshot->has_heap || (is_fine && part == HEAP);
    return is_fine;
}

static bool set_member(struct snapshot *snapshot, struct pv_text key, struct pv_text value)
{
    if (pv_text_equal(key, PV_TEXT("time")))
        return snapshot->has_at = pv_parse_decimal(value, &snapshot->at);
    if (pv_text_equal(key, PV_TEXT("mem_heap_B")))
        return set_bytes(snapshot, HEAP, value);
    if (pv_text_equal(key, PV_TEXT("mem_heap_extra_B")))
        return set_bytes(snapshot, EXTRA, value);
    if (pv_text_equal(key, PV_TEXT("mem_stacks_B")))
        return set_bytes(snapshot, STACKS, value);
    if (pv_text_equal(key, PV_TEXT("heap_tree")))
        return set_kind(snapshot, value);
    return true; /* what a later massif may add */
}

static void read_member(struct reader *reader, struct pv_text line, size_t equals)
{
    struct pv_text key = pv_text_slice(line, 0, equals);
    struct pv_text value = pv_text_slice(line, equals + 1, line.size);
    if (pv_text_equal(key, PV_TEXT("snapshot"))) {
        begin_snapshot(reader, value);
        pv_input_good_record(reader->input);
    } else if (!reader->count) {
        bad(reader, "a value that belongs to no snapshot");
    } else if (!set_member(current(reader), key, value)) {
        bad(reader, "a value of a snapshot is no number, negative or of an unknown kind");
    } else {
        pv_input_good_record(reader->input);
    }
}

/* "desc:", "cmd:", "time_unit:" */
static bool read_header(struct reader *reader, struct pv_text line)
{
    struct pv_text unit = PV_TEXT("time_unit:");
    bool is_header = pv_text_starts(line, PV_TEXT("desc:")) ||
                     pv_text_starts(line, PV_TEXT("cmd:")) || pv_text_starts(line, unit);
    reader->has_header = reader->has_header || is_header;
    if (pv_text_starts(line, unit))
        reader->time_unit =
            pv_build_text(reader->builder, pv_text_trim(pv_text_slice(line, unit.size, line.size)));
    return is_header;
}

static void read_tree_line(struct reader *reader, struct pv_text line)
{
    const char *why = reader->count ? pv_massif_tree_line(reader->tree, line)
                                    : "a tree that belongs to no snapshot";
    if (why)
        bad(reader, why);
    else
        pv_input_good_record(reader->input);
}

static void read_line(struct reader *reader, struct pv_text line)
{
    size_t equals = pv_text_find(line, '=');
    reader->lines++;
    if (line.size == 0 || line.data[0] == '#')
        return;
    if (pv_massif_is_tree_line(line))
        read_tree_line(reader, line);
    else if (read_header(reader, line))
        pv_input_good_record(reader->input);
    else if (equals < line.size)
        read_member(reader, line, equals);
    else
        bad(reader, "a line is neither key=value nor part of a tree");
}

/* What time counts, by the word of the file; the factor leads to our unit. */
struct clock {
    const char *word;
    struct pv_text name;
    enum pv_unit unit;
    unsigned power; /* of ten */
};

static struct clock clock_of(const struct reader *reader)
{
    static const struct clock clocks[] = {
        {"i", {"instructions", 12}, PV_UNIT_COUNT, 0},
        {"ms", {"time", 4}, PV_UNIT_NS, 6},
        {"s", {"time", 4}, PV_UNIT_NS, 9},
        {"B", {"bytes allocated and freed", 25}, PV_UNIT_BYTES, 0},
    };
    struct pv_text word = pv_build_text_bytes(reader->builder, reader->time_unit);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
        if (pv_text_equal(word, pv_text_of(clocks[i].word)))
            return clocks[i];
    return (struct clock){"", word, PV_UNIT_COUNT, 0};
}

/* In the clock's unit, which may be finer than the file's; false where that does not fit. */
static bool convert_time(struct pv_decimal *at, const struct clock *clock)
{
    struct pv_decimal whole = {0};
    if (clock->power == 0)
        return true;
    bool fits = pv_scale_decimal(*at, clock->power, &whole.value);
    *at = whole;
    return fits;
}

static bool is_zero_throughout(const struct reader *reader, int part)
{
    for (uint32_t i = 0; i < reader->count; i++)
        if (reader->snapshots[i].bytes[part])
            return false;
    return true;
}

static void add_series(struct reader *reader, int part)
{
    static const struct pv_text names[PARTS] = {{"heap", 4}, {"heap overhead", 13}, {"stacks", 6}};
    struct clock clock = clock_of(reader);
    struct pv_series_info info = {.name = names[part],
                                  .group = PV_TEXT("memory"),
                                  .at_name = clock.name,
                                  .unit = PV_UNIT_BYTES,
                                  .at_unit = clock.unit};
    uint32_t series = pv_build_new_series(reader->builder, &info);
    for (uint32_t i = 0; i < reader->count; i++) {
        struct pv_decimal at = reader->snapshots[i].at;
        if (reader->snapshots[i].kind == TREE_UNKNOWN)
            continue;
        if (convert_time(&at, &clock))
            pv_build_point(reader->builder, series, at,
                           (struct pv_decimal){reader->snapshots[i].bytes[part], 0});
        else
            pv_build_note(reader->builder, "skipped", "times of snapshots do not fit in 64 bits", 1,
                          0);
    }
}

static bool has_tree(const struct snapshot *snapshot)
{
    return snapshot->kind == TREE_DETAILED || snapshot->kind == TREE_PEAK;
}

/* The snapshot that massif marked as the peak, else the largest that has a tree; PV_NONE where none
 * has one. */
static uint32_t find_peak(const struct reader *reader)
{
    uint32_t peak = PV_NONE;
    for (uint32_t i = 0; i < reader->count; i++) {
        const struct snapshot *snapshot = &reader->snapshots[i];
        if (!has_tree(snapshot))
            continue;
        const struct snapshot *best = peak == PV_NONE ? NULL : &reader->snapshots[peak];
        bool is_marked = snapshot->kind == TREE_PEAK, best_is = best && best->kind == TREE_PEAK;
        if (!best || is_marked > best_is ||
            (is_marked == best_is && snapshot->bytes[HEAP] > best->bytes[HEAP]))
            peak = i;
    }
    return peak;
}

static void note_peak(struct reader *reader, uint32_t peak)
{
    const struct snapshot *best = peak < reader->count ? &reader->snapshots[peak] : NULL;
    if (!best && reader->count)
        pv_build_note(reader->builder, "missing",
                      "no snapshot has a tree: there is memory over time, but nothing says who "
                      "allocated it",
                      1, 0);
    if (!best || best->kind == TREE_PEAK)
        return;
    for (uint32_t i = 0; i < reader->count; i++)
        if (reader->snapshots[i].kind == TREE_EMPTY &&
            reader->snapshots[i].bytes[HEAP] > best->bytes[HEAP]) {
            pv_build_note(reader->builder, "missing",
                          "the snapshot with the most heap has no tree; shown is the largest one "
                          "that has",
                          1, 0);
            return;
        }
}

static void add_values(struct reader *reader, uint32_t snapshot, uint32_t metric)
{
    uint32_t count;
    const struct pv_massif_value *values = pv_massif_tree_values(reader->tree, &count);
    uint32_t from = 0, to = count;
    while (from < to) { /* the first value of the snapshot */
        uint32_t middle = from + (to - from) / 2;
        if (values[middle].snapshot < snapshot)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < count && values[from].snapshot == snapshot; from++)
        pv_build_self(reader->builder, values[from].node, metric, values[from].bytes);
}

static void add_metric(struct reader *reader, uint32_t snapshot)
{
    struct pv_buffer name = {0};
    pv_buffer_print(&name, "heap at snapshot %llu",
                    (unsigned long long)reader->snapshots[snapshot].number);
    uint32_t metric = pv_build_metric(reader->builder, pv_buffer_text(&name), PV_UNIT_BYTES, false);
    pv_buffer_free(&name);
    add_values(reader, snapshot, metric);
}

/* The other trees are metrics beside the peak's as long as their columns are about as large as the
 * file. Massif's trees resemble each other, so that they are. */
static void add_other_trees(struct reader *reader, uint32_t peak)
{
    enum { columns_per_line = 8, always = 1 << 20 };
    uint64_t trees = 0, nodes = 1;
    uint32_t count;
    const struct pv_massif_value *values = pv_massif_tree_values(reader->tree, &count);
    for (uint32_t i = 0; i < reader->count; i++)
        trees += has_tree(&reader->snapshots[i]);
    for (uint32_t i = 0; i < count; i++)
        nodes = values[i].node >= nodes ? (uint64_t)values[i].node + 1 : nodes;
    if (trees * nodes > reader->lines * columns_per_line + always) {
        pv_build_note(reader->builder, "cut",
                      "trees of snapshots other than the peak are left out: they have too little "
                      "in common",
                      trees - 1, 0);
        return;
    }
    for (uint32_t i = 0; i < reader->count; i++)
        if (i != peak && has_tree(&reader->snapshots[i]))
            add_metric(reader, i);
}

static void note_flaws(struct reader *reader)
{
    struct pv_massif_flaws flaws = pv_massif_tree_flaws(reader->tree);
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    const char *cut = pv_input_open_end(reader->input);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (flaws.missing)
        pv_build_note(reader->builder, "cut",
                      "functions in a tree have fewer callers than they say: the file is not whole",
                      flaws.missing, 0);
    if (flaws.over)
        pv_build_note(reader->builder, "repaired",
                      "functions in a tree hold less than their callers; the callers' bytes count",
                      flaws.over, 0);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, pv_input_where(reader->input).line);
}

static void build(struct reader *reader)
{
    uint32_t peak = find_peak(reader);
    pv_build_metric(reader->builder, PV_TEXT("heap"), PV_UNIT_BYTES, false);
    bool has_any = false;
    for (int part = HEAP; part < PARTS; part++)
        if (!is_zero_throughout(reader, part)) {
            add_series(reader, part);
            has_any = true;
        }
    if (reader->count && !has_any)
        add_series(reader, HEAP);
    if (reader->count && !reader->time_unit)
        pv_build_note(reader->builder, "missing",
                      "the file does not say what its time counts (time_unit): it may be cut off",
                      1, 0);
    note_peak(reader, peak);
    note_flaws(reader);
    if (peak == PV_NONE)
        return;
    add_values(reader, peak, 0);
    add_other_trees(reader, peak);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where place = {.source = pv_input_name(reader->input)};
    end_snapshot(reader);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (reader->count == 0 && !reader->has_header)
        return pv_fail(err, PV_INPUT_FAILED, place,
                       "holds no snapshot; massif writes them when the program ends");
    build(reader);
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = pv_input_where(reader->input);
    return false;
}

static bool read_massif(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "massif"),
        .budget = {.limit = limits->memory},
    };
    struct pv_text line;
    reader.tree = pv_massif_tree_new(reader.builder, limits->memory);
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        read_line(&reader, line);
    bool done = finish(&reader, out, err);
    pv_massif_tree_free(reader.tree);
    pv_builder_free(reader.builder);
    free(reader.snapshots);
    return done;
}

/* Files begin with the header or, from heaptrack, with the first snapshot. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text rule = PV_TEXT("#-----------"), line, rest;
    while (head.size && (head.data[0] == '\n' || head.data[0] == '\r'))
        head = pv_text_slice(head, 1, head.size);
    rest = head;
    bool has_header = pv_text_starts(head, PV_TEXT("desc:")), has_unit = false, after_rule = false;
    (void)is_whole;
    if (!has_header && !pv_text_starts(head, rule))
        return PV_PROBE_NO;
    for (int i = 0; i < 8 && pv_text_split(&rest, '\n', &line); i++) {
        if (after_rule && pv_text_starts(line, PV_TEXT("snapshot=")))
            return PV_PROBE_SURE;
        has_unit = has_unit || pv_text_starts(line, PV_TEXT("time_unit:"));
        after_rule = pv_text_starts(line, rule);
    }
    return has_header && has_unit ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

extern const struct pv_format pv_format_massif;
const struct pv_format pv_format_massif = {
    .name = "massif",
    .summary = "valgrind's massif and heaptrack_print --massif: heap over time, and whose it is",
    .aliases = "massif.out",
    .extensions = ".massif .out",
    .probe = probe,
    .read = read_massif,
};
