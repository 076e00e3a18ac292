/* XML: how deep the records lie and of which format they are, by a sample of the head. */
#include "stages/decode/sample.h"
#include "stages/decode/xml_record.h"
#include "stages/decode/xml_scan.h"

enum { RECORD_DEPTH_MAX = 4, TRIES_MAX = 200 };

/* Records that have `depth` elements around them; one that the head cuts is left out. */
static void sample_depth(struct decode_member *member, struct xml_record *reader, struct span head,
                         uint32_t depth, struct sample *sample) {
    struct decode_place place = {0};
    struct record_scan scan = {0};
    const char *at = head.at, *end = head.at + head.len, *record = at;
    while (sample->count < SAMPLE_MAX && sample->tried < TRIES_MAX &&
           xml_walk(&place, &scan, depth, &at, end, false, &record)) {
        sample->tried++;
        member->sampled++;
        struct span bytes = {record, (size_t)(at - record)};
        uint64_t repairs = 0; /* they are counted when the record is read */
        if (!utf8_is_valid(bytes))
            bytes = utf8_repair(bytes, &member->arena, &repairs);
        sample_add(sample, xml_record_as_json(reader, bytes));
    }
}

static enum status use(struct decode_member *member, const struct sample *sample,
                       struct verdict verdict, struct fault *fault) {
    if (!verdict.format)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "XML, but of no known format, and without usual names for text and time; "
                         "give a mapping file");
    const struct row *rows = sample_rows(member, verdict.format, &sample, 1);
    if (!rows)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "XML without usual names for text and time; give a mapping file");
    member->format = verdict.format;
    member->framing = FRAMING_XML;
    return table_compile(&member->table, member->format, rows, fault);
}

enum status sniff_xml(struct decode_member *member, struct span head, struct fault *fault) {
    struct xml_record *reader = xml_record_new();
    struct sample best = {0};
    struct verdict verdict = {0};
    if (!reader)
        return fault_memory(fault);
    for (uint32_t depth = 1; depth <= RECORD_DEPTH_MAX; depth++) {
        struct sample sample = {0};
        sample_depth(member, reader, head, depth, &sample);
        struct verdict now = sample_judge(member, &sample, SHAPE_XML);
        /* a single record that has others in it is what holds them */
        bool held = now.bid == verdict.bid && verdict.votes == 1 && now.votes > 1;
        if (now.bid > verdict.bid || held) {
            sample_release(&best);
            best = sample;
            verdict = now;
            member->record_depth = depth;
        } else {
            sample_release(&sample);
        }
    }
    enum status status = use(member, &best, verdict, fault);
    member->lead = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    sample_release(&best);
    xml_record_free(reader);
    return status;
}
