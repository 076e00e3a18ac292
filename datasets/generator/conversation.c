#include "conversation.h"

#include <stdlib.h>

#include "civil_time.h"
#include "speaker.h"
#include "support_replies.h"

static uint32_t draw_likes(const struct conversation *conversation, const struct post *post,
                           struct random *random) {
    uint32_t bits = post->event >= 0 ? 9 : 5;
    if (conversation->crowds[post->platform].authors[post->author].followers > 3000)
        bits += 2;
    return random_skewed(random, bits);
}

/* Snowflake: milliseconds since the Twitter epoch, worker, sequence. Reddit: counts up in base 36.
 */
static uint64_t post_id(const struct conversation *conversation, const struct post *post,
                        uint32_t index, struct random *random) {
    if (post->platform == PLATFORM_TWITTER)
        return ((uint64_t)(post->time_ms - 1288834974657) << 22) |
               (uint64_t)(320 + random_below(random, 40)) << 12 | (index & 4095);
    uint64_t base = post->title ? 1000000000u : 40000000000u;
    return base + (uint64_t)(post->time_ms / 1000 - conversation->plan->begin_s) * 64 + index % 64;
}

/* A submission about a brand often has a headline of its own, ended by a line break */
static unsigned write_text(struct speaker *speaker, const struct post *post, bool long_form) {
    struct conversation *conversation = speaker->conversation;
    unsigned mask = 0;
    struct occasion occasion = {.topic = post->topic,
                                .brand = post->subject,
                                .stance = post->stance,
                                .language = post->language,
                                .platform = post->platform,
                                .author = conversation_author(conversation, post),
                                .tidy = post->from_brand || post->stance == STANCE_SPAM,
                                .long_form = long_form};
    bool brand = post->subject != BRAND_NONE && post->language <= LANG_EN;
    if (post->title && brand && random_chance(&speaker->random, 500)) {
        struct occasion headline = occasion;
        headline.stance = STANCE_TITLE;
        headline.tidy = true;
        headline.long_form = false;
        mask = compose_post(&speaker->composer, &headline, &conversation->texts);
        text_add_char(&conversation->texts, '\n');
    }
    return mask | compose_post(&speaker->composer, &occasion, &conversation->texts);
}

uint32_t speaker_add(struct speaker *speaker, struct post post, bool long_form) {
    struct conversation *conversation = speaker->conversation;
    if (conversation->count == conversation->capacity) {
        conversation->capacity = conversation->capacity ? conversation->capacity * 2 : 4096;
        struct post *posts = realloc(conversation->posts, conversation->capacity * sizeof *posts);
        if (!posts || conversation->capacity > NO_POST / 2)
            die("out of memory", "posts");
        conversation->posts = posts;
    }
    uint32_t index = (uint32_t)conversation->count++;
    post.text_at = conversation->texts.length;
    if (post.repost_of == NO_POST) {
        post.mask = (uint8_t)write_text(speaker, &post, long_form);
    }
    post.text_length = (uint32_t)(conversation->texts.length - post.text_at);
    post.id = post_id(conversation, &post, index, &speaker->random);
    if (post.topic != TOPIC_KURIEREX_FLOOD)
        post.likes = draw_likes(conversation, &post, &speaker->random);
    conversation->posts[index] = post;
    return index;
}

struct post speaker_blank(int64_t time_ms, enum platform platform) {
    return (struct post){.time_ms = time_ms,
                         .platform = platform,
                         .reply_to = NO_POST,
                         .repost_of = NO_POST,
                         .quote_of = NO_POST,
                         .thread = NO_POST,
                         .event = -1,
                         .brand = BRAND_NONE,
                         .subject = BRAND_NONE};
}

static enum topic chatter_topic(enum language language, struct random *random) {
    static const enum topic common[] = {TOPIC_WEATHER, TOPIC_FOOTBALL, TOPIC_DAILY,
                                        TOPIC_DAILY,   TOPIC_WORK,     TOPIC_FOOD,
                                        TOPIC_TRAVEL,  TOPIC_TECH,     TOPIC_POLITICS,
                                        TOPIC_CULTURE, TOPIC_DAILY,    TOPIC_DISTRACTOR};
    if (language > LANG_EN)
        return TOPIC_DAILY;
    return common[random_below(random, sizeof common / sizeof *common)];
}

static enum language small_language(int brand, struct random *random) {
    static const enum language chatter[] = {LANG_CS, LANG_DE, LANG_UK, LANG_UK, LANG_ES};
    if (brand == BRAND_NONE)
        return chatter[random_below(random, 5)];
    return random_chance(random, 500) ? LANG_DE : LANG_UK;
}

/* While the mood of a brand is turned, part of its steady talk is about the event */
static void turn_mood(struct speaker *speaker, struct post *post) {
    const struct plan *plan = speaker->conversation->plan;
    int turn = post->event < 0 && post->subject != BRAND_NONE && post->language <= LANG_EN
                   ? plan_turn(plan, post->subject, post->time_ms / 1000)
                   : -1;
    if (turn < 0 || !random_chance(&speaker->random, plan->events[turn].turn_permille))
        return;
    post->topic = plan->events[turn].topic;
    post->event = (int8_t)turn;
}

static struct post draft_post(struct speaker *speaker, const struct flow *flow, uint32_t minute) {
    struct random *random = &speaker->random;
    int64_t time_ms = (speaker->conversation->plan->begin_s + 60 * (int64_t)minute) * 1000 +
                      random_below(random, 60000);
    struct post post = speaker_blank(time_ms, flow->platform);
    post.language =
        flow->language == LANG_XX ? small_language(flow->brand, random) : flow->language;
    post.topic = flow->brand == BRAND_NONE ? chatter_topic(post.language, random) : flow->topic;
    post.subject = (int8_t)flow->brand;
    post.event = (int8_t)flow->event;
    turn_mood(speaker, &post);
    post.stance = plan_stance(post.topic, flow->language, post.event >= 0, random);
    post.author =
        flow->topic == TOPIC_KURIEREX_FLOOD
            ? BRAND_COUNT + random_below(random, 4)
            : people_pick(&speaker->conversation->crowds[flow->platform], post.language, random);
    return post;
}

/* The sixty latest posts of a topic, from which people repost, quote and answer */
static void recent_add(struct speaker *speaker, uint32_t index) {
    const struct post *post = &speaker->conversation->posts[index];
    struct recent *recent =
        &speaker
             ->recent[brand_slot(post)][post->platform][post->language][recent_slot(post->topic)];
    recent->posts[recent->next++ % RECENT_POSTS] = index;
}

static uint32_t recent_pick(struct speaker *speaker, const struct post *post) {
    struct recent *recent =
        &speaker
             ->recent[brand_slot(post)][post->platform][post->language][recent_slot(post->topic)];
    uint32_t held = recent->next < RECENT_POSTS ? recent->next : RECENT_POSTS;
    if (!held)
        return NO_POST;
    uint32_t nearest = random_below(&speaker->random, held) + 1;
    uint32_t pick = recent->posts[random_below(&speaker->random, nearest)];
    const struct post *found = &speaker->conversation->posts[pick];
    int64_t age_ms = post->time_ms - found->time_ms;
    return age_ms > 1000 && age_ms < 20 * HOUR_S * 1000LL && found->author != post->author
               ? pick
               : NO_POST;
}

/* Turns some posts into reposts, quotes and answers to other people */
static void relate(struct speaker *speaker, struct post *post) {
    uint32_t draw = random_below(&speaker->random, 1000);
    bool event =
        post->event >= 0 && speaker->conversation->plan->events[post->event].kind <= EVENT_BURST;
    uint32_t repost = event ? 280 : 100, quote = event ? 60 : 20, reply = event ? 0 : 110;
    if (draw >= repost + quote + reply || post->topic == TOPIC_KURIEREX_FLOOD)
        return;
    uint32_t target = recent_pick(speaker, post);
    if (target == NO_POST)
        return;
    if (draw < repost) {
        post->repost_of = target;
        post->stance = speaker->conversation->posts[target].stance;
        post->topic = speaker->conversation->posts[target].topic;
    } else if (draw < repost + quote && event) {
        post->quote_of = target;
        post->stance = STANCE_REACTION;
    } else if (post->subject == BRAND_NONE && post->language <= LANG_EN) {
        post->reply_to = target;
        post->topic = TOPIC_CHATREPLY;
    }
}

static void speak_twitter(struct speaker *speaker, struct post post) {
    relate(speaker, &post);
    bool long_form = post.topic < TOPIC_KURIEREX_FLOOD && random_chance(&speaker->random, 130);
    uint32_t index = speaker_add(speaker, post, long_form);
    if (post.repost_of != NO_POST)
        return;
    if (post.topic != TOPIC_CHATREPLY && post.topic != TOPIC_KURIEREX_FLOOD)
        recent_add(speaker, index);
    support_follow(speaker, index);
}

static void speak(struct speaker *speaker, const struct flow *flow, uint32_t minute) {
    struct post post = draft_post(speaker, flow, minute);
    if (flow->platform == PLATFORM_TWITTER) {
        speak_twitter(speaker, post);
    } else if (flow->platform == PLATFORM_REDDIT) {
        speaker_thread(speaker, post);
    } else {
        speaker_add(speaker, post, random_chance(&speaker->random, 250));
    }
}

static bool in_outage(const struct plan *plan, const struct post *post) {
    int64_t time_s = post->time_ms / 1000;
    for (int i = 0; i < plan->event_count; i++) {
        const struct event *event = &plan->events[i];
        if (event->kind == EVENT_OUTAGE && post->platform == event->platform &&
            time_s >= event->onset_s && time_s < event->stop_s)
            return true;
    }
    return false;
}

static void lose_uncollected(struct conversation *conversation) {
    const struct plan *plan = conversation->plan;
    for (size_t i = 0; i < conversation->count; i++) {
        struct post *post = &conversation->posts[i];
        int64_t time_s = post->time_ms / 1000;
        bool outside = time_s < plan->begin_s || time_s >= plan->begin_s + plan->days * DAY_S;
        post->lost = outside || in_outage(plan, post);
    }
}

static const struct post *sorted_posts; /* qsort has no context argument in C17 */

static int compare_time(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    int64_t difference = sorted_posts[a].time_ms - sorted_posts[b].time_ms;
    return difference ? (difference > 0) - (difference < 0) : (a > b) - (a < b);
}

static void sort_by_time(struct conversation *conversation) {
    conversation->order = allocate(conversation->count, sizeof *conversation->order);
    for (size_t i = 0; i < conversation->count; i++)
        conversation->order[i] = (uint32_t)i;
    sorted_posts = conversation->posts;
    qsort(conversation->order, conversation->count, sizeof *conversation->order, compare_time);
}

void conversation_create(struct conversation *conversation, const char *template_folder,
                         const struct plan *plan, uint64_t seed) {
    static const size_t people[PLATFORM_COUNT] = {3200, 1400, 1100};
    struct speaker *speaker = allocate(1, sizeof *speaker);
    *conversation = (struct conversation){.plan = plan};
    templates_read(&conversation->templates, template_folder);
    for (int p = 0; p < PLATFORM_COUNT; p++)
        people_create(&conversation->crowds[p], people[p], (enum platform)p, seed);
    speaker->conversation = conversation;
    random_init(&speaker->random, seed, 1);
    speaker->composer =
        (struct composer){.templates = &conversation->templates, .random = &speaker->random};
    for (uint32_t minute = 0; minute < plan_minutes(plan); minute++)
        for (size_t f = 0; f < plan->flow_count; f++)
            for (uint32_t n =
                     plan_draw(plan_rate_micro(plan, &plan->flows[f], minute), &speaker->random);
                 n > 0; n--)
                speak(speaker, &plan->flows[f], minute);
    lose_uncollected(conversation);
    sort_by_time(conversation);
    composer_release(&speaker->composer);
    free(speaker);
}

void conversation_release(struct conversation *conversation) {
    for (int p = 0; p < PLATFORM_COUNT; p++)
        people_release(&conversation->crowds[p]);
    templates_release(&conversation->templates);
    text_release(&conversation->texts);
    free(conversation->posts);
    free(conversation->order);
}

unsigned conversation_mask(const struct conversation *conversation, const struct post *post) {
    return post->repost_of == NO_POST ? post->mask : conversation->posts[post->repost_of].mask;
}

const struct author *conversation_author(const struct conversation *conversation,
                                         const struct post *post) {
    return &conversation->crowds[post->platform].authors[post->author];
}
