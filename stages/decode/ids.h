/* ids: what the ids of a post are worth. Internal to stages/decode.
 *
 * A format knows its ids. Those that were found by usual names may be row numbers, may count within
 * a chat or a forum, and spreadsheets and JSON libraries round long ones. */
#ifndef BURZA_DECODE_IDS_H
#define BURZA_DECODE_IDS_H

#include "stages/decode/format.h"

/* "119237.0" and "1e+05" become the whole numbers that they are; other ids stay as they are. */
struct span id_whole(struct arena *arena, struct span id);
/* What an id looks like of which only the name of its column is known. */
enum id_kind id_look(struct span id);
/* Sets id_kind, id_company and, for ids that look like counters, the scope of a post whose format
 * does not know its ids; forgets parents whose ids were rounded. `file` stands for the file. */
void ids_settle(struct draft *draft, struct span file);

#endif
