#include "pipeline/scan/scan_id.h"

#include <stdio.h>

static void hex_digest(struct span text, char out[DIGEST_HEX_SIZE]) {
    unsigned char sum[DIGEST_SIZE];
    digest_of(text, sum);
    digest_hex(sum, out);
}

void scan_id_take(struct scan_id *id, const char *digest, const char *lexicons, int64_t revision) {
    char text[100];
    snprintf(id->digest, sizeof id->digest, "%s", digest);
    snprintf(id->lexicons, sizeof id->lexicons, "%s", lexicons);
    id->revision = revision;
    snprintf(text, sizeof text, "burza context\n%s\n", id->digest);
    hex_digest(span_of(text), id->context);
}

void scan_id_make(struct scan_id *id, struct span settings, const char *lexicons) {
    char text[250], digest[DIGEST_HEX_SIZE];
    hex_digest(settings, id->settings);
    snprintf(text, sizeof text, "burza scan %d\n%.70s\n%s\n", SCAN_REVISION, lexicons,
             id->settings);
    hex_digest(span_of(text), digest);
    scan_id_take(id, digest, lexicons, SCAN_REVISION);
}
