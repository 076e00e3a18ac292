/* xml_record: one element of XML in, the values of a table's paths out, through expat. Internal to
 * stages/decode.
 *
 * Attributes and child elements are members alike: "Id" is the attribute of <row Id="1"/> or the
 * child of <post><Id>1</Id></post>, "author.name" an attribute or a child of the child `author`.
 * Prefixes belong to names ("dsq:id"). Of equal names the first counts. A record is parsed as a
 * document of its own: entities that a document declares are unknown in it, so that none can be
 * expanded; a record that uses one is refused. One reader per thread. */
#ifndef BURZA_DECODE_XML_RECORD_H
#define BURZA_DECODE_XML_RECORD_H

#include "stages/decode/json_fast.h"

#include <jansson.h>

struct xml_record;
struct xml_record *xml_record_new(void); /* NULL when out of memory */
void xml_record_free(struct xml_record *reader);
/* Fills the slots of the table; strings are in the arena. */
enum json_result xml_record_read(struct xml_record *reader, const struct table *table,
                                 struct span record, struct slots *slots, struct arena *arena);
/* The record as JSON: an object of its members, texts as strings; NULL when it cannot be read. */
json_t *xml_record_as_json(struct xml_record *reader, struct span record);

#endif
