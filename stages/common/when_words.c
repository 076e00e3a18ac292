/* Words of dates in English, Polish and German. */
#include "stages/common/when.h"

#include <string.h>

enum { WORD_MAX = 16 };

/* All that begins so is its name: short forms are beginnings of the long ones, in every case. */
static const char *const month_words[12] = {
    "january januar januaren janner styczen stycznia styczniu styczniem",
    "february februar feber luty lutego lutemu lutym",
    "march maerz marz marzec marca marcu marcem",
    "april kwiecien kwietnia kwietniu kwietniem",
    "may mai maj maja maju majem",
    "june juni czerwiec czerwca czerwcu czerwcem",
    "july juli lipiec lipca lipcu lipcem",
    "august sierpien sierpnia sierpniu sierpniem",
    "september septembra wrzesien wrzesnia wrzesniu wrzesniem",
    "october oktober pazdziernik pazdziernika pazdziernikowi pazdziernikiem pazdzierniku",
    "november listopad listopada listopadowi listopadem listopadzie",
    "december dezember grudzien grudnia grudniu grudniem",
};

static const char filler_words[] =
    "monday mon tuesday tues tue wednesday wed thursday thurs thur thu friday fri saturday sat "
    "sunday sun montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonnabend "
    "sonntag so poniedzialek poniedzialku pon pn pon wtorek wtorku wto wt sroda srode sro sr "
    "czwartek czwartku czw cz piatek piatku pia pt sobota sobote sob sb so niedziela niedziele "
    "niedz nie nd ndz of at on the um uhr am den dem der o godz godzina godziny godzinie g r rok "
    "roku dn dnia dniu w";

/* Whether `word` is one of `words`, or with `least` letters the beginning of one. */
static bool among(const char *words, const char *word, size_t least) {
    size_t len = strlen(word);
    while (*words) {
        size_t whole = strcspn(words, " ");
        if (memcmp(words, word, len < whole ? len : whole) == 0 &&
            (len == whole || (len < whole && len >= least)))
            return true;
        words += whole + (words[whole] == ' ');
    }
    return false;
}

int when_month(const char *word) {
    static const char *const roman[12] = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                          "vii", "viii", "ix",  "x",  "xi", "xii"};
    for (int i = 0; i < 12; i++)
        if (strcmp(word, roman[i]) == 0 || among(month_words[i], word, 3))
            return i + 1;
    return strcmp(word, "mrz") == 0 ? 3 : 0;
}

bool when_filler(const char *word) {
    return among(filler_words, word, SIZE_MAX);
}

/* The plain letter of one with a mark, or a blank; 0 for what is left out, -1 for what is not
 * known.
 */
static int plain_of(uint32_t code) {
    static const struct {
        uint32_t code;
        char plain;
    } known[] = {{0xA0, ' '},   {0xB7, ' '},   {0xC4, 'a'},   {0xD3, 'o'},   {0xD6, 'o'},
                 {0xDC, 'u'},   {0xDF, 's'},   {0xE4, 'a'},   {0xF3, 'o'},   {0xF6, 'o'},
                 {0xFC, 'u'},   {0x104, 'a'},  {0x105, 'a'},  {0x106, 'c'},  {0x107, 'c'},
                 {0x118, 'e'},  {0x119, 'e'},  {0x141, 'l'},  {0x142, 'l'},  {0x143, 'n'},
                 {0x144, 'n'},  {0x15A, 's'},  {0x15B, 's'},  {0x179, 'z'},  {0x17A, 'z'},
                 {0x17B, 'z'},  {0x17C, 'z'},  {0x2007, ' '}, {0x2009, ' '}, {0x202F, ' '},
                 {0x2010, '-'}, {0x2011, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2019, '\''},
                 {0x2022, ' '}, {0x2212, '-'}, {0x3000, ' '}};
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? (int)code | 0x20 : (int)code;
    if ((code >= 0x300 && code < 0x370) || code == 0x200E || code == 0x200F)
        return 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].plain;
    return -1;
}

bool when_fold(struct span text, char *out, size_t size) {
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned char lead = (unsigned char)text.at[i++];
        uint32_t code = lead;
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        if (more)
            code = lead & (0x3Fu >> more);
        for (; more && i < text.len; more--)
            code = code << 6 | ((unsigned char)text.at[i++] & 0x3F);
        int plain = plain_of(code);
        if (plain < 0 || len + 1 >= size)
            return false;
        if (plain)
            out[len++] = plain < ' ' ? ' ' : (char)plain;
    }
    out[len] = 0;
    return true;
}

static size_t next_word(const char **at, char word[WORD_MAX]) {
    size_t len = 0;
    while (**at && !(**at >= 'a' && **at <= 'z'))
        ++*at;
    for (; **at >= 'a' && **at <= 'z'; ++*at)
        if (len + 1 < WORD_MAX)
            word[len++] = **at;
    word[len] = 0;
    return len;
}

bool when_relative(const char *text) {
    static const char words[] =
        "ago temu vor wczoraj przedwczoraj dzisiaj dzis yesterday today gestern vorgestern heute "
        "now teraz jetzt przed chwila last zeszly zeszlym zeszlego ostatni";
    static const char units[] = "s sec secs sek m min mins h hr hrs godz d day days dni tyg w wk "
                                "weeks mo mies y yr yrs lat";
    char word[WORD_MAX];
    bool digits = *text >= '0' && *text <= '9', unit = false;
    const char *at = text;
    size_t count = 0;
    for (; next_word(&at, word); count++) {
        if (among(words, word, SIZE_MAX))
            return true;
        unit = among(units, word, SIZE_MAX);
    }
    return digits && count == 1 && unit; /* "5h", "3 dni" */
}
