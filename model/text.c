#include "model/text.h"

#include "model/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pv_text pv_text_of(const char *terminated)
{
    return (struct pv_text){terminated, terminated ? strlen(terminated) : 0};
}

bool pv_text_equal(struct pv_text a, struct pv_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int pv_text_compare(struct pv_text a, struct pv_text b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

bool pv_text_starts(struct pv_text text, struct pv_text prefix)
{
    return text.size >= prefix.size && pv_text_equal(pv_text_slice(text, 0, prefix.size), prefix);
}

bool pv_text_ends(struct pv_text text, struct pv_text suffix)
{
    return text.size >= suffix.size &&
           pv_text_equal(pv_text_slice(text, text.size - suffix.size, text.size), suffix);
}

struct pv_text pv_text_slice(struct pv_text text, size_t from, size_t to)
{
    to = to > text.size ? text.size : to;
    from = from > to ? to : from;
    if (from) /* NULL has no bytes to step over */
        text.data += from;
    text.size = to - from;
    return text;
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct pv_text pv_text_trim(struct pv_text text)
{
    while (text.size && is_blank(text.data[0]))
        text = pv_text_slice(text, 1, text.size);
    while (text.size && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

size_t pv_text_find(struct pv_text text, char wanted)
{
    const char *at = text.size ? memchr(text.data, wanted, text.size) : NULL;
    return at ? (size_t)(at - text.data) : text.size;
}

size_t pv_text_find_last(struct pv_text text, char wanted)
{
    for (size_t i = text.size; i > 0; i--)
        if (text.data[i - 1] == wanted)
            return i - 1;
    return text.size;
}

/* A byte in the middle is looked for: the first one is often a quote or a blank, which are
 * everywhere. */
size_t pv_text_search(struct pv_text text, struct pv_text needle)
{
    size_t middle = needle.size / 2;
    if (needle.size == 0)
        return 0;
    if (needle.size > text.size)
        return text.size;
    const char *at = text.data + middle, *end = at + (text.size - needle.size) + 1;
    for (; at < end; at++) {
        at = memchr(at, needle.data[middle], (size_t)(end - at));
        if (!at)
            break;
        if (memcmp(at - middle, needle.data, needle.size) == 0)
            return (size_t)(at - middle - text.data);
    }
    return text.size;
}

bool pv_text_split(struct pv_text *rest, char separator, struct pv_text *part)
{
    if (!rest->data)
        return false;
    size_t end = pv_text_find(*rest, separator);
    *part = pv_text_slice(*rest, 0, end);
    *rest = end < rest->size ? pv_text_slice(*rest, end + 1, rest->size) : (struct pv_text){0};
    return true;
}

bool pv_text_word(struct pv_text *rest, struct pv_text *word)
{
    size_t from = 0;
    while (from < rest->size && (rest->data[from] == ' ' || rest->data[from] == '\t'))
        from++;
    size_t to = from;
    while (to < rest->size && rest->data[to] != ' ' && rest->data[to] != '\t')
        to++;
    *word = pv_text_slice(*rest, from, to);
    *rest = pv_text_slice(*rest, to, rest->size);
    return word->size > 0;
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned pv_text_distance(struct pv_text a, struct pv_text b)
{
    enum { longest = 64 };
    unsigned rows[3][longest + 1];
    a = pv_text_slice(a, 0, longest);
    b = pv_text_slice(b, 0, longest);
    for (unsigned j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.size; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b.size; j++) {
            char x = lower(a.data[i - 1]), y = lower(b.data[j - 1]);
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (x != y));
            bool swapped = i > 1 && j > 1 && x == lower(b.data[j - 2]) && y == lower(a.data[i - 2]);
            if (swapped)
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
}

char *pv_buffer_reserve(struct pv_buffer *buffer, size_t extra)
{
    if (extra > buffer->capacity - buffer->size) {
        size_t wanted = buffer->size + extra;
        size_t doubled = buffer->capacity < 32 ? 64 : buffer->capacity * 2;
        buffer->capacity = wanted > doubled ? wanted : doubled;
        buffer->data = pv_resize(buffer->data, buffer->capacity);
    }
    return buffer->data + buffer->size;
}

void pv_buffer_add(struct pv_buffer *buffer, struct pv_text text)
{
    if (text.size == 0)
        return;
    memcpy(pv_buffer_reserve(buffer, text.size), text.data, text.size);
    buffer->size += text.size;
}

void pv_buffer_char(struct pv_buffer *buffer, char byte)
{
    *pv_buffer_reserve(buffer, 1) = byte;
    buffer->size++;
}

void pv_buffer_print(struct pv_buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size > 0) {
        vsnprintf(pv_buffer_reserve(buffer, (size_t)size + 1), (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

struct pv_text pv_buffer_text(const struct pv_buffer *buffer)
{
    return (struct pv_text){buffer->data, buffer->size};
}

void pv_buffer_free(struct pv_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct pv_buffer){0};
}
