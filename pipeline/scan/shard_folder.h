/* shard folder: AUDIT.h5.parts, with the shards of an audit, its lock and its settings.
 *
 * A shard's file name says which input (path), which version of it (size, time), of which scan and
 * pass, and which segment: PATH-VERSION-SCAN-SEGMENT.h5, each 6 to 16 digits, or .rows for the
 * small ones of a scan of many inputs. Shards of other scans
 * are left alone; shards of an older version of the same file are removed. An audit that is scanned
 * by many tasks has a folder for each share in it (shares.h). */
#ifndef BURZA_SHARD_FOLDER_H
#define BURZA_SHARD_FOLDER_H

#include "stages/store/store.h"
#include "stages/unpack/unpack.h"

struct shard_folder {
    char folder[3800];
    struct lock *lock;    /* NULL: not taken */
    struct symbols parts; /* names of folders of shares in it, whose shards are its own, too */
};

/* The folder of an audit: AUDIT.parts, or what was named where that is such a folder itself. False
 * when the path is too long. */
bool shard_folder_path(const char *audit, char *out, size_t size) MUST_USE;
/* Makes the folder beside `audit`, takes its lock, removes what a killed run left half written. */
enum status shard_folder_open(struct shard_folder *shards, const char *audit,
                              struct fault *fault) MUST_USE;
/* The same for a share of it; the folder beside `audit` is made, its lock is not asked for. */
enum status shard_folder_open_share(struct shard_folder *shards, const char *audit, int share,
                                    struct fault *fault) MUST_USE;
void shard_folder_close(struct shard_folder *shards);
/* Shares lie in "share-00001" and so on. */
enum { SHARE_NAME_SIZE = 16 };
void shard_folder_share_name(int share, char out[SHARE_NAME_SIZE]);
/* Adds the folders of shares 1 to `count` that are there to `parts`, and the names of others to
 * `foreign`; *running: how many are being scanned now. */
enum status shard_folder_add_shares(struct shard_folder *shards, int count, struct symbols *foreign,
                                    size_t *running, struct fault *fault) MUST_USE;
/* Where the file of this name lies: in the folder or one of its shares. */
void shard_folder_find(const struct shard_folder *shards, const char *name, char *out, size_t size);

/* Which input this is, PATH16-VERSION16 in hex: its path, and its version, read with these
 * settings. Dumps by standard input are told apart by `number`. */
enum { SHARD_KEY_SIZE = 33, SHARD_PATH_SIZE = 16 };
enum status shard_folder_input_key(const struct input_path *path, const char *reading, int number,
                                   char out[72], struct fault *fault) MUST_USE;

void shard_folder_shard_path(const struct shard_folder *shards, const char *input_key,
                             const char *scan_digest, int64_t segment, char *out, size_t size);
/* The same of a small shard. */
void shard_folder_small_path(const struct shard_folder *shards, const char *input_key,
                             const char *scan_digest, int64_t segment, char *out, size_t size);
/* Whether a file of this name is a shard. */
bool shard_folder_is_shard(struct span name);

/* Heads of the usable shards of a scan, by (input_key, part, segment). A shard that its seal proves
 * to be damaged is set aside under the name NAME.damaged: its segment is scanned again, which
 * removes it. One that cannot be read for another reason (the system, HDF5) ends the run and stays
 * where it is: what cannot be read now may be read the next time. */
struct shard_list {
    struct shard_entry {
        char *path;
        uint32_t part; /* 0: of the folder itself; else the number of its share's folder, from 1 */
        struct shard_head head;
    } * at;
    size_t count, cap;
    struct symbols others, damaged; /* names of shards of other scans; of damaged ones of this */
};
/* With `scan_digest` NULL the shards of all scans. */
enum status shard_folder_list(const struct shard_folder *shards, const char *scan_digest,
                              struct shard_list *out, struct fault *fault) MUST_USE;
void shard_list_release(struct shard_list *list);
/* Where the shards begin whose input key begins with the first `len` characters of `input_key`, if
 * there are any; they follow one another. */
size_t shard_list_find(const struct shard_list *list, const char *input_key, size_t len);

/* The gravest passing trouble that an input of the list met; 0: none. */
int shard_list_trouble(const struct shard_list *list, const char *input_key);
/* Removes shards of other versions of the same path; with `all`, of this version too. */
enum status shard_folder_drop_old(const struct shard_list *list, const char *input_key, bool all,
                                  struct fault *fault) MUST_USE;
/* Removes the shards of one input. */
enum status shard_folder_drop(const struct shard_list *list, const char *input_key,
                              struct fault *fault) MUST_USE;

/* Digests (SHA-256, hex, a line each) of inputs that newer versions of the same files replaced
 * since the audit was written: noted before their shards are removed, forgotten when it is written
 * again. Adding keeps what is there. */
enum status shard_folder_add_replaced(const struct shard_folder *shards, const struct symbols *sums,
                                      struct fault *fault) MUST_USE;
enum status shard_folder_replaced(const struct shard_folder *shards, struct symbols *out,
                                  struct fault *fault) MUST_USE;
enum status shard_folder_forget_replaced(const struct shard_folder *shards,
                                         struct fault *fault) MUST_USE;

/* The resolved configuration of the last scan, for `burza study`. */
enum status shard_folder_save_settings(const struct shard_folder *shards, const char *text,
                                       struct fault *fault) MUST_USE;
enum status shard_folder_load_settings(const struct shard_folder *shards, struct buf *out,
                                       struct fault *fault) MUST_USE;

#endif
