#include "cli/pipeline.h"

#include "cli/inputs.h"
#include "cli/progress.h"
#include "formats/registry.h"
#include "formats/trace_spec.h"
#include "model/join.h"
#include "model/names.h"
#include "render/registry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool pv_pipeline_unknown(const char *what, const struct pv_nearest *nearest,
                         const char *where_to_look, struct pv_error *err)
{
    struct pv_text typed = pv_text_slice(nearest->typed, 0, 80), near = pv_nearest_name(nearest);
    if (near.size)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "unknown %s '%.*s'; did you mean '%.*s'?", what, PV_TEXT_ARGS(typed),
                       PV_TEXT_ARGS(near));
    return pv_fail(err, PV_USAGE, (struct pv_where){0}, "unknown %s '%.*s'; %s", what,
                   PV_TEXT_ARGS(typed), where_to_look);
}

/* The format by the name the user gave; *out is NULL where they gave none. */
static bool find_reader(const struct pv_format **out, struct pv_text name, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = name};
    *out = NULL;
    if (name.size == 0)
        return true;
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        if ((*next)->read)
            pv_nearest_try(&nearest, pv_text_of((*next)->name));
    *out = pv_format_meant(name, false);
    return *out || pv_pipeline_unknown("input format", &nearest,
                                       "profviz formats lists what there is", err);
}

static void report_skipped(const struct pv_call *call, const struct pv_input *input)
{
    struct pv_skipped skipped = pv_input_skipped(input);
    if (skipped.bad == 0)
        return;
    struct pv_buffer words = {0};
    pv_buffer_print(&words, "%llu of %llu records are left out; this is the first: %s",
                    (unsigned long long)skipped.bad,
                    (unsigned long long)(skipped.bad + skipped.good), skipped.why);
    pv_report_warning(call->report, skipped.first, pv_buffer_text(&words));
    pv_buffer_free(&words);
}

/* A reader may keep what was skipped as a note too; that was said already. */
static bool is_said(const struct pv_profile *profile, const struct pv_note *note,
                    const struct pv_skipped *skipped)
{
    return skipped->bad && note->line == skipped->first.line &&
           pv_text_equal(pv_profile_text(profile, note->text), pv_text_of(skipped->why));
}

static void report_notes(const struct pv_call *call, const struct pv_profile *profile,
                         const struct pv_input *input)
{
    struct pv_skipped skipped = pv_input_skipped(input);
    for (uint32_t i = 0; i < profile->note_count; i++) {
        const struct pv_note *note = &profile->notes[i];
        struct pv_where where = {.source = pv_input_name(input), .line = note->line};
        struct pv_buffer words = {0};
        pv_table_note(&words, profile, note, false);
        if (!call->shows_notes && !is_said(profile, note, &skipped))
            pv_report_warning(call->report, where, pv_buffer_text(&words));
        pv_buffer_free(&words);
    }
}

static void report_read(const struct pv_call *call, const struct pv_profile *profile,
                        const char *format, const char *source)
{
    const struct pv_metric *metric = profile->metrics;
    char value[PV_NUMBER_SIZE] = "nothing";
    size_t size = strlen(value);
    if (profile->metric_count)
        size = pv_format_value(value, metric->total, metric->unit, metric->scale);
    pv_report_detail(call->report, "%s: %s, %u frames, %u metric%s, %.*s in all",
                     pv_report_source(source), format, profile->frame_count, profile->metric_count,
                     profile->metric_count == 1 ? "" : "s", (int)size, value);
}

/* How inputs are read, where the user says it: as a format, or by a description of a log. Both
 * NULL: as what they look like. */
struct manner {
    const struct pv_format *format;
    struct pv_trace_spec *spec;
};

static bool find_manner(struct manner *out, const struct pv_settings *settings,
                        struct pv_error *err)
{
    *out = (struct manner){0};
    if (settings->trace_format.size)
        return pv_trace_spec_open(&out->spec, settings->trace_format.data, err);
    return find_reader(&out->format, settings->from, err);
}

static bool read_opened(struct pv_profile **out, struct pv_input *input,
                        const struct manner *manner, bool is_in_folder, const struct pv_call *call,
                        struct pv_error *err)
{
    const struct pv_format *format = manner->format;
    if (!format && !manner->spec && !(format = pv_format_detect(input, err)))
        return false;
    if (is_in_folder && format && pv_text_equal(pv_text_of(format->name), PV_TEXT("picture")))
        return pv_fail(err, PV_INPUT_FAILED, pv_input_where(input),
                       "a picture of a profile, which may lie beside it; name it to read it");
    bool is_fine = manner->spec ? pv_trace_spec_read(manner->spec, input, out, err)
                                : format->read(input, out, err);
    if (is_fine)
        report_read(call, *out, manner->spec ? pv_trace_spec_name(manner->spec) : format->name,
                    pv_input_name(input));
    return is_fine;
}

static struct pv_text nearest_command(const char *word)
{
    struct pv_nearest nearest = {.typed = pv_text_of(word)};
    for (const struct pv_command *const *next = pv_commands(); *next; next++)
        if ((*next)->name)
            pv_nearest_try(&nearest, pv_text_of((*next)->name));
    return pv_nearest_name(&nearest);
}

/* A file that is not there may be a command that was mistyped, or an output without its -o. */
static bool fail_open(const char *path, const struct pv_call *call, struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    struct pv_where where = {.source = path};
    bool is_first = settings->input_count && path == settings->inputs[0];
    struct pv_text near = is_first ? nearest_command(path) : (struct pv_text){0};
    if (access(path, F_OK) == 0 || strcmp(path, "-") == 0)
        return false;
    if (near.size)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "there is no such file; did you mean the command '%.*s'?",
                       PV_TEXT_ARGS(near));
    if (!is_first && pv_backend_for_output(pv_text_of(path), NULL))
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "there is no such file; to write it, say -o before its name");
    return false;
}

static bool filters_need_lines(const struct pv_settings *settings)
{
    for (size_t i = 0; i < settings->filter_count; i++)
        if (pv_transform_needs_lines(settings->filters[i].transform, settings->filters[i].argument))
            return true;
    return false;
}

static bool read_one(struct pv_profile **out, size_t input, const struct manner *manner,
                     const struct pv_call *call, struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    const char *path = settings->input_count ? settings->inputs[input] : "-";
    struct pv_progress progress;
    struct pv_limits limits = settings->limits;
    const struct pv_input_options options = {
        .limits = &limits,
        .is_strict = settings->is_strict,
        .progress = pv_progress_step,
        .progress_context = &progress,
    };
    struct pv_input *opened;
    limits.keeps_lines |= call->keeps_lines || filters_need_lines(settings);
    limits.keeps_spans |= call->keeps_spans;
    limits.takes_order = settings->is_flame_chart;
    pv_progress_begin(&progress, settings->progress, call->terminal, path);
    if (!pv_input_open(&opened, path, &options, err))
        return fail_open(path, call, err);
    bool is_in_folder = settings->input_is_found && settings->input_is_found[input];
    bool is_fine = read_opened(out, opened, manner, is_in_folder, call, err);
    pv_progress_end(&progress);
    if (is_fine) {
        report_skipped(call, opened);
        report_notes(call, *out, opened);
    } else {
        err->where.source = path; /* the input's own copy of the name goes with it */
    }
    pv_input_close(opened);
    return is_fine;
}

static void report_left_out(const struct pv_call *call, const struct pv_error *err)
{
    struct pv_buffer words = {0};
    pv_buffer_print(&words, "is left out: %s", err->message);
    pv_report_warning(call->report, err->where, pv_buffer_text(&words));
    pv_buffer_free(&words);
}

/* What fails and may be left out stays NULL. */
static bool read_all(struct pv_profile **profiles, const struct pv_call *call, struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    size_t count = settings->input_count ? settings->input_count : 1;
    struct manner manner;
    bool is_fine = find_manner(&manner, settings, err);
    size_t found = 0;
    for (size_t i = 0; is_fine && i < count; i++) {
        is_fine = read_one(&profiles[i], i, &manner, call, err);
        found += is_fine;
        bool is_last = found == 0 && i + 1 == count; /* then nothing is left */
        if (!is_fine && !is_last && pv_inputs_may_skip(settings, i, err)) {
            report_left_out(call, err);
            is_fine = true;
        }
    }
    pv_trace_spec_free(manner.spec);
    return is_fine;
}

/* The end of a path: its name and as many folders as are asked for. */
static struct pv_text path_end(const char *path, size_t folders)
{
    struct pv_text text = pv_text_of(pv_report_source(path));
    size_t from = text.size;
    for (size_t slashes = 0; from > 0; from--) {
        slashes += text.data[from - 1] == '/';
        if (slashes > folders)
            break;
    }
    return pv_text_slice(text, from, text.size);
}

/* The shortest end that no other input has; all of it where the same file is given twice. */
static struct pv_text unique_end(const struct pv_settings *settings, size_t input)
{
    struct pv_text whole = path_end(settings->inputs[input], SIZE_MAX), end = {0};
    bool is_unique = false;
    for (size_t folders = 0; !is_unique && end.size < whole.size; folders++) {
        is_unique = true;
        end = path_end(settings->inputs[input], folders);
        for (size_t i = 0; i < settings->input_count; i++)
            if (i != input && pv_text_equal(end, path_end(settings->inputs[i], folders)))
                is_unique = false;
    }
    return is_unique ? end : path_end(settings->inputs[input], 0);
}

/* Series of several inputs stay side by side, and say whose they are. */
static void own_series(struct pv_profile **profiles, const struct pv_settings *settings)
{
    for (size_t i = 0; i < settings->input_count; i++)
        if (profiles[i] && profiles[i]->series_count)
            pv_profile_own_series(profiles[i], unique_end(settings, i));
}

/* Those that were read first; how many they are. */
static size_t gather(struct pv_profile **profiles, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct pv_profile *profile = profiles[i];
        profiles[i] = NULL;
        if (profile)
            profiles[found++] = profile;
    }
    return found;
}

static bool read_merged(struct pv_profile **out, const struct pv_call *call, struct pv_error *err)
{
    size_t count = call->settings->input_count ? call->settings->input_count : 1;
    struct pv_profile **profiles = pv_zalloc(count, sizeof(struct pv_profile *));
    bool is_fine = read_all(profiles, call, err);
    if (is_fine && call->settings->input_count > 1)
        own_series(profiles, call->settings);
    size_t found = is_fine ? gather(profiles, count) : 0;
    if (found == 1) {
        *out = profiles[0];
        profiles[0] = NULL;
    } else if (is_fine) {
        is_fine = pv_join(out, profiles, found, &call->settings->limits, err);
    }
    for (size_t i = 0; i < count; i++)
        pv_profile_free(profiles[i]);
    free(profiles);
    return is_fine;
}

/* Whether a note is a filter's: those begin with its name, as in 'focus "x": '. */
static bool is_of_filter(const struct pv_settings *settings, struct pv_text note)
{
    if (pv_text_starts(note, PV_TEXT("demangle: ")))
        return true;
    for (size_t i = 0; i < settings->filter_count; i++) {
        struct pv_text name = pv_text_of(settings->filters[i].transform->name);
        struct pv_text behind = pv_text_slice(note, name.size, note.size);
        if (pv_text_starts(note, name) &&
            (pv_text_starts(behind, PV_TEXT(" \"")) || pv_text_starts(behind, PV_TEXT(": "))))
            return true;
    }
    return false;
}

/* What the filters did; what inputs said of themselves was reported when they were read. */
static void report_filters(const struct pv_call *call, const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->note_count; i++) {
        const struct pv_note *note = &profile->notes[i];
        struct pv_buffer words = {0};
        pv_table_note(&words, profile, note, false);
        if (is_of_filter(call->settings, pv_profile_text(profile, note->text)))
            pv_report_warning(call->report, (struct pv_where){0}, pv_buffer_text(&words));
        pv_buffer_free(&words);
    }
}

static struct pv_naming naming_of(const struct pv_call *call)
{
    enum pv_demangling wanted = (enum pv_demangling)call->settings->demangle;
    if (wanted == PV_DEMANGLE_AUTO)
        wanted = call->keeps_names ? PV_DEMANGLE_NONE : PV_DEMANGLE_FULL;
    return (struct pv_naming){wanted, call->settings->strips_names};
}

bool pv_pipeline_read(struct pv_profile **out, const struct pv_call *call, struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    struct pv_profile *profile;
    const struct pv_naming naming = naming_of(call);
    if (!read_merged(&profile, call, err))
        return false;
    if (!pv_rename(&profile, &naming, &settings->limits, err)) {
        pv_profile_free(profile);
        return false;
    }
    for (size_t i = 0; i < settings->filter_count; i++) {
        const struct pv_filter *filter = &settings->filters[i];
        if (!pv_transform_apply(&profile, filter->transform, filter->argument, &settings->limits,
                                err)) {
            pv_profile_free(profile);
            return false;
        }
    }
    if (!call->shows_notes)
        report_filters(call, profile);
    profile->noise = (uint8_t)settings->noise;
    *out = profile;
    return true;
}

bool pv_pipeline_metric(uint32_t *out, const struct pv_profile *profile,
                        const struct pv_settings *settings, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = settings->metric};
    struct pv_buffer names = {0};
    uint64_t index;
    *out = 0;
    if (settings->metric.size == 0)
        return true;
    for (uint32_t i = 0; i < profile->metric_count; i++) {
        struct pv_text name = pv_profile_text(profile, profile->metrics[i].name);
        pv_nearest_try(&nearest, name);
        pv_buffer_print(&names, "%s%.*s", i ? ", " : "the input has ", PV_TEXT_ARGS(name));
        if (pv_text_equal(name, settings->metric)) {
            *out = i;
            pv_buffer_free(&names);
            return true;
        }
    }
    bool is_index = pv_parse_uint64(settings->metric, &index) && index < profile->metric_count;
    *out = is_index ? (uint32_t)index : 0;
    pv_buffer_char(&names, '\0');
    if (!is_index)
        pv_pipeline_unknown("metric", &nearest, names.data, err);
    pv_buffer_free(&names);
    return is_index;
}

static struct pv_text base_name(const char *path)
{
    struct pv_text text = pv_text_of(pv_report_source(path));
    size_t slash = pv_text_find_last(text, '/');
    return slash < text.size ? pv_text_slice(text, slash + 1, text.size) : text;
}

void pv_pipeline_name(struct pv_buffer *out, const struct pv_settings *settings)
{
    struct pv_text folder = pv_inputs_folder(settings);
    struct pv_text name = folder.size
                              ? pv_name_base(folder)
                              : base_name(settings->input_count ? settings->inputs[0] : "-");
    /* It begins a table, and would be a command to GitHub's logs there. */
    if (pv_text_starts(pv_text_trim(name), PV_TEXT("::")))
        pv_buffer_add(out, PV_TEXT("./"));
    pv_buffer_add(out, name);
    if (folder.size)
        pv_buffer_char(out, '/');
    else if (settings->input_count > 1)
        pv_buffer_print(out, " and %zu more", settings->input_count - 1);
}
