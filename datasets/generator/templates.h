/* Sentence templates read from datasets/templates/TSV: topic, stance, language, text with slots.
 * templates_read owns everything until templates_release; a malformed line ends the program with
 * file and line. Slots: {brand:CASE} {tag} {handle} {city} {in_city} {n} {k} {nn} {pct} {num}
 * {price} {time} {on_day} {g:male|female} and free alternatives {one|two|three}. */
#ifndef GENERATOR_TEMPLATES_H
#define GENERATOR_TEMPLATES_H
#include "text_buffer.h"

enum topic {
    TOPIC_NORVIA,
    TOPIC_KURIEREX,
    TOPIC_LAKOWIANKA,
    TOPIC_NORVIA_LEAK,
    TOPIC_KURIEREX_PARCELS,
    TOPIC_LAKOWIANKA_CAMPAIGN,
    TOPIC_LAKOWIANKA_PROMO,
    TOPIC_KURIEREX_FLOOD,
    TOPIC_WEATHER,
    TOPIC_FOOTBALL,
    TOPIC_DAILY,
    TOPIC_WORK,
    TOPIC_FOOD,
    TOPIC_TRAVEL,
    TOPIC_TECH,
    TOPIC_POLITICS,
    TOPIC_CULTURE,
    TOPIC_DISTRACTOR,
    TOPIC_CHATREPLY,
    TOPIC_GLUE,
    TOPIC_COUNT
};
enum stance {
    STANCE_ANY,
    STANCE_COMPLAINT,
    STANCE_CHURN,
    STANCE_QUESTION,
    STANCE_PRAISE,
    STANCE_RECOMMEND,
    STANCE_PURCHASE,
    STANCE_NEWS,
    STANCE_IRONY,
    STANCE_THANKS,
    STANCE_FOLLOWUP,
    STANCE_ANSWER,
    STANCE_OUTRAGE,
    STANCE_DEFENCE,
    STANCE_REACTION,
    STANCE_JOY,
    STANCE_SPAM,
    STANCE_OTHER,
    STANCE_TITLE,
    STANCE_OPENER_NEG,
    STANCE_OPENER_POS,
    STANCE_CLOSER_NEG,
    STANCE_CLOSER_POS,
    STANCE_CLOSER_ASK,
    STANCE_EMOJI_NEG,
    STANCE_EMOJI_POS,
    STANCE_EMOJI_MID,
    STANCE_COUNT
};
enum language { LANG_PL, LANG_EN, LANG_CS, LANG_DE, LANG_UK, LANG_ES, LANG_XX, LANG_COUNT };
enum slot {
    SLOT_LITERAL,
    SLOT_CHOICE,
    SLOT_GENDER,
    SLOT_BRAND,
    SLOT_TAG,
    SLOT_HANDLE,
    SLOT_CITY,
    SLOT_IN_CITY,
    SLOT_N,
    SLOT_K,
    SLOT_NN,
    SLOT_PCT,
    SLOT_NUM,
    SLOT_PRICE,
    SLOT_TIME,
    SLOT_ON_DAY
};

struct template_piece {
    enum slot slot;
    int variant;       /* SLOT_BRAND: case; SLOT_IN_CITY: 1 = capital; choices: number of them */
    const char *bytes; /* literal, or the choices joined by '|' */
    size_t length;
};
struct template {
    struct template_piece *pieces;
    size_t count;
    const char *text; /* as written, for messages */
};
struct template_group {
    struct template *items;
    size_t count;
};
struct templates {
    struct template_group groups[TOPIC_COUNT][STANCE_COUNT][LANG_COUNT];
    size_t total;
};

extern const char *const stance_names[STANCE_COUNT];
extern const char *const language_names[LANG_COUNT];
void templates_read(struct templates *templates, const char *folder);
void templates_release(struct templates *templates);
/* The group, or the nearest one that has sentences (recommend -> praise, churn -> complaint, ...)
 */
const struct template_group *templates_find(const struct templates *templates, enum topic topic,
                                            enum stance stance, enum language language);
#endif
