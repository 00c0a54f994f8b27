#include "render/font.h"
#include "render/png.h"
#include "render/registry.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

/* PNG and PDF through cairo, text through pango. */

enum { default_size = 12 };

struct drawing {
    struct pv_canvas canvas;
    struct pv_output *output;
    struct pv_limits limits;
    struct pv_text data;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fontmap; /* its own: nothing stays behind in a thread's default */
    PangoLayout *layout;
    PangoFontDescription *font;
    double font_size;
    bool font_is_bold;
    bool is_pdf, is_dark, has_no_fonts, has_background;
    uint32_t background;
    double wanted_scale, scale;
    char *fonts;
};

static struct drawing *drawing_of(struct pv_canvas *canvas)
{
    return (struct drawing *)canvas;
}

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned size)
{
    struct drawing *drawing = closure;
    pv_output_add(drawing->output, (struct pv_text){(const char *)bytes, size});
    return CAIRO_STATUS_SUCCESS;
}

/* As large as wanted, or as the limits allow. */
static double fitting_scale(const struct drawing *drawing, double width, double height)
{
    double scale = drawing->wanted_scale;
    double side = (double)drawing->limits.png_side / (width > height ? width : height);
    double area = sqrt((double)drawing->limits.png_pixels / (width * height));
    scale = scale < side ? scale : side;
    return scale < area ? scale : area;
}

static void set_source(struct drawing *drawing, enum pv_paint paint, double opacity)
{
    bool is_own = drawing->has_background && paint == PV_PAINT_BACKGROUND;
    uint32_t rgb = is_own ? drawing->background : pv_palette_rgb(paint, drawing->is_dark);
    double red = (double)(rgb >> 16) / 255, green = (double)(rgb >> 8 & 0xFF) / 255,
           blue = (double)(rgb & 0xFF) / 255;
    cairo_set_source_rgba(drawing->cr, red, green, blue, opacity > 0 && opacity < 1 ? opacity : 1);
}

static void open_surface(struct drawing *drawing, const struct pv_page *page)
{
    /* PDF counts in points, 72 an inch; px are 96 an inch. */
    drawing->scale = drawing->is_pdf ? 0.75 : fitting_scale(drawing, page->width, page->height);
    double width = page->width * drawing->scale, height = page->height * drawing->scale;
    if (drawing->is_pdf) {
        drawing->surface = cairo_pdf_surface_create_for_stream(write_bytes, drawing, width, height);
        /* The same bytes whenever it is made. */
        cairo_pdf_surface_set_metadata(drawing->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                       "2000-01-01T00:00:00Z");
    } else {
        int columns = (int)ceil(width - 1e-6), rows = (int)ceil(height - 1e-6);
        drawing->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns > 0 ? columns : 1,
                                                      rows > 0 ? rows : 1);
    }
}

static void open_text(struct drawing *drawing)
{
    drawing->fontmap = pango_cairo_font_map_new();
    PangoContext *context = pango_font_map_create_context(drawing->fontmap);
    pango_cairo_update_context(drawing->cr, context);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    drawing->font = pango_font_description_from_string(drawing->fonts);
    pango_font_description_set_absolute_size(drawing->font, default_size * PANGO_SCALE);
    PangoFont *font = pango_context_load_font(context, drawing->font);
    drawing->has_no_fonts = !font;
    if (font)
        g_object_unref(font);
    drawing->layout = pango_layout_new(context);
    pango_layout_set_single_paragraph_mode(drawing->layout, TRUE);
    g_object_unref(context);
}

static void drawing_page(struct pv_canvas *canvas, const struct pv_page *page)
{
    struct drawing *drawing = drawing_of(canvas);
    open_surface(drawing, page);
    drawing->cr = cairo_create(drawing->surface);
    cairo_scale(drawing->cr, drawing->scale, drawing->scale);
    open_text(drawing);
    set_source(drawing, PV_PAINT_BACKGROUND, 1);
    cairo_paint(drawing->cr);
}

static void drawing_begin(struct pv_canvas *canvas, const struct pv_item *item)
{
    (void)canvas;
    (void)item;
}

static void drawing_end(struct pv_canvas *canvas)
{
    (void)canvas;
}

static void rounded(cairo_t *cr, const struct pv_rect *rect, double radius)
{
    double least = rect->width < rect->height ? rect->width : rect->height;
    double r = radius < least / 2 ? radius : least / 2;
    double left = rect->x, top = rect->y, right = left + rect->width, bottom = top + rect->height;
    double corner = r * 0.4477; /* 1 - kappa: a quarter of a circle as one Bézier curve */
    if (r <= 0) {
        cairo_rectangle(cr, left, top, rect->width, rect->height);
        return;
    }
    cairo_move_to(cr, left + r, top);
    cairo_line_to(cr, right - r, top);
    cairo_curve_to(cr, right - corner, top, right, top + corner, right, top + r);
    cairo_line_to(cr, right, bottom - r);
    cairo_curve_to(cr, right, bottom - corner, right - corner, bottom, right - r, bottom);
    cairo_line_to(cr, left + r, bottom);
    cairo_curve_to(cr, left + corner, bottom, left, bottom - corner, left, bottom - r);
    cairo_line_to(cr, left, top + r);
    cairo_curve_to(cr, left, top + corner, left + corner, top, left + r, top);
    cairo_close_path(cr);
}

/* Lines at 45° inside the path that is current, which is kept. */
static void hatch(struct drawing *drawing)
{
    enum { distance = 7 };
    cairo_t *cr = drawing->cr;
    cairo_path_t *path = cairo_copy_path(cr);
    double x1, y1, x2, y2;
    cairo_save(cr);
    cairo_path_extents(cr, &x1, &y1, &x2, &y2);
    cairo_clip(cr);
    for (double x = floor((x1 + y1) / distance) * distance - y1; x - (y2 - y1) < x2;
         x += distance) {
        cairo_move_to(cr, x, y1);
        cairo_line_to(cr, x - (y2 - y1), y2);
    }
    set_source(drawing, PV_PAINT_TEXT, 0.22);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
    cairo_restore(cr);
    cairo_append_path(cr, path);
    cairo_path_destroy(path);
}

/* Fills and strokes the current path. */
static void paint_path(struct drawing *drawing, const struct pv_style *style)
{
    static const double dotted[] = {2, 2}, dashed[] = {5, 3};
    cairo_t *cr = drawing->cr;
    if (style->fill) {
        set_source(drawing, style->fill, style->opacity);
        cairo_fill_preserve(cr);
    }
    if (style->is_hatched)
        hatch(drawing);
    if (style->stroke) {
        set_source(drawing, style->stroke, style->opacity);
        cairo_set_line_width(cr, style->stroke_width > 0 ? style->stroke_width : 1);
        cairo_set_dash(cr, style->dash == PV_DOTTED ? dotted : dashed, style->dash ? 2 : 0, 0);
        cairo_stroke_preserve(cr);
    }
    cairo_new_path(cr);
}

static void drawing_rect(struct pv_canvas *canvas, const struct pv_rect *rect,
                         const struct pv_style *style)
{
    struct drawing *drawing = drawing_of(canvas);
    if (rect->width <= 0 || rect->height <= 0)
        return;
    rounded(drawing->cr, rect, style->radius);
    paint_path(drawing, style);
}

static void drawing_path(struct pv_canvas *canvas, const struct pv_step *steps, size_t count,
                         const struct pv_style *style)
{
    struct drawing *drawing = drawing_of(canvas);
    for (size_t i = 0; i < count; i++) {
        const struct pv_step *step = &steps[i];
        switch (step->verb) {
        case PV_MOVE:
            cairo_move_to(drawing->cr, step->x, step->y);
            break;
        case PV_LINE:
            cairo_line_to(drawing->cr, step->x, step->y);
            break;
        case PV_CURVE:
            cairo_curve_to(drawing->cr, step->x1, step->y1, step->x2, step->y2, step->x, step->y);
            break;
        case PV_CLOSE:
            cairo_close_path(drawing->cr);
            break;
        }
    }
    paint_path(drawing, style);
}

static void set_font(struct drawing *drawing, double size, bool is_bold)
{
    if (drawing->font_size == size && drawing->font_is_bold == is_bold)
        return;
    pango_font_description_set_absolute_size(drawing->font, size * PANGO_SCALE);
    pango_font_description_set_weight(drawing->font,
                                      is_bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(drawing->layout, drawing->font);
    drawing->font_size = size;
    drawing->font_is_bold = is_bold;
}

static void drawing_label(struct pv_canvas *canvas, const struct pv_label *label)
{
    struct drawing *drawing = drawing_of(canvas);
    PangoLayout *layout = drawing->layout;
    if (drawing->has_no_fonts)
        return;
    set_font(drawing, label->size > 0 ? label->size : default_size, label->is_bold);
    pango_layout_set_text(layout, label->text.data, (int)label->text.size);
    double x = label->x;
    if (label->anchor != PV_START) {
        int width;
        pango_layout_get_size(layout, &width, NULL);
        x -= (double)width / PANGO_SCALE / (label->anchor == PV_MIDDLE ? 2 : 1);
    }
    double baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    set_source(drawing, label->paint ? label->paint : PV_PAINT_TEXT, 1);
    cairo_save(drawing->cr);
    cairo_translate(drawing->cr, label->x, label->y);
    cairo_rotate(drawing->cr, label->turn / 180 * 3.14159265358979323846);
    cairo_move_to(drawing->cr, x - label->x, -baseline);
    pango_cairo_show_layout(drawing->cr, layout);
    cairo_restore(drawing->cr);
    cairo_new_path(drawing->cr);
}

static bool finish_png(struct drawing *drawing, struct pv_error *err)
{
    cairo_surface_flush(drawing->surface);
    struct pv_pixels pixels = {
        .data = cairo_image_surface_get_data(drawing->surface),
        .width = (uint32_t)cairo_image_surface_get_width(drawing->surface),
        .height = (uint32_t)cairo_image_surface_get_height(drawing->surface),
        .stride = (size_t)cairo_image_surface_get_stride(drawing->surface),
        .scale = drawing->scale,
        .carried = drawing->data,
    };
    return pv_png_write(drawing->output, &pixels, err);
}

static void add_notes(const struct drawing *drawing, struct pv_buffer *notes)
{
    if (drawing->has_no_fonts)
        pv_buffer_add(notes, PV_TEXT("no fonts are installed: the picture has no text\n"));
    if (drawing->is_pdf || drawing->scale >= drawing->wanted_scale)
        return;
    char number[PV_NUMBER_SIZE];
    struct pv_text scale = {number, pv_print_fixed(number, drawing->scale, 2)};
    pv_buffer_print(notes,
                    "the picture is scaled down to --scale %.*s, the limit of a PNG's size\n",
                    PV_TEXT_ARGS(scale));
}

static bool drawing_finish(struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    struct drawing *drawing = drawing_of(canvas);
    cairo_status_t status = drawing->cr ? cairo_status(drawing->cr) : CAIRO_STATUS_SUCCESS;
    if (status == CAIRO_STATUS_SUCCESS && drawing->is_pdf) {
        cairo_surface_finish(drawing->surface);
        status = cairo_surface_status(drawing->surface);
    }
    if (status != CAIRO_STATUS_SUCCESS)
        return pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){0}, "cairo cannot draw this: %s",
                       cairo_status_to_string(status));
    add_notes(drawing, notes);
    return drawing->is_pdf || finish_png(drawing, err);
}

static void drawing_free(struct pv_canvas *canvas)
{
    struct drawing *drawing = drawing_of(canvas);
    if (drawing->layout)
        g_object_unref(drawing->layout);
    if (drawing->font)
        pango_font_description_free(drawing->font);
    if (drawing->fontmap)
        g_object_unref(drawing->fontmap);
    cairo_destroy(drawing->cr);
    cairo_surface_destroy(drawing->surface);
    free(drawing->fonts);
    free(drawing);
}

static const struct pv_canvas_ops drawing_ops = {
    drawing_page,  drawing_begin,  drawing_end,  drawing_rect, drawing_path,
    drawing_label, drawing_finish, drawing_free, NULL,         NULL,
};

static struct drawing *new_drawing(struct pv_output *output,
                                   const struct pv_canvas_options *options)
{
    struct drawing *drawing = pv_zalloc(1, sizeof *drawing);
    struct pv_text fonts = options->fonts.size ? options->fonts : PV_TEXT(PV_FONT_LIST);
    drawing->canvas.ops = &drawing_ops;
    drawing->output = output;
    drawing->limits = options->limits ? *options->limits : pv_limits_default();
    drawing->is_dark = options->theme == PV_THEME_DARK;
    drawing->has_background = options->has_background;
    drawing->background = options->background;
    drawing->data = options->data;
    drawing->wanted_scale = options->scale > 0 ? options->scale : 2;
    drawing->fonts = pv_zalloc(fonts.size + 1, 1);
    memcpy(drawing->fonts, fonts.data, fonts.size);
    return drawing;
}

struct pv_canvas *pv_canvas_png(struct pv_output *output, const struct pv_canvas_options *options)
{
    return &new_drawing(output, options)->canvas;
}

struct pv_canvas *pv_canvas_pdf(struct pv_output *output, const struct pv_canvas_options *options)
{
    struct drawing *drawing = new_drawing(output, options);
    drawing->is_pdf = true;
    return &drawing->canvas;
}
