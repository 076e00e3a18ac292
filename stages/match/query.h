/* query: the inside of a compiled query set, shared by the files of this folder.
 *
 * The way of a query: parse.c (text -> nodes and leaves) -> expand_query.c (leaf -> forms of its
 * words) -> forms.c (one hash table of all forms) and filter.c (the prefilter's literals) ->
 * match_tokens.c (tokens -> hits) -> eval.c (hits -> brands). Nodes of a brand stand children
 * first, so one walk in order evaluates them; the leaves below a node are always a contiguous
 * range.
 */
#ifndef BURZA_QUERY_H
#define BURZA_QUERY_H

#include "stages/match/match.h"

#define PHRASE_WORDS_MAX 16
#define PREFIX_BYTES_MAX 63

enum node_kind { NODE_LEAF, NODE_AND, NODE_OR, NODE_NOT, NODE_NEAR };

struct node {
    uint8_t kind;
    uint16_t near;        /* greatest distance in words, for NODE_NEAR */
    uint32_t left, right; /* children (NODE_NOT: only left) */
    uint32_t leaf_first, leaf_end;
};

enum leaf_kind {
    LEAF_WORDS, /* one word or a phrase, in the table of forms */
    LEAF_RAW,
    LEAF_AUTHOR,
    LEAF_CHANNEL,
    LEAF_LANG,
    LEAF_PLATFORM,
    LEAF_URL,
};

/* How the words of a LEAF_WORDS stand in a text. */
enum spelling {
    SPELLED_TYPED,
    SPELLED_APART,  /* the parts of a compound as a phrase: t mobile */
    SPELLED_AMP,    /* the same with & between them: h & m */
    SPELLED_CAMEL,  /* each capital begins a word: Leroy Merlin of LeroyMerlin */
    SPELLED_JOINED, /* two words of the dictionaries as a phrase: media markt of mediamarkt */
    SPELLED_PLUS,   /* + as a word: canal plus */
};

struct leaf {
    uint8_t kind;
    uint8_t words; /* LEAF_WORDS: length of the phrase */
    uint8_t value; /* LEAF_LANG, LEAF_PLATFORM: the enum */
    bool negated, near;
    bool names;       /* it names the brand, and is no mere circumstance of it */
    bool prefix;      /* a field's value ends in * */
    bool decides;     /* LEAF_WORDS: the query can be true with no other word in the text */
    bool cased;       /* LEAF_WORDS: a capital of the query is one in the text (name:) */
    uint8_t spelling; /* enum spelling */
    uint16_t joined;  /* SPELLED_JOINED: where the second word begins */
    uint16_t brand;
    uint32_t at, len;        /* in the brand's query, for people */
    uint32_t text, text_len; /* in set->strings: value of a field as compared; LEAF_WORDS: the plain
                                form of a single word */
};

/* Which tokens an entry of the table may match. */
enum entry_flag {
    ENTRY_WORD = 1 << 0,
    ENTRY_HASHTAG = 1 << 1,
    ENTRY_HANDLE = 1 << 2,
    ENTRY_URL = 1 << 3,
    ENTRY_LEMMA = 1 << 4, /* may carry an ending behind an apostrophe */
    ENTRY_PLAIN = 1 << 5, /* a text without any diacritics is enough */
    ENTRY_PREFIX = 1 << 6,
    ENTRY_WHOLE = 1 << 7,          /* the whole phrase written as one */
    ENTRY_DOMAIN = 1 << 8,         /* the owner of a link's domain */
    ENTRY_CAPITAL = 1 << 9,        /* another word: only with a capital inside a sentence */
    ENTRY_PLAIN_CAPITAL = 1 << 10, /* without diacritics another word: then so */
    ENTRY_PLUS = 1 << 11,          /* only with a + right behind it */
    ENTRY_UNIT = 1 << 12,          /* a unit: not in small letters behind a number */
};
/* Those that ask more of the text than its letters. */
#define ENTRY_ASKS (ENTRY_CAPITAL | ENTRY_PLAIN_CAPITAL | ENTRY_PLUS | ENTRY_UNIT)
#define ENTRY_ANY (ENTRY_WORD | ENTRY_HASHTAG | ENTRY_HANDLE | ENTRY_URL | ENTRY_DOMAIN)

/* One form of one word of one leaf. */
struct form_entry {
    uint64_t hash; /* token_hash of the plain form */
    uint32_t form, plain;
    uint16_t form_len, plain_len;
    uint32_t leaf, typed; /* typed: the word of a name: as typed, with its capitals */
    uint16_t typed_len;
    uint16_t flags;
    uint8_t word;
};

struct query_brand {
    uint32_t node_first, node_end; /* the last node is the root; empty when there is no query */
    bool always;                   /* may match without any word */
    char *id, *query;
};

#define ACCOUNT_NAME_MAX 256 /* bytes of a handle or id */

struct account {
    uint64_t hash; /* of handle or id, folded */
    uint32_t text;
    uint16_t text_len, brand;
    uint8_t platform;
    bool is_id;
};

struct query_set {
    struct node *nodes;
    struct leaf *leaves;
    struct form_entry *entries; /* sorted by hash, then leaf */
    struct account *accounts;   /* sorted by hash */
    struct query_brand *brands;
    uint32_t node_count, node_cap, leaf_count, leaf_cap, entry_count, entry_cap;
    uint32_t account_count, brand_count;
    uint64_t account_marks[64]; /* bit account_mark(name): some account has a name like that */
    uint64_t handle_lengths[ACCOUNT_NAME_MAX / 64 + 1]; /* bit n: some handle has n bytes */
    uint32_t *slots; /* [slot_mask + 1]: first entry of a hash + 1 */
    uint32_t slot_mask;
    uint64_t prefix_lengths; /* bit n: some prefix entry has n bytes */
    uint32_t always_count;
    bool has_raw_names; /* a raw: leaf names a brand */
    struct buf strings;
    struct filter *filter;
};

struct span query_string(const struct query_set *set, uint32_t at, uint32_t len);
/* Adds bytes to set->strings; *at is where. */
enum status query_keep(struct query_set *set, struct span bytes, uint32_t *at,
                       struct fault *fault) MUST_USE;

/* Appends the nodes and leaves of brand `index`. */
enum status query_parse(struct query_set *set, uint16_t index, const char *id, const char *query,
                        struct fault *fault) MUST_USE;
/* Writes the message with the query and a caret under byte `at`. */
enum status query_error(struct fault *fault, const char *id, struct span query, size_t at,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What the tokens of a term amount to: words of a phrase, parts of a compound. */
struct term_shape {
    uint32_t words, parts;
    bool short_prefix;
    bool plus;  /* a + stands right behind the last word */
    bool plain; /* a single word without * and sign */
};
struct term_shape term_shape(const struct tokens *tokens);
/* True when token `i` of a term is a word of it, not punctuation or a part. */
bool term_is_word(const struct tokens *tokens, uint32_t i);
/* True when a * follows token `i` without a blank. */
bool term_is_prefix(const struct tokens *tokens, uint32_t i);

/* Where the second word of a glued one begins: at a capital (MediaExpert), or between two words
 * that dictionaries know (mediamarkt); 0 when it is one word. `word` as typed. */
size_t term_joint(struct span word, enum spelling *spelling);

/* Appends the entries of every leaf of the brand. */
enum status query_expand(struct query_set *set, const struct query_brand *brand, bool inflect,
                         struct fault *fault) MUST_USE;
/* Marks the leaves that name the brand that was parsed last. */
void query_mark_names(struct query_set *set, const struct brand *brand);
/* Sorts the entries and builds the table. */
enum status forms_index(struct query_set *set, struct fault *fault) MUST_USE;

/* Whether some form has this hash. */
bool forms_have(const struct query_set *set, uint64_t hash);
/* A word of a text as it is looked up. */
struct probe {
    uint64_t hash;
    struct span form, plain;
    uint16_t want; /* enum entry_flag: the entry must have one of these */
};
typedef void forms_visit(const struct form_entry *entry, void *context);
void forms_find(const struct query_set *set, const struct probe *probe, forms_visit *visit,
                void *context);
/* Entries whose form is a proper or equal prefix of the word. */
void forms_find_prefix(const struct query_set *set, const struct probe *probe, forms_visit *visit,
                       void *context);

/* The bytes of a raw: or url: leaf that stand in any text or link for which it holds. */
struct span field_body(const struct query_set *set, const struct leaf *leaf);
/* True when the field leaf holds for the post. */
bool field_holds(const struct query_set *set, const struct leaf *leaf, const struct post *post,
                 const struct tokens *tokens, enum language language);

enum status accounts_index(struct query_set *set, const struct brand *brands, size_t count,
                           struct fault *fault) MUST_USE;
/* Calls `visit`, perhaps more than once, for each brand that the author speaks for (ADDRESS_NONE)
 * or that the post turns to (one bit of enum address). */
typedef void account_visit(uint16_t brand, enum address address, void *context);
void accounts_find(const struct query_set *set, const struct post *post, account_visit *visit,
                   void *context);

enum status filter_build(struct query_set *set, struct fault *fault) MUST_USE;
void filter_free(struct filter *filter);
bool filter_passes(const struct filter *filter, struct span text);

#endif
