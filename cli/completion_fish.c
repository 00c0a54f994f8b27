#include "cli/completion.h"

#include "cli/examples.h"

/* What fish takes literally between single quotes. */
static void add_quoted(struct pv_buffer *out, const char *text)
{
    pv_buffer_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            pv_buffer_char(out, '\\');
        pv_buffer_char(out, *text);
    }
    pv_buffer_char(out, '\'');
}

static void add_row(struct pv_buffer *out, const struct pv_known *known,
                    const struct pv_completion_kind *kind)
{
    const struct pv_option *option = &known->option;
    struct pv_buffer values = {0};
    if (!pv_completion_has(known, kind->verb))
        return;
    pv_completion_values(known, kind->verb, &values);
    pv_buffer_print(out, "complete -c profviz -n '__profviz_is %s'", kind->name);
    if (option->letter)
        pv_buffer_print(out, " -s %c", option->letter);
    pv_buffer_print(out, " -l %s", option->name);
    if (known->values == PV_VALUES_FILES || known->values == PV_VALUES_TRACES)
        pv_buffer_print(out, " -r -F");
    else if (option->argument)
        pv_buffer_print(out, " -x");
    if (values.size)
        pv_buffer_print(out, " -a '%.*s'", (int)values.size, values.data);
    values.size = 0;
    pv_options_help(known, kind->verb, &values);
    pv_buffer_char(&values, '\0');
    pv_buffer_print(out, " -d ");
    add_quoted(out, values.data);
    pv_buffer_char(out, '\n');
    pv_buffer_free(&values);
}

static void add_functions(struct pv_buffer *out, const struct pv_options *options)
{
    const struct pv_completion_kind *kinds = pv_completion_kinds();
    pv_buffer_print(out, "# fish completion of profviz; written by: profviz --completion fish\n\n"
                         "# The words that are neither options nor options' values.\n"
                         "function __profviz_words\n"
                         "    set -l takes ");
    pv_completion_takers(out, options, PV_VERB_ALL);
    pv_buffer_print(out, "\n"
                         "    set -l skip 0\n"
                         "    for word in (commandline -opc)[2..-1]\n"
                         "        if test $skip = 1\n"
                         "            set skip 0\n"
                         "        else if contains -- $word $takes\n"
                         "            set skip 1\n"
                         "        else if not string match -q -- '-?*' $word\n"
                         "            echo $word\n"
                         "        end\n"
                         "    end\n"
                         "end\n\n"
                         "function __profviz_command\n"
                         "    set -l words (__profviz_words)\n"
                         "    test (count $words) = 0; or echo $words[1]\n"
                         "end\n\n"
                         "# __profviz_at COMMAND: what comes next is its action.\n"
                         "function __profviz_at\n"
                         "    set -l words (__profviz_words)\n"
                         "    test (count $words) = 1; and test $words[1] = $argv[1]\n"
                         "end\n\n"
                         "# __profviz_does COMMAND ACTION...: one of these is there.\n"
                         "function __profviz_does\n"
                         "    set -l words (__profviz_words)\n"
                         "    test (count $words) -gt 1; and test $words[1] = $argv[1]\n"
                         "    and contains -- $words[2] $argv[2..-1]\n"
                         "end\n\n"
                         "function __profviz_is\n"
                         "    set -l kind draw\n"
                         "    switch (__profviz_command)\n");
    for (size_t i = 1; i < PV_COMPLETION_KINDS; i++) {
        pv_buffer_print(out, "        case ");
        pv_completion_commands(out, kinds[i].verb, " ");
        pv_buffer_print(out, "\n            set kind %s\n", kinds[i].name);
    }
    pv_buffer_print(out, "    end\n    test $kind = $argv[1]\nend\n\n");
}

/* The first action takes inputs, the others nothing more. */
static void add_actions(struct pv_buffer *out, const struct pv_command *command)
{
    const struct pv_example *action = pv_actions(command);
    for (; action && action->line; action++) {
        pv_buffer_print(out, "complete -c profviz -n '__profviz_at %s' -f -a %s -d ", command->name,
                        action->line);
        add_quoted(out, action->effect);
        pv_buffer_char(out, '\n');
    }
    if (!pv_actions(command))
        return;
    pv_buffer_print(out, "complete -c profviz -n '__profviz_does %s ", command->name);
    pv_completion_actions(out, command, 1, " ");
    pv_buffer_print(out, "' -f\n");
}

static void add_commands(struct pv_buffer *out)
{
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        if (!(*next)->name)
            continue;
        pv_buffer_print(out,
                        "complete -c profviz -n 'test (count (__profviz_command)) = 0' -a %s -d ",
                        (*next)->name);
        add_quoted(out, (*next)->summary);
        pv_buffer_char(out, '\n');
        add_actions(out, *next);
    }
    pv_buffer_print(out, "complete -c profviz -n '__profviz_is list' -f\n"
                         "complete -c profviz -n 'contains help (__profviz_command)' -x -a '");
    pv_completion_commands(out, 0, " ");
    pv_buffer_print(out, "'\n");
}

void pv_completion_fish(const struct pv_options *options, struct pv_buffer *out)
{
    const struct pv_completion_kind *kinds = pv_completion_kinds();
    add_functions(out, options);
    add_commands(out);
    for (size_t kind = 0; kind < PV_COMPLETION_KINDS; kind++)
        for (size_t i = 0; i < options->count; i++)
            add_row(out, &options->rows[i], &kinds[kind]);
}
