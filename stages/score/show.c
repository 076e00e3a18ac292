#include "stages/score/show.h"

#include "stages/score/collect_items.h"

enum { PHRASES_SHOWN = 12 };

static void show_points(struct buf *out, int milli) {
    int size = milli < 0 ? -milli : milli;
    buf_format(out, "%c%d.%03d", milli < 0 ? '-' : '+', size / 1000, size % 1000);
}

static void show_entry(struct buf *out, const struct lexicon *lexicon,
                       const struct lexicon_entry *entry) {
    const struct lexicon_detail *detail = &lexicon->details[entry->detail];
    const struct lexicon_origin *origin = &lexicon->origins[entry->detail];
    if (entry->flags & ENTRY_VALENCE) {
        buf_text(out, "  ");
        show_points(out, entry->valence);
        buf_format(out, " of \"%s\" (%s)", lexicon->text + origin->name,
                   lexicon->text + origin->file);
        if (entry->flags & ENTRY_DERIVED)
            buf_text(out, ", as one of its forms");
        if (entry->flags & ENTRY_FOLDED)
            buf_text(out, ", written without diacritics");
        if (entry->flags & ENTRY_OPPOSITE)
            buf_text(out, ", turned by the prefix nie-");
        if (lexicon->text[origin->note])
            buf_format(out, "; %s", lexicon->text + origin->note);
        buf_text(out, "\n");
    }
    if (entry->modifier)
        buf_format(out, "  %s, value %d\n", modifier_name(entry->modifier), detail->value);
    if (detail->irony)
        buf_format(out, "  sign of irony, strength %d\n", detail->irony);
}

/* The word stands in the phrase as a word of its own. */
static bool phrase_holds(const char *phrase, struct span word) {
    for (const char *at = phrase; word.len && (at = strstr(at, word.at)); at++) {
        char after = at[word.len];
        if ((at == phrase || at[-1] == ' ') && (after == 0 || after == ' ' || after == '~'))
            return true;
    }
    return false;
}

static void show_phrases(struct buf *out, const struct lexicon *lexicon, const char *word) {
    unsigned shown = 0;
    for (uint32_t i = 0; i < lexicon->header->outputs.count && shown < PHRASES_SHOWN; i++) {
        const struct lexicon_output *output = &lexicon->outputs[i];
        const struct lexicon_origin *origin = &lexicon->output_origins[i];
        const char *phrase = lexicon->text + origin->name;
        if (!phrase_holds(phrase, span_of(word)))
            continue;
        shown++;
        buf_format(out, "  in \"%s\": ", phrase);
        if (output->shape == SHAPE_CUE)
            buf_format(out, "%s, weight %d", tag_name(output->tag), output->value);
        else if (output->shape == SHAPE_MODIFIER)
            buf_format(out, "%s, value %d", modifier_name(output->modifier), output->value);
        else
            show_points(out, output->valence);
        buf_format(out, " (%s)\n", lexicon->text + origin->file);
    }
}

/* What the model's n-grams of the word alone pull, as if it were one of twenty words. */
static void show_model(struct buf *out, const struct score_model *model, enum language language,
                       struct score_scratch *scratch, const struct tokens *tokens) {
    enum { TYPICAL_NGRAMS = 220 };
    const struct model_table_header *header = model->sentiment.header;
    int32_t sums[16] = {0};
    bool strange = word_is_strange(language, &model->vocabulary, tokens, &tokens->at[0]);
    if (strange)
        buf_text(out, "  not known to the model: read as a name\n");
    scratch->features.ngram_count =
        ngrams_of_word(tokens, &tokens->at[0], strange, scratch->features.ngrams);
    model_sum(&model->sentiment, &scratch->features, sums);
    int64_t root = model_root(TYPICAL_NGRAMS);
    buf_text(out, "  the model adds to negative, neutral, positive:");
    for (unsigned head = 0; head < HEADS_SENTIMENT; head++) {
        int64_t logit = (int64_t)sums[head] * header->scale[head] * root >> 22;
        buf_char(out, ' ');
        show_points(out, (int)(logit * model->joint->gain / 1024 * 1000 / 1024));
    }
    buf_text(out, "\n");
}

unsigned scorer_show(const struct scorer *scorer, struct score_scratch *scratch,
                     const struct tokens *tokens, struct buf *out) {
    unsigned known = 0;
    if (!tokens->count)
        return 0;
    struct buf word;
    buf_init(&word, TEXT_MAX_BYTES * 2);
    buf_span(&word, token_form(tokens, &tokens->at[0]));
    buf_char(&word, 0);
    for (int language = LANGUAGE_PL; !word.failed && language < LANGUAGE_COUNT; language++) {
        buf_format(out, "%s\n", language_name((enum language)language));
        const struct rules_lexicons *lexicons = &scorer->lexicons[language];
        bool found = false;
        for (unsigned i = 0; i < lexicons->count; i++) {
            const struct lexicon_entry *entry =
                lexicon_find(&lexicons->layers[i], lexicon_token_hash(&tokens->at[0]));
            if (entry)
                show_entry(out, &lexicons->layers[i], entry);
            found |= entry != NULL;
        }
        if (!found)
            buf_text(out, "  no entry of its own\n");
        for (unsigned i = 0; i < lexicons->count; i++)
            show_phrases(out, &lexicons->layers[i], word.at);
        show_phrases(out, &scorer->topics[language], word.at);
        known += found;
        show_model(out, &scorer->models[language], (enum language)language, scratch, tokens);
    }
    buf_release(&word);
    return known;
}
