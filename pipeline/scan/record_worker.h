/* record worker: one thread's tools, and what it does to every record of a block: decode, count,
 * match, tokenise, score, and append a mention row for every brand named.
 *
 * Memory: a worker owns its scratch; results go into a `batch` that the caller owns. */
#ifndef BURZA_RECORD_WORKER_H
#define BURZA_RECORD_WORKER_H

#include "pipeline/scan/block_reader.h"
#include "pipeline/scan/context_replies.h"
#include "pipeline/scan/dated_member.h"
#include "pipeline/scan/reading.h"
#include "pipeline/scan/timings.h"
#include "stages/match/match.h"
#include "stages/model/mention_rows.h"
#include "stages/model/reply_links.h"
#include "stages/score/score.h"

enum { SEEN_FORMATS = 8 };

/* What one item of work gave. */
struct batch {
    uint64_t sequence; /* of the item in its input */
    struct mention_rows mentions;
    struct tally tally;
    struct reply_links links;
    const char *formats[SEEN_FORMATS]; /* names of formats met, each once */
    uint32_t members, members_skipped;
    uint64_t bytes_out;
    bool damaged;
    int trouble;    /* passing (trouble_take): the item must be read again another time */
    char note[300]; /* the first thing that went wrong */
    bool minor;     /* it is only a row, of which nothing or only the row was lost */
    bool used;      /* waits to be committed */
};
void batch_init(struct batch *batch);
void batch_release(struct batch *batch);
void batch_clear(struct batch *batch);
void batch_note(struct batch *batch, bool damaged, const char *label, const char *text);
void batch_note_row(struct batch *batch, const char *label, const char *text);
void batch_format(struct batch *batch, const char *name);

struct worker;
struct reject_file;

/* What all workers share and none changes. */
struct worker_shared {
    const struct query_set *queries; /* NULL: no matching and scoring, with `visit` */
    const struct scorer *scorer;
    struct budget *budget;
    const struct reply_roots *roots; /* second pass: only the replies in these; NULL in the first */
    bool links;                      /* first pass: which reply answers which post is wanted too */
    /* Instead of matching and all that follows: for every post that is not embedded. */
    enum status (*visit)(struct worker *worker, const struct post *post, struct batch *batch,
                         struct fault *fault);
    void *visitor;               /* for `visit` */
    struct buf *suggestion;      /* gets a mapping file for the first member; or NULL */
    struct reject_file *rejects; /* what is told of records that cannot be used, in one thread only;
                                    or NULL */
};

struct worker {
    const struct worker_shared *shared;
    struct decoder *decoder;
    struct match_scratch *match;
    struct score_scratch *score;
    struct tokens tokens;
    struct tokens own_tokens;    /* of the author's own words, where lines are quoted */
    struct tokens masked;        /* those without the names of brands */
    const struct tokens *spoken; /* the one of the three that language and score are told by */
    struct buf channel, own;
    struct block block;                 /* for packed members */
    const struct decode_member *member; /* of the record at hand */
    struct dated_member dated;          /* whether its name states its time */
    const struct reading *reading;      /* of the input at hand; the caller sets it */
    int64_t roots_until_us; /* second pass: the input's last reply; the caller sets it */
    struct stopwatch watch;
};
enum status worker_init(struct worker *worker, const struct worker_shared *shared,
                        struct fault *fault) MUST_USE;
void worker_release(struct worker *worker);

/* All records of a block. */
enum status worker_block(struct worker *worker, const struct block *block, struct batch *batch,
                         struct fault *fault) MUST_USE;
/* A whole packed member: decompress, cut, and all its blocks. */
enum status worker_packed(struct worker *worker, struct span packed, const char *label,
                          struct batch *batch, struct fault *fault) MUST_USE;

#endif
