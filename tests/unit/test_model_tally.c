/* Posts by channel and hour are counted under the names that they state, also where many names
 * share the bytes by which they are remembered; and batches add up to what one tally counts. */
#include "stages/model/tally.h"
#include "tap.h"

#include <stdio.h>

static uint64_t state = 5;

static unsigned draw(unsigned below) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % below;
}

enum { NAMES = 3000, HOURS = 5, POSTS = 40000 };

/* Names of all lengths, many of which begin and end alike. */
static struct span name_of(unsigned number, char text[128]) {
    unsigned pad = number % 7 * 6;
    int len = number % 3 == 0   ? sprintf(text, "reddit/%u_a_long_tail_of_them_all", number)
              : number % 3 == 1 ? sprintf(text, "reddit/%.*s%u", (int)pad,
                                          "zzzzzzzzzzzzzzzzzzzz"
                                          "zzzzzzzzzzzzzzzzzzzz",
                                          number)
                                : sprintf(text, "r%u", number);
    return (struct span){text, (size_t)len};
}

static uint64_t counted(const struct tally *tally, struct span name, uint64_t hour) {
    uint32_t number = symbols_find(&tally->channels, name);
    const uint64_t *count =
        number == SYMBOL_NONE ? NULL : counts_find(&tally->by_channel, hour << 32 | number);
    return count ? *count : 0;
}

static void check_channels(void) {
    static uint32_t wanted[NAMES][HOURS];
    static const uint64_t first_hour = 460000;
    struct tally whole, batch, sum;
    char text[128];
    int wrong = 0;
    tally_init(&whole);
    tally_init(&batch);
    tally_init(&sum);
    for (int i = 0; i < POSTS; i++) {
        unsigned name = draw(2) ? draw(NAMES) : draw(20), hour = (unsigned)i * HOURS / POSTS;
        hour = draw(50) ? hour : draw(HOURS);
        struct post post = {.platform = PLATFORM_REDDIT, .text = SPAN_LITERAL("text")};
        post.created_at_us = (int64_t)((first_hour + hour) * 3600 + draw(3600)) * 1000000;
        wanted[name][hour]++;
        wrong += !tally_post(&whole, &post, name_of(name, text));
        wrong += !tally_post(&batch, &post, name_of(name, text));
        if (draw(400) == 0 || i == POSTS - 1) {
            wrong += !tally_add(&sum, &batch);
            tally_release(&batch);
        }
    }
    for (unsigned name = 0; name < NAMES; name++)
        for (unsigned hour = 0; hour < HOURS; hour++) {
            struct span channel = name_of(name, text);
            wrong += counted(&whole, channel, first_hour + hour) != wanted[name][hour];
            wrong += counted(&sum, channel, first_hour + hour) != wanted[name][hour];
        }
    CHECK_INT(wrong, 0);
    CHECK_INT(whole.channels.count, sum.channels.count);
    for (uint32_t i = 0; i < whole.channels.count && i < sum.channels.count; i++)
        wrong += !span_equal(whole.channels.names[i], sum.channels.names[i]);
    CHECK_INT(wrong, 0);
    CHECK_INT(whole.posts, POSTS);
    /* numbers that are forgotten are not remembered either */
    tally_drop_channels(&whole);
    struct post post = {.platform = PLATFORM_REDDIT, .created_at_us = INT64_C(1700000000000000)};
    CHECK(tally_post(&whole, &post, SPAN_LITERAL("reddit/new")));
    CHECK_INT(whole.channels.count, 1);
    CHECK(tally_post(&whole, &post, name_of(0, text)));
    CHECK_INT(whole.channels.count, 2);
    tally_release(&whole);
    tally_release(&batch);
    tally_release(&sum);
}

/* Every platform's name and alias, in any case, is found and is that platform's alone. */
static void check_platform_names(void) {
    static const char *const names[] = {
        "Reddit",       "reddit.com", "X",      "x.com",  "twitter",
        "FACEBOOK.com", "mail",       "forum",  "forums", "review",
        "wykop.pl",     "9gag",       "Polska", "",       "redditors"};
    int wrong = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int platform = 0; platform < PLATFORM_COUNT; platform++)
            wrong += platform_has_name((enum platform)platform, span_of(names[i])) !=
                     (platform_find(span_of(names[i])) == (enum platform)platform);
    CHECK_INT(wrong, 0);
    for (int platform = 0; platform < PLATFORM_COUNT; platform++)
        CHECK(platform_has_name((enum platform)platform,
                                span_of(platform_name((enum platform)platform))));
}

int main(void) {
    check_channels();
    check_platform_names();
    return tap_done();
}
