#include "stages/score/topic_cues.h"

enum { READ_TOKENS = 512, FRONTIER = 16, PHRASE_TOKENS = 10 };

/* The tokens that phrases are made of: of a compound the whole where the lexicon has it, else its
 * parts. */
struct reading {
    const struct lexicon *lexicon;
    const struct lexicon_detail *details[READ_TOKENS]; /* NULL: in no phrase */
    uint16_t tokens[READ_TOKENS];
    uint32_t count;
};

static const struct lexicon_entry *find_entry(const struct lexicon *lexicon,
                                              const struct token *token) {
    if (token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL || token->kind == TOKEN_NAME)
        return NULL;
    const struct lexicon_entry *entry = lexicon_find(lexicon, lexicon_token_hash(token));
    return entry || token->kind != TOKEN_HASHTAG ? entry : lexicon_find(lexicon, token->hash);
}

static void read_tokens(struct reading *reading, const struct tokens *tokens) {
    bool whole_known = false;
    reading->count = 0;
    for (uint32_t i = 0; i < tokens->count && reading->count < READ_TOKENS; i++) {
        const struct token *token = &tokens->at[i];
        bool part = token->flags & TOKEN_PART;
        if (part && whole_known)
            continue;
        const struct lexicon_entry *entry = find_entry(reading->lexicon, token);
        if (!part)
            whole_known = entry != NULL;
        if (!entry && i + 1 < tokens->count && !part && (tokens->at[i + 1].flags & TOKEN_PART))
            continue;
        bool phrase = entry && (entry->flags & ENTRY_PHRASE);
        reading->details[reading->count] =
            phrase ? &reading->lexicon->details[entry->detail] : NULL;
        reading->tokens[reading->count++] = (uint16_t)i;
    }
}

struct walk {
    uint32_t nodes[FRONTIER];
    unsigned count;
};

static void arrive(struct topic_cues *out, const struct reading *reading, uint32_t node,
                   uint32_t first, uint32_t last, struct walk *next) {
    const struct lexicon *lexicon = reading->lexicon;
    const struct lexicon_node *place = &lexicon->nodes[node];
    if (place->inside && next->count < FRONTIER)
        next->nodes[next->count++] = node;
    for (unsigned i = 0; i < place->output_count; i++) {
        const struct lexicon_output *output = &lexicon->outputs[place->output_at + i];
        if (output->shape != SHAPE_CUE || output->tag <= TAG_TOPIC || output->tag >= TAG_COUNT)
            continue;
        out->weights[output->tag - TAG_TOPIC] += output->value;
        if (out->count < TOPIC_CUES_MAX)
            out->at[out->count++] =
                (struct topic_cue){output, reading->tokens[first], reading->tokens[last]};
    }
}

static void walk_from(struct topic_cues *out, const struct reading *reading, uint32_t first) {
    const struct lexicon *lexicon = reading->lexicon;
    const struct lexicon_detail *detail = reading->details[first];
    const uint16_t *starts = lexicon->classes + detail->class_at + detail->class_count;
    struct walk now = {.count = 0};
    for (unsigned i = 0; i < detail->start_count; i++)
        arrive(out, reading, starts[i], first, first, &now);
    for (uint32_t at = first + 1; now.count && at < reading->count && at < first + PHRASE_TOKENS;
         at++) {
        struct walk next = {.count = 0};
        detail = reading->details[at];
        for (unsigned i = 0; i < now.count; i++) {
            uint32_t to = lexicon->nodes[now.nodes[i]].any
                              ? lexicon_step(lexicon, now.nodes[i], CLASS_ANY)
                              : (uint32_t)NODE_NONE;
            if (to != NODE_NONE)
                arrive(out, reading, to, first, at, &next);
            bool may = detail && (lexicon->nodes[now.nodes[i]].next & detail->class_bits);
            for (unsigned k = 0; may && k < detail->class_count; k++) {
                uint16_t class = lexicon->classes[detail->class_at + k];
                if (!lexicon_may_step(lexicon, now.nodes[i], class))
                    continue;
                to = lexicon_step(lexicon, now.nodes[i], class);
                if (to != NODE_NONE)
                    arrive(out, reading, to, first, at, &next);
            }
        }
        now = next;
    }
}

void topic_cues_find(struct topic_cues *out, const struct lexicon *lexicon,
                     const struct tokens *tokens) {
    struct reading reading;
    reading.lexicon = lexicon;
    out->count = 0;
    memset(out->weights, 0, sizeof out->weights);
    read_tokens(&reading, tokens);
    for (uint32_t i = 0; i < reading.count; i++) {
        const struct lexicon_detail *detail = reading.details[i];
        if (!detail || !detail->start_count)
            continue;
        const struct lexicon_detail *next = i + 1 < reading.count ? reading.details[i + 1] : NULL;
        uint64_t follows = next ? next->class_bits : 0;
        if (detail->start_next == START_ANYHOW || (detail->start_next & follows))
            walk_from(out, &reading, i);
    }
}
