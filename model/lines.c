#include "model/lines.h"

#include "model/map.h"

#include <stdlib.h>

static bool is_same(const struct pv_line *a, const struct pv_line *b)
{
    return a->frame == b->frame && a->file == b->file && a->line == b->line;
}

static uint32_t slot_of(const struct pv_line_table *table, const struct pv_line *line)
{
    uint64_t hash = pv_hash_pair((uint64_t)line->frame << 32 | line->file, line->line);
    uint32_t mask = table->slot_count - 1, at = (uint32_t)hash & mask;
    while (table->slots[at] && !is_same(&table->rows[table->slots[at] - 1], line))
        at = (at + 1) & mask;
    return at;
}

static bool grow_slots(struct pv_line_table *table, struct pv_budget *budget)
{
    uint64_t wanted = table->slot_count ? (uint64_t)table->slot_count * 2 : 64;
    if (wanted > UINT32_MAX ||
        !pv_budget_take(budget, (wanted - table->slot_count) * sizeof *table->slots))
        return false;
    free(table->slots);
    table->slots = pv_hash_slots((size_t)wanted, sizeof *table->slots);
    table->slot_count = (uint32_t)wanted;
    for (uint32_t i = 0; i < table->count; i++)
        table->slots[slot_of(table, &table->rows[i])] = i + 1;
    return true;
}

bool pv_line_table_put(struct pv_line_table *table, const struct pv_line *line, uint32_t *row,
                       struct pv_budget *budget)
{
    *row = table->last; /* the metrics of a line come one after the other */
    if (table->count && is_same(&table->rows[table->last], line))
        return true;
    if ((uint64_t)table->count * 2 >= table->slot_count && !grow_slots(table, budget))
        return false;
    uint32_t slot = slot_of(table, line);
    if (table->slots[slot] == 0) {
        void *rows = table->rows;
        bool grown = pv_grow(&rows, &table->capacity, (uint64_t)table->count + 1,
                             sizeof *table->rows, budget);
        table->rows = rows;
        if (!grown)
            return false;
        table->rows[table->count++] = *line;
        table->slots[slot] = table->count;
    }
    *row = table->last = table->slots[slot] - 1;
    return true;
}

void pv_line_table_free(struct pv_line_table *table)
{
    free(table->rows);
    free(table->slots);
    *table = (struct pv_line_table){0};
}
