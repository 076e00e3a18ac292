/* options: one table of commands and options. Parsing, --help, the man page and the shell
 * completion all follow it. */
#ifndef BURZA_OPTIONS_H
#define BURZA_OPTIONS_H

#include "stages/common/buf.h"
#include "stages/common/status.h"

enum { REPEAT_MAX = 64 };

struct text_list {
    const char *at[REPEAT_MAX];
    size_t count;
};

/* What the command line said; NULL, 0 or false where it said nothing. Strings belong to argv. */
struct options {
    const char *config, *output, *format, *language, *engine, *timezone, *since, *until;
    bool suggest;
    const char *mapping, *rejects, *input_format, *max_output, *max_ratio, *max_members,
        *zstd_window;
    const char *threads, *false_alarms, *limit, *share, *digest, *memory;
    struct text_list brands, lexicons, inputs;
    bool help, quiet, replay, timings, explain, causal, verbose, day_first, month_first, no_report;
    bool private, replace, damaged_ok, strict, json;
    char **arguments; /* what is no option */
    size_t argument_count;
};

struct command {
    const char *name;
    const char *arguments; /* "AUDIT.h5 [-c CONFIG.json]" for the usage line */
    const char *summary;   /* one line */
    const char *details;   /* a paragraph or two for --help; may be NULL */
    int (*run)(const struct options *options);
};
extern const struct command commands[]; /* NULL name at the end */
const struct command *command_find(const char *name);

/* An argument that is one of the words a command knows. */
struct operand {
    const char *command, *name;
    int place;                      /* which argument, from 1 */
    void (*words)(struct buf *out); /* adds the words, blank-separated */
};
/* NULL when any argument will do. */
const struct operand *command_operand(const struct command *command);

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };
struct option_row {
    const char *name;
    char letter;
    const char *argument; /* NULL for a flag */
    const char *commands; /* blank-separated names */
    const char *help;     /* with the default */
    enum option_kind kind;
    size_t offset; /* in struct options */
};
extern const struct option_row option_rows[]; /* NULL name at the end */
bool option_applies(const struct option_row *row, const char *command);
/* The values that this option of this command may have, blank-separated; NULL: any. */
const char *option_values(const struct option_row *row, const char *command);

/* Parses argv[1..] for the command argv[0]. False: a message has been printed; exit with
 * EXIT_USAGE. */
bool options_parse(const struct command *command, int argc, char **argv,
                   struct options *out) MUST_USE;

/* "4" or NULL: the number of threads, at least 1, at most four per processor and 256; NULL: what
 * the environment gives the program. False when it is no such number (a message has been printed).
 */
bool options_threads(const struct options *options, int *out) MUST_USE;
/* --false-alarms, when given: 0.05 to 100 per brand and month. */
enum status options_false_alarms(const struct options *options, double *out,
                                 struct fault *fault) MUST_USE;
/* A number with an optional suffix K M G T (powers of 1024). */
bool options_size(const char *text, uint64_t *out) MUST_USE;

/* The texts made from the table, at most `width` columns wide. */
void options_help(const struct command *command, int width, struct buf *out);
void options_usage(int width, struct buf *out); /* all commands, a line each */
void options_man(struct buf *out);

/* A completion script: bash, zsh or fish; false for another shell. */
bool completion_script(const char *shell, struct buf *out) MUST_USE;

#endif
