#include "model/names.h"
#include "tests/small_profile.h"

/* A profile with one frame. */
static struct pv_profile *one_frame(const char *name, const char *file, const char *module)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    struct pv_frame_info info = {
        .name = pv_text_of(name), .file = pv_text_of(file), .module = pv_text_of(module)};
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t frame = pv_build_frame(builder, &info);
    pv_build_self(builder, pv_build_stack(builder, 0, &frame, 1, NULL), 0, 1);
    return small_finish(builder);
}

static void names_split(void **state)
{
    static const struct {
        const char *name, *file, *module; /* "module|joint|function|arguments" follows */
        const char *parts, *key;
    } rows[] = {
        {"main", "", "", "||main|", ""},
        {"", "", "", "|||", ""},
        {"render", "/srv/shop/app/views.py", "", "shop/app/views.py|:|render|", "views.py"},
        {"render", "app/views.py", "", "app/views.py|:|render|", "views.py"},
        {"loads", "/usr/lib/python3.11/json/decoder.py", "", "json/decoder.py|:|loads|", "json"},
        {"get", "/venv/lib/python3.11/site-packages/requests/api.py", "", "requests/api.py|:|get|",
         "requests"},
        {"cmp", "C:\\app\\x.py", "", "app\\x.py|:|cmp|", "x.py"},
        {"render (app/views.py:12)", "", "", "app/views.py|:|render|", "views.py"},
        {"work (x.js:1:20)", "", "", "x.js|:|work|", "x.js"},
        {"[kernel.kallsyms]", "", "", "||[kernel.kallsyms]|", ""},
        {"[libc.so.6]", "", "", "||[libc.so.6]|", ""},
        {"<a::Vec<T> as b::Extend<T>>::extend::h0123456789abcdef", "", "",
         "<a::Vec<T> as b::Extend<T>>|::|extend|::h0123456789abcdef",
         "<a::Vec<T> as b::Extend<T>>"},
        {"core::hash::hello", "", "", "core::hash|::|hello|", "core::hash"},
        {"std::map<int, a::b>::find(int const&)", "", "",
         "std::map<int, a::b>|::|find|(int const&)", "std::map<int, a::b>"},
        {"void ns::f<int>(int) [clone .part.1]", "", "", "ns|::|f<int>|(int) [clone .part.1]",
         "ns"},
        {"a::b::operator()(int) const", "", "", "a|::|b::operator()|(int) const", "a"},
        {"a::f(int) const::{lambda()#1}::operator()(int) const", "", "",
         "a|::|f(int) const::{lambda()#1}::operator()|(int) const", "a"},
        {"a::b::{{closure}}", "", "", "a|::|b::{{closure}}|", "a"},
        {"{{closure}}", "", "", "||{{closure}}|", ""},
        {"x.(*T).Gather.func1", "", "", "x.(*T)|.|Gather.func1|", "x"},
        {"main.Map[go.shape.int]", "", "", "main|.|Map[go.shape.int]|", "main"},
        {"a::operator->()", "", "", "a|::|operator->|()", "a"},
        {"(anonymous namespace)::f()", "", "", "(anonymous namespace)|::|f|()",
         "(anonymous namespace)"},
        {"<Vec<T> as Extend<T>>::extend", "", "", "<Vec<T> as Extend<T>>|::|extend|",
         "<Vec<T> as Extend<T>>"},
        {"java.util.HashMap.get", "", "", "java.util.HashMap|.|get|", "java.util.HashMap"},
        {"java/util/HashMap.get", "", "", "java/util/HashMap|.|get|", "java/util/HashMap"},
        {"net/http.(*conn).serve", "", "", "net/http.(*conn)|.|serve|", "net/http"},
        {"Tree#each", "", "", "Tree|#|each|", "Tree"},
        {"libc.so.6`malloc", "", "", "libc.so.6|`|malloc|", "libc.so.6"},
        {"malloc", "", "/usr/lib/libc.so.6", "libc.so.6|`|malloc|", "libc.so.6"},
        {"app/views.py:render", "", "", "app/views.py|:|render|", "app/views.py"},
        {"/srv/shop/app/views.py:render:12", "", "", "/srv/shop/app/views.py|:|render:12|",
         "views.py"},
        {"do_work.part.0", "", "", "||do_work.part.0|", ""},
        {"setup.py", "", "", "||setup.py|", ""},
        {"<built-in method time.sleep>", "", "", "time|.|sleep|", "time"},
        {"a b.c", "", "", "||a b.c|", ""},
        {"::", "", "", "||::|", ""},
        {")", "", "", "||)|", ""},
        {"(", "", "", "||(|", ""},
        {"()", "", "", "||()|", ""},
        {">>>>::x", "", "", ">>>>|::|x|", ">>>>"},
        {"f (", "", "", "||f (|", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = one_frame(rows[i].name, rows[i].file, rows[i].module);
        struct pv_name_parts parts;
        struct pv_buffer out = {0};
        pv_name_split(&parts, profile, 0);
        pv_buffer_print(&out, "%.*s|%.*s|%.*s|%.*s", PV_TEXT_ARGS(parts.module),
                        PV_TEXT_ARGS(parts.joint), PV_TEXT_ARGS(parts.function),
                        PV_TEXT_ARGS(parts.arguments));
        pv_buffer_char(&out, '\0');
        if (strcmp(out.data, rows[i].parts) != 0)
            fail_msg("\"%s\": %s", rows[i].name, out.data);
        struct pv_text key = pv_module_key(profile, 0);
        if (!pv_text_equal(key, pv_text_of(rows[i].key)))
            fail_msg("\"%s\": key %.*s", rows[i].name, PV_TEXT_ARGS(key));
        pv_buffer_free(&out);
        pv_profile_free(profile);
    }
}

static void prefixes(void **state)
{
    static const struct {
        const char *name, *prefix;
    } rows[] = {{"ext4_file_read", "ext4"},
                {"_PyEval_Frame", "PyEval"},
                {"main", "main"},
                {"___", ""},
                {"", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_text prefix = pv_name_prefix(pv_text_of(rows[i].name));
        if (!pv_text_equal(prefix, pv_text_of(rows[i].prefix)))
            fail_msg("\"%s\": %.*s", rows[i].name, PV_TEXT_ARGS(prefix));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_split),
        cmocka_unit_test(prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
