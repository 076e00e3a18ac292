/* Mapping files: any bytes are a mapping or a fault with a message. */
#include "stages/common/files.h"
#include "stages/decode/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64];
    struct fault fault = {0};
    struct mapping *mapping;
    int fd = memfd_create("mapping", MFD_CLOEXEC);
    if (fd < 0)
        return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd_write(fd, (struct span){(const char *)data, size})) {
        if (mapping_read(&mapping, path, &fault) == STATUS_OK)
            mapping_free(mapping);
        else if (mapping || !fault.text[0])
            abort();
    }
    close(fd);
    return 0;
}
