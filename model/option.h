#ifndef PV_MODEL_OPTION_H
#define PV_MODEL_OPTION_H

#include "model/error.h"
#include "model/text.h"

/* One option of the command line as a row of data: who owns a thing that can be set (the program, a
 * view) names it in a table of these, and parsing, help, man page and hints about typing errors
 * follow from the table. */

/* What the value is, and the type of the member that it lands in. */
enum pv_option_kind {
    PV_OPTION_FLAG,   /* bool: takes no value, becomes true */
    PV_OPTION_TEXT,   /* struct pv_text: any bytes; borrowed from whoever gave the value */
    PV_OPTION_CHOICE, /* unsigned: index into `choices` */
    PV_OPTION_WHOLE,  /* int64_t, low to high */
    PV_OPTION_NUMBER, /* double, low to high; a percentage may end in "%" */
    PV_OPTION_SIZE,   /* uint64_t bytes: 4096, 64K, 16M, 4G (powers of 1024) */
    PV_OPTION_LENGTH, /* struct pv_length: 0.1 or 0.1px or 0.1% */
    PV_OPTION_TEXTS,  /* struct pv_texts: adds one each time that it is given */
};

struct pv_length {
    double value;  /* pixels, or percent of the whole */
    bool is_share; /* percent */
};

/* In the order in which they were given; `items` is released with free. */
struct pv_texts {
    struct pv_text *items;
    size_t count;
};

struct pv_option {
    const char *name;     /* without the dashes */
    char letter;          /* one-letter form, 0: none */
    const char *argument; /* how help calls the value: "N", "FILE"; NULL for a flag */
    const char *help;     /* one line, lower case, no final stop */
    enum pv_option_kind kind;
    const char *choices; /* blank-separated, for PV_OPTION_CHOICE; else NULL */
    double low, high;    /* of numbers and lengths; both 0: no range */
    size_t offset;       /* of the member in the owner's struct of settings */
};

/* Parses `value` and stores it in the owner's struct `settings`. False with a message that names
 * the option, the value, and what would be right (PV_USAGE). */
bool pv_option_set(const struct pv_option *option, void *settings, struct pv_text value,
                   struct pv_error *err);

/* Remembers which of many names is nearest to what was typed: one that begins like it, else the one
 * with the fewest edits between. Zero-initialise, set `typed`. */
struct pv_nearest {
    struct pv_text typed, best;
    unsigned distance;
};
void pv_nearest_try(struct pv_nearest *nearest, struct pv_text candidate);

/* The best candidate where it is near enough to be what was meant, else an empty text. */
struct pv_text pv_nearest_name(const struct pv_nearest *nearest);

#endif
