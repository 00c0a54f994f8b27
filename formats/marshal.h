#ifndef PV_FORMATS_MARSHAL_H
#define PV_FORMATS_MARSHAL_H

#include "model/input.h"

/* A pull parser for Python's marshal format, versions 0 to 5, as CPython 2 and 3, PyPy and Jython
 * write it (Python's own description is Python/marshal.c of CPython; there is no other). It hands
 * out one object head at a time: after the head of a container its items follow as heads of their
 * own. Nothing recurses and nothing is kept but the table of objects that later bytes may refer to:
 * eight bytes each. */

/* Texts are not handed out but kept elsewhere, once per object, and known by a number from then on:
 * a marshal file repeats its texts by reference. */
struct pv_marshal_texts {
    uint32_t (*keep)(void *context, struct pv_text text);
    struct pv_text (*get)(void *context, uint32_t number);
    void *context;
};

struct pv_marshal;

/* Reads from the input's present place; `texts` is copied. */
struct pv_marshal *pv_marshal_new(struct pv_input *input, const struct pv_marshal_texts *texts);
void pv_marshal_free(struct pv_marshal *marshal);

enum pv_marshal_kind {
    PV_MARSHAL_END,   /* what closes a dictionary: no object */
    PV_MARSHAL_NONE,  /* None */
    PV_MARSHAL_OTHER, /* Ellipsis, StopIteration, complex numbers */
    PV_MARSHAL_INT,   /* also True and False */
    PV_MARSHAL_REAL,
    PV_MARSHAL_TEXT, /* unicode or bytes: before Python 3 names are bytes */
    PV_MARSHAL_TUPLE,
    PV_MARSHAL_LIST,
    PV_MARSHAL_SET,
    PV_MARSHAL_DICT,  /* keys and values in turn, then PV_MARSHAL_END */
    PV_MARSHAL_SLICE, /* three items */
    PV_MARSHAL_CODE,  /* a whole code object: `text` is how it shows as a name */
};

/* The head of one object. Where it is a reference to a container, no items follow: the reader said
 * with pv_marshal_remember what the container was when it came along. */
#define PV_MARSHAL_NO_OBJECT UINT32_MAX
struct pv_marshal_token {
    enum pv_marshal_kind kind;
    bool is_reference;
    uint32_t count;   /* items of TUPLE, LIST, SET */
    uint32_t text;    /* number of TEXT or CODE */
    int64_t integer;  /* of INT; clamped to int64 */
    double real;      /* of REAL: a text float is read to nine digits behind the point */
    uint32_t object;  /* number of what may be referred to later, or PV_MARSHAL_NO_OBJECT */
    uint32_t meaning; /* of a reference to a container: what pv_marshal_remember was told, or 0 */
    uint32_t mark;
};

/* The next object head. False: the input ended or is broken, and is marked as failed. */
bool pv_marshal_next(struct pv_marshal *marshal, struct pv_marshal_token *token);

/* The next `count` objects, all of them numbers: anything else fails. */
struct pv_marshal_number {
    bool is_real; /* which of the two holds */
    union {
        int64_t integer;
        double real;
    };
};
bool pv_marshal_numbers(struct pv_marshal *marshal, struct pv_marshal_number *out, uint32_t count);

/* For a container that is done: what a reference to it shall tell. `meaning` is 1 to 7. Does
 * nothing for a token that cannot be referred to. */
void pv_marshal_remember(struct pv_marshal *marshal, const struct pv_marshal_token *token,
                         uint32_t meaning, uint32_t mark);

/* Passes over all items of the container whose head was just read (nothing for anything else). */
bool pv_marshal_skip(struct pv_marshal *marshal, const struct pv_marshal_token *token);

/* Marks the input as failed at the present place; returns false. */
bool pv_marshal_fail(struct pv_marshal *marshal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Gives the bytes behind the last object back to the input. */
void pv_marshal_end(struct pv_marshal *marshal);

/* "a tuple", "a list", …: for messages. */
const char *pv_marshal_kind_name(enum pv_marshal_kind kind);

#endif
