#include "stages/unpack/frames_ahead.h"

#include <omp.h>
#include <stdlib.h>

#define ROOM_LEAST ((size_t)16 << 20)

/* Fills the window behind `len` bytes of it, as far as the feed goes. */
static size_t fill_window(struct frames_ahead *ahead, size_t len, struct fault *fault,
                          enum status *status) {
    size_t window = ahead->codec->window;
    *status = STATUS_OK;
    while (*status == STATUS_OK && len < window) {
        struct span chunk;
        *status = feed_take(ahead->below, &chunk, fault);
        if (*status != STATUS_OK)
            break;
        size_t used = window - len < chunk.len ? window - len : chunk.len;
        memcpy(ahead->window + len, chunk.at, used);
        len += used;
        if (used < chunk.len)
            feed_put_back(ahead->below, (struct span){chunk.at + used, chunk.len - used});
    }
    return len;
}

static enum status window_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct frames_ahead *ahead = (struct frames_ahead *)feed;
    if (!ahead->on)
        return feed_take(ahead->below, chunk, fault);
    enum status status;
    size_t len = fill_window(ahead, 0, fault, &status);
    *chunk = (struct span){ahead->window, len};
    return len ? STATUS_OK : status; /* what ended the feed is said again */
}

void frames_ahead_init(struct frames_ahead *ahead, struct feed *below,
                       const struct frame_codec *codec, const void *of) {
    *ahead = (struct frames_ahead){.below = below, .codec = codec, .of = of};
    feed_init(&ahead->feed, window_next);
}

void frames_ahead_release(struct frames_ahead *ahead) {
    free(ahead->window);
    free(ahead->room);
    ahead->window = ahead->room = NULL;
}

void frames_ahead_seen(struct frames_ahead *ahead, uint64_t coded) {
    if (ahead->on || !ahead->below->of_file || coded > ahead->codec->coded_max)
        return;
    ahead->window = malloc(ahead->codec->window);
    ahead->room = ahead->window ? malloc(ahead->codec->room) : NULL;
    ahead->on = ahead->room != NULL;
}

/* What is left of the window moves to its beginning, and more behind it. */
static void refill(struct frames_ahead *ahead, struct intake *intake) {
    struct fault unused = {0};
    enum status status;
    size_t len = intake->now.len;
    memmove(ahead->window, intake->now.at, len);
    len = fill_window(ahead, len, &unused, &status);
    intake->chunk = intake->now = (struct span){ahead->window, len};
    intake->chunk_at = intake->at;
}

/* Whether `now` is the rest of the intake's chunk, which is the window or what comes before it. */
static bool chunk_at_hand(const struct frames_ahead *ahead, const struct intake *intake) {
    const char *end = intake->chunk.at + intake->chunk.len;
    return ahead->on && intake->now.len && intake->now.at + intake->now.len == end &&
           intake->now.len <= ahead->codec->window;
}

/* Many small frames, or a large one for each thread. */
static size_t room_for(const struct frames_ahead *ahead, int threads) {
    size_t room = (size_t)threads * ahead->codec->plain_max;
    room = room < ROOM_LEAST ? ROOM_LEAST : room;
    return room < ahead->codec->room ? room : ahead->codec->room;
}

static void cut_frames(struct frames_ahead *ahead, const struct intake *intake, int threads) {
    size_t used = 0, room = 0, most = room_for(ahead, threads);
    ahead->count = 0;
    while (ahead->count < FRAMES_AHEAD_MAX) {
        size_t plain = 0;
        struct span rest = {intake->now.at + used, intake->now.len - used};
        size_t coded = ahead->codec->cut(ahead->of, rest, &plain);
        if (!coded || plain > ahead->codec->plain_max || plain > most - room)
            break;
        ahead->frames[ahead->count++] =
            (struct frame_ahead){intake->at + used, coded, plain, 0, ahead->room + room, 0};
        used += coded;
        room += plain;
    }
}

static void decode_frames(struct frames_ahead *ahead, const struct intake *intake, int threads) {
    size_t count = ahead->count;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t i = 0; i < count; i++) {
        struct frame_ahead *frame = &ahead->frames[i];
        struct span coded = {intake->now.at + (frame->at - intake->at), frame->coded};
        if (!ahead->codec->decode(ahead->of, coded, frame))
            frame->plain = NULL;
    }
}

const struct frame_ahead *frames_ahead_take(struct frames_ahead *ahead, struct intake *intake) {
    size_t plain;
    for (size_t i = 0; i < ahead->count; i++)
        if (ahead->frames[i].at == intake->at)
            return ahead->frames[i].plain ? &ahead->frames[i] : NULL;
    ahead->count = 0;
    if (!chunk_at_hand(ahead, intake))
        return NULL;
    if (intake->chunk.at != ahead->window || !ahead->codec->cut(ahead->of, intake->now, &plain))
        refill(ahead, intake);
    int threads = omp_in_parallel() ? omp_get_num_threads() : omp_get_max_threads();
    if (threads < 2)
        return NULL;
    cut_frames(ahead, intake, threads);
    if (ahead->count < 2) {
        ahead->count = 0;
        return NULL;
    }
    decode_frames(ahead, intake, threads);
    return ahead->frames[0].plain ? &ahead->frames[0] : NULL;
}
