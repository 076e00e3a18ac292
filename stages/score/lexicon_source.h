/* lexicon_source: lexicon files as people write them (TSV) in, a list of checked entries out.
 *
 * The header line of a file says what it holds: "lemma valence pos note", "phrase valence note",
 * "word kind value note", "phrase tag weight note", "emoji valence irony note" or "emoticon ...".
 * Files without such a header are taken for VADER's lexicon (token, mean -4..4, deviation,
 * ratings) or AFINN's (word, -5..5) when their lines have that shape. Lines that begin with "# "
 * are comments; "# language: pl" limits a file to one language.
 *
 * Memory: a source owns copies of everything. May fail: STATUS_FATAL when a file cannot be read or
 * memory ends. Lines that cannot be used are left out and told in `messages`, one line each. */
#ifndef BURZA_SCORE_LEXICON_SOURCE_H
#define BURZA_SCORE_LEXICON_SOURCE_H

#include "stages/common/arena.h"
#include "stages/common/buf.h"
#include "stages/model/post.h"

enum entry_shape {
    SHAPE_WORD,     /* a lemma with a valence */
    SHAPE_PHRASE,   /* several words with a valence of their own */
    SHAPE_MODIFIER, /* changes what stands near it */
    SHAPE_CUE,      /* evidence for an intent, a stage or a topic */
    SHAPE_EMOJI,    /* emoji and emoticons */
};

enum modifier {
    MODIFIER_NONE,
    MODIFIER_NEGATOR,     /* value: how many tokens its scope reaches */
    MODIFIER_INTENSIFIER, /* value: factor in thousandths */
    MODIFIER_DAMPENER,    /* value: factor in thousandths */
    MODIFIER_CONTRAST,    /* value: weight in thousandths of what follows */
    MODIFIER_CONDITIONAL, /* value: factor in thousandths */
    MODIFIER_QUESTION,    /* marks its clause as a question */
    MODIFIER_IRONY,       /* value: strength in thousandths */
    MODIFIER_REPORT,      /* value: factor in thousandths */
    MODIFIER_PERSON,      /* the writer or the reader is spoken of: no headline */
    MODIFIER_INCIDENT,    /* a mishap that happened again: applause before it is ironic */
    MODIFIER_BALANCE,     /* good and bad are weighed and found equal */
    MODIFIER_COUNT,
};

/* A cue's tag: an intent bit number, or TAG_STAGE plus an enum stage, or TAG_TOPIC plus an enum
 * topic. */
enum { TAG_STAGE = 32, TAG_TOPIC = 64, TAG_COUNT = TAG_TOPIC + TOPIC_COUNT };

struct lexicon_source_entry {
    struct span text, pos, note;
    uint8_t shape;    /* enum entry_shape */
    uint8_t modifier; /* enum modifier */
    uint8_t tag;      /* of a cue */
    int16_t valence;  /* thousandths */
    int16_t value;    /* of a modifier; weight of a cue; irony of an emoji */
    uint32_t file, line;
};

struct lexicon_source_file {
    const char *path;       /* as given */
    enum language language; /* LANGUAGE_OTHER: for every language */
    const char *kind;       /* "lexicon", "VADER" or "AFINN" */
};

struct lexicon_source {
    struct lexicon_source_entry *entries;
    size_t count, cap;
    struct lexicon_source_file *files;
    size_t file_count, file_cap;
    size_t problems;
    struct arena memory;
};

void lexicon_source_release(struct lexicon_source *source);
/* Adds the file at `path`. `language` LANGUAGE_OTHER means that the file's own comment decides. */
enum status lexicon_source_load(struct lexicon_source *source, const char *path,
                                enum language language, struct buf *messages,
                                struct fault *fault) MUST_USE;
/* The same from bytes, which are copied; `name` stands for the file in messages. */
enum status lexicon_source_read_bytes(struct lexicon_source *source, const char *name,
                                      enum language language, struct span bytes,
                                      struct buf *messages, struct fault *fault) MUST_USE;
/* Adds every *.tsv of a folder, in order of name. */
enum status lexicon_source_read_folder(struct lexicon_source *source, const char *path,
                                       enum language language, struct buf *messages,
                                       struct fault *fault) MUST_USE;
/* "FILE:LINE: MESSAGE" to `messages`, and counts it. */
void lexicon_source_complain(struct lexicon_source *source, struct buf *messages, uint32_t file,
                             uint32_t line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

const char *modifier_name(enum modifier modifier);
/* Text of a tag such as "intent:complaint". */
const char *tag_name(unsigned tag);

#endif
