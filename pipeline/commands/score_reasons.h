/* score_reasons: which words decided the scores of an audit's posts, found anew from the texts that
 * it keeps: with the audit's engine, and without the names of its brands, as the scan read them.
 *
 * In: an audit. Out: places in a text. Owner: the caller (score_reasons_close); one thread. May
 * fail: opening, STATUS_FATAL out of memory or with EXIT_DATA for a configuration that cannot be
 * read. When this program's lexicons and models are others than those of the audit (another
 * version, or lexicons of one's own), the words would be reasons of other scores: then there are
 * none (NULL, STATUS_OK). */
#ifndef BURZA_SCORE_REASONS_H
#define BURZA_SCORE_REASONS_H

#include "stages/score/score.h"
#include "stages/store/store.h"

struct score_reasons;

enum status score_reasons_open(struct score_reasons **out, const struct audit *audit,
                               struct fault *fault) MUST_USE;
void score_reasons_close(struct score_reasons *reasons);
/* The words of a text that spoke for its score; how many. `failed` is set out of memory. */
uint32_t score_reasons_find(struct score_reasons *reasons, struct span text, enum language language,
                            const struct score *score, struct deciding_word words[DECIDING_MAX],
                            bool *failed);
/* Fills the marks of the audit's evidence: the words that decided the labels of its
 * posts, but for neutral ones: there it is what is absent that decides. */
enum status score_reasons_mark_evidence(struct audit *audit, struct fault *fault) MUST_USE;
/* "negative: awful, no signal | complaint: no signal | act: my phone". */
void score_reasons_write(struct buf *out, struct span text, const struct deciding_word *words,
                         uint32_t count);

#endif
