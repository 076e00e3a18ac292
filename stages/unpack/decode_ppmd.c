/* PPMd of zip by libarchive, the only library with it: it is given one member with its local header
 * and reads it as a zip archive from front to back. */
#include "stages/unpack/codec.h"
#include "stages/unpack/label.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

struct ppmd {
    struct codec_stream stream;
    struct archive *archive;
    struct archive_entry *entry; /* ours: libarchive does not check that it got its own */
    struct span rest;            /* decoded, not handed out yet */
    enum status feed_ended;
    struct fault feed_fault;
};

static la_ssize_t ppmd_fill(struct archive *archive, void *context, const void **to) {
    struct ppmd *ppmd = context;
    struct span chunk;
    enum status status = feed_take(ppmd->stream.feed, &chunk, &ppmd->feed_fault);
    if (status == STATUS_OK) {
        *to = chunk.at;
        return (la_ssize_t)chunk.len;
    }
    if (status == STATUS_END)
        return 0;
    ppmd->feed_ended = status;
    archive_set_error(archive, EIO, "%s", ppmd->feed_fault.text);
    return ARCHIVE_FATAL;
}

static enum status ppmd_error(const struct ppmd *ppmd, struct fault *fault) {
    if (ppmd->feed_ended != STATUS_OK) {
        *fault = ppmd->feed_fault;
        return ppmd->feed_ended;
    }
    if (archive_errno(ppmd->archive) == ENOMEM)
        return fault_memory(fault);
    const char *why = archive_error_string(ppmd->archive);
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "the PPMd data is damaged or cut short: %s",
                     label_shown(why ? why : "no reason given").text);
}

static enum status ppmd_read(struct codec_stream *stream, char *to, size_t cap, size_t *got,
                             struct fault *fault) {
    struct ppmd *ppmd = (struct ppmd *)stream;
    *got = 0;
    while (!ppmd->rest.len) {
        const void *at;
        size_t len;
        la_int64_t offset;
        int result = archive_read_data_block(ppmd->archive, &at, &len, &offset);
        if (result == ARCHIVE_EOF)
            return STATUS_END;
        if (result != ARCHIVE_OK)
            return ppmd_error(ppmd, fault);
        ppmd->rest = (struct span){at, len};
    }
    *got = ppmd->rest.len < cap ? ppmd->rest.len : cap;
    memcpy(to, ppmd->rest.at, *got);
    ppmd->rest = (struct span){ppmd->rest.at + *got, ppmd->rest.len - *got};
    return STATUS_OK;
}

static void ppmd_close(struct codec_stream *stream) {
    struct ppmd *ppmd = (struct ppmd *)stream;
    archive_entry_free(ppmd->entry);
    archive_read_free(ppmd->archive);
    free(ppmd);
}

static enum status ppmd_begin(struct ppmd *ppmd, struct fault *fault) {
    struct archive *archive = ppmd->archive;
    if (!archive || !ppmd->entry)
        return fault_memory(fault);
    if (archive_read_support_format_zip_streamable(archive) != ARCHIVE_OK ||
        archive_read_support_filter_none(archive) != ARCHIVE_OK ||
        archive_read_open(archive, ppmd, NULL, ppmd_fill, NULL) != ARCHIVE_OK ||
        archive_read_next_header2(archive, ppmd->entry) != ARCHIVE_OK)
        return ppmd_error(ppmd, fault);
    return STATUS_OK;
}

enum status ppmd_open(struct codec_stream **out, struct feed *feed, struct fault *fault) {
    struct ppmd *ppmd = calloc(1, sizeof *ppmd);
    if (!ppmd)
        return fault_memory(fault);
    ppmd->stream = (struct codec_stream){.feed = feed, .read = ppmd_read, .close = ppmd_close};
    ppmd->feed_ended = STATUS_OK;
    ppmd->archive = archive_read_new();
    ppmd->entry = archive_entry_new();
    enum status status = ppmd_begin(ppmd, fault);
    if (status != STATUS_OK) {
        ppmd_close(&ppmd->stream);
        return status;
    }
    *out = &ppmd->stream;
    return STATUS_OK;
}
