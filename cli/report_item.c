#include "cli/report_item.h"

#include "cli/cmd_draw.h"
#include "cli/cmd_tables.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "model/error.h"

#include <string.h>

enum {
    PICTURES_MOST = 16 << 20 /* bytes of all SVGs of a page */,
    LEAST = 24 << 10,
    MOST = 600 << 10,
    NODES = 40, /* of a graph: more would be too small to read in a column of text */
    ARCS = 100,
};

static const struct {
    const char *extension, *label;
} files[] = {{".svg", "SVG"}, {".png", "PNG"}, {".html", "HTML"}, {".md", "Markdown"}};
enum { FILES = sizeof files / sizeof files[0] };

/* All that is made of one profile. */
struct making {
    struct pv_call call;
    struct pv_settings settings; /* of this profile alone */
    struct pv_report report;
    const struct pv_report_plan *plan;
    const struct pv_report_named *named;
    struct pv_arena *arena;
    struct pv_profile *profile, *base;
    struct pv_quality quality;
    struct pv_diff *diff;
    struct pv_overview_item item;
    struct pv_overview_link links[FILES];
};

static void add_part(struct pv_buffer *out, struct pv_text part)
{
    uint64_t size = part.size;
    pv_buffer_add(out, (struct pv_text){(const char *)&size, sizeof size});
    pv_buffer_add(out, part);
}

bool pv_report_split(struct pv_text parts[PV_REPORT_PARTS], struct pv_text bytes)
{
    for (int i = 0; i < PV_REPORT_PARTS; i++) {
        uint64_t size;
        if (bytes.size < sizeof size)
            return false;
        memcpy(&size, bytes.data, sizeof size);
        bytes = pv_text_slice(bytes, sizeof size, bytes.size);
        if (size > bytes.size)
            return false;
        parts[i] = pv_text_slice(bytes, 0, (size_t)size);
        bytes = pv_text_slice(bytes, (size_t)size, bytes.size);
    }
    return bytes.size == 0;
}

/* The child's rights: its inputs, and the folder where there is one. */
static void enter_sandbox(const struct making *making)
{
    const char *inputs[] = {making->named->path, making->named->base};
    struct pv_settings settings = making->settings;
    struct pv_call call = making->call;
    struct pv_target target = {.kind = PV_TARGET_TABLE, .path = "-"};
    if (making->plan->has_folder) {
        target.kind = PV_TARGET_PICTURE;
        target.backend = pv_backend_named(PV_TEXT("png"));
        target.path = pv_report_path(making->arena, making->plan, "index", ".html");
    }
    settings.inputs = inputs;
    settings.input_count = making->named->base ? 2 : 1;
    call.settings = &settings;
    pv_sandbox_enter(&call, &target);
}

static bool read_one(struct pv_profile **out, const struct making *making, const char **path,
                     struct pv_error *err)
{
    struct pv_settings settings = making->settings;
    struct pv_call call = making->call;
    settings.inputs = path;
    settings.input_count = 1;
    call.settings = &settings;
    return pv_pipeline_read(out, &call, err);
}

/* The metric that was asked for, where this profile has it; the table says which one it is. */
static uint32_t metric_of(const struct making *making)
{
    struct pv_error err;
    uint32_t metric;
    return pv_pipeline_metric(&metric, making->profile, &making->settings, &err) ? metric : 0;
}

/* A still picture, coarser and coarser until it is small enough. */
static bool draw(struct pv_buffer *out, const struct making *making, const struct pv_renderer *view,
                 unsigned coarse, struct pv_error *err)
{
    struct pv_canvas_options options = making->settings.canvas;
    struct pv_draw what = making->settings.draw;
    struct pv_output *output = pv_output_memory();
    struct pv_buffer notes = {0};
    options.has_no_script = true;
    options.theme = (enum pv_theme)making->settings.theme;
    options.limits = &making->settings.limits;
    what.title = (struct pv_text){0}; /* the section has it */
    what.input = making->named->name;
    what.metric = making->item.metric;
    what.min_width_px = making->settings.min_width.value * coarse;
    what.node_share = making->settings.node_percent / 100;
    what.arc_share = making->settings.arc_percent / 100;
    what.node_count = NODES / coarse + 1;
    what.arc_count = ARCS / coarse + 1;
    what.limits = options.limits;
    struct pv_canvas *canvas = pv_canvas_svg(output, &options);
    bool is_fine = view->draw(making->profile, &what, canvas, &notes, err) &&
                   pv_canvas_finish(canvas, &notes, err);
    pv_canvas_free(canvas);
    out->size = 0;
    pv_buffer_add(out, pv_output_bytes(output));
    pv_output_close(output);
    pv_buffer_free(&notes);
    return is_fine;
}

static bool draw_picture(struct pv_buffer *out, struct making *making, struct pv_error *err)
{
    enum { coarsest = 64 };
    const struct pv_renderer *view = pv_natural_view(making->profile);
    size_t most = PICTURES_MOST / making->plan->count;
    most = most < LEAST ? LEAST : most > MOST ? MOST : most;
    if (!view)
        return true;
    making->item.view = view->summary;
    for (unsigned coarse = 1; coarse <= coarsest; coarse *= 2) {
        if (!draw(out, making, view, coarse, err))
            return false;
        if (out->size <= most)
            return true;
    }
    out->size = 0; /* the table is there */
    return true;
}

/* SVG, PNG, HTML and Markdown of this profile, beside the index. */
static bool write_files(struct making *making, struct pv_error *err)
{
    for (size_t i = 0; i < FILES; i++) {
        const char *path = pv_report_path(making->arena, making->plan, making->named->stem.data,
                                          files[i].extension);
        struct pv_settings settings = making->settings;
        struct pv_call call = making->call;
        struct pv_target target;
        settings.output = pv_text_of(path);
        call.settings = &settings;
        const struct pv_target usual = {.kind = PV_TARGET_TABLE};
        if (!pv_target_find(&target, &call, usual, err) ||
            !pv_draw_write(making->profile, &target, &call, err))
            return false;
        making->links[i] =
            (struct pv_overview_link){pv_text_of(files[i].label), pv_name_base(pv_text_of(path))};
    }
    making->item.links = making->links;
    making->item.link_count = FILES;
    return true;
}

/* A base that cannot be read, or compared with, leaves the profile without its difference. */
static void compare(struct making *making)
{
    const char *path = making->named->base;
    struct pv_error err;
    uint32_t pair;
    if (!path || making->item.metric >= making->profile->metric_count ||
        !read_one(&making->base, making, &path, &err))
        return;
    const struct pv_diff_request request = {.runs = {&making->base, &making->profile},
                                            .count = {1, 1},
                                            .limits = &making->settings.limits};
    if (!pv_diff_new(&making->diff, &request, &err))
        return;
    struct pv_text name =
        pv_profile_text(making->profile, making->profile->metrics[making->item.metric].name);
    making->item.pair = pv_diff_pair_named(&pair, making->diff, name) ? pair : 0;
    making->item.diff = making->diff;
}

static bool make(struct making *making, struct pv_buffer *out, struct pv_error *err)
{
    struct pv_buffer picture = {0}, row = {0}, section = {0}, markdown = {0};
    const char *path = making->named->path;
    const struct pv_limits *limits = &making->settings.limits;
    if (!read_one(&making->profile, making, &path, err))
        return false;
    making->item.profile = making->profile;
    making->item.metric = metric_of(making);
    making->item.quality = &making->quality;
    if (!pv_profile_need_graph(making->profile, limits, err) ||
        !pv_quality_find(&making->quality, making->profile, making->item.metric, limits, err))
        return false;
    pv_profile_need_tree(making->profile, making->item.metric);
    bool is_fine = draw_picture(&picture, making, err) &&
                   (!making->plan->has_folder || write_files(making, err));
    making->item.picture = pv_buffer_text(&picture);
    if (is_fine)
        compare(making);
    is_fine = is_fine && pv_overview_make(&making->item, &row, &section, &markdown, err);
    if (is_fine) {
        add_part(out, pv_buffer_text(&row));
        add_part(out, pv_buffer_text(&section));
        add_part(out, pv_buffer_text(&markdown));
        add_part(out, pv_profile_text(making->profile, making->profile->format));
    }
    pv_buffer_free(&picture);
    pv_buffer_free(&row);
    pv_buffer_free(&section);
    pv_buffer_free(&markdown);
    return is_fine;
}

static void add_error(struct pv_buffer *out, const struct pv_error *err)
{
    if (err->where.line)
        pv_buffer_print(out, "line %llu: ", (unsigned long long)err->where.line);
    else if (err->where.offset)
        pv_buffer_print(out, "byte %llu: ", (unsigned long long)err->where.offset);
    pv_buffer_print(out, "%s", err->message);
}

bool pv_report_item(struct pv_buffer *out, const struct pv_call *call,
                    const struct pv_report_plan *plan, size_t index)
{
    struct making making = {.call = *call,
                            .settings = *call->settings,
                            .report = {.is_quiet = true},
                            .plan = plan,
                            .named = &plan->items[index],
                            .arena = pv_arena_new()};
    struct pv_error err = {0};
    making.call.settings = &making.settings;
    making.call.report = &making.report;
    making.call.keeps_spans = plan->has_folder && making.settings.filter_count == 0;
    making.settings.inputs = (const char **)&making.named->path;
    making.settings.input_count = 1;
    making.settings.input_is_found = NULL;
    making.settings.to = (struct pv_text){0}; /* of the page, not of its files */
    making.settings.progress = PV_NEVER;
    making.item = (struct pv_overview_item){
        .number = index + 1, .name = making.named->name, .has_base = plan->has_base};
    enter_sandbox(&making);
    bool is_fine = make(&making, out, &err);
    if (!is_fine) {
        out->size = 0;
        add_error(out, &err);
    }
    pv_quality_free(&making.quality);
    pv_diff_free(making.diff);
    pv_profile_free(making.base);
    pv_profile_free(making.profile);
    pv_arena_free(making.arena);
    return is_fine;
}
