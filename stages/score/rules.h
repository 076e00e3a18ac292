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
#include "stages/score/words.h"

enum { RULES_ITEMS = 4096, RULES_MATCHES = 512 };

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
    REASON_QUOTED = 1 << 12,
    REASON_FOCUS = 1 << 13,
};

struct rules_item {
    uint32_t detail; /* of the word, in its layer, with SAYS_ENTRY */
    uint32_t phrase; /* set on the first item of a phrase: number of its output, plus 1 */
    int32_t points;  /* thousandths, after all shifts */
    int16_t valence; /* before */
    int16_t value;   /* of the modifier */
    uint16_t token, clause, sentence;
    uint16_t says;    /* enum word_says */
    uint16_t reasons; /* enum reason bits */
    uint16_t cause;   /* item of the negator or intensifier, or of the phrase's last word */
    uint8_t layer, modifier;
    bool covered, after; /* inside a phrase; modifies what stands before it */
};
_Static_assert(TEXT_MAX_BYTES <= UINT16_MAX + 1, "tokens can be numbered");

/* A cue that was found. */
struct rules_cue {
    const struct lexicon_output *output;
    uint16_t first, last; /* items */
    uint8_t layer;
};

struct rules {
    struct words words;
    struct rules_item items[RULES_ITEMS];
    struct rules_cue cues[RULES_MATCHES];
    /* bits of the items that carry or shift points, of those that may begin a phrase, and of
     * question marks: most are neither and are passed over */
    uint64_t active[RULES_ITEMS / 64], starts[RULES_ITEMS / 64], asks[RULES_ITEMS / 64];
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
    uint32_t positives, negatives; /* items */
    uint32_t negations, contrasts, conditionals, questions, exclamations, dots, caps, numbers;
    uint32_t persons, urls, handles, hashtags, sentences, quoted;
    bool question_mark;
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

/* The first item at or behind `from` whose bit is set, or UINT32_MAX. */
static inline uint32_t rules_next(const struct rules *rules, const uint64_t *bits, uint32_t from) {
    for (uint32_t word = from >> 6; word << 6 < rules->count; word++, from = word << 6) {
        uint64_t left = bits[word] & (UINT64_MAX << (from & 63));
        if (left)
            return word << 6 | (uint32_t)__builtin_ctzll(left);
    }
    return UINT32_MAX;
}

const struct rules_settings *rules_settings_for(enum language language);
void rules_run(struct rules *rules, const struct rules_lexicons *lexicons,
               const struct rules_settings *settings, const struct tokens *tokens,
               struct score_focus focus);
/* Label and probabilities of rules->score_milli. */
void rules_judge(const struct rules *rules, const struct rules_settings *settings,
                 struct score *out);
/* The label alone. */
int8_t rules_label(const struct rules *rules, const struct rules_settings *settings);

#endif
