#include "tests/quality/train_fit.h"

#include "stages/score/decide_stage.h"
#include "stages/score/softmax.h"

#include <math.h>
#include <stdlib.h>

enum { BARE_LOGIT = 16 * LOGIT_ONE }; /* as good as certain */

/* What liblinear learns from, and the weights that it found: [FEATURE_BIAS][heads]. */
struct fit {
    struct feature_node **rows;
    double *targets;
    size_t count, cap;
    double *weights;
    unsigned heads;
};

static void fit_release(struct fit *fit) {
    free(fit->rows);
    free(fit->targets);
    free(fit->weights);
}

static bool fit_add(struct fit *fit, const struct train_post *post, double target, unsigned times) {
    for (; times; times--) {
        if (fit->count == fit->cap) {
            size_t cap = fit->cap ? fit->cap * 2 : 4096;
            struct feature_node **rows = realloc(fit->rows, cap * sizeof *rows);
            if (rows)
                fit->rows = rows;
            double *targets = rows ? realloc(fit->targets, cap * sizeof *targets) : NULL;
            if (!targets)
                return false;
            fit->targets = targets;
            fit->cap = cap;
        }
        fit->rows[fit->count] = post->nodes;
        fit->targets[fit->count++] = target;
    }
    return true;
}

static void silent(const char *text) {
    (void)text;
}

/* Copies liblinear's weights into the heads that start at `first`. A problem of two classes has
 * one vector, for the class that came first. */
static void take_weights(struct fit *fit, const struct model *found, unsigned first,
                         unsigned classes) {
    for (size_t feature = 0; feature < FEATURE_BIAS; feature++) {
        double *row = fit->weights + feature * fit->heads;
        if (classes == 1) {
            double weight = found->w[feature];
            row[first] = found->label[0] == 1 ? weight : -weight;
        } else {
            for (int i = 0; i < found->nr_class; i++)
                row[first + (unsigned)found->label[i]] =
                    found->w[feature * (size_t)found->nr_class + (size_t)i];
        }
    }
}

static void run_liblinear(struct fit *fit, double cost, double positive_weight, unsigned first,
                          unsigned classes) {
    int weighted[1] = {1};
    double weights[1] = {positive_weight};
    struct parameter parameter = {.solver_type = L2R_LR,
                                  .eps = 0.01,
                                  .C = cost,
                                  .nr_weight = classes == 1,
                                  .weight_label = weighted,
                                  .weight = weights};
    struct problem problem = {
        .l = (int)fit->count, .n = FEATURE_BIAS, .y = fit->targets, .x = fit->rows, .bias = -1};
    set_print_string_function(silent);
    struct model *found = train(&problem, &parameter);
    take_weights(fit, found, first, classes);
    free_and_destroy_model(&found);
    fit->count = 0;
}

/* How often a post of each domain and class is repeated, so that domains weigh their mass and the
 * classes of a domain weigh the same. */
static void count_repeats(const struct train_set *set, const struct fit_options *options,
                          unsigned left_out, unsigned repeats[DOMAINS_MAX][3]) {
    size_t counts[DOMAINS_MAX][3] = {{0}};
    for (size_t i = 0; i < set->count; i++)
        if (set->posts[i].fold != left_out)
            counts[set->posts[i].domain][set->posts[i].label + 1]++;
    for (unsigned domain = 0; domain < DOMAINS_MAX; domain++)
        for (unsigned class = 0; class < 3; class ++) {
            double wanted = options->mass[domain] / 3.0;
            double times = counts[domain][class] ? wanted / (double)counts[domain][class] : 0;
            repeats[domain][class] = times < 1 ? 1 : (unsigned)(times + 0.5);
        }
}

static bool fit_sentiment(struct fit *fit, const struct train_set *set,
                          const struct fit_options *options, unsigned left_out) {
    unsigned repeats[DOMAINS_MAX][3];
    count_repeats(set, options, left_out, repeats);
    for (size_t i = 0; i < set->count; i++) {
        const struct train_post *post = &set->posts[i];
        if (post->fold != left_out && options->mass[post->domain] &&
            !fit_add(fit, post, post->label + 1, repeats[post->domain][post->label + 1]))
            return false;
    }
    run_liblinear(fit, options->cost_sentiment, 1, 0, HEADS_SENTIMENT);
    return true;
}

static bool fit_journey(struct fit *fit, const struct train_set *set,
                        const struct fit_options *options, unsigned left_out) {
    for (unsigned head = 0; head <= INTENT_COUNT; head++) {
        size_t yes = 0;
        for (size_t i = 0; i < set->count; i++) {
            const struct train_post *post = &set->posts[i];
            if (!post->journey || post->fold == left_out)
                continue;
            unsigned target = head < INTENT_COUNT ? post->intents >> head & 1 : post->stage;
            yes += target == 1 ? options->journey_repeats[post->domain] : 0;
            if (!fit_add(fit, post, target, options->journey_repeats[post->domain]))
                return false;
        }
        /* rare intents count more, but not so much that each is found everywhere */
        double weight = yes ? sqrt((double)(fit->count - yes) / (double)yes) : 1;
        if (fit->count)
            run_liblinear(fit, options->cost_journey, weight, head,
                          head < INTENT_COUNT ? 1 : STAGE_COUNT);
    }
    return true;
}

static double bucket_strength(const struct fit *fit, size_t bucket) {
    const double *row = fit->weights + (FEATURE_NGRAM - 1 + bucket) * fit->heads;
    double most = 0;
    for (unsigned head = 0; head < fit->heads; head++)
        most = fabs(row[head]) > most ? fabs(row[head]) : most;
    return most;
}

static int falling(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* The strength that a bucket needs to be among the `keep` strongest; `most` is the strongest. */
static double keep_limit(const struct fit *fit, uint32_t keep, double *most) {
    size_t buckets = 1u << NGRAM_BITS;
    double *strengths = malloc(buckets * sizeof *strengths);
    if (!strengths)
        return -1;
    for (size_t i = 0; i < buckets; i++)
        strengths[i] = bucket_strength(fit, i);
    qsort(strengths, buckets, sizeof *strengths, falling);
    *most = strengths[0];
    double limit = keep < buckets ? strengths[keep] : 0;
    free(strengths);
    return limit;
}

static int32_t rounded(double value, int32_t most) {
    double whole = floor(value + 0.5);
    return whole > most ? most : whole < -most ? -most : (int32_t)whole;
}

static void write_steps(const struct fit *fit, double scale, unsigned stride, struct buf *out) {
    for (size_t step = 0; step < STEP_IDS; step++)
        for (unsigned head = 0; head < stride; head++) {
            double weight = head < fit->heads ? fit->weights[step * fit->heads + head] : 0;
            int16_t value = (int16_t)rounded(weight * scale * LOGIT_ONE, INT16_MAX);
            buf_add(out, &value, sizeof value);
        }
}

static void write_buckets(const struct fit *fit, const uint64_t *bitmap, double unit,
                          unsigned stride, struct buf *out) {
    for (size_t bucket = 0; bucket < 1u << NGRAM_BITS; bucket++) {
        if (!(bitmap[bucket >> 6] >> (bucket & 63) & 1))
            continue;
        const double *row = fit->weights + (FEATURE_NGRAM - 1 + bucket) * fit->heads;
        for (unsigned head = 0; head < stride; head++)
            buf_char(out, (char)(head < fit->heads ? rounded(row[head] / unit, INT8_MAX) : 0));
    }
}

static uint32_t fill_bitmap(const struct fit *fit, double limit, uint64_t *bitmap,
                            uint32_t *ranks) {
    uint32_t count = 0;
    for (size_t bucket = 0; bucket < 1u << NGRAM_BITS; bucket++) {
        if (bucket % 64 == 0)
            ranks[bucket >> 6] = count;
        if (bucket_strength(fit, bucket) > limit) {
            bitmap[bucket >> 6] |= UINT64_C(1) << (bucket & 63);
            count++;
        }
    }
    return count;
}

static bool write_table(const struct fit *fit, const struct train_scale *scale, uint32_t keep,
                        struct model_table_header *header, struct buf *out) {
    uint64_t *bitmap = calloc(BITMAP_WORDS, sizeof *bitmap);
    uint32_t *ranks = calloc(BITMAP_WORDS, sizeof *ranks);
    double most = 0, limit = keep_limit(fit, keep, &most);
    if (bitmap && ranks && limit >= 0) {
        header->count = fill_bitmap(fit, limit, bitmap, ranks);
        header->scale = (uint32_t)ceil(most * scale->ngram * 65536 / INT8_MAX) + 1;
        for (unsigned head = 0; head < fit->heads; head++)
            header->bias[head] = rounded(
                fit->weights[(size_t)(FEATURE_BIAS - 1) * fit->heads + head] * LOGIT_ONE, 1 << 20);
        size_t start = out->len;
        buf_add(out, header, sizeof *header);
        buf_add(out, bitmap, BITMAP_WORDS * sizeof *bitmap);
        buf_add(out, ranks, BITMAP_WORDS * sizeof *ranks);
        write_steps(fit, scale->step, header->stride, out);
        write_buckets(fit, bitmap, header->scale / 65536.0 / scale->ngram, header->stride, out);
        while (out->len % 16 && !out->failed)
            buf_char(out, 0);
        header->size = (uint32_t)(out->len - start);
        if (!out->failed)
            memcpy(out->at + start, header, sizeof *header);
    }
    free(bitmap);
    free(ranks);
    return limit >= 0 && !out->failed;
}

/* The few posts with intents and stages trust the rules' findings more than single words. */
static void scale_steps(const struct train_set *set, double factor) {
    for (size_t i = 0; i < set->count; i++)
        for (uint32_t k = 0; set->posts[i].journey && k < set->posts[i].step_count; k++)
            set->posts[i].nodes[k].value *= factor;
}

static bool fit_table(const struct train_set *set, const struct fit_options *options,
                      unsigned left_out, bool journey, struct model_table_header *header,
                      struct buf *out) {
    struct fit fit = {.heads = header->heads};
    fit.weights = calloc((size_t)FEATURE_BIAS * fit.heads, sizeof *fit.weights);
    struct train_scale scale = options->scale;
    if (journey) {
        scale.step = options->step_journey;
        scale_steps(set, options->step_journey / options->scale.step);
    }
    bool good = fit.weights && (journey ? fit_journey(&fit, set, options, left_out)
                                        : fit_sentiment(&fit, set, options, left_out));
    if (journey)
        scale_steps(set, options->scale.step / options->step_journey);
    good =
        good && write_table(&fit, &scale, journey ? options->keep_journey : options->keep_sentiment,
                            header, out);
    fit_release(&fit);
    return good;
}

enum status fit_model(const struct train_set *set, const struct fit_options *options,
                      const struct train_reader *reader, unsigned left_out,
                      const struct fit_calibration *calibration, struct buf *out,
                      struct fault *fault) {
    const struct ngram_vocabulary *vocabulary = &reader->vocabulary;
    struct model_header header = {MODEL_MAGIC, FEATURES_VERSION, reader->language,
                                  vocabulary->count, 0};
    struct model_table_header sentiment = {.heads = HEADS_SENTIMENT, .stride = 4};
    struct model_table_header journey = {.heads = HEADS_JOURNEY, .stride = 16};
    for (unsigned i = 0; i < HEADS_JOURNEY; i++) {
        sentiment.gain[i] = calibration->gain;
        sentiment.offset[i] = i < HEADS_SENTIMENT ? calibration->offset[i] : 0;
        journey.gain[i] = 1024;
        journey.offset[i] = calibration->journey[i];
    }
    buf_clear(out);
    buf_add(out, &header, sizeof header);
    bool good = fit_table(set, options, left_out, false, &sentiment, out) &&
                fit_table(set, options, left_out, true, &journey, out);
    buf_add(out, vocabulary->hashes, vocabulary->count * sizeof *vocabulary->hashes);
    good &= !out->failed;
    return good ? STATUS_OK : fault_memory(fault);
}

/* The weighted mean of -log p of the right class. */
static double surprise(const struct train_set *set, const int32_t (*z)[HEADS_SENTIMENT],
                       unsigned left_out, const size_t counts[DOMAINS_MAX][3],
                       const struct fit_calibration *calibration) {
    double sum = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct train_post *post = &set->posts[i];
        if (post->fold == left_out)
            continue;
        double e[3], total = 0;
        for (int head = 0; head < 3; head++) {
            double logit =
                (double)z[i][head] * calibration->gain / 1024 + calibration->offset[head];
            total += e[head] = exp(logit / LOGIT_ONE);
        }
        double weight = 1.0 / (double)counts[post->domain][post->label + 1];
        sum -= weight * log(e[post->label + 1] / total + 1e-12);
    }
    return sum;
}

void fit_calibrate(const struct train_set *set, const int32_t (*z)[HEADS_SENTIMENT],
                   unsigned left_out, struct fit_calibration *out) {
    size_t counts[DOMAINS_MAX][3] = {{0}};
    for (size_t i = 0; i < set->count; i++)
        if (set->posts[i].fold != left_out)
            counts[set->posts[i].domain][set->posts[i].label + 1]++;
    *out = (struct fit_calibration){.gain = 1024};
    int32_t *const knobs[3] = {&out->gain, &out->offset[0], &out->offset[2]};
    double best = surprise(set, z, left_out, counts, out);
    for (int32_t step = 512; step >= 8; step /= 2)
        for (int knob = 0; knob < 3; knob++)
            for (int sign = -1; sign <= 1; sign += 2)
                for (int tries = 0; tries < 8; tries++) {
                    *knobs[knob] += sign * step;
                    double now = surprise(set, z, left_out, counts, out);
                    if (now >= best) {
                        *knobs[knob] -= sign * step;
                        break;
                    }
                    best = now;
                }
}

void fit_label(const struct train_post *post, const int32_t z[HEADS_SENTIMENT],
               const struct fit_calibration *calibration, struct score *out) {
    int32_t calibrated[HEADS_SENTIMENT] = {-BARE_LOGIT, BARE_LOGIT, -BARE_LOGIT};
    for (int head = 0; head < HEADS_SENTIMENT && !post->bare; head++)
        calibrated[head] =
            (int32_t)((int64_t)z[head] * calibration->gain / 1024 + calibration->offset[head]);
    if (post->sure != LABEL_NONE && !post->bare)
        scorer_turn_model(calibrated, post->sure);
    out->label = (int8_t)((int)softmax_milli(calibrated, out->p_milli) - 1);
}

void fit_stage(const struct train_post *post, const int32_t z[HEADS_JOURNEY],
               const struct fit_calibration *calibration, struct score *out) {
    int32_t calibrated[HEADS_JOURNEY];
    for (int head = 0; head < HEADS_JOURNEY; head++)
        calibrated[head] = z[head] + calibration->journey[head];
    stage_by_model(calibrated, out);
    stage_need_evidence(post->use, out);
    if (!post->bare)
        return;
    out->intents = 0;
    out->stage = STAGE_AWARE;
}

static uint64_t journey_right(const struct train_set *set,
                              const int32_t (*sentiment)[HEADS_SENTIMENT],
                              const int32_t (*journey)[HEADS_JOURNEY],
                              const unsigned worth[DOMAINS_MAX], unsigned left_out,
                              const struct fit_calibration *calibration) {
    uint64_t right = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct train_post *post = &set->posts[i];
        struct score score;
        if (!post->journey || post->fold == left_out || !worth[post->domain])
            continue;
        fit_label(post, sentiment[i], calibration, &score);
        fit_stage(post, journey[i], calibration, &score);
        right += worth[post->domain] *
                 ((score.intents == post->intents) + (unsigned)(score.stage == post->stage));
    }
    return right;
}

void fit_calibrate_journey(const struct train_set *set, const int32_t (*sentiment)[HEADS_SENTIMENT],
                           const int32_t (*journey)[HEADS_JOURNEY],
                           const unsigned worth[DOMAINS_MAX], unsigned left_out,
                           struct fit_calibration *out) {
    memset(out->journey, 0, sizeof out->journey);
    uint64_t best = journey_right(set, sentiment, journey, worth, left_out, out);
    for (int32_t step = 1024; step >= 128; step /= 2)
        for (int head = 0; head < HEADS_JOURNEY; head++)
            for (int sign = -1; sign <= 1; sign += 2)
                for (int tries = 0; tries < 3; tries++) {
                    out->journey[head] += sign * step;
                    uint64_t now = journey_right(set, sentiment, journey, worth, left_out, out);
                    if (now <= best) {
                        out->journey[head] -= sign * step;
                        break;
                    }
                    best = now;
                }
}
