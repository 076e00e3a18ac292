/* score_options: the options that score, evaluate and lexicon share, and the scorer they open. */
#ifndef BURZA_SCORE_OPTIONS_H
#define BURZA_SCORE_OPTIONS_H

#include "stages/score/score.h"

enum { SCORE_LEXICONS_MAX = 16 };

struct score_command {
    struct score_options options;
    const char *lexicons[SCORE_LEXICONS_MAX];
    enum language language; /* LANGUAGE_COUNT: find out for each text */
    bool explain, json;
    int threads; /* 0: as OpenMP likes */
};

/* Reads the options of argv (argv[0] is the command's name); `optind` then stands at the first
 * operand. Messages go to stderr; returns an exit code, EXIT_DONE to go on. -h prints `help`. */
int score_command_read(struct score_command *command, int argc, char **argv, const char *help,
                       bool *stop);

/* Scores one text: its own language, or the one that the command names. */
enum language score_command_language(const struct score_command *command,
                                     const struct tokens *tokens);

#endif
