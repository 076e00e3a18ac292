/* bench_journey [ROWS] [SHAPE]: care and journeys of one brand with ROWS posts (default 10
 * million), most of them in threads. SHAPE: mixed (default), thread (one thread of all), circle (a
 * circle of all), author (one customer wrote all). Prints seconds of each step and the peak of
 * memory. Texts are shared, so that what is measured is the work and the memory of the stages and
 * of the table's columns. */
#include "stages/journey/journey.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { TEXTS = 8, AUTHORS = 2000000 };

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static double lap(const char *what, double since) {
    double at = now();
    printf("%-14s %6.2f s\n", what, at - since);
    return at;
}

/* As mention_table keeps the strings of a row: four lengths, then the bytes. */
static void put_strings(unsigned char *to, const char *text) {
    const char *const strings[STRING_COUNT] = {"1500000000000000000", "klient", "", text};
    for (int i = 0; i < STRING_COUNT; i++)
        *to++ = (unsigned char)strlen(strings[i]);
    for (int i = 0; i < STRING_COUNT; i++) {
        memcpy(to, strings[i], strlen(strings[i]));
        to += strlen(strings[i]);
    }
}

static unsigned char texts[TEXTS][200];

static void fill_row(struct mention_table *m, size_t row, const char *shape) {
    uint64_t mixed = (row + 1) * UINT64_C(0x9E3779B97F4A7C15);
    bool own = row % 3 == 1, short_threads = strcmp(shape, "mixed") == 0;
    struct mention_link *link = &m->links[row];
    m->created_at_us[row] = INT64_C(1640000000000000) + (int64_t)row * 1000000;
    m->strings[row] = texts[own ? TEXTS - 1 : mixed >> 40 & 3];
    m->author[row] = own ? 1 : (uint32_t)(2 + (mixed >> 33) % (AUTHORS - 2));
    if (strcmp(shape, "author") == 0 && !own)
        m->author[row] = 2;
    m->role[row] = own ? ROLE_OWN : mixed >> 60 & 1 ? ROLE_MENTION : ROLE_ADDRESSED;
    m->platform[row] = PLATFORM_TWITTER;
    m->kind[row] = row ? POST_REPLY : POST_ORIGINAL;
    m->label[row] = (int8_t)(mixed >> 20 & 1);
    m->intents[row] = (uint16_t)(mixed >> 50 & 0x1F);
    m->stage[row] = (uint8_t)(mixed >> 10 & 7) % STAGE_COUNT;
    m->address[row] = own ? 0 : ADDRESS_HANDLE;
    m->followers[row] = m->likes[row] = m->replies[row] = m->reposts[row] = m->views[row] = 10;
    *link = (struct mention_link){
        .row = (uint32_t)row, .id_hash = row + 1, .reply_to_time_us = TIME_NONE};
    if (strcmp(shape, "circle") == 0)
        link->reply_to_hash = row ? row : m->count;
    else if (row && (!short_threads || row % 3))
        link->reply_to_hash = row;
}

int main(int argc, char **argv) {
    size_t count = argc > 1 ? (size_t)atol(argv[1]) : 10000000;
    const char *shape = argc > 2 ? argv[2] : "mixed";
    static struct mention_table m;
    static const char *const words[TEXTS] = {"@NorviaPL ile kosztuje pakiet 300?",
                                             "@NorviaPL znowu awaria, trzeci raz w tym tygodniu!!!",
                                             "@NorviaPL dziękuję, już działa",
                                             "polecam norvia każdemu, kto szuka taniego pakietu",
                                             "a",
                                             "b",
                                             "c",
                                             "@klient Sprawdzamy to, prosimy o DM. ^MK"};
    struct fault fault = {0};
    struct zone zone;
    uint32_t *rows = malloc(count * sizeof *rows);
    uint8_t *official = calloc(AUTHORS + 1, 1);
    if (!mention_table_init(&m, count, 1) || !rows || !official ||
        zone_open(&zone, "Europe/Warsaw", &fault) != STATUS_OK)
        return 1;
    official[1] = 1;
    for (int i = 0; i < TEXTS; i++)
        put_strings(texts[i], words[i]);
    m.links = calloc(count, sizeof *m.links);
    m.link_count = count;
    m.authors = malloc((AUTHORS + 1) * sizeof *m.authors);
    m.author_count = AUTHORS;
    free(m.id_hash);
    free(m.author_hash);
    free(m.copy_hash);
    free(m.member);
    free(m.id_kind);
    m.id_hash = m.author_hash = m.copy_hash = NULL;
    m.member = NULL;
    m.id_kind = NULL;
    for (size_t i = 0; i < AUTHORS; i++)
        m.authors[i] = (i + 1) * UINT64_C(0xD6E8FEB86659FD93);
    for (size_t row = 0; row < count; row++) {
        fill_row(&m, row, shape);
        rows[row] = (uint32_t)row;
    }
    int64_t first_s = m.created_at_us[0] / 1000000, last_s = m.created_at_us[count - 1] / 1000000;
    struct care_settings settings = care_settings_default();
    struct care_account account = {PLATFORM_TWITTER, NULL, "NorviaPL"};
    struct platform_span spans[PLATFORM_COUNT];
    struct open_times open;
    for (int i = 0; i < PLATFORM_COUNT; i++)
        spans[i] = (struct platform_span){0, -1, NULL, 0};
    spans[PLATFORM_TWITTER] = (struct platform_span){first_s, last_s, NULL, 0};
    if (!open_times_build(&open, &settings.open, &zone, first_s, last_s + 1))
        return 1;
    const struct care_input input = {.mentions = &m,
                                     .rows = rows,
                                     .count = count,
                                     .accounts = &account,
                                     .account_count = 1,
                                     .official = official,
                                     .settings = &settings,
                                     .spans = spans,
                                     .open = &open,
                                     .zone = &zone,
                                     .brand = SPAN_LITERAL("norvia")};
    struct care care;
    struct audit audit;
    struct journey journey;
    struct rusage usage;
    audit_init(&audit);
    getrusage(RUSAGE_SELF, &usage);
    printf("%-14s %6.2f GB\n", "rows", (double)usage.ru_maxrss / 1e6);
    double start = now(), at = start;
    if (care_find(&input, &care, &fault) != STATUS_OK)
        return 1;
    at = lap("care", at);
    const struct journey_input of = {.care = &care};
    static struct people people;
    if (journey_find(&of, &journey, &fault) != STATUS_OK ||
        journey_tables(&journey, &audit, &fault) != STATUS_OK ||
        journey_people(&journey, &people, &fault) != STATUS_OK)
        return 1;
    lap("tables", at);
    getrusage(RUSAGE_SELF, &usage);
    printf("%zu posts, %zu turns, %zu conversations: %.2f s, %.2f GB\n", count, care.turn_count,
           care.conversation_count, now() - start, (double)usage.ru_maxrss / 1e6);
    journey_release(&journey);
    care_release(&care);
    audit_release(&audit);
    open_times_release(&open);
    mention_table_release(&m);
    zone_release(&zone);
    free(rows);
    free(official);
    return 0;
}
