/* unwrap: records as databases export them, turned into what was stored. Internal to stages/decode.
 * MongoDB's {"$date": "..."}, {"$numberLong": "1"}, {"$oid": "..."} become their values;
 * Elasticsearch's {"_index": ..., "_source": {...}} becomes the source. */
#ifndef BURZA_DECODE_UNWRAP_H
#define BURZA_DECODE_UNWRAP_H

#include "stages/common/buf.h"
#include "stages/common/span.h"

/* The record without wrappers: itself where it has none, else a part of it or what is written to
 * `out` (cleared first); {NULL, 0} when `out` is full. */
struct span unwrap_record(struct span record, struct buf *out);

#endif
