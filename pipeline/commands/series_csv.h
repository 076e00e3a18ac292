/* series_csv: a table of times and counts in, one count series out.
 *
 * In: the bytes of a file (comma, semicolon, tab or bar between columns; lines in front of the
 * table, header, quotes, a byte order mark and CRLF tolerated). The columns are found by the words
 * of the header or by what they hold (series_table.h); times are moments and calendar labels
 * (series_time.h), naive ones local to the zone given; values are counts (series_value.h), an empty
 * one, NA, NaN, null or - is unknown.
 *
 * Rows may come in any order. A step is a number of months when the times are calendar months,
 * quarters or years, else the most common difference between neighbouring times; days and weeks are
 * steps of the local calendar. A bucket that no row falls into is unknown. A time that comes more
 * than once: if every such repetition in the file has the same value as before, rows were written
 * twice and count once; otherwise the rows are parts and are added up.
 *
 * Clock changes: naive times in the repeated autumn hour follow the order of the rows; an hour that
 * stands there only once holds both, its bucket is twice as long. Naive times in the hour that is
 * skipped in spring do not exist; such rows are not counted.
 *
 * Out: owned by the caller, series_csv_release. The span must outlive it (texts borrow). May
 * fail: STATUS_FATAL with EXIT_DATA, naming the line. */
#ifndef BURZA_SERIES_CSV_H
#define BURZA_SERIES_CSV_H

#include "pipeline/commands/series_table.h"
#include "stages/common/arena.h"
#include "stages/detect/detect.h"

struct series_row {
    int64_t at_s;
    struct span text; /* the timestamp as written; of two columns, both with a blank between */
    struct span cell; /* the value as written */
    uint32_t line;
    int32_t value; /* -1: unknown */
    size_t bucket;
    bool naive, day_only;
    uint8_t months; /* the label's own length, 0: it has none */
    bool repeated;  /* the same row was there before: not counted again */
    bool skipped;   /* in the hour that the zone's clocks skip in spring: not counted */
};

/* What the messages say was understood. */
struct series_notes {
    size_t out_of_order, repeated, skipped, added; /* rows */
    size_t small;                                  /* values such as <1, taken as 0 */
    size_t autumn;                                 /* rows in a repeated autumn hour */
    size_t merged;                                 /* buckets that hold both autumn hours */
    size_t unknown;                                /* buckets without a value */
    bool serial;                                   /* times are serial days of a spreadsheet */
    bool day_first, month_first; /* dates such as 3/4/2024: which way they were read */
    bool order_proved;           /* and they cannot be read the other way */
};

struct series_csv {
    struct series_row *rows; /* [row_count], by time, then line */
    size_t row_count;
    int32_t interval_s; /* of months: their mean length */
    int months;         /* months of a step, 0: none */
    int64_t start_s;
    size_t bucket_count;
    int32_t *value;           /* [bucket_count] */
    uint16_t *coverage_milli; /* [bucket_count] 0, or 1000 times its length in steps */
    int64_t *starts_s;        /* [bucket_count + 1], NULL when all are interval_s long */
    struct series_table table;
    struct series_notes notes;
    struct arena texts;
};

struct series_csv_options {
    const struct zone *zone; /* of naive times; NULL: UTC */
    bool day_first;          /* 3/4/2024 is the third of April */
};

enum status series_csv_read(struct series_csv *series, struct span bytes,
                            const struct series_csv_options *options, struct fault *fault) MUST_USE;
void series_csv_release(struct series_csv *series);

/* series_steps.c: gives rows (with times, sorted) their buckets and fills these. */
enum status series_steps(struct series_csv *series, const struct zone *zone,
                         struct fault *fault) MUST_USE;
/* Of neighbouring times, the share whose difference is the most common one (months by the
 * calendar): how regular a reading of the time column is. In 1/1000. */
unsigned series_regularity(const int64_t *sorted_s, size_t count);

#endif
