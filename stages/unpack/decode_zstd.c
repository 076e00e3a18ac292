/* zstd (RFC 8878) by libzstd: all frames, skippable ones passed over. Reddit dumps are written with
 * a window of 2 GiB, which the library refuses unless told otherwise. */
#include "stages/unpack/codec.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Room per call: on damage the library forgets what that call had decoded (one block at least). */
#define STEP_BYTES (128 * 1024)

struct zstd {
    struct codec_stream decoder;
    ZSTD_DStream *stream;
    ZSTD_inBuffer in;
    bool between_frames, later_frame;
    int window_log;       /* the largest allowed */
    int first_window_log; /* what the first frame asks for; 0 when it does not say */
};

/* The window a frame asks for (RFC 8878 3.1.1.1), rounded up to a power of two; 0 when the head
 * is no frame or the frame is one segment. */
static int frame_window_log(struct span head) {
    if (head.len < 6 || memcmp(head.at, "\x28\xb5\x2f\xfd", 4) != 0 || (head.at[4] & 0x20))
        return 0;
    unsigned char descriptor = (unsigned char)head.at[5];
    return 10 + (descriptor >> 3) + ((descriptor & 7) != 0);
}

static enum status zstd_error(const struct zstd *zstd, size_t result, struct fault *fault) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
        if (zstd->first_window_log > zstd->window_log && zstd->first_window_log <= 31)
            return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                             "the zstd data needs a window of 2^%d bytes; run again with "
                             "--zstd-window %d",
                             zstd->first_window_log, zstd->first_window_log);
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the zstd data needs a window over 2^%d bytes; run again with a larger "
                         "--zstd-window (31 at most)",
                         zstd->window_log);
    case ZSTD_error_memory_allocation:
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "not enough memory for the window of the zstd data (2^%d bytes); free "
                         "memory, or refuse such windows with a smaller --zstd-window",
                         zstd->first_window_log ? zstd->first_window_log : zstd->window_log);
    case ZSTD_error_checksum_wrong:
        return codec_damage(fault, "zstd", "does not match its checksum");
    case ZSTD_error_prefix_unknown:
        if (zstd->later_frame)
            return codec_damage(fault, "zstd", "is followed by bytes that are not part of it");
        break;
    case ZSTD_error_dictionary_wrong:
        return codec_damage(fault, "zstd", "needs a dictionary, which burza does not read");
    default:
        break;
    }
    return codec_damage(fault, "zstd", "is damaged");
}

static enum status zstd_refill(struct zstd *zstd, struct fault *fault) {
    struct span chunk;
    enum status status = feed_take(zstd->decoder.feed, &chunk, fault);
    if (status == STATUS_END && !zstd->between_frames)
        return codec_damage(fault, "zstd", "is cut short");
    if (status == STATUS_OK)
        zstd->in = (ZSTD_inBuffer){chunk.at, chunk.len, 0};
    return status;
}

/* A zero can begin no frame: what follows must be padding. */
static bool zstd_at_padding(const struct zstd *zstd) {
    return zstd->between_frames && zstd->later_frame && zstd->in.pos < zstd->in.size &&
           ((const char *)zstd->in.src)[zstd->in.pos] == 0;
}

static enum status zstd_step(struct zstd *zstd, ZSTD_outBuffer *out, struct fault *fault) {
    /* the library may hold decoded bytes that did not fit before, so input comes second */
    size_t before = out->pos;
    if (zstd_at_padding(zstd)) {
        struct span rest = {(const char *)zstd->in.src + zstd->in.pos,
                            zstd->in.size - zstd->in.pos};
        return codec_trailer(&zstd->decoder, rest, "zstd", fault);
    }
    if (zstd->in.pos < zstd->in.size || !zstd->between_frames) {
        ZSTD_outBuffer step = *out;
        if (step.size - step.pos > STEP_BYTES)
            step.size = step.pos + STEP_BYTES;
        size_t result = ZSTD_decompressStream(zstd->stream, &step, &zstd->in);
        if (ZSTD_isError(result))
            return zstd_error(zstd, result, fault);
        out->pos = step.pos;
        zstd->between_frames = result == 0;
        zstd->later_frame = zstd->later_frame || result == 0;
    }
    if (zstd->in.pos == zstd->in.size && out->pos < out->size &&
        (zstd->between_frames || out->pos == before))
        return zstd_refill(zstd, fault);
    return STATUS_OK;
}

static enum status zstd_read(struct codec_stream *decoder, char *to, size_t cap, size_t *got,
                             struct fault *fault) {
    struct zstd *zstd = (struct zstd *)decoder;
    ZSTD_outBuffer out = {to, cap, 0};
    enum status status = STATUS_OK;
    while (status == STATUS_OK && out.pos < out.size)
        status = zstd_step(zstd, &out, fault);
    *got = out.pos;
    return status;
}

static void zstd_close(struct codec_stream *decoder) {
    struct zstd *zstd = (struct zstd *)decoder;
    ZSTD_freeDStream(zstd->stream);
    free(zstd);
}

enum status zstd_open(struct codec_stream **out, struct feed *feed, int window_log,
                      struct fault *fault) {
    struct span head = {NULL, 0};
    enum status status = feed_peek(feed, SNIFF_HEAD, &head, fault);
    if (status == STATUS_FATAL)
        return status;
    struct zstd *zstd = calloc(1, sizeof *zstd);
    ZSTD_DStream *stream = zstd ? ZSTD_createDStream() : NULL;
    if (!stream || ZSTD_isError(ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, window_log))) {
        ZSTD_freeDStream(stream);
        free(zstd);
        return fault_memory(fault);
    }
    zstd->decoder = (struct codec_stream){feed, zstd_read, zstd_close};
    zstd->stream = stream;
    zstd->between_frames = true;
    zstd->window_log = window_log;
    zstd->first_window_log = frame_window_log(head);
    *out = &zstd->decoder;
    return STATUS_OK;
}
