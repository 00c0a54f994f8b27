#ifndef PV_MODEL_GATE_H
#define PV_MODEL_GATE_H

#include "model/diff.h"
#include "model/stats.h"

/* Budgets: limits on what a program may cost, and whether a profile keeps them. */

/* A number as people write it: "1.5 s", "20 %", "1000". */
struct pv_quantity {
    bool is_there, is_share; /* share: percent */
    struct pv_decimal number;
    struct pv_text suffix; /* "s", "MiB"; empty: none */
};

/* False for what is no number, or has a unit that does not exist. The suffix is a slice of it. */
bool pv_quantity_parse(struct pv_quantity *out, struct pv_text text);

enum pv_gate_scope {
    PV_GATE_WHOLE,
    PV_GATE_FUNCTION, /* all functions of just this name */
    PV_GATE_PATTERN,  /* an expression, matched against name, file and module */
    PV_GATE_MODULE,   /* as pv_module_key tells it */
};

/* One budget. Texts belong to who made it. */
struct pv_gate_rule {
    struct pv_text name; /* for people; empty: what it limits */
    enum pv_gate_scope scope;
    struct pv_text what;   /* the function, expression or module */
    struct pv_text metric; /* a metric's name, "calls"; empty: the first metric */
    bool is_self;          /* own values; else with all that is called */
    bool is_each;          /* every function that is meant alone, instead of all together */
    bool is_optional;      /* it is fine where nothing is meant */
    bool is_warning;       /* breaking it is only told */
    struct pv_quantity max, max_increase;
};

/* "PATTERN METRIC<=LIMIT", as on a command line: PATTERN is empty (the whole), an expression,
 * "function:NAME" or "module:NAME"; METRIC may be led by "self:" and followed by "+" (the increase
 * against base). False with what is wrong (PV_USAGE). Texts are slices of it. */
bool pv_gate_parse(struct pv_gate_rule *out, struct pv_text text, struct pv_error *err);

enum pv_gate_verdict {
    PV_GATE_KEPT,
    PV_GATE_UNSURE, /* cannot be told, or there is nothing to tell it of */
    PV_GATE_BROKEN,
};

enum { PV_GATE_PATHS = 3 };

/* What came of one limit of a rule: one of several where the rule is for each function. */
struct pv_gate_result {
    const struct pv_gate_rule *rule;
    enum pv_gate_verdict verdict;
    bool is_increase;        /* the limit is on the increase */
    struct pv_text subject;  /* display form: "price (pricing.py:51)", "time of the whole" */
    struct pv_text observed; /* "39,577", "23.1 %", "+40,000 (from 0)" */
    struct pv_text limit;    /* "1,000", "+5 %" */
    struct pv_text doubt;    /* uncertainty, or why it cannot be told; empty: none */
    struct pv_text paths[PV_GATE_PATHS]; /* display form: "main > serve > price: 1.2 s" */
    unsigned path_count;
    struct pv_text file; /* raw: of the function, where it is one; empty: none */
    uint32_t line;
};

struct pv_gate_report {
    struct pv_arena *arena; /* owns the texts */
    struct pv_gate_result *results;
    uint32_t count, broken, warned, unsure; /* warned: broken, but only a warning */
};

/* Checks all rules: head against base where there are `sides`, else `profile` alone. False: an
 * expression that is malformed, a metric that does not exist, a limit whose unit does not fit
 * (PV_USAGE), with the rule's name in the message; sides that cannot be compared. The sides are
 * united only where that is needed: where a rule is broken, and its call paths are told. What a
 * rule for each function finds comes largest first. Release with pv_gate_report_free. */
struct pv_gate_request {
    const struct pv_gate_rule *rules;
    uint32_t rule_count;
    const struct pv_diff_request *sides; /* NULL: there is no base */
    struct pv_profile *profile;
    const struct pv_limits *limits;
};
bool pv_gate_check(struct pv_gate_report *out, const struct pv_gate_request *request,
                   struct pv_error *err);
void pv_gate_report_free(struct pv_gate_report *report);

#endif
