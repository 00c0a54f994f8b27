#include "cli/report_names.h"

#include "cli/report.h"
#include "model/escape.h"
#include "model/names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEM_MOST = 80 };

/* Bytes of the folders that all paths begin with. */
static size_t common_folder(const struct pv_settings *settings)
{
    struct pv_text first = pv_text_of(settings->inputs[0]);
    size_t slash = pv_text_find_last(first, '/');
    size_t common = slash < first.size ? slash + 1 : 0;
    for (size_t i = 1; i < settings->input_count; i++) {
        struct pv_text path = pv_text_of(settings->inputs[i]);
        while (common && !pv_text_starts(path, pv_text_slice(first, 0, common))) {
            slash = pv_text_find_last(pv_text_slice(first, 0, common - 1), '/');
            common = slash < common - 1 ? slash + 1 : 0;
        }
    }
    return common;
}

static bool is_plain(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == '-' || byte == '_' || byte == '.';
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

/* Of a name its end, which tells more; what a file system or a shell could take for something else
 * becomes "_". */
static void make_stem(struct pv_buffer *out, struct pv_text name)
{
    if (name.size > STEM_MOST)
        name = pv_text_slice(name, name.size - STEM_MOST, name.size);
    for (size_t i = 0; i < name.size; i++)
        pv_buffer_char(out, is_plain(name.data[i]) ? name.data[i] : '_');
    if (out->size && (out->data[0] == '.' || out->data[0] == '-'))
        out->data[0] = '_';
    if (out->size == 0)
        pv_buffer_char(out, '_');
}

/* Case does not tell files apart everywhere. */
static pv_str folded(struct pv_strings *seen, struct pv_text stem, bool *is_new)
{
    struct pv_buffer text = {0};
    struct pv_budget budget = {0};
    uint32_t before = pv_strings_count(seen);
    for (size_t i = 0; i < stem.size; i++)
        pv_buffer_char(&text, lower(stem.data[i]));
    pv_str id = pv_strings_add(seen, pv_buffer_text(&text), &budget);
    *is_new = pv_strings_count(seen) > before;
    pv_buffer_free(&text);
    return id;
}

static void name_files(struct pv_report_plan *plan, struct pv_arena *arena)
{
    struct pv_strings *seen = pv_strings_new();
    bool is_new;
    folded(seen, PV_TEXT("index"), &is_new);
    for (size_t i = 0; i < plan->count; i++) {
        struct pv_buffer stem = {0};
        make_stem(&stem, plan->items[i].name);
        size_t size = stem.size;
        folded(seen, pv_buffer_text(&stem), &is_new);
        for (unsigned long next = 2; !is_new; next++) {
            stem.size = size;
            pv_buffer_print(&stem, "-%lu", next);
            folded(seen, pv_buffer_text(&stem), &is_new);
        }
        plan->items[i].stem = pv_arena_copy(arena, pv_buffer_text(&stem));
        pv_buffer_free(&stem);
    }
    pv_strings_free(seen);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static const char *join(struct pv_arena *arena, struct pv_text folder, struct pv_text name)
{
    struct pv_buffer path = {0};
    pv_buffer_add(&path, folder);
    if (!pv_text_ends(folder, PV_TEXT("/")))
        pv_buffer_char(&path, '/');
    pv_buffer_add(&path, name);
    struct pv_text kept = pv_arena_copy(arena, pv_buffer_text(&path));
    pv_buffer_free(&path);
    return kept.data;
}

/* The file of the same name in the other folder: with the folders below, or without. */
static void find_bases(struct pv_report_plan *plan, struct pv_arena *arena, struct pv_text base)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct pv_report_named *item = &plan->items[i];
        const char *whole = join(arena, base, item->name);
        const char *end = join(arena, base, pv_name_base(item->name));
        item->base = access(whole, R_OK) == 0 ? whole : access(end, R_OK) == 0 ? end : NULL;
    }
}

static bool take_base(struct pv_report_plan *plan, struct pv_arena *arena, struct pv_text base,
                      struct pv_error *err)
{
    const struct pv_where where = {.source = base.data};
    plan->has_base = base.size > 0;
    if (!plan->has_base)
        return true;
    if (is_folder(base.data)) {
        find_bases(plan, arena, base);
        return true;
    }
    if (access(base.data, R_OK) != 0)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "there is no such file or folder to compare with");
    if (plan->count > 1)
        return pv_fail(err, PV_USAGE, where,
                       "is a file; several profiles are compared with those of their names in a "
                       "folder");
    plan->items[0].base = base.data;
    return true;
}

bool pv_report_plan_make(struct pv_report_plan *plan, struct pv_arena *arena,
                         const struct pv_settings *settings, struct pv_error *err)
{
    size_t count = settings->input_count;
    if (count == 0)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "'report' wants profiles: files, folders, or @LIST with a path a line");
    size_t common = common_folder(settings);
    plan->items = pv_arena_alloc(arena, count * sizeof *plan->items);
    plan->count = count;
    for (size_t i = 0; i < count; i++) {
        struct pv_text path = pv_text_of(pv_report_source(settings->inputs[i]));
        plan->items[i].path = settings->inputs[i];
        plan->items[i].name = pv_text_slice(path, common, path.size);
    }
    name_files(plan, arena);
    return take_base(plan, arena, settings->base_of, err);
}

const char *pv_report_path(struct pv_arena *arena, const struct pv_report_plan *plan,
                           const char *stem, const char *extension)
{
    struct pv_buffer name = {0};
    pv_buffer_print(&name, "%s%s", stem, extension);
    const char *path = join(arena, plan->folder, pv_buffer_text(&name));
    pv_buffer_free(&name);
    return path;
}
