#include "formats/valgrind_frame.h"

#include "model/number.h"

/* Where the parenthesis opens that the last byte closes; text.size where none does. Names of C++
 * and paths hold parentheses too, so they are counted. */
static size_t find_place(struct pv_text text)
{
    size_t depth = 0;
    if (text.size == 0 || text.data[text.size - 1] != ')')
        return text.size;
    for (size_t i = text.size; i-- > 0;) {
        depth += text.data[i] == ')';
        depth -= text.data[i] == '(';
        if (depth == 0)
            return i > 1 && text.data[i - 1] == ' ' ? i : text.size;
    }
    return text.size;
}

/* "alloc.rs:226": false where no number stands behind the last colon. */
static bool cut_number(struct pv_text *text, uint32_t *number)
{
    uint64_t value;
    size_t colon = pv_text_find_last(*text, ':');
    if (colon == 0 || !pv_parse_uint64(pv_text_slice(*text, colon + 1, text->size), &value))
        return false;
    *number = value > UINT32_MAX ? 0 : (uint32_t)value;
    *text = pv_text_slice(*text, 0, colon);
    return true;
}

static bool read_place(struct pv_valgrind_frame *frame, struct pv_text place)
{
    struct pv_text in = PV_TEXT("in ");
    uint32_t number, column;
    if (pv_text_starts(place, in)) {
        frame->info.module = pv_text_slice(place, in.size, place.size);
        return frame->info.module.size > 0;
    }
    if (!cut_number(&place, &number))
        return false;
    column = number;
    frame->line = cut_number(&place, &number) ? number : column;
    frame->info.file = place;
    return true;
}

static struct pv_text without_address(struct pv_text text)
{
    uint64_t address;
    size_t colon = pv_text_find(text, ':');
    bool has_address = pv_text_starts(text, PV_TEXT("0x")) && colon + 1 < text.size &&
                       text.data[colon + 1] == ' ' &&
                       pv_parse_hex(pv_text_slice(text, 0, colon), &address);
    return has_address ? pv_text_slice(text, colon + 2, text.size) : text;
}

struct pv_valgrind_frame pv_valgrind_frame_of(struct pv_text text)
{
    struct pv_valgrind_frame frame = {0};
    text = without_address(text);
    size_t open = find_place(text);
    bool has_place =
        open < text.size && read_place(&frame, pv_text_slice(text, open + 1, text.size - 1));
    frame.info.name = has_place ? pv_text_slice(text, 0, open - 1) : text;
    if (pv_text_equal(frame.info.name, PV_TEXT("???")) || frame.info.name.size == 0)
        frame.info.flags = PV_FRAME_UNKNOWN;
    return frame;
}
