#include "stages/decode/late.h"

#include "stages/decode/sample.h"

void late_init(struct late_names *late, size_t max_record_bytes) {
    enum { GROWTH = 18 }; /* as in json_slow.c */
    buf_init(&late->clean, max_record_bytes * GROWTH + 64);
}

static void forget(struct late_names *late) {
    memset(late->known, 0, sizeof late->known);
    late->known_count = 0;
    for (int i = 0; i < LATE_TABLES; i++) {
        table_free(late->tables[i].table);
        late->tables[i].table = NULL;
        late->tables[i].names = 0;
    }
}

void late_release(struct late_names *late) {
    forget(late);
    buf_release(&late->clean);
}

void late_begin(struct late_names *late, const struct decode_member *member) {
    if (member->guessed && late->names_hash != member->names_hash) {
        forget(late);
        late->names_hash = member->names_hash;
    }
    late->member = member;
}

/* "a.b.c" of the names of a key. */
static struct span path_of(const struct json_name *name, char *out, size_t size) {
    size_t len = 0;
    for (int i = 0; i < name->depth; i++) {
        struct span part = name->parts[i];
        if (len + part.len + 1 > size || memchr(part.at, '.', part.len) ||
            memchr(part.at, '[', part.len))
            return (struct span){NULL, 0};
        if (i)
            out[len++] = '.';
        memcpy(out + len, part.at, part.len);
        len += part.len;
    }
    return (struct span){out, len};
}

static bool is_late(const struct decode_member *member, const struct json_name *name) {
    char text[256];
    struct span path = path_of(name, text, sizeof text);
    if (!path.at || name->object || !mapping_is_usual(path))
        return false;
    for (size_t i = 0; i < member->name_count; i++)
        if (span_equal(member->names[i], path))
            return false;
    return true;
}

static void see_name(void *data, const struct json_name *name) {
    struct late_names *late = data;
    uint64_t hash = name->hash & ~UINT64_C(1);
    hash += hash ? 0 : 2;
    size_t at = (size_t)(hash >> 8) % LATE_KNOWN;
    while (late->known[at] && (late->known[at] & ~UINT64_C(1)) != hash)
        at = (at + 1) % LATE_KNOWN;
    if (late->known[at]) {
        late->any |= late->known[at] & 1;
        return;
    }
    bool is = is_late(late->member, name);
    late->any |= is;
    if (late->known_count * 2 < LATE_KNOWN) { /* else the names are data: told anew each time */
        late->known[at] = hash | is;
        late->known_count++;
    }
}

static struct table *make_table(struct late_names *late, struct span record) {
    const struct decode_member *member = late->member;
    uint64_t ignored[REPAIR_COUNT] = {0};
    struct sample sample = {0};
    struct arena arena = {0};
    struct fault fault;
    struct table *table = NULL;
    if (repair_json(record, &late->clean, ignored) == JSON_READ)
        sample_add(&sample, json_loadb(late->clean.at, late->clean.len, JSON_ALLOW_NUL, NULL));
    const struct row *rows = sample.count ? sample_late_rows(member, &sample, &arena) : NULL;
    if (rows && table_compile(&table, member->table->format, rows, &fault) != STATUS_OK) {
        table_free(table);
        table = NULL;
    }
    sample_release(&sample);
    arena_release(&arena);
    return table;
}

const struct table *late_table(struct late_names *late, struct json_fast *fast,
                               struct span record) {
    late->any = false;
    uint64_t names = json_fast_names(fast, see_name, late);
    if (!late->any)
        return NULL;
    for (int i = 0; i < LATE_TABLES; i++)
        if (names && late->tables[i].names == names)
            return late->tables[i].table;
    struct table *table = make_table(late, record);
    table_free(late->tables[late->next].table);
    late->tables[late->next].names = names;
    late->tables[late->next].table = table;
    late->next = (late->next + 1) % LATE_TABLES;
    return table;
}
