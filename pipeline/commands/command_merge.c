/* burza merge: the shards of several audits together, and their study. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/scan_choice.h"
#include "pipeline/commands/session.h"
#include "stages/common/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the merge has taken so far, of all scans. */
struct taken {
    struct shard_list list;   /* by input, scan, segment */
    struct manifest manifest; /* of sources that were scanned in shares */
    bool shared;
};

static int compare_scans(const void *a, const void *b) {
    const struct shard_entry *x = a, *y = b;
    int order = strcmp(x->head.input_key, y->head.input_key);
    if (!order)
        order = strcmp(x->head.scan_digest, y->head.scan_digest);
    if (!order)
        order = (x->part > y->part) - (x->part < y->part);
    return order ? order
                 : (x->head.segment > y->head.segment) - (x->head.segment < y->head.segment);
}

static void sort_list(struct shard_list *list) {
    if (list->count)
        qsort(list->at, list->count, sizeof *list->at, compare_scans);
}

/* How many shards from `from` on are of one input, scan and folder. */
static size_t run_length(const struct shard_list *list, size_t from) {
    const struct shard_entry *first = &list->at[from];
    size_t count = 1;
    while (from + count < list->count) {
        const struct shard_entry *entry = &list->at[from + count];
        if (strcmp(entry->head.input_key, first->head.input_key) != 0 ||
            strcmp(entry->head.scan_digest, first->head.scan_digest) != 0 ||
            entry->part != first->part)
            break;
        count++;
    }
    return count;
}

static size_t find_run(const struct shard_list *list, const struct shard_head *head) {
    for (size_t i = shard_list_find(list, head->input_key, SHARD_KEY_SIZE); i < list->count; i++) {
        if (strcmp(list->at[i].head.input_key, head->input_key) != 0)
            break;
        if (strcmp(list->at[i].head.scan_digest, head->scan_digest) == 0)
            return i;
    }
    return list->count;
}

/* What one scan and pass found in one input. */
struct finding {
    bool whole, clean;
    int64_t items;
    const struct shard_head *last;
};

static struct finding find_of(const struct shard_entry *at, size_t count) {
    struct finding finding = {.whole = at->head.segment == 0, .clean = true};
    for (size_t i = 0; i < count; i++) {
        const struct shard_head *head = &at[i].head;
        finding.whole = finding.whole && head->segment == (int64_t)i;
        finding.clean = finding.clean && !head->trouble;
        finding.items += head->block_count;
    }
    finding.last = &at[count - 1].head;
    finding.whole = finding.whole && finding.last->last;
    return finding;
}

/* > 0: `a` says more than `b`. Of second passes the one that looked for more. */
static int compare_findings(const struct finding *a, const struct finding *b) {
    if (a->whole != b->whole)
        return a->whole - b->whole;
    if (a->clean != b->clean)
        return a->clean - b->clean;
    if (a->last->root_count != b->last->root_count)
        return a->last->root_count > b->last->root_count ? 1 : -1;
    int order = strcmp(a->last->roots, b->last->roots);
    return order ? order : (a->items > b->items) - (a->items < b->items);
}

static enum status copy_shard(const char *from, const char *to, struct fault *fault) {
    struct buf bytes;
    if (link(from, to) == 0)
        return STATUS_OK;
    buf_init(&bytes, (size_t)1 << 32);
    enum status status = file_read(from, &bytes, fault);
    if (status == STATUS_OK)
        status = file_publish(to, buf_as_span(&bytes), fault);
    buf_release(&bytes);
    return status;
}

/* Links or copies a run of shards into the open folder. */
static enum status take_run(const struct session *session, const struct shard_entry *at,
                            size_t count, struct shard_list *taken, struct fault *fault) {
    enum status status = STATUS_OK;
    struct shard_entry *more = realloc(taken->at, (taken->count + count) * sizeof *more);
    if (!more)
        return fault_memory(fault);
    taken->at = more;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        char to[4300];
        snprintf(to, sizeof to, "%s%s", session->shards.folder, strrchr(at[i].path, '/'));
        status = copy_shard(at[i].path, to, fault);
        char *own = status == STATUS_OK ? strdup(to) : NULL;
        if (own)
            taken->at[taken->count++] = (struct shard_entry){.path = own, .head = at[i].head};
        else if (status == STATUS_OK)
            status = fault_memory(fault);
    }
    return status;
}

/* Makes room for a run that says more than the one that is there. */
static enum status drop_run(struct shard_list *taken, size_t from, struct fault *fault) {
    size_t count = run_length(taken, from);
    for (size_t i = from; i < from + count; i++) {
        if (unlink(taken->at[i].path) != 0 && errno != ENOENT)
            return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s\": %s",
                             taken->at[i].path, strerror(errno));
        free(taken->at[i].path);
    }
    memmove(&taken->at[from], &taken->at[from + count],
            (taken->count - from - count) * sizeof *taken->at);
    taken->count -= count;
    return STATUS_OK;
}

/* A run of shards, unless there is one already that says as much. */
static enum status settle_run(const struct session *session, const struct shard_entry *at,
                              size_t count, struct shard_list *taken, struct fault *fault) {
    size_t there = find_run(taken, &at->head);
    enum status status = STATUS_OK;
    if (there < taken->count) {
        struct finding ours = find_of(&taken->at[there], run_length(taken, there));
        struct finding theirs = find_of(at, count);
        if (ours.whole && theirs.whole && !scanned_input_same(ours.last, theirs.last))
            return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                             "\"%s\" and \"%s\" differ but have the same name (both from standard "
                             "input?): scan files instead, or merge into another -o",
                             at->path, taken->at[there].path);
        if (compare_findings(&theirs, &ours) <= 0)
            return STATUS_OK;
        status = drop_run(taken, there, fault);
    }
    if (status == STATUS_OK)
        status = take_run(session, at, count, taken, fault);
    sort_list(taken);
    return status;
}

/* The settings of the first source. */
static enum status take_settings(const struct session *session, const char *folder,
                                 struct fault *fault) {
    char from[4300], to[4300];
    snprintf(from, sizeof from, "%.4000s/settings.json", folder);
    snprintf(to, sizeof to, "%s/settings.json", session->shards.folder);
    return access(to, F_OK) == 0 || access(from, F_OK) != 0 ? STATUS_OK
                                                            : copy_shard(from, to, fault);
}

static bool add_manifest(struct taken *taken, const struct manifest *manifest) {
    bool ok = true;
    taken->shared = true;
    manifest_sort(&taken->manifest);
    size_t known = taken->manifest.input_count;
    for (size_t i = 0; i < manifest->input_count && ok; i++) {
        struct manifest before = {.inputs = taken->manifest.inputs, .input_count = known};
        if (!manifest_find(&before, manifest->inputs[i].label))
            ok = manifest_add(&taken->manifest, manifest->inputs[i].label,
                              manifest->inputs[i].bytes, 0);
    }
    manifest_sort(&taken->manifest);
    return ok;
}

/* Takes what a source holds: an audit, a folder of shards, with its shares. */
static enum status take_source(struct session *session, const char *name, struct taken *taken,
                               struct fault *fault) {
    struct shard_folder source = {0};
    struct shard_list list = {0};
    size_t before = session->sources.count;
    if (!shard_folder_path(name, source.folder, sizeof source.folder) ||
        access(source.folder, F_OK) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                         "there is no \"%.200s\": merge needs the shards of each audit",
                         source.folder);
    enum status status = share_sources_add(&session->sources, &source, fault);
    if (status == STATUS_OK && session->sources.count > before &&
        !add_manifest(taken, &session->sources.at[before].manifest))
        status = fault_memory(fault);
    if (status == STATUS_OK)
        status = take_settings(session, source.folder, fault);
    if (status == STATUS_OK)
        status = shard_folder_list(&source, NULL, &list, fault);
    sort_list(&list);
    for (size_t i = 0, count; i < list.count && status == STATUS_OK; i += count) {
        count = run_length(&list, i);
        status = settle_run(session, &list.at[i], count, &taken->list, fault);
    }
    shard_list_release(&list);
    shard_folder_close(&source);
    return status;
}

/* An audit with other brands or settings would be left out of the study without a word; of shares
 * it is said. */
static enum status check_same_settings(const struct session *session, const char *name,
                                       struct fault *fault) {
    struct shard_folder source = {0};
    struct shard_list list;
    struct share_sources sources = {0};
    if (!shard_folder_path(name, source.folder, sizeof source.folder))
        return fault_memory(fault);
    enum status status = share_sources_add(&sources, &source, fault);
    if (status == STATUS_OK && !sources.count) {
        status = shard_folder_list(&source, session->id.digest, &list, fault);
        if (status == STATUS_OK && !list.count)
            status =
                fault_set(fault, STATUS_FATAL, EXIT_DATA,
                          "\"%.200s\" was scanned with other brands, settings or lexicons than "
                          "the first audit; scan it again with the same configuration",
                          name);
        shard_list_release(&list);
    }
    share_sources_release(&sources);
    shard_folder_close(&source);
    return status;
}

/* The folder that is merged into, and what it holds. */
static enum status open_target(struct session *session, struct taken *taken, struct fault *fault) {
    enum status status = session_open(session, session->audit, fault);
    for (size_t i = 0; i < session->sources.count && status == STATUS_OK; i++) {
        const struct manifest *manifest = &session->sources.at[i].manifest;
        if (manifest->count)
            status = fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                               "\"%.200s\" is scanned in shares: merge it into another -o",
                               session->audit);
        else if (!add_manifest(taken, manifest))
            status = fault_memory(fault);
    }
    if (status == STATUS_OK)
        status = shard_folder_list(&session->shards, NULL, &taken->list, fault);
    sort_list(&taken->list);
    return status;
}

static enum status merge(struct session *session, int *code, struct fault *fault) {
    const struct options *options = session->options;
    struct taken taken = {0};
    enum status status = output_check(session->audit, OUTPUT_AUDIT, fault);
    if (status == STATUS_OK)
        status = open_target(session, &taken, fault);
    for (size_t i = 0; i < options->argument_count && status == STATUS_OK; i++)
        status = take_source(session, options->arguments[i], &taken, fault);
    if (status == STATUS_OK && taken.shared)
        status = manifest_write(session->shards.folder, &taken.manifest, fault);
    if (status == STATUS_OK)
        status = session_reopen(session, fault);
    for (size_t i = 0; i < options->argument_count && status == STATUS_OK; i++)
        status = check_same_settings(session, options->arguments[i], fault);
    if (status == STATUS_OK)
        status = session_study(session, code, fault);
    shard_list_release(&taken.list);
    manifest_release(&taken.manifest);
    return status;
}

int command_merge(const struct options *options) {
    struct session session;
    struct fault fault = {0};
    int code = 0;
    session_init(&session, options);
    if (!options->output || !options->argument_count) {
        print_message("burza merge wants an output and audits: burza merge -o ALL.h5 A.h5 B.h5");
        return EXIT_USAGE;
    }
    enum status status = merge(&session, &code, &fault);
    if (status == STATUS_OK)
        status = session_report(&session, &fault);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    return close_output(code);
}
