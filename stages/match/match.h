/* match: brand queries and accounts in, "which brands does this post name, speak for or turn to"
 * out.
 *
 * query_set_compile turns all brands' queries (their language: pipeline/help/queries.md) into one
 * immutable set: terms expanded to their inflected forms, all brands
 * matched in one pass over the tokens. query_set_may_match is the byte-level prefilter: false means
 * that no brand can match this post, without tokenising it.
 *
 * Memory: the set owns everything and is shared by all threads; a `match_scratch` belongs to one
 * thread. May fail: STATUS_FATAL with EXIT_DATA and a message that shows the query with a caret
 * under the place. */
#ifndef BURZA_MATCH_H
#define BURZA_MATCH_H

#include "stages/common/hash.h"
#include "stages/model/post.h"
#include "stages/text/text.h"

struct brand_account {
    enum platform platform;  /* PLATFORM_COUNT: any */
    const char *id, *handle; /* either may be NULL */
};
struct brand {
    const char *id, *name, *query;
    bool inflect;
    const struct brand_account *accounts;
    size_t account_count;
    bool thread; /* replies in conversations about it are wanted too; not for the query */
};

struct query_set;
enum status query_set_compile(struct query_set **out, const struct brand *brands, size_t count,
                              struct fault *fault) MUST_USE;
void query_set_free(struct query_set *set);

bool query_set_may_match(const struct query_set *set, const struct post *post);

/* One brand that a post belongs to. */
struct match {
    uint16_t brand;
    uint8_t role;         /* enum role: MENTION, OWN or ADDRESSED */
    uint8_t address;      /* enum address bits, of a mention too */
    uint32_t first, last; /* first and last token that named it (for evidence and focus); both
                             UINT32_MAX when it matched by a field only */
};
struct match_scratch;
enum status match_scratch_new(struct match_scratch **out, const struct query_set *set,
                              struct fault *fault) MUST_USE;
void match_scratch_free(struct match_scratch *scratch);
/* Where `tokens` name any brand of the set: the terms of its query, but for those that are excluded
 * or only narrow it (mobile in "orange AND mobile"; a term that looks like the brand's id or name
 * always names it). For tokens_mask. *out lives until the next call with the same scratch; a
 * query_set_match that follows is for the same text. Returns the count. */
size_t query_set_names(const struct query_set *set, struct match_scratch *scratch,
                       const struct tokens *tokens, const struct text_place **out);
/* Brands that `post`, whose text is `tokens` and whose language is `language`, belongs to: by query
 * (ROLE_MENTION), because the author is one of the brand's accounts (ROLE_OWN, also when the text
 * names the brand), or because it turns to one of them (ROLE_ADDRESSED). *out lives until the next
 * call with the same scratch. Returns the count.
 */
size_t query_set_match(const struct query_set *set, struct match_scratch *scratch,
                       const struct post *post, const struct tokens *tokens, enum language language,
                       const struct match **out);

/* Words as they stand in a sample, folded, and how often. The caller's; starts with zeros.
 * `failed`: out of memory, or more than a million different words. */
struct word_tally {
    struct symbols words;
    uint64_t *counts; /* by number */
    uint32_t cap;
    bool failed;
};
void word_tally_release(struct word_tally *tally);
void word_tally_add(struct word_tally *tally, struct span word);
/* One line: the title and the commonest words. */
void word_tally_print(const struct word_tally *tally, const char *title, struct buf *out);

struct match_tally {
    struct word_tally found;
    struct word_tally small;   /* forms that are other words, without the capital that they need */
    struct word_tally counted; /* units in small letters behind a number */
    struct word_tally near;    /* what query_set_tally_near adds */
};
void match_tally_release(struct match_tally *tally);
/* From now on matches made with the scratch are counted in `tally`, which the caller keeps. */
void match_scratch_tally(struct match_scratch *scratch, struct match_tally *tally);
/* Adds the words that look like a name of the queries and are no form of it: a slip, digits for
 * letters, another word of the same stem; not words that a dictionary knows. */
void query_set_tally_near(const struct query_set *set, const struct tokens *tokens,
                          struct word_tally *near);
/* Whether an account of some brand wrote the private message, received it, or takes part in its
 * thread. */
bool query_set_takes_part(const struct query_set *set, const struct post *post);
/* Whether the brand's query finds something by capitals alone (name:, raw:); *term is what asks. */
bool query_set_wants_capitals(const struct query_set *set, size_t brand, struct span *term);

/* Prints for people what a compiled query became: every term with its forms. For `burza query`. */
void query_set_describe(const struct query_set *set, struct buf *out);

#endif
