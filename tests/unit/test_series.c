/* Series and coverage: counts by hour and by local day over a change to summer time, series of one
 * brand, outages told from silence, and spans too long. */
#include "stages/series/series.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

enum { MARCH_25 = 1679698800 }; /* 2023-03-25T00:00 in Warsaw, the day before summer time */

static struct zone warsaw;

static void add(struct mention_rows *mentions, int64_t second, int brand, int label,
                uint64_t author) {
    struct mention row = {.created_at_us = second * US_PER_S,
                          .id_hash = mentions->count + 1,
                          .author_hash = author,
                          .score_milli = (int16_t)(label * 500),
                          .label = (int8_t)label,
                          .brand = (uint16_t)brand,
                          .platform = PLATFORM_TWITTER,
                          .language = LANGUAGE_PL,
                          .likes = 2,
                          .replies = -1,
                          .reposts = 1,
                          .views = -1,
                          .followers = 10,
                          .channel_name = SPAN_LITERAL("twitter"),
                          .id = SPAN_LITERAL("x"),
                          .author = SPAN_LITERAL(""),
                          .url = SPAN_LITERAL(""),
                          .text = SPAN_LITERAL("")};
    CHECK(mention_rows_append(mentions, &row));
}

/* The rows as a study has them. */
static void take(struct mention_table *table, struct mention_rows *mentions) {
    static const uint32_t number[1] = {0};
    CHECK(mention_table_init(table, mentions->count, 1));
    CHECK(mention_table_fill(table, 0, 0, mentions, number));
    CHECK_INT(symbols_intern(&table->channels, SPAN_LITERAL("twitter")), 0);
    CHECK(mention_table_number_authors(table));
    mention_rows_release(mentions);
}

static struct series_input input_of(const struct mention_table *table, const struct row_list *rows,
                                    int64_t from_s, int64_t to_s) {
    static const uint16_t channel[1] = {0};
    return (struct series_input){.mentions = table,
                                 .rows = rows,
                                 .channel = channel,
                                 .brands = 2,
                                 .channels = 1,
                                 .from_s = from_s,
                                 .to_s = to_s,
                                 .zone = &warsaw};
}

static void test_grids(void) {
    struct mention_rows mentions;
    struct grid grid = {0};
    struct brand_series series = {0};
    struct fault fault = {0};
    struct mention_table table;
    static uint32_t first[] = {0, 1, 2, 5}, second[] = {3};
    static const struct row_list rows[2] = {{first, 4}, {second, 1}}; /* row 4 does not count */
    int64_t last = MARCH_25 + 3 * 86400 - 3600 - 1; /* the second day has 23 hours */
    mention_rows_init(&mentions);
    add(&mentions, MARCH_25, 0, LABEL_NEGATIVE, 1);
    add(&mentions, MARCH_25 + 10, 0, LABEL_POSITIVE, 1);
    add(&mentions, MARCH_25 + 20, 0, LABEL_NEGATIVE, 2);
    add(&mentions, MARCH_25 + 86400, 1, LABEL_NEUTRAL, 3);
    add(&mentions, MARCH_25 + 86400, 1, LABEL_NEGATIVE, 3); /* not counted */
    add(&mentions, last, 0, LABEL_NONE, 0);
    take(&table, &mentions);
    struct series_input input = input_of(&table, rows, MARCH_25, last);

    CHECK_INT(grid_build(&grid, &input, STEP_LOCAL_DAY, &fault), STATUS_OK);
    CHECK_INT(grid.times, 3);
    CHECK_INT(grid.edges_s[0], MARCH_25);
    CHECK_INT(grid.edges_s[1] - grid.edges_s[0], 24 * 3600);
    CHECK_INT(grid.edges_s[2] - grid.edges_s[1], 23 * 3600);
    CHECK_INT(grid.edges_s[3], last + 1);
    CHECK_INT(grid.points[0].mentions, 3);
    CHECK_INT(grid.points[0].negative, 2);
    CHECK_INT(grid.points[0].authors, 2);
    CHECK_INT(grid.points[2 * 1 + 1].mentions, 1);
    CHECK_INT(grid.points[2 * 2 + 0].mentions, 1);
    CHECK_INT(grid.points[2 * 2 + 0].authors, 1); /* an unknown author counts as one */
    grid_release(&grid);

    CHECK_INT(grid_build(&grid, &input, STEP_HOUR, &fault), STATUS_OK);
    CHECK_INT(grid.times, 71);
    int64_t sum = 0, cells = 0;
    for (size_t i = 0; i < grid.times * 2; i++)
        sum += grid.points[i].mentions;
    for (size_t i = 0; i < grid.cell_count; i++)
        cells += grid.cells[i].mentions;
    CHECK_INT(sum, 5);
    CHECK_INT(cells, 5);
    grid_release(&grid);

    CHECK_INT(brand_series_build(&series, &input, 0, 300, &fault), STATUS_OK);
    CHECK_INT(series.start_s, MARCH_25);
    CHECK_INT(series.mentions[0], 3);
    CHECK_INT(series.negative[0], 2);
    CHECK_INT(series.mentions[series.count - 1], 1);
    brand_series_release(&series);

    /* rows of earlier and later hours are left out; a span of centuries is refused */
    input = input_of(&table, rows, MARCH_25 + 3600, MARCH_25 + 86400 + 60);
    CHECK_INT(grid_build(&grid, &input, STEP_HOUR, &fault), STATUS_OK);
    CHECK_INT(grid.points[0].mentions, 0);
    CHECK_INT(grid.points[2 * (grid.times - 1) + 1].mentions, 1);
    CHECK_INT(grid.cell_count, 1);
    grid_release(&grid);
    input = input_of(&table, rows, 0, INT64_C(3600) * 5 * SERIES_MAX_BUCKETS);
    CHECK_INT(grid_build(&grid, &input, STEP_HOUR, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    grid_release(&grid);
    mention_table_release(&table);
}

static void tell(struct tally *tally, enum platform platform, int64_t second, int posts) {
    struct post post = {.platform = (uint8_t)platform, .created_at_us = second * US_PER_S};
    for (int i = 0; i < posts; i++)
        CHECK(tally_post(tally, &post, span_of(platform_name(platform))));
}

/* Ten days, Twitter with 6 posts every five minutes, Reddit with one an hour: a hole of five hours
 * on the sixth day is an outage of Twitter and ordinary silence of Reddit. */
/* Months are sums of their local days; of one that the dump begins or ends in, a part is covered.
 */
static void test_months(void) {
    enum { DAYS = 31 + 30 + 1, BRANDS = 2 };
    static struct grid_point points[DAYS * BRANDS];
    static int64_t edges_s[DAYS + 1];
    static float coverage[DAYS];
    struct grid daily = {.times = DAYS, .edges_s = edges_s, .points = points, .coverage = coverage};
    size_t count;
    for (int day = 0; day <= DAYS; day++) /* from 1 March 2023; summer time begins on the 26th */
        edges_s[day] = zone_to_utc(&warsaw, (civil_days(2023, 3, 1) + day) * SECONDS_PER_DAY);
    for (int day = 0; day < DAYS; day++) {
        coverage[day] = day < 15 ? 0 : 1;
        points[day * BRANDS] = (struct grid_point){.mentions = 3,
                                                   .positive = 1,
                                                   .negative = day == 40 ? 3 : 0,
                                                   .authors = 2,
                                                   .originals = 3,
                                                   .sentiment_mean = 0.5f,
                                                   .baseline = 2};
        points[day * BRANDS + 1] = (struct grid_point){.mentions = 1, .sentiment_mean = NAN};
    }
    struct grid_month *months = grid_months(&daily, 1, &warsaw, &count);
    CHECK_INT(count, 3);
    CHECK_INT(months[0].month, 3);
    CHECK_INT(months[0].days, 31);
    CHECK_INT(months[1].first, 31);
    CHECK_INT(months[2].month, 5);
    CHECK_INT(months[2].days, 1);
    CHECK_INT(months[0].coverage * 1000000, (16 * 24 - 1) * 1000000 / (31 * 24 - 1));
    CHECK(months[1].coverage == 1);
    CHECK_INT(months[2].coverage * 1000000, 1000000 / 31);
    struct grid_point april = grid_month_point(&daily, &months[1], 0, BRANDS);
    CHECK_INT(april.mentions, 90);
    CHECK_INT(april.positive, 30);
    CHECK_INT(april.negative, 3);
    CHECK_INT(april.authors, -1);
    CHECK_INT(april.baseline, 60);
    CHECK_INT(april.share_of_voice * 1000, 750);
    CHECK_INT(april.net_sentiment * 1000, 818);
    CHECK_INT(april.sentiment_mean * 1000, 500);
    april = grid_month_point(&daily, &months[1], 1, BRANDS);
    CHECK(isnan(april.net_sentiment) && isnan(april.sentiment_mean));
    free(months);
    /* no zone is UTC, and no day no month */
    struct zone utc = {0};
    daily.times = 0;
    months = grid_months(&daily, 1, &utc, &count);
    CHECK_INT(count, 0);
    free(months);
}

/* Three hours of files of a minute, of which the second lacks twenty minutes. */
static void test_minutes(void) {
    struct tally all, one;
    struct coverage coverage;
    struct stated_times stated = {0};
    struct fault fault = {0};
    int64_t from = 1677628800, hour = 3600;
    tally_init(&all);
    for (int64_t minute = 0; minute < 180; minute++) {
        if (minute >= 70 && minute < 90)
            continue;
        tally_init(&one);
        tell(&one, PLATFORM_TWITTER, from + minute * 60, 2);
        CHECK(tally_file(&one, PLATFORM_TWITTER, from / 60 + minute, 1));
        CHECK(tally_add(&all, &one));
        tally_release(&one);
    }
    CHECK_INT(tally_file_minutes(&all).there, 160);
    for (int i = 0; i < PLATFORM_COUNT; i++)
        stated.exported_s[i] = TIME_NONE;
    memset(stated.undated, true, sizeof stated.undated);
    CHECK_INT(coverage_build(&coverage, &all, &stated, &fault), STATUS_OK);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from, from + hour), 1000);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from + hour, from + 2 * hour), 666);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from + 70 * 60, from + 90 * 60), 0);
    coverage_release(&coverage);

    tell(&all, PLATFORM_TWITTER, from + 72 * 60, 1); /* from elsewhere */
    tell(&all, PLATFORM_REDDIT, from + 5 * hour, 1);
    tell(&all, PLATFORM_TELEGRAM, from + hour, 1);
    stated.exported_s[PLATFORM_TELEGRAM] = from + 4 * hour;
    CHECK_INT(coverage_build(&coverage, &all, &stated, &fault), STATUS_OK);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from + 70 * 60, from + 75 * 60), 1000);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from + 75 * 60, from + 90 * 60), 0);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TELEGRAM, from + hour, from + 4 * hour), 1000);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TELEGRAM, from + 4 * hour, from + 5 * hour), 0);
    coverage_release(&coverage);
    tally_release(&all);
}

/* The milliseconds of Twitter's samples. */
static void test_sampling(void) {
    static const struct {
        int first, spread;
        double share;
    } cases[] = {{657, 10, 0.01}, {657, 100, 0.1}, {657, 101, 0.1}, {600, 100, 0}, {0, 1000, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tally tally;
        char id[24];
        tally_init(&tally);
        for (int64_t k = 0; k < 1000; k++) {
            int64_t milli = 1677628800000 + k * 1000 + cases[i].first + k % cases[i].spread;
            snprintf(id, sizeof id, "%lld", (long long)((milli - 1288834974657) << 22));
            struct post post = {
                .platform = PLATFORM_TWITTER, .id = span_of(id), .created_at_us = milli * 1000};
            CHECK(tally_post(&tally, &post, SPAN_LITERAL("twitter")));
        }
        CHECK(tally_sampling(&tally) == cases[i].share);
        tally_release(&tally);
    }
}

static void test_coverage(void) {
    struct tally tally;
    struct coverage coverage;
    struct fault fault = {0};
    int64_t from = 1677628800, hole = from + 5 * 86400 + 10 * 3600;
    tally_init(&tally);
    for (int64_t second = from; second < from + 10 * 86400; second += 300) {
        if (second >= hole && second < hole + 5 * 3600)
            continue;
        tell(&tally, PLATFORM_TWITTER, second, 6);
        if (second % 3600 == 0)
            tell(&tally, PLATFORM_REDDIT, second, 1);
    }
    CHECK_INT(coverage_build(&coverage, &tally, NULL, &fault), STATUS_OK);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, hole, hole + 5 * 3600), 0);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, hole - 3600, hole + 3600), 500);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, hole - 3600, hole), 1000);
    CHECK_INT(coverage_share(&coverage, PLATFORM_REDDIT, hole, hole + 5 * 3600), 1000);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from - 7200, from), 0);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TELEGRAM, from, from + 3600), 0);
    CHECK_INT(coverage_share(&coverage, PLATFORM_TWITTER, from, from), 0);
    coverage_release(&coverage);
    tally_release(&tally);

    tally_init(&tally); /* nothing at all */
    CHECK_INT(coverage_build(&coverage, &tally, NULL, &fault), STATUS_OK);
    coverage_release(&coverage);
    tell(&tally, PLATFORM_TWITTER, 1, 1); /* 1970 and 2199 */
    tell(&tally, PLATFORM_TWITTER, INT64_C(7226582400), 1);
    CHECK_INT(coverage_build(&coverage, &tally, NULL, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    tally_release(&tally);
}

int main(void) {
    struct fault fault = {0};
    if (zone_open(&warsaw, "Europe/Warsaw", &fault) != STATUS_OK)
        return 1;
    test_grids();
    test_months();
    test_coverage();
    test_minutes();
    test_sampling();
    zone_release(&warsaw);
    return tap_done();
}
