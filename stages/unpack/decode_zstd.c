/* zstd (RFC 8878) by libzstd: all frames, skippable ones passed over; after damage decoding goes on
 * at the next frame. Frames that are small enough (pzstd, the seekable format) are decoded ahead by
 * all threads. Reddit dumps are written with a window of 2 GiB, which the library refuses
 * unless told otherwise. */
#include "stages/unpack/codec.h"
#include "stages/unpack/frames_ahead.h"

#include <stdlib.h>
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>

/* Room per call: on damage the library forgets what that call had decoded (one block at least). */
#define STEP_BYTES (128 * 1024)

struct zstd {
    struct codec_stream stream;
    ZSTD_DStream *library;
    struct intake in;
    uint64_t begin; /* of the frame at hand */
    enum { AT_FRAME, IN_FRAME, AFTER_FRAME } place;
    struct frames_ahead ahead;
    const struct frame_ahead *frame; /* the frame at hand, decoded; or NULL */
    size_t frame_at;
    int window_log;   /* the largest allowed */
    int frame_window; /* logarithm of what the frame asks for; 0 when it does not say */
};

/* The window a frame asks for (RFC 8878 3.1.1.1), rounded up to a power of two; 0 when the head
 * is no frame or the frame is one segment. */
static int frame_window_log(struct span head) {
    if (head.len < 6 || memcmp(head.at, "\x28\xb5\x2f\xfd", 4) != 0 || (head.at[4] & 0x20))
        return 0;
    unsigned char descriptor = (unsigned char)head.at[5];
    return 10 + (descriptor >> 3) + ((descriptor & 7) != 0);
}

static bool zstd_begins(const struct intake *in) {
    const unsigned char *at = (const unsigned char *)in->now.at;
    return in->now.len >= 4 && (memcmp(at, "\x28\xb5\x2f\xfd", 4) == 0 ||
                                ((at[0] & 0xF0) == 0x50 && memcmp(at + 1, "\x2a\x4d\x18", 3) == 0));
}
static const struct codec_member zstd_member = {"zstd", 4, zstd_begins, false};

/* STATUS_SKIP when more than this frame cannot be read; STATUS_OK for mere damage. */
static enum status zstd_refuse(const struct zstd *zstd, size_t result, struct fault *fault) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
        if (zstd->frame_window > zstd->window_log && zstd->frame_window <= 31)
            return fault_passing(fault, EXIT_PARTIAL,
                                 "the zstd data needs a window of 2^%d bytes; run again with "
                                 "--zstd-window %d",
                                 zstd->frame_window, zstd->frame_window);
        return fault_passing(
            fault, EXIT_PARTIAL,
            "the zstd data needs a window over 2^%d bytes; run again with a larger "
            "--zstd-window (31 at most)",
            zstd->window_log);
    case ZSTD_error_memory_allocation:
        return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL,
                         "not enough memory for the window of the zstd data (2^%d bytes); free "
                         "memory, or refuse such windows with a smaller --zstd-window",
                         zstd->frame_window ? zstd->frame_window : zstd->window_log);
    case ZSTD_error_dictionary_wrong:
        return codec_damage(fault, "zstd",
                            "was compressed with a dictionary, which burza does not read; "
                            "decompress it with zstd -D first");
    default:
        break;
    }
    return STATUS_OK;
}

static enum status zstd_lose(struct zstd *zstd, size_t result, struct fault *fault) {
    enum status status = zstd_refuse(zstd, result, fault);
    if (status != STATUS_OK)
        return status;
    codec_damage(fault, "zstd",
                 ZSTD_getErrorCode(result) == ZSTD_error_checksum_wrong
                     ? "does not match its checksum"
                     : "is damaged");
    zstd->place = AT_FRAME;
    return codec_resume(&zstd->stream, &zstd->in, &zstd_member, zstd->begin, fault);
}

static enum status zstd_step(struct zstd *zstd, ZSTD_outBuffer *out, struct fault *fault) {
    ZSTD_outBuffer step = *out;
    ZSTD_inBuffer in = {zstd->in.now.at, zstd->in.now.len, 0};
    if (step.size - step.pos > STEP_BYTES)
        step.size = step.pos + STEP_BYTES;
    /* the library may hold decoded bytes that did not fit before, so input comes second */
    size_t result = ZSTD_decompressStream(zstd->library, &step, &in);
    intake_skip(&zstd->in, in.pos);
    if (ZSTD_isError(result))
        return zstd_lose(zstd, result, fault);
    bool starved = step.pos == out->pos && zstd->in.now.len == 0;
    out->pos = step.pos;
    if (result == 0) {
        zstd->place = AFTER_FRAME;
        return STATUS_OK;
    }
    enum status status = starved ? intake_fill(&zstd->in, fault) : STATUS_OK;
    return status == STATUS_END ? codec_damage(fault, "zstd", "is cut short") : status;
}

/* Windows that the limit may refuse, and frames whose size nobody can tell, are left alone. */
static size_t zstd_cut(const void *of, struct span bytes, size_t *plain) {
    (void)of;
    size_t coded = ZSTD_findFrameCompressedSize(bytes.at, bytes.len);
    if (ZSTD_isError(coded) || frame_window_log(bytes) > ZSTD_WINDOWLOG_LIMIT_DEFAULT)
        return 0;
    unsigned long long most = ZSTD_decompressBound(bytes.at, coded);
    if (most == ZSTD_CONTENTSIZE_ERROR)
        return 0;
    *plain = (size_t)most;
    return coded;
}

static bool zstd_decode(const void *of, struct span coded, struct frame_ahead *frame) {
    (void)of;
    frame->len = ZSTD_decompress(frame->plain, frame->cap, coded.at, coded.len);
    return !ZSTD_isError(frame->len);
}
/* pzstd cuts at 8 MiB and writes no size: the library's bound is a little more. */
static const struct frame_codec zstd_frames = {zstd_cut, zstd_decode, 4 << 20,
                                               9 << 20,  8 << 20,     36 << 20};

/* The rest of a frame that was decoded ahead. */
static void zstd_give_frame(struct zstd *zstd, ZSTD_outBuffer *out) {
    size_t left = zstd->frame->len - zstd->frame_at, room = out->size - out->pos;
    size_t len = left < room ? left : room;
    memcpy((char *)out->dst + out->pos, zstd->frame->plain + zstd->frame_at, len);
    out->pos += len;
    zstd->frame_at += len;
    if (zstd->frame_at < zstd->frame->len)
        return;
    intake_skip(&zstd->in, zstd->frame->coded);
    zstd->place = AFTER_FRAME;
}

static enum status zstd_start_frame(struct zstd *zstd, struct fault *fault) {
    enum status status = intake_gather(&zstd->in, 6, fault);
    if (status != STATUS_OK)
        return status;
    ZSTD_DCtx_reset(zstd->library, ZSTD_reset_session_only);
    zstd->frame_window = frame_window_log(zstd->in.now);
    zstd->begin = zstd->in.at;
    zstd->place = IN_FRAME;
    bool usual =
        zstd->window_log >= ZSTD_WINDOWLOG_LIMIT_DEFAULT; /* smaller limits are the codec's */
    zstd->frame = usual ? frames_ahead_take(&zstd->ahead, &zstd->in) : NULL;
    zstd->frame_at = 0;
    return STATUS_OK;
}

static enum status zstd_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                             struct fault *fault) {
    struct zstd *zstd = (struct zstd *)stream;
    ZSTD_outBuffer out = {to, cap, 0};
    enum status status = STATUS_OK;
    if (zstd->place == AT_FRAME)
        status = zstd_start_frame(zstd, fault);
    if (status == STATUS_OK && zstd->place == IN_FRAME && zstd->frame)
        zstd_give_frame(zstd, &out);
    while (status == STATUS_OK && zstd->place == IN_FRAME && !zstd->frame && out.pos < out.size)
        status = zstd_step(zstd, &out, fault);
    if (status == STATUS_OK && zstd->place == AFTER_FRAME) {
        frames_ahead_seen(&zstd->ahead, zstd->in.at - zstd->begin);
        status = codec_next_member(stream, &zstd->in, &zstd_member, fault);
        zstd->place = AT_FRAME;
    }
    *got = out.pos;
    return status;
}

static void zstd_close(struct codec_stream *stream) {
    struct zstd *zstd = (struct zstd *)stream;
    ZSTD_freeDStream(zstd->library);
    frames_ahead_release(&zstd->ahead);
    free(zstd);
}

enum status zstd_open(struct codec_stream **out, struct feed *feed, int window_log,
                      struct fault *fault) {
    struct zstd *zstd = calloc(1, sizeof *zstd);
    ZSTD_DStream *library = zstd ? ZSTD_createDStream() : NULL;
    if (!library ||
        ZSTD_isError(ZSTD_DCtx_setParameter(library, ZSTD_d_windowLogMax, window_log))) {
        ZSTD_freeDStream(library);
        free(zstd);
        return fault_memory(fault);
    }
    zstd->stream = (struct codec_stream){.feed = feed, .read = zstd_read, .close = zstd_close};
    zstd->library = library;
    frames_ahead_init(&zstd->ahead, feed, &zstd_frames, NULL);
    intake_init(&zstd->in, &zstd->ahead.feed);
    zstd->window_log = window_log;
    *out = &zstd->stream;
    return STATUS_OK;
}
