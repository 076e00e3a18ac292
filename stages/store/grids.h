/* grids: the CF grids /hourly and /daily of an audit. Internal to store. */
#ifndef BURZA_GRIDS_H
#define BURZA_GRIDS_H

#include "stages/store/h5.h"
#include "stages/store/store.h"

void grid_write(struct h5 *h5, const struct audit *audit, enum grid_id id);
void grid_read(struct h5 *h5, struct audit *audit, enum grid_id id);

#endif
