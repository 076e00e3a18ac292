#include "pipeline/commands/scan_choice.h"

#include <jansson.h>
#include <stdlib.h>

/* What version 0.1.0 put into its digest of a scan besides the settings. */
#define OLD_PROGRAM "burza 0.1.0"
#define OLD_LEXICONS "575a50e81b39001f029ed1dcdcc3ae81f151985f4ea31f2fca5d3461306ea657"

/* The digest that version 0.1.0 gave the scan whose settings it left as `text`. */
static bool old_digest(struct span text, const char *lexicons, char out[DIGEST_HEX_SIZE]) {
    unsigned char sum[DIGEST_SIZE];
    struct buf digested;
    json_t *root = json_loadb(text.at, text.len, 0, NULL), *scan = json_object();
    static const char *const keys[] = {"brands", "engine", "input"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_object_set(scan, keys[i], json_object_get(root, keys[i]));
    char *dumped = json_dumps(scan, JSON_INDENT(2) | JSON_SORT_KEYS);
    buf_init(&digested, CONFIG_MAX_BYTES);
    buf_format(&digested, OLD_PROGRAM "\n%s\n", lexicons);
    buf_text(&digested, dumped ? dumped : "");
    buf_char(&digested, '\n');
    bool ok = dumped && !digested.failed;
    digest_of(buf_as_span(&digested), sum);
    digest_hex(sum, out);
    buf_release(&digested);
    free(dumped);
    json_decref(scan);
    json_decref(root);
    return ok;
}

/* Of version 0.1.0, whose shards do not say their settings. With lexicons of the user's only while
 * ours are the same. */
static void choose_old(struct session *session, const struct shard_list *list) {
    const char *lexicons[] = {OLD_LEXICONS, session->id.lexicons};
    struct config config;
    struct buf text, ours, theirs;
    buf_init(&text, CONFIG_MAX_BYTES);
    buf_init(&ours, CONFIG_MAX_BYTES);
    buf_init(&theirs, CONFIG_MAX_BYTES);
    config_init(&config);
    bool same = shard_folder_load_settings(&session->shards, &text, NULL) == STATUS_OK &&
                config_parse(&config, buf_as_span(&text), "settings.json", NULL) == STATUS_OK &&
                config_text(&config, CONFIG_SCAN, &theirs, NULL) == STATUS_OK &&
                config_text(&session->config, CONFIG_SCAN, &ours, NULL) == STATUS_OK &&
                span_equal(buf_as_span(&ours), buf_as_span(&theirs));
    bool found = false;
    for (size_t i = 0; same && !found && i < sizeof lexicons / sizeof *lexicons; i++) {
        char digest[DIGEST_HEX_SIZE];
        if (!old_digest(buf_as_span(&text), lexicons[i], digest))
            continue;
        for (size_t k = 0; k < list->count && !found; k++)
            found = strcmp(list->at[k].head.scan_digest, digest) == 0;
        if (found)
            scan_id_take(&session->id, digest, lexicons[i], 0);
    }
    config_release(&config);
    buf_release(&text);
    buf_release(&ours);
    buf_release(&theirs);
}

enum status scan_choose(struct session *session, struct fault *fault) {
    struct shard_list list;
    enum status status = shard_folder_list(&session->shards, session->id.digest, &list, fault);
    bool ours = list.count > 0;
    shard_list_release(&list);
    if (status != STATUS_OK || ours)
        return status;
    status = shard_folder_list(&session->shards, NULL, &list, fault);
    /* the newest revision; of two with different lexicons none, since nothing says which is meant
     */
    const struct shard_head *best = NULL;
    bool unclear = false;
    for (size_t i = 0; i < list.count; i++) {
        const struct shard_head *head = &list.at[i].head;
        if (head->roots[0] || strcmp(head->settings, session->id.settings) != 0)
            continue;
        if (!best || head->revision > best->revision) {
            best = head;
            unclear = false;
        }
        unclear |=
            head->revision == best->revision && strcmp(head->scan_digest, best->scan_digest) != 0;
    }
    if (status == STATUS_OK && best && !unclear)
        scan_id_take(&session->id, best->scan_digest, best->lexicons, best->revision);
    if (status == STATUS_OK && !best)
        choose_old(session, &list);
    shard_list_release(&list);
    return status;
}

enum status session_reopen(struct session *session, struct fault *fault) {
    enum status status = STATUS_OK;
    struct buf text;
    buf_init(&text, CONFIG_MAX_BYTES);
    if (!session->options->config) {
        status = shard_folder_load_settings(&session->shards, &text, fault);
        if (status == STATUS_OK)
            status = config_parse(&session->config, buf_as_span(&text), "settings.json", fault);
    }
    buf_release(&text);
    if (status == STATUS_OK)
        status = session_prepare(session, fault);
    return status == STATUS_OK ? scan_choose(session, fault) : status;
}
