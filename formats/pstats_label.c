#include "formats/pstats_label.h"

#include "formats/pstats_frame.h"
#include "model/number.h"

/* Where the text's next ":digits(" begins and ends; its size where there is none. */
static size_t find_line(struct pv_text text, size_t *end)
{
    for (size_t at = 0; at < text.size; at++) {
        if (text.data[at] != ':')
            continue;
        size_t digits = at + 1;
        while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
            digits++;
        if (digits > at + 1 && digits < text.size && text.data[digits] == '(') {
            *end = digits;
            return at;
        }
    }
    return text.size;
}

/* "<code object f at 0x7fce4636ab30, file …" without the address. */
static struct pv_text without_address(struct pv_text name, struct pv_buffer *room)
{
    struct pv_text hex = PV_TEXT("0123456789abcdefABCDEF");
    struct pv_text mark = PV_TEXT(" at 0x");
    size_t at = pv_text_search(name, mark), end = at + mark.size;
    if (!pv_text_starts(name, PV_TEXT("<code object ")) || at == name.size)
        return name;
    while (end < name.size && pv_text_find(hex, name.data[end]) < hex.size)
        end++;
    pv_buffer_add(room, pv_text_slice(name, 0, at));
    pv_buffer_add(room, pv_text_slice(name, end, name.size));
    return pv_buffer_text(room);
}

static uint32_t make_frame(struct pv_builder *builder, struct pv_frame_info info)
{
    info.flags = pv_pstats_flags(pv_pstats_file_flags(info.file), info.name);
    return pv_build_frame(builder, &info);
}

static uint32_t make_builtin(struct pv_builder *builder, struct pv_text label,
                             struct pv_buffer *room)
{
    if (!pv_text_starts(label, PV_TEXT("{")) || !pv_text_ends(label, PV_TEXT("}")))
        return make_frame(builder, (struct pv_frame_info){.name = label});
    pv_buffer_char(room, '<');
    pv_buffer_add(room, pv_text_slice(label, 1, label.size - 1));
    pv_buffer_char(room, '>');
    return make_frame(builder, (struct pv_frame_info){.name = pv_buffer_text(room)});
}

bool pv_pstats_label(struct pv_builder *builder, struct pv_text label, uint32_t *frame)
{
    struct pv_buffer room = {0};
    size_t open = 0, colon = find_line(label, &open);
    uint64_t line = 0;
    bool is_cut = label.size == 0 || (colon < label.size && !pv_text_ends(label, PV_TEXT(")"))) ||
                  (label.data[0] == '{' && label.data[label.size - 1] != '}');
    if (is_cut)
        return false;
    if (colon == label.size) {
        *frame = make_builtin(builder, label, &room);
    } else {
        if (!pv_parse_uint64(pv_text_slice(label, colon + 1, open), &line) || line >= UINT32_MAX)
            line = 0;
        struct pv_text name = pv_text_slice(label, open + 1, label.size - 1);
        *frame = make_frame(builder, (struct pv_frame_info){.name = without_address(name, &room),
                                                            .file = pv_text_slice(label, 0, colon),
                                                            .line = (uint32_t)line});
    }
    pv_buffer_free(&room);
    return true;
}
