#include "stages/common/outcome.h"

#include <pthread.h>

static pthread_mutex_t noting = PTHREAD_MUTEX_INITIALIZER;

void outcome_note(struct outcome *outcome, size_t place, enum status status,
                  const struct fault *fault) {
    if (status == STATUS_OK)
        return;
    pthread_mutex_lock(&noting);
    if (outcome->status == STATUS_OK || place < outcome->place)
        *outcome = (struct outcome){status, place, *fault};
    pthread_mutex_unlock(&noting);
}

enum status outcome_take(const struct outcome *outcome, struct fault *fault) {
    if (outcome->status != STATUS_OK)
        *fault = outcome->fault;
    return outcome->status;
}
