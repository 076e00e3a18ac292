/* burza run, scan, study: the commands that make audits. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/next_steps.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/scan_choice.h"
#include "pipeline/commands/session.h"
#include "pipeline/scan/reject_file.h"
#include "pipeline/scan/signals.h"
#include "stages/report/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Reads the inputs into shards, and says what was read. */
static enum status begin(struct session *session, const struct options *options, bool reports,
                         struct scan_outcome *outcome, struct fault *fault) {
    session_init(session, options);
    session->reports = reports;
    signals_catch();
    enum status status = STATUS_OK;
    if (!reports) /* a run reads all that it is given */
        status = share_choose(options->share, &session->share, fault);
    if (status == STATUS_OK)
        status = session_prepare(session, fault);
    if (status == STATUS_OK)
        status = session_scan(session, outcome, fault);
    if (status != STATUS_OK || outcome->signal || options->quiet)
        return status;
    if (outcome->known)
        print_message("%zu of %zu inputs were scanned before and not read again", outcome->known,
                      outcome->known + outcome->read);
    if (outcome->read)
        print_message("read %.1f MB of records in %.1f s", (double)outcome->bytes_out / 1e6,
                      outcome->seconds);
    return status;
}

/* What could not be used, in a file of its own. */
static enum status write_rejects(struct session *session, struct fault *fault) {
    const struct options *options = session->options;
    struct unpack_limits limits;
    uint64_t records = 0;
    if (!options->rejects)
        return STATUS_OK;
    enum status status = session_limits(options, &limits, fault);
    if (status == STATUS_OK)
        status = reject_file_read(options->rejects, session->given, session->inputs.count, limits,
                                  &records, fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("%llu lines about what could not be used are in \"%s\"",
                      (unsigned long long)records, options->rejects);
    return status;
}

/* Releases the session; the exit code of what came of it. */
static int end(struct session *session, enum status status, int signal, int code,
               const struct fault *fault) {
    if (session->timings.on) {
        struct buf text;
        buf_init(&text, 1 << 20);
        timings_text(&session->timings, &text);
        fwrite(text.at, 1, text.len, stderr);
        buf_release(&text);
    }
    session_release(session);
    if (status != STATUS_OK)
        return print_error(fault);
    if (!signal)
        return close_output(code);
    print_message("interrupted; give the same command again to go on where it stopped");
    return signal == SIGTERM ? EXIT_SIGTERM : EXIT_SIGINT;
}

int command_run(const struct options *options) {
    struct session session;
    struct scan_outcome outcome = {0};
    struct fault fault = {0};
    enum report_language language;
    int code = 0;
    /* a wrong --lang is said before hours of work, not after */
    if (!report_language_find(options->language, &language)) {
        print_message("--lang is en or pl, not \"%.40s\"", options->language);
        return EXIT_USAGE;
    }
    enum status status = begin(&session, options, true, &outcome, &fault);
    if (status == STATUS_OK && !outcome.signal)
        status = write_rejects(&session, &fault);
    if (status == STATUS_OK && !outcome.signal)
        status = session_study(&session, &code, &fault);
    /* advice that cannot be given costs no report */
    if (status == STATUS_OK && !outcome.signal && !options->quiet && !options->json &&
        print_next_steps(&session, &fault) != STATUS_OK)
        print_error(&fault);
    if (status == STATUS_OK && !outcome.signal)
        status = session_report(&session, &fault);
    return end(&session, status, outcome.signal, code, &fault);
}

int command_scan(const struct options *options) {
    struct session session;
    struct scan_outcome outcome = {0};
    struct fault fault = {0};
    int code = 0;
    enum status status = begin(&session, options, false, &outcome, &fault);
    if (status == STATUS_OK && !outcome.signal)
        status = write_rejects(&session, &fault);
    if (status == STATUS_OK && !outcome.signal)
        status = session_check(&session, &code, &fault);
    bool partial = outcome.partial && !options->damaged_ok;
    return end(&session, status, outcome.signal, partial && !code ? EXIT_PARTIAL : code, &fault);
}

/* One audit of the shards. */
static int study_once(const struct options *options, const char *false_alarms, const char *output) {
    struct session session;
    struct options own = *options;
    struct fault fault = {0};
    int code = 0;
    own.false_alarms = false_alarms;
    session_init(&session, &own);
    session.audit = output;
    enum status status = output_check(session.audit, OUTPUT_AUDIT, &fault);
    if (status == STATUS_OK)
        status = session_open(&session, options->arguments[0], &fault);
    if (status == STATUS_OK)
        status = session_reopen(&session, &fault);
    if (status == STATUS_OK)
        status = session_study(&session, &code, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("wrote %s; burza report %s makes its report anew", session.audit,
                      session.audit);
    return end(&session, status, 0, code, &fault);
}

/* An audit for each of the values in "0.1,0.5,2". */
static int study_each(const struct options *options, const char *output) {
    int worst = EXIT_DONE;
    struct span stem = span_of(output);
    if (span_ends(stem, ".h5"))
        stem.len -= 3;
    for (const char *at = options->false_alarms;
         *at && (worst == EXIT_DONE || worst == EXIT_PARTIAL);) {
        char value[32], path[4096];
        int len = (int)strcspn(at, ",");
        snprintf(value, sizeof value, "%.*s", len < 31 ? len : 31, at);
        snprintf(path, sizeof path, "%.*s-%s.h5", (int)(stem.len < 4000 ? stem.len : 4000), stem.at,
                 value);
        int code = study_once(options, value, path);
        worst = code > worst ? code : worst;
        at += len + (at[len] == ',');
    }
    return worst;
}

/* The folder of shards of `audit`; false with a message when there is none. */
static bool find_shards(const char *audit) {
    char folder[4100];
    if (shard_folder_path(audit, folder, sizeof folder) && access(folder, F_OK) == 0)
        return true;
    print_message(
        "there is no \"%s\": this needs the shards of the audit. A copy needs a copy of its "
        "folder of shards, too, named so; without them run burza scan again",
        folder);
    return false;
}

int command_study(const struct options *options) {
    char audit[4100];
    if (options->argument_count != 1) {
        print_message("burza study wants one audit: burza study AUDIT.h5");
        return EXIT_USAGE;
    }
    if (!find_shards(options->arguments[0]))
        return EXIT_NOINPUT;
    struct span name = span_of(options->arguments[0]);
    while (name.len > 1 && name.at[name.len - 1] == '/')
        name.len--;
    if (span_ends(name, ".parts"))
        name.len -= strlen(".parts");
    snprintf(audit, sizeof audit, "%.*s", (int)name.len, name.at);
    const char *output = options->output ? options->output : audit;
    if (options->false_alarms && strchr(options->false_alarms, ','))
        return study_each(options, output);
    return study_once(options, options->false_alarms, output);
}

int command_roots(const struct options *options) {
    struct session session;
    struct fault fault = {0};
    size_t count = 0;
    int code = 0;
    if (options->argument_count != 1) {
        print_message("burza roots wants one audit: burza roots AUDIT.h5");
        return EXIT_USAGE;
    }
    if (!find_shards(options->arguments[0]))
        return EXIT_NOINPUT;
    session_init(&session, options);
    enum status status = session_open(&session, options->arguments[0], &fault);
    if (status == STATUS_OK)
        status = session_reopen(&session, &fault);
    if (status == STATUS_OK)
        status = session_roots(&session, &count, &code, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("%zu inputs may hold replies in conversations: %s", count,
                      count ? "give the array of burza scan again, then burza study"
                            : "nothing is left but burza study");
    return end(&session, status, 0, code, &fault);
}
