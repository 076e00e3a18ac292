/* posts: the group /posts of an audit: a column per property, texts as bytes and ends. Internal to
 * store. */
#ifndef BURZA_POSTS_H
#define BURZA_POSTS_H

#include "stages/store/h5.h"
#include "stages/store/store.h"

void posts_write(struct h5 *h5, const struct audit *audit);
void posts_read(struct h5 *h5, struct audit *audit);

#endif
