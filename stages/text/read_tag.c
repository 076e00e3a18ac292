/* Hashtags, which are split at case changes, digits and underscores, and @handles. */
#include "stages/text/token_reader.h"

static bool is_tag_at(const struct token_reader *reader, uint32_t at, uint32_t *len) {
    if (at >= reader->len)
        return false;
    *len = 1;
    if (reader->text[at] == '_')
        return true;
    switch (char_class_at(reader->text, reader->len, at, len)) {
    case CHAR_UPPER:
    case CHAR_LOWER:
    case CHAR_DIGIT:
    case CHAR_MARK:
    case CHAR_CJK:
        return true;
    default:
        return false;
    }
}

/* Where the tag ends; *lettered when it has anything but digits. */
static uint32_t tag_end(const struct token_reader *reader, uint32_t at, bool *lettered) {
    uint32_t len;
    *lettered = false;
    for (; is_tag_at(reader, at, &len); at += len)
        *lettered |= len > 1 || (unsigned)(reader->text[at] - '0') > 9;
    return at;
}

/* The class that decides about splits; marks and other letters go with what is before them. */
static enum char_class split_class(const struct token_reader *reader, uint32_t at, uint32_t *len,
                                   enum char_class before) {
    enum char_class class = char_class_at(reader->text, reader->len, at, len);
    return class == CHAR_MARK ? before : class;
}

/* orange|Wstyd, PKO|Bank, wstyd|2024; a capital ends a run of capitals when a small letter follows.
 */
static bool splits(const struct token_reader *reader, enum char_class before, enum char_class class,
                   uint32_t next, uint32_t end) {
    if (before == class) {
        uint32_t len;
        return class == CHAR_UPPER && next < end &&
               char_class_at(reader->text, reader->len, next, &len) == CHAR_LOWER;
    }
    if (before == CHAR_UPPER && class == CHAR_LOWER)
        return false;
    return true;
}

static void add_piece(struct pieces *pieces, uint32_t from, uint32_t to) {
    if (to > from)
        pieces->of[pieces->count++] = (struct word_piece){from, to - from};
}

static void split_tag(const struct token_reader *reader, uint32_t at, uint32_t end,
                      struct pieces *pieces) {
    enum char_class before = CHAR_OTHER;
    uint32_t from = at;
    for (uint32_t len; at < end; at += len) {
        enum char_class class = split_class(reader, at, &len, before);
        bool full = pieces->count + 1 >= PIECES_MAX;
        if (reader->text[at] == '_' && !full) {
            add_piece(pieces, from, at);
            from = at + 1;
            before = CHAR_OTHER;
            continue;
        }
        if (before != CHAR_OTHER && !full && splits(reader, before, class, at + len, end)) {
            add_piece(pieces, from, at);
            from = at;
        }
        before = class;
    }
    add_piece(pieces, from, end);
}

bool read_hashtag(struct token_reader *reader) {
    bool lettered;
    uint32_t from = reader->at, end = tag_end(reader, from + 1, &lettered);
    struct pieces pieces = {0};
    split_tag(reader, from + 1, end, &pieces);
    if (pieces.count == 0)
        pieces.of[pieces.count++] = (struct word_piece){from + 1, end - from - 1};
    reader->at = end;
    return token_reader_push_pieces(reader, TOKEN_HASHTAG, from, end - from, &pieces);
}

/* A handle goes on over a dot that joins letters (domains as names) and over one @server. */
static uint32_t handle_end(const struct token_reader *reader, uint32_t at) {
    bool lettered, server = false;
    for (;;) {
        at = tag_end(reader, at, &lettered);
        if (at + 1 >= reader->len)
            return at;
        uint32_t len;
        enum char_class next = char_class_at(reader->text, reader->len, at + 1, &len);
        bool joins = next == CHAR_LOWER || next == CHAR_DIGIT;
        if (reader->text[at] == '@' && joins && !server)
            server = true;
        else if (reader->text[at] != '.' || !joins)
            return at;
        at++;
    }
}

bool read_handle(struct token_reader *reader) {
    uint32_t from = reader->at, end = handle_end(reader, from + 1);
    struct pieces pieces = {.of = {{from + 1, end - from - 1}}, .count = 1};
    reader->at = end;
    return token_reader_push_pieces(reader, TOKEN_HANDLE, from, end - from, &pieces);
}
