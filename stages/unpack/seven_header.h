/* seven header: the list of members of a 7z archive and how to decode them, from its bytes. */
#ifndef BURZA_UNPACK_SEVEN_HEADER_H
#define BURZA_UNPACK_SEVEN_HEADER_H

#include "stages/common/span.h"
#include "stages/common/status.h"
#include "stages/unpack/codec.h"

#define SEVEN_CODERS_MAX 8

/* Members that were compressed together. */
struct seven_folder {
    struct span raw;   /* as the header describes it */
    struct span sizes; /* of what its coders give, as the header says them */
    bool encrypted;
    uint64_t size; /* decoded */
    bool crc_known;
    uint32_t crc;
    size_t streams, first_stream; /* members */
    size_t packed, first_packed;  /* streams that it was packed in */
    uint64_t at;                  /* of the first, behind the signature header */
};

struct seven_stream {
    uint64_t size;
    bool crc_known;
    uint32_t crc;
};

struct seven_file {
    struct span name; /* UTF-16, little endian */
    bool has_stream, folder;
    uint32_t attributes;
};

struct seven_header {
    uint64_t *packed_sizes;
    size_t packed_count;
    uint64_t packed_at;
    struct seven_folder *folders;
    size_t folder_count;
    struct seven_stream *streams;
    size_t stream_count;
    struct seven_file *files;
    size_t file_count;
    bool encoded; /* it describes where the true one is */
};

/* Spans in `out` point into `bytes`. STATUS_SKIP when they are damaged. */
enum status seven_header_parse(struct seven_header *out, struct span bytes,
                               struct fault *fault) MUST_USE;
/* The folder's coders from the decoded side on; 0 when they are not a chain of coders with one
 * input each. */
size_t seven_folder_chain(const struct seven_folder *folder, struct coder chain[SEVEN_CODERS_MAX]);
void seven_header_release(struct seven_header *header);
uint64_t seven_folder_packed(const struct seven_header *header, const struct seven_folder *folder);

#endif
