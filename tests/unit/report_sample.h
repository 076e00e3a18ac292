/* report_sample.h: an audit made in memory: two months, three brands, two crises, a burst, a flood
 * and an outage. With `hostile` set, that text stands in every place that a dump, a configuration
 * or a file name can fill. */
#ifndef BURZA_REPORT_SAMPLE_H
#define BURZA_REPORT_SAMPLE_H

#include "stages/store/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE_BRANDS = 3, SAMPLE_DAYS = 61, SAMPLE_HOURS = SAMPLE_DAYS * 24, SAMPLE_CHANNELS = 3 };
#define SAMPLE_START INT64_C(1677625200) /* 2023-03-01 00:00 in Warsaw */

static uint32_t sample_state;

static uint32_t sample_random(uint32_t below) {
    sample_state = sample_state * 1664525u + 1013904223u;
    return (sample_state >> 8) % below;
}

struct sample_event {
    size_t brand, from, hours;
    int height;
    const char *kind;
    int severity;
};

static const struct sample_event sample_events[] = {{0, 350, 42, 60, "crisis", 4},
                                                    {1, 985, 60, 26, "crisis", 2},
                                                    {2, 1220, 66, 30, "burst", 3},
                                                    {1, 596, 2, 110, "flood", 1}};
enum { SAMPLE_EVENTS = 4 };

static int sample_rate(size_t brand, size_t hour) {
    static const int by_hour[24] = {2, 1, 1, 1, 1, 2,  4,  6,  8,  9,  9, 9,
                                    9, 9, 9, 9, 9, 10, 11, 12, 12, 10, 7, 4};
    int rate = by_hour[hour % 24] / 2;
    for (int i = 0; i < SAMPLE_EVENTS; i++) {
        const struct sample_event *event = &sample_events[i];
        if (event->brand == brand && hour >= event->from && hour < event->from + event->hours) {
            double at = (double)(hour - event->from) / (double)event->hours;
            rate += (int)(event->height * exp(-3 * at) * (at < 0.05 ? 0.6 : 1));
        }
    }
    return rate + (int)sample_random(3);
}

static bool sample_in_crisis(size_t brand, size_t hour) {
    for (int i = 0; i < 2; i++)
        if (sample_events[i].brand == brand && hour >= sample_events[i].from &&
            hour < sample_events[i].from + sample_events[i].hours)
            return true;
    return false;
}

static void sample_point(struct grid_point *point, size_t brand, size_t hour) {
    int outage = hour >= 820 && hour < 829;
    point->mentions = outage ? 0 : sample_rate(brand, hour);
    for (int i = 0; i < point->mentions; i++) {
        uint32_t dice = sample_random(100), bad = sample_in_crisis(brand, hour) ? 78 : 28;
        point->negative += dice < bad;
        point->positive += dice >= bad && dice % 5 < 2;
        point->stages[dice % STAGE_COUNT]++;
        point->replies += dice % 4 == 0;
        point->reposts += dice % 9 == 1;
    }
    point->neutral = point->mentions - point->negative - point->positive;
    point->originals = point->mentions - point->replies - point->reposts;
    point->authors = point->mentions;
    point->baseline = (float)(sample_rate(0, hour % 24) - 1);
    point->sentiment_mean = NAN;
    point->net_sentiment = NAN;
}

static void sample_add_point(struct grid_point *to, const struct grid_point *from) {
    to->mentions += from->mentions;
    to->negative += from->negative;
    to->neutral += from->neutral;
    to->positive += from->positive;
    to->baseline += from->baseline;
}

static void sample_cell(struct grid_cell *cell, size_t day, size_t brand, size_t channel,
                        const struct grid_point *point) {
    int part = channel == 2 ? 5 : channel == 1 ? 3 : 2;
    *cell = (struct grid_cell){.time = (uint32_t)day,
                               .brand = (uint16_t)brand,
                               .channel = (uint16_t)channel,
                               .language = channel == 1 ? LANGUAGE_EN : LANGUAGE_PL,
                               .mentions = point->mentions * part / 10,
                               .negative = point->negative * part / 10,
                               .neutral = point->neutral * part / 10,
                               .positive = point->positive * part / 10};
}

static bool sample_grids(struct audit *audit) {
    for (int id = 0; id < GRID_COUNT; id++) {
        struct grid *grid = &audit->grids[id];
        size_t step = id == GRID_HOURLY ? 1 : 24;
        grid->times = SAMPLE_HOURS / step;
        grid->edges_s = calloc(grid->times + 1, sizeof *grid->edges_s);
        grid->points = calloc(grid->times * SAMPLE_BRANDS, sizeof *grid->points);
        grid->coverage = calloc(grid->times * SAMPLE_CHANNELS, sizeof *grid->coverage);
        grid->all_posts = calloc(grid->times * SAMPLE_CHANNELS, sizeof *grid->all_posts);
        grid->cells = calloc(grid->times * SAMPLE_BRANDS * SAMPLE_CHANNELS, sizeof *grid->cells);
        if (!grid->edges_s || !grid->points || !grid->coverage || !grid->all_posts || !grid->cells)
            return false;
        for (size_t i = 0; i <= grid->times; i++)
            grid->edges_s[i] = SAMPLE_START + (int64_t)(i * step) * 3600;
        for (size_t i = 0; i < grid->times * SAMPLE_CHANNELS; i++)
            grid->coverage[i] = id == GRID_HOURLY && i / SAMPLE_CHANNELS >= 820 &&
                                        i / SAMPLE_CHANNELS < 829 && i % SAMPLE_CHANNELS == 2
                                    ? 0
                                    : 1;
    }
    struct grid *hourly = &audit->grids[GRID_HOURLY], *daily = &audit->grids[GRID_DAILY];
    for (size_t hour = 0; hour < SAMPLE_HOURS; hour++)
        for (size_t brand = 0; brand < SAMPLE_BRANDS; brand++) {
            struct grid_point *point = &hourly->points[hour * SAMPLE_BRANDS + brand];
            sample_point(point, brand, hour);
            sample_add_point(&daily->points[hour / 24 * SAMPLE_BRANDS + brand], point);
        }
    for (int id = 0; id < GRID_COUNT; id++) {
        struct grid *grid = &audit->grids[id];
        for (size_t i = 0; i < grid->times * SAMPLE_BRANDS * SAMPLE_CHANNELS; i++)
            sample_cell(&grid->cells[grid->cell_count++], i / SAMPLE_CHANNELS / SAMPLE_BRANDS,
                        i / SAMPLE_CHANNELS % SAMPLE_BRANDS, i % SAMPLE_CHANNELS,
                        &grid->points[i / SAMPLE_CHANNELS]);
    }
    return true;
}

static void *sample_rows(struct audit *audit, enum table_id id, size_t count) {
    audit->tables[id].rows = calloc(count, table_layouts[id].row_size);
    audit->tables[id].count = audit->tables[id].rows ? count : 0;
    return audit->tables[id].rows;
}

/* `plain`, or the hostile text when there is one. */
#define SAMPLE_SET(row, column, plain) ROW_SET(row, column, span_of(hostile ? hostile : (plain)))

static void sample_episode(struct episode_row *row, const struct sample_event *event,
                           const char *hostile) {
    static const char *const ids[] = {"norvia", "kurierex", "lakowianka"};
    int64_t onset = SAMPLE_START + (int64_t)event->from * 3600 + 2400;
    ROW_SET(row, brand, span_of(ids[event->brand]));
    ROW_SET(row, kind, span_of(event->kind));
    row->severity = event->severity;
    row->onset = onset;
    row->onset_low = onset - 1800;
    row->onset_high = onset + 3600;
    row->peak = onset + 6600;
    row->end = onset + (int64_t)event->hours * 3600;
    row->duration_s = row->end - onset;
    row->mentions = 1007;
    row->expected = 58.4;
    row->excess = 948.6;
    row->ratio = 23.7;
    row->negative_share = 0.783;
    row->negative_share_before = 0.271;
    row->sentiment_before = 0.06;
    row->sentiment_during = -0.52;
    row->sentiment_after = -0.11;
    row->days_of_criticism = 8.3;
    row->doubling_time_s = 2400;
    row->half_life_s = 5 * 3600 + 1800;
    row->recovered_at = -1;
    row->waves = 2;
    row->authors = 784;
    row->new_authors = 611;
    row->silent_authors = 402;
    row->repost_share = 0.112;
    row->top_text_share = 0.034;
    row->top_authors_share = 0.021;
    SAMPLE_SET(row, channels, "twitter +0.0 h, reddit/Polska +1.4 h, reddit +3.2 h");
    SAMPLE_SET(row, languages, "pl +0.0 h, en +2.1 h");
    SAMPLE_SET(row, terms, "wyciek, dane klientów, pesel");
    SAMPLE_SET(row, why, "negative share 78 % against 27 % (z 31); 8.3 usual days of criticism");
    SAMPLE_SET(
        row, summary_en,
        "Norvia was criticised from 15 March 2023, 11:40, for 42 hours: 1007 mentions where "
        "58 were expected, 78 % of them negative against 27 % before. People wrote about "
        "\"wyciek\", \"dane klient\xC3\xB3w\" and \"pesel\". It began on Twitter and reached "
        "Reddit after 1.4 hours.");
    SAMPLE_SET(row, summary_pl,
               "Od 15 marca 2023, 11:40, przez 42 godziny krytykowano mark\xC4\x99 Norvia: 1007 "
               "wzmianek zamiast 58, w tym 78% negatywnych wobec 27% wcze\xC5\x9Bniej. Pisano o "
               "\xE2\x80\x9Ewycieku\xE2\x80\x9D, \xE2\x80\x9E"
               "danych klient\xC3\xB3w\xE2\x80\x9D i "
               "\xE2\x80\x9Epesel\xE2\x80\x9D. Zacz\xC4\x99\xC5\x82o si\xC4\x99 na Twitterze, na "
               "Reddit dotar\xC5\x82o po 1,4 godziny.");
}

static bool sample_episodes(struct audit *audit, const char *hostile) {
    struct episode_row *crises = sample_rows(audit, TABLE_CRISES, 2);
    struct episode_row *bursts = sample_rows(audit, TABLE_BURSTS, 2);
    if (!crises || !bursts)
        return false;
    for (int i = 0; i < 2; i++) {
        sample_episode(&crises[i], &sample_events[i], hostile);
        sample_episode(&bursts[i], &sample_events[2 + i], hostile);
    }
    return true;
}

static bool sample_evidence(struct audit *audit, const char *hostile) {
    static const char *const texts[] = {
        "Dosta\xC5\x82"
        "am maila, \xC5\xBC"
        "e moje dane z Norvii wyciek\xC5\x82y. PESEL te\xC5\xBC. "
        "I co teraz?",
        "So my Norvia account details are on some forum now. Great service, really.",
        "Trzeci dzie\xC5\x84 infolinia Norvii nie odpowiada. Rozwi\xC4\x85zuj\xC4\x99 "
        "umow\xC4\x99.\n"
        "Nie polecam nikomu."};
    static const char *const terms[] = {
        "wyciek", "dane klient\xC3\xB3w", "pesel", "#norviawyciek", "zastrzec", "leak",
        "uodo",   "has\xC5\x82o"};
    const struct episode_row *crises = audit->tables[TABLE_CRISES].rows;
    struct evidence_row *posts = sample_rows(audit, TABLE_EVIDENCE, 6);
    struct term_row *rows = sample_rows(audit, TABLE_TERMS, 16);
    if (!posts || !rows)
        return false;
    for (int i = 0; i < 6; i++) {
        memcpy(posts[i].brand, crises[i / 3].brand, sizeof posts[i].brand);
        posts[i].episode = crises[i / 3].onset;
        posts[i].rank = i % 3 + 1;
        ROW_SET(&posts[i], why,
                span_of(i % 3 == 0   ? "first"
                        : i % 3 == 1 ? "most engaged"
                                     : "typical"));
        posts[i].created_at = crises[i / 3].onset + 500 * i;
        SAMPLE_SET(&posts[i], platform, i % 3 == 1 ? "reddit" : "twitter");
        SAMPLE_SET(&posts[i], channel, i % 3 == 1 ? "reddit/Polska" : "twitter");
        SAMPLE_SET(&posts[i], language, i % 3 == 1 ? "en" : "pl");
        SAMPLE_SET(&posts[i], label, "negative");
        posts[i].sentiment = -0.64;
        posts[i].copies = i % 3 ? 1 : 7;
        posts[i].engagement = 1204 * (i % 3);
        SAMPLE_SET(&posts[i], author, "author-5f2c91");
        SAMPLE_SET(&posts[i], id, "1636014218364932096");
        SAMPLE_SET(&posts[i], url, "https://example.org/status/1?a=1&b=2");
        SAMPLE_SET(&posts[i], text, texts[i % 3]);
    }
    for (int i = 0; i < 16; i++) {
        memcpy(rows[i].brand, crises[i / 8].brand, sizeof rows[i].brand);
        rows[i].episode = crises[i / 8].onset;
        rows[i].mentions = 400 - 37 * (i % 8);
        SAMPLE_SET(&rows[i], term, terms[i % 8]);
    }
    return true;
}

static bool sample_sources(struct audit *audit, const char *hostile) {
    struct input_row *inputs = sample_rows(audit, TABLE_INPUTS, 3);
    struct reject_row *rejects = sample_rows(audit, TABLE_REJECTS, 3);
    if (!inputs || !rejects)
        return false;
    for (int i = 0; i < 3; i++) {
        SAMPLE_SET(&inputs[i], input, i ? "RC_2023-03_04.zst" : "twitter-stream-2023-03.tar");
        SAMPLE_SET(&inputs[i], status, i == 2 ? "damaged" : "whole");
        SAMPLE_SET(&inputs[i], container, i ? "file" : "tar");
        SAMPLE_SET(&inputs[i], codec, i ? "zstd" : "");
        SAMPLE_SET(&inputs[i], formats, i ? "reddit_comments" : "twitter_v1");
        SAMPLE_SET(&inputs[i], note, i == 2 ? "ends in the middle of a frame" : "");
        SAMPLE_SET(&inputs[i], sha256,
                   "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        inputs[i].members = i ? 1 : 744;
        inputs[i].bytes = 8123456;
        inputs[i].bytes_out = 91234567;
        inputs[i].records = 12030;
        inputs[i].posts = 11978;
        inputs[i].rejects = 52;
        inputs[i].mentions = 4890;
        inputs[i].first = SAMPLE_START;
        inputs[i].last = SAMPLE_START + 31 * 86400;
        SAMPLE_SET(&rejects[i], input, "twitter-stream-2023-03.tar");
        SAMPLE_SET(&rejects[i], reason,
                   i == 0   ? "syntax"
                   : i == 1 ? "control_message"
                            : "surrogate");
        SAMPLE_SET(&rejects[i], type, i == 0 ? "reject" : i == 1 ? "notice" : "repair");
        SAMPLE_SET(&rejects[i], meaning, "the record is broken and could not be repaired");
        rejects[i].records = 9 + i;
    }
    return true;
}

static inline bool sample_brands(struct audit *audit, const char *hostile) {
    static const char *const ids[] = {"norvia", "kurierex", "lakowianka"};
    static const int32_t authors[] = {3120, 2754, 2358};
    struct brand_row *rows = calloc(3, sizeof *rows);
    audit->tables[TABLE_BRANDS].rows = rows;
    audit->tables[TABLE_BRANDS].count = rows ? 3 : 0;
    for (int i = 0; rows && i < 3; i++) {
        SAMPLE_SET(&rows[i], brand, ids[i]);
        SAMPLE_SET(&rows[i], name, hostile ? hostile : ids[i]);
        SAMPLE_SET(&rows[i], query, hostile ? hostile : ids[i]);
        rows[i].authors = authors[i];
    }
    return rows != NULL;
}

/* False when out of memory. */
static inline bool sample_audit(struct audit *audit, const char *hostile) {
    static const char *const ids[] = {"norvia", "kurierex", "lakowianka"};
    static const char *const names[] = {"Norvia", "Kurierex", "\xC5\x81\xC4\x85kowianka"};
    static const char *const channels[] = {"listening", "reddit/Polska", "twitter"};
    audit_init(audit);
    sample_state = 7;
    bool ok = true;
    for (int i = 0; i < 3 && ok; i++)
        ok = names_add(&audit->brands, span_of(ids[i])) &&
             names_add(&audit->brand_names, span_of(hostile ? hostile : names[i])) &&
             names_add(&audit->channels, span_of(hostile ? hostile : channels[i]));
    ok = ok && sample_brands(audit, hostile) && audit_note(audit, "timezone", "Europe/Warsaw") &&
         audit_note(audit, "program", hostile ? hostile : "burza 0.1.0") &&
         audit_note(audit, "configuration",
                    hostile ? hostile
                            : "{\"brands\": [{\"id\": \"norvia\", \"query\": \"norvia OR norwia OR "
                              "norviapl OR norviawyciek\"}], \"timezone\": \"Europe/Warsaw\", "
                              "\"bucket\": 300}");
    return ok && sample_grids(audit) && sample_episodes(audit, hostile) &&
           sample_evidence(audit, hostile) && sample_sources(audit, hostile);
}

#endif
