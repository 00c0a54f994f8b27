#include "render/flame_text.h"

#include "model/escape.h"
#include "render/flame_parts.h"
#include "render/shown.h"

#include <stdlib.h>
#include <string.h>

enum { EIGHTHS = 8, LEAST_LABEL = 3, LEAST_SHARE = 14, SURE_LEVELS = 48 };
static const double least_level_share = 0.01;

struct flame_text {
    struct pv_flame_picture picture;
    const struct pv_text_style *style;
    struct pv_output *output;
    unsigned columns;
    uint32_t *owners; /* [eighth of a column] of one row: box + 1; 0: none */
    struct pv_buffer line, label, share;
    uint32_t back, front; /* colours that are set: 0xRRGGBB; PLAIN */
};

#define PLAIN UINT32_MAX
#define INK 0x000000 /* of names in coloured cells, whatever the terminal's own colours */

static void add_shown(struct flame_text *text, struct pv_text words, bool is_ours)
{
    if (text->style->is_ascii)
        pv_shown_ascii(&text->line, words, is_ours);
    else
        pv_buffer_add(&text->line, words);
}

/* The nearest of the 6 × 6 × 6 colours and 24 greys that terminals with 256 colours have. */
static unsigned nearest_of_256(uint32_t rgb)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int part[3], best[3], cube = 0, grey = 0;
    for (unsigned i = 0; i < 3; i++) {
        part[i] = (int)(rgb >> (16 - 8 * i) & 0xFF);
        best[i] = 0;
        for (int k = 1; k < 6; k++)
            if (abs(levels[k] - part[i]) < abs(levels[best[i]] - part[i]))
                best[i] = k;
        cube += (levels[best[i]] - part[i]) * (levels[best[i]] - part[i]);
    }
    int step = ((part[0] + part[1] + part[2]) / 3 - 8 + 5) / 10;
    step = step < 0 ? 0 : step > 23 ? 23 : step;
    for (unsigned i = 0; i < 3; i++)
        grey += (8 + 10 * step - part[i]) * (8 + 10 * step - part[i]);
    return grey < cube ? (unsigned)(232 + step)
                       : (unsigned)(16 + 36 * best[0] + 6 * best[1] + best[2]);
}

static void add_colour(struct flame_text *text, bool is_back, uint32_t rgb)
{
    unsigned what = is_back ? 4 : 3;
    if (rgb == PLAIN)
        pv_buffer_print(&text->line, "\033[%u9m", what);
    else if (text->style->has_true_color)
        pv_buffer_print(&text->line, "\033[%u8;2;%u;%u;%um", what, (unsigned)(rgb >> 16),
                        (unsigned)(rgb >> 8 & 0xFF), (unsigned)(rgb & 0xFF));
    else
        pv_buffer_print(&text->line, "\033[%u8;5;%um", what, nearest_of_256(rgb));
}

static void set_colours(struct flame_text *text, uint32_t back, uint32_t front)
{
    if (!text->style->has_color)
        return;
    if (back != text->back)
        add_colour(text, true, back);
    if (front != text->front)
        add_colour(text, false, front);
    text->back = back;
    text->front = front;
}

static void end_line(struct flame_text *text)
{
    set_colours(text, PLAIN, PLAIN);
    while (text->line.size && text->line.data[text->line.size - 1] == ' ')
        text->line.size--;
    pv_buffer_char(&text->line, '\n');
    pv_output_add(text->output, pv_buffer_text(&text->line));
    text->line.size = 0;
}

static uint32_t colour_of(struct flame_text *text, uint32_t owner)
{
    if (owner == 0)
        return PLAIN;
    const struct pv_flame_box *box = &text->picture.flame.boxes[owner - 1];
    return pv_palette_rgb(pv_flame_paint(&text->picture, box), false);
}

/* The longest of name with arguments, without, the function alone, and what is left of it. */
static void make_name(struct flame_text *text, uint32_t frame, unsigned width)
{
    const struct pv_profile *profile = text->picture.profile;
    struct pv_name_parts parts;
    struct pv_buffer raw = {0}, shown = {0};
    size_t from = text->label.size;
    pv_name_split(&parts, profile, frame);
    for (unsigned way = 0; way < 3; way++) {
        raw.size = shown.size = 0;
        pv_buffer_add(&raw, way == 2 ? PV_TEXT("") : parts.module);
        pv_buffer_add(&raw, way == 2 ? PV_TEXT("") : parts.joint);
        pv_buffer_add(&raw, parts.function);
        pv_buffer_add(&raw, way == 0 ? parts.arguments : PV_TEXT(""));
        pv_escape(&shown, PV_ESCAPE_DISPLAY, pv_buffer_text(&raw));
        if (text->style->is_ascii) {
            struct pv_buffer ascii = {0};
            pv_shown_ascii(&ascii, pv_buffer_text(&shown), false);
            pv_buffer_free(&shown);
            shown = ascii;
        }
        if (pv_shown_width(pv_buffer_text(&shown)) <= width)
            break;
    }
    if (pv_shown_width(pv_buffer_text(&shown)) <= width)
        pv_buffer_add(&text->label, pv_buffer_text(&shown));
    else
        pv_shown_cut_end(&text->label, pv_buffer_text(&shown), width, text->style->is_ascii);
    if (text->label.size == from)
        pv_buffer_char(&text->label, '?');
    pv_buffer_free(&raw);
    pv_buffer_free(&shown);
}

static void make_label(struct flame_text *text, const struct pv_flame_box *box, unsigned width)
{
    struct pv_flame_picture *picture = &text->picture;
    bool is_ascii = text->style->is_ascii;
    text->label.size = 0;
    if (width < LEAST_LABEL)
        return;
    if (box->node == PV_NONE) {
        pv_buffer_add(&text->label, is_ascii ? PV_TEXT("..") : PV_TEXT("…"));
    } else if (box->node == 0) {
        pv_buffer_add(&text->label, PV_TEXT("all"));
    } else {
        if (pv_flame_is_signed(picture) && box->total < 0 && width > 2 + LEAST_LABEL)
            pv_buffer_add(&text->label, is_ascii ? PV_TEXT("- ") : PV_TEXT("▼ "));
        if (pv_flame_is_guess(picture, box))
            pv_buffer_char(&text->label, '~');
        make_name(text, picture->profile->tree->nodes[box->node].frame,
                  width - pv_shown_width(pv_buffer_text(&text->label)));
    }
}

static void add_fill(struct flame_text *text, unsigned count)
{
    struct pv_text fill = text->style->has_color  ? PV_TEXT(" ")
                          : text->style->is_ascii ? PV_TEXT("-")
                                                  : PV_TEXT("─");
    for (unsigned i = 0; i < count; i++)
        pv_buffer_add(&text->line, fill);
}

static bool is_all_of_parent(const struct flame_text *text, const struct pv_flame_box *box)
{
    return box->parent != PV_NONE && text->picture.flame.boxes[box->parent].value == box->value;
}

/* Name, filling, and the share at the right end where there is room. */
static void add_cell(struct flame_text *text, const struct pv_flame_box *box, unsigned width,
                     bool has_edge)
{
    unsigned edge = has_edge, inner = width - edge;
    make_label(text, box, inner > 1 ? inner - 1 : 0);
    if (edge)
        pv_buffer_add(&text->line, text->style->is_ascii ? PV_TEXT("|") : PV_TEXT("▏"));
    text->share.size = 0;
    if (width >= LEAST_SHARE && box->node != PV_NONE && !is_all_of_parent(text, box))
        pv_flame_add_share(&text->picture, &text->share, box->total);
    unsigned used = pv_shown_width(pv_buffer_text(&text->label));
    unsigned share = pv_shown_width(pv_buffer_text(&text->share));
    share = used + share + 4 <= inner ? share : 0;
    pv_buffer_add(&text->line, pv_buffer_text(&text->label));
    if (used && used < inner) {
        pv_buffer_char(&text->line, ' ');
        used++;
    }
    if (!share) {
        add_fill(text, inner - used);
        return;
    }
    add_fill(text, inner - used - share - 2);
    pv_buffer_char(&text->line, ' ');
    add_shown(text, pv_buffer_text(&text->share), true);
    pv_buffer_char(&text->line, ' ');
}

/* The colour as the terminal shows it. */
static uint32_t seen_colour(struct flame_text *text, uint32_t owner)
{
    uint32_t colour = colour_of(text, owner);
    return text->style->has_true_color || colour == PLAIN ? colour : nearest_of_256(colour);
}

/* Whether a line must part a cell from the one before it: there are no colours, or they agree. */
static bool has_edge(struct flame_text *text, uint32_t index, unsigned column)
{
    if (!text->style->has_color)
        return true;
    uint32_t before = column ? text->owners[(size_t)column * EIGHTHS - 1] : 0;
    return before && before != index + 1 &&
           seen_colour(text, before) == seen_colour(text, index + 1);
}

/* A column that a cell begins or ends in. */
static void add_edge(struct flame_text *text, unsigned column)
{
    static const char *const blocks[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    const uint32_t *owners = text->owners + (size_t)column * EIGHTHS;
    uint32_t left = owners[0], right = owners[EIGHTHS - 1];
    unsigned size = 0;
    while (size < EIGHTHS && owners[size] == left)
        size++;
    if (size == EIGHTHS) {
        set_colours(text, colour_of(text, left), text->front);
        pv_buffer_char(&text->line, ' ');
    } else if (left == 0) { /* the terminal's own colour cannot be painted with */
        bool is_half = size > 2 && size < 6;
        set_colours(text, size <= 2 ? colour_of(text, right) : PLAIN, colour_of(text, right));
        pv_buffer_add(&text->line, is_half ? PV_TEXT("▐") : PV_TEXT(" "));
    } else {
        bool is_same = right && seen_colour(text, left) == seen_colour(text, right);
        set_colours(text, colour_of(text, right), is_same ? INK : colour_of(text, left));
        pv_buffer_add(&text->line, pv_text_of(blocks[is_same ? 1 : size]));
    }
}

static uint64_t eighth_of(const struct flame_text *text, int64_t value)
{
    double whole = (double)text->picture.flame.sizes[0];
    return (uint64_t)((double)value / whole * text->columns * EIGHTHS + 0.5);
}

/* The columns that are the box's alone: those of its eighths that are whole, or without colours
 * those that are nearest. */
static void columns_of(const struct flame_text *text, const struct pv_flame_box *box,
                       unsigned *from, unsigned *to)
{
    uint64_t first = eighth_of(text, box->start), last = eighth_of(text, box->start + box->value);
    bool is_exact = text->style->has_color && !text->style->is_ascii;
    *from = (unsigned)((first + (is_exact ? EIGHTHS - 1 : EIGHTHS / 2)) / EIGHTHS);
    *to = (unsigned)((last + (is_exact ? 0 : EIGHTHS / 2)) / EIGHTHS);
}

static void fill_owners(struct flame_text *text, uint32_t first, uint32_t end)
{
    size_t count = (size_t)text->columns * EIGHTHS;
    bool is_exact = text->style->has_color && !text->style->is_ascii;
    memset(text->owners, 0, count * sizeof *text->owners);
    for (uint32_t i = first; i < end && is_exact; i++) {
        const struct pv_flame_box *box = &text->picture.flame.boxes[i];
        uint64_t to = eighth_of(text, box->start + box->value);
        for (uint64_t at = eighth_of(text, box->start); at < to && at < count; at++)
            text->owners[at] = i + 1;
    }
}

/* The boxes of one level. */
static void write_level(struct flame_text *text, uint32_t first, uint32_t end)
{
    uint32_t next = first;
    fill_owners(text, first, end);
    for (unsigned column = 0; column < text->columns;) {
        unsigned from = 0, to = 0;
        for (; next < end; next++) {
            columns_of(text, &text->picture.flame.boxes[next], &from, &to);
            if (to > from && from >= column)
                break;
        }
        if (next == end || from > column) {
            add_edge(text, column++);
            continue;
        }
        set_colours(text, colour_of(text, next + 1), INK);
        add_cell(text, &text->picture.flame.boxes[next], to - from, has_edge(text, next, column));
        next++;
        column = to;
    }
    end_line(text);
}

static void write_levels(struct flame_text *text)
{
    const struct pv_flame *flame = &text->picture.flame;
    uint32_t *first = pv_zalloc((size_t)flame->levels + 1, sizeof *first);
    for (uint32_t i = 0; i < flame->count; i++)
        first[flame->boxes[i].level + 1] = i + 1;
    for (uint32_t row = 0; row < flame->levels; row++) {
        uint32_t level = text->picture.draw->is_inverted ? row : flame->levels - 1 - row;
        write_level(text, first[level], first[level + 1]);
    }
    free(first);
}

/* Words, broken at blanks where the line is full. */
static void write_words(struct flame_text *text, struct pv_text words, const char *code)
{
    struct pv_buffer shown = {0};
    unsigned used = 0;
    pv_escape(&shown, PV_ESCAPE_DISPLAY, words);
    struct pv_text rest = pv_buffer_text(&shown), word;
    if (text->style->has_color)
        pv_buffer_print(&text->line, "\033[%sm", code);
    while (pv_text_word(&rest, &word)) {
        unsigned width = pv_shown_width(word);
        if (used && used + 1 + width > text->columns) {
            pv_buffer_char(&text->line, '\n');
            used = 0;
        } else if (used) {
            pv_buffer_char(&text->line, ' ');
            used++;
        }
        add_shown(text, word, true);
        used += width;
    }
    if (text->style->has_color)
        pv_buffer_print(&text->line, "\033[0m");
    end_line(text);
    pv_buffer_free(&shown);
}

static void write_all(struct flame_text *text, struct pv_buffer *notes)
{
    struct pv_flame_picture *picture = &text->picture;
    struct pv_buffer facts = {0};
    static const struct pv_flame_words words[] = {{"Width", " columns", "width", "flame graph"},
                                                  {"Width", " column", "width", "flame graph"}};
    picture->words = &words[(double)picture->flame.least * text->columns <
                            1.05 * (double)picture->flame.sizes[0]];
    picture->looks = pv_zalloc(picture->profile->frame_count, sizeof *picture->looks);
    picture->scale = text->columns / (double)picture->flame.sizes[0];
    text->owners = pv_alloc((size_t)text->columns * EIGHTHS * sizeof *text->owners);
    pv_flame_legend(picture, notes);
    pv_sheet_facts(&facts, &picture->sheet);
    write_words(text, pv_buffer_text(&facts), "1");
    end_line(text);
    write_levels(text);
    end_line(text);
    write_words(text, picture->sheet.legend, "2");
    if (picture->sheet.cuts.size)
        write_words(text, picture->sheet.cuts, "2");
    pv_buffer_free(&facts);
    free(text->owners);
}

static struct pv_flame_options options_of(const struct flame_text *text)
{
    const struct pv_draw *draw = text->picture.draw;
    struct pv_limits defaults = pv_limits_default();
    const struct pv_limits *limits = draw->limits ? draw->limits : &defaults;
    double least = 1.0 / text->columns;
    return (struct pv_flame_options){.metric = draw->metric,
                                     .least_share =
                                         least > draw->min_share ? least : draw->min_share,
                                     .order = draw->order,
                                     .most_boxes = limits->flame_frames,
                                     .most_levels = PV_FLAME_LEVELS,
                                     .sure_levels = SURE_LEVELS,
                                     .least_level_share = least_level_share};
}

void pv_flame_write_text(const struct pv_profile *profile, const struct pv_draw *draw,
                         const struct pv_text_style *style, struct pv_output *output,
                         struct pv_buffer *notes)
{
    enum pv_colouring colouring = draw->has_colouring ? draw->colouring : PV_COLOUR_MODULE;
    struct flame_text text = {
        .picture = {.profile = profile,
                    .draw = draw,
                    .colouring = style->has_color ? colouring : PV_COLOUR_GREY,
                    .sheet = {.draw = draw, .profile = profile}},
        .style = style,
        .output = output,
        .columns = style->columns ? style->columns : PV_FLAME_COLUMNS,
        .back = PLAIN,
        .front = PLAIN,
    };
    if (pv_flame_has_width(profile, draw)) {
        struct pv_flame_options options = options_of(&text);
        pv_flame_layout(&text.picture.flame, profile, &options);
    }
    if (text.picture.flame.sizes && text.picture.flame.sizes[0] > 0)
        write_all(&text, notes);
    else
        pv_output_string(output, "nothing recorded\n");
    pv_flame_free_picture(&text.picture);
    pv_buffer_free(&text.line);
    pv_buffer_free(&text.label);
    pv_buffer_free(&text.share);
}

void pv_icicle_write_text(const struct pv_profile *profile, const struct pv_draw *draw,
                          const struct pv_text_style *style, struct pv_output *output,
                          struct pv_buffer *notes)
{
    struct pv_draw inverted = *draw;
    inverted.is_inverted = true;
    pv_flame_write_text(profile, &inverted, style, output, notes);
}
