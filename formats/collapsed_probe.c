#include "formats/collapsed.h"

/* What the lines of a head are. */
struct tally {
    uint64_t stacks, bad, metadata;
    uint64_t joined; /* of the stacks: have a ';' */
    uint64_t plain;  /* of the stacks: one word that is no number */
};

/* Names may hold any bytes; many control characters are no text. */
static bool is_binary(struct pv_text text)
{
    size_t controls = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        controls += byte < ' ' && (byte < '\t' || byte > '\r') && byte != 0x1b;
    }
    return controls > text.size / 64;
}

static bool is_plain(struct pv_text stack)
{
    bool is_number = stack.size && stack.data[0] >= '0' && stack.data[0] <= '9';
    return !is_number && pv_text_find(stack, ' ') == stack.size;
}

static void count_line(struct tally *tally, struct pv_text text)
{
    struct pv_collapsed_line line;
    if (text.size && text.data[text.size - 1] == '\r')
        text.size--;
    enum pv_collapsed_kind kind = pv_collapsed_parse(text, &line);
    tally->bad += kind == PV_COLLAPSED_BAD;
    tally->metadata += kind == PV_COLLAPSED_METADATA;
    if (kind != PV_COLLAPSED_STACK)
        return;
    bool is_joined = pv_text_find(line.stack, ';') < line.stack.size;
    tally->stacks++;
    tally->joined += is_joined;
    tally->plain += !is_joined && is_plain(line.stack);
}

/* The first line alone is longer than the head. */
static enum pv_probe probe_long_line(struct pv_text head)
{
    uint64_t joints = 0;
    for (size_t i = 0; i < head.size; i++)
        joints += head.data[i] == ';';
    return joints > head.size / 512 && head.data[0] != '{' && head.data[0] != '[' ? PV_PROBE_MAYBE
                                                                                  : PV_PROBE_NO;
}

static struct pv_text whole_lines(struct pv_text head, bool is_whole)
{
    return is_whole ? head : pv_text_slice(head, 0, pv_text_find_last(head, '\n'));
}

/* Stacks of one frame, whose names have blanks or control characters, look like much else. */
bool pv_collapsed_probe_named(struct pv_text head, bool is_whole)
{
    struct tally tally = {0};
    struct pv_text rest = whole_lines(head, is_whole), line;
    while (pv_text_split(&rest, '\n', &line))
        count_line(&tally, line);
    uint64_t lines = tally.stacks + tally.metadata + tally.bad;
    return tally.bad < lines && tally.bad * 10 <= lines;
}

/* Many texts have lines that end in a number; joined frames are what tells. */
enum pv_probe pv_collapsed_probe(struct pv_text head, bool is_whole)
{
    struct tally tally = {0};
    struct pv_text rest = head, line;
    if (head.size == 0 || is_binary(head))
        return PV_PROBE_NO;
    size_t last = is_whole ? head.size : pv_text_find_last(head, '\n');
    if (last == head.size && !is_whole)
        return probe_long_line(head);
    rest = pv_text_slice(head, 0, last);
    while (pv_text_split(&rest, '\n', &line))
        count_line(&tally, line);
    uint64_t lines = tally.stacks + tally.bad;
    if (tally.stacks == 0 || tally.bad * 3 > lines)
        return PV_PROBE_NO;
    if (tally.joined * 2 >= tally.stacks && tally.bad * 10 <= lines)
        return tally.bad == 0 ? PV_PROBE_SURE : PV_PROBE_LIKELY;
    bool may_be = tally.joined * 2 >= tally.stacks ||
                  (tally.bad == 0 && tally.joined + tally.plain == tally.stacks);
    return may_be ? PV_PROBE_MAYBE : PV_PROBE_NO;
}
