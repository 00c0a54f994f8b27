#include "render/flame_text.h"
#include "render/shown.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

/* Lines of a flame graph: none is longer than there is room for, and all that fits is named. */

static char *text_of(struct pv_profile *profile, const struct pv_text_style *style)
{
    struct pv_draw draw = pv_draw_default();
    struct pv_output *output = pv_output_memory();
    struct pv_buffer notes = {0};
    draw.input = PV_TEXT("in");
    pv_flame_write_text(profile, &draw, style, output, &notes);
    struct pv_text bytes = pv_output_bytes(output);
    char *text = calloc(1, bytes.size + 1);
    memcpy(text, bytes.data, bytes.size);
    pv_output_close(output);
    pv_buffer_free(&notes);
    return text;
}

/* Takes the colours out. */
static void plain(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        if (*from == '\033')
            from = strchr(from, 'm') + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
}

static void cells_stand_on_their_callers(void **state)
{
    (void)state;
    struct pv_profile *profile =
        small_stacks("main;read 10|main;parse;token 20|main;parse 5|idle 5");
    char *text = text_of(profile, &(struct pv_text_style){.columns = 40});
    assert_string_equal(text, "40 samples · 5 functions · in\n"
                              "\n"
                              "     ▏token ─────── 50 %\n"
                              "     ▏parse ────────── 62.5 % ▏read ────\n"
                              "▏id… ▏main ───────────────────── 87.5 %\n"
                              "▏all ──────────────────────────── 100 %\n"
                              "\n"
                              "Width: samples in a function and all it\n"
                              "calls · left to right: by name, not by\n"
                              "time · no colour\n");
    free(text);
    pv_profile_free(profile);
}

static void lines_fit(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct pv_profile *profile =
            seed % 6 ? pv_random_stacks(seed, 40, 12, 400)
                     : small_stacks("\xff\033[1m;\xe8\xa1\xa8\xe7\xa4\xba 3|b\n;c\xcc\x80 9");
        struct pv_text_style style = {.columns = 40 + (unsigned)seed * 3 % 90,
                                      .has_color = seed % 2,
                                      .has_true_color = seed % 4 == 1,
                                      .is_ascii = seed % 3 == 0};
        char *text = text_of(profile, &style);
        plain(text);
        struct pv_text rest = pv_text_of(text), line;
        while (pv_text_split(&rest, '\n', &line))
            if (pv_shown_width(line) > style.columns)
                fail_msg("seed %u: %.*s", (unsigned)seed, PV_TEXT_ARGS(line));
        for (const char *at = text; *at; at++)
            assert_true(*at == '\n' || (unsigned char)*at >= ' ');
        free(text);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_stand_on_their_callers),
        cmocka_unit_test(lines_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
