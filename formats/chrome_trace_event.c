#include "formats/chrome_trace.h"

#include <string.h>

/* The members of an event, and of the object around the events. */

static void read_phase(struct pv_chrome *chrome)
{
    struct pv_text text;
    if (pv_chrome_text(chrome, &text))
        chrome->event.phase = text.size == 1 ? text.data[0] : '?';
}

static void take_name(struct pv_chrome *chrome, struct pv_chrome_event *event, struct pv_text text)
{
    event->name = pv_chrome_name(chrome, text);
    event->may_be_sum = text.size && text.data[0] == 'T' && pv_text_starts(text, PV_TEXT("Total "));
}

static void read_name(struct pv_chrome *chrome)
{
    struct pv_text text;
    if (pv_chrome_text(chrome, &text))
        take_name(chrome, &chrome->event, text);
}

/* viztracer's events have the category FEE, "function entry exit". */
static void read_category(struct pv_chrome *chrome)
{
    struct pv_chrome_event *event = &chrome->event;
    event->category = pv_chrome_id(chrome, NULL);
    event->is_python = event->category == chrome->python;
}

/* "id2" is an object: its "global" or "local" is what tells events apart. */
static void read_id2(struct pv_chrome *chrome)
{
    struct pv_text key;
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT) {
        pv_json_skip(chrome->json);
        return;
    }
    pv_json_object(chrome->json);
    while (pv_json_member(chrome->json, &key))
        if (pv_text_equal(key, PV_TEXT("local")) || pv_text_equal(key, PV_TEXT("global")))
            chrome->event.id = pv_chrome_id(chrome, NULL);
}

enum member {
    OTHER,
    PHASE,
    TIME,
    ID,
    ID2,
    STACK,
    PROCESS,
    THREAD,
    DURATION,
    CATEGORY,
    NAME,
    ARGS,
    CPU_TIME,
    CPU_DURATION,
    SCOPE,
    EVENTS,
    SAMPLES,
    STACKS
};

static bool is(struct pv_text key, const char *name)
{
    size_t i = 0;
    while (i < key.size && key.data[i] == name[i])
        i++;
    return i == key.size;
}

/* Which member a key names: by its size, and few of one size. */
static enum member member_of(struct pv_text key)
{
    static const struct {
        const char *name;
        enum member member;
    } rows[][5] = {
        [2] = {{"ph", PHASE}, {"ts", TIME}, {"id", ID}, {"sf", STACK}},
        [3] = {{"pid", PROCESS},
               {"tid", THREAD},
               {"dur", DURATION},
               {"cat", CATEGORY},
               {"tts", CPU_TIME}},
        [4] = {{"name", NAME}, {"args", ARGS}, {"tdur", CPU_DURATION}},
        [5] = {{"scope", SCOPE}, {"stack", STACK}},
        [7] = {{"samples", SAMPLES}},
        [11] = {{"traceEvents", EVENTS}, {"stackFrames", STACKS}},
    };
    if (key.size == 3 && key.data[2] == '2')
        return key.data[0] == 'i' && key.data[1] == 'd' ? ID2 : OTHER;
    if (key.size >= sizeof rows / sizeof rows[0])
        return OTHER;
    for (int i = 0; i < 5 && rows[key.size][i].name; i++)
        if (is(key, rows[key.size][i].name))
            return rows[key.size][i].member;
    return OTHER;
}

static void read_member(struct pv_chrome *chrome, enum member member)
{
    struct pv_chrome_event *event = &chrome->event;
    switch (member) {
    case PHASE:
        read_phase(chrome);
        break;
    case TIME:
        pv_chrome_time(chrome, &event->ts);
        break;
    case DURATION:
        pv_chrome_time(chrome, &event->dur);
        break;
    case CPU_TIME:
        pv_chrome_time(chrome, &event->tts);
        break;
    case CPU_DURATION:
        pv_chrome_time(chrome, &event->tdur);
        break;
    case PROCESS:
        event->pid = pv_chrome_id(chrome, &chrome->pid);
        break;
    case THREAD:
        event->tid = pv_chrome_id(chrome, &chrome->tid);
        break;
    case ID:
        event->id = pv_chrome_id(chrome, NULL);
        break;
    case ID2:
        read_id2(chrome);
        break;
    case SCOPE:
        event->scope = pv_chrome_id(chrome, NULL);
        break;
    case NAME:
        read_name(chrome);
        break;
    case CATEGORY:
        read_category(chrome);
        break;
    case ARGS:
        pv_chrome_args(chrome);
        break;
    case STACK:
        event->stack = pv_chrome_stack_id(chrome);
        break;
    default: /* a member that nobody takes is skipped */
        break;
    }
}

/* Whether the object just read is whole, not cut by the end of the document. */
static bool is_whole(struct pv_chrome *chrome)
{
    bool is_cut = !pv_json_is_ok(chrome->json) || pv_json_was_cut(chrome->json);
    chrome->is_cut |= is_cut;
    return !is_cut;
}

static void clear(struct pv_chrome_event *event)
{
    memset(event, 0, sizeof *event);
    event->stack = PV_NONE;
}

/* Does what the event that was read member by member tells. */
static void act(struct pv_chrome *chrome)
{
    if (pv_chrome_act(chrome, &chrome->event))
        pv_input_good_record(chrome->input);
}

/* Enters an object as a new event; false where something else stands, which is skipped. */
static bool enter(struct pv_chrome *chrome)
{
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT) {
        struct pv_where where;
        pv_json_skip(chrome->json);
        where = pv_json_where(chrome->json);
        if (is_whole(chrome))
            pv_input_bad_record_at(chrome->input, where, "an event is an object");
        return false;
    }
    pv_json_object(chrome->json);
    clear(&chrome->event);
    chrome->event.where = pv_json_where(chrome->json);
    return true;
}

/* A time that is written as most are. */
static bool take_time(const struct pv_json_piece *piece, struct pv_chrome_time *out)
{
    *out = (struct pv_chrome_time){piece->number, true};
    while (out->value.digits > 3 && out->value.value % 10 == 0) { /* as pv_parse_decimal does */
        out->value.value /= 10;
        out->value.digits--;
    }
    return piece->type == PV_JSON_NUMBER && piece->is_plain;
}

static bool take_id(struct pv_chrome *chrome, struct pv_json_piece *piece,
                    struct pv_chrome_memo *memo, pv_str *out)
{
    *out = pv_chrome_known_id(chrome, memo, piece->value);
    piece->is_marked = piece->repeats;
    return piece->type != PV_JSON_OBJECT && !piece->has_escape;
}

/* Ids and phases are the same for many events in a row. */
static void meet(struct pv_json_piece *piece)
{
    piece->tag = (int)member_of(piece->key);
    piece->repeats = piece->tag == PROCESS || piece->tag == THREAD || piece->tag == PHASE;
}

/* The usual event: one of a call or of none, whose args are for people. */
static inline bool take_piece(struct pv_chrome *chrome, struct pv_chrome_event *event,
                              struct pv_json_piece *piece)
{
    switch ((enum member)piece->tag) {
    case PHASE:
        event->phase = piece->value.size == 1 ? piece->value.data[0] : '?';
        piece->is_marked = piece->repeats;
        return piece->type == PV_JSON_STRING && !piece->has_escape;
    case TIME:
        return take_time(piece, &event->ts);
    case DURATION:
        return take_time(piece, &event->dur);
    case CPU_TIME:
        return take_time(piece, &event->tts);
    case CPU_DURATION:
        return take_time(piece, &event->tdur);
    case PROCESS:
        return take_id(chrome, piece, &chrome->pid, &event->pid);
    case THREAD:
        return take_id(chrome, piece, &chrome->tid, &event->tid);
    case CATEGORY:
        event->category = pv_chrome_name(chrome, piece->value);
        event->is_python = event->category == chrome->python;
        return piece->type != PV_JSON_OBJECT && !piece->has_escape;
    case NAME:
        take_name(chrome, event,
                  piece->has_escape ? pv_json_unescaped(chrome->json, piece->value) : piece->value);
        return piece->type != PV_JSON_OBJECT;
    case ARGS:
    case OTHER:
        return true;
    default:
        return false;
    }
}

/* Nothing is known of the shape's last event; or it had members that this one has not. */
static void start_shape(struct pv_chrome_shape *shape, struct pv_json_pieces *pieces)
{
    uint32_t seen = 0;
    bool is_twice = false;
    clear(&shape->event);
    shape->count = shape->varying_count = 0;
    for (unsigned i = 0; i < pieces->count; i++) {
        struct pv_json_piece *piece = &pieces->list[i];
        piece->is_marked = false;
        if (piece->tag < 0)
            meet(piece);
        if (piece->tag == ARGS || piece->tag == OTHER)
            continue;
        shape->count = i + 1;
        is_twice |= seen >> piece->tag & 1;
        seen |= (uint32_t)1 << piece->tag;
        if (!piece->repeats)
            shape->varying[shape->varying_count++] = (unsigned char)i;
    }
    pieces->is_new = is_twice; /* the last of one key counts, old or new: all are taken each time */
}

/* Takes all that is not marked as taken. */
static bool take_all(struct pv_chrome *chrome, struct pv_chrome_shape *shape,
                     struct pv_json_pieces *pieces)
{
    for (unsigned i = 0; i < shape->count; i++) {
        struct pv_json_piece *piece = &pieces->list[i];
        if (!piece->is_marked && !take_piece(chrome, &shape->event, piece))
            return false;
    }
    return true;
}

static inline bool take_varying(struct pv_chrome *chrome, struct pv_chrome_shape *shape,
                                struct pv_json_pieces *pieces)
{
    unsigned count = shape->varying_count;
    for (unsigned i = 0; i < count; i++)
        if (!take_piece(chrome, &shape->event, &pieces->list[shape->varying[i]]))
            return false;
    return true;
}

/* Takes what is not as in the last event of this shape; false where the event is not a usual one.
 */
static inline bool take_pieces(struct pv_chrome *chrome, struct pv_chrome_shape *shape,
                               struct pv_json_pieces *pieces)
{
    if (!pieces->is_new && !pieces->is_changed && pieces->count >= shape->count)
        return take_varying(chrome, shape, pieces);
    if (pieces->is_new || pieces->count < shape->count)
        start_shape(shape, pieces);
    pieces->is_changed = false;
    return take_all(chrome, shape, pieces);
}

/* Whether the event that comes next was read at once; if not, nothing of it was taken. */
static bool read_at_once(struct pv_chrome *chrome)
{
    struct pv_json_pieces *pieces = pv_json_look_pieces(chrome->json, &chrome->shapes);
    if (!pieces || pieces->count == 0)
        return false;
    struct pv_chrome_shape *shape = &chrome->of_shape[pieces - chrome->shapes.of];
    if (!take_pieces(chrome, shape, pieces) || pv_chrome_args_matter(&shape->event)) {
        pieces->is_new = true;
        return false;
    }
    shape->event.where = pv_json_where(chrome->json);
    pv_json_take_pieces(chrome->json, pieces);
    chrome->good += pv_chrome_act(chrome, &shape->event);
    return true;
}

/* Many programs close their list with {}, so that every event may end with a comma. */
static void read_event(struct pv_chrome *chrome, enum pv_chrome_kind kind)
{
    struct pv_text key;
    bool is_empty = true;
    if ((kind == PV_CHROME_EVENTS && read_at_once(chrome)) || !enter(chrome))
        return;
    while (pv_json_member(chrome->json, &key)) {
        read_member(chrome, member_of(key));
        is_empty = false;
    }
    if (!is_whole(chrome) || is_empty)
        return;
    if (kind == PV_CHROME_SAMPLES)
        chrome->event.phase = 'P';
    act(chrome);
}

void pv_chrome_read_events(struct pv_chrome *chrome, enum pv_chrome_kind kind)
{
    if (pv_json_peek(chrome->json) != PV_JSON_ARRAY)
        return;
    chrome->has_events = true;
    pv_json_array(chrome->json);
    while (pv_builder_is_ok(chrome->builder) && pv_json_item(chrome->json))
        read_event(chrome, kind);
}

void pv_chrome_read_object(struct pv_chrome *chrome)
{
    struct pv_text key;
    bool is_around = false;
    if (!enter(chrome))
        return;
    while (pv_json_member(chrome->json, &key)) {
        enum member member = member_of(key);
        if (member == STACKS)
            pv_chrome_read_stacks(chrome);
        else if (member == EVENTS || member == SAMPLES)
            pv_chrome_read_events(chrome, member == EVENTS ? PV_CHROME_EVENTS : PV_CHROME_SAMPLES);
        else
            read_member(chrome, member);
        is_around |= member >= EVENTS;
    }
    if (!is_whole(chrome) || is_around)
        return;
    chrome->has_events |= chrome->event.phase != 0;
    chrome->is_open = true;
    if (chrome->has_events)
        act(chrome);
}
