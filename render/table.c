#include "render/table.h"

#include <stdlib.h>

void pv_table_free(struct pv_table *table)
{
    if (!table)
        return;
    pv_arena_free(table->arena);
    free(table);
}
