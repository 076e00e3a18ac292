/* token_reader: the state of one tokens_read, shared by the files that read one kind of token each.
 * Every read_* function starts at reader->at, pushes at least one token or skips at least one
 * byte, and returns false only when out of memory. */
#ifndef BURZA_TOKEN_READER_H
#define BURZA_TOKEN_READER_H

#include "stages/text/fold.h"
#include "stages/text/text.h"

#include <endian.h>
#include <string.h>

struct token_reader {
    struct tokens *tokens;
    struct forms forms; /* taken from tokens, given back at the end */
    const unsigned char *text;
    uint32_t len, at;
    uint8_t pending;     /* flags for the next token that is no punctuation */
    bool stop_read;      /* a full stop stands before */
    bool stop_blank;     /* and a blank behind it: a capital begins a sentence */
    uint32_t quote_from; /* first token after an opening quotation mark, or UINT32_MAX */
    uint32_t quote_open; /* that mark */
    /* the last bytes of the text (from tail_from on) with zeros behind them: a block of 16 bytes
     * may be read where the text itself ends sooner */
    uint32_t tail_from;
    unsigned char tail[32];
};

/* Makes room for more tokens; false when out of memory. */
bool token_reader_grow(struct tokens *tokens);

/* A new token over text [at, at + len) with the pending flags; NULL when out of memory. Its forms
 * are still to be set. Valid until the next push. */
static inline struct token *token_reader_push(struct token_reader *reader, enum token_kind kind,
                                              uint32_t at, uint32_t len) {
    struct tokens *tokens = reader->tokens;
    if (tokens->count == tokens->cap && !token_reader_grow(tokens))
        return NULL;
    struct token *token = &tokens->at[tokens->count++];
    *token = (struct token){.at = at, .len = len, .kind = (uint8_t)kind, .repeat = 1};
    if (kind != TOKEN_PUNCT) {
        token->flags = reader->pending;
        reader->pending = 0;
    }
    return token;
}

static inline uint64_t hash_step(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static inline uint64_t hash_begin(uint64_t len) {
    return (len + 1) * UINT64_C(0xD6E8FEB86659FD93);
}

/* token_hash of bytes that have eight readable bytes behind them. */
static inline uint64_t hash_padded(const char *at, uint32_t len) {
    uint64_t hash = hash_begin(len), word;
    for (; len >= 8; at += 8, len -= 8) {
        memcpy(&word, at, 8);
        hash = hash_step(hash, le64toh(word));
    }
    if (len > 0) {
        memcpy(&word, at, 8);
        hash = hash_step(hash, le64toh(word) & (UINT64_MAX >> (64 - 8 * len)));
    }
    return hash ^ hash >> 32;
}

/* Sets form and plain form to [form, forms.len), folding the plain form when it is not ASCII. */
bool token_reader_set_forms(struct token_reader *reader, struct token *token, uint32_t form);
/* Sets both forms to forms [form, form + len), which has eight bytes of slack behind it. */
static inline void token_reader_set_form(struct token_reader *reader, struct token *token,
                                         uint32_t form, uint32_t len) {
    token->form = token->plain = form;
    token->form_len = token->plain_len = len;
    token->hash = token->plain_hash = hash_padded(reader->forms.at + form, len);
}
/* Sets the forms to bytes as they are. */
bool token_reader_set_text(struct token_reader *reader, struct token *token, const char *form,
                           uint32_t len);

/* The pieces of a word, compound or hashtag. */
#define PIECES_MAX 16
struct pieces {
    struct word_piece {
        uint32_t at, len;
    } of[PIECES_MAX];
    uint32_t count;
};
/* Pushes the whole and, when there are two or more, its pieces as parts. */
bool token_reader_push_pieces(struct token_reader *reader, enum token_kind kind, uint32_t at,
                              uint32_t len, const struct pieces *pieces);

/* Counts a TOKEN_WORD that is no part. */
static inline void token_reader_count_word(struct tokens *tokens, const struct token *token,
                                           uint32_t letters) {
    tokens->words++;
    tokens->letters += letters;
    tokens->caps_words += (token->flags & TOKEN_CAPS) != 0;
}

bool read_word(struct token_reader *reader);
bool read_number(struct token_reader *reader);
bool read_hashtag(struct token_reader *reader);
bool read_handle(struct token_reader *reader);
bool read_emoji(struct token_reader *reader);
bool read_cjk(struct token_reader *reader);
bool read_punct(struct token_reader *reader);

/* Where a word that begins at `at` ends: letters, digits, marks and apostrophes between letters. */
uint32_t word_end(const struct token_reader *reader, uint32_t at);
static inline bool is_letter_at(const struct token_reader *reader, uint32_t at) {
    uint32_t len;
    if (at >= reader->len)
        return false;
    enum char_class class = char_class_at(reader->text, reader->len, at, &len);
    return class == CHAR_UPPER || class == CHAR_LOWER;
}

/* True when text[at] exists and is of a class that words are made of. */
static inline bool is_word_at(const struct token_reader *reader, uint32_t at) {
    uint32_t len;
    if (at >= reader->len)
        return false;
    enum char_class class = char_class_at(reader->text, reader->len, at, &len);
    return class == CHAR_UPPER || class == CHAR_LOWER || class == CHAR_DIGIT;
}

/* For what may or may not stand at reader->at. */
enum found { FOUND_NONE, FOUND_READ, FOUND_FAILED };
/* Pushes the URL, bare domain or e-mail address at reader->at, if there is one. */
enum found read_url(struct token_reader *reader);
/* Pushes the word at reader->at (a letter) when it is a plain one. */
enum found read_word_fast(struct token_reader *reader);
/* Pushes the @handle or #hashtag at reader->at when it is a plain one of a single piece. */
enum found read_tag_fast(struct token_reader *reader);
/* Pushes the ASCII punctuation at reader->at when it stands alone and can be nothing else. */
enum found read_punct_fast(struct token_reader *reader);
/* Pushes the emoticon at reader->at, if there is one. */
enum found read_emoticon(struct token_reader *reader);

/* Where the emoji sequence at text[at] ends. */
uint32_t emoji_end(const unsigned char *text, uint32_t len, uint32_t at);
/* Appends its form: without variation selectors and skin tones. */
bool emoji_form(struct forms *forms, struct span sequence);

#endif
