#include "stages/care/care_parts.h"

#include "stages/text/text.h"

#include <stdlib.h>

enum { WORDS_BYTES_MAX = 1 << 20 };

void words_init(struct words *words) {
    *words = (struct words){0};
    buf_init(&words->bytes, WORDS_BYTES_MAX);
}

void words_release(struct words *words) {
    free(words->at);
    buf_release(&words->bytes);
}

/* ---- characters ---- */

/* A letter or digit, ASCII or not, rather than a mark or a pictograph. */
static inline bool is_word_char(uint32_t codepoint) {
    static const uint64_t ascii[2] = {0x03FF000000000000, 0x07FFFFFE07FFFFFE};
    char plain[TEXT_PLAIN_CHAR_MAX];
    if (codepoint < 0x80)
        return ascii[codepoint >> 6] >> (codepoint & 63) & 1;
    return text_plain_char(codepoint, plain) > 0;
}

bool is_emoji(uint32_t c) {
    return (c >= 0x2600 && c <= 0x27BF) || c == 0x2B50 || c == 0x2B55 ||
           (c >= 0x1F1E6 && c <= 0x1F1FF) || (c >= 0x1F300 && c <= 0x1FAFF);
}

/* Eight bytes none of which begins with three bits set. */
static bool is_low(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return !(word & word << 1 & word << 2 & UINT64_C(0x8080808080808080));
}

bool text_has_emoji(struct span text) {
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        if (text.len - at >= sizeof(uint64_t) && is_low(text.at + at)) {
            at += sizeof(uint64_t);
            continue;
        }
        if ((unsigned char)text.at[at] < 0xE2) { /* none begins so low */
            at++;
            continue;
        }
        at += text_next_char((struct span){text.at + at, text.len - at}, &c);
        if (is_emoji(c))
            return true;
    }
    return false;
}

static inline size_t char_at(struct span text, size_t at, uint32_t *codepoint) {
    unsigned char byte = (unsigned char)text.at[at];
    *codepoint = byte;
    if (byte < 0x80)
        return 1;
    return text_next_char((struct span){text.at + at, text.len - at}, codepoint);
}

/* Whether a word, _ or @ ends right before `at`. */
static bool follows_word(struct span text, size_t at) {
    if (at == 0)
        return false;
    unsigned char byte = (unsigned char)text.at[at - 1];
    if (byte < 0x80)
        return is_word_char(byte) || byte == '_' || byte == '@';
    size_t from = at - 1;
    uint32_t c;
    while (from > 0 && at - from < 4 && ((unsigned char)text.at[from] & 0xC0) == 0x80)
        from--;
    char_at(text, from, &c);
    return is_word_char(c);
}

/* Bytes of letters, digits and _ from `at` on. */
static size_t name_bytes(struct span text, size_t at) {
    size_t from = at;
    while (at < text.len) {
        uint32_t c;
        size_t len = char_at(text, at, &c);
        if (!is_word_char(c) && c != '_')
            break;
        at += len;
    }
    return at - from;
}

bool handle_at(struct span text, size_t at, size_t *len) {
    if (text.at[at] != '@' || follows_word(text, at))
        return false;
    *len = name_bytes(text, at + 1);
    return *len > 0;
}

bool names_next(struct names_reader *reader, struct span *out) {
    struct span text = reader->text;
    if (reader->begin && reader->end + 1 < text.len && reader->end - reader->begin < 64 &&
        (text.at[reader->end] == '.' || text.at[reader->end] == '-')) {
        size_t more = name_bytes(text, reader->end + 1);
        if (more) {
            reader->end += 1 + more;
            *out = (struct span){text.at + reader->begin, reader->end - reader->begin};
            return true;
        }
    }
    for (size_t at = reader->end; at < text.len; at++) {
        size_t len;
        const char *sign = memchr(text.at + at, '@', text.len - at);
        if (!sign)
            break;
        at = (size_t)(sign - text.at);
        if (!handle_at(text, at, &len))
            continue;
        reader->begin = at + 1;
        reader->end = at + 1 + len;
        *out = (struct span){text.at + reader->begin, len};
        return true;
    }
    return false;
}

static bool starts_with(struct span text, size_t at, const char *prefix) {
    size_t len = strlen(prefix);
    if (text.len - at < len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char byte = text.at[at + i];
        if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != prefix[i])
            return false;
    }
    return true;
}

size_t address_at(struct span text, size_t at) {
    char first = text.at[at] | 0x20;
    if (first != 'h' && first != 'w')
        return 0;
    if (!starts_with(text, at, "http://") && !starts_with(text, at, "https://") &&
        !starts_with(text, at, "www."))
        return 0;
    if (follows_word(text, at))
        return 0;
    size_t end = at;
    while (end < text.len && (unsigned char)text.at[end] > ' ')
        end++;
    return end - at;
}

/* Nearly no byte does. */
static inline bool may_be_skipped(char byte) {
    return byte == '@' || byte == '#' || (byte | 0x20) == 'h' || (byte | 0x20) == 'w';
}

/* Bytes at `at` that are no words: a handle, an address, with `tags` a hashtag. */
static size_t skipped_at(struct span text, size_t at, bool tags) {
    size_t len = 0;
    if (handle_at(text, at, &len))
        return len + 1;
    if (tags && text.at[at] == '#' && (len = name_bytes(text, at + 1)) > 0)
        return len + 1;
    return address_at(text, at);
}

/* What is beyond says nothing: texts are read as far by all stages. */
static struct span cut_text(struct span text) {
    return (struct span){text.at, text.len > TEXT_MAX_BYTES ? TEXT_MAX_BYTES : text.len};
}

/* ---- lower case ---- */

/* Latin capitals with marks, beside their small letters; the Polish ones with the plain letter. */
static inline uint32_t small_letter(uint32_t c) {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    bool odd_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (odd_capital)
        return c % 2 ? c + 1 : c;
    if (c >= 0x100 && c <= 0x177)
        return c % 2 ? c : c + 1;
    return c;
}

static uint32_t plain_polish(uint32_t c) {
    static const struct {
        uint16_t letter;
        char plain;
    } letters[] = {{0x105, 'a'}, {0x107, 'c'}, {0x119, 'e'}, {0x142, 'l'}, {0x144, 'n'},
                   {0xF3, 'o'},  {0x15B, 's'}, {0x17A, 'z'}, {0x17C, 'z'}};
    for (size_t i = 0; c >= 0x80 && i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == c)
            return (uint32_t)letters[i].plain;
    return c;
}

/* Where there is room: twice the text, because a small letter may be longer. */
static inline void put_char(struct buf *out, uint32_t c) {
    if (c < 0x80)
        out->at[out->len++] = (char)c;
    else
        buf_codepoint(out, c);
}

void text_squeeze(struct span text, struct buf *out) {
    bool gap = false;
    text = cut_text(text);
    buf_clear(out);
    if (!buf_reserve(out, text.len * 2 + 16))
        return;
    for (size_t at = 0; at < text.len;) {
        size_t skipped = may_be_skipped(text.at[at]) ? skipped_at(text, at, false) : 0;
        uint32_t c;
        if (skipped) {
            at += skipped;
            continue;
        }
        at += char_at(text, at, &c);
        if (c <= ' ' || c == 0xA0) {
            gap = true;
            continue;
        }
        if (gap && out->len)
            buf_char(out, ' ');
        gap = false;
        put_char(out, small_letter(c));
    }
}

/* ---- words ---- */

static bool add_word(struct words *words, struct word word) {
    if (words->count == words->cap) {
        size_t cap = words->cap * 2 + 32;
        struct word *at = realloc(words->at, cap * sizeof *at);
        if (!at)
            return false;
        words->at = at;
        words->cap = cap;
    }
    words->at[words->count++] = word;
    return true;
}

/* Goes to the next word; false at the end. */
static bool find_word(struct span text, size_t *at) {
    while (*at < text.len) {
        size_t skipped = may_be_skipped(text.at[*at]) ? skipped_at(text, *at, true) : 0;
        uint32_t c;
        size_t len = skipped ? skipped : char_at(text, *at, &c);
        if (!skipped && is_word_char(c))
            return true;
        *at += len;
    }
    return false;
}

/* The word that begins at *at, in small letters behind the others in `bytes`. */
static struct word read_word(struct buf *bytes, struct span text, size_t *at, bool folded) {
    struct word word = {.from = (uint32_t)*at};
    size_t begin = bytes->len;
    uint32_t c;
    (void)char_at(text, *at, &c);
    word.capital = small_letter(c) != c;
    while (*at < text.len) {
        size_t len = char_at(text, *at, &c);
        if (!is_word_char(c))
            break;
        c = small_letter(c);
        put_char(bytes, folded ? plain_polish(c) : c);
        *at += len;
    }
    word.to = (uint32_t)*at;
    word.text = (struct span){bytes->at + begin, bytes->len - begin};
    return word;
}

bool words_read(struct words *words, struct span text, bool folded) {
    words->count = 0;
    text = cut_text(text);
    buf_clear(&words->bytes);
    /* forms never move while words point to them */
    if (!buf_reserve(&words->bytes, text.len * 2 + 16))
        return false;
    for (size_t at = 0; find_word(text, &at);)
        if (!add_word(words, read_word(&words->bytes, text, &at, folded)) || words->bytes.failed)
            return false;
    return true;
}

/* ---- idle posts ---- */

static bool closes(struct span word) {
    static const char *const closers[] = {"ok",       "okej",   "jasne",  "rozumiem", "super",
                                          "dobra",    "dobrze", "dzięki", "dzieki",   "dziękuję",
                                          "dziekuje", "thx",    "thanks", "thank",    "you",
                                          "great",    "got",    "it",     "perfect"};
    for (size_t i = 0; i < sizeof closers / sizeof *closers; i++)
        if (span_is(word, closers[i]))
            return true;
    return false;
}

bool text_is_idle(struct words *words, struct span text, uint16_t intents, bool *failed) {
    const uint16_t asks =
        INTENT_COMPLAINT | INTENT_QUESTION | INTENT_REQUEST | INTENT_PURCHASE | INTENT_CHURN;
    if ((intents & INTENT_THANKS) && !(intents & asks))
        return true;
    text = cut_text(text);
    buf_clear(&words->bytes);
    *failed |= !buf_reserve(&words->bytes, text.len * 2 + 16);
    for (size_t at = 0; !*failed && find_word(text, &at);)
        if (!closes(read_word(&words->bytes, text, &at, false).text))
            return false;
    return !*failed;
}
