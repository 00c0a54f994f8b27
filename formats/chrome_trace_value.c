#include "formats/chrome_trace.h"

#include <string.h>

void *pv_chrome_add(struct pv_chrome *chrome, struct pv_chrome_table *table, size_t size)
{
    if (!pv_grow(&table->rows, &table->capacity, (uint64_t)table->count + 1, size,
                 &chrome->budget)) {
        struct pv_error err;
        pv_fail(&err, PV_LIMIT, (struct pv_where){0}, "the trace needs more than --max-memory");
        pv_builder_fail(chrome->builder, err);
        return NULL;
    }
    return memset((char *)table->rows + size * table->count++, 0, size);
}

uint32_t pv_chrome_put(struct pv_chrome *chrome, struct pv_map *map, uint64_t key, uint32_t value,
                       bool *is_new)
{
    uint32_t *found = pv_map_put(map, key, value, is_new, &chrome->budget);
    if (found)
        return *found;
    struct pv_error err;
    pv_fail(&err, PV_LIMIT, (struct pv_where){0}, "the trace needs more than --max-memory");
    pv_builder_fail(chrome->builder, err);
    *is_new = false;
    return value;
}

bool pv_chrome_round_ns(const struct pv_decimal *microseconds, int64_t *out)
{
    enum { NS_DIGITS = 3 };
    int64_t divisor = pv_power10(microseconds->digits - NS_DIGITS), half = divisor / 2;
    int64_t rest = microseconds->value % divisor;
    *out = microseconds->value / divisor + (rest >= half) - (rest <= -half);
    return true;
}

static void settle_origin(struct pv_chrome *chrome, const struct pv_decimal *time)
{
    static const int64_t far = (int64_t)1 << 51; /* µs: 70 years; ns have room for twice as many */
    int64_t whole = time->value / pv_power10(time->digits);
    chrome->has_origin = true;
    if (whole > far || whole < -far)
        chrome->origin = whole;
}

bool pv_chrome_since(struct pv_chrome *chrome, const struct pv_decimal *time, int64_t *out)
{
    int64_t origin;
    if (!chrome->has_origin)
        settle_origin(chrome, time);
    if (chrome->origin == 0)
        return pv_chrome_ns(time, out);
    struct pv_decimal since = *time;
    return pv_multiply(chrome->origin, pv_power10(since.digits), &origin) &&
           !__builtin_sub_overflow(since.value, origin, &since.value) && pv_chrome_ns(&since, out);
}

/* The bytes of a string or a number. */
static bool take_bytes(struct pv_chrome *chrome, struct pv_text *out)
{
    switch (pv_json_peek(chrome->json)) {
    case PV_JSON_STRING:
        return pv_json_string(chrome->json, out);
    case PV_JSON_NUMBER:
        return pv_json_number(chrome->json, out);
    default:
        pv_json_skip(chrome->json);
        return false;
    }
}

pv_str pv_chrome_known_id(struct pv_chrome *chrome, struct pv_chrome_memo *memo,
                          struct pv_text text)
{
    if (text.size == memo->size && memcmp(text.data, memo->bytes, text.size) == 0)
        return memo->id;
    pv_str id = pv_build_text(chrome->builder, text);
    if (text.size <= sizeof memo->bytes) {
        memcpy(memo->bytes, text.data, text.size);
        memo->size = text.size;
        memo->id = id;
    }
    return id;
}

pv_str pv_chrome_id(struct pv_chrome *chrome, struct pv_chrome_memo *memo)
{
    struct pv_text text;
    if (!take_bytes(chrome, &text))
        return 0;
    return memo ? pv_chrome_known_id(chrome, memo, text) : pv_build_text(chrome->builder, text);
}

/* The first and the last bytes of a name, which are all of one of up to 16. */
struct ends {
    uint64_t first, last;
};

static inline uint64_t load(const char *at, size_t size)
{
    uint64_t value = 0;
    memcpy(&value, at, size);
    return value;
}

static inline struct ends ends_of(struct pv_text text)
{
    const char *end = text.data + text.size;
    if (text.size >= 8)
        return (struct ends){load(text.data, 8), load(end - 8, 8)};
    if (text.size >= 4)
        return (struct ends){load(text.data, 4), load(end - 4, 4)};
    return (struct ends){
        load(text.data, 1) << 16 | load(text.data + text.size / 2, 1) << 8 | load(end - 1, 1), 0};
}

static inline struct pv_chrome_name *place_of(struct pv_chrome *chrome, struct ends ends,
                                              size_t size)
{
    uint64_t mixed = (ends.first ^ (ends.last << 32 | ends.last >> 32) ^ size) * 0x9e3779b97f4a7c15;
    return &chrome->names[mixed >> (64 - PV_CHROME_NAME_BITS)];
}

pv_str pv_chrome_name(struct pv_chrome *chrome, struct pv_text text)
{
    enum { ENDS = 16 };
    if (text.size == 0 || text.size > PV_CHROME_NAME)
        return pv_build_text(chrome->builder, text);
    struct ends ends = ends_of(text);
    struct pv_chrome_name *name = place_of(chrome, ends, text.size);
    if (name->size == text.size && name->first == ends.first && name->last == ends.last &&
        (text.size <= ENDS || memcmp(name->bytes, text.data, text.size) == 0))
        return name->id;
    name->id = pv_build_text(chrome->builder, text);
    name->size = (uint32_t)text.size;
    name->first = ends.first;
    name->last = ends.last;
    memcpy(name->bytes, text.data, text.size);
    return name->id;
}

static bool looks_like_number(struct pv_text text)
{
    static const struct pv_text bytes = {"0123456789+-.eE", 15};
    for (size_t i = 0; i < text.size; i++)
        if (pv_text_find(bytes, text.data[i]) == bytes.size)
            return false;
    return text.size > 0;
}

void pv_chrome_time(struct pv_chrome *chrome, struct pv_chrome_time *out)
{
    struct pv_text text;
    bool is_number = take_bytes(chrome, &text);
    out->is_there = is_number && pv_parse_decimal(text, &out->value);
    if (is_number && !out->is_there && looks_like_number(text)) {
        /* Too many digits: in nanoseconds it does not fit, which is then said. */
        out->value = (struct pv_decimal){text.data[0] == '-' ? INT64_MIN : INT64_MAX, 0};
        out->is_there = true;
    }
}

bool pv_chrome_text(struct pv_chrome *chrome, struct pv_text *out)
{
    return take_bytes(chrome, out);
}

bool pv_chrome_int(struct pv_chrome *chrome, int64_t *out)
{
    struct pv_text text;
    return take_bytes(chrome, &text) && pv_parse_scaled(text, 0, out);
}
