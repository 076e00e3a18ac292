#include "stages/care/care_parts.h"

#include <stdlib.h>
#include <strings.h>

static int by_key(const void *a, const void *b) {
    const struct account_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->account > y->account) - (x->account < y->account);
}

/* The number of an account's name; one name on two platforms is one. */
static int16_t number_name(struct care *care, const char *name) {
    for (size_t i = 0; i < care->account_count; i++)
        if (strcasecmp(care->account_names[i], name) == 0)
            return (int16_t)i;
    care->account_names[care->account_count] = name;
    return (int16_t)care->account_count++;
}

bool care_index_accounts(struct care *care) {
    struct account_keys *keys = &care->keys;
    const struct care_input *input = &care->input;
    care->account_names = malloc((input->account_count + 2) * sizeof *care->account_names);
    *keys = (struct account_keys){
        .at = malloc((input->account_count * 2 * PLATFORM_COUNT + 1) * sizeof *keys->at)};
    if (!care->account_names || !keys->at)
        return false;
    for (size_t i = 0; i < input->account_count && i < INT16_MAX; i++) {
        const struct care_account *account = &input->accounts[i];
        int16_t number = number_name(care, account->handle ? account->handle : account->id);
        for (int platform = 0; platform < PLATFORM_COUNT; platform++) {
            if (account->platform != PLATFORM_COUNT && (int)account->platform != platform)
                continue;
            if (account->id)
                keys->at[keys->count++] = (struct account_key){
                    platform_key((enum platform)platform, span_of(account->id)), number};
            if (account->handle)
                keys->at[keys->count++] = (struct account_key){
                    handle_key((enum platform)platform, span_of(account->handle)), number};
        }
    }
    qsort(keys->at, keys->count, sizeof *keys->at, by_key);
    return true;
}

int16_t account_find(const struct care *care, uint64_t key) {
    const struct account_keys *keys = &care->keys;
    size_t low = 0, high = keys->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys->at[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return key && low < keys->count && keys->at[low].key == key ? keys->at[low].account : -1;
}
