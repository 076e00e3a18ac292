/* summary: an audit in a few lines for a strategist, or as one JSON object for a script, on
 * standard output. */
#ifndef BURZA_SUMMARY_H
#define BURZA_SUMMARY_H

#include "stages/common/when.h"
#include "stages/store/store.h"

/* records = posts + duplicates + notices + rejects; embedded are further posts. */
struct record_counts {
    int64_t records, posts, duplicates, notices, rejects, embedded;
};
struct record_counts count_records(const struct audit *audit);

/* Prints text for people. On a terminal lines are no wider than it, and what goes on is indented as
 * its beginning is; elsewhere they are as they are, for grep. Releases `text`. */
void print_filled(struct buf *text);

/* What was damaged, skipped or left incomplete, a message each: what -q says too. */
void print_troubles(const struct audit *audit);

void print_summary(const struct audit *audit, const struct zone *zone);
/* The same counts and events as JSON, with the rows of crises, bursts, mood_turns, alarms, inputs
 * and rejects. `seal`: the digest of the audit's file. False: out of memory. */
bool summary_json(const struct audit *audit, const struct zone *zone, const char *seal,
                  struct buf *out) MUST_USE;
/* One of the two, of the audit that is the file `path`. */
enum status print_chosen_summary(const struct audit *audit, const struct zone *zone,
                                 const char *path, bool json, struct fault *fault) MUST_USE;
/* When each crisis would have been known, and what else would have been told. */
void print_replay(const struct audit *audit, const struct zone *zone);

#endif
