/* post columns: the group /posts of an audit: a column per property, texts as bytes and ends.
 * Internal to store.
 *
 * In: rows of a mention table, whose columns are written at once, and their strings, which come in
 * blocks. Memory: everything of the source stays the caller's until the file is closed. May fail:
 * as everything on a struct h5. */
#ifndef BURZA_POST_COLUMNS_H
#define BURZA_POST_COLUMNS_H

#include "stages/store/h5.h"
#include "stages/store/store.h"

struct post_writer {
    const struct audit *audit;
    hid_t group;
    /* Where a string of the rows goes: its ends and its bytes. */
    struct post_target {
        char end_name[32], bytes_name[32];
        struct h5_stream ends, bytes;
    } targets[STRING_COUNT];
};

void posts_begin(struct post_writer *writer, struct h5 *h5, const struct audit *audit);
void posts_add(struct post_writer *writer, const struct post_block *block);
void posts_end(struct post_writer *writer, struct h5 *h5);
void posts_read(struct h5 *h5, struct audit *audit);

#endif
