#include "stages/unpack/sniff.h"

static const struct magic {
    const char *bytes;
    unsigned char len;
    struct sniffed means;
} magics[] = {
    {"\x1f\x8b\x08", 3, {CODEC_GZIP, SHAPE_FILE, NULL}},
    {"\x28\xb5\x2f\xfd", 4, {CODEC_ZSTD, SHAPE_FILE, NULL}},
    {"\xfd"
     "7zXZ\0",
     6,
     {CODEC_XZ, SHAPE_FILE, NULL}},
    {"\x04\x22\x4d\x18", 4, {CODEC_LZ4, SHAPE_FILE, NULL}},
    {"\x02\x21\x4c\x18", 4, {CODEC_LZ4, SHAPE_FILE, NULL}},
    {"PK\x03\x04", 4, {CODEC_NONE, SHAPE_ZIP, NULL}},
    {"PK\x05\x06", 4, {CODEC_NONE, SHAPE_ZIP, NULL}},
    {"PK\x07\x08PK", 6, {CODEC_NONE, SHAPE_ZIP, NULL}},
    {"7z\xbc\xaf\x27\x1c", 6, {CODEC_NONE, SHAPE_7Z, NULL}},
    {"Rar!\x1a\x07", 6, {CODEC_NONE, SHAPE_FILE, "rar"}},
    {"\x1f\x9d", 2, {CODEC_NONE, SHAPE_FILE, "compress (.Z)"}},
    {"LZIP\x01", 5, {CODEC_NONE, SHAPE_FILE, "lzip"}},
    {"\x89LZO\0\r\n\x1a\n", 9, {CODEC_NONE, SHAPE_FILE, "lzop"}},
    {"MSCF\0\0\0\0", 8, {CODEC_NONE, SHAPE_FILE, "cab"}},
};

/* "BZh", a level, and the magic number of a block or of the end of an empty stream; the three
 * letters alone could begin a text. */
static bool is_bzip2(struct span head) {
    return head.len >= 10 && memcmp(head.at, "BZh", 3) == 0 && head.at[3] >= '1' &&
           head.at[3] <= '9' &&
           (memcmp(head.at + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
            memcmp(head.at + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* A zstd skippable frame (0x184D2A50 to 5F), as pzstd writes them first. */
static bool is_skippable_frame(struct span head) {
    return head.len >= 4 && ((unsigned char)head.at[0] & 0xF0) == 0x50 &&
           memcmp(head.at + 1, "\x2a\x4d\x18", 3) == 0;
}

/* An octal number of a tar header: blanks, digits, then NUL or blank. */
static bool tar_octal(const char *at, size_t len, long *out) {
    size_t i = 0;
    long value = 0;
    while (i < len && at[i] == ' ')
        i++;
    size_t digits = i;
    for (; i < len && at[i] >= '0' && at[i] <= '7'; i++)
        value = value * 8 + (at[i] - '0');
    *out = value;
    return i > digits && (i == len || at[i] == '\0' || at[i] == ' ');
}

/* "ustar", or the checksum (POSIX 1003.1 ustar: the sum of all bytes, its own field taken as
 * blanks), which also finds v7 headers. Some old writers summed signed bytes. A damaged header that
 * still says "ustar" must not pass for a text. */
static bool is_tar(struct span head) {
    long stored, sum = 8 * ' ', signed_sum = 8 * ' ';
    if (head.len < SNIFF_HEAD || head.at[0] == '\0')
        return false;
    if (memcmp(head.at + 257, "ustar\0", 6) == 0 || memcmp(head.at + 257, "ustar  \0", 8) == 0)
        return true;
    if (!tar_octal(head.at + 148, 8, &stored))
        return false;
    for (size_t i = 0; i < SNIFF_HEAD; i++) {
        if (i >= 148 && i < 156)
            continue;
        sum += (unsigned char)head.at[i];
        signed_sum += (signed char)head.at[i];
    }
    return stored == sum || stored == signed_sum;
}

struct sniffed sniff(struct span head) {
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (head.len >= magics[i].len && memcmp(head.at, magics[i].bytes, magics[i].len) == 0)
            return magics[i].means;
    if (is_bzip2(head))
        return (struct sniffed){CODEC_BZIP2, SHAPE_FILE, NULL};
    if (is_skippable_frame(head))
        return (struct sniffed){CODEC_ZSTD, SHAPE_FILE, NULL};
    if (is_tar(head))
        return (struct sniffed){CODEC_NONE, SHAPE_TAR, NULL};
    return (struct sniffed){CODEC_NONE, SHAPE_FILE, NULL};
}

bool sniffed_is_plain(struct sniffed sniffed) {
    return sniffed.codec == CODEC_NONE && sniffed.shape == SHAPE_FILE && !sniffed.foreign;
}

const char *codec_name(enum codec codec) {
    static const char *const names[] = {"none", "gzip", "zstd", "bzip2", "xz", "lz4"};
    return names[codec];
}

const char *shape_name(enum shape shape) {
    static const char *const names[] = {"file", "tar", "zip", "7z"};
    return names[shape];
}
