/* burza merge: the shards of several audits together, and their study. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/scan_choice.h"
#include "pipeline/commands/session.h"
#include "stages/common/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Bytes of a file, for shards, which are small beside the dumps. */
static enum status read_whole(const char *path, struct buf *bytes, struct fault *fault) {
    buf_init(bytes, (size_t)1 << 32);
    return file_read(path, bytes, fault);
}

/* True when both are context shards of one input, which differ when other roots were known;
 * *better: the first was looked through for more. */
static bool are_context(const char *a, const char *b, bool *better) {
    struct shard x, y;
    bool read = shard_read(a, SHARD_HEAD, &x, NULL) == STATUS_OK;
    bool both = shard_read(b, SHARD_HEAD, &y, NULL) == STATUS_OK && read && x.head.roots[0] &&
                y.head.roots[0];
    *better = x.head.root_count != y.head.root_count ? x.head.root_count > y.head.root_count
                                                     : strcmp(x.head.roots, y.head.roots) > 0;
    shard_release(&x);
    shard_release(&y);
    return both;
}

/* Links or copies a shard; one that is there already must be the same, or of a context pass. */
static enum status take_shard(const char *from, const char *to, struct fault *fault) {
    struct buf bytes, there;
    bool known = access(to, F_OK) == 0, better;
    if (known && are_context(from, to, &better)) {
        if (!better)
            return STATUS_OK;
        unlink(to);
        known = false;
    }
    if (!known && link(from, to) == 0)
        return STATUS_OK;
    enum status status = read_whole(from, &bytes, fault);
    buf_init(&there, 0);
    if (status == STATUS_OK && known)
        status = read_whole(to, &there, fault);
    if (status == STATUS_OK && !known)
        status = file_publish(to, buf_as_span(&bytes), fault);
    else if (status == STATUS_OK && !span_equal(buf_as_span(&bytes), buf_as_span(&there)))
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%s\" and \"%s\" differ but have the same name (both from standard "
                           "input?): scan files instead, or merge into another -o",
                           from, to);
    buf_release(&bytes);
    buf_release(&there);
    return status;
}

/* Takes every shard of `audit` into the open shards, and the settings of the first. */
static enum status take_shards(struct session *session, const char *audit, struct fault *fault) {
    char folder[4000], from[4300], to[4300];
    enum status status = STATUS_OK;
    snprintf(folder, sizeof folder, "%.3900s.parts", audit);
    DIR *entries = opendir(folder);
    if (!entries)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                         "there is no \"%.200s\": merge needs the shards of each audit", folder);
    while (status == STATUS_OK) {
        errno = 0;
        struct dirent *entry = readdir(entries);
        if (!entry && errno)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO,
                               "cannot read the folder \"%.200s\": %s", folder, strerror(errno));
        if (!entry)
            break;
        bool settings = strcmp(entry->d_name, "settings.json") == 0;
        bool shard = span_ends(span_of(entry->d_name), ".h5") && entry->d_name[0] != '.';
        if (!shard && !settings)
            continue;
        snprintf(from, sizeof from, "%s/%.255s", folder, entry->d_name);
        snprintf(to, sizeof to, "%s/%.255s", session->shards.folder, entry->d_name);
        if (shard || access(to, F_OK) != 0)
            status = take_shard(from, to, fault);
    }
    closedir(entries);
    return status;
}

/* An audit with other brands or settings would be left out of the study without a word. */
static enum status check_same_settings(const struct session *session, const char *audit,
                                       struct fault *fault) {
    struct shard_folder shards = {0};
    struct shard_list list;
    snprintf(shards.folder, sizeof shards.folder, "%.3700s.parts", audit);
    enum status status = shard_folder_list(&shards, session->id.digest, &list, fault);
    if (status == STATUS_OK && !list.count)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%.200s\" was scanned with other brands, settings or lexicons than "
                           "the first audit; scan it again with the same configuration",
                           audit);
    shard_list_release(&list);
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
    enum status status = output_check(session.audit, OUTPUT_AUDIT, &fault);
    if (status == STATUS_OK)
        status = shard_folder_open(&session.shards, session.audit, &fault);
    for (size_t i = 0; i < options->argument_count && status == STATUS_OK; i++)
        status = take_shards(&session, options->arguments[i], &fault);
    if (status == STATUS_OK)
        status = session_reopen(&session, &fault);
    for (size_t i = 0; i < options->argument_count && status == STATUS_OK; i++)
        status = check_same_settings(&session, options->arguments[i], &fault);
    if (status == STATUS_OK)
        status = session_study(&session, &code, &fault);
    if (status == STATUS_OK)
        status = session_report(&session, &fault);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    return close_output(code);
}
