#include "tests/fuzz/read_any.h"
#include "tests/unit.h"

#include <dirent.h>

/* Samples that were cut off: at every byte where they are small, at 200 places where they are
 * large. What has an end that can be missed is refused; lines are refused or told about, but where
 * the cut falls behind a line's end. And samples in pieces of 1, 7 and 4096 bytes: the same
 * profile. */

enum { SMALL = 8 << 10, PLACES = 200 };

static struct pv_buffer load(const char *path)
{
    struct pv_input *input;
    struct pv_buffer bytes = {0};
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        return bytes; /* a folder */
    for (struct pv_text piece; (piece = pv_input_peek(input)).size;
         pv_input_skip(input, piece.size))
        pv_buffer_add(&bytes, piece);
    pv_input_close(input);
    return bytes;
}

static bool has_note(const struct pv_profile *profile, struct pv_text kind)
{
    for (uint32_t i = 0; i < profile->note_count; i++)
        if (pv_text_equal(pv_profile_text(profile, profile->notes[i].kind), kind))
            return true;
    return false;
}

/* Blanks at the end may be missing from anything. */
static bool is_complete(struct pv_text whole, size_t size)
{
    return pv_text_trim(pv_text_slice(whole, size, whole.size)).size == 0;
}

/* Whether a reader of lines may say nothing: the cut is behind a line's end, in a piece of UTF-16,
 * or within what is no stack. */
static bool is_between_lines(struct pv_text cut)
{
    return cut.size == 0 || cut.data[cut.size - 1] == '\n' || cut.data[cut.size - 1] == '\r';
}

static void check_cut(const struct pv_format *format, struct pv_text whole, size_t size,
                      const char *path)
{
    struct pv_text cut = pv_text_slice(whole, 0, size);
    bool is_lines = !pv_text_equal(pv_text_of(format->name), PV_TEXT("json")) &&
                    !pv_text_equal(pv_text_of(format->name), PV_TEXT("pstats"));
    bool is_wide = pv_text_starts(whole, PV_TEXT("\xff\xfe"));
    struct pv_profile *profile = read_any_profile(format, cut, 0);
    if (!profile || is_complete(whole, size)) {
        pv_profile_free(profile);
        return;
    }
    bool is_told = has_note(profile, PV_TEXT("cut")) || has_note(profile, PV_TEXT("skipped"));
    if (!is_lines)
        fail_msg("%s cut at %zu reads as %s", path, size, format->name);
    if (!is_told && !is_wide && !is_between_lines(cut))
        fail_msg("%s cut at %zu reads as %s, and nothing is said", path, size, format->name);
    pv_profile_free(profile);
}

static void cut_sample(const char *path)
{
    struct pv_buffer bytes = load(path);
    struct pv_text whole = pv_buffer_text(&bytes);
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_input *input = pv_input_memory(whole, path, &options);
    struct pv_error err;
    const struct pv_format *format = whole.size ? pv_format_detect(input, &err) : NULL;
    for (size_t i = 0; format && i < (whole.size <= SMALL ? whole.size : PLACES); i++) {
        size_t size = whole.size <= SMALL ? i : whole.size * i / PLACES + i % 7;
        check_cut(format, whole, size, path);
        if (i % 16 == 0)
            read_any(NULL, pv_text_slice(whole, 0, size), 0);
    }
    pv_input_close(input);
    pv_buffer_free(&bytes);
}

static struct pv_buffer outcome(struct pv_text bytes, size_t chunk)
{
    struct pv_profile *profile = read_any_profile(NULL, bytes, chunk);
    struct pv_limits limits = read_any_limits();
    struct pv_buffer json = {0};
    struct pv_error err;
    if (profile && pv_profile_need_graph(profile, &limits, &err))
        json = read_any_bare_json(profile);
    pv_profile_free(profile);
    return json;
}

static void read_in_pieces(const char *path)
{
    static const size_t chunks[] = {1, 7, 4096};
    struct pv_buffer bytes = load(path), usual = outcome(pv_buffer_text(&bytes), 0);
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        struct pv_buffer same = outcome(pv_buffer_text(&bytes), chunks[i]);
        if (!pv_text_equal(pv_buffer_text(&usual), pv_buffer_text(&same)))
            fail_msg("%s differs in pieces of %zu bytes", path, chunks[i]);
        pv_buffer_free(&same);
    }
    pv_buffer_free(&usual);
    pv_buffer_free(&bytes);
}

static size_t each_file(const char *folder, void (*check)(const char *path))
{
    char path[300];
    size_t count = 0;
    snprintf(path, sizeof path, "samples/%.200s", folder);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir)); count++) {
        snprintf(path, sizeof path, "samples/%.100s/%.150s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            check(path);
    }
    if (dir)
        closedir(dir);
    return count;
}

static void each_sample(void (*check)(const char *path))
{
    size_t count = 0;
    DIR *dir = opendir("samples");
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            count += each_file(entry->d_name, check);
    closedir(dir);
    assert_true(count > 0);
}

static void cut_samples_are_noticed(void **state)
{
    (void)state;
    each_sample(cut_sample);
}

static void pieces_do_not_matter(void **state)
{
    (void)state;
    each_sample(read_in_pieces);
}

/* What a cut takes away of the last number cannot be seen in the file; that it has no line end can.
 */
static void an_open_end_is_told(void **state)
{
    static const struct {
        const char *bytes;
        bool is_told;
    } rows[] = {
        {"a;b 12\na;c 3\n", false}, {"a;b 12\na;c 3", true}, {"a;b 12\r\n", false},
        {"a;b 12\n\n", false},      {"a;b 12\n ", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t chunk = 0; chunk < 8; chunk++) {
            struct pv_profile *profile = read_any_profile(pv_format_named(PV_TEXT("collapsed")),
                                                          pv_text_of(rows[i].bytes), chunk);
            assert_non_null(profile);
            assert_int_equal(has_note(profile, PV_TEXT("cut")), rows[i].is_told);
            pv_profile_free(profile);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_samples_are_noticed),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(an_open_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
