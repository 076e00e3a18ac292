/* Framing: the same posts for any cut, one reject for a record that is too long, bounded memory,
 * and records = posts + rejects whatever the bytes are. */
#include "decode_cuts.h"

#include <unistd.h>

static const char lines[] =
    "{\"id\":1,\"date\":\"2023-03-05T00:00:00Z\",\"text\":\"a\"}\r\n\r\n"
    "{\"id\":2,\"date\":\"2023-03-05T00:00:00Z\",\"text\":\"b \\ud83d\"}\n"
    "{\"id\":3,\"date\":\"2023-03-05T00:00:00Z\",\"text\":\"far longer than the limit of this "
    "test, so that it has to go, whatever the cut; it is long, very long, too long indeed\"}\n"
    "broken\n{\"id\":4,\"date\":\"2023-03-05T00:00:00Z\",\"text\":\"c\"}";

static const char csv[] =
    "About this "
    "export\n\nid;date;text;likes\n1;2023-03-05;\"a;\n\"\"b\"\"\";2\r\n\r\n2;2023-03-05;c;"
    "3\n3;2023-03-05;\"never closed;4\n4;2023-03-05;d;5\n5;2023-03-05;e;6\n6;2023-03-05;f;7\n"
    "7;2023-03-05;g;8\n8;2023-03-05;h;9\n9;2023-03-05;i;1\n10;2023-03-05;\"j\";2\n"
    "11;2023-03-05;k;\n";

static const char long_rows[] =
    "id,date,text\n1,2023-03-05,\"a, b\n2,2023-03-05,far longer than the limit of this test, "
    "so that it has to go\n3,2023-03-05,\"c\"\"\n4,2023-03-05,d\n";

static const char document[] =
    "{\"name\":\"x\",\"list\": [ {\"id\":1,\"date\":\"2023-03-05\",\"text\":\"a ]} \\\" {[\"} ,\n"
    " {\"id\":2,\"date\":\"2023-03-05\",\"text\":\"far longer than the limit of this test, so that "
    "it has to go, whatever the cut; long, very long, too long indeed\"},\n"
    "\n   {\"id\":3,\"date\":\"2023-03-05\",\"text\":\"b\"}, 17, \"word\",{\"id\":4,\"date\":"
    "\"2023-03-05\",\"text\":\"c\"}],\"after\":[{\"id\":9,\"date\":\"2023-03-05\",\"text\":\"no\"}]"
    "}";

static const char values[] =
    "{\n\"id\":1,\n\"date\":\"2023-03-05\",\n\"text\":\"a\"\n}\n{\n\"id\":2,"
    "\n\"date\":\"2023-03-05\",\n\"text\":\"b\"\n}\n]\n{\n\"id\":3,\n"
    "\"date\":\"2023-03-05\",\n\"text\":\"c\"\n}";

static size_t to_utf16(const char *text, size_t len, bool big, char *out) {
    size_t used = 0;
    out[used++] = (char)(big ? 0xFE : 0xFF);
    out[used++] = (char)(big ? 0xFF : 0xFE);
    for (size_t i = 0; i < len; i++) {
        out[used++] = big ? 0 : text[i];
        out[used++] = big ? text[i] : 0;
    }
    return used;
}

static void test_cuts(void) {
    static char wide[4096];
    for (size_t max = 0; max <= 150; max += 75) {
        expect_same_for_any_cut(SPAN_LITERAL(lines), max, "lines");
        expect_same_for_any_cut(SPAN_LITERAL(csv), max, "csv");
        expect_same_for_any_cut(SPAN_LITERAL(document), max, "document");
        expect_same_for_any_cut(SPAN_LITERAL(values), max, "values");
        for (int big = 0; big < 2; big++) {
            size_t len = to_utf16(lines, sizeof lines - 1, big, wide);
            expect_same_for_any_cut((struct span){wide, len}, max, "UTF-16 lines");
            len = to_utf16(csv, sizeof csv - 1, big, wide);
            expect_same_for_any_cut((struct span){wide, len}, max, "UTF-16 csv");
            len = to_utf16(document, sizeof document - 1, big, wide);
            expect_same_for_any_cut((struct span){wide, len}, max, "UTF-16 document");
        }
    }
}

static void expect_counts(struct span input, size_t max, uint64_t posts, uint64_t rejects,
                          enum reject_reason reason, uint64_t of_reason) {
    struct decode_options options = options_of(max);
    struct run run;
    CHECK_INT(run_decode(&run, input, "x", &options, 1000), STATUS_OK);
    bool good = CHECK_INT(run.posts, posts) & CHECK_INT(run.rejects, rejects) &
                CHECK_INT(run.by_reason[reason], of_reason);
    if (!good)
        printf("%s", run.log.at);
    run_release(&run);
}

static void test_counts(void) {
    static char wide[4096];
    expect_counts(SPAN_LITERAL(lines), 0, 4, 1, REJECT_SYNTAX, 1);
    expect_counts(SPAN_LITERAL(lines), 100, 3, 2, REJECT_TOO_LONG, 1);
    expect_counts(SPAN_LITERAL(csv), 0, 11, 0, REJECT_TOO_LONG, 0);
    expect_counts(SPAN_LITERAL(csv), 60, 11, 0, REJECT_TOO_LONG, 0);
    expect_counts(SPAN_LITERAL(long_rows), 60, 2, 2, REJECT_TOO_LONG, 1);
    expect_counts(SPAN_LITERAL(document), 0, 5, 2, REJECT_SYNTAX, 2);
    expect_counts(SPAN_LITERAL(document), 100, 4, 3, REJECT_TOO_LONG, 1);
    expect_counts(SPAN_LITERAL(values), 0, 3, 1, REJECT_SYNTAX, 1);
    size_t len = to_utf16(csv, sizeof csv - 1, true, wide);
    expect_counts((struct span){wide, len}, 60, 11, 0, REJECT_TOO_LONG, 0);
}

/* 100 MB without a line feed, then good records. */
static void test_long_record(void) {
    static const char good[] = "{\"id\":1,\"date\":\"2023-03-05T00:00:00Z\",\"text\":\"a\"}\n";
    enum { LONG = 100 << 20 };
    struct buf input;
    buf_init(&input, (size_t)1 << 30);
    buf_text(&input, good);
    if (!buf_reserve(&input, LONG + 1000))
        return;
    memset(input.at + input.len, 'a', LONG);
    input.len += LONG;
    buf_text(&input, "\n");
    buf_text(&input, good);
    struct decode_options options = options_of(1 << 20);
    struct run run;
    CHECK_INT(run_decode(&run, buf_as_span(&input), "x", &options, 1 << 18), STATUS_OK);
    CHECK_INT(run.posts, 2);
    CHECK_INT(run.by_reason[REJECT_TOO_LONG], 1);
    CHECK_INT(run.rejects, 1);
    CHECK(run.largest_pending < 3 << 20);
    run_release(&run);
    buf_release(&input);
}

static uint32_t random_next(uint32_t *state) {
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Lines that are not blank, counted without the decoder. */
static uint64_t count_lines(struct span input) {
    uint64_t lines_found = 0;
    bool content = false;
    for (size_t i = 0; i < input.len; i++) {
        char byte = input.at[i];
        if (byte == '\n') {
            lines_found += content;
            content = false;
        } else if (byte != ' ' && byte != '\t' && byte != '\r') {
            content = true;
        }
    }
    return lines_found + content;
}

static void test_conservation(void) {
    struct decode_options options = options_of(0);
    uint32_t state = 7;
    uint64_t wrong = 0, repairs = 0, rejects = 0;
    for (int round = 0; round < 3000; round++) {
        char input[sizeof lines];
        memcpy(input, lines, sizeof lines);
        /* the first record stays whole, so that the format is known */
        for (int i = 0; i < 6; i++)
            input[60 + random_next(&state) % (sizeof lines - 62)] = (char)random_next(&state);
        struct span span = {input, sizeof lines - 1};
        struct run run;
        if (run_decode(&run, span, "x", &options, 1 + random_next(&state) % 300) != STATUS_OK)
            wrong++;
        else
            wrong += run.posts + run.rejects != count_lines(span);
        rejects += run.rejects;
        for (int i = 0; i < REPAIR_COUNT; i++)
            repairs += run.repairs[i];
        run_release(&run);
    }
    CHECK_INT(wrong, 0);
    CHECK(rejects > 3000);
    CHECK(repairs > 3000);
}

static void test_samples(const char *folder) {
    static const char *const files[] = {"twitter_v11_stream_edge/30.json",
                                        "reddit_pushshift/RC_sample.jsonl",
                                        "reddit_pushshift/RS_sample.jsonl",
                                        "4cat/4cat_custom.csv",
                                        "crowdtangle/ct_facebook.csv",
                                        "google_play/reviews.csv",
                                        "hackernews/items.jsonl",
                                        "hackernews/story_tree.json",
                                        "kaggle_twcs/twcs.csv",
                                        "twitter_v1.1/normalization-payload-search.jsonl",
                                        "twitter_v1.1/normalization-payload-stream.jsonl"};
    int found = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        struct buf bytes;
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        buf_init(&bytes, (size_t)1 << 24);
        if (file_read(path, &bytes, NULL) == STATUS_OK) {
            found++;
            printf("# %s\n", path);
            expect_same_for_any_cut(buf_as_span(&bytes), 0, path);
        }
        buf_release(&bytes);
    }
    printf("# %s: %d samples%s\n", folder, found, found ? "" : ", skipped");
}

/* Collections that may lie beside the project; without them nothing of it is missing. */
static const char *const BESIDE[] = {"../shared/samples_synthetic", "../shared/samples"};

int main(void) {
    struct fault fault;
    CHECK_INT(zone_open(&utc, "UTC", &fault), STATUS_OK);
    test_cuts();
    test_counts();
    test_long_record();
    test_conservation();
    test_samples("datasets/samples");
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++)
        if (access(BESIDE[i], R_OK) == 0)
            test_samples(BESIDE[i]);
        else
            printf("# %s is not there: skipped\n", BESIDE[i]);
    zone_release(&utc);
    return tap_done();
}
