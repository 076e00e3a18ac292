#include "stages/score/topic_model.h"

#include "stages/score/model.h"

bool topic_model_view(struct topic_model *model, struct span bytes) {
    const struct topic_model_header *header = (const void *)bytes.at;
    size_t fixed = sizeof *header + NGRAM_BLOCKS * (sizeof(uint64_t) + sizeof(uint32_t));
    if (bytes.len < fixed || (uintptr_t)bytes.at % 8 != 0 ||
        memcmp(header->magic, TOPIC_MODEL_MAGIC, sizeof header->magic) != 0 ||
        header->count > 1u << NGRAM_BITS ||
        bytes.len != fixed + (size_t)header->count * TOPIC_COUNT)
        return false;
    model->header = header;
    model->bitmap = (const void *)(header + 1);
    model->ranks = (const void *)(model->bitmap + NGRAM_BLOCKS);
    model->weights = (const void *)(model->ranks + NGRAM_BLOCKS);
    return true;
}

void topic_model_sum(const struct topic_model *model, const uint32_t *buckets, uint32_t count,
                     int32_t sums[TOPIC_COUNT]) {
    for (uint32_t i = 0; i < count; i++) {
        uint32_t block = buckets[i] >> 6, bit = buckets[i] & 63;
        uint64_t bits = model->bitmap[block];
        if (!(bits >> bit & 1))
            continue;
        uint64_t below = bits & ((UINT64_C(1) << bit) - 1);
        uint32_t number = model->ranks[block] + (uint32_t)__builtin_popcountll(below);
        const int8_t *weights = model->weights + (size_t)number * TOPIC_COUNT;
        for (unsigned topic = 0; topic < TOPIC_COUNT; topic++)
            sums[topic] += weights[topic];
    }
}

void topic_findings(const int32_t weights[TOPIC_COUNT], int32_t findings[FINDINGS]) {
    enum { SUM_MAX = 2000 };
    unsigned most = TOPIC_NONE;
    memset(findings, 0, FINDINGS * sizeof *findings);
    for (unsigned topic = TOPIC_NONE + 1; topic < TOPIC_COUNT; topic++) {
        int32_t sum = weights[topic] < SUM_MAX ? weights[topic] : SUM_MAX;
        findings[FINDING_SUM * TOPIC_COUNT + topic] = sum > 0 ? sum : 0;
        findings[FINDING_ANY * TOPIC_COUNT + topic] = sum > 0 ? FINDING_ONE : 0;
        most = weights[topic] > weights[most] ? topic : most;
    }
    findings[FINDING_MOST * TOPIC_COUNT + most] = FINDING_ONE;
}

void topic_model_finish(const struct topic_model *model, const int32_t sums[TOPIC_COUNT],
                        uint32_t ngrams, const int32_t weights[TOPIC_COUNT],
                        int32_t z[TOPIC_COUNT]) {
    int32_t findings[FINDINGS];
    int64_t unit = (int64_t)model->header->scale * model_root(ngrams);
    for (unsigned topic = 0; topic < TOPIC_COUNT; topic++)
        z[topic] = model->header->bias[topic] + (int32_t)(sums[topic] * unit >> 22);
    topic_findings(weights, findings);
    for (unsigned i = 0; i < FINDINGS; i++)
        for (unsigned topic = 0; findings[i] && topic < TOPIC_COUNT; topic++)
            z[topic] += model->header->findings[i][topic] * findings[i] / FINDING_ONE;
}
