#include "render/line_listing.h"

#include "model/heap.h"
#include "model/number.h"
#include "model/sort.h"

#include <stdlib.h>

enum { TAB = 8, MOST_BLANKS = 400 };

/* Of a line with cost. */
enum mark { HIDDEN, BESIDE, CHOSEN };

static const struct pv_line *line_of(const struct pv_line_listing *listing, uint32_t spot)
{
    return &listing->profile->lines->rows[spot];
}

static const int64_t *self_of(const struct pv_line_listing *listing)
{
    return listing->profile->lines->self[listing->metric];
}

static pv_str file_of(const struct pv_line_listing *listing, uint32_t spot)
{
    const struct pv_line *line = line_of(listing, spot);
    return line->file ? line->file : listing->profile->frames[line->frame].file;
}

static struct pv_listed *add_row(struct pv_line_listing *listing, enum pv_listed_kind kind,
                                 uint32_t frame)
{
    if (listing->count == listing->capacity) {
        listing->capacity = listing->capacity * 2 + 64;
        listing->rows = pv_resize(listing->rows, listing->capacity * sizeof *listing->rows);
    }
    struct pv_listed *row = &listing->rows[listing->count++];
    *row = (struct pv_listed){.kind = kind, .frame = frame};
    return row;
}

/* By function; in one, its own file first, then by file and line. */
static bool stands_before(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_line_listing *listing = context;
    const struct pv_line *x = line_of(listing, a), *y = line_of(listing, b);
    pv_str own = listing->profile->frames[x->frame].file;
    pv_str file_x = file_of(listing, a), file_y = file_of(listing, b);
    if (x->frame != y->frame)
        return x->frame < y->frame;
    if (file_x == file_y)
        return x->line < y->line;
    if (file_x == own || file_y == own)
        return file_x == own;
    return pv_text_compare(pv_profile_text(listing->profile, file_x),
                           pv_profile_text(listing->profile, file_y)) < 0;
}

static bool costs_more(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_line_listing *listing = context;
    uint64_t x = pv_magnitude(self_of(listing)[a]), y = pv_magnitude(self_of(listing)[b]);
    return x != y ? x > y : stands_before(context, a, b);
}

static enum pv_source_line find(struct pv_line_listing *listing, pv_str file, uint32_t line,
                                struct pv_text *out)
{
    struct pv_text name = pv_profile_text(listing->profile, file);
    bool is_new;
    *out = (struct pv_text){0};
    if (!listing->finder->find || !name.size || !line)
        return PV_SOURCE_MISSING;
    enum pv_source_line found = listing->finder->find(listing->finder->context, name, line, out);
    if (found == PV_SOURCE_MISSING)
        pv_map_put(&listing->missing, file, 0, &is_new, &listing->budget);
    return found;
}

static bool is_beside(const struct pv_line_listing *listing, uint32_t spot, uint32_t chosen)
{
    uint32_t a = line_of(listing, spot)->line, b = line_of(listing, chosen)->line;
    return file_of(listing, spot) == file_of(listing, chosen) &&
           (a > b ? a - b : b - a) <= listing->finder->around;
}

/* Those of a function that get a row: the costliest, and what lies beside one of them. */
static void mark_shown(struct pv_line_listing *listing, const uint32_t *spots, uint32_t count)
{
    uint32_t *best = pv_alloc(count * sizeof *best), before = PV_NONE, behind = PV_NONE;
    for (uint32_t i = 0; i < count; i++)
        best[i] = spots[i];
    uint32_t chosen = pv_heap_best(best, count, listing->most, costs_more, listing);
    for (uint32_t i = 0; i < chosen; i++)
        listing->marks[best[i]] = CHOSEN;
    free(best);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = spots[count - 1 - i];
        if (listing->marks[spots[i]] == CHOSEN)
            before = spots[i];
        else if (before != PV_NONE && is_beside(listing, spots[i], before))
            listing->marks[spots[i]] = BESIDE;
        if (listing->marks[other] == CHOSEN)
            behind = other;
        else if (behind != PV_NONE && is_beside(listing, other, behind))
            listing->marks[other] = BESIDE;
    }
}

static bool is_blank(struct pv_text text)
{
    return pv_text_trim(text).size == 0;
}

/* No group of lines begins or ends with an empty one that cost nothing. */
static bool begins_group(const struct pv_line_listing *listing)
{
    enum pv_listed_kind last = listing->rows[listing->count - 1].kind;
    return last != PV_LISTED_LINE && last != PV_LISTED_AROUND;
}

static void trim_group(struct pv_line_listing *listing)
{
    while (listing->rows[listing->count - 1].kind == PV_LISTED_AROUND &&
           is_blank(listing->rows[listing->count - 1].source))
        listing->count--;
}

/* Lines without cost in [from, to], as far as the source has them. */
static void add_around(struct pv_line_listing *listing, uint32_t spot, uint32_t from, uint32_t to)
{
    struct pv_text text;
    pv_str file = file_of(listing, spot);
    for (uint32_t line = from; line && line <= to; line++) {
        if (find(listing, file, line, &text) != PV_SOURCE_FOUND)
            return;
        if (is_blank(text) && begins_group(listing))
            continue;
        struct pv_listed *row = add_row(listing, PV_LISTED_AROUND, line_of(listing, spot)->frame);
        row->file = file;
        row->line = line;
        row->source = text;
    }
}

static uint32_t minus(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

/* What stands between two shown lines of a file (last 0: before the first of them). */
static void add_between(struct pv_line_listing *listing, uint32_t spot, uint32_t last,
                        bool has_source)
{
    uint32_t line = line_of(listing, spot)->line, around = listing->finder->around;
    if (!has_source || line < 2)
        return;
    uint32_t first = minus(line, around) ? minus(line, around) : 1;
    if (last == 0) {
        add_around(listing, spot, first, line - 1);
        return;
    }
    uint32_t end = last + around < line - 1 ? last + around : line - 1;
    add_around(listing, spot, last + 1, end);
    trim_group(listing);
    if (end + 1 < first)
        add_row(listing, PV_LISTED_GAP, line_of(listing, spot)->frame);
    add_around(listing, spot, end + 1 > first ? end + 1 : first, line - 1);
}

static void add_spot(struct pv_line_listing *listing, uint32_t spot, struct pv_text source)
{
    const struct pv_line *line = line_of(listing, spot);
    struct pv_listed *row = add_row(listing, PV_LISTED_LINE, line->frame);
    row->file = file_of(listing, spot);
    row->line = line->line;
    row->self = self_of(listing)[spot];
    row->source = source;
}

/* Where the rows of a function have got to. */
struct place {
    pv_str file;
    uint32_t line, spot; /* 0, PV_NONE: nothing yet */
    bool has_source;
};

static void end_file(struct pv_line_listing *listing, const struct place *at)
{
    if (at->has_source)
        add_around(listing, at->spot, at->line + 1, at->line + listing->finder->around);
    trim_group(listing);
}

static void add_shown(struct pv_line_listing *listing, struct place *at, uint32_t spot)
{
    struct pv_text text;
    bool is_new;
    pv_str file = file_of(listing, spot);
    uint32_t line = line_of(listing, spot)->line, frame = line_of(listing, spot)->frame;
    enum pv_source_line found = find(listing, file, line, &text);
    if (found == PV_SOURCE_SHORT)
        pv_map_put(&listing->changed, file, 0, &is_new, &listing->budget);
    if (file != at->file) {
        end_file(listing, at);
        add_row(listing, PV_LISTED_FILE, frame)->file = file;
        *at = (struct place){.file = file, .spot = PV_NONE};
    }
    at->has_source = found == PV_SOURCE_FOUND;
    add_between(listing, spot, at->line, at->has_source);
    add_spot(listing, spot, text);
    at->line = line;
    at->spot = spot;
}

/* All rows of the lines of one function. Returns what they cost in all: signed values may leave
 * int64 on the way. */
static uint64_t add_spots(struct pv_line_listing *listing, uint32_t frame, const uint32_t *spots,
                          uint32_t count)
{
    struct place at = {.file = listing->profile->frames[frame].file, .spot = PV_NONE};
    uint64_t sum = 0, rest = 0;
    uint32_t hidden = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += (uint64_t)self_of(listing)[spots[i]];
        if (listing->marks[spots[i]] != HIDDEN) {
            add_shown(listing, &at, spots[i]);
            continue;
        }
        rest += (uint64_t)self_of(listing)[spots[i]];
        hidden++;
    }
    end_file(listing, &at);
    if (hidden) {
        struct pv_listed *row = add_row(listing, PV_LISTED_REST, frame);
        row->count = hidden;
        row->self = (int64_t)rest;
    }
    return sum;
}

/* Blanks that all lines of a group begin with are taken off, and tabs made blanks. */
static struct pv_text spaced(struct pv_line_listing *listing, struct pv_text text)
{
    struct pv_buffer out = {0};
    size_t column = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool is_tab = text.data[i] == '\t';
        size_t wanted = is_tab ? TAB - column % TAB : 1;
        for (size_t k = 0; k < wanted; k++)
            pv_buffer_char(&out, is_tab ? ' ' : text.data[i]);
        column += wanted;
    }
    while (out.size && (out.data[out.size - 1] == ' ' || out.data[out.size - 1] == '\r'))
        out.size--;
    struct pv_text kept = pv_arena_copy(listing->arena, pv_buffer_text(&out));
    pv_buffer_free(&out);
    return kept;
}

static size_t blanks_before(struct pv_text text)
{
    size_t count = 0;
    while (count < text.size && count < MOST_BLANKS && text.data[count] == ' ')
        count++;
    return count == text.size ? MOST_BLANKS : count;
}

static void outdent(struct pv_line_listing *listing, size_t from)
{
    size_t least = MOST_BLANKS;
    for (size_t i = from; i < listing->count; i++) {
        listing->rows[i].source = spaced(listing, listing->rows[i].source);
        size_t blanks = blanks_before(listing->rows[i].source);
        least = blanks < least ? blanks : least;
    }
    for (size_t i = from; i < listing->count; i++) {
        struct pv_text *source = &listing->rows[i].source;
        *source = pv_text_slice(*source, least, source->size);
    }
}

static void add_function(struct pv_line_listing *listing, uint32_t func, const uint32_t *spots,
                         uint32_t count)
{
    const struct pv_graph *graph = listing->profile->graph;
    int64_t self = graph->self[listing->metric][func];
    add_row(listing, PV_LISTED_FUNCTION, graph->funcs[func].frame)->self = self;
    size_t from = listing->count;
    mark_shown(listing, spots, count);
    uint64_t known = add_spots(listing, graph->funcs[func].frame, spots, count);
    outdent(listing, from);
    if ((uint64_t)self != known)
        add_row(listing, PV_LISTED_NO_LINE, graph->funcs[func].frame)->self =
            (int64_t)((uint64_t)self - known);
    add_row(listing, PV_LISTED_BLANK, 0);
}

static bool costs_more_itself(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_line_listing *listing = context;
    const struct pv_graph *graph = listing->profile->graph;
    uint64_t x = pv_magnitude(graph->self[listing->metric][a]);
    uint64_t y = pv_magnitude(graph->self[listing->metric][b]);
    uint32_t frame_a = graph->funcs[a].frame, frame_b = graph->funcs[b].frame;
    return x != y ? x > y : pv_frame_compare(listing->profile, frame_a, frame_b) < 0;
}

/* The rows of profile->lines that cost something in this metric, sorted; returns how many. */
static uint32_t sort_spots(struct pv_line_listing *listing, const bool *is_wanted)
{
    const struct pv_lines *lines = listing->profile->lines;
    uint32_t count = 0;
    listing->spots = pv_alloc(lines->count * sizeof *listing->spots);
    listing->marks = pv_zalloc(lines->count, sizeof *listing->marks);
    for (uint32_t i = 0; i < lines->count; i++)
        if (self_of(listing)[i] && is_wanted[lines->rows[i].frame])
            listing->spots[count++] = i;
    pv_sort(listing->spots, count, stands_before, listing);
    return count;
}

/* Where the lines of each frame begin among the sorted ones; [frame_count] is their number. */
static uint32_t *index_spots(const struct pv_line_listing *listing, uint32_t count)
{
    uint32_t frames = listing->profile->frame_count;
    uint32_t *first = pv_alloc(((size_t)frames + 1) * sizeof *first);
    for (uint32_t i = 0, at = 0; i <= frames; i++) {
        while (at < count && line_of(listing, listing->spots[at])->frame < i)
            at++;
        first[i] = at;
    }
    return first;
}

static void add_functions(struct pv_line_listing *listing, const uint32_t *funcs, uint32_t count)
{
    const struct pv_profile *profile = listing->profile;
    const struct pv_graph *graph = profile->graph;
    bool *is_wanted = pv_zalloc(profile->frame_count, sizeof *is_wanted);
    uint64_t rest = (uint64_t)listing->profile->metrics[listing->metric].total;
    for (uint32_t i = 0; i < count; i++)
        is_wanted[graph->funcs[funcs[i]].frame] = true;
    uint32_t *first = index_spots(listing, sort_spots(listing, is_wanted));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t frame = graph->funcs[funcs[i]].frame;
        add_function(listing, funcs[i], listing->spots + first[frame],
                     first[frame + 1] - first[frame]);
        rest -= (uint64_t)graph->self[listing->metric][funcs[i]];
    }
    if (rest || count < graph->func_count) {
        struct pv_listed *row = add_row(listing, PV_LISTED_OTHERS, 0);
        row->self = (int64_t)rest;
        row->count = graph->func_count - count;
    }
    add_row(listing, PV_LISTED_TOTAL, 0)->self = listing->profile->metrics[listing->metric].total;
    free(first);
    free(is_wanted);
}

void pv_line_listing_make(struct pv_line_listing *listing)
{
    const struct pv_graph *graph = listing->profile->graph;
    uint32_t *funcs = pv_alloc(graph->func_count * sizeof *funcs), count = 0;
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (graph->self[listing->metric][i])
            funcs[count++] = i;
    count = pv_heap_best(funcs, count, listing->most, costs_more_itself, listing);
    add_functions(listing, funcs, count);
    free(funcs);
}

void pv_line_listing_free(struct pv_line_listing *listing)
{
    free(listing->spots);
    free(listing->marks);
    free(listing->rows);
    pv_map_free(&listing->missing);
    pv_map_free(&listing->changed);
}
