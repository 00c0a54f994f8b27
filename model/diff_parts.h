#ifndef PV_MODEL_DIFF_PARTS_H
#define PV_MODEL_DIFF_PARTS_H

#include "model/builder.h"
#include "model/diff.h"

/* What the files that make a difference share: nobody else's business. */

enum { PV_DIFF_COLUMNS = 4 }; /* of a pair: base, head, change, both */

/* One of the profiles. */
struct pv_diff_run {
    struct pv_profile *profile;
    unsigned side;
    uint32_t *frames;  /* its frames → the union's */
    uint32_t *metrics; /* [pair] its metric; PV_NONE: it has none of it */
    int64_t *factors;  /* [pair] what its values are multiplied by to be in the pair's scale */
};

/* A pair while it is made. */
struct pv_diff_row {
    struct pv_text name;
    enum pv_unit unit;
    bool is_signed;
    enum pv_noise noise;
    unsigned digits;   /* of the union's scale */
    double samples[2]; /* of all runs of a side together, where that is what is counted */
    __extension__ __int128 num[2], den[2]; /* what sums of base and head are to be multiplied by */
};

struct pv_diff_making {
    const struct pv_diff_request *request;
    struct pv_diff_run *runs;
    uint32_t run_count;
    struct pv_diff_row *rows;
    uint32_t row_count;
    struct pv_builder *builder;
    bool as_tree;
    uint8_t *frame_match; /* [frame of the union] enum pv_match */
    struct pv_error *err;
};

/* Lists the request's runs. Release with pv_diff_making_free. */
void pv_diff_list_runs(struct pv_diff_making *making);
void pv_diff_making_free(struct pv_diff_making *making);

/* The difference around its profile: pairs, runs and samples. */
struct pv_diff *pv_diff_wrap(struct pv_profile *profile, const struct pv_diff_making *making);

/* Finds the pairs of metrics; false where there is none. Notes what has no counterpart, if there is
 * a builder. */
bool pv_diff_find_pairs(struct pv_diff_making *making);

/* The frames of all runs, each once. */
struct pv_diff_frames {
    struct pv_strings *strings; /* a view of the last run's */
    struct pv_frame *frames;    /* as head has it, else as base */
    uint8_t *match, *sides;     /* [frame] enum pv_match; PV_IN_BASE, PV_IN_HEAD */
    uint32_t count;
};

/* Fills the runs' maps of frames with these. Release with pv_diff_frames_free. */
void pv_diff_list_frames(struct pv_diff_frames *out, struct pv_diff_making *making);
void pv_diff_frames_free(struct pv_diff_frames *frames);

/* Fills the runs' maps of frames with the union's, made in the builder. */
void pv_diff_unite_frames(struct pv_diff_making *making);

/* Fills the union's graph, which is empty so far: sums of all runs. False: a limit, or a sum that
 * does not fit. */
bool pv_diff_unite_graphs(struct pv_profile *profile, const struct pv_diff_making *making);

/* A run's value in its pair's scale; saturates. */
int64_t pv_diff_value(const struct pv_diff_run *run, uint32_t row, int64_t value);

/* The value times the side's factor, rounded half away from zero. */
int64_t pv_diff_scaled(const struct pv_diff_row *row, unsigned side, int64_t value);

/* Scales what was summed up, and fills the columns that follow from base and head. */
void pv_diff_finish_graph(struct pv_diff *diff, const struct pv_diff_making *making);
void pv_diff_finish_tree(struct pv_diff *diff, const struct pv_diff_making *making);

/* The columns that follow, of the tree and of the graph where they are there. */
void pv_diff_derive_tree(struct pv_diff *diff);
void pv_diff_derive_graph(struct pv_diff *diff);

/* Who has which function, calls, and the values of single runs; the graph is there. */
void pv_diff_tell_sides(struct pv_diff *diff, const struct pv_diff_making *making);

#endif
