#include "pipeline/engine/job.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { PACKED_MAX = 65 << 20 };

void piece_init(struct piece *piece, size_t max_record_bytes) {
    *piece = (struct piece){0};
    block_init(&piece->block, max_record_bytes);
    buf_init(&piece->raw, PACKED_MAX);
}

void piece_release(struct piece *piece) {
    block_release(&piece->block);
    buf_release(&piece->raw);
}

/* How many pieces the stretches on disk cover without a gap, and the next stretch's number. */
static void resume(struct job *job, const struct shard_list *done) {
    for (size_t i = shard_list_find(done, job->key, sizeof job->key); i < done->count; i++) {
        const struct shard_head *head = &done->at[i].head;
        if (strcmp(head->input_key, job->key) != 0 || head->stretch != job->shard.head.stretch)
            break;
        job->done_pieces = (uint64_t)(head->first_block + head->block_count);
        job->shard.head.stretch++;
    }
    job->shard.head.first_block = (int64_t)job->done_pieces;
    atomic_store(&job->committed, job->done_pieces);
}

enum status job_open(struct job *job, const struct input_path *path, const struct parts *parts,
                     const char *scan_digest, const struct shard_list *done, struct budget *budget,
                     struct fault *fault) {
    *job = (struct job){.path = path, .parts = parts, .scan_digest = scan_digest};
    omp_init_lock(&job->reading);
    omp_init_lock(&job->committing);
    shard_init(&job->shard);
    for (int i = 0; i < RING; i++)
        batch_init(&job->ring[i]);
    parts_input_key(path, job->key);
    if (path->size >= 0)
        resume(job, done);
    enum status status = input_open(&job->input, path, budget, fault);
    if (status == STATUS_SKIP) {
        /* reported as an input that could not be read; the others go on */
        job->input = NULL;
        job->read_all = true;
        job->damaged = true;
        snprintf(job->skip_note, sizeof job->skip_note, "%.300s", fault->text);
        return STATUS_OK;
    }
    return status;
}

void job_close(struct job *job) {
    if (job->streaming)
        cutter_end(&job->cutter);
    if (job->input)
        input_close(job->input);
    for (int i = 0; i < RING; i++)
        batch_release(&job->ring[i]);
    shard_release(&job->shard);
    omp_destroy_lock(&job->reading);
    omp_destroy_lock(&job->committing);
}

bool job_has_room(struct job *job) {
    uint64_t committed = atomic_load(&job->committed);
    return job->next_sequence < committed || job->next_sequence - committed < RING;
}

static void note(struct job *job, const char *label, const char *text) {
    bool named = strstr(text, label) != NULL; /* most messages name the member themselves */
    if (!job->skip_note[0])
        snprintf(job->skip_note, sizeof job->skip_note, "%.200s%s%.300s", named ? "" : label,
                 named ? "" : ": ", text);
}

uint64_t job_advance(struct job *job) {
    uint64_t before = job->position;
    if (job->input)
        job->position = input_position(job->input);
    return job->position - before;
}

/* One block of the open stream; STATUS_END when the member is used up. */
static enum status read_block(struct job *job, struct piece *piece, struct fault *fault) {
    enum status status = cutter_next(&job->cutter, &piece->block, fault);
    if (status == STATUS_OK || status == STATUS_FATAL)
        return status;
    if (status == STATUS_SKIP) {
        note(job, job->member.label, fault->text);
        job->damaged |= job->cutter.started;
        job->skipped += !job->cutter.started;
    }
    cutter_end(&job->cutter);
    job->streaming = false;
    return STATUS_END;
}

/* Opens the next member; STATUS_OK with a packed piece, or with `streaming` set. */
static enum status read_member(struct job *job, const struct decode_options *decode,
                               struct piece *piece, struct fault *fault) {
    buf_clear(&piece->raw);
    enum status status = input_next(job->input, &job->member, &piece->raw, fault);
    if (status == STATUS_SKIP) {
        note(job, job->member.label, fault->text);
        return STATUS_OK;
    }
    if (status == STATUS_END)
        job->read_all = true;
    if (status != STATUS_OK)
        return status;
    snprintf(piece->label, sizeof piece->label, "%s", job->member.label);
    piece->packed = job->member.packed;
    if (!piece->packed) {
        /* a plain file has no member name of its own */
        const char *label = job->member.label[0] ? job->member.label : job->path->label;
        cutter_begin(&job->cutter, job->member.source, label, decode);
        job->streaming = true;
    }
    return STATUS_OK;
}

/* The next piece, done already or not. */
static enum status read_piece(struct job *job, const struct decode_options *decode,
                              struct piece *piece, struct fault *fault) {
    piece->packed = false;
    while (!job->read_all) {
        if (job->streaming) {
            enum status status = read_block(job, piece, fault);
            if (status != STATUS_END)
                return status;
        }
        if (!job->streaming) {
            enum status status = read_member(job, decode, piece, fault);
            if (status != STATUS_OK || piece->packed)
                return status;
        }
    }
    return STATUS_END;
}

enum status job_read(struct job *job, const struct decode_options *decode, struct piece *piece,
                     struct fault *fault) {
    for (;;) {
        enum status status = read_piece(job, decode, piece, fault);
        if (status != STATUS_OK)
            return status;
        piece->sequence = job->next_sequence++;
        if (piece->sequence >= job->done_pieces)
            return STATUS_OK;
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

static enum status gather(struct job *job, struct batch *batch, struct fault *fault) {
    struct shard *shard = &job->shard;
    if (!mention_rows_append_all(&shard->mentions, &batch->mentions) ||
        !tally_add(&shard->tally, &batch->tally))
        return fault_memory(fault);
    for (int i = 0; i < SEEN_FORMATS && batch->formats[i]; i++)
        add_format(shard->head.formats, sizeof shard->head.formats, batch->formats[i]);
    shard->head.block_count++;
    shard->head.members += batch->members;
    shard->head.members_skipped += batch->members_skipped;
    shard->head.bytes_out += (int64_t)batch->bytes_out;
    shard->head.damaged |= batch->damaged;
    job->partial |= batch->damaged || batch->members_skipped;
    if (!shard->head.note[0])
        snprintf(shard->head.note, sizeof shard->head.note, "%s", batch->note);
    return STATUS_OK;
}

static enum status publish(struct job *job, struct stopwatch *watch, struct fault *fault) {
    char path[4200];
    struct shard_head *head = &job->shard.head;
    snprintf(head->scan_digest, sizeof head->scan_digest, "%s", job->scan_digest);
    snprintf(head->input_key, sizeof head->input_key, "%s", job->key);
    snprintf(head->label, sizeof head->label, "%.300s", job->path->label);
    parts_shard_path(job->parts, job->key, job->scan_digest, head->stretch, path, sizeof path);
    stopwatch_lap(watch, TIMING_COMMIT);
    enum status status = shard_write(path, &job->shard, fault);
    stopwatch_lap(watch, TIMING_WRITE);
    if (status != STATUS_OK)
        return status;
    int64_t next = head->first_block + head->block_count, stretch = head->stretch + 1;
    shard_release(&job->shard);
    shard_init(&job->shard);
    head->first_block = next;
    head->stretch = stretch;
    return STATUS_OK;
}

static enum status publish_if_full(struct job *job, struct stopwatch *watch, struct fault *fault) {
    if (mention_rows_bytes(&job->shard.mentions) < STRETCH_ROWS_BYTES &&
        (uint64_t)job->shard.head.bytes_out < STRETCH_BYTES)
        return STATUS_OK;
    return publish(job, watch, fault);
}

enum status job_commit(struct job *job, struct batch *batch, struct stopwatch *watch,
                       struct fault *fault) {
    enum status status = STATUS_OK;
    omp_set_lock(&job->committing);
    stopwatch_lap(watch, TIMING_WAIT);
    struct batch *place = &job->ring[batch->sequence % RING], swap = *place;
    *place = *batch;
    place->used = true;
    *batch = swap;
    uint64_t next = atomic_load(&job->committed);
    while (status == STATUS_OK && job->ring[next % RING].used &&
           job->ring[next % RING].sequence == next) {
        struct batch *ready = &job->ring[next % RING];
        status = gather(job, ready, fault);
        if (status == STATUS_OK)
            status = publish_if_full(job, watch, fault);
        batch_clear(ready);
        atomic_store(&job->committed, ++next);
    }
    omp_unset_lock(&job->committing);
    stopwatch_lap(watch, TIMING_COMMIT);
    return status;
}

static void describe_input(struct job *job, const struct input_summary *summary) {
    struct shard_head *head = &job->shard.head;
    snprintf(head->container, sizeof head->container, "%s", summary->container);
    snprintf(head->codec, sizeof head->codec, "%s", summary->codec);
    digest_hex(summary->sha256, head->sha256);
    digest_hex(summary->secret, head->secret);
    head->bytes = (int64_t)summary->bytes_in;
    head->members_skipped += summary->members_skipped + job->skipped;
    head->damaged |= summary->damaged || job->damaged;
    job->partial |= head->damaged || head->members_skipped;
    const char *text = summary->damage[0] ? summary->damage : job->skip_note;
    if (text[0] && !head->note[0])
        snprintf(head->note, sizeof head->note, "%.319s", text);
    text_mend(head->note);
}

enum status job_finish(struct job *job, struct stopwatch *watch, struct fault *fault) {
    struct input_summary summary = {.container = "file", .codec = "none", .damaged = true};
    if (job->input)
        input_finish(job->input, &summary);
    describe_input(job, &summary);
    job->shard.head.last = 1;
    return publish(job, watch, fault);
}
