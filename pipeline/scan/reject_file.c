#include "pipeline/scan/reject_file.h"

#include "pipeline/scan/signals.h"
#include "stages/common/files.h"

#include <errno.h>
#include <unistd.h>

enum { BYTES_SHOWN = 200 };

enum status reject_file_open(struct reject_file *rejects, const char *path, struct fault *fault) {
    *rejects = (struct reject_file){.path = path};
    buf_init(&rejects->line, 1 << 16);
    if (!file_temporary(path, rejects->temporary, sizeof rejects->temporary) ||
        !(rejects->file = fopen(rejects->temporary, "wb")))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "cannot write \"%.300s\": %s; name another file with --rejects", path,
                         strerror(errno));
    return STATUS_OK;
}

void reject_file_input(struct reject_file *rejects, const char *label) {
    rejects->input = label;
    rejects->block = NULL;
}

/* The length of the UTF-8 character at the beginning, or 0. */
static size_t character_length(const char *at, size_t left) {
    char copy[5] = {0};
    unsigned char first = (unsigned char)*at;
    size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (len > left)
        return 0;
    memcpy(copy, at, len);
    return first && text_is_whole(copy) ? len : 0;
}

static void add_string(struct buf *out, struct span text) {
    buf_char(out, '"');
    for (size_t i = 0; i < text.len;) {
        unsigned char byte = (unsigned char)text.at[i];
        size_t len = character_length(text.at + i, text.len - i);
        if (byte < 0x20 || byte == 0x7F)
            buf_format(out, "\\u%04x", byte);
        else if (!len)
            buf_format(out, "\\\\x%02X", byte);
        else if (byte == '"' || byte == '\\')
            buf_format(out, "\\%c", byte);
        else
            buf_add(out, text.at + i, len);
        i += len ? len : 1;
    }
    buf_char(out, '"');
}

static void add_line(struct reject_file *rejects, const char *member, uint64_t row,
                     const char *reason, struct span bytes) {
    struct buf *line = &rejects->line;
    buf_clear(line);
    buf_text(line, "{\"path\":");
    add_string(line, span_of(rejects->input));
    buf_text(line, ",\"member\":");
    add_string(line, span_of(member));
    buf_format(line, row ? ",\"line\":%llu,\"reason\":" : ",\"line\":null,\"reason\":",
               (unsigned long long)row);
    add_string(line, span_of(reason));
    buf_text(line, ",\"bytes\":");
    add_string(line, bytes);
    buf_text(line, "}\n");
    fwrite(line->at, 1, line->len, rejects->file);
    rejects->records++;
}

/* A character that the cut would tear is left out. */
static struct span first_bytes(struct span record) {
    if (record.len <= BYTES_SHOWN)
        return record;
    size_t len = BYTES_SHOWN;
    while (len && ((unsigned char)record.at[len] & 0xC0) == 0x80 && len > BYTES_SHOWN - 4)
        len--;
    return (struct span){record.at, len};
}

void reject_file_add(struct reject_file *rejects, const struct block *block,
                     const struct decoded *record, enum reject_reason reason) {
    size_t offset = (size_t)record->offset;
    struct span record_bytes = {block->bytes.at + offset, record->length};
    const char *label = decode_label(block->member->decode);
    if (reject_is_notice(reason))
        return;
    if (rejects->block != block || offset < rejects->at) {
        rejects->block = block;
        rejects->at = 0;
        rejects->row = block->place.line;
    }
    for (const char *at = block->bytes.at + rejects->at, *end = block->bytes.at + offset; at < end;
         at++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        if (!feed)
            break;
        rejects->row++;
        at = feed;
    }
    rejects->at = offset;
    bool named = strcmp(label, rejects->input) != 0;
    add_line(rejects, named ? label : "", rejects->row, reject_name(reason),
             first_bytes(record_bytes));
}

void reject_file_member(struct reject_file *rejects, const char *member, const char *reason) {
    add_line(rejects, member, 0, reason, (struct span){"", 0});
}

enum status reject_file_close(struct reject_file *rejects, enum status status,
                              struct fault *fault) {
    buf_release(&rejects->line);
    if (!rejects->file)
        return status;
    bool written = !ferror(rejects->file);
    written &= fclose(rejects->file) == 0;
    rejects->file = NULL;
    if (status == STATUS_OK && !written)
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%.300s\"", rejects->path);
    if (status != STATUS_OK) {
        unlink(rejects->temporary);
        return status;
    }
    return file_commit(rejects->temporary, rejects->path, fault);
}

static enum status see_nothing(struct worker *worker, const struct post *post, struct batch *batch,
                               struct fault *fault) {
    (void)worker, (void)post, (void)batch, (void)fault;
    return STATUS_OK;
}

static enum status read_input(struct worker *worker, struct work_item *item,
                              const struct scan_input *what, struct budget *budget,
                              struct fault *fault) {
    struct input_scan scan;
    struct batch batch;
    batch_init(&batch);
    enum status status =
        input_scan_open(&scan, what, NULL, NULL, NULL, NULL, DIGEST_WHOLE, budget, fault);
    while (status == STATUS_OK && !signals_pending() &&
           (status = input_scan_read(&scan, item, fault)) == STATUS_OK) {
        status = item->packed
                     ? worker_packed(worker, buf_as_span(&item->raw), item->label, &batch, fault)
                     : worker_block(worker, &item->block, &batch, fault);
        if (batch.note[0] && !batch.minor)
            reject_file_member(worker->shared->rejects, item->label, batch.note);
        batch_clear(&batch);
    }
    if (scan.skip_note[0])
        reject_file_member(worker->shared->rejects, "", scan.skip_note);
    input_scan_close(&scan);
    batch_release(&batch);
    return status == STATUS_END ? STATUS_OK : status;
}

enum status reject_file_read(const char *path, const struct scan_input *inputs, size_t count,
                             struct unpack_limits limits, uint64_t *records, struct fault *fault) {
    struct reject_file rejects;
    struct budget budget;
    struct worker worker = {0};
    struct work_item item;
    struct worker_shared shared = {.budget = &budget, .visit = see_nothing, .rejects = &rejects};
    budget_init(&budget, limits);
    work_item_init(&item, decode_options_default().max_record_bytes);
    enum status status = reject_file_open(&rejects, path, fault);
    if (status == STATUS_OK)
        status = worker_init(&worker, &shared, fault);
    for (size_t i = 0; i < count && status == STATUS_OK && !signals_pending(); i++) {
        struct reading reading = *inputs[i].reading;
        struct scan_input what = {.path = inputs[i].path, .reading = &reading};
        reading.since_us = INT64_MIN;
        reading.until_us = INT64_MAX;
        reading.decode.count_lines = true;
        worker.reading = &reading;
        reject_file_input(&rejects, what.path->label);
        if (what.path->size >= 0)
            status = read_input(&worker, &item, &what, &budget, fault);
        else
            reject_file_member(&rejects, "", "standard input cannot be read a second time");
    }
    *records = rejects.records;
    worker_release(&worker);
    work_item_release(&item);
    return reject_file_close(&rejects, status, fault);
}
