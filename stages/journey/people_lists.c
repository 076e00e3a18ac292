/* People: who speaks for the brand, against it, asks, and reaches many. */
#include "stages/journey/journey.h"

#include <stdlib.h>

const char *person_kind_name(enum person_kind kind) {
    static const char *const names[PERSON_KINDS] = {"advocate", "detractor", "asker", "amplifier"};
    return names[kind];
}

struct person_sum {
    uint64_t channels;
    uint32_t row;
    uint32_t posts, advocate, detractor, ask, positive, negative;
    int64_t reach, engagement, first_s, last_s;
};

_Static_assert(CARE_CHANNELS <= 64, "a bit each");

static struct person_sum *sum_persons(const struct journey *journey) {
    const struct care *care = journey->input.care;
    const struct mention_table *m = care->input.mentions;
    struct person_sum *sums = calloc(care->author_count + 1, sizeof *sums);
    for (size_t i = 0; sums && i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (!care_on_path(post) || !post->author)
            continue;
        struct person_sum *sum = &sums[journey->person[post->author]];
        enum path_state state = care_path_state(care, post);
        if (!sum->posts++) {
            sum->row = post->row;
            sum->first_s = post->at_s;
        }
        sum->last_s = post->at_s;
        sum->channels |= UINT64_C(1) << post->channel;
        sum->advocate += state == PATH_ADVOCATE;
        sum->detractor += state == PATH_DETRACTOR;
        sum->ask += state == PATH_ASK;
        sum->positive += m->label[post->row] == LABEL_POSITIVE;
        sum->negative += m->label[post->row] == LABEL_NEGATIVE;
        sum->reach += mention_reach(m, post->row);
        sum->engagement += mention_engagement(m, post->row);
    }
    return sums;
}

/* How many posts make this person one of the kind; 0: none. */
static int64_t posts_of_kind(const struct person_sum *sum, enum person_kind kind) {
    switch (kind) {
    case PERSON_ADVOCATE:
        return sum->advocate > sum->detractor ? sum->advocate : 0;
    case PERSON_DETRACTOR:
        return sum->detractor > sum->advocate ? sum->detractor : 0;
    case PERSON_ASKER:
        return sum->ask;
    default:
        return sum->reach > 0 ? sum->posts : 0;
    }
}

static bool comes_before(const struct person_view *a, const struct person_view *b,
                         enum person_kind kind) {
    bool by_reach = kind == PERSON_AMPLIFIER;
    if (by_reach && a->reach != b->reach)
        return a->reach > b->reach;
    if (a->kind_posts != b->kind_posts)
        return a->kind_posts > b->kind_posts;
    if (a->reach != b->reach)
        return a->reach > b->reach;
    return a->hash < b->hash;
}

static void insert(struct people *people, enum person_kind kind, const struct person_view *view) {
    struct person_view *list = people->at[kind];
    size_t at = people->count[kind];
    if (at == PEOPLE_PER_KIND && !comes_before(view, &list[at - 1], kind))
        return;
    people->count[kind] += at < PEOPLE_PER_KIND;
    for (at = people->count[kind] - 1; at && comes_before(view, &list[at - 1], kind); at--)
        list[at] = list[at - 1];
    list[at] = *view;
}

enum status journey_people(const struct journey *journey, struct people *people,
                           struct fault *fault) {
    const struct care *care = journey->input.care;
    struct person_sum *sums = sum_persons(journey);
    memset(people->count, 0, sizeof people->count);
    for (size_t person = 1; sums && person < care->author_count; person++) {
        const struct person_sum *sum = &sums[person];
        struct person_view view = {.row = sum->row,
                                   .hash = care->input.mentions->authors[care->authors[person]],
                                   .channels = sum->channels,
                                   .posts = sum->posts,
                                   .positive = sum->positive,
                                   .negative = sum->negative,
                                   .reach = sum->reach,
                                   .engagement = sum->engagement,
                                   .first_s = sum->first_s,
                                   .last_s = sum->last_s};
        for (int kind = 0; kind < PERSON_KINDS; kind++) {
            view.kind_posts = posts_of_kind(sum, (enum person_kind)kind);
            if (view.kind_posts)
                insert(people, (enum person_kind)kind, &view);
        }
    }
    free(sums);
    return sums ? STATUS_OK : fault_memory(fault);
}
