#include "pipeline/scan/roots_file.h"

#include "stages/common/files.h"
#include "stages/common/num.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOTS_MARK "burza roots 2"
enum { ENTRY = 18, BLOCK = 4096, SEAL = DIGEST_HEX_SIZE - 1 };

static void roots_path(const char *folder, char *out, size_t size) {
    snprintf(out, size, "%s/roots", folder);
}

/* ---- writing ---- */

static char *put_number(char *to, uint64_t number, int bytes) {
    for (int i = 0; i < bytes; i++)
        *to++ = (char)(number >> (8 * i));
    return to;
}

static bool put(int fd, struct digest *digest, struct span bytes) {
    digest_add(digest, bytes);
    return fd_write(fd, bytes);
}

static bool put_roots(int fd, struct digest *digest, const struct root_table *table) {
    char block[BLOCK * ENTRY];
    bool ok = true;
    for (size_t done = 0; ok && done < table->count;) {
        char *to = block;
        for (size_t i = 0; i < BLOCK && done < table->count; i++) {
            const struct root *root = &table->at[done++];
            to = put_number(to, root->hash, 8);
            to = put_number(to, (uint64_t)root->us, 8);
            to = put_number(to, root->brand, 2);
        }
        ok = put(fd, digest, (struct span){block, (size_t)(to - block)});
    }
    return ok;
}

static void add_inputs(struct buf *out, const struct scanned_inputs *inputs, size_t *count) {
    for (size_t i = 0; i < inputs->count; i++) {
        const struct scanned_input *input = &inputs->at[i];
        if (!input->root_count || input->original != i)
            continue;
        /* the digest first: it has no blanks */
        buf_format(out, "%s %s %" PRId64 " %" PRId64 " %d %s\n", scanned_input_head(input)->sha256,
                   input->roots, input->root_count, input->last_reply_us, input->needs_pass,
                   scanned_input_head(input)->label);
        *count += input->needs_pass;
    }
}

/* What is in the file, and then the digest of that. */
static enum status put_all(int fd, struct span text, const struct root_table *table,
                           struct fault *fault) {
    struct digest digest;
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    enum status status = digest_init(&digest, fault);
    if (status != STATUS_OK)
        return status;
    bool ok = put(fd, &digest, text) && put_roots(fd, &digest, table);
    int error = errno;
    digest_peek(&digest, sum);
    digest_hex(sum, hex);
    digest_release(&digest);
    if (ok && !fd_write(fd, span_of(hex))) {
        ok = false;
        error = errno;
    }
    return ok ? STATUS_OK
              : fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write the roots: %s",
                          strerror(error));
}

enum status roots_file_write(const char *folder, const struct reply_roots *roots,
                             const struct scanned_inputs *inputs, const struct scan_id *id,
                             size_t *count, struct fault *fault) {
    char path[4200], temporary[4300];
    struct buf text;
    size_t listed = 0;
    *count = 0;
    roots_path(folder, path, sizeof path);
    if (!file_temporary(path, temporary, sizeof temporary))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%s\" is too long", path);
    buf_init(&text, (size_t)1 << 40);
    for (size_t i = 0; i < inputs->count; i++)
        listed += inputs->at[i].root_count > 0 && inputs->at[i].original == i;
    buf_format(&text, ROOTS_MARK "\n%s\n%" PRId64 " %zu %zu\n", id->digest,
               (int64_t)roots->platforms, listed, roots->table.count);
    add_inputs(&text, inputs, count);
    enum status status = text.failed ? fault_memory(fault) : STATUS_OK;
    int fd = -1;
    if (status == STATUS_OK)
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (status == STATUS_OK && fd < 0)
        status = fault_set(fault, STATUS_FATAL, uncreated_exit(errno), "cannot create \"%s\": %s",
                           path, strerror(errno));
    if (status == STATUS_OK)
        status = put_all(fd, buf_as_span(&text), &roots->table, fault);
    buf_release(&text);
    if (fd >= 0 && close(fd) != 0 && status == STATUS_OK)
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                           strerror(errno));
    if (fd >= 0 && status != STATUS_OK)
        unlink(temporary);
    return status == STATUS_OK ? file_commit(temporary, path, fault) : status;
}

/* ---- reading ---- */

/* A file that is read in lines, then blocks, and digested on the way. */
struct roots_reader {
    FILE *file;
    struct digest digest;
    char *line; /* of getline */
    size_t line_size;
    bool full; /* out of memory */
};

/* The next line, without its end; valid until the next call. NULL: there is none. */
static const char *next_line(struct roots_reader *reader) {
    ssize_t len = getline(&reader->line, &reader->line_size, reader->file);
    if (len <= 0 || reader->line[len - 1] != '\n')
        return NULL;
    digest_add(&reader->digest, (struct span){reader->line, (size_t)len});
    reader->line[len - 1] = 0;
    return reader->line;
}

static uint64_t take_number(const char *at, int bytes) {
    uint64_t number = 0;
    for (int i = 0; i < bytes; i++)
        number |= (uint64_t)(unsigned char)at[i] << (8 * i);
    return number;
}

/* The next word of a line, behind one blank. */
static struct span next_word(const char **at) {
    size_t len = strcspn(*at, " ");
    struct span word = {*at, len};
    *at += len + ((*at)[len] == ' ');
    return word;
}

static bool next_number(const char **at, int64_t *out) {
    return num_i64(next_word(at), out);
}

/* What the file says of the inputs that this share has. */
static bool take_input(const char *line, struct scanned_inputs *inputs) {
    struct span sha256 = next_word(&line), roots = next_word(&line);
    int64_t count, until, needs;
    if (roots.len != DIGEST_HEX_SIZE - 1 || !next_number(&line, &count) ||
        !next_number(&line, &until) || !next_number(&line, &needs))
        return false;
    for (size_t i = 0; i < inputs->count; i++) {
        struct scanned_input *input = &inputs->at[i];
        const struct shard_head *head = scanned_input_head(input);
        if (!span_is(sha256, head->sha256) || strcmp(head->label, line) != 0)
            continue;
        const struct segments *context = &input->context;
        snprintf(input->roots, sizeof input->roots, "%.*s", (int)roots.len, roots.at);
        input->root_count = count;
        input->last_reply_us = until;
        input->needs_pass = needs && !(context->whole && !context->trouble &&
                                       span_is(roots, context->at->head.roots));
    }
    return true;
}

/* `count` roots, rising; false when these are none. */
static bool take_roots(struct roots_reader *reader, size_t count, size_t brand_count,
                       struct root_table *table) {
    char block[BLOCK * ENTRY];
    bool ok = true, news;
    for (size_t left = count; ok && left;) {
        size_t held = left < BLOCK ? left : BLOCK;
        ok = fread(block, ENTRY, held, reader->file) == held;
        digest_add(&reader->digest, (struct span){block, ok ? held * ENTRY : 0});
        for (size_t i = 0; ok && i < held; i++) {
            const char *at = &block[i * ENTRY];
            struct root root = {take_number(at, 8), (int64_t)take_number(at + 8, 8),
                                (uint16_t)take_number(at + 16, 2), ROOT_ROW};
            reader->full = root.brand < brand_count && !root_table_add(table, &root, &news);
            ok = root.brand < brand_count && !reader->full;
        }
        left -= held;
    }
    reader->full |= ok && !root_table_settle(table);
    return ok && !reader->full && table->count == count;
}

/* False when it is no such file; *found: of this scan. */
static bool parse(struct roots_reader *reader, struct reply_roots *roots,
                  struct scanned_inputs *inputs, const struct scan_id *id, bool *found) {
    int64_t platforms, listed, count;
    const char *line = next_line(reader);
    if (!line || strcmp(line, ROOTS_MARK) != 0 || !(line = next_line(reader)))
        return false;
    *found = strcmp(line, id->digest) == 0;
    if (!*found)
        return true;
    line = next_line(reader);
    if (!line || !next_number(&line, &platforms) || !next_number(&line, &listed) ||
        !next_number(&line, &count) || count < 0)
        return false;
    roots->platforms = (uint64_t)platforms;
    for (int64_t i = 0; i < listed; i++)
        if (!(line = next_line(reader)) || !take_input(line, inputs))
            return false;
    return take_roots(reader, (size_t)count, roots->brand_count, &roots->table);
}

/* Whether the file ends here, with the digest of all that was read. */
static bool is_sealed(struct roots_reader *reader) {
    char seal[SEAL + 1], hex[DIGEST_HEX_SIZE];
    unsigned char sum[DIGEST_SIZE];
    digest_peek(&reader->digest, sum);
    digest_hex(sum, hex);
    return fread(seal, 1, sizeof seal, reader->file) == SEAL && memcmp(seal, hex, SEAL) == 0;
}

enum status roots_file_read(const char *folder, struct reply_roots *roots,
                            struct scanned_inputs *inputs, const struct scan_id *id,
                            const struct brand *brands, size_t brand_count, bool *found,
                            struct fault *fault) {
    char path[4200];
    *roots = (struct reply_roots){.brands = brands, .brand_count = brand_count};
    *found = false;
    roots_path(folder, path, sizeof path);
    struct roots_reader reader = {.file = fopen(path, "rbe")};
    if (!reader.file && errno == ENOENT)
        return STATUS_OK;
    if (!reader.file)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot open \"%s\": %s", path,
                         strerror(errno));
    enum status status = digest_init(&reader.digest, fault);
    if (status == STATUS_OK) {
        bool sound = parse(&reader, roots, inputs, id, found);
        if (sound && *found)
            sound = is_sealed(&reader);
        if (reader.full)
            status = fault_memory(fault);
        else if (!sound)
            status = ferror(reader.file)
                         ? fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\"", path)
                         : fault_set(fault, STATUS_FATAL, EXIT_DATA,
                                     "\"%s\" is damaged: make it anew with burza roots", path);
        digest_release(&reader.digest);
    }
    free(reader.line);
    fclose(reader.file);
    return status;
}
