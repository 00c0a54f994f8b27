#include "model/builder_parts.h"

void pv_build_line(struct pv_builder *builder, uint32_t frame, pv_str file, uint32_t line,
                   uint32_t metric, int64_t value)
{
    if (!builder->limits.keeps_lines || !pv_builder_is_ok(builder) || value == 0)
        return;
    struct pv_line_table *lines = &builder->lines;
    struct pv_column *column = &builder->metrics[metric].line;
    struct pv_line wanted = {
        .frame = frame,
        .file = file == builder->frames[frame].file ? 0 : file,
        .line = line,
    };
    uint32_t row;
    if (!pv_line_table_put(lines, &wanted, &row, &builder->budget)) {
        pv_builder_memory(builder);
        return;
    }
    if (lines->count > builder->limits.nodes) {
        pv_builder_limit(builder, "source lines", "--max-nodes", builder->limits.nodes);
        return;
    }
    if (pv_column_extend(builder, column, row + 1))
        pv_column_add(builder, column, row, value);
}

bool pv_lines_settle(struct pv_builder *builder)
{
    bool fits = true;
    for (uint32_t m = 0; fits && builder->lines.count && m < builder->metric_count; m++)
        fits = pv_column_extend(builder, &builder->metrics[m].line, builder->lines.count);
    return fits;
}

/* Lines whose costs made each other up are as if there were none. */
static void leave_out_zeros(struct pv_builder *builder)
{
    struct pv_line_table *table = &builder->lines;
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->count; i++) {
        bool is_zero = true;
        for (uint32_t m = 0; m < builder->metric_count; m++)
            is_zero = is_zero && builder->metrics[m].line.values[i] == 0;
        if (is_zero)
            continue;
        table->rows[count] = table->rows[i];
        for (uint32_t m = 0; m < builder->metric_count; m++)
            builder->metrics[m].line.values[count] = builder->metrics[m].line.values[i];
        count++;
    }
    table->count = count;
}

void pv_lines_finish(struct pv_builder *builder, struct pv_profile *profile)
{
    struct pv_line_table *table = &builder->lines;
    leave_out_zeros(builder);
    if (table->count == 0)
        return;
    struct pv_lines *lines = pv_arena_alloc(builder->arena, sizeof *lines);
    lines->self = pv_arena_alloc(builder->arena, builder->metric_count * sizeof *lines->self);
    lines->rows = table->rows;
    lines->count = table->count;
    pv_arena_adopt(builder->arena, table->rows);
    table->rows = NULL;
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        lines->self[m] = builder->metrics[m].line.values;
        pv_arena_adopt(builder->arena, lines->self[m]);
        builder->metrics[m].line.values = NULL;
    }
    profile->lines = lines;
}
