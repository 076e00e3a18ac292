/* A member without records (side_file.c): its bytes are only passed by. */
#include "stages/decode/framing.h"

void scan_none(struct framer *framer, struct span pending, bool at_end) {
    (void)at_end;
    framer->boundary = framer->scanned = pending.len;
}

bool next_none(struct decoder *decoder, struct span *record) {
    decoder->at = decoder->block.len;
    *record = (struct span){NULL, 0};
    return false;
}
