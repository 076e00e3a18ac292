/* publish: how every file of ours comes to be: written under a temporary name, closed, sealed,
 * synced and renamed. Internal to store. */
#ifndef BURZA_PUBLISH_H
#define BURZA_PUBLISH_H

#include "stages/common/status.h"
#include "stages/store/h5.h"

/* `write` states the content. `uncreated` is the exit code when not even the file can be made. */
enum status publish(const char *path, void (*write)(struct h5 *h5, const void *context),
                    const void *context, int uncreated, struct fault *fault) MUST_USE;

#endif
