/* series_csv: any "timestamp,value" table in, one evenly spaced count series out.
 *
 * In: the bytes of a CSV file (comma, semicolon or tab; header optional; quotes, a byte order mark
 * and CRLF tolerated; lines that are empty or begin with # skipped). Times are anything that
 * when_parse reads; naive ones are local to the zone given. Values are counts (fractions are cut);
 * an empty value, NA, NaN, null or - is unknown.
 * Rows may come in any order. The interval is the most common difference between neighbouring
 * times; a bucket that no row falls into is unknown. A time that comes more than once: if every
 * such repetition in the file has the same value as before, rows were written twice and count
 * once; otherwise the rows are parts and are added up.
 *
 * Naive times in the hour that the zone skips in spring do not exist; such rows are not counted.
 *
 * Out: owned by the caller, series_csv_release. The span must outlive it (`text` borrows). May
 * fail: STATUS_FATAL with EXIT_DATA, naming the line. */
#ifndef BURZA_SERIES_CSV_H
#define BURZA_SERIES_CSV_H

#include "stages/detect/detect.h"

struct series_row {
    int64_t at_s;
    struct span text; /* the timestamp as written */
    uint32_t line;
    int32_t value; /* -1: unknown */
    size_t bucket;
    bool repeated; /* the same row was there before: not counted again */
    bool skipped;  /* in the hour that the zone's clocks skip in spring: not counted */
};

struct series_csv {
    struct series_row *rows; /* [row_count], by time, then line */
    size_t row_count;
    int32_t interval_s;
    int64_t start_s;
    size_t bucket_count;
    int32_t *value;                                /* [bucket_count] */
    uint16_t *coverage_milli;                      /* [bucket_count] 0 or 1000 */
    size_t out_of_order, repeated, skipped, added; /* rows, for the messages */
    size_t unknown;                                /* buckets without a value */
};

struct series_csv_options {
    const struct zone *zone; /* of naive times; NULL: UTC */
    bool day_first;          /* 3/4/2024 is the third of April */
};

enum status series_csv_read(struct series_csv *series, struct span bytes,
                            const struct series_csv_options *options, struct fault *fault) MUST_USE;
void series_csv_release(struct series_csv *series);

#endif
