/* The moment in an id: each platform's own reckoning, and what is no such id. */
#include "stages/model/id_time.h"
#include "tap.h"

static void check(enum platform platform, const char *id, int64_t want) {
    CHECK_INT(id_time(platform, span_of(id)), want);
}

static void test_times(void) {
    /* Twitter's own documentation shows it with 2018-10-10T20:19:24Z */
    check(PLATFORM_TWITTER, "1050118621198921728", INT64_C(1539202764211000));
    check(PLATFORM_TWITTER, "29700859248", INT64_C(1288834981738000));
    check(PLATFORM_MASTODON, "113000000000000002", INT64_C(1724243164062000));
    check(PLATFORM_MASTODON, "https://mastodon.example/users/a/statuses/113000000000000002",
          INT64_C(1724243164062000));
    check(PLATFORM_TIKTOK, "7200000000000000000", INT64_C(1676380634000000));
    check(PLATFORM_BLUESKY, "3khuwc44c2222", INT64_C(1704067200000000)); /* 2024 begins */
    check(PLATFORM_BLUESKY, "at://did:plc:abc/app.bsky.feed.post/3khuwc4a2m24h",
          INT64_C(1704067200123456));
}

static void test_none(void) {
    check(PLATFORM_TWITTER, "29700859247", TIME_NONE); /* counted up */
    check(PLATFORM_TWITTER, "17a", TIME_NONE);
    check(PLATFORM_TWITTER, "", TIME_NONE);
    check(PLATFORM_TWITTER, "-1640000000000000001", TIME_NONE);
    check(PLATFORM_TWITTER, "99999999999999999999", TIME_NONE); /* more than 64 bits */
    check(PLATFORM_MASTODON, "21345678", TIME_NONE);            /* before version 2 */
    check(PLATFORM_MASTODON, "9223372036854775807", TIME_NONE); /* after 2100 */
    check(PLATFORM_TIKTOK, "123456789", TIME_NONE);
    check(PLATFORM_BLUESKY, "3khuwc44c222", TIME_NONE);  /* too short */
    check(PLATFORM_BLUESKY, "3khuwc44c2220", TIME_NONE); /* 0 is no digit of it */
    check(PLATFORM_BLUESKY, "zkhuxe5vc2222", TIME_NONE); /* the highest bit */
    check(PLATFORM_BLUESKY, "2222222222222", TIME_NONE); /* 1970 */
    check(PLATFORM_REDDIT, "1640000000000000001", TIME_NONE);
    CHECK_INT(id_time(PLATFORM_TWITTER, (struct span){NULL, 0}), TIME_NONE);
}

int main(void) {
    test_times();
    test_none();
    return tap_done();
}
