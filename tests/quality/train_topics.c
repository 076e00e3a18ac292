/* train_topics LANGUAGE MODEL|- RECORD POSTS...
 *
 * Trains the small model of topics (stages/score/topic_model.h) on the posts of the files that have
 * a topic, and writes it with its record. POSTS are TSV files whose header names the columns topic,
 * text and perhaps names. L2-regularised logistic regression, one topic against the rest
 * (liblinear, solver 0, which is deterministic), on hashed n-grams; the weakest buckets are pruned,
 * the others become 8-bit numbers. Five-fold cross-validation first: no post is tested by a model
 * that saw it. A file written as +FILE is only tested on. The same input gives the same files. */
#include "stages/common/digest.h"
#include "stages/common/files.h"
#include "stages/common/hash.h"
#include "stages/score/decide_stage.h"
#include "stages/score/scorer_parts.h"

#include <linear.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FOLDS = 5, FIELDS_MAX = 16, NAMES_MAX = 64, FILES_MAX = 8, KEEP = 24000 };
/* Numbers of liblinear's features, from 1. */
enum {
    BUCKETS = 1 << NGRAM_BITS,
    FIRST_FINDING = BUCKETS + 1,
    BIAS = FIRST_FINDING + FINDINGS,
    LOGIT_ONE = 1024
};
#define COST 5.0
#define FINDING_SCALE 0.5

struct topic_post {
    struct feature_node *nodes;
    uint32_t *ngrams;
    uint32_t ngram_count;
    int32_t lexicon[TOPIC_COUNT];
    uint8_t topic, fold, file;
};

struct trainer {
    struct scorer *scorer;
    struct score_scratch *scratch;
    struct tokens tokens, masked;
    struct topic_source source;
    struct topic_post *posts;
    size_t count, cap;
    struct arena memory;
    uint32_t *ngrams;
    const char *files[FILES_MAX];
    bool tested_only[FILES_MAX];
    unsigned file_count;
    double *weights; /* [BIAS + 1][TOPIC_COUNT] */
};

static unsigned split(struct span line, char by, struct span *fields) {
    unsigned count = 0;
    for (bool more = true; more && count < FIELDS_MAX;) {
        const char *end = memchr(line.at, by, line.len);
        size_t len = end ? (size_t)(end - line.at) : line.len;
        fields[count++] = (struct span){line.at, len};
        more = end != NULL;
        line = (struct span){line.at + len + more, line.len - len - more};
    }
    return count;
}

static int by_place(const void *left, const void *right) {
    const struct text_place *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

/* Reads the text's tokens with its names (joined with |) masked, as the program does. */
static enum status read_masked(struct trainer *trainer, struct span text, struct span names,
                               struct fault *fault) {
    struct text_place places[NAMES_MAX];
    struct span each[FIELDS_MAX];
    size_t found = 0, kept = 0;
    unsigned count = names.len ? split(names, '|', each) : 0;
    for (unsigned i = 0; i < count; i++) {
        const char *at = text.at, *end = text.at + text.len;
        while (each[i].len && found < NAMES_MAX &&
               (at = memmem(at, (size_t)(end - at), each[i].at, each[i].len))) {
            uint32_t from = (uint32_t)(at - text.at);
            places[found++] = (struct text_place){from, from + (uint32_t)each[i].len};
            at += each[i].len;
        }
    }
    qsort(places, found, sizeof *places, by_place);
    for (size_t i = 0; i < found; i++)
        if (!kept || places[i].from >= places[kept - 1].end)
            places[kept++] = places[i];
    enum status status = tokens_read(&trainer->tokens, text, fault);
    return status == STATUS_OK
               ? tokens_mask(&trainer->tokens, places, kept, &trainer->masked, fault)
               : status;
}

static int by_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static bool take_ngrams(struct trainer *trainer, struct topic_post *post) {
    uint32_t count = topic_ngrams(&trainer->source, &trainer->masked, trainer->ngrams);
    post->ngram_count = count;
    post->ngrams = arena_alloc(&trainer->memory, count * sizeof *post->ngrams + 1);
    post->nodes = arena_alloc(&trainer->memory, (count + FINDINGS + 2) * sizeof *post->nodes);
    if (!post->ngrams || !post->nodes)
        return false;
    qsort(trainer->ngrams, count, sizeof *trainer->ngrams, by_number);
    memcpy(post->ngrams, trainer->ngrams, count * sizeof *post->ngrams);
    double one = count ? 1 / sqrt(count) : 0;
    size_t nodes = 0;
    for (uint32_t i = 0; i < count; i++) {
        int index = (int)post->ngrams[i] + 1;
        if (nodes && post->nodes[nodes - 1].index == index)
            post->nodes[nodes - 1].value += one;
        else
            post->nodes[nodes++] = (struct feature_node){index, one};
    }
    int32_t findings[FINDINGS];
    topic_findings(post->lexicon, findings);
    for (int i = 0; i < FINDINGS; i++)
        if (findings[i])
            post->nodes[nodes++] = (struct feature_node){
                FIRST_FINDING + i, FINDING_SCALE * findings[i] / (double)FINDING_ONE};
    post->nodes[nodes++] = (struct feature_node){BIAS, 1};
    post->nodes[nodes] = (struct feature_node){-1, 0};
    return true;
}

static enum status add_post(struct trainer *trainer, struct span topic, struct span text,
                            struct span names, struct fault *fault) {
    if (trainer->count == trainer->cap) {
        size_t cap = trainer->cap ? trainer->cap * 2 : 4096;
        struct topic_post *posts = realloc(trainer->posts, cap * sizeof *posts);
        if (!posts)
            return fault_memory(fault);
        trainer->posts = posts;
        trainer->cap = cap;
    }
    struct topic_post *post = &trainer->posts[trainer->count];
    *post = (struct topic_post){.file = (uint8_t)(trainer->file_count - 1),
                                .fold = (uint8_t)(hash_stable(text) % FOLDS)};
    for (unsigned i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
        if (span_is(topic, topic_name((enum post_topic)i)))
            post->topic = (uint8_t)i;
    if (post->topic == TOPIC_NONE)
        return STATUS_OK;
    enum status status = read_masked(trainer, text, names, fault);
    if (status != STATUS_OK)
        return status;
    struct topic_source lexicon_alone = trainer->source;
    lexicon_alone.model = NULL;
    topic_cues_find(&trainer->scratch->topics, &trainer->scratch->topic_words, &lexicon_alone,
                    &trainer->masked);
    memcpy(post->lexicon, trainer->scratch->topics.weights, sizeof post->lexicon);
    trainer->count++;
    return take_ngrams(trainer, post) ? STATUS_OK : fault_memory(fault);
}

static enum status read_posts(struct trainer *trainer, const char *path, struct fault *fault) {
    static const char *const names[] = {"topic", "text", "names"};
    struct span fields[FIELDS_MAX], column[3];
    int at[3] = {-1, -1, -1};
    struct buf bytes;
    trainer->tested_only[trainer->file_count] = path[0] == '+';
    trainer->files[trainer->file_count++] = path + (path[0] == '+');
    buf_init(&bytes, 256u << 20);
    enum status status = file_read(path + (path[0] == '+'), &bytes, fault);
    struct span rest = buf_as_span(&bytes);
    for (bool header = true; status == STATUS_OK && rest.len; header = false) {
        const char *end = memchr(rest.at, '\n', rest.len);
        struct span line = {rest.at, end ? (size_t)(end - rest.at) : rest.len};
        size_t used = line.len + (end != NULL);
        rest = (struct span){rest.at + used, rest.len - used};
        unsigned count = split(line, '\t', fields);
        for (int i = 0; i < 3; i++)
            for (unsigned k = 0; header && k < count; k++)
                at[i] = span_is(fields[k], names[i]) ? (int)k : at[i];
        if (header)
            continue;
        for (int i = 0; i < 3; i++)
            column[i] =
                at[i] >= 0 && (unsigned)at[i] < count ? fields[at[i]] : (struct span){"", 0};
        status = add_post(trainer, column[0], column[1], column[2], fault);
    }
    buf_release(&bytes);
    return status;
}

static void silent(const char *text) {
    (void)text;
}

/* Fits on all posts that may be trained on but those of fold `left_out`. */
static bool fit(struct trainer *trainer, unsigned left_out) {
    struct feature_node **rows = malloc(trainer->count * sizeof *rows);
    double *targets = malloc(trainer->count * sizeof *targets);
    struct problem problem = {.n = BIAS, .y = targets, .x = rows, .bias = -1};
    struct parameter parameter = {.solver_type = L2R_LR, .eps = 0.01, .C = COST};
    if (rows && targets) {
        for (size_t i = 0; i < trainer->count; i++) {
            const struct topic_post *post = &trainer->posts[i];
            if (post->fold == left_out || trainer->tested_only[post->file])
                continue;
            rows[problem.l] = post->nodes;
            targets[problem.l++] = post->topic;
        }
        set_print_string_function(silent);
        struct model *found = train(&problem, &parameter);
        memset(trainer->weights, 0, (BIAS + 1) * TOPIC_COUNT * sizeof *trainer->weights);
        for (size_t feature = 0; feature < BIAS; feature++)
            for (int i = 0; i < found->nr_class; i++)
                trainer->weights[feature * TOPIC_COUNT + (size_t)found->label[i]] =
                    found->w[feature * (size_t)found->nr_class + (size_t)i];
        free_and_destroy_model(&found);
    }
    bool good = rows && targets;
    free(rows);
    free(targets);
    return good;
}

static int32_t logit(const struct trainer *trainer, int feature, unsigned topic, double scale) {
    double weight = trainer->weights[(size_t)(feature - 1) * TOPIC_COUNT + topic];
    return (int32_t)floor(weight * scale * LOGIT_ONE + 0.5);
}

static double strength(const struct trainer *trainer, size_t bucket) {
    double most = 0;
    for (unsigned topic = 0; topic < TOPIC_COUNT; topic++)
        most = fmax(most, fabs(trainer->weights[bucket * TOPIC_COUNT + topic]));
    return most;
}

static int falling(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* The model's file: the strongest buckets, as integers. */
static bool write_model(const struct trainer *trainer, struct buf *out) {
    double *strengths = malloc(BUCKETS * sizeof *strengths);
    uint64_t *bitmap = calloc(NGRAM_BLOCKS, sizeof *bitmap);
    uint32_t *ranks = calloc(NGRAM_BLOCKS, sizeof *ranks);
    struct topic_model_header header = {.language = trainer->source.language};
    buf_clear(out);
    if (strengths && bitmap && ranks) {
        for (size_t i = 0; i < BUCKETS; i++)
            strengths[i] = strength(trainer, i);
        qsort(strengths, BUCKETS, sizeof *strengths, falling);
        double limit = strengths[KEEP], unit = (ceil(strengths[0] * 65536 / INT8_MAX) + 1) / 65536;
        for (size_t i = 0; i < BUCKETS; i++) {
            ranks[i >> 6] = i % 64 ? ranks[i >> 6] : header.count;
            bool kept = strength(trainer, i) > limit;
            bitmap[i >> 6] |= (uint64_t)kept << (i & 63);
            header.count += kept;
        }
        memcpy(header.magic, TOPIC_MODEL_MAGIC, sizeof header.magic);
        header.scale = (uint32_t)(unit * 65536 + 0.5);
        for (unsigned topic = 0; topic < TOPIC_COUNT; topic++) {
            header.bias[topic] = logit(trainer, BIAS, topic, 1);
            for (int i = 0; i < FINDINGS; i++)
                header.findings[i][topic] = logit(trainer, FIRST_FINDING + i, topic, FINDING_SCALE);
        }
        buf_add(out, &header, sizeof header);
        buf_add(out, bitmap, NGRAM_BLOCKS * sizeof *bitmap);
        buf_add(out, ranks, NGRAM_BLOCKS * sizeof *ranks);
        for (size_t i = 0; i < BUCKETS; i++)
            for (unsigned topic = 0; bitmap[i >> 6] >> (i & 63) & 1 && topic < TOPIC_COUNT; topic++)
                buf_char(out,
                         (char)(int)floor(trainer->weights[i * TOPIC_COUNT + topic] / unit + 0.5));
    }
    bool good = strengths && bitmap && ranks && !out->failed;
    free(strengths);
    free(bitmap);
    free(ranks);
    return good;
}

/* Posts, and how many the lexicon alone and the model found. */
struct tally {
    size_t posts, lexicon, model;
};

static unsigned find_topic(const struct topic_post *post, const struct topic_model *model) {
    static struct rules none;
    struct topic_cues cues = {.ngrams = post->ngram_count};
    struct score score = {0};
    memcpy(cues.weights, post->lexicon, sizeof cues.weights);
    if (model)
        topic_model_sum(model, post->ngrams, post->ngram_count, cues.sums);
    topic_by_cues(&none, model, &cues, &score);
    return score.topic;
}

static enum status cross_validate(struct trainer *trainer, struct tally tallies[FILES_MAX],
                                  struct buf *bytes, struct fault *fault) {
    for (unsigned fold = 0; fold <= FOLDS; fold++) { /* the last: on all, for the tested files */
        struct topic_model model;
        if (!fit(trainer, fold) || !write_model(trainer, bytes))
            return fault_memory(fault);
        if (!topic_model_view(&model, buf_as_span(bytes)))
            return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "the model cannot be read back");
        for (size_t i = 0; i < trainer->count; i++) {
            const struct topic_post *post = &trainer->posts[i];
            bool tested = trainer->tested_only[post->file] ? fold == FOLDS : post->fold == fold;
            if (!tested)
                continue;
            tallies[post->file].posts++;
            tallies[post->file].lexicon += find_topic(post, NULL) == post->topic;
            tallies[post->file].model += find_topic(post, &model) == post->topic;
        }
    }
    return STATUS_OK;
}

static void write_record(const struct trainer *trainer, const struct tally *tallies,
                         struct span model, struct buf *out) {
    unsigned char digest[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_of(model, digest);
    digest_hex(digest, hex);
    buf_format(out, "{\n  \"language\": \"%s\",\n  \"sha256\": \"%s\",\n  \"bytes\": %zu,\n",
               language_name(trainer->source.language), hex, model.len);
    buf_format(out,
               "  \"method\": \"L2 logistic regression, one topic against the rest (liblinear "
               "L2R_LR, eps 0.01, C %g), deterministic, no seed\",\n"
               "  \"features\": {\"buckets\": %d, \"kept\": %d},\n"
               "  \"cross_validation\": {\"folds\": %d, \"scores\": [\n",
               COST, BUCKETS, KEEP, FOLDS);
    for (unsigned i = 0; i < trainer->file_count; i++) {
        const struct tally *tally = &tallies[i];
        const char *slash = strrchr(trainer->files[i], '/');
        double all = tally->posts ? (double)tally->posts : 1;
        buf_format(out,
                   "    {\"file\": \"%s\", \"trained_on\": %s, \"posts\": %zu, \"lexicon\": %.4f, "
                   "\"model\": %.4f}%s\n",
                   slash ? slash + 1 : trainer->files[i],
                   trainer->tested_only[i] ? "false" : "true", tally->posts,
                   (double)tally->lexicon / all, (double)tally->model / all,
                   i + 1 < trainer->file_count ? "," : "");
    }
    buf_text(out, "  ]}\n}\n");
}

static enum status run(struct trainer *trainer, char **paths, int count, struct fault *fault) {
    struct tally tallies[FILES_MAX] = {{0}};
    struct buf model, record;
    buf_init(&model, 64u << 20);
    buf_init(&record, 1u << 20);
    enum status status = STATUS_OK;
    for (int i = 2; status == STATUS_OK && i < count; i++)
        status = read_posts(trainer, paths[i], fault);
    if (status == STATUS_OK)
        status = cross_validate(trainer, tallies, &model, fault);
    if (status == STATUS_OK) {
        write_record(trainer, tallies, buf_as_span(&model), &record);
        fwrite(record.at, 1, record.len, stdout);
    }
    if (status == STATUS_OK && strcmp(paths[0], "-") != 0) {
        status = file_publish(paths[0], buf_as_span(&model), fault);
        if (status == STATUS_OK)
            status = file_publish(paths[1], buf_as_span(&record), fault);
    }
    buf_release(&model);
    buf_release(&record);
    return status;
}

int main(int argc, char **argv) {
    struct fault fault = {0};
    struct trainer trainer = {0};
    struct score_options options = {.engine = ENGINE_HYBRID};
    if (argc < 5 || argc - 4 > FILES_MAX ||
        (strcmp(argv[1], "pl") != 0 && strcmp(argv[1], "en") != 0)) {
        fprintf(stderr, "usage: train_topics pl|en MODEL|- RECORD [+]POSTS...\n");
        return EXIT_USAGE;
    }
    tokens_init(&trainer.tokens);
    trainer.weights = malloc((BIAS + 1) * TOPIC_COUNT * sizeof *trainer.weights);
    trainer.ngrams = malloc(NGRAM_TOKENS * WORD_NGRAMS_MAX * sizeof *trainer.ngrams);
    enum status status = trainer.weights && trainer.ngrams
                             ? scorer_open(&trainer.scorer, &options, &fault)
                             : fault_memory(&fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&trainer.scratch, &fault);
    if (status == STATUS_OK) {
        trainer.source = scorer_topic_source(
            trainer.scorer, strcmp(argv[1], "pl") == 0 ? LANGUAGE_PL : LANGUAGE_EN);
        status = run(&trainer, argv + 2, argc - 2, &fault);
    }
    if (status != STATUS_OK)
        fprintf(stderr, "train_topics: %s\n", fault.text);
    free(trainer.posts);
    free(trainer.weights);
    free(trainer.ngrams);
    arena_release(&trainer.memory);
    tokens_mask_release(&trainer.masked);
    tokens_release(&trainer.tokens);
    score_scratch_free(trainer.scratch);
    scorer_free(trainer.scorer);
    return status == STATUS_OK ? 0 : fault.exit_code;
}
