#include "cli/command.h"
#include "cli/parse.h"
#include "render/registry.h"

#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

/* What the program's table of options must hold for parsing, help and manual to be right. */

static void check_row(const struct pv_options *options, const struct pv_known *known)
{
    const struct pv_option *option = &known->option;
    print_message("--%s\n", option->name);
    assert_true(known->verbs && known->group < PV_GROUPS);
    assert_non_null(option->help);
    assert_true(option->help[0] < 'A' || option->help[0] > 'Z' || option->help[1] < 'a');
    assert_true(option->help[strlen(option->help) - 1] != '.');
    assert_int_equal(option->kind == PV_OPTION_FLAG, option->argument == NULL);
    assert_int_equal(option->kind == PV_OPTION_CHOICE, option->choices != NULL);
    if (known->conflict)
        assert_non_null(pv_options_named(options, known->verbs, pv_text_of(known->conflict)));
    if (known->same_as)
        assert_non_null(pv_options_named(options, known->verbs, pv_text_of(known->same_as)));
}

/* Two rows of one name or letter: never for one command, and always both with a value or without,
 * because the command is found before it is known which of them is meant. */
static void check_pair(const struct pv_known *a, const struct pv_known *b)
{
    bool same_name = strcmp(a->option.name, b->option.name) == 0;
    bool same_letter = a->option.letter && a->option.letter == b->option.letter;
    if (!same_name && !same_letter)
        return;
    print_message("--%s and --%s\n", a->option.name, b->option.name);
    assert_int_equal(a->verbs & b->verbs, 0);
    assert_int_equal(a->option.argument == NULL, b->option.argument == NULL);
}

static void rows_are_sound(void **state)
{
    struct pv_options options;
    (void)state;
    pv_options_init(&options);
    for (size_t i = 0; i < options.count; i++) {
        check_row(&options, &options.rows[i]);
        for (size_t j = 0; j < i; j++)
            check_pair(&options.rows[i], &options.rows[j]);
    }
    pv_options_free(&options);
}

/* An option that names a view names one that there is. */
static void every_view_exists(void **state)
{
    struct pv_options options;
    (void)state;
    pv_options_init(&options);
    for (size_t i = 0; i < options.count; i++) {
        struct pv_text rest = pv_text_of(options.rows[i].views ? options.rows[i].views : ""), view;
        while (pv_text_word(&rest, &view))
            if (!pv_renderer_named(view))
                fail_msg("--%s goes with no view %.*s", options.rows[i].option.name,
                         PV_TEXT_ARGS(view));
    }
    pv_options_free(&options);
}

static void commands_are_sound(void **state)
{
    (void)state;
    assert_null(pv_commands()[0]->name);
    for (const struct pv_command *const *next = pv_commands() + 1; *next; next++) {
        assert_ptr_equal(pv_command_named(pv_text_of((*next)->name)), *next);
        assert_true((*next)->verb && (*next)->run && (*next)->summary[0]);
    }
}

struct line {
    const char *words; /* blank-separated */
    const char *command;
    const char *inputs; /* blank-separated */
    const char *message;
};

static void check_line(const struct pv_options *options, const struct line *line)
{
    char copy[256], *arguments[32] = {NULL};
    size_t count = 0;
    snprintf(copy, sizeof copy, "%s", line->words);
    for (char *at = copy; *at && count < 31; at++) {
        arguments[count++] = at;
        at += strcspn(at, " ");
        if (!*at)
            break;
        *at = '\0';
    }
    struct pv_settings settings;
    struct pv_error err = {0};
    const struct pv_command *command = NULL;
    struct pv_buffer inputs = {0};
    print_message("profviz %s\n", line->words);
    pv_settings_init(&settings);
    bool is_fine = pv_parse(&settings, &command, options, arguments, &err);
    assert_string_equal(err.message, line->message ? line->message : "");
    assert_int_equal(is_fine, line->message == NULL);
    for (size_t i = 0; is_fine && i < settings.input_count; i++)
        pv_buffer_print(&inputs, "%s%s", i ? " " : "", settings.inputs[i]);
    if (is_fine) {
        pv_buffer_char(&inputs, '\0');
        assert_string_equal(inputs.data, line->inputs);
        assert_string_equal(command->name ? command->name : "", line->command);
    }
    pv_buffer_free(&inputs);
    pv_settings_free(&settings);
}

static void lines(void **state)
{
    static const struct line rows[] = {
        {"", "", "", NULL},
        {"a b", "", "a b", NULL},
        {"top a", "top", "a", NULL},
        {"-v top a", "top", "a", NULL},
        {"-o top a", "", "a", NULL},
        {"-otop a", "", "a", NULL},
        {"a top", "", "a top", NULL},
        {"-- top a", "", "top a", NULL},
        {"top -- top -q --", "top", "top -q --", NULL},
        {"top top", "top", "top", NULL},
        {"tree a", "tree", "a", NULL},
        {"peek RE a b", "peek", "a b", NULL},
        {"peek -q RE", "peek", "", NULL},
        {"./top -", "", "./top -", NULL},
        {"-qh top", "top", "", NULL},
        {"formats", "formats", "", NULL},
        {"help top", "help", "top", NULL},
        {"top --help x", "top", "x", NULL},
        {"-qo", NULL, NULL, "--output wants a value: --output FILE"},
        {"--output= a", "", "a", NULL},
        {"views x", NULL, NULL, "'views' takes no further words, and 'x' is one"},
    };
    struct pv_options options;
    (void)state;
    pv_options_init(&options);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_line(&options, &rows[i]);
    pv_options_free(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sound),
        cmocka_unit_test(every_view_exists),
        cmocka_unit_test(commands_are_sound),
        cmocka_unit_test(lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
