/* decode_cuts: the same log whatever pieces the bytes come in. Times without a zone are UTC. */
#ifndef BURZA_DECODE_CUTS_H
#define BURZA_DECODE_CUTS_H

#include "decode_tool.h"
#include "tap.h"

static struct zone utc;

static inline struct decode_options options_of(size_t max_record) {
    struct decode_options options = decode_options_default();
    options.zone = &utc;
    if (max_record)
        options.max_record_bytes = max_record;
    return options;
}

static inline void expect_same_for_any_cut(struct span input, size_t max_record, const char *what) {
    static const size_t chunks[] = {1, 2, 3, 7, 16, 63, 100, 1000, 4096};
    struct decode_options options = options_of(max_record);
    struct run whole, cut;
    CHECK_INT(run_decode(&whole, input, "x", &options, input.len), STATUS_OK);
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        CHECK_INT(run_decode(&cut, input, "x", &options, chunks[i]), STATUS_OK);
        bool same = whole.log.len == cut.log.len &&
                    memcmp(whole.log.at, cut.log.at, whole.log.len) == 0 &&
                    memcmp(whole.repairs, cut.repairs, sizeof whole.repairs) == 0;
        if (!CHECK(same))
            printf("# %s, %zu at a time\n# whole:\n%s# cut:\n%s", what, chunks[i], whole.log.at,
                   cut.log.at);
        run_release(&cut);
    }
    run_release(&whole);
}

#endif
