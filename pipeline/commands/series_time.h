/* series_time: one cell of a series' time column.
 *
 * Beside moments (when_parse) it reads calendar labels: 2015, 2015-H1, 2015-Q3, 2015-11, 201511,
 * 11.2015, Nov 2015, listopad 2015, XI 2015, Nov-15, 2015-W05, ranges "2015-01-04 - 2015-01-10"
 * (their first day), hours without minutes (2015-11-03T05) and serial days of spreadsheets.
 *
 * In: the cell and how its column is to be read, because single cells are ambiguous. Out: a value.
 * False when the cell cannot be read that way; nothing else can fail. */
#ifndef BURZA_SERIES_TIME_H
#define BURZA_SERIES_TIME_H

#include "stages/common/when.h"

enum series_style {
    STYLE_MONTH_FIRST, /* 3/4/2024 is 4 March */
    STYLE_DAY_FIRST,   /* 3/4/2024 is 3 April */
    STYLE_YEAR_WEEK,   /* 2015-05 is a week */
    STYLE_SERIAL,      /* days since 1899-12-30, as in spreadsheets */
    STYLE_COUNT
};

struct series_time {
    int64_t at_s;   /* UTC seconds, or local ones when `naive` */
    bool naive;     /* no zone was stated */
    bool day_only;  /* no time of day was stated */
    uint8_t months; /* the cell names a period of so many months; 0: it does not */
};

bool series_time_read(struct span text, enum series_style style, struct series_time *out);
/* Whether some style reads it, single numbers that may as well be counts left out. */
bool series_time_likely(struct span text);

#endif
