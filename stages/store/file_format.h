/* file_format: the number of the layout of shards and audits. Tables and columns that are added do
 * not change it, because readers take what is missing for unknown; what an older burza would
 * misread does. Files of every earlier number stay readable. Internal to store. */
#ifndef BURZA_FILE_FORMAT_H
#define BURZA_FILE_FORMAT_H

#include "stages/store/h5.h"

enum { FILE_FORMAT = 1 };

/* As the attribute burza_format of `object`. */
void file_format_write(struct h5 *h5, hid_t object);
/* Fails when the number is larger than FILE_FORMAT, or none. Without the attribute it is 1: shards
 * of 0.1.0 have none. */
void file_format_check(struct h5 *h5, hid_t object);

#endif
