#include "stages/score/lexicon_source.h"

#include "stages/common/files.h"
#include "stages/common/num.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LEXICON_FILE_MAX (16u << 20)
#define FIELD_MAX 8

static const char *const MODIFIER_NAMES[MODIFIER_COUNT] = {
    "none",     "negator", "intensifier", "dampener", "contrast", "conditional",
    "question", "irony",   "report",      "person",   "incident", "balance"};

const char *modifier_name(enum modifier modifier) {
    return modifier < MODIFIER_COUNT ? MODIFIER_NAMES[modifier] : "none";
}

const char *tag_name(unsigned tag) {
    static const char *const names[] = {
        "intent:complaint", "intent:question", "intent:purchase", "intent:praise",
        "intent:recommend", "intent:dissuade", "intent:thanks",   "intent:request",
        "intent:churn",     "intent:rumor",    "stage:none",      "stage:aware",
        "stage:appeal",     "stage:ask",       "stage:act",       "stage:advocate"};
    static const char *const topics[TOPIC_COUNT - 1] = {
        "topic:delivery", "topic:price",    "topic:billing", "topic:outage",       "topic:quality",
        "topic:staff",    "topic:app",      "topic:returns", "topic:availability", "topic:privacy",
        "topic:safety",   "topic:contract", "topic:store",   "topic:advertising",  "topic:other"};
    if (tag < INTENT_COUNT)
        return names[tag];
    if (tag >= TAG_STAGE && tag < TAG_STAGE + STAGE_COUNT)
        return names[INTENT_COUNT + tag - TAG_STAGE];
    if (tag > TAG_TOPIC && tag < TAG_COUNT)
        return topics[tag - TAG_TOPIC - 1];
    return "none";
}

void lexicon_source_release(struct lexicon_source *source) {
    arena_release(&source->memory);
    free(source->entries);
    free(source->files);
    *source = (struct lexicon_source){0};
}

void lexicon_source_complain(struct lexicon_source *source, struct buf *messages, uint32_t file,
                             uint32_t line, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    source->problems++;
    buf_format(messages, "%s:%u: %s\n", source->files[file].path, line, text);
}

/* What a line is read with. */
struct line_reader {
    struct lexicon_source *source;
    struct buf *messages;
    uint32_t file, line;
    enum entry_shape shape;
    bool header_seen, foreign;
    struct span fields[FIELD_MAX];
    size_t field_count;
};

static struct span span_trim(struct span text) {
    while (text.len && (unsigned char)text.at[0] <= ' ')
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static void split_fields(struct line_reader *reader, struct span line) {
    reader->field_count = 0;
    for (bool more = true; more && reader->field_count < FIELD_MAX;) {
        const char *tab = memchr(line.at, '\t', line.len);
        size_t len = tab ? (size_t)(tab - line.at) : line.len;
        reader->fields[reader->field_count++] = span_trim((struct span){line.at, len});
        more = tab != NULL;
        line = (struct span){line.at + len + more, line.len - len - more};
    }
}

static struct span field(const struct line_reader *reader, size_t number) {
    return number < reader->field_count ? reader->fields[number] : (struct span){"", 0};
}

static struct lexicon_source_entry *add_entry(struct lexicon_source *source) {
    if (source->count == source->cap) {
        size_t cap = source->cap ? source->cap * 2 : 1024;
        struct lexicon_source_entry *entries = realloc(source->entries, cap * sizeof *entries);
        if (!entries)
            return NULL;
        source->entries = entries;
        source->cap = cap;
    }
    source->entries[source->count] = (struct lexicon_source_entry){0};
    return &source->entries[source->count++];
}

static bool read_header(struct line_reader *reader) {
    struct span first = field(reader, 0), second = field(reader, 1);
    reader->header_seen = true;
    if (span_is(first, "lemma") && span_is(second, "valence"))
        reader->shape = SHAPE_WORD;
    else if (span_is(first, "phrase") && span_is(second, "valence"))
        reader->shape = SHAPE_PHRASE;
    else if (span_is(first, "phrase") && span_is(second, "tag"))
        reader->shape = SHAPE_CUE;
    else if (span_is(first, "word") && span_is(second, "kind"))
        reader->shape = SHAPE_MODIFIER;
    else if (span_is(first, "emoji") || span_is(first, "emoticon"))
        reader->shape = SHAPE_EMOJI;
    else
        reader->foreign = true;
    return !reader->foreign;
}

/* A number of thousandths, or complaint and false. An empty field counts as `absent`. */
static bool read_number(struct line_reader *reader, size_t number, int absent, int low, int high,
                        int16_t *out) {
    struct span text = field(reader, number);
    int64_t value = absent;
    if (text.len && text.at[0] == '+')
        text = (struct span){text.at + 1, text.len - 1};
    if (text.len && !num_i64(text, &value)) {
        lexicon_source_complain(reader->source, reader->messages, reader->file, reader->line,
                                "\"%.*s\" is not a whole number", (int)text.len, text.at);
        return false;
    }
    if (value < low || value > high) {
        lexicon_source_complain(reader->source, reader->messages, reader->file, reader->line,
                                "%lld is not within %d..%d", (long long)value, low, high);
        return false;
    }
    *out = (int16_t)value;
    return true;
}

static bool read_shape(struct line_reader *reader, struct lexicon_source_entry *entry) {
    struct span kind = field(reader, 1); /* of a modifier, or the tag of a cue */
    switch (reader->shape) {
    case SHAPE_WORD:
        entry->pos = field(reader, 2);
        entry->note = field(reader, 3);
        return read_number(reader, 1, 0, -1000, 1000, &entry->valence);
    case SHAPE_PHRASE:
        entry->note = field(reader, 2);
        return read_number(reader, 1, 0, -1000, 1000, &entry->valence);
    case SHAPE_MODIFIER:
        entry->note = field(reader, 3);
        for (unsigned i = 1; i < MODIFIER_COUNT; i++)
            if (span_is(kind, MODIFIER_NAMES[i]))
                entry->modifier = (uint8_t)i;
        if (entry->modifier)
            return read_number(reader, 2, entry->modifier == MODIFIER_NEGATOR ? 3 : 1000, 0, 5000,
                               &entry->value);
        lexicon_source_complain(reader->source, reader->messages, reader->file, reader->line,
                                "\"%.*s\" is not a kind of modifier", (int)kind.len, kind.at);
        return false;
    case SHAPE_CUE:
        entry->note = field(reader, 3);
        for (unsigned i = 0; i < TAG_COUNT; i++)
            if (span_is(kind, tag_name(i))) {
                entry->tag = (uint8_t)i;
                return read_number(reader, 2, 500, -1000, 1000, &entry->value);
            }
        lexicon_source_complain(reader->source, reader->messages, reader->file, reader->line,
                                "\"%.*s\" is not a tag", (int)kind.len, kind.at);
        return false;
    case SHAPE_EMOJI:
        entry->note = field(reader, 3);
        return read_number(reader, 1, 0, -1000, 1000, &entry->valence) &&
               read_number(reader, 2, 0, 0, 1000, &entry->value);
    }
    return false;
}

/* VADER and AFINN: word<TAB>number, the number with a point only in VADER's file. */
static bool read_foreign(struct line_reader *reader, struct lexicon_source_entry *entry) {
    struct span number = field(reader, 1);
    int64_t milli;
    bool vader = memchr(number.at, '.', number.len) != NULL || reader->field_count > 2;
    int64_t range = vader ? 4000 : 5000;
    if (!num_scaled(number, 3, &milli) || milli < -range || milli > range) {
        lexicon_source_complain(
            reader->source, reader->messages, reader->file, reader->line,
            "without a header line this must be VADER's or AFINN's lexicon, but "
            "\"%.*s\" is not within -%d..%d",
            (int)number.len, number.at, (int)range / 1000, (int)range / 1000);
        return false;
    }
    entry->valence = (int16_t)(milli * 1000 / range);
    entry->pos = SPAN_LITERAL("-");
    reader->source->files[reader->file].kind = vader ? "VADER" : "AFINN";
    return true;
}

static enum status read_line(struct line_reader *reader, struct span line, struct fault *fault) {
    if (!line.len)
        return STATUS_OK;
    if (line.at[0] == '#' && (line.len == 1 || line.at[1] == ' ')) {
        const struct span mark = SPAN_LITERAL("# language:");
        if (!span_starts(line, mark.at))
            return STATUS_OK;
        struct span name = span_trim((struct span){line.at + mark.len, line.len - mark.len});
        for (int i = LANGUAGE_PL; i < LANGUAGE_COUNT; i++)
            if (span_is(name, language_name((enum language)i)))
                reader->source->files[reader->file].language = (enum language)i;
        return STATUS_OK;
    }
    split_fields(reader, line);
    if (!reader->header_seen && read_header(reader))
        return STATUS_OK;
    struct lexicon_source_entry *entry = add_entry(reader->source);
    if (!entry)
        return fault_memory(fault);
    entry->text = field(reader, 0);
    entry->file = reader->file;
    entry->line = reader->line;
    entry->shape = (uint8_t)reader->shape;
    if (!entry->text.len)
        lexicon_source_complain(reader->source, reader->messages, reader->file, reader->line,
                                "the first field is empty");
    bool usable = entry->text.len &&
                  (reader->foreign ? read_foreign(reader, entry) : read_shape(reader, entry));
    reader->source->count -= !usable;
    return STATUS_OK;
}

enum status lexicon_source_read_bytes(struct lexicon_source *source, const char *name,
                                      enum language language, struct span bytes,
                                      struct buf *messages, struct fault *fault) {
    if (source->file_count == source->file_cap) {
        size_t cap = source->file_cap ? source->file_cap * 2 : 16;
        struct lexicon_source_file *files = realloc(source->files, cap * sizeof *files);
        if (!files)
            return fault_memory(fault);
        source->files = files;
        source->file_cap = cap;
    }
    struct span path = arena_copy(&source->memory, span_of(name));
    struct span text = arena_copy(&source->memory, bytes);
    if (!path.at || (bytes.len && !text.at))
        return fault_memory(fault);
    struct line_reader reader = {
        .source = source, .messages = messages, .file = (uint32_t)source->file_count++};
    source->files[reader.file] = (struct lexicon_source_file){path.at, language, "lexicon"};
    enum status status = STATUS_OK;
    while (status == STATUS_OK && text.len) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) : text.len;
        reader.line++;
        size_t trimmed = len && text.at[len - 1] == '\r' ? len - 1 : len;
        status = read_line(&reader, (struct span){text.at, trimmed}, fault);
        len += end != NULL;
        text = (struct span){text.at + len, text.len - len};
    }
    return status;
}

enum status lexicon_source_load(struct lexicon_source *source, const char *path,
                                enum language language, struct buf *messages, struct fault *fault) {
    struct buf raw;
    buf_init(&raw, LEXICON_FILE_MAX);
    enum status status = file_read(path, &raw, fault);
    if (status == STATUS_OK)
        status =
            lexicon_source_read_bytes(source, path, language, buf_as_span(&raw), messages, fault);
    buf_release(&raw);
    return status;
}

static int is_tsv(const struct dirent *entry) {
    return span_ends(span_of(entry->d_name), ".tsv");
}

/* By bytes, so that the order does not depend on the locale. */
static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum status lexicon_source_read_folder(struct lexicon_source *source, const char *path,
                                       enum language language, struct buf *messages,
                                       struct fault *fault) {
    struct dirent **names = NULL;
    int count = scandir(path, &names, is_tsv, by_name);
    if (count < 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot list folder \"%s\"", path);
    enum status status = STATUS_OK;
    for (int i = 0; i < count; i++) {
        char file[4096];
        int len = snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (status == STATUS_OK && len > 0 && (size_t)len < sizeof file)
            status = lexicon_source_load(source, file, language, messages, fault);
        free(names[i]);
    }
    free(names);
    return status;
}
