#include "cli/colours.h"

#include "model/error.h"
#include "model/number.h"

#include <assert.h>

static const struct pv_where nowhere = {0};

bool pv_colours_settle(enum pv_colouring *out, const struct pv_settings *settings)
{
    /* flamegraph.pl's palettes, by what they are for. */
    static const enum pv_colouring palettes[] = {PV_COLOUR_WARM, PV_COLOUR_GREEN, PV_COLOUR_BLUE,
                                                 PV_COLOUR_AQUA, PV_COLOUR_BLUE,  PV_COLOUR_KIND,
                                                 PV_COLOUR_KIND, PV_COLOUR_KIND};
    static_assert(sizeof palettes / sizeof palettes[0] == PV_COLOURS - PV_COLOURINGS,
                  "each word has a meaning");
    unsigned word = settings->colors;
    if (settings->is_hash)
        *out = PV_COLOUR_FUNCTION;
    else if (word < PV_COLOURS)
        *out = word < PV_COLOURINGS ? (enum pv_colouring)word : palettes[word - PV_COLOURINGS];
    return settings->is_hash || word < PV_COLOURS;
}

/* "#rrggbb", "#rgb" or a name. */
static bool parse(struct pv_text text, uint32_t *out)
{
    static const struct {
        struct pv_text name;
        uint32_t rgb;
    } names[] = {{{"yellow", 6}, 0xFDF6D8}, {{"blue", 4}, 0xE6EEFB}, {{"green", 5}, 0xE6F4E6},
                 {{"grey", 4}, 0xF0F0F0},   {{"gray", 4}, 0xF0F0F0}, {{"white", 5}, 0xFFFFFF},
                 {{"black", 5}, 0x000000}};
    uint64_t number;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pv_text_equal(text, names[i].name)) {
            *out = names[i].rgb;
            return true;
        }
    bool is_short = text.size == 4;
    if (!pv_text_starts(text, PV_TEXT("#")) || (text.size != 7 && !is_short) ||
        !pv_parse_hex(pv_text_slice(text, 1, text.size), &number))
        return false;
    if (is_short)
        number = ((number & 0xF00) << 8 | (number & 0xF0) << 4 | (number & 0xF)) * 0x11;
    *out = (uint32_t)number;
    return true;
}

bool pv_colours_background(struct pv_canvas_options *options, const struct pv_settings *settings,
                           struct pv_error *err)
{
    bool is_dark = settings->theme == PV_THEME_DARK;
    const uint32_t texts[] = {pv_palette_rgb(PV_PAINT_TEXT, is_dark),
                              pv_palette_rgb(PV_PAINT_TEXT_2, is_dark)};
    uint32_t rgb;
    if (settings->background.size == 0)
        return true;
    if (!parse(settings->background, &rgb))
        return pv_fail(err, PV_USAGE, nowhere,
                       "--bgcolors wants #rrggbb, yellow, blue, green or grey, not '%.*s'",
                       PV_TEXT_ARGS(pv_text_slice(settings->background, 0, 40)));
    if (pv_contrast(rgb, texts[0]) < 4.5 || pv_contrast(rgb, texts[1]) < 4.5)
        return pv_fail(err, PV_USAGE, nowhere,
                       "--bgcolors %.*s: words would not read on it; take a %s",
                       PV_TEXT_ARGS(settings->background),
                       is_dark ? "darker one, or --theme light" : "lighter one, or --theme dark");
    options->has_background = true;
    options->background = rgb;
    return true;
}
