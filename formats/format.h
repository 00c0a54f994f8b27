#ifndef PV_FORMATS_FORMAT_H
#define PV_FORMATS_FORMAT_H

#include "model/input.h"
#include "model/output.h"
#include "model/profile.h"

/* How sure a format is that the head of an input is its own. */
enum pv_probe { PV_PROBE_NO, PV_PROBE_MAYBE, PV_PROBE_LIKELY, PV_PROBE_SURE };

/* One format: a const struct in the format's own file, named by one line in formats/registry.c. */
struct pv_format {
    const char *name;       /* for -F and -T: lower case, no blanks */
    const char *summary;    /* one line for people: what writes it */
    const char *aliases;    /* other names that people know it by, blank-separated; NULL for none */
    const char *extensions; /* blank-separated, with the dot: ".pstats .prof"; "" for none */

    /* Looks at up to 64 KiB from the start (after decompression; as UTF-8 where the input begins
     * with a byte order mark). `is_whole`: there is nothing behind them. */
    enum pv_probe (*probe)(struct pv_text head, bool is_whole);

    /* NULL, or asked where no format knows the content and the name has one of the extensions:
     * whether it can be this format although it need not be. */
    bool (*probe_named)(struct pv_text head, bool is_whole);

    /* NULL where it is only written. Reads to the end; *out is made with limits of the input.
     * On false *out is untouched and *err names the place. */
    bool (*read)(struct pv_input *input, struct pv_profile **out, struct pv_error *err);

    /* NULL where it is only read. What the format cannot hold is counted in *lost (a sentence in
     * the buffer per loss, one a line, in display form). Failure is the output's. */
    void (*write)(struct pv_profile *profile, struct pv_output *output, struct pv_buffer *lost);

    /* Which part `write` needs: built by the caller before. */
    bool write_needs_tree, write_needs_graph;

    /* It makes use of profile->spans where they are there. */
    bool write_keeps_spans;

    /* The same for profile->lines. */
    bool write_keeps_lines;
};

#endif
