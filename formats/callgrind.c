#include "formats/callgrind.h"

#include "formats/callgrind_head.h"
#include "formats/callgrind_parts.h"
#include "model/error.h"
#include "model/number.h"

#include <stdlib.h>
#include <string.h>

/* ---- Headers ---- */

/* A part begins: a dump, a thread, or all of the file. Names go on, everything else starts anew. */
static void begin_part(struct pv_callgrind *reader, struct pv_text events)
{
    pv_callgrind_end_block(reader);
    memset(reader->part, 0, sizeof reader->part);
    memset(reader->positions, 0, sizeof reader->positions);
    reader->object = reader->file = reader->line_file = 0;
    reader->has_files = reader->has_call_object = reader->has_call_file = false;
    reader->callee = NULL;
    reader->has_totals = false;
    reader->parts++;
    pv_callgrind_events(reader, events);
}

/* "positions: instr line" */
static void read_position_names(struct pv_callgrind *reader, struct pv_text text)
{
    struct pv_text name;
    uint32_t count = 0;
    reader->line_column = PV_NONE;
    for (; pv_text_word(&text, &name); count++) {
        if (count == PV_CALLGRIND_POSITIONS) {
            pv_callgrind_fail(reader, PV_INPUT_FAILED, "more than four columns of positions");
            return;
        }
        if (pv_text_equal(name, PV_TEXT("line")))
            reader->line_column = count;
    }
    reader->position_count = count ? count : 1;
}

/* Valgrind ends each part with totals, so that a file without them was cut off. `summary:` is
 * another thing, which signal handlers and forks change. */
static void check_totals(struct pv_callgrind *reader, struct pv_text text)
{
    struct pv_text word;
    bool is_same = true;
    pv_callgrind_end_block(reader);
    for (uint32_t i = 0; i < reader->column_count && pv_text_word(&text, &word); i++) {
        int64_t total;
        unsigned fraction = reader->events[reader->columns[i]].fraction;
        is_same = is_same && pv_parse_scaled(word, fraction, &total) && total == reader->part[i];
    }
    reader->wrong_totals += !is_same;
    reader->has_totals = true;
}

/* What profviz itself wrote has unknown costs of calls as lines without a number. */
static void read_creator(struct pv_callgrind *reader, struct pv_text creator)
{
    bool is_ours = pv_text_equal(creator, PV_TEXT("profviz"));
    reader->is_ours = reader->is_ours || is_ours;
    reader->wants_totals =
        reader->wants_totals || is_ours || pv_text_starts(creator, PV_TEXT("callgrind-"));
}

/* All others say nothing that changes a number. */
static void read_header(struct pv_callgrind *reader, struct pv_text key, struct pv_text value)
{
    if (pv_text_equal(key, PV_TEXT("events")))
        begin_part(reader, value);
    else if (pv_text_equal(key, PV_TEXT("event")))
        pv_callgrind_define(reader, value);
    else if (pv_text_equal(key, PV_TEXT("positions")))
        read_position_names(reader, value);
    else if (pv_text_equal(key, PV_TEXT("totals")))
        check_totals(reader, value);
    else if (pv_text_equal(key, PV_TEXT("creator")))
        read_creator(reader, pv_text_trim(value));
    else if (pv_callgrind_whose(reader, key, value))
        return;
    else if (pv_text_equal(key, PV_TEXT("desc")))
        reader->has_unknown_calls =
            reader->has_unknown_calls ||
            pv_text_equal(pv_text_trim(value), PV_TEXT(PV_CALLGRIND_UNKNOWN_CALLS));
}

/* ---- Functions and calls ---- */

static void begin_function(struct pv_callgrind *reader, struct pv_text value)
{
    pv_callgrind_end_block(reader);
    reader->line_file = reader->file;
    reader->callee = NULL;
    reader->function = pv_callgrind_name(reader, &reader->functions, value);
}

static pv_str name_of(struct pv_callgrind *reader, struct pv_callgrind_names *names,
                      struct pv_text value)
{
    return pv_callgrind_name(reader, names, value)->text;
}

/* Without a file or an object of its own, a callee is where the caller is. */
static uint32_t callee_of(struct pv_callgrind *reader)
{
    pv_str object = reader->has_call_object ? reader->call_object : reader->object;
    pv_str file = reader->has_call_file ? reader->call_file : reader->line_file;
    uint32_t frame = pv_callgrind_frame(reader, reader->callee, object, file);
    reader->has_call_object = reader->has_call_file = false;
    reader->callee = NULL;
    return frame;
}

/* "calls=3 +7": the target's position says nothing that is needed. */
static void read_calls(struct pv_callgrind *reader, struct pv_text value)
{
    struct pv_text word;
    uint64_t calls = 0;
    reader->next = PV_CALLGRIND_NOTHING;
    reader->into = reader->unused;
    if (!reader->has_events) {
        pv_callgrind_bad(reader, "calls= stands in front of the events: line");
        return;
    }
    if (!reader->callee || !pv_callgrind_begin_block(reader)) {
        pv_callgrind_bad(reader, reader->callee ? "calls= stands in front of the first fn="
                                                : "calls= stands without its cfn=");
        return;
    }
    if (!pv_text_word(&value, &word) || !pv_parse_uint64(word, &calls)) {
        pv_callgrind_bad(reader, "calls= begins with a number of calls");
        return;
    }
    uint32_t callee = callee_of(reader);
    if (callee == PV_NONE)
        return;
    if (reader->has_unknown_calls && calls == 1)
        pv_callgrind_add_call(reader, callee, PV_UNKNOWN_CALLS);
    else
        pv_callgrind_add_call(reader, callee, calls > INT64_MAX ? INT64_MAX : (int64_t)calls);
}

/* `jump=` and `jcnd=`: a line with nothing but positions follows. */
static void read_jump(struct pv_callgrind *reader)
{
    pv_callgrind_end_call(reader);
    reader->next = PV_CALLGRIND_NOTHING;
    reader->into = reader->unused;
}

enum key { FN, FL, FI, FE, OB, CFN, CFI, CFL, COB, CALLS, RCALLS, JUMP, JCND, JFI, JFN, KEYS };

/* Most lines that are no costs have one of these: three or four letters are one number. */
static enum key find_key(struct pv_text key)
{
    uint64_t word = 0;
    for (size_t i = 0; i < key.size && i < sizeof word; i++)
        word = word << 8 | (unsigned char)key.data[i];
#define WORD2(a, b) ((uint64_t)(a) << 8 | (b))
#define WORD3(a, b, c) (WORD2(a, b) << 8 | (c))
#define WORD4(a, b, c, d) (WORD3(a, b, c) << 8 | (d))
    switch (word) {
    case WORD2('f', 'n'):
        return FN;
    case WORD2('f', 'l'):
        return FL;
    case WORD2('f', 'i'):
        return FI;
    case WORD2('f', 'e'):
        return FE;
    case WORD2('o', 'b'):
        return OB;
    case WORD3('c', 'f', 'n'):
        return CFN;
    case WORD3('c', 'f', 'i'):
        return CFI;
    case WORD3('c', 'f', 'l'):
        return CFL;
    case WORD3('c', 'o', 'b'):
        return COB;
    case WORD4('c', 'a', 'l', 'l') << 8 | 's':
        return CALLS;
    case WORD4('r', 'c', 'a', 'l') << 16 | WORD2('l', 's'):
        return RCALLS;
    case WORD4('j', 'u', 'm', 'p'):
        return JUMP;
    case WORD4('j', 'c', 'n', 'd'):
        return JCND;
    case WORD3('j', 'f', 'i'):
        return JFI;
    case WORD3('j', 'f', 'n'):
        return JFN;
    default:
        return KEYS;
    }
#undef WORD2
#undef WORD3
#undef WORD4
}

static void read_place(struct pv_callgrind *reader, enum key key, struct pv_text value)
{
    switch (key) {
    case OB:
        reader->object = name_of(reader, &reader->objects, value);
        break;
    case FL:
        reader->file = reader->line_file = name_of(reader, &reader->files, value);
        reader->has_files = true;
        break;
    case FI:
    case FE:
        reader->line_file = name_of(reader, &reader->files, value);
        if (!reader->has_files) /* early lsprofcalltree says fi= where it means fl= */
            reader->file = reader->line_file;
        break;
    case COB:
        reader->call_object = name_of(reader, &reader->objects, value);
        reader->has_call_object = true;
        break;
    case CFI:
    case CFL:
        reader->call_file = name_of(reader, &reader->files, value);
        reader->has_call_file = true;
        break;
    default: /* JFI: where a jump goes; it may give a number its name */
        pv_callgrind_name(reader, &reader->files, value);
        break;
    }
}

/* Returns false where the key is not one. */
static bool read_record(struct pv_callgrind *reader, struct pv_text name, struct pv_text value)
{
    enum key key = find_key(name);
    if (key == KEYS)
        return false;
    if (reader->next == PV_CALLGRIND_CALL) {
        pv_callgrind_end_call(reader);
        pv_callgrind_bad(reader, "calls= is not followed by its cost");
    }
    switch (key) {
    case FN:
        begin_function(reader, value);
        break;
    case CFN:
        pv_callgrind_begin_block(reader);
        reader->callee = pv_callgrind_name(reader, &reader->functions, value);
        break;
    case JFN:
        pv_callgrind_begin_block(reader);
        reader->callee = NULL;
        pv_callgrind_name(reader, &reader->functions, value);
        break;
    case CALLS:
    case RCALLS:
        read_calls(reader, value);
        break;
    case JUMP:
    case JCND:
        read_jump(reader);
        break;
    default:
        read_place(reader, key, value);
        break;
    }
    pv_input_good_record(reader->input);
    return true;
}

/* ---- Lines ---- */

static bool is_key(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           byte == ' ' || byte == '(' || byte == ')' || (byte >= '0' && byte <= '9');
}

static void read_words(struct pv_callgrind *reader, struct pv_text line)
{
    size_t at = 0;
    while (at < line.size && is_key(line.data[at]))
        at++;
    bool has_rest = at < line.size;
    struct pv_text key = {line.data, at};
    struct pv_text rest = {line.data + at + has_rest, line.size - at - has_rest};
    if (has_rest && line.data[at] == '=' && read_record(reader, key, rest))
        return;
    if (at > 0 && has_rest && line.data[at] == ':') {
        read_header(reader, key, rest);
        return;
    }
    pv_callgrind_bad(reader, "neither a header nor a record of a callgrind file");
}

static bool begins_costs(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '*';
}

static void read_line(struct pv_callgrind *reader, struct pv_text line)
{
    if (line.size && line.data[line.size - 1] == '\r')
        line.size--;
    if (line.size == 0 || line.data[0] == '#')
        return;
    if (begins_costs(line.data[0]))
        pv_callgrind_cost_line(reader, line);
    else if (line.data[0] != ' ' || pv_text_trim(line).size)
        read_words(reader, line);
}

static void read_lines(struct pv_callgrind *reader, struct pv_text lines)
{
    const char *at = lines.data, *end = at + lines.size;
    bool is_whole = at < end && end[-1] == '\n';
    reader->pending = at == end;
    while (at < end && pv_builder_is_ok(reader->builder)) {
        if (is_whole && (at = pv_callgrind_cost_lines(reader, at, end)) == end)
            break;
        const char *next = memchr(at, '\n', (size_t)(end - at));
        next = next ? next : end;
        reader->pending++;
        read_line(reader, (struct pv_text){at, (size_t)(next - at)});
        at = next < end ? next + 1 : end;
    }
    pv_input_passed(reader->input, reader->pending);
    reader->pending = 0;
}

/* ---- All of it ---- */

static void note(struct pv_callgrind *reader, const char *kind, const char *text, uint64_t count)
{
    if (count)
        pv_build_note(reader->builder, kind, text, count, 0);
}

static void add_notes(struct pv_callgrind *reader)
{
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    struct pv_where end = pv_input_where(reader->input);
    const char *cut = pv_input_open_end(reader->input);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (!cut && reader->wants_totals && !reader->has_totals)
        cut = "there is no totals: line at the end: the file was cut off";
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, end.line);
    note(reader, "merged", "parts of the file, dumps or threads, are added up",
         reader->parts > 1 ? reader->parts : 0);
    note(reader, "contradicted", "totals: lines are not what their part's lines add up to",
         reader->wrong_totals);
    note(reader, "clamped", "positions were outside of any file", reader->clamped);
    note(reader, "unknown", "numbers stand for names that the file does not have",
         reader->nameless);
}

/* Before the builder ends, which needs room of its own. */
static void free_tables(struct pv_callgrind *reader)
{
    pv_callgrind_free_names(&reader->objects);
    pv_callgrind_free_names(&reader->files);
    pv_callgrind_free_names(&reader->functions);
    pv_callgrind_free_events(reader);
    free(reader->calls);
    free(reader->call_costs);
    free(reader->latest);
    reader->calls = NULL;
    reader->call_costs = NULL;
    reader->latest = NULL;
}

static bool finish(struct pv_callgrind *reader, struct pv_profile **out, struct pv_error *err)
{
    pv_callgrind_end_block(reader);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (!reader->has_events && pv_builder_is_ok(reader->builder))
        return pv_fail(err, PV_INPUT_FAILED,
                       (struct pv_where){.source = pv_input_name(reader->input)},
                       "has no events: line, without which no cost means anything; valgrind leaves "
                       "such a file where it was killed, or where the threads have files of their "
                       "own");
    add_notes(reader);
    pv_build_inclusive(reader->builder);
    pv_callgrind_tell_whose(reader);
    free_tables(reader);
    if (!pv_builder_finish(reader->builder, out, err)) {
        err->where = pv_input_where(reader->input);
        return false;
    }
    return true;
}

static bool read_callgrind(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct pv_callgrind *reader = pv_zalloc(1, sizeof *reader);
    struct pv_text lines;
    reader->input = input;
    reader->builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_ARCS, "callgrind");
    reader->budget.limit = pv_input_limits(input)->memory;
    reader->position_count = 1;
    reader->keeps_lines = pv_input_limits(input)->keeps_lines;
    reader->frame = PV_NONE;
    reader->first_call = 1;
    reader->into = reader->own;
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader->builder) && pv_input_lines(input, &lines))
        read_lines(reader, lines);
    bool is_fine = finish(reader, out, err);
    free_tables(reader);
    pv_builder_free(reader->builder);
    free(reader);
    return is_fine;
}

extern const struct pv_format pv_format_callgrind;
const struct pv_format pv_format_callgrind = {
    .name = "callgrind",
    .summary = "valgrind's callgrind, xdebug, pprofile, yappi, pprof, NYTProf; for KCachegrind",
    .aliases = "callgrind.out kcachegrind",
    .extensions = ".callgrind .out .cg",
    .probe = pv_callgrind_probe,
    .read = read_callgrind,
    .write = pv_callgrind_write,
    .write_needs_graph = true,
};
