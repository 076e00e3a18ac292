/* Records with many posts through both readers, by formats that use every mechanism: what the slow
 * one reads without repair, the fast one reads alike. The first byte chooses the format. */
#include "tests/unit/extract_formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct format *const by[] = {&video, &page, &chats, &event};
    static struct table *tables[4];
    static struct buf fast = {.max = 1 << 26}, slow = {.max = 1 << 26};
    enum { MAX = 1 << 14 };
    struct fault fault;
    if (size < 2 || size > MAX)
        return 0;
    if (!extractor.fast)
        check(extractor_init(&extractor, MAX));
    int which = data[0] % 4;
    if (!tables[which])
        check(table_compile(&tables[which], by[which], by[which]->rows, &fault) == STATUS_OK);
    struct decode_member member = {
        .format = by[which], .table = tables[which], .options = decode_options_default()};
    static const struct decode_place beginning;
    extractor.member = &member;
    extractor.place = &beginning;
    size_t len = size - 1;
    char *copy = malloc(len + BLOCK_PADDING);
    check(copy != NULL);
    memcpy(copy, data + 1, len);
    memset(copy + len, '"', BLOCK_PADDING);
    uint64_t repairs = 0;
    enum json_result a = read_by(false, (struct span){copy, len}, &fast, &repairs);
    enum json_result b = read_by(true, (struct span){copy, len}, &slow, &repairs);
    /* names with escapes are names only for the slow one */
    bool comparable = b == JSON_READ && !repairs && !memchr(copy, '\\', len);
    check(!comparable || (a == JSON_READ && strcmp(fast.at, slow.at) == 0));
    free(copy);
    return 0;
}
