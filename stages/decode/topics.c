#include "stages/decode/topics.h"

#include "stages/common/hash.h"
#include "stages/decode/document.h"

#include <stdlib.h>

/* Every reply looks through all of them. */
enum { TOPICS_MAX = 4096, CHUNK = 256, RECORD_LONGEST = 4096 };

struct topics {
    uint64_t *chunks[TOPICS_MAX / CHUNK];
    uint32_t count;
};

struct topics *topics_new(void) {
    return calloc(1, sizeof(struct topics));
}

void topics_free(struct topics *topics) {
    for (size_t i = 0; topics && i < TOPICS_MAX / CHUNK; i++)
        free(topics->chunks[i]);
    free(topics);
}

uint32_t topics_count(const struct topics *topics) {
    return topics ? topics->count : 0;
}

static uint64_t key_of(struct span scope, struct span id) {
    const struct span parts[] = {scope, id};
    return hash_stable_join(parts, 2);
}

/* The digits behind the record's first "id". */
static struct span id_of(struct span record) {
    const char *end = record.at + record.len;
    const char *at = memmem(record.at, record.len, "\"id\"", 4);
    if (!at)
        return (struct span){NULL, 0};
    for (at += 4; at < end && (*at == ':' || *at == ' '); at++)
        ;
    const char *from = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return (struct span){from, (size_t)(at - from)};
}

void topics_see(struct topics *topics, const struct format *format,
                const struct decode_place *place, struct span record) {
    const char *mark = format->topic_mark;
    struct value fields[FIELD_COUNT];
    if (record.len > RECORD_LONGEST || topics->count == TOPICS_MAX ||
        !memmem(record.at, record.len, mark, strlen(mark)))
        return;
    values_clear(fields);
    place_fill(place, format->context, fields);
    struct span id = id_of(record);
    uint64_t **chunk = &topics->chunks[topics->count / CHUNK];
    if (!id.len || (!*chunk && !(*chunk = calloc(CHUNK, sizeof **chunk))))
        return;
    (*chunk)[topics->count++ % CHUNK] = key_of(fields[FIELD_SCOPE].text, id);
}

bool topics_have(const struct topics *topics, uint32_t count, struct span scope, struct span id) {
    uint64_t key = count ? key_of(scope, id) : 0;
    for (uint32_t i = 0; i < count; i++)
        if (topics->chunks[i / CHUNK][i % CHUNK] == key)
            return true;
    return false;
}
