/* burza help: what a command or a topic is, the man page, completion scripts. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/wrap.h"

#include <stdio.h>

/* Topics: pipeline/help/NAME.md, built in by help_topics.S. */
#define TOPICS(X)                                                                                  \
    X(names, "names")                                                                              \
    X(queries, "queries")                                                                          \
    X(formats, "formats")                                                                          \
    X(mapping, "mapping")                                                                          \
    X(detection, "detection")                                                                      \
    X(coverage, "coverage")                                                                        \
    X(care, "care")                                                                                \
    X(scoring, "scoring")                                                                          \
    X(privacy, "privacy")                                                                          \
    X(configuration, "configuration")                                                              \
    X(lexicon, "lexicon")                                                                          \
    X(stages, "stages")                                                                            \
    X(python, "python")                                                                            \
    X(r, "r")                                                                                      \
    X(cluster, "cluster")                                                                          \
    X(hdf5, "hdf5")                                                                                \
    X(exit_codes, "exit-codes")

#define DECLARE(symbol, name) extern const char help_##symbol##_begin[], help_##symbol##_end[];
TOPICS(DECLARE)

static const struct topic {
    const char *name;
    const char *begin, *end;
} topics[] = {
#define TOPIC(symbol, name) {name, help_##symbol##_begin, help_##symbol##_end},
    TOPICS(TOPIC)};

enum { TOPIC_COUNT = sizeof topics / sizeof *topics };

void help_topics(struct buf *out) {
    for (int i = 0; i < TOPIC_COUNT; i++)
        buf_format(out, "%s ", topics[i].name);
    buf_text(out, "columns");
}

void help_words(struct buf *out) {
    help_topics(out);
    for (const struct command *command = commands; command->name; command++)
        buf_format(out, " %s", command->name);
    buf_text(out, " man completion");
}

/* Pages are filled anew for a terminal; elsewhere they are as they were written. */
static void add_topic(struct buf *out, const struct topic *topic, int width, bool terminal) {
    struct span page = {topic->begin, (size_t)(topic->end - topic->begin)};
    if (terminal)
        wrap_page(out, page, width);
    else
        buf_add(out, page.at, page.len);
}

int command_help(const struct options *options) {
    const char *name = options->argument_count ? options->arguments[0] : "";
    const char *second = options->argument_count > 1 ? options->arguments[1] : NULL;
    const struct command *command = command_find(name);
    struct buf text;
    bool terminal;
    int code = EXIT_USAGE, width = wrap_width(&terminal);
    buf_init(&text, 1 << 20);
    if (!options->argument_count)
        options_usage(width, &text);
    else if (strcmp(name, "man") == 0)
        options_man(&text);
    else if (strcmp(name, "completion") == 0 && !completion_script(second ? second : "bash", &text))
        print_message("there is no completion for \"%.40s\"; choose bash, zsh or fish", second);
    else if (strcmp(name, "columns") == 0 && !column_reference(&text, second, width))
        print_message("there is no table \"%.40s\"; burza export --help lists them", second);
    else if (command)
        options_help(command, width, &text);
    for (int i = 0; i < TOPIC_COUNT; i++)
        if (strcmp(topics[i].name, name) == 0) {
            buf_text(&text, text.len ? "\n" : "");
            add_topic(&text, &topics[i], width, terminal);
        }
    if (text.len)
        code = print_buf(&text);
    else if (strcmp(name, "completion") != 0 && strcmp(name, "columns") != 0)
        print_message("there is no help on \"%.40s\"; burza help lists commands and topics", name);
    buf_release(&text);
    return code;
}
