#include "render/table.h"

#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include <string.h>

static const char *const shop =
    "main@app.py:1 1 100 1000000000|find@app.py:20 40 600000000 899999900|"
    "len 3000 299999900 299999900|load@lib/x/io.py:7 1 100 100000100|"
    "main@app.py:1>find@app.py:20 40 899999900";

static char *text_of(struct pv_profile *profile, struct pv_top_options options,
                     struct pv_text_style style)
{
    struct pv_table *table = NULL;
    struct pv_error err = {0};
    struct pv_output *output = pv_output_memory();
    options.input = PV_TEXT("in");
    assert_true(pv_table_top(&table, profile, &options, &err));
    pv_table_write_text(table, &style, output);
    struct pv_text bytes = pv_output_bytes(output);
    char *text = calloc(1, bytes.size + 1);
    if (bytes.size)
        memcpy(text, bytes.data, bytes.size);
    pv_output_close(output);
    pv_table_free(table);
    pv_profile_free(profile);
    return text;
}

static void expect(struct pv_profile *profile, struct pv_top_options options,
                   struct pv_text_style style, const char *wanted)
{
    char *text = text_of(profile, options, style);
    assert_string_equal(text, wanted);
    free(text);
}

static void plain(void **state)
{
    (void)state;
    expect(small_arcs(shop), (struct pv_top_options){0}, (struct pv_text_style){0},
           "in · small · time 900 ms · 4 functions · 3,042 calls · by self\n"
           "\n"
           "  self   self %    total  total %  calls  function  file:line\n"
           "600 ms   66.7 %   900 ms    100 %     40  find      app.py:20\n"
           "300 ms   33.3 %   300 ms   33.3 %  3,000  len\n"
           "100 ns  <0.01 %  1.00 s     100 %      1  main      app.py:1\n"
           "100 ns  <0.01 %   100 ms   11.1 %      1  load      lib/x/io.py:7\n"
           "900 ms    100 %                           total\n");
}

static void cut_and_barred(void **state)
{
    (void)state;
    expect(small_arcs(shop), (struct pv_top_options){.rows = 1, .sort = PV_SORT_TOTAL},
           (struct pv_text_style){.has_bars = true, .columns = 80},
           "in · small · time 900 ms · 4 functions · 3,042 calls · by total\n"
           "\n"
           "  self  self %   total total %       calls  function             file:line\n"
           "100 ns <0.01 %  1.00 s   100 % ████      1  main                 app.py:1\n"
           "900 ms   100 %                              … 3 other functions\n"
           "900 ms   100 %                              total\n");
}

static void stacks_without_calls(void **state)
{
    (void)state;
    expect(small_stacks("a;b 3|a;c 1|a;b;b 2"), (struct pv_top_options){0},
           (struct pv_text_style){0},
           "in · small · samples 6 · 3 functions · by self\n"
           "\n"
           "self  self %  total  total %  function\n"
           "   5  83.3 %      5   83.3 %  b\n"
           "   1  16.7 %      1   16.7 %  c\n"
           "   0     0 %      6    100 %  a\n"
           "   6   100 %                  total\n");
}

static void outside(void **state)
{
    (void)state;
    expect(small_stacks("a 3| 2"), (struct pv_top_options){0}, (struct pv_text_style){0},
           "in · small · samples 5 · 1 function · by self\n"
           "\n"
           "self  self %  total  total %  function\n"
           "   3  60.0 %      3   60.0 %  a\n"
           "   2  40.0 %                  outside of any function\n"
           "   5   100 %                  total\n");
}

static void empty(void **state)
{
    (void)state;
    expect(small_stacks(""), (struct pv_top_options){0}, (struct pv_text_style){0},
           "in · small · samples 0 · 0 functions · by self\n"
           "nothing recorded\n");
}

static void hostile_and_wide(void **state)
{
    (void)state;
    expect(small_stacks("\033[31mred 1|\xff 2|表示 3|a\u202eb 4"), (struct pv_top_options){0},
           (struct pv_text_style){.columns = 80},
           "in · small · samples 10 · 4 functions · by self\n"
           "\n"
           "self self %  total total %  function\n"
           "   4 40.0 %      4  40.0 %  a\\u{202e}b\n"
           "   3 30.0 %      3  30.0 %  表示\n"
           "   2 20.0 %      2  20.0 %  \\xff\n"
           "   1 10.0 %      1  10.0 %  \\u{1b}[31mred\n"
           "  10  100 %                 total\n");
}

static void ascii(void **state)
{
    (void)state;
    expect(small_stacks("表示 3|b… 4|c 5"),
           (struct pv_top_options){.rows = 2, .sort = PV_SORT_NAME},
           (struct pv_text_style){.columns = 80, .is_ascii = true, .has_bars = true},
           "in | small | samples 12 | 3 functions | by name\n"
           "\n"
           "self self %       total total %  function\n"
           "   4 33.3 % #         4  33.3 %  b\\u{2026}\n"
           "   5 41.7 % ##        5  41.7 %  c\n"
           "   3 25.0 %                      .. 1 other function\n"
           "  12  100 %                      total\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),
        cmocka_unit_test(cut_and_barred),
        cmocka_unit_test(stacks_without_calls),
        cmocka_unit_test(outside),
        cmocka_unit_test(empty),
        cmocka_unit_test(hostile_and_wide),
        cmocka_unit_test(ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
