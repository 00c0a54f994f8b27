#include "model/demangle.h"

#include <demangle.h>
#include <setjmp.h>
#include <string.h>

/* A short symbol may stand for an endless name, because its parts refer to each other: beyond this
 * it is left as it is. A longer symbol is refused before it is copied. */
enum { MOST = 64 << 10, LONGEST = 16 << 10 };

/* Nested conversions are parsed twice at each level, and no name has many. */
enum { CONVERSIONS = 8 };

struct writing {
    struct pv_buffer *out;
    size_t from;
    jmp_buf enough;
};

static bool is_ascii(const char *part, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)part[i] >= 0x80)
            return false;
    return true;
}

/* libiberty cannot be told to stop. It holds memory only while it writes a part of a Rust name that
 * is not ASCII, so it is left with the next part that is. */
static void write_part(const char *part, size_t size, void *context)
{
    struct writing *writing = context;
    if (writing->out->size - writing->from + size <= MOST)
        pv_buffer_add(writing->out, (struct pv_text){part, size});
    else if (is_ascii(part, size))
        longjmp(writing->enough, 1);
}

typedef int demangler(const char *, int, demangle_callbackref, void *);

static bool try_with(demangler *demangle, struct pv_buffer *out, const char *symbol)
{
    struct writing writing = {.out = out, .from = out->size};
    bool is_fine = setjmp(writing.enough) == 0 &&
                   demangle(symbol, DMGL_PARAMS | DMGL_ANSI, write_part, &writing) &&
                   out->size > writing.from;
    if (!is_fine)
        out->size = writing.from;
    return is_fine;
}

static bool has_many_conversions(struct pv_text symbol)
{
    size_t count = 0;
    for (size_t at; (at = pv_text_search(symbol, PV_TEXT("cvT"))) < symbol.size; count++)
        symbol = pv_text_slice(symbol, at + 3, symbol.size);
    return count > CONVERSIONS;
}

/* Rust's old scheme is valid C++, too, and less readable so. */
static bool add_symbol(struct pv_buffer *out, struct pv_text symbol)
{
    char copy[LONGEST + 1];
    if (symbol.size > LONGEST || has_many_conversions(symbol))
        return false;
    memcpy(copy, symbol.data, symbol.size);
    copy[symbol.size] = '\0';
    return try_with(rust_demangle_callback, out, copy) ||
           try_with(cplus_demangle_v3_callback, out, copy);
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= '0' && byte <= '9') || byte == '$';
}

static bool begins_symbol(struct pv_text text)
{
    return pv_text_starts(text, PV_TEXT("_Z")) || pv_text_starts(text, PV_TEXT("_R")) ||
           pv_text_starts(text, PV_TEXT("_GLOBAL_"));
}

/* The next word that may be a symbol, from *at on: its first byte, or name.size. macOS writes one
 * more underscore in front, which goes with the symbol. */
static size_t next_symbol(struct pv_text name, size_t at)
{
    for (; at < name.size; at++) {
        const char *found = memchr(name.data + at, '_', name.size - at);
        if (!found)
            return name.size;
        at = (size_t)(found - name.data);
        bool is_inside = at > 0 && is_letter(name.data[at - 1]);
        struct pv_text rest = pv_text_slice(name, at, name.size);
        if (!is_inside && (begins_symbol(rest) || begins_symbol(pv_text_slice(rest, 1, rest.size))))
            return at;
    }
    return name.size;
}

static size_t symbol_end(struct pv_text name, size_t at, bool has_marks)
{
    while (at < name.size && (is_letter(name.data[at]) || (has_marks && name.data[at] == '.')))
        at++;
    return at;
}

/* With the compiler's marks (".part.0") or, where that makes no sense, without. */
static bool take_symbol(struct pv_buffer *out, struct pv_text name, size_t at, size_t *end)
{
    struct pv_text rest = pv_text_slice(name, at, name.size);
    size_t from = at + !begins_symbol(rest);
    *end = symbol_end(name, from, true);
    if (add_symbol(out, pv_text_slice(name, from, *end)))
        return true;
    size_t with_marks = *end;
    *end = symbol_end(name, from, false);
    return *end < with_marks && add_symbol(out, pv_text_slice(name, from, *end));
}

bool pv_may_demangle(struct pv_text name)
{
    return next_symbol(name, 0) < name.size;
}

bool pv_demangle(struct pv_buffer *out, struct pv_text name)
{
    size_t start = out->size, done = 0, at;
    bool has_symbol = false;
    for (at = next_symbol(name, 0); at < name.size; at = next_symbol(name, at)) {
        size_t end, before = out->size;
        pv_buffer_add(out, pv_text_slice(name, done, at));
        if (take_symbol(out, name, at, &end)) {
            has_symbol = true;
            done = end;
        } else {
            out->size = before;
        }
        at = end;
    }
    pv_buffer_add(out, pv_text_slice(name, done, name.size));
    if (!has_symbol)
        out->size = start;
    return has_symbol;
}
