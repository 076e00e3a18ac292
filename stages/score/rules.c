#include "stages/score/rules.h"

#include "stages/score/collect_items.h"

#include <stdlib.h>

static int32_t scale(int32_t points, int32_t factor) {
    return (int32_t)((int64_t)points * factor / 1000);
}

static int32_t clamp(int32_t value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : value;
}

enum { POINTS_MAX = 100000 };

static void shift(struct rules_item *item, int32_t factor, enum reason reason) {
    if (item->points && factor != 1000) {
        /* the limit keeps the sum of a hostile lexicon's points within 32 bits */
        item->points = clamp(scale(item->points, factor), -POINTS_MAX, POINTS_MAX);
        item->reasons |= (uint16_t)reason;
    }
}

/* What is in force while the items are read from left to right. */
struct scope {
    uint32_t negation_left; /* tokens */
    uint16_t negator, strength_from;
    int32_t strength; /* of a pending intensifier or dampener, thousandths */
    uint32_t strength_left;
    int32_t conditional;
    uint16_t clause, sentence;
};

/* An intensifier behind its word: "good as hell". */
static void strengthen_before(struct rules *rules, uint32_t number, int32_t factor) {
    for (uint32_t back = 1; back <= 3 && back <= number; back++) {
        struct rules_item *item = &rules->items[number - back];
        if (rules_is_active(rules, number - back) && item->points) {
            shift(item, factor, factor > 1000 ? REASON_STRONGER : REASON_WEAKER);
            return;
        }
    }
}

static void read_modifier(struct rules *rules, struct scope *scope, uint32_t number) {
    struct rules_item *item = &rules->items[number];
    switch (item->modifier) {
    case MODIFIER_NEGATOR:
        scope->negation_left = (uint32_t)item->value + 1;
        scope->negator = (uint16_t)number;
        rules->negations++;
        break;
    case MODIFIER_INTENSIFIER:
    case MODIFIER_DAMPENER:
        if (item->after) {
            strengthen_before(rules, number, item->value);
        } else {
            scope->strength = item->value;
            scope->strength_left = 3;
            scope->strength_from = (uint16_t)number;
        }
        break;
    case MODIFIER_CONDITIONAL:
        rules->conditionals++;
        if (item->value < scope->conditional)
            scope->conditional = item->value;
        break;
    case MODIFIER_QUESTION:
        rules->questions++;
        break;
    case MODIFIER_IRONY:
        rules->irony += item->value;
        break;
    case MODIFIER_CONTRAST:
        rules->contrasting = true;
        break;
    case MODIFIER_REPORT:
        rules->report = rules->report * item->value / 1000;
        break;
    default:
        break;
    }
}

static bool is_emoji(const struct rules_item *item) {
    return (item->word_flags & WORD_EMOJI) && !item->phrase;
}

/* The points of a word, phrase or emoji with what its own neighbours do to it. */
static void read_valence(struct rules *rules, struct scope *scope, struct rules_item *item,
                         const struct tokens *tokens, const struct rules_settings *settings) {
    const struct token *token = &tokens->at[item->token];
    item->points = item->valence;
    if (is_emoji(item)) {
        shift(item, settings->emoji, 0);
        return;
    }
    if (item->phrase)
        shift(item, settings->phrase, 0);
    bool shouting = tokens->words && tokens->caps_words * 2 > tokens->words;
    if ((token->flags & TOKEN_CAPS) && !shouting)
        shift(item, settings->caps, REASON_CAPS);
    if (token->flags & TOKEN_ELONGATED)
        shift(item, settings->elongated, REASON_ELONGATED);
    if (scope->strength_left) {
        shift(item, scope->strength, scope->strength > 1000 ? REASON_STRONGER : REASON_WEAKER);
        rules->items[scope->strength_from].points = 0;
        scope->strength_left = 0;
    }
    /* "nigdy nie zawiedli": the second negation is part of the phrase, the first only repeats it */
    bool negated_itself = item->phrase && (item->word_flags & WORD_NEGATES);
    if (scope->negation_left && !negated_itself) {
        shift(item, item->points > 0 ? -settings->negated_positive : -settings->negated_negative,
              REASON_NEGATED);
        item->cause = item->phrase ? item->cause : scope->negator;
        rules->items[scope->negator].points = 0;
    }
    if (scope->conditional != 1000)
        shift(item, 1000 - scale(1000 - scope->conditional, settings->conditional),
              REASON_CONDITIONAL);
}

static void read_items(struct rules *rules, const struct rules_lexicons *lexicons,
                       const struct tokens *tokens, const struct rules_settings *settings) {
    struct scope scope = {.conditional = 1000};
    uint32_t before = 0;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1)) {
        struct rules_item *item = &rules->items[i];
        /* each item passed shortens what is pending, but for the words inside a phrase */
        for (; before < i && (scope.negation_left || scope.strength_left); before++) {
            if (rules_is_covered(rules, before))
                continue;
            scope.negation_left -= scope.negation_left > 0;
            scope.strength_left -= scope.strength_left > 0;
        }
        before = i;
        if (item->clause != scope.clause)
            scope.negation_left = scope.strength_left = 0;
        if (item->sentence != scope.sentence)
            scope.conditional = 1000;
        scope.clause = item->clause;
        scope.sentence = item->sentence;
        if (item->valence)
            read_valence(rules, &scope, item, tokens, settings);
        if (is_emoji(item))
            rules->irony += lexicons->layers[item->layer].details[item->detail].irony;
        if (item->modifier)
            read_modifier(rules, &scope, i);
    }
}

/* "ale", "but": what follows weighs more, what came before weighs less. A contrast that opens a
 * sentence looks back on the sentence before. */
static void read_contrast(struct rules *rules, const struct rules_settings *settings, uint32_t at) {
    const struct rules_item *contrast = &rules->items[at];
    int32_t extra = contrast->value - 1000;
    int32_t follow = 1000 + scale(extra, settings->after_contrast);
    int32_t before = 1000 - scale(extra, settings->before_contrast);
    if (before < 0)
        before = 0;
    if (contrast->after) {
        int32_t swap = follow;
        follow = before;
        before = swap;
    }
    bool opens = at == 0 || rules_sentence(rules, at - 1) != contrast->sentence;
    for (uint32_t i = rules_next_active(rules, at + 1); i < rules->count && i < at + 64;
         i = rules_next_active(rules, i + 1)) {
        struct rules_item *item = &rules->items[i];
        if (item->sentence != contrast->sentence ||
            (contrast->after && item->clause != contrast->clause))
            break;
        shift(item, follow, follow >= 1000 ? REASON_AFTER_CONTRAST : REASON_BEFORE_CONTRAST);
    }
    for (uint32_t i = at; i > 0 && i + 64 > at; i--) {
        struct rules_item *item = &rules->items[i - 1];
        if (!rules_is_active(rules, i - 1))
            continue;
        if (item->sentence + (unsigned)opens < contrast->sentence)
            break;
        shift(item, before, before >= 1000 ? REASON_AFTER_CONTRAST : REASON_BEFORE_CONTRAST);
    }
}

static void read_contrasts(struct rules *rules, const struct rules_settings *settings) {
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count && rules->contrasts < 8;
         i = rules_next_active(rules, i + 1)) {
        if (rules->items[i].modifier != MODIFIER_CONTRAST)
            continue;
        rules->contrasts++;
        read_contrast(rules, settings, i);
    }
}

/* Words of a sentence that ends with a question mark ask more than they judge. */
static void read_questions(struct rules *rules, const struct tokens *tokens,
                           const struct rules_settings *settings) {
    for (uint32_t i = rules_next_active(rules, 0), asks = 0; i < rules->count;
         i = rules_next_active(rules, i + 1)) {
        struct rules_item *item = &rules->items[i];
        if (asks <= i)
            asks = rules_next(rules, &rules->blocks[0].asks, i + 1);
        if (asks == UINT32_MAX)
            break;
        if (rules_sentence(rules, asks) == item->sentence &&
            tokens->at[item->token].kind != TOKEN_PUNCT)
            shift(item,
                  item->points > 0 ? settings->question_positive : settings->question_negative,
                  REASON_QUESTION);
    }
}

static void read_report(struct rules *rules, const struct rules_settings *settings) {
    if (rules->report >= 1000)
        return;
    int32_t strength = rules->persons ? settings->report_personal : settings->report;
    int32_t factor = 1000 - scale(1000 - rules->report, strength);
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1))
        shift(&rules->items[i], factor, REASON_REPORT);
}

/* Praise beside cues of irony is meant the other way round. */
static void read_irony(struct rules *rules, const struct rules_settings *settings) {
    int32_t strength = rules->irony;
    if (!strength)
        return;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1))
        if (rules->items[i].points < 0)
            strength -= rules->items[i].points / 4;
    if (strength < settings->irony_threshold)
        return;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1))
        if (rules->items[i].points > 0)
            shift(&rules->items[i], -settings->irony_flip, REASON_IRONY);
}

/* Whether it is an exclamation that is often ironic: "brawo", "great job". */
static bool is_applause(const struct rules *rules, uint32_t number) {
    if (rules->items[number].modifier == MODIFIER_IRONY)
        return true;
    for (uint32_t i = 0; i < rules->cue_count; i++)
        if (rules->cues[i].first == number && rules->cues[i].output->modifier == MODIFIER_IRONY)
            return true;
    return false;
}

/* "Brawo, trzecia awaria": applause for a mishap that happened again, in its sentence or in the one
 * before, is ironic; so are praise before it, and emoji. */
static void read_incident(struct rules *rules, const struct rules_settings *settings) {
    uint32_t at = rules->incident - 1;
    bool applause = false;
    if (!rules->incident || rules->contrasts)
        return;
    for (uint32_t i = rules_next_active(rules, 0); i < at; i = rules_next_active(rules, i + 1))
        applause |= rules->items[i].points > 0 && is_applause(rules, i) &&
                    rules_sentence(rules, i) + 1u >= rules_sentence(rules, at);
    if (!applause)
        return;
    rules->verdicts++;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1))
        if (rules->items[i].points > 0 && (i < at || is_emoji(&rules->items[i])))
            shift(&rules->items[i], -settings->irony_flip, REASON_IRONY);
}

enum { BALANCED = 250 }; /* what remains of opinions that are called equal */

/* "Plusy i minusy", "evens out": a verdict that nothing behind it tips is neither praise nor blame.
 */
static void read_balance(struct rules *rules) {
    for (uint32_t i = rules_next_active(rules, rules->balance); i < rules->count;
         i = rules_next_active(rules, i + 1))
        if (rules->items[i].points || rules->items[i].modifier == MODIFIER_CONTRAST)
            rules->balance = 0;
    for (uint32_t i = rules_next_active(rules, 0); rules->balance && i < rules->count;
         i = rules_next_active(rules, i + 1))
        shift(&rules->items[i], BALANCED, REASON_BALANCE);
}

static void read_focus(struct rules *rules, struct score_focus focus) {
    if (focus.first == 0 && focus.last == UINT32_MAX)
        return;
    /* the first item at or behind the token: there are no more items than tokens */
    uint32_t first = focus.first < rules->count ? focus.first : rules->count;
    while (first > 0 && rules->tokens[first - 1] >= focus.first)
        first--;
    if (first == rules->count || rules->tokens[first] > focus.last)
        return;
    uint32_t last = first;
    while (last + 1 < rules->count && rules->tokens[last + 1] <= focus.last)
        last++;
    uint32_t low = rules_clause(rules, first), high = rules_clause(rules, last);
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1)) {
        bool inside = rules->items[i].clause >= low && rules->items[i].clause <= high;
        shift(&rules->items[i], inside ? 1300 : 350, inside ? REASON_FOCUS : REASON_OTHER_CLAUSE);
    }
}

static inline int32_t at_least(int32_t value, int32_t least) {
    return value > least ? value : least;
}

static inline int32_t at_most(int32_t value, int32_t most) {
    return value < most ? value : most;
}

static void add_up(struct rules *rules, const struct rules_settings *settings) {
    uint32_t last_sentence = rules->sentences ? rules->sentences - 1 : 0;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1)) {
        struct rules_item *item = &rules->items[i];
        int32_t points = scale(item->points, item->points < 0 ? settings->negative_weight : 1000);
        bool last = last_sentence && item->sentence == last_sentence;
        points = scale(points, last ? settings->last_sentence : 1000);
        /* branch-free: signs would be mispredicted */
        rules->raw_positive += at_least(item->valence, 0);
        rules->raw_negative += at_most(item->valence, 0);
        rules->positive += at_least(points, 0);
        rules->negative += at_most(points, 0);
        rules->positives += points > 0;
        bool turned = item->valence > 0 && (item->reasons & REASON_NEGATED);
        rules->negated +=
            points < 0 && (turned || (item->phrase && (item->word_flags & WORD_NEGATES)));
        rules->negatives += item->points && points <= 0;
        rules->most = at_least(points, rules->most);
        rules->least = at_most(points, rules->least);
        rules->final = item->points ? points : rules->final;
        rules->emoji += is_emoji(item) ? points : 0;
        item->points = points;
    }
    rules->sum = rules->positive + rules->negative;
}

static void read_cues(struct rules *rules) {
    for (uint32_t i = 0; i < rules->cue_count; i++) {
        const struct lexicon_output *output = rules->cues[i].output;
        if (output->shape != SHAPE_CUE)
            continue;
        if (output->tag < INTENT_COUNT)
            rules->intents[output->tag] += output->value;
        else if (output->tag >= TAG_STAGE && output->tag < TAG_STAGE + STAGE_COUNT)
            rules->stages[output->tag - TAG_STAGE] += output->value;
        else if (output->tag > TAG_TOPIC && output->tag < TAG_COUNT)
            rules->topics[output->tag - TAG_TOPIC] += output->value;
    }
}

enum {
    BIT_COMPLAINT = 0,
    BIT_PRAISE = 3,
    BIT_RECOMMEND,
    BIT_DISSUADE,
    BIT_THANKS,
    BIT_REQUEST,
    BIT_CHURN
};

static int32_t counted(uint32_t count, uint32_t most, int32_t points) {
    return (int32_t)(count < most ? count : most) * points;
}

/* What is not the valence of a word: cues, circumstances, exclamation. */
static void add_situation(struct rules *rules, const struct rules_settings *settings) {
    const int32_t *intents = rules->intents;
    int32_t against = intents[BIT_COMPLAINT] + intents[BIT_DISSUADE] + intents[BIT_CHURN] / 2;
    int32_t in_favour = intents[BIT_PRAISE] + intents[BIT_RECOMMEND] + intents[BIT_THANKS];
    int32_t cues = scale(clamp(in_favour, 0, 1500), settings->praise_cue) -
                   scale(clamp(against, 0, 1500), settings->complaint_cue);
    /* Grievances are told with amounts and times, in the first person, to an account, with words in
     * capitals or between quotation marks, and with bare negations. News and questions are not. */
    int32_t grievance = counted(rules->negations, 3, settings->negation_alone) +
                        counted(rules->dots, 2, settings->dots);
    if (rules->persons && rules->report >= 1000)
        grievance += counted(rules->persons, 2, settings->person) +
                     counted(rules->numbers, 3, settings->numbers) +
                     counted(rules->quoted, 2, settings->quoted) +
                     counted(rules->caps, 2, settings->shouted) +
                     counted(rules->handles, 1, settings->handle);
    if (rules->question_mark || intents[BIT_REQUEST] > 0)
        grievance = scale(grievance, settings->asking);
    rules->situation = scale(cues - grievance, rules->balance ? BALANCED : 1000);
    rules->sum += rules->situation;
    int32_t louder = clamp((int32_t)rules->exclamations, 0, 3) * settings->exclamation;
    rules->sum = scale(rules->sum, 1000 + louder);
    if (rules->question_mark)
        rules->sum = scale(rules->sum, settings->question_bias);
    if (!rules->persons)
        rules->sum = scale(rules->sum, settings->person_bias);
}

void rules_run(struct rules *rules, const struct rules_lexicons *lexicons,
               const struct rules_settings *settings, const struct tokens *tokens,
               struct score_focus focus) {
    memset(&rules->count, 0, sizeof *rules - offsetof(struct rules, count));
    rules->report = 1000;
    collect_items(rules, lexicons, tokens);
    collect_phrases(rules, lexicons, tokens);
    read_items(rules, lexicons, tokens, settings);
    if (rules->contrasting)
        read_contrasts(rules, settings);
    if (rules->question_mark)
        read_questions(rules, tokens, settings);
    read_report(rules, settings);
    read_irony(rules, settings);
    read_incident(rules, settings);
    if (rules->balance)
        read_balance(rules);
    read_focus(rules, focus);
    read_cues(rules);
    add_up(rules, settings);
    add_situation(rules, settings);
    int64_t sum = rules->sum;
    rules->score_milli = (int32_t)(sum * 1000 / (llabs(sum) + settings->half));
}
