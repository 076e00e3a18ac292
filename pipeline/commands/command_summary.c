/* burza summary: what run and study say at their end, of an audit that is there. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/summary.h"

#include <stdio.h>

enum status print_chosen_summary(const struct audit *audit, const struct zone *zone,
                                 const char *path, bool json, struct fault *fault) {
    char seal[72];
    struct buf text;
    if (!json) {
        print_summary(audit, zone);
        return STATUS_OK;
    }
    enum status status = store_seal(path, seal, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&text, 256 << 20);
    if (summary_json(audit, zone, seal, &text))
        fwrite(text.at, 1, text.len, stdout);
    else
        status = fault_memory(fault);
    buf_release(&text);
    return status;
}

int command_summary(const struct options *options) {
    struct audit audit;
    struct zone zone = {0};
    struct fault fault = {0};
    if (options->argument_count != 1) {
        print_message("summary wants one audit: burza summary AUDIT.h5 [--json]");
        return EXIT_USAGE;
    }
    const char *path = options->arguments[0];
    enum status status = audit_read(path, false, &audit, &fault);
    if (status != STATUS_OK)
        return print_error(&fault);
    const char *name = audit_noted(&audit, "timezone");
    if (*name)
        status = zone_open(&zone, name, &fault);
    if (status == STATUS_OK)
        status = print_chosen_summary(&audit, &zone, path, options->json, &fault);
    if (status == STATUS_OK && !options->json && audit.tables[TABLE_ALARMS].count)
        print_replay(&audit, &zone);
    zone_release(&zone);
    audit_release(&audit);
    return status == STATUS_OK ? close_output(EXIT_DONE) : print_error(&fault);
}
