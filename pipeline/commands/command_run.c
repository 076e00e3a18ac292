/* burza run, scan, study: the commands that make audits. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/next_steps.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/scan_choice.h"
#include "pipeline/commands/session.h"
#include "pipeline/scan/signals.h"
#include "stages/report/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Reads the inputs into shards, and says what was read. */
static enum status begin(struct session *session, const struct options *options,
                         struct scan_outcome *outcome, struct fault *fault) {
    session_init(session, options);
    signals_catch();
    enum status status = session_prepare(session, fault);
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

/* Releases the session; the exit code of what came of it. */
static int end(struct session *session, enum status status, int signal, bool partial,
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
        return close_output(partial ? EXIT_PARTIAL : EXIT_DONE);
    print_message("interrupted; give the same command again to go on where it stopped");
    return signal == SIGTERM ? EXIT_SIGTERM : EXIT_SIGINT;
}

int command_run(const struct options *options) {
    struct session session;
    struct scan_outcome outcome = {0};
    struct fault fault = {0};
    enum report_language language;
    bool damaged = false;
    /* a wrong --lang is said before hours of work, not after */
    if (!report_language_find(options->language, &language)) {
        print_message("--lang is en or pl, not \"%.40s\"", options->language);
        return EXIT_USAGE;
    }
    enum status status = begin(&session, options, &outcome, &fault);
    if (status == STATUS_OK && !outcome.signal)
        status = session_study(&session, &damaged, &fault);
    /* advice that cannot be given costs no report */
    if (status == STATUS_OK && !outcome.signal && !options->quiet &&
        print_next_steps(&session, &fault) != STATUS_OK)
        print_error(&fault);
    if (status == STATUS_OK && !outcome.signal)
        status = session_report(&session, &fault);
    return end(&session, status, outcome.signal, damaged, &fault);
}

int command_scan(const struct options *options) {
    struct session session;
    struct scan_outcome outcome = {0};
    struct fault fault = {0};
    bool missing = false;
    enum status status = begin(&session, options, &outcome, &fault);
    if (status == STATUS_OK && !outcome.signal)
        status = session_check(&session, &missing, &fault);
    return end(&session, status, outcome.signal, outcome.partial || missing, &fault);
}

int command_study(const struct options *options) {
    struct session session;
    struct fault fault = {0};
    char folder[4100];
    bool damaged = false;
    session_init(&session, options);
    if (options->argument_count != 1) {
        print_message("burza study wants one audit: burza study AUDIT.h5");
        return EXIT_USAGE;
    }
    session.audit = options->arguments[0];
    snprintf(folder, sizeof folder, "%s.parts", session.audit);
    enum status status = STATUS_OK;
    if (access(folder, F_OK) != 0)
        status =
            fault_set(&fault, STATUS_FATAL, EXIT_NOINPUT,
                      "there is no \"%s\": the shards of this audit; run burza scan first", folder);
    if (status == STATUS_OK)
        status = shard_folder_open(&session.shards, session.audit, &fault);
    if (status == STATUS_OK)
        status = session_reopen(&session, &fault);
    if (status == STATUS_OK)
        status = session_study(&session, &damaged, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("wrote %s; burza report %s makes its report anew", session.audit,
                      session.audit);
    return end(&session, status, 0, damaged, &fault);
}
