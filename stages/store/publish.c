#include "stages/store/publish.h"

#include "stages/common/files.h"
#include "stages/store/seal.h"

#include <unistd.h>

enum status publish_begin(struct publication *file, const char *path, int uncreated,
                          struct fault *fault) {
    file->path = path;
    file->uncreated = uncreated;
    if (!file_temporary(path, file->temporary, sizeof file->temporary))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%s\" is too long", path);
    h5_lock();
    h5_create(&file->h5, file->temporary);
    file->created = !file->h5.failed;
    return STATUS_OK;
}

enum status publish_end(struct publication *file, struct fault *fault) {
    bool ok = h5_close(&file->h5);
    h5_unlock();
    enum status status =
        ok ? seal_write(file->temporary, fault)
           : fault_set(fault, STATUS_FATAL, file->created ? EXIT_IO : file->uncreated,
                       "cannot write \"%s\": %s", file->path, file->h5.what);
    if (status == STATUS_OK)
        return file_commit(file->temporary, file->path, fault);
    unlink(file->temporary);
    return status;
}

enum status publish(const char *path, void (*write)(struct h5 *h5, const void *context),
                    const void *context, int uncreated, struct fault *fault) {
    struct publication file;
    enum status status = publish_begin(&file, path, uncreated, fault);
    if (status != STATUS_OK)
        return status;
    write(&file.h5, context);
    return publish_end(&file, fault);
}
