#include "formats/json_token.h"

#include "formats/json_text.h"

void pv_json_cursor_init(struct pv_json_cursor *cursor, struct pv_input *input)
{
    *cursor = (struct pv_json_cursor){.input = input, .start = "", .at = "", .end = ""};
    pv_input_as_text(input);
    cursor->longest = pv_input_limits(input)->line_bytes;
    cursor->base = cursor->token = pv_input_where(input).offset;
    cursor->line = cursor->token_line = 1;
}

static size_t buffered(const struct pv_json_cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static uint64_t offset(const struct pv_json_cursor *cursor)
{
    return cursor->base + (uint64_t)(cursor->at - cursor->start);
}

bool pv_json_cursor_fail(struct pv_json_cursor *cursor, enum pv_code code, const char *text)
{
    if (cursor->has_failed)
        return false;
    struct pv_where where = {pv_input_name(cursor->input), cursor->token_line, cursor->token};
    cursor->has_failed = true;
    return pv_fail(&cursor->err, code, where, "%s", text);
}

bool pv_json_cursor_fail_here(struct pv_json_cursor *cursor, const char *text)
{
    pv_json_cursor_mark(cursor);
    return pv_json_cursor_fail(cursor, PV_INPUT_FAILED, text);
}

bool pv_json_cursor_fail_end(struct pv_json_cursor *cursor)
{
    if (!cursor->has_failed && !pv_input_ok(cursor->input, &cursor->err)) {
        cursor->has_failed = true;
        return false;
    }
    cursor->at = cursor->end;
    if (offset(cursor) == 0)
        return pv_json_cursor_fail_here(cursor, "the file is empty; JSON was expected");
    if (cursor->may_be_cut && !cursor->has_failed) {
        cursor->has_failed = cursor->was_cut = true;
        return false;
    }
    return pv_json_cursor_fail_here(cursor, "the JSON ends too early: the file is cut off");
}

/* Gets more bytes behind those not yet read, which stay (in another place). Asks for half as much
 * again, so that a long string costs linear time. */
static bool more(struct pv_json_cursor *cursor)
{
    size_t have = buffered(cursor), used = (size_t)(cursor->at - cursor->start);
    if (used)
        cursor->last = cursor->at[-1];
    pv_input_skip(cursor->input, used);
    cursor->base += used;
    struct pv_text text = pv_input_need(cursor->input, have + have / 2 + 1);
    cursor->start = cursor->at = text.size ? text.data : "";
    cursor->end = cursor->at + text.size;
    return text.size > have;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

bool pv_json_cursor_blanks(struct pv_json_cursor *cursor)
{
    for (;;) {
        const char *at = cursor->at, *end = cursor->end;
        for (; at < end && is_blank(*at); at++)
            cursor->line += *at == '\n';
        cursor->at = at;
        if (at < end)
            return true;
        if (!more(cursor))
            return false;
    }
}

/* Steps over the escape or complains about the control character `done` bytes ahead. */
static bool step_special(struct pv_json_cursor *cursor, size_t *done)
{
    while (cursor->at[*done] == '\\' && buffered(cursor) - *done < 6 && more(cursor))
        ;
    if (buffered(cursor) <= *done) /* the input failed, and its bytes are gone */
        return pv_json_cursor_fail_end(cursor);
    struct pv_text rest = {cursor->at + *done, buffered(cursor) - *done};
    size_t size = rest.data[0] == '\\' ? pv_json_escape_size(rest) : 0;
    *done += size;
    if (size)
        return true;
    cursor->at += *done;
    if (rest.data[0] == '\\' && pv_json_escape_is_cut(rest))
        return pv_json_cursor_fail_end(cursor);
    return pv_json_cursor_fail_here(cursor, *cursor->at == '\\'
                                                ? "a malformed escape in a string"
                                                : "a control character in a string: it is not "
                                                  "closed or should be escaped");
}

/* Comes to the byte that ends the string's plain bytes, of which `done` are known. */
static bool scan_plain(struct pv_json_cursor *cursor, size_t *done)
{
    for (;;) {
        const char *stop = pv_json_scan(cursor->at + *done, cursor->end);
        *done = (size_t)(stop - cursor->at);
        if (stop < cursor->end)
            return true;
        if (*done > cursor->longest)
            return pv_json_cursor_fail(cursor, PV_LIMIT, "a string is longer than --max-line");
        if (!more(cursor))
            return pv_json_cursor_fail_end(cursor);
    }
}

static struct pv_text unescaped(struct pv_json_cursor *cursor, struct pv_text raw)
{
    size_t bad;
    cursor->scratch.size = 0;
    pv_json_unescape(&cursor->scratch, raw, &bad); /* cannot fail: step_special saw the escapes */
    return pv_buffer_text(&cursor->scratch);
}

bool pv_json_cursor_string(struct pv_json_cursor *cursor, struct pv_text *out)
{
    size_t done = 0;
    bool has_escape = false;
    cursor->at++;
    while (scan_plain(cursor, &done)) {
        if (cursor->at[done] == '"') {
            struct pv_text raw = {cursor->at, done};
            cursor->at += done + 1;
            *out = has_escape ? unescaped(cursor, raw) : raw;
            return true;
        }
        has_escape = true;
        if (!step_special(cursor, &done))
            return false;
    }
    return false;
}

bool pv_json_cursor_skip_string(struct pv_json_cursor *cursor)
{
    cursor->at++;
    for (;;) {
        cursor->at = pv_json_scan(cursor->at, cursor->end);
        size_t step = 0;
        if (cursor->at == cursor->end) {
            if (!more(cursor))
                return pv_json_cursor_fail_end(cursor);
        } else if (*cursor->at == '"') {
            cursor->at++;
            return true;
        } else if (step_special(cursor, &step)) {
            cursor->at += step;
        } else {
            return false;
        }
    }
}

bool pv_json_cursor_number(struct pv_json_cursor *cursor, struct pv_text *out)
{
    size_t done = 0;
    do {
        done += pv_json_number_reach(cursor->at + done, cursor->end);
        if (done > cursor->longest)
            return pv_json_cursor_fail(cursor, PV_LIMIT, "a number is longer than --max-line");
    } while (cursor->at + done == cursor->end && more(cursor));
    if (buffered(cursor) < done)
        return pv_json_cursor_fail_end(cursor);
    *out = (struct pv_text){cursor->at, done};
    cursor->at += done;
    return true;
}

bool pv_json_cursor_word(struct pv_json_cursor *cursor, struct pv_text word)
{
    while (buffered(cursor) < word.size && more(cursor))
        ;
    struct pv_text rest = {cursor->at, buffered(cursor)};
    if (!pv_text_starts(rest, word)) {
        if (rest.size < word.size && pv_text_starts(word, rest))
            return pv_json_cursor_fail_end(cursor);
        return pv_json_cursor_fail_here(cursor, "a value was expected");
    }
    cursor->at += word.size;
    return true;
}
