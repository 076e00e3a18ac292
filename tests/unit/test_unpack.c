/* Every codec and container that is read, whole: what went in comes out. */
#include "test_unpack_kit.h"

static const char *const codecs[] = {"gzip", "zstd", "bzip2", "xz", "lz4"};
#define CODECS (sizeof codecs / sizeof codecs[0])

static void test_plain(void) {
    struct buf lines = kit_lines(300000);
    struct outcome out = kit_read(buf_as_span(&lines));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    CHECK_INT(out.members, 1);
    CHECK_STR(out.labels, "|");
    CHECK_STR(out.summary.container, "file");
    CHECK_STR(out.summary.codec, "none");
    CHECK_INT(out.summary.bytes_in, lines.len);
    CHECK_INT(out.summary.bytes_out, lines.len);
    unsigned char want[DIGEST_SIZE];
    digest_of(buf_as_span(&lines), want);
    CHECK(memcmp(want, out.summary.sha256, DIGEST_SIZE) == 0);
    struct buf key = kit_buf();
    buf_text(&key, "burza pseudonym key 1");
    buf_add(&key, lines.at, 65536);
    digest_of(buf_as_span(&key), want);
    CHECK(memcmp(want, out.summary.secret, DIGEST_SIZE) == 0);
    buf_release(&key);
    buf_release(&out.bytes);
    buf_release(&lines);
}

static void test_codecs(void) {
    struct buf lines = kit_lines(1200000);
    for (size_t i = 0; i < CODECS; i++) {
        struct buf packed = kit_compress(codecs[i], buf_as_span(&lines));
        struct outcome out = kit_read(buf_as_span(&packed));
        CHECK(outcome_is_clean(&out));
        CHECK(kit_same(&out, buf_as_span(&lines)));
        CHECK_STR(out.summary.codec, codecs[i]);
        CHECK_INT(out.summary.bytes_in, packed.len);
        CHECK_INT(out.summary.bytes_out, lines.len);
        buf_release(&out.bytes);
        buf_release(&packed);
    }
    buf_release(&lines);
}

/* Two streams one after another are one; zeros after them are padding, other bytes are not. */
static void test_concatenated(void) {
    struct buf lines = kit_lines(200000), twice = kit_buf();
    buf_span(&twice, buf_as_span(&lines));
    buf_span(&twice, buf_as_span(&lines));
    for (size_t i = 0; i < CODECS; i++) {
        struct buf once = kit_compress(codecs[i], buf_as_span(&lines)), both = kit_buf();
        static const char zeros[4096];
        buf_span(&both, buf_as_span(&once));
        buf_span(&both, buf_as_span(&once));
        struct outcome out = kit_read(buf_as_span(&both));
        CHECK(outcome_is_clean(&out));
        CHECK(kit_same(&out, buf_as_span(&twice)));
        buf_release(&out.bytes);
        buf_add(&both, zeros, sizeof zeros);
        out = kit_read(buf_as_span(&both));
        CHECK(outcome_is_clean(&out));
        CHECK(kit_same(&out, buf_as_span(&twice)));
        buf_release(&out.bytes);
        buf_text(&both, "garbage");
        out = kit_read(buf_as_span(&both));
        CHECK(!outcome_is_clean(&out));
        CHECK(kit_same(&out, buf_as_span(&twice)));
        buf_release(&out.bytes);
        buf_release(&once);
        buf_release(&both);
    }
    buf_release(&twice);
    buf_release(&lines);
}

/* Many tiny gzip members, so that their borders fall on every alignment of the bit buffer. */
static void test_gzip_tiny_members(void) {
    struct buf all = kit_buf(), want = kit_buf();
    for (int i = 0; i < 400; i++) {
        struct buf lines = kit_lines((size_t)i % 97);
        struct buf packed = kit_compress("gzip", (struct span){lines.at, lines.len});
        buf_span(&all, buf_as_span(&packed));
        buf_span(&want, buf_as_span(&lines));
        buf_release(&packed);
        buf_release(&lines);
    }
    struct outcome out = kit_read(buf_as_span(&all));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&want)));
    buf_release(&out.bytes);
    buf_release(&all);
    buf_release(&want);
}

/* A header with every optional field (RFC 1952), around one stored block. */
static void test_gzip_header_fields(void) {
    struct buf lines = kit_lines(1000), packed = kit_compress("gzip", buf_as_span(&lines));
    struct buf all = kit_buf();
    buf_add(&all, "\x1f\x8b\x08\x1c\0\0\0\0\0\xff", 10);
    buf_add(&all, "\x05\0extra", 7);
    for (int i = 0; i < 70000; i++)
        buf_char(&all, 'n'); /* a name longer than a read */
    buf_add(&all, "\0comment\0", 9);
    size_t header = (packed.at[3] & 8) ? 10 + strlen(packed.at + 10) + 1 : 10;
    buf_add(&all, packed.at + header, packed.len - header);
    struct outcome out = kit_read(buf_as_span(&all));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    buf_release(&out.bytes);
    buf_release(&all);
    buf_release(&packed);
    buf_release(&lines);
}

static void test_zstd_skippable(void) {
    struct buf lines = kit_lines(100000), frame = kit_compress("zstd", buf_as_span(&lines));
    struct buf all = kit_buf();
    buf_add(&all, "\x5e\x2a\x4d\x18\x03\0\0\0abc", 11);
    buf_span(&all, buf_as_span(&frame));
    buf_add(&all, "\x50\x2a\x4d\x18\x01\0\0\0z", 9);
    struct outcome out = kit_read(buf_as_span(&all));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    buf_release(&out.bytes);
    buf_release(&all);
    buf_release(&frame);
    buf_release(&lines);
}

/* A container of a plain member, of one compressed by each codec, of an empty one and of one too
 * large to be handed out packed. */
static struct buf kit_container(const char *format, const char *filter, bool compressed_members,
                                struct buf *want) {
    struct buf lines = kit_lines(120000), large = kit_buf(), out = kit_buf();
    while (large.len <= 4 << 20)
        buf_span(&large, buf_as_span(&lines));
    struct archive *archive = kit_archive(format, filter, &out);
    kit_put(archive, kit_entry("posts/", AE_IFDIR, 0), (struct span){NULL, 0});
    kit_add(archive, "posts/gęś.jsonl", buf_as_span(&lines));
    buf_span(want, buf_as_span(&lines));
    for (size_t i = 0; compressed_members && i < CODECS; i++) {
        struct buf packed = kit_compress(codecs[i], buf_as_span(&lines));
        kit_add(archive, codecs[i], buf_as_span(&packed));
        buf_span(want, buf_as_span(&lines));
        buf_release(&packed);
    }
    kit_add(archive, "empty", (struct span){"", 0});
    kit_add(archive, "__MACOSX/._x", SPAN_LITERAL("fork"));
    kit_add(archive, "large", buf_as_span(&large));
    buf_span(want, buf_as_span(&large));
    kit_append_archive(archive, &out);
    buf_release(&lines);
    buf_release(&large);
    return out;
}

static void test_container(const char *format, const char *filter) {
    bool members = filter == NULL;
    struct buf want = kit_buf(), bytes = kit_container(format, filter, members, &want);
    struct outcome out = kit_read(buf_as_span(&bytes));
    printf("# %s %s\n", format, filter ? filter : "");
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&want)));
    CHECK_INT(out.members, members ? 3 + CODECS : 3);
    CHECK_STR(out.summary.codec, filter ? filter : "none");
    if (strcmp(format, "7zip") != 0) /* which puts empty members at the end */
        CHECK_STR(out.labels, members ? "posts/gęś.jsonl|gzip|zstd|bzip2|xz|lz4|empty|large|"
                                      : "posts/gęś.jsonl|empty|large|");
    /* what zip compressed is small enough to be carried */
    CHECK_INT(out.packed, out.members - (strcmp(format, "zip") != 0));
    CHECK_INT(out.summary.bytes_in, bytes.len);
    unsigned char digest[DIGEST_SIZE];
    digest_of(buf_as_span(&bytes), digest);
    CHECK(memcmp(digest, out.summary.sha256, DIGEST_SIZE) == 0);
    buf_release(&out.bytes);
    buf_release(&want);
    buf_release(&bytes);
}

static void test_containers(void) {
    static const char *const tars[] = {"ustar", "pax", "gnutar", "v7tar"};
    for (size_t i = 0; i < sizeof tars / sizeof tars[0]; i++)
        test_container(tars[i], NULL);
    test_container("zip", NULL);
    test_container("7zip", NULL);
    for (size_t i = 0; i < CODECS; i++)
        test_container("pax", codecs[i]);
}

static void test_concatenated_tars(void) {
    struct buf want = kit_buf(), bytes = kit_container("ustar", NULL, false, &want);
    struct buf again = kit_container("ustar", NULL, false, &want);
    buf_span(&bytes, buf_as_span(&again));
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&want)));
    CHECK_INT(out.members, 6);
    buf_release(&out.bytes);
    buf_release(&again);
    buf_release(&bytes);
    buf_release(&want);
}

/* Feeds the bytes through a pipe as standard input. */
static struct outcome read_piped(struct span bytes) {
    int ends[2], before = dup(STDIN_FILENO);
    if (pipe(ends) != 0)
        abort();
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        while (bytes.len) {
            size_t step = bytes.len < 777 ? bytes.len : 777;
            ssize_t put = write(ends[1], bytes.at, step);
            if (put <= 0)
                break;
            bytes = (struct span){bytes.at + put, bytes.len - (size_t)put};
        }
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    struct outcome out = kit_read_path("-", unpack_limits_default());
    if (before >= 0) {
        dup2(before, STDIN_FILENO);
        close(before);
    }
    return out;
}

static void test_standard_input(void) {
    struct buf lines = kit_lines(300000), packed = kit_compress("gzip", buf_as_span(&lines));
    struct outcome out = read_piped(buf_as_span(&packed));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&lines)));
    unsigned char digest[DIGEST_SIZE];
    digest_of(buf_as_span(&packed), digest);
    CHECK(memcmp(digest, out.summary.sha256, DIGEST_SIZE) == 0);
    buf_release(&out.bytes);
    struct buf want = kit_buf(), zip = kit_container("zip", NULL, true, &want);
    out = read_piped(buf_as_span(&zip));
    CHECK(outcome_is_clean(&out));
    CHECK(kit_same(&out, buf_as_span(&want)));
    buf_release(&out.bytes);
    buf_release(&want);
    buf_release(&zip);
    struct buf all = kit_buf(), seven = kit_container("7zip", NULL, false, &all);
    out = read_piped(buf_as_span(&seven));
    CHECK(outcome_is_clean(&out));
    CHECK_INT(out.bytes.len, all.len); /* empty members come last */
    buf_release(&out.bytes);
    buf_release(&all);
    buf_release(&seven);
    buf_release(&packed);
    buf_release(&lines);
}

/* A member that nobody reads must not disturb the next one, nor the digest. */
static void test_dropped_members(void) {
    struct buf want = kit_buf(), bytes = kit_container("pax", "gzip", false, &want), packed;
    struct input_path path = {.path = (char *)(uintptr_t)kit_path("dropped"),
                              .label = (char *)(uintptr_t) "in",
                              .size = -1};
    struct budget budget;
    struct input *input;
    struct member member;
    struct input_summary summary;
    struct fault fault;
    int members = 0;
    kit_write("dropped", buf_as_span(&bytes));
    budget_init(&budget, unpack_limits_default());
    buf_init(&packed, 1000); /* too small for any member: all are streamed */
    if (!CHECK_INT(input_open(&input, &path, &budget, &fault), STATUS_OK))
        return;
    while (input_next(input, &member, &packed, &fault) == STATUS_OK) {
        CHECK(member.packed == (strcmp(member.label, "empty") == 0));
        members++;
    }
    input_finish(input, &summary);
    CHECK_INT(members, 3);
    CHECK(!summary.damaged);
    unsigned char digest[DIGEST_SIZE];
    digest_of(buf_as_span(&bytes), digest);
    CHECK(memcmp(digest, summary.sha256, DIGEST_SIZE) == 0);
    input_close(input);
    buf_release(&packed);
    buf_release(&bytes);
    buf_release(&want);
}

int main(void) {
    kit_begin();
    test_plain();
    test_codecs();
    test_concatenated();
    test_gzip_tiny_members();
    test_gzip_header_fields();
    test_zstd_skippable();
    test_containers();
    test_concatenated_tars();
    test_standard_input();
    test_dropped_members();
    kit_end();
    return tap_done();
}
