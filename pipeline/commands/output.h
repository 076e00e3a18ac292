/* output: what an output may replace. A mistyped -o must not destroy a dump, a configuration or a
 * device: an audit replaces only an audit, a report only a page, a workbook only a workbook. May
 * fail: STATUS_FATAL (EXIT_CANTCREATE; EXIT_IO for devices). A path where nothing is yet is always
 * fine. */
#ifndef BURZA_OUTPUT_H
#define BURZA_OUTPUT_H

#include "pipeline/commands/options.h"
#include "stages/unpack/unpack.h"

enum output_kind { OUTPUT_AUDIT, OUTPUT_REPORT, OUTPUT_BOOK };

enum status output_check(const char *path, enum output_kind kind, struct fault *fault) MUST_USE;

/* Takes out of the inputs what burza wrote itself: audits under any name, shards, pages; refuses it
 * (EXIT_DATA) where the command line names it. */
enum status output_leave_out(const struct options *options, struct inputs *inputs,
                             struct fault *fault) MUST_USE;

#endif
