/* scan id: what a scan is known by, so that its shards are found again: SCAN_REVISION, the settings
 * that decide rows, and the lexicons; not the program's version, not paths.
 *
 * In: the settings in canonical form, the lexicons' digest. Out: digests that name the shards.
 * Owner: the caller. May fail: never. */
#ifndef BURZA_SCAN_ID_H
#define BURZA_SCAN_ID_H

#include "stages/common/digest.h"

#include <stdint.h>

/* Raised when the same input gives other rows on purpose; old shards are then scanned again. */
enum { SCAN_REVISION = 1 };

struct scan_id {
    char digest[DIGEST_HEX_SIZE];   /* of all that follows: names the shards of the first pass */
    char context[DIGEST_HEX_SIZE];  /* names those of the second: replies that name no brand */
    char settings[DIGEST_HEX_SIZE]; /* of the settings alone */
    char lexicons[DIGEST_HEX_SIZE];
    int64_t revision; /* 0: of version 0.1.0, whose context shards are named by their roots */
};
void scan_id_make(struct scan_id *id, struct span settings, const char *lexicons);
/* Sets `digest`, and `context` as follows from it. */
void scan_id_take(struct scan_id *id, const char *digest, const char *lexicons, int64_t revision);

#endif
