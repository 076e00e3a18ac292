/* commands: one function per command of the program, in command_NAME.c. Each prints its own
 * messages and returns the exit code. */
#ifndef BURZA_COMMANDS_H
#define BURZA_COMMANDS_H

#include "pipeline/commands/options.h"

int command_run(const struct options *options);
int command_scan(const struct options *options);
int command_study(const struct options *options);
int command_merge(const struct options *options);
int command_roots(const struct options *options);
int command_summary(const struct options *options);
int command_report(const struct options *options);
int command_methods(const struct options *options);
int command_export(const struct options *options);
int command_inspect(const struct options *options);
int command_verify(const struct options *options);
int command_forget(const struct options *options);
int command_clean(const struct options *options);
int command_score(const struct options *options);
int command_evaluate(const struct options *options);
int command_detect(const struct options *options);
int command_query(const struct options *options);
int command_lexicon(const struct options *options);
int command_init(const struct options *options);
int command_help(const struct options *options);
int command_version(const struct options *options);

/* The topics of burza help, and all words that it knows, blank-separated. */
void help_topics(struct buf *out);
void help_words(struct buf *out);
/* The words of burza lexicon, and the tables of burza export. */
void lexicon_words(struct buf *out);
void export_tables(struct buf *out);
/* Whether a column of that name holds moments, seconds since 1970. */
bool export_is_moment(const char *name);
/* Every column, or those of one table, at most `width` columns wide; false when there is no such
 * table. */
bool column_reference(struct buf *out, const char *only, int width);

/* "burza: TEXT" on standard error, made safe for a terminal; returns fault->exit_code. */
int print_error(const struct fault *fault);
/* From now on standard output shows no control or bidi character of a text. */
void show_visibly(void);
void print_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Appends text with control and bidi characters made visible. */
void buf_visible(struct buf *out, struct span text);
/* Writes to standard output and checks it; EXIT_DONE or EXIT_IO. */
int print_buf(const struct buf *text);
/* Flushes standard output; EXIT_DONE or EXIT_IO with a message (a full disk, a closed pipe). */
int close_output(int code);

#endif
