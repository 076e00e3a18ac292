/* bzip2 by libbz2, one block at a time: a block begins with a magic number at any bit, so each is
 * cut out, given a header and an end of its own, and decoded alone. Its checksum is compared before
 * its bytes are handed out, and a damaged block costs only itself. Of a file that several threads
 * read, the blocks that follow are decoded ahead at the same time; what comes of a block does not
 * depend on when it was decoded. */
#include "stages/unpack/codec.h"

#include "stages/common/buf.h"

#include <bzlib.h>
#include <omp.h>
#include <stdlib.h>

/* A block holds 900,000 bytes at most; compressed they are hardly more. */
#define BLOCK_CODED_MAX (2u << 20)
/* Decoded, runs of equal bytes may make it larger; what is over is not held back. */
#define BLOCK_HELD_MAX (1u << 20)
#define STEP_CODED (64u << 10)
#define MAGIC_BITS 48
/* Blocks that are decoded ahead, two a thread, and how many coded bytes are read for them. */
#define AHEAD_MAX 16
#define AHEAD_CODED_MAX (6u << 20)

static const uint64_t block_magic = 0x314159265359, end_magic = 0x177245385090;

/* Where a search for magic numbers is, and what it found. */
struct magic {
    size_t bit;     /* of `coded`: where the last one found begins */
    size_t scanned; /* bytes of `coded` that were searched for the next */
    bool block;     /* it begins a block, not the end of the stream */
};

/* A block that was decoded ahead. */
struct ahead {
    size_t bit, next; /* as in struct bzip2 */
    char level;
    int result; /* BZ_STREAM_END, or it is left to be decoded in its turn */
    struct buf block;
    char *held; /* [BLOCK_HELD_MAX] */
    size_t held_len;
};

struct bzip2 {
    struct codec_stream stream;
    struct span rest; /* of the feed's last chunk */
    enum { AT_STREAM, AT_ANY_MAGIC, AT_BLOCK, IN_BLOCK, AT_END, AFTER_STREAM } place;
    struct buf coded;   /* taken from the feed, not done with */
    size_t bit;         /* of `coded`: where the magic number at hand begins */
    size_t next;        /* where the one after it begins */
    size_t scanned;     /* bytes of `coded` that were searched for it */
    bool block_is_next; /* it begins a block, not the end of the stream */
    bool lossy, lost;   /* something of this stream, or since the last block, was lost */
    bool first_in_stream, first_of_all; /* the block at hand */
    char level;
    uint32_t combined; /* checksum of checksums of the blocks so far */
    struct buf block;  /* the block at hand as a stream of its own */
    bz_stream library;
    bool library_open;
    char *held; /* [BLOCK_HELD_MAX] decoded bytes of the block */
    size_t held_len, held_at;
    struct ahead *ahead; /* [AHEAD_MAX], NULL where nothing is decoded ahead */
    size_t ahead_count;
    unsigned char shifts[256]; /* bit s: a magic number that begins at bit s may have this byte
                                  second after the one in which it begins */
};

/* Bits */

/* `count` bits (at most 57) from bit `from` on; behind the last byte are zeros. */
static uint64_t bits_at(const struct buf *bytes, size_t from, unsigned count) {
    uint64_t value = 0;
    for (size_t i = from / 8; i < from / 8 + 8; i++)
        value = value << 8 | (i < bytes->len ? (unsigned char)bytes->at[i] : 0);
    return value << (from % 8) >> (64 - count);
}

static void learn_shifts(struct bzip2 *bzip2) {
    for (unsigned shift = 0; shift < 8; shift++) {
        bzip2->shifts[block_magic >> (24 + shift) & 0xFF] |= (unsigned char)(1u << shift);
        bzip2->shifts[end_magic >> (24 + shift) & 0xFF] |= (unsigned char)(1u << shift);
    }
}

/* Looks for a magic number in the bytes that are there, not before bit `from`. */
static bool find_magic_from(const struct bzip2 *bzip2, size_t from, struct magic *magic) {
    const struct buf *coded = &bzip2->coded;
    size_t i = magic->scanned > from / 8 + 2 ? magic->scanned : from / 8 + 2;
    for (; i + 4 < coded->len; i++) {
        unsigned shifts = bzip2->shifts[(unsigned char)coded->at[i]];
        for (unsigned shift = 0; shifts >> shift; shift++) {
            size_t bit = (i - 2) * 8 + shift;
            uint64_t bits =
                (shifts >> shift & 1) && bit >= from ? bits_at(coded, bit, MAGIC_BITS) : 0;
            if (bits == block_magic || bits == end_magic) {
                *magic = (struct magic){bit, i, bits == block_magic};
                return true;
            }
        }
    }
    magic->scanned = i;
    return false;
}

static bool find_magic(struct bzip2 *bzip2, size_t from) {
    struct magic magic = {.scanned = bzip2->scanned};
    bool found = find_magic_from(bzip2, from, &magic);
    bzip2->scanned = magic.scanned;
    if (found) {
        bzip2->next = magic.bit;
        bzip2->block_is_next = magic.block;
    }
    return found;
}

/* Input */

/* Adds to `coded`, whose bytes before the magic number at hand are done with. */
static enum status take_more(struct bzip2 *bzip2, struct fault *fault) {
    struct buf *coded = &bzip2->coded;
    size_t done = bzip2->bit / 8 > 4 ? bzip2->bit / 8 - 4 : 0; /* a header may be before it */
    if (done)
        memmove(coded->at, coded->at + done, coded->len - done);
    coded->len -= done;
    bzip2->bit -= done * 8;
    bzip2->scanned -= bzip2->scanned < done ? bzip2->scanned : done;
    for (size_t i = 0; i < bzip2->ahead_count; i++) {
        struct ahead *ahead = &bzip2->ahead[i];
        bool past = ahead->bit < done * 8;
        ahead->bit = past ? SIZE_MAX : ahead->bit - done * 8;
        ahead->next -= past ? 0 : done * 8;
    }
    enum status status =
        bzip2->rest.len ? STATUS_OK : feed_take(bzip2->stream.feed, &bzip2->rest, fault);
    if (status != STATUS_OK)
        return status;
    size_t len = bzip2->rest.len < STEP_CODED ? bzip2->rest.len : STEP_CODED;
    buf_add(coded, bzip2->rest.at, len);
    bzip2->rest = (struct span){bzip2->rest.at + len, bzip2->rest.len - len};
    return coded->failed ? fault_memory(fault) : STATUS_OK;
}

/* At least `want` bytes from the magic number at hand on, fewer before the end. */
static enum status want_bytes(struct bzip2 *bzip2, size_t want, struct fault *fault) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && bzip2->coded.len < bzip2->bit / 8 + want)
        status = take_more(bzip2, fault);
    return status == STATUS_END && bzip2->coded.len > bzip2->bit / 8 ? STATUS_OK : status;
}

static enum status lose(struct bzip2 *bzip2, const char *what, struct fault *fault) {
    bzip2->lossy = bzip2->lost = true;
    codec_damage(fault, "bzip2", what);
    return ++bzip2->stream.losses > LOSSES_MAX ? STATUS_SKIP : STATUS_REJECT;
}

/* Places */

static bool is_stream_header(const struct buf *coded, size_t at) {
    return at + 4 <= coded->len && memcmp(coded->at + at, "BZh", 3) == 0 &&
           coded->at[at + 3] >= '1' && coded->at[at + 3] <= '9';
}

static void enter_magic(struct bzip2 *bzip2, size_t bit, bool block) {
    bzip2->bit = bit;
    bzip2->scanned = 0;
    bzip2->place = block ? AT_BLOCK : AT_END;
}

static void enter_stream(struct bzip2 *bzip2) {
    size_t at = bzip2->bit / 8;
    bzip2->level = bzip2->coded.at[at + 3];
    bzip2->combined = 0;
    bzip2->lossy = false;
    bzip2->first_in_stream = true;
    enter_magic(bzip2, bzip2->bit + 32,
                bits_at(&bzip2->coded, bzip2->bit + 32, MAGIC_BITS) == block_magic);
}

/* After a stream: another, zeros up to the end, or bytes that are not part of it. */
static enum status after_stream(struct bzip2 *bzip2, struct fault *fault) {
    enum status status = want_bytes(bzip2, 10, fault);
    size_t at = bzip2->bit / 8;
    if (status != STATUS_OK)
        return status;
    if (is_stream_header(&bzip2->coded, at)) {
        uint64_t magic = bits_at(&bzip2->coded, bzip2->bit + 32, MAGIC_BITS);
        if (magic == block_magic || magic == end_magic) {
            enter_stream(bzip2);
            return STATUS_OK;
        }
    }
    while (status == STATUS_OK && bzip2->coded.at[bzip2->bit / 8] == 0) {
        bzip2->bit += 8;
        status = want_bytes(bzip2, 1, fault);
    }
    if (status != STATUS_OK)
        return status;
    bzip2->place = AT_ANY_MAGIC;
    bzip2->scanned = 0;
    return lose(bzip2, "is followed by bytes that are not part of it", fault);
}

static enum status search_magic(struct bzip2 *bzip2, struct fault *fault) {
    enum status status = STATUS_OK;
    while (!find_magic(bzip2, bzip2->bit)) {
        if (bzip2->coded.len > 16 && bzip2->bit / 8 < bzip2->coded.len - 16)
            bzip2->bit = (bzip2->coded.len - 16) * 8;
        status = take_more(bzip2, fault);
        if (status != STATUS_OK)
            return status;
    }
    bool header = bzip2->next % 8 == 0 && bzip2->next >= 32 &&
                  is_stream_header(&bzip2->coded, bzip2->next / 8 - 4);
    bzip2->bit = bzip2->next;
    if (header) {
        bzip2->bit -= 32;
        enter_stream(bzip2);
        return STATUS_OK;
    }
    bzip2->level = '9';
    enter_magic(bzip2, bzip2->next, bzip2->block_is_next);
    return STATUS_OK;
}

static enum status check_end(struct bzip2 *bzip2, struct fault *fault) {
    enum status status = want_bytes(bzip2, 11, fault);
    size_t checksum = bzip2->bit + MAGIC_BITS;
    if (status != STATUS_OK)
        return status;
    if (bzip2->coded.len * 8 < checksum + 32)
        return codec_damage(fault, "bzip2", "is cut short");
    bool wrong = !bzip2->lossy && bits_at(&bzip2->coded, checksum, 32) != bzip2->combined;
    bzip2->bit = (checksum + 32 + 7) / 8 * 8;
    bzip2->place = AFTER_STREAM;
    return wrong ? lose(bzip2, "does not match its checksum", fault) : STATUS_OK;
}

/* Blocks */

static void add_bits(struct buf *to, unsigned *fill, uint64_t value, unsigned count) {
    while (count--) {
        if (*fill == 8) {
            buf_char(to, 0);
            *fill = 0;
        }
        to->at[to->len - 1] = (char)(to->at[to->len - 1] | (value >> count & 1) << (7 - *fill));
        ++*fill;
    }
}

/* The bits from one magic number to the next as a stream: header, block, end. */
static bool cut_block(const struct buf *coded, size_t bit, size_t next, char level,
                      struct buf *block) {
    size_t bits = next - bit, whole = bits / 8, from = bit / 8;
    unsigned shift = bit % 8, fill = 8;
    buf_clear(block);
    if (!buf_reserve(block, whole + 32))
        return false;
    buf_text(block, "BZh");
    buf_char(block, level);
    char *to = block->at + block->len;
    const unsigned char *at = (const unsigned char *)coded->at + from;
    for (size_t i = 0; i < whole; i++)
        to[i] = (char)(at[i] << shift | at[i + 1] >> (8 - shift));
    block->len += whole;
    unsigned left = bits % 8;
    add_bits(block, &fill, left ? bits_at(coded, next - left, left) : 0, left);
    add_bits(block, &fill, end_magic, MAGIC_BITS);
    add_bits(block, &fill, bits_at(coded, bit + MAGIC_BITS, 32), 32);
    return !block->failed;
}

/* The blocks from the one at hand on, as far as they are read or may be read now. */
static void find_ahead(struct bzip2 *bzip2, size_t most) {
    struct magic at = {bzip2->bit, 0, true},
                 next = {bzip2->next, bzip2->scanned, bzip2->block_is_next};
    struct fault unused = {0};
    char level = bzip2->level;
    bzip2->ahead_count = 0;
    while (bzip2->ahead_count < most) {
        if (at.block) {
            struct ahead *ahead = &bzip2->ahead[bzip2->ahead_count++];
            ahead->bit = at.bit;
            ahead->next = next.bit;
            ahead->level = level;
        }
        at = next;
        while (!find_magic_from(bzip2, at.bit + MAGIC_BITS, &next)) {
            if (bzip2->coded.len > AHEAD_CODED_MAX)
                return;
            size_t before = bzip2->bit;
            enum status status = take_more(bzip2, &unused);
            size_t moved = before - bzip2->bit; /* whole bytes */
            bzip2->next -= moved;
            if (status != STATUS_OK)
                return;
            at.bit -= moved;
            next.scanned -= next.scanned < moved / 8 ? next.scanned : moved / 8;
        }
        if (at.bit >= 32 && at.bit % 8 == 0 && is_stream_header(&bzip2->coded, at.bit / 8 - 4))
            level = bzip2->coded.at[at.bit / 8 - 1];
    }
}

static void decode_ahead(const struct bzip2 *bzip2, struct ahead *ahead) {
    bz_stream library = {0};
    ahead->result = BZ_MEM_ERROR;
    if (!ahead->held)
        ahead->held = malloc(BLOCK_HELD_MAX);
    if (!ahead->held ||
        !cut_block(&bzip2->coded, ahead->bit, ahead->next, ahead->level, &ahead->block) ||
        BZ2_bzDecompressInit(&library, 0, 0) != BZ_OK)
        return;
    library.next_in = ahead->block.at;
    library.avail_in = (unsigned)ahead->block.len;
    library.next_out = ahead->held;
    library.avail_out = BLOCK_HELD_MAX;
    ahead->result = BZ2_bzDecompress(&library);
    ahead->held_len = BLOCK_HELD_MAX - library.avail_out;
    BZ2_bzDecompressEnd(&library);
}

/* Whether the block at hand was decoded ahead: then its bytes are in `held`. */
static bool take_ahead(struct bzip2 *bzip2) {
    for (size_t i = 0; i < bzip2->ahead_count; i++) {
        struct ahead *ahead = &bzip2->ahead[i];
        if (ahead->bit != bzip2->bit || ahead->next != bzip2->next ||
            ahead->level != bzip2->level || ahead->result != BZ_STREAM_END)
            continue;
        char *spare = bzip2->held;
        bzip2->held = ahead->held;
        ahead->held = spare;
        bzip2->held_len = ahead->held_len;
        ahead->bit = SIZE_MAX;
        return true;
    }
    return false;
}

/* Decodes the blocks from the one at hand on with all threads, unless that was done. */
static bool block_is_ahead(struct bzip2 *bzip2) {
    if (!bzip2->ahead)
        return false;
    for (size_t i = 0; i < bzip2->ahead_count; i++)
        if (bzip2->ahead[i].bit == bzip2->bit)
            return take_ahead(bzip2);
    size_t threads = (size_t)(omp_in_parallel() ? omp_get_num_threads() : omp_get_max_threads());
    if (threads < 2)
        return false;
    find_ahead(bzip2, 2 * threads < AHEAD_MAX ? 2 * threads : AHEAD_MAX);
    size_t count = bzip2->ahead_count;
    if (count < 2) {
        bzip2->ahead_count = 0;
        return false;
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)threads)
    for (size_t i = 0; i < count; i++)
        decode_ahead(bzip2, &bzip2->ahead[i]);
    return take_ahead(bzip2);
}

static void count_checksum(struct bzip2 *bzip2) {
    uint32_t checksum = (uint32_t)bits_at(&bzip2->coded, bzip2->bit + MAGIC_BITS, 32);
    bzip2->combined = (bzip2->combined << 1 | bzip2->combined >> 31) ^ checksum;
    bzip2->lost = false;
}

static void open_library(struct bzip2 *bzip2, struct fault *fault, enum status *status) {
    bzip2->library = (bz_stream){0};
    bzip2->held_len = 0;
    if (!cut_block(&bzip2->coded, bzip2->bit, bzip2->next, bzip2->level, &bzip2->block) ||
        BZ2_bzDecompressInit(&bzip2->library, 0, 0) != BZ_OK) {
        *status = fault_memory(fault);
        return;
    }
    bzip2->library_open = true;
    bzip2->library.next_in = bzip2->block.at;
    bzip2->library.avail_in = (unsigned)bzip2->block.len;
}

static enum status open_block(struct bzip2 *bzip2, struct fault *fault) {
    enum status status = STATUS_OK;
    while (!find_magic(bzip2, bzip2->bit + MAGIC_BITS)) {
        if (bzip2->coded.len > bzip2->bit / 8 + BLOCK_CODED_MAX) {
            bzip2->place = AT_ANY_MAGIC;
            bzip2->bit = (bzip2->coded.len - 16) * 8;
            return lose(bzip2, "is damaged", fault);
        }
        status = take_more(bzip2, fault);
        if (status != STATUS_OK)
            return status == STATUS_END ? codec_damage(fault, "bzip2", "is cut short") : status;
    }
    bool ahead = block_is_ahead(bzip2), lost = bzip2->lost;
    bzip2->held_at = 0;
    bzip2->place = IN_BLOCK;
    if (ahead)
        count_checksum(bzip2);
    else
        open_library(bzip2, fault, &status);
    if (status != STATUS_OK)
        return status;
    if (lost)
        bzip2->stream.seam = bzip2->first_in_stream ? SEAM_RESUMED_MEMBER : SEAM_RESUMED_BLOCK;
    else if (bzip2->first_in_stream && !bzip2->first_of_all)
        bzip2->stream.seam = SEAM_MEMBER;
    bzip2->first_in_stream = bzip2->first_of_all = false;
    return STATUS_OK;
}

static void close_library(struct bzip2 *bzip2) {
    if (bzip2->library_open)
        BZ2_bzDecompressEnd(&bzip2->library);
    bzip2->library_open = false;
}

/* Fills `held`, with all of the block where it fits. */
static enum status decode_block(struct bzip2 *bzip2, struct fault *fault) {
    bz_stream *library = &bzip2->library;
    library->next_out = bzip2->held;
    library->avail_out = BLOCK_HELD_MAX;
    int result = BZ2_bzDecompress(library);
    bzip2->held_at = 0;
    bzip2->held_len = BLOCK_HELD_MAX - library->avail_out;
    if (result == BZ_OK && library->avail_out == 0)
        return STATUS_OK;
    close_library(bzip2);
    if (result == BZ_MEM_ERROR)
        return fault_memory(fault);
    if (result == BZ_STREAM_END) {
        count_checksum(bzip2);
        return STATUS_OK;
    }
    bzip2->held_len = 0;
    return lose(bzip2, "is damaged or does not match its checksum", fault);
}

static enum status read_block(struct bzip2 *bzip2, char *to, size_t cap, size_t *got,
                              struct fault *fault) {
    enum status status = STATUS_OK;
    if (bzip2->held_at == bzip2->held_len && bzip2->library_open)
        status = decode_block(bzip2, fault);
    size_t len = bzip2->held_len - bzip2->held_at;
    *got = len < cap ? len : cap;
    memcpy(to, bzip2->held + bzip2->held_at, *got);
    bzip2->held_at += *got;
    if (bzip2->held_at == bzip2->held_len && !bzip2->library_open)
        enter_magic(bzip2, bzip2->next, bzip2->block_is_next);
    return status;
}

static enum status bzip2_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                              struct fault *fault) {
    struct bzip2 *bzip2 = (struct bzip2 *)stream;
    enum status status = STATUS_OK;
    *got = 0;
    while (status == STATUS_OK && *got == 0 && stream->seam == SEAM_NONE) {
        switch (bzip2->place) {
        case AT_STREAM:
        case AFTER_STREAM:
            status = after_stream(bzip2, fault);
            break;
        case AT_ANY_MAGIC:
            status = search_magic(bzip2, fault);
            break;
        case AT_BLOCK:
            status = open_block(bzip2, fault);
            break;
        case IN_BLOCK:
            status = read_block(bzip2, to, cap, got, fault);
            break;
        case AT_END:
            status = check_end(bzip2, fault);
            break;
        }
    }
    return status;
}

static void bzip2_close(struct codec_stream *stream) {
    struct bzip2 *bzip2 = (struct bzip2 *)stream;
    close_library(bzip2);
    buf_release(&bzip2->coded);
    buf_release(&bzip2->block);
    for (size_t i = 0; bzip2->ahead && i < AHEAD_MAX; i++) {
        buf_release(&bzip2->ahead[i].block);
        free(bzip2->ahead[i].held);
    }
    free(bzip2->ahead);
    free(bzip2->held);
    free(bzip2);
}

enum status bzip2_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct bzip2 *bzip2 = calloc(1, sizeof *bzip2);
    if (!bzip2)
        return fault_memory(fault);
    bzip2->stream = (struct codec_stream){.feed = feed, .read = bzip2_read, .close = bzip2_close};
    buf_init(&bzip2->coded, AHEAD_CODED_MAX + BLOCK_CODED_MAX + 4 * STEP_CODED);
    buf_init(&bzip2->block, BLOCK_CODED_MAX + 4 * STEP_CODED);
    bzip2->first_of_all = true;
    learn_shifts(bzip2);
    bzip2->held = malloc(BLOCK_HELD_MAX);
    bzip2->ahead = feed->of_file ? calloc(AHEAD_MAX, sizeof *bzip2->ahead) : NULL;
    for (size_t i = 0; bzip2->ahead && i < AHEAD_MAX; i++)
        buf_init(&bzip2->ahead[i].block, BLOCK_CODED_MAX + 4 * STEP_CODED);
    if (!bzip2->held || (feed->of_file && !bzip2->ahead)) {
        bzip2_close(&bzip2->stream);
        return fault_memory(fault);
    }
    *out = &bzip2->stream;
    return STATUS_OK;
}
