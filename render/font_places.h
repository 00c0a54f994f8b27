#ifndef PV_RENDER_FONT_PLACES_H
#define PV_RENDER_FONT_PLACES_H

/* Finds the system's fonts, which drawing a PNG or PDF does later anyway, and names every file and
 * folder that drawing may still open: fonts, the lists of them, and what configures them. A folder
 * stands for all that is in it. `path` is lent for the call. */
void pv_font_places(void (*each)(void *context, const char *path), void *context);

#endif
