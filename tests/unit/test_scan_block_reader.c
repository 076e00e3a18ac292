/* Blocks of a member: where they end, whatever sizes the source hands out; damage; long records. */
#include "pipeline/scan/block_reader.h"

#include "stages/decode/encoding.h"
#include "tap.h"

#include <stdlib.h>

/* The source that the reader asks: instead of unpack's, so that its sizes are ours. */
struct source {
    struct span left;
    size_t step;     /* bytes at once; 0: as many as are wanted */
    enum status end; /* STATUS_END, or STATUS_SKIP: damaged there */
};

enum status source_read(struct source *source, char *to, size_t cap, size_t *got,
                        struct fault *fault) {
    *got = source->step && source->step < cap ? source->step : cap;
    if (*got > source->left.len)
        *got = source->left.len;
    if (*got)
        memcpy(to, source->left.at, *got);
    source->left.at += *got;
    source->left.len -= *got;
    if (*got)
        return STATUS_OK;
    return source->end == STATUS_END ? STATUS_END
                                     : fault_set(fault, source->end, EXIT_DATA, "it broke off");
}

enum { BLOCKS_MAX = 64 };
struct reading {
    size_t ends[BLOCKS_MAX]; /* where each block ends, counted in bytes of blocks */
    size_t count, bytes;
    struct buf text; /* of all blocks */
    enum status end;
    struct fault fault;
    bool first_only_once, lines_whole, started;
};

static struct reading read_all(struct span bytes, size_t step, enum status end, size_t record) {
    struct source source = {bytes, step, end};
    struct reading reading = {.first_only_once = true, .lines_whole = true};
    struct decode_options options = decode_options_default();
    struct block_reader reader;
    struct block block;
    if (record)
        options.max_record_bytes = record;
    buf_init(&reading.text, (size_t)1 << 28);
    block_init(&block, options.max_record_bytes);
    block_reader_begin(&reader, &source, "test.jsonl", &options, NULL);
    while ((reading.end = block_reader_next(&reader, &block, &reading.fault)) == STATUS_OK) {
        reading.first_only_once &= block.place.first == (reading.count == 0);
        reading.lines_whole &= block.bytes.at[block.bytes.len - 1] == '\n';
        buf_span(&reading.text, buf_as_span(&block.bytes));
        reading.bytes += block.bytes.len;
        if (reading.count < BLOCKS_MAX)
            reading.ends[reading.count++] = reading.bytes;
    }
    reading.started = reader.started;
    if (end == STATUS_SKIP) /* damage is said once */
        CHECK_INT(block_reader_next(&reader, &block, &reading.fault), STATUS_END);
    block_reader_end(&reader);
    block_release(&block);
    return reading;
}

/* Posts of different lengths, at least so many bytes. */
static struct buf make_lines(size_t bytes) {
    struct buf out;
    buf_init(&out, (size_t)1 << 28);
    for (int i = 0; out.len < bytes; i++)
        buf_format(
            &out,
            "{\"id\":\"%d\",\"created_utc\":%d,\"author\":\"a\",\"link_id\":\"t3_x\","
            "\"parent_id\":\"t3_x\",\"subreddit\":\"x\",\"body\":\"%.*s\"}\n",
            i, 1700000000 + i, i * 7919 % 400,
            "................................................................................"
            "................................................................................"
            "................................................................................"
            "................................................................................"
            "................................................................................");
    return out;
}

static void test_sizes(void) {
    static const size_t steps[] = {1, 1000, 65536, 1 << 20, (1 << 20) + 1};
    struct buf lines = make_lines(5 << 20);
    struct reading whole = read_all(buf_as_span(&lines), 0, STATUS_END, 0);
    CHECK_INT(whole.end, STATUS_END);
    CHECK(whole.count >= 5);
    CHECK(whole.first_only_once);
    CHECK(whole.lines_whole);
    CHECK(span_equal(buf_as_span(&whole.text), buf_as_span(&lines)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct reading other = read_all(buf_as_span(&lines), steps[i], STATUS_END, 0);
        CHECK_INT(other.count, whole.count);
        CHECK(memcmp(other.ends, whole.ends, sizeof whole.ends) == 0);
        CHECK(span_equal(buf_as_span(&other.text), buf_as_span(&lines)));
        buf_release(&other.text);
    }
    buf_release(&whole.text);
    buf_release(&lines);
}

/* UTF-16 comes as UTF-8 in blocks that do not depend on the source's sizes either. */
static void test_utf16(void) {
    static const size_t steps[] = {1, 3, 1000, 65536};
    struct buf lines = make_lines(3 << 20), wide;
    buf_init(&wide, (size_t)1 << 28);
    buf_add(&wide, "\xFF\xFE", 2);
    for (size_t i = 0; i < lines.len; i++) {
        bool dot = lines.at[i] == '.'; /* U+2026, three bytes of UTF-8 */
        buf_char(&wide, dot ? 0x26 : lines.at[i]);
        buf_char(&wide, dot ? 0x20 : 0);
    }
    struct reading whole = read_all(buf_as_span(&wide), 0, STATUS_END, 0);
    CHECK_INT(whole.end, STATUS_END);
    CHECK(whole.count >= 3 && whole.bytes > lines.len * 3 / 2);
    CHECK(whole.lines_whole && utf8_is_valid(buf_as_span(&whole.text)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct reading other = read_all(buf_as_span(&wide), steps[i], STATUS_END, 0);
        CHECK(memcmp(other.ends, whole.ends, sizeof whole.ends) == 0);
        CHECK(span_equal(buf_as_span(&other.text), buf_as_span(&whole.text)));
        buf_release(&other.text);
    }
    buf_release(&whole.text);
    buf_release(&wide);
    buf_release(&lines);
}

/* All that came before the damage is given, the record it cut through too: that one is counted as
 * a reject by whoever parses it. */
static void test_damage(void) {
    struct buf lines = make_lines(3 << 20);
    struct span broken = {lines.at, (2 << 20) + 77};
    for (size_t step = 0; step < 5000; step += 4999) {
        struct reading reading = read_all(broken, step, STATUS_SKIP, 0);
        CHECK_INT(reading.end, STATUS_SKIP);
        CHECK_STR(reading.fault.text, "it broke off");
        CHECK(span_equal(buf_as_span(&reading.text), broken));
        buf_release(&reading.text);
    }
    struct reading nothing = read_all((struct span){lines.at, 0}, 0, STATUS_SKIP, 0);
    CHECK_INT(nothing.end, STATUS_SKIP);
    CHECK_INT(nothing.count, 0);
    CHECK(!nothing.started);
    buf_release(&nothing.text);
    buf_release(&lines);
}

/* A record longer than allowed is given up in bounded memory; those behind it come. */
static void test_long_record(void) {
    enum { MOST = 1 << 16, LONG = 8 << 20 };
    struct buf lines = make_lines(100000), all;
    buf_init(&all, (size_t)1 << 28);
    buf_span(&all, buf_as_span(&lines));
    buf_text(&all, "{\"body\":\"");
    for (int i = 0; i < LONG / 16; i++)
        buf_text(&all, "0123456789abcdef");
    buf_text(&all, "\"}\n");
    buf_span(&all, buf_as_span(&lines));
    struct reading whole = read_all(buf_as_span(&all), 0, STATUS_END, MOST);
    CHECK_INT(whole.end, STATUS_END);
    CHECK(whole.bytes < 2 * lines.len + 2 * MOST + BLOCK_BYTES);
    CHECK(span_starts(buf_as_span(&whole.text), "{\"id\":\"0\""));
    CHECK(whole.bytes > lines.len &&
          span_equal((struct span){whole.text.at + whole.bytes - lines.len, lines.len},
                     buf_as_span(&lines)));
    struct reading other = read_all(buf_as_span(&all), 777, STATUS_END, MOST);
    CHECK(span_equal(buf_as_span(&other.text), buf_as_span(&whole.text)));
    CHECK(memcmp(other.ends, whole.ends, sizeof whole.ends) == 0);
    buf_release(&other.text);
    buf_release(&whole.text);
    buf_release(&all);
    buf_release(&lines);
}

static void test_unknown(void) {
    struct reading reading = read_all(span_of("once upon a time\n"), 0, STATUS_END, 0);
    CHECK_INT(reading.end, STATUS_SKIP);
    CHECK(!reading.started);
    buf_release(&reading.text);
    reading = read_all(span_of(""), 0, STATUS_END, 0);
    CHECK_INT(reading.end, STATUS_END);
    CHECK_INT(reading.count, 0);
    buf_release(&reading.text);
}

int main(void) {
    test_sizes();
    test_utf16();
    test_damage();
    test_long_record();
    test_unknown();
    return tap_done();
}
