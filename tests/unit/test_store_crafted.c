/* Audits travel: one with a right seal may still have been made to harm who opens it. */
#include "stages/common/files.h"
#include "stages/store/store.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/burza-crafted-XXXXXX";

static void begin(struct audit *audit) {
    audit_init(audit);
    CHECK(names_add(&audit->brands, span_of("n")));
    CHECK(names_add(&audit->brand_names, span_of("n")));
    CHECK(names_add(&audit->channels, span_of("twitter")));
    for (int i = 0; i < GRID_COUNT; i++) {
        struct grid *grid = &audit->grids[i];
        *grid = (struct grid){.times = 1,
                              .edges_s = calloc(2, sizeof *grid->edges_s),
                              .cells = calloc(1, sizeof *grid->cells),
                              .points = calloc(1, sizeof *grid->points),
                              .coverage = calloc(1, sizeof *grid->coverage),
                              .all_posts = calloc(1, sizeof *grid->all_posts)};
        grid->edges_s[1] = 3600;
    }
}

static enum status write_and_read(struct audit *audit, struct audit *again) {
    struct fault fault = {0};
    CHECK_INT(audit_write(path, audit, &fault), STATUS_OK);
    return audit_read(path, true, again, &fault);
}

/* A text that fills its column has no end of its own. */
static void test_full_texts(void) {
    struct audit audit, again;
    begin(&audit);
    struct term_row *row = malloc(sizeof *row);
    memset(row, 'x', sizeof *row);
    audit.tables[TABLE_TERMS].rows = row;
    audit.tables[TABLE_TERMS].count = 1;
    CHECK_INT(write_and_read(&audit, &again), STATUS_OK);
    const struct term_row *read = again.tables[TABLE_TERMS].rows;
    CHECK_INT(strnlen(read->brand, sizeof read->brand), sizeof read->brand - 1);
    CHECK_INT(strnlen(read->term, sizeof read->term), sizeof read->term - 1);
    audit_release(&audit);
    audit_release(&again);
}

/* Posts whose texts end before they begin, or far behind the bytes. */
static void test_ends_of_texts(void) {
    static const uint64_t ends[][3] = {{1, 2, 3}, {3, 1, 3}, {1, UINT64_MAX, 3}, {1, 2, 4}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct shard shard, again;
        struct fault fault = {0};
        shard_init(&shard);
        for (int k = 0; k < 3; k++) {
            struct mention post = {.channel_name = span_of("twitter"), .text = span_of("a")};
            CHECK(mention_rows_append(&shard.mentions, &post));
        }
        memcpy(shard.mentions.text.end, ends[i], sizeof ends[i]);
        CHECK_INT(shard_write(path, &shard, &fault), STATUS_OK);
        CHECK_INT(shard_read(path, SHARD_WHOLE, &again, &fault), i ? STATUS_FATAL : STATUS_OK);
        shard_release(&shard);
        shard_release(&again);
    }
}

static void test_missing_names(void) {
    struct audit audit, again;
    begin(&audit);
    audit.brand_names.count = 0;
    CHECK_INT(write_and_read(&audit, &again), STATUS_FATAL);
    audit_release(&audit);
    audit_release(&again);
}

/* A link under the temporary name is not followed. */
static void test_planted_link(void) {
    struct audit audit, again;
    struct stat st;
    char temporary[64], victim[64];
    snprintf(victim, sizeof victim, "%s.victim", path);
    CHECK(file_temporary(path, temporary, sizeof temporary));
    int file = open(victim, O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(file >= 0 && symlink(victim, temporary) == 0);
    begin(&audit);
    CHECK_INT(write_and_read(&audit, &again), STATUS_OK);
    CHECK(fstat(file, &st) == 0 && st.st_size == 0);
    close(file);
    unlink(victim);
    audit_release(&audit);
    audit_release(&again);
}

int main(void) {
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    store_init();
    test_full_texts();
    test_ends_of_texts();
    test_missing_names();
    test_planted_link();
    unlink(path);
    return tap_done();
}
