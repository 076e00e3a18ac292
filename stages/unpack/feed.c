#include "stages/unpack/feed.h"

void feed_init(struct feed *feed,
               enum status (*next)(struct feed *, struct span *, struct fault *)) {
    *feed = (struct feed){.next = next, .ended = STATUS_OK};
}

static enum status feed_pull(struct feed *feed, struct span *chunk, struct fault *fault) {
    if (feed->ended != STATUS_OK) {
        *fault = feed->ended_fault;
        return feed->ended;
    }
    enum status status = feed->next(feed, chunk, fault);
    if (status != STATUS_OK) {
        feed->ended = status;
        feed->ended_fault = *fault;
    }
    return status;
}

enum status feed_take(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct span *waiting = feed->glued.len ? &feed->glued : &feed->ready;
    if (waiting->len) {
        *chunk = *waiting;
        *waiting = (struct span){NULL, 0};
    } else {
        enum status status = feed_pull(feed, chunk, fault);
        if (status != STATUS_OK)
            return status;
    }
    feed->taken += chunk->len;
    return STATUS_OK;
}

enum status feed_take_to(struct feed *feed, char *to, size_t cap, struct span *chunk,
                         struct fault *fault) {
    feed->place = to;
    feed->place_cap = cap;
    enum status status = feed_take(feed, chunk, fault);
    feed->place = NULL;
    return status;
}

void feed_put_back(struct feed *feed, struct span bytes) {
    feed->ready = bytes;
    feed->taken -= bytes.len;
}

/* Moves bytes from `ready` into the head buffer until it holds `want`. */
static void feed_glue(struct feed *feed, size_t want) {
    size_t move = want - feed->glued.len;
    if (move > feed->ready.len)
        move = feed->ready.len;
    if (move == 0)
        return;
    memcpy(feed->head + feed->glued.len, feed->ready.at, move);
    feed->glued = (struct span){feed->head, feed->glued.len + move};
    feed->ready = (struct span){feed->ready.at + move, feed->ready.len - move};
}

enum status feed_peek(struct feed *feed, size_t want, struct span *head, struct fault *fault) {
    enum status status = STATUS_OK;
    if (want > FEED_HEAD)
        want = FEED_HEAD;
    if (!feed->glued.len && !feed->ready.len)
        status = feed_pull(feed, &feed->ready, fault);
    if (!feed->glued.len && feed->ready.len >= want) {
        *head = feed->ready;
        return STATUS_OK;
    }
    while (status == STATUS_OK && feed->glued.len < want) {
        if (!feed->ready.len)
            status = feed_pull(feed, &feed->ready, fault);
        if (status == STATUS_OK)
            feed_glue(feed, want);
    }
    *head = feed->glued;
    return status == STATUS_FATAL || feed->glued.len == 0 ? status : STATUS_OK;
}

bool span_is_zeros(struct span bytes) {
    return bytes.len == 0 ||
           (bytes.at[0] == 0 && memcmp(bytes.at, bytes.at + 1, bytes.len - 1) == 0);
}

enum status feed_drain(struct feed *feed, bool *only_zeros, struct fault *fault) {
    struct span chunk;
    enum status status;
    *only_zeros = true;
    while ((status = feed_take(feed, &chunk, fault)) == STATUS_OK)
        *only_zeros = *only_zeros && span_is_zeros(chunk);
    return status == STATUS_END ? STATUS_OK : status;
}

static enum status span_feed_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct span_feed *self = (struct span_feed *)feed;
    (void)fault;
    *chunk = self->bytes;
    self->bytes = (struct span){NULL, 0};
    return chunk->len ? STATUS_OK : STATUS_END;
}

void span_feed_init(struct span_feed *feed, struct span bytes) {
    feed_init(&feed->feed, span_feed_next);
    feed->bytes = bytes;
}
