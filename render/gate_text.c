#include "render/gate.h"

#include "model/escape.h"
#include "render/markdown.h"
#include "render/shown.h"

static bool is_warning(const struct pv_gate_result *result)
{
    return result->rule->is_warning && result->verdict != PV_GATE_KEPT;
}

void pv_gate_add_title(struct pv_buffer *out, const struct pv_gate_result *result)
{
    enum { most = 200 };
    if (result->rule->name.size) {
        pv_escape(out, PV_ESCAPE_DISPLAY, pv_text_slice(result->rule->name, 0, most));
        pv_buffer_add(out, PV_TEXT(": "));
    }
    pv_buffer_add(out, result->subject);
}

void pv_gate_add_finding(struct pv_buffer *out, const struct pv_gate_result *result)
{
    pv_buffer_add(out, result->observed);
    pv_buffer_add(out, PV_TEXT(", limit "));
    pv_buffer_add(out, result->limit);
    if (!result->doubt.size)
        return;
    pv_buffer_add(out, result->verdict == PV_GATE_UNSURE ? PV_TEXT("; cannot be told: ")
                                                         : PV_TEXT("; "));
    pv_buffer_add(out, result->doubt);
}

void pv_gate_add_sum(struct pv_buffer *out, const struct pv_gate_report *report)
{
    const char *noun = report->count == 1 ? "limit" : "limits";
    if (!report->broken && !report->unsure)
        pv_buffer_print(out, report->count == 1 ? "the limit is kept" : "all %lu limits are kept",
                        (unsigned long)report->count);
    if (report->broken)
        pv_buffer_print(out, "%lu of %lu %s %s broken", (unsigned long)report->broken,
                        (unsigned long)report->count, noun, report->broken == 1 ? "is" : "are");
    if (report->unsure && report->broken)
        pv_buffer_print(out, ", %lu cannot be told", (unsigned long)report->unsure);
    else if (report->unsure)
        pv_buffer_print(out, "%lu of %lu %s cannot be told", (unsigned long)report->unsure,
                        (unsigned long)report->count, noun);
    if (report->warned)
        pv_buffer_print(out, ", %lu warning%s", (unsigned long)report->warned,
                        report->warned == 1 ? "" : "s");
}

/* Words and their colour. */
static const char *mark(const struct pv_gate_result *result, const char **colour)
{
    if (is_warning(result)) {
        *colour = "33";
        return "warning";
    }
    *colour = result->verdict == PV_GATE_BROKEN ? "1;31" : result->verdict ? "33" : "32";
    return result->verdict == PV_GATE_BROKEN ? "BROKEN " : result->verdict ? "unsure " : "ok     ";
}

static void add_line(struct pv_output *output, const struct pv_text_style *style,
                     struct pv_text line)
{
    struct pv_buffer shown = {0};
    if (style->is_ascii)
        pv_shown_ascii(&shown, line, true);
    else
        pv_buffer_add(&shown, line);
    pv_output_add(output, pv_buffer_text(&shown));
    pv_output_char(output, '\n');
    pv_buffer_free(&shown);
}

static void write_result(const struct pv_gate_result *result, const struct pv_text_style *style,
                         struct pv_output *output)
{
    const char *colour;
    const char *word = mark(result, &colour);
    struct pv_buffer line = {0};
    pv_output_string(output, style->has_color ? "\033[" : "");
    pv_output_string(output, style->has_color ? colour : "");
    pv_output_string(output, style->has_color ? "m" : "");
    pv_output_string(output, word);
    pv_output_string(output, style->has_color ? "\033[0m  " : "  ");
    pv_gate_add_title(&line, result);
    pv_buffer_add(&line, PV_TEXT(" = "));
    pv_gate_add_finding(&line, result);
    add_line(output, style, pv_buffer_text(&line));
    for (unsigned i = 0; i < result->path_count; i++) {
        pv_output_string(output, "           ");
        add_line(output, style, result->paths[i]);
    }
    pv_buffer_free(&line);
}

void pv_gate_write_text(const struct pv_gate_report *report, struct pv_text input,
                        const struct pv_text_style *style, struct pv_output *output)
{
    struct pv_buffer words = {0};
    for (uint32_t i = 0; i < report->count; i++)
        write_result(&report->results[i], style, output);
    pv_escape(&words, PV_ESCAPE_DISPLAY, input);
    pv_buffer_add(&words, PV_TEXT(": "));
    pv_gate_add_sum(&words, report);
    add_line(output, style, pv_buffer_text(&words));
    pv_buffer_free(&words);
}

static void add_item(struct pv_output *output, const struct pv_gate_result *result)
{
    struct pv_buffer words = {0};
    pv_output_string(output, is_warning(result)                  ? "- ⚠️ "
                             : result->verdict == PV_GATE_BROKEN ? "- ❌ "
                             : result->verdict == PV_GATE_UNSURE ? "- ❔ "
                                                                 : "- ✅ ");
    pv_gate_add_title(&words, result);
    pv_markdown_code(output, pv_buffer_text(&words));
    pv_output_string(output, " = ");
    words.size = 0;
    pv_gate_add_finding(&words, result);
    pv_markdown_sentence(output, pv_buffer_text(&words));
    pv_output_char(output, '\n');
    for (unsigned i = 0; i < result->path_count; i++) {
        pv_output_string(output, "  - ");
        pv_markdown_code(output, result->paths[i]);
        pv_output_char(output, '\n');
    }
    pv_buffer_free(&words);
}

/* Those that are not kept first, and as many as there is room for. */
void pv_gate_write_markdown(const struct pv_gate_report *report, struct pv_text input,
                            struct pv_output *output)
{
    enum { room = PV_GATE_SUMMARY - 4096 };
    struct pv_output *items = pv_output_memory();
    struct pv_buffer words = {0};
    uint32_t left = 0;
    size_t size = 0;
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t i = 0; i < report->count; i++) {
            const struct pv_gate_result *result = &report->results[i];
            if ((result->verdict == PV_GATE_KEPT) != (round == 1))
                continue;
            struct pv_output *item = pv_output_memory();
            add_item(item, result);
            struct pv_text bytes = pv_output_bytes(item);
            left += size + bytes.size > room;
            if (size + bytes.size <= room)
                pv_output_add(items, bytes);
            size += size + bytes.size <= room ? bytes.size : 0;
            pv_output_close(item);
        }
    pv_escape(&words, PV_ESCAPE_DISPLAY, pv_text_slice(input, 0, 400));
    pv_output_string(output, "### Budgets of ");
    pv_markdown_code(output, pv_buffer_text(&words));
    words.size = 0;
    pv_buffer_add(&words, PV_TEXT("\n\n"));
    pv_gate_add_sum(&words, report);
    pv_buffer_add(&words, PV_TEXT("\n\n"));
    pv_output_add(output, pv_buffer_text(&words));
    pv_output_add(output, pv_output_bytes(items));
    words.size = 0;
    if (left)
        pv_buffer_print(&words, "- %lu more have no room here\n", (unsigned long)left);
    pv_buffer_char(&words, '\n');
    pv_output_add(output, pv_buffer_text(&words));
    pv_output_close(items);
    pv_buffer_free(&words);
}
