/* Cues: how a reply speaks, by its words and signature. */
#include "stages/care/care_parts.h"

#include "stages/text/text.h"

enum { CANNED_WORDS = 4 };

static bool is_capital(uint32_t c) {
    /* the alphabets' own rule: a letter that has another small form */
    static const uint32_t polish[] = {0x104, 0x106, 0x118, 0x141, 0x143, 0xD3, 0x15A, 0x179, 0x17B};
    if (c >= 'A' && c <= 'Z')
        return true;
    for (size_t i = 0; i < sizeof polish / sizeof *polish; i++)
        if (polish[i] == c)
            return true;
    return (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x410 && c <= 0x42F);
}

/* ---- signatures ---- */

static size_t trim_end(struct span text, size_t end, bool stops) {
    while (end && ((unsigned char)text.at[end - 1] <= ' ' ||
                   (stops && (text.at[end - 1] == '.' || text.at[end - 1] == '!'))))
        end--;
    return end;
}

/* Where the last word (up to `end`) begins. */
static size_t word_begin(struct span text, size_t end) {
    while (end && (unsigned char)text.at[end - 1] > ' ')
        end--;
    return end;
}

/* Capitals alone: how many; 0 when there is anything else. */
static size_t count_capitals(struct span word) {
    size_t count = 0;
    for (size_t at = 0; at < word.len; count++) {
        uint32_t c;
        at += text_next_char((struct span){word.at + at, word.len - at}, &c);
        if (!is_capital(c))
            return 0;
    }
    return count;
}

/* A capitalised name: a capital, then letters. */
static bool is_name(struct span word) {
    uint32_t c;
    char plain[TEXT_PLAIN_CHAR_MAX];
    size_t at = word.len ? text_next_char(word, &c) : 0, letters = 1;
    if (!at || !is_capital(c))
        return false;
    for (; at < word.len; letters++) {
        at += text_next_char((struct span){word.at + at, word.len - at}, &c);
        bool letter =
            c < 0x80 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : text_plain_char(c, plain) > 0;
        if (!letter)
            return false;
    }
    return letters >= 2;
}

static void keep_agent(struct reply_cues *cues, struct span name) {
    cues->signed_by = true;
    row_text(cues->agent, sizeof cues->agent, name.at, name.len);
}

/* "^MK", "/ AN", "~ PW", "-K" and "^Maria" at the end; false: no such signature. */
static bool read_initials(struct span text, struct reply_cues *cues, size_t *cut) {
    size_t end = trim_end(text, text.len, true), begin = word_begin(text, end);
    struct span word = {text.at + begin, end - begin};
    size_t sign = begin;
    if (word.len && memchr("^/~-", word.at[0], 4)) {
        word = (struct span){word.at + 1, word.len - 1};
    } else {
        size_t before = begin ? begin - 1 : 0;
        if (before < 1 || text.at[before] != ' ' || !memchr("^/~-", text.at[before - 1], 4))
            return false;
        sign = before - 1;
    }
    if (sign && (unsigned char)text.at[sign - 1] > ' ')
        return false;
    size_t capitals = count_capitals(word);
    bool initials = capitals >= 1 && capitals <= 3;
    if (!initials && !(text.at[sign] == '^' && is_name(word)))
        return false;
    keep_agent(cues, word);
    *cut = sign;
    return true;
}

static bool is_farewell(struct span word) {
    static const char *const words[] = {"pozdrawiam", "pozdrawiamy", "regards", "best", "cheers"};
    char small[16];
    if (word.len && word.at[word.len - 1] == ',')
        word.len--;
    if (word.len >= sizeof small)
        return false;
    for (size_t i = 0; i < word.len; i++)
        small[i] = (char)(word.at[i] >= 'A' && word.at[i] <= 'Z' ? word.at[i] + 32 : word.at[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is((struct span){small, word.len}, words[i]))
            return true;
    return false;
}

/* "Pozdrawiam, Ola", "Best Maria Nowak". */
static bool read_farewell(struct span text, struct reply_cues *cues, size_t *cut) {
    struct span names[2];
    size_t end = trim_end(text, text.len, true);
    for (size_t count = 0; count < 3; count++) {
        size_t begin = word_begin(text, end);
        struct span word = {text.at + begin, end - begin};
        if (count && is_farewell(word)) {
            keep_agent(cues, names[count - 1]);
            *cut = begin;
            return true;
        }
        if (count == 2 || !is_name(word))
            return false;
        names[count] = word;
        end = trim_end(text, begin, false);
    }
    return false;
}

/* ---- words ---- */

static bool is_one_of(struct span word, const char *const *list) {
    for (; *list; list++) {
        if (!word.len || **list != word.at[0])
            continue;
        size_t len = strlen(*list);
        if ((*list)[len - 1] == '*' ? word.len >= len - 1 && memcmp(word.at, *list, len - 1) == 0
                                    : span_is(word, *list))
            return true;
    }
    return false;
}

static bool apologises(const struct words *words) {
    static const char *const cues[] = {"przepraszam*", "przeprosin*", "przykro",    "wybacz*",
                                       "ubolewamy",    "sorry",       "apologise*", "apologize*",
                                       "apology",      "apologies",   NULL};
    for (size_t i = 0; i < words->count; i++)
        if (is_one_of(words->at[i].text, cues))
            return true;
    return false;
}

/* "wiadomosc prywatna" in any form and order, folded. */
static bool is_private_message(struct span a, struct span b) {
    static const char *const message[] = {"wiadomosc*", NULL};
    static const char *const private[] = {"prywatn*", NULL};
    static const char *const english[] = {"message*", NULL};
    static const char *const direct[] = {"direct", "private", NULL};
    return (is_one_of(a, message) && is_one_of(b, private)) ||
           (is_one_of(a, private) && is_one_of(b, message)) ||
           (is_one_of(a, direct) && is_one_of(b, english));
}

static bool deflects(const struct words *words) {
    static const char *const cues[] = {"priv", "priva",  "pw",         "dm", "dms",
                                       "dma",  "inbox*", "messenger*", NULL};
    for (size_t i = 0; i < words->count; i++) {
        if (!memchr("pdimw", words->at[i].text.at[0], 5))
            continue; /* no cue begins so */
        if (is_one_of(words->at[i].text, cues))
            return true;
        if (i + 1 < words->count && is_private_message(words->at[i].text, words->at[i + 1].text))
            return true;
    }
    return false;
}

/* ---- greetings ---- */

/* Only blanks between two words. */
static bool adjoin(struct span text, const struct word *a, const struct word *b) {
    for (uint32_t at = a->to; at < b->from; at++)
        if ((unsigned char)text.at[at] > ' ')
            return false;
    return true;
}

static bool greets_by_name(struct span text, const struct words *words) {
    static const char *const greetings[] = {"czesc", "witaj", "hej", "hi", "hello", "dear", NULL};
    static const char *const titles[] = {"panie", "pani", "mr", "mrs", "ms", NULL};
    static const char *const nobody[] = {"pan", "pani", "panie", "panstwo", "panstwu",
                                         "mr",  "mrs",  "ms",    NULL};
    for (size_t i = 0; i + 1 < words->count; i++) {
        size_t at = i;
        bool good_day = span_is(words->at[i].text, "dzien") &&
                        span_is(words->at[i + 1].text, "dobry") &&
                        adjoin(text, &words->at[i], &words->at[i + 1]);
        if (good_day)
            at++;
        else if (!is_one_of(words->at[i].text, greetings))
            continue;
        size_t next = at + 1;
        if (next + 1 < words->count && is_one_of(words->at[next].text, titles) &&
            adjoin(text, &words->at[at], &words->at[next])) {
            /* "Mr. Nowak" has a stop of its own */
            at = next++;
        }
        if (next >= words->count || !adjoin(text, &words->at[at], &words->at[next]))
            continue;
        const struct word *name = &words->at[next];
        struct span letters = {text.at + name->from, name->to - name->from};
        if (is_name(letters) && !is_one_of(name->text, nobody))
            return true;
    }
    return false;
}

/* ---- the whole ---- */

static bool has_digit(struct span word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] >= '0' && word.at[i] <= '9')
            return true;
    return false;
}

/* Of the words without digits; 0: too few. */
static uint64_t canned_key(const struct words *words) {
    uint64_t key = 0x9E3779B97F4A7C15ULL;
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++) {
        if (has_digit(words->at[i].text))
            continue;
        key = (key ^ hash_stable(words->at[i].text)) * 0xFF51AFD7ED558CCDULL;
        key ^= key >> 32;
        count++;
    }
    return count >= CANNED_WORDS ? key | 1 : 0;
}

static uint32_t count_characters(struct span text) {
    struct buf squeezed;
    uint32_t count = 0;
    buf_init(&squeezed, 1 << 20);
    text_squeeze(text, &squeezed);
    for (size_t i = 0; i < squeezed.len; i++)
        count += ((unsigned char)squeezed.at[i] & 0xC0) != 0x80;
    buf_release(&squeezed);
    return count;
}

struct span reply_signature(struct span text, struct reply_cues *out) {
    size_t cut = text.len;
    if (!read_initials(text, out, &cut))
        (void)read_farewell(text, out, &cut);
    return (struct span){text.at, cut};
}

bool reply_deflects(struct words *words, struct span text, bool *out) {
    struct reply_cues cues = {0};
    bool ok = words_read(words, reply_signature(text, &cues), true);
    *out = ok && deflects(words);
    return ok;
}

bool reply_cues_read(struct words *words, struct span text, struct reply_cues *out) {
    *out = (struct reply_cues){.characters = count_characters(text)};
    struct span body = reply_signature(text, out);
    if (!words_read(words, body, true))
        return false;
    out->apology = apologises(words);
    out->deflects = deflects(words);
    out->named = greets_by_name(body, words);
    if (!words_read(words, body, false))
        return false;
    out->canned_key = canned_key(words);
    return true;
}
