#include "model/option.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

struct settings {
    bool flag;
    struct pv_text text;
    unsigned choice;
    int64_t whole;
    double number;
    uint64_t size;
    struct pv_length length;
    struct pv_texts texts;
};

#define ROW(option_name, what, member, ...)                                                        \
    {                                                                                              \
        .name = option_name, .kind = what, .offset = offsetof(struct settings, member),            \
        __VA_ARGS__                                                                                \
    }

static const struct pv_option rows[] = {
    ROW("flag", PV_OPTION_FLAG, flag, .argument = NULL),
    ROW("text", PV_OPTION_TEXT, text, .argument = "TEXT"),
    ROW("choice", PV_OPTION_CHOICE, choice, .argument = "WHICH", .choices = "one two three"),
    ROW("whole", PV_OPTION_WHOLE, whole, .argument = "N", .low = -5, .high = 10),
    ROW("number", PV_OPTION_NUMBER, number, .argument = "N"),
    ROW("percent", PV_OPTION_NUMBER, number, .argument = "%", .low = 0, .high = 100),
    ROW("size", PV_OPTION_SIZE, size, .argument = "BYTES"),
    ROW("texts", PV_OPTION_TEXTS, texts, .argument = "TEXT"),
    ROW("length", PV_OPTION_LENGTH, length, .argument = "PX|%", .low = 0, .high = 100),
};

static const struct pv_option *row(const char *name)
{
    size_t i = 0;
    while (strcmp(rows[i].name, name) != 0)
        i++;
    return &rows[i];
}

static void values(void **state)
{
    static const struct {
        const char *option, *value;
        struct settings wanted;
    } good[] = {
        {"flag", "", {.flag = true}},
        {"choice", "one", {.choice = 0}},
        {"choice", "three", {.choice = 2}},
        {"whole", "-5", {.whole = -5}},
        {"whole", "10", {.whole = 10}},
        {"number", "1e3", {.number = 1000}},
        {"number", "-.5", {.number = -.5}},
        {"percent", "12.5", {.number = 12.5}},
        {"percent", "12.5%", {.number = 12.5}},
        {"size", "4096", {.size = 4096}},
        {"size", "64K", {.size = 65536}},
        {"size", "2m", {.size = 2 << 20}},
        {"size", "2MiB", {.size = 2 << 20}},
        {"size", "3GB", {.size = UINT64_C(3) << 30}},
        {"length", "0.5", {.length = {.5, false}}},
        {"length", "2px", {.length = {2, false}}},
        {"length", "2%", {.length = {2, true}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct settings got = {0};
        struct pv_error err = {0};
        print_message("--%s=%s\n", good[i].option, good[i].value);
        assert_true(pv_option_set(row(good[i].option), &got, pv_text_of(good[i].value), &err));
        assert_int_equal(got.flag, good[i].wanted.flag);
        assert_int_equal(got.choice, good[i].wanted.choice);
        assert_int_equal(got.whole, good[i].wanted.whole);
        assert_int_equal(got.size, good[i].wanted.size);
        assert_true(got.number == good[i].wanted.number);
        assert_true(got.length.value == good[i].wanted.length.value);
        assert_int_equal(got.length.is_share, good[i].wanted.length.is_share);
    }
}

static void text_is_borrowed(void **state)
{
    struct settings got = {0};
    struct pv_error err = {0};
    struct pv_text value = PV_TEXT("any \xff bytes");
    (void)state;
    assert_true(pv_option_set(row("text"), &got, value, &err));
    assert_ptr_equal(got.text.data, value.data);
    assert_int_equal(got.text.size, value.size);
}

static void texts_add_up(void **state)
{
    struct settings got = {0};
    struct pv_error err = {0};
    (void)state;
    assert_true(pv_option_set(row("texts"), &got, PV_TEXT("one"), &err));
    assert_true(pv_option_set(row("texts"), &got, PV_TEXT("two"), &err));
    assert_int_equal(got.texts.count, 2);
    assert_true(pv_text_equal(got.texts.items[0], PV_TEXT("one")));
    assert_true(pv_text_equal(got.texts.items[1], PV_TEXT("two")));
    free(got.texts.items);
}

static void refusals(void **state)
{
    static const struct {
        const char *option, *value, *message;
    } bad[] = {
        {"flag", "yes", "--flag wants no value, not 'yes'"},
        {"choice", "four", "--choice wants one of one, two, three, not 'four'"},
        {"choice", "", "--choice wants one of one, two, three, not ''"},
        {"whole", "11", "--whole wants a whole number from -5 to 10, not '11'"},
        {"whole", "1.5", "--whole wants a whole number from -5 to 10, not '1.5'"},
        {"whole", " 1", "--whole wants a whole number from -5 to 10, not ' 1'"},
        {"number", "nan", "--number wants a number, not 'nan'"},
        {"number", "5%", "--number wants a number, not '5%'"},
        {"percent", "101%", "--percent wants a number from 0 to 100, not '101%'"},
        {"size", "-1", "--size wants a size like 4096, 64K, 16M or 4G, not '-1'"},
        {"size", "K", "--size wants a size like 4096, 64K, 16M or 4G, not 'K'"},
        {"size", "99999999999T",
         "--size wants a size like 4096, 64K, 16M or 4G, not "
         "'99999999999T'"},
        {"length", "3em", "--length wants a length like 0.1px or 0.1% from 0 to 100, not '3em'"},
        {"length", "-1", "--length wants a length like 0.1px or 0.1% from 0 to 100, not '-1'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct settings got = {0}, untouched = {0};
        struct pv_error err = {0};
        print_message("--%s=%s\n", bad[i].option, bad[i].value);
        assert_false(pv_option_set(row(bad[i].option), &got, pv_text_of(bad[i].value), &err));
        assert_string_equal(err.message, bad[i].message);
        assert_int_equal(err.code, PV_USAGE);
        assert_memory_equal(&got, &untouched, sizeof got);
    }
}

static void nearest(void **state)
{
    static const char *const names[] = {"focus", "color", "progress", "top", "max-memory"};
    static const struct {
        const char *typed, *wanted;
    } cases[] = {
        {"fcous", "focus"},
        {"colour", "color"},
        {"colo", "color"},
        {"pro", "progress"},
        {"max-mem", "max-memory"},
        {"tpo", "top"},
        {"FOCUS", "focus"},
        {"xyz", ""},
        {"", ""},
        {"t", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pv_nearest near = {.typed = pv_text_of(cases[i].typed)};
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            pv_nearest_try(&near, pv_text_of(names[j]));
        struct pv_text got = pv_nearest_name(&near);
        print_message("%s\n", cases[i].typed);
        assert_int_equal(got.size, strlen(cases[i].wanted));
        assert_true(pv_text_equal(got, pv_text_of(cases[i].wanted)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),       cmocka_unit_test(text_is_borrowed),
        cmocka_unit_test(texts_add_up), cmocka_unit_test(refusals),
        cmocka_unit_test(nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
