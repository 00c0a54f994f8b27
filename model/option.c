#include "model/option.h"

#include "model/number.h"

#include <stdint.h>

typedef bool parse_fn(const struct pv_option *option, void *member, struct pv_text value);

static double as_double(struct pv_decimal decimal)
{
    return (double)decimal.value / (double)pv_power10(decimal.digits);
}

static bool is_in_range(const struct pv_option *option, double value)
{
    bool has_range = option->low < option->high;
    return !has_range || (value >= option->low && value <= option->high);
}

static bool parse_flag(const struct pv_option *option, void *member, struct pv_text value)
{
    (void)option;
    if (value.size)
        return false;
    *(bool *)member = true;
    return true;
}

static bool parse_text(const struct pv_option *option, void *member, struct pv_text value)
{
    (void)option;
    *(struct pv_text *)member = value;
    return true;
}

static bool parse_texts(const struct pv_option *option, void *member, struct pv_text value)
{
    struct pv_texts *texts = member;
    (void)option;
    texts->items = pv_resize(texts->items, (texts->count + 1) * sizeof *texts->items);
    texts->items[texts->count++] = value;
    return true;
}

static bool parse_choice(const struct pv_option *option, void *member, struct pv_text value)
{
    struct pv_text rest = pv_text_of(option->choices), word;
    for (unsigned i = 0; pv_text_word(&rest, &word); i++) {
        if (!pv_text_equal(word, value))
            continue;
        *(unsigned *)member = i;
        return true;
    }
    return false;
}

static bool parse_whole(const struct pv_option *option, void *member, struct pv_text value)
{
    int64_t number;
    if (!pv_parse_int64(value, &number) || !is_in_range(option, (double)number))
        return false;
    *(int64_t *)member = number;
    return true;
}

static struct pv_text without(struct pv_text text, struct pv_text ending)
{
    return pv_text_ends(text, ending) ? pv_text_slice(text, 0, text.size - ending.size) : text;
}

static bool parse_number(const struct pv_option *option, void *member, struct pv_text value)
{
    struct pv_decimal number;
    bool is_percent = option->argument && pv_text_equal(pv_text_of(option->argument), PV_TEXT("%"));
    if (!pv_parse_decimal(is_percent ? without(value, PV_TEXT("%")) : value, &number) ||
        !is_in_range(option, as_double(number)))
        return false;
    *(double *)member = as_double(number);
    return true;
}

static unsigned size_shift(char unit)
{
    static const char units[] = "KMGT";
    for (unsigned i = 0; units[i]; i++)
        if (unit == units[i] || unit == units[i] - 'A' + 'a')
            return 10 * (i + 1);
    return 0;
}

static bool parse_size(const struct pv_option *option, void *member, struct pv_text value)
{
    value = without(without(value, PV_TEXT("B")), PV_TEXT("i"));
    unsigned shift = value.size ? size_shift(value.data[value.size - 1]) : 0;
    uint64_t number;
    if (shift)
        value.size--;
    if (!pv_parse_uint64(value, &number) || number > UINT64_MAX >> shift ||
        !is_in_range(option, (double)(number << shift)))
        return false;
    *(uint64_t *)member = number << shift;
    return true;
}

static bool parse_length(const struct pv_option *option, void *member, struct pv_text value)
{
    struct pv_decimal number;
    bool is_share = pv_text_ends(value, PV_TEXT("%"));
    value = without(without(value, PV_TEXT("%")), PV_TEXT("px"));
    if (!pv_parse_decimal(value, &number) || !is_in_range(option, as_double(number)))
        return false;
    *(struct pv_length *)member = (struct pv_length){as_double(number), is_share};
    return true;
}

static const struct {
    parse_fn *parse;
    const char *wanted;
} kinds[] = {
    [PV_OPTION_FLAG] = {parse_flag, "no value"},
    [PV_OPTION_TEXT] = {parse_text, "a text"},
    [PV_OPTION_TEXTS] = {parse_texts, "a text"},
    [PV_OPTION_CHOICE] = {parse_choice, NULL},
    [PV_OPTION_WHOLE] = {parse_whole, "a whole number"},
    [PV_OPTION_NUMBER] = {parse_number, "a number"},
    [PV_OPTION_SIZE] = {parse_size, "a size like 4096, 64K, 16M or 4G"},
    [PV_OPTION_LENGTH] = {parse_length, "a length like 0.1px or 0.1%"},
};

static void print_number(struct pv_buffer *out, double value)
{
    char digits[PV_NUMBER_SIZE];
    size_t size = pv_print_fixed(digits, value, 6);
    pv_buffer_add(out, (struct pv_text){digits, size});
}

static void say_wanted(struct pv_buffer *out, const struct pv_option *option)
{
    struct pv_text rest = pv_text_of(option->choices), word;
    if (option->kind == PV_OPTION_CHOICE)
        pv_buffer_print(out, "one of");
    else
        pv_buffer_print(out, "%s", kinds[option->kind].wanted);
    while (option->kind == PV_OPTION_CHOICE && pv_text_word(&rest, &word))
        pv_buffer_print(out, " %.*s%s", PV_TEXT_ARGS(word), pv_text_trim(rest).size ? "," : "");
    if (option->low < option->high) {
        pv_buffer_print(out, " from ");
        print_number(out, option->low);
        pv_buffer_print(out, " to ");
        print_number(out, option->high);
    }
}

bool pv_option_set(const struct pv_option *option, void *settings, struct pv_text value,
                   struct pv_error *err)
{
    if (kinds[option->kind].parse(option, (char *)settings + option->offset, value))
        return true;
    struct pv_buffer wanted = {0};
    say_wanted(&wanted, option);
    pv_fail(err, PV_USAGE, (struct pv_where){0}, "--%s wants %.*s, not '%.*s'", option->name,
            PV_TEXT_ARGS(pv_buffer_text(&wanted)), PV_TEXT_ARGS(pv_text_slice(value, 0, 60)));
    pv_buffer_free(&wanted);
    return false;
}

void pv_nearest_try(struct pv_nearest *nearest, struct pv_text candidate)
{
    bool is_begun = nearest->typed.size > 1 && pv_text_starts(candidate, nearest->typed);
    unsigned distance = is_begun ? 0 : pv_text_distance(nearest->typed, candidate);
    if (nearest->best.data && distance >= nearest->distance)
        return;
    nearest->best = candidate;
    nearest->distance = distance;
}

struct pv_text pv_nearest_name(const struct pv_nearest *nearest)
{
    bool is_near = nearest->best.size && nearest->distance < nearest->best.size &&
                   nearest->distance <= 1 + nearest->typed.size / 4;
    return is_near ? nearest->best : (struct pv_text){0};
}
