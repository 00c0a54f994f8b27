#include "tests/fuzz/read_any.h"
#include "tests/random_profile.h"
#include "tests/unit.h"

#include <dirent.h>

/* Samples with damage done to them, the same damage on every machine: whatever comes out must hold
 * what tests/fuzz/read_any.h demands. */

enum { ROUNDS = 60, LARGEST = 64 << 10, DEEPEST = 300 };

/* Bytes that mean something to one reader or another. */
static const char spice[] = "\"\\{}[]():,;-+.eE0918 \n\r\t\0\x80\xff_#rst{gizN";

static struct pv_buffer load(const char *path)
{
    struct pv_input *input;
    struct pv_buffer bytes = {0};
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        return bytes; /* a folder */
    pv_buffer_add(&bytes, pv_text_slice(pv_input_peek(input), 0, LARGEST));
    pv_input_close(input);
    return bytes;
}

static void change_byte(struct pv_random *random, struct pv_buffer *bytes)
{
    size_t at = pv_random_below(random, (uint32_t)bytes->size);
    bytes->data[at] = pv_random_below(random, 2) ? spice[pv_random_below(random, sizeof spice)]
                                                 : (char)pv_random_below(random, 256);
}

/* Moves a piece of the bytes over another one. */
static void copy_piece(struct pv_random *random, struct pv_buffer *bytes)
{
    size_t from = pv_random_below(random, (uint32_t)bytes->size);
    size_t to = pv_random_below(random, (uint32_t)bytes->size);
    size_t most = bytes->size - (from > to ? from : to);
    memmove(bytes->data + to, bytes->data + from, pv_random_below(random, (uint32_t)most + 1));
}

static void damage(struct pv_random *random, struct pv_buffer *bytes)
{
    for (uint32_t i = 1 + pv_random_below(random, 6); i > 0; i--)
        change_byte(random, bytes);
    if (pv_random_below(random, 3) == 0)
        copy_piece(random, bytes);
    if (pv_random_below(random, 3) == 0)
        bytes->size = pv_random_below(random, (uint32_t)bytes->size) + 1;
}

static void read_damaged(const char *path)
{
    struct pv_buffer whole = load(path);
    struct pv_random random = {whole.size};
    for (int round = 0; whole.size > 0 && round < ROUNDS; round++) {
        struct pv_buffer bytes = {0};
        pv_buffer_add(&bytes, pv_buffer_text(&whole));
        damage(&random, &bytes);
        for (const struct pv_format *const *next = pv_formats(); *next; next++)
            read_any(*next, pv_buffer_text(&bytes), (size_t)pv_random_below(&random, 3) * 7);
        read_any(NULL, pv_buffer_text(&bytes), 0);
        pv_buffer_free(&bytes);
    }
    pv_buffer_free(&whole);
}

/* The files in one folder of samples/; sources are left alone. */
static size_t read_folder(const char *folder)
{
    char path[DEEPEST];
    size_t count = 0;
    snprintf(path, sizeof path, "samples/%.200s", folder);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct pv_text name = pv_text_of(entry->d_name);
        if (entry->d_name[0] == '.' || pv_text_ends(name, PV_TEXT(".md")) ||
            pv_text_ends(name, PV_TEXT(".py")) || pv_text_ends(name, PV_TEXT(".sh")))
            continue;
        snprintf(path, sizeof path, "samples/%.100s/%.150s", folder, entry->d_name);
        read_damaged(path);
        count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

static void damaged_samples_do_no_harm(void **state)
{
    (void)state;
    size_t count = 0;
    DIR *dir = opendir("samples");
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            count += read_folder(entry->d_name);
    closedir(dir);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_samples_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
