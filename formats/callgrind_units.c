#include "formats/callgrind_parts.h"

#include "model/number.h"

/* What events count is told by their names alone: "Time_(10ns)", "cpu(ms)", "ns", or by the long
 * name: "sysTime (elapsed us)", "Nanoseconds". Bytes with a prefix are powers of 1024, as Go's
 * pprof, which writes them, means it. */

struct word {
    const char *text;
    enum pv_unit unit;
    int64_t factor;
};

static const struct word *find_word(struct pv_text text)
{
    static const struct word words[] = {
        {"ns", PV_UNIT_NS, 1},
        {"nsec", PV_UNIT_NS, 1},
        {"nanoseconds", PV_UNIT_NS, 1},
        {"us", PV_UNIT_NS, 1000},
        {"\xc2\xb5s", PV_UNIT_NS, 1000},
        {"usec", PV_UNIT_NS, 1000},
        {"microseconds", PV_UNIT_NS, 1000},
        {"ms", PV_UNIT_NS, 1000000},
        {"msec", PV_UNIT_NS, 1000000},
        {"milliseconds", PV_UNIT_NS, 1000000},
        {"s", PV_UNIT_NS, 1000000000},
        {"sec", PV_UNIT_NS, 1000000000},
        {"seconds", PV_UNIT_NS, 1000000000},
        {"bytes", PV_UNIT_BYTES, 1},
        {"b", PV_UNIT_BYTES, 1},
        {"kb", PV_UNIT_BYTES, 1 << 10},
        {"mb", PV_UNIT_BYTES, 1 << 20},
        {"gb", PV_UNIT_BYTES, 1 << 30},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct pv_text word = pv_text_of(words[i].text);
        if (word.size == text.size && pv_text_distance(word, text) == 0)
            return &words[i];
    }
    return NULL;
}

/* The part in the last pair of parentheses at the end of the text; false where there is none. */
static bool take_parentheses(struct pv_text text, struct pv_text *front, struct pv_text *inside)
{
    size_t open = pv_text_find_last(text, '(');
    if (open == text.size || text.data[text.size - 1] != ')')
        return false;
    *front = pv_text_slice(text, 0, open);
    *inside = pv_text_slice(text, open + 1, text.size - 1);
    return true;
}

static size_t digits_at_front(struct pv_text text)
{
    size_t at = 0;
    while (at < text.size &&
           ((text.data[at] >= '0' && text.data[at] <= '9') || text.data[at] == '.'))
        at++;
    return at;
}

/* "10ns", "0.001ns", "10 ns", "elapsed us"; without a word, a power of ten below 1, as profviz
 * writes it. */
static bool read_unit(struct pv_text text, struct pv_callgrind_unit *out)
{
    size_t number = digits_at_front(text), blank = pv_text_find_last(text, ' ');
    struct pv_decimal amount = {1, 0};
    size_t from = number || blank == text.size ? number : blank + 1;
    const struct word *word = find_word(pv_text_trim(pv_text_slice(text, from, text.size)));
    if (number && !pv_parse_decimal(pv_text_slice(text, 0, number), &amount))
        return false;
    bool is_part = number == text.size && amount.value == 1 && amount.digits > 0;
    if ((!word && !is_part) || amount.value <= 0)
        return false;
    int64_t factor = 0;
    if (!pv_multiply(amount.value, word ? word->factor : 1, &factor))
        return false;
    out->unit = word ? word->unit : PV_UNIT_COUNT;
    for (out->digits = amount.digits; out->digits && factor % 10 == 0; out->digits--)
        factor /= 10;
    out->factor = factor;
    return true;
}

static struct pv_text without_end(struct pv_text text)
{
    while (text.size && (text.data[text.size - 1] == '_' || text.data[text.size - 1] == ' '))
        text.size--;
    return text;
}

struct pv_callgrind_unit pv_callgrind_unit_of(struct pv_text name, struct pv_text long_name)
{
    struct pv_callgrind_unit unit = {.name = name, .factor = 1};
    struct pv_text front, inside, long_front, long_inside;
    bool has_long = take_parentheses(long_name, &long_front, &long_inside);
    if (take_parentheses(name, &front, &inside) && read_unit(inside, &unit)) {
        /* Where both tell the unit, the long name has what `events:` could not hold. */
        bool is_both = has_long && pv_text_equal(inside, long_inside);
        unit.name = without_end(is_both ? long_front : front);
        if (unit.name.size == 0)
            unit.name = name;
        return unit;
    }
    bool is_word = name.size > 1 && find_word(name);
    if ((has_long && read_unit(long_inside, &unit)) || (is_word && read_unit(name, &unit)) ||
        (find_word(long_name) && read_unit(long_name, &unit)))
        return unit;
    return (struct pv_callgrind_unit){.name = name, .factor = 1};
}
