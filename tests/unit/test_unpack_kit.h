/* Builds archives in memory with the libraries and reads them back through the stage. */
#ifndef BURZA_TEST_UNPACK_KIT_H
#define BURZA_TEST_UNPACK_KIT_H

#include "stages/unpack/unpack.h"
#include "tap.h"

#include <archive.h>
#include <archive_entry.h>
#include <lzma.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

static char kit_folder[64];

static inline void kit_begin(void) {
    snprintf(kit_folder, sizeof kit_folder, "/tmp/burza-unpack-XXXXXX");
    if (!mkdtemp(kit_folder))
        abort();
}

static inline void kit_end(void) {
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", kit_folder);
    if (system(command) != 0)
        abort();
}

/* Valid until the next call but three. */
static inline const char *kit_path(const char *name) {
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, 256, "%s/%s", kit_folder, name);
    return path;
}

static inline void kit_write(const char *name, struct span bytes) {
    FILE *file = fopen(kit_path(name), "wb");
    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file) != 0)
        abort();
}

static inline struct buf kit_buf(void) {
    struct buf buf;
    buf_init(&buf, (size_t)1 << 32);
    return buf;
}

/* JSON lines, a little random, so that they compress about five times. */
static inline struct buf kit_lines(size_t bytes) {
    static const char *const words[] = {"storm", "brand",  "zawiodła", "obsługa",
                                        "late",  "parcel", "świetnie", "again"};
    struct buf out = kit_buf();
    uint32_t state = 12345;
    for (int line = 0; out.len < bytes; line++) {
        buf_format(&out, "{\"id\":%d,\"text\":\"", line);
        for (int i = 0; i < 9; i++) {
            state = state * 1664525u + 1013904223u;
            buf_format(&out, "%s%x ", words[state >> 29], state >> 16 & 255);
        }
        buf_text(&out, "\"}\n");
    }
    return out;
}

static inline void kit_append_archive(struct archive *archive, struct buf *out) {
    if (archive_write_close(archive) != ARCHIVE_OK) {
        printf("# %s\n", archive_error_string(archive));
        abort();
    }
    archive_write_free(archive);
    if (out->failed)
        abort();
}

static la_ssize_t kit_sink(struct archive *archive, void *context, const void *at, size_t len) {
    (void)archive;
    buf_add(context, at, len);
    return (la_ssize_t)len;
}

/* An archive that appends to `out` without a buffer; filter and format are libarchive's names. */
static inline struct archive *kit_archive(const char *format, const char *filter, struct buf *out) {
    struct archive *archive = archive_write_new();
    if (archive_write_set_format_by_name(archive, format) != ARCHIVE_OK ||
        (filter && archive_write_add_filter_by_name(archive, filter) < ARCHIVE_WARN) ||
        archive_write_set_bytes_per_block(archive, 0) != ARCHIVE_OK ||
        archive_write_open(archive, out, NULL, kit_sink, NULL) != ARCHIVE_OK) {
        printf("# %s %s: %s\n", format, filter ? filter : "", archive_error_string(archive));
        abort();
    }
    return archive;
}

static inline struct archive_entry *kit_entry(const char *name, unsigned type, size_t size) {
    struct archive_entry *entry = archive_entry_new();
    archive_entry_copy_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1700000000, 0);
    archive_entry_set_size(entry, (la_int64_t)size);
    return entry;
}

static inline void kit_put(struct archive *archive, struct archive_entry *entry,
                           struct span content) {
    if (archive_write_header(archive, entry) < ARCHIVE_WARN ||
        (content.len &&
         archive_write_data(archive, content.at, content.len) != (la_ssize_t)content.len)) {
        printf("# %s\n", archive_error_string(archive));
        abort();
    }
    archive_entry_free(entry);
}

static inline void kit_add(struct archive *archive, const char *name, struct span content) {
    kit_put(archive, kit_entry(name, AE_IFREG, content.len), content);
}

/* `content` compressed once; zstd with a checksum, as the command line tool writes it. */
static inline struct buf kit_compress(const char *codec, struct span content) {
    struct buf out = kit_buf();
    if (strcmp(codec, "zstd") == 0) {
        ZSTD_CCtx *context = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
        if (!buf_reserve(&out, ZSTD_compressBound(content.len)))
            abort();
        out.len = ZSTD_compress2(context, out.at, out.cap, content.at, content.len);
        ZSTD_freeCCtx(context);
        return out;
    }
    struct archive *archive = kit_archive("raw", codec, &out);
    kit_add(archive, "x", content);
    kit_append_archive(archive, &out);
    return out;
}

/* `content` as one stream of xz, in blocks of so many bytes whose headers do not say their sizes.
 */
static inline struct buf kit_xz_blocks(struct span content, size_t block) {
    lzma_stream stream = LZMA_STREAM_INIT;
    struct buf out = kit_buf();
    if (lzma_easy_encoder(&stream, 0, LZMA_CHECK_CRC64) != LZMA_OK ||
        !buf_reserve(&out, content.len * 2 + 100000))
        abort();
    stream.next_out = (uint8_t *)out.at;
    stream.avail_out = out.cap;
    for (size_t at = 0; at < content.len; at += block) {
        stream.next_in = (const uint8_t *)content.at + at;
        stream.avail_in = content.len - at < block ? content.len - at : block;
        while (lzma_code(&stream, LZMA_FULL_FLUSH) == LZMA_OK) {
        }
    }
    if (lzma_code(&stream, LZMA_FINISH) != LZMA_STREAM_END)
        abort();
    out.len = (size_t)stream.total_out;
    lzma_end(&stream);
    return out;
}

/* What came out of reading one input to its end. */
struct outcome {
    struct buf bytes;                        /* of all members */
    unsigned members, packed, skips, broken; /* broken: sources that ended in STATUS_SKIP */
    char labels[1024];                       /* "a|b|" */
    char reason[500];                        /* the last one */
    struct input_summary summary;
    bool opened;
};

static inline bool outcome_is_clean(const struct outcome *outcome) {
    return outcome->opened && !outcome->skips && !outcome->broken && !outcome->summary.damaged;
}

static inline void kit_drain(struct source *source, struct outcome *out) {
    static char chunk[70001]; /* odd on purpose */
    size_t got;
    struct fault fault;
    enum status status;
    while ((status = source_read(source, chunk, sizeof chunk, &got, &fault)) == STATUS_OK)
        buf_add(&out->bytes, chunk, got);
    if (status != STATUS_END) {
        out->broken++;
        snprintf(out->reason, sizeof out->reason, "%s", fault.text);
    }
}

static inline void kit_member(struct member *member, const struct buf *packed,
                              struct budget *budget, struct outcome *out) {
    struct fault fault;
    struct source *source;
    size_t used = strlen(out->labels);
    out->members++;
    out->packed += member->packed;
    snprintf(out->labels + used, sizeof out->labels - used, "%s|", member->label);
    if (!member->packed) {
        kit_drain(member->source, out);
    } else if (source_open_packed(&source, buf_as_span(packed), member->label, budget, &fault) ==
               STATUS_OK) {
        kit_drain(source, out);
        source_close(source);
    } else {
        out->broken++;
        snprintf(out->reason, sizeof out->reason, "%s", fault.text);
    }
}

static inline struct outcome kit_read_path(const char *path, struct unpack_limits limits) {
    struct outcome out = {.bytes = kit_buf()};
    struct input_path input_path = {
        .path = (char *)(uintptr_t)path, .label = (char *)(uintptr_t) "in", .size = -1};
    struct budget budget;
    struct input *input;
    struct member member;
    struct fault fault = {0};
    struct buf packed;
    enum status status;
    budget_init(&budget, limits);
    buf_init(&packed, 64 << 20);
    out.opened = input_open(&input, &input_path, &budget, &fault) == STATUS_OK;
    if (!out.opened) {
        snprintf(out.reason, sizeof out.reason, "%s", fault.text);
        return out;
    }
    while ((status = input_next(input, &member, &packed, &fault)) != STATUS_END) {
        if (status == STATUS_FATAL)
            abort();
        if (status == STATUS_OK) {
            kit_member(&member, &packed, &budget, &out);
            continue;
        }
        out.skips++;
        snprintf(out.reason, sizeof out.reason, "%s", fault.text);
    }
    input_finish(input, &out.summary);
    input_close(input);
    buf_release(&packed);
    return out;
}

static inline struct outcome kit_read(struct span bytes) {
    kit_write("in", bytes);
    return kit_read_path(kit_path("in"), unpack_limits_default());
}

static inline bool kit_same(const struct outcome *outcome, struct span want) {
    return span_equal(buf_as_span(&outcome->bytes), want);
}

static inline bool kit_says(const char *text, const char *part) {
    if (strstr(text, part))
        return true;
    printf("# got \"%s\", wanted it to say \"%s\"\n", text, part);
    return false;
}

#endif
