#include "pipeline/commands/kept_inputs.h"

#include "stages/mask/mask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the new audit will hold, and what it would lose. */
struct keeping {
    const struct session *session;
    const struct scan_input *given; /* [count] */
    size_t count;
    struct symbols paths;    /* halves of keys: of inputs that were or will be scanned */
    struct symbols sums;     /* digests of inputs that are kept, or replaced by newer ones */
    struct symbols labels;   /* of inputs that are kept */
    struct symbols replaced; /* digests of versions that this scan replaces */
    struct symbols lost;     /* labels */
};

static bool has(const struct symbols *symbols, struct span name) {
    return symbols_find(symbols, name) != SYMBOL_NONE;
}

static bool add(struct symbols *symbols, struct span name) {
    return symbols_intern(symbols, name) != SYMBOL_NONE;
}

static struct span path_half(const char *key) {
    return (struct span){key, SHARD_PATH_SIZE};
}

static bool is_ours(const struct keeping *keeping, const struct shard_head *head) {
    const struct scan_id *id = &keeping->session->id;
    return strcmp(head->scan_digest, id->digest) == 0 ||
           strcmp(head->scan_digest, id->context) == 0;
}

/* The file is read by this scan, in this version or another. A dump by standard input is another
 * input each time, but for one that was not read to its end. */
static bool is_given(const struct keeping *keeping, const struct shard_head *head) {
    for (size_t i = 0; i < keeping->count; i++)
        if (memcmp(keeping->given[i].key, head->input_key, SHARD_PATH_SIZE) == 0)
            return keeping->given[i].path->size >= 0 || head->trouble;
    return false;
}

/* The scan goes on with it. */
static bool stays(const struct keeping *keeping, const struct shard_head *head) {
    for (size_t i = 0; i < keeping->count; i++)
        if (strcmp(keeping->given[i].key, head->input_key) == 0)
            return is_ours(keeping, head) && !head->trouble;
    return false;
}

/* What a manifest knows is named as missing share by share, so it is not lost without a word. */
static bool is_dealt(const struct keeping *keeping, const char *label) {
    const struct share_sources *sources = &keeping->session->sources;
    for (size_t i = 0; i < sources->count; i++)
        if (manifest_find(&sources->at[i].manifest, label))
            return true;
    return false;
}

/* Of all shards: what is kept, what is replaced; then what only other scans hold. */
static bool sort_shards(struct keeping *keeping, const struct shard_list *all) {
    bool ok = true;
    for (size_t i = 0; i < keeping->count && ok; i++)
        ok = keeping->given[i].path->size < 0 ||
             add(&keeping->paths, path_half(keeping->given[i].key));
    for (size_t i = 0; i < all->count && ok; i++) {
        const struct shard_head *head = &all->at[i].head;
        bool given = is_given(keeping, head), ours = is_ours(keeping, head);
        if (ours)
            ok = add(&keeping->paths, path_half(head->input_key)) &&
                 add(&keeping->labels, span_of(head->label));
        if (ok && head->sha256[0] && given && !stays(keeping, head))
            ok = add(&keeping->replaced, span_of(head->sha256));
        if (ok && head->sha256[0] && (given || ours))
            ok = add(&keeping->sums, span_of(head->sha256));
    }
    for (size_t i = 0; i < all->count && ok; i++) {
        const struct shard_head *head = &all->at[i].head;
        if (!is_ours(keeping, head) && !has(&keeping->paths, path_half(head->input_key)) &&
            !is_dealt(keeping, head->label))
            ok = add(&keeping->lost, span_of(head->label));
    }
    return ok;
}

/* A file of this name and size is read now: whether it is the same is known afterwards. */
static bool is_promised(const struct keeping *keeping, const struct input_row *row) {
    for (size_t i = 0; i < keeping->count; i++) {
        char label[sizeof row->input];
        const struct input_path *path = keeping->given[i].path;
        char held[2 * sizeof row->input], full[2 * sizeof row->input];
        /* the audit names no persons; both are compared without them */
        row_text(label, sizeof label, path->label, strlen(path->label));
        mask_label(span_of(label), full, sizeof full);
        mask_label(span_of(row->input), held, sizeof held);
        row_text(label, sizeof label, full, strlen(full));
        /* older versions named the folder that was given, too */
        struct span input = span_of(held);
        size_t len = strlen(label);
        bool same = strcmp(label, held) == 0 ||
                    (span_ends(input, label) && input.at[input.len - len - 1] == '/');
        if (same && (path->size == row->bytes || path->size < 0))
            return true;
    }
    return false;
}

static bool sort_rows(struct keeping *keeping, const struct audit *audit) {
    const struct audit_table *table = &audit->tables[TABLE_INPUTS];
    const struct input_row *rows = table->rows;
    bool ok = true;
    for (size_t i = 0; i < table->count && ok; i++) {
        bool kept = rows[i].sha256[0] ? has(&keeping->sums, span_of(rows[i].sha256))
                                      : has(&keeping->labels, span_of(rows[i].input));
        if (!kept && !is_promised(keeping, &rows[i]) && !is_dealt(keeping, rows[i].input))
            ok = add(&keeping->lost, span_of(rows[i].input));
    }
    return ok;
}

/* The inputs of the audit that is to be written anew. One that is damaged cannot say them; its
 * shards can, if there are any. */
static enum status read_audit(struct keeping *keeping, size_t shards, struct fault *fault) {
    const char *path = keeping->session->audit;
    struct audit audit;
    struct fault why = {0};
    if ((access(path, F_OK) != 0 && errno == ENOENT) || !store_is_sealed(path))
        return STATUS_OK;
    enum status status = audit_read_inputs(path, &audit, &why);
    if (status != STATUS_OK && why.exit_code == EXIT_DATA && store_verify(path, NULL) != STATUS_OK)
        return shards ? STATUS_OK
                      : fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                                  "\"%s\" is damaged, so which inputs it holds cannot be told: "
                                  "give --replace to write it anew, or choose another -o",
                                  path);
    if (status != STATUS_OK)
        return fault_set(fault, status, why.exit_code, "%.400s", why.text);
    bool ok = sort_rows(keeping, &audit);
    audit_release(&audit);
    return ok ? STATUS_OK : fault_memory(fault);
}

static enum status say_lost(const struct keeping *keeping, struct fault *fault) {
    enum { NAMED = 5 };
    char names[300] = "";
    uint32_t count = keeping->lost.count;
    for (uint32_t i = 0; i < count && i < NAMED; i++) {
        size_t len = strlen(names);
        snprintf(names + len, sizeof names - len, "%s\"%.*s\"", i ? ", " : "",
                 (int)(keeping->lost.names[i].len < 50 ? keeping->lost.names[i].len : 50),
                 keeping->lost.names[i].at);
    }
    return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                     "\"%.90s\" would lose %u input%s: %s%s; give them too, or the brands and "
                     "settings they were scanned with, choose another -o, or give --replace",
                     keeping->session->audit, count, count == 1 ? "" : "s", names,
                     count > NAMED ? " ..." : "");
}

/* All shards but those that this scan can go on with. */
static enum status remove_others(const struct keeping *keeping, const struct shard_list *all,
                                 struct fault *fault) {
    for (size_t i = 0; i < all->count; i++) {
        if (stays(keeping, &all->at[i].head))
            continue;
        if (unlink(all->at[i].path) != 0 && errno != ENOENT)
            return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s\": %s",
                             all->at[i].path, strerror(errno));
    }
    return STATUS_OK;
}

enum status kept_inputs_check(const struct session *session, const struct scan_input *given,
                              size_t count, struct fault *fault) {
    struct keeping keeping = {.session = session, .given = given, .count = count};
    struct shard_list all;
    bool replace = session->options->replace;
    if (replace && !count)
        return STATUS_OK;
    enum status status = shard_folder_list(&session->shards, NULL, &all, fault);
    if (status == STATUS_OK && replace)
        status = remove_others(&keeping, &all, fault);
    if (status == STATUS_OK && !replace)
        status = shard_folder_replaced(&session->shards, &keeping.sums, fault);
    if (status == STATUS_OK && !replace && !sort_shards(&keeping, &all))
        status = fault_memory(fault);
    if (status == STATUS_OK && !replace && !session->share.number) /* else a study sees it */
        status = read_audit(&keeping, all.count, fault);
    if (status == STATUS_OK && keeping.lost.count)
        status = say_lost(&keeping, fault);
    if (status == STATUS_OK && keeping.replaced.count)
        status = shard_folder_add_replaced(&session->shards, &keeping.replaced, fault);
    shard_list_release(&all);
    symbols_release(&keeping.paths);
    symbols_release(&keeping.sums);
    symbols_release(&keeping.labels);
    symbols_release(&keeping.replaced);
    symbols_release(&keeping.lost);
    return status;
}
