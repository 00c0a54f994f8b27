#include "render/svg_words.h"

/* Short names of the slots' classes; a ramp's steps are numbered. */
struct slot_name {
    enum pv_paint first;
    const char *name;
    bool is_ramp;
};
static const struct slot_name slot_names[] = {
    {PV_PAINT_NONE, "no", false},       {PV_PAINT_TEXT, "t", false},
    {PV_PAINT_TEXT_2, "u", false},      {PV_PAINT_HAIRLINE, "hl", false},
    {PV_PAINT_BORDER, "bd", false},     {PV_PAINT_ACCENT, "ac", false},
    {PV_PAINT_BACKGROUND, "bg", false}, {PV_PAINT_SURFACE, "sf", false},
    {PV_PAINT_TINT, "ti", false},       {PV_PAINT_REST, "re", false},
    {PV_PAINT_GREY, "g", true},         {PV_PAINT_MODULE, "m", true},
    {PV_PAINT_COST, "c", true},         {PV_PAINT_SAME, "eq", false},
    {PV_PAINT_LESS, "l", true},         {PV_PAINT_MORE, "o", true},
    {PV_PAINT_MAPS, "k", true},         {PV_PAINT_ARC, "a", true},
};

void pv_svg_slot(struct pv_output *output, enum pv_paint paint)
{
    size_t i = sizeof slot_names / sizeof slot_names[0] - 1;
    while (slot_names[i].first > paint)
        i--;
    pv_output_string(output, slot_names[i].name);
    if (slot_names[i].is_ramp)
        pv_output_int(output, (int64_t)paint - (int64_t)slot_names[i].first);
}

void pv_svg_rgb(struct pv_output *output, uint32_t rgb)
{
    static const char digits[] = "0123456789abcdef";
    char text[7] = "#";
    for (unsigned i = 0; i < 6; i++)
        text[1 + i] = digits[rgb >> (20 - 4 * i) & 0xF];
    pv_output_add(output, (struct pv_text){text, sizeof text});
}

void pv_svg_colour(struct pv_output *output, enum pv_paint paint, bool is_dark)
{
    pv_svg_rgb(output, pv_palette_rgb(paint, is_dark));
}

void pv_svg_display(struct pv_output *output, struct pv_text text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        const char *entity = byte == '&'   ? "&amp;"
                             : byte == '<' ? "&lt;"
                             : byte == '>' ? "&gt;"
                                           : NULL;
        if (!entity)
            continue;
        pv_output_add(output, pv_text_slice(text, from, i));
        pv_output_string(output, entity);
        from = i + 1;
    }
    pv_output_add(output, pv_text_slice(text, from, text.size));
}
