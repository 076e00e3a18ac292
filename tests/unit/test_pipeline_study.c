/* The configuration's checks, and the first steps of a study: which rows count, and where. */
#include "pipeline/study/study.h"
#include "stages/common/files.h"
#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The exit code of a configuration with one -b, 0 when it is good. */
static int finish_with(const char *spec, const char *since, const char *until) {
    struct config config;
    struct fault fault = {0};
    config_init(&config);
    config.since = since;
    config.until = until;
    enum status status = config_brand(&config, spec, &fault);
    if (status == STATUS_OK)
        status = config_finish(&config, &fault);
    config_release(&config);
    return status == STATUS_OK ? 0 : fault.exit_code;
}

static void test_brand_texts(void) {
    CHECK_INT(finish_with("norvia=norvia OR żółw", NULL, NULL), 0);
    CHECK_INT(finish_with("a/b=norvia", NULL, NULL), 0);
    CHECK_INT(finish_with("nor\xFFvia=norvia", NULL, NULL), EXIT_USAGE);
    CHECK_INT(finish_with("norvia=nor\xC5", NULL, NULL), EXIT_USAGE);
    CHECK_INT(finish_with("nor\nvia=norvia", NULL, NULL), EXIT_USAGE);
    CHECK_INT(finish_with("nor\x1B[31m=norvia", NULL, NULL), EXIT_USAGE);
}

static void test_empty_window(void) {
    CHECK_INT(finish_with("n=n", "2023-01-01", "2024-01-01"), 0);
    CHECK_INT(finish_with("n=n", "2024-01-01", "2023-01-01"), EXIT_USAGE);
    CHECK_INT(finish_with("n=n", "2023-01-01", "2023-01-01"), EXIT_USAGE);
}

/* What scan writes down is enough to study again; what the audit shows holds no paths. */
static void test_settings_return(void) {
    static const char text[] = "{\"brands\": [{\"id\": \"n\", \"query\": \"n\"}],"
                               " \"privacy\": {\"key_file\": \"/dev/null\"},"
                               " \"lexicons\": [\"/dev/zero\"]}";
    struct config config, again;
    struct fault fault = {0};
    struct buf whole, shown;
    buf_init(&whole, 1 << 16);
    buf_init(&shown, 1 << 16);
    config_init(&config);
    config_init(&again);
    CHECK_INT(config_parse(&config, span_of(text), "test", &fault), STATUS_OK);
    CHECK_INT(config_text(&config, CONFIG_WHOLE, &whole, &fault), STATUS_OK);
    CHECK_INT(config_text(&config, CONFIG_SHOWN, &shown, &fault), STATUS_OK);
    CHECK_INT(config_parse(&again, buf_as_span(&whole), "test", &fault), STATUS_OK);
    CHECK_STR(again.key_file, "/dev/null");
    CHECK_INT(again.lexicon_count, 1);
    CHECK(!memmem(shown.at, shown.len, "/dev/", 5));
    config_release(&config);
    config_release(&again);
    buf_release(&whole);
    buf_release(&shown);
}

/* Shards hold texts and handles as they were: nobody else may read them, whatever the umask. */
static void test_parts_are_private(void) {
    char folder[] = "/tmp/test_pipeline_study.XXXXXX", audit[64], lock[4096];
    struct parts parts;
    struct fault fault = {0};
    struct stat st = {0};
    if (!CHECK(mkdtemp(folder) != NULL))
        return;
    mode_t mask = umask(0);
    snprintf(audit, sizeof audit, "%s/a.h5", folder);
    CHECK_INT(parts_open(&parts, audit, &fault), STATUS_OK);
    umask(mask);
    CHECK(stat(parts.folder, &st) == 0);
    CHECK_INT(st.st_mode & 077, 0);
    parts_close(&parts);
    snprintf(lock, sizeof lock, "%s/lock", parts.folder);
    unlink(lock);
    rmdir(parts.folder);
    rmdir(folder);
}

/* ---- studies of rows made here ---- */

enum { START = 1680000000 };

static void add_post(struct study *study, const char *id, int64_t second, uint8_t flags) {
    struct span names = span_of(id);
    struct post post = {.platform = PLATFORM_TWITTER, .created_at_us = second * 1000000};
    struct mention row = {.created_at_us = post.created_at_us,
                          .id_hash = hash_stable(names),
                          .platform = PLATFORM_TWITTER,
                          .flags = flags,
                          .channel_name = span_of("twitter"),
                          .id = names};
    CHECK(mentions_append(&study->mentions, &row));
    if (!(flags & POST_EMBEDDED))
        CHECK(tally_post(&study->tally, &post, row.channel_name));
}

struct sums {
    int64_t hourly, daily, posts, brand;
};

static struct sums run_steps(struct study *study) {
    typedef enum status step(struct study *, struct fault *);
    static step *const steps[] = {study_order,  study_span,          study_channels, study_grids,
                                  study_detect, study_fill_baseline, study_tables,   study_posts};
    struct fault fault = {0};
    struct sums sums = {0};
    CHECK(names_add(&study->audit.brands, span_of("n")));
    CHECK(names_add(&study->audit.brand_names, span_of("n")));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!CHECK(steps[i](study, &fault) == STATUS_OK))
            return sums;
    const struct grid *hourly = &study->audit.grids[GRID_HOURLY];
    const struct grid *daily = &study->audit.grids[GRID_DAILY];
    for (size_t i = 0; i < hourly->times; i++)
        sums.hourly += hourly->points[i].mentions;
    for (size_t i = 0; i < daily->times; i++)
        sums.daily += daily->points[i].mentions;
    sums.posts = (int64_t)study->audit.posts.count;
    sums.brand = ((struct brand_row *)study->audit.tables[TABLE_BRANDS].rows)->mentions;
    return sums;
}

static void begin(struct study *study, struct config *config) {
    struct fault fault = {0};
    config_init(config);
    CHECK_INT(config_brand(config, "n=n", &fault), STATUS_OK);
    CHECK_INT(config_finish(config, &fault), STATUS_OK);
    study_init(study, config);
}

static void end(struct study *study, struct config *config) {
    study_release(study);
    config_release(config);
}

/* A quoted post from long before the dump is no mention of any covered hour. */
static void test_old_quotes(void) {
    struct study study;
    struct config config;
    begin(&study, &config);
    for (int i = 0; i < 10; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        add_post(&study, id, START + 60 * i, 0);
    }
    add_post(&study, "quoted in the dump's time", START + 90, POST_EMBEDDED);
    add_post(&study, "quoted from last year", START - 400 * 86400, POST_EMBEDDED);
    struct sums sums = run_steps(&study);
    CHECK_INT(sums.hourly, 11);
    CHECK_INT(sums.daily, 11);
    CHECK_INT(sums.posts, 11);
    CHECK_INT(sums.brand, 11);
    CHECK_INT(study.left_out_mentions, 1);
    end(&study, &config);
}

/* Posts with a clock that went wrong, 1995 and 2099, do not stretch the series over a century. */
static void test_outliers(void) {
    struct study study;
    struct config config;
    begin(&study, &config);
    for (int i = 0; i < 12000; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        add_post(&study, id, START + 60 * i, 0);
    }
    add_post(&study, "long ago", 800000000, 0);
    add_post(&study, "far ahead", 4100000000, 0);
    struct sums sums = run_steps(&study);
    CHECK_INT(sums.hourly, 12000);
    CHECK_INT(sums.daily, 12000);
    CHECK_INT(sums.posts, 12000);
    CHECK_INT(sums.brand, 12000);
    CHECK_INT(study.left_out_posts, 2);
    CHECK(study.audit.grids[GRID_HOURLY].times <= 12000 / 60 + 2);
    end(&study, &config);
}

/* The text of a post as it is shown under pseudonyms. */
static void check_shown(const char *text, const char *want) {
    static const struct brand_account account = {.platform = PLATFORM_TWITTER,
                                                 .handle = "norvia_pl"};
    struct study study;
    struct config config;
    struct buf shown;
    struct mention row = {.channel_name = span_of("twitter"), .text = span_of(text)};
    begin(&study, &config);
    config.brands[0].accounts = &account;
    config.brands[0].account_count = 1;
    buf_init(&shown, 4096);
    CHECK(mentions_append(&study.mentions, &row));
    study_shown_text(&study, 0, &shown);
    CHECK_SPAN(buf_as_span(&shown), want);
    buf_release(&shown);
    config.brands[0].accounts = NULL;
    end(&study, &config);
}

static void test_shown_texts(void) {
    check_shown("@jan_k i @norvia_pl, Netflix.com/@", "@… i @norvia_pl, Netflix.com/@");
    check_shown("see https://Twitter.com/jan_k/status/12?s=20 (x.com/jan_k)",
                "see https://Twitter.com/… (x.com/…)");
    check_shown("https://twitter.com/norvia_pl/status/12",
                "https://twitter.com/norvia_pl/status/12");
    check_shown("u/jan-k, /u/jan_k: menu/obiad", "u/…, /u/…: menu/obiad");
    check_shown("https://example.org/jan https://x.com/", "https://example.org/jan https://x.com/");
}

/* Samoa had no 30 December 2011: no bucket may be empty of time. */
static void test_day_that_was_not(void) {
    struct zone zone;
    struct grid grid;
    struct mentions none;
    struct fault fault = {0};
    mentions_init(&none);
    if (zone_open(&zone, "Pacific/Apia", &fault) != STATUS_OK)
        return;
    struct series_input input = {.mentions = &none,
                                 .brands = 1,
                                 .channels = 1,
                                 .from_s = 1325000000,
                                 .to_s = 1325000000 + 7 * SECONDS_PER_DAY,
                                 .zone = &zone};
    CHECK_INT(grid_build(&grid, &input, STEP_LOCAL_DAY, &fault), STATUS_OK);
    CHECK_INT(grid.times, 8);
    for (size_t i = 0; i < grid.times; i++)
        CHECK_INT(grid.edges_s[i + 1] - grid.edges_s[i], SECONDS_PER_DAY);
    grid_release(&grid);
    zone_release(&zone);
    mentions_release(&none);
}

int main(void) {
    test_brand_texts();
    test_empty_window();
    test_settings_return();
    test_parts_are_private();
    test_old_quotes();
    test_outliers();
    test_shown_texts();
    test_day_that_was_not();
    return tap_done();
}
