#ifndef PV_CLI_COLOURS_H
#define PV_CLI_COLOURS_H

#include "cli/options.h"

/* What --colors and --hash say. False: nothing, each view has its own. */
bool pv_colours_settle(enum pv_colouring *out, const struct pv_settings *settings);

/* Takes --bgcolors into the canvas' options. False: it is no colour, or text would not read on it.
 */
bool pv_colours_background(struct pv_canvas_options *options, const struct pv_settings *settings,
                           struct pv_error *err);

#endif
