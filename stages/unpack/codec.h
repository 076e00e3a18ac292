/* codec: the stream that one codec decodes from one feed. The feed is borrowed and outlives it. */
#ifndef BURZA_UNPACK_CODEC_H
#define BURZA_UNPACK_CODEC_H

#include "stages/unpack/intake.h"
#include "stages/unpack/sniff.h"

/* Losses in one stream after which it is given up: each may cost a search. */
#define LOSSES_MAX 10000

/* How the bytes of the next read join those before them. */
enum seam {
    SEAM_NONE,
    SEAM_MEMBER,         /* a member, frame or stream of the codec begins */
    SEAM_RESUMED_MEMBER, /* the same, and bytes before it were lost */
    SEAM_RESUMED_BLOCK,  /* bytes were lost, and this is the middle of a member */
};

struct codec_stream {
    struct feed *feed;
    /* Writes at most `cap` bytes. *got counts what was written whatever the status is: bytes
     * decoded before an end or a damage are never lost. STATUS_OK may be short. STATUS_REJECT:
     * something is lost here, and decoding goes on behind it. The reason names no file; the source
     * adds it. */
    enum status (*read)(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                        struct fault *fault);
    void (*close)(struct codec_stream *stream);
    enum seam seam;  /* of the next read; whoever heeds it clears it */
    unsigned losses; /* how often something was lost */
};

enum status codec_open(struct codec_stream **out, enum codec codec, struct feed *feed,
                       int zstd_window_log, struct fault *fault) MUST_USE;
void codec_close(struct codec_stream *stream);

/* The damage reasons that all codecs share. */
enum status codec_damage(struct fault *fault, const char *codec, const char *what);

/* What a codec's members look like to the two functions below. */
struct codec_member {
    const char *codec; /* its name */
    size_t want;       /* bytes that `begins` looks at */
    bool (*begins)(const struct intake *intake);
    bool zeros_between; /* zeros between members are no damage */
};
/* Between members: STATUS_OK when another begins here, STATUS_END after the last (zeros may follow
 * it); other bytes are passed over with STATUS_REJECT up to the next member, or STATUS_SKIP. */
enum status codec_next_member(struct codec_stream *stream, struct intake *intake,
                              const struct codec_member *member, struct fault *fault) MUST_USE;
/* After damage (the reason is in `fault`) of what began at `begin`: STATUS_REJECT with `intake` at
 * the next place that `begins`, STATUS_SKIP when there is none. */
enum status codec_resume(struct codec_stream *stream, struct intake *intake,
                         const struct codec_member *member, uint64_t begin,
                         struct fault *fault) MUST_USE;

/* Each codec's own. */
enum status plain_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status gzip_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status zstd_open(struct codec_stream **out, struct feed *feed, int window_log,
                      struct fault *fault) MUST_USE;
enum status bzip2_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status xz_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status deflate_open(struct codec_stream **out, struct feed *feed,
                         struct fault *fault) MUST_USE;
enum status deflate64_open(struct codec_stream **out, struct feed *feed,
                           struct fault *fault) MUST_USE;
/* LZMA as zip holds it: version, properties, data. */
enum status lzma_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
/* What 7z calls a coder. */
struct coder {
    uint64_t id;
    struct span properties;
};
/* LZMA, LZMA2 and filters before it, from the decoded side on; `size` bytes come out. STATUS_END
 * when one of them is of another kind. */
enum status lzma_coders_open(struct codec_stream **out, struct feed *feed,
                             const struct coder *coders, size_t count, uint64_t size,
                             struct fault *fault) MUST_USE;
/* The feed holds one member of a zip archive with its local header. */
enum status ppmd_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;
enum status lz4_open(struct codec_stream **out, struct feed *feed, struct fault *fault) MUST_USE;

#endif
