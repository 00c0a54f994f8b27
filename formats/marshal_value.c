#include "formats/marshal_parts.h"

#include "model/number.h"

#include <math.h>
#include <string.h>

/* Numbers and texts of a marshal file, and what is kept of them for references. */

bool pv_marshal_grow(struct pv_marshal *marshal, void **array, uint32_t *capacity, uint32_t count,
                     size_t item)
{
    if (count < *capacity)
        return true;
    if (pv_grow(array, capacity, (uint64_t)count + 1, item, &marshal->budget))
        return true;
    pv_marshal_end(marshal);
    pv_input_fail(marshal->input, PV_LIMIT,
                  "the file's objects need more than the %llu bytes of --max-memory",
                  (unsigned long long)marshal->limits->memory);
    return false;
}

static bool set_wide(struct pv_marshal *marshal, uint32_t object, uint64_t bits)
{
    void *wide = marshal->wide;
    bool grown = pv_marshal_grow(marshal, &wide, &marshal->wide_capacity, marshal->wide_count,
                                 sizeof *marshal->wide);
    marshal->wide = wide;
    if (!grown)
        return false;
    marshal->tags[object] |= PV_MARSHAL_WIDE;
    marshal->values[object] = marshal->wide_count;
    marshal->wide[marshal->wide_count++] = bits;
    return true;
}

bool pv_marshal_set_integer(struct pv_marshal *marshal, const struct pv_marshal_token *token)
{
    if (token->object == PV_MARSHAL_NO_OBJECT)
        return true;
    if (token->integer < 0 || token->integer > UINT32_MAX)
        return set_wide(marshal, token->object, (uint64_t)token->integer);
    marshal->values[token->object] = (uint32_t)token->integer;
    return true;
}

bool pv_marshal_set_real(struct pv_marshal *marshal, const struct pv_marshal_token *token)
{
    uint64_t bits;
    memcpy(&bits, &token->real, sizeof bits);
    return token->object == PV_MARSHAL_NO_OBJECT || set_wide(marshal, token->object, bits);
}

void pv_marshal_set_text(struct pv_marshal *marshal, const struct pv_marshal_token *token)
{
    if (token->object != PV_MARSHAL_NO_OBJECT)
        marshal->values[token->object] = token->text;
}

/* The digits of a long; the cursor stands behind their count. Beyond int64 it is clamped. */
bool pv_marshal_read_long(struct pv_marshal *marshal, struct pv_marshal_token *token,
                          int32_t digits)
{
    uint64_t value = 0;
    bool is_clipped = false;
    int64_t count = digits < 0 ? -(int64_t)digits : digits;
    for (int64_t i = 0; i < count; i++) {
        if (!pv_marshal_need(marshal, 2))
            return false;
        uint64_t digit = marshal->cursor[0] | (uint64_t)marshal->cursor[1] << 8;
        if (digit > 0x7fff)
            return pv_marshal_fail(marshal, "a digit of a long integer is out of range: the file "
                                            "is damaged");
        is_clipped = is_clipped || (digit && (i > 4 || (i == 4 && digit > 7)));
        value |= i > 4 ? 0 : digit << (15 * i);
        marshal->cursor += 2;
    }
    uint64_t magnitude = is_clipped || value > INT64_MAX ? INT64_MAX : value;
    token->integer = digits < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
    return pv_marshal_set_integer(marshal, token);
}

/* A number as Python's repr writes it: also "inf", "nan", and what leaves int64. */
static bool parse_real(struct pv_text text, double *out)
{
    struct pv_decimal decimal;
    bool is_negative = text.size && text.data[0] == '-';
    struct pv_text body = pv_text_slice(text, is_negative, text.size);
    if (pv_parse_decimal(text, &decimal))
        *out = (double)decimal.value / (double)pv_power10(decimal.digits);
    else if (pv_text_equal(body, PV_TEXT("nan")))
        *out = (double)NAN;
    else if (pv_text_equal(body, PV_TEXT("inf")) ||
             (body.size && body.data[0] >= '0' && body.data[0] <= '9'))
        *out = is_negative ? -HUGE_VAL : HUGE_VAL;
    else
        return false;
    return true;
}

/* A number behind a size of one byte; the cursor stands on that size. */
bool pv_marshal_read_textual(struct pv_marshal *marshal, double *out)
{
    if (!pv_marshal_need(marshal, 1) || !pv_marshal_need(marshal, 1 + (size_t)*marshal->cursor))
        return false;
    struct pv_text text = {(const char *)marshal->cursor + 1, *marshal->cursor};
    if (!parse_real(text, out))
        return pv_marshal_fail(marshal, "a number written as text is none: the file is damaged");
    marshal->cursor += 1 + text.size;
    return true;
}

/* Surrogates come as their three bytes. U+DC80 to U+DCFF stand for a byte that was no UTF-8 (PEP
 * 383) and become that byte again; others stay as they are. */
static struct pv_text restore_bytes(struct pv_marshal *marshal, struct pv_text text)
{
    struct pv_buffer *out = &marshal->scratch;
    out->size = 0;
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = 0; i < text.size; i++) {
        if (bytes[i] == 0xed && i + 2 < text.size && (bytes[i + 1] & 0xfe) == 0xb2 &&
            (bytes[i + 2] & 0xc0) == 0x80) {
            unsigned low = (bytes[i + 1] & 1U) << 6 | (bytes[i + 2] & 0x3fU);
            pv_buffer_char(out, (char)(low | 0x80));
            i += 2;
        } else {
            pv_buffer_char(out, text.data[i]);
        }
    }
    return pv_buffer_text(out);
}

static bool intern(struct pv_marshal *marshal, uint32_t text)
{
    void *interned = marshal->interned;
    bool grown = pv_marshal_grow(marshal, &interned, &marshal->interned_capacity,
                                 marshal->interned_count, sizeof *marshal->interned);
    marshal->interned = interned;
    if (grown)
        marshal->interned[marshal->interned_count++] = text;
    return grown;
}

/* The bytes of a text; the cursor stands behind their size. */
bool pv_marshal_read_text(struct pv_marshal *marshal, struct pv_marshal_token *token, unsigned type,
                          uint32_t size)
{
    if (size > INT32_MAX || size > marshal->limits->line_bytes)
        return pv_marshal_fail(marshal,
                               "a text of %lu bytes: the file is damaged, or longer than "
                               "--max-line allows",
                               (unsigned long)size);
    if (!pv_marshal_need(marshal, size))
        return false;
    struct pv_text text = {(const char *)marshal->cursor, size};
    if ((type == 'u' || type == 't') && size && memchr(text.data, 0xed, size))
        text = restore_bytes(marshal, text);
    token->text = marshal->texts.keep(marshal->texts.context, text);
    marshal->cursor += size;
    pv_marshal_set_text(marshal, token);
    return type != 't' || intern(marshal, token->text);
}

/* A text inside something that is passed over: nobody will ever ask for it. */
bool pv_marshal_pass_text(struct pv_marshal *marshal, uint32_t size)
{
    if (size > INT32_MAX)
        return pv_marshal_fail(marshal, "a text of a negative size: the file is damaged");
    while (size) {
        size_t step = size < 4096 ? size : 4096;
        if (!pv_marshal_need(marshal, step))
            return false;
        marshal->cursor += step;
        size -= (uint32_t)step;
    }
    return true;
}
