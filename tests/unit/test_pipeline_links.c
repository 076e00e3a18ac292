/* From records to links: a chain of tweets between a customer and a brand, as a worker reads it and
 * a study joins it. */
#include "pipeline/scan/record_worker.h"
#include "stages/model/mention_table.h"
#include "tap.h"

static const char tweets[] =
    "{\"id_str\":\"1640000000000000001\",\"created_at\":\"Sun Mar 26 14:37:24 +0000 2023\","
    "\"text\":\"@norviapl Norvia nie działa\",\"user\":{\"id_str\":\"77\",\"screen_name\":"
    "\"ania\"},\"in_reply_to_screen_name\":\"norviapl\",\"in_reply_to_user_id_str\":\"900\"}\n"
    "{\"id_str\":\"1640000000000000002\",\"created_at\":\"Sun Mar 26 14:47:24 +0000 2023\","
    "\"text\":\"@ania sprawdzamy, prosimy o DM\",\"user\":{\"id_str\":\"900\",\"screen_name\":"
    "\"NorviaPL\"},\"in_reply_to_status_id_str\":\"1640000000000000001\","
    "\"in_reply_to_screen_name\":\"ania\",\"in_reply_to_user_id_str\":\"77\"}\n"
    "{\"id_str\":\"1640000000000000003\",\"created_at\":\"Sun Mar 26 14:57:24 +0000 2023\","
    "\"text\":\"@norviapl dzięki, działa\",\"user\":{\"id_str\":\"77\",\"screen_name\":\"ania\"},"
    "\"in_reply_to_status_id_str\":\"1640000000000000002\",\"in_reply_to_screen_name\":"
    "\"norviapl\",\"in_reply_to_user_id_str\":\"900\"}\n"
    "{\"id_str\":\"1640000000000000004\",\"created_at\":\"Sun Mar 26 15:07:24 +0000 2023\","
    "\"text\":\"dalej nic\",\"user\":{\"id_str\":\"77\",\"screen_name\":\"ania\"},"
    "\"in_reply_to_status_id_str\":\"1640000000000000002\",\"in_reply_to_screen_name\":"
    "\"norviapl\",\"in_reply_to_user_id_str\":\"900\"}\n"
    "{\"id_str\":\"1640000000000000005\",\"created_at\":\"Sun Mar 26 15:17:24 +0000 2023\","
    "\"text\":\"a u mnie działa\",\"user\":{\"id_str\":\"78\",\"screen_name\":\"ewa\"},"
    "\"in_reply_to_status_id_str\":\"1640000000000000004\",\"in_reply_to_screen_name\":\"ania\","
    "\"in_reply_to_user_id_str\":\"77\"}\n";

static const struct brand_account accounts[] = {{PLATFORM_TWITTER, "900", "norviapl"}};
static const struct brand brands[] = {{"norvia", "Norvia", "norvia", true, accounts, 1, false}};

/* What a worker makes of the bytes. */
static void work(struct worker *worker, struct span bytes, struct batch *batch) {
    struct fault fault = {0};
    struct member_ref member = {.users = 1};
    struct block block = {.member = &member, .place = {.first = true}};
    CHECK_INT(decode_open(&member.decode, bytes, "t.jsonl", &worker->reading->decode, &fault),
              STATUS_OK);
    buf_init(&block.bytes, 1 << 20);
    buf_span(&block.bytes, bytes);
    for (int i = 0; i < BLOCK_PADDING; i++)
        buf_char(&block.bytes, 0);
    block.bytes.len = bytes.len;
    CHECK_INT(worker_block(worker, &block, batch, &fault), STATUS_OK);
    buf_release(&block.bytes);
    decode_close(member.decode);
}

static void check_chain(const struct mention_rows *rows) {
    static const uint32_t number[1] = {0};
    static const int roles[] = {ROLE_MENTION, ROLE_OWN, ROLE_MENTION, ROLE_ADDRESSED};
    static const int addresses[] = {ADDRESS_REPLY | ADDRESS_HANDLE, 0,
                                    ADDRESS_REPLY | ADDRESS_HANDLE, ADDRESS_REPLY};
    struct mention_table table;
    if (!CHECK_INT(rows->count, 4)) /* the fifth turns to a customer */
        return;
    CHECK(mention_table_init(&table, 4, 1) && mention_table_fill(&table, 0, 0, rows, number));
    CHECK_INT(symbols_intern(&table.channels, SPAN_LITERAL("twitter")), 0);
    CHECK(mention_table_link(&table) && mention_table_number_authors(&table) &&
          mention_table_link_handles(&table));
    CHECK_INT(table.link_count, 4);
    for (int row = 0; row < 4; row++) {
        CHECK_INT(table.role[row], roles[row]);
        CHECK_INT(table.address[row], addresses[row]);
    }
    CHECK(table.links[1].reply_to_hash == table.links[0].id_hash);
    CHECK(table.links[2].reply_to_hash == table.links[1].id_hash);
    CHECK_INT(table.author[2], table.author[0]);
    CHECK_INT(table.links[1].reply_author, table.author[0]);
    CHECK_INT(table.links[2].reply_author, table.author[1]);
    CHECK_INT(table.links[0].reply_author, table.author[1]); /* without a parent, by the name */
    /* the parent's second, from its id */
    CHECK_INT(table.links[0].reply_to_time_us, TIME_NONE);
    CHECK_INT(table.links[1].reply_to_time_us, INT64_C(1679841444383000));
    mention_table_release(&table);
}

int main(void) {
    struct fault fault = {0};
    struct query_set *queries = NULL;
    struct scorer *scorer = NULL;
    struct score_options score = {.engine = ENGINE_RULES};
    struct reading reading = {decode_options_default(), INT64_MIN, INT64_MAX, "", false};
    struct worker worker = {0};
    struct batch batch;
    CHECK_INT(query_set_compile(&queries, brands, 1, &fault), STATUS_OK);
    CHECK_INT(scorer_open(&scorer, &score, &fault), STATUS_OK);
    struct worker_shared shared = {.queries = queries, .scorer = scorer};
    CHECK_INT(worker_init(&worker, &shared, &fault), STATUS_OK);
    worker.reading = &reading;
    batch_init(&batch);
    work(&worker, (struct span){tweets, sizeof tweets - 1}, &batch);
    check_chain(&batch.mentions);
    CHECK_INT(mention_rows_counted(&batch.mentions), 2);
    batch_release(&batch);
    worker_release(&worker);
    scorer_free(scorer);
    query_set_free(queries);
    return tap_done();
}
