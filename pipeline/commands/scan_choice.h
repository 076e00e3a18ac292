/* scan choice: which scan in a folder of shards a study of today's settings works on: the one of
 * this program, else the one of an older revision with the same settings. */
#ifndef BURZA_SCAN_CHOICE_H
#define BURZA_SCAN_CHOICE_H

#include "pipeline/commands/session.h"

/* Sets session->id; unchanged when the folder has no shards for these settings. */
enum status scan_choose(struct session *session, struct fault *fault) MUST_USE;

#endif
