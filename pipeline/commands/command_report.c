/* burza report: the audit as one HTML page. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/report_audit.h"
#include "pipeline/commands/score_reasons.h"
#include "stages/common/files.h"
#include "stages/report/report.h"

#include <jansson.h>

/* A text of the object "report" of the audit's configuration; NULL when it has none. */
static const char *head_text(const json_t *config, const char *key) {
    return json_string_value(json_object_get(json_object_get(config, "report"), key));
}

static enum status write_page(const char *audit_path, struct audit *audit,
                              struct report_options *chosen, struct buf *page,
                              struct fault *fault) {
    struct zone zone = {0};
    char seal[72];
    const char *name = audit_noted(audit, "timezone");
    json_t *config = json_loads(audit_noted(audit, "configuration"), 0, NULL);
    enum status status = store_seal(audit_path, seal, fault);
    if (status == STATUS_OK)
        status = score_reasons_mark_evidence(audit, fault);
    if (status == STATUS_OK && *name)
        status = zone_open(&zone, name, fault);
    chosen->zone = *name ? &zone : NULL;
    chosen->seal = seal;
    chosen->title = head_text(config, "title");
    chosen->client = head_text(config, "client");
    chosen->author = head_text(config, "author");
    if (status == STATUS_OK)
        status = report_write(audit, chosen, page, fault);
    json_decref(config);
    zone_release(&zone);
    return status;
}

enum status report_audit(const char *audit_path, const char *path, const char *language,
                         const char *brand, struct fault *fault) {
    struct report_options chosen = {.brand = brand};
    struct audit audit;
    struct buf page;
    if (!report_language_find(language, &chosen.language))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "--lang wants en or pl, not \"%s\"",
                         language);
    enum status status = output_check(path, OUTPUT_REPORT, fault);
    if (status == STATUS_OK)
        status = audit_read(audit_path, false, &audit, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&page, REPORT_MAX_BYTES);
    status = write_page(audit_path, &audit, &chosen, &page, fault);
    if (status == STATUS_OK)
        status = file_publish(path, buf_as_span(&page), fault);
    buf_release(&page);
    audit_release(&audit);
    return status;
}

void report_path(const char *audit, const char *brand, struct buf *out) {
    struct span stem = span_of(audit);
    if (span_ends(stem, ".h5"))
        stem.len -= 3;
    buf_span(out, stem);
    if (brand)
        buf_format(out, "-%s", brand);
    buf_add(out, ".html", sizeof ".html");
}

int command_report(const struct options *options) {
    struct fault fault = {0};
    struct buf path;
    const char *brand = options->brands.count ? options->brands.at[0] : NULL;
    if (options->argument_count != 1 || options->brands.count > 1) {
        print_message("report wants one audit and at most one brand: burza report AUDIT.h5 "
                      "[-o REPORT.html] [--lang en|pl] [--brand ID]");
        return EXIT_USAGE;
    }
    buf_init(&path, 1 << 16);
    if (options->output)
        buf_add(&path, options->output, strlen(options->output) + 1);
    else
        report_path(options->arguments[0], brand, &path);
    enum status status = path.failed ? fault_memory(&fault)
                                     : report_audit(options->arguments[0], path.at,
                                                    options->language, brand, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("wrote %s", path.at);
    buf_release(&path);
    return status == STATUS_OK ? EXIT_DONE : print_error(&fault);
}
