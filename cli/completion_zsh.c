#include "cli/completion.h"

#include "cli/examples.h"

/* Text inside a specification of _arguments, which is inside single quotes. */
static const char special[] = "\\[]:";

static void add_quoted(struct pv_buffer *out, const char *text)
{
    for (; *text; text++) {
        for (const char *mark = special; *mark; mark++)
            if (*text == *mark)
                pv_buffer_char(out, '\\');
        if (*text == '\'')
            pv_buffer_print(out, "'\\''");
        else
            pv_buffer_char(out, *text);
    }
}

static void add_value(struct pv_buffer *out, const struct pv_known *known, unsigned verb)
{
    struct pv_buffer values = {0};
    if (!known->option.argument)
        return;
    pv_completion_values(known, verb, &values);
    pv_buffer_char(out, ':');
    add_quoted(out, known->option.argument);
    pv_buffer_char(out, ':');
    if (known->values == PV_VALUES_FILES)
        pv_buffer_print(out, "_files");
    else if (known->values == PV_VALUES_TRACES)
        pv_buffer_print(out, "{compadd %.*s; _files}", (int)values.size, values.data);
    else if (values.size)
        pv_buffer_print(out, "(%.*s)", (int)values.size, values.data);
    else
        pv_buffer_char(out, ' ');
    pv_buffer_free(&values);
}

/* One form of an option: its dashes and name, and what joins it to a value. A filter may be given
 * again; the two forms of any other option exclude each other. */
static void add_form(struct pv_buffer *out, const struct pv_known *known, unsigned verb,
                     const char *joined)
{
    const struct pv_option *option = &known->option;
    struct pv_buffer help = {0};
    pv_buffer_print(out, "        '");
    if (known->transform)
        pv_buffer_char(out, '*');
    else if (option->letter)
        pv_buffer_print(out, "(-%c --%s)", option->letter, option->name);
    if (joined[0] == '=')
        pv_buffer_print(out, "--%s%s[", option->name, option->argument ? "=" : "");
    else
        pv_buffer_print(out, "-%c%s[", option->letter, option->argument ? "+" : "");
    pv_options_help(known, verb, &help);
    pv_buffer_char(&help, '\0');
    add_quoted(out, help.data);
    pv_buffer_free(&help);
    pv_buffer_char(out, ']');
    add_value(out, known, verb);
    pv_buffer_print(out, "'\n");
}

static void add_kind(struct pv_buffer *out, const struct pv_options *options,
                     const struct pv_completion_kind *kind)
{
    pv_buffer_print(out, "    %s=(\n", kind->name);
    for (size_t i = 0; i < options->count; i++) {
        const struct pv_known *known = &options->rows[i];
        if (!pv_completion_has(known, kind->verb))
            continue;
        if (known->option.letter)
            add_form(out, known, kind->verb, "+");
        add_form(out, known, kind->verb, "=");
    }
    pv_buffer_print(out, "    )\n");
}

static void add_commands(struct pv_buffer *out)
{
    pv_buffer_print(out, "_profviz_first()\n{\n    local -a commands\n    commands=(\n");
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        if (!(*next)->name)
            continue;
        pv_buffer_print(out, "        '%s:", (*next)->name);
        add_quoted(out, (*next)->summary);
        pv_buffer_print(out, "'\n");
    }
    pv_buffer_print(out, "    )\n    _describe -t commands command commands\n    _files\n}\n\n");
}

/* Before an action they are offered; the first takes inputs, the others nothing more. */
static void add_actions(struct pv_buffer *out)
{
    struct pv_buffer others = {0};
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        const struct pv_example *action = pv_actions(*next);
        if (!action)
            continue;
        pv_buffer_print(out, "    %s:) _arguments -s -S $%s '1: :' '2:action:((", (*next)->name,
                        (*next)->name);
        for (; action->line; action++) {
            pv_buffer_print(out, "%s\\:\"", action->line);
            add_quoted(out, action->effect);
            pv_buffer_print(out, "\"%s", action[1].line ? " " : "");
        }
        others.size = 0;
        pv_buffer_print(&others, " | %s:", (*next)->name);
        pv_buffer_char(&others, '\0');
        pv_buffer_print(out, "))' ;;\n    %s:", (*next)->name);
        pv_completion_actions(out, *next, 1, others.data);
        pv_buffer_print(out, ") _arguments -s -S $%s '1: :' '2: :' ;;\n", (*next)->name);
    }
    pv_buffer_free(&others);
}

void pv_completion_zsh(const struct pv_options *options, struct pv_buffer *out)
{
    const struct pv_completion_kind *kinds = pv_completion_kinds();
    pv_buffer_print(out, "#compdef profviz\n"
                         "# zsh completion of profviz; written by: profviz --completion zsh\n\n");
    add_commands(out);
    pv_buffer_print(out, "_profviz()\n{\n    local -a");
    for (size_t i = 0; i < PV_COMPLETION_KINDS; i++)
        pv_buffer_print(out, " %s", kinds[i].name);
    pv_buffer_print(out, "\n    local takes='");
    pv_completion_takers(out, options, PV_VERB_ALL);
    pv_buffer_print(out, "' word= command= action= skip=\n");
    for (size_t i = 0; i < PV_COMPLETION_KINDS; i++)
        add_kind(out, options, &kinds[i]);
    pv_buffer_print(
        out,
        "    # The command is the first word that is neither an option nor its value, its action\n"
        "    # the second.\n"
        "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
        "        if [[ -n $skip ]]; then\n"
        "            skip=\n"
        "        elif [[ $word == -?* ]]; then\n"
        "            [[ \" $takes \" != *\" $word \"* ]] || skip=1\n"
        "        elif [[ -z $command ]]; then\n"
        "            command=$word\n"
        "        else\n"
        "            action=$word\n"
        "            break\n"
        "        fi\n"
        "    done\n"
        "    case $command:$action in\n");
    add_actions(out);
    pv_buffer_print(out, "    help:*) _arguments -s -S $list '2:command:(");
    pv_completion_commands(out, 0, " ");
    pv_buffer_print(out, ")' ;;\n    ");
    for (size_t i = 1; i < PV_COMPLETION_KINDS; i++) {
        pv_completion_commands(out, kinds[i].verb, ":* | ");
        pv_buffer_print(out, ":*) _arguments -s -S $%s%s ;;\n    ", kinds[i].name,
                        kinds[i].verb == PV_VERB_LIST ? "" : " '*:input:_files'");
    }
    pv_buffer_print(out, "*) _arguments -s -S $draw '1:input or command:_profviz_first' "
                         "'*:input:_files' ;;\n"
                         "    esac\n}\n\n"
                         "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
                         "    _profviz \"$@\"\n"
                         "else\n"
                         "    compdef _profviz profviz\n"
                         "fi\n");
}
