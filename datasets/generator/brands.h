/* The three fictional brands: forms, accounts, opening hours of their care teams. Constant data. */
#ifndef GENERATOR_BRANDS_H
#define GENERATOR_BRANDS_H
#include <stdint.h>

#include "templates.h"

enum { BRAND_COUNT = 3, BRAND_NONE = -1, CASE_COUNT = 7 };
enum { MASK_NORVIA = 1, MASK_KURIEREX = 2, MASK_LAKOWIANKA = 4 };

struct brand {
    const char *id, *query;
    const char *forms[CASE_COUNT]; /* nominative, genitive, dative, accusative, instrumental,
                                      locative, vocative */
    const char *misspelt;          /* a common mistake in the nominative, covered by the query */
    const char *handle, *display, *account_id;
    enum topic topic;
    int open_hour, close_hour, weekend; /* local hours in which the care team answers */
    int answer_permille, latency_permille;
    uint32_t followers;
};
extern const struct brand brands[BRAND_COUNT];

/* The hashtag people use for this topic when they talk about that brand, with '#' */
const char *topic_hashtag(enum topic topic, int brand);
/* The brand whose topic it is by birth, or BRAND_NONE; a story may lend it to another brand */
int topic_brand(enum topic topic);
#endif
