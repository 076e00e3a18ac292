/* care: the posts of one brand in; who turned to it, what was answered and when out.
 *
 * In: struct care_input, all borrowed: the mention table, the brand's rows of every role in the
 * table's order, its accounts, what the dump shows of each platform. Out: of each row a class;
 * conversations, turns, answers; and from them the figures of the tables. A brand's figures do not
 * depend on other brands, threads or order of inputs. Nothing here names a person but by number of
 * a row, so whoever shows one masks it first; agents are read from signatures.
 *
 * Terms. Own: by an account of the brand. Official: by an account of any brand. Inbound: turned to
 * the brand (classes private, review, reply, mention, comment). Received: inbound, neither deleted
 * nor automated. Turn: received posts of one author, close together, before the brand speaks.
 * Actionable: a turn that asks for something. Broadcast: an own public post that answers nobody.
 *
 * Owner: `struct care` owns its arrays; lists of rows are the caller's. May fail: STATUS_FATAL out
 * of memory. Missing numbers are -1, missing shares and times NAN. */
#ifndef BURZA_CARE_H
#define BURZA_CARE_H

#include "stages/care/calendar_hours.h"
#include "stages/care/proportion.h"
#include "stages/care/survival.h"
#include "stages/model/mention_table.h"
#include "stages/store/store.h"

#define CARE_NONE UINT32_MAX

struct care_settings {
    int32_t minimum_n; /* cases from which on a share, quantile or median is given */
    struct open_calendar open;
    int64_t burst_s;           /* posts of one author so close together are one turn */
    int64_t idle_s;            /* a silence longer than that ends a conversation */
    int64_t silence_s;         /* who wrote nothing for that long before the end fell silent */
    const char **auto_replies; /* [auto_count] texts by which automatic replies are known */
    size_t auto_count;
    const char **campaigns; /* [campaign_count] hashtags with # */
    size_t campaign_count;
};
struct care_settings care_settings_default(void);

/* Of the brand. */
struct care_account {
    enum platform platform;  /* PLATFORM_COUNT: any */
    const char *id, *handle; /* either may be NULL */
};

/* What the dump shows of a platform, of any author and topic. */
struct platform_span {
    int64_t first_s, last_s; /* last_s < first_s: nothing */
    struct time_gap *gaps;   /* [gap_count] outages, ascending */
    size_t gap_count;
};

struct care_crisis {
    int64_t onset_s, end_s; /* end is exclusive */
};

struct care_input {
    const struct mention_table *mentions;
    const uint32_t *rows; /* [count] the brand's, ascending */
    size_t count;
    const struct care_account *accounts; /* [account_count] */
    size_t account_count;
    const uint8_t *official; /* [mentions->author_count] 1: an account of some brand */
    const struct care_settings *settings;
    const struct platform_span *spans; /* [PLATFORM_COUNT] */
    const struct open_times *open;     /* over all that the dump shows */
    const struct zone *zone;
    const struct care_crisis *crises; /* [crisis_count] by onset */
    size_t crisis_count;
    struct span brand; /* its id, as tables show it */
};

/* ---- what is found of each post ---- */

enum care_class {
    CLASS_NONE, /* in no figure */
    CLASS_OWN,
    CLASS_REPOST,
    CLASS_PRIVATE,
    CLASS_REVIEW,
    CLASS_REPLY,
    CLASS_MENTION,
    CLASS_COMMENT,
    CLASS_UNADDRESSED,
    CLASS_PEER, /* customers among themselves: in no figure */
};              /* as in post_care_classes */

enum care_mark {
    MARK_VOID = 1 << 0,      /* deleted, or automated and not own: no message */
    MARK_IDLE = 1 << 1,      /* asks for nothing: thanks, an emoji, "ok" */
    MARK_AUTO = 1 << 2,      /* own: an automatic reply */
    MARK_BROADCAST = 1 << 3, /* own and public: answers nobody */
    MARK_UNTIMED = 1 << 4,   /* its time is too coarse for latencies */
    MARK_DEVELOPER = 1 << 5, /* own: the answer in a review's row */
    MARK_EMOJI = 1 << 6,     /* an emoji in its text */
    MARK_DEFLECTS = 1 << 7,  /* own: sends to a private channel */
};

struct care_post {
    int64_t at_s;
    uint32_t row;          /* of the mentions */
    uint32_t link;         /* of the mentions' links; CARE_NONE */
    uint32_t parent;       /* place of the post answered; CARE_NONE: none, or none that is kept */
    uint32_t author;       /* number among the brand's authors; 0: unknown */
    uint32_t conversation; /* CARE_NONE: its thread holds neither a message nor an own post */
    uint32_t turn;         /* CARE_NONE */
    int16_t account;       /* own: whose; inbound: the one addressed; -1: none */
    uint8_t class;         /* enum care_class */
    uint8_t marks;         /* enum care_mark bits */
    uint8_t channel;
};

static inline bool care_inbound(const struct care_post *post) {
    return post->class >= CLASS_PRIVATE && post->class <= CLASS_COMMENT;
}
static inline bool care_received(const struct care_post *post) {
    return care_inbound(post) && !(post->marks & MARK_VOID);
}
/* Of a customer's path: what somebody said to or of the brand. */
static inline bool care_on_path(const struct care_post *post) {
    return (care_inbound(post) || post->class == CLASS_UNADDRESSED ||
            post->class == CLASS_REPOST) &&
           !(post->marks & MARK_VOID);
}
/* Kept for conversations: own, inbound, unaddressed. */
static inline bool care_kept(const struct care_post *post) {
    return post->class == CLASS_OWN || care_inbound(post) || post->class == CLASS_UNADDRESSED;
}
/* Own, and may be an answer. */
static inline bool care_replies(const struct care_post *post, const struct mention_table *m) {
    return post->class == CLASS_OWN && !(post->marks & (MARK_AUTO | MARK_BROADCAST)) &&
           !(m->flags[post->row] & POST_DELETED);
}

/* ---- conversations and turns ---- */

enum care_state {
    STATE_NOTHING_ASKED,
    STATE_THANKED,
    STATE_UNANSWERED,
    STATE_UNRESOLVED,
    STATE_DEFLECTED,
    STATE_PRESUMED_CLOSED,
    STATE_PENDING,
};
const char *care_state_name(enum care_state state);
static inline bool care_resolved(enum care_state state) {
    return state == STATE_THANKED || state == STATE_PRESUMED_CLOSED;
}

struct care_conversation {
    uint32_t component;
    uint32_t first, last;                   /* posts */
    uint32_t first_received, last_received; /* posts; CARE_NONE: it does not count */
    uint32_t first_turn, last_turn;         /* actionable; CARE_NONE */
    uint32_t last_reply;                    /* post: the last own one that is not automatic */
    uint32_t first_answer, last_answer;     /* posts: of actionable turns */
    uint32_t inbound, outbound, customers, turns, answered;
    int64_t resolved_s;              /* -1 */
    int16_t first_score, last_score; /* of customers, in thousandths; SCORE_MISSING */
    uint16_t scored;                 /* 0, 1, 2: or more */
    uint8_t state;                   /* enum care_state */
    bool deflected;
};
#define SCORE_MISSING INT16_MIN

enum turn_mark {
    TURN_ACTIONABLE = 1 << 0,
    TURN_FIRST = 1 << 1,       /* the author's first actionable one in the conversation */
    TURN_INFERRED = 1 << 2,    /* the answer names nobody */
    TURN_UNADDRESSED = 1 << 3, /* no turn, but a post that turned to nobody and may be answered */
    TURN_ASKS = 1 << 4,        /* a post of stage ask */
    TURN_BUYS = 1 << 5,        /* a post with the intent purchase of stage appeal or ask */
    TURN_EMOJI = 1 << 6,
};

struct care_turn {
    int64_t start_s;
    uint32_t first, last;          /* posts */
    uint32_t conversation, author; /* author as in posts */
    uint32_t answer;               /* post; CARE_NONE */
    uint32_t pair; /* number of its author in its conversation; CARE_NONE: no author */
    uint16_t intents;
    int16_t account;
    uint8_t channel, marks;
    uint8_t state; /* of its first post that is not idle: enum path_state */
};

/* What the path of a customer says (R. Kotler's five A's, with those who warn others). */
enum path_state {
    PATH_NONE,
    PATH_AWARE,
    PATH_APPEAL,
    PATH_ASK,
    PATH_ACT,
    PATH_ADVOCATE,
    PATH_DETRACTOR,
    PATH_COUNT
};
const char *path_state_name(enum path_state state); /* "none" "aware" .. "detractor" */

enum care_basis { BASIS_NONE, BASIS_REPLIES, BASIS_FULL };
const char *care_basis_name(enum care_basis basis);

enum { CARE_CHANNELS = PLATFORM_COUNT * 2 };
struct care_channel {
    uint32_t own;     /* posts by the brand */
    uint32_t replies; /* own posts that answer a post and are no broadcast */
    uint32_t kept;    /* of them, those whose post is there */
    uint32_t posts;   /* own, inbound, unaddressed */
    uint8_t basis;    /* enum care_basis */
    bool partly;      /* some posts answered are missing */
    bool minutes;     /* times are exact to the minute only */
};
/* "twitter", "facebook/private" */
void care_channel_name(size_t channel, char out[32]);

/* A post that is known by the brand's answer to it alone (basis replies). */
struct answered_parent {
    int64_t at_s, wait_s;
    uint32_t answer; /* post */
};

/* Whose key it is, as rows and links have it. */
struct account_key {
    uint64_t key;
    int16_t account;
};
struct account_keys {
    struct account_key *at; /* [count] by key */
    size_t count;
};
/* Which post an id leads to. */
struct id_index {
    struct id_slot {
        uint32_t place; /* of a post + 1; 0 when empty */
        uint32_t tag;   /* of its id, so that few others are looked at */
    } * slots;          /* [mask + 1] */
    size_t mask;
};

struct care {
    struct care_input input;
    struct account_keys keys;
    struct id_index ids;     /* of the posts that have links; until conversations are found */
    struct care_post *posts; /* [input.count] */
    uint32_t *authors;       /* [author_count] their numbers in the mentions; the first is 0 */
    size_t author_count;
    struct care_conversation *conversations; /* [conversation_count] by first post */
    size_t conversation_count;
    struct care_turn *turns; /* [turn_count] by first post, with what was unaddressed */
    size_t turn_count;
    size_t pair_count; /* authors of turns, in each conversation anew */
    struct care_channel channels[CARE_CHANNELS];
    const char **account_names; /* [account_count] as tables show them */
    size_t account_count;
    struct answered_parent *parents; /* [parent_count] by time */
    size_t parent_count;
    uint8_t basis; /* of all channels: the best that one has */
};

/* After a failure too, `care` is to be released. */
enum status care_find(const struct care_input *input, struct care *care,
                      struct fault *fault) MUST_USE;
void care_release(struct care *care);

/* Until when a post of that moment is watched: the end of the platform or the next outage. */
int64_t care_observed_until(const struct care *care, size_t channel, int64_t at_s);
/* Seconds until the answer, 0 for clocks that differ; -1: none, or not known. */
int64_t care_wait(const struct care *care, const struct care_turn *turn);
/* Whether the answer came while the turn was watched. */
bool care_seen(const struct care *care, const struct care_turn *turn);
/* The state of a post that care_on_path holds. */
enum path_state care_path_state(const struct care *care, const struct care_post *post);
/* An actionable turn of a channel whose posts are all there. */
static inline bool care_counts(const struct care *care, const struct care_turn *turn) {
    return (turn->marks & TURN_ACTIONABLE) && care->channels[turn->channel].basis == BASIS_FULL;
}

/* What the posts of a cell are about: at most so many topics, each of so many posts. */
enum { CELL_TOPICS = 5, CELL_TOPIC_POSTS = 5 };
/* One more row of a table, of which nothing is known but the brand; NULL when out of memory. */
void *care_row(const struct care *care, struct audit *audit, enum table_id table);
/* The note "n<31" where a share is missing for want of cases. */
void care_note_few(const struct care *care, char *note, size_t size, int64_t n);
/* What is missing, said once per row: codes joined by "; ". */
void care_note(char *note, size_t size, const char *code);
/* Whether there are cases enough for a share, a quantile, a median. */
static inline bool care_enough(const struct care *care, int64_t n) {
    return n > 0 && n >= care->input.settings->minimum_n;
}
/* Share and limits when there are cases enough. */
struct proportion care_share(const struct care *care, int64_t x, int64_t n);
/* Places [first, last) of the posts, and of the turns that begin, in [from_s, to_s). */
struct care_range {
    size_t first, last;
};
struct care_range care_posts_in(const struct care *care, int64_t from_s, int64_t to_s);
struct care_range care_turns_in(const struct care *care, int64_t from_s, int64_t to_s);
/* The local month of a second, as the moments at which it begins and ends. */
void care_month(const struct zone *zone, int64_t second, int64_t *from_s, int64_t *to_s);
/* Notes of a figure of all channels which are left out. */
void care_note_left_out(const struct care *care, char *note, size_t size);
/* Notes what no reader may overlook of these channels, and outages between two moments. */
void care_note_channels(const struct care *care, const bool wanted[CARE_CHANNELS], int64_t from_s,
                        int64_t to_s, char *note, size_t size);
/* The channels whose basis is the best there is. */
void care_best_channels(const struct care *care, bool wanted[CARE_CHANNELS]);

/* ---- tables ---- */

/* Each adds its rows to the table of its name. */
enum status care_response(const struct care *care, struct audit *audit,
                          struct fault *fault) MUST_USE;
enum status care_conversations(const struct care *care, struct audit *audit,
                               struct fault *fault) MUST_USE;
enum status care_hours(const struct care *care, struct audit *audit, struct fault *fault) MUST_USE;
enum status care_replies_table(const struct care *care, struct audit *audit,
                               struct fault *fault) MUST_USE;
enum status care_chances(const struct care *care, struct audit *audit,
                         struct fault *fault) MUST_USE;

/* What the posts of an audit say of the brand's rows; `answer` as rows of the mentions. */
void care_mark_posts(const struct care *care, struct post_care *marks);

#endif
