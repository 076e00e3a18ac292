/* How a member writes its times, from the records of its head: the order of 03/04/2023, serial
 * days, stamps at midnight that mean a date, rows in order of time. */
#include "stages/decode/framing.h"

#include <stdlib.h>

/* Records that tell enough in most members; where the order of dates is still open, the whole head.
 */
enum { LEARN_RECORDS = 100, LEARN_BYTES = 48 << 10 };

/* Stamps of a date alone, as they would be read if there were a clock; a few come by chance. */
static bool many_midnights(struct span head) {
    size_t count = 0;
    const char *end = head.at + head.len, *at = head.at;
    for (; count < 5 && (at = memmem(at, (size_t)(end - at), "00:00", 5)); at += 5)
        count += at > head.at && (at[-1] == ' ' || at[-1] == 'T');
    return count >= 5;
}

static bool learns_more(const struct time_evidence *evidence, bool whole) {
    return evidence->records < LEARN_RECORDS || whole || time_evidence_open(evidence);
}

static void learn_block(struct decoder *decoder, const struct decode_member *member,
                        struct span block, const struct decode_place *place, bool whole) {
    struct time_evidence *evidence = decoder->extractor.time.learn;
    struct decoded record;
    enum status status = STATUS_OK;
    decoder_begin(decoder, member, block, place);
    while (status != STATUS_END && status != STATUS_FATAL && learns_more(evidence, whole)) {
        status = decoder_next(decoder, &record);
        evidence->records++;
    }
}

/* Formats with rows of their own state epochs, or times that can be read in one way. */
static bool is_generic(const struct decode_member *member) {
    const struct mapping *mapping = member->options.mapping;
    return !member->format->rows || (mapping && mapping->rows) ||
           member->format->shape == SHAPE_CSV || member->format->shape == SHAPE_TEXT;
}

enum status learn_times(struct decode_member *member, struct span head, struct fault *fault) {
    struct time_evidence evidence;
    struct framer framer;
    struct decoder *decoder;
    member->times = (struct time_rules){.order = member->options.order};
    if (!is_generic(member))
        return STATUS_OK;
    char *copy = malloc(head.len + BLOCK_PADDING); /* decoders look behind a block's end */
    enum status status = copy ? decoder_new(&decoder, &member->options, fault) : STATUS_FATAL;
    if (status != STATUS_OK) {
        free(copy);
        return fault_memory(fault);
    }
    memcpy(copy, head.at, head.len);
    memset(copy + head.len, 0, BLOCK_PADDING);
    time_evidence_init(&evidence);
    decoder->extractor.time.learn = &evidence;
    framer_init(&framer, member);
    bool whole = many_midnights(head);
    size_t end = head.len < LEARN_BYTES ? head.len : LEARN_BYTES;
    for (size_t at = 0, len; at < head.len && learns_more(&evidence, whole); at += len) {
        struct span rest = {copy + at, end - at};
        len = framer_cut(&framer, rest, end == head.len);
        if (len && !framer.drop)
            learn_block(decoder, member, (struct span){rest.at, len}, &framer.place, whole);
        if (!len && end == head.len)
            break;
        end = len ? end : head.len; /* the first bytes did not tell enough */
    }
    member->times = time_rules_of(&evidence, member->options.order);
    decoder_free(decoder);
    free(copy);
    return STATUS_OK;
}
