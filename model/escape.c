#include "model/escape.h"

#include <string.h>

/* What must not be shown as it is: it would not be seen, or would move or hide what is around it.
 * Controls, blanks that look like the space, and the characters that Unicode calls default
 * ignorable, bidirectional formatting among them. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x00, 0x1f},     {0x7f, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},
    {0x115f, 0x1160}, {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x2000, 0x200f},
    {0x2028, 0x202f}, {0x205f, 0x206f},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
    {0xfffe, 0xffff}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_hidden(uint32_t code_point)
{
    if ((code_point & 0xfffe) == 0xfffe)
        return true;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (code_point <= hidden[i].last)
            return code_point >= hidden[i].first;
    return false;
}

#define LOW(byte) (UINT64_C(1) << (byte))
#define HIGH(byte) (UINT64_C(1) << ((byte)-64))
#define CONTROLS UINT64_C(0xffffffff)
#define MARKUP (LOW('&') | LOW('<') | LOW('>') | LOW('"'))

/* Whether a byte can be copied without a look at it: one bit for each that cannot. */
static bool is_plain(enum pv_escaping how, unsigned char byte)
{
    static const uint64_t special[][2] = {
        [PV_ESCAPE_DISPLAY] = {CONTROLS | LOW('#'), HIGH('\\') | HIGH(0x7f)},
        [PV_ESCAPE_XML] = {CONTROLS | MARKUP | LOW('\'') | LOW('#'), HIGH('\\') | HIGH(0x7f)},
        [PV_ESCAPE_JSON] = {CONTROLS | MARKUP | LOW('#'), HIGH('\\')},
        [PV_ESCAPE_CSV] = {CONTROLS | LOW('#') | LOW(';'), HIGH('\\') | HIGH(0x7f)},
        [PV_ESCAPE_MARKDOWN] = {CONTROLS | LOW('#'), HIGH('\\') | HIGH('|') | HIGH(0x7f)},
    };
    return byte < 0x80 && !(special[how][byte >> 6] >> (byte & 63) & 1);
}

static size_t plain_run(enum pv_escaping how, struct pv_text text)
{
    size_t i = 0;
    while (i < text.size && is_plain(how, (unsigned char)text.data[i]))
        i++;
    return i;
}

static void add_string(struct pv_buffer *out, const char *text)
{
    pv_buffer_add(out, pv_text_of(text));
}

/* At least `digits` lower-case hexadecimal digits. */
static void add_hex(struct pv_buffer *out, uint32_t value, unsigned digits)
{
    while (digits < 8 && value >> (4 * digits))
        digits++;
    while (digits--)
        pv_buffer_char(out, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/* Whether a text that follows a backslash would read as an escape of ours: xNN or u{…}. */
static bool reads_as_escape(struct pv_text text)
{
    size_t digits = 0;
    if (text.size >= 3 && text.data[0] == 'x')
        return is_hex(text.data[1]) && is_hex(text.data[2]);
    if (text.size < 4 || text.data[0] != 'u' || text.data[1] != '{')
        return false;
    while (digits < 6 && 2 + digits < text.size && is_hex(text.data[2 + digits]))
        digits++;
    return digits > 0 && 2 + digits < text.size && text.data[2 + digits] == '}';
}

/* What the logs of GitHub, Azure and TeamCity take for a command wherever it stands in a line. */
static bool begins_command(struct pv_text text)
{
    static const char *const commands[] = {"##[", "##vso[", "##teamcity["};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (pv_text_starts(text, pv_text_of(commands[i])))
            return true;
    return false;
}

/* Whether a spreadsheet would run a cell with this content. The wide signs are the narrow ones to
 * those of East Asia; quotes and blanks are what some take off first. */
static bool begins_formula(struct pv_text text)
{
    uint32_t code_point;
    while (text.size && (text.data[0] == ' ' || text.data[0] == '\'' || text.data[0] == '"'))
        text = pv_text_slice(text, 1, text.size);
    if (!pv_utf8_next(&text, &code_point))
        return false;
    switch (code_point) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0xff1d:
    case 0xff0b:
    case 0xff0d:
    case 0xff20:
        return true;
    default:
        return false;
    }
}

/* Whether the text begins with something that display escaping replaces. */
static bool begins_hidden(enum pv_escaping how, struct pv_text text)
{
    struct pv_text rest = text;
    uint32_t code_point;
    if (!pv_utf8_next(&rest, &code_point))
        return false;
    if (code_point == ';' && how == PV_ESCAPE_CSV)
        return begins_formula(rest);
    return code_point >= PV_INVALID_BYTE || is_hidden(code_point) || begins_command(text);
}

/* Takes a run of backslashes off the text. */
static void add_backslashes(struct pv_buffer *out, enum pv_escaping how, struct pv_text *text)
{
    size_t run = 0;
    while (run < text->size && text->data[run] == '\\')
        run++;
    struct pv_text behind = pv_text_slice(*text, run, text->size);
    bool has_bar = how == PV_ESCAPE_MARKDOWN && behind.size && behind.data[0] == '|';
    bool is_doubled = has_bar || reads_as_escape(behind) || begins_hidden(how, behind);
    size_t wanted = is_doubled ? 2 * run : run;
    memset(pv_buffer_reserve(out, wanted), '\\', wanted);
    out->size += wanted;
    if (has_bar)
        add_string(out, "\\u{7c}");
    *text = pv_text_slice(behind, has_bar, behind.size);
}

static void add_entity(struct pv_buffer *out, char byte)
{
    switch (byte) {
    case '&':
        add_string(out, "&amp;");
        break;
    case '<':
        add_string(out, "&lt;");
        break;
    case '>':
        add_string(out, "&gt;");
        break;
    case '"':
        add_string(out, "&quot;");
        break;
    default:
        add_string(out, "&#39;");
    }
}

/* Takes one thing that is not plain off the text. */
static void add_display(struct pv_buffer *out, enum pv_escaping how, struct pv_text *text)
{
    struct pv_text rest = *text;
    uint32_t code_point = 0;
    if (text->data[0] == '\\') {
        add_backslashes(out, how, text);
        return;
    }
    pv_utf8_next(&rest, &code_point);
    if (code_point >= PV_INVALID_BYTE) {
        add_string(out, "\\x");
        add_hex(out, code_point - PV_INVALID_BYTE, 2);
    } else if (begins_hidden(how, *text)) {
        add_string(out, "\\u{");
        add_hex(out, code_point, 1);
        pv_buffer_char(out, '}');
    } else if (code_point == '|') {
        add_string(out, "\\|");
    } else if (code_point < 0x80 && code_point != '#' && how == PV_ESCAPE_XML) {
        add_entity(out, (char)code_point);
    } else {
        pv_buffer_add(out, pv_text_slice(*text, 0, text->size - rest.size));
    }
    *text = rest;
}

static void add_json(struct pv_buffer *out, struct pv_text *text)
{
    static const char letters[][2] = {{'"', '"'},  {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'},
                                      {'\t', 't'}, {'\b', 'b'},  {'\f', 'f'}};
    struct pv_text rest = *text;
    uint32_t code_point = 0;
    pv_utf8_next(&rest, &code_point);
    struct pv_text bytes = pv_text_slice(*text, 0, text->size - rest.size);
    *text = rest;
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (code_point == (unsigned char)letters[i][0]) {
            pv_buffer_char(out, '\\');
            pv_buffer_char(out, letters[i][1]);
            return;
        }
    bool is_separator = code_point == 0x2028 || code_point == 0x2029;
    if (code_point == '#' &&
        !begins_command((struct pv_text){bytes.data, bytes.size + rest.size})) {
        pv_buffer_char(out, '#');
        return;
    }
    if (code_point >= 0x80 && code_point < PV_INVALID_BYTE && !is_separator) {
        pv_buffer_add(out, bytes);
        return;
    }
    if (code_point >= PV_INVALID_BYTE)
        code_point = 0xdc00 + code_point - PV_INVALID_BYTE;
    add_string(out, "\\u");
    add_hex(out, code_point, 4);
}

void pv_escape(struct pv_buffer *out, enum pv_escaping how, struct pv_text text)
{
    if (how == PV_ESCAPE_CSV && (begins_formula(text) || pv_text_starts(text, PV_TEXT("'"))))
        pv_buffer_char(out, '\'');
    while (text.size) {
        size_t plain = plain_run(how, text);
        pv_buffer_add(out, pv_text_slice(text, 0, plain));
        text = pv_text_slice(text, plain, text.size);
        if (text.size == 0)
            return;
        if (how == PV_ESCAPE_JSON)
            add_json(out, &text);
        else
            add_display(out, how, &text);
    }
}
