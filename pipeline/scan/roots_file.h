/* roots file: what every share must know before the second pass, in AUDIT.h5.parts/roots: the posts
 * whose replies are wanted, and the inputs that may hold such replies. `burza roots` writes it once
 * all shares are through the first pass; a share reads it instead of all shards of all others.
 *
 * In: the roots of a scan and its inputs. Out: the same. Owner: as of context_replies.h. May fail:
 * STATUS_FATAL, EXIT_DATA when the file is damaged. Format: lines of text (the scan, the counts,
 * the inputs), the roots by hash and brand, each as hash, time and brand in 18 bytes,
 * little-endian, and the SHA-256 of all that in hex. It is written and read in blocks. */
#ifndef BURZA_ROOTS_FILE_H
#define BURZA_ROOTS_FILE_H

#include "pipeline/scan/context_replies.h"

/* *count: inputs that need a pass. */
enum status roots_file_write(const char *folder, const struct reply_roots *roots,
                             const struct scanned_inputs *inputs, const struct scan_id *id,
                             size_t *count, struct fault *fault) MUST_USE;
/* Sets of `inputs` what reply_roots_build sets; *found: whether there is such a file of this scan.
 */
enum status roots_file_read(const char *folder, struct reply_roots *roots,
                            struct scanned_inputs *inputs, const struct scan_id *id,
                            const struct brand *brands, size_t brand_count, bool *found,
                            struct fault *fault) MUST_USE;

#endif
