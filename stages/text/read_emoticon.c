/* Western emoticons, xD and the horizontal ones (^^, -_-, T_T). The form is in lower case with the
 * mouth once; `repeat` tells how often the mouth was typed. */
#include "stages/text/token_reader.h"

#define FORM_MAX 16

struct emoticon {
    uint32_t len, repeat, form_len;
    char form[FORM_MAX];
};

static unsigned char byte_at(const struct token_reader *reader, uint32_t at) {
    return at < reader->len ? reader->text[at] : ' ';
}

static bool is_alnum(unsigned char byte) {
    return ascii_word[byte] || byte >= 0x80;
}

static void put(struct emoticon *found, unsigned char byte) {
    found->form[found->form_len++] = (char)(ascii_word[byte] ? ascii_word[byte] : byte);
}

static bool is_one_of(unsigned char byte, const char *set) {
    return byte && strchr(set, byte) != NULL;
}

/* The mouth run at `at` of an emoticon that began at `from`. Letters and digits only when they end
 * there, / and @ only when no path or name follows. */
static uint32_t mouth_end(const struct token_reader *reader, uint32_t at) {
    unsigned char mouth = byte_at(reader, at);
    if (!is_one_of(mouth, ")(]}[{|/\\*><DdPpOoSsCcXx3Bb@"))
        return at;
    uint32_t end = at;
    while (byte_at(reader, end) == mouth)
        end++;
    if (is_one_of(mouth, "/\\") && (end - at > 1 || is_alnum(byte_at(reader, end))))
        return at;
    if ((is_alnum(mouth) || mouth == '@') && is_alnum(byte_at(reader, end)))
        return at;
    return end;
}

/* :) ;-( =D :'( */
static bool eyes_first(const struct token_reader *reader, uint32_t at, struct emoticon *found) {
    uint32_t from = at;
    if (byte_at(reader, at) == '>' && is_one_of(byte_at(reader, at + 1), ":;="))
        put(found, byte_at(reader, at++));
    if (!is_one_of(byte_at(reader, at), ":;="))
        return false;
    put(found, byte_at(reader, at++));
    if (is_one_of(byte_at(reader, at), "-^'o~") && mouth_end(reader, at + 1) > at + 1)
        put(found, byte_at(reader, at++));
    uint32_t end = mouth_end(reader, at);
    bool after_digit = from > 0 && (unsigned)(reader->text[from - 1] - '0') <= 9;
    if (end == at || (after_digit && is_alnum(byte_at(reader, at))))
        return false;
    put(found, byte_at(reader, at));
    found->repeat = end - at;
    found->len = end - from;
    return true;
}

/* (: and (-; */
static bool mouth_first(const struct token_reader *reader, uint32_t at, struct emoticon *found) {
    uint32_t from = at;
    if (!is_one_of(byte_at(reader, at), "()"))
        return false;
    put(found, byte_at(reader, at++));
    if (byte_at(reader, at) == '-')
        put(found, byte_at(reader, at++));
    if (!is_one_of(byte_at(reader, at), ":;="))
        return false;
    put(found, byte_at(reader, at++));
    unsigned char after = byte_at(reader, at);
    if (is_alnum(after) || is_one_of(after, ")(-'/"))
        return false;
    found->repeat = 1;
    found->len = at - from;
    return true;
}

/* <3 and </3 */
static bool heart(const struct token_reader *reader, uint32_t at, struct emoticon *found) {
    uint32_t from = at;
    if (byte_at(reader, at) != '<')
        return false;
    put(found, byte_at(reader, at++));
    if (byte_at(reader, at) == '/')
        put(found, byte_at(reader, at++));
    uint32_t threes = at;
    while (byte_at(reader, at) == '3')
        at++;
    if (at == threes || is_alnum(byte_at(reader, at)))
        return false;
    put(found, '3');
    found->repeat = at - threes;
    found->len = at - from;
    return true;
}

/* ^^ ^_^ -_- T_T o.O ._. : two like eyes around a flat mouth. */
static bool horizontal(const struct token_reader *reader, uint32_t at, struct emoticon *found) {
    unsigned char left = byte_at(reader, at), mouth = byte_at(reader, at + 1);
    unsigned char right = byte_at(reader, at + 2);
    if (at > 0 && is_alnum(left) && is_alnum(reader->text[at - 1]))
        return false;
    bool carets = left == '^' && mouth == '^' && right != '^';
    bool alike = (left | 0x20) == (right | 0x20) && is_one_of(left, "^-TtoOuUxX;.>0");
    bool angry = left == '>' && right == '<';
    bool faced = mouth == '_' || (mouth == '.' && is_one_of(left, "^-oO>"));
    if (!carets && !((alike || angry) && faced))
        return false;
    uint32_t len = carets ? 2 : 3;
    if (is_alnum(byte_at(reader, at + len)))
        return false;
    for (uint32_t i = 0; i < len; i++)
        put(found, byte_at(reader, at + i));
    found->repeat = 1;
    found->len = len;
    return true;
}

/* xD, XDDD */
static bool laughing(const struct token_reader *reader, uint32_t at, struct emoticon *found) {
    uint32_t end = at + 1;
    if ((byte_at(reader, at) | 0x20) != 'x')
        return false;
    while ((byte_at(reader, end) | 0x20) == 'd')
        end++;
    if (end == at + 1 || is_alnum(byte_at(reader, end)))
        return false;
    put(found, 'x');
    put(found, 'd');
    found->repeat = end - at - 1;
    found->len = end - at;
    return true;
}

/* Faces that follow no pattern. */
static bool listed(const struct token_reader *reader, uint32_t at, struct emoticon *found) {
    static const char *const faces[] = {"\xC2\xAF\\_(\xE3\x83\x84)_/\xC2\xAF", "\\o/", ">.<"};
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        uint32_t len = (uint32_t)strlen(faces[i]);
        if (reader->len - at < len || memcmp(reader->text + at, faces[i], len) != 0)
            continue;
        memcpy(found->form, faces[i], len);
        found->form_len = found->len = len;
        found->repeat = 1;
        return true;
    }
    return false;
}

typedef bool emoticon_rule(const struct token_reader *, uint32_t, struct emoticon *);

static bool find(const struct token_reader *reader, emoticon_rule *const *rules, size_t count,
                 struct emoticon *found) {
    for (size_t i = 0; i < count; i++) {
        *found = (struct emoticon){0};
        if (rules[i](reader, reader->at, found))
            return true;
    }
    return false;
}

/* Which rules can begin with this byte; most bytes begin none. */
static bool find_at(const struct token_reader *reader, struct emoticon *found) {
    static emoticon_rule *const letters[] = {laughing, horizontal};
    static emoticon_rule *const eyes[] = {eyes_first, horizontal};
    static emoticon_rule *const signs[] = {eyes_first, heart, horizontal, mouth_first, listed};
    switch (reader->text[reader->at]) {
    case 'x':
    case 'X':
    case 'T':
    case 't':
    case 'O':
    case 'o':
    case 'U':
    case 'u':
        return find(reader, letters, 2, found);
    case ':':
    case ';':
    case '=':
        return find(reader, eyes, 2, found);
    case '.':
    case '-':
        return find(reader, eyes + 1, 1, found);
    case '>':
    case '<':
    case '(':
    case ')':
    case '^':
    case '\\':
    case 0xC2:
        return find(reader, signs, 5, found);
    default:
        return false;
    }
}

enum found read_emoticon(struct token_reader *reader) {
    struct emoticon found;
    if (!find_at(reader, &found))
        return FOUND_NONE;
    struct token *token = token_reader_push(reader, TOKEN_EMOTICON, reader->at, found.len);
    if (!token || !token_reader_set_text(reader, token, found.form, found.form_len))
        return FOUND_FAILED;
    token->repeat = (uint16_t)(found.repeat < UINT16_MAX ? found.repeat : UINT16_MAX);
    reader->at += found.len;
    return FOUND_READ;
}
