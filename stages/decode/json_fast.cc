// The only C++ file of the project: simdjson's stage 1 and a walk over its index.
// Compiled without exceptions and run-time types; nothing is thrown across the C boundary.
#include "stages/decode/json_fast.h"

#include "stages/decode/json_text.h"

#include <memory>
#include <new>
#include <simdjson.h>

// No public interface of simdjson gives the index of stage 1, and this one may change.
using simdjson::internal::dom_parser_implementation;
static_assert(simdjson::SIMDJSON_VERSION_MAJOR == 3,
              "the internal index of simdjson was checked in 3.0.1 and 3.12.3 only: compare its "
              "dom_parser_implementation, run ctest -R decode, and admit this version here");

static_assert(BLOCK_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads further ahead");

constexpr size_t USUAL_BYTES = size_t(1) << 20, LARGE_BYTES = size_t(4) << 20;

struct json_fast {
    std::unique_ptr<dom_parser_implementation> parser;
    std::unique_ptr<char[]> text; // unescaped strings of one record
    size_t text_used;
    size_t capacity, most; // bytes of a record: there is room for, are allowed
    const char *base;      // the record, and the end of its index
    const uint32_t *end;
    uint32_t epoch; // counts walks: says which entries were seen in this one
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
    const uint32_t *at, *end; // position in the index
    struct slots *slots;
    level levels[NODE_MAX + 1];
    int depth; // levels in use; skipped containers come on top
};

inline char structural(const walk &w) {
    return w.at < w.end ? w.base[*w.at] : '\0';
}

// What a byte of the index is.
enum kind : uint8_t { SCALAR, OPEN = 1, CLOSE = 2, BRACKET = OPEN | CLOSE, MARK = 4 };

struct kinds {
    uint8_t of[256];
    constexpr kinds() : of() {
        of[static_cast<int>('{')] = of[static_cast<int>('[')] = OPEN;
        of[static_cast<int>('}')] = of[static_cast<int>(']')] = CLOSE;
        of[static_cast<int>(',')] = of[static_cast<int>(':')] = MARK;
    }
};
constexpr kinds kinds_table;

inline uint8_t kind_of(char c) {
    return kinds_table.of[static_cast<unsigned char>(c)];
}

// Skips the container that begins here; brackets must match in kind.
json_result skip_container(walk &w) {
    const char *base = w.base;
    uint64_t kinds = 0;
    int open = 0;
    for (const uint32_t *at = w.at; at < w.end; at++) {
        char c = base[*at];
        uint8_t kind = kind_of(c);
        if (!(kind & BRACKET))
            continue;
        if (kind == OPEN) {
            if (w.depth + ++open > JSON_DEPTH_MAX)
                return JSON_DEEP;
            kinds = kinds << 1 | (c == '[');
            continue;
        }
        if ((kinds & 1) != (c == ']'))
            return JSON_REFUSED;
        kinds >>= 1;
        if (--open == 0) {
            w.at = at + 1;
            return JSON_READ;
        }
    }
    return JSON_REFUSED;
}

json_result skip_value(walk &w) {
    if (kind_of(structural(w)) == OPEN)
        return skip_container(w);
    w.at++;
    return JSON_READ;
}

// The bytes of a scalar between two places of the index, without blanks behind it.
inline span scalar_token(const char *begin, const char *end) {
    while (end > begin && static_cast<unsigned char>(end[-1]) <= ' ')
        end--;
    return span{begin, static_cast<size_t>(end - begin)};
}

inline uint64_t load_word(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

// Where the first backslash is, or text.len: nearly all strings have none and are short, so that a
// call would cost more than the look. Reads up to seven bytes behind the text, padding at worst.
inline size_t find_backslash(span text) {
    if (text.len > 64) {
        const void *found = memchr(text.at, '\\', text.len);
        return found ? static_cast<size_t>(static_cast<const char *>(found) - text.at) : text.len;
    }
    for (size_t i = 0; i < text.len; i += 8) {
        uint64_t word = load_word(text.at + i) ^ UINT64_C(0x5C5C5C5C5C5C5C5C);
        uint64_t found =
            (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
        if (found) {
            size_t at = i + static_cast<size_t>(__builtin_ctzll(found)) / 8;
            return at < text.len ? at : text.len;
        }
    }
    return text.len;
}

bool read_string(walk &w, span token, value *out) {
    if (token.len < 2 || token.at[token.len - 1] != '"')
        return false;
    span inner = {token.at + 1, token.len - 2};
    out->type = VALUE_STRING;
    out->text = inner;
    size_t plain = find_backslash(inner);
    if (plain == inner.len)
        return true;
    // unescaped text is never longer, and the strings of a record never overlap (a key that comes
    // twice is unescaped twice, each time from other bytes): only what is gone into again needs
    // more
    if (w.reader->capacity - w.reader->text_used < inner.len)
        return false;
    char *to = w.reader->text.get() + w.reader->text_used;
    size_t len = 0;
    memcpy(to, inner.at, plain);
    if (!json_unescape(span{inner.at + plain, inner.len - plain}, to + plain, &len))
        return false;
    out->text = span{to, plain + len};
    w.reader->text_used += plain + len;
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

// Whether all of it is digits. Reads up to seven bytes behind it.
inline bool all_digits(span text) {
    const uint64_t zeros = UINT64_C(0x3030303030303030), high = UINT64_C(0xF0F0F0F0F0F0F0F0);
    uint64_t wrong = 0;
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word = load_word(text.at + i);
        wrong |= ((word & high) | ((word + UINT64_C(0x0606060606060606)) & high) >> 4) ^
                 UINT64_C(0x3333333333333333);
    }
    if (i < text.len) {
        size_t bits = (8 - (text.len - i)) * 8; // of what does not belong to it
        uint64_t word = load_word(text.at + i) << bits | (zeros & ((UINT64_C(1) << bits) - 1));
        wrong |= ((word & high) | ((word + UINT64_C(0x0606060606060606)) & high) >> 4) ^
                 UINT64_C(0x3333333333333333);
    }
    return wrong == 0;
}

inline bool read_number(span token, value *out) {
    out->type = VALUE_NUMBER;
    out->text = token;
    if (token.len && (token.at[0] != '0' || token.len == 1) && all_digits(token))
        return true;
    return json_number_valid(token);
}

// The scalar of which the index says where it begins and where the next thing does.
inline bool read_scalar(walk &w, const char *begin, const char *next, value *out) {
    span token = scalar_token(begin, next);
    if (token.len && token.at[0] == '"')
        return read_string(w, token, out);
    if (token.len && token.at[0] >= 'a')
        return read_word(token, out);
    return read_number(token, out);
}

// The entry for a key of `len` bytes with its quote and this filter bit, or -1.
[[gnu::noinline]] int find_entry(const table *wanted, const table_node *node, const char *raw,
                                 size_t len, unsigned bit) {
    uint64_t word = load_word(raw);
    for (unsigned i = node->bucket[table_bucket(bit)]; i; i = wanted->entries[i - 1].next) {
        const table_entry *entry = &wanted->entries[i - 1];
        if (entry->key_len != len || (word & entry->mask) != entry->word)
            continue;
        if (len <= 8 || (load_word(raw + len - 8) == entry->last &&
                         (len <= 16 || memcmp(entry->key + 8, raw + 8, len - 16) == 0)))
            return static_cast<int>(i - 1);
    }
    return -1;
}

// The entry for the key whose text begins at `raw` and whose colon stands at `colon`, or -1.
inline int find_key(const table *wanted, const table_node *node, const char *raw,
                    const char *colon) {
    while (static_cast<unsigned char>(colon[-1]) <= ' ')
        colon--;
    size_t len = static_cast<size_t>(colon - raw);
    unsigned bit = table_filter_bit(raw, len);
    if (!(node->filter[bit / 64] >> bit % 64 & 1))
        return -1;
    return find_entry(wanted, node, raw, len, bit);
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

// Where the value of an entry goes; what was there is forgotten, for the last of equal keys wins.
inline value *place_for(walk &w, int number, value *ignored) {
    const table_entry *entry = &w.wanted->entries[number];
    if (w.reader->seen[number] == w.reader->epoch)
        table_clear(w.wanted, number, w.slots);
    w.reader->seen[number] = w.reader->epoch;
    return entry->slot >= 0 ? slots_set(w.slots, entry->slot) : ignored;
}

// A value that some row wants something of.
json_result wanted_value(walk &w, int number) {
    const table_entry *entry = &w.wanted->entries[number];
    char c = structural(w);
    value ignored;
    value *out = place_for(w, number, &ignored);
    if (kind_of(c) != OPEN) {
        out->type = VALUE_ABSENT;
        if (w.end - w.at < 2 || !read_scalar(w, w.base + w.at[0], w.base + w.at[1], out))
            return JSON_REFUSED;
        w.at++;
        return JSON_READ;
    }
    out->type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY;
    out->text = span{reinterpret_cast<const char *>(w.at), 0};
    if (entry->child >= 0 && w.wanted->nodes[entry->child].array == (c == '[')) {
        push(w, &w.wanted->nodes[entry->child], c == '[');
        return JSON_READ;
    }
    return skip_container(w);
}

// A wanted scalar member. Not inlined, so that the loop around it keeps its registers.
[[gnu::noinline]] bool wanted_scalar(walk &w, int number, const char *begin, const char *next) {
    value ignored;
    return read_scalar(w, begin, next, place_for(w, number, &ignored));
}

// Goes through the members of an object whose values are scalars and which are followed by another,
// which is what most of a record consists of. Stops at a member that takes more thought; `*moved`
// when there were any.
[[gnu::noinline]] json_result plain_members(walk &w, const table_node *node, bool *moved) {
    const char *base = w.base;
    const uint32_t *at = w.at, *end = w.end - 3;
    for (; at < end; at += 4) {
        const char *key = base + at[0], *colon = base + at[1];
        const char *scalar = base + at[2], *comma = base + at[3];
        if (*key != '"' || *colon != ':' || *comma != ',' || kind_of(*scalar))
            break;
        int number = find_key(w.wanted, node, key + 1, colon);
        if (number >= 0 && !wanted_scalar(w, number, scalar, comma))
            return JSON_REFUSED;
    }
    *moved = at != w.at;
    w.at = at;
    return JSON_READ;
}

// At a key, or at the value of an array: reads or skips one member.
json_result member(walk &w, const level &level) {
    int entry;
    if (level.element >= 0) {
        entry = find_element(w, level.node, level.element);
    } else {
        if (w.end - w.at < 3 || w.base[w.at[0]] != '"' || w.base[w.at[1]] != ':')
            return JSON_REFUSED;
        entry = find_key(w.wanted, level.node, w.base + w.at[0] + 1, w.base + w.at[1]);
        w.at += 2;
    }
    if (kind_of(structural(w)) & (CLOSE | MARK))
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
    return JSON_READ;
}

json_result walk_object(walk &w) {
    push(w, &w.wanted->nodes[0], false);
    int entered = 0;
    while (w.depth > 0) {
        const level level = w.levels[w.depth - 1];
        json_result result = JSON_READ;
        bool moved = false;
        if (level.element < 0)
            result = plain_members(w, level.node, &moved);
        if (moved)
            entered = w.depth;
        char close = level.element >= 0 ? ']' : '}';
        bool empty = entered < w.depth && structural(w) == close;
        int before = w.depth;
        if (!empty && result == JSON_READ)
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
    if (c != '{' && c != '[')
        return JSON_REFUSED;
    json_result result = c == '{' ? walk_object(w) : skip_container(w);
    if (result != JSON_READ)
        return result;
    if (w.at != w.end)
        return JSON_REFUSED;
    return c == '{' ? JSON_READ : JSON_NO_OBJECT;
}

void next_epoch(json_fast *reader) {
    if (++reader->epoch == 0) {
        memset(reader->seen, 0, sizeof reader->seen);
        reader->epoch = 1;
    }
}

walk walk_from(json_fast *reader, const table *wanted, const uint32_t *at, struct slots *slots) {
    walk w;
    next_epoch(reader);
    slots_clear(slots);
    w.reader = reader;
    w.wanted = wanted;
    w.base = reader->base;
    w.at = at;
    w.end = reader->end;
    w.slots = slots;
    w.depth = 0;
    return w;
}

// The value of an array's element, or an object of its own.
json_result element_value(walk &w, value *element) {
    char c = structural(w);
    element->text = span{reinterpret_cast<const char *>(w.at), 0};
    element->type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY;
    if (kind_of(c) == OPEN)
        return c == '{' ? walk_object(w) : skip_container(w);
    if (kind_of(c) || w.end - w.at < 2 ||
        !read_scalar(w, w.base + w.at[0], w.base + w.at[1], element))
        return JSON_REFUSED;
    w.at++;
    return JSON_READ;
}

// The names of the objects around a place, with the hashes of their paths.
struct name_path {
    json_name name;
    uint64_t around[NAME_DEPTH + 1];
    int depth, arrays; // of objects, of containers that are not gone into
};

// Reads up to seven bytes behind the text.
inline uint64_t mix_name(uint64_t seed, span text) {
    uint64_t hash = seed ^ text.len * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = 0; i < text.len; i += 8) {
        uint64_t word = load_word(text.at + i);
        if (text.len - i < 8)
            word &= (UINT64_C(1) << (text.len - i) * 8) - 1;
        hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        hash ^= hash >> 32;
    }
    return hash;
}

// The key whose quote stands at `key` and its colon at `colon`; `next` begins its value.
void take_name(name_path &path, const char *key, const char *colon, char next) {
    while (static_cast<unsigned char>(colon[-1]) <= ' ')
        colon--;
    span text = {key + 1, static_cast<size_t>(colon - key) - 2};
    json_name &name = path.name;
    name.depth = path.depth;
    name.parts[path.depth - 1] = text;
    name.object = next == '{';
    path.around[path.depth] = mix_name(path.around[path.depth - 1], text);
    name.hash = path.around[path.depth] + name.object;
}

} // namespace

extern "C" uint64_t json_fast_names(const struct json_fast *reader,
                                    void (*see)(void *data, const struct json_name *name),
                                    void *data) {
    const uint32_t *at = reader->parser->structural_indexes.get(), *end = reader->end;
    const char *base = reader->base;
    name_path path = {};
    uint64_t sum = 0;
    for (; at < end; at++) {
        char c = base[*at];
        uint8_t kind = kind_of(c);
        if (kind == OPEN) {
            bool inside = path.arrays || c == '[' || path.depth == NAME_DEPTH;
            path.arrays += inside;
            path.depth += !inside;
        } else if (kind == CLOSE) {
            path.depth -= !path.arrays;
            path.arrays -= path.arrays > 0;
        } else if (c == '"' && !path.arrays && end - at > 2 && base[at[1]] == ':' && path.depth) {
            take_name(path, base + at[0], base + at[1], base[at[2]]);
            see(data, &path.name);
            sum += path.name.hash;
            at++;
        }
    }
    return sum;
}

/* Records are short: room for a long one is made when it comes, and given back behind it, since the
 * parser wants four times its length. */
static json_result make_room(struct json_fast *reader, size_t wanted) {
    size_t capacity = wanted > USUAL_BYTES ? wanted : USUAL_BYTES;
    if (capacity > reader->most)
        capacity = reader->most;
    if (reader->parser && wanted <= reader->capacity &&
        (reader->capacity <= LARGE_BYTES || wanted > USUAL_BYTES))
        return JSON_READ;
    reader->parser.reset();
    reader->text.reset(new (std::nothrow) char[capacity + BLOCK_PADDING]);
    reader->capacity = capacity;
    simdjson::error_code error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, JSON_DEPTH_MAX, reader->parser);
    return error || !reader->text ? JSON_MEMORY : JSON_READ;
}

extern "C" struct json_fast *json_fast_new(size_t most) {
    std::unique_ptr<json_fast> reader(new (std::nothrow) json_fast());
    if (!reader)
        return nullptr;
    reader->most = most;
    return make_room(reader.get(), 0) == JSON_READ ? reader.release() : nullptr;
}

extern "C" void json_fast_free(struct json_fast *reader) {
    delete reader;
}

extern "C" enum json_result json_fast_read(struct json_fast *reader, const struct table *table,
                                           struct span record, struct slots *slots) {
    if (record.len > reader->most)
        return JSON_REFUSED;
    if (make_room(reader, record.len) != JSON_READ)
        return JSON_MEMORY;
    auto *bytes = reinterpret_cast<const uint8_t *>(record.at);
    simdjson::error_code error =
        reader->parser->stage1(bytes, record.len, simdjson::stage1_mode::regular);
    if (error)
        return error == simdjson::MEMALLOC ? JSON_MEMORY : JSON_REFUSED;
    reader->text_used = 0;
    reader->base = record.at;
    const uint32_t *at = reader->parser->structural_indexes.get();
    reader->end = at + reader->parser->n_structural_indexes;
    walk w = walk_from(reader, table, at, slots);
    return walk_record(w);
}

extern "C" enum json_result json_fast_next(struct json_fast *reader, const struct table *table,
                                           struct json_cursor *cursor, struct slots *slots,
                                           struct value *element) {
    bool array = cursor->state != CURSOR_OBJECT;
    if (cursor->state == CURSOR_END)
        return JSON_END;
    walk w = walk_from(reader, table, static_cast<const uint32_t *>(cursor->at), slots);
    if (array) {
        char c = structural(w); // the opening bracket, or what is behind the element before
        w.at++;
        bool ends = cursor->state == CURSOR_FIRST ? structural(w) == ']' : c == ']';
        if (ends)
            return JSON_END;
        if (cursor->state == CURSOR_NEXT && c != ',')
            return JSON_REFUSED;
    }
    json_result result = element_value(w, element);
    cursor->at = w.at;
    cursor->state = array ? CURSOR_NEXT : CURSOR_END;
    return result;
}

extern "C" bool json_fast_is_utf8(struct span text) {
    return simdjson::validate_utf8(text.at, text.len);
}
