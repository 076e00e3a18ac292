#include "stages/score/model.h"

#include "stages/score/simd_i16.h"

static bool view_table(struct model_table *table, struct span *rest, uint32_t heads,
                       uint32_t stride) {
    const struct model_table_header *header = (const void *)rest->at;
    size_t fixed = sizeof *header + BITMAP_WORDS * (sizeof(uint64_t) + sizeof(uint32_t)) +
                   (size_t)STEP_IDS * stride * sizeof(int16_t);
    if (rest->len < fixed || header->heads != heads || header->stride != stride ||
        header->count > 1u << NGRAM_BITS || header->size > rest->len ||
        header->size < fixed + (size_t)header->count * stride)
        return false;
    table->header = header;
    table->bitmap = (const void *)(rest->at + sizeof *header);
    table->ranks = (const void *)(table->bitmap + BITMAP_WORDS);
    table->steps = (const void *)(table->ranks + BITMAP_WORDS);
    table->weights = (const void *)(table->steps + (size_t)STEP_IDS * stride);
    *rest = (struct span){rest->at + header->size, rest->len - header->size};
    return true;
}

bool model_view(struct score_model *model, struct span bytes) {
    const struct model_header *header = (const void *)bytes.at;
    if (bytes.len < sizeof *header || (uintptr_t)bytes.at % 8 != 0 ||
        memcmp(header->magic, MODEL_MAGIC, 8) != 0 || header->features_version != FEATURES_VERSION)
        return false;
    struct span rest = {bytes.at + sizeof *header, bytes.len - sizeof *header};
    if (!view_table(&model->sentiment, &rest, HEADS_SENTIMENT, 4) ||
        !view_table(&model->journey, &rest, HEADS_JOURNEY, 16) || rest.len < sizeof *model->joint ||
        (rest.len - sizeof *model->joint) / sizeof(uint32_t) < header->vocabulary_count)
        return false;
    model->joint = (const void *)rest.at;
    rest.at += sizeof *model->joint;
    model->vocabulary = (struct ngram_vocabulary){(const void *)rest.at, header->vocabulary_count};
    return true;
}

/* The square root is only where the search begins: how it is rounded does not matter. */
uint32_t model_root(uint32_t n) {
    uint64_t square = n ? (UINT64_C(1) << 32) / n : 0;
    uint64_t root = (uint64_t)__builtin_sqrt((double)square);
    while (root * root > square)
        root--;
    while ((root + 1) * (root + 1) <= square)
        root++;
    return (uint32_t)root;
}

void model_sum(const struct model_table *table, const struct features *features, int32_t *sums) {
    for (uint32_t i = 0; i < features->ngram_count; i++) {
        const int8_t *weights = model_weights(table, features->ngrams[i]);
        for (uint32_t head = 0; weights && head < table->header->heads; head++)
            sums[head] += weights[head];
    }
}

void model_finish(const struct model_table *table, const struct features *features,
                  const int32_t *sums, int64_t root, int32_t *z) {
    const struct model_table_header *header = table->header;
    int32_t steps[16];
    simd_i32x4 part[4] = {{0}};
    if (header->stride == 4) {
        for (uint32_t i = 0; i < features->step_count; i++)
            part[0] += simd_i16_to_i32(table->steps + (size_t)features->steps[i] * 4);
    } else {
        for (uint32_t i = 0; i < features->step_count; i++) {
            const int16_t *weights = table->steps + (size_t)features->steps[i] * 16;
            part[0] += simd_i16_to_i32(weights);
            part[1] += simd_i16_to_i32(weights + 4);
            part[2] += simd_i16_to_i32(weights + 8);
            part[3] += simd_i16_to_i32(weights + 12);
        }
    }
    memcpy(steps, part, sizeof steps);
    for (uint32_t head = 0; head < header->heads; head++) {
        int64_t words = (int64_t)sums[head] * header->scale[head] * root >> 22;
        z[head] = (int32_t)(header->bias[head] + steps[head] + words);
    }
}

void model_logits(const struct model_table *table, const struct features *features, int32_t *z) {
    int32_t sums[16] = {0};
    model_sum(table, features, sums);
    model_finish(table, features, sums, model_root(features->ngram_count), z);
}
