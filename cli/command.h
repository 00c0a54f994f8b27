#ifndef PV_CLI_COMMAND_H
#define PV_CLI_COMMAND_H

#include "cli/options.h"
#include "cli/report.h"
#include "cli/terminal.h"

/* What a command gets to work with. */
struct pv_call {
    const struct pv_settings *settings;
    const struct pv_options *options;
    const struct pv_terminal *terminal;
    struct pv_report *report;
    bool keeps_lines, keeps_spans; /* optional parts of the profile that the command needs */
    bool reads_sources;            /* below settings->source_path: rights to be kept */
    bool keeps_names;              /* data: names as recorded unless --demangle says else */
    bool shows_notes; /* the output itself shows the profile's notes to who reads stderr */
};

/* One command: a const struct in its own file, named by one line in cli/commands.c. */
struct pv_command {
    const char *name;      /* what is typed; NULL: the default */
    const char *arguments; /* for the usage line */
    const char *summary;   /* one line for people */
    unsigned verb;         /* the bit of enum pv_verbs by which options are its own */
    bool takes_inputs;     /* false: further words are an error */
    const char *pattern; /* what the first word is that becomes settings->pattern; NULL: an input */
    bool (*run)(const struct pv_call *call, struct pv_error *err);
};

/* All commands in table order, NULL behind the last; the first one is the default. */
const struct pv_command *const *pv_commands(void);
const struct pv_command *pv_command_named(struct pv_text name);

#endif
