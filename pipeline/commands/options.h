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
    const char *mapping, *input_format, *max_output, *max_ratio, *max_members, *zstd_window;
    const char *threads, *false_alarms, *limit;
    struct text_list brands, lexicons, inputs;
    bool help, quiet, timings, explain, causal, verbose, day_first, month_first, no_report, private,
        replace;
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

/* Parses argv[1..] for the command argv[0]. False: a message has been printed; exit with
 * EXIT_USAGE.
 * --help prints and sets `help`. */
bool options_parse(const struct command *command, int argc, char **argv,
                   struct options *out) MUST_USE;

/* "4" or NULL: the number of threads, at least 1, at most four per processor and 256. False when it
 * is no such number (a message has been printed). */
bool options_threads(const struct options *options, int *out) MUST_USE;
/* --false-alarms, when given: 0.05 to 100 per brand and month. */
enum status options_false_alarms(const struct options *options, double *out,
                                 struct fault *fault) MUST_USE;
/* A number with an optional suffix K M G T (powers of 1024). */
bool options_size(const char *text, uint64_t *out) MUST_USE;

/* The texts made from the table. */
void options_help(const struct command *command, struct buf *out);
void options_usage(struct buf *out); /* all commands, a line each */
void options_man(struct buf *out);
void options_completion(struct buf *out);

#endif
