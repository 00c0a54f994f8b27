#include "model/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Steps and depth of one match: plenty for a name, milliseconds for a hostile pair of expression
 * and name. */
enum { MOST_STEPS = 1000000, MOST_DEPTH = 10000, STACK_FROM = 32 << 10, STACK_TO = 1 << 20 };

struct pv_pattern {
    pcre2_code *code;
    pcre2_match_data *found;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

/* Names are meant to be UTF-8 but may hold any bytes: invalid ones just match nothing. An
 * expression that is not UTF-8 itself is compared byte by byte. */
static pcre2_code *compile(struct pv_text expression, int *error, PCRE2_SIZE *at)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(expression.size ? expression.data : "");
    uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code = pcre2_compile(
        text, expression.size, options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, error, at, NULL);
    bool is_bytes = !code && *error <= PCRE2_ERROR_UTF8_ERR1 && *error >= PCRE2_ERROR_UTF8_ERR21;
    return is_bytes ? pcre2_compile(text, expression.size, options, error, at, NULL) : code;
}

static void *must(void *made)
{
    if (!made)
        pv_oom(STACK_TO);
    return made;
}

bool pv_pattern_new(struct pv_pattern **out, struct pv_text expression, struct pv_error *err)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = compile(expression, &error, &at);
    if (!code) {
        PCRE2_UCHAR reason[128];
        pcre2_get_error_message(error, reason, sizeof reason);
        return pv_fail(err, PV_USAGE, (struct pv_where){.offset = at},
                       "\"%.*s\" is no regular expression: %s at offset %zu",
                       PV_TEXT_ARGS(pv_text_slice(expression, 0, 80)), (const char *)reason, at);
    }
    struct pv_pattern *pattern = pv_zalloc(1, sizeof *pattern);
    pattern->code = code;
    pattern->found = must(pcre2_match_data_create(1, NULL));
    pattern->context = must(pcre2_match_context_create(NULL));
    pcre2_set_match_limit(pattern->context, MOST_STEPS);
    pcre2_set_depth_limit(pattern->context, MOST_DEPTH);
    if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0) {
        pattern->stack = must(pcre2_jit_stack_create(STACK_FROM, STACK_TO, NULL));
        pcre2_jit_stack_assign(pattern->context, NULL, pattern->stack);
    }
    *out = pattern;
    return true;
}

bool pv_pattern_matches(const struct pv_pattern *pattern, struct pv_text text)
{
    PCRE2_SPTR bytes = (PCRE2_SPTR)(text.size ? text.data : "");
    return pcre2_match(pattern->code, bytes, text.size, 0, 0, pattern->found, pattern->context) >=
           0;
}

void pv_pattern_free(struct pv_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_jit_stack_free(pattern->stack);
    pcre2_match_context_free(pattern->context);
    pcre2_match_data_free(pattern->found);
    pcre2_code_free(pattern->code);
    free(pattern);
}
