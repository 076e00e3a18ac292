#include "stages/score/gather.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PHRASE_ITEMS = 16, FRONTIER = 24 };

/* Bit i of the result: says[i] has any of `bits`; for up to 64. */
static inline uint64_t which_say(const uint16_t *says, uint32_t count, unsigned bits) {
    uint64_t which = 0;
#ifdef __SSE2__
    __m128i wanted = _mm_set1_epi16((short)bits), zero = _mm_setzero_si128();
    for (uint32_t i = 0; i < count; i += 16) {
        __m128i low = _mm_load_si128((const void *)(says + i));
        __m128i high = _mm_load_si128((const void *)(says + i + 8));
        low = _mm_cmpeq_epi16(_mm_and_si128(low, wanted), zero);
        high = _mm_cmpeq_epi16(_mm_and_si128(high, wanted), zero);
        unsigned none = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high));
        which |= (uint64_t)(~none & 0xFFFF) << i;
    }
#else
    for (uint32_t i = 0; i < count; i++)
        which |= (uint64_t)((says[i] & bits) != 0) << i;
#endif
    return which & (UINT64_MAX >> (64 - count));
}

/* The same of bytes, as a whole or by some bits. */
static inline uint64_t which_are(const uint8_t *bytes, uint32_t count, uint8_t mask,
                                 uint8_t value) {
    uint64_t which = 0;
#ifdef __SSE2__
    __m128i wanted = _mm_set1_epi8((char)mask), like = _mm_set1_epi8((char)value);
    for (uint32_t i = 0; i < count; i += 16) {
        __m128i part = _mm_and_si128(_mm_loadu_si128((const void *)(bytes + i)), wanted);
        which |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(part, like)) << i;
    }
#else
    for (uint32_t i = 0; i < count; i++)
        which |= (uint64_t)((bytes[i] & mask) == value) << i;
#endif
    return which & (UINT64_MAX >> (64 - count));
}

static inline uint32_t bit_count(uint64_t bits) {
    return (uint32_t)__builtin_popcountll(bits);
}

static void count_tokens(struct rules *rules, const struct words_block *block, uint32_t count) {
    const uint8_t *kinds = block->kinds;
    uint64_t caps = ~which_are(block->flags, count, TOKEN_CAPS, 0);
    uint64_t quoted = ~which_are(block->flags, count, TOKEN_QUOTED, 0);
    uint64_t words = which_are(kinds, count, 255, TOKEN_WORD);
    if (words != UINT64_MAX >> (64 - count)) {
        words |= which_are(kinds, count, 255, TOKEN_EMOJI);
        words |= which_are(kinds, count, 255, TOKEN_EMOTICON);
        rules->numbers += bit_count(which_are(kinds, count, 255, TOKEN_NUMBER));
        rules->urls += bit_count(which_are(kinds, count, 255, TOKEN_URL));
        rules->handles += bit_count(which_are(kinds, count, 255, TOKEN_HANDLE));
        rules->hashtags += bit_count(which_are(kinds, count, 255, TOKEN_HASHTAG));
    }
    rules->caps += bit_count(words & caps);
    rules->quoted += bit_count(words & quoted);
}

static void move_word(struct words_block *block, uint32_t to, uint32_t from) {
    block->says[to] = block->says[from];
    block->valences[to] = block->valences[from];
    block->details[to] = block->details[from];
    block->layers[to] = block->layers[from];
    block->kinds[to] = block->kinds[from];
    block->flags[to] = block->flags[from];
}

/* Leaves out the parts of a compound that has an entry itself. */
static uint32_t drop_parts(struct rules *rules, uint32_t count, uint16_t *tokens) {
    struct words_block *block = &rules->block;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool part = block->flags[i] & TOKEN_PART;
        if (part && rules->whole_hit)
            continue;
        if (!part && !(block->says[i] & SAYS_SKIP))
            rules->whole_hit = block->says[i] & SAYS_ENTRY;
        move_word(block, kept, i);
        tokens[kept++] = tokens[i];
    }
    return kept;
}

/* Leaves out the compounds without an entry, whose parts follow. */
static uint32_t drop_skipped(struct rules *rules, uint32_t count, uint16_t *tokens) {
    struct words_block *block = &rules->block;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (block->says[i] & SAYS_SKIP)
            continue;
        move_word(block, kept, i);
        tokens[kept++] = tokens[i];
    }
    return kept;
}

static void read_punctuation(struct rules *rules, const struct tokens *tokens, uint32_t count) {
    const uint16_t *says = rules->block.says, *numbers = &rules->tokens[rules->count];
    uint64_t loud = which_say(says, count, SAYS_SHOUTS | SAYS_ASKS | SAYS_DOTS);
    for (; loud; loud &= loud - 1) {
        unsigned i = (unsigned)__builtin_ctzll(loud);
        uint32_t repeat = tokens->at[numbers[i]].repeat;
        if (says[i] & SAYS_SHOUTS)
            rules->exclamations += repeat ? repeat : 1;
        rules->question_mark |= (says[i] & SAYS_ASKS) != 0;
        rules->dots += (says[i] & SAYS_DOTS) != 0;
    }
}

/* Adds the bits of items that begin at `from`. */
static inline void put_bits(uint64_t *bits, uint32_t from, uint64_t more) {
    bits += (from >> 6) * RULES_BLOCK_WORDS;
    *bits |= more << (from & 63);
    if (from & 63)
        bits[RULES_BLOCK_WORDS] |= more >> (64 - (from & 63));
}

static void put_all_bits(struct rules *rules, uint32_t count) {
    const struct words_block *block = &rules->block;
    struct rules_block *to = rules->blocks;
    uint32_t at = rules->count;
    uint64_t first = at ? UINT64_MAX : ~UINT64_C(1); /* nothing ends before the first item */
    uint64_t sentences = ~which_are(block->flags, count, TOKEN_SENTENCE, 0);
    uint64_t lines = ~which_are(block->flags, count, TOKEN_NEWLINE, 0);
    uint64_t all = UINT64_MAX >> (64 - count) & first;
    uint64_t pointed = which_say((const uint16_t *)block->valences, count, 0xFFFF);
    put_bits(&to->active, at, pointed | which_say(block->says, count, SAYS_MODIFIES | SAYS_EMOJI));
    put_bits(&to->starts, at, which_say(block->says, count, SAYS_STARTS));
    put_bits(&to->asks, at, which_say(block->says, count, SAYS_ASKS));
    put_bits(&to->closes, at, which_say(block->says, count, SAYS_CLAUSE));
    put_bits(&to->opens, at, (sentences | lines) & all);
    put_bits(&to->sentences, at, sentences & all);
    rules->persons += bit_count(which_say(block->says, count, SAYS_PERSON));
}

static void copy_words(struct rules *rules, uint32_t count) {
    const struct words_block *block = &rules->block;
    uint32_t at = rules->count;
    memcpy(&rules->says[at], block->says, count * sizeof *block->says);
    memcpy(&rules->valences[at], block->valences, count * sizeof *block->valences);
    memcpy(&rules->details[at], block->details, count * sizeof *block->details);
    memcpy(&rules->layers[at], block->layers, count);
}

/* Phrases will soon be looked for: the waits for memory overlap. */
static inline void fetch_details(const struct words_block *block,
                                 const struct rules_lexicons *lexicons, uint32_t count) {
    uint64_t phrases = which_say(block->says, count, SAYS_PHRASE | SAYS_MODIFIES);
    for (; phrases; phrases &= phrases - 1) {
        unsigned i = (unsigned)__builtin_ctzll(phrases);
        __builtin_prefetch(&lexicons->layers[block->layers[i]].details[block->details[i]]);
    }
}

/* Up to WORDS_AT_ONCE tokens into items. */
static void gather_block(struct rules *rules, const struct rules_lexicons *lexicons,
                         const struct tokens *tokens, uint32_t from, uint32_t count) {
    struct words_block *block = &rules->block;
    uint16_t *numbers = &rules->tokens[rules->count];
    words_read(&rules->words, lexicons, tokens, from, count, block);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = (uint16_t)(from + i);
    bool parts = which_are(block->flags, count, TOKEN_PART, TOKEN_PART) != 0 ||
                 (block->says[count - 1] & SAYS_SKIP);
    if (parts)
        count = drop_parts(rules, count, numbers);
    else
        rules->whole_hit = block->says[count - 1] & SAYS_ENTRY;
    if (count) {
        count_tokens(rules, block, count);
        read_punctuation(rules, tokens, count);
    }
    if (parts)
        count = drop_skipped(rules, count, numbers);
    if (!count)
        return;
    fetch_details(&rules->block, lexicons, count);
    put_all_bits(rules, count);
    copy_words(rules, count);
    rules->count += count;
}

static void clear_blocks(struct rules *rules, const struct tokens *tokens) {
    uint32_t items = tokens->count < RULES_ITEMS ? tokens->count : RULES_ITEMS;
    memset(rules->blocks, 0, (items / 64 + 2) * sizeof *rules->blocks);
}

/* Numbers clauses and sentences up to each block. */
static void number_clauses(struct rules *rules) {
    uint32_t last = rules->count / 64;
    for (uint32_t i = 0; i <= last; i++) {
        struct rules_block *block = &rules->blocks[i];
        uint32_t clauses = bit_count(block->opens) + bit_count(block->closes);
        block[1].clause = (uint16_t)(block->clause + clauses);
        block[1].sentence = (uint16_t)(block->sentence + bit_count(block->sentences));
    }
    rules->sentences = rules->count ? rules->blocks[last + 1].sentence + 1u : 0;
}

static void fill_item(struct rules *rules, const struct rules_lexicons *lexicons, uint32_t number) {
    struct rules_item *item = &rules->items[number];
    *item = (struct rules_item){
        .detail = rules->details[number],
        .says = rules->says[number],
        .token = rules->tokens[number],
        .valence = rules->valences[number],
        .clause = rules_clause(rules, number),
        .sentence = rules_sentence(rules, number),
        .layer = rules->layers[number],
        .modifier = rules->says[number] & SAYS_PERSON ? MODIFIER_PERSON : MODIFIER_NONE,
    };
    if (item->says & SAYS_MODIFIES) {
        const struct lexicon_detail *detail = &lexicons->layers[item->layer].details[item->detail];
        item->modifier = detail->modifier;
        item->after = detail->after;
        item->value = detail->value;
    }
}

void gather_items(struct rules *rules, const struct rules_lexicons *lexicons,
                  const struct tokens *tokens) {
    clear_blocks(rules, tokens);
    words_begin(&rules->words);
    for (uint32_t i = 0, count; i < tokens->count && rules->count < RULES_ITEMS; i += count) {
        count = tokens->count - i < WORDS_AT_ONCE ? tokens->count - i : (uint32_t)WORDS_AT_ONCE;
        if (rules->count + WORDS_AT_ONCE > RULES_ITEMS)
            count = 1; /* so that no token behind the last item is counted */
        gather_block(rules, lexicons, tokens, i, count);
    }
    words_end(&rules->words);
    number_clauses(rules);
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1))
        fill_item(rules, lexicons, i);
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

/* The walk's first item begins to count. */
static void activate(struct walk *walk) {
    if (rules_is_active(walk->rules, walk->first))
        return;
    walk->rules->blocks[walk->first >> 6].active |= UINT64_C(1) << (walk->first & 63);
    fill_item(walk->rules, walk->lexicons, walk->first);
}

static void arrive(struct walk *walk, uint32_t node, uint32_t last, unsigned side) {
    const struct lexicon_node *place = &walk->lexicon->nodes[node];
    if (place->inside && walk->counts[side] < FRONTIER)
        walk->frontier[side][walk->counts[side]++] = node;
    for (unsigned i = 0; i < place->output_count; i++) {
        const struct lexicon_output *output = &walk->lexicon->outputs[place->output_at + i];
        activate(walk);
        if (!consumes(output)) {
            add_cue(walk, output, last);
        } else if (walk->best_node == NODE_NONE || last > walk->best_last) {
            walk->best_node = node;
            walk->best_last = last;
        }
    }
}

static const struct lexicon_detail *detail_in_layer(const struct walk *walk, uint32_t at) {
    const struct rules *rules = walk->rules;
    if ((rules->says[at] & SAYS_ENTRY) && rules->layers[at] == walk->layer)
        return rules->says[at] & SAYS_PHRASE ? &walk->lexicon->details[rules->details[at]] : NULL;
    if (walk->lexicons->count == 1)
        return NULL;
    const struct lexicon_entry *entry =
        lexicon_find(walk->lexicon, lexicon_token_hash(&walk->tokens->at[rules->tokens[at]]));
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

/* Whether it is active already or still becomes so. */
static void silence(struct rules *rules, uint32_t number) {
    rules->valences[number] = rules->items[number].valence = 0;
    rules->says[number] &= (uint16_t) ~(SAYS_MODIFIES | SAYS_PERSON);
    rules->items[number].modifier = MODIFIER_NONE;
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
        walk->rules->blocks[i >> 6].covered |= UINT64_C(1) << (i & 63);
        silence(walk->rules, i);
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
    if (walk.best_node == NODE_NONE || rules_is_covered(rules, first))
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
            if (lexicon_may_step(lexicon, starts[i], classes[j])) {
                __builtin_prefetch(&lexicon->nodes[starts[i]]);
                lexicon_fetch_edge(lexicon, starts[i], classes[j]);
                return true;
            }
    return false;
}

/* Whether the words at an item that starts phrases go on as any of them; one layer only. */
static bool may_go_on(const struct rules *rules, const struct lexicon *lexicon, uint32_t number) {
    const uint32_t *details = &rules->details[number];
    const struct lexicon_detail *first = &lexicon->details[details[0]];
    if (first->start_next != START_ANYHOW)
        return may_follow(lexicon, first, &lexicon->details[details[1]]);
    const uint16_t *starts = lexicon->classes + first->class_at + first->class_count;
    for (unsigned i = 0; i < first->start_count; i++)
        __builtin_prefetch(&lexicon->nodes[starts[i]]);
    return true;
}

/* Those of `starts`, bits of 64 items, behind which a word stands that may follow. Which they are
 * cannot be foreseen: so without branches. */
static uint64_t promising(const struct rules *rules, const struct lexicon *lexicon, uint32_t from,
                          uint64_t starts) {
    uint64_t found = 0;
    for (; starts; starts &= starts - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(starts), i = from + bit;
        bool phrase = rules->says[i + 1] & SAYS_PHRASE;
        uint64_t next = lexicon->details[rules->details[i]].start_next;
        uint64_t bits = lexicon->details[phrase ? rules->details[i + 1] : 0].class_bits;
        bool goes_on = (next == START_ANYHOW) | (phrase & ((next & bits) != 0));
        found |= (uint64_t)goes_on << bit;
    }
    return found;
}

/* The same for the only layer that most have: what cannot be a phrase is left out beforehand. */
static void gather_ours(struct rules *rules, const struct rules_lexicons *lexicons,
                        const struct tokens *tokens) {
    const struct lexicon *lexicon = &lexicons->layers[0];
    rules->says[rules->count] = 0; /* nothing follows the last item */
    for (uint32_t from = 0; from < rules->count; from += 64) {
        uint64_t left = promising(rules, lexicon, from, rules->blocks[from / 64].starts), sure = 0;
        for (; left; left &= left - 1) {
            uint32_t bit = (uint32_t)__builtin_ctzll(left);
            sure |= (uint64_t)may_go_on(rules, lexicon, from + bit) << bit;
        }
        for (; sure; sure &= sure - 1)
            gather_from(rules, lexicons, tokens, from + (uint32_t)__builtin_ctzll(sure), 0);
    }
}

void gather_phrases(struct rules *rules, const struct rules_lexicons *lexicons,
                    const struct tokens *tokens) {
    if (lexicons->count == 1) {
        gather_ours(rules, lexicons, tokens);
        return;
    }
    for (uint32_t i = 0; i < rules->count; i++)
        for (unsigned layer = 0; layer < lexicons->count; layer++)
            if (gather_from(rules, lexicons, tokens, i, layer))
                break;
}
