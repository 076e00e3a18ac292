/* Which replies are context, which inputs need another look, and which scan a study takes, on
 * shards made by hand. */
#include "pipeline/commands/scan_choice.h"
#include "pipeline/scan/context_replies.h"
#include "scan_kit.h"
#include "tap.h"

static struct shard_folder shards;
static struct scan_id id;
static const struct brand brands[] = {{.id = "a", .thread = true}, {.id = "b"}};

/* A row of brand `brand`, or with `answers` a reply that is none. */
struct given {
    const char *id, *answers;
    int64_t second;
    uint16_t brand;
    uint8_t kind;
};

static uint64_t hash(const char *text) {
    return text ? hash_stable(span_of(text)) : 0;
}

static void add(struct shard *shard, const struct given *given) {
    int64_t us = given->second * US_PER_S;
    struct reply_link link = {hash(given->id), hash(given->answers), us};
    struct mention row = {.created_at_us = us,
                          .id_hash = hash(given->id),
                          .brand = given->brand,
                          .kind = given->kind,
                          .channel_name = SPAN_LITERAL("twitter"),
                          .id = span_of(given->id),
                          .author = SPAN_LITERAL(""),
                          .url = SPAN_LITERAL(""),
                          .text = SPAN_LITERAL("text")};
    if (given->answers || given->kind == POST_REPLY)
        reply_links_saw(&shard->links, us);
    CHECK(given->answers ? reply_links_append(&shard->links, &link, 1)
                         : mention_rows_append(&shard->mentions, &row));
}

static void put(const char *label, const struct scan_id *scan, const struct scanned_input *goal,
                const struct given *given, size_t count) {
    char path[4200];
    struct shard shard;
    struct shard_head *head = &shard.head;
    shard_init(&shard);
    snprintf(head->scan_digest, sizeof head->scan_digest, "%s",
             goal ? scan->context : scan->digest);
    snprintf(head->settings, sizeof head->settings, "%s", scan->settings);
    snprintf(head->lexicons, sizeof head->lexicons, "%s", scan->lexicons);
    snprintf(head->input_key, sizeof head->input_key, "%016llx-%016llx",
             (unsigned long long)hash(label), 0ULL);
    snprintf(head->label, sizeof head->label, "%s", label);
    snprintf(head->sha256, sizeof head->sha256, "%s", label);
    snprintf(head->roots, sizeof head->roots, "%s", goal ? goal->roots : "");
    head->root_count = goal ? goal->root_count : 0;
    head->revision = scan->revision;
    head->last = 1;
    for (size_t i = 0; i < count; i++)
        add(&shard, &given[i]);
    shard_folder_shard_path(&shards, head->input_key, head->scan_digest, 0, path, sizeof path);
    CHECK_INT(shard_write(path, &shard, NULL), STATUS_OK);
    shard_release(&shard);
}

static void build(struct scanned_inputs *inputs, struct reply_roots *roots) {
    CHECK_INT(scanned_inputs_read(inputs, &shards, &id, NULL), STATUS_OK);
    CHECK_INT(reply_roots_build(roots, inputs, &shards, &id, brands, 2, NULL), STATUS_OK);
}

static bool holds(const struct reply_roots *roots, size_t brand, const char *answered,
                  int64_t until_s) {
    return reply_roots_hold(roots, brand, 0, hash(answered), until_s * US_PER_S);
}

/* p <- q <- r <- s, whose links lie in two inputs, backwards. */
static void test_roots(void) {
    static const struct given first[] = {
        {"r", "q", 30, 0, POST_REPLY},         {"p", NULL, 10, 0, POST_ORIGINAL},
        {"own", NULL, 11, 0, POST_REPLY},      {"again", NULL, 12, 0, POST_REPOST},
        {"other", NULL, 13, 1, POST_ORIGINAL}, {"late", NULL, 90, 0, POST_ORIGINAL}};
    static const struct given second[] = {{"s", "r", 40, 0, POST_REPLY},
                                          {"q", "p", 20, 0, POST_REPLY},
                                          {"far", "nobody", 50, 0, POST_REPLY}};
    static const struct given third[] = {{"post", NULL, 95, 1, POST_ORIGINAL}};
    struct scanned_inputs inputs;
    struct reply_roots roots;
    put("first", &id, NULL, first, 6);
    put("second", &id, NULL, second, 3);
    put("third", &id, NULL, third, 1);
    build(&inputs, &roots);
    CHECK(holds(&roots, 0, "p", 100));
    CHECK(holds(&roots, 0, "own", 100));
    CHECK(!holds(&roots, 0, "again", 100));
    CHECK(!holds(&roots, 0, "other", 100));
    CHECK(!holds(&roots, 1, "other", 100)); /* that brand wants no context */
    CHECK(holds(&roots, 0, "q", 100));
    CHECK(holds(&roots, 0, "r", 100));
    CHECK(holds(&roots, 0, "s", 100));
    CHECK(!holds(&roots, 0, "far", 100));
    CHECK(!holds(&roots, 0, "s", 39));
    CHECK(holds(&roots, 0, "s", 40));
    CHECK(reply_roots_hold_any(&roots, hash("p"), 0));
    CHECK(!reply_roots_hold_any(&roots, 0, hash("far")));

    /* what was written after an input's last reply is none of its business */
    CHECK_INT(inputs.count, 3);
    CHECK_INT(inputs.at[0].root_count, 4); /* p, own, q, r */
    CHECK_INT(inputs.at[1].root_count, 5); /* and s; not late */
    CHECK_INT(inputs.at[2].root_count, 0);
    CHECK(inputs.at[0].needs_pass);
    CHECK(inputs.at[1].needs_pass);
    CHECK(!inputs.at[2].needs_pass);

    put("first", &id, &inputs.at[0], NULL, 0);
    put("second", &id, &inputs.at[1], NULL, 0);
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);
    build(&inputs, &roots);
    CHECK(!inputs.at[0].needs_pass);
    CHECK(!inputs.at[1].needs_pass);
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);

    /* a root of the time between concerns only the second */
    static const struct given later[] = {{"new", NULL, 35, 0, POST_ORIGINAL}};
    put("fourth", &id, NULL, later, 1);
    build(&inputs, &roots);
    CHECK(!inputs.at[0].needs_pass);
    CHECK_SPAN(span_of(scanned_input_head(&inputs.at[2])->label), "second");
    CHECK(inputs.at[2].needs_pass);
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);
}

/* A copy of an input stands in for it. */
static void test_copies(void) {
    static const struct given given[] = {{"p", NULL, 10, 0, POST_ORIGINAL},
                                         {"q", "p", 20, 0, POST_REPLY}};
    struct scanned_inputs inputs;
    struct reply_roots roots;
    scan_id_make(&id, span_of("copies"), "lexicons");
    put("input", &id, NULL, given, 2);
    build(&inputs, &roots);
    struct scanned_input goal = inputs.at[0];
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);

    char from[4200], to[4200];
    struct shard shard;
    snprintf(from, sizeof from, "%016llx-%016llx", (unsigned long long)hash("input"), 0ULL);
    shard_folder_shard_path(&shards, from, id.digest, 0, to, sizeof to);
    CHECK_INT(shard_read(to, SHARD_WHOLE, &shard, NULL), STATUS_OK);
    snprintf(shard.head.label, sizeof shard.head.label, "later");
    for (int pass = 0; pass < 2; pass++) { /* another key and label, the same bytes */
        const char *digest = pass ? id.context : id.digest;
        snprintf(shard.head.input_key, sizeof shard.head.input_key, "%016llx-%016llx",
                 (unsigned long long)hash("copy"), 0ULL);
        snprintf(shard.head.scan_digest, sizeof shard.head.scan_digest, "%s", digest);
        if (pass)
            snprintf(shard.head.roots, sizeof shard.head.roots, "%s", goal.roots);
        shard_folder_shard_path(&shards, shard.head.input_key, digest, 0, to, sizeof to);
        CHECK_INT(shard_write(to, &shard, NULL), STATUS_OK);
    }
    shard_release(&shard);
    build(&inputs, &roots);
    CHECK_INT(inputs.count, 2);
    CHECK_INT(inputs.at[1].original, 0);
    CHECK(!inputs.at[0].needs_pass);
    CHECK(!inputs.at[1].needs_pass);
    CHECK_INT(inputs.at[0].context.count, 1);
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);
}

/* ---- which scan a study takes ---- */

static void check_choice(const char *want, int64_t revision) {
    struct options options = {.quiet = true};
    struct session session;
    session_init(&session, &options);
    session.shards = shards;
    scan_id_make(&session.id, span_of("today's"), "lexicons of today");
    CHECK_INT(scan_choose(&session, NULL), STATUS_OK);
    CHECK_SPAN(span_of(session.id.digest), want);
    CHECK_INT(session.id.revision, revision);
    session.shards.lock = NULL; /* ours, not the session's */
    session_release(&session);
}

static void test_choice(void) {
    static const struct given given[] = {{"p", NULL, 10, 0, POST_ORIGINAL}};
    struct scan_id today, old, older;
    scan_id_make(&today, span_of("today's"), "lexicons of today");
    old = older = today;
    scan_id_take(&older, "1111", "lexicons of then", SCAN_REVISION - 3);
    scan_id_take(&old, "2222", "lexicons of then", SCAN_REVISION - 2);
    check_choice(today.digest, SCAN_REVISION); /* nothing there: as it was */
    put("one", &older, NULL, given, 1);
    check_choice("1111", SCAN_REVISION - 3);
    put("one", &old, NULL, given, 1);
    check_choice("2222", SCAN_REVISION - 2);
    /* two of one revision: nothing says which is meant */
    struct scan_id rival = old;
    scan_id_take(&rival, "3333", "other lexicons of then", SCAN_REVISION - 2);
    put("one", &rival, NULL, given, 1);
    check_choice(today.digest, SCAN_REVISION);
    put("two", &today, NULL, given, 1);
    check_choice(today.digest, SCAN_REVISION);

    /* and what it leaves out is counted */
    struct scanned_inputs inputs;
    CHECK_INT(scanned_inputs_read(&inputs, &shards, &today, NULL), STATUS_OK);
    CHECK_INT(inputs.count, 1);
    CHECK_INT(inputs.older, 1);
    CHECK_INT(inputs.lost, 0);
    CHECK(inputs.others > 0); /* of the other tests */
    scanned_inputs_release(&inputs);
}

int main(void) {
    struct fault fault = {0};
    store_init();
    CHECK(kit_begin());
    scan_id_make(&id, span_of("settings"), "lexicons");
    CHECK_INT(shard_folder_open(&shards, kit_path("x.h5"), &fault), STATUS_OK);
    test_roots();
    test_copies();
    test_choice();
    shard_folder_close(&shards);
    kit_remove(kit_folder);
    return tap_done();
}
