#include "formats/json_write_parts.h"

#include "model/number.h"
#include "model/sort.h"
#include "model/units.h"

#include <stdlib.h>

static void put_points(struct pv_json_writing *writer, const struct pv_series *series)
{
    pv_json_put(writer, ",\n\"at\":[");
    for (uint32_t i = 0; i < series->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, series->points[i].at);
    }
    pv_json_put(writer, "],\n\"value\":[");
    for (uint32_t i = 0; i < series->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, series->points[i].value);
    }
    pv_json_put(writer, "]}");
}

static bool is_line_before(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_json_writing *writer = context;
    const struct pv_line *x = &writer->profile->lines->rows[a];
    const struct pv_line *y = &writer->profile->lines->rows[b];
    uint32_t rank = writer->rank[writer->func_of[x->frame]];
    uint32_t other = writer->rank[writer->func_of[y->frame]];
    if (rank != other)
        return rank < other;
    if (x->file != y->file)
        return pv_text_compare(pv_profile_text(writer->profile, x->file),
                               pv_profile_text(writer->profile, y->file)) < 0;
    return x->line < y->line;
}

static void add_line(struct pv_json_writing *writer, uint32_t at)
{
    const struct pv_line *line = &writer->profile->lines->rows[at];
    pv_json_put(writer, "{\"function\":");
    pv_json_put_int(writer, writer->rank[writer->func_of[line->frame]]);
    if (line->file)
        pv_json_put_text(writer, ",\"file\":", line->file);
    pv_json_put(writer, ",\"line\":");
    pv_json_put_int(writer, line->line);
    pv_json_put(writer, ",\"self\":");
    pv_json_put_values(writer, writer->profile->lines->self, at);
    pv_buffer_char(&writer->text, '}');
}

/* Lines of frames that are no functions (any more) are nobody's. */
void pv_json_put_lines(struct pv_json_writing *writer)
{
    const struct pv_lines *lines = writer->profile->lines;
    uint32_t *order = lines ? pv_alloc(lines->count * sizeof *order) : NULL, count = 0;
    for (uint32_t i = 0; lines && i < lines->count; i++)
        if (writer->func_of[lines->rows[i].frame] != PV_NONE)
            order[count++] = i;
    if (count)
        pv_sort(order, count, is_line_before, writer);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0)
            pv_json_put(writer, "\"lines\":[");
        pv_json_put_begin(writer, i);
        add_line(writer, order[i]);
    }
    if (count)
        pv_json_put(writer, "],\n");
    free(order);
}

void pv_json_put_series(struct pv_json_writing *writer)
{
    const struct pv_profile *profile = writer->profile;
    for (uint32_t i = 0; i < profile->series_count; i++) {
        const struct pv_series *series = &profile->series[i];
        pv_json_put(writer, i ? ",\n" : "\"series\":[\n");
        pv_json_put_text(writer, "{\"name\":", series->name);
        pv_json_put_text(writer, ",\"group\":", series->group);
        pv_json_put_text(writer, ",\"owner\":", series->owner);
        pv_json_put(writer, ",\"unit\":");
        pv_json_put_string(writer, pv_unit_name(series->unit));
        pv_json_put(writer, ",\"scale\":");
        pv_json_put_int(writer, series->scale);
        pv_json_put_text(writer, ",\"at_name\":", series->at_name);
        pv_json_put(writer, ",\"at_unit\":");
        pv_json_put_string(writer, pv_unit_name(series->at_unit));
        pv_json_put(writer, ",\"at_scale\":");
        pv_json_put_int(writer, series->at_scale);
        put_points(writer, series);
    }
    if (profile->series_count)
        pv_json_put(writer, "],\n");
}

void pv_json_put_notes(struct pv_json_writing *writer)
{
    pv_json_put(writer, "\"notes\":[");
    for (uint32_t i = 0; i < writer->profile->note_count; i++) {
        const struct pv_note *note = &writer->profile->notes[i];
        pv_json_put_begin(writer, i);
        pv_json_put_text(writer, "{\"kind\":", note->kind);
        pv_json_put(writer, ",\"count\":");
        pv_buffer_reserve(&writer->text, PV_NUMBER_SIZE);
        writer->text.size += pv_print_uint64(writer->text.data + writer->text.size, note->count);
        pv_json_put(writer, ",\"where\":");
        if (note->line) {
            pv_json_put(writer, "{\"line\":");
            pv_json_put_int(writer, (int64_t)note->line);
            pv_buffer_char(&writer->text, '}');
        } else {
            pv_json_put(writer, "null");
        }
        pv_json_put_text(writer, ",\"text\":", note->text);
        pv_buffer_char(&writer->text, '}');
    }
    pv_json_put(writer, "]}\n");
}
