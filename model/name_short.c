#include "model/name_short.h"

#include "model/name_syntax.h"
#include "model/number.h"
#include "model/utf8.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           is_digit(byte) || (unsigned char)byte >= 0x80;
}

/* ---- Rust ---- */

/* What rustc's old scheme writes for bytes that symbols cannot have. */
static const struct {
    struct pv_text code, stands_for;
} escapes[] = {
    {{"$SP$", 4}, {"@", 1}}, {{"$BP$", 4}, {"*", 1}}, {{"$RF$", 4}, {"&", 1}},
    {{"$LT$", 4}, {"<", 1}}, {{"$GT$", 4}, {">", 1}}, {{"$LP$", 4}, {"(", 1}},
    {{"$RP$", 4}, {")", 1}}, {{"$C$", 3}, {",", 1}},  {{"..", 2}, {"::", 2}},
};

/* "$u20$": the bytes it takes, or 0. */
static size_t take_code_point(struct pv_buffer *out, struct pv_text rest)
{
    enum { DIGITS = 6, FIRST_SHOWN = 0x20 };
    uint64_t code_point;
    struct pv_text inside = pv_text_slice(rest, 2, rest.size);
    size_t end = pv_text_find(inside, '$');
    if (!pv_text_starts(rest, PV_TEXT("$u")) || end == 0 || end > DIGITS || end == inside.size ||
        !pv_parse_hex(pv_text_slice(inside, 0, end), &code_point) || code_point < FIRST_SHOWN ||
        code_point > 0x10ffff)
        return 0;
    pv_utf8_add(out, (uint32_t)code_point);
    return end + 3;
}

static size_t take_escape(struct pv_buffer *out, struct pv_text rest)
{
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
        if (pv_text_starts(rest, escapes[i].code)) {
            pv_buffer_add(out, escapes[i].stands_for);
            return escapes[i].code.size;
        }
    return take_code_point(out, rest);
}

bool pv_name_is_plain(struct pv_text name)
{
    return pv_name_hash_from(name) == name.size;
}

/* Only a name with a hash is surely Rust's: elsewhere a dollar is a dollar. A component that would
 * begin with an escape has an underscore in front. */
void pv_name_plain(struct pv_buffer *out, struct pv_text name)
{
    size_t end = pv_name_hash_from(name);
    if (end == name.size) {
        pv_buffer_add(out, name);
        return;
    }
    for (size_t i = 0; i < end;) {
        struct pv_text rest = pv_text_slice(name, i, end);
        bool is_start = i == 0 || name.data[i - 1] == ':';
        i += is_start && pv_text_starts(rest, PV_TEXT("_$"));
        size_t taken = take_escape(out, pv_text_slice(name, i, end));
        if (!taken)
            pv_buffer_char(out, name.data[i]);
        i += taken ? taken : 1;
    }
}

/* ---- Parameters and templates ---- */

/* Behind "operator" and its signs at `at`; `at` where there is none. Both are part of a name,
 * whatever brackets they have. */
static size_t behind_operator(struct pv_text name, size_t at)
{
    static const struct pv_text word = {"operator", 8};
    bool is_inside = at > 0 && is_letter(name.data[at - 1]);
    struct pv_text rest = pv_text_slice(name, at, name.size);
    size_t end = word.size;
    if (is_inside || !pv_text_starts(rest, word))
        return at;
    struct pv_text signs = pv_text_slice(rest, end, rest.size);
    if (pv_text_starts(signs, PV_TEXT("()")) || pv_text_starts(signs, PV_TEXT("[]")))
        return at + end + 2;
    while (end < rest.size && pv_text_find(PV_TEXT("<>=-+*/%^&|~!,"), rest.data[end]) < 14)
        end++;
    return at + end;
}

/* Index of the bracket that closes the one at `at`, or name.size. */
static size_t closing(struct pv_text name, size_t at)
{
    int depth = 0;
    for (size_t i = at; i < name.size; i++) {
        char byte = name.data[i];
        bool is_arrow = byte == '>' && (name.data[i - 1] == '-' || name.data[i - 1] == '=');
        if (byte == '<' || byte == '(' || byte == '{' || byte == '[')
            depth++;
        else if ((byte == '>' && !is_arrow) || byte == ')' || byte == '}' || byte == ']')
            depth--;
        if (depth == 0)
            return i;
    }
    return name.size;
}

/* Whether the brackets hold what tells functions apart, rather than arguments: Rust's "<T as
 * Trait>" and "<impl Trait for T>". */
static bool is_path(struct pv_text inside)
{
    return pv_text_starts(inside, PV_TEXT("impl ")) ||
           pv_text_search(inside, PV_TEXT(" as ")) < inside.size;
}

/* An opening bracket behind a name begins arguments; elsewhere it is part of one: "<lambda>",
 * "(anonymous namespace)", "(*conn)", "Page.<locals>". */
static bool begins_arguments(struct pv_text name, size_t at)
{
    char before = at ? name.data[at - 1] : 0;
    bool is_turbofish = at > 2 && name.data[at] == '<' && before == ':' && name.data[at - 2] == ':';
    return is_letter(before) || before == '>' || (before == ')' && name.data[at] == '<') ||
           is_turbofish;
}

/* What is being copied. Brackets that have no end, or that stay, are few in a real name: after many
 * there is no more looking, which would take the square of a hostile name's length. */
struct eliding {
    struct pv_text name;
    size_t at, behind_operator;
    unsigned looks;
    bool drops_templates;
};

/* Index of the end of arguments that begin here and can go, or name.size. */
static size_t arguments_end(struct eliding *eliding)
{
    enum { MOST_LOOKS = 64 };
    struct pv_text name = eliding->name;
    size_t at = eliding->at;
    bool is_template = name.data[at] == '<' && eliding->drops_templates;
    bool is_of_operator = at > 0 && name.data[at - 1] == ' ' && at - 1 == eliding->behind_operator;
    bool begins = (is_template || name.data[at] == '(') && eliding->looks < MOST_LOOKS &&
                  (is_of_operator || begins_arguments(name, at));
    size_t end = begins ? closing(name, at) : name.size;
    bool stays = is_template && is_path(pv_text_slice(name, at + 1, end));
    eliding->looks += begins && (stays || end == name.size);
    return stays ? name.size : end;
}

/* Copies the name with the arguments of templates as "<…>" and those of enclosing functions and
 * lambdas as "()". */
static void add_elided(struct pv_buffer *out, struct pv_text name, bool drops_templates)
{
    struct eliding eliding = {
        .name = name, .behind_operator = name.size, .drops_templates = drops_templates};
    while (eliding.at < name.size) {
        size_t behind = behind_operator(name, eliding.at);
        size_t end = behind == eliding.at ? arguments_end(&eliding) : name.size;
        if (behind > eliding.at)
            eliding.behind_operator = behind;
        else
            behind++;
        bool is_list = name.data[eliding.at] == '(';
        if (end == name.size)
            pv_buffer_add(out, pv_text_slice(name, eliding.at, behind));
        else
            pv_buffer_add(out, is_list ? PV_TEXT("()") : PV_TEXT("<\xe2\x80\xa6>"));
        eliding.at = end == name.size ? behind : end + 1;
    }
}

static bool is_hex(struct pv_text text)
{
    uint64_t value;
    enum { MOST_DIGITS = 18 };
    return pv_text_starts(text, PV_TEXT("0x")) && text.size <= MOST_DIGITS &&
           pv_parse_hex(text, &value);
}

/* "f+0x1f", "f+0x1f/0x80" */
static struct pv_text without_offset(struct pv_text name)
{
    size_t plus = pv_text_find_last(name, '+');
    struct pv_text offset = pv_text_slice(name, plus + 1, name.size);
    struct pv_text first = pv_text_slice(offset, 0, pv_text_find(offset, '/'));
    struct pv_text size = pv_text_slice(offset, first.size + 1, offset.size);
    bool is_offset = plus > 0 && plus < name.size && is_hex(first) &&
                     (first.size == offset.size || is_hex(size));
    return is_offset ? pv_text_slice(name, 0, plus) : name;
}

/* Where what is no part of the name begins, or name.size: an offset ("f(int)+0x1f"), a recursion
 * level of callgrind ("f(int)'2"). */
static size_t tail_from(struct pv_text name)
{
    struct pv_text head = without_offset(name);
    size_t at = head.size;
    if (at < name.size)
        return at;
    while (at > 0 && is_digit(name.data[at - 1]))
        at--;
    return at > 1 && at < name.size && name.data[at - 1] == '\'' ? at - 1 : name.size;
}

/* Without "int " in front of "int f<int>". A conversion has its type behind "operator ", and thunks
 * have words in front that are no type. */
static struct pv_text without_type(struct pv_text head)
{
    size_t at = pv_text_search(head, PV_TEXT("operator"));
    struct pv_text front = pv_text_slice(head, 0, at);
    if (pv_text_search(front, PV_TEXT("thunk to ")) < front.size)
        return head;
    return pv_text_slice(head, (size_t)(pv_name_without_type(front).data - head.data), head.size);
}

void pv_name_shorten(struct pv_buffer *out, struct pv_text name, bool is_short)
{
    size_t tail = tail_from(name);
    struct pv_text whole = pv_text_slice(name, 0, tail);
    size_t list = pv_name_list_from(whole);
    struct pv_text head = pv_text_slice(whole, 0, list);
    if (list < whole.size)
        head = without_type(head);
    add_elided(out, head, is_short);
    pv_buffer_add(out, pv_text_slice(name, tail, name.size));
}

/* ---- What tells where it ran ---- */

/* " (/lib/libc.so)", " ([kernel])", " [libc.so]", " [clone .cold]" */
static struct pv_text without_brackets(struct pv_text name)
{
    bool is_round = pv_text_ends(name, PV_TEXT(")")), is_square = pv_text_ends(name, PV_TEXT("]"));
    size_t open = pv_text_find_last(name, is_round ? '(' : '[');
    if (is_round && open < name.size && open + 1 < name.size && name.data[open + 1] == '[')
        open = pv_text_find_last(pv_text_slice(name, 0, open + 1), '(');
    bool is_mark = (is_round || is_square) && open > 1 && open < name.size &&
                   name.data[open - 1] == ' ' && open + 2 < name.size &&
                   (is_square || name.data[open + 1] == '/' || name.data[open + 1] == '[');
    return is_mark ? pv_text_slice(name, 0, open - 1) : name;
}

/* ".part.0", ".cold", ".llvm.123" */
static struct pv_text without_mark(struct pv_text name)
{
    static const struct pv_text marks[] = {{".part", 5},       {".cold", 5},     {".isra", 5},
                                           {".constprop", 10}, {".lto_priv", 9}, {".llvm", 5},
                                           {".clone", 6}};
    size_t end = name.size;
    while (end > 0 && is_digit(name.data[end - 1]))
        end--;
    bool has_number = end > 1 && end < name.size && name.data[end - 1] == '.';
    struct pv_text head = pv_text_slice(name, 0, has_number ? end - 1 : name.size);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (head.size > marks[i].size && pv_text_ends(head, marks[i]))
            return pv_text_slice(head, 0, head.size - marks[i].size);
    return name;
}

/* "memcpy@@GLIBC_2.14"; "@plt" is another function. */
static struct pv_text without_version(struct pv_text name)
{
    size_t at = pv_text_find(name, '@');
    struct pv_text version = pv_text_slice(name, at, name.size);
    bool is_version = at > 0 && version.size > 1 &&
                      (pv_text_starts(version, PV_TEXT("@@")) ||
                       (version.data[1] >= 'A' && version.data[1] <= 'Z'));
    return is_version ? pv_text_slice(name, 0, at) : name;
}

/* "libc.so`malloc", "libc.so!malloc" */
static struct pv_text without_module(struct pv_text name)
{
    size_t tick = pv_text_find(name, '`'), bang = pv_text_find(name, '!');
    size_t at = tick < bang ? tick : bang;
    struct pv_text module = pv_text_slice(name, 0, at);
    bool is_module = at > 0 && at + 1 < name.size && pv_text_find(module, ' ') == at &&
                     pv_text_find(module, '<') == at && pv_text_find(module, '(') == at &&
                     pv_text_search(module, PV_TEXT("operator")) == at;
    return is_module ? pv_text_slice(name, at + 1, name.size) : name;
}

struct pv_text pv_name_strip(struct pv_text name)
{
    enum { PASSES = 8 };
    size_t before = name.size + 1;
    name = without_module(name);
    for (int pass = 0; pass < PASSES && name.size < before; pass++) {
        before = name.size;
        name = without_version(without_mark(without_offset(without_brackets(name))));
    }
    return is_hex(name) ? PV_TEXT("[unknown]") : name;
}
