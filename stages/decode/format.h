/* format: what one dump format says about itself. Internal to stages/decode.
 *
 * A format is data: rows {path, field, conversion}, the posts inside the record (nests), a second
 * post of the same object (answer), look-ups in arrays of the same record (joins), the evidence by
 * which it bids for a member, and at most two small functions. A path is a JSON path
 * ("user.screen_name", "langs[0]", "refs[type=quoted].id": of the first element whose `type` is
 * that) or a CSV column name. Of several rows for one field the first whose value is there wins.
 * Everything a format file holds is static. */
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
    FIELD_REPLY_TO_AUTHOR_ID,
    FIELD_REPLY_TO_AUTHOR_HANDLE,
    FIELD_CONVERSATION,
    FIELD_REPOST_OF,
    FIELD_CHANNEL,
    FIELD_COUNTRY,
    FIELD_URL,
    FIELD_SCOPE, /* within which the ids are the record's own: chat, thread */
    FIELD_SPAN_COUNT,
    FIELD_LIKES = FIELD_SPAN_COUNT,
    FIELD_REPLIES,
    FIELD_REPOSTS,
    FIELD_VIEWS,
    FIELD_FOLLOWERS,
    FIELD_TIME,
    FIELD_TIME_LAST = FIELD_TIME + 3, /* further rows of FIELD_TIME: see post_time.h */
    FIELD_CLOCK,                      /* time of day, where FIELD_TIME is only a date */
    FIELD_TITLE,                      /* put before the text */
    FIELD_PLATFORM,                   /* a platform's name or a web domain */
    FIELD_VENDOR, /* the sentiment that the exporting tool says, as it says it */
    FIELD_QUOTE_OF,
    FIELD_DELETED,        /* true or any text: the dump says it was deleted */
    FIELD_BOT,            /* true: an automated account */
    FIELD_DELETED_ID,     /* the record is a notice that this post was deleted */
    FIELD_DELETED_AUTHOR, /* the same of all posts of this author's id */
    FIELD_CONTROL,        /* the record is a message of the service */
    FIELD_NOTE,           /* this and the next three: for the format's own functions */
    FIELD_NOTE_2,
    FIELD_NOTE_3,
    FIELD_NOTE_4,
    FIELD_EXPORTED, /* of the context: until when the export is whole; of several the first moment
                     */
    FIELD_COUNT
};

enum convert {
    CONVERT_PLAIN,
    CONVERT_ENTITIES, /* the platform escapes & < > once */
    CONVERT_HTML,     /* marked-up text: tags go, breaks become line feeds */
    CONVERT_MOJIBAKE, /* UTF-8 that was taken for Latin-1 and encoded again */
    CONVERT_MARKDOWN, /* escaped once, and then Markdown: links show their text */
    CONVERT_MARKUP,   /* of an unknown source: what its own tags, entities and links say it is */
    CONVERT_UTC,      /* a time without a zone is UTC: the column's name says so */
    CONVERT_PIECES,   /* a string, or an array of strings and of objects with a `text` */
    CONVERT_LINES,    /* of the context: every value there is, a line each; as CONVERT_MOJIBAKE */
};

enum value_type {
    VALUE_ABSENT, /* also JSON null and an empty CSV field */
    VALUE_STRING,
    VALUE_NUMBER, /* text: the digits as written */
    VALUE_TRUE,
    VALUE_FALSE,
    VALUE_OBJECT,
    VALUE_ARRAY,
};

struct value {
    struct span text; /* of an object or array: empty, and `at` is the reader's place of it */
    uint8_t type;     /* enum value_type */
    uint8_t convert;  /* enum convert of the row it came by */
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
 * a row of its own with a higher bid lets it raise the bid; "path:PATTERN" asks for the name with
 * the folders. Most of the sampled records decide,
 * then the highest bid. */
struct evidence {
    const char *paths; /* NULL ends a table */
    int bid;
};

enum nest_kind {
    NEST_POST,     /* a post of the dump in its own right: a comment, a message */
    NEST_REPOSTED, /* the original that the post repeats (POST_EMBEDDED); its text is the post's */
    NEST_QUOTED,   /* the original that the post quotes (POST_EMBEDDED) */
};

/* Posts inside the object. "comments[]" means every element, or the object itself where there is no
 * array. */
struct nest {
    const char *path; /* NULL ends a table */
    uint8_t kind;     /* enum nest_kind */
    /* Whose rows, nests, answer, joins and functions are theirs. NULL: those of the object that
     * holds them, so that what is nested in them is found too. */
    const struct format *as;
};

enum { JOIN_FIELDS = NEST_QUOTED + 1 };

/* An object elsewhere in the record, to which the post refers by a key. */
struct join {
    const char *by;    /* in the post: "author_id"; NULL ends a table */
    const char *array; /* in the record: "includes.users[]" */
    const char *key;   /* in its elements: "id" */
    uint8_t kind;      /* JOIN_FIELDS: fills fields the post lacks; or NEST_REPOSTED, _QUOTED */
    const struct format *as; /* how the element is read; NULL: as the post */
};

/* What posts take from what they are nested in, where they do not say it themselves. */
struct heritage {
    struct span reply_to, conversation, channel, scope;
    struct span author_id, author_handle;                   /* of the container */
    struct span reply_to_author_id, reply_to_author_handle; /* of the post answered */
    struct span text;                                       /* of it */
};

/* One record on its way to a post. */
struct draft {
    struct arena *arena;         /* for text that must be made; lives as the post does */
    const struct value *fields;  /* [FIELD_COUNT] */
    const struct post *reposted; /* the original that it repeats, or NULL */
    const struct heritage *from; /* or NULL */
    struct post *post;           /* filled from the fields */
    struct span deleted_id;      /* of NOTICE_DELETE */
    struct span deleted_author;  /* of NOTICE_DELETE */
    struct span file;            /* stands for the file in the scope of ids */
    struct guess_memo *guesses;
    struct time_reader *time;    /* post_time.h */
    const struct topics *topics; /* of the member, of which the first topic_count are known */
    uint32_t topic_count;
    bool about; /* the time is only about right, as its precision says: not spread */
};

enum shape { SHAPE_JSON, SHAPE_CSV, SHAPE_XML, SHAPE_TEXT, SHAPE_COUNT };
struct text_syntax;
struct topics;

struct format {
    const char *name;
    uint8_t shape, platform;
    const struct row *rows;
    const struct nest *nests;
    const struct join *joins;
    const struct format *answer; /* of a second post in the same object, a reply to the first */
    const struct evidence *evidence;
    const struct text_syntax *syntax; /* SHAPE_TEXT: how it is split (text_syntax.h) */
    /* Scalars of a JSON document around the array (the chat's name, the page): a path that begins
     * in any object around it, and the field to fill where the record itself has none. The nearest
     * object counts. Values behind the array are known if the document is short. NULL: none. */
    const struct row *context;
    /* In the JSON of messages that are the beginnings of topics (topics.h), or NULL. */
    const char *topic_mark;
    bool own_account;   /* posts without an author are those of the account whose archive it is */
    bool polish_clock;  /* times without a zone are Poland's, unless the user says another zone */
    bool text_required; /* a record without the text field is REJECT_NO_TEXT */
    /* A row of a table is read as an object of its columns, for cells hold JSON: the paths and
     * nests of `rows` lead into them. */
    bool json_cells;
    /* The object is no post: its channel, conversation and author hold for the posts inside. */
    bool holder;
    /* Whether the record is a notice: NOTICE_CONTROL, NOTICE_ENGAGEMENT, NOTICE_DELETE (with
     * draft->deleted_id set), else REJECT_NONE. Sees only draft->fields. May be NULL. */
    enum reject_reason (*notice)(struct draft *draft);
    /* Last touches; may be NULL. REJECT_NONE when the post stands. */
    enum reject_reason (*finish)(struct draft *draft);
};

extern const struct format format_twitter, format_reddit, format_twcs, format_google_play,
    format_hackernews, format_tweet_table, format_rtweet, format_twint, format_twint_jsonl,
    format_snscrape, format_snscrape_csv, format_telegram, format_reddit_thing,
    format_reddit_listing, format_activitypub, format_google_play_npm, format_app_store_npm,
    format_app_store_feed, format_discord, format_discord_csv, format_discord_package,
    format_discord_package_csv, format_fourcat_twitter, format_fourcat_imgur, format_google_maps,
    format_outscraper, format_intercom, format_lemmy_comment, format_lemmy_post, format_sentione,
    format_brandwatch, format_meta_library, format_meta_library_json, format_talkwalker,
    format_meta_post, format_meta_comment, format_misskey, format_slack, format_tiktok_archive,
    format_wykop, format_youtube_takeout, format_zeeschuimer_x, format_zeeschuimer_instagram,
    format_zeeschuimer_threads, format_zeeschuimer_tiktok, format_zeeschuimer_tiktok_comments,
    format_zeeschuimer_truth, format_zeeschuimer_gab, format_zeeschuimer_9gag,
    format_zeeschuimer_pinterest, format_zeeschuimer_douyin, format_zeeschuimer_rednote,
    format_zeeschuimer_linkedin, format_bluesky, format_bluesky_repository, format_bluesky_view,
    format_disqus, format_facebook, format_facebook_messages, format_instagram_messages,
    format_instaloader, format_instaloader_comments, format_mastodon, format_stackexchange,
    format_stackexchange_comments, format_telethon, format_tiktok_research, format_twitter_v2,
    format_twitter_v2_flat, format_x_archive, format_x_messages, format_x_notes,
    format_youtube_threads, format_youtube_comments, format_yt_dlp, format_yt_dlp_comments,
    format_ytdt, format_whatsapp, format_mbox, format_eml, format_tiktok_text, format_brand24,
    format_meltwater, format_tcat, format_linkedin_shares, format_linkedin_comments,
    format_linkedin_messages, format_reddit_archive, format_imageboard, format_zendesk,
    format_freshdesk, format_google_maps_csv, format_linkedin_invitations, format_meta_labels,
    format_meta_labels_facebook, format_google_activity, format_play_console,
    format_app_store_single, format_app_store_atom, format_app_store_python,
    format_app_store_python_csv, format_snscrape_posts, format_youtube_videos, format_ytdt_videos,
    format_bluesky_thread, format_imageboard_catalog, format_wykop_old,
    format_zeeschuimer_rednote_comments, format_reddit_messages, format_fourcat_x,
    format_fourcat_tiktok, format_fourcat_tiktok_comments, format_fourcat_instagram,
    format_fourcat_threads, format_fourcat_telegram, format_fourcat_truth, format_fourcat_linkedin,
    format_fourcat_reddit, format_fourcat_board, format_csv, format_jsonl, format_xml;

/* Of what holds no posts; not in the registry. */
extern const struct format format_side_file;

/* The registry (formats.c), NULL at the end. */
extern const struct format *const formats[];
const struct format *format_find(const char *name);

/* Tools for `finish`. The field's text, converted; {NULL, 0} when absent. */
struct span draft_span(struct draft *draft, enum field field);
/* a + b + c in the draft's arena; {NULL, 0} when out of memory. */
struct span draft_join(struct draft *draft, struct span a, struct span b, struct span c);
/* The value of a name in Python's notation of an object: {'name': 'x'}, Class(name='x'), [{...}].
 * Of several the first; {NULL, 0} when there is none. */
struct span python_value(struct span text, const char *name);

#endif
