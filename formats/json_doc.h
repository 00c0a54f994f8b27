#ifndef PV_FORMATS_JSON_DOC_H
#define PV_FORMATS_JSON_DOC_H

#include "model/error.h"
#include "model/text.h"

/* A small JSON document that people write (settings, descriptions), read whole with cJSON and taken
 * apart by tables of keys, so that every mistake is told by its place in the document: what stands
 * there, what should, and which key was probably meant. Data are read by json_pull instead. */
struct pv_json_doc;

enum { PV_JSON_DOC_MOST = 1 << 20 }; /* bytes of a document */

/* Appends the bytes of a file, unpacked: of one that is too large, more than PV_JSON_DOC_MOST,
 * which pv_json_doc_open refuses. False: it cannot be read; `path` is the error's source. */
bool pv_json_doc_load(struct pv_buffer *out, const char *path, struct pv_error *err);

/* False with the line where `bytes` (which may be given up afterwards) are no JSON. `source` names
 * the document in errors and must outlive it. */
bool pv_json_doc_open(struct pv_json_doc **out, struct pv_text bytes, const char *source,
                      struct pv_error *err);
void pv_json_doc_free(struct pv_json_doc *doc);

/* A value and how one gets to it: "rules[2].pattern". Valid as long as the document and `parent`.
 */
struct pv_json_item {
    const struct pv_json_item *parent; /* NULL: the whole document */
    const char *key;                   /* in an object; NULL in an array */
    unsigned index;                    /* in an array */
    const void *value;
    const struct pv_json_doc *doc;
};
struct pv_json_item pv_json_doc_root(const struct pv_json_doc *doc);

enum pv_json_kind {
    PV_JSON_DOC_TEXT,
    PV_JSON_DOC_BOOL,
    PV_JSON_DOC_LIST,
    PV_JSON_DOC_OBJECT,
    PV_JSON_DOC_QUANTITY, /* a number, or a text that may have a unit */
};

/* What a text or a bool says; the text belongs to the document and is terminated. */
struct pv_text pv_json_item_text(const struct pv_json_item *item);
bool pv_json_item_bool(const struct pv_json_item *item);

/* The number of a quantity; false where it is a text. */
bool pv_json_item_number(const struct pv_json_item *item, double *out);

/* Takes one value into `target`. */
typedef bool pv_json_take(void *target, const struct pv_json_item *item, struct pv_error *err);

/* A key that an object may have. */
struct pv_json_key {
    const char *name;
    enum pv_json_kind kind;
    bool is_required;
    pv_json_take *take;
};

/* Hands each member of the object to the key of its name. False for an unknown key (the nearest is
 * named), one that is there twice, one that is missing, or a value of another kind. At most 32
 * keys. */
bool pv_json_take_keys(void *target, const struct pv_json_item *object,
                       const struct pv_json_key *keys, size_t count, struct pv_error *err);

/* Hands each member of an object whose keys are free, or each item of a list, to `take`; all must
 * be of one kind, and at most `most`. */
bool pv_json_take_all(void *target, const struct pv_json_item *item, enum pv_json_kind kind,
                      unsigned most, pv_json_take *take, struct pv_error *err);

/* False, with the item's place before the message. */
bool pv_json_item_fail(const struct pv_json_item *item, struct pv_error *err, const char *format,
                       ...) __attribute__((format(printf, 3, 4)));

#endif
