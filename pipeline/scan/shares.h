/* shares: the inputs of one audit dealt to the tasks of an array, and the manifest that says so.
 *
 * Every task is given the whole list. Inputs are dealt by size, the largest first, each to the
 * share with the fewest bytes so far; an input that the manifest knows stays with its share, so
 * that a list that grew, or a task that comes later, deals alike. AUDIT.h5.parts then holds a
 * folder for each share (share-00001, ...), with its own shards and lock, and manifest.json: how
 * many shares there are, the digest of the settings, and every input with its label, bytes and
 * share.
 *
 * In: --share, the variables of a scheduler's array, the list of inputs. Owner: a `struct manifest`
 * owns its inputs. May fail: STATUS_FATAL. */
#ifndef BURZA_SHARES_H
#define BURZA_SHARES_H

#include "pipeline/scan/shard_folder.h"

#include <sys/types.h>

enum { SHARES_MAX = 99999 };

struct share {
    int number, count; /* number from 1; 0: the scan is not shared */
    char source[24];   /* the scheduler whose variables said so; "" */
};
/* `text`: "3/12"; "12", with the number of the array's task; "auto" or NULL, both of the array
 * (Slurm, PBS, SGE), NULL without one: not shared. */
enum status share_choose(const char *text, struct share *out, struct fault *fault) MUST_USE;

struct manifest_input {
    char *label;
    int64_t bytes;
    int share; /* from 1; 0: of a merge, whose inputs no task has */
};
struct manifest {
    int count; /* shares; 0: of a merge */
    char settings[DIGEST_HEX_SIZE];
    struct manifest_input *inputs; /* [input_count] by label */
    size_t input_count;
};
/* The manifest of a folder; *found: whether there is one. */
enum status manifest_read(const char *folder, struct manifest *out, bool *found,
                          struct fault *fault) MUST_USE;
enum status manifest_write(const char *folder, const struct manifest *manifest,
                           struct fault *fault) MUST_USE;
/* Adds an input, unless there is one of this label. False when out of memory. */
bool manifest_add(struct manifest *manifest, const char *label, int64_t bytes, int share) MUST_USE;
void manifest_sort(struct manifest *manifest);
const struct manifest_input *manifest_find(const struct manifest *manifest, const char *label);
void manifest_release(struct manifest *manifest);

/* Deals `inputs`, writes the manifest of `folder` where it changes, and leaves of `inputs` those of
 * the share. Where the folder was dealt into another number of shares: STATUS_FATAL, or with
 * `replace` anew. */
enum status shares_deal(const char *folder, const struct share *share, const char *settings,
                        bool replace, struct inputs *inputs, struct fault *fault) MUST_USE;

#endif
