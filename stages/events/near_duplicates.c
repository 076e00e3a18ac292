/* Candidates come from MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman, Ullman,
 * "Mining of Massive Datasets", 3.4) and are then checked exactly, so there are no false pairs. */
#include "stages/events/near_duplicates.h"

#include "stages/common/arena.h"
#include "stages/common/num.h"
#include "stages/text/text.h"

#include <stdlib.h>

enum {
    BANDS = 8,
    ROWS_PER_BAND = 3,
    HASHES = BANDS * ROWS_PER_BAND,
    MIN_WORDS = 4, /* shorter texts have no copies but equal ones */
    WORDS_MAX = 256,
    CANDIDATES_MAX = 16, /* posts of one band bucket that a post is checked against */
};

struct word_set {
    uint64_t *words; /* sorted, distinct */
    uint32_t count;
};

struct sets {
    struct word_set *at; /* [count] */
    struct arena arena;
    struct tokens tokens;
};

/* Words of a text without handles, links and numbers: what copies change first. */
static enum status read_set(struct sets *sets, struct span text, struct word_set *set,
                            struct fault *fault) {
    uint64_t words[WORDS_MAX];
    uint32_t count = 0, kept = 0;
    enum status status = tokens_read(&sets->tokens, text, fault);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = 0; i < sets->tokens.count && count < WORDS_MAX; i++) {
        const struct token *token = &sets->tokens.at[i];
        if (token->kind == TOKEN_WORD || token->kind == TOKEN_HASHTAG)
            words[count++] = token->plain_hash;
    }
    qsort(words, count, sizeof *words, num_compare_u64);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || words[i] != words[kept - 1])
            words[kept++] = words[i];
    set->words = arena_alloc(&sets->arena, kept * sizeof *words + 1);
    if (!set->words)
        return fault_memory(fault);
    if (kept)
        memcpy(set->words, words, kept * sizeof *words);
    set->count = kept;
    return STATUS_OK;
}

/* At least four fifths of all words of both are common: nine times the common ones are then four
 * times the words of both. Given up as soon as too few are left. */
static bool alike(const struct word_set *a, const struct word_set *b) {
    uint32_t need = (4 * (a->count + b->count) + 8) / 9;
    uint32_t most = a->count < b->count ? a->count : b->count, i = 0, j = 0;
    if (need > most)
        return false;
    uint32_t spare_a = a->count - need, spare_b = b->count - need; /* that may be missing there */
    while (i < a->count && j < b->count) {
        if (a->words[i] == b->words[j]) {
            i++;
            j++;
        } else if (a->words[i] < b->words[j]) {
            if (!spare_a--)
                return false;
            i++;
        } else {
            if (!spare_b--)
                return false;
            j++;
        }
    }
    return a->count - i <= spare_a && b->count - j <= spare_b;
}

static uint64_t mix(uint64_t value, uint64_t seed) {
    value = (value ^ seed * 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ value >> 29) * 0x94D049BB133111EBULL;
    return value ^ value >> 32;
}

static uint64_t band_key(const struct word_set *set, int band) {
    uint64_t key = (uint64_t)band + 1;
    for (int row = 0; row < ROWS_PER_BAND; row++) {
        uint64_t least = UINT64_MAX;
        for (uint32_t i = 0; i < set->count; i++) {
            uint64_t hash = mix(set->words[i], (uint64_t)(band * ROWS_PER_BAND + row + 1));
            least = hash < least ? hash : least;
        }
        key = mix(key ^ least, (uint64_t)row + 77);
    }
    return key;
}

static uint32_t find_root(uint32_t *group, uint32_t at) {
    while (group[at] != at)
        at = group[at] = group[group[at]];
    return at;
}

/* Joins each post with the alike among the last few of its bucket in each band. */
static bool join_bands(const struct sets *sets, size_t count, uint32_t *group) {
    uint32_t *previous = calloc(count + 1, sizeof *previous);
    bool ok = previous != NULL;
    for (int band = 0; band < BANDS && ok; band++) {
        struct counts buckets = {0};
        for (size_t i = 0; i < count && ok; i++) {
            if (sets->at[i].count < MIN_WORDS)
                continue;
            uint64_t *last = counts_at(&buckets, band_key(&sets->at[i], band));
            ok = last != NULL;
            if (!ok)
                break;
            uint32_t at = (uint32_t)*last;
            for (int tries = 0; at && tries < CANDIDATES_MAX; tries++, at = previous[at - 1]) {
                if (alike(&sets->at[i], &sets->at[at - 1])) {
                    uint32_t a = find_root(group, (uint32_t)i), b = find_root(group, at - 1);
                    group[a < b ? b : a] = a < b ? a : b; /* the earlier leads */
                    break;
                }
            }
            previous[i] = (uint32_t)*last;
            *last = i + 1;
        }
        counts_release(&buckets);
    }
    free(previous);
    return ok;
}

enum status near_duplicates(const struct mention_table *mentions, const uint32_t *rows,
                            size_t count, uint32_t *group, struct fault *fault) {
    struct sets sets = {.at = calloc(count + 1, sizeof *sets.at)};
    struct counts first = {0}; /* text_hash -> where it came first + 1 */
    bool ok = sets.at != NULL;
    for (size_t i = 0; i < count && ok; i++) {
        /* equal words need no comparison */
        uint64_t hash = mentions->text_hash[rows[i]];
        uint64_t *at = hash ? counts_at(&first, hash) : NULL;
        ok = !hash || at;
        group[i] = (uint32_t)(at && *at ? *at - 1 : i);
        if (at && !*at)
            *at = i + 1;
    }
    counts_release(&first);
    enum status status = ok ? STATUS_OK : fault_memory(fault);
    tokens_init(&sets.tokens);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (group[i] == i)
            status = read_set(&sets, mention_table_string(mentions, rows[i], STRING_TEXT),
                              &sets.at[i], fault);
    if (status == STATUS_OK && !join_bands(&sets, count, group))
        status = fault_memory(fault);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++)
        group[i] = find_root(group, i);
    tokens_release(&sets.tokens);
    arena_release(&sets.arena);
    free(sets.at);
    return status;
}
