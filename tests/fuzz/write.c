#include "formats/registry.h"
#include "model/builder.h"
#include "render/registry.h"
#include "tests/fuzz/check.h"

#include <stdlib.h>
#include <string.h>

/* A writer under profiles made from the input's bytes: fuzz_name names a format, or a kind of
 * picture and a view as "svg:flame". What a format writes must read back, and write the same. */

struct bytes {
    const uint8_t *at, *end;
};

static uint8_t take(struct bytes *bytes)
{
    return bytes->at < bytes->end ? *bytes->at++ : 0;
}

static struct pv_text take_text(struct bytes *bytes)
{
    size_t size = take(bytes) % 24, left = (size_t)(bytes->end - bytes->at);
    struct pv_text text = {(const char *)bytes->at, size < left ? size : left};
    bytes->at += text.size;
    return text;
}

static int64_t take_value(struct bytes *bytes)
{
    int64_t value = take(bytes);
    return value < 250 ? value : value << (take(bytes) % 48);
}

static uint32_t take_frame(struct bytes *bytes, struct pv_builder *builder)
{
    struct pv_frame_info info = {.name = take_text(bytes)};
    uint8_t parts = take(bytes);
    if (parts & 1)
        info.file = take_text(bytes);
    if (parts & 2)
        info.module = take_text(bytes);
    info.line = parts >> 4;
    info.flags = parts & 4 ? take(bytes) : 0;
    return pv_build_frame(builder, &info);
}

static void take_stack(struct bytes *bytes, struct pv_builder *builder)
{
    uint32_t frames[16], count = take(bytes) % 16;
    for (uint32_t i = 0; i < count; i++)
        frames[i] = take_frame(bytes, builder);
    uint32_t node = pv_build_stack(builder, 0, frames, count, NULL);
    pv_build_self(builder, count ? node : 0, 0, count ? take_value(bytes) : 0);
}

static void take_arc(struct bytes *bytes, struct pv_builder *builder)
{
    uint32_t caller = take_frame(bytes, builder), callee = take_frame(bytes, builder);
    int64_t self = take_value(bytes), total = take_value(bytes);
    pv_build_func(builder, callee, take(bytes) - 1, take(bytes) - 1, &self, &total);
    pv_build_arc(builder, caller, callee, take(bytes) - 1, self & 1 ? &total : NULL);
}

static uint32_t take_track(struct bytes *bytes, struct pv_builder *builder)
{
    uint32_t frames[2], count = take(bytes) % 3;
    for (uint32_t i = 0; i < count; i++)
        frames[i] = take_frame(bytes, builder);
    return pv_build_track(builder, pv_build_stack(builder, 0, frames, count, NULL));
}

static void take_call(struct bytes *bytes, struct pv_builder *builder, uint32_t *track)
{
    uint8_t kind = take(bytes);
    int64_t at = take_value(bytes) - 128;
    if (kind & 1)
        pv_build_event_cpu(builder, take_value(bytes));
    if (kind < 32)
        *track = take_track(bytes, builder);
    else if (kind < 96)
        pv_build_enter(builder, *track, take_frame(bytes, builder), at);
    else if (kind < 128)
        pv_build_leave(builder, *track, PV_NONE, at);
    else
        pv_build_span(builder, *track, take_frame(bytes, builder), at, take_value(bytes));
}

static struct pv_profile *make(const uint8_t *data, size_t size)
{
    enum { arcs = 1, trace = 128 };
    struct bytes bytes = {data, data + size};
    uint8_t kind = take(&bytes);
    bool is_arcs = kind & arcs, is_trace = !is_arcs && kind & trace;
    uint32_t track = 0;
    struct pv_limits limits = read_any_limits();
    limits.keeps_spans = limits.takes_order = true;
    struct pv_builder *builder =
        pv_builder_new(&limits, is_arcs ? PV_ORIGIN_ARCS : PV_ORIGIN_STACKS, "fuzz");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_build_metric(builder, take_text(&bytes), (enum pv_unit)(take(&bytes) % PV_UNITS), false);
    track = is_trace ? pv_build_track(builder, 0) : 0;
    while (bytes.at < bytes.end) {
        if (is_trace)
            take_call(&bytes, builder, &track);
        else if (is_arcs)
            take_arc(&bytes, builder);
        else
            take_stack(&bytes, builder);
    }
    if (!pv_builder_finish(builder, &profile, &err))
        profile = NULL;
    pv_builder_free(builder);
    return profile;
}

static bool prepare(struct pv_profile *profile, bool tree, bool graph)
{
    struct pv_limits limits = read_any_limits();
    struct pv_error err;
    return (!tree || profile->tree) && (!graph || pv_profile_need_graph(profile, &limits, &err));
}

/* What the format makes of the profile, read back; NULL where that is refused, which only a profile
 * with nothing in it may be. */
static struct pv_profile *write_and_read(const struct pv_format *format, struct pv_profile *profile)
{
    struct pv_buffer lost = {0};
    struct pv_output *output = pv_output_memory();
    struct pv_profile *back = NULL;
    struct pv_error err = {0};
    format->write(profile, output, &lost);
    struct pv_input *input = pv_input_memory(pv_output_bytes(output), "written", NULL);
    bool is_read = format->read(input, &back, &err);
    bool is_empty = profile->metric_count == 0 || profile->metrics[0].total == 0;
    read_any_demand(is_read || is_empty, "what is written reads back");
    /* pstats has one unit. */
    if (is_read && !is_empty && back->metrics[0].unit == profile->metrics[0].unit)
        read_any_demand(back->metrics[0].total == profile->metrics[0].total,
                        "the total reads back");
    pv_input_close(input);
    pv_output_close(output);
    pv_buffer_free(&lost);
    return back;
}

/* Twice: what was read back is written, too. */
static void write_format(const struct pv_format *format, struct pv_profile *profile)
{
    struct pv_profile *back = NULL, *again = NULL;
    if (prepare(profile, format->write_needs_tree, format->write_needs_graph))
        back = write_and_read(format, profile);
    if (back && prepare(back, format->write_needs_tree, format->write_needs_graph))
        again = write_and_read(format, back);
    pv_profile_free(again);
    pv_profile_free(back);
}

/* Behind the script, whose text is ours and no markup. */
static struct pv_text without_script(struct pv_text text)
{
    size_t open = pv_text_search(text, PV_TEXT("<![CDATA["));
    struct pv_text rest = pv_text_slice(text, open, text.size);
    size_t close = pv_text_search(rest, PV_TEXT("]]>"));
    return open == text.size ? text : pv_text_slice(rest, close + 3, rest.size);
}

/* Every < opens and every > closes, & begins an entity, and nothing is there that XML 1.0 does
 * not allow. */
static void check_xml(struct pv_text text)
{
    bool is_inside = false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        read_any_demand(byte >= 32 || byte == '\n' || byte == '\t' || byte == '\r',
                        "no control byte");
        if (byte == '<') {
            read_any_demand(!is_inside, "no < in a tag");
            is_inside = true;
        }
        if (byte == '>')
            is_inside = false;
        if (byte == '&')
            read_any_demand(pv_text_find(pv_text_slice(text, i, i + 10), ';') < 10,
                            "& begins an entity");
    }
}

/* What is there without the script; what else is in the page is ours, or base 64. */
static void write_page(const struct pv_document *document, const struct pv_backend *backend)
{
    struct pv_output *output = pv_output_memory();
    struct pv_buffer notes = {0};
    struct pv_error err;
    if (backend->write(document, output, &notes, &err)) {
        struct pv_text bytes = pv_output_bytes(output);
        size_t from = pv_text_search(bytes, PV_TEXT("<main id=\"still\">"));
        read_any_demand(from < bytes.size, "a page has something to be seen");
        check_xml(pv_text_slice(bytes, from, bytes.size));
    }
    pv_output_close(output);
    pv_buffer_free(&notes);
}

static void draw(struct pv_profile *profile, struct pv_text kind, struct pv_text view)
{
    const struct pv_backend *backend = pv_backend_named(kind);
    const struct pv_renderer *renderer = pv_renderer_named(view);
    read_any_demand(backend && renderer, "fuzz_name names a kind of picture and a view");
    struct pv_draw settings = pv_draw_default();
    struct pv_limits limits = read_any_limits();
    struct pv_canvas_options options = {.limits = &limits, .scale = 1};
    struct pv_buffer notes = {0};
    struct pv_error err;
    settings.limits = &limits;
    settings.input = PV_TEXT("fuzz]]><x>&\xff");
    bool has_all = backend->write != NULL;
    if (!prepare(profile, has_all || renderer->needs_tree, has_all || renderer->needs_graph))
        return;
    if (has_all) {
        options.data = PV_TEXT("AAAA");
        write_page(&(struct pv_document){profile, &settings, renderer, &options}, backend);
        return;
    }
    struct pv_output *output = pv_output_memory();
    struct pv_canvas *canvas = backend->open(output, &options);
    bool is_drawn = renderer->draw(profile, &settings, canvas, &notes, &err) &&
                    pv_canvas_finish(canvas, &notes, &err);
    if (is_drawn && !backend->is_binary) {
        struct pv_text bytes = pv_output_bytes(output);
        check_xml(pv_text_slice(bytes, 0, pv_text_search(bytes, PV_TEXT("<![CDATA["))));
        check_xml(without_script(bytes));
    }
    pv_canvas_free(canvas);
    pv_output_close(output);
    pv_buffer_free(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pv_text view = pv_text_of(fuzz_name), kind;
    struct pv_profile *profile = make(data, size);
    if (!profile)
        return 0;
    read_any_invariants(profile);
    pv_text_split(&view, ':', &kind);
    const struct pv_format *format = pv_format_named(kind);
    if (format)
        write_format(format, profile);
    else
        draw(profile, kind, view);
    pv_profile_free(profile);
    return 0;
}
