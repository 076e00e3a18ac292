/* Emoji sequences (Unicode Technical Standard 51) and runs of punctuation. */
#include "stages/text/token_reader.h"

static bool is_skin_tone(uint32_t cp) {
    return cp >= 0x1F3FB && cp <= 0x1F3FF;
}

static bool is_selector(uint32_t cp) {
    return cp == 0xFE0F || cp == 0xFE0E;
}

static bool is_regional(uint32_t cp) {
    return cp >= 0x1F1E6 && cp <= 0x1F1FF;
}

static uint32_t peek(const unsigned char *text, uint32_t len, uint32_t at, uint32_t *next) {
    *next = at;
    return at < len ? utf8_next(text, len, next) : 0;
}

/* Selectors, tones, tags and marks (the keycap is one) behind a base. */
static uint32_t modifiers_end(const unsigned char *text, uint32_t len, uint32_t at) {
    for (uint32_t next;; at = next) {
        uint32_t cp = peek(text, len, at, &next);
        bool tag = cp >= 0xE0020 && cp <= 0xE007F;
        bool mark = cp >= 0x300 && char_class(cp) == CHAR_MARK;
        if (!is_selector(cp) && !is_skin_tone(cp) && !mark && !tag)
            return at;
    }
}

uint32_t emoji_end(const unsigned char *text, uint32_t len, uint32_t at) {
    uint32_t next, joined;
    uint32_t cp = peek(text, len, at, &next);
    if (is_regional(cp)) {
        uint32_t second = peek(text, len, next, &joined);
        return is_regional(second) ? joined : next;
    }
    at = modifiers_end(text, len, next);
    while (peek(text, len, at, &next) == 0x200D) {
        cp = peek(text, len, next, &joined);
        if (cp < 0x80 || char_class(cp) != CHAR_EMOJI)
            return at;
        at = modifiers_end(text, len, joined);
    }
    return at;
}

bool emoji_form(struct forms *forms, struct span sequence) {
    if (!forms_room(forms, (uint32_t)sequence.len))
        return false;
    const unsigned char *text = (const unsigned char *)sequence.at;
    uint32_t start = forms->len;
    for (uint32_t at = 0, next; at < sequence.len; at = next) {
        uint32_t cp = peek(text, (uint32_t)sequence.len, at, &next);
        if (is_selector(cp) || (is_skin_tone(cp) && forms->len > start))
            continue;
        memcpy(forms->at + forms->len, text + at, next - at);
        forms->len += next - at;
    }
    return true;
}

bool read_emoji(struct token_reader *reader) {
    const unsigned char *text = reader->text;
    uint32_t from = reader->at, end = emoji_end(text, reader->len, from), len = end - from;
    uint32_t repeat = 1;
    while (reader->len - end >= len && memcmp(text + end, text + from, len) == 0 &&
           emoji_end(text, reader->len, end) == end + len) {
        end += len;
        repeat++;
    }
    struct token *token = token_reader_push(reader, TOKEN_EMOJI, from, end - from);
    uint32_t form = reader->forms.len;
    if (!token || !emoji_form(&reader->forms, (struct span){(const char *)text + from, len}))
        return false;
    token->repeat = (uint16_t)(repeat < UINT16_MAX ? repeat : UINT16_MAX);
    reader->at = end;
    token_reader_set_form(reader, token, form, reader->forms.len - form);
    return true;
}

static uint32_t quote_partner(uint32_t cp) {
    switch (cp) {
    case '"':
        return '"';
    case 0x201E:
        return 0x201D;
    case 0x201C:
        return 0x201D;
    case 0xAB:
        return 0xBB;
    default:
        return 0;
    }
}

static void quote_close(struct token_reader *reader) {
    struct tokens *tokens = reader->tokens;
    for (uint32_t i = reader->quote_from; i < tokens->count; i++)
        tokens->at[i].flags |= TOKEN_QUOTED;
    reader->quote_from = UINT32_MAX;
}

/* Called before the mark's own token is pushed. */
static bool is_quote_closing(const struct token_reader *reader, uint32_t cp) {
    if (reader->quote_from == UINT32_MAX)
        return false;
    return cp == quote_partner(reader->quote_open) || (reader->quote_open == 0x201E && cp == '"') ||
           (reader->quote_open == 0x201E && cp == 0x201C);
}

static void track_quote(struct token_reader *reader, uint32_t cp, bool closing) {
    if (closing || !quote_partner(cp))
        return;
    reader->quote_from = reader->tokens->count;
    reader->quote_open = cp;
}

static uint32_t run_end(const struct token_reader *reader, uint32_t at, uint32_t len,
                        uint32_t *repeat) {
    const unsigned char *text = reader->text;
    uint32_t end = at + len;
    *repeat = 1;
    if (end >= reader->len || text[end] != text[at])
        return end;
    for (; reader->len - end >= len && memcmp(text + end, text + at, len) == 0; end += len)
        ++*repeat;
    return end;
}

/* A run of ! and ? together. */
static uint32_t shout_end(const struct token_reader *reader, uint32_t at, bool *mixed) {
    uint32_t end = at;
    while (end < reader->len && (reader->text[end] == '!' || reader->text[end] == '?')) {
        *mixed |= reader->text[end] != reader->text[at];
        end++;
    }
    return end;
}

static void track_stop(struct token_reader *reader, uint32_t cp) {
    if (cp == '!' || cp == '?')
        reader->pending |= TOKEN_SENTENCE;
    if (cp == '.' || cp == 0x2026)
        reader->stop_read = true;
}

static bool push_punct(struct token_reader *reader, uint32_t end, const char *form,
                       uint32_t form_len, uint32_t repeat) {
    struct token *token = token_reader_push(reader, TOKEN_PUNCT, reader->at, end - reader->at);
    if (!token || !token_reader_set_text(reader, token, form, form_len))
        return false;
    token->repeat = (uint16_t)(repeat < UINT16_MAX ? repeat : UINT16_MAX);
    reader->at = end;
    return true;
}

static bool read_run(struct token_reader *reader, uint32_t cp, uint32_t len) {
    uint32_t repeat, end = run_end(reader, reader->at, len, &repeat);
    bool mixed = false;
    track_stop(reader, cp);
    if (cp == '!' || cp == '?') {
        uint32_t shout = shout_end(reader, reader->at, &mixed);
        if (mixed)
            return push_punct(reader, shout, "?!", 2, shout - reader->at);
    }
    if (cp == 0x2026 || (cp == '.' && repeat >= 2))
        return push_punct(reader, end, "...", 3, cp == 0x2026 ? 3 : repeat);
    return push_punct(reader, end, (const char *)reader->text + reader->at, len, repeat);
}

static bool starts_tag(const struct token_reader *reader, uint32_t cp) {
    uint32_t at = reader->at + 1, len;
    if (cp != '#' || at >= reader->len)
        return false;
    while (at < reader->len && (unsigned)(reader->text[at] - '0') <= 9)
        at++;
    if (at >= reader->len)
        return false;
    enum char_class class = char_class_at(reader->text, reader->len, at, &len);
    return class == CHAR_UPPER || class == CHAR_LOWER || class == CHAR_CJK ||
           (reader->text[at] == '_' && is_word_at(reader, at + 1));
}

static bool starts_handle(const struct token_reader *reader, uint32_t cp) {
    uint32_t at = reader->at + 1;
    return cp == '@' &&
           (is_word_at(reader, at) || (at < reader->len && reader->text[at] == '_' &&
                                       (is_word_at(reader, at + 1) || reader->text[at] == '_')));
}

/* The signs of the ASCII age are emoji only when a selector says so. */
static bool is_sign_emoji(const struct token_reader *reader, uint32_t cp, uint32_t at) {
    uint32_t next;
    if (cp != 0xA9 && cp != 0xAE && cp != 0x2122)
        return false;
    return peek(reader->text, reader->len, at, &next) == 0xFE0F;
}

static bool is_keycap_sign(const struct token_reader *reader, uint32_t cp) {
    uint32_t next;
    if (cp != '#' && cp != '*')
        return false;
    uint32_t after = peek(reader->text, reader->len, reader->at + 1, &next);
    return after == 0x20E3 ||
           (after == 0xFE0F && peek(reader->text, reader->len, next, &next) == 0x20E3);
}

bool read_punct(struct token_reader *reader) {
    enum found found = read_punct_fast(reader);
    if (found != FOUND_NONE)
        return found == FOUND_READ;
    uint32_t next = reader->at;
    uint32_t cp = utf8_next(reader->text, reader->len, &next);
    if (is_keycap_sign(reader, cp) || is_sign_emoji(reader, cp, next))
        return read_emoji(reader);
    if (starts_tag(reader, cp))
        return (found = read_tag_fast(reader)) == FOUND_NONE ? read_hashtag(reader)
                                                             : found == FOUND_READ;
    if (starts_handle(reader, cp))
        return (found = read_tag_fast(reader)) == FOUND_NONE ? read_handle(reader)
                                                             : found == FOUND_READ;
    found = read_emoticon(reader);
    if (found != FOUND_NONE)
        return found == FOUND_READ;
    bool closing = is_quote_closing(reader, cp);
    if (closing)
        quote_close(reader);
    if (!read_run(reader, cp, next - reader->at))
        return false;
    track_quote(reader, cp, closing);
    return true;
}
