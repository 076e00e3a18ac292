/* Tokens to hits: every word, tag, handle and domain is looked up once; phrases advance by one
 * bit per word (shift-and), so the cost per token does not depend on the number of brands. */
#include "stages/match/scratch.h"
#include "stages/text/inflect.h"

#define RECENT 32 /* more than PHRASE_WORDS_MAX */
#define JOIN_PARTS_MAX 5
#define JOIN_BYTES_MAX 96

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_one_of(struct span word, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_is(word, list[i]))
            return true;
    return false;
}

/* What may stand behind an apostrophe: endings of Polish cases and adjectives, English 's. */
static const char *const endings[] = {
    "a",   "u",   "owi",   "em",   "iem",   "ie",   "m",    "y",  "i",  "e",   "ów",
    "ow",  "om",  "ami",   "ach",  "ego",   "emu",  "ą",    "ę",  "o",  "s",   "owy",
    "owa", "owe", "owego", "owej", "owych", "owym", "owie", "im", "ze", "cie", "ową"};

struct scan {
    const struct query_set *set;
    struct match_scratch *scratch;
    const struct tokens *tokens;
    uint32_t token, position;
    uint32_t from;    /* token that what is looked up begins in; `token` but for parts of tags */
    bool unmarked;    /* it is written without diacritics */
    uint16_t refused; /* flags of forms that the token lacks a capital or is counted for */
    bool found;       /* a form of a query */
    uint32_t recent[RECENT]; /* token that stands at a word position */
};

static void complete(struct scan *scan, const struct form_entry *entry, uint32_t words) {
    struct match_scratch *scratch = scan->scratch;
    struct leaf_state *state = &scratch->leaves[entry->leaf];
    const struct leaf *leaf = &scan->set->leaves[entry->leaf];
    scan->found = true;
    uint32_t first = words > 1 ? scan->recent[(scan->position - words + 1) % RECENT] : scan->token;
    if (state->hit != scratch->epoch) {
        state->hit = scratch->epoch;
        state->first = first;
        state->last = scan->token;
        scratch_touch(scratch, leaf->brand);
    }
    if (leaf->names) {
        const struct token *at = scan->tokens->at;
        scratch_name(scratch, at[first].at, at[scan->token].at + at[scan->token].len);
    }
    if (leaf->near && scratch->hit_count < HITS_MAX)
        scratch->hits[scratch->hit_count++] =
            (struct near_hit){entry->leaf, scan->position - words + 1, scan->position};
}

/* Whether an ampersand stands between the words of the phrase that ends here. */
static bool has_ampersand(const struct scan *scan, uint32_t words) {
    const struct tokens *tokens = scan->tokens;
    const struct token *first = &tokens->at[scan->recent[(scan->position - words + 1) % RECENT]];
    const struct token *last = &tokens->at[scan->token];
    return last->at > first->at &&
           memchr(tokens->text.at + first->at, '&', last->at - first->at) != NULL;
}

static void phrase_step(struct scan *scan, const struct form_entry *entry, uint32_t words) {
    struct leaf_state *state = &scan->scratch->leaves[entry->leaf];
    if (state->epoch != scan->scratch->epoch) {
        state->epoch = scan->scratch->epoch;
        state->current = state->previous = 0;
        state->position = scan->position;
    }
    if (state->position != scan->position) {
        state->previous = state->position + 1 == scan->position ? state->current : 0;
        state->current = 0;
        state->position = scan->position;
    }
    if (entry->word > 0 && !(state->previous >> (entry->word - 1) & 1))
        return;
    state->current |= (uint16_t)(1u << entry->word);
    bool amp = scan->set->leaves[entry->leaf].spelling == SPELLED_AMP;
    if (entry->word + 1u == words && !(amp && !has_ampersand(scan, words)))
        complete(scan, entry, words);
}

/* Whether the word's capital says that it is a name: not at the beginning of a sentence, nor among
 * capitals. */
static bool has_capital(const struct scan *scan, const struct token *token) {
    bool shouted = token->flags & TOKEN_CAPS && scan->tokens->caps_words * 2 > scan->tokens->words;
    return token->flags & TOKEN_CAPITALISED && !(token->flags & TOKEN_SENTENCE) && !shouted;
}

/* A + right behind the token that no word follows, at most an ending: it is Canal+ and no sum. */
static bool has_plus(const struct scan *scan, const struct token *token) {
    struct span text = scan->tokens->text;
    uint32_t codepoint, end = token->at + token->len;
    if (end >= text.len || text.at[end] != '+')
        return false;
    struct span rest = {text.at + end + 1, text.len - end - 1};
    struct span ending = {rest.at, 0};
    char plain[TEXT_PLAIN_CHAR_MAX];
    while (ending.len < rest.len) {
        size_t len =
            text_next_char((struct span){rest.at + ending.len, rest.len - ending.len}, &codepoint);
        if (text_plain_char(codepoint, plain) < 0)
            break;
        ending.len += len;
    }
    return ending.len == 0 || is_one_of(ending, endings, COUNT(endings));
}

/* Small letters behind a number: 230 woltów. */
static bool is_counted(const struct scan *scan, const struct token *token) {
    return !(token->flags & TOKEN_CAPITALISED) && scan->from > 0 && token[-1].kind == TOKEN_NUMBER;
}

/* Whether the word has a capital wherever the query's has one. */
static bool capitals_stand(struct span wanted, struct span text) {
    while (wanted.len > 0) {
        uint32_t a, b = 0;
        size_t a_len = text_next_char(wanted, &a), b_len = 0;
        if (text.len > 0)
            b_len = text_next_char(text, &b);
        if (text_is_upper(a) && !text_is_upper(b))
            return false;
        wanted = (struct span){wanted.at + a_len, wanted.len - a_len};
        text = (struct span){text.at + b_len, text.len - b_len};
    }
    return true;
}

/* The capitals of a name:, which handles and links do without. */
static bool name_stands(const struct scan *scan, const struct form_entry *entry,
                        const struct leaf *leaf, const struct token *token) {
    struct span text = {scan->tokens->text.at + token->at, token->len};
    struct span wanted = query_string(scan->set, entry->typed, entry->typed_len);
    if (token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL)
        return true;
    if (token->kind == TOKEN_HASHTAG)
        text = (struct span){text.at + 1, text.len - 1};
    return !leaf->cased || capitals_stand(wanted, text);
}

/* What an entry asks of the text beside its letters. */
static bool entry_stands(const struct scan *scan, const struct form_entry *entry,
                         const struct leaf *leaf) {
    const struct token *token = &scan->tokens->at[scan->from];
    uint16_t flags = entry->flags;
    bool bare = flags & ENTRY_PLAIN_CAPITAL && !(flags & ENTRY_PLAIN) && scan->unmarked;
    if ((flags & ENTRY_CAPITAL || (bare && entry->plain != entry->form)) &&
        !has_capital(scan, token))
        return false;
    if (flags & ENTRY_PLUS && !has_plus(scan, token))
        return false;
    if (flags & ENTRY_UNIT && is_counted(scan, token))
        return false;
    return !leaf->cased || name_stands(scan, entry, leaf, token);
}

static void visit_entry(const struct form_entry *entry, void *context) {
    struct scan *scan = context;
    const struct leaf *leaf = &scan->set->leaves[entry->leaf];
    if ((entry->flags & ENTRY_ASKS || leaf->cased) && !entry_stands(scan, entry, leaf)) {
        scan->refused |= entry->flags;
        return;
    }
    uint32_t words = scan->set->leaves[entry->leaf].words;
    if (words == 1 || entry->flags & ENTRY_WHOLE)
        complete(scan, entry, 1);
    else
        phrase_step(scan, entry, words);
}

static void look_up(struct scan *scan, struct span form, struct span plain, uint64_t hash,
                    uint16_t want) {
    if (!scan->set->prefix_lengths && !forms_have(scan->set, hash))
        return; /* as most words */
    struct probe probe = {.hash = hash, .form = form, .plain = plain, .want = want};
    scan->unmarked = span_equal(form, plain);
    forms_find(scan->set, &probe, visit_entry, scan);
    if (scan->set->prefix_lengths)
        forms_find_prefix(scan->set, &probe, visit_entry, scan);
}

static void look_up_plain(struct scan *scan, struct span plain, uint16_t want) {
    look_up(scan, plain, plain, token_hash(plain), want);
}

static size_t last_apostrophe(struct span form) {
    for (size_t at = form.len; at-- > 0;)
        if (form.at[at] == '\'')
            return at;
    return 0;
}

/* Readings of a stretched word: each run of three letters or more may stand for one, two or, of
 * more, three of them (Rosssmann, CCCCC). */
#define STRETCHED_RUNS_MAX 3

struct stretched {
    struct scan *scan;
    uint16_t want;
    struct span written;
    char form[JOIN_BYTES_MAX];
};

static size_t letter_len(char byte) {
    unsigned char lead = (unsigned char)byte;
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* Chooses for the runs from written[at] on; `len`: of the form so far. */
static void read_stretched(struct stretched *word, size_t at, size_t len, unsigned runs) {
    struct span written = word->written;
    while (at < written.len) {
        size_t step = letter_len(written.at[at]), end = at + step, count = 1;
        for (; end + step <= written.len && memcmp(written.at + end, written.at + at, step) == 0;
             end += step)
            count++;
        if (len + (end - at) > sizeof word->form)
            return;
        bool run = count >= 3 && !(written.at[at] >= '0' && written.at[at] <= '9');
        for (size_t take = run && runs < STRETCHED_RUNS_MAX ? 1 : count; take < count;
             take = take < 3 && take + 1 < count ? take + 1 : count) {
            memcpy(word->form + len, written.at + at, take * step);
            read_stretched(word, end, len + take * step, runs + 1);
        }
        runs += run;
        memcpy(word->form + len, written.at + at, end - at);
        len += end - at;
        at = end;
    }
    /* a single letter is no name */
    if (len <= letter_len(word->form[0]))
        return;
    struct span form = {word->form, len};
    struct buf plain;
    buf_init(&plain, (size_t)JOIN_BYTES_MAX * TEXT_PLAIN_CHAR_MAX);
    if (text_fold_written(form, true, &plain) == STATUS_OK) {
        struct span bare = buf_as_span(&plain);
        look_up(word->scan, form, bare, token_hash(bare), word->want);
    }
    buf_release(&plain);
}

/* Orange'u: the name before the apostrophe, when an ending follows; Domino's also as dominos. */
static void look_up_apostrophe(struct scan *scan, struct span form, struct span plain) {
    size_t at = last_apostrophe(form), plain_at = last_apostrophe(plain);
    struct span ending = {form.at + at + 1, form.len - at - 1};
    if (at == 0 || plain_at == 0 || !is_one_of(ending, endings, COUNT(endings)))
        return;
    if (span_is(ending, "s") && plain_at < JOIN_BYTES_MAX) {
        char joined[JOIN_BYTES_MAX + 1];
        memcpy(joined, plain.at, plain_at);
        joined[plain_at] = 's';
        look_up_plain(scan, (struct span){joined, plain_at + 1}, ENTRY_LEMMA);
    }
    form.len = at;
    plain.len = plain_at;
    look_up(scan, form, plain, token_hash(plain), ENTRY_LEMMA);
}

static void look_up_word(struct scan *scan, const struct token *token, uint16_t want) {
    struct span form = token_form(scan->tokens, token), plain = token_plain(scan->tokens, token);
    if (token->flags & TOKEN_ELONGATED) {
        struct stretched word = {.scan = scan, .want = want};
        word.written = token_written(scan->tokens, token);
        if (word.written.len <= JOIN_BYTES_MAX)
            read_stretched(&word, 0, 0, 0);
        if (form.len <= letter_len(form.at[0]))
            return;
    }
    look_up(scan, form, plain, token->plain_hash, want);
    if (memchr(plain.at, '\'', plain.len))
        look_up_apostrophe(scan, form, plain);
}

/* What brands put behind their name: in tags and handles, in handles only, and in handles only
 * behind a separator (norvia_us, but not lotus). */
static const char *const tag_tails[] = {"polska",   "poland",     "polski",
                                        "official", "oficjalnie", "oficjalny"};
static const char *const handle_tails[] = {
    "polska", "poland", "polski", "official", "oficjalnie", "oficjalny", "pomoc",
    "pomaga", "help",   "helps",  "support",  "care",       "global",    "group",
    "grupa",  "online", "app",    "team",     "serwis",     "service",   "news"};
static const char *const short_tails[] = {"pl", "eu", "uk", "us", "hq", "de", "sa", "com", "24"};
/* And before it, in handles. */
static const char *const handle_heads[] = {"ask", "the", "team", "get", "hello", "hej", "my"};

static bool is_separator(char byte) {
    return byte == '_' || byte == '.';
}

/* The name without its tail, when it has one and three bytes are left; else an empty span. */
static struct span without_tail(struct span name, const char *tail, bool separated) {
    size_t len = strlen(tail);
    struct span none = {name.at, 0};
    if (name.len < len + 3 || name.at[name.len - 1] != tail[len - 1] || !span_ends(name, tail))
        return none;
    name.len -= len;
    if (separated && !is_separator(name.at[name.len - 1]))
        return none;
    while (name.len > 0 && is_separator(name.at[name.len - 1]))
        name.len--;
    return name;
}

static struct span strip_tail(struct span name, bool handle) {
    const char *const *tails = handle ? handle_tails : tag_tails;
    size_t count = handle ? COUNT(handle_tails) : COUNT(tag_tails);
    struct span rest = {name.at, 0};
    for (size_t i = 0; i < count && rest.len == 0; i++)
        rest = without_tail(name, tails[i], false);
    for (size_t i = 0; i < COUNT(short_tails) && rest.len == 0; i++) {
        /* mbankpl, norvia24: common enough to be read without a separator */
        bool common = name.len >= 6 && (i == 0 || (handle && i + 1 == COUNT(short_tails)));
        rest = without_tail(name, short_tails[i], !common);
    }
    return rest;
}

/* Looks the name up without its separators. */
static void look_up_joined(struct scan *scan, struct span name, uint16_t want) {
    char joined[JOIN_BYTES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < sizeof joined; i++)
        if (!is_separator(name.at[i]))
            joined[len++] = name.at[i];
    look_up_plain(scan, (struct span){joined, len}, want);
}

/* orange_polska, norviapl, ask_norvia: the name without what brands add to it. */
static void look_up_bare_name(struct scan *scan, struct span name, uint16_t want) {
    bool handle = want == ENTRY_HANDLE;
    if (name.len > JOIN_BYTES_MAX)
        return;
    if (memchr(name.at, '_', name.len) || memchr(name.at, '.', name.len))
        look_up_joined(scan, name, want);
    for (size_t i = 0; i < COUNT(handle_heads) && handle; i++) {
        size_t len = strlen(handle_heads[i]);
        if (span_starts(name, handle_heads[i]) && name.len >= len + 4)
            look_up_joined(scan, (struct span){name.at + len, name.len - len}, want);
    }
    for (int i = 0; i < 3; i++) {
        name = strip_tail(name, handle);
        if (name.len == 0)
            return;
        look_up_joined(scan, name, want);
    }
}

/* The name is also looked up without its server. */
static void scan_handle(struct scan *scan, const struct token *token) {
    struct span whole = token_plain(scan->tokens, token), name = whole;
    const char *server = whole.len ? memchr(whole.at, '@', whole.len) : NULL;
    if (server)
        name.len = (size_t)(server - whole.at);
    if (span_ends(name, ".bsky.social"))
        name.len -= strlen(".bsky.social");
    look_up_word(scan, token, ENTRY_HANDLE);
    if (name.len < whole.len)
        look_up_plain(scan, name, ENTRY_HANDLE);
    look_up_bare_name(scan, name, ENTRY_HANDLE);
}

/* Neighbouring parts of a tag written as one: m|Bank in #mBankWstyd, T_Mobile. */
static void scan_joined_parts(struct scan *scan) {
    const struct tokens *tokens = scan->tokens;
    const struct token *parts = tokens->at;
    uint32_t end = scan->token + 1;
    while (end < tokens->count && parts[end].flags & TOKEN_PART)
        end++;
    for (uint32_t from = scan->token + 1; from < end; from++) {
        char form[JOIN_BYTES_MAX * 2], plain[JOIN_BYTES_MAX];
        size_t form_len = 0, plain_len = 0;
        for (uint32_t i = from; i < end && i < from + JOIN_PARTS_MAX; i++) {
            if (form_len + parts[i].form_len > sizeof form ||
                plain_len + parts[i].plain_len > sizeof plain)
                break;
            memcpy(form + form_len, tokens->forms + parts[i].form, parts[i].form_len);
            memcpy(plain + plain_len, tokens->forms + parts[i].plain, parts[i].plain_len);
            form_len += parts[i].form_len;
            plain_len += parts[i].plain_len;
            struct span joined = {plain, plain_len};
            scan->from = from;
            if (i > from)
                look_up(scan, (struct span){form, form_len}, joined, token_hash(joined),
                        ENTRY_HASHTAG);
        }
    }
}

static bool is_small(char byte) {
    return byte >= 'a' && byte <= 'z';
}

static bool is_capital(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

static bool is_word_of_language(const char *at, size_t len) {
    char small[JOIN_BYTES_MAX];
    if (len > sizeof small)
        return false;
    for (size_t i = 0; i < len; i++)
        small[i] = (char)(at[i] | 0x20);
    return inflect_kinds_unmarked((struct span){small, len}) & (WORD_POLISH | WORD_ENGLISH);
}

/* #TVNklamie: all of a run of capitals as a name, where the letters behind it rather make a word
 * without the last capital than with it (#TVPowered). */
static void scan_capitals(struct scan *scan, const struct token *token) {
    const char *tag = scan->tokens->text.at + token->at;
    for (size_t at = 1, end, stop; at < token->len; at = stop) {
        for (end = at; end < token->len && is_capital(tag[end]);)
            end++;
        for (stop = end; stop < token->len && is_small(tag[stop]);)
            stop++;
        stop += stop == at; /* neither */
        if (end - at < 2 || stop == end || end - at > JOIN_BYTES_MAX ||
            (is_word_of_language(tag + end - 1, stop - end + 1) &&
             !is_word_of_language(tag + end, stop - end)))
            continue;
        char name[JOIN_BYTES_MAX];
        for (size_t i = at; i < end; i++)
            name[i - at] = (char)(tag[i] | 0x20);
        look_up_plain(scan, (struct span){name, end - at}, ENTRY_HASHTAG);
    }
}

#define GLUED_MIN 7
#define GLUED_NAME_MIN 3 /* letters of a name that a tag begins with, of one that it ends with */
#define GLUED_LAST_MIN 5
#define GLUED_REST_MIN 4

/* One or two words of a language. */
static bool are_words(struct span text) {
    const unsigned known = WORD_POLISH | WORD_ENGLISH;
    if (inflect_kinds_unmarked(text) & known)
        return true;
    for (size_t at = 3; at + 3 <= text.len; at++) {
        struct span head = {text.at, at}, tail = {text.at + at, text.len - at};
        if (inflect_kinds_unmarked(head) & known && inflect_kinds_unmarked(tail) & known)
            return true;
    }
    return false;
}

/* The name in a tag when the rest is words (#lidlwstyd); not a name that is a word itself
 * (#actionplan). */
static void look_up_glued(struct scan *scan, struct span name, struct span rest) {
    if (!forms_have(scan->set, token_hash(name)))
        return;
    unsigned kinds = inflect_kinds(name);
    kinds = kinds ? kinds : inflect_kinds_unmarked(name);
    if (!(kinds & (WORD_COMMON | WORD_ENGLISH)) && are_words(rest))
        look_up_plain(scan, name, ENTRY_HASHTAG);
}

/* A tag in small letters that no dictionary has as a word. */
static void scan_glued(struct scan *scan, const struct token *token) {
    struct span tag = token_plain(scan->tokens, token);
    bool parts = scan->token + 1 < scan->tokens->count && token[1].flags & TOKEN_PART;
    if (parts || tag.len < GLUED_MIN || tag.len > JOIN_BYTES_MAX)
        return;
    for (size_t i = 0; i < tag.len; i++)
        if (!is_small(tag.at[i]))
            return;
    if (inflect_kinds_unmarked(tag))
        return;
    for (size_t i = GLUED_NAME_MIN; i + GLUED_REST_MIN <= tag.len; i++) {
        struct span head = {tag.at, i}, tail = {tag.at + i, tag.len - i};
        look_up_glued(scan, head, tail);
        if (i >= GLUED_REST_MIN && tail.len >= GLUED_LAST_MIN)
            look_up_glued(scan, tail, head);
    }
}

/* The last label of `host` before byte `end`. */
static struct span label_before(struct span host, size_t end) {
    size_t from = end;
    while (from > 0 && host.at[from - 1] != '.')
        from--;
    return (struct span){host.at + from, end - from};
}

/* A link names the owner of its domain (orange in www.orange.pl); a mail address does not. */
static void scan_url(struct scan *scan, const struct token *token) {
    static const char *const second[] = {"com", "co", "org", "net", "gov", "edu", "info", "waw"};
    struct span host = token_plain(scan->tokens, token);
    look_up_word(scan, token, ENTRY_URL);
    if (memchr(scan->tokens->text.at + token->at, '@', token->len))
        return;
    struct span label = label_before(host, host.len);
    for (int i = 0; i < 2; i++) {
        size_t end = (size_t)(label.at - host.at);
        if (end == 0)
            return;
        struct span before = label_before(host, end - 1);
        struct span domain = {before.at, host.len - (size_t)(before.at - host.at)};
        if (domain.len < host.len)
            look_up_plain(scan, domain, ENTRY_URL);
        label = before;
        if (!is_one_of(label, second, COUNT(second)))
            break;
    }
    look_up_plain(scan, label, ENTRY_DOMAIN);
}

static void scan_token(struct scan *scan, const struct token *token) {
    switch (token->kind) {
    case TOKEN_HASHTAG:
        look_up_word(scan, token, ENTRY_HASHTAG);
        look_up_bare_name(scan, token_plain(scan->tokens, token), ENTRY_HASHTAG);
        scan_joined_parts(scan);
        scan->from = scan->token;
        scan_capitals(scan, token);
        scan_glued(scan, token);
        break;
    case TOKEN_HANDLE:
        scan_handle(scan, token);
        break;
    case TOKEN_URL:
        scan_url(scan, token);
        break;
    default:
        look_up_word(scan, token, ENTRY_WORD);
    }
}

static void tally_token(struct scan *scan, const struct token *token) {
    struct match_tally *tally = scan->scratch->tally;
    struct span form = token_form(scan->tokens, token);
    if (scan->found)
        word_tally_add(&tally->found, form);
    else if (scan->refused & ENTRY_UNIT)
        word_tally_add(&tally->counted, form);
    else if (scan->refused & (ENTRY_CAPITAL | ENTRY_PLAIN_CAPITAL))
        word_tally_add(&tally->small, form);
    scan->found = false;
    scan->refused = 0;
}

/* The ending of an acronym, behind a hyphen: RMF-ie. */
static bool is_ending_part(const struct tokens *tokens, uint32_t i) {
    const struct token *part = &tokens->at[i];
    return part->at > 0 && tokens->text.at[part->at - 1] == '-' &&
           is_one_of(token_form(tokens, part), endings, COUNT(endings));
}

void match_tokens(const struct query_set *set, struct match_scratch *scratch,
                  const struct tokens *tokens) {
    struct scan scan = {.set = set, .scratch = scratch, .tokens = tokens, .position = RECENT};
    uint32_t next = RECENT; /* position of the next word that is no part */
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        bool part = token->flags & TOKEN_PART;
        if (token->kind == TOKEN_PUNCT)
            continue;
        if (!part) {
            /* a phrase does not reach over the end of a sentence, but over the end of a line */
            bool breaks = (token->flags & (TOKEN_SENTENCE | TOKEN_NEWLINE)) == TOKEN_SENTENCE;
            scan.position = next + breaks;
        } else if (!(tokens->at[i - 1].flags & TOKEN_PART) || is_ending_part(tokens, i)) {
            scan.position =
                next - 1; /* the first part stands where the whole stands, and its ending */
        } else {
            scan.position = next;
        }
        next = scan.position + 1;
        scan.token = scan.from = i;
        scan.recent[scan.position % RECENT] = i;
        scan_token(&scan, token);
        if (scratch->tally)
            tally_token(&scan, token);
    }
}
