#include "model/transforms.h"

#include "tests/random_profile.h"
#include "tests/small_profile.h"
#include "tests/transform_named.h"

static struct pv_text note_of(const struct pv_profile *profile, const char *kind)
{
    for (uint32_t i = 0; i < profile->note_count; i++)
        if (pv_text_equal(pv_profile_text(profile, profile->notes[i].kind), pv_text_of(kind)))
            return pv_profile_text(profile, profile->notes[i].text);
    return (struct pv_text){"", 0};
}

static void apply(struct pv_profile **profile, const char *name, const char *argument)
{
    struct pv_error err = {0};
    struct pv_limits limits = pv_limits_default();
    const struct pv_transform *transform = transform_named(name);
    assert_non_null(transform);
    if (!pv_transform_apply(profile, transform, pv_text_of(argument), NULL, &err))
        fail_msg("%s", err.message);
    assert_true(pv_profile_need_graph(*profile, &limits, &err));
}

struct row {
    const char *label, *name, *argument, *profile, *wanted;
    const char *note; /* the start of the note of the first kind that is there; NULL: none asked */
};

static void check_row(const struct row *row, struct pv_profile *profile)
{
    apply(&profile, row->name, row->argument);
    char *text =
        profile->origin == PV_ORIGIN_STACKS ? small_stacks_text(profile) : small_arcs_text(profile);
    print_message("%s\n", row->label);
    assert_string_equal(text, row->wanted);
    free(text);
    struct pv_text filtered = note_of(profile, "filtered"), note = pv_text_of(row->note);
    if (row->note && !pv_text_starts(filtered, note))
        fail_msg("the note is: %s", filtered.data);
    pv_profile_free(profile);
}

static void filters_on_stacks(void **state)
{
    static const struct row rows[] = {
        {"focus keeps whole stacks", "focus", "^b$", "a;b;c 5|a;c 3|a 2|b 1", "a;b;c 5|b 1",
         "focus \"^b$\": leaves out 5 of 11 samples (45.5 %) and 0 functions"},
        {"focus, one function goes", "focus", "^b$", "a;b 5|a;c 3", "a;b 5",
         "focus \"^b$\": leaves out 3 of 8 samples (37.5 %) and 1 function"},
        {"focus on all leaves no note", "focus", ".", "a;b 5", "a;b 5", ""},
        {"focus counts samples without frames", "focus", "a", "a 5| 3", "a 5",
         "focus \"a\": leaves out 3 of 8 "},
        {"focus by file", "focus", "lib/x", "a;f@lib/x.py:3 5|a;g@lib/y.py:4 3", "a;f@lib/x.py:3 5",
         NULL},
        {"focus by module", "focus", "libc", "a;libc!f 5|a;g 3", "a;libc!f 5", NULL},
        {"ignore", "ignore", "^b$", "a;b;c 5|a;c 3|a 2|b 1", "a 2|a;c 3",
         "ignore \"^b$\": leaves out 6 of 11 "},
        {"hide gives self to the caller", "hide", "^b$", "a;b;c 5|a;b 3|b 1|b;c 2",
         " 1|a 3|a;c 5|c 2", "hide \"^b$\": takes out 1 function, no cost is lost"},
        {"hide unites what becomes equal", "hide", "^b$", "a;b;c 5|a;c 3", "a;c 8", NULL},
        {"show", "show", "^[ac]$", "a;b;c 5|a;b 3|b 1|b;c 2", " 1|a 3|a;c 5|c 2", NULL},
        {"show-from", "show-from", "^b$", "a;b;c;b 5|a;c 3|b 1|a;x;b 2", "b 3|b;c;b 5",
         "show-from \"^b$\": leaves out 3 of 11 "},
        {"prune-from", "prune-from", "^b$", "a;b;c;b 5|a;c 3|b 1|a;x;b 2",
         "a;b 5|a;c 3|a;x;b 2|b 1", ""},
        {"prune-from takes functions out", "prune-from", "^b$", "a;b;c 5", "a;b 5",
         "prune-from \"^b$\": takes out 1 function, no cost is lost"},
        {"root by name, not by pattern", "root", "f(int)", "a;f(int);g 5|a;fint 3", "f(int);g 5",
         NULL},
        {"root by pattern", "root", "^f", "a;f1;g 5|a;f2 3|g 1", "f1;g 5|f2 3", NULL},
        {"path", "path", "a, c", "m;a;b;c;d 5|a;x 3|c;a 1|a;c 2|b;c 4", "a;b;c 5|a;c 2", NULL},
        {"path, commas in names", "path", "f<a,b>,g(int, int)", "f<a,b>;h;g(int, int);x 3|h 1",
         "f<a,b>;h;g(int, int) 3", NULL},
        {"leaf", "leaf", "b", "a;b;c;b 5|a;c 3|b 1|a;x;b 2", "a;b 5|a;x;b 2|b 1", NULL},
        {"nothing is left of a way", "ignore", "^c$", "a;b;c 5|a 1", "a 1", NULL},
        {"a stack without value stays one", "focus", "a", "a;b 0|a 1", "a 1", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i], small_stacks(rows[i].profile));
}

static void filters_on_arcs(void **state)
{
    /* m calls a and b; both call c; c calls d. */
    static const char diamond[] = "m 1 10 100|a 1 20 50|b 1 20 40|c 3 10 50|d 3 40 40"
                                  "|m>a 1 50|m>b 1 40|a>c 1 30|b>c 2 20|c>d 3 40";
    static const struct row rows[] = {
        {"focus in the middle", "focus", "^c$", diamond,
         "a ? 0 30|a>c 1 30|b ? 0 20|b>c 2 20|c 3 10 50|c>d 3 40|d 3 40 40|m ? 0 50|m>a ? 30|"
         "m>b ? 20",
         "focus \"^c$\": leaves out 50 ns of 100 ns time (50 %) and 0 functions"},
        {"focus above what is shared", "focus", "^a$", diamond,
         "a 1 20 50|a>c 1 30|c ? 6 30|c>d ? 24|d ? 24 24|m ? 0 50|m>a 1 50", NULL},
        {"focus on a leaf", "focus", "^d$", diamond,
         "a ? 0 24|a>c ? 24|b ? 0 16|b>c ? 16|c ? 0 40|c>d 3 40|d 3 40 40|m ? 0 40|m>a ? 24|"
         "m>b ? 16",
         NULL},
        {"ignore", "ignore", "^a$", diamond,
         "b 1 20 40|b>c 2 20|c ? 4 20|c>d ? 16|d ? 16 16|m ? 10 50|m>b 1 40", NULL},
        {"ignore what is called", "ignore", "^c$", diamond,
         "a ? 20 20|b ? 20 20|m ? 10 50|m>a ? 20|m>b ? 20",
         "ignore \"^c$\": leaves out 50 ns of 100 ns time (50 %) and 2 functions"},
        {"show-from", "show-from", "^a$", diamond, "a 1 20 50|a>c 1 30|c ? 6 30|c>d ? 24|d ? 24 24",
         NULL},
        {"path", "path", "a,c", diamond, "a ? 0 30|a>c 1 30|c ? 30 30", NULL},
        {"root", "root", "c", diamond, "c 3 10 50|c>d 3 40|d 3 40 40", NULL},
        {"leaf", "leaf", "c", diamond,
         "a ? 0 30|a>c 1 30|b ? 0 20|b>c 2 20|c 3 50 50|m ? 0 50|m>a ? 30|m>b ? 20", NULL},
        {"prune-from", "prune-from", "^c$", diamond,
         "a 1 20 50|a>c 1 30|b 1 20 40|b>c 2 20|c 3 50 50|m 1 10 100|m>a 1 50|m>b 1 40",
         "prune-from \"^c$\": takes out 1 function, no cost is lost"},
        {"prune-from where one is above the other", "prune-from", "^[ac]$", diamond,
         "a 1 50 50|b 1 20 40|b>c 2 20|c ? 20 20|m 1 10 100|m>a 1 50|m>b 1 40", NULL},
        {"hide a leaf is exact", "hide", "^d$", diamond,
         "a 1 20 50|a>c 1 30|b 1 20 40|b>c 2 20|c 3 50 50|m 1 10 100|m>a 1 50|m>b 1 40",
         "hide \"^d$\": takes out 1 function, no cost is lost"},
        {"hide what has one caller is exact", "hide", "^a$", diamond,
         "b 1 20 40|b>c 2 20|c 3 10 50|c>d 3 40|d 3 40 40|m 1 30 100|m>b 1 40|m>c 1 30", NULL},
        {"hide what is shared", "hide", "^c$", diamond,
         "a 1 26 50|a>d ? 24|b 1 24 40|b>d ? 16|d 3 40 40|m 1 10 100|m>a 1 50|m>b 1 40", NULL},
        {"hide the root", "hide", "^m$", diamond,
         "a 1 20 50|a>c 1 30|b 1 20 40|b>c 2 20|c 3 10 50|c>d 3 40|d 3 40 40|"
         "\xe2\x80\xa6 1 function ? 10 10",
         NULL},
        {"show", "show", "^[md]$", diamond, "d 3 40 40|m 1 60 100|m>d 3 40", NULL},
        {"a cycle is one", "focus", "^x$",
         "m 1 10 100|p 2 20 90|q 2 30 90|x 1 40 40|m>p 1 90|p>q 2 70|q>p 1 40|q>x 1 40",
         "m ? 0 40|m>p ? 40|p ? 0 40|p>q ? 31|q ? 0 40|q>p ? 18|q>x 1 40|x 1 40 40", NULL},
        {"recursion through what is hidden", "hide", "^h$",
         "m 1 10 100|a 3 50 90|h 2 40 60|m>a 1 90|a>h 2 60|h>a 2 30",
         "a 3 90 90|a>a 2 30|m 1 10 100|m>a 1 90", NULL},
        {"without totals the arcs' calls count", "hide", "^h$",
         "a 1 5 5|b 1 5 5|h 4 40 40|a>h 1 ?|b>h 3 ?", "a 1 15 15|b 1 35 35", NULL},
        {"nothing recorded", "focus", "^a$", "m 1 0 0|a 1 0 0|b 1 0 0|m>a 1 0|m>b 1 0",
         "a 1 0 0|m 1 0 0|m>a 1 0", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i], small_arcs(rows[i].profile));
}

static void shapes_of_stacks(void **state)
{
    static const struct row rows[] = {
        {"depth", "depth", "2", "a;b;c 5|a;b;d;c 3|a 2|a;e 1",
         "a 2|a;b;\xe2\x80\xa6 2 functions 8|a;e 1", NULL},
        {"depth that nothing reaches", "depth", "9", "a;b 5", "a;b 5", NULL},
        {"depth of one", "depth", "1", "a;b 5|a 1", "a 1|a;\xe2\x80\xa6 1 function 5", NULL},
        {"prune", "prune", "10", "a;b 90|a;c;d 4|a;e 5|f 1",
         "a;b 90|a;\xe2\x80\xa6 4 functions 9|\xe2\x80\xa6 4 functions 1", NULL},
        {"prune is by the share, not below", "prune", "10%", "a;b 90|a;c 10", "a;b 90|a;c 10",
         NULL},
        {"prune with fractions", "prune", "0.5", "a;b 996|a;c 4",
         "a;b 996|a;\xe2\x80\xa6 1 function 4", NULL},
        {"prune nothing", "prune", "0", "a;b 0|a 1", "a 1", NULL},
        {"reverse", "reverse", "", "a;b;c 5|a;b 3|d;c 2| 1", " 1|b;a 3|c;b;a 5|c;d 2", NULL},
        {"collapse", "collapse-recursion", "", "a;b;b;b;c 5|a;a;b 3|a;b;a 2",
         "a;b 3|a;b;a 2|a;b;c 5", NULL},
        {"by file", "granularity", "file",
         "f@x.py:1;g@x.py:2;h@y.py:1 5|f@x.py:1;h@y.py:1;g@x.py:2 3",
         "x.py;y.py 5|x.py;y.py;x.py 3", NULL},
        {"by file, written in the name", "granularity", "file",
         "f (x.py:12);g (x.py:13) 5|y.py:h:7 3|strlen 2", "[no file] 2|x.py 5|y.py 3", NULL},
        {"by function, without lines that ran", "granularity", "function",
         "f (x.py:12) 5|f (x.py:13) 3|y.py:h:7 1|y.py:h:8 1|a::1 4|n 1",
         "a::1 4|f (x.py) 8|n 1|y.py:h 2", NULL},
        {"by function, lines of definitions stay", "granularity", "function",
         "f@x.py:1 5|f@x.py:2 3", "f@x.py:1 5|f@x.py:2 3", NULL},
        {"by line", "granularity", "line", "f (x.py:12) 5|f (x.py:13) 3",
         "f (x.py:12) 5|f (x.py:13) 3", NULL},
        {"by module", "granularity", "module",
         "f@/usr/lib/python3/dist-packages/django/db/x.py:1;g@/usr/lib/python3/dist-packages/"
         "django/"
         "y.py:2 5|libc.so!read 3|n 2",
         "[no module] 2|django 5|libc.so 3", NULL},
        {"by class", "granularity", "class",
         "A.f@x.py:1;A.g@x.py:5;h@x.py:9 5|ns::B::f(int) 3|A.f.<locals>.<lambda>@x.py:2 "
         "1|com.x.C.m 2",
         "A 1|A;x.py 5|com.x.C 2|ns::B 3", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i], small_stacks(rows[i].profile));
}

static void shapes_of_arcs(void **state)
{
    static const char diamond[] = "m 1 10 100|a 1 20 50|b 1 20 40|c 3 10 50|d 3 40 40"
                                  "|m>a 1 50|m>b 1 40|a>c 1 30|b>c 2 20|c>d 3 40";
    static const struct row rows[] = {
        {"depth", "depth", "2", diamond,
         "a 1 20 50|a>\xe2\x80\xa6 2 functions 1 30|b 1 20 40|b>\xe2\x80\xa6 2 functions 2 20|"
         "m 1 10 100|m>a 1 50|m>b 1 40|\xe2\x80\xa6 2 functions 3 50 50",
         NULL},
        {"depth of a cycle", "depth", "1", "a 1 5 9|b 1 4 8|a>b 1 8|b>a 1 2",
         "a 1 5 9|a>\xe2\x80\xa6 1 function 1 8|\xe2\x80\xa6 1 function 1 4 8|\xe2\x80\xa6 1 "
         "function>a 1 2",
         NULL},
        {"prune", "prune", "45", diamond,
         "a 1 20 50|a>c 1 30|c 3 10 50|c>\xe2\x80\xa6 2 functions 3 40|m 1 10 100|m>a 1 50|"
         "m>\xe2\x80\xa6 2 functions 1 40|\xe2\x80\xa6 2 functions 4 60 80|"
         "\xe2\x80\xa6 2 functions>c 2 20",
         NULL},
        {"reverse", "reverse", "", diamond,
         "a 1 0 50|a>m 1 50|b 1 0 40|b>m 1 40|c 3 0 50|c>a 1 30|c>b 2 20|d 3 0 40|d>c 3 40|m 1 100 "
         "100",
         NULL},
        {"reverse of a cycle", "reverse", "",
         "m 1 10 100|a 2 60 90|b 2 30 70|m>a 1 90|a>b 2 70|b>a 1 50",
         "a 2 0 90|a>b 1 50|a>m 1 90|b 2 0 70|b>a 2 70|m 1 100 100", NULL},
        {"collapse", "collapse-recursion", "", "a 9 5 5|b 1 1 6|b>a 1 5|a>a 8 4",
         "a 1 5 5|b 1 1 6|b>a 1 5", NULL},
        {"by file", "granularity", "file",
         "f@x.py:1 1 10 100|g@x.py:2 2 30 90|h@y.py:1 4 60 60|f@x.py:1>g@x.py:2 2 90|"
         "g@x.py:2>h@y.py:1 4 60",
         "x.py 1 40 100|x.py>y.py 4 60|y.py 4 60 60", NULL},
        {"by file, there and back", "granularity", "file",
         "f@x.py:1 1 10 100|h@y.py:1 4 60 90|g@x.py:2 2 30 30|f@x.py:1>h@y.py:1 4 90|"
         "h@y.py:1>g@x.py:2 2 30",
         "x.py 3 40 100|x.py>y.py 4 90|y.py 4 60 90|y.py>x.py 2 30", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i], small_arcs(rows[i].profile));
}

static void no_match_names_the_nearest(void **state)
{
    static const struct {
        const char *name, *argument, *wanted;
    } rows[] = {
        {"focus", "pricng",
         "--focus \"pricng\" matches no function; the nearest are: shop.pricing"},
        {"hide", "PRICING",
         "--hide \"PRICING\" matches no function; the nearest are: shop.pricing"},
        {"root", "mian", "--root \"mian\" matches no function; the nearest are: main"},
        {"show", "zzzzzzzzzzzz",
         "--show \"zzzzzzzzzzzz\" matches no function, and none is named nearly so; 'profviz top'"},
    };
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof rows / sizeof rows[0]); i++) {
        size_t at = i / 2;
        struct pv_profile *profile = i % 2
                                         ? small_stacks("main;shop.pricing;rules 5|main;stock 2")
                                         : small_arcs("main 1 5 9|shop.pricing 1 4 4|rules 1 1 1");
        struct pv_profile *same = profile;
        struct pv_error err = {0};
        assert_false(pv_transform_apply(&profile, transform_named(rows[at].name),
                                        pv_text_of(rows[at].argument), NULL, &err));
        assert_ptr_equal(profile, same);
        assert_int_equal(err.code, PV_NO_MATCH);
        if (!pv_text_starts(pv_text_of(err.message), pv_text_of(rows[at].wanted)))
            fail_msg("%s", err.message);
        pv_profile_free(profile);
    }
}

static void bad_arguments_are_usage(void **state)
{
    static const char *const rows[][2] = {
        {"focus", "a("},    {"root", "[z-a]"}, {"depth", "0"}, {"depth", "two"},
        {"path", "a"},      {"path", ",b"},    {"path", "a,"}, {"depth", ""},
        {"prune", "101"},   {"prune", "-1"},   {"prune", "x"}, {"granularity", "town"},
        {"granularity", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks("a;b 5");
        struct pv_error err = {0};
        print_message("%s %s\n", rows[i][0], rows[i][1]);
        assert_false(pv_transform_apply(&profile, transform_named(rows[i][0]),
                                        pv_text_of(rows[i][1]), NULL, &err));
        assert_int_equal(err.code, PV_USAGE);
        pv_profile_free(profile);
    }
}

static void an_estimate_says_so(void **state)
{
    static const struct {
        const char *name, *argument;
        bool is_estimate;
    } rows[] = {
        {"focus", "^c$", false}, {"focus", "^a$", true}, {"hide", "^c$", true},
        {"hide", "^d$", false},  {"root", "c", false},   {"prune-from", "^c$", false},
        {"ignore", "^d$", true}, {"leaf", "d", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_arcs("m 1 10 100|a 1 20 50|b 1 20 40|c 3 10 50|d 3 40 40"
                                                "|m>a 1 50|m>b 1 40|a>c 1 30|b>c 2 20|c>d 3 40");
        print_message("%s %s\n", rows[i].name, rows[i].argument);
        apply(&profile, rows[i].name, rows[i].argument);
        assert_int_equal(note_of(profile, "estimated").size > 0, rows[i].is_estimate);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_on_stacks),          cmocka_unit_test(filters_on_arcs),
        cmocka_unit_test(shapes_of_stacks),           cmocka_unit_test(shapes_of_arcs),
        cmocka_unit_test(no_match_names_the_nearest), cmocka_unit_test(bad_arguments_are_usage),
        cmocka_unit_test(an_estimate_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
