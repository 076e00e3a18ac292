/* Tokens of 200 posts against tests/unit/data/text_tokens.tsv (text, then its tokens as printed
 * here), and the promises that hold for any text. TOKENS_WRITE=1 prints the table anew. */
#include "stages/text/text.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

#define TABLE "tests/unit/data/text_tokens.tsv"

static void print_token(const struct tokens *tokens, const struct token *token, struct buf *out) {
    static const char *const kinds[] = {"w", "n", "#", "@", "url", "emoji", "emoticon", "p"};
    static const char flags[] = "CAEPSDNQ";
    struct span form = token_form(tokens, token), plain = token_plain(tokens, token);
    buf_format(out, "%s[%.*s]", kinds[token->kind], (int)form.len, form.at);
    if (token->flags & TOKEN_DIACRITICS)
        buf_format(out, "(%.*s)", (int)plain.len, plain.at);
    for (int bit = 0; bit < 8; bit++)
        if (token->flags >> bit & 1)
            buf_char(out, flags[bit]);
    if (token->repeat != 1)
        buf_format(out, "x%u", token->repeat);
    buf_char(out, ' ');
}

static void print_tokens(struct tokens *tokens, struct span text, struct buf *out) {
    buf_clear(out);
    if (tokens_read(tokens, text, NULL) != STATUS_OK)
        return;
    for (uint32_t i = 0; i < tokens->count; i++)
        print_token(tokens, &tokens->at[i], out);
}

static void check_table(struct tokens *tokens, struct buf *out) {
    char line[8192];
    int rows = 0, wrong = 0;
    FILE *file = fopen(TABLE, "r");
    while (file && fgets(line, sizeof line, file)) {
        char *tab = strchr(line, '\t');
        line[strcspn(line, "\n")] = '\0';
        struct span text = {line, tab ? (size_t)(tab - line) : strlen(line)};
        print_tokens(tokens, text, out);
        if (getenv("TOKENS_WRITE")) {
            printf("%.*s\t%.*s\n", (int)text.len, text.at, (int)out->len, out->at);
            continue;
        }
        rows++;
        if (!tab || !span_is(buf_as_span(out), tab + 1)) {
            wrong++;
            printf("# %.*s\n# got  %.*s\n# want %s\n", (int)text.len, text.at, (int)out->len,
                   out->at, tab ? tab + 1 : "");
        }
    }
    if (file)
        fclose(file);
    CHECK(rows >= 200);
    CHECK_INT(wrong, 0);
}

/* Every token lies inside the text, in order; parts lie inside their whole; hashes are those of
 * the forms. */
static int is_sound(const struct tokens *tokens) {
    uint32_t end = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        bool part = token->flags & TOKEN_PART;
        if (token->len == 0 || token->at + token->len > tokens->text.len)
            return 0;
        if (part ? token->at + token->len > end : token->at < end)
            return 0;
        if (!part)
            end = token->at + token->len;
        if (token->hash != token_hash(token_form(tokens, token)) ||
            token->plain_hash != token_hash(token_plain(tokens, token)))
            return 0;
    }
    return 1;
}

/* Words are read on a fast path and a slow one; text_fold is the slow one. Compounds are folded
 * part by part. */
static int is_folded_alike(const struct tokens *tokens, struct buf *out) {
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        struct span text = {tokens->text.at + token->at, token->len};
        bool compound = i + 1 < tokens->count && tokens->at[i + 1].flags & TOKEN_PART;
        buf_clear(out);
        bool toned = memmem(text.at, text.len, "\xF0\x9F\x8F\xBD", 4) != NULL;
        if (token->kind != TOKEN_WORD || toned || compound ||
            text_fold(text, false, out) != STATUS_OK)
            continue;
        if (!span_equal(buf_as_span(out), token_form(tokens, token)))
            return 0;
    }
    return 1;
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void check_random(struct tokens *tokens, struct buf *out) {
    static const char *const pieces[] = {"a",
                                         "Z",
                                         "ż",
                                         "Ł",
                                         "9",
                                         " ",
                                         "\n",
                                         "#",
                                         "@",
                                         "_",
                                         "-",
                                         "'",
                                         "\xE2\x80\x99",
                                         ".",
                                         ":",
                                         ")",
                                         "D",
                                         "x",
                                         "/",
                                         "http://",
                                         "www.",
                                         ".pl",
                                         "\xCC\x87",
                                         "\xE2\x80\x8B",
                                         "\xF0\x9F\x91\x8D",
                                         "\xF0\x9F\x8F\xBD",
                                         "\xE2\x80\x8D",
                                         "\xEF\xB8\x8F",
                                         "\xF0\x9F\x87\xB5",
                                         "\xFF",
                                         "\xC5",
                                         "\xE2\x83\xA3",
                                         "o",
                                         "&",
                                         "1",
                                         ",",
                                         "\xD0\xBE",
                                         "\xE6\x88\x91",
                                         "\xC3\x9F"};
    uint64_t state = 7;
    int sound = 1;
    for (int round = 0; round < 20000 && sound; round++) {
        char text[512];
        size_t len = 0;
        for (int i = (int)(next_random(&state) % 40); i > 0; i--) {
            const char *piece = pieces[next_random(&state) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        sound = tokens_read(tokens, (struct span){text, len}, NULL) == STATUS_OK &&
                is_sound(tokens) && is_folded_alike(tokens, out);
        if (!sound)
            printf("# round %d: %.*s\n", round, (int)len, text);
    }
    CHECK(sound);
}

/* Twice as much of one piece as is read of a text: sound tokens, cut where they should be. */
static void check_flood(struct tokens *tokens, const char *unit, const char *name) {
    size_t len = strlen(unit);
    char *text = malloc(TEXT_MAX_BYTES * 2);
    for (size_t at = 0; text && at + len <= TEXT_MAX_BYTES * 2; at += len)
        memcpy(text + at, unit, len);
    CHECK_INT(tokens_read(tokens, (struct span){text, TEXT_MAX_BYTES * 2 / len * len}, NULL), 0);
    printf("# %s: %u tokens\n", name, tokens->count);
    CHECK(is_sound(tokens));
    CHECK(tokens->text.len <= TEXT_MAX_BYTES);
    free(text);
}

/* text_fold must give what tokens_read gives. */
static void check_fold(struct tokens *tokens, struct buf *out) {
    static const char *const words[] = {"Żółć",
                                        "SUUUPER",
                                        "Orange\xE2\x80\x99u",
                                        ("z\xCC\x87"
                                         "abka"),
                                        "Straße",
                                        "T-Mobile",
                                        "\xEF\xBC\xA1\xEF\xBC\xA2",
                                        "ŁÓDŹ",
                                        "Ма\xD1\x88ина",
                                        "III"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        CHECK_INT(tokens_read(tokens, span_of(words[i]), NULL), 0);
        struct span form = token_form(tokens, &tokens->at[0]);
        struct span plain = token_plain(tokens, &tokens->at[0]);
        buf_clear(out);
        CHECK_INT(text_fold(span_of(words[i]), false, out), 0);
        CHECK(span_equal(buf_as_span(out), form));
        buf_clear(out);
        CHECK_INT(text_fold(span_of(words[i]), true, out), 0);
        CHECK(span_equal(buf_as_span(out), plain));
    }
}

int main(void) {
    struct tokens tokens;
    struct buf out;
    tokens_init(&tokens);
    buf_init(&out, 1 << 20);
    check_table(&tokens, &out);
    check_random(&tokens, &out);
    check_fold(&tokens, &out);
    check_flood(&tokens, "\xCC\x80\xCC\xA7", "marks");
    check_flood(&tokens, "a\xCC\x80", "marked letters");
    check_flood(&tokens, "a-", "compounds");
    check_flood(&tokens, "#Aa", "tags");
    check_flood(&tokens, "a.", "dots");
    check_flood(&tokens, "a@", "mail");
    check_flood(&tokens, "1 000", "numbers");
    check_flood(&tokens, "\xE2\x80\x8B", "zero width");
    check_flood(&tokens, "a\xE2\x80\x8B", "zero width in words");
    check_flood(&tokens, "a'", "apostrophes");
    check_flood(&tokens, "\xF0\x9F\x91\x8D\xE2\x80\x8D", "joined emoji");
    check_flood(&tokens, "\"a\"", "quotes");
    check_flood(&tokens, "1234 ", "groups");
    check_flood(&tokens, "http://a.", "schemes");
    buf_release(&out);
    tokens_release(&tokens);
    return tap_done();
}
