#include "model/escape.h"
#include "model/number.h"
#include "render/line_listing.h"
#include "render/table_parts.h"

/* Lines of functions with what they cost themselves, as a printed listing has them. */

struct listing {
    struct pv_table_maker maker;
    struct pv_line_listing lines;
};

static void fill_words(struct listing *listing, size_t at, const struct pv_listed *row)
{
    struct pv_buffer words = {0};
    switch (row->kind) {
    case PV_LISTED_FILE:
        pv_buffer_add(&words, PV_TEXT("in "));
        pv_escape(&words, PV_ESCAPE_DISPLAY, pv_profile_text(listing->maker.profile, row->file));
        break;
    case PV_LISTED_GAP:
        pv_buffer_add(&words, PV_TEXT("…"));
        break;
    case PV_LISTED_REST:
        pv_buffer_add(&words, PV_TEXT("… "));
        pv_add_count(&words, row->count, "other line", "other lines");
        break;
    case PV_LISTED_NO_LINE:
        pv_buffer_add(&words, PV_TEXT("no line is known"));
        break;
    case PV_LISTED_OTHERS:
        pv_buffer_add(&words, row->count ? PV_TEXT("… ") : PV_TEXT("outside of any function"));
        if (row->count)
            pv_add_count(&words, row->count, "other function", "other functions");
        break;
    default:
        pv_buffer_add(&words, PV_TEXT("total"));
    }
    *pv_table_at(&listing->maker, at, PV_FIELD_SOURCE) =
        (struct pv_cell){.text = pv_table_keep(&listing->maker, &words), .is_ours = true};
    listing->maker.table->is_sum[at] = true;
    pv_buffer_free(&words);
}

static void fill_function(struct listing *listing, size_t at, const struct pv_listed *row)
{
    struct pv_table_maker *maker = &listing->maker;
    struct pv_cell place = pv_table_place(maker, row->frame);
    struct pv_text name = pv_profile_name(maker->profile, row->frame);
    struct pv_buffer trail = {0};
    if (!place.is_empty) {
        pv_buffer_add(&trail, PV_TEXT("  "));
        pv_escape(&trail, PV_ESCAPE_DISPLAY, place.text);
        if (place.line)
            pv_buffer_print(&trail, ":%lu", (unsigned long)place.line);
    }
    *pv_table_at(maker, at, PV_FIELD_SOURCE) = (struct pv_cell){
        .text = name.size ? name : PV_TEXT("(no name)"), .trail = pv_table_keep(maker, &trail)};
    maker->table->is_sum[at] = maker->table->is_head[at] = true;
    pv_buffer_free(&trail);
}

static void fill_line(struct listing *listing, size_t at, const struct pv_listed *row)
{
    struct pv_table_maker *maker = &listing->maker;
    struct pv_text file = pv_profile_text(maker->profile, row->file);
    *pv_table_at(maker, at, PV_FIELD_LINE) = (struct pv_cell){.value = row->line};
    *pv_table_at(maker, at, PV_FIELD_SPOT) =
        (struct pv_cell){.text = file, .line = row->line, .is_empty = !file.size && !row->line};
    *pv_table_at(maker, at, PV_FIELD_OWNER) =
        (struct pv_cell){.text = pv_profile_name(maker->profile, row->frame)};
    *pv_table_at(maker, at, PV_FIELD_SOURCE) =
        (struct pv_cell){.text = row->source, .is_source = true};
    maker->table->is_sum[at] = row->kind == PV_LISTED_AROUND;
}

static void fill_row(struct listing *listing, size_t at, const struct pv_listed *row)
{
    bool has_self =
        row->kind != PV_LISTED_FILE && row->kind != PV_LISTED_AROUND && row->kind != PV_LISTED_GAP;
    if (row->kind == PV_LISTED_BLANK) {
        listing->maker.table->is_sum[at] = true;
        return;
    }
    if (has_self)
        pv_table_self(&listing->maker, at, row->self);
    if (row->kind == PV_LISTED_FUNCTION)
        fill_function(listing, at, row);
    else if (row->kind == PV_LISTED_LINE || row->kind == PV_LISTED_AROUND)
        fill_line(listing, at, row);
    else
        fill_words(listing, at, row);
}

static void make_rows(struct listing *listing)
{
    static const enum pv_field fields[] = {PV_FIELD_OWNER,      PV_FIELD_SPOT, PV_FIELD_SELF,
                                           PV_FIELD_SELF_SHARE, PV_FIELD_LINE, PV_FIELD_SOURCE};
    struct pv_table_maker *maker = &listing->maker;
    struct pv_buffer order = {0};
    pv_buffer_add(&order, PV_TEXT("own cost by line"));
    pv_table_fact(maker, &order);
    pv_line_listing_make(&listing->lines);
    pv_table_columns(maker, fields, sizeof fields / sizeof fields[0], PV_FIELD_SELF_SHARE);
    pv_table_rows(maker, listing->lines.count);
    for (size_t i = 0; i < listing->lines.count; i++)
        fill_row(listing, i, &listing->lines.rows[i]);
    pv_buffer_free(&order);
}

static void say_files(struct listing *listing, const struct pv_map *files, const char *one,
                      const char *many)
{
    struct pv_buffer words = {0};
    if (files->count) {
        pv_add_count(&words, files->count, one, many);
        pv_table_add_note(&listing->maker, &words);
    }
    pv_buffer_free(&words);
}

bool pv_table_lines(struct pv_table **out, const struct pv_profile *profile,
                    const struct pv_source_finder *finder, const struct pv_top_options *options,
                    struct pv_error *err)
{
    struct listing listing = {.lines = {.metric = options->metric}};
    bool is_empty = profile->graph->func_count == 0;
    if (!profile->lines && !is_empty)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){0},
                       "the input does not tell which lines cost what; profviz top shows its "
                       "functions");
    if (!pv_table_begin(&listing.maker, profile, options->metric, options->unit, options->input,
                        err))
        return false;
    listing.lines = (struct pv_line_listing){
        .profile = profile,
        .metric = options->metric,
        .finder = finder,
        .most = options->rows > UINT32_MAX ? 0 : (uint32_t)options->rows,
        .arena = listing.maker.table->arena,
    };
    if (pv_table_has_metric(&listing.maker) && !is_empty) {
        pv_table_facts(&listing.maker);
        make_rows(&listing);
    }
    pv_table_notes(&listing.maker);
    say_files(&listing, &listing.lines.missing,
              "source file was not found; --source-path DIR says where it is",
              "source files were not found; --source-path DIR says where they are");
    say_files(&listing, &listing.lines.changed,
              "source file has fewer lines than were measured: it is another version",
              "source files have fewer lines than were measured: they are other versions");
    pv_line_listing_free(&listing.lines);
    *out = listing.maker.table;
    return true;
}
