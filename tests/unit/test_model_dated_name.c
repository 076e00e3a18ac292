/* What names of files state, and what is no time. */
#include "stages/common/when.h"
#include "stages/model/dated_name.h"
#include "tap.h"

static void check(const char *text, int year, int month, int day, int hour, int minute) {
    struct dated_name name = dated_name_read(span_of(text));
    CHECK_INT(name.year, year);
    CHECK_INT(name.month, month);
    CHECK_INT(name.day, day);
    CHECK_INT(name.hour, hour);
    CHECK_INT(name.minute, minute);
}

static void test_names(void) {
    check("2022/07/28/16/10.json.bz2", 2022, 7, 28, 16, 10);
    check("twitter-stream-2022-07-28/20220728/20220728161000.json.gz", 2022, 7, 28, 16, 10);
    check("20220728/202207281610.json.gz", 2022, 7, 28, 16, 10);
    check("archiveteam-twitter-stream-2016-08/2016/08/01/00/30.json.bz2", 2016, 8, 1, 0, 30);
    check("tweets_20220728_2016.jsonl", 2022, 7, 28, 20, 16);
    check("tweets_20220728_201610.jsonl", 2022, 7, 28, 20, 16);
    check("tweets-2022-07-28_2016.jsonl", 2022, 7, 28, 20, 16);
    check("tweets-2022-07-28T16-10-00.jsonl", 2022, 7, 28, 16, 10);
    check("2022/07/28/16.json.bz2", 2022, 7, 28, 16, -1);
    check("28/16/10.json.bz2", -1, -1, -1, 16, 10);
    check("16/10.json", -1, -1, -1, 16, 10);
    check("RC_2020-01.zst", 2020, 1, -1, -1, -1);
    check("RS_202001.zst", 2020, 1, -1, -1, -1);
    check("posts.2020-01-31.csv.gz", 2020, 1, 31, -1, -1);
    check("part 17.json", -1, -1, -1, -1, -1);
    check("tweets.js", -1, -1, -1, -1, -1);
    check("", -1, -1, -1, -1, -1);
    check("channel-1300000000000000000.json", -1, -1, -1, -1, -1);
    check("2022/13/28/16/10.json", 2022, -1, -1, -1, -1);
    check("28/99/10.json", -1, -1, -1, -1, -1);
    CHECK_INT(dated_name_read(SPAN_LITERAL("2016-08-01/07.json")).last, 7);
}

static void test_times(void) {
    int64_t from = 0, to = 0;
    struct dated_name name = dated_name_read(SPAN_LITERAL("2022/07/28/16/10.json"));
    CHECK_INT(dated_name_minute(&name), INT64_C(1659024600) / 60);
    CHECK(!dated_name_days(&name, &from, &to));
    name = dated_name_read(SPAN_LITERAL("16/10.json"));
    CHECK_INT(dated_name_minute(&name), -1);
    name = dated_name_read(SPAN_LITERAL("RC_2020-12.zst"));
    CHECK(dated_name_days(&name, &from, &to));
    CHECK_INT(from, INT64_C(1606780800));
    CHECK_INT(to, INT64_C(1609459200));
    name = dated_name_read(SPAN_LITERAL("2020-02-29.csv"));
    CHECK(dated_name_days(&name, &from, &to));
    CHECK_INT(to - from, SECONDS_PER_DAY);
}

int main(void) {
    test_names();
    test_times();
    return tap_done();
}
