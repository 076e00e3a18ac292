/* Comparable forms of words that people typed. */
#include "pipeline/commands/plain_word.h"

/* The base letter of a two-byte character, a blank for others, 0 for what is not known. */
static char base_letter(unsigned char lead, unsigned char next) {
    static const struct {
        unsigned char lead, next;
        char base;
    } letters[] = {
        {0xC4, 0x84, 'a'}, {0xC4, 0x85, 'a'}, {0xC4, 0x86, 'c'}, {0xC4, 0x87, 'c'},
        {0xC4, 0x98, 'e'}, {0xC4, 0x99, 'e'}, {0xC5, 0x81, 'l'}, {0xC5, 0x82, 'l'},
        {0xC5, 0x83, 'n'}, {0xC5, 0x84, 'n'}, {0xC3, 0x93, 'o'}, {0xC3, 0xB3, 'o'},
        {0xC5, 0x9A, 's'}, {0xC5, 0x9B, 's'}, {0xC5, 0xB9, 'z'}, {0xC5, 0xBA, 'z'},
        {0xC5, 0xBB, 'z'}, {0xC5, 0xBC, 'z'}, {0xC3, 0x84, 'a'}, {0xC3, 0xA4, 'a'},
        {0xC3, 0x96, 'o'}, {0xC3, 0xB6, 'o'}, {0xC3, 0x9C, 'u'}, {0xC3, 0xBC, 'u'},
    };
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].lead == lead && letters[i].next == next)
            return letters[i].base;
    return 0;
}

size_t plain_text(struct span text, char out[PLAIN_SIZE]) {
    size_t len = 0;
    for (size_t i = 0; i < text.len && len + 1 < PLAIN_SIZE; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        char plain = (char)byte;
        if (byte >= 'A' && byte <= 'Z')
            plain = (char)(byte | 0x20);
        else if (byte >= 0xC2 && byte < 0xE0 && i + 1 < text.len)
            plain = base_letter(byte, (unsigned char)text.at[++i]);
        bool kept = (plain >= 'a' && plain <= 'z') || (plain >= '0' && plain <= '9');
        if (kept)
            out[len++] = plain;
        else if (len && out[len - 1] != ' ')
            out[len++] = ' ';
    }
    while (len && out[len - 1] == ' ')
        len--;
    out[len] = 0;
    return len;
}

static bool is_listed(struct span word, const char *list) {
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, "|");
        if (span_equal(word, (struct span){at, len}))
            return true;
        at += len + (at[len] == '|');
    }
    return false;
}

bool plain_is_one_of(const char *plain, const char *list) {
    return is_listed(span_of(plain), list);
}

bool plain_has_one_of(const char *plain, const char *list) {
    for (const char *at = plain; *at;) {
        size_t len = strcspn(at, " ");
        if (is_listed((struct span){at, len}, list))
            return true;
        at += len + (at[len] == ' ');
    }
    return false;
}
