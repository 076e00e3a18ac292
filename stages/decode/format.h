/* format: what one dump format says about itself. Internal to stages/decode.
 *
 * A format is data: rows {path, field, conversion}, the paths of embedded posts, the evidence by
 * which it bids for a member, and at most one small function that finishes a post. A path is a
 * JSON path ("user.screen_name", "langs[0]") or a CSV column name. Of several rows for one field
 * the first whose value is there wins. Everything a format file holds is static. */
#ifndef BURZA_DECODE_FORMAT_H
#define BURZA_DECODE_FORMAT_H

#include "stages/common/arena.h"
#include "stages/decode/decode.h"

/* What a row can fill. The first FIELD_SPAN_COUNT are strings of struct post, then its counts. */
enum field {
    FIELD_ID,
    FIELD_AUTHOR_ID,
    FIELD_AUTHOR_HANDLE,
    FIELD_TEXT,
    FIELD_LANGUAGE,
    FIELD_REPLY_TO_ID,
    FIELD_REPLY_TO_AUTHOR,
    FIELD_CONVERSATION,
    FIELD_REPOST_OF,
    FIELD_CHANNEL,
    FIELD_COUNTRY,
    FIELD_URL,
    FIELD_SPAN_COUNT,
    FIELD_LIKES = FIELD_SPAN_COUNT,
    FIELD_REPLIES,
    FIELD_REPOSTS,
    FIELD_VIEWS,
    FIELD_FOLLOWERS,
    FIELD_TIME,
    FIELD_CLOCK,    /* time of day, where FIELD_TIME is only a date */
    FIELD_TITLE,    /* put before the text */
    FIELD_PLATFORM, /* a platform's name or a web domain */
    FIELD_QUOTE_OF,
    FIELD_DELETED,    /* true or any text: the dump says it was deleted */
    FIELD_BOT,        /* true: an automated account */
    FIELD_DELETED_ID, /* the record is a notice that this post was deleted */
    FIELD_CONTROL,    /* the record is a message of the service */
    FIELD_NOTE,       /* for the format's own `finish` */
    FIELD_COUNT
};

enum convert {
    CONVERT_PLAIN,
    CONVERT_ENTITIES, /* the platform escapes & < > once */
};

enum value_type {
    VALUE_ABSENT, /* also JSON null and an empty CSV field */
    VALUE_STRING,
    VALUE_NUMBER, /* text: the digits as written */
    VALUE_TRUE,
    VALUE_FALSE,
    VALUE_OBJECT, /* present; text is empty */
    VALUE_ARRAY,
};

struct value {
    struct span text;
    uint8_t type;    /* enum value_type */
    uint8_t convert; /* enum convert of the row it came by */
};

/* All absent. Through the C library: with its length known, gcc makes of a memset an instruction
 * (rep stos) that takes longer to start than all the rest. */
static inline void values_clear(struct value values[FIELD_COUNT]) {
    size_t bytes = FIELD_COUNT * sizeof *values;
    __asm__("" : "+r"(bytes)); /* unknown from here on */
    memset(values, 0, bytes);
}

struct row {
    const char *path; /* NULL ends a table */
    uint8_t field, convert;
};

/* A record that has all of `paths` (separated by blanks) is worth `bid` 1..100. In a CSV the names
 * are patterns of column names: '?' is any character ("Comment?ID"), '*' any number of them.
 * "name:PATTERN" asks for the member's file name instead: "name:tweets*.js id_str" requires it, and
 * a row of its own with a higher bid lets it raise the bid. Most of the sampled records decide,
 * then the highest bid. */
struct evidence {
    const char *paths; /* NULL ends a table */
    int bid;
};

#define EMBED_MAX 3

/* One record on its way to a post. */
struct draft {
    struct arena *arena;                    /* for text that must be made; lives as the post does */
    const struct value *fields;             /* [FIELD_COUNT] */
    const struct post *embedded[EMBED_MAX]; /* by the format's embed paths; NULL: absent */
    struct post *post;                      /* filled from the fields */
    struct guess_memo *guesses;
};

enum shape { SHAPE_JSON, SHAPE_CSV, SHAPE_XML, SHAPE_COUNT };

struct format {
    const char *name;
    uint8_t shape, platform;
    const struct row *rows;
    const char *embeds[EMBED_MAX + 1]; /* JSON paths of posts inside the record, NULL at the end */
    const struct evidence *evidence;
    /* Scalars of a JSON document around the array (the chat's name, the page): a path that begins
     * in any object around it, and the field to fill where the record itself has none. The nearest
     * object counts. Values behind the array are known if the document is short. NULL: none. */
    const struct row *context;
    bool text_required; /* a record without the text field is REJECT_NO_TEXT */
    /* Last touches; may be NULL. REJECT_NONE when the post stands. */
    enum reject_reason (*finish)(struct draft *draft);
};

extern const struct format format_twitter, format_reddit, format_twcs, format_google_play,
    format_csv, format_jsonl, format_xml;

/* The registry (formats.c), NULL at the end. */
extern const struct format *const formats[];
const struct format *format_find(const char *name);

/* Tools for `finish`. The field's text, converted; {NULL, 0} when absent. */
struct span draft_span(struct draft *draft, enum field field);
/* a + b + c in the draft's arena; {NULL, 0} when out of memory. */
struct span draft_join(struct draft *draft, struct span a, struct span b, struct span c);

#endif
