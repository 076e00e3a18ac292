#include "stages/score/gather.h"

enum { PHRASE_ITEMS = 16, FRONTIER = 24 };

static inline void set_bit(uint64_t *bits, uint32_t number, bool value) {
    bits[number >> 6] |= (uint64_t)value << (number & 63);
}

/* `ours`: what our own lexicon, the last layer, has. */
static inline const struct lexicon_entry *find_entry(const struct rules_lexicons *lexicons,
                                                     uint64_t hash,
                                                     const struct lexicon_entry *ours,
                                                     uint8_t *layer) {
    unsigned last = lexicons->count - 1;
    for (unsigned i = 0; i < last; i++) {
        const struct lexicon_entry *entry = lexicon_find(&lexicons->layers[i], hash);
        if (entry) {
            *layer = (uint8_t)i;
            return entry;
        }
    }
    *layer = ours ? (uint8_t)last : 0;
    return ours;
}

static bool has_parts(const struct tokens *tokens, uint32_t number) {
    return number + 1 < tokens->count && (tokens->at[number + 1].flags & TOKEN_PART);
}

/* What the lexicons say of a token. *skip: it is a compound without an entry whose parts follow. */
static inline const struct lexicon_entry *look_up(const struct rules_lexicons *lexicons,
                                                  const struct tokens *tokens, uint32_t number,
                                                  const struct lexicon_entry *ours, uint8_t *layer,
                                                  bool *skip) {
    const struct token *token = &tokens->at[number];
    *layer = 0;
    *skip = false;
    if (token->kind == TOKEN_URL || token->kind == TOKEN_HANDLE)
        return NULL;
    const struct lexicon_entry *entry =
        find_entry(lexicons, lexicon_token_hash(token), ours, layer);
    if (entry)
        return entry;
    if (has_parts(tokens, number)) {
        *skip = true;
        return NULL;
    }
    if (token->kind != TOKEN_HASHTAG)
        return NULL;
    ours = lexicon_find(&lexicons->layers[lexicons->count - 1], token->hash);
    return find_entry(lexicons, token->hash, ours, layer);
}

static void count_punctuation(struct rules *rules, const struct tokens *tokens,
                              const struct token *token) {
    struct span form = token_form(tokens, token);
    for (size_t i = 0; i < form.len; i++) {
        if (form.at[i] == '!')
            rules->exclamations += token->repeat ? token->repeat : 1;
        else if (form.at[i] == '?')
            rules->question_mark = true;
    }
    if (span_starts(form, "...") || span_starts(form, "\xE2\x80\xA6"))
        rules->dots++;
}

/* Quotation marks and apostrophes do not end a clause; every other punctuation does. */
static bool ends_clause(const struct tokens *tokens, const struct token *token) {
    char first = tokens->forms[token->form];
    return token->form_len && first != '"' && first != '\'' && first != '/' && first != '*' &&
           first != '&';
}

/* Which words come next cannot be foreseen: so without branches, by an entry that says nothing. */
static inline void take_entry(struct rules *rules, struct rules_item *item,
                              const struct rules_lexicons *lexicons) {
    static const struct lexicon_entry none;
    const struct lexicon_entry *entry = item->entry ? item->entry : &none;
    const struct lexicon_detail *details = lexicons->layers[item->layer].details;
    unsigned flags = entry->flags;
    __builtin_prefetch(&details[flags & ENTRY_PHRASE ? entry->detail : 0]);
    item->valence = entry->valence;
    item->modifier = entry->modifier;
    item->after = flags & ENTRY_AFTER;
    set_bit(rules->active, rules->count,
            (entry->valence != 0) | (entry->modifier != 0) | ((flags & ENTRY_EMOJI) != 0));
    set_bit(rules->starts, rules->count, flags & ENTRY_STARTS);
    rules->persons += entry->modifier == MODIFIER_PERSON; /* whose value says nothing */
    if (entry->modifier != MODIFIER_NONE && entry->modifier != MODIFIER_PERSON)
        item->value = details[entry->detail].value;
}

enum { AHEAD = 64 };

/* What our lexicon has of the next tokens. The table is larger than the caches: the waits for its
 * lines overlap when all are asked for before any is read. */
static void look_ahead(const struct rules_lexicons *lexicons, const struct tokens *tokens,
                       uint32_t from, const struct lexicon_entry *entries[AHEAD]) {
    const struct lexicon *lexicon = &lexicons->layers[lexicons->count - 1];
    const struct token *token = &tokens->at[from];
    uint32_t mask = lexicon->header->slot_mask, held = 0;
    uint32_t count = tokens->count - from < AHEAD ? tokens->count - from : AHEAD;
    uint8_t numbers[AHEAD];
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hash = lexicon_token_hash(&token[i]);
        bool holds = lexicon_may_hold(lexicon, hash);
        entries[i] = NULL;
        numbers[held] = (uint8_t)i;
        held += holds;
        __builtin_prefetch(&lexicon->slots[holds ? (uint32_t)hash & mask : 0]);
    }
    for (uint32_t i = 0; i < held; i++)
        entries[numbers[i]] = lexicon_probe(lexicon, lexicon_token_hash(&token[numbers[i]]));
}

/* What is counted while the items are gathered. */
struct tally {
    uint32_t kinds[TOKEN_PUNCT + 1], caps, quoted;
};

static inline void count_token(struct tally *tally, const struct token *token) {
    tally->kinds[token->kind]++;
    if (!(token->flags & (TOKEN_CAPS | TOKEN_QUOTED)))
        return;
    if (token->kind == TOKEN_WORD || token->kind == TOKEN_EMOJI || token->kind == TOKEN_EMOTICON) {
        tally->caps += (token->flags & TOKEN_CAPS) != 0;
        tally->quoted += (token->flags & TOKEN_QUOTED) != 0;
    }
}

static void take_tally(struct rules *rules, const struct tally *tally) {
    rules->numbers = tally->kinds[TOKEN_NUMBER];
    rules->urls = tally->kinds[TOKEN_URL];
    rules->handles = tally->kinds[TOKEN_HANDLE];
    rules->hashtags = tally->kinds[TOKEN_HASHTAG];
    rules->caps = tally->caps;
    rules->quoted = tally->quoted;
}

static void clear_bits(struct rules *rules, const struct tokens *tokens) {
    uint32_t words = (tokens->count < RULES_ITEMS ? tokens->count + 63 : RULES_ITEMS) / 64;
    for (uint32_t i = 0; i < words; i++)
        rules->active[i] = rules->starts[i] = 0;
}

/* All zeros by whole words; a NULL pointer is zero on every machine this is built for. */
static inline void item_clear(struct rules_item *item) {
    static const struct rules_item none;
    memcpy(item, &none, sizeof none);
}

void gather_items(struct rules *rules, const struct rules_lexicons *lexicons,
                  const struct tokens *tokens) {
    struct tally tally = {0};
    uint16_t clause = 0, sentence = 0;
    bool whole_hit = false, skip;
    const struct lexicon_entry *entries[AHEAD];
    uint32_t all = tokens->count;
    clear_bits(rules, tokens);
    for (uint32_t i = 0; i < all && rules->count < RULES_ITEMS; i++) {
        const struct token *token = &tokens->at[i];
        bool part = token->flags & TOKEN_PART, punct = token->kind == TOKEN_PUNCT;
        if (i % AHEAD == 0)
            look_ahead(lexicons, tokens, i, entries);
        if (part && whole_hit)
            continue;
        struct rules_item *item = &rules->items[rules->count];
        count_token(&tally, token);
        if (punct)
            count_punctuation(rules, tokens, token);
        uint8_t layer;
        const struct lexicon_entry *entry =
            look_up(lexicons, tokens, i, entries[i % AHEAD], &layer, &skip);
        if (skip)
            continue;
        if (!part)
            whole_hit = entry != NULL;
        if ((token->flags & (TOKEN_SENTENCE | TOKEN_NEWLINE)) && rules->count) {
            clause++;
            sentence += (token->flags & TOKEN_SENTENCE) != 0;
        }
        item_clear(item);
        item->entry = entry;
        item->token = i;
        item->clause = clause;
        item->sentence = sentence;
        item->layer = layer;
        take_entry(rules, item, lexicons);
        clause += punct && ends_clause(tokens, token);
        rules->count++;
    }
    take_tally(rules, &tally);
    rules->sentences = rules->count ? sentence + 1u : 0;
}

/* The walk of one layer's phrases from one item. */
struct walk {
    struct rules *rules;
    const struct rules_lexicons *lexicons;
    const struct tokens *tokens;
    const struct lexicon *lexicon;
    uint32_t frontier[2][FRONTIER];
    unsigned counts[2];
    uint32_t best_node, best_last; /* the longest phrase that consumes its words */
    uint16_t first;
    uint8_t layer;
};

static bool consumes(const struct lexicon_output *output) {
    return output->shape != SHAPE_CUE &&
           (output->modifier == MODIFIER_NONE || output->modifier == MODIFIER_NEGATOR ||
            output->modifier == MODIFIER_INTENSIFIER || output->modifier == MODIFIER_DAMPENER ||
            output->modifier == MODIFIER_CONTRAST);
}

static void add_cue(struct walk *walk, const struct lexicon_output *output, uint32_t last) {
    struct rules *rules = walk->rules;
    struct rules_item *item = &rules->items[walk->first];
    if (output->shape == SHAPE_MODIFIER) {
        if (item->modifier == MODIFIER_NONE) {
            item->modifier = output->modifier;
            item->value = output->value;
        } else if (output->modifier == MODIFIER_IRONY) {
            rules->irony += output->value;
        }
    }
    if (rules->cue_count < RULES_MATCHES)
        rules->cues[rules->cue_count++] =
            (struct rules_cue){output, walk->first, (uint16_t)last, walk->layer};
}

static void arrive(struct walk *walk, uint32_t node, uint32_t last, unsigned side) {
    const struct lexicon_node *place = &walk->lexicon->nodes[node];
    if (place->inside && walk->counts[side] < FRONTIER)
        walk->frontier[side][walk->counts[side]++] = node;
    for (unsigned i = 0; i < place->output_count; i++) {
        const struct lexicon_output *output = &walk->lexicon->outputs[place->output_at + i];
        set_bit(walk->rules->active, walk->first, true);
        if (!consumes(output)) {
            add_cue(walk, output, last);
        } else if (walk->best_node == NODE_NONE || last > walk->best_last) {
            walk->best_node = node;
            walk->best_last = last;
        }
    }
}

static const struct lexicon_detail *detail_in_layer(const struct walk *walk, uint32_t at) {
    const struct rules_item *item = &walk->rules->items[at];
    const struct lexicon_entry *entry = item->entry;
    if (!entry || item->layer != walk->layer)
        entry =
            walk->lexicons->count == 1
                ? NULL
                : lexicon_find(walk->lexicon, lexicon_token_hash(&walk->tokens->at[item->token]));
    if (!entry || !(entry->flags & ENTRY_PHRASE))
        return NULL;
    return &walk->lexicon->details[entry->detail];
}

/* The first item: the nodes behind the root are known beforehand. */
static void begin(struct walk *walk) {
    const struct lexicon_detail *detail = detail_in_layer(walk, walk->first);
    walk->counts[0] = 0;
    if (!detail)
        return;
    const uint16_t *starts = walk->lexicon->classes + detail->class_at + detail->class_count;
    for (unsigned i = 0; i < detail->start_count; i++)
        arrive(walk, starts[i], walk->first, 0);
}

static void step_from(struct walk *walk, uint32_t node, uint32_t at, unsigned side,
                      const struct lexicon_detail *detail) {
    const struct lexicon_node *place = &walk->lexicon->nodes[node];
    if (place->any) {
        uint32_t next = lexicon_step(walk->lexicon, node, CLASS_ANY);
        if (next != NODE_NONE)
            arrive(walk, next, at, side);
    }
    if (!detail || !(place->next & detail->class_bits))
        return;
    for (unsigned i = 0; i < detail->class_count; i++) {
        uint16_t class = walk->lexicon->classes[detail->class_at + i];
        if (!(place->next >> (class & 63) & 1) || !lexicon_may_step(walk->lexicon, node, class))
            continue;
        uint32_t next = lexicon_step(walk->lexicon, node, class);
        if (next != NODE_NONE)
            arrive(walk, next, at, side);
    }
}

static void walk_phrases(struct walk *walk) {
    unsigned side = 0;
    begin(walk);
    uint32_t end = walk->first + (uint32_t)PHRASE_ITEMS;
    if (end > walk->rules->count)
        end = walk->rules->count;
    for (uint32_t at = walk->first + 1u; at < end && walk->counts[side]; at++) {
        const struct lexicon_detail *detail = detail_in_layer(walk, at);
        walk->counts[!side] = 0;
        for (unsigned i = 0; i < walk->counts[side]; i++)
            step_from(walk, walk->frontier[side][i], at, !side, detail);
        side = !side;
    }
}

/* The phrase takes the place of its words; its first item stands for it. */
static void consume(struct walk *walk) {
    const struct lexicon_node *place = &walk->lexicon->nodes[walk->best_node];
    struct rules_item *item = &walk->rules->items[walk->first];
    item->valence = 0;
    item->modifier = MODIFIER_NONE;
    item->layer = walk->layer;
    item->cause = (uint16_t)walk->best_last;
    for (unsigned i = 0; i < place->output_count; i++) {
        const struct lexicon_output *output = &walk->lexicon->outputs[place->output_at + i];
        if (!consumes(output))
            continue;
        item->phrase = output;
        if (output->shape != SHAPE_MODIFIER) {
            item->valence = output->valence;
        } else {
            item->modifier = output->modifier;
            item->value = output->value;
            item->after = output->after;
        }
    }
    for (uint32_t i = walk->first + 1u; i <= walk->best_last; i++) {
        walk->rules->items[i].covered = true;
        walk->rules->items[i].valence = 0;
        walk->rules->items[i].modifier = MODIFIER_NONE;
    }
}

/* Walks from item `first`; true when a phrase has taken the place of its words. */
static bool gather_from(struct rules *rules, const struct rules_lexicons *lexicons,
                        const struct tokens *tokens, uint32_t first, unsigned layer) {
    struct walk walk;
    walk.rules = rules;
    walk.lexicons = lexicons;
    walk.tokens = tokens;
    walk.lexicon = &lexicons->layers[layer];
    walk.best_node = NODE_NONE;
    walk.best_last = 0;
    walk.first = (uint16_t)first;
    walk.layer = (uint8_t)layer;
    walk_phrases(&walk);
    if (walk.best_node == NODE_NONE || rules->items[first].covered)
        return false;
    consume(&walk);
    return true;
}

/* Whether the words at an item that starts phrases go on as any of them; one layer only. */
static bool may_go_on(const struct rules *rules, const struct lexicon *lexicon, uint32_t number) {
    const struct rules_item *item = &rules->items[number];
    uint64_t next = lexicon->details[item->entry->detail].start_next;
    if (next == START_ANYHOW)
        return true;
    const struct lexicon_entry *entry = number + 1 < rules->count ? item[1].entry : NULL;
    return entry && (entry->flags & ENTRY_PHRASE) &&
           (next & lexicon->details[entry->detail].class_bits);
}

void gather_phrases(struct rules *rules, const struct rules_lexicons *lexicons,
                    const struct tokens *tokens) {
    if (lexicons->count == 1) {
        for (uint32_t i = rules_next(rules, rules->starts, 0); i < rules->count;
             i = rules_next(rules, rules->starts, i + 1))
            if (may_go_on(rules, &lexicons->layers[0], i))
                gather_from(rules, lexicons, tokens, i, 0);
        return;
    }
    for (uint32_t i = 0; i < rules->count; i++)
        for (unsigned layer = 0; layer < lexicons->count; layer++)
            if (gather_from(rules, lexicons, tokens, i, layer))
                break;
}
