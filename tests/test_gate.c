#include "model/gate.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"
#include "tests/unit.h"

static void test_quantities(void **state)
{
    static const struct {
        const char *text;
        bool is_fine, is_share;
        int64_t value;
        unsigned digits;
        const char *suffix;
    } rows[] = {
        {"1000", true, false, 1000, 0, ""}, {" 1.5 s ", true, false, 15, 1, "s"},
        {"20%", true, true, 20, 0, "%"},    {"64MiB", true, false, 64, 0, "MiB"},
        {"-3", true, false, -3, 0, ""},     {"5 parsecs", false, false, 0, 0, ""},
        {"", false, false, 0, 0, ""},       {"s", false, false, 0, 0, ""},
        {"1.2.3", false, false, 0, 0, ""},  {"1e3", false, false, 0, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_quantity found;
        if (pv_quantity_parse(&found, pv_text_of(rows[i].text)) != rows[i].is_fine)
            fail_msg("%s", rows[i].text);
        if (!rows[i].is_fine)
            continue;
        assert_int_equal(found.number.value, rows[i].value);
        assert_int_equal(found.number.digits, rows[i].digits);
        assert_int_equal(found.is_share, rows[i].is_share);
        assert_true(pv_text_equal(found.suffix, pv_text_of(rows[i].suffix)));
    }
}

static void test_parsing(void **state)
{
    static const struct {
        const char *text;
        enum pv_gate_scope scope;
        const char *what, *metric;
        bool is_self, is_increase;
    } rows[] = {
        {"time<=2s", PV_GATE_WHOLE, "", "time", false, false},
        {"render calls<=1000", PV_GATE_PATTERN, "render", "calls", false, false},
        {"a b self:time <= 20%", PV_GATE_PATTERN, "a b", "time", true, false},
        {"function:f calls+<=0", PV_GATE_FUNCTION, "f", "calls", false, true},
        {"module:db.py time+<=5 %", PV_GATE_MODULE, "db.py", "time", false, true},
    };
    static const char *const refused[] = {"", "calls", "<=5", "f calls<=", "f calls<=x", "f +<=5"};
    struct pv_gate_rule rule;
    struct pv_error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(pv_gate_parse(&rule, pv_text_of(rows[i].text), &err));
        assert_int_equal(rule.scope, rows[i].scope);
        assert_true(pv_text_equal(rule.what, pv_text_of(rows[i].what)));
        assert_true(pv_text_equal(rule.metric, pv_text_of(rows[i].metric)));
        assert_int_equal(rule.is_self, rows[i].is_self);
        assert_int_equal(rule.max_increase.is_there, rows[i].is_increase);
        assert_int_equal(rule.max.is_there, !rows[i].is_increase);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(pv_gate_parse(&rule, pv_text_of(refused[i]), &err));
        assert_int_equal(err.code, PV_USAGE);
    }
}

/* "verdict observed|limit|doubt" of the first result, and how many there are. */
static char *outcome(const char *rule_text, struct pv_profile *base, struct pv_profile *head,
                     bool is_each)
{
    static const char *const verdicts[] = {"kept", "unsure", "broken"};
    struct pv_gate_rule rule;
    struct pv_gate_report report;
    struct pv_error err = {0};
    struct pv_buffer out = {0};
    assert_true(pv_gate_parse(&rule, pv_text_of(rule_text), &err));
    rule.is_each = is_each;
    struct pv_profile *const runs[2][1] = {{base}, {head}};
    const struct pv_diff_request sides = {.runs = {runs[0], runs[1]}, .count = {1, 1}};
    const struct pv_gate_request request = {
        .rules = &rule, .rule_count = 1, .profile = head, .sides = base ? &sides : NULL};
    if (!pv_gate_check(&report, &request, &err)) {
        pv_buffer_print(&out, "%s", err.message);
        pv_buffer_char(&out, '\0');
        return out.data;
    }
    const struct pv_gate_result *first = &report.results[0];
    pv_buffer_print(&out, "%s %.*s|%.*s|%.*s|%u", verdicts[first->verdict],
                    PV_TEXT_ARGS(first->observed), PV_TEXT_ARGS(first->limit),
                    PV_TEXT_ARGS(pv_text_slice(first->doubt, 0, 30)), report.count);
    for (unsigned i = 0; i < first->path_count; i++)
        pv_buffer_print(&out, "|%.*s", PV_TEXT_ARGS(first->paths[i]));
    pv_buffer_char(&out, '\0');
    pv_gate_report_free(&report);
    return out.data;
}

static void test_verdicts(void **state)
{
    static const char *const stacks[] = {"a;b 600|a;c 300|a;b;b 100", "a;b 700|a;c 300|d 10"};
    static const char *const arcs[] = {"m 1 5 100|f 3 40 60|g 2 20 20|m>f 3 60|f>g 2 20",
                                       "m 1 5 200|f 9 90 160|g 6 70 70|m>f 9 160|f>g 6 70"};
    static const struct {
        const char *rule;
        bool has_arcs, has_base, is_each;
        const char *wanted;
    } rows[] = {
        {"b samples<=80%", false, false, false, "kept 69.3 %, 700|80 %||1"},
        {"b samples<=50%", false, false, false,
         "broken 69.3 %, 700|50 %|95 % interval 66.39 % to 72.07|1|a > b: 700"},
        {"[bc] samples<=500", false, false, false, "broken 1,000|500||1|a > b: 700|a > c: 300"},
        {"self:samples<=2k", false, false, false, "kept 1,010|2,000||1"},
        {"b samples+<=0", false, false, false,
         "unsure unknown|+0|there is no base to compare wi|1|a > b: 700"},
        {"nobody samples<=5", false, false, false,
         "unsure unknown|5|no function is meant; \"optiona|1"},
        {"b calls<=5", false, false, false, "unsure unknown|5|the profile does not tell how |1"},
        {"c samples+<=5%", false, true, false, "kept 0 (=), from 300 to 300|+5 %||1"},
        {"f calls<=5", true, false, false, "broken 9|5||1|m > f: 9"},
        {"f calls+<=5", true, true, false, "broken +6 (+200 %), from 3 to 9|+5||1|m > f: +6"},
        {"calls+<=50%", true, true, false,
         "broken +10 (+167 %), from 6 to 16|+50 %||1|m > f: +6|m > f > g: +4"},
        {"f time<=1us", true, false, false, "kept 160 ns|1 µs||1"},
        {"f time+<=1ns", true, true, false,
         "unsure +100 ns (+167 %), from 60 ns to 160 ns|+1 ns|values that were measured diff|1|m > "
         "f: +100 ns"},
        {"samples+<=0.5%", false, true, false,
         "unsure +10 (+1 %), from 1,000 to 1,010|+0.5 %|beyond the limit: 95 % interva|1|a > b: "
         "+100|d: +10"},
        {"[mfg] calls+<=3", true, true, true, "broken +6 (+200 %), from 3 to 9|+3||3|m > f: +6"},
        {"[mfg] self:time<=1ns", true, false, true, "broken 90 ns|1 ns||3|m > f: 160 ns"},
        {"f time<=1", true, false, false,
         "the budget 'f': a limit without a unit does not fit values in ns; say its unit, as in "
         "1.5s or 20ms"},
        {"time<=5MiB", true, false, false,
         "the budget of the whole: a limit in 'MiB' does not fit values in ns; say its unit, as in "
         "1.5s or 20ms"},
        {"g calls<=5.9", true, false, false, "broken 6|5||1|m > f > g: 6"},
        {"f tmie<=1s", true, false, false,
         "the budget 'f': unknown metric 'tmie'; did you mean 'time'?"},
        {"(f time<=1s", true, false, false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *(*make)(const char *) = rows[i].has_arcs ? small_arcs : small_stacks;
        const char *const *texts = rows[i].has_arcs ? arcs : stacks;
        struct pv_profile *base = rows[i].has_base ? make(texts[0]) : NULL, *head = make(texts[1]);
        char *text = outcome(rows[i].rule, base, head, rows[i].is_each);
        if (rows[i].wanted && strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: %s", rows[i].rule, text);
        free(text);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

/* What was sampled once a millisecond is known no better for being written in nanoseconds. */
static void test_weights(void **state)
{
    static const char *const stacks[] = {"a;b 400000000|a;c 500000000|d 100000000",
                                         "a;b 441000000|a;c 458000000|d 101000000"};
    static const char *const counts[] = {"a;b 400010|a;c 600001", "a;b 440010|a;c 560001"};
    static const struct {
        const char *rule;
        const char *const *texts;
        const char *wanted;
    } rows[] = {
        {"b samples<=42%", stacks,
         "unsure 44.1 %, 441,000,000|42 %|95 % interval 41.05 % to 47.19|1|a > b: 441,000,000"},
        {"b samples<=42%", counts,
         "broken 44 %, 440,010|42 %|95 % interval 43.9 % to 44.1 %|1|a > b: 440,010"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *base = small_stacks(rows[i].texts[0]);
        struct pv_profile *head = small_stacks(rows[i].texts[1]);
        char *text = outcome(rows[i].rule, NULL, head, false);
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: %s", rows[i].rule, text);
        free(text);
        text = outcome("b samples+<=5%", base, head, false);
        assert_true(strncmp(text, i ? "broken" : "unsure", 6) == 0);
        free(text);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

/* What is beyond chance of one function may be chance of one of three. */
static void test_each(void **state)
{
    struct pv_profile *base = small_stacks("a 891|b 10|c 99"),
                      *head = small_stacks("a 877|b 24|c 99");
    (void)state;
    for (int is_each = 0; is_each < 2; is_each++) {
        char *text =
            outcome(is_each ? "[abc] samples+<=1%" : "b samples+<=1%", base, head, is_each);
        assert_true(strncmp(text, is_each ? "unsure +14" : "broken +14", 10) == 0);
        free(text);
    }
    pv_profile_free(base);
    pv_profile_free(head);
}

/* Functions whose value grew, or is not told, by the union; *most: by how much at most. */
static uint32_t count_grown(const struct pv_diff *diff, bool is_calls, bool is_self, int64_t *most)
{
    const struct pv_graph *graph = diff->profile->graph;
    int64_t *const *columns = is_self ? graph->self : graph->total;
    uint32_t count = 0;
    *most = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        int64_t base = diff->calls[0][i], head = diff->calls[1][i];
        bool is_told = !is_calls || (base != PV_UNKNOWN_CALLS && head != PV_UNKNOWN_CALLS);
        int64_t grown = is_calls ? head - base : columns[diff->pairs[0].change][i];
        *most = is_told && grown > *most ? grown : *most;
        count += !is_told || grown > 0;
    }
    return count;
}

/* Ways that carry as much come in the order of their names, whatever the file's is. */
static void test_ties(void **state)
{
    static const char *const arcs[] = {
        "m 1 5 99|a 1 1 9|b 1 1 9|f 4 4 8|m>b 1 9|m>a 1 9|b>f 2 4|a>f 2 4",
        "f 4 4 8|b 1 1 9|a 1 1 9|m 1 5 99|a>f 2 4|b>f 2 4|m>a 1 9|m>b 1 9"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct pv_profile *base = i < 2 ? NULL : small_arcs("m 1 5 5"),
                          *head = small_arcs(arcs[i % 2]);
        char *text = outcome(base ? "f calls+<=1" : "f calls<=1", base, head, false);
        if (!strstr(text, base ? "|m > a > f: +2|m > b > f: +2" : "|m > a > f: 2|m > b > f: 2"))
            fail_msg("%s", text);
        free(text);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

/* What is found without uniting the sides is what the union has. */
static void check_each(struct pv_profile *base, struct pv_profile *head, const char *rule_text)
{
    struct pv_profile *const runs[2][1] = {{base}, {head}};
    const struct pv_diff_request sides = {.runs = {runs[0], runs[1]}, .count = {1, 1}};
    struct pv_gate_rule rule;
    struct pv_gate_report report;
    struct pv_diff *diff;
    struct pv_error err = {0};
    int64_t most;
    char room[PV_NUMBER_SIZE + 1];
    assert_true(pv_diff_new(&diff, &sides, &err));
    assert_true(pv_gate_parse(&rule, pv_text_of(rule_text), &err));
    rule.is_each = true;
    const struct pv_gate_request request = {.rules = &rule, .rule_count = 1, .sides = &sides};
    assert_true(pv_gate_check(&report, &request, &err));
    bool is_calls = pv_text_equal(rule.metric, PV_TEXT("calls"));
    uint32_t count = count_grown(diff, is_calls, rule.is_self, &most);
    bool has_kept = count < diff->profile->graph->func_count;
    assert_int_equal(report.count, count + has_kept);
    size_t size = pv_print_grouped(room, most);
    if (most && !pv_text_starts(pv_text_slice(report.results[0].observed, 1, 1000),
                                (struct pv_text){room, size}))
        fail_msg("%s: %.*s", rule_text, PV_TEXT_ARGS(report.results[0].observed));
    pv_gate_report_free(&report);
    pv_diff_free(diff);
}

static void test_without_union(void **state)
{
    static const char *const rules[2][3] = {
        {".* samples+<=0", ".* self:samples+<=0", ".* samples+<=0"},
        {".* calls+<=0", ".* calls+<=0", "[a-z0-9]* calls+<=0"},
    };
    (void)state;
    for (uint64_t seed = 1; seed < 20; seed++)
        for (int has_arcs = 0; has_arcs < 2; has_arcs++) {
            struct pv_profile *sides[2];
            for (uint64_t i = 0; i < 2; i++)
                sides[i] = has_arcs ? pv_random_arcs(2 * seed + i, 5 + 3 * (uint32_t)i, 20)
                                    : pv_random_stacks(2 * seed + i, 9 - 2 * (uint32_t)i, 6, 30);
            check_each(sides[0], sides[1], rules[has_arcs][seed % 3]);
            pv_profile_free(sides[0]);
            pv_profile_free(sides[1]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantities), cmocka_unit_test(test_parsing),
        cmocka_unit_test(test_verdicts),   cmocka_unit_test(test_weights),
        cmocka_unit_test(test_each),       cmocka_unit_test(test_without_union),
        cmocka_unit_test(test_ties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
