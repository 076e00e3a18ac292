/* burza forget: posts and people leave an audit, its report and the shards it was made of. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/share_sources.h"
#include "pipeline/scan/forgotten.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Blanks the rows in every shard of the folder, and removes shards that were set aside. */
static enum status blank_shards(const struct shard_folder *folder,
                                const struct forgotten *forgotten, size_t *rows,
                                struct fault *fault) {
    struct shard_list list;
    enum status status = shard_folder_list(folder, NULL, &list, fault);
    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        struct shard shard;
        status = shard_read(list.at[i].path, SHARD_WHOLE, &shard, fault);
        if (status != STATUS_OK)
            break;
        size_t blanked = forgotten_blank(forgotten, &shard.mentions);
        if (blanked)
            status = shard_write(list.at[i].path, &shard, fault);
        *rows += blanked;
        shard_release(&shard);
    }
    for (uint32_t i = 0; i < list.damaged.count && status == STATUS_OK; i++) {
        char path[4300];
        char name[300];
        snprintf(name, sizeof name, "%.250s.damaged", list.damaged.names[i].at);
        shard_folder_find(folder, name, path, sizeof path);
        if (unlink(path) == 0)
            print_message("removed %s, which could not be read", path);
    }
    shard_list_release(&list);
    return status;
}

static enum status forget(const char *audit, char **names, size_t count, size_t *rows,
                          struct fault *fault) {
    struct shard_folder folder = {0};
    struct forgotten forgotten = {0};
    struct share_sources sources = {0};
    enum status status = shard_folder_open(&folder, audit, fault);
    if (status == STATUS_OK)
        status = share_sources_add(&sources, &folder, fault);
    if (status == STATUS_OK)
        status = share_sources_idle(&sources, fault);
    if (status == STATUS_OK)
        status = forgotten_read(&forgotten, folder.folder, fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (!forgotten_add(&forgotten, span_of(names[i])))
            status = fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                               "\"%.60s\" is neither the id of a post nor @AUTHOR", names[i]);
    /* first the list: a run that is stopped here has lost nothing, and the next blanks the rest */
    if (status == STATUS_OK)
        status = forgotten_write(&forgotten, folder.folder, fault);
    if (status == STATUS_OK)
        status = blank_shards(&folder, &forgotten, rows, fault);
    share_sources_release(&sources);
    shard_folder_close(&folder);
    forgotten_release(&forgotten);
    return status;
}

int command_forget(const struct options *options) {
    struct fault fault = {0};
    struct options study = *options;
    char folder[4100], report[4100];
    size_t first = options->output ? 0 : 1, rows = 0;
    const char *audit = options->output ? options->output : options->arguments[0];
    if (options->argument_count < first + 1) {
        print_message("burza forget wants an audit and whom or what to forget: burza forget "
                      "AUDIT.h5 POST-ID @AUTHOR ...");
        return EXIT_USAGE;
    }
    snprintf(folder, sizeof folder, "%s.parts", audit);
    if (access(folder, F_OK) != 0) {
        print_message("there is no \"%s\": without the shards of the audit nothing can be "
                      "forgotten; remove the posts from the dumps and run the audit again",
                      folder);
        return EXIT_NOINPUT;
    }
    if (forget(audit, options->arguments + first, options->argument_count - first, &rows, &fault) !=
        STATUS_OK)
        return print_error(&fault);
    print_message("%zu row%s forgotten; a later scan of the same dumps does not bring them back",
                  rows, rows == 1 ? "" : "s");
    char *one[] = {(char *)(uintptr_t)audit};
    study.arguments = one;
    study.argument_count = 1;
    study.output = NULL;
    study.quiet = true;
    int code = command_study(&study);
    size_t stem = strlen(audit);
    stem -= span_ends(span_of(audit), ".h5") ? 3 : 0;
    snprintf(report, sizeof report, "%.*s.html", (int)stem, audit);
    if ((code == EXIT_DONE || code == EXIT_PARTIAL) && access(report, F_OK) == 0) {
        int reported = command_report(&study);
        code = reported == EXIT_DONE ? code : reported;
    }
    return code == EXIT_DONE && !rows ? EXIT_PARTIAL : code;
}
