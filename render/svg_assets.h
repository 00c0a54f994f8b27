#ifndef PV_RENDER_SVG_ASSETS_H
#define PV_RENDER_SVG_ASSETS_H

#include "model/text.h"

/* The scripts (one for trees, one for graphs) and the style of interactive SVGs, made of
 * render/svg/ by cmake/embed.cmake. They are the same in every picture of a kind, so that a page
 * that embeds one can allow the script by its hash. */
extern const struct pv_text pv_svg_tree, pv_svg_graph, pv_svg_style;

/* SHA-256 in hexadecimal digits. */
extern const char pv_svg_tree_sha256[65], pv_svg_graph_sha256[65], pv_svg_style_sha256[65];

#endif
