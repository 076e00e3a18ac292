/* zip (APPNOTE 6.3.10) by its central directory: members are handed out as they are in the archive,
 * to be decoded anywhere. What stands before the archive or between members does not matter. */
#include "stages/unpack/container.h"

#include "stages/common/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define END_SIZE 22     /* of the end of the directory, without its comment */
#define LOCATOR_SIZE 20 /* of the pointer to its 64-bit form, before it */
#define END64_SIZE 56
#define ENTRY_SIZE 46 /* of an entry of the directory, without name and extra fields */
#define LOCAL_SIZE 30 /* of the header before a member */
#define TAIL_SIZE (END_SIZE + LOCATOR_SIZE + END64_SIZE + 65535)
#define DIRECTORY_STEP (256u << 10)
#define DATA_STEP (256u << 10)

struct zip_end {
    uint64_t entries, size, offset; /* of the directory */
    uint64_t at;                    /* what follows the directory */
    bool parts;                     /* other parts of a split archive are needed */
};

struct zip_container {
    struct container base;
    struct random_bytes bytes;
    uint64_t disk_bytes;
    struct budget *budget;
    uint64_t shift;     /* to be added to all offsets: what stands before the archive */
    uint64_t at, end;   /* of the directory: what was not read yet */
    struct buf records; /* what was read and not used yet begins at `used` */
    size_t used;
    uint64_t entries_left, seen, output;
    bool damaged; /* an entry of the directory was passed over */
    bool dead;    /* a limit was passed */

    struct feed data;   /* of the current entry */
    struct span before; /* goes first */
    uint64_t data_at, data_end;
    char local[LOCAL_SIZE + 1];
    char *buffer; /* [DATA_STEP] */
};

static uint32_t le16(const char *bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t le32(const char *bytes) {
    return le16(bytes) | le16(bytes + 2) << 16;
}

static uint64_t le64(const char *bytes) {
    return le32(bytes) | (uint64_t)le32(bytes + 4) << 32;
}

static enum status read_fault(uint64_t at, struct fault *fault) {
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "cannot be read at byte %llu: %s",
                     (unsigned long long)at, strerror(errno));
}

/* All of `len` bytes; STATUS_END when the archive ends before. */
static enum status read_whole(const struct random_bytes *bytes, char *to, size_t len, uint64_t at,
                              struct fault *fault) {
    size_t done = 0;
    while (done < len) {
        int64_t got = random_read(bytes, to + done, len - done, at + done);
        if (got < 0)
            return read_fault(at + done, fault);
        if (got == 0)
            return STATUS_END;
        done += (size_t)got;
    }
    return STATUS_OK;
}

/* The end of the directory */

/* Its 64-bit form says what does not fit. */
static enum status read_end64(const struct random_bytes *bytes, struct zip_end *end,
                              struct fault *fault) {
    char locator[LOCATOR_SIZE], end64[END64_SIZE];
    if (end->at < LOCATOR_SIZE)
        return STATUS_OK;
    enum status status = read_whole(bytes, locator, sizeof locator, end->at - LOCATOR_SIZE, fault);
    if (status != STATUS_OK || memcmp(locator, "PK\x06\x07", 4) != 0)
        return status == STATUS_END ? STATUS_OK : status;
    /* where it says, or right before the locator when something stands before the archive */
    uint64_t places[2] = {le64(locator + 8), end->at - LOCATOR_SIZE - END64_SIZE};
    for (int i = 0; i < 2; i++) {
        status = places[i] < end->at ? read_whole(bytes, end64, sizeof end64, places[i], fault)
                                     : STATUS_END;
        if (status == STATUS_SKIP)
            return status;
        if (status == STATUS_OK && memcmp(end64, "PK\x06\x06", 4) == 0) {
            end->at = places[i];
            end->parts = le32(end64 + 16) != 0 || le32(end64 + 20) != 0;
            end->entries = le64(end64 + 32);
            end->size = le64(end64 + 40);
            end->offset = le64(end64 + 48);
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

/* STATUS_END when there is none. */
static enum status find_end(const struct random_bytes *bytes, struct zip_end *end,
                            struct fault *fault) {
    size_t len = bytes->size < TAIL_SIZE ? (size_t)bytes->size : TAIL_SIZE, at;
    char *tail = malloc(len ? len : 1);
    if (!tail)
        return fault_memory(fault);
    enum status status = read_whole(bytes, tail, len, bytes->size - len, fault);
    if (status == STATUS_OK && !sniff_zip_end((struct span){tail, len}, &at))
        status = STATUS_END;
    if (status == STATUS_OK) {
        const char *record = tail + at;
        *end = (struct zip_end){
            .entries = le16(record + 10),
            .size = le32(record + 12),
            .offset = le32(record + 16),
            .at = bytes->size - len + at,
            .parts = (le16(record + 4) != 0 && le16(record + 4) != 0xFFFF) ||
                     (le16(record + 6) != 0 && le16(record + 6) != 0xFFFF),
        };
        bool full = end->entries == 0xFFFF || end->size == UINT32_MAX || end->offset == UINT32_MAX;
        status = full || le16(record + 4) == 0xFFFF ? read_end64(bytes, end, fault) : STATUS_OK;
    }
    free(tail);
    return status;
}

/* The directory, one entry after another */

/* At least `want` bytes of it in `records`; STATUS_END when it ends before. */
static enum status want_records(struct zip_container *zip, size_t want, struct fault *fault) {
    struct buf *records = &zip->records;
    if (records->len - zip->used >= want)
        return STATUS_OK;
    if (zip->used)
        memmove(records->at, records->at + zip->used, records->len - zip->used);
    records->len -= zip->used;
    zip->used = 0;
    while (records->len < want && zip->at < zip->end) {
        uint64_t left = zip->end - zip->at;
        size_t step = left < DIRECTORY_STEP ? (size_t)left : DIRECTORY_STEP;
        if (!buf_reserve(records, step))
            return fault_memory(fault);
        int64_t got = random_read(&zip->bytes, records->at + records->len, step, zip->at);
        if (got <= 0)
            return read_fault(zip->at, fault);
        records->len += (size_t)got;
        zip->at += (uint64_t)got;
    }
    return records->len < want ? STATUS_END : STATUS_OK;
}

/* An entry at the front of `records`, whole. Bytes that are none are passed over up to the next. */
static enum status next_record(struct zip_container *zip, struct span *record,
                               struct fault *fault) {
    for (;;) {
        enum status status = want_records(zip, ENTRY_SIZE, fault);
        if (status != STATUS_OK)
            return status;
        const char *at = zip->records.at + zip->used;
        size_t len = ENTRY_SIZE + (size_t)le16(at + 28) + le16(at + 30) + le16(at + 32);
        if (memcmp(at, "PK\x01\x02", 4) == 0) {
            status = want_records(zip, len, fault);
            if (status == STATUS_OK) {
                *record = (struct span){zip->records.at + zip->used, len};
                zip->used += len;
            }
            if (status != STATUS_END)
                return status;
        }
        zip->damaged = true;
        zip->used++;
    }
}

struct zip_record {
    unsigned made_by, flags, method;
    uint32_t crc, attributes;
    uint64_t coded_size, size, offset;
    struct span name;
};

/* Sizes that do not fit are in an extra field (4.5.3), in this order. */
static void read_extra(struct span extra, struct zip_record *record) {
    while (extra.len >= 4) {
        size_t len = le16(extra.at + 2);
        if (len > extra.len - 4)
            return;
        if (le16(extra.at) == 1) {
            struct span wide = {extra.at + 4, len};
            uint64_t *fields[] = {&record->size, &record->coded_size, &record->offset};
            for (int i = 0; i < 3 && wide.len >= 8; i++)
                if (*fields[i] == UINT32_MAX) {
                    *fields[i] = le64(wide.at);
                    wide = (struct span){wide.at + 8, wide.len - 8};
                }
        }
        extra = (struct span){extra.at + 4 + len, extra.len - 4 - len};
    }
}

static struct zip_record parse_record(struct span bytes) {
    const char *at = bytes.at;
    size_t name = le16(at + 28), extra = le16(at + 30);
    struct zip_record record = {
        .made_by = le16(at + 4) >> 8,
        .flags = le16(at + 8),
        .method = le16(at + 10),
        .crc = le32(at + 16),
        .coded_size = le32(at + 20),
        .size = le32(at + 24),
        .attributes = le32(at + 38),
        .offset = le32(at + 42),
        .name = {at + ENTRY_SIZE, name},
    };
    read_extra((struct span){at + ENTRY_SIZE + name, extra}, &record);
    return record;
}

/* Data */

static enum status zip_data_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct zip_container *zip =
        (struct zip_container *)(void *)((char *)feed - offsetof(struct zip_container, data));
    if (zip->before.len) {
        *chunk = zip->before;
        zip->before = (struct span){NULL, 0};
        return STATUS_OK;
    }
    uint64_t left = zip->data_end - zip->data_at;
    size_t len = left < DATA_STEP ? (size_t)left : DATA_STEP;
    if (len == 0)
        return STATUS_END;
    int64_t got = random_read(&zip->bytes, zip->buffer, len, zip->data_at);
    if (got < 0)
        return read_fault(zip->data_at, fault);
    if (got == 0)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the zip archive is cut short");
    *chunk = (struct span){zip->buffer, (size_t)got};
    zip->data_at += (uint64_t)got;
    return STATUS_OK;
}

static enum status damaged_member(struct container_entry *entry, const char *what,
                                  struct fault *fault) {
    entry->damaged = true;
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "%s", what);
}

/* Finds the data behind the member's own header. */
static enum status find_data(struct zip_container *zip, const struct zip_record *record,
                             struct container_entry *entry, struct fault *fault) {
    char local[LOCAL_SIZE];
    uint64_t at = record->offset + zip->shift;
    enum status status = STATUS_END;
    if (at < zip->bytes.size)
        status = read_whole(&zip->bytes, local, sizeof local, at, fault);
    if (status == STATUS_SKIP) {
        entry->damaged = true;
        return status;
    }
    if (status != STATUS_OK || memcmp(local, "PK\x03\x04", 4) != 0)
        return damaged_member(entry, "its header in the zip archive is damaged", fault);
    at += LOCAL_SIZE + (uint64_t)le16(local + 26) + le16(local + 28);
    if (at > zip->bytes.size || record->coded_size > zip->bytes.size - at)
        return damaged_member(entry, "reaches over the end of the zip archive", fault);
    zip->data_at = at;
    zip->data_end = at + record->coded_size;
    feed_init(&zip->data, zip_data_next);
    entry->data = &zip->data;
    return STATUS_OK;
}

static enum status find_method(unsigned method, enum codec *codec, struct fault *fault) {
    static const struct {
        unsigned method;
        enum codec codec;
    } methods[] = {{0, CODEC_NONE},   {8, CODEC_DEFLATE}, {9, CODEC_DEFLATE64},
                   {12, CODEC_BZIP2}, {14, CODEC_LZMA},   {20, CODEC_ZSTD},
                   {93, CODEC_ZSTD},  {95, CODEC_XZ},     {98, CODEC_PPMD}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == method) {
            *codec = methods[i].codec;
            return STATUS_OK;
        }
    if (method == 99)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "encrypted; decrypt the archive and run again");
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                     "compressed by method %u of zip, which is not read; unpack the archive first",
                     method);
}

/* libarchive decodes PPMd, and wants a header in front of it. */
static void put_local_header(struct zip_container *zip, const struct zip_record *record) {
    char *at = zip->local;
    uint32_t coded = (uint32_t)record->coded_size, size = (uint32_t)record->size;
    memset(at, 0, sizeof zip->local);
    memcpy(at, "PK\x03\x04", 4);
    at[4] = 63; /* version that knows it */
    at[8] = 98;
    for (int i = 0; i < 4; i++) {
        at[14 + i] = (char)(record->crc >> (8 * i));
        at[18 + i] = (char)(coded >> (8 * i));
        at[22 + i] = (char)(size >> (8 * i));
    }
    at[26] = 1; /* length of the name */
    at[30] = 'x';
    zip->before = (struct span){zip->local, sizeof zip->local};
}

static enum status refuse_record(const struct zip_record *record, struct container_entry *entry,
                                 struct fault *fault) {
    bool unix_modes = record->made_by == 3 || record->made_by == 19;
    if (unix_modes && S_ISLNK(record->attributes >> 16)) {
        entry->harmless = true; /* what it leads to is read where it is */
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "a symbolic link, not a regular file");
    }
    if (record->flags & 0x2041)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "encrypted; decrypt the archive and run again");
    return find_method(record->method, &entry->method, fault);
}

static enum status enter_record(struct zip_container *zip, const struct zip_record *record,
                                struct container_entry *entry, struct fault *fault) {
    enum status status = refuse_record(record, entry, fault);
    if (status == STATUS_OK)
        status = find_data(zip, record, entry, fault);
    if (status != STATUS_OK)
        return status;
    zip->before = (struct span){NULL, 0};
    if (entry->method == CODEC_PPMD) {
        if (record->coded_size >= UINT32_MAX || record->size >= UINT32_MAX)
            return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                             "more than 4 GiB of PPMd, which is not read; unpack it first");
        put_local_header(zip, record);
    }
    entry->size = (int64_t)(record->coded_size + zip->before.len);
    entry->check = (struct content_check){true, record->size, record->crc};
    entry->share = (struct disk_share){zip->disk_bytes, zip->output};
    zip->output += record->size < UINT64_MAX / 2 ? record->size : 0;
    return STATUS_OK;
}

/* Folders, as Windows spells them too, and clutter. */
static bool record_is_silent(const struct zip_record *record, const char *label) {
    struct span name = record->name;
    bool slash = name.len && (name.at[name.len - 1] == '/' || name.at[name.len - 1] == '\\');
    return label_is_clutter(label) || (slash && record->size == 0);
}

static bool is_wanted(const struct container *container, const char *label) {
    return !container->only || span_ends(span_of(label), container->only);
}

static enum status zip_next(struct container *base, struct container_entry *entry,
                            struct fault *fault) {
    struct zip_container *zip = (struct zip_container *)base;
    struct zip_record record;
    struct span bytes;
    *entry = (struct container_entry){.size = -1};
    do {
        if (zip->dead)
            return STATUS_END;
        enum status status = next_record(zip, &bytes, fault);
        if (status == STATUS_SKIP)
            zip->dead = entry->damaged = true;
        if (status != STATUS_OK)
            return status;
        zip->seen++;
        record = parse_record(bytes);
        char number[40];
        snprintf(number, sizeof number, "member %llu", (unsigned long long)zip->seen);
        label_sanitize(record.name.len ? record.name : span_of(number), entry->label,
                       sizeof entry->label);
        status = budget_charge_member(zip->budget, fault);
        if (status == STATUS_SKIP)
            zip->dead = entry->damaged = true;
        if (status != STATUS_OK)
            return status;
    } while (record_is_silent(&record, entry->label) || !is_wanted(base, entry->label));
    return enter_record(zip, &record, entry, fault);
}

static enum status zip_finish(struct container *base, struct fault *fault) {
    struct zip_container *zip = (struct zip_container *)base;
    if (zip->dead)
        return STATUS_OK; /* said already */
    if (zip->damaged || (zip->seen & 0xFFFF) != (zip->entries_left & 0xFFFF))
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the directory of the zip archive is damaged: members may be missing");
    if (zip->seen == 0)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the zip archive has no members");
    return STATUS_OK;
}

static void zip_close(struct container *base) {
    struct zip_container *zip = (struct zip_container *)base;
    buf_release(&zip->records);
    free(zip->buffer);
    free(zip);
}

/* Where the directory is: at its offset, or right before what follows it when something was put in
 * front of the archive. */
static enum status place_directory(struct zip_container *zip, const struct zip_end *end,
                                   struct fault *fault) {
    char magic[4] = {0};
    uint64_t before = end->at - end->size;
    zip->entries_left = end->entries;
    if (end->size > end->at)
        return STATUS_END;
    zip->at = end->offset;
    if (end->offset <= before && end->size) {
        enum status status = read_whole(&zip->bytes, magic, 4, end->offset, fault);
        if (status != STATUS_OK)
            return status;
    }
    if (memcmp(magic, "PK\x01\x02", 4) != 0)
        zip->at = before;
    if (zip->at < end->offset)
        return STATUS_END;
    zip->shift = zip->at - end->offset;
    zip->end = zip->at + end->size;
    return STATUS_OK;
}

enum status zip_container_open(struct container **out, const struct container_bytes *bytes,
                               struct budget *budget, struct fault *fault) {
    struct zip_end end;
    *out = NULL;
    enum status status = find_end(&bytes->random, &end, fault);
    if (status != STATUS_OK)
        return status;
    if (end.parts)
        return fault_set(fault, STATUS_REJECT, EXIT_PARTIAL,
                         "the last part of a split zip archive; join its parts first "
                         "(zip -s 0 x.zip --out whole.zip) and run again");
    struct zip_container *zip = calloc(1, sizeof *zip);
    if (!zip)
        return fault_memory(fault);
    zip->base = (struct container){zip_next, zip_finish, zip_close, NULL};
    zip->bytes = bytes->random;
    zip->disk_bytes = bytes->disk_bytes ? bytes->disk_bytes : bytes->random.size;
    zip->budget = budget;
    buf_init(&zip->records, 4 * DIRECTORY_STEP);
    feed_init(&zip->data, zip_data_next);
    zip->buffer = malloc(DATA_STEP);
    status = zip->buffer ? place_directory(zip, &end, fault) : fault_memory(fault);
    if (status != STATUS_OK) {
        zip_close(&zip->base);
        return status;
    }
    *out = &zip->base;
    return STATUS_OK;
}

bool zip_ends_here(const struct random_bytes *file) {
    char tail[1024], magic[4] = {0};
    struct fault unused;
    struct zip_end end;
    size_t len = file->size < sizeof tail ? (size_t)file->size : sizeof tail, at;
    if (read_whole(file, tail, len, file->size - len, &unused) != STATUS_OK ||
        !sniff_zip_end((struct span){tail, len}, &at) || find_end(file, &end, &unused) != STATUS_OK)
        return false;
    if (end.parts || end.size > end.at)
        return end.parts;
    return read_whole(file, magic, 4, end.at - end.size, &unused) == STATUS_OK &&
           memcmp(magic, "PK\x01\x02", 4) == 0;
}
