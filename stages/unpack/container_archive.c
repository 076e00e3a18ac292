/* tar, 7z, and zip from front to back, by libarchive. */
#include "stages/unpack/container.h"

#include "stages/unpack/label.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define SEEK_BUFFER (16 * 1024) /* zip members may be small: every seek fills it again */
#define HOLE_MAX (1 << 20)      /* zeros that a sparse member may stand for, in one hole */
#define FAILED_IN_A_ROW 1000    /* headers; a damaged archive must not be tried for ever */

struct archive_container {
    struct container base;
    struct archive *archive;
    struct archive_entry *header; /* ours: libarchive does not check that it got its own */
    enum shape shape;
    struct container_bytes bytes;
    struct budget *budget;
    locale_t utf8;     /* libarchive gives no names that the locale cannot spell */
    char *buffer;      /* [SEEK_BUFFER], of a container that seeks */
    uint64_t at;       /* place in the file, of a container that seeks */
    uint64_t zero_run; /* zeros at the end of what was fed */
    enum status bytes_ended;
    struct fault bytes_fault;

    struct feed entry;  /* data of the current entry; `container` is around it */
    uint64_t entry_at;  /* bytes of it handed out */
    int64_t entry_size; /* as declared; -1 when unknown */
    uint64_t entries_bytes;
    struct span after_hole;  /* waits while the hole before it is filled */
    uint64_t hole;           /* zeros still to hand out */
    bool entry_failed, dead; /* dead: reported, nothing more can be read */
    uint64_t headers;
    bool header_lost; /* a damaged header was passed over */
    bool is_volume;   /* the first entry is the rest of a member in the volume before */
    bool torn;        /* what comes is the rest of a line that begins there */
};

static const char zeros[64 * 1024];

static struct archive_container *container_of(struct feed *entry) {
    return (struct archive_container *)(void *)((char *)entry -
                                                offsetof(struct archive_container, entry));
}

/* Bytes for libarchive */

static void count_zero_run(struct archive_container *container, struct span chunk) {
    size_t zero_tail = 0;
    while (zero_tail < chunk.len && zero_tail < 1024 && chunk.at[chunk.len - 1 - zero_tail] == 0)
        zero_tail++;
    container->zero_run = (zero_tail == chunk.len ? container->zero_run : 0) + zero_tail;
}

static la_ssize_t fill_in_order(struct archive *archive, void *context, const void **to) {
    struct archive_container *container = context;
    struct span chunk;
    enum status status = feed_take(container->bytes.feed, &chunk, &container->bytes_fault);
    if (status == STATUS_OK) {
        count_zero_run(container, chunk);
        *to = chunk.at;
        return (la_ssize_t)chunk.len;
    }
    if (status == STATUS_END)
        return 0;
    container->bytes_ended = status;
    archive_set_error(archive, EIO, "%s", container->bytes_fault.text);
    return ARCHIVE_FATAL;
}

static la_ssize_t fill_anywhere(struct archive *archive, void *context, const void **to) {
    struct archive_container *container = context;
    int64_t got =
        random_read(&container->bytes.random, container->buffer, SEEK_BUFFER, container->at);
    if (got < 0) {
        container->bytes_ended = fault_set(&container->bytes_fault, STATUS_SKIP, EXIT_PARTIAL,
                                           "cannot be read at byte %llu: %s",
                                           (unsigned long long)container->at, strerror(errno));
        archive_set_error(archive, EIO, "%s", container->bytes_fault.text);
        return ARCHIVE_FATAL;
    }
    container->at += (uint64_t)got;
    *to = container->buffer;
    return got;
}

static la_int64_t seek_anywhere(struct archive *archive, void *context, la_int64_t offset,
                                int whence) {
    struct archive_container *container = context;
    int64_t size = (int64_t)container->bytes.random.size;
    int64_t base = whence == SEEK_END ? size : whence == SEEK_CUR ? (int64_t)container->at : 0;
    (void)archive;
    if (offset < -base || offset > size - base)
        return ARCHIVE_FAILED;
    container->at = (uint64_t)(base + offset);
    return base + offset;
}

/* Opening */

static int open_archive(struct archive_container *container) {
    struct archive *archive = container->archive;
    int result = container->shape == SHAPE_TAR   ? archive_read_support_format_tar(archive)
                 : container->shape == SHAPE_ZIP ? archive_read_support_format_zip(archive)
                                                 : archive_read_support_format_7zip(archive);
    if (result == ARCHIVE_OK)
        result = archive_read_support_filter_none(archive);
    if (result == ARCHIVE_OK && container->shape == SHAPE_TAR)
        result = archive_read_set_format_option(archive, "tar", "read_concatenated_archives", "1");
    if (result != ARCHIVE_OK)
        return result;
    result = archive_read_set_callback_data(archive, container);
    if (result != ARCHIVE_OK)
        return result;
    if (!container->bytes.feed) {
        archive_read_set_read_callback(archive, fill_anywhere);
        archive_read_set_seek_callback(archive, seek_anywhere);
    } else {
        archive_read_set_read_callback(archive, fill_in_order);
    }
    return archive_read_open1(archive);
}

/* Why libarchive gave up; the reason of the feed below it comes first. */
static enum status container_error(struct archive_container *container, struct fault *fault) {
    const char *text = archive_error_string(container->archive);
    const char *shape = shape_name(container->shape);
    struct shown why = label_shown(text ? text : "no reason given");
    if (container->bytes_ended != STATUS_OK) {
        *fault = container->bytes_fault;
        return container->bytes_ended;
    }
    if (archive_errno(container->archive) == ENOMEM)
        return fault_memory(fault);
    if (strncmp(why.text, "Unsupported", 11) == 0)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the %s archive is not read: %s; unpack it first", shape, why.text);
    if (container->shape == SHAPE_TAR && strncmp(why.text, "Truncated", 9) == 0)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the tar archive is cut short, or one volume of several: the rest of this "
                         "member is not in it");
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the %s archive is damaged or cut short: %s",
                     shape, why.text);
}

static enum status entry_next(struct feed *feed, struct span *chunk, struct fault *fault);
static enum status archive_next(struct container *base, struct container_entry *entry,
                                struct fault *fault);
static enum status archive_finish(struct container *base, struct fault *fault);

static void archive_close(struct container *base) {
    struct archive_container *container = (struct archive_container *)base;
    archive_entry_free(container->header);
    archive_read_free(container->archive);
    if (container->utf8)
        freelocale(container->utf8);
    free(container->buffer);
    free(container);
}

/* GNU tar begins a volume with the rest of a member (type 'M'), behind a label ('V') or not. */
static enum status look_for_volume(struct archive_container *container, struct fault *fault) {
    struct span head = {NULL, 0};
    if (container->shape != SHAPE_TAR)
        return STATUS_OK;
    enum status status = feed_peek(container->bytes.feed, FEED_HEAD, &head, fault);
    if (head.len >= SNIFF_HEAD && head.at[156] == 'V')
        head = (struct span){head.at + SNIFF_HEAD, head.len - SNIFF_HEAD};
    container->is_volume = status == STATUS_OK && tar_header_is_valid(head) && head.at[156] == 'M';
    return status == STATUS_FATAL ? status : STATUS_OK;
}

enum status archive_container_open(struct container **out, enum shape shape,
                                   const struct container_bytes *bytes, struct budget *budget,
                                   struct fault *fault) {
    struct archive_container *container = calloc(1, sizeof *container);
    *out = NULL;
    if (!container)
        return fault_memory(fault);
    container->base = (struct container){archive_next, archive_finish, archive_close, NULL};
    container->shape = shape;
    container->bytes = *bytes;
    container->budget = budget;
    container->bytes_ended = STATUS_OK;
    container->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    container->archive = archive_read_new();
    container->header = container->archive ? archive_entry_new2(container->archive) : NULL;
    container->buffer = bytes->feed ? NULL : malloc(SEEK_BUFFER);
    feed_init(&container->entry, entry_next);
    enum status status = STATUS_OK;
    if (!container->header || (!bytes->feed && !container->buffer))
        status = fault_memory(fault);
    if (status == STATUS_OK)
        status = look_for_volume(container, fault);
    if (status == STATUS_OK && open_archive(container) != ARCHIVE_OK)
        status = container_error(container, fault);
    if (status != STATUS_OK) {
        archive_close(&container->base);
        return status;
    }
    *out = &container->base;
    return STATUS_OK;
}

/* Data of an entry */

static uint64_t container_bytes_in(const struct archive_container *container) {
    if (container->bytes.disk_bytes)
        return container->bytes.disk_bytes;
    return container->bytes.feed ? container->bytes.feed->taken : container->bytes.random.size;
}

/* Zeros of a hole, then what waited behind it. */
static enum status entry_fill_hole(struct archive_container *container, struct span *chunk) {
    size_t len = container->hole < sizeof zeros ? (size_t)container->hole : sizeof zeros;
    container->hole -= len;
    *chunk = (struct span){zeros, len};
    return STATUS_OK;
}

/* A sparse member jumps: small holes become zeros, large ones hold no posts and are refused. */
static enum status entry_jump(struct archive_container *container, uint64_t to,
                              struct fault *fault) {
    if (to < container->entry_at || to - container->entry_at > HOLE_MAX) {
        container->entry_failed = true;
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "sparse member refused: %llu bytes of it are a hole",
                         (unsigned long long)(to - container->entry_at));
    }
    container->hole = to - container->entry_at;
    container->entry_at = to;
    return STATUS_OK;
}

static enum status entry_charge(struct archive_container *container, size_t len,
                                struct fault *fault) {
    container->entries_bytes += len;
    if (container->shape == SHAPE_TAR)
        return STATUS_OK; /* stores as it is; a codec around it is judged by its source */
    enum status status = budget_check_ratio(container->budget, container_bytes_in(container),
                                            container->entries_bytes, fault);
    container->dead = container->dead || status != STATUS_OK;
    return status;
}

static enum status entry_damage(struct archive_container *container, int result,
                                struct fault *fault) {
    container->entry_failed = true;
    container->dead = container->dead || result == ARCHIVE_FATAL;
    return container_error(container, fault);
}

static enum status entry_end(const struct archive_container *container, struct fault *fault) {
    if (container->entry_size < 0 || (uint64_t)container->entry_size == container->entry_at)
        return STATUS_END;
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "holds %llu bytes, not %llu as its %s says",
                     (unsigned long long)container->entry_at,
                     (unsigned long long)container->entry_size, shape_name(container->shape));
}

static enum status entry_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct archive_container *container = container_of(feed);
    const void *at = NULL;
    size_t len = 0;
    la_int64_t offset = 0;
    while (!container->hole && !container->after_hole.len) {
        if (container->entry_failed)
            return container_error(container, fault);
        int result = archive_read_data_block(container->archive, &at, &len, &offset);
        if (result == ARCHIVE_EOF && (uint64_t)offset <= container->entry_at)
            return entry_end(container, fault);
        /* a wrong checksum or size comes with the last bytes (as a warning from libarchive 3.6, as
         * a failure from 3.7.4): hand them out, then say what is wrong */
        bool wrong_end = (result == ARCHIVE_WARN || result == ARCHIVE_FAILED) && len;
        if (result != ARCHIVE_OK && result != ARCHIVE_EOF && !wrong_end)
            return entry_damage(container, result, fault);
        container->entry_failed = wrong_end;
        if (result == ARCHIVE_EOF)
            len = 0;
        enum status status = entry_jump(container, (uint64_t)offset, fault);
        if (status == STATUS_OK)
            status = entry_charge(container, len, fault);
        if (status != STATUS_OK)
            return status;
        container->after_hole = (struct span){at, len};
        container->entry_at += len;
    }
    if (container->hole)
        return entry_fill_hole(container, chunk);
    *chunk = container->after_hole;
    container->after_hole = (struct span){NULL, 0};
    return STATUS_OK;
}

/* The same, without the rest of a line that begins in the volume before. */
static enum status entry_next_whole(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct archive_container *container = container_of(feed);
    enum status status = entry_next(feed, chunk, fault);
    while (status == STATUS_OK && container->torn) {
        const char *end = memchr(chunk->at, '\n', chunk->len);
        size_t drop = end ? (size_t)(end - chunk->at) + 1 : chunk->len;
        *chunk = (struct span){chunk->at + drop, chunk->len - drop};
        container->torn = end == NULL;
        if (!chunk->len)
            status = entry_next(feed, chunk, fault);
    }
    return status;
}

/* Headers */

static int read_header(struct archive_container *container) {
    locale_t before = container->utf8 ? uselocale(container->utf8) : (locale_t)0;
    int result = archive_read_next_header2(container->archive, container->header);
    if (container->utf8)
        uselocale(before);
    return result;
}

static void entry_name(struct archive_container *container, char *label, size_t size) {
    locale_t before = container->utf8 ? uselocale(container->utf8) : (locale_t)0;
    const char *name = archive_entry_pathname_utf8(container->header);
    if (!name)
        name = archive_entry_pathname(container->header);
    char number[40];
    snprintf(number, sizeof number, "member %llu", (unsigned long long)container->headers);
    label_sanitize(span_of(name && name[0] ? name : number), label, size);
    if (container->utf8)
        uselocale(before);
}

/* Folders, with what GNU tar writes into them for incremental backups (names, each behind a letter
 * and before a NUL), and clutter. A folder with other content is no folder but damage. */
static bool entry_is_silent(struct archive_container *container, const char *label) {
    struct span head = {NULL, 0};
    struct fault unused;
    if (label_is_clutter(label))
        return true;
    if (archive_entry_filetype(container->header) != AE_IFDIR)
        return false;
    if (archive_entry_size(container->header) <= 0)
        return true;
    return feed_peek(&container->entry, SNIFF_HEAD, &head, &unused) == STATUS_OK && head.len &&
           memchr("YNDRTX", head.at[0], 7) && memchr(head.at, 0, head.len);
}

static enum status entry_refuse(struct archive_entry *header, struct container_entry *entry,
                                struct fault *fault) {
    entry->harmless = true; /* what a link leads to is read where it is */
    if (archive_entry_hardlink(header) || archive_entry_hardlink_w(header))
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "a hard link, not a regular file");
    if (archive_entry_filetype(header) == AE_IFLNK)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "a symbolic link, not a regular file");
    entry->harmless = false;
    if (archive_entry_filetype(header) != AE_IFREG)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "not a regular file");
    if (archive_entry_is_encrypted(header))
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "encrypted; decrypt the archive and run again");
    return STATUS_OK;
}

/* libarchive would decode what was not read of the last entry without any limit; where that costs
 * more than a seek it is done here, counted. STATUS_SKIP when the limit is passed. */
static enum status container_leave_entry(struct archive_container *container, struct fault *fault) {
    bool only_zeros;
    if (container->headers == 0 || container->shape == SHAPE_TAR || container->entry_failed)
        return STATUS_OK;
    enum status status = feed_drain(&container->entry, &only_zeros, fault);
    return status == STATUS_FATAL || container->dead ? status : STATUS_OK;
}

static void container_enter_entry(struct archive_container *container) {
    feed_init(&container->entry, entry_next_whole);
    container->entry_at = 0;
    container->entry_size = -1;
    container->hole = 0;
    container->after_hole = (struct span){NULL, 0};
    container->entry_failed = false;
    container->headers++;
    container->torn = container->is_volume && container->headers == 1;
}

/* One header; STATUS_REJECT when it is damaged but the next may be read. */
static enum status one_header(struct archive_container *container, struct fault *fault) {
    enum status status = container_leave_entry(container, fault);
    if (status != STATUS_OK)
        return status;
    int result = read_header(container);
    if (result == ARCHIVE_EOF)
        return STATUS_END;
    if (result == ARCHIVE_FATAL)
        return container_error(container, fault);
    if (result == ARCHIVE_RETRY || result == ARCHIVE_FAILED)
        return STATUS_REJECT;
    container_enter_entry(container);
    return budget_charge_member(container->budget, fault);
}

/* The next header that is not passed over silently. */
static enum status next_header(struct archive_container *container, struct container_entry *entry,
                               struct fault *fault) {
    for (int failures = 0; failures < FAILED_IN_A_ROW; failures++) {
        enum status status = one_header(container, fault);
        if (status == STATUS_END || status == STATUS_FATAL)
            return status;
        if (status == STATUS_SKIP)
            break;
        if (status == STATUS_REJECT) {
            /* in a tar each is a block behind the one before: the end comes */
            failures -= container->shape == SHAPE_TAR;
            container->header_lost = true;
            continue;
        }
        entry_name(container, entry->label, sizeof entry->label);
        if (!entry_is_silent(container, entry->label))
            return STATUS_OK;
        failures = -1;
    }
    container->dead = entry->damaged = true;
    return STATUS_SKIP;
}

static enum status archive_next(struct container *base, struct container_entry *entry,
                                struct fault *fault) {
    struct archive_container *container = (struct archive_container *)base;
    *entry = (struct container_entry){.size = -1};
    if (container->dead)
        return STATUS_END;
    fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the %s archive is damaged",
              shape_name(container->shape));
    enum status status = next_header(container, entry, fault);
    if (status != STATUS_OK)
        return status;
    if (archive_entry_size_is_set(container->header))
        entry->size = archive_entry_size(container->header);
    container->entry_size = entry->size;
    entry->data = &container->entry;
    if (container->is_volume && container->headers == 1)
        return STATUS_OK; /* of a type that libarchive does not know */
    return entry_refuse(container->header, entry, fault);
}

/* What was lost without a word so far. */
static enum status loss_of_members(const struct archive_container *container, struct fault *fault) {
    if (container->header_lost)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the header of a member of the %s archive is damaged: the member was "
                         "passed over",
                         shape_name(container->shape));
    if (container->is_volume)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "one volume of a tar archive of several: the record that begins in the "
                         "volume before was passed over");
    return STATUS_OK;
}

static enum status archive_finish(struct container *base, struct fault *fault) {
    struct archive_container *container = (struct archive_container *)base;
    struct span chunk;
    struct fault loss;
    enum status status = STATUS_OK, lost = loss_of_members(container, &loss);
    if (container->dead && lost == STATUS_OK)
        return STATUS_OK; /* said already */
    if (container->headers == 0 && !container->dead)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the %s archive has no members",
                         shape_name(container->shape));
    /* also lets the codec around it compare its checksum */
    while (container->bytes.feed && !container->dead && status == STATUS_OK) {
        status = feed_take(container->bytes.feed, &chunk, fault);
        if (status == STATUS_OK)
            count_zero_run(container, chunk);
    }
    if (lost != STATUS_OK && status != STATUS_FATAL) {
        *fault = loss;
        return lost;
    }
    if (status == STATUS_END && container->shape == SHAPE_TAR && container->zero_run < 512)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the tar archive has no end mark; it may be cut short");
    return status == STATUS_END ? STATUS_OK : status;
}
