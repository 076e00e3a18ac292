#include "stages/score/gather.h"

enum { PHRASE_ITEMS = 16, FRONTIER = 24 };

static const struct lexicon_entry *find_entry(const struct rules_lexicons *lexicons, uint64_t hash,
                                              uint8_t *layer) {
    for (unsigned i = 0; i < lexicons->count; i++) {
        const struct lexicon_entry *entry = lexicon_find(&lexicons->layers[i], hash);
        if (entry) {
            *layer = (uint8_t)i;
            return entry;
        }
    }
    return NULL;
}

static bool has_parts(const struct tokens *tokens, uint32_t number) {
    return number + 1 < tokens->count && (tokens->at[number + 1].flags & TOKEN_PART);
}

/* False when the token must be skipped: it is a compound without an entry whose parts follow. */
static bool look_up(struct rules_item *item, const struct rules_lexicons *lexicons,
                    const struct tokens *tokens, uint32_t number) {
    const struct token *token = &tokens->at[number];
    if (token->kind == TOKEN_URL || token->kind == TOKEN_HANDLE)
        return true;
    item->entry = find_entry(lexicons, lexicon_token_hash(token), &item->layer);
    if (item->entry || (token->kind != TOKEN_HASHTAG && !has_parts(tokens, number)))
        return true;
    if (has_parts(tokens, number))
        return false;
    item->entry = find_entry(lexicons, token->hash, &item->layer);
    return true;
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

static void count_token(struct rules *rules, const struct tokens *tokens,
                        const struct token *token) {
    switch (token->kind) {
    case TOKEN_PUNCT:
        count_punctuation(rules, tokens, token);
        break;
    case TOKEN_NUMBER:
        rules->numbers++;
        break;
    case TOKEN_URL:
        rules->urls++;
        break;
    case TOKEN_HANDLE:
        rules->handles++;
        break;
    case TOKEN_HASHTAG:
        rules->hashtags++;
        break;
    default:
        rules->caps += (token->flags & TOKEN_CAPS) != 0;
        rules->quoted += (token->flags & TOKEN_QUOTED) != 0;
    }
}

/* Quotation marks and apostrophes do not end a clause; every other punctuation does. */
static bool ends_clause(const struct tokens *tokens, const struct token *token) {
    char first = tokens->forms[token->form];
    return token->kind == TOKEN_PUNCT && token->form_len && first != '"' && first != '\'' &&
           first != '/' && first != '*' && first != '&';
}

static void take_entry(struct rules_item *item, const struct rules_lexicons *lexicons) {
    if (!item->entry)
        return;
    __builtin_prefetch(&lexicons->layers[item->layer].details[item->entry->detail]);
    item->valence = item->entry->valence;
    item->modifier = item->entry->modifier;
    item->after = item->entry->flags & ENTRY_AFTER;
    if (item->modifier)
        item->value = lexicons->layers[item->layer].details[item->entry->detail].value;
}

/* The table is larger than the caches: the waits for its lines overlap when all are asked for at
 * once. */
static void fetch_ahead(const struct rules_lexicons *lexicons, const struct tokens *tokens) {
    const struct lexicon *lexicon = &lexicons->layers[lexicons->count - 1];
    uint32_t count = tokens->count < RULES_ITEMS ? tokens->count : RULES_ITEMS;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hash = lexicon_token_hash(&tokens->at[i]);
        if (lexicon_may_hold(lexicon, hash))
            __builtin_prefetch(&lexicon->slots[(uint32_t)hash & lexicon->header->slot_mask]);
    }
}

void gather_items(struct rules *rules, const struct rules_lexicons *lexicons,
                  const struct tokens *tokens) {
    uint16_t clause = 0, sentence = 0;
    bool whole_hit = false;
    fetch_ahead(lexicons, tokens);
    for (uint32_t i = 0; i < tokens->count && rules->count < RULES_ITEMS; i++) {
        const struct token *token = &tokens->at[i];
        bool part = token->flags & TOKEN_PART;
        if (part && whole_hit)
            continue;
        struct rules_item *item = &rules->items[rules->count];
        memset(item, 0, sizeof *item);
        item->token = i;
        count_token(rules, tokens, token);
        if (!look_up(item, lexicons, tokens, i))
            continue;
        if (!part)
            whole_hit = item->entry != NULL;
        if ((token->flags & (TOKEN_SENTENCE | TOKEN_NEWLINE)) && rules->count) {
            clause++;
            sentence += (token->flags & TOKEN_SENTENCE) != 0;
        }
        item->clause = clause;
        item->sentence = sentence;
        take_entry(item, lexicons);
        rules->persons += item->modifier == MODIFIER_PERSON;
        clause += ends_clause(tokens, token);
        rules->count++;
    }
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
    for (unsigned i = 0; detail && i < detail->class_count; i++) {
        uint16_t class = walk->lexicon->classes[detail->class_at + i];
        if (!(place->next >> (class & 63) & 1))
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

static bool may_begin(const struct rules_item *item, uint8_t layer) {
    return item->layer != layer || (item->entry && (item->entry->flags & ENTRY_STARTS));
}

void gather_phrases(struct rules *rules, const struct rules_lexicons *lexicons,
                    const struct tokens *tokens) {
    for (uint32_t i = 0; i < rules->count; i++) {
        for (unsigned layer = 0; layer < lexicons->count; layer++) {
            bool only = lexicons->count == 1;
            if (only && !may_begin(&rules->items[i], (uint8_t)layer))
                continue;
            struct walk walk;
            walk.rules = rules;
            walk.lexicons = lexicons;
            walk.tokens = tokens;
            walk.lexicon = &lexicons->layers[layer];
            walk.best_node = NODE_NONE;
            walk.best_last = 0;
            walk.first = (uint16_t)i;
            walk.layer = (uint8_t)layer;
            walk_phrases(&walk);
            if (walk.best_node != NODE_NONE && !rules->items[i].covered) {
                consume(&walk);
                break;
            }
        }
    }
}
