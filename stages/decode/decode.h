/* decode: bytes of one archive member in, posts out.
 *
 * A dump format is one file format_NAME.c holding a table {JSON path or CSV column -> post field,
 * conversion} and at most a small fix-up, and one row in the registry (formats.c). Formats bid on
 * sampled records of the member and on its file name; most records, then the highest bid win.
 * A framing (how records lie in a member: lines, table, JSON document, XML) is one file
 * framing_NAME.c and one row in framer.c.
 *
 * The way of the data: decode_open looks at the head of a member, chooses framing and format and
 * reads what all its blocks share (the CSV header; which arrays of a document hold posts).
 * framer_cut tells where a block may be cut so that it ends on a record boundary, and in which
 * place of a document the block begins: which containers are open, and the scalars around the
 * array that the format wants of them. A `decoder`, one per thread, turns a block into records.
 * JSON goes through simdjson (json_fast.cc, the only C++ file); a record that it refuses is
 * repaired byte by byte (lone surrogates, \xHH escapes, invalid UTF-8, raw control characters, NaN,
 * huge numbers, UTF-16, BOM) and read by jansson. XML goes through expat, record by record.
 *
 * Every record is accounted for: it is a post, or it is a reject with one reason; so is every post
 * inside a record (a comment, an answer). Blank lines are no records. Elements of a document's
 * other arrays are REJECT_NOT_A_POST.
 *
 * Memory: posts' strings live until the next call on the same decoder. May fail: STATUS_REJECT for
 * a record, STATUS_SKIP for a member (no format bids, no usable header), STATUS_FATAL for memory.
 */
#ifndef BURZA_DECODE_H
#define BURZA_DECODE_H

#include "stages/common/buf.h"
#include "stages/common/when.h"
#include "stages/model/post.h"

/* Readable bytes that must follow a block (simdjson reads ahead). Their content is ignored. */
#define BLOCK_PADDING 64

enum reject_reason {
    REJECT_NONE,
    NOTICE_DELETE,  /* a notice that a post was deleted: not a post, not an error */
    NOTICE_CONTROL, /* limit, withheld, warning, scrub_geo, service messages, ... */
    REJECT_SYNTAX,  /* neither parses nor can be repaired */
    REJECT_TOO_LONG,
    REJECT_TOO_DEEP,
    REJECT_NOT_A_POST, /* parses, but has nothing of a post */
    REJECT_NO_TIME,
    REJECT_BAD_TIME,   /* unreadable, or outside 1995..2100 */
    REJECT_NO_ZONE,    /* local time, and nobody said of which zone */
    REJECT_NO_TEXT,    /* a format whose posts must have a text, and a record without the field */
    REJECT_RAGGED,     /* a CSV row with more or fewer fields than the header */
    NOTICE_ENGAGEMENT, /* a like or repost without a text: its post counts it */
    REJECT_DATE_ORDER, /* 03/04/2023, and no date of the member proves which is the month */
    REJECT_RELATIVE_TIME, /* "2 hours ago" */
    NOTICE_PRIVATE, /* a private message, which nobody asked for (decode_options.private_messages)
                     */
    REJECT_COUNT
};
const char *reject_name(enum reject_reason reason); /* "syntax", "delete_notice", ... */
/* One plain sentence for people. */
const char *reject_meaning(enum reject_reason reason);
/* Whether such a record is a notice: no post, and no error either. */
bool reject_is_notice(enum reject_reason reason);

enum repair {
    REPAIR_ENCODING,      /* invalid UTF-8; an encoding that nothing states */
    REPAIR_SURROGATE,     /* lone surrogate escapes */
    REPAIR_ESCAPE,        /* \xHH and other invalid escapes, raw control characters, NUL */
    REPAIR_NUMBER,        /* NaN, Infinity, numbers out of range */
    REPAIR_REPEATED_HOUR, /* a local time in the hour that the autumn clock shows twice */
    REPAIR_SKIPPED_HOUR,  /* a local time in the hour that the spring clock skips */
    REPAIR_ROUGH_TIME,    /* only the hour, day or month is stated: spread over it */
    REPAIR_QUOTE,         /* stray, unclosed or backslash-escaped quotes of a table */
    REPAIR_COUNT
};
const char *repair_name(enum repair repair);
/* What was done, in a plain sentence. */
const char *repair_meaning(enum repair repair);

struct decode_options {
    const struct zone *zone;   /* for naive times; NULL: such records are REJECT_BAD_TIME with the
                                  hint to give --tz */
    const struct zone *poland; /* for naive times of services with Poland's clock; or NULL */
    /* Handle and id of whose archive an account's own archive is; NULL: not said. */
    const char *owner, *owner_id;
    int64_t exported_s;      /* when that archive was made, in seconds since 1970; 0: not said */
    const char *path;        /* where the file lies, with folders that its label may lack: they
                                tell formats apart; NULL: its label says enough */
    bool private_messages;   /* private messages are posts too; else NOTICE_PRIVATE */
    enum date_order order;   /* of 03/04/2023; unknown: what the member itself proves */
    bool count_lines;        /* places say their lines; else 1 */
    size_t max_record_bytes; /* default 40 MiB: of lines, rows, elements, messages */
    const char *format;      /* force this format by name, or NULL */
    const struct mapping *mapping; /* explicit column mapping, or NULL for automatic */
};
struct decode_options decode_options_default(void);

/* An explicit mapping file (JSON): {"format":"csv"|"jsonl", "platform":"facebook", "columns":
 * {"text":"Message", "created_at":"Post Created", "author":"User.name", ...}, "context":
 * {"channel": "name"} (scalars around the arrays of a JSON document), "timezone":...,
 * "day_first":true, "delimiter":";", "encoding":"windows-1250", "skip_lines":3}. */
enum status mapping_read(struct mapping **out, const char *path, struct fault *fault) MUST_USE;
void mapping_free(struct mapping *mapping);

/* A member in UTF-16 becomes UTF-8 before decode_open and the framer see it, so that every framing
 * reads it. Half of a character waits here for the next piece; what the end cuts in two is left
 * out, a lone surrogate becomes U+FFFD. Plain data. */
struct utf16 {
    bool on, big; /* the member is UTF-16; the high byte comes first */
    char held[4]; /* of a character that is not whole yet */
    size_t held_len;
};
/* Decides by the first bytes of a member: a mark, what a mapping says, or the zeros of ASCII, of
 * which UTF-16 has one in every unit, always on the same side. */
void utf16_begin(struct utf16 *utf16, struct span head, const struct decode_options *options);
/* Appends to `out`, which may fail: at most three bytes for two and four for what was held. A mark
 * stays, as U+FEFF. */
void utf16_add(struct utf16 *utf16, struct span bytes, struct buf *out);

/* Members that are no text, but are made texts when all of their bytes are there. */
enum whole_kind { WHOLE_NONE, WHOLE_REPOSITORY, WHOLE_WORKBOOK };
/* By the first bytes of a member. */
enum whole_kind decode_whole(struct span head);
/* A Bluesky repository (CAR) as JSON Lines, appended to `lines`, whose cap bounds the memory.
 * STATUS_SKIP when parts of it are missing or damaged: what is there was appended. */
enum status decode_repository(struct span bytes, struct buf *lines, struct fault *fault) MUST_USE;

/* An Excel workbook (.xlsx): its parts in, a table of each sheet out, as CSV. Its parts are shown
 * twice: first what all sheets share, then, after xlsx_begin_sheets, the sheets. STATUS_SKIP
 * for what cannot be read; the rest may go on. */
struct xlsx;
enum status xlsx_new(struct xlsx **out, struct fault *fault) MUST_USE;
void xlsx_free(struct xlsx *book);
bool xlsx_wants(struct xlsx *book, const char *part);
enum status xlsx_take(struct xlsx *book, struct span piece, struct fault *fault) MUST_USE;
enum status xlsx_end(struct xlsx *book, struct fault *fault) MUST_USE;
enum status xlsx_begin_sheets(struct xlsx *book, struct fault *fault) MUST_USE;
size_t xlsx_sheets(const struct xlsx *book);
/* Whether all sheets were there. */
enum status xlsx_whole(const struct xlsx *book, struct fault *fault) MUST_USE;
/* Appends a sheet's table to `out`; its name and how many rows are not empty. False when out of
 * memory. */
bool xlsx_table(const struct xlsx *book, size_t index, struct buf *out, char *name, size_t size,
                uint32_t *rows) MUST_USE;

/* One member being read; immutable once open, shared by all threads. */
struct decode_member;
/* `head` is the start of the decompressed member (some 256 KiB, the whole of it if shorter);
 * `label` its name, which must live as long as the member. STATUS_SKIP when no format fits, with a
 * hint what was seen. */
enum status decode_open(struct decode_member **out, struct span head, const char *label,
                        const struct decode_options *options, struct fault *fault) MUST_USE;
void decode_close(struct decode_member *member);
const char *decode_format_name(const struct decode_member *member);
const char *decode_label(const struct decode_member *member);
/* The label, or the path of a plain file with the folders that its label may lack. */
const char *decode_path(const struct decode_member *member);
enum platform decode_platform(const struct decode_member *member);
/* Whether it begins in the middle of a JSON document, so that records before are lost. */
bool decode_is_torn(const struct decode_member *member);
/* The tool that wrote it, with its version where it is told: "twarc2 2.14.0"; "" when nothing
 * tells. */
const char *decode_tool(const struct decode_member *member);
/* Appends a mapping file (JSON) that reads the member as it was understood. */
enum status decode_suggest(const struct decode_member *member, struct buf *out,
                           struct fault *fault) MUST_USE;

/* Where a block begins. Plain data: copied with the block, so that blocks of one document can be
 * decoded apart from each other. */
enum { PLACE_DEPTH = 16, PLACE_PATH = 256, PLACE_VALUES = 12, PLACE_TEXT = 1024 };
struct decode_place {
    bool first;    /* block of its member */
    size_t lead;   /* bytes at its beginning that are no records (mark, header) */
    uint64_t row;  /* of a table: number of its first row; what is before it counts, as in a
                      spreadsheet */
    uint64_t line; /* that it begins in */

    uint32_t topics; /* of a chat's document: how many were known when the block was cut */

    /* private: what is open around the block in a document (document.h, xml_scan.h) */
    bool valued;           /* JSON: behind a key and its colon */
    bool in_text, escaped; /* JSON: inside a string too long to be wanted */
    uint8_t markup, marks; /* XML: state of the scanner */
    uint32_t version;      /* changes with all below */
    uint32_t depth;        /* containers open */
    struct {
        char kind;    /* '{' or '['; 0 around all */
        uint8_t role; /* enum document_role of what it holds */
        bool seen;    /* a record was found in it */
        uint16_t path_len;
    } open[PLACE_DEPTH + 1];
    uint16_t path_len; /* of the member at hand: "chats.list[].name" */
    uint16_t text_len;
    uint8_t value_count;
    char path[PLACE_PATH];
    struct place_value {
        uint8_t row;   /* of the format's context */
        uint8_t depth; /* of the object that its path begins in */
        uint8_t type;  /* enum value_type */
        uint16_t at, len;
    } values[PLACE_VALUES];
    char text[PLACE_TEXT];
};

/* Where a scan is inside the record at hand. */
struct record_scan {
    uint32_t depth;
    bool inside, in_string, escaped;
    uint8_t event; /* enum document_event when it ends */
};

/* Cuts a member's byte stream into blocks. Belongs to the member's reader (one thread at a time).
 */
struct framer {
    const struct decode_member *member;
    /* Set by framer_cut: the bytes just cut are no records (the rest of a record that was given up
     * as too long, or a stretch of a document between its arrays). The caller throws them away
     * instead of making a block of them. */
    bool drop;
    struct decode_place place; /* set by framer_cut: where the block just cut begins */

    /* private */
    uint64_t offset;                    /* of the next byte in the member */
    size_t scanned;                     /* bytes of the pending block already looked at */
    size_t boundary;                    /* last record boundary among them */
    uint64_t row;                       /* of a table: number of the first pending row */
    uint64_t line;                      /* of the first pending byte */
    size_t lead;                        /* leading bytes (mark, CSV header) not yet behind us */
    bool skipping;                      /* the rest of a record that is too long */
    bool given;                         /* a block was given */
    uint64_t records, boundary_records; /* found in the pending bytes, before the boundary */
    /* documents: */
    size_t record_at; /* the record at hand among the pending bytes */
    struct record_scan scan;
    struct decode_place begin, settled,
        now; /* of the pending bytes, of the boundary, of `scanned` */
};
void framer_init(struct framer *framer, const struct decode_member *member);
/* `pending` = all bytes since the last cut. Returns how many of them form whole records (0: read
 * more). When `at_end`, never 0 while bytes are pending: call until none are. A record longer than
 * max_record_bytes is cut so that it becomes one REJECT_TOO_LONG and reading goes on behind it, in
 * bounded memory: see `drop`. */
size_t framer_cut(struct framer *framer, struct span pending, bool at_end);
/* Whether what was cut so far ends within a document: at the end of the member its rest is
 * missing. */
bool framer_is_open(const struct framer *framer);

/* One record. Posts inside it that are posts of the dump in their own right (comments, answers,
 * the elements of a page) are records too: each is a post here or one of the rejects. */
struct decoded {
    enum reject_reason reason;  /* of a STATUS_REJECT (also notices) */
    uint64_t offset;            /* of the record in its block */
    size_t length;              /* of it there */
    struct span deleted_id;     /* NOTICE_DELETE: the id of the deleted post, or NULL */
    struct span deleted_author; /* NOTICE_DELETE: the id of whom all posts were deleted, or NULL */
    struct post post;           /* the record's own, or the first inside a record that has none */
    /* More posts of the record, also of a rejected one. Those flagged POST_EMBEDDED are originals
     * that another post repeats or quotes, and no records. */
    const struct post *more;
    size_t more_count;
    const uint8_t *more_rejects; /* enum reject_reason of what inside it is no post */
    size_t more_reject_count;
};

struct decoder;
enum status decoder_new(struct decoder **out, const struct decode_options *options,
                        struct fault *fault) MUST_USE;
void decoder_free(struct decoder *decoder);
/* Starts a block (with BLOCK_PADDING readable bytes behind it) that begins at `place`, which the
 * framer gave with it. The block must live until the last decoder_next. */
void decoder_begin(struct decoder *decoder, const struct decode_member *member, struct span block,
                   const struct decode_place *place);
/* STATUS_OK: a post. STATUS_REJECT: a record that is no post (out->reason). STATUS_END. */
enum status decoder_next(struct decoder *decoder, struct decoded *out) MUST_USE;
/* The id of a post of the last record. Where the dump has none, post->id is empty and one is made
 * here of what the post says, which most posts never need; {NULL, 0} when out of memory, and then
 * decoder_next ends with STATUS_FATAL. */
struct span decoder_post_id(struct decoder *decoder, const struct post *post);
/* Whether an id was made so, or of one that was. */
bool id_is_made(struct span id);
/* Says which row of a table was the first since decoder_begin whose quotes break the rules, or that
 * has more or fewer fields than the header. False when there was none. */
bool decoder_odd_row(const struct decoder *decoder, char *text, size_t size);
/* Until when the export that the block belongs to is whole, by what it or its archive says, in
 * seconds since 1970; 0 where nothing says it. Known once the first record was read. */
int64_t decoder_exported_s(const struct decoder *decoder);
/* Repairs made since decoder_begin, by kind. */
void decoder_repairs(const struct decoder *decoder, uint64_t counts[REPAIR_COUNT]);

/* For `burza inspect` and help: the registry's names in order, NULL at the end. */
const char *decode_format_by_index(size_t index);

#endif
