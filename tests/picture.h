#ifndef PV_TESTS_PICTURE_H
#define PV_TESTS_PICTURE_H

#include "render/font.h"
#include "render/labels.h"
#include "render/registry.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pictures as tests see them: a canvas that remembers its shapes, a check of XML, goldens. */

struct drawn_rect {
    struct pv_rect rect;
    uint32_t item; /* index into items; PV_NONE: page */
    struct pv_style style;
};
struct drawn_label {
    struct pv_rect box; /* from the font's ascent to its descent */
    char *text;
    uint32_t item;
    enum pv_paint paint;
};

struct recording {
    struct pv_canvas canvas;
    struct pv_page page;
    struct pv_item *items;
    struct drawn_rect *rects;
    struct drawn_label *labels;
    uint32_t item_count, rect_count, label_count, path_count;
    bool is_inside;
};

static inline void *recording_room(void *array, uint32_t count, size_t item)
{
    return (count & (count - 1)) ? array : realloc(array, (count ? count * 2 : 1) * item);
}

static inline void recording_page(struct pv_canvas *canvas, const struct pv_page *page)
{
    ((struct recording *)canvas)->page = *page;
}

static inline void recording_begin(struct pv_canvas *canvas, const struct pv_item *item)
{
    struct recording *on = (struct recording *)canvas;
    assert_false(on->is_inside);
    on->is_inside = true;
    on->items = recording_room(on->items, on->item_count, sizeof *on->items);
    on->items[on->item_count++] = *item;
}

static inline void recording_end(struct pv_canvas *canvas)
{
    struct recording *on = (struct recording *)canvas;
    assert_true(on->is_inside);
    on->is_inside = false;
}

static inline uint32_t recording_item(const struct recording *on)
{
    return on->is_inside ? on->item_count - 1 : PV_NONE;
}

static inline void recording_rect(struct pv_canvas *canvas, const struct pv_rect *rect,
                                  const struct pv_style *style)
{
    struct recording *on = (struct recording *)canvas;
    on->rects = recording_room(on->rects, on->rect_count, sizeof *on->rects);
    on->rects[on->rect_count++] = (struct drawn_rect){*rect, recording_item(on), *style};
}

static inline void recording_path(struct pv_canvas *canvas, const struct pv_step *steps,
                                  size_t count, const struct pv_style *style)
{
    (void)style;
    assert_true(count > 0 && steps[0].verb == PV_MOVE);
    ((struct recording *)canvas)->path_count++;
}

static inline void recording_label(struct pv_canvas *canvas, const struct pv_label *label)
{
    struct recording *on = (struct recording *)canvas;
    double size = label->size > 0 ? label->size : 12;
    double width = pv_font_width(label->text, size, label->is_bold);
    double x = label->x - (label->anchor == PV_MIDDLE ? width / 2
                           : label->anchor == PV_END  ? width
                                                      : 0);
    char *text = calloc(1, label->text.size + 1);
    memcpy(text, label->text.data, label->text.size);
    on->labels = recording_room(on->labels, on->label_count, sizeof *on->labels);
    on->labels[on->label_count++] =
        (struct drawn_label){.box = {x, label->y - size * 0.76, width, size},
                             .text = text,
                             .item = recording_item(on),
                             .paint = label->paint};
}

static inline bool recording_finish(struct pv_canvas *canvas, struct pv_buffer *notes,
                                    struct pv_error *err)
{
    (void)notes;
    (void)err;
    return !((struct recording *)canvas)->is_inside;
}

static inline void recording_free(struct pv_canvas *canvas)
{
    struct recording *on = (struct recording *)canvas;
    for (uint32_t i = 0; i < on->label_count; i++)
        free(on->labels[i].text);
    free(on->items);
    free(on->rects);
    free(on->labels);
    free(on);
}

/* Names and tooltips of its items are gone once the view has returned. */
static inline struct recording *recording_new(void)
{
    static const struct pv_canvas_ops ops = {
        recording_page,  recording_begin,  recording_end,  recording_rect, recording_path,
        recording_label, recording_finish, recording_free, NULL,           NULL};
    struct recording *on = calloc(1, sizeof *on);
    on->canvas.ops = &ops;
    return on;
}

static inline bool is_inside(const struct pv_rect *inner, const struct pv_rect *outer)
{
    return inner->x >= outer->x - 0.01 && inner->y >= outer->y - 0.01 &&
           inner->x + inner->width <= outer->x + outer->width + 0.01 &&
           inner->y + inner->height <= outer->y + outer->height + 0.01;
}

static inline bool overlaps(const struct pv_rect *a, const struct pv_rect *b)
{
    return a->x + a->width > b->x + 0.01 && b->x + b->width > a->x + 0.01 &&
           a->y + a->height > b->y + 0.01 && b->y + b->height > a->y + 0.01;
}

/* The first rectangle of an item that is a cell or a box: what its labels are to stay in. */
static inline const struct pv_rect *rect_of_item(const struct recording *on, uint32_t item)
{
    for (uint32_t i = 0; i < on->rect_count; i++)
        if (on->rects[i].item == item && on->items[item].kind != PV_ITEM_ARC)
            return &on->rects[i].rect;
    return NULL;
}

/* Everything is on the page, labels stay in their boxes, no two labels touch. */
static inline void check_recording(const struct recording *on, const char *label)
{
    struct pv_rect page = {0, 0, on->page.width, on->page.height};
    for (uint32_t i = 0; i < on->rect_count; i++)
        if (!is_inside(&on->rects[i].rect, &page))
            fail_msg("%s: a rectangle leaves the page", label);
    for (uint32_t i = 0; i < on->label_count; i++) {
        const struct drawn_label *at = &on->labels[i];
        const struct pv_rect *box = at->item == PV_NONE ? NULL : rect_of_item(on, at->item);
        if (!is_inside(&at->box, box ? box : &page))
            fail_msg("%s: \"%s\" leaves its box", label, at->text);
        for (uint32_t k = 0; k < i; k++)
            if (overlaps(&at->box, &on->labels[k].box))
                fail_msg("%s: \"%s\" lies on \"%s\"", label, at->text, on->labels[k].text);
    }
}

/* Draws with a view by name; fails the test where the view does. */
static inline void draw_view(const char *view, const struct pv_profile *profile,
                             const struct pv_draw *draw, struct pv_canvas *canvas)
{
    const struct pv_renderer *renderer = pv_renderer_named(pv_text_of(view));
    struct pv_buffer notes = {0};
    struct pv_error err = {0};
    assert_non_null(renderer);
    if (!renderer->draw(profile, draw, canvas, &notes, &err) ||
        !pv_canvas_finish(canvas, &notes, &err))
        fail_msg("%s", err.message);
    pv_buffer_free(&notes);
}

/* The picture's bytes, to be freed with pv_output_close. */
static inline struct pv_output *picture_bytes(const char *view, const char *backend,
                                              const struct pv_profile *profile,
                                              const struct pv_draw *draw)
{
    struct pv_output *output = pv_output_memory();
    struct pv_canvas_options options = {.theme = PV_THEME_AUTO, .has_no_script = true};
    struct pv_canvas *canvas = pv_backend_named(pv_text_of(backend))->open(output, &options);
    draw_view(view, profile, draw, canvas);
    pv_canvas_free(canvas);
    return output;
}

/* Where an XML text is not well-formed (a subset: no doctype, no CDATA, no comments), or NULL. */
static inline const char *xml_error(const char *at, const char *end)
{
    enum { deepest = 64 };
    struct pv_text open[deepest];
    unsigned depth = 0;
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&apos;"};
    for (; at < end; at++) {
        if ((unsigned char)*at < 0x20 && *at != '\n')
            return "control character";
        if (*at == '&') {
            bool is_known = false;
            for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
                is_known |= strncmp(at, entities[i], strlen(entities[i])) == 0;
            if (!is_known)
                return "bare &";
        }
        if (*at != '<')
            continue;
        if (at[1] == '?') {
            at = strstr(at, "?>") + 1;
            continue;
        }
        bool is_closing = at[1] == '/', is_empty = false;
        const char *name = at + 1 + is_closing;
        size_t size = strcspn(name, " >/");
        struct pv_text tag = {name, size};
        at = name + size;
        while (at < end && *at != '>') {
            if (*at == '<')
                return "< inside of a tag";
            if (*at == '"') {
                const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));
                if (!close || memchr(at, '<', (size_t)(close - at)))
                    return "broken attribute";
                at = close;
            }
            is_empty = *at == '/';
            at++;
        }
        if (size == 0 || at >= end)
            return "broken tag";
        if (is_closing && (depth == 0 || !pv_text_equal(open[--depth], tag)))
            return "closes what is not open";
        if (!is_closing && !is_empty) {
            if (depth == deepest)
                return "too deep";
            open[depth++] = tag;
        }
    }
    return depth ? "left open" : NULL;
}

static inline void check_xml(struct pv_text text, const char *label)
{
    const char *why = xml_error(text.data, text.data + text.size);
    if (why)
        fail_msg("%s: not well-formed: %s", label, why);
}

/* Compares with tests/golden/NAME; PROFVIZ_BLESS=1 writes it instead. */
static inline void check_golden(const char *name, struct pv_text bytes)
{
    char path[256];
    snprintf(path, sizeof path, "tests/golden/%s", name);
    const char *bless = getenv("PROFVIZ_BLESS");
    if (bless && *bless == '1') {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
        assert_int_equal(fclose(file), 0);
        return;
    }
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is missing: PROFVIZ_BLESS=1 writes it", path);
    char *wanted = malloc(bytes.size + 2);
    size_t size = fread(wanted, 1, bytes.size + 1, file);
    fclose(file);
    bool is_equal = size == bytes.size && memcmp(wanted, bytes.data, size) == 0;
    free(wanted);
    if (!is_equal)
        fail_msg("%s differs: PROFVIZ_BLESS=1 rewrites it, git diff shows what changed", path);
}

#endif
