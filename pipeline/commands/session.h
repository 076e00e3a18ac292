/* session: what run, scan, study and merge share: the configuration, the compiled queries, the
 * scorer, and the digest of all that decides a scan. */
#ifndef BURZA_SESSION_H
#define BURZA_SESSION_H

#include "pipeline/commands/options.h"
#include "pipeline/commands/share_sources.h"
#include "pipeline/config.h"
#include "pipeline/scan/scan.h"
#include "stages/common/digest.h"

struct session {
    const struct options *options;
    struct config config;
    struct query_set *queries;
    struct scorer *scorer;
    struct shard_folder shards;
    struct share share;           /* that this scan reads; number 0: all inputs */
    size_t listed;                /* inputs of all shares */
    struct share_sources sources; /* of the shards, where they were scanned in shares */
    struct scan_id id;
    const char *audit;        /* path */
    struct inputs inputs;     /* what the command line names */
    struct scan_input *given; /* [inputs.count] the same, with how each is read */
    bool reports;             /* a report is to be written beside the audit */
    /* what the scan's end read of the shards, when nothing was scanned since; then is_known */
    struct scanned_inputs known;
    struct reply_roots known_roots;
    bool is_known;
    int threads;
    struct timings timings;
};

void session_init(struct session *session, const struct options *options);
void session_release(struct session *session);
/* Reads configuration and options, compiles queries, opens the scorer. */
enum status session_prepare(struct session *session, struct fault *fault) MUST_USE;
/* Brands, lexicons, engine and the reading of inputs as the command line gives them. */
enum status config_options(struct config *config, const struct options *options,
                           struct fault *fault) MUST_USE;
/* Opens and locks the folder of shards of an audit with those of its shares, for what reads them.
 */
enum status session_open(struct session *session, const char *audit, struct fault *fault) MUST_USE;
/* Limits of --max-output and the like. */
enum status session_limits(const struct options *options, struct unpack_limits *limits,
                           struct fault *fault) MUST_USE;

/* Before hours of work: refuses names that cannot be written, or hold what burza did not write. */
enum status session_outputs(const struct session *session, struct fault *fault) MUST_USE;

/* Reads the inputs named on the command line into shards; a second time for the replies, when a
 * brand asks for its threads. */
enum status session_scan(struct session *session, struct scan_outcome *outcome,
                         struct fault *fault) MUST_USE;
/* Says which inputs of earlier scans are not used, or not fully; *code as of session_study. */
enum status session_check(struct session *session, int *code, struct fault *fault) MUST_USE;
/* Computes and writes the audit, and prints the summary unless quiet. *code: what the program is to
 * exit with when something was not whole, else 0. */
enum status session_study(struct session *session, int *code, struct fault *fault) MUST_USE;
/* After pass 1 of all shares: writes what each needs for the second; *count: inputs to be read. */
enum status session_roots(struct session *session, size_t *count, int *code,
                          struct fault *fault) MUST_USE;
/* The report beside the audit, unless --no-report. */
enum status session_report(struct session *session, struct fault *fault) MUST_USE;

#endif
