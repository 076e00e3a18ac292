#include "pipeline/commands/study_memory.h"

#include "pipeline/commands/commands.h"
#include "stages/common/paged.h"

enum { LEAST_MB = 256 };

/* 0: no limit. */
static enum status ceiling_of(const struct session *session, uint64_t *out, struct fault *fault) {
    const char *text = session->options->memory ? session->options->memory : session->config.memory;
    *out = 0;
    if (!text)
        return STATUS_OK;
    if (!options_size(text, out))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "--memory wants a whole number, optionally with K, M, G or T, not "
                         "\"%.40s\"",
                         text);
    if (*out < (uint64_t)LEAST_MB << 20)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "--memory %.40s is too little: %dM are needed, and more only makes it "
                         "faster",
                         text, LEAST_MB);
    return STATUS_OK;
}

bool study_memory_limited(const struct session *session) {
    return session->options->memory || session->config.memory;
}

enum status study_memory_check(const struct session *session, struct fault *fault) {
    uint64_t ceiling;
    return ceiling_of(session, &ceiling, fault);
}

enum status study_memory_begin(const struct session *session, struct fault *fault) {
    uint64_t ceiling;
    enum status status = ceiling_of(session, &ceiling, fault);
    return status == STATUS_OK && ceiling ? paged_begin(session->shards.folder, ceiling, fault)
                                          : status;
}

void study_memory_plan(const struct session *session, const struct scanned_inputs *inputs) {
    uint64_t ceiling, rows = 0;
    if (session->options->quiet || ceiling_of(session, &ceiling, NULL) != STATUS_OK || !ceiling)
        return;
    for (size_t i = 0; i < inputs->shards.count; i++)
        rows += (uint64_t)inputs->shards.at[i].head.rows;
    for (size_t i = 0; i < inputs->context_shards.count; i++)
        rows += (uint64_t)inputs->context_shards.at[i].head.rows;
    print_message("study of %llu rows in %llu MB of memory: what is more lies in temporary files "
                  "in %s",
                  (unsigned long long)rows, (unsigned long long)(ceiling >> 20),
                  session->shards.folder);
}

void study_memory_hold(const struct session *session) {
    uint64_t ceiling;
    if (ceiling_of(session, &ceiling, NULL) == STATUS_OK && ceiling)
        paged_hold();
}

void study_memory_end(const struct session *session, const char *what) {
    uint64_t ceiling;
    struct paged_peak peak = paged_peak();
    if (ceiling_of(session, &ceiling, NULL) != STATUS_OK || !ceiling)
        return;
    paged_end();
    if (what && (!session->options->quiet || peak.resident > ceiling))
        print_message("%s took %llu MB of memory%s and at most %llu MB of temporary files", what,
                      (unsigned long long)(peak.resident >> 20),
                      peak.resident > ceiling ? ", more than --memory says," : "",
                      (unsigned long long)(peak.files >> 20));
}
