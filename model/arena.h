#ifndef PV_MODEL_ARENA_H
#define PV_MODEL_ARENA_H

#include "model/text.h"

/* Memory that lives and dies together: blocks are handed out one after the other and released at
 * once. It also adopts blocks made by malloc. */
struct pv_arena;

struct pv_arena *pv_arena_new(void);

/* `size` bytes, zeroed, aligned for any type; never NULL. */
void *pv_arena_alloc(struct pv_arena *arena, size_t size);

/* A copy of the text inside the arena, with a NUL behind it. */
struct pv_text pv_arena_copy(struct pv_arena *arena, struct pv_text text);

/* Makes the arena the owner of a malloc'ed block (NULL is fine). */
void pv_arena_adopt(struct pv_arena *arena, void *block);

/* Frees an adopted block before its time; one that was not adopted stays. */
void pv_arena_release(struct pv_arena *arena, void *block);

void pv_arena_free(struct pv_arena *arena);

#endif
