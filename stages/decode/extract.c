#include "stages/decode/extract.h"

#include <stdlib.h>

bool extractor_init(struct extractor *extractor, size_t max_record_bytes) {
    static const struct time_rules none = {0};
    extractor->time = (struct time_reader){.rules = &none, .last_local_s = TIME_NONE};
    extractor->fast = json_fast_new(max_record_bytes + 1);
    json_slow_init(&extractor->slow, max_record_bytes);
    buf_init(&extractor->pieces, (size_t)1 << 32);
    return extractor->fast != NULL;
}

void extractor_release(struct extractor *extractor) {
    json_fast_free(extractor->fast);
    json_slow_release(&extractor->slow);
    arena_release(&extractor->arena);
    buf_release(&extractor->pieces);
    free(extractor->more);
    free(extractor->rejects);
    free(extractor->waiting);
    for (int i = 0; i < ARRAY_MAX; i++)
        free(extractor->arrays[i].at);
}

/* Makes room for one more; a list keeps its memory from record to record. */
static bool list_room(struct extractor *x, void *list, size_t count, size_t *cap, size_t size) {
    if (count < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 16;
    void *old, *at;
    memcpy(&old, list, sizeof old);
    if (!(at = realloc(old, more * size))) {
        x->trouble = JSON_MEMORY;
        return false;
    }
    memcpy(list, &at, sizeof at);
    *cap = more;
    return true;
}

/* The place of one more post; it moves when more are added. */
static bool more_add(struct extractor *x, size_t *place) {
    *place = x->more_count;
    if (!list_room(x, &x->more, x->more_count, &x->more_cap, sizeof *x->more))
        return false;
    x->more_count++;
    return true;
}

static void reject_add(struct extractor *x, enum reject_reason reason) {
    if (list_room(x, &x->rejects, x->reject_count, &x->reject_cap, sizeof *x->rejects))
        x->rejects[x->reject_count++] = (uint8_t)reason;
}

struct span extract_post_id(struct extractor *x, const struct post *post) {
    if (post->id.len)
        return post->id;
    struct span id = post_made_id(&x->arena, post);
    if (!id.at)
        x->trouble = JSON_MEMORY;
    return id;
}

static bool next_element(struct extractor *x, struct json_cursor *cursor, const struct table *table,
                         struct slots *slots, struct value *element) {
    enum json_result result = x->repaired ? json_slow_next(&x->slow, table, cursor, slots, element)
                                          : json_fast_next(x->fast, table, cursor, slots, element);
    if (result != JSON_READ && result != JSON_END)
        x->trouble = result;
    return result == JSON_READ;
}

/* The first element whose value is the wanted one gives the slot its other value. */
static void pick_elements(struct extractor *x, const struct table *table, struct slots *slots) {
    for (int i = 0; i < table->pick_count; i++) {
        const struct table_pick *pick = &table->picks[i];
        struct json_cursor cursor = json_cursor_of(slots_get(slots, pick->from));
        struct value element;
        bool found = false;
        while (!found && next_element(x, &cursor, pick->table, &x->side, &element))
            found = element.type == VALUE_OBJECT &&
                    span_equal(slots_get(&x->side, 0)->text, pick->wanted);
        if (found)
            *slots_set(slots, pick->to) = *slots_get(&x->side, 1);
    }
}

/* Texts that are arrays become strings. */
static void join_pieces(struct extractor *x, const struct table *table,
                        struct value fields[FIELD_COUNT]) {
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct value *field = &fields[i], element;
        if (field->convert != CONVERT_PIECES || field->type != VALUE_ARRAY)
            continue;
        struct json_cursor cursor = json_cursor_of(field);
        buf_clear(&x->pieces);
        while (next_element(x, &cursor, table->pieces, &x->side, &element)) {
            const struct value *piece =
                element.type == VALUE_OBJECT ? slots_get(&x->side, 0) : &element;
            if (piece->type == VALUE_STRING || piece->type == VALUE_NUMBER)
                buf_span(&x->pieces, piece->text);
        }
        field->type = VALUE_STRING;
        field->text = arena_copy(&x->arena, buf_as_span(&x->pieces));
        if (x->pieces.failed || !field->text.at)
            x->trouble = JSON_MEMORY;
    }
}

static int compare_keys(const void *a, const void *b) {
    const struct array_key *left = a, *right = b;
    int order = span_compare(left->key, right->key);
    return order ? order : (left->order > right->order) - (left->order < right->order);
}

static void index_sort(struct extractor *x, struct array_index *array, const struct table *keys) {
    struct json_cursor cursor = json_cursor_of(&array->container);
    struct value element;
    array->count = 0;
    array->sorted = true;
    while (next_element(x, &cursor, keys, &x->side, &element)) {
        struct span key = slots_get(&x->side, 0)->text;
        if (element.type != VALUE_OBJECT || !key.len)
            continue;
        if (!list_room(x, &array->at, array->count, &array->cap, sizeof *array->at))
            return;
        array->at[array->count] = (struct array_key){key, element, (uint32_t)array->count};
        array->count++;
    }
    if (array->count)
        qsort(array->at, array->count, sizeof *array->at, compare_keys);
}

/* The object that the post's join refers to; NULL when the record has none. */
static const struct value *look_up(struct extractor *x, const struct table_join *join,
                                   const struct slots *slots) {
    struct array_index *array = &x->arrays[join->array];
    struct span key = slots_get(slots, join->by)->text;
    if (!key.len || array->container.type == VALUE_ABSENT)
        return NULL;
    if (!array->sorted)
        index_sort(x, array, x->table->arrays[join->array].table);
    size_t low = 0, high = array->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (span_compare(array->at[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < array->count && span_equal(array->at[low].key, key) ? &array->at[low].element
                                                                     : NULL;
}

static void fill_joined(struct extractor *x, const struct table *table, const struct slots *slots,
                        struct value fields[FIELD_COUNT]) {
    struct value theirs[FIELD_COUNT], element;
    for (int i = 0; i < table->join_count; i++) {
        const struct table_join *join = &table->joins[i];
        const struct value *object = join->kind == JOIN_FIELDS ? look_up(x, join, slots) : NULL;
        if (!object)
            continue;
        struct json_cursor cursor = json_cursor_of(object);
        if (!next_element(x, &cursor, join->table, &x->side, &element))
            continue;
        table_resolve(join->table, PART_POST, &x->side, theirs);
        for (int f = 0; f < FIELD_COUNT; f++)
            if (fields[f].type == VALUE_ABSENT)
                fields[f] = theirs[f];
    }
}

/* What posts inside take over from the post, or from what is none but holds posts. */
static struct heritage heritage_of(struct extractor *x, const struct format *format,
                                   const struct post *post, enum reject_reason reason) {
    struct heritage from = {
        .conversation = post->conversation, .channel = post->channel, .scope = post->scope};
    if (format->holder) {
        from.author_id = post->author_id;
        from.author_handle = post->author_handle;
        return from;
    }
    from.reply_to = reason == REJECT_NONE ? extract_post_id(x, post) : post->id;
    from.text = post->text;
    from.reply_to_author_id = post->author_id;
    from.reply_to_author_handle = post->author_handle;
    if (!from.conversation.len)
        from.conversation = from.reply_to;
    return from;
}

/* A second post of the same object; where its text is empty there is none. */
static void make_answer(struct extractor *x, const struct format *format,
                        const struct value fields[FIELD_COUNT], const struct post *first) {
    const struct format *answer = format->answer;
    const struct decode_member *member = x->member;
    struct heritage from = heritage_of(x, format, first, REJECT_NONE);
    struct post post;
    size_t place;
    struct draft draft = {.arena = &x->arena,
                          .fields = fields,
                          .from = &from,
                          .post = &post,
                          .guesses = &x->guesses,
                          .file = member->file,
                          .time = &x->time};
    if (!fields[FIELD_TEXT].text.len)
        return;
    enum reject_reason reason = post_make(&draft, answer, &member->options, member->platform);
    if (reason != REJECT_NONE) {
        reject_add(x, reason);
        return;
    }
    if (!post.id.len)
        post.id = draft_join(&draft, from.reply_to, SPAN_LITERAL("/reply"), (struct span){0});
    if (post.platform == PLATFORM_REVIEWS && !post.author_id.len && !post.author_handle.len) {
        post.author_handle = SPAN_LITERAL("developer");
        post.flags |= POST_DEVELOPER;
    }
    if (more_add(x, &place))
        x->more[place] = post;
}

static enum reject_reason make_post(struct extractor *x, const struct table *table, int depth,
                                    const struct heritage *from, struct draft *draft);

/* The originals of one post, while they are made. */
struct originals {
    int depth;
    size_t family;   /* the first of them in `more` */
    size_t reposted; /* the one the post repeats, or SIZE_MAX */
};

/* The original at `object`, at the end of `more` and with the originals it has itself behind it;
 * each only once. Its place, or SIZE_MAX. */
static size_t make_original(struct extractor *x, const struct table *table,
                            const struct value *object, const struct originals *made) {
    struct json_cursor cursor = json_cursor_of(object);
    struct value element;
    struct post post;
    struct draft draft = {.post = &post};
    size_t place;
    if (made->depth > ORIGINAL_DEPTH ||
        !next_element(x, &cursor, table, &x->slots[made->depth], &element) || !more_add(x, &place))
        return SIZE_MAX;
    if (make_post(x, table, made->depth, NULL, &draft) != REJECT_NONE) {
        x->more_count = place;
        return SIZE_MAX;
    }
    post.id = extract_post_id(x, &post);
    post.flags |= POST_EMBEDDED;
    for (size_t i = made->family; i < place; i++)
        if (span_equal(x->more[i].id, post.id)) {
            x->more_count = place;
            return i;
        }
    x->more[place] = post;
    return place;
}

static void add_original(struct extractor *x, const struct table *table, uint8_t kind,
                         const struct value *object, struct originals *made) {
    if (!object || object->type != VALUE_OBJECT)
        return;
    size_t place = make_original(x, table, object, made);
    if (kind == NEST_REPOSTED && made->reposted == SIZE_MAX)
        made->reposted = place;
}

/* Those that the post in slots[depth] repeats or quotes; of them the one it repeats, or NULL. */
static const struct post *make_originals(struct extractor *x, const struct table *table,
                                         int depth) {
    const struct slots *slots = &x->slots[depth];
    struct originals made = {depth + 1, x->more_count, SIZE_MAX};
    for (int i = 0; i < table->nest_count; i++) {
        const struct table_nest *nest = &table->nests[i];
        if (nest->kind != NEST_POST)
            add_original(x, nest->table, nest->kind, slots_get(slots, nest->slot), &made);
    }
    for (int i = 0; i < table->join_count; i++) {
        const struct table_join *join = &table->joins[i];
        if (join->kind != JOIN_FIELDS)
            add_original(x, join->table, join->kind, look_up(x, join, slots), &made);
    }
    return made.reposted == SIZE_MAX ? NULL : &x->more[made.reposted];
}

static void wait_for_nested(struct extractor *x, const struct table *table, int depth,
                            const struct post *post, enum reject_reason reason) {
    struct heritage from;
    bool known = false;
    for (int i = 0; i < table->nest_count; i++) {
        const struct table_nest *nest = &table->nests[i];
        const struct value *container = slots_get(&x->slots[depth], nest->slot);
        bool there =
            container->type == VALUE_OBJECT || (nest->each && container->type == VALUE_ARRAY);
        if (nest->kind != NEST_POST || !there)
            continue;
        if (!list_room(x, &x->waiting, x->waiting_count, &x->waiting_cap, sizeof *x->waiting))
            return;
        if (!known)
            from = heritage_of(x, table->format, post, reason);
        known = true;
        x->waiting[x->waiting_count++] = (struct waiting){*container, nest->table, from};
    }
}

/* The post of the object in slots[depth] as draft->post, with all that belongs to it in `more`. */
static enum reject_reason make_post(struct extractor *x, const struct table *table, int depth,
                                    const struct heritage *from, struct draft *draft) {
    const struct decode_member *member = x->member;
    struct value fields[FIELD_COUNT];
    size_t family = x->more_count;
    if (table->pick_count)
        pick_elements(x, table, &x->slots[depth]);
    draft->reposted = make_originals(x, table, depth);
    table_resolve(table, PART_POST, &x->slots[depth], fields);
    if (table->pieces)
        join_pieces(x, table, fields);
    if (table->join_count)
        fill_joined(x, table, &x->slots[depth], fields);
    if (member->plan.context && depth == 0 && !from)
        place_fill(x->place, member->plan.context, fields);
    draft->arena = &x->arena;
    draft->fields = fields;
    draft->guesses = &x->guesses;
    draft->file = member->file;
    draft->time = &x->time;
    draft->topics = x->member->topics;
    draft->topic_count = x->place->topics;
    draft->from = from;
    enum reject_reason reason = post_make(draft, table->format, &member->options, member->platform);
    draft->fields = NULL;
    if (reason != REJECT_NONE)
        x->more_count = family;
    if (table->nest_count && !reject_is_notice(reason))
        wait_for_nested(x, table, depth, draft->post, reason);
    if (reason == REJECT_NONE && table->answer_at < table->row_count) {
        table_resolve(table, PART_ANSWER, &x->slots[depth], fields);
        make_answer(x, table->format, fields, draft->post);
    }
    return reason;
}

/* The element in slots[0] of a container. */
static void make_nested(struct extractor *x, const struct waiting *waiting) {
    struct post post;
    struct draft draft = {.post = &post};
    size_t place;
    if (!more_add(x, &place))
        return;
    enum reject_reason reason = make_post(x, waiting->table, 0, &waiting->from, &draft);
    if (reason == REJECT_NONE) {
        x->more[place] = post;
        return;
    }
    x->more_count = place;
    if (!(reason == REJECT_NOT_A_POST && waiting->table->format->holder))
        reject_add(x, reason);
}

static void hand_out(struct extractor *x, struct decoded *out) {
    out->more = x->more;
    out->more_count = x->more_count;
    out->more_rejects = x->rejects;
    out->more_reject_count = x->reject_count;
}

/* A record that only holds posts is no record of its own: what is first in it takes its place. */
static enum reject_reason first_inside(struct decoded *out) {
    if (out->more_count) {
        out->post = *out->more++;
        out->more_count--;
        return REJECT_NONE;
    }
    if (!out->more_reject_count)
        return REJECT_NOT_A_POST;
    out->more_reject_count--;
    return (enum reject_reason) * out->more_rejects++;
}

static void begin(struct extractor *x) {
    x->more_count = x->reject_count = x->waiting_count = 0;
    x->trouble = JSON_READ;
}

enum reject_reason extract_slots(struct extractor *x, struct decoded *out) {
    const struct table *table = x->table;
    struct draft draft = {.post = &out->post};
    begin(x);
    for (int i = 0; i < table->array_count; i++) {
        x->arrays[i].container = *slots_get(&x->slots[0], table->arrays[i].slot);
        x->arrays[i].sorted = false;
    }
    enum reject_reason reason = make_post(x, table, 0, NULL, &draft);
    out->deleted_id = draft.deleted_id;
    out->deleted_author = draft.deleted_author;
    for (size_t i = 0; i < x->waiting_count && x->trouble == JSON_READ; i++) {
        struct waiting waiting = x->waiting[i]; /* the list may move */
        struct json_cursor cursor = json_cursor_of(&waiting.container);
        struct value element;
        while (next_element(x, &cursor, waiting.table, &x->slots[0], &element))
            if (element.type == VALUE_OBJECT)
                make_nested(x, &waiting);
    }
    if (x->trouble != JSON_READ)
        return REJECT_SYNTAX;
    hand_out(x, out);
    bool holder = reason == REJECT_NOT_A_POST && table->format->holder;
    return holder ? first_inside(out) : reason;
}

/* What exports write for nothing. */
static bool is_nothing(struct span field) {
    if (field.len > 4)
        return false;
    if (field.len == 0)
        return true;
    static const bool begins[256] = {
        ['N'] = true, ['n'] = true, ['\\'] = true, ['<'] = true, ['['] = true, ['{'] = true};
    if (!begins[(unsigned char)*field.at])
        return false;
    return span_is(field, "NULL") || span_is(field, "null") || span_is(field, "NaN") ||
           span_is(field, "nan") || span_is(field, "None") || span_is(field, "N/A") ||
           span_is(field, "NA") || span_is(field, "<NA>") || span_is(field, "\\N") ||
           span_is(field, "[]") || span_is(field, "{}");
}

/* Field values straight from the columns: of several for one field, the first that is there. */
static void resolve_columns(const struct decode_member *member, enum table_part part,
                            const struct span *columns, struct value fields[FIELD_COUNT]) {
    const struct table *table = member->table;
    values_clear(fields);
    int end = part == PART_ANSWER ? table->row_count : table->answer_at;
    for (int i = part == PART_ANSWER ? table->answer_at : 0; i < end; i++) {
        const struct row *row = &table->rows[i];
        struct value *value = &fields[row->field];
        struct span column = columns[member->row_column[i]];
        /* an empty text is a text: the column is there */
        bool there = !is_nothing(column) || (row->field == FIELD_TEXT && column.len == 0);
        bool blank = value->type == VALUE_ABSENT || (!value->text.len && column.len);
        if (there && blank)
            *value = (struct value){column, VALUE_STRING, row->convert};
    }
}

enum reject_reason extract_row(struct extractor *x, const struct span *columns,
                               struct decoded *out) {
    const struct decode_member *member = x->member;
    struct value fields[FIELD_COUNT];
    struct draft draft = {.arena = &x->arena,
                          .fields = fields,
                          .post = &out->post,
                          .guesses = &x->guesses,
                          .file = member->file,
                          .time = &x->time};
    begin(x);
    resolve_columns(member, PART_POST, columns, fields);
    enum reject_reason reason =
        post_make(&draft, member->format, &member->options, member->platform);
    out->deleted_id = draft.deleted_id;
    out->deleted_author = draft.deleted_author;
    if (reason == REJECT_NONE && member->table->answer_at < member->table->row_count) {
        resolve_columns(member, PART_ANSWER, columns, fields);
        make_answer(x, member->format, fields, &out->post);
    }
    hand_out(x, out);
    return reason;
}
