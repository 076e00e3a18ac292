/* row table: rows of an audit's table as a table of the page, by the names of their columns.
 * Internal to the stage. */
#ifndef BURZA_ROW_TABLE_H
#define BURZA_ROW_TABLE_H

#include "stages/report/page.h"

enum row_format {
    ROW_FORMAT_BRAND,   /* a brand's id, shown as its name */
    ROW_FORMAT_NAME,    /* a text as it is: an account, a channel, an author */
    ROW_FORMAT_WORD,    /* one of our own words, in the page's language */
    ROW_FORMAT_CHANNEL, /* a platform or channel as people call it, or "all" */
    ROW_FORMAT_COUNT,   /* a dash where it is not known */
    ROW_FORMAT_SHARE,   /* 0..1 as per cent */
    ROW_FORMAT_WAIT,    /* seconds as a duration */
    ROW_FORMAT_NUMBER,
};
struct row_column {
    const char *name;     /* of the table's column */
    const char *title[2]; /* English, Polish */
    enum row_format format;
};
struct row_choice {
    enum table_id table;
    struct span brand;               /* its id; empty: all brands */
    bool (*wanted)(const void *row); /* NULL: all of the brand */
    size_t most;                     /* rows shown; 0: all */
};

/* How many rows there are. */
size_t row_table_count(const struct page *page, const struct row_choice *choice);
/* Nothing when there is none. */
void row_table_write(struct page *page, const char *title, const struct row_choice *choice,
                     const struct row_column *columns, size_t count);
/* What the codes of the rows' notes mean, each once. */
void row_notes_write(struct page *page, const struct row_choice *const *choices, size_t count);
/* care_table.c: all brands in one table and one figure; a row of the table response, over all
 * accounts and channels, or NULL. */
const struct response_row *response_of(const struct page *page, const struct brand_view *view,
                                       const char *period);
void care_table(struct page *page);
void care_curves(struct page *page);
/* A code of care and journeys as a word: "presumed_closed", "ask", "silence". */
const char *word_care(const struct page *page, struct span code);

#endif
