#ifndef PV_FORMATS_TRACE_SPEC_PARTS_H
#define PV_FORMATS_TRACE_SPEC_PARTS_H

#include "formats/json_doc.h"
#include "formats/trace_spec.h"
#include "formats/trace_time.h"
#include "formats/trace_tracks.h"
#include "model/pattern.h"
#include "model/units.h"

/* What a description of a log is made of, for the files that share the work on it: trace_spec.c
 * takes it from JSON and trace_spec_check.c sees that it makes sense; trace_spec_read.c finds each
 * line's rule, trace_spec_take.c takes what it tells, trace_tracks.c keeps what is open in each
 * thread. */

/* What a line tells. */
enum pv_trace_event {
    PV_TRACE_ENTER,   /* a call begins */
    PV_TRACE_LEAVE,   /* it ends */
    PV_TRACE_CALL,    /* begins and ends: a call that called nothing */
    PV_TRACE_SPAN,    /* began at a time and took as long as is said; in any order */
    PV_TRACE_STEP,    /* lasts until the next step of its depth or less */
    PV_TRACE_SUM,     /* adds to a name; no place in time */
    PV_TRACE_COUNTER, /* a value at a time */
    PV_TRACE_SWITCH,  /* from now on, lines of this lane are of that thread */
    PV_TRACE_TIME,    /* nothing, but its time counts */
    PV_TRACE_END,     /* the thread ends, and all that is open in it */
    PV_TRACE_EVENTS,
};

/* The named groups that a pattern may have. */
enum pv_trace_group {
    PV_TRACE_NAME,
    PV_TRACE_TS,
    PV_TRACE_SINCE,
    PV_TRACE_CLOCK,
    PV_TRACE_DATE,
    PV_TRACE_DUR,
    PV_TRACE_UNIT,
    PV_TRACE_EVENT,
    PV_TRACE_PROCESS,
    PV_TRACE_THREAD,
    PV_TRACE_LANE,
    PV_TRACE_FROM,
    PV_TRACE_VALUE,
    PV_TRACE_DEPTH,
    PV_TRACE_FILE,
    PV_TRACE_LINE,
    PV_TRACE_MODULE,
    PV_TRACE_GROUPS,
};

/* The words of the `event` group and what they mean. */
struct pv_trace_word {
    char *text;
    enum pv_trace_event event;
};

struct pv_trace_rule {
    struct pv_pattern *pattern;
    uint32_t groups[PV_TRACE_GROUPS]; /* numbers; 0: none */
    bool has_event;
    enum pv_trace_event event;
    struct pv_trace_word *words; /* instead of `event` */
    unsigned word_count;
    char *name;                             /* where no group tells it; else NULL */
    const struct pv_trace_unit *time, *dur; /* of ts and since; of dur. NULL: the description's */
    enum pv_unit value_unit;                /* of a counter */
    bool is_at_end;                         /* a span's time is that of its end */
    bool is_same_thread;                    /* as the line before */
    char split;                             /* the name is a stack of parts; 0: it is not */
    bool is_path;                           /* each part with those before it */
};

enum { PV_TRACE_MOST = 64, PV_TRACE_METRICS = 3 };

/* What a SUM adds: the line's dur, its value, or 1 for the line. */
enum pv_trace_measure { PV_TRACE_OF_DUR, PV_TRACE_OF_VALUE, PV_TRACE_OF_LINES };

struct pv_trace_metric {
    bool is_there;
    char *name;
    enum pv_unit unit;
    uint32_t index; /* in the profile */
};

struct pv_trace_spec {
    char *name;
    const char *source;
    struct pv_pattern *ignored[PV_TRACE_MOST];
    unsigned ignored_count;
    struct pv_trace_rule rules[PV_TRACE_MOST];
    unsigned rule_count;
    struct pv_trace_metric metrics[PV_TRACE_METRICS];
    const struct pv_trace_unit *time, *dur;
    char *process_prefix, *thread_prefix, *lane_prefix; /* never NULL */
};

const char *pv_trace_event_name(enum pv_trace_event event);
const char *pv_trace_group_name(enum pv_trace_group group);

/* Sees that a rule, whose pattern is there, has what its events need. */
bool pv_trace_rule_check(const struct pv_trace_spec *spec, const struct pv_trace_rule *rule,
                         const struct pv_json_item *item, struct pv_error *err);

/* One input while it is read. */
struct pv_trace_reader {
    const struct pv_trace_spec *spec;
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_trace_tracks tracks;
    uint32_t metrics[PV_TRACE_METRICS]; /* indexes in the profile */
    pv_str process, thread;             /* of the line before */
    struct pv_buffer owner;             /* the name of a process or a thread with its prefix */
    uint32_t *frames;                   /* of a stack that is split */
    uint32_t room;

    /* The log's time. Times in the profile count from the first one, because sums of times since
     * 1970 would leave 64 bits. */
    int64_t now, first;
    int64_t error; /* of a time that is added up from times since: those are cut to their digits */
    bool has_now, has_first;
    int64_t clock, days; /* the last time of day, and how often it began again */
};

/* One line and the rule that it fits. */
struct pv_trace_found {
    const struct pv_trace_rule *rule;
    struct pv_text line;
    struct pv_trace_when when;
};

/* What a group of the rule matched in the line; data NULL where nothing. */
struct pv_text pv_trace_part(const struct pv_trace_found *found, enum pv_trace_group group);

/* The text without blanks around it, as a number; 0 where nothing is left. */
pv_str pv_trace_text(struct pv_trace_reader *reader, struct pv_text text);

/* Takes what a line tells. NULL, or the reason why it cannot be taken. */
const char *pv_trace_take(struct pv_trace_reader *reader, struct pv_trace_found *found);

#endif
