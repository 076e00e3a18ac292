/* h5: the few shapes in which this stage uses HDF5. After the first failure every call does
 * nothing, so a writer states the whole file and asks once. Internal to store. */
#ifndef BURZA_H5_H
#define BURZA_H5_H

#include "stages/common/buf.h"
#include "stages/store/chunks.h"
#include "stages/store/rows.h"

#include <hdf5.h>

struct h5 {
    hid_t file;
    bool failed;
    bool system;    /* it was the system's: says nothing about the file's bytes */
    char what[300]; /* the first failure, with HDF5's own description */
    /* of a file that is read: its bytes, and how many more may be taken from it (trust.h) */
    size_t size, left, strings_left;
    struct chunk_queue chunks;
};

/* One thread at a time may use HDF5: taken by the public functions of store. */
void h5_lock(void);
void h5_unlock(void);

void h5_create(struct h5 *h5, const char *path);
void h5_open(struct h5 *h5, const char *path);
/* Writes what waits and closes; false when anything failed since it was opened. */
bool h5_close(struct h5 *h5) MUST_USE;
void h5_fail(struct h5 *h5, const char *what);
/* Fails because of what burza does not write. */
void h5_refuse(struct h5 *h5, const char *what);

/* Groups are closed with h5_group_close. */
hid_t h5_group_make(struct h5 *h5, const char *path);
hid_t h5_group_open(struct h5 *h5, const char *path);
void h5_group_close(hid_t group);

/* `type` is a native type; files hold it little-endian. */
void h5_write(struct h5 *h5, hid_t group, const char *name, hid_t type, const void *data,
              size_t count);
/* The same as compressed chunks (shuffle, deflate, Fletcher32). The data must stay until the file
 * is closed; with `owned` it is malloc'ed and freed here, after a failure too. */
void h5_pack(struct h5 *h5, hid_t group, const char *name, hid_t type, const void *data,
             size_t count, bool owned);
/* The same for the elements column[rows[0..count)]; both must stay until the file is closed. */
void h5_pack_rows(struct h5 *h5, hid_t group, const char *name, hid_t type, const void *column,
                  const uint32_t *rows, size_t count);

/* A packed dataset that is appended to. */
struct h5_stream {
    struct h5 *h5;
    hid_t group, type, set;
    const char *name;
    size_t element, chunk; /* bytes of an element, elements of a chunk */
    size_t count, held;    /* elements so far, and those of them in `bytes` */
    char *bytes;           /* [chunk] */
};
void h5_stream_begin(struct h5_stream *stream, struct h5 *h5, hid_t group, const char *name,
                     hid_t type);
void h5_stream_add(struct h5_stream *stream, const void *data, size_t count);
void h5_stream_end(struct h5_stream *stream);

/* The transfer property list with small conversion buffers, negative on failure: with its own HDF5
 * clears a megabyte or two for every short column. Never closed. */
hid_t h5_transfer(void);
void h5_write_strings(struct h5 *h5, hid_t group, const char *name, const char *const *texts,
                      size_t count);
/* What a column means is an attribute of its name. */
void h5_write_rows(struct h5 *h5, hid_t group, const struct table_layout *layout, const void *rows,
                   size_t count);
/* Whether the group has something of that name. */
bool h5_has(struct h5 *h5, hid_t group, const char *name);
/* Elements of a one-dimensional dataset of integers. */
size_t h5_count(struct h5 *h5, hid_t group, const char *name);
/* Reads a whole one-dimensional dataset into malloc'ed memory; *count elements. */
void *h5_read(struct h5 *h5, hid_t group, const char *name, hid_t type, size_t size, size_t *count);
void *h5_read_rows(struct h5 *h5, hid_t group, const struct table_layout *layout, size_t *count);
/* Variable-length strings, each malloc'ed, in a malloc'ed array; NULL ones are possible. */
char **h5_read_strings(struct h5 *h5, hid_t group, const char *name, size_t *count);

void h5_attribute_text(struct h5 *h5, hid_t object, const char *name, const char *text);
/* As a string of fixed length, netCDF's NC_CHAR: NCO, ncdump -t and Octave read no other. */
void h5_attribute_fixed(struct h5 *h5, hid_t object, const char *name, const char *text);
void h5_attribute_number(struct h5 *h5, hid_t object, const char *name, hid_t type,
                         const void *value);

/* A dataset creation list with times off; NULL chunk for contiguous. */
hid_t h5_creation(int rank, const hsize_t *chunk, bool compress);
hid_t h5_little_endian(hid_t native);

#endif
