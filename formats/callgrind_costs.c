#include "formats/callgrind_parts.h"

#include "model/number.h"

/* Cost lines, nine of ten lines of a file: one number or step per position, then the costs, of
 * which the last ones may be missing. Lines as writers make them are read in one go over the bytes;
 * the others, and those with anything wrong, one by one. */

/* Digits that certainly fit. */
enum { SAFE_DIGITS = 18, SAFE_HEX = 15 };

static inline bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool is_position(char byte)
{
    return is_digit(byte) || byte == '*' || byte == '+' || byte == '-';
}

static inline const char *take_digits(const char *at, int64_t *value)
{
    const char *start = at;
    uint64_t number = 0;
    for (; is_digit(*at); at++)
        number = number * 10 + (uint64_t)(*at - '0');
    *value = (int64_t)number;
    return at > start && at - start <= SAFE_DIGITS ? at : NULL;
}

static int hex_value(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    byte = (char)(byte | 0x20);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static const char *take_hex(const char *at, int64_t *value)
{
    const char *start = at;
    uint64_t number = 0;
    int digit;
    for (; (digit = hex_value(*at)) >= 0; at++)
        number = number << 4 | (uint64_t)digit;
    *value = (int64_t)number;
    return at > start && at - start <= SAFE_HEX ? at : NULL;
}

/* One position and the blank behind it: "*" stays, "+3" and "-3" are steps, decimal even between
 * addresses. NULL where it is something else. */
static inline const char *take_position(const char *at, int64_t *position)
{
    int64_t number = 0;
    char sign = *at;
    if (sign == '*') {
        at++;
    } else if (sign == '+' || sign == '-') {
        at = take_digits(at + 1, &number);
        if (!at) /* too many digits: no step that could be added */
            return NULL;
        *position += sign == '+' ? number : -number;
    } else {
        at = at[0] == '0' && at[1] == 'x' ? take_hex(at + 2, &number) : take_digits(at, &number);
        *position = number;
    }
    if (at && *at == ' ')
        return at + 1;
    return at && *at == '\n' ? at : NULL;
}

/* The costs up to the end of the line; NULL where they are not plain numbers or too many. */
static const char *take_costs(const char *at, int64_t *costs, uint32_t most, uint32_t *count)
{
    uint32_t found = 0;
    while (*at != '\n') {
        if (found == most || !(at = take_digits(at, &costs[found])))
            return NULL;
        found++;
        while (*at == ' ')
            at++;
    }
    *count = found;
    return at + 1;
}

/* Only a damaged file leaves the range, in which one more step always fits. */
static const int64_t most_position = INT64_MAX / 2;

static void set_positions(struct pv_callgrind *reader, const int64_t *positions)
{
    for (uint32_t i = 0; i < reader->position_count; i++) {
        int64_t position = positions[i] < 0               ? 0
                           : positions[i] > most_position ? most_position
                                                          : positions[i];
        reader->clamped += position != positions[i];
        reader->positions[i] = position;
    }
}

/* By metric, which is what lines are kept by; only where they were asked for. */
static void keep_line(struct pv_callgrind *reader, const int64_t *costs, uint32_t count)
{
    int64_t all[PV_CALLGRIND_EVENTS] = {0}, values[PV_CALLGRIND_EVENTS];
    if (reader->line_column == PV_NONE)
        return;
    int64_t line = reader->positions[reader->line_column];
    for (uint32_t i = 0; i < count; i++)
        all[i] = costs[i];
    reader->is_over = !pv_callgrind_values(reader, all, values) || reader->is_over;
    for (uint32_t m = 0; m < reader->metric_count; m++)
        pv_build_line(reader->builder, reader->frame, reader->line_file,
                      line > UINT32_MAX ? UINT32_MAX : (uint32_t)line, m, values[m]);
}

static void add_costs(struct pv_callgrind *reader, const int64_t *costs, uint32_t count)
{
    int64_t *into = reader->into;
    bool is_over = false;
    for (uint32_t i = 0; i < count; i++)
        is_over |= __builtin_add_overflow(into[i], costs[i], &into[i]);
    reader->is_over |= is_over;
    if (count == 0 && reader->is_ours && reader->next == PV_CALLGRIND_CALL)
        reader->calls[reader->call].lacks_cost = true;
    if (reader->keeps_lines && reader->next == PV_CALLGRIND_OWN)
        keep_line(reader, costs, count);
    reader->next = PV_CALLGRIND_OWN;
    reader->into = reader->own;
}

/* One line from `at` on; NULL where it is not plain. The scratch lies in the reader, because arrays
 * on the stack are cleared each time. */
static const char *take_line(struct pv_callgrind *reader, const char *at)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < reader->position_count; i++) {
        reader->scratch_positions[i] = reader->positions[i];
        at = take_position(at, &reader->scratch_positions[i]);
        if (!at)
            return NULL;
    }
    at = take_costs(at, reader->scratch, reader->column_count, &count);
    if (!at)
        return NULL;
    set_positions(reader, reader->scratch_positions);
    add_costs(reader, reader->scratch, count);
    return at;
}

/* Lines of a function's own costs, with one position and one cost each: nearly all lines of nearly
 * all files. What is added up stays in registers; up to the first line that is anything else. */
static const char *take_short_lines(struct pv_callgrind *reader, const char *at, const char *end,
                                    uint64_t *lines)
{
    int64_t position = reader->positions[0], sum = reader->own[0];
    uint64_t taken = 0;
    while (at < end) {
        int64_t next = position, cost;
        const char *from = take_position(at, &next);
        from = from && *from != '\n' ? take_digits(from, &cost) : NULL;
        if (!from || *from != '\n' || next < 0 || next > most_position ||
            __builtin_add_overflow(sum, cost, &cost))
            break;
        sum = cost;
        position = next;
        at = from + 1;
        taken++;
    }
    reader->positions[0] = position;
    reader->own[0] = sum;
    *lines += taken;
    return at;
}

const char *pv_callgrind_cost_lines(struct pv_callgrind *reader, const char *at, const char *end)
{
    uint64_t lines = 0;
    bool is_short =
        reader->position_count == 1 && reader->column_count == 1 && !reader->keeps_lines;
    if (!is_position(*at) || reader->has_fractions || !reader->has_events ||
        !pv_callgrind_begin_block(reader))
        return at;
    for (const char *next = at; next; lines += next != NULL) {
        at = next;
        if (is_short && reader->next == PV_CALLGRIND_OWN)
            at = take_short_lines(reader, at, end, &lines);
        next = at < end && is_position(*at) ? take_line(reader, at) : NULL;
    }
    reader->pending += lines;
    pv_input_good_records(reader->input, lines);
    return at;
}

/* ---- One by one ---- */

/* Where a range ends ("12+3", "12-14", "12:14", which KCachegrind reads too) is not needed. */
static struct pv_text start_of(struct pv_text word)
{
    size_t end = 1;
    while (end < word.size && pv_text_find(PV_TEXT("+-:"), word.data[end]) == 3)
        end++;
    return pv_text_slice(word, 0, end);
}

static bool read_position(struct pv_text word, int64_t *position)
{
    uint64_t number = 0;
    int64_t step = 0;
    word = start_of(word);
    if (pv_text_equal(word, PV_TEXT("*")))
        return true;
    if (word.data[0] == '+' || word.data[0] == '-')
        return pv_parse_int64(pv_text_slice(word, word.data[0] == '+', word.size), &step) &&
               pv_add(*position, step, position);
    if (pv_text_starts(word, PV_TEXT("0x"))) {
        if (!pv_parse_hex(word, &number))
            return false;
        *position = (int64_t)(number & INT64_MAX);
        return true;
    }
    return pv_parse_int64(word, position) && *position >= 0;
}

static bool read_positions(struct pv_callgrind *reader, struct pv_text *rest)
{
    int64_t positions[PV_CALLGRIND_POSITIONS] = {0};
    struct pv_text word;
    for (uint32_t i = 0; i < reader->position_count; i++) {
        positions[i] = reader->positions[i];
        if (!pv_text_word(rest, &word) || !read_position(word, &positions[i]))
            return false;
    }
    set_positions(reader, positions);
    return true;
}

static bool read_cost(struct pv_callgrind *reader, uint32_t column, struct pv_text word,
                      int64_t *cost)
{
    struct pv_callgrind_measure *event = &reader->events[reader->columns[column]];
    struct pv_decimal number;
    uint64_t hex;
    if (pv_text_starts(word, PV_TEXT("0x"))) {
        bool fits = pv_parse_hex(word, &hex) && hex <= INT64_MAX;
        *cost = fits ? (int64_t)hex : 0;
        return fits && pv_multiply(*cost, pv_power10(event->fraction), cost);
    }
    if (word.data[0] == '+' || !pv_parse_decimal(word, &number))
        return false;
    unsigned most = PV_DECIMAL_DIGITS - event->unit_digits;
    unsigned digits = number.digits > most ? most : number.digits;
    if (digits > event->fraction)
        pv_callgrind_raise(reader, reader->columns[column], digits);
    if (number.value < 0 && !event->is_signed)
        pv_callgrind_set_signed(reader, reader->columns[column]);
    return pv_parse_scaled(word, event->fraction, cost);
}

static bool read_costs(struct pv_callgrind *reader, struct pv_text rest, int64_t *costs,
                       uint32_t *count)
{
    struct pv_text word;
    for (*count = 0; pv_text_word(&rest, &word); ++*count)
        if (*count == reader->column_count || !read_cost(reader, *count, word, &costs[*count]))
            return false;
    return true;
}

/* NULL where the line is fine, else what is wrong with it. */
static const char *read_cost_line(struct pv_callgrind *reader, struct pv_text line)
{
    int64_t costs[PV_CALLGRIND_EVENTS];
    uint32_t count = 0;
    if (!reader->has_events)
        return "costs stand in front of the events: line";
    if (!pv_callgrind_begin_block(reader))
        return "costs stand in front of the first fn=";
    if (!read_positions(reader, &line))
        return "a cost line begins with its positions: numbers, +N, -N or *";
    if (!read_costs(reader, line, costs, &count))
        return "costs are numbers, at most one per event";
    add_costs(reader, costs, count);
    return NULL;
}

void pv_callgrind_cost_line(struct pv_callgrind *reader, struct pv_text line)
{
    const char *why = read_cost_line(reader, line);
    if (!why) {
        pv_input_good_record(reader->input);
        return;
    }
    pv_callgrind_end_call(reader);
    pv_callgrind_bad(reader, why);
}
