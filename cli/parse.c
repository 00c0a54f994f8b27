#include "cli/parse.h"

#include <stdlib.h>
#include <string.h>

/* Where the next argument is taken from. */
struct cursor {
    const struct pv_options *options;
    char *const *next;
    const char *cluster; /* rest of "-qv", NULL where none */
    unsigned verbs;      /* whose options are known */
    bool is_ended;       /* "--" was seen: nothing is an option any more */
};

/* One option with its value, or (known is NULL) one word. */
struct argument {
    const struct pv_known *known;
    const char *value; /* NULL for a flag */
};

static const struct pv_where nowhere = {0};

/* The name nearest to what was typed among those of the verbs; a name that begins like it wins. */
static struct pv_text nearest_option(const struct pv_options *options, unsigned verbs,
                                     struct pv_text typed)
{
    struct pv_nearest nearest = {.typed = typed};
    for (size_t i = 0; i < options->count; i++)
        if ((options->rows[i].verbs & verbs) && !options->rows[i].is_hidden)
            pv_nearest_try(&nearest, pv_text_of(options->rows[i].option.name));
    return pv_nearest_name(&nearest);
}

static bool fail_unknown(const struct cursor *cursor, struct pv_text name, struct pv_error *err)
{
    if (pv_options_named(cursor->options, PV_VERB_ALL, name))
        return pv_fail(err, PV_USAGE, nowhere, "the option --%.*s does not go with this command",
                       PV_TEXT_ARGS(name));
    struct pv_text near = nearest_option(cursor->options, cursor->verbs, name);
    if (near.size)
        return pv_fail(err, PV_USAGE, nowhere, "unknown option '--%.*s'; did you mean --%.*s?",
                       PV_TEXT_ARGS(pv_text_slice(name, 0, 80)), PV_TEXT_ARGS(near));
    return pv_fail(err, PV_USAGE, nowhere,
                   "unknown option '--%.*s'; profviz --help lists what there is",
                   PV_TEXT_ARGS(pv_text_slice(name, 0, 80)));
}

static bool fail_unknown_letter(const struct cursor *cursor, char letter, struct pv_error *err)
{
    if (pv_options_letter(cursor->options, PV_VERB_ALL, letter))
        return pv_fail(err, PV_USAGE, nowhere, "the option -%c does not go with this command",
                       letter);
    return pv_fail(err, PV_USAGE, nowhere,
                   "unknown option '-%c'; profviz --help lists what there is", letter);
}

/* The next argument as an option's value. One that looks like a long option is more likely a
 * forgotten value than a strange one; "--name=--value" says the strange one. */
static bool take_value(struct cursor *cursor, const struct pv_option *option, const char **value,
                       struct pv_error *err)
{
    const char *next = *cursor->next;
    if (!next)
        return pv_fail(err, PV_USAGE, nowhere, "--%s wants a value: --%s %s", option->name,
                       option->name, option->argument);
    if (strncmp(next, "--", 2) == 0 && next[2])
        return pv_fail(err, PV_USAGE, nowhere,
                       "--%s wants a value, and '%.80s' is an option; if it is the value, write "
                       "--%s=%.80s",
                       option->name, next, option->name, next);
    *value = next;
    cursor->next++;
    return true;
}

static bool take_long(struct cursor *cursor, const char *text, struct argument *out,
                      struct pv_error *err)
{
    struct pv_text whole = pv_text_of(text);
    struct pv_text name = pv_text_slice(whole, 0, pv_text_find(whole, '='));
    bool has_value = name.size < whole.size;
    const struct pv_known *known = pv_options_named(cursor->options, cursor->verbs, name);
    if (!known)
        return fail_unknown(cursor, name, err);
    out->known = known;
    out->value = has_value ? text + name.size + 1 : NULL;
    if (!known->option.argument && has_value)
        return pv_fail(err, PV_USAGE, nowhere, "--%s takes no value", known->option.name);
    if (known->option.argument && !has_value)
        return take_value(cursor, &known->option, &out->value, err);
    return true;
}

/* "-x", "-xVALUE", "-x=VALUE", "-x VALUE", and flags together: "-qx". */
static bool take_letter(struct cursor *cursor, struct argument *out, struct pv_error *err)
{
    char letter = *cursor->cluster++;
    const char *rest = *cursor->cluster ? cursor->cluster : NULL;
    const struct pv_known *known = pv_options_letter(cursor->options, cursor->verbs, letter);
    cursor->cluster = rest;
    if (!known)
        return fail_unknown_letter(cursor, letter, err);
    out->known = known;
    out->value = NULL;
    if (!known->option.argument)
        return true;
    cursor->cluster = NULL;
    if (!rest)
        return take_value(cursor, &known->option, &out->value, err);
    out->value = rest[0] == '=' ? rest + 1 : rest;
    return true;
}

static bool take(struct cursor *cursor, struct argument *out, struct pv_error *err)
{
    *out = (struct argument){0};
    if (cursor->cluster)
        return take_letter(cursor, out, err);
    const char *text = *cursor->next++;
    bool is_option = !cursor->is_ended && text[0] == '-' && text[1];
    if (!is_option) {
        out->value = text;
        return true;
    }
    if (strncmp(text, "--", 2) == 0)
        return take_long(cursor, text + 2, out, err);
    cursor->cluster = text + 1;
    return take_letter(cursor, out, err);
}

/* Skips "--" where it ends the options; false where nothing is left. */
static bool has_more(struct cursor *cursor)
{
    if (!cursor->cluster && !cursor->is_ended && *cursor->next &&
        strcmp(*cursor->next, "--") == 0) {
        cursor->is_ended = true;
        cursor->next++;
    }
    return cursor->cluster || *cursor->next;
}

/* Options may stand before the command, and which ones are known depends on it, so it is looked for
 * first, with the options of all. `*word` is its place in the line, or NULL. */
static bool find_command(const struct pv_command **out, const char **word,
                         const struct pv_options *options, char *const *arguments,
                         struct pv_error *err)
{
    struct cursor cursor = {.options = options, .next = arguments, .verbs = PV_VERB_ALL};
    struct argument argument;
    *word = NULL;
    *out = pv_commands()[0];
    while (has_more(&cursor)) {
        if (!take(&cursor, &argument, err))
            return false;
        if (argument.known)
            continue;
        const struct pv_command *named =
            cursor.is_ended ? NULL : pv_command_named(pv_text_of(argument.value));
        *out = named ? named : *out;
        *word = named ? argument.value : NULL;
        break;
    }
    return true;
}

static void add_filter(struct pv_settings *settings, const struct pv_known *known,
                       const char *value)
{
    settings->filters =
        pv_resize(settings->filters, (settings->filter_count + 1) * sizeof *settings->filters);
    settings->filters[settings->filter_count++] =
        (struct pv_filter){known->transform, pv_text_of(value)};
}

static void add_input(struct pv_settings *settings, const char *path)
{
    settings->inputs =
        pv_resize(settings->inputs, (settings->input_count + 1) * sizeof *settings->inputs);
    settings->inputs[settings->input_count++] = path;
}

static void remember_view_option(struct pv_settings *settings, const struct pv_known *known)
{
    settings->view_options = pv_resize(settings->view_options, (settings->view_option_count + 1) *
                                                                   sizeof(const struct pv_known *));
    settings->view_options[settings->view_option_count++] = known;
}

/* What was given so far, as one bool per row, for repetitions and conflicts. */
static bool check_given(const struct pv_options *options, bool *given, const struct pv_known *known,
                        struct pv_error *err)
{
    size_t row = (size_t)(known - options->rows);
    if (known->is_once && given[row])
        return pv_fail(err, PV_USAGE, nowhere,
                       "--%s is given twice; one call writes one file, so call profviz for each",
                       known->option.name);
    given[row] = true;
    for (size_t i = 0; known->conflict && i < options->count; i++)
        if (given[i] &&
            pv_text_equal(pv_text_of(options->rows[i].option.name), pv_text_of(known->conflict)))
            return pv_fail(err, PV_USAGE, nowhere, "--%s and --%s exclude each other",
                           known->conflict, known->option.name);
    return true;
}

static bool apply(struct pv_settings *settings, const struct argument *argument,
                  struct pv_error *err)
{
    const struct pv_known *known = argument->known;
    if (!known) {
        add_input(settings, argument->value);
        return true;
    }
    if (known->views)
        remember_view_option(settings, known);
    if (known->transform) {
        add_filter(settings, known, argument->value);
        return true;
    }
    return pv_option_set(&known->option, settings, pv_text_of(argument->value), err);
}

static bool check_words(const struct pv_settings *settings, const struct pv_command *command,
                        struct pv_error *err)
{
    size_t from_stdin = 0;
    for (size_t i = 0; i < settings->input_count; i++)
        from_stdin += strcmp(settings->inputs[i], "-") == 0;
    for (size_t i = 0; i < settings->bases.count; i++)
        from_stdin += strcmp(settings->bases.items[i].data, "-") == 0;
    if (from_stdin > 1)
        return pv_fail(err, PV_USAGE, nowhere, "'-' (stdin) can be read only once");
    if (settings->input_count && !command->takes_inputs)
        return pv_fail(err, PV_USAGE, nowhere, "'%s' takes no further words, and '%.80s' is one",
                       command->name, settings->inputs[0]);
    return true;
}

static bool apply_all(struct pv_settings *settings, struct cursor *cursor, const char *command_word,
                      bool *given, struct pv_error *err)
{
    struct argument argument;
    while (has_more(cursor)) {
        if (!take(cursor, &argument, err))
            return false;
        if (!argument.known && argument.value == command_word)
            continue;
        if (argument.known && !check_given(cursor->options, given, argument.known, err))
            return false;
        if (!apply(settings, &argument, err))
            return false;
    }
    return true;
}

/* The first word of some commands is no input. */
static bool take_pattern(struct pv_settings *settings, const struct pv_command *command,
                         struct pv_error *err)
{
    if (!command->pattern)
        return true;
    if (settings->input_count == 0)
        return pv_fail(err, PV_USAGE, nowhere, "'%s' wants %s", command->name, command->pattern);
    settings->pattern = pv_text_of(settings->inputs[0]);
    settings->input_count--;
    memmove(settings->inputs, settings->inputs + 1,
            settings->input_count * sizeof *settings->inputs);
    return true;
}

bool pv_parse(struct pv_settings *settings, const struct pv_command **command,
              const struct pv_options *options, char *const *arguments, struct pv_error *err)
{
    const char *word;
    if (!find_command(command, &word, options, arguments, err))
        return false;
    struct cursor cursor = {.options = options, .next = arguments, .verbs = (*command)->verb};
    bool *given = pv_zalloc(options->count, sizeof *given);
    bool is_fine = apply_all(settings, &cursor, word, given, err) &&
                   (settings->is_help || (take_pattern(settings, *command, err) &&
                                          check_words(settings, *command, err)));
    free(given);
    return is_fine;
}
