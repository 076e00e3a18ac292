/* Words, hyphenated compounds, numbers, and runs of scripts without blanks. */
#include "stages/text/token_reader.h"

static enum char_class class_at(const struct token_reader *reader, uint32_t at, uint32_t *len) {
    return char_class_at(reader->text, reader->len, at, len);
}

/* Length of what at `at` belongs inside a word: a character, an apostrophe between letters, or
 * ignorable characters when the word goes on behind them. Else 0. */
static uint32_t word_char_at(const struct token_reader *reader, uint32_t at) {
    uint32_t len, end = at;
    switch (class_at(reader, at, &len)) {
    case CHAR_UPPER:
    case CHAR_LOWER:
    case CHAR_DIGIT:
    case CHAR_MARK:
        return len;
    case CHAR_IGNORED:
        while (end < reader->len && class_at(reader, end, &len) == CHAR_IGNORED)
            end += len;
        return is_word_at(reader, end) ||
                       (end < reader->len && class_at(reader, end, &len) == CHAR_MARK)
                   ? end - at
                   : 0;
    case CHAR_PUNCT:
        return char_is_apostrophe(utf8_next(reader->text, reader->len, &end)) &&
                       is_letter_at(reader, end)
                   ? end - at
                   : 0;
    default:
        return 0;
    }
}

uint32_t word_end(const struct token_reader *reader, uint32_t at) {
    while (at < reader->len) {
        if (ascii_word[reader->text[at]]) {
            at++;
            continue;
        }
        uint32_t len = word_char_at(reader, at);
        if (len == 0)
            break;
        at += len;
    }
    return at;
}

/* The length of a joiner of compounds at `at` (hyphen, or & between letters) when a word follows,
 * else 0. */
static uint32_t joiner_at(const struct token_reader *reader, uint32_t at) {
    if (at >= reader->len)
        return 0;
    unsigned char byte = reader->text[at];
    if (byte == '-' || byte == '&')
        return is_word_at(reader, at + 1) ? 1 : 0;
    if (byte != 0xE2)
        return 0;
    uint32_t next = at;
    uint32_t cp = utf8_next(reader->text, reader->len, &next);
    return (cp == 0x2010 || cp == 0x2011) && is_word_at(reader, next) ? 3 : 0;
}

bool read_word(struct token_reader *reader) {
    enum found found = read_emoticon(reader);
    if (found == FOUND_NONE)
        found = read_url(reader);
    if (found != FOUND_NONE)
        return found == FOUND_READ;
    struct pieces pieces = {0};
    uint32_t at = reader->at, end = at;
    for (uint32_t joiner = 0;; at += joiner) {
        end = word_end(reader, at);
        pieces.of[pieces.count++] = (struct word_piece){at, end - at};
        at = end;
        joiner = pieces.count < PIECES_MAX ? joiner_at(reader, at) : 0;
        if (joiner == 0)
            break;
    }
    uint32_t from = reader->at;
    reader->at = end;
    return token_reader_push_pieces(reader, TOKEN_WORD, from, end - from, &pieces);
}

bool read_cjk(struct token_reader *reader) {
    uint32_t from = reader->at, len;
    for (reader->at = from; reader->at < reader->len; reader->at += len) {
        enum char_class class = class_at(reader, reader->at, &len);
        if (class != CHAR_CJK && class != CHAR_MARK && class != CHAR_IGNORED)
            break;
    }
    struct pieces pieces = {.of = {{from, reader->at - from}}, .count = 1};
    return token_reader_push_pieces(reader, TOKEN_WORD, from, reader->at - from, &pieces);
}

static uint32_t digits_end(const struct token_reader *reader, uint32_t at) {
    uint32_t len;
    while (at < reader->len && class_at(reader, at, &len) == CHAR_DIGIT)
        at += len;
    return at;
}

/* 12 · 3.5 · 1.234.567,00 · 12:30 · 1 234,00 */
static uint32_t number_end(const struct token_reader *reader, uint32_t at) {
    uint32_t end = digits_end(reader, at), len;
    bool grouped = end - at <= 3; /* groups of exactly three digits may follow behind blanks */
    while (grouped && end < reader->len && class_at(reader, end, &len) == CHAR_SPACE &&
           reader->text[end] != '\t') {
        uint32_t from = end + len, next = digits_end(reader, from);
        if (next - from != 3 || is_letter_at(reader, next))
            break;
        end = next;
    }
    while (end < reader->len && memchr(".,:", reader->text[end], 3)) {
        uint32_t next = digits_end(reader, end + 1);
        if (next == end + 1)
            break;
        end = next;
    }
    return end;
}

/* The end of a currency or per cent sign at `at`, else `at`. */
static uint32_t unit_end(const struct token_reader *reader, uint32_t at) {
    static const char *const units[] = {"%",  "\xE2\x82\xAC", "$",   "\xC2\xA3", "z\xC5\x82",
                                        "zl", "pln",          "PLN", "EUR",      "USD"};
    if (!memchr("%$zpPEU\xE2\xC2", reader->text[at], 9)) /* their first bytes: most end here */
        return at;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint32_t len = (uint32_t)strlen(units[i]);
        if (reader->len - at >= len && memcmp(reader->text + at, units[i], len) == 0 &&
            !is_word_at(reader, at + len))
            return at + len;
    }
    return at;
}

static bool is_keycap(const struct token_reader *reader, uint32_t at) {
    const char *rest = (const char *)reader->text + at;
    uint32_t left = reader->len - at;
    return (left >= 3 && memcmp(rest, "\xE2\x83\xA3", 3) == 0) ||
           (left >= 6 && memcmp(rest, "\xEF\xB8\x8F\xE2\x83\xA3", 6) == 0);
}

/* Its form is the number as written, without blanks, with its sign. */
bool read_number(struct token_reader *reader) {
    uint32_t from = reader->at, form = reader->forms.len, len;
    if (is_keycap(reader, from + 1))
        return read_emoji(reader);
    uint32_t digits = number_end(reader, from);
    uint32_t end = digits < reader->len ? unit_end(reader, digits) : digits;
    if (end == digits && is_letter_at(reader, end))
        return read_word(reader);
    reader->at = end;
    struct token *token = token_reader_push(reader, TOKEN_NUMBER, from, end - from);
    if (!token || !forms_room(&reader->forms, end - from))
        return false;
    for (uint32_t at = from; at < end; at += len) {
        if (class_at(reader, at, &len) == CHAR_SPACE)
            continue;
        memcpy(reader->forms.at + reader->forms.len, reader->text + at, len);
        reader->forms.len += len;
    }
    return token_reader_set_forms(reader, token, form);
}
