#include "cli/help.h"

#include "cli/examples.h"

#include <string.h>

enum { WIDTH = 80, OPTION_COLUMN = 2, HELP_COLUMN = 28, EXAMPLE_COLUMN = 4 };

static void spaces(struct pv_buffer *out, size_t count)
{
    while (count--)
        pv_buffer_char(out, ' ');
}

/* "16 GiB" where the limit is that many bytes, else the number. */
static void add_limit(struct pv_buffer *out, const struct pv_option *option)
{
    static const char *const units[] = {"", " KiB", " MiB", " GiB"};
    struct pv_settings settings;
    uint64_t value;
    unsigned unit = 0;
    pv_settings_init(&settings);
    memcpy(&value, (const char *)&settings + option->offset, sizeof value);
    for (; option->argument[0] == 'B' && unit < 3 && value && value % 1024 == 0; unit++)
        value /= 1024;
    if (value)
        pv_buffer_print(out, " (default %llu%s)", (unsigned long long)value, units[unit]);
    else
        pv_buffer_print(out, " (default: no limit)");
    pv_settings_free(&settings);
}

/* Adds the words from column `at` on, broken before the page's edge and indented to `indent`. */
static void add_wrapped(struct pv_buffer *out, struct pv_text words, size_t at, size_t indent)
{
    struct pv_text word;
    bool is_first = true;
    while (pv_text_word(&words, &word)) {
        if (!is_first && at + 1 + word.size >= WIDTH) {
            pv_buffer_char(out, '\n');
            spaces(out, indent);
            at = indent;
        } else if (!is_first) {
            pv_buffer_char(out, ' ');
            at++;
        }
        pv_buffer_add(out, word);
        at += word.size;
        is_first = false;
    }
    pv_buffer_char(out, '\n');
}

void pv_help_usage(const struct pv_known *known, struct pv_buffer *out)
{
    const struct pv_option *option = &known->option;
    if (option->letter)
        pv_buffer_print(out, "-%c, ", option->letter);
    pv_buffer_print(out, "--%s", option->name);
    if (option->argument)
        pv_buffer_print(out, " %s", option->argument);
}

void pv_help_sentence(const struct pv_known *known, unsigned verbs, struct pv_buffer *out)
{
    struct pv_text rest = pv_text_of(known->option.choices), word;
    pv_options_help(known, verbs, out);
    for (bool is_first = true; pv_text_word(&rest, &word); is_first = false)
        pv_buffer_print(out, "%s%.*s",
                        is_first                  ? ": "
                        : pv_text_trim(rest).size ? ", "
                                                  : " or ",
                        PV_TEXT_ARGS(word));
    if (known->group == PV_GROUP_LIMITS)
        add_limit(out, &known->option);
}

static void add_option(struct pv_buffer *out, const struct pv_known *known, unsigned verbs)
{
    struct pv_buffer words = {0};
    size_t begin = out->size;
    spaces(out, known->option.letter ? OPTION_COLUMN : OPTION_COLUMN + 4);
    pv_help_usage(known, out);
    size_t used = out->size - begin;
    if (used + 2 > HELP_COLUMN) {
        pv_buffer_char(out, '\n');
        used = 0;
    }
    spaces(out, HELP_COLUMN - used);
    pv_help_sentence(known, verbs, &words);
    add_wrapped(out, pv_buffer_text(&words), HELP_COLUMN, HELP_COLUMN);
    pv_buffer_free(&words);
}

static void add_group(struct pv_buffer *out, const struct pv_options *options, enum pv_group group,
                      unsigned verbs)
{
    bool is_first = true;
    for (size_t i = 0; i < options->count; i++) {
        const struct pv_known *known = &options->rows[i];
        if (known->group != group || !(known->verbs & verbs) || known->is_hidden || known->same_as)
            continue;
        if (is_first)
            pv_buffer_print(out, "\n%s\n", pv_group_title(group));
        is_first = false;
        add_option(out, known, verbs);
    }
}

static void add_examples(struct pv_buffer *out, const struct pv_command *command)
{
    const struct pv_example *example = pv_examples(command);
    for (; example && example->line; example++) {
        spaces(out, OPTION_COLUMN);
        add_wrapped(out, pv_text_of(example->line), OPTION_COLUMN, EXAMPLE_COLUMN + 2);
        spaces(out, EXAMPLE_COLUMN + 2);
        add_wrapped(out, pv_text_of(example->effect), EXAMPLE_COLUMN + 2, EXAMPLE_COLUMN + 2);
    }
}

/* "  profviz top           the functions that …" */
static void add_row(struct pv_buffer *out, const char *before, const char *name, const char *words)
{
    size_t begin = out->size;
    pv_buffer_print(out, "  %s%s", before, name);
    size_t used = out->size - begin;
    spaces(out, used < HELP_COLUMN ? HELP_COLUMN - used : 1);
    add_wrapped(out, pv_text_of(words), HELP_COLUMN, HELP_COLUMN);
}

static void add_commands(struct pv_buffer *out)
{
    pv_buffer_print(out, "\nCommands\n");
    for (const struct pv_command *const *next = pv_commands(); *next; next++)
        add_row(out, "profviz ", (*next)->name ? (*next)->name : "INPUT...", (*next)->summary);
}

static void add_paragraph(struct pv_buffer *out, const char *words)
{
    pv_buffer_char(out, '\n');
    add_wrapped(out, pv_text_of(words), 0, 0);
}

static const char inputs[] =
    "INPUT is recognised by its content, packed (gzip, zstd, xz, bzip2) or not; several are "
    "merged, a folder stands for the files in it; none, or -, is stdin. profviz formats lists what "
    "can be read and written.";

static const char terms[] =
    "RE is a regular expression as in Perl, SHARE a percentage such as 0.5%; BYTES may end in K, M "
    "or G.";

static const char closing[] =
    "A file that is called like a command is written ./top. Exit code: 0 done, 1 input or "
    "output failed, 2 the command line is wrong, 3 a budget is broken, 4 it cannot be told whether "
    "one is (both: check), 130 interrupted. The manual: man profviz.";

static const char limits[] =
    "Whatever grows with an input has a limit, which is reported where it is met; profviz --help "
    "lists the options that set them, --max-input to --max-data.";

/* What is only of some commands comes first with them. */
static const enum pv_group own_groups[] = {PV_GROUP_COMPARE, PV_GROUP_TRACK, PV_GROUP_TABLE};
enum { OWN_GROUPS = sizeof own_groups / sizeof own_groups[0] };

static bool is_own(enum pv_group group)
{
    for (size_t i = 0; i < OWN_GROUPS; i++)
        if (own_groups[i] == group)
            return true;
    return false;
}

static void add_command(struct pv_buffer *out, const struct pv_options *options,
                        const struct pv_command *command)
{
    const struct pv_example *action = pv_actions(command);
    pv_buffer_print(out, "profviz %s %s\n  ", command->name, command->arguments);
    add_wrapped(out, pv_text_of(command->summary), OPTION_COLUMN, OPTION_COLUMN);
    if (action)
        pv_buffer_char(out, '\n');
    for (; action && action->line; action++)
        add_row(out, "", action->line, action->effect);
    if (pv_examples(command))
        pv_buffer_char(out, '\n');
    add_examples(out, command);
    for (size_t i = 0; i < OWN_GROUPS; i++)
        add_group(out, options, own_groups[i], command->verb);
    for (enum pv_group group = 0; group < PV_GROUPS; group++)
        if (group != PV_GROUP_LIMITS && !is_own(group))
            add_group(out, options, group, command->verb);
    if (command->verb & PV_VERB_READ) {
        add_paragraph(out, limits);
        add_paragraph(out, terms);
    }
}

static void add_all(struct pv_buffer *out, const struct pv_options *options)
{
    pv_buffer_print(out, "profviz draws, converts and lists profiles of every kind.\n\n");
    add_examples(out, pv_commands()[0]);
    add_commands(out);
    add_paragraph(out, inputs);
    for (enum pv_group group = 0; group < PV_GROUPS; group++)
        add_group(out, options, group, PV_VERB_ALL);
    add_paragraph(out, terms);
    add_paragraph(out, closing);
}

void pv_help_write(const struct pv_options *options, const struct pv_command *command,
                   struct pv_output *output)
{
    struct pv_buffer out = {0};
    if (command->name)
        add_command(&out, options, command);
    else
        add_all(&out, options);
    pv_output_add(output, pv_buffer_text(&out));
    pv_buffer_free(&out);
}
