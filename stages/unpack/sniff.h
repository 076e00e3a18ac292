/* sniff: what bytes are, from their first 512. */
#ifndef BURZA_UNPACK_SNIFF_H
#define BURZA_UNPACK_SNIFF_H

#include "stages/common/span.h"

#define SNIFF_HEAD 512 /* one tar block */

enum codec { CODEC_NONE, CODEC_GZIP, CODEC_ZSTD, CODEC_BZIP2, CODEC_XZ, CODEC_LZ4 };
enum shape { SHAPE_FILE, SHAPE_TAR, SHAPE_ZIP, SHAPE_7Z };

struct sniffed {
    enum codec codec;    /* of the outermost layer */
    enum shape shape;    /* a container, when codec is CODEC_NONE */
    const char *foreign; /* an archive that is not read ("rar"), else NULL */
};
struct sniffed sniff(struct span head);
/* Neither compressed nor a container of any kind. */
bool sniffed_is_plain(struct sniffed sniffed);

const char *codec_name(enum codec codec);
const char *shape_name(enum shape shape);

#endif
