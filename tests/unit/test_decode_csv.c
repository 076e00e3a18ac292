/* The table reader: one pass over a record says the same as two, however many bytes are seen at
 * once and wherever a block ends, whatever the bytes and wherever the chunks of 64 bytes begin. */
#include "stages/decode/csv.h"
#include "tap.h"

enum { FIELDS = 12 };

static const struct csv_dialect plain = {',', '\n', -1, 3, 1000};

static struct span between(const char *at, const char *end) {
    return (struct span){at, (size_t)(end - at)};
}

static bool same_fields(const struct span *a, const struct span *b, size_t count) {
    for (size_t i = 0; i < count && i < FIELDS; i++)
        if (!span_equal(a[i], b[i]))
            return false;
    return true;
}

/* With fewer bytes the same end, or none yet. */
static bool same_in_pieces(const struct csv_dialect *dialect, const char *at, const char *end,
                           const char *want) {
    for (const char *stop = at; stop < end; stop += 1 + (stop - at) / 5) {
        const char *got = csv_record_end(dialect, between(at, stop), false);
        if (got && got != want)
            return false;
    }
    return true;
}

/* Where a block ends behind any later record, the first record is the same. */
static bool same_in_blocks(const struct csv_dialect *dialect, const char *at, const char *end,
                           const char *want) {
    const char *stop = want;
    for (int records = 0; stop < end && records < 5; records++) {
        if (csv_record_end(dialect, between(at, stop + 1), true) != want)
            return false;
        stop = csv_record_end(dialect, between(stop + 1, end), true);
    }
    return true;
}

/* Reads `text` record by record; false where the ways differ. */
static bool same_all_ways(struct span text, const struct csv_dialect *dialect) {
    const char *at = text.at, *end = text.at + text.len;
    struct arena arena = {0};
    bool same = true;
    while (at < end && same) {
        struct span once[FIELDS], twice[FIELDS];
        size_t count;
        bool odd, odd_too;
        enum csv_reading reading;
        const char *want = csv_record_end(dialect, between(at, end), true);
        const char *got = csv_next(between(at, end), dialect, once, FIELDS, &count, &arena, &odd);
        struct span record = between(at, want);
        if (record.len && record.at[record.len - 1] == '\r')
            record.len--;
        if (odd)
            got = csv_recover(dialect, between(at, end), true, &reading);
        else
            same = csv_split(record, ',', twice, FIELDS, &arena, &odd_too) == count && !odd_too &&
                   same_fields(once, twice, count);
        same = same && got == want && same_in_pieces(dialect, at, end, want) &&
               same_in_blocks(dialect, at, end, want);
        at = want + 1;
    }
    arena_release(&arena);
    return same;
}

static void test_random(void) {
    static const char alphabet[] = "\"\"\"\\,,,\n\n\ra b\xC5\x82";
    uint64_t random = 88172645463325252u;
    char text[300];
    bool same = true;
    for (int round = 0; round < 20000 && same; round++) {
        size_t len = random % sizeof text;
        size_t spread = 2 + random / 512 % 40; /* the more, the fewer marks */
        for (size_t i = 0; i < len; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            size_t pick = random % (spread * (sizeof alphabet - 1));
            text[i] = pick < sizeof alphabet - 1 ? alphabet[pick] : 'x';
        }
        random += 0x9E3779B97F4A7C15u;
        struct csv_dialect dialect = plain;
        dialect.columns = (size_t)round % 4;
        dialect.max = round % 3 ? 1000 : (size_t)round % 50;
        same = same_all_ways((struct span){text, len}, &dialect);
    }
    CHECK(same);
}

static void expect(const char *text, const char *want) {
    struct span fields[FIELDS];
    struct arena arena = {0};
    char got[200] = "";
    size_t count, len = 0;
    bool odd;
    csv_next(span_of(text), &plain, fields, FIELDS, &count, &arena, &odd);
    for (size_t i = 0; i < count && i < FIELDS; i++)
        len += (size_t)snprintf(got + len, sizeof got - len, "[%.*s]", (int)fields[i].len,
                                fields[i].at);
    CHECK_SPAN(span_of(got), want);
    arena_release(&arena);
}

static void test_fields(void) {
    expect("a,b,c\nd", "[a][b][c]");
    expect("a,,\r\n", "[a][][]");
    expect("\"a\",\"b,c\n\",d", "[a][b,c\n][d]");
    expect("\"say \"\"so\"\"\",\"\"\r\n", "[say \"so\"][]");
    expect("\"a\"b\"c,d", "[ab\"c][d]");
    expect("a\"b,\"c\"\r\n", "[a\"b][c]");
    expect("\"never closed,\r", "[never closed,]");
    expect("\"never \"\"closed\"\",", "[never \"closed\",]");
    expect("", "[]");
}

/* The records of a table of three columns, the second a time, each with its fields. */
static void expect_rows(char delimiter, const char *text, const char *want) {
    struct csv_dialect dialect = {delimiter, '\n', 1, 3, 1000};
    const char *at = text, *end = text + strlen(text);
    struct arena arena = {0};
    char got[600] = "";
    size_t len = 0;
    while (at < end) {
        struct span fields[FIELDS];
        enum csv_reading reading;
        const char *stop = csv_recover(&dialect, between(at, end), true, &reading);
        size_t count = csv_split_as(&dialect, between(at, stop), reading, fields, FIELDS, &arena);
        for (size_t i = 0; i < count && i < FIELDS; i++)
            len += (size_t)snprintf(got + len, sizeof got - len, "[%.*s]", (int)fields[i].len,
                                    fields[i].at);
        got[len++] = '\n';
        at = stop + 1;
    }
    CHECK_SPAN(((struct span){got, len}), want);
    arena_release(&arena);
}

#define T1 "2021-04-05 06:07:08"
#define T2 "2021-04-06"

static void test_stray(void) {
    /* a quote that is never closed, or by a quote of another row */
    expect_rows('\t', "1\t" T1 "\t\"ala\n2\t" T2 "\tb\n3\t" T2 "\tit is \"so\" c\n",
                "[1][" T1 "][\"ala]\n[2][" T2 "][b]\n[3][" T2 "][it is \"so\" c]\n");
    expect_rows('\t', "1\t" T1 "\t\"ala\n2\t" T2 "\t15\"\n3\t" T2 "\tc\n",
                "[1][" T1 "][\"ala]\n[2][" T2 "][15\"]\n[3][" T2 "][c]\n");
    expect_rows(',', "\"1,\"" T1 ",a\n2," T2 ",\"b, c\"\n",
                "[\"1][\"" T1 "][a]\n[2][" T2 "][b, c]\n");
    expect_rows(',', "1," T1 ",\"cut, here\n2," T2 ",\"b\"\n",
                "[1][" T1 "][\"cut][ here]\n[2][" T2 "][b]\n");
    expect_rows(',', "1," T1 ",\"a \"b\" c\"\n2," T2 ",\"b\"\n",
                "[1][" T1 "][a \"b\" c]\n[2][" T2 "][b]\n");
    expect_rows(',', "1," T1 ",\"15\"\"\n2," T2 ",\"b\"\n", "[1][" T1 "][15\"]\n[2][" T2 "][b]\n");
}

static void test_escaped(void) {
    expect_rows(';', "1;" T1 ";\"5\\\" a; b\"\n2;" T2 ";\"7\\\"\"\n3;" T2 ";\"c\"\n",
                "[1][" T1 "][5\" a; b]\n[2][" T2 "][7\"]\n[3][" T2 "][c]\n");
    expect_rows(',', "1," T1 ",\"5\\\", a\nb\"\n2," T2 ",c\n",
                "[1][" T1 "][5\", a\nb]\n[2][" T2 "][c]\n");
    expect_rows(',', "1," T1 ",\"C:\\dir\\\"\n2," T2 ",c\n",
                "[1][" T1 "][C:\\dir\\]\n[2][" T2 "][c]\n");
}

static void test_many_lines(void) {
    expect_rows(',', "1," T1 ",\"a\n\n\"\"b\"\", c\"\n2," T2 ",d\n",
                "[1][" T1 "][a\n\n\"b\", c]\n[2][" T2 "][d]\n");
    expect_rows(',', "\"1\"," T1 ",\"x \"y\" w\nz\"\n2," T2 ",d\n",
                "[1][" T1 "][x \"y\" w\nz]\n[2][" T2 "][d]\n");
    expect_rows(',', "1," T1 ",x,\"a\nb\"\n2," T2 ",d\n", "[1][" T1 "][x][a\nb]\n[2][" T2 "][d]\n");
    expect_rows(',', "1," T1 ",\"a row:\n2," T2 ",c\"\n3," T2 ",d,\n",
                "[1][" T1 "][a row:\n2," T2 ",c]\n[3][" T2 "][d]\n");
}

int main(void) {
    test_random();
    test_fields();
    test_stray();
    test_escaped();
    test_many_lines();
    return tap_done();
}
