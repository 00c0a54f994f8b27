#include "model/gate_parts.h"

#include "model/transforms.h"

#include <stdlib.h>

/* What rules look at, and how much of it is made. */

bool pv_gate_need_whole(struct pv_gate_ground *ground, struct pv_error *err)
{
    bool is_there = ground->whole || !ground->request->sides;
    return is_there || pv_diff_new(&ground->whole, ground->request->sides, err);
}

bool pv_gate_open(struct pv_gate_ground *ground, const struct pv_gate_request *request,
                  struct pv_error *err)
{
    *ground = (struct pv_gate_ground){.request = request, .profile = request->profile};
    if (request->sides && !pv_diff_outline(&ground->outline, request->sides, err))
        return false;
    if (!ground->outline && !pv_gate_need_whole(ground, err))
        return false;
    ground->diff = ground->outline ? ground->outline : ground->whole;
    if (ground->diff)
        ground->profile = ground->diff->profile;
    ground->used = pv_used_frames(ground->profile);
    return true;
}

void pv_gate_close(struct pv_gate_ground *ground)
{
    free(ground->used);
    pv_diff_free(ground->outline);
    pv_diff_free(ground->whole);
}
