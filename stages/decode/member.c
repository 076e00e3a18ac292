#include "stages/decode/member.h"

#include <stdlib.h>

struct decode_options decode_options_default(void) {
    return (struct decode_options){.max_record_bytes = (size_t)1 << 20};
}

static enum encoding choose_encoding(const struct decode_options *options, struct span head,
                                     bool json) {
    enum encoding marked = encoding_by_mark(head);
    if (marked != ENCODING_UNKNOWN)
        return marked;
    if (options->mapping && options->mapping->encoding != ENCODING_UNKNOWN)
        return options->mapping->encoding;
    /* JSON is UTF-8 by definition; single bad bytes are repaired record by record */
    return json ? ENCODING_UTF8 : encoding_guess(head);
}

static bool begins_like_json(struct span head) {
    size_t at = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    while (at < head.len && (unsigned char)head.at[at] <= ' ')
        at++;
    return at < head.len && (head.at[at] == '{' || head.at[at] == '[');
}

static void apply_mapping(struct decode_member *member, const struct mapping *mapping) {
    if (!mapping)
        return;
    if (mapping->has_zone)
        member->options.zone = &mapping->zone;
    if (mapping->has_day_first)
        member->options.day_first = mapping->day_first;
    if (mapping->platform != PLATFORM_COUNT)
        member->platform = mapping->platform;
}

static enum status sniff(struct decode_member *member, struct span head, struct fault *fault) {
    const struct mapping *mapping = member->options.mapping;
    const struct format *forced = mapping ? mapping->format : NULL;
    if (member->options.format && !(forced = format_find(member->options.format)))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "unknown format \"%s\"",
                         member->options.format);
    member->format = forced;
    bool json = forced ? forced->shape == SHAPE_JSON : begins_like_json(head);
    enum status status = json ? sniff_json(member, head, fault) : sniff_csv(member, head, fault);
    if (status != STATUS_OK)
        return status;
    member->platform = member->format->platform;
    apply_mapping(member, mapping);
    struct span lead = {head.at, member->lead};
    member->lead = encoding_raw_bytes(lead, member->encoding);
    return STATUS_OK;
}

static enum status open_text(struct decode_member *member, struct span head, struct fault *fault) {
    if (member->encoding == ENCODING_UTF8)
        return sniff(member, head, fault);
    struct buf text;
    buf_init(&text, head.len * 3 + 16);
    enum status status = encoding_to_utf8(head, member->encoding, &text)
                             ? sniff(member, buf_as_span(&text), fault)
                             : fault_memory(fault);
    buf_release(&text);
    return status;
}

/* Says which member the fault is about. */
static void name_member(struct fault *fault, const char *label) {
    char text[sizeof fault->text];
    if (!fault)
        return;
    memcpy(text, fault->text, sizeof text);
    fault_set(fault, STATUS_SKIP, fault->exit_code, "\"%.200s\": %.250s", label ? label : "?",
              text);
}

enum status decode_open(struct decode_member **out, struct span head, const char *label,
                        const struct decode_options *options, struct fault *fault) {
    *out = NULL;
    struct decode_member *member = calloc(1, sizeof *member);
    if (!member)
        return fault_memory(fault);
    member->options = *options;
    member->encoding = choose_encoding(options, head, begins_like_json(head));
    member->repaired_encoding =
        member->encoding != ENCODING_UTF8 || encoding_by_mark(head) != ENCODING_UNKNOWN;
    enum status status = head.len ? open_text(member, head, fault)
                                  : fault_set(fault, STATUS_SKIP, EXIT_DATA, "it is empty");
    if (status != STATUS_OK) {
        decode_close(member);
        if (status == STATUS_SKIP)
            name_member(fault, label);
        return status;
    }
    *out = member;
    return STATUS_OK;
}

void decode_close(struct decode_member *member) {
    if (!member)
        return;
    table_free(member->table);
    arena_release(&member->arena);
    free(member);
}

const char *decode_format_name(const struct decode_member *member) {
    return member->format->name;
}

enum platform decode_platform(const struct decode_member *member) {
    return member->platform;
}
