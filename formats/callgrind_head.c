#include "formats/callgrind_head.h"

#include "model/number.h"

#include <inttypes.h>

bool pv_callgrind_add_safe(struct pv_buffer *out, struct pv_text name)
{
    bool is_changed = false;
    for (size_t i = 0; i < name.size; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        bool is_control = (byte < ' ' && byte != '\t') || byte == 0x7f;
        bool is_front = i == 0 && (byte == ' ' || byte == '\t');
        if (is_control || is_front)
            pv_buffer_print(out, "\\x%02x", byte);
        else
            pv_buffer_char(out, (char)byte);
        is_changed = is_changed || is_control || is_front;
    }
    return is_changed;
}

/* Readers cut event names at blanks, and "event:" lines at '=' and ':'. */
static void add_event(struct pv_buffer *out, struct pv_text name)
{
    if (name.size == 0)
        pv_buffer_add(out, PV_TEXT("cost"));
    for (size_t i = 0; i < name.size; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        bool is_fine = byte > ' ' && byte != '=' && byte != ':' && byte != 0x7f;
        pv_buffer_char(out, is_fine ? (char)byte : '_');
    }
}

/* What one unit of the written integers is: "ns", "0.001ns", "0.01"; empty for plain counts. */
static void add_unit(struct pv_buffer *out, const struct pv_metric *metric)
{
    if (metric->scale > 1) {
        char number[PV_NUMBER_SIZE];
        size_t size = pv_print_decimal(number, 1, pv_power_of(metric->scale));
        pv_buffer_add(out, (struct pv_text){number, size});
    }
    if (metric->unit != PV_UNIT_COUNT)
        pv_buffer_add(out, pv_unit_name(metric->unit));
}

static bool has_namesake(const struct pv_profile *profile, uint32_t metric)
{
    for (uint32_t before = 0; before < metric; before++)
        if (profile->metrics[before].name == profile->metrics[metric].name)
            return true;
    return false;
}

/* "time_(ns)", as xdebug writes "Time_(10ns)". */
static struct pv_buffer event_of(const struct pv_profile *profile, uint32_t metric)
{
    const struct pv_metric *about = &profile->metrics[metric];
    struct pv_buffer event = {0}, unit = {0};
    add_event(&event, pv_profile_text(profile, about->name));
    if (has_namesake(profile, metric))
        pv_buffer_print(&event, "#%" PRIu32, metric + 1);
    add_unit(&unit, about);
    if (unit.size)
        pv_buffer_print(&event, "_(%.*s)", PV_TEXT_ARGS(pv_buffer_text(&unit)));
    pv_buffer_free(&unit);
    return event;
}

/* The name in full, with blanks, and the unit. */
static void add_long_name(struct pv_buffer *out, const struct pv_profile *profile, uint32_t metric,
                          struct pv_text event)
{
    const struct pv_metric *about = &profile->metrics[metric];
    struct pv_text name = pv_profile_text(profile, about->name);
    struct pv_buffer unit = {0};
    if (pv_text_equal(name, event))
        return;
    add_unit(&unit, about);
    pv_buffer_print(out, "event: %.*s : ", PV_TEXT_ARGS(event));
    pv_callgrind_add_safe(out, name);
    if (unit.size)
        pv_buffer_print(out, " (%.*s)", PV_TEXT_ARGS(pv_buffer_text(&unit)));
    pv_buffer_char(out, '\n');
    pv_buffer_free(&unit);
}

static void add_metrics(struct pv_buffer *out, const struct pv_profile *profile)
{
    struct pv_buffer events = {0};
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        struct pv_buffer event = event_of(profile, m);
        add_long_name(out, profile, m, pv_buffer_text(&event));
        pv_buffer_char(&events, ' ');
        pv_buffer_add(&events, pv_buffer_text(&event));
        pv_buffer_free(&event);
    }
    if (events.size == 0)
        pv_buffer_add(&events, PV_TEXT(" cost"));
    pv_buffer_add(out, PV_TEXT("positions: line\nevents:"));
    pv_buffer_add(out, pv_buffer_text(&events));
    pv_buffer_char(out, '\n');
    pv_buffer_free(&events);
}

void pv_callgrind_head(struct pv_buffer *out, const struct pv_profile *profile,
                       bool has_unknown_calls)
{
    pv_buffer_add(out, PV_TEXT("# callgrind format\nversion: 1\ncreator: profviz\n"
                               "desc: Read from: "));
    pv_callgrind_add_safe(out, pv_profile_text(profile, profile->format));
    pv_buffer_char(out, '\n');
    if (has_unknown_calls)
        pv_buffer_add(out, PV_TEXT("desc: " PV_CALLGRIND_UNKNOWN_CALLS "\n"));
    add_metrics(out, profile);
}
