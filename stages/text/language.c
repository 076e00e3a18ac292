/* The language of a post, in three steps that stop as soon as the answer is clear: everyday words
 * and letters; then how many words the Polish dictionary knows; then CLD2. Scores are integers
 * that are only compared with each other. */
#include "stages/text/inflect.h"
#include "stages/text/language_cld2.h"
#include "stages/text/language_words.h"
#include "stages/text/text.h"

#include <pthread.h>

enum { POLISH = 1, ENGLISH = 2, OTHER = 4 };

#define SLOTS 4096 /* more than twice the words of all lists */
#define EXCLUSIVE 4
#define SHARED 1
#define CLEAR_MARGIN 7
#define SAMPLE_BYTES 400

static struct {
    uint64_t hash;
    uint8_t languages;
} table[SLOTS];

static void table_add(struct span form, uint8_t language) {
    uint64_t hash = token_hash(form);
    uint32_t slot = (uint32_t)hash & (SLOTS - 1);
    while (table[slot].languages && table[slot].hash != hash)
        slot = (slot + 1) & (SLOTS - 1);
    table[slot].hash = hash;
    table[slot].languages |= language;
}

static uint8_t table_find(uint64_t hash) {
    uint32_t slot = (uint32_t)hash & (SLOTS - 1);
    while (table[slot].languages && table[slot].hash != hash)
        slot = (slot + 1) & (SLOTS - 1);
    return table[slot].languages;
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

static void table_build(void) {
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

static void count_listed(struct evidence *evidence, uint8_t languages) {
    int weight = languages & (languages - 1) ? SHARED : EXCLUSIVE;
    evidence->polish += languages & POLISH ? weight : 0;
    evidence->english += languages & ENGLISH ? weight : 0;
    evidence->other += languages & OTHER ? weight : 0;
}

/* Letters of two bytes as packed UTF-8. */
static void count_letter(struct evidence *evidence, unsigned packed) {
    switch (packed) {
    case 0xC582: /* ł */
    case 0xC485: /* ą */
    case 0xC499: /* ę */
    case 0xC59B: /* ś */
    case 0xC5BC: /* ż */
    case 0xC5BA: /* ź */
    case 0xC584: /* ń */
    case 0xC487: /* ć */
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

/* Letters with marks; words of other scripts count once. */
static void count_letters(struct evidence *evidence, struct span form) {
    for (size_t i = 0; i + 1 < form.len; i++) {
        unsigned char byte = (unsigned char)form.at[i];
        if (byte >= 0xC3 && byte < 0xC9) {
            count_letter(evidence, (unsigned)byte << 8 | (unsigned char)form.at[++i]);
        } else if (byte >= 0xC9) {
            evidence->other += 4;
            return;
        }
    }
}

/* Column of a letter in pair_kinds; one for all that is no letter. */
static unsigned pair_index(char byte) {
    unsigned letter = (unsigned char)byte - (unsigned)'a';
    return letter < 26 ? letter : 26;
}

static bool begins_with_w(struct span form) {
    return form.len > 1 && form.at[0] == 'w' && (form.at[1] == 'i' || form.at[1] == 'y');
}

/* Spellings that Polish has and English does not, and the other way round. */
static void count_spelling(struct evidence *evidence, struct span form) {
    unsigned before = 26, polish = 0, english = 0;
    for (size_t i = 0; i < form.len; i++) {
        unsigned letter = pair_index(form.at[i]), kind = pair_kinds[before][letter];
        polish += kind & POLISH;
        english += kind >> 1;
        before = letter;
    }
    evidence->polish += (int)(polish - begins_with_w(form)); /* will, why */
    evidence->english += (int)english;
}

static bool is_word(const struct token *token) {
    return token->kind == TOKEN_WORD && !(token->flags & TOKEN_PART);
}

static struct evidence first_look(const struct tokens *tokens) {
    struct evidence evidence = {0, 0, 0, 0};
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        if (!is_word(token))
            continue;
        evidence.words++;
        uint8_t languages = table_find(token->hash);
        if (languages)
            count_listed(&evidence, languages);
        else
            count_spelling(&evidence, token_form(tokens, token));
        const char *form = tokens->forms + token->form;
        if (token->flags & TOKEN_DIACRITICS || (unsigned char)form[0] >= 0x80)
            count_letters(&evidence, token_form(tokens, token));
    }
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

/* The words without handles, links and tags, which mislead CLD2. */
static int sample(const struct tokens *tokens, char *out) {
    size_t len = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        struct span text = {tokens->forms + token->form, token->form_len};
        if (!is_word(token))
            continue;
        if (len + text.len + 1 > SAMPLE_BYTES)
            break;
        memcpy(out + len, text.at, text.len);
        len += text.len;
        out[len++] = ' ';
    }
    return (int)len;
}

static void ask_cld2(const struct tokens *tokens, struct evidence *evidence) {
    char text[SAMPLE_BYTES];
    struct cld2_guess guess = language_cld2(text, sample(tokens, text));
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

static void take_hint(struct evidence *evidence, struct span hint) {
    if (hint_is(hint, "pl"))
        evidence->polish += 2;
    else if (hint_is(hint, "en"))
        evidence->english += 2;
    else if (hint.len >= 2 && !span_is(hint, "und") && !span_is(hint, "zxx"))
        evidence->other += 1;
}

enum language language_detect(const struct tokens *tokens, struct span hint) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, table_build);
    struct evidence evidence = first_look(tokens);
    int margin;
    enum language language = best(&evidence, &margin);
    if (is_clear(&evidence, margin))
        return language;
    ask_dictionary(tokens, &evidence);
    language = best(&evidence, &margin);
    if (is_clear(&evidence, margin))
        return language;
    if (evidence.words > 0)
        ask_cld2(tokens, &evidence);
    take_hint(&evidence, hint);
    language = best(&evidence, &margin);
    return margin == 0 ? LANGUAGE_OTHER : language;
}
