#ifndef PV_RENDER_SVG_ASSETS_H
#define PV_RENDER_SVG_ASSETS_H

#include "render/canvas.h"

/* A script and its SHA-256 in hexadecimal digits. */
struct pv_svg_script {
    struct pv_text text;
    char sha256[65];
};

/* The scripts (enum pv_script) and the style of interactive SVGs, made of render/svg/ by
 * cmake/embed.cmake. They are the same in every picture of a kind, so that a page that embeds one
 * can allow the script by its hash. */
extern const struct pv_svg_script pv_svg_scripts[PV_SCRIPTS];
extern const struct pv_text pv_svg_style;

/* The script and the style of HTML pages, of render/html/. */
extern const struct pv_svg_script pv_html_script, pv_html_style;

/* The same of the page of many profiles. */
extern const struct pv_svg_script pv_overview_script, pv_overview_style;

/* Appends 'sha256-…', as a Content-Security-Policy wants it. */
void pv_asset_source(struct pv_buffer *out, const struct pv_svg_script *asset);

#endif
