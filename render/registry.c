#include "render/registry.h"

#include "render/callgraph.h"
#include "render/chart.h"
#include "render/flame.h"
#include "render/html.h"
#include "render/pie.h"
#include "render/sunburst.h"
#include "render/timeline.h"
#include "render/treemap.h"

/* In the order in which help lists them. */
static const struct pv_renderer *const renderers[] = {
    &pv_view_callgraph, &pv_view_flame,    &pv_view_icicle,   &pv_view_chart, &pv_view_treemap,
    &pv_view_pie,       &pv_view_sunburst, &pv_view_timeline, NULL,
};

const struct pv_renderer *const *pv_renderers(void)
{
    return renderers;
}

const struct pv_renderer *pv_renderer_named(struct pv_text name)
{
    for (const struct pv_renderer *const *at = renderers; *at; at++)
        if (pv_text_equal(name, pv_text_of((*at)->name)))
            return *at;
    return NULL;
}

static const struct pv_backend svg = {
    .name = "svg",
    .extension = ".svg",
    .summary = "vector picture for browsers, light and dark",
    .has_gzip = true,
    .has_data = true,
    .open = pv_canvas_svg,
};
static const struct pv_backend png = {
    .name = "png",
    .extension = ".png",
    .summary = "picture in pixels, twice the size for sharp screens",
    .is_binary = true,
    .needs_fonts = true,
    .has_data = true,
    .open = pv_canvas_png,
};
static const struct pv_backend pdf = {
    .name = "pdf",
    .extension = ".pdf",
    .summary = "vector picture for print",
    .is_binary = true,
    .needs_fonts = true,
    .open = pv_canvas_pdf,
};
static const struct pv_backend html = {
    .name = "html",
    .extension = ".html",
    .summary = "one page with every view, to search and zoom in",
    .has_gzip = true,
    .is_binary = true,
    .has_data = true,
    .write = pv_html_write,
};
static const struct pv_backend dot = {
    .name = "dot",
    .extension = ".dot",
    .summary = "the call graph for Graphviz and what reads its language",
    .only_view = "graph",
    .write = pv_callgraph_write_dot,
};
static const struct pv_backend *const backends[] = {&svg, &png, &pdf, &html, &dot, NULL};

const struct pv_backend *const *pv_backends(void)
{
    return backends;
}

const struct pv_backend *pv_backend_named(struct pv_text name)
{
    for (const struct pv_backend *const *at = backends; *at; at++)
        if (pv_text_equal(name, pv_text_of((*at)->name)))
            return *at;
    return NULL;
}

/* Whether the path ends in the extension, whatever its case, and has a name before it or not. */
static bool ends_in(struct pv_text path, struct pv_text extension)
{
    if (path.size < extension.size)
        return false;
    struct pv_text end = pv_text_slice(path, path.size - extension.size, path.size);
    for (size_t i = 0; i < end.size; i++) {
        char byte = end.data[i];
        if ((byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte) != extension.data[i])
            return false;
    }
    return true;
}

const struct pv_backend *pv_backend_for_output(struct pv_text path, bool *is_gzip)
{
    bool is_packed = ends_in(path, PV_TEXT(".gz"));
    struct pv_text bare = pv_text_slice(path, 0, path.size - (is_packed ? 3 : 0));
    bool is_svgz = !is_packed && ends_in(bare, PV_TEXT(".svgz"));
    if (is_gzip)
        *is_gzip = is_packed || is_svgz;
    if (is_svgz)
        return &svg;
    for (const struct pv_backend *const *at = backends; *at; at++)
        if (ends_in(bare, pv_text_of((*at)->extension)) && ((*at)->has_gzip || !is_packed))
            return *at;
    return NULL;
}

struct pv_draw pv_draw_default(void)
{
    return (struct pv_draw){
        .min_width_px = 0.5, .node_share = 0.005, .arc_share = 0.001, .skew = 1};
}
