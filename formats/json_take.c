#include "formats/json_take.h"

pv_str pv_json_take_text(struct pv_json *json, struct pv_builder *builder)
{
    struct pv_text text;
    if (pv_json_peek(json) != PV_JSON_STRING || !pv_json_string(json, &text))
        return 0;
    return pv_build_text(builder, text);
}

int64_t pv_json_take_int(struct pv_json *json, int64_t least, int64_t most, int64_t otherwise)
{
    enum pv_json_type type = pv_json_peek(json);
    struct pv_decimal number;
    struct pv_text text;
    if (type == PV_JSON_NUMBER ? !pv_json_number(json, &text)
                               : type != PV_JSON_STRING || !pv_json_string(json, &text))
        return otherwise;
    if (!pv_parse_decimal(text, &number) || number.digits || number.value < least ||
        number.value > most)
        return otherwise;
    return number.value;
}

bool pv_json_head_is_object(struct pv_text head)
{
    struct pv_text text = pv_text_trim(head);
    return text.size > 0 && text.data[0] == '{';
}

bool pv_json_head_holds(struct pv_text head, struct pv_text word)
{
    return pv_text_search(head, word) < head.size;
}
