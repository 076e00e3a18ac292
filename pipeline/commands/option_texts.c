/* The help of the commands and the man page, from the table of options. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/wrap.h"

#include <stdio.h>

static void option_label(const struct option_row *row, char *out, size_t size) {
    char letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(out, size, "%s--%s%s%s", letter, row->name, row->argument ? " " : "",
             row->argument ? row->argument : "");
}

/* A label of a list, then what it says, beside it or, where that leaves too little room, below. */
static void add_entry(struct buf *out, const char *label, const char *text, int indent, int width) {
    if (width < 72)
        buf_format(out, "  %s\n%*s", label, indent = 8, "");
    else
        buf_format(out, "  %-*s ", indent - 3, label);
    wrap_text(out, text, indent, width);
}

/* "TABLE: crises bursts ...", where an argument is one of the words that the command knows. */
static void add_words(struct buf *out, const struct command *command, int width) {
    const struct operand *operand = command_operand(command);
    struct buf words;
    if (!operand)
        return;
    buf_init(&words, 1 << 16);
    operand->words(&words);
    buf_char(&words, 0);
    buf_format(out, "\n%s: ", operand->name);
    if (!words.failed)
        wrap_text(out, words.at, (int)strlen(operand->name) + 2, width);
    buf_release(&words);
}

void options_help(const struct command *command, int width, struct buf *out) {
    int usage = (int)strlen(command->name) + 14;
    buf_format(out, "burza %s: ", command->name);
    wrap_text(out, command->summary, usage - 5, width);
    buf_format(out, "\nusage: burza %s ", command->name);
    wrap_text(out, command->arguments, usage, width);
    if (command->details) {
        buf_char(out, '\n');
        wrap_page(out, span_of(command->details), width);
    }
    add_words(out, command, width);
    buf_char(out, '\n');
    for (const struct option_row *row = option_rows; row->name; row++) {
        char label[64];
        if (!option_applies(row, command->name))
            continue;
        option_label(row, label, sizeof label);
        add_entry(out, label, row->help, 29, width);
    }
}

void options_usage(int width, struct buf *out) {
    wrap_text(out, "burza: find brands, sentiment and image crises in archived social-media dumps",
              7, width);
    buf_char(out, '\n');
    for (const struct command *command = commands; command->name; command++) {
        char label[64];
        snprintf(label, sizeof label, "burza %s", command->name);
        add_entry(out, label, command->summary, 19, width);
    }
    buf_char(out, '\n');
    wrap_text(out,
              "burza COMMAND --help shows the options of a command; burza help TOPIC explains:", 0,
              width);
    struct buf topics;
    buf_init(&topics, 1 << 12);
    help_topics(&topics);
    buf_char(&topics, 0);
    buf_text(out, "  ");
    if (!topics.failed)
        wrap_text(out, topics.at, 2, width);
    buf_release(&topics);
}

/* Text for roff: backslashes and leading dots are special. */
static void add_roff(struct buf *out, const char *text) {
    for (const char *at = text; *at; at++) {
        if (*at == '\\' || (*at == '-'))
            buf_char(out, '\\');
        if ((*at == '.' || *at == '\'') && (at == text || at[-1] == '\n'))
            buf_text(out, "\\&");
        buf_char(out, *at);
    }
}

static void add_roff_command(struct buf *out, const struct command *command) {
    buf_format(out, ".SS \"burza %s\"\n", command->name);
    add_roff(out, command->arguments);
    buf_text(out, "\n.PP\n");
    add_roff(out, command->details ? command->details : command->summary);
    buf_char(out, '\n');
    const struct operand *operand = command_operand(command);
    if (operand) {
        struct buf words;
        buf_init(&words, 1 << 16);
        operand->words(&words);
        buf_char(&words, 0);
        buf_format(out, ".PP\n%s: ", operand->name);
        add_roff(out, words.failed ? "" : words.at);
        buf_char(out, '\n');
        buf_release(&words);
    }
    for (const struct option_row *row = option_rows; row->name; row++) {
        char label[64];
        if (!option_applies(row, command->name) || strcmp(row->commands, "*") == 0)
            continue;
        option_label(row, label, sizeof label);
        buf_text(out, ".TP\n");
        add_roff(out, label + strspn(label, " "));
        buf_char(out, '\n');
        add_roff(out, row->help);
        buf_char(out, '\n');
    }
}

void options_man(struct buf *out) {
    buf_format(
        out,
        ".TH BURZA 1 \"\" \"burza %s\" \"User Commands\"\n.SH NAME\n"
        "burza \\- find brands, sentiment and image crises in archived social\\-media dumps\n"
        ".SH SYNOPSIS\n.B burza\n.I COMMAND\n[OPTION]... [ARGUMENT]...\n.SH COMMANDS\n",
        BURZA_VERSION);
    for (const struct command *command = commands; command->name; command++)
        add_roff_command(out, command);
    buf_text(out, ".SH TOPICS\nburza help TOPIC explains: ");
    help_topics(out);
    buf_text(out,
             "\n.SH \"EXIT STATUS\"\n"
             "0 done; 2 done, but some input was damaged or skipped; 64 usage; 65 bad data or\n"
             "configuration; 66 no input; 70 internal error; 73 cannot create; 74 input or output\n"
             "error; 75 in use by another run; 130, 143 interrupted.\n"
             ".SH ENVIRONMENT\nNo variable decides a result. SOURCE_DATE_EPOCH is not needed: "
             "results hold no clock time.\n");
}
