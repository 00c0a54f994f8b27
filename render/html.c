#include "render/html_parts.h"

#include "model/attachment.h"
#include "model/base64.h"
#include "model/escape.h"
#include "model/number.h"
#include "render/diff_words.h"
#include "render/svg_assets.h"

#include <string.h>

/* The page's frame. Names reach it escaped, or packed in base 64. */

void pv_asset_source(struct pv_buffer *out, const struct pv_svg_script *asset)
{
    struct pv_buffer bytes = {0};
    for (size_t i = 0; i + 1 < strlen(asset->sha256); i += 2) {
        uint64_t byte = 0;
        pv_parse_hex((struct pv_text){asset->sha256 + i, 2}, &byte);
        pv_buffer_char(&bytes, (char)byte);
    }
    pv_buffer_add(out, PV_TEXT("'sha256-"));
    pv_base64_add(out, pv_buffer_text(&bytes));
    pv_buffer_char(out, '\'');
    pv_buffer_free(&bytes);
}

void pv_html_title(struct pv_buffer *out, const struct pv_document *document)
{
    const struct pv_draw *draw = document->draw;
    pv_buffer_add(out, draw->title.size   ? draw->title
                       : draw->input.size ? draw->input
                                          : PV_TEXT("Profile"));
}

void pv_html_facts(struct pv_buffer *out, const struct pv_document *document)
{
    struct pv_draw draw = *document->draw;
    struct pv_buffer facts = {0};
    uint32_t count = document->profile->graph->func_count;
    struct pv_buffer total = {0};
    if (draw.diff)
        pv_diff_add_whole(&total, draw.diff, draw.pair, draw.unit);
    if (draw.diff)
        pv_diff_add_functions(&facts, draw.diff);
    else if (count)
        pv_add_count(&facts, count, "function", "functions");
    if (!draw.title.size)
        draw.input = (struct pv_text){0}; /* it is the title */
    const struct pv_sheet sheet = {.draw = &draw,
                                   .profile = document->profile,
                                   .total = pv_buffer_text(&total),
                                   .facts = pv_buffer_text(&facts)};
    pv_sheet_facts(out, &sheet);
    pv_buffer_free(&total);
    pv_buffer_free(&facts);
}

static void add_escaped(struct pv_output *output, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_XML, text);
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_buffer_free(&escaped);
}

/* Nothing is loaded, and nothing runs but what profviz wrote. */
static void add_policy(struct pv_output *output)
{
    struct pv_buffer policy = {0};
    pv_buffer_add(&policy, PV_TEXT("<meta http-equiv=\"Content-Security-Policy\" "
                                   "content=\"default-src 'none'; script-src "));
    pv_asset_source(&policy, &pv_html_script);
    pv_buffer_add(&policy, PV_TEXT("; style-src "));
    pv_asset_source(&policy, &pv_html_style);
    pv_buffer_add(&policy, PV_TEXT("; base-uri 'none'; form-action 'none'\">\n"));
    pv_output_add(output, pv_buffer_text(&policy));
    pv_buffer_free(&policy);
}

static void add_head(const struct pv_document *document, struct pv_text title,
                     struct pv_output *output)
{
    static const char *const themes[] = {
        [PV_THEME_AUTO] = "<html lang=\"en\">\n",
        [PV_THEME_LIGHT] = "<html lang=\"en\" data-theme=\"light\">\n",
        [PV_THEME_DARK] = "<html lang=\"en\" data-theme=\"dark\">\n"};
    pv_output_string(output, "<!DOCTYPE html>\n");
    pv_output_string(output, themes[document->options->theme]);
    pv_output_string(output, "<head>\n<meta charset=\"utf-8\">\n" PV_ATTACHMENT_HTML_MARK "\n");
    add_policy(output);
    pv_output_string(output,
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    add_escaped(output, title);
    pv_output_string(output, "</title>\n<style>");
    pv_output_add(output, pv_html_style.text);
    pv_output_string(output, "</style>\n</head>\n<body>\n");
}

static void add_data(const struct pv_document *document, struct pv_text title, struct pv_text facts,
                     struct pv_output *output)
{
    struct pv_buffer data = {0}, packed = {0};
    pv_html_data(&data, document, title, facts);
    pv_attachment_pack(&packed, pv_buffer_text(&data));
    pv_output_string(output, PV_ATTACHMENT_HTML "\"");
    pv_output_add(output, document->options->data);
    pv_output_string(output, "\"" PV_ATTACHMENT_HTML_END "\n"
                             "<script type=\"application/json\" id=\"pv-page\">\"");
    pv_output_add(output, pv_buffer_text(&packed));
    pv_output_string(output, "\"</script>\n<script>");
    pv_output_add(output, pv_html_script.text);
    pv_output_string(output, "</script>\n");
    pv_buffer_free(&data);
    pv_buffer_free(&packed);
}

/* Without scripts nothing on the page needs it; it is there to be read again. */
static void add_still_data(const struct pv_document *document, struct pv_output *output)
{
    if (document->options->data.size == 0)
        return;
    pv_output_string(output, PV_ATTACHMENT_STILL);
    pv_output_add(output, document->options->data);
    pv_output_string(output, PV_ATTACHMENT_STILL_END "\n");
}

bool pv_html_write(const struct pv_document *document, struct pv_output *output,
                   struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_buffer title = {0}, facts = {0};
    pv_html_title(&title, document);
    pv_html_facts(&facts, document);
    add_head(document, pv_buffer_text(&title), output);
    if (!document->options->has_no_script)
        add_data(document, pv_buffer_text(&title), pv_buffer_text(&facts), output);
    else
        add_still_data(document, output);
    pv_output_string(output, "<main id=\"still\">\n<h1>");
    add_escaped(output, pv_buffer_text(&title));
    pv_output_string(output, "</h1>\n<p class=\"facts\">");
    add_escaped(output, pv_buffer_text(&facts));
    pv_output_string(output, "</p>\n");
    bool is_done = pv_html_still(document, output, notes, err);
    pv_output_string(output, "<p class=\"version\">profviz " PV_VERSION
                             "</p>\n</main>\n</body>\n</html>\n");
    pv_buffer_free(&title);
    pv_buffer_free(&facts);
    return is_done;
}
