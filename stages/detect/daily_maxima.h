/* daily_maxima: how unusual is a value beside the largest values of the last days? Keeps the maxima
 * of the last four weeks' days and fits an exponential tail to those above their median (peaks over
 * threshold: Davison, Smith 1990; of the logarithm of an excess, so a Pareto tail of the excess),
 * with shrinkage of its scale towards a usual one: few days are a poor estimate. Whole days,
 * because shorter blocks mix nights with days; each series' own scale, because brands differ in it.
 * No allocation; cannot fail. */
#ifndef BURZA_DETECT_DAILY_MAXIMA_H
#define BURZA_DETECT_DAILY_MAXIMA_H

#include <stddef.h>

enum { DAILY_MAXIMA_DAYS = 28 };

struct daily_maxima {
    double recent[DAILY_MAXIMA_DAYS]; /* ring */
    size_t next, count;
    double median, scale; /* of the tail */
};

void daily_maxima_init(struct daily_maxima *maxima);
/* Adds the maximum of a finished day and fits anew. */
void daily_maxima_add(struct daily_maxima *maxima, double maximum);
/* -ln of the chance that a day's maximum is as large as `value`; below ln 2 for what is no tail. */
double daily_maxima_score(const struct daily_maxima *maxima, double value);

#endif
