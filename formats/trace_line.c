#include "formats/trace_line.h"

/* A line that is being read. Fields are apart by a tab each where a tab follows the letter, else by
 * blanks. */
struct fields {
    struct pv_text rest; /* data NULL: used up */
    struct pv_buffer *room;
    bool is_tabbed;
    const char *why; /* the first thing that is wrong, else NULL */
};

static const char bad_quote[] =
    "a quoted text ends in a quote and a blank, and knows \\\" \\\\ \\t \\n \\r \\xNN";
static const char bad_pair[] = "behind the numbers stands KEY=VALUE, texts with blanks in quotes";

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte = (char)(byte | 0x20);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The byte of an escape; *at is behind the backslash and goes on. False where it is none. */
static bool unescape(struct pv_text text, size_t *at, char *byte)
{
    static const char from[] = "\"\\tnr", to[] = "\"\\\t\n\r";
    if (*at >= text.size)
        return false;
    char letter = text.data[(*at)++];
    for (size_t i = 0; i < sizeof from - 1; i++)
        if (from[i] == letter) {
            *byte = to[i];
            return true;
        }
    int high = letter == 'x' && *at < text.size ? hex_digit(text.data[*at]) : -1;
    int low = high >= 0 && *at + 1 < text.size ? hex_digit(text.data[*at + 1]) : -1;
    *byte = (char)(high * 16 + low);
    *at += 2;
    return low >= 0;
}

/* A text that begins with a quote, taken off the line. */
static struct pv_text take_quoted(struct fields *fields)
{
    struct pv_text text = pv_text_slice(fields->rest, 1, fields->rest.size);
    char *start = fields->room->data + fields->room->size, *to = start;
    size_t at = 0;
    while (at < text.size && text.data[at] != '"') {
        char byte = text.data[at++];
        if (byte == '\\' && !unescape(text, &at, &byte))
            fields->why = bad_quote;
        *to++ = byte;
    }
    fields->room->size += (size_t)(to - start);
    fields->rest = pv_text_slice(text, at + 1, text.size);
    if (at >= text.size || (fields->rest.size && !is_blank(fields->rest.data[0])))
        fields->why = bad_quote;
    return (struct pv_text){start, (size_t)(to - start)};
}

static void skip_blanks(struct fields *fields)
{
    while (fields->rest.size && is_blank(fields->rest.data[0]))
        fields->rest = pv_text_slice(fields->rest, 1, fields->rest.size);
}

/* The next field; false where there is none. */
static bool take(struct fields *fields, struct pv_text *field)
{
    if (fields->is_tabbed)
        return pv_text_split(&fields->rest, '\t', field);
    skip_blanks(fields);
    struct pv_text text = fields->rest;
    if (text.size == 0)
        return false;
    if (text.data[0] == '"') {
        *field = take_quoted(fields);
        return true;
    }
    size_t at = 0;
    while (at < text.size && !is_blank(text.data[at]))
        at++;
    *field = pv_text_slice(text, 0, at);
    fields->rest = pv_text_slice(text, at, text.size);
    return true;
}

/* KEY=VALUE; the value of a line with blanks may be quoted. */
static bool take_pair(struct fields *fields, struct pv_text *key, struct pv_text *value)
{
    if (!fields->is_tabbed)
        skip_blanks(fields);
    struct pv_text text = fields->rest;
    size_t equals = pv_text_find(text, '=');
    *key = pv_text_slice(text, 0, equals);
    if (!fields->is_tabbed && equals + 1 < text.size && text.data[equals + 1] == '"') {
        fields->rest = pv_text_slice(text, equals + 1, text.size);
        *value = take_quoted(fields);
        return true;
    }
    struct pv_text field;
    if (!take(fields, &field))
        return false;
    *value = pv_text_slice(field, equals + 1, field.size);
    if (equals >= field.size)
        fields->why = fields->why ? fields->why : bad_pair;
    return true;
}

static void take_pairs(struct pv_trace_line *line, struct fields *fields)
{
    const struct {
        struct pv_text key;
        struct pv_text *value;
    } rows[] = {
        {PV_TEXT("thread"), &line->thread}, {PV_TEXT("process"), &line->process},
        {PV_TEXT("file"), &line->file},     {PV_TEXT("line"), &line->line},
        {PV_TEXT("module"), &line->module}, {PV_TEXT("unit"), &line->unit},
    };
    struct pv_text key, value;
    while (fields->rest.size && take_pair(fields, &key, &value))
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            if (pv_text_equal(key, rows[i].key))
                *rows[i].value = value;
}

static void spoil(struct pv_trace_line *line, const char *why)
{
    line->kind = PV_TRACE_BAD;
    line->why = why;
}

static bool take_number(struct fields *fields, struct pv_decimal *number)
{
    struct pv_text field;
    return take(fields, &field) && pv_parse_decimal(field, number);
}

/* "E 12" or "E name 12": the next field but one is a number or it is not there. */
static bool take_leave(struct pv_trace_line *line, struct fields *fields)
{
    struct fields ahead = *fields;
    struct pv_text first, second;
    bool has_two = take(&ahead, &first) && take(&ahead, &second);
    if (has_two && pv_parse_decimal(second, &line->at)) {
        *fields = ahead;
        line->name = first;
        return true;
    }
    fields->room->size = 0;
    return take_number(fields, &line->at);
}

static void take_event(struct pv_trace_line *line, struct fields *fields)
{
    bool fits = line->kind == PV_TRACE_LEAVE ? take_leave(line, fields) : take(fields, &line->name);
    if (line->kind == PV_TRACE_COUNTER)
        fits = fits && take_number(fields, &line->number);
    if (line->kind != PV_TRACE_LEAVE)
        fits = fits && take_number(fields, &line->at);
    if (line->kind == PV_TRACE_SPAN)
        fits = fits && take_number(fields, &line->number);
    if (!fits)
        spoil(line, "a line is B NAME TIME, E NAME TIME, X NAME TIME LENGTH or C NAME VALUE TIME");
    else if (line->kind != PV_TRACE_LEAVE && line->name.size == 0)
        spoil(line, "the name is empty");
}

static bool is_header(struct pv_text text, struct fields *fields)
{
    static const struct pv_text head = {"# profviz trace ", 16};
    fields->rest = pv_text_slice(text, head.size, text.size);
    return pv_text_starts(text, head);
}

static enum pv_trace_kind kind_of(struct pv_text text)
{
    bool is_event = text.size > 2 && is_blank(text.data[1]);
    switch (text.size ? text.data[0] : '#') {
    case '#':
        return PV_TRACE_NOTHING;
    case 'B':
        return is_event ? PV_TRACE_ENTER : PV_TRACE_BAD;
    case 'E':
        return is_event ? PV_TRACE_LEAVE : PV_TRACE_BAD;
    case 'X':
        return is_event ? PV_TRACE_SPAN : PV_TRACE_BAD;
    case 'C':
        return is_event ? PV_TRACE_COUNTER : PV_TRACE_BAD;
    default:
        return PV_TRACE_BAD;
    }
}

static void take_header(struct pv_trace_line *line, struct fields *fields)
{
    struct pv_text version;
    line->kind = PV_TRACE_HEADER;
    if (!take(fields, &version) || !pv_text_equal(version, PV_TEXT("1")))
        spoil(line, "the header is of another version than 1");
}

void pv_trace_parse(struct pv_trace_line *line, struct pv_text text, struct pv_buffer *room)
{
    struct fields fields = {.room = room};
    while (text.size && is_blank(text.data[0]))
        text = pv_text_slice(text, 1, text.size);
    *line = (struct pv_trace_line){.kind = kind_of(text)};
    room->size = 0;
    if (line->kind == PV_TRACE_BAD) {
        spoil(line, "a line begins with B, E, X, C or #");
        return;
    }
    if (line->kind == PV_TRACE_NOTHING && !is_header(text, &fields))
        return;
    pv_buffer_reserve(room, text.size); /* what is taken must not move */
    if (line->kind == PV_TRACE_NOTHING) {
        take_header(line, &fields);
    } else {
        fields.is_tabbed = text.data[1] == '\t';
        fields.rest = pv_text_slice(text, 2, text.size);
        take_event(line, &fields);
    }
    if (line->kind != PV_TRACE_BAD)
        take_pairs(line, &fields);
    if (fields.why)
        spoil(line, fields.why);
}
