// The only C++ file of the project: simdjson's stage 1 and a walk over its index.
// Compiled without exceptions and run-time types; nothing is thrown across the C boundary.
#include "stages/decode/json_fast.h"

#include "stages/decode/json_text.h"

#include <memory>
#include <new>
#include <simdjson.h>

using simdjson::internal::dom_parser_implementation;

static_assert(BLOCK_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads further ahead");

struct json_fast {
    std::unique_ptr<dom_parser_implementation> parser;
    std::unique_ptr<char[]> text; // unescaped strings of one record
    size_t text_used;
    size_t capacity;
    uint32_t epoch; // counts records: says which entries were seen in this one
    uint32_t seen[ENTRY_MAX];
};

namespace {

// Where the walk is inside a wanted container.
struct level {
    const table_node *node;
    int32_t element; // of an array, else -1
};

struct walk {
    json_fast *reader;
    const table *wanted;
    const char *base;
    const uint32_t *index;
    uint32_t at, count; // position in the index
    value *slots;
    level levels[NODE_MAX + 1];
    int depth; // levels in use; skipped containers come on top
};

inline char structural(const walk &w) {
    return w.at < w.count ? w.base[w.index[w.at]] : '\0';
}

// Skips the container that begins here; brackets must match in kind.
json_result skip_container(walk &w) {
    uint64_t kinds = 0;
    int open = 0;
    for (; w.at < w.count; w.at++) {
        char c = w.base[w.index[w.at]];
        if (c == '{' || c == '[') {
            if (w.depth + ++open > JSON_DEPTH_MAX)
                return JSON_DEEP;
            kinds = kinds << 1 | (c == '[');
        } else if (c == '}' || c == ']') {
            if ((kinds & 1) != (c == ']'))
                return JSON_REFUSED;
            kinds >>= 1;
            if (--open == 0) {
                w.at++;
                return JSON_READ;
            }
        }
    }
    return JSON_REFUSED;
}

json_result skip_value(walk &w) {
    char c = structural(w);
    if (c == '{' || c == '[')
        return skip_container(w);
    w.at++;
    return JSON_READ;
}

// The bytes of the scalar here, without blanks behind it.
inline span scalar_token(const walk &w) {
    const char *begin = w.base + w.index[w.at];
    const char *end = w.base + w.index[w.at + 1];
    while (end > begin && static_cast<unsigned char>(end[-1]) <= ' ')
        end--;
    return span{begin, static_cast<size_t>(end - begin)};
}

// Whether there is a backslash: nearly all strings have none and are short, so that a call would
// cost more than the look. Reads up to seven bytes behind the text, which are padding at worst.
inline bool has_backslash(span text) {
    if (text.len > 64)
        return memchr(text.at, '\\', text.len) != nullptr;
    for (size_t i = 0; i < text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.at + i, sizeof word);
        word ^= UINT64_C(0x5C5C5C5C5C5C5C5C);
        uint64_t found =
            (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
        if (found)
            return i + static_cast<size_t>(__builtin_ctzll(found)) / 8 < text.len;
    }
    return false;
}

bool read_string(walk &w, span token, value *out) {
    if (token.len < 2 || token.at[token.len - 1] != '"')
        return false;
    span inner = {token.at + 1, token.len - 2};
    out->type = VALUE_STRING;
    if (!has_backslash(inner)) {
        out->text = inner;
        return true;
    }
    // unescaped text is never longer, and the strings of a record never overlap: but a key that
    // comes twice is unescaped twice, each time from other bytes
    char *to = w.reader->text.get() + w.reader->text_used;
    size_t len = 0;
    if (!json_unescape(inner, to, &len))
        return false;
    out->text = span{to, len};
    w.reader->text_used += len;
    return true;
}

// Lengths are constants here, so that no call is left.
inline bool token_is(span token, const char *word, size_t len) {
    return token.len == len && memcmp(token.at, word, len) == 0;
}

bool read_word(span token, value *out) {
    out->text = token;
    if (token_is(token, "null", 4))
        out->type = VALUE_ABSENT;
    else if (token_is(token, "false", 5))
        out->type = VALUE_FALSE;
    else if (token_is(token, "true", 4))
        out->type = VALUE_TRUE;
    else
        return false;
    return true;
}

json_result read_scalar(walk &w, value *out) {
    if (w.at + 1 >= w.count)
        return JSON_REFUSED;
    span token = scalar_token(w);
    bool valid;
    if (token.len && token.at[0] == '"') {
        valid = read_string(w, token, out);
    } else if (token.len && token.at[0] >= 'a') {
        valid = read_word(token, out);
    } else {
        out->type = VALUE_NUMBER;
        out->text = token;
        valid = json_number_valid(token);
    }
    w.at++;
    return valid ? JSON_READ : JSON_REFUSED;
}

// The entry for the key whose text begins at `raw` and whose colon stands at `colon`, or -1.
inline int find_key(const walk &w, const table_node *node, const char *raw, const char *colon) {
    uint64_t word;
    memcpy(&word, raw, sizeof word);
    while (static_cast<unsigned char>(colon[-1]) <= ' ')
        colon--;
    size_t len = static_cast<size_t>(colon - raw);
    word = table_word(word);
    for (unsigned i = node->bucket[table_bucket(word)]; i; i = w.wanted->entries[i - 1].next) {
        const table_entry *entry = &w.wanted->entries[i - 1];
        if (entry->word != word || entry->key_len != len)
            continue;
        // equal words of a name that ends within them are equal names
        if (len <= 8 || memcmp(entry->key + 8, raw + 8, len - 8) == 0)
            return static_cast<int>(i - 1);
    }
    return -1;
}

int find_element(const walk &w, const table_node *node, int32_t element) {
    int number = static_cast<int>(node - w.wanted->nodes);
    for (int i = 0; i < w.wanted->entry_count; i++)
        if (w.wanted->entries[i].node == number && w.wanted->entries[i].index == element)
            return i;
    return -1;
}

void push(walk &w, const table_node *node, bool array) {
    w.levels[w.depth++] = level{node, array ? 0 : -1};
    w.at++;
}

// A value that some row wants something of.
json_result wanted_value(walk &w, int number) {
    const table_entry *entry = &w.wanted->entries[number];
    char c = structural(w);
    if (w.reader->seen[number] == w.reader->epoch)
        table_forget(w.wanted, number, w.slots);
    w.reader->seen[number] = w.reader->epoch;
    value ignored;
    value *out = entry->slot >= 0 ? &w.slots[entry->slot] : &ignored;
    if (c != '{' && c != '[')
        return read_scalar(w, out);
    out->type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY;
    out->text = span{nullptr, 0};
    if (entry->child >= 0 && w.wanted->nodes[entry->child].array == (c == '[')) {
        push(w, &w.wanted->nodes[entry->child], c == '[');
        return JSON_READ;
    }
    return skip_container(w);
}

// True for what cannot begin a scalar.
inline bool is_operator(char c) {
    return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

// Passes over members of an object that no row wants and whose values are scalars, which is what
// most of a record consists of. Stops at a member that takes more thought; true when it moved.
bool skip_plain_members(walk &w, const table_node *node) {
    const char *base = w.base;
    const uint32_t *index = w.index + w.at, *end = w.index + w.count;
    while (end - index > 3) {
        const char *key = base + index[0];
        if (*key != '"' || base[index[1]] != ':' || base[index[3]] != ',' ||
            is_operator(base[index[2]]) || find_key(w, node, key + 1, base + index[1]) >= 0)
            break;
        index += 4;
    }
    uint32_t before = w.at;
    w.at = static_cast<uint32_t>(index - w.index);
    return w.at != before;
}

// At a key, or at the value of an array: reads or skips one member.
json_result member(walk &w, const level &level) {
    int entry;
    if (level.element >= 0) {
        entry = find_element(w, level.node, level.element);
    } else {
        if (structural(w) != '"' || w.at + 2 >= w.count || w.base[w.index[w.at + 1]] != ':')
            return JSON_REFUSED;
        entry = find_key(w, level.node, w.base + w.index[w.at] + 1, w.base + w.index[w.at + 1]);
        w.at += 2;
    }
    char c = structural(w);
    if (c == ',' || c == ':' || c == '}' || c == ']')
        return JSON_REFUSED;
    return entry >= 0 ? wanted_value(w, entry) : skip_value(w);
}

// Behind a value: on to the next member, or out of as many containers as end here.
json_result after_value(walk &w) {
    while (w.depth > 0) {
        level &level = w.levels[w.depth - 1];
        char c = structural(w);
        w.at++;
        if (c == ',') {
            level.element += level.element >= 0;
            return JSON_READ;
        }
        if (c != (level.element >= 0 ? ']' : '}'))
            return JSON_REFUSED;
        w.depth--;
    }
    return w.at == w.count ? JSON_READ : JSON_REFUSED;
}

json_result walk_object(walk &w) {
    push(w, &w.wanted->nodes[0], false);
    int entered = 0;
    while (w.depth > 0) {
        const level level = w.levels[w.depth - 1];
        if (level.element < 0 && skip_plain_members(w, level.node))
            entered = w.depth;
        char close = level.element >= 0 ? ']' : '}';
        json_result result = JSON_READ;
        bool empty = entered < w.depth && structural(w) == close;
        int before = w.depth;
        if (!empty)
            result = member(w, level);
        if (result == JSON_READ && w.depth == before)
            result = after_value(w);
        if (result != JSON_READ)
            return result;
        entered = w.depth > before ? before : w.depth;
    }
    return JSON_READ;
}

json_result walk_record(walk &w) {
    char c = structural(w);
    if (c == '{')
        return walk_object(w);
    if (c != '[')
        return JSON_REFUSED;
    json_result result = skip_container(w);
    if (result != JSON_READ)
        return result;
    return w.at == w.count ? JSON_NO_OBJECT : JSON_REFUSED;
}

void next_epoch(json_fast *reader) {
    if (++reader->epoch == 0) {
        memset(reader->seen, 0, sizeof reader->seen);
        reader->epoch = 1;
    }
}

} // namespace

extern "C" struct json_fast *json_fast_new(size_t capacity) {
    std::unique_ptr<json_fast> reader(new (std::nothrow) json_fast());
    if (!reader)
        return nullptr;
    reader->text.reset(new (std::nothrow) char[capacity + BLOCK_PADDING]);
    reader->capacity = capacity;
    simdjson::error_code error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, JSON_DEPTH_MAX, reader->parser);
    if (error || !reader->text)
        return nullptr;
    return reader.release();
}

extern "C" void json_fast_free(struct json_fast *reader) {
    delete reader;
}

extern "C" enum json_result json_fast_read(struct json_fast *reader, const struct table *table,
                                           struct span record, struct value *slots) {
    if (record.len > reader->capacity)
        return JSON_REFUSED;
    auto *bytes = reinterpret_cast<const uint8_t *>(record.at);
    simdjson::error_code error =
        reader->parser->stage1(bytes, record.len, simdjson::stage1_mode::regular);
    if (error)
        return error == simdjson::MEMALLOC ? JSON_MEMORY : JSON_REFUSED;
    next_epoch(reader);
    reader->text_used = 0;
    memset(slots, 0, static_cast<size_t>(table->slot_count) * sizeof *slots);
    walk w;
    w.reader = reader;
    w.wanted = table;
    w.base = record.at;
    w.index = reader->parser->structural_indexes.get();
    w.at = 0;
    w.count = reader->parser->n_structural_indexes;
    w.slots = slots;
    w.depth = 0;
    return walk_record(w);
}

extern "C" bool json_fast_is_utf8(struct span text) {
    return simdjson::validate_utf8(text.at, text.len);
}
