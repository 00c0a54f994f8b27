#include "formats/pstats_parts.h"

/* A function's value: (primitive calls, calls, own time, cumulative time, callers). */

/* Appends room for one item; NULL where memory is used up. */
static void *append(struct pv_pstats *reader, struct pv_pstats_array *array, size_t item)
{
    if (array->count == array->capacity &&
        !pv_grow(&array->items, &array->capacity, (uint64_t)array->count + 1, item,
                 &reader->budget)) {
        pv_marshal_fail(reader->marshal, "the file needs more than --max-memory allows");
        return NULL;
    }
    return (char *)array->items + item * array->count++;
}

/* What a reference means, where it leads to the meaning that is wanted. */
static bool recall(const struct pv_marshal_token *token, enum pv_pstats_meaning meaning)
{
    return token->is_reference && token->kind >= PV_MARSHAL_TUPLE && token->meaning == meaning;
}

static bool keep_share(struct pv_pstats *reader, const struct pv_marshal_token *token,
                       const struct pv_pstats_share *share)
{
    if (token->object == PV_MARSHAL_NO_OBJECT)
        return true;
    struct pv_pstats_share *kept = append(reader, &reader->shares, sizeof *kept);
    if (!kept)
        return false;
    *kept = *share;
    pv_marshal_remember(reader->marshal, token, PV_PSTATS_SHARE, reader->shares.count - 1);
    return true;
}

static bool keep_row(struct pv_pstats *reader, const struct pv_marshal_token *token,
                     const struct pv_pstats_row *row)
{
    if (token->object == PV_MARSHAL_NO_OBJECT)
        return true;
    struct pv_pstats_row *kept = append(reader, &reader->rows, sizeof *kept);
    if (!kept)
        return false;
    *kept = *row;
    pv_marshal_remember(reader->marshal, token, PV_PSTATS_ROW, reader->rows.count - 1);
    return true;
}

/* A caller's (calls, primitive calls, own time, cumulative time): here calls come first. Adding
 * profiles up put several of them into one tuple. */
static bool take_fours(struct pv_pstats *reader, const struct pv_marshal_token *token,
                       struct pv_pstats_share *out)
{
    struct pv_pstats_share sum = {PV_UNKNOWN_CALLS, 0};
    if (token->count == 0 || token->count % 4)
        return pv_marshal_fail(
            reader->marshal,
            "a caller has a tuple of %lu values, not of 4: this is no profile of Python",
            (unsigned long)token->count);
    for (uint32_t i = 0; i < token->count; i += 4) {
        struct pv_marshal_number numbers[4];
        if (!pv_marshal_numbers(reader->marshal, numbers, 4))
            return false;
        int64_t calls = pv_pstats_calls(numbers[0]);
        if (sum.calls == PV_UNKNOWN_CALLS)
            sum.calls = calls;
        else if (calls != PV_UNKNOWN_CALLS)
            sum.calls = pv_pstats_add(reader, sum.calls, calls);
        sum.total = pv_pstats_add(reader, sum.total, pv_pstats_time(reader, numbers[3]));
    }
    *out = sum;
    return keep_share(reader, token, out);
}

static bool take_bare(struct pv_pstats *reader, const struct pv_marshal_token *token,
                      struct pv_pstats_share *out)
{
    struct pv_marshal_number number = {.is_real = token->kind == PV_MARSHAL_REAL};
    if (token->kind != PV_MARSHAL_INT && token->kind != PV_MARSHAL_REAL)
        return pv_pstats_refuse(reader, token, "a caller's numbers");
    if (number.is_real)
        number.real = token->real;
    else
        number.integer = token->integer;
    *out = (struct pv_pstats_share){pv_pstats_calls(number), 0};
    return true;
}

/* A caller and its value: a tuple, or a bare number of calls as `profile` writes it. */
static bool take_caller(struct pv_pstats *reader, const struct pv_marshal_token *key,
                        uint32_t callee)
{
    struct pv_marshal_token token;
    struct pv_pstats_share share = {0};
    uint32_t caller = 0;
    if (!pv_pstats_key(reader, key, &caller) || !pv_marshal_next(reader->marshal, &token))
        return false;
    bool is_tuple = token.kind == PV_MARSHAL_TUPLE;
    if (recall(&token, PV_PSTATS_SHARE))
        share = ((struct pv_pstats_share *)reader->shares.items)[token.mark];
    else if (is_tuple && !token.is_reference ? !take_fours(reader, &token, &share)
                                             : !take_bare(reader, &token, &share))
        return false;
    pv_build_arc(reader->builder, caller, callee, share.calls, is_tuple ? &share.total : NULL);
    return pv_builder_is_ok(reader->builder);
}

/* The callers of a function: it owns them, or another one does. */
static bool take_callers(struct pv_pstats *reader, uint32_t frame, uint32_t *owner)
{
    struct pv_marshal_token token, key;
    *owner = PV_PSTATS_NOBODY;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    if (recall(&token, PV_PSTATS_CALLERS)) {
        *owner = token.mark;
        return true;
    }
    if (token.kind != PV_MARSHAL_DICT || token.is_reference)
        return pv_pstats_refuse(reader, &token, "a dictionary of callers");
    while (pv_marshal_next(reader->marshal, &key)) {
        if (key.kind == PV_MARSHAL_END) {
            pv_marshal_remember(reader->marshal, &token, PV_PSTATS_CALLERS, *owner);
            return true;
        }
        if (!take_caller(reader, &key, frame))
            return false;
        *owner = frame;
    }
    return false;
}

/* cProfile writes (primitive calls, calls, …), yappi writes them the other way round. */
static void order_calls(struct pv_pstats *reader, struct pv_pstats_row *row)
{
    int64_t calls = row->calls;
    if (row->primitive_calls <= calls || calls == PV_UNKNOWN_CALLS)
        return;
    row->calls = row->primitive_calls;
    row->primitive_calls = calls;
    reader->swapped++;
}

static bool take_row(struct pv_pstats *reader, uint32_t frame, struct pv_pstats_row *row)
{
    struct pv_marshal_token token;
    if (!pv_marshal_next(reader->marshal, &token))
        return false;
    if (recall(&token, PV_PSTATS_ROW)) {
        *row = ((struct pv_pstats_row *)reader->rows.items)[token.mark];
        return true;
    }
    if (token.kind != PV_MARSHAL_TUPLE || token.is_reference || token.count != 5)
        return pv_pstats_refuse(reader, &token, "a function's five values");
    struct pv_marshal_number numbers[4];
    if (!pv_marshal_numbers(reader->marshal, numbers, 4) ||
        !take_callers(reader, frame, &row->owner))
        return false;
    row->primitive_calls = pv_pstats_calls(numbers[0]);
    row->calls = pv_pstats_calls(numbers[1]);
    row->self = pv_pstats_time(reader, numbers[2]);
    row->total = pv_pstats_time(reader, numbers[3]);
    order_calls(reader, row);
    return keep_row(reader, &token, row);
}

static bool add_alias(struct pv_pstats *reader, uint32_t frame, uint32_t owner)
{
    if (owner == PV_PSTATS_NOBODY || owner == frame)
        return true;
    struct pv_pstats_alias *alias = append(reader, &reader->aliases, sizeof *alias);
    if (alias)
        *alias = (struct pv_pstats_alias){frame, owner};
    return alias != NULL;
}

bool pv_pstats_function(struct pv_pstats *reader, const struct pv_marshal_token *key)
{
    struct pv_pstats_row row = {.owner = PV_PSTATS_NOBODY};
    uint32_t frame = 0;
    if (!pv_pstats_key(reader, key, &frame) || !take_row(reader, frame, &row) ||
        !add_alias(reader, frame, row.owner))
        return false;
    reader->negative += row.self < 0 || row.total < 0;
    pv_build_func(reader->builder, frame, row.calls, row.primitive_calls, &row.self, &row.total);
    return pv_builder_is_ok(reader->builder);
}
