#include "stages/model/id_time.h"

#include "stages/common/num.h"

#define MS INT64_C(1000)
/* Before the platform's ids held times, or after all dumps: the id is of another kind. */
#define TWITTER_LAST_COUNTED INT64_C(29700859247)
#define MASTODON_FIRST_MS INT64_C(1483228800000)   /* 2017 */
#define TIKTOK_FIRST_S INT64_C(1388534400)         /* 2014 */
#define BLUESKY_FIRST_US INT64_C(1640995200000000) /* 2022 */
#define INSTAGRAM_FIRST_MS INT64_C(1314220021721)  /* their ids begin here */
#define DISCORD_FIRST_MS INT64_C(1420070400000)    /* 2015, likewise */
#define LINKEDIN_FIRST_MS INT64_C(1262304000000)   /* 2010 */
#define LAST_US INT64_C(4102444800000000)          /* 2100 */
enum { TID_DIGITS = 13, TID_CLOCK_BITS = 10 };

/* Behind the last slash of a URI. */
static struct span last_part(struct span id) {
    const char *slash = id.len ? memrchr(id.at, '/', id.len) : NULL;
    return slash ? (struct span){slash + 1, (size_t)(id.at + id.len - slash) - 1} : id;
}

/* The microseconds of a TID, or TIME_NONE. */
static int64_t tid_time(struct span id) {
    static const char digits[] = "234567abcdefghijklmnopqrstuvwxyz";
    uint64_t number = 0;
    if (id.len != TID_DIGITS)
        return TIME_NONE;
    for (size_t i = 0; i < id.len; i++) {
        const char *digit = memchr(digits, id.at[i], sizeof digits - 1);
        if (!digit || (i == 0 && digit - digits >= 16)) /* the highest bit is always 0 */
            return TIME_NONE;
        number = number << 5 | (uint64_t)(digit - digits);
    }
    int64_t us = (int64_t)(number >> TID_CLOCK_BITS);
    return us < BLUESKY_FIRST_US ? TIME_NONE : us;
}

int64_t id_time(enum platform platform, struct span id) {
    int64_t number, us = TIME_NONE;
    switch (platform) {
    case PLATFORM_BLUESKY:
        us = tid_time(last_part(id));
        break;
    case PLATFORM_TWITTER:
        if (num_i64(last_part(id), &number) && number > TWITTER_LAST_COUNTED)
            us = ((number >> 22) + INT64_C(1288834974657)) * MS;
        break;
    case PLATFORM_MASTODON:
        if (num_i64(last_part(id), &number) && number >> 16 >= MASTODON_FIRST_MS)
            us = (number >> 16) * MS;
        break;
    case PLATFORM_TIKTOK:
        if (num_i64(last_part(id), &number) && number >> 32 >= TIKTOK_FIRST_S)
            us = (number >> 32) * US_PER_S;
        break;
    case PLATFORM_INSTAGRAM:
    case PLATFORM_THREADS:
        if (num_i64(last_part(id), &number) && number >> 23 > 0)
            us = ((number >> 23) + INSTAGRAM_FIRST_MS) * MS;
        break;
    case PLATFORM_LINKEDIN:
        if (num_i64(last_part(id), &number) && number >> 22 >= LINKEDIN_FIRST_MS)
            us = (number >> 22) * MS;
        break;
    case PLATFORM_DISCORD:
        if (num_i64(last_part(id), &number) && number >> 22 > 0)
            us = ((number >> 22) + DISCORD_FIRST_MS) * MS;
        break;
    default:
        break;
    }
    return us < LAST_US ? us : TIME_NONE;
}
