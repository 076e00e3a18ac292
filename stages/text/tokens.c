/* The tokenizer's main loop: which kind of token begins at a byte, and the folding of its forms. */
#include "stages/text/token_reader.h"

#include <stdlib.h>

void tokens_init(struct tokens *tokens) {
    *tokens = (struct tokens){0};
}

void tokens_release(struct tokens *tokens) {
    free(tokens->at);
    free(tokens->forms);
    tokens_init(tokens);
}

uint64_t token_hash(struct span form) {
    uint64_t hash = hash_begin(form.len), word;
    size_t at = 0;
    for (; form.len - at >= 8; at += 8) {
        memcpy(&word, form.at + at, 8);
        hash = hash_step(hash, le64toh(word));
    }
    if (at < form.len) {
        word = 0;
        memcpy(&word, form.at + at, form.len - at);
        hash = hash_step(hash, le64toh(word));
    }
    return hash ^ hash >> 32;
}

bool token_reader_grow(struct tokens *tokens) {
    uint32_t cap = tokens->cap ? tokens->cap * 2 : 128;
    struct token *at = realloc(tokens->at, cap * sizeof *at);
    if (!at)
        return false;
    tokens->at = at;
    tokens->cap = cap;
    return true;
}

static bool is_ascii(const char *at, uint32_t len) {
    unsigned char all = 0;
    for (uint32_t i = 0; i < len; i++)
        all |= (unsigned char)at[i];
    return all < 0x80;
}

static void set_plain(struct token_reader *reader, struct token *token, uint32_t plain,
                      uint32_t len) {
    const char *forms = reader->forms.at;
    if (len == token->form_len && memcmp(forms + plain, forms + token->form, len) == 0)
        return;
    token->plain = plain;
    token->plain_len = len;
    token->plain_hash = hash_padded(forms + plain, len);
    token->flags |= TOKEN_DIACRITICS;
}

bool token_reader_set_forms(struct token_reader *reader, struct token *token, uint32_t form) {
    uint32_t len = reader->forms.len - form;
    if (!forms_room(&reader->forms, 0))
        return false;
    token_reader_set_form(reader, token, form, len);
    if (is_ascii(reader->forms.at + form, len))
        return true;
    uint32_t plain = reader->forms.len;
    if (!fold_plain(&reader->forms, form, len))
        return false;
    set_plain(reader, token, plain, reader->forms.len - plain);
    return true;
}

bool token_reader_set_text(struct token_reader *reader, struct token *token, const char *form,
                           uint32_t len) {
    uint32_t at = reader->forms.len;
    if (!forms_room(&reader->forms, len))
        return false;
    memcpy(reader->forms.at + at, form, len);
    reader->forms.len += len;
    token_reader_set_form(reader, token, at, len);
    return true;
}

/* One piece folded: its place in both runs of forms. */
struct piece_forms {
    uint32_t form, form_len, plain, plain_len;
    struct folded folded;
};

static bool put_separator(struct token_reader *reader, const struct pieces *pieces, uint32_t i) {
    const struct word_piece *piece = &pieces->of[i];
    if (i == 0 || piece->at == pieces->of[i - 1].at + pieces->of[i - 1].len)
        return true;
    if (!forms_room(&reader->forms, 1))
        return false;
    char mark = (char)reader->text[piece->at - 1];
    reader->forms.at[reader->forms.len++] = mark == '_' || mark == '&' ? mark : '-';
    return true;
}

static bool fold_pieces(struct token_reader *reader, const struct pieces *pieces,
                        struct piece_forms *out) {
    for (uint32_t i = 0; i < pieces->count; i++) {
        if (!put_separator(reader, pieces, i))
            return false;
        struct span text = {(const char *)reader->text + pieces->of[i].at, pieces->of[i].len};
        out[i].form = reader->forms.len;
        if (!fold_form(&reader->forms, text, &out[i].folded))
            return false;
        out[i].form_len = reader->forms.len - out[i].form;
    }
    return true;
}

static bool plain_pieces(struct token_reader *reader, const struct pieces *pieces,
                         struct piece_forms *out) {
    for (uint32_t i = 0; i < pieces->count; i++) {
        if (!put_separator(reader, pieces, i))
            return false;
        out[i].plain = reader->forms.len;
        if (!fold_plain(&reader->forms, out[i].form, out[i].form_len))
            return false;
        out[i].plain_len = reader->forms.len - out[i].plain;
    }
    return true;
}

static uint8_t case_flags(const struct folded *folded) {
    uint8_t flags = folded->first_upper ? TOKEN_CAPITALISED : 0;
    if (folded->letters >= 2 && folded->upper == folded->letters)
        flags |= TOKEN_CAPS;
    if (folded->elongated)
        flags |= TOKEN_ELONGATED;
    return flags;
}

/* Keeps the form of pieces [from, to) as written with the token. */
static bool put_written(struct token_reader *reader, struct token *token,
                        const struct pieces *pieces, uint32_t from, uint32_t to) {
    struct folded folded;
    token->written = reader->forms.len;
    for (uint32_t i = from; i < to; i++) {
        struct span text = {(const char *)reader->text + pieces->of[i].at, pieces->of[i].len};
        if ((i > from && !put_separator(reader, pieces, i)) ||
            !fold_written(&reader->forms, text, &folded))
            return false;
    }
    if (!forms_room(&reader->forms, 1))
        return false;
    reader->forms.at[reader->forms.len++] = '\0';
    return true;
}

static bool push_parts(struct token_reader *reader, const struct pieces *pieces,
                       const struct piece_forms *forms, bool ascii) {
    for (uint32_t i = 0; i < pieces->count; i++) {
        struct token *part =
            token_reader_push(reader, TOKEN_WORD, pieces->of[i].at, pieces->of[i].len);
        if (!part)
            return false;
        part->flags |= TOKEN_PART | case_flags(&forms[i].folded);
        if (forms[i].folded.elongated && !put_written(reader, part, pieces, i, i + 1))
            return false;
        token_reader_set_form(reader, part, forms[i].form, forms[i].form_len);
        if (!ascii)
            set_plain(reader, part, forms[i].plain, forms[i].plain_len);
    }
    return true;
}

bool token_reader_push_pieces(struct token_reader *reader, enum token_kind kind, uint32_t at,
                              uint32_t len, const struct pieces *pieces) {
    struct piece_forms forms[PIECES_MAX];
    uint32_t form = reader->forms.len;
    if (!fold_pieces(reader, pieces, forms))
        return false;
    uint32_t form_len = reader->forms.len - form;
    bool ascii = is_ascii(reader->forms.at + form, form_len);
    uint32_t plain = reader->forms.len;
    if (!ascii && !plain_pieces(reader, pieces, forms))
        return false;
    struct token *token = token_reader_push(reader, kind, at, len);
    if (!token || !forms_room(&reader->forms, 0))
        return false;
    struct folded total = forms[0].folded;
    for (uint32_t i = 1; i < pieces->count; i++) {
        total.letters += forms[i].folded.letters;
        total.upper += forms[i].folded.upper;
        total.elongated |= forms[i].folded.elongated;
    }
    token->flags |= case_flags(&total);
    token_reader_set_form(reader, token, form, form_len);
    if (!ascii)
        set_plain(reader, token, plain, reader->forms.len - plain);
    if (kind == TOKEN_WORD)
        token_reader_count_word(reader->tokens, token, total.letters);
    if (total.elongated && !put_written(reader, token, pieces, 0, pieces->count))
        return false;
    return pieces->count < 2 || push_parts(reader, pieces, forms, ascii);
}

/* A capital begins a sentence behind a full stop and a blank (not in E.ON). */
static void track_sentence(struct token_reader *reader, enum char_class class) {
    if (!reader->stop_read)
        return;
    if (class == CHAR_SPACE || class == CHAR_NEWLINE)
        reader->stop_blank = true;
    else if (class != CHAR_PUNCT) {
        if (reader->stop_blank && class == CHAR_UPPER)
            reader->pending |= TOKEN_SENTENCE;
        reader->stop_read = reader->stop_blank = false;
    }
}

static void skip_blanks(struct token_reader *reader) {
    uint32_t at = reader->at;
    while (at < reader->len && reader->text[at] == ' ')
        at++;
    if (at > reader->at && reader->stop_read)
        reader->stop_blank = true;
    reader->at = at;
}

/* Marks and joiners behind a sign belong to it: no token ends inside a grapheme. */
static bool skip_dropped(struct token_reader *reader, uint32_t len) {
    struct tokens *tokens = reader->tokens;
    struct token *last = tokens->count ? &tokens->at[tokens->count - 1] : NULL;
    if (last && last->at + last->len == reader->at && !(last->flags & TOKEN_PART))
        last->len += len;
    reader->at += len;
    return true;
}

/* A skin tone right behind a word or sign colours nothing. */
static bool is_orphan_tone(const struct token_reader *reader) {
    const struct tokens *tokens = reader->tokens;
    uint32_t at = reader->at, count = tokens->count;
    uint32_t cp = utf8_next(reader->text, reader->len, &at);
    return cp >= 0x1F3FB && cp <= 0x1F3FF && count > 0 &&
           tokens->at[count - 1].at + tokens->at[count - 1].len == reader->at;
}

static bool read_one(struct token_reader *reader) {
    uint32_t len;
    enum char_class class = char_class_at(reader->text, reader->len, reader->at, &len);
    enum found found;
    track_sentence(reader, class);
    switch (class) {
    case CHAR_UPPER:
    case CHAR_LOWER:
        found = read_word_fast(reader);
        return found == FOUND_NONE ? read_word(reader) : found == FOUND_READ;
    case CHAR_DIGIT:
        return read_number(reader);
    case CHAR_PUNCT:
        return read_punct(reader);
    case CHAR_EMOJI:
        return is_orphan_tone(reader) ? skip_dropped(reader, len) : read_emoji(reader);
    case CHAR_CJK:
        return read_cjk(reader);
    case CHAR_MARK:
    case CHAR_IGNORED:
        return skip_dropped(reader, len);
    case CHAR_NEWLINE:
        reader->pending |= TOKEN_NEWLINE | TOKEN_SENTENCE;
        break;
    default:
        break;
    }
    reader->at += len;
    return true;
}

enum status tokens_read(struct tokens *tokens, struct span text, struct fault *fault) {
    if (text.len > TEXT_MAX_BYTES)
        text.len = TEXT_MAX_BYTES;
    tokens->text = text;
    tokens->count = tokens->words = tokens->letters = tokens->caps_words = 0;
    struct token_reader reader = {
        .tokens = tokens,
        .forms = {tokens->forms, 0, tokens->forms_cap},
        .text = (const unsigned char *)text.at,
        .len = (uint32_t)text.len,
        .pending = TOKEN_SENTENCE,
        .quote_from = UINT32_MAX,
    };
    reader.tail_from = reader.len > 16 ? reader.len - 16 : 0;
    if (reader.len)
        memcpy(reader.tail, reader.text + reader.tail_from, reader.len - reader.tail_from);
    bool ok = true;
    for (skip_blanks(&reader); ok && reader.at < reader.len; skip_blanks(&reader))
        ok = read_one(&reader);
    tokens->forms = reader.forms.at;
    tokens->forms_len = reader.forms.len;
    tokens->forms_cap = reader.forms.cap;
    return ok ? STATUS_OK : fault_memory(fault);
}

static enum status fold_text(struct span word, bool plain, bool shorten, struct buf *out) {
    struct forms forms = {0};
    struct folded folded;
    uint32_t len;
    bool emoji = word.len > 0 && char_class_at((const unsigned char *)word.at, (uint32_t)word.len,
                                               0, &len) == CHAR_EMOJI;
    bool ok = emoji     ? emoji_form(&forms, word)
              : shorten ? fold_form(&forms, word, &folded)
                        : fold_written(&forms, word, &folded);
    uint32_t from = 0, form_len = forms.len;
    if (ok && plain && !emoji) {
        from = forms.len;
        ok = fold_plain(&forms, 0, form_len);
    }
    if (ok)
        buf_add(out, forms.at + from, forms.len - from);
    free(forms.at);
    return ok && !out->failed ? STATUS_OK : STATUS_FATAL;
}

enum status text_fold(struct span word, bool plain, struct buf *out) {
    return fold_text(word, plain, true, out);
}

enum status text_fold_written(struct span word, bool plain, struct buf *out) {
    return fold_text(word, plain, false, out);
}
