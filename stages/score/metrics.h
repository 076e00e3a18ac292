/* metrics: how good labels and probabilities are against a gold standard: accuracy, recall and F1
 * per class and their means, confusion matrix, expected calibration error (Naeini, Cooper,
 * Hauskrecht 2015: mean gap between confidence and accuracy over ten bins of confidence).
 * Memory: plain structs of fixed size. Never fails. */
#ifndef BURZA_SCORE_METRICS_H
#define BURZA_SCORE_METRICS_H

#include "stages/score/score.h"

enum { METRICS_BINS = 10 };

struct metrics {
    uint64_t confusion[3][3]; /* [gold][found], negative neutral positive */
    uint64_t unscored;        /* gold label but label none: counts as wrong */
    uint64_t unscored_by_class[3];
    uint64_t bin_count[METRICS_BINS], bin_right[METRICS_BINS], bin_confidence[METRICS_BINS];
};

/* Results are in units of 1/10000. */
struct metrics_summary {
    uint64_t count;
    uint32_t accuracy, macro_recall, macro_f1, calibration_error;
    uint32_t recall[3], precision[3], f1[3];
};

void metrics_add(struct metrics *metrics, int gold, const struct score *score);
void metrics_summarise(const struct metrics *metrics, struct metrics_summary *out);

/* One yes-or-no question, for an intent or a stage. */
struct metrics_binary {
    uint64_t right, found, gold;
};
/* F1 in units of 1/10000. */
uint32_t metrics_f1(const struct metrics_binary *binary);

#endif
