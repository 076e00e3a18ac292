/* 7z: folders, each of which holds members that were compressed together. A damaged folder costs
 * its own members only. A folder whose coders are not known here (PPMd, BCJ2) is given to
 * libarchive as an archive of its own with one member. */
#include "stages/unpack/container.h"
#include "stages/unpack/seven_header.h"

#include "stages/common/buf.h"

#include <errno.h>
#include <isa-l/crc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SIGNATURE_SIZE 32
#define HEADER_MAX (64u << 20)
#define STEP (256u << 10)

struct seven_container {
    struct container base;
    struct random_bytes bytes;
    uint64_t disk_bytes;
    struct budget *budget;
    struct buf header_bytes;
    struct seven_header header;
    size_t file;     /* the next */
    size_t stream;   /* the next of all */
    size_t folder;   /* the one at hand; folder_count: none yet */
    uint64_t output; /* decoded so far */
    bool dead;

    /* the folder at hand */
    bool open, failed;
    struct fault why;   /* it failed */
    struct feed packed; /* its packed bytes */
    uint64_t packed_at, packed_end;
    char *buffer; /* [STEP] of them */
    struct codec_stream *codec;
    char *decoded;             /* [STEP] */
    struct container *foreign; /* libarchive instead of a codec */
    struct container_entry foreign_entry;
    struct random_bytes alone; /* what it reads */
    struct buf before, behind;
    struct span rest; /* decoded, not handed out */

    struct feed data; /* of the current member */
    uint64_t data_left;
};

static uint32_t le32(const char *bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t le64(const char *bytes) {
    return le32(bytes) | (uint64_t)le32(bytes + 4) << 32;
}

static uint32_t crc_of(struct span bytes) {
    return crc32_gzip_refl(0, (const unsigned char *)bytes.at, bytes.len);
}

static enum status seven_fault(struct fault *fault, const char *what) {
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "%s", what);
}

/* Bytes of a folder */

static enum status packed_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct seven_container *seven =
        (struct seven_container *)(void *)((char *)feed - offsetof(struct seven_container, packed));
    uint64_t left = seven->packed_end - seven->packed_at;
    size_t len = left < STEP ? (size_t)left : STEP;
    if (len == 0)
        return STATUS_END;
    int64_t got = random_read(&seven->bytes, seven->buffer, len, seven->packed_at);
    if (got < 0)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "cannot be read at byte %llu: %s",
                         (unsigned long long)seven->packed_at, strerror(errno));
    if (got == 0)
        return seven_fault(fault, "the 7z archive is cut short");
    *chunk = (struct span){seven->buffer, (size_t)got};
    seven->packed_at += (uint64_t)got;
    return STATUS_OK;
}

static void folder_close(struct seven_container *seven) {
    codec_close(seven->codec);
    if (seven->foreign)
        seven->foreign->close(seven->foreign);
    seven->codec = NULL;
    seven->foreign = NULL;
    seven->rest = (struct span){NULL, 0};
    seven->open = false;
}

/* One coder that is a codec of its own. STATUS_END when it is not. */
static enum status open_codec(struct seven_container *seven, const struct coder *coder,
                              struct fault *fault) {
    static const struct {
        uint64_t id;
        enum codec codec;
    } known[] = {{0x00, CODEC_NONE},          {0x040202, CODEC_BZIP2},  {0x040108, CODEC_DEFLATE},
                 {0x040109, CODEC_DEFLATE64}, {0x04F71101, CODEC_ZSTD}, {0x04F71104, CODEC_LZ4}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].id == coder->id)
            return codec_open(&seven->codec, known[i].codec, &seven->packed,
                              seven->budget->limits.zstd_window_log, fault);
    return STATUS_END;
}

static void put_number(struct buf *buf, uint64_t value) {
    buf_char(buf, (char)0xFF); /* the longest form */
    for (int i = 0; i < 8; i++)
        buf_char(buf, (char)(value >> (8 * i)));
}

/* A header for this folder and one member. */
static void describe_alone(struct seven_container *seven, const struct seven_folder *folder) {
    struct buf *out = &seven->behind;
    buf_clear(out);
    buf_add(out, "\x01\x04\x06\x00", 4); /* header, streams, packed ones at 0 */
    put_number(out, folder->packed);
    buf_char(out, 0x09);
    for (size_t i = 0; i < folder->packed; i++)
        put_number(out, seven->header.packed_sizes[folder->first_packed + i]);
    buf_add(out, "\x00\x07\x0B\x01\x00", 5); /* end; folders: one, here */
    buf_span(out, folder->raw);
    buf_char(out, 0x0C);
    buf_span(out, folder->sizes);
    /* ends; one member in the folder; a file named "x" */
    buf_add(out, "\x00\x08\x00\x00\x05\x01\x11\x05\x00x\0\0\0\x00\x00", 15);
    buf_clear(&seven->before);
    buf_add(&seven->before, "7z\xBC\xAF\x27\x1C\x00\x04", 8);
    uint64_t fields[2] = {seven_folder_packed(&seven->header, folder), out->len};
    char start[20];
    uint32_t crc = crc_of(buf_as_span(out));
    for (size_t i = 0; i < 20; i++)
        start[i] = (char)(i < 16 ? fields[i / 8] >> (8 * (i % 8)) : crc >> (8 * (i - 16)));
    crc = crc_of((struct span){start, sizeof start});
    for (int i = 0; i < 4; i++)
        buf_char(&seven->before, (char)(crc >> (8 * i)));
    buf_add(&seven->before, start, sizeof start);
}

static enum status open_foreign(struct seven_container *seven, const struct seven_folder *folder,
                                struct fault *fault) {
    describe_alone(seven, folder);
    if (seven->behind.failed || seven->before.failed)
        return fault_memory(fault);
    uint64_t len = seven->packed_end - seven->packed_at;
    seven->alone = (struct random_bytes){
        .memory = buf_as_span(&seven->before),
        .size = seven->before.len + len + seven->behind.len,
        .base = &seven->bytes,
        .base_at = seven->packed_at,
        .base_len = len,
        .behind = buf_as_span(&seven->behind),
    };
    struct container_bytes bytes = {.random = seven->alone};
    enum status status =
        archive_container_open(&seven->foreign, SHAPE_7Z, &bytes, seven->budget, fault);
    if (status == STATUS_OK)
        status = seven->foreign->next(seven->foreign, &seven->foreign_entry, fault);
    return status == STATUS_END ? seven_fault(fault, "the 7z archive is damaged") : status;
}

static enum status folder_open(struct seven_container *seven, const struct seven_folder *folder,
                               struct fault *fault) {
    struct coder chain[SEVEN_CODERS_MAX];
    uint64_t len = seven_folder_packed(&seven->header, folder);
    folder_close(seven);
    seven->failed = false;
    if (folder->encrypted)
        return seven_fault(fault, "encrypted; decrypt the archive and run again");
    if (folder->at > seven->bytes.size - SIGNATURE_SIZE ||
        len > seven->bytes.size - SIGNATURE_SIZE - folder->at)
        return seven_fault(fault, "the 7z archive is cut short");
    seven->packed_at = SIGNATURE_SIZE + folder->at;
    seven->packed_end = seven->packed_at + len;
    feed_init(&seven->packed, packed_next);
    size_t count = seven_folder_chain(folder, chain);
    enum status status = STATUS_END;
    if (count == 1)
        status = open_codec(seven, &chain[0], fault);
    if (count && status == STATUS_END)
        status = lzma_coders_open(&seven->codec, &seven->packed, chain, count, folder->size, fault);
    if (status == STATUS_END)
        status = open_foreign(seven, folder, fault);
    seven->open = status == STATUS_OK;
    return status;
}

/* More of the folder's decoded bytes in `rest`. */
static enum status folder_decode(struct seven_container *seven, struct fault *fault) {
    enum status status = STATUS_OK;
    if (seven->foreign) {
        status = feed_take(seven->foreign_entry.data, &seven->rest, fault);
    } else {
        size_t got = 0;
        while (status == STATUS_OK && got == 0) {
            seven->codec->seam = SEAM_NONE;
            status = seven->codec->read(seven->codec, seven->decoded, STEP, &got, fault);
        }
        seven->rest = (struct span){seven->decoded, got};
        if (status == STATUS_REJECT) /* members behind a loss would begin at the wrong place */
            status = STATUS_SKIP;
        if (got && status == STATUS_END)
            status = STATUS_OK;
    }
    seven->output += seven->rest.len;
    enum status limited =
        budget_check_ratio(seven->budget, seven->disk_bytes, seven->output, fault);
    seven->dead = seven->dead || limited != STATUS_OK;
    return limited != STATUS_OK ? limited : status;
}

static enum status folder_fail(struct seven_container *seven, enum status status,
                               struct fault *fault) {
    if (status == STATUS_END)
        status = seven_fault(fault, "the 7z archive is damaged or cut short");
    seven->failed = true;
    seven->why = *fault;
    return status;
}

static enum status data_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct seven_container *seven =
        (struct seven_container *)(void *)((char *)feed - offsetof(struct seven_container, data));
    if (seven->data_left == 0)
        return STATUS_END;
    while (!seven->rest.len) {
        enum status status = STATUS_SKIP;
        if (seven->failed)
            *fault = seven->why;
        else
            status = folder_decode(seven, fault);
        if (status != STATUS_OK && !seven->rest.len)
            return status == STATUS_FATAL ? status : folder_fail(seven, status, fault);
        if (status != STATUS_OK)
            folder_fail(seven, status, fault);
    }
    size_t len = seven->rest.len < seven->data_left ? seven->rest.len : (size_t)seven->data_left;
    *chunk = (struct span){seven->rest.at, len};
    seven->rest = (struct span){seven->rest.at + len, seven->rest.len - len};
    seven->data_left -= len;
    return STATUS_OK;
}

/* Members */

static void file_label(const struct seven_file *file, size_t number, char *label, size_t size) {
    struct buf name;
    buf_init(&name, 4096);
    for (size_t i = 0; i + 1 < file->name.len; i += 2) {
        const unsigned char *at = (const unsigned char *)file->name.at + i;
        uint32_t unit = at[0] | (uint32_t)at[1] << 8;
        bool pair = (unit & 0xFC00) == 0xD800 && i + 3 < file->name.len && (at[3] & 0xFC) == 0xDC;
        if (pair) {
            unit = 0x10000 + ((unit & 0x3FF) << 10) + (at[2] | (uint32_t)(at[3] & 3) << 8);
            i += 2;
        }
        buf_codepoint(&name, unit);
    }
    char spare[40];
    snprintf(spare, sizeof spare, "member %zu", number);
    label_sanitize(name.len ? buf_as_span(&name) : span_of(spare), label, size);
    buf_release(&name);
}

/* The next folder that has members. */
static enum status next_folder(struct seven_container *seven, struct fault *fault) {
    const struct seven_header *header = &seven->header;
    do {
        seven->folder = seven->folder == header->folder_count ? 0 : seven->folder + 1;
    } while (seven->folder < header->folder_count && header->folders[seven->folder].streams == 0);
    if (seven->folder >= header->folder_count) {
        seven->dead = true;
        return seven_fault(fault, "the list of members of the 7z archive is damaged");
    }
    enum status status = folder_open(seven, &header->folders[seven->folder], fault);
    if (status != STATUS_OK && status != STATUS_FATAL)
        folder_fail(seven, status, fault);
    return status == STATUS_FATAL ? status : STATUS_OK;
}

/* Passes over what was not read of the member before. */
static enum status leave_member(struct seven_container *seven, struct fault *fault) {
    bool only_zeros;
    enum status status = STATUS_OK;
    if (seven->data_left && !seven->failed)
        status = feed_drain(&seven->data, &only_zeros, fault);
    seven->data_left = 0;
    return status == STATUS_FATAL || seven->dead ? status : STATUS_OK;
}

static enum status enter_stream(struct seven_container *seven, struct container_entry *entry,
                                struct fault *fault) {
    const struct seven_header *header = &seven->header;
    const struct seven_folder *folder = NULL;
    enum status status = STATUS_OK;
    if (seven->folder < header->folder_count)
        folder = &header->folders[seven->folder];
    if (!folder || seven->stream == folder->first_stream + folder->streams)
        status = next_folder(seven, fault);
    if (status != STATUS_OK)
        return status;
    const struct seven_stream *stream = &header->streams[seven->stream++];
    entry->size = stream->size < INT64_MAX ? (int64_t)stream->size : -1;
    entry->check = (struct content_check){stream->crc_known, stream->size, stream->crc};
    seven->data_left = stream->size;
    if (!seven->failed)
        return STATUS_OK;
    *fault = seven->why;
    entry->damaged = !header->folders[seven->folder].encrypted;
    return STATUS_SKIP;
}

static enum status seven_next(struct container *base, struct container_entry *entry,
                              struct fault *fault) {
    struct seven_container *seven = (struct seven_container *)base;
    const struct seven_header *header = &seven->header;
    *entry = (struct container_entry){.size = 0};
    enum status status = leave_member(seven, fault);
    while (status == STATUS_OK) {
        if (seven->dead || seven->file == header->file_count)
            return STATUS_END;
        const struct seven_file *file = &header->files[seven->file++];
        file_label(file, seven->file, entry->label, sizeof entry->label);
        status = budget_charge_member(seven->budget, fault);
        seven->dead = status != STATUS_OK;
        entry->damaged = seven->dead;
        feed_init(&seven->data, data_next);
        entry->data = &seven->data;
        if (status == STATUS_OK && file->has_stream && seven->stream < header->stream_count)
            status = enter_stream(seven, entry, fault);
        else if (status == STATUS_OK && file->has_stream)
            status = seven_fault(fault, "has no data: the 7z archive is damaged");
        bool silent = file->folder || label_is_clutter(entry->label);
        if (status == STATUS_OK && silent) {
            status = leave_member(seven, fault);
            continue;
        }
        if (status == STATUS_OK && (file->attributes & 0x8000) && S_ISLNK(file->attributes >> 16)) {
            entry->harmless = true; /* what it leads to is read where it is */
            return seven_fault(fault, "a symbolic link, not a regular file");
        }
        return status;
    }
    entry->damaged = true;
    return status;
}

static enum status seven_finish(struct container *base, struct fault *fault) {
    struct seven_container *seven = (struct seven_container *)base;
    if (seven->dead || seven->header.file_count)
        return STATUS_OK;
    return seven_fault(fault, "the 7z archive has no members");
}

static void seven_close(struct container *base) {
    struct seven_container *seven = (struct seven_container *)base;
    folder_close(seven);
    seven_header_release(&seven->header);
    buf_release(&seven->header_bytes);
    buf_release(&seven->before);
    buf_release(&seven->behind);
    free(seven->buffer);
    free(seven->decoded);
    free(seven);
}

/* The header */

/* Reads the header from its place in the archive. */
static enum status read_header(struct seven_container *seven, struct fault *fault) {
    char signature[SIGNATURE_SIZE];
    struct buf *header = &seven->header_bytes;
    if (random_read(&seven->bytes, signature, sizeof signature, 0) != SIGNATURE_SIZE)
        return seven_fault(fault, "the 7z archive is cut short");
    uint64_t at = le64(signature + 12), len = le64(signature + 20);
    uint64_t behind = seven->bytes.size - SIGNATURE_SIZE;
    if (crc_of((struct span){signature + 12, 20}) != le32(signature + 8))
        return seven_fault(fault, "the first bytes of the 7z archive are damaged");
    if (at > behind || len > behind - at)
        return fault_set(fault, STATUS_REJECT, EXIT_PARTIAL,
                         "the 7z archive is cut short, or the first part of a split one: join the "
                         "parts (cat x.7z.001 x.7z.002 ... >x.7z) and run again");
    if (len > HEADER_MAX || !buf_reserve(header, (size_t)len))
        return seven_fault(fault, "the list of members of the 7z archive is too long");
    while (header->len < len) {
        int64_t got = random_read(&seven->bytes, header->at + header->len,
                                  (size_t)len - header->len, SIGNATURE_SIZE + at + header->len);
        if (got <= 0)
            return seven_fault(fault, "the 7z archive cannot be read");
        header->len += (size_t)got;
    }
    if (len && crc_of(buf_as_span(header)) != le32(signature + 28))
        return seven_fault(fault, "the list of members of the 7z archive is damaged");
    return STATUS_OK;
}

/* The header is compressed like a member. */
static enum status decode_header(struct seven_container *seven, struct fault *fault) {
    const struct seven_folder *folder = seven->header.folders;
    struct buf decoded;
    if (seven->header.folder_count != 1 || folder->size > HEADER_MAX)
        return seven_fault(fault, "the list of members of the 7z archive is damaged");
    enum status status = folder_open(seven, folder, fault);
    buf_init(&decoded, HEADER_MAX + STEP);
    while (status == STATUS_OK && decoded.len < folder->size) {
        status = folder_decode(seven, fault);
        if (status == STATUS_OK)
            buf_span(&decoded, seven->rest);
    }
    if (decoded.failed && status == STATUS_OK)
        status = fault_memory(fault);
    if (status == STATUS_OK)
        decoded.len = (size_t)folder->size;
    bool wrong =
        folder->crc_known && status == STATUS_OK && crc_of(buf_as_span(&decoded)) != folder->crc;
    if (folder->encrypted && status == STATUS_SKIP)
        status = STATUS_REJECT;
    else if (status == STATUS_END || status == STATUS_SKIP || wrong)
        status = seven_fault(fault, "the list of members of the 7z archive is damaged");
    folder_close(seven);
    seven_header_release(&seven->header);
    buf_release(&seven->header_bytes);
    seven->header_bytes = decoded;
    return status;
}

static enum status seven_begin(struct seven_container *seven, struct fault *fault) {
    if (!seven->buffer || !seven->decoded)
        return fault_memory(fault);
    enum status status = read_header(seven, fault);
    if (status != STATUS_OK || !seven->header_bytes.len)
        return status;
    for (int nested = 0; status == STATUS_OK; nested++) {
        status = seven_header_parse(&seven->header, buf_as_span(&seven->header_bytes), fault);
        if (status != STATUS_OK || !seven->header.encoded)
            break;
        status = nested < 4
                     ? decode_header(seven, fault)
                     : seven_fault(fault, "the list of members of the 7z archive is damaged");
    }
    seven->folder = seven->header.folder_count;
    seven->output = 0;
    return status;
}

enum status seven_container_open(struct container **out, const struct container_bytes *bytes,
                                 struct budget *budget, struct fault *fault) {
    struct seven_container *seven = calloc(1, sizeof *seven);
    *out = NULL;
    if (!seven)
        return fault_memory(fault);
    seven->base = (struct container){seven_next, seven_finish, seven_close, NULL};
    seven->bytes = bytes->random;
    seven->disk_bytes = bytes->disk_bytes ? bytes->disk_bytes : bytes->random.size;
    seven->budget = budget;
    buf_init(&seven->header_bytes, HEADER_MAX);
    buf_init(&seven->before, 1 << 10);
    buf_init(&seven->behind, 1 << 20);
    feed_init(&seven->packed, packed_next);
    feed_init(&seven->data, data_next);
    seven->buffer = malloc(STEP);
    seven->decoded = malloc(STEP);
    enum status status = seven_begin(seven, fault);
    if (status != STATUS_OK) {
        seven_close(&seven->base);
        return status;
    }
    *out = &seven->base;
    return STATUS_OK;
}
