#include "render/overview.h"

#include "model/escape.h"
#include "model/number.h"
#include "render/svg_assets.h"

static void add_escaped(struct pv_output *output, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_XML, text);
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_buffer_free(&escaped);
}

/* "198 profiles of 9 formats, 2 could not be read" */
static void add_facts(struct pv_buffer *out, const struct pv_overview *overview)
{
    size_t read = overview->count - overview->failed;
    pv_buffer_print(out, "%zu profile%s", read, read == 1 ? "" : "s");
    if (overview->formats > 1)
        pv_buffer_print(out, " of %zu formats", overview->formats);
    if (overview->failed)
        pv_buffer_print(out, ", %zu could not be read", overview->failed);
}

/* Nothing is loaded but pictures that are in the page, and nothing runs but what profviz wrote. */
static void add_head(const struct pv_overview *overview, struct pv_output *output)
{
    static const char *const themes[] = {
        [PV_THEME_AUTO] = "<html lang=\"en\">\n",
        [PV_THEME_LIGHT] = "<html lang=\"en\" data-theme=\"light\">\n",
        [PV_THEME_DARK] = "<html lang=\"en\" data-theme=\"dark\">\n"};
    struct pv_buffer policy = {0};
    pv_asset_source(&policy, &pv_overview_script);
    pv_buffer_print(&policy, "; style-src ");
    pv_asset_source(&policy, &pv_overview_style);
    pv_output_string(output, "<!DOCTYPE html>\n");
    pv_output_string(output, themes[overview->theme]);
    pv_output_string(output, "<head>\n<meta charset=\"utf-8\">\n"
                             "<meta http-equiv=\"Content-Security-Policy\" "
                             "content=\"default-src 'none'; img-src data:; script-src ");
    pv_output_add(output, pv_buffer_text(&policy));
    pv_output_string(output,
                     "; base-uri 'none'; form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    add_escaped(output, overview->title);
    pv_output_string(output, "</title>\n<style>");
    pv_output_add(output, pv_overview_style.text);
    pv_output_string(output, "</style>\n</head>\n<body>\n");
    pv_buffer_free(&policy);
}

static void add_titles(const struct pv_overview *overview, struct pv_output *output)
{
    static const struct {
        const char *title;
        bool is_number, is_of_base;
    } columns[] = {
        {"#", true, false},         {"shape", false, false},    {"profile", false, false},
        {"format", false, false},   {"metric", false, false},   {"total", true, false},
        {"change", true, true},     {"functions", true, false}, {"hottest function", false, false},
        {"its share", true, false}, {"trust", false, false},
    };
    pv_output_string(output, "<thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (columns[i].is_of_base && !overview->has_base)
            continue;
        pv_output_string(output, columns[i].is_number ? "<th scope=\"col\" class=\"number\">"
                                                      : "<th scope=\"col\">");
        pv_output_string(output, columns[i].title);
        pv_output_string(output, "</th>");
    }
    pv_output_string(output, "</tr></thead>\n<tbody>\n");
}

void pv_overview_write_html(const struct pv_overview *overview, struct pv_output *output)
{
    struct pv_buffer facts = {0};
    add_facts(&facts, overview);
    add_head(overview, output);
    pv_output_string(output, "<main>\n<h1>");
    add_escaped(output, overview->title);
    pv_output_string(output, "</h1>\n<p class=\"facts\">");
    add_escaped(output, pv_buffer_text(&facts));
    pv_output_string(output, "</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                             "aria-label=\"all profiles\"><table id=\"all\">");
    add_titles(overview, output);
    for (size_t i = 0; i < overview->count; i++)
        pv_output_add(output, pv_buffer_text(&overview->rows[i]));
    pv_output_string(output, "</tbody></table></div>\n<p class=\"facts\">The shape is the call "
                             "tree, the outermost functions on top, as wide as they cost. Trust: "
                             "<code>profviz quality</code> tells what it is made of.</p>\n");
    for (size_t i = 0; i < overview->count; i++)
        pv_output_add(output, pv_buffer_text(&overview->sections[i]));
    pv_output_string(output, "<p class=\"version\">profviz " PV_VERSION "</p>\n</main>\n<script>");
    pv_output_add(output, pv_overview_script.text);
    pv_output_string(output, "</script>\n</body>\n</html>\n");
    pv_buffer_free(&facts);
}

void pv_overview_write_markdown(const struct pv_overview *overview, struct pv_output *output)
{
    struct pv_buffer facts = {0};
    add_facts(&facts, overview);
    pv_output_add(output, pv_buffer_text(&facts));
    pv_output_string(output, overview->has_base
                                 ? "\n\n| # | profile | format | total | change | functions | "
                                   "hottest function | its share | trust |\n"
                                   "| ---: | --- | --- | ---: | ---: | ---: | --- | ---: | --- |\n"
                                 : "\n\n| # | profile | format | total | functions | hottest "
                                   "function | its share | trust |\n"
                                   "| ---: | --- | --- | ---: | ---: | --- | ---: | --- |\n");
    for (size_t i = 0; i < overview->count; i++)
        pv_output_add(output, pv_buffer_text(&overview->markdown[i]));
    pv_buffer_free(&facts);
}
