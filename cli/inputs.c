#include "cli/inputs.h"

#include "model/error.h"
#include "model/input.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The inputs as they will be; those that were named stay as they are, in argv. */
struct expanding {
    const char **inputs;
    bool *is_found;
    size_t count, capacity;
};

static void add(struct expanding *expanding, const char *path, bool is_found)
{
    if (expanding->count == expanding->capacity) {
        expanding->capacity = expanding->capacity ? expanding->capacity * 2 : 16;
        expanding->inputs =
            pv_resize(expanding->inputs, expanding->capacity * sizeof *expanding->inputs);
        expanding->is_found =
            pv_resize(expanding->is_found, expanding->capacity * sizeof *expanding->is_found);
    }
    expanding->is_found[expanding->count] = is_found;
    expanding->inputs[expanding->count++] = path;
}

static void free_expanding(struct expanding *expanding)
{
    for (size_t i = 0; i < expanding->count; i++)
        if (expanding->is_found[i])
            free((void *)(uintptr_t)expanding->inputs[i]);
    free(expanding->inputs);
    free(expanding->is_found);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_wanted(const char *path, const struct pv_settings *settings)
{
    struct stat info, output;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    return settings->output.size == 0 || stat(settings->output.data, &output) != 0 ||
           output.st_dev != info.st_dev || output.st_ino != info.st_ino;
}

/* "run" and "a.out" as "run/a.out", to be freed. */
static char *join(const char *folder, const char *name)
{
    struct pv_buffer path = {0};
    struct pv_text front = pv_text_of(folder);
    pv_buffer_add(&path, front);
    if (!pv_text_ends(front, PV_TEXT("/")))
        pv_buffer_char(&path, '/');
    pv_buffer_add(&path, pv_text_of(name));
    pv_buffer_char(&path, '\0');
    return path.data;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_folder(struct expanding *expanding, const char *folder,
                       const struct pv_settings *settings, struct pv_error *err)
{
    const struct pv_where where = {.source = folder};
    size_t before = expanding->count;
    DIR *listing = opendir(folder);
    if (!listing)
        return pv_fail(err, PV_INPUT_FAILED, where, "cannot be listed: %s", strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = join(folder, entry->d_name);
        if (is_wanted(path, settings))
            add(expanding, path, true);
        else
            free(path);
    }
    closedir(listing);
    if (expanding->count == before)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "has no file in it, and folders in it are not looked into");
    qsort(expanding->inputs + before, expanding->count - before, sizeof *expanding->inputs,
          compare);
    return true;
}

static char *copy(struct pv_text path)
{
    struct pv_buffer out = {0};
    pv_buffer_add(&out, path);
    pv_buffer_char(&out, '\0');
    return out.data;
}

/* The paths in "@FILE": a line each; what is blank or begins with # is none. */
static bool add_list(struct expanding *expanding, const char *list,
                     const struct pv_settings *settings, struct pv_error *err)
{
    const struct pv_input_options options = {.limits = &settings->limits};
    struct pv_input *input;
    struct pv_text line;
    size_t before = expanding->count;
    if (!pv_input_open(&input, list, &options, err))
        return false;
    bool is_fine = true;
    while (is_fine && pv_input_line(input, &line)) {
        if (pv_text_trim(line).size == 0 || line.data[0] == '#')
            continue;
        char *path = copy(line);
        is_fine = !is_folder(path) || add_folder(expanding, path, settings, err);
        if (is_folder(path))
            free(path);
        else
            add(expanding, path, true);
    }
    is_fine = is_fine && pv_input_ok(input, err);
    pv_input_close(input);
    if (!is_fine)
        err->where.source = list;
    return is_fine &&
           (expanding->count > before ||
            pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = list}, "has no path in it"));
}

static bool is_pattern(const char *path)
{
    return strpbrk(path, "*?[") && access(path, F_OK) != 0;
}

/* In the order of bytes, as the program never sets a locale. What fits nothing stays as it is, and
 * fails when it is opened. */
static void add_matches(struct expanding *expanding, const char *pattern)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0) {
        add(expanding, pattern, false);
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!is_folder(found.gl_pathv[i]))
            add(expanding, copy(pv_text_of(found.gl_pathv[i])), true);
    globfree(&found);
}

static bool is_list(const char *path)
{
    return path[0] == '@' && path[1] && access(path, F_OK) != 0;
}

static bool expand_one(struct expanding *expanding, const char *path,
                       const struct pv_settings *settings, struct pv_error *err)
{
    if (is_folder(path))
        return add_folder(expanding, path, settings, err);
    if (is_list(path))
        return add_list(expanding, path + 1, settings, err);
    if (is_pattern(path))
        add_matches(expanding, path);
    else
        add(expanding, path, false);
    return true;
}

bool pv_inputs_expand(struct pv_settings *settings, struct pv_error *err)
{
    struct expanding expanding = {0};
    bool is_expanded = false, is_fine = true;
    for (size_t i = 0; i < settings->input_count; i++)
        is_expanded = is_expanded || is_folder(settings->inputs[i]) ||
                      is_list(settings->inputs[i]) || is_pattern(settings->inputs[i]);
    for (size_t i = 0; is_expanded && is_fine && i < settings->input_count; i++)
        is_fine = expand_one(&expanding, settings->inputs[i], settings, err);
    if (!is_expanded || !is_fine) {
        free_expanding(&expanding);
        return is_fine;
    }
    free(settings->inputs);
    settings->inputs = expanding.inputs;
    settings->input_is_found = expanding.is_found;
    settings->input_count = expanding.count;
    return true;
}

bool pv_inputs_may_skip(const struct pv_settings *settings, size_t input,
                        const struct pv_error *err)
{
    struct stat info;
    if (err->code != PV_INPUT_FAILED || settings->is_strict || settings->input_count < 2)
        return false;
    return (settings->input_is_found && settings->input_is_found[input]) ||
           (stat(settings->inputs[input], &info) == 0 && S_ISREG(info.st_mode) &&
            info.st_size == 0);
}

struct pv_text pv_inputs_folder(const struct pv_settings *settings)
{
    struct pv_text folder = {0};
    for (size_t i = 0; settings->input_is_found && i < settings->input_count; i++) {
        struct pv_text path = pv_text_of(settings->inputs[i]);
        struct pv_text own = pv_text_slice(path, 0, pv_text_find_last(path, '/'));
        if (!settings->input_is_found[i] || (i && !pv_text_equal(own, folder)))
            return (struct pv_text){0};
        folder = own;
    }
    return folder;
}
