#include "render/overview.h"

#include "model/base64.h"
#include "model/escape.h"
#include "render/markdown.h"
#include "render/table.h"
#include "render/trend.h"

#include <stdlib.h>
#include <string.h>

/* What one profile has on the page. Names get there through the gate, all else is ours. */

struct making {
    const struct pv_overview_item *item;
    struct pv_buffer *row, *section, *markdown;
};

static void add_escaped(struct pv_buffer *out, struct pv_text text)
{
    pv_escape(out, PV_ESCAPE_XML, text);
}

/* A name that may be broken behind what its words are apart by, rather than anywhere. */
static void add_breakable(struct pv_buffer *out, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_XML, text);
    for (size_t i = 0; i < escaped.size; i++) {
        pv_buffer_char(out, escaped.data[i]);
        if (strchr("/._-:", escaped.data[i]) && i + 1 < escaped.size)
            pv_buffer_add(out, PV_TEXT("<wbr>"));
    }
    pv_buffer_free(&escaped);
}

/* Words in display form already, which may hold names. */
static void add_words(struct pv_buffer *out, struct pv_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '&')
            pv_buffer_add(out, PV_TEXT("&amp;"));
        else if (text.data[i] == '<')
            pv_buffer_add(out, PV_TEXT("&lt;"));
        else if (text.data[i] == '>')
            pv_buffer_add(out, PV_TEXT("&gt;"));
        else
            pv_buffer_char(out, text.data[i]);
    }
}

static void add_code(struct pv_buffer *out, struct pv_text name)
{
    struct pv_output *output = pv_output_memory();
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_MARKDOWN, name);
    pv_markdown_code(output, pv_buffer_text(&shown));
    pv_buffer_add(out, pv_output_bytes(output));
    pv_buffer_free(&shown);
    pv_output_close(output);
}

/* A cell with what it is sorted by: a number, or nothing where the text says it. */
static void begin_number(struct pv_buffer *out, double key)
{
    char text[PV_NUMBER_SIZE];
    size_t size = pv_print_fixed(text, key, 6);
    pv_buffer_print(out, "<td class=\"number\" data-by=\"%.*s\">", (int)size, text);
}

static const struct pv_metric *metric_of(const struct pv_overview_item *item)
{
    return item->metric < item->profile->metric_count ? &item->profile->metrics[item->metric]
                                                      : NULL;
}

static void add_total(struct pv_buffer *out, const struct pv_overview_item *item)
{
    const struct pv_metric *metric = metric_of(item);
    char text[PV_NUMBER_SIZE];
    if (metric)
        pv_buffer_add(out, (struct pv_text){text, pv_format_value(text, metric->total, metric->unit,
                                                                  metric->scale)});
}

static void add_metric_name(struct pv_buffer *out, const struct pv_overview_item *item)
{
    const struct pv_metric *metric = metric_of(item);
    if (metric)
        add_escaped(out, pv_profile_text(item->profile, metric->name));
}

/* The function with the largest own cost, or PV_NONE. */
static uint32_t hottest(const struct pv_overview_item *item)
{
    const struct pv_graph *graph = item->profile->graph;
    uint32_t best = PV_NONE;
    for (uint32_t f = 0; metric_of(item) && f < graph->func_count; f++)
        if (best == PV_NONE || graph->self[item->metric][f] > graph->self[item->metric][best])
            best = f;
    return best;
}

static void add_hottest(struct making *making)
{
    const struct pv_overview_item *item = making->item;
    uint32_t func = hottest(item);
    if (func == PV_NONE) {
        pv_buffer_add(making->row, PV_TEXT("<td></td><td></td>"));
        pv_buffer_add(making->markdown, PV_TEXT(" | | "));
        return;
    }
    struct pv_text name = pv_profile_name(item->profile, item->profile->graph->funcs[func].frame);
    int64_t part = item->profile->graph->self[item->metric][func];
    int64_t whole = pv_profile_whole(item->profile, item->metric);
    char share[PV_NUMBER_SIZE];
    size_t size = pv_format_share(share, part, whole);
    pv_buffer_add(making->row, PV_TEXT("<td class=\"name\">"));
    add_breakable(making->row, name);
    pv_buffer_add(making->row, PV_TEXT("</td>"));
    begin_number(making->row, whole ? (double)part / (double)whole : 0);
    add_words(making->row, (struct pv_text){share, size});
    pv_buffer_add(making->row, PV_TEXT("</td>"));
    pv_buffer_char(making->markdown, ' ');
    add_code(making->markdown, name);
    pv_buffer_add(making->markdown, PV_TEXT(" | "));
    add_words(making->markdown, (struct pv_text){share, size});
    pv_buffer_add(making->markdown, PV_TEXT(" | "));
}

/* "+12.3 %" of the whole, as far as it is more than chance. */
static void add_change(struct making *making)
{
    const struct pv_overview_item *item = making->item;
    struct pv_buffer words = {0};
    double key = 0;
    if (!item->has_base)
        return;
    if (item->diff) {
        const struct pv_diff_pair *pair = &item->diff->pairs[item->pair];
        int64_t before = item->diff->profile->metrics[pair->base].total;
        int64_t after = item->diff->profile->metrics[pair->head].total;
        struct pv_judged judged = pv_diff_judge_whole(item->diff, item->pair);
        key = before ? ((double)after - (double)before) / (double)before : after != 0;
        pv_buffer_print(&words, judged.verdict == PV_VERDICT_UNSURE ? "~ " : "");
        pv_trend_step(&words, before, after);
    }
    begin_number(making->row, key);
    add_words(making->row, pv_buffer_text(&words));
    pv_buffer_add(making->row, PV_TEXT("</td>"));
    pv_buffer_add(making->markdown, pv_buffer_text(&words));
    pv_buffer_add(making->markdown, PV_TEXT(" | "));
    pv_buffer_free(&words);
}

static void begin_row(struct making *making)
{
    const struct pv_overview_item *item = making->item;
    pv_buffer_print(making->row, "<tr><td class=\"number\">%zu</td><td>", item->number);
    if (item->profile)
        pv_overview_thumbnail(making->row, item->profile, item->metric);
    pv_buffer_print(making->row, "</td><th scope=\"row\">");
    if (item->profile)
        pv_buffer_print(making->row, "<a href=\"#p%zu\">", item->number);
    add_breakable(making->row, item->name);
    pv_buffer_print(making->row, "%s</th>", item->profile ? "</a>" : "");
    pv_buffer_print(making->markdown, "| %zu | ", item->number);
    add_code(making->markdown, item->name);
    pv_buffer_print(making->markdown, " | ");
}

/* Totals of different units stand as they read: seconds beside numbers. */
static double sort_key(const struct pv_metric *metric)
{
    static const double ns_per_s = 1e9;
    double value = (double)metric->total / (double)metric->scale;
    return metric->unit == PV_UNIT_NS ? value / ns_per_s : value;
}

static void make_row(struct making *making)
{
    const struct pv_overview_item *item = making->item;
    const struct pv_metric *metric = metric_of(item);
    struct pv_text format = pv_profile_text(item->profile, item->profile->format);
    begin_row(making);
    pv_buffer_add(making->row, PV_TEXT("<td>"));
    add_escaped(making->row, format);
    pv_buffer_add(making->row, PV_TEXT("</td><td>"));
    add_metric_name(making->row, item);
    pv_buffer_add(making->row, PV_TEXT("</td>"));
    begin_number(making->row, metric ? sort_key(metric) : 0);
    add_total(making->row, item);
    pv_buffer_add(making->row, PV_TEXT("</td>"));
    add_code(making->markdown, format);
    pv_buffer_add(making->markdown, PV_TEXT(" | "));
    add_total(making->markdown, item);
    pv_buffer_add(making->markdown, PV_TEXT(" | "));
    add_change(making);
    begin_number(making->row, item->profile->graph->func_count);
    pv_add_grouped(making->row, item->profile->graph->func_count);
    pv_buffer_add(making->row, PV_TEXT("</td>"));
    pv_add_grouped(making->markdown, item->profile->graph->func_count);
    pv_buffer_add(making->markdown, PV_TEXT(" |"));
    add_hottest(making);
    pv_buffer_print(making->row, "<td data-by=\"%d\" class=\"%s\">%s</td></tr>\n",
                    (int)item->quality->grade, pv_grade_name(item->quality->grade),
                    pv_grade_name(item->quality->grade));
    pv_buffer_print(making->markdown, "%s |\n", pv_grade_name(item->quality->grade));
}

static void add_facts(struct pv_buffer *out, const struct pv_overview_item *item)
{
    pv_buffer_add(out, PV_TEXT("<p class=\"facts\">"));
    add_escaped(out, pv_profile_text(item->profile, item->profile->format));
    pv_buffer_add(out, PV_TEXT(" · "));
    add_metric_name(out, item);
    pv_buffer_char(out, ' ');
    add_total(out, item);
    pv_buffer_add(out, PV_TEXT(" · "));
    pv_add_grouped(out, item->profile->graph->func_count);
    pv_buffer_print(out, " function%s", item->profile->graph->func_count == 1 ? "" : "s");
    for (size_t i = 0; i < item->link_count; i++) {
        pv_buffer_add(out, i ? PV_TEXT(", ") : PV_TEXT(" · "));
        pv_buffer_add(out, PV_TEXT("<a href=\""));
        add_escaped(out, item->links[i].path);
        pv_buffer_add(out, PV_TEXT("\">"));
        add_escaped(out, item->links[i].label);
        pv_buffer_add(out, PV_TEXT("</a>"));
    }
    pv_buffer_add(out, PV_TEXT("</p>\n"));
}

/* As an image: nothing in it runs, and no name in it meets one of the page. */
static void add_picture(struct pv_buffer *out, const struct pv_overview_item *item)
{
    if (item->picture.size == 0)
        return;
    pv_buffer_add(out, PV_TEXT("<p><img loading=\"lazy\" alt=\""));
    pv_buffer_print(out, "%s of ", item->view);
    add_escaped(out, item->name);
    pv_buffer_add(out, PV_TEXT("; the table below has its numbers\" "
                               "src=\"data:image/svg+xml;base64,"));
    pv_base64_add(out, item->picture);
    pv_buffer_add(out, PV_TEXT("\"></p>\n"));
}

static bool is_name(const struct pv_column *column)
{
    return column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
}

static void add_cell(struct pv_buffer *out, const struct pv_table *table,
                     const struct pv_column *column, const struct pv_cell *cell)
{
    char digits[PV_TABLE_NUMBER];
    pv_buffer_add(out, is_name(column) ? PV_TEXT("<td class=\"name\">")
                                       : PV_TEXT("<td class=\"number\">"));
    if (!cell->is_empty && column->kind == PV_COLUMN_PLACE)
        add_escaped(out, pv_name_path(cell->text));
    else if (!cell->is_empty && is_name(column))
        add_escaped(out, cell->text);
    else if (!cell->is_empty)
        add_words(out,
                  (struct pv_text){digits, pv_table_number(digits, table, column->kind, cell)});
    if (cell->line)
        pv_buffer_print(out, ":%lu", (unsigned long)cell->line);
    pv_buffer_add(out, PV_TEXT("</td>"));
}

/* A table may be wider than the window, and is moved by keys, too. */
static void begin_wide(struct pv_buffer *out, const char *what, size_t number)
{
    pv_buffer_print(out,
                    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s of "
                    "profile %zu\">",
                    what, number);
}

static bool add_top(struct pv_buffer *out, const struct pv_overview_item *item,
                    struct pv_error *err)
{
    const struct pv_top_options options = {.metric = item->metric, .rows = PV_OVERVIEW_TOP};
    struct pv_table *table;
    if (!metric_of(item))
        return true;
    if (!pv_table_top(&table, item->profile, &options, err))
        return false;
    begin_wide(out, "functions", item->number);
    pv_buffer_add(out, PV_TEXT("<table><thead><tr>"));
    for (size_t i = 0; i < table->column_count; i++)
        pv_buffer_print(out, "<th scope=\"col\"%s>%s</th>",
                        is_name(&table->columns[i]) ? "" : " class=\"number\"",
                        table->columns[i].title);
    pv_buffer_add(out, PV_TEXT("</tr></thead><tbody>\n"));
    for (size_t row = 0; row < table->row_count; row++) {
        pv_buffer_add(out, PV_TEXT("<tr>"));
        for (size_t i = 0; i < table->column_count; i++)
            add_cell(out, table, &table->columns[i], &table->cells[row * table->column_count + i]);
        pv_buffer_add(out, PV_TEXT("</tr>\n"));
    }
    pv_buffer_add(out, PV_TEXT("</tbody></table></div>\n"));
    pv_table_free(table);
    return true;
}

/* What is less than good, with what to do about it. */
static void add_quality(struct pv_buffer *out, const struct pv_overview_item *item)
{
    bool is_first = true;
    for (unsigned i = 0; i < PV_FINDINGS; i++) {
        const struct pv_finding *finding = &item->quality->findings[i];
        if (!finding->is_told || finding->grade == PV_GRADE_GOOD)
            continue;
        pv_buffer_print(
            out, "%s<li><strong class=\"%s\">%s</strong> %s: ", is_first ? "<ul>\n" : "",
            pv_grade_name(finding->grade), pv_grade_name(finding->grade), finding->name);
        add_words(out, pv_buffer_text(&finding->words));
        if (finding->advice) {
            pv_buffer_add(out, PV_TEXT(". <em>"));
            add_words(out, pv_text_of(finding->advice));
            pv_buffer_add(out, PV_TEXT("</em>"));
        }
        pv_buffer_add(out, PV_TEXT("</li>\n"));
        is_first = false;
    }
    if (!is_first)
        pv_buffer_add(out, PV_TEXT("</ul>\n"));
}

/* Functions in the order of how much their own cost changed. */
struct moved {
    uint32_t func;
    int64_t change;
};

static int most_first(const void *a, const void *b)
{
    const struct moved *left = a, *right = b;
    uint64_t x = pv_magnitude(left->change), y = pv_magnitude(right->change);
    if (x != y)
        return x < y ? 1 : -1;
    return (left->func > right->func) - (left->func < right->func);
}

static void add_value(struct pv_buffer *out, const struct pv_diff *diff, uint32_t metric,
                      int64_t value, bool has_sign)
{
    const struct pv_metric *of = &diff->profile->metrics[metric];
    char text[PV_NUMBER_SIZE];
    size_t size = pv_format_value(text, value, of->unit, of->scale);
    pv_buffer_print(out, "<td class=\"number\">%s%.*s</td>", has_sign && value > 0 ? "+" : "",
                    (int)size, text);
}

static void add_moved(struct pv_buffer *out, const struct pv_diff *diff, uint32_t pair,
                      uint32_t func, const struct pv_judged *judged)
{
    static const char *const verdicts[] = {[PV_VERDICT_SAME] = "same",
                                           [PV_VERDICT_LESS] = "less",
                                           [PV_VERDICT_MORE] = "more",
                                           [PV_VERDICT_UNSURE] = "~ may be chance"};
    const struct pv_graph *graph = diff->profile->graph;
    const struct pv_diff_pair *of = &diff->pairs[pair];
    pv_buffer_add(out, PV_TEXT("<tr>"));
    add_value(out, diff, of->base, graph->self[of->base][func], false);
    add_value(out, diff, of->head, graph->self[of->head][func], false);
    add_value(out, diff, of->change, graph->self[of->change][func], true);
    pv_buffer_print(out, "<td>%s</td><td class=\"name\">", verdicts[judged->verdict]);
    add_escaped(out, pv_profile_name(diff->profile, graph->funcs[func].frame));
    pv_buffer_add(out, PV_TEXT("</td></tr>\n"));
}

static void add_diff(struct pv_buffer *out, const struct pv_overview_item *item)
{
    if (!item->diff)
        return;
    const struct pv_graph *graph = item->diff->profile->graph;
    uint32_t change = item->diff->pairs[item->pair].change;
    struct moved *moved = pv_zalloc((size_t)graph->func_count + 1, sizeof *moved);
    for (uint32_t f = 0; f < graph->func_count; f++)
        moved[f] = (struct moved){f, graph->self[change][f]};
    qsort(moved, graph->func_count, sizeof *moved, most_first);
    struct pv_judged *judged = pv_diff_judge(item->diff, item->pair, true);
    begin_wide(out, "changes", item->number);
    pv_buffer_add(out, PV_TEXT("<table><caption>What changed most, own "
                               "cost</caption><thead><tr><th scope=\"col\" class=\"number\">base"
                               "</th><th scope=\"col\" class=\"number\">now</th><th scope=\"col\" "
                               "class=\"number\">change</th><th scope=\"col\">verdict</th>"
                               "<th scope=\"col\">function</th></tr></thead><tbody>\n"));
    for (uint32_t i = 0; i < graph->func_count && i < PV_OVERVIEW_TOP && moved[i].change; i++)
        add_moved(out, item->diff, item->pair, moved[i].func, &judged[moved[i].func]);
    pv_buffer_add(out, PV_TEXT("</tbody></table></div>\n"));
    free(judged);
    free(moved);
}

static bool make_section(struct making *making, struct pv_error *err)
{
    const struct pv_overview_item *item = making->item;
    struct pv_buffer *out = making->section;
    pv_buffer_print(out, "<section id=\"p%zu\">\n<h2>", item->number);
    add_escaped(out, item->name);
    pv_buffer_add(out, PV_TEXT("</h2>\n"));
    add_facts(out, item);
    add_picture(out, item);
    add_diff(out, item);
    if (!add_top(out, item, err))
        return false;
    add_quality(out, item);
    pv_buffer_add(out, PV_TEXT("<p class=\"back\"><a href=\"#all\">all profiles</a></p>\n"
                               "</section>\n"));
    return true;
}

bool pv_overview_make(const struct pv_overview_item *item, struct pv_buffer *row,
                      struct pv_buffer *section, struct pv_buffer *markdown, struct pv_error *err)
{
    struct making making = {item, row, section, markdown};
    make_row(&making);
    return make_section(&making, err);
}

void pv_overview_make_failed(const struct pv_overview_item *item, struct pv_text why,
                             struct pv_buffer *row, struct pv_buffer *markdown)
{
    struct making making = {item, row, NULL, markdown};
    begin_row(&making);
    pv_buffer_print(
        row, "<td colspan=\"%d\" class=\"poor\">could not be read: ", item->has_base ? 8 : 7);
    add_escaped(row, why);
    pv_buffer_add(row, PV_TEXT("</td></tr>\n"));
    pv_buffer_add(markdown, PV_TEXT("could not be read: "));
    add_code(markdown, why);
    pv_buffer_print(markdown, " | | %s| | | |\n", item->has_base ? "| " : "");
}
