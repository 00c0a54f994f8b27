#include "cli/examples.h"
#include "cli/help.h"
#include "formats/registry.h"
#include "render/registry.h"

enum { LINE = 72 };

/* One word as troff takes it literally: no escapes, hyphens that can be searched for. */
static void add_word(struct pv_output *output, struct pv_text word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] == '\\')
            pv_output_string(output, "\\(rs");
        else if (word.data[i] == '-')
            pv_output_string(output, "\\-");
        else
            pv_output_char(output, word.data[i]);
    }
}

/* Text that may be broken into lines, none of which is taken for a request. */
static void add_troff(struct pv_output *output, struct pv_text text)
{
    struct pv_text word;
    size_t used = 0;
    while (pv_text_word(&text, &word)) {
        bool is_broken = used && used + 1 + word.size > LINE;
        if (used)
            pv_output_char(output, is_broken ? '\n' : ' ');
        used = is_broken ? 0 : used + (used > 0);
        if (used == 0 && (word.data[0] == '.' || word.data[0] == '\''))
            pv_output_string(output, "\\&");
        add_word(output, word);
        used += word.size;
    }
}

static void add_item(struct pv_output *output, struct pv_text tag, struct pv_text words)
{
    pv_output_string(output, ".TP\n.B ");
    add_word(output, tag);
    pv_output_char(output, '\n');
    add_troff(output, words);
    pv_output_string(output, ".\n");
}

static void add_section(struct pv_output *output, const char *title)
{
    pv_output_string(output, ".SH ");
    for (size_t i = 0; title[i]; i++) {
        bool is_small = title[i] >= 'a' && title[i] <= 'z';
        pv_output_char(output, is_small ? (char)(title[i] - 'a' + 'A') : title[i]);
    }
    pv_output_char(output, '\n');
}

static void add_paragraph(struct pv_output *output, bool is_next, const char *words)
{
    pv_output_string(output, is_next ? ".PP\n" : "");
    add_troff(output, pv_text_of(words));
    pv_output_char(output, '\n');
}

static void add_head(struct pv_output *output)
{
    pv_output_string(output, ".TH PROFVIZ 1 \"\" \"profviz " PV_VERSION "\" \"User Commands\"\n");
    add_section(output, "name");
    pv_output_string(output, "profviz \\- draws, converts and lists profiles of every kind\n");
    add_section(output, "synopsis");
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        pv_output_string(output, next == pv_commands() ? "" : ".br\n");
        pv_output_string(output, ".B profviz");
        if ((*next)->name) {
            pv_output_char(output, ' ');
            pv_output_string(output, (*next)->name);
        }
        pv_output_string(output, "\n");
        add_troff(output, pv_text_of((*next)->arguments));
        pv_output_string(output, (*next)->arguments[0] ? "\n" : "");
    }
    add_section(output, "description");
    add_paragraph(output, false,
                  "profviz reads a profile, whatever it is called and however it is packed, "
                  "recognises its format by its content, and draws it, converts it, or lists what "
                  "cost most. Several inputs are merged, and a folder stands for the files in "
                  "it. Without INPUT, or with -, it reads its "
                  "standard input.");
    add_paragraph(output, true,
                  "The extension of OUTPUT says what is written: a picture, data, or a table; a "
                  "trailing .gz compresses it. Without -o, a table is shown on a terminal, and a "
                  "picture in SVG is written into a pipe. An output file appears when it is whole; "
                  "if anything fails, an older file of that name stays as it was.");
    add_paragraph(output, true,
                  "In what follows, RE is a regular expression as in Perl, SHARE a percentage such "
                  "as 0.5%, and BYTES a number that may end in K, M or G.");
}

static void add_options(const struct pv_options *options, struct pv_output *output)
{
    struct pv_buffer tag = {0}, words = {0};
    add_section(output, "options");
    for (enum pv_group group = 0; group < PV_GROUPS; group++) {
        pv_output_string(output, ".SS ");
        add_troff(output, pv_text_of(pv_group_title(group)));
        pv_output_char(output, '\n');
        for (size_t i = 0; i < options->count; i++) {
            const struct pv_known *known = &options->rows[i];
            if (known->group != group || known->is_hidden)
                continue;
            tag.size = words.size = 0;
            pv_help_usage(known, &tag);
            pv_help_sentence(known, known->verbs, &words);
            if (known->same_as)
                pv_buffer_print(&words, " as --%s", known->same_as);
            add_item(output, pv_buffer_text(&tag), pv_buffer_text(&words));
        }
    }
    pv_buffer_free(&tag);
    pv_buffer_free(&words);
}

static void add_tables(struct pv_output *output)
{
    add_section(output, "views");
    for (const struct pv_renderer *const *next = pv_renderers(); *next; next++)
        add_item(output, pv_text_of((*next)->name), pv_text_of((*next)->summary));
    add_item(output, PV_TEXT("table"), PV_TEXT("the functions that cost most, as text"));
    add_section(output, "formats");
    pv_output_string(output, "As profviz formats lists them with what is read and written:\n");
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        add_item(output, pv_text_of((*next)->name), pv_text_of((*next)->summary));
}

static void add_examples(struct pv_output *output)
{
    add_section(output, "examples");
    for (const struct pv_command *const *next = pv_commands(); *next; next++)
        for (const struct pv_example *example = pv_examples(*next); example && example->line;
             example++)
            add_item(output, pv_text_of(example->line), pv_text_of(example->effect));
}

static void add_actions(struct pv_output *output)
{
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        const struct pv_example *action = pv_actions(*next);
        if (!action)
            continue;
        pv_output_string(output, ".SS Actions of ");
        pv_output_string(output, (*next)->name);
        pv_output_char(output, '\n');
        for (; action->line; action++)
            add_item(output, pv_text_of(action->line), pv_text_of(action->effect));
    }
}

static void add_commands(struct pv_output *output)
{
    add_section(output, "commands");
    for (const struct pv_command *const *next = pv_commands(); *next; next++)
        if ((*next)->name)
            add_item(output, pv_text_of((*next)->name), pv_text_of((*next)->summary));
    add_actions(output);
}

static void add_rest(struct pv_output *output)
{
    static const struct {
        const char *tag, *words;
    } statuses[] =
        {
            {"0", "done; also when the reader of a pipe went away"},
            {"1",
             "an input could not be read or an output not be written; a filter matched nothing"},
            {"2", "the command line asks for something that does not exist or does not fit"},
            {"3", "a budget is broken (check)"},
            {"4", "of none is it sure, but of one it cannot be told (check)"},
            {"130", "interrupted; other signals give 128 and their number"},
        },
      variables[] = {
          {"NO_COLOR", "set and not empty: no colours, unless --color=always says so"},
          {"CLICOLOR_FORCE", "set and neither empty nor 0: colours also into files and pipes"},
          {"TERM", "dumb or not set: no colours and no progress"},
          {"COLUMNS", "width of tables on a terminal"},
          {"LC_ALL, LC_CTYPE, LANG", "not UTF-8: tables on a terminal keep to ASCII"},
      };
    add_section(output, "exit status");
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        add_item(output, pv_text_of(statuses[i].tag), pv_text_of(statuses[i].words));
    add_section(output, "environment");
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        add_item(output, pv_text_of(variables[i].tag), pv_text_of(variables[i].words));
}

static void add_security(struct pv_output *output)
{
    add_section(output, "security");
    add_paragraph(output, false,
                  "Inputs are taken to be hostile, whoever they come from; the command line is "
                  "trusted. Everything that grows with an input has a limit, and every limit is an "
                  "option.");
    add_paragraph(output, true,
                  "Before an input is read, profviz gives up the rights to all files but its "
                  "inputs, the system's fonts where it draws text, and the folder of its output, "
                  "to running programs and to the network, where the Linux kernel has Landlock. "
                  "With --verbose it says whether it did; --no-sandbox keeps the rights.");
    add_section(output, "see also");
    pv_output_string(output, ".BR perf (1),\n.BR dot (1),\n.BR python3 (1)\n");
}

void pv_man_write(const struct pv_options *options, struct pv_output *output)
{
    add_head(output);
    add_commands(output);
    add_examples(output);
    add_options(options, output);
    add_tables(output);
    add_rest(output);
    add_security(output);
}
