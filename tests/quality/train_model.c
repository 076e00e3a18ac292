/* train_model LANGUAGE DATA_FOLDER OWN_POSTS MIX_POSTS MODEL RECORD
 *
 * OWN_POSTS and MIX_POSTS may be several files, joined with commas.
 * Trains a language's model and writes it with its record. Five-fold cross-validation first (a
 * post is never tested by a model that saw it), which gives the scores of the record and the
 * calibration; then the final model on all posts. The same input gives the same files. */
#include "tests/quality/train_fit.h"

#include "stages/common/files.h"
#include "stages/score/decide_stage.h"
#include "stages/score/metrics.h"
#include "stages/score/softmax.h"

#include <stdio.h>
#include <stdlib.h>

struct domain {
    const char *name, *file; /* "own", "mix": the project's own posts */
    uint32_t mass, brand_mass, joint_mass;
};

static const struct domain DOMAINS[LANGUAGE_COUNT][DOMAINS_MAX] = {
    [LANGUAGE_PL] = {{"tweets", "pl.pwr_tweets.dev.tsv", 40000, 6000, 0},
                     {"reviews", "pl.polemo_sent_rd.train.tsv", 42000, 6000, 0},
                     {"reviews-dev", "pl.polemo_sent_rd.dev.tsv", 5000, 500, 0},
                     {"brand", "dev.pl.tsv", 18000, 1200, 1500},
                     {"own", "own", 40000, 4000, 4000},
                     {"mix", "mix", 30000, 6000, 6000}},
    [LANGUAGE_EN] = {{"tweets", "en.semeval1316.train.tsv", 47000, 10000, 0},
                     {"tweets-val", "en.tweeteval.val.tsv", 2000, 1000, 0},
                     {"brand", "dev.en.tsv", 11000, 1200, 1500},
                     {"own", "own", 22000, 4000, 4000},
                     {"mix", "mix", 15000, 6000, 6000}},
};

static struct fit_options fit_options_default(enum language language) {
    struct fit_options options = {.scale = {1.0, 0.1},
                                  .cost_sentiment = language == LANGUAGE_PL ? 0.7 : 1.0,
                                  .step_journey = 1.0,
                                  .cost_journey = language == LANGUAGE_PL ? 8.0 : 4.0,
                                  .cost_brand = 4.0,
                                  .keep_sentiment = 50000,
                                  .keep_journey = 30000};
    for (unsigned i = 0; i < DOMAINS_MAX; i++) {
        options.mass[i] = DOMAINS[language][i].mass;
        options.brand_mass[i] = DOMAINS[language][i].brand_mass;
        options.joint_mass[i] = DOMAINS[language][i].joint_mass;
        options.journey_repeats[i] = 1;
    }
    for (unsigned i = 0; i < DOMAINS_MAX && DOMAINS[language][i].name; i++)
        if (strcmp(DOMAINS[language][i].name, "mix") == 0) /* an archive is mostly like these */
            options.journey_repeats[i] = 2;
    return options;
}

/* Settings may be tried from the environment without building anew; the record names them. */
static double setting(const char *name, double value) {
    const char *text = getenv(name);
    return text ? strtod(text, NULL) : value;
}

static void fit_options_try(struct fit_options *options) {
    options->scale.ngram = setting("TRAIN_NGRAM", options->scale.ngram);
    options->scale.step = setting("TRAIN_STEP", options->scale.step);
    options->cost_sentiment = setting("TRAIN_COST", options->cost_sentiment);
    options->step_journey = setting("TRAIN_STEP_JOURNEY", options->step_journey);
    options->cost_journey = setting("TRAIN_COST_JOURNEY", options->cost_journey);
    options->cost_brand = setting("TRAIN_COST_BRAND", options->cost_brand);
    options->keep_sentiment = (uint32_t)setting("TRAIN_KEEP", options->keep_sentiment);
    options->keep_journey = (uint32_t)setting("TRAIN_KEEP_JOURNEY", options->keep_journey);
    for (unsigned i = 0; i < DOMAINS_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "TRAIN_MASS%u", i);
        options->mass[i] = (uint32_t)setting(name, options->mass[i]);
        snprintf(name, sizeof name, "TRAIN_REPEAT%u", i);
        options->journey_repeats[i] = (unsigned)setting(name, options->journey_repeats[i]);
    }
}

/* What cross-validation found. */
struct trial {
    struct joint *z; /* [posts], of the model that did not see the post */
    struct metrics metrics[DOMAINS_MAX];
    struct metrics_binary intents[DOMAINS_MAX][INTENT_COUNT], stages[DOMAINS_MAX][STAGE_COUNT];
    struct metrics_binary sets[DOMAINS_MAX]; /* of intents, found exactly */
    uint64_t kinds[DOMAINS_MAX];             /* right taken as about a brand or not */
};

/* The next path of a domain; `rest` is what follows of its list, which commas part, empty behind
 * the last. `own` are the two lists of the project's files. */
static void next_path(const struct domain *domain, const char *folder, char *const *own,
                      const char **rest, char path[4096]) {
    bool ours = strcmp(domain->file, "own") == 0 || strcmp(domain->file, "mix") == 0;
    const char *list = *rest ? *rest : ours ? own[domain->file[0] == 'm'] : domain->file;
    size_t len = strcspn(list, ",");
    snprintf(path, 4096, "%s%s%.*s", ours ? "" : folder, ours ? "" : "/", (int)len, list);
    *rest = list + len + (list[len] == ',');
}

static enum status read_domains(struct train_set *set, struct train_words *words,
                                struct train_reader *reader, const char *folder, char *const *own,
                                struct fault *fault) {
    const struct domain *domains = DOMAINS[reader->language];
    enum status status = STATUS_OK;
    char path[4096];
    for (int posts = 0; status == STATUS_OK && posts < 2; posts++) {
        for (uint8_t i = 0; i < DOMAINS_MAX && domains[i].name; i++) {
            unsigned every = i < 2 ? (unsigned)setting("TRAIN_EVERY", 1) : 1;
            const char *rest = NULL;
            while (status == STATUS_OK && (!rest || *rest)) {
                next_path(&domains[i], folder, own, &rest, path);
                status = posts ? train_set_read(set, reader, path, i, every, fault)
                               : train_words_read(words, reader, path, fault);
            }
        }
        if (status == STATUS_OK && !posts)
            status = train_words_settle(words, fault);
        reader->vocabulary = (struct ngram_vocabulary){words->hashes, words->hash_count};
    }
    return status;
}

static enum status try_fold(const struct train_set *set, const struct fit_options *options,
                            const struct train_reader *reader, unsigned fold, struct trial *trial,
                            struct features *features, struct fault *fault) {
    static const struct joint_table none;
    struct buf bytes;
    struct score_model model;
    buf_init(&bytes, 64u << 20);
    enum status status = fit_model(set, options, reader, fold, &none, &bytes, fault);
    if (status == STATUS_OK && !model_view(&model, buf_as_span(&bytes)))
        status = fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "the model cannot be read back");
    for (size_t i = 0; status == STATUS_OK && i < set->count; i++) {
        if (set->posts[i].fold != fold)
            continue;
        train_post_features(&set->posts[i], features);
        model_logits(&model.sentiment, features, trial->z[i].sentiment);
        model_logits(&model.journey, features, trial->z[i].journey);
        trial->z[i].use = set->posts[i].use;
    }
    buf_release(&bytes);
    return status;
}

static void judge_post(struct trial *trial, const struct train_post *post, size_t number,
                       const struct fit_options *options, const struct joint_table *table) {
    struct score score = {0};
    fit_decide(post, &trial->z[number], table, &score);
    metrics_add(&trial->metrics[post->domain], post->label, &score);
    bool brand = trial->z[number].journey[HEAD_BRAND] > 0;
    trial->kinds[post->domain] += brand == (options->joint_mass[post->domain] > 0);
    if (!post->journey)
        return;
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        struct metrics_binary *binary = &trial->intents[post->domain][i];
        binary->gold += post->intents >> i & 1;
        binary->found += score.intents >> i & 1;
        binary->right += post->intents >> i & score.intents >> i & 1;
    }
    struct metrics_binary *sets = &trial->sets[post->domain];
    sets->gold++;
    sets->right += post->intents == score.intents;
    struct metrics_binary *stages = trial->stages[post->domain];
    stages[post->stage].gold++;
    stages[score.stage].found++;
    stages[post->stage].right += post->stage == score.stage;
}

/* Each fold is judged with a joint table that the other folds gave. */
static enum status judge_folds(const struct train_set *set, const struct fit_options *options,
                               struct trial *trial, struct fault *fault) {
    enum status status = STATUS_OK;
    for (unsigned fold = 0; status == STATUS_OK && fold < FOLDS; fold++) {
        struct joint_table table;
        status = fit_joint(set, options, trial->z, fold, &table, fault);
        for (size_t i = 0; status == STATUS_OK && i < set->count; i++)
            if (set->posts[i].fold == fold)
                judge_post(trial, &set->posts[i], i, options, &table);
    }
    return status;
}

static enum status cross_validate(const struct train_set *set, const struct fit_options *options,
                                  const struct train_reader *reader, struct trial *trial,
                                  struct fault *fault) {
    struct features *features = malloc(sizeof *features);
    trial->z = calloc(set->count + 1, sizeof *trial->z);
    enum status status = STATUS_OK;
    if (!features || !trial->z)
        status = fault_memory(fault);
    for (unsigned fold = 0; status == STATUS_OK && fold < FOLDS; fold++)
        status = try_fold(set, options, reader, fold, trial, features, fault);
    if (status == STATUS_OK)
        status = judge_folds(set, options, trial, fault);
    free(features);
    return status;
}

static double mean_f1(const struct metrics_binary *binaries, unsigned count) {
    double sum = 0;
    unsigned seen = 0;
    for (unsigned i = 0; i < count; i++) {
        seen += binaries[i].gold > 0;
        sum += binaries[i].gold ? metrics_f1(&binaries[i]) / 10000.0 : 0;
    }
    return seen ? sum / seen : 0;
}

static void write_journey(const struct trial *trial, unsigned domain, double stage_f1,
                          struct buf *out) {
    const struct metrics_binary *sets = &trial->sets[domain], *stages = trial->stages[domain];
    double right = 0, all = sets->gold ? (double)sets->gold : 1;
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        right += (double)stages[i].right;
    buf_format(out,
               ", \"intent_macro_f1\": %.4f, \"stage_macro_f1\": %.4f, \"intent_sets\": %.4f, "
               "\"stage_accuracy\": %.4f, \"act_found_to_true\": %.4f",
               mean_f1(trial->intents[domain], INTENT_COUNT), stage_f1, (double)sets->right / all,
               right / all,
               stages[STAGE_ACT].gold
                   ? (double)stages[STAGE_ACT].found / (double)stages[STAGE_ACT].gold
                   : 0.0);
}

static void write_domain(const struct trial *trial, enum language language, unsigned domain,
                         struct buf *out) {
    struct metrics_summary summary;
    metrics_summarise(&trial->metrics[domain], &summary);
    buf_format(out,
               "    {\"domain\": \"%s\", \"posts\": %llu, \"macro_recall\": %.4f, "
               "\"macro_f1\": %.4f, \"recall\": [%.4f, %.4f, %.4f], \"calibration_error\": %.4f, "
               "\"kind_right\": %.4f",
               DOMAINS[language][domain].name, (unsigned long long)summary.count,
               summary.macro_recall / 10000.0, summary.macro_f1 / 10000.0,
               summary.recall[0] / 10000.0, summary.recall[1] / 10000.0,
               summary.recall[2] / 10000.0, summary.calibration_error / 10000.0,
               (double)trial->kinds[domain] / (double)(summary.count ? summary.count : 1));
    double stages = mean_f1(trial->stages[domain], STAGE_COUNT);
    if (stages > 0)
        write_journey(trial, domain, stages, out);
    buf_text(out, "}");
}

static void write_record(const struct trial *trial, enum language language,
                         const struct fit_options *options, const struct joint_table *joint,
                         struct span model, struct buf *out) {
    unsigned char digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_of(model, digest);
    digest_hex(digest, hex);
    buf_format(out, "{\n  \"language\": \"%s\",\n  \"sha256\": \"%s\",\n  \"bytes\": %zu,\n",
               language_name(language), hex, model.len);
    buf_format(
        out,
        "  \"method\": \"L2 logistic regression, one against the rest (liblinear L2R_LR, "
        "eps 0.01), deterministic, no seed\",\n  \"features\": {\"version\": %d, "
        "\"buckets\": %d, \"ngram_scale\": %g, \"step_scale\": %g, \"step_scale_journey\": %g},\n",
        FEATURES_VERSION, 1 << NGRAM_BITS, options->scale.ngram, options->scale.step,
        options->step_journey);
    buf_format(out,
               "  \"settings\": {\"cost_sentiment\": %g, \"cost_journey\": %g, "
               "\"keep_sentiment\": %u, \"keep_journey\": %u, \"gain\": %d, "
               "\"offset\": [%d, %d, %d]},\n  \"data\": [\n",
               options->cost_sentiment, options->cost_journey, options->keep_sentiment,
               options->keep_journey, joint->gain, joint->offset[0], joint->offset[1],
               joint->offset[2]);
    for (unsigned i = 0; i < DOMAINS_MAX && DOMAINS[language][i].name; i++)
        buf_format(out,
                   "%s    {\"domain\": \"%s\", \"file\": \"%s\", \"mass\": %u, \"joint_mass\": "
                   "%u, \"brand_mass\": %u}",
                   i ? ",\n" : "", DOMAINS[language][i].name, DOMAINS[language][i].file,
                   options->mass[i], options->joint_mass[i], options->brand_mass[i]);
    buf_format(out, "\n  ],\n  \"cross_validation\": {\"folds\": %d, \"scores\": [\n", FOLDS);
    for (unsigned i = 0; i < DOMAINS_MAX && DOMAINS[language][i].name; i++) {
        write_domain(trial, language, i, out);
        buf_text(out, DOMAINS[language][i + 1].name ? ",\n" : "\n");
    }
    buf_text(out, "  ]}\n}\n");
}

static enum status write_model(const struct train_set *set, const struct fit_options *options,
                               const struct train_reader *reader, const struct trial *trial,
                               char **paths, struct fault *fault) {
    struct joint_table joint;
    struct buf model, record;
    buf_init(&model, 64u << 20);
    buf_init(&record, 1u << 20);
    enum status status = fit_joint(set, options, trial->z, FOLDS, &joint, fault);
    if (status == STATUS_OK && strcmp(paths[0], "-") != 0)
        status = fit_model(set, options, reader, FOLDS, &joint, &model, fault);
    if (status == STATUS_OK) {
        write_record(trial, reader->language, options, &joint, buf_as_span(&model), &record);
        fwrite(record.at, 1, record.len, stdout);
    }
    if (status == STATUS_OK && model.len) {
        status = file_publish(paths[0], buf_as_span(&model), fault);
        if (status == STATUS_OK)
            status = file_publish(paths[1], buf_as_span(&record), fault);
    }
    buf_release(&model);
    buf_release(&record);
    return status;
}

static enum status train_language(enum language language, char **paths, struct fault *fault) {
    struct fit_options options = fit_options_default(language);
    struct score_options scoring = {.engine = ENGINE_RULES};
    struct train_reader reader = {.language = language};
    struct train_set set = {0};
    struct train_words words = {0};
    struct trial *trial = calloc(1, sizeof *trial);
    struct scorer *scorer = NULL;
    fit_options_try(&options);
    reader.scale = options.scale;
    tokens_init(&reader.tokens);
    enum status status = trial ? scorer_open(&scorer, &scoring, fault) : fault_memory(fault);
    reader.scorer = scorer;
    if (status == STATUS_OK)
        status = score_scratch_new(&reader.scratch, fault);
    if (status == STATUS_OK)
        status = read_domains(&set, &words, &reader, paths[0], paths + 1, fault);
    if (status == STATUS_OK)
        status = cross_validate(&set, &options, &reader, trial, fault);
    if (status == STATUS_OK)
        status = write_model(&set, &options, &reader, trial, paths + 3, fault);
    if (trial)
        free(trial->z);
    free(trial);
    train_set_release(&set);
    train_words_release(&words);
    tokens_mask_release(&reader.masked);
    tokens_release(&reader.tokens);
    score_scratch_free(reader.scratch);
    scorer_free(scorer);
    return status;
}

int main(int argc, char **argv) {
    struct fault fault = {0};
    if (argc != 7 || (strcmp(argv[1], "pl") != 0 && strcmp(argv[1], "en") != 0)) {
        fprintf(stderr,
                "usage: train_model pl|en DATA_FOLDER OWN_POSTS MIX_POSTS MODEL|- RECORD\n");
        return EXIT_USAGE;
    }
    enum language language = strcmp(argv[1], "pl") == 0 ? LANGUAGE_PL : LANGUAGE_EN;
    if (train_language(language, argv + 2, &fault) != STATUS_OK) {
        fprintf(stderr, "train_model: %s\n", fault.text);
        return fault.exit_code;
    }
    return 0;
}
