#include "formats/mojo_parts.h"

#include "model/error.h"

/* What Austin, a sampler of Python, writes with -b: MOJO, versions 1 to 4. A file is events of a
 * byte each, with numbers of variable length and texts that end in NUL: strings and frames get
 * keys, a stack begins a sample, references to frames follow, outermost first, and what it cost.
 * Learnt from Austin's own wiki page and files ("Austin: The MOJO file format"). */

enum event {
    METADATA = 1,
    STACK,
    FRAME,
    FRAME_INVALID,
    FRAME_REFERENCE,
    FRAME_KERNEL,
    COLLECTOR,
    IDLE,
    TIME,
    MEMORY,
    STRING,
    STRING_REFERENCE,
    STACK_AGAIN,
};

/* ---- Bytes ---- */

void pv_mojo_fail(struct pv_mojo *mojo, enum pv_code code, const char *why)
{
    pv_input_skip(mojo->input, mojo->taken);
    mojo->taken = 0;
    mojo->rest.size = 0;
    pv_input_fail(mojo->input, code, "%s", why);
}

/* At least `wanted` bytes in mojo->rest, fewer only at the end. */
static bool need(struct pv_mojo *mojo, size_t wanted)
{
    if (mojo->rest.size >= wanted)
        return true;
    pv_input_skip(mojo->input, mojo->taken);
    mojo->taken = 0;
    mojo->rest = pv_input_need(mojo->input, wanted);
    return mojo->rest.size >= wanted;
}

static void skip(struct pv_mojo *mojo, size_t bytes)
{
    mojo->rest = pv_text_slice(mojo->rest, bytes, mojo->rest.size);
    mojo->taken += bytes;
}

/* Six bits and a sign, then seven at a time, the lowest first. */
static uint64_t take_bits(struct pv_mojo *mojo, bool *is_negative)
{
    enum { MOST_BYTES = 9, SIGN = 0x40, MORE = 0x80, LAST_BITS = 3 };
    uint64_t value = 0;
    bool has_more = true;
    *is_negative = false;
    for (unsigned i = 0; has_more && i <= MOST_BYTES; i++) {
        if (!need(mojo, 1)) {
            mojo->is_cut = true;
            return 0;
        }
        uint64_t byte = (unsigned char)mojo->rest.data[0];
        skip(mojo, 1);
        has_more = byte & MORE;
        if (i == 0)
            *is_negative = byte & SIGN;
        value |= i == 0 ? byte & 0x3f : (byte & 0x7f) << (7 * i - 1);
        if (i == MOST_BYTES && byte > LAST_BITS)
            pv_mojo_fail(mojo, PV_INPUT_FAILED, "a number does not fit in 64 bits");
    }
    return value;
}

static int64_t take_number(struct pv_mojo *mojo)
{
    bool is_negative;
    uint64_t value = take_bits(mojo, &is_negative);
    if (value > INT64_MAX) {
        pv_mojo_fail(mojo, PV_INPUT_FAILED, "a number does not fit in 64 bits");
        return 0;
    }
    return is_negative ? -(int64_t)value : (int64_t)value;
}

static uint64_t take_key(struct pv_mojo *mojo)
{
    bool is_negative;
    return take_bits(mojo, &is_negative);
}

/* Up to the next NUL; valid until the next byte is taken. */
static struct pv_text take_text(struct pv_mojo *mojo)
{
    size_t end, seen = 0;
    for (;;) {
        struct pv_text unseen = pv_text_slice(mojo->rest, seen, mojo->rest.size);
        end = seen + pv_text_find(unseen, '\0');
        if (end < mojo->rest.size)
            break;
        seen = end;
        if (seen > pv_input_limits(mojo->input)->line_bytes) {
            pv_mojo_fail(mojo, PV_LIMIT, "a text is longer than --max-line allows");
            return (struct pv_text){0};
        }
        if (!need(mojo, seen + 1)) {
            mojo->is_cut = true;
            return (struct pv_text){0};
        }
    }
    struct pv_text text = pv_text_slice(mojo->rest, 0, end);
    skip(mojo, end + 1);
    return text;
}

/* ---- Events ---- */

static void read_string(struct pv_mojo *mojo)
{
    uint64_t key = take_key(mojo);
    struct pv_text text = take_text(mojo);
    if (!mojo->is_cut)
        pv_mojo_string(mojo, key, text);
}

static void read_frame(struct pv_mojo *mojo)
{
    uint64_t key = take_key(mojo), file = take_key(mojo), scope = take_key(mojo);
    int64_t line = take_number(mojo);
    for (int i = 0; mojo->version >= PV_MOJO_LINES && i < 3; i++)
        take_number(mojo);
    if (!mojo->is_cut)
        pv_mojo_frame(mojo, key, file, scope, line);
}

static void read_reference(struct pv_mojo *mojo)
{
    uint64_t key = take_key(mojo);
    if (!mojo->is_cut)
        pv_mojo_reference(mojo, key);
}

static void read_kernel(struct pv_mojo *mojo)
{
    struct pv_text name = take_text(mojo);
    if (!mojo->is_cut)
        pv_mojo_named(mojo, name, PV_FRAME_KERNEL);
}

static void read_stack(struct pv_mojo *mojo)
{
    uint64_t process = take_key(mojo);
    uint64_t interpreter = mojo->version >= PV_MOJO_INTERPRETERS ? take_key(mojo) : 0;
    struct pv_text thread = take_text(mojo);
    pv_mojo_end(mojo);
    if (!mojo->is_cut)
        pv_mojo_begin(mojo, process, interpreter, thread);
}

static void take_cost(struct pv_mojo *mojo, bool is_time)
{
    enum { NS = 1000 };
    int64_t value = take_number(mojo);
    struct pv_mojo_sample *sample = &mojo->sample;
    if (mojo->is_cut)
        return;
    if (is_time && (value < 0 || value > INT64_MAX / NS)) {
        pv_mojo_fail(mojo, PV_INPUT_FAILED, "a time is negative or does not fit in 64 bits");
        return;
    }
    if (is_time)
        sample->time = value * NS;
    else
        sample->memory = value;
    sample->has_cost = true;
}

/* ---- All of it ---- */

static void read_metadata(struct pv_mojo *mojo)
{
    struct pv_text key = take_text(mojo);
    bool is_mode = pv_text_equal(key, PV_TEXT("mode"));
    bool is_end = pv_text_equal(key, PV_TEXT("duration"));
    struct pv_text value = take_text(mojo);
    mojo->has_end = mojo->has_end || (is_end && !mojo->is_cut);
    if (!is_mode || mojo->is_declared)
        return;
    mojo->is_full = pv_text_equal(value, PV_TEXT("full"));
    mojo->is_memory = pv_text_equal(value, PV_TEXT("memory"));
}

static void read_event(struct pv_mojo *mojo, enum event event)
{
    switch (event) {
    case METADATA:
        read_metadata(mojo);
        break;
    case FRAME:
        read_frame(mojo);
        break;
    case STACK:
        read_stack(mojo);
        break;
    case FRAME_INVALID:
        pv_mojo_named(mojo, PV_TEXT("[invalid]"), PV_FRAME_UNKNOWN);
        break;
    case FRAME_REFERENCE:
        read_reference(mojo);
        break;
    case FRAME_KERNEL:
        read_kernel(mojo);
        break;
    case COLLECTOR:
        pv_mojo_named(mojo, PV_TEXT("[garbage collector]"), PV_FRAME_BUILTIN);
        break;
    case IDLE:
        mojo->sample.is_idle = true;
        break;
    case TIME:
    case MEMORY:
        take_cost(mojo, event == TIME);
        break;
    case STRING:
        read_string(mojo);
        break;
    case STRING_REFERENCE:
        take_key(mojo);
        break;
    case STACK_AGAIN:
        pv_mojo_again(mojo);
        break;
    default:
        pv_mojo_fail(mojo, PV_INPUT_FAILED,
                     "an unknown event: a newer Austin wrote it, or it is damaged");
        break;
    }
}

/* The mode is told before the first sample; metrics are declared then. */
static void read_events(struct pv_mojo *mojo)
{
    while (!mojo->is_cut && pv_builder_is_ok(mojo->builder) && need(mojo, 1)) {
        unsigned event = (unsigned char)mojo->rest.data[0];
        skip(mojo, 1);
        if (event != METADATA && !mojo->is_declared) {
            pv_mojo_declare(mojo);
            mojo->is_declared = true;
        }
        read_event(mojo, (enum event)event);
    }
    if (!mojo->is_declared)
        pv_mojo_declare(mojo);
    pv_mojo_end(mojo);
}

static void read_head(struct pv_mojo *mojo)
{
    struct pv_text magic = PV_TEXT("MOJ");
    if (!need(mojo, magic.size) || !pv_text_starts(mojo->rest, magic)) {
        pv_mojo_fail(mojo, PV_INPUT_FAILED, "a MOJO file begins with MOJ");
        return;
    }
    skip(mojo, magic.size);
    mojo->version = take_key(mojo);
    if (!mojo->is_cut && (mojo->version < 1 || mojo->version > PV_MOJO_NEWEST))
        pv_mojo_fail(mojo, PV_INPUT_FAILED, "an unknown version of MOJO; mojo2austin may know it");
}

static bool finish(struct pv_mojo *mojo, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where where = {.source = pv_input_name(mojo->input)};
    pv_input_skip(mojo->input, mojo->taken);
    if (!pv_input_ok(mojo->input, err))
        return false;
    if (mojo->samples == 0 && !mojo->has_end)
        return pv_fail(err, PV_INPUT_FAILED, where, "ends before its first sample: it was cut off");
    if (mojo->is_cut || !mojo->has_end)
        pv_build_note(mojo->builder, "cut",
                      mojo->is_cut ? "the file ends within an event: it was cut off"
                                   : "there is no duration at the end: Austin was stopped, or the "
                                     "file was cut off",
                      1, 0);
    if (pv_builder_finish(mojo->builder, out, err))
        return true;
    if (!err->where.source)
        err->where = where;
    return false;
}

static bool read_mojo(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_mojo mojo = {.input = input,
                           .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "mojo"),
                           .budget = {.limit = limits->memory}};
    read_head(&mojo);
    read_events(&mojo);
    bool is_fine = finish(&mojo, out, err);
    pv_mojo_free(&mojo);
    return is_fine;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    (void)is_whole;
    bool is_mojo = pv_text_starts(head, PV_TEXT("MOJ")) && head.size > 4 && head.data[3] >= 1 &&
                   head.data[3] <= PV_MOJO_NEWEST && head.data[4] >= METADATA &&
                   head.data[4] <= STACK_AGAIN;
    return is_mojo ? PV_PROBE_SURE : PV_PROBE_NO;
}

extern const struct pv_format pv_format_mojo;
const struct pv_format pv_format_mojo = {
    .name = "mojo",
    .summary = "Austin's binary files (austin -b), of Python programs",
    .aliases = "austin-binary",
    .extensions = ".mojo",
    .probe = probe,
    .read = read_mojo,
};
