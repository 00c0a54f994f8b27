#include "model/codec.h"

#include <bzlib.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* A hostile stream may ask for a window of gigabytes; this is what the usual tools write at most.
 */
enum { WINDOW_LOG = 29, GZIP_WRAP = 15 + 16, GZIP_MEMORY = 8, OS_UNKNOWN = 255 };

static const char cut_off[] = "cut off";
static const char damaged[] = "damaged";
static const char wrong_sum[] = "damaged: the checksum differs";
static const char too_big[] = "made with a window that needs more than 512 MiB";
static const char stranger[] = "followed by bytes that are no compressed data";

struct pv_codec {
    const struct kind_row *row;
    bool has_ended;  /* what the last call of the library said */
    bool is_between; /* one stream has ended; another may follow */
    union {
        z_stream gzip;
        ZSTD_DStream *zstd;
        lzma_stream xz;
        bz_stream bzip2;
    } u;
};

struct kind_row {
    const char *name, *magic;
    size_t magic_size;
    bool may_be_padded; /* zero bytes may follow, as tapes add them */
    void (*start)(struct pv_codec *codec);
    void (*run)(struct pv_codec *codec, struct pv_codec_step *step);
    void (*restart)(struct pv_codec *codec);
    void (*stop)(struct pv_codec *codec);
};

/* zlib and libbz2 count in unsigned int. */
static unsigned clamp(size_t size)
{
    return size > 1u << 30 ? 1u << 30 : (unsigned)size;
}

static void take(struct pv_codec_step *step, size_t read, size_t made)
{
    step->in.data += read;
    step->in.size -= read;
    step->out += made;
    step->room -= made;
    step->made += made;
}

static void gzip_start(struct pv_codec *codec)
{
    if (inflateInit2(&codec->u.gzip, GZIP_WRAP) != Z_OK)
        pv_oom(sizeof codec->u.gzip);
}

static const char *gzip_reason(const z_stream *stream)
{
    const char *said = stream->msg ? stream->msg : "";
    bool is_sum = strstr(said, "data check") || strstr(said, "length check");
    return is_sum ? wrong_sum : damaged;
}

static void gzip_run(struct pv_codec *codec, struct pv_codec_step *step)
{
    z_stream *stream = &codec->u.gzip;
    unsigned in = clamp(step->in.size), out = clamp(step->room);
    stream->next_in = (Bytef *)(uintptr_t)step->in.data;
    stream->avail_in = in;
    stream->next_out = (Bytef *)step->out;
    stream->avail_out = out;
    int state = inflate(stream, Z_NO_FLUSH);
    take(step, in - stream->avail_in, out - stream->avail_out);
    if (state == Z_MEM_ERROR)
        pv_oom(1u << 15);
    codec->has_ended = state == Z_STREAM_END;
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
        step->why = gzip_reason(stream);
}

static void gzip_restart(struct pv_codec *codec)
{
    inflateReset(&codec->u.gzip);
}

static void gzip_stop(struct pv_codec *codec)
{
    inflateEnd(&codec->u.gzip);
}

static void zstd_start(struct pv_codec *codec)
{
    codec->u.zstd = ZSTD_createDStream();
    if (!codec->u.zstd)
        pv_oom(1u << 17);
    ZSTD_DCtx_setParameter(codec->u.zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
}

static const char *zstd_reason(size_t state)
{
    switch (ZSTD_getErrorCode(state)) {
    case ZSTD_error_memory_allocation:
        pv_oom((size_t)1 << WINDOW_LOG);
    case ZSTD_error_checksum_wrong:
        return wrong_sum;
    case ZSTD_error_frameParameter_windowTooLarge:
        return too_big;
    case ZSTD_error_prefix_unknown:
        return stranger;
    case ZSTD_error_dictionary_wrong:
        return "made with a dictionary that is not in the file";
    default:
        return damaged;
    }
}

static void zstd_run(struct pv_codec *codec, struct pv_codec_step *step)
{
    ZSTD_inBuffer in = {step->in.data, step->in.size, 0};
    ZSTD_outBuffer out = {step->out, step->room, 0};
    size_t state = ZSTD_decompressStream(codec->u.zstd, &out, &in);
    take(step, in.pos, out.pos);
    codec->has_ended = state == 0;
    if (ZSTD_isError(state))
        step->why = zstd_reason(state);
}

static void zstd_restart(struct pv_codec *codec)
{
    ZSTD_DCtx_reset(codec->u.zstd, ZSTD_reset_session_only);
}

static void zstd_stop(struct pv_codec *codec)
{
    ZSTD_freeDStream(codec->u.zstd);
}

static void xz_start(struct pv_codec *codec)
{
    codec->u.xz = (lzma_stream)LZMA_STREAM_INIT;
    uint64_t memory = (uint64_t)1 << WINDOW_LOG;
    if (lzma_stream_decoder(&codec->u.xz, memory, LZMA_CONCATENATED) != LZMA_OK)
        pv_oom(1u << 15);
}

static const char *xz_reason(lzma_ret state)
{
    switch (state) {
    case LZMA_MEM_ERROR:
        pv_oom((size_t)1 << WINDOW_LOG);
    case LZMA_MEMLIMIT_ERROR:
        return too_big;
    case LZMA_FORMAT_ERROR:
        return stranger;
    case LZMA_OPTIONS_ERROR:
        return "made with options that this version of liblzma does not know";
    default:
        return damaged;
    }
}

static void xz_run(struct pv_codec *codec, struct pv_codec_step *step)
{
    lzma_stream *stream = &codec->u.xz;
    stream->next_in = (const uint8_t *)step->in.data;
    stream->avail_in = step->in.size;
    stream->next_out = (uint8_t *)step->out;
    stream->avail_out = step->room;
    lzma_ret state = lzma_code(stream, step->is_last ? LZMA_FINISH : LZMA_RUN);
    take(step, step->in.size - stream->avail_in, step->room - stream->avail_out);
    codec->has_ended = state == LZMA_STREAM_END;
    if (state != LZMA_OK && state != LZMA_STREAM_END && state != LZMA_BUF_ERROR)
        step->why = xz_reason(state);
}

/* Never needed: liblzma reads concatenated streams by itself. */
static void xz_restart(struct pv_codec *codec)
{
    (void)codec;
}

static void xz_stop(struct pv_codec *codec)
{
    lzma_end(&codec->u.xz);
}

static void bzip2_start(struct pv_codec *codec)
{
    codec->u.bzip2 = (bz_stream){0};
    if (BZ2_bzDecompressInit(&codec->u.bzip2, 0, 0) != BZ_OK)
        pv_oom(1u << 16);
}

static void bzip2_run(struct pv_codec *codec, struct pv_codec_step *step)
{
    bz_stream *stream = &codec->u.bzip2;
    unsigned in = clamp(step->in.size), out = clamp(step->room);
    stream->next_in = (char *)(uintptr_t)step->in.data;
    stream->avail_in = in;
    stream->next_out = step->out;
    stream->avail_out = out;
    int state = BZ2_bzDecompress(stream);
    take(step, in - stream->avail_in, out - stream->avail_out);
    if (state == BZ_MEM_ERROR)
        pv_oom(1u << 22);
    codec->has_ended = state == BZ_STREAM_END;
    if (state != BZ_OK && state != BZ_STREAM_END)
        step->why = damaged;
}

static void bzip2_stop(struct pv_codec *codec)
{
    BZ2_bzDecompressEnd(&codec->u.bzip2);
}

static void bzip2_restart(struct pv_codec *codec)
{
    bzip2_stop(codec);
    bzip2_start(codec);
}

/* By enum pv_codec_kind. */
static const struct kind_row kinds[] = {
    {"plain", "", 0, false, NULL, NULL, NULL, NULL},
    {"gzip", "\x1f\x8b\x08", 3, true, gzip_start, gzip_run, gzip_restart, gzip_stop},
    {"zstd", "\x28\xb5\x2f\xfd", 4, false, zstd_start, zstd_run, zstd_restart, zstd_stop},
    {"xz", "\xfd\x37zXZ\0", 6, false, xz_start, xz_run, xz_restart, xz_stop},
    {"bzip2", "BZh", 3, true, bzip2_start, bzip2_run, bzip2_restart, bzip2_stop},
};

/* zstd's frames for other data, which parallel compressors put first. */
static bool is_skippable_frame(struct pv_text head)
{
    return head.size >= 4 && (head.data[0] & 0xf0) == 0x50 &&
           pv_text_equal(pv_text_slice(head, 1, 4), PV_TEXT("\x2a\x4d\x18"));
}

/* "BZh" alone is text that may begin so; the level and the first block's or the end's mark follow.
 */
static bool is_bzip2(struct pv_text head)
{
    struct pv_text mark = pv_text_slice(head, 4, 10);
    return head.size >= 10 && head.data[3] >= '1' && head.data[3] <= '9' &&
           (pv_text_equal(mark, PV_TEXT("1AY&SY")) ||
            pv_text_equal(mark, PV_TEXT("\x17\x72\x45\x38\x50\x90")));
}

enum pv_codec_kind pv_codec_detect(struct pv_text head)
{
    for (int kind = PV_GZIP; kind <= PV_BZIP2; kind++) {
        struct pv_text magic = {kinds[kind].magic, kinds[kind].magic_size};
        if (pv_text_starts(head, magic) && (kind != PV_BZIP2 || is_bzip2(head)))
            return (enum pv_codec_kind)kind;
    }
    return is_skippable_frame(head) ? PV_ZSTD : PV_PLAIN;
}

const char *pv_codec_name(enum pv_codec_kind kind)
{
    return kinds[kind].name;
}

struct pv_codec *pv_codec_new(enum pv_codec_kind kind)
{
    if (kind == PV_PLAIN)
        return NULL;
    struct pv_codec *codec = pv_zalloc(1, sizeof *codec);
    codec->row = &kinds[kind];
    codec->row->start(codec);
    return codec;
}

void pv_codec_free(struct pv_codec *codec)
{
    if (codec)
        codec->row->stop(codec);
    free(codec);
}

/* Between two streams: false where nothing more is to be run now, *state then says why. */
static bool next_stream(struct pv_codec *codec, struct pv_codec_step *step,
                        enum pv_codec_state *state)
{
    while (codec->row->may_be_padded && step->in.size && step->in.data[0] == 0)
        take(step, 1, 0);
    *state = step->is_last ? PV_CODEC_END : PV_CODEC_MORE;
    if (step->in.size == 0)
        return false;
    if (codec->row->may_be_padded && step->in.data[0] != codec->row->magic[0]) {
        step->why = stranger;
        *state = PV_CODEC_BROKEN;
        return false;
    }
    codec->row->restart(codec);
    codec->is_between = false;
    return true;
}

enum pv_codec_state pv_codec_run(struct pv_codec *codec, struct pv_codec_step *step)
{
    step->made = 0;
    step->why = NULL;
    /* Some libraries take a NULL for an error even where there is nothing to read. */
    step->in.data = step->in.data ? step->in.data : "";
    enum pv_codec_state state = PV_CODEC_MORE;
    while (step->room) {
        if (codec->is_between && !next_stream(codec, step, &state))
            return state;
        size_t in = step->in.size, room = step->room;
        codec->row->run(codec, step);
        if (step->why)
            return PV_CODEC_BROKEN;
        codec->is_between = codec->has_ended;
        bool is_stuck = in == step->in.size && room == step->room && !codec->has_ended;
        if (is_stuck && !step->is_last && in == 0)
            return PV_CODEC_MORE;
        if (is_stuck) {
            step->why = in ? damaged : cut_off;
            return PV_CODEC_BROKEN;
        }
    }
    return PV_CODEC_MORE;
}

struct pv_gzip {
    z_stream stream;
    gz_header header; /* zlib keeps a pointer to it */
};

struct pv_gzip *pv_gzip_new(enum pv_gzip_level level)
{
    struct pv_gzip *gzip = pv_zalloc(1, sizeof *gzip);
    if (deflateInit2(&gzip->stream, (int)level, Z_DEFLATED, GZIP_WRAP, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        pv_oom(1u << 18);
    gzip->header.os = OS_UNKNOWN;
    deflateSetHeader(&gzip->stream, &gzip->header);
    return gzip;
}

/* Compresses what the stream holds until `flush` is done. */
static void squeeze(struct pv_gzip *gzip, int flush, struct pv_buffer *out)
{
    enum { piece = 1 << 15 };
    do {
        gzip->stream.next_out = (Bytef *)pv_buffer_reserve(out, piece);
        gzip->stream.avail_out = piece;
        deflate(&gzip->stream, flush);
        out->size += piece - gzip->stream.avail_out;
    } while (gzip->stream.avail_out == 0);
}

void pv_gzip_add(struct pv_gzip *gzip, struct pv_text bytes, struct pv_buffer *out)
{
    while (bytes.size) {
        unsigned size = clamp(bytes.size);
        gzip->stream.next_in = (Bytef *)(uintptr_t)bytes.data;
        gzip->stream.avail_in = size;
        squeeze(gzip, Z_NO_FLUSH, out);
        bytes = pv_text_slice(bytes, size, bytes.size);
    }
}

void pv_gzip_finish(struct pv_gzip *gzip, struct pv_buffer *out)
{
    gzip->stream.avail_in = 0;
    squeeze(gzip, Z_FINISH, out);
}

void pv_gzip_free(struct pv_gzip *gzip)
{
    if (gzip)
        deflateEnd(&gzip->stream);
    free(gzip);
}
