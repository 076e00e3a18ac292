/* seal: the SHA-256 that ends every file of ours. It stands behind the last HDF5 object and
 * before the end that the superblock states, so readers do not look there and do not cut it off:
 * 13 bytes "burza-sha256:", 64 hex digits, a newline. Internal to store. */
#ifndef BURZA_SEAL_H
#define BURZA_SEAL_H

#include "stages/common/buf.h"
#include "stages/common/digest.h"
#include "stages/common/status.h"

#include <stdbool.h>

enum { SEAL_LINE = 13 + 64 + 1 };
/* Adds the seal to the bytes and puts them into place under this name, whole but not synced. */
enum status seal_publish(const char *path, struct buf *bytes, struct fault *fault) MUST_USE;
enum status seal_write(const char *path, struct fault *fault) MUST_USE;
/* Reads the whole file, unless this process made or checked the seal and size and time of the file
 * are still the same. */
enum status seal_check(const char *path, struct fault *fault) MUST_USE;
/* The digest that the file's seal says, unchecked; false when there is no seal. */
bool seal_read(const char *path, char hex[DIGEST_HEX_SIZE]) MUST_USE;
/* Whether the file ends with a seal at all. */
bool seal_present(const char *path);

#endif
