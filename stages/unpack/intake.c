#include "stages/unpack/intake.h"

void intake_init(struct intake *intake, struct feed *feed) {
    *intake = (struct intake){.feed = feed};
}

/* How much of `now` has been glued before the bytes of the chunk. */
static bool is_glued(const struct intake *intake) {
    return intake->now.len && intake->now.at >= intake->glue &&
           intake->now.at < intake->glue + sizeof intake->glue;
}

/* What of the chunk lies behind `now`. */
static struct span rest_of_chunk(const struct intake *intake) {
    uint64_t used = intake->at + intake->now.len - intake->chunk_at;
    if (used == intake->chunk.len)
        return (struct span){NULL, 0};
    return (struct span){intake->chunk.at + used, intake->chunk.len - (size_t)used};
}

static enum status next_chunk(struct intake *intake, struct fault *fault) {
    struct span chunk;
    uint64_t end = intake->chunk_at + intake->chunk.len;
    enum status status = feed_take(intake->feed, &chunk, fault);
    if (status == STATUS_OK) {
        intake->chunk = chunk;
        intake->chunk_at = end;
    }
    return status;
}

enum status intake_fill(struct intake *intake, struct fault *fault) {
    if (intake->now.len)
        return STATUS_OK;
    intake->now = rest_of_chunk(intake);
    if (intake->now.len)
        return STATUS_OK;
    enum status status = next_chunk(intake, fault);
    if (status == STATUS_OK)
        intake->now = intake->chunk;
    return status;
}

enum status intake_gather(struct intake *intake, size_t want, struct fault *fault) {
    enum status status = intake_fill(intake, fault);
    while (status == STATUS_OK && intake->now.len < want) {
        struct span more = rest_of_chunk(intake);
        if (!is_glued(intake) || intake->now.at != intake->glue) {
            memmove(intake->glue, intake->now.at, intake->now.len);
            intake->now.at = intake->glue;
        }
        if (!more.len) {
            status = next_chunk(intake, fault);
            continue;
        }
        size_t len = want - intake->now.len < more.len ? want - intake->now.len : more.len;
        memcpy(intake->glue + intake->now.len, more.at, len);
        intake->now.len += len;
    }
    return status == STATUS_END && intake->now.len ? STATUS_OK : status;
}

void intake_skip(struct intake *intake, size_t len) {
    if (len)
        intake->now = (struct span){intake->now.at + len, intake->now.len - len};
    intake->at += len;
}

void intake_rewind(struct intake *intake, uint64_t to) {
    if (to < intake->chunk_at)
        to = intake->chunk_at;
    if (to >= intake->at)
        return;
    intake->at = to;
    size_t used = (size_t)(to - intake->chunk_at);
    intake->now = (struct span){intake->chunk.at + used, intake->chunk.len - used};
}

enum status intake_skip_zeros(struct intake *intake, struct fault *fault) {
    enum status status;
    while ((status = intake_fill(intake, fault)) == STATUS_OK) {
        size_t zeros = 0;
        while (zeros < intake->now.len && intake->now.at[zeros] == 0)
            zeros++;
        intake_skip(intake, zeros);
        if (intake->now.len)
            break;
    }
    return status;
}

enum status intake_search(struct intake *intake, size_t want,
                          bool (*fits)(const struct intake *intake), struct fault *fault) {
    enum status status;
    while ((status = intake_gather(intake, want, fault)) == STATUS_OK) {
        if (fits(intake))
            break;
        intake_skip(intake, 1);
    }
    return status;
}
