/* What the user named, made into a sorted list of regular files. */
#include "stages/common/files.h"
#include "stages/unpack/container.h"
#include "stages/unpack/label.h"
#include "stages/unpack/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LABEL_SIZE 1024

struct found {
    struct input_path path;
    dev_t device;
    ino_t inode;
};

/* A folder still to be read: its path as it was named, and where it lies from the root. */
struct folder {
    char *path, *full;
    char *via; /* where the symbolic link lies that led to it or above it, or NULL */
};

struct visited {
    dev_t device;
    ino_t inode;
};

struct folder_walk {
    struct found *found;
    size_t found_count, found_cap;
    struct folder *folders; /* a stack, so that depth costs no recursion */
    size_t folder_count, folder_cap;
    struct folder *links; /* symbolic links to folders, followed when all else was read */
    size_t link_count, link_cap;
    struct visited *visited; /* folders that were read: a link may lead back */
    size_t visited_count, visited_cap;
};

/* Makes room for one more element. */
static bool grow(void **at, size_t count, size_t *cap, size_t size) {
    if (count < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 16;
    void *bigger = more > SIZE_MAX / 2 / size ? NULL : realloc(*at, more * size);
    if (!bigger)
        return false;
    *at = bigger;
    *cap = more;
    return true;
}

static char *join(const char *folder, const char *name) {
    size_t folder_len = strlen(folder), name_len = strlen(name);
    bool slash = folder_len && folder[folder_len - 1] != '/';
    char *out = malloc(folder_len + slash + name_len + 1);
    if (!out)
        return NULL;
    memcpy(out, folder, folder_len);
    if (slash)
        out[folder_len] = '/';
    memcpy(out + folder_len + slash, name, name_len + 1);
    return out;
}

static char *clean_copy(const char *raw) {
    char label[LABEL_SIZE];
    label_sanitize(span_of(raw), label, sizeof label);
    return strdup(label);
}

/* Both strings become the walk's, whatever happens. */
static enum status walk_add_file(struct folder_walk *walk, char *path, char *full, const char *via,
                                 const struct stat *st, struct fault *fault) {
    char *link = via ? strdup(via) : NULL;
    if (!path || !full || (via && !link) ||
        !grow((void **)&walk->found, walk->found_count, &walk->found_cap, sizeof *walk->found)) {
        free(path);
        free(full);
        free(link);
        return fault_memory(fault);
    }
    walk->found[walk->found_count++] = (struct found){
        .path = {.path = path,
                 .full = full,
                 .link = link,
                 .size = st->st_size,
                 .mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec},
        .device = st->st_dev,
        .inode = st->st_ino,
    };
    return STATUS_OK;
}

static void folder_release(struct folder *folder) {
    free(folder->path);
    free(folder->full);
    free(folder->via);
}

/* The folder's strings become the walk's, whatever happens. */
static enum status walk_add_folder(struct folder_walk *walk, struct folder folder,
                                   struct fault *fault) {
    if (!folder.path || !folder.full ||
        !grow((void **)&walk->folders, walk->folder_count, &walk->folder_cap,
              sizeof *walk->folders)) {
        folder_release(&folder);
        return fault_memory(fault);
    }
    walk->folders[walk->folder_count++] = folder;
    return STATUS_OK;
}

static enum status walk_add_link(struct folder_walk *walk, struct folder folder,
                                 struct fault *fault) {
    folder.via = folder.full ? strdup(folder.full) : NULL;
    if (!folder.path || !folder.via ||
        !grow((void **)&walk->links, walk->link_count, &walk->link_cap, sizeof *walk->links)) {
        folder_release(&folder);
        return fault_memory(fault);
    }
    walk->links[walk->link_count++] = folder;
    return STATUS_OK;
}

/* True when the folder was read before; otherwise it counts as read from now on. */
static enum status walk_visit(struct folder_walk *walk, const struct stat *st, bool *before,
                              struct fault *fault) {
    *before = false;
    for (size_t i = 0; i < walk->visited_count && !*before; i++)
        *before = walk->visited[i].device == st->st_dev && walk->visited[i].inode == st->st_ino;
    if (*before)
        return STATUS_OK;
    if (!grow((void **)&walk->visited, walk->visited_count, &walk->visited_cap,
              sizeof *walk->visited))
        return fault_memory(fault);
    walk->visited[walk->visited_count++] = (struct visited){st->st_dev, st->st_ino};
    return STATUS_OK;
}

/* Hidden files, what Windows leaves in folders, and what burza itself writes. */
static bool left_out(const char *name) {
    struct span span = span_of(name);
    return name[0] == '.' || label_is_clutter(name) || span_ends(span, ".h5") ||
           span_ends(span, ".h5.parts") || span_ends(span, ".tmp");
}

static enum status walk_entry(struct folder_walk *walk, const struct folder *folder,
                              const char *name, struct fault *fault) {
    struct stat st, link;
    if (left_out(name))
        return STATUS_OK;
    char *path = join(folder->path, name);
    if (!path)
        return fault_memory(fault);
    bool there = lstat(path, &link) == 0;
    st = link;
    if (there && S_ISLNK(link.st_mode))
        there = stat(path, &st) == 0;
    if (!there && errno != ENOENT && errno != ELOOP && errno != ENOTDIR) {
        fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot look at \"%s\": %s", label_shown(path).text,
                  strerror(errno));
        free(path);
        return STATUS_FATAL;
    }
    if (there && S_ISREG(st.st_mode))
        return walk_add_file(walk, path, join(folder->full, name), folder->via, &st, fault);
    if (there && S_ISDIR(st.st_mode)) {
        struct folder inner = {path, join(folder->full, name), NULL};
        if (S_ISLNK(link.st_mode))
            return walk_add_link(walk, inner, fault);
        inner.via = folder->via ? strdup(folder->via) : NULL;
        return walk_add_folder(walk, inner, fault);
    }
    free(path); /* a link to nothing, a device, a fifo, a socket */
    return STATUS_OK;
}

static enum status walk_folder(struct folder_walk *walk, const struct folder *folder,
                               struct fault *fault) {
    struct stat st;
    bool before = false;
    DIR *handle = opendir(folder->path);
    if (!handle || fstat(dirfd(handle), &st) != 0) {
        fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot read the folder \"%s\": %s",
                  label_shown(folder->path).text, strerror(errno));
        if (handle)
            closedir(handle);
        return STATUS_FATAL;
    }
    enum status status = walk_visit(walk, &st, &before, fault);
    if (before && folder->via) { /* under its own name it was read already */
        closedir(handle);
        return STATUS_OK;
    }
    while (status == STATUS_OK) {
        errno = 0;
        struct dirent *entry = readdir(handle);
        if (!entry && errno)
            status =
                fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot read the folder \"%s\": %s",
                          label_shown(folder->path).text, strerror(errno));
        if (!entry)
            break;
        status = walk_entry(walk, folder, entry->d_name, fault);
    }
    closedir(handle);
    return status;
}

static enum status walk_folders(struct folder_walk *walk, struct fault *fault) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && walk->folder_count) {
        struct folder folder = walk->folders[--walk->folder_count];
        status = walk_folder(walk, &folder, fault);
        folder_release(&folder);
    }
    return status;
}

static int compare_folders(const struct folder *left, const struct folder *right) {
    int order = strcmp(left->full, right->full);
    return order ? order : strcmp(left->path, right->path);
}

/* Links to folders, in the order of their names, after everything that has a name of its own: so
 * labels do not depend on the order in which a folder lists them. */
static enum status walk_links(struct folder_walk *walk, struct fault *fault) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && walk->link_count) {
        size_t first = 0;
        for (size_t i = 1; i < walk->link_count; i++)
            if (compare_folders(&walk->links[i], &walk->links[first]) < 0)
                first = i;
        struct folder link = walk->links[first];
        walk->links[first] = walk->links[--walk->link_count];
        status = walk_add_folder(walk, link, fault);
        if (status == STATUS_OK)
            status = walk_folders(walk, fault);
    }
    return status;
}

/* Where what was named lies from the root, under the name that it was given: a link keeps its own.
 */
static char *full_path(const char *path) {
    char folder[PATH_MAX], real[PATH_MAX];
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start && path[start - 1] != '/')
        start--;
    struct span name = {path + start, end - start};
    if (span_is(name, ".") || span_is(name, "..") || span_is(name, "") || start >= sizeof folder)
        return realpath(path, NULL);
    snprintf(folder, sizeof folder, "%.*s", start ? (int)start : 1, start ? path : ".");
    char *last = realpath(folder, real) ? strndup(name.at, name.len) : NULL;
    char *full = last ? join(real, last) : NULL;
    free(last);
    return full;
}

static enum status walk_standard_input(struct folder_walk *walk, struct fault *fault) {
    struct stat st = {.st_size = -1};
    return walk_add_file(walk, strdup("-"), strdup("-"), NULL, &st, fault);
}

static enum status walk_named(struct folder_walk *walk, const char *path, struct fault *fault) {
    struct stat st;
    if (strcmp(path, "-") == 0)
        return walk_standard_input(walk, fault);
    if (stat(path, &st) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot read \"%s\": %s",
                         label_shown(path).text, strerror(errno));
    if (S_ISDIR(st.st_mode)) {
        enum status status =
            walk_add_folder(walk, (struct folder){strdup(path), full_path(path), NULL}, fault);
        return status == STATUS_OK ? walk_folders(walk, fault) : status;
    }
    if (!S_ISREG(st.st_mode))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "\"%s\" is neither a file nor a folder; pipe it in and name it \"-\"",
                         path);
    if (access(path, R_OK) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot read \"%s\": %s",
                         label_shown(path).text, strerror(errno));
    return walk_add_file(walk, strdup(path), full_path(path), NULL, &st, fault);
}

/* What a list names: a path a line, or where it has NULs (find -print0) a path each. */
static enum status walk_list(struct folder_walk *walk, const char *path, struct fault *fault) {
    struct buf text;
    buf_init(&text, (size_t)1 << 30);
    enum status status = file_read(path, &text, fault);
    buf_char(&text, 0);
    if (status == STATUS_OK && text.failed)
        status = fault_memory(fault);
    char *at = text.at, *end = text.at + text.len;
    bool nuls = status == STATUS_OK && strlen(at) + 1 < text.len;
    while (status == STATUS_OK && at < end) {
        size_t len = nuls ? strlen(at) : strcspn(at, "\n");
        at[len] = 0;
        if (!nuls && len && at[len - 1] == '\r')
            at[len - 1] = 0;
        if (*at)
            status = walk_named(walk, at, fault);
        at += len + 1;
    }
    buf_release(&text);
    return status;
}

static int compare_names(const struct found *a, const struct found *b) {
    int order = strcmp(a->path.full, b->path.full);
    return order ? order : strcmp(a->path.path, b->path.path);
}

static int by_identity(const void *left, const void *right) {
    const struct found *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    if (a->inode != b->inode)
        return a->inode < b->inode ? -1 : 1;
    return compare_names(a, b);
}

void input_path_release(struct input_path *path) {
    free(path->path);
    free(path->full);
    free(path->link);
    free(path->label);
    free(path->via);
}

/* A file reached twice (named and in a named folder, or by a link) counts once, under the name
 * that sorts first. */
static void drop_duplicates(struct folder_walk *walk) {
    size_t kept = 0;
    qsort(walk->found, walk->found_count, sizeof *walk->found, by_identity);
    for (size_t i = 0; i < walk->found_count; i++) {
        struct found *last = kept ? &walk->found[kept - 1] : NULL;
        if (last && last->device == walk->found[i].device && last->inode == walk->found[i].inode)
            input_path_release(&walk->found[i].path);
        else
            walk->found[kept++] = walk->found[i];
    }
    walk->found_count = kept;
}

/* How much of their paths all files share: the folder that holds them, with its slash. */
static size_t common_folder(const struct inputs *inputs) {
    const char *first = NULL;
    size_t len = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const char *full = inputs->at[i].full;
        if (inputs->at[i].size < 0)
            continue;
        if (!first) {
            first = full;
            len = (size_t)(strrchr(full, '/') - full) + 1;
        }
        size_t same = 0;
        while (same < len && full[same] == first[same])
            same++;
        while (same && first[same - 1] != '/')
            same--;
        len = same;
    }
    return len;
}

static int by_label(const void *a, const void *b) {
    const struct input_path *x = a, *y = b;
    int order = strcmp(x->label, y->label);
    return order ? order : strcmp(x->full, y->full);
}

enum status inputs_label(struct inputs *inputs, struct fault *fault) {
    size_t common = common_folder(inputs);
    for (size_t i = 0; i < inputs->count; i++) {
        struct input_path *path = &inputs->at[i];
        bool below = path->link && strncmp(path->link, path->full, common) == 0;
        free(path->label);
        free(path->via);
        path->label = clean_copy(path->full + (path->size < 0 ? 0 : common));
        path->via = path->link ? clean_copy(path->link + (below ? common : 0)) : NULL;
        if (!path->label || (path->link && !path->via))
            return fault_memory(fault);
    }
    qsort(inputs->at, inputs->count, sizeof *inputs->at, by_label);
    return STATUS_OK;
}

static enum status walk_to_inputs(struct folder_walk *walk, struct inputs *out,
                                  struct fault *fault) {
    if (walk->found_count == 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                         "nothing to read: no files in what was named");
    drop_duplicates(walk);
    out->at = calloc(walk->found_count, sizeof *out->at);
    if (!out->at)
        return fault_memory(fault);
    for (size_t i = 0; i < walk->found_count; i++)
        out->at[i] = walk->found[i].path;
    out->count = walk->found_count;
    walk->found_count = 0; /* the paths have a new owner */
    return inputs_label(out, fault);
}

static void walk_release(struct folder_walk *walk) {
    for (size_t i = 0; i < walk->found_count; i++)
        input_path_release(&walk->found[i].path);
    for (size_t i = 0; i < walk->folder_count; i++)
        folder_release(&walk->folders[i]);
    for (size_t i = 0; i < walk->link_count; i++)
        folder_release(&walk->links[i]);
    free(walk->found);
    free(walk->folders);
    free(walk->links);
    free(walk->visited);
}

enum status inputs_expand(const char *const *paths, size_t count, struct inputs *out,
                          struct fault *fault) {
    struct folder_walk walk = {0};
    enum status status = STATUS_OK;
    *out = (struct inputs){0};
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = paths[i][0] == '@' ? walk_list(&walk, paths[i] + 1, fault)
                                    : walk_named(&walk, paths[i], fault);
    if (status == STATUS_OK)
        status = walk_links(&walk, fault);
    if (status == STATUS_OK)
        status = walk_to_inputs(&walk, out, fault);
    walk_release(&walk);
    return status;
}

void inputs_release(struct inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++)
        input_path_release(&inputs->at[i]);
    free(inputs->at);
    *inputs = (struct inputs){0};
}
