/* reject file: every record that could not be used, as a line of JSON: {"path", "member", "line",
 * "reason", "bytes"}. "line" is where it begins in the member, counted from 1; "bytes" are its
 * first 200, of which those that are no UTF-8 stand as \xHH. Notices (deletions, private messages)
 * are no rejects. Inputs are read one after another in one thread, so the file is the same for any
 * threads. The file is there whole or not at all. */
#ifndef BURZA_REJECT_FILE_H
#define BURZA_REJECT_FILE_H

#include "pipeline/scan/input_scan.h"

#include <stdio.h>

struct reject_file {
    const char *path, *input; /* label of the input at hand */
    char temporary[4096];
    FILE *file;
    struct buf line;
    const struct block *block; /* the one that `at` and `row` count in */
    size_t at;                 /* bytes of it whose lines were counted */
    uint64_t row, records;
};

enum status reject_file_open(struct reject_file *rejects, const char *path,
                             struct fault *fault) MUST_USE;
/* Names the input whose records come now. */
void reject_file_input(struct reject_file *rejects, const char *label);
/* A record of a block, or what is inside it, that is rejected. */
void reject_file_add(struct reject_file *rejects, const struct block *block,
                     const struct decoded *record, enum reject_reason reason);
/* Says in the file why a member was not read, or not to its end. */
void reject_file_member(struct reject_file *rejects, const char *member, const char *reason);
/* Publishes it, or with a `status` that is no STATUS_OK lets go of it. */
enum status reject_file_close(struct reject_file *rejects, enum status status,
                              struct fault *fault) MUST_USE;

/* Reads the inputs once more, for their rejects alone. */
enum status reject_file_read(const char *path, const struct scan_input *inputs, size_t count,
                             struct unpack_limits limits, uint64_t *records,
                             struct fault *fault) MUST_USE;

#endif
