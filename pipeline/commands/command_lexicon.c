/* burza lexicon: check the lexicon files, or show what a word scores and why. */
#include "pipeline/commands/commands.h"
#include "stages/score/check.h"
#include "stages/score/show.h"

#include <sys/stat.h>

enum { MESSAGES_MAX = 64 << 20 };

/* lexicons/pl (and lexicons/pl/topics) is for Polish, lexicons/en for English, everything else for
 * both. */
static enum language language_of_path(const char *path) {
    struct span rest = span_of(path);
    while (rest.len && rest.at[rest.len - 1] == '/')
        rest.len--;
    if (span_ends(rest, "/topics"))
        rest.len -= strlen("/topics");
    for (int i = LANGUAGE_PL; i < LANGUAGE_COUNT; i++) {
        const char *name = language_name((enum language)i);
        if (rest.len < 2 || memcmp(rest.at + rest.len - 2, name, 2) != 0)
            continue;
        if (rest.len == 2 || rest.at[rest.len - 3] == '/')
            return (enum language)i;
    }
    return LANGUAGE_OTHER;
}

static int check(const char *const *paths, size_t count) {
    static const char *const standard[] = {"lexicons/pl", "lexicons/en", "lexicons/pl/topics",
                                           "lexicons/en/topics", "lexicons/shared"};
    struct lexicon_source source = {0};
    struct buf messages;
    struct check_result result;
    struct fault fault = {0};
    buf_init(&messages, MESSAGES_MAX);
    if (!count) {
        paths = standard;
        count = sizeof standard / sizeof *standard;
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct stat st;
        if (stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode))
            status = lexicon_source_read_folder(&source, paths[i], language_of_path(paths[i]),
                                                &messages, &fault);
        else
            status = lexicon_source_load(&source, paths[i], LANGUAGE_OTHER, &messages, &fault);
    }
    if (status == STATUS_OK)
        status = check_source(&source, &messages, &result, &fault);
    int code = status == STATUS_OK ? EXIT_DONE : print_error(&fault);
    if (status == STATUS_OK) {
        size_t other = source.problems - result.duplicates - result.contradictions;
        buf_format(&messages,
                   "%zu entries in %zu files; %zu duplicates, %zu contradictions, %zu other "
                   "problems, %zu words unknown to the dictionary\n",
                   source.count, source.file_count, result.duplicates, result.contradictions, other,
                   result.unknown);
        code = print_buf(&messages);
        if (code == EXIT_DONE && source.problems)
            code = EXIT_DATA;
    }
    lexicon_source_release(&source);
    buf_release(&messages);
    return code;
}

static int show(const struct options *options, const char *word) {
    struct score_options scoring = {.engine = ENGINE_HYBRID,
                                    .lexicons = options->lexicons.at,
                                    .lexicon_count = options->lexicons.count};
    struct scorer *scorer = NULL;
    struct score_scratch *scratch = NULL;
    struct fault fault = {0};
    struct tokens tokens;
    struct buf out;
    buf_init(&out, MESSAGES_MAX);
    tokens_init(&tokens);
    enum status status = scorer_open(&scorer, &scoring, &fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&scratch, &fault);
    if (status == STATUS_OK)
        status = tokens_read(&tokens, span_of(word), &fault);
    if (status == STATUS_OK)
        scorer_show(scorer, scratch, &tokens, &out);
    int code = status == STATUS_OK ? print_buf(&out) : print_error(&fault);
    buf_release(&out);
    tokens_release(&tokens);
    score_scratch_free(scratch);
    scorer_free(scorer);
    return code;
}

void lexicon_words(struct buf *out) {
    buf_text(out, "check show");
}

int command_lexicon(const struct options *options) {
    const char *const *words = (const char *const *)options->arguments;
    size_t count = options->argument_count;
    if (count >= 1 && strcmp(words[0], "check") == 0)
        return check(words + 1, count - 1);
    if (count == 2 && strcmp(words[0], "show") == 0)
        return show(options, words[1]);
    print_message(
        "say what to do: burza lexicon check [FILE or FOLDER]... or burza lexicon show WORD");
    return EXIT_USAGE;
}
