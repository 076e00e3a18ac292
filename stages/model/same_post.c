#include "stages/model/same_post.h"

enum {
    BEGINNING = 8, /* letters: a shorter beginning says nothing */
    CUT = 60,      /* where services cut texts without a mark */
};

enum agreement { AGREES, UNKNOWN, DIFFERS };

/* ---- texts ---- */

/* A text on its way to its letters. */
struct letters {
    const unsigned char *at, *end;
};

static bool begins(const struct letters *text, const char *with) {
    size_t len = strlen(with);
    return (size_t)(text->end - text->at) >= len && memcmp(text->at, with, len) == 0;
}

static bool is_blank(unsigned char byte) {
    return byte <= ' ';
}

static void skip_word(struct letters *text) {
    while (text->at < text->end && !is_blank(*text->at) && *text->at != '<' && *text->at != '"')
        text->at++;
}

/* Behind a tag, an entity or an address; false when none begins here. */
static bool skip_markup(struct letters *text) {
    const unsigned char *from = text->at;
    if (*from == '<' && text->end - from > 1 && (from[1] == '/' || (from[1] | 0x20) >= 'a')) {
        const unsigned char *close = memchr(from, '>', (size_t)(text->end - from));
        text->at = close ? close + 1 : from + 1;
        return true;
    }
    if (*from == '&') {
        size_t most = (size_t)(text->end - from) < 10 ? (size_t)(text->end - from) : 10;
        const unsigned char *close = memchr(from, ';', most);
        text->at = close ? close + 1 : from + 1;
        return true;
    }
    if (begins(text, "http://") || begins(text, "https://")) {
        skip_word(text);
        return true;
    }
    return false;
}

/* The next letter or digit as it counts, or -1 at the end. Punctuation of Unicode (U+2000 to
 * U+206F: dashes, quotes, the ellipsis) and no-break spaces are no letters. */
static int next_letter(struct letters *text) {
    while (text->at < text->end) {
        unsigned char byte = *text->at;
        if (begins(text, "\xE2\x80") || begins(text, "\xE2\x81"))
            text->at += text->end - text->at < 3 ? text->end - text->at : 3;
        else if (begins(text, "\xC2\xA0"))
            text->at += 2;
        else if (skip_markup(text))
            continue;
        else if (text->at++, byte >= 0x80 || (byte >= '0' && byte <= '9'))
            return byte;
        else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z')
            return byte | 0x20;
    }
    return -1;
}

static struct letters letters_of(struct span text) {
    const unsigned char *at = (const unsigned char *)text.at;
    struct letters letters = {at, at + text.len};
    if (begins(&letters, "RT @"))
        for (letters.at += 3; letters.at < letters.end && !is_blank(*letters.at); letters.at++)
            ;
    return letters;
}

static size_t count_letters(struct letters text) {
    size_t count = 0;
    while (next_letter(&text) >= 0)
        count++;
    return count;
}

/* "...", U+2026, "[...]" */
static bool is_cut(struct span text) {
    while (text.len &&
           (text.at[text.len - 1] == ']' || is_blank((unsigned char)text.at[text.len - 1])))
        text.len--;
    return span_ends(text, "...") || span_ends(text, "\xE2\x80\xA6");
}

static size_t common_end(struct span a, struct span b, size_t most) {
    size_t count = 0;
    while (count < most && count < a.len && count < b.len &&
           a.at[a.len - 1 - count] == b.at[b.len - 1 - count])
        count++;
    return count;
}

enum likeness texts_compare(struct span a, struct span b) {
    struct letters left = letters_of(a), right = letters_of(b);
    size_t common = 0;
    int x, y;
    if (span_equal(a, b))
        return TEXTS_EQUAL;
    do {
        x = next_letter(&left);
        y = next_letter(&right);
        common += x == y && x >= 0;
    } while (x == y && x >= 0);
    if (x == y || (x < 0 && is_cut(a)) || (y < 0 && is_cut(b)))
        return x == y || common >= BEGINNING ? TEXTS_EQUAL : TEXTS_DIFFER;
    if (x < 0 || y < 0)
        return common >= CUT ? TEXTS_EQUAL : common >= BEGINNING ? TEXTS_SIMILAR : TEXTS_DIFFER;
    size_t rest_left = count_letters(left) + (x >= 0), rest_right = count_letters(right) + (y >= 0);
    size_t shorter = rest_left < rest_right ? rest_left : rest_right;
    size_t longer = common + (rest_left < rest_right ? rest_right : rest_left);
    size_t alike = common + common_end(a, b, shorter);
    return alike * 2 >= longer ? TEXTS_SIMILAR : TEXTS_DIFFER;
}

static enum likeness row_likeness(const struct mention_table *m, size_t a, size_t b) {
    if ((m->flags[a] | m->flags[b]) & POST_NO_TEXT) /* removed since: nothing to compare */
        return TEXTS_EQUAL;
    return texts_compare(mention_table_string(m, a, STRING_TEXT),
                         mention_table_string(m, b, STRING_TEXT));
}

/* ---- authors and times ---- */

static bool is_number(struct span text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.len > 0;
}

static enum agreement compare_authors(const struct mention_table *m, size_t a, size_t b) {
    struct span left = mention_table_string(m, a, STRING_AUTHOR);
    struct span right = mention_table_string(m, b, STRING_AUTHOR);
    enum platform platform = (enum platform)m->platform[a];
    if (!m->author_hash[a] || !m->author_hash[b])
        return UNKNOWN;
    if (m->author_hash[a] == m->author_hash[b] ||
        handle_key(platform, left) == handle_key(platform, right))
        return AGREES;
    return is_number(left) != is_number(right) ? UNKNOWN : DIFFERS; /* one has the id only */
}

/* How long a moment stated so may last. */
static int64_t moment_length(const struct mention_table *m, size_t row) {
    switch (m->time_precision[row]) {
    case TIME_EXACT_US:
        return 1;
    case TIME_EXACT_MS:
        return 1000;
    case TIME_EXACT_S:
        return US_PER_S;
    case TIME_EXACT_MINUTE:
        return 60 * US_PER_S;
    case TIME_EXACT_HOUR:
        return SECONDS_PER_HOUR * US_PER_S;
    case TIME_EXACT_DAY:
        return SECONDS_PER_DAY * US_PER_S;
    default:
        return 31 * SECONDS_PER_DAY * US_PER_S;
    }
}

bool has_fine_time(const struct mention_table *m, size_t row) {
    int64_t us = mention_stated_us(m, row);
    return moment_length(m, row) <= 60 * US_PER_S && us % (SECONDS_PER_DAY * US_PER_S) != 0;
}

/* Whether the two stretches of time, each from its moment on, have a moment in common. */
static enum agreement compare_times(const struct mention_table *m, size_t a, size_t b) {
    size_t first = mention_stated_us(m, a) <= mention_stated_us(m, b) ? a : b;
    int64_t apart = mention_stated_us(m, first == a ? b : a) - mention_stated_us(m, first);
    return apart < moment_length(m, first) ? AGREES : DIFFERS;
}

/* A time without a zone was taken for that of another zone. */
static bool zone_apart(const struct mention_table *m, size_t a, size_t b) {
    enum { QUARTER_S = 900, WIDEST_S = 14 * 3600 };
    int64_t apart = mention_stated_us(m, a) - mention_stated_us(m, b);
    bool naive =
        m->time_source[a] != m->time_source[b] &&
        (m->time_source[a] == TIME_FROM_NAIVE_LOCAL || m->time_source[b] == TIME_FROM_NAIVE_LOCAL);
    return naive && apart % (QUARTER_S * US_PER_S) == 0 && apart <= WIDEST_S * US_PER_S &&
           apart >= -WIDEST_S * US_PER_S;
}

/* ---- both ---- */

/* The worse of the two. */
static enum id_kind shared_kind(const struct mention_table *m, size_t a, size_t b) {
    return m->id_kind[a] > m->id_kind[b] ? m->id_kind[a] : m->id_kind[b];
}

/* An id that is enough where author or time cannot agree. */
static bool is_platforms_own(const struct mention_table *m, size_t row, enum id_kind kind) {
    return kind == ID_GIVEN || (kind == ID_LIKELY && m->platform[row] != PLATFORM_OTHER);
}

bool same_post(const struct mention_table *m, size_t a, size_t b) {
    enum id_kind kind = shared_kind(m, a, b);
    enum agreement author = compare_authors(m, a, b), time = compare_times(m, a, b);
    bool fine = has_fine_time(m, a) && has_fine_time(m, b);
    if (author == AGREES && time == AGREES && kind <= ID_ROW && (fine || kind <= ID_LIKELY))
        return true;
    if (author == UNKNOWN && time == AGREES && kind == ID_GIVEN)
        return true;
    if (author == DIFFERS && time == DIFFERS)
        return false;
    enum likeness text = row_likeness(m, a, b);
    if (author == AGREES && time == AGREES)
        return text == TEXTS_EQUAL || (text == TEXTS_SIMILAR && kind != ID_ROUNDED);
    if (author == UNKNOWN && time == AGREES)
        return text == TEXTS_EQUAL || (text == TEXTS_SIMILAR && kind <= ID_LIKELY);
    if (text != TEXTS_EQUAL)
        return kind == ID_GIVEN && text == TEXTS_SIMILAR;
    return is_platforms_own(m, a, kind) ||
           (kind == ID_LIKELY && author == AGREES && zone_apart(m, a, b));
}
