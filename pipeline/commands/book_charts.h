/* book charts: the charts of a workbook, native ones over a sheet of data beside them: mentions,
 * negative share and share of voice over time, how fast the brand answers, and how far people come
 * on their journey. A chart stands only where the audit has its data. */
#ifndef BURZA_BOOK_CHARTS_H
#define BURZA_BOOK_CHARTS_H

#include "pipeline/commands/export_rows.h"

/* Adds the sheet chart_data and fills it; the charts stand on `sheet`. False: out of memory. */
bool book_charts(struct workbook *book, struct sheet *sheet, const struct export_view *view,
                 bool polish) MUST_USE;

#endif
