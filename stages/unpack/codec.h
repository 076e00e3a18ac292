/* codec: the stream that one codec decodes from one feed. The feed is borrowed and outlives it. */
#ifndef BURZA_UNPACK_CODEC_H
#define BURZA_UNPACK_CODEC_H

#include "stages/unpack/feed.h"
#include "stages/unpack/sniff.h"

struct codec_stream {
    struct feed *feed;
    /* Writes at most `cap` bytes. *got counts what was written whatever the status is: bytes
     * decoded before an end or a damage are never lost. STATUS_OK may be short. The reason of a
     * STATUS_SKIP names no file; the source adds it. */
    enum status (*read)(struct codec_stream *decoder, char *to, size_t cap, size_t *got,
                        struct fault *fault);
    void (*close)(struct codec_stream *decoder);
};

enum status codec_open(struct codec_stream **out, enum codec codec, struct feed *feed,
                       int zstd_window_log, struct fault *fault) MUST_USE;
void codec_close(struct codec_stream *decoder);

/* The damage reasons that all codecs share. */
enum status codec_damage(struct fault *fault, const char *codec, const char *what);
/* After the end of the data proper: `rest` and what the feed still has may only be zero padding. */
enum status codec_trailer(struct codec_stream *decoder, struct span rest, const char *codec,
                          struct fault *fault) MUST_USE;

/* Each codec's own. */
enum status plain_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status gzip_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status zstd_open(struct codec_stream **out, struct feed *feed, int window_log,
                      struct fault *fault) MUST_USE;
/* bzip2, xz, lz4. */
enum status filter_open(struct codec_stream **out, struct feed *feed, enum codec codec,
                        struct fault *fault) MUST_USE;

#endif
