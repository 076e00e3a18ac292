#include "stages/common/digest.h"
#include "stages/common/files.h"
#include "tap.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/burza-files-XXXXXX";

static const char *in_folder(const char *name) {
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static int entries(void) {
    DIR *dir = opendir(folder);
    int count = -2; /* . and .. */
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

static void test_publish(void) {
    struct fault fault = {0};
    struct buf buf;
    buf_init(&buf, 1 << 20);
    CHECK_INT(file_publish(in_folder("a"), SPAN_LITERAL("one"), &fault), STATUS_OK);
    CHECK_INT(file_publish(in_folder("a"), SPAN_LITERAL("two"), &fault), STATUS_OK);
    CHECK_INT(file_read(in_folder("a"), &buf, &fault), STATUS_OK);
    CHECK_SPAN(buf_as_span(&buf), "two");
    CHECK_INT(entries(), 1); /* no temporary is left */
    CHECK_INT(file_publish(in_folder("none/b"), SPAN_LITERAL("x"), &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_CANTCREATE);
    CHECK_INT(file_read(in_folder("missing"), &buf, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_NOINPUT);
    CHECK(strstr(fault.text, "missing") != NULL);
    buf_release(&buf);
    buf_init(&buf, 2);
    CHECK_INT(file_read(in_folder("a"), &buf, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    buf_release(&buf);
}

/* Files of every size about the steps in which they are read, and about the limit. */
static void test_read(void) {
    static const size_t sizes[] = {0, 1, 63, 64, 65, 65535, 65536, 65537, 131072, 200000};
    struct fault fault = {0};
    struct buf want, got;
    buf_init(&want, 1 << 20);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        buf_clear(&want);
        for (size_t at = 0; at < sizes[i]; at++)
            buf_char(&want, (char)(at * 31 + at / 256));
        CHECK_INT(file_publish(in_folder("sized"), buf_as_span(&want), &fault), STATUS_OK);
        buf_init(&got, sizes[i] + 1);
        CHECK_INT(file_read(in_folder("sized"), &got, &fault), STATUS_OK);
        CHECK_INT(got.len, sizes[i]);
        CHECK(!got.len || memcmp(got.at, want.at, got.len) == 0);
        CHECK_INT(file_read(in_folder("sized"), &got, &fault), STATUS_OK); /* into what is there */
        CHECK_INT(got.len, sizes[i]);
        buf_release(&got);
        buf_init(&got, sizes[i]);
        CHECK_INT(file_read(in_folder("sized"), &got, &fault), STATUS_FATAL);
        CHECK_INT(fault.exit_code, EXIT_DATA);
        buf_release(&got);
    }
    buf_release(&want);
    CHECK_INT(unlink(in_folder("sized")), 0);
    buf_init(&got, 1 << 20);
    CHECK_INT(file_read("/proc/self/status", &got, &fault), STATUS_OK); /* of no size beforehand */
    CHECK(got.len > 100 && got.at[got.len - 1] == '\n');
    buf_release(&got);
}

static void test_commit(void) {
    struct fault fault = {0};
    char temporary[300];
    CHECK(file_temporary(in_folder("c"), temporary, sizeof temporary));
    CHECK(!file_temporary(in_folder("c"), temporary, 10));
    CHECK(file_temporary(in_folder("c"), temporary, sizeof temporary));
    CHECK_INT(file_commit(temporary, in_folder("c"), &fault), STATUS_FATAL);
    CHECK_INT(folder_make(in_folder("sub"), &fault), STATUS_OK);
    CHECK_INT(folder_make(in_folder("sub"), &fault), STATUS_OK);
    CHECK_INT(folder_make(in_folder("a"), &fault), STATUS_FATAL);
    rmdir(in_folder("sub"));
}

static void test_lock(void) {
    struct fault fault = {0};
    struct lock *first, *second;
    CHECK_INT(lock_take(in_folder("lock"), &first, &fault), STATUS_OK);
    CHECK_INT(lock_take(in_folder("lock"), &second, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_LOCKED);
    CHECK(lock_is_held(in_folder("lock")));
    lock_drop(first);
    CHECK(!lock_is_held(in_folder("lock")));
    CHECK(!lock_is_held(in_folder("none")));
    CHECK_INT(lock_take(in_folder("lock"), &second, &fault), STATUS_OK);
    lock_drop(second);
    lock_drop(NULL);
}

/* Known answers of FIPS 180-2. */
static void test_digest(void) {
    struct fault fault;
    struct digest digest;
    unsigned char raw[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_of(SPAN_LITERAL("abc"), raw);
    digest_hex(raw, hex);
    CHECK_SPAN(span_of(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_INT(digest_init(&digest, &fault), STATUS_OK);
    digest_add(&digest, SPAN_LITERAL("a"));
    digest_peek(&digest, raw);
    digest_add(&digest, SPAN_LITERAL("bc"));
    digest_add(&digest, (struct span){NULL, 0});
    digest_peek(&digest, raw);
    digest_hex(raw, hex);
    CHECK_SPAN(span_of(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_release(&digest);
}

int main(void) {
    if (!mkdtemp(folder))
        return 1;
    test_publish();
    test_read();
    test_commit();
    test_lock();
    test_digest();
    unlink(in_folder("a"));
    unlink(in_folder("lock"));
    CHECK_INT(rmdir(folder), 0);
    return tap_done();
}
