/* Where a query set finds the names of its brands, and the tokens without them: whatever a brand is
 * called, what is left is the same. */
#include "stages/match/match.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static struct tokens tokens, masked;

/* The tokens without names as "w:nie n:12 NAME ..."; parts begin with +. */
static void print_masked(const char *query, const char *id, const char *text, struct buf *out) {
    struct brand brand = {.id = id, .name = id, .query = query, .inflect = true};
    struct query_set *set = NULL;
    struct match_scratch *scratch = NULL;
    struct fault fault = {0};
    const struct text_place *names;
    buf_clear(out);
    CHECK_INT(query_set_compile(&set, &brand, 1, &fault), STATUS_OK);
    CHECK_INT(match_scratch_new(&scratch, set, &fault), STATUS_OK);
    CHECK_INT(tokens_read(&tokens, span_of(text), NULL), STATUS_OK);
    size_t count = query_set_names(set, scratch, &tokens, &names);
    CHECK_INT(tokens_mask(&tokens, names, count, &masked, NULL), STATUS_OK);
    for (uint32_t i = 0; i < masked.count; i++) {
        const struct token *token = &masked.at[i];
        struct span form = token_form(&masked, token);
        buf_format(out, "%s%s", i ? " " : "", token->flags & TOKEN_PART ? "+" : "");
        if (token->kind == TOKEN_NAME)
            buf_text(out, "NAME");
        else if (token->kind == TOKEN_HANDLE)
            buf_text(out, "HANDLE");
        else
            buf_span(out, form);
    }
    match_scratch_free(scratch);
    query_set_free(set);
}

static void check_masked(const char *query, const char *id, const char *text, const char *want) {
    struct buf out;
    buf_init(&out, 1 << 16);
    print_masked(query, id, text, &out);
    if (!CHECK_SPAN(buf_as_span(&out), want))
        printf("# %s: %s\n", query, text);
    buf_release(&out);
}

static void check_places(void) {
    check_masked("norvia", "norvia", "W Norvii nie działa", "w NAME nie działa");
    check_masked("norvia", "norvia", "NORVIA, norvia", "NAME , NAME");
    check_masked("\"super tani sklep\"", "sts", "Super Tani Sklep zamknięty", "NAME zamknięty");
    check_masked("\"super tani sklep\"", "sts", "super, sklep tani", "super , sklep tani");
    check_masked("norvia", "norvia", "@norviapl #norvia #NorviaFail", "HANDLE NAME NAME +fail");
    check_masked("t-mobile", "tm", "T-Mobile leży, T-Mobile'u szkoda", "NAME leży , NAME szkoda");
    check_masked("norvia OR norwia", "norvia", "Norwia i Norvia", "NAME i NAME");
    check_masked("raw:\"PLAY\"", "play", "PLAY play", "NAME play");
    /* of another brand that overlaps, and nothing where nothing is named */
    check_masked("orange OR \"orange polska\"", "orange", "Orange Polska śpi", "NAME śpi");
    check_masked("norvia", "norvia", "nic tu nie ma", "nic tu nie ma");
}

/* What only narrows a query, or is excluded, is no name. */
static void check_roles(void) {
    check_masked("orange AND internet", "orange", "Orange: internet leży", "NAME : internet leży");
    check_masked("internet AND orange", "orange", "Orange: internet leży", "NAME : internet leży");
    check_masked("telefon NEAR/5 play", "play", "telefon w Play", "telefon w NAME");
    check_masked("play AND (internet OR telefon)", "p4", "telefon w Play", "telefon w NAME");
    check_masked("żabka NOT staw", "zabka", "żabka i staw", "NAME i staw");
}

/* Counts of words follow the names. */
static void check_counts(void) {
    struct buf out;
    buf_init(&out, 1 << 16);
    print_masked("\"super tani sklep\"", "sts", "SUPER TANI SKLEP to kpina", &out);
    CHECK_INT(masked.words, 3);
    CHECK_INT(masked.caps_words, 0);
    CHECK_INT(masked.at[0].len, 16);
    print_masked("norvia", "norvia", "Norvia to kpina", &out);
    CHECK_INT(masked.words, 3);
    buf_release(&out);
}

int main(void) {
    tokens_init(&tokens);
    check_places();
    check_roles();
    check_counts();
    tokens_mask_release(&masked);
    tokens_release(&tokens);
    return tap_done();
}
