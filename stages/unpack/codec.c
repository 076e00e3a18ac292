/* Opens the right codec, and reads what is not compressed. */
#include "stages/unpack/codec.h"

#include <stdlib.h>

enum status codec_open(struct codec_stream **out, enum codec codec, struct feed *feed,
                       int zstd_window_log, struct fault *fault) {
    *out = NULL;
    switch (codec) {
    case CODEC_GZIP:
        return gzip_open(out, feed, fault);
    case CODEC_ZSTD:
        return zstd_open(out, feed, zstd_window_log, fault);
    case CODEC_BZIP2:
    case CODEC_XZ:
    case CODEC_LZ4:
        return filter_open(out, feed, codec, fault);
    case CODEC_NONE:
        break;
    }
    return plain_open(out, feed, fault);
}

void codec_close(struct codec_stream *decoder) {
    if (decoder)
        decoder->close(decoder);
}

enum status codec_damage(struct fault *fault, const char *codec, const char *what) {
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the %s data %s", codec, what);
}

enum status codec_trailer(struct codec_stream *decoder, struct span rest, const char *codec,
                          struct fault *fault) {
    bool only_zeros = true;
    enum status status = feed_drain(decoder->feed, &only_zeros, fault);
    if (status != STATUS_OK)
        return status;
    if (!only_zeros || !span_is_zeros(rest))
        return codec_damage(fault, codec, "is followed by bytes that are not part of it");
    return STATUS_END;
}

/* plain: the bytes as they are */
struct plain {
    struct codec_stream decoder;
    struct span rest;
};

static enum status plain_read(struct codec_stream *decoder, char *to, size_t cap, size_t *got,
                              struct fault *fault) {
    struct plain *plain = (struct plain *)decoder;
    *got = 0;
    if (!plain->rest.len) {
        enum status status = feed_take_to(decoder->feed, to, cap, &plain->rest, fault);
        if (status != STATUS_OK)
            return status;
    }
    *got = plain->rest.len < cap ? plain->rest.len : cap;
    if (plain->rest.at != to)
        memcpy(to, plain->rest.at, *got);
    plain->rest = (struct span){plain->rest.at + *got, plain->rest.len - *got};
    return STATUS_OK;
}

static void plain_close(struct codec_stream *decoder) {
    free(decoder);
}

enum status plain_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct plain *plain = calloc(1, sizeof *plain);
    if (!plain)
        return fault_memory(fault);
    plain->decoder = (struct codec_stream){feed, plain_read, plain_close};
    *out = &plain->decoder;
    return STATUS_OK;
}
