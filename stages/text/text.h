/* text: a post's text in, tokens and a language out.
 *
 * tokens_read splits a text into tokens (UAX #29 as far as it serves: words, hashtags and their
 * parts, @mentions, URLs, numbers, emoticons, emoji sequences, punctuation runs) in one pass that
 * is linear in bytes for any input. Each token knows its place in the original text, its normal
 * form (NFC, case folded, elongations shortened) and its plain form (diacritics removed), both
 * hashed once, so that matching and scoring never hash or fold again. An elongation is a reading:
 * such a token keeps its form as written beside the shortened one (CCC is a name, coool a cry).
 *
 * Memory: `tokens` belongs to the caller (one per thread), is reused from text to text and keeps
 * its memory; the forms live until the next tokens_read on it. Texts are read up to
 * TEXT_MAX_BYTES; what is beyond is ignored. Invalid UTF-8 is treated as U+FFFD, never an error.
 * May fail: only out of memory. */
#ifndef BURZA_TEXT_H
#define BURZA_TEXT_H

#include "stages/common/buf.h"
#include "stages/model/post.h"

#include <stdint.h>

#define TEXT_MAX_BYTES 65536

enum token_kind {
    TOKEN_WORD,
    TOKEN_NUMBER,   /* 12, 3.5, 1 234,00; with a currency or percent sign still a number */
    TOKEN_HASHTAG,  /* whole tag without '#'; two or more parts follow as TOKEN_WORD | TOKEN_PART */
    TOKEN_HANDLE,   /* @name without '@' */
    TOKEN_URL,      /* the form is the domain without www. */
    TOKEN_EMOJI,    /* one emoji sequence; form without variation selectors and skin tones */
    TOKEN_EMOTICON, /* :) xD <3 ; repeated mouths shortened: ":)))" has form ":)" */
    TOKEN_PUNCT,    /* a run of the same punctuation: "!!!" form "!", "..." form "...", "?!" "?!" */
    TOKEN_NAME,     /* only from tokens_mask: the place of a name, whatever it is; without a form */
    TOKEN_KINDS,
};

enum token_flag {
    TOKEN_CAPS = 1 << 0,        /* two letters or more, all upper case */
    TOKEN_CAPITALISED = 1 << 1, /* first letter upper case */
    TOKEN_ELONGATED = 1 << 2,   /* a letter three times or more, shortened in the form */
    TOKEN_PART = 1 << 3,        /* part of the hashtag or hyphenated compound before it */
    TOKEN_SENTENCE = 1 << 4,    /* first token of a sentence */
    TOKEN_DIACRITICS = 1 << 5,  /* form and plain form differ */
    TOKEN_NEWLINE = 1 << 6,     /* a line break stands before it */
    TOKEN_QUOTED = 1 << 7,      /* between quotation marks */
};

struct token {
    uint32_t at, len;          /* in the original text, bytes */
    uint32_t form, form_len;   /* in tokens.forms: normal form */
    uint32_t plain, plain_len; /* in tokens.forms: diacritics removed; same as form when equal */
    uint64_t hash, plain_hash; /* token_hash of the two */
    uint8_t kind, flags;
    uint16_t repeat;  /* length of a punctuation run or emoticon mouth, emoji repeats */
    uint32_t written; /* TOKEN_ELONGATED: in tokens.forms, the normal form before it was shortened,
                         ended by a NUL */
};

struct tokens {
    struct span text; /* what was read (cut to TEXT_MAX_BYTES) */
    struct token *at;
    uint32_t count, cap;
    char *forms; /* every form has 24 readable bytes behind it */
    uint32_t forms_len, forms_cap;
    uint32_t words, letters; /* TOKEN_WORD without parts; letters in them */
    uint32_t caps_words;
};

void tokens_init(struct tokens *tokens);
void tokens_release(struct tokens *tokens);
enum status tokens_read(struct tokens *tokens, struct span text, struct fault *fault) MUST_USE;

static inline struct span token_form(const struct tokens *tokens, const struct token *token) {
    return (struct span){tokens->forms + token->form, token->form_len};
}
static inline struct span token_plain(const struct tokens *tokens, const struct token *token) {
    return (struct span){tokens->forms + token->plain, token->plain_len};
}

/* The normal form with its letters as often as they were written. */
static inline struct span token_written(const struct tokens *tokens, const struct token *token) {
    return token->flags & TOKEN_ELONGATED ? span_of(tokens->forms + token->written)
                                          : token_form(tokens, token);
}

/* Names of brands, as bytes of the text: [from, end). */
struct text_place {
    uint32_t from, end;
};
/* Fills `masked` with the tokens of a text but for its names: words and tags that touch one of the
 * `places` (rising, not overlapping) become one TOKEN_NAME a place, parts of them vanish; accounts
 * and links stay, as nobody reads their spelling. So whatever reads the masked tokens cannot tell
 * one name from another. Texts are cut to their first MASKED_MAX tokens. Forms are those of
 * `tokens`, which must outlive `masked`; tokens_mask_release frees the rest. */
enum { MASKED_MAX = 8192 };
enum status tokens_mask(const struct tokens *tokens, const struct text_place *places, size_t count,
                        struct tokens *masked, struct fault *fault) MUST_USE;
void tokens_mask_release(struct tokens *masked);

/* The hash of a form: fast, the same on every machine; only for tables of our own words (lexicons,
 * compiled queries), never for tables keyed by dump content. */
uint64_t token_hash(struct span form);

/* The normal form of one word as tokens_read would give it (case folded, NFC), appended to `out`;
 * with `plain`, without diacritics. For compiling queries and lexicons. */
enum status text_fold(struct span word, bool plain, struct buf *out) MUST_USE;
/* The same without shortening elongations. */
enum status text_fold_written(struct span word, bool plain, struct buf *out) MUST_USE;

/* Lines behind '>' (also as "&gt;") are another person's words. When the text has such lines, true,
 * and `own` gets the text with blanks in their place, so that all else keeps its place; of a text
 * that has no other words only the marks stay. */
bool text_own_words(struct span text, struct buf *own);

/* Whether a word may be a name: capitalised, and no everyday word. */
bool token_may_be_name(const struct tokens *tokens, const struct token *token);

/* Single characters for byte-level filters: text_next_char decodes the one at the beginning of
 * `text` (not empty) and returns its bytes; text_plain_char gives the plain bytes it adds to a word
 * (look-alikes of other scripts as Latin letters), 0 for characters that normalisation drops
 * (combining marks, zero width),
 * -1 for what separates words. */
#define TEXT_PLAIN_CHAR_MAX 128
size_t text_next_char(struct span text, uint32_t *codepoint);
int text_plain_char(uint32_t codepoint, char out[TEXT_PLAIN_CHAR_MAX]);
/* Columns that a text takes on a terminal: none for combining marks, two for East Asian characters
 * and emoji (utf8proc's widths). */
int text_columns(struct span text);
/* How many bytes at the beginning are characters of three bytes each that are letters whose plain
 * bytes are none of ASCII. */
size_t text_foreign_run(struct span text);
bool text_is_upper(uint32_t codepoint);
uint32_t text_upper(uint32_t codepoint);

/* pl, en or other. `hint` is the platform's own field (may be absent) and only tips a balance. */
enum language language_detect(const struct tokens *tokens, struct span hint);

#endif
