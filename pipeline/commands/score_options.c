#include "pipeline/commands/score_options.h"

#include "pipeline/commands/commands.h"
#include "pipeline/config.h"

/* The brands whose names say nothing. */
static int read_brands(struct score_command *command, const struct options *options) {
    struct config config;
    struct fault fault = {0};
    enum status status = STATUS_OK;
    if (!options->config && !options->brands.count)
        return EXIT_DONE;
    config_init(&config);
    if (options->config)
        status = config_read(&config, options->config, &fault);
    for (size_t i = 0; status == STATUS_OK && i < options->brands.count; i++)
        status = config_brand(&config, options->brands.at[i], &fault);
    if (status == STATUS_OK)
        status = query_set_compile(&command->queries, config.brands, config.brand_count, &fault);
    config_release(&config);
    if (status == STATUS_OK)
        return EXIT_DONE;
    print_error(&fault);
    return fault.exit_code;
}

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
    return options_threads(options, &command->threads) ? read_brands(command, options) : EXIT_USAGE;
}

void score_command_release(struct score_command *command) {
    query_set_free(command->queries);
    command->queries = NULL;
}

enum status score_reader_init(struct score_reader *reader, const struct score_command *command,
                              struct fault *fault) {
    *reader = (struct score_reader){0};
    tokens_init(&reader->tokens);
    return command->queries ? match_scratch_new(&reader->match, command->queries, fault)
                            : STATUS_OK;
}

void score_reader_release(struct score_reader *reader) {
    tokens_release(&reader->tokens);
    tokens_mask_release(&reader->masked);
    match_scratch_free(reader->match);
}

const struct tokens *score_reader_read(struct score_reader *reader,
                                       const struct score_command *command, struct span text,
                                       struct fault *fault) {
    const struct text_place *names;
    if (tokens_read(&reader->tokens, text, fault) != STATUS_OK)
        return NULL;
    if (!reader->match)
        return &reader->tokens;
    size_t count = query_set_names(command->queries, reader->match, &reader->tokens, &names);
    if (tokens_mask(&reader->tokens, names, count, &reader->masked, fault) != STATUS_OK)
        return NULL;
    return &reader->masked;
}

enum language score_command_language(const struct score_command *command,
                                     const struct tokens *tokens) {
    if (command->language != LANGUAGE_COUNT)
        return command->language;
    return language_detect(tokens, (struct span){NULL, 0});
}
