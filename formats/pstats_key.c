#include "formats/pstats_frame.h"
#include "formats/pstats_parts.h"
#include "model/number.h"

#include <string.h>

/* Keys and numbers of a pstats file. */

bool pv_pstats_refuse(struct pv_pstats *reader, const struct pv_marshal_token *token,
                      const char *expected)
{
    return pv_marshal_fail(reader->marshal, "%s%s in place of %s: this is no profile of Python",
                           token->is_reference ? "a reference to " : "",
                           pv_marshal_kind_name(token->kind), expected);
}

int64_t pv_pstats_time(struct pv_pstats *reader, struct pv_marshal_number number)
{
    int64_t exact;
    if (!number.is_real && pv_multiply(number.integer, 1000000000, &exact))
        return exact;
    double ns = (number.is_real ? number.real : (double)number.integer) * 1e9;
    if (!(ns < 0x1p63 && ns >= -0x1p63))
        reader->clamped++;
    return pv_round(ns);
}

int64_t pv_pstats_calls(struct pv_marshal_number number)
{
    int64_t calls = number.is_real ? pv_round(number.real) : number.integer;
    return calls < 0 ? PV_UNKNOWN_CALLS : calls;
}

int64_t pv_pstats_add(struct pv_pstats *reader, int64_t a, int64_t b)
{
    int64_t sum;
    if (pv_add(a, b, &sum))
        return sum;
    reader->clamped++;
    return a < 0 ? INT64_MIN : INT64_MAX;
}

static bool next_text(struct pv_pstats *reader, pv_str *out, bool is_name)
{
    struct pv_marshal_token token;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    bool is_text = token.kind == PV_MARSHAL_TEXT || (is_name && token.kind == PV_MARSHAL_CODE);
    *out = is_text ? token.text : 0;
    return is_text || token.kind == PV_MARSHAL_NONE ||
           pv_pstats_refuse(reader, &token, is_name ? "a function's name" : "a function's file");
}

static bool next_line(struct pv_pstats *reader, uint32_t *out)
{
    struct pv_marshal_token token;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    bool is_line = token.kind == PV_MARSHAL_INT && token.integer >= 0 && token.integer < UINT32_MAX;
    *out = is_line ? (uint32_t)token.integer : 0;
    return token.kind == PV_MARSHAL_INT || token.kind == PV_MARSHAL_NONE ||
           pv_pstats_refuse(reader, &token, "a function's line");
}

/* A file's flags by its number: many functions share a file whose text is far away by then. */
static uint32_t file_flags(struct pv_pstats *reader, pv_str file)
{
    enum { NOTED = 0x80 };
    struct pv_pstats_array *notes = &reader->file_flags;
    uint32_t had = notes->capacity;
    if (file >= had) {
        if (!pv_grow(&notes->items, &notes->capacity, (uint64_t)file + 1, 1, &reader->budget))
            return pv_pstats_file_flags(pv_build_text_bytes(reader->builder, file));
        memset((char *)notes->items + had, 0, notes->capacity - had);
    }
    uint8_t *flags = (uint8_t *)notes->items + file;
    if (!*flags)
        *flags =
            (uint8_t)(pv_pstats_file_flags(pv_build_text_bytes(reader->builder, file)) | NOTED);
    return *flags & ~(unsigned)NOTED;
}

static uint32_t make_frame(struct pv_pstats *reader, pv_str file, uint32_t line, pv_str name)
{
    bool is_builtin = file == reader->tilde;
    struct pv_frame frame = {.name = name, .file = is_builtin ? 0 : file, .line = line};
    uint32_t made = pv_build_frame_by(reader->builder, &frame);
    if (made >= reader->frames && pv_builder_is_ok(reader->builder)) {
        reader->frames = made + 1;
        pv_build_flags(reader->builder, made,
                       pv_pstats_flags(file_flags(reader, frame.file),
                                       pv_build_text_bytes(reader->builder, name)));
    }
    return made;
}

bool pv_pstats_key(struct pv_pstats *reader, const struct pv_marshal_token *token, uint32_t *frame)
{
    pv_str file = 0, name = 0;
    uint32_t line = 0;
    if (token->kind == PV_MARSHAL_TUPLE && token->is_reference && token->meaning == PV_PSTATS_KEY) {
        *frame = token->mark;
        return true;
    }
    if (token->kind != PV_MARSHAL_TUPLE || token->is_reference || token->count != 3)
        return pv_pstats_refuse(reader, token, "(file, line, name)");
    if (!next_text(reader, &file, false) || !next_line(reader, &line) ||
        !next_text(reader, &name, true))
        return false;
    *frame = make_frame(reader, file, line, name);
    pv_marshal_remember(reader->marshal, token, PV_PSTATS_KEY, *frame);
    return true;
}
