#include "cli/track.h"

#include "model/names.h"
#include "model/pattern.h"

#include <stdlib.h>
#include <string.h>

enum { MODULES = 40 /* with names; the rest is one part */ };

bool pv_categories_make(struct pv_categories *out, const struct pv_texts *texts,
                        struct pv_error *err)
{
    struct pv_categories made = {.names = pv_zalloc(texts->count + 1, sizeof *made.names),
                                 .patterns =
                                     pv_zalloc(texts->count + 1, sizeof(struct pv_pattern *))};
    for (size_t i = 0; i < texts->count; i++) {
        struct pv_text text = texts->items[i];
        size_t sign = pv_text_find(text, '=');
        struct pv_text expression = pv_text_slice(text, sign + 1, text.size);
        made.names[made.count] = pv_text_slice(text, 0, sign);
        bool is_fine = sign > 0 && expression.size;
        if (!is_fine)
            pv_fail(err, PV_USAGE, (struct pv_where){0},
                    "--category wants NAME=RE, as in 'db=sqlite3|psycopg', not '%.*s'",
                    PV_TEXT_ARGS(pv_text_slice(text, 0, 60)));
        is_fine = is_fine && pv_pattern_new(&made.patterns[made.count], expression, err);
        if (!is_fine) {
            pv_categories_free(&made);
            return false;
        }
        made.count++;
    }
    *out = made;
    return true;
}

void pv_categories_free(struct pv_categories *categories)
{
    for (size_t i = 0; i < categories->count; i++)
        pv_pattern_free(categories->patterns[i]);
    free(categories->patterns);
    free(categories->names);
}

static void add_in(struct pv_buffer *out, const char *open, struct pv_text text, const char *close)
{
    if (text.size == 0)
        return;
    pv_buffer_print(out, "%s", open);
    pv_buffer_add(out, text);
    pv_buffer_print(out, "%s", close);
}

size_t pv_categories_find(const struct pv_categories *categories,
                          const struct pv_history_function *function, struct pv_buffer *words)
{
    words->size = 0;
    pv_buffer_add(words, function->name);
    add_in(words, " (", function->file, ")");
    add_in(words, " [", function->module, "]");
    for (size_t i = 0; i < categories->count; i++)
        if (pv_pattern_matches(categories->patterns[i], pv_buffer_text(words)))
            return i;
    return categories->count;
}

/* Parts by name, added up. */
struct sums {
    struct pv_strings *strings;
    struct pv_budget budget;
    int64_t *values; /* by number of the string */
    uint32_t room;
};

static void add_to(struct sums *sums, struct pv_text name, int64_t value)
{
    pv_str id = pv_strings_add(sums->strings, name, &sums->budget);
    if (id >= sums->room) {
        uint32_t room = id * 2 + 64;
        sums->values = pv_resize(sums->values, room * sizeof *sums->values);
        memset(sums->values + sums->room, 0, (room - sums->room) * sizeof *sums->values);
        sums->room = room;
    }
    pv_add(sums->values[id], value, &sums->values[id]);
}

static int larger_first(const void *a, const void *b)
{
    const struct pv_history_part *left = a, *right = b;
    uint64_t x = pv_magnitude(left->value), y = pv_magnitude(right->value);
    return x != y ? (x < y) - (x > y) : pv_text_compare(left->name, right->name);
}

/* The `most` largest parts and the rest as one; texts are copied. */
static void take_parts(struct pv_history_metric *metric, enum pv_history_kind kind,
                       const struct sums *sums, size_t most, struct pv_arena *arena)
{
    uint32_t count = pv_strings_count(sums->strings);
    struct pv_history_part *parts = pv_arena_alloc(arena, (count + 1) * sizeof *parts);
    size_t used = 0;
    for (pv_str id = 0; id < count && id < sums->room; id++)
        if (sums->values[id])
            parts[used++] = (struct pv_history_part){
                id ? pv_strings_get(sums->strings, id) : PV_TEXT("[no name]"), sums->values[id]};
    qsort(parts, used, sizeof *parts, larger_first);
    int64_t rest = 0;
    for (size_t i = most; i < used; i++)
        pv_add(rest, parts[i].value, &rest);
    if (used > most) {
        parts[most] = (struct pv_history_part){pv_history_rest, rest};
        used = most + 1;
    }
    for (size_t i = 0; i < used; i++)
        parts[i].name = pv_arena_copy(arena, parts[i].name);
    metric->parts[kind] = parts;
    metric->counts[kind] = used;
}

void pv_track_name(struct pv_buffer *out, const struct pv_history_function *function)
{
    struct pv_text file = pv_name_base(function->file);
    out->size = 0;
    pv_buffer_add(out, function->name.size ? function->name : PV_TEXT("[no name]"));
    if (pv_text_search(function->name, file) == function->name.size)
        add_in(out, " (", file, ")");
}

static struct pv_history_function function_of(const struct pv_profile *profile, uint32_t frame)
{
    const struct pv_frame *of = &profile->frames[frame];
    return (struct pv_history_function){pv_profile_text(profile, of->name),
                                        pv_profile_text(profile, of->file),
                                        pv_profile_text(profile, of->module)};
}

/* What a function has of a metric; `metric_count` stands for its calls. */
static int64_t value_of(const struct pv_profile *profile, uint32_t metric, uint32_t func)
{
    const struct pv_graph *graph = profile->graph;
    int64_t calls = graph->funcs[func].calls;
    return metric < profile->metric_count ? graph->self[metric][func] : calls > 0 ? calls : 0;
}

static void sum_kind(struct sums *sums, enum pv_history_kind kind, const struct pv_profile *profile,
                     uint32_t metric, const struct pv_categories *categories)
{
    struct pv_buffer words = {0};
    for (uint32_t f = 0; f < profile->graph->func_count; f++) {
        uint32_t frame = profile->graph->funcs[f].frame;
        int64_t value = value_of(profile, metric, f);
        if (value == 0)
            continue;
        if (kind == PV_HISTORY_MODULE) {
            struct pv_text module = pv_module_key(profile, frame);
            add_to(sums, module.size ? module : PV_TEXT("[no module]"), value);
        } else {
            const struct pv_history_function function = function_of(profile, frame);
            size_t at = pv_categories_find(categories, &function, &words);
            add_to(sums, at < categories->count ? categories->names[at] : PV_TEXT("other"), value);
        }
    }
    pv_buffer_free(&words);
}

static void add_parts(struct pv_history_metric *out, const struct pv_profile *profile,
                      uint32_t metric, const struct pv_categories *categories,
                      struct pv_arena *arena)
{
    static const struct {
        enum pv_history_kind kind;
        size_t most;
    } kinds[] = {{PV_HISTORY_MODULE, MODULES}, {PV_HISTORY_CATEGORY, SIZE_MAX}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].kind == PV_HISTORY_CATEGORY && categories->count == 0)
            continue;
        struct sums sums = {.strings = pv_strings_new()};
        sum_kind(&sums, kinds[i].kind, profile, metric, categories);
        take_parts(out, kinds[i].kind, &sums, kinds[i].most, arena);
        pv_strings_free(sums.strings);
        free(sums.values);
    }
}

/* Its name is the only thing that a function must have: those of which nothing is known are one. */
static void add_functions(struct pv_history_run *out, struct pv_arena *arena,
                          const struct pv_profile *profile)
{
    uint32_t count = profile->graph->func_count;
    struct pv_history_function *functions =
        pv_arena_alloc(arena, ((size_t)count + 1) * sizeof *functions);
    for (uint32_t f = 0; f < count; f++) {
        struct pv_history_function of = function_of(profile, profile->graph->funcs[f].frame);
        functions[f] = (struct pv_history_function){pv_arena_copy(arena, of.name),
                                                    pv_arena_copy(arena, of.file),
                                                    pv_arena_copy(arena, of.module)};
    }
    out->functions = functions;
    out->function_count = count;
}

static void add_metric(struct pv_history_metric *metric, const struct pv_profile *profile,
                       uint32_t number, const struct pv_categories *categories,
                       struct pv_arena *arena)
{
    uint32_t count = profile->graph->func_count;
    int64_t *self = pv_arena_alloc(arena, ((size_t)count + 1) * sizeof *self);
    for (uint32_t f = 0; f < count; f++)
        self[f] = value_of(profile, number, f);
    metric->self = self;
    add_parts(metric, profile, number, categories, arena);
}

void pv_track_metrics(struct pv_history_run *out, struct pv_arena *arena,
                      const struct pv_profile *profile, const struct pv_categories *categories)
{
    struct pv_history_metric *metrics =
        pv_arena_alloc(arena, (profile->metric_count + 1) * sizeof *metrics);
    int64_t calls = 0;
    bool has_calls = false;
    add_functions(out, arena, profile);
    out->metrics = metrics;
    out->metric_count = profile->metric_count;
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        const struct pv_metric *metric = &profile->metrics[m];
        struct pv_text name = pv_arena_copy(arena, pv_profile_text(profile, metric->name));
        metrics[m] = (struct pv_history_metric){
            .name = name, .unit = metric->unit, .scale = metric->scale, .total = metric->total};
        has_calls = has_calls || pv_text_equal(name, PV_TEXT("calls"));
        add_metric(&metrics[m], profile, m, categories, arena);
    }
    for (uint32_t f = 0; f < profile->graph->func_count; f++)
        pv_add(calls, value_of(profile, profile->metric_count, f), &calls);
    if (calls == 0 || has_calls)
        return;
    struct pv_history_metric *last = &metrics[out->metric_count++];
    *last = (struct pv_history_metric){
        .name = PV_TEXT("calls"), .unit = PV_UNIT_COUNT, .scale = 1, .total = calls};
    add_metric(last, profile, profile->metric_count, categories, arena);
}
