#include "stages/unpack/budget.h"
#include "stages/unpack/label.h"

#include <stdatomic.h>

#define RATIO_GRACE_BYTES (64ull << 20)

struct unpack_limits unpack_limits_default(void) {
    return (struct unpack_limits){
        .max_output_bytes = 16ull << 40,
        .max_ratio = 250,
        .max_members = 20000000,
        .zstd_window_log = 31,
    };
}

void budget_init(struct budget *budget, struct unpack_limits limits) {
    budget->limits = limits;
    atomic_init(&budget->output_bytes, 0);
    atomic_init(&budget->members, 0);
}

void damage_note(struct damage *damage, const char *reason) {
    if (damage->set)
        return;
    damage->set = true;
    label_sanitize(span_of(reason), damage->text, sizeof damage->text);
}

enum status budget_charge_output(struct budget *budget, uint64_t bytes, struct fault *fault) {
    uint64_t most = budget->limits.max_output_bytes;
    uint64_t before = atomic_fetch_add_explicit(&budget->output_bytes, bytes, memory_order_relaxed);
    if (most && bytes > (before < most ? most - before : 0))
        return fault_passing(
            fault, EXIT_PARTIAL,
            "reading on would pass the limit of %llu decompressed bytes for one run "
            "(--max-output)",
            (unsigned long long)most);
    return STATUS_OK;
}

enum status budget_charge_member(struct budget *budget, struct fault *fault) {
    uint32_t most = budget->limits.max_members;
    uint32_t before = atomic_load_explicit(&budget->members, memory_order_relaxed);
    /* counts up to the limit only, so that it cannot wrap */
    do {
        if ((most && before >= most) || before == UINT32_MAX)
            return fault_passing(fault, EXIT_PARTIAL,
                                 "holds more members than the limit of %lu for one run allows "
                                 "(--max-members)",
                                 (unsigned long)most);
    } while (!atomic_compare_exchange_weak(&budget->members, &before, before + 1));
    return STATUS_OK;
}

enum status budget_check_ratio(const struct budget *budget, uint64_t in, uint64_t out,
                               struct fault *fault) {
    uint32_t most = budget->limits.max_ratio;
    if (!most || out <= RATIO_GRACE_BYTES || out / most <= in)
        return STATUS_OK;
    return fault_passing(
        fault, EXIT_PARTIAL,
        "grows over %lu times when decompressed, like a decompression bomb; if it is "
        "genuine, raise --max-ratio",
        (unsigned long)most);
}
