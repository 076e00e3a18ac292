/* care parts: the steps in which care_find works, and what they share. Internal to the stage. */
#ifndef BURZA_CARE_PARTS_H
#define BURZA_CARE_PARTS_H

#include "stages/care/care.h"

/* ---- care_accounts.c ---- */

/* Also names the accounts; one name is one account. */
bool care_index_accounts(struct care *care) MUST_USE;
/* -1: none of them. */
int16_t account_find(const struct care *care, uint64_t key);

/* ---- care_ids.c: which post an id leads to ---- */

bool care_index_ids(struct care *care) MUST_USE;
uint32_t care_find_id(const struct care *care, uint64_t hash); /* CARE_NONE: no post */
/* NULL: the row has no link. */
const struct mention_link *care_link(const struct care *care, const struct care_post *post);

/* ---- the steps, in order ---- */

/* care_posts.c: posts with their classes, accounts and marks, but MARK_AUTO. */
enum status care_find_posts(struct care *care, struct fault *fault) MUST_USE;
/* care_threads.c: conversations, but what turns say of them; MARK_AUTO. */
enum status care_find_threads(struct care *care, struct fault *fault) MUST_USE;
/* care_channels.c: the basis of each channel, parents that only answers show. */
enum status care_find_channels(struct care *care, struct fault *fault) MUST_USE;
/* care_turns.c: turns and their answers. */
enum status care_find_turns(struct care *care, struct fault *fault) MUST_USE;
/* care_outcome.c: what came of the conversations. */
enum status care_settle(struct care *care, struct fault *fault) MUST_USE;

/* ---- care_words.c: what texts say ---- */

struct word {
    struct span text;  /* lower case; Polish letters as they are, or folded */
    bool capital;      /* its first letter was one */
    uint32_t from, to; /* bytes in the original */
};
struct words {
    struct word *at; /* [count] */
    size_t count, cap;
    struct buf bytes;
};
void words_init(struct words *words);
void words_release(struct words *words);
/* Letters and digits without handles, addresses and hashtags; `folded`: Polish letters as plain
 * ones. */
bool words_read(struct words *words, struct span text, bool folded) MUST_USE;

/* Whether an @name begins at text.at[at]; *len: its bytes without @, where letters, digits and _
 * end. */
bool handle_at(struct span text, size_t at, size_t *len);
/* The @names of a text, without @, one after the other; of a name that may go on behind a dot or a
 * dash every form. Starts as {.text = text}. */
struct names_reader {
    struct span text;
    size_t begin, end; /* of the last name */
};
bool names_next(struct names_reader *reader, struct span *out);
/* Bytes of an address that begins at text.at[at]; 0: none does. */
size_t address_at(struct span text, size_t at);
/* The text without handles and addresses, in small letters, blanks collapsed. */
void text_squeeze(struct span text, struct buf *out);
bool text_has_emoji(struct span text);
/* Whether a post with this text and these intents asks for nothing. */
bool text_is_idle(struct words *words, struct span text, uint16_t intents, bool *failed);
bool is_emoji(uint32_t codepoint);

/* ---- care_cues.c: how a reply speaks ---- */

struct reply_cues {
    bool signed_by, named, apology, deflects;
    char agent[64];      /* "" when not signed */
    uint32_t characters; /* blanks collapsed, without handles and addresses */
    uint64_t canned_key; /* 0: under four words */
};
/* What stands before the signature, which goes into the cues. */
struct span reply_signature(struct span text, struct reply_cues *out);
bool reply_deflects(struct words *words, struct span text, bool *out) MUST_USE;
bool reply_cues_read(struct words *words, struct span text, struct reply_cues *out) MUST_USE;

static inline struct span care_text(const struct care *care, const struct care_post *post) {
    return mention_table_string(care->input.mentions, post->row, STRING_TEXT);
}

#endif
