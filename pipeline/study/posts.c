/* The posts that the audit keeps: which rows, under which channel numbers, and their strings. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum { BATCH_BLOCKS = 64, AHEAD = 8 };

/* Answers become places among the posts that are kept. */
static bool place_answers(struct study *study) {
    size_t count = study->mentions.count;
    uint32_t *answer = study->post_care.answer;
    if (!answer)
        return true; /* a study without the step of care */
    uint32_t *place = malloc((count + 1) * sizeof *place);
    if (!place)
        return false;
    memset(place, 0xFF, count * sizeof *place);
    for (size_t i = 0; i < study->kept.count; i++)
        place[study->kept.rows[i]] = (uint32_t)i;
    for (size_t row = 0; row < count; row++)
        if (answer[row] != UINT32_MAX)
            answer[row] = place[answer[row]];
    free(place);
    return true;
}

enum status study_posts(struct study *study, struct fault *fault) {
    const struct mention_table *m = &study->mentions;
    struct kept_posts *kept = &study->kept;
    if (!study->config->keep_text)
        return STATUS_OK;
    kept->rows = malloc((m->count + 1) * sizeof *kept->rows);
    kept->channel = malloc((m->count + 1) * sizeof *kept->channel);
    kept->followers = malloc((m->count + 1) * sizeof *kept->followers);
    uint32_t *number = malloc((m->channels.count + 1) * sizeof *number);
    bool ok = kept->rows && kept->channel && kept->followers && number;
    if (ok)
        memset(number, 0xFF, (m->channels.count + 1) * sizeof *number);
    for (size_t row = 0; ok && row < m->count; row++) {
        bool dropped = study->config->drop_deleted && (m->flags[row] & POST_DELETED);
        if (dropped || !study_in_span(study, row))
            continue;
        /* channels get numbers in the order in which the kept posts name them */
        uint32_t *channel = &number[m->channel[row]];
        if (*channel == SYMBOL_NONE)
            *channel = symbols_intern(&kept->channels, m->channels.names[m->channel[row]]);
        ok = *channel != SYMBOL_NONE;
        kept->channel[kept->count] = *channel;
        kept->followers[kept->count] = (int32_t)study_followers(study, m->followers[row]);
        kept->rows[kept->count++] = (uint32_t)row;
    }
    free(number);
    if (!ok || !study_code_authors(study) || !place_answers(study))
        return fault_memory(fault);
    study->audit.source = (struct post_source){.mentions = m,
                                               .rows = kept->rows,
                                               .channel = kept->channel,
                                               .followers = kept->followers,
                                               .channels = &kept->channels,
                                               .care = study->post_care,
                                               .count = kept->count};
    return STATUS_OK;
}

/* Row by row, because a row's strings lie together. */
static void fill_block(const struct study *study, size_t first, struct post_block *block) {
    size_t left = study->kept.count - first;
    block->count = left < POST_BLOCK_ROWS ? left : POST_BLOCK_ROWS;
    for (int which = 0; which < STRING_COUNT; which++)
        buf_clear(&block->strings[which].bytes);
    for (size_t i = 0; i < block->count; i++) {
        if (first + i + AHEAD < study->kept.count)
            mention_table_expect(&study->mentions, study->kept.rows[first + i + AHEAD]);
        for (int which = 0; which < STRING_COUNT; which++) {
            struct post_strings *to = &block->strings[which];
            study_shown_string(study, study->kept.rows[first + i], (enum mention_string)which,
                               &to->bytes);
            to->end[i] = to->bytes.len;
        }
    }
}

enum status study_write(const struct study *study, const char *path, struct fault *fault) {
    struct audit_writer *writer;
    struct post_block *blocks = calloc(BATCH_BLOCKS, sizeof *blocks);
    if (!blocks)
        return fault_memory(fault);
    for (size_t i = 0; i < BATCH_BLOCKS; i++)
        for (int which = 0; which < STRING_COUNT; which++)
            buf_init(&blocks[i].strings[which].bytes, SIZE_MAX / 2);
    enum status status = audit_write_begin(path, &study->audit, &writer, fault);
    bool going = status == STATUS_OK;
    /* a batch of blocks at a time is filled by all threads, then handed over in order */
    for (size_t first = 0; going && first < study->kept.count;) {
        size_t left = (study->kept.count - first + POST_BLOCK_ROWS - 1) / POST_BLOCK_ROWS;
        size_t count = left < BATCH_BLOCKS ? left : BATCH_BLOCKS;
#pragma omp parallel for schedule(dynamic) if (count > 1)
        for (size_t i = 0; i < count; i++)
            fill_block(study, first + i * POST_BLOCK_ROWS, &blocks[i]);
        for (size_t i = 0; i < count && going; i++)
            going = audit_write_posts(writer, &blocks[i]);
        first += count * POST_BLOCK_ROWS;
    }
    if (status == STATUS_OK)
        status = audit_write_end(writer, fault);
    for (size_t i = 0; i < BATCH_BLOCKS; i++)
        for (int which = 0; which < STRING_COUNT; which++)
            buf_release(&blocks[i].strings[which].bytes);
    free(blocks);
    return status;
}
