/* Completion scripts for bash, zsh and fish, from the table of options: commands, options with
 * their values, and the words that commands know. */
#include "pipeline/commands/commands.h"
#include "stages/decode/decode.h"

#include <stdio.h>

/* The zones of the tz database, listed when they are asked for. */
#define LIST_ZONES "awk '!/^#/ {print $3}' /usr/share/zoneinfo/zone.tab 2>/dev/null"

enum value_kind { VALUE_NONE, VALUE_ANY, VALUE_FILE, VALUE_ZONE, VALUE_WORDS };

/* What the value of an option is; words are added to `words`. */
static enum value_kind value_kind(const struct option_row *row, const char *command,
                                  struct buf *words) {
    const char *values = option_values(row, command);
    if (!row->argument)
        return VALUE_NONE;
    if (strcmp(row->name, "input-format") == 0) {
        for (size_t i = 0; decode_format_by_index(i); i++)
            buf_format(words, "%s%s", i ? " " : "", decode_format_by_index(i));
        return VALUE_WORDS;
    }
    buf_text(words, values ? values : "");
    if (values)
        return VALUE_WORDS;
    return strcmp(row->argument, "FILE") == 0   ? VALUE_FILE
           : strcmp(row->argument, "ZONE") == 0 ? VALUE_ZONE
                                                : VALUE_ANY;
}

/* ---- bash ---- */

static void bash_values(struct buf *out, const struct command *command) {
    for (const struct option_row *row = option_rows; row->name; row++) {
        struct buf words;
        buf_init(&words, 1 << 16);
        enum value_kind kind = option_applies(row, command->name)
                                   ? value_kind(row, command->name, &words)
                                   : VALUE_NONE;
        if (kind != VALUE_NONE && kind != VALUE_FILE) {
            buf_format(out, "    %s,--%s", command->name, row->name);
            if (row->letter)
                buf_format(out, "|%s,-%c", command->name, row->letter);
            buf_format(out, ") kind=words words=\"%s%.*s\" ;;\n",
                       kind == VALUE_ZONE ? "$(" LIST_ZONES ")" : "", (int)words.len, words.at);
        }
        buf_release(&words);
    }
}

static void bash_command(struct buf *out, const struct command *command) {
    buf_format(out, "    %s) options=\"", command->name);
    for (const struct option_row *row = option_rows; row->name; row++)
        if (option_applies(row, command->name))
            buf_format(out, "--%s ", row->name);
    buf_text(out, "\"");
    const struct operand *operand = command_operand(command);
    if (operand) {
        buf_format(out, " place=%d operands=\"", operand->place);
        operand->words(out);
        buf_text(out, "\"");
    }
    buf_text(out, " ;;\n");
}

static void bash_script(struct buf *out) {
    buf_text(
        out,
        "# bash completion for burza\n_burza() {\n"
        "    local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
        "    local command=\"${COMP_WORDS[1]}\" kind=files options=\"\" operands=\"\" words=\"\"\n"
        "    local place=0 argument=1 i\n"
        "    COMPREPLY=()\n"
        "    # bash cuts --option=value at the equals sign\n"
        "    if [ \"$word\" = \"=\" ]; then word=\"\"\n"
        "    elif [ \"$before\" = \"=\" ]; then before=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W \"");
    for (const struct command *command = commands; command->name; command++)
        buf_format(out, "%s ", command->name);
    buf_text(out, "\" -- \"$word\"))\n        return\n    fi\n    case \"$command,$before\" in\n");
    for (const struct command *command = commands; command->name; command++)
        bash_values(out, command);
    buf_text(out,
             "    esac\n    if [ \"$kind\" = words ]; then\n"
             "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n        return\n    fi\n"
             "    case \"$command\" in\n");
    for (const struct command *command = commands; command->name; command++)
        bash_command(out, command);
    buf_text(out,
             "    esac\n"
             "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
             "        case \"${COMP_WORDS[i]}\" in -*) ;; *) argument=$((argument + 1)) ;; esac\n"
             "    done\n"
             "    case \"$word\" in\n"
             "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
             "    *) if [ \"$place\" -gt 0 ] && [ \"$argument\" -ge \"$place\" ]; then\n"
             "           COMPREPLY=($(compgen -W \"$operands\" -- \"$word\"))\n"
             "       else\n           COMPREPLY=($(compgen -f -- \"$word\"))\n       fi ;;\n"
             "    esac\n}\ncomplete -o filenames -F _burza burza\n");
}

/* ---- zsh ---- */

/* Inside single quotes; brackets and colons end a description. */
static void add_zsh(struct buf *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\'')
            buf_text(out, "'\\'");
        else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

static void zsh_option(struct buf *out, const struct option_row *row, const char *command) {
    struct buf words;
    buf_init(&words, 1 << 16);
    enum value_kind kind = value_kind(row, command, &words);
    for (int letter = row->letter ? 1 : 0; letter >= 0; letter--) {
        buf_text(out, row->kind == OPTION_LIST ? " \\\n            '*" : " \\\n            '");
        if (letter)
            buf_format(out, "-%c%s", row->letter, kind == VALUE_NONE ? "" : "+");
        else
            buf_format(out, "--%s%s", row->name, kind == VALUE_NONE ? "" : "=");
        buf_char(out, '[');
        add_zsh(out, row->help);
        buf_char(out, ']');
        if (kind != VALUE_NONE)
            buf_format(out, ":%s:", row->argument);
        if (kind == VALUE_FILE)
            buf_text(out, "_files");
        else if (kind == VALUE_ZONE)
            buf_text(out, "_burza_zones");
        else if (kind == VALUE_WORDS)
            buf_format(out, "(%.*s)", (int)words.len, words.at);
        buf_char(out, '\'');
    }
    buf_release(&words);
}

static void zsh_command(struct buf *out, const struct command *command) {
    buf_format(out, "    %s)\n        _arguments -s", command->name);
    for (const struct option_row *row = option_rows; row->name; row++)
        if (option_applies(row, command->name))
            zsh_option(out, row, command->name);
    const struct operand *operand = command_operand(command);
    if (operand && operand->place > 1)
        buf_text(out, " \\\n            '1:FILE:_files'");
    if (operand) {
        buf_format(out, " \\\n            '*:%s:(", operand->name);
        operand->words(out);
        buf_text(out, ")'");
    } else {
        buf_text(out, " \\\n            '*:FILE:_files'");
    }
    buf_text(out, "\n        ;;\n");
}

static void zsh_script(struct buf *out) {
    buf_text(out,
             "#compdef burza\n_burza_zones() {\n    local -a zones=(${(f)\"$(" LIST_ZONES ")\"})\n"
             "    compadd -a zones\n}\n_burza() {\n    if (( CURRENT == 2 )); then\n"
             "        local -a commands=(");
    for (const struct command *command = commands; command->name; command++) {
        buf_format(out, "\n            '%s:", command->name);
        add_zsh(out, command->summary);
        buf_char(out, '\'');
    }
    buf_text(out, ")\n        _describe command commands\n        return\n    fi\n"
                  "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n"
                  "    case $command in\n");
    for (const struct command *command = commands; command->name; command++)
        zsh_command(out, command);
    buf_text(out, "    esac\n}\n_burza \"$@\"\n");
}

/* ---- fish ---- */

static void add_fish(struct buf *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

static void fish_option(struct buf *out, const struct option_row *row, const char *command) {
    struct buf words;
    buf_init(&words, 1 << 16);
    enum value_kind kind = value_kind(row, command, &words);
    buf_format(out, "complete -c burza -n '__fish_seen_subcommand_from %s' -l %s", command,
               row->name);
    if (row->letter)
        buf_format(out, " -s %c", row->letter);
    if (kind == VALUE_FILE)
        buf_text(out, " -r -F");
    else if (kind == VALUE_ZONE)
        buf_text(out, " -x -a '("
                      "awk \"!/^#/ {print \\\\$3}\" /usr/share/zoneinfo/zone.tab 2>/dev/null"
                      ")'");
    else if (kind == VALUE_WORDS)
        buf_format(out, " -x -a '%.*s'", (int)words.len, words.at);
    else if (kind == VALUE_ANY)
        buf_text(out, " -x");
    buf_text(out, " -d '");
    add_fish(out, row->help);
    buf_text(out, "'\n");
    buf_release(&words);
}

static void fish_script(struct buf *out) {
    buf_text(out, "# fish completion for burza\n"
                  "function __burza_arguments\n"
                  "    set -l words (commandline -opc)\n"
                  "    test (count (string match -v -- '-*' $words)) -gt $argv[1]\nend\n");
    for (const struct command *command = commands; command->name; command++) {
        buf_format(out, "complete -c burza -n __fish_use_subcommand -f -a %s -d '", command->name);
        add_fish(out, command->summary);
        buf_text(out, "'\n");
        for (const struct option_row *row = option_rows; row->name; row++)
            if (option_applies(row, command->name))
                fish_option(out, row, command->name);
        const struct operand *operand = command_operand(command);
        if (!operand)
            continue;
        buf_format(
            out,
            "complete -c burza -n '__fish_seen_subcommand_from %s; and __burza_arguments %d' "
            "-f -a '",
            command->name, operand->place);
        operand->words(out);
        buf_text(out, "'\n");
    }
}

bool completion_script(const char *shell, struct buf *out) {
    static const struct {
        const char *shell;
        void (*write)(struct buf *out);
    } scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (strcmp(scripts[i].shell, shell) == 0) {
            scripts[i].write(out);
            return true;
        }
    return false;
}
