#include "formats/pyinstrument.h"

#include "formats/format.h"
#include "formats/json_take.h"
#include "formats/pstats_frame.h"
#include "model/error.h"

/* Both begin with when and how long the program ran. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    (void)is_whole;
    if (!pv_json_head_is_object(head))
        return PV_PROBE_NO;
    bool is_run = pv_json_head_holds(head, PV_TEXT("\"sample_count\"")) &&
                  pv_json_head_holds(head, PV_TEXT("\"duration\""));
    if (pv_json_head_holds(head, PV_TEXT("\"frame_records\"")) ||
        pv_json_head_holds(head, PV_TEXT("\"root_frame\"")))
        return is_run ? PV_PROBE_SURE : PV_PROBE_LIKELY;
    return is_run && pv_json_head_holds(head, PV_TEXT("\"start_call_stack\"")) ? PV_PROBE_LIKELY
                                                                               : PV_PROBE_NO;
}

uint32_t pv_pyinstrument_frame(struct pv_builder *builder, struct pv_text name, struct pv_text file,
                               uint32_t line)
{
    bool is_thread = pv_text_equal(file, PV_TEXT("<thread>"));
    if (is_thread || pv_text_equal(file, PV_TEXT("<built-in>")))
        file = PV_TEXT("");
    struct pv_frame_info info = {.name = name, .file = file, .line = file.size ? line : 0};
    info.flags = is_thread ? PV_FRAME_THREAD : pv_pstats_flags(pv_pstats_file_flags(file), name);
    return pv_build_frame(builder, &info);
}

static bool read_members(struct pv_json *json, struct pv_builder *builder,
                         const struct pv_limits *limits)
{
    static const char *const keys[] = {"frame_records", "root_frame", NULL};
    bool is_there = false;
    if (!pv_json_object(json))
        return false;
    for (int key; pv_builder_is_ok(builder) && (key = pv_json_field(json, keys)) >= 0;
         is_there = true)
        if (is_there)
            pv_json_fail(json, PV_INPUT_FAILED, "a second run in one file");
        else if (key == 0)
            pv_pyinstrument_read_records(json, builder, limits);
        else if (!pv_json_null(json)) /* null: no sample was taken */
            pv_pyinstrument_read_tree(json, builder, limits);
    return is_there;
}

static bool read_pyinstrument(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_json *json = pv_json_open(input, NULL);
    struct pv_builder *builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "pyinstrument");
    struct pv_where where = {.source = pv_input_name(input)};
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    bool is_there = read_members(json, builder, limits);
    bool is_fine = !pv_builder_is_ok(builder) || pv_json_end(json, err);
    if (is_fine && !is_there && pv_builder_is_ok(builder))
        is_fine = pv_fail(err, PV_INPUT_FAILED, where,
                          "no \"frame_records\" and no \"root_frame\": this is no whole file of "
                          "pyinstrument");
    is_fine = is_fine && pv_builder_finish(builder, out, err);
    if (!is_fine && !err->where.source)
        err->where = where;
    pv_json_close(json);
    pv_builder_free(builder);
    return is_fine;
}

extern const struct pv_format pv_format_pyinstrument;
const struct pv_format pv_format_pyinstrument = {
    .name = "pyinstrument",
    .summary = "pyinstrument's sessions (-o FILE.pyisession) and its JSON (-r json)",
    .extensions = ".pyisession",
    .probe = probe,
    .read = read_pyinstrument,
};
