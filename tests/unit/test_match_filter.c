/* The prefilter never loses a match: random queries on random texts, made of pieces of the same
 * words so that they often match; whenever the matcher says yes, the filter must have. And it must
 * reject most ordinary texts, or it would be worth nothing. */
#include "stages/match/match.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 11;

static unsigned draw(unsigned below) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % below;
}

static const char *const words[] = {"orange", "żabka",   "t-mobile", "Norvia",     "lot",
                                    "pko",    "4f",      "h&m",      "Straße",     "łódź",
                                    "łoś",    "игра",    "e.on",     "x-kom",      "play",
                                    "żółć",   "Netflix", "æsir",     "ｏｒｌｅｎ", "Café"};
static const char *const forms[] = {"Orange'u",
                                    "zabce",
                                    "Żabki",
                                    "#TMobile",
                                    "T‑Mobile",
                                    "norvii",
                                    "NORVIĄ",
                                    "Noooorvia",
                                    "#PKOLot",
                                    "@pko_polska",
                                    "4F",
                                    "H&M",
                                    "strasse",
                                    "lodz",
                                    "Łódź",
                                    "łosie",
                                    "ИГРА",
                                    "E.ON",
                                    "xkom",
                                    "X-KOM-u",
                                    "Playem",
                                    "zolc",
                                    "netfliksa",
                                    "AEsir",
                                    "orlen",
                                    "cafe",
                                    "CAFÉ",
                                    "Оrange",
                                    "#t_mobile",
                                    "@ask_lot",
                                    "lot.pl",
                                    "www.pko.pl",
                                    "𝐩𝐥𝐚𝐲",
                                    "p\xE2\x80\x8Blay",
                                    "z\xCC\x87"
                                    "abka",
                                    "\xC5\xBB"
                                    "abka'owi",
                                    "@x.kom",
                                    "żabkom",
                                    "caf\x65\xCC\x81",
                                    "#łośPlay",
                                    "mówią",
                                    "the",
                                    "nic",
                                    "\xFF",
                                    "lo\xE1\xB5\x80t",
                                    "p\xE2\x82\x90y"};

static void make_query(char *out) {
    static const char *const joints[] = {" OR ", " AND ", " ", " NOT ", " NEAR/3 ", " OR "};
    char *at = out;
    unsigned count = 1 + draw(4);
    for (unsigned i = 0; i < count; i++) {
        const char *word = words[draw(sizeof words / sizeof *words)];
        const char *other = words[draw(sizeof words / sizeof *words)];
        if (i > 0)
            at += sprintf(at, "%s", joints[draw(6)]);
        switch (draw(7)) {
        case 0:
            at += sprintf(at, "\"%s %s\"", word, other);
            break;
        case 1:
            at += sprintf(at, "(%s OR %s)", word, other);
            break;
        case 2:
            at += sprintf(at, "%.*s*", 2 + (word[2] & 0x80 ? 1 : 0), "orlen");
            break;
        case 3:
            at += sprintf(at, "#%s", word);
            break;
        default:
            at += sprintf(at, "%s", word);
        }
    }
}

static size_t make_text(char *out) {
    static const char *const gaps[] = {" ", " ", ", ", "\n", ". ", "", "-", "_", "!", "/"};
    size_t len = 0;
    out[0] = '\0';
    for (unsigned i = 1 + draw(6); i > 0; i--) {
        const char *piece = draw(3) ? forms[draw(sizeof forms / sizeof *forms)] : words[draw(20)];
        len += (size_t)sprintf(out + len, "%s%s", piece, gaps[draw(10)]);
    }
    return len;
}

static void check_never_loses(void) {
    struct tokens tokens;
    int matched = 0, lost = 0, compiled = 0;
    tokens_init(&tokens);
    for (int round = 0; round < 1500; round++) {
        char query[1024];
        struct query_set *set;
        struct match_scratch *scratch;
        struct fault fault;
        make_query(query);
        struct brand brand = {.id = "b", .query = query, .inflect = round % 2};
        if (query_set_compile(&set, &brand, 1, &fault) != STATUS_OK)
            continue; /* NEAR beside AND: an error, rightly */
        compiled++;
        if (match_scratch_new(&scratch, set, &fault) != STATUS_OK)
            break;
        for (int i = 0; i < 40; i++) {
            char text[1024];
            const struct match *matches;
            struct post post = {.text = {text, make_text(text)}};
            if (tokens_read(&tokens, post.text, &fault) != STATUS_OK ||
                !query_set_match(set, scratch, &post, &tokens, LANGUAGE_PL, &matches))
                continue;
            matched++;
            if (!query_set_may_match(set, &post)) {
                lost++;
                printf("# lost: %s | %s\n", query, text);
            }
        }
        match_scratch_free(scratch);
        query_set_free(set);
    }
    tokens_release(&tokens);
    printf("# %d queries, %d matches\n", compiled, matched);
    CHECK(compiled > 1000);
    CHECK(matched > 3000);
    CHECK_INT(lost, 0);
}

static void check_rejects(void) {
    static const char *const texts[] = {"just got home and the traffic was terrible again",
                                        "nie działa mi internet od rana",
                                        "wczoraj byłem w kinie na nowym filmie",
                                        "what a lovely weekend, thank you all",
                                        "Kupiłem nowe buty i już się rozpadają",
                                        "Привет, как дела"};
    struct brand brand = {
        .id = "b", .query = "norvia OR velto OR \"bank norvia\"", .inflect = true};
    struct query_set *set;
    struct fault fault;
    if (!CHECK(query_set_compile(&set, &brand, 1, &fault) == STATUS_OK))
        return;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct post post = {.text = span_of(texts[i])};
        CHECK(!query_set_may_match(set, &post));
    }
    query_set_free(set);
}

int main(void) {
    check_never_loses();
    check_rejects();
    return tap_done();
}
