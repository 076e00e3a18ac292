#include "pipeline/scan/input_scan.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PACKED_MAX = 65 << 20, SMALL_ROWS_BYTES = 1 << 20, SMALL_COUNTS = 20000 };

void work_item_init(struct work_item *item, size_t max_record_bytes) {
    *item = (struct work_item){0};
    block_init(&item->block, max_record_bytes);
    buf_init(&item->raw, PACKED_MAX);
}

void work_item_release(struct work_item *item) {
    block_release(&item->block);
    buf_release(&item->raw);
}

/* Passing troubles of this thread since trouble_take count for the input. */
static void note_trouble(struct input_scan *scan) {
    int now = trouble_take(), before = atomic_load(&scan->trouble);
    while (now > before && !atomic_compare_exchange_weak(&scan->trouble, &before, now))
        continue;
}

/* How many items the segments on disk cover without a gap, and the next segment's number. An input
 * that passing troubles kept from being read is read from its beginning: what they hid may be
 * items. */
static void resume(struct input_scan *scan, const struct shard_list *done) {
    struct shard_head *head = &scan->shard.head;
    const char *key = scan->what->key;
    size_t at = done ? shard_list_find(done, key, SHARD_KEY_SIZE) : 0;
    scan->replaces = !done || done->damaged.count || done->others.count ||
                     (at < done->count && strcmp(done->at[at].head.input_key, key) == 0);
    size_t end = scan->what->path->size >= 0 && done ? done->count : 0;
    bool again = end && shard_list_trouble(done, key);
    for (; at < end && !again; at++) {
        const struct shard_head *known = &done->at[at].head;
        if (strcmp(known->input_key, key) != 0 || known->segment != head->segment)
            break;
        scan->members += (uint32_t)known->members;
        scan->done_pieces = (uint64_t)(known->first_block + known->block_count);
        head->segment++;
    }
    head->first_block = (int64_t)scan->done_pieces;
    atomic_store(&scan->committed, scan->done_pieces);
}

enum status input_scan_open(struct input_scan *scan, const struct scan_input *what,
                            const struct shard_folder *shards, const struct scan_id *id,
                            const struct scanned_input *goal, const struct shard_list *done,
                            enum digest_kind digest, struct budget *budget, struct fault *fault) {
    *scan = (struct input_scan){
        .what = what, .shards = shards, .id = id, .goal = goal, .budget = budget};
    omp_init_lock(&scan->reading);
    omp_init_lock(&scan->committing);
    shard_init(&scan->shard);
    resume(scan, done);
    trouble_take();
    enum status status = input_open(&scan->input, what->path, budget, fault);
    note_trouble(scan);
    if (status == STATUS_OK)
        input_digest_by(scan->input, digest);
    if (status == STATUS_SKIP) {
        /* reported as an input that could not be read; the others go on */
        scan->input = NULL;
        scan->read_all = true;
        scan->damaged = true;
        snprintf(scan->skip_note, sizeof scan->skip_note, "%.300s", fault->text);
        return STATUS_OK;
    }
    return status;
}

void input_scan_close(struct input_scan *scan) {
    if (scan->streaming)
        block_reader_end(&scan->reader);
    if (scan->input)
        input_close(scan->input);
    for (int i = 0; i < scan->begun; i++)
        batch_release(&scan->ring[i]);
    shard_release(&scan->shard);
    omp_destroy_lock(&scan->reading);
    omp_destroy_lock(&scan->committing);
}

bool input_scan_has_room(struct input_scan *scan) {
    uint64_t committed = atomic_load(&scan->committed);
    return scan->next_sequence < committed || scan->next_sequence - committed < RING;
}

static void note(struct input_scan *scan, const char *label, const char *text) {
    bool named = strstr(text, label) != NULL; /* most messages name the member themselves */
    if (!scan->skip_note[0])
        snprintf(scan->skip_note, sizeof scan->skip_note, "%.200s%s%.300s", named ? "" : label,
                 named ? "" : ": ", text);
}

uint64_t input_scan_advance(struct input_scan *scan) {
    uint64_t before = scan->position;
    if (scan->input)
        scan->position = input_position(scan->input);
    return scan->position - before;
}

/* Opens the next member; STATUS_OK with a packed item, or with `streaming` set. */
static enum status read_member(struct input_scan *scan, struct work_item *item,
                               struct fault *fault) {
    buf_clear(&item->raw);
    enum status status = input_next(scan->input, &scan->member, &item->raw, fault);
    if (status == STATUS_SKIP) {
        note(scan, scan->member.label, fault->text);
        return STATUS_OK;
    }
    if (status == STATUS_END)
        scan->read_all = true;
    if (status != STATUS_OK)
        return status;
    snprintf(item->label, sizeof item->label, "%s", scan->member.label);
    item->packed = scan->member.packed;
    if (!item->packed) {
        /* a plain file has no member name of its own */
        const char *label = scan->member.label[0] ? scan->member.label : scan->what->path->label;
        scan->decode = scan->what->reading->decode;
        scan->decode.path = scan->member.label[0] ? NULL : scan->what->path->full;
        block_reader_begin(&scan->reader, scan->member.source, label, &scan->decode, scan->budget);
        scan->streaming = true;
    }
    return STATUS_OK;
}

/* The next item, done already or not. */
static enum status read_piece(struct input_scan *scan, struct work_item *item,
                              struct fault *fault) {
    enum status status;
    item->packed = false;
    while (!scan->read_all) {
        if (!scan->streaming) {
            status = read_member(scan, item, fault);
            if (status != STATUS_OK || item->packed)
                return status;
            continue;
        }
        status = block_reader_next(&scan->reader, &item->block, fault);
        if (status == STATUS_OK || status == STATUS_FATAL)
            return status;
        if (status == STATUS_SKIP) {
            note(scan, scan->member.label, fault->text);
            scan->damaged |= scan->reader.started;
            scan->skipped += !scan->reader.started;
        }
        block_reader_end(&scan->reader);
        scan->streaming = false;
    }
    return STATUS_END;
}

enum status input_scan_read(struct input_scan *scan, struct work_item *item, struct fault *fault) {
    trouble_take();
    for (;;) {
        enum status status = read_piece(scan, item, fault);
        note_trouble(scan);
        if (status != STATUS_OK)
            return status;
        item->sequence = scan->next_sequence++;
        if (item->sequence >= scan->done_pieces)
            return STATUS_OK;
        if (stop_wanted()) /* passing over what is done may take long */
            return STATUS_END;
    }
}

/* Appends " name" to the list of formats unless it is there. */
static void add_format(char *formats, size_t size, const char *name) {
    size_t len = strlen(formats);
    for (const char *at = formats; (at = strstr(at, name)); at += strlen(name)) {
        char before = at == formats ? ' ' : at[-1], after = at[strlen(name)];
        if ((before == ' ') && (after == ',' || after == 0))
            return;
    }
    snprintf(formats + len, size - len, "%s%s", len ? ", " : "", name);
}

/* One of many inputs, with so few rows that a file of HDF5 would cost more than reading it. */
static bool is_small(const struct input_scan *scan) {
    const struct shard *shard = &scan->shard;
    return scan->of_many && shard->head.last && !shard->head.segment &&
           mention_rows_bytes(&shard->mentions) + shard->links.count * sizeof *shard->links.at <=
               SMALL_ROWS_BYTES &&
           tally_size(&shard->tally) <= SMALL_COUNTS;
}

static void remove_damaged(const char *path) {
    char damaged[4300];
    snprintf(damaged, sizeof damaged, "%s.damaged", path);
    unlink(damaged);
}

static enum status publish(struct input_scan *scan, struct stopwatch *watch, struct fault *fault) {
    char path[4200], other[4200];
    struct shard_head *head = &scan->shard.head;
    const struct scan_id *id = scan->id;
    snprintf(head->scan_digest, sizeof head->scan_digest, "%s",
             scan->goal ? id->context : id->digest);
    snprintf(head->settings, sizeof head->settings, "%s", id->settings);
    snprintf(head->lexicons, sizeof head->lexicons, "%s", id->lexicons);
    snprintf(head->reading, sizeof head->reading, "%s", scan->what->reading->text);
    head->revision = id->revision;
    if (atomic_load(&scan->trouble) > head->trouble)
        head->trouble = atomic_load(&scan->trouble);
    snprintf(head->input_key, sizeof head->input_key, "%s", scan->what->key);
    snprintf(head->label, sizeof head->label, "%.300s", scan->what->path->label);
    if (scan->goal) {
        snprintf(head->roots, sizeof head->roots, "%s", scan->goal->roots);
        head->root_count = scan->goal->root_count;
    }
    if (!head->last) /* of which file, should this be all that is read */
        head->bytes = scan->what->path->size;
    shard_folder_shard_path(scan->shards, scan->what->key, head->scan_digest, head->segment, path,
                            sizeof path);
    shard_folder_small_path(scan->shards, scan->what->key, head->scan_digest, head->segment, other,
                            sizeof other);
    bool small = is_small(scan);
    if (scan->replaces)
        unlink(small ? path : other); /* of the other kind, from an earlier scan */
    stopwatch_lap(watch, TIMING_COMMIT);
    enum status status = shard_write(small ? other : path, &scan->shard, fault);
    stopwatch_lap(watch, TIMING_WRITE);
    if (status != STATUS_OK)
        return status;
    if (scan->replaces) {
        remove_damaged(path); /* what it replaces, if that was set aside */
        remove_damaged(other);
    }
    int64_t next = head->first_block + head->block_count, segment = head->segment + 1;
    shard_release(&scan->shard);
    shard_init(&scan->shard);
    head->first_block = next;
    head->segment = segment;
    return STATUS_OK;
}

enum status input_scan_commit(struct input_scan *scan, struct batch *batch, struct stopwatch *watch,
                              struct fault *fault) {
    struct shard *shard = &scan->shard;
    struct shard_head *head = &shard->head;
    enum status status = STATUS_OK;
    omp_set_lock(&scan->committing);
    stopwatch_lap(watch, TIMING_WAIT);
    while (scan->begun <= (int)(batch->sequence % RING)) /* most of many inputs need but one */
        batch_init(&scan->ring[scan->begun++]);
    struct batch *place = &scan->ring[batch->sequence % RING], swap = *place;
    *place = *batch;
    place->used = true;
    *batch = swap;
    uint64_t next = atomic_load(&scan->committed);
    while (status == STATUS_OK && scan->ring[next % RING].used &&
           scan->ring[next % RING].sequence == next) {
        struct batch *ready = &scan->ring[next % RING];
        scan->members += ready->members; /* a batch is of one */
        for (size_t row = 0; row < ready->mentions.count; row++)
            ready->mentions.member[row] = scan->members;
        if (!mention_rows_append_all(&shard->mentions, &ready->mentions) ||
            !tally_add(&shard->tally, &ready->tally) ||
            !reply_links_append_all(&shard->links, &ready->links))
            status = fault_memory(fault);
        for (int i = 0; i < SEEN_FORMATS && ready->formats[i]; i++)
            add_format(head->formats, sizeof head->formats, ready->formats[i]);
        head->block_count++;
        head->members += ready->members;
        head->members_skipped += ready->members_skipped;
        head->bytes_out += (int64_t)ready->bytes_out;
        head->damaged |= ready->damaged;
        if (ready->trouble > head->trouble)
            head->trouble = ready->trouble;
        scan->partial |= ready->damaged || ready->members_skipped;
        if (ready->note[0] && (!head->note[0] || (scan->minor && !ready->minor))) {
            snprintf(head->note, sizeof head->note, "%s", ready->note);
            scan->minor = ready->minor;
        }
        size_t held =
            mention_rows_bytes(&shard->mentions) + shard->links.count * sizeof *shard->links.at;
        if (status == STATUS_OK &&
            (held >= SEGMENT_ROWS_BYTES || (uint64_t)head->bytes_out >= SEGMENT_BYTES ||
             tally_size(&shard->tally) >= SEGMENT_COUNTS))
            status = publish(scan, watch, fault);
        batch_clear(ready);
        atomic_store(&scan->committed, ++next);
    }
    omp_unset_lock(&scan->committing);
    stopwatch_lap(watch, TIMING_COMMIT);
    return status;
}

enum status input_scan_checkpoint(struct input_scan *scan, struct fault *fault) {
    struct stopwatch watch = {0};
    bool again = atomic_load(&scan->trouble) || scan->shard.head.trouble;
    if (scan->what->path->size < 0 || again || !scan->shard.head.block_count)
        return STATUS_OK;
    return publish(scan, &watch, fault);
}

enum status input_scan_finish(struct input_scan *scan, struct stopwatch *watch,
                              struct fault *fault) {
    struct input_summary summary = {.container = "file", .codec = "none", .damaged = true};
    struct shard_head *head = &scan->shard.head;
    trouble_take();
    if (scan->input)
        input_finish(scan->input, &summary);
    note_trouble(scan);
    snprintf(head->container, sizeof head->container, "%s", summary.container);
    snprintf(head->codec, sizeof head->codec, "%s", summary.codec);
    digest_hex(summary.sha256, head->sha256);
    snprintf(head->digest, sizeof head->digest, "%s", digest_kind_names[summary.digest_kind]);
    digest_hex(summary.secret, head->secret);
    head->bytes = (int64_t)summary.bytes_in;
    head->members_skipped += summary.members_skipped + scan->skipped;
    head->damaged |= summary.damaged || scan->damaged;
    scan->partial |= head->damaged || head->members_skipped;
    const char *text = summary.damage[0] ? summary.damage : scan->skip_note;
    if (text[0] && (!head->note[0] || scan->minor))
        snprintf(head->note, sizeof head->note, "%.319s", text);
    utf8_sanitize(head->note);
    head->last = 1;
    return publish(scan, watch, fault);
}
