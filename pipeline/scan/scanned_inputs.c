#include "pipeline/scan/scanned_inputs.h"

#include <stdio.h>
#include <stdlib.h>

/* Shards are sorted by (input_key, segment). */
struct segments segments_at(const struct shard_list *list, size_t from) {
    const struct shard_head *first = &list->at[from].head;
    struct segments segments = {.at = &list->at[from], .count = 1, .whole = false};
    bool joined = first->segment == 0;
    segments.whole = joined && first->last;
    segments.trouble = shard_list_trouble(list, first->input_key);
    for (size_t i = from + 1; i < list->count; i++) {
        const struct shard_head *head = &list->at[i].head;
        if (strcmp(head->input_key, first->input_key) != 0 || list->at[i].part != segments.at->part)
            break;
        segments.count++;
        if (segments.whole)
            continue;
        joined = joined && head->segment == (int64_t)(i - from) &&
                 strcmp(head->roots, first->roots) == 0;
        segments.whole = joined && head->last;
    }
    return segments;
}

const struct shard_head *scanned_input_head(const struct scanned_input *input) {
    return &input->first.at[input->first.count - 1].head;
}

/* By label, then digest: an order that does not depend on paths or on time. */
static int compare_inputs(const void *a, const void *b) {
    const struct scanned_input *x = a, *y = b;
    const struct shard_head *p = scanned_input_head(x), *q = scanned_input_head(y);
    int order = strcmp(p->label, q->label);
    if (!order)
        order = strcmp(p->sha256, q->sha256);
    return order ? order : strcmp(p->input_key, q->input_key);
}

static int64_t items_of(const struct shard_head *last) {
    return last->first_block + last->block_count;
}

static int64_t items_read(const struct scanned_input *input) {
    return items_of(scanned_input_head(input));
}

bool scanned_input_same(const struct shard_head *a, const struct shard_head *b) {
    if (digest_kind_of(a->digest) == digest_kind_of(b->digest))
        return strcmp(a->sha256, b->sha256) == 0;
    return a->bytes == b->bytes && strcmp(a->secret, b->secret) == 0 &&
           strcmp(a->codec, b->codec) == 0 && items_of(a) == items_of(b);
}

/* Whether `input` adds nothing to `other`: the same bytes under the same label, by another path or
 * of another task, or a reading of them that broke off before. */
static bool is_again(const struct scanned_input *input, const struct scanned_input *other) {
    const struct shard_head *head = scanned_input_head(input), *kept = scanned_input_head(other);
    if (head->bytes != kept->bytes || strcmp(head->reading, kept->reading) != 0)
        return false;
    if (!input->first.whole)
        return other->first.whole || items_read(input) <= items_read(other);
    return other->first.whole && scanned_input_same(head, kept) &&
           (other->context.whole || !input->context.whole);
}

/* An input is known by its label and its bytes: it is there once, however often it was scanned.
 * Inputs are sorted by label. False when out of memory. */
static bool drop_again(struct scanned_inputs *inputs) {
    struct scanned_input *at = inputs->at;
    bool *again = calloc(inputs->count + 1, sizeof *again);
    size_t kept = 0, end = 0;
    for (size_t i = 0, from = 0; again && i < inputs->count; i++) {
        if (i == end) {
            from = i;
            const char *label = scanned_input_head(&at[i])->label;
            while (end < inputs->count && strcmp(scanned_input_head(&at[end])->label, label) == 0)
                end++;
        }
        for (size_t j = from; j < end && !again[i]; j++)
            again[i] = j != i && !again[j] && is_again(&at[i], &at[j]) &&
                       (j < i || !is_again(&at[j], &at[i]));
    }
    for (size_t i = 0; again && i < inputs->count; i++)
        if (!again[i])
            at[kept++] = at[i];
    inputs->count = again ? kept : inputs->count;
    free(again);
    return again != NULL;
}

/* Which inputs came first that are alike: with the same digest, or with the same beginning
 * and size. */
struct firsts {
    struct symbols seen;
    size_t *at; /* by number in `seen` */
};

/* The first one with this name, `index` when there was none; false when out of memory. */
static bool first_named(struct firsts *firsts, const char *name, size_t index, size_t *first) {
    uint32_t before = firsts->seen.count;
    uint32_t number = symbols_intern(&firsts->seen, span_of(name));
    if (number == SYMBOL_NONE)
        return false;
    if (number == before)
        firsts->at[number] = index;
    *first = firsts->at[number];
    return true;
}

/* The same bytes read twice count once: the first by label stays. */
static bool find_originals(struct scanned_inputs *inputs) {
    struct firsts digests = {.at = malloc((inputs->count + 1) * sizeof *digests.at)};
    struct firsts beginnings = {.at = malloc((inputs->count + 1) * sizeof *beginnings.at)};
    bool ok = digests.at && beginnings.at;
    for (size_t i = 0; ok && i < inputs->count; i++) {
        struct scanned_input *input = &inputs->at[i];
        const struct shard_head *head = scanned_input_head(input);
        size_t same = i, alike = i;
        char begun[sizeof head->secret + 24];
        input->original = i;
        if (!input->first.whole)
            continue;
        snprintf(begun, sizeof begun, "%s %lld", head->secret, (long long)head->bytes);
        ok = first_named(&digests, head->sha256, i, &same) &&
             first_named(&beginnings, begun, i, &alike);
        if (same == i && scanned_input_same(head, scanned_input_head(&inputs->at[alike])))
            same = alike; /* of which another digest is known */
        input->original = inputs->at[same].original;
    }
    symbols_release(&digests.seen);
    symbols_release(&beginnings.seen);
    free(digests.at);
    free(beginnings.at);
    return ok;
}

void scanned_inputs_find_context(struct scanned_inputs *inputs) {
    const struct shard_list *list = &inputs->context_shards;
    for (size_t i = 0; i < inputs->count; i++) {
        const char *key = scanned_input_head(&inputs->at[i])->input_key;
        struct segments *context = &inputs->at[i].context;
        size_t at = shard_list_find(list, key, SHARD_KEY_SIZE);
        *context = (struct segments){0};
        if (at == list->count || strcmp(list->at[at].head.input_key, key) != 0)
            continue;
        *context = segments_at(list, at);
        /* two tasks may have scanned one input */
        for (at += context->count; !context->whole && at < list->count; at++) {
            if (strcmp(list->at[at].head.input_key, key) != 0)
                break;
            *context = segments_at(list, at);
        }
        /* behind its end may lie what a shorter one, joined by a merge, did not replace */
        for (size_t k = 0; context->whole && k < context->count; k++)
            if (context->at[k].head.last)
                context->count = k + 1;
    }
}

/* True when some version of the shard's input is among ours. */
static bool is_ours(const struct scanned_inputs *inputs, struct span name) {
    const struct shard_list *list = &inputs->shards;
    size_t half = SHARD_KEY_SIZE / 2;
    size_t at = name.len > half ? shard_list_find(list, name.at, half) : list->count;
    return at < list->count && memcmp(list->at[at].head.input_key, name.at, half) == 0;
}

/* Inputs that are left out, by name of their shards. Context shards have the names of their inputs,
 * and are passed over with `seen`. */
static enum status count_left_out(struct scanned_inputs *inputs, const struct shard_folder *shards,
                                  const struct scan_id *id, struct fault *fault) {
    const struct symbols *damaged = &inputs->shards.damaged, *others = &inputs->shards.others;
    struct symbols seen = {0}, older = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < damaged->count; i++)
        inputs->lost += !is_ours(inputs, damaged->names[i]);
    for (uint32_t i = 0; status == STATUS_OK && i < others->count; i++) {
        struct span name = others->names[i], path = {name.at, SHARD_KEY_SIZE / 2};
        char file[4200];
        struct shard shard;
        struct fault why = {0};
        if (name.len < SHARD_KEY_SIZE || is_ours(inputs, name))
            continue;
        shard_folder_find(shards, name.at, file, sizeof file);
        if (shard_read(file, SHARD_HEAD, &shard, &why) != STATUS_OK) {
            if (why.exit_code != EXIT_DATA)
                status = fault_set(fault, STATUS_FATAL, why.exit_code, "%.400s", why.text);
            continue;
        }
        /* version 0.1.0 does not say its settings: they may be ours */
        const char *settings = shard.head.settings;
        bool same = !settings[0] || strcmp(settings, id->settings) == 0;
        if (symbols_intern(same ? &older : &seen, path) == SYMBOL_NONE)
            status = fault_memory(fault);
        shard_release(&shard);
    }
    inputs->older = older.count;
    for (uint32_t i = 0; i < seen.count; i++)
        inputs->others += symbols_find(&older, seen.names[i]) == SYMBOL_NONE;
    symbols_release(&seen);
    symbols_release(&older);
    return status;
}

enum status scanned_inputs_read(struct scanned_inputs *inputs, const struct shard_folder *shards,
                                const struct scan_id *id, struct fault *fault) {
    const struct shard_list *list = &inputs->shards;
    *inputs = (struct scanned_inputs){0};
    enum status status = shard_folder_list(shards, id->digest, &inputs->shards, fault);
    if (status == STATUS_OK)
        status = shard_folder_list(shards, id->context, &inputs->context_shards, fault);
    if (status != STATUS_OK)
        return status;
    inputs->at = calloc(list->count + 1, sizeof *inputs->at);
    if (!inputs->at)
        return fault_memory(fault);
    for (size_t i = 0; i < list->count; i += inputs->at[inputs->count++].first.count) {
        struct scanned_input *input = &inputs->at[inputs->count];
        *input = (struct scanned_input){.first = segments_at(list, i), .last_reply_us = TIME_NONE};
        for (size_t j = 0; j < input->first.count; j++)
            if (input->first.at[j].head.last_reply_us > input->last_reply_us)
                input->last_reply_us = input->first.at[j].head.last_reply_us;
    }
    qsort(inputs->at, inputs->count, sizeof *inputs->at, compare_inputs);
    scanned_inputs_find_context(inputs);
    if (!drop_again(inputs))
        return fault_memory(fault);
    return find_originals(inputs) ? count_left_out(inputs, shards, id, fault) : fault_memory(fault);
}

void scanned_inputs_release(struct scanned_inputs *inputs) {
    shard_list_release(&inputs->shards);
    shard_list_release(&inputs->context_shards);
    free(inputs->at);
    inputs->at = NULL;
    inputs->count = 0;
}
