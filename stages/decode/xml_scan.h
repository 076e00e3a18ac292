/* xml_scan: finds the elements of an XML stream that are records, without parsing them. Internal to
 * stages/decode. */
#ifndef BURZA_DECODE_XML_SCAN_H
#define BURZA_DECODE_XML_SCAN_H

#include "stages/decode/decode.h"

/* Goes on from `at` in `place` to the end of the next element that `record_depth` elements are
 * around; true when there is one. `*at` is then behind it and `*record` its beginning, if that lay
 * in this call. False when the bytes end: all before `*at` is settled in `place`; inside a record
 * (scan->inside) `*at` is the end. With `last` a record that the end cuts is given as it is. */
bool xml_walk(struct decode_place *place, struct record_scan *scan, uint32_t record_depth,
              const char **at, const char *end, bool last, const char **record);

#endif
