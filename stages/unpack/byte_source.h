/* byte_source: decoded bytes of one file or member, counted against the limits, with what they
 * turned out to be. Also a feed over a source, for a container inside a codec (tar.gz). */
#ifndef BURZA_UNPACK_BYTE_SOURCE_H
#define BURZA_UNPACK_BYTE_SOURCE_H

#include "stages/unpack/budget.h"
#include "stages/unpack/codec.h"
#include "stages/unpack/label.h"

struct source {
    struct codec_stream *decoder;
    struct feed *feed; /* what the decoder reads; its account gives the ratio */
    struct budget *budget;
    struct damage *damage;      /* of the input that owns the source; NULL for a packed member */
    bool owned_by_input, outer; /* outer: read through by a container, which is charged itself */
    struct shown subject;       /* names the input and the member in messages */
    char head[SNIFF_HEAD];      /* decoded first, to see what it is */
    size_t head_len, head_at;
    struct sniffed inner;    /* of `head` */
    uint64_t decoded, given; /* bytes out of the decoder, bytes to the caller */
    bool only_zeros;
    enum status ended; /* STATUS_OK while there may be more */
    struct fault ended_fault;
    struct span_feed *packed; /* owned; of a packed member */
};

/* What a source is opened with. */
struct source_setup {
    enum codec codec;
    struct feed *feed;
    struct budget *budget;
    struct damage *damage;
    const char *input_label, *member_label; /* member_label may be "" */
};
/* Opens the decoder and decodes the head. STATUS_SKIP when not even that can be begun. */
enum status source_begin(struct source **out, const struct source_setup *setup,
                         struct fault *fault) MUST_USE;
/* STATUS_SKIP when the decoded head is an archive or compressed again. */
enum status source_refuse_nested(const struct source *source, struct fault *fault) MUST_USE;
void source_free(struct source *source);

struct source_feed {
    struct feed feed;
    struct source *source;
    char *buffer;
};
enum status source_feed_init(struct source_feed *feed, struct source *source,
                             struct fault *fault) MUST_USE;
void source_feed_release(struct source_feed *feed);

#endif
