#ifndef PV_MODEL_INPUT_H
#define PV_MODEL_INPUT_H

#include "model/error.h"
#include "model/limits.h"
#include "model/text.h"

/* A stream of bytes to be read once, from front to back, whatever it comes from: a file, stdin or
 * memory; gzip (several members too), zstd, xz and bzip2 are unpacked by content, nested once
 * (.gz of a .gz) at most. Errors are sticky: reads end, and pv_input_ok is asked once at the end.
 */
struct pv_input;

struct pv_input_options {
    const struct pv_limits *limits; /* NULL: the defaults */
    size_t chunk;                   /* bytes asked of the source at a time; 0: 256 KiB. For tests */
    bool is_strict;                 /* one malformed line is an error */
    /* Called now and then with bytes read from the source so far and its size (0: not known);
     * returning false interrupts. May be NULL. */
    bool (*progress)(void *context, uint64_t done, uint64_t size);
    void *progress_context;
};

/* "-" is stdin. A directory, a missing or an unreadable file is an error that says so. `path` is
 * not copied: it names the input in errors and must outlive them. options NULL: the defaults. */
bool pv_input_open(struct pv_input **out, const char *path, const struct pv_input_options *options,
                   struct pv_error *err);

/* Bytes in memory, which must live as long as the input; `name` (not copied) for errors. */
struct pv_input *pv_input_memory(struct pv_text bytes, const char *name,
                                 const struct pv_input_options *options);

void pv_input_close(struct pv_input *input);

/* The first bytes (up to 64 KiB, all of a shorter input), not consumed. Only before reading. */
struct pv_text pv_input_peek(struct pv_input *input);

/* Turns a text input into plain UTF-8 before reading: a UTF-8 byte order mark is dropped, UTF-16
 * with a mark is converted (an unpaired surrogate becomes its three bytes; offsets then count the
 * converted bytes). Text formats call it first; pv_input_peek does the same to its slice when the
 * input starts with such a mark. */
void pv_input_as_text(struct pv_input *input);

/* The next line without its LF or CR LF (a CR where the first 64 KiB of a text have those and no
 * LF); a last line without an end counts. False at the end or on an error. The slice is valid until
 * the next call on the input. Longer than limits.line_bytes: error.
 */
bool pv_input_line(struct pv_input *input, struct pv_text *line);

/* For readers of many short lines: the next lines in one piece, at least one, with their ends (LF
 * or CR LF); one alone may come without its end. False at the end or on an error; valid until the
 * next call. The reader says how many lines it has gone on by, at the latest before it asks or
 * complains about anything. */
bool pv_input_lines(struct pv_input *input, struct pv_text *lines);
void pv_input_passed(struct pv_input *input, uint64_t lines);

/* After the last line: what to say of it where it has no line end, as a constant text; else NULL.
 * Every program that writes lines ends the last one too, so that its number may be cut off. */
const char *pv_input_open_end(const struct pv_input *input);

/* At least `wanted` bytes in one piece, fewer only at the end (or on an error), not consumed: all
 * that is buffered is returned, valid until the next call. Memory grows with what is really there,
 * whatever is wanted. Then pv_input_skip consumes (at most what is buffered). For binary formats
 * and tokenizers. */
struct pv_text pv_input_need(struct pv_input *input, size_t wanted);
void pv_input_skip(struct pv_input *input, size_t bytes);

/* Where the reader is: the line last returned (1 …, 0 before the first) and the offset of the next
 * byte in the decompressed input. */
struct pv_where pv_input_where(const struct pv_input *input);
const char *pv_input_name(const struct pv_input *input);
const struct pv_limits *pv_input_limits(const struct pv_input *input);

/* Marks the input as failed at the present place (the first failure stays). */
void pv_input_fail(struct pv_input *input, enum pv_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A line (or record) that counts, and one that was malformed and is left out: `why` is a short
 * constant text. The first one's place and reason are kept. Strict: fails the input at once. The
 * place is where the input is, but for a tokenizer, which knows better. */
void pv_input_bad_record(struct pv_input *input, const char *why);
void pv_input_bad_record_at(struct pv_input *input, struct pv_where where, const char *why);
void pv_input_good_record(struct pv_input *input);
void pv_input_good_records(struct pv_input *input, uint64_t count);

/* How many records were left out, and where and why the first was. */
struct pv_skipped {
    uint64_t bad, good;
    struct pv_where first;
    const char *why; /* NULL where nothing was left out */
};
struct pv_skipped pv_input_skipped(const struct pv_input *input);

/* False where the input failed (*err says why), or where more than 10 % of its records were
 * malformed. Ask once, after the last record. */
bool pv_input_ok(struct pv_input *input, struct pv_error *err);

#endif
