/* The fast path of the tokenizer: words of ASCII and two-byte Latin letters that end at an ordinary
 * separator, which is nearly all there is. Whatever could be more than a word (a URL, a compound,
 * an emoticon, an elongation) is left to read_word, which gives the same tokens. */
#include "stages/text/latin.h"
#include "stages/text/reader.h"

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
static const struct latin *latin_at(const struct reader *reader, uint32_t at) {
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

static bool closes(const struct reader *reader, uint32_t at) {
    if (at >= reader->len)
        return true;
    unsigned char byte = reader->text[at];
    if (byte == '.')
        return !is_word_at(reader, at + 1) &&
               (at + 1 >= reader->len || reader->text[at + 1] != '_');
    return byte < 0x80 && !is_open_end[byte];
}

/* The like letters that a word ends in so far. */
struct run {
    uint32_t previous, len; /* len: likes before the last, 0 for a new letter */
};

#ifdef __SSE2__
/* Bytes of `block` from `first` to `last`, as a mask of lanes. */
static __m128i lanes_between(__m128i block, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(block, _mm_set1_epi8((char)(first - 1))),
                         _mm_cmplt_epi8(block, _mm_set1_epi8((char)(last + 1))));
}

/* Folds the letters and digits at the beginning of 16 bytes at once; most words are shorter. True
 * when a letter stands three times in a row. */
static bool fold_block(const unsigned char *text, struct fast_word *word, char *out,
                       struct run *run) {
    __m128i block = _mm_loadu_si128((const __m128i *)text);
    __m128i lower = _mm_or_si128(block, _mm_set1_epi8(0x20));
    __m128i letters = lanes_between(lower, 'a', 'z'), digits = lanes_between(block, '0', '9');
    unsigned word_mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(letters, digits));
    unsigned len = (unsigned)__builtin_ctz(~word_mask | 0x10000), inside = (1u << len) - 1;
    unsigned letter_mask = (unsigned)_mm_movemask_epi8(letters) & inside;
    unsigned upper = (unsigned)_mm_movemask_epi8(lanes_between(block, 'A', 'Z')) & inside;
    unsigned like = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(lower, _mm_slli_si128(lower, 1)));
    like &= letter_mask & ~1u;
    _mm_storeu_si128((__m128i *)out, lower);
    word->end += len;
    word->form_len += len;
    word->letters += (uint32_t)__builtin_popcount(letter_mask);
    word->upper += (uint32_t)__builtin_popcount(upper);
    if (len > 0) {
        run->previous = (unsigned char)out[len - 1];
        run->len = like >> (len - 1) & 1;
    }
    return (like & like << 1) != 0;
}
#endif

/* Folds the word at reader->at to `out`; false when the slow path must look at it. */
static bool fold_fast(const struct reader *reader, struct fast_word *word, char *out) {
    const unsigned char *text = reader->text;
    struct run run = {0, 0};
    *word = (struct fast_word){.end = reader->at};
#ifdef __SSE2__
    if (reader->len - reader->at >= 16 && fold_block(text + reader->at, word, out, &run))
        return false;
#endif
    while (word->end < reader->len) {
        unsigned char byte = text[word->end], lower = ascii_word[byte];
        uint32_t letter = lower;
        if (lower) {
            out[word->form_len++] = (char)lower;
            word->upper += lower != byte;
            word->letters += lower > '9';
            word->end++;
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
    return closes(reader, word->end);
}

/* The plain form of a form of ASCII and two-byte Latin letters. */
static uint32_t plain_fast(const char *form, uint32_t len, char *out) {
    uint32_t plain_len = 0;
    for (uint32_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)form[i];
        if (byte < 0x80) {
            out[plain_len++] = (char)byte;
            continue;
        }
        unsigned char next = (unsigned char)form[++i];
        const struct latin *latin =
            &latin_rows[((byte & 0x1Fu) << 6 | (next & 0x3Fu)) - LATIN_FIRST];
        out[plain_len++] = latin->plain[0];
        if (latin->plain[1])
            out[plain_len++] = latin->plain[1];
    }
    return plain_len;
}

static void set_forms(struct reader *reader, struct token *token, const struct fast_word *word) {
    struct forms *forms = &reader->forms;
    uint32_t form = forms->len;
    forms->len += word->form_len;
    reader_set_form(reader, token, form, word->form_len);
    if (!word->marked)
        return;
    char *plain = forms->at + forms->len;
    token->plain = forms->len;
    token->plain_len = plain_fast(forms->at + form, word->form_len, plain);
    forms->len += token->plain_len;
    token->plain_hash = hash_padded(plain, token->plain_len);
    token->flags |= TOKEN_DIACRITICS;
}

enum found read_word_fast(struct reader *reader) {
    struct fast_word word;
    unsigned char first = reader->text[reader->at];
    if ((first | 0x20) == 'x')
        return FOUND_NONE; /* xD */
    if (!forms_room(&reader->forms, (reader->len - reader->at) * 2 + 16))
        return FOUND_FAILED;
    if (!fold_fast(reader, &word, reader->forms.at + reader->forms.len))
        return FOUND_NONE;
    uint32_t from = reader->at;
    struct token *token = reader_push(reader, TOKEN_WORD, from, word.end - from);
    if (!token)
        return FOUND_FAILED;
    bool upper = first < 0x80 ? ascii_class[first] == CHAR_UPPER
                              : latin_at(reader, from)->kind == LATIN_UPPER;
    if (upper)
        token->flags |= TOKEN_CAPITALISED;
    if (word.letters >= 2 && word.upper == word.letters)
        token->flags |= TOKEN_CAPS;
    set_forms(reader, token, &word);
    reader_tally_word(reader->tokens, token, word.letters);
    reader->at = word.end;
    return FOUND_READ;
}
