/* summary: an audit in a few lines for a strategist, on standard output. */
#ifndef BURZA_SUMMARY_H
#define BURZA_SUMMARY_H

#include "stages/common/when.h"
#include "stages/store/store.h"

/* records = posts + duplicates + notices + rejects; embedded are further posts. */
struct record_counts {
    int64_t records, posts, duplicates, notices, rejects, embedded;
};
struct record_counts count_records(const struct audit *audit);

/* What was damaged, skipped or left incomplete, a message each: what -q says too. */
void print_troubles(const struct audit *audit);

void print_summary(const struct audit *audit, const struct zone *zone);
/* When each crisis would have been known, and what else would have been told. */
void print_replay(const struct audit *audit, const struct zone *zone);

#endif
