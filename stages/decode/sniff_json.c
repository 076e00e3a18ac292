#include "stages/decode/document.h"
#include "stages/decode/member.h"
#include "stages/decode/repair.h"

#include <jansson.h>

enum { SAMPLE_FEW = 3, SAMPLE_MAX = 20, SAMPLE_TRIES = 200, NAMES_MAX = 300, NAME_DEPTH = 3 };

/* The first records of the head under one framing. */
struct sample {
    json_t *records[SAMPLE_MAX];
    int count, most;
    enum framing framing;
    size_t lead;
    const struct format *format;
    int bid;
};

static void sample_release(struct sample *sample) {
    for (int i = 0; i < sample->count; i++)
        json_decref(sample->records[i]);
    sample->count = 0;
}

static bool sample_add(struct sample *sample, struct span record, struct buf *clean) {
    uint64_t ignored[REPAIR_COUNT] = {0};
    if (sample->count == sample->most || repair_json(record, clean, ignored) != JSON_READ)
        return false;
    json_t *json = json_loadb(clean->at, clean->len, JSON_ALLOW_NUL, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return false;
    }
    sample->records[sample->count++] = json;
    return true;
}

static void sample_lines(struct sample *sample, struct span head, struct buf *clean) {
    size_t at = sample->lead;
    for (int tries = 0; at < head.len && tries < SAMPLE_TRIES && sample->count < sample->most;
         tries++) {
        const char *feed = memchr(head.at + at, '\n', head.len - at);
        size_t end = feed ? (size_t)(feed - head.at) : head.len;
        if (end > at)
            sample_add(sample, (struct span){head.at + at, end - at}, clean);
        at = end + 1;
    }
}

static void sample_values(struct sample *sample, struct span head, struct buf *clean) {
    size_t at = sample->lead;
    for (int tries = 0; tries < SAMPLE_TRIES && sample->count < sample->most; tries++) {
        while (at < head.len && ((unsigned char)head.at[at] <= ' ' || head.at[at] == ','))
            at++;
        if (at == head.len || head.at[at] == ']')
            return;
        struct span value = document_value((struct span){head.at + at, head.len - at});
        sample_add(sample, value, clean);
        at += value.len ? value.len : 1;
    }
}

/* The value at a dotted path; an index is not needed for evidence. */
static json_t *value_at(json_t *json, struct span path) {
    while (path.len && json) {
        const char *dot = memchr(path.at, '.', path.len);
        size_t len = dot ? (size_t)(dot - path.at) : path.len;
        json = json_object_getn(json, path.at, len);
        len += dot != NULL;
        path = (struct span){path.at + len, path.len - len};
    }
    return json;
}

static bool has_paths(json_t *record, const char *paths) {
    while (*paths) {
        size_t len = strcspn(paths, " ");
        if (!value_at(record, (struct span){paths, len}))
            return false;
        paths += len + (paths[len] == ' ');
    }
    return true;
}

static int bid_of(const struct format *format, const struct sample *sample) {
    int best = 0;
    for (const struct evidence *e = format->evidence; e && e->paths; e++)
        for (int i = 0; i < sample->count && e->bid > best; i++)
            if (has_paths(sample->records[i], e->paths))
                best = e->bid;
    return best;
}

struct names {
    struct span at[NAMES_MAX];
    size_t count;
    struct arena *arena;
};

static void names_add(struct names *names, struct span name) {
    for (size_t i = 0; i < names->count; i++)
        if (span_equal(names->at[i], name))
            return;
    struct span copy = names->count < NAMES_MAX ? arena_copy(names->arena, name) : name;
    if (names->count < NAMES_MAX && copy.at)
        names->at[names->count++] = copy;
}

struct object_at {
    json_t *json;
    struct span path;
    int depth;
};

static struct span path_below(struct arena *arena, struct span path, const char *key) {
    struct buf buf;
    buf_init(&buf, 4096);
    buf_span(&buf, path);
    if (path.len)
        buf_char(&buf, '.');
    buf_text(&buf, key);
    struct span copy = buf.failed ? (struct span){0} : arena_copy(arena, buf_as_span(&buf));
    buf_release(&buf);
    return copy;
}

/* All paths to scalars, down to NAME_DEPTH names, without recursion. */
static void collect_names(struct names *names, json_t *record) {
    struct object_at waiting[64] = {{.json = record, .depth = 1}};
    int count = 1;
    while (count) {
        struct object_at object = waiting[--count];
        const char *key;
        json_t *value;
        json_object_foreach(object.json, key, value) {
            struct span path =
                strpbrk(key, ".[") ? (struct span){0} : path_below(names->arena, object.path, key);
            if (!path.at)
                continue;
            if (!json_is_object(value))
                names_add(names, path);
            else if (object.depth < NAME_DEPTH && count < 64)
                waiting[count++] = (struct object_at){value, path, object.depth + 1};
        }
    }
}

/* Generic JSON: enough usual names in the sample. */
static const struct row *guess_rows(struct decode_member *member, const struct sample *sample) {
    struct names names = {.arena = &member->arena};
    for (int i = 0; i < sample->count; i++)
        collect_names(&names, sample->records[i]);
    const struct row *rows = mapping_guess(&member->arena, names.at, names.count);
    return rows && mapping_is_enough(rows) ? rows : NULL;
}

enum { GENERIC_BID = 5 };

static void sample_bids(struct decode_member *member, struct sample *sample) {
    if (sample->count == 0)
        return;
    const struct mapping *mapping = member->options.mapping;
    if (member->format || (mapping && mapping->rows)) {
        sample->format = member->format ? member->format : &format_jsonl;
        sample->bid = member->format ? bid_of(member->format, sample) : 1;
        sample->bid += 1 + sample->count;
        return;
    }
    for (size_t i = 0; formats[i]; i++) {
        int bid = formats[i]->shape == SHAPE_JSON ? bid_of(formats[i], sample) : 0;
        if (bid > sample->bid) {
            sample->format = formats[i];
            sample->bid = bid;
        }
    }
    if (sample->bid == 0 && guess_rows(member, sample)) {
        sample->format = &format_jsonl;
        sample->bid = GENERIC_BID;
    }
}

/* The highest bid that any format can make. */
static int highest_bid(void) {
    int highest = 0;
    for (size_t i = 0; formats[i]; i++)
        for (const struct evidence *e = formats[i]->evidence; e && e->paths; e++)
            if (formats[i]->shape == SHAPE_JSON && e->bid > highest)
                highest = e->bid;
    return highest;
}

/* Reads a sample as `how` says and keeps it if it is the best so far. */
static void try_sample(struct decode_member *member, struct span head, const struct sample *how,
                       struct sample *best, struct buf *clean) {
    struct sample sample = *how;
    if (how->framing == FRAMING_LINES)
        sample_lines(&sample, head, clean);
    else
        sample_values(&sample, head, clean);
    sample_bids(member, &sample);
    if (sample.bid > best->bid) {
        sample_release(best);
        *best = sample;
    } else {
        sample_release(&sample);
    }
}

static void try_framing(struct decode_member *member, struct span head, enum framing framing,
                        size_t lead, struct sample *best, struct buf *clean) {
    struct sample how = {.framing = framing, .lead = lead, .most = SAMPLE_MAX};
    try_sample(member, head, &how, best, clean);
}

/* Whether the first line, or the first few (streams begin with notices), leave no doubt: most
 * members are small, and reading a sample in every framing would take longer than reading the
 * member. No framing can bid more than the highest, and on equal bids lines win. */
static bool lines_are_plain(struct decode_member *member, struct span head, size_t start,
                            struct sample *best, struct buf *clean) {
    struct sample how = {.framing = FRAMING_LINES, .lead = start};
    if (member->format || member->options.mapping)
        return false;
    for (how.most = 1; how.most <= SAMPLE_FEW; how.most += SAMPLE_FEW - 1) {
        try_sample(member, head, &how, best, clean);
        if (best->count == how.most && best->bid == highest_bid())
            return true;
    }
    return false;
}

/* Lines first: on equal bids they are what the file is. */
static void try_framings(struct decode_member *member, struct span head, struct sample *best,
                         struct buf *clean) {
    size_t start = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0, first = start;
    while (first < head.len && (unsigned char)head.at[first] <= ' ')
        first++;
    struct span rest = {head.at + first, head.len - first};
    if (lines_are_plain(member, head, start, best, clean))
        return;
    sample_release(best);
    *best = (struct sample){0};
    try_framing(member, head, FRAMING_LINES, start, best, clean);
    if (rest.len && rest.at[0] == '[') {
        try_framing(member, head, FRAMING_ELEMENTS, first + 1, best, clean);
        return;
    }
    try_framing(member, head, FRAMING_VALUES, start, best, clean);
    size_t array = document_find_array(rest);
    if (array)
        try_framing(member, head, FRAMING_ELEMENTS, first + array, best, clean);
}

static enum status no_format(struct span head, struct fault *fault) {
    size_t len = head.len < 60 ? head.len : 60;
    char shown[64];
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)head.at[i];
        shown[i] = (char)(byte >= 0x20 && byte < 0x7F ? byte : '.');
    }
    return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                     "JSON, but of no known format, and without usual names for text and time; "
                     "give a mapping file (it begins with %.*s)",
                     (int)len, shown);
}

static enum status use_sample(struct decode_member *member, const struct sample *sample,
                              struct fault *fault) {
    const struct mapping *mapping = member->options.mapping;
    const struct row *rows = mapping && mapping->rows ? mapping->rows : sample->format->rows;
    if (!rows)
        rows = guess_rows(member, sample);
    if (!rows)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "JSON without usual names for text and time; give a mapping file");
    member->format = sample->format;
    member->framing = sample->framing;
    member->lead = sample->lead;
    return table_compile(&member->table, sample->format, rows, fault);
}

enum status sniff_json(struct decode_member *member, struct span head, struct fault *fault) {
    struct sample best = {0};
    struct buf clean;
    buf_init(&clean, head.len * 6 + 64);
    try_framings(member, head, &best, &clean);
    buf_release(&clean);
    enum status status = best.bid ? use_sample(member, &best, fault) : no_format(head, fault);
    sample_release(&best);
    bool elements = member->framing == FRAMING_ELEMENTS || member->framing == FRAMING_VALUES;
    if (status == STATUS_OK && elements && encoding_is_utf16(member->encoding))
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "a JSON document in UTF-16; convert it to UTF-8 first");
    return status;
}
