/* archive owner: whose archive a file of an own archive belongs to, and when the archive was made,
 * as the files of the account and of the contents say (X: account.js and manifest.js beside
 * tweets.js, or in the zip that holds them all).
 *
 * In: the path of an input on disk. Out: what is said of the account. Owner: the caller. May fail:
 * fields that nothing says, or that are in a zip and not to be read, stay empty. */
#ifndef BURZA_ARCHIVE_OWNER_H
#define BURZA_ARCHIVE_OWNER_H

#include <stdbool.h>
#include <stdint.h>

struct archive_owner {
    char handle[64], id[64]; /* "": not said */
    int64_t exported_s;      /* seconds since 1970; 0: not said */
};

/* False where nothing at all is said. */
bool archive_owner(const char *path, struct archive_owner *out);

#endif
