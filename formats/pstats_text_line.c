#include "formats/pstats_text_line.h"

#include "model/number.h"
#include "model/profile.h"

enum { NANO = 9, PERCALL_WIDTH = 8 };

static struct pv_text trim_left(struct pv_text text)
{
    size_t at = 0;
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return pv_text_slice(text, at, text.size);
}

/* The words of the line, no more and no fewer. */
static bool has_words(struct pv_text line, struct pv_text wanted)
{
    struct pv_text word, want;
    while (pv_text_word(&wanted, &want))
        if (!pv_text_word(&line, &word) || !pv_text_equal(word, want))
            return false;
    return pv_text_trim(line).size == 0;
}

static bool take_word(struct pv_text *rest, struct pv_text wanted)
{
    struct pv_text word;
    return pv_text_word(rest, &word) && pv_text_equal(word, wanted);
}

bool pv_pstats_text_summary(struct pv_text line, int64_t *calls, int64_t *ns)
{
    struct pv_text rest = pv_text_trim(line), word;
    int64_t primitive;
    if (!pv_text_word(&rest, &word) || !pv_parse_int64(word, calls) ||
        !take_word(&rest, PV_TEXT("function")) || !take_word(&rest, PV_TEXT("calls")) ||
        !pv_text_word(&rest, &word))
        return false;
    if (pv_text_starts(word, PV_TEXT("("))) {
        if (!pv_parse_int64(pv_text_slice(word, 1, word.size), &primitive) ||
            !take_word(&rest, PV_TEXT("primitive")) || !take_word(&rest, PV_TEXT("calls)")) ||
            !pv_text_word(&rest, &word))
            return false;
    }
    if (!pv_text_equal(word, PV_TEXT("in")) || !pv_text_word(&rest, &word) ||
        !pv_parse_scaled(word, NANO, ns))
        return false;
    rest = pv_text_trim(rest);
    return pv_text_equal(rest, PV_TEXT("seconds")) || pv_text_equal(rest, PV_TEXT("CPU seconds"));
}

bool pv_pstats_text_is_header(struct pv_text line)
{
    return has_words(line,
                     PV_TEXT("ncalls tottime percall cumtime percall filename:lineno(function)"));
}

bool pv_pstats_text_is_subheader(struct pv_text line)
{
    return has_words(line, PV_TEXT("ncalls tottime cumtime"));
}

/* "12", "12/3" or "-1". */
static bool parse_calls(struct pv_text word, struct pv_pstats_numbers *numbers)
{
    size_t slash = pv_text_find(word, '/');
    if (!pv_parse_int64(pv_text_slice(word, 0, slash), &numbers->calls))
        return false;
    numbers->primitive_calls = numbers->calls;
    return slash == word.size ||
           pv_parse_int64(pv_text_slice(word, slash + 1, word.size), &numbers->primitive_calls);
}

static void settle_calls(struct pv_pstats_numbers *numbers)
{
    if (numbers->calls < 0)
        numbers->calls = PV_UNKNOWN_CALLS;
    if (numbers->primitive_calls < 0)
        numbers->primitive_calls = PV_UNKNOWN_CALLS;
}

/* A time always has a point, so that no label passes for one. */
static bool take_time(struct pv_text *rest, int64_t *ns)
{
    struct pv_text word;
    return pv_text_word(rest, &word) && pv_text_find(word, '.') < word.size &&
           pv_parse_scaled(word, NANO, ns);
}

bool pv_pstats_text_row(struct pv_text line, struct pv_pstats_numbers *numbers,
                        struct pv_text *label)
{
    struct pv_text rest = line, word;
    int64_t percall;
    *numbers = (struct pv_pstats_numbers){.has_times = true};
    if (!pv_text_word(&rest, &word) || !parse_calls(word, numbers) ||
        !take_time(&rest, &numbers->self) || (numbers->calls != 0 && !take_time(&rest, &percall)) ||
        !take_time(&rest, &numbers->total))
        return false;
    if (numbers->primitive_calls == 0) {
        struct pv_text blank = pv_text_slice(rest, 0, 1 + PERCALL_WIDTH);
        if (pv_text_trim(blank).size)
            return false;
        rest = pv_text_slice(rest, blank.size, rest.size);
    } else if (!take_time(&rest, &percall)) {
        return false;
    }
    *label = pv_text_slice(rest, 1, rest.size); /* one blank, then all of it: names may have more */
    settle_calls(numbers);
    return rest.size > 1 && rest.data[0] == ' ';
}

/* Code points of UTF-8: bytes that do not continue one. */
static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

static size_t count_characters(struct pv_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += begins_character(text.data[i]);
    return count;
}

/* The byte where a character begins; the text's size where it is shorter. */
static size_t find_character(struct pv_text text, size_t wanted)
{
    size_t at = 0;
    for (; at < text.size; at++)
        if (begins_character(text.data[at]) && wanted-- == 0)
            break;
    return at;
}

bool pv_pstats_text_calls_header(struct pv_text line, bool *is_callers, size_t *column)
{
    struct pv_text rest = line, word;
    if (!pv_text_word(&rest, &word) || !pv_text_equal(word, PV_TEXT("Function")))
        return false;
    struct pv_text title = pv_text_trim(rest);
    *is_callers = pv_text_equal(title, PV_TEXT("was called by..."));
    *column = count_characters((struct pv_text){line.data, (size_t)(title.data - line.data)});
    return *is_callers || pv_text_equal(title, PV_TEXT("called..."));
}

bool pv_pstats_text_cut(struct pv_text line, bool is_callers, size_t column, struct pv_text *label,
                        struct pv_text *rest)
{
    struct pv_text arrow = is_callers ? PV_TEXT("<-") : PV_TEXT("->");
    size_t at = find_character(line, column);
    if (!pv_text_starts(pv_text_slice(line, at, line.size), arrow)) {
        struct pv_text wide = is_callers ? PV_TEXT("  <-") : PV_TEXT("  ->");
        at = pv_text_search(line, wide);
        if (at == line.size)
            return false;
        at += 2;
    }
    *label = pv_text_trim(pv_text_slice(line, 0, at));
    *rest = pv_text_slice(line, at + arrow.size, line.size);
    return label->size > 0;
}

/* "name(3)    0.020": the time is the function's whole, not what came through the arc. */
static bool parse_bare(struct pv_text rest, struct pv_pstats_numbers *numbers,
                       struct pv_text *label)
{
    int64_t ns;
    rest = pv_text_trim(rest);
    size_t blank = pv_text_find_last(rest, ' ');
    struct pv_text time = pv_text_slice(rest, blank, rest.size);
    struct pv_text named = pv_text_trim(pv_text_slice(rest, 0, blank));
    size_t open = pv_text_find_last(named, '(');
    *numbers = (struct pv_pstats_numbers){.primitive_calls = PV_UNKNOWN_CALLS};
    if (blank == rest.size || open == named.size || !pv_text_ends(named, PV_TEXT(")")) ||
        !take_time(&time, &ns) ||
        !pv_parse_int64(pv_text_slice(named, open + 1, named.size - 1), &numbers->calls))
        return false;
    *label = pv_text_slice(named, 0, open);
    settle_calls(numbers);
    return label->size > 0;
}

bool pv_pstats_text_share(struct pv_text rest, struct pv_pstats_numbers *numbers,
                          struct pv_text *label)
{
    struct pv_text words = rest, word;
    *numbers = (struct pv_pstats_numbers){.has_times = true};
    if (!pv_text_word(&words, &word) || !parse_calls(word, numbers) ||
        !take_time(&words, &numbers->self) || !take_time(&words, &numbers->total))
        return parse_bare(rest, numbers, label);
    *label = trim_left(words);
    settle_calls(numbers);
    return label->size > 0;
}
