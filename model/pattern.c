#include "model/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Steps and depth of one match: plenty for a name, milliseconds for a hostile pair of expression
 * and name. */
enum { MOST_STEPS = 1000000, MOST_DEPTH = 10000, STACK_FROM = 32 << 10, STACK_TO = 1 << 20 };

/* Steps of one match in a line: a search that tries each byte of it in a dozen ways stays far below
 * that, one whose steps grow with the square of the line does not. */
enum { LINE_STEPS = 20000, STEPS_PER_BYTE = 100, LAST_START = PV_PATTERN_STARTS - 1 };

struct pv_pattern {
    pcre2_code *code;
    pcre2_match_data *found;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

/* Names are meant to be UTF-8 but may hold any bytes: invalid ones just match nothing. An
 * expression that is not UTF-8 itself is compared byte by byte. */
static pcre2_code *compile(struct pv_text expression, uint32_t options, bool is_utf, int *error,
                           PCRE2_SIZE *at)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(expression.size ? expression.data : "");
    uint32_t utf = is_utf ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : 0;
    pcre2_code *code = pcre2_compile(text, expression.size, options | utf, error, at, NULL);
    bool is_bytes = !code && *error <= PCRE2_ERROR_UTF8_ERR1 && *error >= PCRE2_ERROR_UTF8_ERR21;
    return is_bytes ? pcre2_compile(text, expression.size, options, error, at, NULL) : code;
}

static void *must(void *made)
{
    if (!made)
        pv_oom(STACK_TO);
    return made;
}

static bool make(struct pv_pattern **out, struct pv_text expression, uint32_t options, bool is_utf,
                 struct pv_error *err)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = compile(expression, options | PCRE2_NEVER_BACKSLASH_C, is_utf, &error, &at);
    if (!code) {
        PCRE2_UCHAR reason[128];
        pcre2_get_error_message(error, reason, sizeof reason);
        return pv_fail(err, PV_USAGE, (struct pv_where){.offset = at},
                       "\"%.*s\" is no regular expression: %s at offset %zu",
                       PV_TEXT_ARGS(pv_text_slice(expression, 0, 80)), (const char *)reason, at);
    }
    struct pv_pattern *pattern = pv_zalloc(1, sizeof *pattern);
    pattern->code = code;
    pattern->found = must(pcre2_match_data_create_from_pattern(code, NULL));
    pattern->context = must(pcre2_match_context_create(NULL));
    pcre2_set_match_limit(pattern->context, MOST_STEPS);
    pcre2_set_depth_limit(pattern->context, MOST_DEPTH);
    if (options & PCRE2_USE_OFFSET_LIMIT)
        pcre2_set_offset_limit(pattern->context, LAST_START);
    if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0) {
        pattern->stack = must(pcre2_jit_stack_create(STACK_FROM, STACK_TO, NULL));
        pcre2_jit_stack_assign(pattern->context, NULL, pattern->stack);
    }
    *out = pattern;
    return true;
}

bool pv_pattern_new(struct pv_pattern **out, struct pv_text expression, struct pv_error *err)
{
    return make(out, expression, 0, true, err);
}

bool pv_pattern_new_for_lines(struct pv_pattern **out, struct pv_text expression,
                              struct pv_error *err)
{
    bool is_ascii = true;
    for (size_t i = 0; is_ascii && i < expression.size; i++)
        is_ascii = (unsigned char)expression.data[i] < 0x80;
    return make(out, expression, PCRE2_USE_OFFSET_LIMIT, !is_ascii, err);
}

static int match(const struct pv_pattern *pattern, struct pv_text text)
{
    PCRE2_SPTR bytes = (PCRE2_SPTR)(text.size ? text.data : "");
    return pcre2_match(pattern->code, bytes, text.size, 0, 0, pattern->found, pattern->context);
}

bool pv_pattern_matches(const struct pv_pattern *pattern, struct pv_text text)
{
    return match(pattern, text) >= 0;
}

struct pv_text pv_pattern_group(const struct pv_pattern *pattern, uint32_t index, uint32_t *number)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
    if (index >= count)
        return (struct pv_text){0};
    /* Two bytes of number, the larger one first, and the name. */
    PCRE2_SPTR entry = table + (size_t)index * size;
    *number = (uint32_t)entry[0] << 8 | entry[1];
    return pv_text_of((const char *)entry + 2);
}

enum pv_pattern_result pv_pattern_find(const struct pv_pattern *pattern, struct pv_text line)
{
    uint64_t steps = LINE_STEPS + (uint64_t)line.size * STEPS_PER_BYTE;
    pcre2_set_match_limit(pattern->context, steps > UINT32_MAX ? UINT32_MAX : (uint32_t)steps);
    int result = match(pattern, line);
    bool is_given_up = result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
                       result == PCRE2_ERROR_HEAPLIMIT || result == PCRE2_ERROR_JIT_STACKLIMIT;
    return result >= 0 ? PV_PATTERN_YES : is_given_up ? PV_PATTERN_TOO_HARD : PV_PATTERN_NO;
}

struct pv_text pv_pattern_part(const struct pv_pattern *pattern, struct pv_text line,
                               uint32_t number)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->found);
    size_t at = (size_t)number * 2;
    if (number >= pcre2_get_ovector_count(pattern->found) || ends[at] == PCRE2_UNSET ||
        ends[at + 1] < ends[at])
        return (struct pv_text){0};
    return (struct pv_text){line.data + ends[at], ends[at + 1] - ends[at]};
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
