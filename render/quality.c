#include "render/quality.h"

#include "model/escape.h"
#include "render/markdown.h"
#include "render/shown.h"

enum { GRADE_COLUMN = 9, NAME_COLUMN = 18, WIDTH = 100, WIDTH_LEAST = 60 };

static struct pv_buffer head_of(const struct pv_quality_report *report)
{
    const struct pv_profile *profile = report->profile;
    struct pv_buffer head = {0};
    pv_escape(&head, PV_ESCAPE_DISPLAY, pv_profile_text(profile, profile->format));
    if (report->metric < profile->metric_count) {
        const struct pv_metric *metric = &profile->metrics[report->metric];
        char text[PV_NUMBER_SIZE];
        size_t size = pv_format_value(text, metric->total, metric->unit, metric->scale);
        pv_buffer_print(&head, " · ");
        pv_escape(&head, PV_ESCAPE_DISPLAY, pv_profile_text(profile, metric->name));
        pv_buffer_print(&head, " %.*s", (int)size, text);
    }
    return head;
}

struct writer {
    const struct pv_text_style *style;
    struct pv_output *output;
    unsigned columns;
};

static void paint(const struct writer *writer, const char *code)
{
    if (!writer->style->has_color)
        return;
    pv_output_string(writer->output, "\033[");
    pv_output_string(writer->output, code);
    pv_output_char(writer->output, 'm');
}

static void put(const struct writer *writer, struct pv_text text)
{
    struct pv_buffer shown = {0};
    if (writer->style->is_ascii)
        pv_shown_ascii(&shown, text, true);
    else
        pv_buffer_add(&shown, text);
    pv_output_add(writer->output, pv_buffer_text(&shown));
    pv_buffer_free(&shown);
}

static void pad(const struct writer *writer, unsigned from, unsigned to)
{
    for (; from < to; from++)
        pv_output_char(writer->output, ' ');
}

/* The next word, with the unit of a number: "7.5 %". */
static bool take_word(struct pv_text *rest, struct pv_text *word)
{
    enum { unit_most = 4 };
    struct pv_text behind, next;
    if (!pv_text_word(rest, word))
        return false;
    behind = *rest;
    char last = word->data[word->size - 1];
    bool has_unit =
        last >= '0' && last <= '9' && pv_text_word(&behind, &next) && next.size <= unit_most;
    if (has_unit) {
        word->size = (size_t)(next.data + next.size - word->data);
        *rest = behind;
    }
    return true;
}

/* From the column of words on, broken between words. */
static void put_wrapped(const struct writer *writer, struct pv_text words)
{
    const unsigned indent = GRADE_COLUMN + NAME_COLUMN;
    unsigned at = indent;
    struct pv_text word;
    while (take_word(&words, &word)) {
        unsigned width = pv_shown_width(word);
        bool is_command = pv_text_starts(word, PV_TEXT("::")); /* at the begin of a log's line */
        if (at > indent && at + 1 + width > writer->columns && !is_command) {
            pv_output_char(writer->output, '\n');
            pad(writer, 0, indent);
            at = indent;
        } else if (at > indent) {
            pv_output_char(writer->output, ' ');
            at++;
        }
        put(writer, word);
        at += width;
    }
    pv_output_char(writer->output, '\n');
}

static void put_finding(const struct writer *writer, const struct pv_finding *finding)
{
    static const char *const colors[PV_GRADES] = {"32", "36", "33", "31;1"};
    const char *grade = pv_grade_name(finding->grade);
    paint(writer, colors[finding->grade]);
    pv_output_string(writer->output, grade);
    paint(writer, "0");
    pad(writer, pv_shown_width(pv_text_of(grade)), GRADE_COLUMN);
    pv_output_string(writer->output, finding->name);
    pad(writer, pv_shown_width(pv_text_of(finding->name)), NAME_COLUMN);
    put_wrapped(writer, pv_buffer_text(&finding->words));
    if (!finding->advice)
        return;
    pad(writer, 0, GRADE_COLUMN + NAME_COLUMN);
    paint(writer, "2");
    struct pv_buffer advice = {0};
    pv_buffer_print(&advice, "→ %s", finding->advice);
    put_wrapped(writer, pv_buffer_text(&advice));
    pv_buffer_free(&advice);
    paint(writer, "0");
}

void pv_quality_write_text(const struct pv_quality_report *report,
                           const struct pv_text_style *style, struct pv_output *output)
{
    struct writer writer = {style, output, style->columns ? style->columns : WIDTH};
    struct pv_buffer line = {0}, head = head_of(report);
    if (writer.columns < WIDTH_LEAST)
        writer.columns = WIDTH_LEAST;
    pv_escape(&line, PV_ESCAPE_DISPLAY, report->input);
    pv_buffer_print(&line, " · ");
    pv_buffer_add(&line, pv_buffer_text(&head));
    pv_buffer_print(&line, " · trust: %s", pv_grade_name(report->quality->grade));
    put(&writer, pv_buffer_text(&line));
    pv_output_string(output, "\n\n");
    if (report->quality->is_empty)
        pv_output_string(output, "nothing recorded\n");
    for (unsigned i = 0; i < PV_FINDINGS; i++)
        if (report->quality->findings[i].is_told)
            put_finding(&writer, &report->quality->findings[i]);
    pv_buffer_free(&line);
    pv_buffer_free(&head);
}

void pv_quality_write_markdown(const struct pv_quality_report *report, struct pv_output *output)
{
    struct pv_buffer shown = {0}, head = head_of(report);
    pv_escape(&shown, PV_ESCAPE_DISPLAY, report->input);
    pv_output_string(output, "**");
    pv_markdown_code(output, pv_buffer_text(&shown));
    pv_output_string(output, "** · ");
    pv_markdown_sentence(output, pv_buffer_text(&head));
    pv_output_string(output, " · trust: **");
    pv_output_string(output, pv_grade_name(report->quality->grade));
    pv_output_string(output, "**\n\n");
    if (report->quality->is_empty)
        pv_output_string(output, "nothing recorded\n");
    for (unsigned i = 0; i < PV_FINDINGS; i++) {
        const struct pv_finding *finding = &report->quality->findings[i];
        if (!finding->is_told)
            continue;
        pv_output_string(output, "- **");
        pv_output_string(output, pv_grade_name(finding->grade));
        pv_output_string(output, "** ");
        pv_output_string(output, finding->name);
        pv_output_string(output, ": ");
        pv_markdown_sentence(output, pv_buffer_text(&finding->words));
        pv_output_char(output, '\n');
        if (!finding->advice)
            continue;
        pv_output_string(output, "  - ");
        pv_output_string(output, finding->advice);
        pv_output_char(output, '\n');
    }
    pv_buffer_free(&shown);
    pv_buffer_free(&head);
}

static void put_string(struct pv_output *output, const char *key, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_output_char(output, '"');
    pv_output_string(output, key);
    pv_output_string(output, "\":\"");
    pv_escape(&escaped, PV_ESCAPE_JSON, text);
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_output_char(output, '"');
    pv_buffer_free(&escaped);
}

static void put_finding_json(struct pv_output *output, const struct pv_finding *finding)
{
    pv_output_string(output, "\n{");
    put_string(output, "finding", pv_text_of(finding->name));
    pv_output_char(output, ',');
    put_string(output, "grade", pv_text_of(pv_grade_name(finding->grade)));
    pv_output_string(output, ",\"count\":");
    pv_output_int(output, finding->count);
    pv_output_string(output, ",\"of\":");
    if (finding->whole)
        pv_output_int(output, finding->whole);
    else
        pv_output_string(output, "null");
    pv_output_char(output, ',');
    put_string(output, "text", pv_buffer_text(&finding->words));
    pv_output_string(output, ",");
    if (finding->advice)
        put_string(output, "advice", pv_text_of(finding->advice));
    else
        pv_output_string(output, "\"advice\":null");
    pv_output_char(output, '}');
}

void pv_quality_write_json(const struct pv_quality_report *report, struct pv_output *output)
{
    const struct pv_profile *profile = report->profile;
    bool is_first = true;
    pv_output_string(output, "{\"profviz_quality\":1,");
    put_string(output, "input", report->input);
    pv_output_char(output, ',');
    put_string(output, "format", pv_profile_text(profile, profile->format));
    if (report->metric < profile->metric_count) {
        const struct pv_metric *metric = &profile->metrics[report->metric];
        pv_output_char(output, ',');
        put_string(output, "metric", pv_profile_text(profile, metric->name));
        pv_output_char(output, ',');
        put_string(output, "unit", pv_unit_name(metric->unit));
        pv_output_string(output, ",\"scale\":");
        pv_output_int(output, metric->scale);
        pv_output_string(output, ",\"total\":");
        pv_output_int(output, metric->total);
    }
    pv_output_char(output, ',');
    put_string(output, "grade", pv_text_of(pv_grade_name(report->quality->grade)));
    pv_output_string(output, ",\"findings\":[");
    for (unsigned i = 0; i < PV_FINDINGS; i++) {
        if (!report->quality->findings[i].is_told)
            continue;
        pv_output_string(output, is_first ? "" : ",");
        put_finding_json(output, &report->quality->findings[i]);
        is_first = false;
    }
    pv_output_string(output, "]}\n");
}
