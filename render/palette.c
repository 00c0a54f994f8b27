#include "render/palette.h"

#include "model/map.h"
#include "render/labels.h"
#include "render/palette_table.h"

#include <assert.h>
#include <math.h>

static_assert(sizeof palette / sizeof palette[0] == PV_PAINTS, "the table has every slot");

uint32_t pv_palette_rgb(enum pv_paint paint, bool is_dark)
{
    return palette[paint < PV_PAINTS ? paint : 0][is_dark];
}

/* A step of a ramp, by the square root of the share. */
static unsigned ramp_step(int64_t part, int64_t whole, unsigned steps)
{
    if (part <= 0 || whole <= 0)
        return 0;
    double share = (double)part / (double)whole;
    double step = sqrt(share) * (double)(steps - 1) + 0.5;
    return step >= (double)(steps - 1) ? steps - 1 : (unsigned)step;
}

enum pv_paint pv_paint_cost(int64_t part, int64_t whole)
{
    return (enum pv_paint)(PV_PAINT_COST + ramp_step(part, whole, PV_COST_STEPS));
}

enum pv_paint pv_paint_arc(int64_t part, int64_t whole)
{
    return (enum pv_paint)(PV_PAINT_ARC + ramp_step(part, whole, PV_ARC_STEPS));
}

enum pv_paint pv_paint_module(struct pv_text module_key)
{
    unsigned hue = (unsigned)(pv_hash_stable(module_key) % PV_HUES);
    return (enum pv_paint)(PV_PAINT_MODULE + hue * PV_HUE_STEPS + 1);
}

/* Reds and yellows, by the function. */
static enum pv_paint warm(uint64_t hash)
{
    enum { first = 0, count = 3 };
    unsigned hue = first + (unsigned)(hash / PV_HUE_STEPS % count);
    return (enum pv_paint)(PV_PAINT_MODULE + hue * PV_HUE_STEPS + hash % PV_HUE_STEPS);
}

enum pv_paint pv_paint_frame(const struct pv_profile *profile, uint32_t frame,
                             enum pv_colouring colouring, int64_t self, int64_t whole)
{
    static const uint32_t grey_flags = PV_FRAME_KERNEL | PV_FRAME_BUILTIN | PV_FRAME_UNKNOWN |
                                       PV_FRAME_THREAD | PV_FRAME_PROCESS | PV_FRAME_LOADER;
    uint32_t flags = profile->frames[frame].flags;
    uint64_t hash = pv_hash_stable(pv_profile_name(profile, frame));
    if (flags & PV_FRAME_REST)
        return PV_PAINT_REST;
    if (colouring == PV_COLOUR_COST)
        return pv_paint_cost(self, whole);
    if (colouring == PV_COLOUR_GREY || flags & grey_flags)
        return (enum pv_paint)(PV_PAINT_GREY + hash % PV_GREYS);
    if (colouring == PV_COLOUR_WARM)
        return warm(hash);
    unsigned step = (unsigned)(hash >> 8) % PV_HUE_STEPS;
    struct pv_text key = pv_module_key(profile, frame);
    if (!key.size)
        key = pv_name_prefix(pv_profile_name(profile, frame));
    return (enum pv_paint)(pv_paint_module(key) - 1 + step);
}
