#include "model/rename.h"

#include "model/demangle.h"
#include "model/name_short.h"
#include "tests/small_profile.h"

static void symbols(void **state)
{
    static const struct {
        const char *name, *made; /* NULL: none in it */
    } rows[] = {
        {"_ZN3foo3barEi", "foo::bar(int)"},
        {"__ZN3foo3barEi", "foo::bar(int)"},
        {"_ZNKSt3mapIiSsSt4lessIiEE4findERKi",
         "std::map<int, std::string, std::less<int> >::find(int const&) const"},
        {"_ZN3fooC2Ev", "foo::foo()"},
        {"_Znwm", "operator new(unsigned long)"},
        {"_Z1fv.part.0", "f() [clone .part.0]"},
        {"_Z1fv.something", "f() [clone .something]"},
        {"_GLOBAL__I__Z1fv", "global constructors keyed to f()"},
        {"_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"},
        {"_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar"},
        {"_RINvNtC3std3mem8align_ofjE", "std::mem::align_of::<usize>"},
        {"libm.so`_Z3cosd+0x1f", "libm.so`cos(double)+0x1f"},
        {"_Z1fv'2", "f()'2"},
        {"_Z1av'_Z1bv", "a()'b()"},
        {"_Z1fv@plt", "f()@plt"},
        {"main", NULL},
        {"", NULL},
        {"_", NULL},
        {"_Z", NULL},
        {"__Z", NULL},
        {"_R", NULL},
        {"_Zebra", NULL},
        {"_Resume", NULL},
        {"a_Z1fv", NULL},
        {"_ZN3foo", NULL},
        {"_Z99999999999999999999x", NULL},
        {"_ZcvT_IcvT_IcvT_IcvT_IcvT_IcvT_IcvT_IcvT_IcvT_IcvT_Iv", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer out = {0};
        pv_buffer_char(&out, '!');
        bool has = pv_demangle(&out, pv_text_of(rows[i].name));
        struct pv_text made = pv_text_slice(pv_buffer_text(&out), 1, out.size);
        if (has != (rows[i].made != NULL) || !pv_text_equal(made, pv_text_of(rows[i].made)))
            fail_msg("%s: \"%.*s\"", rows[i].name, PV_TEXT_ARGS(made));
        assert_true(!has || pv_may_demangle(pv_text_of(rows[i].name)));
        pv_buffer_free(&out);
    }
}

/* A few hundred bytes may stand for more than there is memory for. */
static void endless_symbols_end(void **state)
{
    struct pv_buffer symbol = {0}, rust = {0}, out = {0};
    (void)state;
    pv_buffer_add(&symbol, PV_TEXT("_Z1fSt4pairIiiE"));
    for (int digit = '0'; digit <= '9'; digit++)
        pv_buffer_print(&symbol, "St4pairIS%c_S%c_E", digit, digit);
    for (int digit = 'A'; digit <= 'Z'; digit++)
        pv_buffer_print(&symbol, "St4pairIS%c_S%c_E", digit, digit);
    pv_demangle(&out, pv_buffer_text(&symbol));
    assert_true(out.size <= 64 << 10);
    out.size = 0;
    pv_buffer_add(&rust, PV_TEXT("_RIC0"));
    for (int i = 0; i < 40; i++)
        pv_buffer_add(&rust, PV_TEXT("TB_B_E"));
    pv_buffer_char(&rust, 'E');
    pv_demangle(&out, pv_buffer_text(&rust));
    out.size = 0;
    for (int i = 0; i < 20000; i++)
        pv_buffer_char(&symbol, 'P');
    assert_false(pv_demangle(&out, pv_buffer_text(&symbol)));
    pv_buffer_free(&symbol);
    pv_buffer_free(&rust);
    pv_buffer_free(&out);
}

static void names(void **state)
{
    enum { full, templates, brief, strip, ways };
    static const struct {
        const char *name, *made[ways]; /* NULL: as before it */
    } rows[] = {
        {"main", {"main"}},
        {"_ZN3foo3barIiEEvi", {"void foo::bar<int>(int)", "foo::bar<int>", "foo::bar<…>"}},
        {"std::map<int, a<b> >::find(int const&) const",
         {"std::map<int, a<b> >::find(int const&) const", "std::map<int, a<b> >::find",
          "std::map<…>::find"}},
        {"std::ostream& std::operator<< <char>(std::ostream&, char)",
         {"std::ostream& std::operator<< <char>(std::ostream&, char)", "std::operator<< <char>",
          "std::operator<< <…>"}},
        {"bool ns::operator< <int>(a<int> const&)",
         {"bool ns::operator< <int>(a<int> const&)", "ns::operator< <int>", "ns::operator< <…>"}},
        {"a::operator()(int) const", {"a::operator()(int) const", "a::operator()"}},
        {"a::operator->()", {"a::operator->()", "a::operator->"}},
        {"a::operator unsigned long() const",
         {"a::operator unsigned long() const", "a::operator unsigned long"}},
        {"operator new(unsigned long)", {"operator new(unsigned long)", "operator new"}},
        {"non-virtual thunk to a::b(int)",
         {"non-virtual thunk to a::b(int)", "non-virtual thunk to a::b"}},
        {"f(int) const::{lambda(auto:1)#2}::operator()(int) const",
         {"f(int) const::{lambda(auto:1)#2}::operator()(int) const",
          "f() const::{lambda()#2}::operator()"}},
        {"(anonymous namespace)::f(int)",
         {"(anonymous namespace)::f(int)", "(anonymous namespace)::f"}},
        {"f(int)'2", {"f(int)'2", "f'2"}},
        {"f(int)+0x1f/0x80", {"f(int)+0x1f/0x80", "f+0x1f/0x80", NULL, "f"}},
        {"a::b::h0123456789abcdef", {"a::b"}},
        {"_$LT$a..Vec$LT$T$GT$$u20$as$u20$b..Drop$GT$::drop::h0123456789abcdef",
         {"<a::Vec<T> as b::Drop>::drop", NULL, "<a::Vec<…> as b::Drop>::drop"}},
        {"core::num::<impl core::Display for u32>::fmt",
         {"core::num::<impl core::Display for u32>::fmt"}},
        {"drop_in_place::<Vec<u8>>", {"drop_in_place::<Vec<u8>>", NULL, "drop_in_place::<…>"}},
        {"$jq.fn$u20$", {"$jq.fn$u20$"}},
        {"net/http.(*conn).serve", {"net/http.(*conn).serve"}},
        {"main.Map[...]", {"main.Map[...]"}},
        {"java.util.HashMap.<init>", {"java.util.HashMap.<init>"}},
        {"Page.<lambda>", {"Page.<lambda>"}},
        {"<listcomp>", {"<listcomp>"}},
        {"render (app/views.py:12)", {"render (app/views.py:12)"}},
        {"-[NSArray objectAtIndex:]", {"-[NSArray objectAtIndex:]"}},
        {"f [clone .part.0] [clone .cold]", {"f [clone .part.0] [clone .cold]", NULL, NULL, "f"}},
        {"f.constprop.0.cold", {"f.constprop.0.cold", NULL, NULL, "f"}},
        {"malloc (/usr/lib/libc.so.6)", {"malloc (/usr/lib/libc.so.6)", NULL, NULL, "malloc"}},
        {"do_irq ([kernel.kallsyms])", {"do_irq ([kernel.kallsyms])", NULL, NULL, "do_irq"}},
        {"libc.so.6`malloc", {"libc.so.6`malloc", NULL, NULL, "malloc"}},
        {"libc.so.6!malloc", {"libc.so.6!malloc", NULL, NULL, "malloc"}},
        {"operator!=", {"operator!="}},
        {"memcpy@@GLIBC_2.14", {"memcpy@@GLIBC_2.14", NULL, NULL, "memcpy"}},
        {"memcpy@plt", {"memcpy@plt"}},
        {"0x00007f12", {"0x00007f12", NULL, NULL, "[unknown]"}},
        {"[libc.so.6]", {"[libc.so.6]"}},
        {"a+b", {"a+b"}},
        {"f<int", {"f<int"}},
        {"<<<<((((", {"<<<<(((("}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *made = NULL;
        for (int way = 0; way < ways; way++) {
            struct pv_naming naming = {(enum pv_demangling)(PV_DEMANGLE_FULL + way % strip),
                                       way == strip};
            struct pv_buffer out = {0};
            made = rows[i].made[way] ? rows[i].made[way] : made;
            pv_rename_one(&out, pv_text_of(rows[i].name), &naming);
            if (!pv_text_equal(pv_buffer_text(&out), pv_text_of(made)))
                fail_msg("%s (%d): \"%.*s\"", rows[i].name, way,
                         PV_TEXT_ARGS(pv_buffer_text(&out)));
            pv_buffer_free(&out);
        }
    }
}

/* Brackets without an end are looked for a few times, not at each place. */
static void hostile_names_are_quick(void **state)
{
    enum { times = 21000 };
    static const char *const parts[] = {"f<", "f(", "<a as ", ".cold", "operator<", "_Z", "+0x"};
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct pv_buffer name = {0}, out = {0};
        const struct pv_naming naming = {PV_DEMANGLE_SHORT, true};
        for (int k = 0; k < times; k++)
            pv_buffer_add(&name, pv_text_of(parts[i]));
        pv_rename_one(&out, pv_buffer_text(&name), &naming);
        assert_true(out.size > 0);
        pv_buffer_free(&name);
        pv_buffer_free(&out);
    }
}

static uint32_t frame_named(const struct pv_profile *profile, const char *name)
{
    for (uint32_t f = 0; f < profile->frame_count; f++)
        if (pv_text_equal(pv_profile_name(profile, f), pv_text_of(name)))
            return f;
    fail_msg("there is no %s", name);
    return 0;
}

/* Two constructors of one class are two symbols with one name: one function, and a note. */
static void stacks_become_one(void **state)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    struct pv_error err;
    const struct pv_naming naming = {PV_DEMANGLE_FULL, false};
    struct pv_limits limits = pv_limits_default();
    (void)state;
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t frames[] = {pv_build_name(builder, PV_TEXT("_ZN1aC1Ev")),
                         pv_build_name(builder, PV_TEXT("_ZN1aC2Ev")),
                         pv_build_name(builder, PV_TEXT("main"))};
    for (int i = 0; i < 3; i++)
        pv_build_self(builder, pv_build_stack(builder, 0, &frames[i], 1, NULL), 0, i + 1);
    struct pv_profile *profile = small_finish(builder);
    assert_true(pv_rename(&profile, &naming, &limits, &err));
    assert_int_equal(profile->tree->count, 3);
    assert_int_equal(profile->metrics[0].total, 6);
    assert_int_equal(profile->note_count, 1);
    assert_int_equal(profile->notes[0].count, 1);
    frame_named(profile, "a::a()");
    frame_named(profile, "main");
    pv_profile_free(profile);
}

/* What nothing becomes one with stays where it is: no new profile. */
static void names_change_in_place(void **state)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    struct pv_error err;
    const struct pv_naming naming = {PV_DEMANGLE_FULL, false};
    struct pv_limits limits = pv_limits_default();
    (void)state;
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    struct pv_frame_info thread = {.name = PV_TEXT("_Z1fv"), .flags = PV_FRAME_THREAD};
    uint32_t frames[] = {pv_build_frame(builder, &thread), pv_build_name(builder, PV_TEXT("_Z1gv")),
                         pv_build_name(builder, PV_TEXT("main"))};
    pv_build_self(builder, pv_build_stack(builder, 0, frames, 3, NULL), 0, 1);
    struct pv_profile *profile = small_finish(builder), *before = profile;
    assert_true(pv_rename(&profile, &naming, &limits, &err));
    assert_ptr_equal(profile, before);
    assert_int_equal(profile->note_count, 0);
    frame_named(profile, "_Z1fv");
    frame_named(profile, "g()");
    pv_profile_free(profile);
}

/* main calls f<int> and f<long>, which calls f<int>: one f that main calls, whose own call of
 * itself is within it. */
static void arcs_become_one(void **state)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "small");
    struct pv_error err;
    const struct pv_naming naming = {PV_DEMANGLE_SHORT, false};
    struct pv_limits limits = pv_limits_default();
    static const int64_t self[] = {10, 5, 1}, total[] = {10, 11, 16};
    static const int64_t through[] = {4, 11, 6};
    (void)state;
    pv_build_metric(builder, PV_TEXT("Ir"), PV_UNIT_COUNT, false);
    uint32_t frames[] = {pv_build_name(builder, PV_TEXT("f<int>")),
                         pv_build_name(builder, PV_TEXT("f<long>")),
                         pv_build_name(builder, PV_TEXT("main"))};
    for (int i = 0; i < 3; i++)
        pv_build_func(builder, frames[i], 1, 1, &self[i], &total[i]);
    pv_build_arc(builder, frames[2], frames[0], 1, &through[0]);
    pv_build_arc(builder, frames[2], frames[1], 1, &through[1]);
    pv_build_arc(builder, frames[1], frames[0], 1, &through[2]);
    struct pv_profile *profile = small_finish(builder);
    assert_true(pv_rename(&profile, &naming, &limits, &err));
    assert_int_equal(profile->graph->func_count, 2);
    assert_int_equal(profile->graph->arc_count, 1);
    assert_int_equal(profile->graph->arc_total[0][0], 15);
    assert_int_equal(profile->metrics[0].total, 16);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols),
        cmocka_unit_test(endless_symbols_end),
        cmocka_unit_test(names),
        cmocka_unit_test(hostile_names_are_quick),
        cmocka_unit_test(stacks_become_one),
        cmocka_unit_test(names_change_in_place),
        cmocka_unit_test(arcs_become_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
