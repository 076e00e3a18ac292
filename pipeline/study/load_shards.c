#include "pipeline/study/study.h"

#include <stdio.h>
#include <stdlib.h>
static void set(char *to, size_t size, const char *text) {
    row_text(to, size, text, strlen(text));
}

static uint64_t sum_rejects(const struct tally *tally) {
    uint64_t sum = 0;
    for (int i = 0; i < TALLY_REASONS; i++)
        sum += tally->rejects[i];
    return sum;
}

/* Posts before --since or from --until on are neither counted as posts nor rejected. */
static uint64_t outside_window(const struct study *study, const struct tally *tally) {
    bool window = study->config->since || study->config->until;
    return window ? tally->records - tally->posts - sum_rejects(tally) : 0;
}

static bool add_reject_row(struct study *study, const char *label, const char *reason,
                           const char *type, const char *meaning, uint64_t records) {
    struct reject_row *row = records ? table_add(&study->audit, TABLE_REJECTS) : NULL;
    if (!row)
        return !records;
    set(row->input, sizeof row->input, label);
    set(row->reason, sizeof row->reason, reason);
    set(row->type, sizeof row->type, type);
    set(row->meaning, sizeof row->meaning, meaning);
    row->records = (int64_t)records;
    return true;
}

static enum status add_reject_rows(struct study *study, const char *label,
                                   const struct tally *tally, struct fault *fault) {
    bool ok = true;
    for (int i = 0; i < REJECT_COUNT && ok; i++) {
        bool notice = reject_is_notice((enum reject_reason)i);
        ok = add_reject_row(study, label, reject_name((enum reject_reason)i),
                            notice ? "notice" : "reject", reject_meaning((enum reject_reason)i),
                            tally->rejects[i]);
    }
    ok = ok && add_reject_row(study, label, "outside_window", "notice",
                              "posts outside of --since and --until; no error",
                              outside_window(study, tally));
    for (int i = 0; i < REPAIR_COUNT && ok; i++)
        ok = add_reject_row(study, label, repair_name((enum repair)i), "repair",
                            "read after this kind of damage was repaired", tally->repairs[i]);
    return ok ? STATUS_OK : fault_memory(fault);
}

static int64_t seconds_or_none(int64_t us) {
    return us == TIME_NONE ? -1 : floor_div(us, US_PER_S);
}

static const char *input_status(const struct scanned_inputs *inputs,
                                const struct scanned_input *input, const struct input_row *row,
                                bool damaged) {
    if (!input->first.whole)
        return "incomplete";
    if (&inputs->at[input->original] != input)
        return "duplicate";
    if (!row->members && row->members_skipped)
        return "skipped";
    return damaged ? "damaged" : "whole";
}

/* Records that should have been posts and could not be. */
static uint64_t unusable(const struct tally *tally) {
    uint64_t sum = 0;
    for (int i = 0; i < REJECT_COUNT; i++)
        sum += reject_is_notice((enum reject_reason)i) ? 0 : tally->rejects[i];
    return sum;
}

static void fill_input_row(const struct study *study, struct input_row *row,
                           const struct scanned_inputs *inputs, const struct scanned_input *input,
                           const struct tally *tally, size_t mentions) {
    const struct shard_head *last = scanned_input_head(input);
    bool damaged = false, grave = false;
    for (size_t i = 0; i < input->first.count; i++) {
        const struct shard_head *head = &input->first.at[i].head;
        bool worse = !grave && (head->damaged || head->members_skipped) && head->note[0];
        damaged |= head->damaged != 0;
        grave |= worse;
        row->members += (int32_t)head->members;
        row->members_skipped += (int32_t)head->members_skipped;
        row->bytes_out += head->bytes_out;
        if (!row->note[0] || worse) /* what was lost says more than an odd row */
            set(row->note, sizeof row->note, head->note);
        if (strlen(head->formats) > strlen(row->formats))
            set(row->formats, sizeof row->formats, head->formats);
    }
    if (!grave && input->needs_pass)
        set(row->note, sizeof row->note,
            "replies in conversations that other inputs began were not looked for");
    set(row->input, sizeof row->input, last->label);
    set(row->status, sizeof row->status, input_status(inputs, input, row, damaged));
    set(row->container, sizeof row->container, last->container);
    set(row->codec, sizeof row->codec, last->codec);
    set(row->sha256, sizeof row->sha256, last->sha256);
    row->bytes = last->bytes;
    row->records = (int64_t)tally->records;
    row->posts = (int64_t)tally->posts;
    row->embedded = (int64_t)tally->embedded;
    row->rejects = (int64_t)(sum_rejects(tally) + outside_window(study, tally));
    row->mentions = (int64_t)mentions;
    row->first = seconds_or_none(tally->first_us);
    row->last = seconds_or_none(tally->last_us);
}

/* The user's key file, or a key that only somebody with the dumps can compute. */
static enum status make_key(struct study *study, const struct scanned_inputs *inputs,
                            struct fault *fault) {
    struct buf seed;
    if (study->config->key_file) {
        memcpy(study->key, study->config->key, sizeof study->key);
        return STATUS_OK;
    }
    buf_init(&seed, 64 << 20);
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->at[i].original == i)
            buf_text(&seed, scanned_input_head(&inputs->at[i])->secret);
    enum status status = seed.failed ? fault_memory(fault) : STATUS_OK;
    digest_of(buf_as_span(&seed), study->key);
    buf_release(&seed);
    return status;
}

/* One shard on its way into the study. */
struct load {
    const struct shard_entry *entry;
    const struct scanned_input *input;
    bool context; /* of the second pass */
    bool last;    /* of its input's first pass */
    bool counted; /* its rows are used: not of an input that is there twice */
    size_t first; /* its first row in the mentions */
    bool failed;  /* out of memory */
};

struct loads {
    const struct scanned_inputs *inputs;
    const struct reply_roots *roots;
    struct load *at; /* [count] in the order in which they count */
    size_t count;
    size_t rows;        /* so far */
    struct tally tally; /* of the input that is being loaded */
    size_t mentions;
};

/* First all inputs' first passes, then their context: rows that were read are put into place one
 * shard after another. *most: how many rows there can be. */
static bool list_loads(struct loads *loads, size_t *most) {
    const struct scanned_inputs *inputs = loads->inputs;
    size_t shards = inputs->shards.count + inputs->context_shards.count;
    loads->at = calloc(shards + 1, sizeof *loads->at);
    *most = 0;
    for (int pass = 0; loads->at && pass < 2; pass++)
        for (size_t i = 0; i < inputs->count; i++) {
            const struct scanned_input *input = &inputs->at[i];
            const struct segments *segments = pass ? &input->context : &input->first;
            for (size_t j = 0; j < segments->count; j++) {
                struct load *load = &loads->at[loads->count];
                *load = (struct load){.entry = &segments->at[j],
                                      .input = input,
                                      .context = pass,
                                      .last = !pass && j + 1 == segments->count,
                                      .counted = input->original == i};
                if (pass && !load->counted)
                    break;
                loads->count++;
                *most += load->counted ? (size_t)load->entry->head.rows : 0;
            }
        }
    tally_init(&loads->tally);
    return loads->at != NULL;
}

/* An input is read: its rows in the tables, its counts among all. */
static enum status finish_input(struct study *study, struct loads *loads, const struct load *load,
                                struct fault *fault) {
    const struct tally *tally = &loads->tally;
    struct input_row *row = table_add(&study->audit, TABLE_INPUTS);
    if (!row)
        return fault_memory(fault);
    fill_input_row(study, row, loads->inputs, load->input, tally, loads->mentions);
    study->damaged |= strcmp(row->status, "damaged") == 0 || !load->input->first.whole ||
                      row->members_skipped > 0 ||
                      (!row->posts && !outside_window(study, tally) && unusable(tally));
    enum status status = add_reject_rows(study, row->input, tally, fault);
    if (status == STATUS_OK && load->counted && !tally_add(&study->tally, tally))
        status = fault_memory(fault);
    tally_release(&loads->tally);
    loads->mentions = 0;
    return status;
}

/* The numbers of a shard's channels in the mentions, of those that its rows name; NULL when out of
 * memory. */
static uint32_t *number_channels(struct study *study, const struct mention_rows *rows) {
    uint32_t *number = malloc((rows->channels.count + 1) * sizeof *number);
    for (uint32_t i = 0; number && i < rows->channels.count; i++)
        number[i] = SYMBOL_NONE;
    for (size_t row = 0; number && row < rows->count; row++) {
        uint32_t *ours = &number[rows->channel[row]];
        if (*ours == SYMBOL_NONE)
            *ours =
                symbols_intern(&study->mentions.channels, rows->channels.names[rows->channel[row]]);
        if (*ours == SYMBOL_NONE) {
            free(number);
            return NULL;
        }
    }
    return number;
}

static bool brands_fit(const struct study *study, const struct mention_rows *mentions) {
    for (size_t row = 0; row < mentions->count; row++)
        if (mentions->brand[row] >= study->config->brand_count)
            return false;
    return true;
}

/* Context rows that an earlier scan found, in conversations that are no longer known, are dropped.
 */
static bool keep_context(const struct loads *loads, const struct load *load,
                         struct mention_rows *mentions) {
    uint8_t *keep = calloc(mentions->count + 1, 1);
    for (size_t row = 0; keep && row < mentions->count; row++)
        keep[row] =
            reply_roots_hold(loads->roots, mentions->brand[row], mentions->conversation_hash[row],
                             mentions->reply_to_hash[row], load->input->last_reply_us);
    if (keep)
        mention_rows_keep(mentions, keep);
    free(keep);
    return keep != NULL;
}

/* Reads a shard and leaves of its rows those that are used. */
static enum status read_load(const struct study *study, const struct loads *loads,
                             const struct load *load, struct shard *shard, struct fault *fault) {
    unsigned parts = SHARD_STUDY | (study->config->plain_authors ? SHARD_URLS : 0);
    enum status status = shard_read(load->entry->path, parts, shard, fault);
    if (status != STATUS_OK)
        return status;
    if ((int64_t)shard->mentions.count == load->entry->head.rows &&
        brands_fit(study, &shard->mentions))
        return load->context && shard->mentions.count &&
                       !keep_context(loads, load, &shard->mentions)
                   ? fault_memory(fault)
                   : STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_DATA, "\"%s\" changed while it was read",
                     load->entry->path);
}

/* What must be done in the order of the shards: names, places and counts. */
static enum status take_in_order(struct study *study, struct loads *loads, struct load *load,
                                 const struct shard *shard, uint32_t **number,
                                 struct fault *fault) {
    *number = number_channels(study, &shard->mentions);
    if (!*number)
        return fault_memory(fault);
    load->first = loads->rows;
    loads->rows += load->counted ? shard->mentions.count : 0;
    if (load->context)
        return STATUS_OK;
    loads->mentions += mention_rows_counted(&shard->mentions);
    if (!tally_add(&loads->tally, &shard->tally))
        return fault_memory(fault);
    return load->last ? finish_input(study, loads, load, fault) : STATUS_OK;
}

/* Shards are read and their rows put in place by all threads; a thread holds one at a time. */
static enum status load_all(struct study *study, struct loads *loads, struct fault *fault) {
    enum status worst = STATUS_OK;
#pragma omp parallel for ordered schedule(static, 1)
    for (size_t i = 0; i < loads->count; i++) {
        struct load *load = &loads->at[i];
        struct shard shard;
        struct fault own = {0};
        uint32_t *number = NULL;
        enum status status = read_load(study, loads, load, &shard, &own);
#pragma omp ordered
        if (worst == STATUS_OK) {
            if (status == STATUS_OK)
                status = take_in_order(study, loads, load, &shard, &number, &own);
            if (status != STATUS_OK) {
                *fault = own;
                worst = status;
            }
        }
        if (status == STATUS_OK && number && load->counted)
            load->failed =
                !mention_table_fill(&study->mentions, load->first, i, &shard.mentions, number);
        free(number);
        shard_release(&shard);
    }
    for (size_t i = 0; i < loads->count && worst == STATUS_OK; i++)
        if (loads->at[i].failed)
            worst = fault_memory(fault);
    study->mentions.count = loads->rows;
    return worst;
}

enum status study_load_shards(struct study *study, const struct scanned_inputs *inputs,
                              const struct reply_roots *roots, struct fault *fault) {
    struct loads loads = {.inputs = inputs, .roots = roots};
    size_t most = 0;
    enum status status = make_key(study, inputs, fault);
    if (status == STATUS_OK &&
        (!list_loads(&loads, &most) || !mention_table_init(&study->mentions, most, loads.count)))
        status = fault_memory(fault);
    if (status == STATUS_OK)
        status = load_all(study, &loads, fault);
    tally_release(&loads.tally);
    free(loads.at);
    return status;
}
