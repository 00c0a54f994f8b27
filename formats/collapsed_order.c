#include "formats/collapsed.h"
#include "formats/sample_spans.h"

#include <stdlib.h>

/* One line: what ran, and how long. */
struct line {
    uint32_t node;
    struct pv_decimal value;
};

struct pv_collapsed_order {
    struct line *lines;
    size_t count, capacity;
    bool is_signed;
};

struct pv_collapsed_order *pv_collapsed_order_new(void)
{
    return pv_zalloc(1, sizeof(struct pv_collapsed_order));
}

void pv_collapsed_order_free(struct pv_collapsed_order *order)
{
    if (order)
        free(order->lines);
    free(order);
}

void pv_collapsed_order_add(struct pv_collapsed_order *order, uint32_t node,
                            struct pv_decimal value)
{
    if (order->count == order->capacity) {
        order->capacity = order->capacity * 2 + 1024;
        order->lines = pv_resize(order->lines, order->capacity * sizeof *order->lines);
    }
    order->is_signed = order->is_signed || value.value < 0;
    order->lines[order->count++] = (struct line){node, value};
}

static void build_values(const struct pv_collapsed_order *order, struct pv_builder *builder)
{
    bool fits;
    for (size_t i = 0; i < order->count; i++)
        pv_build_self(builder, order->lines[i].node, 0,
                      pv_build_value(builder, 0, order->lines[i].value, &fits));
}

static void build_spans(const struct pv_collapsed_order *order, struct pv_builder *builder)
{
    struct pv_sample_spans spans = pv_sample_spans_begin(builder, 0);
    int64_t now = 0;
    for (size_t i = 0; i < order->count && pv_builder_is_ok(builder); i++) {
        bool fits;
        int64_t value = pv_build_value(builder, 0, order->lines[i].value, &fits);
        pv_sample_spans_at(&spans, order->lines[i].node, now);
        if (!pv_add(now, value, &now))
            break;
    }
    pv_sample_spans_end(&spans, now);
    pv_build_note(builder, "order",
                  "the order of the lines is taken for their order in time, and each lasts as long "
                  "as its value says",
                  1, 0);
}

void pv_collapsed_order_build(const struct pv_collapsed_order *order, struct pv_builder *builder,
                              bool has_two_columns)
{
    if (order->is_signed || has_two_columns)
        build_values(order, builder);
    else
        build_spans(order, builder);
}
