/* URLs, domains without a scheme, and e-mail addresses: one token whose form is the domain. */
#include "stages/text/token_reader.h"

/* Endings that make a dotted word a domain. Those that are also words of Polish or English (a
 * missing blank after a full stop) only count when a path follows. */
static const char *const sure_endings[] = {
    "pl",     "com",    "eu",    "org",  "net", "info", "io",   "biz", "app",  "shop", "store",
    "online", "edu",    "gov",   "uk",   "de",  "fr",   "cz",   "sk",  "ua",   "tv",   "xyz",
    "news",   "social", "media", "bank", "dev", "ai",   "co",   "nl",  "es",   "ru",   "ch",
    "at",     "us",     "ca",    "au",   "ie",  "int",  "club", "top", "site", "blog", "gg"};
static const char *const doubtful_endings[] = {"me", "it", "to", "be", "ly", "is", "in", "no",
                                               "so", "at", "us", "gl", "do", "my", "am", "im"};

#define LABEL_MAX 64 /* bytes of one label of a host (RFC 1035); bounds the looking ahead */

static bool ending_in(struct span label, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(list[i]);
        size_t at = 0;
        while (at < len && at < label.len &&
               ascii_word[(unsigned char)label.at[at]] == (unsigned char)list[i][at])
            at++;
        if (at == len && len == label.len)
            return true;
    }
    return false;
}

static bool is_ending(const struct token_reader *reader, uint32_t from, uint32_t to) {
    struct span label = {(const char *)reader->text + from, to - from};
    if (label.len < 2 || label.len > 6)
        return false;
    bool path = to < reader->len && reader->text[to] == '/';
    if (ending_in(label, doubtful_endings, sizeof doubtful_endings / sizeof *doubtful_endings))
        return path;
    return ending_in(label, sure_endings, sizeof sure_endings / sizeof *sure_endings);
}

/* End of the host at `at`; 0 when there is none. With `strict` it must end in a known ending. */
static uint32_t host_end(const struct token_reader *reader, uint32_t at, bool strict) {
    uint32_t best = 0;
    for (uint32_t labels = 0; labels < 10; labels++) {
        uint32_t end = at, len;
        while (end < reader->len && end - at < LABEL_MAX &&
               (reader->text[end] == '-' || is_word_at(reader, end))) {
            char_class_at(reader->text, reader->len, end, &len);
            end += len;
        }
        if (end == at)
            break;
        if (!strict || (labels > 0 && is_ending(reader, at, end)))
            best = end;
        if (end + 1 >= reader->len || reader->text[end] != '.')
            break;
        at = end + 1;
    }
    return best;
}

static bool is_url_stop(unsigned char byte) {
    return byte <= ' ' || byte == '<' || byte == '>' || byte == '"' || byte == 0x7F;
}

/* End of path, query and fragment; closing punctuation is given back to the sentence. */
static uint32_t tail_end(const struct token_reader *reader, uint32_t at) {
    if (at >= reader->len || !memchr("/?#:", reader->text[at], 4))
        return at;
    uint32_t end = at, opened = 0, len;
    for (; end < reader->len && !is_url_stop(reader->text[end]); end += len) {
        enum char_class class = char_class_at(reader->text, reader->len, end, &len);
        if (class == CHAR_SPACE || class == CHAR_NEWLINE || class == CHAR_EMOJI ||
            (class == CHAR_PUNCT && len == 3))
            break;
        opened += reader->text[end] == '(';
    }
    while (end > at && memchr(".,:;!?'*]})", reader->text[end - 1], 11)) {
        if (reader->text[end - 1] == ')' && opened > 0)
            break;
        end--;
    }
    return end;
}

static bool matches(const struct token_reader *reader, uint32_t at, const char *lower) {
    for (; *lower; lower++, at++) {
        if (at >= reader->len)
            return false;
        unsigned char byte = reader->text[at];
        if ((ascii_word[byte] ? ascii_word[byte] : byte) != (unsigned char)*lower)
            return false;
    }
    return true;
}

static enum found push_url(struct token_reader *reader, uint32_t host, uint32_t host_stop,
                           uint32_t end) {
    uint32_t from = reader->at, form = reader->forms.len;
    if (matches(reader, host, "www.") && host_stop - host > 4)
        host += 4;
    struct folded folded;
    struct span text = {(const char *)reader->text + host, host_stop - host};
    reader->at = end;
    struct token *token = token_reader_push(reader, TOKEN_URL, from, end - from);
    if (!token || !fold_form(&reader->forms, text, &folded))
        return FOUND_FAILED;
    return token_reader_set_forms(reader, token, form) ? FOUND_READ : FOUND_FAILED;
}

/* http://user@host/path, its scheme perhaps made harmless. */
static enum found read_with_scheme(struct token_reader *reader) {
    static const char *const schemes[] = {"http://", "https://", "hxxp://", "hxxps://"};
    uint32_t host = 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes && !host; i++)
        if (matches(reader, reader->at, schemes[i]))
            host = reader->at + (uint32_t)strlen(schemes[i]);
    if (!host)
        return FOUND_NONE;
    for (uint32_t i = host; i < reader->len && i < host + 64; i++) {
        unsigned char byte = reader->text[i];
        if (byte == '@')
            host = i + 1;
        if (is_url_stop(byte) || memchr("/?#@", byte, 4))
            break;
    }
    uint32_t end = host_end(reader, host, false);
    return end ? push_url(reader, host, end, tail_end(reader, end)) : FOUND_NONE;
}

/* name.surname@host.pl: everything up to the @ must be of a mail name, at most 64 bytes. */
static enum found read_mail(struct token_reader *reader) {
    uint32_t at = reader->at, len;
    while (at < reader->len && at < reader->at + 64) {
        if (!is_word_at(reader, at) && !memchr("._+-", reader->text[at], 4))
            break;
        char_class_at(reader->text, reader->len, at, &len);
        at += len;
    }
    if (at >= reader->len || reader->text[at] != '@')
        return FOUND_NONE;
    uint32_t end = host_end(reader, at + 1, true);
    return end ? push_url(reader, at + 1, end, end) : FOUND_NONE;
}

enum found read_url(struct token_reader *reader) {
    if ((reader->text[reader->at] | 0x20) == 'h') {
        enum found found = read_with_scheme(reader);
        if (found != FOUND_NONE)
            return found;
    }
    uint32_t end = word_end(reader, reader->at);
    while (end < reader->len && end - reader->at < LABEL_MAX && reader->text[end] == '-' &&
           is_word_at(reader, end + 1))
        end = word_end(reader, end + 1);
    if (end >= reader->len || !memchr(".@_+", reader->text[end], 4))
        return FOUND_NONE;
    if (reader->text[end] == '.' && is_word_at(reader, end + 1)) {
        uint32_t stop = host_end(reader, reader->at, true);
        if (stop && (stop >= reader->len || reader->text[stop] != '@'))
            return push_url(reader, reader->at, stop, tail_end(reader, stop));
    }
    return read_mail(reader);
}
