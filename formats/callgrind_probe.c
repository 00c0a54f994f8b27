#include "formats/callgrind_parts.h"

/* Most files say "# callgrind format" or have both an `events:` line and records that nothing else
 * has. Cachegrind's files have the same `fl=` and `fn=`, but `desc:` in front and neither calls nor
 * positions: they are left to whoever knows them better. */

struct signs {
    unsigned events, functions, calls, headers, others;
    bool is_named, has_version, is_cachegrind;
};

static bool starts(struct pv_text line, const char *word)
{
    return pv_text_starts(line, pv_text_of(word));
}

static bool starts_with_any(struct pv_text line, const char *const *words)
{
    while (*words && !starts(line, *words))
        words++;
    return *words != NULL;
}

static void look_at(struct signs *signs, struct pv_text line)
{
    static const char *const headers[] = {"creator:", "pid:",   "thread:",  "part:",   "cmd:",
                                          "desc:",    "event:", "summary:", "totals:", NULL};
    static const char *const calls[] = {"calls=", "cfn=", "cfi=", "cfl=", "cob=", "ob=", NULL};
    static const char *const functions[] = {"fn=", "fl=", "fi=", "fe=", NULL};
    if (starts(line, "events:"))
        signs->events++;
    else if (starts(line, "version:") || starts(line, "positions:"))
        signs->has_version = true;
    else if (starts_with_any(line, headers))
        signs->headers++;
    else if (starts_with_any(line, functions))
        signs->functions++;
    else if (starts_with_any(line, calls))
        signs->calls++;
    else
        signs->others += pv_text_find(PV_TEXT("#0123456789+-*j"), line.data[0]) == 15;
}

enum pv_probe pv_callgrind_probe(struct pv_text head, bool is_whole)
{
    struct signs signs = {0};
    struct pv_text rest = head, line;
    signs.is_cachegrind = starts(head, "desc:");
    if (starts(head, "# callgrind format"))
        return PV_PROBE_SURE;
    char line_end = pv_text_find(head, '\n') == head.size ? '\r' : '\n';
    while (pv_text_split(&rest, line_end, &line)) {
        bool is_cut = !is_whole && line.data + line.size == head.data + head.size;
        line = pv_text_trim(line);
        if (line.size && !is_cut)
            look_at(&signs, line);
    }
    bool is_header = signs.has_version && signs.headers > 1 && signs.others == 0;
    if (signs.events == 0)
        return is_header ? PV_PROBE_LIKELY : PV_PROBE_NO;
    if (signs.calls || (signs.has_version && signs.functions))
        return PV_PROBE_SURE;
    if (signs.functions)
        return signs.is_cachegrind ? PV_PROBE_MAYBE : PV_PROBE_LIKELY;
    return is_header ? PV_PROBE_LIKELY : PV_PROBE_NO;
}
