#ifndef PV_TESTS_COLLAPSED_PROFILE_H
#define PV_TESTS_COLLAPSED_PROFILE_H

#include "formats/registry.h"
#include "model/number.h"
#include "tests/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Collapsed stacks read through the format's descriptor, and profiles written down so that rows of
 * a test can be compared. */

static inline const struct pv_format *collapsed_format(void)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("collapsed"));
    assert_non_null(format);
    return format;
}

static inline bool read_collapsed_with(struct pv_text bytes, const struct pv_input_options *options,
                                       struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.folded", options);
    bool done = collapsed_format()->read(input, out, err);
    pv_input_close(input);
    return done;
}

static inline struct pv_profile *read_collapsed(struct pv_text bytes)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_collapsed_with(bytes, NULL, &profile, &err))
        fail_msg("line %d: %s, in %.*s", (int)err.where.line, err.message, PV_TEXT_ARGS(bytes));
    return profile;
}

/* The bytes of a file, to be freed; NULL data where there is none. */
static inline struct pv_buffer file_bytes(const char *path)
{
    struct pv_buffer bytes = {0};
    struct pv_input *input;
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        return bytes;
    pv_buffer_add(&bytes, pv_input_need(input, SIZE_MAX));
    pv_buffer_reserve(&bytes, 1);
    pv_input_close(input);
    return bytes;
}

/* Runs `check` on the unpacked bytes of every file of the folder that is no .json and no .md;
 * returns how many there are. */
static inline int each_file(const char *folder,
                            void (*check)(const char *path, struct pv_text bytes))
{
    int count = 0;
    char path[512];
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        struct pv_text name = pv_text_of(entry->d_name);
        if (name.data[0] == '.' || pv_text_ends(name, PV_TEXT(".json")) ||
            pv_text_ends(name, PV_TEXT(".md")) || strcmp(entry->d_name, "samples") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct pv_buffer bytes = file_bytes(path);
        assert_non_null(bytes.data);
        check(path, pv_buffer_text(&bytes));
        pv_buffer_free(&bytes);
        count++;
    }
    if (listing)
        closedir(listing);
    return count;
}

static inline void each_sample(void (*check)(const char *path, struct pv_text bytes))
{
    assert_true(each_file("samples/collapsed", check) >= 10);
    if (each_file("../shared/corpus/native/collapsed", check) +
            each_file("../shared/corpus/native/collapsed/samples", check) ==
        0)
        print_message("skipped: the corpus is not here\n");
}

static inline void add_value(struct pv_buffer *out, int64_t value, int64_t scale)
{
    char number[PV_NUMBER_SIZE];
    unsigned digits = 0;
    for (; scale > 1; scale /= 10)
        digits++;
    pv_buffer_add(out, (struct pv_text){number, pv_print_decimal(number, value, digits)});
}

/* "name|name{flags} value value" per node that has a value or no child, joined by " / ", in the
 * order in which they were read. */
static inline struct pv_buffer stacks_of(const struct pv_profile *profile)
{
    static const char letters[] = "kjiwBLTPUR01";
    struct pv_buffer out = {0};
    const struct pv_tree *tree = profile->tree;
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t path[64], depth = 0;
        bool has_value = i > 0 && tree->nodes[i].first_child == PV_NONE;
        for (uint32_t m = 0; m < profile->metric_count; m++)
            has_value = has_value || tree->self[m][i];
        if (!has_value)
            continue;
        pv_buffer_add(&out, out.size ? PV_TEXT(" / ") : PV_TEXT(""));
        for (uint32_t at = i; at != 0 && depth < 64; at = tree->nodes[at].parent)
            path[depth++] = tree->nodes[at].frame;
        while (depth--) {
            uint32_t flags = profile->frames[path[depth]].flags;
            pv_buffer_add(&out, pv_profile_name(profile, path[depth]));
            for (int bit = 0; bit < 12; bit++)
                if (flags >> bit & 1)
                    pv_buffer_print(&out, "{%c}", letters[bit]);
            pv_buffer_add(&out, depth ? PV_TEXT("|") : PV_TEXT(""));
        }
        for (uint32_t m = 0; m < profile->metric_count; m++) {
            pv_buffer_char(&out, ' ');
            add_value(&out, tree->self[m][i], profile->metrics[m].scale);
        }
    }
    return out;
}

/* The error says this, of this line. */
static inline void assert_error(const struct pv_error *err, const char *says, uint64_t line)
{
    if (!strstr(err->message, says))
        fail_msg("wanted %s, got %s", says, err->message);
    assert_int_equal(err->where.line, line);
    assert_true(pv_text_starts(pv_text_of(err->where.source), PV_TEXT("test.")));
}

/* The text is this one; frees the buffer. */
static inline void assert_text(struct pv_buffer got, const char *wanted, const char *what)
{
    if (!pv_text_equal(pv_buffer_text(&got), pv_text_of(wanted)))
        fail_msg("%s: wanted %s\ngot %.*s", what, wanted, PV_TEXT_ARGS(pv_buffer_text(&got)));
    pv_buffer_free(&got);
}

/* The profile as this program's JSON: equal for equal profiles. To be freed. */
static inline struct pv_buffer json_of(struct pv_profile *profile)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0}, lost = {0};
    struct pv_error err;
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    pv_format_named(PV_TEXT("json"))->write(profile, output, &lost);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    pv_output_close(output);
    pv_buffer_free(&lost);
    return bytes;
}

/* What the collapsed writer makes of it, to be freed. */
static inline struct pv_buffer written(struct pv_profile *profile, struct pv_buffer *lost)
{
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0}, nowhere = {0};
    collapsed_format()->write(profile, output, lost ? lost : &nowhere);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    pv_output_close(output);
    pv_buffer_free(&nowhere);
    return bytes;
}

static inline void assert_same_text(const struct pv_buffer *got, const struct pv_buffer *wanted)
{
    if (!pv_text_equal(pv_buffer_text(got), pv_buffer_text(wanted)))
        fail_msg("wanted %.*s\ngot %.*s", PV_TEXT_ARGS(pv_buffer_text(wanted)),
                 PV_TEXT_ARGS(pv_buffer_text(got)));
}

#endif
