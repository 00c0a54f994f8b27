#include "render/gate.h"

#include "model/escape.h"

static void add_escaped(struct pv_output *output, enum pv_escaping how, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, how, text);
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_buffer_free(&escaped);
}

/* Of text in display form, in which nothing but the markup is left to be escaped. */
static void add_xml(struct pv_output *output, struct pv_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        switch (byte) {
        case '&':
            pv_output_string(output, "&amp;");
            break;
        case '<':
            pv_output_string(output, "&lt;");
            break;
        case '>':
            pv_output_string(output, "&gt;");
            break;
        case '"':
            pv_output_string(output, "&quot;");
            break;
        default:
            pv_output_char(output, byte);
        }
    }
}

static void add_attribute(struct pv_output *output, const char *name, struct pv_text text)
{
    pv_output_char(output, ' ');
    pv_output_string(output, name);
    pv_output_string(output, "=\"");
    add_xml(output, text);
    pv_output_char(output, '"');
}

static void add_count(struct pv_output *output, const char *name, uint32_t count)
{
    pv_output_char(output, ' ');
    pv_output_string(output, name);
    pv_output_string(output, "=\"");
    pv_output_int(output, count);
    pv_output_char(output, '"');
}

static void add_body(struct pv_output *output, const char *tag, const struct pv_gate_result *result,
                     bool has_message)
{
    struct pv_buffer words = {0};
    pv_gate_add_finding(&words, result);
    pv_output_string(output, "<");
    pv_output_string(output, tag);
    if (has_message)
        add_attribute(output, "message", pv_buffer_text(&words));
    pv_output_char(output, '>');
    add_xml(output, pv_buffer_text(&words));
    for (unsigned i = 0; i < result->path_count; i++) {
        pv_output_char(output, '\n');
        add_xml(output, result->paths[i]);
    }
    pv_output_string(output, "</");
    pv_output_string(output, tag);
    pv_output_char(output, '>');
    pv_buffer_free(&words);
}

static void write_case(const struct pv_gate_result *result, struct pv_output *output)
{
    struct pv_buffer words = {0};
    bool is_kept = result->verdict == PV_GATE_KEPT;
    pv_gate_add_title(&words, result);
    pv_output_string(output, "  <testcase classname=\"profviz.check\"");
    add_attribute(output, "name", pv_buffer_text(&words));
    pv_output_char(output, '>');
    if (is_kept || result->rule->is_warning)
        add_body(output, is_kept ? "system-out" : "system-err", result, false);
    else
        add_body(output, result->verdict == PV_GATE_BROKEN ? "failure" : "error", result, true);
    pv_output_string(output, "</testcase>\n");
    pv_buffer_free(&words);
}

static void add_counts(struct pv_output *output, const struct pv_gate_report *report)
{
    add_count(output, "tests", report->count);
    add_count(output, "failures", report->broken);
    add_count(output, "errors", report->unsure);
}

void pv_gate_write_junit(const struct pv_gate_report *report, struct pv_text input,
                         struct pv_output *output)
{
    pv_output_string(output, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    add_counts(output, report);
    pv_output_string(output, ">\n <testsuite name=\"");
    add_escaped(output, PV_ESCAPE_XML, input);
    pv_output_char(output, '"');
    add_counts(output, report);
    pv_output_string(output, " skipped=\"0\">\n");
    for (uint32_t i = 0; i < report->count; i++)
        write_case(&report->results[i], output);
    pv_output_string(output, " </testsuite>\n</testsuites>\n");
}

/* Workflow commands take percent escapes; a property must not hold its separators either. */
static void add_command_text(struct pv_output *output, struct pv_text text, bool is_property)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool is_separator = byte == ':' || byte == ',';
        bool is_plain = byte != '%' && byte != '\n' && byte != '\r';
        if (is_plain && !(is_property && is_separator)) {
            pv_output_char(output, byte);
            continue;
        }
        pv_output_char(output, '%');
        pv_output_char(output, digits[byte >> 4 & 15]);
        pv_output_char(output, digits[byte & 15]);
    }
}

static void add_place(struct pv_output *output, const struct pv_gate_result *result)
{
    struct pv_buffer file = {0};
    pv_escape(&file, PV_ESCAPE_DISPLAY, result->file);
    pv_output_string(output, "file=");
    add_command_text(output, pv_buffer_text(&file), true);
    if (result->line) {
        pv_output_string(output, ",line=");
        pv_output_int(output, result->line);
    }
    pv_output_char(output, ',');
    pv_buffer_free(&file);
}

void pv_gate_write_github(const struct pv_gate_report *report, struct pv_output *output)
{
    struct pv_buffer words = {0};
    for (uint32_t i = 0; i < report->count; i++) {
        const struct pv_gate_result *result = &report->results[i];
        if (result->verdict == PV_GATE_KEPT)
            continue;
        bool is_error = result->verdict == PV_GATE_BROKEN && !result->rule->is_warning;
        pv_output_string(output, is_error ? "::error " : "::warning ");
        /* "<frozen posixpath>" and "<string>" are nowhere in a repository. */
        if (result->file.size && result->file.data[0] != '<')
            add_place(output, result);
        pv_output_string(output, "title=");
        words.size = 0;
        pv_gate_add_title(&words, result);
        add_command_text(output, pv_buffer_text(&words), true);
        pv_output_string(output, "::");
        words.size = 0;
        pv_gate_add_finding(&words, result);
        for (unsigned k = 0; k < result->path_count; k++) {
            pv_buffer_char(&words, '\n');
            pv_buffer_add(&words, result->paths[k]);
        }
        add_command_text(output, pv_buffer_text(&words), false);
        pv_output_char(output, '\n');
    }
    pv_buffer_free(&words);
}

static void add_member(struct pv_output *output, const char *name, struct pv_text text)
{
    pv_output_string(output, ",\"");
    pv_output_string(output, name);
    pv_output_string(output, "\":\"");
    add_escaped(output, PV_ESCAPE_JSON, text);
    pv_output_char(output, '"');
}

static void write_object(const struct pv_gate_result *result, struct pv_output *output)
{
    static const char *const verdicts[] = {"kept", "unsure", "broken"};
    pv_output_string(output, "{\"verdict\":\"");
    pv_output_string(output, verdicts[result->verdict]);
    pv_output_string(output, "\",\"level\":\"");
    pv_output_string(output, result->rule->is_warning ? "warn\"" : "fail\"");
    add_member(output, "name", result->rule->name);
    add_member(output, "subject", result->subject);
    add_member(output, "observed", result->observed);
    add_member(output, "limit", result->limit);
    add_member(output, "uncertainty", result->doubt);
    add_member(output, "file", result->file);
    pv_output_string(output, ",\"line\":");
    pv_output_int(output, result->line);
    pv_output_string(output, ",\"paths\":[");
    for (unsigned i = 0; i < result->path_count; i++) {
        pv_output_string(output, i ? ",\"" : "\"");
        add_escaped(output, PV_ESCAPE_JSON, result->paths[i]);
        pv_output_char(output, '"');
    }
    pv_output_string(output, "]}");
}

void pv_gate_write_json(const struct pv_gate_report *report, struct pv_text input,
                        struct pv_output *output)
{
    pv_output_string(output, "{\"profviz_check\":1");
    add_member(output, "input", input);
    pv_output_string(output, ",\"broken\":");
    pv_output_int(output, report->broken);
    pv_output_string(output, ",\"unsure\":");
    pv_output_int(output, report->unsure);
    pv_output_string(output, ",\"warnings\":");
    pv_output_int(output, report->warned);
    pv_output_string(output, ",\n\"results\":[\n");
    for (uint32_t i = 0; i < report->count; i++) {
        pv_output_string(output, i ? ",\n" : "");
        write_object(&report->results[i], output);
    }
    pv_output_string(output, "\n]}\n");
}
