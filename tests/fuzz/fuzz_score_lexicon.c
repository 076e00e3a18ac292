/* Any bytes as a user's lexicon: read, checked and built; what is built can be viewed and every
 * entry can be found. */
#include "stages/score/check.h"
#include "stages/score/lexicon.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void find_all(const struct lexicon *lexicon) {
    for (uint32_t i = 0; i < lexicon->header->slots.count; i++) {
        const struct lexicon_entry *entry = &lexicon->slots[i];
        if (entry->hash && (lexicon_find(lexicon, entry->hash) != entry ||
                            entry->detail >= lexicon->header->details.count))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lexicon_source source = {0};
    struct check_result result;
    struct lexicon lexicon;
    struct buf messages, blob;
    if (size > 20000)
        return 0;
    buf_init(&messages, 1 << 22);
    buf_init(&blob, 1 << 26);
    enum status status =
        lexicon_source_read_bytes(&source, "fuzz.tsv", LANGUAGE_OTHER,
                                  (struct span){(const char *)data, size}, &messages, NULL);
    if (status == STATUS_OK)
        status = check_source(&source, &messages, &result, NULL);
    for (int i = LANGUAGE_PL; status == STATUS_OK && i < LANGUAGE_COUNT; i++) {
        status = lexicon_build(&source, (enum language)i, &blob, &messages, NULL);
        if (status != STATUS_OK)
            break;
        if (!lexicon_view(&lexicon, buf_as_span(&blob)))
            abort();
        find_all(&lexicon);
    }
    lexicon_source_release(&source);
    buf_release(&messages);
    buf_release(&blob);
    return 0;
}
