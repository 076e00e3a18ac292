/* What bytes are, from their beginning and their name: archives that are not read are named, texts
 * are never taken for one. */
#include "stages/unpack/sniff.h"
#include "test_unpack_kit.h"

static void check_foreign(struct span bytes, const char *says) {
    char padded[600] = {0};
    memcpy(padded, bytes.at, bytes.len);
    struct sniffed sniffed = sniff((struct span){padded, sizeof padded});
    CHECK(sniffed.foreign && kit_says(sniffed.foreign, says));
    CHECK(!sniffed_is_plain(sniffed));
}

static void test_foreign(void) {
    check_foreign(SPAN_LITERAL("070701000"), "cpio archives are not read; unpack it first");
    check_foreign(SPAN_LITERAL("070707000"), "cpio");
    check_foreign(SPAN_LITERAL("\xc7\x71\x01"), "cpio");
    check_foreign(SPAN_LITERAL("!<arch>\nx"), "ar archives");
    check_foreign(SPAN_LITERAL("MSWIM\0\0\0x"), "wim");
    check_foreign(SPAN_LITERAL("Rar!\x1a\x07\x01"), "rar");
    check_foreign(SPAN_LITERAL("WARC/1.0\r\n"), "WARC");
    check_foreign(SPAN_LITERAL("LZIP\x01"), "lzip");
    check_foreign(SPAN_LITERAL("\x1f\x9d\x90"), "compress (.Z)");
    check_foreign(SPAN_LITERAL("SQLite format 3\0"), "SQLite");
    check_foreign(SPAN_LITERAL("PAR1\x15\x04"), "Parquet");
    check_foreign(SPAN_LITERAL("-- MySQL dump 10.13  Distrib 8.0"), "SQL dumps");
    check_foreign(SPAN_LITERAL("INSERT INTO `posts` VALUES (1)"), "SQL dumps");
    check_foreign(SPAN_LITERAL("<stata_dta><header>"), "Stata");
    check_foreign(SPAN_LITERAL("$FL2@(#) SPSS"), "SPSS");
    check_foreign(SPAN_LITERAL("RDX3\nX\n\0\0\0\3"), "R data");
    check_foreign(SPAN_LITERAL("\x80\x04\x95\x20\0\0\0\0\0\0\0"), "pickles");
    check_foreign(
        SPAN_LITERAL(
            "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\0\0\0"
            "word/"
            "document.xml\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        "save the sheet with the posts as CSV");
    CHECK(sniffed_is_plain(sniff(SPAN_LITERAL(
        "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0"
        "[Content_Types].xml\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"))));
    check_foreign(
        SPAN_LITERAL("PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\x2e\0\0\0\x2e\0\0\0\x08\0\0\0"
                     "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
        "save the sheet with the posts as CSV");
    check_foreign(SPAN_LITERAL("#!/bin/sh\n# This is a shell archive\n"), "shar");
    struct buf iso = kit_buf();
    if (!buf_reserve(&iso, 40000))
        abort();
    memset(iso.at, 0, 40000);
    memcpy(iso.at + 32769, "CD001", 5);
    CHECK(kit_says(sniff((struct span){iso.at, 40000}).foreign, "iso"));
    buf_release(&iso);
}

/* Compressed data without a mark, from a fixed sequence. */
static struct buf noise(size_t len) {
    struct buf out = kit_buf();
    uint32_t state = 1;
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525u + 1013904223u;
        buf_char(&out, (char)(state >> 24));
    }
    return out;
}

static void test_binary(void) {
    struct buf bytes = noise(1000);
    CHECK(!sniff(buf_as_span(&bytes)).foreign && bytes_are_binary(buf_as_span(&bytes)));
    memcpy(bytes.at, "\x78\x9c\xed", 3);
    CHECK(kit_says(sniff(buf_as_span(&bytes)).foreign, "zlib"));
    memcpy(bytes.at, "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff", 13);
    CHECK(kit_says(sniff(buf_as_span(&bytes)).foreign, ".lzma"));
    struct outcome out = kit_read(buf_as_span(&bytes));
    CHECK(!out.summary.damaged && out.summary.members_skipped == 1);
    CHECK(kit_says(out.summary.damage, ".lzma"));
    buf_release(&out.bytes);
    buf_release(&bytes);
}

static void check_text(struct span bytes) {
    struct sniffed sniffed = sniff(bytes);
    if (!CHECK(sniffed_is_plain(sniffed)))
        printf("# %.20s: %s\n", bytes.at, sniffed.foreign ? sniffed.foreign : "an archive");
}

static void test_texts(void) {
    check_text(SPAN_LITERAL("070701,2022-03-01,tekst\n070702,2022-03-01,tekst\n"));
    check_text(SPAN_LITERAL("x^2 is a column\n1\n2\n3\n4\n5\n6\n"));
    check_text(SPAN_LITERAL("PAR1;PAR2;tekst\n"));
    check_text(SPAN_LITERAL("LZIP is a program\n"));
    check_text(SPAN_LITERAL("BZh9 is how bzip2 begins\n"));
    check_text(SPAN_LITERAL("id\tdate\ttext\r\n1\t2022\tza\xbf\xf3\xb3\xe6 g\xea\x9cl\xb9\r\n"));
    check_text(SPAN_LITERAL("{\"text\":\"a\x01\x02\x03 b\0 c\"}\n"));
    check_text(SPAN_LITERAL("i\0d\0,\0t\0e\0x\0t\0\n\0001\0,\0\x05\1\x42\1\n\0")); /* UTF-16 */
    check_text(
        SPAN_LITERAL("\xff\xfei\0d\0,\0t\0e\0x\0t\0\n\0001\0,\0\x05\1\x42\1\x07\1\x19\1\n\0"));
    struct buf controls = kit_buf();
    for (int i = 0; i < 100; i++)
        buf_format(&controls, "{\"id\":%d,\"text\":\"an escape \x1b[31m and one more \x02\"}\n", i);
    check_text(buf_as_span(&controls));
    buf_release(&controls);
}

/* Skippable frames begin zstd and lz4: what follows them decides. */
static void test_skippable(void) {
    static const char zstd[] = "\x50\x2a\x4d\x18\x02\0\0\0ab\x28\xb5\x2f\xfd";
    static const char lz4[] =
        "\x50\x2a\x4d\x18\x02\0\0\0ab\x5a\x2a\x4d\x18\0\0\0\0\x04\x22\x4d\x18";
    CHECK_INT(sniff((struct span){zstd, sizeof zstd - 1}).codec, CODEC_ZSTD);
    CHECK_INT(sniff((struct span){lz4, sizeof lz4 - 1}).codec, CODEC_LZ4);
    CHECK_INT(sniff((struct span){zstd, 8}).codec, CODEC_ZSTD);
}

static void test_names(void) {
    CHECK(name_is_packed("a/00.json.gz") && name_is_packed("A.ZIP") && name_is_packed("x.tgz"));
    CHECK(!name_is_packed("gz") && !name_is_packed("a.json") && !name_is_packed(".gz"));
    CHECK(name_is_packed_tar("x.tar.bz2") && name_is_packed_tar("x.tgz"));
    CHECK(!name_is_packed_tar("x.json.bz2") && !name_is_packed_tar("x.tar"));
    CHECK(name_is_part("x.z01") && name_is_part("x.7z.002") && name_is_part("x.zip.010"));
    CHECK(!name_is_part("x.json.002") && !name_is_part("x.gz") && !name_is_part("2022.001"));
}

int main(void) {
    kit_begin();
    test_foreign();
    test_binary();
    test_texts();
    test_skippable();
    test_names();
    kit_end();
    return tap_done();
}
