/* frames_ahead: the frames of a stream that stand one after another, decoded by all threads before
 * their turn. In: a feed, and how its codec cuts and decodes a frame. Out: the same bytes through a
 * window, and whole frames. What comes out does not depend on the threads: the window is there with
 * one of them, too, and a frame that cannot be decoded alone is left to its codec.
 * Owner: the codec. May fail: without memory nothing is decoded ahead. */
#ifndef BURZA_UNPACK_FRAMES_AHEAD_H
#define BURZA_UNPACK_FRAMES_AHEAD_H

#include "stages/unpack/intake.h"

#define FRAMES_AHEAD_MAX 256

struct frame_ahead {
    uint64_t at; /* of the feed */
    size_t coded, cap, len;
    char *plain;   /* into `room`; NULL when it was not decoded */
    uint64_t note; /* the codec's */
};

struct frame_codec {
    /* Bytes of the frame at the beginning, 0 when it is not whole or not to be cut; and at least
     * how many it decodes to at most. `of` is the codec's stream. */
    size_t (*cut)(const void *of, struct span bytes, size_t *plain);
    /* Decodes exactly that frame into plain[cap] and says `len`; false on any doubt. */
    bool (*decode)(const void *of, struct span coded, struct frame_ahead *frame);
    /* Bytes: of the largest frame that is worth it, coded and decoded; of the window, and of all
     * that is decoded at once. */
    size_t coded_max, plain_max, window, room;
};

struct frames_ahead {
    struct feed feed; /* what the codec's intake reads */
    struct feed *below;
    const struct frame_codec *codec;
    const void *of;
    bool on;      /* small frames were seen: worth a window */
    char *window; /* [codec->window], once it is on */
    char *room;   /* [codec->room] */
    size_t count;
    struct frame_ahead frames[FRAMES_AHEAD_MAX];
};

void frames_ahead_init(struct frames_ahead *ahead, struct feed *below,
                       const struct frame_codec *codec, const void *of);
void frames_ahead_release(struct frames_ahead *ahead);
/* A frame of so many bytes was seen. */
void frames_ahead_seen(struct frames_ahead *ahead, uint64_t coded);
/* The frame that begins at `intake`, decoded; NULL when its codec must read it. Lives until the
 * next call. */
const struct frame_ahead *frames_ahead_take(struct frames_ahead *ahead, struct intake *intake);

#endif
