/* After damage reading goes on where the format allows it, and members glued together keep their
 * records apart. */
#include "test_unpack_kit.h"

#include <bzlib.h>

/* `count` numbered lines from `first` on, each about 200 bytes. */
static struct buf numbered(int first, int count) {
    struct buf out = kit_buf();
    for (int i = first; i < first + count; i++) {
        uint32_t state = (uint32_t)i * 2654435761u;
        buf_format(&out, "{\"id\":%d,\"text\":\"", i);
        for (int word = 0; word < 20; word++) {
            state = state * 1664525u + 1013904223u;
            buf_format(&out, "%08x ", state);
        }
        buf_text(&out, "\"}\n");
    }
    return out;
}

/* How many of the lines [0, count) are there whole, and how many other lines there are. */
static int lines_there(const struct outcome *out, int count, int *torn) {
    struct buf want = numbered(0, count);
    struct span rest = buf_as_span(&out->bytes);
    int there = 0;
    *torn = 0;
    while (rest.len) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) + 1 : rest.len;
        bool whole = memmem(want.at, want.len, rest.at, len) != NULL && rest.at[0] == '{' && end;
        there += whole;
        *torn += !whole;
        rest = (struct span){rest.at + len, rest.len - len};
    }
    buf_release(&want);
    return there;
}

static struct buf bzip2_blocks(struct span content) {
    struct buf out = kit_buf();
    unsigned len = (unsigned)content.len * 2 + 1000;
    if (!buf_reserve(&out, len) ||
        BZ2_bzBuffToBuffCompress(out.at, &len, (char *)(uintptr_t)content.at, (unsigned)content.len,
                                 1, 0, 0) != BZ_OK)
        abort();
    out.len = len;
    return out;
}

/* Nine members of the codec, a hundred lines each. */
static struct buf members_of(const char *codec) {
    struct buf out = kit_buf();
    for (int i = 0; i < 9; i++) {
        struct buf lines = numbered(i * 100, 100);
        struct buf packed = kit_compress(codec, buf_as_span(&lines));
        buf_span(&out, buf_as_span(&packed));
        buf_release(&packed);
        buf_release(&lines);
    }
    return out;
}

/* A bit flipped at one of 40 places from `first` on costs at most `most` of the 900 lines, and
 * every other line is whole. */
static void check_flips(const char *what, struct buf *bytes, int first, int most, int torn_most) {
    int worst = 900, silent = 0, ragged = 0, torn;
    for (int i = first; i < 40; i++) {
        size_t at = bytes->len * (size_t)i / 40;
        bytes->at[at] ^= 0x20;
        struct outcome out = kit_read(buf_as_span(bytes));
        int there = lines_there(&out, 900, &torn);
        worst = there < worst ? there : worst;
        ragged = torn > ragged ? torn : ragged;
        silent += outcome_is_clean(&out);
        buf_release(&out.bytes);
        bytes->at[at] ^= 0x20;
    }
    printf("# %s: %d lines at least, %d torn\n", what, worst, ragged);
    CHECK(worst >= 900 - most);
    CHECK_INT(silent, 0);
    CHECK(ragged <= torn_most);
    buf_release(bytes);
}

static void test_flips(void) {
    static const char *const codecs[] = {"gzip", "zstd", "bzip2", "xz", "lz4"};
    for (size_t i = 0; i < 5; i++) {
        struct buf bytes = members_of(codecs[i]);
        /* behind the first lines, which say what the bytes are; two members when the header of the
         * next is hit, too; what a codec gives before it notices is torn */
        check_flips(codecs[i], &bytes, 4, 200, 200);
    }
    struct buf lines = numbered(0, 900), bytes = bzip2_blocks(buf_as_span(&lines));
    check_flips("blocks of bzip2", &bytes, 4, 500, 1); /* a block is about 500 lines */
    bytes = kit_xz_blocks(buf_as_span(&lines), 10000);
    check_flips("blocks of xz", &bytes, 4, 110, 60);
    buf_release(&lines);
}

/* A tar in a codec goes on at its next header. */
static void test_tar_behind_loss(void) {
    struct buf bytes = kit_buf();
    struct archive *archive = kit_archive("ustar", NULL, &bytes);
    for (int i = 0; i < 9; i++) {
        struct buf lines = numbered(i * 100, 100);
        char name[20];
        snprintf(name, sizeof name, "%d.json", i);
        kit_add(archive, name, buf_as_span(&lines));
        buf_release(&lines);
    }
    kit_append_archive(archive, &bytes);
    struct buf coded = kit_xz_blocks(buf_as_span(&bytes), 10000);
    check_flips("a tar in blocks of xz", &coded, 1, 250, 60);
    coded = kit_buf();
    for (size_t at = 0; at < bytes.len; at += 10000) {
        size_t len = bytes.len - at < 10000 ? bytes.len - at : 10000;
        struct buf member = kit_compress("gzip", (struct span){bytes.at + at, len});
        buf_span(&coded, buf_as_span(&member));
        buf_release(&member);
    }
    check_flips("a tar in members of gzip", &coded, 1, 300, 200);
    buf_release(&bytes);
}

/* Members whose last line has no line feed. */
static void test_glued(void) {
    static const char *const codecs[] = {"gzip", "zstd", "bzip2", "xz", "lz4"};
    for (size_t i = 0; i < 5; i++) {
        struct buf a = kit_compress(codecs[i], SPAN_LITERAL("{\"id\":1}\n{\"id\":2}"));
        struct buf b = kit_compress(codecs[i], SPAN_LITERAL("{\"id\":3}"));
        struct buf torn = kit_compress(codecs[i], SPAN_LITERAL("{\"id\":4,\"a\":{\"b\":"));
        struct buf end = kit_compress(codecs[i], SPAN_LITERAL("{\"c\":5}}}\n"));
        struct buf all = kit_buf();
        buf_span(&all, buf_as_span(&a));
        buf_span(&all, buf_as_span(&b));
        buf_span(&all, buf_as_span(&torn));
        buf_span(&all, buf_as_span(&end));
        struct outcome out = kit_read(buf_as_span(&all));
        CHECK(outcome_is_clean(&out));
        CHECK_SPAN(buf_as_span(&out.bytes), "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n"
                                            "{\"id\":4,\"a\":{\"b\":{\"c\":5}}}\n");
        struct buf *used[] = {&a, &b, &torn, &end, &all, &out.bytes};
        for (size_t n = 0; n < 6; n++)
            buf_release(used[n]);
    }
}

/* Tables whose last row has no line feed: the header that begins the next one is no part of a row;
 * rows that were cut in two stay whole. */
static void test_glued_tables(void) {
    struct buf a = kit_compress("gzip", SPAN_LITERAL("id,text\n1,one\n2,two"));
    struct buf b = kit_compress("gzip", SPAN_LITERAL("id,text\n3,th"));
    struct buf c = kit_compress("gzip", SPAN_LITERAL("ree\n4,four")), all = kit_buf();
    buf_span(&all, buf_as_span(&a));
    buf_span(&all, buf_as_span(&b));
    buf_span(&all, buf_as_span(&c));
    struct outcome out = kit_read(buf_as_span(&all));
    CHECK(outcome_is_clean(&out));
    CHECK_SPAN(buf_as_span(&out.bytes), "id,text\n1,one\n2,two\nid,text\n3,three\n4,four");
    struct buf *used[] = {&a, &b, &c, &all, &out.bytes};
    for (size_t n = 0; n < 5; n++)
        buf_release(used[n]);
}

/* A document of many lines is not read on: its parts would be misread. */
static void test_documents_end(void) {
    struct buf a = kit_compress("gzip", SPAN_LITERAL("[\n{\"id\":1},\n{\"id\":2},\n"));
    struct buf b = kit_compress("gzip", SPAN_LITERAL("{\"id\":3},\n"));
    struct buf c = kit_compress("gzip", SPAN_LITERAL("{\"id\":4}\n]\n")), all = kit_buf();
    b.at[b.len - 6] ^= 1; /* of the checksum */
    buf_span(&all, buf_as_span(&a));
    buf_span(&all, buf_as_span(&b));
    buf_span(&all, buf_as_span(&c));
    struct outcome out = kit_read(buf_as_span(&all));
    CHECK(out.broken == 1 && kit_says(out.reason, "checksum"));
    CHECK_SPAN(buf_as_span(&out.bytes), "[\n{\"id\":1},\n{\"id\":2},\n{\"id\":3},\n");
    struct buf *used[] = {&a, &b, &c, &all, &out.bytes};
    for (size_t n = 0; n < 5; n++)
        buf_release(used[n]);
}

/* A bit of the name of a tar header: that member is lost and named, the others are not. */
static void test_tar_header(void) {
    struct buf bytes = kit_buf(), lines = numbered(0, 300);
    struct archive *archive = kit_archive("ustar", NULL, &bytes);
    kit_add(archive, "one", buf_as_span(&lines));
    kit_add(archive, "two", buf_as_span(&lines));
    kit_add(archive, "three", buf_as_span(&lines));
    kit_append_archive(archive, &bytes);
    char *header = memmem(bytes.at, bytes.len, "two\0", 4);
    if (header)
        header[1] ^= 1;
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK_STR(out.labels, "one|three|");
    CHECK_INT(out.bytes.len, 2 * lines.len);
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "header of a member"));
    struct buf *used[] = {&bytes, &lines, &out.bytes};
    for (size_t n = 0; n < 3; n++)
        buf_release(used[n]);
}

int main(void) {
    kit_begin();
    test_flips();
    test_tar_behind_loss();
    test_glued();
    test_glued_tables();
    test_documents_end();
    test_tar_header();
    kit_end();
    return tap_done();
}
