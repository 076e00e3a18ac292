/* UTC seconds to civil time and Europe/Warsaw local time, years 2022-2024, without the C library's
 * time zone tables: the generator must not depend on the machine's tzdata. */
#ifndef GENERATOR_CIVIL_TIME_H
#define GENERATOR_CIVIL_TIME_H
#include <stdint.h>

#include "text_buffer.h"

enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60 };

struct civil {
    int year, month, day, hour, minute, second;
    int weekday; /* 0 = Monday */
};

struct civil civil_from_epoch(int64_t epoch_s);
int64_t warsaw_offset_s(int64_t epoch_s); /* 3600 in winter, 7200 in summer */
struct civil warsaw_from_epoch(int64_t epoch_s);
void text_add_twitter_time(struct text *text, int64_t epoch_s); /* Wed Mar 15 10:40:00 +0000 2023 */
void text_add_iso(struct text *text, int64_t epoch_s);          /* 2023-03-15T10:40:00Z */
void text_add_warsaw_iso(struct text *text, int64_t epoch_s);   /* 2023-03-15T11:40:00+01:00 */
#endif
