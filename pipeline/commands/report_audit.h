/* report_audit: reads an audit and publishes its report. Used by `burza report` and at the end of
 * `burza run`. `language` is "en", "pl" or NULL (English). Moments are shown in the time zone that
 * the audit names, or in UTC when it names none. May fail: STATUS_FATAL (usage, no audit, damaged,
 * cannot write). */
#ifndef BURZA_REPORT_AUDIT_H
#define BURZA_REPORT_AUDIT_H

#include "stages/common/status.h"

enum status report_audit(const char *audit_path, const char *report_path, const char *language,
                         struct fault *fault) MUST_USE;

#endif
