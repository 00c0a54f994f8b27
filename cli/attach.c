#include "cli/attach.h"

#include "formats/json_profile.h"
#include "model/attachment.h"
#include "model/output.h"

/* What rows cannot tell: the names. As packed text this stays below what one string of an input may
 * have, so that it can be read again. */
enum { MOST_BYTES = 16 << 20 };

static uint32_t count_calls(const struct pv_profile *profile)
{
    return profile->spans ? profile->spans->count : 0;
}

static uint64_t count_rows(const struct pv_profile *profile)
{
    bool has_stacks = profile->origin == PV_ORIGIN_STACKS;
    uint64_t rows = has_stacks ? profile->frame_count : profile->graph->func_count;
    rows += has_stacks ? profile->tree->count : profile->graph->arc_count;
    rows += profile->lines ? profile->lines->count : 0;
    for (uint32_t i = 0; i < profile->series_count; i++)
        rows += profile->series[i].count;
    return rows;
}

static void say_too_large(struct pv_buffer *notes, uint64_t rows, const struct pv_limits *limits)
{
    pv_buffer_print(notes, "the picture does not carry its profile: ");
    if (rows > limits->carried_rows)
        pv_buffer_print(notes,
                        "%llu functions, arcs, nodes and points are more than --max-data (%llu)\n",
                        (unsigned long long)rows, (unsigned long long)limits->carried_rows);
    else
        pv_buffer_print(notes, "its names are too long\n");
}

static void say_without_calls(struct pv_buffer *notes, uint64_t rows,
                              const struct pv_limits *limits)
{
    pv_buffer_print(notes,
                    "the profile in the picture does not say when calls were (no flame chart can "
                    "be drawn of it): with them it is %llu functions, nodes, points and calls, "
                    "more than --max-data (%llu)\n",
                    (unsigned long long)rows, (unsigned long long)limits->carried_rows);
}

/* What says when calls were is left out first: all other views do without. */
void pv_attach(struct pv_buffer *out, const struct pv_profile *profile,
               const struct pv_limits *limits, struct pv_buffer *notes)
{
    struct pv_profile carried = *profile;
    uint64_t rows = count_rows(profile);
    struct pv_output *json = pv_output_memory();
    if (rows + count_calls(profile) > limits->carried_rows)
        carried.spans = NULL;
    if (rows <= limits->carried_rows && pv_json_profile_pack(&carried, json, MOST_BYTES)) {
        pv_attachment_pack(out, pv_output_bytes(json));
        if (profile->spans && !carried.spans)
            say_without_calls(notes, rows + count_calls(profile), limits);
    } else {
        say_too_large(notes, rows, limits);
    }
    pv_output_close(json);
}
