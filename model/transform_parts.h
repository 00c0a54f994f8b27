#ifndef PV_MODEL_TRANSFORM_PARTS_H
#define PV_MODEL_TRANSFORM_PARTS_H

#include "model/builder.h"
#include "model/transforms.h"

/* What the transforms share: nobody else's business. */

/* A new profile being made out of an old one: same format, origin, metrics and scales; notes are
 * taken over. */
struct pv_remake {
    const struct pv_transform_call *call;
    const struct pv_profile *from;
    struct pv_builder *builder;
    uint32_t *frames;  /* frame of `from` → frame of the builder; PV_NONE: not needed so far */
    int64_t *left_out; /* by metric: self that the new profile does not have */
    bool has_lines;    /* of `from`, still to be taken over */
};

void pv_remake_open(struct pv_remake *remake, const struct pv_transform_call *call);

/* The builder's frame for one of the old profile's. */
uint32_t pv_remake_frame(struct pv_remake *remake, uint32_t frame);

/* The builder's frame for what was cut away: "… 212 functions". */
uint32_t pv_remake_rest(struct pv_remake *remake, uint64_t functions);

/* Adds the self values of an old node to a new one; or counts them as left out. */
void pv_remake_self(struct pv_remake *remake, uint32_t node, uint32_t old_node);
void pv_remake_leave_out(struct pv_remake *remake, uint32_t old_node);

/* Notes, with the option as the user wrote it in front: "focus \"RE\": …". The first says what was
 * left out, if anything was; the second is free text. */
void pv_remake_note_left_out(struct pv_remake *remake);
void pv_remake_note(struct pv_remake *remake, const char *kind, uint64_t count, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* Takes the lines over of functions that keep all of their own cost; pv_remake_close does it, and a
 * transform that makes something else of lines sets `has_lines` to false before. */
void pv_remake_lines(struct pv_remake *remake);

/* On stacks, before closing: what the calls of a trace become. moved[node] is the builder's node
 * for each old one; keeps_value[node]: the moments stay when that stack ran (NULL: all do). A node
 * that is moved to where its parent is has no call of its own. */
void pv_remake_spans(struct pv_remake *remake, const uint32_t *moved, const bool *keeps_value);

/* Finishes and releases everything, whatever comes out. */
bool pv_remake_close(struct pv_remake *remake, struct pv_profile **out, struct pv_error *err);

/* Which frames the call's argument means: an array of frame_count, to be freed. NULL with *err for
 * a malformed pattern, and (PV_NO_MATCH) where no function that the profile has is meant. With
 * `by_name`, an argument that is the whole name of a function means just that. */
bool *pv_match_frames(const struct pv_transform_call *call, bool by_name, struct pv_error *err);

#endif
