/* wrap: texts for people, broken at blanks. Widths count characters. */
#ifndef BURZA_WRAP_H
#define BURZA_WRAP_H

#include "stages/common/buf.h"

/* Columns for help: those of the terminal that standard output is (40 to 100), else 90, so that
 * what is written into a file is the same everywhere. *terminal says which. */
int wrap_width(bool *terminal);
/* Columns of the terminal that standard output is; 0: it is none. */
int terminal_columns(void);
/* Adds `text` and a line end. The first line begins in column `indent`, where the output stands;
 * the others are indented by as much. */
void wrap_text(struct buf *out, const char *text, int indent, int width);
/* Adds a page in the manner of pipeline/help: paragraphs and items ("- ") are filled anew;
 * headings, tables and what is indented by four stay. */
void wrap_page(struct buf *out, struct span page, int width);

#endif
