/* burza run, scan, study, merge: the commands that make audits. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/report_audit.h"
#include "pipeline/commands/session.h"
#include "pipeline/scan/signals.h"
#include "stages/common/files.h"
#include "stages/report/report.h"

#include <dirent.h>
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

/* "audit.h5" -> "audit.html" */
static char *report_path(const char *audit) {
    size_t len = strlen(audit);
    if (len > 3 && strcmp(audit + len - 3, ".h5") == 0)
        len -= 3;
    char *path = malloc(len + 6);
    if (path)
        snprintf(path, len + 6, "%.*s.html", (int)len, audit);
    return path;
}

static enum status write_report(struct session *session, struct fault *fault) {
    if (session->options->no_report)
        return STATUS_OK;
    char *path = report_path(session->audit);
    if (!path)
        return fault_memory(fault);
    enum status status = report_audit(session->audit, path, session->options->language, fault);
    timings_phase(&session->timings, PHASE_REPORT);
    if (status == STATUS_OK && !session->options->quiet)
        print_message("wrote %s and %s", session->audit, path);
    free(path);
    return status;
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
            status = write_report(&session, &fault);
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
    if (status == STATUS_OK && !outcome.signal)
        say_scan(&session, &outcome);
    say_timings(&session);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    if (outcome.signal)
        return interrupted(outcome.signal);
    return outcome.partial ? EXIT_PARTIAL : EXIT_DONE;
}

/* The settings of the last scan, unless -c says otherwise. */
static enum status load_settings(struct session *session, struct fault *fault) {
    struct buf text;
    if (session->options->config)
        return STATUS_OK;
    buf_init(&text, CONFIG_MAX_BYTES);
    enum status status = shard_folder_load_settings(&session->shards, &text, fault);
    if (status == STATUS_OK)
        status = config_parse(&session->config, buf_as_span(&text), "settings.json", fault);
    buf_release(&text);
    return status;
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
        status = load_settings(&session, &fault);
    if (status == STATUS_OK)
        status = session_prepare(&session, &fault);
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

/* ---- merge ---- */

/* Bytes of a file, for shards, which are small beside the dumps. */
static enum status read_whole(const char *path, struct buf *bytes, struct fault *fault) {
    buf_init(bytes, (size_t)1 << 32);
    return file_read(path, bytes, fault);
}

/* Links or copies a shard; one that is there already must be the same. */
static enum status take_shard(const char *from, const char *to, struct fault *fault) {
    struct buf bytes, there;
    bool known = access(to, F_OK) == 0;
    if (!known && link(from, to) == 0)
        return STATUS_OK;
    enum status status = read_whole(from, &bytes, fault);
    buf_init(&there, 0);
    if (status == STATUS_OK && known)
        status = read_whole(to, &there, fault);
    if (status == STATUS_OK && !known)
        status = file_publish(to, buf_as_span(&bytes), fault);
    else if (status == STATUS_OK && !span_equal(buf_as_span(&bytes), buf_as_span(&there)))
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%s\" and \"%s\" differ but have the same name (both from standard "
                           "input?): scan files instead, or merge into another -o",
                           from, to);
    buf_release(&bytes);
    buf_release(&there);
    return status;
}

/* Takes every shard of `audit` into the open shards, and the settings of the first. */
static enum status take_shards(struct session *session, const char *audit, struct fault *fault) {
    char folder[4000], from[4300], to[4300];
    enum status status = STATUS_OK;
    snprintf(folder, sizeof folder, "%.3900s.parts", audit);
    DIR *entries = opendir(folder);
    if (!entries)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                         "there is no \"%.200s\": merge needs the shards of each audit", folder);
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(entries));) {
        bool settings = strcmp(entry->d_name, "settings.json") == 0;
        bool shard = span_ends(span_of(entry->d_name), ".h5") && entry->d_name[0] != '.';
        if (!shard && !settings)
            continue;
        snprintf(from, sizeof from, "%s/%.255s", folder, entry->d_name);
        snprintf(to, sizeof to, "%s/%.255s", session->shards.folder, entry->d_name);
        if (shard || access(to, F_OK) != 0)
            status = take_shard(from, to, fault);
    }
    closedir(entries);
    return status;
}

/* An audit with other brands or settings would be left out of the study without a word. */
static enum status check_same_settings(const struct session *session, const char *audit,
                                       struct fault *fault) {
    struct shard_folder shards = {.lock = -1};
    struct shard_list list;
    snprintf(shards.folder, sizeof shards.folder, "%.3700s.parts", audit);
    enum status status = shard_folder_list(&shards, session->scan_digest, &list, fault);
    if (status == STATUS_OK && !list.count)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%.200s\" was scanned with other brands, settings or lexicons than "
                           "the first audit; scan it again with the same configuration",
                           audit);
    shard_list_release(&list);
    return status;
}

int command_merge(const struct options *options) {
    struct session session;
    struct fault fault = {0};
    bool damaged = false;
    session_init(&session, options);
    if (!options->output || !options->argument_count) {
        print_message("burza merge wants an output and audits: burza merge -o ALL.h5 A.h5 B.h5");
        return EXIT_USAGE;
    }
    enum status status = output_check(session.audit, OUTPUT_AUDIT, &fault);
    if (status == STATUS_OK)
        status = shard_folder_open(&session.shards, session.audit, &fault);
    for (size_t i = 0; i < options->argument_count && status == STATUS_OK; i++)
        status = take_shards(&session, options->arguments[i], &fault);
    if (status == STATUS_OK)
        status = load_settings(&session, &fault);
    if (status == STATUS_OK)
        status = session_prepare(&session, &fault);
    for (size_t i = 0; i < options->argument_count && status == STATUS_OK; i++)
        status = check_same_settings(&session, options->arguments[i], &fault);
    if (status == STATUS_OK)
        status = session_study(&session, &damaged, &fault);
    if (status == STATUS_OK)
        status = write_report(&session, &fault);
    session_release(&session);
    if (status != STATUS_OK)
        return print_error(&fault);
    return close_output(damaged ? EXIT_PARTIAL : EXIT_DONE);
}
