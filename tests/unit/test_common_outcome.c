/* Of several failures of shared work the first in the order of the work is told. */
#include "stages/common/outcome.h"
#include "stages/common/span.h"
#include "tap.h"

int main(void) {
    struct outcome outcome = {0};
    struct fault fault, own;
    CHECK_INT(outcome_take(&outcome, &fault), STATUS_OK);
    outcome_note(&outcome, 0, STATUS_OK, &own);
    CHECK_INT(outcome_take(&outcome, &fault), STATUS_OK);
    static const size_t met[] = {5, 2, 9};
    for (size_t i = 0; i < 3; i++) {
        enum status status = fault_set(&own, STATUS_FATAL, EXIT_DATA, "part %zu", met[i]);
        outcome_note(&outcome, met[i], status, &own);
    }
    CHECK_INT(outcome_take(&outcome, &fault), STATUS_FATAL);
    CHECK_SPAN(span_of(fault.text), "part 2");
    return tap_done();
}
