/* bench_score LANGUAGE FILE [ROUNDS [tokens|rules|hybrid]]: posts per second of one core, with the
 * text in memory: tokenise alone, then tokenise and score with each engine. FILE holds one text per
 * line, or a labelled file (the text is what stands behind the last tab). */
#include "stages/common/files.h"
#include "stages/score/score.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES_MAX = 1 << 20 };

struct bench {
    struct span *lines;
    size_t count, bytes;
    enum language language;
    struct tokens tokens;
    struct score_scratch *scratch;
    const char *only; /* one line of the report, or NULL */
    int64_t check;    /* so that no work is optimised away */
};

/* CPU time of this thread, so that other work on the machine disturbs less. */
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void cut_lines(struct bench *bench, struct span text) {
    while (text.len && bench->count < LINES_MAX) {
        const char *end = memchr(text.at, '\n', text.len);
        struct span line = {text.at, end ? (size_t)(end - text.at) : text.len};
        size_t used = line.len + (end != NULL);
        text = (struct span){text.at + used, text.len - used};
        const char *tab = line.len ? memrchr(line.at, '\t', line.len) : NULL;
        if (tab)
            line = (struct span){tab + 1, line.len - (size_t)(tab + 1 - line.at)};
        bench->lines[bench->count++] = line;
        bench->bytes += line.len;
    }
}

/* One pass over all lines; `scorer` NULL: only tokenise. */
static double pass(struct bench *bench, const struct scorer *scorer) {
    struct score score = {0};
    double start = now();
    for (size_t i = 0; i < bench->count; i++) {
        if (tokens_read(&bench->tokens, bench->lines[i], NULL) != STATUS_OK)
            abort();
        if (scorer)
            scorer_score(scorer, bench->scratch, &bench->tokens, bench->language, SCORE_WHOLE,
                         &score);
        bench->check += score.score_milli + bench->tokens.count;
    }
    return now() - start;
}

static void report(struct bench *bench, const char *name, const struct scorer *scorer, int rounds) {
    double best = 1e9;
    if (bench->only && strcmp(bench->only, name) != 0)
        return;
    for (int i = 0; i < rounds; i++) {
        double seconds = pass(bench, scorer);
        best = seconds < best ? seconds : best;
    }
    printf("%-10s %9.0f posts/s %7.1f MB/s\n", name, (double)bench->count / best,
           (double)bench->bytes / best / 1e6);
}

static enum status run(struct bench *bench, int rounds, struct fault *fault) {
    struct scorer *rules = NULL, *hybrid = NULL;
    enum status status =
        scorer_open(&rules, &(struct score_options){.engine = ENGINE_RULES}, fault);
    if (status == STATUS_OK)
        status = scorer_open(&hybrid, &(struct score_options){.engine = ENGINE_HYBRID}, fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&bench->scratch, fault);
    if (status == STATUS_OK) {
        printf("%zu posts, %.0f bytes each\n", bench->count,
               (double)bench->bytes / (double)bench->count);
        report(bench, "tokens", NULL, rounds);
        report(bench, "rules", rules, rounds);
        report(bench, "hybrid", hybrid, rounds);
        printf("check %lld\n", (long long)bench->check);
    }
    score_scratch_free(bench->scratch);
    scorer_free(rules);
    scorer_free(hybrid);
    return status;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: bench_score pl|en FILE [ROUNDS [tokens|rules|hybrid]]\n");
        return EXIT_USAGE;
    }
    struct bench bench = {.language = strcmp(argv[1], "pl") == 0 ? LANGUAGE_PL : LANGUAGE_EN};
    bench.only = argc > 4 ? argv[4] : NULL;
    struct fault fault = {0};
    struct buf text;
    buf_init(&text, (size_t)1 << 30);
    tokens_init(&bench.tokens);
    bench.lines = calloc(LINES_MAX, sizeof *bench.lines);
    enum status status = bench.lines ? file_read(argv[2], &text, &fault) : fault_memory(&fault);
    if (status == STATUS_OK)
        cut_lines(&bench, buf_as_span(&text));
    if (status == STATUS_OK && bench.count)
        status = run(&bench, argc > 3 ? atoi(argv[3]) : 5, &fault);
    if (status != STATUS_OK)
        fprintf(stderr, "bench_score: %s\n", fault.text);
    buf_release(&text);
    tokens_release(&bench.tokens);
    free(bench.lines);
    return status == STATUS_OK ? 0 : 1;
}
