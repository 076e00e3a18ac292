/* gumbel: how unusual is a value beside the largest values of the recent past? Keeps the block
 * maxima of the last weeks and fits a Gumbel distribution to them by L-moments (Hosking 1990), with
 * shrinkage of its scale towards a usual one: the spread of few blocks is a poor estimate. The
 * standardised score puts every series on one scale, whatever its level, dispersion and
 * autocorrelation. No allocation. */
#ifndef BURZA_DETECT_GUMBEL_H
#define BURZA_DETECT_GUMBEL_H

#include <stddef.h>

enum { GUMBEL_BLOCKS = 112 };

struct gumbel {
    double recent[GUMBEL_BLOCKS]; /* ring of block maxima */
    double sorted[GUMBEL_BLOCKS]; /* the same, ascending */
    size_t next, count;
    double location, scale; /* of the Gumbel distribution */
};

void gumbel_init(struct gumbel *gumbel);
/* Adds the maximum of a finished block and fits anew. */
void gumbel_add(struct gumbel *gumbel, double block_maximum);
/* Standardised: about 0 for the usual maximum of a block. */
double gumbel_score(const struct gumbel *gumbel, double value);

#endif
