#include "cli/options.h"

#include "cli/completion.h"

#include <stdlib.h>
#include <string.h>

/* Columns of a row, so that a row reads like a line of the manual. */
#define AT(member) .offset = offsetof(struct pv_settings, member)
#define FLAG(long_name, short_name, member, words)                                                 \
    .option = {.name = (long_name),                                                                \
               .letter = (short_name),                                                             \
               .kind = PV_OPTION_FLAG,                                                             \
               AT(member),                                                                         \
               .help = (words)}
#define TEXT(long_name, short_name, value, member, words)                                          \
    .option = {.name = (long_name),                                                                \
               .letter = (short_name),                                                             \
               .argument = (value),                                                                \
               .kind = PV_OPTION_TEXT,                                                             \
               AT(member),                                                                         \
               .help = (words)}
#define CHOICE(long_name, list, member, words)                                                     \
    .option = {.name = (long_name),                                                                \
               .argument = "WHICH",                                                                \
               .kind = PV_OPTION_CHOICE,                                                           \
               .choices = (list),                                                                  \
               AT(member),                                                                         \
               .help = (words)}
#define NUMBER(long_name, short_name, what, value, member, words)                                  \
    .option = {.name = (long_name),                                                                \
               .letter = (short_name),                                                             \
               .argument = (value),                                                                \
               .kind = PV_OPTION_##what,                                                           \
               AT(member),                                                                         \
               .help = (words),
#define RANGE(least, most)                                                                         \
    .low = (least), .high = (most)                                                                 \
    }
#define INPUT .group = PV_GROUP_INPUT, .verbs = PV_VERB_READ
#define OUTPUT .group = PV_GROUP_OUTPUT, .verbs = PV_VERB_READ
#define DATA .group = PV_GROUP_DATA, .verbs = PV_VERB_READ
#define PICTURE .group = PV_GROUP_PICTURE, .verbs = PV_VERB_DRAW | PV_VERB_DIFF
#define FLAME .group = PV_GROUP_FLAME, .verbs = PV_VERB_DRAW | PV_VERB_DIFF, .views = "flame icicle"
#define TREEMAP .group = PV_GROUP_TREEMAP, .verbs = PV_VERB_DRAW, .views = "treemap"
#define RINGS_TOO                                                                                  \
    .group = PV_GROUP_FLAME, .verbs = PV_VERB_DRAW | PV_VERB_DIFF,                                 \
    .views = "flame icicle chart sunburst"
#define CELLS                                                                                      \
    .group = PV_GROUP_FLAME, .verbs = PV_VERB_DRAW | PV_VERB_DIFF, .views = "flame icicle chart"
#define GRAPH_DIFF .group = PV_GROUP_GRAPH, .verbs = PV_VERB_DRAW | PV_VERB_DIFF, .views = "graph"
#define GRAPH .group = PV_GROUP_GRAPH, .verbs = PV_VERB_DRAW, .views = "graph"
#define TABLE .group = PV_GROUP_TABLE, .verbs = PV_VERB_TOP | PV_VERB_DIFF
#define LINES .group = PV_GROUP_TABLE, .verbs = PV_VERB_LINES
#define COMPARE .group = PV_GROUP_COMPARE, .verbs = PV_VERB_DIFF | PV_VERB_CHECK
#define CHECK .group = PV_GROUP_COMPARE, .verbs = PV_VERB_CHECK
#define TREE .group = PV_GROUP_TABLE, .verbs = PV_VERB_TREE
#define REPORT .group = PV_GROUP_OUTPUT, .verbs = PV_VERB_REPORT
#define TRACK .group = PV_GROUP_TRACK, .verbs = PV_VERB_TRACK
#define PAGE                                                                                       \
    .group = PV_GROUP_PICTURE, .verbs = PV_VERB_DRAW | PV_VERB_DIFF | PV_VERB_TRACK | PV_VERB_REPORT
#define GENERAL .group = PV_GROUP_GENERAL, .verbs = PV_VERB_ALL

/* clang-format off */
static const struct pv_known program_rows[] = {
    {TEXT("from", 'F', "FORMAT", from, "the input's format, by its name or an extension (default: its content tells)"), INPUT,
     .conflict = "trace-format", .values = PV_VALUES_FORMATS},
    {TEXT("trace-format", 0, "NAME|FILE", trace_format,
          "read logs by a description of their lines: one that comes with profviz ({}), or a JSON file"), INPUT,
     .conflict = "from", .values = PV_VALUES_TRACES},
    {FLAG("strict", 0, is_strict, "fail at the first malformed line, instead of skipping and counting it"),
     INPUT},

    {TEXT("output", 'o', "FILE", output, "where to; its extension says what to write (- is stdout)"),
     OUTPUT, .is_once = true, .values = PV_VALUES_FILES},
    {TEXT("to", 'T', "KIND", to,
          "what to write, whatever the output is called: {}"), OUTPUT, .values = PV_VALUES_KINDS},
    {TEXT("view", 0, "VIEW", view,
          "which picture, as profviz views lists them (default: graph for call graphs, flame for "
          "stacks, timeline where there is nothing but values over time)"),
     .group = PV_GROUP_OUTPUT, .verbs = PV_VERB_DRAW | PV_VERB_DIFF, .values = PV_VALUES_VIEWS},

    {TEXT("base", 0, "DIR|FILE", base_of,
          "compare each profile with the file of its name in there, or the only one with this one"),
     REPORT, .values = PV_VALUES_FILES},
    {NUMBER("jobs", 'j', WHOLE, "N", jobs, "read N profiles at a time (default: as many as there are processors)")
     RANGE(0, 1024), REPORT},

    {TEXT("metric", 0, "NAME|N", metric,
          "which metric, by its name or by its number from 0 (default 0; data keeps all)"),
     DATA},
    {TEXT("sample-index", 0, "NAME|N", metric, "the same"), DATA, .same_as = "metric"},
    {CHOICE("demangle", "auto full templates short none", demangle,
            "symbols of C++ and Rust as names: with all types, without parameters, without template arguments too, or as recorded; auto: full, and data as recorded"),
     DATA},
    {FLAG("strip", 0, strips_names,
          "names as by --demangle short, and without offsets, modules and the compiler's marks"), DATA},
    {TEXT("unit", 0, "UNIT", draw.unit,
          "one unit for all values: s, ms, us, ns, B, KiB, MiB, GiB, k or M (default: what fits each)"), DATA,
     .values = PV_VALUES_UNITS},

    {TEXT("title", 0, "TEXT", draw.title, "of the picture (default: the view's own)"), PAGE},
    {TEXT("subtitle", 0, "TEXT", draw.subtitle, "put before the facts under the title"), PAGE},
    {CHOICE("colors", PV_COLOUR_WORDS, colors,
            "what the colour of a box or frame tells: its module, its cost, the function, the kind of code; or one hue for "
            "all; or one of flamegraph.pl's palettes"), PICTURE, .conflict = "hash"},
    {FLAG("hash", 0, is_hash, "colours by the function's name alone, whatever its module"), PICTURE, .conflict = "colors"},
    {TEXT("bgcolors", 0, "COLOUR", background,
          "what is under the picture: #rrggbb, or yellow, blue, green or grey"), PICTURE},
    {FLAG("negate", 0, draw.is_negated, "exchange the colours of less and more in differences"),
     .group = PV_GROUP_PICTURE, .verbs = PV_VERB_DRAW | PV_VERB_DIFF, .views = "flame icicle treemap sunburst pie"},
    {CHOICE("theme", "auto light dark", theme, "light or dark colours; auto follows the reader's system where it can"), PAGE},
    {TEXT("countname", 0, "NAME", draw.count_name, "what values are called in the picture (default: the metric's name)"),
     PICTURE},
    {NUMBER("width", 0, NUMBER, "PX", draw.width, "width of the page; a graph takes more where it must") RANGE(200, 32767), PAGE},
    {NUMBER("scale", 0, NUMBER, "N", canvas.scale, "pixels of a PNG per px of the page (default 2)")
     RANGE(.1, 16), PAGE},
    {FLAG("no-js", 0, canvas.has_no_script, "an SVG or HTML page without a script: still pictures"), PICTURE},
    {FLAG("no-data", 0, has_no_data,
          "a picture without the profile in it; with it, SVG and PNG can be read again and drawn another way"),
     PICTURE},
    {TEXT("fonttype", 0, "FONTS", canvas.fonts, "font families as in CSS (default: DejaVu Sans and its like)"),
     PAGE},

    {NUMBER("fontsize", 0, NUMBER, "PX", draw.font_size, "size of the labels in frames (default 12)")
     RANGE(6, 48), RINGS_TOO},
    {NUMBER("height", 0, NUMBER, "PX", draw.row_height, "height of a row of frames (default 19)")
     RANGE(8, 100), CELLS},
    {NUMBER("minwidth", 0, LENGTH, "PX|%", min_width,
            "gather narrower frames into a visible remainder (default 0.5px)") RANGE(0, 1000), RINGS_TOO},
    {FLAG("flamechart", 0, is_flame_chart,
          "a flame chart: stacks in the order of time, as traces know it; stacks without times in the order of the file"),
     .group = PV_GROUP_FLAME, .verbs = PV_VERB_DRAW},
    {FLAG("inverted", 0, draw.is_inverted, "draw the root on top (an icicle graph)"), FLAME},
    {CHOICE("sort", "name weight", order, "order of the callees of a frame (default name)"),
     .group = PV_GROUP_FLAME, .verbs = PV_VERB_DRAW, .views = "flame icicle sunburst"},

    {CHOICE("by", "calls files", by,
            "what lies in what: callees in their callers, or functions in files in modules (default calls)"),
     TREEMAP},

    {NUMBER("node-thres", 'n', NUMBER, "%", node_percent,
            "leave out functions under this share of the total (default 0.5)") RANGE(0, 100), GRAPH},
    {NUMBER("edge-thres", 'e', NUMBER, "%", arc_percent,
            "leave out arrows under this share of the total (default 0.1)") RANGE(0, 100), GRAPH},
    {NUMBER("nodecount", 0, WHOLE, "N", node_count, "draw at most N functions (default 80)")
     RANGE(1, 10000), GRAPH_DIFF},
    {NUMBER("edgecount", 0, WHOLE, "N", arc_count, "draw at most N arrows (default 200)")
     RANGE(1, 40000), GRAPH_DIFF},
    {CHOICE("cluster", "none module", cluster, "module: put the functions of a module together"), GRAPH_DIFF},
    {FLAG("wrap", 0, draw.is_wrapped, "break long names into two lines"), GRAPH_DIFF},
    {CHOICE("colour-by", "auto self total module diff", colour_by,
            "what the colour of a box tells; auto: self, of two profiles diff, the change"), GRAPH_DIFF,
     .conflict = "colors"},
    {CHOICE("colormap", "warm blue green viridis grey", draw.colormap,
            "the scale of colours that tells cost (default warm); each goes one way in lightness"), GRAPH},
    {NUMBER("skew", 0, NUMBER, "N", draw.skew,
            "exponent of the colour scale: under 1 tells small shares apart, over 1 large ones")
     RANGE(.01, 100), GRAPH},

    {CHOICE("sort", "self total calls name", sort, "what the rows are sorted by (default self)"), TABLE},
    {NUMBER("rows", 'n', WHOLE, "N", rows, "show at most N functions, 0 for all (default 20)")
     RANGE(0, 4294967295.), TABLE},
    {NUMBER("rows", 'n', WHOLE, "N", tree_rows,
            "tree: show the N heaviest nodes (default 40); peek: N functions, and N callers and callees of each "
            "(default 20); 0 for all") RANGE(0, 4294967295.), TREE},
    {NUMBER("rows", 'n', WHOLE, "N", tree_rows,
            "lines: show N functions, and N lines of each with what is beside them (default 10); 0 for all")
     RANGE(0, 4294967295.), LINES},
    {NUMBER("context", 'C', WHOLE, "N", around,
            "lines of source to show before and behind those that cost (default 2)") RANGE(0, 1000), LINES},
    {TEXT("source-path", 0, "DIR[:DIR]", source_path,
          "where source files are, and nowhere else (default: below the working directory); hidden files are never read"),
     LINES, .values = PV_VALUES_FILES},

    {TEXT("db", 0, "FILE", database, "the history (default profviz.db)"), TRACK, .values = PV_VALUES_FILES},
    {TEXT("branch", 0, "NAME", branch, "which branch"), TRACK},
    {TEXT("commit", 0, "NAME", commit, "what was measured: a commit, a version"), TRACK},
    {TEXT("testbed", 0, "NAME", testbed, "what it was measured on: a machine, a kind of runner"), TRACK},
    {TEXT("name", 0, "NAME", name,
          "what the profile is called in the history (default: the input's name without folders and extensions)"), TRACK},
    {TEXT("time", 0, "WHEN", time,
          "when it was measured or committed: seconds since 1970, 2026-11-23 or 2026-11-23T02:00:00Z "
          "(default: SOURCE_DATE_EPOCH, else none)"), TRACK},
    {.option = {.name = "category", .argument = "NAME=RE", .kind = PV_OPTION_TEXTS, AT(categories),
                .help = "count the functions that match under this name; may be given several times, "
                        "the first that matches counts"}, TRACK},
    {FLAG("replace", 0, is_replacing, "take out what the history has of this commit"), TRACK},
    {NUMBER("wait", 0, NUMBER, "SECONDS", wait, "how long to wait while another program writes (default 10)")
     RANGE(0, 3600), TRACK},
    {NUMBER("rows", 'n', WHOLE, "N", track_rows, "show the last N runs, 0 for all (default 20 in tables, all in pictures)")
     RANGE(0, 4294967295.), TRACK},
    {.option = {.name = "base", .argument = "FILE", .kind = PV_OPTION_TEXTS, AT(bases),
                .help = "an input of the side that is compared with; say it again for each run"},
     COMPARE, .values = PV_VALUES_FILES},
    {FLAG("normalize", 0, normalizes,
          "scale base to the total of head, where runs of different length are compared"), COMPARE},
    {CHOICE("noise", "auto counted sampled measured", noise,
            "how sure values are: any difference is one, chance by the number of samples, or only several runs "
            "tell; auto: by the metric's name and unit"),
     .group = PV_GROUP_COMPARE, .verbs = PV_VERB_DIFF | PV_VERB_CHECK | PV_VERB_REPORT},
    {TEXT("budgets", 0, "FILE", budgets, "limits to check, as JSON (docs/check.md)"), CHECK,
     .values = PV_VALUES_FILES},
    {.option = {.name = "budget", .argument = "RULE", .kind = PV_OPTION_TEXTS, AT(budget),
                .help = "one limit, as 'RE METRIC<=LIMIT' or, against base, 'RE METRIC+<=LIMIT'; say it "
                        "again for each"},
     CHECK},
    {TEXT("summary", 0, "FILE", summary, "append a summary in Markdown to this file, as GITHUB_STEP_SUMMARY names one"),
     CHECK, .values = PV_VALUES_FILES},
    {FLAG("annotations", 0, has_annotations, "print GitHub's annotations on stdout, too"), CHECK},

    {CHOICE("color", "auto always never", color,
            "colours in tables; auto: on a terminal, or as NO_COLOR and CLICOLOR_FORCE say"), GENERAL},
    {FLAG("ascii", 0, is_ascii,
          "nothing but ASCII in text; other characters as \\u{...} (default: where the terminal's locale is not UTF-8)"),
     .group = PV_GROUP_GENERAL, .verbs = PV_VERB_READ},
    {CHOICE("progress", "auto always never", progress,
            "a line on stderr while reading; auto: where that is a terminal, after a second"),
     .group = PV_GROUP_GENERAL, .verbs = PV_VERB_READ},
    {FLAG("no-sandbox", 0, has_no_sandbox,
          "keep the rights to other files, programs and the network; on Linux they are given up "
          "before an input is read"),
     .group = PV_GROUP_GENERAL, .verbs = PV_VERB_READ},
    {FLAG("quiet", 'q', is_quiet, "only errors on stderr, no warnings and notes"),
     GENERAL, .conflict = "verbose"},
    {FLAG("verbose", 'v', is_verbose, "say what was recognised, read and written"),
     GENERAL, .conflict = "quiet"},
    {FLAG("help", 'h', is_help, "this text; behind a command, what goes with it"), GENERAL},
    {FLAG("version", 'V', is_version, "the version"), GENERAL},
    {FLAG("csp-hash", 0, is_csp_hash,
          "the hashes by which a Content-Security-Policy allows the scripts of SVGs and HTML pages"), GENERAL},
    {FLAG("man", 0, is_man, "the manual page, as troff"), GENERAL, .is_hidden = true},
    {CHOICE("completion", "bash zsh fish", completion, "what a shell offers, as its script"),
     GENERAL, .is_hidden = true},
};
/* clang-format on */

const char *pv_group_title(enum pv_group group)
{
    static const char *const titles[PV_GROUPS] = {
        [PV_GROUP_INPUT] = "Input",
        [PV_GROUP_OUTPUT] = "Output",
        [PV_GROUP_DATA] = "What is shown (filters apply in the order written)",
        [PV_GROUP_PICTURE] = "Pictures",
        [PV_GROUP_FLAME] = "Flame graphs",
        [PV_GROUP_TREEMAP] = "Treemaps",
        [PV_GROUP_GRAPH] = "Call graphs",
        [PV_GROUP_TABLE] = "Tables (top, tree, peek, lines)",
        [PV_GROUP_TRACK] = "History (track)",
        [PV_GROUP_COMPARE] = "Comparing (diff, check, report)",
        [PV_GROUP_LIMITS] = "Limits (reported where they are met)",
        [PV_GROUP_GENERAL] = "General",
    };
    return titles[group];
}

static struct pv_known filter_row(const struct pv_transform *transform)
{
    return (struct pv_known){
        .option = {.name = transform->name,
                   .letter = transform->letter,
                   .argument = transform->argument,
                   .kind = transform->argument ? PV_OPTION_TEXT : PV_OPTION_FLAG,
                   .help = transform->summary},
        DATA,
        .transform = transform,
    };
}

static struct pv_known limit_row(const struct pv_limit_row *limit)
{
    return (struct pv_known){
        .option = {.name = limit->option,
                   .argument = limit->is_bytes ? "BYTES" : "N",
                   .kind = PV_OPTION_SIZE,
                   .help = limit->summary,
                   .offset = offsetof(struct pv_settings, limits) + limit->offset},
        .group = PV_GROUP_LIMITS,
        .verbs = PV_VERB_READ,
    };
}

/* "{}" in a help text becomes the values that the option knows, so that no list is kept twice. */
void pv_options_help(const struct pv_known *known, unsigned verbs, struct pv_buffer *out)
{
    struct pv_text help = pv_text_of(known->words ? known->words : known->option.help), rest, word;
    size_t at = pv_text_search(help, PV_TEXT("{}"));
    struct pv_buffer values = {0};
    pv_buffer_add(out, pv_text_slice(help, 0, at));
    if (at == help.size)
        return;
    pv_completion_values(known, known->verbs & verbs, &values);
    rest = pv_buffer_text(&values);
    for (bool is_first = true; pv_text_word(&rest, &word); is_first = false) {
        pv_buffer_add(out, is_first ? PV_TEXT("") : PV_TEXT(", "));
        pv_buffer_add(out, word);
    }
    pv_buffer_add(out, pv_text_slice(help, at + strlen("{}"), help.size));
    pv_buffer_free(&values);
}

static void expand_help(struct pv_options *options, struct pv_known *known)
{
    struct pv_text help = pv_text_of(known->option.help);
    struct pv_buffer words = {0};
    if (pv_text_search(help, PV_TEXT("{}")) == help.size)
        return;
    known->words = known->option.help;
    pv_options_help(known, known->verbs, &words);
    pv_buffer_char(&words, '\0');
    known->option.help = pv_arena_copy(options->texts, pv_buffer_text(&words)).data;
    pv_buffer_free(&words);
}

void pv_options_init(struct pv_options *options)
{
    size_t own = sizeof program_rows / sizeof program_rows[0], limits, filters;
    const struct pv_limit_row *limit = pv_limit_rows(&limits);
    const struct pv_transform *const *transforms = pv_transforms(&filters);
    options->rows = pv_zalloc(own + limits + filters, sizeof *options->rows);
    options->count = 0;
    for (size_t i = 0; i < own; i++)
        options->rows[options->count++] = program_rows[i];
    for (size_t i = 0; i < filters; i++)
        options->rows[options->count++] = filter_row(transforms[i]);
    for (size_t i = 0; i < limits; i++)
        options->rows[options->count++] = limit_row(&limit[i]);
    options->texts = pv_arena_new();
    for (size_t i = 0; i < options->count; i++)
        expand_help(options, &options->rows[i]);
}

void pv_options_free(struct pv_options *options)
{
    free(options->rows);
    pv_arena_free(options->texts);
    *options = (struct pv_options){0};
}

const struct pv_known *pv_options_named(const struct pv_options *options, unsigned verbs,
                                        struct pv_text name)
{
    for (size_t i = 0; i < options->count; i++)
        if ((options->rows[i].verbs & verbs) &&
            pv_text_equal(pv_text_of(options->rows[i].option.name), name))
            return &options->rows[i];
    return NULL;
}

const struct pv_known *pv_options_letter(const struct pv_options *options, unsigned verbs,
                                         char letter)
{
    for (size_t i = 0; i < options->count; i++)
        if ((options->rows[i].verbs & verbs) && options->rows[i].option.letter == letter)
            return &options->rows[i];
    return NULL;
}

void pv_settings_init(struct pv_settings *settings)
{
    struct pv_limits limits = pv_limits_default();
    *settings = (struct pv_settings){
        .limits = limits,
        .draw = pv_draw_default(),
        .min_width = {.5, false},
        .node_percent = .5,
        .arc_percent = .1,
        .node_count = (int64_t)limits.graph_nodes,
        .arc_count = (int64_t)limits.graph_arcs,
        .colors = PV_COLOURS,
        .rows = 20,
        .tree_rows = -1,
        .around = 2,
        .track_rows = -1,
        .wait = 10,
        .completion = PV_SHELLS,
    };
}

void pv_settings_free(struct pv_settings *settings)
{
    for (size_t i = 0; settings->input_is_found && i < settings->input_count; i++)
        if (settings->input_is_found[i])
            free((void *)(uintptr_t)settings->inputs[i]);
    free(settings->inputs);
    free(settings->input_is_found);
    free(settings->bases.items);
    free(settings->budget.items);
    free(settings->filters);
    free(settings->view_options);
    free(settings->categories.items);
    *settings = (struct pv_settings){0};
}
