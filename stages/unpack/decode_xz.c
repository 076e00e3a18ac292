/* xz (format specification 1.1.0) by liblzma, block by block, so that after damage decoding can go
 * on at the next block or stream: a block header has a checksum and lies at a multiple of four
 * bytes, so it can be searched for. liblzma verifies blocks; the index of a stream and its footer,
 * which prove that no block is missing, are compared here. Blocks that are small enough are decoded
 * ahead by all threads: the header says how long they are (xz -T), or the next header is looked for
 * (xz --block-size). */
#include "stages/unpack/codec.h"
#include "stages/unpack/frames_ahead.h"

#include <lzma.h>
#include <stdlib.h>

struct xz {
    struct codec_stream stream;
    struct intake in;
    enum { AT_STREAM, AT_BLOCK, IN_BLOCK, IN_INDEX, AT_FOOTER } place;
    uint64_t begin; /* of the stream or block at hand */
    lzma_stream library;
    lzma_stream_flags flags;
    lzma_block block;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_index_hash *index; /* of the blocks so far; NULL when one was lost */
    uint64_t dictionary;    /* bytes that the block asks for */
    struct frames_ahead ahead;
    const struct frame_ahead *whole; /* the block at hand, decoded; or NULL */
    size_t whole_at;
    bool sized;      /* its header says both sizes */
    bool sized_only; /* one that did not was too large to be decoded ahead */
};

static bool stream_begins(const struct intake *in) {
    lzma_stream_flags flags;
    return in->now.len >= LZMA_STREAM_HEADER_SIZE &&
           lzma_stream_header_decode(&flags, (const uint8_t *)in->now.at) == LZMA_OK;
}
static const struct codec_member xz_member = {"xz", LZMA_STREAM_HEADER_SIZE, stream_begins, true};

/* A block header: its size, no unknown flags, its checksum (3.1). */
static bool header_begins(struct span bytes) {
    const uint8_t *at = (const uint8_t *)bytes.at;
    if (bytes.len < 8 || at[0] == 0 || (at[1] & 0x3C))
        return false;
    size_t size = lzma_block_header_size_decode(at[0]);
    if (size > bytes.len)
        return false;
    uint32_t stored = (uint32_t)at[size - 4] | (uint32_t)at[size - 3] << 8 |
                      (uint32_t)at[size - 2] << 16 | (uint32_t)at[size - 1] << 24;
    return lzma_crc32(at, size - 4, 0) == stored;
}

static bool block_or_stream_begins(const struct intake *in) {
    return ((unsigned char)in->now.at[0] == 0xFD && stream_begins(in)) ||
           (in->at % 4 == 0 && header_begins(in->now));
}
static const struct codec_member xz_block = {"xz", INTAKE_GATHER_MAX, block_or_stream_begins, true};

static void forget_index(struct xz *xz) {
    lzma_index_hash_end(xz->index, NULL);
    xz->index = NULL;
}

static void forget_filters(lzma_filter *filters) {
    for (size_t i = 0; i < LZMA_FILTERS_MAX && filters[i].id != LZMA_VLI_UNKNOWN; i++) {
        free(filters[i].options);
        filters[i].options = NULL;
    }
    filters[0].id = LZMA_VLI_UNKNOWN;
}

/* The header at the beginning of `bytes`, whose filters the caller forgets. */
static lzma_ret read_header(const struct xz *xz, struct span bytes, lzma_filter *filters,
                            lzma_block *block) {
    const uint8_t *at = (const uint8_t *)bytes.at;
    filters[0].id = LZMA_VLI_UNKNOWN;
    *block = (lzma_block){.version = 1, .check = xz->flags.check, .filters = filters};
    block->header_size = bytes.len && at[0] ? lzma_block_header_size_decode(at[0]) : 0;
    if (!block->header_size || block->header_size > bytes.len)
        return LZMA_BUF_ERROR;
    return lzma_block_header_decode(block, NULL, at);
}

/* Bytes of the block with all that belongs to it; 0 when its header does not say both sizes. */
static lzma_vli block_size(const lzma_block *block) {
    bool sized =
        block->compressed_size != LZMA_VLI_UNKNOWN && block->uncompressed_size != LZMA_VLI_UNKNOWN;
    return sized ? lzma_block_total_size(block) : 0;
}

/* xz -T -6 makes blocks of 24 MiB. */
#define BLOCK_PLAIN_MAX ((size_t)24 << 20)

/* Where the next block's header is, of a block that does not say where it ends; 0: not there. That
 * it is one is known once the block was decoded exactly to there. */
static size_t next_header(struct span bytes, size_t from) {
    const uint8_t *at = (const uint8_t *)bytes.at;
    for (size_t i = (from + 3) / 4 * 4; i + 8 <= bytes.len; i += 4) {
        struct span rest = {bytes.at + i, bytes.len - i};
        if (at[i] && !(at[i + 1] & 0x3C) && header_begins(rest))
            return i;
    }
    return 0;
}

static size_t xz_cut(const void *of, struct span bytes, size_t *plain) {
    const struct xz *xz = of;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block;
    bool read = read_header(xz, bytes, filters, &block) == LZMA_OK;
    forget_filters(filters);
    lzma_vli coded = read ? block_size(&block) : 0;
    *plain = coded ? (size_t)block.uncompressed_size : BLOCK_PLAIN_MAX;
    if (!coded && read && !xz->sized_only)
        coded = next_header(bytes, block.header_size);
    return coded <= bytes.len ? (size_t)coded : 0;
}

/* Notes the block's own size, which its padding hides. */
static bool xz_decode(const void *of, struct span coded, struct frame_ahead *frame) {
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block;
    bool whole = read_header(of, coded, filters, &block) == LZMA_OK;
    if (whole) {
        size_t used = block.header_size;
        whole =
            lzma_block_buffer_decode(&block, NULL, (const uint8_t *)coded.at, &used, coded.len,
                                     (uint8_t *)frame->plain, &frame->len, frame->cap) == LZMA_OK &&
            used == coded.len;
        frame->note = block.compressed_size;
    }
    forget_filters(filters);
    return whole;
}
static const struct frame_codec xz_blocks = {xz_cut,          xz_decode, 6 << 20,
                                             BLOCK_PLAIN_MAX, 12 << 20,  3 * BLOCK_PLAIN_MAX};

/* What cannot be read for another reason than damage; STATUS_OK for damage. */
static enum status xz_refuse(const struct xz *xz, lzma_ret result, struct fault *fault) {
    if (result == LZMA_OPTIONS_ERROR)
        return codec_damage(fault, "xz",
                            "uses a filter or option that burza does not know; decompress it with "
                            "a newer xz and run again");
    if (result == LZMA_MEM_ERROR)
        return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL,
                         "not enough memory for the dictionary of the xz data (%llu bytes); free "
                         "memory, or decompress it elsewhere",
                         (unsigned long long)xz->dictionary);
    return STATUS_OK;
}

/* Goes on at the next block or stream. */
static enum status xz_lose(struct xz *xz, lzma_ret result, struct fault *fault) {
    enum status status = xz_refuse(xz, result, fault);
    if (status != STATUS_OK)
        return status;
    codec_damage(fault, "xz", "is damaged or does not match its checksum");
    forget_index(xz);
    status = codec_resume(&xz->stream, &xz->in, &xz_block, xz->begin, fault);
    if (status == STATUS_REJECT) {
        bool stream = (unsigned char)xz->in.now.at[0] == 0xFD;
        xz->place = stream ? AT_STREAM : AT_BLOCK;
        xz->stream.seam = stream ? SEAM_RESUMED_MEMBER : SEAM_RESUMED_BLOCK;
    }
    return status;
}

/* Bytes of a structure that must be there. */
static enum status xz_gather(struct xz *xz, size_t want, struct fault *fault) {
    enum status status = intake_gather(&xz->in, want, fault);
    if (status == STATUS_END || (status == STATUS_OK && xz->in.now.len < want))
        return codec_damage(fault, "xz", "is cut short");
    return status;
}

static enum status start_stream(struct xz *xz, struct fault *fault) {
    enum status status = xz_gather(xz, LZMA_STREAM_HEADER_SIZE, fault);
    if (status != STATUS_OK)
        return status;
    xz->begin = xz->in.at;
    lzma_ret result = lzma_stream_header_decode(&xz->flags, (const uint8_t *)xz->in.now.at);
    if (result == LZMA_FORMAT_ERROR || result == LZMA_DATA_ERROR)
        return xz_lose(xz, LZMA_DATA_ERROR, fault);
    if (result != LZMA_OK)
        return xz_lose(xz, result, fault);
    intake_skip(&xz->in, LZMA_STREAM_HEADER_SIZE);
    forget_index(xz);
    xz->index = lzma_index_hash_init(NULL, NULL);
    xz->place = AT_BLOCK;
    return xz->index ? STATUS_OK : fault_memory(fault);
}

static uint64_t dictionary_of(const lzma_filter *filters) {
    for (; filters->id != LZMA_VLI_UNKNOWN; filters++)
        if (filters->id == LZMA_FILTER_LZMA2)
            return ((const lzma_options_lzma *)filters->options)->dict_size;
    return 0;
}

static enum status start_block(struct xz *xz, struct fault *fault) {
    enum status status = xz_gather(xz, 1, fault);
    if (status != STATUS_OK)
        return status;
    xz->begin = xz->in.at;
    if (xz->in.now.at[0] == 0) { /* the index indicator */
        xz->place = IN_INDEX;
        return STATUS_OK;
    }
    status = xz_gather(xz, lzma_block_header_size_decode((uint8_t)xz->in.now.at[0]), fault);
    if (status != STATUS_OK)
        return status;
    forget_filters(xz->filters);
    lzma_ret result = read_header(xz, xz->in.now, xz->filters, &xz->block);
    lzma_vli size = result == LZMA_OK ? block_size(&xz->block) : 0;
    xz->sized = size > 0;
    if (xz->sized)
        frames_ahead_seen(&xz->ahead, size);
    xz->whole = result == LZMA_OK ? frames_ahead_take(&xz->ahead, &xz->in) : NULL;
    xz->whole_at = 0;
    xz->place = IN_BLOCK;
    if (xz->whole)
        return STATUS_OK;
    if (result == LZMA_OK) {
        xz->dictionary = dictionary_of(xz->filters);
        result = lzma_block_decoder(&xz->library, &xz->block);
    }
    if (result != LZMA_OK)
        return xz_lose(xz, result, fault);
    intake_skip(&xz->in, xz->block.header_size);
    return STATUS_OK;
}

static enum status end_block(struct xz *xz, struct fault *fault) {
    xz->place = AT_BLOCK;
    frames_ahead_seen(&xz->ahead, xz->in.at - xz->begin);
    xz->sized_only |= !xz->sized && xz->block.uncompressed_size > BLOCK_PLAIN_MAX;
    if (!xz->index)
        return STATUS_OK;
    lzma_ret result = lzma_index_hash_append(xz->index, lzma_block_unpadded_size(&xz->block),
                                             xz->block.uncompressed_size);
    return result == LZMA_OK ? STATUS_OK : xz_lose(xz, result, fault);
}

/* The rest of a block that was decoded ahead. */
static enum status give_block(struct xz *xz, char *to, size_t cap, size_t *got,
                              struct fault *fault) {
    size_t left = xz->whole->len - xz->whole_at;
    *got = left < cap ? left : cap;
    memcpy(to, xz->whole->plain + xz->whole_at, *got);
    xz->whole_at += *got;
    if (*got < left)
        return STATUS_OK;
    intake_skip(&xz->in, xz->whole->coded);
    xz->block.compressed_size = xz->whole->note;
    xz->block.uncompressed_size = xz->whole->len;
    return end_block(xz, fault);
}

static enum status read_block(struct xz *xz, char *to, size_t cap, size_t *got,
                              struct fault *fault) {
    if (xz->whole)
        return give_block(xz, to, cap, got, fault);
    enum status status = intake_fill(&xz->in, fault);
    lzma_stream *library = &xz->library;
    if (status == STATUS_FATAL || status == STATUS_SKIP)
        return status;
    library->next_in = (const uint8_t *)xz->in.now.at;
    library->avail_in = status == STATUS_OK ? xz->in.now.len : 0;
    library->next_out = (uint8_t *)to;
    library->avail_out = cap;
    lzma_ret result = lzma_code(library, LZMA_RUN);
    *got = cap - library->avail_out;
    if (status == STATUS_OK)
        intake_skip(&xz->in, xz->in.now.len - library->avail_in);
    if (result == LZMA_STREAM_END)
        return end_block(xz, fault);
    if (status == STATUS_END && *got == 0)
        return codec_damage(fault, "xz", "is cut short");
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? STATUS_OK : xz_lose(xz, result, fault);
}

/* The index must list the blocks that were there. After a loss it cannot: the next stream is
 * looked for. */
static enum status read_index(struct xz *xz, struct fault *fault) {
    if (!xz->index) {
        enum status status = intake_search(&xz->in, xz_member.want, xz_member.begins, fault);
        xz->place = AT_STREAM;
        xz->stream.seam = SEAM_RESUMED_MEMBER;
        return status;
    }
    enum status status = intake_fill(&xz->in, fault);
    if (status == STATUS_END)
        return codec_damage(fault, "xz", "is cut short");
    if (status != STATUS_OK)
        return status;
    size_t used = 0;
    lzma_ret result =
        lzma_index_hash_decode(xz->index, (const uint8_t *)xz->in.now.at, &used, xz->in.now.len);
    intake_skip(&xz->in, used);
    if (result == LZMA_STREAM_END)
        xz->place = AT_FOOTER;
    return result == LZMA_OK || result == LZMA_STREAM_END ? STATUS_OK : xz_lose(xz, result, fault);
}

/* The end of a stream, and where the next one begins. */
static enum status read_footer(struct xz *xz, struct fault *fault) {
    lzma_stream_flags flags;
    enum status status = xz_gather(xz, LZMA_STREAM_HEADER_SIZE, fault);
    if (status != STATUS_OK)
        return status;
    lzma_ret result = lzma_stream_footer_decode(&flags, (const uint8_t *)xz->in.now.at);
    if (result != LZMA_OK || flags.backward_size != lzma_index_hash_size(xz->index) ||
        lzma_stream_flags_compare(&xz->flags, &flags) != LZMA_OK)
        return xz_lose(xz, LZMA_DATA_ERROR, fault);
    intake_skip(&xz->in, LZMA_STREAM_HEADER_SIZE);
    xz->place = AT_STREAM;
    return codec_next_member(&xz->stream, &xz->in, &xz_member, fault);
}

static enum status xz_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                           struct fault *fault) {
    struct xz *xz = (struct xz *)stream;
    enum status status = STATUS_OK;
    *got = 0;
    while (status == STATUS_OK && *got == 0 && stream->seam == SEAM_NONE) {
        switch (xz->place) {
        case AT_STREAM:
            status = start_stream(xz, fault);
            break;
        case AT_BLOCK:
            status = start_block(xz, fault);
            break;
        case IN_BLOCK:
            status = read_block(xz, to, cap, got, fault);
            break;
        case IN_INDEX:
            status = read_index(xz, fault);
            break;
        case AT_FOOTER:
            status = read_footer(xz, fault);
            break;
        }
    }
    return status;
}

static void xz_close(struct codec_stream *stream) {
    struct xz *xz = (struct xz *)stream;
    lzma_end(&xz->library);
    forget_index(xz);
    forget_filters(xz->filters);
    frames_ahead_release(&xz->ahead);
    free(xz);
}

enum status xz_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct xz *xz = calloc(1, sizeof *xz);
    if (!xz)
        return fault_memory(fault);
    xz->stream = (struct codec_stream){.feed = feed, .read = xz_read, .close = xz_close};
    xz->library = (lzma_stream)LZMA_STREAM_INIT;
    xz->filters[0].id = LZMA_VLI_UNKNOWN;
    frames_ahead_init(&xz->ahead, feed, &xz_blocks, xz);
    intake_init(&xz->in, &xz->ahead.feed);
    *out = &xz->stream;
    return STATUS_OK;
}
