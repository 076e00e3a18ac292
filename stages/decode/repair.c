#include "stages/decode/repair.h"

#include "stages/common/num.h"
#include "stages/decode/json_text.h"

struct repairer {
    const unsigned char *at, *end;
    struct buf *out;
    uint64_t *counts;
    int depth;
};

static void put_replacement(struct repairer *r, enum repair kind) {
    buf_text(r->out, "\xEF\xBF\xBD");
    r->counts[kind]++;
}

static bool is_surrogate(int32_t unit, int32_t first) {
    return unit >= first && unit < first + 0x400;
}

/* On "\u": copies a whole character, replaces half of one. */
static void repair_unicode(struct repairer *r) {
    const char *at = (const char *)r->at;
    int32_t unit = r->end - r->at >= 6 ? json_hex4(at + 2) : -1;
    if (unit < 0) {
        buf_text(r->out, "\\\\");
        r->counts[REPAIR_ESCAPE]++;
        r->at += 1;
        return;
    }
    if (!is_surrogate(unit, 0xD800) && !is_surrogate(unit, 0xDC00)) {
        buf_add(r->out, at, 6);
        r->at += 6;
        return;
    }
    bool pair = is_surrogate(unit, 0xD800) && r->end - r->at >= 12 && at[6] == '\\' &&
                at[7] == 'u' && is_surrogate(json_hex4(at + 8), 0xDC00);
    if (pair)
        buf_add(r->out, at, 12);
    else
        put_replacement(r, REPAIR_SURROGATE);
    r->at += pair ? 12 : 6;
}

/* Telegram Desktop writes control characters as \xHH. */
static bool repair_hex(struct repairer *r) {
    char four[4] = {'0', '0', 0, 0};
    if (r->end - r->at < 4)
        return false;
    memcpy(four + 2, r->at + 2, 2);
    if (json_hex4(four) < 0)
        return false;
    buf_text(r->out, "\\u");
    buf_add(r->out, four, 4);
    r->at += 4;
    return true;
}

/* On a backslash inside a string. */
static void repair_escape(struct repairer *r) {
    char next = r->end - r->at >= 2 ? (char)r->at[1] : 0;
    if (next == 'u') {
        repair_unicode(r);
        return;
    }
    if (next && strchr("\"\\/bfnrt", next)) {
        buf_add(r->out, r->at, 2);
        r->at += 2;
        return;
    }
    r->counts[REPAIR_ESCAPE]++;
    if (next == 'x' && repair_hex(r))
        return;
    if (next != '\'')
        buf_text(r->out, "\\\\");
    r->at += 1;
}

static void repair_byte(struct repairer *r) {
    int len = utf8_length(r->at, r->end);
    if (len == 0) {
        put_replacement(r, REPAIR_ENCODING);
        r->at += 1;
    } else if (r->at[0] < 0x20) {
        buf_format(r->out, "\\u%04x", r->at[0]);
        r->counts[REPAIR_ESCAPE]++;
        r->at += 1;
    } else {
        buf_add(r->out, r->at, (size_t)len);
        r->at += len;
    }
}

/* On the opening quote: to behind the closing one, or to the end. */
static void repair_string(struct repairer *r) {
    buf_char(r->out, '"');
    r->at++;
    while (r->at < r->end && *r->at != '"') {
        const unsigned char *plain = r->at;
        while (r->at < r->end && *r->at >= 0x20 && *r->at < 0x80 && *r->at != '"' && *r->at != '\\')
            r->at++;
        buf_add(r->out, plain, (size_t)(r->at - plain));
        if (r->at == r->end || *r->at == '"')
            break;
        if (*r->at == '\\')
            repair_escape(r);
        else
            repair_byte(r);
    }
    if (r->at < r->end) {
        buf_char(r->out, '"');
        r->at++;
    }
}

static bool token_byte(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '+' || byte == '.';
}

/* Whether a jansson integer keeps exactly these digits. */
static bool number_is_exact(struct span token) {
    int64_t value;
    return token.len <= 18 && num_i64(token, &value) && !span_is(token, "-0");
}

static bool number_out_of_range(struct span token) {
    int64_t value;
    for (size_t i = 0; i < token.len; i++)
        if (token.at[i] == '.' || token.at[i] == 'e' || token.at[i] == 'E')
            return !num_scaled(token, 0, &value);
    return !num_i64(token, &value);
}

/* Whether a colon follows: then the token stands where only a string may, and is left so. */
static bool is_key(const struct repairer *r) {
    const unsigned char *at = r->at;
    while (at < r->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at < r->end && *at == ':';
}

/* A number or a word outside of strings. */
static void repair_token(struct repairer *r) {
    const unsigned char *start = r->at;
    while (r->at < r->end && token_byte(*r->at))
        r->at++;
    struct span token = {(const char *)start, (size_t)(r->at - start)};
    bool undefined = span_is(token, "NaN") || span_is(token, "nan") || span_is(token, "Infinity") ||
                     span_is(token, "-Infinity");
    if (undefined) {
        buf_text(r->out, "null");
        r->counts[REPAIR_NUMBER]++;
    } else if (json_number_valid(token) && !number_is_exact(token) && !is_key(r)) {
        buf_char(r->out, '"');
        buf_span(r->out, token);
        buf_char(r->out, '"');
        r->counts[REPAIR_NUMBER] += number_out_of_range(token);
    } else {
        buf_span(r->out, token);
    }
}

static void repair_structure(struct repairer *r) {
    unsigned char byte = *r->at++;
    if (byte == '{' || byte == '[')
        r->depth++;
    else if (byte == '}' || byte == ']')
        r->depth--;
    buf_char(r->out, (char)byte);
}

enum json_result repair_json(struct span record, struct buf *out, uint64_t counts[REPAIR_COUNT]) {
    struct repairer r = {.at = (const unsigned char *)record.at,
                         .end = (const unsigned char *)record.at + record.len,
                         .out = out,
                         .counts = counts};
    buf_clear(out);
    if (span_starts(record, "\xEF\xBB\xBF"))
        r.at += 3; /* a byte order mark is no damage */
    while (r.at < r.end) {
        if (*r.at == '"')
            repair_string(&r);
        else if (token_byte(*r.at))
            repair_token(&r);
        else
            repair_structure(&r);
        if (r.depth > JSON_DEPTH_MAX)
            return JSON_DEEP;
        if (out->failed)
            return JSON_MEMORY;
    }
    return JSON_READ;
}
