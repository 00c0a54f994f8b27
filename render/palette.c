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

enum pv_paint pv_paint_mapped(enum pv_paint paint, unsigned colormap)
{
    bool is_cost = paint >= PV_PAINT_COST && paint < PV_PAINT_COST + PV_COST_STEPS;
    if (!is_cost || colormap == 0 || colormap >= PV_COLORMAPS)
        return paint;
    return (enum pv_paint)(PV_PAINT_MAPS + (colormap - 1) * PV_COST_STEPS + paint - PV_PAINT_COST);
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

/* Of the palette's hues. */
enum hue { red = 0, amber = 2, yellow = 3, green = 4, aqua = 6, blue = 8, purple = 10 };

static enum pv_paint of_hue(unsigned hue, uint64_t hash)
{
    return (enum pv_paint)(PV_PAINT_MODULE + hue * PV_HUE_STEPS + (hash >> 8) % PV_HUE_STEPS);
}

const struct pv_kind_colour *pv_kind_colours(size_t *count)
{
    static const struct pv_kind_colour kinds[] = {
        {PV_PAINT_MODULE + green * PV_HUE_STEPS + 1, {"interpreted or JIT", 18}},
        {PV_PAINT_MODULE + aqua * PV_HUE_STEPS + 1, {"inlined", 7}},
        {PV_PAINT_MODULE + yellow * PV_HUE_STEPS + 1, {"C++", 3}},
        {PV_PAINT_MODULE + amber * PV_HUE_STEPS + 1, {"kernel", 6}},
        {PV_PAINT_MODULE + red * PV_HUE_STEPS + 1, {"other", 5}}};
    *count = sizeof kinds / sizeof kinds[0];
    return kinds;
}

static bool is_script(struct pv_text file)
{
    static const char *const ends[] = {".py",  ".js", ".mjs", ".ts",  ".rb",
                                       ".php", ".pl", ".pm",  ".java"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (pv_text_ends(file, pv_text_of(ends[i])))
            return true;
    return false;
}

/* The kinds that flame graphs of mixed languages part by their hues. */
static enum hue kind_of(const struct pv_profile *profile, uint32_t frame)
{
    uint32_t flags = profile->frames[frame].flags;
    struct pv_text name = pv_profile_name(profile, frame);
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, frame);
    if (flags & PV_FRAME_KERNEL)
        return amber;
    if (flags & PV_FRAME_INLINED)
        return aqua;
    if (flags & (PV_FRAME_JIT | PV_FRAME_INTERPRETED | PV_FRAME_QUICK_JIT) ||
        is_script(parts.module) || is_script(pv_profile_text(profile, profile->frames[frame].file)))
        return green;
    return pv_text_search(name, PV_TEXT("::")) < name.size ? yellow : red;
}

static double luminance(uint32_t rgb)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (unsigned i = 0; i < 3; i++) {
        double value = (double)(rgb >> (16 - 8 * i) & 0xFF) / 255;
        sum += weights[i] * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double pv_contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

enum pv_paint pv_paint_frame(const struct pv_profile *profile, uint32_t frame,
                             enum pv_colouring colouring, int64_t self, int64_t whole)
{
    static const uint32_t grey_flags = PV_FRAME_KERNEL | PV_FRAME_BUILTIN | PV_FRAME_UNKNOWN |
                                       PV_FRAME_THREAD | PV_FRAME_PROCESS | PV_FRAME_LOADER;
    static const enum hue hues[] = {red, green, blue, aqua, yellow, purple, amber};
    uint32_t flags = profile->frames[frame].flags;
    uint64_t hash = pv_hash_stable(pv_profile_name(profile, frame));
    if (flags & PV_FRAME_REST)
        return PV_PAINT_REST;
    if (colouring == PV_COLOUR_COST)
        return pv_paint_cost(self, whole);
    if (colouring == PV_COLOUR_KIND && !(flags & (PV_FRAME_THREAD | PV_FRAME_PROCESS)))
        return of_hue(kind_of(profile, frame), hash);
    if (colouring == PV_COLOUR_GREY || flags & grey_flags)
        return (enum pv_paint)(PV_PAINT_GREY + hash % PV_GREYS);
    if (colouring == PV_COLOUR_WARM)
        return warm(hash);
    if (colouring == PV_COLOUR_FUNCTION)
        return of_hue((unsigned)((hash >> 16) % PV_HUES), hash);
    if (colouring >= PV_COLOUR_RED)
        return of_hue(hues[colouring - PV_COLOUR_RED], hash);
    unsigned step = (unsigned)(hash >> 8) % PV_HUE_STEPS;
    struct pv_text key = pv_module_key(profile, frame);
    if (!key.size)
        key = pv_name_prefix(pv_profile_name(profile, frame));
    return (enum pv_paint)(pv_paint_module(key) - 1 + step);
}
