/* post: the normalised record that every dump format is turned into, and the vocabularies that all
 * stages share. Strings are spans into the decoder's memory and live until its next call. An absent
 * string has at == NULL; an absent number is -1; an absent time is TIME_NONE. */
#ifndef BURZA_POST_H
#define BURZA_POST_H

#include "stages/common/when.h"

enum platform {
    PLATFORM_OTHER,
    PLATFORM_TWITTER,
    PLATFORM_REDDIT,
    PLATFORM_TELEGRAM,
    PLATFORM_FACEBOOK,
    PLATFORM_INSTAGRAM,
    PLATFORM_YOUTUBE,
    PLATFORM_TIKTOK,
    PLATFORM_BLUESKY,
    PLATFORM_MASTODON,
    PLATFORM_HACKERNEWS,
    PLATFORM_STACKEXCHANGE,
    PLATFORM_REVIEWS,
    PLATFORM_FORUM,
    PLATFORM_NEWS,
    PLATFORM_EMAIL,
    PLATFORM_THREADS,
    PLATFORM_WYKOP,
    PLATFORM_DISCORD,
    PLATFORM_SLACK,
    PLATFORM_WHATSAPP,
    PLATFORM_LINKEDIN,
    PLATFORM_PINTEREST,
    PLATFORM_LEMMY,
    PLATFORM_MISSKEY,
    PLATFORM_TRUTHSOCIAL,
    PLATFORM_GAB,
    PLATFORM_9GAG,
    PLATFORM_DOUYIN,
    PLATFORM_REDNOTE,
    PLATFORM_SUPPORT, /* conversations of a help desk: Intercom, Zendesk, Freshdesk */
    PLATFORM_COUNT,
};

enum post_kind { POST_ORIGINAL, POST_REPLY, POST_REPOST, POST_QUOTE, POST_KIND_COUNT };

enum post_flag {
    POST_EMBEDDED = 1 << 0,  /* found inside another post (retweeted or quoted original) */
    POST_DELETED = 1 << 1,   /* the dump says that it was deleted or removed later */
    POST_NO_TEXT = 1 << 2,   /* text was removed: counts, but carries no opinion */
    POST_BOT = 1 << 3,       /* the platform or the account name says that it is automated */
    POST_PRIVATE = 1 << 4,   /* a private message */
    POST_DEVELOPER = 1 << 5, /* the answer of whom a review is about, in the review's own record */
    POST_NOTE = 1 << 6,      /* private, and said to nobody outside: a help desk's internal note */
};

/* Where it came from. */
enum time_source { TIME_FROM_FIELD, TIME_FROM_ID, TIME_FROM_NAIVE_LOCAL };

enum language { LANGUAGE_OTHER, LANGUAGE_PL, LANGUAGE_EN, LANGUAGE_COUNT };
enum label { LABEL_NEGATIVE = -1, LABEL_NEUTRAL = 0, LABEL_POSITIVE = 1, LABEL_NONE = 2 };

enum intent {
    INTENT_COMPLAINT = 1 << 0,
    INTENT_QUESTION = 1 << 1,
    INTENT_PURCHASE = 1 << 2,
    INTENT_PRAISE = 1 << 3,
    INTENT_RECOMMEND = 1 << 4,
    INTENT_DISSUADE = 1 << 5,
    INTENT_THANKS = 1 << 6,
    INTENT_REQUEST = 1 << 7,
    INTENT_CHURN = 1 << 8,
    INTENT_RUMOR = 1 << 9,
};
#define INTENT_COUNT 10

enum stage {
    STAGE_NONE,
    STAGE_AWARE,
    STAGE_APPEAL,
    STAGE_ASK,
    STAGE_ACT,
    STAGE_ADVOCATE,
    STAGE_COUNT
};

/* What somebody asks for, asks about or is unhappy with. */
enum post_topic {
    TOPIC_NONE, /* the post does nothing of the kind */
    TOPIC_DELIVERY,
    TOPIC_PRICE,
    TOPIC_BILLING,
    TOPIC_OUTAGE,
    TOPIC_QUALITY,
    TOPIC_STAFF,
    TOPIC_APP,
    TOPIC_RETURNS,
    TOPIC_AVAILABILITY,
    TOPIC_PRIVACY,
    TOPIC_SAFETY,
    TOPIC_CONTRACT,
    TOPIC_STORE,
    TOPIC_ADVERTISING,
    TOPIC_OTHER, /* something else, or it does not say what */
    TOPIC_COUNT,
    TOPIC_UNKNOWN = TOPIC_COUNT /* of rows that an earlier version scanned */
};

/* How a post stands to the brand it is stored for. */
enum role {
    ROLE_MENTION,   /* the query matched: counted */
    ROLE_OWN,       /* the brand's own voice: kept for care, never counted as a mention */
    ROLE_CONTEXT,   /* a reply in a thread about the brand, when the configuration asks for it */
    ROLE_ADDRESSED, /* turns to an account of the brand without matching its query: kept for care,
                       never counted as a mention */
    ROLE_COUNT
};

/* By what a post turns to an account of the brand it is stored for, as far as one record tells. A
 * mention keeps these bits too; the brand's own posts have none, and neither have reposts: whoever
 * wrote the original turned to the brand. */
enum address {
    ADDRESS_NONE = 0,
    ADDRESS_REPLY = 1 << 0,   /* the post it answers, or the message's receiver, is an account */
    ADDRESS_HANDLE = 1 << 1,  /* its text has the account's @handle */
    ADDRESS_CHANNEL = 1 << 2, /* it stands in the account's own channel: page, group, chat */
};

/* What a post's id says, so that different posts with one id are told apart and copies of one post
 * are not (same_post.h). */
enum id_kind {
    ID_GIVEN,   /* by a format that knows it: the platform's own, or the scope's */
    ID_LIKELY,  /* found by a usual name; long enough to be the platform's own */
    ID_COUNTED, /* a short one: may count within a chat, a forum, a thread */
    ID_ROW,     /* a small number: may be the number of the row */
    ID_ROUNDED, /* a spreadsheet or a float took its last digits */
    ID_MADE,    /* the dump has none: made of what the post says */
};

struct post {
    uint8_t platform; /* enum platform */
    uint8_t kind;     /* enum post_kind */
    uint8_t flags;    /* enum post_flag bits */
    uint8_t time_precision, time_source;
    int8_t vendor_sentiment; /* enum label: what the tool that exported it says; LABEL_NONE */
    uint8_t id_kind;         /* enum id_kind, of an id that is there */
    uint32_t id_company;     /* of a counter: hash of what it may count within; 0: nothing */
    int64_t created_at_us;   /* microseconds since 1970-01-01 UTC */
    int32_t spread_s; /* how far behind the beginning of the hour, day or month that it states,
                         where      it states no more */
    struct span id, author_id, author_handle, text, language_hint;
    struct span scope; /* chat, thread or file within which ids link; empty: the platform's own */
    struct span reply_to_id, reply_to_author_id, reply_to_author_handle; /* of a private message
                                                  without a parent: to whom it was sent */
    int64_t reply_to_time_us; /* when the post answered was made, where its id or the record tells;
                                 else TIME_NONE */
    struct span participants; /* of a private thread: names, a line each; empty: not told */
    struct span conversation, repost_of;
    struct span channel; /* subreddit, page, chat */
    struct span country, url;
    int64_t likes, replies, reposts, views, followers;
};

/* The time as the post states it: the beginning of the day, where that is all. */
static inline int64_t post_stated_us(const struct post *post) {
    return post->created_at_us - post->spread_s * INT64_C(1000000);
}

/* Lower-case names as used in queries, configuration and output; NULL-safe, never NULL. */
const char *platform_name(enum platform platform);
/* PLATFORM_COUNT when unknown; ASCII case is ignored, "x" and "x.com" mean twitter. */
enum platform platform_find(struct span name);
/* Whether it is this platform that platform_find would give, at a fraction of the cost. */
bool platform_has_name(enum platform platform, struct span name);
const char *post_kind_name(enum post_kind kind);
const char *language_name(enum language language); /* "pl" "en" "other" */
const char *label_name(enum label label);          /* "negative" "neutral" "positive" "none" */
const char *intent_name(unsigned bit);             /* bit 0..INTENT_COUNT-1 */
const char *stage_name(enum stage stage);
const char *topic_name(enum post_topic topic); /* "none" "delivery" .. "other" */
/* "outage 41, billing 7": the topics of so many posts, those that say what it is about, most first:
 * `limit` at most, each of `least` posts or more, and whole ones as far as `size` goes. */
void topics_text(const int32_t counts[TOPIC_COUNT], size_t limit, int32_t least, char *out,
                 size_t size);
const char *role_name(enum role role);

#endif
