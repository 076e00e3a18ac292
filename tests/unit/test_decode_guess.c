/* Platforms by name, domain or address: what was guessed before never changes a guess. */
#include "stages/decode/convert.h"
#include "tap.h"

static const struct {
    const char *text;
    enum platform platform;
} known[] = {
    {"facebook.com", PLATFORM_FACEBOOK},
    {"https://www.facebook.com/a/posts/1", PLATFORM_FACEBOOK},
    {"Facebook", PLATFORM_FACEBOOK},
    {"https://facebook/", PLATFORM_COUNT}, /* a host, not a name */
    {"facebook", PLATFORM_FACEBOOK},
    {"notfacebook.com", PLATFORM_COUNT},
    {"http://x.com", PLATFORM_TWITTER},
    {"x.com", PLATFORM_TWITTER},
    {"fox.com", PLATFORM_COUNT},
    {"x", PLATFORM_TWITTER},
    {"old.reddit.com/r/Polska", PLATFORM_REDDIT},
    {"https://old.reddit.com/r/Polska", PLATFORM_REDDIT},
    {"youtu.be", PLATFORM_YOUTUBE},
    {"https://youtu.be/abc?t=1", PLATFORM_YOUTUBE},
    {"forum.example", PLATFORM_COUNT},
    {"https://forum.example/t/1", PLATFORM_COUNT},
    {"forum", PLATFORM_FORUM},
    {"", PLATFORM_COUNT},
    {"https://", PLATFORM_COUNT},
    {"https://a.very.long.name.of.a.host.that.is.not.kept.t.me/x", PLATFORM_TELEGRAM},
    {"a.very.long.name.of.a.host.that.is.not.kept.t.me", PLATFORM_TELEGRAM},
};
enum { KNOWN = sizeof known / sizeof *known };

static void test_alone(void) {
    for (size_t i = 0; i < KNOWN; i++) {
        struct guess_memo memo = {0};
        if (!CHECK_INT(platform_guess(&memo, span_of(known[i].text)), known[i].platform))
            printf("# %s\n", known[i].text);
    }
}

static void test_in_any_order(void) {
    struct guess_memo memo = {0};
    uint32_t random = 1;
    bool same = true;
    for (int round = 0; round < 20000; round++) {
        random = random * 1664525 + 1013904223;
        size_t i = (random >> 8) % KNOWN;
        same &= platform_guess(&memo, span_of(known[i].text)) == known[i].platform;
    }
    CHECK(same);
}

/* More sites than places: hosts of one length whose first, middle and last letters are equal. */
static void test_crowded(void) {
    struct guess_memo memo = {0};
    bool same = true;
    for (int i = 0; i < 1000; i++) {
        char name[32];
        snprintf(name, sizeof name, "a%03d.facebook.com", i);
        same &= platform_guess(&memo, span_of(name)) == PLATFORM_FACEBOOK;
        snprintf(name, sizeof name, "a%03d.facebouk.com", i);
        same &= platform_guess(&memo, span_of(name)) == PLATFORM_COUNT;
    }
    CHECK(same);
}

int main(void) {
    test_alone();
    test_in_any_order();
    test_crowded();
    return tap_done();
}
