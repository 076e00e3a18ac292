/* Results of one input: committed in the order of its items however they arrive, in a ring that is
 * never overrun; a resumed scan begins behind the segments on disk. */
#include "pipeline/scan/input_scan.h"
#include "scan_kit.h"
#include "tap.h"

static struct shard_folder shards;
static struct scan_id id;
static struct budget budget;
static struct stopwatch watch;
static struct input_path path = {.mtime_ns = 1, .size = 3};
static char input_file[500], label[] = "input.jsonl";
static struct reading reading = {.text = "{\"day_first\":true}"};
static struct scan_input what = {.path = &path, .reading = &reading};

static void begin(struct input_scan *scan, const struct shard_list *done) {
    struct fault fault = {0};
    CHECK_INT(input_scan_open(scan, &what, &shards, &id, NULL, done, DIGEST_TREE, &budget, &fault),
              STATUS_OK);
}

/* What a worker made of item `sequence`: one row that says so. */
static struct batch make_batch(uint64_t sequence) {
    struct batch batch;
    char number[24];
    batch_init(&batch);
    batch.sequence = sequence;
    snprintf(number, sizeof number, "%llu", (unsigned long long)sequence);
    struct mention row = {.created_at_us = (int64_t)sequence,
                          .channel_name = SPAN_LITERAL("twitter"),
                          .id = span_of(number),
                          .author = SPAN_LITERAL(""),
                          .url = SPAN_LITERAL(""),
                          .text = SPAN_LITERAL("text")};
    CHECK(mention_rows_append(&batch.mentions, &row));
    batch.bytes_out = 10;
    return batch;
}

static void commit(struct input_scan *scan, uint64_t sequence, uint64_t committed) {
    struct fault fault = {0};
    struct batch batch = make_batch(sequence);
    CHECK_INT(input_scan_commit(scan, &batch, &watch, &fault), STATUS_OK);
    CHECK_INT(scan->committed, committed);
    batch_release(&batch);
}

static void check_shard(const struct shard_entry *entry, size_t rows, uint64_t first) {
    struct shard shard;
    CHECK_INT(shard_read(entry->path, SHARD_WHOLE, &shard, NULL), STATUS_OK);
    CHECK_INT(shard.mentions.count, rows);
    bool in_order = true;
    for (size_t row = 0; row < shard.mentions.count; row++)
        in_order &= shard.mentions.created_at_us[row] == (int64_t)(first + row);
    CHECK(in_order);
    CHECK_INT(shard.head.first_block, first);
    CHECK_INT(shard.head.block_count, rows);
    shard_release(&shard);
}

static void test_order(void) {
    static const struct {
        uint64_t sequence, committed; /* afterwards */
    } steps[] = {{2, 0}, {1, 0}, {0, 3}, {3, 4}, {7, 4}, {5, 4}, {6, 4}, {4, 8}};
    struct input_scan scan;
    struct shard_list list;
    struct fault fault = {0};
    begin(&scan, NULL);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        commit(&scan, steps[i].sequence, steps[i].committed);
    CHECK_INT(input_scan_finish(&scan, &watch, &fault), STATUS_OK);
    input_scan_close(&scan);
    CHECK_INT(shard_folder_list(&shards, id.digest, &list, &fault), STATUS_OK);
    CHECK_INT(list.count, 1);
    CHECK_INT(list.at[0].head.last, 1);
    CHECK_INT(list.at[0].head.revision, SCAN_REVISION);
    check_shard(&list.at[0], 8, 0);
    shard_list_release(&list);
}

/* Nobody may read so far ahead that two results would share a place. */
static void test_room(void) {
    struct input_scan scan;
    begin(&scan, NULL);
    for (uint64_t ahead = 0; ahead <= RING + 2; ahead++) {
        scan.next_sequence = ahead;
        CHECK_INT(input_scan_has_room(&scan), ahead < RING);
    }
    scan.next_sequence = RING;
    for (uint64_t late = RING - 1; late > 0; late--)
        commit(&scan, late, 0);
    CHECK(!input_scan_has_room(&scan));
    commit(&scan, 0, RING);
    CHECK(input_scan_has_room(&scan));
    input_scan_close(&scan);
}

/* Full segments go to disk at once; what is behind them is done again. */
static void test_resume(void) {
    struct input_scan scan;
    struct shard_list list;
    struct fault fault = {0};
    path.mtime_ns = 2; /* another version */
    begin(&scan, NULL);
    struct batch full = make_batch(0);
    full.bytes_out = SEGMENT_BYTES;
    CHECK_INT(input_scan_commit(&scan, &full, &watch, &fault), STATUS_OK);
    batch_release(&full);
    commit(&scan, 1, 2);
    input_scan_close(&scan); /* killed here */
    CHECK_INT(shard_folder_list(&shards, id.digest, &list, &fault), STATUS_OK);
    begin(&scan, &list);
    CHECK_INT(scan.done_pieces, 1);
    CHECK_INT(scan.shard.head.segment, 1);
    commit(&scan, 1, 2);
    commit(&scan, 2, 3);
    CHECK_INT(input_scan_finish(&scan, &watch, &fault), STATUS_OK);
    shard_list_release(&list);
    CHECK_INT(shard_folder_list(&shards, id.digest, &list, &fault), STATUS_OK);
    size_t at = shard_list_find(&list, what.key, sizeof what.key);
    CHECK(at + 1 < list.count);
    check_shard(&list.at[at], 1, 0);
    check_shard(&list.at[at + 1], 2, 1);
    CHECK_INT(list.at[at + 1].head.segment, 1);
    CHECK_INT(list.at[at + 1].head.last, 1);
    CHECK_STR(list.at[at + 1].head.reading, reading.text);
    shard_list_release(&list);
    input_scan_close(&scan);
}

/* What a passing trouble ended is scanned from its beginning. */
static void test_trouble(void) {
    struct input_scan scan;
    struct shard_list list;
    struct fault fault = {0};
    begin(&scan, NULL);
    struct batch batch = make_batch(0);
    batch.trouble = EXIT_PARTIAL;
    CHECK_INT(input_scan_commit(&scan, &batch, &watch, &fault), STATUS_OK);
    batch_release(&batch);
    CHECK_INT(input_scan_finish(&scan, &watch, &fault), STATUS_OK);
    input_scan_close(&scan);
    CHECK_INT(shard_folder_list(&shards, id.digest, &list, &fault), STATUS_OK);
    CHECK_INT(shard_list_trouble(&list, what.key), EXIT_PARTIAL);
    begin(&scan, &list);
    CHECK_INT(scan.done_pieces, 0);
    CHECK_INT(scan.shard.head.segment, 0);
    input_scan_close(&scan);
    shard_list_release(&list);
}

int main(void) {
    struct fault fault = {0};
    store_init();
    CHECK(kit_begin());
    CHECK(kit_write("input.jsonl", span_of("{}\n")));
    snprintf(input_file, sizeof input_file, "%s", kit_path("input.jsonl"));
    path.path = input_file;
    path.label = label;
    budget_init(&budget, unpack_limits_default());
    scan_id_make(&id, span_of("settings"), "lexicons");
    CHECK_INT(shard_folder_open(&shards, kit_path("a.h5"), &fault), STATUS_OK);
    test_order();
    test_room();
    test_resume();
    test_trouble();
    shard_folder_close(&shards);
    kit_remove(kit_folder);
    return tap_done();
}
