#include "pipeline/engine/cutter.h"

#include <stdatomic.h>
#include <stdlib.h>

struct member_ref *member_ref_take(struct member_ref *ref) {
    atomic_fetch_add(&ref->users, 1);
    return ref;
}

void member_ref_drop(struct member_ref *ref) {
    if (ref && atomic_fetch_sub(&ref->users, 1) == 1) {
        decode_close(ref->decode);
        free(ref);
    }
}

void block_init(struct block *block, size_t max_record_bytes) {
    *block = (struct block){0};
    buf_init(&block->bytes, BLOCK_BYTES + 2 * max_record_bytes + BLOCK_PADDING);
}

void block_release(struct block *block) {
    member_ref_drop(block->member);
    buf_release(&block->bytes);
    block->member = NULL;
}

void cutter_begin(struct cutter *cutter, struct source *source, const char *label,
                  const struct decode_options *options) {
    *cutter = (struct cutter){.source = source, .options = options, .label = label};
    buf_init(&cutter->carry, BLOCK_BYTES + 2 * options->max_record_bytes);
}

void cutter_end(struct cutter *cutter) {
    member_ref_drop(cutter->member);
    cutter->member = NULL;
    buf_release(&cutter->carry);
}

/* Reads until `bytes` holds `want` or the source ends; damage is remembered for later. */
static enum status fill(struct cutter *cutter, struct buf *bytes, size_t want,
                        struct fault *fault) {
    while (bytes->len < want && !cutter->ended) {
        size_t got = 0;
        if (!buf_reserve(bytes, want - bytes->len + BLOCK_PADDING))
            return fault_memory(fault);
        enum status status = source_read(cutter->source, bytes->at + bytes->len, want - bytes->len,
                                         &got, &cutter->damage);
        bytes->len += got;
        cutter->bytes_out += got;
        if (status == STATUS_FATAL) {
            *fault = cutter->damage;
            return STATUS_FATAL;
        }
        cutter->ended = status != STATUS_OK;
        cutter->damaged = status == STATUS_SKIP;
    }
    return STATUS_OK;
}

/* Nothing is left: a clean end, or the damage that ended it. */
static enum status finish(struct cutter *cutter, struct fault *fault) {
    if (!cutter->damaged)
        return STATUS_END;
    cutter->damaged = false;
    *fault = cutter->damage;
    return STATUS_SKIP;
}

/* Chooses the format from the head of the member. */
static enum status start(struct cutter *cutter, struct buf *bytes, struct fault *fault) {
    enum status status = fill(cutter, bytes, HEAD_BYTES, fault);
    if (status != STATUS_OK)
        return status;
    if (bytes->len == 0)
        return finish(cutter, fault);
    struct member_ref *ref = calloc(1, sizeof *ref);
    if (!ref)
        return fault_memory(fault);
    status = decode_open(&ref->decode, buf_as_span(bytes), cutter->label, cutter->options, fault);
    if (status != STATUS_OK) {
        free(ref);
        return status;
    }
    ref->users = 1;
    cutter->member = ref;
    framer_init(&cutter->framer, ref->decode);
    cutter->started = true;
    return STATUS_OK;
}

/* Moves what follows `taken` in `bytes` to the carry and pads the block. */
static enum status keep_rest(struct cutter *cutter, struct buf *bytes, size_t taken,
                             struct fault *fault) {
    buf_clear(&cutter->carry);
    buf_add(&cutter->carry, bytes->at + taken, bytes->len - taken);
    bytes->len = taken;
    if (cutter->carry.failed || !buf_reserve(bytes, BLOCK_PADDING))
        return fault_memory(fault);
    memset(bytes->at + taken, 0, BLOCK_PADDING);
    return STATUS_OK;
}

/* Reads and cuts until there is a block with records, or nothing is left. */
static enum status cut_block(struct cutter *cutter, struct buf *bytes, struct fault *fault) {
    size_t want = BLOCK_BYTES;
    for (;;) {
        enum status status = fill(cutter, bytes, want, fault);
        if (status != STATUS_OK)
            return status;
        if (bytes->len == 0)
            return finish(cutter, fault);
        size_t taken = framer_cut(&cutter->framer, buf_as_span(bytes), cutter->ended);
        if (taken && !cutter->framer.drop)
            return keep_rest(cutter, bytes, taken, fault);
        if (taken) {
            memmove(bytes->at, bytes->at + taken, bytes->len - taken);
            bytes->len -= taken;
        } else if (cutter->ended) {
            return finish(cutter, fault);
        } else {
            want = bytes->len + BLOCK_BYTES / 4;
        }
    }
}

enum status cutter_next(struct cutter *cutter, struct block *block, struct fault *fault) {
    struct buf *bytes = &block->bytes;
    member_ref_drop(block->member);
    block->member = NULL;
    buf_clear(bytes);
    buf_span(bytes, buf_as_span(&cutter->carry));
    buf_clear(&cutter->carry);
    block->first = !cutter->started;
    enum status status = cutter->started ? STATUS_OK : start(cutter, bytes, fault);
    if (status == STATUS_OK)
        status = cut_block(cutter, bytes, fault);
    if (status == STATUS_OK)
        block->member = member_ref_take(cutter->member);
    return status;
}
