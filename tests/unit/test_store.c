/* Shards and audits: what is written is read, damage is refused, the same content is the same
 * bytes. */
#include "stages/common/files.h"
#include "stages/store/seal.h"
#include "stages/store/store.h"
#include "tap.h"

#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/burza-store-XXXXXX";

static const char *in_folder(const char *name) {
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static struct mention example(int i) {
    static char id[32], author[32];
    snprintf(id, sizeof id, "id%d", i);
    snprintf(author, sizeof author, "autor_%d", i % 5);
    return (struct mention){.created_at_us = INT64_C(1677628800000000) + i * INT64_C(61000001),
                            .id_hash = 1000003ULL * (unsigned)i,
                            .author_hash = UINT64_MAX - (unsigned)i,
                            .likes = i - 1,
                            .replies = -1,
                            .reposts = INT32_MAX,
                            .views = 0,
                            .followers = i,
                            .score_milli = (int16_t)(i % 2001 - 1000),
                            .intents = (uint16_t)(i & 1023),
                            .brand = (uint16_t)(i % 2),
                            .platform = PLATFORM_REDDIT,
                            .label = (int8_t)(i % 3 - 1),
                            .language = LANGUAGE_PL,
                            .channel_name =
                                i % 2 ? SPAN_LITERAL("reddit/Polska") : SPAN_LITERAL("reddit/ąę"),
                            .id = span_of(id),
                            .author = span_of(author),
                            .url = SPAN_LITERAL(""),
                            .text = SPAN_LITERAL("zażółć\0gęślą \xF0\x9F\x98\xA1")};
}

static void fill_shard(struct shard *shard, int rows) {
    shard_init(shard);
    snprintf(shard->head.scan_digest, sizeof shard->head.scan_digest, "digest");
    snprintf(shard->head.input_key, sizeof shard->head.input_key, "key");
    snprintf(shard->head.label, sizeof shard->head.label, "żółw.zst");
    shard->head.segment = 7;
    shard->head.last = 1;
    shard->head.bytes = INT64_C(1) << 40;
    for (int i = 0; i < rows; i++) {
        struct mention row = example(i);
        struct post post = {.created_at_us = row.created_at_us, .platform = row.platform};
        CHECK(mention_rows_append(&shard->mentions, &row));
        CHECK(tally_post(&shard->tally, &post, row.channel_name));
    }
    shard->tally.records = (uint64_t)rows + 2;
    shard->tally.rejects[1] = 2;
}

/* Row `index` with borrowed strings. */
static struct mention row_of(const struct mention_rows *mentions, size_t index) {
    struct mention row;
#define GET(type, name, ...) row.name = mentions->name[index];
    MENTION_COLUMNS(GET)
#undef GET
#define GET(name) row.name = mention_rows_text(&mentions->name, index);
    MENTION_TEXTS(GET)
#undef GET
    row.channel_name = mentions->channels.names[row.channel];
    return row;
}

static void check_row(const struct mention_rows *mentions, size_t row) {
    struct mention want = example((int)row), got = row_of(mentions, row);
    CHECK_INT(got.created_at_us, want.created_at_us);
    CHECK_INT(got.author_hash, want.author_hash);
    CHECK_INT(got.likes, want.likes);
    CHECK_INT(got.reposts, want.reposts);
    CHECK_INT(got.score_milli, want.score_milli);
    CHECK_INT(got.label, want.label);
    CHECK(span_equal(got.id, want.id));
    CHECK(span_equal(got.text, want.text));
    CHECK(span_equal(mentions->channels.names[mentions->channel[row]], want.channel_name));
}

static void test_shard(void) {
    struct shard shard, back;
    struct fault fault = {0};
    fill_shard(&shard, 300);
    CHECK_INT(shard_write(in_folder("s.h5"), &shard, &fault), STATUS_OK);
    CHECK_INT(store_verify(in_folder("s.h5"), &fault), STATUS_OK);
    CHECK_INT(shard_read(in_folder("s.h5"), SHARD_HEAD, &back, &fault), STATUS_OK);
    CHECK_SPAN(span_of(back.head.label), "żółw.zst");
    CHECK_INT(back.head.segment, 7);
    CHECK_INT(back.head.bytes, INT64_C(1) << 40);
    CHECK_INT(back.mentions.count, 0);
    shard_release(&back);
    CHECK_INT(shard_read(in_folder("s.h5"), SHARD_WHOLE, &back, &fault), STATUS_OK);
    CHECK_INT(back.mentions.count, 300);
    for (size_t row = 0; row < back.mentions.count; row += 37)
        check_row(&back.mentions, row);
    CHECK_INT(back.tally.posts, shard.tally.posts);
    CHECK_INT(back.tally.rejects[1], 2);
    CHECK_INT(back.tally.by_platform.count, shard.tally.by_platform.count);
    CHECK_INT(back.tally.by_channel.count, shard.tally.by_channel.count);
    CHECK_INT(back.tally.first_us, shard.tally.first_us);
    shard_release(&back);
    shard_release(&shard);
    fill_shard(&shard, 0);
    CHECK_INT(shard_write(in_folder("empty.h5"), &shard, &fault), STATUS_OK);
    CHECK_INT(shard_read(in_folder("empty.h5"), SHARD_WHOLE, &back, &fault), STATUS_OK);
    CHECK_INT(back.mentions.count, 0);
    CHECK_INT(back.tally.first_us, TIME_NONE);
    shard_release(&back);
    shard_release(&shard);
}

/* A shard of 0.1.0 has none of the later columns; its replies named handles where authors have ids.
 */
static void test_old_shard(void) {
    static const char *const later[] = {"reply_to_time_us", "time_source", "address"};
    struct shard shard, back;
    struct fault fault = {0};
    fill_shard(&shard, 3);
    for (int i = 0; i < 3; i++) {
        shard.mentions.reply_author_hash[i] = 7;
        shard.mentions.address[i] = ADDRESS_REPLY;
        shard.mentions.reply_to_time_us[i] = i;
        shard.mentions.time_source[i] = TIME_FROM_ID;
    }
    CHECK_INT(shard_write(in_folder("now.h5"), &shard, &fault), STATUS_OK);
    CHECK_INT(shard_read(in_folder("now.h5"), SHARD_STUDY | SHARD_HEADLESS, &back, &fault),
              STATUS_OK);
    CHECK_INT(back.head.revision, 0); /* not read */
    CHECK_INT(back.mentions.time_source[2], TIME_FROM_ID);
    CHECK_INT(back.mentions.reply_author_hash[2], 7);
    CHECK_INT(back.mentions.address[2], ADDRESS_REPLY);
    CHECK_INT(back.mentions.reply_to_time_us[2], 2);
    CHECK(back.mentions.url.end == NULL); /* no study asks for it */
    shard_release(&back);
    hid_t file = H5Fopen(in_folder("now.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t group = H5Gopen2(file, "/mentions", H5P_DEFAULT);
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        CHECK(H5Ldelete(group, later[i], H5P_DEFAULT) >= 0);
    CHECK(H5Gclose(group) >= 0 && H5Fclose(file) >= 0);
    CHECK_INT(seal_write(in_folder("now.h5"), &fault), STATUS_OK);
    CHECK_INT(shard_read(in_folder("now.h5"), SHARD_WHOLE, &back, &fault), STATUS_OK);
    CHECK_INT(back.mentions.count, 3);
    for (size_t row = 0; row < back.mentions.count; row++) {
        CHECK_INT(back.mentions.id_hash[row], shard.mentions.id_hash[row]);
        CHECK_INT(back.mentions.reply_to_time_us[row], TIME_NONE);
        CHECK_INT(back.mentions.time_source[row], TIME_FROM_FIELD);
        CHECK_INT(back.mentions.address[row], ADDRESS_NONE);
        CHECK_INT(back.mentions.reply_author_hash[row], 0);
    }
    shard_release(&back);
    shard_release(&shard);
}

static bool same_bytes(const char *first, const char *second) {
    struct buf a, b;
    struct fault fault = {0};
    buf_init(&a, 16 << 20);
    buf_init(&b, 16 << 20);
    bool same = file_read(first, &a, &fault) == STATUS_OK &&
                file_read(second, &b, &fault) == STATUS_OK && a.len &&
                span_equal(buf_as_span(&a), buf_as_span(&b));
    buf_release(&a);
    buf_release(&b);
    return same;
}

static void test_same_bytes(void) {
    struct shard shard;
    struct fault fault = {0};
    fill_shard(&shard, 50);
    CHECK_INT(shard_write(in_folder("a.h5"), &shard, &fault), STATUS_OK);
    sleep(1); /* object times would differ now */
    CHECK_INT(shard_write(in_folder("b.h5"), &shard, &fault), STATUS_OK);
    CHECK(same_bytes(in_folder("a.h5"), in_folder("b.h5")));
    shard_release(&shard);
}

static void test_damage(void) {
    struct shard shard, back;
    struct audit audit;
    struct fault fault = {0};
    struct buf bytes;
    fill_shard(&shard, 10);
    CHECK_INT(shard_write(in_folder("d.h5"), &shard, &fault), STATUS_OK);
    shard_release(&shard);
    CHECK_INT(audit_read(in_folder("d.h5"), true, &audit, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA); /* a shard is no audit */
    buf_init(&bytes, 16 << 20);
    CHECK_INT(file_read(in_folder("d.h5"), &bytes, &fault), STATUS_OK);
    for (size_t at = 0; at < bytes.len; at += bytes.len / 23) {
        bytes.at[at] ^= 4;
        CHECK_INT(file_publish(in_folder("e.h5"), buf_as_span(&bytes), &fault), STATUS_OK);
        CHECK_INT(shard_read(in_folder("e.h5"), SHARD_WHOLE, &back, &fault), STATUS_FATAL);
        CHECK_INT(fault.exit_code, EXIT_DATA);
        bytes.at[at] ^= 4;
        struct span cut = {bytes.at, at};
        CHECK_INT(file_publish(in_folder("e.h5"), cut, &fault), STATUS_OK);
        CHECK_INT(store_verify(in_folder("e.h5"), &fault), STATUS_FATAL);
        CHECK_INT(fault.exit_code, EXIT_DATA);
    }
    CHECK_INT(store_verify(in_folder("missing.h5"), &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_NOINPUT);
    fill_shard(&shard, 1);
    CHECK_INT(shard_write(in_folder("none/x.h5"), &shard, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_IO);
    shard_release(&shard);
    buf_release(&bytes);
}

static void fill_grid(struct grid *grid, int64_t step) {
    grid->times = 2;
    grid->edges_s = calloc(3, sizeof *grid->edges_s);
    grid->points = calloc(4, sizeof *grid->points);
    grid->cells = calloc(1, sizeof *grid->cells);
    grid->coverage = calloc(2, sizeof *grid->coverage);
    grid->all_posts = calloc(2, sizeof *grid->all_posts);
    grid->cell_count = 1;
    for (int i = 0; i < 3; i++)
        grid->edges_s[i] = 1677628800 + i * step;
    grid->cells[0] =
        (struct grid_cell){.time = 1, .brand = 1, .language = LANGUAGE_EN, .mentions = 5};
    grid->points[3] = (struct grid_point){.mentions = 5, .sentiment_mean = NAN, .baseline = 1.5f};
}

enum { POSTS = 70000 }; /* several chunks and batches */
static uint32_t post_rows[POSTS], post_channel[POSTS];

/* Posts in the reverse order of the mentions, with channel numbers of their own. */
static void fill_posts(struct audit *audit, struct mention_table *table) {
    struct mention_rows mentions;
    static const uint32_t number[2] = {1, 0};
    bool ok = true;
    mention_rows_init(&mentions);
    for (int i = 0; i < POSTS; i++) {
        struct mention post = example(i);
        ok = ok && mention_rows_append(&mentions, &post);
        post_rows[POSTS - 1 - i] = (uint32_t)i;
    }
    CHECK(ok);
    CHECK(mention_table_init(table, POSTS, 1));
    CHECK_INT(symbols_intern(&table->channels, SPAN_LITERAL("reddit/Polska")), 0);
    CHECK_INT(symbols_intern(&table->channels, SPAN_LITERAL("reddit/ąę")), 1);
    CHECK(mention_table_fill(table, 0, 0, &mentions, number));
    static struct symbols channels;
    for (int i = 0; i < POSTS; i++)
        post_channel[i] =
            symbols_intern(&channels, mentions.channels.names[mentions.channel[post_rows[i]]]);
    audit->source = (struct post_source){.mentions = table,
                                         .rows = post_rows,
                                         .channel = post_channel,
                                         .followers = table->followers,
                                         .channels = &channels,
                                         .count = POSTS};
    mention_rows_release(&mentions);
}

/* With the strings of the first `count` posts. */
static enum status write_audit(const char *name, const struct audit *audit, size_t count) {
    static struct post_block block;
    struct audit_writer *writer;
    struct fault fault = {0};
    for (int which = 0; which < STRING_COUNT; which++)
        buf_init(&block.strings[which].bytes, 1 << 20);
    CHECK_INT(audit_write_begin(in_folder(name), audit, &writer, &fault), STATUS_OK);
    for (size_t first = 0; first < count; first += POST_BLOCK_ROWS) {
        block.count = count - first < POST_BLOCK_ROWS ? count - first : POST_BLOCK_ROWS;
        for (int which = 0; which < STRING_COUNT; which++) {
            struct post_strings *to = &block.strings[which];
            buf_clear(&to->bytes);
            for (size_t i = 0; i < block.count; i++) {
                buf_span(&to->bytes,
                         mention_table_string(audit->source.mentions, post_rows[first + i],
                                              (enum mention_string)which));
                to->end[i] = to->bytes.len;
            }
        }
        CHECK(audit_write_posts(writer, &block));
    }
    for (int which = 0; which < STRING_COUNT; which++)
        buf_release(&block.strings[which].bytes);
    return audit_write_end(writer, &fault);
}

static void check_post(const struct mention_rows *posts, size_t at) {
    struct mention want = example((int)(POSTS - 1 - at));
    CHECK_INT(posts->created_at_us[at], want.created_at_us / 1000000 * 1000000);
    CHECK_INT(posts->likes[at], want.likes);
    CHECK_INT(posts->label[at], want.label);
    CHECK_INT(posts->brand[at], want.brand);
    CHECK(span_equal(posts->channels.names[posts->channel[at]], want.channel_name));
    CHECK(span_equal(mention_rows_text(&posts->id, at), want.id));
    CHECK(span_equal(mention_rows_text(&posts->author, at), want.author));
    CHECK(span_equal(mention_rows_text(&posts->text, at), want.text));
}

static void fill_audit(struct audit *audit) {
    audit_init(audit);
    CHECK(names_add(&audit->brands, SPAN_LITERAL("norvia")));
    CHECK(names_add(&audit->brands, SPAN_LITERAL("lakowianka")));
    CHECK(names_add(&audit->brand_names, SPAN_LITERAL("Norvia")));
    CHECK(names_add(&audit->brand_names, SPAN_LITERAL("Łąkowianka")));
    CHECK(names_add(&audit->channels, SPAN_LITERAL("reddit/ąę")));
    CHECK(audit_note(audit, "timezone", "Europe/Warsaw"));
    fill_grid(&audit->grids[GRID_HOURLY], 3600);
    fill_grid(&audit->grids[GRID_DAILY], 86400);
    struct reject_row *row = calloc(1, sizeof *row);
    ROW_SET(row, input, SPAN_LITERAL("żółw.zst"));
    row->records = 9;
    audit->tables[TABLE_REJECTS].rows = row;
    audit->tables[TABLE_REJECTS].count = 1;
}

static void test_audit(void) {
    struct audit audit, back;
    struct fault fault = {0};
    struct mention_table mentions;
    fill_audit(&audit);
    fill_posts(&audit, &mentions);
    CHECK_INT(write_audit("audit.h5", &audit, POSTS), STATUS_OK);
    CHECK_INT(write_audit("again.h5", &audit, POSTS), STATUS_OK);
    CHECK(same_bytes(in_folder("audit.h5"), in_folder("again.h5")));
    /* strings of too few posts: no file */
    CHECK_INT(write_audit("short.h5", &audit, POSTS - 1), STATUS_FATAL);
    CHECK(access(in_folder("short.h5"), F_OK) != 0);
    CHECK_INT(audit_read(in_folder("audit.h5"), true, &back, &fault), STATUS_OK);
    CHECK_INT(back.brands.count, 2);
    CHECK_SPAN(span_of(back.brand_names.at[1]), "Łąkowianka");
    CHECK_SPAN(span_of(back.channels.at[0]), "reddit/ąę");
    CHECK_STR(audit_noted(&back, "timezone"), "Europe/Warsaw");
    CHECK_STR(audit_noted(&back, "nothing"), "");
    CHECK_INT(back.grids[GRID_HOURLY].times, 2);
    CHECK_INT(back.grids[GRID_HOURLY].edges_s[2], 1677628800 + 7200);
    CHECK_INT(back.grids[GRID_HOURLY].points[3].mentions, 5);
    CHECK(isnan(back.grids[GRID_HOURLY].points[3].sentiment_mean));
    CHECK(back.grids[GRID_DAILY].points[3].baseline == 1.5f);
    CHECK_INT(back.tables[TABLE_REJECTS].count, 1);
    CHECK_SPAN(span_of(((struct reject_row *)back.tables[TABLE_REJECTS].rows)->input), "żółw.zst");
    CHECK_INT(back.tables[TABLE_CRISES].count, 0);
    CHECK_INT(back.posts.count, POSTS);
    for (size_t at = 0; at < back.posts.count; at += 499)
        check_post(&back.posts, at);
    check_post(&back.posts, back.posts.count - 1);
    audit_release(&back);
    CHECK_INT(audit_read(in_folder("audit.h5"), false, &back, &fault), STATUS_OK);
    CHECK_INT(back.posts.count, 0);
    audit_release(&back);
    audit_release(&audit);
    mention_table_release(&mentions);
}

/* Whether a dataset's or attribute's type is of this class, and of fixed length. */
static bool is_type(hid_t type, H5T_class_t class, size_t size) {
    bool same = type >= 0 && H5Tget_class(type) == class && H5Tis_variable_str(type) <= 0 &&
                (!size || H5Tget_size(type) == size);
    H5Tclose(type);
    return same;
}

static hid_t dataset_type(hid_t file, const char *path) {
    hid_t set = H5Dopen2(file, path, H5P_DEFAULT), type = H5Dget_type(set);
    H5Dclose(set);
    return type;
}

static hid_t member_type(hid_t file, const char *path, const char *column) {
    hid_t row = dataset_type(file, path);
    hid_t type = H5Tget_member_type(row, (unsigned)H5Tget_member_index(row, column));
    H5Tclose(row);
    return type;
}

static hid_t attribute_type(hid_t file, const char *path, const char *name) {
    hid_t attribute = H5Aopen_by_name(file, path, name, H5P_DEFAULT, H5P_DEFAULT);
    hid_t type = H5Aget_type(attribute);
    H5Aclose(attribute);
    return type;
}

/* What other readers need: doubles for times and sums, texts of fixed length on grids, and a seal
 * that HDF5 does not cut off. */
static void test_other_readers(void) {
    struct audit audit, back;
    struct fault fault = {0};
    fill_audit(&audit);
    CHECK_INT(audit_write(in_folder("audit.h5"), &audit, &fault), STATUS_OK);
    hid_t file = H5Fopen(in_folder("audit.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    CHECK(is_type(dataset_type(file, "/hourly/time"), H5T_FLOAT, 8));
    CHECK(is_type(dataset_type(file, "/daily/time_bnds"), H5T_FLOAT, 8));
    CHECK(is_type(member_type(file, "/tables/crises", "onset"), H5T_FLOAT, 8));
    CHECK(is_type(member_type(file, "/tables/rejects", "records"), H5T_FLOAT, 8));
    CHECK(is_type(member_type(file, "/tables/crises", "mentions"), H5T_INTEGER, 4));
    CHECK(is_type(attribute_type(file, "/hourly/time", "units"), H5T_STRING, 33));
    CHECK(is_type(attribute_type(file, "/daily/mentions", "long_name"), H5T_STRING, 8));
    CHECK(is_type(attribute_type(file, "/daily", "title"), H5T_STRING, 0));
    CHECK(H5Fclose(file) >= 0);
    CHECK_INT(audit_read(in_folder("audit.h5"), false, &back, &fault), STATUS_OK);
    CHECK_INT(((struct reject_row *)back.tables[TABLE_REJECTS].rows)->records, 9);
    CHECK_INT(back.grids[GRID_DAILY].edges_s[1], 1677628800 + 86400);
    audit_release(&back);
    file = H5Fopen(in_folder("audit.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    CHECK(H5Ldelete(file, "/tables/rejects", H5P_DEFAULT) >= 0 && H5Fclose(file) >= 0);
    CHECK_INT(store_verify(in_folder("audit.h5"), &fault), STATUS_FATAL);
    audit_release(&audit);
}

static void test_row_text(void) {
    char to[8];
    row_text(to, sizeof to, "abc", 3);
    CHECK_SPAN(span_of(to), "abc");
    row_text(to, sizeof to, "zażółć", strlen("zażółć")); /* a cut falls between characters */
    CHECK_SPAN(span_of(to), "zażó");
    row_text(to, sizeof to, "aaaaa\xF0\x9F\x98\xA1", 9);
    CHECK_SPAN(span_of(to), "aaaaa");
    row_text(to, sizeof to, "", 0);
    CHECK_SPAN(span_of(to), "");
}

int main(void) {
    store_init();
    if (!mkdtemp(folder))
        return 1;
    test_shard();
    test_old_shard();
    test_same_bytes();
    test_damage();
    test_audit();
    test_other_readers();
    test_row_text();
    char path[300];
    const char *names[] = {"s.h5", "empty.h5", "a.h5",     "b.h5",  "d.h5",
                           "e.h5", "audit.h5", "again.h5", "now.h5"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    CHECK_INT(rmdir(folder), 0); /* no temporary file is left */
    return tap_done();
}
