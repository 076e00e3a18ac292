/* scan_kit.h: a folder of its own for a test of the scan, and files in it. */
#ifndef BURZA_SCAN_KIT_H
#define BURZA_SCAN_KIT_H

#include "stages/common/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char kit_folder[200];

/* "FOLDER/name"; lives until the fourth call after it. */
static inline const char *kit_path(const char *name) {
    static char paths[4][500];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", kit_folder, name);
    return path;
}

static inline bool kit_begin(void) {
    const char *tmp = getenv("TMPDIR");
    snprintf(kit_folder, sizeof kit_folder, "%.150s/burza-scan.XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(kit_folder) != NULL;
}

static inline void kit_remove(const char *folder) {
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[4096];
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(path, sizeof path, "%.3800s/%s", folder, entry->d_name) < 0)
            continue;
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            kit_remove(path);
        else
            unlink(path);
    }
    if (entries)
        closedir(entries);
    rmdir(folder);
}

static inline bool kit_write(const char *name, struct span bytes) {
    return file_publish(kit_path(name), bytes, NULL) == STATUS_OK;
}

static inline bool kit_exists(const char *name) {
    return access(kit_path(name), F_OK) == 0;
}

#endif
