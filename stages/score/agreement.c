#include "stages/score/agreement.h"

#include <stdlib.h>

enum { UNIT = 10000 };

typedef uint64_t confusion[AGREEMENT_CLASSES][AGREEMENT_CLASSES + 1];

bool agreement_add(struct agreement *agreement, unsigned gold, unsigned found) {
    if (agreement->count == agreement->cap) {
        size_t cap = agreement->cap ? agreement->cap * 2 : 1024;
        struct agreement_pair *pairs = realloc(agreement->pairs, cap * sizeof *pairs);
        if (!pairs)
            return false;
        agreement->pairs = pairs;
        agreement->cap = cap;
    }
    agreement->pairs[agreement->count++] = (struct agreement_pair){(uint8_t)gold, (uint8_t)found};
    agreement->confusion[gold][found < agreement->classes ? found : AGREEMENT_CLASSES]++;
    return true;
}

void agreement_release(struct agreement *agreement) {
    free(agreement->pairs);
    *agreement = (struct agreement){0};
}

static uint32_t ratio(uint64_t part, uint64_t whole) {
    return whole ? (uint32_t)((part * UNIT + whole / 2) / whole) : 0;
}

/* Observed against expected agreement; what was not found counts as a class of its own. */
static int32_t kappa_of(const struct agreement_summary *summary, unsigned classes, uint64_t right,
                        uint64_t all) {
    double expected = 0, count = (double)all;
    for (unsigned i = 0; i < classes; i++)
        expected += (double)summary->gold[i] / count * ((double)summary->found[i] / count);
    double observed = (double)right / count;
    if (expected >= 1)
        return UNIT;
    double kappa = (observed - expected) / (1 - expected) * UNIT;
    return (int32_t)(kappa < 0 ? kappa - 0.5 : kappa + 0.5);
}

static void summarise(const confusion counts, unsigned classes, struct agreement_summary *out) {
    uint64_t right = 0, all = 0, recalls = 0, f1s = 0, seen = 0;
    *out = (struct agreement_summary){0};
    for (unsigned i = 0; i < classes; i++) {
        out->gold[i] = counts[i][AGREEMENT_CLASSES];
        for (unsigned k = 0; k < classes; k++) {
            out->gold[i] += counts[i][k];
            out->found[i] += counts[k][i];
        }
        uint64_t hits = counts[i][i];
        out->recall[i] = ratio(hits, out->gold[i]);
        out->precision[i] = ratio(hits, out->found[i]);
        out->f1[i] = ratio(2 * hits, out->gold[i] + out->found[i]);
        right += hits;
        all += out->gold[i];
        if (!out->gold[i])
            continue;
        recalls += out->recall[i];
        f1s += out->f1[i];
        seen++;
    }
    out->accuracy = ratio(right, all);
    out->macro_recall = seen ? (uint32_t)((recalls + seen / 2) / seen) : 0;
    out->macro_f1 = seen ? (uint32_t)((f1s + seen / 2) / seen) : 0;
    out->kappa = all ? kappa_of(out, classes, right, all) : 0;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static int by_value(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The middle 95 % of the rounds. */
static struct agreement_interval interval_of(uint32_t values[AGREEMENT_ROUNDS]) {
    qsort(values, AGREEMENT_ROUNDS, sizeof *values, by_value);
    return (struct agreement_interval){values[AGREEMENT_ROUNDS * 25 / 1000],
                                       values[AGREEMENT_ROUNDS - 1 - AGREEMENT_ROUNDS * 25 / 1000]};
}

static void bootstrap(const struct agreement *agreement, struct agreement_summary *out) {
    uint32_t accuracy[AGREEMENT_ROUNDS], recall[AGREEMENT_ROUNDS], f1[AGREEMENT_ROUNDS];
    uint64_t state = 1;
    for (int round = 0; round < AGREEMENT_ROUNDS; round++) {
        confusion counts = {{0}};
        struct agreement_summary summary;
        for (size_t i = 0; i < agreement->count; i++) {
            /* the upper half of a product: without the bias of a remainder */
            uint64_t drawn = next_random(&state) >> 32;
            const struct agreement_pair *pair = &agreement->pairs[drawn * agreement->count >> 32];
            bool none = pair->found >= agreement->classes;
            counts[pair->gold][none ? AGREEMENT_CLASSES : pair->found]++;
        }
        summarise((const uint64_t(*)[AGREEMENT_CLASSES + 1]) counts, agreement->classes, &summary);
        accuracy[round] = summary.accuracy;
        recall[round] = summary.macro_recall;
        f1[round] = summary.macro_f1;
    }
    out->accuracy_95 = interval_of(accuracy);
    out->macro_recall_95 = interval_of(recall);
    out->macro_f1_95 = interval_of(f1);
}

void agreement_summarise(const struct agreement *agreement, bool intervals,
                         struct agreement_summary *out) {
    summarise((const uint64_t(*)[AGREEMENT_CLASSES + 1]) agreement->confusion, agreement->classes,
              out);
    if (intervals && agreement->count)
        bootstrap(agreement, out);
}
