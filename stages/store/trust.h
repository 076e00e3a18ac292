/* trust: what of a sealed file is read at all. A seal proves that a file is whole, not who made it,
 * so files are read as if somebody had made them to harm: only what burza writes is opened (hard
 * links to its own groups and datasets, stored in the file itself, with its filters, of its kinds
 * of values), and nothing is larger in memory than the file's size allows. Internal to store.
 *
 * In: a file opened for reading. Out: whether it may be read on; else the file has failed. */
#ifndef BURZA_TRUST_H
#define BURZA_TRUST_H

#include "stages/store/h5.h"

/* How much may be read of a file of `size` bytes. */
void trust_begin(struct h5 *h5, int64_t size);
/* A link of this name that stays in the file, or the file fails. */
bool trust_link(struct h5 *h5, hid_t group, const char *name);
/* Opens a dataset that is as burza writes it, of values like `type`: one of one dimension, *count
 * long, to be read at once, or where `count` is NULL any, to be read in parts; -1 and the file
 * fails. */
hid_t trust_dataset(struct h5 *h5, hid_t group, const char *name, hid_t type, size_t *count);
/* Whether `count` things of `size` bytes may be made of what the file holds. */
bool trust_affords(const struct h5 *h5, size_t count, size_t size);
/* Opens an attribute of one value; -1 and the file fails. */
hid_t trust_attribute(struct h5 *h5, hid_t object, const char *name);
/* Reads variable-length strings, in memory from malloc, no more than the file can hold. */
bool trust_read_strings(struct h5 *h5, hid_t set, hid_t type, char **texts);

#endif
