#include "stages/care/care.h"

#include "stages/care/care_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct care_settings care_settings_default(void) {
    return (struct care_settings){.minimum_n = 31,
                                  .open = open_calendar_default(),
                                  .burst_s = 1800,
                                  .idle_s = 72 * SECONDS_PER_HOUR,
                                  .silence_s = 30 * SECONDS_PER_DAY};
}

enum status care_find(const struct care_input *input, struct care *care, struct fault *fault) {
    typedef enum status step(struct care *, struct fault *);
    static step *const steps[] = {care_find_posts, care_find_threads, care_find_channels,
                                  care_find_turns, care_settle};
    enum status status = STATUS_OK;
    *care = (struct care){.input = *input};
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == STATUS_OK; i++)
        status = steps[i](care, fault);
    return status;
}

void care_release(struct care *care) {
    free(care->posts);
    free(care->authors);
    free(care->conversations);
    free(care->turns);
    free(care->account_names);
    free(care->parents);
    free(care->keys.at);
    free(care->ids.slots);
    *care = (struct care){0};
}

const char *path_state_name(enum path_state state) {
    return state == PATH_DETRACTOR ? "detractor" : stage_name((enum stage)state);
}

const char *care_basis_name(enum care_basis basis) {
    return basis == BASIS_FULL ? "full" : basis == BASIS_REPLIES ? "replies" : "none";
}

enum path_state care_path_state(const struct care *care, const struct care_post *post) {
    const struct mention_table *m = care->input.mentions;
    if (post->class == CLASS_REPOST)
        return PATH_AWARE;
    if (post->marks & MARK_IDLE)
        return PATH_NONE;
    if (m->intents[post->row] & INTENT_DISSUADE)
        return PATH_DETRACTOR;
    return (enum path_state)m->stage[post->row];
}

void care_note(char *note, size_t size, const char *code) {
    size_t len = strnlen(note, size), more = strlen(code);
    if (strstr(note, code) || len + more + 3 > size)
        return;
    if (len) {
        memcpy(note + len, "; ", 2);
        len += 2;
    }
    memcpy(note + len, code, more + 1);
}

struct proportion care_share(const struct care *care, int64_t x, int64_t n) {
    return care_enough(care, n) ? proportion_wilson(x, n) : (struct proportion){NAN, NAN, NAN};
}

void care_note_few(const struct care *care, char *note, size_t size, int64_t n) {
    char code[32];
    snprintf(code, sizeof code, "n<%d", (int)care->input.settings->minimum_n);
    if (!care_enough(care, n))
        care_note(note, size, code);
}

void *care_row(const struct care *care, struct audit *audit, enum table_id table) {
    char *row = table_add(audit, table);
    const struct table_layout *layout = &table_layouts[table];
    for (size_t i = 0; row && i < layout->column_count; i++) {
        const struct column *column = &layout->columns[i];
        if (column->type == COLUMN_F64)
            *(double *)(void *)(row + column->offset) = NAN;
        else if (column->type != COLUMN_TEXT)
            memset(row + column->offset, 0xFF, column->size); /* -1 */
    }
    if (row) /* every table of care begins with it */
        row_text(row, layout->columns[0].size, care->input.brand.at, care->input.brand.len);
    return row;
}

static size_t posts_before(const struct care *care, int64_t second) {
    size_t low = 0, high = care->input.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (care->posts[middle].at_s < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct care_range care_posts_in(const struct care *care, int64_t from_s, int64_t to_s) {
    return (struct care_range){posts_before(care, from_s), posts_before(care, to_s)};
}

static size_t turns_before(const struct care *care, int64_t second) {
    size_t low = 0, high = care->turn_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (care->turns[middle].start_s < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct care_range care_turns_in(const struct care *care, int64_t from_s, int64_t to_s) {
    return (struct care_range){turns_before(care, from_s), turns_before(care, to_s)};
}

void care_month(const struct zone *zone, int64_t second, int64_t *from_s, int64_t *to_s) {
    struct civil local = civil_from_seconds(second + zone_offset(zone, second));
    int64_t next = local.month == 12 ? civil_days(local.year + 1, 1, 1)
                                     : civil_days(local.year, local.month + 1, 1);
    *from_s = zone_to_utc(zone, civil_days(local.year, local.month, 1) * SECONDS_PER_DAY);
    *to_s = zone_to_utc(zone, next * SECONDS_PER_DAY);
}

void care_best_channels(const struct care *care, bool wanted[CARE_CHANNELS]) {
    for (size_t i = 0; i < CARE_CHANNELS; i++)
        wanted[i] = care->channels[i].posts && care->channels[i].basis == care->basis;
}

void care_note_channels(const struct care *care, const bool wanted[CARE_CHANNELS], int64_t from_s,
                        int64_t to_s, char *note, size_t size) {
    for (size_t i = 0; i < CARE_CHANNELS; i++) {
        const struct care_channel *channel = &care->channels[i];
        const struct platform_span *span = &care->input.spans[i / 2];
        if (!wanted[i])
            continue;
        if (channel->basis == BASIS_REPLIES)
            care_note(note, size, "parents_missing");
        if (channel->partly)
            care_note(note, size, "parents_partly");
        if (channel->minutes)
            care_note(note, size, "approximate_time");
        for (size_t g = 0; g < span->gap_count; g++)
            if (span->gaps[g].from_s < to_s && span->gaps[g].to_s > from_s)
                care_note(note, size, "gap");
    }
}

void care_note_left_out(const struct care *care, char *note, size_t size) {
    char name[32], code[48];
    for (size_t i = 0; i < CARE_CHANNELS; i++) {
        if (!care->channels[i].posts || care->channels[i].basis == care->basis)
            continue;
        care_channel_name(i, name);
        snprintf(code, sizeof code, "without:%s", name);
        care_note(note, size, code);
    }
}
