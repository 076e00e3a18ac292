/* Hashtags, which are split at case changes, digits and underscores, and @handles. */
#include "stages/text/token_reader.h"

/* Where the tag ends: behind letters, digits, marks and underscores. */
static uint32_t tag_end(const struct token_reader *reader, uint32_t at) {
    while (at < reader->len) {
        uint32_t len = 1;
        enum char_class class = CHAR_LOWER; /* what _ passes for */
        if (reader->text[at] != '_')
            class = char_class_at(reader->text, reader->len, at, &len);
        if (class != CHAR_UPPER && class != CHAR_LOWER && class != CHAR_DIGIT &&
            class != CHAR_MARK && class != CHAR_CJK)
            break;
        at += len;
    }
    return at;
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
        enum char_class class = char_class_at(reader->text, reader->len, at, &len);
        bool full = pieces->count + 1 >= PIECES_MAX;
        if (class == CHAR_MARK)
            class = before; /* goes with its letter */
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
    uint32_t from = reader->at, end = tag_end(reader, from + 1);
    struct pieces pieces = {0};
    split_tag(reader, from + 1, end, &pieces);
    if (pieces.count == 0)
        pieces.of[pieces.count++] = (struct word_piece){from + 1, end - from - 1};
    reader->at = end;
    return token_reader_push_pieces(reader, TOKEN_HASHTAG, from, end - from, &pieces);
}

/* A handle goes on over a dot that joins letters (domains as names) and over one @server. */
bool read_handle(struct token_reader *reader) {
    uint32_t from = reader->at, end = tag_end(reader, from + 1), len;
    bool server = false;
    while (end + 1 < reader->len) {
        enum char_class next = char_class_at(reader->text, reader->len, end + 1, &len);
        bool goes_on = next == CHAR_LOWER || next == CHAR_DIGIT;
        bool at_server = reader->text[end] == '@' && !server;
        if (!goes_on || (reader->text[end] != '.' && !at_server))
            break;
        server |= at_server;
        end = tag_end(reader, end + 1);
    }
    struct pieces pieces = {.of = {{from + 1, end - from - 1}}, .count = 1};
    reader->at = end;
    return token_reader_push_pieces(reader, TOKEN_HANDLE, from, end - from, &pieces);
}
