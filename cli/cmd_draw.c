#include "cli/cmd_draw.h"

#include "cli/attach.h"
#include "cli/cmd_tables.h"
#include "cli/colours.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/target.h"

static const struct pv_where nowhere = {0};

/* The one view that is no picture. */
static bool is_table_view(const struct pv_settings *settings)
{
    return pv_text_equal(settings->view, PV_TEXT("table"));
}

/* flamegraph.pl's --flamechart says both: the view, and that an order is one in time. */
static bool find_chart(const struct pv_renderer **out, const struct pv_settings *settings,
                       struct pv_error *err)
{
    static const struct pv_text fitting[] = {{"", 0}, {"flame", 5}, {"icicle", 6}, {"chart", 5}};
    *out = pv_renderer_named(PV_TEXT("chart"));
    for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++)
        if (pv_text_equal(settings->view, fitting[i]))
            return true;
    return pv_fail(err, PV_USAGE, nowhere,
                   "--flamechart means the view chart; leave out --view %.*s",
                   PV_TEXT_ARGS(pv_text_slice(settings->view, 0, 40)));
}

/* By name, else by what was measured: an arc profile shows as a graph, stacks as a flame graph. */
bool pv_draw_find_view(const struct pv_renderer **out, const struct pv_settings *settings,
                       struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = settings->view};
    *out = NULL;
    if (settings->is_flame_chart)
        return find_chart(out, settings, err);
    if (settings->view.size == 0 || is_table_view(settings))
        return true;
    *out = pv_renderer_named(settings->view);
    for (const struct pv_renderer *const *next = pv_renderers(); *next; next++)
        pv_nearest_try(&nearest, pv_text_of((*next)->name));
    pv_nearest_try(&nearest, PV_TEXT("table"));
    return *out || pv_pipeline_unknown("view", &nearest, "profviz views lists what there is", err);
}

static bool has_samples(const struct pv_profile *profile)
{
    bool has_totals = false;
    for (uint32_t m = 0; m < profile->metric_count; m++)
        has_totals = has_totals || profile->metrics[m].total != 0;
    return has_totals || (profile->tree && profile->tree->count > 1) ||
           (profile->graph && profile->graph->func_count);
}

const struct pv_renderer *pv_natural_view(const struct pv_profile *profile)
{
    bool is_graph = profile->origin == PV_ORIGIN_ARCS;
    if (profile->series_count && !has_samples(profile))
        return pv_renderer_named(PV_TEXT("timeline"));
    return pv_renderer_named(is_graph ? PV_TEXT("graph") : PV_TEXT("flame"));
}

static bool has_word(const char *words, const char *wanted)
{
    struct pv_text rest = pv_text_of(words), word;
    while (pv_text_word(&rest, &word))
        if (pv_text_equal(word, pv_text_of(wanted)))
            return true;
    return false;
}

bool pv_draw_check_options(const struct pv_settings *settings, const struct pv_renderer *view,
                           struct pv_error *err)
{
    for (size_t i = 0; i < settings->view_option_count; i++) {
        const struct pv_known *known = settings->view_options[i];
        if (!view || !has_word(known->views, view->name))
            return pv_fail(err, PV_USAGE, nowhere,
                           "--%s means nothing to %s%s; it goes with --view %s", known->option.name,
                           view ? "the view " : "this output", view ? view->name : "",
                           known->views);
    }
    return true;
}

static bool is_reversed(const struct pv_settings *settings)
{
    bool reversed = false;
    for (size_t i = 0; i < settings->filter_count; i++)
        reversed ^=
            pv_text_equal(pv_text_of(settings->filters[i].transform->name), PV_TEXT("reverse"));
    return reversed;
}

static bool has_filter(const struct pv_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->filter_count; i++)
        if (pv_text_equal(pv_text_of(settings->filters[i].transform->name), pv_text_of(name)))
            return true;
    return false;
}

struct pv_draw pv_draw_wanted(const struct pv_settings *settings, struct pv_text input)
{
    struct pv_draw draw = settings->draw;
    draw.input = input;
    draw.has_colouring = pv_colours_settle(&draw.colouring, settings);
    draw.has_clusters = settings->cluster == 1;
    draw.is_by_total = settings->colour_by == PV_BOX_TOTAL;
    if (settings->colour_by == PV_BOX_MODULE) {
        draw.has_colouring = true;
        draw.colouring = PV_COLOUR_MODULE;
    }
    draw.order = (enum pv_order)settings->order;
    draw.by = (enum pv_by)settings->by;
    draw.is_reversed = is_reversed(settings);
    draw.min_width_px = settings->min_width.is_share ? 0 : settings->min_width.value;
    draw.min_share = settings->min_width.is_share ? settings->min_width.value / 100 : 0;
    draw.node_share = settings->node_percent / 100;
    draw.arc_share = settings->arc_percent / 100;
    draw.node_count = (uint32_t)settings->node_count;
    draw.arc_count = (uint32_t)settings->arc_count;
    draw.limits = &settings->limits;
    return draw;
}

static bool draw_view(const struct pv_picture *work, const struct pv_canvas_options *options,
                      struct pv_output *output, struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_canvas *canvas = work->target->backend->open(output, options);
    bool is_fine = work->view->draw(work->profile, &work->draw, canvas, notes, err) &&
                   pv_canvas_finish(canvas, notes, err);
    pv_canvas_free(canvas);
    return is_fine;
}

static bool has_all_views(const struct pv_target *target)
{
    return target->kind == PV_TARGET_PICTURE && target->backend->write &&
           !target->backend->only_view;
}

/* A page that carries no profile has nothing to draw from. */
static bool write_document(const struct pv_picture *work, const struct pv_canvas_options *options,
                           struct pv_output *output, struct pv_buffer *notes, struct pv_error *err)
{
    const struct pv_document document = {work->profile, &work->draw, work->view, options};
    if (has_all_views(work->target) && !options->data.size && !options->has_no_script)
        return pv_fail(
            err, PV_OUTPUT_FAILED, nowhere,
            "the profile is too large for an HTML page; raise --max-data, or take less "
            "of it (--focus, --depth, --prune), or --view table, or another kind of picture");
    return work->target->backend->write(&document, output, notes, err);
}

/* What is drawn from the tree's totals alone needs the room of all else. */
static bool needs_only_tree(const struct pv_picture *work)
{
    return work->is_last_use && !work->draw.diff && work->view->needs_tree &&
           !work->view->needs_graph && work->draw.by == PV_BY_CALLS && !has_all_views(work->target);
}

bool pv_picture_draw(void *context, struct pv_output *output, struct pv_error *err)
{
    struct pv_picture *work = context;
    if (work->target->kind == PV_TARGET_TABLE) {
        struct pv_text_style style = pv_target_style(work->target, work->call);
        work->view->write_text(work->profile, &work->draw, &style, output, &work->notes);
        return true;
    }
    const struct pv_settings *settings = work->call->settings;
    const struct pv_backend *backend = work->target->backend;
    struct pv_canvas_options options = settings->canvas;
    struct pv_limits limits = settings->limits;
    struct pv_buffer data = {0};
    options.theme = (enum pv_theme)settings->theme;
    options.limits = &settings->limits;
    if (!pv_colours_background(&options, settings, err))
        return false;
    /* A page of all views is drawn from what it carries: more of it is worth its room. */
    if (has_all_views(work->target) && limits.carried_rows)
        limits.carried_rows *= 40;
    if (backend->has_data && !settings->has_no_data)
        pv_attach(&data, work->carried ? work->carried : work->profile, &limits, &work->notes);
    options.data = pv_buffer_text(&data);
    if (needs_only_tree(work))
        pv_profile_keep_tree(work->profile, work->draw.metric);
    bool is_fine = backend->write ? write_document(work, &options, output, &work->notes, err)
                                  : draw_view(work, &options, output, &work->notes, err);
    pv_buffer_free(&data);
    return is_fine;
}

/* A file holds names as they are; a terminal would obey them. */
static void write_shown(struct pv_picture *work, struct pv_output *output)
{
    struct pv_output *raw = pv_output_memory();
    work->target->format->write(work->profile, raw, &work->notes);
    pv_target_show(pv_output_bytes(raw), output);
    pv_output_close(raw);
}

static bool write_data(void *context, struct pv_output *output, struct pv_error *err)
{
    struct pv_picture *work = context;
    (void)err;
    if (work->target->is_terminal)
        write_shown(work, output);
    else
        work->target->format->write(work->profile, output, &work->notes);
    return true;
}

static bool need(struct pv_picture *work, bool tree, bool graph, struct pv_error *err)
{
    if (tree)
        pv_profile_need_tree(work->profile, work->draw.metric);
    return !graph || pv_profile_need_graph(work->profile, &work->call->settings->limits, err);
}

/* A timeline has the units of its series and of their times. */
static bool has_series_unit(const struct pv_picture *work)
{
    struct pv_error unsaid;
    for (uint32_t i = 0; i < work->profile->series_count; i++)
        if (pv_unit_has_prefix(work->profile->series[i].unit, work->draw.unit, &unsaid) ||
            pv_unit_has_prefix(work->profile->series[i].at_unit, work->draw.unit, &unsaid))
            return true;
    return false;
}

bool pv_picture_check_unit(const struct pv_picture *work, struct pv_error *err)
{
    const struct pv_profile *profile = work->profile;
    uint32_t metric = work->draw.metric;
    if (work->view->needs_series && has_series_unit(work))
        return true;
    return metric >= profile->metric_count ||
           pv_unit_has_prefix(profile->metrics[metric].unit, work->draw.unit, err);
}

bool pv_picture_compare(struct pv_picture *work, struct pv_diff *diff, uint32_t pair,
                        struct pv_error *err)
{
    work->profile = diff->profile;
    work->draw.metric = diff->pairs[pair].change;
    work->draw.diff = diff;
    work->draw.pair = pair;
    if (!pv_picture_check_unit(work, err))
        return false;
    if (work->view->needs_tree || has_all_views(work->target))
        pv_diff_need_tree(diff, pair);
    return pv_target_write(work->target, pv_picture_draw, work, err);
}

/* A differential file is a comparison; with --metric, one of its sides is asked for. */
static bool write_columns(struct pv_picture *work, uint32_t base, uint32_t head,
                          struct pv_error *err)
{
    struct pv_profile *profile = work->profile;
    struct pv_diff *diff;
    if (!pv_diff_of_columns(&diff, profile, base, head, &work->call->settings->limits, err))
        return false;
    work->carried = profile;
    bool is_fine = pv_picture_compare(work, diff, 0, err);
    work->profile = profile;
    work->draw.diff = NULL;
    pv_diff_free(diff);
    return is_fine;
}

static bool write_picture(struct pv_picture *work, struct pv_error *err)
{
    const struct pv_settings *settings = work->call->settings;
    struct pv_buffer name = {0};
    if (!work->view)
        work->view = pv_natural_view(work->profile);
    if (!work->view)
        return pv_fail(err, PV_USAGE, nowhere,
                       "there is no view for this input yet; try "
                       "profviz top");
    pv_pipeline_name(&name, settings);
    bool has_all = has_all_views(work->target);
    uint32_t base, head;
    bool is_comparison = settings->metric.size == 0 && work->view->has_diff &&
                         work->target->kind == PV_TARGET_PICTURE && !work->target->backend->write &&
                         pv_diff_find_columns(work->profile, &base, &head);
    work->draw = pv_draw_wanted(settings, pv_buffer_text(&name));
    if (is_comparison) {
        bool is_done = pv_draw_check_options(settings, work->view, err) &&
                       write_columns(work, base, head, err);
        pv_buffer_free(&name);
        return is_done;
    }
    bool is_fine =
        pv_draw_check_options(settings, work->view, err) &&
        pv_pipeline_metric(&work->draw.metric, work->profile, settings, err) &&
        pv_picture_check_unit(work, err) &&
        need(work, has_all || work->view->needs_tree, has_all || work->view->needs_graph, err) &&
        pv_target_write(work->target, pv_picture_draw, work, err);
    pv_buffer_free(&name);
    return is_fine;
}

/* All metrics are written unless one is asked for. */
static bool write_metrics(struct pv_picture *work, struct pv_error *err)
{
    const struct pv_format *format = work->target->format;
    uint32_t metric;
    if (!pv_pipeline_metric(&metric, work->profile, work->call->settings, err))
        return false;
    if (work->call->settings->metric.size)
        pv_profile_keep_metric(work->profile, metric);
    return need(work, format->write_needs_tree, format->write_needs_graph, err) &&
           pv_target_write(work->target, write_data, work, err);
}

/* Whether it is drawn in lines of text: for a terminal, or a file of text. */
static bool is_text_view(const struct pv_target *target, const struct pv_renderer *view)
{
    return view && view->write_text && target->kind == PV_TARGET_TABLE &&
           target->table == PV_TABLE_TEXT;
}

static bool write_any(struct pv_picture *work, struct pv_error *err)
{
    switch (work->target->kind) {
    case PV_TARGET_TABLE:
        if (is_text_view(work->target, work->view))
            return write_picture(work, err);
        return pv_top_write(work->profile, work->target, work->call, err);
    case PV_TARGET_PICTURE:
        return write_picture(work, err);
    case PV_TARGET_DATA:
        return write_metrics(work, err);
    }
    return false;
}

bool pv_draw_write(struct pv_profile *profile, const struct pv_target *target,
                   const struct pv_call *call, struct pv_error *err)
{
    struct pv_picture work = {.call = call, .target = target, .profile = profile};
    bool is_fine = write_any(&work, err);
    pv_buffer_free(&work.notes);
    return is_fine;
}

bool pv_draw_check_page(const struct pv_settings *settings, const struct pv_target *target,
                        struct pv_error *err)
{
    if (has_all_views(target) && settings->has_no_data)
        return pv_fail(err, PV_USAGE, nowhere,
                       "--no-data does not go with HTML: the page is drawn from the data; leave it "
                       "out, or take another kind of picture");
    if (target->kind == PV_TARGET_PICTURE && target->backend->write && settings->background.size)
        return pv_fail(err, PV_USAGE, nowhere,
                       "--bgcolors does not go with HTML, whose colours follow the reader's theme");
    return true;
}

/* What can be refused before anything is read. */
static bool check(const struct pv_settings *settings, const struct pv_target *target,
                  const struct pv_renderer *view, struct pv_error *err)
{
    if (view && target->kind != PV_TARGET_PICTURE && !is_text_view(target, view))
        return pv_fail(err, PV_USAGE, nowhere,
                       "--view %s makes a picture; name its file with -o, as in -o %s.svg (as text "
                       "there are --view flame and icicle)",
                       view->name, view->name);
    if (is_table_view(settings) && target->kind != PV_TARGET_TABLE)
        return pv_fail(
            err, PV_USAGE, nowhere,
            "--view table makes text; name a file that ends in .txt, .md, .csv, .json or .html");
    if (view && view->needs_spans &&
        has_filter(settings, "reverse")) /* twice is not once: calls are lost on the way */
        return pv_fail(err, PV_USAGE, nowhere,
                       "--reverse turns stacks around, and a call cannot lie in what it calls; "
                       "leave it out, or take --view flame");
    if (view && view->needs_spans && has_filter(settings, "total"))
        return pv_fail(err, PV_USAGE, nowhere,
                       "--total says what stacks are a part of; a flame chart is as wide as its "
                       "time is long: leave it out, or take --view flame");
    if (target->kind == PV_TARGET_PICTURE && target->backend->only_view && view &&
        !pv_text_equal(pv_text_of(target->backend->only_view), pv_text_of(view->name)))
        return pv_fail(err, PV_USAGE, nowhere,
                       "%s holds the view %s and no other; leave --view %s out, or write a picture",
                       target->backend->name, target->backend->only_view, view->name);
    if (settings->colour_by == PV_BOX_CHANGE)
        return pv_fail(err, PV_USAGE, nowhere,
                       "--colour-by diff is for two profiles: profviz diff BASE HEAD --view graph");
    if (!pv_draw_check_page(settings, target, err))
        return false;
    bool is_settled = view || target->kind != PV_TARGET_PICTURE;
    return !is_settled || pv_draw_check_options(settings, view, err);
}

/* Without -o a terminal gets a table and a pipe a picture; "-o -" asks for the picture. */
static struct pv_target usual_target(const struct pv_call *call)
{
    bool is_shown = call->terminal->is_stdout_terminal && call->settings->output.size == 0;
    bool is_table = is_shown || is_table_view(call->settings);
    if (is_table)
        return (struct pv_target){.kind = PV_TARGET_TABLE,
                                  .is_table_only = is_table_view(call->settings)};
    return (struct pv_target){.kind = PV_TARGET_PICTURE,
                              .backend = pv_backend_named(PV_TEXT("svg"))};
}

void pv_picture_report(const struct pv_picture *work)
{
    const char *path = work->target->path;
    const char *name = pv_text_equal(pv_text_of(path), PV_TEXT("-")) ? "stdout" : path;
    pv_report_lines(work->call->report, (struct pv_where){.source = name},
                    pv_buffer_text(&work->notes));
    pv_report_detail(work->call->report, "%s: written", name);
}

static bool read_and_write(struct pv_picture *work, struct pv_error *err)
{
    pv_sandbox_enter(work->call, work->target);
    if (!pv_pipeline_read(&work->profile, work->call, err))
        return false;
    bool is_fine = write_any(work, err);
    if (is_fine)
        pv_picture_report(work);
    pv_buffer_free(&work->notes);
    pv_profile_free(work->profile);
    return is_fine;
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    struct pv_target target;
    const struct pv_renderer *view;
    if (!pv_draw_find_view(&view, call->settings, err) ||
        !pv_target_find(&target, call, usual_target(call), err) ||
        !check(call->settings, &target, view, err))
        return false;
    struct pv_call own = pv_target_call(&target, call);
    bool has_all = has_all_views(&target);
    if (target.kind == PV_TARGET_PICTURE && target.backend->only_view)
        view = pv_renderer_named(pv_text_of(target.backend->only_view));
    own.keeps_spans = has_all || (view && (view->needs_spans || view->takes_spans)) ||
                      (target.format && target.format->write_keeps_spans);
    own.keeps_names = target.format != NULL;
    own.keeps_lines = (target.format && target.format->write_keeps_lines) ||
                      (view && call->settings->by == PV_BY_FILES);
    struct pv_picture work = {.call = &own, .target = &target, .view = view, .is_last_use = true};
    return read_and_write(&work, err);
}

const struct pv_command pv_command_draw = {
    .arguments = "[OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "draw or convert; the extension of OUTPUT says what",
    .verb = PV_VERB_DRAW,
    .takes_inputs = true,
    .run = run,
};
