/* compile_forms AFF DIC ENGLISH OUT: turns hunspell's Polish dictionary and a list of English words
 * into forms.bin (layout: dictionary.h) when the program is built. Only suffixes are used:
 * hunspell-pl's single prefix is the negation nie-, which makes other words. The automaton of all
 * forms is built from their sorted list (Daciuk, Mihov, Watson and Watson 2000, "Incremental
 * construction of minimal acyclic finite-state automata"). */
#include "stages/text/dictionary.h"
#include "stages/text/inflect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("compile_forms: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void *grow(void *at, size_t *cap, size_t need, size_t size) {
    if (need <= *cap)
        return at;
    *cap = *cap ? *cap * 2 : 1024;
    if (*cap < need)
        *cap = need;
    at = realloc(at, *cap * size);
    if (!at)
        die("out of memory");
    return at;
}

/* Bytes that are only added to. */
struct text {
    char *at;
    size_t len, cap;
};

static uint32_t text_add(struct text *text, const char *bytes, size_t len) {
    text->at = grow(text->at, &text->cap, text->len + len + 1, 1);
    memcpy(text->at + text->len, bytes, len);
    text->at[text->len + len] = '\0';
    uint32_t at = (uint32_t)text->len;
    text->len += len + 1;
    return at;
}

struct rule {
    unsigned char flag;
    struct dictionary_rule is;
};

struct lemma {
    uint32_t at; /* "lemma\0flags\0" in the text */
    bool common; /* written small */
};

/* A form of one lemma, or an English word. */
struct form {
    uint32_t at;    /* in the text of forms */
    uint32_t lemma; /* its number */
    uint32_t kinds; /* enum word_kind */
};

static struct {
    struct text text, forms; /* forms: every form, NUL-terminated */
    struct rule *rules;
    size_t rule_count, rule_cap;
    struct lemma *lemmas;
    size_t lemma_count, lemma_cap;
    struct form *list; /* of forms */
    size_t list_count, list_cap;
    uint32_t first_rules[257];
} dictionary;

/* "SFX M a y [^gk]a": flag, strip, add, condition; "0" is nothing. */
static void add_rule(char *line) {
    char *save, *parts[5];
    for (int i = 0; i < 5; i++)
        parts[i] = strtok_r(i ? NULL : line, " \t\r\n", &save);
    if (!parts[4] || parts[1][1])
        return; /* the head of a class: "SFX M Y 24" */
    dictionary.rules = grow(dictionary.rules, &dictionary.rule_cap, dictionary.rule_count + 1,
                            sizeof *dictionary.rules);
    struct rule *rule = &dictionary.rules[dictionary.rule_count++];
    rule->flag = (unsigned char)parts[1][0];
    const char *strip = strcmp(parts[2], "0") == 0 ? "" : parts[2];
    const char *add = strcmp(parts[3], "0") == 0 ? "" : parts[3];
    rule->is.strip = text_add(&dictionary.text, strip, strlen(strip));
    rule->is.add = text_add(&dictionary.text, add, strlen(add));
    rule->is.condition = text_add(&dictionary.text, parts[4], strlen(parts[4]));
}

static int rules_by_flag(const void *left, const void *right) {
    const struct rule *a = left, *b = right;
    if (a->flag != b->flag)
        return a->flag < b->flag ? -1 : 1;
    return (a->is.strip > b->is.strip) - (a->is.strip < b->is.strip);
}

static FILE *open_or_die(const char *path, const char *mode) {
    FILE *file = fopen(path, mode);
    if (!file)
        die("cannot open '%s'", path);
    return file;
}

static void read_rules(const char *path) {
    FILE *file = open_or_die(path, "r");
    char line[512];
    bool latin2 = false;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "SET ", 4) == 0)
            latin2 = strncmp(line + 4, "ISO8859-2", 9) == 0;
        if (strncmp(line, "FLAG", 4) == 0)
            die("'%s': only single-byte flags are understood", path);
        if (strncmp(line, "SFX", 3) == 0)
            add_rule(line);
    }
    fclose(file);
    if (!latin2 || dictionary.rule_count == 0)
        die("'%s' is not hunspell-pl's affix file in ISO 8859-2", path);
    qsort(dictionary.rules, dictionary.rule_count, sizeof *dictionary.rules, rules_by_flag);
    size_t at = 0;
    for (unsigned flag = 0; flag <= 256; flag++) {
        while (at < dictionary.rule_count && dictionary.rules[at].flag < flag)
            at++;
        dictionary.first_rules[flag] = (uint32_t)at;
    }
}

static const char *text_of(uint32_t at) {
    return dictionary.text.at + at;
}

static int lemmas_by_text(const void *left, const void *right) {
    const struct lemma *a = left, *b = right;
    int order = strcmp(text_of(a->at), text_of(b->at));
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* The same word with and without a capital (Lot, lot) becomes one lemma with both its flags. */
static void merge_twins(void) {
    size_t kept = 0;
    for (size_t i = 0; i < dictionary.lemma_count; kept++) {
        char flags[512];
        size_t len = 0, j = i;
        const char *word = text_of(dictionary.lemmas[i].at);
        for (; j < dictionary.lemma_count && strcmp(text_of(dictionary.lemmas[j].at), word) == 0;
             j++) {
            const char *more = text_of(dictionary.lemmas[j].at) + strlen(word) + 1;
            for (; *more && len < sizeof flags; more++)
                if (!memchr(flags, *more, len))
                    flags[len++] = *more;
        }
        uint32_t at = dictionary.lemmas[i].at;
        bool common = false;
        for (size_t twin = i; twin < j; twin++)
            common |= dictionary.lemmas[twin].common;
        if (j > i + 1) {
            char copy[DICTIONARY_WORD_MAX + 1];
            memcpy(copy, word, strlen(word) + 1);
            at = text_add(&dictionary.text, copy, strlen(copy));
            text_add(&dictionary.text, flags, len);
        }
        dictionary.lemmas[kept] = (struct lemma){at, common};
        i = j;
    }
    dictionary.lemma_count = kept;
}

/* Lines "lemma/FLAGS" or "lemma". */
static void read_lemmas(const char *path) {
    FILE *file = open_or_die(path, "r");
    char line[512];
    if (!fgets(line, sizeof line, file)) /* the first line is a count */
        die("'%s' is empty", path);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n\t")] = '\0';
        char *slash = strchr(line, '/');
        const char *flags = slash ? slash + 1 : "";
        if (slash)
            *slash = '\0';
        size_t len = strlen(line);
        if (len == 0 || len > DICTIONARY_WORD_MAX)
            continue;
        unsigned char first = (unsigned char)line[0];
        for (size_t i = 0; i < len; i++)
            line[i] = (char)latin2_lower((unsigned char)line[i]);
        dictionary.lemmas = grow(dictionary.lemmas, &dictionary.lemma_cap,
                                 dictionary.lemma_count + 1, sizeof *dictionary.lemmas);
        dictionary.lemmas[dictionary.lemma_count++] =
            (struct lemma){text_add(&dictionary.text, line, len), (unsigned char)line[0] == first};
        text_add(&dictionary.text, flags, strlen(flags));
    }
    fclose(file);
    qsort(dictionary.lemmas, dictionary.lemma_count, sizeof *dictionary.lemmas, lemmas_by_text);
    merge_twins();
}

static void add_form(const char *form, size_t len, uint32_t lemma, uint32_t kinds) {
    dictionary.list = grow(dictionary.list, &dictionary.list_cap, dictionary.list_count + 1,
                           sizeof *dictionary.list);
    dictionary.list[dictionary.list_count++] =
        (struct form){text_add(&dictionary.forms, form, len), lemma, kinds};
}

static int forms_by_text(const void *left, const void *right) {
    const struct form *a = left, *b = right;
    int order = strcmp(dictionary.forms.at + a->at, dictionary.forms.at + b->at);
    return order ? order : (a->lemma > b->lemma) - (a->lemma < b->lemma);
}

/* The lemmas themselves and what the rules of their flags make of them. */
static void list_forms(void) {
    for (size_t i = 0; i < dictionary.lemma_count; i++) {
        const char *word = text_of(dictionary.lemmas[i].at);
        uint32_t kinds = WORD_POLISH | (dictionary.lemmas[i].common ? WORD_COMMON : 0);
        size_t len = strlen(word);
        add_form(word, len, (uint32_t)i, kinds);
        for (const char *flag = word + len + 1; *flag; flag++) {
            uint32_t end = dictionary.first_rules[(unsigned char)*flag + 1];
            for (uint32_t j = dictionary.first_rules[(unsigned char)*flag]; j < end; j++) {
                const struct dictionary_rule *rule = &dictionary.rules[j].is;
                char form[DICTIONARY_WORD_MAX * 2];
                size_t made = rule_apply(text_of(rule->strip), text_of(rule->add),
                                         text_of(rule->condition), word, len, form);
                if (made > 0 && made <= DICTIONARY_WORD_MAX)
                    add_form(form, made, (uint32_t)i, kinds);
            }
        }
    }
}

/* One word a line; names and possessives are left out. */
static void list_english(const char *path) {
    FILE *file = open_or_die(path, "r");
    char line[512];
    size_t count = 0;
    while (fgets(line, sizeof line, file)) {
        size_t len = strspn(line, "abcdefghijklmnopqrstuvwxyz");
        if (len == 0 || len > DICTIONARY_WORD_MAX || !strchr("\r\n", line[len]))
            continue;
        add_form(line, len, UINT32_MAX, WORD_ENGLISH);
        count++;
    }
    fclose(file);
    if (count < 10000)
        die("'%s' is no list of English words, one a line", path);
}

/* Names are also listed by odd cases, without endings (Mercedesem). */
static bool is_odd_case(const struct form *form) {
    const struct lemma *lemma = &dictionary.lemmas[form->lemma];
    return !lemma->common && text_of(lemma->at)[strlen(text_of(lemma->at)) + 1] == '\0';
}

/* Of lemmas that differ in a mark alone the unmarked one is meant by a name: orlen, orleń. */
static bool is_marked_as(uint32_t left, uint32_t right) {
    const char *a = text_of(dictionary.lemmas[left].at), *b = text_of(dictionary.lemmas[right].at);
    while (*a && latin2_plain((unsigned char)*a) == latin2_plain((unsigned char)*b))
        a++, b++;
    return !*a && !*b;
}

/* A plural that is listed as a lemma (mercedesy) is the same word as its singular. */
static bool is_plural_of(uint32_t singular, uint32_t plural) {
    const char *one = text_of(dictionary.lemmas[singular].at);
    const char *many = text_of(dictionary.lemmas[plural].at);
    size_t len = strlen(one);
    return strncmp(one, many, len) == 0 && strlen(many) == len + 1 && strchr("yie", many[len]);
}

/* Sorts the forms and makes one of those that are spelled alike. */
static void merge_forms(void) {
    size_t kept = 0;
    qsort(dictionary.list, dictionary.list_count, sizeof *dictionary.list, forms_by_text);
    for (size_t i = 0, j; i < dictionary.list_count; i = j) {
        struct form form = dictionary.list[i];
        const struct form *first = NULL;
        bool several = false;
        for (j = i; j < dictionary.list_count; j++) {
            const struct form *twin = &dictionary.list[j];
            if (strcmp(dictionary.forms.at + twin->at, dictionary.forms.at + form.at) != 0)
                break;
            form.kinds |= twin->kinds;
            if (!(twin->kinds & WORD_POLISH) || is_odd_case(twin))
                continue;
            several |= first && twin->lemma != first->lemma &&
                       !is_marked_as(first->lemma, twin->lemma) &&
                       !is_plural_of(first->lemma, twin->lemma) &&
                       !is_plural_of(twin->lemma, first->lemma);
            first = first ? first : twin;
        }
        form.kinds |= several && form.kinds & WORD_COMMON ? WORD_SEVERAL : 0;
        dictionary.list[kept++] = form;
    }
    dictionary.list_count = kept;
}

/* A state while it may still get edges. */
struct state {
    uint32_t edges[256];
    uint8_t kinds[256];
    unsigned count;
};

static struct {
    uint32_t *edges;
    uint8_t *kinds;
    size_t count, cap, kinds_cap;
    uint32_t *buckets; /* first edge of a frozen state, or UINT32_MAX */
    size_t bucket_mask, used;
    struct state open[DICTIONARY_WORD_MAX + 2];
} automaton;

static size_t state_hash(const uint32_t *edges, unsigned count) {
    uint64_t hash = count;
    for (unsigned i = 0; i < count; i++)
        hash = (hash ^ edges[i]) * UINT64_C(0x9E3779B97F4A7C15), hash ^= hash >> 31;
    return (size_t)hash;
}

static unsigned frozen_count(uint32_t first) {
    unsigned count = 1;
    while (!(automaton.edges[first + count - 1] & EDGE_LAST))
        count++;
    return count;
}

static void bucket_put(uint32_t first) {
    size_t at = state_hash(&automaton.edges[first], frozen_count(first)) & automaton.bucket_mask;
    while (automaton.buckets[at] != UINT32_MAX)
        at = (at + 1) & automaton.bucket_mask;
    automaton.buckets[at] = first;
    automaton.used++;
}

static void buckets_grow(void) {
    uint32_t *old = automaton.buckets;
    size_t old_size = old ? automaton.bucket_mask + 1 : 0, size = old ? old_size * 2 : 1 << 16;
    automaton.buckets = malloc(size * sizeof *automaton.buckets);
    if (!automaton.buckets)
        die("out of memory");
    memset(automaton.buckets, 0xFF, size * sizeof *automaton.buckets);
    automaton.bucket_mask = size - 1;
    automaton.used = 0;
    for (size_t i = 0; i < old_size; i++)
        if (old[i] != UINT32_MAX)
            bucket_put(old[i]);
    free(old);
}

/* The frozen state that equals this one, made when there is none. A state without edges is 0. */
static uint32_t freeze(struct state *state) {
    if (state->count == 0)
        return 0;
    state->edges[state->count - 1] |= EDGE_LAST;
    if (!automaton.buckets || automaton.used * 2 > automaton.bucket_mask)
        buckets_grow();
    size_t at = state_hash(state->edges, state->count) & automaton.bucket_mask;
    for (; automaton.buckets[at] != UINT32_MAX; at = (at + 1) & automaton.bucket_mask) {
        uint32_t first = automaton.buckets[at];
        if (frozen_count(first) == state->count &&
            memcmp(&automaton.edges[first], state->edges, state->count * 4) == 0 &&
            memcmp(&automaton.kinds[first], state->kinds, state->count) == 0)
            return first;
    }
    automaton.edges = grow(automaton.edges, &automaton.cap, automaton.count + state->count,
                           sizeof *automaton.edges);
    automaton.kinds =
        grow(automaton.kinds, &automaton.kinds_cap, automaton.count + state->count, 1);
    uint32_t first = (uint32_t)automaton.count;
    memcpy(&automaton.edges[first], state->edges, state->count * 4);
    memcpy(&automaton.kinds[first], state->kinds, state->count);
    automaton.count += state->count;
    bucket_put(first);
    return first;
}

/* Freezes what hangs below depth `to`. */
static void close_states(size_t from, size_t to) {
    while (from > to) {
        uint32_t target = freeze(&automaton.open[from]);
        if (target >> (32 - EDGE_TARGET_SHIFT))
            die("the automaton is too large");
        struct state *parent = &automaton.open[from - 1];
        parent->edges[parent->count - 1] |= target << EDGE_TARGET_SHIFT;
        from--;
    }
}

/* Edge 0 is never used, so that target 0 can mean "no edges". */
static uint32_t build_automaton(void) {
    automaton.edges = grow(NULL, &automaton.cap, 1, sizeof *automaton.edges);
    automaton.kinds = grow(NULL, &automaton.kinds_cap, 1, 1);
    automaton.kinds[0] = 0;
    automaton.edges[automaton.count++] = EDGE_LAST;
    const char *before = "";
    for (size_t i = 0; i < dictionary.list_count; i++) {
        const char *form = dictionary.forms.at + dictionary.list[i].at;
        size_t common = 0, depth = strlen(before);
        while (form[common] && form[common] == before[common])
            common++;
        close_states(depth, common);
        for (size_t at = common; form[at]; at++) {
            struct state *state = &automaton.open[at];
            state->kinds[state->count] = (uint8_t)(form[at + 1] ? 0 : dictionary.list[i].kinds);
            state->edges[state->count++] =
                (unsigned char)form[at] | (form[at + 1] ? 0 : EDGE_FINAL);
            automaton.open[at + 1].count = 0;
        }
        before = form;
    }
    close_states(strlen(before), 0);
    return freeze(&automaton.open[0]);
}

static void plain_of(const char *word, char out[DICTIONARY_WORD_MAX + 1]) {
    size_t i = 0;
    for (; word[i] && i < DICTIONARY_WORD_MAX; i++)
        out[i] = (char)latin2_plain((unsigned char)word[i]);
    out[i] = '\0';
}

static int by_plain(const void *left, const void *right) {
    char a[DICTIONARY_WORD_MAX + 1], b[DICTIONARY_WORD_MAX + 1];
    plain_of(text_of(*(const uint32_t *)left), a);
    plain_of(text_of(*(const uint32_t *)right), b);
    int order = strcmp(a, b);
    return order ? order
                 : strcmp(text_of(*(const uint32_t *)left), text_of(*(const uint32_t *)right));
}

/* Lemmas whose spelling has Polish marks, by their plain spelling. */
static size_t list_plains(uint32_t *out) {
    size_t count = 0;
    for (size_t i = 0; i < dictionary.lemma_count; i++) {
        char plain[DICTIONARY_WORD_MAX + 1];
        const char *word = text_of(dictionary.lemmas[i].at);
        plain_of(word, plain);
        if (strcmp(plain, word) != 0)
            out[count++] = dictionary.lemmas[i].at;
    }
    qsort(out, count, sizeof *out, by_plain);
    return count;
}

static void put(FILE *file, const void *at, size_t size) {
    if (size && fwrite(at, 1, size, file) != size)
        die("cannot write");
}

static void write_dictionary(const char *path, uint32_t root) {
    uint32_t *plains = malloc((dictionary.lemma_count + 1) * sizeof *plains);
    if (!plains)
        die("out of memory");
    struct dictionary_header header = {.magic = DICTIONARY_MAGIC, .root = root};
    header.lemma_count = (uint32_t)dictionary.lemma_count;
    header.plain_count = (uint32_t)list_plains(plains);
    header.rule_count = (uint32_t)dictionary.rule_count;
    header.edge_count = (uint32_t)automaton.count;
    header.lemmas_at = sizeof header;
    header.plains_at = header.lemmas_at + header.lemma_count * 4;
    header.rules_at = header.plains_at + header.plain_count * 4;
    header.first_rules_at = header.rules_at + header.rule_count * sizeof(struct dictionary_rule);
    header.edges_at = header.first_rules_at + sizeof dictionary.first_rules;
    header.kinds_at = header.edges_at + header.edge_count * 4;
    header.text_at = header.kinds_at + header.edge_count;
    header.size = header.text_at + (uint32_t)dictionary.text.len;
    FILE *file = open_or_die(path, "wb");
    put(file, &header, sizeof header);
    for (size_t i = 0; i < dictionary.lemma_count; i++)
        put(file, &dictionary.lemmas[i].at, sizeof dictionary.lemmas[i].at);
    put(file, plains, header.plain_count * sizeof *plains);
    for (size_t i = 0; i < dictionary.rule_count; i++)
        put(file, &dictionary.rules[i].is, sizeof dictionary.rules[i].is);
    put(file, dictionary.first_rules, sizeof dictionary.first_rules);
    put(file, automaton.edges, automaton.count * 4);
    put(file, automaton.kinds, automaton.count);
    put(file, dictionary.text.at, dictionary.text.len);
    if (fclose(file) != 0)
        die("cannot write '%s'", path);
    free(plains);
}

int main(int argc, char **argv) {
    if (argc != 5)
        die("usage: compile_forms AFF DIC ENGLISH OUT");
    read_rules(argv[1]);
    read_lemmas(argv[2]);
    list_forms();
    list_english(argv[3]);
    merge_forms();
    uint32_t root = build_automaton();
    write_dictionary(argv[4], root);
    printf("%zu lemmas, %zu forms, %zu edges\n", dictionary.lemma_count, dictionary.list_count,
           automaton.count);
    return 0;
}
