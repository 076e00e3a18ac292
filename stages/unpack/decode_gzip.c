/* gzip (RFC 1952) by ISA-L, which parses the header and checks CRC-32 and ISIZE. Members one after
 * another are one stream; zero padding after the last is tolerated, as gzip(1) does. */
#include "stages/unpack/codec.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#define MOST_AT_ONCE (1u << 30) /* ISA-L counts in 32 bits */

struct gzip {
    struct codec_stream decoder;
    struct span rest;  /* taken from the feed, not given to ISA-L yet */
    bool later_member; /* at least one member is complete */
    struct inflate_state state;
};

static void gzip_start_member(struct gzip *gzip) {
    isal_inflate_reset(&gzip->state);
    gzip->state.crc_flag = ISAL_GZIP;
}

/* Gives ISA-L more input. */
static enum status gzip_refill(struct gzip *gzip, struct fault *fault) {
    if (!gzip->rest.len) {
        enum status status = feed_take(gzip->decoder.feed, &gzip->rest, fault);
        if (status != STATUS_OK)
            return status;
    }
    uint32_t len = gzip->rest.len < MOST_AT_ONCE ? (uint32_t)gzip->rest.len : MOST_AT_ONCE;
    /* ISA-L only reads through next_in, but does not say so in its type */
    gzip->state.next_in = (uint8_t *)(uintptr_t)gzip->rest.at;
    gzip->state.avail_in = len;
    gzip->rest = (struct span){gzip->rest.at + len, gzip->rest.len - len};
    return STATUS_OK;
}

/* Between members: STATUS_OK when another begins, STATUS_END at the end. */
static enum status gzip_next_member(struct gzip *gzip, struct fault *fault) {
    struct inflate_state *state = &gzip->state;
    gzip->later_member = true;
    if (!state->avail_in) {
        enum status status = gzip_refill(gzip, fault);
        if (status != STATUS_OK)
            return status;
    }
    if (state->next_in[0] == 0x1f) {
        gzip_start_member(gzip);
        return STATUS_OK;
    }
    struct span left = {(const char *)state->next_in, state->avail_in + gzip->rest.len};
    return codec_trailer(&gzip->decoder, left, "gzip", fault);
}

static enum status gzip_error(const struct gzip *gzip, int error, struct fault *fault) {
    switch (error) {
    case ISAL_INCORRECT_CHECKSUM:
        return codec_damage(fault, "gzip", "does not match its checksum");
    case ISAL_INVALID_WRAPPER:
    case ISAL_UNSUPPORTED_METHOD:
        return codec_damage(fault, "gzip",
                            gzip->later_member ? "is followed by bytes that are not part of it"
                                               : "has a damaged header");
    default:
        return codec_damage(fault, "gzip", "is damaged");
    }
}

/* Refills after a call that neither filled the output nor reached the end of the member. */
static enum status gzip_feed_on(struct gzip *gzip, struct fault *fault) {
    if (gzip->state.avail_in)
        return codec_damage(fault, "gzip", "is damaged");
    enum status status = gzip_refill(gzip, fault);
    return status == STATUS_END ? codec_damage(fault, "gzip", "is cut short") : status;
}

static enum status gzip_read(struct codec_stream *decoder, char *to, size_t cap, size_t *got,
                             struct fault *fault) {
    struct gzip *gzip = (struct gzip *)decoder;
    struct inflate_state *state = &gzip->state;
    enum status status = STATUS_OK;
    uint32_t room = cap < MOST_AT_ONCE ? (uint32_t)cap : MOST_AT_ONCE;
    state->next_out = (uint8_t *)to;
    state->avail_out = room;
    while (status == STATUS_OK && state->avail_out) {
        int error = isal_inflate(state);
        if (error < 0 || error == ISAL_NEED_DICT)
            status = gzip_error(gzip, error, fault);
        else if (state->block_state == ISAL_BLOCK_FINISH)
            status = gzip_next_member(gzip, fault);
        else if (state->avail_out)
            status = gzip_feed_on(gzip, fault);
    }
    *got = room - state->avail_out;
    return status;
}

static void gzip_close(struct codec_stream *decoder) {
    free(decoder);
}

enum status gzip_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct gzip *gzip = calloc(1, sizeof *gzip);
    if (!gzip)
        return fault_memory(fault);
    gzip->decoder = (struct codec_stream){feed, gzip_read, gzip_close};
    isal_inflate_init(&gzip->state);
    gzip_start_member(gzip);
    *out = &gzip->decoder;
    return STATUS_OK;
}
