/* JSON: which framing, which arrays and which format, by sampled records of the head. */
#include "stages/decode/repair.h"
#include "stages/decode/sample.h"
#include "stages/decode/unwrap.h"

#include <stdlib.h>
#include <strings.h>

enum { SAMPLE_FEW = 3, SAMPLE_TRIES = 200, CANDIDATE_MAX = 24, EXPLORE_MAX = 500 };

/* Objects that have a place in common: elements of the arrays of one path, members of the objects
 * of one path ("posts.*"), or the values themselves (""). */
struct candidate {
    struct span path;
    int around; /* arrays and objects on the way */
    struct sample sample;
    struct verdict verdict;
    bool accepted;
};

struct search {
    struct decode_member *member;
    struct buf clean, unwrapped; /* a record after repair, and before */
    struct candidate candidates[CANDIDATE_MAX];
    int count;
    int values; /* that are objects */
};

/* Reads a record for the sample; anything else only counts as tried. */
static void take_record(struct search *search, struct sample *sample, struct span record) {
    uint64_t ignored[REPAIR_COUNT] = {0};
    sample->tried++;
    search->member->sampled++;
    struct span inner = unwrap_record(record, &search->unwrapped);
    search->member->wrapped |= inner.at != record.at;
    record = inner.at ? inner : record;
    if (repair_json(record, &search->clean, ignored) == JSON_READ)
        sample_add(sample, json_loadb(search->clean.at, search->clean.len, JSON_ALLOW_NUL, NULL));
}

/* The lines that are not blank, until `most` of them are records. A line that the head cuts is
 * left out unless it is the only one. */
static void sample_lines(struct search *search, struct sample *sample, struct span head, size_t at,
                         int most) {
    while (at < head.len && sample->tried < SAMPLE_TRIES && sample->count < most) {
        const char *feed = memchr(head.at + at, '\n', head.len - at);
        size_t end = feed ? (size_t)(feed - head.at) : head.len, begin = at;
        while (begin < end && (unsigned char)head.at[begin] <= ' ')
            begin++;
        if (begin < end && (feed || !sample->tried))
            take_record(search, sample, (struct span){head.at + begin, end - begin});
        at = end + 1;
    }
}

static struct candidate *candidate_at(struct search *search, struct span path) {
    for (int i = 0; i < search->count; i++)
        if (span_equal(search->candidates[i].path, path))
            return &search->candidates[i];
    struct span copy = arena_copy(&search->member->arena, path);
    if (search->count == CANDIDATE_MAX || !copy.at)
        return NULL;
    struct candidate *candidate = &search->candidates[search->count++];
    *candidate = (struct candidate){.path = copy};
    for (size_t i = 0; i < path.len; i++)
        candidate->around += path.at[i] == '[' || path.at[i] == '.' || path.at[i] == '*';
    return candidate;
}

/* The container that ended at `end` was open[depth + 1]: an object is one of a candidate's. */
static void see_object(struct search *search, const struct decode_place *place, const char *begin,
                       const char *end) {
    char path[PLACE_PATH + 2];
    size_t len = place->open[place->depth].path_len;
    if (place->open[place->depth + 1].kind != '{')
        return;
    search->values += place->depth == 0;
    memcpy(path, place->path, len);
    if (place->open[place->depth].kind == '{') {
        memcpy(path + len, ".*", 2);
        len += 2;
    }
    struct candidate *candidate = candidate_at(search, (struct span){path, len});
    if (candidate && candidate->sample.count < SAMPLE_MAX)
        take_record(search, &candidate->sample, (struct span){begin, (size_t)(end - begin)});
}

/* Every object of the text, at any depth. */
static void explore(struct search *search, struct span text) {
    static const struct document_plan plan = {.explore = true};
    struct decode_place place = {0};
    struct record_scan scan = {0};
    const char *starts[PLACE_DEPTH + 1], *at = text.at, *end = text.at + text.len, *record;
    while (at < end) {
        enum document_event event;
        at = document_walk(&plan, &place, &scan, at, end, true, &record, &event);
        if (event == DOCUMENT_OPEN)
            starts[place.depth] = at - 1;
        else if (event == DOCUMENT_CLOSE)
            see_object(search, &place, starts[place.depth + 1], at);
    }
}

/* Lines one by one, so that a broken one does not hide the others. */
static void explore_lines(struct search *search, struct span text) {
    for (int tries = 0; text.len && tries < EXPLORE_MAX; tries++) {
        const char *feed = memchr(text.at, '\n', text.len);
        size_t len = feed ? (size_t)(feed - text.at) : text.len;
        explore(search, (struct span){text.at, len});
        len += feed != NULL;
        text = (struct span){text.at + len, text.len - len};
    }
}

static bool is_array(struct span path) {
    return path.len && path.at[path.len - 1] == ']';
}

/* Whether `outer` is a place on the way to `inner`. */
static bool leads_to(struct span outer, struct span inner) {
    if (outer.len && outer.at[outer.len - 1] == '*')
        outer.len -= 2;
    return outer.len < inner.len && memcmp(outer.at, inner.at, outer.len) == 0 &&
           (outer.len == 0 || inner.at[outer.len] == '.' || inner.at[outer.len] == '[');
}

/* Whether the members of an object are records: most of them, and not by chance. */
static bool is_likely(const struct candidate *candidate) {
    bool map = candidate->path.len && !is_array(candidate->path);
    return candidate->verdict.votes > 0 &&
           (!map || (candidate->verdict.votes > 1 &&
                     candidate->verdict.votes * 2 >= candidate->sample.count));
}

/* Whether a name on the way from the array around says that the elements answer the post that they
 * are in: other posts in a post are those that it repeats or quotes, or earlier wordings of itself.
 */
static bool is_answering(struct span path) {
    static const char *const names[] = {"comments",   "replies",    "answers",
                                        "responses",  "children",   "komentarze",
                                        "odpowiedzi", "kommentare", "antworten"};
    size_t end = path.len - 2; /* of the array's name */
    for (size_t at = end; at > 0 && path.at[at - 1] != ']'; at--) {
        if (path.at[at] != '.' && at != end)
            continue;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            size_t len = strlen(names[i]);
            if (at >= len && strncasecmp(path.at + at - len, names[i], len) == 0)
                return true;
        }
    }
    return false;
}

static bool holds_posts(const struct candidate *candidate) {
    return is_array(candidate->path) && candidate->verdict.votes > 1 &&
           (candidate->verdict.format->rows || !is_answering(candidate->path));
}

/* Whether the format of the value finds the array's elements in it. */
static bool nests_it(const struct candidate *value, const struct candidate *array) {
    const struct format *format = value->verdict.format;
    for (const struct nest *nest = format ? format->nests : NULL; nest && nest->path; nest++)
        if (nest->kind == NEST_POST && span_starts(array->path, nest->path))
            return true;
    return false;
}

/* On equal bids the outer one: it has the inner one in it. But a single value is the wrapper of the
 * several posts in its arrays, unless they answer it. */
static bool is_better(const struct search *search, const struct candidate *a,
                      const struct candidate *b) {
    if (a->verdict.bid != b->verdict.bid)
        return a->verdict.bid > b->verdict.bid;
    if (!b->path.len && search->values == 1 && holds_posts(a) && !nests_it(b, a))
        return true;
    if (!a->path.len && search->values == 1 && holds_posts(b) && !nests_it(a, b))
        return false;
    return a->around != b->around ? a->around < b->around : a->verdict.votes > b->verdict.votes;
}

/* Whether the candidate is of the format that the first one decided. By usual names it must be read
 * as well as the first: next to posts, accounts with a description are none. */
static bool is_of(const struct candidate *candidate, const struct candidate *first) {
    return !first ||
           (candidate->verdict.format == first->verdict.format &&
            (first->verdict.bid > BID_GENERIC || candidate->verdict.bid == first->verdict.bid));
}

/* Accepts the best candidate and all others of its format that are not inside of or around one;
 * what a page of Twitter includes is beside its posts. */
static struct candidate *accept(struct search *search) {
    struct candidate *first = NULL, *best;
    do {
        best = NULL;
        for (int i = 0; i < search->count; i++) {
            struct candidate *candidate = &search->candidates[i];
            bool fits = is_likely(candidate) && !candidate->accepted &&
                        !span_starts(candidate->path, "includes.") && is_of(candidate, first);
            for (int k = 0; fits && k < search->count; k++)
                fits = !search->candidates[k].accepted ||
                       (!leads_to(search->candidates[k].path, candidate->path) &&
                        !leads_to(candidate->path, search->candidates[k].path));
            if (fits && (!best || is_better(search, candidate, best)))
                best = candidate;
        }
        if (best)
            best->accepted = true;
        first = first ? first : best;
    } while (best);
    return first;
}

/* The arrays on the way to records. The head may be too short for one whole element of theirs (a
 * chat of 300 MB in the list of chats), which then is no candidate. */
static void plan_way(struct search *search, struct span path, struct document_plan *plan) {
    for (size_t end = 2; end < path.len; end++) {
        struct span outer = {path.at, end};
        bool known = !is_array(outer);
        for (int i = 0; i < search->count && !known; i++)
            known = span_equal(search->candidates[i].path, outer);
        for (int i = 0; i < plan->role_count && !known; i++)
            known = span_equal(plan->roles[i].path, outer);
        if (known || plan->role_count == DOCUMENT_ROLES)
            continue;
        plan->roles[plan->role_count].path = outer;
        plan->roles[plan->role_count++].role = ROLE_WRAP;
    }
}

static void plan_roles(struct search *search, struct document_plan *plan) {
    for (int i = 0; i < search->count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        bool inside = false, around = false;
        for (int k = 0; k < search->count; k++) {
            inside |= search->candidates[k].accepted &&
                      leads_to(search->candidates[k].path, candidate->path);
            around |= search->candidates[k].accepted &&
                      leads_to(candidate->path, search->candidates[k].path);
        }
        bool known = candidate->accepted || (is_array(candidate->path) && !inside);
        if (!known || plan->role_count == DOCUMENT_ROLES)
            continue;
        plan->roles[plan->role_count].path = candidate->path;
        plan->roles[plan->role_count++].role = candidate->accepted ? ROLE_POSTS
                                               : around            ? ROLE_WRAP
                                                                   : ROLE_OTHER;
    }
    for (int i = 0; i < search->count; i++)
        if (search->candidates[i].accepted)
            plan_way(search, search->candidates[i].path, plan);
}

/* Of a document that the head holds whole, the scalars behind its arrays are known beforehand. */
static void keep_later_scalars(struct decode_member *member, struct span head) {
    struct decode_place place = {0};
    struct record_scan scan = {0};
    const char *at = head.at + member->lead, *end = head.at + head.len, *record;
    enum document_event event;
    while (end > at && ((unsigned char)end[-1] <= ' ' || strchr(";)", end[-1])))
        end--;
    if (!member->plan.context || end == at || end[-1] != '}')
        return;
    do
        at = document_walk(&member->plan, &place, &scan, at, end - 1, true, &record, &event);
    while (event != DOCUMENT_MORE);
    if (place.depth != 1 || place.open[1].kind != '{' || place.open[0].seen)
        return;
    place_forget(&place, 1);
    for (int i = 0; i < place.value_count; i++)
        place.values[i].depth = 0;
    member->begin.value_count = place.value_count;
    member->begin.text_len = place.text_len;
    memcpy(member->begin.values, place.values, sizeof place.values);
    memcpy(member->begin.text, place.text, sizeof place.text);
}

/* The way from an element at `outer` to the array `inner` when no other array lies between. */
static struct span path_within(struct span outer, struct span inner) {
    struct span path = {inner.at + outer.len, inner.len - outer.len};
    if (!is_array(inner) || !leads_to(outer, inner) || (outer.len && !is_array(outer)))
        return (struct span){NULL, 0};
    if (outer.len)
        path = (struct span){path.at + 1, path.len - 1};
    return memmem(path.at, path.len, "[]", 2) == path.at + path.len - 2 ? path
                                                                        : (struct span){NULL, 0};
}

struct nests {
    struct nest at[NEST_MAX + 1];
    int count;
};

static void nests_add(struct nests *nests, struct span path, const struct format *as) {
    for (int i = 0; i < nests->count; i++)
        if (span_equal(span_of(nests->at[i].path), path))
            return;
    if (nests->count < NEST_MAX)
        nests->at[nests->count++] = (struct nest){path.at, NEST_POST, as};
}

/* The format with the comments and answers that its records have inside, read by their own usual
 * names; their own answers are read as they are. NULL when out of memory. */
static const struct format *with_answers(struct search *search, const struct format *format) {
    struct decode_member *member = search->member;
    struct {
        struct format whole, answer;
        struct nests outer, inner;
    } *made = arena_alloc(&member->arena, sizeof *made);
    const struct sample *samples[CANDIDATE_MAX];
    bool answers[CANDIDATE_MAX] = {false};
    int count = 0;
    if (!made)
        return NULL;
    memset(made, 0, sizeof *made);
    for (int i = 0; i < search->count; i++) {
        const struct candidate *inner = &search->candidates[i];
        for (int k = 0; k < search->count && !answers[i]; k++) {
            const struct candidate *outer = &search->candidates[k];
            answers[i] = outer->accepted && leads_to(outer->path, inner->path) &&
                         is_array(inner->path) && inner->verdict.format == format &&
                         inner->verdict.bid == BID_GENERIC && is_answering(inner->path);
        }
        if (answers[i])
            samples[count++] = &inner->sample;
    }
    for (int i = 0; i < search->count; i++)
        for (int k = 0; k < search->count; k++) {
            struct span path =
                answers[i] ? path_within(search->candidates[k].path, search->candidates[i].path)
                           : (struct span){NULL, 0};
            if (path.at && search->candidates[k].accepted)
                nests_add(&made->outer, path, &made->answer);
            else if (path.at && answers[k])
                nests_add(&made->inner, path, NULL);
        }
    made->whole = made->answer = *format;
    made->answer.rows = made->outer.count ? sample_guess(member, samples, count) : NULL;
    if (!made->answer.rows)
        return format;
    made->answer.nests = made->inner.at;
    made->whole.nests = made->outer.at;
    return &made->whole;
}

static enum status use(struct search *search, const struct candidate *first, bool lines,
                       struct span head, size_t start, struct fault *fault) {
    struct decode_member *member = search->member;
    const struct sample *samples[CANDIDATE_MAX] = {&first->sample};
    int count = 1;
    for (int i = 0; i < search->count; i++)
        if (search->candidates[i].accepted && &search->candidates[i] != first)
            samples[count++] = &search->candidates[i].sample;
    const struct mapping *mapping = member->options.mapping;
    const struct format *format = first->verdict.format;
    if (!format->rows && !(mapping && mapping->rows) && !(format = with_answers(search, format)))
        return fault_memory(fault);
    const struct row *rows = sample_rows(member, first->verdict.format, samples, count);
    if (!rows)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "JSON without usual names for text and time; give a mapping file");
    bool by_lines = lines && !first->path.len;
    member->format = first->verdict.format;
    member->guessed =
        !member->format->rows && !(member->options.mapping && member->options.mapping->rows);
    member->framing = by_lines ? FRAMING_LINES : FRAMING_DOCUMENT;
    member->lead = by_lines && !span_starts(head, "\xEF\xBB\xBF") ? 0 : start;
    member->plan.context = mapping && mapping->context ? mapping->context : member->format->context;
    if (!by_lines) {
        plan_roles(search, &member->plan);
        keep_later_scalars(member, head);
    }
    return table_compile(&member->table, format, rows, fault);
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

/* Whether the first line, or the first few (streams begin with notices), leave no doubt: most
 * members are small, and reading a sample in every framing would take longer than reading the
 * member. A line that is a whole record of a known format is no part of a document, and no other
 * format bids as much on it, whatever others bid on records of another kind. */
static bool lines_are_plain(struct search *search, struct candidate *lines, struct span head,
                            size_t start) {
    struct sample *sample = &lines->sample;
    if (search->member->format || search->member->options.mapping)
        return false;
    for (int most = 1; most <= SAMPLE_FEW; most += SAMPLE_FEW - 1) {
        sample_release(sample);
        *sample = (struct sample){0};
        sample_lines(search, sample, head, start, most);
        lines->verdict = sample_judge(search->member, sample, SHAPE_JSON);
        if (lines->verdict.votes == most && sample->tried == most && lines->verdict.bid >= BID_SURE)
            return true;
    }
    sample_release(sample);
    *sample = (struct sample){0};
    return false;
}

/* Whether lines that are no majority are records nevertheless: many of them are broken, or the
 * arrays that were found have fewer. A wrapper's last element stands in a line like a record. */
static bool lines_win(const struct search *search, const struct verdict *lines,
                      const struct candidate *best) {
    int votes = 0;
    for (int i = 0; i < search->count; i++)
        votes += search->candidates[i].accepted ? search->candidates[i].verdict.votes : 0;
    if (!lines->votes || !best)
        return lines->votes > 0;
    return best->path.len ? lines->votes > votes : lines->bid >= best->verdict.bid;
}

/* Chooses among all candidates; `*lines` when records are lines. The values themselves are the
 * first candidate, sampled by lines where these are records. NULL when nothing is known. */
static struct candidate *choose(struct search *search, struct span head, size_t start,
                                bool *lines) {
    struct candidate *values = candidate_at(search, SPAN_LITERAL(""));
    struct sample by_lines = {0};
    size_t mark = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    bool prefixed = false;
    for (size_t i = mark; i < start; i++)
        prefixed |= (unsigned char)head.at[i] > ' ';
    prefixed &= start < head.len && strchr("{[", head.at[start]);
    if (!values)
        return NULL;
    *lines = !prefixed && lines_are_plain(search, values, head, mark);
    if (*lines)
        return values;
    if (!prefixed)
        sample_lines(search, &by_lines, head, mark, SAMPLE_MAX);
    *lines = by_lines.count && by_lines.count * 2 >= by_lines.tried;
    if (*lines) {
        values->sample.count = SAMPLE_MAX; /* they are not sampled twice */
        explore_lines(search, (struct span){head.at + mark, head.len - mark});
        values->sample = by_lines;
    } else {
        explore(search, (struct span){head.at + start, head.len - start});
    }
    for (int i = 0; i < search->count; i++) {
        struct candidate *candidate = &search->candidates[i];
        candidate->verdict = sample_judge(search->member, &candidate->sample, SHAPE_JSON);
    }
    struct candidate *best = accept(search);
    if (*lines)
        return best;
    struct verdict verdict = sample_judge(search->member, &by_lines, SHAPE_JSON);
    *lines = lines_win(search, &verdict, best);
    sample_release(*lines ? &values->sample : &by_lines);
    if (!*lines)
        return best;
    for (int i = 0; i < search->count; i++)
        search->candidates[i].accepted = false;
    values->sample = by_lines;
    values->verdict = verdict;
    return values;
}

enum status sniff_json(struct decode_member *member, struct span head, struct fault *fault) {
    struct search *search = calloc(1, sizeof *search);
    if (!search)
        return fault_memory(fault);
    search->member = member;
    buf_init(&search->clean, head.len * 6 + 64);
    buf_init(&search->unwrapped, head.len + 64);
    size_t start = document_prefix(head);
    bool lines = false;
    struct candidate *first = choose(search, head, start, &lines);
    enum status status =
        first ? use(search, first, lines, head, start, fault) : no_format(head, fault);
    for (int i = 0; i < search->count; i++)
        sample_release(&search->candidates[i].sample);
    buf_release(&search->clean);
    buf_release(&search->unwrapped);
    free(search);
    return status;
}
