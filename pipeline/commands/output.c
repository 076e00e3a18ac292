#include "pipeline/commands/output.h"

#include "stages/common/span.h"
#include "stages/store/store.h"

#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>

static bool is_page(const char *path) {
    static const char start[] = "<!DOCTYPE html>";
    char head[sizeof start] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t got = fread(head, 1, sizeof start - 1, file);
    fclose(file);
    return got == sizeof start - 1 && strncasecmp(head, start, sizeof start - 1) == 0;
}

enum status output_check(const char *path, enum output_kind kind, struct fault *fault) {
    struct stat st;
    /* a folder in the way is refused by the rename, with the system's own words */
    if (stat(path, &st) != 0 || S_ISDIR(st.st_mode))
        return STATUS_OK;
    if (!S_ISREG(st.st_mode))
        return fault_set(fault, STATUS_FATAL, EXIT_IO,
                         "\"%s\" is a device or a pipe; choose a file with -o", path);
    if (st.st_size == 0 || (kind == OUTPUT_AUDIT ? store_is_sealed(path) : is_page(path)))
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                     "\"%s\" is there already and is no %s: choose another name with -o, or remove "
                     "it first",
                     path, kind == OUTPUT_AUDIT ? "audit of burza" : "HTML page");
}
