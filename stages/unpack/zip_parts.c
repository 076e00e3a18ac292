/* The parts of a zip in memory whose parts belong together (a workbook), by libarchive. */
#include "stages/unpack/budget.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

static enum status failed(struct archive *archive, struct fault *fault) {
    if (archive_errno(archive) == ENOMEM)
        return fault_memory(fault);
    return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                     "is damaged: not all of its parts can be "
                     "read; save or fetch it again");
}

static enum status read_part(struct archive *archive, const struct zip_visitor *visitor,
                             struct budget *budget, uint64_t *total, size_t zip_bytes,
                             struct fault *fault) {
    const void *at;
    size_t len;
    la_int64_t offset;
    int result;
    enum status status = STATUS_OK;
    while (status == STATUS_OK &&
           (result = archive_read_data_block(archive, &at, &len, &offset)) != ARCHIVE_EOF) {
        if (result < ARCHIVE_WARN)
            return failed(archive, fault);
        *total += len;
        status = budget_charge_output(budget, len, fault);
        if (status == STATUS_OK)
            status = budget_check_ratio(budget, zip_bytes, *total, fault);
        if (status == STATUS_OK && len)
            status = visitor->take(visitor->context, (struct span){at, len}, fault);
    }
    return status == STATUS_OK ? visitor->end(visitor->context, fault) : status;
}

static enum status read_parts(struct archive *archive, const struct zip_visitor *visitor,
                              struct budget *budget, size_t zip_bytes, struct fault *fault) {
    struct archive_entry *entry;
    enum status status = STATUS_OK;
    uint64_t total = 0;
    int result = ARCHIVE_OK;
    while (status == STATUS_OK &&
           (result = archive_read_next_header(archive, &entry)) != ARCHIVE_EOF) {
        if (result < ARCHIVE_WARN)
            return failed(archive, fault);
        const char *name = archive_entry_pathname(entry);
        if (name && visitor->wants(visitor->context, name))
            status = read_part(archive, visitor, budget, &total, zip_bytes, fault);
    }
    return status;
}

enum status zip_parts(struct span zip, const struct zip_visitor *visitor, struct budget *budget,
                      struct fault *fault) {
    struct archive *archive = archive_read_new();
    if (!archive)
        return fault_memory(fault);
    enum status status = STATUS_OK;
    if (archive_read_support_format_zip(archive) != ARCHIVE_OK ||
        archive_read_open_memory(archive, zip.at, zip.len) != ARCHIVE_OK)
        status = failed(archive, fault);
    if (status == STATUS_OK)
        status = read_parts(archive, visitor, budget, zip.len, fault);
    archive_read_free(archive);
    return status;
}
