#ifndef PV_FORMATS_MARSHAL_PARTS_H
#define PV_FORMATS_MARSHAL_PARTS_H

#include "formats/marshal.h"

#include <string.h>

/* What a marshal parser is made of: shared by its own files, nobody else's business. */

/* What references lead to, in two arrays so that the small one stays in a near cache. A tag is a
 * kind, whether the value is an index of `wide`, and what the reader said with pv_marshal_remember.
 * A value is an integer, the number of a text, or the reader's mark. */
enum { PV_MARSHAL_KIND = 0x0f, PV_MARSHAL_WIDE = 0x10, PV_MARSHAL_MEANING_SHIFT = 5 };

/* A container on the way through pv_marshal_skip, or a code object. */
struct pv_marshal_level {
    enum pv_marshal_kind kind;
    uint32_t left; /* items still to come; of a dictionary unused */
    uint8_t slot;  /* of a code object: which of its parts comes next */
    bool is_new_layout;
};

struct pv_marshal {
    struct pv_input *input;
    const struct pv_limits *limits;
    struct pv_marshal_texts texts;
    const unsigned char *base, *cursor, *end; /* window of the input; before base is skipped */
    struct pv_budget budget;
    uint8_t *tags;
    uint32_t *values;
    uint32_t object_count, object_capacity;
    uint64_t *wide;
    uint32_t wide_count, wide_capacity;
    uint32_t *interned; /* texts of Python 2's second table */
    uint32_t interned_count, interned_capacity;
    struct pv_marshal_level *levels;
    uint32_t level_count, level_capacity;
    struct pv_buffer scratch;
};

/* Makes at least `wanted` bytes stand at the cursor; false (and failed) where the input ends. */
bool pv_marshal_need(struct pv_marshal *marshal, size_t wanted);

static inline uint32_t pv_marshal_word(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline double pv_marshal_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Makes room for one item behind `count`; false (and failed) beyond --max-memory. */
bool pv_marshal_grow(struct pv_marshal *marshal, void **array, uint32_t *capacity, uint32_t count,
                     size_t item);

/* What references to the token's object shall lead to; nothing for one that has no number. */
bool pv_marshal_set_integer(struct pv_marshal *marshal, const struct pv_marshal_token *token);
bool pv_marshal_set_real(struct pv_marshal *marshal, const struct pv_marshal_token *token);
void pv_marshal_set_text(struct pv_marshal *marshal, const struct pv_marshal_token *token);

/* The digits of a long: the cursor stands behind their count. */
bool pv_marshal_read_long(struct pv_marshal *marshal, struct pv_marshal_token *token,
                          int32_t digits);

/* A number behind a size of one byte, on which the cursor stands. */
bool pv_marshal_read_textual(struct pv_marshal *marshal, double *out);

/* A text of this type byte and size, kept or passed over; the cursor stands behind the size. */
bool pv_marshal_read_text(struct pv_marshal *marshal, struct pv_marshal_token *token, unsigned type,
                          uint32_t size);
bool pv_marshal_pass_text(struct pv_marshal *marshal, uint32_t size);

/* The next head as pv_marshal_next gives it, but a code object's parts are left to come, and a text
 * that nothing can refer to is passed over unless `keeps_texts`. */
bool pv_marshal_head(struct pv_marshal *marshal, struct pv_marshal_token *token, bool keeps_texts);

/* Passes over the rest of a code object whose head was just read; its name goes to token->text. */
bool pv_marshal_code(struct pv_marshal *marshal, struct pv_marshal_token *token);

#endif
