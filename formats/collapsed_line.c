#include "formats/collapsed.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static struct pv_text trim_end(struct pv_text text)
{
    while (text.size && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* Takes the last word off *text, with the blanks before it. False: there is none, or no blank. */
static bool take_last_word(struct pv_text *text, struct pv_text *word)
{
    size_t at = text->size;
    while (at > 0 && !is_blank(text->data[at - 1]))
        at--;
    *word = pv_text_slice(*text, at, text->size);
    if (at == 0 || word->size == 0)
        return false;
    *text = trim_end(pv_text_slice(*text, 0, at));
    return true;
}

/* Nearly every number is a small integer. */
static bool parse_number(struct pv_text word, struct pv_decimal *out)
{
    enum { safe_digits = 18 };
    int64_t value = 0;
    if (word.size == 0 || word.size > safe_digits)
        return pv_parse_decimal(word, out);
    for (size_t i = 0; i < word.size; i++) {
        if (!is_digit(word.data[i]))
            return pv_parse_decimal(word, out);
        value = value * 10 + (word.data[i] - '0');
    }
    *out = (struct pv_decimal){value, 0};
    return true;
}

/* Words like "18446744073709551616" or "1e99": numbers, but none of ours. */
static bool looks_like_number(struct pv_text word)
{
    bool has_digit = false;
    for (size_t i = 0; i < word.size; i++) {
        if (!is_digit(word.data[i]) && !strchr("+-.eE", word.data[i]))
            return false;
        has_digit = has_digit || is_digit(word.data[i]);
    }
    return has_digit && !strchr("eE", word.data[0]);
}

static bool parse_triple(struct pv_text word, struct pv_collapsed_line *line)
{
    struct pv_text part;
    line->count = 0;
    while (pv_text_split(&word, ',', &part)) {
        if (line->count == PV_COLLAPSED_NUMBERS ||
            !parse_number(part, &line->numbers[line->count++]))
            return false;
    }
    return line->count == PV_COLLAPSED_NUMBERS;
}

static enum pv_collapsed_kind bad(struct pv_collapsed_line *line, const char *why)
{
    line->why = why;
    return PV_COLLAPSED_BAD;
}

static bool is_key(struct pv_text key)
{
    for (size_t i = 0; i < key.size; i++) {
        char byte = key.data[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!is_letter && !is_digit(byte) && byte != '_' && byte != '-')
            return false;
    }
    return key.size > 0;
}

/* "# key: value": no stack, whatever number the value is. */
static bool is_metadata(struct pv_text text, struct pv_collapsed_line *line)
{
    if (!pv_text_starts(text, PV_TEXT("# ")) || pv_text_find(text, ';') < text.size)
        return false;
    size_t colon = pv_text_find(text, ':');
    line->key = pv_text_slice(text, 2, colon);
    line->value = pv_text_trim(pv_text_slice(text, colon + 1, text.size));
    return colon < text.size && is_key(line->key);
}

enum pv_collapsed_kind pv_collapsed_parse(struct pv_text text, struct pv_collapsed_line *line)
{
    struct pv_text word;
    text = trim_end(text);
    if (text.size == 0)
        return PV_COLLAPSED_BLANK;
    bool is_hash = text.data[0] == '#';
    if (is_hash && is_metadata(text, line))
        return PV_COLLAPSED_METADATA;
    line->stack = text;
    line->count = 1;
    bool has_stack = take_last_word(&line->stack, &word);
    bool has_number = parse_number(word, &line->numbers[0]) || parse_triple(word, line);
    if (has_stack && has_number)
        return PV_COLLAPSED_STACK;
    if (is_hash)
        return PV_COLLAPSED_BLANK;
    if (has_number)
        return bad(line, "there is no stack before the number");
    if (looks_like_number(word))
        return bad(line, "the number does not fit in 64 bits");
    return bad(line, "there is no number behind the stack");
}

bool pv_collapsed_take_number(struct pv_text *stack, struct pv_decimal *number)
{
    struct pv_text rest = *stack, word;
    if (rest.size == 0 || (!is_digit(rest.data[rest.size - 1]) && rest.data[rest.size - 1] != '.'))
        return false;
    if (!take_last_word(&rest, &word) || !parse_number(word, number))
        return false;
    *stack = rest;
    return true;
}

static const struct mark {
    char letter;
    uint32_t flag;
} marks[] = {
    {'k', PV_FRAME_KERNEL},  {'j', PV_FRAME_JIT},         {'i', PV_FRAME_INLINED},
    {'w', PV_FRAME_WAITING}, {'0', PV_FRAME_INTERPRETED}, {'1', PV_FRAME_QUICK_JIT},
};
enum { MARK_SIZE = 4, MARKS = sizeof marks / sizeof marks[0] };

/* The flag of the mark that the text ends in, or 0; a text that is nothing but a mark is a name. */
static uint32_t last_mark(struct pv_text text)
{
    if (text.size <= MARK_SIZE || text.data[text.size - 1] != ']')
        return 0;
    const char *mark = text.data + text.size - MARK_SIZE;
    for (int i = 0; i < MARKS && mark[0] == '_' && mark[1] == '['; i++)
        if (marks[i].letter == mark[2])
            return marks[i].flag;
    return 0;
}

uint32_t pv_collapsed_cut_marks(struct pv_text *frame)
{
    uint32_t flags = 0;
    for (uint32_t flag = last_mark(*frame); flag; flag = last_mark(*frame)) {
        flags |= flag;
        frame->size -= MARK_SIZE;
    }
    return flags;
}

void pv_collapsed_add_marks(struct pv_buffer *out, uint32_t flags)
{
    for (int i = 0; i < MARKS; i++)
        if (flags & marks[i].flag)
            pv_buffer_print(out, "_[%c]", marks[i].letter);
}

uint32_t pv_collapsed_name_flags(struct pv_text name)
{
    bool is_unknown = name.size == 0 || pv_text_equal(name, PV_TEXT("[unknown]")) ||
                      pv_text_equal(name, PV_TEXT("???"));
    return is_unknown ? PV_FRAME_UNKNOWN : 0;
}

/* Frames that producers put outermost for a process or a thread: `prefix`, then digits (perhaps
 * hexadecimal), then the end or one of `ends`. `next`: what the frame behind it must begin with. */
static const struct outer_row {
    uint32_t place;
    const char *prefix, *digits, *ends, *next;
    uint32_t flag;
} outer_rows[] = {
    {0, "P", "0123456789", "", "T", PV_FRAME_PROCESS},             /* Austin 3 */
    {1, "T", "0123456789", ":", "", PV_FRAME_THREAD},              /* Austin 3 */
    {0, "Thread ", "0123456789abcdefx", ":", "", PV_FRAME_THREAD}, /* Austin 1 */
    {0, "tid:", "0123456789", "", "", PV_FRAME_THREAD},            /* Python 3.15's sampler */
    {0, "process ", "0123456789", ":", "", PV_FRAME_PROCESS},      /* py-spy */
    {0, "thread (", "0123456789abcdefxABCDEFX", "):", "", PV_FRAME_THREAD}, /* py-spy */
    {1, "thread (", "0123456789abcdefxABCDEFX", "):", "", PV_FRAME_THREAD},
};

static bool fits_row(const struct outer_row *row, struct pv_text name, struct pv_text next)
{
    struct pv_text prefix = pv_text_of(row->prefix);
    if (!pv_text_starts(name, prefix) || !pv_text_starts(next, pv_text_of(row->next)))
        return false;
    size_t at = prefix.size;
    while (at < name.size && name.data[at] && strchr(row->digits, name.data[at]))
        at++;
    bool has_end = at == name.size || (name.data[at] && strchr(row->ends, name.data[at]));
    return at > prefix.size && has_end;
}

uint32_t pv_collapsed_outer_flags(struct pv_text name, uint32_t place, struct pv_text next)
{
    for (size_t i = 0; i < sizeof outer_rows / sizeof outer_rows[0]; i++)
        if (outer_rows[i].place == place && fits_row(&outer_rows[i], name, next))
            return outer_rows[i].flag;
    return 0;
}
