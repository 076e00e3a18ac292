/* generate: the command line of the generator; demo.c and bench.c do the work. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "demo.h"
#include "text_buffer.h"

static const char usage[] = "usage: generate demo [--seed N] [--templates DIR] OUTDIR\n"
                            "       generate story [--seed N] [--templates DIR] OUTDIR\n"
                            "       generate bench --kind tweets|reddit|csv|brandcsv --bytes N "
                            "[--seed N] [--templates DIR]\n";

struct options {
    const char *templates, *folder, *kind;
    uint64_t seed, bytes;
};

static void fail_usage(void) {
    fputs(usage, stderr);
    exit(64);
}

static uint64_t parse_number(const char *word) {
    char *end;
    uint64_t number = strtoull(word, &end, 10);
    if (end == word || *end || *word == '-')
        fail_usage();
    return number;
}

static void parse_option(struct options *options, const char *name, const char *value) {
    if (!value)
        fail_usage();
    if (!strcmp(name, "--seed"))
        options->seed = parse_number(value);
    else if (!strcmp(name, "--bytes"))
        options->bytes = parse_number(value);
    else if (!strcmp(name, "--kind"))
        options->kind = value;
    else if (!strcmp(name, "--templates"))
        options->templates = value;
    else
        fail_usage();
}

static struct options parse(int argc, char **argv) {
    struct options options = {.templates = GENERATOR_TEMPLATES, .seed = 1};
    for (int i = 2; i < argc; i++) {
        if (argv[i][0] == '-') {
            parse_option(&options, argv[i], argv[i + 1]);
            i++;
        } else {
            options.folder = argv[i];
        }
    }
    return options;
}

static void run_bench(const struct options *options) {
    if (!options->kind || !options->bytes)
        fail_usage();
    for (int kind = 0; kind < BENCH_KIND_COUNT; kind++) {
        if (strcmp(options->kind, bench_kind_names[kind]) != 0)
            continue;
        bench_generate(options->templates, (enum bench_kind)kind, options->bytes, options->seed);
        return;
    }
    fail_usage();
}

int main(int argc, char **argv) {
    if (argc < 2)
        fail_usage();
    struct options options = parse(argc, argv);
    if (!strcmp(argv[1], "bench")) {
        run_bench(&options);
    } else if (!strcmp(argv[1], "demo") && options.folder) {
        demo_generate(options.templates, options.seed, options.folder);
    } else if (!strcmp(argv[1], "story") && options.folder) {
        story_generate(options.templates, options.seed, options.folder);
    } else {
        fail_usage();
    }
    return 0;
}
