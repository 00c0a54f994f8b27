#include "render/font.h"
#include "tests/unit.h"

static void advances(void **state)
{
    /* DejaVu Sans 2.37 has 2048 units an em. */
    static const struct {
        const char *label;
        uint32_t code_point;
        bool is_bold;
        double least, most;
    } rows[] = {
        {"a", 'a', false, 1255 / 2048.0, 1255 / 2048.0},
        {"bold a is wider", 'a', true, 1382 / 2048.0, 1382 / 2048.0},
        {"_ as in Arial, which is wider", '_', false, 1139 / 2048.0, 1139 / 2048.0},
        {"A with dots", 0xC4, false, 1401 / 2048.0, 1401 / 2048.0},
        {"dots", 0x2026, false, 2048 / 2048.0, 2048 / 2048.0},
        {"a combining mark adds nothing", 0x301, false, 0, 0},
        {"East Asian", 0x6F22, false, 1, 1.1},
        {"emoji", 0x1F600, false, 1.3, 1.5},
        {"something unheard of", 0x12345, false, 1, 1.1},
        {"the last one", 0x10FFFF, false, 0, 1.1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double advance = pv_font_advance(rows[i].code_point, rows[i].is_bold);
        if (advance < rows[i].least - 1e-9 || advance > rows[i].most + 1e-9)
            fail_msg("%s: %f", rows[i].label, advance);
    }
}

static void digits_are_tabular(void **state)
{
    (void)state;
    for (int is_bold = 0; is_bold < 2; is_bold++)
        for (uint32_t digit = '0'; digit <= '9'; digit++)
            assert_true(pv_font_advance(digit, is_bold) == pv_font_advance('0', is_bold));
}

static void prefixes(void **state)
{
    static const struct {
        const char *label, *text;
        double width;
        size_t prefix, suffix;
    } rows[] = {
        {"all", "abc", 100, 3, 3},
        {"nothing", "abc", 0, 0, 0},
        {"empty", "", 100, 0, 0},
        {"two of three", "aaa", 16, 2, 2},
        {"a letter is not split", "\xC3\xA4\xC3\xA4\xC3\xA4", 16, 4, 4},
        {"marks stay with their letter",
         "e\xCC\x81"
         "e\xCC\x81"
         "e\xCC\x81",
         16, 6, 6},
        {"an emoji is whole", "a\xF0\x9F\x98\x80", 12, 1, 0},
        {"negative width", "abc", -5, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_text text = pv_text_of(rows[i].text);
        size_t prefix = pv_font_prefix(text, 12, false, rows[i].width);
        size_t suffix = pv_font_suffix(text, 12, false, rows[i].width);
        if (prefix != rows[i].prefix || suffix != rows[i].suffix)
            fail_msg("%s: %zu, %zu", rows[i].label, prefix, suffix);
    }
}

static void width_adds_up(void **state)
{
    (void)state;
    double one = pv_font_width(PV_TEXT("render"), 12, false);
    assert_true(one > 30 && one < 50);
    double twice = pv_font_width(PV_TEXT("renderrender"), 12, false);
    assert_true(twice > 2 * one - 1e-9 && twice < 2 * one + 1e-9);
    assert_true(pv_font_width(PV_TEXT("render"), 24, false) == 2 * one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advances),
        cmocka_unit_test(digits_are_tabular),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(width_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
