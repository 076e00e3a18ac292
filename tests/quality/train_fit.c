#include "tests/quality/train_fit.h"

#include "stages/score/softmax.h"

#include <math.h>
#include <stdlib.h>

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

/* The head that tells posts about brands from other texts; it takes the place of no stage's. */
static bool fit_brand(struct fit *fit, const struct train_set *set,
                      const struct fit_options *options, unsigned left_out) {
    size_t counts[DOMAINS_MAX] = {0};
    double taken[DOMAINS_MAX] = {0}, mass[2] = {0};
    for (size_t i = 0; i < set->count; i++)
        counts[set->posts[i].domain] += set->posts[i].fold != left_out;
    for (size_t i = 0; i < set->count; i++) {
        const struct train_post *post = &set->posts[i];
        double *domain = &taken[post->domain], before = floor(*domain);
        bool brand = options->joint_mass[post->domain] > 0;
        if (post->fold == left_out)
            continue;
        *domain += (double)options->brand_mass[post->domain] / (double)counts[post->domain];
        unsigned times =
            (unsigned)(floor(*domain) - before); /* a part of them, or more than once */
        if (!fit_add(fit, post, brand, times))
            return false;
        mass[brand] += times;
    }
    if (mass[0] > 0 && mass[1] > 0)
        run_liblinear(fit, options->cost_brand, mass[0] / mass[1], HEAD_BRAND, 1);
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
    return fit_brand(fit, set, options, left_out);
}

/* The strongest weight of a bucket in heads [first, end), but for `without`. */
static double bucket_strength(const struct fit *fit, size_t bucket, unsigned first, unsigned end,
                              unsigned without) {
    const double *row = fit->weights + (FEATURE_NGRAM - 1 + bucket) * fit->heads;
    double most = 0;
    for (unsigned head = first; head < end; head++)
        if (head != without)
            most = fabs(row[head]) > most ? fabs(row[head]) : most;
    return most;
}

static int falling(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* Sets the bits of the `keep` strongest buckets by the heads. */
static bool keep_strongest(const struct fit *fit, uint32_t keep, unsigned first, unsigned end,
                           unsigned without, uint64_t *bitmap) {
    size_t buckets = 1u << NGRAM_BITS;
    double *strengths = malloc(buckets * sizeof *strengths);
    if (!strengths)
        return false;
    for (size_t i = 0; i < buckets; i++)
        strengths[i] = bucket_strength(fit, i, first, end, without);
    qsort(strengths, buckets, sizeof *strengths, falling);
    double limit = keep < buckets ? strengths[keep] : 0;
    free(strengths);
    for (size_t i = 0; i < buckets; i++)
        if (bucket_strength(fit, i, first, end, without) > limit)
            bitmap[i >> 6] |= UINT64_C(1) << (i & 63);
    return true;
}

/* What tells posts about brands has a third of the buckets besides. */
static bool keep_buckets(const struct fit *fit, uint32_t keep, uint64_t *bitmap) {
    bool journey = fit->heads == HEADS_JOURNEY;
    return keep_strongest(fit, keep, 0, fit->heads, journey ? HEAD_BRAND : fit->heads, bitmap) &&
           (!journey ||
            keep_strongest(fit, keep / 3, HEAD_BRAND, HEAD_BRAND + 1, fit->heads, bitmap));
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

static void write_buckets(const struct fit *fit, const uint64_t *bitmap, double ngram,
                          const struct model_table_header *header, struct buf *out) {
    for (size_t bucket = 0; bucket < 1u << NGRAM_BITS; bucket++) {
        if (!(bitmap[bucket >> 6] >> (bucket & 63) & 1))
            continue;
        const double *row = fit->weights + (FEATURE_NGRAM - 1 + bucket) * fit->heads;
        for (unsigned head = 0; head < header->stride; head++) {
            double unit = head < fit->heads ? header->scale[head] / 65536.0 / ngram : 1;
            buf_char(out, (char)(head < fit->heads ? rounded(row[head] / unit, INT8_MAX) : 0));
        }
    }
}

static uint32_t fill_ranks(const uint64_t *bitmap, uint32_t *ranks) {
    uint32_t count = 0;
    for (size_t word = 0; word < BITMAP_WORDS; word++) {
        ranks[word] = count;
        count += (uint32_t)__builtin_popcountll(bitmap[word]);
    }
    return count;
}

/* Each head's weights use all of their 8 bits. */
static void set_scales(const struct fit *fit, double ngram, struct model_table_header *header) {
    for (unsigned head = 0; head < fit->heads; head++) {
        double most = 0;
        for (size_t i = 0; i < 1u << NGRAM_BITS; i++)
            most = fmax(most, bucket_strength(fit, i, head, head + 1, fit->heads));
        header->scale[head] = (uint32_t)ceil(most * ngram * 65536 / INT8_MAX) + 1;
        header->bias[head] = rounded(
            fit->weights[(size_t)(FEATURE_BIAS - 1) * fit->heads + head] * LOGIT_ONE, 1 << 20);
    }
}

static bool write_table(const struct fit *fit, const struct train_scale *scale, uint32_t keep,
                        struct model_table_header *header, struct buf *out) {
    uint64_t *bitmap = calloc(BITMAP_WORDS, sizeof *bitmap);
    uint32_t *ranks = calloc(BITMAP_WORDS, sizeof *ranks);
    bool good = bitmap && ranks && keep_buckets(fit, keep, bitmap);
    if (good) {
        header->count = fill_ranks(bitmap, ranks);
        set_scales(fit, scale->ngram, header);
        size_t start = out->len;
        buf_add(out, header, sizeof *header);
        buf_add(out, bitmap, BITMAP_WORDS * sizeof *bitmap);
        buf_add(out, ranks, BITMAP_WORDS * sizeof *ranks);
        write_steps(fit, scale->step, header->stride, out);
        write_buckets(fit, bitmap, scale->ngram, header, out);
        while (out->len % 16 && !out->failed)
            buf_char(out, 0);
        header->size = (uint32_t)(out->len - start);
        if (!out->failed)
            memcpy(out->at + start, header, sizeof *header);
    }
    free(bitmap);
    free(ranks);
    return good && !out->failed;
}

/* The few posts with intents and stages trust the rules' findings more than single words. */
static void scale_steps(const struct train_set *set, double factor) {
    for (size_t i = 0; i < set->count; i++)
        for (uint32_t k = 0; k < set->posts[i].step_count; k++)
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
                      const struct joint_table *joint, struct buf *out, struct fault *fault) {
    const struct ngram_vocabulary *vocabulary = &reader->vocabulary;
    struct model_header header = {MODEL_MAGIC, FEATURES_VERSION, reader->language,
                                  vocabulary->count, 0};
    struct model_table_header sentiment = {.heads = HEADS_SENTIMENT, .stride = 4};
    struct model_table_header journey = {.heads = HEADS_JOURNEY, .stride = 16};
    buf_clear(out);
    buf_add(out, &header, sizeof header);
    bool good = fit_table(set, options, left_out, false, &sentiment, out) &&
                fit_table(set, options, left_out, true, &journey, out);
    buf_add(out, joint, sizeof *joint);
    buf_add(out, vocabulary->hashes, vocabulary->count * sizeof *vocabulary->hashes);
    good &= !out->failed;
    return good ? STATUS_OK : fault_memory(fault);
}

/* How much a post of each domain and class weighs, when a domain weighs its mass and the
 * classes of a domain the same. Domains of mass 0 do not count. */
static void weigh_classes(const struct train_set *set, const uint32_t mass[DOMAINS_MAX],
                          unsigned left_out, double weights[DOMAINS_MAX][3]) {
    size_t counts[DOMAINS_MAX][3] = {{0}};
    for (size_t i = 0; i < set->count; i++)
        if (set->posts[i].fold != left_out)
            counts[set->posts[i].domain][set->posts[i].label + 1]++;
    for (unsigned domain = 0; domain < DOMAINS_MAX; domain++)
        for (unsigned class = 0; class < 3; class ++)
            weights[domain][class] =
                counts[domain][class] ? mass[domain] / 3.0 / (double)counts[domain][class] : 0;
}

/* The weighted sum of -log p of the right label, by sentiment alone. */
static double surprise(const struct train_set *set, const struct joint *z, unsigned left_out,
                       const double weights[DOMAINS_MAX][3], const struct joint_table *table) {
    double sum = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct train_post *post = &set->posts[i];
        double weight = weights[post->domain][post->label + 1], e[3], total = 0;
        if (post->fold == left_out || weight <= 0)
            continue;
        for (int head = 0; head < 3; head++) {
            double logit = (double)z[i].sentiment[head] * table->gain / 1024 + table->offset[head];
            total += e[head] = exp(logit / LOGIT_ONE);
        }
        sum -= weight * log(e[post->label + 1] / total + 1e-12);
    }
    return sum;
}

static void calibrate_alone(const struct train_set *set, const struct fit_options *options,
                            const struct joint *z, unsigned left_out, struct joint_table *out) {
    uint32_t mass[DOMAINS_MAX];
    double weights[DOMAINS_MAX][3];
    for (unsigned i = 0; i < DOMAINS_MAX; i++)
        mass[i] = options->joint_mass[i] ? 0 : 1;
    weigh_classes(set, mass, left_out, weights);
    out->gain = 1024;
    int32_t *const knobs[3] = {&out->gain, &out->offset[0], &out->offset[2]};
    double best = surprise(set, z, left_out, weights, out);
    for (int32_t step = 512; step >= 8; step /= 2)
        for (int knob = 0; knob < 3; knob++)
            for (int sign = -1; sign <= 1; sign += 2)
                for (int tries = 0; tries < 8; tries++) {
                    *knobs[knob] += sign * step;
                    double now = surprise(set, z, left_out, weights, out);
                    if (now >= best) {
                        *knobs[knob] -= sign * step;
                        break;
                    }
                    best = now;
                }
}

typedef double joint_weights[JOURNEY_ROWS][JOINT_INPUTS];

/* Where the weights begin and what they are drawn to: a row's logit is a part of its heads' sum. */
static void begin_weights(joint_weights weights) {
    enum { SENTIMENT_TENTHS = 7, JOURNEY_TENTHS = 4 };
    memset(weights, 0, sizeof(joint_weights));
    for (unsigned i = 0; i < JOURNEY_ROWS; i++) {
        const struct journey_row *row = &JOURNEY_TABLE[i];
        weights[i][row->label + 1] = SENTIMENT_TENTHS / 10.0;
        for (unsigned k = 0; k < INTENT_COUNT; k++)
            if (row->intents >> k & 1)
                weights[i][HEADS_SENTIMENT + k] = JOURNEY_TENTHS / 10.0;
        if (row->stage != STAGE_NONE)
            weights[i][HEADS_SENTIMENT + INTENT_COUNT + row->stage] = JOURNEY_TENTHS / 10.0;
    }
}

static void fill_inputs(const struct joint *z, double inputs[JOINT_INPUTS]) {
    memset(inputs, 0, JOINT_INPUTS * sizeof *inputs);
    for (unsigned i = 0; i < HEADS_SENTIMENT; i++)
        inputs[i] = z->sentiment[i] / (double)LOGIT_ONE;
    for (unsigned i = 0; i < HEADS_JOURNEY; i++)
        if (i != HEAD_BRAND)
            inputs[HEADS_SENTIMENT + i] = z->journey[i] / (double)LOGIT_ONE;
    inputs[JOINT_ONE] = 1;
    inputs[JOINT_USE] = z->use;
}

/* Rows that a post may be: its own, or where the table has no such row, those of its label and
 * intents, or of its label. */
static uint64_t rows_of(const struct train_post *post) {
    uint64_t own = 0, alike = 0, labelled = 0;
    for (unsigned i = 0; i < JOURNEY_ROWS; i++) {
        const struct journey_row *row = &JOURNEY_TABLE[i];
        uint64_t bit = UINT64_C(1) << i;
        if (row->label != post->label)
            continue;
        labelled |= bit;
        if (post->journey && row->intents == post->intents)
            alike |= bit;
        if (post->journey && row->intents == post->intents && row->stage == post->stage)
            own |= bit;
    }
    return own ? own : alike ? alike : labelled;
}

/* Adds one post's gradient of -log p of its rows. */
static void add_gradient(const double inputs[JOINT_INPUTS], uint64_t rows, double weight,
                         joint_weights weights, joint_weights gradient) {
    double e[JOURNEY_ROWS], most = -1e9, all = 0, own = 0;
    for (unsigned i = 0; i < JOURNEY_ROWS; i++) {
        e[i] = 0;
        for (unsigned k = 0; k < JOINT_INPUTS; k++)
            e[i] += weights[i][k] * inputs[k];
        most = e[i] > most ? e[i] : most;
    }
    for (unsigned i = 0; i < JOURNEY_ROWS; i++) {
        all += e[i] = exp(e[i] - most);
        own += rows >> i & 1 ? e[i] : 0;
    }
    for (unsigned i = 0; i < JOURNEY_ROWS; i++) {
        double wanted = rows >> i & 1 ? e[i] / (own + 1e-300) : 0;
        double slope = weight * (e[i] / all - wanted);
        for (unsigned k = 0; k < JOINT_INPUTS; k++)
            gradient[i][k] += slope * inputs[k];
    }
}

/* One step of Adam (Kingma, Ba 2015) over all weights; `moments` are its two means. */
static void take_step(joint_weights weights, joint_weights gradient, joint_weights moments[2],
                      unsigned step, double rate) {
    double one = 1 - pow(0.9, step), two = 1 - pow(0.999, step);
    for (unsigned i = 0; i < JOURNEY_ROWS; i++)
        for (unsigned k = 0; k < JOINT_INPUTS; k++) {
            double slope = gradient[i][k];
            moments[0][i][k] = 0.9 * moments[0][i][k] + 0.1 * slope;
            moments[1][i][k] = 0.999 * moments[1][i][k] + 0.001 * slope * slope;
            weights[i][k] -= rate * moments[0][i][k] / one / (sqrt(moments[1][i][k] / two) + 1e-9);
        }
}

/* `inputs` and `rows` are of the posts of brands in training. */
struct joint_sample {
    double inputs[JOINT_INPUTS], weight;
    uint64_t rows;
};

static void descend(const struct joint_sample *samples, size_t count, joint_weights weights) {
    enum { STEPS = 240 };
    static joint_weights start, gradient, moments[2];
    begin_weights(start);
    memcpy(weights, start, sizeof start);
    memset(moments, 0, sizeof moments);
    for (unsigned step = 1; step <= STEPS; step++) {
        for (unsigned i = 0; i < JOURNEY_ROWS; i++)
            for (unsigned k = 0; k < JOINT_INPUTS; k++)
                gradient[i][k] = 2 * (weights[i][k] - start[i][k]);
        for (size_t i = 0; i < count; i++)
            add_gradient(samples[i].inputs, samples[i].rows, samples[i].weight, weights, gradient);
        take_step(weights, gradient, moments, step, 0.04 * (1 - (step - 1.0) / STEPS));
    }
}

enum status fit_joint(const struct train_set *set, const struct fit_options *options,
                      const struct joint *z, unsigned left_out, struct joint_table *out,
                      struct fault *fault) {
    static joint_weights weights;
    double mass[DOMAINS_MAX][3];
    size_t count = 0;
    struct joint_sample *samples = malloc((set->count + 1) * sizeof *samples);
    if (!samples)
        return fault_memory(fault);
    memset(out, 0, sizeof *out);
    calibrate_alone(set, options, z, left_out, out);
    weigh_classes(set, options->joint_mass, left_out, mass);
    for (size_t i = 0; i < set->count; i++) {
        const struct train_post *post = &set->posts[i];
        double weight = mass[post->domain][post->label + 1];
        if (post->fold == left_out || weight <= 0)
            continue;
        fill_inputs(&z[i], samples[count].inputs);
        samples[count].rows = rows_of(post);
        samples[count++].weight = weight;
    }
    descend(samples, count, weights);
    for (unsigned i = 0; i < JOURNEY_ROWS; i++)
        for (unsigned k = 0; k < JOINT_INPUTS; k++)
            out->weights[i][k] = (int16_t)rounded(weights[i][k] * 1024, 16 * 1024 - 1);
    free(samples);
    return STATUS_OK;
}

void fit_decide(const struct train_post *post, const struct joint *z,
                const struct joint_table *table, struct score *out) {
    struct joint joint = *z;
    unsigned best = joint_decide(table, &joint, out->p_milli);
    if (post->bare) {
        *out = (struct score){.label = LABEL_NEUTRAL, .stage = STAGE_AWARE};
        out->p_milli[1] = 1000;
        return;
    }
    best = scorer_settle(post->sure, post->mishap, out->p_milli, best);
    out->label = (int8_t)((int)best - 1);
    joint_row(&joint, out);
}
