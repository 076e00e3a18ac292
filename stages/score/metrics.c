#include "stages/score/metrics.h"

enum { UNIT = 10000 };

void metrics_add(struct metrics *metrics, int gold, const struct score *score) {
    unsigned row = (unsigned)(gold + 1);
    if (score->label == LABEL_NONE) {
        metrics->unscored++;
        metrics->unscored_by_class[row]++;
        return;
    }
    unsigned column = (unsigned)(score->label + 1);
    metrics->confusion[row][column]++;
    unsigned confidence = score->p_milli[column];
    unsigned bin = confidence * METRICS_BINS / 1001;
    metrics->bin_count[bin]++;
    metrics->bin_right[bin] += row == column;
    metrics->bin_confidence[bin] += confidence;
}

static uint32_t ratio(uint64_t part, uint64_t whole) {
    return whole ? (uint32_t)((part * UNIT + whole / 2) / whole) : 0;
}

uint32_t metrics_f1(const struct metrics_binary *binary) {
    return ratio(2 * binary->right, binary->found + binary->gold);
}

static uint32_t calibration_error(const struct metrics *metrics) {
    uint64_t gaps = 0, count = 0;
    for (unsigned i = 0; i < METRICS_BINS; i++) {
        uint64_t right = metrics->bin_right[i] * 1000, sure = metrics->bin_confidence[i];
        gaps += right > sure ? right - sure : sure - right;
        count += metrics->bin_count[i];
    }
    return ratio(gaps, count * 1000);
}

void metrics_summarise(const struct metrics *metrics, struct metrics_summary *out) {
    *out = (struct metrics_summary){0};
    uint64_t right = 0, recalls = 0, f1s = 0;
    for (unsigned class = 0; class < 3; class ++) {
        uint64_t gold = metrics->unscored_by_class[class], found = 0;
        for (unsigned i = 0; i < 3; i++) {
            gold += metrics->confusion[class][i];
            found += metrics->confusion[i][class];
        }
        struct metrics_binary binary = {metrics->confusion[class][class], found, gold};
        out->recall[class] = ratio(binary.right, gold);
        out->precision[class] = ratio(binary.right, found);
        out->f1[class] = metrics_f1(&binary);
        recalls += out->recall[class];
        f1s += out->f1[class];
        right += binary.right;
        out->count += gold;
    }
    out->accuracy = ratio(right, out->count);
    out->macro_recall = (uint32_t)((recalls + 1) / 3);
    out->macro_f1 = (uint32_t)((f1s + 1) / 3);
    out->calibration_error = calibration_error(metrics);
}
