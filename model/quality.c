#include "model/quality_parts.h"

#include "model/escape.h"

#include <stdlib.h>
#include <string.h>

const char *pv_grade_name(enum pv_grade grade)
{
    static const char *const names[PV_GRADES] = {"good", "unknown", "fair", "poor"};
    return names[grade];
}

static const char *const finding_names[PV_FINDINGS] = {
    [PV_FINDING_SAMPLES] = "samples",      [PV_FINDING_OVERHEAD] = "overhead",
    [PV_FINDING_UNNAMED] = "unnamed",      [PV_FINDING_NO_STACK] = "unattributed",
    [PV_FINDING_BROKEN] = "broken stacks", [PV_FINDING_TRUNCATED] = "truncated stacks",
    [PV_FINDING_ESTIMATED] = "estimated",  [PV_FINDING_CYCLES] = "cycles",
    [PV_FINDING_CONTRARY] = "contrary",    [PV_FINDING_REPAIRS] = "repairs",
};

struct pv_finding *pv_quality_tell(struct pv_quality_look *look, enum pv_finding_kind kind,
                                   enum pv_grade grade)
{
    struct pv_finding *finding = &look->findings[kind];
    finding->is_told = true;
    finding->grade = grade;
    return finding;
}

struct pv_finding *pv_quality_share(struct pv_quality_look *look, enum pv_finding_kind kind,
                                    int64_t part, int64_t good, int64_t fair)
{
    enum { hundredths = 10000 };
    double share = (double)part / (double)look->whole * hundredths;
    struct pv_finding *finding = pv_quality_tell(look, kind,
                                                 share <= (double)good   ? PV_GRADE_GOOD
                                                 : share <= (double)fair ? PV_GRADE_FAIR
                                                                         : PV_GRADE_POOR);
    finding->count = part;
    finding->whole = look->whole;
    return finding;
}

void pv_quality_add_share(struct pv_buffer *out, int64_t part, int64_t whole)
{
    char text[PV_NUMBER_SIZE];
    pv_buffer_add(out, (struct pv_text){text, pv_format_share(text, part, whole)});
}

void pv_quality_add_count(struct pv_buffer *out, int64_t count)
{
    char text[PV_NUMBER_SIZE];
    pv_buffer_add(out, (struct pv_text){text, pv_print_grouped(text, count)});
}

void pv_quality_add_value(struct pv_buffer *out, const struct pv_quality_look *look, int64_t value)
{
    const struct pv_metric *metric = &look->profile->metrics[look->metric];
    char text[PV_NUMBER_SIZE];
    size_t size = pv_format_value(text, value, metric->unit, metric->scale);
    pv_buffer_add(out, (struct pv_text){text, size});
}

void pv_quality_sum(int64_t *sum, int64_t a)
{
    uint64_t size = pv_magnitude(a);
    int64_t whole = size > INT64_MAX ? INT64_MAX : (int64_t)size;
    if (!pv_add(*sum, whole, sum))
        *sum = INT64_MAX;
}

/* "0x7f3a12" and "7f3a12c0": an address that nobody could name. "f00012" may be what somebody
 * called a function. */
static bool is_address(struct pv_text name)
{
    enum { least = 8 };
    uint64_t value;
    bool is_marked = pv_text_starts(name, PV_TEXT("0x"));
    bool has_digit = false;
    for (size_t i = 0; i < name.size; i++)
        has_digit = has_digit || (name.data[i] >= '0' && name.data[i] <= '9');
    return pv_parse_hex(name, &value) && (is_marked || (has_digit && name.size >= least));
}

static bool is_unnamed(const struct pv_profile *profile, uint32_t frame)
{
    const struct pv_frame *of = &profile->frames[frame];
    return (of->flags & PV_FRAME_UNKNOWN) || of->name == 0 ||
           (of->line == 0 && is_address(pv_profile_name(profile, frame)));
}

static void find_unnamed(struct pv_quality_look *look)
{
    enum { good = 100, fair = 1000 };
    const struct pv_graph *graph = look->profile->graph;
    int64_t part = 0, functions = 0;
    for (uint32_t f = 0; f < graph->func_count; f++) {
        if (!is_unnamed(look->profile, graph->funcs[f].frame))
            continue;
        pv_quality_sum(&part, graph->self[look->metric][f]);
        functions++;
    }
    struct pv_finding *finding = pv_quality_share(look, PV_FINDING_UNNAMED, part, good, fair);
    if (functions == 0) {
        pv_buffer_print(&finding->words, "every function has a name");
        return;
    }
    pv_quality_add_share(&finding->words, part, look->whole);
    pv_buffer_print(&finding->words, " is spent in ");
    pv_quality_add_count(&finding->words, functions);
    pv_buffer_print(&finding->words, " function%s without a name", functions == 1 ? "" : "s");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "install debug symbols or build with -g; for code made at run time let "
                          "the runtime write its map (perf: /tmp/perf-PID.map)";
}

/* What filters did was asked for, and estimates have a finding of their own. */
static bool is_repair(const struct pv_profile *profile, const struct pv_note *note)
{
    struct pv_text kind = pv_profile_text(profile, note->kind);
    return !pv_text_equal(kind, PV_TEXT("filtered")) && !pv_text_equal(kind, PV_TEXT("estimated"));
}

static void add_note(struct pv_buffer *out, const struct pv_profile *profile,
                     const struct pv_note *note)
{
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_profile_text(profile, note->kind));
    pv_buffer_print(out, ": ");
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_profile_text(profile, note->text));
    if (note->count > 1)
        pv_buffer_print(out, " (%llu times)", (unsigned long long)note->count);
}

static void find_repairs(struct pv_quality_look *look)
{
    enum { most = 4 };
    const struct pv_profile *profile = look->profile;
    struct pv_finding *finding = pv_quality_tell(look, PV_FINDING_REPAIRS, PV_GRADE_GOOD);
    uint32_t told = 0;
    for (uint32_t i = 0; i < profile->note_count; i++) {
        const struct pv_note *note = &profile->notes[i];
        if (!is_repair(profile, note))
            continue;
        bool is_cut = pv_text_equal(pv_profile_text(profile, note->kind), PV_TEXT("cut"));
        finding->grade = is_cut                            ? PV_GRADE_POOR
                         : finding->grade == PV_GRADE_POOR ? PV_GRADE_POOR
                                                           : PV_GRADE_FAIR;
        if (told < most) {
            pv_buffer_print(&finding->words, told ? "; " : "");
            add_note(&finding->words, profile, note);
        }
        told++;
    }
    finding->count = told;
    if (told > most)
        pv_buffer_print(&finding->words, "; and %lu more", (unsigned long)(told - most));
    if (told == 0)
        pv_buffer_print(&finding->words, "nothing had to be repaired or left out");
    if (finding->grade == PV_GRADE_POOR)
        finding->advice = "part of the file is missing: let the program that is measured end, and "
                          "the profiler write all of its file";
    else if (told)
        finding->advice = "see whether these matter to the question; --strict names the first "
                          "malformed line";
}

static void look_at(struct pv_quality *out, struct pv_quality_look *look)
{
    pv_quality_samples(look);
    pv_quality_overhead(look);
    find_unnamed(look);
    if (look->profile->origin == PV_ORIGIN_STACKS)
        pv_quality_stacks(look);
    else
        pv_quality_arcs(look);
    find_repairs(look);
    for (unsigned i = 0; i < PV_FINDINGS; i++)
        if (out->findings[i].is_told && out->findings[i].grade > out->grade)
            out->grade = out->findings[i].grade;
}

bool pv_quality_find(struct pv_quality *out, struct pv_profile *profile, uint32_t metric,
                     const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_quality quality = {.grade = PV_GRADE_GOOD};
    struct pv_quality_look look = {
        .profile = profile, .metric = metric, .findings = quality.findings};
    for (unsigned i = 0; i < PV_FINDINGS; i++)
        quality.findings[i].name = finding_names[i];
    if (!pv_profile_need_graph(profile, limits, err))
        return false;
    if (metric < profile->metric_count) {
        pv_profile_need_tree(profile, metric);
        look.whole = pv_profile_whole(profile, metric);
    }
    if (look.whole > 0) {
        look_at(&quality, &look);
    } else {
        quality.is_empty = true;
        quality.grade = PV_GRADE_POOR;
    }
    *out = quality;
    return true;
}

void pv_quality_free(struct pv_quality *quality)
{
    for (unsigned i = 0; i < PV_FINDINGS; i++)
        pv_buffer_free(&quality->findings[i].words);
}
