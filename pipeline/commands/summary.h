/* summary: an audit in a few lines for a strategist, on standard output. */
#ifndef BURZA_SUMMARY_H
#define BURZA_SUMMARY_H

#include "stages/common/when.h"
#include "stages/store/store.h"

void print_summary(const struct audit *audit, const struct zone *zone);

#endif
