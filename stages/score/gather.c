#include "stages/score/gather.h"

enum { PHRASE_ITEMS = 16, FRONTIER = 24 };

static inline void set_bit(uint64_t *bits, uint32_t number, bool value) {
    bits[number >> 6] |= (uint64_t)value << (number & 63);
}

/* Where the reading of the tokens is, and what was counted on the way. */
struct place {
    uint32_t count, persons, caps, quoted;
    uint16_t clause, sentence;
    uint64_t active, starts, asks; /* bits of the last items, up to 64 */
    uint64_t kinds;                /* eight counts of up to 255 tokens, by their kind */
    bool whole_hit; /* the compound before has an entry: its parts say nothing more */
};

static inline void count_token(struct place *place, const struct token *token) {
    place->kinds += UINT64_C(1) << (8 * token->kind);
    if (!(token->flags & (TOKEN_CAPS | TOKEN_QUOTED)))
        return;
    if (token->kind == TOKEN_WORD || token->kind == TOKEN_EMOJI || token->kind == TOKEN_EMOTICON) {
        place->caps += (token->flags & TOKEN_CAPS) != 0;
        place->quoted += (token->flags & TOKEN_QUOTED) != 0;
    }
}

static void take_kinds(struct rules *rules, struct place *place) {
    rules->numbers += place->kinds >> (8 * TOKEN_NUMBER) & 255;
    rules->urls += place->kinds >> (8 * TOKEN_URL) & 255;
    rules->handles += place->kinds >> (8 * TOKEN_HANDLE) & 255;
    rules->hashtags += place->kinds >> (8 * TOKEN_HASHTAG) & 255;
    place->kinds = 0;
}

/* The bits of the items gathered since their last whole word. */
static inline void store_bits(struct rules *rules, struct place *place) {
    uint32_t word = (place->count - 1) / 64;
    rules->active[word] = place->active;
    rules->starts[word] = place->starts;
    rules->asks[word] = place->asks;
    place->active = place->starts = place->asks = 0;
}

static void read_punctuation(struct rules *rules, const struct word *word,
                             const struct token *token) {
    if (word->says & SAYS_SHOUTS)
        rules->exclamations += token->repeat ? token->repeat : 1;
    if (word->says & SAYS_ASKS)
        rules->question_mark = true;
    rules->dots += (word->says & SAYS_DOTS) != 0;
}

static inline void take_modifier(struct rules_item *item, const struct rules_lexicons *lexicons) {
    const struct lexicon_detail *detail = &lexicons->layers[item->layer].details[item->detail];
    item->modifier = detail->modifier;
    item->after = detail->after;
    item->value = detail->value;
}

static inline void add_item(struct rules *rules, const struct rules_lexicons *lexicons,
                            const struct word *word, uint32_t token, struct place *place) {
    uint32_t number = place->count++, says = word->says;
    struct rules_item *item = &rules->items[number];
    *item = (struct rules_item){
        .detail = word->detail,
        .says = word->says,
        .token = (uint16_t)token,
        .valence = word->valence,
        .clause = place->clause,
        .sentence = place->sentence,
        .layer = (uint8_t)word->layer,
        .modifier = says & SAYS_PERSON ? MODIFIER_PERSON : MODIFIER_NONE,
    };
    bool active = (word->valence != 0) | ((says & (SAYS_MODIFIES | SAYS_EMOJI)) != 0);
    place->active |= (uint64_t)active << (number & 63);
    place->starts |= (uint64_t)((says & SAYS_STARTS) != 0) << (number & 63);
    place->asks |= (uint64_t)((says & SAYS_ASKS) != 0) << (number & 63);
    place->persons += (says & SAYS_PERSON) != 0;
    if (says & SAYS_PHRASE)
        __builtin_prefetch(&lexicons->layers[word->layer].details[word->detail]);
    if (says & SAYS_MODIFIES)
        take_modifier(item, lexicons);
    if (number % 64 == 63)
        store_bits(rules, place);
}

static inline void gather_item(struct rules *rules, const struct rules_lexicons *lexicons,
                               const struct token *token, uint32_t number, const struct word *word,
                               struct place *place) {
    bool part = token->flags & TOKEN_PART;
    if (part && place->whole_hit)
        return;
    count_token(place, token);
    if (word->says & (SAYS_SHOUTS | SAYS_ASKS | SAYS_DOTS))
        read_punctuation(rules, word, token);
    if (word->says & SAYS_SKIP)
        return;
    place->whole_hit = part ? place->whole_hit : word->says & SAYS_ENTRY;
    if ((token->flags & (TOKEN_SENTENCE | TOKEN_NEWLINE)) && place->count) {
        place->clause++;
        place->sentence += (token->flags & TOKEN_SENTENCE) != 0;
    }
    add_item(rules, lexicons, word, number, place);
    place->clause += (word->says & SAYS_CLAUSE) != 0;
}

void gather_items(struct rules *rules, const struct rules_lexicons *lexicons,
                  const struct tokens *tokens) {
    struct place place = {0};
    struct word words[WORDS_AT_ONCE];
    words_begin(&rules->words);
    for (uint32_t i = 0; i < tokens->count && place.count < RULES_ITEMS; i += WORDS_AT_ONCE) {
        uint32_t left = tokens->count - i, count = left < WORDS_AT_ONCE ? left : WORDS_AT_ONCE;
        words_read(&rules->words, lexicons, tokens, i, count, words);
        for (uint32_t j = 0; j < count && place.count < RULES_ITEMS; j++)
            gather_item(rules, lexicons, &tokens->at[i + j], i + j, &words[j], &place);
        take_kinds(rules, &place);
    }
    words_end(&rules->words);
    if (place.count % 64)
        store_bits(rules, &place);
    rules->count = place.count;
    rules->persons = place.persons;
    rules->caps = place.caps;
    rules->quoted = place.quoted;
    rules->sentences = place.count ? place.sentence + 1u : 0;
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
    if ((item->says & SAYS_ENTRY) && item->layer == walk->layer)
        return item->says & SAYS_PHRASE ? &walk->lexicon->details[item->detail] : NULL;
    if (walk->lexicons->count == 1)
        return NULL;
    const struct lexicon_entry *entry =
        lexicon_find(walk->lexicon, lexicon_token_hash(&walk->tokens->at[item->token]));
    return entry && (entry->flags & ENTRY_PHRASE) ? &walk->lexicon->details[entry->detail] : NULL;
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
        item->phrase = place->output_at + i + 1;
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

/* Whether any class of a word leads on from where the word before it may begin a phrase. */
static bool may_follow(const struct lexicon *lexicon, const struct lexicon_detail *first,
                       const struct lexicon_detail *second) {
    const uint16_t *starts = lexicon->classes + first->class_at + first->class_count;
    const uint16_t *classes = lexicon->classes + second->class_at;
    for (unsigned i = 0; i < first->start_count; i++)
        for (unsigned j = 0; j < second->class_count; j++)
            if (lexicon_may_step(lexicon, starts[i], classes[j]))
                return true;
    return false;
}

/* Whether the words at an item that starts phrases go on as any of them; one layer only. */
static inline bool may_go_on(const struct rules *rules, const struct lexicon *lexicon,
                             uint32_t number) {
    const struct rules_item *item = &rules->items[number];
    const struct lexicon_detail *first = &lexicon->details[item->detail];
    if (first->start_next == START_ANYHOW)
        return true;
    if (number + 1 == rules->count || !(item[1].says & SAYS_PHRASE))
        return false;
    const struct lexicon_detail *second = &lexicon->details[item[1].detail];
    return (first->start_next & second->class_bits) && may_follow(lexicon, first, second);
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
