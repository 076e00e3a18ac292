/* store: shards and audits as HDF5 files. The only code that calls HDF5.
 *
 * In and out: a `struct shard` (what one segment of one input gave) and a `struct audit` (what a
 * study found). Every file is written under a temporary name, closed, sealed with a trailing
 * SHA-256 over all its bytes, synced and renamed; it is opened again only after the seal was
 * checked, because HDF5 may crash on damaged files. Object times are off and object order is fixed:
 * the same content gives the same bytes. HDF5 is called by one thread at a time (store_lock
 * inside).
 *
 * Memory: whoever passes a struct owns it; *_read fills structs that *_release frees.
 * May fail: STATUS_FATAL with EXIT_IO / EXIT_CANTCREATE (disk full, no rights) or EXIT_DATA (not
 * one of our files, damaged, other version). */
#ifndef BURZA_STORE_H
#define BURZA_STORE_H

#include "stages/common/digest.h"
#include "stages/model/mention_rows.h"
#include "stages/model/reply_links.h"
#include "stages/model/tally.h"
#include "stages/series/series.h"
#include "stages/store/coverage_words.h"
#include "stages/store/rows.h"

/* Once, before anything else of this stage. */
void store_init(void);

/* Checks the seal of a shard or audit. */
enum status store_verify(const char *path, struct fault *fault) MUST_USE;

/* The digest of a whole file of any kind, in hex. */
enum status store_file_digest(const char *path, enum digest_kind kind, char hex[DIGEST_HEX_SIZE],
                              struct fault *fault) MUST_USE;

/* True when the file ends with a seal, right or wrong: a shard or audit, perhaps damaged. */
bool store_is_sealed(const char *path);

/* The digest that seals a file, 64 hex digits and a NUL, after it was verified. */
enum status store_seal(const char *path, char hex[72], struct fault *fault) MUST_USE;

/* ---- shards ---- */

#define SHARD_TEXT 320

struct shard_head {
    char scan_digest[72]; /* of everything that decides a scan's outcome but the inputs */
    char input_key[72];   /* which input: digest of (label, size, mtime) */
    char label[SHARD_TEXT];
    char formats[96], container[16], codec[16];
    char note[SHARD_TEXT]; /* damage */
    char sha256[72];       /* digest of the input, hex; on the last shard only */
    char secret[72];       /* see input_summary; on the last shard only */
    int64_t segment;       /* 0, 1, 2, .. of this input */
    int64_t first_block, block_count;
    int64_t last;    /* 1: the input ends with this segment */
    int64_t damaged; /* 1: some bytes of the input could not be read */
    int64_t members, members_skipped, bytes, bytes_out;
    int64_t rows; /* of mentions; known after reading */

    /* since 0.2.0; empty and 0 in older shards */
    char settings[72]; /* digest of the settings alone: the same for every revision of the scan */
    char lexicons[72]; /* digest of the lexicons that scored it */
    int64_t revision;  /* SCAN_REVISION */
    char roots[72];    /* of a context shard: digest of the posts whose replies it looked for */
    int64_t root_count;
    char reading[SHARD_TEXT]; /* the settings that the input was read with; "" for the defaults */
    char digest[24];          /* which digest that is: digest_kind_names; "": older, SHA-256 */
    int64_t trouble; /* passing one that kept it from being read to its end: an exit code, 0 */
    int64_t last_reply_us; /* 0 in older shards, TIME_NONE without a reply */
    int64_t link_count;
    int64_t threaded_platforms; /* with replies whose conversation is named, a bit each; -1: not
                                   known */
};

struct shard {
    struct shard_head head;
    struct mention_rows mentions;
    struct tally tally;
    struct reply_links links; /* only where some brand asks for its context */
};

void shard_init(struct shard *shard);
void shard_release(struct shard *shard);
enum status shard_write(const char *path, const struct shard *shard, struct fault *fault) MUST_USE;
/* What of a shard is read; other columns stay NULL. */
enum shard_part {
    SHARD_HEAD = 0,
    SHARD_ROOTS = 1, /* brand, kind, role, address, platform, time and id of the rows */
    SHARD_LINKS = 2, /* which reply answers which post */
    SHARD_STUDY =
        4,          /* what a study asks for: columns of CORE and LINK, texts, tally but channels */
    SHARD_URLS = 8, /* with the study's: addresses */
    SHARD_REST = 16,      /* with the study's: the other columns */
    SHARD_CHECKED = 32,   /* the caller has checked the seal just now, by reading the head */
    SHARD_CHANNELS = 64,  /* posts by channel and hour, also alone */
    SHARD_HEADLESS = 128, /* not the head: the caller has it; not with links */
    SHARD_WHOLE = 31 | SHARD_CHANNELS,
};
enum status shard_read(const char *path, unsigned parts, struct shard *out,
                       struct fault *fault) MUST_USE;

/* ---- audits ---- */

struct names {
    char (*at)[128];
    size_t count;
};

enum grid_id { GRID_HOURLY, GRID_DAILY, GRID_COUNT };
extern const char *const grid_names[GRID_COUNT]; /* "hourly" "daily" */

#define PROVENANCE_MAX 24
struct provenance_entry {
    char name[48];
    char *text;
};

/* What care found of posts, one value per row. */
struct post_care {
    uint8_t *class;   /* number in post_care_classes */
    uint8_t *chance;  /* in post_care_chances: what its turn was a chance for */
    uint8_t *state;   /* in post_care_states: of its turn */
    uint32_t *answer; /* row of the answer to its turn; UINT32_MAX: none */
    int32_t *after_s; /* seconds until it; -1: none, or not known */
};
/* The words, ended by NULL. */
extern const char *const post_care_classes[], *const post_care_chances[], *const post_care_states[];

/* The posts of an audit that is to be written. All is borrowed until the audit is written. */
struct post_source {
    const struct mention_table *mentions; /* NULL: the audit keeps no posts */
    const uint32_t *rows;                 /* [count], in canonical order */
    const uint32_t *channel;              /* [count] of each, its number in `channels` */
    const int32_t *followers;             /* [count] as they may be shown */
    struct post_care care;                /* [mentions->count]; `answer` as places in `rows` */
    const struct symbols *channels;
    size_t count;
};

/* What may be shown of some posts: their strings, one after the other. */
enum { POST_BLOCK_ROWS = 512 };
struct post_block {
    size_t count;
    struct post_strings {
        struct buf bytes;
        uint64_t end[POST_BLOCK_ROWS]; /* [count] in `bytes` */
    } strings[STRING_COUNT];
};

/* Words in the text of a row of the evidence: bytes [from, end). */
struct evidence_mark {
    uint32_t row, from, end;
};

struct audit {
    struct names brands;      /* ids, in the configuration's order */
    struct names brand_names; /* as people write them */
    struct names channels;
    struct grid grids[GRID_COUNT];
    struct audit_table {
        void *rows; /* [count] of the struct that table_layouts[i] describes */
        size_t count;
    } tables[TABLE_COUNT];
    struct post_source source;
    bool keep_posts;            /* after audit_read: there are posts */
    struct mention_rows posts;  /* after audit_read: canonical order; `author` holds pseudonyms
                               unless plain; only the columns of /posts are set (no hashes) */
    struct post_care post_care; /* after audit_read: of `posts`; NULL: the audit is older */
    struct evidence_mark *evidence_marks; /* the words that decided their labels, rising, without
                                             overlaps; never stored: who writes a report may find
                                             them anew; NULL: none */
    size_t evidence_mark_count;
    struct provenance_entry provenance[PROVENANCE_MAX];
    size_t provenance_count;
};

void audit_init(struct audit *audit);
void audit_release(struct audit *audit);
/* Copies. False when out of memory or full. */
bool audit_note(struct audit *audit, const char *name, const char *text) MUST_USE;
const char *audit_noted(const struct audit *audit, const char *name); /* "" when absent */
bool names_add(struct names *names, struct span name) MUST_USE;

/* One more row at the end of a table, all zeros; NULL when out of memory. */
void *table_add(struct audit *audit, enum table_id id);

/* Writes in three steps, because the strings of the posts need not be there all at once: begin
 * writes all else; then come the blocks, for all rows of audit->source, in their order; end writes
 * the rest and publishes the file. What fails on the way is told by end, which must follow begin's
 * STATUS_OK; until then no other thread reads or writes shards or audits. */
struct audit_writer;
enum status audit_write_begin(const char *path, const struct audit *audit,
                              struct audit_writer **out, struct fault *fault) MUST_USE;
/* False when something has failed already: no further block is of use. */
bool audit_write_posts(struct audit_writer *writer, const struct post_block *block) MUST_USE;
enum status audit_write_end(struct audit_writer *writer, struct fault *fault) MUST_USE;
/* The same for an audit without posts. */
enum status audit_write(const char *path, const struct audit *audit, struct fault *fault) MUST_USE;
/* Verifies the seal, then reads. Posts only when `with_posts`. */
enum status audit_read(const char *path, bool with_posts, struct audit *out,
                       struct fault *fault) MUST_USE;

/* The table inputs alone, of an audit that may be large. EXIT_DATA: damaged, or no audit. */
enum status audit_read_inputs(const char *path, struct audit *out, struct fault *fault) MUST_USE;

/* What a column of the grids or of /posts is, in the words of its attributes. Those of the compound
 * tables are in table_layouts. */
struct column_note {
    const char *name, *type, *dimensions, *units, *meaning;
};
/* By number; false behind the last. */
bool grid_column_note(size_t index, struct column_note *out);
bool post_column_note(size_t index, struct column_note *out);

/* "HDF5 1.10.8" */
void store_library(char *out, size_t size);

#endif
