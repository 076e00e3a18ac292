#include "stages/score/collect_items.h"

#include "stages/score/simd_i16.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PHRASE_ITEMS = 16, FRONTIER = 24 };

/* Up to WORDS_AT_ONCE tokens that become items: their rows are where the items' will be. What may
 * be read behind them says nothing. */
struct item_batch {
    struct word_table_block block;
    uint16_t *numbers; /* of the tokens */
    uint32_t count;
    uint8_t kinds[WORDS_AT_ONCE + 16], flags[WORDS_AT_ONCE + 16];
};

static inline uint32_t bit_count(uint64_t bits) {
    return (uint32_t)__builtin_popcountll(bits);
}

/* Bit masks over a block of tokens: bit i is set when token i is of the kind; and counts of the
 * kinds of which no place is needed. */
struct block_masks {
    uint64_t active, starts, asks, closes, opens, sentences, loud;
    uint32_t persons, caps, quoted, numbers, urls, handles, hashtags;
};

#ifdef __SSE2__
/* Bit i: byte i has its bit `bit`. */
static inline unsigned have_bit(__m128i bytes, int bit) {
    return (unsigned)_mm_movemask_epi8(_mm_slli_epi16(bytes, 7 - bit));
}

/* Bit i: byte i is not 0. */
static inline unsigned have_any(__m128i bytes) {
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())) ^ 0xFFFF;
}

static inline uint32_t count_kind(__m128i kinds, enum token_kind kind) {
    __m128i like = _mm_cmpeq_epi8(kinds, _mm_set1_epi8((char)kind));
    return bit_count((unsigned)_mm_movemask_epi8(like));
}

static inline struct block_masks block_masks_of(struct item_batch *batch) {
    struct block_masks masks = {0};
    uint32_t count = batch->count;
    uint16_t *word_flags = batch->block.word_flags;
    int16_t *valences = batch->block.valences;
    memset(word_flags + count, 0, 16 * sizeof *word_flags);
    memset(valences + count, 0, 16 * sizeof *valences);
    memset(batch->kinds + count, TOKEN_PUNCT, 16);
    memset(batch->flags + count, 0, 16);
    for (uint32_t i = 0; i < count; i += 16) {
        /* what the tokens are */
        __m128i kinds = _mm_loadu_si128((const void *)(batch->kinds + i));
        __m128i flags = _mm_loadu_si128((const void *)(batch->flags + i));
        __m128i opens = _mm_and_si128(flags, _mm_set1_epi8(TOKEN_SENTENCE | TOKEN_NEWLINE));
        __m128i words = _mm_or_si128(_mm_cmpeq_epi8(kinds, _mm_set1_epi8(TOKEN_EMOJI)),
                                     _mm_cmpeq_epi8(kinds, _mm_set1_epi8(TOKEN_EMOTICON)));
        words = _mm_or_si128(words, _mm_cmpeq_epi8(kinds, _mm_set1_epi8(TOKEN_WORD)));
        flags = _mm_and_si128(flags, _mm_or_si128(words, _mm_set1_epi8(TOKEN_SENTENCE)));
        masks.sentences |= (uint64_t)have_bit(flags, 4) << i;
        masks.opens |= (uint64_t)have_any(opens) << i;
        masks.caps += bit_count(have_bit(flags, 0));
        masks.quoted += bit_count(have_bit(flags, 7));
        masks.numbers += count_kind(kinds, TOKEN_NUMBER);
        masks.urls += count_kind(kinds, TOKEN_URL);
        masks.handles += count_kind(kinds, TOKEN_HANDLE);
        masks.hashtags += count_kind(kinds, TOKEN_HASHTAG);
        /* what the lexicons say of them */
        __m128i first = _mm_loadu_si128((const void *)(word_flags + i)), byte = _mm_set1_epi16(255);
        __m128i second = _mm_loadu_si128((const void *)(word_flags + i + 8));
        __m128i low = _mm_packus_epi16(_mm_and_si128(first, byte), _mm_and_si128(second, byte));
        __m128i high = _mm_packus_epi16(_mm_srli_epi16(first, 8), _mm_srli_epi16(second, 8));
        __m128i points = _mm_packs_epi16(_mm_loadu_si128((const void *)(valences + i)),
                                         _mm_loadu_si128((const void *)(valences + i + 8)));
        __m128i shifts = _mm_and_si128(low, _mm_set1_epi8(WORD_MODIFIES | WORD_EMOJI));
        __m128i loud =
            _mm_and_si128(high, _mm_set1_epi8((WORD_SHOUTS | WORD_ASKS | WORD_DOTS) >> 8));
        masks.active |= (uint64_t)have_any(_mm_or_si128(points, shifts)) << i;
        masks.starts |= (uint64_t)have_bit(low, 2) << i;
        masks.closes |= (uint64_t)have_bit(low, 7) << i;
        masks.asks |= (uint64_t)have_bit(high, 0) << i;
        masks.loud |= (uint64_t)have_any(loud) << i;
        masks.persons += bit_count(have_bit(low, 4));
    }
    return masks;
}
_Static_assert(TOKEN_CAPS == 1 << 0 && TOKEN_SENTENCE == 1 << 4 && TOKEN_QUOTED == 1 << 7, "bits");
_Static_assert(WORD_STARTS == 1 << 2 && WORD_PERSON == 1 << 4 && WORD_CLAUSE == 1 << 7, "bits");
_Static_assert(WORD_ASKS == 1 << 8 && WORD_NEGATES >> 8 <= 127, "bits");
#else
static inline struct block_masks block_masks_of(struct item_batch *batch) {
    struct block_masks masks = {0};
    for (uint32_t i = 0; i < batch->count; i++) {
        unsigned kind = batch->kinds[i], flags = batch->flags[i];
        unsigned word_flags = batch->block.word_flags[i];
        bool word = kind == TOKEN_WORD || kind == TOKEN_EMOJI || kind == TOKEN_EMOTICON;
        bool shifts = batch->block.valences[i] || (word_flags & (WORD_MODIFIES | WORD_EMOJI));
        bool loud = word_flags & (WORD_SHOUTS | WORD_ASKS | WORD_DOTS);
        masks.sentences |= (uint64_t)((flags & TOKEN_SENTENCE) != 0) << i;
        masks.opens |= (uint64_t)((flags & (TOKEN_SENTENCE | TOKEN_NEWLINE)) != 0) << i;
        masks.caps += word && (flags & TOKEN_CAPS);
        masks.quoted += word && (flags & TOKEN_QUOTED);
        masks.numbers += kind == TOKEN_NUMBER;
        masks.urls += kind == TOKEN_URL;
        masks.handles += kind == TOKEN_HANDLE;
        masks.hashtags += kind == TOKEN_HASHTAG;
        masks.active |= (uint64_t)shifts << i;
        masks.starts |= (uint64_t)((word_flags & WORD_STARTS) != 0) << i;
        masks.closes |= (uint64_t)((word_flags & WORD_CLAUSE) != 0) << i;
        masks.asks |= (uint64_t)((word_flags & WORD_ASKS) != 0) << i;
        masks.loud |= (uint64_t)loud << i;
        masks.persons += (word_flags & WORD_PERSON) != 0;
    }
    return masks;
}
#endif

static void move_word(struct item_batch *batch, uint32_t to, uint32_t from) {
    struct word_table_block *block = &batch->block;
    block->word_flags[to] = block->word_flags[from];
    block->valences[to] = block->valences[from];
    block->details[to] = block->details[from];
    block->layers[to] = block->layers[from];
    block->kinds[to] = block->kinds[from];
    block->flags[to] = block->flags[from];
    batch->numbers[to] = batch->numbers[from];
}

/* Leaves out the parts of a compound that has an entry itself. */
static void drop_parts(struct rules *rules, struct item_batch *batch) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint16_t word_flags = batch->block.word_flags[i];
        bool part = batch->flags[i] & TOKEN_PART;
        if (part && rules->whole_hit)
            continue;
        if (!part && !(word_flags & WORD_SKIP))
            rules->whole_hit = word_flags & WORD_ENTRY;
        move_word(batch, kept++, i);
    }
    batch->count = kept;
}

static void read_punctuation(struct rules *rules, const struct item_batch *batch,
                             const struct tokens *tokens, uint64_t loud) {
    for (; loud; loud &= loud - 1) {
        unsigned i = (unsigned)__builtin_ctzll(loud), word_flags = batch->block.word_flags[i];
        uint32_t repeat = tokens->at[batch->numbers[i]].repeat;
        if (word_flags & WORD_SHOUTS)
            rules->exclamations += repeat ? repeat : 1;
        rules->question_mark |= (word_flags & WORD_ASKS) != 0;
        rules->dots += (word_flags & WORD_DOTS) != 0;
    }
}

/* Adds the bits of items that begin `shift` bits behind `bits`. */
static inline void put_bits(uint64_t *bits, uint32_t shift, uint64_t more) {
    *bits |= more << shift;
    if (shift)
        bits[RULES_BLOCK_WORDS] |= more >> (64 - shift);
}

static void put_all_bits(struct rules *rules, const struct block_masks *masks) {
    uint32_t at = rules->count, shift = at & 63;
    struct rules_block *to = &rules->blocks[at >> 6];
    uint64_t first = at ? UINT64_MAX : ~UINT64_C(1); /* nothing ends before the first item */
    put_bits(&to->active, shift, masks->active);
    put_bits(&to->starts, shift, masks->starts);
    put_bits(&to->asks, shift, masks->asks);
    put_bits(&to->closes, shift, masks->closes);
    put_bits(&to->opens, shift, masks->opens & first);
    put_bits(&to->sentences, shift, masks->sentences & first);
}

/* Eight at once, and mostly these: there is room behind the last. */
static inline void number_tokens(uint16_t *numbers, uint32_t from, uint32_t count) {
    simd_i16x8 row = (simd_i16x8){0, 1, 2, 3, 4, 5, 6, 7} + (int16_t)from;
    for (uint32_t i = 0; i < 32; i += 8, row += 8)
        memcpy(&numbers[i], &row, sizeof row);
    for (uint32_t i = 32; i < count; i += 8, row += 8)
        memcpy(&numbers[i], &row, sizeof row);
}

/* `count` tokens, up to WORDS_AT_ONCE, into items. */
static void collect_batch(struct rules *rules, const struct rules_lexicons *lexicons,
                          const struct tokens *tokens, uint32_t from, uint32_t count) {
    struct item_batch batch;
    uint32_t at = rules->count;
    batch.block = (struct word_table_block){
        .word_flags = &rules->word_flags[at],
        .valences = &rules->valences[at],
        .details = &rules->details[at],
        .layers = &rules->layers[at],
        .kinds = batch.kinds,
        .flags = batch.flags,
    };
    batch.numbers = &rules->tokens[at];
    batch.count = count;
    unsigned flags = word_table_read(&rules->words, lexicons, tokens, from, count, &batch.block);
    number_tokens(batch.numbers, from, count);
    bool parts = (flags & TOKEN_PART) || (batch.block.word_flags[count - 1] & WORD_SKIP);
    if (parts)
        drop_parts(rules, &batch);
    else
        rules->whole_hit = batch.block.word_flags[count - 1] & WORD_ENTRY;
    struct block_masks masks = block_masks_of(&batch);
    rules->caps += masks.caps;
    rules->quoted += masks.quoted;
    rules->numbers += masks.numbers;
    rules->urls += masks.urls;
    rules->handles += masks.handles;
    rules->hashtags += masks.hashtags;
    if (masks.loud)
        read_punctuation(rules, &batch, tokens, masks.loud);
    if (parts) { /* compounds without an entry were counted; their parts become the items */
        uint32_t kept = 0;
        for (uint32_t i = 0; i < batch.count; i++)
            if (!(batch.block.word_flags[i] & WORD_SKIP))
                move_word(&batch, kept++, i);
        batch.count = kept;
        masks = block_masks_of(&batch);
    }
    rules->persons += masks.persons;
    put_all_bits(rules, &masks);
    rules->count += batch.count;
}

/* Active items have an entry. Branch-free: whether it modifies would be mispredicted, so its detail
 * is always read. */
static void fill_item(struct rules *rules, const struct rules_lexicons *lexicons, uint32_t number) {
    uint16_t word_flags = rules->word_flags[number];
    uint8_t layer = rules->layers[number];
    uint32_t row = rules->details[number];
    const struct lexicon_detail *detail = &lexicons->layers[layer].details[row];
    int modifies = 0 - (word_flags / WORD_MODIFIES & 1),
        person = 0 - (word_flags / WORD_PERSON & 1);
    rules->items[number] = (struct rules_item){
        .detail = row,
        .word_flags = word_flags,
        .token = rules->tokens[number],
        .valence = rules->valences[number],
        .clause = rules_clause(rules, number),
        .sentence = rules_sentence(rules, number),
        .layer = layer,
        .modifier = (uint8_t)((detail->modifier & modifies) | (MODIFIER_PERSON & person)),
        .after = detail->after & modifies & 1,
        .value = (int16_t)(detail->value & modifies),
    };
}

void collect_items(struct rules *rules, const struct rules_lexicons *lexicons,
                   const struct tokens *tokens) {
    uint32_t items = tokens->count < RULES_ITEMS ? tokens->count : RULES_ITEMS;
    memset(rules->blocks, 0, 2 * sizeof *rules->blocks); /* mostly all */
    if (items >= 64)
        memset(rules->blocks + 2, 0, items / 64 * sizeof *rules->blocks);
    word_table_begin(&rules->words);
    for (uint32_t i = 0, count; i < tokens->count && rules->count < RULES_ITEMS; i += count) {
        count = tokens->count - i < WORDS_AT_ONCE ? tokens->count - i : (uint32_t)WORDS_AT_ONCE;
        if (rules->count + WORDS_AT_ONCE > RULES_ITEMS)
            count = 1; /* so that no token behind the last item is counted */
        collect_batch(rules, lexicons, tokens, i, count);
    }
    word_table_end(&rules->words);
    /* numbers of the clauses and sentences before each block */
    uint32_t last = rules->count / 64;
    for (uint32_t i = 0; i <= last; i++) {
        struct rules_block *block = &rules->blocks[i];
        uint32_t clauses = bit_count(block->opens) + bit_count(block->closes);
        block[1].clause = (uint16_t)(block->clause + clauses);
        block[1].sentence = (uint16_t)(block->sentence + bit_count(block->sentences));
    }
    rules->sentences = rules->count ? rules->blocks[last + 1].sentence + 1u : 0;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1))
        fill_item(rules, lexicons, i);
}

/* The walk of one layer's phrases from one item. */
struct phrase_walk {
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

/* At item `last`, a node is reached: its words may go on, and what it puts out counts. */
static void arrive(struct phrase_walk *walk, uint32_t node, uint32_t last, unsigned side) {
    struct rules *rules = walk->rules;
    struct rules_item *item = &rules->items[walk->first];
    const struct lexicon_node *place = &walk->lexicon->nodes[node];
    if (place->inside && walk->counts[side] < FRONTIER)
        walk->frontier[side][walk->counts[side]++] = node;
    if (place->output_count && !rules_is_active(rules, walk->first)) {
        rules->blocks[walk->first >> 6].active |= UINT64_C(1) << (walk->first & 63);
        fill_item(rules, walk->lexicons, walk->first);
    }
    for (unsigned i = 0; i < place->output_count; i++) {
        const struct lexicon_output *output = &walk->lexicon->outputs[place->output_at + i];
        if (consumes(output)) {
            if (walk->best_node == NODE_NONE || last > walk->best_last) {
                walk->best_node = node;
                walk->best_last = last;
            }
            continue;
        }
        if (output->shape == SHAPE_MODIFIER && output->modifier == MODIFIER_INCIDENT) {
            if (!rules->incident)
                rules->incident = walk->first + 1u;
            continue;
        }
        if (output->shape == SHAPE_MODIFIER && output->modifier == MODIFIER_BALANCE)
            rules->balance = last + 1u;
        if (output->shape == SHAPE_MODIFIER && item->modifier == MODIFIER_NONE) {
            item->modifier = output->modifier;
            item->value = output->value;
        } else if (output->shape == SHAPE_MODIFIER && output->modifier == MODIFIER_IRONY) {
            rules->irony += output->value;
        }
        if (rules->cue_count < RULES_MATCHES)
            rules->cues[rules->cue_count++] =
                (struct rules_cue){output, walk->first, (uint16_t)last, walk->layer};
    }
}

static const struct lexicon_detail *detail_in_layer(const struct phrase_walk *walk, uint32_t at) {
    const struct rules *rules = walk->rules;
    if ((rules->word_flags[at] & WORD_ENTRY) && rules->layers[at] == walk->layer)
        return rules->word_flags[at] & WORD_PHRASE ? &walk->lexicon->details[rules->details[at]]
                                                   : NULL;
    if (walk->lexicons->count == 1)
        return NULL;
    const struct lexicon_entry *entry =
        lexicon_find(walk->lexicon, lexicon_token_hash(&walk->tokens->at[rules->tokens[at]]));
    return entry && (entry->flags & ENTRY_PHRASE) ? &walk->lexicon->details[entry->detail] : NULL;
}

static void step_from(struct phrase_walk *walk, uint32_t node, uint32_t at, unsigned side,
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

/* The phrase takes the place of its words; its first item stands for it. */
static void consume(struct phrase_walk *walk) {
    struct rules *rules = walk->rules;
    const struct lexicon_node *place = &walk->lexicon->nodes[walk->best_node];
    struct rules_item *item = &rules->items[walk->first];
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
            rules->verdicts += output->valence <= -VERDICT;
            rules->facts += output->valence <= -FACT;
        } else {
            item->modifier = output->modifier;
            item->value = output->value;
            item->after = output->after;
        }
    }
    for (uint32_t i = walk->first + 1u; i <= walk->best_last; i++) {
        rules->blocks[i >> 6].covered |= UINT64_C(1) << (i & 63);
        /* silent, whether it is active already or still becomes so */
        rules->valences[i] = rules->items[i].valence = 0;
        rules->word_flags[i] &= (uint16_t) ~(WORD_MODIFIES | WORD_PERSON);
        rules->items[i].modifier = MODIFIER_NONE;
    }
}

/* Walks from item `first`; true when a phrase has taken the place of its words. */
static bool collect_phrase_at(struct rules *rules, const struct rules_lexicons *lexicons,
                              const struct tokens *tokens, uint32_t first, unsigned layer) {
    struct phrase_walk walk;
    walk.rules = rules;
    walk.lexicons = lexicons;
    walk.tokens = tokens;
    walk.lexicon = &lexicons->layers[layer];
    walk.counts[0] = 0;
    walk.best_node = NODE_NONE;
    walk.best_last = 0;
    walk.first = (uint16_t)first;
    walk.layer = (uint8_t)layer;
    const struct lexicon_detail *detail = detail_in_layer(&walk, first);
    if (!detail)
        return false;
    /* the nodes behind the root are known beforehand */
    const uint16_t *starts = walk.lexicon->classes + detail->class_at + detail->class_count;
    for (unsigned i = 0; i < detail->start_count; i++)
        arrive(&walk, starts[i], first, 0);
    uint32_t end = first + (uint32_t)PHRASE_ITEMS;
    if (end > rules->count)
        end = rules->count;
    unsigned side = 0;
    for (uint32_t at = first + 1; at < end && walk.counts[side]; at++) {
        detail = detail_in_layer(&walk, at);
        walk.counts[!side] = 0;
        for (unsigned i = 0; i < walk.counts[side]; i++)
            step_from(&walk, walk.frontier[side][i], at, !side, detail);
        side = !side;
    }
    if (walk.best_node == NODE_NONE || rules_is_covered(rules, first))
        return false;
    consume(&walk);
    return true;
}

/* Whether the words at an item that starts phrases go on as any of them; one layer only. */
static bool may_go_on(const struct rules *rules, const struct lexicon *lexicon, uint32_t number) {
    const struct lexicon_detail *first = &lexicon->details[rules->details[number]];
    const struct lexicon_detail *second = &lexicon->details[rules->details[number + 1]];
    const uint16_t *starts = lexicon->classes + first->class_at + first->class_count;
    if (first->start_next == START_ANYHOW) {
        for (unsigned i = 0; i < first->start_count; i++)
            __builtin_prefetch(&lexicon->nodes[starts[i]]);
        return true;
    }
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

/* Those of `starts`, bits of 64 items, behind which a word stands that may follow. Branch-free:
 * which they are would be mispredicted. */
static uint64_t promising(const struct rules *rules, const struct lexicon *lexicon, uint32_t from,
                          uint64_t starts) {
    const struct lexicon_detail *rows = lexicon->details;
    uint64_t found = 0;
    for (; starts; starts &= starts - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(starts), i = from + bit;
        uint64_t phrase = 0 - (uint64_t)(rules->word_flags[i + 1] / WORD_PHRASE & 1);
        uint64_t next = rows[rules->details[i]].start_next;
        uint64_t bits = rows[rules->details[i + 1]].class_bits & phrase;
        uint64_t goes_on = (next == START_ANYHOW) | ((next & bits) != 0);
        found |= goes_on << bit;
    }
    return found;
}

void collect_phrases(struct rules *rules, const struct rules_lexicons *lexicons,
                     const struct tokens *tokens) {
    if (lexicons->count > 1) {
        for (uint32_t i = 0; i < rules->count; i++)
            for (unsigned layer = 0; layer < lexicons->count; layer++)
                if (collect_phrase_at(rules, lexicons, tokens, i, layer))
                    break;
        return;
    }
    /* mostly there is our layer only: what cannot be a phrase is left out beforehand */
    const struct lexicon *lexicon = &lexicons->layers[0];
    rules->word_flags[rules->count] = 0; /* nothing follows the last item */
    rules->details[rules->count] = 0;
    for (uint32_t from = 0; from < rules->count; from += 64) {
        uint64_t left = promising(rules, lexicon, from, rules->blocks[from / 64].starts), sure = 0;
        for (; left; left &= left - 1) {
            uint32_t bit = (uint32_t)__builtin_ctzll(left);
            sure |= (uint64_t)may_go_on(rules, lexicon, from + bit) << bit;
        }
        for (; sure; sure &= sure - 1)
            collect_phrase_at(rules, lexicons, tokens, from + (uint32_t)__builtin_ctzll(sure), 0);
    }
}
