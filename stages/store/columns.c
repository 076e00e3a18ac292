#include "stages/store/columns.h"

#include <stdio.h>
#include <stdlib.h>

static void write_part(struct h5 *h5, hid_t group, const char *name, const char *part, hid_t type,
                       const void *data, size_t count, bool packed) {
    char whole[64];
    snprintf(whole, sizeof whole, "%s_%s", name, part);
    if (packed)
        h5_pack(h5, group, whole, type, data, count, false);
    else
        h5_write(h5, group, whole, type, data, count);
}

void column_write_text(struct h5 *h5, hid_t group, const char *name,
                       const struct text_column *column, size_t rows, bool packed) {
    write_part(h5, group, name, "end", H5T_NATIVE_UINT64, column->end, rows, packed);
    write_part(h5, group, name, "bytes", H5T_NATIVE_UINT8, column->bytes.at, column->bytes.len,
               packed);
}

void column_read_text(struct h5 *h5, hid_t group, const char *name, struct text_column *column,
                      size_t rows) {
    char part[64];
    size_t ends, bytes;
    snprintf(part, sizeof part, "%s_end", name);
    column->end = h5_read(h5, group, part, H5T_NATIVE_UINT64, sizeof(uint64_t), &ends);
    snprintf(part, sizeof part, "%s_bytes", name);
    column->bytes.at = h5_read(h5, group, part, H5T_NATIVE_UINT8, 1, &bytes);
    column->bytes.len = column->bytes.cap = bytes;
    if (h5->failed)
        return;
    /* every text ends at or behind its beginning, and the last with the bytes */
    bool sound = ends == rows && (!rows || column->end[rows - 1] == bytes);
    for (size_t i = 1; sound && i < rows; i++)
        sound = column->end[i - 1] <= column->end[i];
    if (!sound)
        h5_fail(h5, name);
}

/* `texts` [count] are borrowed strings; the array is freed. */
static void write_list(struct h5 *h5, hid_t group, const char *name, const char **texts,
                       size_t count) {
    if (texts)
        h5_write_strings(h5, group, name, texts, count);
    else
        h5_fail(h5, "out of memory");
    free(texts);
}

void column_write_symbols(struct h5 *h5, hid_t group, const char *name,
                          const struct symbols *symbols) {
    const char **texts = malloc((symbols->count + 1) * sizeof *texts);
    for (uint32_t i = 0; texts && i < symbols->count; i++)
        texts[i] = symbols->names[i].at;
    write_list(h5, group, name, texts, symbols->count);
}

void column_read_symbols(struct h5 *h5, hid_t group, const char *name, struct symbols *symbols) {
    size_t count;
    char **texts = h5_read_strings(h5, group, name, &count);
    for (size_t i = 0; texts && i < count; i++) {
        if (!texts[i] || symbols_intern(symbols, span_of(texts[i])) != i)
            h5_fail(h5, name);
        free(texts[i]);
    }
    free(texts);
}

void column_write_names(struct h5 *h5, hid_t group, const char *name, const struct names *names) {
    const char **texts = malloc((names->count + 1) * sizeof *texts);
    for (size_t i = 0; texts && i < names->count; i++)
        texts[i] = names->at[i];
    write_list(h5, group, name, texts, names->count);
}
