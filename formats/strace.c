#include "formats/trace_spec.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Without what may stand before a call: "[pid 12]", a process, a time. */
static struct pv_text call_of(struct pv_text line)
{
    struct pv_text rest = line, word;
    if (pv_text_starts(line, PV_TEXT("[pid ")))
        rest = pv_text_slice(line, pv_text_find(line, ']') + 1, line.size);
    for (struct pv_text after = rest; pv_text_word(&after, &word) && is_digit(word.data[0]);)
        rest = after;
    return pv_text_trim(rest);
}

/* "brk(NULL) = 0x5561 <0.000003>": the duration is what nothing else has. */
static bool has_duration(struct pv_text call)
{
    size_t open = pv_text_find_last(call, '<');
    struct pv_text inside = pv_text_slice(call, open + 1, call.size - 1);
    size_t points = 0;
    if (open >= call.size || !pv_text_ends(call, PV_TEXT(">")) || inside.size < 3)
        return false;
    for (size_t i = 0; i < inside.size; i++) {
        points += inside.data[i] == '.';
        if (!is_digit(inside.data[i]) && inside.data[i] != '.')
            return false;
    }
    return points == 1;
}

static bool is_name(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           is_digit(byte);
}

static bool is_call(struct pv_text call)
{
    size_t open = pv_text_find(call, '(');
    if (pv_text_starts(call, PV_TEXT("<... ")) || pv_text_starts(call, PV_TEXT("+++ ")) ||
        pv_text_starts(call, PV_TEXT("--- SIG")))
        return true;
    for (size_t i = 0; i < open && i < call.size; i++)
        if (!is_name(call.data[i]))
            return false;
    return open > 0 && open < call.size &&
           (pv_text_ends(call, PV_TEXT(" <unfinished ...>")) ||
            pv_text_search(call, PV_TEXT(") = ")) < call.size ||
            pv_text_search(call, PV_TEXT(")  ")) < call.size);
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    enum { ENOUGH = 32 };
    struct pv_text rest = head, line;
    size_t calls = 0, timed = 0, others = 0;
    while (calls + others < ENOUGH && pv_text_split(&rest, '\n', &line)) {
        bool is_aside = pv_text_starts(line, PV_TEXT(" > ")) || /* -k */
                        pv_text_starts(line, PV_TEXT("strace: ")) ||
                        pv_text_starts(line, PV_TEXT(", child")) ||
                        pv_text_ends(line, PV_TEXT(" attached")) || pv_text_trim(line).size == 0;
        if (is_aside || (!is_whole && !rest.data))
            continue;
        struct pv_text call = call_of(line);
        calls += is_call(call);
        timed += is_call(call) && has_duration(call);
        others += !is_call(call);
    }
    if (calls == 0 || others > calls / 8)
        return PV_PROBE_NO;
    return timed ? PV_PROBE_SURE : calls > 1 ? PV_PROBE_LIKELY : PV_PROBE_MAYBE;
}

static bool read_strace(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    return pv_trace_spec_read_by("strace", input, out, err);
}

const struct pv_format pv_format_strace = {
    .name = "strace",
    .summary = "what strace and ltrace print, best with -f -r -T",
    .extensions = ".strace .ltrace",
    .probe = probe,
    .read = read_strace,
};
