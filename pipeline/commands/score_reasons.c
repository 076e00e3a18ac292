#include "pipeline/commands/score_reasons.h"

#include "pipeline/commands/commands.h"
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
    if (status == STATUS_OK)
        print_message("the words that decided are left out: the audit was scored with other "
                      "lexicons or another version; burza run with the dumps makes it anew");
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
