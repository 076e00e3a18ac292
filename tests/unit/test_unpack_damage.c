/* Cut, flipped and lying archives: never a silent success, never more lost than must be. */
#include "test_unpack_kit.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <omp.h>

/* Archives of the same lines in every form; the tar ones hold them as a plain member. */
static const struct form {
    const char *format, *filter, *codec;
} forms[] = {{NULL, NULL, "gzip"},    {NULL, NULL, "zstd"},    {NULL, NULL, "bzip2"},
             {NULL, NULL, "xz"},      {NULL, NULL, "lz4"},     {"zip", NULL, NULL},
             {"7zip", NULL, NULL},    {"ustar", "gzip", NULL}, {"pax", "zstd", NULL},
             {"pax", "bzip2", NULL},  {"gnutar", "xz", NULL},  {"ustar", NULL, "gzip"},
             {"ustar", NULL, "bzip2"}};
#define FORMS (sizeof forms / sizeof forms[0])

static struct buf form_bytes(const struct form *form, struct span lines) {
    struct buf packed = form->codec ? kit_compress(form->codec, lines) : kit_buf();
    if (!form->format)
        return packed;
    struct buf out = kit_buf();
    struct archive *archive = kit_archive(form->format, NULL, &out);
    kit_add(archive, "lines.jsonl", form->codec ? buf_as_span(&packed) : lines);
    kit_append_archive(archive, &out);
    buf_release(&packed);
    if (!form->filter)
        return out;
    struct buf filtered = kit_compress(form->filter, buf_as_span(&out));
    buf_release(&out);
    return filtered;
}

/* Read as if all were well, yet not what went in. Bytes whose magic number is hurt are a plain
 * file to this stage: whoever decodes them refuses them. */
static bool is_silent(const struct outcome *outcome, struct span want) {
    bool recognised = strcmp(outcome->summary.codec, "none") != 0 ||
                      strcmp(outcome->summary.container, "file") != 0;
    return outcome_is_clean(outcome) && recognised && !kit_same(outcome, want);
}

static bool is_prefix(const struct outcome *outcome, struct span of) {
    return outcome->bytes.len <= of.len &&
           (outcome->bytes.len == 0 || memcmp(outcome->bytes.at, of.at, outcome->bytes.len) == 0);
}

static void test_cuts(const struct form *form) {
    struct buf lines = kit_lines(90000), bytes = form_bytes(form, buf_as_span(&lines));
    int silent = 0, invented = 0;
    for (size_t cut = 1; cut < bytes.len; cut += cut < 600 ? 37 : 797) {
        struct outcome out = kit_read((struct span){bytes.at, cut});
        bool quiet = is_silent(&out, buf_as_span(&lines));
        if (quiet)
            printf("# silent: %zu bytes of %zu, %zu out\n", cut, bytes.len, out.bytes.len);
        silent += quiet;
        /* a few bytes of a header may be anything, also a plain text */
        invented += cut > 600 && !is_prefix(&out, buf_as_span(&lines));
        buf_release(&out.bytes);
    }
    printf("# cut %s %s %s\n", form->format ? form->format : "file",
           form->filter ? form->filter : "", form->codec ? form->codec : "");
    CHECK_INT(silent, 0);
    CHECK_INT(invented, 0);
    buf_release(&bytes);
    buf_release(&lines);
}

static void test_flips(const struct form *form) {
    struct buf lines = kit_lines(90000), bytes = form_bytes(form, buf_as_span(&lines));
    uint64_t state = 42;
    int silent = 0;
    for (int i = 0; i < 200; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)(state >> 33) % bytes.len;
        char mask = (char)(1 << (state >> 29 & 7));
        bytes.at[at] ^= mask;
        struct outcome out = kit_read(buf_as_span(&bytes));
        bool quiet = is_silent(&out, buf_as_span(&lines));
        if (quiet)
            printf("# silent: byte %zu of %zu, mask %02x, %zu bytes out\n", at, bytes.len,
                   (unsigned char)mask, out.bytes.len);
        silent += quiet;
        buf_release(&out.bytes);
        bytes.at[at] ^= mask;
    }
    printf("# flip %s %s %s\n", form->format ? form->format : "file",
           form->filter ? form->filter : "", form->codec ? form->codec : "");
    CHECK_INT(silent, 0);
    buf_release(&bytes);
    buf_release(&lines);
}

/* Half a file gives about half its bytes. */
static void test_half(const char *codec) {
    struct buf lines = kit_lines(2000000), bytes = kit_compress(codec, buf_as_span(&lines));
    struct outcome out = kit_read((struct span){bytes.at, bytes.len / 2});
    printf("# half of %s\n", codec);
    CHECK_INT(out.broken, 1);
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "cut short"));
    CHECK(kit_says(out.summary.damage, "\"in\": "));
    CHECK(is_prefix(&out, buf_as_span(&lines)));
    CHECK(out.bytes.len > lines.len * 2 / 5);
    CHECK_INT(out.summary.bytes_in, bytes.len / 2);
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

/* What follows a packed member's data is looked at too. */
static void test_packed_garbage(const char *codec) {
    struct buf lines = kit_lines(3000), bytes = kit_compress(codec, buf_as_span(&lines));
    struct budget budget;
    struct source *source;
    struct fault fault;
    struct outcome out = {.bytes = kit_buf()};
    budget_init(&budget, unpack_limits_default());
    buf_text(&bytes, "garbage");
    if (source_open_packed(&source, buf_as_span(&bytes), "x", &budget, &fault) == STATUS_OK) {
        kit_drain(source, &out);
        source_close(source);
    } else {
        out.broken++;
    }
    printf("# garbage behind %s\n", codec);
    CHECK_INT(out.broken, 1);
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

/* Damage in the middle of a zstd file costs what one step of the decoder holds, not a whole read.
 */
static void test_zstd_damage_keeps_rest(void) {
    struct buf lines = kit_lines(3000000), bytes = kit_compress("zstd", buf_as_span(&lines));
    bytes.at[bytes.len - 2] ^= 1; /* of the checksum */
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(out.broken == 1 && kit_says(out.reason, "checksum"));
    CHECK(is_prefix(&out, buf_as_span(&lines)));
    CHECK(out.bytes.len + 256 * 1024 > lines.len);
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

static void test_gzip_trailer(void) {
    struct buf lines = kit_lines(50000), bytes = kit_compress("gzip", buf_as_span(&lines));
    bytes.at[bytes.len - 8] ^= 1; /* CRC-32 */
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(out.broken == 1 && kit_says(out.reason, "checksum"));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    buf_release(&out.bytes);
    bytes.at[bytes.len - 8] ^= 1;
    bytes.at[bytes.len - 1] ^= 1; /* ISIZE */
    out = kit_read(buf_as_span(&bytes));
    CHECK(out.broken == 1 && kit_says(out.reason, "checksum"));
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

/* A tar.gz whose tar is whole but whose gzip trailer is not: only reading to the end shows it. */
static void test_compressed_tar_trailer(void) {
    struct buf lines = kit_lines(50000);
    struct buf bytes = form_bytes(&(struct form){"ustar", "gzip", NULL}, buf_as_span(&lines));
    bytes.at[bytes.len - 8] ^= 1;
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "checksum"));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

static void test_tar_without_end_mark(void) {
    struct buf lines = kit_lines(51200);
    lines.len = 51200; /* whole blocks: header + 100 blocks */
    struct buf bytes = form_bytes(&(struct form){"ustar", NULL, NULL}, buf_as_span(&lines));
    struct outcome out = kit_read((struct span){bytes.at, 512 + 51200});
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "end mark"));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

static size_t find(const struct buf *bytes, struct span what, size_t from) {
    for (size_t i = from; i + what.len <= bytes->len; i++)
        if (memcmp(bytes->at + i, what.at, what.len) == 0)
            return i;
    printf("# not found\n");
    abort();
}

/* What a zip entry says of its bytes, once where it begins or, when zeros stand there, behind its
 * data (APPNOTE 4.3.7, 4.3.9), and in the central directory (4.3.12). */
static const struct zip_field {
    int local, behind, central;
    const char *says;
} zip_size = {22, 12, 24, "bytes"}, zip_crc = {14, 4, 16, "checksum"};

/* A wrong size or checksum of the second entry of three is said; hardly a byte is lost for it. */
static void test_lying_zip(const struct zip_field *field, int lie) {
    struct buf lines = kit_lines(20000), bytes = kit_buf();
    struct archive *archive = kit_archive("zip", NULL, &bytes);
    archive_write_zip_set_compression_deflate(archive);
    kit_add(archive, "one", buf_as_span(&lines));
    kit_add(archive, "two", buf_as_span(&lines));
    kit_add(archive, "three", buf_as_span(&lines));
    kit_append_archive(archive, &bytes);
    size_t local = find(&bytes, SPAN_LITERAL("PK\x03\x04"), 4), at = local + (size_t)field->local;
    if (!bytes.at[at] && !bytes.at[at + 1])
        at = find(&bytes, SPAN_LITERAL("PK\x07\x08"), local) + (size_t)field->behind;
    bytes.at[at] = (char)(bytes.at[at] + lie);
    size_t first = find(&bytes, SPAN_LITERAL("PK\x01\x02"), 0);
    size_t second = find(&bytes, SPAN_LITERAL("PK\x01\x02"), first + 4);
    bytes.at[second + (size_t)field->central] =
        (char)(bytes.at[second + (size_t)field->central] + lie);
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(out.broken == 1 && kit_says(out.reason, "two") && kit_says(out.reason, field->says));
    CHECK_STR(out.labels, "one|two|three|");
    CHECK(out.bytes.len + 64 >= 3 * lines.len && out.bytes.len <= 3 * lines.len);
    CHECK(memcmp(out.bytes.at, lines.at, lines.len) == 0);
    CHECK(memcmp(out.bytes.at + out.bytes.len - lines.len, lines.at, lines.len) == 0);
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&lines);
}

/* A flipped byte in the middle member of three loses that one only. */
static void test_damaged_member(const char *format, const char *codec) {
    struct buf lines = kit_lines(60000), packed = kit_compress(codec, buf_as_span(&lines));
    struct buf bytes = kit_buf();
    struct archive *archive = kit_archive(format, NULL, &bytes);
    kit_add(archive, "one", buf_as_span(&packed));
    CHECK_INT(archive_write_finish_entry(archive), ARCHIVE_OK);
    size_t border = bytes.len;
    kit_add(archive, "two", buf_as_span(&packed));
    kit_add(archive, "three", buf_as_span(&packed));
    kit_append_archive(archive, &bytes);
    bytes.at[border + packed.len / 2] ^= 0x10;
    struct outcome out = kit_read(buf_as_span(&bytes));
    printf("# damaged member, %s of %s\n", format, codec);
    CHECK_STR(out.labels, "one|two|three|");
    CHECK_INT(out.broken, 1);
    CHECK(kit_says(out.reason, "two"));
    CHECK(out.bytes.len >= 2 * lines.len);
    buf_release(&out.bytes);
    buf_release(&bytes);
    buf_release(&packed);
    buf_release(&lines);
}

static void test_nothing_in_it(void) {
    static const char zeros[200000];
    struct outcome out = kit_read((struct span){"", 0});
    CHECK(outcome_is_clean(&out));
    CHECK_INT(out.members, 0);
    buf_release(&out.bytes);
    out = kit_read((struct span){zeros, sizeof zeros});
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "nothing but zeros"));
    buf_release(&out.bytes);
    out = kit_read((struct span){"PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22});
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "no members"));
    buf_release(&out.bytes);
    out = kit_read_path(kit_path("absent"), unpack_limits_default());
    CHECK(!out.opened && kit_says(out.reason, "absent"));
    out = kit_read_path("/dev/zero", unpack_limits_default());
    CHECK(!out.opened && kit_says(out.reason, "not a regular file"));
}

/* The file grows after its first bytes were read. */
static void test_changes_while_read(void) {
    struct buf lines = kit_lines(100000), packed;
    struct input_path path = {.path = (char *)(uintptr_t)kit_path("grows"),
                              .label = (char *)(uintptr_t) "in",
                              .size = -1};
    struct budget budget;
    struct input *input;
    struct member member;
    struct input_summary summary;
    struct fault fault;
    struct outcome out = {.bytes = kit_buf()};
    kit_write("grows", buf_as_span(&lines));
    budget_init(&budget, unpack_limits_default());
    buf_init(&packed, 1 << 20);
    CHECK_INT(input_open(&input, &path, &budget, &fault), STATUS_OK);
    CHECK_INT(input_next(input, &member, &packed, &fault), STATUS_OK);
    kit_drain(member.source, &out);
    FILE *file = fopen(path.path, "ab");
    CHECK(file && fputs("one line more\n", file) >= 0 && fclose(file) == 0);
    CHECK_INT(input_next(input, &member, &packed, &fault), STATUS_END);
    input_finish(input, &summary);
    CHECK(summary.damaged && kit_says(summary.damage, "changed while it was read"));
    input_close(input);
    buf_release(&out.bytes);
    buf_release(&packed);
    buf_release(&lines);
}

#if defined(__SANITIZE_ADDRESS__)
enum { TURNS = 6 };
#else
enum { TURNS = 24 };
#endif

/* Members of at most 64 KiB that say how long they are, and the empty one that ends them. */
static struct buf compress_bgzip(struct span content) {
    static const char head[] = "\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0";
    struct buf out = kit_buf();
    for (size_t at = 0, step = 65280; at <= content.len; at += step) {
        size_t len = content.len - at < step ? content.len - at : step;
        unsigned char packed[70000], trailer[8];
        struct isal_zstream stream;
        isal_deflate_stateless_init(&stream);
        stream.end_of_stream = 1;
        stream.next_in = (uint8_t *)(uintptr_t)(content.at + at);
        stream.avail_in = (uint32_t)len;
        stream.next_out = packed;
        stream.avail_out = sizeof packed;
        if (isal_deflate_stateless(&stream) != COMP_OK)
            abort();
        uint32_t crc = crc32_gzip_refl(0, (const unsigned char *)content.at + at, len);
        for (int i = 0; i < 4; i++) {
            trailer[i] = (unsigned char)(crc >> 8 * i);
            trailer[4 + i] = (unsigned char)(len >> 8 * i);
        }
        size_t size = 18 + stream.total_out + 8 - 1;
        buf_add(&out, head, 16);
        buf_char(&out, (char)(size & 255));
        buf_char(&out, (char)(size >> 8));
        buf_add(&out, packed, stream.total_out);
        buf_add(&out, trailer, 8);
    }
    return out;
}

/* Blocks whose headers say how long they are. */
static struct buf compress_xz_blocks(struct span content) {
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_mt options = {.threads = 2, .block_size = 100000, .preset = 0, .check = LZMA_CHECK_CRC64};
    struct buf out = kit_buf();
    if (lzma_stream_encoder_mt(&stream, &options) != LZMA_OK ||
        !buf_reserve(&out, content.len * 2 + 100000))
        abort();
    stream.next_in = (const uint8_t *)content.at;
    stream.avail_in = content.len;
    stream.next_out = (uint8_t *)out.at;
    stream.avail_out = out.cap;
    while (lzma_code(&stream, LZMA_FINISH) == LZMA_OK) {
    }
    out.len = (size_t)stream.total_out;
    lzma_end(&stream);
    return out;
}

static struct buf compress_for(const char *codec, struct span content) {
    if (strcmp(codec, "bgzip") == 0)
        return compress_bgzip(content);
    if (strcmp(codec, "xz --block-size") == 0)
        return kit_xz_blocks(content, 100000);
    return strcmp(codec, "xz -T") == 0 ? compress_xz_blocks(content) : kit_compress(codec, content);
}

/* Several streams one after another, whole or hurt: what comes out does not depend on threads. */
static void test_threads(const char *codec, int streams, size_t size) {
    struct buf lines = kit_lines(size), bytes = kit_buf();
    uint32_t state = 99;
    int differ = 0, hurt = 0;
    printf("# %s with one thread and four\n", codec);
    for (int i = 0; i < streams; i++) {
        struct buf stream = compress_for(codec, buf_as_span(&lines));
        buf_add(&bytes, stream.at, stream.len);
        buf_release(&stream);
    }
    for (int turn = 0; turn < TURNS; turn++) {
        struct buf copy = kit_buf();
        buf_add(&copy, bytes.at, bytes.len);
        state = state * 1664525u + 1013904223u;
        size_t at = (size_t)((uint64_t)state * copy.len >> 32);
        if (turn % 3 == 1)
            copy.at[at] = (char)(copy.at[at] ^ 1 << turn % 8);
        else if (turn % 3 == 2)
            copy.len = at;
        omp_set_num_threads(1);
        struct outcome one = kit_read(buf_as_span(&copy));
        omp_set_num_threads(4);
        struct outcome four = kit_read(buf_as_span(&copy));
        differ += one.bytes.len != four.bytes.len ||
                  memcmp(one.bytes.at, four.bytes.at, one.bytes.len) != 0 ||
                  one.broken != four.broken || strcmp(one.reason, four.reason) != 0 ||
                  one.summary.bytes_out != four.summary.bytes_out ||
                  strcmp(one.summary.damage, four.summary.damage) != 0;
        hurt += !outcome_is_clean(&four);
        if (turn == 0)
            CHECK(four.bytes.len == (size_t)streams * lines.len);
        buf_release(&one.bytes);
        buf_release(&four.bytes);
        buf_release(&copy);
    }
    CHECK_INT(differ, 0);
    CHECK(hurt >= TURNS / 2);
    buf_release(&bytes);
    buf_release(&lines);
}

int main(void) {
    kit_begin();
    test_threads("bzip2", 3, 2500000);
    test_threads("zstd", 40, 300000);
    test_threads("bgzip", 3, 2500000);
    test_threads("xz -T", 2, 2500000);
    test_threads("xz --block-size", 2, 2500000);
    test_threads("gzip", 6, 300000);
    for (size_t i = 0; i < FORMS; i++) {
        test_cuts(&forms[i]);
        test_flips(&forms[i]);
    }
    test_half("gzip");
    test_half("zstd");
    test_half("bzip2");
    test_half("xz");
    test_packed_garbage("gzip");
    test_packed_garbage("zstd");
    test_packed_garbage("bzip2");
    test_packed_garbage("xz");
    test_packed_garbage("lz4");
    test_zstd_damage_keeps_rest();
    test_gzip_trailer();
    test_compressed_tar_trailer();
    test_tar_without_end_mark();
    test_lying_zip(&zip_size, 1);
    test_lying_zip(&zip_size, -1);
    test_lying_zip(&zip_crc, 1);
    test_damaged_member("ustar", "gzip");
    test_damaged_member("pax", "zstd");
    test_damaged_member("zip", "bzip2");
    test_nothing_in_it();
    test_changes_while_read();
    kit_end();
    return tap_done();
}
