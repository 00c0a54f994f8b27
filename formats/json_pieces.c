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

/* Whether the next bytes, of which there are PV_JSON_FRONT, are those kept of the object before. */
static inline bool is_as_before(const char *at, const struct pv_json_bytes *before)
{
    return (~pv_json_same_bytes(at, before->bytes, before->size) & before->bits) == 0;
}

/* The same for a leap, whose size is not 0, and PV_JSON_LEAP bytes. */
static inline bool leads(const char *at, const struct pv_json_leap *leap)
{
    const unsigned step = PV_JSON_SAME;
    for (unsigned i = 0; i < PV_JSON_LEAP; i += step) {
        unsigned left = leap->size > i ? leap->size - i : 0;
        uint32_t wanted = left < step ? ((uint32_t)1 << left) - 1 : UINT16_MAX;
        if (~pv_json_same_bytes(at + i, leap->bytes + i, left < step ? left : step) & wanted)
            return false;
    }
    return true;
}

/* Keeps bytes that the next object may have too. */
static void keep(struct pv_json_bytes *bytes, const char *from, size_t size)
{
    enum { NEVER = 1 << PV_JSON_FRONT };
    bytes->size = 0;
    bytes->bits = NEVER;
    if (size > PV_JSON_FRONT)
        return;
    bytes->size = (unsigned)size;
    bytes->bits = ((uint32_t)1 << size) - 1;
    memcpy(bytes->bytes, from, size);
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
    out->leap.size = 0;
    keep(&out->last, from, PV_JSON_FRONT + 1);
    keep(&out->front, from, memchr(from, '\n', size) ? PV_JSON_FRONT + 1 : size);
    if (out->front.size)
        out->key.data = out->front.bytes + (out->key.data - from);
    return true;
}

static void drop_leaps(struct pv_json_pieces *out)
{
    for (unsigned i = 0; out->has_leaps && i < PV_JSON_PIECES; i++)
        out->list[i].leap.size = 0;
    out->has_leaps = false;
}

/* The value of a piece that often has the one of before: kept with the byte behind it, so that 12
 * is not taken for the beginning of 123. */
static inline const char *repeated(struct pv_json_pieces *out, struct pv_json_piece *piece,
                                   const char *from, const char *end)
{
    if (end - from >= PV_JSON_FRONT && piece->last.size && is_as_before(from, &piece->last))
        return from + piece->last.size - 1;
    drop_leaps(out);
    piece->is_marked = false;
    out->is_changed = true;
    piece->last.size = 0;
    const char *at = piece_value(out, piece, from, end);
    if (!at || at == end || memchr(from, '\n', (size_t)(at - from)))
        return at;
    keep(&piece->last, from, (size_t)(at + 1 - from));
    if (piece->last.size)
        piece->value.data = piece->last.bytes + (piece->value.data - from);
    return at;
}

/* The closing brace, if that comes next, else NULL. */
static inline const char *brace(struct pv_json_pieces *out, const char *at, const char *end)
{
    struct scan scan = {at, end, 0};
    if (at < end && *at == '}')
        return at;
    if (!blanks(&scan) || *scan.at != '}')
        return NULL;
    out->lines += scan.lines;
    return scan.at;
}

/* Behind the key that comes next and is not as expected; NULL where it is malformed or one too
 * many. */
static const char *new_front(struct pv_json_pieces *out, struct pv_json_piece *next, const char *at,
                             const char *end)
{
    struct scan scan = {at, end, 0};
    drop_leaps(out);
    out->is_new = out->is_changed = true;
    if (next == out->list + PV_JSON_PIECES || !front(&scan, next, next == out->list))
        return NULL;
    out->lines += scan.lines;
    return scan.at < end ? scan.at : NULL;
}

static bool can_leap(const struct pv_json_piece *piece)
{
    return piece->repeats && piece->front.size && piece->last.size;
}

/* Two objects had the same values where they repeat: the next one can be expected to. */
static void make_leaps(struct pv_json_pieces *out)
{
    out->has_leaps = true;
    for (unsigned i = 0, to; i < out->count; i = to + 1) {
        struct pv_json_leap *leap = &out->list[i].leap;
        for (to = i; to < out->count && can_leap(&out->list[to]);)
            to++;
        if (to == i || to == out->count || out->list[to].front.size == 0)
            continue;
        size_t size = (size_t)(out->list[to].from - out->list[i].from) + out->list[to].front.size;
        if (size > PV_JSON_LEAP)
            continue;
        memcpy(leap->bytes, out->list[i].from, size);
        leap->size = (unsigned)size;
        leap->to = to;
    }
}

bool pv_json_cut_object(struct pv_json_pieces *out, const char *from, const char *end)
{
    const char *at = from + 1, *tail;
    struct pv_json_piece *next = out->list;
    out->lines = 0;
    for (;; next++) {
        next->from = at;
        if (end - at >= PV_JSON_LEAP && next->leap.size && leads(at, &next->leap)) {
            at += next->leap.size;
            next = out->list + next->leap.to;
        } else if (end - at > PV_JSON_FRONT && next->front.size && is_as_before(at, &next->front)) {
            at += next->front.size;
        } else if ((tail = brace(out, at, end))) {
            break;
        } else if (!(at = new_front(out, next, at, end))) {
            return false;
        }
        at = next->repeats ? repeated(out, next, at, end) : piece_value(out, next, at, end);
        if (!at)
            return false;
    }
    out->count = (unsigned)(next - out->list);
    out->size = (size_t)(tail + 1 - from);
    if (!out->is_changed && !out->has_leaps)
        make_leaps(out);
    return true;
}
