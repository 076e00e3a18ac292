/* agreement: how well found classes agree with those that people gave: accuracy, recall, precision
 * and F1 by class with their means, Cohen's kappa (Cohen 1960), confusion, and a 95 % interval by
 * the percentile bootstrap over items (Efron 1979) with a fixed seed, so that the same items give
 * the same interval.
 *
 * In: pairs of class numbers. Out: figures in units of 1/10000; classes that people never gave are
 * left out of the means. Owner: the caller (agreement_release). May fail: agreement_add only out of
 * memory (false). */
#ifndef BURZA_SCORE_AGREEMENT_H
#define BURZA_SCORE_AGREEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AGREEMENT_CLASSES = 16, AGREEMENT_NONE = 255, AGREEMENT_ROUNDS = 1000 };

struct agreement {
    unsigned classes;
    struct agreement_pair {
        uint8_t gold, found; /* found may be AGREEMENT_NONE: wrong in any case */
    } * pairs;               /* [count] */
    size_t count, cap;
    uint64_t confusion[AGREEMENT_CLASSES][AGREEMENT_CLASSES + 1]; /* [gold][found], last: none */
};

struct agreement_interval {
    uint32_t low, high;
};

struct agreement_summary {
    uint64_t gold[AGREEMENT_CLASSES], found[AGREEMENT_CLASSES];
    uint32_t recall[AGREEMENT_CLASSES], precision[AGREEMENT_CLASSES], f1[AGREEMENT_CLASSES];
    uint32_t accuracy, macro_recall, macro_f1;
    int32_t kappa;
    struct agreement_interval accuracy_95, macro_recall_95, macro_f1_95;
};

bool agreement_add(struct agreement *agreement, unsigned gold, unsigned found);
/* With `intervals` false those are 0. */
void agreement_summarise(const struct agreement *agreement, bool intervals,
                         struct agreement_summary *out);
void agreement_release(struct agreement *agreement);

#endif
