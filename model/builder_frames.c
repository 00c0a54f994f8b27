#include "model/builder_parts.h"

#include "model/error.h"

#include <stdlib.h>

/* The frame table: identity is name, file, module and line; flags are OR-ed. */

static bool is_same(const struct pv_frame *a, const struct pv_frame *b)
{
    return a->name == b->name && a->file == b->file && a->module == b->module && a->line == b->line;
}

static uint32_t append(struct pv_builder *builder, const struct pv_frame *frame)
{
    if (builder->frame_count >= builder->limits.functions) {
        pv_builder_limit(builder, "functions", "--max-functions", builder->limits.functions);
        return 0;
    }
    void *frames = builder->frames;
    bool grown = pv_builder_grow(builder, &frames, &builder->frame_capacity,
                                 (uint64_t)builder->frame_count + 1, sizeof *builder->frames);
    builder->frames = frames;
    if (!grown)
        return 0;
    builder->frames[builder->frame_count] = *frame;
    return builder->frame_count++;
}

/* Doubles the slots, which hold the hashes so that no frame is touched. */
static bool grow_slots(struct pv_builder *builder)
{
    uint64_t wanted = builder->frame_slot_count ? (uint64_t)builder->frame_slot_count * 2 : 64;
    if (wanted > UINT32_MAX ||
        !pv_budget_take(&builder->budget,
                        (wanted - builder->frame_slot_count) * sizeof *builder->frame_slots))
        return pv_builder_memory(builder);
    struct pv_frame_slot *slots = pv_hash_slots((size_t)wanted, sizeof *slots);
    for (uint32_t i = 0; i < builder->frame_slot_count; i++) {
        if (!builder->frame_slots[i].frame)
            continue;
        size_t at = builder->frame_slots[i].hash & (wanted - 1);
        while (slots[at].frame)
            at = (at + 1) & (wanted - 1);
        slots[at] = builder->frame_slots[i];
    }
    free(builder->frame_slots);
    builder->frame_slots = slots;
    builder->frame_slot_count = (uint32_t)wanted;
    return true;
}

/* Among the frames that are not the first of their name. */
static uint32_t find_further(struct pv_builder *builder, const struct pv_frame *frame)
{
    if ((uint64_t)builder->frame_slots_used * 2 >= builder->frame_slot_count &&
        !grow_slots(builder))
        return 0;
    uint32_t hash = (uint32_t)pv_hash_pair((uint64_t)frame->name << 32 | frame->file,
                                           (uint64_t)frame->module << 32 | frame->line);
    uint32_t mask = builder->frame_slot_count - 1, at = hash & mask;
    for (; builder->frame_slots[at].frame; at = (at + 1) & mask) {
        const struct pv_frame_slot *slot = &builder->frame_slots[at];
        if (slot->hash != hash || !is_same(&builder->frames[slot->frame - 1], frame))
            continue;
        builder->frames[slot->frame - 1].flags |= frame->flags;
        return slot->frame - 1;
    }
    uint32_t made = append(builder, frame);
    if (pv_builder_is_ok(builder)) {
        builder->frame_slots[at] = (struct pv_frame_slot){hash, made + 1};
        builder->frame_slots_used++;
    }
    return made;
}

static bool grow_names(struct pv_builder *builder, pv_str name)
{
    uint32_t had = builder->name_frame_capacity;
    void *map = builder->name_frame;
    bool grown = pv_builder_grow(builder, &map, &builder->name_frame_capacity, (uint64_t)name + 1,
                                 sizeof *builder->name_frame);
    builder->name_frame = map;
    for (uint32_t i = had; grown && i < builder->name_frame_capacity; i++)
        builder->name_frame[i] = 0;
    return grown;
}

/* Most names belong to one frame, which the name's number leads to; no hash is needed for it. */
static uint32_t find_or_make(struct pv_builder *builder, const struct pv_frame *frame)
{
    if (frame->name >= builder->name_frame_capacity && !grow_names(builder, frame->name))
        return 0;
    uint32_t first = builder->name_frame[frame->name];
    if (first && !is_same(&builder->frames[first - 1], frame))
        return find_further(builder, frame);
    if (first) {
        builder->frames[first - 1].flags |= frame->flags;
        return first - 1;
    }
    uint32_t made = append(builder, frame);
    if (pv_builder_is_ok(builder))
        builder->name_frame[frame->name] = made + 1;
    return made;
}

/* A text beyond the limit keeps its start and says how much is gone; the hash of the whole keeps
 * two different names different. */
static pv_str add_cut(struct pv_builder *builder, struct pv_text text)
{
    struct pv_buffer cut = {0};
    enum { ending = 64 }; /* at most: what is cut once is within the limit */
    size_t most = (size_t)builder->limits.name_bytes, keep = most > ending ? most - ending : 0;
    while (keep > 0 && ((unsigned char)text.data[keep] & 0xc0) == 0x80)
        keep--;
    pv_buffer_add(&cut, pv_text_slice(text, 0, keep));
    pv_buffer_print(&cut, "[… %zu bytes more, %016llx]", text.size - keep,
                    (unsigned long long)pv_hash_stable(text));
    pv_str id = pv_strings_add(builder->strings, pv_buffer_text(&cut), &builder->budget);
    pv_buffer_free(&cut);
    pv_build_note(builder, "cut", "names were longer than --max-name and are cut there", 1, 0);
    return id;
}

static pv_str add_text(struct pv_builder *builder, struct pv_text text)
{
    if (text.size > builder->limits.name_bytes)
        return add_cut(builder, text);
    pv_str id = pv_strings_add(builder->strings, text, &builder->budget);
    if (builder->budget.is_over)
        pv_builder_memory(builder);
    return id;
}

uint32_t pv_build_frame(struct pv_builder *builder, const struct pv_frame_info *info)
{
    if (!pv_builder_is_ok(builder))
        return 0;
    struct pv_frame frame = {
        .name = add_text(builder, info->name),
        .file = add_text(builder, info->file),
        .module = add_text(builder, info->module),
        .line = info->line,
        .flags = info->flags,
    };
    return pv_builder_is_ok(builder) ? find_or_make(builder, &frame) : 0;
}

pv_str pv_build_text(struct pv_builder *builder, struct pv_text text)
{
    return pv_builder_is_ok(builder) ? add_text(builder, text) : 0;
}

pv_str pv_build_text_of(struct pv_builder *builder, const struct pv_strings *from, pv_str id)
{
    struct pv_text text = pv_strings_get(from, id);
    if (text.size > builder->limits.name_bytes || !pv_builder_is_ok(builder))
        return pv_build_text(builder, text);
    pv_str made = pv_strings_add_of(builder->strings, from, id, &builder->budget);
    if (builder->budget.is_over)
        pv_builder_memory(builder);
    return made;
}

struct pv_text pv_build_text_bytes(const struct pv_builder *builder, pv_str text)
{
    return pv_strings_get(builder->strings, text);
}

uint32_t pv_build_frame_by(struct pv_builder *builder, const struct pv_frame *frame)
{
    return pv_builder_is_ok(builder) ? find_or_make(builder, frame) : 0;
}

uint32_t pv_build_name(struct pv_builder *builder, struct pv_text name)
{
    if (!pv_builder_is_ok(builder))
        return 0;
    struct pv_frame frame = {.name = add_text(builder, name)};
    return pv_builder_is_ok(builder) ? find_or_make(builder, &frame) : 0;
}

void pv_build_flags(struct pv_builder *builder, uint32_t frame, uint32_t flags)
{
    if (frame < builder->frame_count)
        builder->frames[frame].flags |= flags;
}

const struct pv_frame *pv_build_frame_at(const struct pv_builder *builder, uint32_t frame)
{
    return &builder->frames[frame];
}

struct pv_text pv_build_frame_text(const struct pv_builder *builder, uint32_t frame)
{
    return frame < builder->frame_count
               ? pv_strings_get(builder->strings, builder->frames[frame].name)
               : (struct pv_text){0};
}
