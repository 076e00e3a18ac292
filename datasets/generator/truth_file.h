/* What really went into the files, counted while they are written; the truth file prints it. */
#ifndef GENERATOR_TRUTH_FILE_H
#define GENERATOR_TRUTH_FILE_H
#include <stdint.h>

#include "brands.h"
#include "conversation.h"

enum tally_file {
    FILE_TWEETS_FIRST,
    FILE_TWEETS_SECOND,
    FILE_COMMENTS,
    FILE_SUBMISSIONS,
    FILE_EXPORT,
    FILE_COUNT
};

struct tally {
    const char *names[FILE_COUNT];
    uint32_t posts[FILE_COUNT], cut_lines[FILE_COUNT], lone_surrogates[FILE_COUNT];
    uint32_t control_lines[FILE_COUNT], blank_lines[FILE_COUNT], twice[FILE_COUNT];
};
/* Writes truth.json and brands.json into folder */
void truth_write(const struct conversation *conversation, const struct tally *tally, uint64_t seed,
                 const char *folder);
#endif
