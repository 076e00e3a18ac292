/* Shards in: the mention table and the counts of all inputs out. */
#include "pipeline/study/study.h"

#include "pipeline/scan/forgotten.h"

#include <pthread.h>
#include <stdlib.h>

/* The user's key file, or a key that only somebody with the dumps can compute: of sums over all
 * posts, or where only older shards are, of how their inputs begin. */
static enum status make_key(struct study *study, const struct scanned_inputs *inputs,
                            struct fault *fault) {
    struct buf seed;
    if (study->config->key_file) {
        memcpy(study->key, study->config->key, sizeof study->key);
        return STATUS_OK;
    }
    buf_init(&seed, 64 << 20);
    uint64_t any = 0;
    buf_text(&seed, "burza pseudonym key 2");
    for (int i = 0; i < 4; i++) {
        any |= study->tally.secret[i];
        for (int shift = 0; shift < 64; shift += 8)
            buf_char(&seed, (char)(study->tally.secret[i] >> shift));
    }
    if (!any)
        buf_clear(&seed);
    for (size_t i = 0; !any && i < inputs->count; i++)
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
    struct forgotten forgotten;
};

/* What the folders of the shards say is to be forgotten. */
static enum status read_forgotten(struct loads *loads, struct fault *fault) {
    char folder[4100] = "";
    enum status status = STATUS_OK;
    for (size_t i = 0; i < loads->count && status == STATUS_OK; i++) {
        const char *path = loads->at[i].entry->path, *slash = strrchr(path, '/');
        size_t len = slash ? (size_t)(slash - path) : 0;
        if (!slash || len >= sizeof folder ||
            (strlen(folder) == len && memcmp(folder, path, len) == 0))
            continue;
        memcpy(folder, path, len);
        folder[len] = 0;
        status = forgotten_read(&loads->forgotten, folder, fault);
        /* of an audit that was scanned in shares its own folder says it */
        char *share = strrchr(folder, '/');
        if (status == STATUS_OK && share && span_starts(span_of(share + 1), "share-")) {
            *share = 0;
            status = forgotten_read(&loads->forgotten, folder, fault);
            *share = '/';
        }
    }
    return status;
}

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

/* Where the rows of each shard lie. */
static bool note_loaded(struct study *study, const struct loads *loads) {
    study->loaded = calloc(loads->count + 1, sizeof *study->loaded);
    for (size_t i = 0; study->loaded && i < loads->count; i++) {
        const struct load *load = &loads->at[i];
        size_t end = i + 1 < loads->count ? loads->at[i + 1].first : loads->rows;
        study->loaded[study->loaded_count++] =
            (struct loaded){.first = load->first,
                            .count = end - load->first,
                            .input = (uint32_t)(load->input - loads->inputs->at),
                            .context = load->context};
    }
    return study->loaded != NULL;
}

/* Reads a shard and leaves of its rows those that are used. */
static enum status read_load(const struct study *study, const struct loads *loads,
                             const struct load *load, struct shard *shard, struct fault *fault) {
    unsigned parts = SHARD_STUDY | SHARD_HEADLESS | (study->config->plain_authors ? SHARD_URLS : 0);
    bool apart;
#pragma omp atomic read
    apart = study->channels_apart;
    parts |= load->context || apart ? 0 : SHARD_CHANNELS;
    struct mention_rows *rows = &shard->mentions;
    enum status status = shard_read(load->entry->path, parts, shard, fault);
    if (status != STATUS_OK)
        return status;
    bool fits = (int64_t)rows->count == load->entry->head.rows;
    for (size_t row = 0; row < rows->count; row++)
        fits &= rows->brand[row] < study->config->brand_count;
    if (!fits)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "\"%s\" changed while it was read",
                         load->entry->path);
    forgotten_blank(&loads->forgotten, rows);
    if (!load->context || !rows->count)
        return STATUS_OK;
    /* context rows that an earlier scan found, in conversations that are no longer known */
    uint8_t *keep = calloc(rows->count, 1);
    if (!keep)
        return fault_memory(fault);
    for (size_t row = 0; row < rows->count; row++)
        keep[row] = reply_roots_hold(loads->roots, rows->brand[row], rows->conversation_hash[row],
                                     rows->reply_to_hash[row], load->input->last_reply_us);
    mention_rows_keep(rows, keep);
    free(keep);
    return STATUS_OK;
}

/* Posts by channel and hour are held together as long as they are few. Else the grids take them
 * from the shards, one after the other. */
static bool take_channels(struct study *study, const struct load *load, const struct shard *shard) {
    enum { HELD_COUNTS = 400000 };
    if (study->channels_apart || !load->counted)
        return true;
    bool ok = tally_add_channels(&study->tally, &shard->tally);
    if (tally_size(&study->tally) <= HELD_COUNTS)
        return ok;
    tally_drop_channels(&study->tally);
#pragma omp atomic write
    study->channels_apart = true;
    return ok;
}

/* What must be done in the order of the shards: names, places and counts. */
static enum status take_in_order(struct study *study, struct loads *loads, struct load *load,
                                 const struct shard *shard, uint32_t **number,
                                 struct fault *fault) {
    /* channels that the shard's rows name, numbered as in the mentions */
    const struct symbols *channels = &shard->mentions.channels;
    *number = malloc((channels->count + 1) * sizeof **number);
    if (!*number)
        return fault_memory(fault);
    memset(*number, 0xFF, (channels->count + 1) * sizeof **number);
    for (size_t row = 0; row < shard->mentions.count; row++) {
        uint32_t theirs = shard->mentions.channel[row], *ours = *number + theirs;
        if (*ours == SYMBOL_NONE)
            *ours = symbols_intern(&study->mentions.channels, channels->names[theirs]);
        if (*ours == SYMBOL_NONE)
            return fault_memory(fault);
    }
    load->first = loads->rows;
    loads->rows += load->counted ? shard->mentions.count : 0;
    if (load->context)
        return STATUS_OK;
    loads->mentions += mention_rows_counted(&shard->mentions);
    if (!tally_add_sums(&loads->tally, &shard->tally) || !take_channels(study, load, shard))
        return fault_memory(fault);
    if (!load->last)
        return STATUS_OK;
    enum status status =
        study_add_input(study, load->input, !load->counted, &loads->tally, loads->mentions, fault);
    if (status == STATUS_OK && load->counted &&
        (!study_take_stated(study, load->input, &loads->tally) ||
         !tally_add_sums(&study->tally, &loads->tally)))
        status = fault_memory(fault);
    tally_release(&loads->tally);
    loads->mentions = 0;
    return status;
}

/* Whose turn it is: OpenMP's `ordered` would spend the waiting threads' time on looking. */
struct turns {
    pthread_mutex_t mutex;
    pthread_cond_t passed;
    size_t next;
};

static void turns_wait(struct turns *turns, size_t turn) {
    pthread_mutex_lock(&turns->mutex);
    while (turns->next != turn)
        pthread_cond_wait(&turns->passed, &turns->mutex);
    pthread_mutex_unlock(&turns->mutex);
}

static void turns_pass(struct turns *turns) {
    pthread_mutex_lock(&turns->mutex);
    turns->next++;
    pthread_cond_broadcast(&turns->passed);
    pthread_mutex_unlock(&turns->mutex);
}

/* Shards are read and their rows put in place by all threads; a thread holds one at a time. */
enum status study_load_shards(struct study *study, const struct scanned_inputs *inputs,
                              const struct reply_roots *roots, struct fault *fault) {
    struct loads loads = {.inputs = inputs, .roots = roots};
    study->inputs = inputs;
    size_t most = 0;
    enum status worst = STATUS_OK;
    if (!list_loads(&loads, &most) || !mention_table_init(&study->mentions, most, loads.count))
        worst = fault_memory(fault);
    if (worst == STATUS_OK)
        worst = read_forgotten(&loads, fault);
    size_t count = worst == STATUS_OK ? loads.count : 0;
    struct turns turns = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
#pragma omp parallel for schedule(static, 1)
    for (size_t i = 0; i < count; i++) {
        struct load *load = &loads.at[i];
        struct shard shard;
        struct fault own = {0};
        uint32_t *number = NULL;
        enum status status = read_load(study, &loads, load, &shard, &own);
        turns_wait(&turns, i);
        if (worst == STATUS_OK) {
            if (status == STATUS_OK)
                status = take_in_order(study, &loads, load, &shard, &number, &own);
            if (status != STATUS_OK) {
                *fault = own;
                worst = status;
            }
        }
        turns_pass(&turns);
        if (status == STATUS_OK && number && load->counted)
            load->failed =
                !mention_table_fill(&study->mentions, load->first, i, &shard.mentions, number);
        free(number);
        shard_release(&shard);
    }
    for (size_t i = 0; i < count && worst == STATUS_OK; i++)
        if (loads.at[i].failed)
            worst = fault_memory(fault);
    study->mentions.count = loads.rows;
    if (worst == STATUS_OK && !note_loaded(study, &loads))
        worst = fault_memory(fault);
    if (worst == STATUS_OK)
        worst = make_key(study, inputs, fault);
    tally_release(&loads.tally);
    forgotten_release(&loads.forgotten);
    free(loads.at);
    return worst;
}
