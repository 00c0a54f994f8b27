#include "cli/help.h"
#include "cli/pipeline.h"
#include "cli/words.h"

struct subject {
    const struct pv_options *options;
    const struct pv_command *command;
};

static void write_help(const void *context, struct pv_output *output)
{
    const struct subject *subject = context;
    pv_help_write(subject->options, subject->command, output);
}

/* "help top" is "top --help". */
static bool run(const struct pv_call *call, struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    struct subject subject = {call->options, pv_commands()[0]};
    if (settings->input_count) {
        struct pv_nearest nearest = {.typed = pv_text_of(settings->inputs[0])};
        subject.command = pv_command_named(nearest.typed);
        for (const struct pv_command *const *next = pv_commands(); *next; next++)
            if ((*next)->name)
                pv_nearest_try(&nearest, pv_text_of((*next)->name));
        if (!subject.command)
            return pv_pipeline_unknown("command", &nearest, "profviz --help lists what there is",
                                       err);
    }
    return pv_words_print(write_help, &subject, err);
}

const struct pv_command pv_command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "this text, or what goes with a command",
    .verb = PV_VERB_LIST,
    .takes_inputs = true,
    .run = run,
};
