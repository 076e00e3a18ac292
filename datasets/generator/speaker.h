/* State while the conversation is written: shared by conversation.c, support_replies.c and
 * reddit_threads.c only. */
#ifndef GENERATOR_SPEAKER_H
#define GENERATOR_SPEAKER_H
#include "conversation.h"

enum { RECENT_POSTS = 60, RECENT_SLOTS = 8, THREADS_KEPT = 5 };

struct recent {
    uint32_t posts[RECENT_POSTS], next;
};
struct thread {
    uint32_t title, latest[4], comments;
    bool used;
};
struct speaker {
    struct conversation *conversation;
    struct random random;
    struct composer composer;
    /* by brand too, BRAND_NONE last */
    struct recent recent[BRAND_COUNT + 1][PLATFORM_COUNT][LANG_COUNT][RECENT_SLOTS];
    struct thread threads[BRAND_COUNT + 1][LANG_COUNT][RECENT_SLOTS][THREADS_KEPT];
};

/* Topics about brands have their own slot; all small talk shares the last one */
static inline unsigned recent_slot(enum topic topic) {
    return topic < TOPIC_KURIEREX_FLOOD ? topic : RECENT_SLOTS - 1;
}
static inline unsigned brand_slot(const struct post *post) {
    return post->subject == BRAND_NONE ? BRAND_COUNT : (unsigned)post->subject;
}
struct post speaker_blank(int64_t time_ms, enum platform platform);
uint32_t speaker_add(struct speaker *speaker, struct post post,
                     bool long_form); /* index of the new post */
void speaker_thread(struct speaker *speaker,
                    struct post post); /* Reddit: opens or continues a thread */
#endif
