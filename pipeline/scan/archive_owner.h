/* archive owner: whose archive a file of an own archive belongs to, as the file of the account says
 * (X: account.js beside tweets.js, or in the zip that holds both).
 *
 * In: the path of an input on disk. Out: the account's handle and id (each of
 * `size` bytes; the id may be empty). May fail: false where nothing says it, and in a zip whose
 * file of the account is not to be read. */
#ifndef BURZA_ARCHIVE_OWNER_H
#define BURZA_ARCHIVE_OWNER_H

#include <stdbool.h>
#include <stddef.h>

bool archive_owner(const char *path, char *handle, char *id, size_t size);

#endif
