/* Plants the mentions of one brand and gives the stage events what a study would. */
#ifndef BURZA_TEST_EVENTS_KIT_H
#define BURZA_TEST_EVENTS_KIT_H

#include "stages/events/events.h"
#include "tap.h"

#include <stdlib.h>

struct planted {
    int64_t second;
    const char *text, *author; /* author NULL: unknown */
    int8_t label;
    uint8_t kind, flags, channel; /* number in kit_channels */
    uint8_t language;
    int32_t likes, followers; /* 0 stands for unknown */
};

static const char *const kit_channels[] = {"twitter", "reddit/Polska scena"};
enum { KIT_CHANNELS = sizeof kit_channels / sizeof *kit_channels };

struct kit {
    struct mention_rows rows;
    struct mention_table table;
    struct tally tally;
    struct coverage coverage;
    struct zone zone;
    struct row_list list;
    struct brand_series series;
    struct grid daily;
    struct public_handles handles;
    struct detect_options detection;
    struct brand_input input;
};

static inline void kit_begin(struct kit *kit) {
    struct fault fault;
    *kit = (struct kit){.detection = detect_options_default()};
    mention_rows_init(&kit->rows);
    tally_init(&kit->tally);
    CHECK_INT(zone_open(&kit->zone, "Europe/Warsaw", &fault), STATUS_OK);
}

/* In the order of time. */
static inline void kit_plant(struct kit *kit, struct planted planted) {
    struct span channel = span_of(kit_channels[planted.channel]);
    uint8_t platform = planted.channel ? PLATFORM_REDDIT : PLATFORM_TWITTER;
    char id[32];
    snprintf(id, sizeof id, "id%zu", kit->rows.count);
    struct mention row = {.created_at_us = planted.second * US_PER_S,
                          .id_hash = kit->rows.count + 1,
                          .author_hash = planted.author ? hash_stable(span_of(planted.author)) : 0,
                          .text_hash = hash_stable(span_of(planted.text)),
                          .label = planted.label,
                          .score_milli =
                              (int16_t)(planted.label == LABEL_NONE ? 0 : planted.label * 500),
                          .kind = planted.kind,
                          .flags = planted.flags,
                          .platform = platform,
                          .language = planted.language,
                          .likes = planted.likes ? planted.likes : -1,
                          .replies = -1,
                          .reposts = -1,
                          .views = 1000,
                          .followers = planted.followers ? planted.followers : -1,
                          .channel_name = channel,
                          .id = span_of(id),
                          .author = span_of(planted.author ? planted.author : ""),
                          .url = SPAN_LITERAL(""),
                          .text = span_of(planted.text)};
    struct post post = {.platform = platform, .created_at_us = row.created_at_us};
    if (!mention_rows_append(&kit->rows, &row) || !tally_post(&kit->tally, &post, channel))
        CHECK(!"out of memory");
}

/* What was planted becomes the input of the stage; the dump spans [from_s, to_s]. */
static inline void kit_build(struct kit *kit, int64_t from_s, int64_t to_s, int32_t bucket_s) {
    static const uint16_t columns[KIT_CHANNELS] = {0, 1};
    struct fault fault = {0};
    uint32_t number[KIT_CHANNELS];
    size_t count = kit->rows.count;
    for (uint32_t i = 0; i < kit->rows.channels.count; i++)
        for (uint32_t k = 0; k < KIT_CHANNELS; k++)
            if (span_is(kit->rows.channels.names[i], kit_channels[k]))
                number[i] = k;
    CHECK(mention_table_init(&kit->table, count, 1));
    CHECK(mention_table_fill(&kit->table, 0, 0, &kit->rows, number));
    for (int i = 0; i < KIT_CHANNELS; i++)
        CHECK(symbols_intern(&kit->table.channels, span_of(kit_channels[i])) != SYMBOL_NONE);
    CHECK(mention_table_number_authors(&kit->table));
    kit->list = (struct row_list){malloc((count + 1) * sizeof(uint32_t)), count};
    for (size_t i = 0; i < count; i++)
        kit->list.at[i] = (uint32_t)i;
    struct series_input counted = {.mentions = &kit->table,
                                   .rows = &kit->list,
                                   .channel = columns,
                                   .brands = 1,
                                   .channels = KIT_CHANNELS,
                                   .from_s = from_s,
                                   .to_s = to_s,
                                   .zone = &kit->zone};
    CHECK_INT(coverage_build(&kit->coverage, &kit->tally, NULL, &fault), STATUS_OK);
    CHECK_INT(brand_series_build(&kit->series, &counted, 0, bucket_s, &fault), STATUS_OK);
    CHECK_INT(grid_build(&kit->daily, &counted, STEP_LOCAL_DAY, &fault), STATUS_OK);
    kit->input = (struct brand_input){.mentions = &kit->table,
                                      .rows = kit->list,
                                      .series = &kit->series,
                                      .coverage = &kit->coverage,
                                      .daily = &kit->daily,
                                      .brands = 1,
                                      .channel = columns,
                                      .channels = KIT_CHANNELS,
                                      .from_s = from_s,
                                      .to_s = to_s,
                                      .zone = &kit->zone,
                                      .detection = &kit->detection,
                                      .handles = &kit->handles};
}

/* Events as if they had been found: one, on a baseline that is `usual` in every bucket. */
static inline void kit_event(struct kit *kit, struct event event, float usual,
                             struct brand_events *out) {
    size_t buckets = kit->series.count;
    *out = (struct brand_events){.input = kit->input, .count = 1};
    out->coverage_milli = malloc((buckets + 1) * sizeof *out->coverage_milli);
    out->volume.baseline = malloc((buckets + 1) * sizeof *out->volume.baseline);
    for (size_t i = 0; i < buckets; i++) {
        out->coverage_milli[i] = 1000;
        out->volume.baseline[i] = usual;
    }
    out->at = malloc(sizeof *out->at);
    out->at[0] = event;
    for (int i = 0; i < 2; i++) {
        struct intervals *times = i ? &out->spikes : &out->busy;
        *times = (struct intervals){malloc(sizeof *times->at), 1};
        times->at[0] = (struct interval){event.onset_s, event.end_s};
    }
}

static inline void kit_end(struct kit *kit) {
    mention_rows_release(&kit->rows);
    mention_table_release(&kit->table);
    tally_release(&kit->tally);
    coverage_release(&kit->coverage);
    brand_series_release(&kit->series);
    grid_release(&kit->daily);
    public_handles_release(&kit->handles);
    zone_release(&kit->zone);
    free(kit->list.at);
}

#endif
