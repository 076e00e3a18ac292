/* The fast path of the tokenizer: words of ASCII and two-byte Latin letters that end at an ordinary
 * separator, which is nearly all there is. Whatever could be more than a word (a URL, a compound,
 * an emoticon, an elongation) is left to read_word, which gives the same tokens. */
#include "stages/text/latin.h"
#include "stages/text/token_reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes behind a word that may make more of it. */
static const bool is_open_end[256] = {
    ['\''] = true, ['`'] = true, ['-'] = true, ['&'] = true, ['@'] = true,
    ['_'] = true,  ['+'] = true, [':'] = true, ['.'] = true,
};

struct fast_word {
    uint32_t end, form_len, letters, upper;
    bool first_upper, marked;
};

/* Two-byte Latin letter at text[at]; NULL when it is none. */
static const struct latin *latin_at(const struct token_reader *reader, uint32_t at) {
    unsigned char lead = reader->text[at];
    if (lead < 0xC2 || lead > 0xC8 || reader->len - at < 2 || (reader->text[at + 1] & 0xC0) != 0x80)
        return NULL;
    const struct latin *latin =
        &latin_rows[((lead & 0x1Fu) << 6 | (reader->text[at + 1] & 0x3Fu)) - LATIN_FIRST];
    return latin->lower ? latin : NULL;
}

static void put_latin(struct fast_word *word, const struct latin *latin, char *out) {
    out[word->form_len++] = (char)(0xC0 | latin->lower >> 6);
    out[word->form_len++] = (char)(0x80 | (latin->lower & 0x3F));
    word->letters++;
    word->upper += latin->kind == LATIN_UPPER;
    word->marked = true;
    word->end += 2;
}

/* A character beyond ASCII that ends a word: typographic dashes, quotation marks and dots, and the
 * pictographs from U+1F300 to U+1F7FF. What is not sure is left to the slow path. */
static bool closes_beyond(const struct token_reader *reader, uint32_t at) {
    const unsigned char *text = reader->text + at;
    if (reader->len - at < 4)
        return false;
    if (text[0] == 0xE2 && text[1] == 0x80)
        return text[2] == 0xA6 || (text[2] >= 0x9C && text[2] <= 0x9E) || text[2] == 0x93 ||
               text[2] == 0x94;
    return text[0] == 0xF0 && text[1] == 0x9F && text[2] >= 0x8C && text[2] <= 0x9F &&
           (text[3] & 0xC0) == 0x80;
}

/* Whether the word that began with `first` surely ends at `at`. */
static bool closes(const struct token_reader *reader, uint32_t at, unsigned char first) {
    if (at >= reader->len)
        return true;
    unsigned char byte = reader->text[at];
    if (!is_open_end[byte])
        return byte < 0x80 || closes_beyond(reader, at);
    unsigned char next = at + 1 < reader->len ? reader->text[at + 1] : ' ';
    switch (byte) {
    case '.':
        return !is_word_at(reader, at + 1) && next != '_';
    case ':':
        return (first | 0x20) != 'h'; /* http: */
    case '-':
    case '&':
    case '\'':
    case '`':
        return next < 0x80 && !ascii_word[next];
    default:
        return false;
    }
}

/* The length of an apostrophe at `at` with an ASCII letter behind it, else 0. */
static uint32_t apostrophe_len(const struct token_reader *reader, uint32_t at) {
    const unsigned char *text = reader->text + at;
    uint32_t left = reader->len - at, len = 0;
    if (text[0] == '\'' || text[0] == '`')
        len = 1;
    else if (left > 3 && text[0] == 0xE2 && text[1] == 0x80 && (text[2] | 1) == 0x99)
        len = 3;
    return len && len < left && ascii_word[text[len]] > '9' ? len : 0;
}

/* The like letters that a word ends in so far. */
struct run {
    uint32_t previous, len; /* len: likes before the last, 0 for a new letter */
};

#ifdef __SSE2__
/* Bytes of `block` from `first` to `last`, as a mask of lanes: moved so that these are the least.
 */
static inline __m128i lanes_between(__m128i block, char first, char last) {
    __m128i moved = _mm_add_epi8(block, _mm_set1_epi8((char)(0x80 - first)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-0x80 + last - first + 1)));
}

/* What 16 bytes begin with: bits of their letters and digits, up to the first other byte. */
struct byte_block {
    __m128i lower;
    unsigned len, letters, upper;
    unsigned like; /* letters that are as the one before */
};

static inline struct byte_block block_read(const struct token_reader *reader, uint32_t at) {
    const unsigned char *text =
        reader->len - at >= 16 ? reader->text + at : reader->tail + (at - reader->tail_from);
    __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i letters = lanes_between(lower, 'a', 'z'), digits = lanes_between(bytes, '0', '9');
    unsigned word = (unsigned)_mm_movemask_epi8(_mm_or_si128(letters, digits));
    unsigned len = (unsigned)__builtin_ctz(~word), inside = (1u << len) - 1;
    __m128i same = _mm_cmpeq_epi8(lower, _mm_slli_si128(lower, 1));
    struct byte_block block = {.lower = lower, .len = len};
    block.letters = (unsigned)_mm_movemask_epi8(letters) & inside;
    /* among letters, capitals are those without bit 5, which goes to the sign */
    block.upper = ~(unsigned)_mm_movemask_epi8(_mm_slli_epi16(bytes, 2)) & block.letters;
    block.like = (unsigned)_mm_movemask_epi8(same) & block.letters & ~1u;
    return block;
}

/* Takes a block over; true when a letter stands three times in a row. */
static bool fold_block(const struct byte_block *block, struct fast_word *word, char *out,
                       struct run *run) {
    _mm_storeu_si128((__m128i *)out, block->lower);
    word->end += block->len;
    word->form_len += block->len;
    word->letters += (uint32_t)__builtin_popcount(block->letters);
    word->upper += (uint32_t)__builtin_popcount(block->upper);
    if (block->len > 0) {
        run->previous = (unsigned char)out[block->len - 1];
        run->len = block->like >> (block->len - 1) & 1;
    }
    return (block->like & block->like << 1) != 0;
}

/* Whether the word that `block` begins with is one of the commonest: fewer than 16 ASCII letters
 * and digits, none three times in a row, that surely end it. */
static inline bool is_short(const struct token_reader *reader, uint32_t at,
                            const struct byte_block *block) {
    uint32_t end = at + block->len;
    unsigned char next = end < reader->len ? reader->text[end] : ' ';
    if (block->len == 16 || (block->like & block->like << 1) != 0 || next >= 0x80)
        return false;
    if (!is_open_end[next])
        return true;
    unsigned char after = end + 1 < reader->len ? reader->text[end + 1] : ' ';
    return next == '.' && after < 0x80 && !ascii_word[after] && after != '_';
}

/* token_hash of 1 to 15 bytes. */
static inline uint64_t hash_short(__m128i form, unsigned len) {
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                      255, 255, 255, 255, 255, 255, 255, 255};
    form = _mm_and_si128(form, _mm_loadu_si128((const __m128i *)(masks + 16 - len)));
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(form);
    uint64_t high = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(form, form));
    uint64_t one = hash_step(hash_begin(len), low), two = hash_step(one, high);
    uint64_t hash = one ^ ((one ^ two) & (0 - (uint64_t)(len > 8))); /* branch-free */
    return hash ^ hash >> 32;
}

/* Words that are being pushed: what changes with each of them stays out of memory. */
struct short_words {
    struct token *next, *end; /* room for tokens */
    char *forms;
    uint32_t form, letters, caps;
    uint8_t pending;
};

static inline void push_short(struct short_words *words, uint32_t at,
                              const struct byte_block *block) {
    uint32_t form = words->form, letters = (uint32_t)__builtin_popcount(block->letters);
    uint64_t hash = hash_short(block->lower, block->len);
    uint32_t caps = (letters >= 2) & (block->upper == block->letters);
    *words->next++ = (struct token){
        .at = at,
        .len = block->len,
        .form = form,
        .form_len = block->len,
        .plain = form,
        .plain_len = block->len,
        .hash = hash,
        .plain_hash = hash,
        .kind = TOKEN_WORD,
        .flags =
            (uint8_t)(words->pending | (block->upper & 1) * TOKEN_CAPITALISED | caps * TOKEN_CAPS),
        .repeat = 1,
    };
    words->pending = 0;
    _mm_storeu_si128((__m128i *)(words->forms + form), block->lower);
    words->form = form + block->len;
    words->letters += letters;
    words->caps += caps;
}

/* Pushes the word at reader->at, and those behind it that follow after one blank each, as long as
 * they are short. */
static enum found read_short(struct token_reader *reader) {
    struct tokens *tokens = reader->tokens;
    uint32_t at = reader->at;
    struct byte_block block = block_read(reader, at);
    if (!is_short(reader, at, &block))
        return FOUND_NONE;
    if (tokens->count == tokens->cap && !token_reader_grow(tokens))
        return FOUND_FAILED;
    struct short_words words = {
        .next = tokens->at + tokens->count,
        .end = tokens->at + tokens->cap,
        .forms = reader->forms.at,
        .form = reader->forms.len,
        .pending = reader->pending,
    };
    do {
        push_short(&words, at, &block);
        at += block.len + 1;
        if (words.next == words.end || at >= reader->len || reader->text[at - 1] != ' ')
            break;
        /* an ASCII letter can begin nothing but a word, x also a laugh */
        unsigned char first = reader->text[at];
        if (ascii_word[first] <= '9' || (first | 0x20) == 'x')
            break;
        block = block_read(reader, at);
    } while (is_short(reader, at, &block));
    uint32_t count = (uint32_t)(words.next - tokens->at);
    tokens->words += count - tokens->count;
    tokens->count = count;
    tokens->letters += words.letters;
    tokens->caps_words += words.caps;
    reader->forms.len = words.form;
    reader->pending = 0;
    reader->at = at - 1;
    return FOUND_READ;
}

#endif

/* Folds the word at reader->at to `out`; false when the slow path must look at it. */
static bool fold_fast(const struct token_reader *reader, struct fast_word *word, char *out) {
    const unsigned char *text = reader->text;
    struct run run = {0, 0};
    unsigned char first = text[reader->at];
    *word = (struct fast_word){.end = reader->at};
#ifdef __SSE2__
    struct byte_block block = block_read(reader, reader->at);
    if (fold_block(&block, word, out, &run))
        return false;
#endif
    while (word->end < reader->len) {
        unsigned char byte = text[word->end], lower = ascii_word[byte];
        uint32_t letter = lower, apostrophe;
        if (lower) {
            out[word->form_len++] = (char)lower;
            word->upper += lower != byte;
            word->letters += lower > '9';
            word->end++;
        } else if (byte < 0x80 && byte != '\'' && byte != '`') {
            break;
        } else if ((apostrophe = apostrophe_len(reader, word->end)) > 0) {
            out[word->form_len++] = '\'';
            word->end += apostrophe;
            run.previous = apostrophe > 1 ? run.previous : 0; /* as fold_form does */
            continue;
        } else {
            const struct latin *latin = byte >= 0xC2 ? latin_at(reader, word->end) : NULL;
            if (!latin)
                break;
            put_latin(word, latin, out);
            letter = latin->lower;
        }
        run.len = letter == run.previous ? run.len + 1 : 0;
        run.previous = letter;
        if (run.len >= 2 && letter > '9')
            return false;
    }
    return closes(reader, word->end, first);
}

/* The plain form is made of a form of ASCII and two-byte Latin letters. */
static void set_forms(struct token_reader *reader, struct token *token,
                      const struct fast_word *word) {
    struct forms *forms = &reader->forms;
    const char *form = forms->at + forms->len;
    token_reader_set_form(reader, token, forms->len, word->form_len);
    forms->len += word->form_len;
    if (!word->marked)
        return;
    char *plain = forms->at + forms->len;
    uint32_t len = 0;
    for (uint32_t i = 0; i < word->form_len; i++) {
        unsigned char byte = (unsigned char)form[i];
        if (byte < 0x80) {
            plain[len++] = (char)byte;
            continue;
        }
        unsigned char next = (unsigned char)form[++i];
        const struct latin *latin =
            &latin_rows[((byte & 0x1Fu) << 6 | (next & 0x3Fu)) - LATIN_FIRST];
        plain[len++] = latin->plain[0];
        if (latin->plain[1])
            plain[len++] = latin->plain[1];
    }
    token->plain = forms->len;
    token->plain_len = len;
    token->plain_hash = hash_padded(plain, len);
    token->flags |= TOKEN_DIACRITICS;
    forms->len += len;
}

/* Room for the rest of the text, folded by the fast path. */
static inline bool has_room(struct token_reader *reader) {
    uint32_t more = (reader->len - reader->at) * 2 + 16;
    return reader->forms.cap - reader->forms.len >= more + FORMS_SLACK ||
           forms_room(&reader->forms, more);
}

enum found read_word_fast(struct token_reader *reader) {
    struct fast_word word;
    unsigned char first = reader->text[reader->at];
    if ((first | 0x20) == 'x')
        return FOUND_NONE; /* xD */
    if (!has_room(reader))
        return FOUND_FAILED;
#ifdef __SSE2__
    enum found found = read_short(reader);
    if (found != FOUND_NONE)
        return found;
#endif
    if (!fold_fast(reader, &word, reader->forms.at + reader->forms.len))
        return FOUND_NONE;
    uint32_t from = reader->at;
    struct token *token = token_reader_push(reader, TOKEN_WORD, from, word.end - from);
    if (!token)
        return FOUND_FAILED;
    bool upper = first < 0x80 ? ascii_class[first] == CHAR_UPPER
                              : latin_at(reader, from)->kind == LATIN_UPPER;
    if (upper)
        token->flags |= TOKEN_CAPITALISED;
    if (word.letters >= 2 && word.upper == word.letters)
        token->flags |= TOKEN_CAPS;
    set_forms(reader, token, &word);
    token_reader_count_word(reader->tokens, token, word.letters);
    reader->at = word.end;
    return FOUND_READ;
}

/* Folds ASCII letters, digits and underscores from `at` on; false when a letter stands three times
 * in a row. */
static bool fold_tag(const struct token_reader *reader, uint32_t at, struct fast_word *word,
                     char *out) {
    unsigned char previous = 0, like = 0;
    for (; at < reader->len; at++) {
        unsigned char byte = reader->text[at], lower = ascii_word[byte];
        if (!lower && byte != '_')
            break;
        lower = lower ? lower : byte;
        bool letter = ascii_class[lower] == CHAR_LOWER;
        if (letter && !word->letters)
            word->first_upper = lower != byte;
        word->letters += letter;
        word->upper += lower != byte;
        like = letter && lower == previous ? like + 1 : 0;
        if (like >= 2)
            return false;
        previous = lower;
        out[word->form_len++] = (char)lower;
    }
    word->end = at;
    return true;
}

enum found read_tag_fast(struct token_reader *reader) {
    struct fast_word word = {0};
    uint32_t from = reader->at;
    bool handle = reader->text[from] == '@';
    if (!has_room(reader))
        return FOUND_FAILED;
    uint32_t form = reader->forms.len;
    if (!fold_tag(reader, from + 1, &word, reader->forms.at + form) || !word.letters)
        return FOUND_NONE;
    bool caps = word.upper == word.letters;
    /* #Orange, #orange, #ORANGE: nothing that would be split */
    bool single = word.letters == word.form_len &&
                  (word.upper == 0 || caps || (word.upper == 1 && word.first_upper));
    unsigned char next = word.end < reader->len ? reader->text[word.end] : ' ';
    if (next >= 0x80 || (handle ? next == '.' || next == '@' : !single))
        return FOUND_NONE;
    struct token *token =
        token_reader_push(reader, handle ? TOKEN_HANDLE : TOKEN_HASHTAG, from, word.end - from);
    if (!token)
        return FOUND_FAILED;
    token->flags |= word.first_upper ? TOKEN_CAPITALISED : 0;
    token->flags |= word.letters >= 2 && caps ? TOKEN_CAPS : 0;
    reader->forms.len += word.form_len;
    token_reader_set_form(reader, token, form, word.form_len);
    reader->at = word.end;
    return FOUND_READ;
}

/* Whether punctuation `byte` with `next` behind it is a token of its own and no part of a run, an
 * emoticon, a tag or a quotation. */
static bool stands_alone(unsigned char byte, unsigned char next) {
    if (next == byte)
        return false;
    switch (byte) {
    case '!':
    case '?':
        return next != '!' && next != '?';
    case ',':
    case '/':
    case '&':
    case '%':
    case '$':
    case '+':
    case '\'':
    case '|':
    case '[':
    case ']':
        return true;
    case '.':
    case '-':
        return next != '_' && next != '.';
    case ':':
    case ';':
    case '=':
        return next == ' ';
    case '(':
    case ')':
        return next != '-' && next != ':' && next != ';' && next != '=';
    default:
        return false;
    }
}

enum found read_punct_fast(struct token_reader *reader) {
    uint32_t at = reader->at;
    unsigned char byte = reader->text[at];
    if (!stands_alone(byte, at + 1 < reader->len ? reader->text[at + 1] : ' '))
        return FOUND_NONE;
    if (!has_room(reader))
        return FOUND_FAILED;
    if (byte == '!' || byte == '?')
        reader->pending |= TOKEN_SENTENCE;
    if (byte == '.')
        reader->stop_read = true;
    struct token *token = token_reader_push(reader, TOKEN_PUNCT, at, 1);
    if (!token)
        return FOUND_FAILED;
    uint32_t form = reader->forms.len++;
    reader->forms.at[form] = (char)byte;
    token_reader_set_form(reader, token, form, 1);
    reader->at = at + 1;
    return FOUND_READ;
}
