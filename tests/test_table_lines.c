#include "formats/registry.h"
#include "render/table.h"
#include "tests/small_profile.h"

#include <stdio.h>

/* Listings of lines: which are shown, in which order, and that they add up. */

static struct pv_profile *read_lines(const char *text)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    limits.keeps_lines = true;
    struct pv_input *input = pv_input_memory(pv_text_of(text), "test", &options);
    if (!pv_format_named(PV_TEXT("callgrind"))->read(input, &profile, &err))
        fail_msg("%s", err.message);
    pv_input_close(input);
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    return profile;
}

/* A source of thirty lines, some of them empty; "none.c" is not there. */
static enum pv_source_line find(void *context, struct pv_text file, uint32_t line,
                                struct pv_text *out)
{
    static char text[31][32];
    (void)context;
    if (!pv_text_ends(file, PV_TEXT("a.c")) && !pv_text_ends(file, PV_TEXT("h.h")))
        return PV_SOURCE_MISSING;
    if (line > 30)
        return PV_SOURCE_SHORT;
    int size = line % 5 ? snprintf(text[line], sizeof text[line], "\t%s%u;", line % 2 ? "" : "\t",
                                   (unsigned)line)
                        : 0;
    *out = (struct pv_text){text[line], (size_t)size};
    return PV_SOURCE_FOUND;
}

static char *listing_of(const struct pv_profile *profile, uint64_t rows, uint32_t around,
                        const struct pv_text_style *style)
{
    struct pv_source_finder finder = {.find = find, .around = around};
    struct pv_top_options options = {.rows = rows, .input = PV_TEXT("in")};
    struct pv_table *table = NULL;
    struct pv_error err = {0};
    struct pv_output *output = pv_output_memory();
    if (!pv_table_lines(&table, profile, &finder, &options, &err))
        fail_msg("%s", err.message);
    pv_table_write_text(table, style, output);
    struct pv_text bytes = pv_output_bytes(output);
    size_t head = pv_text_search(bytes, PV_TEXT("source\n")) + strlen("source\n");
    bytes = pv_text_slice(bytes, head, bytes.size);
    char *text = calloc(1, bytes.size + 1);
    if (bytes.size)
        memcpy(text, bytes.data, bytes.size);
    pv_output_close(output);
    pv_table_free(table);
    return text;
}

#define HEAD "events: Ir\n"

static void what_is_shown(void **state)
{
    static const struct {
        const char *label, *text;
        uint64_t rows;
        uint32_t around;
        const char *shown;
    } rows[] = {
        {"lines in their order, with a gap", HEAD "fl=a.c\nfn=f\n14 60\n2 30\n3 10\n", 0, 1,
         " 100   100 %        f  a.c\n"
         "                 1  1;\n"
         "  30  30.0 %     2          2;\n"
         "  10  10.0 %     3  3;\n"
         "                 4          4;\n"
         "                    …\n"
         "                13  13;\n"
         "  60  60.0 %    14          14;\n"
         "\n"
         " 100   100 %        total\n"},
        {"no gap between neighbours", HEAD "fl=a.c\nfn=f\n6 60\n9 40\n", 0, 1,
         " 100   100 %        f  a.c\n"
         "  60  60.0 %     6          6;\n"
         "                 7  7;\n"
         "                 8          8;\n"
         "  40  40.0 %     9  9;\n"
         "\n"
         " 100   100 %        total\n"},
        {"the costliest, and what lies beside them",
         HEAD "fl=a.c\nfn=f\n11 60\n12 1\n17 2\n19 37\n", 1, 1,
         " 100   100 %        f  a.c\n"
         "  60  60.0 %    11  11;\n"
         "   1   1.0 %    12          12;\n"
         "                13  13;\n"
         "  39  39.0 %        … 2 other lines\n"
         "\n"
         " 100   100 %        total\n"},
        {"functions by what they cost",
         HEAD "fl=none.c\nfn=f\n1 10\nfn=g\n7 50\n9 20\nfn=h\n8 20\n", 2, 2,
         "  70  70.0 %        g  none.c\n"
         "  50  50.0 %     7\n"
         "  20  20.0 %     9\n"
         "\n"
         "  20  20.0 %        h  none.c\n"
         "  20  20.0 %     8\n"
         "\n"
         "  10  10.0 %        … 1 other function\n"
         " 100   100 %        total\n"
         "note: 1 source file was not found; --source-path DIR says where it is\n"},
        {"inlined lines behind their own", HEAD "fl=a.c\nfn=f\n4 10\nfi=h.h\n7 60\nfe=a.c\n6 30\n",
         0, 0,
         " 100   100 %        f  a.c\n"
         "  10  10.0 %     4          4;\n"
         "                    …\n"
         "  30  30.0 %     6          6;\n"
         "                    in h.h\n"
         "  60  60.0 %     7  7;\n"
         "\n"
         " 100   100 %        total\n"},
        {"another version of the file", HEAD "fl=a.c\nfn=f\n40 3\n41 7\n", 0, 1,
         "  10   100 %        f  a.c\n"
         "   3  30.0 %    40\n"
         "   7  70.0 %    41\n"
         "\n"
         "  10   100 %        total\n"
         "note: 1 source file has fewer lines than were measured: it is another version\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_lines(rows[i].text);
        char *text = listing_of(profile, rows[i].rows, rows[i].around, &(struct pv_text_style){0});
        print_message("%s\n", rows[i].label);
        assert_string_equal(text, rows[i].shown);
        free(text);
        pv_profile_free(profile);
    }
}

/* Source is cut at its end, where names are cut at their front. */
static void eighty_columns(void **state)
{
    (void)state;
    struct pv_profile *profile = read_lines(HEAD "fl=a.c\nfn=f\n4 10\n");
    struct pv_text_style style = {.columns = 44, .has_bars = true};
    char *text = listing_of(profile, 0, 0, &style);
    assert_string_equal(text, "  10  100 %             f  a.c\n"
                              "  10  100 % ████     4  4;\n\n"
                              "  10  100 %             total\n");
    free(text);
    pv_profile_free(profile);
}

static void no_lines_are_refused(void **state)
{
    (void)state;
    struct pv_profile *profile = small_stacks("a 3");
    struct pv_source_finder finder = {0};
    struct pv_top_options options = {0};
    struct pv_table *table = NULL;
    struct pv_error err = {0};
    assert_false(pv_table_lines(&table, profile, &finder, &options, &err));
    assert_non_null(strstr(err.message, "does not tell which lines"));
    pv_profile_free(profile);
    profile = small_stacks("");
    assert_true(pv_table_lines(&table, profile, &finder, &options, &err));
    assert_int_equal(table->row_count, 0);
    pv_table_free(table);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown),
        cmocka_unit_test(eighty_columns),
        cmocka_unit_test(no_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
