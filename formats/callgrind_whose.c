#include "formats/callgrind_parts.h"

#include "model/number.h"

/* Whose a file is: callgrind says it in `pid:` and `thread:`, and in the file's name:
 * callgrind.out.PID.PART-THREAD, of which all but PID may be missing. */

static void take(struct pv_callgrind_owner *owner, struct pv_text value)
{
    uint64_t number = 0;
    if (!pv_parse_uint64(pv_text_trim(value), &number) || number == 0)
        return;
    owner->is_several = owner->is_several || (owner->number && owner->number != number);
    owner->number = number;
}

bool pv_callgrind_whose(struct pv_callgrind *reader, struct pv_text key, struct pv_text value)
{
    bool is_process = pv_text_equal(key, PV_TEXT("pid"));
    if (!is_process && !pv_text_equal(key, PV_TEXT("thread")))
        return false;
    take(is_process ? &reader->process : &reader->thread, value);
    return true;
}

static struct pv_text digits_of(struct pv_text text)
{
    size_t end = 0;
    while (end < text.size && text.data[end] >= '0' && text.data[end] <= '9')
        end++;
    return pv_text_slice(text, 0, end);
}

/* What the headers do not say. */
static void look_at_name(struct pv_callgrind *reader, struct pv_text path)
{
    const struct pv_text prefix = PV_TEXT("callgrind.out.");
    size_t slash = pv_text_find_last(path, '/');
    struct pv_text name = slash < path.size ? pv_text_slice(path, slash + 1, path.size) : path;
    if (!pv_text_starts(name, prefix))
        return;
    struct pv_text rest = pv_text_slice(name, prefix.size, name.size), number = digits_of(rest);
    if (!reader->process.number)
        take(&reader->process, number);
    rest = pv_text_slice(rest, number.size, rest.size);
    if (rest.size && rest.data[0] == '.')
        rest =
            pv_text_slice(rest, 1 + digits_of(pv_text_slice(rest, 1, rest.size)).size, rest.size);
    if (rest.size && rest.data[0] == '-' && !reader->thread.number)
        take(&reader->thread, digits_of(pv_text_slice(rest, 1, rest.size)));
}

static uint64_t one_of(struct pv_callgrind_owner owner)
{
    return owner.is_several ? 0 : owner.number;
}

void pv_callgrind_tell_whose(struct pv_callgrind *reader)
{
    look_at_name(reader, pv_text_of(pv_input_name(reader->input)));
    pv_build_whose(reader->builder, one_of(reader->process), one_of(reader->thread));
}
