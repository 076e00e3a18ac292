/* The table chances: what could have been answered, and was not. */
#include "stages/care/care_parts.h"

#include <math.h>
#include <stdlib.h>

enum { CHANCE_PURCHASE, CHANCE_QUESTION, CHANCE_COMPLAINT, CHANCE_PRAISE, CHANCE_COUNT };
/* The word of a chance. */
#define CHANCE_NAME(chance) post_care_chances[(chance) + 1]

static int find_chance(uint16_t intents, bool buys) {
    return buys                                           ? CHANCE_PURCHASE
           : intents & INTENT_QUESTION                    ? CHANCE_QUESTION
           : intents & INTENT_COMPLAINT                   ? CHANCE_COMPLAINT
           : intents & (INTENT_PRAISE | INTENT_RECOMMEND) ? CHANCE_PRAISE
                                                          : CHANCE_COUNT;
}

struct chance_sum {
    int32_t answered, missed, open, topics[TOPIC_COUNT];
};
/* [channel, the last: all][kind][turned to the brand] */
typedef struct chance_sum chance_sums[CARE_CHANNELS + 1][CHANCE_COUNT][2];

static void add_chance(const struct care *care, chance_sums sums, const struct care_post *post,
                       int chance, bool addressed, bool answered, uint8_t topic) {
    size_t channels[2] = {post->channel, CARE_CHANNELS};
    bool watched =
        care_observed_until(care, post->channel, post->at_s) - post->at_s >= SECONDS_PER_DAY;
    if (chance == CHANCE_COUNT || care->channels[post->channel].basis != BASIS_FULL)
        return;
    for (int i = 0; i < 2; i++) {
        struct chance_sum *sum = &sums[channels[i]][chance][addressed];
        sum->answered += answered;
        sum->missed += !answered && watched;
        sum->open += !answered && !watched;
        if (topic < TOPIC_COUNT)
            sum->topics[topic]++;
    }
}

/* Of an unaddressed post. */
static int chance_alone(const struct care *care, const struct care_post *post) {
    const struct mention_table *m = care->input.mentions;
    uint8_t stage = m->stage[post->row];
    bool buys =
        (m->intents[post->row] & INTENT_PURCHASE) && (stage == STAGE_APPEAL || stage == STAGE_ASK);
    return find_chance(m->intents[post->row], buys);
}

void care_mark_posts(const struct care *care, struct post_care *marks) {
    enum { ANSWERED = 1, MISSED, OPEN };
    for (size_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        const struct care_turn *turn = post->turn == CARE_NONE ? NULL : &care->turns[post->turn];
        bool alone = post->class == CLASS_UNADDRESSED && !(post->marks & MARK_VOID);
        int chance = CHANCE_COUNT;
        marks->class[post->row] = post->class;
        if (alone)
            chance = chance_alone(care, post);
        else if (turn && turn->marks & TURN_ACTIONABLE)
            chance = find_chance(turn->intents, turn->marks & TURN_BUYS);
        else
            continue;
        marks->chance[post->row] = chance == CHANCE_COUNT ? 0 : (uint8_t)(chance + 1);
        if (care->channels[post->channel].basis != BASIS_FULL)
            continue;
        int64_t start_s = alone ? post->at_s : turn->start_s;
        bool watched =
            care_observed_until(care, post->channel, start_s) - start_s >= SECONDS_PER_DAY;
        bool answered = turn && turn->answer != CARE_NONE;
        marks->state[post->row] = answered ? ANSWERED : watched ? MISSED : OPEN;
        if (!answered)
            continue;
        marks->answer[post->row] = care->posts[turn->answer].row;
        marks->after_s[post->row] = (int32_t)care_wait(care, turn);
    }
}

static bool says_topic(uint8_t topic) {
    return topic != TOPIC_NONE && topic < TOPIC_OTHER;
}

/* What each turn [turn_count] is about: the first of its posts that says so. */
static uint8_t *find_topics(const struct care *care) {
    const uint8_t *topic = care->input.mentions->topic;
    uint8_t *of = calloc(care->turn_count + 1, 1);
    for (size_t i = 0; of && i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (post->turn != CARE_NONE && !says_topic(of[post->turn]))
            of[post->turn] = topic[post->row];
    }
    return of;
}

static bool count_chances(const struct care *care, chance_sums sums) {
    uint8_t *topics = find_topics(care);
    for (size_t i = 0; topics && i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        if (turn->marks & TURN_ACTIONABLE)
            add_chance(care, sums, &care->posts[turn->first],
                       find_chance(turn->intents, turn->marks & TURN_BUYS), true,
                       turn->answer != CARE_NONE, topics[i]);
    }
    for (size_t i = 0; topics && i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (post->class != CLASS_UNADDRESSED || post->marks & MARK_VOID)
            continue;
        bool answered = post->turn != CARE_NONE && care->turns[post->turn].answer != CARE_NONE;
        add_chance(care, sums, post, chance_alone(care, post), false, answered,
                   care->input.mentions->topic[post->row]);
    }
    free(topics);
    return topics != NULL;
}

enum status care_chances(const struct care *care, struct audit *audit, struct fault *fault) {
    static const char *const words[2] = {"no", "yes"};
    chance_sums sums;
    memset(sums, 0, sizeof sums);
    char name[32];
    if (!count_chances(care, sums))
        return fault_memory(fault);
    for (size_t c = 0; c <= CARE_CHANNELS; c++) {
        size_t channel = c ? c - 1 : CARE_CHANNELS; /* all first */
        for (int chance = 0; chance < CHANCE_COUNT; chance++)
            for (int addressed = 1; addressed >= 0; addressed--) {
                const struct chance_sum *sum = &sums[channel][chance][addressed];
                int32_t all = sum->answered + sum->missed + sum->open;
                if (!all)
                    continue;
                struct chance_row *row = care_row(care, audit, TABLE_CHANCES);
                if (!row)
                    return fault_memory(fault);
                care_channel_name(channel % CARE_CHANNELS, name);
                ROW_SET(row, channel,
                        channel == CARE_CHANNELS ? SPAN_LITERAL("all") : span_of(name));
                ROW_SET(row, kind, span_of(CHANCE_NAME(chance)));
                ROW_SET(row, addressed, span_of(words[addressed]));
                row->chances = all;
                row->answered = sum->answered;
                row->missed = sum->missed;
                row->open = sum->open;
                topics_text(sum->topics, CELL_TOPICS, CELL_TOPIC_POSTS, row->topics,
                            sizeof row->topics);
                row->missed_share =
                    care_share(care, sum->missed, sum->answered + sum->missed).share;
                care_note_few(care, row->note, sizeof row->note, sum->answered + sum->missed);
            }
    }
    return STATUS_OK;
}
