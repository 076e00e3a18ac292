/* report_audit: reads an audit and publishes its report. Used by `burza report` and at the end of
 * `burza run`. `language` is "en", "pl" or NULL (English); `brand`, when not NULL, the id of the
 * only brand to tell of. Moments are shown in the time zone that the audit names, or in UTC when it
 * names none; title, client and author are those of its configuration. May fail: STATUS_FATAL
 * (usage, no audit, damaged, cannot write). */
#ifndef BURZA_REPORT_AUDIT_H
#define BURZA_REPORT_AUDIT_H

#include "stages/common/buf.h"
#include "stages/common/status.h"

enum status report_audit(const char *audit_path, const char *path, const char *language,
                         const char *brand, struct fault *fault) MUST_USE;
/* Appends the path of the report beside the audit: without .h5, with the brand (NULL: none), .html
 * and a final zero. */
void report_path(const char *audit, const char *brand, struct buf *out);

#endif
