#include "render/table.h"

#include "model/escape.h"
#include "render/shown.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, BAR_NARROW = 4, BAR_WIDE = 10, WIDE_FROM = 100, PLACE_LEAST = 14, NAME_LEAST = 16 };
enum { FREE_NAME_MOST = 60 }; /* where the width is free, longer names push their row's rest */

/* One cell as text: a slice of the shared buffer, and what it takes on the screen. A value's number
 * and prefix are aligned apart, so that digits stand under digits. */
struct piece {
    size_t from, size;
    unsigned width, unit_width;
    size_t lead; /* bytes that it begins with, which are never cut */
    bool is_source;
};

struct column_fit {
    unsigned width, unit_width; /* unit_width is part of width */
    bool is_shown;
};

struct writer {
    const struct pv_table *table;
    const struct pv_text_style *style;
    struct pv_output *output;
    struct pv_buffer text; /* all cells */
    struct pv_buffer line;
    struct piece *pieces;
    struct column_fit *fits;
    unsigned bar_width;
};

/* `text` is in display form already. */
static void add_shown(const struct writer *writer, struct pv_buffer *out, struct pv_text text,
                      bool is_ours)
{
    if (writer->style->is_ascii)
        pv_shown_ascii(out, text, is_ours);
    else
        pv_buffer_add(out, text);
}

static void add_number(struct writer *writer, enum pv_column_kind kind, const struct pv_cell *cell)
{
    char digits[PV_TABLE_NUMBER];
    size_t size = pv_table_number(digits, writer->table, kind, cell);
    add_shown(writer, &writer->text, cell->lead, true);
    add_shown(writer, &writer->text, (struct pv_text){digits, size}, true);
}

static void add_name(struct writer *writer, const struct pv_cell *cell)
{
    struct pv_buffer shown = {0};
    if (!cell->is_ours)
        pv_escape(&shown, PV_ESCAPE_DISPLAY, cell->text);
    struct pv_text text = cell->is_ours ? cell->text : pv_buffer_text(&shown);
    add_shown(writer, &writer->text, text, cell->is_ours);
    pv_buffer_free(&shown);
    if (cell->line)
        pv_buffer_print(&writer->text, ":%lu", (unsigned long)cell->line);
    add_shown(writer, &writer->text, cell->trail, true);
}

static void format_text(struct writer *writer, const struct pv_cell *cell, struct piece *piece)
{
    add_shown(writer, &writer->text, cell->lead, true);
    piece->lead = writer->text.size - piece->from;
    add_name(writer, cell);
}

static struct piece format_cell(struct writer *writer, const struct pv_column *column,
                                const struct pv_cell *cell)
{
    struct piece piece = {.from = writer->text.size, .is_source = cell->is_source};
    bool is_text = column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
    if (!cell->is_empty && is_text)
        format_text(writer, cell, &piece);
    else if (!cell->is_empty)
        add_number(writer, column->kind, cell);
    piece.size = writer->text.size - piece.from;
    struct pv_text text = {writer->text.data + piece.from, piece.size};
    piece.width = pv_shown_width(text);
    bool is_value = column->kind == PV_COLUMN_VALUE || column->kind == PV_COLUMN_CHANGE;
    bool is_counted = pv_text_find_last(text, ' ') + 1 == cell->lead.size; /* no unit behind it */
    if (is_value && !is_counted) {
        size_t blank = pv_text_find_last(text, ' ');
        piece.unit_width = pv_shown_width(pv_text_slice(text, blank, text.size));
    }
    return piece;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void format_cells(struct writer *writer)
{
    const struct pv_table *table = writer->table;
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        size_t column = i % table->column_count;
        struct piece piece = format_cell(writer, &table->columns[column], &table->cells[i]);
        struct column_fit *fit = &writer->fits[column];
        fit->unit_width = larger(fit->unit_width, piece.unit_width);
        fit->width = larger(fit->width, piece.width - piece.unit_width);
        writer->pieces[i] = piece;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        struct column_fit *fit = &writer->fits[i];
        fit->is_shown = !table->columns[i].is_data;
        fit->width = larger(fit->width + fit->unit_width,
                            pv_shown_width(pv_text_of(table->columns[i].title)));
    }
}

static size_t column_of(const struct pv_table *table, enum pv_column_kind kind)
{
    size_t i = 0;
    while (i < table->column_count && (table->columns[i].kind != kind || table->columns[i].is_data))
        i++;
    return i;
}

/* A share belongs to the value before it; where it is narrow they stand closer. */
static unsigned gap_before(const struct writer *writer, size_t column)
{
    bool is_narrow = writer->style->columns && writer->style->columns < WIDE_FROM;
    bool is_pair = writer->table->columns[column].kind == PV_COLUMN_SHARE;
    bool is_first = column == 0 || !writer->fits[column - 1].is_shown;
    return is_first ? 0 : is_narrow && is_pair ? 1 : GAP;
}

/* What numbers, bars and gaps leave for names and places; 0 where the width is free. */
static unsigned room_for_names(const struct writer *writer)
{
    const struct pv_table *table = writer->table;
    unsigned taken = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pv_column *column = &table->columns[i];
        if (column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE || column->is_data)
            continue;
        taken += writer->fits[i].width + gap_before(writer, i);
        taken += column->has_bar && writer->bar_width ? writer->bar_width + 1 : 0;
    }
    taken += GAP;
    unsigned columns = writer->style->columns;
    return columns > taken + NAME_LEAST ? columns - taken : NAME_LEAST;
}

static void share_room(struct column_fit *name, struct column_fit *place, unsigned room)
{
    if (place && room < NAME_LEAST + GAP + PLACE_LEAST)
        place->is_shown = false;
    if (!place || !place->is_shown || name->width + GAP + place->width <= room) {
        name->width = name->width > room ? room : name->width;
        return;
    }
    unsigned rest = room > name->width + GAP ? room - name->width - GAP : 0;
    unsigned given = larger(rest, PLACE_LEAST);
    place->width = place->width < given ? place->width : given;
    given = room - GAP - place->width;
    name->width = name->width < given ? name->width : given;
}

static void fit_columns(struct writer *writer)
{
    const struct pv_table *table = writer->table;
    size_t name_at = column_of(table, PV_COLUMN_NAME);
    size_t place_at = column_of(table, PV_COLUMN_PLACE);
    if (name_at == table->column_count)
        return;
    struct column_fit *name = &writer->fits[name_at];
    struct column_fit *place = place_at < table->column_count ? &writer->fits[place_at] : NULL;
    if (writer->style->columns)
        share_room(name, place, room_for_names(writer));
    else
        name->width = name->width > FREE_NAME_MOST ? FREE_NAME_MOST : name->width;
}

static void pad(struct pv_buffer *line, unsigned count)
{
    while (count--)
        pv_buffer_char(line, ' ');
}

static void paint(struct writer *writer, const char *code)
{
    if (writer->style->has_color)
        pv_buffer_print(&writer->line, "\033[%sm", code);
}

/* Adds the text, cut behind its lead where it does not fit; returns the columns it takes. */
static unsigned add_text_cell(struct writer *writer, const struct piece *piece, unsigned width)
{
    struct pv_text text = {writer->text.data + piece->from, piece->size};
    struct pv_text lead = pv_text_slice(text, 0, piece->lead);
    if (!writer->style->columns || piece->width <= width) {
        pv_buffer_add(&writer->line, text);
        return piece->width;
    }
    unsigned led = pv_shown_width(lead);
    pv_buffer_add(&writer->line, lead);
    unsigned room = width > led + NAME_LEAST / 2 ? width - led : NAME_LEAST / 2;
    text = pv_text_slice(text, piece->lead, text.size);
    return led + (piece->is_source ? pv_shown_cut_end : pv_shown_cut)(&writer->line, text, room,
                                                                      writer->style->is_ascii);
}

static double share_of(const struct pv_table *table, int64_t value)
{
    if (table->whole == 0)
        return 0;
    double share = (double)value / (double)table->whole;
    share = share < 0 ? -share : share;
    return share > 1 ? 1 : share;
}

/* The sixteen basic colours: their contrast is the terminal's own theme's business. */
static const char *heat(double share)
{
    static const struct {
        double from;
        const char *code;
    } steps[] = {{.2, "1;31"}, {.05, "31"}, {.01, "33"}, {.001, "39"}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (share >= steps[i].from)
            return steps[i].code;
    return "2";
}

/* More is red and less is green, as strong as heat is; what may be chance is dim. */
static const char *change_heat(const struct pv_table *table, const struct pv_cell *cell)
{
    double share = share_of(table, cell->value - cell->base);
    if (cell->value == cell->base || cell->is_dim || share < .001)
        return "2";
    if (cell->value > cell->base)
        return share >= .05 ? "1;31" : "31";
    return share >= .05 ? "1;32" : "32";
}

static void add_bar(struct writer *writer, double share)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    unsigned wanted = (unsigned)(share * writer->bar_width * 8 + .5);
    unsigned used = writer->style->is_ascii ? (wanted + 4) / 8 : wanted / 8;
    pv_buffer_char(&writer->line, ' ');
    for (unsigned i = 0; i < used; i++)
        pv_buffer_add(&writer->line, writer->style->is_ascii ? PV_TEXT("#") : PV_TEXT("█"));
    if (!writer->style->is_ascii && wanted % 8) {
        pv_buffer_add(&writer->line, pv_text_of(eighths[wanted % 8]));
        used++;
    }
    pad(&writer->line, writer->bar_width - used);
}

static void add_number_cell(struct writer *writer, size_t at, const struct pv_column *column,
                            const struct column_fit *fit)
{
    const struct pv_cell *cell = &writer->table->cells[at];
    const struct piece *piece = &writer->pieces[at];
    struct pv_text text = {writer->text.data + piece->from, piece->size};
    bool is_hot = !cell->is_empty && column->kind != PV_COLUMN_COUNT &&
                  column->kind != PV_COLUMN_LINE && column->kind != PV_COLUMN_STEP;
    double share = cell->is_empty ? 0 : share_of(writer->table, cell->value);
    unsigned behind = fit->unit_width - piece->unit_width;
    behind = piece->width ? behind : 0;
    pad(&writer->line, fit->width - piece->width - behind);
    if (is_hot)
        paint(writer,
              pv_table_is_change(column->kind) ? change_heat(writer->table, cell) : heat(share));
    pv_buffer_add(&writer->line, text);
    pad(&writer->line, behind);
    bool has_bar = column->has_bar && writer->bar_width;
    if (has_bar && !cell->is_empty && !writer->table->is_sum[at / writer->table->column_count])
        add_bar(writer, share);
    else if (has_bar)
        pad(&writer->line, writer->bar_width + 1);
    if (is_hot)
        paint(writer, "0");
}

static void end_line(struct writer *writer)
{
    struct pv_buffer *line = &writer->line;
    while (line->size && line->data[line->size - 1] == ' ')
        line->size--;
    pv_buffer_char(line, '\n');
    pv_output_add(writer->output, pv_buffer_text(line));
    line->size = 0;
}

/* A name may run on over its place's column where that is empty. */
static unsigned name_width(const struct writer *writer, size_t row, size_t column)
{
    const struct pv_table *table = writer->table;
    size_t next = column + 1;
    bool is_free = next < table->column_count && table->columns[next].kind == PV_COLUMN_PLACE &&
                   writer->fits[next].is_shown &&
                   table->cells[row * table->column_count + next].is_empty;
    return writer->fits[column].width + (is_free ? GAP + writer->fits[next].width : 0);
}

/* A name or a place, padded to its column. */
static void write_words(struct writer *writer, size_t row, size_t column)
{
    const struct pv_table *table = writer->table;
    size_t at = row * table->column_count + column;
    const struct piece *piece = &writer->pieces[at];
    bool is_place = table->columns[column].kind == PV_COLUMN_PLACE;
    bool is_dim = piece->size && (is_place || table->cells[at].is_ours);
    bool is_bold = piece->size && table->is_head[row] && !is_dim;
    if (is_dim || is_bold)
        paint(writer, is_dim ? "2" : "1");
    unsigned width = is_place ? writer->fits[column].width : name_width(writer, row, column);
    unsigned used = add_text_cell(writer, piece, width);
    if (is_dim || is_bold)
        paint(writer, "0");
    pad(&writer->line, used < width ? width - used : 0);
}

static void write_row(struct writer *writer, size_t row)
{
    const struct pv_table *table = writer->table;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pv_column *column = &table->columns[i];
        bool is_text = column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
        if (!writer->fits[i].is_shown)
            continue;
        pad(&writer->line, gap_before(writer, i));
        if (is_text)
            write_words(writer, row, i);
        else
            add_number_cell(writer, row * table->column_count + i, column, &writer->fits[i]);
    }
    end_line(writer);
}

static void write_titles(struct writer *writer)
{
    const struct pv_table *table = writer->table;
    paint(writer, "1");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pv_column *column = &table->columns[i];
        const struct column_fit *fit = &writer->fits[i];
        struct pv_text title = pv_text_of(column->title);
        unsigned blanks =
            fit->width > pv_shown_width(title) ? fit->width - pv_shown_width(title) : 0;
        bool is_left = column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
        if (!fit->is_shown)
            continue;
        pad(&writer->line, gap_before(writer, i) + (is_left ? 0 : blanks));
        pv_buffer_add(&writer->line, title);
        bool has_bar = column->has_bar && writer->bar_width;
        pad(&writer->line, (is_left ? blanks : 0) + (has_bar ? writer->bar_width + 1 : 0));
    }
    struct pv_buffer *line = &writer->line;
    while (line->size && line->data[line->size - 1] == ' ')
        line->size--;
    paint(writer, "0");
    end_line(writer);
}

/* "shop.pstats · pstats · time 1.42 s · 212 functions", broken between facts where it is full. */
static void write_facts(struct writer *writer)
{
    const struct pv_table *table = writer->table;
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_DISPLAY, table->input);
    unsigned used = pv_shown_width(pv_buffer_text(&shown)), columns = writer->style->columns;
    paint(writer, "1");
    add_shown(writer, &writer->line, pv_buffer_text(&shown), false);
    paint(writer, "0");
    for (size_t i = 0; i < table->fact_count; i++) {
        unsigned width = pv_shown_width(table->facts[i]) + 3;
        if (columns && used + width > columns) {
            end_line(writer);
            used = 0;
        } else {
            add_shown(writer, &writer->line, PV_TEXT(" · "), true);
        }
        add_shown(writer, &writer->line, table->facts[i], true);
        used += width;
    }
    end_line(writer);
    pv_buffer_free(&shown);
}

static void write_notes(struct writer *writer)
{
    for (size_t i = 0; i < writer->table->note_count; i++) {
        paint(writer, "2");
        pv_buffer_print(&writer->line, "note: ");
        add_shown(writer, &writer->line, writer->table->notes[i], true);
        paint(writer, "0");
        end_line(writer);
    }
}

void pv_table_write_text(const struct pv_table *table, const struct pv_text_style *style,
                         struct pv_output *output)
{
    struct writer writer = {.table = table, .style = style, .output = output};
    size_t cells = table->row_count * table->column_count;
    writer.pieces = pv_zalloc(cells, sizeof *writer.pieces);
    writer.fits = pv_zalloc(table->column_count, sizeof *writer.fits);
    writer.bar_width = !style->has_bars                                     ? 0
                       : style->columns == 0 || style->columns >= WIDE_FROM ? BAR_WIDE
                                                                            : BAR_NARROW;
    format_cells(&writer);
    fit_columns(&writer);
    write_facts(&writer);
    if (table->row_count) {
        end_line(&writer);
        write_titles(&writer);
        for (size_t row = 0; row < table->row_count; row++)
            write_row(&writer, row);
    } else {
        pv_output_string(output, "nothing recorded\n");
    }
    write_notes(&writer);
    free(writer.pieces);
    free(writer.fits);
    pv_buffer_free(&writer.text);
    pv_buffer_free(&writer.line);
}
