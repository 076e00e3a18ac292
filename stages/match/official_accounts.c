/* Official accounts: whose posts are the brand's own voice. */
#include "stages/match/query.h"

#include <stdlib.h>

#define NAME_MAX_BYTES 256

/* Of length, first, middle and last byte, of handles and ids alike: a cheap test that nearly every
 * author fails. */
static unsigned account_mark(struct span name) {
    uint32_t bytes = (uint32_t)(name.at[0] & 0x1F) | (uint32_t)(name.at[name.len / 2] & 0x1F) << 5 |
                     (uint32_t)(name.at[name.len - 1] & 0x1F) << 10 | (uint32_t)name.len << 15;
    return bytes * UINT32_C(0x9E3779B1) >> 20;
}

static bool is_marked(const struct query_set *set, struct span name) {
    unsigned mark = account_mark(name);
    return set->account_marks[mark / 64] >> mark % 64 & 1;
}

static struct span bare_name(struct span name, bool is_id) {
    if (!is_id && name.len && name.at[0] == '@')
        name = (struct span){name.at + 1, name.len - 1};
    return name;
}

/* A handle without @ and in lower case, an id as it is; false when it is empty or too long. */
static bool fold_name(struct span name, bool is_id, char *out, struct span *folded) {
    name = bare_name(name, is_id);
    if (name.len == 0 || name.len > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        bool upper = !is_id && name.at[i] >= 'A' && name.at[i] <= 'Z';
        out[i] = (char)(upper ? name.at[i] + 32 : name.at[i]);
    }
    *folded = (struct span){out, name.len};
    return true;
}

static int by_hash(const void *left, const void *right) {
    const struct account *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->brand > b->brand) - (a->brand < b->brand);
}

static enum status add_account(struct query_set *set, uint16_t brand, uint8_t platform,
                               const char *name, bool is_id, struct fault *fault) {
    char bytes[NAME_MAX_BYTES];
    struct span folded;
    if (!name || !fold_name(span_of(name), is_id, bytes, &folded))
        return STATUS_OK;
    struct account *account = &set->accounts[set->account_count];
    *account = (struct account){.hash = token_hash(folded), .brand = brand, .is_id = is_id};
    account->platform = platform;
    unsigned mark = account_mark(folded);
    set->account_marks[mark / 64] |= UINT64_C(1) << mark % 64;
    account->text_len = (uint16_t)folded.len;
    set->account_count++;
    return query_keep(set, folded, &account->text, fault);
}

enum status accounts_index(struct query_set *set, const struct brand *brands, size_t count,
                           struct fault *fault) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += brands[i].account_count * 2;
    if (total == 0)
        return STATUS_OK;
    set->accounts = calloc(total, sizeof *set->accounts);
    if (!set->accounts)
        return fault_memory(fault);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < brands[i].account_count; j++) {
            const struct brand_account *account = &brands[i].accounts[j];
            uint8_t platform = (uint8_t)account->platform;
            enum status status = add_account(set, (uint16_t)i, platform, account->id, true, fault);
            if (status == STATUS_OK)
                status = add_account(set, (uint16_t)i, platform, account->handle, false, fault);
            if (status != STATUS_OK)
                return status;
        }
    }
    qsort(set->accounts, set->account_count, sizeof *set->accounts, by_hash);
    return STATUS_OK;
}

static uint32_t lower_bound(const struct query_set *set, uint64_t hash) {
    uint32_t low = 0, high = set->account_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->accounts[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void find_name(const struct query_set *set, const struct post *post, struct span name,
                      bool is_id, account_visit *visit, void *context) {
    char bytes[NAME_MAX_BYTES];
    struct span folded, bare = bare_name(name, is_id);
    if (bare.len == 0 || !is_marked(set, bare) || !fold_name(name, is_id, bytes, &folded))
        return;
    uint64_t hash = token_hash(folded);
    for (uint32_t i = lower_bound(set, hash); i < set->account_count; i++) {
        const struct account *account = &set->accounts[i];
        if (account->hash != hash)
            return;
        bool here = account->platform == PLATFORM_COUNT || account->platform == post->platform;
        if (here && account->is_id == is_id &&
            span_equal(query_string(set, account->text, account->text_len), folded))
            visit(account->brand, context);
    }
}

void accounts_find(const struct query_set *set, const struct post *post, account_visit *visit,
                   void *context) {
    if (set->account_count == 0)
        return;
    find_name(set, post, post->author_id, true, visit, context);
    find_name(set, post, post->author_handle, false, visit, context);
}
