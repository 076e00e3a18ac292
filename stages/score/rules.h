/* rules: tokens and a lexicon in, points out: every word, phrase or emoji with a valence becomes a
 * piece of evidence, and what stands around it (negators, intensifiers, contrast, questions,
 * wishes, irony, reporting) shifts its points. Nothing is trained; each piece keeps its reasons, so
 * that the whole score can be shown word by word.
 *
 * Memory: `struct rules` is per-thread scratch of fixed size; texts are read up to RULES_ITEMS
 * tokens. Never fails. */
#ifndef BURZA_SCORE_RULES_H
#define BURZA_SCORE_RULES_H

#include "stages/score/score.h"
#include "stages/score/word_table.h"

enum { RULES_ITEMS = 4096, RULES_MATCHES = 512 };

/* Phrases from here on, below zero, are verdicts: nothing that a model weighs speaks against them.
 */
enum { VERDICT = 900, FACT = 450 };

/* Why the points of an item are not its plain valence. */
enum reason {
    REASON_NEGATED = 1 << 0,
    REASON_STRONGER = 1 << 1,
    REASON_WEAKER = 1 << 2,
    REASON_CAPS = 1 << 3,
    REASON_ELONGATED = 1 << 4,
    REASON_AFTER_CONTRAST = 1 << 5,
    REASON_BEFORE_CONTRAST = 1 << 6,
    REASON_QUESTION = 1 << 7,
    REASON_CONDITIONAL = 1 << 8,
    REASON_REPORT = 1 << 9,
    REASON_IRONY = 1 << 10,
    REASON_OTHER_CLAUSE = 1 << 11,
    REASON_FOCUS = 1 << 12,
    REASON_BALANCE = 1 << 13,
};

struct rules_item {
    uint32_t detail; /* of the word, in its layer, with WORD_ENTRY */
    uint32_t phrase; /* set on the first item of a phrase: number of its output, plus 1 */
    int32_t points;  /* thousandths, after all shifts */
    int16_t valence; /* before */
    int16_t value;   /* of the modifier */
    uint16_t token, clause, sentence;
    uint16_t word_flags; /* enum word_flag */
    uint16_t reasons;    /* enum reason bits */
    uint16_t cause;      /* item of the negator or intensifier, or of the phrase's last word */
    uint8_t layer, modifier;
    bool after; /* it modifies what stands before it */
    uint8_t spare;
};
_Static_assert(TEXT_MAX_BYTES <= UINT16_MAX + 1, "tokens can be numbered");

/* Bits of 64 items: most are neither active nor anything else, and are passed over. */
struct rules_block {
    uint64_t active;           /* carry or shift points */
    uint64_t starts;           /* may begin a phrase */
    uint64_t asks;             /* question marks */
    uint64_t covered;          /* inside a phrase */
    uint64_t opens, closes;    /* a clause begins with it, or behind it */
    uint64_t sentences;        /* a sentence begins with it */
    uint16_t clause, sentence; /* numbers before the first item */
    uint32_t spare;
};
enum { RULES_BLOCK_WORDS = sizeof(struct rules_block) / sizeof(uint64_t) };

/* A cue that was found. */
struct rules_cue {
    const struct lexicon_output *output;
    uint16_t first, last; /* items */
    uint8_t layer;
};

struct rules {
    struct word_table words;
    /* of each item: its token, and what the lexicons say of it (word_table.h); behind the last,
     * room for those that are being collected */
    uint32_t details[RULES_ITEMS + WORDS_AT_ONCE];
    uint16_t word_flags[RULES_ITEMS + WORDS_AT_ONCE], tokens[RULES_ITEMS + WORDS_AT_ONCE];
    int16_t valences[RULES_ITEMS + WORDS_AT_ONCE];
    uint8_t layers[RULES_ITEMS + WORDS_AT_ONCE];
    struct rules_block blocks[RULES_ITEMS / 64 + 2];
    struct rules_item items[RULES_ITEMS]; /* of the active ones; the others are not filled */
    struct rules_cue cues[RULES_MATCHES];
    uint32_t count, cue_count;
    /* what the whole text amounts to, all in thousandths of a point or counts */
    int32_t sum;                        /* after every shift */
    int32_t positive, negative;         /* sums of the points of either sign, negative <= 0 */
    int32_t raw_positive, raw_negative; /* before shifts */
    int32_t most, least, final;         /* extreme items, last item with points */
    int32_t emoji;                      /* points of emoji and emoticons */
    int32_t irony;                      /* strength of irony cues */
    int32_t report;                     /* damping by reporting, thousandths kept; 1000: none */
    int32_t intents[INTENT_COUNT];      /* weights of cues */
    int32_t stages[STAGE_COUNT];
    int32_t topics[TOPIC_COUNT];
    uint32_t positives, negatives; /* items */
    uint32_t negated;              /* items of praise that a negation turns into blame */
    uint32_t verdicts;             /* phrases and ironies that leave no doubt about blame */
    uint32_t facts;                /* phrases that tell a mishap, verdicts among them */
    uint32_t incident;             /* item at which a mishap is named that happened again, plus 1 */
    uint32_t balance;              /* item that ends a balanced verdict, plus 1 */
    uint32_t negations, contrasts, conditionals, questions, exclamations, dots, caps, numbers;
    uint32_t persons, urls, handles, hashtags, sentences, quoted;
    bool question_mark, contrasting;
    bool whole_hit; /* while collecting: the compound before has an entry, so its parts say nothing
                     */
    int32_t situation;   /* points that no single word brings */
    int32_t score_milli; /* -1000..1000 */
};

/* Numbers that weigh the rules, chosen on the training data (tests/quality/sentiment_tune.c). */
struct rules_settings {
    int32_t negated_positive, negated_negative; /* factors, thousandths */
    int32_t caps, elongated, exclamation;
    int32_t question_positive, question_negative;
    int32_t conditional, report, report_personal;
    int32_t irony_threshold, irony_flip;
    int32_t emoji, phrase;
    int32_t before_contrast, after_contrast; /* strength of the files' weights */
    int32_t negative_weight;
    int32_t complaint_cue, praise_cue; /* points of a cue of full weight */
    int32_t half;                      /* points that make a score of 500 */
    int32_t above, below;              /* label thresholds on score_milli */
    int32_t slope;                     /* steepness of the probabilities */
    int32_t last_sentence;
    int32_t negation_alone, dots, question_bias, person_bias;
    int32_t numbers, quoted, shouted, person, handle; /* points against, by what is counted */
    int32_t asking;                                   /* points in favour of neutral */
};

/* The first item at or behind `from` whose bit is set, or UINT32_MAX. `bits`: those of a kind in
 * the first block. */
static inline uint32_t rules_next(const struct rules *rules, const uint64_t *bits, uint32_t from) {
    for (uint32_t word = from >> 6; word << 6 < rules->count; word++, from = word << 6) {
        uint64_t left = bits[word * RULES_BLOCK_WORDS] & (UINT64_MAX << (from & 63));
        if (left)
            return word << 6 | (uint32_t)__builtin_ctzll(left);
    }
    return UINT32_MAX;
}

static inline uint32_t rules_next_active(const struct rules *rules, uint32_t from) {
    return rules_next(rules, &rules->blocks[0].active, from);
}

static inline bool rules_is_active(const struct rules *rules, uint32_t number) {
    return rules->blocks[number >> 6].active >> (number & 63) & 1;
}

static inline bool rules_is_covered(const struct rules *rules, uint32_t number) {
    return rules->blocks[number >> 6].covered >> (number & 63) & 1;
}

/* Which clause and which sentence of the text an item stands in. */
static inline uint16_t rules_clause(const struct rules *rules, uint32_t number) {
    const struct rules_block *block = &rules->blocks[number >> 6];
    uint64_t below = (UINT64_C(1) << (number & 63)) - 1;
    return (uint16_t)(block->clause + __builtin_popcountll(block->opens & (below << 1 | 1)) +
                      __builtin_popcountll(block->closes & below));
}

static inline uint16_t rules_sentence(const struct rules *rules, uint32_t number) {
    const struct rules_block *block = &rules->blocks[number >> 6];
    uint64_t below = (UINT64_C(1) << (number & 63)) - 1;
    return (uint16_t)(block->sentence + __builtin_popcountll(block->sentences & (below << 1 | 1)));
}

const struct rules_settings *rules_settings_for(enum language language);
void rules_run(struct rules *rules, const struct rules_lexicons *lexicons,
               const struct rules_settings *settings, const struct tokens *tokens,
               struct score_focus focus);
/* Label and probabilities of rules->score_milli. */
void rules_decide(const struct rules *rules, const struct rules_settings *settings,
                  struct score *out);
/* The label alone. */
int8_t rules_label(const struct rules *rules, const struct rules_settings *settings);

#endif
