/* The table reader: one pass over a record says the same as two, whatever its bytes and wherever
 * the chunks of 64 bytes begin. */
#include "stages/decode/csv.h"
#include "tap.h"

enum { FIELDS = 12 };

/* The rules again, byte by byte: where the record ends. */
static const char *slow_end(const char *at, const char *end, char delimiter, size_t max) {
    const char *start = at;
    enum csv_state state = CSV_FIELD_START;
    for (; at < end; at++) {
        bool feed = *at == '\n';
        if (state == CSV_QUOTED) {
            if (feed && (size_t)(at - start) > max)
                return at;
            state = *at == '"' ? CSV_QUOTE : CSV_QUOTED;
        } else if (*at == '"' && state != CSV_PLAIN) {
            state = CSV_QUOTED;
        } else if (feed) {
            return at;
        } else {
            state = *at == delimiter ? CSV_FIELD_START : CSV_PLAIN;
        }
    }
    return end;
}

static const char *end_in_pieces(const char *at, const char *end, char delimiter, size_t max,
                                 size_t piece) {
    const char *start = at;
    enum csv_state state = CSV_FIELD_START;
    while (at < end) {
        const char *stop = (size_t)(end - at) > piece ? at + piece : end;
        at = csv_record_end(start, at, stop, delimiter, max, &state);
        if (at < stop)
            return at;
    }
    return end;
}

static bool same_fields(const struct span *a, const struct span *b, size_t count) {
    for (size_t i = 0; i < count && i < FIELDS; i++)
        if (!span_equal(a[i], b[i]))
            return false;
    return true;
}

/* Reads `text` record by record; false where the ways differ. */
static bool same_all_ways(struct span text, size_t max) {
    const char *at = text.at, *end = text.at + text.len;
    struct arena arena = {0};
    bool same = true;
    while (at < end && same) {
        struct span once[FIELDS], twice[FIELDS], rest = {at, (size_t)(end - at)};
        size_t count;
        const char *want = slow_end(at, end, ',', max);
        struct span record = {at, (size_t)(want - at)};
        if (record.len && record.at[record.len - 1] == '\r')
            record.len--;
        same = csv_next(rest, ',', max, once, FIELDS, &count, &arena) == want;
        for (size_t piece = 1; piece < 200 && same; piece = piece * 2 + 1)
            same = end_in_pieces(at, end, ',', max, piece) == want;
        same = same && csv_split(record, ',', twice, FIELDS, &arena) == count &&
               same_fields(once, twice, count);
        at = want + 1;
    }
    arena_release(&arena);
    return same;
}

static void test_random(void) {
    static const char alphabet[] = "\"\"\",,\n\n\ra b\xC5\x82";
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
        same = same_all_ways((struct span){text, len}, round % 3 ? 1000 : (size_t)round % 50);
    }
    CHECK(same);
}

static void expect(const char *text, const char *want) {
    struct span fields[FIELDS];
    struct arena arena = {0};
    char got[200] = "";
    size_t count, len = 0;
    csv_next(span_of(text), ',', 1000, fields, FIELDS, &count, &arena);
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

int main(void) {
    test_random();
    test_fields();
    return tap_done();
}
