/* score_options: the options that score, evaluate and lexicon share, and the scorer they open. */
#ifndef BURZA_SCORE_OPTIONS_H
#define BURZA_SCORE_OPTIONS_H

#include "pipeline/commands/options.h"
#include "stages/match/match.h"
#include "stages/score/score.h"

struct score_command {
    struct score_options options;
    enum language language; /* LANGUAGE_COUNT: find out for each text */
    bool explain, json;
    int threads;
    struct query_set *queries; /* of -b and -c: names to pass over; NULL: none */
};

/* Takes what a command's options say; `plain` is the name of its default format (tsv or text).
 * Returns an exit code, EXIT_DONE to go on; otherwise a message has been printed. */
int score_command_read(struct score_command *command, const struct options *options,
                       const char *name, const char *plain);

/* One thread's way from a text to the tokens that are scored. */
struct score_reader {
    struct tokens tokens, masked;
    struct match_scratch *match; /* NULL: no brands are named */
};
enum status score_reader_init(struct score_reader *reader, const struct score_command *command,
                              struct fault *fault) MUST_USE;
void score_reader_release(struct score_reader *reader);
/* The tokens of a text, without the names of the command's brands; NULL out of memory. */
const struct tokens *score_reader_read(struct score_reader *reader,
                                       const struct score_command *command, struct span text,
                                       struct fault *fault);
void score_command_release(struct score_command *command);

/* Scores one text: its own language, or the one that the command names. */
enum language score_command_language(const struct score_command *command,
                                     const struct tokens *tokens);

#endif
