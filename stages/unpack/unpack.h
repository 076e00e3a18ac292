/* unpack: archives in, decompressed bytes of their members out.
 *
 * In: paths (files, "-" for standard input; folders are expanded by inputs_expand). Out: for each
 * input its members one after another, each as a `source` of decompressed bytes. A single file,
 * compressed or not, is an input with one member. tar, zip and 7z are containers.
 *
 * The rule of layers: two containers and two codecs at most around any byte, in any order; what zip
 * and 7z do to their members themselves is not counted.
 * - Read: x.json.gz, x.json.gz.gz, x.tar.gz with .bz2 members, a zip of .bz2 in a tar, a tar in a
 * zip.
 * - Refused and counted: more layers, devices, encrypted members, archives of other kinds (named,
 * with what to do); a part of a split archive.
 * - Handed on as a file: an Excel workbook (.xlsx), which is a zip but one thing; see zip_parts.
 * - Passed over: links, with a note (what they lead to is read where it is); without a word,
 * folders and what systems leave in them ("__MACOSX/", "._x", ".DS_Store", "desktop.ini"). One
 * budget guards the whole run against bombs. Nothing is ever written to disk; member names are
 * labels only, cleaned of control characters and of invalid UTF-8.
 *
 * Codecs are recognised by their first bytes: gzip by ISA-L, zstd by libzstd (windows up to
 * limits.zstd_window_log), bzip2 by libbz2, xz by liblzma, lz4 here; all members, frames and
 * streams, with their checksums. zip and 7z are read by their directories here, PPMd and BCJ2 in
 * them, tar, and a zip whose directory is missing by libarchive.
 *
 * After damage reading goes on at the next member, frame, stream or block of the codec, folder or
 * member of the container. What is torn by it stays in lines of its own; a member that ends without
 * a line feed and one that begins with a record are kept apart.
 *
 * May fail: STATUS_FATAL only for out of memory; a file that cannot be opened or is damaged is
 * STATUS_SKIP with the reason, given when all that could be read was handed out.
 *
 * Threads: an `input` and the streamed sources it hands out belong to one thread at a time (the
 * engine's lock); packed members are independent and may be opened and read anywhere. */
#ifndef BURZA_UNPACK_H
#define BURZA_UNPACK_H

#include "stages/common/buf.h"
#include "stages/common/digest.h"

struct unpack_limits {
    uint64_t max_output_bytes; /* over the whole run; 0 = no limit */
    uint32_t max_ratio;        /* output / input of one input or packed member, judged after the
                                  first 64 MiB of output; 0 = no limit */
    uint32_t max_members;      /* over the whole run; 0 = no limit */
    int zstd_window_log;       /* 10..31 */
};
/* 16 TiB, ratio 250, 20 million members, window 31. */
struct unpack_limits unpack_limits_default(void);

/* The run's account, shared by all inputs and threads (atomic counters). */
struct budget {
    struct unpack_limits limits;
    _Atomic uint64_t output_bytes;
    _Atomic uint32_t members;
};
void budget_init(struct budget *budget, struct unpack_limits limits);

/* One thing to read. */
struct input_path {
    char *path;  /* to open; "-" is standard input */
    char *full;  /* where it lies from the root, under its own name */
    char *label; /* what results call it: its path below the folder that holds all inputs; valid
                    UTF-8 without control characters, the same on every machine */
    int64_t size, mtime_ns; /* -1, 0 for standard input */
    char *link, *via;       /* the link to a folder that it was reached by and its label, or NULL */
};
struct inputs {
    struct input_path *at;
    size_t count;
};
/* Expands lists (@FILE, a path a line) and folders (recursively, sorted by name, hidden files and
 * names ending in .h5, .h5.parts, .tmp left out; links to folders followed, each folder once) and
 * checks that every path named can be read. Devices, sockets and fifos are refused. STATUS_FATAL
 * with EXIT_NOINPUT and a clear message when a path named by the user does not exist or nothing is
 * left. Sorted by (label, path), same path twice counts once. */
enum status inputs_expand(const char *const *paths, size_t count, struct inputs *out,
                          struct fault *fault) MUST_USE;
/* Labels and sorts anew, after some inputs were taken out of the list. */
enum status inputs_label(struct inputs *inputs, struct fault *fault) MUST_USE;
void inputs_release(struct inputs *inputs);
void input_path_release(struct input_path *path);

struct input;
struct source;

/* What an input turned out to be; filled while it is read, complete after STATUS_END. */
struct input_summary {
    char container[16]; /* outermost: "file" "tar" "zip" "7z" */
    char codec[16];     /* outer codec: "none" "gzip" "zstd" "bzip2" "xz" "lz4" */
    uint64_t bytes_in;  /* compressed bytes read */
    uint64_t bytes_out; /* decompressed bytes handed out by streamed sources (packed members not
                           included: their source knows) */
    uint32_t members, members_skipped; /* skipped: not regular, encrypted, nested, damaged */
    bool damaged;                      /* truncated, CRC error, read error, budget, ... */
    char damage[300];                  /* the first reason, for people; when nothing is damaged, why
                                          it is not read, or by which link it was reached */
    enum digest_kind digest_kind;      /* how the digest was made */
    unsigned char sha256[DIGEST_SIZE]; /* the digest of the file's bytes as they are on disk */
    unsigned char secret[DIGEST_SIZE]; /* SHA-256("burza pseudonym key 1" || first 64 KiB): a key
                                          that only a holder of the dump can compute */
};

enum status input_open(struct input **out, const struct input_path *path, struct budget *budget,
                       struct fault *fault) MUST_USE;
/* Before the first input_next: members of a zip whose names do not end so are passed over without
 * being read. */
void input_only(struct input *input, const char *ending);
/* Before the first input_next: how an input that is neither compressed nor a container is digested
 * (else: whole). All others are digested whole. */
void input_digest_by(struct input *input, enum digest_kind kind);
/* A piece of a tree that waits to be digested, which any thread may do at any time before
 * input_finish; NULL: none. Who takes it does it. */
struct input_piece;
struct input_piece *input_take_piece(struct input *input);
void input_do_piece(struct input *input, struct input_piece *piece);
/* Bytes of the file read so far, for progress. */
uint64_t input_position(const struct input *input);
/* Nanoseconds spent on the digest so far; never part of results. */
int64_t input_hash_ns(const struct input *input);
/* Reads to the end of the file for the digest if that was not reached (not for standard input). */
void input_finish(struct input *input, struct input_summary *summary);
void input_close(struct input *input);

/* The next member; `packed` is cleared first. On STATUS_OK exactly one of these holds:
 *  - member->source is set: read it to its end (or drop it) before the next call; owned by input;
 *  - member->packed: the whole still compressed member is in `packed` (the caller's buffer, a
 * little more than 64 MiB at most), behind a note how to decode it: open it with source_open_packed
 * in any thread. STATUS_SKIP: this member was passed over for the reason in `fault`; call again.
 * STATUS_END: no more (input_summary says whether the input is whole). */
struct member {
    char label[256]; /* "" for a plain file: the input's own label says it */
    bool packed;
    struct source *source;
};
enum status input_next(struct input *input, struct member *member, struct buf *packed,
                       struct fault *fault) MUST_USE;

/* Decompresses `packed` (borrowed until source_close): what input_next gave, or compressed bytes.
 */
enum status source_open_packed(struct source **out, struct span packed, const char *label,
                               struct budget *budget, struct fault *fault) MUST_USE;
/* Fills `to` up to `cap` bytes (short only at the end or before damage). STATUS_OK with *got > 0;
 * STATUS_END at a clean end; STATUS_SKIP when damaged or refused here (bytes before it were given
 * by earlier calls). */
enum status source_read(struct source *source, char *to, size_t cap, size_t *got,
                        struct fault *fault) MUST_USE;
void source_close(struct source *source);

/* Who is shown the parts of a zip in memory that is one thing (a workbook), in their order: whether
 * it wants one, its bytes in pieces, and that it has ended. */
struct zip_visitor {
    void *context;
    bool (*wants)(void *context, const char *name);
    enum status (*take)(void *context, struct span piece, struct fault *fault);
    enum status (*end)(void *context, struct fault *fault);
};
/* STATUS_SKIP when it is damaged, encrypted or passes the budget; else what the visitor says. */
enum status zip_parts(struct span zip, const struct zip_visitor *visitor, struct budget *budget,
                      struct fault *fault) MUST_USE;

#endif
