/* sample: the first records of a head, and which format they are of. Internal to stages/decode. */
#ifndef BURZA_DECODE_SAMPLE_H
#define BURZA_DECODE_SAMPLE_H

#include "stages/decode/member.h"

#include <jansson.h>

enum { SAMPLE_MAX = 20, BID_WEAK = 3, BID_GENERIC = 5, BID_SURE = 80 };

struct sample {
    json_t *records[SAMPLE_MAX];
    int count;
    int tried; /* what stood where a record should; as many as `count` when all could be read */
};

/* What a sample is of: most of its records, then the highest bid, then the registry's order decide.
 */
struct verdict {
    const struct format *format; /* NULL: of none */
    int bid, votes;
};

/* Takes the reference; what is no object is dropped. */
void sample_add(struct sample *sample, json_t *record);
void sample_release(struct sample *sample);

/* Of the formats of this shape; of the format or mapping that the user named, if he did. */
struct verdict sample_judge(struct decode_member *member, const struct sample *sample,
                            enum shape shape);
/* Rows by usual names among those of all the records; NULL when text or time is not among them. */
const struct row *sample_guess(struct decode_member *member, const struct sample *const *samples,
                               int count);
/* Rows of one record by its own usual names; NULL when it is no post by them. */
const struct row *sample_late_rows(const struct decode_member *member, const struct sample *sample,
                                   struct arena *arena);
/* The rows to use for a format that was chosen by these samples. */
const struct row *sample_rows(struct decode_member *member, const struct format *format,
                              const struct sample *const *samples, int count);

/* Whether the member has all that the evidence asks for: names for which `has` is true, and
 * "name:PATTERN" for the member's file name. */
bool evidence_holds(const struct decode_member *member, const char *paths,
                    bool (*has)(const void *data, struct span path), const void *data);
/* '*' stands for any bytes, '?' for one. */
bool pattern_matches(struct span pattern, struct span text);
/* The same whatever the capitals (of ASCII). */
bool pattern_fits(struct span pattern, struct span text);

/* side_file.c: whether the member holds no posts by what it begins with, or, where it is unreadable
 * anyhow, by its name. */
bool is_side_file(const struct decode_member *member, struct span head, bool unreadable);

#endif
