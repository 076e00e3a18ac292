/* Audits travel: one with a right seal may still have been made to harm who opens it. */
#include "stages/common/files.h"
#include "stages/store/seal.h"
#include "stages/store/store.h"
#include "tap.h"

#include <fcntl.h>
#include <hdf5.h>
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

/* ---- files that were sealed by somebody else ---- */

/* Each changes an open file, or what it is to say in it. */
static void link_outside(hid_t file) {
    CHECK(H5Ldelete(file, "/tables/terms", H5P_DEFAULT) >= 0);
    CHECK(H5Lcreate_external("/tmp/other.h5", "/tables/terms", file, "/tables/terms", H5P_DEFAULT,
                             H5P_DEFAULT) >= 0);
}

static void link_softly(hid_t file) {
    CHECK(H5Ldelete(file, "/tables/terms", H5P_DEFAULT) >= 0);
    CHECK(H5Lcreate_soft("/tables/brands", file, "/tables/terms", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

static void link_group(hid_t file) {
    CHECK(H5Ldelete(file, "/tables", H5P_DEFAULT) >= 0);
    CHECK(H5Lcreate_external("/tmp/other.h5", "/tables", file, "/tables", H5P_DEFAULT,
                             H5P_DEFAULT) >= 0);
}

static void put_dataset(hid_t file, hid_t type, hsize_t count, hid_t creation) {
    hsize_t limit = H5Pget_layout(creation) == H5D_CHUNKED ? H5S_UNLIMITED : count;
    hid_t space = H5Screate_simple(1, &count, &limit);
    CHECK(H5Ldelete(file, "/hourly/time", H5P_DEFAULT) >= 0);
    hid_t set = H5Dcreate2(file, "/hourly/time", type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    CHECK(set >= 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(creation);
}

static void store_outside(hid_t file) {
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    CHECK(H5Pset_external(creation, "/etc/passwd", 0, 8) >= 0);
    put_dataset(file, H5T_STD_I64LE, 1, creation);
}

static void view_other(hid_t file) {
    hsize_t one = 1;
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &one, NULL);
    CHECK(H5Pset_virtual(creation, space, "/tmp/other.h5", "/time", space) >= 0);
    put_dataset(file, H5T_STD_I64LE, 1, creation);
    H5Sclose(space);
}

static void pack_otherwise(hid_t file) {
    hsize_t one = 1;
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    CHECK(H5Pset_chunk(creation, 1, &one) >= 0);
    CHECK(H5Pset_filter(creation, 32015, H5Z_FLAG_OPTIONAL, 0, NULL) >= 0);
    put_dataset(file, H5T_STD_I64LE, 1, creation);
}

static void promise_much(hid_t file) {
    put_dataset(file, H5T_STD_I64LE, (hsize_t)1 << 33, H5Pcreate(H5P_DATASET_CREATE));
}

static void promise_chunks(hid_t file) {
    hsize_t chunk = 1 << 28;
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    CHECK(H5Pset_chunk(creation, 1, &chunk) >= 0);
    put_dataset(file, H5T_STD_I64LE, 1, creation);
}

static void write_words(hid_t file) {
    hid_t type = H5Tcopy(H5T_C_S1);
    put_dataset(file, type, 1, H5Pcreate(H5P_DATASET_CREATE));
    H5Tclose(type);
}

static void (*const crafts[])(hid_t file) = {link_outside,  link_softly,    link_group,
                                             store_outside, view_other,     pack_otherwise,
                                             promise_much,  promise_chunks, write_words};

static void test_crafted(void) {
    for (size_t i = 0; i <= sizeof crafts / sizeof *crafts; i++) {
        struct audit audit, again;
        struct fault fault = {0};
        begin(&audit);
        CHECK_INT(write_and_read(&audit, &again), STATUS_OK);
        audit_release(&again);
        audit_release(&audit);
        hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        CHECK(file >= 0);
        if (i)
            crafts[i - 1](file);
        CHECK(H5Fclose(file) >= 0);
        CHECK_INT(seal_write(path, &fault), STATUS_OK);
        CHECK_INT(audit_read(path, true, &again, &fault), i ? STATUS_FATAL : STATUS_OK);
        if (i)
            CHECK_INT(fault.exit_code, EXIT_DATA);
        audit_release(&again);
    }
}

/* A number that is many would be read behind the place for it. */
static void test_wide_attribute(void) {
    struct shard shard, again;
    struct fault fault = {0};
    hsize_t many = 4096;
    shard_init(&shard);
    CHECK_INT(shard_write(path, &shard, &fault), STATUS_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), space = H5Screate_simple(1, &many, NULL);
    CHECK(H5Adelete_by_name(file, "/head", "last", H5P_DEFAULT) >= 0);
    hid_t head = H5Gopen2(file, "/head", H5P_DEFAULT);
    hid_t wide = H5Acreate2(head, "last", H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
    CHECK(wide >= 0);
    H5Aclose(wide);
    H5Gclose(head);
    H5Sclose(space);
    CHECK(H5Fclose(file) >= 0);
    CHECK_INT(seal_write(path, &fault), STATUS_OK);
    CHECK_INT(shard_read(path, SHARD_HEAD, &again, &fault), STATUS_FATAL);
    shard_release(&again);
    shard_release(&shard);
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
    test_crafted();
    test_wide_attribute();
    test_planted_link();
    unlink(path);
    return tap_done();
}
