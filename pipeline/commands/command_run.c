/* burza run, scan, study, merge: the commands that make audits. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/scan_choice.h"
#include "pipeline/commands/session.h"
#include "pipeline/scan/signals.h"
#include "stages/report/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int interrupted(int number) {
    print_message("interrupted; give the same command again to go on where it stopped");
    return number == SIGTERM ? EXIT_SIGTERM : EXIT_SIGINT;
}

static void say_scan(const struct session *session, const struct scan_outcome *outcome) {
    if (session->options->quiet)
        return;
    if (outcome->known)
        print_message("%zu of %zu inputs were scanned before and not read again", outcome->known,
                      outcome->known + outcome->read);
    if (outcome->read)
        print_message("read %.1f MB of records in %.1f s", (double)outcome->bytes_out / 1e6,
                      outcome->seconds);
}

static void say_timings(const struct session *session) {
    struct buf text;
    if (!session->timings.on)
        return;
    buf_init(&text, 1 << 20);
    timings_text(&session->timings, &text);
    fwrite(text.at, 1, text.len, stderr);
    buf_release(&text);
}

/* A wrong --lang is said before hours of work, not after. */
static bool report_language_known(const struct options *options) {
    enum report_language language;
    if (!options->language || report_language_find(options->language, &language))
        return true;
    print_message("--lang is en or pl, not \"%.40s\"", options->language);
    return false;
}

int command_run(const struct options *options) {
    struct session session;
    struct scan_outcome outcome = {0};
    struct fault fault = {0};
    bool damaged = false;
    if (!report_language_known(options))
        return EXIT_USAGE;
    session_init(&session, options);
    signals_catch();
    enum status status = session_prepare(&session, &fault);
    if (status == STATUS_OK)
        status = session_scan(&session, &outcome, &fault);
    if (status == STATUS_OK && !outcome.signal) {
        say_scan(&session, &outcome);
        status = session_study(&session, &damaged, &fault);
        if (status == STATUS_OK)
            status = session_report(&session, &fault);
    }
    say_timings(&session);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    if (outcome.signal)
        return interrupted(outcome.signal);
    return close_output(damaged ? EXIT_PARTIAL : EXIT_DONE);
}

int command_scan(const struct options *options) {
    struct session session;
    struct scan_outcome outcome = {0};
    struct fault fault = {0};
    session_init(&session, options);
    signals_catch();
    enum status status = session_prepare(&session, &fault);
    if (status == STATUS_OK)
        status = session_scan(&session, &outcome, &fault);
    bool missing = false;
    if (status == STATUS_OK && !outcome.signal) {
        say_scan(&session, &outcome);
        status = session_check(&session, &missing, &fault);
    }
    say_timings(&session);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    if (outcome.signal)
        return interrupted(outcome.signal);
    return outcome.partial || missing ? EXIT_PARTIAL : EXIT_DONE;
}

/* Opens the shards of an audit that must have been scanned already. */
static enum status open_scanned(struct session *session, struct fault *fault) {
    char folder[4100];
    snprintf(folder, sizeof folder, "%s.parts", session->audit);
    if (access(folder, F_OK) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                         "there is no \"%s\": the shards of this audit; run burza scan first",
                         folder);
    return shard_folder_open(&session->shards, session->audit, fault);
}

int command_study(const struct options *options) {
    struct session session;
    struct fault fault = {0};
    bool damaged = false;
    session_init(&session, options);
    if (options->argument_count != 1) {
        print_message("burza study wants one audit: burza study AUDIT.h5");
        return EXIT_USAGE;
    }
    session.audit = options->arguments[0];
    enum status status = open_scanned(&session, &fault);
    if (status == STATUS_OK)
        status = session_load_settings(&session, &fault);
    if (status == STATUS_OK)
        status = session_prepare(&session, &fault);
    if (status == STATUS_OK)
        status = scan_choose(&session, &fault);
    if (status == STATUS_OK)
        status = session_study(&session, &damaged, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("wrote %s; burza report %s makes its report anew", session.audit,
                      session.audit);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    return close_output(damaged ? EXIT_PARTIAL : EXIT_DONE);
}
