#include "pipeline/score_options.h"

#include "stages/common/num.h"

#include <getopt.h>
#include <stdio.h>

static int refuse(const char *name, const char *what, const char *value) {
    fprintf(stderr, "burza %s: %s \"%s\": see burza %s --help\n", name, what, value, name);
    return EXIT_USAGE;
}

static bool set_language(struct score_command *command, const char *name) {
    command->language = LANGUAGE_OTHER;
    if (strcmp(name, "auto") == 0)
        command->language = LANGUAGE_COUNT;
    for (int i = LANGUAGE_PL; i < LANGUAGE_COUNT; i++)
        if (strcmp(name, language_name((enum language)i)) == 0)
            command->language = (enum language)i;
    return command->language != LANGUAGE_OTHER;
}

static bool set_engine(struct score_command *command, const char *name) {
    command->options.engine = strcmp(name, "rules") == 0 ? ENGINE_RULES : ENGINE_HYBRID;
    return strcmp(name, "rules") == 0 || strcmp(name, "hybrid") == 0;
}

static bool set_format(struct score_command *command, const char *name, const char *plain) {
    const char *lines = strcmp(plain, "tsv") == 0 ? "jsonl" : "json";
    command->json = strcmp(name, lines) == 0;
    return command->json || strcmp(name, plain) == 0;
}

static bool set_threads(struct score_command *command, const char *text) {
    int64_t threads;
    if (!num_i64(span_of(text), &threads) || threads < 1 || threads > 1024)
        return false;
    command->threads = (int)threads;
    return true;
}

static bool add_lexicon(struct score_command *command, const char *path) {
    if (command->options.lexicon_count == SCORE_LEXICONS_MAX)
        return false;
    command->lexicons[command->options.lexicon_count++] = path;
    command->options.lexicons = command->lexicons;
    return true;
}

static const struct option LONG_OPTIONS[] = {
    {"lang", required_argument, NULL, 'l'},    {"engine", required_argument, NULL, 'e'},
    {"format", required_argument, NULL, 'f'},  {"lexicon", required_argument, NULL, 'x'},
    {"threads", required_argument, NULL, 'j'}, {"explain", no_argument, NULL, 'w'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};

static int set_option(struct score_command *command, int option, const char *name) {
    const char *plain = strcmp(name, "score") == 0 ? "tsv" : "text";
    switch (option) {
    case 'l':
        return set_language(command, optarg) ? 0 : refuse(name, "unknown language", optarg);
    case 'e':
        return set_engine(command, optarg) ? 0 : refuse(name, "unknown engine", optarg);
    case 'f':
        return set_format(command, optarg, plain) ? 0 : refuse(name, "unknown format", optarg);
    case 'j':
        return set_threads(command, optarg) ? 0 : refuse(name, "not a number of threads:", optarg);
    case 'x':
        return add_lexicon(command, optarg) ? 0 : refuse(name, "too many lexicons with", optarg);
    case 'w':
        command->explain = true;
        return 0;
    default:
        fprintf(stderr, "burza %s: see burza %s --help\n", name, name);
        return EXIT_USAGE;
    }
}

int score_command_read(struct score_command *command, int argc, char **argv, const char *help,
                       bool *stop) {
    *command = (struct score_command){.language = LANGUAGE_COUNT};
    *stop = false;
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "hj:", LONG_OPTIONS, NULL)) != -1;) {
        if (option == 'h') {
            fputs(help, stdout);
            *stop = true;
            return EXIT_DONE;
        }
        int code = set_option(command, option, argv[0]);
        if (code != 0)
            return code;
    }
    if (command->explain && command->json)
        return refuse(argv[0], "--explain does not go with --format", "jsonl");
    return EXIT_DONE;
}

enum language score_command_language(const struct score_command *command,
                                     const struct tokens *tokens) {
    if (command->language != LANGUAGE_COUNT)
        return command->language;
    return language_detect(tokens, (struct span){NULL, 0});
}
