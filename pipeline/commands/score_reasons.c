#include "pipeline/commands/score_reasons.h"

#include "pipeline/config.h"
#include "stages/match/match.h"

#include <stdlib.h>

struct score_reasons {
    struct scorer *scorer;
    struct score_scratch *scratch;
    struct query_set *queries;
    struct match_scratch *match;
    struct tokens tokens, own_tokens, masked;
    struct buf own;
};

static enum status open_parts(struct score_reasons *reasons, const struct config *config,
                              struct fault *fault) {
    struct score_options options = {.engine = config->engine};
    enum status status = scorer_open(&reasons->scorer, &options, fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&reasons->scratch, fault);
    if (status == STATUS_OK && config->brand_count)
        status = query_set_compile(&reasons->queries, config->brands, config->brand_count, fault);
    if (status == STATUS_OK && reasons->queries)
        status = match_scratch_new(&reasons->match, reasons->queries, fault);
    return status;
}

enum status score_reasons_open(struct score_reasons **out, const struct audit *audit,
                               struct fault *fault) {
    struct config config;
    struct score_reasons *reasons = calloc(1, sizeof *reasons);
    *out = NULL;
    if (!reasons)
        return fault_memory(fault);
    tokens_init(&reasons->tokens);
    tokens_init(&reasons->own_tokens);
    buf_init(&reasons->own, TEXT_MAX_BYTES * 2);
    config_init(&config);
    enum status status = config_parse(&config, span_of(audit_noted(audit, "configuration")),
                                      "the audit's configuration", fault);
    if (status == STATUS_OK)
        status = open_parts(reasons, &config, fault);
    config_release(&config);
    bool same = status == STATUS_OK &&
                strcmp(scorer_digest(reasons->scorer), audit_noted(audit, "lexicons_sha256")) == 0;
    if (same) {
        *out = reasons;
        return STATUS_OK;
    }
    score_reasons_close(reasons);
    return status;
}

void score_reasons_close(struct score_reasons *reasons) {
    if (!reasons)
        return;
    match_scratch_free(reasons->match);
    query_set_free(reasons->queries);
    score_scratch_free(reasons->scratch);
    scorer_free(reasons->scorer);
    tokens_release(&reasons->tokens);
    tokens_release(&reasons->own_tokens);
    tokens_mask_release(&reasons->masked);
    buf_release(&reasons->own);
    free(reasons);
}

/* The tokens that the scan scored: without quoted lines and the names of the brands. */
static const struct tokens *read_spoken(struct score_reasons *reasons, struct span text) {
    const struct tokens *spoken = &reasons->tokens;
    const struct text_place *names;
    if (tokens_read(&reasons->tokens, text, NULL) != STATUS_OK)
        return NULL;
    if (text_own_words(reasons->tokens.text, &reasons->own)) {
        spoken = &reasons->own_tokens;
        if (tokens_read(&reasons->own_tokens, buf_as_span(&reasons->own), NULL) != STATUS_OK)
            return NULL;
    }
    size_t count = reasons->match
                       ? query_set_names(reasons->queries, reasons->match, &reasons->tokens, &names)
                       : 0;
    if (!count)
        return spoken;
    return tokens_mask(spoken, names, count, &reasons->masked, NULL) == STATUS_OK ? &reasons->masked
                                                                                  : NULL;
}

uint32_t score_reasons_find(struct score_reasons *reasons, struct span text, enum language language,
                            const struct score *score, struct deciding_word words[DECIDING_MAX],
                            bool *failed) {
    if (!text.len || score->label == LABEL_NONE)
        return 0;
    const struct tokens *tokens = read_spoken(reasons, text);
    *failed |= !tokens;
    return tokens ? scorer_deciding_words(reasons->scorer, reasons->scratch, tokens, language,
                                          score, words)
                  : 0;
}

static int by_place(const void *left, const void *right) {
    const struct deciding_word *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

static bool mark_row(struct score_reasons *reasons, struct audit *audit, uint32_t row,
                     size_t *room) {
    const struct evidence_row *post =
        (const struct evidence_row *)audit->tables[TABLE_EVIDENCE].rows + row;
    struct span text = {post->text, strnlen(post->text, sizeof post->text)};
    struct score score = {.label = LABEL_NONE, .topic = TOPIC_NONE};
    enum language language = LANGUAGE_OTHER;
    struct deciding_word words[DECIDING_MAX];
    bool failed = false;
    for (int i = LABEL_NEGATIVE; i <= LABEL_POSITIVE; i++)
        if (strncmp(post->label, label_name((enum label)i), sizeof post->label) == 0)
            score.label = (int8_t)i;
    for (int i = LANGUAGE_PL; i < LANGUAGE_COUNT; i++)
        if (strncmp(post->language, language_name((enum language)i), sizeof post->language) == 0)
            language = (enum language)i;
    uint32_t count = score_reasons_find(reasons, text, language, &score, words, &failed), kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (words[i].part == DECIDED_LABEL && score.label != LABEL_NEUTRAL)
            words[kept++] = words[i];
    if (audit->evidence_mark_count + kept > *room) {
        *room = *room * 2 + DECIDING_MAX;
        struct evidence_mark *marks =
            realloc(audit->evidence_marks, *room * sizeof *audit->evidence_marks);
        if (!marks)
            return false;
        audit->evidence_marks = marks;
    }
    if (kept)
        qsort(words, kept, sizeof *words, by_place);
    for (uint32_t i = 0; i < kept; i++)
        audit->evidence_marks[audit->evidence_mark_count++] =
            (struct evidence_mark){row, words[i].from, words[i].end};
    return !failed;
}

enum status score_reasons_mark_evidence(struct audit *audit, struct fault *fault) {
    struct score_reasons *reasons;
    size_t room = 0;
    if (!audit->tables[TABLE_EVIDENCE].count)
        return STATUS_OK;
    enum status status = score_reasons_open(&reasons, audit, fault);
    for (uint32_t i = 0; reasons && i < audit->tables[TABLE_EVIDENCE].count; i++)
        if (status == STATUS_OK && !mark_row(reasons, audit, i, &room))
            status = fault_memory(fault);
    score_reasons_close(reasons);
    return status;
}

static const char *part_name(const struct deciding_word *word) {
    switch ((enum decided_part)word->part) {
    case DECIDED_LABEL:
        return label_name((enum label)(word->which - 1));
    case DECIDED_INTENT:
        return intent_name(word->which);
    case DECIDED_STAGE:
        return stage_name((enum stage)word->which);
    case DECIDED_TOPIC:
        break;
    }
    return topic_name((enum post_topic)word->which);
}

void score_reasons_write(struct buf *out, struct span text, const struct deciding_word *words,
                         uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bool same = i && words[i].part == words[i - 1].part && words[i].which == words[i - 1].which;
        if (same)
            buf_text(out, ", ");
        else
            buf_format(out, "%s%s: ", i ? " | " : "", part_name(&words[i]));
        for (uint32_t at = words[i].from; at < words[i].end && at < text.len; at++)
            buf_char(out, (unsigned char)text.at[at] < ' ' ? ' ' : text.at[at]);
    }
}
