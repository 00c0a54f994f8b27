#include "formats/format.h"
#include "model/builder.h"
#include "model/number.h"

/* The tables of strace -c and ltrace -c: "% time seconds usecs/call calls errors syscall" and the
 * same without errors, whose column may be empty; a row of minuses, the rows, another one, the
 * total. What stands around them is passed over, several add up. */

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    bool has_errors;
    unsigned rules; /* of minuses, still to come in this table; 0: outside */
    uint64_t tables;
};

enum { WORDS = 6 };

static size_t words_of(struct pv_text line, struct pv_text *words, size_t most)
{
    size_t count = 0;
    struct pv_text word;
    while (pv_text_word(&line, &word) && count < most)
        words[count++] = word;
    return count;
}

/* Also with the columns of -w and of versions to come, as long as these are where they are. */
static bool is_header(struct pv_text line)
{
    struct pv_text words[WORDS];
    return words_of(line, words, WORDS) >= 5 && pv_text_equal(words[0], PV_TEXT("%")) &&
           pv_text_equal(words[1], PV_TEXT("time")) &&
           pv_text_equal(words[2], PV_TEXT("seconds")) &&
           pv_text_equal(words[3], PV_TEXT("usecs/call"));
}

static bool is_rule(struct pv_text line)
{
    return pv_text_starts(pv_text_trim(line), PV_TEXT("------"));
}

struct row {
    struct pv_text name;
    int64_t ns;
    uint64_t calls, errors;
};

/* "8.67 0.000037 1 30 syscall", with the errors before the name where there are any. A name may
 * hold blanks (ltrace: operator new), so it is what is left. */
static bool parse_row(const struct reader *reader, struct pv_text line, struct row *row)
{
    struct pv_text rest = line, word[4], maybe, behind;
    struct pv_decimal number;
    *row = (struct row){0};
    for (size_t i = 0; i < 4; i++)
        if (!pv_text_word(&rest, &word[i]))
            return false;
    behind = rest;
    if (reader->has_errors && pv_text_word(&behind, &maybe) && pv_text_trim(behind).size &&
        pv_parse_uint64(maybe, &row->errors))
        rest = behind;
    row->name = pv_text_trim(rest);
    return pv_parse_decimal(word[0], &number) && pv_parse_scaled(word[1], 9, &row->ns) &&
           pv_parse_decimal(word[2], &number) && pv_parse_uint64(word[3], &row->calls) &&
           row->name.size && row->ns >= 0 && row->calls <= INT64_MAX && row->errors <= INT64_MAX;
}

static void read_row(struct reader *reader, struct pv_text line)
{
    struct row row;
    if (!parse_row(reader, line, &row)) {
        pv_input_bad_record(reader->input, "a row is a share, seconds, usecs/call, calls, perhaps "
                                           "errors, and a name");
        return;
    }
    pv_input_good_record(reader->input);
    const int64_t self[] = {row.ns, (int64_t)row.calls, (int64_t)row.errors};
    pv_build_func(reader->builder, pv_build_name(reader->builder, row.name), self[1], self[1], self,
                  self);
}

static void read_line(struct reader *reader, struct pv_text line)
{
    enum { RULES = 2 };
    if (is_header(line)) {
        reader->rules = RULES;
        reader->has_errors = pv_text_search(line, PV_TEXT(" errors ")) < line.size;
        reader->tables++;
    } else if (reader->rules && is_rule(line)) {
        reader->rules--;
    } else if (reader->rules && pv_text_trim(line).size) {
        read_row(reader, line);
    }
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    struct pv_where end = pv_input_where(reader->input);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (skipped.good == 0)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "holds no row of a summary; strace -c and ltrace -c print them when the "
                       "program ends");
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    const char *cut = pv_input_open_end(reader->input);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, end.line);
    if (reader->rules)
        pv_build_note(reader->builder, "cut",
                      "the table ends without its total; rows may be missing", 1, end.line);
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = end;
    return false;
}

static bool read_strace_summary(struct pv_input *input, struct pv_profile **out,
                                struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_ARCS, "strace_summary"),
    };
    struct pv_text line;
    pv_build_metric(reader.builder, PV_TEXT("time"), PV_UNIT_NS, false);
    pv_build_metric(reader.builder, PV_TEXT("calls"), PV_UNIT_COUNT, false);
    pv_build_metric(reader.builder, PV_TEXT("errors"), PV_UNIT_COUNT, false);
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        read_line(&reader, line);
    bool is_fine = finish(&reader, out, err);
    pv_builder_free(reader.builder);
    return is_fine;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text rest = head, line;
    (void)is_whole;
    while (pv_text_split(&rest, '\n', &line))
        if (is_header(line))
            return PV_PROBE_SURE;
    return PV_PROBE_NO;
}

const struct pv_format pv_format_strace_summary = {
    .name = "strace_summary",
    .summary = "the tables of strace -c and ltrace -c",
    .extensions = "",
    .probe = probe,
    .read = read_strace_summary,
};
