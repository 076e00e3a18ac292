/* report_audit: reads an audit and publishes its report. Used by `burza report` and at the end of
 * `burza run`. `language` is "en", "pl" or NULL (English). Moments are shown in the time zone that
 * the audit names, or in UTC when it names none. May fail: STATUS_FATAL (usage, no audit, damaged,
 * cannot write). */
#ifndef BURZA_REPORT_AUDIT_H
#define BURZA_REPORT_AUDIT_H

#include "stages/common/buf.h"
#include "stages/common/status.h"

enum status report_audit(const char *audit_path, const char *path, const char *language,
                         struct fault *fault) MUST_USE;
/* Appends the report's path beside the audit: without .h5, with .html and a final zero. */
void report_path(const char *audit, struct buf *out);

#endif
