#include "formats/callgrind_parts.h"

#include <stdlib.h>

/* Numbers are small and mostly dense (valgrind counts in twos); those far beyond what was seen so
 * far go through a map, so that no number that a file claims becomes an allocation. */
enum { SPREAD = 4, ALWAYS_DENSE = 4096 };

/* "(12)" at the front: the number, and *rest what follows. */
static bool take_number(struct pv_text text, uint64_t *number, struct pv_text *rest)
{
    size_t at = 1;
    uint64_t value = 0;
    if (text.size < 3 || text.data[0] != '(')
        return false;
    for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9' && at < 19; at++)
        value = value * 10 + (uint64_t)(text.data[at] - '0');
    if (at == 1 || at == text.size || text.data[at] != ')')
        return false;
    *number = value;
    *rest = (struct pv_text){text.data + at + 1, text.size - at - 1};
    return rest->size == 0 || rest->data[0] == ' ';
}

static struct pv_callgrind_name *far_item(struct pv_callgrind *reader,
                                          struct pv_callgrind_names *names, uint64_t number)
{
    bool is_new = false;
    uint32_t *at = pv_map_put(&names->far, number, names->far_count, &is_new, &reader->budget);
    if (!at)
        return NULL;
    uint32_t item = *at;
    void *items = names->far_items;
    if (is_new && !pv_grow(&items, &names->far_capacity, (uint64_t)names->far_count + 1,
                           sizeof *names->far_items, &reader->budget))
        return NULL;
    names->far_items = items;
    if (is_new)
        names->far_items[names->far_count++] = (struct pv_callgrind_name){0};
    return &names->far_items[item];
}

static struct pv_callgrind_name *item_of(struct pv_callgrind *reader,
                                         struct pv_callgrind_names *names, uint64_t number)
{
    bool is_near = number < names->capacity;
    if (is_near && (names->items[number].is_given || names->far.count == 0))
        return &names->items[number];
    if (names->far.count && pv_map_get(&names->far, number))
        return far_item(reader, names, number);
    if (is_near)
        return &names->items[number];
    if (number >= (uint64_t)names->count * SPREAD + ALWAYS_DENSE)
        return far_item(reader, names, number);
    uint32_t had = names->capacity;
    void *items = names->items;
    if (!pv_grow(&items, &names->capacity, number + 1, sizeof *names->items, &reader->budget))
        return NULL;
    names->items = items;
    for (uint32_t i = had; i < names->capacity; i++)
        names->items[i] = (struct pv_callgrind_name){0};
    return &names->items[number];
}

static void give(struct pv_callgrind *reader, const struct pv_callgrind_names *names,
                 struct pv_callgrind_name *name, struct pv_text text)
{
    bool is_unknown = pv_text_equal(text, PV_TEXT("???"));
    bool is_function = names == &reader->functions;
    *name = (struct pv_callgrind_name){
        .text = is_unknown && !is_function ? 0 : pv_build_text(reader->builder, text),
        .is_given = true,
        .is_unknown = is_unknown,
    };
}

/* Some writers forget functions that they met in another thread first. */
static void give_number(struct pv_callgrind *reader, const struct pv_callgrind_names *names,
                        struct pv_callgrind_name *name, struct pv_text number)
{
    give(reader, names, name, number);
    name->is_unknown = true;
    reader->nameless++;
}

static struct pv_callgrind_name *plain(struct pv_callgrind *reader,
                                       struct pv_callgrind_names *names, struct pv_text text)
{
    give(reader, names, &names->plain, text);
    return &names->plain;
}

struct pv_callgrind_name *pv_callgrind_name(struct pv_callgrind *reader,
                                            struct pv_callgrind_names *names, struct pv_text text)
{
    uint64_t number = 0;
    struct pv_text rest;
    if (!take_number(text, &number, &rest))
        return plain(reader, names, text);
    struct pv_callgrind_name *name = item_of(reader, names, number);
    if (!name) {
        pv_callgrind_fail(reader, PV_LIMIT, "the names need more than --max-memory allows");
        return plain(reader, names, text);
    }
    names->count += !name->is_given;
    if (rest.size > 1)
        give(reader, names, name, pv_text_slice(rest, 1, rest.size));
    else if (!name->is_given)
        give_number(reader, names, name, pv_text_slice(text, 0, text.size - rest.size));
    return name;
}

void pv_callgrind_free_names(struct pv_callgrind_names *names)
{
    free(names->items);
    free(names->far_items);
    pv_map_free(&names->far);
    *names = (struct pv_callgrind_names){0};
}

uint32_t pv_callgrind_frame(struct pv_callgrind *reader, struct pv_callgrind_name *name,
                            pv_str object, pv_str file)
{
    const struct pv_frame *last =
        name->frame ? pv_build_frame_at(reader->builder, name->frame - 1) : NULL;
    if (last && last->module == object && last->file == file)
        return name->frame - 1;
    struct pv_frame frame = {.name = name->text,
                             .file = file,
                             .module = object,
                             .flags = name->is_unknown ? PV_FRAME_UNKNOWN : 0};
    uint32_t found = pv_build_frame_by(reader->builder, &frame);
    if (!pv_builder_is_ok(reader->builder))
        return PV_NONE;
    if (found < PV_CALLGRIND_FRAMES) /* else it is looked up each time */
        name->frame = (found + 1) & PV_CALLGRIND_FRAMES;
    return found;
}
