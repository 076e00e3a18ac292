/* The folder of shards: names, listing, old versions, damage, the lock, what killed runs left. */
#include "pipeline/scan/scan_id.h"
#include "pipeline/scan/shard_folder.h"
#include "scan_kit.h"
#include "tap.h"

#include <fcntl.h>
#include <time.h>

static struct shard_folder shards;
static struct scan_id ours, theirs;

static char *input_file(const char *name) {
    static char paths[4][500];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s", kit_path(name));
    return path;
}

static const char *put(const struct input_path *input, const char *digest, int64_t segment) {
    static char path[4200];
    struct shard shard;
    struct fault fault = {0};
    shard_init(&shard);
    snprintf(shard.head.scan_digest, sizeof shard.head.scan_digest, "%s", digest);
    CHECK_INT(shard_folder_input_key(input, "", 0, shard.head.input_key, &fault), STATUS_OK);
    shard.head.segment = segment;
    shard_folder_shard_path(&shards, shard.head.input_key, digest, segment, path, sizeof path);
    CHECK_INT(shard_write(path, &shard, &fault), STATUS_OK);
    shard_release(&shard);
    return path;
}

static struct shard_list list_of(const char *digest) {
    struct shard_list list;
    struct fault fault = {0};
    CHECK_INT(shard_folder_list(&shards, digest, &list, &fault), STATUS_OK);
    return list;
}

static void test_names(void) {
    char key[72], other[72];
    struct fault fault = {0};
    CHECK(kit_write("a", span_of("a")) && kit_write("b", span_of("b")));
    CHECK(kit_write("damaged", span_of("c")));
    struct input_path input = {
        .path = input_file("a"), .label = input_file("a"), .size = 10, .mtime_ns = 20};
    CHECK_INT(shard_folder_input_key(&input, "", 0, key, &fault), STATUS_OK);
    CHECK_INT(strlen(key), SHARD_KEY_SIZE);
    input.mtime_ns = 21;
    CHECK_INT(shard_folder_input_key(&input, "", 0, other, &fault), STATUS_OK);
    CHECK(memcmp(key, other, 17) == 0);
    CHECK(strcmp(key, other) != 0);
    input.path = input_file("b");
    CHECK_INT(shard_folder_input_key(&input, "", 0, other, &fault), STATUS_OK);
    CHECK(memcmp(key, other, 16) != 0);
    CHECK(strcmp(ours.digest, ours.context) != 0);
    CHECK(strcmp(ours.digest, theirs.digest) != 0);
    CHECK(strcmp(ours.settings, theirs.settings) == 0);
}

static void test_listing(void) {
    struct input_path
        a = {.path = input_file("a"), .label = input_file("a"), .size = 10, .mtime_ns = 20},
        b = {.path = input_file("b"), .label = input_file("b"), .size = 10, .mtime_ns = 20},
        newer = a;
    newer.size = 11;
    put(&b, ours.digest, 0);
    put(&a, ours.digest, 2);
    put(&a, ours.digest, 0);
    put(&a, ours.digest, 1);
    put(&a, ours.context, 0);
    put(&a, theirs.digest, 0);
    put(&newer, ours.digest, 0);
    CHECK(kit_write("x.h5.parts/notes.txt", span_of("not a shard")));
    struct shard_list list = list_of(ours.digest), all = list_of(NULL);
    CHECK_INT(list.count, 5);
    CHECK_INT(all.count, 7);
    CHECK_INT(list.others.count, 2);
    CHECK_INT(list.damaged.count, 0);
    bool sorted = true;
    for (size_t i = 1; i < list.count; i++) {
        int order = strcmp(list.at[i - 1].head.input_key, list.at[i].head.input_key);
        sorted &=
            order < 0 || (order == 0 && list.at[i - 1].head.segment < list.at[i].head.segment);
    }
    CHECK(sorted);
    shard_list_release(&all);

    /* the newer version of a file drives out the older one, of this scan only */
    char key[72];
    struct fault fault = {0};
    CHECK_INT(shard_folder_input_key(&newer, "", 0, key, &fault), STATUS_OK);
    CHECK_INT(shard_folder_drop_old(&list, key, false, &fault), STATUS_OK);
    shard_list_release(&list);
    list = list_of(ours.digest);
    CHECK_INT(list.count, 2);
    CHECK_INT(list.others.count, 2);
    CHECK_INT(shard_folder_drop_old(&list, key, true, &fault), STATUS_OK);
    shard_list_release(&list);
    list = list_of(ours.digest);
    CHECK_INT(list.count, 1);
    shard_list_release(&list);
}

static void test_damage(void) {
    struct input_path a = {
        .path = input_file("damaged"), .label = input_file("damaged"), .size = 1, .mtime_ns = 1};
    char path[4300], aside[4400];
    snprintf(path, sizeof path, "%s", put(&a, ours.digest, 0));
    snprintf(aside, sizeof aside, "%s.damaged", path);
    int fd = open(path, O_WRONLY);
    CHECK_INT(pwrite(fd, "damage", 6, 3000), 6);
    close(fd);
    for (int round = 0; round < 2; round++) { /* it stays said until it is scanned again */
        struct shard_list list = list_of(ours.digest);
        CHECK_INT(list.damaged.count, 1);
        CHECK_INT(list.count, 1);
        shard_list_release(&list);
    }
    CHECK(access(path, F_OK) != 0);
    CHECK(access(aside, F_OK) == 0);
}

static void test_lock(void) {
    struct shard_folder second;
    struct fault fault = {0};
    CHECK_INT(shard_folder_open(&second, kit_path("x.h5"), &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_LOCKED);
}

/* A process number that no process has. */
static long gone_pid(void) {
    long pid = 30000;
    while (access("/proc", F_OK) == 0) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%ld", pid);
        if (access(path, F_OK) != 0)
            break;
        pid--;
    }
    return pid;
}

static const char *leave(const char *prefix, const char *host, long pid, int days) {
    static char names[8][200];
    static int next;
    char *name = names[next++ % 8];
    snprintf(name, sizeof names[0], "%s.tmp-%s%s%ld", prefix, host, *host ? "-" : "", pid);
    CHECK(kit_write(name, span_of("half")));
    struct timespec times[2];
    clock_gettime(CLOCK_REALTIME, &times[0]);
    times[0].tv_sec -= (time_t)days * 24 * 3600;
    times[1] = times[0];
    CHECK_INT(utimensat(AT_FDCWD, kit_path(name), times, 0), 0);
    return name;
}

static void test_temporaries(void) {
    char host[FILES_HOST_SIZE], temporary[500];
    struct fault fault = {0};
    file_host(host);
    long gone = gone_pid(), living = (long)getppid();
    const char *ours_gone = leave("x.h5.parts/.a.h5", host, gone, 0);
    const char *old_gone = leave("x.h5.parts/.b.h5", "", gone, 0);
    const char *ours_living = leave("x.h5.parts/.c.h5", host, living, 9);
    const char *other_new = leave("x.h5.parts/.d.h5", "other-host", gone, 0);
    const char *other_old = leave("x.h5.parts/.e.h5", "other-host", living, 2);
    const char *audit_gone = leave(".x.h5", host, gone, 0);
    const char *another = leave(".y.h5", host, gone, 0);
    shard_folder_close(&shards);
    CHECK_INT(shard_folder_open(&shards, kit_path("x.h5"), &fault), STATUS_OK);
    CHECK(!kit_exists(ours_gone));
    CHECK(!kit_exists(old_gone));
    CHECK(kit_exists(ours_living));
    CHECK(kit_exists(other_new));
    CHECK(!kit_exists(other_old));
    CHECK(!kit_exists(audit_gone));
    CHECK(kit_exists(another));
    CHECK(file_temporary("folder/name", temporary, sizeof temporary));
    CHECK(span_starts(span_of(temporary), "folder/.name.tmp-"));
    CHECK(strstr(temporary, host) != NULL);
}

int main(void) {
    struct fault fault = {0};
    store_init();
    CHECK(kit_begin());
    scan_id_make(&ours, span_of("settings"), "lexicons");
    scan_id_make(&theirs, span_of("settings"), "other lexicons");
    CHECK_INT(shard_folder_open(&shards, kit_path("x.h5"), &fault), STATUS_OK);
    test_names();
    test_listing();
    test_damage();
    test_lock();
    test_temporaries();
    shard_folder_close(&shards);
    kit_remove(kit_folder);
    return tap_done();
}
