/* burza clean: removes the shards of an audit, which hold texts and names of what was scanned. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/share_sources.h"
#include "pipeline/scan/shard_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The names that a scan gives. */
static bool is_own(const char *name) {
    struct span span = span_of(name);
    if (span_ends(span, ".damaged"))
        span.len -= strlen(".damaged");
    bool shard = shard_folder_is_shard(span) && span.len > SHARD_KEY_SIZE &&
                 name[SHARD_PATH_SIZE] == '-' && name[SHARD_KEY_SIZE] == '-';
    static const char *const others[] = {"settings.json", "replaced",   "manifest.json",
                                         "manifest.lock", "lock.lease", "roots"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        shard |= strcmp(name, others[i]) == 0;
    return shard;
}

/* Empties a folder but for its lock, its folders and the list of what was forgotten, which a later
 * scan must not bring back; *left: files of others that stay. */
static enum status empty(const char *folder, size_t *removed, size_t *left, struct fault *fault) {
    DIR *entries = opendir(folder);
    enum status status = STATUS_OK;
    if (!entries)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s", folder,
                         strerror(errno));
    while (status == STATUS_OK) {
        errno = 0;
        struct dirent *entry = readdir(entries);
        if (!entry && errno)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s",
                               folder, strerror(errno));
        if (!entry)
            break;
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lock") == 0 ||
            strcmp(name, "forgotten") == 0 || span_starts(span_of(name), "share-"))
            continue;
        bool own = is_own(name);
        *left += !own;
        *removed += own;
        if (own && unlinkat(dirfd(entries), name, 0) != 0)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s/%s\": %s", folder,
                               name, strerror(errno));
    }
    closedir(entries);
    return status;
}

static void remove_folder(const char *folder) {
    char path[4300];
    snprintf(path, sizeof path, "%.4200s/lock", folder);
    unlink(path);
    rmdir(folder);
}

/* The folders of shares, then the one that holds them. */
static enum status empty_all(const struct shard_folder *shards, size_t *removed, size_t *left,
                             struct fault *fault) {
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < shards->parts.count && status == STATUS_OK; i++) {
        char folder[4200];
        size_t before = *left;
        snprintf(folder, sizeof folder, "%s/%s", shards->folder, shards->parts.names[i].at);
        status = empty(folder, removed, left, fault);
        if (status == STATUS_OK && *left == before)
            remove_folder(folder);
    }
    return status == STATUS_OK ? empty(shards->folder, removed, left, fault) : status;
}

int command_clean(const struct options *options) {
    struct shard_folder shards = {0};
    struct share_sources sources = {0};
    struct fault fault = {0};
    char path[4100];
    size_t removed = 0, left = 0;
    if (options->argument_count != 1) {
        print_message("burza clean wants one audit: burza clean AUDIT.h5");
        return EXIT_USAGE;
    }
    snprintf(path, sizeof path, "%.4000s.parts", options->arguments[0]);
    if (access(path, F_OK) != 0) {
        print_message("there is no \"%s\": nothing to remove", path);
        return EXIT_NOINPUT;
    }
    enum status status = shard_folder_open(&shards, options->arguments[0], &fault);
    if (status == STATUS_OK)
        status = share_sources_add(&sources, &shards, &fault);
    if (status == STATUS_OK)
        status = share_sources_idle(&sources, &fault);
    if (status == STATUS_OK)
        status = empty_all(&shards, &removed, &left, &fault);
    if (status == STATUS_OK && !left)
        remove_folder(shards.folder);
    share_sources_release(&sources);
    shard_folder_close(&shards);
    if (status != STATUS_OK)
        return print_error(&fault);
    if (left)
        print_message("%zu files in \"%s\" are not burza's and stay", left, shards.folder);
    if (!options->quiet)
        print_message(
            "removed %zu files of \"%s\"; another study, and another dump into this audit, "
            "need its dumps again",
            removed, shards.folder);
    return left ? EXIT_PARTIAL : EXIT_DONE;
}
