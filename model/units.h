#ifndef PV_MODEL_UNITS_H
#define PV_MODEL_UNITS_H

#include "model/error.h"
#include "model/number.h"
#include "model/text.h"

/* What a metric's values count. A value v of a metric with scale s means v / s of the unit. */
enum pv_unit { PV_UNIT_COUNT, PV_UNIT_NS, PV_UNIT_BYTES, PV_UNITS };

/* What the numbers of an axis are of, and the prefix that the user wants for them. */
struct pv_tick_unit {
    enum pv_unit unit;
    int64_t scale;
    struct pv_text prefix;
};

/* The unit's name in files ("count", "ns", "bytes"), and back; false for an unknown name. */
struct pv_text pv_unit_name(enum pv_unit unit);
bool pv_unit_parse(struct pv_text name, enum pv_unit *out);

/* For people, into `out` (PV_NUMBER_SIZE bytes, not terminated), returns the size; three or four
 * significant digits without trailing zeros and a fitting prefix: "1.42 s", "38.1 ms", "950 ns",
 * "12.5 MiB", "0.25"; counts in full below a million ("1,204"), then "3.4 M". 0 prints as "0 s",
 * "0 B", "0". */
size_t pv_format_value(char *out, int64_t value, enum pv_unit unit, int64_t scale);

/* A value on an axis, exactly, in the prefix that fits `most` (the largest size on the axis, so
 * that all have the same) and with as many places as multiples of `step` need: "0.5 s", "1 s", "1.5
 * s"; "0" for 0. `step` above 0. */
size_t pv_format_tick(char *out, int64_t value, int64_t step, int64_t most, enum pv_unit unit,
                      int64_t scale);

/* The same in one fixed prefix, as pv_format_value_in has it; false for one that the unit does not
 * have, and where it is empty. */
bool pv_format_tick_in(char *out, size_t *size, int64_t value, int64_t step,
                       const struct pv_tick_unit *unit);

/* False, with an error of usage that names what there is, for a prefix that the unit does not have;
 * empty fits all. */
bool pv_unit_has_prefix(enum pv_unit unit, struct pv_text prefix, struct pv_error *err);

/* The same in one fixed prefix ("s", "ms", "us" or "µs", "ns"; "B", "KiB", "MiB", … ; "k", "M", …;
 * or the unit's own name), for columns that must compare: always three places ("0.038 s"), none
 * where values are whole ("950 ns"). An empty `prefix`: as pv_format_value. False for a prefix that
 * the unit does not have. */
bool pv_format_value_in(char *out, size_t *size, int64_t value, enum pv_unit unit, int64_t scale,
                        struct pv_text prefix);

/* part of whole: "12.3 %", "0.04 %", "<0.01 %" (">-0.01 %"), "100 %"; "–" where whole is 0. Beyond
 * 100 % (a file that contradicts itself) prints "100 %". Negative parts keep their sign. */
size_t pv_format_share(char *out, int64_t part, int64_t whole);

/* A number in a prefix of the unit ("s", "MiB", "k"; its own name; empty: bytes or a plain count)
 * as a value in the scale, rounded. False for a prefix that the unit does not have, or a value that
 * int64 does not hold. */
bool pv_unit_value(int64_t *out, struct pv_decimal number, struct pv_text prefix, enum pv_unit unit,
                   int64_t scale);

/* A difference relative to `whole`, which may be less than it: "+12.3 %", "-4 %", "<+0.01 %", from
 * 1,000 % on as a multiple ("×12.3"); "0 %" for 0, "–" where whole is 0. */
size_t pv_format_percent(char *out, int64_t change, int64_t whole);

/* What became of a value: "=" where nothing changed, "new" where there was none, "gone" where there
 * is none, else pv_format_percent. */
size_t pv_format_change(char *out, int64_t base, int64_t head);

#endif
