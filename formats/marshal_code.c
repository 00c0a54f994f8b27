#include "formats/marshal_parts.h"

#include "model/number.h"

#include <string.h>

/* Passing over containers, and over code objects. A code object is its counts (words of four
 * bytes), its parts, a word with its first line, and one or two more parts. Which counts and parts
 * there are depends on Python's version, which no file tells: the number of words follows from
 * where the first part begins, the rest from what stands in the fifth. */

enum { LINE_SLOT = 8, PROBE_BYTES = 24 + 5, CODE_BYTES_MAX = 1 << 24 };

/* What each part must be: t a tuple, s a string. */
static const char old_layout[] = "stttttsss"; /* to 3.10: code consts names varnames freevars
                                                 cellvars filename name, lnotab */
static const char new_layout[] =
    "stttssssss"; /* from 3.11: … localsplusnames localspluskinds
                     filename name qualname, linetable exceptiontable */
enum { KINDS_SLOT = 4, NEW_FILE_SLOT = 5, OLD_FILE_SLOT = 6, OLD_NAME_SLOT = 7 };

struct code_name {
    uint32_t file, name;
    int32_t line;
};

static bool push(struct pv_marshal *marshal, const struct pv_marshal_token *token)
{
    if (marshal->level_count >= marshal->limits->nesting)
        return pv_marshal_fail(marshal, "containers are nested more than %llu deep",
                               (unsigned long long)marshal->limits->nesting);
    void *levels = marshal->levels;
    bool grown = pv_marshal_grow(marshal, &levels, &marshal->level_capacity, marshal->level_count,
                                 sizeof *marshal->levels);
    marshal->levels = levels;
    if (!grown)
        return false;
    uint32_t left = token->kind == PV_MARSHAL_SLICE ? 3 : token->count;
    marshal->levels[marshal->level_count++] =
        (struct pv_marshal_level){.kind = token->kind, .left = left};
    return true;
}

/* Whether the byte code, which comes first, may begin here: a string of a credible size, never
 * empty. A count that looks like its type byte is followed by zeros or by a size beyond all
 * measure. */
static bool is_code_string(const unsigned char *at, uint32_t objects)
{
    unsigned type = at[0] & 0x7fU;
    uint32_t value = pv_marshal_word(at + 1);
    return value && ((type == 's' && value < CODE_BYTES_MAX) || (at[0] == 'r' && value < objects));
}

/* Takes the counts in front of a code object's parts. */
static bool take_counts(struct pv_marshal *marshal)
{
    struct pv_text window;
    if (!pv_marshal_need(marshal, PROBE_BYTES))
        return false;
    window.data = (const char *)marshal->cursor;
    for (unsigned words = 4; words <= 6; words++) {
        const unsigned char *at = (const unsigned char *)window.data + (size_t)words * 4;
        if (is_code_string(at, marshal->object_count)) {
            marshal->cursor = at;
            return true;
        }
    }
    return pv_marshal_fail(marshal, "a code object of an unknown layout: the file is damaged, or "
                                    "of a Python that did not exist yet");
}

static bool is_slot(const struct pv_marshal_level *level, const struct pv_marshal_token *item)
{
    bool is_text = item->kind == PV_MARSHAL_TEXT;
    const char *layout = level->is_new_layout ? new_layout : old_layout;
    return layout[level->slot] == 's' ? is_text : item->kind == PV_MARSHAL_TUPLE;
}

/* A part of a code object; `name` receives what its name is made of, where it is wanted. */
static bool take_part(struct pv_marshal *marshal, struct pv_marshal_token *item,
                      struct code_name *name)
{
    struct pv_marshal_level *level = &marshal->levels[marshal->level_count - 1];
    bool is_wanted = name && level->slot >= NEW_FILE_SLOT && level->slot <= OLD_NAME_SLOT;
    if (!pv_marshal_head(marshal, item, is_wanted))
        return false;
    if (level->slot == KINDS_SLOT)
        level->is_new_layout = item->kind == PV_MARSHAL_TEXT;
    if (!is_slot(level, item))
        return pv_marshal_fail(marshal,
                               "%s in place of a part of a code object: the file is damaged",
                               pv_marshal_kind_name(item->kind));
    unsigned file_slot = level->is_new_layout ? NEW_FILE_SLOT : OLD_FILE_SLOT;
    if (name && level->slot == file_slot)
        name->file = item->text;
    if (name && level->slot == file_slot + 1)
        name->name = item->text;
    level->slot++;
    return true;
}

static bool take_line(struct pv_marshal *marshal, int32_t *line)
{
    if (!pv_marshal_need(marshal, 4))
        return false;
    *line = (int32_t)pv_marshal_word(marshal->cursor);
    marshal->cursor += 4;
    return true;
}

/* One step through a code object: a part, or its end. */
static bool step_code(struct pv_marshal *marshal, struct pv_marshal_token *item,
                      struct code_name *name)
{
    struct pv_marshal_level *level = &marshal->levels[marshal->level_count - 1];
    const char *layout = level->is_new_layout ? new_layout : old_layout;
    int32_t line = 0;
    item->kind = PV_MARSHAL_NONE;
    if (!layout[level->slot]) {
        marshal->level_count--;
        return true;
    }
    if (level->slot == LINE_SLOT && !take_line(marshal, &line))
        return false;
    if (level->slot == LINE_SLOT && name)
        name->line = line;
    return take_part(marshal, item, name);
}

static bool step_container(struct pv_marshal *marshal, struct pv_marshal_token *item)
{
    struct pv_marshal_level *level = &marshal->levels[marshal->level_count - 1];
    item->kind = PV_MARSHAL_NONE;
    if (level->kind != PV_MARSHAL_DICT && level->left-- == 0) {
        marshal->level_count--;
        return true;
    }
    if (!pv_marshal_head(marshal, item, false))
        return false;
    if (item->kind == PV_MARSHAL_END && level->kind != PV_MARSHAL_DICT)
        return pv_marshal_fail(marshal, "the end of a dictionary inside %s: the file is damaged",
                               pv_marshal_kind_name(level->kind));
    if (item->kind == PV_MARSHAL_END)
        marshal->level_count--;
    return true;
}

static bool is_container(const struct pv_marshal_token *token)
{
    return !token->is_reference && token->kind >= PV_MARSHAL_TUPLE;
}

static bool enter(struct pv_marshal *marshal, const struct pv_marshal_token *token)
{
    return push(marshal, token) && (token->kind != PV_MARSHAL_CODE || take_counts(marshal));
}

/* `name` is of the outermost code object only. */
static bool walk(struct pv_marshal *marshal, const struct pv_marshal_token *token,
                 struct code_name *name)
{
    marshal->level_count = 0;
    if (!enter(marshal, token))
        return false;
    while (marshal->level_count) {
        uint32_t depth = marshal->level_count;
        struct pv_marshal_token item = {.kind = PV_MARSHAL_NONE};
        bool is_code = marshal->levels[depth - 1].kind == PV_MARSHAL_CODE;
        if (is_code ? !step_code(marshal, &item, depth == 1 ? name : NULL)
                    : !step_container(marshal, &item))
            return false;
        if (is_container(&item) && !enter(marshal, &item))
            return false;
    }
    return true;
}

bool pv_marshal_skip(struct pv_marshal *marshal, const struct pv_marshal_token *token)
{
    return !is_container(token) || token->kind == PV_MARSHAL_CODE || walk(marshal, token, NULL);
}

bool pv_marshal_code(struct pv_marshal *marshal, struct pv_marshal_token *token)
{
    struct code_name name = {0};
    char digits[PV_NUMBER_SIZE];
    if (!walk(marshal, token, &name))
        return false;
    struct pv_buffer *out = &marshal->scratch;
    out->size = 0;
    pv_buffer_add(out, PV_TEXT("<code object "));
    pv_buffer_add(out, marshal->texts.get(marshal->texts.context, name.name));
    pv_buffer_add(out, PV_TEXT(", file \""));
    pv_buffer_add(out, marshal->texts.get(marshal->texts.context, name.file));
    pv_buffer_add(out, PV_TEXT("\", line "));
    pv_buffer_add(out, (struct pv_text){digits, pv_print_int64(digits, name.line)});
    pv_buffer_char(out, '>');
    token->text = marshal->texts.keep(marshal->texts.context, pv_buffer_text(out));
    pv_marshal_set_text(marshal, token);
    return true;
}
