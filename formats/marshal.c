#include "formats/marshal.h"

#include "formats/marshal_parts.h"
#include "model/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLAG_REF = 0x80, LONGEST_FIXED = 9 };

/* How the bytes behind a type byte are laid out. */
enum shape {
    UNKNOWN,
    BARE,     /* nothing follows */
    INT32,    /* four bytes */
    INT64,    /* eight bytes */
    LONG,     /* a count of 15-bit digits, whose sign is the number's, and the digits */
    DOUBLE,   /* eight bytes */
    TEXTUAL,  /* a size of one byte and a decimal number */
    COMPLEX,  /* sixteen bytes */
    COMPLEX2, /* two textual numbers */
    STRING8,  /* a size of one byte and the bytes */
    STRING32, /* a size of four bytes and the bytes */
    COUNT8,   /* a count of one byte */
    COUNT32,  /* a count of four bytes */
    INDEX,    /* a reference by number: r */
    INDEX2,   /* a reference into Python 2's table of interned strings: R */
};

struct type {
    uint8_t shape, kind;
    uint8_t fixed;  /* bytes that follow in any case */
    bool is_object; /* may be referred to */
};

static const struct type types[FLAG_REF] = {
    ['0'] = {BARE, PV_MARSHAL_END, 0, false},      ['N'] = {BARE, PV_MARSHAL_NONE, 0, false},
    ['F'] = {BARE, PV_MARSHAL_INT, 0, false},      ['T'] = {BARE, PV_MARSHAL_INT, 0, false},
    ['S'] = {BARE, PV_MARSHAL_OTHER, 0, false},    ['.'] = {BARE, PV_MARSHAL_OTHER, 0, false},
    ['i'] = {INT32, PV_MARSHAL_INT, 4, true},      ['I'] = {INT64, PV_MARSHAL_INT, 8, true},
    ['l'] = {LONG, PV_MARSHAL_INT, 4, true},       ['f'] = {TEXTUAL, PV_MARSHAL_REAL, 1, true},
    ['g'] = {DOUBLE, PV_MARSHAL_REAL, 8, true},    ['x'] = {COMPLEX2, PV_MARSHAL_OTHER, 1, true},
    ['y'] = {COMPLEX, PV_MARSHAL_OTHER, 16, true}, ['s'] = {STRING32, PV_MARSHAL_TEXT, 4, true},
    ['t'] = {STRING32, PV_MARSHAL_TEXT, 4, true},  ['u'] = {STRING32, PV_MARSHAL_TEXT, 4, true},
    ['a'] = {STRING32, PV_MARSHAL_TEXT, 4, true},  ['A'] = {STRING32, PV_MARSHAL_TEXT, 4, true},
    ['z'] = {STRING8, PV_MARSHAL_TEXT, 1, true},   ['Z'] = {STRING8, PV_MARSHAL_TEXT, 1, true},
    [')'] = {COUNT8, PV_MARSHAL_TUPLE, 1, true},   ['('] = {COUNT32, PV_MARSHAL_TUPLE, 4, true},
    ['['] = {COUNT32, PV_MARSHAL_LIST, 4, true},   ['<'] = {COUNT32, PV_MARSHAL_SET, 4, true},
    ['>'] = {COUNT32, PV_MARSHAL_SET, 4, true},    ['{'] = {BARE, PV_MARSHAL_DICT, 0, true},
    [':'] = {BARE, PV_MARSHAL_SLICE, 0, true},     ['c'] = {BARE, PV_MARSHAL_CODE, 0, true},
    ['r'] = {INDEX, PV_MARSHAL_OTHER, 4, false},   ['R'] = {INDEX2, PV_MARSHAL_OTHER, 4, false},
};

struct pv_marshal *pv_marshal_new(struct pv_input *input, const struct pv_marshal_texts *texts)
{
    struct pv_marshal *marshal = pv_zalloc(1, sizeof *marshal);
    marshal->input = input;
    marshal->limits = pv_input_limits(input);
    marshal->texts = *texts;
    marshal->budget.limit = marshal->limits->memory;
    return marshal;
}

void pv_marshal_free(struct pv_marshal *marshal)
{
    if (!marshal)
        return;
    free(marshal->tags);
    free(marshal->values);
    free(marshal->wide);
    free(marshal->interned);
    free(marshal->levels);
    pv_buffer_free(&marshal->scratch);
    free(marshal);
}

/* Tells the input how far the cursor is. */
static void settle(struct pv_marshal *marshal)
{
    pv_input_skip(marshal->input, (size_t)(marshal->cursor - marshal->base));
    marshal->base = marshal->cursor;
}

void pv_marshal_end(struct pv_marshal *marshal)
{
    settle(marshal);
    marshal->base = marshal->cursor = marshal->end = NULL;
}

bool pv_marshal_fail(struct pv_marshal *marshal, const char *format, ...)
{
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    settle(marshal);
    pv_input_fail(marshal->input, PV_INPUT_FAILED, "%s", text);
    return false;
}

static bool refill(struct pv_marshal *marshal, size_t wanted)
{
    settle(marshal);
    struct pv_text window = pv_input_need(marshal->input, wanted);
    marshal->base = marshal->cursor = (const unsigned char *)window.data;
    marshal->end = marshal->cursor + window.size;
    return window.size >= wanted ||
           pv_marshal_fail(marshal, "the file ends in the middle of an object: it was cut, or the "
                                    "program that wrote it was stopped; write it again");
}

bool pv_marshal_need(struct pv_marshal *marshal, size_t wanted)
{
    return (size_t)(marshal->end - marshal->cursor) >= wanted || refill(marshal, wanted);
}

static uint64_t read64(const unsigned char *at)
{
    return pv_marshal_word(at) | (uint64_t)pv_marshal_word(at + 4) << 32;
}

static bool grow_objects(struct pv_marshal *marshal)
{
    void *tags = marshal->tags, *values = marshal->values;
    uint32_t tag_capacity = marshal->object_capacity, value_capacity = tag_capacity;
    bool grown =
        pv_marshal_grow(marshal, &tags, &tag_capacity, marshal->object_count, sizeof(uint8_t)) &&
        pv_marshal_grow(marshal, &values, &value_capacity, marshal->object_count, sizeof(uint32_t));
    marshal->tags = tags;
    marshal->values = values;
    if (grown)
        marshal->object_capacity = tag_capacity;
    return grown;
}

/* Where there is room. */
static inline uint32_t add_object(struct pv_marshal *marshal, unsigned tag, uint32_t value)
{
    marshal->tags[marshal->object_count] = (uint8_t)tag;
    marshal->values[marshal->object_count] = value;
    return marshal->object_count++;
}

/* Gives the token's object its number; containers get their place before their items do. */
static bool register_object(struct pv_marshal *marshal, struct pv_marshal_token *token)
{
    if (marshal->object_count == marshal->object_capacity && !grow_objects(marshal))
        return false;
    token->object = add_object(marshal, token->kind, 0);
    return true;
}

static bool read_count(struct pv_marshal *marshal, struct pv_marshal_token *token, uint32_t count)
{
    token->count = count;
    return count <= INT32_MAX ||
           pv_marshal_fail(marshal, "a container of a negative size: the file is damaged");
}

/* What a reference leads to, which is there. */
static inline void follow(const struct pv_marshal *marshal, struct pv_marshal_token *token,
                          uint32_t index)
{
    unsigned tag = marshal->tags[index];
    uint32_t stored = marshal->values[index];
    uint64_t value = tag & PV_MARSHAL_WIDE ? marshal->wide[stored] : stored;
    token->kind = tag & PV_MARSHAL_KIND;
    token->is_reference = true;
    token->meaning = tag >> PV_MARSHAL_MEANING_SHIFT;
    token->mark = token->text = stored;
    token->integer = (int64_t)value;
    token->real = pv_marshal_double(value);
}

static bool read_reference(struct pv_marshal *marshal, struct pv_marshal_token *token,
                           uint32_t index)
{
    if (index >= marshal->object_count)
        return pv_marshal_fail(marshal,
                               "a reference to object %lu, of which there are %lu so far: the file "
                               "is damaged",
                               (unsigned long)index, (unsigned long)marshal->object_count);
    follow(marshal, token, index);
    return true;
}

static bool read_interned(struct pv_marshal *marshal, struct pv_marshal_token *token,
                          uint32_t index)
{
    if (index >= marshal->interned_count)
        return pv_marshal_fail(marshal,
                               "a reference to interned text %lu, of which there are %lu so far: "
                               "the file is damaged",
                               (unsigned long)index, (unsigned long)marshal->interned_count);
    token->kind = PV_MARSHAL_TEXT;
    token->is_reference = true;
    token->text = marshal->interned[index];
    return true;
}

static bool read_rare(struct pv_marshal *marshal, struct pv_marshal_token *token, unsigned shape,
                      const unsigned char *fixed)
{
    double unused;
    switch (shape) {
    case INT64:
        token->integer = (int64_t)read64(fixed);
        return pv_marshal_set_integer(marshal, token);
    case LONG:
        return pv_marshal_read_long(marshal, token, (int32_t)pv_marshal_word(fixed));
    case TEXTUAL:
        marshal->cursor--; /* on its size */
        return pv_marshal_read_textual(marshal, &token->real) &&
               pv_marshal_set_real(marshal, token);
    case COMPLEX2:
        marshal->cursor--;
        return pv_marshal_read_textual(marshal, &unused) &&
               pv_marshal_read_textual(marshal, &unused);
    case INDEX2:
        return read_interned(marshal, token, pv_marshal_word(fixed));
    default:
        return true;
    }
}

static bool read_body(struct pv_marshal *marshal, struct pv_marshal_token *token, unsigned type,
                      bool keeps_texts)
{
    unsigned shape = types[type].shape;
    const unsigned char *fixed = marshal->cursor - types[type].fixed;
    switch (shape) {
    case BARE:
        token->integer = type == 'T';
        return true;
    case INT32:
        token->integer = (int32_t)pv_marshal_word(fixed);
        return pv_marshal_set_integer(marshal, token);
    case DOUBLE:
        token->real = pv_marshal_double(read64(fixed));
        return pv_marshal_set_real(marshal, token);
    case STRING8:
    case STRING32: {
        uint32_t size = shape == STRING8 ? *fixed : pv_marshal_word(fixed);
        bool is_needed = keeps_texts || type == 't' || token->object != PV_MARSHAL_NO_OBJECT;
        return is_needed ? pv_marshal_read_text(marshal, token, type, size)
                         : pv_marshal_pass_text(marshal, size);
    }
    case COUNT8:
        return read_count(marshal, token, *fixed);
    case COUNT32:
        return read_count(marshal, token, pv_marshal_word(fixed));
    case INDEX:
        return read_reference(marshal, token, pv_marshal_word(fixed));
    default:
        return read_rare(marshal, token, shape, fixed);
    }
}

bool pv_marshal_head(struct pv_marshal *marshal, struct pv_marshal_token *token, bool keeps_texts)
{
    token->kind = PV_MARSHAL_NONE;
    if (!pv_marshal_need(marshal, 1))
        return false;
    unsigned byte = *marshal->cursor, type = byte & (FLAG_REF - 1);
    const struct type *known = &types[type];
    if (known->shape == UNKNOWN)
        return pv_marshal_fail(marshal, "byte 0x%02x begins no object: the file is damaged", byte);
    if (!pv_marshal_need(marshal, 1 + (size_t)known->fixed))
        return false;
    marshal->cursor += 1 + known->fixed;
    token->kind = known->kind;
    token->is_reference = false;
    token->object = PV_MARSHAL_NO_OBJECT;
    if (byte != type && known->is_object && !register_object(marshal, token))
        return false;
    return read_body(marshal, token, type, keeps_texts);
}

/* A short text that may be referred to, which stands in the window as a whole. */
static bool take_short_text(struct pv_marshal *marshal, struct pv_marshal_token *token)
{
    const unsigned char *at = marshal->cursor;
    if ((size_t)(marshal->end - at) < 2 + (size_t)at[1] ||
        marshal->object_count == marshal->object_capacity)
        return false;
    marshal->cursor = at + 2 + at[1];
    token->kind = PV_MARSHAL_TEXT;
    token->is_reference = false;
    token->text =
        marshal->texts.keep(marshal->texts.context, (struct pv_text){(const char *)at + 2, at[1]});
    token->object = add_object(marshal, PV_MARSHAL_TEXT, token->text);
    return true;
}

/* Any head. */
static bool next_any(struct pv_marshal *marshal, struct pv_marshal_token *token)
{
    if (marshal->cursor < marshal->end && *marshal->cursor == (FLAG_REF | 'z') &&
        marshal->end - marshal->cursor >= LONGEST_FIXED && take_short_text(marshal, token))
        return true;
    if (!pv_marshal_head(marshal, token, true))
        return false;
    return token->kind != PV_MARSHAL_CODE || token->is_reference || pv_marshal_code(marshal, token);
}

/* What nearly all heads of a file are, they and their fixed bytes in the window, is done here; no
 * call before the last line, so that it costs a few instructions. */
bool pv_marshal_next(struct pv_marshal *marshal, struct pv_marshal_token *token)
{
    const unsigned char *at = marshal->cursor;
    if (marshal->end - at < LONGEST_FIXED)
        return next_any(marshal, token);
    unsigned flag = *at & FLAG_REF;
    if (flag && marshal->object_count == marshal->object_capacity)
        return next_any(marshal, token);
    switch (*at & (FLAG_REF - 1)) {
    case 'r':
        if (flag || pv_marshal_word(at + 1) >= marshal->object_count)
            return next_any(marshal, token);
        marshal->cursor = at + 5;
        follow(marshal, token, pv_marshal_word(at + 1));
        return true;
    case ')':
        marshal->cursor = at + 2;
        token->kind = PV_MARSHAL_TUPLE;
        token->count = at[1];
        break;
    case '{':
        marshal->cursor = at + 1;
        token->kind = PV_MARSHAL_DICT;
        break;
    case '0':
        marshal->cursor = at + 1;
        token->kind = PV_MARSHAL_END;
        flag = 0;
        break;
    default:
        return next_any(marshal, token);
    }
    token->is_reference = false;
    token->object = flag ? add_object(marshal, token->kind, 0) : PV_MARSHAL_NO_OBJECT;
    return true;
}

static bool number_of(struct pv_marshal *marshal, const struct pv_marshal_token *token,
                      struct pv_marshal_number *out)
{
    out->is_real = token->kind == PV_MARSHAL_REAL;
    if (out->is_real)
        out->real = token->real;
    else
        out->integer = token->integer;
    return out->is_real || token->kind == PV_MARSHAL_INT ||
           pv_marshal_fail(marshal, "%s in place of a number", pv_marshal_kind_name(token->kind));
}

/* A number's place among the objects, where there is room. */
static inline bool add_number(struct pv_marshal *marshal, bool is_real, uint64_t bits)
{
    if (marshal->object_count == marshal->object_capacity ||
        (is_real ? marshal->wide_count == marshal->wide_capacity : bits > INT32_MAX))
        return false;
    if (!is_real) {
        add_object(marshal, PV_MARSHAL_INT, (uint32_t)bits);
        return true;
    }
    add_object(marshal, PV_MARSHAL_REAL | PV_MARSHAL_WIDE, marshal->wide_count);
    marshal->wide[marshal->wide_count++] = bits;
    return true;
}

/* A number that stands in the window as a whole and needs no room that is not there. */
static inline bool take_number(struct pv_marshal *marshal, struct pv_marshal_number *out)
{
    const unsigned char *at = marshal->cursor;
    if (marshal->end - at < LONGEST_FIXED)
        return false;
    unsigned type = *at & (FLAG_REF - 1), flag = *at & FLAG_REF;
    uint32_t word = pv_marshal_word(at + 1);
    if (type == 'g') {
        if (flag && !add_number(marshal, true, read64(at + 1)))
            return false;
        marshal->cursor = at + 9;
        out->is_real = true;
        out->real = pv_marshal_double(read64(at + 1));
        return true;
    }
    bool is_reference =
        *at == 'r' && word < marshal->object_count && marshal->tags[word] == PV_MARSHAL_INT;
    if (!is_reference && (type != 'i' || (flag && !add_number(marshal, false, word))))
        return false;
    marshal->cursor = at + 5;
    out->is_real = false;
    out->integer = is_reference ? (int64_t)marshal->values[word] : (int32_t)word;
    return true;
}

bool pv_marshal_numbers(struct pv_marshal *marshal, struct pv_marshal_number *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct pv_marshal_token token = {.kind = PV_MARSHAL_NONE};
        if (!take_number(marshal, &out[i]) &&
            (!pv_marshal_next(marshal, &token) || !number_of(marshal, &token, &out[i])))
            return false;
    }
    return true;
}

void pv_marshal_remember(struct pv_marshal *marshal, const struct pv_marshal_token *token,
                         uint32_t meaning, uint32_t mark)
{
    if (token->is_reference || token->object == PV_MARSHAL_NO_OBJECT)
        return;
    marshal->tags[token->object] |= (uint8_t)(meaning << PV_MARSHAL_MEANING_SHIFT);
    marshal->values[token->object] = mark;
}

const char *pv_marshal_kind_name(enum pv_marshal_kind kind)
{
    static const char *const names[] = {
        [PV_MARSHAL_END] = "the end of a dictionary",
        [PV_MARSHAL_NONE] = "None",
        [PV_MARSHAL_OTHER] = "an object of a rare kind",
        [PV_MARSHAL_INT] = "an integer",
        [PV_MARSHAL_REAL] = "a float",
        [PV_MARSHAL_TEXT] = "a string",
        [PV_MARSHAL_TUPLE] = "a tuple",
        [PV_MARSHAL_LIST] = "a list",
        [PV_MARSHAL_SET] = "a set",
        [PV_MARSHAL_DICT] = "a dictionary",
        [PV_MARSHAL_SLICE] = "a slice",
        [PV_MARSHAL_CODE] = "a code object",
    };
    return names[kind];
}
