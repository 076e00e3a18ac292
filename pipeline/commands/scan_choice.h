/* scan choice: which scan in a folder of shards a study of today's settings works on: the one of
 * this program, else the one of an older revision with the same settings. */
#ifndef BURZA_SCAN_CHOICE_H
#define BURZA_SCAN_CHOICE_H

#include "pipeline/commands/session.h"

/* Sets session->id; unchanged when the folder has no shards for these settings. */
enum status scan_choose(struct session *session, struct fault *fault) MUST_USE;
/* Prepares the session for a study of the open folder: with the settings of its last scan, unless
 * -c says otherwise, and with the scan chosen. */
enum status session_reopen(struct session *session, struct fault *fault) MUST_USE;

#endif
