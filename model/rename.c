#include "model/rename.h"

#include "model/demangle.h"
#include "model/error.h"
#include "model/merge.h"
#include "model/name_short.h"
#include "model/sort.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* ---- One name ---- */

static void swap(struct pv_buffer *a, struct pv_buffer *b)
{
    struct pv_buffer kept = *a;
    *a = *b;
    *b = kept;
    b->size = 0;
}

void pv_rename_one(struct pv_buffer *out, struct pv_text name, const struct pv_naming *naming)
{
    struct pv_buffer made = {0}, next = {0};
    enum pv_demangling how = naming->strips ? PV_DEMANGLE_SHORT : naming->demangling;
    if (naming->strips)
        name = pv_name_strip(name);
    if (how == PV_DEMANGLE_NONE || !pv_demangle(&made, name))
        pv_buffer_add(&made, name);
    if (how != PV_DEMANGLE_NONE && !pv_name_is_plain(pv_buffer_text(&made))) {
        pv_name_plain(&next, pv_buffer_text(&made));
        swap(&made, &next);
    }
    if (how == PV_DEMANGLE_TEMPLATES || how == PV_DEMANGLE_SHORT) {
        pv_name_shorten(&next, pv_buffer_text(&made), how == PV_DEMANGLE_SHORT);
        swap(&made, &next);
    }
    struct pv_text end = pv_buffer_text(&made);
    pv_buffer_add(out, naming->strips ? pv_name_strip(end) : end);
    pv_buffer_free(&made);
    pv_buffer_free(&next);
}

/* Most profiles have no symbols at all, and then nothing is copied. */
static bool may_change(struct pv_text name, const struct pv_naming *naming)
{
    return naming->strips || naming->demangling != PV_DEMANGLE_FULL || pv_may_demangle(name) ||
           !pv_name_is_plain(name);
}

/* ---- All of a profile ---- */

struct renaming {
    struct pv_profile *profile;
    const struct pv_naming *naming;
    const struct pv_limits *limits;
    struct pv_strings *strings; /* all texts of the profile with their numbers, and the new ones */
    pv_str *names;              /* by old name; its own number: stays */
    uint32_t changed;
};

/* A profile's strings are not made to be found any more, so that the table is made anew. */
static struct pv_strings *copy_strings(const struct pv_profile *profile, struct pv_budget *budget)
{
    struct pv_strings *strings = pv_strings_new();
    uint32_t count = pv_strings_count(profile->strings);
    for (uint32_t id = 1; id < count; id++)
        pv_strings_add(strings, pv_profile_text(profile, id), budget);
    return strings;
}

static void rename_text(struct renaming *renaming, pv_str name, struct pv_budget *budget)
{
    struct pv_buffer made = {0};
    struct pv_text old = pv_profile_text(renaming->profile, name);
    pv_rename_one(&made, old, renaming->naming);
    struct pv_text text = pv_text_slice(pv_buffer_text(&made), 0, renaming->limits->name_bytes);
    if (text.size && !pv_text_equal(text, old)) {
        if (!renaming->strings)
            renaming->strings = copy_strings(renaming->profile, budget);
        pv_str made_id = pv_strings_add(renaming->strings, text, budget);
        renaming->names[name] = made_id ? made_id : name;
        renaming->changed++;
    }
    pv_buffer_free(&made);
}

static bool is_function(const struct pv_frame *frame)
{
    return !(frame->flags & (PV_FRAME_THREAD | PV_FRAME_PROCESS | PV_FRAME_REST));
}

static void rename_texts(struct renaming *renaming)
{
    const struct pv_profile *profile = renaming->profile;
    struct pv_budget unlimited = {0};
    for (uint32_t f = 0; f < profile->frame_count; f++) {
        pv_str name = profile->frames[f].name;
        if (renaming->names[name] != PV_NONE || !is_function(&profile->frames[f]))
            continue;
        renaming->names[name] = name;
        if (may_change(pv_profile_text(profile, name), renaming->naming))
            rename_text(renaming, name, &unlimited);
    }
}

/* ---- Functions that become one ---- */

struct frames {
    const struct pv_profile *profile;
    const pv_str *names;
};

static int compare(const struct frames *frames, uint32_t a, uint32_t b)
{
    const struct pv_frame *x = &frames->profile->frames[a], *y = &frames->profile->frames[b];
    pv_str one = is_function(x) ? frames->names[x->name] : x->name;
    pv_str other = is_function(y) ? frames->names[y->name] : y->name;
    if (one != other)
        return one < other ? -1 : 1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->module != y->module)
        return x->module < y->module ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    return compare(context, a, b) < 0;
}

static uint32_t count_doubles(const struct renaming *renaming)
{
    const struct frames frames = {renaming->profile, renaming->names};
    uint32_t count = renaming->profile->frame_count, doubles = 0;
    uint32_t *order = pv_alloc(count * sizeof *order);
    for (uint32_t f = 0; f < count; f++)
        order[f] = f;
    pv_sort(order, count, is_before, &frames);
    for (uint32_t i = 1; i < count; i++)
        doubles += compare(&frames, order[i - 1], order[i]) == 0;
    free(order);
    return doubles;
}

/* The new texts in place of the old ones: the profile says the same, with other words. */
static void take_names(struct renaming *renaming)
{
    struct pv_profile *profile = renaming->profile;
    for (uint32_t f = 0; f < profile->frame_count; f++)
        if (is_function(&profile->frames[f]))
            profile->frames[f].name = renaming->names[profile->frames[f].name];
    pv_strings_free(profile->strings);
    profile->strings = renaming->strings;
    renaming->strings = NULL;
}

static void add_note(struct renaming *renaming, uint32_t doubles)
{
    struct pv_profile *profile = renaming->profile;
    struct pv_budget unlimited = {0};
    struct pv_note *notes =
        pv_arena_alloc(profile->arena, ((size_t)profile->note_count + 1) * sizeof *notes);
    for (uint32_t i = 0; i < profile->note_count; i++)
        notes[i] = profile->notes[i];
    notes[profile->note_count++] = (struct pv_note){
        .kind = pv_strings_add(renaming->strings, PV_TEXT("merged"), &unlimited),
        .text = pv_strings_add(renaming->strings,
                               PV_TEXT("demangle: functions that differ in what their names leave "
                                       "out count for one; --demangle none keeps them apart"),
                               &unlimited),
        .count = doubles,
    };
    profile->notes = notes;
}

static bool no_transform(struct pv_profile **out, const struct pv_transform_call *call,
                         struct pv_error *err)
{
    uint32_t *frames = pv_alloc(call->profile->graph->func_count * sizeof *frames);
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    for (uint32_t i = 0; i < call->profile->graph->func_count; i++)
        frames[i] = pv_remake_frame(&remake, call->profile->graph->funcs[i].frame);
    pv_group_arcs(&remake, frames);
    free(frames);
    return pv_remake_close(&remake, out, err);
}

/* Both find equal frames by themselves; a group of arcs also needs a total of its own. */
static bool join(struct pv_profile **out, struct pv_profile *profile,
                 const struct pv_limits *limits, struct pv_error *err)
{
    static const struct pv_transform transform = {.name = "demangle"};
    const struct pv_transform_call call = {&transform, profile, {0}, limits};
    return profile->origin == PV_ORIGIN_ARCS ? no_transform(out, &call, err)
                                             : pv_merge(out, &profile, 1, limits, err);
}

static bool apply(struct renaming *renaming, struct pv_profile **profile, struct pv_error *err)
{
    struct pv_profile *made = NULL;
    if (renaming->changed == 0)
        return true;
    uint32_t doubles = count_doubles(renaming);
    if (doubles)
        add_note(renaming, doubles);
    take_names(renaming);
    if (doubles == 0)
        return true;
    if (!join(&made, *profile, renaming->limits, err))
        return false;
    pv_profile_free(*profile);
    *profile = made;
    return true;
}

bool pv_rename(struct pv_profile **profile, const struct pv_naming *naming,
               const struct pv_limits *limits, struct pv_error *err)
{
    uint32_t count = pv_strings_count((*profile)->strings);
    struct renaming renaming = {.profile = *profile, .naming = naming, .limits = limits};
    if (naming->demangling == PV_DEMANGLE_NONE && !naming->strips)
        return true;
    renaming.names = pv_alloc(count * sizeof *renaming.names);
    for (uint32_t id = 0; id < count; id++)
        renaming.names[id] = PV_NONE;
    rename_texts(&renaming);
    bool is_fine = apply(&renaming, profile, err);
    pv_strings_free(renaming.strings);
    free(renaming.names);
    return is_fine;
}
