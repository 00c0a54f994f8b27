#ifndef PV_CLI_OPTIONS_H
#define PV_CLI_OPTIONS_H

#include "model/arena.h"
#include "model/limits.h"
#include "model/option.h"
#include "model/rename.h"
#include "model/transforms.h"
#include "render/renderer.h"
#include "render/table.h"

/* Everything that can be said on the command line, as one table of rows: the program's own options,
 * one for each transform and one for each limit. Parsing, --help, the man page, hints about typing
 * errors and the tests walk the same rows. */

/* What --colors takes: as enum pv_colouring, then the names of flamegraph.pl's palettes. */
#define PV_COLOUR_WORDS                                                                            \
    "module cost warm grey function kind red green blue aqua yellow purple orange "                \
    "hot mem io wakeup chain java js perl"
enum { PV_COLOURS = PV_COLOURINGS + 8 };

/* Which commands an option goes with; bits. */
enum pv_verbs {
    PV_VERB_DRAW = 1,
    PV_VERB_TOP = 2,
    PV_VERB_TREE = 4, /* tree and peek */
    PV_VERB_LIST = 8,
    PV_VERB_QUALITY = 16,
    PV_VERB_TRACK = 32,
    PV_VERB_LINES = 64,
    PV_VERB_DIFF = 128,
    PV_VERB_CHECK = 256,
    PV_VERB_REPORT = 1024,
    PV_VERB_TABLES = PV_VERB_TOP | PV_VERB_TREE | PV_VERB_LINES,
    PV_VERB_READ = PV_VERB_DRAW | PV_VERB_TABLES | PV_VERB_QUALITY | PV_VERB_TRACK | PV_VERB_DIFF |
                   PV_VERB_CHECK | PV_VERB_REPORT, /* with inputs */
    PV_VERB_ALL = PV_VERB_READ | PV_VERB_LIST,
};

/* Under which heading help lists an option. */
enum pv_group {
    PV_GROUP_INPUT,
    PV_GROUP_OUTPUT,
    PV_GROUP_DATA,
    PV_GROUP_PICTURE,
    PV_GROUP_FLAME,
    PV_GROUP_TREEMAP,
    PV_GROUP_GRAPH,
    PV_GROUP_TABLE,
    PV_GROUP_TRACK,
    PV_GROUP_COMPARE,
    PV_GROUP_LIMITS,
    PV_GROUP_GENERAL,
    PV_GROUPS,
};
const char *pv_group_title(enum pv_group group);

/* What shells offer as an option's value; choices follow from the option itself. */
enum pv_values {
    PV_VALUES_FREE, /* nothing: any text goes */
    PV_VALUES_FILES,
    PV_VALUES_VIEWS,
    PV_VALUES_KINDS, /* of output */
    PV_VALUES_FORMATS,
    PV_VALUES_TRACES, /* and files */
    PV_VALUES_UNITS,
};

/* One row of the table. */
struct pv_known {
    struct pv_option option; /* its offset is into struct pv_settings */
    enum pv_group group;
    unsigned verbs;
    const char *views;    /* blank-separated: the views that it means something to; NULL: all */
    const char *conflict; /* the option that it cannot go with; NULL: none */
    const char *same_as;  /* another name of that option, which help lists instead; NULL: none */
    bool is_once;         /* saying it twice is an error rather than a correction */
    bool is_hidden;       /* not for people */
    enum pv_values values;
    const char *words; /* option.help before "{}" in it became all values; NULL: the same */
    const struct pv_transform *transform; /* of a filter's row, which has no offset; else NULL */
};

struct pv_options {
    struct pv_known *rows;
    size_t count;
    struct pv_arena *texts; /* owns help that is made */
};

/* Builds the table; pv_options_free releases it. */
void pv_options_init(struct pv_options *options);
void pv_options_free(struct pv_options *options);

/* What an option does, with the values that it has with these commands. */
void pv_options_help(const struct pv_known *known, unsigned verbs, struct pv_buffer *out);

/* The row for a name or a letter that goes with one of the verbs, or NULL. */
const struct pv_known *pv_options_named(const struct pv_options *options, unsigned verbs,
                                        struct pv_text name);
const struct pv_known *pv_options_letter(const struct pv_options *options, unsigned verbs,
                                         char letter);

/* What the command line said. Texts are slices of argv: terminated, and alive as long as it. */
enum pv_when { PV_AUTO, PV_ALWAYS, PV_NEVER };

struct pv_filter {
    const struct pv_transform *transform;
    struct pv_text argument;
};

/* What the boxes of a graph are coloured by, as the choices of --colour-by stand. */
enum pv_colour_by { PV_BOX_AUTO, PV_BOX_SELF, PV_BOX_TOTAL, PV_BOX_MODULE, PV_BOX_CHANGE };

struct pv_settings {
    const char **inputs;
    size_t input_count;
    bool *input_is_found; /* by input: in a folder (cli/inputs.h); NULL: all were named */
    struct pv_text output, from, trace_format, to, view;
    struct pv_text pattern; /* of peek */
    bool is_strict;
    struct pv_texts bases; /* inputs of the other side */
    bool normalizes;
    unsigned noise;                  /* enum pv_noise + 1; 0: what metrics are called tells */
    struct pv_text budgets, summary; /* files */
    struct pv_texts budget;          /* rules */
    bool has_annotations;

    struct pv_filter *filters; /* in the order written */
    size_t filter_count;
    struct pv_text metric; /* name or index; empty: the first */
    unsigned demangle;     /* enum pv_demangling */
    bool strips_names;
    struct pv_limits limits;

    struct pv_draw draw; /* what is not said otherwise below */
    struct pv_canvas_options canvas;
    bool has_no_data; /* pictures carry no profile */
    struct pv_length min_width;
    double node_percent, arc_percent;
    int64_t node_count, arc_count;
    unsigned theme, order, by;
    unsigned colors; /* one of PV_COLOUR_WORDS; PV_COLOURS: each view its own */
    struct pv_text background;
    bool is_hash, is_flame_chart;
    const struct pv_known **view_options; /* those given that not every view has */
    size_t view_option_count;

    int64_t jobs;           /* of report; 0: as many as processors */
    struct pv_text base_of; /* of report */
    struct pv_text database, branch, commit, testbed, name, time; /* of track */
    struct pv_texts categories;
    bool is_replacing;
    double wait;        /* seconds */
    int64_t track_rows; /* of trend and list, 0: all */

    unsigned sort;           /* enum pv_sort */
    int64_t rows, tree_rows; /* of top; of tree, peek and lines, -1: their own default */
    unsigned colour_by;      /* enum pv_colour_by: of a graph */
    unsigned cluster;        /* of a graph: none, module */
    int64_t around;          /* lines */
    struct pv_text source_path;

    unsigned color, progress; /* enum pv_when */
    unsigned completion;      /* enum pv_shell; PV_SHELLS: not asked for */
    bool has_no_sandbox, is_ascii;
    bool is_quiet, is_verbose, is_help, is_version, is_man, is_csp_hash;
};

/* Settings before anything is said; pv_settings_free releases what parsing added. */
void pv_settings_init(struct pv_settings *settings);
void pv_settings_free(struct pv_settings *settings);

#endif
