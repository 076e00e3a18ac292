/* mapping: which column or JSON path holds which field, from usual names or from a file.
 * Internal to stages/decode. */
#ifndef BURZA_DECODE_MAPPING_H
#define BURZA_DECODE_MAPPING_H

#include "stages/decode/encoding.h"
#include "stages/decode/format.h"

struct mapping {
    struct arena arena;
    const struct format *format; /* NULL: by the look of the member */
    struct row *rows;            /* ends with a NULL path */
    struct row *context;         /* likewise, of the scalars around a document's arrays; or NULL */
    enum platform platform;      /* PLATFORM_COUNT: not stated */
    enum encoding encoding;
    struct zone zone;
    bool has_zone, has_day_first, day_first;
    char delimiter; /* 0: find out */
    int skip_lines;
};

struct name_list {
    const struct span *at; /* columns, or JSON paths "a.b" */
    size_t count;
    const bool *times; /* whose values are times; NULL: all may be */
};

/* Rows for those of `names` that have a usual name, best names first, as a table that ends with a
 * NULL path; its paths are in the arena. A name that only sounds like a time needs values that are
 * times. `others`, or NULL: names beside them, which say what such records are about. NULL when out
 * of memory. */
struct row *mapping_guess(struct arena *arena, const struct name_list *names,
                          const struct name_list *others);
/* Whether the path has a usual name. */
bool mapping_is_usual(struct span path);
/* Whether the rows lead to a text and a time. */
bool mapping_is_enough(const struct row *rows);
/* What a mapping file calls the field: "created_at"; NULL for the formats' own. */
const char *mapping_field_name(unsigned field);

#endif
