#include "render/csv.h"

#include "model/escape.h"

void pv_csv_field(struct pv_output *output, struct pv_text text)
{
    bool is_plain = pv_text_find(text, '"') == text.size && pv_text_find(text, ',') == text.size &&
                    pv_text_find(text, '\n') == text.size && pv_text_find(text, '\r') == text.size;
    if (is_plain) {
        pv_output_add(output, text);
        return;
    }
    pv_output_char(output, '"');
    struct pv_text part;
    for (bool is_first = true; pv_text_split(&text, '"', &part); is_first = false) {
        pv_output_string(output, is_first ? "" : "\"\"");
        pv_output_add(output, part);
    }
    pv_output_char(output, '"');
}

void pv_csv_name(struct pv_output *output, struct pv_text name)
{
    struct pv_buffer text = {0};
    pv_escape(&text, PV_ESCAPE_CSV, name);
    pv_csv_field(output, pv_buffer_text(&text));
    pv_buffer_free(&text);
}
