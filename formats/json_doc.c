#include "formats/json_doc.h"

#include "model/escape.h"
#include "model/input.h"
#include "model/option.h"

#include <cJSON.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct pv_json_doc {
    cJSON *root;
    const char *source;
};

/* cJSON ends a text at a NUL that an escape put into it, so what is behind would vanish. */
static bool holds_nul(struct pv_text bytes)
{
    return pv_text_search(bytes, PV_TEXT("\\u0000")) < bytes.size ||
           pv_text_find(bytes, '\0') < bytes.size;
}

static uint64_t line_at(struct pv_text bytes, size_t at)
{
    uint64_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes.data[i] == '\n';
    return line;
}

/* The first bytes of a text for a message. */
static void quote(struct pv_buffer *out, struct pv_text text)
{
    enum { QUOTED = 24 };
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_text_slice(text, 0, QUOTED));
    pv_buffer_add(out, text.size > QUOTED ? PV_TEXT("…") : PV_TEXT(""));
}

/* A comma before a closing bracket is the usual mistake, and cJSON stops behind it. */
static const char *hint(struct pv_text bytes, size_t at)
{
    struct pv_text before = pv_text_trim(pv_text_slice(bytes, 0, at));
    char closing = at < bytes.size ? bytes.data[at] : ' ';
    bool is_comma = (closing == '}' || closing == ']') && pv_text_ends(before, PV_TEXT(","));
    return is_comma ? "; there is a comma before it that nothing follows" : "";
}

/* Whether the document ends there: cJSON points at its last byte then. */
static bool is_at_end(struct pv_text bytes, size_t at)
{
    struct pv_text rest = pv_text_trim(pv_text_slice(bytes, at, bytes.size));
    bool is_closing = rest.size == 1 && (rest.data[0] == '}' || rest.data[0] == ']');
    return rest.size == 0 || (at + 1 >= bytes.size && !is_closing);
}

/* Where a key should begin, cJSON steps over the first byte before it sees that it is no quote. */
static size_t step_back(struct pv_text bytes, size_t at)
{
    char byte = at > 1 ? bytes.data[at - 1] : ' ';
    struct pv_text before = pv_text_slice(bytes, 0, at > 1 ? at - 1 : 0);
    bool is_value = byte == '"' || byte == '-' || (byte >= '0' && byte <= '9');
    struct pv_text trimmed = pv_text_trim(before);
    bool begins = pv_text_ends(trimmed, PV_TEXT("{")) || pv_text_ends(trimmed, PV_TEXT(","));
    return begins && !is_value && pv_text_trim((struct pv_text){&byte, 1}).size ? at - 1 : at;
}

static bool fail_syntax(struct pv_text bytes, size_t at, const char *source, struct pv_error *err)
{
    at = step_back(bytes, at);
    struct pv_where where = {.source = source, .line = line_at(bytes, at), .offset = at};
    struct pv_text rest = pv_text_slice(bytes, at, bytes.size);
    rest = pv_text_trim(pv_text_slice(rest, 0, pv_text_find(rest, '\n')));
    struct pv_buffer shown = {0};
    quote(&shown, rest);
    if (is_at_end(bytes, at))
        pv_fail(err, PV_INPUT_FAILED, where,
                "is no JSON: it ends early; see that brackets and quotes are closed");
    else if (rest.size)
        pv_fail(err, PV_INPUT_FAILED, where, "is no JSON: cannot go on at '%.*s'%s",
                PV_TEXT_ARGS(pv_buffer_text(&shown)), hint(bytes, at));
    else
        pv_fail(err, PV_INPUT_FAILED, where, "is no JSON: cannot go on at the end of this line");
    pv_buffer_free(&shown);
    return false;
}

bool pv_json_doc_load(struct pv_buffer *out, const char *path, struct pv_error *err)
{
    struct pv_limits limits = pv_limits_default();
    const struct pv_input_options options = {.limits = &limits};
    struct pv_input *input;
    limits.input_bytes = (uint64_t)PV_JSON_DOC_MOST * 2; /* it says itself what is too much */
    if (!pv_input_open(&input, path, &options, err))
        return false;
    struct pv_text text = pv_input_need(input, PV_JSON_DOC_MOST + 1);
    pv_buffer_add(out, text);
    bool is_fine = pv_input_ok(input, err);
    if (!is_fine)
        err->where.source = path; /* the input's own copy goes with it */
    pv_input_close(input);
    return is_fine;
}

bool pv_json_doc_open(struct pv_json_doc **out, struct pv_text bytes, const char *source,
                      struct pv_error *err)
{
    const char *end = bytes.data;
    struct pv_where where = {.source = source};
    if (pv_text_starts(bytes, PV_TEXT("\xef\xbb\xbf")))
        bytes = pv_text_slice(bytes, 3, bytes.size);
    if (bytes.size > PV_JSON_DOC_MOST)
        return pv_fail(err, PV_INPUT_FAILED, where, "is larger than %d KiB",
                       PV_JSON_DOC_MOST >> 10);
    if (holds_nul(bytes))
        return pv_fail(err, PV_INPUT_FAILED, where, "holds a NUL character");
    if (bytes.size == 0)
        return pv_fail(err, PV_INPUT_FAILED, where, "is empty");
    cJSON *root = cJSON_ParseWithLengthOpts(bytes.data, bytes.size, &end, false);
    size_t at = end ? (size_t)(end - bytes.data) : 0;
    struct pv_text behind = pv_text_slice(bytes, at, bytes.size);
    if (root && pv_text_trim(behind).size) {
        cJSON_Delete(root);
        where.line = line_at(bytes, at + (size_t)(pv_text_trim(behind).data - behind.data));
        return pv_fail(err, PV_INPUT_FAILED, where, "something stands behind the JSON document");
    }
    if (!root)
        return fail_syntax(bytes, at, source, err);
    *out = pv_zalloc(1, sizeof **out);
    **out = (struct pv_json_doc){root, source};
    return true;
}

void pv_json_doc_free(struct pv_json_doc *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    free(doc);
}

struct pv_json_item pv_json_doc_root(const struct pv_json_doc *doc)
{
    return (struct pv_json_item){.value = doc->root, .doc = doc};
}

struct pv_text pv_json_item_text(const struct pv_json_item *item)
{
    return pv_text_of(cJSON_GetStringValue(item->value));
}

bool pv_json_item_bool(const struct pv_json_item *item)
{
    return cJSON_IsTrue(item->value);
}

bool pv_json_item_number(const struct pv_json_item *item, double *out)
{
    if (!cJSON_IsNumber((const cJSON *)item->value))
        return false;
    *out = cJSON_GetNumberValue(item->value);
    return true;
}

/* "rules[2].pattern", from the outside in; deeper than any document that a table describes is cut
 * at its outer end. */
static void add_place(struct pv_buffer *out, const struct pv_json_item *item)
{
    enum { DEEPEST = 8 };
    const struct pv_json_item *way[DEEPEST];
    size_t depth = 0;
    for (; item->parent && depth < DEEPEST; item = item->parent)
        way[depth++] = item;
    for (size_t i = depth; i-- > 0;) {
        if (!way[i]->key) {
            pv_buffer_print(out, "[%u]", way[i]->index);
            continue;
        }
        pv_buffer_add(out, i + 1 < depth ? PV_TEXT(".") : PV_TEXT(""));
        quote(out, pv_text_of(way[i]->key));
    }
}

bool pv_json_item_fail(const struct pv_json_item *item, struct pv_error *err, const char *format,
                       ...)
{
    enum { MOST = 240 };
    char words[MOST];
    struct pv_buffer place = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    add_place(&place, item);
    pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = item->doc->source}, "%.*s%s%s",
            PV_TEXT_ARGS(pv_buffer_text(&place)), place.size ? ": " : "", words);
    pv_buffer_free(&place);
    return false;
}

static const char *kind_words(enum pv_json_kind kind)
{
    static const char *const words[] = {"a text", "true or false", "a list [...]",
                                        "an object {...}", "a number or a text"};
    return words[kind];
}

static bool is_of(const cJSON *value, enum pv_json_kind kind)
{
    switch (kind) {
    case PV_JSON_DOC_TEXT:
        return cJSON_IsString(value);
    case PV_JSON_DOC_BOOL:
        return cJSON_IsBool(value);
    case PV_JSON_DOC_LIST:
        return cJSON_IsArray(value);
    case PV_JSON_DOC_OBJECT:
        return cJSON_IsObject(value);
    case PV_JSON_DOC_QUANTITY:
        return cJSON_IsNumber(value) || cJSON_IsString(value);
    }
    return false;
}

static const char *value_words(const cJSON *value)
{
    for (enum pv_json_kind kind = PV_JSON_DOC_TEXT; kind <= PV_JSON_DOC_OBJECT; kind++)
        if (is_of(value, kind))
            return kind_words(kind);
    return cJSON_IsNumber(value) ? "a number" : "null";
}

static bool check_kind(const struct pv_json_item *item, enum pv_json_kind kind,
                       struct pv_error *err)
{
    return is_of(item->value, kind) ||
           pv_json_item_fail(item, err, "must be %s and is %s", kind_words(kind),
                             value_words(item->value));
}

static const struct pv_json_key *find_key(const struct pv_json_key *keys, size_t count,
                                          const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (pv_text_equal(pv_text_of(keys[i].name), pv_text_of(name)))
            return &keys[i];
    return NULL;
}

static bool fail_unknown(const struct pv_json_item *item, const struct pv_json_key *keys,
                         size_t count, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = pv_text_of(item->key)};
    struct pv_buffer names = {0};
    for (size_t i = 0; i < count; i++) {
        pv_nearest_try(&nearest, pv_text_of(keys[i].name));
        pv_buffer_print(&names, "%s%s", i ? ", " : "", keys[i].name);
    }
    struct pv_text near = pv_nearest_name(&nearest);
    if (near.size)
        pv_json_item_fail(item, err, "unknown key; did you mean \"%.*s\"?", PV_TEXT_ARGS(near));
    else
        pv_json_item_fail(item, err, "unknown key; there are %.*s",
                          PV_TEXT_ARGS(pv_buffer_text(&names)));
    pv_buffer_free(&names);
    return false;
}

bool pv_json_take_keys(void *target, const struct pv_json_item *object,
                       const struct pv_json_key *keys, size_t count, struct pv_error *err)
{
    uint32_t seen = 0;
    const cJSON *member;
    if (!check_kind(object, PV_JSON_DOC_OBJECT, err))
        return false;
    cJSON_ArrayForEach(member, (const cJSON *)object->value)
    {
        const struct pv_json_item item = {
            .parent = object, .key = member->string, .value = member, .doc = object->doc};
        const struct pv_json_key *key = find_key(keys, count, member->string);
        if (!key)
            return fail_unknown(&item, keys, count, err);
        uint32_t bit = (uint32_t)1 << (key - keys);
        if (seen & bit)
            return pv_json_item_fail(&item, err, "is there twice");
        seen |= bit;
        if (!check_kind(&item, key->kind, err) || !key->take(target, &item, err))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (keys[i].is_required && !(seen & (uint32_t)1 << i))
            return pv_json_item_fail(object, err, "the key \"%s\" is missing", keys[i].name);
    return true;
}

bool pv_json_take_all(void *target, const struct pv_json_item *item, enum pv_json_kind kind,
                      unsigned most, pv_json_take *take, struct pv_error *err)
{
    unsigned index = 0;
    const cJSON *member;
    cJSON_ArrayForEach(member, (const cJSON *)item->value)
    {
        const struct pv_json_item each = {.parent = item,
                                          .key = member->string,
                                          .index = index,
                                          .value = member,
                                          .doc = item->doc};
        if (index++ == most)
            return pv_json_item_fail(item, err, "holds more than %u", most);
        if (!check_kind(&each, kind, err) || !take(target, &each, err))
            return false;
    }
    return true;
}
