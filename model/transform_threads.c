#include "model/error.h"
#include "model/transform_filter_parts.h"
#include "model/transform_parts.h"

#include <stdlib.h>

/* Which processes and threads are meant: they are frames at the outer end of stacks. */

static uint32_t flags_of(unsigned kind)
{
    return kind == PV_FILTER_PID   ? PV_FRAME_PROCESS
           : kind == PV_FILTER_TID ? PV_FRAME_THREAD
                                   : PV_FRAME_PROCESS | PV_FRAME_THREAD;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The whole name, what follows its first word, or a number that stands in it. */
static bool is_meant(struct pv_text name, struct pv_text wanted)
{
    size_t blank = pv_text_find(name, ' ');
    if (pv_text_equal(name, wanted) ||
        pv_text_equal(pv_text_slice(name, blank < name.size ? blank + 1 : 0, name.size), wanted))
        return true;
    for (size_t i = 0; i < name.size; i++) {
        size_t end = i;
        while (end < name.size && is_digit(name.data[end]))
            end++;
        if (end > i && pv_text_equal(pv_text_slice(name, i, end), wanted))
            return true;
        i = end > i ? end - 1 : i;
    }
    return false;
}

/* "thread 1, thread 2, …" */
static void list(struct pv_buffer *out, const struct pv_profile *profile, const bool *is_outer)
{
    enum { most = 6 };
    uint32_t count = 0;
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (is_outer[i] && count++ < most)
            pv_buffer_print(out, "%s%.*s", count > 1 ? ", " : "",
                            PV_TEXT_ARGS(pv_text_slice(pv_profile_name(profile, i), 0, 30)));
    if (count > most)
        pv_buffer_print(out, " and %lu more", (unsigned long)(count - most));
}

static bool fail(const struct pv_transform_call *call, const bool *is_outer, uint32_t outer,
                 struct pv_error *err)
{
    const char *what = call->transform->kind == PV_FILTER_PID ? "process" : "thread";
    struct pv_buffer names = {0};
    if (outer == 0)
        return pv_fail(err, PV_NO_MATCH, (struct pv_where){0},
                       "--%s: the profile does not tell which %s its stacks are of",
                       call->transform->name, what);
    list(&names, call->profile, is_outer);
    pv_fail(err, PV_NO_MATCH, (struct pv_where){0}, "there is no %s %.*s; there are %.*s", what,
            PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 30)),
            PV_TEXT_ARGS(pv_buffer_text(&names)));
    pv_buffer_free(&names);
    return false;
}

bool *pv_match_outer(const struct pv_transform_call *call, struct pv_error *err)
{
    const struct pv_profile *profile = call->profile;
    unsigned kind = call->transform->kind;
    bool *matches = pv_zalloc(profile->frame_count, sizeof *matches);
    bool *is_outer = pv_used_frames(profile);
    uint32_t outer = 0, meant = 0;
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        is_outer[i] = is_outer[i] && (profile->frames[i].flags & flags_of(kind));
        outer += is_outer[i];
        matches[i] =
            is_outer[i] && kind != PV_FILTER_APART &&
            (kind == PV_FILTER_TOGETHER || is_meant(pv_profile_name(profile, i), call->argument));
        meant += matches[i];
    }
    bool is_fine = meant || (kind == PV_FILTER_APART && outer) || fail(call, is_outer, outer, err);
    free(is_outer);
    if (is_fine)
        return matches;
    free(matches);
    return NULL;
}
