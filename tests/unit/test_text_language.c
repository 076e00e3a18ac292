/* Language detection measured: on the lists of tests/quality/language (nothing of them is Polish
 * or English) and, where it lies beside the project, on labelled data that all is one of both.
 * Posts of five words and more count. Prints the figures; tests/quality/language.sh shows them. */
#include "stages/text/inflect.h"
#include "stages/text/text.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct tally {
    long posts, as[LANGUAGE_COUNT];
    long longer, longer_as[LANGUAGE_COUNT]; /* five words and more */
};

static struct tally tally_file(const char *path, struct tokens *tokens) {
    struct tally tally = {0};
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    FILE *file = fopen(path, "r");
    while (file && (len = getline(&line, &cap, file)) > 0) {
        char *tab = strchr(line, '\t'), *text = tab ? tab + 1 : line;
        struct span span = {text, strcspn(text, "\n")};
        if (tokens_read(tokens, span, NULL) != STATUS_OK)
            break;
        enum language language = language_detect(tokens, (struct span){NULL, 0});
        tally.posts++;
        tally.as[language]++;
        if (tokens->words >= 5) {
            tally.longer++;
            tally.longer_as[language]++;
        }
        if (getenv("LANGUAGE_SHOW") && strstr(path, getenv("LANGUAGE_SHOW")))
            printf("#%s %.*s\n", language_name(language), (int)span.len, span.at);
    }
    free(line);
    if (file)
        fclose(file);
    return tally;
}

static void add(struct tally *sum, const struct tally *more) {
    sum->posts += more->posts;
    sum->longer += more->longer;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        sum->as[i] += more->as[i];
        sum->longer_as[i] += more->longer_as[i];
    }
}

static void show(const char *name, const struct tally *tally) {
    if (tally->posts)
        printf("# %-22s %6ld posts: pl %6ld en %6ld other %6ld   five words and more %6ld: pl %6ld "
               "en %6ld other %6ld\n",
               name, tally->posts, tally->as[LANGUAGE_PL], tally->as[LANGUAGE_EN],
               tally->as[LANGUAGE_OTHER], tally->longer, tally->longer_as[LANGUAGE_PL],
               tally->longer_as[LANGUAGE_EN], tally->longer_as[LANGUAGE_OTHER]);
}

static struct tally tally_all(const char *const *files, size_t count, const char *folder,
                              struct tokens *tokens) {
    struct tally sum = {0};
    if (access(folder, R_OK) != 0) {
        printf("# %s is not there: skipped\n", folder);
        return sum;
    }
    for (size_t i = 0; i < count; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        struct tally one = tally_file(path, tokens);
        show(files[i], &one);
        add(&sum, &one);
    }
    return sum;
}

/* Precision and recall in thousandths over posts of five words and more. */
static void judge(enum language language, const struct tally *own, const struct tally *rest,
                  size_t rest_count) {
    long right = own->longer_as[language], taken = right;
    for (size_t i = 0; i < rest_count; i++)
        taken += rest[i].longer_as[language];
    if (own->longer == 0)
        return;
    printf("# %s: recall %.4f precision %.4f\n", language_name(language),
           (double)right / (double)own->longer, (double)right / (double)taken);
    CHECK(right * 1000 >= own->longer * 970);
}

static void check_hint(struct tokens *tokens) {
    /* the platform's field never overrules the text */
    CHECK_INT(tokens_read(tokens, SPAN_LITERAL("Nie działa mi internet od wczoraj"), NULL), 0);
    CHECK_INT(language_detect(tokens, SPAN_LITERAL("en")), LANGUAGE_PL);
    CHECK_INT(tokens_read(tokens, SPAN_LITERAL("My internet has been down since"), NULL), 0);
    CHECK_INT(language_detect(tokens, SPAN_LITERAL("pl")), LANGUAGE_EN);
    CHECK_INT(tokens_read(tokens, SPAN_LITERAL("nie dziala internet, zenada"), NULL), 0);
    CHECK_INT(language_detect(tokens, SPAN_LITERAL("")), LANGUAGE_PL);
    CHECK_INT(tokens_read(tokens, SPAN_LITERAL(""), NULL), 0);
    CHECK_INT(language_detect(tokens, SPAN_LITERAL("")), LANGUAGE_OTHER);
}

/* Names with "to", "no" and "do" around them are Polish where a word is Polish only. */
static void check_short(struct tokens *tokens) {
    static const struct {
        const char *text;
        enum language language;
    } posts[] = {
        {"Velto to dno", LANGUAGE_PL},      {"Velto to porażka", LANGUAGE_PL},
        {"velto to dramat", LANGUAGE_PL},   {"Velto do bani", LANGUAGE_PL},
        {"No dno, Velto", LANGUAGE_PL},     {"Velto Bank to kpina", LANGUAGE_PL},
        {"Velto to the moon", LANGUAGE_EN}, {"No problem Velto", LANGUAGE_EN},
        {"Terrible Velto", LANGUAGE_EN},    {"Velto to my refund", LANGUAGE_EN},
        {"Do not buy Velto", LANGUAGE_EN},  {"no signal Velto", LANGUAGE_EN},
    };
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        CHECK_INT(tokens_read(tokens, span_of(posts[i].text), NULL), 0);
        if (!CHECK_INT(language_detect(tokens, SPAN_LITERAL("")), posts[i].language))
            printf("# %s\n", posts[i].text);
    }
}

/* Short posts in Polish with and without marks, in English and in neighbours of Polish, written as
 * rows "language, text" before the detection was tuned. */
static void check_table(struct tokens *tokens) {
    char line[512];
    int rows = 0, right = 0;
    FILE *file = fopen("tests/unit/data/language_short.tsv", "r");
    while (file && fgets(line, sizeof line, file)) {
        char *text = strchr(line, '\t') + 1;
        struct span wanted = {line, (size_t)(text - line - 1)};
        CHECK_INT(tokens_read(tokens, (struct span){text, strcspn(text, "\n")}, NULL), 0);
        enum language language = language_detect(tokens, SPAN_LITERAL(""));
        rows++;
        right += span_is(wanted, language_name(language));
        if (!span_is(wanted, language_name(language)))
            printf("# %s: %s", language_name(language), line);
    }
    if (file)
        fclose(file);
    printf("# short posts: %d of %d\n", right, rows);
    CHECK(rows >= 100);
    CHECK(right * 100 >= rows * 95);
}

/* What the compiled dictionaries say of a form. */
static void check_kinds(void) {
    const unsigned several = WORD_POLISH | WORD_COMMON | WORD_SEVERAL;
    CHECK_INT(inflect_kinds(SPAN_LITERAL("dacie")), several);
    CHECK_INT(inflect_kinds(SPAN_LITERAL("Gdańskiem")), WORD_POLISH);
    CHECK_INT(inflect_kinds(SPAN_LITERAL("biedronce")), WORD_POLISH | WORD_COMMON);
    CHECK_INT(inflect_kinds(SPAN_LITERAL("awesome")), WORD_ENGLISH);
    CHECK_INT(inflect_kinds(SPAN_LITERAL("qwrtz")), 0);
    CHECK_INT(inflect_kinds(SPAN_LITERAL("")), 0);
    CHECK_INT(inflect_kinds(SPAN_LITERAL("pieniadze")), 0);
    CHECK(inflect_kinds_unmarked(SPAN_LITERAL("pieniadze")) & WORD_POLISH);
    CHECK_INT(inflect_kinds_unmarked(SPAN_LITERAL("pieniadzee")), 0);
    CHECK(!inflect_known(SPAN_LITERAL("awesome")) && inflect_known(SPAN_LITERAL("żaby")));
}

static void check_own_words(void) {
    static const struct {
        const char *text, *own; /* NULL: nothing is quoted */
    } texts[] = {
        {"plain", NULL},
        {"a > b, -> c\n>:( no\n>_< \n>.<", NULL},
        {"> 3 days, still down", NULL}, /* an amount */
        {"> a\nb", "   \nb"},
        {">> a\n > > b\n\nc > d\n&gt; e", "    \n      \n\nc > d\n      "},
        {"> 3 days\nmine", "        \nmine"},
        {"> all of it", ">          "},
    };
    struct buf own;
    buf_init(&own, 1 << 16);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool quoted = text_own_words(span_of(texts[i].text), &own);
        CHECK_INT(quoted, texts[i].own != NULL);
        if (quoted)
            CHECK_SPAN(buf_as_span(&own), texts[i].own);
    }
    buf_release(&own);
}

int main(void) {
    static const char *const lists[] = {"cs.txt", "sk.txt", "uk.txt", "ru.txt",
                                        "de.txt", "sq.txt", "es.txt"};
    static const char *const polish[] = {"pl.pwr_tweets.dev.tsv", "pl.polemo_sent_rd.dev.tsv",
                                         "dev.pl.tsv"};
    static const char *const english[] = {"en.tweeteval.val.tsv", "en.semeval1316.train.tsv",
                                          "dev.en.tsv"};
    struct tokens tokens;
    tokens_init(&tokens);
    struct tally other = tally_all(lists, 7, "tests/quality/language", &tokens);
    struct tally pl = tally_all(polish, 3, "../shared/sentiment", &tokens);
    struct tally en = tally_all(english, 3, "../shared/sentiment", &tokens);
    CHECK(other.posts >= 210);
    long wrong = other.as[LANGUAGE_PL] + other.as[LANGUAGE_EN];
    printf("# other taken as pl or en: %ld of %ld (%.4f)\n", wrong, other.posts,
           (double)wrong / (double)(other.posts ? other.posts : 1));
    CHECK(wrong * 1000 <= other.posts * 30);
    judge(LANGUAGE_PL, &pl, (struct tally[]){en, other}, 2);
    judge(LANGUAGE_EN, &en, (struct tally[]){pl, other}, 2);
    check_hint(&tokens);
    check_short(&tokens);
    check_table(&tokens);
    check_kinds();
    check_own_words();
    tokens_release(&tokens);
    return tap_done();
}
