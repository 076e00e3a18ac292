/* missing inputs: says which inputs of a folder of shards are damaged, unfinished, left out, or
 * were not looked through for all conversations, by name as long as they are few.
 *
 * In: a session and the inputs of its folder. Out: lines on stderr. Owner: nothing. May fail: no.
 */
#ifndef BURZA_MISSING_INPUTS_H
#define BURZA_MISSING_INPUTS_H

#include "pipeline/commands/session.h"

/* What is missing of the audit; `but_context`: but replies that a second pass looks for. The exit
 * code of what is, 0: nothing. */
int say_missing(const struct session *session, const struct scanned_inputs *inputs,
                bool but_context);
void say_damaged(const struct scanned_inputs *inputs);

#endif
