/* What is worked out brand by brand: its rows, its series, its events. */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdlib.h>

enum status study_lists(struct study *study, struct fault *fault) {
    const struct mention_table *m = &study->mentions;
    size_t brands = study->config->brand_count, before = 0;
    study->lists = calloc(brands + 1, sizeof *study->lists);
    study->listed = malloc((m->count + 1) * sizeof *study->listed);
    if (!study->lists || !study->listed)
        return fault_memory(fault);
    for (size_t row = 0; row < m->count; row++)
        study->lists[m->brand[row]].count += m->counted[row];
    for (size_t i = 0; i < brands; i++) {
        study->lists[i].at = study->listed + before;
        before += study->lists[i].count;
        study->lists[i].count = 0;
    }
    for (size_t row = 0; row < m->count; row++) {
        struct row_list *list = &study->lists[m->brand[row]];
        if (m->counted[row])
            list->at[list->count++] = (uint32_t)row;
    }
    return STATUS_OK;
}

/* Posts that state only their day were spread over it by chance, and chance must not make an event:
 * where they are more than one in ROUGH_SHARE an episode has to be so much clearer. */
enum { ROUGH_SHARE = 100 };
static const double ROUGH_CAUTION = 0.1;

static struct detect_options detection_of(const struct study *study, size_t brand) {
    struct detect_options options = study->config->detection;
    const struct row_list *rows = &study->lists[brand];
    size_t rough = 0;
    for (size_t i = 0; i < rows->count; i++)
        rough += study->mentions.time_precision[rows->at[i]] >= TIME_EXACT_DAY;
    if (rough * ROUGH_SHARE > rows->count)
        options.false_alarms_per_month *= ROUGH_CAUTION;
    return options;
}

enum status study_events(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    const struct series_input counted = {.mentions = &study->mentions,
                                         .rows = study->lists,
                                         .from_s = study->from_s,
                                         .to_s = study->to_s};
    struct outcome outcome = {0};
    study->brands = calloc(brands + 1, sizeof *study->brands);
    if (!study->brands)
        return fault_memory(fault);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < brands; i++) {
        struct brand_study *b = &study->brands[i];
        b->detection = detection_of(study, i);
        struct brand_input input = {.mentions = &study->mentions,
                                    .rows = study->lists[i],
                                    .series = &b->series,
                                    .coverage = &study->coverage,
                                    .daily = &study->audit.grids[GRID_DAILY],
                                    .brand = i,
                                    .brands = brands,
                                    .channel = study->channel,
                                    .channels = study->audit.channels.count,
                                    .from_s = study->from_s,
                                    .to_s = study->to_s,
                                    .zone = &study->config->zone,
                                    .detection = &b->detection,
                                    .handles = &study->handles};
        struct fault own = {0};
        enum status status =
            brand_series_build(&b->series, &counted, i, study->config->bucket_s, &own);
        if (status == STATUS_OK)
            status = events_find(&input, &b->events, &own);
        outcome_note(&outcome, i, status, &own);
    }
    return outcome_take(&outcome, fault);
}

enum status study_fill_baseline(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    (void)fault;
    for (int g = 0; g < GRID_COUNT; g++) {
        struct grid *grid = &study->audit.grids[g];
        for (size_t time = 0; time < grid->times; time++) {
            for (size_t i = 0; i < brands; i++) {
                struct grid_point *point = &grid->points[time * brands + i];
                const struct brand_events *b = &study->brands[i].events;
                double expected =
                    expected_mentions(b, grid->edges_s[time], grid->edges_s[time + 1]);
                double deviation = sqrt((double)b->volume.dispersion * (expected + 1));
                point->baseline = (float)expected;
                point->surprise = (float)(((double)point->mentions - expected) / deviation);
            }
        }
    }
    return STATUS_OK;
}
