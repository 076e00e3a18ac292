#include "pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

static void check(int status, struct archive *archive, const char *path) {
    if (status != ARCHIVE_OK)
        die(archive_error_string(archive), path);
}

static struct archive_entry *entry_create(const char *name, size_t size, int64_t modified_s) {
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        die("out of memory", name);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, modified_s, 0);
    return entry;
}

static void write_entry(struct archive *archive, struct archive_entry *entry, const void *data,
                        size_t size, const char *path) {
    check(archive_write_header(archive, entry), archive, path);
    if (archive_write_data(archive, data, size) != (la_ssize_t)size)
        die("short write", path);
    archive_entry_free(entry);
}

static struct archive *writer_create(int filter, int raw, const char *path) {
    struct archive *archive = archive_write_new();
    if (!archive)
        die("out of memory", path);
    check(archive_write_add_filter(archive, filter), archive, path);
    check(raw ? archive_write_set_format_raw(archive) : archive_write_set_format_ustar(archive),
          archive, path);
    return archive;
}

void pack_tar_open(struct pack_tar *tar, const char *path) {
    tar->path = path;
    tar->archive = writer_create(ARCHIVE_FILTER_NONE, 0, path);
    check(archive_write_open_filename(tar->archive, path), tar->archive, path);
}

void pack_tar_add_bz2(struct pack_tar *tar, const char *member, const struct text *bytes,
                      int64_t modified_s) {
    struct archive *filter = writer_create(ARCHIVE_FILTER_BZIP2, 1, member);
    size_t capacity = bytes->length + bytes->length / 50 + 4096, used = 0;
    char *packed = allocate(capacity, 1);
    check(archive_write_set_options(filter, "bzip2:compression-level=9"), filter, member);
    check(archive_write_set_bytes_in_last_block(filter, 1), filter, member);
    check(archive_write_open_memory(filter, packed, capacity, &used), filter, member);
    write_entry(filter, entry_create("data", bytes->length, 0), bytes->data, bytes->length, member);
    check(archive_write_close(filter), filter, member);
    archive_write_free(filter);
    write_entry(tar->archive, entry_create(member, used, modified_s), packed, used, tar->path);
    free(packed);
}

void pack_tar_close(struct pack_tar *tar) {
    check(archive_write_close(tar->archive), tar->archive, tar->path);
    archive_write_free(tar->archive);
}

void pack_write_plain(const char *path, const struct text *bytes) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes->data, 1, bytes->length, file) != bytes->length || fclose(file) != 0)
        die("cannot write", path);
}

/* zlib's gzip header with no name and no time: libarchive writes neither when told so */
void pack_write_gz(const char *path, const struct text *bytes) {
    struct archive *archive = writer_create(ARCHIVE_FILTER_GZIP, 1, path);
    check(archive_write_set_options(archive, "gzip:compression-level=9,gzip:!timestamp"), archive,
          path);
    check(archive_write_set_bytes_in_last_block(archive, 1), archive, path);
    check(archive_write_open_filename(archive, path), archive, path);
    write_entry(archive, entry_create("data", bytes->length, 0), bytes->data, bytes->length, path);
    check(archive_write_close(archive), archive, path);
    archive_write_free(archive);
}

static void set_parameter(ZSTD_CCtx *context, ZSTD_cParameter parameter, int value,
                          const char *path) {
    if (ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)))
        die("zstd refuses a parameter", path);
}

/* Bytes are fed without ending the frame first: a frame of known size would shrink its window. */
void pack_write_zst(const char *path, const struct text *bytes) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    struct text packed = {0};
    if (!context)
        die("out of memory", path);
    set_parameter(context, ZSTD_c_compressionLevel, 19, path);
    set_parameter(context, ZSTD_c_windowLog, 28, path);
    set_parameter(context, ZSTD_c_checksumFlag, 1, path);
    text_reserve(&packed, ZSTD_compressBound(bytes->length) + 1024);
    ZSTD_inBuffer in = {bytes->data, bytes->length, 0};
    ZSTD_outBuffer out = {packed.data, packed.capacity, 0};
    size_t left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
    while (!ZSTD_isError(left) && in.pos < in.size)
        left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
    if (!ZSTD_isError(left))
        left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
    if (left != 0)
        die("zstd did not finish", path);
    packed.length = out.pos;
    pack_write_plain(path, &packed);
    text_release(&packed);
    ZSTD_freeCCtx(context);
}
