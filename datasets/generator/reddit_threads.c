/* Reddit threads: a few are open per topic and language at any time, comments hang below them. */
#include "civil_time.h"
#include "speaker.h"

static struct thread *thread_pick(struct speaker *speaker, const struct post *post) {
    struct thread *thread =
        &speaker->threads[brand_slot(post)][post->language][recent_slot(post->topic)]
                         [random_below(&speaker->random, THREADS_KEPT)];
    if (!thread->used)
        return NULL;
    int64_t age_ms = post->time_ms - speaker->conversation->posts[thread->title].time_ms;
    return age_ms > 1000 && age_ms < 72LL * HOUR_S * 1000 && thread->comments < 60 ? thread : NULL;
}

static void moderator_add(struct speaker *speaker, uint32_t title) {
    struct post note = speaker->conversation->posts[title];
    note.time_ms += 2000;
    note.robot = true;
    note.thread = note.reply_to = title;
    note.title = note.deleted = false;
    note.event = -1;
    note.subject = BRAND_NONE;
    note.topic = TOPIC_CHATREPLY;
    note.stance = STANCE_ANY;
    speaker_add(speaker, note, false);
}

static void thread_open(struct speaker *speaker, struct post post) {
    struct thread *thread =
        &speaker->threads[brand_slot(&post)][post.language][recent_slot(post.topic)]
                         [random_below(&speaker->random, THREADS_KEPT)];
    post.title = true;
    uint32_t title = speaker_add(speaker, post, true);
    *thread = (struct thread){.title = title, .latest = {title, title, title, title}, .used = true};
    if (random_chance(&speaker->random, 250) && post.language <= LANG_EN)
        moderator_add(speaker, title);
}

void speaker_thread(struct speaker *speaker, struct post post) {
    struct thread *thread = thread_pick(speaker, &post);
    if (!thread) {
        thread_open(speaker, post);
        return;
    }
    post.thread = thread->title;
    uint32_t parent = random_chance(&speaker->random, 450)
                          ? thread->title
                          : thread->latest[random_below(&speaker->random, 4)];
    if (speaker->conversation->posts[parent].time_ms >= post.time_ms)
        parent = thread->title;
    post.reply_to = parent;
    post.deleted = random_chance(&speaker->random, 25);
    if (post.subject == BRAND_NONE && post.language <= LANG_EN &&
        random_chance(&speaker->random, 250))
        post.topic = TOPIC_CHATREPLY;
    thread->latest[thread->comments++ % 4] =
        speaker_add(speaker, post, random_chance(&speaker->random, 350));
}
