#ifndef PV_MODEL_TEXT_H
#define PV_MODEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A borrowed slice of bytes: not terminated, may hold any byte. Whoever gave it out owns the bytes.
 */
struct pv_text {
    const char *data;
    size_t size;
};

/* A slice of a string literal. */
#define PV_TEXT(literal) ((struct pv_text){"" literal, sizeof(literal) - 1})

/* For printf's "%.*s": the width is cut at INT_MAX. */
#define PV_TEXT_ARGS(text) (int)((text).size > 0x7fffffff ? 0x7fffffff : (text).size), (text).data

/* The slice of a terminated string; NULL gives the empty slice. */
struct pv_text pv_text_of(const char *terminated);

bool pv_text_equal(struct pv_text a, struct pv_text b);

/* Order by unsigned bytes, a prefix first: negative, zero or positive. The same in every locale. */
int pv_text_compare(struct pv_text a, struct pv_text b);

bool pv_text_starts(struct pv_text text, struct pv_text prefix);
bool pv_text_ends(struct pv_text text, struct pv_text suffix);

/* Bytes [from, to) of the text; both ends are clamped to it. */
struct pv_text pv_text_slice(struct pv_text text, size_t from, size_t to);

/* Without leading and trailing ASCII blanks (space, tab, CR, LF, VT, FF). */
struct pv_text pv_text_trim(struct pv_text text);

/* Index of the first or last `wanted` byte, or text.size where there is none. */
size_t pv_text_find(struct pv_text text, char wanted);
size_t pv_text_find_last(struct pv_text text, char wanted);

/* Index of the first occurrence of `needle`, or text.size where there is none. Linear in practice.
 */
size_t pv_text_search(struct pv_text text, struct pv_text needle);

/* Takes the part before the next `separator` off *rest into *part; false when *rest was used up.
 * "a;;b" gives "a", "", "b"; "" gives one empty part. A used-up rest has data NULL. */
bool pv_text_split(struct pv_text *rest, char separator, struct pv_text *part);

/* Takes the next word (run of bytes that are not blank or tab) off *rest; false when none is left.
 */
bool pv_text_word(struct pv_text *rest, struct pv_text *word);

/* Edits (insert, delete, replace, swap neighbours) that turn one into the other, ignoring ASCII
 * case; texts over 64 bytes are compared by their first 64. For hints about typing errors. */
unsigned pv_text_distance(struct pv_text a, struct pv_text b);

/* A growing buffer of bytes. Zero-initialise it; pv_buffer_free releases it. */
struct pv_buffer {
    char *data;
    size_t size, capacity;
};

void pv_buffer_add(struct pv_buffer *buffer, struct pv_text text);
void pv_buffer_char(struct pv_buffer *buffer, char byte);

/* Appends printf-style text (for words, not for data: floats follow the locale). */
void pv_buffer_print(struct pv_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The content; valid until the next change. */
struct pv_text pv_buffer_text(const struct pv_buffer *buffer);

/* Room for `extra` more bytes behind the content; returns where they go (size is not changed). */
char *pv_buffer_reserve(struct pv_buffer *buffer, size_t extra);

void pv_buffer_free(struct pv_buffer *buffer);

#endif
