#include "formats/json_pull.h"

#include "formats/json_pieces.h"
#include "formats/json_text.h"
#include "formats/json_token.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the grammar lets stand next. */
enum state {
    AT_START, /* outside of all, before the first value */
    AT_VALUE, /* a value */
    AT_COLON, /* a colon and a value */
    AT_FIRST, /* the first member or item, or the end */
    AT_NEXT,  /* a comma and another one, or the end */
};

struct pv_json {
    struct pv_json_cursor cursor;
    struct pv_json_options options;
    enum state state;
    bool is_object, was_cut;
    uint32_t depth, capacity; /* containers entered; room in `outer` */
    uint32_t nesting;         /* most of them */
    bool *outer;              /* whether the container around each of them is an object */
};

enum { FEW_LEVELS = 64, QUOTED = 40 };

struct pv_json *pv_json_open(struct pv_input *input, const struct pv_json_options *options)
{
    struct pv_json *json = pv_zalloc(1, sizeof *json);
    uint64_t nesting = pv_input_limits(input)->nesting;
    pv_json_cursor_init(&json->cursor, input);
    json->nesting = nesting < UINT32_MAX / 2 ? (uint32_t)nesting : UINT32_MAX / 2;
    if (options)
        json->options = *options;
    json->cursor.may_be_cut = json->options.may_be_cut;
    return json;
}

void pv_json_close(struct pv_json *json)
{
    if (!json)
        return;
    pv_buffer_free(&json->cursor.scratch);
    free(json->outer);
    free(json);
}

static bool fail_here(struct pv_json *json, const char *text)
{
    return pv_json_cursor_fail_here(&json->cursor, text);
}

void pv_json_fail(struct pv_json *json, enum pv_code code, const char *format, ...)
{
    char text[sizeof json->cursor.err.message];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pv_json_cursor_fail(&json->cursor, code, text);
}

/* Comes to the value that the state lets stand next. */
static bool to_value(struct pv_json *json)
{
    struct pv_json_cursor *cursor = &json->cursor;
    if (cursor->has_failed)
        return false;
    if (json->state == AT_COLON) {
        if (!pv_json_cursor_next(cursor))
            return pv_json_cursor_fail_end(cursor);
        if (*cursor->at != ':')
            return fail_here(json, "a colon was expected behind the key");
        cursor->at++;
        json->state = AT_VALUE;
    }
    if (json->state != AT_VALUE && json->state != AT_START)
        return fail_here(json, "no value stands here");
    if (!pv_json_cursor_next(cursor))
        return pv_json_cursor_fail_end(cursor);
    pv_json_cursor_mark(cursor);
    return true;
}

static enum pv_json_type type_of(char byte)
{
    switch (byte) {
    case '{':
        return PV_JSON_OBJECT;
    case '[':
        return PV_JSON_ARRAY;
    case '"':
        return PV_JSON_STRING;
    case 't':
    case 'f':
        return PV_JSON_BOOL;
    case 'n':
        return PV_JSON_NULL;
    default:
        return byte == '-' || (byte >= '0' && byte <= '9') ? PV_JSON_NUMBER : PV_JSON_NONE;
    }
}

enum pv_json_type pv_json_peek(struct pv_json *json)
{
    if (!to_value(json))
        return PV_JSON_NONE;
    enum pv_json_type type = type_of(*json->cursor.at);
    if (type == PV_JSON_NONE)
        fail_here(json, "a value was expected");
    return type;
}

/* Comes to a value of one type, or fails. */
static bool expect(struct pv_json *json, enum pv_json_type wanted)
{
    static const char *const names[] = {"nothing",  "null",     "true or false", "a number",
                                        "a string", "an array", "an object"};
    enum pv_json_type type = pv_json_peek(json);
    if (type != wanted && type != PV_JSON_NONE)
        pv_json_fail(json, PV_INPUT_FAILED, "%s was expected, not %s", names[wanted], names[type]);
    return type == wanted;
}

/* Enters the container whose bracket is next. */
static bool enter(struct pv_json *json, bool is_object)
{
    if (json->depth >= json->nesting) {
        pv_json_fail(json, PV_LIMIT, "arrays and objects are nested deeper than %u (--max-nesting)",
                     (unsigned)json->nesting);
        return false;
    }
    if (json->depth == json->capacity) {
        json->capacity = json->capacity ? json->capacity * 2 : FEW_LEVELS;
        json->outer = pv_resize(json->outer, json->capacity * sizeof *json->outer);
    }
    json->outer[json->depth++] = json->is_object;
    json->is_object = is_object;
    json->state = AT_FIRST;
    json->cursor.at++;
    return true;
}

bool pv_json_object(struct pv_json *json)
{
    return expect(json, PV_JSON_OBJECT) && enter(json, true);
}

bool pv_json_array(struct pv_json *json)
{
    return expect(json, PV_JSON_ARRAY) && enter(json, false);
}

/* The input ended where another member or item could follow. */
static bool end_open(struct pv_json *json)
{
    if (!json->options.may_end_open || !pv_input_ok(json->cursor.input, &json->cursor.err))
        return pv_json_cursor_fail_end(&json->cursor);
    json->was_cut = true;
    json->depth = 0;
    json->state = AT_NEXT;
    return false;
}

/* Comes to the next member or item of the innermost container; false at its end, which is left
 * then, or on an error. */
static bool to_next(struct pv_json *json)
{
    struct pv_json_cursor *cursor = &json->cursor;
    char close = json->is_object ? '}' : ']';
    if (cursor->has_failed)
        return false;
    if (!pv_json_cursor_next(cursor))
        return end_open(json);
    bool is_comma = json->state == AT_NEXT && *cursor->at == ',';
    if (is_comma) {
        cursor->at++;
        if (!pv_json_cursor_next(cursor))
            return end_open(json);
    }
    if (*cursor->at == close && (!is_comma || json->options.may_trail_comma)) {
        cursor->at++;
        json->is_object = json->outer[--json->depth];
        json->state = AT_NEXT;
        return false;
    }
    if (!is_comma && json->state == AT_NEXT)
        return fail_here(json, json->is_object ? "a comma or } was expected"
                                               : "a comma or ] was expected");
    if (json->is_object && *cursor->at != '"')
        return fail_here(json, "a key in quotes was expected");
    json->state = AT_VALUE;
    return true;
}

static bool fail_number(struct pv_json *json, struct pv_text text, const char *what)
{
    pv_json_fail(json, PV_INPUT_FAILED, "the number %.*s %s",
                 PV_TEXT_ARGS(pv_text_slice(text, 0, QUOTED)), what);
    return false;
}

static bool take_number(struct pv_json *json, struct pv_text *out)
{
    json->state = AT_NEXT;
    return pv_json_cursor_number(&json->cursor, out);
}

static bool take_word(struct pv_json *json)
{
    char first = *json->cursor.at;
    json->state = AT_NEXT;
    return pv_json_cursor_word(&json->cursor, first == 't'   ? PV_TEXT("true")
                                              : first == 'f' ? PV_TEXT("false")
                                                             : PV_TEXT("null"));
}

/* Skips the value that comes next, or enters it if it is a container. */
static void skip_or_enter(struct pv_json *json)
{
    enum pv_json_type type = pv_json_peek(json);
    struct pv_text text;
    if (type == PV_JSON_STRING) {
        json->state = AT_NEXT;
        pv_json_cursor_skip_string(&json->cursor);
    } else if (type == PV_JSON_NUMBER) {
        if (take_number(json, &text) && !pv_json_is_number(text))
            fail_number(json, text, "is malformed");
    } else if (type == PV_JSON_ARRAY || type == PV_JSON_OBJECT) {
        enter(json, type == PV_JSON_OBJECT);
    } else if (type != PV_JSON_NONE) {
        take_word(json);
    }
}

/* Skips until no more than `depth` containers are open. */
static void skip_to(struct pv_json *json, uint32_t depth)
{
    while (!json->cursor.has_failed && json->depth > depth) {
        if (!to_next(json))
            continue;
        if (json->is_object) {
            pv_json_cursor_skip_string(&json->cursor);
            json->state = AT_COLON;
        }
        skip_or_enter(json);
    }
}

void pv_json_skip(struct pv_json *json)
{
    uint32_t depth = json->depth;
    skip_or_enter(json);
    skip_to(json, depth);
}

static void skip_untaken(struct pv_json *json)
{
    if (json->state == AT_VALUE || json->state == AT_COLON)
        pv_json_skip(json);
}

bool pv_json_member(struct pv_json *json, struct pv_text *key)
{
    struct pv_json_cursor *cursor = &json->cursor;
    skip_untaken(json);
    if (json->depth == 0 || !to_next(json))
        return false;
    pv_json_cursor_mark(cursor);
    if (!pv_json_cursor_string(cursor, key))
        return false;
    json->state = AT_COLON; /* not taken yet: that could move the key's bytes */
    if (cursor->at < cursor->end && *cursor->at == ':') {
        cursor->at++;
        json->state = AT_VALUE;
    }
    return true;
}

/* Mostly decided by the first byte. */
static bool is_same(struct pv_text text, const char *terminated)
{
    size_t i = 0;
    while (i < text.size && terminated[i] && text.data[i] == terminated[i])
        i++;
    return i == text.size && !terminated[i];
}

int pv_json_field(struct pv_json *json, const char *const *keys)
{
    struct pv_text key;
    while (pv_json_member(json, &key))
        for (int i = 0; keys[i]; i++)
            if (is_same(key, keys[i]))
                return i;
    return -1;
}

/* Outside of all: comes to the next value. */
static bool next_outside(struct pv_json *json)
{
    bool is_first = json->state == AT_START;
    if (json->cursor.has_failed || (!is_first && !json->options.may_repeat) ||
        !pv_json_cursor_next(&json->cursor))
        return false;
    json->state = AT_VALUE;
    return true;
}

/* Whether another item comes without anything unusual: a comma, on its line or the next. */
static inline bool is_next_item(struct pv_json *json)
{
    struct pv_json_cursor *cursor = &json->cursor;
    const char *at = cursor->at;
    if (json->state != AT_NEXT || json->is_object || json->depth == 0 || cursor->has_failed ||
        cursor->end - at < 3 || *at++ != ',')
        return false;
    bool is_line = *at == '\n';
    at += is_line;
    if ((unsigned char)*at <= ' ' || *at == ']')
        return false;
    cursor->at = at;
    cursor->line += is_line;
    json->state = AT_VALUE;
    return true;
}

bool pv_json_item(struct pv_json *json)
{
    if (is_next_item(json))
        return true;
    skip_untaken(json);
    return json->depth == 0 ? next_outside(json) : to_next(json);
}

bool pv_json_string(struct pv_json *json, struct pv_text *out)
{
    if (!expect(json, PV_JSON_STRING))
        return false;
    json->state = AT_NEXT;
    return pv_json_cursor_string(&json->cursor, out);
}

bool pv_json_number(struct pv_json *json, struct pv_text *out)
{
    struct pv_text text;
    if (!expect(json, PV_JSON_NUMBER) || !take_number(json, &text))
        return false;
    if (!pv_json_is_number(text))
        return fail_number(json, text, "is malformed");
    *out = text;
    return true;
}

bool pv_json_decimal(struct pv_json *json, struct pv_decimal *out)
{
    struct pv_text text;
    if (!expect(json, PV_JSON_NUMBER))
        return false;
    size_t size = pv_json_plain_number(json->cursor.at, json->cursor.end, out);
    if (size) {
        json->cursor.at += size;
        json->state = AT_NEXT;
        for (; out->digits && out->value % 10 == 0; out->digits--)
            out->value /= 10;
        return true;
    }
    if (!take_number(json, &text))
        return false;
    if (!pv_json_is_number(text))
        return fail_number(json, text, "is malformed");
    return pv_parse_decimal(text, out) || fail_number(json, text, "is out of range");
}

bool pv_json_int(struct pv_json *json, int64_t *out)
{
    struct pv_decimal decimal;
    if (!pv_json_decimal(json, &decimal))
        return false;
    if (decimal.digits > 0) {
        pv_json_fail(json, PV_INPUT_FAILED, "an integer was expected, not a fraction");
        return false;
    }
    *out = decimal.value;
    return true;
}

bool pv_json_bool(struct pv_json *json, bool *out)
{
    if (!expect(json, PV_JSON_BOOL))
        return false;
    *out = *json->cursor.at == 't';
    return take_word(json);
}

bool pv_json_null(struct pv_json *json)
{
    return pv_json_peek(json) == PV_JSON_NULL && take_word(json);
}

static unsigned shape_of(const char *at, const char *end)
{
    uint64_t first;
    if (end - at <= (ptrdiff_t)sizeof first)
        return 0;
    memcpy(&first, at + 1, sizeof first);
    return (unsigned)(first * 0x9e3779b97f4a7c15 >> (64 - PV_JSON_SHAPE_BITS));
}

struct pv_json_pieces *pv_json_look_pieces(struct pv_json *json, struct pv_json_shapes *shapes)
{
    struct pv_json_cursor *cursor = &json->cursor;
    bool is_there = json->state == AT_VALUE && !cursor->has_failed && cursor->at < cursor->end &&
                    *cursor->at == '{';
    if ((!is_there && !to_value(json)) || *cursor->at != '{' || json->depth >= json->nesting)
        return NULL;
    pv_json_cursor_mark(cursor);
    struct pv_json_pieces *pieces = &shapes->of[shape_of(cursor->at, cursor->end)];
    return pv_json_cut_object(pieces, cursor->at, cursor->end) ? pieces : NULL;
}

void pv_json_take_pieces(struct pv_json *json, const struct pv_json_pieces *pieces)
{
    json->cursor.at += pieces->size;
    json->cursor.line += pieces->lines;
    json->state = AT_NEXT;
}

struct pv_text pv_json_unescaped(struct pv_json *json, struct pv_text value)
{
    size_t bad;
    json->cursor.scratch.size = 0;
    pv_json_unescape(&json->cursor.scratch, value, &bad);
    return pv_buffer_text(&json->cursor.scratch);
}

bool pv_json_is_ok(const struct pv_json *json)
{
    return !json->cursor.has_failed;
}

bool pv_json_was_cut(const struct pv_json *json)
{
    return json->was_cut || json->cursor.was_cut;
}

bool pv_json_ends_line(const struct pv_json *json)
{
    const struct pv_json_cursor *cursor = &json->cursor;
    return (cursor->at > cursor->start ? cursor->at[-1] : cursor->last) == '\n';
}

struct pv_where pv_json_where(const struct pv_json *json)
{
    const struct pv_json_cursor *cursor = &json->cursor;
    return (struct pv_where){pv_input_name(cursor->input), cursor->token_line, cursor->token};
}

bool pv_json_end(struct pv_json *json, struct pv_error *err)
{
    struct pv_json_cursor *cursor = &json->cursor;
    if (json->state == AT_START)
        pv_json_skip(json);
    skip_untaken(json);
    skip_to(json, 0);
    while (json->options.may_repeat && pv_json_item(json))
        ;
    if (!cursor->has_failed && pv_json_cursor_next(cursor))
        fail_here(json, "something follows behind the end of the JSON");
    if (cursor->has_failed && !cursor->was_cut) {
        *err = cursor->err;
        return false;
    }
    return pv_input_ok(cursor->input, err);
}
