/* Repositories of Bluesky: what is in the tree comes out once and in order; what is missing,
 * damaged, named twice or too deep is said and never followed. */
#include "stages/decode/dag_cbor.h"
#include "stages/decode/decode.h"
#include "tap.h"

#include <stdlib.h>

#define ROOM 65536

/* A CAR in the making: blocks are added from the leaves to the root. */
struct maker {
    struct buf blocks;
};

static void put_head(struct buf *out, unsigned kind, size_t number) {
    if (number < 24) {
        buf_char(out, (char)(kind << 5 | number));
    } else if (number < 256) {
        buf_char(out, (char)(kind << 5 | 24));
        buf_char(out, (char)number);
    } else {
        buf_char(out, (char)(kind << 5 | 25));
        buf_char(out, (char)(number >> 8));
        buf_char(out, (char)number);
    }
}

static void put_text(struct buf *out, const char *text) {
    put_head(out, CBOR_TEXT, strlen(text));
    buf_text(out, text);
}

static void put_link(struct buf *out, const unsigned char digest[DIGEST_SIZE]) {
    buf_add(out, "\xd8\x2a\x58\x25\0\x01\x71\x12\x20", 9);
    buf_add(out, digest, DIGEST_SIZE);
}

static void put_varint(struct buf *out, size_t number) {
    for (; number > 127; number >>= 7)
        buf_char(out, (char)(number & 127) | (char)128);
    buf_char(out, (char)number);
}

/* A block of these bytes, which are released; its name. */
static void add_block(struct maker *maker, struct buf *data, unsigned char digest[DIGEST_SIZE]) {
    digest_of(buf_as_span(data), digest);
    put_varint(&maker->blocks, 4 + DIGEST_SIZE + data->len);
    buf_add(&maker->blocks, "\x01\x71\x12\x20", 4);
    buf_add(&maker->blocks, digest, DIGEST_SIZE);
    buf_span(&maker->blocks, buf_as_span(data));
    buf_release(data);
}

static void add_post(struct maker *maker, const char *text, unsigned char digest[DIGEST_SIZE]) {
    struct buf data;
    buf_init(&data, ROOM);
    put_head(&data, CBOR_MAP, 2);
    put_text(&data, "text");
    put_text(&data, text);
    put_text(&data, "createdAt");
    put_text(&data, "2026-03-02T08:00:00Z");
    add_block(maker, &data, digest);
}

struct entry {
    size_t shared;
    const char *rest;
    const unsigned char *record, *below;
};

static void add_node(struct maker *maker, const unsigned char *left, const struct entry *entries,
                     size_t count, unsigned char digest[DIGEST_SIZE]) {
    struct buf data;
    buf_init(&data, ROOM);
    put_head(&data, CBOR_MAP, 2);
    put_text(&data, "e");
    put_head(&data, CBOR_ARRAY, count);
    for (size_t i = 0; i < count; i++) {
        put_head(&data, CBOR_MAP, 4);
        put_text(&data, "k");
        put_head(&data, CBOR_BYTES, strlen(entries[i].rest));
        buf_text(&data, entries[i].rest);
        put_text(&data, "p");
        put_head(&data, CBOR_UNSIGNED, entries[i].shared);
        put_text(&data, "t");
        if (entries[i].below)
            put_link(&data, entries[i].below);
        else
            buf_char(&data, '\xf6');
        put_text(&data, "v");
        put_link(&data, entries[i].record);
    }
    put_text(&data, "l");
    if (left)
        put_link(&data, left);
    else
        buf_char(&data, '\xf6');
    add_block(maker, &data, digest);
}

/* The whole file: header and commit before the blocks made so far. */
static struct buf finish(struct maker *maker, const unsigned char tree[DIGEST_SIZE]) {
    unsigned char root[DIGEST_SIZE];
    struct buf commit, header, car;
    buf_init(&commit, ROOM);
    buf_init(&header, ROOM);
    buf_init(&car, 1 << 24);
    put_head(&commit, CBOR_MAP, 3);
    put_text(&commit, "did");
    put_text(&commit, "did:plc:ola");
    put_text(&commit, "rev");
    put_text(&commit, "3mevm");
    put_text(&commit, "data");
    put_link(&commit, tree);
    add_block(maker, &commit, root);
    put_head(&header, CBOR_MAP, 2);
    put_text(&header, "roots");
    put_head(&header, CBOR_ARRAY, 1);
    put_link(&header, root);
    put_text(&header, "version");
    put_head(&header, CBOR_UNSIGNED, 1);
    put_varint(&car, header.len);
    buf_span(&car, buf_as_span(&header));
    buf_span(&car, buf_as_span(&maker->blocks));
    buf_release(&header);
    buf_release(&maker->blocks);
    return car;
}

static void begin(struct maker *maker) {
    buf_init(&maker->blocks, 1 << 24);
}

/* Reads a CAR, and releases it. */
static struct buf lines_of(struct buf *car, enum status want, const char *says) {
    struct buf lines;
    struct fault fault = {0};
    buf_init(&lines, 1 << 20);
    CHECK_INT(decode_whole(buf_as_span(car)), WHOLE_REPOSITORY);
    CHECK_INT(decode_repository(buf_as_span(car), &lines, &fault), want);
    CHECK(strstr(fault.text, says) != NULL);
    buf_release(car);
    buf_char(&lines, '\0');
    return lines;
}

static size_t count_of(const struct buf *lines, const char *what) {
    size_t count = 0;
    for (const char *at = lines->at; (at = strstr(at, what)); at++)
        count++;
    return count;
}

/* Keys below the left link, of the entries and below their links, each with what it shares. */
static void test_order(void) {
    struct maker maker;
    unsigned char a[32], b[32], like[32], low[32], high[32], top[32];
    begin(&maker);
    add_post(&maker, "za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87 \"\\\n", a);
    add_post(&maker, "drugi", b);
    add_post(&maker, "", like);
    add_node(&maker, NULL, &(struct entry){0, "app.bsky.feed.like/1", like, NULL}, 1, low);
    add_node(&maker, NULL, &(struct entry){0, "app.bsky.feed.post/3b", a, NULL}, 1, high);
    const struct entry entries[] = {{0, "app.bsky.feed.post/3a", a, high}, {20, "c", b, NULL}};
    add_node(&maker, low, entries, 2, top);
    struct buf car = finish(&maker, top), lines = lines_of(&car, STATUS_OK, "");
    CHECK_STR(
        lines.at,
        "{\"did\":\"did:plc:ola\",\"rev\":\"3mevm\",\"collection\":\"app.bsky.feed.like\","
        "\"rkey\":\"1\",\"record\":{}}\n"
        "{\"did\":\"did:plc:ola\",\"rev\":\"3mevm\",\"collection\":\"app.bsky.feed.post\","
        "\"rkey\":\"3a\",\"record\":{\"text\":\"za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87 "
        "\\\"\\\\\\u000a\",\"createdAt\":\"2026-03-02T08:00:00Z\"}}\n"
        "{\"did\":\"did:plc:ola\",\"rev\":\"3mevm\",\"collection\":\"app.bsky.feed.post\","
        "\"rkey\":\"3b\",\"record\":{\"text\":\"za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87 "
        "\\\"\\\\\\u000a\",\"createdAt\":\"2026-03-02T08:00:00Z\"}}\n"
        "{\"did\":\"did:plc:ola\",\"rev\":\"3mevm\",\"collection\":\"app.bsky.feed.post\","
        "\"rkey\":\"3c\",\"record\":{\"text\":\"drugi\",\"createdAt\":\"2026-03-02T08:00:00Z\"}}"
        "\n");
    buf_release(&lines);
}

/* A node named from two places would make of n blocks 2^n records. */
static void test_doubled(void) {
    struct maker maker;
    unsigned char post[32], node[2][32];
    begin(&maker);
    add_post(&maker, "tekst", post);
    add_node(&maker, NULL, &(struct entry){0, "app.bsky.feed.post/0", post, NULL}, 1, node[0]);
    for (int i = 0; i < 60; i++)
        add_node(&maker, node[i & 1], &(struct entry){0, "app.bsky.feed.post/x", post, node[i & 1]},
                 1, node[!(i & 1)]);
    struct buf car = finish(&maker, node[0]);
    struct buf lines = lines_of(&car, STATUS_SKIP, "60 are damaged");
    CHECK_INT(count_of(&lines, "\n"), 61);
    buf_release(&lines);
}

static void test_deep(void) {
    struct maker maker;
    unsigned char post[32], node[32];
    begin(&maker);
    add_post(&maker, "tekst", post);
    add_node(&maker, NULL, NULL, 0, node);
    for (int i = 0; i < 1000; i++) {
        char key[40];
        snprintf(key, sizeof key, "app.bsky.feed.post/%d", i);
        add_node(&maker, node, &(struct entry){0, key, post, NULL}, 1, node);
    }
    struct buf car = finish(&maker, node), lines = lines_of(&car, STATUS_SKIP, "1 are damaged");
    CHECK_INT(count_of(&lines, "\n"), 128);
    buf_release(&lines);
}

static struct buf simple(void) {
    struct maker maker;
    unsigned char a[32], b[32], node[32];
    begin(&maker);
    add_post(&maker, "pierwszy", a);
    add_post(&maker, "drugi", b);
    const struct entry entries[] = {{0, "app.bsky.feed.post/3a", a, NULL}, {20, "b", b, NULL}};
    add_node(&maker, NULL, entries, 2, node);
    return finish(&maker, node);
}

/* Each byte changed in turn: never more posts, and never fewer without a word. */
static void test_damage(void) {
    struct buf car = simple();
    size_t said = 0, whole = 0;
    for (size_t i = 0; i < car.len; i++) {
        struct buf lines;
        struct fault fault = {0};
        buf_init(&lines, 1 << 20);
        car.at[i] ^= 1;
        enum status status = decode_repository(buf_as_span(&car), &lines, &fault);
        car.at[i] ^= 1;
        buf_char(&lines, '\0');
        size_t posts = count_of(&lines, "\"text\"");
        said += status == STATUS_SKIP;
        whole += status == STATUS_OK && posts == 2;
        if (posts > 2)
            CHECK_INT(posts, 2);
        buf_release(&lines);
    }
    CHECK_INT(said + whole, car.len);
    CHECK(said > car.len * 9 / 10);
    buf_release(&car);
}

static void test_cut(void) {
    struct buf whole = simple();
    for (size_t len = 0; len < whole.len; len++) {
        struct buf lines;
        struct fault fault = {0};
        buf_init(&lines, 1 << 20);
        char *exact = malloc(len ? len : 1);
        memcpy(exact, whole.at, len);
        if (decode_repository((struct span){exact, len}, &lines, &fault) != STATUS_SKIP)
            CHECK_INT(len, 0);
        free(exact);
        buf_release(&lines);
    }
    struct fault fault = {0};
    struct buf lines;
    buf_init(&lines, 1 << 20);
    CHECK_INT(decode_repository(buf_as_span(&whole), &lines, &fault), STATUS_OK);
    buf_release(&lines);
    buf_init(&lines, 200); /* no room for the second post */
    CHECK_INT(decode_repository(buf_as_span(&whole), &lines, &fault), STATUS_SKIP);
    CHECK(strstr(fault.text, "not whole") != NULL);
    buf_release(&lines);
    buf_release(&whole);
}

static void check_json(const char *bytes, size_t len, const char *want) {
    struct buf out;
    struct cbor cbor = cbor_of((struct span){bytes, len});
    buf_init(&out, 4096);
    bool read = cbor_to_json(&cbor, &out);
    buf_char(&out, '\0');
    CHECK_STR(read ? out.at : "refused", want);
    buf_release(&out);
}

static void test_cbor(void) {
    char deep[64];
    memset(deep, '\x81', sizeof deep);
    check_json("\x18\xff", 2, "255");
    check_json("\x20", 1, "-1");
    check_json("\x3b\x7f\xff\xff\xff\xff\xff\xff\xfe", 9, "-9223372036854775807");
    check_json("\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9, "18446744073709551615");
    check_json("\x84\xf4\xf5\xf6\x42xy", 7, "[false,true,null,null]");
    check_json("\xfb\x3f\xf0\0\0\0\0\0\0", 9, "null");
    check_json("\xa1\x61k\x61v", 5, "{\"k\":\"v\"}");
    check_json("\xa1\x01\x61v", 4, "refused"); /* a key that is no text */
    check_json("\x9f\x01\xff", 3, "refused");  /* without a stated length */
    check_json("\x9a\xff\xff\xff\xff\x01", 6, "refused");
    check_json("\x63xy", 3, "refused");
    check_json(deep, sizeof deep, "refused");
}

int main(void) {
    test_order();
    test_doubled();
    test_deep();
    test_damage();
    test_cut();
    test_cbor();
    return tap_done();
}
