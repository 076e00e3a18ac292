#include "pipeline/scan/scan.h"

#include "pipeline/scan/input_scan.h"
#include "pipeline/scan/progress.h"
#include "pipeline/scan/signals.h"

#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* From here on small inputs get shards that cost little. */
enum { MANY_INPUTS = 64 };

/* An input that has been opened, or not yet, or is done. */
struct slot {
    enum { SLOT_WAITING, SLOT_OPEN, SLOT_DONE } state;
    struct input_scan *scan;
    int users; /* threads that hold an item of it or are reading it; under `scheduling` */
};

struct scan_state {
    const struct scan_plan *plan;
    const struct shard_list *done;
    struct slot *slots; /* [inputs] */
    size_t first_open;  /* slots before it are done */
    int open_limit;
    bool many; /* inputs to be read */
    omp_lock_t scheduling;
    /* threads that find nothing to do wait until a reader is free again or has room */
    pthread_mutex_t changing;
    pthread_cond_t changed;
    uint64_t changes;
    struct progress progress;
    atomic_bool failed, partial;
    struct fault fault; /* of the first failure; under `scheduling` */
    _Atomic uint64_t bytes_out;
};

static bool stopping(struct scan_state *state) {
    return atomic_load_explicit(&state->failed, memory_order_relaxed) || signals_pending();
}

static uint64_t changes_so_far(struct scan_state *state) {
    pthread_mutex_lock(&state->changing);
    uint64_t changes = state->changes;
    pthread_mutex_unlock(&state->changing);
    return changes;
}

static void announce_change(struct scan_state *state) {
    pthread_mutex_lock(&state->changing);
    state->changes++;
    pthread_cond_broadcast(&state->changed);
    pthread_mutex_unlock(&state->changing);
}

/* Returns at once when something has changed since `seen`; now and then to look for signals. */
static void await_change(struct scan_state *state, uint64_t seen) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&state->changing);
    while (state->changes == seen &&
           pthread_cond_timedwait(&state->changed, &state->changing, &until) == 0)
        continue;
    pthread_mutex_unlock(&state->changing);
}

/* A slot whose reader is free and has room, with its reading lock held and one more user; -1 when
 * there is none now; -2 when all inputs are done. */
static long choose(struct scan_state *state, struct fault *fault, enum status *status) {
    const struct scan_plan *plan = state->plan;
    long chosen = -2;
    int open = 0;
    omp_set_lock(&state->scheduling);
    while (state->first_open < plan->count && state->slots[state->first_open].state == SLOT_DONE)
        state->first_open++;
    for (size_t i = state->first_open; i < plan->count; i++) {
        struct slot *slot = &state->slots[i];
        if (slot->state == SLOT_DONE)
            continue;
        if (open == state->open_limit)
            break;
        if (slot->state == SLOT_WAITING) {
            slot->scan = malloc(sizeof *slot->scan);
            if (!slot->scan) {
                *status = fault_memory(fault);
                break;
            }
            *status = input_scan_open(slot->scan, &plan->inputs[i], plan->shards, plan->id,
                                      plan->goals ? plan->goals[i] : NULL, state->done,
                                      plan->digest, plan->shared.budget, fault);
            slot->scan->of_many = state->many;
            slot->state = SLOT_OPEN;
            if (*status != STATUS_OK)
                break;
        }
        open++;
        chosen = -1;
        if (!omp_test_lock(&slot->scan->reading))
            continue;
        if (input_scan_has_room(slot->scan)) {
            slot->users++;
            chosen = (long)i;
            break;
        }
        omp_unset_lock(&slot->scan->reading);
    }
    omp_unset_lock(&state->scheduling);
    return chosen;
}

/* Gives the slot back; the last user of an input that is read to its end finishes it. */
static enum status leave(struct scan_state *state, size_t index, struct stopwatch *watch,
                         struct fault *fault) {
    struct slot *slot = &state->slots[index];
    struct input_scan *finished = NULL;
    omp_set_lock(&state->scheduling);
    slot->users--;
    if (slot->users == 0 && slot->scan->read_all && !stopping(state)) {
        finished = slot->scan;
        slot->state = SLOT_DONE;
        slot->scan = NULL;
    }
    omp_unset_lock(&state->scheduling);
    if (!finished)
        return STATUS_OK;
    enum status status = input_scan_finish(finished, watch, fault);
    if (finished->partial)
        atomic_store(&state->partial, true);
    input_scan_close(finished);
    free(finished);
    return status;
}

/* Pieces of the input that wait for their digest; the caller holds `reading`. A block is about as
 * long as a piece. */
enum { PIECES_TAKEN = 2 };
static int take_pieces(struct input_scan *scan, struct input_piece *pieces[PIECES_TAKEN]) {
    int count = 0;
    while (scan->input && count < PIECES_TAKEN &&
           (pieces[count] = input_take_piece(scan->input)) != NULL)
        count++;
    return count;
}

/* Takes and does one item. STATUS_END: nothing is left for this thread. */
static enum status step(struct scan_state *state, struct worker *worker, struct work_item *item,
                        struct batch *batch, struct fault *fault) {
    struct stopwatch *watch = &worker->watch;
    enum status status = STATUS_OK;
    uint64_t seen = changes_so_far(state);
    long index = choose(state, fault, &status);
    if (status != STATUS_OK)
        return status;
    if (index == -2)
        return STATUS_END;
    if (index == -1) {
        await_change(state, seen);
        return STATUS_OK;
    }
    struct input_scan *scan = state->slots[index].scan;
    int64_t hashed = scan->input ? input_hash_ns(scan->input) : 0;
    stopwatch_lap(watch, TIMING_WAIT);
    status = input_scan_read(scan, item, fault);
    stopwatch_lap(watch, TIMING_DECOMPRESS);
    if (scan->input)
        stopwatch_move(watch, TIMING_DECOMPRESS, TIMING_HASH, input_hash_ns(scan->input) - hashed);
    atomic_fetch_add(&state->progress.done_bytes, input_scan_advance(scan));
    struct input_piece *pieces[PIECES_TAKEN];
    int piece_count = take_pieces(scan, pieces);
    omp_unset_lock(&scan->reading);
    announce_change(state);
    for (int i = 0; i < piece_count; i++)
        input_do_piece(scan->input, pieces[i]);
    stopwatch_lap(watch, TIMING_HASH);
    if (status == STATUS_OK) {
        batch->sequence = item->sequence;
        worker->reading = scan->what->reading;
        worker->roots_until_us = scan->goal ? scan->goal->last_reply_us : 0;
        if (item->packed)
            status = worker_packed(worker, buf_as_span(&item->raw), item->label, batch, fault);
        else
            status = worker_block(worker, &item->block, batch, fault);
        stopwatch_lap_records(watch);
        if (status == STATUS_OK) {
            atomic_fetch_add(&state->progress.posts, batch->tally.posts);
            atomic_fetch_add(&state->progress.mentions, mention_rows_counted(&batch->mentions));
            atomic_fetch_add(&state->bytes_out, batch->bytes_out);
            status = input_scan_commit(scan, batch, watch, fault);
        }
    } else if (status == STATUS_END) {
        status = STATUS_OK;
    }
    const char *file = scan->what->path->label;
    enum status left = leave(state, (size_t)index, watch, fault);
    announce_change(state);
    progress_draw(&state->progress, file);
    return status != STATUS_OK ? status : left;
}

static void work(struct scan_state *state) {
    struct worker worker;
    struct work_item item;
    struct batch batch;
    struct fault fault = {0};
    enum status status = worker_init(&worker, &state->plan->shared, &fault);
    stopwatch_start(&worker.watch, state->plan->timings->on);
    work_item_init(&item, decode_options_default().max_record_bytes);
    batch_init(&batch);
    while (status == STATUS_OK && !stopping(state))
        status = step(state, &worker, &item, &batch, &fault);
    if (status != STATUS_OK && status != STATUS_END) {
        omp_set_lock(&state->scheduling);
        if (!atomic_load(&state->failed))
            state->fault = fault;
        atomic_store(&state->failed, true);
        omp_unset_lock(&state->scheduling);
    }
    timings_keep(state->plan->timings, omp_get_thread_num(), &worker.watch);
    batch_release(&batch);
    work_item_release(&item);
    worker_release(&worker);
}

/* Inputs of which every segment is on disk, and which no passing trouble ended, are done; the bytes
 * of the others. */
static uint64_t mark_known(struct scan_state *state, struct scan_outcome *outcome) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < state->plan->count; i++) {
        const struct scan_input *input = &state->plan->inputs[i];
        const struct shard_list *done = state->done;
        bool known = false, stream = input->path->size < 0;
        int64_t next = 0;
        size_t at = stream ? done->count : shard_list_find(done, input->key, sizeof input->key);
        for (; at < done->count && !known; at++) {
            const struct shard_head *head = &done->at[at].head;
            if (strcmp(head->input_key, input->key) != 0 || head->segment != next++)
                break;
            known = head->last;
        }
        if (known && !shard_list_trouble(done, input->key)) {
            state->slots[i].state = SLOT_DONE;
            outcome->known++;
        } else {
            bytes += stream ? 0 : (uint64_t)input->path->size;
            outcome->read++;
        }
    }
    return bytes;
}

static enum status run(struct scan_state *state, struct scan_outcome *outcome,
                       struct fault *fault) {
    state->slots = calloc(state->plan->count + 1, sizeof *state->slots);
    if (!state->slots)
        return fault_memory(fault);
    omp_init_lock(&state->scheduling);
    pthread_mutex_init(&state->changing, NULL);
    pthread_cond_init(&state->changed, NULL);
    uint64_t bytes = mark_known(state, outcome);
    progress_begin(&state->progress, bytes, state->plan->quiet);
    state->many = outcome->read >= MANY_INPUTS || state->plan->listed >= MANY_INPUTS;
    omp_set_max_active_levels(2); /* a thread that reads may decode ahead with all */
#pragma omp parallel num_threads(state->plan->threads) if (outcome->read > 0)
    work(state);
    state->plan->timings->parallel_ns += clock_ns() - state->progress.start_ns;
    progress_end(&state->progress);
    for (size_t i = 0; i < state->plan->count; i++) {
        if (!state->slots[i].scan)
            continue;
        if (signals_pending() && !atomic_load(&state->failed) &&
            input_scan_checkpoint(state->slots[i].scan, &state->fault) != STATUS_OK)
            atomic_store(&state->failed, true);
        input_scan_close(state->slots[i].scan);
        free(state->slots[i].scan);
    }
    outcome->bytes_out = atomic_load(&state->bytes_out);
    outcome->seconds = (double)(clock_ns() - state->progress.start_ns) / 1e9;
    outcome->signal = signals_pending();
    outcome->partial = atomic_load(&state->partial);
    omp_destroy_lock(&state->scheduling);
    pthread_cond_destroy(&state->changed);
    pthread_mutex_destroy(&state->changing);
    free(state->slots);
    if (!atomic_load(&state->failed))
        return STATUS_OK;
    *fault = state->fault;
    return STATUS_FATAL;
}

enum status scan_run(const struct scan_plan *plan, struct scan_outcome *outcome,
                     struct fault *fault) {
    struct shard_list done;
    *outcome = (struct scan_outcome){0};
    const char *digest = plan->goals ? plan->id->context : plan->id->digest;
    enum status status = shard_folder_list(plan->shards, digest, &done, fault);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < plan->count && status == STATUS_OK; i++) {
        const struct scan_input *input = &plan->inputs[i];
        if (input->path->size >= 0) /* of standard input none is another version of the other */
            status = shard_folder_drop_old(&done, input->key,
                                           shard_list_trouble(&done, input->key) != 0, fault);
    }
    struct scan_state state = {.plan = plan, .done = &done, .open_limit = plan->threads};
    if (status == STATUS_OK)
        status = run(&state, outcome, fault);
    shard_list_release(&done);
    return status;
}
