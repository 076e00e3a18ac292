/* sniff: what bytes are, from their beginning (512 bytes say most, 36 KiB all), and for a zip
 * archive with something before it, from the end of the file. */
#ifndef BURZA_UNPACK_SNIFF_H
#define BURZA_UNPACK_SNIFF_H

#include "stages/common/span.h"

#include <stdint.h>

#define SNIFF_HEAD 512 /* one tar block */

enum codec {
    CODEC_NONE,
    CODEC_GZIP,
    CODEC_ZSTD,
    CODEC_BZIP2,
    CODEC_XZ,
    CODEC_LZ4,
    /* only inside zip and 7z, which say so */
    CODEC_DEFLATE,
    CODEC_DEFLATE64,
    CODEC_LZMA,
    CODEC_PPMD,
    CODECS
};
enum shape { SHAPE_FILE, SHAPE_TAR, SHAPE_ZIP, SHAPE_7Z };

struct sniffed {
    enum codec codec;    /* of the outermost layer */
    enum shape shape;    /* a container, when codec is CODEC_NONE */
    const char *foreign; /* what it is that is not read, and what to do; else NULL */
};
struct sniffed sniff(struct span head);
/* Neither compressed nor a container of any kind. */
bool sniffed_is_plain(struct sniffed sniffed);

/* Is this a zip whose first member is one of an Excel workbook? It is read as one file. */
bool sniff_is_workbook(struct span head);

/* Is this a valid tar header? `head` holds 512 bytes. */
bool tar_header_is_valid(struct span head);

/* The end of a zip archive (APPNOTE 4.3.16) in the last bytes of a file, its place in them. */
bool sniff_zip_end(struct span tail, size_t *at);

/* Does a name say that its bytes are compressed or an archive? */
bool name_is_packed(const char *name);
/* ... that they are a container behind a codec ("x.tar.gz", "x.tgz")? */
bool name_is_packed_tar(const char *name);

/* ... that they are a part of a split archive ("x.z01", "x.7z.002")? */
bool name_is_part(const char *name);

const char *codec_name(enum codec codec);
const char *shape_name(enum shape shape);

#endif
