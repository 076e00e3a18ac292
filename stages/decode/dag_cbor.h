/* DAG-CBOR: the data model of IPLD in CBOR (RFC 8949, ipld.io/specs/codecs/dag-cbor): lengths are
 * always stated, map keys are text, links are tag 42 around the bytes of a CID. Internal to
 * stages/decode. Everything here reads hostile bytes: false when they end early or break a rule. */
#ifndef BURZA_DECODE_DAG_CBOR_H
#define BURZA_DECODE_DAG_CBOR_H

#include "stages/common/buf.h"
#include "stages/common/digest.h"

/* What is left to read. */
struct cbor {
    const unsigned char *at, *end;
};

enum cbor_kind {
    CBOR_UNSIGNED,
    CBOR_NEGATIVE,
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_TAG,
    CBOR_SIMPLE, /* false 20, true 21, null 22; floats */
};

struct cbor cbor_of(struct span bytes);
/* The head of the next item: its number is the value, the length or the count. */
bool cbor_head(struct cbor *cbor, enum cbor_kind *kind, uint64_t *number) MUST_USE;
/* Passes over a whole item. */
bool cbor_skip(struct cbor *cbor) MUST_USE;
/* Text or bytes. */
bool cbor_string(struct cbor *cbor, struct span *string) MUST_USE;
/* The digest of a link to a block that is named by SHA-256; false also of null and other links. */
bool cbor_link(struct cbor *cbor, struct span *digest) MUST_USE;
/* The value of a key of the map in `map`; false when it is none or lacks the key. */
bool cbor_member(struct cbor map, const char *key, struct cbor *value) MUST_USE;
/* The item as JSON; links, bytes and floats become null, which no post needs. `out` may fail. */
bool cbor_to_json(struct cbor *cbor, struct buf *out) MUST_USE;
void json_text_add(struct buf *out, struct span text);

#endif
