/* LZ4 frames (format description 1.6.2; blocks: block format description) and the legacy frames of
 * the Linux kernel. Checksums (XXH32) are compared. After damage decoding goes on at the next block
 * where blocks do not refer to each other, else at the next frame. */
#include "stages/unpack/codec.h"

#include "stages/common/buf.h"

#include <stdlib.h>

#define HISTORY (64u << 10) /* how far back a match may reach */
#define LEGACY_BLOCK (8u << 20)
#define BLOCK_MAX LEGACY_BLOCK

static const uint32_t magic_frame = 0x184D2204, magic_legacy = 0x184C2102,
                      magic_skippable = 0x184D2A50;

/* XXH32 (xxHash specification 0.1.1) */

struct xxh32 {
    uint32_t lanes[4];
    uint64_t len;
    unsigned char tail[16];
};
static const uint32_t prime1 = 2654435761u, prime2 = 2246822519u, prime3 = 3266489917u,
                      prime4 = 668265263u, prime5 = 374761393u;

static uint32_t rotate(uint32_t value, unsigned by) {
    return value << by | value >> (32 - by);
}

static uint32_t le32(const void *bytes) {
    const unsigned char *at = bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void xxh32_init(struct xxh32 *hash) {
    *hash = (struct xxh32){.lanes = {prime1 + prime2, prime2, 0, 0u - prime1}};
}

static void xxh32_stripe(struct xxh32 *hash, const unsigned char *at) {
    for (int i = 0; i < 4; i++)
        hash->lanes[i] = rotate(hash->lanes[i] + le32(at + 4 * i) * prime2, 13) * prime1;
}

static void xxh32_add(struct xxh32 *hash, struct span bytes) {
    const unsigned char *at = (const unsigned char *)bytes.at;
    size_t left = bytes.len, filled = hash->len % 16;
    hash->len += left;
    if (filled) {
        size_t len = 16 - filled < left ? 16 - filled : left;
        memcpy(hash->tail + filled, at, len);
        if (filled + len < 16)
            return;
        xxh32_stripe(hash, hash->tail);
        at += len;
        left -= len;
    }
    for (; left >= 16; at += 16, left -= 16)
        xxh32_stripe(hash, at);
    if (left)
        memcpy(hash->tail, at, left);
}

static uint32_t xxh32_value(const struct xxh32 *hash) {
    const uint32_t *lanes = hash->lanes;
    const unsigned char *at = hash->tail, *end = at + hash->len % 16;
    uint32_t value = hash->len >= 16 ? rotate(lanes[0], 1) + rotate(lanes[1], 7) +
                                           rotate(lanes[2], 12) + rotate(lanes[3], 18)
                                     : prime5;
    value += (uint32_t)hash->len;
    for (; end - at >= 4; at += 4)
        value = rotate(value + le32(at) * prime3, 17) * prime4;
    for (; at < end; at++)
        value = rotate(value + *at * prime5, 11) * prime1;
    value = (value ^ value >> 15) * prime2;
    value = (value ^ value >> 13) * prime3;
    return value ^ value >> 16;
}

static uint32_t xxh32_of(struct span bytes) {
    struct xxh32 hash;
    xxh32_init(&hash);
    xxh32_add(&hash, bytes);
    return xxh32_value(&hash);
}

/* Blocks */

/* The rest of a length: bytes of 255 and one that is less. */
static bool long_length(const unsigned char **at, const unsigned char *end, size_t *len) {
    unsigned char byte;
    do {
        if (*at == end)
            return false;
        byte = *(*at)++;
        *len += byte;
    } while (byte == 255);
    return true;
}

static void copy_match(char *to, size_t offset, size_t len) {
    if (offset >= len) {
        memcpy(to, to - offset, len);
        return;
    }
    const char *from = to - offset;
    for (size_t i = 0; i < len; i++) /* overlapping: what was copied is copied again */
        to[i] = from[i];
}

/* Decodes behind `history` bytes at `to`; the bytes written, -1 when damaged. */
static int64_t block_decode(struct span coded, char *to, size_t history, size_t cap) {
    const unsigned char *at = (const unsigned char *)coded.at, *end = at + coded.len;
    size_t used = 0;
    while (at < end) {
        unsigned token = *at++;
        size_t len = token >> 4;
        if (len == 15 && !long_length(&at, end, &len))
            return -1;
        if (len > (size_t)(end - at) || len > cap - used)
            return -1;
        memcpy(to + used, at, len);
        at += len;
        used += len;
        if (at == end)
            return (int64_t)used; /* the last sequence has literals only */
        if (end - at < 2)
            return -1;
        size_t offset = (size_t)at[0] | (size_t)at[1] << 8;
        at += 2;
        len = token & 15;
        if (len == 15 && !long_length(&at, end, &len))
            return -1;
        len += 4;
        if (offset == 0 || offset > history + used || len > cap - used)
            return -1;
        copy_match(to + used, offset, len);
        used += len;
    }
    return -1;
}

/* Frames */

struct lz4 {
    struct codec_stream stream;
    struct intake in;
    enum { AT_FRAME, AT_BLOCK, GIVING, AFTER_FRAME } place;
    uint64_t begin; /* of the frame */
    bool legacy, independent, block_checksums, content_checksum, lossy;
    uint64_t content_size; /* UINT64_MAX when not said */
    uint64_t content;      /* decoded of the frame so far */
    size_t block_max;
    struct xxh32 hash;
    struct buf coded;
    char *window; /* history, then the block */
    size_t window_cap, history, len, given;
};

static bool frame_begins(const struct intake *in) {
    if (in->now.len < 4)
        return false;
    uint32_t magic = le32(in->now.at);
    return magic == magic_frame || magic == magic_legacy || (magic & 0xFFFFFFF0) == magic_skippable;
}
static const struct codec_member lz4_member = {"lz4", 4, frame_begins, false};

static enum status lz4_lose(struct lz4 *lz4, const char *what, struct fault *fault) {
    codec_damage(fault, "lz4", what);
    lz4->place = AT_FRAME;
    return codec_resume(&lz4->stream, &lz4->in, &lz4_member, lz4->begin, fault);
}

static enum status lz4_gather(struct lz4 *lz4, size_t want, struct fault *fault) {
    enum status status = intake_gather(&lz4->in, want, fault);
    if (status == STATUS_END || (status == STATUS_OK && lz4->in.now.len < want))
        return codec_damage(fault, "lz4", "is cut short");
    return status;
}

static enum status pass_over(struct lz4 *lz4, uint64_t len, struct fault *fault) {
    while (len) {
        enum status status = intake_fill(&lz4->in, fault);
        if (status != STATUS_OK)
            return status == STATUS_END ? codec_damage(fault, "lz4", "is cut short") : status;
        size_t step = len < lz4->in.now.len ? (size_t)len : lz4->in.now.len;
        intake_skip(&lz4->in, step);
        len -= step;
    }
    return STATUS_OK;
}

static enum status want_window(struct lz4 *lz4, struct fault *fault) {
    if (lz4->window_cap < HISTORY + lz4->block_max) {
        free(lz4->window);
        lz4->window_cap = HISTORY + lz4->block_max;
        lz4->window = malloc(lz4->window_cap);
    }
    return lz4->window ? STATUS_OK : fault_memory(fault);
}

/* The frame descriptor: flags, block size, content size, checksum. */
static enum status read_descriptor(struct lz4 *lz4, struct fault *fault) {
    enum status status = lz4_gather(lz4, 7, fault);
    if (status != STATUS_OK)
        return status;
    const unsigned char *at = (const unsigned char *)lz4->in.now.at;
    unsigned flags = at[4], size = at[5] >> 4 & 7;
    size_t len = 2 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
    if (flags >> 6 != 1 || (flags & 2) || size < 4 || (at[5] & 0x8F))
        return lz4_lose(lz4, "has a damaged header", fault);
    status = lz4_gather(lz4, 4 + len + 1, fault);
    if (status != STATUS_OK)
        return status;
    at = (const unsigned char *)lz4->in.now.at;
    if (at[4 + len] != (xxh32_of((struct span){lz4->in.now.at + 4, len}) >> 8 & 0xFF))
        return lz4_lose(lz4, "has a damaged header", fault);
    if ((flags & 1) && le32(at + 4 + len - 4) != 0)
        return codec_damage(fault, "lz4",
                            "was compressed with a dictionary, which burza does not read; "
                            "decompress it with lz4 -D first");
    lz4->independent = flags & 0x20;
    lz4->block_checksums = flags & 0x10;
    lz4->content_checksum = flags & 4;
    lz4->content_size =
        flags & 8 ? (uint64_t)le32(at + 6) | (uint64_t)le32(at + 10) << 32 : UINT64_MAX;
    lz4->block_max = (size_t)1 << (8 + 2 * size);
    intake_skip(&lz4->in, 4 + len + 1);
    return STATUS_OK;
}

static enum status start_frame(struct lz4 *lz4, struct fault *fault) {
    enum status status = lz4_gather(lz4, 4, fault);
    if (status != STATUS_OK)
        return status;
    uint32_t magic = le32(lz4->in.now.at);
    lz4->begin = lz4->in.at;
    if ((magic & 0xFFFFFFF0) == magic_skippable) {
        status = lz4_gather(lz4, 8, fault);
        if (status == STATUS_OK)
            status = pass_over(lz4, 8 + (uint64_t)le32(lz4->in.now.at + 4), fault);
        lz4->place = AFTER_FRAME;
        return status;
    }
    lz4->legacy = magic == magic_legacy;
    lz4->history = lz4->content = 0;
    lz4->lossy = false;
    xxh32_init(&lz4->hash);
    if (lz4->legacy) {
        lz4->independent = true;
        lz4->block_checksums = lz4->content_checksum = false;
        lz4->content_size = UINT64_MAX;
        lz4->block_max = LEGACY_BLOCK;
        intake_skip(&lz4->in, 4);
    } else {
        status = read_descriptor(lz4, fault);
        if (status != STATUS_OK)
            return status;
    }
    lz4->place = AT_BLOCK;
    return want_window(lz4, fault);
}

/* `len` bytes in one piece: where they are, or gathered in `coded`. */
static enum status whole_block(struct lz4 *lz4, size_t len, struct span *block,
                               struct fault *fault) {
    buf_clear(&lz4->coded);
    if (lz4->in.now.len >= len) {
        *block = (struct span){lz4->in.now.at, len};
        intake_skip(&lz4->in, len);
        return STATUS_OK;
    }
    while (lz4->coded.len < len) {
        enum status status = intake_fill(&lz4->in, fault);
        if (status != STATUS_OK)
            return status == STATUS_END ? codec_damage(fault, "lz4", "is cut short") : status;
        size_t left = len - lz4->coded.len;
        size_t step = left < lz4->in.now.len ? left : lz4->in.now.len;
        buf_add(&lz4->coded, lz4->in.now.at, step);
        intake_skip(&lz4->in, step);
        if (lz4->coded.failed)
            return fault_memory(fault);
    }
    *block = buf_as_span(&lz4->coded);
    return STATUS_OK;
}

static enum status end_frame(struct lz4 *lz4, struct fault *fault) {
    enum status status = STATUS_OK;
    lz4->place = AFTER_FRAME;
    uint32_t stored = 0;
    if (lz4->content_checksum) {
        status = lz4_gather(lz4, 4, fault);
        if (status != STATUS_OK)
            return status;
        stored = le32(lz4->in.now.at);
        intake_skip(&lz4->in, 4);
    }
    bool wrong = (lz4->content_checksum && stored != xxh32_value(&lz4->hash)) ||
                 (lz4->content_size != UINT64_MAX && lz4->content_size != lz4->content);
    if (!wrong || lz4->lossy)
        return STATUS_OK;
    codec_damage(fault, "lz4", "does not match its checksum");
    return STATUS_REJECT;
}

/* Decodes what `whole_block` found; STATUS_REJECT when it is damaged and the next may be read. */
static enum status decode_block(struct lz4 *lz4, struct span block, bool stored,
                                struct fault *fault) {
    char *to = lz4->window + lz4->history;
    int64_t len = -1;
    if (lz4->block_checksums) {
        block.len -= 4;
        if (le32(block.at + block.len) != xxh32_of(block))
            block = (struct span){block.at, 0};
    }
    if (stored && block.len && block.len <= lz4->block_max) {
        memcpy(to, block.at, block.len);
        len = (int64_t)block.len;
    } else if (!stored) {
        len = block_decode(block, to, lz4->history, lz4->block_max);
    }
    if (len < 0 && !lz4->independent)
        return lz4_lose(lz4, "is damaged", fault);
    if (len < 0) {
        lz4->lossy = true;
        lz4->stream.seam = SEAM_RESUMED_BLOCK;
        codec_damage(fault, "lz4", "is damaged");
        return ++lz4->stream.losses > LOSSES_MAX ? STATUS_SKIP : STATUS_REJECT;
    }
    xxh32_add(&lz4->hash, (struct span){to, (size_t)len});
    lz4->content += (uint64_t)len;
    lz4->len = (size_t)len;
    lz4->given = 0;
    lz4->place = GIVING;
    return STATUS_OK;
}

static enum status read_block(struct lz4 *lz4, struct fault *fault) {
    enum status status = intake_gather(&lz4->in, 4, fault);
    if (status == STATUS_END && lz4->legacy) {
        lz4->place = AFTER_FRAME;
        return STATUS_OK;
    }
    if (status == STATUS_OK || status == STATUS_END)
        status = lz4_gather(lz4, 4, fault);
    if (status != STATUS_OK)
        return status;
    uint32_t size = le32(lz4->in.now.at);
    if (lz4->legacy && (size == 0 || frame_begins(&lz4->in))) {
        lz4->place = AFTER_FRAME;
        return STATUS_OK;
    }
    bool stored = !lz4->legacy && size >> 31;
    size &= lz4->legacy ? UINT32_MAX : INT32_MAX;
    if (size > lz4->block_max + (lz4->legacy ? LEGACY_BLOCK / 255 + 16 : 0))
        return lz4_lose(lz4, "is damaged", fault);
    intake_skip(&lz4->in, 4);
    if (size == 0 && !lz4->legacy)
        return end_frame(lz4, fault);
    struct span block = {NULL, 0};
    status = whole_block(lz4, size + (lz4->block_checksums ? 4u : 0u), &block, fault);
    return status == STATUS_OK ? decode_block(lz4, block, stored, fault) : status;
}

static void give(struct lz4 *lz4, char *to, size_t cap, size_t *got) {
    char *block = lz4->window + lz4->history;
    size_t left = lz4->len - lz4->given;
    *got = left < cap ? left : cap;
    memcpy(to, block + lz4->given, *got);
    lz4->given += *got;
    if (lz4->given < lz4->len)
        return;
    lz4->place = AT_BLOCK;
    if (lz4->independent)
        return;
    size_t all = lz4->history + lz4->len, keep = all < HISTORY ? all : HISTORY;
    memmove(lz4->window, lz4->window + all - keep, keep);
    lz4->history = keep;
}

static enum status lz4_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                            struct fault *fault) {
    struct lz4 *lz4 = (struct lz4 *)stream;
    enum status status = STATUS_OK;
    *got = 0;
    while (status == STATUS_OK && *got == 0 && stream->seam == SEAM_NONE) {
        switch (lz4->place) {
        case AT_FRAME:
            status = start_frame(lz4, fault);
            break;
        case AT_BLOCK:
            status = read_block(lz4, fault);
            break;
        case GIVING:
            give(lz4, to, cap, got);
            break;
        case AFTER_FRAME:
            lz4->place = AT_FRAME;
            status = codec_next_member(stream, &lz4->in, &lz4_member, fault);
            break;
        }
    }
    return status;
}

static void lz4_close(struct codec_stream *stream) {
    struct lz4 *lz4 = (struct lz4 *)stream;
    buf_release(&lz4->coded);
    free(lz4->window);
    free(lz4);
}

enum status lz4_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct lz4 *lz4 = calloc(1, sizeof *lz4);
    if (!lz4)
        return fault_memory(fault);
    lz4->stream = (struct codec_stream){.feed = feed, .read = lz4_read, .close = lz4_close};
    buf_init(&lz4->coded, BLOCK_MAX + BLOCK_MAX / 128);
    intake_init(&lz4->in, feed);
    *out = &lz4->stream;
    return STATUS_OK;
}
