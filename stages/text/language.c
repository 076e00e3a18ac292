/* The language of a post, in three steps that stop as soon as the answer is clear: everyday words
 * and letters; then how many words the Polish and the English dictionary know; then CLD2, which is
 * not believed in a language of which no word is known. Scores are integers
 * that are only compared with each other. */
#include "stages/text/inflect.h"
#include "stages/text/language_cld2.h"
#include "stages/text/language_words.h"
#include "stages/text/text.h"

#include <pthread.h>
#include <stdlib.h>
#ifdef __SSSE3__
#include <tmmintrin.h>
#endif

enum { POLISH = 1, ENGLISH = 2, OTHER = 4 };

#define SLOTS 8192 /* more than four times the words of all lists */
#define EXCLUSIVE 4
#define SHARED 1
#define CLEAR_MARGIN 7
#define SAMPLE_BYTES 400

/* Which lists a word stands in: bits of its hash, and `languages` in the last three. 0: free; the
 * slot behind the table is always free. */
static uint32_t table[SLOTS + 1];

/* One bit a word: what stands in no list, which is most, does not touch the table. */
static uint64_t filter[SLOTS / 64];

enum { LANGUAGES = POLISH | ENGLISH | OTHER, PASSED_OVER = 8 };

static inline bool slot_is(uint32_t slot, uint64_t hash) {
    return (table[slot] ^ (uint32_t)(hash >> 32)) <= (LANGUAGES | PASSED_OVER);
}

static inline uint32_t filter_bit(uint64_t hash) {
    return (uint32_t)(hash >> 40) & (SLOTS - 1);
}

static void table_add(struct span form, uint8_t language) {
    uint64_t hash = token_hash(form);
    uint32_t bit = filter_bit(hash), slot = (uint32_t)hash & (SLOTS - 1);
    for (; table[slot] && !slot_is(slot, hash); slot = (slot + 1) & (SLOTS - 1))
        table[slot] |= PASSED_OVER;
    uint32_t tag = (uint32_t)(hash >> 32) & ~(uint32_t)(LANGUAGES | PASSED_OVER);
    table[slot] |= tag | language;
    filter[bit >> 6] |= UINT64_C(1) << (bit & 63);
}

/* Branch-free but for the probe: whether a word is listed would be mispredicted, while a second
 * probe is rare. */
static inline uint8_t table_find(uint64_t hash) {
    uint32_t bit = filter_bit(hash);
    bool may = filter[bit >> 6] >> (bit & 63) & 1;
    uint32_t slot = may ? (uint32_t)hash & (SLOTS - 1) : (uint32_t)SLOTS;
    while ((table[slot] & PASSED_OVER) && !slot_is(slot, hash))
        slot = (slot + 1) & (SLOTS - 1);
    uint32_t all = 0 - (uint32_t)slot_is(slot, hash); /* what compilers keep free of branches */
    return (uint8_t)(table[slot] & LANGUAGES & all);
}

/* The spelling without Polish marks is only added where it is no word of another list. */
static void add_unmarked(struct span word) {
    char plain[64];
    size_t len = 0;
    bool marked = false;
    while (word.len > 0 && len + 2 < sizeof plain) {
        uint32_t codepoint;
        char bytes[TEXT_PLAIN_CHAR_MAX];
        size_t step = text_next_char(word, &codepoint);
        if (text_plain_char(codepoint, bytes) != 1)
            return;
        marked |= codepoint >= 0x80;
        plain[len++] = bytes[0];
        word = (struct span){word.at + step, word.len - step};
    }
    struct span form = {plain, len};
    if (marked && len > 2 && !table_find(token_hash(form)))
        table_add(form, POLISH);
}

static void add_list(const char *words, uint8_t language, bool unmarked) {
    while (*words) {
        size_t len = strcspn(words, " ");
        struct span word = {words, len};
        if (len > 0 && unmarked)
            add_unmarked(word);
        else if (len > 0)
            table_add(word, language);
        words += len;
        words += *words == ' ';
    }
}

/* POLISH or ENGLISH for two letters that tell the languages apart. */
static uint8_t pair_kinds[27][32];

static void add_pairs(const char *pairs, uint8_t language) {
    for (; pairs[0] && pairs[1]; pairs += 2)
        pair_kinds[pairs[0] - 'a'][pairs[1] - 'a'] = language;
}

/* Counts of a text for the three languages in one number, added all at once: a text has fewer bytes
 * than 2^17, and none counts more than 4. */
enum { FIELD_BITS = 21, ENGLISH_AT = FIELD_BITS, OTHER_AT = 2 * FIELD_BITS };
#define FIELD_MASK ((UINT64_C(1) << FIELD_BITS) - 1)

/* What a word weighs by the lists that it stands in. */
static uint64_t listed_weights[LANGUAGES + 1];

static void table_build(void) {
    for (unsigned languages = 0; languages <= LANGUAGES; languages++) {
        uint64_t weight = languages & (languages - 1) ? SHARED : EXCLUSIVE;
        listed_weights[languages] = (languages & POLISH ? weight : 0) |
                                    (languages & ENGLISH ? weight << ENGLISH_AT : 0) |
                                    (languages & OTHER ? weight << OTHER_AT : 0);
    }
    add_pairs("szczrzdzwiwyje", POLISH);
    add_pairs("thwhghoueaeeoo", ENGLISH);
    add_list(polish_words, POLISH, false);
    add_list(english_words, ENGLISH, false);
    add_list(other_words, OTHER, false);
    add_list(polish_words, POLISH, true);
}

struct evidence {
    int polish, english, other;
    int words; /* with letters */
};

/* Letters with marks; words of other scripts count once. */
static void count_letters(struct evidence *evidence, struct span form) {
    for (size_t i = 0; i + 1 < form.len; i++) {
        unsigned char byte = (unsigned char)form.at[i];
        if (byte < 0xC3)
            continue;
        if (byte >= 0xC9) {
            evidence->other += 4;
            return;
        }
        switch ((unsigned)byte << 8 | (unsigned char)form.at[++i]) { /* packed UTF-8 */
        case 0xC582:                                                 /* ł */
        case 0xC485:                                                 /* ą */
        case 0xC499:                                                 /* ę */
        case 0xC59B:                                                 /* ś */
        case 0xC5BC:                                                 /* ż */
        case 0xC5BA:                                                 /* ź */
        case 0xC584:                                                 /* ń */
        case 0xC487:                                                 /* ć */
            evidence->polish += 3;
            break;
        case 0xC58D: /* ō */
        case 0xC58F: /* ŏ */
            evidence->polish += 2;
            break;
        case 0xC3B3: /* ó */
            evidence->polish += 1;
            evidence->other += 1;
            break;
        default:
            evidence->other += 3;
        }
    }
}

/* Polish and English spellings in a word, as fields. */
static uint64_t count_spelling(struct span form) {
    unsigned before = 26; /* for all that is no letter */
    uint64_t polish = 0, english = 0;
    for (size_t i = 0; i < form.len; i++) {
        unsigned letter = (unsigned char)form.at[i] - (unsigned)'a';
        letter = letter < 26 ? letter : 26;
        unsigned kind = pair_kinds[before][letter];
        polish += kind & POLISH & !(i == 1 && form.at[0] == 'w'); /* will, why */
        english += kind >> 1;
        before = letter;
    }
    return polish | english << ENGLISH_AT;
}

#ifdef __SSSE3__
/* The same for words of up to 16 bytes, without branches: a letter has one bit for every group of
 * pairs that it begins, and one for every group that it ends. */
enum { PAIR_Z = 1, PAIR_W = 2, PAIR_JE = 4, PAIR_H = 8, PAIR_O = 16, PAIR_E = 32 };
enum { PAIRS_POLISH = PAIR_Z | PAIR_W | PAIR_JE, PAIRS_ENGLISH = PAIR_H | PAIR_O | PAIR_E };
#define LETTER(letter) [(letter)-0x60]
static const uint8_t pair_begins[32] = {
    LETTER('c') = PAIR_Z,  LETTER('d') = PAIR_Z,         LETTER('e') = PAIR_E, LETTER('g') = PAIR_H,
    LETTER('j') = PAIR_JE, LETTER('o') = PAIR_O,         LETTER('r') = PAIR_Z, LETTER('s') = PAIR_Z,
    LETTER('t') = PAIR_H,  LETTER('w') = PAIR_W | PAIR_H};
static const uint8_t pair_ends[32] = {LETTER('a') = PAIR_E, LETTER('e') = PAIR_JE | PAIR_E,
                                      LETTER('h') = PAIR_H, LETTER('i') = PAIR_W,
                                      LETTER('o') = PAIR_O, LETTER('u') = PAIR_O,
                                      LETTER('y') = PAIR_W, LETTER('z') = PAIR_Z};

/* Rows of a table of 32 by letters: the first half by `low`, the other by `high`, of which one has
 * its sign set, which gives 0. */
static inline __m128i look_up_letters(const uint8_t *rows, __m128i low, __m128i high) {
    return _mm_or_si128(_mm_shuffle_epi8(_mm_loadu_si128((const void *)rows), low),
                        _mm_shuffle_epi8(_mm_loadu_si128((const void *)(rows + 16)), high));
}

static inline uint64_t count_bytes_of(__m128i bytes, int bits) {
    __m128i some = _mm_and_si128(bytes, _mm_set1_epi8((char)bits));
    some = _mm_cmpgt_epi8(some, _mm_setzero_si128());
    return (uint64_t)__builtin_popcount((unsigned)_mm_movemask_epi8(some));
}

/* Forms have readable bytes behind them. */
static inline uint64_t count_short_spelling(const char *form, uint32_t len) {
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                      255, 255, 255, 255, 255, 255, 255, 255};
    const __m128i no_will =
        _mm_setr_epi8(-1, (char)~PAIR_W, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    __m128i mask = _mm_loadu_si128((const void *)(masks + 16 - len));
    __m128i letters = _mm_and_si128(_mm_loadu_si128((const void *)form), mask);
    /* row 0 of both tables is for all that is no letter */
    letters = _mm_and_si128(letters, _mm_cmpgt_epi8(letters, _mm_set1_epi8(0x60)));
    __m128i low = _mm_add_epi8(letters, _mm_set1_epi8(0x10));
    __m128i high = _mm_add_epi8(letters, _mm_set1_epi8(-0x70));
    __m128i begins = _mm_slli_si128(look_up_letters(pair_begins, low, high), 1);
    __m128i pairs = _mm_and_si128(begins, look_up_letters(pair_ends, low, high));
    pairs = _mm_and_si128(pairs, no_will);
    return count_bytes_of(pairs, PAIRS_POLISH) | count_bytes_of(pairs, PAIRS_ENGLISH) << ENGLISH_AT;
}
#else
static inline uint64_t count_short_spelling(const char *form, uint32_t len) {
    return count_spelling((struct span){form, len});
}
#endif

static bool is_word(const struct token *token) {
    return (token->kind == TOKEN_WORD) & !(token->flags & TOKEN_PART);
}

/* Nearly branch-free: which words come next would be mispredicted. */
static struct evidence first_look(const struct tokens *tokens) {
    struct evidence evidence = {0, 0, 0, (int)tokens->words};
    uint64_t sums = 0;
    const struct token *end = tokens->at + tokens->count;
    for (const struct token *token = tokens->at; token < end; token++) {
        const char *form = tokens->forms + token->form;
        uint64_t word = is_word(token), all = 0 - word;
        uint8_t languages = table_find(token->hash);
        uint64_t spelled = token->form_len <= 16 ? count_short_spelling(form, token->form_len)
                                                 : count_spelling(token_form(tokens, token));
        uint64_t unlisted = (uint64_t)(languages != 0) - 1;
        sums += (listed_weights[languages] | (spelled & unlisted)) & all;
        bool marked = (token->flags & TOKEN_DIACRITICS) | ((unsigned char)form[0] >= 0x80);
        if (marked & word)
            count_letters(&evidence, token_form(tokens, token));
    }
    evidence.polish += (int)(sums & FIELD_MASK);
    evidence.english += (int)(sums >> ENGLISH_AT & FIELD_MASK);
    evidence.other += (int)(sums >> OTHER_AT);
    return evidence;
}

static enum language best(const struct evidence *evidence, int *margin) {
    int polish = evidence->polish, english = evidence->english, other = evidence->other;
    enum language language = polish > english ? LANGUAGE_PL : LANGUAGE_EN;
    int first = polish > english ? polish : english, second = polish > english ? english : polish;
    if (other > first) {
        language = LANGUAGE_OTHER;
        second = first;
        first = other;
    } else if (other > second) {
        second = other;
    }
    *margin = first - second;
    return language;
}

static bool is_clear(const struct evidence *evidence, int margin) {
    return margin >= CLEAR_MARGIN && margin * 2 >= evidence->words;
}

static unsigned unmarked_kinds(const struct tokens *tokens, const struct token *token) {
    bool bare = token->hash == token->plain_hash && token->form_len > 3;
    return bare ? inflect_kinds_unmarked(token_form(tokens, token)) : 0;
}

/* What the dictionary does not list joined: negated comparatives, superlekki; 0 without it. */
static size_t prefix_len(struct span form) {
    static const char *const prefixes[] = {"nie", "super", "mega", "ekstra", "hiper", "pseudo"};
    enum { REST_MIN = 4 };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (span_starts(form, prefixes[i]) && form.len >= strlen(prefixes[i]) + REST_MIN)
            return strlen(prefixes[i]);
    return 0;
}

/* Silesian writes Polish words with letters of its own: ôdpisuje, pōmoc. */
static bool is_silesian(struct span form) {
    for (size_t i = 0; i + 1 < form.len; i++) {
        unsigned letter = (unsigned char)form.at[i] << 8 | (unsigned char)form.at[i + 1];
        if (letter == 0xC58D || letter == 0xC58F || letter == 0xC3B4) /* ō, ŏ, ô */
            return true;
    }
    return false;
}

/* What the dictionaries say of a word: POLISH or ENGLISH, both, or 0. Polish is often written
 * without its marks. */
static uint8_t look_up(const struct tokens *tokens, const struct token *token) {
    struct span form = token_form(tokens, token);
    unsigned kinds = inflect_kinds(form);
    if (!kinds)
        kinds = unmarked_kinds(tokens, token) & WORD_POLISH;
    if (!kinds && is_silesian(form))
        kinds = inflect_kinds_unmarked(token_plain(tokens, token)) & WORD_POLISH;
    size_t prefix = kinds ? 0 : prefix_len(form);
    if (prefix) {
        struct span rest = {form.at + prefix, form.len - prefix};
        kinds = (inflect_kinds(rest) | inflect_kinds_unmarked(rest)) & WORD_POLISH;
    }
    return (kinds & WORD_POLISH ? POLISH : 0) | (kinds & WORD_ENGLISH ? ENGLISH : 0);
}

/* A capital inside a sentence: names are in no dictionary, or in any. */
static bool is_name(const struct token *token) {
    return token->flags & TOKEN_CAPITALISED && !(token->flags & (TOKEN_SENTENCE | TOKEN_CAPS));
}

/* How many words of a text which language knows. */
struct known_words {
    int polish, english; /* and not the other one */
    int unknown;         /* to both, and no name */
    int shared;          /* everyday words of Polish and another language */
};

/* Words of three letters and more that no list names. What has marks and is in no dictionary speaks
 * against Polish: the letters of Sorbian and Kashubian are no evidence. */
static struct known_words ask_dictionaries(const struct tokens *tokens, struct evidence *evidence) {
    enum { ASKED_MAX = 12 };
    struct known_words known = {0};
    int asked = 0;
    for (uint32_t i = 0; i < tokens->count && asked < ASKED_MAX; i++) {
        const struct token *token = &tokens->at[i];
        uint8_t listed = is_word(token) ? table_find(token->hash) : 0;
        known.shared += listed & POLISH && listed != POLISH;
        known.polish += listed == POLISH && !is_name(token);
        /* szkoda slow: without marks, słów */
        known.english += listed == ENGLISH && !(unmarked_kinds(tokens, token) & WORD_POLISH);
        if (!is_word(token) || token->form_len < 3 || listed || is_name(token))
            continue;
        asked++;
        uint8_t languages = look_up(tokens, token);
        struct evidence letters = {0};
        if (languages == POLISH) {
            known.polish++;
            evidence->polish += 2;
        } else if (languages == ENGLISH) {
            known.english++;
            evidence->english += 2;
        } else if (!languages) {
            known.unknown++;
            count_letters(&letters, token_form(tokens, token));
            if (letters.polish > 0 && tokens->words > 1) {
                evidence->polish -= letters.polish;
                evidence->other += 2;
            }
        }
    }
    return known;
}

/* Whether a few words are Polish although CLD2, which knows neither names nor that "to", "no" and
 * "do" are Polish, mostly takes them for English: the dictionary knows most, and none speaks
 * against. */
static bool is_short_polish(const struct tokens *tokens, const struct known_words *known,
                            const struct evidence *evidence) {
    enum { SHORT_WORDS = 6 };
    int polish = known->polish + (known->shared > 0);
    return tokens->words <= SHORT_WORDS && known->polish > 0 && polish > known->english &&
           known->unknown < polish && evidence->other <= evidence->polish;
}

/* Of the words alone: handles, links and tags mislead CLD2. */
static void ask_cld2(const struct tokens *tokens, const struct known_words *known,
                     struct evidence *evidence) {
    char text[SAMPLE_BYTES];
    size_t len = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        struct span word = token_form(tokens, &tokens->at[i]);
        if (!is_word(&tokens->at[i]))
            continue;
        if (len + word.len + 1 > SAMPLE_BYTES)
            break;
        memcpy(text + len, word.at, word.len);
        len += word.len;
        text[len++] = ' ';
    }
    struct cld2_guess guess = language_cld2(text, (int)len);
    if (!guess.known)
        return;
    int weight = guess.reliable ? 6 : 3;
    /* a language of which no word is known is a guess from spelling: Soromno za takyi servis */
    int words = guess.language == LANGUAGE_PL   ? known->polish + (known->unknown < 2)
                : guess.language == LANGUAGE_EN ? known->english
                                                : 1;
    if (!words && known->unknown)
        guess.language = LANGUAGE_OTHER;
    if (guess.language == LANGUAGE_PL)
        evidence->polish += weight;
    else if (guess.language == LANGUAGE_EN)
        evidence->english += weight;
    else
        evidence->other += weight;
}

static bool hint_is(struct span hint, const char *code) {
    return hint.len >= 2 && (hint.at[0] | 0x20) == code[0] && (hint.at[1] | 0x20) == code[1] &&
           (hint.len == 2 || hint.at[2] == '-' || hint.at[2] == '_');
}

static void lists_ready(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, table_build);
}

bool token_may_be_name(const struct tokens *tokens, const struct token *token) {
    lists_ready();
    return (token->flags & (TOKEN_CAPITALISED | TOKEN_CAPS)) && !table_find(token->hash) &&
           !inflect_known(token_form(tokens, token));
}

enum language language_detect(const struct tokens *tokens, struct span hint) {
    lists_ready();
    struct evidence evidence = first_look(tokens);
    int margin;
    enum language language = best(&evidence, &margin);
    if (is_clear(&evidence, margin))
        return language;
    struct known_words known = ask_dictionaries(tokens, &evidence);
    language = best(&evidence, &margin);
    if (is_clear(&evidence, margin))
        return language;
    if (is_short_polish(tokens, &known, &evidence))
        return LANGUAGE_PL;
    if (evidence.words > 0)
        ask_cld2(tokens, &known, &evidence);
    if (hint_is(hint, "pl"))
        evidence.polish += 2;
    else if (hint_is(hint, "en"))
        evidence.english += 2;
    else if (hint.len >= 2 && !span_is(hint, "und") && !span_is(hint, "zxx"))
        evidence.other += 1;
    language = best(&evidence, &margin);
    return margin == 0 ? LANGUAGE_OTHER : language;
}
