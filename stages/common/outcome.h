/* outcome: what went wrong in work that threads share. Of several failures the one that comes first
 * in the order of the work is told, whichever was met first. Starts as all zeros; nothing to
 * release. */
#ifndef BURZA_OUTCOME_H
#define BURZA_OUTCOME_H

#include "stages/common/status.h"

#include <stddef.h>

struct outcome {
    enum status status;
    size_t place; /* where in the order, when status is not STATUS_OK */
    struct fault fault;
};

/* By any thread at any time. */
void outcome_note(struct outcome *outcome, size_t place, enum status status,
                  const struct fault *fault);
/* Once all threads are done. */
enum status outcome_take(const struct outcome *outcome, struct fault *fault) MUST_USE;

#endif
