/* Whether the scan gives the rows that it gave: the content of the shards of the demo and of all
 * samples, without what depends on the machine, against tests/golden/scan/rows.txt.
 *
 * Rows that change on purpose: raise SCAN_REVISION and run this with UPDATE=1. With the revision
 * unchanged UPDATE=1 only adds inputs that are new. */
#include "pipeline/commands/session.h"
#include "scan_kit.h"
#include "tap.h"

static const char golden[] = "tests/golden/scan/rows.txt";

/* ---- the content of a shard ---- */

static void add_number(struct digest *digest, uint64_t number) {
    char text[32];
    snprintf(text, sizeof text, "%llu\n", (unsigned long long)number);
    digest_add(digest, span_of(text));
}

static void add_text(struct digest *digest, struct span text) {
    add_number(digest, text.len);
    digest_add(digest, text);
}

static void add_rows(struct digest *digest, const struct mention_rows *rows) {
    for (size_t row = 0; row < rows->count; row++) {
        /* the number of a channel says nothing, its name does */
        uint32_t channel = rows->channel[row];
        rows->channel[row] = 0;
#define ADD(type, name, ...)                                                                       \
    digest_add(digest, span_of(#name));                                                            \
    add_number(digest, (uint64_t)rows->name[row]);
        MENTION_COLUMNS(ADD)
#undef ADD
#define ADD(name) add_text(digest, mention_rows_text(&rows->name, row));
        MENTION_TEXTS(ADD)
#undef ADD
        add_text(digest, rows->channels.names[channel]);
    }
}

static void add_tally(struct digest *digest, const struct tally *tally) {
    const uint64_t numbers[] = {tally->records,           tally->posts,
                                tally->embedded,          (uint64_t)tally->first_us,
                                (uint64_t)tally->last_us, tally->by_platform.count,
                                tally->by_channel.count,  tally->deleted.count};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        add_number(digest, numbers[i]);
    for (int i = 0; i < TALLY_REASONS; i++)
        add_number(digest, tally->rejects[i]);
    for (int i = 0; i < TALLY_REPAIRS; i++)
        add_number(digest, tally->repairs[i]);
}

static bool add_shard(struct digest *digest, const struct shard_entry *entry) {
    struct shard shard;
    if (shard_read(entry->path, SHARD_WHOLE, &shard, NULL) != STATUS_OK)
        return false;
    add_number(digest, (uint64_t)shard.head.segment);
    add_text(digest, span_of(shard.head.formats));
    add_rows(digest, &shard.mentions);
    add_tally(digest, &shard.tally);
    for (size_t i = 0; i < shard.links.count; i++) {
        add_number(digest, shard.links.at[i].id_hash);
        add_number(digest, shard.links.at[i].reply_to_hash);
    }
    shard_release(&shard);
    return true;
}

/* ---- the scan ---- */

/* A brand that every post is of, and one whose context is wanted. */
static bool write_config(bool context) {
    struct buf text;
    buf_init(&text, 1 << 16);
    buf_text(&text, "{\"brands\":[{\"id\":\"all\",\"query\":\"");
    for (int i = 0; i < PLATFORM_COUNT; i++)
        buf_format(&text, "%splatform:%s", i ? " OR " : "", platform_name((enum platform)i));
    buf_format(&text,
               "\"},{\"id\":\"norvia\",\"query\":\"norvia OR norviapl OR app\",\"context\":\"%s\","
               "\"accounts\":[{\"platform\":\"twitter\",\"handle\":\"NorviaPL\"}]}],"
               "\"input\":{\"timezone\":\"Europe/Warsaw\"}}",
               context ? "thread" : "none");
    bool ok = kit_write("config.json", buf_as_span(&text));
    buf_release(&text);
    return ok;
}

static bool scan(struct session *session, struct options *options, char **folder) {
    struct scan_outcome outcome;
    struct fault fault = {0};
    *options = (struct options){.replace = true,
                                .config = kit_path("config.json"),
                                .output = kit_path("golden.h5"),
                                .quiet = true,
                                .arguments = folder,
                                .argument_count = 1};
    session_init(session, options);
    bool ok = session_prepare(session, &fault) == STATUS_OK &&
              session_scan(session, &outcome, &fault) == STATUS_OK;
    if (!ok)
        printf("# %s\n", fault.text);
    return ok;
}

/* An input whose bytes change is another input. */
static void add_line(struct buf *lines, const struct shard_head *head, const char *pass,
                     struct digest *digest) {
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_peek(digest, sum);
    digest_hex(sum, hex);
    buf_format(lines, "%.32s %.8s %s%s\n", hex, head->sha256, head->label, pass);
}

static bool add_segments(struct buf *lines, const struct segments *segments, const char *pass) {
    struct digest digest;
    bool ok = digest_init(&digest, NULL) == STATUS_OK;
    for (size_t i = 0; ok && i < segments->count; i++)
        ok = add_shard(&digest, &segments->at[i]);
    if (ok)
        add_line(lines, &segments->at[segments->count - 1].head, pass, &digest);
    digest_release(&digest);
    return ok;
}

/* "DIGEST INPUT LABEL" of every input and pass. Only the demo is looked through for context, which
 * depends on all inputs: samples come and go. */
static void list_content(struct buf *lines, char *folder, bool context) {
    struct session session;
    struct options options;
    struct scanned_inputs inputs = {0};
    CHECK(write_config(context));
    if (CHECK(scan(&session, &options, &folder)) &&
        CHECK_INT(scanned_inputs_read(&inputs, &session.shards, &session.id, NULL), STATUS_OK)) {
        for (size_t i = 0; i < inputs.count; i++) {
            CHECK(add_segments(lines, &inputs.at[i].first, ""));
            if (inputs.at[i].context.count)
                CHECK(add_segments(lines, &inputs.at[i].context, " (context)"));
        }
    }
    scanned_inputs_release(&inputs);
    session_release(&session);
}

/* ---- the golden file ---- */

static struct span next_line(struct span *text) {
    const char *end = text->len ? memchr(text->at, '\n', text->len) : NULL;
    struct span line = {text->at, end ? (size_t)(end - text->at) : text->len};
    size_t taken = line.len + (end != NULL);
    text->at += taken;
    text->len -= taken;
    return line;
}

/* The digest that `lines` gives a label; empty when it has none. */
static struct span find_digest(struct span lines, struct span label) {
    while (lines.len) {
        struct span line = next_line(&lines);
        if (line.len > 33 && span_equal((struct span){line.at + 33, line.len - 33}, label))
            return (struct span){line.at, 32};
    }
    return (struct span){NULL, 0};
}

/* Every input of `then` that is still there must be as it was; later ones are not asked. */
static bool is_kept(struct span then, struct span now) {
    bool kept = true;
    while (then.len) {
        struct span line = next_line(&then);
        struct span label = {line.at + 33, line.len > 33 ? line.len - 33 : 0};
        struct span digest = find_digest(now, label);
        if (!digest.len || span_equal(digest, (struct span){line.at, 32}))
            continue;
        printf("# %.*s: its rows changed\n", (int)label.len, label.at);
        kept = false;
    }
    return kept;
}

int main(void) {
    static char demo[] = "datasets/demo", samples[] = "datasets/samples";
    struct buf then, now;
    char revision[40];
    buf_init(&then, 1 << 20);
    buf_init(&now, 1 << 20);
    CHECK(kit_begin());
    snprintf(revision, sizeof revision, "revision %d\n", SCAN_REVISION);
    buf_text(&now, revision);
    list_content(&now, demo, true);
    list_content(&now, samples, false);
    bool known = file_read(golden, &then, NULL) == STATUS_OK;
    bool same_revision = known && span_starts(buf_as_span(&then), revision);
    bool kept = same_revision && is_kept(buf_as_span(&then), buf_as_span(&now));
    if (getenv("UPDATE") && (!same_revision || kept))
        CHECK_INT(file_publish(golden, buf_as_span(&now), NULL), STATUS_OK);
    else if (!CHECK(kept))
        printf("# %s\n", same_revision
                             ? "rows changed: on purpose? then raise SCAN_REVISION and run this "
                               "with UPDATE=1; no? then the change is wrong"
                             : "SCAN_REVISION is another: run this with UPDATE=1");
    kit_remove(kit_folder);
    buf_release(&then);
    buf_release(&now);
    return tap_done();
}
