/* next steps: what a user can do where nothing, or next to nothing, came of the inputs: a time
 * zone, the order of dates, a mapping, a query that fits what the posts write. Prints to standard
 * output; nothing when all is well. */
#ifndef BURZA_NEXT_STEPS_H
#define BURZA_NEXT_STEPS_H

#include "pipeline/commands/session.h"

/* After the audit was written. Reads inputs again only for brands that nobody mentioned. */
enum status print_next_steps(const struct session *session, struct fault *fault) MUST_USE;

#endif
