#include "pipeline/commands/output.h"

#include "pipeline/commands/commands.h"
#include "stages/common/files.h"
#include "stages/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A page of ours says so in its head; those of 0.1.0 begin with a head that no other program
 * writes. */
static bool is_page(const char *path) {
    static const char *const marks[] = {
        "<meta name=\"generator\" content=\"burza\">",
        "img-src data:; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"};
    char head[2048];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t got = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    head[got] = 0;
    return strncmp(head, "<!DOCTYPE html>", 15) == 0 &&
           (strstr(head, marks[0]) || strstr(head, marks[1]));
}

/* A workbook, whoever wrote it: one that is named is replaced, as spreadsheets do. */
static bool is_book(const char *path) {
    static const char head[] = "PK\003\004", part[] = "xl/workbook.xml";
    enum { TAIL = 65536 };
    char *bytes = malloc(TAIL);
    FILE *file = bytes ? fopen(path, "rb") : NULL;
    bool is = file && fread(bytes, 1, 4, file) == 4 && memcmp(bytes, head, 4) == 0;
    /* the list of parts stands at the end */
    if (is && fseek(file, -TAIL, SEEK_END) != 0)
        rewind(file);
    size_t got = is ? fread(bytes, 1, TAIL, file) : 0;
    is = is && memmem(bytes, got, part, sizeof part - 1) != NULL;
    if (file)
        fclose(file);
    free(bytes);
    return is;
}

/* Makes and removes the temporary file that the output will be written to. */
static enum status try_path(const char *path, struct fault *fault) {
    char temporary[4096];
    size_t len = strlen(path);
    if (!len || path[len - 1] == '/')
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "\"%s\" is no name of a file; choose one with -o", path);
    if (!file_temporary(path, temporary, sizeof temporary))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%.100s...\" is too long",
                         path);
    unlink(temporary); /* of a process that had this one's number */
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, uncreated_exit(errno), "cannot create \"%s\": %s",
                         path, strerror(errno));
    close(fd);
    unlink(temporary);
    return STATUS_OK;
}

/* An audit, or one that is damaged so that nobody can tell; no shard. */
static bool is_audit(const char *path) {
    struct audit audit;
    if (!store_is_sealed(path))
        return false;
    bool read = audit_read_inputs(path, &audit, NULL) == STATUS_OK;
    audit_release(&audit);
    return read || store_verify(path, NULL) != STATUS_OK;
}

enum status output_check(const char *path, enum output_kind kind, struct fault *fault) {
    struct stat st;
    static const struct {
        bool (*is)(const char *path);
        const char *what;
    } kinds[] = {[OUTPUT_AUDIT] = {is_audit, "audit of burza"},
                 [OUTPUT_REPORT] = {is_page, "page of burza"},
                 [OUTPUT_BOOK] = {is_book, "workbook (xlsx)"}};
    bool there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "\"%s\" is a folder; choose the name of a file with -o", path);
    if (there && !S_ISREG(st.st_mode))
        return fault_set(fault, STATUS_FATAL, EXIT_IO,
                         "\"%s\" is a device or a pipe; choose a file with -o", path);
    if (there && st.st_size && !kinds[kind].is(path))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "\"%s\" is there already and is no %s: choose another name with -o, or "
                         "remove it first",
                         path, kinds[kind].what);
    return try_path(path, fault);
}

/* ---- what burza wrote is no dump ---- */

/* In a folder of shards: its lock and settings look like any file. */
static bool is_in_shards(const char *path) {
    char lock[PATH_MAX + 8];
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) : 0;
    snprintf(lock, sizeof lock, "%.*s%slock", folder, path, slash ? "/" : "");
    if (access(lock, F_OK) != 0)
        return false;
    snprintf(lock, sizeof lock, "%.*s%ssettings.json", folder, path, slash ? "/" : "");
    return access(lock, F_OK) == 0;
}

static bool is_argument(const struct options *options, const char *path) {
    for (size_t i = 0; i < options->argument_count; i++)
        if (strcmp(options->arguments[i], path) == 0)
            return true;
    return false;
}

enum status output_leave_out(const struct options *options, struct inputs *inputs,
                             struct fault *fault) {
    size_t kept = 0, left = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < inputs->count; i++) {
        struct input_path *path = &inputs->at[i];
        bool own = path->size >= 0 &&
                   (store_is_sealed(path->path) || is_page(path->path) || is_in_shards(path->path));
        if (own && status == STATUS_OK && is_argument(options, path->path))
            status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                               "\"%s\" was written by burza and is no dump; burza study, merge, "
                               "report and export read audits",
                               path->path);
        if (own)
            input_path_release(path);
        else
            inputs->at[kept++] = *path;
        left += own;
    }
    inputs->count = kept;
    if (status == STATUS_OK && !kept)
        status = fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                           "nothing to read: what was named was written by burza and is no dump");
    if (status == STATUS_OK && left && !options->quiet)
        print_message("%zu files that burza wrote are no dumps and are left out", left);
    return status == STATUS_OK && left ? inputs_label(inputs, fault) : status;
}
