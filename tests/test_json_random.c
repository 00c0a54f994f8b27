#include "formats/json_profile.h"
#include "tests/json_profile.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include <stdlib.h>
#include <string.h>

static const size_t chunks[] = {1, 7, 4096};

/* Names of any bytes, quotes, surrogates and cut characters among them. */
static uint32_t odd_frame(struct pv_random *random, struct pv_builder *builder)
{
    static const char bytes[] =
        "ab;\"\\<\n\x01\x7f\xc3\xa9\xed\xa0\x80\xff\xf0\x9f\x98\x80\xe2\x80\xa8";
    char name[12], file[4];
    size_t sizes[2] = {pv_random_below(random, sizeof name), pv_random_below(random, sizeof file)};
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = bytes[pv_random_below(random, sizeof bytes)];
    for (size_t i = 0; i < sizeof file; i++)
        file[i] = bytes[pv_random_below(random, sizeof bytes)];
    if (pv_random_below(random, 2)) /* often the same one again */
        sizes[0] = sizes[1] = 1;
    struct pv_frame_info info = {
        .name = {name, sizes[0]},
        .file = {file, sizes[1]},
        .module = {file, pv_random_below(random, 2)},
        .line = pv_random_below(random, 2) ? UINT32_MAX : 0,
        .flags = pv_random_below(random, 4) ? 0 : 1U << pv_random_below(random, 10),
    };
    return pv_build_frame(builder, &info);
}

static int64_t odd_value(struct pv_random *random, bool is_signed)
{
    int64_t value = (int64_t)pv_random_below(random, 1000) << pv_random_below(random, 40);
    return is_signed && pv_random_below(random, 2) ? -value : value;
}

enum { MOST_METRICS = 3 };

struct odd {
    struct pv_random random;
    struct pv_builder *builder;
    uint32_t metrics;
    bool is_signed[MOST_METRICS];
};

static void add_odd_metrics(struct odd *odd)
{
    bool fits;
    odd->metrics = pv_random_below(&odd->random, MOST_METRICS + 1);
    for (uint32_t m = 0; m < odd->metrics; m++) {
        char name[] = {(char)('a' + m), '\0', '\xff'};
        odd->is_signed[m] = pv_random_below(&odd->random, 2);
        pv_build_metric(odd->builder, (struct pv_text){name, sizeof name},
                        (enum pv_unit)pv_random_below(&odd->random, PV_UNITS), odd->is_signed[m]);
        pv_build_value(odd->builder, m, (struct pv_decimal){1, pv_random_below(&odd->random, 10)},
                       &fits);
    }
}

static void odd_row(struct odd *odd, int64_t *row)
{
    for (uint32_t m = 0; m < odd->metrics; m++)
        row[m] = odd_value(&odd->random, odd->is_signed[m]);
}

static int64_t odd_calls(struct odd *odd)
{
    return (int64_t)pv_random_below(&odd->random, 9) - 1;
}

static void add_odd_stack(struct odd *odd, const uint32_t *frames, uint32_t count)
{
    int64_t self[MOST_METRICS] = {0};
    uint32_t node = pv_build_stack(odd->builder, 0, frames, count, NULL);
    odd_row(odd, self);
    for (uint32_t m = 0; m < odd->metrics; m++)
        pv_build_self(odd->builder, node, m, self[m]);
}

static void add_odd_function(struct odd *odd, const uint32_t *frames, uint32_t count)
{
    int64_t self[MOST_METRICS] = {0}, total[MOST_METRICS] = {0};
    odd_row(odd, self);
    odd_row(odd, total);
    pv_build_func(odd->builder, frames[0], odd_calls(odd), odd_calls(odd), self, total);
    for (uint32_t k = 1; k < count; k++)
        pv_build_arc(odd->builder, frames[k], frames[k - 1], odd_calls(odd),
                     pv_random_below(&odd->random, 4) ? total : NULL);
}

static struct pv_profile *odd_profile(uint64_t seed)
{
    enum { DEEPEST = 5 };
    struct odd odd = {.random = {seed}};
    enum pv_origin origin = pv_random_below(&odd.random, 2) ? PV_ORIGIN_STACKS : PV_ORIGIN_ARCS;
    odd.builder = pv_builder_new(NULL, origin, "odd");
    add_odd_metrics(&odd);
    for (uint32_t i = pv_random_below(&odd.random, 30); i > 0; i--) {
        uint32_t frames[DEEPEST], count = pv_random_below(&odd.random, DEEPEST + 1);
        for (uint32_t k = 0; k < DEEPEST; k++)
            frames[k] = odd_frame(&odd.random, odd.builder);
        if (origin == PV_ORIGIN_STACKS)
            add_odd_stack(&odd, frames, count);
        else
            add_odd_function(&odd, frames, count);
    }
    if (pv_random_below(&odd.random, 2))
        pv_build_unbounded(odd.builder);
    if (pv_random_below(&odd.random, 2))
        pv_build_note_text(odd.builder, PV_TEXT("cut"), PV_TEXT("\xff \"quoted\"\0\xe2\x80\xae"),
                           1 + seed, seed % 3);
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_true(pv_builder_finish(odd.builder, &profile, &err));
    pv_builder_free(odd.builder);
    return profile;
}

static void random_profiles_read_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct pv_buffer bytes = write_and_free(odd_profile(seed));
        struct pv_text text = pv_buffer_text(&bytes);
        assert_becomes(text, chunks[seed % 3], text);
        pv_buffer_free(&bytes);
    }
}

static void larger_profiles_read_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        for (int as_arcs = 0; as_arcs < 2; as_arcs++) {
            struct pv_buffer bytes = write_and_free(as_arcs ? pv_random_arcs(seed, 3000, 9000)
                                                            : pv_random_stacks(seed, 40, 60, 2000));
            struct pv_text text = pv_buffer_text(&bytes);
            assert_becomes(text, 0, text);
            pv_buffer_free(&bytes);
        }
}

/* Packed and read, it is the same; a byte of room less is too little. */
static void assert_packs(struct pv_profile *profile)
{
    struct pv_output *packed = pv_output_memory(), *short_of = pv_output_memory();
    assert_true(pv_json_profile_pack(profile, packed, UINT64_MAX));
    struct pv_text text = pv_output_bytes(packed);
    assert_false(pv_json_profile_pack(profile, short_of, text.size - 1));
    struct pv_buffer whole = write_and_free(profile);
    assert_true(text.size <= whole.size + 200); /* the names of the columns */
    assert_becomes(text, 0, pv_buffer_text(&whole));
    pv_buffer_free(&whole);
    pv_output_close(short_of);
    pv_output_close(packed);
}

static void packed_profiles_read_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++)
        assert_packs(odd_profile(seed));
    assert_packs(pv_random_stacks(1, 40, 60, 2000));
    assert_packs(pv_random_arcs(1, 3000, 9000));
}

/* Equal profiles have equal bytes, whichever way they were found. */
static void order_of_records_does_not_show(void **state)
{
    (void)state;
    static const char *const rows[] = {"b;c 2|a;b 3|a 1|b;a;b 4|c 0", "c 0|b;a;b 4|a 1|a;b 3|b;c 2",
                                       "a;b 1|b;a;b 4|b;c 2|c 0|a 1|a;b 2"};
    struct pv_buffer first = write_and_free(small_stacks(rows[0]));
    for (size_t i = 1; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer other = write_and_free(small_stacks(rows[i]));
        assert_true(pv_text_equal(pv_buffer_text(&first), pv_buffer_text(&other)));
        pv_buffer_free(&other);
    }
    pv_buffer_free(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_profiles_read_back),
        cmocka_unit_test(larger_profiles_read_back),
        cmocka_unit_test(packed_profiles_read_back),
        cmocka_unit_test(order_of_records_does_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
