#include "cli/completion.h"
#include "cli/help.h"
#include "cli/inputs.h"
#include "cli/parse.h"
#include "cli/signals.h"
#include "cli/words.h"
#include "render/svg_assets.h"

#include <fcntl.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* A stream that the caller closed would otherwise become the first file that is opened: what it is
 * replaced by fails on use, as a closed stream should. */
static void occupy_streams(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
    for (int i = 0; i < 3; i++)
        if (fcntl(i, F_GETFD) == -1 && open("/dev/null", modes[i]) == -1)
            _exit(1);
}

/* Large arrays grow in place and go back at once when they are freed. glibc would move them into
 * its heap once a few were freed, where they are copied and leave holes. */
static void settle_memory(void)
{
#ifdef __GLIBC__
    enum { large = 128 << 10 };
    mallopt(M_MMAP_THRESHOLD, large);
#endif
}

static int exit_code(const struct pv_error *err)
{
    enum { failed = 1, usage = 2, broken = 3, unsure = 4, interrupted = 130 };
    if (err->code == PV_BROKEN || err->code == PV_UNSURE)
        return err->code == PV_BROKEN ? broken : unsure;
    return err->code == PV_USAGE ? usage : err->code == PV_INTERRUPTED ? interrupted : failed;
}

struct subject {
    const struct pv_options *options;
    const struct pv_command *command;
    enum pv_shell shell;
};

static void write_help(const void *context, struct pv_output *output)
{
    const struct subject *subject = context;
    pv_help_write(subject->options, subject->command, output);
}

static void write_man(const void *context, struct pv_output *output)
{
    const struct subject *subject = context;
    pv_man_write(subject->options, output);
}

static void write_completion(const void *context, struct pv_output *output)
{
    const struct subject *subject = context;
    pv_completion_write(subject->shell, subject->options, output);
}

static void write_version(const void *context, struct pv_output *output)
{
    (void)context;
    pv_output_string(output, "profviz " PV_VERSION "\n");
}

/* 'sha256-…' of each script: what the source list of a Content-Security-Policy wants. */
static void write_csp_hash(const void *context, struct pv_output *output)
{
    struct pv_buffer sources = {0};
    (void)context;
    for (unsigned i = 0; i <= PV_SCRIPTS; i++) {
        if (i)
            pv_buffer_char(&sources, ' ');
        pv_asset_source(&sources, i < PV_SCRIPTS ? &pv_svg_scripts[i] : &pv_html_script);
    }
    pv_buffer_char(&sources, '\n');
    pv_output_add(output, pv_buffer_text(&sources));
    pv_buffer_free(&sources);
}

/* A terminal as stdin and nothing to read: whoever typed this wants to know what can be typed. */
static bool has_nothing_to_do(const struct pv_call *call, const struct pv_command *command)
{
    return command->takes_inputs && command->verb != PV_VERB_LIST &&
           call->settings->input_count == 0 && call->terminal->is_stdin_terminal;
}

static bool explain(const struct pv_call *call, const struct pv_command *command,
                    struct pv_error *err)
{
    const struct subject subject = {.options = call->options, .command = command};
    struct pv_output *text = pv_output_memory();
    write_help(&subject, text);
    struct pv_text bytes = pv_output_bytes(text);
    ssize_t written = write(STDERR_FILENO, bytes.data, bytes.size);
    (void)written;
    pv_output_close(text);
    return pv_fail(err, PV_USAGE, (struct pv_where){0},
                   "no INPUT was named, and nothing is piped in");
}

static bool run(const struct pv_call *call, const struct pv_command *command, struct pv_error *err)
{
    enum pv_shell shell = (enum pv_shell)call->settings->completion;
    const struct subject subject = {call->options, command, shell};
    if (call->settings->is_help)
        return pv_words_print(write_help, &subject, err);
    if (call->settings->is_version)
        return pv_words_print(write_version, &subject, err);
    if (call->settings->is_csp_hash)
        return pv_words_print(write_csp_hash, &subject, err);
    if (call->settings->is_man)
        return pv_words_print(write_man, &subject, err);
    if (shell < PV_SHELLS)
        return pv_words_print(write_completion, &subject, err);
    if (has_nothing_to_do(call, command))
        return explain(call, command, err);
    return command->run(call, err);
}

int main(int count, char **arguments)
{
    struct pv_options options;
    struct pv_settings settings;
    struct pv_terminal terminal;
    struct pv_report report = {0};
    struct pv_error err = {0};
    const struct pv_command *command;
    const struct pv_call call = {
        .settings = &settings, .options = &options, .terminal = &terminal, .report = &report};
    occupy_streams();
    settle_memory();
    pv_signals_install();
    pv_terminal_init(&terminal);
    pv_options_init(&options);
    pv_settings_init(&settings);
    bool is_fine = pv_parse(&settings, &command, &options, arguments + (count > 0), &err);
    report.is_quiet = settings.is_quiet;
    report.is_verbose = settings.is_verbose;
    is_fine = is_fine && (command->verb == PV_VERB_LIST || pv_inputs_expand(&settings, &err));
    is_fine = is_fine && run(&call, command, &err);
    if (!is_fine)
        pv_report_error(&err);
    pv_settings_free(&settings);
    pv_options_free(&options);
    return is_fine ? 0 : exit_code(&err);
}
