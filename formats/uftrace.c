#include "formats/trace_spec.h"

/* "            [  5804] |   main() {" without the header, as in a part of a longer text. */
static bool is_line(struct pv_text line)
{
    size_t open = pv_text_find(line, '['), close = pv_text_find(line, ']');
    struct pv_text number = pv_text_trim(pv_text_slice(line, open + 1, close));
    struct pv_text behind = pv_text_trim(pv_text_slice(line, close + 1, line.size));
    if (close >= line.size || open > close || number.size == 0)
        return false;
    for (size_t i = 0; i < number.size; i++)
        if (number.data[i] < '0' || number.data[i] > '9')
            return false;
    return pv_text_starts(behind, PV_TEXT("| ")) &&
           (pv_text_ends(behind, PV_TEXT(") {")) || pv_text_ends(behind, PV_TEXT(";")) ||
            pv_text_ends(behind, PV_TEXT("*/")));
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    enum { ENOUGH = 32 };
    struct pv_text rest = head, line;
    size_t fitting = 0, others = 0;
    while (fitting + others < ENOUGH && pv_text_split(&rest, '\n', &line)) {
        if ((!is_whole && !rest.data) || pv_text_trim(line).size == 0)
            continue;
        bool is_header = pv_text_starts(line, PV_TEXT("# DURATION ")) &&
                         pv_text_search(line, PV_TEXT(" TID ")) < line.size &&
                         pv_text_search(line, PV_TEXT(" FUNCTION")) < line.size;
        if (is_header)
            return PV_PROBE_SURE;
        fitting += is_line(line);
        others += !is_line(line);
    }
    return fitting > 1 && others <= fitting / 8 ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

static bool read_uftrace(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    return pv_trace_spec_read_by("uftrace", input, out, err);
}

const struct pv_format pv_format_uftrace = {
    .name = "uftrace",
    .summary = "what uftrace replay prints",
    .extensions = "",
    .probe = probe,
    .read = read_uftrace,
};
