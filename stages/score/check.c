#include "stages/score/check.h"

#include "stages/common/hash.h"
#include "stages/score/expand_lexicon.h"
#include "stages/text/inflect.h"

/* Entries are the same when they would be looked up and used alike. */
static enum status check_repeated(struct lexicon_source *source, struct counts *seen,
                                  uint32_t number, struct buf *messages, struct check_result *out,
                                  struct fault *fault) {
    const struct lexicon_source_entry *entry = &source->entries[number];
    char kind[4] = {(char)('a' + source->files[entry->file].language), (char)('a' + entry->shape),
                    (char)('a' + entry->modifier), (char)('a' + entry->tag)};
    struct span fields[2] = {{kind, sizeof kind}, entry->text};
    uint64_t *first = counts_at(seen, hash_stable_join(fields, 2));
    if (!first)
        return fault_memory(fault);
    if (!*first) {
        *first = number + 1;
        return STATUS_OK;
    }
    const struct lexicon_source_entry *other = &source->entries[*first - 1];
    bool opposed = entry->valence * other->valence < 0;
    out->duplicates += !opposed;
    out->contradictions += opposed;
    lexicon_source_complain(source, messages, entry->file, entry->line, "\"%.*s\" %s %s:%u",
                            (int)entry->text.len, entry->text.at,
                            opposed ? "contradicts" : "stands already in",
                            source->files[other->file].path, other->line);
    return STATUS_OK;
}

/* A single Polish word whose forms only the dictionary could give. */
static bool needs_dictionary(const struct lexicon_source *source,
                             const struct lexicon_source_entry *entry) {
    return source->files[entry->file].language == LANGUAGE_PL && entry->shape == SHAPE_WORD &&
           !span_is(entry->pos, "-") && !span_is(entry->pos, "int") &&
           !memchr(entry->text.at, ' ', entry->text.len) && !expand_listed(entry->note).at;
}

enum status check_source(struct lexicon_source *source, struct buf *messages,
                         struct check_result *out, struct fault *fault) {
    struct counts seen = {0};
    enum status status = STATUS_OK;
    *out = (struct check_result){0};
    for (uint32_t i = 0; status == STATUS_OK && i < source->count; i++) {
        const struct lexicon_source_entry *entry = &source->entries[i];
        status = check_repeated(source, &seen, i, messages, out, fault);
        if (!needs_dictionary(source, entry) || inflect_known(entry->text))
            continue;
        out->unknown++;
        buf_format(messages, "%s:%u: note: the dictionary does not know \"%.*s\"\n",
                   source->files[entry->file].path, entry->line, (int)entry->text.len,
                   entry->text.at);
    }
    counts_release(&seen);
    return status;
}
