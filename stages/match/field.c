/* Fields of a post that a query may ask for. */
#include "stages/match/query.h"

static unsigned char lower(char byte) {
    return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

static bool same_start(struct span text, struct span start) {
    if (text.len < start.len)
        return false;
    for (size_t i = 0; i < start.len; i++)
        if (lower(text.at[i]) != lower(start.at[i]))
            return false;
    return true;
}

static bool is_ascii(struct span text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

static bool value_fits(struct span text, struct span value, bool prefix) {
    return same_start(text, value) && (prefix || text.len == value.len);
}

/* Without regard to case; letters beyond ASCII are folded first. */
static bool name_fits(struct span text, struct span value, bool prefix) {
    if (is_ascii(text) || is_ascii(value))
        return value_fits(text, value, prefix);
    struct buf left, right;
    buf_init(&left, TEXT_MAX_BYTES * 4);
    buf_init(&right, TEXT_MAX_BYTES * 4);
    bool fits = text_fold(text, false, &left) == STATUS_OK &&
                text_fold(value, false, &right) == STATUS_OK &&
                value_fits(buf_as_span(&left), buf_as_span(&right), prefix);
    buf_release(&left);
    buf_release(&right);
    return fits;
}

static struct span without(struct span text, const char *start) {
    if (!span_starts(text, start))
        return text;
    size_t len = strlen(start);
    return (struct span){text.at + len, text.len - len};
}

static struct span bare_channel(struct span name) {
    return without(without(without(without(name, "https://"), "/"), "r/"), "@");
}

static bool is_word_byte(unsigned char byte) {
    return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
           (lower((char)byte) >= 'a' && lower((char)byte) <= 'z');
}

/* The exact bytes, not inside a longer word. */
static bool raw_stands(struct span text, struct span value) {
    for (size_t at = 0; at + value.len <= text.len; at++) {
        const char *found = memmem(text.at + at, text.len - at, value.at, value.len);
        if (!found)
            return false;
        at = (size_t)(found - text.at);
        size_t end = at + value.len;
        bool open = at == 0 || !is_word_byte((unsigned char)text.at[at - 1]) ||
                    !is_word_byte((unsigned char)value.at[0]);
        bool closed = end == text.len || !is_word_byte((unsigned char)text.at[end]) ||
                      !is_word_byte((unsigned char)value.at[value.len - 1]);
        if (open && closed)
            return true;
    }
    return false;
}

/* Where host and path begin: behind scheme, user and www. */
static struct span url_body(struct span url) {
    for (size_t i = 0; i + 2 < url.len && i < 12; i++)
        if (memcmp(url.at + i, "://", 3) == 0) {
            url = (struct span){url.at + i + 3, url.len - i - 3};
            break;
        }
    for (size_t i = 0; i < url.len && url.at[i] != '/' && url.at[i] != '?'; i++)
        if (url.at[i] == '@') {
            url = (struct span){url.at + i + 1, url.len - i - 1};
            break;
        }
    return same_start(url, SPAN_LITERAL("www.")) ? (struct span){url.at + 4, url.len - 4} : url;
}

struct span field_body(const struct query_set *set, const struct leaf *leaf) {
    struct span value = query_string(set, leaf->text, leaf->text_len);
    return leaf->kind == LEAF_URL ? url_body(value) : value;
}

static size_t host_len(struct span body) {
    size_t len = 0;
    while (len < body.len && !memchr("/?#:", body.at[len], 4))
        len++;
    return len;
}

/* "orange.pl" holds for orange.pl and its subdomains; "orange.pl/oferta" for paths below. */
static bool url_fits(struct span url, struct span value, bool prefix) {
    struct span body = url_body(url);
    value = url_body(value);
    size_t host = host_len(body), wanted = host_len(value);
    if (wanted < host && !prefix) {
        if (body.at[host - wanted - 1] != '.')
            return false;
        body = (struct span){body.at + host - wanted, body.len - (host - wanted)};
    }
    if (value.len == 0 || !same_start(body, value))
        return false;
    return prefix || body.len == value.len || value.at[value.len - 1] == '/' ||
           memchr("/?#:", body.at[value.len], 4) != NULL;
}

static bool url_holds(struct span value, bool prefix, const struct post *post,
                      const struct tokens *tokens) {
    if (post->url.len && url_fits(post->url, value, prefix))
        return true;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        struct span url = {tokens->text.at + token->at, token->len};
        if (token->kind == TOKEN_URL && url_fits(url, value, prefix))
            return true;
    }
    return false;
}

bool field_holds(const struct query_set *set, const struct leaf *leaf, const struct post *post,
                 const struct tokens *tokens, enum language language) {
    struct span value = query_string(set, leaf->text, leaf->text_len);
    switch (leaf->kind) {
    case LEAF_RAW:
        return raw_stands(tokens->text, value);
    case LEAF_AUTHOR:
        value = without(value, "@");
        return name_fits(without(post->author_handle, "@"), value, leaf->prefix) ||
               (post->author_id.len && span_equal(post->author_id, value));
    case LEAF_CHANNEL:
        return post->channel.len &&
               name_fits(bare_channel(post->channel), bare_channel(value), leaf->prefix);
    case LEAF_LANG:
        return language == leaf->value;
    case LEAF_PLATFORM:
        return post->platform == leaf->value;
    case LEAF_URL:
        return url_holds(value, leaf->prefix, post, tokens);
    default:
        return false;
    }
}
