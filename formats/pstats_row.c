#include "formats/pstats_parts.h"

/* A function's value: (primitive calls, calls, own time, cumulative time, callers). */

static bool grow(struct pv_pstats *reader, void **array, uint32_t *capacity, uint32_t count,
                 size_t item)
{
    return count < *capacity ||
           pv_grow(array, capacity, (uint64_t)count + 1, item, &reader->budget) ||
           pv_marshal_fail(reader->marshal, "the file needs more than --max-memory allows");
}

/* Nothing needs to be kept of an object that nothing can refer to. */
static bool keep(struct pv_pstats *reader, const struct pv_marshal_token *token,
                 enum pv_pstats_meaning meaning, const struct pv_pstats_row *row)
{
    if (token->object == PV_MARSHAL_NO_OBJECT)
        return true;
    void *kept = reader->kept;
    bool grown =
        grow(reader, &kept, &reader->kept_capacity, reader->kept_count, sizeof *reader->kept);
    reader->kept = kept;
    if (!grown)
        return false;
    reader->keeps_pairs = reader->keeps_pairs || meaning != PV_PSTATS_VALUE;
    pv_marshal_remember(reader->marshal, token, meaning, reader->kept_count);
    reader->kept[reader->kept_count++] = *row;
    return true;
}

/* What is kept under a reference, or NULL where it leads elsewhere. */
static const struct pv_pstats_row *recall(const struct pv_pstats *reader,
                                          const struct pv_marshal_token *token,
                                          enum pv_pstats_meaning meaning)
{
    bool is_kept = token->is_reference && token->meaning == meaning;
    return is_kept && token->mark < reader->kept_count ? &reader->kept[token->mark] : NULL;
}

/* A caller's (calls, primitive calls, own time, cumulative time): here calls come first. Adding
 * profiles up put several of them into one tuple. */
static bool take_fours(struct pv_pstats *reader, const struct pv_marshal_token *token,
                       struct pv_pstats_share *out)
{
    struct pv_pstats_row row = {.share = {PV_UNKNOWN_CALLS, 0, true}};
    struct pv_pstats_share *sum = &row.share;
    if (token->count == 0 || token->count % 4)
        return pv_marshal_fail(reader->marshal,
                               "a caller has a tuple of %lu values, not of 4: no profile of Python",
                               (unsigned long)token->count);
    for (uint32_t i = 0; i < token->count; i += 4) {
        int64_t calls = 0, primitive, self, total = 0;
        if (!pv_pstats_next_calls(reader, &calls) || !pv_pstats_next_calls(reader, &primitive) ||
            !pv_pstats_next_time(reader, &self) || !pv_pstats_next_time(reader, &total))
            return false;
        if (sum->calls == PV_UNKNOWN_CALLS)
            sum->calls = calls;
        else if (calls != PV_UNKNOWN_CALLS)
            sum->calls = pv_pstats_add(reader, sum->calls, calls);
        sum->total = pv_pstats_add(reader, sum->total, total);
    }
    *out = *sum;
    return keep(reader, token, PV_PSTATS_VALUE, &row);
}

/* The value of a caller: a tuple, or a bare number of calls as `profile` writes it. */
static bool take_share(struct pv_pstats *reader, struct pv_pstats_share *out)
{
    struct pv_marshal_token token;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    if (token.kind != PV_MARSHAL_TUPLE) {
        *out = (struct pv_pstats_share){PV_UNKNOWN_CALLS, 0, false};
        return pv_pstats_calls(reader, &token, &out->calls);
    }
    if (!token.is_reference)
        return take_fours(reader, &token, out);
    const struct pv_pstats_row *kept = recall(reader, &token, PV_PSTATS_VALUE);
    if (!kept)
        return pv_pstats_refuse(reader, &token, "a caller's numbers");
    *out = kept->share;
    return true;
}

static bool add_pair(struct pv_pstats *reader, const struct pv_pstats_pair *pair)
{
    void *pairs = reader->pairs;
    bool grown =
        grow(reader, &pairs, &reader->pair_capacity, reader->pair_count, sizeof *reader->pairs);
    reader->pairs = pairs;
    if (grown)
        reader->pairs[reader->pair_count++] = *pair;
    return grown;
}

static bool take_pairs(struct pv_pstats *reader)
{
    struct pv_marshal_token token;
    struct pv_pstats_pair pair = {0};
    while (pv_marshal_next(reader->marshal, &token)) {
        if (token.kind == PV_MARSHAL_END)
            return true;
        if (!pv_pstats_key(reader, &token, &pair.caller) || !take_share(reader, &pair.share) ||
            !add_pair(reader, &pair))
            return false;
    }
    return false;
}

/* The callers of a function: a run of pairs, which stays where a reference may ask for it. */
static bool take_callers(struct pv_pstats *reader, struct pv_pstats_row *row)
{
    struct pv_marshal_token token;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    const struct pv_pstats_row *kept = recall(reader, &token, PV_PSTATS_CALLERS);
    if (kept) {
        row->first = kept->first;
        row->count = kept->count;
        return true;
    }
    if (token.kind != PV_MARSHAL_DICT || token.is_reference)
        return pv_pstats_refuse(reader, &token, "a dictionary of callers");
    row->first = reader->pair_count;
    if (!take_pairs(reader))
        return false;
    row->count = reader->pair_count - row->first;
    return keep(reader, &token, PV_PSTATS_CALLERS, row);
}

/* cProfile writes (primitive calls, calls, …), yappi writes them the other way round. */
static void order_calls(struct pv_pstats *reader, struct pv_pstats_row *row)
{
    int64_t calls = row->share.calls;
    if (row->primitive_calls <= calls || calls == PV_UNKNOWN_CALLS)
        return;
    row->share.calls = row->primitive_calls;
    row->primitive_calls = calls;
    reader->swapped++;
}

static bool take_row(struct pv_pstats *reader, struct pv_pstats_row *row)
{
    struct pv_marshal_token token;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    const struct pv_pstats_row *kept = recall(reader, &token, PV_PSTATS_ROW);
    if (kept) {
        *row = *kept;
        return true;
    }
    if (token.kind != PV_MARSHAL_TUPLE || token.is_reference || token.count != 5)
        return pv_pstats_refuse(reader, &token, "a function's five values");
    if (!pv_pstats_next_calls(reader, &row->primitive_calls) ||
        !pv_pstats_next_calls(reader, &row->share.calls) ||
        !pv_pstats_next_time(reader, &row->self) ||
        !pv_pstats_next_time(reader, &row->share.total) || !take_callers(reader, row))
        return false;
    order_calls(reader, row);
    return keep(reader, &token, PV_PSTATS_ROW, row);
}

/* References make a small file stand for a large one; no profiler writes such, an enemy would. */
static bool count_replayed(struct pv_pstats *reader, const struct pv_pstats_row *row)
{
    enum { ALLOWED = 1 << 20 };
    if (row->first + row->count == reader->pair_count)
        return true;
    reader->replayed += row->count;
    return reader->replayed <= ALLOWED + pv_input_where(reader->input).offset ||
           pv_marshal_fail(reader->marshal, "references make the file far larger than it is: "
                                            "refused as an attack");
}

static bool emit(struct pv_pstats *reader, uint32_t frame, const struct pv_pstats_row *row)
{
    if (!count_replayed(reader, row))
        return false;
    reader->negative += row->self < 0 || row->share.total < 0;
    pv_build_func(reader->builder, frame, row->share.calls, row->primitive_calls, &row->self,
                  &row->share.total);
    for (uint32_t i = 0; i < row->count; i++) {
        const struct pv_pstats_pair *pair = &reader->pairs[row->first + i];
        pv_build_arc(reader->builder, pair->caller, frame, pair->share.calls,
                     pair->share.has_total ? &pair->share.total : NULL);
    }
    return pv_builder_is_ok(reader->builder);
}

bool pv_pstats_function(struct pv_pstats *reader, const struct pv_marshal_token *key)
{
    struct pv_pstats_row row = {0};
    uint32_t frame = 0, pairs = reader->pair_count;
    reader->keeps_pairs = false;
    if (!pv_pstats_key(reader, key, &frame) || !take_row(reader, &row) ||
        !emit(reader, frame, &row))
        return false;
    if (!reader->keeps_pairs)
        reader->pair_count = pairs;
    return true;
}
