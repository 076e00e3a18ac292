#include "stages/model/public_handles.h"

#include <stdlib.h>
#include <strings.h>

/* FNV-1a over small letters; says where in the filter a handle is. */
static size_t filter_bit(struct span handle) {
    uint64_t hash = 0xCBF29CE484222325ULL;
    for (size_t i = 0; i < handle.len; i++) {
        char byte = handle.at[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte + ('a' - 'A'));
        hash = (hash ^ (unsigned char)byte) * 0x100000001B3ULL;
    }
    return (size_t)(hash ^ hash >> 32) % HANDLE_FILTER_BITS;
}

bool public_handles_add(struct public_handles *handles, struct span handle) {
    struct span *at = realloc(handles->at, (handles->count + 1) * sizeof *at);
    if (!at)
        return false;
    handles->at = at;
    handles->at[handles->count++] = handle;
    size_t bit = filter_bit(handle);
    handles->filter[bit / 64] |= UINT64_C(1) << bit % 64;
    return true;
}

bool public_handles_hold(const struct public_handles *handles, struct span handle) {
    if (handles->all)
        return true;
    size_t bit = filter_bit(handle);
    if (!(handles->filter[bit / 64] >> bit % 64 & 1))
        return false; /* nearly always */
    for (size_t i = 0; i < handles->count; i++)
        if (handles->at[i].len == handle.len &&
            strncasecmp(handles->at[i].at, handle.at, handle.len) == 0)
            return true;
    return false;
}

void public_handles_release(struct public_handles *handles) {
    free(handles->at);
    *handles = (struct public_handles){0};
}
