#include "cli/examples.h"

static const struct pv_example draw[] = {
    {"profviz out.pstats -o graph.svg", "the call graph of a Python profile, as a picture"},
    {"perf script | stackcollapse-perf.pl | profviz -o flame.svg",
     "the flame graph of what a sampler saw"},
    {"profviz out.pstats", "on a terminal: the functions that cost most"},
    {"profviz top out.folded --sort total -n 50", "the same from stacks, by total, fifty of them"},
    {"profviz 1.folded.gz 2.folded.gz -o parse.png --focus parse",
     "two inputs as one, only what goes through parse"},
    {"profviz out.pstats --to json -o - | jq .functions", "everything as data for other tools"},
    {NULL, NULL},
};

static const struct pv_example top[] = {
    {"profviz top out.pstats", "the twenty functions that cost most themselves"},
    {"profviz top out.pstats --sort total --focus parse -n 50",
     "fifty by what they cost with all they call, of what goes through parse"},
    {"profviz top callgrind.out.* --metric Bcm -o top.md", "mispredicted branches, as Markdown"},
    {NULL, NULL},
};

static const struct pv_example tree[] = {
    {"profviz tree out.folded", "the heaviest ways from the outside in"},
    {"profviz tree out.folded --root render --depth 6", "from one function, six calls deep"},
    {"profviz tree out.folded --reverse", "from what was running to where it was called from"},
    {NULL, NULL},
};

static const struct pv_example peek[] = {
    {"profviz peek 'parse_.*' out.pstats", "who calls these, and whom they call"},
    {NULL, NULL},
};

static const struct pv_example lines[] = {
    {"profviz lines callgrind.out.123", "the lines that cost most, beside their source"},
    {"profviz lines callgrind.out.123 --focus parse --source-path src",
     "of what goes through parse, with sources below src"},
    {NULL, NULL},
};

static const struct pv_example quality[] = {
    {"profviz quality out.folded", "each finding with its share and what to do about it"},
    {"profviz quality out.folded --to json | jq .findings", "the same as data"},
    {NULL, NULL},
};

static const struct pv_example check[] = {
    {"profviz check head.pstats --budgets budgets.json", "the limits of a file"},
    {"profviz check head.pstats --budget 'calls<=300000'", "one limit, without a file"},
    {"profviz check head.pstats --base main.pstats --budget 'calls+<=2%'",
     "an increase: against the profile of another revision"},
    {"profviz check head.pstats --budgets budgets.json --summary summary.md",
     "what it says on a page of the build, too; -o junit.xml for JUnit's XML"},
    {NULL, NULL},
};

static const struct pv_example diff[] = {
    {"profviz diff main.pstats head.pstats", "what changed, as a table"},
    {"profviz diff main.folded head.folded --view flame -o diff.svg",
     "as a flame graph: what grew, and what shrank"},
    {"profviz diff --base a1.folded --base a2.folded b1.folded b2.folded", "several runs a side"},
    {NULL, NULL},
};

static const struct pv_example report[] = {
    {"profviz report profiles/ -o report.html", "all profiles of a folder on one page"},
    {"profviz report profiles/ --base main/ -o report.html",
     "each with what changed since the one of its name in main/"},
    {"profviz report *.pstats -o report/", "pictures, tables and an index as files of a folder"},
    {NULL, NULL},
};

static const struct pv_example track[] = {
    {"profviz track add out.pstats --name shop --commit \"$COMMIT\"", "adds a run to profviz.db"},
    {"profviz track changes --name shop", "where it changed for good, and what made it"},
    {"profviz track trend --category 'db=sqlite3|psycopg' --category json=json",
     "its last runs, by what the time goes to"},
    {"profviz track trend --name shop -o trend.svg", "all runs as a picture"},
    {NULL, NULL},
};

static const struct pv_example track_actions[] = {
    {"add", "adds each INPUT as a run"},
    {"list", "what there is: profiles, branches, testbeds, metrics"},
    {"trend", "one metric over its runs, as a table or a picture"},
    {"changes", "where it changed for good, by how much, and which functions made it"},
    {"export", "everything as CSV"},
    {NULL, NULL},
};

static const struct row {
    const char *command; /* NULL: the default */
    const struct pv_example *examples, *actions;
} rows[] = {
    {NULL, draw, NULL},       {"top", top, NULL},
    {"tree", tree, NULL},     {"peek", peek, NULL},
    {"lines", lines, NULL},   {"quality", quality, NULL},
    {"check", check, NULL},   {"diff", diff, NULL},
    {"report", report, NULL}, {"track", track, track_actions},
};

static const struct row *find(const struct pv_command *command)
{
    for (size_t i = 1; command->name && i < sizeof rows / sizeof rows[0]; i++)
        if (pv_text_equal(pv_text_of(command->name), pv_text_of(rows[i].command)))
            return &rows[i];
    return command->name ? NULL : &rows[0];
}

const struct pv_example *pv_examples(const struct pv_command *command)
{
    const struct row *row = find(command);
    return row ? row->examples : NULL;
}

const struct pv_example *pv_actions(const struct pv_command *command)
{
    const struct row *row = find(command);
    return row ? row->actions : NULL;
}
