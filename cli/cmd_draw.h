#ifndef PV_CLI_CMD_DRAW_H
#define PV_CLI_CMD_DRAW_H

#include "cli/target.h"

/* What the commands that make pictures share. */

/* The view by its name; NULL in *out where none is named, or the table. */
bool pv_draw_find_view(const struct pv_renderer **out, const struct pv_settings *settings,
                       struct pv_error *err);

/* False where an option was given that means nothing to the view (NULL: no picture). */
bool pv_draw_check_options(const struct pv_settings *settings, const struct pv_renderer *view,
                           struct pv_error *err);

/* False where an option was given that an HTML page has no use for. */
bool pv_draw_check_page(const struct pv_settings *settings, const struct pv_target *target,
                        struct pv_error *err);

/* What the options say about the picture. */
struct pv_draw pv_draw_wanted(const struct pv_settings *settings, struct pv_text input);

/* All that writing a picture or data needs. */
struct pv_picture {
    const struct pv_call *call;
    const struct pv_target *target;
    const struct pv_renderer *view;
    struct pv_profile *profile;
    const struct pv_profile *carried; /* what goes along in the file; NULL: `profile` */
    bool is_last_use;                 /* nobody needs the profile when the picture is drawn */
    struct pv_draw draw;
    struct pv_buffer notes;
};

/* False for a unit that the metric does not have. */
bool pv_picture_check_unit(const struct pv_picture *work, struct pv_error *err);

/* For pv_target_write; the context is a struct pv_picture, what the view needs is there. */
bool pv_picture_draw(void *context, struct pv_output *output, struct pv_error *err);

/* Draws a comparison: what pv_picture_draw needs is found here. `draw` has the rest. */
bool pv_picture_compare(struct pv_picture *work, struct pv_diff *diff, uint32_t pair,
                        struct pv_error *err);

/* What there is to be said when it is written. */
void pv_picture_report(const struct pv_picture *work);

/* The view of a profile where none is asked for; NULL where there is none for it. */
const struct pv_renderer *pv_natural_view(const struct pv_profile *profile);

/* Writes the profile to the target, in its natural view where that is a picture. Notes about the
 * picture are not said. */
bool pv_draw_write(struct pv_profile *profile, const struct pv_target *target,
                   const struct pv_call *call, struct pv_error *err);

#endif
