#include "model/arena.h"

#include "model/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { chunk_size = 64 << 10, alignment = sizeof(max_align_t) };

struct chunk {
    struct chunk *next;
    max_align_t bytes[];
};

struct adopted {
    struct adopted *next;
    void *block;
};

struct pv_arena {
    struct chunk *chunks;
    struct adopted *adopted;
    char *at, *end;
    char *text, *text_end; /* texts lie apart, because they need no alignment */
};

struct pv_arena *pv_arena_new(void)
{
    return pv_zalloc(1, sizeof(struct pv_arena));
}

static char *new_chunk(struct pv_arena *arena, size_t size)
{
    struct chunk *chunk = pv_zalloc(1, sizeof *chunk + size);
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return (char *)chunk->bytes;
}

void *pv_arena_alloc(struct pv_arena *arena, size_t size)
{
    size = size ? (size + alignment - 1) / alignment * alignment : alignment;
    if (size > chunk_size / 4)
        return new_chunk(arena, size);
    if (size > (size_t)(arena->end - arena->at)) {
        arena->at = new_chunk(arena, chunk_size);
        arena->end = arena->at + chunk_size;
    }
    char *block = arena->at;
    arena->at += size;
    return block;
}

static char *room_for_text(struct pv_arena *arena, size_t size)
{
    if (size > chunk_size / 4)
        return new_chunk(arena, size);
    if (size > (size_t)(arena->text_end - arena->text)) {
        arena->text = new_chunk(arena, chunk_size);
        arena->text_end = arena->text + chunk_size;
    }
    char *room = arena->text;
    arena->text += size;
    return room;
}

struct pv_text pv_arena_copy(struct pv_arena *arena, struct pv_text text)
{
    char *copy = room_for_text(arena, text.size + 1);
    if (text.size)
        memcpy(copy, text.data, text.size);
    return (struct pv_text){copy, text.size};
}

void pv_arena_adopt(struct pv_arena *arena, void *block)
{
    if (!block)
        return;
    struct adopted *entry = pv_arena_alloc(arena, sizeof *entry);
    *entry = (struct adopted){arena->adopted, block};
    arena->adopted = entry;
}

void pv_arena_release(struct pv_arena *arena, void *block)
{
    struct adopted *entry = arena->adopted;
    while (entry && entry->block != block)
        entry = entry->next;
    if (!entry)
        return;
    free(entry->block);
    entry->block = NULL;
}

void pv_arena_free(struct pv_arena *arena)
{
    if (!arena)
        return;
    for (struct adopted *entry = arena->adopted; entry; entry = entry->next)
        free(entry->block);
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}
