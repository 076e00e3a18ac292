/* Compressed files with nothing in them that changes from run to run: fixed owner, mode and times,
 * one thread, fixed levels. Failures end the program with the file's name. */
#ifndef GENERATOR_PACK_H
#define GENERATOR_PACK_H
#include "text_buffer.h"

struct archive;
struct pack_tar {
    struct archive *archive;
    const char *path;
};
void pack_tar_open(struct pack_tar *tar, const char *path);
/* Adds bytes as one bzip2-compressed member with this modification time */
void pack_tar_add_bz2(struct pack_tar *tar, const char *member, const struct text *bytes,
                      int64_t modified_s);
void pack_tar_close(struct pack_tar *tar);
/* Window 2^28: more than a zstd decoder accepts unless it is told to, as in the Pushshift dumps */
void pack_write_zst(const char *path, const struct text *bytes);
void pack_write_gz(const char *path, const struct text *bytes);
void pack_write_plain(const char *path, const struct text *bytes);
#endif
