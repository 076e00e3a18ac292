#include "stages/decode/sample.h"

#include "stages/common/hash.h"
#include "stages/common/num.h"
#include "stages/common/when.h"
#include "stages/decode/json_fast.h"

/* Generic records that have a text bid more than those that only have a title or a description, as
 * accounts and pages do too. */
enum { NAMES_MAX = 300, NAMED_BID = 50 };

void sample_add(struct sample *sample, json_t *record) {
    if (json_is_object(record) && sample->count < SAMPLE_MAX)
        sample->records[sample->count++] = record;
    else
        json_decref(record);
}

void sample_release(struct sample *sample) {
    for (int i = 0; i < sample->count; i++)
        json_decref(sample->records[i]);
    sample->count = 0;
}

static char lower(char byte, bool any_case) {
    return any_case && byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

static bool fits(struct span pattern, struct span text, bool any_case) {
    size_t p = 0, t = 0, star = SIZE_MAX, back = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            back = t;
        } else if (p < pattern.len && (pattern.at[p] == '?' || lower(pattern.at[p], any_case) ==
                                                                   lower(text.at[t], any_case))) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++back;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*')
        p++;
    return p == pattern.len;
}

bool pattern_matches(struct span pattern, struct span text) {
    return fits(pattern, text, false);
}

bool pattern_fits(struct span pattern, struct span text) {
    return fits(pattern, text, true);
}

/* The name with the folders that an export has; those above are the user's own. */
static struct span place_of(const struct decode_member *member) {
    enum { FOLDERS = 5 };
    struct span place = member->options.path ? span_of(member->options.path) : member->label;
    int slashes = 0;
    for (size_t at = place.len; at > 0; at--)
        if (place.at[at - 1] == '/' && ++slashes > FOLDERS)
            return (struct span){place.at + at, place.len - at};
    return place;
}

bool evidence_holds(const struct decode_member *member, const char *paths,
                    bool (*has)(const void *data, struct span path), const void *data) {
    while (*paths) {
        struct span path = {paths, strcspn(paths, " ")};
        bool named = span_starts(path, "name:"), placed = span_starts(path, "path:");
        struct span pattern = {path.at + 5, path.len - 5};
        struct span text = placed ? place_of(member) : member->name;
        if (named || placed ? !pattern_matches(pattern, text) : !has(data, path))
            return false;
        paths += path.len + (paths[path.len] == ' ');
    }
    return true;
}

/* The value at a path such as "user.name" or "langs[0].code". */
static json_t *value_at(json_t *json, struct span path) {
    while (path.len && json) {
        size_t len = 0;
        while (len < path.len && path.at[len] != '.' && path.at[len] != '[')
            len++;
        if (len)
            json = json_object_getn(json, path.at, len);
        path = (struct span){path.at + len, path.len - len};
        const char *close = path.len && *path.at == '[' ? memchr(path.at, ']', path.len) : NULL;
        if (close) {
            int64_t index = -1;
            struct span digits = {path.at + 1, (size_t)(close - path.at) - 1};
            json = num_i64(digits, &index) && index >= 0 ? json_array_get(json, (size_t)index)
                                                         : json_array_get(json, 0);
            path = (struct span){close + 1, path.len - digits.len - 2};
        }
        if (path.len && *path.at == '.')
            path = (struct span){path.at + 1, path.len - 1};
        else if (path.len && *path.at == '[' && !close)
            return NULL;
    }
    return json;
}

static bool record_has(const void *record, struct span path) {
    return value_at((json_t *)record, path) != NULL;
}

static int bid_of(const struct decode_member *member, const struct format *format,
                  const json_t *record) {
    int best = 0;
    for (const struct evidence *e = format->evidence; e && e->paths; e++)
        if (e->bid > best && evidence_holds(member, e->paths, record_has, record))
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

/* Whether the values at the path are times, most of them. */
static bool has_times(struct span path, const struct sample *const *samples, int count) {
    int said = 0, times = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < samples[i]->count; k++) {
            const json_t *value = value_at(samples[i]->records[k], path);
            struct moment moment;
            said += value && !json_is_null(value);
            if (json_is_integer(value))
                times += json_integer_value(value) >= 100000000 &&
                         when_from_epoch(json_integer_value(value), &moment);
            else if (json_is_string(value) && json_string_length(value) >= 6)
                times += when_parse(span_of(json_string_value(value)), false, &moment) ||
                         when_parse(span_of(json_string_value(value)), true, &moment);
        }
    return times && times * 2 >= said;
}

/* Whether one of the rows leads to what is a text and no description of something else. */
static bool rows_have_text(const struct row *rows) {
    for (; rows->path; rows++) {
        struct span path = span_of(rows->path);
        if (rows->field == FIELD_TEXT && !span_ends(path, "escription") &&
            !span_ends(path, "nippet"))
            return true;
    }
    return false;
}

const struct row *sample_guess(struct decode_member *member, const struct sample *const *samples,
                               int count) {
    struct names names = {.arena = &member->arena};
    for (int i = 0; i < count; i++)
        for (int k = 0; k < samples[i]->count; k++)
            collect_names(&names, samples[i]->records[k]);
    bool times[NAMES_MAX];
    for (size_t i = 0; i < names.count; i++)
        times[i] = has_times(names.at[i], samples, count);
    member->names = arena_alloc(&member->arena, (names.count + 1) * sizeof *names.at);
    member->name_count = member->names ? names.count : 0;
    if (member->names)
        memcpy(member->names, names.at, names.count * sizeof *names.at);
    member->names_hash = hash_stable_join(names.at, names.count);
    const struct row *rows =
        mapping_guess(&member->arena, &(struct name_list){names.at, names.count, times}, NULL);
    return rows && mapping_is_enough(rows) ? rows : NULL;
}

const struct row *sample_late_rows(const struct decode_member *member, const struct sample *sample,
                                   struct arena *arena) {
    struct names names = {.arena = arena};
    const bool none[NAMES_MAX] = {false};
    collect_names(&names, sample->records[0]);
    const struct row *rows =
        mapping_guess(arena, &(struct name_list){names.at, names.count, none},
                      &(struct name_list){member->names, member->name_count, NULL});
    return rows && mapping_is_enough(rows) && rows_have_text(rows) ? rows : NULL;
}

/* "object.*.name": names of the object that hold one with `name`, in their order. For a time each
 * counts, for another field the first. Appends what the record has; how many. */
static size_t expand_row(struct arena *arena, const struct row *row, const json_t *record,
                         struct row *out, size_t room) {
    const char *star = strstr(row->path, ".*."), *key;
    size_t made = 0;
    json_t *value;
    json_t *object = json_object_getn(record, row->path, (size_t)(star - row->path));
    json_object_foreach(object, key, value) {
        if (made == room || strpbrk(key, ".[") || !json_object_get(value, star + 3))
            continue;
        struct buf path;
        buf_init(&path, 4096);
        buf_span(&path, (struct span){row->path, (size_t)(star - row->path) + 1});
        buf_text(&path, key);
        buf_text(&path, star + 2);
        struct span copy = path.failed ? (struct span){0} : arena_copy(arena, buf_as_span(&path));
        buf_release(&path);
        if (copy.at)
            out[made++] = (struct row){copy.at, row->field, row->convert};
        if (row->field != FIELD_TIME)
            break;
    }
    return made;
}

/* The format's rows, with the names that records have where it has a `*` (labels in the language of
 * an account). */
static const struct row *named_rows(struct decode_member *member, const struct format *format,
                                    const struct sample *sample) {
    enum { ROOM = 64 };
    bool any = false;
    size_t made = 0;
    for (const struct row *row = format->rows; row->path; row++)
        any |= strstr(row->path, ".*.") != NULL;
    struct row *rows = any ? arena_alloc(&member->arena, (ROOM + 1) * sizeof *rows) : NULL;
    if (!rows)
        return format->rows;
    for (const struct row *row = format->rows; row->path && made < ROOM; row++) {
        size_t before = made;
        if (!strstr(row->path, ".*."))
            rows[made++] = *row;
        else
            for (int i = 0; i < sample->count && made == before; i++)
                made +=
                    expand_row(&member->arena, row, sample->records[i], rows + made, ROOM - made);
    }
    rows[made] = (struct row){NULL, 0, 0};
    time_rows(rows, (int)made);
    return rows;
}

const struct row *sample_rows(struct decode_member *member, const struct format *format,
                              const struct sample *const *samples, int count) {
    const struct mapping *mapping = member->options.mapping;
    if (mapping && mapping->rows)
        return mapping->rows;
    return format->rows ? named_rows(member, format, samples[0])
                        : sample_guess(member, samples, count);
}

/* Whether the rows find a text and a time in the record. */
static bool rows_fit(const struct row *rows, const json_t *record) {
    bool text = false, time = false;
    for (; rows && rows->path; rows++) {
        bool there = record_has(record, span_of(rows->path));
        text |= there && (rows->field == FIELD_TEXT || rows->field == FIELD_TITLE);
        time |= there && rows->field == FIELD_TIME;
    }
    return text && time;
}

static const struct format *generic_of(enum shape shape) {
    return shape == SHAPE_XML ? &format_xml : &format_jsonl;
}

/* The user named the format or the rows: where do they fit? */
static struct verdict judge_named(struct decode_member *member, const struct sample *sample,
                                  enum shape shape) {
    const struct mapping *mapping = member->options.mapping;
    struct verdict verdict = {member->format ? member->format : generic_of(shape), 1, 0};
    const struct row *rows = sample_rows(member, verdict.format, &sample, 1);
    for (int i = 0; i < sample->count; i++)
        verdict.votes +=
            rows_fit(rows, sample->records[i]) ||
            (!(mapping && mapping->rows) && bid_of(member, verdict.format, sample->records[i]) > 0);
    if (verdict.votes)
        verdict.bid = NAMED_BID;
    return verdict;
}

struct verdict sample_judge(struct decode_member *member, const struct sample *sample,
                            enum shape shape) {
    struct verdict best = {0};
    struct sample rest = {0}; /* records of no format that is known */
    if (sample->count == 0)
        return best;
    if (member->format || (member->options.mapping && member->options.mapping->rows))
        return judge_named(member, sample, shape);
    const struct format *of[SAMPLE_MAX] = {0};
    int bids[SAMPLE_MAX] = {0};
    for (int i = 0; i < sample->count; i++) {
        for (size_t f = 0; formats[f]; f++) {
            int bid =
                formats[f]->shape == shape ? bid_of(member, formats[f], sample->records[i]) : 0;
            if (bid > bids[i]) {
                of[i] = formats[f];
                bids[i] = bid;
            }
        }
        if (!of[i])
            rest.records[rest.count++] = sample->records[i];
    }
    for (size_t f = 0; formats[f]; f++) {
        struct verdict verdict = {.format = formats[f]};
        for (int i = 0; i < sample->count; i++) {
            verdict.votes += of[i] == formats[f];
            if (of[i] == formats[f] && bids[i] > verdict.bid)
                verdict.bid = bids[i];
        }
        if (verdict.votes > best.votes || (verdict.votes == best.votes && verdict.bid > best.bid))
            best = verdict;
    }
    const struct sample *others = &rest;
    const struct row *rows = NULL;
    if (best.votes * 2 < sample->count && (rows = sample_guess(member, &others, 1))) {
        int votes = 0;
        for (int i = 0; i < rest.count; i++)
            votes += rows_fit(rows, rest.records[i]);
        if (votes > best.votes)
            best = (struct verdict){generic_of(shape),
                                    rows_have_text(rows) ? BID_GENERIC : BID_WEAK, votes};
    }
    return best;
}
