#include "formats/trace_spec.h"

/* " 0)   1.382 us    |  getname();" without the header, as from trace_pipe. */
static bool is_line(struct pv_text line)
{
    size_t bracket = pv_text_find(line, ')');
    struct pv_text lane = pv_text_trim(pv_text_slice(line, 0, bracket));
    size_t bar = pv_text_find_last(lane, '|');
    lane = pv_text_trim(bar < lane.size ? pv_text_slice(lane, bar + 1, lane.size) : lane);
    bool is_call = pv_text_ends(line, PV_TEXT("() {")) || pv_text_ends(line, PV_TEXT("();")) ||
                   pv_text_ends(line, PV_TEXT("|  }")) || pv_text_ends(line, PV_TEXT("  }"));
    if (!is_call || lane.size == 0 || lane.size > 4 || pv_text_find(line, '|') >= line.size)
        return false;
    for (size_t i = 0; i < lane.size; i++)
        if (lane.data[i] < '0' || lane.data[i] > '9')
            return false;
    return true;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    enum { ENOUGH = 32, REACH = 4096 };
    struct pv_text rest = head, line, begin = pv_text_slice(head, 0, REACH);
    size_t fitting = 0, others = 0;
    if (pv_text_starts(head, PV_TEXT("# tracer: function_graph")) ||
        pv_text_search(begin, PV_TEXT(": funcgraph_entry: ")) < begin.size)
        return PV_PROBE_SURE;
    while (fitting + others < ENOUGH && pv_text_split(&rest, '\n', &line)) {
        if ((!is_whole && !rest.data) || pv_text_trim(line).size == 0)
            continue;
        fitting += is_line(line);
        others += !is_line(line);
    }
    return fitting > 1 && others <= fitting / 4 ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

static bool read_ftrace(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    return pv_trace_spec_read_by("ftrace", input, out, err);
}

const struct pv_format pv_format_ftrace = {
    .name = "ftrace",
    .summary = "Linux's function_graph tracer, and what trace-cmd report prints of it",
    .extensions = "",
    .probe = probe,
    .read = read_ftrace,
};
