#include "tests/collapsed_profile.h"

#include "tests/random_profile.h"

static void lines_become_stacks(void **state)
{
    static const struct {
        const char *label, *text, *stacks;
    } rows[] = {
        {"one", "a;b;c 5\n", "a|b|c 5"},
        {"added up", "a;b 1\na 2\na;b 3\n", "a 2 / a|b 4"},
        {"blanks in names", "big bang;a b  7\n", "big bang|a b 7"},
        {"blank in front", " a;b 7\n", " a|b 7"},
        {"tab before the number", "a\tb;c\t8", "a\tb|c 8"},
        {"blanks behind the number", "a 8  \t\n", "a 8"},
        {"blank lines", "\n  \na 1\n\t\n\n", "a 1"},
        {"CR LF", "a;b 1\r\na;c 2\r\n", "a|b 1 / a|c 2"},
        {"zero", "a;b 0\na 3\n", "a 3 / a|b 0"},
        {"numbers in names", "op 2;x 3 4\nz 9\n", "op 2|x 3 4 / z 9"},
        {"recursion", "f;f;f 2\nf;f 1\n", "f|f 1 / f|f|f 2"},
        {"a prefix that is no frame", "ab;c 1\na;c 2\nab;cd 3\nab;c 4\n",
         "ab|c 5 / a|c 2 / ab|cd 3"},
        {"empty inside", "a;;c 2\n", "a|{U}|c 2"},
        {"empty in front", ";a 2\n", "{U}|a 2"},
        {"empty at the end", "a;b; 2\na;b 1\n", "a|b 3"},
        {"two empty at the end", "a;; 2\n", "a|{U} 2"},
        {"nothing but a joint", "; 2\n 3\n", "{U} 5"},
        {"marks", "a;b_[k];c_[j];d_[i];e_[w];f_[0];g_[1] 1\n", "a|b{k}|c{j}|d{i}|e{w}|f{0}|g{1} 1"},
        {"marks are no identity", "a;b_[k] 1\na;b 2\n", "a|b{k} 3"},
        {"two marks", "a_[i]_[j] 1\n", "a{j}{i} 1"},
        {"no marks", "a_[x];b[k];_[k];c_[k] 1\n", "a_[x]|b[k]|_[k]|c{k} 1"},
        {"unknown", "[unknown];[libc.so];??? 1\n", "[unknown]{U}|[libc.so]|???{U} 1"},
        {"fractions", "a 0.5\nb 1.25\nc 3.\nd .125\n", "a 0.5 / b 1.25 / c 3 / d 0.125"},
        {"exponents", "a 1e3\nb 2.5E-2\nc 2.5000e+06\n", "a 1000 / b 0.025 / c 2500000"},
        {"negative", "a -3\nb 4\n", "a -3 / b 4"},
        {"largest", "a 9223372036854775807\n", "a 9223372036854775807"},
        {"hash frames", "# a;b 1\n#x 2\na;# b: 3 4\nz 1\n", "# a|b 1 / #x 2 / a|# b: 3 4 / z 1"},
        {"comments", "# nothing here\n# key: 5\na 1\n", "a 1"},
        {"Austin", "# mode: wall\nP1;T0:7;f.py:g:3 5\nP1;T0:7 2\n# duration: 8\n",
         "P1{P}|T0:7{T} 2000 / P1{P}|T0:7{T}|f.py:g:3 5000"},
        {"Austin, memory", "# mode: memory\nP1;T7;f 4096\nP1;T7 -10\n",
         "P1{P}|T7{T} -10 / P1{P}|T7{T}|f 4096"},
        {"Austin, full", "# mode: full\nP1;T7;f 5,0,9\nP1;T7;g 6,1,-2\n",
         "P1{P}|T7{T}|f 5000 5000 9 / P1{P}|T7{T}|g 6000 0 -2"},
        {"Austin 1, full", "Thread 7f;f (a.py);L3 5 2 0\nThread 7f 4 0 1\n",
         "Thread 7f{T} 4000 0 1024 / Thread 7f{T}|f (a.py)|L3 5000 2048 0"},
        {"threads of others",
         "process 7:\"x y\";thread (0x1f): \"z\";f 1\ntid:5;f 2\nthread (9);g 3\n",
         "process 7:\"x y\"{P}|thread (0x1f): \"z\"{T}|f 1 / tid:5{T}|f 2 / thread (9){T}|g 3"},
        {"no threads", "P1;f;T2 1\nx;T0 2\ntid:;f 1\n", "P1|f|T2 1 / x|T0 2 / tid:|f 1"},
        {"two columns", "a;b 1 2\na 3 4\n", "a 3 4 / a|b 1 2"},
        {"two columns, twice", "a;b 1 2\na;b 1 3\na;b 5 1\n", "a|b 7 6"},
        {"two columns, inside too", "a;b 1;c 4 5\na;b 1 7\n", "a|b 1 7 / a|b 1|c 4 5"},
        {"two columns with marks", "a;b_[k] 1 2\na;b 1 2\n", "a|b{k} 2 4"},
        {"two columns, fractions", "a 0.5 2\nb 1e1 .25\n", "a 0.5 2 / b 10 0.25"},
        {"two columns, empty end", "a; 1 2\na;; 3 4\n", "a 1 2 / a|{U} 3 4"},
        {"two columns but for one line", "a 1 2\na 3\n", "a 1 2 / a 3"},
        {"three columns are two", "a 1 2 3\nb 4 5 6\n", "a 1 2 3 / b 4 5 6"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_collapsed(pv_text_of(rows[i].text));
        assert_text(stacks_of(profile), rows[i].stacks, rows[i].label);
        pv_profile_free(profile);
    }
}

static void metrics_say_what_is_known(void **state)
{
    static const struct {
        const char *text, *metrics;
    } rows[] = {
        {"a 1\n", "samples count 1 1"},
        {"a -1.50\n", "samples count -15 10 signed"},
        {"a 1 2\n", "before count 1 1/after count 2 1"},
        {"a 1 -2\n", "before count 1 1/after count -2 1 signed"},
        {"# mode: cpu\na 3\n", "time ns 3000 1"},
        {"# mode: memory\na 3\n", "memory bytes 3 1"},
        {"# mode: full\na 3,0,4\n", "time ns 3000 1/cpu ns 3000 1/memory bytes 4 1"},
        {"# austin: 3.7.0\n# mode: wall\n", "time ns 0 1"},
        {"a 3\n# mode: cpu\n", "samples count 3 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_collapsed(pv_text_of(rows[i].text));
        struct pv_buffer out = {0};
        for (uint32_t m = 0; m < profile->metric_count; m++) {
            const struct pv_metric *metric = &profile->metrics[m];
            pv_buffer_print(&out, "%s%.*s %.*s %lld %lld%s", m ? "/" : "",
                            PV_TEXT_ARGS(pv_profile_text(profile, metric->name)),
                            PV_TEXT_ARGS(pv_unit_name(metric->unit)), (long long)metric->total,
                            (long long)metric->scale, metric->is_signed ? " signed" : "");
        }
        pv_buffer_char(&out, '\0');
        assert_string_equal(out.data, rows[i].metrics);
        pv_buffer_free(&out);
        pv_profile_free(profile);
    }
}

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *label, *text, *says;
        uint64_t line;
    } rows[] = {
        {"empty", "", "holds no stack", 0},
        {"blank lines", "\n \n", "holds no stack", 0},
        {"comments", "# just words\n", "holds no stack", 0},
        {"no numbers", "a;b\nc\n", "no number behind the stack", 1},
        {"numbers alone", "1\n2\n", "no stack before the number", 1},
        {"too large", "a 1\nb 18446744073709551616\n", "does not fit in 64 bits", 2},
        {"too many bad lines", "a 1\nb 1\nc 1\nd 1\nfoo\n", "1 of 5 lines are malformed", 5},
        {"sum too large", "a;b 9223372036854775807\na;b 1\n", "64 bits", 2},
        {"total too large", "a;b 9223372036854775807\na;c 1\n", "64 bits", 2},
        {"no triple", "a 1,2\n", "no number", 1},
        {"four numbers", "a 1,2,3,4\n", "no number", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        print_message("%s\n", rows[i].label);
        assert_false(read_collapsed_with(pv_text_of(rows[i].text), NULL, &profile, &err));
        assert_null(profile);
        assert_error(&err, rows[i].says, rows[i].line);
    }
}

static void few_bad_lines_are_noted(void **state)
{
    (void)state;
    struct pv_profile *profile = NULL;
    struct pv_error err;
    struct pv_text text = PV_TEXT("a 1\na 1\na 1\na 1\nwhat\na 1\na 1\na 1\na 1\na 1\n");
    profile = read_collapsed(text);
    assert_int_equal(profile->metrics[0].total, 9);
    assert_int_equal(profile->note_count, 1);
    assert_int_equal(profile->notes[0].count, 1);
    assert_int_equal(profile->notes[0].line, 5);
    assert_true(
        pv_text_equal(pv_profile_text(profile, profile->notes[0].kind), PV_TEXT("skipped")));
    pv_profile_free(profile);
    struct pv_input_options strict = {.is_strict = true};
    assert_false(read_collapsed_with(text, &strict, &profile, &err));
    assert_int_equal(err.where.line, 5);
}

static void limits_hold(void **state)
{
    static const struct {
        const char *label, *text, *stacks, *says;
        uint64_t depth, name, nodes, functions;
    } rows[] = {
        {"deep", "a;b;c;d;e 1\na;b;c;d;f 2\na;b 1\n", "a|b 1 / a|b|c|[deeper than 3 frames]{R} 3",
         NULL, 3, 100, 100, 100},
        {"long names", "abcdefgh;x 1\nabcdefgi;x 2\nabc;x 4\n",
         "[… 8 bytes more, 25da8c1836a8d66d]|x 1 / "
         "[… 8 bytes more, 25da8b1836a8d4ba]|x 2 / abc|x 4",
         NULL, 100, 4, 100, 100},
        {"functions", "a;b;c;d;e 1\n", NULL, "functions", 100, 100, 100, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_limits limits = pv_limits_default();
        struct pv_input_options options = {.limits = &limits};
        struct pv_profile *profile = NULL;
        struct pv_error err;
        limits.stack_depth = rows[i].depth;
        limits.name_bytes = rows[i].name;
        limits.nodes = rows[i].nodes;
        limits.functions = rows[i].functions;
        print_message("%s\n", rows[i].label);
        bool done = read_collapsed_with(pv_text_of(rows[i].text), &options, &profile, &err);
        assert_int_equal(done, rows[i].stacks != NULL);
        if (!rows[i].stacks) {
            assert_int_equal(err.code, PV_LIMIT);
            assert_non_null(strstr(err.message, rows[i].says));
            continue;
        }
        assert_text(stacks_of(profile), rows[i].stacks, rows[i].label);
        pv_profile_free(profile);
    }
}

static void check_chunks(const char *path, struct pv_text bytes)
{
    static const size_t chunks[] = {1, 7, 4096, 0};
    struct pv_buffer first = {0};
    for (size_t i = 0; i < 4; i++) {
        struct pv_input_options options = {.chunk = chunks[i]};
        struct pv_profile *profile = NULL;
        struct pv_error err;
        struct pv_buffer json = {0};
        if (bytes.size > 100000 && chunks[i] && chunks[i] < 4096)
            continue;
        if (read_collapsed_with(bytes, &options, &profile, &err))
            json = json_of(profile);
        else
            pv_buffer_print(&json, "%d %s", (int)err.where.line, err.message);
        pv_profile_free(profile);
        if (!first.data) {
            first = json;
            continue;
        }
        if (!pv_text_equal(pv_buffer_text(&json), pv_buffer_text(&first)))
            fail_msg("%s differs in chunks of %zu", path, chunks[i]);
        pv_buffer_free(&json);
    }
    pv_buffer_free(&first);
}

static void chunks_do_not_matter(void **state)
{
    (void)state;
    each_sample(check_chunks);
}

/* No cut may crash or give more than the whole; most cuts of a text cannot be noticed. */
static void check_cuts(const char *path, struct pv_text bytes)
{
    (void)path;
    for (size_t size = 0; bytes.size < 2000 && size < bytes.size; size++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        char *copy = malloc(size + 1); /* so that a sanitizer sees what reads beyond it */
        memcpy(copy, bytes.data, size);
        bool done = read_collapsed_with((struct pv_text){copy, size}, NULL, &profile, &err);
        assert_true(done == (profile != NULL));
        assert_true(done || err.message[0]);
        pv_profile_free(profile);
        free(copy);
    }
}

static void every_cut_is_survived(void **state)
{
    (void)state;
    each_sample(check_cuts);
}

/* Bytes that mean something, put anywhere: whatever comes of it, the invariants hold. */
static void check_mutations(const char *path, struct pv_text bytes)
{
    static const char pieces[] = ";;  \n\n\t#-0919.e,_[k]]\r\xff\xfe";
    struct pv_random random = {bytes.size};
    (void)path;
    for (int i = 0; bytes.size < 20000 && i < 60; i++) {
        struct pv_buffer copy = {0};
        struct pv_profile *profile = NULL;
        struct pv_error err;
        pv_buffer_add(&copy, bytes);
        for (uint32_t k = pv_random_below(&random, 8); copy.size && k > 0; k--)
            copy.data[pv_random_below(&random, (uint32_t)copy.size)] =
                pieces[pv_random_below(&random, sizeof pieces)];
        if (read_collapsed_with(pv_buffer_text(&copy), NULL, &profile, &err)) {
            struct pv_buffer text = written(profile, NULL);
            int64_t sum = 0;
            for (uint32_t n = 0; n < profile->tree->count; n++)
                sum += profile->tree->self[0][n];
            assert_int_equal(sum, profile->metrics[0].total);
            assert_int_equal(profile->tree->total[0][0], sum);
            pv_buffer_free(&text);
        }
        pv_profile_free(profile);
        pv_buffer_free(&copy);
    }
}

static void mutations_are_survived(void **state)
{
    (void)state;
    each_sample(check_mutations);
}

/* A stack of frames out of few names that begin alike, long enough for the cache. */
static void add_random_stack(struct pv_random *random, struct pv_buffer *line)
{
    static const char *const names[] = {"a",      "ab",   "a b",    "a_[k]", "b[x]", "",
                                        "a_[k]b", "_[k]", "ab_[i]", "abc 1", "]",    "b_[j]_[k]"};
    uint32_t count = 1 + pv_random_below(random, 60);
    line->size = 0;
    for (uint32_t i = 0; i < count; i++) {
        pv_buffer_add(line, i ? PV_TEXT(";") : PV_TEXT(""));
        pv_buffer_add(line, pv_text_of(names[pv_random_below(random, 12)]));
    }
}

/* Each line read alone and added up in a plain table, against all lines read at once. */
static void cache_and_prefix_change_nothing(void **state)
{
    (void)state;
    enum { stacks = 40, lines = 1500 };
    struct pv_random random = {7};
    struct pv_buffer texts[stacks] = {{0}}, mixed = {0}, sorted = {0};
    int64_t sums[stacks] = {0};
    for (int i = 0; i < stacks; i++) {
        add_random_stack(&random, &texts[i]);
        if (i % 4 == 3) { /* as long as the one before, one byte different */
            texts[i].size = 0;
            pv_buffer_add(&texts[i], pv_buffer_text(&texts[i - 1]));
            texts[i].data[pv_random_below(&random, (uint32_t)texts[i].size)] ^= 1;
        }
    }
    for (int i = 0; i < lines; i++) {
        uint32_t which = pv_random_below(&random, stacks);
        uint32_t value = pv_random_below(&random, 100);
        pv_buffer_add(&mixed, pv_buffer_text(&texts[which]));
        pv_buffer_print(&mixed, " %u\n", value);
        sums[which] += value;
    }
    for (int i = 0; i < stacks; i++) {
        pv_buffer_add(&sorted, pv_buffer_text(&texts[i]));
        pv_buffer_print(&sorted, " %lld\n", (long long)sums[i]);
    }
    struct pv_profile *one = read_collapsed(pv_buffer_text(&mixed));
    struct pv_profile *two = read_collapsed(pv_buffer_text(&sorted));
    struct pv_buffer json_one = json_of(one), json_two = json_of(two);
    assert_same_text(&json_one, &json_two);
    pv_profile_free(one);
    pv_profile_free(two);
    pv_buffer_free(&json_one);
    pv_buffer_free(&json_two);
    pv_buffer_free(&mixed);
    pv_buffer_free(&sorted);
    for (int i = 0; i < stacks; i++)
        pv_buffer_free(&texts[i]);
}

static void content_is_recognised(void **state)
{
    static const struct {
        const char *label, *text;
        enum pv_probe probe;
    } rows[] = {
        {"stacks", "a;b;c 5\na;b 3\n", PV_PROBE_SURE},
        {"one stack, no newline", "a;b 5", PV_PROBE_SURE},
        {"CR LF", "a;b 5\r\na 6\r\n", PV_PROBE_SURE},
        {"Austin", "# austin: 3.6.0\n# mode: wall\n\nP1;T2;f 5\n", PV_PROBE_SURE},
        {"single frames", "main 5\nf_2 6\n", PV_PROBE_MAYBE},
        {"a bad line of many", "a;b 1\na;b 1\na;b 1\na;b 1\na;b 1\na;b 1\na;b 1\na;b 1\na;b 1\nx\n",
         PV_PROBE_LIKELY},
        {"a bad line of few", "a;b 1\na;c 1\nx\n", PV_PROBE_MAYBE},
        {"empty", "", PV_PROBE_NO},
        {"blank", "\n\n", PV_PROBE_NO},
        {"prose", "This is a text;\nit has no numbers.\n", PV_PROBE_NO},
        {"csv", "name;count\nfoo;5\nbar;6\n", PV_PROBE_NO},
        {"csv with commas", "name,self\nmain,5\n", PV_PROBE_NO},
        {"json", "{\"a\": 5,\n\"b\": 6\n}\n", PV_PROBE_NO},
        {"two numbers a line", "8 5\n16 6\n", PV_PROBE_NO},
        {"callgrind", "# callgrind format\nversion: 1\nevents: Ir\nfl=a.c\nfn=main\n16 20\n17 4\n",
         PV_PROBE_NO},
        {"log", "12:00:01 worker started in 5\n12:00:02 worker; stopped\n", PV_PROBE_NO},
        {"perf script", "java 1 [000] 5.1: cycles:\n\tffff main+0x1 (/bin/java)\n\n", PV_PROBE_NO},
        {"print_stats", "   5 function calls in 0.001 seconds\n\n   ncalls  tottime\n",
         PV_PROBE_NO},
        {"memory samples", "CMDLINE python x.py\nMEM 1.5 1600000000.5\nMEM 1.6 1600000000.6\n",
         PV_PROBE_NO},
        {"binary", "\1\2\3\4\5\6;\1\2 5\n", PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].label);
        assert_int_equal(collapsed_format()->probe(pv_text_of(rows[i].text), true), rows[i].probe);
    }
}

static void long_lines_are_recognised(void **state)
{
    (void)state;
    enum { size = 1 << 16 };
    char *head = malloc(size);
    for (int i = 0; i < size; i++)
        head[i] = i % 8 == 7 ? ';' : 'f';
    assert_int_equal(collapsed_format()->probe((struct pv_text){head, size}, false),
                     PV_PROBE_MAYBE);
    memset(head, 'x', size);
    assert_int_equal(collapsed_format()->probe((struct pv_text){head, size}, false), PV_PROBE_NO);
    memcpy(head, "a;b 5\na;b 5\na;c 123", 19); /* the last line may be cut within its number */
    assert_int_equal(collapsed_format()->probe((struct pv_text){head, size}, false), PV_PROBE_SURE);
    free(head);
}

static void check_detected(const char *path, struct pv_text bytes)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    struct pv_input *input = pv_input_memory(bytes, "unknown", NULL);
    const struct pv_format *format = pv_format_detect(input, &err);
    pv_input_close(input);
    if (format && strcmp(format->name, "collapsed") == 0)
        return;
    if (read_collapsed_with(bytes, NULL, &profile, &err))
        fail_msg("%s was not recognised", path);
}

static void samples_are_recognised_under_any_name(void **state)
{
    (void)state;
    each_sample(check_detected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_stacks),
        cmocka_unit_test(metrics_say_what_is_known),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(few_bad_lines_are_noted),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(every_cut_is_survived),
        cmocka_unit_test(mutations_are_survived),
        cmocka_unit_test(cache_and_prefix_change_nothing),
        cmocka_unit_test(content_is_recognised),
        cmocka_unit_test(long_lines_are_recognised),
        cmocka_unit_test(samples_are_recognised_under_any_name),
    };
    return cmocka_run_group_tests_name("collapsed", tests, NULL, NULL);
}
