/* Scoring: lexicon files, negation and its kin, the two engines, explanation. */
#include "stages/score/agreement.h"
#include "stages/score/check.h"
#include "stages/score/decide_stage.h"
#include "stages/score/metrics.h"
#include "stages/score/scorer_parts.h"
#include "stages/score/softmax.h"

#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct tokens tokens;
static struct score_scratch *scratch;
static struct scorer *rules, *hybrid;

static struct score score_of(const struct scorer *scorer, const char *text,
                             enum language language) {
    struct score score = {0};
    CHECK_INT(tokens_read(&tokens, span_of(text), NULL), STATUS_OK);
    scorer_score(scorer, scratch, &tokens, language, SCORE_WHOLE, &score);
    return score;
}

static int pl(const char *text) {
    return score_of(rules, text, LANGUAGE_PL).score_milli;
}

static int en(const char *text) {
    return score_of(rules, text, LANGUAGE_EN).score_milli;
}

static void test_source(void) {
    static const char text[] = "# comment\nlemma\tvalence\tpos\tnote\ngood\t500\tadj\t\n"
                               "loud\t5000\tadj\t\n\t10\tn\t\nquiet\tx\tadj\t\n";
    struct lexicon_source source = {0};
    struct buf messages;
    buf_init(&messages, 1 << 16);
    CHECK_INT(
        lexicon_source_read_bytes(&source, "a.tsv", LANGUAGE_EN, span_of(text), &messages, NULL),
        STATUS_OK);
    CHECK_INT(source.count, 1);
    CHECK_INT(source.problems, 3);
    CHECK_SPAN(buf_as_span(&messages), "a.tsv:4: 5000 is not within -1000..1000\n"
                                       "a.tsv:5: the first field is empty\n"
                                       "a.tsv:6: \"x\" is not a whole number\n");
    lexicon_source_release(&source);
    buf_release(&messages);
}

static void test_foreign_lexicons(void) {
    struct lexicon_source source = {0};
    struct buf messages;
    buf_init(&messages, 1 << 16);
    CHECK_INT(lexicon_source_read_bytes(
                  &source, "vader", LANGUAGE_EN,
                  span_of("nice\t1.8\t0.6\t[2, 1]\nugly\t-2.3\t0.9\t[-2, -3]\n"), &messages, NULL),
              STATUS_OK);
    CHECK_INT(lexicon_source_read_bytes(&source, "afinn", LANGUAGE_EN,
                                        span_of("fine\t2\nbad\t-3\n"), &messages, NULL),
              STATUS_OK);
    CHECK_INT(source.count, 4);
    CHECK_INT(source.entries[0].valence, 450);
    CHECK_INT(source.entries[1].valence, -575);
    CHECK_INT(source.entries[2].valence, 400);
    CHECK_INT(source.entries[3].valence, -600);
    CHECK_STR(source.files[0].kind, "VADER");
    CHECK_STR(source.files[1].kind, "AFINN");
    lexicon_source_release(&source);
    buf_release(&messages);
}

static void test_check(void) {
    static const char text[] = "lemma\tvalence\tpos\tnote\ndobry\t500\tadj\t\n"
                               "dobry\t-500\tadj\t\nxqzwk\t100\tn\t\n";
    struct lexicon_source source = {0};
    struct check_result result;
    struct buf messages;
    buf_init(&messages, 1 << 16);
    CHECK_INT(
        lexicon_source_read_bytes(&source, "x.tsv", LANGUAGE_PL, span_of(text), &messages, NULL),
        STATUS_OK);
    CHECK_INT(check_source(&source, &messages, &result, NULL), STATUS_OK);
    CHECK_INT(result.contradictions, 1);
    CHECK_INT(result.duplicates, 0);
    CHECK_INT(result.unknown, 1);
    lexicon_source_release(&source);
    buf_release(&messages);
}

static void test_rules_polish(void) {
    CHECK(pl("To jest świetny produkt") > 200);
    CHECK(pl("to jest swietny produkt") > 200);
    CHECK(pl("To nie jest dobry produkt") < 0);
    CHECK(pl("Nigdy nie zawiedli") > 0);
    CHECK(pl("Nie polecam") < -200);
    CHECK(pl("Bardzo słaba obsługa") < pl("słaba obsługa"));
    CHECK(pl("Obsługa miła, ale paczka zniszczona i brudna") < 0);
    CHECK_INT(pl("Kurier jedzie ulicą"), 0);
}

static void test_rules_english(void) {
    CHECK(en("This is a great product") > 200);
    CHECK(en("This is not a great product") < en("This is a great product"));
    CHECK(en("I never had a problem") >= 0);
    CHECK(en("terrible service") < -200);
    CHECK(en("very bad") < en("bad"));
    CHECK(en("Staff were nice but the food was terrible") < 0);
    CHECK(en("I would buy it if it was good") < en("I bought it and it was good"));
    CHECK_INT(en("the bus goes to town"), 0);
}

static void test_label_none(void) {
    struct score score = score_of(hybrid, "Das ist gut", LANGUAGE_OTHER);
    CHECK_INT(score.label, LABEL_NONE);
    CHECK_INT(score.score_milli, 0);
    CHECK_INT(score.p_milli[0] + score.p_milli[1] + score.p_milli[2], 0);
    struct buf out;
    buf_init(&out, 4096);
    scorer_explain(hybrid, scratch, &tokens, LANGUAGE_OTHER, &out);
    CHECK_SPAN(buf_as_span(&out), "not scored: neither Polish nor English\n");
    buf_release(&out);
}

/* The cached sums of the scorer against the plain way over all features. */
static void test_cache(void) {
    static const char *const texts[] = {
        "Paczka znowu nie przyszła!!! 12 dni, @Kurier https://a.pl/b 😡😡", "super", "",
        "Konstantynopolitańczykowianeczkowaty rower-marzenie #DobraZmiana 1 22 333 55555",
        /* like spellings that do not say the same */
        "#АбцXyz #абцxyz #АбцXYZ абцxyz ! !!! super #super 12 1234 123456 super-rower super"};
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            struct score score = score_of(hybrid, texts[i], LANGUAGE_PL);
            const struct score_model *model = &hybrid->models[LANGUAGE_PL];
            struct joint joint = {.use = stage_use_shows(&scratch->rules)};
            struct score again = {0};
            features_collect(&scratch->features, &scratch->rules, rules_settings_for(LANGUAGE_PL),
                             scratch->scored, LANGUAGE_PL, &model->vocabulary);
            model_logits(&model->sentiment, &scratch->features, joint.sentiment);
            model_logits(&model->journey, &scratch->features, joint.journey);
            again.label = (int8_t)((int)joint_decide(model->joint, &joint, again.p_milli) - 1);
            joint_row(&joint, &again);
            CHECK_INT(again.label, score.label);
            CHECK_INT(again.intents, score.intents);
            CHECK_INT(again.stage, score.stage);
            for (int k = 0; k < 3; k++)
                CHECK_INT(again.p_milli[k], score.p_milli[k]);
            CHECK_INT(again.p_milli[0] + again.p_milli[1] + again.p_milli[2], 1000);
        }
}

/* Where a word would be kept: four of them stand together. */
static uint64_t neighbourhood(const char *word) {
    return (token_hash(span_of(word)) & (WORDS_KEPT - 1)) / 4;
}

/* More words than may be kept where they belong, in turns: each says what it says alone. */
static void test_crowded_words(void) {
    static char words[8][16] = {"great"};
    int alone[8], found = 1, wrong = 0;
    for (unsigned i = 0; found < 8 && i < 10000000; i++) {
        snprintf(words[found], sizeof words[found], "q%u", i);
        found += neighbourhood(words[found]) == neighbourhood(words[0]);
    }
    CHECK_INT(found, 8);
    for (int i = 0; i < 8; i++) {
        score_scratch_free(scratch);
        CHECK_INT(score_scratch_new(&scratch, NULL), STATUS_OK);
        alone[i] = score_of(hybrid, words[i], LANGUAGE_EN).score_milli;
    }
    CHECK(alone[0] > alone[1]);
    for (int i = 0; i < 600; i++) {
        int which = i % 3 ? i % 8 : 0; /* one is common, as words are */
        wrong += score_of(hybrid, words[which], LANGUAGE_EN).score_milli != alone[which];
    }
    CHECK_INT(wrong, 0);
}

static void expect_labels(const char *const *texts, enum language language, int label) {
    for (; *texts; texts++)
        if (!CHECK_INT(score_of(hybrid, *texts, language).label, label))
            printf("# %s\n", *texts);
}

/* Complaints that praise by their words: negated, left behind, applauded for a mishap. */
static void test_turned(void) {
    static const char *const polish[] = {"przestałem ufać Velto",
                                         "Ani jednej zalety, Velto",
                                         "Cieszę się, że zrezygnowałam z Velto",
                                         "Gratulacje Velto, kolejna awaria w tym miesiącu 👏",
                                         "Trudno pochwalić Velto",
                                         "Velto to dramat",
                                         "Velto do bani",
                                         NULL};
    static const char *const english[] = {
        "Difficult to recommend Velto", "So glad I left Velto",
        "Bravo Velto, third outage this week 👏",
        "I don't like Velto's app. It isn't good. Nobody here is happy with it.", NULL};
    static const char *const sincere[] = {"Brawo Velto, szybka naprawa 👏", "Polecam Velto", NULL};
    expect_labels(polish, LANGUAGE_PL, LABEL_NEGATIVE);
    expect_labels(english, LANGUAGE_EN, LABEL_NEGATIVE);
    expect_labels(sincere, LANGUAGE_PL, LABEL_POSITIVE);
    CHECK(!(score_of(hybrid, polish[0], LANGUAGE_PL).intents & INTENT_PRAISE));
}

/* Mishaps told without a word of opinion, thanks for a mishap, praise that is hard to find. */
static void test_facts(void) {
    static const char *const polish[] = {
        "Norvia dzwoni do mnie o piątej rano",     "paczka od Norvii leżała całą noc na deszczu",
        "dziękuję Norvia za zmarnowany urlop",     "ze świecą szukać kogoś zadowolonego z Norvii",
        "Brawo Norvia 👏👏 trzecia paczka zgubiona", NULL};
    static const char *const english[] = {"a sales call from Norvia at six on a Sunday morning",
                                          "my parcel from Norvia sat in the rain all night",
                                          "thanks Norvia for a ruined holiday",
                                          "hard to find a satisfied Norvia customer",
                                          "Bravo Norvia 👏👏 another suitcase lost",
                                          NULL};
    static const char *const praise[] = {"not one outage in two years with Norvia",
                                         "couldn't ask for better than Norvia", NULL};
    expect_labels(polish, LANGUAGE_PL, LABEL_NEGATIVE);
    expect_labels(english, LANGUAGE_EN, LABEL_NEGATIVE);
    expect_labels(praise, LANGUAGE_EN, LABEL_POSITIVE);
}

/* Good and bad called equal is neutral, unless what follows tips it. */
static void test_balanced(void) {
    static const char *const polish[] = {
        "Norvia ma plusy i minusy", "Norvia: tanio, ale obsługa słaba. Wychodzi na zero", NULL};
    static const char *const english[] = {"Norvia has its pros and cons",
                                          "Norvia: cheap but the service is poor. Evens out", NULL};
    expect_labels(polish, LANGUAGE_PL, LABEL_NEUTRAL);
    expect_labels(english, LANGUAGE_EN, LABEL_NEUTRAL);
    for (int i = 0; polish[i]; i++) {
        CHECK_INT(score_of(rules, polish[i], LANGUAGE_PL).label, LABEL_NEUTRAL);
        CHECK_INT(score_of(hybrid, polish[i], LANGUAGE_PL).stage, STAGE_ACT);
        CHECK_INT(score_of(hybrid, english[i], LANGUAGE_EN).stage, STAGE_ACT);
    }
    struct score tipped = score_of(rules, "pros and cons, but I hate Norvia", LANGUAGE_EN);
    CHECK_INT(tipped.label, LABEL_NEGATIVE);
}

static void test_bare(void) {
    static const char *const bare[] = {"#fail #velto",
                                       "@velto @norvia",
                                       "https://velto.example/a",
                                       "Velto Norvia @velto",
                                       ">",
                                       NULL};
    for (int language = 0; language < LANGUAGE_COUNT; language++)
        expect_labels(bare, (enum language)language, LABEL_NEUTRAL);
    struct score nothing =
        score_of(hybrid, "Velto, Norvia, Kvestro, Zzyx 2023 #velto", LANGUAGE_PL);
    CHECK_INT(nothing.label, LABEL_NEUTRAL);
    CHECK_INT(nothing.intents, 0);
    CHECK_INT(nothing.stage, STAGE_AWARE);
    CHECK_INT(nothing.topic, TOPIC_NONE);
    CHECK_INT(score_of(hybrid, "", LANGUAGE_OTHER).label, LABEL_NONE);
    CHECK_INT(score_of(hybrid, "😡 #velto", LANGUAGE_OTHER).label, LABEL_NONE);
    CHECK_INT(score_of(hybrid, "Terrible! #velto", LANGUAGE_EN).label, LABEL_NEGATIVE);
}

/* A name that nobody knows says nothing by its letters, whatever it is. */
static void test_strange_names(void) {
    static const char *const names[] = {"Norvia",  "Kvestro", "Zzyx",
                                        "Pombexu", "#grelto", "#Brixa"};
    for (size_t first = 0; first < 6; first += 4) { /* words, then tags */
        struct score want[2];
        for (size_t i = first; i < (first ? 6 : 4); i++) {
            char polish[96], english[96];
            snprintf(polish, sizeof polish, "Znowu %s nie działa, trzeci dzień", names[i]);
            snprintf(english, sizeof english, "%s again, third day without a signal", names[i]);
            struct score got[2] = {score_of(hybrid, polish, LANGUAGE_PL),
                                   score_of(hybrid, english, LANGUAGE_EN)};
            if (i == first)
                memcpy(want, got, sizeof want);
            for (int k = 0; k < 2; k++) {
                CHECK_INT(got[k].score_milli, want[k].score_milli);
                CHECK_INT(got[k].intents, want[k].intents);
                CHECK_INT(got[k].stage, want[k].stage);
            }
        }
    }
}

/* Nothing is found together that may not stand together. */
static void test_possible(void) {
    static const char *const texts[] = {
        "Fatalna obsługa, rezygnuję, nie polecam, ale dziękuję pani z okienka. Ktoś pomoże?",
        "Love it, bought two, thank you! Recommended. Does it come in red?",
        "Velto, Norvia",
        "I hate it and I love it",
        "jutro pada",
        "wyciek danych, podobno",
        "gdzie kupić taki?"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (enum language language = LANGUAGE_PL; language < LANGUAGE_COUNT; language++) {
            struct score by_rules = score_of(rules, texts[i], language);
            struct score by_model = score_of(hybrid, texts[i], language);
            CHECK(stage_is_possible(&by_rules));
            CHECK(stage_is_possible(&by_model));
        }
    struct score odd = {.label = LABEL_NEGATIVE, .intents = INTENT_PRAISE, .stage = STAGE_ACT};
    CHECK(!stage_is_possible(&odd));
}

static void expect_topic(const struct scorer *scorer, const char *text, enum language language,
                         enum post_topic topic) {
    if (!CHECK_INT(score_of(scorer, text, language).topic, topic))
        printf("# %s\n", text);
}

static void test_topics(void) {
    expect_topic(rules, "Paczka znowu nie doszła, fatalny kurier", LANGUAGE_PL, TOPIC_DELIVERY);
    expect_topic(rules, "Trzecia awaria, nie ma internetu", LANGUAGE_PL, TOPIC_OUTAGE);
    expect_topic(rules, "Ile kosztuje abonament?", LANGUAGE_PL, TOPIC_PRICE);
    expect_topic(rules, "Czy macie rozmiar 46?", LANGUAGE_PL, TOPIC_AVAILABILITY);
    expect_topic(rules, "The parcel never arrived, terrible", LANGUAGE_EN, TOPIC_DELIVERY);
    expect_topic(rules, "Awful. They leaked my data", LANGUAGE_EN, TOPIC_PRIVACY);
    expect_topic(rules, "What are your opening hours?", LANGUAGE_EN, TOPIC_STORE);
    expect_topic(rules, "Terrible, just terrible", LANGUAGE_EN, TOPIC_OTHER);
    expect_topic(rules, "The parcel is lovely, thank you", LANGUAGE_EN, TOPIC_NONE);
    expect_topic(hybrid, "My invoice is wrong again, terrible", LANGUAGE_EN, TOPIC_BILLING);
}

static void test_agreement(void) {
    struct agreement agreement = {.classes = 3};
    struct agreement_summary summary, again;
    /* of ten: 4 of class 0, 3 of them right; 4 of class 1, 2 right; 2 of class 2, none found */
    static const uint8_t pairs[10][2] = {{0, 0}, {0, 0}, {0, 0}, {0, 1}, {1, 1},
                                         {1, 1}, {1, 0}, {1, 0}, {2, 0}, {2, AGREEMENT_NONE}};
    for (int i = 0; i < 10; i++)
        CHECK(agreement_add(&agreement, pairs[i][0], pairs[i][1]));
    agreement_summarise(&agreement, true, &summary);
    CHECK_INT(summary.accuracy, 5000);
    CHECK_INT(summary.recall[0], 7500);
    CHECK_INT(summary.precision[0], 5000);
    CHECK_INT(summary.f1[1], 5714);
    CHECK_INT(summary.macro_recall, 4167);
    /* observed .5, expected .4 * .6 + .4 * .3 + .2 * 0 = .36 */
    CHECK_INT(summary.kappa, 2188);
    CHECK_INT(agreement.confusion[2][AGREEMENT_CLASSES], 1);
    CHECK(summary.accuracy_95.low < 5000 && summary.accuracy_95.high > 5000);
    CHECK(summary.accuracy_95.low >= 1000 && summary.accuracy_95.high <= 9000);
    agreement_summarise(&agreement, true, &again);
    CHECK_INT(memcmp(&summary, &again, sizeof summary), 0);
    agreement_release(&agreement);
}

static bool decides(const char *text, const struct deciding_word *words, uint32_t count, int part,
                    const char *wanted) {
    for (uint32_t i = 0; i < count; i++)
        if (words[i].part == part &&
            span_is((struct span){text + words[i].from, words[i].end - words[i].from}, wanted))
            return true;
    return false;
}

static void test_deciding_words(void) {
    static const char text[] = "Terrible! The parcel never arrived, @anna";
    const struct scorer *engines[] = {rules, hybrid};
    for (int engine = 0; engine < 2; engine++) {
        struct deciding_word words[DECIDING_MAX];
        struct score score = score_of(engines[engine], text, LANGUAGE_EN);
        CHECK_INT(tokens_read(&tokens, span_of(text), NULL), STATUS_OK);
        uint32_t count =
            scorer_deciding_words(engines[engine], scratch, &tokens, LANGUAGE_EN, &score, words);
        CHECK(count > 0 && count <= DECIDING_MAX);
        CHECK(decides(text, words, count, DECIDED_LABEL, "Terrible"));
        CHECK(decides(text, words, count, DECIDED_TOPIC, "parcel"));
        for (uint32_t i = 0; i < count; i++) {
            CHECK(words[i].from < words[i].end && words[i].end <= sizeof text - 1);
            CHECK(!decides(text, words, count, words[i].part, "anna"));
            for (uint32_t k = 0; k < i; k++) /* no word twice for one part */
                CHECK(words[i].part != words[k].part || words[i].which != words[k].which ||
                      words[i].end <= words[k].from || words[k].end <= words[i].from);
        }
        struct score none = {.label = LABEL_NONE};
        CHECK_INT(
            scorer_deciding_words(engines[engine], scratch, &tokens, LANGUAGE_EN, &none, words), 0);
    }
}

/* What a word says of topics does not depend on the words that were kept before. */
static void test_topic_words(void) {
    static const char *const texts[] = {"Paczka znowu nie doszła, fatalny kurier",
                                        "Parcel never arrived", "#parcel is late 12345 days!!",
                                        "Awaria od rana, ile jeszcze?"};
    struct topic_source sources[] = {scorer_topic_source(hybrid, LANGUAGE_PL),
                                     scorer_topic_source(hybrid, LANGUAGE_EN),
                                     scorer_topic_source(rules, LANGUAGE_PL)};
    struct topic_words *fresh = calloc(1, sizeof *fresh), *used = calloc(1, sizeof *used);
    CHECK(fresh && used);
    for (int round = 0; fresh && used && round < 2; round++)
        for (int i = 0; i < 12; i++) {
            struct topic_cues first, second;
            CHECK_INT(tokens_read(&tokens, span_of(texts[i % 4]), NULL), STATUS_OK);
            memset(fresh, 0, sizeof *fresh);
            topic_cues_find(&first, fresh, &sources[i % 3], &tokens);
            topic_cues_find(&second, used, &sources[i % 3], &tokens);
            CHECK_INT(memcmp(first.sums, second.sums, sizeof first.sums), 0);
            CHECK_INT(memcmp(first.weights, second.weights, sizeof first.weights), 0);
            CHECK_INT(first.ngrams, second.ngrams);
        }
    free(fresh);
    free(used);
    /* the sums of single words are those that the model is trained on */
    uint32_t *ngrams = malloc(NGRAM_TOKENS * WORD_NGRAMS_MAX * sizeof *ngrams);
    struct topic_cues cues;
    int32_t sums[TOPIC_COUNT] = {0};
    CHECK_INT(tokens_read(&tokens, span_of(texts[0]), NULL), STATUS_OK);
    topic_cues_find(&cues, &scratch->topic_words, &sources[0], &tokens);
    uint32_t count = ngrams ? topic_ngrams(&sources[0], &tokens, ngrams) : 0;
    CHECK_INT(count, cues.ngrams);
    if (ngrams)
        topic_model_sum(sources[0].model, ngrams, count, sums);
    CHECK_INT(memcmp(sums, cues.sums, sizeof sums), 0);
    free(ngrams);
    struct topic_model model;
    char damaged[4096] = "burzaTM1";
    CHECK(!topic_model_view(&model, (struct span){damaged, sizeof damaged}));
    CHECK(!topic_model_view(&model, (struct span){damaged, 8}));
}

/* Findings: the sum up to a limit, whether there is any, which topic has the most. */
static void test_topic_findings(void) {
    int32_t weights[TOPIC_COUNT] = {0}, findings[FINDINGS];
    topic_findings(weights, findings);
    CHECK_INT(findings[FINDING_MOST * TOPIC_COUNT + TOPIC_NONE], FINDING_ONE);
    weights[TOPIC_PRICE] = 500;
    weights[TOPIC_APP] = 90000;
    topic_findings(weights, findings);
    CHECK_INT(findings[FINDING_SUM * TOPIC_COUNT + TOPIC_PRICE], 500);
    CHECK_INT(findings[FINDING_SUM * TOPIC_COUNT + TOPIC_APP], 2000);
    CHECK_INT(findings[FINDING_ANY * TOPIC_COUNT + TOPIC_PRICE], FINDING_ONE);
    CHECK_INT(findings[FINDING_ANY * TOPIC_COUNT + TOPIC_STORE], 0);
    CHECK_INT(findings[FINDING_MOST * TOPIC_COUNT + TOPIC_APP], FINDING_ONE);
    CHECK_INT(findings[FINDING_MOST * TOPIC_COUNT + TOPIC_NONE], 0);
}

static void test_focus(void) {
    static const char text[] = "Alfa is wonderful, Beta is horrible";
    struct score alfa, beta;
    CHECK_INT(tokens_read(&tokens, span_of(text), NULL), STATUS_OK);
    scorer_score(rules, scratch, &tokens, LANGUAGE_EN, (struct score_focus){0, 0}, &alfa);
    uint32_t second = 0;
    for (uint32_t i = 0; i < tokens.count; i++)
        if (span_is(token_form(&tokens, &tokens.at[i]), "beta"))
            second = i;
    scorer_score(rules, scratch, &tokens, LANGUAGE_EN, (struct score_focus){second, second}, &beta);
    CHECK(alfa.score_milli > 0);
    CHECK(beta.score_milli < 0);
}

static void test_user_lexicon(void) {
    char path[] = "/tmp/burza-lexicon-XXXXXX";
    int fd = mkstemp(path);
    static const char text[] = "lemma\tvalence\tpos\tnote\nzblorg\t900\t-\t\ngreat\t-900\tadj\t\n";
    CHECK(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    close(fd);
    const char *paths[] = {path};
    struct score_options options = {.engine = ENGINE_RULES, .lexicons = paths, .lexicon_count = 1};
    struct scorer *own = NULL;
    CHECK_INT(scorer_open(&own, &options, NULL), STATUS_OK);
    if (own) {
        CHECK(score_of(own, "zblorg", LANGUAGE_EN).score_milli > 300);
        CHECK(score_of(own, "great", LANGUAGE_EN).score_milli < -300);
        CHECK(score_of(own, "terrible", LANGUAGE_EN).score_milli < -200);
        CHECK(strcmp(scorer_digest(own), scorer_digest(rules)) != 0);
    }
    scorer_free(own);
    struct fault fault = {0};
    paths[0] = "/nonexistent/lexicon.tsv";
    CHECK_INT(scorer_open(&own, &options, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_NOINPUT);
    unlink(path);
}

static void test_softmax(void) {
    int32_t even[3] = {0, 0, 0}, sure[3] = {9000, 0, -9000};
    uint16_t p[3];
    softmax_milli(even, p);
    CHECK_INT(p[0] + p[1] + p[2], 1000);
    CHECK_INT(p[1], 333);
    CHECK_INT(softmax_milli(sure, p), 0);
    CHECK(p[0] > 990);
}

static void test_metrics(void) {
    struct metrics metrics = {0};
    struct metrics_summary summary;
    struct score score = {.label = -1, .p_milli = {1000, 0, 0}};
    metrics_add(&metrics, -1, &score);
    metrics_add(&metrics, 0, &score);
    score.label = LABEL_NONE;
    metrics_add(&metrics, 1, &score);
    metrics_summarise(&metrics, &summary);
    CHECK_INT(summary.count, 3);
    CHECK_INT(summary.accuracy, 3333);
    CHECK_INT(summary.recall[0], 10000);
    CHECK_INT(summary.recall[2], 0);
    CHECK_INT(summary.calibration_error, 5000);
}

static void test_long_text(void) {
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 20000; i++)
        buf_text(&text, "nie bardzo dobry, ale ");
    buf_char(&text, 0);
    struct score score = score_of(hybrid, text.at, LANGUAGE_PL);
    CHECK_INT(score.p_milli[0] + score.p_milli[1] + score.p_milli[2], 1000);
    CHECK(abs(score.score_milli) <= 1000);
    buf_release(&text);
}

static struct score detected(const struct scorer *scorer, const char *text,
                             enum language *language) {
    struct score score = {0};
    CHECK_INT(tokens_read(&tokens, span_of(text), NULL), STATUS_OK);
    *language = language_detect(&tokens, SPAN_LITERAL(""));
    scorer_score(scorer, scratch, &tokens, *language, SCORE_WHOLE, &score);
    return score;
}

/* Spellings that are both in use since the rules of 2026 mean the same, to both engines. */
static void test_spellings(void) {
    char line[1024];
    int rows = 0;
    FILE *file = fopen("tests/unit/data/spelling_pairs.tsv", "r");
    while (file && fgets(line, sizeof line, file)) {
        char *other = strchr(line, '\t');
        line[strcspn(line, "\n")] = '\0';
        *other++ = '\0';
        for (int i = 0; i < 2; i++) {
            enum language here, there;
            struct score a = detected(i ? rules : hybrid, line, &here);
            struct score b = detected(i ? rules : hybrid, other, &there);
            if (!CHECK(a.label == b.label && here == there))
                printf("# %s | %s\n", line, other);
        }
        rows++;
    }
    if (file)
        fclose(file);
    CHECK(rows >= 20);
    /* the focus moves along */
    struct score whole = {0}, near = {0};
    CHECK_INT(tokens_read(&tokens, SPAN_LITERAL("superoferta Alfa, Beta to dno"), NULL), STATUS_OK);
    scorer_score(rules, scratch, &tokens, LANGUAGE_PL, (struct score_focus){1, 1}, &near);
    scorer_score(rules, scratch, &tokens, LANGUAGE_PL, (struct score_focus){3, 3}, &whole);
    CHECK(near.score_milli > whole.score_milli);
}

int main(void) {
    struct score_options options = {.engine = ENGINE_RULES};
    tokens_init(&tokens);
    CHECK_INT(score_scratch_new(&scratch, NULL), STATUS_OK);
    CHECK_INT(scorer_open(&rules, &options, NULL), STATUS_OK);
    options.engine = ENGINE_HYBRID;
    CHECK_INT(scorer_open(&hybrid, &options, NULL), STATUS_OK);
    test_source();
    test_foreign_lexicons();
    test_check();
    test_rules_polish();
    test_rules_english();
    test_label_none();
    test_cache();
    test_crowded_words();
    test_focus();
    test_turned();
    test_facts();
    test_balanced();
    test_bare();
    test_spellings();
    test_strange_names();
    test_possible();
    test_topics();
    test_deciding_words();
    test_topic_words();
    test_topic_findings();
    test_agreement();
    test_user_lexicon();
    test_softmax();
    test_metrics();
    test_long_text();
    scorer_free(rules);
    scorer_free(hybrid);
    score_scratch_free(scratch);
    tokens_release(&tokens);
    return tap_done();
}
