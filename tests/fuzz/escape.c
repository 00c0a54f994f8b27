#include "model/escape.h"
#include "model/utf8.h"
#include "tests/fuzz/check.h"

#include <string.h>

/* Names on their way out: two names stay two, and what comes out is what its reader expects. */

static struct pv_buffer escaped(enum pv_escaping how, struct pv_text text)
{
    struct pv_buffer out = {0};
    pv_escape(&out, how, text);
    return out;
}

static void check_display(enum pv_escaping how, struct pv_text text)
{
    struct pv_buffer out = escaped(how, text);
    struct pv_text rest = pv_buffer_text(&out);
    uint32_t code_point;
    while (pv_utf8_next(&rest, &code_point)) {
        read_any_demand(code_point < PV_INVALID_BYTE, "display is UTF-8");
        read_any_demand(code_point >= 0x20 && code_point != 0x7f,
                        "display has no control character");
        read_any_demand(code_point < 0x202a || code_point > 0x202e, "display turns no text around");
    }
    pv_buffer_free(&out);
}

static void check_markup(struct pv_text text)
{
    struct pv_buffer out = escaped(PV_ESCAPE_XML, text);
    for (size_t i = 0; i < out.size; i++)
        read_any_demand(!strchr("<>\"'", out.data[i]) || out.data[i] == '\0',
                        "XML text has no markup");
    pv_buffer_free(&out);
    out = escaped(PV_ESCAPE_JSON, text);
    for (size_t i = 0; i < out.size; i++) {
        bool is_escape = out.data[i] == '\\';
        read_any_demand((unsigned char)out.data[i] >= 0x20 && out.data[i] != '<' &&
                            out.data[i] != '>' && out.data[i] != '&' && out.data[i] != '"',
                        "JSON text has nothing that ends it");
        i += is_escape;
    }
    pv_buffer_free(&out);
}

/* The input is two names, split in its middle. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pv_text text = {(const char *)data, size};
    struct pv_text a = pv_text_slice(text, 0, size / 2), b = pv_text_slice(text, size / 2, size);
    check_display(PV_ESCAPE_DISPLAY, text);
    check_display(PV_ESCAPE_CSV, text);
    check_display(PV_ESCAPE_MARKDOWN, text);
    check_markup(text);
    for (enum pv_escaping how = PV_ESCAPE_DISPLAY; how <= PV_ESCAPE_MARKDOWN; how++) {
        struct pv_buffer x = escaped(how, a), y = escaped(how, b);
        read_any_demand(pv_text_equal(a, b) ==
                            pv_text_equal(pv_buffer_text(&x), pv_buffer_text(&y)),
                        "two names never become equal");
        pv_buffer_free(&x);
        pv_buffer_free(&y);
    }
    return 0;
}
