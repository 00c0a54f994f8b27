#include "model/transform_parts.h"

#include "model/error.h"
#include "model/escape.h"
#include "model/names.h"
#include "model/pattern.h"

#include <stdlib.h>
#include <string.h>

/* Which functions an argument means, and what to say where it means none. */

static void use(const struct pv_profile *profile, bool *used, uint32_t frame)
{
    if (frame < profile->frame_count)
        used[frame] = true;
}

bool *pv_used_frames(const struct pv_profile *profile)
{
    bool *used = pv_zalloc(profile->frame_count, sizeof *used);
    if (profile->tree && profile->origin == PV_ORIGIN_STACKS)
        for (uint32_t i = 1; i < profile->tree->count; i++)
            use(profile, used, profile->tree->nodes[i].frame);
    else if (profile->graph)
        for (uint32_t i = 0; i < profile->graph->func_count; i++)
            use(profile, used, profile->graph->funcs[i].frame);
    else
        memset(used, true, profile->frame_count);
    return used;
}

/* Each text is matched once, however many frames have it. */
struct matching {
    const struct pv_profile *profile;
    const struct pv_pattern *pattern;
    unsigned char *known; /* by string: 0 not matched yet, 1 no, 2 yes */
};

static bool text_matches(struct matching *matching, pv_str id)
{
    if (id && !matching->known[id])
        matching->known[id] =
            1 + pv_pattern_matches(matching->pattern, pv_profile_text(matching->profile, id));
    return matching->known[id] == 2;
}

static uint32_t match_pattern(const struct pv_transform_call *call,
                              const struct pv_pattern *pattern, const bool *used, bool *matches)
{
    const struct pv_profile *profile = call->profile;
    struct matching matching = {profile, pattern, pv_zalloc(pv_strings_count(profile->strings), 1)};
    uint32_t count = 0;
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        const struct pv_frame *frame = &profile->frames[i];
        matches[i] = used[i] && (text_matches(&matching, frame->name) ||
                                 text_matches(&matching, frame->file) ||
                                 text_matches(&matching, frame->module));
        count += matches[i];
    }
    free(matching.known);
    return count;
}

static uint32_t match_name(const struct pv_transform_call *call, const bool *used, bool *matches)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < call->profile->frame_count; i++) {
        matches[i] = used[i] && pv_text_equal(pv_profile_name(call->profile, i), call->argument);
        count += matches[i];
    }
    return count;
}

enum { hints = 3 };

struct hint {
    struct pv_text name;
    unsigned distance;
};

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

static bool contains(struct pv_text name, struct pv_text part)
{
    for (size_t i = 0; i + part.size <= name.size; i++) {
        size_t same = 0;
        while (same < part.size && lower(name.data[i + same]) == lower(part.data[same]))
            same++;
        if (same == part.size)
            return true;
    }
    return false;
}

/* No distance is below the difference of the sizes; saves most comparisons. */
static unsigned bounded_distance(struct pv_text a, struct pv_text b, unsigned bound)
{
    enum { longest = 64 };
    size_t x = a.size > longest ? longest : a.size, y = b.size > longest ? longest : b.size;
    size_t least = x > y ? x - y : y - x;
    return least > bound ? bound + 1 : pv_text_distance(a, b);
}

/* Edits between what was asked for and a name or the part of it that is the function; containing it
 * in another case is nearer than any edit. */
static unsigned distance_to(const struct pv_transform_call *call, uint32_t frame, unsigned bound)
{
    struct pv_name_parts parts;
    struct pv_text name = pv_profile_name(call->profile, frame), wanted = call->argument;
    pv_name_split(&parts, call->profile, frame);
    if (wanted.size >= 3 && wanted.size < 64 && contains(name, wanted))
        return 0;
    unsigned whole = bounded_distance(name, wanted, bound);
    unsigned function = 1 + bounded_distance(parts.function, wanted, bound);
    return parts.function.size && function < whole ? function : whole;
}

static bool is_nearer(const struct hint *a, const struct hint *b)
{
    if (!b->name.data || a->distance != b->distance)
        return !b->name.data || a->distance < b->distance;
    return pv_text_compare(a->name, b->name) < 0;
}

static void keep_hint(const struct pv_transform_call *call, struct hint *best, uint32_t frame)
{
    unsigned bound = best[hints - 1].name.data ? best[hints - 1].distance : 64;
    struct hint hint = {pv_profile_name(call->profile, frame), distance_to(call, frame, bound)};
    for (unsigned i = 0; i < hints && hint.name.data; i++) {
        if (best[i].name.data && pv_text_equal(best[i].name, hint.name))
            return;
        if (!is_nearer(&hint, &best[i]))
            continue;
        struct hint further = best[i];
        best[i] = hint;
        hint = further;
    }
}

/* At most `size` bytes of a name as it may be shown. */
static void add_name(struct pv_buffer *text, struct pv_text name, size_t size)
{
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_DISPLAY, pv_text_slice(name, 0, size));
    pv_buffer_add(text, pv_buffer_text(&shown));
    if (name.size > size)
        pv_buffer_add(text, PV_TEXT("\xe2\x80\xa6"));
    pv_buffer_free(&shown);
}

/* What is further away than this is no hint. */
static bool is_near(const struct pv_transform_call *call, const struct hint *hint)
{
    return hint->name.data && hint->distance <= 1 + call->argument.size / 2;
}

static void find_hints(const struct pv_transform_call *call, const bool *used, struct hint *best)
{
    enum { looked_at = 200000 };
    for (uint32_t i = 0, seen = 0; i < call->profile->frame_count && seen < looked_at; i++)
        if (used[i]) {
            keep_hint(call, best, i);
            seen++;
        }
}

static bool fail_no_match(const struct pv_transform_call *call, const bool *used,
                          struct pv_error *err)
{
    enum { shown = 40 };
    struct hint best[hints] = {{{0}, 0}};
    struct pv_buffer text = {0};
    find_hints(call, used, best);
    if (call->transform)
        pv_buffer_print(&text, "--%s ", call->transform->name);
    pv_buffer_char(&text, '"');
    add_name(&text, call->argument, shown);
    pv_buffer_add(&text, PV_TEXT("\" matches no function"));
    for (unsigned i = 0; i < hints && is_near(call, &best[i]); i++) {
        pv_buffer_add(&text, i ? PV_TEXT(", ") : PV_TEXT("; the nearest are: "));
        add_name(&text, best[i].name, shown);
    }
    if (!best[0].name.data)
        pv_buffer_add(&text, PV_TEXT("; the profile has none"));
    else if (!is_near(call, &best[0]))
        pv_buffer_add(&text, PV_TEXT(", and none is named nearly so; 'profviz top' lists them"));
    pv_fail(err, PV_NO_MATCH, (struct pv_where){0}, "%.*s", PV_TEXT_ARGS(pv_buffer_text(&text)));
    pv_buffer_free(&text);
    return false;
}

static bool match(const struct pv_transform_call *call, bool by_name, const bool *used,
                  bool *matches, struct pv_error *err)
{
    struct pv_pattern *pattern = NULL;
    if (by_name && match_name(call, used, matches))
        return true;
    if (!pv_pattern_new(&pattern, call->argument, err))
        return false;
    uint32_t count = match_pattern(call, pattern, used, matches);
    pv_pattern_free(pattern);
    return count || fail_no_match(call, used, err);
}

bool *pv_match_frames(const struct pv_transform_call *call, bool by_name, struct pv_error *err)
{
    bool *used = pv_used_frames(call->profile);
    bool *matches = pv_alloc(call->profile->frame_count * sizeof *matches);
    bool any = match(call, by_name, used, matches, err);
    free(used);
    if (any)
        return matches;
    free(matches);
    return NULL;
}

bool *pv_match_functions(const struct pv_profile *profile, struct pv_text expression,
                         struct pv_error *err)
{
    const struct pv_transform_call call = {.profile = profile, .argument = expression};
    return pv_match_frames(&call, false, err);
}

bool *pv_match_used(const struct pv_profile *profile, struct pv_text expression, const bool *used,
                    struct pv_error *err)
{
    const struct pv_transform_call call = {.profile = profile, .argument = expression};
    struct pv_pattern *pattern = NULL;
    bool means_all = pv_text_equal(expression, PV_TEXT(".*"));
    if (!means_all && !pv_pattern_new(&pattern, expression, err))
        return NULL;
    bool *matches = pv_zalloc((size_t)profile->frame_count + 1, sizeof *matches);
    if (means_all)
        memcpy(matches, used, profile->frame_count);
    else
        match_pattern(&call, pattern, used, matches);
    pv_pattern_free(pattern);
    return matches;
}
