#include "support_replies.h"

#include "civil_time.h"

/* Minutes until an answer within opening hours, deciles of an even spread of tempers */
static const uint16_t latency_minutes[11] = {2, 5, 8, 12, 17, 24, 34, 50, 80, 150, 380};

bool support_is_addressed(const struct conversation *conversation, const struct post *post,
                          const char *handle) {
    const char *text = conversation->texts.data + post->text_at;
    size_t length = strlen(handle);
    for (size_t i = 0; i + length < post->text_length; i++)
        if (text[i] == '@' && !strncasecmp(text + i + 1, handle, length))
            return true;
    return false;
}

static bool in_trouble(const struct plan *plan, const struct brand *brand, int64_t time_ms) {
    for (int e = 0; e < plan->event_count; e++) {
        const struct event *event = &plan->events[e];
        if (event->kind != EVENT_CRISIS || &brands[event->brand] != brand)
            continue;
        if (time_ms / 1000 >= event->onset_s && time_ms / 1000 < event->onset_s + 36 * HOUR_S)
            return true;
    }
    return false;
}

static bool is_open(const struct brand *brand, struct civil local) {
    return local.hour >= brand->open_hour && local.hour < brand->close_hour &&
           (brand->weekend || local.weekday < 5);
}

/* An answer due outside opening hours is written in the first ninety minutes of the next opening */
static int64_t next_opening_ms(const struct brand *brand, int64_t time_ms, struct random *random) {
    int64_t time_s = time_ms / 1000;
    while (!is_open(brand, warsaw_from_epoch(time_s)))
        time_s += 600 - time_s % 600;
    return time_s == time_ms / 1000 ? time_ms : time_s * 1000 + random_below(random, 90 * 60000);
}

static int64_t answer_time_ms(const struct plan *plan, const struct brand *brand, int64_t time_ms,
                              struct random *random) {
    uint32_t decile = random_below(random, 10);
    int64_t low = latency_minutes[decile], high = latency_minutes[decile + 1];
    int64_t wait_ms =
        (low * 60000 + (int64_t)random_below(random, (uint32_t)(high - low) * 60000)) *
        brand->latency_permille / 1000;
    if (in_trouble(plan, brand, time_ms))
        wait_ms *= 4;
    return next_opening_ms(brand, time_ms + wait_ms, random);
}

static uint32_t answer_add(struct speaker *speaker, uint32_t question, int64_t time_ms) {
    const struct post *asked = &speaker->conversation->posts[question];
    bool crisis = asked->topic == TOPIC_NORVIA_LEAK || asked->topic == TOPIC_KURIEREX_PARCELS ||
                  asked->topic == TOPIC_LAKOWIANKA_CAMPAIGN;
    struct post answer = speaker_blank(time_ms, PLATFORM_TWITTER);
    answer.language = asked->language > LANG_EN ? LANG_EN : asked->language;
    answer.topic = crisis ? asked->topic : brands[asked->brand].topic;
    answer.subject = asked->brand;
    answer.stance = STANCE_ANSWER;
    answer.author = (uint32_t)asked->brand;
    answer.brand = asked->brand;
    answer.from_brand = true;
    answer.reply_to = question;
    answer.thread = asked->thread == NO_POST ? question : asked->thread;
    return speaker_add(speaker, answer, false);
}

static uint32_t customer_add(struct speaker *speaker, uint32_t answer, uint32_t question,
                             enum stance stance) {
    const struct post *asked = &speaker->conversation->posts[question];
    int64_t time_ms = speaker->conversation->posts[answer].time_ms +
                      (3 + random_below(&speaker->random, 110)) * 60000LL;
    struct post reply = speaker_blank(time_ms, PLATFORM_TWITTER);
    reply.language = asked->language;
    reply.topic = brands[asked->brand].topic;
    reply.subject = asked->brand;
    reply.stance = stance;
    reply.author = asked->author;
    reply.brand = asked->brand;
    reply.reply_to = answer;
    reply.thread = asked->thread == NO_POST ? question : asked->thread;
    reply.inbound = stance == STANCE_FOLLOWUP;
    return speaker_add(speaker, reply, false);
}

/* Who asked and was answered buys more often than who was left waiting */
static void later_purchase(struct speaker *speaker, uint32_t question, uint32_t permille) {
    const struct post asked = speaker->conversation->posts[question];
    if (asked.stance != STANCE_QUESTION || asked.topic != brands[asked.brand].topic)
        return;
    if (!random_chance(&speaker->random, permille))
        return;
    int64_t wait_ms = (6 * HOUR_S + random_below(&speaker->random, 5 * DAY_S)) * 1000LL;
    struct post bought = speaker_blank(asked.time_ms + wait_ms, PLATFORM_TWITTER);
    bought.language = asked.language;
    bought.topic = asked.topic;
    bought.subject = asked.brand;
    bought.author = asked.author;
    bought.stance = random_chance(&speaker->random, 700) ? STANCE_PURCHASE : STANCE_PRAISE;
    speaker_add(speaker, bought, false);
}

static void converse(struct speaker *speaker, uint32_t question) {
    const struct plan *plan = speaker->conversation->plan;
    const struct brand *brand = &brands[speaker->conversation->posts[question].brand];
    int64_t asked_ms = speaker->conversation->posts[question].time_ms;
    uint32_t answer_permille = (uint32_t)brand->answer_permille *
                               (in_trouble(plan, brand, asked_ms) ? 400u : 1000u) / 1000;
    if (!random_chance(&speaker->random, answer_permille)) {
        later_purchase(speaker, question, 60);
        return;
    }
    uint32_t answer =
        answer_add(speaker, question, answer_time_ms(plan, brand, asked_ms, &speaker->random));
    later_purchase(speaker, question, 260);
    uint32_t draw = random_below(&speaker->random, 100);
    if (draw < 20) {
        customer_add(speaker, answer, question, STANCE_THANKS);
    } else if (draw < 32) {
        uint32_t again = customer_add(speaker, answer, question, STANCE_FOLLOWUP);
        int64_t again_ms = speaker->conversation->posts[again].time_ms;
        if (random_chance(&speaker->random, 500))
            answer_add(speaker, again, answer_time_ms(plan, brand, again_ms, &speaker->random));
    }
}

void support_follow(struct speaker *speaker, uint32_t index) {
    struct post *post = &speaker->conversation->posts[index];
    int brand = post->subject;
    if (brand == BRAND_NONE || post->stance == STANCE_SPAM || post->from_brand)
        return;
    if (!support_is_addressed(speaker->conversation, post, brands[brand].handle))
        return;
    post->inbound = true;
    post->brand = (int8_t)brand;
    converse(speaker, index);
}
