#include "stages/model/reply_links.h"

#include <stdlib.h>
#include <string.h>

void reply_links_init(struct reply_links *links) {
    *links = (struct reply_links){.last_us = TIME_NONE};
}

void reply_links_release(struct reply_links *links) {
    free(links->at);
    reply_links_init(links);
}

void reply_links_saw(struct reply_links *links, int64_t created_at_us) {
    if (links->last_us == TIME_NONE || created_at_us > links->last_us)
        links->last_us = created_at_us;
}

bool reply_links_append(struct reply_links *links, const struct reply_link *from, size_t count) {
    if (links->count + count > links->cap) {
        size_t cap = links->cap ? links->cap * 2 : 256;
        if (cap < links->count + count)
            cap = links->count + count;
        struct reply_link *at = realloc(links->at, cap * sizeof *at);
        if (!at)
            return false;
        links->at = at;
        links->cap = cap;
    }
    if (count)
        memcpy(links->at + links->count, from, count * sizeof *from);
    links->count += count;
    return true;
}

bool reply_links_append_all(struct reply_links *links, const struct reply_links *from) {
    links->threaded |= from->threaded;
    if (from->last_us != TIME_NONE)
        reply_links_saw(links, from->last_us);
    return reply_links_append(links, from->at, from->count);
}
