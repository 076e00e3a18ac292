/* id time: when a post was made, from its id alone, where the platform's ids hold the moment.
 *
 * Twitter: snowflake, (id >> 22) milliseconds since 1288834974657 (github.com/twitter-archive/
 * snowflake); ids up to 29700859247, of November 2010, were counted up. Mastodon, and Truth Social
 * which runs it: id >> 16 milliseconds (lib/mastodon/snowflake.rb); ids were counted up before
 * version 2. TikTok: id >> 32 seconds (R. Benson, "Tinkering with TikTok Timestamps", dfir.blog).
 * Bluesky: TID, 13 digits of base 32 that hold microseconds and 10 bits of a clock's number
 * (atproto.com/specs/tid). Ids may stand alone or end a URI. Nothing is owned; an id that holds no
 * plausible time of its platform gives TIME_NONE. */
#ifndef BURZA_ID_TIME_H
#define BURZA_ID_TIME_H

#include "stages/model/post.h"

/* Microseconds since 1970, exact to a millisecond (TikTok: to a second), or TIME_NONE. */
int64_t id_time(enum platform platform, struct span id);

#endif
