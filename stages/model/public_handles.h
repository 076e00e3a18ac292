/* public handles: the accounts that may be named in an audit: the brands' own, or everybody's when
 * authors are plain. Any other handle belongs to a person and is not shown.
 *
 * In: handles as the configuration writes them, borrowed. Out: whether a handle of a post is one of
 * them, whatever its ASCII case. Owner: a `struct public_handles` owns its list. May fail: only out
 * of memory (false). */
#ifndef BURZA_PUBLIC_HANDLES_H
#define BURZA_PUBLIC_HANDLES_H

#include "stages/common/span.h"
#include "stages/common/status.h"

#include <stdint.h>

enum { HANDLE_FILTER_BITS = 1 << 14 };

struct public_handles {
    bool all;        /* every handle may be named */
    struct span *at; /* [count] */
    size_t count;
    /* private: which handles may be among them, by hash; nearly all others need no comparison */
    uint64_t filter[HANDLE_FILTER_BITS / 64];
};

bool public_handles_add(struct public_handles *handles, struct span handle) MUST_USE;
bool public_handles_hold(const struct public_handles *handles, struct span handle);
void public_handles_release(struct public_handles *handles);

#endif
