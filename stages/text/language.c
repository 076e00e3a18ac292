/* The language of a post, in three steps that stop as soon as the answer is clear: everyday words
 * and letters; then how many words the Polish dictionary knows; then CLD2. Scores are integers
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

/* Hashes of shared_words, in order. */
enum { SHARED_WORDS_MAX = 2048 };
static uint64_t shared[SHARED_WORDS_MAX];
static size_t shared_count;

static int compare_hashes(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void shared_build(void) {
    for (const char *at = shared_words; *at && shared_count < SHARED_WORDS_MAX;) {
        size_t len = strcspn(at, " ");
        shared[shared_count++] = token_hash((struct span){at, len});
        at += len + (at[len] == ' ');
    }
    qsort(shared, shared_count, sizeof *shared, compare_hashes);
}

static void table_build(void) {
    shared_build();
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

/* Words of four letters and more that the Polish dictionary knows, and that no list names. */
static void ask_dictionary(const struct tokens *tokens, struct evidence *evidence) {
    int asked = 0;
    for (uint32_t i = 0; i < tokens->count && asked < 12; i++) {
        const struct token *token = &tokens->at[i];
        if (!is_word(token) || token->form_len < 4 || table_find(token->hash))
            continue;
        asked++;
        if (inflect_known(token_form(tokens, token)))
            evidence->polish += 2;
    }
}

/* What a word of a short text says: POLISH, ENGLISH (or any other language), OTHER when it is not
 * known, or 0. */
static uint8_t short_word(const struct tokens *tokens, const struct token *token) {
    struct span form = token_form(tokens, token);
    uint8_t listed = table_find(token->hash);
    struct evidence letters = {0};
    if (listed)
        return listed == POLISH ? POLISH : listed & POLISH ? 0 : ENGLISH;
    count_letters(&letters, form);
    if (letters.other > letters.polish)
        return ENGLISH;
    if (letters.polish > 0)
        return POLISH;
    bool named = token->flags & TOKEN_CAPITALISED && !(token->flags & TOKEN_SENTENCE);
    if (bsearch(&token->hash, shared, shared_count, sizeof *shared, compare_hashes))
        return named ? 0 : ENGLISH;
    if (form.len > 2 && inflect_known(form))
        return POLISH;
    return token->flags & (TOKEN_CAPITALISED | TOKEN_CAPS) ? 0 : OTHER; /* a name, perhaps */
}

/* Whether a few words are Polish although CLD2, which knows neither names nor that "to", "no" and
 * "do" are Polish, mostly takes them for English: one is Polish only, and none speaks against. */
static bool is_short_polish(const struct tokens *tokens) {
    enum { SHORT_WORDS = 6 };
    bool polish = false, shared_word = false;
    uint32_t unknown = 0; /* one beside "to", "no", "do" may be a name in small letters */
    if (tokens->words > SHORT_WORDS)
        return false;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        uint8_t says = is_word(token) ? short_word(tokens, token) : 0;
        if (says == ENGLISH)
            return false;
        polish |= says == POLISH;
        unknown += says == OTHER;
        shared_word |= is_word(token) && (table_find(token->hash) & POLISH);
    }
    return polish && unknown <= shared_word;
}

/* Of the words alone: handles, links and tags mislead CLD2. */
static void ask_cld2(const struct tokens *tokens, struct evidence *evidence) {
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
    ask_dictionary(tokens, &evidence);
    language = best(&evidence, &margin);
    if (is_clear(&evidence, margin))
        return language;
    if (is_short_polish(tokens))
        return LANGUAGE_PL;
    if (evidence.words > 0)
        ask_cld2(tokens, &evidence);
    if (hint_is(hint, "pl"))
        evidence.polish += 2;
    else if (hint_is(hint, "en"))
        evidence.english += 2;
    else if (hint.len >= 2 && !span_is(hint, "und") && !span_is(hint, "zxx"))
        evidence.other += 1;
    language = best(&evidence, &margin);
    return margin == 0 ? LANGUAGE_OTHER : language;
}
