#include "stages/model/mention_links.h"

#include <stdlib.h>

enum { LENGTH_MAX = 10 }; /* bytes of a length, seven bits in each */

static const struct {
    size_t offset, size;
} columns[] = {
#define COLUMN(type, name, how) {offsetof(struct mention_table, name), sizeof(type)},
    MENTION_TABLE_COLUMNS(COLUMN)
#undef COLUMN
};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

static void *column_get(const struct mention_table *mentions, size_t column) {
    void *at;
    memcpy(&at, (const char *)mentions + columns[column].offset, sizeof at);
    return at;
}

static void column_set(struct mention_table *mentions, size_t column, void *at) {
    memcpy((char *)mentions + columns[column].offset, &at, sizeof at);
}

bool mention_table_init(struct mention_table *mentions, size_t count, size_t blocks) {
    *mentions = (struct mention_table){.count = count, .block_count = blocks};
    bool ok = true;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        void *at = malloc((count + 1) * columns[i].size);
        column_set(mentions, i, at);
        ok = ok && at;
    }
    mentions->id_hash = malloc((count + 1) * sizeof *mentions->id_hash);
    mentions->repost_of_hash = malloc((count + 1) * sizeof *mentions->repost_of_hash);
    mentions->author_hash = malloc((count + 1) * sizeof *mentions->author_hash);
    mentions->copy_hash = malloc((count + 1) * sizeof *mentions->copy_hash);
    mentions->member = malloc((count + 1) * sizeof *mentions->member);
    mentions->id_kind = malloc(count + 1);
    mentions->blocks = calloc(blocks + 1, sizeof *mentions->blocks);
    return ok && mentions->id_hash && mentions->repost_of_hash && mentions->author_hash &&
           mentions->copy_hash && mentions->member && mentions->id_kind && mentions->blocks;
}

static void forget_hashes(struct mention_table *mentions) {
    free(mentions->id_hash);
    free(mentions->repost_of_hash);
    free(mentions->author_hash);
    free(mentions->copy_hash);
    free(mentions->member);
    free(mentions->id_kind);
    mentions->id_hash = mentions->author_hash = mentions->copy_hash = NULL;
    mentions->repost_of_hash = NULL;
    mentions->member = NULL;
    mentions->id_kind = NULL;
}

void mention_table_release(struct mention_table *mentions) {
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        free(column_get(mentions, i));
    for (size_t i = 0; mentions->blocks && i < mentions->block_count; i++) {
        free(mentions->blocks[i].strings);
        free(mentions->blocks[i].links);
    }
    forget_hashes(mentions);
    free(mentions->blocks);
    free(mentions->links);
    free(mentions->authors);
    symbols_release(&mentions->channels);
    *mentions = (struct mention_table){0};
}

/* ---- strings ---- */

static unsigned char *put_length(unsigned char *to, size_t length) {
    for (; length >= 0x80; length >>= 7)
        *to++ = (unsigned char)(length | 0x80);
    *to++ = (unsigned char)length;
    return to;
}

static const unsigned char *get_length(const unsigned char *from, size_t *length) {
    *length = *from & 0x7F;
    for (int shift = 7; *from & 0x80 && shift < 7 * LENGTH_MAX; shift += 7)
        *length |= (size_t)(*++from & 0x7F) << shift;
    return from + 1;
}

struct span mention_table_string(const struct mention_table *mentions, size_t row,
                                 enum mention_string which) {
    const unsigned char *at = mentions->strings[row];
    size_t length[STRING_COUNT], before = 0;
    if ((at[0] | at[1] | at[2]) & 0x80) {
        for (int i = 0; i < STRING_COUNT; i++)
            at = get_length(at, &length[i]);
    } else { /* nearly always */
        for (int i = 0; i < STRING_TEXT; i++)
            length[i] = at[i];
        at = get_length(at + STRING_TEXT, &length[STRING_TEXT]);
    }
    for (int i = 0; i < (int)which; i++)
        before += length[i];
    return (struct span){(const char *)at + before, length[which]};
}

/* URLs are not always read. */
static void row_strings(const struct mention_rows *from, size_t row,
                        struct span out[STRING_COUNT]) {
    out[STRING_ID] = mention_rows_text(&from->id, row);
    out[STRING_AUTHOR] = mention_rows_text(&from->author, row);
    out[STRING_URL] = from->url.end ? mention_rows_text(&from->url, row) : SPAN_LITERAL("");
    out[STRING_TEXT] = mention_rows_text(&from->text, row);
}

/* ---- filling ---- */

/* Rows of a shard on their way into the table. */
struct filling {
    struct mention_table *mentions;
    size_t first, block;
    const struct mention_rows *from;
    const uint32_t *number;
};

static bool fill_strings(const struct filling *filling) {
    struct span strings[STRING_COUNT];
    unsigned char length[LENGTH_MAX];
    size_t size = 1;
    for (size_t row = 0; row < filling->from->count; row++) {
        row_strings(filling->from, row, strings);
        for (int i = 0; i < STRING_COUNT; i++)
            size += (size_t)(put_length(length, strings[i].len) - length) + strings[i].len;
    }
    unsigned char *to = malloc(size);
    filling->mentions->blocks[filling->block].strings = to;
    for (size_t row = 0; to && row < filling->from->count; row++) {
        row_strings(filling->from, row, strings);
        filling->mentions->strings[filling->first + row] = to;
        for (int i = 0; i < STRING_COUNT; i++)
            to = put_length(to, strings[i].len);
        for (int i = 0; i < STRING_COUNT; i++) {
            memcpy(to, strings[i].at, strings[i].len);
            to += strings[i].len;
        }
    }
    return to != NULL;
}

static bool fill_channel(const struct filling *filling) {
    for (size_t row = 0; row < filling->from->count; row++)
        filling->mentions->channel[filling->first + row] =
            filling->number[filling->from->channel[row]];
    return true;
}

/* Known after mention_table_number_authors. */
static bool fill_author(const struct filling *filling) {
    memset(filling->mentions->author + filling->first, 0,
           filling->from->count * sizeof *filling->mentions->author);
    return true;
}

/* Known when the study has chosen. */
static bool fill_counted(const struct filling *filling) {
    memset(filling->mentions->counted + filling->first, 0, filling->from->count);
    return true;
}

/* OF_name: which set the column belongs to. */
enum {
#define OF(type, name, set, ...) OF_##name = SET_##set,
    MENTION_COLUMNS(OF)
#undef OF
};

/* Copies of a post share it: the id without a scope that was only guessed, but with the chat,
 * forum or thread, where the same number is another post. */
static uint64_t copy_key(const struct mention_rows *from, size_t row) {
    if (from->id_kind[row] == ID_GIVEN || from->id_kind[row] == ID_MADE)
        return from->id_hash[row];
    struct span id = mention_rows_text(&from->id, row);
    return platform_key((enum platform)from->platform[row], id) ^
           from->id_company[row] * 0x9E3779B97F4A7C15ULL;
}

bool mention_table_fill(struct mention_table *mentions, size_t first, size_t block,
                        const struct mention_rows *from, const uint32_t *number) {
    const struct filling filling = {mentions, first, block, from, number};
    size_t count = from->count;
    bool ok = true;
#define COPY(type, name)                                                                           \
    _Static_assert(_Generic(from->name, type * : 1, default : 0), "another type in the shard");    \
    _Static_assert((int)OF_##name != (int)SET_REST, "a study does not read it");                   \
    if (count)                                                                                     \
        memcpy(mentions->name + first, from->name, count * sizeof(type));
#define MADE(type, name) ok = fill_##name(&filling) && ok;
#define FILL(type, name, how) how(type, name)
    MENTION_TABLE_COLUMNS(FILL)
    COPY(uint64_t, id_hash)
    COPY(uint64_t, repost_of_hash)
    COPY(uint64_t, author_hash)
    COPY(uint32_t, member)
    COPY(uint8_t, id_kind)
#undef FILL
#undef MADE
#undef COPY
    for (size_t row = 0; row < count; row++)
        mentions->copy_hash[first + row] = copy_key(from, row);
    return mention_links_fill(mentions, first, block, from) && ok;
}

/* ---- authors ---- */

/* Numbers for hashes; keys come from dumps, so where they lie depends on the process. */
struct numbering {
    uint32_t *slots; /* [mask + 1] number, 0 when empty */
    size_t mask;
};

static size_t find_slot(const struct mention_table *mentions, const struct numbering *numbering,
                        uint64_t hash) {
    size_t slot = (size_t)hash_sip_u64(hash) & numbering->mask;
    for (; numbering->slots[slot]; slot = (slot + 1) & numbering->mask)
        if (mentions->authors[numbering->slots[slot]] == hash)
            break;
    return slot;
}

static bool numbering_grow(struct mention_table *mentions, struct numbering *numbering) {
    size_t slots = numbering->slots ? (numbering->mask + 1) * 2 : 1024;
    uint64_t *authors = realloc(mentions->authors, slots / 2 * sizeof *authors);
    if (authors)
        mentions->authors = authors;
    free(numbering->slots);
    numbering->slots = calloc(slots, sizeof *numbering->slots);
    numbering->mask = slots - 1;
    if (!authors || !numbering->slots)
        return false;
    for (size_t i = 1; i < mentions->author_count; i++)
        numbering->slots[find_slot(mentions, numbering, authors[i])] = (uint32_t)i;
    return true;
}

bool mention_table_number_authors(struct mention_table *mentions) {
    struct numbering numbering = {0};
    mentions->author_count = 1;
    bool ok = numbering_grow(mentions, &numbering);
    if (ok)
        mentions->authors[0] = 0;
    for (size_t row = 0; ok && row < mentions->count; row++) {
        uint64_t hash = mentions->author_hash[row];
        mentions->author[row] = 0;
        if (!hash)
            continue;
        size_t slot = find_slot(mentions, &numbering, hash);
        if (!numbering.slots[slot]) {
            mentions->authors[mentions->author_count] = hash;
            numbering.slots[slot] = (uint32_t)mentions->author_count++;
        }
        mentions->author[row] = numbering.slots[slot];
        if (mentions->author_count * 2 > numbering.mask)
            ok = numbering_grow(mentions, &numbering);
    }
    for (size_t i = 0; ok && i < mentions->link_count; i++) {
        struct mention_link *link = &mentions->links[i];
        if (link->reply_author_hash)
            link->reply_author =
                numbering.slots[find_slot(mentions, &numbering, link->reply_author_hash)];
    }
    free(numbering.slots);
    forget_hashes(mentions);
    return ok;
}

/* ---- order ---- */

/* `size` is known to the compiler where this is used. */
static inline void permute_of(char *to, const char *from, size_t size, const uint32_t *order,
                              size_t count) {
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * size, from + order[i] * size, size);
}

static void permute(char *to, const char *from, size_t size, const uint32_t *order, size_t count) {
    switch (size) {
    case 1:
        permute_of(to, from, 1, order, count);
        break;
    case 2:
        permute_of(to, from, 2, order, count);
        break;
    case 4:
        permute_of(to, from, 4, order, count);
        break;
    default:
        permute_of(to, from, 8, order, count);
        break;
    }
}

bool mention_table_select(struct mention_table *mentions, const uint32_t *order, size_t count) {
    bool ok = true;
#pragma omp parallel for schedule(dynamic) reduction(&& : ok)
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        void *chosen = malloc((count + 1) * columns[i].size), *from = column_get(mentions, i);
        if (chosen) {
            permute(chosen, from, columns[i].size, order, count);
            column_set(mentions, i, chosen);
            free(from);
        }
        ok = ok && chosen;
    }
    ok = ok && mention_links_select(mentions, order, count);
    mentions->count = ok ? count : 0;
    return ok;
}
