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
    const unsigned char *text = reader->text;
    uint32_t from = reader->at, end = from + len, repeat = 1;
    if (cp == '!' || cp == '?') {
        uint32_t shout = from;
        bool mixed = false;
        reader->pending |= TOKEN_SENTENCE;
        for (; shout < reader->len && (text[shout] == '!' || text[shout] == '?'); shout++)
            mixed |= text[shout] != cp;
        if (mixed)
            return push_punct(reader, shout, "?!", 2, shout - from);
    }
    if (cp == '.' || cp == 0x2026)
        reader->stop_read = true;
    while (reader->len - end >= len && text[end] == text[from] &&
           memcmp(text + end, text + from, len) == 0) {
        end += len;
        repeat++;
    }
    if (cp == 0x2026 || (cp == '.' && repeat >= 2))
        return push_punct(reader, end, "...", 3, cp == 0x2026 ? 3 : repeat);
    return push_punct(reader, end, (const char *)text + from, len, repeat);
}

/* A run of a mark that may open or close a quotation, whose tokens are flagged when it closes. */
static bool read_mark(struct token_reader *reader, uint32_t cp, uint32_t len) {
    struct tokens *tokens = reader->tokens;
    uint32_t open = reader->quote_open;
    bool closing = reader->quote_from != UINT32_MAX &&
                   (cp == quote_partner(open) || (open == 0x201E && (cp == '"' || cp == 0x201C)));
    if (closing) {
        for (uint32_t i = reader->quote_from; i < tokens->count; i++)
            tokens->at[i].flags |= TOKEN_QUOTED;
        reader->quote_from = UINT32_MAX;
    }
    if (!read_run(reader, cp, len))
        return false;
    if (!closing && quote_partner(cp)) {
        reader->quote_from = tokens->count;
        reader->quote_open = cp;
    }
    return true;
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

/* The signs of the ASCII age are emoji only when a selector says so, # and * with a keycap. */
static bool is_sign_emoji(const struct token_reader *reader, uint32_t cp, uint32_t at) {
    uint32_t next;
    if (cp == 0xA9 || cp == 0xAE || cp == 0x2122)
        return peek(reader->text, reader->len, at, &next) == 0xFE0F;
    if (cp != '#' && cp != '*')
        return false;
    uint32_t after = peek(reader->text, reader->len, at, &next);
    return after == 0x20E3 ||
           (after == 0xFE0F && peek(reader->text, reader->len, next, &next) == 0x20E3);
}

bool read_punct(struct token_reader *reader) {
    enum found found = read_punct_fast(reader);
    if (found != FOUND_NONE)
        return found == FOUND_READ;
    uint32_t next = reader->at;
    uint32_t cp = utf8_next(reader->text, reader->len, &next);
    if (is_sign_emoji(reader, cp, next))
        return read_emoji(reader);
    bool handle =
        cp == '@' && next < reader->len && (reader->text[next] == '_' || is_word_at(reader, next));
    if (handle || starts_tag(reader, cp)) {
        found = read_tag_fast(reader);
        if (found == FOUND_NONE)
            return handle ? read_handle(reader) : read_hashtag(reader);
        return found == FOUND_READ;
    }
    found = read_emoticon(reader);
    if (found != FOUND_NONE)
        return found == FOUND_READ;
    return read_mark(reader, cp, next - reader->at);
}
