/* Links of the mention table: which rows have one, how replies find their parents' authors, and
 * that they follow their rows into another order. */
#include "stages/model/mention_table.h"
#include "tap.h"

#include <stdlib.h>

static struct mention blank(const char *id, const char *author) {
    return (struct mention){.id_hash = platform_key(PLATFORM_TWITTER, span_of(id)),
                            .author_hash = platform_key(PLATFORM_TWITTER, span_of(author)),
                            .reply_to_time_us = TIME_NONE,
                            .platform = PLATFORM_TWITTER,
                            .channel_name = SPAN_LITERAL("twitter"),
                            .id = span_of(id),
                            .author = span_of(author)};
}

static struct mention answer(const char *id, const char *author, const char *parent,
                             uint64_t reply_author_hash) {
    struct mention row = blank(id, author);
    row.kind = POST_REPLY;
    row.reply_to_hash = platform_key(PLATFORM_TWITTER, span_of(parent));
    row.reply_author_hash = reply_author_hash;
    row.reply_to_time_us = 5;
    return row;
}

/* Each of `rows` as a shard of its own half, into the table; duplicates stay. */
static void take(struct mention_table *table, const struct mention *rows, size_t count) {
    static const uint32_t number[1] = {0};
    CHECK(mention_table_init(table, count, 2));
    CHECK_INT(symbols_intern(&table->channels, SPAN_LITERAL("twitter")), 0);
    for (size_t block = 0; block < 2; block++) {
        struct mention_rows half;
        mention_rows_init(&half);
        size_t first = block ? count / 2 : 0, end = block ? count : count / 2;
        for (size_t i = first; i < end; i++)
            CHECK(mention_rows_append(&half, &rows[i]));
        CHECK(mention_table_fill(table, first, block, &half, number));
        mention_rows_release(&half);
    }
    CHECK(mention_table_link(table));
    CHECK(mention_table_number_authors(table));
}

static const struct mention_link *link_of(const struct mention_table *table, size_t row) {
    for (size_t i = 0; i < table->link_count; i++)
        if (table->links[i].row == row)
            return &table->links[i];
    return NULL;
}

static void test_links(void) {
    struct mention_table table;
    struct mention rows[7];
    rows[0] = blank("1", "77"); /* is answered */
    rows[1] = answer("2", "900", "1", platform_key(PLATFORM_TWITTER, SPAN_LITERAL("77")));
    rows[1].role = ROLE_OWN;
    rows[2] = blank("9", "88"); /* nothing to do with anybody */
    rows[3] = answer("3", "77", "2", handle_key(PLATFORM_TWITTER, SPAN_LITERAL("@Norvia_PL")));
    rows[4] = blank("4", "Norvia_pl"); /* knows only a handle */
    rows[4].role = ROLE_OWN;
    rows[5] = blank("5", "66"); /* begins its conversation */
    rows[5].conversation_hash = rows[5].id_hash;
    rows[6] = blank("6", "55");
    rows[6].address = ADDRESS_HANDLE;
    take(&table, rows, 7);
    CHECK_INT(table.link_count, 5);
    CHECK(!link_of(&table, 2) && !link_of(&table, 5));
    const struct mention_link *parent = link_of(&table, 0), *own = link_of(&table, 1),
                              *reply = link_of(&table, 3);
    if (!CHECK(parent && own && reply && link_of(&table, 4) && link_of(&table, 6)))
        return;
    CHECK_INT(parent->reply_to_hash, 0);
    CHECK_INT(parent->reply_to_time_us, TIME_NONE);
    CHECK(own->reply_to_hash == parent->id_hash && reply->reply_to_hash == own->id_hash);
    CHECK_INT(own->reply_author, table.author[0]);
    CHECK_INT(own->reply_to_time_us, 5);
    CHECK_INT(reply->reply_author, 0);

    static const uint32_t order[] = {6, 4, 3, 1, 0}; /* rows 2 and 5 are duplicates of something */
    CHECK(mention_table_select(&table, order, 5));
    CHECK(mention_table_link_handles(&table));
    CHECK_INT(table.link_count, 5);
    for (uint32_t row = 0; row < 5; row++) {
        CHECK_INT(table.links[row].row, row);
        CHECK(table.links[row].id_hash == rows[order[row]].id_hash);
    }
    CHECK_INT(table.links[2].reply_author, table.author[1]); /* by its handle */
    CHECK_INT(table.links[3].reply_author, table.author[4]);
    mention_table_release(&table);
}

/* A conversation's beginning gets a link when others name it; a dropped row takes its own along. */
static void test_conversation(void) {
    struct mention_table table;
    struct mention rows[3] = {blank("1", "a"), blank("2", "b"), blank("3", "c")};
    rows[1].conversation_hash = rows[0].id_hash;
    rows[0].conversation_hash = rows[0].id_hash;
    take(&table, rows, 3);
    CHECK_INT(table.link_count, 2);
    CHECK_INT(table.links[0].conversation_hash, 0);
    CHECK(table.links[1].conversation_hash == table.links[0].id_hash);
    static const uint32_t order[] = {2, 0};
    CHECK(mention_table_select(&table, order, 2));
    CHECK_INT(table.link_count, 1);
    CHECK_INT(table.links[0].row, 1);
    mention_table_release(&table);
}

static void test_keys(void) {
    uint64_t key = handle_key(PLATFORM_TWITTER, SPAN_LITERAL("norvia_pl"));
    char large[300];
    memset(large, 'a', sizeof large);
    CHECK(key && key == handle_key(PLATFORM_TWITTER, SPAN_LITERAL("@Norvia_PL")));
    CHECK(key != handle_key(PLATFORM_REDDIT, SPAN_LITERAL("norvia_pl")));
    CHECK(key == platform_key(PLATFORM_TWITTER, SPAN_LITERAL("norvia_pl")));
    CHECK_INT(handle_key(PLATFORM_TWITTER, SPAN_LITERAL("@")), 0);
    CHECK_INT(handle_key(PLATFORM_TWITTER, (struct span){NULL, 0}), 0);
    CHECK_INT(handle_key(PLATFORM_TWITTER, (struct span){large, sizeof large}), 0);
}

int main(void) {
    test_links();
    test_conversation();
    test_keys();
    return tap_done();
}
