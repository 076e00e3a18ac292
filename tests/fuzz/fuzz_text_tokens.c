/* Any bytes as a text: tokens stay inside it, hashes are those of the forms, a language comes out.
 */
#include "stages/text/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct tokens tokens;
    if (tokens_read(&tokens, (struct span){(const char *)data, size}, NULL) != STATUS_OK)
        return 0;
    for (uint32_t i = 0; i < tokens.count; i++) {
        const struct token *token = &tokens.at[i];
        if (token->len == 0 || token->at + token->len > tokens.text.len ||
            token->hash != token_hash(token_form(&tokens, token)) ||
            token->plain_hash != token_hash(token_plain(&tokens, token)))
            abort();
    }
    struct buf own;
    buf_init(&own, TEXT_MAX_BYTES);
    if (text_own_words(tokens.text, &own) && own.len != tokens.text.len)
        abort();
    buf_release(&own);
    if (language_detect(&tokens, (struct span){NULL, 0}) >= LANGUAGE_COUNT)
        abort();
    return 0;
}
