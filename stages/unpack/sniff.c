#include "stages/unpack/sniff.h"

#include "stages/common/buf.h"

#include <strings.h>

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
    {"PK00PK", 6, {CODEC_NONE, SHAPE_ZIP, NULL}},
    {"7z\xbc\xaf\x27\x1c", 6, {CODEC_NONE, SHAPE_7Z, NULL}},
};

/* What is recognised, but not read. */
#define UNPACK "; unpack it first"
#define DECOMPRESS "; decompress it first"
#define EXPORT "; export its posts as CSV or JSON first"
static const struct foreign {
    unsigned short at;
    const char *bytes;
    unsigned char len;
    const char *says;
} foreigns[] = {
    {0, "Rar!\x1a\x07", 6, "rar archives are not read" UNPACK},
    {0, "MSCF\0\0\0\0", 8, "cab archives are not read" UNPACK},
    {0, "070701", 6, "cpio archives are not read" UNPACK " (cpio -i)"},
    {0, "070702", 6, "cpio archives are not read" UNPACK " (cpio -i)"},
    {0, "070707", 6, "cpio archives are not read" UNPACK " (cpio -i)"},
    {0, "\xc7\x71", 2, "binary cpio archives are not read" UNPACK " (cpio -i)"},
    {0, "\x71\xc7", 2, "binary cpio archives are not read" UNPACK " (cpio -i)"},
    {0, "!<arch>\n", 8, "ar archives are not read" UNPACK " (ar x)"},
    {0, "!<thin>\n", 8, "ar archives are not read" UNPACK " (ar x)"},
    {0, "MSWIM\0\0\0", 8, "wim images are not read" UNPACK " (7z x)"},
    {0, "xar!", 4, "xar archives are not read" UNPACK},
    {0, "\x60\xea", 2, "arj archives are not read" UNPACK},
    {2, "-lh5-", 5, "lha archives are not read" UNPACK},
    {2, "-lh7-", 5, "lha archives are not read" UNPACK},
    {20, "\xdc\xa7\xc4\xfd", 4, "zoo archives are not read" UNPACK},
    {0, "**ACE**", 7, "ace archives are not read" UNPACK},
    {7, "**ACE**", 7, "ace archives are not read" UNPACK},
    {0, "hsqs", 4, "squashfs images are not read" UNPACK " (unsquashfs)"},
    {0, "\xed\xab\xee\xdb", 4, "rpm packages are not read" UNPACK},
    {0, "7kSt", 4, "zpaq archives are not read" UNPACK},
    {0, "WARC/", 5, "WARC files (web pages) are not read; extract the pages' posts from it first"},
    {32769, "CD001", 5, "iso images are not read" UNPACK " (7z x)"},
    {0, "\x1f\x9d", 2, "compress (.Z) files are not read" DECOMPRESS " (uncompress)"},
    {0, "\x1f\xa0", 2, "compress -H files are not read" DECOMPRESS " (gzip -d)"},
    {0, "\x1f\x1e", 2, "pack (.z) files are not read" DECOMPRESS " (gzip -d)"},
    {0, "LZIP", 4, "lzip files are not read" DECOMPRESS " (lzip -d)"},
    {0, "\x89LZO\0\r\n\x1a\n", 9, "lzop files are not read" DECOMPRESS " (lzop -d)"},
    {0, "LRZI", 4, "lrzip files are not read" DECOMPRESS " (lrzip -d)"},
    {0, "RZIP", 4, "rzip files are not read" DECOMPRESS " (rzip -d)"},
    {0, "\xff\x06\0\0sNaPpY", 10, "snappy files are not read" DECOMPRESS},
    {0, "bvx2", 4, "LZFSE files are not read" DECOMPRESS},
    {0, "pbzx", 4, "pbzx files are not read" DECOMPRESS},
    {0, "\x37\xa4\x30\xec", 4, "a zstd dictionary, which holds no posts"},
    {0, "Salted__", 8, "encrypted by openssl; decrypt it first"},
    {0, "-----BEGIN PGP MESSAGE", 22, "encrypted by PGP; decrypt it first"},
    {0, "SQLite format 3", 16, "SQLite databases are not read" EXPORT},
    {0, "PAR1", 4, "Parquet files are not read" EXPORT},
    {0, "Obj\x01", 4, "Avro files are not read" EXPORT},
    {0, "ORC\x03", 4, "ORC files are not read" EXPORT},
    {0, "ARROW1", 6, "Arrow files are not read" EXPORT},
    {0, "\x89HDF\r\n\x1a\n", 8, "HDF5 files are not read" EXPORT},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "old Excel and Word files are not read" EXPORT},
    {0, "INSERT INTO ", 12, "SQL dumps are not read" EXPORT},
    {0, "CREATE TABLE ", 13, "SQL dumps are not read" EXPORT},
    {0, "-- phpMyAdmin SQL Dump", 22, "SQL dumps are not read" EXPORT},
    {0, "-- MySQL dump", 13, "SQL dumps are not read" EXPORT},
    {0, "-- MariaDB dump", 15, "SQL dumps are not read" EXPORT},
    {0, "--\n-- PostgreSQL database dump", 30, "SQL dumps are not read" EXPORT},
    {0, "<stata_dta>", 11, "Stata files are not read" EXPORT},
    {0, "$FL2@(#)", 8, "SPSS files are not read" EXPORT},
    {0, "$FL3@(#)", 8, "SPSS files are not read" EXPORT},
    {0, "RDX2\nX\n\0", 8, "R data files are not read" EXPORT},
    {0, "RDX3\nX\n\0", 8, "R data files are not read" EXPORT},
    {0, "X\n\0\0\0", 5, "R data files are not read" EXPORT},
    {0, "\x80\x03]", 3, "Python pickles are not read" EXPORT},
    {0, "\x80\x04\x95", 3, "Python pickles are not read" EXPORT},
    {0, "\x80\x05\x95", 3, "Python pickles are not read" EXPORT},
    {0, "\x89PNG", 4, "a picture, which holds no posts"},
    {0, "\xff\xd8\xff", 3, "a picture, which holds no posts"},
    {0, "GIF8", 4, "a picture, which holds no posts"},
    {0, "RIFF", 4, "a picture, film or sound, which holds no posts"},
    {4, "ftyp", 4, "a picture, film or sound, which holds no posts"},
    {0, "OggS", 4, "a film or sound, which holds no posts"},
    {0, "ID3", 3, "a sound, which holds no posts"},
    {0, "%PDF-", 5, "PDF files are not read" EXPORT},
};

/* "BZh", a level, and the magic number of a block or of the end of an empty stream; the three
 * letters alone could begin a text. */
static bool is_bzip2(struct span head) {
    return head.len >= 10 && memcmp(head.at, "BZh", 3) == 0 && head.at[3] >= '1' &&
           head.at[3] <= '9' &&
           (memcmp(head.at + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
            memcmp(head.at + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static uint32_t le32_at(const char *bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Skippable frames (0x184D2A50 to 5F) may begin zstd, as pzstd writes them, and lz4: what follows
 * them says which. */
static enum codec skippable_frames(struct span head) {
    bool any = false;
    while (head.len >= 8 && (le32_at(head.at) & 0xFFFFFFF0) == 0x184D2A50) {
        uint64_t len = 8 + (uint64_t)le32_at(head.at + 4);
        any = true;
        if (len >= head.len)
            break;
        head = (struct span){head.at + len, head.len - (size_t)len};
    }
    bool lz4 = head.len >= 4 && (le32_at(head.at) == 0x184D2204 || le32_at(head.at) == 0x184C2102);
    return !any ? CODEC_NONE : lz4 ? CODEC_LZ4 : CODEC_ZSTD;
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

/* The checksum (POSIX 1003.1 ustar: the sum of all bytes, its own field taken as blanks). Some old
 * writers summed signed bytes. */
bool tar_header_is_valid(struct span head) {
    long stored, sum = 8 * ' ', signed_sum = 8 * ' ';
    if (head.len < SNIFF_HEAD || head.at[0] == '\0' || !tar_octal(head.at + 148, 8, &stored))
        return false;
    for (size_t i = 0; i < SNIFF_HEAD; i++) {
        if (i >= 148 && i < 156)
            continue;
        sum += (unsigned char)head.at[i];
        signed_sum += (signed char)head.at[i];
    }
    return stored == sum || stored == signed_sum;
}

/* "ustar", or the checksum, which also finds v7 headers. A damaged header that still says "ustar"
 * must not pass for a text. */
static bool is_tar(struct span head) {
    if (head.len < SNIFF_HEAD || head.at[0] == '\0')
        return false;
    return memcmp(head.at + 257, "ustar\0", 6) == 0 || memcmp(head.at + 257, "ustar  \0", 8) == 0 ||
           tar_header_is_valid(head);
}

/* zlib (RFC 1950): a method and a checksum in two bytes, which a text could begin with. */
static bool is_zlib(const unsigned char *at) {
    return at[0] == 0x78 && (at[0] * 256 + at[1]) % 31 == 0 && (at[1] & 0x20) == 0;
}

/* .lzma: properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a size that is unknown or small.
 */
static bool is_lzma_alone(const char *at) {
    uint32_t dictionary = le32_at(at + 1), high = le32_at(at + 9);
    uint32_t lowest = dictionary & (0u - dictionary);
    bool round = dictionary >= 4096 && (dictionary == lowest || dictionary == 3 * lowest);
    return (unsigned char)at[0] < 225 && round && (high == UINT32_MAX || high < 256);
}

static bool is_foreign(struct span head, const struct foreign *kind) {
    if (head.len < (size_t)kind->at + kind->len ||
        memcmp(head.at + kind->at, kind->bytes, kind->len) != 0)
        return false;
    /* a text could begin with a short one */
    return kind->len > 6 || memchr(head.at, 0, head.len < SNIFF_HEAD ? head.len : SNIFF_HEAD) ||
           bytes_are_binary(head) || strncmp(kind->bytes, "WARC", 4) == 0 ||
           strncmp(kind->bytes, "%PDF", 4) == 0;
}

static const char *foreign_kind(struct span head) {
    for (size_t i = 0; i < sizeof foreigns / sizeof foreigns[0]; i++)
        if (is_foreign(head, &foreigns[i]))
            return foreigns[i].says;
    if (head.len > 32 && head.at[0] == '#' && head.at[1] == '!' &&
        memmem(head.at, head.len < 256 ? head.len : 256, "shell archive", 13))
        return "shar archives are not read" UNPACK " (sh)";
    if (head.len < 16 || !bytes_are_binary(head))
        return NULL;
    if (is_zlib((const unsigned char *)head.at))
        return "zlib data is not read" DECOMPRESS " (pigz -dz)";
    if (is_lzma_alone(head.at))
        return ".lzma files are not read" DECOMPRESS " (xz -d)";
    return NULL; /* it may be a dump whose beginning is damaged, which decoding finds out */
}

static bool first_member_is(struct span head, const char *const *names) {
    if (head.len < 80 || memcmp(head.at, "PK\x03\x04", 4) != 0)
        return false;
    for (; *names; names++)
        if (span_starts((struct span){head.at + 30, head.len - 30}, *names))
            return true;
    return false;
}

bool sniff_is_workbook(struct span head) {
    static const char *const firsts[] = {"[Content_Types].xml", "_rels/.rels", "docProps/", "xl/",
                                         NULL};
    return first_member_is(head, firsts);
}

/* A document of an office suite is a zip whose first member gives it away: those of OpenDocument by
 * a stored "mimetype" (OpenDocument 1.2 part 3). */
static bool is_document(struct span head) {
    static const char *const firsts[] = {"word/", "ppt/",
                                         "mimetypeapplication/vnd.oasis.opendocument", NULL};
    return first_member_is(head, firsts);
}

struct sniffed sniff(struct span head) {
    if (is_document(head))
        return (struct sniffed){CODEC_NONE, SHAPE_ZIP,
                                "Word, PowerPoint and OpenDocument files are not read; save the "
                                "sheet with the posts as CSV or Excel workbook (.xlsx) first"};
    if (sniff_is_workbook(head))
        return (struct sniffed){CODEC_NONE, SHAPE_FILE, NULL};
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (head.len >= magics[i].len && memcmp(head.at, magics[i].bytes, magics[i].len) == 0)
            return magics[i].means;
    if (is_bzip2(head))
        return (struct sniffed){CODEC_BZIP2, SHAPE_FILE, NULL};
    enum codec skippable = skippable_frames(head);
    if (skippable != CODEC_NONE)
        return (struct sniffed){skippable, SHAPE_FILE, NULL};
    if (is_tar(head))
        return (struct sniffed){CODEC_NONE, SHAPE_TAR, NULL};
    return (struct sniffed){CODEC_NONE, SHAPE_FILE, foreign_kind(head)};
}

bool sniffed_is_plain(struct sniffed sniffed) {
    return sniffed.codec == CODEC_NONE && sniffed.shape == SHAPE_FILE && !sniffed.foreign;
}

bool sniff_zip_end(struct span tail, size_t *at) {
    for (size_t i = tail.len < 22 ? 0 : tail.len - 21; i-- > 0;) {
        const unsigned char *end = (const unsigned char *)tail.at + i;
        size_t comment = end[20] | (size_t)end[21] << 8;
        if (memcmp(end, "PK\x05\x06", 4) == 0 && i + 22 + comment <= tail.len) {
            *at = i;
            return true;
        }
    }
    return false;
}

static bool name_ends_in(const char *name, const char *const *suffixes) {
    struct span span = span_of(name);
    for (; *suffixes; suffixes++) {
        size_t len = strlen(*suffixes);
        if (span.len > len && strncasecmp(name + span.len - len, *suffixes, len) == 0)
            return true;
    }
    return false;
}

/* "x.z02", "x.7z.002", "x.zip.003": the letters before the number are those of an archive. */
bool name_is_part(const char *name) {
    size_t len = strlen(name), digits = 0;
    while (digits < len && name[len - 1 - digits] >= '0' && name[len - 1 - digits] <= '9')
        digits++;
    char before[256];
    if (digits == 2 && len > 4 && strncasecmp(name + len - 4, ".z", 2) == 0)
        return true;
    if (digits != 3 || len < 5 || len >= sizeof before || name[len - 4] != '.')
        return false;
    memcpy(before, name, len - 4);
    before[len - 4] = '\0';
    return name_is_packed(before);
}

bool name_is_packed(const char *name) {
    static const char *const suffixes[] = {".gz",  ".bz2", ".xz",   ".zst",  ".lz4",  ".tar",
                                           ".zip", ".7z",  ".tgz",  ".tbz2", ".txz",  ".tbz",
                                           ".z",   ".rar", ".lzma", ".br",   ".tzst", NULL};
    return name_ends_in(name, suffixes);
}

bool name_is_packed_tar(const char *name) {
    static const char *const suffixes[] = {
        ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lz4", ".tgz",     ".tbz", ".tbz2",
        ".txz",    ".tzst",    ".zip.gz", ".zip.bz2", ".zip.xz",  ".zip.zst", ".taz", NULL};
    return name_ends_in(name, suffixes);
}

const char *codec_name(enum codec codec) {
    static const char *const names[CODECS] = {"none", "gzip",    "zstd",      "bzip2", "xz",
                                              "lz4",  "deflate", "Deflate64", "lzma",  "PPMd"};
    return names[codec];
}

const char *shape_name(enum shape shape) {
    static const char *const names[] = {"file", "tar", "zip", "7z"};
    return names[shape];
}
