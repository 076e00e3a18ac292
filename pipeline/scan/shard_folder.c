#include "pipeline/scan/shard_folder.h"

#include "stages/common/files.h"
#include "stages/common/num.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CONFIG_TEXT_MAX = 1 << 20, KEY_HALF = SHARD_PATH_SIZE, OTHER_HOST_S = 24 * 3600 };

/* True when the process that wrote the temporary file ".NAME.tmp-HOST-PID" is gone. In a container
 * this process may have the number of the one that was killed. Of another host's processes nothing
 * is known but that none writes one file for a day. */
static bool writer_is_gone(int folder, const char *temporary) {
    int64_t pid;
    struct stat st;
    char host[FILES_HOST_SIZE];
    if (fstatat(folder, temporary, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
        st.st_nlink != 1 || st.st_uid != geteuid())
        return false; /* burza makes none such */
    const char *end = strrchr(temporary, '-'), *begin = strstr(temporary, ".tmp-");
    if (!end || !begin || !num_i64(span_of(end + 1), &pid) || pid <= 0 || pid > INT32_MAX)
        return false;
    begin += strlen(".tmp-");
    /* version 0.1.0 wrote no host */
    bool ours =
        end < begin || span_is((struct span){begin, (size_t)(end - begin)}, file_host(host));
    if (!ours)
        return time(NULL) - st.st_mtime > OTHER_HOST_S;
    return pid == getpid() || (kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

/* Removes what gone processes left in `folder` under names that begin with one of the prefixes. */
static void remove_temporaries(const char *folder, const char *const *prefixes, size_t count) {
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        for (size_t i = 0; i < count; i++)
            if (span_starts(span_of(entry->d_name), prefixes[i]) &&
                writer_is_gone(dirfd(entries), entry->d_name))
                unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
}

enum status shard_folder_open(struct shard_folder *shards, const char *audit, struct fault *fault) {
    char path[4100], audit_prefix[300], report_prefix[300];
    shards->lock = NULL;
    int len = snprintf(shards->folder, sizeof shards->folder, "%s.parts", audit);
    if (len < 0 || (size_t)len >= sizeof shards->folder)
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%.100s...\" is too long",
                         audit);
    enum status status = folder_make(shards->folder, fault);
    if (status != STATUS_OK)
        return status;
    snprintf(path, sizeof path, "%s/lock", shards->folder);
    status = lock_take(path, &shards->lock, fault);
    if (status != STATUS_OK)
        return status;
    /* what a killed run was writing: shards, the audit, its report */
    const char *slash = strrchr(audit, '/'), *name = slash ? slash + 1 : audit;
    struct span stem = span_of(name);
    if (span_ends(stem, ".h5"))
        stem.len -= 3;
    snprintf(path, sizeof path, "%.*s", slash ? (int)(slash - audit + 1) : 1, slash ? audit : ".");
    snprintf(audit_prefix, sizeof audit_prefix, ".%.255s.tmp-", name);
    snprintf(report_prefix, sizeof report_prefix, ".%.*s.html.tmp-", (int)stem.len, stem.at);
    remove_temporaries(path, (const char *[]){audit_prefix, report_prefix}, 2);
    remove_temporaries(shards->folder, (const char *[]){"."}, 1);
    return STATUS_OK;
}

void shard_folder_close(struct shard_folder *shards) {
    lock_drop(shards->lock);
    shards->lock = NULL;
}

static void short_digest(struct span text, char out[KEY_HALF + 1]) {
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_of(text, sum);
    digest_hex(sum, hex);
    memcpy(out, hex, KEY_HALF);
    out[KEY_HALF] = 0;
}

enum status shard_folder_input_key(const struct input_path *path, const char *reading, int number,
                                   char out[72], struct fault *fault) {
    char real[PATH_MAX] = "-", first[KEY_HALF + 1], second[KEY_HALF + 1];
    struct buf version;
    if (path->size >= 0 && !realpath(path->path, real))
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot find where \"%s\" lies: %s",
                         path->path, strerror(errno));
    buf_init(&version, CONFIG_TEXT_MAX);
    buf_format(&version, "%lld %lld %.300s", (long long)path->size, (long long)path->mtime_ns,
               path->label);
    if (*reading || number)
        buf_format(&version, " %d %s", number, reading);
    short_digest(span_of(real), first);
    short_digest(buf_as_span(&version), second);
    bool failed = version.failed;
    buf_release(&version);
    snprintf(out, 72, "%s-%s", first, second);
    return failed ? fault_memory(fault) : STATUS_OK;
}

void shard_folder_shard_path(const struct shard_folder *shards, const char *input_key,
                             const char *scan_digest, int64_t segment, char *out, size_t size) {
    snprintf(out, size, "%s/%s-%.8s-%06lld.h5", shards->folder, input_key, scan_digest,
             (long long)segment);
}

/* Puts a shard aside that its seal proves to be damaged. */
static enum status set_aside(const char *path, const char *name, struct shard_list *list,
                             struct fault *fault) {
    char aside[4300];
    snprintf(aside, sizeof aside, "%s.damaged", path);
    if (rename(path, aside) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot rename the damaged \"%s\": %s", path,
                         strerror(errno));
    return symbols_intern(&list->damaged, span_of(name)) != SYMBOL_NONE ? STATUS_OK
                                                                        : fault_memory(fault);
}

/* Reads the head of one file. */
static enum status list_file(const char *path, const char *name, const char *scan_digest,
                             struct shard_list *list, struct fault *fault) {
    struct shard shard;
    struct fault why = {0};
    bool ok = true;
    enum status status = store_verify(path, &why);
    if (status != STATUS_OK && why.exit_code == EXIT_DATA)
        return set_aside(path, name, list, fault);
    if (status == STATUS_OK)
        status = shard_read(path, SHARD_HEAD | SHARD_CHECKED, &shard, &why);
    if (status != STATUS_OK)
        return fault_set(fault, status, why.exit_code == EXIT_INTERNAL ? EXIT_INTERNAL : EXIT_IO,
                         "%.400s", why.text);
    if (scan_digest && strcmp(shard.head.scan_digest, scan_digest) != 0) {
        ok = symbols_intern(&list->others, span_of(name)) != SYMBOL_NONE;
        shard_release(&shard);
        return ok ? STATUS_OK : fault_memory(fault);
    }
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        struct shard_entry *at = realloc(list->at, cap * sizeof *at);
        ok = at != NULL;
        list->at = ok ? at : list->at;
        list->cap = ok ? cap : list->cap;
    }
    char *own = ok ? strdup(path) : NULL;
    if (own)
        list->at[list->count++] = (struct shard_entry){own, shard.head};
    shard_release(&shard);
    return own ? STATUS_OK : fault_memory(fault);
}

static int compare_entries(const void *a, const void *b) {
    const struct shard_entry *x = a, *y = b;
    int order = strcmp(x->head.input_key, y->head.input_key);
    return order ? order
                 : (x->head.segment > y->head.segment) - (x->head.segment < y->head.segment);
}

enum status shard_folder_list(const struct shard_folder *shards, const char *scan_digest,
                              struct shard_list *out, struct fault *fault) {
    *out = (struct shard_list){0};
    DIR *folder = opendir(shards->folder);
    if (!folder)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s",
                         shards->folder, strerror(errno));
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        char path[4200], mark[16];
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (!entry && errno)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s",
                               shards->folder, strerror(errno));
        if (!entry)
            break;
        struct span shard = span_of(entry->d_name);
        bool damaged = span_ends(shard, ".damaged");
        if (damaged)
            shard.len -= strlen(".damaged");
        if (shard.at[0] == '.' || !span_ends(shard, ".h5"))
            continue;
        /* other scans are seen by name, without reading the file */
        snprintf(mark, sizeof mark, "-%.8s-", scan_digest ? scan_digest : "");
        bool ours = !scan_digest || strstr(entry->d_name, mark);
        snprintf(path, sizeof path, "%s/%s", shards->folder, entry->d_name);
        if (ours && !damaged)
            status = list_file(path, entry->d_name, scan_digest, out, fault);
        else if (symbols_intern(ours ? &out->damaged : &out->others, shard) == SYMBOL_NONE)
            status = fault_memory(fault);
    }
    closedir(folder);
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, compare_entries);
    return status;
}

void shard_list_release(struct shard_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i].path);
    free(list->at);
    symbols_release(&list->others);
    symbols_release(&list->damaged);
    *list = (struct shard_list){0};
}

size_t shard_list_find(const struct shard_list *list, const char *input_key, size_t len) {
    size_t from = 0, to = list->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (strncmp(list->at[middle].head.input_key, input_key, len) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

int shard_list_trouble(const struct shard_list *list, const char *input_key) {
    int worst = 0;
    size_t i = shard_list_find(list, input_key, SHARD_KEY_SIZE);
    for (; i < list->count && strcmp(list->at[i].head.input_key, input_key) == 0; i++)
        if (list->at[i].head.trouble > worst)
            worst = (int)list->at[i].head.trouble;
    return worst;
}

static enum status remove_shard(const struct shard_entry *entry, struct fault *fault) {
    if (unlink(entry->path) == 0 || errno == ENOENT)
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s\": %s", entry->path,
                     strerror(errno));
}

enum status shard_folder_drop_old(const struct shard_list *list, const char *input_key, bool all,
                                  struct fault *fault) {
    size_t i = shard_list_find(list, input_key, KEY_HALF);
    enum status status = STATUS_OK;
    for (; i < list->count && status == STATUS_OK; i++) {
        const struct shard_entry *entry = &list->at[i];
        if (memcmp(entry->head.input_key, input_key, KEY_HALF) != 0)
            break;
        if (all || strcmp(entry->head.input_key, input_key) != 0)
            status = remove_shard(entry, fault);
    }
    return status;
}

enum status shard_folder_drop(const struct shard_list *list, const char *input_key,
                              struct fault *fault) {
    size_t i = shard_list_find(list, input_key, SHARD_KEY_SIZE);
    enum status status = STATUS_OK;
    for (; i < list->count && status == STATUS_OK; i++) {
        if (strcmp(list->at[i].head.input_key, input_key) != 0)
            break;
        status = remove_shard(&list->at[i], fault);
    }
    return status;
}

static void settings_path(const struct shard_folder *shards, char *out, size_t size) {
    snprintf(out, size, "%s/settings.json", shards->folder);
}

enum status shard_folder_save_settings(const struct shard_folder *shards, const char *text,
                                       struct fault *fault) {
    char path[4100];
    settings_path(shards, path, sizeof path);
    return file_publish(path, span_of(text), fault);
}

enum status shard_folder_load_settings(const struct shard_folder *shards, struct buf *out,
                                       struct fault *fault) {
    char path[4100];
    settings_path(shards, path, sizeof path);
    return file_read(path, out, fault);
}

static void replaced_path(const struct shard_folder *shards, char *out, size_t size) {
    snprintf(out, size, "%s/replaced", shards->folder);
}

enum status shard_folder_replaced(const struct shard_folder *shards, struct symbols *out,
                                  struct fault *fault) {
    char path[4100];
    struct buf text;
    enum status status = STATUS_OK;
    *out = (struct symbols){0};
    replaced_path(shards, path, sizeof path);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return STATUS_OK;
    buf_init(&text, (size_t)1 << 30);
    status = file_read(path, &text, fault);
    struct span rest = buf_as_span(&text);
    while (status == STATUS_OK && rest.len) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        if (len && symbols_intern(out, (struct span){rest.at, len}) == SYMBOL_NONE)
            status = fault_memory(fault);
        len += end != NULL;
        rest = (struct span){rest.at + len, rest.len - len};
    }
    buf_release(&text);
    return status;
}

enum status shard_folder_add_replaced(const struct shard_folder *shards, const struct symbols *sums,
                                      struct fault *fault) {
    char path[4100];
    struct symbols all;
    struct buf text;
    buf_init(&text, (size_t)1 << 30);
    replaced_path(shards, path, sizeof path);
    enum status status = shard_folder_replaced(shards, &all, fault);
    uint32_t before = all.count;
    for (uint32_t i = 0; i < sums->count && status == STATUS_OK; i++)
        if (symbols_intern(&all, sums->names[i]) == SYMBOL_NONE)
            status = fault_memory(fault);
    for (uint32_t i = 0; i < all.count; i++) {
        buf_span(&text, all.names[i]);
        buf_char(&text, '\n');
    }
    if (status == STATUS_OK && text.failed)
        status = fault_memory(fault);
    if (status == STATUS_OK && all.count > before)
        status = file_publish(path, buf_as_span(&text), fault);
    symbols_release(&all);
    buf_release(&text);
    return status;
}

enum status shard_folder_forget_replaced(const struct shard_folder *shards, struct fault *fault) {
    char path[4100];
    replaced_path(shards, path, sizeof path);
    if (unlink(path) == 0 || errno == ENOENT)
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s\": %s", path,
                     strerror(errno));
}
