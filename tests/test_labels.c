#include "render/labels.h"

#include "model/escape.h"
#include "render/font.h"
#include "tests/small_profile.h"

static struct pv_profile *one_frame(struct pv_frame_info info)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t frame = pv_build_frame(builder, &info);
    pv_build_self(builder, pv_build_stack(builder, 0, &frame, 1, NULL), 0, 1);
    return small_finish(builder);
}

static const struct pv_face face = {12, false};

/* What is cut first, and what last. */
static void frames(void **state)
{
    static const struct {
        const char *name, *file;
        double width;
        const char *label; /* NULL: none */
    } rows[] = {
        {"main", "", 40, "main"},
        {"main", "", 29.9, NULL},
        {"std::map<int, long>::find(int const&)", "", 400, "std::map<int, long>::find(int const&)"},
        {"std::map<int, long>::find(int const&)", "", 180, "std::map<int, long>::find"},
        {"std::map<int, long>::find(int const&)", "", 130, "std::map<…>::find"},
        {"std::map<int, long>::find(int const&)", "", 100, "map<…>::find"},
        {"std::map<int, long>::find(int const&)", "", 60, "find"},
        {"std::basic_string<char, std::allocator<char> >::assign(int)", "", 165,
         "basic_string<…>::assign"},
        {"std::operator<< <std::char_traits<char> >(std::ostream&)", "", 140, "operator<< <…>"},
        {"a::operator->()", "", 80, "operator->"},
        {"app::Server::start()::{lambda(Request const&)#2}::operator()(Request const&) const", "",
         150, "start()::{lambda(Requ…"},
        {"tokio::runtime::Context::run_task::{{closure}}", "", 160, "run_task::{{closure}}"},
        {"<alloc::vec::Vec<T> as core::Extend<&T>>::extend", "", 200, "extend"},
        {"github.com/x/prometheus.(*Registry).Gather.func1", "", 110, "Gather.func1"},
        {"main.Map[go.shape.int,go.shape.string]", "", 100, "Map[go.shape…"},
        {"net/http.(*conn).serve", "", 110, "…(*conn).serve"},
        {"java.util.concurrent.ThreadPoolExecutor$Worker.run", "", 230,
         "…ThreadPoolExecutor$Worker.run"},
        {"com.example.Foo.lambda$handle$0", "", 140, "Foo.lambda$handle$0"},
        {"漢字::漢字漢字", "", 60, "漢字漢字"},
        {"\u0645\u0631\u062d\u0628\u0627", "", 100, "\u0645\u0631\u062d\u0628\u0627"},
        {"to_representation", "rest/framework/serializers.py", 320,
         "rest/framework/serializers.py:to_representation"},
        {"to_representation", "rest/framework/serializers.py", 240,
         "rest/…/serializers.py:to_representation"},
        {"to_representation", "rest/framework/serializers.py", 210,
         "…/serializers.py:to_representation"},
        {"to_representation", "rest/framework/serializers.py", 195,
         "serializers.py:to_representation"},
        {"to_representation", "rest/framework/serializers.py", 120, "to_representation"},
        {"to_representation", "rest/framework/serializers.py", 60, "to_repr…"},
        {"to_representation", "rest/framework/serializers.py", 31, NULL},
        {"Page.render", "app/views.py", 60, "render"},
        {"start@@GLIBC_2.34", "csu/start.c", 60, "start@…"},
        {"Page.<lambda>", "app/views.py", 70, "Page.<…>"},
        {"a::b::c::d::function", "", 112, "a::…::d::function"},
        {"find<std::pair<int, int>>", "", 70, "find<…>"},
        {"java.util.concurrent.ThreadPool.run", "", 130, "…ThreadPool.run"},
        {"", "", 100, NULL},
        {"\xE2\x80\xAE"
         "evil",
         "", 100, "\\u{202e}evil"},
        {"caf\xE9", "", 100, "caf\\xe9"},
        {"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", "", 44,
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4…"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = one_frame((struct pv_frame_info){
            .name = pv_text_of(rows[i].name), .file = pv_text_of(rows[i].file)});
        struct pv_buffer out = {0};
        bool has_label = pv_label_frame(&out, profile, 0, face, rows[i].width);
        if (has_label != (rows[i].label != NULL) ||
            !pv_text_equal(pv_buffer_text(&out), pv_text_of(rows[i].label)))
            fail_msg("\"%s\" in %g: \"%.*s\"", rows[i].name, rows[i].width,
                     PV_TEXT_ARGS(pv_buffer_text(&out)));
        pv_buffer_free(&out);
        pv_profile_free(profile);
    }
}

/* Whatever the name and the width: the label fits, is whole UTF-8, and is appended. */
static void always_fit(void **state)
{
    static const char *const names[] = {
        "std::__detail::_Hashtable<std::pair<const int, long>, std::less<int>>::_M_insert(int&&)",
        "django.core.handlers.wsgi.WSGIHandler.__call__",
        "\xF0\x9F\x98\x80\xF0\x9F\x98\x80.\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97",
        "e\xCC\x81\xCC\x82\xCC\x83"
        "a\xCC\x81\xCC\x82"
        "o\xCC\x81",
        "\x01\x02\xFF\xFE<script>alert(\"x\")</script>&amp;",
        "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/0/1/2/3/4/5/6/7.c:f",
        "::::::::::::::::::::::",
        "<<<<<<<<>>>>>>>>",
        "((((((((((",
        "........",
        " ",
        "\\\\\\x41",
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pv_profile *profile =
            one_frame((struct pv_frame_info){.name = pv_text_of(names[i])});
        for (double width = 0; width < 700; width += 3.7)
            for (int kind = 0; kind < 5; kind++) {
                struct pv_buffer out = {0};
                struct pv_face set = {kind % 2 ? 12 : 17.5, kind % 2};
                struct pv_text name = pv_text_of(names[i]);
                pv_buffer_char(&out, '!');
                bool is_there = kind == 0   ? pv_label_frame(&out, profile, 0, set, width)
                                : kind == 1 ? pv_label_function(&out, profile, 0, set, width)
                                : kind == 2 ? pv_label_module(&out, profile, 0, set, width)
                                : kind == 3 ? pv_label_text(&out, name, set, width)
                                            : pv_label_tail(&out, name, set, width);
                struct pv_text made = pv_text_slice(pv_buffer_text(&out), 1, out.size);
                assert_int_equal(out.data[0], '!');
                assert_int_equal(is_there, made.size > 0);
                if (pv_font_width(made, set.size, set.is_bold) > width - PV_LABEL_SLACK + 1e-9 &&
                    made.size)
                    fail_msg("\"%.*s\" is wider than %g", PV_TEXT_ARGS(made), width);
                uint32_t code_point;
                while (pv_utf8_next(&made, &code_point))
                    assert_true(code_point >= 0x20 && code_point < PV_INVALID_BYTE);
                pv_buffer_free(&out);
            }
        pv_profile_free(profile);
    }
}

/* Names as long as they may be cost no time where nobody can read them. */
static void long_names_are_quick(void **state)
{
    enum { size = 64 << 10, times = 20000 };
    char *name = malloc(size);
    (void)state;
    memset(name, 'x', size);
    for (size_t i = 100; i < size; i += 100)
        memcpy(name + i, "::", 2);
    struct pv_profile *profile = one_frame((struct pv_frame_info){.name = {name, size}});
    struct pv_buffer out = {0};
    for (int i = 0; i < times / 100; i++) {
        out.size = 0;
        pv_label_frame(&out, profile, 0, face, 100);
    }
    out.size = 0;
    pv_label_full(&out, profile, 0);
    assert_true(out.size < 4096);
    pv_buffer_free(&out);
    pv_profile_free(profile);
    free(name);
}

static void full_names(void **state)
{
    static const struct {
        struct pv_frame_info info;
        const char *full;
    } rows[] = {
        {{.name = {"f", 1}}, "f"},
        {{.name = {"", 0}}, "(no name)"},
        {{.name = {"f", 1}, .file = {"/a/b/c/d.py", 11}, .line = 7}, "f (b/c/d.py:7)"},
        {{.name = {"f", 1}, .module = {"/usr/lib/libc.so", 16}}, "f [libc.so]"},
        {{.name = {"libc.so`f", 9}, .module = {"libc.so", 7}}, "libc.so`f"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = one_frame(rows[i].info);
        struct pv_buffer out = {0};
        pv_label_full(&out, profile, 0);
        pv_buffer_char(&out, '\0');
        assert_string_equal(out.data, rows[i].full);
        pv_buffer_free(&out);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames),
        cmocka_unit_test(always_fit),
        cmocka_unit_test(long_names_are_quick),
        cmocka_unit_test(full_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
