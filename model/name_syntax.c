#include "model/name_syntax.h"

/* What a C++ name may have behind its argument list. */
static bool is_behind_list(struct pv_text tail)
{
    return tail.size == 0 || pv_text_starts(tail, PV_TEXT(" const")) ||
           pv_text_starts(tail, PV_TEXT(" [clone")) || pv_text_starts(tail, PV_TEXT(" &")) ||
           pv_text_starts(tail, PV_TEXT("&"));
}

size_t pv_name_list_from(struct pv_text name)
{
    size_t close =
        pv_text_find_last(pv_text_slice(name, 0, pv_text_search(name, PV_TEXT(" [clone"))), ')');
    unsigned depth = 0;
    if (close == name.size || !is_behind_list(pv_text_slice(name, close + 1, name.size)))
        return name.size;
    for (size_t i = close + 1; i > 0; i--) {
        depth += name.data[i - 1] == ')';
        if (name.data[i - 1] == '(' && --depth == 0) {
            struct pv_text before = pv_text_slice(name, 0, i - 1);
            bool is_list = i > 1 && !pv_text_ends(before, PV_TEXT("operator")) &&
                           !pv_text_ends(before, PV_TEXT("::")) &&
                           !pv_text_ends(before, PV_TEXT(".")) &&
                           !pv_text_ends(before, PV_TEXT(" "));
            return is_list ? i - 1 : name.size;
        }
    }
    return name.size;
}

size_t pv_name_hash_from(struct pv_text name)
{
    enum { SIZE = 19, DIGITS = 16 };
    size_t at = name.size < SIZE ? name.size : name.size - SIZE;
    if (at == 0 || !pv_text_starts(pv_text_slice(name, at, name.size), PV_TEXT("::h")))
        return name.size;
    for (size_t i = name.size - DIGITS; i < name.size; i++)
        if ((name.data[i] < '0' || name.data[i] > '9') &&
            (name.data[i] < 'a' || name.data[i] > 'f'))
            return name.size;
    return at;
}

/* "f(int) const::{lambda()#1}": what stands behind the blank is no name. */
static bool is_qualifier(struct pv_text text)
{
    return pv_text_starts(text, PV_TEXT("const")) || pv_text_starts(text, PV_TEXT("volatile")) ||
           pv_text_starts(text, PV_TEXT("&"));
}

struct pv_text pv_name_without_type(struct pv_text module)
{
    int depth = 0;
    for (size_t i = module.size; i > 0; i--) {
        char byte = module.data[i - 1];
        depth += (byte == '>' || byte == ')' || byte == '}') -
                 (byte == '<' || byte == '(' || byte == '{');
        if (byte == ' ' && depth == 0 && !is_qualifier(pv_text_slice(module, i, module.size)))
            return pv_text_slice(module, i, module.size);
    }
    return module;
}
