/* byte_source: decoded bytes of one file or member, counted against the limits, with what they
 * turned out to be. Also a feed over a source, for a container inside a codec (tar.gz). */
#ifndef BURZA_UNPACK_BYTE_SOURCE_H
#define BURZA_UNPACK_BYTE_SOURCE_H

#include "stages/unpack/budget.h"
#include "stages/unpack/codec.h"
#include "stages/unpack/label.h"

/* Enough to see what the bytes are. */
#define SOURCE_HEAD 4096

/* As much of a header line of a table as is looked at. */
#define HELD_BYTES 200

/* What a container says about a member's bytes. */
struct content_check {
    int set;
    uint64_t size;
    uint32_t crc; /* CRC-32 */
};

/* What a member's output is compared with, so that many small members cannot add up to a bomb. */
struct disk_share {
    uint64_t bytes;  /* of the file, for all members of its container; 0: those of the feed */
    uint64_t before; /* output of the members before this one */
};

struct source;

/* A feed over a source: what the layer above reads. */
struct source_feed {
    struct feed feed;
    struct source *source;
    char *buffer;
};

struct source {
    struct codec_stream *decoder;
    enum codec codec;
    struct feed *feed; /* what the decoder reads; its account gives the ratio */
    struct budget *budget;
    struct damage *damage;      /* of the input that owns the source; NULL for a packed member */
    bool owned_by_input, inner; /* inner: another layer reads it, which is charged itself */
    struct shown subject;       /* names the input and the member in messages */
    struct source *below;       /* owned; the layer that this one reads through `below_feed` */
    struct source_feed below_feed;
    struct span_feed *packed; /* owned; of a packed member */
    struct disk_share share;
    struct content_check check;
    uint32_t crc;           /* of the bytes so far, when they are checked */
    char head[SOURCE_HEAD]; /* decoded first, to see what it is */
    size_t head_len, head_at;
    struct sniffed content;  /* of `head` */
    uint64_t decoded, given; /* bytes out of the decoder, bytes to the caller */
    bool only_zeros;
    enum status ended;                /* STATUS_OK while there may be more */
    struct fault ended_fault, reason; /* with and without the subject */

    /* joining what was decoded before and after a seam */
    enum seam seam;    /* of the next byte */
    bool lost;         /* something was; `reason` says what */
    bool named_tar;    /* its name says so */
    bool ends_at_loss; /* a tar is read from it, which cannot go on behind a loss by itself */
    bool more_behind;  /* it ended at a loss, and can be resumed */
    bool to_line_end;  /* what comes is the rest of a line whose beginning was lost */
    bool headless;     /* nothing came before the loss: only lines of JSON can be read */
    bool any;          /* something was decoded */
    char last;         /* byte of it */
    char held[HELD_BYTES + 1]; /* a line feed, and the first bytes behind a seam */
    size_t held_len, held_at;
};

/* What a source is opened with. */
struct source_setup {
    enum codec codec;
    int codecs_left; /* that may be found inside, to be decoded too */
    struct feed *feed;
    struct disk_share share;
    struct content_check check;
    struct budget *budget;
    struct damage *damage;
    const char *input_label, *member_label; /* member_label may be "" */
    bool inner;                             /* another layer will read it */
};
/* Opens the decoder, and those of the codecs inside, and decodes the head. STATUS_SKIP when not
 * even that can be begun. */
enum status source_begin(struct source **out, const struct source_setup *setup,
                         struct fault *fault) MUST_USE;
/* STATUS_SKIP when the decoded head is an archive, compressed again, or nothing that can be read.
 */
enum status source_refuse(const struct source *source, struct fault *fault) MUST_USE;
void source_free(struct source *source);
/* Goes on behind the loss at which a source that `ends_at_loss` has ended. */
bool source_resume(struct source *source);
/* Codecs that it decodes one inside the other, without what a container did to its member. */
int source_codecs(const struct source *source);

/* How the bytes of a packed member are to be decoded; in front of them in the caller's buffer. */
struct packed_head {
    char magic[16];
    enum codec codec; /* CODEC_NONE: see what it is */
    int codecs_left;
    struct disk_share share;
    struct content_check check;
};
void packed_begin(struct buf *packed, const struct packed_head *head);
/* The same as source_open_packed for a source that a container is read through. */
enum status source_open_inner(struct source **out, struct span packed, const char *label,
                              const struct source_setup *setup, struct fault *fault) MUST_USE;

enum status source_feed_init(struct source_feed *feed, struct source *source,
                             struct fault *fault) MUST_USE;
void source_feed_release(struct source_feed *feed);

#endif
