#include "pipeline/commands/session.h"

#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/summary.h"
#include "pipeline/study/study.h"
#include "stages/common/num.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

void session_init(struct session *session, const struct options *options) {
    *session = (struct session){.options = options, .shards = {.lock = -1}};
    session->audit = options->output ? options->output : "audit.h5";
    config_init(&session->config);
    timings_begin(&session->timings, false, 0);
}

void session_release(struct session *session) {
    query_set_free(session->queries);
    scorer_free(session->scorer);
    shard_folder_close(&session->shards);
    config_release(&session->config);
    timings_release(&session->timings);
}

/* What decides the shards: program, brands, how dumps are read, lexicons. */
static enum status compute_digest(struct session *session, struct fault *fault) {
    struct buf text;
    unsigned char sum[DIGEST_SIZE];
    buf_init(&text, CONFIG_MAX_BYTES);
    buf_format(&text, "burza %s\n%s\n", BURZA_VERSION, scorer_digest(session->scorer));
    enum status status = config_text(&session->config, CONFIG_SCAN, &text, fault);
    digest_of(buf_as_span(&text), sum);
    digest_hex(sum, session->scan_digest);
    buf_release(&text);
    return status;
}

enum status session_prepare(struct session *session, struct fault *fault) {
    struct config *config = &session->config;
    enum status status = STATUS_OK;
    if (!options_threads(session->options, &session->threads))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "see burza help");
    timings_begin(&session->timings, session->options->timings, session->threads);
    omp_set_num_threads(session->threads);
    if (session->options->config)
        status = config_read(config, session->options->config, fault);
    if (status == STATUS_OK)
        status = config_options(config, session->options, fault);
    if (status == STATUS_OK)
        status = config_finish(config, fault);
    if (status == STATUS_OK)
        status = query_set_compile(&session->queries, config->brands, config->brand_count, fault);
    struct score_options score = {.engine = config->engine,
                                  .lexicons = config->lexicons,
                                  .lexicon_count = config->lexicon_count};
    if (status == STATUS_OK)
        status = scorer_open(&session->scorer, &score, fault);
    if (status == STATUS_OK)
        status = compute_digest(session, fault);
    timings_phase(&session->timings, PHASE_PREPARE);
    return status;
}

static enum status want_size(const char *name, const char *text, uint64_t most, uint64_t *out,
                             struct fault *fault) {
    if (text && (!options_size(text, out) || *out > most))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "%s wants a whole number, optionally with K, M, G or T, not \"%.40s\"",
                         name, text);
    return STATUS_OK;
}

enum status session_limits(const struct options *options, struct unpack_limits *limits,
                           struct fault *fault) {
    *limits = unpack_limits_default();
    uint64_t ratio = limits->max_ratio, members = limits->max_members;
    uint64_t window = (uint64_t)limits->zstd_window_log;
    enum status status =
        want_size("--max-output", options->max_output, INT64_MAX, &limits->max_output_bytes, fault);
    if (status == STATUS_OK)
        status = want_size("--max-ratio", options->max_ratio, UINT32_MAX, &ratio, fault);
    if (status == STATUS_OK)
        status = want_size("--max-members", options->max_members, UINT32_MAX, &members, fault);
    if (status == STATUS_OK)
        status = want_size("--zstd-window", options->zstd_window, 31, &window, fault);
    if (status == STATUS_OK && window < 10)
        status =
            fault_set(fault, STATUS_FATAL, EXIT_USAGE, "--zstd-window is a number from 10 to 31");
    limits->max_ratio = (uint32_t)ratio;
    limits->max_members = (uint32_t)members;
    limits->zstd_window_log = (int)window;
    return status;
}

static enum status save_settings(struct session *session, struct fault *fault) {
    struct buf text;
    buf_init(&text, CONFIG_MAX_BYTES);
    enum status status = config_text(&session->config, CONFIG_WHOLE, &text, fault);
    buf_char(&text, 0);
    if (status == STATUS_OK)
        status = shard_folder_save_settings(&session->shards, text.at, fault);
    buf_release(&text);
    return status;
}

/* One pass; the second when `roots` is given. */
static enum status scan_inputs(struct session *session, const struct inputs *inputs,
                               const struct reply_roots *roots, struct scan_outcome *outcome,
                               struct fault *fault) {
    struct budget budget;
    struct unpack_limits limits;
    struct decode_options decode = config_decode_options(&session->config);
    enum status status = session_limits(session->options, &limits, fault);
    if (status != STATUS_OK)
        return status;
    budget_init(&budget, limits);
    struct scan_plan plan = {.inputs = inputs,
                             .shards = &session->shards,
                             .shared = {.queries = session->queries,
                                        .scorer = session->scorer,
                                        .decode = &decode,
                                        .budget = &budget,
                                        .roots = roots,
                                        .since_us = session->config.since_us,
                                        .until_us = session->config.until_us},
                             .scan_digest = roots ? roots->digest : session->scan_digest,
                             .threads = session->threads,
                             .quiet = session->options->quiet,
                             .timings = &session->timings};
    return scan_run(&plan, outcome, fault);
}

/* Replies in the brands' conversations: only a second pass knows where these begin. */
static enum status scan_context(struct session *session, const struct inputs *inputs,
                                struct scan_outcome *outcome, struct fault *fault) {
    const struct config *config = &session->config;
    struct scan_outcome second = {0};
    struct reply_roots roots;
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->at[i].size < 0)
            return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                             "\"context\": \"thread\" reads the dumps twice and cannot do so with "
                             "standard input; name files");
    enum status status = reply_roots_build(&roots, &session->shards, session->scan_digest,
                                           config->brands, config->brand_count, fault);
    if (status == STATUS_OK)
        status = scan_inputs(session, inputs, &roots, &second, fault);
    reply_roots_release(&roots);
    outcome->signal = second.signal;
    outcome->seconds += second.seconds;
    outcome->bytes_out += second.bytes_out;
    return status;
}

enum status session_scan(struct session *session, struct scan_outcome *outcome,
                         struct fault *fault) {
    struct inputs inputs = {0};
    const struct options *options = session->options;
    if (!options->argument_count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "no input: name files, folders, or - for standard input");
    enum status status = output_check(session->audit, OUTPUT_AUDIT, fault);
    if (status == STATUS_OK)
        status = inputs_expand((const char *const *)options->arguments, options->argument_count,
                               &inputs, fault);
    if (status == STATUS_OK)
        status = shard_folder_open(&session->shards, session->audit, fault);
    if (status == STATUS_OK)
        status = save_settings(session, fault);
    if (status == STATUS_OK)
        status = scan_inputs(session, &inputs, NULL, outcome, fault);
    if (status == STATUS_OK && !outcome->signal &&
        reply_roots_wanted(session->config.brands, session->config.brand_count))
        status = scan_context(session, &inputs, outcome, fault);
    inputs_release(&inputs);
    timings_phase(&session->timings, PHASE_SCAN);
    return status;
}

enum status session_study(struct session *session, bool *damaged, struct fault *fault) {
    struct study study;
    study_init(&study, &session->config);
    enum status status = study_run(&study, &session->shards, session->scan_digest,
                                   scorer_digest(session->scorer), fault);
    *damaged = study.damaged;
    timings_phase(&session->timings, PHASE_STUDY);
    if (status == STATUS_OK)
        status = study_write(&study, session->audit, fault);
    timings_phase(&session->timings, PHASE_AUDIT);
    if (status == STATUS_OK && !session->options->quiet)
        print_summary(&study.audit, &session->config.zone);
    study_release(&study);
    return status;
}
