#include "formats/budget.h"
#include "model/builder.h"
#include "tests/fuzz/check.h"

/* A file of budgets, and the same bytes as a budget of the command line; what is understood is
 * checked against a small profile, with and without a base. */

static struct pv_profile *small_profile(int64_t hot)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "fuzz");
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t frames[] = {pv_build_name(builder, PV_TEXT("main")),
                         pv_build_name(builder, PV_TEXT("hot"))};
    pv_build_self(builder, pv_build_stack(builder, 0, frames, 2, NULL), 0, hot);
    pv_build_self(builder, pv_build_stack(builder, 0, frames, 1, NULL), 0, 30);
    read_any_demand(pv_builder_finish(builder, &profile, &err), "no profile");
    pv_builder_free(builder);
    return profile;
}

static void check(const struct pv_gate_rule *rules, uint32_t count)
{
    struct pv_profile *base = small_profile(70), *head = small_profile(90);
    struct pv_profile *const sides[2][1] = {{base}, {head}};
    const struct pv_diff_request pair = {.runs = {sides[0], sides[1]}, .count = {1, 1}};
    struct pv_error err = {0};
    struct pv_gate_request request = {.rules = rules, .rule_count = count, .sides = &pair};
    for (int round = 0; round < 2; round++) {
        struct pv_gate_report report;
        if (pv_gate_check(&report, &request, &err)) {
            read_any_demand(report.broken + report.unsure <= report.count, "too many verdicts");
            pv_gate_report_free(&report);
        }
        request.sides = NULL;
        request.profile = head;
    }
    pv_profile_free(base);
    pv_profile_free(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pv_text bytes = {(const char *)data, size};
    struct pv_budgets *budgets = NULL;
    struct pv_gate_rule rule;
    struct pv_error err = {0};
    if (pv_budgets_parse(&budgets, bytes, "budgets", &err)) {
        uint32_t count;
        const struct pv_gate_rule *rules = pv_budgets_rules(budgets, &count);
        check(rules, count < 64 ? count : 64);
    } else {
        read_any_demand(err.message[0] != '\0', "an error without words");
    }
    if (pv_gate_parse(&rule, bytes, &err))
        check(&rule, 1);
    pv_budgets_free(budgets);
    return 0;
}
