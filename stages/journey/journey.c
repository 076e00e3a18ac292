#include "stages/journey/journey.h"

#include <stdlib.h>

/* Of authors that are one person the brand's first stands for all. */
static bool number_persons(struct journey *journey) {
    const struct care *care = journey->input.care;
    struct counts first = {0};
    bool ok = true;
    journey->person = malloc((care->author_count + 1) * sizeof *journey->person);
    if (!journey->person)
        return false;
    for (size_t i = 0; ok && i < care->author_count; i++) {
        journey->person[i] = (uint32_t)i;
        if (!i || !journey->input.person)
            continue;
        uint64_t *place = counts_at(&first, journey->input.person[care->authors[i]]);
        ok = place != NULL;
        if (ok && !*place)
            *place = i;
        if (ok)
            journey->person[i] = (uint32_t)*place;
    }
    counts_release(&first);
    return ok;
}

static bool is_whole(const struct care *care, const struct care_post *post) {
    return care_on_path(post) && post->author &&
           care->channels[post->channel].basis != BASIS_REPLIES;
}

/* Posts in order of person, then time. */
static bool sort_posts(struct journey *journey) {
    const struct care *care = journey->input.care;
    size_t persons = care->author_count;
    journey->first = calloc(persons + 2, sizeof *journey->first);
    if (!journey->first)
        return false;
    for (size_t i = 0; i < care->input.count; i++)
        if (is_whole(care, &care->posts[i]))
            journey->first[journey->person[care->posts[i].author] + 1]++;
    for (size_t i = 0; i < persons; i++)
        journey->first[i + 1] += journey->first[i];
    journey->order = malloc((journey->first[persons] + 1) * sizeof *journey->order);
    size_t *next = malloc((persons + 1) * sizeof *next);
    bool ok = journey->order && next;
    if (ok)
        memcpy(next, journey->first, persons * sizeof *next);
    for (size_t i = 0; ok && i < care->input.count; i++)
        if (is_whole(care, &care->posts[i]))
            journey->order[next[journey->person[care->posts[i].author]]++] = (uint32_t)i;
    free(next);
    return ok;
}

enum status journey_find(const struct journey_input *input, struct journey *journey,
                         struct fault *fault) {
    *journey = (struct journey){.input = *input};
    const struct care *care = input->care;
    for (size_t i = 0; i < care->input.count && !journey->known; i++)
        journey->known = care_on_path(&care->posts[i]) &&
                         care->channels[care->posts[i].channel].basis != BASIS_REPLIES;
    bool any = false;
    for (size_t i = 0; i < CARE_CHANNELS; i++)
        any |= care->channels[i].basis == BASIS_REPLIES;
    journey->known |= !any;
    return number_persons(journey) && sort_posts(journey) ? STATUS_OK : fault_memory(fault);
}

void journey_release(struct journey *journey) {
    free(journey->person);
    free(journey->order);
    free(journey->first);
    *journey = (struct journey){0};
}

enum status journey_tables(const struct journey *journey, struct audit *audit,
                           struct fault *fault) {
    typedef enum status care_table(const struct care *, struct audit *, struct fault *);
    typedef enum status journey_table(const struct journey *, struct audit *, struct fault *);
    static const struct {
        care_table *of_care;
        journey_table *of_journey;
    } tables[] = {
        {care_response, NULL},       {care_replies_table, NULL},  {care_conversations, NULL},
        {NULL, journey_outcomes},    {NULL, journey_transitions}, {NULL, journey_periods},
        {NULL, journey_touchpoints}, {care_hours, NULL},          {care_chances, NULL}};
    enum { COUNT = sizeof tables / sizeof *tables };
    enum status status[COUNT];
    struct fault faults[COUNT];
    /* each has a table of its own, so that rows do not depend on which is first */
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = 0; i < COUNT; i++)
        status[i] = tables[i].of_care ? tables[i].of_care(journey->input.care, audit, &faults[i])
                                      : tables[i].of_journey(journey, audit, &faults[i]);
    for (int i = 0; i < COUNT; i++)
        if (status[i] != STATUS_OK) {
            *fault = faults[i];
            return status[i];
        }
    return STATUS_OK;
}
