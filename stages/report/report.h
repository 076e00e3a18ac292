/* report: an audit in, one self-contained HTML page out, in English or Polish.
 *
 * The page needs no network and no script. Everything that came from a dump or a configuration is
 * escaped at the moment it is written, with control, bidi and zero-width characters made visible;
 * links are made of http and https addresses only. The page depends on the audit and the options
 * alone. Its size is bounded: charts hold at most REPORT_POINTS points, and the least mentioned of
 * very many brands are only counted.
 *
 * Memory: `out` belongs to the caller, who sets its cap; nothing is kept. May fail: STATUS_FATAL
 * out of memory, or with EXIT_DATA when the page would pass the cap of `out`; EXIT_USAGE when the
 * audit has no such brand. */
#ifndef BURZA_REPORT_H
#define BURZA_REPORT_H

#include "stages/common/when.h"
#include "stages/store/store.h"

enum report_language { REPORT_EN, REPORT_PL };
enum { REPORT_POINTS = 1000, REPORT_MAX_BYTES = 256 << 20 };

/* "en", "pl" or NULL (English); false when it is neither. */
bool report_language_find(const char *name, enum report_language *out) MUST_USE;

struct report_options {
    enum report_language language;
    const struct zone *zone; /* in whose local time moments are shown; NULL: UTC */
    const char *brand;       /* id of the only brand that is told of; NULL: all */
    /* NULL: not known. The seal: 64 hex digits. */
    const char *seal, *title, *client, *author;
};

enum status report_write(const struct audit *audit, const struct report_options *options,
                         struct buf *out, struct fault *fault) MUST_USE;

#endif
