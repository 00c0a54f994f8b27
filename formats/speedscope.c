#include "formats/speedscope.h"

#include "formats/json_take.h"
#include "model/error.h"

#include <stdlib.h>

/* The schema's address is written by nobody else; a file whose address lies behind 64 KiB is known
 * by the members of its profiles. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    if (!pv_json_head_is_object(head))
        return PV_PROBE_NO;
    if (pv_json_head_holds(head, PV_TEXT("speedscope.app/file-format-schema")))
        return PV_PROBE_SURE;
    bool is_profile = pv_json_head_holds(head, PV_TEXT("\"startValue\"")) ||
                      pv_json_head_holds(head, PV_TEXT("\"endValue\""));
    bool has_rows = pv_json_head_holds(head, PV_TEXT("\"samples\"")) ||
                    pv_json_head_holds(head, PV_TEXT("\"events\""));
    if (is_profile && has_rows)
        return PV_PROBE_LIKELY;
    /* So many functions, first of all, that the rest lies behind the head. */
    bool has_frames = pv_json_head_holds(head, PV_TEXT("\"shared\"")) &&
                      pv_json_head_holds(head, PV_TEXT("\"frames\"")) &&
                      pv_json_head_holds(head, PV_TEXT("\"name\""));
    return has_frames && !is_whole ? PV_PROBE_MAYBE : PV_PROBE_NO;
}

static bool finish(struct pv_speedscope_rows *rows, struct pv_profile **out, struct pv_error *err)
{
    if (!pv_json_end(rows->json, err) || !pv_speedscope_build(rows, err) ||
        !pv_input_ok(rows->input, err))
        return false;
    struct pv_skipped skipped = pv_input_skipped(rows->input);
    if (skipped.bad)
        pv_build_note(rows->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (pv_builder_finish(rows->builder, out, err))
        return true;
    if (!err->where.source)
        err->where.source = pv_input_name(rows->input);
    return false;
}

static void free_rows(struct pv_speedscope_rows *rows)
{
    pv_json_close(rows->json);
    pv_builder_free(rows->builder);
    pv_map_free(&rows->children);
    free(rows->frames.rows);
    free(rows->nodes.rows);
    free(rows->path.rows);
    free(rows->samples.rows);
    free(rows->weights.rows);
    free(rows->events.rows);
    free(rows->profiles.rows);
}

static bool read_speedscope(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_speedscope_rows rows = {
        .input = input,
        .json = pv_json_open(input, NULL),
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "speedscope"),
        .budget = {.limit = limits->memory},
        .top_frame = -1,
    };
    pv_speedscope_parse(&rows);
    bool is_fine = finish(&rows, out, err);
    free_rows(&rows);
    return is_fine;
}

extern const struct pv_format pv_format_speedscope;
const struct pv_format pv_format_speedscope = {
    .name = "speedscope",
    .summary = "speedscope's file format: py-spy, rbspy, pyinstrument, speedscope's export",
    .extensions = ".speedscope.json .speedscope",
    .probe = probe,
    .read = read_speedscope,
    .write = pv_speedscope_write,
    .write_needs_tree = true,
    .write_keeps_spans = true,
};
