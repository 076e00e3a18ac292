#include "stages/unpack/container.h"

#include <errno.h>

int64_t random_read(const struct random_bytes *bytes, char *to, size_t cap, uint64_t offset) {
    if (bytes->base && offset >= bytes->memory.len) {
        uint64_t at = offset - bytes->memory.len;
        if (at < bytes->base_len) {
            uint64_t left = bytes->base_len - at;
            return random_read(bytes->base, to, left < cap ? (size_t)left : cap,
                               bytes->base_at + at);
        }
        struct random_bytes behind = {.memory = bytes->behind};
        return random_read(&behind, to, cap, at - bytes->base_len);
    }
    if (bytes->reader)
        return file_reader_at(bytes->reader, to, cap, offset);
    if (offset >= bytes->memory.len)
        return 0;
    size_t left = bytes->memory.len - (size_t)offset, len = left < cap ? left : cap;
    memcpy(to, bytes->memory.at + offset, len);
    return (int64_t)len;
}

bool label_is_clutter(const char *label) {
    static const char *const names[] = {".DS_Store", "desktop.ini", "Thumbs.db", "Desktop.ini",
                                        ".localized"};
    const char *slash = strrchr(label, '/');
    const char *base = slash ? slash + 1 : label;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(base, names[i]) == 0)
            return true;
    return strncmp(base, "._", 2) == 0 || strncmp(label, "__MACOSX/", 9) == 0 ||
           strstr(label, "/__MACOSX/") || strstr(label, "@eaDir/");
}

enum status container_open(struct container **out, enum shape shape,
                           const struct container_bytes *bytes, struct budget *budget,
                           struct fault *fault) {
    if (shape == SHAPE_ZIP && !bytes->feed)
        return zip_container_open(out, bytes, budget, fault);
    if (shape == SHAPE_7Z)
        return seven_container_open(out, bytes, budget, fault);
    return archive_container_open(out, shape, bytes, budget, fault);
}
