/* burza clean: removes the shards of an audit, which hold texts and names of what was scanned. */
#include "pipeline/commands/commands.h"
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
    bool shard = span_ends(span, ".h5") && span.len > SHARD_KEY_SIZE &&
                 name[SHARD_PATH_SIZE] == '-' && name[SHARD_KEY_SIZE] == '-';
    return shard || strcmp(name, "settings.json") == 0 || strcmp(name, "replaced") == 0;
}

/* Empties the open folder; *left: files of others that stay. */
static enum status empty(const struct shard_folder *shards, size_t *removed, size_t *left,
                         struct fault *fault) {
    DIR *entries = opendir(shards->folder);
    enum status status = STATUS_OK;
    if (!entries)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s",
                         shards->folder, strerror(errno));
    while (status == STATUS_OK) {
        errno = 0;
        struct dirent *entry = readdir(entries);
        if (!entry && errno)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s",
                               shards->folder, strerror(errno));
        if (!entry)
            break;
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lock") == 0)
            continue;
        bool own = is_own(name);
        *left += !own;
        *removed += own;
        if (own && unlinkat(dirfd(entries), name, 0) != 0)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s/%s\": %s",
                               shards->folder, name, strerror(errno));
    }
    closedir(entries);
    return status;
}

int command_clean(const struct options *options) {
    struct shard_folder shards = {0};
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
        status = empty(&shards, &removed, &left, &fault);
    if (status == STATUS_OK && !left) {
        snprintf(path, sizeof path, "%.4000s/lock", shards.folder);
        unlink(path);
        rmdir(shards.folder);
    }
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
