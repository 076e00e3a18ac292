/* export workbook: an audit as one XLSX file. Sheets: summary, charts, months, top posts, each
 * table, the data of the charts. Times stand on the study's clock, dates are dates, ids texts. What
 * does not fit (rows of a sheet, characters of a cell) is counted, and said in the summary and on
 * standard error. */
#ifndef BURZA_EXPORT_WORKBOOK_H
#define BURZA_EXPORT_WORKBOOK_H

#include "pipeline/commands/export_rows.h"

/* Adds the file's bytes to `out`. `only`: the one table that is wanted; NULL: all. `language`: en,
 * pl or NULL (en). `path`: where it will go ("-": nowhere), temporary files lie beside it. */
enum status export_workbook(const struct export_view *view, const struct export_source *only,
                            const char *language, const char *path, struct buf *out,
                            struct fault *fault) MUST_USE;

#endif
