/* Rows that are dropped leave the others as they were. */
#include "stages/model/mention_rows.h"
#include "tap.h"

#include <stdlib.h>

static void fill(struct mention_rows *rows, int count) {
    mention_rows_init(rows);
    for (int i = 0; i < count; i++) {
        char id[16], text[16];
        snprintf(id, sizeof id, "%d", i);
        snprintf(text, sizeof text, "%.*s", i % 4, "abcd");
        struct mention row = {.created_at_us = i,
                              .channel_name = SPAN_LITERAL("twitter"),
                              .id = span_of(id),
                              .author = SPAN_LITERAL(""),
                              .url = SPAN_LITERAL("url"),
                              .text = span_of(text)};
        CHECK(mention_rows_append(rows, &row));
    }
}

int main(void) {
    enum { ROWS = 40 };
    for (int every = 1; every <= ROWS + 1; every += 3) {
        struct mention_rows rows;
        uint8_t keep[ROWS];
        size_t kept = 0;
        fill(&rows, ROWS);
        /* columns that were not read */
        free(rows.score_milli);
        rows.score_milli = NULL;
        text_column_release(&rows.url);
        for (int i = 0; i < ROWS; i++)
            keep[i] = i % every == every - 1;
        mention_rows_keep(&rows, keep);
        for (int i = 0; i < ROWS; i++) {
            char id[16];
            snprintf(id, sizeof id, "%d", i);
            if (!keep[i])
                continue;
            CHECK_INT(rows.created_at_us[kept], i);
            CHECK_SPAN(mention_rows_text(&rows.id, kept), id);
            CHECK_INT(mention_rows_text(&rows.text, kept).len, i % 4);
            kept++;
        }
        CHECK_INT(rows.count, kept);
        mention_rows_release(&rows);
    }
    return tap_done();
}
