#include "pipeline/commands/score_options.h"

#include "pipeline/commands/commands.h"

int score_command_read(struct score_command *command, const struct options *options,
                       const char *name, const char *plain) {
    const char *engine = options->engine ? options->engine : "hybrid";
    const char *format = options->format ? options->format : plain;
    const char *lines = strcmp(plain, "tsv") == 0 ? "jsonl" : "json";
    bool rules = strcmp(engine, "rules") == 0;
    *command = (struct score_command){.language = LANGUAGE_COUNT, .explain = options->explain};
    if (options->language && strcmp(options->language, "auto") != 0) {
        for (int i = LANGUAGE_PL; i < LANGUAGE_COUNT; i++)
            if (strcmp(options->language, language_name((enum language)i)) == 0)
                command->language = (enum language)i;
    }
    command->options.engine = rules ? ENGINE_RULES : ENGINE_HYBRID;
    command->json = strcmp(format, lines) == 0;
    if (command->explain && command->json) {
        print_message("--explain does not go with --format \"%s\": see burza %s --help", format,
                      name);
        return EXIT_USAGE;
    }
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
