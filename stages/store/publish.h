/* publish: how every file of ours comes to be: written under a temporary name, closed, sealed,
 * synced and renamed. Internal to store. */
#ifndef BURZA_PUBLISH_H
#define BURZA_PUBLISH_H

#include "stages/common/status.h"
#include "stages/store/h5.h"

struct publication {
    struct h5 h5;
    char temporary[4096];
    const char *path; /* borrowed */
    int uncreated;
    bool created;
};

/* Takes the lock of HDF5 and makes the temporary file; `uncreated` is the exit code when not even
 * that is possible. After STATUS_OK publish_end must follow, whatever happens in between. */
enum status publish_begin(struct publication *file, const char *path, int uncreated,
                          struct fault *fault) MUST_USE;
/* Publishes unless file->h5 has failed; gives the lock back. */
enum status publish_end(struct publication *file, struct fault *fault) MUST_USE;

/* Both, with `write` in between, which states the content. */
enum status publish(const char *path, void (*write)(struct h5 *h5, const void *context),
                    const void *context, int uncreated, struct fault *fault) MUST_USE;

#endif
