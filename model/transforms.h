#ifndef PV_MODEL_TRANSFORMS_H
#define PV_MODEL_TRANSFORMS_H

#include "model/profile.h"

/* What may be done to a profile before it is drawn: each transform makes a new profile out of one
 * and an argument. docs/transforms.md tells what each does to stacks and to arcs. */

struct pv_transform;

/* One use of a transform. */
struct pv_transform_call {
    const struct pv_transform *transform;
    const struct pv_profile *profile;
    struct pv_text argument; /* empty where the transform takes none */
    const struct pv_limits *limits;
};

struct pv_transform {
    const char *name;     /* also of its option, without the dashes */
    char letter;          /* one-letter form of the option; 0: none */
    const char *argument; /* how help calls the argument: "RE", "N"; NULL: takes none */
    const char *summary;  /* one line, lower case, no final stop */
    unsigned kind;        /* the implementation's own business */

    /* Makes *out. False with *err: the argument makes no sense (PV_USAGE), a pattern matches no
     * function (PV_NO_MATCH, with the nearest names), a limit. */
    bool (*apply)(struct pv_profile **out, const struct pv_transform_call *call,
                  struct pv_error *err);
};

/* All transforms in the order that help lists them, *count of them. */
const struct pv_transform *const *pv_transforms(size_t *count);

/* Whether the transform with this argument makes use of profile->lines, which must be asked for
 * when the profile is read. */
bool pv_transform_needs_lines(const struct pv_transform *transform, struct pv_text argument);

/* Which functions an expression means that is matched against name, file and module: an array of
 * frame_count, to be freed. NULL with *err for a malformed expression, and (PV_NO_MATCH, with the
 * nearest names) where it means none. */
bool *pv_match_functions(const struct pv_profile *profile, struct pv_text expression,
                         struct pv_error *err);

/* The same of the functions in `used`, without a failure where it means none. */
bool *pv_match_used(const struct pv_profile *profile, struct pv_text expression, const bool *used,
                    struct pv_error *err);

/* Which frames what was measured (stacks or arcs) has, an array of frame_count, to be freed; all
 * where a profile has neither, but only frames. */
bool *pv_used_frames(const struct pv_profile *profile);

/* Replaces *profile by what the transform makes of it, and frees the old one; on false *profile is
 * untouched. limits NULL: the defaults. */
bool pv_transform_apply(struct pv_profile **profile, const struct pv_transform *transform,
                        struct pv_text argument, const struct pv_limits *limits,
                        struct pv_error *err);

#endif
