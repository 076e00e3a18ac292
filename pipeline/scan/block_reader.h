/* block reader: a source of decompressed bytes in, blocks that end on a record boundary out.
 *
 * The format is chosen from the member's head when the first block is asked for. Blocks depend only
 * on the member's bytes, not on how the source hands them out. Belongs to one thread at a time.
 * Memory: a reader keeps what a block left over; a block owns its bytes. */
#ifndef BURZA_BLOCK_READER_H
#define BURZA_BLOCK_READER_H

#include "pipeline/scan/whole_member.h"
#include "stages/unpack/unpack.h"

/* A block is worked on by the thread that has just decompressed it, so it should still be in that
 * core's cache. */
enum { BLOCK_BYTES = 1024 * 1024, HEAD_BYTES = 256 * 1024, LONG_HEAD_BYTES = 8 * BLOCK_BYTES };

/* A decode_member shared by the blocks of one archive member; freed with the last of them. */
struct member_ref {
    struct decode_member *decode;
    _Atomic int users;
};
struct member_ref *member_ref_take(struct member_ref *ref);
void member_ref_drop(struct member_ref *ref);

struct block {
    struct buf bytes; /* with BLOCK_PADDING bytes behind len */
    struct member_ref *member;
    struct decode_place place; /* where it begins in its member */
};
void block_init(struct block *block, size_t max_record_bytes);
void block_release(struct block *block);

struct block_reader {
    struct source *source; /* borrowed */
    const struct decode_options *options;
    const char *label;
    struct budget *budget; /* charged for what a member that is no text holds */
    struct member_ref *member;
    struct framer framer;
    struct utf16 utf16;        /* how the source's bytes become those of blocks */
    struct buf carry;          /* bytes read but not cut yet */
    struct whole_member whole; /* where the member is no text: its texts instead of the source */
    bool is_whole, some;       /* a text of it was read */
    const char *whole_label;
    char part[400];      /* label of the text at hand */
    struct fault unread; /* why a text that could not be read was not */
    bool unread_minor;   /* that text is short */
    bool started, ended;
    bool damaged; /* the source broke off; said once its bytes are used up */
    struct fault damage;
    uint64_t bytes_out;
};
void block_reader_begin(struct block_reader *reader, struct source *source, const char *label,
                        const struct decode_options *options, struct budget *budget);
/* STATUS_OK: *block is filled. STATUS_END. STATUS_SKIP: the rest of the member cannot be read or
 * understood; all blocks before it were given. */
enum status block_reader_next(struct block_reader *reader, struct block *block,
                              struct fault *fault) MUST_USE;
void block_reader_end(struct block_reader *reader);

#endif
