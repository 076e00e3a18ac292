/* score_options: the options that score, evaluate and lexicon share, and the scorer they open. */
#ifndef BURZA_SCORE_OPTIONS_H
#define BURZA_SCORE_OPTIONS_H

#include "pipeline/commands/options.h"
#include "stages/score/score.h"

struct score_command {
    struct score_options options;
    enum language language; /* LANGUAGE_COUNT: find out for each text */
    bool explain, json;
    int threads;
};

/* Takes what a command's options say; `plain` is the name of its default format (tsv or text).
 * Returns an exit code, EXIT_DONE to go on; otherwise a message has been printed. */
int score_command_read(struct score_command *command, const struct options *options,
                       const char *name, const char *plain);

/* Scores one text: its own language, or the one that the command names. */
enum language score_command_language(const struct score_command *command,
                                     const struct tokens *tokens);

#endif
