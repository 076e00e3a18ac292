/* How fast decode turns bytes into posts, per core.
 *
 *     bench_decode FILE... [--seconds N]      a dump already unpacked (JSON Lines, CSV, ...)
 *     bench_decode --synthetic tweets|reddit|csv
 *
 * Reads the file once, then decodes it from memory again and again on one thread, in blocks of
 * 4 MiB as the scan does, and prints bytes and records per second
 * of processor time (other load on the machine does not count). */
#include "stages/common/files.h"
#include "stages/decode/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_s(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fill_tweets(struct buf *out, int count) {
    static const char *const texts[] = {
        "@TelefonixPL od rana nie dzia\\u0142a zasi\\u0119g, kiedy naprawicie?",
        "Love my new phone &amp; the camera is great! \\ud83d\\ude0d",
        "RT @jan_k: Znów awaria, trzeci raz w tym tygodniu i nikt nie odpowiada na infolinii"};
    for (int i = 0; i < count; i++) {
        long long id = 760049110000000001LL + (long long)i * 4194304;
        buf_format(
            out,
            "{\"created_at\":\"Mon Aug 01 10:%02d:%02d +0000 2016\",\"id\":%lld,\"id_str\":"
            "\"%lld\",\"text\":\"%s %d\",\"source\":\"\\u003ca href=\\\"http:\\/\\/twitter.com\\/"
            "download\\/android\\\" rel=\\\"nofollow\\\"\\u003eTwitter for Android\\u003c\\/a"
            "\\u003e\",\"truncated\":false,\"in_reply_to_status_id\":null,"
            "\"in_reply_to_status_id_str\":null,\"in_reply_to_user_id\":null,"
            "\"in_reply_to_user_id_str\":null,\"in_reply_to_screen_name\":null,",
            i / 60 % 60, i % 60, id, id, texts[i % 3], i);
        buf_format(
            out,
            "\"user\":{\"id\":%d,\"id_str\":\"%d\",\"name\":\"Jan Kowalski\",\"screen_name\":"
            "\"jan_%d\",\"location\":\"Kraków, Polska\",\"url\":null,\"description\":\"kawa, "
            "rower, technologie; opinie własne\",\"protected\":false,\"verified\":false,"
            "\"followers_count\":%d,\"friends_count\":410,\"listed_count\":3,"
            "\"favourites_count\":2210,\"statuses_count\":8123,\"created_at\":\"Wed Mar 07 "
            "09:11:01 +0000 2012\",\"utc_offset\":7200,\"time_zone\":\"Warsaw\",\"geo_enabled\":"
            "true,\"lang\":\"pl\",\"contributors_enabled\":false,\"is_translator\":false,"
            "\"profile_background_color\":\"C0DEED\",\"profile_background_image_url\":\"http:\\/"
            "\\/abs.twimg.com\\/images\\/themes\\/theme1\\/bg.png\","
            "\"profile_background_image_url_https\":\"https:\\/\\/abs.twimg.com\\/images\\/themes"
            "\\/theme1\\/bg.png\",\"profile_background_tile\":false,\"profile_link_color\":"
            "\"0084B4\",\"profile_sidebar_border_color\":\"C0DEED\","
            "\"profile_sidebar_fill_color\":\"DDEEF6\",\"profile_text_color\":\"333333\","
            "\"profile_use_background_image\":true,\"profile_image_url\":\"http:\\/\\/pbs.twimg."
            "com\\/profile_images\\/%d\\/abcdefgh_normal.jpg\",\"profile_image_url_https\":"
            "\"https:\\/\\/pbs.twimg.com\\/profile_images\\/%d\\/abcdefgh_normal.jpg\","
            "\"default_profile\":true,\"default_profile_image\":false,\"following\":null,"
            "\"follow_request_sent\":null,\"notifications\":null},",
            i % 5000 + 77, i % 5000 + 77, i % 5000, i % 900, i, i);
        buf_format(
            out,
            "\"geo\":null,\"coordinates\":null,\"place\":null,\"contributors\":null,"
            "\"is_quote_status\":false,\"retweet_count\":0,\"favorite_count\":0,\"entities\":{"
            "\"hashtags\":[],\"urls\":[],\"user_mentions\":[{\"screen_name\":\"TelefonixPL\","
            "\"name\":\"Telefonix\",\"id\":55,\"id_str\":\"55\",\"indices\":[0,12]}],"
            "\"symbols\":[]},\"favorited\":false,\"retweeted\":false,\"filter_level\":\"low\","
            "\"lang\":\"pl\",\"timestamp_ms\":\"14700456%05d\"}\r\n",
            i % 100000);
    }
}

static void fill_reddit(struct buf *out, int count) {
    for (int i = 0; i < count; i++)
        buf_format(out,
                   "{\"author\":\"user_%d\",\"author_flair_css_class\":null,"
                   "\"author_flair_text\":null,\"body\":\"Telefonix znowu ma awarię, a "
                   "infolinia milczy od rana.\\n\\nKtoś wie coś więcej? &gt; nie "
                   "sądzę\",\"can_gild\":true,\"controversiality\":0,\"created_utc\":%d,"
                   "\"distinguished\":null,\"edited\":false,\"gilded\":0,\"id\":\"d%06x\","
                   "\"is_submitter\":false,\"link_id\":\"t3_55aife\",\"parent_id\":\"t1_d%06x\","
                   "\"permalink\":\"/r/Polska/comments/55aife/x/d%06x/\",\"retrieved_on\":"
                   "1478225196,\"score\":%d,\"stickied\":false,\"subreddit\":\"Polska\","
                   "\"subreddit_id\":\"t5_2qiqo\",\"subreddit_type\":\"public\"}\n",
                   i % 700, 1475280000 + i, i, i - 1, i, i % 40);
}

static void fill_csv(struct buf *out, int count) {
    buf_text(out, "id,created_at,author,text,likes,comments,shares,url\n");
    for (int i = 0; i < count; i++)
        buf_format(out,
                   "%d,2023-04-%02d 10:%02d:%02d UTC,user_%d,\"Telefonix znowu ma awarię, a "
                   "\"\"infolinia\"\" milczy.\nKtoś wie coś więcej?\",%d,%d,\"1,%03d"
                   "\",https://www.facebook.com/%d\n",
                   i, i % 28 + 1, i / 60 % 60, i % 60, i % 700, i % 40, i % 7, i % 1000, i);
}

struct tally {
    uint64_t posts, rejects, inside, text_bytes;
};

static bool decode_block(struct decoder *decoder, struct tally *tally) {
    static struct decoded out;
    for (;;) {
        enum status status = decoder_next(decoder, &out);
        if (status == STATUS_END)
            return true;
        if (status == STATUS_FATAL)
            return false;
        tally->posts += status == STATUS_OK;
        tally->rejects += status == STATUS_REJECT;
        tally->inside += out.more_count;
        if (status == STATUS_OK)
            tally->text_bytes += out.post.text.len;
    }
}

static bool decode_all(struct decoder *decoder, const struct decode_member *member,
                       struct span bytes, struct tally *tally) {
    enum { BLOCK = 4 << 20 };
    struct framer framer;
    framer_init(&framer, member);
    while (bytes.len) {
        size_t look = bytes.len < BLOCK ? bytes.len : BLOCK;
        size_t len = framer_cut(&framer, (struct span){bytes.at, look}, look == bytes.len);
        if (len == 0)
            return false;
        if (!framer.drop) {
            decoder_begin(decoder, member, (struct span){bytes.at, len}, &framer.place);
            if (!decode_block(decoder, tally))
                return false;
        }
        bytes = (struct span){bytes.at + len, bytes.len - len};
    }
    return true;
}

static int measure(const char *name, struct span bytes, double seconds) {
    struct fault fault = {0};
    struct zone zone;
    struct decode_options options = decode_options_default();
    struct decode_member *member = NULL;
    struct decoder *decoder = NULL;
    if (zone_open(&zone, "UTC", &fault) != STATUS_OK)
        return 1;
    options.zone = &zone;
    struct span head = {bytes.at, bytes.len < 262144 ? bytes.len : 262144};
    struct tally tally = {0};
    int passes = 0;
    bool good = decode_open(&member, head, name, &options, &fault) == STATUS_OK &&
                decoder_new(&decoder, &options, &fault) == STATUS_OK;
    double start = now_s(), elapsed = 0;
    while (good && (elapsed < seconds || passes == 0)) {
        tally = (struct tally){0};
        good = decode_all(decoder, member, bytes, &tally);
        passes++;
        elapsed = now_s() - start;
    }
    if (good)
        printf("%s: %s, %.2f GB/s, %.2f M records/s, %.0f bytes/record, %llu posts + %llu rejects, "
               "%llu inside them, %d passes\n",
               name, decode_format_name(member), (double)bytes.len * passes / elapsed / 1e9,
               (double)(tally.posts + tally.rejects) * passes / elapsed / 1e6,
               (double)bytes.len / (double)(tally.posts + tally.rejects),
               (unsigned long long)tally.posts, (unsigned long long)tally.rejects,
               (unsigned long long)tally.inside, passes);
    else
        fprintf(stderr, "%s: %s\n", name, fault.text);
    decoder_free(decoder);
    decode_close(member);
    zone_release(&zone);
    return !good;
}

static int run(const char *name, bool synthetic, double seconds) {
    struct fault fault = {0};
    struct buf bytes;
    buf_init(&bytes, (size_t)1 << 31);
    if (synthetic && strcmp(name, "tweets") == 0)
        fill_tweets(&bytes, 30000);
    else if (synthetic && strcmp(name, "reddit") == 0)
        fill_reddit(&bytes, 80000);
    else if (synthetic)
        fill_csv(&bytes, 200000);
    else if (file_read(name, &bytes, &fault) != STATUS_OK)
        fprintf(stderr, "%s\n", fault.text);
    size_t len = bytes.len;
    int failed = len == 0 || !buf_reserve(&bytes, BLOCK_PADDING);
    if (!failed)
        failed = measure(name, (struct span){bytes.at, len}, seconds);
    buf_release(&bytes);
    return failed;
}

int main(int argc, char **argv) {
    double seconds = 2;
    bool synthetic = false;
    int failed = argc < 2;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = atof(argv[++i]);
        else if (strcmp(argv[i], "--synthetic") == 0)
            synthetic = true;
        else
            failed |= run(argv[i], synthetic, seconds);
    }
    if (argc < 2)
        fputs("usage: bench_decode [--seconds N] FILE... | --synthetic tweets|reddit|csv\n",
              stderr);
    return failed;
}
