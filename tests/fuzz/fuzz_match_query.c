/* The first line is a query, the rest a text: compiling ends in a set or a message; what matches
 * has passed the prefilter. */
#include "stages/match/match.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const char *query, struct span text) {
    static struct tokens tokens;
    struct brand brand = {.id = "b", .query = query, .inflect = true};
    struct query_set *set;
    struct match_scratch *scratch = NULL;
    struct fault fault;
    if (query_set_compile(&set, &brand, 1, &fault) != STATUS_OK)
        return;
    struct post post = {.text = text, .channel = text, .url = text, .author_handle = text};
    const struct match *matches;
    if (match_scratch_new(&scratch, set, &fault) == STATUS_OK &&
        tokens_read(&tokens, text, &fault) == STATUS_OK &&
        query_set_match(set, scratch, &post, &tokens, LANGUAGE_PL, &matches) > 0 &&
        !query_set_may_match(set, &post))
        abort();
    struct buf out;
    buf_init(&out, 1 << 24);
    query_set_describe(set, &out);
    buf_release(&out);
    match_scratch_free(scratch);
    query_set_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t len = end ? (size_t)(end - data) : size;
    char *query = malloc(len + 1);
    if (!query)
        return 0;
    if (len)
        memcpy(query, data, len);
    query[len] = '\0';
    struct span text = {(const char *)data + len, size - len};
    run(query, text);
    free(query);
    return 0;
}
