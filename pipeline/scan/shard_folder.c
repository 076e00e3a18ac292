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

static bool is_folder(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool shard_folder_path(const char *audit, char *out, size_t size) {
    size_t len = strlen(audit);
    while (len > 1 && audit[len - 1] == '/')
        len--;
    struct span name = {audit, len};
    bool itself = span_ends(name, ".parts") && is_folder(audit);
    char settings[4200];
    snprintf(settings, sizeof settings, "%.4000s/settings.json", audit);
    itself |= access(settings, F_OK) == 0;
    int made = snprintf(out, size, "%.*s%s", (int)len, audit, itself ? "" : ".parts");
    return made > 0 && (size_t)made < size;
}

/* Makes the folder of `audit`. */
static enum status make_folder(struct shard_folder *shards, const char *audit,
                               struct fault *fault) {
    shards->lock = NULL;
    shards->parts = (struct symbols){0};
    if (!shard_folder_path(audit, shards->folder, sizeof shards->folder - SHARE_NAME_SIZE - 1))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%.100s...\" is too long",
                         audit);
    return folder_make(shards->folder, fault);
}

static enum status lock_folder(struct shard_folder *shards, struct fault *fault) {
    char path[4100];
    snprintf(path, sizeof path, "%s/lock", shards->folder);
    return lock_take(path, &shards->lock, fault);
}

enum status shard_folder_open(struct shard_folder *shards, const char *audit, struct fault *fault) {
    char path[4100], audit_prefix[300], report_prefix[300];
    enum status status = make_folder(shards, audit, fault);
    if (status == STATUS_OK)
        status = lock_folder(shards, fault);
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

void shard_folder_share_name(int share, char out[SHARE_NAME_SIZE]) {
    snprintf(out, SHARE_NAME_SIZE, "share-%05d", share);
}

enum status shard_folder_open_share(struct shard_folder *shards, const char *audit, int share,
                                    struct fault *fault) {
    char name[SHARE_NAME_SIZE];
    enum status status = make_folder(shards, audit, fault);
    if (status != STATUS_OK)
        return status;
    size_t len = strlen(shards->folder);
    shard_folder_share_name(share, name);
    snprintf(shards->folder + len, sizeof shards->folder - len, "/%s", name);
    status = folder_make(shards->folder, fault);
    if (status == STATUS_OK)
        status = lock_folder(shards, fault);
    if (status == STATUS_OK)
        remove_temporaries(shards->folder, (const char *[]){"."}, 1);
    return status;
}

void shard_folder_close(struct shard_folder *shards) {
    lock_drop(shards->lock);
    shards->lock = NULL;
    symbols_release(&shards->parts);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the folders of shares, sorted; false when out of memory. */
static bool list_shares(const char *folder, char ***names, size_t *count) {
    DIR *entries = opendir(folder);
    bool ok = true;
    *names = NULL;
    *count = 0;
    for (struct dirent *entry; ok && entries && (entry = readdir(entries));) {
        if (!span_starts(span_of(entry->d_name), "share-"))
            continue;
        char **more = realloc(*names, (*count + 1) * sizeof *more);
        *names = more ? more : *names;
        ok = more && (more[*count] = strdup(entry->d_name));
        *count += ok;
    }
    if (entries)
        closedir(entries);
    if (*count)
        qsort(*names, *count, sizeof **names, compare_names);
    return ok;
}

enum status shard_folder_add_shares(struct shard_folder *shards, int count, struct symbols *foreign,
                                    size_t *running, struct fault *fault) {
    char **names, path[4300], want[SHARE_NAME_SIZE];
    size_t found;
    bool ok = list_shares(shards->folder, &names, &found);
    *running = 0;
    for (size_t i = 0; i < found; i++) {
        int64_t number = 0;
        bool numbered = num_i64(span_of(names[i] + strlen("share-")), &number);
        shard_folder_share_name((int)(numbered && number > 0 && number <= count ? number : 0),
                                want);
        bool ours = number > 0 && strcmp(want, names[i]) == 0;
        ok =
            ok && symbols_intern(ours ? &shards->parts : foreign, span_of(names[i])) != SYMBOL_NONE;
        snprintf(path, sizeof path, "%s/%.255s/lock", shards->folder, names[i]);
        *running += ours && lock_is_held(path);
        free(names[i]);
    }
    free(names);
    return ok ? STATUS_OK : fault_memory(fault);
}

void shard_folder_find(const struct shard_folder *shards, const char *name, char *out,
                       size_t size) {
    snprintf(out, size, "%s/%.255s", shards->folder, name);
    for (uint32_t i = 0; i < shards->parts.count && access(out, F_OK) != 0; i++)
        snprintf(out, size, "%s/%s/%.255s", shards->folder, shards->parts.names[i].at, name);
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

void shard_folder_small_path(const struct shard_folder *shards, const char *input_key,
                             const char *scan_digest, int64_t segment, char *out, size_t size) {
    snprintf(out, size, "%s/%s-%.8s-%06lld" SMALL_SHARD_ENDING, shards->folder, input_key,
             scan_digest, (long long)segment);
}

bool shard_folder_is_shard(struct span name) {
    return name.len && name.at[0] != '.' &&
           (span_ends(name, ".h5") || span_ends(name, SMALL_SHARD_ENDING));
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

/* Heads that this process read, while the files are the same: several steps list them. Only one
 * thread lists shards. */
static struct {
    struct symbols paths;
    struct known_head {
        dev_t device;
        ino_t inode;
        off_t size;
        struct timespec changed;
        unsigned char *packed; /* the head */
    } * at;                    /* [cap] by number of the path */
    size_t cap;
} known_heads;

/* A head is mostly the room behind its texts: runs of bytes, each behind its length, and how many
 * zeros follow it. NULL: out of memory. */
static unsigned char *pack_head(const struct shard_head *head) {
    const unsigned char *from = (const unsigned char *)head, *end = from + sizeof *head;
    unsigned char packed[3 * sizeof *head], *to = packed;
    while (from < end) {
        uint16_t run = 0, zeros = 0;
        while (from + run < end && from[run])
            run++;
        while (from + run + zeros < end && !from[run + zeros])
            zeros++;
        memcpy(to, &run, sizeof run);
        memcpy(to + 2, &zeros, sizeof zeros);
        memcpy(to + 4, from, run);
        to += 4 + run;
        from += run + zeros;
    }
    unsigned char *own = malloc((size_t)(to - packed));
    return own ? memcpy(own, packed, (size_t)(to - packed)) : NULL;
}

static void unpack_head(const unsigned char *from, struct shard_head *head) {
    unsigned char *to = (unsigned char *)head, *end = to + sizeof *head;
    memset(head, 0, sizeof *head);
    while (to < end) {
        uint16_t run, zeros;
        memcpy(&run, from, sizeof run);
        memcpy(&zeros, from + 2, sizeof zeros);
        memcpy(to, from + 4, run);
        from += 4 + run;
        to += run + zeros;
    }
}

static bool is_same_file(const struct known_head *known, const struct stat *st) {
    return known->packed && known->device == st->st_dev && known->inode == st->st_ino &&
           known->size == st->st_size && known->changed.tv_sec == st->st_mtim.tv_sec &&
           known->changed.tv_nsec == st->st_mtim.tv_nsec;
}

static void know_head(const char *path, const struct stat *st, const struct shard_head *head) {
    uint32_t number = symbols_intern(&known_heads.paths, span_of(path));
    if (number == SYMBOL_NONE)
        return; /* it is read again */
    if (number >= known_heads.cap) {
        size_t cap = known_heads.cap ? known_heads.cap * 2 : 64;
        struct known_head *at = realloc(known_heads.at, cap * sizeof *at);
        if (!at)
            return;
        memset(at + known_heads.cap, 0, (cap - known_heads.cap) * sizeof *at);
        known_heads.at = at;
        known_heads.cap = cap;
    }
    free(known_heads.at[number].packed);
    known_heads.at[number] =
        (struct known_head){st->st_dev, st->st_ino, st->st_size, st->st_mtim, pack_head(head)};
}

/* The head of a shard; its seal is checked unless this very file's was. */
static enum status read_head(const char *path, struct shard_head *head, struct fault *fault) {
    struct stat st;
    struct shard shard;
    bool there = stat(path, &st) == 0;
    uint32_t number = symbols_find(&known_heads.paths, span_of(path));
    if (there && number < known_heads.cap && is_same_file(&known_heads.at[number], &st)) {
        unpack_head(known_heads.at[number].packed, head);
        return STATUS_OK;
    }
    enum status status = store_verify(path, fault);
    if (status != STATUS_OK)
        return status;
    status = shard_read(path, SHARD_HEAD | SHARD_CHECKED, &shard, fault);
    if (status != STATUS_OK) {
        /* its seal is whole: what this version cannot read is not damaged */
        if (fault->exit_code == EXIT_DATA)
            fault->exit_code = EXIT_IO;
        return status;
    }
    *head = shard.head;
    shard_release(&shard);
    if (there)
        know_head(path, &st, head);
    return STATUS_OK;
}

/* Reads the head of one file. */
static enum status list_file(const char *path, const char *name, uint32_t part,
                             const char *scan_digest, struct shard_list *list,
                             struct fault *fault) {
    struct shard_head head;
    struct fault why = {0};
    bool ok = true;
    enum status status = read_head(path, &head, &why);
    if (status != STATUS_OK && why.exit_code == EXIT_DATA)
        return set_aside(path, name, list, fault);
    if (status != STATUS_OK)
        return fault_set(fault, status, why.exit_code == EXIT_INTERNAL ? EXIT_INTERNAL : EXIT_IO,
                         "%.400s", why.text);
    if (scan_digest && strcmp(head.scan_digest, scan_digest) != 0) {
        ok = symbols_intern(&list->others, span_of(name)) != SYMBOL_NONE;
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
        list->at[list->count++] = (struct shard_entry){own, part, head};
    return own ? STATUS_OK : fault_memory(fault);
}

static int compare_entries(const void *a, const void *b) {
    const struct shard_entry *x = a, *y = b;
    int order = strcmp(x->head.input_key, y->head.input_key);
    if (!order)
        order = (x->part > y->part) - (x->part < y->part);
    return order ? order
                 : (x->head.segment > y->head.segment) - (x->head.segment < y->head.segment);
}

/* Of one folder: the shards' own, or that of a share. */
static enum status list_folder(const char *folder, uint32_t part, const char *scan_digest,
                               struct shard_list *out, struct fault *fault) {
    DIR *entries = opendir(folder);
    if (!entries)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s", folder,
                         strerror(errno));
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        char path[4200], mark[16];
        errno = 0;
        struct dirent *entry = readdir(entries);
        if (!entry && errno)
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the folder \"%s\": %s",
                               folder, strerror(errno));
        if (!entry)
            break;
        struct span shard = span_of(entry->d_name);
        bool damaged = span_ends(shard, ".damaged");
        if (damaged)
            shard.len -= strlen(".damaged");
        if (!shard_folder_is_shard(shard))
            continue;
        /* other scans are seen by name, without reading the file */
        snprintf(mark, sizeof mark, "-%.8s-", scan_digest ? scan_digest : "");
        bool ours = !scan_digest || strstr(entry->d_name, mark);
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (ours && !damaged)
            status = list_file(path, entry->d_name, part, scan_digest, out, fault);
        else if (symbols_intern(ours ? &out->damaged : &out->others, shard) == SYMBOL_NONE)
            status = fault_memory(fault);
    }
    closedir(entries);
    return status;
}

enum status shard_folder_list(const struct shard_folder *shards, const char *scan_digest,
                              struct shard_list *out, struct fault *fault) {
    char folder[4100];
    *out = (struct shard_list){0};
    enum status status = list_folder(shards->folder, 0, scan_digest, out, fault);
    for (uint32_t i = 0; i < shards->parts.count && status == STATUS_OK; i++) {
        snprintf(folder, sizeof folder, "%s/%s", shards->folder, shards->parts.names[i].at);
        status = list_folder(folder, i + 1, scan_digest, out, fault);
    }
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

/* `part` 0: of the folder itself, else of a share in it, from 1. */
static void replaced_path(const struct shard_folder *shards, uint32_t part, char *out,
                          size_t size) {
    snprintf(out, size, "%s%s%s/replaced", shards->folder, part ? "/" : "",
             part ? shards->parts.names[part - 1].at : "");
}

static enum status read_replaced(const char *path, struct symbols *out, struct fault *fault) {
    struct buf text;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return STATUS_OK;
    buf_init(&text, (size_t)1 << 30);
    enum status status = file_read(path, &text, fault);
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

enum status shard_folder_replaced(const struct shard_folder *shards, struct symbols *out,
                                  struct fault *fault) {
    char path[4200];
    enum status status = STATUS_OK;
    *out = (struct symbols){0};
    for (uint32_t part = 0; part <= shards->parts.count && status == STATUS_OK; part++) {
        replaced_path(shards, part, path, sizeof path);
        status = read_replaced(path, out, fault);
    }
    return status;
}

enum status shard_folder_add_replaced(const struct shard_folder *shards, const struct symbols *sums,
                                      struct fault *fault) {
    char path[4100];
    struct symbols all;
    struct buf text;
    buf_init(&text, (size_t)1 << 30);
    replaced_path(shards, 0, path, sizeof path);
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
    char path[4200];
    for (uint32_t part = 0; part <= shards->parts.count; part++) {
        replaced_path(shards, part, path, sizeof path);
        if (unlink(path) != 0 && errno != ENOENT)
            return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot remove \"%s\": %s", path,
                             strerror(errno));
    }
    return STATUS_OK;
}
