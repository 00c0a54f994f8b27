#include "formats/json_doc.h"
#include "formats/trace_sources.h"
#include "formats/trace_spec.h"
#include "model/option.h"

#include <string.h>

static const struct pv_trace_source *find_source(struct pv_text name)
{
    const struct pv_trace_source *source = pv_trace_sources();
    while (source->name && !pv_text_equal(pv_text_of(source->name), name))
        source++;
    return source->name ? source : NULL;
}

static bool fail_unknown(const char *name, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = pv_text_of(name)};
    struct pv_buffer names = {0};
    struct pv_text shown = pv_text_slice(nearest.typed, 0, 80);
    for (const struct pv_trace_source *source = pv_trace_sources(); source->name; source++) {
        pv_nearest_try(&nearest, pv_text_of(source->name));
        pv_buffer_print(&names, "%s%s", names.size ? ", " : "", source->name);
    }
    struct pv_text near = pv_nearest_name(&nearest);
    if (near.size)
        pv_fail(err, PV_USAGE, (struct pv_where){0},
                "unknown trace format '%.*s'; did you mean '%.*s'?", PV_TEXT_ARGS(shown),
                PV_TEXT_ARGS(near));
    else
        pv_fail(err, PV_USAGE, (struct pv_where){0},
                "unknown trace format '%.*s': there is no such file, and those that come with the "
                "program are %.*s",
                PV_TEXT_ARGS(shown), PV_TEXT_ARGS(pv_buffer_text(&names)));
    pv_buffer_free(&names);
    return false;
}

static bool open_file(struct pv_trace_spec **out, const char *path, struct pv_error *err)
{
    struct pv_buffer bytes = {0};
    bool is_fine = pv_json_doc_load(&bytes, path, err) &&
                   pv_trace_spec_parse(out, pv_buffer_text(&bytes), path, err);
    pv_buffer_free(&bytes);
    return is_fine;
}

bool pv_trace_spec_open(struct pv_trace_spec **out, const char *name, struct pv_error *err)
{
    const struct pv_trace_source *source = find_source(pv_text_of(name));
    struct pv_error own = {0};
    if (source)
        return pv_trace_spec_parse(out, source->text, source->name, err);
    if (open_file(out, name, &own))
        return true;
    bool is_path = pv_text_find(pv_text_of(name), '/') < strlen(name) ||
                   pv_text_ends(pv_text_of(name), PV_TEXT(".json"));
    bool is_missing = pv_text_starts(pv_text_of(own.message), PV_TEXT("cannot open"));
    if (is_missing && !is_path)
        return fail_unknown(name, err);
    *err = own;
    return false;
}

bool pv_trace_spec_read_by(const char *name, struct pv_input *input, struct pv_profile **out,
                           struct pv_error *err)
{
    struct pv_trace_spec *spec = NULL;
    if (!pv_trace_spec_open(&spec, name, err))
        return false;
    bool is_fine = pv_trace_spec_read(spec, input, out, err);
    pv_trace_spec_free(spec);
    return is_fine;
}
