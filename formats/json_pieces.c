#include "formats/json_pieces.h"

#include "formats/json_text.h"

#include <string.h>

/* Everything that can be wrong ends in "no": whoever asked reads the object once more, slowly. */

struct scan {
    const char *at, *end;
    uint64_t lines;
};

/* Comes to the next byte that is no blank; false where there is none, or none that may stand. */
static inline bool blanks(struct scan *scan)
{
    for (; scan->at < scan->end && (unsigned char)*scan->at <= ' '; scan->at++) {
        if (*scan->at == '\n')
            scan->lines++;
        else if (*scan->at != ' ' && *scan->at != '\t' && *scan->at != '\r')
            return false;
    }
    return scan->at < scan->end;
}

/* The string whose opening quote is next. */
static inline bool string(struct scan *scan, struct pv_text *out, bool *has_escape)
{
    const char *from = ++scan->at, *at = from;
    *has_escape = false;
    while ((at = pv_json_scan(at, scan->end)) < scan->end && *at != '"') {
        size_t size =
            *at == '\\' ? pv_json_escape_size((struct pv_text){at, (size_t)(scan->end - at)}) : 0;
        if (size == 0)
            return false;
        *has_escape = true;
        at += size;
    }
    if (at == scan->end)
        return false;
    *out = (struct pv_text){from, (size_t)(at - from)};
    scan->at = at + 1;
    return true;
}

static bool word(struct scan *scan, struct pv_text wanted)
{
    struct pv_text rest = {scan->at, (size_t)(scan->end - scan->at)};
    if (!pv_text_starts(rest, wanted))
        return false;
    scan->at += wanted.size;
    return true;
}

static bool number(struct scan *scan)
{
    size_t size = pv_json_number_reach(scan->at, scan->end);
    struct pv_text text = {scan->at, size};
    scan->at += size;
    return scan->at < scan->end && pv_json_is_number(text);
}

/* A value that is no container. */
static bool plain(struct scan *scan)
{
    struct pv_text text;
    bool has_escape;
    switch (*scan->at) {
    case '"':
        return string(scan, &text, &has_escape);
    case 't':
        return word(scan, PV_TEXT("true"));
    case 'f':
        return word(scan, PV_TEXT("false"));
    case 'n':
        return word(scan, PV_TEXT("null"));
    default:
        return number(scan);
    }
}

/* The key that comes next and its colon. */
static inline bool key(struct scan *scan, struct pv_text *out)
{
    bool has_escape;
    if (*scan->at != '"' || !string(scan, out, &has_escape) || has_escape)
        return false;
    if (!blanks(scan) || *scan->at++ != ':')
        return false;
    return blanks(scan);
}

static inline bool is_open(char byte)
{
    return byte == '{' || byte == '[';
}

/* What is open: a bit each, whether it is an object, the innermost lowest. */
struct nest {
    uint64_t objects;
    unsigned depth;
};

static inline char closing(const struct nest *nest)
{
    return nest->objects & 1 ? '}' : ']';
}

/* Behind a value: leaves what ends here, and comes to the next value, if there is one. */
static bool to_next(struct scan *scan, struct nest *nest)
{
    struct pv_text name;
    while (nest->depth > 0) {
        if (!blanks(scan))
            return false;
        if (*scan->at == ',') {
            scan->at++;
            return blanks(scan) && (!(nest->objects & 1) || key(scan, &name));
        }
        if (*scan->at++ != closing(nest))
            return false;
        nest->objects >>= 1;
        nest->depth--;
    }
    return true;
}

/* Steps over a value, whatever is in it. */
static bool value(struct scan *scan)
{
    enum { MOST = 64 };
    struct nest nest = {0};
    struct pv_text name;
    do {
        if (!is_open(*scan->at)) {
            if (!plain(scan) || !to_next(scan, &nest))
                return false;
            continue;
        }
        if (nest.depth++ == MOST)
            return false;
        nest.objects = nest.objects << 1 | (*scan->at++ == '{');
        if (!blanks(scan))
            return false;
        bool is_empty = *scan->at == closing(&nest);
        if (is_empty ? !to_next(scan, &nest) : (nest.objects & 1) && !key(scan, &name))
            return false;
    } while (nest.depth > 0);
    return true;
}

/* The piece whose value comes next, and comes behind it; NULL where it is malformed. */
static const char *odd_value(struct pv_json_pieces *out, struct pv_json_piece *piece,
                             const char *from, const char *end)
{
    struct scan scan = {from, end, 0};
    if (*from == '"' ? !string(&scan, &piece->value, &piece->has_escape) : !value(&scan))
        return NULL;
    out->lines += scan.lines;
    if (*from != '"')
        piece->value = (struct pv_text){from, (size_t)(scan.at - from)};
    return scan.at;
}

static inline const char *piece_value(struct pv_json_pieces *out, struct pv_json_piece *piece,
                                      const char *from, const char *end)
{
    piece->has_escape = piece->is_plain = false;
    if (*from == '"') {
        const char *quote = pv_json_scan(from + 1, end);
        piece->type = PV_JSON_STRING;
        if (quote == end || *quote != '"')
            return odd_value(out, piece, from, end);
        piece->value = (struct pv_text){from + 1, (size_t)(quote - from - 1)};
        return quote + 1;
    }
    piece->type = PV_JSON_OBJECT; /* or whatever else nobody asks about */
    if (*from != '-' && (*from < '0' || *from > '9'))
        return odd_value(out, piece, from, end);
    size_t size = pv_json_plain_number(from, end, &piece->number);
    piece->type = PV_JSON_NUMBER;
    piece->is_plain = size > 0;
    if (size == 0)
        return odd_value(out, piece, from, end);
    piece->value = (struct pv_text){from, size};
    return from + size;
}

/* Whether the next bytes are those kept of the object before. */
static inline bool is_as_before(const char *at, const char *end, const struct pv_json_bytes *before)
{
    uint64_t now[2];
    if (before->size == 0 || end - at < PV_JSON_FRONT)
        return false;
    memcpy(now, at, sizeof now);
    return (((now[0] ^ before->bytes[0]) & before->mask[0]) |
            ((now[1] ^ before->bytes[1]) & before->mask[1])) == 0;
}

/* Keeps bytes that the next object may have too. */
static void keep(struct pv_json_bytes *bytes, const char *from, size_t size)
{
    static const uint64_t all[2] = {UINT64_MAX, UINT64_MAX};
    bytes->size = 0;
    if (size > PV_JSON_FRONT)
        return;
    bytes->size = (unsigned)size;
    memset(bytes->mask, 0, sizeof bytes->mask);
    memcpy(bytes->bytes, from, size);
    memcpy(bytes->mask, all, size);
}

/* A comma, but in front of the first, and a key with its colon, which the object before had not. */
static bool front(struct scan *scan, struct pv_json_piece *out, bool is_first)
{
    const char *from = scan->at;
    struct pv_text name;
    if (!blanks(scan) || (!is_first && *scan->at++ != ',') || !blanks(scan) || !key(scan, &name))
        return false;
    size_t size = (size_t)(scan->at - from);
    out->key = name;
    out->tag = -1;
    out->repeats = out->is_marked = false;
    out->last.size = 0;
    keep(&out->front, from, memchr(from, '\n', size) ? PV_JSON_FRONT + 1 : size);
    if (out->front.size)
        out->key.data = (const char *)out->front.bytes + (out->key.data - from);
    return true;
}

/* The value of a piece that often has the one of before: with the byte behind it, so that 12 is not
 * taken for the beginning of 123. */
static inline const char *repeated(struct pv_json_pieces *out, struct pv_json_piece *piece,
                                   const char *from, const char *end)
{
    if (is_as_before(from, end, &piece->last)) {
        piece->value.data = from + (piece->type == PV_JSON_STRING);
        return from + piece->last.size - 1;
    }
    piece->is_marked = false;
    const char *at = piece_value(out, piece, from, end);
    if (at)
        keep(&piece->last, from, at < end ? (size_t)(at + 1 - from) : PV_JSON_FRONT + 1);
    return at;
}

/* Behind the key that comes next, where it is not as expected; NULL at the object's end (*at_end)
 * or where it is malformed. */
static const char *new_front(struct pv_json_pieces *out, const char *at, const char *end,
                             bool *at_end)
{
    struct scan scan = {at, end, 0};
    *at_end = blanks(&scan) && *scan.at == '}';
    if (!*at_end && out->count < PV_JSON_PIECES) {
        scan = (struct scan){at, end, 0};
        out->is_new = true;
        if (!front(&scan, &out->list[out->count], out->count == 0))
            return NULL;
    }
    out->lines += scan.lines;
    return *at_end || out->count < PV_JSON_PIECES ? scan.at : NULL;
}

bool pv_json_cut_object(struct pv_json_pieces *out, const char *from, const char *end)
{
    const char *at = from + 1;
    struct pv_json_piece *next = out->list;
    bool at_end = false;
    out->lines = 0;
    for (out->count = 0;; out->count++, next++) {
        if (out->count < PV_JSON_PIECES && is_as_before(at, end, &next->front))
            at += next->front.size;
        else if (!(at = new_front(out, at, end, &at_end)))
            return false;
        if (at_end)
            break;
        if (at == end)
            return false;
        at = next->repeats ? repeated(out, next, at, end) : piece_value(out, next, at, end);
        if (!at)
            return false;
    }
    out->size = (size_t)(at + 1 - from);
    return true;
}
