#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "civil_time.h"
#include "listening.h"
#include "pack.h"
#include "support_replies.h"
#include "truth_file.h"

/* The usual talk planned about a brand in a minute, and one event's (-1: none) on top */
static uint64_t brand_rate(const struct plan *plan, int brand, uint32_t minute, int event) {
    uint64_t rate = 0;
    for (size_t f = 0; f < plan->flow_count; f++)
        if (plan->flows[f].brand == brand &&
            (plan->flows[f].event < 0 || plan->flows[f].event == event))
            rate += plan_rate_micro(plan, &plan->flows[f], minute);
    return rate;
}

struct course {
    int64_t crossing_s, peak_s,
        end_s;         /* 1.5 times the ordinary rate is reached, the top, and left for good */
    uint64_t expected; /* posts planned by the event, without follow-ups */
};

static struct course event_course(const struct plan *plan, int index) {
    const struct event *event = &plan->events[index];
    uint32_t first = (uint32_t)(event->onset_s - plan->begin_s) / 60,
             last = (uint32_t)(event->stop_s - plan->begin_s) / 60;
    struct course course = {0};
    uint64_t top = 0, micro = 0;
    for (uint32_t minute = first; minute < last; minute++) {
        uint64_t all = brand_rate(plan, event->brand, minute, index),
                 usual = brand_rate(plan, event->brand, minute, -1);
        int64_t time_s = plan->begin_s + 60 * (int64_t)minute;
        micro += all - usual;
        if (all > top)
            course.peak_s = time_s;
        if (all > top)
            top = all;
        if (2 * all < 3 * usual)
            continue;
        if (!course.crossing_s)
            course.crossing_s = time_s;
        course.end_s = time_s + 60;
    }
    course.expected = micro / 1000000;
    if (event->turn_permille) {
        course.crossing_s = event->onset_s;
        course.peak_s = event->onset_s + (event->stop_s - event->onset_s) / 2;
        course.end_s = event->stop_s;
    }
    return course;
}

static void add_time(struct text *out, const char *key, int64_t epoch_s) {
    text_print(out, ", \"%s\": %" PRId64 ", \"%s_iso\": \"", key, epoch_s, key);
    text_add_iso(out, epoch_s);
    text_add_char(out, '"');
}

static bool is_negative(enum stance stance) {
    switch (stance) {
    case STANCE_COMPLAINT:
    case STANCE_CHURN:
    case STANCE_IRONY:
    case STANCE_FOLLOWUP:
    case STANCE_OUTRAGE:
    case STANCE_REACTION:
        return true;
    default:
        return false;
    }
}

static bool is_positive(enum stance stance) {
    return stance == STANCE_PRAISE || stance == STANCE_RECOMMEND || stance == STANCE_JOY ||
           stance == STANCE_THANKS;
}

static void add_event_counts(struct text *out, const struct conversation *conversation, int index) {
    uint32_t posts = 0, negative = 0, by_platform[PLATFORM_COUNT] = {0};
    for (size_t i = 0; i < conversation->count; i++) {
        const struct post *post = &conversation->posts[i];
        if (post->event != index || post->lost)
            continue;
        posts++;
        by_platform[post->platform]++;
        negative +=
            is_negative(post->stance) && conversation->plan->events[index].kind == EVENT_CRISIS;
    }
    text_print(out,
               ", \"posts\": %u, \"posts_negative\": %u, \"twitter\": %u, \"reddit\": %u, "
               "\"listening\": %u",
               posts, negative, by_platform[0], by_platform[1], by_platform[2]);
}

static void add_event(struct text *out, const struct conversation *conversation, int index) {
    static const char *const kinds[] = {"crisis", "burst", "flood", "outage", "promotion"};
    const struct plan *plan = conversation->plan;
    const struct event *event = &plan->events[index];
    text_print(out, "    {\"name\": \"%s\", \"kind\": \"%s\", \"brand\": ", event->name,
               kinds[event->kind]);
    if (event->brand == BRAND_NONE)
        text_add_string(out, "null");
    else
        text_print(out, "\"%s\"", brands[event->brand].id);
    text_print(out, ", \"note\": \"%s\"", event->note);
    if (event->kind <= EVENT_FLOOD) {
        struct course course = event_course(plan, index);
        add_time(out, "onset", event->onset_s);
        add_time(out, "crossing", course.crossing_s);
        add_time(out, "peak", course.peak_s);
        add_time(out, "end", course.end_s);
        text_print(out, ", \"expected_posts\": %" PRIu64, course.expected);
    } else if (event->kind == EVENT_OUTAGE) {
        add_time(out, "onset", event->onset_s);
        add_time(out, "end", event->stop_s);
    }
    if (event->kind != EVENT_OUTAGE)
        add_event_counts(out, conversation, index);
    text_add_string(out, index + 1 < plan->event_count ? "},\n" : "}\n");
}

static int compare_seconds(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* A customer's message to the brand: by its handle or in reply to it. */
static bool is_message(const struct conversation *conversation, const struct post *post,
                       int brand) {
    bool replies = post->reply_to != NO_POST && post->brand == brand &&
                   conversation->posts[post->reply_to].from_brand;
    bool handle = post->platform == PLATFORM_TWITTER && post->repost_of == NO_POST &&
                  support_is_addressed(conversation, post, brands[brand].handle);
    return !post->from_brand && !post->lost && (handle || replies);
}

/* A message begins a conversation, or goes on in the one of the answer that it replies to, if the
 * dump has that, and the question that was answered. */
static bool begins_conversation(const struct conversation *conversation, const struct post *post) {
    const struct post *answer =
        post->reply_to == NO_POST ? NULL : &conversation->posts[post->reply_to];
    return !answer || !answer->from_brand || answer->lost ||
           conversation->posts[answer->reply_to].lost;
}

static void add_messages(struct text *out, const struct conversation *conversation, int brand) {
    uint32_t messages = 0, conversations = 0, customers = 0, first_answered = 0;
    uint8_t *known = allocate(conversation->crowds[PLATFORM_TWITTER].count, sizeof *known);
    for (size_t i = 0; i < conversation->count; i++) {
        const struct post *post = &conversation->posts[i];
        if (post->from_brand && post->brand == brand && !post->lost) {
            const struct post *asked = &conversation->posts[post->reply_to];
            first_answered += !asked->lost && begins_conversation(conversation, asked) &&
                              post->time_ms - asked->time_ms <= DAY_S * 1000LL;
        }
        if (!is_message(conversation, post, brand))
            continue;
        messages++;
        conversations += begins_conversation(conversation, post);
        customers += !known[post->author];
        known[post->author] = 1;
    }
    text_print(out,
               ", \"messages\": %u, \"conversations\": %u, \"customers\": %u, "
               "\"first_answered_24h\": %u",
               messages, conversations, customers, first_answered);
    free(known);
}

/* The first who is called so where the author writes: by names alone two are one. */
static uint32_t person_of(const struct crowd *crowd, enum platform platform, uint32_t author) {
    const struct author *own = &crowd->authors[author];
    for (uint32_t i = 0; platform != PLATFORM_TWITTER && i < author; i++) {
        bool beside = platform != PLATFORM_LISTENING || listening_beside(&crowd->authors[i], own);
        if (beside && strcmp(crowd->authors[i].handle, own->handle) == 0)
            return i;
    }
    return author;
}

/* Who spoke of the brand or to it, on each platform anew. */
static void add_journey(struct text *out, const struct conversation *conversation, int brand) {
    uint8_t *known[PLATFORM_COUNT];
    uint32_t people = 0;
    for (int p = 0; p < PLATFORM_COUNT; p++)
        known[p] = allocate(conversation->crowds[p].count, sizeof *known[p]);
    for (size_t i = 0; i < conversation->count; i++) {
        const struct post *post = &conversation->posts[i];
        bool about = conversation_mask(conversation, post) >> brand & 1;
        if (post->lost || post->deleted || post->robot || post->from_brand ||
            !(about || is_message(conversation, post, brand)))
            continue;
        uint32_t person =
            person_of(&conversation->crowds[post->platform], post->platform, post->author);
        people += !known[post->platform][person];
        known[post->platform][person] = 1;
    }
    for (int p = 0; p < PLATFORM_COUNT; p++)
        free(known[p]);
    text_print(out, ", \"journey\": {\"people\": %u}", people);
}

static void add_care(struct text *out, const struct conversation *conversation, int brand) {
    uint32_t inbound = 0, answered = 0, within_hour = 0, within_day = 0;
    uint32_t *waits_s = allocate(conversation->count, sizeof *waits_s);
    for (size_t i = 0; i < conversation->count; i++) {
        const struct post *post = &conversation->posts[i];
        if (post->brand != brand || post->lost)
            continue;
        inbound += post->inbound;
        if (!post->from_brand || conversation->posts[post->reply_to].lost)
            continue;
        uint32_t wait_s =
            (uint32_t)((post->time_ms - conversation->posts[post->reply_to].time_ms) / 1000);
        within_hour += wait_s <= HOUR_S;
        within_day += wait_s <= DAY_S;
        waits_s[answered++] = wait_s;
    }
    qsort(waits_s, answered, sizeof *waits_s, compare_seconds);
    text_print(out,
               ", \"care\": {\"inbound\": %u, \"answered\": %u, \"answered_1h\": %u, "
               "\"answered_24h\": %u, \"median_wait_s\": %u",
               inbound, answered, within_hour, within_day, answered ? waits_s[answered / 2] : 0);
    add_messages(out, conversation, brand);
    text_add_char(out, '}');
    free(waits_s);
}

/* A mention is a post of a customer whose own or reposted text names the brand. Deleted comments
 * say nothing. */
static void add_brand(struct text *out, const struct conversation *conversation, int brand) {
    uint32_t mentions = 0, reposts = 0, positive = 0, negative = 0, own = 0, in_title = 0;
    for (size_t i = 0; i < conversation->count; i++) {
        const struct post *post = &conversation->posts[i];
        own += post->from_brand && post->brand == brand && !post->lost;
        if (post->lost || post->deleted || post->from_brand ||
            !(conversation_mask(conversation, post) >> brand & 1))
            continue;
        mentions++;
        reposts += post->repost_of != NO_POST;
        in_title += post->title;
        positive += is_positive(post->stance);
        negative += is_negative(post->stance);
    }
    text_print(out,
               "    {\"id\": \"%s\", \"mentions\": %u, \"reposts_among_them\": %u, "
               "\"submissions_among_them\": %u, \"positive\": %u, \"negative\": %u, "
               "\"posts_by_the_brand\": %u",
               brands[brand].id, mentions, reposts, in_title, positive, negative, own);
    add_care(out, conversation, brand);
    add_journey(out, conversation, brand);
    text_add_string(out, brand + 1 < BRAND_COUNT ? "},\n" : "}\n");
}

static void add_file(struct text *out, const struct tally *tally, int file) {
    text_print(out,
               "    {\"name\": \"%s\", \"posts\": %u, \"cut_lines\": %u, \"lone_surrogates\": %u, "
               "\"control_lines\": %u, \"blank_lines\": %u, \"second_copies\": %u}%s\n",
               tally->names[file], tally->posts[file], tally->cut_lines[file],
               tally->lone_surrogates[file], tally->control_lines[file], tally->blank_lines[file],
               tally->twice[file], file + 1 < FILE_COUNT ? "," : "");
}

static void save(const char *folder, const char *name, struct text *out) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    pack_write_plain(path, out);
    text_release(out);
}

static void config_write(const char *folder) {
    struct text out = {0};
    text_add_string(&out, "{\n  \"brands\": [\n");
    for (int i = 0; i < BRAND_COUNT; i++) {
        text_print(&out, "    {\"id\": \"%s\", \"name\": \"%s\", \"query\": \"%s\",\n",
                   brands[i].id, brands[i].forms[0], brands[i].query);
        text_print(&out,
                   "     \"accounts\": [{\"platform\": \"twitter\", \"id\": \"%s\", \"handle\": "
                   "\"%s\"}]}%s\n",
                   brands[i].account_id, brands[i].handle, i + 1 < BRAND_COUNT ? "," : "");
    }
    text_add_string(&out, "  ],\n  \"timezone\": \"Europe/Warsaw\"\n}\n");
    save(folder, "brands.json", &out);
}

void truth_write(const struct conversation *conversation, const struct tally *tally, uint64_t seed,
                 const char *folder) {
    struct text out = {0};
    text_print(&out, "{\n  \"seed\": %" PRIu64 ",\n  \"events\": [\n", seed);
    for (int i = 0; i < conversation->plan->event_count; i++)
        add_event(&out, conversation, i);
    text_add_string(&out, "  ],\n  \"brands\": [\n");
    for (int i = 0; i < BRAND_COUNT; i++)
        add_brand(&out, conversation, i);
    text_add_string(&out, "  ],\n  \"files\": [\n");
    for (int i = 0; i < FILE_COUNT; i++)
        add_file(&out, tally, i);
    text_add_string(&out, "  ]\n}\n");
    save(folder, "truth.json", &out);
    config_write(folder);
}
