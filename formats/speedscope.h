#ifndef PV_FORMATS_SPEEDSCOPE_H
#define PV_FORMATS_SPEEDSCOPE_H

#include "formats/format.h"
#include "formats/json_pull.h"
#include "model/builder.h"
#include "model/map.h"

/* The parts of speedscope's file format (its specification is speedscope's file-format-spec.ts and
 * the JSON schema that is published at https://www.speedscope.app/file-format-schema.json): the
 * descriptor is in speedscope.c.
 *
 * Members stand in any order, so that a sample may come before the frames that it names, before its
 * weight and before its unit; and that a file holds a second profile, which gives the first one a
 * frame of its own, is known at the end only. So a file is read into the small rows below, stacks
 * as a trie of the file's own frame numbers, and built when all of it is there. */

struct pv_speedscope_node {
    uint32_t parent, frame; /* PV_NONE: the root of a profile */
};

struct pv_speedscope_event {
    int64_t at; /* / 10^digits, in the profile's unit */
    uint32_t frame;
    uint8_t digits;
    bool is_open;
};

enum pv_speedscope_kind { PV_SPEEDSCOPE_UNKNOWN, PV_SPEEDSCOPE_SAMPLED, PV_SPEEDSCOPE_EVENTED };

/* A part of one of the tables. */
struct pv_speedscope_range {
    uint32_t from, count;
};

struct pv_speedscope_profile {
    pv_str name, unit; /* unit 0: the file does not tell */
    enum pv_speedscope_kind kind;
    bool has_end, has_samples, has_events;
    struct pv_decimal end;                               /* endValue */
    struct pv_speedscope_range samples, weights, events; /* in the tables below */
    uint32_t root;                                       /* the first of its nodes */
    uint32_t metric; /* for building, as its unit's power of ten */
    unsigned power;
};

struct pv_speedscope_table {
    void *rows;
    uint32_t count, capacity;
};

struct pv_speedscope_rows {
    struct pv_input *input;
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;
    bool has_profiles, has_frames;
    bool is_ours; /* profviz wrote it: a profile is a metric */

    struct pv_speedscope_table frames;   /* uint32_t: the builder's frame of the file's */
    struct pv_speedscope_table nodes;    /* struct pv_speedscope_node, parents first */
    struct pv_map children;              /* parent << 32 | frame → node */
    struct pv_speedscope_table path;     /* uint32_t: the nodes of the sample before */
    struct pv_speedscope_table samples;  /* uint32_t: nodes */
    struct pv_speedscope_table weights;  /* struct pv_decimal */
    struct pv_speedscope_table events;   /* struct pv_speedscope_event */
    struct pv_speedscope_table profiles; /* struct pv_speedscope_profile */

    int64_t top_frame; /* the highest that is named, and where; -1: none */
    struct pv_where top_where;
};

/* Reads the JSON into the rows; errors are in `json`. */
void pv_speedscope_parse(struct pv_speedscope_rows *rows);

/* Checks what needs all of the rows, and puts them into the builder. */
bool pv_speedscope_build(struct pv_speedscope_rows *rows, struct pv_error *err);

/* As in struct pv_format. */
void pv_speedscope_write(struct pv_profile *profile, struct pv_output *output,
                         struct pv_buffer *lost);

#endif
