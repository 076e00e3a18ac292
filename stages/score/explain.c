/* The explanation of a score: first what counted word by word, then what the whole text adds, then
 * what the trained model made of it. Written for readers who do not program. */
#include "stages/score/scorer_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* Thousandths as "+0.45". */
static void add_milli(struct buf *out, int64_t milli) {
    buf_format(out, "%c%lld.%02lld", milli < 0 ? '-' : '+',
               llabs(milli + (milli < 0 ? -5 : 5)) / 1000,
               llabs(milli + (milli < 0 ? -5 : 5)) % 1000 / 10);
}

static struct span text_between(const struct tokens *tokens, const struct rules *rules,
                                uint32_t first, uint32_t last) {
    const struct token *from = &tokens->at[rules->tokens[first]];
    const struct token *to = &tokens->at[rules->tokens[last]];
    return (struct span){tokens->text.at + from->at, to->at + to->len - from->at};
}

static void add_quoted(struct buf *out, struct span text) {
    buf_text(out, "\"");
    for (size_t i = 0; i < text.len; i++)
        buf_char(out, (unsigned char)text.at[i] < ' ' ? ' ' : text.at[i]);
    buf_text(out, "\"");
}

/* The reasons that need no further words, in the order in which they are told. */
static const struct {
    uint16_t reason;
    const char *words;
} REASONS[] = {
    {REASON_STRONGER, "made stronger by a word beside it"},
    {REASON_WEAKER, "made weaker by a word beside it"},
    {REASON_CAPS, "written in capitals"},
    {REASON_ELONGATED, "letters drawn out"},
    {REASON_AFTER_CONTRAST, "counts more, because it is the weightier side of a \"but\""},
    {REASON_BEFORE_CONTRAST, "counts less, because a \"but\" sets it aside"},
    {REASON_QUESTION, "counts less, because it stands in a question"},
    {REASON_CONDITIONAL, "counts less, because it is only a condition or a wish"},
    {REASON_REPORT, "counts less, because the text reports news"},
    {REASON_IRONY, "turned round, because the praise is ironic"},
    {REASON_OTHER_CLAUSE, "counts less, because it is said of something else"},
    {REASON_FOCUS, "counts more, because it is said of this brand"},
};

static void explain_item(struct buf *out, const struct rules *rules,
                         const struct rules_lexicons *lexicons, const struct tokens *tokens,
                         uint32_t number) {
    const struct rules_item *item = &rules->items[number];
    const struct lexicon *lexicon = &lexicons->layers[item->layer];
    const struct lexicon_origin *origin =
        item->phrase ? &lexicon->output_origins[item->phrase - 1] : &lexicon->origins[item->detail];
    const char *lemma = lexicon->text + origin->name, *file = lexicon->text + origin->file;
    buf_text(out, "  ");
    add_milli(out, item->points);
    buf_text(out, "  ");
    struct span shown = text_between(tokens, rules, number, item->phrase ? item->cause : number);
    add_quoted(out, shown);
    if (!span_equal(shown, span_of(lemma)))
        buf_format(out, " (%s, %s)", lemma, file);
    else
        buf_format(out, " (%s)", file);
    if (item->points != item->valence) {
        buf_text(out, " by itself ");
        add_milli(out, item->valence);
    }
    if (item->reasons & REASON_NEGATED) {
        buf_text(out, "; turned by ");
        if (item->phrase)
            buf_text(out, "a negation before it");
        else
            add_quoted(out, text_between(tokens, rules, item->cause, item->cause));
    }
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (item->reasons & REASONS[i].reason)
            buf_format(out, "; %s", REASONS[i].words);
    buf_text(out, "\n");
}

static void explain_items(struct buf *out, const struct rules *rules,
                          const struct rules_lexicons *lexicons, const struct tokens *tokens) {
    unsigned shown = 0;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1)) {
        const struct rules_item *item = &rules->items[i];
        if (!item->valence || rules_is_covered(rules, i) ||
            (!item->phrase && !(item->word_flags & WORD_ENTRY)))
            continue;
        if (!shown++)
            buf_text(out, "words that counted, in points:\n");
        explain_item(out, rules, lexicons, tokens, i);
    }
    if (!shown)
        buf_text(out, "no word of the lexicon that praises or blames\n");
}

/* Cues, circumstances and the sum. */
static void explain_text(struct buf *out, const struct rules *rules, const struct tokens *tokens) {
    buf_text(out, "the text as a whole:\n");
    for (uint32_t i = 0; i < rules->cue_count; i++) {
        const struct rules_cue *cue = &rules->cues[i];
        buf_format(out, "  sign of %s: ",
                   cue->output->shape == SHAPE_CUE ? tag_name(cue->output->tag)
                                                   : modifier_name(cue->output->modifier));
        add_quoted(out, text_between(tokens, rules, cue->first, cue->last));
        buf_text(out, "\n");
    }
    if (rules->negations)
        buf_format(out, "  negations: %u\n", rules->negations);
    if (rules->exclamations)
        buf_format(out, "  exclamation marks: %u\n", rules->exclamations);
    if (rules->question_mark)
        buf_text(out, "  it asks a question\n");
    if (rules->report < 1000)
        buf_text(out, "  it reads like news\n");
    if (rules->irony)
        buf_text(out, "  it has signs of irony\n");
    if (!rules->persons)
        buf_text(out, "  nobody speaks of himself or to the reader\n");
    buf_text(out, "  all points together: ");
    add_milli(out, rules->sum);
    buf_text(out, ", as a score from -1 to 1: ");
    add_milli(out, rules->score_milli);
    buf_text(out, "\n");
}

/* How far weights pull towards the label found, against the mean of the other two, in thousandths.
 */
static int64_t pull(const int64_t z[3], int label) {
    int own = label + 1;
    return (z[own] - (z[(own + 1) % 3] + z[(own + 2) % 3]) / 2) * 1000 / 1024;
}

struct weighed {
    int64_t milli;
    uint32_t token;
};

static int by_size(const void *left, const void *right) {
    const struct weighed *a = left, *b = right;
    int64_t x = llabs(a->milli), y = llabs(b->milli);
    if (x != y)
        return x > y ? -1 : 1;
    return (a->token > b->token) - (a->token < b->token);
}

static void explain_words(struct buf *out, const struct model_table *table,
                          struct features *features, const struct tokens *tokens, int label) {
    struct weighed weighed[256];
    uint32_t count = 0;
    int64_t scale = table->header->scale * (int64_t)model_root(features->ngram_count);
    uint64_t before = NGRAM_NO_WORD;
    for (; count < tokens->count && count < 256; count++) {
        const struct token *token = &tokens->at[count];
        int32_t sums[4] = {0};
        int64_t z[3];
        features->ngram_count = ngrams_of_word(tokens, token, features->ngrams);
        features->ngram_count +=
            ngrams_pair(token, &before, &features->ngrams[features->ngram_count]);
        model_sum(table, features, sums);
        for (unsigned head = 0; head < 3; head++)
            z[head] = (sums[head] * scale >> 22) * table->header->gain[head] / 1024;
        weighed[count] = (struct weighed){pull(z, label), count};
    }
    qsort(weighed, count, sizeof *weighed, by_size);
    for (uint32_t i = 0; i < count && i < 5 && llabs(weighed[i].milli) >= 20; i++) {
        const struct token *token = &tokens->at[weighed[i].token];
        buf_text(out, "  ");
        add_milli(out, weighed[i].milli);
        buf_text(out, "  wording at ");
        add_quoted(out, (struct span){tokens->text.at + token->at, token->len});
        buf_text(out, "\n");
    }
}

static void explain_steps(struct buf *out, const struct model_table *table,
                          const struct features *features, int label) {
    struct weighed weighed[STEPS_MAX];
    for (uint32_t i = 0; i < features->step_count; i++) {
        int64_t z[3];
        for (unsigned head = 0; head < 3; head++)
            z[head] = (int64_t)table->steps[features->steps[i] * table->header->stride + head] *
                      table->header->gain[head] / 1024;
        weighed[i] = (struct weighed){pull(z, label), features->steps[i]};
    }
    qsort(weighed, features->step_count, sizeof *weighed, by_size);
    for (uint32_t i = 0; i < features->step_count && i < 5 && llabs(weighed[i].milli) >= 20; i++) {
        buf_text(out, "  ");
        add_milli(out, weighed[i].milli);
        buf_format(out, "  %s%s\n", features_step_absent(weighed[i].token) ? "no " : "",
                   features_step_name(weighed[i].token));
    }
}

static void explain_result(struct buf *out, const struct score *score, enum language language) {
    buf_format(out, "%s, score ", label_name((enum label)score->label));
    add_milli(out, score->score_milli);
    buf_format(out, " (negative %u %%, neutral %u %%, positive %u %%), language %s\n",
               (score->p_milli[0] + 5) / 10, (score->p_milli[1] + 5) / 10,
               (score->p_milli[2] + 5) / 10, language_name(language));
    buf_text(out, "intents:");
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        if (score->intents >> i & 1)
            buf_format(out, " %s", intent_name(i));
    buf_format(out, "%s; stage: %s\n", score->intents ? "" : " none",
               stage_name((enum stage)score->stage));
}

void scorer_explain(const struct scorer *scorer, struct score_scratch *scratch,
                    const struct tokens *tokens, enum language language, struct buf *out) {
    struct score score;
    scorer_score(scorer, scratch, tokens, language, SCORE_WHOLE, &score);
    if (score.label == LABEL_NONE) {
        buf_text(out, "not scored: neither Polish nor English\n");
        return;
    }
    explain_result(out, &score, language);
    if (scorer_is_bare(scorer, tokens)) {
        buf_text(out, "only tags, accounts, links and names: neutral in any language\n");
        return;
    }
    tokens = scratch->scored;
    explain_items(out, &scratch->rules, &scorer->lexicons[language], tokens);
    explain_text(out, &scratch->rules, tokens);
    if (scorer->engine != ENGINE_HYBRID)
        return;
    const struct model_table *table = &scorer->models[language].sentiment;
    struct features *features = &scratch->features;
    buf_format(out, "what the trained model weighs, for (+) or against (-) \"%s\":\n",
               label_name((enum label)score.label));
    features_collect(features, &scratch->rules, rules_settings_for(language), tokens);
    explain_steps(out, table, features, score.label);
    explain_words(out, table, features, tokens, score.label);
}
