#include "cli/cmd_draw.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/sides.h"
#include "render/table_diff.h"

#include <stdlib.h>
#include <string.h>

static const struct pv_where nowhere = {0};

/* All that writing a comparison needs. */
struct work {
    const struct pv_call *call;
    const struct pv_target *target;
    const struct pv_renderer *view;
    struct pv_diff *diff;
    uint32_t pair;
    struct pv_text name; /* of both sides */
    struct pv_table *table;
};

static bool write_words(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    struct pv_text_style style = pv_target_style(work->target, work->call);
    (void)err;
    if (work->target->table == PV_TABLE_JSON)
        pv_diff_write_json(work->diff, work->pair, output);
    else if (work->target->table == PV_TABLE_HTML)
        pv_table_write_html(work->table, output);
    else if (work->target->table == PV_TABLE_MARKDOWN)
        pv_table_write_markdown(work->table, output);
    else if (work->target->table == PV_TABLE_CSV)
        pv_table_write_csv(work->table, output);
    else
        pv_table_write_text(work->table, &style, output);
    return true;
}

static bool write_table(struct work *work, struct pv_error *err)
{
    const struct pv_settings *settings = work->call->settings;
    const struct pv_top_options options = {.metric = work->pair,
                                           .sort = settings->sort,
                                           .rows = (uint64_t)settings->rows,
                                           .unit = settings->draw.unit,
                                           .input = work->name};
    bool is_fine = pv_table_diff(&work->table, work->diff, &options, err) &&
                   pv_target_write(work->target, write_words, work, err);
    pv_table_free(work->table);
    return is_fine;
}

static bool write_picture(struct work *work, struct pv_error *err)
{
    struct pv_picture picture = {.call = work->call,
                                 .target = work->target,
                                 .view = work->view,
                                 .draw = pv_draw_wanted(work->call->settings, work->name)};
    bool is_fine = pv_picture_compare(&picture, work->diff, work->pair, err);
    if (is_fine)
        pv_picture_report(&picture);
    pv_buffer_free(&picture.notes);
    return is_fine;
}

static bool write_any(struct work *work, struct pv_error *err)
{
    if (!pv_sides_pair(&work->pair, work->diff, work->call->settings, err))
        return false;
    return work->target->kind == PV_TARGET_PICTURE ? write_picture(work, err)
                                                   : write_table(work, err);
}

/* What can be refused before anything is read. */
static bool check(const struct work *work, struct pv_error *err)
{
    const struct pv_target *target = work->target;
    if (target->kind == PV_TARGET_DATA)
        return pv_fail(err, PV_USAGE, nowhere,
                       "'diff' writes pictures, .txt, .md, .csv, .json and .html, not %s",
                       target->format->name);
    if (work->view && !work->view->has_diff)
        return pv_fail(err, PV_USAGE, nowhere,
                       "the view %s does not compare; flame, icicle and graph do",
                       work->view->name);
    unsigned colour_by = work->call->settings->colour_by;
    if (colour_by != PV_BOX_AUTO && colour_by != PV_BOX_CHANGE)
        return pv_fail(err, PV_USAGE, nowhere,
                       "the boxes of two profiles are coloured by their change (--colour-by diff)");
    if (!pv_draw_check_page(work->call->settings, target, err))
        return false;
    if (target->kind == PV_TARGET_PICTURE)
        return pv_draw_check_options(work->call->settings, work->view, err);
    return pv_draw_check_options(work->call->settings, NULL, err);
}

static bool has_no_picture(const struct pv_settings *settings)
{
    return settings->view.size == 0 || pv_text_equal(settings->view, PV_TEXT("table"));
}

/* A page has the table and the pictures. */
static void take_page(struct pv_target *target)
{
    target->kind = PV_TARGET_PICTURE;
    target->backend = pv_backend_named(PV_TEXT("html"));
}

static bool find_outputs(struct work *work, struct pv_target *target, const struct pv_call *both,
                         struct pv_error *err)
{
    const struct pv_target usual = {.kind = PV_TARGET_TABLE,
                                    .table = PV_TABLE_TEXT,
                                    .is_table_only = has_no_picture(both->settings)};
    if (!pv_draw_find_view(&work->view, both->settings, err) ||
        !pv_target_find(target, both, usual, err))
        return false;
    if (both->settings->view.size == 0 && target->kind == PV_TARGET_TABLE &&
        target->table == PV_TABLE_HTML)
        take_page(target);
    if (work->view && target->kind != PV_TARGET_PICTURE)
        return pv_fail(err, PV_USAGE, nowhere,
                       "--view %s makes a picture; name its file with -o, as in -o diff.svg",
                       work->view->name);
    if (!work->view && target->kind == PV_TARGET_PICTURE)
        work->view = pv_renderer_named(PV_TEXT("flame"));
    return check(work, err);
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    struct pv_sides sides;
    struct pv_target target;
    struct work work = {.call = call, .target = &target};
    struct pv_buffer name = {0};
    if (!pv_sides_find(&sides, call->settings, err))
        return false;
    struct pv_settings both;
    struct pv_call own = pv_sides_call(&sides, call, &both);
    bool is_fine = find_outputs(&work, &target, &own, err);
    if (is_fine) {
        struct pv_call reading = pv_target_call(&target, &own);
        pv_sandbox_enter(&own, &target);
        pv_sides_name(&name, &sides, pv_target_is_ascii(&target, &own));
        work.name = pv_buffer_text(&name);
        is_fine = pv_sides_read(&work.diff, &sides, &reading, err) && write_any(&work, err);
    }
    pv_diff_free(work.diff);
    pv_sides_free(&sides);
    pv_buffer_free(&name);
    return is_fine;
}

const struct pv_command pv_command_diff = {
    .name = "diff",
    .arguments = "[OPTIONS] BASE HEAD [-o OUTPUT]",
    .summary = "what changed from one profile to another",
    .verb = PV_VERB_DIFF,
    .takes_inputs = true,
    .run = run,
};
