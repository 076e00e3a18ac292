/* Reads texts of one piece over and over through the prefilter and the matcher, for counting its
 * instructions (gate.sh): they must grow with the bytes and not faster.
 * usage: bench_match_flood BYTES */
#include "stages/match/match.h"

#include <stdio.h>
#include <stdlib.h>

/* The first set is found everywhere, the second by the multi-literal search alone. */
static const struct brand brands[] = {
    {.id = "a",
     .query = "norvia OR \"norvia norvia norvia\" OR (norvia NEAR/50 velto)",
     .inflect = true},
    {.id = "b",
     .query = "no* OR raw:\"aaaaaaaaab\" OR url:a.pl OR (velto NEAR/2 norvia)",
     .inflect = true},
    {.id = "c", .query = "norviabank OR veltoorvia", .inflect = true},
};
/* Matched at once, by the end, or not at all; all that the search looks at and then drops. */
static const char *const pieces[] = {
    "norvia ",      "#NorviaNorvia", "aaaaaaaaaa", "a.pl ",     "@norvia_",
    "norvia-",      "a\xCC\x80",     "#aA",        "norvia'u ", "rvrv",
    "orvorvorv",    "o_r.v_",        "\xC5\x99v",  "rvi ",      "\xF0\x9F\xA4\xB7\xE2\x80\x8D",
    "\xE2\x80\x8B", "\xFF",
};

struct flood {
    struct query_set *set;
    struct match_scratch *scratch;
    struct tokens tokens;
};

static bool flood_init(struct flood *flood, const struct brand *of, size_t count) {
    tokens_init(&flood->tokens);
    return query_set_compile(&flood->set, of, count, NULL) == STATUS_OK &&
           match_scratch_new(&flood->scratch, flood->set, NULL) == STATUS_OK;
}

static uint64_t flood_read(struct flood *flood, struct span text) {
    const struct match *matches;
    struct post post = {.text = text};
    uint64_t sum = query_set_may_match(flood->set, &post);
    if (tokens_read(&flood->tokens, text, NULL) == STATUS_OK)
        sum += query_set_match(flood->set, flood->scratch, &post, &flood->tokens, LANGUAGE_PL,
                               &matches);
    return sum;
}

static void flood_release(struct flood *flood) {
    tokens_release(&flood->tokens);
    match_scratch_free(flood->scratch);
    query_set_free(flood->set);
}

int main(int argc, char **argv) {
    struct flood floods[2];
    size_t bytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    char *text = malloc(bytes + 64);
    uint64_t sum = 0;
    if (!bytes || !text || !flood_init(&floods[0], brands, 2) ||
        !flood_init(&floods[1], brands + 2, 1))
        return 1;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t len = strlen(pieces[i]);
        for (size_t at = 0; at < bytes; at += len)
            memcpy(text + at, pieces[i], len);
        for (int j = 0; j < 2; j++)
            sum += flood_read(&floods[j], (struct span){text, bytes});
    }
    printf("%llu\n", (unsigned long long)sum);
    flood_release(&floods[0]);
    flood_release(&floods[1]);
    free(text);
    return 0;
}
