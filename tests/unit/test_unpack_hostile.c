/* Archives made to do harm: refused with a reason, in bounded memory, without stopping the rest. */
#include "test_unpack_kit.h"

#include <sys/resource.h>

static void put_link(struct archive *archive, const char *name, unsigned type, const char *hard,
                     const char *soft) {
    struct archive_entry *entry = kit_entry(name, type, 0);
    if (hard)
        archive_entry_set_hardlink(entry, hard);
    if (soft)
        archive_entry_set_symlink(entry, soft);
    kit_put(archive, entry, (struct span){NULL, 0});
}

static void test_evil_tar(void) {
    struct buf bytes = kit_buf(), long_name = kit_buf();
    struct archive *archive = kit_archive("pax", NULL, &bytes);
    for (int i = 0; i < 1500; i++)
        buf_text(&long_name, "ą");
    buf_char(&long_name, '\0');
    kit_add(archive, "../../etc/cron.d/x", SPAN_LITERAL("one\n"));
    kit_add(archive, "/etc/passwd", SPAN_LITERAL("two\n"));
    put_link(archive, "soft", AE_IFLNK, NULL, "/etc/passwd");
    put_link(archive, "hard", AE_IFREG, "/etc/passwd", NULL);
    put_link(archive, "pipe", AE_IFIFO, NULL, NULL);
    put_link(archive, "device", AE_IFCHR, NULL, NULL);
    put_link(archive, "block", AE_IFBLK, NULL, NULL);
    kit_add(archive, "\x1b[31mred\x07\xc2\x9b\xe2\x80\xae<script>\xff\n", SPAN_LITERAL("three\n"));
    kit_add(archive, long_name.at, SPAN_LITERAL("four\n"));
    kit_append_archive(archive, &bytes);
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK_INT(out.members, 4);
    CHECK_INT(out.summary.members_skipped, 3); /* links lead to what is read elsewhere */
    CHECK(!out.summary.damaged);
    CHECK(kit_same(&out, SPAN_LITERAL("one\ntwo\nthree\nfour\n")));
    CHECK(strncmp(out.labels, "../../etc/cron.d/x|/etc/passwd|", 31) == 0);
    CHECK(kit_says(out.labels, "|_[31mred___<script>\xEF\xBF\xBD_|"));
    for (const char *at = out.labels; *at; at++)
        if ((unsigned char)*at < 0x20)
            CHECK(!"a control character in a label");
    const char *last = strrchr(strstr(out.labels, "<script>"), '|');
    CHECK_INT(strlen(last - 254), 255); /* "ą" is two bytes: 254, and the bar */
    buf_release(&out.bytes);
    buf_release(&long_name);
    buf_release(&bytes);
}

static void expect_nested(struct span bytes, const char *says) {
    struct outcome out = kit_read(bytes);
    CHECK_INT(out.bytes.len, 0);
    CHECK_INT(out.summary.members_skipped, 1);
    CHECK(kit_says(out.reason, says));
    buf_release(&out.bytes);
}

static struct buf archive_of(const char *format, const char *filter, const char *name,
                             struct span content) {
    struct buf out = kit_buf();
    struct archive *archive = kit_archive(format, filter, &out);
    kit_add(archive, name, content);
    kit_append_archive(archive, &out);
    return out;
}

static void expect_read(struct span bytes, struct span want) {
    struct outcome out = kit_read(bytes);
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, want));
    buf_release(&out.bytes);
}

/* Two codecs and two containers are read, the third of either is not. */
static void test_layers_of(const char *codec, const char *other, struct span lines) {
    struct buf once = kit_compress(codec, lines), twice = kit_compress(other, buf_as_span(&once));
    struct buf thrice = kit_compress(codec, buf_as_span(&twice));
    struct buf zip = archive_of("zip", NULL, "x", lines);
    struct buf zipped = kit_compress(codec, buf_as_span(&zip));
    struct buf inside = archive_of("pax", other, "x.json", buf_as_span(&once));
    struct buf deep = archive_of("pax", other, "x.json", buf_as_span(&twice));
    expect_read(buf_as_span(&twice), lines);
    expect_read(buf_as_span(&zipped), lines);
    expect_read(buf_as_span(&inside), lines);
    expect_nested(buf_as_span(&thrice), "nested compression refused");
    struct outcome out = kit_read(buf_as_span(&deep));
    CHECK(out.bytes.len == 0 && kit_says(out.reason, "nested compression refused"));
    buf_release(&out.bytes);
    struct buf *all[] = {&once, &twice, &thrice, &zip, &zipped, &inside, &deep};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_release(all[i]);
}

static void test_nested(void) {
    static const char *const codecs[] = {"gzip", "zstd", "bzip2", "xz", "lz4"};
    struct buf lines = kit_lines(2000);
    for (size_t i = 0; i < 5; i++) {
        test_layers_of(codecs[i], codecs[(i + 1) % 5], buf_as_span(&lines));
        test_layers_of(codecs[i], codecs[i], buf_as_span(&lines));
    }
    expect_nested(SPAN_LITERAL("Rar!\x1a\x07\x01\x00 and so on"), "rar archives are not read");
    buf_release(&lines);
}

/* Every container in every other, with a compressed member; three deep are not read. */
static void test_nested_containers(void) {
    static const char *const formats[] = {"ustar", "zip", "7zip"};
    struct buf lines = kit_lines(2000), coded = kit_compress("bzip2", buf_as_span(&lines));
    for (size_t i = 0; i < 9; i++) {
        struct buf inner = archive_of(formats[i / 3], NULL, "a.json.bz2", buf_as_span(&coded));
        struct buf outer = archive_of(formats[i % 3], NULL, "day", buf_as_span(&inner));
        struct buf third = archive_of("zip", NULL, "month", buf_as_span(&outer));
        printf("# %s in %s\n", formats[i / 3], formats[i % 3]);
        struct outcome out = kit_read(buf_as_span(&outer));
        CHECK(outcome_is_clean(&out));
        CHECK(kit_same(&out, buf_as_span(&lines)));
        CHECK_STR(out.labels, "day/a.json.bz2|");
        buf_release(&out.bytes);
        expect_nested(buf_as_span(&third), "nested archive refused");
        buf_release(&inner);
        buf_release(&outer);
        buf_release(&third);
    }
    buf_release(&coded);
    buf_release(&lines);
}

/* A tar.gz that is a member, by its name; what is nested too deep is named when it is opened. */
static void test_nested_packed(void) {
    struct buf lines = kit_lines(2000), bytes = kit_buf(), want = kit_buf();
    struct buf once = kit_compress("gzip", buf_as_span(&lines));
    struct buf twice = kit_compress("bzip2", buf_as_span(&once));
    struct buf thrice = kit_compress("zstd", buf_as_span(&twice));
    struct buf tar_gz = archive_of("ustar", "gzip", "x", buf_as_span(&lines));
    struct archive *archive = kit_archive("zip", NULL, &bytes);
    kit_add(archive, "twice", buf_as_span(&twice));
    kit_add(archive, "thrice", buf_as_span(&thrice));
    kit_add(archive, "x.tar.gz", buf_as_span(&tar_gz));
    kit_add(archive, "good", buf_as_span(&once));
    kit_append_archive(archive, &bytes);
    for (int i = 0; i < 3; i++)
        buf_span(&want, buf_as_span(&lines));
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK_STR(out.labels, "twice|thrice|x.tar.gz/x|good|");
    CHECK_INT(out.broken, 1);
    CHECK(kit_says(out.reason, "\"thrice\": nested compression refused (gzip"));
    CHECK(kit_same(&out, buf_as_span(&want)));
    struct buf *all[] = {&out.bytes, &bytes, &once, &twice, &thrice, &tar_gz, &lines, &want};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_release(all[i]);
}

static void test_encrypted(void) {
    struct buf bytes = kit_buf();
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    if (archive_write_set_options(archive, "zip:encryption=zipcrypt") != ARCHIVE_OK ||
        archive_write_set_passphrase(archive, "secret") != ARCHIVE_OK ||
        archive_write_open(archive, &bytes, NULL, kit_sink, NULL) != ARCHIVE_OK) {
        printf("# skipped: %s\n", archive_error_string(archive));
        archive_write_free(archive);
        return;
    }
    kit_add(archive, "secret.json", SPAN_LITERAL("{\"id\":1}\n"));
    kit_append_archive(archive, &bytes);
    expect_nested(buf_as_span(&bytes), "\"in: secret.json\": encrypted");
    buf_release(&bytes);
}

/* One frame (RFC 8878) with a window of 2 GiB and one raw block. */
static void test_zstd_window(void) {
    static const char frame[] = "\x28\xb5\x2f\xfd\x00\xa8\x41\x00\x00{\"id\":1}";
    struct span bytes = {frame, sizeof frame - 1};
    struct unpack_limits limits = unpack_limits_default();
    struct outcome out = kit_read(bytes);
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, SPAN_LITERAL("{\"id\":1}")));
    buf_release(&out.bytes);
    limits.zstd_window_log = 27;
    out = kit_read_path(kit_path("in"), limits);
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "--zstd-window 31"));
    buf_release(&out.bytes);
}

/* Many MiB of one letter, compressed by `codec`, as a file, in a tar and in a zip. */
static void test_bomb(const char *format, const char *codec) {
    struct unpack_limits limits = unpack_limits_default();
    struct buf letters = kit_buf();
    size_t size = (size_t)100 << 20;
    if (!buf_reserve(&letters, size))
        abort();
    memset(letters.at, 'a', size);
    letters.len = size;
    struct buf bytes = codec ? kit_compress(codec, buf_as_span(&letters)) : kit_buf();
    if (format) {
        struct buf outer =
            archive_of(format, NULL, "bomb", codec ? buf_as_span(&bytes) : buf_as_span(&letters));
        buf_release(&bytes);
        bytes = outer;
    }
    buf_release(&letters);
    struct outcome out = kit_read(buf_as_span(&bytes));
    printf("# bomb %s %s\n", format ? format : "file", codec ? codec : "");
    CHECK_INT(out.broken, 1);
    CHECK(kit_says(out.reason, "--max-ratio"));
    CHECK(out.bytes.len >= 63 << 20 && out.bytes.len < 80 << 20);
    buf_release(&out.bytes);
    limits.max_ratio = 0;
    out = kit_read_path(kit_path("in"), limits);
    CHECK(outcome_is_clean(&out));
    CHECK_INT(out.bytes.len, size);
    buf_release(&out.bytes);
    limits.max_output_bytes = 1 << 20;
    out = kit_read_path(kit_path("in"), limits);
    CHECK(out.broken == 1 && kit_says(out.reason, "--max-output"));
    CHECK(out.bytes.len >= 1 << 20 && out.bytes.len < 8 << 20);
    buf_release(&out.bytes);
    buf_release(&bytes);
}

static void test_member_limit(void) {
    struct unpack_limits limits = unpack_limits_default();
    struct buf bytes = kit_buf();
    struct archive *archive = kit_archive("ustar", NULL, &bytes);
    for (int i = 0; i < 20; i++)
        kit_add(archive, "x", SPAN_LITERAL("y\n"));
    kit_append_archive(archive, &bytes);
    kit_write("in", buf_as_span(&bytes));
    limits.max_members = 7;
    struct outcome out = kit_read_path(kit_path("in"), limits);
    CHECK_INT(out.members, 7);
    CHECK_INT(out.skips, 1);
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "--max-members"));
    buf_release(&out.bytes);
    buf_release(&bytes);
}

/* A member that is one hole of 5 GiB, between two good ones. */
static void test_sparse(void) {
    struct buf bytes = kit_buf();
    struct archive *archive = kit_archive("pax", NULL, &bytes);
    kit_add(archive, "one", SPAN_LITERAL("one\n"));
    struct archive_entry *entry = kit_entry("sparse", AE_IFREG, (size_t)5 << 30);
    archive_entry_sparse_add_entry(entry, 0, 3);
    kit_put(archive, entry, SPAN_LITERAL("abc"));
    kit_add(archive, "two", SPAN_LITERAL("two\n"));
    kit_append_archive(archive, &bytes);
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(out.summary.damaged && kit_says(out.summary.damage, "sparse"));
    CHECK(kit_same(&out, SPAN_LITERAL("one\nabctwo\n")));
    CHECK(out.bytes.len < 100);
    buf_release(&out.bytes);
    buf_release(&bytes);
}

static void test_memory(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("# %ld MiB at most, the builder's own 200 included\n", usage.ru_maxrss / 1024);
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(usage.ru_maxrss < 400 * 1024);
#endif
}

int main(void) {
    kit_begin();
    test_evil_tar();
    test_nested();
    test_nested_containers();
    test_nested_packed();
    test_encrypted();
    test_zstd_window();
    test_bomb(NULL, "gzip");
    test_bomb(NULL, "zstd");
    test_bomb(NULL, "bzip2");
    test_bomb("ustar", "gzip");
    test_bomb("zip", NULL);
    test_bomb("7zip", NULL);
    test_member_limit();
    test_sparse();
    test_memory();
    kit_end();
    return tap_done();
}
