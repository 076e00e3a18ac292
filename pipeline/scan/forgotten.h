/* forgotten: posts and authors that an audit no longer knows. The folder of shards holds their keys
 * (hashes, no names) in a file of its own, so that a new scan of the same dumps does not bring them
 * back: whoever reads shards blanks such rows. A blanked row still counts as a deleted post; its
 * id, author, address and words are gone.
 *
 * In: names as dumps and exports show them. Owner: a `struct forgotten` owns its keys. May fail:
 * STATUS_FATAL out of memory or when the file cannot be read or written. */
#ifndef BURZA_FORGOTTEN_H
#define BURZA_FORGOTTEN_H

#include "pipeline/scan/shard_folder.h"

struct forgotten {
    struct counts keys;
};

/* Adds what the folder's file holds; nothing when there is none. */
enum status forgotten_read(struct forgotten *forgotten, const char *folder,
                           struct fault *fault) MUST_USE;
enum status forgotten_write(const struct forgotten *forgotten, const char *folder,
                            struct fault *fault) MUST_USE;
/* A post by its id, or with "@" or "u/" before it an author by handle or id, of any platform. */
bool forgotten_add(struct forgotten *forgotten, struct span name) MUST_USE;
void forgotten_release(struct forgotten *forgotten);
/* Blanks the rows of a shard that are to be forgotten; how many. */
size_t forgotten_blank(const struct forgotten *forgotten, struct mention_rows *rows);

#endif
