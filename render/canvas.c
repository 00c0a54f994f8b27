#include "render/canvas.h"

void pv_canvas_page(struct pv_canvas *canvas, const struct pv_page *page)
{
    canvas->ops->page(canvas, page);
}

void pv_canvas_part(struct pv_canvas *canvas, enum pv_part part)
{
    if (canvas->ops->part)
        canvas->ops->part(canvas, part);
}

void pv_canvas_begin(struct pv_canvas *canvas, const struct pv_item *item)
{
    canvas->ops->begin(canvas, item);
}

void pv_canvas_end(struct pv_canvas *canvas)
{
    canvas->ops->end(canvas);
}

void pv_canvas_rect(struct pv_canvas *canvas, const struct pv_rect *rect,
                    const struct pv_style *style)
{
    canvas->ops->rect(canvas, rect, style);
}

void pv_canvas_path(struct pv_canvas *canvas, const struct pv_step *steps, size_t count,
                    const struct pv_style *style)
{
    canvas->ops->path(canvas, steps, count, style);
}

void pv_canvas_label(struct pv_canvas *canvas, const struct pv_label *label)
{
    if (label->text.size)
        canvas->ops->label(canvas, label);
}

void pv_canvas_area(struct pv_canvas *canvas, const struct pv_rect *rect)
{
    if (canvas->ops->area)
        canvas->ops->area(canvas, rect);
}

bool pv_canvas_finish(struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    return canvas->ops->finish(canvas, notes, err);
}

void pv_canvas_free(struct pv_canvas *canvas)
{
    if (canvas)
        canvas->ops->free(canvas);
}
