#include "cli/completion.h"

#include "cli/examples.h"

/* Works in bash 3.2, too: no mapfile, and compopt only where it is. */

static const char head[] =
    "# bash completion of profviz; written by: profviz --completion bash\n"
    "\n"
    "# _profviz_values KIND OPTION: its known values; \"FILES\", also before\n"
    "# values; or nothing, where any text goes.\n"
    "_profviz_values()\n"
    "{\n"
    "    case $1:$2 in\n";

static const char middle[] = "    esac\n"
                             "}\n"
                             "\n"
                             "# _profviz_offer WORD…: those that go on from what is typed.\n"
                             "_profviz_offer()\n"
                             "{\n"
                             "    local IFS=$' \\t\\n'\n"
                             "    COMPREPLY=($(compgen -P \"$before\" -W \"$*\" -- \"$word\"))\n"
                             "}\n"
                             "\n"
                             "_profviz_files()\n"
                             "{\n"
                             "    local IFS=$'\\n'\n"
                             "    compopt -o filenames 2>/dev/null\n"
                             "    COMPREPLY+=($(compgen -f -P \"$before\" -- \"$word\"))\n"
                             "}\n"
                             "\n"
                             "_profviz()\n"
                             "{\n"
                             "    local word=${COMP_WORDS[COMP_CWORD]} before kind=draw command "
                             "action option values takes i=1\n"
                             "    COMPREPLY=() before='' command='' action='' option=''\n"
                             "    takes='";

static const char walk[] =
    "'\n"
    "    # The command is the first word that is neither an option nor an option's value, and its\n"
    "    # action the second.\n"
    "    while [ \"$i\" -lt \"$COMP_CWORD\" ]; do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "        --) _profviz_files && return 0 ;;\n"
    "        =) i=$((i + 1)) ;;\n"
    "        -?*)\n"
    "            option=${COMP_WORDS[i]}\n"
    "            case \" $takes \" in\n"
    "            *\" $option \"*) [ \"${COMP_WORDS[i + 1]}\" = = ] || i=$((i + 1)) ;;\n"
    "            esac\n"
    "            ;;\n"
    "        *)\n"
    "            [ -z \"$command\" ] || { action=${COMP_WORDS[i]} && break; }\n"
    "            command=${COMP_WORDS[i]}\n"
    "            ;;\n"
    "        esac\n"
    "        i=$((i + 1))\n"
    "    done\n";

static void add_row(struct pv_buffer *out, const struct pv_known *known, unsigned verb,
                    const char *kind)
{
    struct pv_buffer values = {0};
    pv_completion_values(known, verb, &values);
    bool is_file = known->values == PV_VALUES_FILES || known->values == PV_VALUES_TRACES;
    if (pv_completion_has(known, verb) && (values.size || is_file)) {
        pv_buffer_print(out, "    %s:--%s", kind, known->option.name);
        if (known->option.letter)
            pv_buffer_print(out, " | %s:-%c", kind, known->option.letter);
        pv_buffer_print(out, ") echo '%s%s%.*s' ;;\n", is_file ? "FILES" : "",
                        is_file && values.size ? " " : "", PV_TEXT_ARGS(pv_buffer_text(&values)));
    }
    pv_buffer_free(&values);
}

static void add_options(struct pv_buffer *out, const struct pv_options *options, unsigned verb)
{
    for (size_t i = 0; i < options->count; i++) {
        const struct pv_known *known = &options->rows[i];
        if (!pv_completion_has(known, verb))
            continue;
        pv_buffer_print(out, " --%s", known->option.name);
        if (known->option.letter)
            pv_buffer_print(out, " -%c", known->option.letter);
    }
}

static void add_command_kinds(struct pv_buffer *out)
{
    const struct pv_completion_kind *kinds = pv_completion_kinds();
    pv_buffer_print(out, "    case $command in\n");
    for (size_t i = 1; i < PV_COMPLETION_KINDS; i++) {
        pv_buffer_print(out, "    ");
        pv_completion_commands(out, kinds[i].verb, " | ");
        pv_buffer_print(out, ") kind='%s' ;;\n", kinds[i].name);
    }
    pv_buffer_print(out, "    ?*) command=input ;;\n    esac\n");
}

/* The first action takes inputs, the others nothing more. */
static void add_actions(struct pv_buffer *out)
{
    struct pv_buffer others = {0};
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        if (!pv_actions(*next))
            continue;
        pv_buffer_print(out, "    *:%s::*) _profviz_offer ", (*next)->name);
        pv_completion_actions(out, *next, 0, " ");
        others.size = 0;
        pv_buffer_print(&others, ":* | *:%s:", (*next)->name);
        pv_buffer_char(&others, '\0');
        pv_buffer_print(out, " ;;\n    *:%s:", (*next)->name);
        pv_completion_actions(out, *next, 1, others.data);
        pv_buffer_print(out, ":*) ;;\n");
    }
    pv_buffer_free(&others);
}

static void add_choice(struct pv_buffer *out, const struct pv_options *options)
{
    const struct pv_completion_kind *kinds = pv_completion_kinds();
    pv_buffer_print(out,
                    "    # What is typed may be an option's value: --view fl, --view=fl, -F co.\n"
                    "    option=\n"
                    "    i=$((COMP_CWORD - 1))\n"
                    "    case $word in\n"
                    "    --*=*) option=${word%%%%=*} before=${word%%%%=*}= word=${word#*=} ;;\n"
                    "    =) option=${COMP_WORDS[i]} word= ;;\n"
                    "    *)\n"
                    "        [ \"${COMP_WORDS[i]}\" != = ] || i=$((i - 1))\n"
                    "        case \" $takes \" in\n"
                    "        *\" ${COMP_WORDS[i]} \"*) option=${COMP_WORDS[i]} ;;\n"
                    "        esac\n"
                    "        ;;\n"
                    "    esac\n"
                    "    if [ -n \"$option\" ]; then\n"
                    "        values=$(_profviz_values \"$kind\" \"$option\")\n"
                    "        case $values in\n"
                    "        FILES) _profviz_files ;;\n"
                    "        FILES*) _profviz_offer \"${values#FILES}\" && _profviz_files ;;\n"
                    "        ?*) _profviz_offer \"$values\" ;;\n"
                    "        esac\n"
                    "        return 0\n"
                    "    fi\n"
                    "    case $kind:$command:$action:$word in\n");
    for (size_t i = 0; i < PV_COMPLETION_KINDS; i++) {
        pv_buffer_print(out, "    %s:*:*:-*) _profviz_offer", kinds[i].name);
        add_options(out, options, kinds[i].verb);
        pv_buffer_print(out, " ;;\n");
    }
    add_actions(out);
    pv_buffer_print(out, "    list:help:*) _profviz_offer ");
    pv_completion_commands(out, 0, " ");
    pv_buffer_print(out, " ;;\n    list:*) ;;\n    draw::*)\n        _profviz_offer ");
    pv_completion_commands(out, 0, " ");
    pv_buffer_print(out, "\n        _profviz_files\n        ;;\n    *) _profviz_files ;;\n"
                         "    esac\n    return 0\n}\n\ncomplete -F _profviz profviz\n");
}

void pv_completion_bash(const struct pv_options *options, struct pv_buffer *out)
{
    const struct pv_completion_kind *kinds = pv_completion_kinds();
    pv_buffer_print(out, "%s", head);
    for (size_t kind = 0; kind < PV_COMPLETION_KINDS; kind++)
        for (size_t i = 0; i < options->count; i++)
            add_row(out, &options->rows[i], kinds[kind].verb, kinds[kind].name);
    pv_buffer_print(out, "%s", middle);
    pv_completion_takers(out, options, PV_VERB_ALL);
    pv_buffer_print(out, "%s", walk);
    add_command_kinds(out);
    add_choice(out, options);
}
