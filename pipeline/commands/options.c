#include "pipeline/commands/options.h"

#include "pipeline/commands/commands.h"
#include "stages/common/num.h"

#include <getopt.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FIELD(name) offsetof(struct options, name)

const struct option_row option_rows[] = {
    {"config", 'c', "FILE", "run scan study score evaluate",
     "configuration (JSON); burza init writes one", OPTION_TEXT, FIELD(config)},
    {"brand", 'b', "ID=QUERY", "run scan report score evaluate",
     "a brand and its query; may be given often (score, evaluate: its names say nothing; report: "
     "ID, the only brand to tell of)",
     OPTION_LIST, FIELD(brands)},
    {"output", 'o', "FILE", "run scan study merge report export init forget",
     "what to write (run, scan, merge: audit.h5; study: the audit itself; report: AUDIT.html; "
     "export: the workbook; init: burza.json)",
     OPTION_TEXT, FIELD(output)},
    {"threads", 'j', "N", "run scan study merge roots score inspect forget",
     "threads (default: OMP_NUM_THREADS, else the processors that the task was given)", OPTION_TEXT,
     FIELD(threads)},
    {"memory", 0, "SIZE", "run scan roots study merge",
     "memory that the study and the search for conversations may take, 256M or more: what does "
     "not fit lies in temporary files beside the shards (default: no limit; burza help cluster)",
     OPTION_TEXT, FIELD(memory)},
    {"tz", 0, "ZONE", "run scan inspect detect",
     "time zone of times that state none, e.g. Europe/Warsaw (default: such records are rejected; "
     "detect: UTC)",
     OPTION_TEXT, FIELD(timezone)},
    {"day-first", 0, NULL, "run scan inspect detect",
     "03/04/2023 is 3 April (default: what the file's other dates prove; detect: March 4)",
     OPTION_FLAG, FIELD(day_first)},
    {"month-first", 0, NULL, "run scan inspect",
     "03/04/2023 is March 4, whatever the configuration says", OPTION_FLAG, FIELD(month_first)},
    {"private", 0, NULL, "run scan inspect",
     "read all private messages and internal notes; they are no mentions (default: only threads "
     "with "
     "an account of a brand, for care)",
     OPTION_FLAG, FIELD(private)},
    {"since", 0, "DATE", "run scan", "leave out earlier posts (default: none)", OPTION_TEXT,
     FIELD(since)},
    {"until", 0, "DATE", "run scan", "leave out posts from this moment on (default: none)",
     OPTION_TEXT, FIELD(until)},
    {"mapping", 0, "FILE", "run scan inspect",
     "columns of a CSV or JSON Lines export (burza help mapping)", OPTION_TEXT, FIELD(mapping)},
    {"suggest", 0, NULL, "inspect",
     "print the mapping file that INPUT is read with, to be corrected and given back", OPTION_FLAG,
     FIELD(suggest)},
    {"rejects", 0, "FILE", "run scan inspect",
     "write every record that cannot be used to FILE, as JSON Lines: path, member, line, reason, "
     "first 200 bytes (the inputs are read once more for it)",
     OPTION_TEXT, FIELD(rejects)},
    {"input-format", 0, "NAME", "run scan inspect", "force a dump format (default: recognised)",
     OPTION_TEXT, FIELD(input_format)},
    {"engine", 0, "E", "run scan score evaluate", "sentiment engine: hybrid (default) or rules",
     OPTION_TEXT, FIELD(engine)},
    {"lexicon", 0, "FILE", "run scan score evaluate lexicon",
     "a lexicon of your own (TSV, VADER or AFINN) on top of ours; may be given often", OPTION_LIST,
     FIELD(lexicons)},
    {"false-alarms", 0, "N", "run study detect",
     "sensitivity: false alarms per brand and month (default 0.5); study: several, as 0.1,0.5,2, "
     "make an audit each",
     OPTION_TEXT, FIELD(false_alarms)},
    {"lang", 0, "L", "run report export methods score evaluate forget",
     "run, report, methods, export to xlsx: language of the text, en (default) or pl; score, "
     "evaluate: auto "
     "(default), "
     "pl, en",
     OPTION_TEXT, FIELD(language)},
    {"max-output", 0, "SIZE", "run scan inspect",
     "bytes that archives may unpack to (default 16T; 0 no limit)", OPTION_TEXT, FIELD(max_output)},
    {"max-ratio", 0, "N", "run scan inspect",
     "unpacked / packed size that is still believed (default 250; 0 no limit)", OPTION_TEXT,
     FIELD(max_ratio)},
    {"max-members", 0, "N", "run scan inspect",
     "members of archives (default 20000000; 0 no limit)", OPTION_TEXT, FIELD(max_members)},
    {"zstd-window", 0, "N", "run scan inspect",
     "largest zstd window, log2 of bytes, 10..31 (default 31)", OPTION_TEXT, FIELD(zstd_window)},
    {"replace", 0, NULL, "run scan study merge",
     "let go of what the audit held before and is not given now (default: such a run stops)",
     OPTION_FLAG, FIELD(replace)},
    {"no-report", 0, NULL, "run merge", "write no HTML report", OPTION_FLAG, FIELD(no_report)},
    {"timings", 0, NULL, "run scan", "say where the time went", OPTION_FLAG, FIELD(timings)},
    {"format", 0, "F", "export inspect score evaluate detect",
     "export: csv (default; on a terminal table), jsonl, xlsx or table; inspect, evaluate: text "
     "(default) or json; score: tsv "
     "(default) "
     "or jsonl; detect: text (default), csv or json",
     OPTION_TEXT, FIELD(format)},
    {"json", 0, NULL, "run study merge summary", "print the summary as one JSON object",
     OPTION_FLAG, FIELD(json)},
    {"replay", 0, NULL, "study",
     "say when each crisis would have been known while it came in (table alarms)", OPTION_FLAG,
     FIELD(replay)},
    {"causal", 0, NULL, "detect",
     "single pass, nothing from the future: every row with score and alert", OPTION_FLAG,
     FIELD(causal)},
    {"inputs", 0, "DUMPS", "verify",
     "also check that these files or folders are the dumps it was made of", OPTION_LIST,
     FIELD(inputs)},
    {"explain", 0, NULL, "score query export",
     "show why; export posts: a column with the words that decided", OPTION_FLAG, FIELD(explain)},
    {"verbose", 'v', NULL, "version", "also libraries, lexicons and formats", OPTION_FLAG,
     FIELD(verbose)},
    {"digest", 0, "NAME", "run scan",
     "digest of plain dumps: sha256-tree-1MiB (default), made by all threads, or sha256, as "
     "sha256sum "
     "gives it; of compressed dumps and archives it is always sha256 (burza help verify)",
     OPTION_TEXT, FIELD(digest)},
    {"share", 0, "I/N", "scan",
     "read share I of N of the inputs, dealt by size; N alone or auto: I (and N) of the array's "
     "task "
     "(default: what Slurm, PBS or SGE say of an array; else all)",
     OPTION_TEXT, FIELD(share)},
    {"strict", 0, NULL, "study merge roots",
     "write nothing and end with 66 when a share or input is missing (default: name it, end with "
     "2)",
     OPTION_FLAG, FIELD(strict)},
    {"damaged-ok", 0, NULL, "run scan study merge",
     "end with 0, not 2, when inputs were damaged or skipped (they are said and counted as ever); "
     "what "
     "is missing still ends with 2",
     OPTION_FLAG, FIELD(damaged_ok)},
    {"quiet", 'q', NULL, "run scan study merge roots report clean",
     "print errors and what was damaged only", OPTION_FLAG, FIELD(quiet)},
    {"help", 'h', NULL, "*", "this text", OPTION_FLAG, FIELD(help)},
    {0}};

enum { ROW_COUNT = sizeof option_rows / sizeof *option_rows - 1 };

/* Options of which a command knows every value. What stands first is the default. */
static const struct choice_row {
    const char *option, *commands, *values;
} choices[] = {
    {"engine", "*", "hybrid rules"},
    {"digest", "*", "sha256-tree-1MiB sha256"},
    {"lang", "run report export methods", "en pl"},
    {"lang", "score evaluate", "auto pl en"},
    {"format", "export", "csv jsonl xlsx table"},
    {"format", "inspect evaluate", "text json"},
    {"format", "score", "tsv jsonl"},
    {"format", "detect", "text csv json"},
};

const struct command commands[] = {
    {"run", "[-c CONFIG.json] [-b ID=QUERY]... [-o AUDIT.h5] INPUT...",
     "read dumps, find crises, write the audit and its report",
     "INPUT is a file, a folder, @FILE (a list, a path a line), or - for standard input: archives "
     "(tar,\n"
     "zip, 7z), compressed or plain dumps (gzip, zstd, bzip2, xz, lz4). The same as scan, study "
     "and report in one go.\n"
     "Interrupted, it goes on where it stopped when the same command is given again. Inputs that\n"
     "were scanned into this audit before stay part of it.",
     command_run},
    {"scan", "[-c CONFIG.json] [-b ID=QUERY]... [-o AUDIT.h5] [--share I/N] INPUT...",
     "read dumps into shards beside the audit (AUDIT.h5.parts)",
     "The tasks of an array are given the same list of inputs; each reads its share (--share) into "
     "a\n"
     "folder of its own in AUDIT.h5.parts (burza help cluster).",
     command_scan},
    {"study", "AUDIT.h5 [-c CONFIG.json] [-o OTHER.h5] [--replay]",
     "compute series, crises and tables from the shards, without reading the dumps again",
     "With several values of --false-alarms one audit is written for each: OTHER-0.1.h5, ...",
     command_study},
    {"merge", "-o AUDIT.h5 A.h5 B.h5 ...",
     "join audits that were scanned apart with the same brands",
     "What is joined may be named by its audit or its folder of shards (A.h5.parts), with all "
     "shares.",
     command_merge},
    {"roots", "AUDIT.h5",
     "gather from all shares the posts whose replies the second pass of each looks for",
     "For audits that are scanned in shares and follow conversations: when all tasks of the array "
     "are\n"
     "through, burza roots AUDIT.h5, then the same array again (burza help cluster).",
     command_roots},
    {"summary", "AUDIT.h5 [--json]", "say what an audit found, in a few lines",
     "With --json one object for scripts: counts, brands with their crises, inputs, rejects, and "
     "the\n"
     "seal of the file. run, study and merge print the same at their end.",
     command_summary},
    {"report", "AUDIT.h5 [-o REPORT.html] [--lang en|pl] [--brand ID]",
     "write the audit as one HTML page",
     "The page needs no network. Title, client and author of its head come from the "
     "configuration.\n"
     "--brand ID writes AUDIT-ID.html, which tells of one brand.",
     command_report},
    {"export", "AUDIT.h5 [TABLE] [--format csv|jsonl|xlsx|table] [--explain] [-o BOOK.xlsx]",
     "print a table of the audit, or make a workbook of all",
     "On a terminal the table is aligned for reading; into a pipe or a file it is CSV. --format "
     "xlsx\n"
     "makes a workbook for Excel and Calc: a summary, charts, months, the posts with most\n"
     "engagement, and a sheet a table; with TABLE that table alone. It goes to -o, else to "
     "standard\n"
     "output, or, when that is a terminal, beside the audit. burza help columns says what each\n"
     "column means.",
     command_export},
    {"methods", "AUDIT.h5 [--lang en|pl]",
     "tell how an audit was made, in words for a thesis or a report",
     "Whole sentences, in English or Polish: data, queries, scoring with its measured quality, "
     "detection, privacy, versions and digests, and the sources of the methods.",
     command_methods},
    {"inspect", "INPUT... [--format text|json]",
     "say what is in archives: formats, tools, posts, time span, languages, damage, what is "
     "missing",
     "With --suggest: the mapping file that the first member of INPUT is read with.",
     command_inspect},
    {"clean", "AUDIT.h5",
     "remove the shards of an audit (AUDIT.h5.parts), which hold texts and names", NULL,
     command_clean},
    {"verify", "AUDIT.h5 [--inputs DUMPS...]", "check that an audit is whole and unchanged",
     "The seal proves against accidents, not against somebody who seals a changed file anew; the\n"
     "digest that is printed can be published to prove that. With --inputs, the digests of the\n"
     "dumps are compared with those in the audit. Which digest it holds of a dump, its table "
     "inputs\n"
     "says: sha256 is what sha256sum gives; sha256-tree-1MiB, of plain dumps, what this gives:\n"
     "  split -b 1M --filter=sha256sum FILE | cut -c1-64 | sha256sum",
     command_verify},
    {"forget", "AUDIT.h5 ID...",
     "take posts and people out of an audit, its report and the scanned data",
     "ID is the id of a post, or @HANDLE (u/HANDLE) for all posts of an author. What is forgotten\n"
     "still counts as deleted posts; its words, author, id and address are gone, also after a new\n"
     "scan of the same dumps. The dumps themselves are never changed. Ends with 2 when nothing "
     "was\n"
     "found.",
     command_forget},
    {"score",
     "[--lang auto|pl|en] [-b ID=QUERY]... [--engine E] [--explain] [--format tsv|jsonl] [FILE]",
     "score texts, one per line",
     "Prints label, score (-1..1), the probabilities negative, neutral, positive, and the "
     "language,\n"
     "separated by tabs, one line per text, in order.",
     command_score},
    {"evaluate", "LABELLED.tsv [--lang L] [-b ID=QUERY]... [--engine E] [--format text|json]",
     "compare scores with labels: label<TAB>text per line, or columns by header",
     "A header (TSV or CSV) may name label, text, intent, stage and topic. Prints accuracy, mean\n"
     "recall and F1, kappa, a 95 % interval (bootstrap, 1000 rounds, fixed seed) and tables.",
     command_evaluate},
    {"detect", "SERIES.csv [--causal] [--format text|csv|json]",
     "find episodes in any series of counts: timestamp,value",
     "The interval is the most common difference of times; rows may come in any order; missing "
     "times\n"
     "and empty values are unknown, not zero. Repeated rows count once; rows with the same time "
     "and\n"
     "different values are added up. - reads standard input. With --causal, --format csv prints "
     "every\n"
     "row as timestamp,value,baseline,score,alert.\n"
     "Severity: 0 noise, 1 incident, 2 elevated, 3 crisis, 4 major.",
     command_detect},
    {"query", "'QUERY' [--explain]",
     "show what a query matches, or test it on texts from standard input", NULL, command_query},
    {"lexicon", "ACTION [WORD]", "check the lexicons, or show what a word scores and why", NULL,
     command_lexicon},
    {"init", "[-o burza.json]", "write a configuration to start from", NULL, command_init},
    {"help", "[TOPIC]", "explain a command or a topic", NULL, command_help},
    {"version", "[--verbose]", "print the version", NULL, command_version},
    {0}};

static const struct operand operands[] = {{"export", "TABLE", 2, export_tables},
                                          {"lexicon", "ACTION", 1, lexicon_words},
                                          {"help", "TOPIC", 1, help_words}};

const struct operand *command_operand(const struct command *command) {
    for (size_t i = 0; i < sizeof operands / sizeof *operands; i++)
        if (strcmp(operands[i].command, command->name) == 0)
            return &operands[i];
    return NULL;
}

const struct command *command_find(const char *name) {
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

/* True when the blank-separated words of `list` hold `word`, or it is "*". */
static bool holds_word(const char *list, const char *word) {
    size_t len = strlen(word);
    if (strcmp(list, "*") == 0)
        return true;
    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0))
            return true;
    return false;
}

bool option_applies(const struct option_row *row, const char *command) {
    return holds_word(row->commands, command);
}

const char *option_values(const struct option_row *row, const char *command) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (strcmp(choices[i].option, row->name) == 0 && holds_word(choices[i].commands, command))
            return choices[i].values;
    return NULL;
}

/* "csv, jsonl or xlsx" */
static void add_alternatives(struct buf *out, const char *values) {
    for (const char *at = values; *at;) {
        size_t len = strcspn(at, " ");
        const char *next = at + len + (at[len] == ' ');
        const char *before = at == values ? "" : *next ? ", " : " or ";
        buf_format(out, "%s%.*s", before, (int)len, at);
        at = next;
    }
}

static bool check_value(const struct option_row *row, const char *command, const char *value) {
    const char *values = row->argument ? option_values(row, command) : NULL;
    struct buf list;
    if (!values || (*value && *value != '*' && !strchr(value, ' ') && holds_word(values, value)))
        return true;
    buf_init(&list, 1024);
    add_alternatives(&list, values);
    print_message("--%s is %.*s, not \"%.40s\"", row->name, (int)list.len, list.at, value);
    buf_release(&list);
    return false;
}

static bool store(const struct option_row *row, const char *value, struct options *out) {
    char *field = (char *)out + row->offset;
    if (row->kind == OPTION_FLAG) {
        *(bool *)field = true;
    } else if (row->kind == OPTION_TEXT) {
        *(const char **)field = value;
    } else {
        struct text_list *list = (struct text_list *)field;
        if (list->count == REPEAT_MAX) {
            print_message("--%s may be given %d times at most; use a configuration file", row->name,
                          REPEAT_MAX);
            return false;
        }
        list->at[list->count++] = value;
    }
    return true;
}

bool options_parse(const struct command *command, int argc, char **argv, struct options *out) {
    struct option longs[ROW_COUNT + 1] = {0};
    char shorts[2 * ROW_COUNT + 2] = ":";
    size_t count = 0, len = 1;
    int code;
    *out = (struct options){0};
    for (int i = 0; i < ROW_COUNT; i++) {
        if (!option_applies(&option_rows[i], command->name))
            continue;
        int has = option_rows[i].argument ? required_argument : no_argument;
        longs[count++] = (struct option){option_rows[i].name, has, NULL, 1000 + i};
        if (option_rows[i].letter)
            shorts[len++] = option_rows[i].letter;
        if (option_rows[i].letter && option_rows[i].argument)
            shorts[len++] = ':';
    }
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (code == '?' || code == ':') {
            print_message("%s %s; see burza %s --help", argv[optind - 1],
                          code == ':' ? "needs a value" : "is no option of this command",
                          command->name);
            return false;
        }
        const struct option_row *row = code >= 1000 ? &option_rows[code - 1000] : option_rows;
        while (code < 1000 && row->letter != code)
            row++;
        if (!check_value(row, command->name, optarg) || !store(row, optarg, out))
            return false;
    }
    out->arguments = argv + optind;
    out->argument_count = (size_t)(argc - optind);
    return true;
}

/* What a scheduler gave the task, where it says so. OMP_NUM_THREADS and the processors that the
 * task may run on (affinity, cpuset) OpenMP knows. */
static int64_t granted(int64_t threads) {
    static const char *const names[] = {"SLURM_CPUS_PER_TASK", "NSLOTS"};
    const char *chosen = getenv("OMP_NUM_THREADS");
    int64_t number;
    for (size_t i = 0; i < sizeof names / sizeof *names && !(chosen && *chosen); i++) {
        const char *text = getenv(names[i]);
        if (text && num_i64(span_of(text), &number) && number > 0 && number < threads)
            threads = number;
    }
    return threads;
}

bool options_threads(const struct options *options, int *out) {
    int64_t number, processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1)
        processors = 1;
    int64_t most = processors * 4 > 16 ? processors * 4 : 16;
    if (most > 256)
        most = 256;
    number = granted(omp_get_max_threads());
    *out = (int)(number > most ? most : number);
    if (!options->threads)
        return true;
    if (!num_i64(span_of(options->threads), &number) || number < 1 || number > most) {
        print_message("-j wants a number of threads from 1 to %lld here, not \"%.40s\"",
                      (long long)most, options->threads);
        return false;
    }
    *out = (int)number;
    return true;
}

enum status options_false_alarms(const struct options *options, double *out, struct fault *fault) {
    int64_t milli;
    if (!options->false_alarms)
        return STATUS_OK;
    if (!num_scaled(span_of(options->false_alarms), 3, &milli) || milli < 50 || milli > 100000)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "--false-alarms is a number from 0.05 to 100 per brand and month, not "
                         "\"%.40s\"",
                         options->false_alarms);
    *out = (double)milli / 1000;
    return STATUS_OK;
}

bool options_size(const char *text, uint64_t *out) {
    static const char units[] = "KMGT";
    struct span digits = span_of(text);
    int64_t number;
    int shift = 0;
    if (digits.len) {
        const char *unit = strchr(units, digits.at[digits.len - 1] & ~0x20);
        if (unit && *unit) {
            shift = 10 * (int)(unit - units + 1);
            digits.len--;
        }
    }
    if (!num_i64(digits, &number) || number < 0 || number > (INT64_MAX >> shift))
        return false;
    *out = (uint64_t)number << shift;
    return true;
}
