/* Speed of the text and match stages on one core, in posts of about 100 bytes.
 * usage: bench_match [FILE with one text per line]; without one, posts are made here. */
#include "stages/match/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TEXT_COUNT 4096
#define ROUNDS 50

static char *texts[TEXT_COUNT];
static size_t text_count, text_bytes;

static double now_s(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void add_text(const char *text) {
    size_t len = strcspn(text, "\n");
    char *copy = len && text_count < TEXT_COUNT ? strndup(text, len) : NULL;
    if (!copy)
        return;
    texts[text_count++] = copy;
    text_bytes += len;
}

static void read_texts(const char *path) {
    char line[8192];
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        add_text(line);
    if (file)
        fclose(file);
}

/* Mostly ASCII, one in five in Polish; one in fifty names a brand. */
static void make_texts(void) {
    static const char *const parts[] = {"just got home and the traffic was terrible again ",
                                        "can't wait for the weekend to start ",
                                        "the new update keeps crashing on my phone ",
                                        "anyone know a good place for coffee? ",
                                        "wczoraj byłem w sklepie i znowu kolejka do drzwi ",
                                        "nie działa mi internet od rana "};
    for (unsigned i = 0; i < TEXT_COUNT; i++) {
        char text[400];
        unsigned base = i % 5 == 0 ? 4 : i % 4;
        snprintf(text, sizeof text, "%s%s%s#tag%u", parts[base], parts[(base + i / 7) % 4],
                 i % 50 == 0 ? "W Norvii bez zmian " : "", i % 9);
        add_text(text);
    }
}

struct bench {
    struct query_set *set;
    struct match_scratch *scratch;
    struct tokens tokens;
    uint64_t sum; /* so that nothing is optimised away */
};

typedef void work(struct bench *bench, const struct post *post);

static void work_tokens(struct bench *bench, const struct post *post) {
    if (tokens_read(&bench->tokens, post->text, NULL) == STATUS_OK)
        bench->sum += bench->tokens.count;
}

static void work_language(struct bench *bench, const struct post *post) {
    work_tokens(bench, post);
    bench->sum += (uint64_t)language_detect(&bench->tokens, post->language_hint);
}

static void work_filter(struct bench *bench, const struct post *post) {
    bench->sum += query_set_may_match(bench->set, post);
}

static void work_match(struct bench *bench, const struct post *post) {
    const struct match *matches;
    work_tokens(bench, post);
    bench->sum +=
        query_set_match(bench->set, bench->scratch, post, &bench->tokens, LANGUAGE_PL, &matches);
}

/* As the scan does it: the filter first, tokens only for what passes. */
static void work_all(struct bench *bench, const struct post *post) {
    if (query_set_may_match(bench->set, post))
        work_match(bench, post);
}

static void measure(const char *name, struct bench *bench, work *work) {
    double start = now_s();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < text_count; i++) {
            struct post post = {.text = span_of(texts[i])};
            work(bench, &post);
        }
    double seconds = now_s() - start, posts = (double)text_count * ROUNDS;
    printf("%-22s %10.0f posts/s %8.1f MB/s\n", name, posts / seconds,
           (double)text_bytes * ROUNDS / seconds / 1e6);
}

static struct query_set *compile(const struct brand *brands, size_t count) {
    struct query_set *set;
    struct fault fault;
    double start = now_s();
    if (query_set_compile(&set, brands, count, &fault) != STATUS_OK) {
        fprintf(stderr, "%s\n", fault.text);
        exit(1);
    }
    printf("compile %5zu brands    %10.1f ms\n", count, (now_s() - start) * 1e3);
    return set;
}

/* A syllable name that no dictionary knows. */
static void make_name(char out[32], unsigned number) {
    static const char *const syllables[] = {"vo", "ka", "rem", "lit", "zan", "tor", "mi", "bel"};
    out[0] = '\0';
    for (int i = 0; i < 5; i++, number /= 8)
        strcat(out, syllables[number % 8]);
}

static void measure_compile(void) {
    static char names[10000][32];
    static struct brand brands[10000];
    char *query = calloc(10000, 40);
    for (unsigned i = 0; i < 10000; i++) {
        make_name(names[i], i);
        brands[i] = (struct brand){.id = "b", .query = names[i], .inflect = true};
    }
    query_set_free(compile(brands, 10000));
    char *at = query;
    for (unsigned i = 0; query && i < 10000; i++)
        at += sprintf(at, "%s%s", i ? " OR " : "", names[i]);
    brands[0].query = query;
    printf("one query, 10000 terms: ");
    query_set_free(compile(brands, 1));
    free(query);
}

int main(int argc, char **argv) {
    static const struct brand brands[] = {
        {.id = "norvia", .query = "norvia OR \"norvia bank\"", .inflect = true},
        {.id = "velto", .query = "velto NOT konkurs", .inflect = true},
        {.id = "t", .query = "t-mobile OR tmobile", .inflect = true},
    };
    struct bench bench = {0};
    if (argc > 1)
        read_texts(argv[1]);
    else
        make_texts();
    printf("%zu posts, %.0f bytes on average\n", text_count,
           (double)text_bytes / (double)(text_count ? text_count : 1));
    tokens_init(&bench.tokens);
    bench.set = compile(brands, 3);
    if (match_scratch_new(&bench.scratch, bench.set, NULL) != STATUS_OK)
        return 1;
    measure("tokens", &bench, work_tokens);
    measure("tokens and language", &bench, work_language);
    measure("prefilter", &bench, work_filter);
    measure("tokens and match", &bench, work_match);
    measure("filter, then match", &bench, work_all);
    measure_compile();
    printf("(%llu)\n", (unsigned long long)bench.sum);
    match_scratch_free(bench.scratch);
    query_set_free(bench.set);
    tokens_release(&bench.tokens);
    return 0;
}
