/* scratch: what one thread needs while it matches one post. Everything is stamped with an epoch,
 * so that nothing has to be cleared between posts. */
#ifndef BURZA_SCRATCH_H
#define BURZA_SCRATCH_H

#include "stages/match/query.h"

#define HITS_MAX 4096 /* places kept for NEAR in one post; later ones are not looked at */
#define NAMES_MAX 512 /* names kept of one post; later ones stay as they are */

struct leaf_state {
    uint32_t epoch;    /* the words below belong to this post */
    uint32_t hit;      /* epoch of the last complete hit */
    uint32_t position; /* of the masks: bit j = words 0..j end here */
    uint16_t current, previous;
    uint32_t first, last; /* tokens of the first complete hit */
};

struct brand_state {
    uint32_t touched;   /* epoch */
    uint32_t own;       /* epoch */
    uint32_t addressed; /* epoch in which `address` was set */
    uint8_t address;    /* enum address bits */
};

struct near_hit {
    uint32_t leaf, from, to; /* word positions */
};

struct match_scratch {
    uint32_t epoch;
    struct leaf_state *leaves;  /* [leaf_count] */
    struct brand_state *brands; /* [brand_count] */
    uint16_t *touched;          /* [brand_count] */
    uint8_t *values;            /* [node_count] */
    struct match *matches;      /* [brand_count] */
    struct near_hit hits[HITS_MAX];
    uint32_t touched_count, hit_count;
    struct match_tally *tally; /* or NULL: nothing is counted */
    struct text_place names[NAMES_MAX];
    uint32_t name_count;
    const struct tokens *read; /* whose hits these are, after query_set_names */
};

/* Marks a brand for evaluation. */
static inline void scratch_touch(struct match_scratch *scratch, uint16_t brand) {
    if (scratch->brands[brand].touched == scratch->epoch)
        return;
    scratch->brands[brand].touched = scratch->epoch;
    scratch->touched[scratch->touched_count++] = brand;
}

/* Keeps the place of a name; too many are not kept. */
static inline void scratch_name(struct match_scratch *scratch, uint32_t from, uint32_t end) {
    if (scratch->name_count < NAMES_MAX)
        scratch->names[scratch->name_count++] = (struct text_place){from, end};
}

/* Looks every word of the text up and records complete hits of leaves. */
void match_tokens(const struct query_set *set, struct match_scratch *scratch,
                  const struct tokens *tokens);

/* Adds the raw names in `text`, sorts the names and joins those that overlap; how many. */
size_t names_settle(const struct query_set *set, struct match_scratch *scratch, struct span text);

#endif
