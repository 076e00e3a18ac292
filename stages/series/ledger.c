#include "stages/series/ledger.h"

#include <stdlib.h>

enum { LENGTH_MAX = 10 }; /* bytes of a length, seven bits in each */

static const struct {
    size_t offset, size;
} columns[] = {
#define COLUMN(type, name) {offsetof(struct ledger, name), sizeof(type)},
    LEDGER_COLUMNS(COLUMN)
#undef COLUMN
};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

static void *column_get(const struct ledger *ledger, size_t column) {
    void *at;
    memcpy(&at, (const char *)ledger + columns[column].offset, sizeof at);
    return at;
}

static void column_set(struct ledger *ledger, size_t column, void *at) {
    memcpy((char *)ledger + columns[column].offset, &at, sizeof at);
}

bool ledger_init(struct ledger *ledger, size_t count, size_t blocks) {
    *ledger = (struct ledger){.count = count, .block_count = blocks};
    bool ok = true;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        void *at = malloc((count + 1) * columns[i].size);
        column_set(ledger, i, at);
        ok = ok && at;
    }
    ledger->id_hash = malloc((count + 1) * sizeof *ledger->id_hash);
    ledger->author_hash = malloc((count + 1) * sizeof *ledger->author_hash);
    ledger->blocks = calloc(blocks + 1, sizeof *ledger->blocks);
    return ok && ledger->id_hash && ledger->author_hash && ledger->blocks;
}

static void forget_hashes(struct ledger *ledger) {
    free(ledger->id_hash);
    free(ledger->author_hash);
    ledger->id_hash = ledger->author_hash = NULL;
}

void ledger_release(struct ledger *ledger) {
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        free(column_get(ledger, i));
    for (size_t i = 0; ledger->blocks && i < ledger->block_count; i++)
        free(ledger->blocks[i]);
    forget_hashes(ledger);
    free(ledger->blocks);
    free(ledger->authors);
    symbols_release(&ledger->channels);
    *ledger = (struct ledger){0};
}

/* ---- strings ---- */

static size_t length_size(size_t length) {
    size_t size = 1;
    while (length >>= 7)
        size++;
    return size;
}

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

struct span ledger_string(const struct ledger *ledger, size_t row, enum ledger_string which) {
    const unsigned char *at = ledger->strings[row];
    size_t length[LEDGER_STRINGS], before = 0;
    if ((at[0] | at[1] | at[2]) & 0x80) {
        for (int i = 0; i < LEDGER_STRINGS; i++)
            at = get_length(at, &length[i]);
    } else { /* nearly always */
        for (int i = 0; i < LEDGER_TEXT; i++)
            length[i] = at[i];
        at = get_length(at + LEDGER_TEXT, &length[LEDGER_TEXT]);
    }
    for (int i = 0; i < (int)which; i++)
        before += length[i];
    return (struct span){(const char *)at + before, length[which]};
}

/* URLs are not always read. */
static void row_strings(const struct mentions *from, size_t row, struct span out[LEDGER_STRINGS]) {
    out[LEDGER_ID] = mentions_text(&from->id, row);
    out[LEDGER_AUTHOR] = mentions_text(&from->author, row);
    out[LEDGER_URL] = from->url.end ? mentions_text(&from->url, row) : SPAN_LITERAL("");
    out[LEDGER_TEXT] = mentions_text(&from->text, row);
}

static bool fill_strings(struct ledger *ledger, size_t first, size_t block,
                         const struct mentions *from) {
    struct span strings[LEDGER_STRINGS];
    size_t size = 1;
    for (size_t row = 0; row < from->count; row++) {
        row_strings(from, row, strings);
        for (int i = 0; i < LEDGER_STRINGS; i++)
            size += length_size(strings[i].len) + strings[i].len;
    }
    unsigned char *to = ledger->blocks[block] = malloc(size);
    for (size_t row = 0; to && row < from->count; row++) {
        row_strings(from, row, strings);
        ledger->strings[first + row] = to;
        for (int i = 0; i < LEDGER_STRINGS; i++)
            to = put_length(to, strings[i].len);
        for (int i = 0; i < LEDGER_STRINGS; i++) {
            memcpy(to, strings[i].at, strings[i].len);
            to += strings[i].len;
        }
    }
    return to != NULL;
}

bool ledger_fill(struct ledger *ledger, size_t first, size_t block, const struct mentions *from,
                 const uint32_t *number) {
    size_t count = from->count;
#define COPY(name) memcpy(ledger->name + first, from->name, count * sizeof *from->name)
    if (count) {
        COPY(created_at_us);
        COPY(text_hash);
        COPY(likes);
        COPY(replies);
        COPY(reposts);
        COPY(views);
        COPY(followers);
        COPY(score_milli);
        COPY(intents);
        COPY(brand);
        COPY(platform);
        COPY(kind);
        COPY(flags);
        COPY(role);
        COPY(language);
        COPY(label);
        COPY(stage);
        COPY(id_hash);
        COPY(author_hash);
        memset(ledger->counted + first, 0, count);
    }
#undef COPY
    for (size_t row = 0; row < count; row++)
        ledger->channel[first + row] = number[from->channel[row]];
    return fill_strings(ledger, first, block, from);
}

/* ---- authors ---- */

/* Numbers for hashes; keys come from dumps, so where they lie depends on the process. */
struct numbering {
    uint32_t *slots; /* [mask + 1] number, 0 when empty */
    size_t mask;
};

static size_t find_slot(const struct ledger *ledger, const struct numbering *numbering,
                        uint64_t hash) {
    size_t slot = (size_t)hash_sip((struct span){(const char *)&hash, sizeof hash});
    for (slot &= numbering->mask; numbering->slots[slot]; slot = (slot + 1) & numbering->mask)
        if (ledger->authors[numbering->slots[slot]] == hash)
            break;
    return slot;
}

static bool numbering_grow(struct ledger *ledger, struct numbering *numbering) {
    size_t slots = numbering->slots ? (numbering->mask + 1) * 2 : 1024;
    uint64_t *authors = realloc(ledger->authors, slots / 2 * sizeof *authors);
    if (authors)
        ledger->authors = authors;
    free(numbering->slots);
    numbering->slots = calloc(slots, sizeof *numbering->slots);
    numbering->mask = slots - 1;
    if (!authors || !numbering->slots)
        return false;
    for (size_t i = 1; i < ledger->author_count; i++)
        numbering->slots[find_slot(ledger, numbering, authors[i])] = (uint32_t)i;
    return true;
}

static bool number_authors(struct ledger *ledger, struct numbering *numbering) {
    ledger->author_count = 1;
    if (!numbering_grow(ledger, numbering))
        return false;
    ledger->authors[0] = 0;
    for (size_t row = 0; row < ledger->count; row++) {
        uint64_t hash = ledger->author_hash[row];
        ledger->author[row] = 0;
        if (!hash)
            continue;
        size_t slot = find_slot(ledger, numbering, hash);
        if (!numbering->slots[slot]) {
            ledger->authors[ledger->author_count] = hash;
            numbering->slots[slot] = (uint32_t)ledger->author_count++;
        }
        ledger->author[row] = numbering->slots[slot];
        if (ledger->author_count * 2 > numbering->mask && !numbering_grow(ledger, numbering))
            return false;
    }
    return true;
}

bool ledger_settle(struct ledger *ledger) {
    struct numbering numbering = {0};
    bool ok = number_authors(ledger, &numbering);
    free(numbering.slots);
    forget_hashes(ledger);
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

bool ledger_select(struct ledger *ledger, const uint32_t *order, size_t count) {
    bool ok = true;
#pragma omp parallel for schedule(dynamic) reduction(&& : ok)
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        void *chosen = malloc((count + 1) * columns[i].size), *from = column_get(ledger, i);
        if (chosen) {
            permute(chosen, from, columns[i].size, order, count);
            column_set(ledger, i, chosen);
            free(from);
        }
        ok = ok && chosen;
    }
    ledger->count = ok ? count : 0;
    return ok;
}
