#include "pipeline/commands/score_options.h"

#include "pipeline/commands/commands.h"

static int refuse(const char *name, const char *what, const char *value) {
    print_message("%s \"%.60s\": see burza %s --help", what, value, name);
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

int score_command_read(struct score_command *command, const struct options *options,
                       const char *name, const char *plain) {
    *command = (struct score_command){.language = LANGUAGE_COUNT, .explain = options->explain};
    if (options->language && !set_language(command, options->language))
        return refuse(name, "unknown language", options->language);
    if (options->engine && !set_engine(command, options->engine))
        return refuse(name, "unknown engine", options->engine);
    if (options->format && !set_format(command, options->format, plain))
        return refuse(name, "unknown format", options->format);
    if (command->explain && command->json)
        return refuse(name, "--explain does not go with --format", "jsonl");
    command->options.lexicons = options->lexicons.at;
    command->options.lexicon_count = options->lexicons.count;
    return options_threads(options, &command->threads) ? EXIT_DONE : EXIT_USAGE;
}

enum language score_command_language(const struct score_command *command,
                                     const struct tokens *tokens) {
    if (command->language != LANGUAGE_COUNT)
        return command->language;
    return language_detect(tokens, (struct span){NULL, 0});
}
