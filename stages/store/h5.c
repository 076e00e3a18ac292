#include "stages/store/h5.h"

#include "stages/store/trust.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DEFLATE_LEVEL = 4 }; /* only said in the file: chunks come packed */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void h5_lock(void) {
    pthread_mutex_lock(&mutex);
    /* a library built for threads prints its errors in each of them until told not to */
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void h5_unlock(void) {
    pthread_mutex_unlock(&mutex);
}

static herr_t first_description(unsigned n, const H5E_error2_t *error, void *context) {
    struct h5 *h5 = context;
    (void)n;
    /* the stack is walked upward: the innermost entry says what the system said, after its time,
     * file name and number */
    static const char reason[] = "error message = '";
    if (!error->desc || !error->desc[0])
        return 0;
    const char *said = strstr(error->desc, reason);
    h5->system = said != NULL;
    said = said ? said + sizeof reason - 1 : error->desc;
    size_t len = strlen(h5->what);
    snprintf(h5->what + len, sizeof h5->what - len, ": %.*s",
             said == error->desc ? 180 : (int)strcspn(said, "'"), said);
    return 1;
}

void h5_fail(struct h5 *h5, const char *what) {
    if (h5->failed)
        return;
    h5->failed = true;
    snprintf(h5->what, sizeof h5->what, "%s", what);
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first_description, h5);
}

void h5_refuse(struct h5 *h5, const char *what) {
    if (!h5->failed)
        snprintf(h5->what, sizeof h5->what, "%.200s is not as burza writes it", what);
    h5->failed = true;
}

/* Made once: property lists cost more than what a small file holds. */
static hid_t access_list(void) {
    static hid_t list = -1;
    if (list >= 0)
        return list;
    list = H5Pcreate(H5P_FILE_ACCESS);
    /* the most readable format: nothing that needs a library newer than HDF5 1.8 */
    H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    return list;
}

void h5_create(struct h5 *h5, const char *path) {
    *h5 = (struct h5){.file = -1};
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_obj_track_times(creation, 0);
    /* never through a link that somebody put there */
    unlink(path);
    h5->file = H5Fcreate(path, H5F_ACC_EXCL, creation, access_list());
    /* at once: the next call of the library forgets why */
    if (h5->file < 0)
        h5_fail(h5, "cannot create");
    H5Pclose(creation);
}

void h5_open(struct h5 *h5, const char *path) {
    *h5 = (struct h5){.file = -1};
    h5->file = H5Fopen(path, H5F_ACC_RDONLY, access_list());
    if (h5->file < 0)
        h5_fail(h5, "cannot open (on a network drive try HDF5_USE_FILE_LOCKING=FALSE)");
    hsize_t size = 0;
    if (!h5->failed && H5Fget_filesize(h5->file, &size) < 0)
        h5_fail(h5, "size");
    trust_begin(h5, (int64_t)size);
}

bool h5_close(struct h5 *h5) {
    chunks_flush(h5);
    chunks_release(h5);
    if (h5->file >= 0 && H5Fclose(h5->file) < 0)
        h5_fail(h5, "cannot close");
    h5->file = -1;
    return !h5->failed;
}

hid_t h5_group_make(struct h5 *h5, const char *path) {
    if (h5->failed)
        return -1;
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(creation, 0);
    hid_t group = H5Gcreate2(h5->file, path, H5P_DEFAULT, creation, H5P_DEFAULT);
    H5Pclose(creation);
    if (group < 0)
        h5_fail(h5, path);
    return group;
}

hid_t h5_group_open(struct h5 *h5, const char *path) {
    if (h5->failed)
        return -1;
    /* the root has no link */
    hid_t group =
        !path[1] || trust_link(h5, h5->file, path) ? H5Gopen2(h5->file, path, H5P_DEFAULT) : -1;
    if (group < 0)
        h5_fail(h5, path);
    return group;
}

void h5_group_close(hid_t group) {
    if (group >= 0)
        H5Gclose(group);
}

hid_t h5_little_endian(hid_t native) {
    static const struct {
        hid_t *native, *file;
    } pairs[] = {
        {&H5T_NATIVE_INT8_g, &H5T_STD_I8LE_g},    {&H5T_NATIVE_UINT8_g, &H5T_STD_U8LE_g},
        {&H5T_NATIVE_INT16_g, &H5T_STD_I16LE_g},  {&H5T_NATIVE_UINT16_g, &H5T_STD_U16LE_g},
        {&H5T_NATIVE_INT32_g, &H5T_STD_I32LE_g},  {&H5T_NATIVE_UINT32_g, &H5T_STD_U32LE_g},
        {&H5T_NATIVE_INT64_g, &H5T_STD_I64LE_g},  {&H5T_NATIVE_UINT64_g, &H5T_STD_U64LE_g},
        {&H5T_NATIVE_FLOAT_g, &H5T_IEEE_F32LE_g}, {&H5T_NATIVE_DOUBLE_g, &H5T_IEEE_F64LE_g},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (H5Tequal(native, *pairs[i].native) > 0)
            return *pairs[i].file;
    return native;
}

hid_t h5_creation(int rank, const hsize_t *chunk, bool compress) {
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(list, 0);
    if (chunk && H5Pset_chunk(list, rank, chunk) < 0)
        return -1; /* with which nothing can be created */
    if (chunk && compress &&
        (H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, DEFLATE_LEVEL) < 0 ||
         H5Pset_fletcher32(list) < 0))
        return -1;
    return list;
}

static hid_t make_dataset(struct h5 *h5, hid_t group, const char *name, hid_t type, hsize_t count,
                          const hsize_t *chunk) {
    if (h5->failed)
        return -1;
    hsize_t limit = H5S_UNLIMITED;
    hid_t space = H5Screate_simple(1, &count, chunk ? &limit : NULL);
    hid_t creation = h5_creation(1, chunk, chunk != NULL);
    hid_t set = H5Dcreate2(group, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (set < 0)
        h5_fail(h5, name);
    H5Pclose(creation);
    H5Sclose(space);
    return set;
}

static void close_dataset(struct h5 *h5, hid_t set, const char *name) {
    if (set >= 0 && H5Dclose(set) < 0)
        h5_fail(h5, name);
}

/* A contiguous one-dimensional dataset. HDF5 stores none that is never written, and gives zeros:
 * enough for a column in which nothing was ever known, hashes of a format without replies. */
void h5_write(struct h5 *h5, hid_t group, const char *name, hid_t type, const void *data,
              size_t count) {
    if (h5->failed)
        return;
    const char *bytes = data;
    size_t size = count * H5Tget_size(type);
    bool zero = !size || (!bytes[0] && memcmp(bytes, bytes + 1, size - 1) == 0);
    hid_t set = make_dataset(h5, group, name, h5_little_endian(type), count, NULL);
    if (!h5->failed && !zero && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        h5_fail(h5, name);
    close_dataset(h5, set, name);
}

/* Bytes of an element; without memory HDF5 may not know, and the file fails. */
static size_t type_size(struct h5 *h5, hid_t type) {
    size_t size = h5->failed ? 0 : H5Tget_size(type);
    if (!size)
        h5_fail(h5, "cannot make a type");
    return size ? size : 1;
}

/* Elements of a chunk of a dataset with `count` elements. */
static size_t chunk_rows(size_t count, size_t element) {
    size_t rows = CHUNK_BYTES / element;
    if (rows > count)
        rows = count;
    return rows ? rows : 1;
}

/* A dataset of chunks cut from `whole`: `count` elements as they are in the file. The last chunk
 * owns the bytes. */
static void pack_dataset(struct h5 *h5, hid_t group, const char *name, hid_t type,
                         struct chunk *whole, size_t count) {
    hsize_t rows = chunk_rows(count, whole->element);
    whole->set = make_dataset(h5, group, name, type, count, &rows);
    char *owned = whole->owned;
    for (size_t from = 0; !h5->failed && from < count; from += rows) {
        size_t here = count - from < rows ? count - from : rows;
        struct chunk chunk = *whole;
        chunk.at[0] = from;
        if (whole->rows)
            chunk.rows += from;
        else
            chunk.bytes += from * whole->element;
        chunk.size = here * whole->element;
        chunk.whole = rows * whole->element;
        chunk.owned = from + here == count ? owned : NULL;
        if (chunk.owned)
            owned = NULL;
        chunks_add(h5, &chunk);
    }
    free(owned);
    close_dataset(h5, whole->set, name);
}

void h5_pack(struct h5 *h5, hid_t group, const char *name, hid_t type, const void *data,
             size_t count, bool owned) {
    struct chunk whole = {.bytes = data,
                          .element = type_size(h5, type),
                          .owned = owned ? (char *)(uintptr_t)data : NULL};
    pack_dataset(h5, group, name, h5_little_endian(type), &whole, count);
}

void h5_pack_rows(struct h5 *h5, hid_t group, const char *name, hid_t type, const void *column,
                  const uint32_t *rows, size_t count) {
    struct chunk whole = {.bytes = column, .rows = rows, .element = type_size(h5, type)};
    pack_dataset(h5, group, name, h5_little_endian(type), &whole, count);
}

void h5_stream_begin(struct h5_stream *stream, struct h5 *h5, hid_t group, const char *name,
                     hid_t type) {
    *stream = (struct h5_stream){.h5 = h5,
                                 .group = group,
                                 .type = type,
                                 .set = -1,
                                 .name = name,
                                 .element = type_size(h5, type)};
    stream->chunk = CHUNK_BYTES / stream->element;
}

/* What is held becomes a chunk; the first says how large chunks are. */
static void stream_pack(struct h5_stream *stream) {
    struct h5 *h5 = stream->h5;
    hsize_t count = stream->count;
    if (stream->set < 0) {
        hsize_t rows = stream->chunk = chunk_rows(stream->held, stream->element);
        stream->set =
            make_dataset(h5, stream->group, stream->name, h5_little_endian(stream->type), 0, &rows);
    }
    if (!h5->failed && H5Dset_extent(stream->set, &count) < 0)
        h5_fail(h5, stream->name);
    struct chunk chunk = {.set = stream->set,
                          .at = {stream->count - stream->held},
                          .bytes = stream->bytes,
                          .size = stream->held * stream->element,
                          .whole = stream->chunk * stream->element,
                          .element = stream->element,
                          .owned = stream->bytes,
                          .spare = true};
    if (stream->held)
        chunks_add(h5, &chunk);
    stream->bytes = NULL;
    stream->held = 0;
}

void h5_stream_add(struct h5_stream *stream, const void *data, size_t count) {
    const char *from = data;
    while (count && !stream->h5->failed) {
        size_t room = stream->chunk - stream->held, here = count < room ? count : room;
        if (!stream->bytes && !(stream->bytes = chunks_buffer(stream->h5))) {
            h5_fail(stream->h5, "out of memory");
            return;
        }
        memcpy(stream->bytes + stream->held * stream->element, from, here * stream->element);
        from += here * stream->element;
        stream->held += here;
        stream->count += here;
        count -= here;
        if (stream->held == stream->chunk)
            stream_pack(stream);
    }
}

void h5_stream_end(struct h5_stream *stream) {
    if (stream->held || stream->set < 0)
        stream_pack(stream);
    free(stream->bytes);
    close_dataset(stream->h5, stream->set, stream->name);
}

static hid_t string_type(size_t size) {
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_cset(type, H5T_CSET_UTF8);
    if (size != H5T_VARIABLE)
        H5Tset_strpad(type, H5T_STR_NULLPAD);
    return type;
}

hid_t h5_transfer(void) {
    static hid_t transfer = -1;
    if (transfer >= 0)
        return transfer;
    transfer = H5Pcreate(H5P_DATASET_XFER);
    if (transfer >= 0)
        H5Pset_buffer(transfer, 16384, NULL, NULL);
    return transfer;
}

void h5_write_strings(struct h5 *h5, hid_t group, const char *name, const char *const *texts,
                      size_t count) {
    hid_t type = string_type(H5T_VARIABLE), transfer = h5_transfer();
    hid_t set = make_dataset(h5, group, name, type, count, NULL);
    if (!h5->failed && count && H5Dwrite(set, type, H5S_ALL, H5S_ALL, transfer, texts) < 0)
        h5_fail(h5, name);
    close_dataset(h5, set, name);
    H5Tclose(type);
}

static hid_t column_type(const struct column *column, bool in_file) {
    switch (column->type) {
    case COLUMN_I64: /* exact below 2^53; R has no integers of 64 bits */
        return H5Tcopy(in_file ? H5T_IEEE_F64LE : H5T_NATIVE_INT64);
    case COLUMN_I32:
        return H5Tcopy(in_file ? H5T_STD_I32LE : H5T_NATIVE_INT32);
    case COLUMN_F64:
        return H5Tcopy(in_file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE);
    default:
        return string_type(column->size);
    }
}

/* The compound of a table: as the C struct lies in memory, or packed for the file. */
static hid_t row_type(const struct table_layout *layout, bool in_file) {
    size_t packed = 0;
    for (size_t i = 0; i < layout->column_count; i++)
        packed += layout->columns[i].size;
    hid_t type = H5Tcreate(H5T_COMPOUND, in_file ? packed : layout->row_size);
    size_t offset = 0;
    bool whole = true;
    for (size_t i = 0; i < layout->column_count; i++) {
        const struct column *column = &layout->columns[i];
        hid_t member = column_type(column, in_file);
        whole &= H5Tinsert(type, column->name, in_file ? offset : column->offset, member) >= 0;
        H5Tclose(member);
        offset += column->size;
    }
    return whole ? type : -1;
}

/* A row as it is in the file, without the gaps of the struct; returns where the next begins. */
static char *pack_row(const struct table_layout *layout, const char *from, char *to) {
    for (size_t i = 0; i < layout->column_count; i++) {
        const struct column *column = &layout->columns[i];
        if (column->type == COLUMN_I64) {
            int64_t whole;
            memcpy(&whole, from + column->offset, sizeof whole);
            memcpy(to, &(double){(double)whole}, sizeof(double));
        } else {
            memcpy(to, from + column->offset, column->size);
        }
        to += column->size;
    }
    return to;
}

void h5_write_rows(struct h5 *h5, hid_t group, const struct table_layout *layout, const void *rows,
                   size_t count) {
    hid_t type = row_type(layout, true);
    size_t packed = type_size(h5, type);
    char *bytes = h5->failed ? NULL : malloc(count * packed + 1), *to = bytes;
    if (!bytes)
        h5_fail(h5, "out of memory");
    const char *from = rows;
    for (size_t row = 0; bytes && row < count; row++, from += layout->row_size)
        to = pack_row(layout, from, to);
    struct chunk whole = {.bytes = bytes, .element = packed, .owned = bytes};
    pack_dataset(h5, group, layout->name, type, &whole, count);
    H5Tclose(type);
    hid_t set = h5->failed ? -1 : H5Dopen2(group, layout->name, H5P_DEFAULT);
    for (size_t i = 0; set >= 0 && i < layout->column_count; i++)
        h5_attribute_text(h5, set, layout->columns[i].name, layout->columns[i].meaning);
    if (set >= 0)
        H5Dclose(set);
}

bool h5_has(struct h5 *h5, hid_t group, const char *name) {
    return !h5->failed && H5Lexists(group, name, H5P_DEFAULT) > 0;
}

size_t h5_count(struct h5 *h5, hid_t group, const char *name) {
    size_t count = 0;
    hid_t set = trust_dataset(h5, group, name, H5T_NATIVE_INT64, &count);
    if (set >= 0)
        H5Dclose(set);
    return h5->failed ? 0 : count;
}

static bool read_numbers(hid_t set, hid_t type, void *data) {
    hid_t transfer = h5_transfer();
    return transfer >= 0 && H5Dread(set, type, H5S_ALL, H5S_ALL, transfer, data) >= 0;
}

static void *read_dataset(struct h5 *h5, hid_t group, const char *name, hid_t type, size_t size,
                          size_t *count) {
    *count = 0;
    hid_t set = trust_dataset(h5, group, name, type, count);
    size_t bytes;
    bool fits = !h5->failed && !__builtin_mul_overflow(*count + 1, size, &bytes);
    void *data = fits ? malloc(bytes) : NULL;
    /* strings that were not read are no strings */
    if (data && H5Tis_variable_str(type) > 0)
        memset(data, 0, bytes);
    if (!h5->failed && !data)
        h5_fail(h5, "out of memory");
    bool strings = H5Tis_variable_str(type) > 0;
    if (data && *count && !h5->failed &&
        !(strings ? trust_read_strings(h5, set, type, data) : read_numbers(set, type, data)))
        h5_fail(h5, name);
    if (set >= 0)
        H5Dclose(set);
    return data;
}

void *h5_read(struct h5 *h5, hid_t group, const char *name, hid_t type, size_t size,
              size_t *count) {
    return read_dataset(h5, group, name, type, size, count);
}

static void set_absent(const struct column *column, char *value) {
    static const int64_t wide = -1;
    static const int32_t narrow = -1;
    static const double fraction = NAN;
    memset(value, 0, column->size);
    if (column->type != COLUMN_TEXT)
        memcpy(value,
               column->type == COLUMN_I64   ? (const void *)&wide
               : column->type == COLUMN_I32 ? (const void *)&narrow
                                            : (const void *)&fraction,
               column->size);
}

/* Columns that are younger than the file are not known: -1, not a number, or empty. */
static void fill_absent(hid_t group, const struct table_layout *layout, char *rows, size_t count) {
    hid_t set = H5Dopen2(group, layout->name, H5P_DEFAULT);
    hid_t type = set < 0 ? -1 : H5Dget_type(set);
    for (size_t i = 0; type >= 0 && i < layout->column_count; i++) {
        const struct column *column = &layout->columns[i];
        if (H5Tget_member_index(type, column->name) >= 0)
            continue;
        for (size_t row = 0; row < count; row++)
            set_absent(column, rows + row * layout->row_size + column->offset);
    }
    if (type >= 0)
        H5Tclose(type);
    if (set >= 0)
        H5Dclose(set);
}

void *h5_read_rows(struct h5 *h5, hid_t group, const struct table_layout *layout, size_t *count) {
    hid_t type = row_type(layout, false);
    void *rows = read_dataset(h5, group, layout->name, type, layout->row_size, count);
    H5Tclose(type);
    if (rows && !h5->failed)
        fill_absent(group, layout, rows, *count);
    /* whoever wrote the file may have filled a text to its last byte */
    char *at = rows;
    for (size_t row = 0; !h5->failed && row < *count; row++, at += layout->row_size)
        for (size_t i = 0; i < layout->column_count; i++)
            if (layout->columns[i].type == COLUMN_TEXT)
                at[layout->columns[i].offset + layout->columns[i].size - 1] = 0;
    return rows;
}

char **h5_read_strings(struct h5 *h5, hid_t group, const char *name, size_t *count) {
    hid_t type = string_type(H5T_VARIABLE);
    char **texts = read_dataset(h5, group, name, type, sizeof(char *), count);
    H5Tclose(type);
    return texts;
}

static void write_attribute(struct h5 *h5, hid_t object, const char *name, hid_t type,
                            const void *value) {
    if (h5->failed)
        return;
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute =
        H5Acreate2(object, name, h5_little_endian(type), space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, value) < 0)
        h5_fail(h5, name);
    if (attribute >= 0)
        H5Aclose(attribute);
    H5Sclose(space);
}

void h5_attribute_text(struct h5 *h5, hid_t object, const char *name, const char *text) {
    hid_t type = string_type(H5T_VARIABLE);
    write_attribute(h5, object, name, type, &text);
    H5Tclose(type);
}

void h5_attribute_fixed(struct h5 *h5, hid_t object, const char *name, const char *text) {
    hid_t type = string_type(text[0] ? strlen(text) : 1);
    write_attribute(h5, object, name, type, text);
    H5Tclose(type);
}

void h5_attribute_number(struct h5 *h5, hid_t object, const char *name, hid_t type,
                         const void *value) {
    write_attribute(h5, object, name, type, value);
}
