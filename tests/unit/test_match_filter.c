/* The prefilter never loses a match: random queries on random texts, made of pieces of the same
 * words so that they often match; whenever the matcher says yes, the filter must have. It decides
 * as a plain stream over every byte would, on texts made to mislead its search. And it must reject
 * most ordinary texts, or it would be worth nothing. */
#include "stages/match/filter.h"
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

/* Beside and between letters of other scripts, and in look-alikes of them. */
static void check_scripts(const char *query, const char *const *passing, size_t passing_count,
                          const char *const *others, size_t other_count) {
    struct brand brand = {.id = "b", .query = query, .inflect = true};
    struct query_set *set;
    struct fault fault;
    if (!CHECK(query_set_compile(&set, &brand, 1, &fault) == STATUS_OK))
        return;
    for (size_t i = 0; i < passing_count; i++)
        CHECK(query_set_may_match(set, &(struct post){.text = span_of(passing[i])}));
    for (size_t i = 0; i < other_count; i++)
        CHECK(!query_set_may_match(set, &(struct post){.text = span_of(others[i])}));
    query_set_free(set);
}

static void check_other_scripts(void) {
    static const char *const passing[] = {"日本Norviaの",  "привет norvia привет",
                                          "สวัสดีNORVIAครับ", "한국norvia국",
                                          "ｎｏｒｖｉａ",  "nоrviа с кириллицей",
                                          "नमस्ते norvia",   "ノルNorviaビア",
                                          "#日本norvia",   "norvia日本"};
    static const char *const others[] = {"nor日via", "norสvia ครับ", "日本の天気", "norпvia",
                                         "한국의 날씨 nor 한 via"};
    check_scripts("norvia", passing, sizeof passing / sizeof *passing, others,
                  sizeof others / sizeof *others);
    static const char *const cyrillic[] = {"сегодня Жищево и дождь", "日本 жищево", "ЖИЩЕВО"};
    static const char *const latin[] = {"just got home", "日本の天気", "сегодня дождь"};
    check_scripts("жищево OR norvia", cyrillic, 3, latin, 3);
}

struct matcher {
    const struct query_set *set;
    struct match_scratch *scratch;
    struct tokens tokens;
    struct literal *literals; /* of all forms that the filter knows */
    size_t literal_count;
};

static void matcher_literals(struct matcher *matcher) {
    const struct query_set *set = matcher->set;
    const struct filter *filter = set->filter;
    matcher->literal_count = 0;
    matcher->literals = calloc(set->entry_count + 1, sizeof *matcher->literals);
    for (uint32_t i = 0; matcher->literals && i < set->entry_count; i++) {
        const struct form_entry *entry = &set->entries[i];
        struct literal literal =
            literal_of(filter, query_string(set, entry->plain, entry->plain_len));
        literal.whole &= !(entry->flags & ENTRY_PREFIX);
        if (literal.len && bits_have(filter->literals[literal.whole],
                                     literal_hash(filter, literal.bytes, literal.len)))
            matcher->literals[matcher->literal_count++] = literal;
    }
}

/* The oracle: every character through the stream, every window compared with the literals. */
struct plain_stream {
    const struct matcher *matcher;
    uint64_t window;
    unsigned run;
    uint8_t last;
    bool whole; /* also literals that only count as whole words, wherever they stand */
};

static bool is_literal(const struct plain_stream *stream) {
    const struct matcher *matcher = stream->matcher;
    for (size_t i = 0; i < matcher->literal_count; i++) {
        const struct literal *literal = &matcher->literals[i];
        uint64_t bytes = stream->window & UINT64_MAX >> (64 - 8 * literal->len);
        if (literal->bytes == bytes && literal->len <= stream->run &&
            literal->whole <= stream->whole)
            return true;
    }
    return false;
}

static bool plain_put(struct plain_stream *stream, uint8_t byte) {
    if (byte == stream->last)
        return false;
    stream->last = byte;
    stream->run = byte ? stream->run + 1 : 0;
    stream->window = stream->window << 8 | byte;
    return is_literal(stream);
}

static bool plain_passes(const struct matcher *matcher, struct span text, bool whole) {
    struct plain_stream stream = {.matcher = matcher, .whole = whole};
    if (matcher->set->filter->always)
        return true;
    if (text.len > TEXT_MAX_BYTES)
        text.len = TEXT_MAX_BYTES;
    while (text.len > 0) {
        uint32_t codepoint;
        char plain[TEXT_PLAIN_CHAR_MAX];
        size_t step = text_next_char(text, &codepoint);
        int len = codepoint == '_' || codepoint == '.' ? 0 : text_plain_char(codepoint, plain);
        if (len < 0)
            plain_put(&stream, 0);
        for (int i = 0; i < len; i++) {
            unsigned char byte = (unsigned char)plain[i];
            bool word =
                byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
            if (byte != '_' && byte != '.' && plain_put(&stream, word ? byte : 0))
                return true;
        }
        text = (struct span){text.at + step, text.len - step};
    }
    return false;
}

/* What may stand between or in place of letters: nothing visible, separators, signs, letters that
 * are several, halves of characters. */
static const char *const noise[] = {
    "_",        ".",        "\xC2\xAD",     "\xCC\x81",         "\xE2\x80\x8B",     "\xE2\x80\x8D",
    " ",        "-",        "\xE2\x80\x99", "\xF0\x9F\xA4\xB7", "\xE2\x9D\xA4",     "\xEF\xB8\x8F",
    "\xC3\xA6", "\xC7\x86", "\xE2\x80\x93", "\xF0\x9F\x94\xA5", "\xEF\xAC\x81",     "\xC4",
    "\x85",     "\xE2\x80", "\xF0\x9F\xA4", "\xC2\xBD",         "\xF0\x9F\x87\xB5", "\xFF",
    "#",        "@",        "\xC5\xBF",     "\xEF\xBC\x8E",     "\xD0\xB0",         "\xE2\x84\xAA"};

static size_t put_noise(char *out) {
    const char *piece = noise[draw(sizeof noise / sizeof *noise)];
    memcpy(out, piece, strlen(piece));
    return strlen(piece);
}

/* A word of other scripts, as long as some blocks of the search. */
static size_t put_foreign(char *out) {
    static const char *const letters[] = {"\xD0\xB6",     "\xCE\xBB",     "\xD7\xA9",
                                          "\xE6\x97\xA5", "\xE0\xB8\xAA", "\xE0\xA4\xA8",
                                          "\xED\x95\x9C", "\xE3\x83\x8E", "\xD0\xBE"};
    size_t len = 0;
    unsigned script = draw(9);
    for (unsigned i = 1 + draw(30); i > 0; i--) {
        const char *letter = letters[draw(6) ? script : draw(9)];
        memcpy(out + len, letter, strlen(letter));
        len += strlen(letter);
    }
    return len;
}

/* A form or a part of one, with letters repeated, in capitals and with noise between them. */
static size_t put_mangled(char *out, struct span form) {
    size_t len = 0, from = draw(4) ? 0 : draw((unsigned)form.len);
    unsigned spoil = draw(4);
    for (size_t at = from; at < form.len && (draw(12) || spoil != 1); at++) {
        char byte = form.at[at];
        bool ascii = (unsigned char)byte < 0x80;
        for (unsigned i = ascii && spoil == 2 && draw(3) == 0 ? 1 + draw(4) : 1; i > 0; i--)
            out[len++] = draw(3) == 0 && byte >= 'a' && byte <= 'z' ? (char)(byte - 32) : byte;
        if (spoil == 3 && draw(4) == 0)
            len += put_noise(out + len);
    }
    return len;
}

static size_t make_misleading(const struct query_set *set, char *out, size_t most) {
    size_t len = 0;
    while (len + 1024 < most) {
        const struct form_entry *entry = &set->entries[draw(set->entry_count)];
        struct span form = query_string(set, entry->form, entry->form_len);
        if (form.len < 100 && draw(2))
            len += put_mangled(out + len, form);
        else if (draw(8) == 0)
            len += put_foreign(out + len);
        else if (draw(3))
            out[len++] = draw(5) ? (char)('a' + draw(26)) : ' ';
        else
            len += put_noise(out + len);
        if (draw(4) == 0)
            out[len++] = ' ';
    }
    return len;
}

struct tally {
    int passed, rejected, matched, lost, needless;
};

static bool matches(struct matcher *matcher, struct span text) {
    const struct match *found;
    struct post post = {.text = text};
    return tokens_read(&matcher->tokens, text, NULL) == STATUS_OK &&
           query_set_match(matcher->set, matcher->scratch, &post, &matcher->tokens, LANGUAGE_PL,
                           &found) > 0;
}

static void check_text(struct matcher *matcher, struct span text, struct tally *tally) {
    bool passes = filter_passes(matcher->set->filter, text);
    bool can = plain_passes(matcher, text, true), match = matches(matcher, text);
    bool must = match || plain_passes(matcher, text, false);
    tally->passed += passes;
    tally->rejected += !passes;
    tally->matched += match;
    tally->lost += must && !passes;
    tally->needless += passes && !can;
}

/* Texts of all lengths, each in memory of its own, so that reading too far is seen. */
static void check_one_set(struct matcher *matcher, struct tally *tally) {
    enum { MOST = TEXT_MAX_BYTES + 4096 };
    char *made = malloc(MOST);
    for (int i = 0; made && matcher->set->entry_count > 0 && i < 80; i++) {
        size_t most = i == 79 ? MOST : 1025 + draw(i % 4 ? 40 : 300);
        size_t len = make_misleading(matcher->set, made, most);
        char *copy = malloc(len ? len : 1);
        if (!copy)
            break;
        memcpy(copy, made, len);
        check_text(matcher, (struct span){copy, len}, tally);
        free(copy);
    }
    free(made);
}

static void check_against_plain(void) {
    struct tally tally = {0};
    struct matcher matcher = {0};
    tokens_init(&matcher.tokens);
    for (int round = 0; round < 300; round++) {
        char query[1024];
        struct query_set *set;
        make_query(query);
        struct brand brand = {.id = "b", .query = query, .inflect = round % 2};
        if (query_set_compile(&set, &brand, 1, &(struct fault){0}) != STATUS_OK)
            continue;
        matcher.set = set;
        matcher_literals(&matcher);
        if (match_scratch_new(&matcher.scratch, set, NULL) == STATUS_OK)
            check_one_set(&matcher, &tally);
        match_scratch_free(matcher.scratch);
        free(matcher.literals);
        query_set_free(set);
    }
    tokens_release(&matcher.tokens);
    printf("# %d texts pass, %d match; %d do not pass, %d pass by chance\n", tally.passed,
           tally.matched, tally.rejected, tally.needless);
    CHECK(tally.matched > 3000);
    CHECK(tally.rejected > 1500);
    CHECK_INT(tally.lost, 0);
    CHECK(tally.needless * 50 < tally.rejected);
}

/* What the search finds without shuffles, it finds with them, and the same finds of their own. */
static void check_multi_literal(void) {
    struct multi_literal multi_literal;
    int different = 0, found = 0;
    for (int round = 0; round < 300; round++) {
        unsigned char before[3] = {' ', ' ', ' '}, block[MULTI_LITERAL_BLOCK];
        struct multi_literal_carry carry;
        multi_literal_init(&multi_literal);
        for (unsigned i = draw(3000); i > 0; i--)
            multi_literal_allow(&multi_literal, draw(MULTI_LITERAL_BUCKETS), (int)draw(4),
                                (unsigned char)draw(256));
        multi_literal_begin(&multi_literal, &carry);
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < MULTI_LITERAL_BLOCK; j++)
                block[j] = (unsigned char)draw(256);
            uint32_t plain = multi_literal_block_plain(&multi_literal, before, block);
            uint32_t fast = multi_literal_block(&multi_literal, &carry, block);
            different += (plain & ~fast) != 0 || plain >> 16 != fast >> 16;
            found += (plain & 0xFFFF) != 0;
        }
    }
    CHECK(found > 1000);
    CHECK_INT(different, 0);
}

/* The longest run of ASCII letters and digits in the plain bytes, each counted once in a row. */
static unsigned ascii_run(const char *plain, int len) {
    unsigned run = 0, longest = 0;
    for (int i = 0; i < len; i++) {
        bool word = (plain[i] >= 'a' && plain[i] <= 'z') || (plain[i] >= '0' && plain[i] <= '9');
        if (!word)
            run = 0;
        else if (i == 0 || plain[i] != plain[i - 1])
            run++;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* Whether the characters from `first` to `last` all separate words. */
static bool all_separate(uint32_t first, uint32_t last) {
    char plain[TEXT_PLAIN_CHAR_MAX];
    for (uint32_t cp = first; cp <= last; cp++)
        if (text_plain_char(cp, plain) >= 0)
            return false;
    return true;
}

/* What search, fragments and signs take for granted about characters. */
static void check_characters(void) {
    char plain[TEXT_PLAIN_CHAR_MAX];
    unsigned longest = 0;
    for (uint32_t cp = 0x80; cp < 0x110000; cp++) {
        unsigned run = ascii_run(plain, text_plain_char(cp, plain));
        longest = run > longest ? run : longest;
    }
    CHECK_INT(longest, 2);
    CHECK(all_separate(0x2010, 0x2027));
    CHECK(all_separate(0x2500, 0x273F));
    CHECK(all_separate(0x27C0, 0x2BFF));
    CHECK(all_separate(0x1F1C0, 0x1FBBF));
    CHECK_INT(text_plain_char(0x200D, plain), 0);
    CHECK_INT(text_plain_char(0xFE0F, plain), 0);
}

int main(void) {
    check_multi_literal();
    check_characters();
    check_against_plain();
    check_never_loses();
    check_rejects();
    check_other_scripts();
    return tap_done();
}
