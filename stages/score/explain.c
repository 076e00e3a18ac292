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
    {REASON_BALANCE, "counts less, because good and bad are called equal"},
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

/* Whether it is a word or the first of a phrase that added points of its own. */
static bool has_points(const struct rules *rules, uint32_t number) {
    const struct rules_item *item = &rules->items[number];
    return item->valence && !rules_is_covered(rules, number) &&
           (item->phrase || (item->word_flags & WORD_ENTRY));
}

static void explain_items(struct buf *out, const struct rules *rules,
                          const struct rules_lexicons *lexicons, const struct tokens *tokens) {
    unsigned shown = 0;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count;
         i = rules_next_active(rules, i + 1)) {
        if (!has_points(rules, i))
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
        if (cue->output->shape == SHAPE_CUE && cue->output->tag >= TAG_TOPIC)
            continue; /* told behind */
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

/* One answer of the joint table: how much each head moves its log odds. */
struct target {
    const struct score_model *model;
    int32_t slopes[JOINT_HEADS];
    unsigned most; /* how many findings are told */
};

/* The rows with a label, an intent or a stage, against the other rows: of all for a label, of those
 * of the label for the others. A label's slopes are a mixture, like the label. */
static struct target target_of(const struct score_model *model, const struct joint *joint,
                               const struct score *score, enum decided_part part, unsigned which,
                               unsigned most) {
    struct target target = {.model = model, .most = most};
    uint64_t in_favour = 0, among = 0;
    if (!model->joint)
        return target; /* the rules decided */
    for (unsigned i = 0; i < JOURNEY_ROWS; i++) {
        const struct journey_row *row = &JOURNEY_TABLE[i];
        bool wanted = part == DECIDED_LABEL    ? row->label + 1 == (int)which
                      : part == DECIDED_INTENT ? row->intents >> which & 1
                                               : row->stage == which;
        bool in_play = part == DECIDED_LABEL || row->label == score->label;
        in_favour |= (uint64_t)(wanted && in_play) << i;
        among |= (uint64_t)in_play << i;
    }
    joint_slopes(model->joint, joint, in_favour, among, target.slopes);
    if (part != DECIDED_LABEL)
        return target;
    for (unsigned i = 0; i < JOINT_HEADS; i++) {
        int64_t alone = i >= HEADS_SENTIMENT ? 0 : i == which ? 1024 : -512;
        alone = alone * model->joint->gain / 1024;
        target.slopes[i] = (int32_t)((target.slopes[i] * (int64_t)joint->brand +
                                      alone * (65536 - (int64_t)joint->brand)) /
                                     65536);
    }
    return target;
}

/* How far logits of the heads pull towards the target, in thousandths. */
static int64_t pull(const int64_t z[JOINT_HEADS], const struct target *target) {
    int64_t sum = 0;
    for (unsigned i = 0; i < JOINT_HEADS; i++)
        sum += z[i] * target->slopes[i];
    return sum / 1024 * 1000 / 1024;
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

enum { WEIGHED_WORDS = 256, WORTH_TELLING = 20 };

/* What the wording at each token pulls, the strongest first; how many. */
static uint32_t weigh_words(const struct target *target, struct features *features,
                            const struct tokens *tokens, enum language language,
                            const struct ngram_vocabulary *vocabulary,
                            struct weighed weighed[WEIGHED_WORDS]) {
    const struct model_table *tables[2] = {&target->model->sentiment, &target->model->journey};
    uint32_t count = 0;
    int64_t root = model_root(features->ngram_count);
    uint64_t before = NGRAM_NO_WORD;
    for (; count < tokens->count && count < WEIGHED_WORDS; count++) {
        const struct token *token = &tokens->at[count];
        int64_t z[JOINT_HEADS], *next = z;
        bool strange = word_is_strange(language, vocabulary, tokens, token);
        features->ngram_count = ngrams_of_word(tokens, token, strange, features->ngrams);
        features->ngram_count +=
            ngrams_pair(token, strange, &before, &features->ngrams[features->ngram_count]);
        for (unsigned i = 0; i < 2; i++) {
            const struct model_table_header *header = tables[i]->header;
            int32_t sums[16] = {0};
            model_sum(tables[i], features, sums);
            for (unsigned head = 0; head < header->heads; head++)
                *next++ = sums[head] * (header->scale[head] * root) >> 22;
        }
        weighed[count] = (struct weighed){pull(z, target), count};
    }
    qsort(weighed, count, sizeof *weighed, by_size);
    return count;
}

static void explain_words(struct buf *out, const struct target *target, struct features *features,
                          const struct tokens *tokens, enum language language,
                          const struct ngram_vocabulary *vocabulary) {
    struct weighed weighed[WEIGHED_WORDS];
    uint32_t ngrams = features->ngram_count;
    uint32_t count = weigh_words(target, features, tokens, language, vocabulary, weighed);
    for (uint32_t i = 0; i < count && i < target->most && llabs(weighed[i].milli) >= WORTH_TELLING;
         i++) {
        const struct token *token = &tokens->at[weighed[i].token];
        buf_text(out, "  ");
        add_milli(out, weighed[i].milli);
        buf_text(out, "  wording at ");
        add_quoted(out, (struct span){tokens->text.at + token->at, token->len});
        buf_text(out, "\n");
    }
    features->ngram_count = ngrams; /* of the whole text */
}

static void explain_steps(struct buf *out, const struct target *target,
                          const struct features *features) {
    const struct model_table *tables[2] = {&target->model->sentiment, &target->model->journey};
    struct weighed weighed[STEPS_MAX];
    for (uint32_t i = 0; i < features->step_count; i++) {
        int64_t z[JOINT_HEADS], *next = z;
        for (unsigned k = 0; k < 2; k++)
            for (unsigned head = 0; head < tables[k]->header->heads; head++)
                *next++ = tables[k]->steps[features->steps[i] * tables[k]->header->stride + head];
        weighed[i] = (struct weighed){pull(z, target), features->steps[i]};
    }
    qsort(weighed, features->step_count, sizeof *weighed, by_size);
    for (uint32_t i = 0;
         i < features->step_count && i < target->most && llabs(weighed[i].milli) >= WORTH_TELLING;
         i++) {
        buf_text(out, "  ");
        add_milli(out, weighed[i].milli);
        buf_format(out, "  %s%s\n", features_step_absent(weighed[i].token) ? "no " : "",
                   features_step_name(weighed[i].token));
    }
}

/* The model's reasons for the label, for each intent and for the stage. */
static void explain_model(struct buf *out, const struct scorer *scorer,
                          struct score_scratch *scratch, const struct tokens *tokens,
                          enum language language, const struct score *score) {
    const struct score_model *model = &scorer->models[language];
    struct features *features = &scratch->features;
    const struct joint *joint = &scratch->joint;
    struct target label =
        target_of(model, joint, score, DECIDED_LABEL, (unsigned)(score->label + 1), 5);
    features_collect(features, &scratch->rules, rules_settings_for(language), tokens, language,
                     &model->vocabulary);
    buf_format(out, "what the trained model weighs, for (+) or against (-) \"%s\":\n",
               label_name((enum label)score->label));
    explain_steps(out, &label, features);
    explain_words(out, &label, features, tokens, language, &model->vocabulary);
    for (unsigned i = 0; i <= INTENT_COUNT; i++) {
        bool stage = i == INTENT_COUNT;
        if (!stage && !(score->intents >> i & 1))
            continue;
        struct target target =
            target_of(model, joint, score, stage ? DECIDED_STAGE : DECIDED_INTENT,
                      stage ? score->stage : i, 3);
        buf_format(out, "for the %s \"%s\", of those that go with the label:\n",
                   stage ? "stage" : "intent",
                   stage ? stage_name((enum stage)score->stage) : intent_name(i));
        explain_steps(out, &target, features);
        explain_words(out, &target, features, tokens, language, &model->vocabulary);
    }
}

static void explain_cue(struct buf *out, int32_t weight, struct span words) {
    buf_text(out, "  ");
    add_milli(out, weight);
    buf_text(out, "  ");
    add_quoted(out, words);
    buf_text(out, "\n");
}

/* How the wording at each token pulls towards a topic, in thousandths, the strongest first. */
static uint32_t weigh_topic_words(const struct topic_source *source, const struct tokens *tokens,
                                  const struct topic_cues *topics, unsigned topic,
                                  struct weighed weighed[WEIGHED_WORDS]) {
    uint32_t count = 0;
    for (; source->model && count < tokens->count && count < WEIGHED_WORDS; count++)
        weighed[count] =
            (struct weighed){topic_word_pull(source, tokens, count, topics->ngrams, topic), count};
    if (count)
        qsort(weighed, count, sizeof *weighed, by_size);
    return count;
}

static void explain_topic_words(struct buf *out, const struct topic_source *source,
                                const struct tokens *tokens, const struct topic_cues *topics,
                                unsigned topic) {
    enum { TOLD = 4 };
    struct weighed weighed[WEIGHED_WORDS];
    uint32_t count = weigh_topic_words(source, tokens, topics, topic, weighed);
    for (uint32_t i = 0; i < count && i < TOLD && llabs(weighed[i].milli) >= WORTH_TELLING; i++) {
        const struct token *token = &tokens->at[weighed[i].token];
        buf_text(out, "  ");
        add_milli(out, weighed[i].milli);
        buf_text(out, "  wording at ");
        add_quoted(out, (struct span){tokens->text.at + token->at, token->len});
        buf_text(out, "\n");
    }
}

/* The signs of the topic that was found, and what spoke for others. */
static void explain_topic(struct buf *out, const struct score_scratch *scratch,
                          const struct topic_source *source, const struct tokens *tokens,
                          const struct score *score) {
    const struct rules *rules = &scratch->rules;
    const struct topic_cues *topics = &scratch->topics;
    if (score->topic == TOPIC_NONE)
        return;
    bool said = rules->topics[score->topic] || topics->weights[score->topic];
    buf_format(out, "for the topic \"%s\":%s\n", topic_name((enum post_topic)score->topic),
               said ? "" : " no word of the lexicon says what it is about");
    for (uint32_t i = 0; i < topics->count; i++) {
        const struct topic_cue *cue = &topics->at[i];
        const struct token *first = &tokens->at[cue->first], *last = &tokens->at[cue->last];
        if (cue->output->tag == TAG_TOPIC + score->topic)
            explain_cue(
                out, cue->output->value,
                (struct span){tokens->text.at + first->at, last->at + last->len - first->at});
    }
    for (uint32_t i = 0; i < rules->cue_count; i++) {
        const struct rules_cue *cue = &rules->cues[i];
        if (cue->output->shape == SHAPE_CUE && cue->output->tag == TAG_TOPIC + score->topic)
            explain_cue(out, cue->output->value,
                        text_between(tokens, rules, cue->first, cue->last));
    }
    explain_topic_words(out, source, tokens, topics, score->topic);
    for (unsigned i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
        if (i != score->topic && rules->topics[i] + topics->weights[i]) {
            buf_text(out, "  ");
            add_milli(out, rules->topics[i] + topics->weights[i]);
            buf_format(out, "  for %s instead\n", topic_name((enum post_topic)i));
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
    buf_format(out, "%s; stage: %s; topic: %s\n", score->intents ? "" : " none",
               stage_name((enum stage)score->stage), topic_name((enum post_topic)score->topic));
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
        buf_text(out, "only tags, accounts, links, numbers and names: neutral in any language\n");
        return;
    }
    tokens = scratch->scored;
    explain_items(out, &scratch->rules, &scorer->lexicons[language], tokens);
    explain_text(out, &scratch->rules, tokens);
    struct topic_source source = scorer_topic_source(scorer, language);
    explain_topic(out, scratch, &source, tokens, &score);
    if (scorer->engine == ENGINE_HYBRID)
        explain_model(out, scorer, scratch, tokens, language, &score);
}

/* The words that are being chosen for one part of a score. */
struct choice {
    struct deciding_word *out;
    uint32_t *count, from; /* from: where those of this part begin */
    const struct tokens *tokens;
    uint8_t part, which;
};

enum { CHOSEN_MAX = 4, DECIDES_MILLI = 100 };

static void choose(struct choice *choice, uint32_t first, uint32_t last) {
    enum { NO_WORD = 1 << TOKEN_PUNCT | 1 << TOKEN_NAME | 1 << TOKEN_HANDLE | 1 << TOKEN_URL };
    const struct token *from = &choice->tokens->at[first], *to = &choice->tokens->at[last];
    struct deciding_word word = {from->at, to->at + to->len, choice->part, choice->which};
    bool full = *choice->count - choice->from >= CHOSEN_MAX || *choice->count >= DECIDING_MAX;
    if (full || (first == last && NO_WORD >> from->kind & 1))
        return;
    for (uint32_t i = choice->from; i < *choice->count; i++)
        if (word.from < choice->out[i].end && choice->out[i].from < word.end)
            return;
    choice->out[(*choice->count)++] = word;
}

/* The words with points of the label's sign, the strongest first. */
static void choose_items(struct choice *choice, const struct rules *rules, int label) {
    struct weighed weighed[WEIGHED_WORDS];
    uint32_t count = 0;
    for (uint32_t i = rules_next_active(rules, 0); i < rules->count && count < WEIGHED_WORDS;
         i = rules_next_active(rules, i + 1)) {
        const struct rules_item *item = &rules->items[i];
        bool counts = item->valence && !rules_is_covered(rules, i) &&
                      (item->phrase || (item->word_flags & WORD_ENTRY));
        if (counts && item->points * label > 0)
            weighed[count++] = (struct weighed){item->points, i};
    }
    if (count)
        qsort(weighed, count, sizeof *weighed, by_size);
    for (uint32_t i = 0; i < count; i++) {
        const struct rules_item *item = &rules->items[weighed[i].token];
        uint32_t first = weighed[i].token, last = item->phrase ? item->cause : first;
        choose(choice, rules->tokens[first], rules->tokens[last]);
    }
}

static void choose_cues(struct choice *choice, const struct rules *rules, unsigned tag) {
    for (uint32_t i = 0; i < rules->cue_count; i++) {
        const struct rules_cue *cue = &rules->cues[i];
        if (cue->output->shape == SHAPE_CUE && cue->output->tag == tag && cue->output->value > 0)
            choose(choice, rules->tokens[cue->first], rules->tokens[cue->last]);
    }
}

/* Of the wording, words of three letters and more: the shorter ones tell a reader nothing. */
static void choose_weighed(struct choice *choice, const struct weighed *weighed, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (weighed[i].milli >= DECIDES_MILLI &&
            (choice->tokens->at[weighed[i].token].plain_len > 2 ||
             choice->tokens->at[weighed[i].token].kind != TOKEN_WORD))
            choose(choice, weighed[i].token, weighed[i].token);
}

static void choose_topic(struct choice *choice, const struct scorer *scorer,
                         struct score_scratch *scratch, enum language language) {
    struct topic_source source = scorer_topic_source(scorer, language);
    struct topic_cues *topics = &scratch->topics;
    struct weighed weighed[WEIGHED_WORDS];
    topic_cues_find(topics, &scratch->topic_words, &source, choice->tokens);
    for (uint32_t i = 0; i < topics->count; i++)
        if (topics->at[i].output->tag == TAG_TOPIC + choice->which)
            choose(choice, topics->at[i].first, topics->at[i].last);
    choose_cues(choice, &scratch->rules, TAG_TOPIC + choice->which);
    choose_weighed(choice, weighed,
                   weigh_topic_words(&source, choice->tokens, topics, choice->which, weighed));
}

/* The words of one head of the trained model. */
static void choose_by_model(struct choice *choice, const struct scorer *scorer,
                            struct score_scratch *scratch, enum language language,
                            const struct target *target) {
    struct weighed weighed[WEIGHED_WORDS];
    uint32_t ngrams = scratch->features.ngram_count;
    if (scorer->engine != ENGINE_HYBRID)
        return;
    uint32_t count = weigh_words(target, &scratch->features, choice->tokens, language,
                                 &scorer->models[language].vocabulary, weighed);
    scratch->features.ngram_count = ngrams; /* of the whole text */
    choose_weighed(choice, weighed, count);
}

uint32_t scorer_deciding_words(const struct scorer *scorer, struct score_scratch *scratch,
                               const struct tokens *tokens, enum language language,
                               const struct score *score, struct deciding_word out[DECIDING_MAX]) {
    const struct score_model *model = &scorer->models[language];
    const struct rules *rules = &scratch->rules;
    uint32_t count = 0;
    struct score anew;
    scorer_score(scorer, scratch, tokens, language, SCORE_WHOLE, &anew);
    if (score->label == LABEL_NONE || anew.label == LABEL_NONE || scorer_is_bare(scorer, tokens))
        return 0;
    tokens = scratch->scored;
    if (scorer->engine == ENGINE_HYBRID)
        features_collect(&scratch->features, rules, rules_settings_for(language), tokens, language,
                         &model->vocabulary);
    struct choice choice = {out, &count, 0, tokens, DECIDED_LABEL, (uint8_t)(score->label + 1)};
    const struct joint *joint = &scratch->joint;
    struct target target = target_of(model, joint, score, DECIDED_LABEL, choice.which, 0);
    choose_items(&choice, rules, score->label);
    choose_by_model(&choice, scorer, scratch, language, &target);
    for (uint8_t i = 0; i < INTENT_COUNT; i++) {
        if (!(score->intents >> i & 1))
            continue;
        target = target_of(model, joint, score, DECIDED_INTENT, i, 0);
        choice = (struct choice){out, &count, count, tokens, DECIDED_INTENT, i};
        choose_cues(&choice, rules, i);
        choose_by_model(&choice, scorer, scratch, language, &target);
    }
    target = target_of(model, joint, score, DECIDED_STAGE, score->stage, 0);
    choice = (struct choice){out, &count, count, tokens, DECIDED_STAGE, score->stage};
    choose_cues(&choice, rules, TAG_STAGE + score->stage);
    choose_by_model(&choice, scorer, scratch, language, &target);
    if (score->topic != TOPIC_NONE && score->topic < TOPIC_COUNT) {
        choice = (struct choice){out, &count, count, tokens, DECIDED_TOPIC, score->topic};
        choose_topic(&choice, scorer, scratch, language);
    }
    return count;
}
