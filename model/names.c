#include "model/names.h"

#include "model/name_syntax.h"

#include <string.h>

/* Index of the last occurrence of `needle`, or text.size. */
static size_t search_last(struct pv_text text, struct pv_text needle)
{
    char last = needle.data[needle.size - 1];
    for (size_t i = text.size; i >= needle.size; i--)
        if (text.data[i - 1] == last &&
            memcmp(text.data + i - needle.size, needle.data, needle.size) == 0)
            return i - needle.size;
    return text.size;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (unsigned char)byte >= 0x80;
}

struct pv_text pv_name_base(struct pv_text path)
{
    size_t slash = pv_text_find_last(path, '/');
    if (slash == path.size)
        slash = pv_text_find_last(path, '\\');
    return slash < path.size ? pv_text_slice(path, slash + 1, path.size) : path;
}

/* "/python3.11/", "/pypy3.9/" behind "lib": the index behind it, or 0. */
static size_t behind_python(struct pv_text path)
{
    size_t lib = search_last(path, PV_TEXT("/lib/py"));
    if (lib == path.size)
        return 0;
    struct pv_text rest = pv_text_slice(path, lib + 5, path.size);
    size_t slash = pv_text_find(rest, '/');
    return slash > 2 && slash < rest.size && is_digit(rest.data[slash - 1]) ? lib + 5 + slash + 1
                                                                            : 0;
}

/* Where the part of a path that everybody shares ends: behind site-packages and the like; 0 where
 * there is nothing of the kind. */
static size_t behind_packages(struct pv_text path)
{
    static const struct pv_text marks[] = {
        {"site-packages/", 14}, {"dist-packages/", 14}, {"node_modules/", 13}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t at = search_last(path, marks[i]);
        if (at < path.size && at + marks[i].size < path.size)
            return at + marks[i].size;
    }
    return behind_python(path);
}

static bool is_absolute(struct pv_text path)
{
    return path.size && (path.data[0] == '/' || path.data[0] == '\\' ||
                         (path.size > 2 && path.data[1] == ':' && is_letter(path.data[0])));
}

struct pv_text pv_name_path(struct pv_text path)
{
    enum { components = 3 };
    size_t from = behind_packages(path);
    if (from || !is_absolute(path))
        return pv_text_slice(path, from, path.size);
    unsigned slashes = 0;
    for (size_t i = path.size; i > 0; i--)
        if ((path.data[i - 1] == '/' || path.data[i - 1] == '\\') && ++slashes == components)
            return pv_text_slice(path, i, path.size);
    return pv_text_slice(path, path.size > 2 && path.data[1] == ':' ? 3 : 1, path.size);
}

/* Whether "name (inside)" means a place in a file. */
static bool is_place(struct pv_text inside)
{
    bool has_mark = false;
    for (size_t i = 0; i < inside.size; i++) {
        char byte = inside.data[i];
        if (byte == ',' || byte == '<' || byte == '*' || byte == '&')
            return false;
        has_mark |= byte == '.' || byte == '/' || byte == ':';
    }
    return has_mark;
}

/* Without ":12" or ":12:3" at its end. */
static struct pv_text without_line(struct pv_text place)
{
    for (unsigned pass = 0; pass < 2; pass++) {
        size_t size = place.size;
        while (size && is_digit(place.data[size - 1]))
            size--;
        if (size == 0 || size == place.size || place.data[size - 1] != ':')
            break;
        place.size = size - 1;
    }
    return place;
}

/* "render (app/views.py:12)". */
static bool split_place(struct pv_name_parts *out, struct pv_text name)
{
    if (!pv_text_ends(name, PV_TEXT(")")))
        return false;
    size_t open = search_last(name, PV_TEXT(" ("));
    if (open == 0 || open == name.size)
        return false;
    struct pv_text inside = pv_text_slice(name, open + 2, name.size - 1);
    if (!is_place(inside))
        return false;
    *out = (struct pv_name_parts){.module = pv_name_path(without_line(inside)),
                                  .joint = PV_TEXT(":"),
                                  .function = pv_text_slice(name, 0, open)};
    return true;
}

/* Where the argument list begins, or what else labels leave out first. */
static size_t arguments_from(struct pv_text name)
{
    size_t hash = pv_name_hash_from(name);
    return hash < name.size ? hash : pv_name_list_from(name);
}

/* The last "::" outside of angle brackets and parentheses, or name.size. */
static size_t last_scope(struct pv_text name)
{
    int depth = 0;
    for (size_t i = name.size; i > 1; i--) {
        char byte = name.data[i - 1];
        bool is_arrow = byte == '>' && (name.data[i - 2] == '-' || name.data[i - 2] == '=');
        if ((byte == '>' && !is_arrow) || byte == ')' || byte == '}')
            depth++;
        else if ((byte == '<' || byte == '(' || byte == '{') && depth > 0)
            depth--;
        else if (byte == ':' && name.data[i - 2] == ':' && depth == 0 && i > 2)
            return i - 2;
    }
    return name.size;
}

/* Whether what follows a dot is a function rather than a file's extension or a compiler's mark
 * (".part.0", ".cold"). */
static bool is_member(struct pv_text member)
{
    static const struct pv_text others[] = {
        {"cold", 4}, {"part", 4}, {"isra", 4}, {"constprop", 9}, {"lto_priv", 8}, {"llvm", 4},
        {"py", 2},   {"js", 2},   {"ts", 2},   {"rb", 2},        {"php", 3},      {"so", 2},
        {"go", 2},   {"rs", 2},   {"cc", 2},   {"cpp", 3},       {"exe", 3},      {"dll", 3}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (pv_text_equal(member, others[i]))
            return false;
    bool is_name = member.size && (is_letter(member.data[0]) || member.data[0] == '<' ||
                                   member.data[0] == '$' || member.data[0] == '(');
    return is_name && pv_text_find(member, '/') == member.size;
}

/* Tries to part `head` at one separator; the function keeps at least one byte. */
static bool split_at(struct pv_name_parts *out, struct pv_text head, size_t at, size_t joint)
{
    if (at == 0 || at >= head.size || at + joint >= head.size)
        return false;
    out->module = pv_text_slice(head, 0, at);
    out->joint = pv_text_slice(head, at, at + joint);
    out->function = pv_text_slice(head, at + joint, head.size);
    return true;
}

/* What has no name of its own, and is of whatever it stands in: lambdas and closures. */
static bool is_nameless(struct pv_text function)
{
    bool is_go = pv_text_starts(function, PV_TEXT("func")) && function.size > 4 &&
                 is_digit(function.data[4]);
    return is_go || pv_text_starts(function, PV_TEXT("operator()")) ||
           pv_text_starts(function, PV_TEXT("{")) || pv_text_starts(function, PV_TEXT("$_"));
}

/* "start()::{lambda()#1}::operator()" is one function, where a label has room for that alone. */
static bool split_scope(struct pv_name_parts *out, struct pv_text head)
{
    enum { MOST_NESTED = 8 };
    size_t at = last_scope(head);
    for (int i = 0; i < MOST_NESTED && at < head.size; i++) {
        size_t outer = last_scope(pv_text_slice(head, 0, at));
        if (!is_nameless(pv_text_slice(head, at + 2, head.size)) || outer == at)
            break;
        at = outer;
    }
    if (!split_at(out, head, at, 2))
        return false;
    if (out->arguments.size)
        out->module = pv_name_without_type(out->module);
    return true;
}

/* Index of a single ':' with a module before it that looks like a file or object, or size. A line
 * number behind the function is the function's. */
static size_t single_colon(struct pv_text head)
{
    struct pv_text name = without_line(head);
    size_t at = pv_text_find_last(name, ':');
    if (at == 0 || at + 1 >= name.size || name.data[at - 1] == ':' || is_digit(name.data[at + 1]))
        return head.size;
    struct pv_text before = pv_text_slice(name, 0, at);
    bool is_file = pv_text_find(before, '.') < at || pv_text_find(before, '/') < at;
    return is_file && pv_text_find(before, ' ') == at ? at : head.size;
}

/* What stands between two marks, the first one at the beginning; false where one is missing. */
static bool between(struct pv_text text, struct pv_text open, struct pv_text close,
                    struct pv_text *out)
{
    size_t end = pv_text_search(text, close);
    if (!pv_text_starts(text, open) || end == text.size || end <= open.size)
        return false;
    *out = pv_text_slice(text, open.size, end);
    return true;
}

/* What Python's profilers call a function without a source: "<built-in method time.sleep>",
 * "<built-in method __new__ of type object at 0x1>", "<method 'join' of 'str' objects>"; printed by
 * pstats, the first kind stands in braces. */
static bool split_builtin(struct pv_name_parts *out, struct pv_text name)
{
    struct pv_text inside, of = PV_TEXT(" of "), rest;
    if (name.size < 2 || (name.data[0] != '<' && name.data[0] != '{'))
        return false;
    inside = pv_text_slice(name, 1, name.size - 1);
    size_t at = pv_text_search(inside, of);
    rest = pv_text_slice(inside, at + of.size, inside.size);
    *out = (struct pv_name_parts){.joint = PV_TEXT(".")};
    if (between(inside, PV_TEXT("method '"), PV_TEXT("' of '"), &out->function))
        return between(rest, PV_TEXT("'"), PV_TEXT("' object"), &out->module);
    if (!pv_text_starts(inside, PV_TEXT("built-in method ")))
        return false;
    out->function = pv_text_slice(inside, 16, at);
    if (at < inside.size)
        return between(rest, PV_TEXT(""), PV_TEXT(" object"), &out->module);
    return split_at(out, out->function, pv_text_find_last(out->function, '.'), 1);
}

/* "[kernel.kallsyms]", "[libc.so.6]": an object whose functions are not known. */
static bool is_object(struct pv_text name)
{
    return pv_text_starts(name, PV_TEXT("[")) && pv_text_find(name, ']') + 1 == name.size;
}

/* The dot in front of a function: of Go's, not one in "Map[go.shape.int]", and the one before that
 * where the function is a closure ("Gather.func1"). */
static size_t last_dot(struct pv_text head)
{
    size_t open = pv_text_find(head, '[');
    bool is_generic = open > 0 && pv_text_ends(head, PV_TEXT("]"));
    struct pv_text name = pv_text_slice(head, 0, is_generic ? open : head.size);
    size_t dot = pv_text_find_last(name, '.');
    if (dot == name.size)
        return head.size;
    size_t outer = pv_text_find_last(pv_text_slice(name, 0, dot), '.');
    bool is_closure = is_nameless(pv_text_slice(name, dot + 1, name.size));
    return is_closure && outer > 0 && outer < dot ? outer : dot;
}

static void split_head(struct pv_name_parts *out, struct pv_text head)
{
    if (is_object(head)) {
        *out = (struct pv_name_parts){.function = head, .arguments = out->arguments};
        return;
    }
    if (split_scope(out, head) || split_at(out, head, pv_text_find_last(head, '`'), 1) ||
        split_at(out, head, pv_text_find_last(head, '#'), 1) ||
        split_at(out, head, single_colon(head), 1))
        return;
    size_t dot = last_dot(head);
    bool has_blank = pv_text_find(head, ' ') < head.size || pv_text_find(head, '<') == 0;
    if (!has_blank && is_member(pv_text_slice(head, dot + 1, head.size)) &&
        split_at(out, head, dot, 1))
        return;
    size_t slash = pv_text_find_last(head, '/');
    if (!has_blank && split_at(out, head, slash, 1))
        return;
    *out = (struct pv_name_parts){.function = head, .arguments = out->arguments};
}

void pv_name_split(struct pv_name_parts *out, const struct pv_profile *profile, uint32_t frame)
{
    const struct pv_frame *of = &profile->frames[frame];
    struct pv_text name = pv_profile_text(profile, of->name);
    if (split_builtin(out, name) || split_place(out, name))
        return;
    *out = (struct pv_name_parts){0};
    size_t arguments = arguments_from(name);
    struct pv_text head = pv_text_slice(name, 0, arguments);
    out->arguments = pv_text_slice(name, arguments, name.size);
    if (!of->file && !of->module) {
        split_head(out, head);
        return;
    }
    if (split_scope(out, head))
        return;
    out->function = head;
    out->module = of->file ? pv_name_path(pv_profile_text(profile, of->file))
                           : pv_name_base(pv_profile_text(profile, of->module));
    out->joint = of->file ? PV_TEXT(":") : PV_TEXT("`");
}

/* What stands before the first slash, or all. */
static struct pv_text first_component(struct pv_text path)
{
    return pv_text_slice(path, 0, pv_text_find(path, '/'));
}

static struct pv_text key_of_path(struct pv_text path)
{
    size_t from = behind_packages(path);
    return from ? first_component(pv_text_slice(path, from, path.size)) : pv_name_base(path);
}

/* Go names a package by a path: "net/http.(*conn).serve" is of "net/http". */
static struct pv_text key_of_name(struct pv_text name)
{
    size_t arguments = arguments_from(name);
    struct pv_name_parts parts = {.arguments = pv_text_slice(name, arguments, name.size)};
    split_head(&parts, pv_text_slice(name, 0, arguments));
    if (pv_text_equal(parts.joint, PV_TEXT(":")) && is_absolute(parts.module))
        return key_of_path(parts.module);
    return pv_text_slice(parts.module, 0, pv_text_search(parts.module, PV_TEXT(".(*")));
}

struct pv_text pv_module_key(const struct pv_profile *profile, uint32_t frame)
{
    const struct pv_frame *of = &profile->frames[frame];
    struct pv_text name = pv_profile_text(profile, of->name);
    struct pv_name_parts parts;
    if (of->file)
        return key_of_path(pv_profile_text(profile, of->file));
    if (of->module)
        return key_of_path(pv_profile_text(profile, of->module));
    if (split_builtin(&parts, name))
        return parts.module;
    if (split_place(&parts, name)) {
        size_t open = search_last(name, PV_TEXT(" ("));
        return key_of_path(without_line(pv_text_slice(name, open + 2, name.size - 1)));
    }
    return key_of_name(name);
}

struct pv_text pv_name_prefix(struct pv_text name)
{
    size_t from = 0;
    while (from < name.size && name.data[from] == '_')
        from++;
    struct pv_text bare = pv_text_slice(name, from, name.size);
    return pv_text_slice(bare, 0, pv_text_find(bare, '_'));
}
