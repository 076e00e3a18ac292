/* Rows of a listening tool's CSV export: Date,Author,Content,Source,Likes,Followers,URL; RFC 4180
 * quotes, line breaks inside quotes, "1,234" numbers, dates ISO 8601 with the offset of Warsaw. */
#ifndef GENERATOR_LISTENING_H
#define GENERATOR_LISTENING_H
#include "people.h"
#include "text_buffer.h"

struct listening_row {
    int64_t created_s;
    uint64_t id;
    const struct author *author;
    const char *text;
    size_t text_length;
    uint32_t likes;
    bool broken_line; /* the text is written over two lines */
};
void listening_write_header(struct text *out);
void listening_write_row(struct text *out, const struct listening_row *row);
/* Whether two authors write on one platform. */
bool listening_beside(const struct author *a, const struct author *b);
#endif
