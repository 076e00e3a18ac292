#include "pipeline/commands/session.h"

#include "pipeline/commands/commands.h"
#include "pipeline/commands/kept_inputs.h"
#include "pipeline/commands/missing_inputs.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/report_audit.h"
#include "pipeline/commands/study_memory.h"
#include "pipeline/commands/summary.h"
#include "pipeline/scan/archive_owner.h"
#include "pipeline/scan/roots_file.h"
#include "pipeline/study/study.h"
#include "stages/common/num.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

void session_init(struct session *session, const struct options *options) {
    *session = (struct session){.options = options};
    session->audit = options->output ? options->output : "audit.h5";
    config_init(&session->config);
    timings_begin(&session->timings, false, 0);
}

void session_release(struct session *session) {
    query_set_free(session->queries);
    scorer_free(session->scorer);
    if (session->is_known) {
        reply_roots_release(&session->known_roots);
        scanned_inputs_release(&session->known);
    }
    free(session->given);
    inputs_release(&session->inputs);
    shard_folder_close(&session->shards);
    share_sources_release(&session->sources);
    config_release(&session->config);
    timings_release(&session->timings);
}

/* Polish writes products with a capital since 2026: such a query may see a step then. */
static void warn_of_capitals(const struct session *session, size_t brand) {
    struct span term;
    if (!session->options->quiet && query_set_wants_capitals(session->queries, brand, &term))
        print_message(
            "brand '%s': \"%.*s\" is found by its capitals; posts before 2026 often write "
            "a product small (burza help names)",
            session->config.brands[brand].id, (int)term.len, term.at);
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
        status = study_memory_check(session, fault);
    if (status == STATUS_OK)
        status = query_set_compile(&session->queries, config->brands, config->brand_count, fault);
    for (size_t i = 0; status == STATUS_OK && i < config->brand_count; i++)
        warn_of_capitals(session, i);
    struct score_options score = {.engine = config->engine,
                                  .lexicons = config->lexicons,
                                  .lexicon_count = config->lexicon_count};
    if (status == STATUS_OK)
        status = scorer_open(&session->scorer, &score, fault);
    /* what decides rows: brands, how dumps are read, lexicons, the revision of the scan */
    struct buf text;
    buf_init(&text, CONFIG_MAX_BYTES);
    if (status == STATUS_OK)
        status = config_text(config, CONFIG_SCAN, &text, fault);
    if (status == STATUS_OK)
        scan_id_make(&session->id, buf_as_span(&text), scorer_digest(session->scorer));
    buf_release(&text);
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

/* One pass; the second when `roots` is given, with what is looked for in each input. */
static enum status scan_inputs(struct session *session, const struct scan_input *inputs,
                               size_t count, const struct reply_roots *roots,
                               const struct scanned_input *const *goals,
                               struct scan_outcome *outcome, struct fault *fault) {
    const struct config *config = &session->config;
    struct budget budget;
    struct unpack_limits limits;
    enum status status = session_limits(session->options, &limits, fault);
    if (status != STATUS_OK)
        return status;
    budget_init(&budget, limits);
    struct scan_plan plan = {
        .inputs = inputs,
        .count = count,
        .listed = session->listed,
        .shards = &session->shards,
        .shared = {.queries = session->queries,
                   .scorer = session->scorer,
                   .budget = &budget,
                   .roots = roots,
                   .links = reply_roots_wanted(config->brands, config->brand_count)},
        .id = &session->id,
        .goals = goals,
        .digest = session->options->digest ? digest_kind_of(session->options->digest) : DIGEST_TREE,
        .threads = session->threads,
        .quiet = session->options->quiet,
        .timings = &session->timings};
    return scan_run(&plan, outcome, fault);
}

enum status session_open(struct session *session, const char *audit, struct fault *fault) {
    enum status status = shard_folder_open(&session->shards, audit, fault);
    return status == STATUS_OK ? share_sources_add(&session->sources, &session->shards, fault)
                               : status;
}

/* What the folder holds, and which inputs need another pass. A share knows that of all shards only
 * from the roots that were made of them. */
static enum status read_known(struct session *session, struct scanned_inputs *inputs,
                              struct reply_roots *roots, struct fault *fault) {
    const struct config *config = &session->config;
    if (session->is_known) {
        *inputs = session->known;
        *roots = session->known_roots;
        session->is_known = false;
        return STATUS_OK;
    }
    enum status status = scanned_inputs_read(inputs, &session->shards, &session->id, fault);
    bool wanted = reply_roots_wanted(config->brands, config->brand_count), found = false;
    *roots = (struct reply_roots){0};
    if (status == STATUS_OK && wanted && session->share.number) {
        char folder[sizeof session->shards.folder];
        snprintf(folder, sizeof folder, "%s", session->shards.folder);
        *strrchr(folder, '/') = 0;
        status = roots_file_read(folder, roots, inputs, &session->id, config->brands,
                                 config->brand_count, &found, fault);
    } else if (status == STATUS_OK && wanted)
        status = reply_roots_build(roots, inputs, &session->shards, &session->id, config->brands,
                                   config->brand_count, fault);
    return status;
}

static bool wants_context(const struct config *config) {
    for (size_t i = 0; i < config->brand_count; i++)
        if (config->brands[i].thread)
            return true;
    return false;
}

/* Replies in the brands' conversations: only a second pass knows where these begin. It reads, of
 * the inputs named on the command line, those that were not looked through for all of them. */
static enum status scan_context(struct session *session, struct scan_outcome *outcome,
                                struct fault *fault) {
    struct scan_outcome second = {0};
    struct scanned_inputs known = {0};
    struct reply_roots roots = {0};
    size_t count = session->inputs.count, chosen = 0;
    struct scan_input *again = calloc(count + 1, sizeof *again);
    const struct scanned_input **goals = calloc(count + 1, sizeof(void *));
    enum status status = study_memory_begin(session, fault);
    if (status == STATUS_OK)
        status = read_known(session, &known, &roots, fault);
    if (status == STATUS_OK && (!again || !goals))
        status = fault_memory(fault);
    bool waits = session->share.number && wants_context(&session->config) && !roots.table.count;
    if (status == STATUS_OK && waits && !session->options->quiet)
        print_message(
            "conversations are looked for in a second pass: burza roots %s when all shares are "
            "through, then the same array again",
            session->audit);
    for (size_t j = 0; j < known.count && status == STATUS_OK; j++) {
        const struct scanned_input *input = &known.at[j];
        for (size_t i = 0; input->needs_pass && i < count && status == STATUS_OK; i++) {
            const char *key = session->given[i].key;
            /* of standard input it is said in the end what it may hold more */
            if (session->given[i].path->size < 0 ||
                strcmp(scanned_input_head(input)->input_key, key) != 0)
                continue;
            /* without the shards of an earlier pass that looked for less */
            if (input->context.count && strcmp(input->context.at->head.roots, input->roots) != 0)
                status = shard_folder_drop_old(&known.context_shards, key, true, fault);
            goals[chosen] = input;
            again[chosen++] = session->given[i];
        }
    }
    study_memory_hold(session); /* what a scan takes does not grow */
    if (status == STATUS_OK && chosen)
        status = scan_inputs(session, again, chosen, &roots, goals, &second, fault);
    /* below a ceiling arrays do not outlive its end */
    session->is_known = status == STATUS_OK && !chosen && !study_memory_limited(session);
    if (session->is_known) {
        session->known = known;
        session->known_roots = roots;
    } else {
        reply_roots_release(&roots);
        scanned_inputs_release(&known);
    }
    free(again);
    free(goals);
    study_memory_end(session, "the search for conversations");
    outcome->signal = second.signal;
    outcome->seconds += second.seconds;
    outcome->bytes_out += second.bytes_out;
    return status;
}

/* What a dump by standard input is known by. One that was not read to its end is not kept. */
static enum status key_of_stream(struct session *session, struct scan_input *input,
                                 struct fault *fault) {
    struct shard_list list;
    bool used = true;
    enum status status = shard_folder_list(&session->shards, session->id.digest, &list, fault);
    for (int number = 0; status == STATUS_OK && used; number++) {
        status =
            shard_folder_input_key(input->path, input->reading->text, number, input->key, fault);
        size_t at = shard_list_find(&list, input->key, SHARD_KEY_SIZE);
        used = at < list.count && strcmp(list.at[at].head.input_key, input->key) == 0;
        if (status == STATUS_OK && used) {
            struct segments segments = segments_at(&list, at);
            if (segments.whole && !segments.trouble)
                continue;
            status = shard_folder_drop(&list, input->key, fault);
            used = false;
        }
    }
    shard_list_release(&list);
    return status;
}

/* The same dump by standard input once more is the same input; read otherwise, it is the new one
 * that counts. */
static enum status settle_stream(struct session *session, const char *key, struct fault *fault) {
    struct shard_list list;
    enum status status = shard_folder_list(&session->shards, session->id.digest, &list, fault);
    size_t at = shard_list_find(&list, key, SHARD_KEY_SIZE);
    bool read = at < list.count && strcmp(list.at[at].head.input_key, key) == 0;
    struct segments ours = read ? segments_at(&list, at) : (struct segments){0};
    for (size_t i = 0; status == STATUS_OK && ours.whole && i < list.count;) {
        struct segments other = segments_at(&list, i);
        const struct shard_head *mine = &ours.at[ours.count - 1].head,
                                *theirs = &other.at[other.count - 1].head;
        i += other.count;
        if (!other.whole || strcmp(mine->input_key, theirs->input_key) == 0 ||
            memcmp(mine->input_key, theirs->input_key, SHARD_PATH_SIZE) != 0 ||
            !scanned_input_same(mine, theirs))
            continue;
        bool same = strcmp(mine->reading, theirs->reading) == 0;
        status = shard_folder_drop(&list, (same ? mine : theirs)->input_key, fault);
        if (same)
            break;
    }
    shard_list_release(&list);
    return status;
}

/* Leaves of the inputs those of this share. */
static enum status deal_inputs(struct session *session, struct fault *fault) {
    char folder[sizeof session->shards.folder];
    const struct share *share = &session->share;
    struct inputs *inputs = &session->inputs;
    size_t all = session->listed = inputs->count;
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->at[i].size < 0)
            return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                             "standard input cannot be dealt to shares; name files");
    snprintf(folder, sizeof folder, "%s", session->shards.folder);
    *strrchr(folder, '/') = 0;
    enum status status =
        shares_deal(folder, share, session->id.settings, session->options->replace, inputs, fault);
    if (status == STATUS_OK && !session->options->quiet)
        print_message("share %d of %d%s%s%s: %zu of %zu inputs", share->number, share->count,
                      *share->source ? " (by the variables of " : "", share->source,
                      *share->source ? "; --share 1/1 reads all)" : "", inputs->count, all);
    return status;
}

/* What the command line names, and how each of it is read. */
static enum status list_given(struct session *session, struct fault *fault) {
    const struct options *options = session->options;
    struct inputs *inputs = &session->inputs;
    enum status status = inputs_expand((const char *const *)options->arguments,
                                       options->argument_count, inputs, fault);
    if (status == STATUS_OK)
        status = output_leave_out(options, inputs, fault);
    if (status == STATUS_OK && session->share.number)
        status = deal_inputs(session, fault);
    session->given = calloc(inputs->count + 1, sizeof *session->given);
    if (status == STATUS_OK && !session->given)
        status = fault_memory(fault);
    for (size_t i = 0; i < inputs->count && status == STATUS_OK; i++) {
        struct scan_input *given = &session->given[i];
        given->path = &inputs->at[i];
        given->reading = config_reading(&session->config, given->path);
        if (given->path->size >= 0 && archive_owner(given->path->path, &given->owner)) {
            given->own = *given->reading;
            given->own.decode.owner = *given->owner.handle ? given->owner.handle : NULL;
            given->own.decode.owner_id = *given->owner.id ? given->owner.id : NULL;
            given->own.decode.exported_s = given->owner.exported_s;
            given->reading = &given->own;
        }
        if (given->path->size >= 0)
            status =
                shard_folder_input_key(given->path, given->reading->text, 0, given->key, fault);
    }
    return status;
}

/* After the folder was opened: what needs its shards. */
static enum status prepare_folder(struct session *session, struct fault *fault) {
    struct buf text;
    enum status status = STATUS_OK;
    size_t count = session->inputs.count;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (session->given[i].path->size < 0)
            status = key_of_stream(session, &session->given[i], fault);
    if (status == STATUS_OK)
        status = kept_inputs_check(session, session->given, count, fault);
    buf_init(&text, CONFIG_MAX_BYTES);
    if (status == STATUS_OK)
        status = config_text(&session->config, CONFIG_WHOLE, &text, fault);
    buf_char(&text, 0);
    if (status == STATUS_OK)
        status = shard_folder_save_settings(&session->shards, text.at, fault);
    if (status == STATUS_OK &&
        session->share.number) { /* a study finds them in the audit's folder */
        struct shard_folder whole = {0};
        snprintf(whole.folder, sizeof whole.folder, "%s", session->shards.folder);
        *strrchr(whole.folder, '/') = 0;
        status = shard_folder_save_settings(&whole, text.at, fault);
    }
    buf_release(&text);
    return status;
}

/* The folder of an audit that one process scans. */
static enum status open_unshared(struct session *session, struct fault *fault) {
    enum status status = session_open(session, session->audit, fault);
    for (size_t i = 0; i < session->sources.count && status == STATUS_OK; i++)
        if (session->sources.at[i].manifest.count)
            status =
                fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                          "\"%.200s\" is scanned in shares: go on with burza scan --share I/%d, "
                          "or choose another -o and merge",
                          session->audit, session->sources.at[i].manifest.count);
    return status;
}

enum status session_outputs(const struct session *session, struct fault *fault) {
    struct buf path;
    enum status status = output_check(session->audit, OUTPUT_AUDIT, fault);
    if (status != STATUS_OK || session->options->no_report || !session->reports)
        return status;
    buf_init(&path, 1 << 16);
    report_path(session->audit, NULL, &path);
    status = path.failed ? fault_memory(fault) : output_check(path.at, OUTPUT_REPORT, fault);
    buf_release(&path);
    return status;
}

enum status session_scan(struct session *session, struct scan_outcome *outcome,
                         struct fault *fault) {
    const struct options *options = session->options;
    bool twice = reply_roots_wanted(session->config.brands, session->config.brand_count);
    if (!options->argument_count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "no input: name files, folders, or - for standard input");
    enum status status = session_outputs(session, fault);
    if (status == STATUS_OK && session->share.number)
        status =
            shard_folder_open_share(&session->shards, session->audit, session->share.number, fault);
    if (status == STATUS_OK)
        status = list_given(session, fault);
    size_t count = session->inputs.count;
    /* what cannot be read twice is refused before it is read once */
    for (size_t i = 0; i < count && wants_context(&session->config) && status == STATUS_OK; i++)
        if (session->given[i].path->size < 0)
            status = fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                               "\"context\": \"thread\" reads the dumps twice and cannot do so "
                               "with standard input; name files");
    if (status == STATUS_OK && !session->share.number)
        status = open_unshared(session, fault);
    if (status == STATUS_OK)
        status = prepare_folder(session, fault);
    if (status == STATUS_OK)
        status = scan_inputs(session, session->given, count, NULL, NULL, outcome, fault);
    for (size_t i = 0; i < count && status == STATUS_OK && !outcome->signal; i++)
        if (session->given[i].path->size < 0)
            status = settle_stream(session, session->given[i].key, fault);
    if (status == STATUS_OK && !outcome->signal && twice)
        status = scan_context(session, outcome, fault);
    timings_phase(&session->timings, PHASE_SCAN);
    return status;
}

enum status session_check(struct session *session, int *code, struct fault *fault) {
    struct scanned_inputs inputs = {0};
    struct reply_roots roots = {0};
    enum status status = study_memory_begin(session, fault);
    if (status == STATUS_OK)
        status = read_known(session, &inputs, &roots, fault);
    if (status == STATUS_OK) {
        say_damaged(&inputs);
        *code = say_missing(session, &inputs, false);
    }
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);
    study_memory_end(session, NULL);
    return status;
}

/* With --strict what is missing is no audit. */
static enum status check_strict(const struct session *session, int code, struct fault *fault) {
    if (!session->options->strict || !code)
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "--strict: nothing is written");
}

enum status session_roots(struct session *session, size_t *count, int *code, struct fault *fault) {
    struct scanned_inputs inputs = {0};
    struct reply_roots roots = {0};
    *count = 0;
    enum status status = study_memory_begin(session, fault);
    if (status == STATUS_OK)
        status = read_known(session, &inputs, &roots, fault);
    if (status == STATUS_OK)
        *code = say_missing(session, &inputs, true);
    if (status == STATUS_OK)
        status = check_strict(session, *code, fault);
    if (status == STATUS_OK)
        status =
            roots_file_write(session->shards.folder, &roots, &inputs, &session->id, count, fault);
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);
    study_memory_end(session, "the search for conversations");
    return status;
}

enum status session_study(struct session *session, int *code, struct fault *fault) {
    struct study study;
    struct scanned_inputs inputs = {0};
    struct reply_roots roots = {0};
    struct fault loss = {0};
    study_init(&study, &session->config);
    enum status status = study_memory_begin(session, fault);
    /* before the lists of shards are there that the study holds */
    enum status kept = status == STATUS_OK ? kept_inputs_check(session, NULL, 0, &loss) : STATUS_OK;
    status = status == STATUS_OK ? read_known(session, &inputs, &roots, fault) : status;
    if (status == STATUS_OK && !inputs.count)
        status =
            fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                      "\"%s\" has no scan with these brands and settings%s", session->shards.folder,
                      inputs.others || inputs.older || inputs.lost
                          ? " (there are some with others): run burza scan with the dumps again"
                          : ": run burza scan first");
    if (status == STATUS_OK && kept != STATUS_OK) {
        *fault = loss;
        status = kept;
    }
    if (status == STATUS_OK) {
        *code = say_missing(session, &inputs, false);
        status = check_strict(session, *code, fault);
    }
    if (status == STATUS_OK) {
        study_memory_plan(session, &inputs);
        if (!inputs.context_shards.count)
            reply_roots_release(&roots); /* only context is chosen by them */
        status = study_run(&study, &inputs, &roots, &session->id, fault);
    }
    if ((study.incomplete || (study.damaged && !session->options->damaged_ok)) &&
        *code < EXIT_PARTIAL)
        *code = EXIT_PARTIAL;
    reply_roots_release(&roots);
    scanned_inputs_release(&inputs);
    timings_phase(&session->timings, PHASE_STUDY);
    status = status == STATUS_OK ? study_write(&study, session->audit, fault) : status;
    if (status == STATUS_OK)
        status = shard_folder_forget_replaced(&session->shards, fault);
    timings_phase(&session->timings, PHASE_AUDIT);
    bool json = session->options->json;
    if (status == STATUS_OK && (json || !session->options->quiet))
        status =
            print_chosen_summary(&study.audit, &session->config.zone, session->audit, json, fault);
    if (status == STATUS_OK && (json || session->options->quiet))
        print_troubles(&study.audit);
    if (status == STATUS_OK && session->options->replay && !json)
        print_replay(&study.audit, &session->config.zone);
    study_release(&study);
    study_memory_end(session, "the study");
    return status;
}

enum status session_report(struct session *session, struct fault *fault) {
    struct buf path;
    if (session->options->no_report)
        return STATUS_OK;
    buf_init(&path, 1 << 16);
    report_path(session->audit, NULL, &path);
    enum status status = path.failed ? fault_memory(fault)
                                     : report_audit(session->audit, path.at,
                                                    session->options->language, NULL, fault);
    timings_phase(&session->timings, PHASE_REPORT);
    if (status == STATUS_OK && !session->options->quiet)
        print_message("wrote %s and %s", session->audit, path.at);
    buf_release(&path);
    return status;
}
