/* Tokens to hits: every word, tag, handle and domain is looked up once; phrases advance by one
 * bit per word (shift-and), so the cost per token does not depend on the number of brands. */
#include "stages/match/scratch.h"

#define RECENT 32 /* more than PHRASE_WORDS_MAX */
#define JOIN_PARTS_MAX 5
#define JOIN_BYTES_MAX 96

struct scan {
    const struct query_set *set;
    struct match_scratch *scratch;
    const struct tokens *tokens;
    uint32_t token, position;
    uint32_t recent[RECENT]; /* token that stands at a word position */
};

static void complete(struct scan *scan, const struct form_entry *entry, uint32_t words) {
    struct match_scratch *scratch = scan->scratch;
    struct leaf_state *state = &scratch->leaves[entry->leaf];
    const struct leaf *leaf = &scan->set->leaves[entry->leaf];
    uint32_t first = words > 1 ? scan->recent[(scan->position - words + 1) % RECENT] : scan->token;
    if (state->hit != scratch->epoch) {
        state->hit = scratch->epoch;
        state->first = first;
        state->last = scan->token;
        scratch_touch(scratch, leaf->brand);
    }
    if (leaf->near && scratch->hit_count < HITS_MAX)
        scratch->hits[scratch->hit_count++] =
            (struct near_hit){entry->leaf, scan->position - words + 1, scan->position};
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
    if (entry->word + 1u == words)
        complete(scan, entry, words);
}

static void visit_entry(const struct form_entry *entry, void *context) {
    struct scan *scan = context;
    uint32_t words = scan->set->leaves[entry->leaf].words;
    if (words == 1 || entry->flags & ENTRY_WHOLE)
        complete(scan, entry, 1);
    else
        phrase_step(scan, entry, words);
}

static void look_up(struct scan *scan, struct span form, struct span plain, uint64_t hash,
                    uint8_t want) {
    struct probe probe = {.hash = hash, .form = form, .plain = plain, .want = want};
    forms_find(scan->set, &probe, visit_entry, scan);
    if (scan->set->prefix_lengths)
        forms_find_prefix(scan->set, &probe, visit_entry, scan);
}

static void look_up_plain(struct scan *scan, struct span plain, uint8_t want) {
    look_up(scan, plain, plain, token_hash(plain), want);
}

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

static size_t last_apostrophe(struct span form) {
    for (size_t at = form.len; at-- > 0;)
        if (form.at[at] == '\'')
            return at;
    return 0;
}

static void look_up_word(struct scan *scan, const struct token *token, uint8_t want) {
    struct span form = token_form(scan->tokens, token), plain = token_plain(scan->tokens, token);
    look_up(scan, form, plain, token->plain_hash, want);
    if (!memchr(plain.at, '\'', plain.len))
        return;
    /* Orange'u: the name before the apostrophe, when an ending follows */
    size_t at = last_apostrophe(form), plain_at = last_apostrophe(plain);
    struct span ending = {form.at + at + 1, form.len - at - 1};
    if (at == 0 || plain_at == 0 || !is_one_of(ending, endings, COUNT(endings)))
        return;
    form.len = at;
    plain.len = plain_at;
    look_up(scan, form, plain, token_hash(plain), ENTRY_LEMMA);
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
    if (!span_ends(name, tail) || name.len < len + 3)
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
static void look_up_joined(struct scan *scan, struct span name, uint8_t want) {
    char joined[JOIN_BYTES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < sizeof joined; i++)
        if (!is_separator(name.at[i]))
            joined[len++] = name.at[i];
    look_up_plain(scan, (struct span){joined, len}, want);
}

/* orange_polska, norviapl, ask_norvia: the name without what brands add to it. */
static void look_up_bare_name(struct scan *scan, struct span name, uint8_t want) {
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
            if (i > from)
                look_up(scan, (struct span){form, form_len}, joined, token_hash(joined),
                        ENTRY_HASHTAG);
        }
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
    look_up_plain(scan, label, ENTRY_WORD);
}

static void scan_token(struct scan *scan, const struct token *token) {
    switch (token->kind) {
    case TOKEN_HASHTAG:
        look_up_word(scan, token, ENTRY_HASHTAG);
        look_up_bare_name(scan, token_plain(scan->tokens, token), ENTRY_HASHTAG);
        scan_joined_parts(scan);
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
        } else if (!(tokens->at[i - 1].flags & TOKEN_PART)) {
            scan.position = next - 1; /* the first part stands where the whole stands */
        } else {
            scan.position = next;
        }
        next = scan.position + 1;
        scan.token = i;
        scan.recent[scan.position % RECENT] = i;
        scan_token(&scan, token);
    }
}
