/* decoder: one codec over one feed. The feed is borrowed and outlives the decoder. */
#ifndef BURZA_UNPACK_DECODER_H
#define BURZA_UNPACK_DECODER_H

#include "stages/unpack/feed.h"
#include "stages/unpack/sniff.h"

struct decoder {
    struct feed *feed;
    /* Writes at most `cap` bytes. *got counts what was written whatever the status is: bytes
     * decoded before an end or a damage are never lost. STATUS_OK may be short. The reason of a
     * STATUS_SKIP names no file; the source adds it. */
    enum status (*read)(struct decoder *decoder, char *to, size_t cap, size_t *got,
                        struct fault *fault);
    void (*close)(struct decoder *decoder);
};

enum status decoder_open(struct decoder **out, enum codec codec, struct feed *feed,
                         int zstd_window_log, struct fault *fault) MUST_USE;
void decoder_close(struct decoder *decoder);

/* The damage reasons that all codecs share. */
enum status decoder_damage(struct fault *fault, const char *codec, const char *what);
/* After the end of the data proper: `rest` and what the feed still has may only be zero padding. */
enum status decoder_trailer(struct decoder *decoder, struct span rest, const char *codec,
                            struct fault *fault) MUST_USE;

/* Each codec's own. */
enum status plain_open(struct decoder **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status gzip_open(struct decoder **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status zstd_open(struct decoder **out, struct feed *feed, int window_log,
                      struct fault *fault) MUST_USE;
/* bzip2, xz, lz4. */
enum status filter_open(struct decoder **out, struct feed *feed, enum codec codec,
                        struct fault *fault) MUST_USE;

#endif
