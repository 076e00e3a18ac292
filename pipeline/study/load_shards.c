#include "pipeline/study/study.h"

#include "pipeline/scan/context_replies.h"

#include <stdio.h>
#include <stdlib.h>

/* All segments of one input. */
struct group {
    const struct shard_entry *first;
    size_t count;
    bool complete, duplicate;
};

/* Shards arrive sorted by (input_key, segment). */
static size_t group_length(const struct shard_list *list, size_t from) {
    size_t to = from + 1;
    while (to < list->count &&
           strcmp(list->at[to].head.input_key, list->at[from].head.input_key) == 0)
        to++;
    return to - from;
}

static const struct shard_head *last_head(const struct group *group) {
    return &group->first[group->count - 1].head;
}

static bool is_complete(const struct group *group) {
    for (size_t i = 0; i < group->count; i++)
        if (group->first[i].head.segment != (int64_t)i)
            return false;
    return last_head(group)->last;
}

/* By label, then digest: an order that does not depend on paths or on time. */
static int compare_groups(const void *a, const void *b) {
    const struct group *x = a, *y = b;
    int order = strcmp(x->first->head.label, y->first->head.label);
    if (!order)
        order = strcmp(last_head(x)->sha256, last_head(y)->sha256);
    return order;
}

/* The same bytes read twice count once: the first by label stays. */
static bool mark_duplicates(struct group *groups, size_t count) {
    struct symbols seen = {0};
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        if (!groups[i].complete)
            continue;
        uint32_t before = seen.count;
        uint32_t number = symbols_intern(&seen, span_of(last_head(&groups[i])->sha256));
        ok = number != SYMBOL_NONE;
        groups[i].duplicate = number < before;
    }
    symbols_release(&seen);
    return ok;
}

static struct group *make_groups(const struct shard_list *list, size_t *count) {
    struct group *groups = calloc(list->count + 1, sizeof *groups);
    *count = 0;
    for (size_t i = 0; groups && i < list->count;) {
        size_t length = group_length(list, i);
        groups[*count] = (struct group){.first = &list->at[i], .count = length};
        groups[*count].complete = is_complete(&groups[*count]);
        (*count)++;
        i += length;
    }
    if (groups && *count)
        qsort(groups, *count, sizeof *groups, compare_groups);
    if (!groups || mark_duplicates(groups, *count))
        return groups;
    free(groups);
    return NULL;
}

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

static const char *group_status(const struct group *group, const struct input_row *row,
                                bool damaged) {
    if (!group->complete)
        return "incomplete";
    if (group->duplicate)
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
                           const struct group *group, const struct tally *tally, size_t mentions) {
    const struct shard_head *last = last_head(group);
    bool damaged = false;
    for (size_t i = 0; i < group->count; i++) {
        const struct shard_head *head = &group->first[i].head;
        damaged |= head->damaged != 0;
        row->members += (int32_t)head->members;
        row->members_skipped += (int32_t)head->members_skipped;
        row->bytes_out += head->bytes_out;
        if (!row->note[0])
            set(row->note, sizeof row->note, head->note);
        if (strlen(head->formats) > strlen(row->formats))
            set(row->formats, sizeof row->formats, head->formats);
    }
    set(row->input, sizeof row->input, last->label);
    set(row->status, sizeof row->status, group_status(group, row, damaged));
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
static enum status make_key(struct study *study, const struct group *groups, size_t count,
                            struct fault *fault) {
    struct buf seed;
    if (study->config->key_file) {
        memcpy(study->key, study->config->key, sizeof study->key);
        return STATUS_OK;
    }
    buf_init(&seed, 64 << 20);
    for (size_t i = 0; i < count; i++)
        if (!groups[i].duplicate)
            buf_text(&seed, last_head(&groups[i])->secret);
    enum status status = seed.failed ? fault_memory(fault) : STATUS_OK;
    digest_of(buf_as_span(&seed), study->key);
    buf_release(&seed);
    return status;
}

/* Rows of the second pass: replies in the brands' conversations. */
static enum status list_context(struct study *study, const struct shard_folder *shards,
                                const char *scan_digest, struct shard_list *list,
                                struct fault *fault) {
    const struct config *config = study->config;
    struct reply_roots roots;
    if (!reply_roots_wanted(config->brands, config->brand_count))
        return STATUS_OK;
    enum status status =
        reply_roots_build(&roots, shards, scan_digest, config->brands, config->brand_count, fault);
    if (status == STATUS_OK)
        status = shard_folder_list(shards, roots.digest, list, fault);
    reply_roots_release(&roots);
    return status;
}

/* One shard on its way into the study. */
struct load {
    const struct shard_entry *entry;
    struct group *group; /* NULL: of the second pass */
    bool last;           /* of its group */
    size_t first;        /* its first row in the mentions */
    bool failed;         /* out of memory */
};

struct loads {
    struct load *at; /* [count] in the order in which they count */
    size_t count, rows;
    struct tally tally; /* of the group that is being loaded */
    size_t mentions;
};

static bool is_counted(const struct load *load) {
    return !load->group || !load->group->duplicate;
}

static void list_load(struct loads *loads, const struct shard_entry *entry, struct group *group,
                      bool last) {
    struct load *load = &loads->at[loads->count++];
    *load = (struct load){.entry = entry, .group = group, .last = last, .first = loads->rows};
    if (is_counted(load))
        loads->rows += (size_t)entry->head.rows;
}

static bool list_loads(struct loads *loads, const struct shard_list *list, struct group *groups,
                       size_t count, const struct shard_list *context) {
    loads->at = calloc(list->count + context->count + 1, sizeof *loads->at);
    for (size_t i = 0; loads->at && i < count; i++)
        for (size_t j = 0; j < groups[i].count; j++)
            list_load(loads, &groups[i].first[j], &groups[i], j + 1 == groups[i].count);
    for (size_t i = 0; loads->at && i < context->count; i++)
        list_load(loads, &context->at[i], NULL, false);
    tally_init(&loads->tally);
    return loads->at != NULL;
}

/* An input is read: its rows in the tables, its counts among all. */
static enum status finish_group(struct study *study, struct loads *loads, const struct group *group,
                                struct fault *fault) {
    const struct tally *tally = &loads->tally;
    struct input_row *row = table_add(&study->audit, TABLE_INPUTS);
    if (!row)
        return fault_memory(fault);
    fill_input_row(study, row, group, tally, loads->mentions);
    study->damaged |= strcmp(row->status, "damaged") == 0 || !group->complete ||
                      row->members_skipped > 0 ||
                      (!row->posts && !outside_window(study, tally) && unusable(tally));
    enum status status = add_reject_rows(study, row->input, tally, fault);
    if (status == STATUS_OK && !group->duplicate && !tally_add(&study->tally, tally))
        status = fault_memory(fault);
    tally_release(&loads->tally);
    loads->mentions = 0;
    return status;
}

/* The numbers of a shard's channels in the mentions; NULL when out of memory. */
static uint32_t *number_channels(struct study *study, const struct symbols *names) {
    uint32_t *number = malloc((names->count + 1) * sizeof *number);
    for (uint32_t i = 0; number && i < names->count; i++) {
        number[i] = symbols_intern(&study->mentions.channels, names->names[i]);
        if (number[i] == SYMBOL_NONE) {
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

/* What must be done in the order of the shards: names and counts. */
static enum status take_in_order(struct study *study, struct loads *loads, const struct load *load,
                                 const struct shard *shard, uint32_t **number,
                                 struct fault *fault) {
    if ((int64_t)shard->mentions.count != load->entry->head.rows ||
        !brands_fit(study, &shard->mentions))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "\"%s\" changed while it was read",
                         load->entry->path);
    *number = number_channels(study, &shard->mentions.channels);
    if (!*number)
        return fault_memory(fault);
    if (!load->group)
        return STATUS_OK;
    loads->mentions += mention_rows_counted(&shard->mentions);
    if (!tally_add(&loads->tally, &shard->tally))
        return fault_memory(fault);
    return load->last ? finish_group(study, loads, load->group, fault) : STATUS_OK;
}

/* Shards are read and their rows put in place by all threads; a thread holds one at a time. */
static enum status load_all(struct study *study, struct loads *loads, struct fault *fault) {
    enum shard_part part = study->config->plain_authors ? SHARD_STUDY_URLS : SHARD_STUDY;
    enum status worst = STATUS_OK;
#pragma omp parallel for ordered schedule(static, 1)
    for (size_t i = 0; i < loads->count; i++) {
        struct load *load = &loads->at[i];
        struct shard shard;
        struct fault own = {0};
        uint32_t *number = NULL;
        enum status status = shard_read_part(load->entry->path, part, &shard, &own);
#pragma omp ordered
        if (worst == STATUS_OK) {
            if (status == STATUS_OK)
                status = take_in_order(study, loads, load, &shard, &number, &own);
            if (status != STATUS_OK) {
                *fault = own;
                worst = status;
            }
        }
        if (status == STATUS_OK && number && is_counted(load))
            load->failed =
                !mention_table_fill(&study->mentions, load->first, i, &shard.mentions, number);
        free(number);
        shard_release(&shard);
    }
    for (size_t i = 0; i < loads->count && worst == STATUS_OK; i++)
        if (loads->at[i].failed)
            worst = fault_memory(fault);
    return worst;
}

static enum status load_shards(struct study *study, const struct shard_list *list,
                               struct group *groups, size_t count, const struct shard_list *context,
                               struct fault *fault) {
    struct loads loads = {0};
    bool ok = list_loads(&loads, list, groups, count, context) &&
              mention_table_init(&study->mentions, loads.rows, loads.count);
    enum status status = ok ? load_all(study, &loads, fault) : fault_memory(fault);
    tally_release(&loads.tally);
    free(loads.at);
    return status;
}

enum status study_load_shards(struct study *study, const struct shard_folder *shards,
                              const char *scan_digest, struct fault *fault) {
    struct shard_list list, context = {0};
    size_t count = 0;
    enum status status = shard_folder_list(shards, scan_digest, &list, fault);
    if (status != STATUS_OK)
        return status;
    if (!list.count)
        status =
            fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                      "\"%s\" has no scan with these brands and settings%s", shards->folder,
                      list.other_settings
                          ? " (there are some with others): run burza scan with the dumps again"
                          : ": run burza scan first");
    struct group *groups = status == STATUS_OK ? make_groups(&list, &count) : NULL;
    if (status == STATUS_OK && !groups)
        status = fault_memory(fault);
    if (status == STATUS_OK)
        status = make_key(study, groups, count, fault);
    if (status == STATUS_OK)
        status = list_context(study, shards, scan_digest, &context, fault);
    if (status == STATUS_OK)
        status = load_shards(study, &list, groups, count, &context, fault);
    free(groups);
    shard_list_release(&context);
    shard_list_release(&list);
    return status;
}
