/* same post: whether two rows that share an id are copies of one post, or two posts.
 *
 * An id alone does not say so: spreadsheets round ids, exports number their rows, chats and forums
 * count their own messages. What else the rows say decides, and more of it must agree the less the
 * id is worth (enum id_kind):
 *
 *   author and time agree     one post, however it was edited; where the time is only a day or a
 *                             full day's beginning, or the id a counter, its text must be alike
 *   one of them is not known  one post when the other agrees and the text is alike
 *   one of them differs       one post only when a long id of a known platform says so and the text
 *                             is the same: tools give names for handles, and other times
 *
 * A rounded id asks for all three. Texts are the same without markup, addresses and what was cut
 * off. Memory: nothing is owned. */
#ifndef BURZA_SAME_POST_H
#define BURZA_SAME_POST_H

#include "stages/model/mention_table.h"

/* Before mention_table_number_authors. Of rows of one platform. */
bool same_post(const struct mention_table *mentions, size_t a, size_t b);
/* Whether the row's time is exact enough to tell posts apart. */
bool has_fine_time(const struct mention_table *mentions, size_t row);

/* How alike two texts are as they are read: letters and digits, without tags, entities, addresses,
 * case, and the mark of a repost. */
enum likeness {
    TEXTS_DIFFER,
    TEXTS_SIMILAR, /* edited: the one goes on, or half is common beginning and end */
    TEXTS_EQUAL,   /* or one was cut */
};
enum likeness texts_compare(struct span a, struct span b);

#endif
