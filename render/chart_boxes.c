#include "render/chart_boxes.h"

#include "model/sort.h"

#include <math.h>
#include <stdlib.h>

/* Calls within calls of one track that are drawn at most: what is below is cut. */
enum { most_depth = 256 };

/* A track that has calls. */
struct lane {
    const struct pv_track *track;
    uint32_t *path; /* nodes of its outer frames, outermost first */
    uint32_t path_size;
    int64_t begin, end, busy;
    uint32_t levels; /* that its calls take */
    bool is_left_out;
};

/* Narrow calls in a row, at one depth. */
struct run {
    int64_t begin, end, total;
    uint32_t count;
};

struct layout {
    struct pv_flame *flame;
    struct pv_chart *chart;
    const struct pv_profile *profile;
    const struct pv_chart_options *options;
    struct lane *lanes;
    uint32_t *order; /* lanes as they stand */
    uint32_t lane_count;
    uint32_t *open;   /* [depth] the box that is open there; PV_NONE: none that is drawn */
    struct run *runs; /* [depth] */
    uint32_t *outer;  /* [depth] the boxes of the last lane's path */
    uint32_t outer_room;
    uint32_t first_level, deepest; /* of the lane's calls */
};

static void survey_lane(struct layout *layout, struct lane *lane, const struct pv_track *track)
{
    const struct pv_span *spans = layout->profile->spans->spans + track->first;
    const struct pv_node *nodes = layout->profile->tree->nodes;
    *lane = (struct lane){.track = track, .begin = spans[0].begin, .end = spans[0].end};
    for (uint32_t i = 0; i < track->count; i++) {
        lane->end = spans[i].end > lane->end ? spans[i].end : lane->end;
        lane->busy += spans[i].depth == 0 ? spans[i].end - spans[i].begin : 0;
    }
    for (uint32_t node = track->node; node != 0; node = nodes[node].parent)
        lane->path_size++;
    lane->path = pv_alloc(lane->path_size * sizeof *lane->path);
    uint32_t at = lane->path_size;
    for (uint32_t node = track->node; node != 0; node = nodes[node].parent)
        lane->path[--at] = node;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* As people count: "thread 9" is before "thread 10". */
static int compare_names(struct pv_text a, struct pv_text b)
{
    size_t at = 0;
    while (at < a.size && at < b.size && a.data[at] == b.data[at])
        at++;
    size_t ends[2] = {at, at};
    while (ends[0] < a.size && is_digit(a.data[ends[0]]))
        ends[0]++;
    while (ends[1] < b.size && is_digit(b.data[ends[1]]))
        ends[1]++;
    bool are_numbers = ends[0] > at && ends[1] > at;
    bool go_on = at > 0 && is_digit(a.data[at - 1]) && (ends[0] > at || ends[1] > at);
    if ((are_numbers || go_on) && ends[0] != ends[1])
        return ends[0] < ends[1] ? -1 : 1;
    return pv_text_compare(a, b);
}

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const struct layout *layout = context;
    const struct lane *x = &layout->lanes[a], *y = &layout->lanes[b];
    const struct pv_node *nodes = layout->profile->tree->nodes;
    for (uint32_t i = 0; i < x->path_size && i < y->path_size; i++) {
        uint32_t left = nodes[x->path[i]].frame, right = nodes[y->path[i]].frame;
        int order = left == right ? 0
                                  : compare_names(pv_profile_name(layout->profile, left),
                                                  pv_profile_name(layout->profile, right));
        order = order || left == right ? order : pv_frame_compare(layout->profile, left, right);
        if (order)
            return order < 0;
    }
    return x->path_size != y->path_size ? x->path_size < y->path_size : x->begin < y->begin;
}

/* The lanes in the order in which they stand, and what they have together. */
static void survey(struct layout *layout)
{
    const struct pv_spans *spans = layout->profile->spans;
    struct pv_chart *chart = layout->chart;
    int64_t end = 0;
    layout->lanes = pv_alloc(spans->track_count * sizeof *layout->lanes);
    layout->order = pv_alloc(spans->track_count * sizeof *layout->order);
    for (uint32_t i = 0; i < spans->track_count; i++) {
        struct lane *lane = &layout->lanes[layout->lane_count];
        if (spans->tracks[i].count == 0)
            continue;
        survey_lane(layout, lane, &spans->tracks[i]);
        bool is_first = layout->lane_count == 0;
        chart->begin = is_first || lane->begin < chart->begin ? lane->begin : chart->begin;
        end = is_first || lane->end > end ? lane->end : end;
        chart->busy += lane->busy;
        layout->order[layout->lane_count] = layout->lane_count;
        layout->lane_count++;
    }
    chart->tracks = layout->lane_count;
    layout->chart->whole = end - chart->begin;
    pv_sort(layout->order, layout->lane_count, is_before, layout);
}

/* How many levels the calls of the lane take that are wide enough. */
static uint32_t levels_of(const struct layout *layout, const struct lane *lane)
{
    const struct pv_span *spans = layout->profile->spans->spans + lane->track->first;
    uint32_t levels = 1;
    for (uint32_t i = 0; i < lane->track->count; i++)
        if (spans[i].depth >= levels && spans[i].end - spans[i].begin >= layout->flame->least)
            levels = spans[i].depth + 1;
    return levels + 1 < most_depth ? levels + 1 : most_depth; /* a remainder below the last */
}

static bool is_busier(const void *context, uint32_t a, uint32_t b)
{
    const struct layout *layout = context;
    return layout->lanes[a].busy > layout->lanes[b].busy;
}

/* Leaves out the least busy tracks where not all of them have room; the first one always has. */
static void choose_lanes(struct layout *layout)
{
    uint32_t *by_time = pv_alloc(layout->lane_count * sizeof *by_time), kept = 0;
    uint64_t levels = 2;
    for (uint32_t i = 0; i < layout->lane_count; i++)
        by_time[i] = layout->order[i];
    pv_sort(by_time, layout->lane_count, is_busier, layout);
    layout->chart->left_out = 0;
    layout->chart->left_out_busy = 0;
    for (uint32_t i = 0; i < layout->lane_count; i++) {
        struct lane *lane = &layout->lanes[by_time[i]];
        levels += lane->path_size + levels_of(layout, lane);
        lane->is_left_out = kept && levels > layout->options->most_levels;
        kept += !lane->is_left_out;
        layout->chart->left_out += lane->is_left_out;
        layout->chart->left_out_busy += lane->is_left_out ? lane->busy : 0;
    }
    free(by_time);
}

static void add_box(struct layout *layout, struct pv_flame_box box)
{
    uint32_t level = box.level + 1;
    *pv_flame_add(layout->flame) = box;
    layout->flame->levels = level > layout->flame->levels ? level : layout->flame->levels;
}

/* What the lane's outer frames are called, as far as the lane above is not in them already. Returns
 * the box that its calls stand in. */
static uint32_t open_lane(struct layout *layout, const struct lane *lane, const struct lane *above)
{
    struct pv_flame *flame = layout->flame;
    uint32_t parent = 0;
    bool is_shared = above != NULL;
    if (lane->path_size > layout->outer_room) {
        layout->outer_room = lane->path_size * 2;
        layout->outer = pv_resize(layout->outer, layout->outer_room * sizeof *layout->outer);
    }
    for (uint32_t i = 0; i < lane->path_size; i++) {
        is_shared = is_shared && i < above->path_size && above->path[i] == lane->path[i];
        if (!is_shared) {
            layout->outer[i] = flame->count;
            add_box(layout, (struct pv_flame_box){.start = lane->begin - layout->chart->begin,
                                                  .node = lane->path[i],
                                                  .parent = parent,
                                                  .level = flame->levels,
                                                  .is_lane = true});
        }
        parent = layout->outer[i];
        struct pv_flame_box *box = &flame->boxes[parent];
        int64_t start = lane->begin - layout->chart->begin, end = box->start + box->value;
        int64_t last = lane->end - layout->chart->begin;
        box->start = start < box->start ? start : box->start;
        box->value = (last > end ? last : end) - box->start;
        box->total += lane->busy;
    }
    return parent;
}

static uint32_t parent_at(const struct layout *layout, uint32_t depth, uint32_t lane_box)
{
    return depth ? layout->open[depth - 1] : lane_box;
}

static void end_run(struct layout *layout, uint32_t depth, uint32_t lane_box)
{
    struct pv_flame *flame = layout->flame;
    struct run *run = &layout->runs[depth];
    int64_t width = run->end - run->begin;
    if (run->count && width >= (layout->options->has_all_rests ? 0 : flame->least))
        add_box(layout, (struct pv_flame_box){.start = run->begin - layout->chart->begin,
                                              .value = width,
                                              .total = run->total,
                                              .node = PV_NONE,
                                              .parent = parent_at(layout, depth, lane_box),
                                              .level = layout->first_level + depth,
                                              .gathered = run->count});
    *run = (struct run){0};
}

static void gather(struct layout *layout, const struct pv_span *span, uint32_t lane_box)
{
    struct run *run = &layout->runs[span->depth];
    int64_t length = span->end - span->begin;
    if (run->count && span->begin - run->end >= layout->flame->least)
        end_run(layout, span->depth, lane_box);
    if (run->count == 0)
        run->begin = span->begin;
    run->end = span->end;
    run->total += length;
    run->count++;
    if (length >= layout->flame->least) {
        layout->flame->deep_value += length;
        return;
    }
    layout->flame->gathered++;
    layout->flame->gathered_value += length;
}

static void add_span(struct layout *layout, const struct pv_span *span, uint32_t lane_box)
{
    int64_t length = span->end - span->begin;
    uint32_t parent = parent_at(layout, span->depth, lane_box);
    layout->open[span->depth] = PV_NONE;
    if (parent == PV_NONE)
        return;
    layout->flame->boxes[parent].self -= length;
    if (length < layout->flame->least || span->depth + 1 >= most_depth) {
        gather(layout, span, lane_box);
        return;
    }
    end_run(layout, span->depth, lane_box);
    layout->open[span->depth] = layout->flame->count;
    add_box(layout, (struct pv_flame_box){.start = span->begin - layout->chart->begin,
                                          .value = length,
                                          .total = length,
                                          .self = length,
                                          .node = span->node,
                                          .parent = parent,
                                          .level = layout->first_level + span->depth});
}

static void fill_lane(struct layout *layout, const struct lane *lane, uint32_t lane_box)
{
    const struct pv_span *spans = layout->profile->spans->spans + lane->track->first;
    uint32_t last = 0;
    layout->first_level = layout->flame->levels;
    for (uint32_t i = 0; i < lane->track->count; i++) {
        if (spans[i].depth >= most_depth)
            continue;
        for (; last > spans[i].depth; last--)
            end_run(layout, last, lane_box);
        last = spans[i].depth;
        add_span(layout, &spans[i], lane_box);
    }
    for (uint32_t depth = last + 1; depth-- > 0;)
        end_run(layout, depth, lane_box);
    for (uint32_t i = 0; i < lane->path_size; i++)
        layout->flame->boxes[layout->outer[i]].self = 0; /* idle is nobody's time */
}

/* One box for the tracks that there is no room for. */
static void add_left_out(struct layout *layout)
{
    struct pv_chart *chart = layout->chart;
    if (chart->left_out)
        add_box(layout, (struct pv_flame_box){.value = layout->chart->whole,
                                              .total = chart->left_out_busy,
                                              .node = PV_NONE,
                                              .level = layout->flame->levels,
                                              .gathered = chart->left_out,
                                              .is_lane = true});
}

static void fill(struct layout *layout)
{
    struct pv_flame *flame = layout->flame;
    const struct lane *above = NULL;
    flame->count = flame->levels = 0;
    flame->gathered = 0;
    flame->gathered_value = flame->deep_value = 0;
    choose_lanes(layout);
    add_box(layout, (struct pv_flame_box){.value = layout->chart->whole,
                                          .total = layout->chart->whole,
                                          .parent = PV_NONE});
    for (uint32_t i = 0; i < layout->lane_count; i++) {
        const struct lane *lane = &layout->lanes[layout->order[i]];
        if (lane->is_left_out)
            continue;
        fill_lane(layout, lane, open_lane(layout, lane, above));
        above = lane;
    }
    flame->boxes[0].self = 0;
    add_left_out(layout);
}

/* Level by level; within one they keep their order, so that those of one parent stand together. */
static void sort_by_level(struct pv_flame *flame)
{
    uint32_t *place = pv_zalloc((size_t)flame->levels + 1, sizeof *place);
    uint32_t *moved = pv_alloc(flame->count * sizeof *moved);
    struct pv_flame_box *sorted = pv_alloc(flame->count * sizeof *sorted);
    for (uint32_t i = 0; i < flame->count; i++)
        place[flame->boxes[i].level + 1]++;
    for (uint32_t i = 1; i <= flame->levels; i++)
        place[i] += place[i - 1];
    for (uint32_t i = 0; i < flame->count; i++)
        moved[i] = place[flame->boxes[i].level]++;
    for (uint32_t i = 0; i < flame->count; i++) {
        struct pv_flame_box *box = &sorted[moved[i]];
        *box = flame->boxes[i];
        box->parent = box->parent == PV_NONE ? PV_NONE : moved[box->parent];
    }
    free(flame->boxes);
    flame->boxes = sorted;
    flame->capacity = flame->count;
    free(place);
    free(moved);
}

static void settle_least(struct layout *layout)
{
    const struct pv_spans *spans = layout->profile->spans;
    struct pv_flame *flame = layout->flame;
    int64_t *lengths = pv_alloc(spans->count * sizeof *lengths);
    for (uint32_t i = 0; i < spans->count; i++)
        lengths[i] = spans->spans[i].end - spans->spans[i].begin;
    flame->least = pv_round(ceil(layout->options->least_share * (double)layout->chart->whole));
    flame->least = flame->least < 1 ? 1 : flame->least;
    int64_t least =
        pv_flame_least_for(lengths, spans->count, flame->least, layout->options->most_boxes);
    flame->is_limited = least > flame->least;
    flame->least = flame->is_limited ? least : flame->least;
    free(lengths);
}

void pv_chart_layout(struct pv_flame *out, struct pv_chart *chart, const struct pv_profile *profile,
                     const struct pv_chart_options *options)
{
    struct layout layout = {.flame = out, .chart = chart, .profile = profile, .options = options};
    *out = (struct pv_flame){0};
    *chart = (struct pv_chart){0};
    survey(&layout);
    out->magnitudes = pv_alloc(sizeof *out->magnitudes);
    out->magnitudes[0] = chart->whole;
    out->sizes = out->magnitudes;
    settle_least(&layout);
    layout.open = pv_alloc(most_depth * sizeof *layout.open);
    layout.runs = pv_zalloc(most_depth, sizeof *layout.runs);
    fill(&layout);
    for (uint64_t most = options->most_boxes; out->count > options->most_boxes && most > 0;
         most = most * 3 / 4) {
        out->is_limited = true;
        out->least = pv_flame_value_above(out, most);
        fill(&layout);
    }
    sort_by_level(out);
    for (uint32_t i = 0; i < layout.lane_count; i++)
        free(layout.lanes[i].path);
    free(layout.lanes);
    free(layout.order);
    free(layout.open);
    free(layout.runs);
    free(layout.outer);
}
