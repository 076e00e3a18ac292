/* Tokens without names: what a brand is called must not decide what is read from a post. */
#include "stages/text/text.h"

#include <stdlib.h>

/* Whether a place begins before the token ends and ends behind its beginning. */
static bool touches(const struct text_place *place, const struct token *token) {
    return place->from < token->at + token->len && place->end > token->at;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* Whether a full stop and a blank stand before token `i`, perhaps with quotation marks: a capital
 * would begin a sentence there, so a name does, however it is written. */
static bool follows_stop(const struct tokens *tokens, uint32_t i) {
    uint32_t end = tokens->at[i].at;
    for (uint32_t k = i; k-- > 0 && tokens->at[k].kind == TOKEN_PUNCT;) {
        const struct token *mark = &tokens->at[k];
        if (*token_form(tokens, mark).at != '.')
            continue;
        for (uint32_t at = mark->at + mark->len; at < end; at++)
            if (is_blank(tokens->text.at[at]))
                return true;
        return false;
    }
    return false;
}

/* The marks of a sentence stay, those of the spelling go. */
static struct token name_token(const struct tokens *tokens, uint32_t i) {
    static const uint64_t hash = UINT64_C(0x6E616D6500000001);
    const struct token *token = &tokens->at[i];
    uint8_t flags = token->flags & (TOKEN_SENTENCE | TOKEN_NEWLINE | TOKEN_QUOTED);
    if (follows_stop(tokens, i))
        flags |= TOKEN_SENTENCE;
    return (struct token){.at = token->at,
                          .len = token->len,
                          .form = token->form + token->form_len,
                          .plain = token->form + token->form_len,
                          .hash = hash,
                          .plain_hash = hash,
                          .kind = TOKEN_NAME,
                          .flags = flags,
                          .repeat = 1};
}

static enum status make_room(const struct tokens *tokens, struct tokens *masked,
                             struct fault *fault) {
    uint32_t wanted = tokens->count < MASKED_MAX ? tokens->count : MASKED_MAX;
    if (masked->cap >= wanted)
        return STATUS_OK;
    struct token *at = realloc(masked->at, MASKED_MAX * sizeof *at);
    if (!at)
        return fault_memory(fault);
    masked->at = at;
    masked->cap = MASKED_MAX;
    return STATUS_OK;
}

enum status tokens_mask(const struct tokens *tokens, const struct text_place *places, size_t count,
                        struct tokens *masked, struct fault *fault) {
    if (make_room(tokens, masked, fault) != STATUS_OK)
        return STATUS_FATAL;
    struct token *kept = masked->at;
    uint32_t cap = masked->cap, n = 0;
    *masked = *tokens;
    masked->at = kept;
    masked->cap = cap;
    size_t last = SIZE_MAX; /* the place that the token kept last stands for */
    for (uint32_t i = 0, next = 0; i < tokens->count && n < MASKED_MAX; i++) {
        const struct token *token = &tokens->at[i];
        while (next < count && places[next].end <= token->at)
            next++;
        bool named = next < count && touches(&places[next], token);
        if (!named || token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL) {
            kept[n++] = *token;
            last = SIZE_MAX;
            continue;
        }
        if (token->flags & TOKEN_PART) /* its whole is a name already */
            continue;
        if (token->kind == TOKEN_WORD) {
            masked->words -= last == next;
            masked->caps_words -= (token->flags & TOKEN_CAPS) != 0;
        }
        if (last == next) {
            kept[n - 1].len = token->at + token->len - kept[n - 1].at;
            continue;
        }
        kept[n++] = name_token(tokens, i);
        last = next;
    }
    masked->count = n;
    return STATUS_OK;
}

void tokens_mask_release(struct tokens *masked) {
    free(masked->at);
    *masked = (struct tokens){0};
}
