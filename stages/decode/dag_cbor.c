#include "stages/decode/dag_cbor.h"

enum { DEPTH_MAX = 32, CID_BYTES = 36 };

struct cbor cbor_of(struct span bytes) {
    const unsigned char *at = (const unsigned char *)bytes.at;
    return (struct cbor){at, at + bytes.len};
}

static size_t left(const struct cbor *cbor) {
    return (size_t)(cbor->end - cbor->at);
}

bool cbor_head(struct cbor *cbor, enum cbor_kind *kind, uint64_t *number) {
    if (!left(cbor))
        return false;
    unsigned info = *cbor->at & 31;
    *kind = (enum cbor_kind)(*cbor->at++ >> 5);
    *number = info;
    if (info < 24)
        return true;
    size_t bytes = (size_t)1 << (info - 24);
    if (info > 27 || left(cbor) < bytes)
        return false;
    *number = 0;
    while (bytes--)
        *number = *number << 8 | *cbor->at++;
    return true;
}

bool cbor_string(struct cbor *cbor, struct span *string) {
    enum cbor_kind kind;
    uint64_t len;
    if (!cbor_head(cbor, &kind, &len) || (kind != CBOR_TEXT && kind != CBOR_BYTES) ||
        len > left(cbor))
        return false;
    *string = (struct span){(const char *)cbor->at, (size_t)len};
    cbor->at += len;
    return true;
}

bool cbor_skip(struct cbor *cbor) {
    /* items still to be passed over, in all arrays and maps that are open */
    for (uint64_t items = 1; items; items--) {
        enum cbor_kind kind;
        uint64_t number, inside = 0;
        if (!cbor_head(cbor, &kind, &number))
            return false;
        if (kind == CBOR_ARRAY || kind == CBOR_MAP || kind == CBOR_TAG)
            inside = kind == CBOR_TAG ? 1 : number;
        if (inside > left(cbor)) /* each takes a byte or more */
            return false;
        items += kind == CBOR_MAP ? inside * 2 : inside;
        if (kind != CBOR_BYTES && kind != CBOR_TEXT)
            continue;
        if (number > left(cbor))
            return false;
        cbor->at += number;
    }
    return true;
}

bool cbor_link(struct cbor *cbor, struct span *digest) {
    enum cbor_kind kind;
    uint64_t tag;
    struct span cid;
    if (!cbor_head(cbor, &kind, &tag) || kind != CBOR_TAG || tag != 42 ||
        !cbor_string(cbor, &cid) || cid.len != 1 + CID_BYTES ||
        memcmp(cid.at, "\0\x01\x71\x12\x20", 5) != 0)
        return false;
    *digest = (struct span){cid.at + 5, DIGEST_SIZE};
    return true;
}

bool cbor_member(struct cbor map, const char *key, struct cbor *value) {
    enum cbor_kind kind;
    uint64_t count;
    struct span name;
    if (!cbor_head(&map, &kind, &count) || kind != CBOR_MAP)
        return false;
    for (uint64_t i = 0; i < count && cbor_string(&map, &name); i++) {
        *value = map;
        if (span_is(name, key))
            return true;
        if (!cbor_skip(&map))
            return false;
    }
    return false;
}

void json_text_add(struct buf *out, struct span text) {
    buf_char(out, '"');
    for (size_t i = 0, from = 0; i <= text.len; i++) {
        unsigned char byte = i < text.len ? (unsigned char)text.at[i] : 0;
        if (i < text.len && byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        buf_add(out, text.at + from, i - from);
        from = i + 1;
        if (i < text.len && byte < 0x20)
            buf_format(out, "\\u%04x", byte);
        else if (i < text.len)
            buf_format(out, "\\%c", byte);
    }
    buf_char(out, '"');
}

static bool item_to_json(struct cbor *cbor, struct buf *out, int depth);

static bool items_to_json(struct cbor *cbor, uint64_t count, bool map, struct buf *out, int depth) {
    buf_char(out, map ? '{' : '[');
    for (uint64_t i = 0; i < count; i++) {
        struct span key;
        if (i)
            buf_char(out, ',');
        if (map && !cbor_string(cbor, &key))
            return false;
        if (map) {
            json_text_add(out, key);
            buf_char(out, ':');
        }
        if (!item_to_json(cbor, out, depth))
            return false;
    }
    buf_char(out, map ? '}' : ']');
    return !out->failed;
}

static bool item_to_json(struct cbor *cbor, struct buf *out, int depth) {
    static const char *const words[] = {[20] = "false", [21] = "true"};
    struct cbor item = *cbor;
    enum cbor_kind kind;
    uint64_t number;
    struct span text;
    if (depth == DEPTH_MAX || !cbor_head(&item, &kind, &number))
        return false;
    if (kind == CBOR_TEXT) {
        if (!cbor_string(cbor, &text))
            return false;
        json_text_add(out, text);
        return true;
    }
    if (kind == CBOR_ARRAY || kind == CBOR_MAP) {
        *cbor = item;
        return number <= left(cbor) &&
               items_to_json(cbor, number, kind == CBOR_MAP, out, depth + 1);
    }
    if (!cbor_skip(cbor))
        return false;
    if (kind == CBOR_UNSIGNED || (kind == CBOR_NEGATIVE && number < INT64_MAX))
        buf_format(out, kind == CBOR_UNSIGNED ? "%llu" : "-%llu",
                   (unsigned long long)(number + (kind == CBOR_NEGATIVE)));
    else
        buf_text(out,
                 kind == CBOR_SIMPLE && (number == 20 || number == 21) ? words[number] : "null");
    return true;
}

bool cbor_to_json(struct cbor *cbor, struct buf *out) {
    return item_to_json(cbor, out, 0);
}
