#include "cli/target.h"

#include "cli/pipeline.h"
#include "formats/registry.h"
#include "model/escape.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name, *extension;
    enum pv_table_kind kind;
} tables[] = {
    {"text", ".txt", PV_TABLE_TEXT},  {"markdown", ".md", PV_TABLE_MARKDOWN},
    {"csv", ".csv", PV_TABLE_CSV},    {"json", ".json", PV_TABLE_JSON},
    {"html", ".html", PV_TABLE_HTML},
};
enum { TABLES = sizeof tables / sizeof tables[0] };

static const struct pv_where nowhere = {0};

const char *pv_target_table_name(size_t index)
{
    return index < TABLES ? tables[index].name : NULL;
}

const char *pv_target_table_extension(size_t index)
{
    return index < TABLES ? tables[index].extension : NULL;
}

static bool find_table_by_name(struct pv_target *out, struct pv_text name)
{
    for (size_t i = 0; i < TABLES; i++) {
        if (!pv_text_equal(name, pv_text_of(tables[i].name)))
            continue;
        out->kind = PV_TARGET_TABLE;
        out->table = tables[i].kind;
        return true;
    }
    return false;
}

static bool find_table(struct pv_target *out, struct pv_text path)
{
    if (pv_text_ends(path, PV_TEXT(".gz")))
        path.size -= strlen(".gz");
    for (size_t i = 0; i < TABLES; i++) {
        if (!pv_text_ends(path, pv_text_of(tables[i].extension)))
            continue;
        out->kind = PV_TARGET_TABLE;
        out->table = tables[i].kind;
        return true;
    }
    return false;
}

/* Whose name ends like this; out->kind says what it is. */
static bool find_by_path(struct pv_target *out, struct pv_text path)
{
    out->backend = pv_backend_for_output(path, &out->is_gzip);
    out->format = pv_format_for_output(path);
    out->kind = out->backend ? PV_TARGET_PICTURE : PV_TARGET_DATA;
    return out->backend || out->format || find_table(out, path);
}

/* "folded" and "md" are what files are called that are collapsed and Markdown. */
static bool find_by_ending(struct pv_target *out, struct pv_text name)
{
    struct pv_buffer path = {0};
    pv_buffer_char(&path, '.');
    pv_buffer_add(&path, name);
    bool is_found = find_by_path(out, pv_buffer_text(&path));
    pv_buffer_free(&path);
    return is_found;
}

static bool find_by_name(struct pv_target *out, struct pv_text name, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = name};
    if (out->is_table_only && find_table_by_name(out, name))
        return true;
    out->backend = pv_backend_named(name);
    out->format = pv_format_named(name);
    out->kind = out->backend ? PV_TARGET_PICTURE : PV_TARGET_DATA;
    if (out->backend || (out->format && out->format->write))
        return true;
    if (out->format)
        return pv_fail(err, PV_USAGE, nowhere,
                       "%s is read but not written; profviz formats says "
                       "which are",
                       out->format->name);
    if (find_table_by_name(out, name) || find_by_ending(out, name))
        return true;
    out->kind = PV_TARGET_DATA;
    out->format = pv_format_meant(name, true);
    if (out->format)
        return true;
    for (size_t i = 0; i < TABLES; i++)
        pv_nearest_try(&nearest, pv_text_of(tables[i].name));
    for (const struct pv_backend *const *next = pv_backends(); *next; next++)
        pv_nearest_try(&nearest, pv_text_of((*next)->name));
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        if ((*next)->write)
            pv_nearest_try(&nearest, pv_text_of((*next)->name));
    return pv_pipeline_unknown(
        "kind of output", &nearest,
        "there are svg, png, pdf, text, markdown, csv, html, and the formats that "
        "profviz formats shows as written",
        err);
}

static bool find_by_extension(struct pv_target *out, struct pv_text path, struct pv_error *err)
{
    if (out->is_table_only && find_table(out, path))
        return true;
    if (find_by_path(out, path))
        return true;
    return pv_fail(err, PV_USAGE, nowhere,
                   "what to write does not follow from the name '%.*s'; use an extension such as "
                   ".svg, .png, .pdf, .html, .json, .folded, .txt, .md or .csv, or say --to",
                   PV_TEXT_ARGS(pv_text_slice(path, 0, 80)));
}

static bool is_same_file(const struct stat *a, const char *path)
{
    struct stat b;
    return stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

static bool check_is_no_input(const char *path, const struct pv_settings *settings,
                              struct pv_error *err)
{
    struct stat output;
    bool is_known =
        strcmp(path, "-") == 0 ? fstat(STDOUT_FILENO, &output) == 0 : stat(path, &output) == 0;
    if (!is_known || !S_ISREG(output.st_mode))
        return true;
    for (size_t i = 0; i < settings->input_count; i++)
        if (strcmp(settings->inputs[i], "-") != 0 && is_same_file(&output, settings->inputs[i]))
            return pv_fail(err, PV_USAGE, nowhere,
                           "the output is the input '%.80s'; write to another file",
                           settings->inputs[i]);
    return true;
}

static bool check_is_no_folder(const char *path, struct pv_error *err)
{
    struct stat output;
    if (strcmp(path, "-") == 0 || stat(path, &output) != 0 || !S_ISDIR(output.st_mode))
        return true;
    return pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){.source = path},
                   "is a folder; -o wants the name of a file");
}

/* After an hour of reading is too late to learn that a folder does not exist. */
static bool check_has_folder(const char *path, struct pv_error *err)
{
    struct pv_where where = {.source = path};
    if (strcmp(path, "-") == 0)
        return true;
    struct pv_text text = pv_text_of(path);
    size_t slash = pv_text_find_last(text, '/');
    struct pv_buffer folder = {0};
    pv_buffer_print(&folder, "%.*s", (int)(slash < text.size ? slash + 1 : 0), path);
    pv_buffer_char(&folder, '.');
    pv_buffer_char(&folder, '\0');
    bool is_there = access(folder.data, F_OK) == 0;
    pv_buffer_free(&folder);
    return is_there || pv_fail(err, PV_OUTPUT_FAILED, where,
                               "the folder to write it to does not exist; make it first");
}

static bool check_terminal(const struct pv_target *target, struct pv_error *err)
{
    bool is_page = target->kind == PV_TARGET_TABLE && target->table == PV_TABLE_HTML;
    bool is_binary = target->is_gzip || is_page || (target->backend && target->backend->is_binary);
    if (!target->is_terminal || !is_binary)
        return true;
    return pv_fail(err, PV_USAGE, nowhere,
                   "this output is no text and a terminal cannot show it; name a file with -o");
}

bool pv_target_find(struct pv_target *out, const struct pv_call *call, struct pv_target usual,
                    struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    struct pv_text path = settings->output.size ? settings->output : PV_TEXT("-");
    bool is_stdout = pv_text_equal(path, PV_TEXT("-"));
    struct pv_target target = usual;
    if (!check_is_no_folder(path.data, err))
        return false;
    bool is_found = settings->to.size ? find_by_name(&target, settings->to, err)
                    : is_stdout       ? true
                                      : find_by_extension(&target, path, err);
    target.path = path.data;
    target.is_gzip = target.is_gzip || pv_text_ends(path, PV_TEXT(".gz")) ||
                     pv_text_ends(path, PV_TEXT(".svgz"));
    target.is_terminal = is_stdout && call->terminal->is_stdout_terminal;
    if (!is_found || !check_terminal(&target, err) ||
        !check_is_no_input(target.path, settings, err) || !check_has_folder(target.path, err))
        return false;
    *out = target;
    return true;
}

struct pv_call pv_target_call(const struct pv_target *target, const struct pv_call *call)
{
    struct pv_call own = *call;
    own.shows_notes = target->kind == PV_TARGET_TABLE && target->table != PV_TABLE_CSV &&
                      target->is_terminal && call->terminal->is_stderr_terminal;
    return own;
}

void pv_target_show(struct pv_text data, struct pv_output *output)
{
    struct pv_buffer shown = {0};
    struct pv_text line;
    while (data.size && pv_text_split(&data, '\n', &line)) {
        shown.size = 0;
        pv_escape(&shown, PV_ESCAPE_DISPLAY, line);
        pv_output_add(output, pv_buffer_text(&shown));
        pv_output_char(output, '\n');
    }
    pv_buffer_free(&shown);
}

static bool wants_color(const struct pv_target *target, const struct pv_call *call)
{
    const struct pv_terminal *terminal = call->terminal;
    if (call->settings->color != PV_AUTO)
        return call->settings->color == PV_ALWAYS;
    if (terminal->no_color)
        return false;
    return terminal->force_color || (target->is_terminal && !terminal->is_dumb);
}

struct pv_text_style pv_target_style(const struct pv_target *target, const struct pv_call *call)
{
    bool has_color = wants_color(target, call);
    return (struct pv_text_style){
        .has_color = has_color,
        .has_bars = has_color || target->is_terminal,
        .has_true_color = call->terminal->has_true_color,
        .is_ascii = call->settings->is_ascii || (target->is_terminal && call->terminal->is_ascii),
        .columns = target->is_terminal ? call->terminal->columns : 0,
    };
}

bool pv_target_is_ascii(const struct pv_target *target, const struct pv_call *call)
{
    bool is_text = target->kind == PV_TARGET_TABLE && target->table == PV_TABLE_TEXT;
    return is_text && pv_target_style(target, call).is_ascii;
}

bool pv_target_write(const struct pv_target *target, pv_target_writer *write, void *context,
                     struct pv_error *err)
{
    const struct pv_output_options options = {.is_gzip = target->is_gzip};
    struct pv_output *output;
    bool is_closed_pipe = false;
    if (!pv_output_open(&output, target->path, &options, err))
        return false;
    bool is_fine = write(context, output, err) && pv_output_commit(output, &is_closed_pipe, err);
    pv_output_close(output);
    bool is_done = is_fine || is_closed_pipe;
    if (!is_done && err->where.source && strcmp(err->where.source, "-") == 0)
        err->where.source = "stdout";
    return is_done;
}
