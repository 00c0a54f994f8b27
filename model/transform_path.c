#include "model/error.h"
#include "model/transform_filter.h"
#include "model/transform_filter_parts.h"

#include <stdlib.h>

/* What lies on the ways from one function to another: below the first, as root keeps it, and of
 * that what leads to the second, as leaf does. */

/* The first comma that stands in no brackets: names of templates and functions have commas of their
 * own. text.size where there is none. */
static size_t find_comma(struct pv_text text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '<' || byte == '(' || byte == '[' || byte == '{')
            depth++;
        else if ((byte == '>' || byte == ')' || byte == ']' || byte == '}') && depth > 0)
            depth--;
        else if (byte == ',' && depth == 0)
            return i;
    }
    return text.size;
}

static bool keep(struct pv_profile **out, const struct pv_transform_call *call,
                 const struct pv_transform *like, const struct pv_profile *profile,
                 struct pv_text name, struct pv_error *err)
{
    struct pv_transform part = {.name = call->transform->name, .kind = like->kind};
    const struct pv_transform_call own = {&part, profile, name, call->limits};
    return like->apply(out, &own, err);
}

/* A function that is there, but not on any way from the first. */
static bool fail_apart(const struct pv_transform_call *call, struct pv_text from, struct pv_text to,
                       struct pv_error *err)
{
    struct pv_error ignored;
    bool *anywhere = pv_match_functions(call->profile, to, &ignored);
    bool is_there = anywhere != NULL;
    free(anywhere);
    if (is_there && err->code == PV_NO_MATCH)
        return pv_fail(err, PV_NO_MATCH, (struct pv_where){0},
                       "--%s: no way leads from \"%.*s\" to \"%.*s\"", call->transform->name,
                       PV_TEXT_ARGS(pv_text_slice(from, 0, 40)),
                       PV_TEXT_ARGS(pv_text_slice(to, 0, 40)));
    return false;
}

static bool keep_path(struct pv_profile **out, const struct pv_transform_call *call,
                      struct pv_error *err)
{
    size_t comma = find_comma(call->argument);
    struct pv_text from = pv_text_trim(pv_text_slice(call->argument, 0, comma));
    struct pv_text to = pv_text_trim(pv_text_slice(call->argument, comma + 1, call->argument.size));
    struct pv_profile *below = NULL;
    if (!from.size || !to.size)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--%s wants two functions, FROM,TO, not \"%.*s\"", call->transform->name,
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    if (!keep(&below, call, &pv_transform_root, call->profile, from, err))
        return false;
    bool is_done =
        keep(out, call, &pv_transform_leaf, below, to, err) || fail_apart(call, from, to, err);
    pv_profile_free(below);
    return is_done;
}

const struct pv_transform pv_transform_path = {
    "path",         0,
    "FROM,TO",      "keep what lies on the ways from the function FROM (or matching it) to TO",
    PV_FILTER_ROOT, keep_path};
