/* One JSON record through both readers: a repaired record is valid UTF-8 and needs no second
 * repair, and what jansson reads untouched simdjson reads alike. */
#include "stages/decode/encoding.h"
#include "stages/decode/repair.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

static uint64_t total(const uint64_t counts[REPAIR_COUNT]) {
    uint64_t sum = 0;
    for (int i = 0; i < REPAIR_COUNT; i++)
        sum += counts[i];
    return sum;
}

static void check_repair(struct span record) {
    struct buf once, twice;
    uint64_t counts[REPAIR_COUNT] = {0}, again[REPAIR_COUNT] = {0};
    buf_init(&once, 1 << 20);
    buf_init(&twice, 1 << 20);
    if (repair_json(record, &once, counts) == JSON_READ && once.len) {
        bool outside_ascii = !utf8_is_valid(buf_as_span(&once));
        check(repair_json(buf_as_span(&once), &twice, again) == JSON_READ);
        /* bytes outside of strings are left for the parser to refuse */
        check(outside_ascii || total(again) == 0 || span_starts(buf_as_span(&once), "\xEF"));
    }
    buf_release(&once);
    buf_release(&twice);
}

static void check_readers(struct json_fast *fast, struct json_slow *slow, const struct table *table,
                          struct span record) {
    static struct slots fasts, slows;
    uint64_t counts[REPAIR_COUNT] = {0};
    enum json_result by_simdjson = json_fast_read(fast, table, record, &fasts);
    enum json_result by_jansson = json_slow_read(slow, table, record, &slows, counts);
    bool escaped_names = record.len && memchr(record.at, '\\', record.len);
    if (by_jansson != JSON_READ || total(counts) || escaped_names)
        return;
    check(by_simdjson == JSON_READ);
    for (int i = 0; i < table->slot_count; i++) {
        const struct value *a = slots_get(&fasts, i), *b = slots_get(&slows, i);
        bool quoted = a->type == VALUE_NUMBER && b->type == VALUE_STRING;
        check(a->type == b->type || quoted);
        check(a->type == VALUE_ABSENT || span_equal(a->text, b->text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct json_fast *fast;
    static struct json_slow slow;
    static struct table *table;
    enum { MAX = 1 << 14 };
    if (size > MAX)
        return 0;
    if (!fast) {
        struct fault fault;
        fast = json_fast_new(MAX);
        json_slow_init(&slow, MAX);
        check(fast &&
              table_compile(&table, &format_twitter, format_twitter.rows, &fault) == STATUS_OK);
    }
    char *record = malloc(size + BLOCK_PADDING);
    check(record != NULL);
    memcpy(record, data, size);
    memset(record + size, '"', BLOCK_PADDING);
    check_repair((struct span){record, size});
    if (size)
        check_readers(fast, &slow, table, (struct span){record, size});
    free(record);
    return 0;
}
