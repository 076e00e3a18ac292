#include "stages/decode/document.h"

#include "stages/decode/encoding.h"
#include "stages/decode/json_text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Longer keys, strings and numbers outside of records are passed over. */
enum { TOKEN_MAX = 4096 };

/* The first quote or backslash in [at, end), or end. */
static const char *string_stop(const char *at, const char *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash));
        unsigned mask = (unsigned)_mm_movemask_epi8(hits);
        if (mask)
            return at + __builtin_ctz(mask);
    }
#endif
    while (at < end && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* Goes on inside a string; behind its closing quote, or at the end. */
static const char *leave_string(const char *at, const char *end, bool *in_string, bool *escaped) {
    while (at < end) {
        if (*escaped) {
            *escaped = false;
            at++;
            continue;
        }
        at = string_stop(at, end);
        if (at == end)
            break;
        if (*at == '"') {
            *in_string = false;
            return at + 1;
        }
        *escaped = true;
        at++;
    }
    return end;
}

/* Bytes that mean something in a record: inside its brackets, and before them. */
enum { MARK_INSIDE = 1, MARK_BETWEEN = 2 };
static const uint8_t record_marks[256] = {
    ['"'] = MARK_INSIDE | MARK_BETWEEN,
    ['{'] = MARK_INSIDE | MARK_BETWEEN,
    ['['] = MARK_INSIDE | MARK_BETWEEN,
    ['}'] = MARK_INSIDE | MARK_BETWEEN,
    [']'] = MARK_INSIDE | MARK_BETWEEN,
    [','] = MARK_BETWEEN,
    ['\n'] = MARK_BETWEEN,
};

/* Goes on inside a record. It ends with the bracket that closes it; a word ends before a comma, a
 * line feed or a closing bracket. Still `inside` when the bytes end first. */
static const char *leave_record(const char *at, const char *end, struct record_scan *scan) {
    while (at < end) {
        if (scan->in_string) {
            at = leave_string(at, end, &scan->in_string, &scan->escaped);
            continue;
        }
        uint8_t mask = scan->depth ? MARK_INSIDE : MARK_BETWEEN;
        while (at < end && !(record_marks[(unsigned char)*at] & mask))
            at++;
        if (at == end)
            break;
        char byte = *at;
        if (byte == '"') {
            scan->in_string = true;
        } else if (byte == '{' || byte == '[') {
            scan->depth++;
        } else if (scan->depth <= 1) {
            scan->inside = false;
            at += scan->depth;
            scan->depth = 0;
            return at;
        } else {
            scan->depth--;
        }
        at++;
    }
    return end;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '$' || byte == '.';
}

size_t document_prefix(struct span head) {
    size_t at = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    while (at < head.len && is_blank(head.at[at]))
        at++;
    if (span_starts((struct span){head.at + at, head.len - at}, ")]}'")) {
        at += 4;
        while (at < head.len && (is_blank(head.at[at]) || head.at[at] == ','))
            at++;
    }
    size_t look = at, limit = head.len - at > 200 ? at + 200 : head.len;
    bool named = false, opened = false;
    for (; look < limit && !opened; look++) {
        named |= is_word(head.at[look]);
        opened = named && (head.at[look] == '=' || head.at[look] == '(');
        if (!opened && !is_word(head.at[look]) && !is_blank(head.at[look]) && look > at)
            break;
    }
    while (opened && look < head.len && is_blank(head.at[look]))
        look++;
    bool value = look < head.len && (head.at[look] == '{' || head.at[look] == '[');
    return opened && value ? look : at;
}

/* Paths. */

static void path_set(struct decode_place *place, uint16_t base, struct span name, bool dot) {
    size_t len = base;
    if (dot && base && len < PLACE_PATH)
        place->path[len++] = '.';
    if (name.len <= PLACE_PATH - len) { /* else the member has no name */
        memcpy(place->path + len, name.at, name.len);
        len += name.len;
    }
    place->path_len = (uint16_t)len;
    place->version++;
}

/* The last name of a path, with what stands behind it: "messages[]". */
static struct span last_name(struct span path) {
    size_t at = path.len;
    while (at && path.at[at - 1] != '.')
        at--;
    return (struct span){path.at + at, path.len - at};
}

static int find_role(const struct document_plan *plan, struct span path, bool by_last) {
    for (int i = 0; i < plan->role_count; i++) {
        struct span known = plan->roles[i].path;
        if (by_last ? span_equal(last_name(known), path) : span_equal(known, path))
            return (int)plan->roles[i].role;
    }
    return -1;
}

/* The first byte of an array's first element; 0 when the bytes end before it, and a blank when
 * more blanks come first than anyone writes. */
static char first_element(const char *at, const char *end) {
    const char *look = at;
    while (look < end && is_blank(*look) && look - at < TOKEN_MAX)
        look++;
    return look < end ? *look : '\0';
}

/* Whether the context wants every value of a member of this array's elements. */
static bool holds_lines(const struct document_plan *plan, struct span path) {
    for (const struct row *row = plan->context; row && row->path; row++)
        if (row->convert == CONVERT_LINES && strlen(row->path) > path.len &&
            memcmp(row->path, path.at, path.len) == 0 && row->path[path.len] == '.')
            return true;
    return false;
}

/* The role of what the container of this path holds; -1 when more bytes are needed to say. */
static int role_of(const struct document_plan *plan, struct span path, bool array, char first) {
    if (plan->explore)
        return ROLE_WRAP;
    if (array && holds_lines(plan, path))
        return ROLE_ABOUT;
    int role = find_role(plan, path, false);
    if (role < 0 && array && path.len > 2)
        role = find_role(plan, last_name(path), true);
    if (role >= 0 || !array)
        return role >= 0 ? role : ROLE_WRAP;
    return first == '{' ? ROLE_POSTS : first ? ROLE_WRAP : -1;
}

/* Goes into the container that begins at `at`; false when more bytes are needed. */
static bool open_container(const struct document_plan *plan, struct decode_place *place,
                           const char *at, const char *end, bool last) {
    uint16_t base = place->path_len;
    path_set(place, base, *at == '[' ? SPAN_LITERAL("[]") : SPAN_LITERAL(".*"), false);
    char first = first_element(at + 1, end);
    int role = role_of(plan, (struct span){place->path, place->path_len}, *at == '[',
                       !first && last ? ' ' : first);
    if (role < 0) {
        place->path_len = base;
        return false;
    }
    if (*at == '{')
        place->path_len = base;
    place->depth++;
    place->open[place->depth].kind = *at;
    place->open[place->depth].role = (uint8_t)role;
    place->open[place->depth].seen = false;
    place->open[place->depth].path_len = place->path_len;
    place->valued = false;
    return true;
}

/* Goes out of the innermost container; whether it was an element in which nothing was found. */
static bool close_container(struct decode_place *place) {
    bool seen = place->open[place->depth].seen;
    place->depth--;
    bool barren = !seen && place->open[place->depth].kind == '[' &&
                  place->open[place->depth].role != ROLE_ABOUT;
    place->open[place->depth].seen |= seen || barren;
    place_forget(place, place->depth);
    place->path_len = place->open[place->depth].path_len;
    place->valued = false;
    place->version++;
    return barren;
}

/* Scalars. */

void place_forget(struct decode_place *place, uint32_t depth) {
    int kept = 0;
    size_t text = 0;
    for (int i = 0; i < place->value_count; i++) {
        if (place->values[i].depth > depth)
            continue;
        place->values[kept++] = place->values[i];
        size_t behind = (size_t)place->values[i].at + place->values[i].len;
        text = behind > text ? behind : text;
    }
    place->value_count = (uint8_t)kept;
    place->text_len = (uint16_t)text;
}

/* The depth of the open object in which `row` begins if it names the member at hand, or 0. */
static uint32_t begins_in(const struct decode_place *place, const struct row *row) {
    size_t len = strlen(row->path), before = place->path_len - len;
    if (len > place->path_len || memcmp(place->path + before, row->path, len) != 0)
        return 0;
    if (before && place->path[before - 1] != '.')
        return 0;
    before -= before > 0;
    for (uint32_t depth = place->depth; depth; depth--)
        if (place->open[depth].path_len == before && place->open[depth].kind == '{')
            return depth;
    return 0;
}

/* Type and text of a scalar as it stands; false when it says nothing or cannot be read. */
static bool read_scalar(struct span token, char *out, size_t *len, uint8_t *type) {
    char first = token.at[0];
    bool quoted = first == '"';
    *type = quoted         ? VALUE_STRING
            : first == 't' ? VALUE_TRUE
            : first == 'f' ? VALUE_FALSE
                           : VALUE_NUMBER;
    if (!quoted) {
        memcpy(out, token.at, token.len);
        *len = token.len;
        return *type == VALUE_NUMBER ? json_number_valid(token) : true;
    }
    struct span inner = {token.at + 1, token.len - 2};
    char copy[PLACE_TEXT + 8];
    memcpy(copy, inner.at, inner.len);
    return utf8_is_valid(inner) && json_unescape((struct span){copy, inner.len}, out, len);
}

/* A further value of a list goes behind the one before it; false when there is none. What does not
 * fit is left out. */
static bool keep_line(struct decode_place *place, int row, uint32_t depth, struct span token) {
    struct place_value *last = place->value_count ? &place->values[place->value_count - 1] : NULL;
    char text[PLACE_TEXT + 16];
    size_t len = 0;
    uint8_t type;
    if (!last || last->row != row || last->depth != depth)
        return false;
    if (read_scalar(token, text, &len, &type) && len < (size_t)PLACE_TEXT - place->text_len) {
        place->text[place->text_len++] = '\n';
        memcpy(place->text + place->text_len, text, len);
        place->text_len = (uint16_t)(place->text_len + len);
        last->len = (uint16_t)(last->len + 1 + len);
        place->version++;
    }
    return true;
}

/* Keeps the scalar for the rows of the context that name it; of equal ones the last counts. */
static void keep_scalar(const struct document_plan *plan, struct decode_place *place,
                        struct span token) {
    char text[PLACE_TEXT + 16];
    for (int i = 0; plan->context && plan->context[i].path; i++) {
        uint32_t depth = begins_in(place, &plan->context[i]);
        struct place_value value = {.row = (uint8_t)i, .depth = (uint8_t)depth};
        size_t len = 0;
        if (!depth || token.len > PLACE_TEXT || !token.len)
            continue;
        if (plan->context[i].convert == CONVERT_LINES && keep_line(place, i, depth, token))
            continue;
        int kept = 0;
        for (int k = 0; k < place->value_count; k++)
            if (place->values[k].row != i || place->values[k].depth != depth)
                place->values[kept++] = place->values[k];
        place->value_count = (uint8_t)kept;
        place->version++;
        if (kept == PLACE_VALUES || !read_scalar(token, text, &len, &value.type) ||
            len > (size_t)PLACE_TEXT - place->text_len)
            continue;
        value.at = place->text_len;
        value.len = (uint16_t)len;
        memcpy(place->text + place->text_len, text, len);
        place->text_len = (uint16_t)(place->text_len + len);
        place->values[place->value_count++] = value;
    }
}

void place_fill(const struct decode_place *place, const struct row *context,
                struct value fields[FIELD_COUNT]) {
    for (int i = 0; i < FIELD_COUNT && place->value_count; i++) {
        const struct place_value *best = NULL;
        for (int k = 0; k < place->value_count && fields[i].type == VALUE_ABSENT; k++) {
            const struct place_value *value = &place->values[k];
            bool nearer = !best || value->depth > best->depth ||
                          (value->depth == best->depth && value->row < best->row);
            if (context[value->row].field == i && nearer)
                best = value;
        }
        if (best)
            fields[i] = (struct value){
                {place->text + best->at, best->len}, best->type, context[best->row].convert};
    }
}

/* The end of the string or word at `at`; NULL when the bytes end first. `*kept` when it is short
 * enough to be wanted. */
static const char *token_end(const char *at, const char *end, bool last) {
    const char *stop;
    if (*at == '"') {
        bool in_string = true, escaped = false;
        stop = leave_string(at + 1, end, &in_string, &escaped);
        return in_string ? NULL : stop;
    }
    for (stop = at + 1; stop < end && !strchr(",:{}[]\"; \t\r\n", *stop); stop++)
        ;
    return stop < end || last ? stop : NULL;
}

/* A key or scalar of a container that is gone into. Returns `at` when more bytes are needed. */
static const char *take_token(const struct document_plan *plan, struct decode_place *place,
                              const char *at, const char *end, bool last) {
    const char *stop = token_end(at, end, last);
    bool is_long = (stop ? stop : end) - at > TOKEN_MAX;
    if (!stop && !is_long && !last)
        return at;
    struct span token = {at, (size_t)((stop ? stop : end) - at)};
    uint16_t base = place->open[place->depth].path_len;
    bool key = place->open[place->depth].kind == '{' && !place->valued && *at == '"';
    if (!stop || is_long)
        token.len = 0;
    place->in_text = !stop && *at == '"';
    if (place->in_text) { /* whether its last byte is half of an escape */
        bool in_string = true;
        place->escaped = false;
        leave_string(at + 1, end, &in_string, &place->escaped);
    }
    if (key)
        path_set(place, base,
                 token.len > 2 ? (struct span){at + 1, token.len - 2} : (struct span){"", 0}, true);
    else
        keep_scalar(plan, place, token);
    place->version++;
    return stop ? stop : end;
}

/* Whether a record begins at this byte: not with what closes its container. */
static bool begins_record(const struct document_plan *plan, const struct decode_place *place,
                          char byte) {
    char kind = place->open[place->depth].kind;
    if (place->depth == 0)
        return !plan->explore && find_role(plan, SPAN_LITERAL(""), false) == ROLE_POSTS;
    if (place->open[place->depth].role == ROLE_WRAP || place->open[place->depth].role == ROLE_ABOUT)
        return false;
    return kind == '[' ? byte != ']' && byte != '}' : place->valued && byte == '{';
}

/* What is between records: goes on to the next record (`scan->inside`), event or the end. */
static const char *walk_between(const struct document_plan *plan, struct decode_place *place,
                                struct record_scan *scan, const char *at, const char *end,
                                bool last, enum document_event *event) {
    while (at < end) {
        char byte = *at;
        if (place->in_text) {
            at = leave_string(at, end, &place->in_text, &place->escaped);
            place->version++;
        } else if (is_blank(byte) || (place->depth == 0 && (byte == ';' || byte == ')'))) {
            at++;
        } else if (byte == ',' || byte == ':') {
            if (place->open[place->depth].kind == '{') {
                place->valued = byte == ':';
                place->version++;
            }
            at++;
        } else if (begins_record(plan, place, byte)) {
            bool other = place->open[place->depth].role == ROLE_OTHER;
            *scan = (struct record_scan){.inside = true,
                                         .event = other ? DOCUMENT_OTHER : DOCUMENT_RECORD};
            return at;
        } else if ((byte == '{' || byte == '[') && place->depth == PLACE_DEPTH) {
            *scan = (struct record_scan){.inside = true, .event = DOCUMENT_OTHER};
            return at;
        } else if (byte == '{' || byte == '[') {
            if (!open_container(plan, place, at, end, last))
                return at;
            at++;
            *event = DOCUMENT_OPEN;
            if (plan->explore)
                return at;
        } else if (byte == '}' || byte == ']') {
            at++;
            bool barren = place->depth && close_container(place);
            *event = plan->explore ? DOCUMENT_CLOSE : barren ? DOCUMENT_OTHER : DOCUMENT_MORE;
            if (*event != DOCUMENT_MORE)
                return at;
        } else {
            const char *stop = take_token(plan, place, at, end, last);
            if (stop == at)
                return at;
            at = stop;
        }
        *event = DOCUMENT_MORE;
    }
    return at;
}

const char *document_walk(const struct document_plan *plan, struct decode_place *place,
                          struct record_scan *scan, const char *at, const char *end, bool last,
                          const char **record, enum document_event *event) {
    bool stray = false;
    if (!scan->inside) {
        *event = DOCUMENT_MORE;
        at = walk_between(plan, place, scan, at, end, last, event);
        if (*event == DOCUMENT_OTHER)
            *record = at - 1;
        if (!scan->inside)
            return at;
        *record = at;
        stray = place->depth == 0 && (*at == '}' || *at == ']');
    }
    *event = (enum document_event)scan->event;
    if (stray) {
        scan->inside = false;
        at++;
    } else {
        at = leave_record(at, end, scan);
    }
    if (scan->inside && !last) {
        *event = DOCUMENT_MORE;
        return at;
    }
    scan->inside = false;
    if (!place->open[place->depth].seen) {
        place->open[place->depth].seen = true;
        place->version++;
    }
    return at;
}
