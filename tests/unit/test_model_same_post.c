/* Whether rows with one id are copies of one post. */
#include "stages/model/same_post.h"
#include "tap.h"

static struct mention row_of(int64_t second, const char *author, const char *text) {
    return (struct mention){.created_at_us = second * US_PER_S,
                            .id_hash = 1,
                            .author_hash =
                                *author ? platform_key(PLATFORM_OTHER, span_of(author)) : 0,
                            .time_precision = TIME_EXACT_S,
                            .channel_name = SPAN_LITERAL("other"),
                            .id = SPAN_LITERAL("1"),
                            .author = span_of(author),
                            .url = SPAN_LITERAL(""),
                            .text = span_of(text)};
}

static bool same(const struct mention *a, const struct mention *b) {
    static const uint32_t number[1] = {0};
    struct mention_table table;
    struct mention_rows rows;
    bool there = false, back = false;
    mention_rows_init(&rows);
    CHECK(mention_rows_append(&rows, a) && mention_rows_append(&rows, b));
    CHECK(mention_table_init(&table, 2, 1) && mention_table_fill(&table, 0, 0, &rows, number));
    there = same_post(&table, 0, 1);
    back = same_post(&table, 1, 0);
    CHECK(there == back);
    mention_rows_release(&rows);
    mention_table_release(&table);
    return there;
}

/* Of each kind of id, for two rows that differ so: GIVEN LIKELY COUNTED ROW ROUNDED, 1 one post. */
static const struct {
    const char *what, *author_a, *author_b, *text_a, *text_b;
    int64_t later;
    const char *one;
} pairs[] = {
    {"a copy", "ala", "ala", "norvia nie działa", "norvia nie działa", 0, "11111"},
    {"a handle written otherwise", "@Ala", "ala", "norvia stoi", "norvia stoi", 0, "11111"},
    {"an edit", "ala", "ala", "norvia nie działa", "przepraszam, pomyłka", 0, "11110"},
    {"another author", "ala", "ola", "norvia nie działa", "norvia nie działa", 0, "10000"},
    {"another time", "ala", "ala", "norvia nie działa", "norvia nie działa", 60, "10000"},
    {"both others", "ala", "ola", "norvia nie działa", "norvia nie działa", 60, "00000"},
    {"other texts", "ala", "ola", "norvia nie działa", "kawa u norvii", 0, "00000"},
    {"no author", "", "ala", "norvia nie działa", "norvia nie działa", 0, "11111"},
    {"no author, edited", "", "", "norvia nie działa", "norvia nie działała", 0, "11000"},
    {"no author, other texts", "", "", "norvia nie działa", "kawa u norvii", 0, "10000"},
    {"an id and a handle", "1234", "ala", "norvia nie działa", "norvia nie działa", 0, "11111"},
};

static void test_pairs(void) {
    static const enum id_kind kinds[] = {ID_GIVEN, ID_LIKELY, ID_COUNTED, ID_ROW, ID_ROUNDED};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int k = 0; k < 5; k++) {
            struct mention a = row_of(1000000, pairs[i].author_a, pairs[i].text_a);
            struct mention b = row_of(1000000 + pairs[i].later, pairs[i].author_b, pairs[i].text_b);
            a.id_kind = b.id_kind = kinds[k];
            if (same(&a, &b) != (pairs[i].one[k] == '1'))
                printf("# %s, kind %d\n", pairs[i].what, k);
            CHECK(same(&a, &b) == (pairs[i].one[k] == '1'));
        }
}

/* A day says less than a second, and midnight may be a day. */
static void test_days(void) {
    struct mention a = row_of(86400 * 20000, "ala", "norvia nie działa");
    struct mention b = row_of(86400 * 20000, "ala", "kawa u norvii jest droga");
    a.id_kind = b.id_kind = ID_ROW;
    CHECK(!same(&a, &b));
    b.text = SPAN_LITERAL("norvia nie działa, edit: już działa");
    CHECK(same(&a, &b));
    a.time_precision = TIME_EXACT_DAY;
    b.created_at_us += 3600 * US_PER_S;
    CHECK(same(&a, &b));
    b.created_at_us += 86400 * US_PER_S;
    CHECK(!same(&a, &b));
}

/* The platform's own long id stands above a tool's names and times. */
static void test_tools(void) {
    struct mention a = row_of(1000000, "ala_k", "norvia nie działa"), b = a;
    a.id_kind = b.id_kind = ID_LIKELY;
    a.platform = b.platform = PLATFORM_TWITTER;
    b.author = SPAN_LITERAL("Ala Kowalska");
    b.author_hash = 77;
    CHECK(same(&a, &b));
    b.text = SPAN_LITERAL("kawa u norvii");
    CHECK(!same(&a, &b));
    b = a;
    a.platform = b.platform = PLATFORM_OTHER;
    b.time_source = TIME_FROM_NAIVE_LOCAL;
    b.created_at_us += 3600 * US_PER_S;
    CHECK(same(&a, &b)); /* a time without its zone */
}

static void test_texts(void) {
    static const struct {
        const char *a, *b;
        enum likeness want;
    } texts[] = {
        {"", "", TEXTS_EQUAL},
        {"Norvia &amp; spółka", "<p>Norvia <b>&</b> spółka!</p>", TEXTS_EQUAL},
        {"RT @ala: Norvia stoi", "norvia stoi https://t.co/x", TEXTS_EQUAL},
        {"Norvia nie działa od r...", "Norvia nie działa od rana", TEXTS_EQUAL},
        {"Norvia nie działa od r\xE2\x80\xA6", "Norvia nie działa od rana", TEXTS_EQUAL},
        {"Norvia nie działa [...]", "Norvia nie działa od rana", TEXTS_EQUAL},
        {"Norvia...", "Kawa", TEXTS_DIFFER},
        {"...", "Kawa", TEXTS_DIFFER},
        {"Norvia super", "Norvia super telefon", TEXTS_SIMILAR},
        {"Norvia nie działa", "Norvia działa", TEXTS_SIMILAR},
        {"Norvia", "Kawa", TEXTS_DIFFER},
        {"Norvia", "", TEXTS_DIFFER},
        {"a < b", "a <", TEXTS_DIFFER},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_INT(texts_compare(span_of(texts[i].a), span_of(texts[i].b)), texts[i].want);
        CHECK_INT(texts_compare(span_of(texts[i].b), span_of(texts[i].a)), texts[i].want);
    }
}

int main(void) {
    test_pairs();
    test_days();
    test_tools();
    test_texts();
    return tap_done();
}
