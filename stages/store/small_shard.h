/* small shard: a shard of few rows in a file of its own kind, for folders of thousands of small
 * dumps, where HDF5 costs more than reading them. Its name ends with ".rows"; it is sealed as all
 * files are. Internal to store.
 *
 * It is not synced: after a power cut its seal shows that it is torn, and its input is scanned
 * again. In and out, owner, and what may fail: as shard_write and shard_read. */
#ifndef BURZA_SMALL_SHARD_H
#define BURZA_SMALL_SHARD_H

#include "stages/store/store.h"

bool small_shard_named(const char *path);
enum status small_shard_write(const char *path, const struct shard *shard,
                              struct fault *fault) MUST_USE;
/* The seal was checked. */
enum status small_shard_read(const char *path, unsigned parts, struct shard *out,
                             struct fault *fault) MUST_USE;

#endif
