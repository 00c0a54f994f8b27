#include "formats/json_profile.h"

const char *const *pv_json_flag_words(void)
{
    static const char *const words[] = {"kernel",      "jit",       "inlined", "waiting", "builtin",
                                        "loader",      "thread",    "process", "unknown", "rest",
                                        "interpreted", "quick-jit", NULL};
    return words;
}

const char *pv_json_origin_word(enum pv_origin origin)
{
    return origin == PV_ORIGIN_STACKS ? "stacks" : "arcs";
}

/* Whether the text begins with the key, a colon behind it. */
static bool begins_with_key(struct pv_text text, struct pv_text key)
{
    if (!pv_text_starts(text, key))
        return false;
    text = pv_text_trim(pv_text_slice(text, key.size, text.size));
    return text.size > 0 && text.data[0] == ':';
}

/* "profviz" is the first key of what profviz writes; a tool that sorts keys moves it. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    (void)is_whole;
    struct pv_text key = PV_TEXT("\"profviz\""), text = pv_text_trim(head);
    if (text.size == 0 || text.data[0] != '{')
        return PV_PROBE_NO;
    text = pv_text_trim(pv_text_slice(text, 1, text.size));
    if (begins_with_key(text, key))
        return PV_PROBE_SURE;
    size_t at = pv_text_search(text, key);
    return begins_with_key(pv_text_slice(text, at, text.size), key) ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

extern const struct pv_format pv_format_json;
const struct pv_format pv_format_json = {
    .name = "json",
    .summary = "profviz's own JSON: everything a profile holds, exactly",
    .extensions = ".json",
    .probe = probe,
    .read = pv_json_profile_read,
    .write = pv_json_profile_write,
    .write_keeps_lines = true,
    .write_keeps_spans = true,
    .write_needs_graph = true,
};
