#include "pipeline/scan/roots_file.h"

#include "stages/common/files.h"
#include "stages/common/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROOTS_MARK "burza roots 1"

static void roots_path(const char *folder, char *out, size_t size) {
    snprintf(out, size, "%s/roots", folder);
}

static void add_u64(struct buf *out, uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
        buf_char(out, (char)(number >> shift));
}

/* The keys, or keys and values, in the order of the keys. */
static bool add_counts(struct buf *out, const struct counts *counts, bool values) {
    uint64_t *keys = malloc((counts->count + 1) * sizeof *keys);
    size_t count = 0;
    for (size_t i = 0; keys && i < counts->cap; i++)
        if (counts->used[i])
            keys[count++] = counts->entries[i].key;
    if (count)
        qsort(keys, count, sizeof *keys, num_compare_u64);
    for (size_t i = 0; i < count; i++) {
        add_u64(out, keys[i]);
        if (values)
            add_u64(out, *counts_find(counts, keys[i]));
    }
    free(keys);
    return keys != NULL;
}

enum status roots_file_write(const char *folder, const struct reply_roots *roots,
                             const struct scanned_inputs *inputs, const struct scan_id *id,
                             size_t *count, struct fault *fault) {
    char path[4200], hex[DIGEST_HEX_SIZE];
    unsigned char sum[DIGEST_SIZE];
    struct buf text;
    *count = 0;
    buf_init(&text, (size_t)1 << 40);
    for (size_t i = 0; i < inputs->count; i++)
        *count += inputs->at[i].root_count > 0 && inputs->at[i].original == i;
    buf_format(&text, ROOTS_MARK "\n%s\n%" PRId64 " %zu %zu %zu\n", id->digest,
               (int64_t)roots->platforms, *count, roots->keys.count, roots->posts.count);
    *count = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct scanned_input *input = &inputs->at[i];
        if (!input->root_count || input->original != i)
            continue;
        /* the digest first: it has no blanks */
        buf_format(&text, "%s %s %" PRId64 " %" PRId64 " %d %s\n",
                   scanned_input_head(input)->sha256, input->roots, input->root_count,
                   input->last_reply_us, input->needs_pass, scanned_input_head(input)->label);
        *count += input->needs_pass;
    }
    bool ok = add_counts(&text, &roots->keys, true) && add_counts(&text, &roots->posts, false);
    digest_of(buf_as_span(&text), sum);
    digest_hex(sum, hex);
    buf_text(&text, hex);
    roots_path(folder, path, sizeof path);
    enum status status =
        ok && !text.failed ? file_publish(path, buf_as_span(&text), fault) : fault_memory(fault);
    buf_release(&text);
    return status;
}

/* ---- reading ---- */

/* The next line, without its end; it ends in a NUL from then on. NULL: there is none. */
static char *next_line(struct span *rest) {
    char *line = (char *)(uintptr_t)rest->at, *end = memchr(line, '\n', rest->len);
    if (!end)
        return NULL;
    *end = 0;
    rest->len -= (size_t)(end + 1 - line);
    rest->at = end + 1;
    return line;
}

static uint64_t take_u64(struct span *rest) {
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number |= (uint64_t)(unsigned char)rest->at[i] << (8 * i);
    *rest = (struct span){rest->at + 8, rest->len - 8};
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

static bool take_counts(struct span *rest, size_t count, bool values, struct counts *out) {
    bool ok = rest->len / (values ? 16 : 8) >= count;
    for (size_t i = 0; ok && i < count; i++) {
        uint64_t *value = counts_at(out, take_u64(rest));
        ok = value != NULL;
        if (ok)
            *value = values ? take_u64(rest) : 0;
    }
    return ok;
}

/* False when it is no such file; *found: of this scan. */
static bool parse(struct span rest, struct reply_roots *roots, struct scanned_inputs *inputs,
                  const struct scan_id *id, bool *found) {
    int64_t platforms, input_count, keys, posts;
    const char *line = next_line(&rest);
    if (!line || strcmp(line, ROOTS_MARK) != 0 || !(line = next_line(&rest)))
        return false;
    *found = strcmp(line, id->digest) == 0;
    if (!*found)
        return true;
    line = next_line(&rest);
    if (!line || !next_number(&line, &platforms) || !next_number(&line, &input_count) ||
        !next_number(&line, &keys) || !next_number(&line, &posts) || keys < 0 || posts < 0)
        return false;
    roots->platforms = (uint64_t)platforms;
    for (int64_t i = 0; i < input_count; i++)
        if (!(line = next_line(&rest)) || !take_input(line, inputs))
            return false;
    return take_counts(&rest, (size_t)keys, true, &roots->keys) &&
           take_counts(&rest, (size_t)posts, false, &roots->posts);
}

enum status roots_file_read(const char *folder, struct reply_roots *roots,
                            struct scanned_inputs *inputs, const struct scan_id *id,
                            const struct brand *brands, size_t brand_count, bool *found,
                            struct fault *fault) {
    char path[4200], hex[DIGEST_HEX_SIZE];
    unsigned char sum[DIGEST_SIZE];
    struct buf text;
    *roots = (struct reply_roots){.brands = brands, .brand_count = brand_count};
    *found = false;
    roots_path(folder, path, sizeof path);
    if (access(path, F_OK) != 0)
        return STATUS_OK;
    buf_init(&text, (size_t)1 << 40);
    enum status status = file_read(path, &text, fault);
    if (status == STATUS_OK) {
        size_t seal = DIGEST_HEX_SIZE - 1, len = text.len > seal ? text.len - seal : 0;
        digest_of((struct span){text.at, len}, sum);
        digest_hex(sum, hex);
        if (!len || memcmp(text.at + len, hex, seal) != 0 ||
            !parse((struct span){text.at, len}, roots, inputs, id, found))
            status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                               "\"%s\" is damaged: make it anew with burza roots", path);
    }
    buf_release(&text);
    return status;
}
