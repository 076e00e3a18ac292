/* Opening a scorer (our lexicons and models, the user's on top) and scoring one text with it. */
#include "stages/score/decide_stage.h"
#include "stages/score/scorer_parts.h"
#include "stages/score/softmax.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { USER_BLOB_MAX = 256 << 20, MESSAGES_MAX = 64 << 10, PAGE_BYTES = 2 << 20 };

/* The user's entries, compiled for each language, become the layer that is asked first. */
static enum status add_user_layer(struct scorer *scorer, const struct score_options *options,
                                  struct fault *fault) {
    struct lexicon_source source = {0};
    struct buf messages;
    buf_init(&messages, MESSAGES_MAX);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < options->lexicon_count; i++)
        status =
            lexicon_source_load(&source, options->lexicons[i], LANGUAGE_OTHER, &messages, fault);
    if (status == STATUS_OK && messages.len) {
        const char *end = memchr(messages.at, '\n', messages.len);
        int len = end ? (int)(end - messages.at) : (int)messages.len;
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA, "bad lexicon: %.*s", len, messages.at);
    }
    for (int language = LANGUAGE_PL; status == STATUS_OK && language < LANGUAGE_COUNT; language++) {
        struct buf *blob = &scorer->user[language];
        struct rules_lexicons *lexicons = &scorer->lexicons[language];
        status = lexicon_build(&source, (enum language)language, blob, &messages, fault);
        if (status == STATUS_OK &&
            !lexicon_view(&lexicons->layers[lexicons->count++], buf_as_span(blob)))
            status = fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "cannot use the user's lexicon");
    }
    buf_release(&messages);
    lexicon_source_release(&source);
    return status;
}

static enum status compute_digest(struct scorer *scorer, struct fault *fault) {
    struct digest digest;
    unsigned char bytes[DIGEST_SIZE];
    if (digest_init(&digest, fault) != STATUS_OK)
        return STATUS_FATAL;
    digest_add(&digest, builtin_digests());
    for (int language = LANGUAGE_PL; language < LANGUAGE_COUNT; language++)
        if (scorer->user[language].len)
            digest_add(&digest, buf_as_span(&scorer->user[language]));
    digest_peek(&digest, bytes);
    digest_release(&digest);
    digest_hex(bytes, scorer->digest);
    return STATUS_OK;
}

enum status scorer_open(struct scorer **out, const struct score_options *options,
                        struct fault *fault) {
    struct scorer *scorer = calloc(1, sizeof *scorer);
    if (!scorer)
        return fault_memory(fault);
    scorer->engine = options->engine;
    scorer->sentiment_only = options->sentiment_only;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_init(&scorer->user[i], USER_BLOB_MAX);
    enum status status = STATUS_OK;
    if (options->lexicon_count)
        status = add_user_layer(scorer, options, fault);
    for (enum language i = LANGUAGE_PL; status == STATUS_OK && i < LANGUAGE_COUNT; i++) {
        struct rules_lexicons *lexicons = &scorer->lexicons[i];
        lexicons->language = i;
        bool good = lexicon_view(&lexicons->layers[lexicons->count++], builtin_lexicon(i)) &&
                    lexicon_view(&scorer->topics[i], builtin_topics(i));
        if (good && scorer->engine == ENGINE_HYBRID)
            good = model_view(&scorer->models[i], builtin_model(i)) &&
                   topic_model_view(&scorer->topic_models[i], builtin_topic_model(i)) &&
                   ngram_index_build(&scorer->indexes[i], &scorer->models[i]);
        if (!good)
            status =
                fault_set(fault, STATUS_FATAL, EXIT_INTERNAL,
                          "the program's lexicon or model for \"%s\" is damaged", language_name(i));
    }
    if (status == STATUS_OK)
        status = compute_digest(scorer, fault);
    if (status != STATUS_OK) {
        scorer_free(scorer);
        return status;
    }
    *out = scorer;
    return STATUS_OK;
}

void scorer_free(struct scorer *scorer) {
    if (!scorer)
        return;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_release(&scorer->user[i]);
    free(scorer);
}

const char *scorer_digest(const struct scorer *scorer) {
    return scorer->digest;
}

enum status score_scratch_new(struct score_scratch **out, struct fault *fault) {
    size_t size = (sizeof **out + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    *out = aligned_alloc(PAGE_BYTES, size);
    if (!*out)
        return fault_memory(fault);
    /* words are kept all over the place: with small pages each is also a wait for the page table */
    (void)madvise(*out, size, MADV_HUGEPAGE);
    memset(*out, 0, sizeof **out);
    return STATUS_OK;
}

void score_scratch_free(struct score_scratch *scratch) {
    free(scratch);
}

static bool has_entry(const struct scorer *scorer, const struct token *token) {
    for (int language = LANGUAGE_PL; language < LANGUAGE_COUNT; language++)
        for (unsigned i = 0; i < scorer->lexicons[language].count; i++)
            if (lexicon_find(&scorer->lexicons[language].layers[i], lexicon_token_hash(token)))
                return true;
    return false;
}

/* Whether the text consists of tags, handles, links, names, numbers or marks of a quotation:
 * whatever their language, they judge nothing. */
bool scorer_is_bare(const struct scorer *scorer, const struct tokens *tokens) {
    enum {
        NAMES_MAX = 10,
        SAYS_NOTHING = 1 << TOKEN_HASHTAG | 1 << TOKEN_HANDLE | 1 << TOKEN_URL | 1 << TOKEN_NAME |
                       1 << TOKEN_NUMBER
    };
    uint32_t names = 0, others = 0;
    bool ends = false; /* like a sentence, whose first word is capitalised anyway */
    if (tokens->words > NAMES_MAX)
        return false;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        if (token->flags & TOKEN_PART)
            continue;
        bool word = token->kind == TOKEN_WORD, mark = token->kind == TOKEN_PUNCT;
        char first = mark ? *token_form(tokens, token).at : ' ';
        ends |= memchr(".!?\"", first, 4) != NULL;
        if (first == '?')
            return false;
        if (word && (has_entry(scorer, token) || !token_may_be_name(tokens, token)))
            return false;
        if (!word && !mark && !(SAYS_NOTHING >> token->kind & 1))
            return false;
        names += word;
        others += !word && (!mark || span_is(token_form(tokens, token), ">"));
    }
    return names ? !ends : others > 0;
}

/* The model's n-grams know the words of praise, but not what turns them; and beside a word or two
 * it reads little but the name. */
int scorer_sure_label(const struct rules *rules, const struct rules_settings *settings,
                      const struct tokens *tokens) {
    enum { FEW_WORDS = 2, FEW_OF_BLAME = 4, CLEAR_MILLI = 400 };
    int label = rules_label(rules, settings);
    bool plain = rules->negated > 1 && rules->score_milli <= -500 && tokens->words <= 18;
    bool outweighs = !rules->positives || (rules->verdicts && rules->score_milli <= -CLEAR_MILLI);
    if ((rules->verdicts || plain) && outweighs && label == LABEL_NEGATIVE)
        return label;
    if (rules->balance && label == LABEL_NEUTRAL)
        return label;
    bool one_sided = (rules->positives > 0) != (rules->negatives > 0) && !rules->question_mark;
    bool clear = rules->score_milli >= CLEAR_MILLI || rules->score_milli <= -CLEAR_MILLI;
    bool few = tokens->words <= (label == LABEL_NEGATIVE ? FEW_OF_BLAME : FEW_WORDS);
    return few && one_sided && clear ? label : LABEL_NONE;
}

bool scorer_tells_mishap(const struct rules *rules, const struct rules_settings *settings) {
    return (rules->facts || rules->negated) && rules->positive * 4 <= -rules->negative &&
           rules_label(rules, settings) == LABEL_NEGATIVE;
}

unsigned scorer_settle(int sure, bool mishap, uint16_t p_milli[3], unsigned best) {
    if (sure == LABEL_NONE && mishap && p_milli[0] * 2 >= p_milli[best])
        sure = LABEL_NEGATIVE;
    if (sure == LABEL_NONE)
        return best;
    unsigned to = (unsigned)(sure + 1);
    uint16_t kept = p_milli[to];
    p_milli[to] = p_milli[best];
    p_milli[best] = kept;
    return to;
}

struct topic_source scorer_topic_source(const struct scorer *scorer, enum language language) {
    bool trained = scorer->engine == ENGINE_HYBRID;
    return (struct topic_source){&scorer->topics[language],
                                 trained ? &scorer->topic_models[language] : NULL,
                                 &scorer->models[language].vocabulary, language};
}

/* `joint` NULL: by the rules alone. */
static void find_journey(struct score_scratch *scratch, const struct topic_source *topics,
                         const struct tokens *tokens, const struct joint *joint,
                         struct score *out) {
    const struct rules *rules = &scratch->rules;
    if (joint)
        joint_row(joint, out);
    else
        stage_by_rules(rules, out);
    if (rules->balance && out->label == LABEL_NEUTRAL && !out->intents)
        out->stage = STAGE_ACT; /* who weighs the two sides has tried them */
    if (!topic_is_wanted(out))
        return;
    topic_cues_find(&scratch->topics, &scratch->topic_words, topics, tokens);
    topic_by_cues(rules, topics->model, &scratch->topics, out);
}

void scorer_score(const struct scorer *scorer, struct score_scratch *scratch,
                  const struct tokens *tokens, enum language language, struct score_focus focus,
                  struct score *out) {
    *out = (struct score){.label = LABEL_NONE};
    scratch->scored = tokens;
    if (scorer_is_bare(scorer, tokens)) {
        out->label = LABEL_NEUTRAL;
        out->p_milli[1] = 1000;
        out->stage = scorer->sentiment_only ? STAGE_NONE : STAGE_AWARE;
        return;
    }
    if (language != LANGUAGE_PL && language != LANGUAGE_EN)
        return;
    if (language == LANGUAGE_PL)
        tokens = reform_spelling(&scratch->reformed, &scorer->lexicons[language], tokens, &focus);
    scratch->scored = tokens;
    const struct rules_settings *settings = rules_settings_for(language);
    struct rules *rules = &scratch->rules;
    struct features *features = &scratch->features;
    rules->words.index = scorer->engine == ENGINE_HYBRID ? &scorer->indexes[language] : NULL;
    rules_run(rules, &scorer->lexicons[language], settings, tokens, focus);
    struct topic_source topics = scorer_topic_source(scorer, language);
    if (scorer->engine != ENGINE_HYBRID) {
        rules_decide(rules, settings, out);
        if (!scorer->sentiment_only)
            find_journey(scratch, &topics, tokens, NULL, out);
        return;
    }
    const struct score_model *model = &scorer->models[language];
    struct joint *joint = &scratch->joint;
    features_steps(features, rules, settings, tokens);
    const int32_t *sums = word_table_sums(&rules->words);
    int64_t root = model_root((uint32_t)sums[3]);
    model_finish(&model->sentiment, features, sums, root, joint->sentiment);
    model_finish(&model->journey, features, sums + 4, root, joint->journey);
    joint->use = stage_use_shows(rules);
    unsigned best = joint_decide(model->joint, joint, out->p_milli);
    int sure = scorer_sure_label(rules, settings, tokens);
    if (sure == LABEL_NONE && rules->balance)
        sure = LABEL_NEUTRAL;
    best = scorer_settle(sure, scorer_tells_mishap(rules, settings), out->p_milli, best);
    out->label = (int8_t)((int)best - 1);
    out->score_milli = (int16_t)(out->p_milli[2] - out->p_milli[0]);
    if (!scorer->sentiment_only)
        find_journey(scratch, &topics, tokens, joint, out);
}
