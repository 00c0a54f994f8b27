#include "render/labels.h"

#include "model/escape.h"
#include "render/font.h"

#include <string.h>

/* Labels are tried from the longest to the shortest: a list of pieces each. */
enum { most_pieces = 6, least_letters = 3 };

static const struct pv_text dots = {"\xE2\x80\xA6", 3};

/* More bytes than any text of this width can have, combining marks in reason allowed for: longer
 * pieces are not even measured. */
static size_t most_bytes(struct pv_face face, double width)
{
    return (size_t)(width / (face.size * 0.05)) + 64;
}

static double room(double width)
{
    return width - PV_LABEL_SLACK;
}

/* Appends the pieces where they fit together. */
static bool try_pieces(struct pv_buffer *out, const struct pv_text pieces[most_pieces],
                       struct pv_face face, double width)
{
    size_t start = out->size, most = most_bytes(face, width), bytes = 0;
    for (unsigned i = 0; i < most_pieces; i++)
        bytes += pieces[i].size;
    if (bytes == 0 || bytes > most)
        return false;
    struct pv_buffer joined = {0}; /* escapes look at what stands side by side */
    for (unsigned i = 0; i < most_pieces; i++)
        pv_buffer_add(&joined, pieces[i]);
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_buffer_text(&joined));
    pv_buffer_free(&joined);
    struct pv_text made = {out->data + start, out->size - start};
    if (pv_font_width(made, face.size, face.is_bold) <= room(width))
        return true;
    out->size = start;
    return false;
}

/* Whether at least `least_letters` characters stand in the text. */
static bool has_letters(struct pv_text text)
{
    unsigned letters = 0;
    uint32_t code_point;
    while (letters < least_letters && pv_utf8_next(&text, &code_point))
        letters += pv_utf8_columns(code_point) > 0;
    return letters == least_letters;
}

bool pv_label_text(struct pv_buffer *out, struct pv_text text, struct pv_face face, double width)
{
    size_t start = out->size;
    if (text.size == 0 || width < PV_LABEL_SLACK)
        return false;
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_text_slice(text, 0, most_bytes(face, width)));
    struct pv_text made = {out->data + start, out->size - start};
    size_t fits = pv_font_prefix(made, face.size, face.is_bold, room(width));
    if (fits == made.size && text.size <= most_bytes(face, width))
        return true;
    double dots_width = pv_font_width(dots, face.size, face.is_bold);
    fits = pv_font_prefix(made, face.size, face.is_bold, room(width) - dots_width);
    out->size = start;
    if (!has_letters(pv_text_slice(made, 0, fits)))
        return false;
    out->size += fits;
    pv_buffer_add(out, dots);
    return true;
}

bool pv_label_tail(struct pv_buffer *out, struct pv_text text, struct pv_face face, double width)
{
    size_t most = most_bytes(face, width), start = out->size;
    struct pv_text end = pv_text_slice(text, text.size > most ? text.size - most : 0, text.size);
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_DISPLAY, end);
    struct pv_text made = pv_buffer_text(&shown);
    if (end.size < text.size || pv_font_width(made, face.size, face.is_bold) > room(width)) {
        double left = room(width) - pv_font_width(dots, face.size, face.is_bold);
        size_t fits = pv_font_suffix(made, face.size, face.is_bold, left);
        made = pv_text_slice(made, made.size - fits, made.size);
        if (has_letters(made))
            pv_buffer_add(out, dots);
        else
            made.size = 0;
    }
    pv_buffer_add(out, made);
    pv_buffer_free(&shown);
    return out->size > start;
}

/* "std::map<int, foo>" without what stands in its last angle brackets: the part before them and the
 * part behind them; false where it has none. Brackets of an operator have no end, and those that
 * are all of a name ("<lambda>") are no arguments. */
static bool without_template(struct pv_text text, struct pv_text *before, struct pv_text *behind)
{
    size_t close = pv_text_find_last(text, '>'), open = close;
    int depth = close < text.size;
    while (open > 0 && depth > 0) {
        char byte = text.data[--open];
        bool is_arrow = byte == '-' && text.data[open + 1] == '>';
        depth += (byte == '>') - (byte == '<') - is_arrow;
    }
    if (open == 0 || depth != 0 || open + 1 >= close || close == text.size)
        return false;
    *before = pv_text_slice(text, 0, open + 1);
    *behind = pv_text_slice(text, close, text.size);
    return true;
}

/* Bytes of the module's own separator at `at` ("/", "::" or "."), 0 where there is none. */
static size_t separator_at(struct pv_text module, struct pv_text joint, size_t at)
{
    char byte = module.data[at];
    if (byte == '/' || byte == '\\')
        return 1;
    if (joint.size == 2)
        return byte == ':' && at + 1 < module.size && module.data[at + 1] == ':' ? 2 : 0;
    return byte == '.' && pv_text_equal(joint, PV_TEXT(".")) ? 1 : 0;
}

/* The module from a separator on; a dot behind "…" would be one too many. */
static struct pv_text behind_dots(struct pv_text module, size_t separator)
{
    return pv_text_slice(module, separator + (module.data[separator] == '.'), module.size);
}

/* The last separator outside of angle brackets, or module.size. */
static size_t last_separator(struct pv_text module, struct pv_text joint)
{
    int depth = 0;
    for (size_t i = module.size; i > 0; i--) {
        char byte = module.data[i - 1];
        depth += (byte == '>') - (byte == '<');
        if (depth <= 0 && separator_at(module, joint, i - 1))
            return i - 1;
    }
    return module.size;
}

/* The module with its middle replaced by "…", from the longest to the last component alone. */
static bool try_cut_module(struct pv_buffer *out, const struct pv_name_parts *parts,
                           struct pv_face face, double width)
{
    struct pv_text module = parts->module, head = {0};
    enum { most_cuts = 24 };
    unsigned cuts = 0;
    int depth = 0; /* of angle brackets: a name is not cut within them */
    for (size_t i = 0; i < module.size && cuts < most_cuts; i++) {
        size_t size = separator_at(module, parts->joint, i);
        depth += (module.data[i] == '<') - (module.data[i] == '>');
        if (size == 0 || depth > 0)
            continue;
        struct pv_text tail = behind_dots(module, i);
        if (head.size && ++cuts) {
            struct pv_text cut[most_pieces] = {head, dots, tail, parts->joint, parts->function};
            if (try_pieces(out, cut, face, width))
                return true;
        } else {
            head = pv_text_slice(module, 0, i + size);
        }
        i += size - 1;
    }
    size_t last = head.size ? last_separator(module, parts->joint) : module.size;
    if (last == module.size)
        return false;
    size_t size = separator_at(module, parts->joint, last);
    struct pv_text end[most_pieces] = {dots, behind_dots(module, last), parts->joint,
                                       parts->function};
    struct pv_text bare[most_pieces] = {pv_text_slice(module, last + size, module.size),
                                        parts->joint, parts->function};
    return try_pieces(out, end, face, width) || try_pieces(out, bare, face, width);
}

/* The module without its template arguments, and then without its middle, too. */
static bool try_cut(struct pv_buffer *out, const struct pv_name_parts *parts, struct pv_face face,
                    double width)
{
    struct pv_text before, behind;
    if (!without_template(parts->module, &before, &behind))
        return try_cut_module(out, parts, face, width);
    struct pv_text cut[most_pieces] = {before, dots, behind, parts->joint, parts->function};
    if (try_pieces(out, cut, face, width))
        return true;
    struct pv_buffer module = {0};
    struct pv_name_parts left = *parts;
    for (int i = 0; i < 3; i++)
        pv_buffer_add(&module, cut[i]);
    left.module = pv_buffer_text(&module);
    bool fits = try_cut_module(out, &left, face, width);
    pv_buffer_free(&module);
    return fits;
}

/* "render" of "views.py:Page.render": where the module is a file, the function may still have a
 * class before it. Empty where it has not. */
static struct pv_text without_class(const struct pv_name_parts *parts)
{
    struct pv_text function = parts->function;
    size_t dot = pv_text_find_last(function, '.');
    bool is_number = dot + 1 < function.size && function.data[dot + 1] >= '0' &&
                     function.data[dot + 1] <= '9'; /* "memcpy@@GLIBC_2.14" */
    bool is_class = !is_number && parts->module.size && pv_text_equal(parts->joint, PV_TEXT(":")) &&
                    dot > 0 && pv_text_find(function, '<') == function.size;
    return is_class ? pv_text_slice(function, dot + 1, function.size) : (struct pv_text){0};
}

/* The function alone, without its template arguments, or cut at its end. */
static bool try_function(struct pv_buffer *out, const struct pv_name_parts *parts,
                         struct pv_face face, double width)
{
    struct pv_text alone[most_pieces] = {parts->function}, before, behind;
    struct pv_text bare[most_pieces] = {without_class(parts)};
    if (try_pieces(out, alone, face, width) || try_pieces(out, bare, face, width))
        return true;
    if (without_template(parts->function, &before, &behind)) {
        struct pv_text cut[most_pieces] = {before, dots, behind};
        if (try_pieces(out, cut, face, width))
            return true;
    }
    return pv_label_text(out, bare[0].size ? bare[0] : parts->function, face, width);
}

bool pv_label_frame(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame,
                    struct pv_face face, double width)
{
    if (width < PV_LABEL_LEAST)
        return false;
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, frame);
    struct pv_text all[most_pieces] = {parts.module, parts.joint, parts.function, parts.arguments};
    struct pv_text bare[most_pieces] = {parts.module, parts.joint, parts.function};
    return try_pieces(out, all, face, width) || try_pieces(out, bare, face, width) ||
           try_cut(out, &parts, face, width) || try_function(out, &parts, face, width);
}

bool pv_label_function(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame,
                       struct pv_face face, double width)
{
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, frame);
    struct pv_text all[most_pieces] = {parts.function, parts.arguments};
    return try_pieces(out, all, face, width) || try_function(out, &parts, face, width);
}

bool pv_label_module(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame,
                     struct pv_face face, double width)
{
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, frame);
    if (parts.module.size == 0)
        return false;
    struct pv_text whole[most_pieces] = {parts.module}, before, behind;
    if (try_pieces(out, whole, face, width))
        return true;
    if (without_template(parts.module, &before, &behind)) {
        struct pv_text cut[most_pieces] = {before, dots, behind};
        if (try_pieces(out, cut, face, width))
            return true;
    }
    struct pv_text last[most_pieces] = {pv_name_base(parts.module)};
    return try_pieces(out, last, face, width) || pv_label_text(out, parts.module, face, width);
}

/* A part of a name that is shown in full, but not without end. */
static void add_part(struct pv_buffer *out, struct pv_text text)
{
    enum { longest = 2000 };
    size_t size = text.size < longest ? text.size : longest;
    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    pv_buffer_add(out, pv_text_slice(text, 0, size));
    if (size < text.size)
        pv_buffer_add(out, dots);
}

void pv_label_full(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame)
{
    const struct pv_frame *of = &profile->frames[frame];
    struct pv_text name = pv_profile_text(profile, of->name);
    struct pv_text file = pv_name_path(pv_profile_text(profile, of->file));
    struct pv_text module = pv_name_base(pv_profile_text(profile, of->module));
    add_part(out, name.size ? name : PV_TEXT("(no name)"));
    if (file.size) {
        pv_buffer_add(out, PV_TEXT(" ("));
        add_part(out, file);
        if (of->line)
            pv_buffer_print(out, ":%lu", (unsigned long)of->line);
        pv_buffer_char(out, ')');
    }
    if (module.size && pv_text_search(name, module) == name.size) {
        pv_buffer_add(out, PV_TEXT(" ["));
        add_part(out, module);
        pv_buffer_char(out, ']');
    }
}
