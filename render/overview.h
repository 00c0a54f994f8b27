#ifndef PV_RENDER_OVERVIEW_H
#define PV_RENDER_OVERVIEW_H

#include "model/diff.h"
#include "model/output.h"
#include "model/quality.h"
#include "render/canvas.h"

/* Many profiles on one page: a table of all, and of each a picture, what costs most, how far it is
 * to be trusted. Items are made one by one, wherever that is; the page is put together of them. */

enum { PV_OVERVIEW_TOP = 10 /* functions of each */ };

struct pv_overview_link {
    struct pv_text label, path; /* of a file beside the page, from names of ours */
};

/* One profile. */
struct pv_overview_item {
    size_t number;       /* from 1 */
    struct pv_text name; /* raw bytes */
    struct pv_profile *profile;
    uint32_t metric;
    const struct pv_quality *quality;
    const char *view;       /* what the picture is, for who does not see it */
    struct pv_text picture; /* an SVG */
    const struct pv_overview_link *links;
    size_t link_count;
    const struct pv_diff *diff; /* to its base; NULL: there is none */
    uint32_t pair;              /* of the metric in it */
    bool has_base;              /* the page has a column for it */
};

/* Its row of the table, its section of the page, and its row in Markdown, appended. False: a limit.
 */
bool pv_overview_make(const struct pv_overview_item *item, struct pv_buffer *row,
                      struct pv_buffer *section, struct pv_buffer *markdown, struct pv_error *err);

/* The same of one that could not be read; `why` is for people, any bytes. */
void pv_overview_make_failed(const struct pv_overview_item *item, struct pv_text why,
                             struct pv_buffer *row, struct pv_buffer *markdown);

/* What is said of all. */
struct pv_overview {
    struct pv_text title;
    size_t count, failed, formats;
    bool has_base;
    enum pv_theme theme;
    const struct pv_buffer *rows, *sections; /* [count], HTML */
    const struct pv_buffer *markdown;        /* [count] */
};
void pv_overview_write_html(const struct pv_overview *overview, struct pv_output *output);
void pv_overview_write_markdown(const struct pv_overview *overview, struct pv_output *output);

/* A small icicle of the profile's tree, as SVG that is part of a page, appended. */
void pv_overview_thumbnail(struct pv_buffer *out, const struct pv_profile *profile,
                           uint32_t metric);

#endif
