#include "formats/call_entries.h"

#include "model/number.h"

/* The end of `text` from the last `opening` on, which has a blank before it or begins the text, as
 * *part without its brackets; false where it does not end in `closing`. */
static bool cut_brackets(struct pv_text *text, char opening, char closing, struct pv_text *part)
{
    size_t at = pv_text_find_last(*text, opening);
    if (at >= text->size || text->data[text->size - 1] != closing ||
        (at > 0 && text->data[at - 1] != ' ' && text->data[at - 1] != '\t'))
        return false;
    *part = pv_text_slice(*text, at + 1, text->size - 1);
    return true;
}

static void drop(struct pv_text *text, struct pv_text part)
{
    *text = pv_text_trim((struct pv_text){text->data, (size_t)(part.data - text->data) - 1});
}

static bool is_number(struct pv_text text, uint32_t *number)
{
    uint64_t value = 0;
    bool is =
        text.size > 0 && text.data[0] != '+' && pv_parse_uint64(text, &value) && value < PV_NONE;
    *number = (uint32_t)value;
    return is;
}

/* In round brackets for a function whose entry was not printed. */
static void take_index(struct pv_text *text, struct pv_entry_line *out)
{
    struct pv_text part;
    uint32_t index;
    out->index = PV_NONE;
    bool is_index = (cut_brackets(text, '[', ']', &part) && is_number(part, &index)) ||
                    (cut_brackets(text, '(', ')', &part) && is_number(part, &index));
    if (!is_index)
        return;
    out->index = index;
    drop(text, part);
}

/* "cycle 1", "cycle 1 as a whole" */
static bool is_cycle(struct pv_text part, bool *is_whole)
{
    struct pv_text word;
    uint32_t number;
    bool is = pv_text_word(&part, &word) && pv_text_equal(word, PV_TEXT("cycle")) &&
              pv_text_word(&part, &word) && is_number(word, &number);
    part = pv_text_trim(part);
    *is_whole = pv_text_equal(part, PV_TEXT("as a whole"));
    return is && (*is_whole || part.size == 0);
}

static void take_cycle(struct pv_text *text, struct pv_entry_line *out)
{
    struct pv_text part;
    bool is_whole;
    if (!cut_brackets(text, '<', '>', &part) || !is_cycle(part, &is_whole))
        return;
    out->is_cycle = is_whole;
    out->is_member = !is_whole;
    if (!is_whole)
        drop(text, part);
}

/* "file.c:7 @ 1265" */
static void take_place(struct pv_text *text, struct pv_entry_line *out)
{
    struct pv_text part;
    uint64_t address;
    uint32_t line;
    if (!cut_brackets(text, '(', ')', &part))
        return;
    size_t at = pv_text_search(part, PV_TEXT(" @ "));
    struct pv_text place = pv_text_slice(part, 0, at);
    size_t colon = pv_text_find_last(place, ':');
    if (!pv_parse_hex(pv_text_slice(part, at + 3, part.size), &address) ||
        !is_number(pv_text_slice(place, colon + 1, place.size), &line))
        return;
    out->file = pv_text_slice(place, 0, colon);
    out->line = line;
    drop(text, part);
}

bool pv_entry_name(struct pv_text text, struct pv_entry_line *out)
{
    text = pv_text_trim(text);
    take_index(&text, out);
    take_cycle(&text, out);
    take_place(&text, out);
    out->is_nobody = pv_text_equal(text, PV_TEXT("<spontaneous>"));
    out->name = text;
    return text.size > 0;
}
