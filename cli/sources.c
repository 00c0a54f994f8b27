#include "cli/sources.h"

#include "model/arena.h"
#include "model/input.h"
#include "model/map.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FILE = 16 << 20, MOST_LINE = 1 << 16, MOST_FILES = 4096 };
static const uint64_t most_bytes = 64 << 20;

/* A file that was looked for. */
struct file {
    struct pv_text name;
    struct pv_text *lines;
    uint32_t count, capacity;
    bool is_found;
};

struct pv_sources {
    struct pv_text folders;
    bool is_named; /* by the user */
    struct pv_arena *arena;
    struct file *files;
    uint32_t count, capacity;
    struct pv_map by_name; /* hash of a name to its file */
    struct pv_budget budget;
    uint64_t bytes;
};

struct pv_sources *pv_sources_new(struct pv_text folders)
{
    struct pv_sources *sources = pv_zalloc(1, sizeof *sources);
    sources->is_named = folders.size > 0;
    sources->folders = sources->is_named ? folders : PV_TEXT(".");
    sources->arena = pv_arena_new();
    return sources;
}

void pv_sources_free(struct pv_sources *sources)
{
    if (!sources)
        return;
    for (uint32_t i = 0; i < sources->count; i++)
        free(sources->files[i].lines);
    free(sources->files);
    pv_map_free(&sources->by_name);
    pv_arena_free(sources->arena);
    free(sources);
}

void pv_sources_folders(struct pv_text folders, void (*each)(void *context, const char *folder),
                        void *context)
{
    struct pv_text rest = folders.size ? folders : PV_TEXT("."), folder;
    while (pv_text_split(&rest, ':', &folder)) {
        struct pv_buffer path = {0};
        pv_buffer_add(&path, folder.size ? folder : PV_TEXT("."));
        pv_buffer_char(&path, '\0');
        each(context, path.data);
        pv_buffer_free(&path);
    }
}

/* Whether a path names nothing hidden, does not climb, and is no more than a path. */
static bool is_plain(struct pv_text path)
{
    struct pv_text part;
    if (pv_text_find(path, '\0') < path.size || path.size >= PATH_MAX)
        return false;
    while (pv_text_split(&path, '/', &part))
        if (part.size == 0 || part.data[0] == '.')
            return false;
    return true;
}

/* The real path of folder/name where that is a regular file below the folder; to be freed. */
static char *real_below(const char *folder, struct pv_text name)
{
    struct stat info;
    struct pv_buffer path = {0};
    char *base = realpath(folder, NULL);
    pv_buffer_print(&path, "%s/%.*s", folder, PV_TEXT_ARGS(name));
    pv_buffer_char(&path, '\0');
    char *real = base ? realpath(path.data, NULL) : NULL;
    struct pv_text below = pv_text_of(real), root = pv_text_of(base);
    bool is_root = pv_text_equal(root, PV_TEXT("/"));
    bool is_below = real && pv_text_starts(below, root);
    below = pv_text_slice(below, root.size, below.size);
    is_below = is_below && (is_root || pv_text_starts(below, PV_TEXT("/")));
    below = pv_text_slice(below, !is_root, below.size);
    bool is_fine = is_below && is_plain(below) && stat(real, &info) == 0 && S_ISREG(info.st_mode) &&
                   info.st_size <= MOST_FILE;
    free(base);
    pv_buffer_free(&path);
    if (is_fine)
        return real;
    free(real);
    return NULL;
}

/* What of an absolute path is below the folder; else empty. */
static struct pv_text part_below(const char *folder, struct pv_text name)
{
    char *base = realpath(folder, NULL);
    struct pv_text root = pv_text_of(base), part = {0};
    if (base && pv_text_starts(name, root) && name.size > root.size && name.data[root.size] == '/')
        part = pv_text_slice(name, root.size + 1, name.size);
    free(base);
    return part;
}

/* "./a//b" names what "a/b" does. */
static struct pv_text without_lead(struct pv_text name)
{
    while (name.size && (name.data[0] == '/' || pv_text_starts(name, PV_TEXT("./"))))
        name = pv_text_slice(name, name.data[0] == '/' ? 1 : 2, name.size);
    return name;
}

/* The file below this folder that the longest end of the name leads to. */
static char *path_in(const struct pv_sources *sources, const char *folder, struct pv_text name)
{
    struct pv_text part = part_below(folder, name);
    char *path = part.size && is_plain(part) ? real_below(folder, part) : NULL;
    struct pv_text end = without_lead(name);
    bool is_bare = pv_text_find(end, '/') == end.size;
    while (!path && end.size) {
        size_t slash = pv_text_find(end, '/');
        bool is_last = slash == end.size;
        if (is_last && !is_bare && !sources->is_named)
            break;
        if (is_plain(end))
            path = real_below(folder, end);
        end = without_lead(pv_text_slice(end, slash, end.size));
    }
    return path;
}

static void add_line(struct pv_sources *sources, struct file *file, struct pv_text line)
{
    if (file->count == file->capacity) {
        file->capacity = file->capacity * 2 + 256;
        file->lines = pv_resize(file->lines, file->capacity * sizeof *file->lines);
    }
    file->lines[file->count++] = pv_arena_copy(sources->arena, line);
}

/* All of it, or nothing where it is no text. */
static void read_file(struct pv_sources *sources, struct file *file, const char *path)
{
    struct pv_limits limits = pv_limits_default();
    limits.input_bytes = MOST_FILE;
    limits.line_bytes = MOST_LINE;
    struct pv_input_options options = {.limits = &limits};
    struct pv_input *input;
    struct pv_error err;
    struct pv_text line;
    if (!pv_input_open(&input, path, &options, &err))
        return;
    pv_input_as_text(input);
    file->is_found = true;
    while (file->is_found && sources->bytes < most_bytes && pv_input_line(input, &line)) {
        sources->bytes += line.size + sizeof line;
        file->is_found = pv_text_find(line, '\0') == line.size;
        add_line(sources, file, line);
    }
    file->is_found = file->is_found && pv_input_ok(input, &err) && sources->bytes < most_bytes;
    pv_input_close(input);
}

static void look_for(struct pv_sources *sources, struct file *file)
{
    struct pv_text rest = sources->folders, folder;
    char *path = NULL;
    while (!path && pv_text_split(&rest, ':', &folder)) {
        struct pv_buffer name = {0};
        pv_buffer_add(&name, folder.size ? folder : PV_TEXT("."));
        pv_buffer_char(&name, '\0');
        path = path_in(sources, name.data, file->name);
        pv_buffer_free(&name);
    }
    if (path)
        read_file(sources, file, path);
    free(path);
}

static struct file *file_of(struct pv_sources *sources, struct pv_text name)
{
    bool is_new;
    uint32_t *at = pv_map_put(&sources->by_name, pv_hash(name.data, name.size), sources->count,
                              &is_new, &sources->budget);
    if (!is_new)
        return pv_text_equal(sources->files[*at].name, name) ? &sources->files[*at] : NULL;
    if (sources->count == sources->capacity) {
        sources->capacity = sources->capacity * 2 + 16;
        sources->files = pv_resize(sources->files, sources->capacity * sizeof *sources->files);
    }
    struct file *file = &sources->files[sources->count++];
    *file = (struct file){.name = pv_arena_copy(sources->arena, name)};
    if (sources->count <= MOST_FILES)
        look_for(sources, file);
    return file;
}

enum pv_source_line pv_sources_find(void *context, struct pv_text name, uint32_t line,
                                    struct pv_text *out)
{
    const struct file *file = file_of(context, name);
    if (!file || !file->is_found)
        return PV_SOURCE_MISSING;
    if (line == 0 || line > file->count)
        return PV_SOURCE_SHORT;
    *out = file->lines[line - 1];
    return PV_SOURCE_FOUND;
}
