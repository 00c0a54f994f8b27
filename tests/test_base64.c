#include "model/base64.h"
#include "model/error.h"
#include "tests/unit.h"

#include <stdlib.h>

/* The test vectors of RFC 4648, section 10, and every byte. */
static const struct {
    struct pv_text bytes, text;
} pairs[] = {
    {{"", 0}, {"", 0}},
    {{"f", 1}, {"Zg==", 4}},
    {{"fo", 2}, {"Zm8=", 4}},
    {{"foo", 3}, {"Zm9v", 4}},
    {{"foob", 4}, {"Zm9vYg==", 8}},
    {{"fooba", 5}, {"Zm9vYmE=", 8}},
    {{"foobar", 6}, {"Zm9vYmFy", 8}},
    {{"\xfb\xff\xbf\0", 4}, {"+/+/AA==", 8}},
};

static void bytes_become_text_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct pv_buffer text = {0}, bytes = {0};
        pv_base64_add(&text, pairs[i].bytes);
        assert_true(pv_text_equal(pv_buffer_text(&text), pairs[i].text));
        assert_true(pv_base64_read(&bytes, pairs[i].text));
        assert_true(pv_text_equal(pv_buffer_text(&bytes), pairs[i].bytes));
        pv_buffer_free(&text);
        pv_buffer_free(&bytes);
    }
}

static void blanks_mean_nothing(void **state)
{
    (void)state;
    struct pv_buffer bytes = {0};
    assert_true(pv_base64_read(&bytes, PV_TEXT("\r\n Zm\t9v\nYg = =\n")));
    assert_true(pv_text_equal(pv_buffer_text(&bytes), PV_TEXT("foob")));
    pv_buffer_free(&bytes);
}

static void malformed_text_is_refused(void **state)
{
    static const char *const rows[] = {
        "Z", "Zg", "Zm8", "Zg=", "=", "====", "Z===", "Zg=a", "Zg==Zg==", "Zm9v=", "Zm-_", "Zm9v\"",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer bytes = {0};
        if (pv_base64_read(&bytes, pv_text_of(rows[i])))
            fail_msg("%s", rows[i]);
        pv_buffer_free(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_text_and_back),
        cmocka_unit_test(blanks_mean_nothing),
        cmocka_unit_test(malformed_text_is_refused),
    };
    return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
