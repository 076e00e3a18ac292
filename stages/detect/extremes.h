/* extremes: how unusual is a value beside the largest values of the recent past? Keeps the maxima
 * of the last blocks of time and fits a Gumbel distribution to them by L-moments (Hosking 1990);
 * the scale is drawn towards a usual one, so that few blocks do not claim to know their spread.
 * That puts every series, whatever its level and temper, on one scale. No allocation. */
#ifndef BURZA_DETECT_EXTREMES_H
#define BURZA_DETECT_EXTREMES_H

#include <stddef.h>

enum { EXTREMES_BLOCKS = 112 };

struct extremes {
    double recent[EXTREMES_BLOCKS]; /* ring of block maxima */
    double sorted[EXTREMES_BLOCKS]; /* the same, ascending */
    size_t next, count;
    double location, scale; /* of the Gumbel distribution */
};

void extremes_init(struct extremes *extremes);
/* Adds the maximum of a finished block and fits anew. */
void extremes_add(struct extremes *extremes, double block_maximum);
/* Standardised: about 0 for the usual maximum of a block. */
double extremes_score(const struct extremes *extremes, double value);

#endif
