/* bzip2, xz and lz4 by libarchive: exactly one filter, named, over the format "raw". Appending the
 * filter switches libarchive's own guessing off, which would peel up to 25 layers. All three
 * libraries verify the checksums of their formats. On damage libarchive drops the block it was
 * filling, so up to 64 KiB before the damage are not handed out. */
#include "stages/unpack/codec.h"
#include "stages/unpack/label.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

struct archive_filter {
    struct codec_stream decoder;
    struct archive *archive;
    struct archive_entry *entry; /* ours: libarchive does not check that it got its own */
    enum codec codec;
    struct span fed;         /* the last chunk given to libarchive */
    uint64_t fed_bytes;      /* all of them */
    struct span rest;        /* decoded, not handed out yet */
    bool feed_failed, empty; /* empty: decodes to nothing */
    struct fault feed_fault;
    enum status feed_status;
};

static la_ssize_t filter_fill(struct archive *archive, void *context, const void **to) {
    struct archive_filter *filter = context;
    struct span chunk; /* at the end `fed` must stay: it may hold bytes that are no padding */
    enum status status = feed_take(filter->decoder.feed, &chunk, &filter->feed_fault);
    if (status == STATUS_OK) {
        filter->fed = chunk;
        filter->fed_bytes += filter->fed.len;
        *to = filter->fed.at;
        return (la_ssize_t)filter->fed.len;
    }
    if (status == STATUS_END)
        return 0;
    filter->feed_failed = true;
    filter->feed_status = status;
    archive_set_error(archive, EIO, "%s", filter->feed_fault.text);
    return ARCHIVE_FATAL;
}

static enum status filter_error(const struct archive_filter *filter, struct fault *fault) {
    if (filter->feed_failed) {
        *fault = filter->feed_fault;
        return filter->feed_status;
    }
    if (archive_errno(filter->archive) == ENOMEM)
        return fault_memory(fault);
    const char *why = archive_error_string(filter->archive);
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the %s data is damaged or cut short: %s",
                     codec_name(filter->codec), label_shown(why ? why : "no reason given").text);
}

/* libarchive stops quietly at the first byte that continues nothing: what it left must be zeros. */
static enum status filter_end(struct archive_filter *filter, struct fault *fault) {
    int64_t used = archive_filter_bytes(filter->archive, -1);
    uint64_t left =
        used >= 0 && (uint64_t)used < filter->fed_bytes ? filter->fed_bytes - (uint64_t)used : 0;
    if (left > filter->fed.len)
        left = filter->fed.len;
    struct span rest = {NULL, 0};
    if (left)
        rest = (struct span){filter->fed.at + (filter->fed.len - left), left};
    return codec_trailer(&filter->decoder, rest, codec_name(filter->codec), fault);
}

static enum status filter_read(struct codec_stream *decoder, char *to, size_t cap, size_t *got,
                               struct fault *fault) {
    struct archive_filter *filter = (struct archive_filter *)decoder;
    *got = 0;
    if (filter->empty)
        return filter_end(filter, fault);
    while (!filter->rest.len) {
        const void *at;
        size_t len;
        la_int64_t offset;
        int result = archive_read_data_block(filter->archive, &at, &len, &offset);
        if (result == ARCHIVE_EOF)
            return filter_end(filter, fault);
        if (result != ARCHIVE_OK)
            return filter_error(filter, fault);
        filter->rest = (struct span){at, len};
    }
    *got = filter->rest.len < cap ? filter->rest.len : cap;
    memcpy(to, filter->rest.at, *got);
    filter->rest = (struct span){filter->rest.at + *got, filter->rest.len - *got};
    return STATUS_OK;
}

static void filter_close(struct codec_stream *decoder) {
    struct archive_filter *filter = (struct archive_filter *)decoder;
    archive_entry_free(filter->entry);
    archive_read_free(filter->archive);
    free(filter);
}

static int filter_number(enum codec codec) {
    return codec == CODEC_BZIP2 ? ARCHIVE_FILTER_BZIP2
           : codec == CODEC_XZ  ? ARCHIVE_FILTER_XZ
                                : ARCHIVE_FILTER_LZ4;
}

static enum status filter_begin(struct archive_filter *filter, struct fault *fault) {
    struct archive *archive = filter->archive;
    if (archive_read_support_format_raw(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        archive_read_append_filter(archive, filter_number(filter->codec)) != ARCHIVE_OK ||
        archive_read_open(archive, filter, NULL, filter_fill, NULL) != ARCHIVE_OK ||
        archive_errno(archive) != 0) /* "empty" also bids when the first block is damaged */
        return filter_error(filter, fault);
    int result = archive_read_next_header2(archive, filter->entry);
    filter->empty = result == ARCHIVE_EOF;
    return result == ARCHIVE_OK || filter->empty ? STATUS_OK : filter_error(filter, fault);
}

enum status filter_open(struct codec_stream **out, struct feed *feed, enum codec codec,
                        struct fault *fault) {
    struct archive_filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return fault_memory(fault);
    filter->decoder = (struct codec_stream){feed, filter_read, filter_close};
    filter->codec = codec;
    filter->archive = archive_read_new();
    filter->entry = archive_entry_new();
    enum status status =
        filter->archive && filter->entry ? filter_begin(filter, fault) : fault_memory(fault);
    if (status != STATUS_OK) {
        filter_close(&filter->decoder);
        return status;
    }
    *out = &filter->decoder;
    return STATUS_OK;
}
