#ifndef PV_MODEL_CODEC_H
#define PV_MODEL_CODEC_H

#include "model/error.h"
#include "model/text.h"

#include <stdint.h>

/* Compressed streams: the one file that knows zlib, libzstd, liblzma and libbz2. */

enum pv_codec_kind { PV_PLAIN, PV_GZIP, PV_ZSTD, PV_XZ, PV_BZIP2 };

/* By the magic number at the head of the bytes. */
enum pv_codec_kind pv_codec_detect(struct pv_text head);
const char *pv_codec_name(enum pv_codec_kind kind);

/* A decompressor. NULL only for PV_PLAIN. */
struct pv_codec;
struct pv_codec *pv_codec_new(enum pv_codec_kind kind);

enum pv_codec_state { PV_CODEC_MORE, PV_CODEC_END, PV_CODEC_BROKEN };

/* One call: bytes are taken off `in` (is_last: it is all there is) and at most `room` are put at
 * `out`; both move along, `made` counts what was put. */
struct pv_codec_step {
    struct pv_text in;
    bool is_last;
    char *out;
    size_t room, made;
    const char *why; /* for PV_CODEC_BROKEN a constant text: "cut off", "damaged", … */
};

/* PV_CODEC_END: the stream and everything concatenated to it has ended cleanly. */
enum pv_codec_state pv_codec_run(struct pv_codec *codec, struct pv_codec_step *step);
void pv_codec_free(struct pv_codec *codec);

/* A gzip compressor that appends to `out`; finish ends the stream. Deterministic bytes.
 * PV_GZIP_FAST makes 12 % more bytes in a third of the time. */
enum pv_gzip_level { PV_GZIP_FAST = 2, PV_GZIP_SMALL = 6 };
struct pv_gzip;
struct pv_gzip *pv_gzip_new(enum pv_gzip_level level);
void pv_gzip_add(struct pv_gzip *gzip, struct pv_text bytes, struct pv_buffer *out);
void pv_gzip_finish(struct pv_gzip *gzip, struct pv_buffer *out);
void pv_gzip_free(struct pv_gzip *gzip);

#endif
