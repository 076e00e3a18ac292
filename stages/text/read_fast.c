/* The fast path of the tokenizer: words of ASCII and two-byte Latin letters that end at an ordinary
 * separator, which is nearly all there is. Whatever could be more than a word (a URL, a compound,
 * an emoticon, an elongation) is left to read_word, which gives the same tokens. */
#include "stages/text/latin.h"
#include "stages/text/reader.h"

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

/* Folds the word at reader->at to `out`; false when the slow path must look at it. */
static bool fold_fast(const struct reader *reader, struct fast_word *word, char *out) {
    const unsigned char *text = reader->text;
    uint32_t previous = 0, run = 0;
    *word = (struct fast_word){.end = reader->at};
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
        run = letter == previous ? run + 1 : 0;
        previous = letter;
        if (run >= 2 && letter > '9')
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
    if (!forms_room(&reader->forms, (reader->len - reader->at) * 2 + 8))
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
