#include "cli/completion.h"

#include "cli/examples.h"
#include "cli/target.h"
#include "formats/registry.h"
#include "formats/trace_sources.h"
#include "render/registry.h"

const struct pv_completion_kind *pv_completion_kinds(void)
{
    static const struct pv_completion_kind kinds[PV_COMPLETION_KINDS] = {
        {"draw", PV_VERB_DRAW},   {"top", PV_VERB_TOP},         {"tree", PV_VERB_TREE},
        {"lines", PV_VERB_LINES}, {"quality", PV_VERB_QUALITY}, {"track", PV_VERB_TRACK},
        {"diff", PV_VERB_DIFF},   {"check", PV_VERB_CHECK},     {"report", PV_VERB_REPORT},
        {"list", PV_VERB_LIST},
    };
    return kinds;
}

bool pv_completion_has(const struct pv_known *known, unsigned verb)
{
    return (known->verbs & verb) && !known->is_hidden && !known->same_as;
}

static void add_word(struct pv_buffer *out, const char *word)
{
    pv_buffer_print(out, out->size ? " %s" : "%s", word);
}

static void add_formats(struct pv_buffer *out, bool is_read)
{
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        if (is_read ? (*next)->read != NULL : (*next)->write != NULL)
            add_word(out, (*next)->name);
}

/* Commands but the default one write few kinds, which they look for themselves. */
static const char *few_kinds(unsigned verb)
{
    static const struct {
        unsigned verb;
        const char *kinds;
    } rows[] = {
        {PV_VERB_CHECK, "text markdown json junit github"},
        {PV_VERB_REPORT, "html markdown"},
        {PV_VERB_QUALITY, "text markdown json"},
        {PV_VERB_TRACK, "text markdown csv svg png pdf"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].verb == verb)
            return rows[i].kinds;
    return NULL;
}

static void add_kinds(struct pv_buffer *out, unsigned verb)
{
    if (few_kinds(verb)) {
        add_word(out, few_kinds(verb));
        return;
    }
    for (size_t i = 0; pv_target_table_name(i); i++) {
        struct pv_text name = pv_text_of(pv_target_table_name(i));
        bool is_other = pv_backend_named(name) || pv_format_named(name);
        if (!(verb & (PV_VERB_DRAW | PV_VERB_DIFF)) || !is_other)
            add_word(out, name.data);
    }
    if (!(verb & (PV_VERB_DRAW | PV_VERB_DIFF)))
        return;
    for (const struct pv_backend *const *next = pv_backends(); *next; next++)
        add_word(out, (*next)->name);
    add_formats(out, false);
}

void pv_completion_values(const struct pv_known *known, unsigned verb, struct pv_buffer *out)
{
    switch (known->values) {
    case PV_VALUES_VIEWS:
        for (const struct pv_renderer *const *next = pv_renderers(); *next; next++)
            add_word(out, (*next)->name);
        add_word(out, "table");
        break;
    case PV_VALUES_KINDS:
        add_kinds(out, verb);
        break;
    case PV_VALUES_FORMATS:
        add_formats(out, true);
        break;
    case PV_VALUES_TRACES:
        for (const struct pv_trace_source *next = pv_trace_sources(); next->name; next++)
            add_word(out, next->name);
        break;
    case PV_VALUES_UNITS:
        add_word(out, "s ms us ns B KiB MiB GiB k M");
        break;
    case PV_VALUES_FREE:
    case PV_VALUES_FILES:
        if (known->option.choices)
            add_word(out, known->option.choices);
        break;
    }
}

void pv_completion_commands(struct pv_buffer *out, unsigned verb, const char *separator)
{
    bool is_first = true;
    for (const struct pv_command *const *next = pv_commands(); *next; next++) {
        if (!(*next)->name || (verb && (*next)->verb != verb))
            continue;
        pv_buffer_print(out, "%s%s", is_first ? "" : separator, (*next)->name);
        is_first = false;
    }
}

void pv_completion_actions(struct pv_buffer *out, const struct pv_command *command, size_t from,
                           const char *separator)
{
    const struct pv_example *actions = pv_actions(command);
    for (size_t i = 0; actions && actions[i].line; i++)
        if (i >= from)
            pv_buffer_print(out, "%s%s", i > from ? separator : "", actions[i].line);
}

void pv_completion_takers(struct pv_buffer *out, const struct pv_options *options, unsigned verb)
{
    bool is_first = true;
    for (size_t i = 0; i < options->count; i++) {
        const struct pv_known *known = &options->rows[i];
        if (!(known->verbs & verb) || !known->option.argument)
            continue;
        pv_buffer_print(out, "%s--%s", is_first ? "" : " ", known->option.name);
        if (known->option.letter)
            pv_buffer_print(out, " -%c", known->option.letter);
        is_first = false;
    }
}

void pv_completion_write(enum pv_shell shell, const struct pv_options *options,
                         struct pv_output *output)
{
    static void (*const writers[PV_SHELLS])(const struct pv_options *, struct pv_buffer *) = {
        [PV_SHELL_BASH] = pv_completion_bash,
        [PV_SHELL_ZSH] = pv_completion_zsh,
        [PV_SHELL_FISH] = pv_completion_fish,
    };
    struct pv_buffer out = {0};
    writers[shell](options, &out);
    pv_output_add(output, pv_buffer_text(&out));
    pv_buffer_free(&out);
}
