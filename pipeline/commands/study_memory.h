/* study memory: the ceiling of --memory, or of the configuration's key, and what is said of it, for
 * the study and for the search for conversations at the end of a scan: all that grows with the
 * mentions.
 *
 * In: a prepared session whose folder is open. Out: paged memory between begin and end, when a
 * ceiling was wanted. May fail: STATUS_FATAL with EXIT_USAGE (no size, too little) or
 * EXIT_CANTCREATE (no temporary files in the folder). */
#ifndef BURZA_STUDY_MEMORY_H
#define BURZA_STUDY_MEMORY_H

#include "pipeline/commands/session.h"

/* Whether a ceiling was wanted. */
bool study_memory_limited(const struct session *session);
/* Before hours of work: refuses what is no ceiling. */
enum status study_memory_check(const struct session *session, struct fault *fault) MUST_USE;
enum status study_memory_begin(const struct session *session, struct fault *fault) MUST_USE;
/* Says how many rows there are and where they will lie. */
void study_memory_plan(const struct session *session, const struct scanned_inputs *inputs);
/* What is allocated from now on stays in memory; what lies in files is still given back. */
void study_memory_hold(const struct session *session);
/* Says what `what` took; with -q when it was more than wanted; with NULL nothing. */
void study_memory_end(const struct session *session, const char *what);

#endif
