#include "formats/json_profile.h"
#include "model/attachment.h"

#include <string.h>

/* Pictures that carry their profile (model/attachment.h, docs/formats/picture.md): it is found,
 * unpacked and read as profviz's own JSON. PNG is walked by its chunks (W3C Recommendation, second
 * edition, section 5); of SVG and HTML only the openings and ends are looked for. */

static const struct pv_text png_signature = {"\x89PNG\r\n\x1a\n", 8};

enum { CHUNK_HEAD = 8, CHUNK_SUM = 4, CHUNK_NAME = 4 };

/* An opening, what ends its text, and what the file ends in. */
static const struct place {
    struct pv_text opening, end, last;
} places[] = {
    {{PV_ATTACHMENT_SVG, sizeof PV_ATTACHMENT_SVG - 1},
     {PV_ATTACHMENT_SVG_END, sizeof PV_ATTACHMENT_SVG_END - 1},
     {"</svg>", 6}},
    {{PV_ATTACHMENT_HTML, sizeof PV_ATTACHMENT_HTML - 1},
     {PV_ATTACHMENT_HTML_END, sizeof PV_ATTACHMENT_HTML_END - 1},
     {"</html>", 7}},
    {{PV_ATTACHMENT_STILL, sizeof PV_ATTACHMENT_STILL - 1},
     {PV_ATTACHMENT_STILL_END, sizeof PV_ATTACHMENT_STILL_END - 1},
     {"</html>", 7}},
};
enum { PLACES = sizeof places / sizeof places[0] };

static bool fail(const struct pv_input *input, const char *what, struct pv_error *err)
{
    return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = pv_input_name(input)}, "%s",
                   what);
}

static bool fail_none(const struct pv_input *input, struct pv_error *err)
{
    return fail(input,
                "this picture carries no profile: it was drawn with --no-data or of a profile over "
                "--max-data; give the profile that it was drawn from",
                err);
}

static bool fail_cut(const struct pv_input *input, struct pv_error *err)
{
    return fail(input, "the picture is cut off; copy it anew", err);
}

static bool fail_long(const struct pv_input *input, struct pv_error *err)
{
    return pv_fail(err, PV_LIMIT, (struct pv_where){.source = pv_input_name(input)},
                   "the profile in this picture is longer than %llu bytes (--max-line)",
                   (unsigned long long)pv_input_limits(input)->line_bytes);
}

/* Appends what stands before the byte and skips it; the byte itself stays. */
enum reached { FOUND, ENDED, TOO_LONG };
static enum reached take_until(struct pv_input *input, char wanted, struct pv_buffer *out)
{
    for (struct pv_text piece; (piece = pv_input_need(input, 1)).size;) {
        size_t size = pv_text_find(piece, wanted);
        if (out->size + size > pv_input_limits(input)->line_bytes)
            return TOO_LONG;
        pv_buffer_add(out, pv_text_slice(piece, 0, size));
        pv_input_skip(input, size);
        if (size < piece.size)
            return FOUND;
    }
    return ENDED;
}

/* Goes on to the next "<" that begins one of the texts, whose index it returns; -1: none. */
static int go_to(struct pv_input *input, const struct pv_text *texts, int count)
{
    enum { LONGEST = 64 };
    for (struct pv_text piece; (piece = pv_input_need(input, LONGEST)).size;) {
        size_t at = pv_text_find(piece, '<');
        struct pv_text rest = pv_text_slice(piece, at, piece.size);
        for (int i = 0; i < count; i++)
            if (pv_text_starts(rest, texts[i])) {
                pv_input_skip(input, at);
                return i;
            }
        bool may_be_cut = rest.size > 0 && rest.size < LONGEST && at > 0;
        pv_input_skip(input, may_be_cut ? at : at + (rest.size > 0));
    }
    return -1;
}

/* Goes to a profile's opening, whose place is returned; NULL: there is none. */
static const struct place *find_place(struct pv_input *input, struct pv_error *err)
{
    struct pv_text texts[2 * PLACES];
    bool is_whole = false;
    for (int i = 0; i < PLACES; i++) {
        texts[i] = places[i].opening;
        texts[PLACES + i] = places[i].last;
    }
    for (int found; (found = go_to(input, texts, 2 * PLACES)) >= 0;) {
        pv_input_skip(input, texts[found].size);
        if (found < PLACES)
            return &places[found];
        is_whole = true;
    }
    if (is_whole)
        fail_none(input, err);
    else
        fail_cut(input, err);
    return NULL;
}

static bool take_markup(struct pv_input *input, struct pv_buffer *out, struct pv_error *err)
{
    const struct place *place = find_place(input, err);
    if (!place)
        return false;
    enum reached reached = take_until(input, '<', out);
    if (reached == TOO_LONG)
        return fail_long(input, err);
    struct pv_text behind = pv_input_need(input, place->end.size);
    bool is_whole = reached == FOUND && pv_text_starts(behind, place->end) &&
                    go_to(input, &place->last, 1) == 0;
    return is_whole || fail_cut(input, err);
}

static uint32_t read_size(const char *at)
{
    uint32_t size = 0;
    for (unsigned i = 0; i < 4; i++)
        size = size << 8 | (unsigned char)at[i];
    return size;
}

static bool is_chunk(struct pv_text head, const char *name)
{
    return head.size >= CHUNK_HEAD && memcmp(head.data + CHUNK_NAME, name, 4) == 0;
}

/* Whether it is the text chunk that holds the profile; `head` shows the chunk from its size on. */
static bool holds_profile(struct pv_text head)
{
    struct pv_text keyword = {PV_ATTACHMENT_PNG, sizeof PV_ATTACHMENT_PNG}; /* and its NUL */
    return is_chunk(head, "tEXt") && read_size(head.data) >= keyword.size &&
           pv_text_starts(pv_text_slice(head, CHUNK_HEAD, head.size), keyword);
}

/* Skips; false where the input ends before. */
static bool pass(struct pv_input *input, uint64_t bytes)
{
    while (bytes) {
        struct pv_text piece = pv_input_need(input, 1);
        if (piece.size == 0)
            return false;
        uint64_t size = piece.size < bytes ? piece.size : bytes;
        pv_input_skip(input, (size_t)size);
        bytes -= size;
    }
    return true;
}

/* The text of the chunk that the input is at. */
static bool take_chunk(struct pv_input *input, size_t size, struct pv_buffer *out)
{
    size_t before = CHUNK_HEAD + sizeof PV_ATTACHMENT_PNG;
    struct pv_text chunk = pv_input_need(input, CHUNK_HEAD + size);
    pv_buffer_add(out, pv_text_slice(chunk, before, CHUNK_HEAD + size));
    return chunk.size >= CHUNK_HEAD + size && pass(input, CHUNK_HEAD + size + CHUNK_SUM);
}

static bool take_png(struct pv_input *input, struct pv_buffer *out, struct pv_error *err)
{
    enum { ENOUGH = CHUNK_HEAD + sizeof PV_ATTACHMENT_PNG };
    pv_input_skip(input, png_signature.size);
    for (;;) {
        struct pv_text head = pv_input_need(input, ENOUGH);
        if (head.size < CHUNK_HEAD + CHUNK_SUM)
            return fail_cut(input, err);
        if (is_chunk(head, "IEND"))
            return out->size > 0 || fail_none(input, err);
        uint32_t size = read_size(head.data);
        bool is_wanted = out->size == 0 && holds_profile(head);
        if (is_wanted && size > pv_input_limits(input)->line_bytes)
            return fail_long(input, err);
        bool is_whole = is_wanted ? take_chunk(input, size, out)
                                  : pass(input, (uint64_t)CHUNK_HEAD + size + CHUNK_SUM);
        if (!is_whole)
            return fail_cut(input, err);
    }
}

/* A JSON string in HTML, bare text elsewhere. */
static struct pv_text without_quotes(struct pv_text text)
{
    text = pv_text_trim(text);
    bool is_quoted = text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"';
    return is_quoted ? pv_text_slice(text, 1, text.size - 1) : text;
}

/* Places in the JSON say nothing about the picture. */
static bool read_packed(struct pv_input *input, struct pv_text packed, struct pv_profile **out,
                        struct pv_error *err)
{
    struct pv_error inner;
    const struct pv_input_options options = {.limits = pv_input_limits(input)};
    struct pv_input *json = pv_input_memory(packed, pv_input_name(input), &options);
    bool is_fine = pv_json_profile_read(json, out, &inner);
    pv_input_close(json);
    return is_fine || pv_fail(err, inner.code, (struct pv_where){.source = pv_input_name(input)},
                              "the profile in this picture cannot be read: %s", inner.message);
}

static bool read_picture(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct pv_buffer text = {0}, packed = {0};
    bool is_png = pv_text_starts(pv_input_peek(input), png_signature);
    bool is_found = is_png ? take_png(input, &text, err) : take_markup(input, &text, err);
    struct pv_error reason;
    bool is_fine = false;
    if (!pv_input_ok(input, &reason))
        *err = reason; /* it cannot be read at all: that is the better reason */
    else if (is_found && without_quotes(pv_buffer_text(&text)).size == 0)
        fail_none(input, err);
    else if (is_found && !pv_attachment_unpack(&packed, without_quotes(pv_buffer_text(&text))))
        fail(input, "the profile in this picture is damaged: it is no base 64", err);
    else if (is_found)
        is_fine = read_packed(input, pv_buffer_text(&packed), out, err);
    pv_buffer_free(&text);
    pv_buffer_free(&packed);
    return is_fine;
}

/* Text chunks of ours stand before the pixels. */
static bool is_our_png(struct pv_text head)
{
    for (size_t at = png_signature.size; at < head.size;) {
        struct pv_text chunk = pv_text_slice(head, at, head.size);
        if (chunk.size < CHUNK_HEAD || is_chunk(chunk, "IDAT"))
            return false;
        if (holds_profile(chunk))
            return true;
        at += (size_t)CHUNK_HEAD + read_size(chunk.data) + CHUNK_SUM;
    }
    return false;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    static const struct pv_text marks[] = {
        {PV_ATTACHMENT_SVG_MARK, sizeof PV_ATTACHMENT_SVG_MARK - 1},
        {PV_ATTACHMENT_HTML_MARK, sizeof PV_ATTACHMENT_HTML_MARK - 1},
        {PV_ATTACHMENT_SVG, sizeof PV_ATTACHMENT_SVG - 1},
        {PV_ATTACHMENT_HTML, sizeof PV_ATTACHMENT_HTML - 1},
    };
    (void)is_whole;
    if (pv_text_starts(head, png_signature))
        return is_our_png(head) ? PV_PROBE_SURE : PV_PROBE_NO;
    if (!pv_text_starts(pv_text_trim(head), PV_TEXT("<")))
        return PV_PROBE_NO;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (pv_text_search(head, marks[i]) < head.size)
            return PV_PROBE_SURE;
    return PV_PROBE_NO;
}

extern const struct pv_format pv_format_picture;
const struct pv_format pv_format_picture = {
    .name = "picture",
    .summary = "an SVG, PNG or HTML page that profviz drew: the profile inside",
    .extensions = ".svg .svgz .png .html",
    .probe = probe,
    .read = read_picture,
};
