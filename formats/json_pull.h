#ifndef PV_FORMATS_JSON_PULL_H
#define PV_FORMATS_JSON_PULL_H

#include "model/input.h"
#include "model/number.h"

/* JSON (RFC 8259) pulled from an input value by value: no tree of the document, no recursion, no
 * copy of strings that hold no escapes. The caller says what it wants next:
 *
 *     struct pv_text key;
 *     pv_json_object(json);
 *     while (pv_json_member(json, &key))
 *         if (pv_text_equal(key, PV_TEXT("name")))
 *             pv_json_string(json, &name);        // members that nobody takes are skipped
 *     return pv_json_end(json, err);
 *
 * Errors are sticky: after the first, every call returns false at once and pv_json_end tells line
 * and offset. Strings are bytes: what is no UTF-8 passes as it is, and the escape \udcNN (NN from
 * 80 to ff) stands for the byte NN, which is how model/escape writes one. Other lone surrogates
 * become their three bytes. Keys may repeat. Depth is limited by limits.nesting, a string or a
 * number by limits.line_bytes. */
struct pv_json;

/* What producers get wrong; all false: RFC 8259 to the letter. */
struct pv_json_options {
    bool may_end_open;    /* the input may end where a value could follow: [{…},{…} */
    bool may_trail_comma; /* [1,2,] and {"a":1,} */
    bool may_repeat;      /* values after one another, on lines of their own or not */
    bool may_be_cut;      /* the input may end anywhere but before the first value: every call
                             returns false then, and pv_json_was_cut tells */
};

enum pv_json_type {
    PV_JSON_NONE, /* no value here: an error, or the end of the input */
    PV_JSON_NULL,
    PV_JSON_BOOL,
    PV_JSON_NUMBER,
    PV_JSON_STRING,
    PV_JSON_ARRAY,
    PV_JSON_OBJECT,
};

/* Reads from the input's present place (its start: a byte order mark is dropped). Options NULL:
 * strict. The input must live as long. */
struct pv_json *pv_json_open(struct pv_input *input, const struct pv_json_options *options);
void pv_json_close(struct pv_json *json);

/* The type of the value that comes next, not taken. Ends the life of strings returned before, as
 * every call does. */
enum pv_json_type pv_json_peek(struct pv_json *json);

/* Enter a container. False (and failed) where something else stands. */
bool pv_json_object(struct pv_json *json);
bool pv_json_array(struct pv_json *json);

/* In an object: the next member's key; its value comes next. A value that was not taken is skipped.
 * False at the object's end, which is left then, or on an error. */
bool pv_json_member(struct pv_json *json, struct pv_text *key);

/* The same for keys of a list (NULL-terminated, fewer than a hundred): the index of the next
 * member's key in it, other members are skipped. -1 at the object's end or on an error. */
int pv_json_field(struct pv_json *json, const char *const *keys);

/* In an array: whether another item comes next; false at the array's end, which is left then, or on
 * an error. Outside of all: whether another value comes (may_repeat) or the first. */
bool pv_json_item(struct pv_json *json);

/* Take a value. False (and failed) where something else stands; strings are valid until the next
 * call. An integer may be written with a fraction of zeros or an exponent, and must fit int64. */
bool pv_json_string(struct pv_json *json, struct pv_text *out);
bool pv_json_int(struct pv_json *json, int64_t *out);
bool pv_json_decimal(struct pv_json *json, struct pv_decimal *out);
bool pv_json_bool(struct pv_json *json, bool *out);

/* A number as it is written, checked for its grammar: for model/number. */
bool pv_json_number(struct pv_json *json, struct pv_text *out);

/* Takes null if it comes next; false (and not failed) where something else stands. */
bool pv_json_null(struct pv_json *json);

/* Skips the next value, whatever it is; it is checked all the same. */
void pv_json_skip(struct pv_json *json);

/* For objects that come by the million: all members of the object that comes next at once, where it
 * is small, whole in the input's window and has nothing unusual. NULL (and not failed) otherwise:
 * it is to be read member by member. The object is not taken before pv_json_take_pieces; the pieces
 * are valid until then. Objects mostly have the keys of the one before, and some of its values: a
 * piece with the key of the same piece before keeps the tag that the caller gave it, and where the
 * caller says that it repeats, the mark with the same value. Zero the shapes before the first
 * object, and leave them where they are. */
enum { PV_JSON_PIECES = 16, PV_JSON_FRONT = 16, PV_JSON_LEAP = 48 };
struct pv_json_bytes { /* a few bytes to compare with */
    char bytes[PV_JSON_FRONT];
    unsigned size; /* 0: none */
    uint32_t bits; /* one for each byte, or one that never is */
};
struct pv_json_leap { /* from a piece over others that have the values of before */
    char bytes[PV_JSON_LEAP];
    unsigned size, to; /* behind the key of piece `to`; size 0: none */
};
struct pv_json_piece {
    struct pv_text key;       /* as it is written */
    struct pv_text value;     /* as it is written; a string without its quotes */
    enum pv_json_type type;   /* STRING, NUMBER or OBJECT: anything else */
    bool has_escape;          /* of a string: pv_json_unescaped is what it says */
    bool is_plain;            /* of a number: `number` is it, else model/number reads it */
    bool repeats;             /* the caller's: the value often is the one before */
    bool is_marked;           /* the caller's, where it repeats; false from a new value on */
    uint32_t mark;            /* the caller's: what it made of the value */
    int tag;                  /* the caller's, from 0 on; -1: not given yet */
    struct pv_decimal number; /* where it is plain; the fraction may end in zeros */
    struct pv_json_bytes front, last; /* in front of the value, and the value with what ends it */
    struct pv_json_leap leap;
    const char *from; /* where the front began in the object */
};
struct pv_json_pieces {
    struct pv_json_piece list[PV_JSON_PIECES + 1]; /* the last is never used */
    unsigned count;
    bool is_new;     /* a key is not the one of before; the caller's to clear */
    bool is_changed; /* a value that repeats is not the one of before; the caller's to clear */
    bool has_leaps;
    size_t size;    /* bytes of the object */
    uint64_t lines; /* newlines in it */
};
/* Objects of several shapes may take turns: those with the same first bytes share their pieces. */
enum { PV_JSON_SHAPE_BITS = 2, PV_JSON_SHAPES = 1 << PV_JSON_SHAPE_BITS };
struct pv_json_shapes {
    struct pv_json_pieces of[PV_JSON_SHAPES];
};
struct pv_json_pieces *pv_json_look_pieces(struct pv_json *json, struct pv_json_shapes *shapes);
void pv_json_take_pieces(struct pv_json *json, const struct pv_json_pieces *pieces);

/* The string of a piece without its escapes; valid until the next call. */
struct pv_text pv_json_unescaped(struct pv_json *json, struct pv_text value);

/* Marks the reading as failed at the value taken or entered last. The first failure stays. */
void pv_json_fail(struct pv_json *json, enum pv_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool pv_json_is_ok(const struct pv_json *json);

/* Whether the input ended inside a container, which only may_end_open and may_be_cut let pass. */
bool pv_json_was_cut(const struct pv_json *json);

/* After the end: whether the input's last byte is a newline, as programs write that end each value
 * with one. */
bool pv_json_ends_line(const struct pv_json *json);

/* Line (from 1) and offset of the value taken or entered last. */
struct pv_where pv_json_where(const struct pv_json *json);

/* Skips what was not taken and checks that nothing follows. False where anything failed, the input
 * included: *err says what and where. */
bool pv_json_end(struct pv_json *json, struct pv_error *err);

#endif
