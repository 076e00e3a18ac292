/* burza report: the audit as one HTML page. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/report_audit.h"
#include "pipeline/commands/score_reasons.h"
#include "stages/common/files.h"
#include "stages/report/report.h"

enum status report_audit(const char *audit_path, const char *path, const char *language,
                         struct fault *fault) {
    enum report_language chosen;
    struct audit audit;
    struct zone zone = {0};
    struct buf page;
    if (!report_language_find(language, &chosen))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "--lang wants en or pl, not \"%s\"",
                         language);
    enum status status = output_check(path, OUTPUT_REPORT, fault);
    if (status == STATUS_OK)
        status = audit_read(audit_path, false, &audit, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&page, REPORT_MAX_BYTES);
    const char *name = audit_noted(&audit, "timezone");
    if (*name)
        status = zone_open(&zone, name, fault);
    if (status == STATUS_OK)
        status = score_reasons_mark_evidence(&audit, fault);
    if (status == STATUS_OK)
        status = report_write(&audit, chosen, *name ? &zone : NULL, &page, fault);
    if (status == STATUS_OK)
        status = file_publish(path, buf_as_span(&page), fault);
    buf_release(&page);
    zone_release(&zone);
    audit_release(&audit);
    return status;
}

void report_path(const char *audit, struct buf *out) {
    struct span stem = span_of(audit);
    if (span_ends(stem, ".h5"))
        stem.len -= 3;
    buf_span(out, stem);
    buf_add(out, ".html", sizeof ".html");
}

int command_report(const struct options *options) {
    struct fault fault = {0};
    struct buf path;
    if (options->argument_count != 1) {
        print_message(
            "report wants one audit: burza report AUDIT.h5 [-o REPORT.html] [--lang en|pl]");
        return EXIT_USAGE;
    }
    buf_init(&path, 1 << 16);
    if (options->output)
        buf_add(&path, options->output, strlen(options->output) + 1);
    else
        report_path(options->arguments[0], &path);
    enum status status =
        path.failed ? fault_memory(&fault)
                    : report_audit(options->arguments[0], path.at, options->language, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("wrote %s", path.at);
    buf_release(&path);
    return status == STATUS_OK ? EXIT_DONE : print_error(&fault);
}
