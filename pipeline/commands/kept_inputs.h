/* kept inputs: an audit loses no input without a word. Before a scan, and before an audit is
 * written, what the audit that is there holds, and what its shards hold of scans with other brands,
 * must be among what the new one will hold, or have been replaced by newer versions of the same
 * files. */
#ifndef BURZA_KEPT_INPUTS_H
#define BURZA_KEPT_INPUTS_H

#include "pipeline/commands/session.h"

/* STATUS_FATAL with EXIT_CANTCREATE, naming the inputs that would be lost. Before the scan `given`
 * are the inputs that it will read; afterwards there are none. With --replace before the scan:
 * removes the shards of all other inputs and scans instead. */
enum status kept_inputs_check(const struct session *session, const struct scan_input *given,
                              size_t count, struct fault *fault) MUST_USE;

#endif
