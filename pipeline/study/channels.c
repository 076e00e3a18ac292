/* The channels of the grids, and the grids. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum { NAMED_CHANNELS = 24 }; /* the busiest "platform/channel" get a column of their own */

struct channel_count {
    uint64_t mentions;
    uint32_t symbol;
};

static int compare_busy(const void *a, const void *b, void *context) {
    const struct channel_count *x = a, *y = b;
    const struct symbols *names = context;
    if (x->mentions != y->mentions)
        return x->mentions > y->mentions ? -1 : 1;
    return span_compare(names->names[x->symbol], names->names[y->symbol]);
}

static struct span platform_part(struct span name) {
    const char *slash = memchr(name.at, '/', name.len);
    if (slash)
        name.len = (size_t)(slash - name.at);
    return name;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(a, b);
}

static bool add_once(struct names *names, struct span name) {
    char cut[128];
    row_text(cut, sizeof cut, name.at, name.len);
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], cut) == 0)
            return true;
    return names_add(names, name);
}

/* The grid column of a channel: its own, or its platform's. */
static uint16_t find_channel(const struct names *names, struct span channel) {
    char cut[128];
    for (int part = 0; part < 2; part++) {
        row_text(cut, sizeof cut, channel.at, channel.len);
        for (size_t i = 0; i < names->count; i++)
            if (strcmp(names->at[i], cut) == 0)
                return (uint16_t)i;
        channel = platform_part(channel);
    }
    return UINT16_MAX;
}

/* The columns: platforms of all posts, and the busiest channels of mentions; sorted by name. */
enum status study_channels(struct study *study, struct fault *fault) {
    const struct symbols *symbols = &study->mentions.channels;
    struct names *names = &study->audit.channels;
    struct channel_count *busy = calloc(symbols->count + 1, sizeof *busy);
    bool ok = busy != NULL;
    for (uint32_t i = 0; ok && i < symbols->count; i++)
        busy[i].symbol = i;
    for (size_t row = 0; ok && row < study->mentions.count; row++)
        busy[study->mentions.channel[row]].mentions += study->mentions.counted[row];
    if (ok)
        qsort_r(busy, symbols->count, sizeof *busy, compare_busy, (void *)symbols);
    for (uint32_t i = 0; ok && i < symbols->count && i < NAMED_CHANNELS; i++)
        ok = !busy[i].mentions || add_once(names, symbols->names[busy[i].symbol]);
    for (int i = 0; ok && i < PLATFORM_COUNT; i++)
        if (study->coverage.posts[i])
            ok = add_once(names, span_of(platform_name((enum platform)i)));
    for (uint32_t i = 0; ok && i < symbols->count; i++)
        ok = add_once(names, platform_part(symbols->names[i]));
    /* a grid needs a column even when there is no post */
    if (ok && !names->count)
        ok = names_add(names, span_of(platform_name(PLATFORM_OTHER)));
    free(busy);
    study->channel = calloc(symbols->count + 1, sizeof *study->channel);
    study->channel_platform = calloc(names->count + 1, sizeof *study->channel_platform);
    if (!ok || !study->channel || !study->channel_platform)
        return fault_memory(fault);
    qsort(names->at, names->count, sizeof *names->at, compare_names);
    for (uint32_t i = 0; i < symbols->count; i++)
        study->channel[i] = find_channel(names, symbols->names[i]);
    for (size_t i = 0; i < names->count; i++) {
        enum platform platform = platform_find(platform_part(span_of(names->at[i])));
        study->channel_platform[i] = platform == PLATFORM_COUNT ? PLATFORM_OTHER : platform;
    }
    return STATUS_OK;
}

/* ---- grids ---- */

static bool grid_of_second(const struct grid *grid, int64_t second, size_t *time) {
    if (!grid->times || second < grid->edges_s[0] || second >= grid->edges_s[grid->times])
        return false;
    size_t low = 0, high = grid->times - 1;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (grid->edges_s[middle] <= second)
            low = middle;
        else
            high = middle - 1;
    }
    *time = low;
    return true;
}

/* Adds the posts by channel and hour of one tally to a grid. */
static enum status add_posts(const struct study *study, const struct tally *tally,
                             struct grid *grid, struct fault *fault) {
    size_t channels = study->audit.channels.count, time;
    uint16_t *column = malloc((tally->channels.count + 1) * sizeof *column);
    if (!column)
        return fault_memory(fault);
    for (uint32_t i = 0; i < tally->channels.count; i++)
        column[i] = find_channel(&study->audit.channels, tally->channels.names[i]);
    for (size_t i = 0; i < tally->by_channel.cap; i++) {
        if (!tally->by_channel.used[i])
            continue;
        uint64_t key = tally->by_channel.entries[i].key;
        uint16_t at = column[key & UINT32_MAX];
        int64_t second = (int64_t)(key >> 32) * SECONDS_PER_HOUR;
        /* the first local day of a zone like India's begins within an hour */
        if (grid->times && second < grid->edges_s[0])
            second += SECONDS_PER_HOUR - 1;
        if (at != UINT16_MAX && grid_of_second(grid, second, &time))
            grid->all_posts[time * channels + at] += (int32_t)tally->by_channel.entries[i].value;
    }
    free(column);
    return STATUS_OK;
}

static enum status add_posts_everywhere(struct study *study, const struct tally *tally,
                                        struct fault *fault) {
    enum status status = STATUS_OK;
    for (int i = 0; i < GRID_COUNT && status == STATUS_OK; i++)
        status = add_posts(study, tally, &study->audit.grids[i], fault);
    return status;
}

static enum status fill_all_posts(struct study *study, struct fault *fault) {
    const struct scanned_inputs *inputs = study->inputs;
    enum status status = STATUS_OK;
    if (!study->channels_apart)
        return add_posts_everywhere(study, &study->tally, fault);
    for (size_t i = 0; i < inputs->count; i++) {
        const struct scanned_input *input = &inputs->at[i];
        for (size_t j = 0; input->original == i && j < input->first.count; j++) {
            struct shard shard;
            if (status == STATUS_OK)
                status = shard_read(input->first.at[j].path, SHARD_CHANNELS | SHARD_CHECKED, &shard,
                                    fault);
            if (status != STATUS_OK)
                return status;
            status = add_posts_everywhere(study, &shard.tally, fault);
            shard_release(&shard);
        }
    }
    return status;
}

static enum status make_grid(struct study *study, const struct series_input *input,
                             enum grid_step step, struct grid *grid, struct fault *fault) {
    size_t channels = study->audit.channels.count;
    enum status status = grid_build(grid, input, step, fault);
    if (status != STATUS_OK)
        return status;
    grid->all_posts = calloc(grid->times * channels + 1, sizeof *grid->all_posts);
    grid->coverage = calloc(grid->times * channels + 1, sizeof *grid->coverage);
    if (!grid->all_posts || !grid->coverage)
        return fault_memory(fault);
    for (size_t time = 0; time < grid->times; time++)
        for (size_t i = 0; i < channels; i++)
            grid->coverage[time * channels + i] =
                (float)coverage_share(&study->coverage, study->channel_platform[i],
                                      grid->edges_s[time], grid->edges_s[time + 1]) /
                1000;
    return STATUS_OK;
}

enum status study_grids(struct study *study, struct fault *fault) {
    static const enum grid_step steps[GRID_COUNT] = {STEP_HOUR, STEP_LOCAL_DAY};
    struct series_input input = {.mentions = &study->mentions,
                                 .rows = study->lists,
                                 .channel = study->channel,
                                 .brands = study->config->brand_count,
                                 .channels = study->audit.channels.count,
                                 .from_s = study->from_s,
                                 .to_s = study->to_s,
                                 .zone = &study->config->zone};
    enum status status = STATUS_OK;
    for (int i = 0; i < GRID_COUNT && status == STATUS_OK; i++)
        status = make_grid(study, &input, steps[i], &study->audit.grids[i], fault);
    return status == STATUS_OK ? fill_all_posts(study, fault) : status;
}
