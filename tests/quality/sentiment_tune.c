/* sentiment_tune LANGUAGE DATA_FOLDER OWN_POSTS: chooses the rules' settings.
 *
 * Coordinate search: each number in turn is moved up and down as long as the mean macro-recall over
 * the domains grows (brand posts count double, since burza is for them). Thirty whole numbers
 * against ten thousand posts: there is little to overfit. Prints the settings as C, ready for
 * stages/score/decide_label.c, and the macro-recall of every domain. */
#include "stages/common/files.h"
#include "stages/score/metrics.h"
#include "stages/score/scorer_parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { POSTS_MAX = 20000, TUNE_DOMAINS = 4 };

struct tune_post {
    struct tokens tokens;
    int8_t label;
    uint8_t domain;
};

struct tune_domain {
    const char *file; /* NULL: own posts */
    unsigned every;
    unsigned weight;
};

static const struct tune_domain DOMAINS[LANGUAGE_COUNT][TUNE_DOMAINS] = {
    [LANGUAGE_PL] = {{"pl.pwr_tweets.dev.tsv", 1, 2},
                     {"pl.polemo_sent_rd.train.tsv", 12, 2},
                     {"dev.pl.tsv", 1, 1},
                     {NULL, 1, 4}},
    [LANGUAGE_EN] = {{"en.semeval1316.train.tsv", 12, 2},
                     {"en.tweeteval.val.tsv", 1, 1},
                     {"dev.en.tsv", 1, 1},
                     {NULL, 1, 4}},
};

struct knob {
    const char *name;
    size_t at;
    int32_t step, low, high;
};

#define KNOB(name, step, low, high)                                                                \
    { #name, offsetof(struct rules_settings, name), step, low, high }

static const struct knob KNOBS[] = {
    KNOB(negated_positive, 100, 0, 1500),
    KNOB(negated_negative, 100, 0, 1500),
    KNOB(caps, 100, 1000, 2000),
    KNOB(elongated, 100, 1000, 2000),
    KNOB(exclamation, 30, 0, 300),
    KNOB(question_positive, 100, 0, 1000),
    KNOB(question_negative, 100, 0, 1500),
    KNOB(conditional, 100, 0, 1000),
    KNOB(report, 100, 0, 1300),
    KNOB(report_personal, 100, 0, 1000),
    KNOB(irony_threshold, 100, 100, 2000),
    KNOB(irony_flip, 100, 0, 1500),
    KNOB(emoji, 100, 200, 3000),
    KNOB(phrase, 100, 300, 2000),
    KNOB(before_contrast, 100, 0, 1500),
    KNOB(after_contrast, 100, 0, 1500),
    KNOB(negative_weight, 50, 500, 2000),
    KNOB(complaint_cue, 50, 0, 1500),
    KNOB(praise_cue, 50, 0, 1500),
    KNOB(above, 20, 40, 700),
    KNOB(below, 20, -700, -40),
    KNOB(last_sentence, 50, 700, 2000),
    KNOB(negation_alone, 20, -100, 400),
    KNOB(dots, 20, -100, 400),
    KNOB(question_bias, 100, 100, 1000),
    KNOB(person_bias, 100, 100, 1300),
    KNOB(numbers, 15, -100, 300),
    KNOB(quoted, 15, -100, 300),
    KNOB(shouted, 15, -100, 300),
    KNOB(person, 15, -100, 300),
    KNOB(handle, 15, -100, 300),
    KNOB(asking, 100, 0, 1000),
};
enum { KNOB_COUNT = sizeof KNOBS / sizeof *KNOBS };

struct tuning {
    struct tune_post *posts;
    size_t count;
    const struct rules_lexicons *lexicons;
    struct rules *rules;
    enum language language;
};

static bool read_post(struct tuning *tuning, struct span line, uint8_t domain) {
    struct tune_post *post = &tuning->posts[tuning->count];
    const char *tab = memchr(line.at, '\t', line.len);
    const char *text = line.len ? memrchr(line.at, '\t', line.len) : NULL;
    struct span label = {line.at, tab ? (size_t)(tab - line.at) : 0};
    for (int i = LABEL_NEGATIVE; tab && i <= LABEL_POSITIVE; i++) {
        if (!span_is(label, label_name((enum label)i)))
            continue;
        post->label = (int8_t)i;
        post->domain = domain;
        tokens_init(&post->tokens);
        struct span words = {text + 1, (size_t)(line.at + line.len - text - 1)};
        tuning->count++;
        return tokens_read(&post->tokens, words, NULL) == STATUS_OK;
    }
    return true;
}

static enum status read_domain(struct tuning *tuning, const char *path, uint8_t domain,
                               unsigned every, struct buf *text, struct fault *fault) {
    enum status status = file_read(path, text, fault);
    struct span rest = buf_as_span(text);
    for (unsigned number = 0; status == STATUS_OK && rest.len; number++) {
        const char *end = memchr(rest.at, '\n', rest.len);
        struct span line = {rest.at, end ? (size_t)(end - rest.at) : rest.len};
        size_t used = line.len + (end != NULL);
        rest = (struct span){rest.at + used, rest.len - used};
        if (number % every == 0 && tuning->count < POSTS_MAX && !read_post(tuning, line, domain))
            status = fault_memory(fault);
    }
    return status;
}

static void measure(struct tuning *tuning, const struct rules_settings *settings,
                    uint32_t recalls[TUNE_DOMAINS]) {
    struct metrics metrics[TUNE_DOMAINS] = {0};
    for (size_t i = 0; i < tuning->count; i++) {
        const struct tune_post *post = &tuning->posts[i];
        struct score score;
        rules_run(tuning->rules, tuning->lexicons, settings, &post->tokens, SCORE_WHOLE);
        rules_decide(tuning->rules, settings, &score);
        metrics_add(&metrics[post->domain], post->label, &score);
    }
    for (int i = 0; i < TUNE_DOMAINS; i++) {
        struct metrics_summary summary;
        metrics_summarise(&metrics[i], &summary);
        recalls[i] = summary.macro_recall;
    }
}

static uint32_t goal(struct tuning *tuning, const struct rules_settings *settings) {
    uint32_t recalls[TUNE_DOMAINS], sum = 0;
    measure(tuning, settings, recalls);
    for (int i = 0; i < TUNE_DOMAINS; i++)
        sum += recalls[i] * DOMAINS[tuning->language][i].weight;
    return sum;
}

/* Moves one number as long as that helps; returns whether it moved. */
static bool turn(struct tuning *tuning, struct rules_settings *settings, const struct knob *knob,
                 int32_t step, uint32_t *best) {
    int32_t *value = (int32_t *)((char *)settings + knob->at);
    bool moved = false;
    for (int sign = -1; sign <= 1; sign += 2)
        for (int tries = 0; tries < 6; tries++) {
            int32_t old = *value, new = old + sign *step;
            if (new < knob->low || new > knob->high)
                break;
            *value = new;
            uint32_t now = goal(tuning, settings);
            /* a change must be worth more than chance */
            if (now <= *best + 8) {
                *value = old;
                break;
            }
            *best = now;
            moved = true;
        }
    return moved;
}

static void search(struct tuning *tuning, struct rules_settings *settings) {
    uint32_t best = goal(tuning, settings);
    for (int round = 0; round < 4; round++) {
        bool moved = false;
        for (int i = 0; i < KNOB_COUNT; i++)
            moved |= turn(tuning, settings, &KNOBS[i],
                          round % 2 ? KNOBS[i].step : KNOBS[i].step * 2, &best);
        fprintf(stderr, "round %d: %u\n", round, best);
        if (!moved && round > 1)
            return;
    }
}

static void print(struct tuning *tuning, const struct rules_settings *settings) {
    uint32_t recalls[TUNE_DOMAINS];
    measure(tuning, settings, recalls);
    for (int i = 0; i < KNOB_COUNT; i++)
        printf("                     .%s = %d,\n", KNOBS[i].name,
               *(const int32_t *)((const char *)settings + KNOBS[i].at));
    for (int i = 0; i < TUNE_DOMAINS; i++)
        printf("// %s macro-recall %.4f\n",
               DOMAINS[tuning->language][i].file ? DOMAINS[tuning->language][i].file : "own posts",
               recalls[i] / 10000.0);
}

static enum status tune(struct tuning *tuning, const char *folder, const char *own,
                        struct fault *fault) {
    struct buf texts[TUNE_DOMAINS];
    enum status status = STATUS_OK;
    for (uint8_t i = 0; i < TUNE_DOMAINS; i++) {
        const struct tune_domain *domain = &DOMAINS[tuning->language][i];
        char path[4096];
        buf_init(&texts[i], 64u << 20);
        snprintf(path, sizeof path, "%s/%s", folder, domain->file ? domain->file : "");
        if (status == STATUS_OK)
            status =
                read_domain(tuning, domain->file ? path : own, i, domain->every, &texts[i], fault);
    }
    if (status == STATUS_OK) {
        struct rules_settings settings = *rules_settings_for(tuning->language);
        search(tuning, &settings);
        print(tuning, &settings);
    }
    for (size_t i = 0; i < tuning->count; i++)
        tokens_release(&tuning->posts[i].tokens);
    for (int i = 0; i < TUNE_DOMAINS; i++)
        buf_release(&texts[i]);
    return status;
}

int main(int argc, char **argv) {
    struct fault fault = {0};
    struct scorer *scorer = NULL;
    if (argc != 4) {
        fprintf(stderr, "usage: sentiment_tune pl|en DATA_FOLDER OWN_POSTS\n");
        return EXIT_USAGE;
    }
    struct tuning tuning = {.language = strcmp(argv[1], "pl") == 0 ? LANGUAGE_PL : LANGUAGE_EN};
    struct score_options options = {.engine = ENGINE_RULES};
    tuning.posts = calloc(POSTS_MAX, sizeof *tuning.posts);
    tuning.rules = calloc(1, sizeof *tuning.rules);
    enum status status = tuning.posts && tuning.rules ? scorer_open(&scorer, &options, &fault)
                                                      : fault_memory(&fault);
    if (status == STATUS_OK) {
        tuning.lexicons = &scorer->lexicons[tuning.language];
        status = tune(&tuning, argv[2], argv[3], &fault);
    }
    if (status != STATUS_OK)
        fprintf(stderr, "sentiment_tune: %s\n", fault.text);
    free(tuning.posts);
    free(tuning.rules);
    scorer_free(scorer);
    return status == STATUS_OK ? 0 : 1;
}
