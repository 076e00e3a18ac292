/* reading: how a dump is read. Settings of reading belong to each input, not to the audit: two
 * inputs of one audit may be read with different ones, and what was read with others is read again.
 *
 * In: a configuration's entry for inputs. Out: what decoding needs, and a text that names it.
 * Owner: the configuration. May fail: never. */
#ifndef BURZA_READING_H
#define BURZA_READING_H

#include "pipeline/scan/archive_owner.h"
#include "stages/decode/decode.h"
#include "stages/unpack/unpack.h"

struct reading {
    struct decode_options decode;
    int64_t since_us, until_us; /* posts outside are counted as read but not used */
    const char *text;   /* canonical JSON of what differs from the defaults; "" if nothing */
    bool accounts_only; /* of private messages those of threads in which an account takes part */
};

/* An input of a scan. */
struct scan_input {
    const struct input_path *path;
    const struct reading *reading;
    char key[72]; /* shard_folder_input_key */
    /* of a file in an own archive whose account is known: what `reading` leads to */
    struct reading own;
    struct archive_owner owner;
};

#endif
