#include "stages/store/publish.h"

#include "stages/common/files.h"
#include "stages/store/seal.h"

#include <unistd.h>

enum status publish(const char *path, void (*write)(struct h5 *h5, const void *context),
                    const void *context, int uncreated, struct fault *fault) {
    char temporary[4096];
    struct h5 h5;
    if (!file_temporary(path, temporary, sizeof temporary))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%s\" is too long", path);
    h5_lock();
    h5_create(&h5, temporary);
    bool created = !h5.failed;
    write(&h5, context);
    bool ok = h5_close(&h5);
    h5_unlock();
    enum status status = ok ? seal_write(temporary, fault)
                            : fault_set(fault, STATUS_FATAL, created ? EXIT_IO : uncreated,
                                        "cannot write \"%s\": %s", path, h5.what);
    if (status == STATUS_OK)
        return file_commit(temporary, path, fault);
    unlink(temporary);
    return status;
}
