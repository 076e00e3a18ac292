/* gzip (RFC 1952) by ISA-L, which parses the header and checks CRC-32 and ISIZE. Members one after
 * another are one stream; zero padding after the last is tolerated, as gzip(1) does. After damage
 * decoding goes on at the next header. Members that say how long they are (bgzip) are decoded ahead
 * by all threads. */
#include "stages/unpack/codec.h"
#include "stages/unpack/frames_ahead.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#define MOST_AT_ONCE (1u << 30) /* ISA-L counts in 32 bits */

struct gzip {
    struct codec_stream stream;
    struct intake in;
    uint64_t begin; /* of the member at hand */
    enum { AT_MEMBER, IN_MEMBER, AFTER_MEMBER } place;
    struct frames_ahead ahead;
    const struct frame_ahead *member; /* the member at hand, decoded; or NULL */
    size_t member_at;
    bool starved; /* ISA-L has nothing left to give without more input */
    struct inflate_state state;
};

/* Magic number, method, no reserved flags; and, as every writer sets them, the level and the
 * operating system, because the search for a header after damage sees all bytes. */
static bool gzip_begins(const struct intake *in) {
    const unsigned char *at = (const unsigned char *)in->now.at;
    return in->now.len >= 10 && at[0] == 0x1f && at[1] == 0x8b && at[2] == 8 &&
           (at[3] & 0xE0) == 0 && (at[8] == 0 || at[8] == 2 || at[8] == 4) &&
           (at[9] <= 14 || at[9] == 255);
}
static const struct codec_member gzip_member = {"gzip", 10, gzip_begins, false};

static uint32_t little_endian(const char *at, int count) {
    uint32_t value = 0;
    for (int i = count; i-- > 0;)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

/* BGZF (SAM/BAM specification, section 4.1): the only extra field is "BC" and the member's bytes
 * less one; at most 64 KiB come out, as many as the trailer says. */
static size_t bgzip_cut(const void *of, struct span bytes, size_t *plain) {
    (void)of;
    static const char begins[] = {0x1f, (char)0x8b, 8, 4}, field[] = {6, 0, 'B', 'C', 2, 0};
    if (bytes.len < 28 || memcmp(bytes.at, begins, 4) != 0 || memcmp(bytes.at + 10, field, 6) != 0)
        return 0;
    size_t coded = little_endian(bytes.at + 16, 2) + 1;
    if (coded < 26 || coded > bytes.len)
        return 0;
    *plain = little_endian(bytes.at + coded - 4, 4);
    return *plain <= 65536 ? coded : 0;
}

static bool bgzip_decode(const void *of, struct span coded, struct frame_ahead *frame) {
    (void)of;
    struct inflate_state state;
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP;
    state.next_in = (uint8_t *)(uintptr_t)coded.at;
    state.avail_in = (uint32_t)coded.len;
    state.next_out = (uint8_t *)frame->plain;
    state.avail_out = (uint32_t)frame->cap;
    int error = isal_inflate(&state);
    frame->len = frame->cap - state.avail_out;
    return error == ISAL_DECOMP_OK && state.block_state == ISAL_BLOCK_FINISH &&
           state.avail_in == 0 && frame->len == frame->cap;
}
static const struct frame_codec bgzip_members = {bgzip_cut, bgzip_decode, 64 << 10,
                                                 64 << 10,  8 << 20,      16 << 20};

/* The rest of a member that was decoded ahead. */
static void gzip_give_member(struct gzip *gzip) {
    struct inflate_state *state = &gzip->state;
    size_t left = gzip->member->len - gzip->member_at;
    uint32_t len = left < state->avail_out ? (uint32_t)left : state->avail_out;
    memcpy(state->next_out, gzip->member->plain + gzip->member_at, len);
    state->next_out += len;
    state->avail_out -= len;
    gzip->member_at += len;
    if (gzip->member_at < gzip->member->len)
        return;
    intake_skip(&gzip->in, gzip->member->coded);
    gzip->place = AFTER_MEMBER;
}

static void gzip_start_member(struct gzip *gzip) {
    isal_inflate_reset(&gzip->state);
    gzip->state.crc_flag = ISAL_GZIP;
    gzip->begin = gzip->in.at;
    gzip->place = IN_MEMBER;
    gzip->starved = true;
    gzip->member = frames_ahead_take(&gzip->ahead, &gzip->in);
    gzip->member_at = 0;
}

static enum status gzip_lose(struct gzip *gzip, int error, struct fault *fault) {
    bool header = error == ISAL_INVALID_WRAPPER || error == ISAL_UNSUPPORTED_METHOD;
    const char *what = error == ISAL_INCORRECT_CHECKSUM ? "does not match its checksum"
                       : header                         ? "has a damaged header"
                                                        : "is damaged";
    codec_damage(fault, "gzip", what);
    gzip->place = AT_MEMBER;
    return codec_resume(&gzip->stream, &gzip->in, &gzip_member, gzip->begin, fault);
}

/* One call of ISA-L; what it did not use stays in the intake. */
static enum status gzip_step(struct gzip *gzip, struct fault *fault) {
    struct inflate_state *state = &gzip->state;
    enum status status = gzip->starved ? intake_fill(&gzip->in, fault) : STATUS_OK;
    if (status == STATUS_END)
        return codec_damage(fault, "gzip", "is cut short");
    if (status != STATUS_OK)
        return status;
    uint32_t len = gzip->in.now.len < MOST_AT_ONCE ? (uint32_t)gzip->in.now.len : MOST_AT_ONCE;
    uint32_t room = state->avail_out;
    /* ISA-L only reads through next_in, but does not say so in its type */
    state->next_in = (uint8_t *)(uintptr_t)gzip->in.now.at;
    state->avail_in = len;
    int error = isal_inflate(state);
    intake_skip(&gzip->in, len - state->avail_in);
    if (error < 0 || error == ISAL_NEED_DICT)
        return gzip_lose(gzip, error, fault);
    gzip->starved = state->avail_out > 0;
    if (state->block_state == ISAL_BLOCK_FINISH)
        gzip->place = AFTER_MEMBER;
    else if (len && state->avail_in == len && state->avail_out == room)
        return gzip_lose(gzip, ISAL_INVALID_BLOCK, fault);
    return STATUS_OK;
}

static enum status gzip_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                             struct fault *fault) {
    struct gzip *gzip = (struct gzip *)stream;
    struct inflate_state *state = &gzip->state;
    enum status status = STATUS_OK;
    uint32_t room = cap < MOST_AT_ONCE ? (uint32_t)cap : MOST_AT_ONCE;
    if (gzip->place == AT_MEMBER)
        gzip_start_member(gzip);
    state->next_out = (uint8_t *)to;
    state->avail_out = room;
    if (gzip->place == IN_MEMBER && gzip->member)
        gzip_give_member(gzip);
    while (status == STATUS_OK && gzip->place == IN_MEMBER && !gzip->member && state->avail_out)
        status = gzip_step(gzip, fault);
    *got = room - state->avail_out;
    if (status == STATUS_OK && gzip->place == AFTER_MEMBER) {
        frames_ahead_seen(&gzip->ahead, gzip->in.at - gzip->begin);
        status = codec_next_member(stream, &gzip->in, &gzip_member, fault);
        gzip->place = AT_MEMBER;
    }
    return status;
}

static void gzip_close(struct codec_stream *stream) {
    frames_ahead_release(&((struct gzip *)stream)->ahead);
    free(stream);
}

enum status gzip_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct gzip *gzip = calloc(1, sizeof *gzip);
    if (!gzip)
        return fault_memory(fault);
    gzip->stream = (struct codec_stream){.feed = feed, .read = gzip_read, .close = gzip_close};
    frames_ahead_init(&gzip->ahead, feed, &bgzip_members, NULL);
    intake_init(&gzip->in, &gzip->ahead.feed);
    isal_inflate_init(&gzip->state);
    *out = &gzip->stream;
    return STATUS_OK;
}
