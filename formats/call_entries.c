#include "formats/call_entries.h"

#include "model/error.h"
#include "model/map.h"
#include "model/number.h"

#include <stdlib.h>

/* What is known of a function, by frame. */
struct known {
    bool is_used, has_flat, has_entry, is_member;
    int64_t flat_self, flat_total, flat_calls;
    int64_t self, total, calls, primitive_calls; /* of its entries */
    int64_t in_self, in_total, out_total;        /* of calls */
    int64_t again; /* of `calls`, those by the function itself, from another of its lines */
};

/* A line above the function of an entry, kept until it is known whether its caller has an entry of
 * its own, where the call is told better. */
struct above {
    uint32_t caller, callee, index;
    bool has_time;
    int64_t self, total, calls;
};

struct pv_call_entries {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct known *known;
    uint32_t known_count, known_capacity, used;
    struct above *above;
    uint32_t above_count, above_capacity, first_above; /* first: of the present entry */
    struct pv_map entries; /* index, or frame where a function has none → any */
    uint32_t current;      /* the entry's function, or PV_NONE */
    bool has_metric, has_primary;
    uint64_t estimated, members, clamped, negative;
};

struct pv_call_entries *pv_call_entries_new(struct pv_input *input, struct pv_builder *builder)
{
    struct pv_call_entries *entries = pv_zalloc(1, sizeof *entries);
    entries->input = input;
    entries->builder = builder;
    entries->budget.limit = pv_input_limits(input)->memory;
    entries->current = PV_NONE;
    return entries;
}

void pv_call_entries_free(struct pv_call_entries *entries)
{
    if (!entries)
        return;
    pv_map_free(&entries->entries);
    free(entries->known);
    free(entries->above);
    free(entries);
}

void pv_call_entries_metric(struct pv_call_entries *entries, struct pv_text name, enum pv_unit unit)
{
    if (!entries->has_metric)
        pv_build_metric(entries->builder, name, unit, false);
    entries->has_metric = true;
}

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return pv_add(a, b, &sum) ? sum : INT64_MAX;
}

static void add_calls(int64_t *sum, int64_t more)
{
    if (more != PV_UNKNOWN_CALLS)
        *sum = *sum == PV_UNKNOWN_CALLS ? more : add(*sum, more);
}

/* Rounding apart, no time is negative: a cycle's members get such shares of it in some files. */
static int64_t positive(struct pv_call_entries *entries, int64_t time)
{
    entries->negative += time < 0;
    return time < 0 ? 0 : time;
}

static void fail_memory(struct pv_call_entries *entries)
{
    pv_input_fail(entries->input, PV_LIMIT, "the text needs more than --max-memory allows");
}

static struct known *known_of(struct pv_call_entries *entries, uint32_t frame)
{
    void *known = entries->known;
    uint64_t needed = (uint64_t)frame + 1;
    bool grown =
        needed <= entries->known_capacity ||
        pv_grow(&known, &entries->known_capacity, needed, sizeof *entries->known, &entries->budget);
    entries->known = known;
    if (!grown) {
        fail_memory(entries);
        return NULL;
    }
    for (; entries->known_count <= frame; entries->known_count++)
        entries->known[entries->known_count] = (struct known){.flat_calls = PV_UNKNOWN_CALLS,
                                                              .calls = PV_UNKNOWN_CALLS,
                                                              .primitive_calls = PV_UNKNOWN_CALLS};
    entries->used += !entries->known[frame].is_used;
    entries->known[frame].is_used = true;
    return &entries->known[frame];
}

/* The line's function, put down as known; PV_NONE where there is no room for it. */
static uint32_t frame_of(struct pv_call_entries *entries, const struct pv_entry_line *line)
{
    struct pv_frame_info info = {.name = line->name, .file = line->file};
    pv_call_entries_metric(entries, PV_TEXT("time"), PV_UNIT_NS);
    uint32_t frame = pv_build_frame(entries->builder, &info);
    if (!pv_builder_is_ok(entries->builder) || !known_of(entries, frame))
        return PV_NONE;
    return frame;
}

/* ---- Calls ---- */

static void take_call(struct pv_call_entries *entries, const struct above *call)
{
    struct known *caller = &entries->known[call->caller], *callee = &entries->known[call->callee];
    if (call->caller != call->callee) {
        caller->out_total = add(caller->out_total, call->total);
        callee->in_total = add(callee->in_total, call->total);
    } else if (call->has_time && call->calls != PV_UNKNOWN_CALLS) {
        callee->again = add(callee->again, call->calls);
    }
    callee->in_self = add(callee->in_self, call->self);
    pv_build_arc(entries->builder, call->caller, call->callee, call->calls,
                 call->has_time ? &call->total : NULL);
}

static struct above call_of(struct pv_call_entries *entries, const struct pv_entry_line *line)
{
    struct above call = {.index = line->index, .has_time = line->has_time, .calls = line->calls};
    if (line->has_time) {
        call.self = positive(entries, line->self);
        call.total = add(call.self, positive(entries, line->children));
    }
    return call;
}

static void take_above(struct pv_call_entries *entries, const struct pv_entry_line *line,
                       uint32_t frame)
{
    void *above = entries->above;
    bool grown = pv_grow(&above, &entries->above_capacity, (uint64_t)entries->above_count + 1,
                         sizeof *entries->above, &entries->budget);
    entries->above = above;
    if (!grown) {
        fail_memory(entries);
        return;
    }
    struct above call = call_of(entries, line);
    call.caller = frame;
    entries->above[entries->above_count++] = call;
}

static void take_below(struct pv_call_entries *entries, const struct pv_entry_line *line,
                       uint32_t frame)
{
    struct above call = call_of(entries, line);
    call.caller = entries->current;
    call.callee = frame;
    take_call(entries, &call);
}

static uint64_t entry_key(uint32_t index, uint32_t frame)
{
    return index == PV_NONE ? (uint64_t)1 << 32 | frame : index;
}

static bool has_entry(const struct pv_call_entries *entries, const struct above *call)
{
    return pv_map_get(&entries->entries, entry_key(call->index, call->caller)) != NULL;
}

/* ---- Entries ---- */

static void take_primary(struct pv_call_entries *entries, const struct pv_entry_line *line,
                         uint32_t frame)
{
    struct known *known = &entries->known[frame];
    bool is_new;
    entries->current = frame;
    if (!pv_map_put(&entries->entries, entry_key(line->index, frame), 1, &is_new, &entries->budget))
        fail_memory(entries);
    int64_t self = positive(entries, line->self);
    known->has_entry = true;
    known->is_member = known->is_member || line->is_member;
    known->self = add(known->self, self);
    known->total = add(known->total, add(self, positive(entries, line->children)));
    if (line->calls != PV_UNKNOWN_CALLS) {
        add_calls(&known->calls, add(line->calls, line->recursive));
        add_calls(&known->primitive_calls, line->calls);
    }
    for (uint32_t i = entries->first_above; i < entries->above_count; i++)
        entries->above[i].callee = frame;
}

static void end_entry(struct pv_call_entries *entries)
{
    if (!entries->has_primary || entries->current == PV_NONE)
        entries->above_count = entries->first_above;
    entries->first_above = entries->above_count;
    entries->current = PV_NONE;
    entries->has_primary = false;
}

void pv_call_entries_line(struct pv_call_entries *entries, const struct pv_entry_line *line,
                          bool is_primary)
{
    if (is_primary && entries->has_primary)
        end_entry(entries);
    bool is_passed_over = line->is_nobody || line->is_cycle;
    uint32_t frame = is_passed_over ? PV_NONE : frame_of(entries, line);
    entries->has_primary = entries->has_primary || is_primary;
    if (frame == PV_NONE)
        return;
    if (is_primary)
        take_primary(entries, line, frame);
    else if (!entries->has_primary)
        take_above(entries, line, frame);
    else if (entries->current != PV_NONE)
        take_below(entries, line, frame);
}

bool pv_call_entries_end(struct pv_call_entries *entries)
{
    bool had_function = entries->has_primary;
    end_entry(entries);
    return had_function;
}

void pv_call_entries_section(struct pv_call_entries *entries)
{
    end_entry(entries);
    for (uint32_t i = 0; i < entries->above_count; i++)
        if (!has_entry(entries, &entries->above[i]))
            take_call(entries, &entries->above[i]);
    entries->above_count = entries->first_above = 0;
    pv_map_free(&entries->entries);
    entries->entries = (struct pv_map){0};
}

void pv_call_entries_flat(struct pv_call_entries *entries, const struct pv_entry_line *row,
                          int64_t total)
{
    uint32_t frame = frame_of(entries, row);
    if (frame == PV_NONE)
        return;
    struct known *known = &entries->known[frame];
    known->has_flat = true;
    known->flat_self = add(known->flat_self, positive(entries, row->self));
    known->flat_total = add(known->flat_total, positive(entries, total));
    add_calls(&known->flat_calls, row->calls);
    if (row->line && row->self > 0)
        pv_build_line(entries->builder, frame, 0, row->line, 0, row->self);
}

uint32_t pv_call_entries_count(const struct pv_call_entries *entries)
{
    return entries->used;
}

/* ---- The end ---- */

static int64_t self_of(const struct known *known)
{
    return known->has_flat ? known->flat_self : known->has_entry ? known->self : known->in_self;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The whole time of a member of a cycle is at least what it and all outside of the cycle that it
 * calls took, and what it took for callers outside. */
static int64_t total_of(struct pv_call_entries *entries, const struct known *known, int64_t whole)
{
    int64_t total = self_of(known);
    if (known->has_entry)
        total = larger(total, known->total);
    if (known->is_member) {
        total = larger(total, known->in_total);
        entries->members++;
    }
    if (!known->has_entry) {
        int64_t least = larger(known->in_total, add(total, known->out_total));
        least = larger(least, known->flat_total);
        least = least > whole ? whole : least;
        entries->estimated += least > total;
        total = least;
    }
    entries->clamped += total > whole;
    return total > whole ? whole : total;
}

static int64_t primitive_calls_of(const struct known *known)
{
    if (known->is_member)
        return PV_UNKNOWN_CALLS;
    if (known->primitive_calls == PV_UNKNOWN_CALLS)
        return known->flat_calls;
    return known->primitive_calls > known->again ? known->primitive_calls - known->again : 0;
}

static void add_funcs(struct pv_call_entries *entries)
{
    int64_t whole = 0;
    for (uint32_t f = 0; f < entries->known_count; f++)
        whole = add(whole, self_of(&entries->known[f]));
    for (uint32_t f = 0; f < entries->known_count; f++) {
        const struct known *known = &entries->known[f];
        int64_t self = self_of(known), total = total_of(entries, known, whole);
        int64_t calls = known->calls != PV_UNKNOWN_CALLS ? known->calls : known->flat_calls;
        if (known->is_used)
            pv_build_func(entries->builder, f, calls, primitive_calls_of(known), &self, &total);
    }
}

static void note(struct pv_call_entries *entries, const char *kind, const char *text,
                 uint64_t count)
{
    if (count)
        pv_build_note(entries->builder, kind, text, count, 0);
}

static void add_notes(struct pv_call_entries *entries)
{
    struct pv_skipped skipped = pv_input_skipped(entries->input);
    if (skipped.bad)
        pv_build_note(entries->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    const char *cut = pv_input_open_end(entries->input);
    if (cut)
        pv_build_note(entries->builder, "cut", cut, 1, pv_input_where(entries->input).line);
    note(entries, "estimated",
         "whole times of functions in cycles are at least these: the file tells that of the cycle "
         "alone",
         entries->members);
    note(entries, "estimated",
         "whole times were estimated for functions that have no entry in a call graph",
         entries->estimated);
    note(entries, "clamped",
         "whole times beyond the sum of all own times, which rounding makes too small, were "
         "clamped to it",
         entries->clamped);
    note(entries, "clamped", "negative times were taken for 0", entries->negative);
}

static void clamp_arcs(const struct pv_profile *profile)
{
    int64_t whole = profile->metrics[0].total;
    for (uint32_t i = 0; i < profile->graph->arc_count; i++)
        if (profile->graph->arc_total[0][i] > whole)
            profile->graph->arc_total[0][i] = whole;
}

bool pv_call_entries_finish(struct pv_call_entries *entries, struct pv_profile **out,
                            struct pv_error *err)
{
    struct pv_where end = pv_input_where(entries->input);
    pv_call_entries_section(entries);
    if (!pv_input_ok(entries->input, err))
        return false;
    add_funcs(entries);
    add_notes(entries);
    if (!pv_builder_finish(entries->builder, out, err)) {
        err->where = end;
        return false;
    }
    clamp_arcs(*out);
    return true;
}
