/* budget: what an input has used and lost so far, and the limits on both. */
#ifndef BURZA_UNPACK_BUDGET_H
#define BURZA_UNPACK_BUDGET_H

#include "stages/unpack/unpack.h"

/* The first reason why an input is not whole. */
struct damage {
    bool set;
    char text[300];
};
void damage_note(struct damage *damage, const char *reason);

/* Charge the run's account; STATUS_SKIP when the limit is passed. */
enum status budget_charge_output(struct budget *budget, uint64_t bytes,
                                 struct fault *fault) MUST_USE;
enum status budget_charge_member(struct budget *budget, struct fault *fault) MUST_USE;
/* Is `out` too much to come from `in`? */
enum status budget_check_ratio(const struct budget *budget, uint64_t in, uint64_t out,
                               struct fault *fault) MUST_USE;

#endif
