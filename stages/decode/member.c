#include "stages/decode/framing.h"
#include "stages/decode/sample.h"
#include "stages/decode/text_syntax.h"
#include "stages/decode/topics.h"

#include "stages/common/hash.h"

#include <stdio.h>
#include <stdlib.h>

/* A mail with attachments of 25 MiB, as large as mail providers let pass, is 35 MiB as base64;
 * pages of posts and videos with their comments are less. */
#define RECORD_MAX ((size_t)40 << 20)
/* How far the rows of a table are looked for the end of a quoted field of many lines. */
#define ROW_LINES_MAX ((size_t)1 << 20)

struct decode_options decode_options_default(void) {
    return (struct decode_options){.max_record_bytes = RECORD_MAX};
}

/* What <?xml ... encoding="..."?> says. */
static enum encoding declared_encoding(struct span head) {
    const char *end = memchr(head.at, '>', head.len < 200 ? head.len : 200);
    const char *at = end ? memmem(head.at, (size_t)(end - head.at), "encoding=", 9) : NULL;
    if (!at || end - at < 11)
        return ENCODING_UNKNOWN;
    at += 10;
    const char *quote = memchr(at, at[-1], (size_t)(end - at));
    return quote ? encoding_by_name((struct span){at, (size_t)(quote - at)}) : ENCODING_UNKNOWN;
}

/* What mark, mapping or declaration say; ENCODING_UNKNOWN when it must be guessed. */
static enum encoding stated_encoding(const struct decode_options *options, struct span head,
                                     enum shape shape) {
    enum encoding marked = encoding_by_mark(head);
    if (marked == ENCODING_UNKNOWN && options->mapping)
        marked = options->mapping->encoding;
    if (marked == ENCODING_UNKNOWN && shape == SHAPE_XML)
        marked = declared_encoding(head);
    return encoding_is_utf16(marked) ? ENCODING_UTF8 : marked;
}

/* Whether most of the first lines begin an object: the first may be damaged. */
static bool lines_begin_objects(struct span head) {
    int lines = 0, objects = 0;
    while (head.len && lines < 10) {
        const char *feed = memchr(head.at, '\n', head.len);
        size_t len = feed ? (size_t)(feed - head.at) + 1 : head.len;
        lines += len > 2;
        objects += len > 2 && head.at[0] == '{' && head.at[1] == '"';
        head = (struct span){head.at + len, head.len - len};
    }
    return objects * 2 >= lines && objects > 1;
}

/* By the first byte that means something. */
static enum shape look_of(struct span head) {
    if (text_format(head))
        return SHAPE_TEXT;
    size_t at = document_prefix(head);
    char first = at < head.len ? head.at[at] : '\0';
    if (first == '{' || first == '[' || lines_begin_objects(head))
        return SHAPE_JSON;
    return first == '<' ? SHAPE_XML : SHAPE_CSV;
}

static void apply_mapping(struct decode_member *member, const struct mapping *mapping) {
    if (!mapping)
        return;
    if (mapping->has_zone)
        member->options.zone = &mapping->zone;
    if (mapping->has_day_first)
        member->options.order = mapping->day_first ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
    if (mapping->platform != PLATFORM_COUNT)
        member->platform = mapping->platform;
}

/* In place of what the sniffer made. */
static enum status open_side_file(struct decode_member *member, struct fault *fault) {
    table_free(member->table);
    member->table = NULL;
    member->format = &format_side_file;
    member->framing = FRAMING_NONE;
    member->lead = 0;
    member->guessed = false;
    member->plan = (struct document_plan){0};
    return table_compile(&member->table, member->format, member->format->rows, fault);
}

static enum status sniff(struct decode_member *member, struct span head, struct fault *fault) {
    const struct mapping *mapping = member->options.mapping;
    const struct format *forced = mapping ? mapping->format : NULL;
    if (member->options.format && !(forced = format_find(member->options.format)))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "unknown format \"%s\"",
                         member->options.format);
    member->format = forced;
    static enum status (*const sniffers[SHAPE_COUNT])(struct decode_member *, struct span,
                                                      struct fault *) = {[SHAPE_JSON] = sniff_json,
                                                                         [SHAPE_CSV] = sniff_csv,
                                                                         [SHAPE_XML] = sniff_xml,
                                                                         [SHAPE_TEXT] = sniff_text};
    _Static_assert(SHAPE_COUNT == 4, "a shape has a sniffer");
    enum status status = sniffers[forced ? forced->shape : look_of(head)](member, head, fault);
    bool by_names = status == STATUS_OK && !member->format->rows && !(mapping && mapping->rows);
    if (!forced && (status == STATUS_SKIP || by_names) &&
        is_side_file(member, head, status == STATUS_SKIP))
        status = open_side_file(member, fault);
    if (status != STATUS_OK)
        return status;
    member->platform = member->format->platform;
    apply_mapping(member, mapping);
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
    if (status == STATUS_OK)
        member->lead =
            encoding_raw_bytes((struct span){text.at, member->lead}, member->encoding, head);
    buf_release(&text);
    return status;
}

/* Of a format that knows its ids nobody asks. */
static enum status name_file(struct decode_member *member, struct span head, struct fault *fault) {
    char name[24];
    if (member->format->rows && member->format->shape != SHAPE_TEXT)
        return STATUS_OK;
    snprintf(name, sizeof name, "file %016llx", (unsigned long long)hash_stable(head));
    member->file = arena_copy(&member->arena, span_of(name));
    return member->file.at ? STATUS_OK : fault_memory(fault);
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

/* An image of a disc says so behind 32 KiB (ECMA-119, 8.1), farther than is looked into a codec. */
static bool is_image(struct span head) {
    static const size_t at = 32769;
    return head.len > at + 5 && memcmp(head.at + at, "CD001", 5) == 0;
}

static enum status open_head(struct decode_member **out, struct span head, const char *label,
                             const struct decode_options *options, struct fault *fault) {
    *out = NULL;
    struct decode_member *member = calloc(1, sizeof *member);
    if (!member)
        return fault_memory(fault);
    const char *slash = label ? strrchr(label, '/') : NULL;
    member->options = *options;
    member->dialect = (struct csv_dialect){.feed = '\n', .time_column = -1, .max = ROW_LINES_MAX};
    if (options->max_record_bytes < ROW_LINES_MAX)
        member->dialect.max = options->max_record_bytes;
    member->name = span_of(slash ? slash + 1 : label ? label : "");
    member->label = arena_copy(&member->arena, span_of(label ? label : ""));
    enum shape shape = look_of(head);
    member->encoding = stated_encoding(options, head, shape);
    const struct format *plain = shape == SHAPE_TEXT ? text_format(head) : NULL;
    if (plain && plain->syntax->bytes)
        member->encoding = ENCODING_UTF8; /* nothing is converted before its record is split */
    if (member->encoding == ENCODING_UNKNOWN) {
        /* JSON and XML are UTF-8 by definition; single bad bytes are repaired record by record */
        member->encoding = encoding_guess(head, shape != SHAPE_CSV, &member->clear_encoding);
        member->repaired_encoding = member->encoding != ENCODING_UTF8;
    }
    enum status status = !head.len ? fault_set(fault, STATUS_SKIP, EXIT_DATA, "it is empty")
                         : is_image(head)
                             ? fault_set(fault, STATUS_SKIP, EXIT_DATA,
                                         "iso images are not read; unpack it first (7z x)")
                             : open_text(member, head, fault);
    if (status == STATUS_OK && member->format->polish_clock && !member->options.zone)
        member->options.zone = options->poland;
    if (status == STATUS_OK && member->format->topic_mark && member->framing == FRAMING_DOCUMENT &&
        !(member->topics = topics_new()))
        status = fault_memory(fault);
    if (status == STATUS_OK)
        name_tool(member, head);
    if (status == STATUS_OK)
        status = name_file(member, head, fault);
    if (status == STATUS_OK)
        status = learn_times(member, head, fault);
    if (status != STATUS_OK) {
        decode_close(member);
        if (status == STATUS_SKIP)
            name_member(fault, label);
        return status;
    }
    *out = member;
    return STATUS_OK;
}

/* ---- many places ---- */

enum { PLACES = 16, PLACE_BYTES = 32 * 1024, PLACE_LINES = 4, FIRST_LINES = 12 };

static bool is_text(struct span line) {
    for (size_t i = 0; i < line.len; i++) {
        unsigned char byte = (unsigned char)line.at[i];
        if (byte < 0x20 && byte != '\t' && byte != '\r')
            return false;
    }
    return line.len > 0;
}

/* The next whole line of text in what is left of a place, with its line feed. */
static struct span next_text_line(struct span *left) {
    const char *feed;
    while (left->len && (feed = memchr(left->at, '\n', left->len))) {
        struct span line = {left->at, (size_t)(feed - left->at) + 1};
        *left = (struct span){feed + 1, left->len - line.len};
        if (is_text((struct span){line.at, line.len - 1}))
            return line;
    }
    return (struct span){NULL, 0};
}

/* Lines of text from all over the head: the `first` of all, where a header is, then one of each
 * place in turn, from the last place on, which is the farthest from what the head begins with.
 * *same: how many bytes stand at the beginning as they do in the head. */
static bool gather_places(struct span head, int first, struct buf *out, size_t *same) {
    size_t step = head.len / PLACES;
    struct span left[PLACES], line;
    for (size_t i = 0; i < PLACES; i++) {
        size_t len = step < PLACE_BYTES ? step : PLACE_BYTES;
        left[i] = (struct span){head.at + i * step, len};
        const char *feed = i ? memchr(left[i].at, '\n', len) : NULL;
        if (i) /* from the beginning of a line */
            left[i] = feed ? (struct span){feed + 1, len - (size_t)(feed + 1 - left[i].at)}
                           : (struct span){NULL, 0};
    }
    *same = 0;
    for (int i = 0; i < first && (line = next_text_line(&left[0])).len; i++) {
        *same += line.at == head.at + *same ? line.len : 0;
        buf_span(out, line);
    }
    for (int round = 0; round < PLACE_LINES; round++)
        for (size_t i = PLACES - 1; i > 0; i--)
            buf_span(out, next_text_line(&left[i]));
    return !out->failed;
}

/* A head that begins with damage, or with records of another kind, is judged by lines from all over
 * it. What lies before a record in a document is needed, so documents are not read in this way. */
static enum status open_places(struct decode_member **out, struct span head, const char *label,
                               const struct decode_options *options, struct fault *fault) {
    static const int first[] = {FIRST_LINES, 0};
    struct buf places;
    enum status status = STATUS_SKIP;
    size_t same;
    buf_init(&places, PLACES * PLACE_BYTES * PLACE_LINES);
    for (size_t i = 0; i < sizeof first / sizeof *first && status == STATUS_SKIP; i++) {
        buf_clear(&places);
        if (!gather_places(head, first[i], &places, &same))
            status = fault_memory(fault);
        else if (places.len)
            status = open_head(out, buf_as_span(&places), label, options, NULL);
        if (status != STATUS_OK)
            continue;
        enum framing framing = (*out)->framing;
        if ((framing == FRAMING_LINES || framing == FRAMING_CSV) && (*out)->lead <= same)
            continue;
        decode_close(*out);
        *out = NULL;
        status = STATUS_SKIP;
    }
    buf_release(&places);
    return status;
}

/* ---- a document without its beginning ---- */

/* The first byte at or behind `at` that is no blank, or `end`. */
static const char *no_blank(const char *at, const char *end) {
    while (at < end && (unsigned char)*at <= ' ')
        at++;
    return at;
}

/* Where an object begins behind another one: }, {"; NULL when nothing of the kind is there. */
static const char *behind_object(const char *at, const char *end) {
    while ((at = memchr(at, '}', (size_t)(end - at)))) {
        const char *comma = no_blank(++at, end);
        const char *open = comma < end && *comma == ',' ? no_blank(comma + 1, end) : end;
        const char *key = open < end && *open == '{' ? no_blank(open + 1, end) : end;
        if (key < end && *key == '"')
            return open;
    }
    return NULL;
}

/* The first element of the outermost array that the rest of a document shows: brackets that are
 * closed and were not opened lead outwards. 0 when it shows none. */
static size_t torn_element(struct span head) {
    const char *end = head.at + head.len, *at = behind_object(head.at, end), *first = at;
    bool in_string = false, inside = true;
    char before = ',';
    for (int depth = 0; at && at < end; at++) {
        char byte = *at;
        if (in_string) {
            at += byte == '\\';
            in_string = byte != '"';
            continue;
        }
        if (byte == '{' || byte == '[') {
            if (!depth && !inside && byte == '{' && before == ',') {
                first = at;
                inside = true;
            }
            depth++;
        } else if (byte == '}' || byte == ']') {
            inside &= depth > 0;
            depth -= depth > 0;
        }
        in_string = byte == '"';
        before = (unsigned char)byte > ' ' ? byte : before;
    }
    return first ? (size_t)(first - head.at) : 0;
}

/* What stands before the first whole element is lost, which is said (decode_is_torn). */
static enum status open_torn(struct decode_member **out, struct span head, const char *label,
                             const struct decode_options *options) {
    size_t lead = torn_element(head);
    if (!lead || open_head(out, (struct span){head.at + lead, head.len - lead}, label, options,
                           NULL) != STATUS_OK)
        return STATUS_SKIP;
    if ((*out)->framing == FRAMING_DOCUMENT) {
        (*out)->lead += lead;
        (*out)->torn = true;
        return STATUS_OK;
    }
    decode_close(*out);
    *out = NULL;
    return STATUS_SKIP;
}

bool decode_is_torn(const struct decode_member *member) {
    return member->torn;
}

enum status decode_open(struct decode_member **out, struct span head, const char *label,
                        const struct decode_options *options, struct fault *fault) {
    enum status status = open_head(out, head, label, options, fault);
    if (status == STATUS_SKIP)
        status = open_torn(out, head, label, options);
    if (status == STATUS_SKIP)
        status = open_places(out, head, label, options, fault);
    if (status == STATUS_SKIP && head.len >= 16 && bytes_are_binary(head)) {
        fault_set(fault, status, EXIT_DATA,
                  "binary data of an unknown kind; if it is compressed (brotli has no mark) or "
                  "encrypted, decompress or decrypt it first; if it is a part of a split archive, "
                  "join the parts");
        name_member(fault, label);
    }
    return status;
}

void decode_close(struct decode_member *member) {
    if (!member)
        return;
    table_free(member->table);
    topics_free(member->topics);
    arena_release(&member->arena);
    free(member);
}

const char *decode_format_name(const struct decode_member *member) {
    return member->format->name;
}

const char *decode_label(const struct decode_member *member) {
    return member->label.at ? member->label.at : "";
}

const char *decode_path(const struct decode_member *member) {
    return member->options.path ? member->options.path : decode_label(member);
}

enum platform decode_platform(const struct decode_member *member) {
    return member->platform;
}
