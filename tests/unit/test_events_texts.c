/* What the texts of an event say: its terms, copies of one text, the posts that show it, and the
 * sentences about it. */
#include "stages/events/near_duplicates.h"
#include "stages/events/stopwords.h"
#include "stages/text/text.h"
#include "test_events_kit.h"

enum { HOUR = SECONDS_PER_HOUR, USUAL = 400, LOUD = 100 };

/* USUAL posts, one a minute, then an event of LOUD posts whose texts the caller writes. */
static void plant_talk(struct kit *kit, const char *usual, const char *loud) {
    for (int i = 0; i < USUAL + LOUD; i++) {
        char text[160];
        snprintf(text, sizeof text, "%s %d", i < USUAL ? usual : loud, i);
        kit_plant(kit, (struct planted){.second = i * 60, .text = text, .author = "a"});
    }
}

static void read_terms(struct kit *kit, struct term_list *list) {
    struct brand_events events;
    struct fault fault = {0};
    *list = (struct term_list){0};
    kit_build(kit, 0, (USUAL + LOUD) * 60 - 1, 600);
    kit_event(kit, (struct event){.onset_s = USUAL * 60, .end_s = (USUAL + LOUD) * 60}, 1, &events);
    CHECK_INT(event_terms(&events, TERMS_OF_EVENTS, list, &fault), STATUS_OK);
    brand_events_release(&events);
}

/* A word of all posts sets nothing apart, a function word says nothing; a word of the event does.
 */
static void test_terms(void) {
    struct kit kit;
    struct term_list list;
    kit_begin(&kit);
    plant_talk(&kit, "norvia herbata", "norvia przez awaria");
    read_terms(&kit, &list);
    CHECK_INT(list.count, 1);
    CHECK_STR(list.at[0].text, "awaria");
    CHECK_STR(list.at[0].kind, "word");
    CHECK_INT(list.at[0].mentions, LOUD);
    CHECK_INT(list.at[0].usual_mentions, 0);
    CHECK(list.at[0].z > 3.09 && list.at[0].log_odds > 0);
    kit_end(&kit);
}

/* Of a pair and its words the strongest is shown; people's handles are not, the brand's are. */
static void test_kinds_of_terms(void) {
    struct kit kit;
    struct term_list list;
    kit_begin(&kit);
    CHECK(public_handles_add(&kit.handles, SPAN_LITERAL("NorviaPL")));
    plant_talk(&kit, "norvia herbata", "norvia #strajk @kowalski @norviapl");
    read_terms(&kit, &list);
    bool hashtag = false, own = false, person = false;
    for (size_t i = 0; i < list.count; i++) {
        hashtag |= !strcmp(list.at[i].kind, "hashtag") && !strcmp(list.at[i].text, "strajk");
        own |= !strcmp(list.at[i].kind, "handle") && !strcmp(list.at[i].text, "norviapl");
        person |= strstr(list.at[i].text, "kowalski") != NULL;
    }
    CHECK(hashtag);
    CHECK(own);
    CHECK(!person);
    kit_end(&kit);
}

/* A text that is copied a hundred times is one text, so its words are no vocabulary. */
static void test_terms_of_copies(void) {
    struct kit kit;
    struct term_list list;
    kit_begin(&kit);
    for (int i = 0; i < USUAL + LOUD; i++) {
        char text[64];
        snprintf(text, sizeof text, "norvia herbata %d", i);
        kit_plant(&kit, (struct planted){.second = i * 60,
                                         .text = i < USUAL ? text : "norvia awaria wszędzie"});
    }
    read_terms(&kit, &list);
    CHECK_INT(list.count, 0);
    kit_end(&kit);
}

static void test_stopwords(void) {
    struct stopwords stop;
    stopwords_init(&stop);
    CHECK(stopwords_hold(&stop, token_hash(SPAN_LITERAL("przez"))));
    CHECK(stopwords_hold(&stop, token_hash(SPAN_LITERAL("the"))));
    CHECK(!stopwords_hold(&stop, token_hash(SPAN_LITERAL("awaria"))));
}

/* ---- copies ---- */

/* Groups of the texts against the wanted ones: for each, the place of the first of its group. */
static void check_groups(const char *const *texts, const uint32_t *want, size_t count) {
    struct kit kit;
    struct fault fault = {0};
    uint32_t group[16];
    kit_begin(&kit);
    for (size_t i = 0; i < count; i++)
        kit_plant(&kit, (struct planted){.second = (int64_t)i, .text = texts[i]});
    kit_build(&kit, 0, HOUR, 300);
    CHECK_INT(near_duplicates(&kit.table, kit.list.at, count, group, &fault), STATUS_OK);
    for (size_t i = 0; i < count; i++)
        CHECK_INT(group[i], want[i]);
    kit_end(&kit);
}

static void test_copies(void) {
    static const char *const planted[] = {
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
        "zupełnie inny tekst o czymś innym niż tamten",
        /* a link, a handle, a number and capitals change no words */
        "@ktoś JEDEN dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć http://a.pl 12",
        /* nine of eleven words are common: more than four fifths */
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć nowe",
        /* eight of twelve: less */
        "jeden dwa trzy cztery pięć sześć siedem osiem inne słowa",
    };
    check_groups(planted, (uint32_t[]){0, 1, 0, 0, 4}, 5);
}

/* The third is like the second and not like the first; the three are one group. */
static void test_chain_of_copies(void) {
    static const char *const chain[] = {
        "aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp",
        "aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo q1",
        "aa bb cc dd ee ff gg hh ii jj kk ll mm nn q2 q1",
    };
    check_groups(chain, (uint32_t[]){0, 0, 0}, 3);
}

/* Under four words only equal texts are copies; texts without words never are. */
static void test_short_texts(void) {
    static const char *const brief[] = {"norvia nie działa", "norvia nie działa wcale",
                                        "norvia nie działa", "norvia", "!!!"};
    check_groups(brief, (uint32_t[]){0, 1, 0, 3, 4}, 5);
}

/* ---- evidence ---- */

static void test_evidence(void) {
    static const struct planted posts[] = {
        {0, "awaria norvia usunięty wpis z dużą liczbą polubień", "a", 0, 0, POST_DELETED, 0, 0,
         900, 0},
        {1, "awaria norvia prywatna wiadomość tylko dla obsługi klienta", "b", 0, 0, POST_PRIVATE,
         0, 0, 800, 0},
        {2, "dzień dobry wszystkim ładna pogoda dzisiaj", "c", 0, 0, 0, 0, 0, 0, 0},
        {3, "awaria norvia znowu nie mogę się zalogować", "d", 0, 0, 0, 0, 0, 0, 0},
        {4, "mem o norvia który wszyscy teraz podają", "e", 0, 0, 0, 0, 0, 50, 0},
        {5, "mem o norvia który wszyscy teraz podają", "f", 0, 0, 0, 0, 0, 70, 0},
        {6, "awaria przelew norvia pieniądze zniknęły z konta", "g", 0, 0, 0, 0, 0, 0, 0},
        {7, "", "h", 0, 0, POST_NO_TEXT, 0, 0, 0, 0},
    };
    static const struct term_list terms = {
        .at = {{.text = "awaria", .z = 9}, {.text = "przelew", .z = 4}}, .count = 2};
    struct evidence shown[12];
    struct kit kit;
    struct brand_events events;
    struct fault fault = {0};
    size_t count;
    kit_begin(&kit);
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        kit_plant(&kit, posts[i]);
    kit_build(&kit, 0, HOUR, 300);
    kit_event(&kit, (struct event){.onset_s = 0, .end_s = HOUR}, 1, &events);
    CHECK_INT(event_evidence(&events, &events.at[0], &terms, shown, 12, &count, &fault), STATUS_OK);
    /* not: the deleted, the private, the one without text; the meme once */
    CHECK_INT(count, 3);
    CHECK_INT(shown[0].row, 3); /* the first that uses a term */
    CHECK_STR(shown[0].why, "first");
    CHECK_INT(shown[1].row, 4);
    CHECK_STR(shown[1].why, "most engaged");
    CHECK_INT(shown[1].copies, 2);
    CHECK_INT(shown[1].engagement, 70);
    CHECK_INT(shown[2].row, 6);
    CHECK_STR(shown[2].why, "typical");
    CHECK_INT(event_evidence(&events, &events.at[0], &terms, shown, 1, &count, &fault), STATUS_OK);
    CHECK_INT(count, 1);
    events.at[0].onset_s = HOUR / 2; /* no posts, no evidence */
    CHECK_INT(event_evidence(&events, &events.at[0], &terms, shown, 12, &count, &fault), STATUS_OK);
    CHECK_INT(count, 0);
    brand_events_release(&events);
    kit_end(&kit);
}

/* ---- sentences ---- */

static void check_sentence(const struct summary *summary, bool polish, const char *want) {
    struct buf text;
    buf_init(&text, 4096);
    summary_sentence(summary, polish, &text);
    CHECK_SPAN(buf_as_span(&text), want);
    buf_release(&text);
}

static void test_sentences(void) {
    static const struct term_list terms = {
        .at = {{.text = "awaria", .kind = "word"}, {.text = "norvia", .kind = "hashtag"}},
        .count = 2};
    static const struct term_list none;
    struct event event = {
        .onset_s = 1679868000, /* 2023-03-26T22:00Z, after the clocks went forward */
        .end_s = 1679868000 + 5 * HOUR,
        .facts = {.mentions = 1234, .expected = 56.4, .ratio = 21.96, .before_mentions = 900},
        .verdict = {.kind = KIND_CRISIS}};
    struct event_statistics figures = {.negative_share = 0.5, .negative_share_before = 0.104};
    struct zone zone;
    struct fault fault;
    CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK);
    struct summary summary = {.brand = "Norvia",
                              .first_channel = "reddit/Polska scena",
                              .zone_name = "Europe/Warsaw",
                              .zone = &zone,
                              .event = &event,
                              .statistics = &figures,
                              .terms = &terms};
    check_sentence(&summary, false,
                   "Crisis: from 27 March 2023 00:00 to 27 March 2023 05:00 (Europe/Warsaw) Norvia "
                   "was mentioned 1\xE2\x80\xAF"
                   "234 times, where 56 were expected; the busiest "
                   "hour had 22.0 times its usual number. 50.0% of the mentions were negative, "
                   "10.4% in the four weeks before. It rose first on reddit/Polska scena. Words "
                   "that set it apart: awaria, #norvia.");
    summary.first_channel = "";
    summary.terms = &none;
    event.facts.mentions = 22;
    event.verdict.kind = KIND_FLOOD;
    check_sentence(&summary, true,
                   "Zalew wpisów: od 27 marca 2023, 00:00 do 27 marca 2023, 05:00 (Europe/Warsaw) "
                   "naliczono 22 wzmianki o marce Norvia, a spodziewano się 56; w najgorętszej "
                   "godzinie było ich 22,0 raza tyle co zwykle. Negatywnych było 50,0%, a w "
                   "poprzednich czterech tygodniach 10,4%.");
    event.facts.before_mentions = 0; /* what is not known is not said */
    check_sentence(&summary, true,
                   "Zalew wpisów: od 27 marca 2023, 00:00 do 27 marca 2023, 05:00 (Europe/Warsaw) "
                   "naliczono 22 wzmianki o marce Norvia, a spodziewano się 56; w najgorętszej "
                   "godzinie było ich 22,0 raza tyle co zwykle. Negatywnych było 50,0%.");
    event.facts = (struct episode_facts){
        .mentions = 52, .expected = 51.6, .before_mentions = 900, .share_only = true};
    event.verdict.kind = KIND_MOOD_TURN;
    check_sentence(&summary, false,
                   "Turn of mood: from 27 March 2023 00:00 to 27 March 2023 05:00 (Europe/Warsaw) "
                   "Norvia was mentioned 52 times, where 52 were expected: no more than usual, but "
                   "50.0% were negative instead of 10.4% in the four weeks before.");
    event.verdict.kind = KIND_SLOW_BURN;
    event.end_s = event.onset_s + 9 * 24 * HOUR;
    event.onset_low_s = event.onset_s - 3 * 24 * HOUR;
    event.onset_high_s = event.onset_s + 24 * HOUR;
    check_sentence(&summary, true,
                   "Powolny wzrost krytyki: od 27 marca 2023 do 4 kwietnia 2023, początek na 90% "
                   "między 23 marca 2023 a 27 marca 2023 (Europe/Warsaw) naliczono 52 wzmianki o "
                   "marce Norvia, a spodziewano się 52: nie więcej niż zwykle, ale negatywnych "
                   "było 50,0% zamiast 10,4% z poprzednich czterech tygodni.");
    zone_release(&zone);
}

static void check_why(const struct event *event, bool polish, const char *want) {
    struct buf text;
    buf_init(&text, 4096);
    summary_why(event, polish, &text);
    CHECK_SPAN(buf_as_span(&text), want);
    buf_release(&text);
}

static void test_why(void) {
    struct event event = {.facts = {.mentions = 800,
                                    .negative = 480,
                                    .before_mentions = 5600,
                                    .before_negative = 1604,
                                    .ratio = 9,
                                    .duration_hours = 12},
                          .verdict = {.kind = KIND_CRISIS,
                                      .severity = 3,
                                      .negative_z = -0.02,
                                      .excess_negative = 460,
                                      .days_of_criticism = 2.3}};
    check_why(&event, false,
              "480 of 800 negative (60.0%, before 28.6%, z 0.0), E 460 more negative than usual, V "
              "2.3 usual days, R 9.0 in the peak hour, D 12.0 h: level 3");
    event.facts.before_mentions = 0;
    event.verdict.moved = MOVED_BY_ONE_TEXT;
    check_why(
        &event, true,
        "480 z 800 negatywnych (60,0%, wcześniej nie wiadomo, z 0,0), E 460 negatywnych ponad "
        "zwykłe, V 2,3 dnia zwykłych rozmów, R 9,0 w godzinie szczytu, D 12,0 godz.: skala 3, "
        "obniżona o 1: ponad połowa to jeden tekst");
}

int main(void) {
    test_terms();
    test_kinds_of_terms();
    test_terms_of_copies();
    test_stopwords();
    test_copies();
    test_chain_of_copies();
    test_short_texts();
    test_evidence();
    test_sentences();
    test_why();
    return tap_done();
}
