/* export rows: what the tables of burza export are, cell by cell. Compound tables follow
 * table_layouts; the series, the months and the posts have their columns in export_rows.c. */
#ifndef BURZA_EXPORT_ROWS_H
#define BURZA_EXPORT_ROWS_H

#include "pipeline/commands/score_reasons.h"
#include "pipeline/commands/table_writer.h"
#include "stages/store/store.h"

/* An audit and what follows from it. */
struct export_view {
    struct audit audit;
    struct zone zone;          /* of the study; UTC when the audit names none */
    struct grid_month *months; /* [month_count] of the daily grid */
    size_t month_count;
    bool explain;                  /* posts have a column with the words that decided */
    struct score_reasons *reasons; /* NULL: the column stays empty */
};
enum status export_view_open(const char *path, bool with_posts, struct export_view *out,
                             struct fault *fault) MUST_USE;
void export_view_release(struct export_view *view);

/* What a table's name stands for. */
struct export_source {
    const char *name;
    void (*write)(struct table_writer *writer, const struct export_view *view, int table,
                  size_t index);
    int table;
    bool posts, explain;
};
bool export_find(const char *name, struct export_source *out);
size_t export_count(const struct export_source *source, const struct export_view *view);
/* The names of the cells. */
void export_header(struct table_writer *writer, const struct export_source *source);
/* The columns that people look at first; "" where the table's own order will do. */
const char *export_preferred(const char *table);

#endif
