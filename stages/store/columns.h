/* columns: what shards and audits store alike: a text per row, and lists of names. Internal to
 * store. */
#ifndef BURZA_COLUMNS_H
#define BURZA_COLUMNS_H

#include "stages/store/h5.h"
#include "stages/store/store.h"

/* NAME_end (where each row's text ends) and NAME_bytes; packed as h5_pack does, borrowed. */
void column_write_text(struct h5 *h5, hid_t group, const char *name,
                       const struct text_column *column, size_t rows, bool packed);
void column_read_text(struct h5 *h5, hid_t group, const char *name, struct text_column *column,
                      size_t rows);

void column_write_symbols(struct h5 *h5, hid_t group, const char *name,
                          const struct symbols *symbols);
void column_read_symbols(struct h5 *h5, hid_t group, const char *name, struct symbols *symbols);

void column_write_names(struct h5 *h5, hid_t group, const char *name, const struct names *names);

#endif
