/* tail_fit: when has an episode ended? A running sum follows the noise of a tail that fades into
 * the baseline; a curve fitted to all of it does not. Hourly sums from the peak to five days on are
 * explained as baseline + A f(t / h), or baseline x (1 + A f(t / h)): f one of an exponential, two
 * power laws, a line and a box; h of 23 lengths from half an hour to four days; A by Fisher
 * scoring; the best Poisson likelihood. The end is the last bucket in which the curve is at least
 * half the baseline. Cannot fail. */
#ifndef BURZA_DETECT_TAIL_FIT_H
#define BURZA_DETECT_TAIL_FIT_H

#include "stages/detect/refine.h"

struct tail_fit {
    size_t end, end_low, end_high; /* 90 % of the likelihood over all curves */
    bool known;                    /* false: too little behind the peak, or nothing fits */
    bool box;                      /* it ends at once: a running sum is more exact */
};

struct tail_fit tail_fit(const struct refine_input *input, size_t peak);

#endif
