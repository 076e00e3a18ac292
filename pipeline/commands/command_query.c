/* burza query 'QUERY' [--explain]: tests a query on the texts of standard input, one per line ("+"
 * or "-" and the text); without any, shows what the query became. With --explain it shows that in
 * any case, how many of the texts each clause matches alone, adds and removes, and which words were
 * found, refused and look like the name. */
#include "pipeline/commands/commands.h"
#include "stages/match/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLAUSES_MAX 64
#define OUTPUT_MAX ((size_t)64 << 20)

/* One query as it is tested. */
struct variant {
    struct query_set *set;
    struct match_scratch *scratch;
    uint64_t matched;
};

struct clause {
    struct span text;
    struct variant alone, without; /* the clause alone, the query without it */
    uint64_t added, removed;       /* texts that the clause brings in, keeps out */
};

struct query_test {
    const char *query;
    bool explain;
    struct variant whole;
    struct clause *clauses;
    size_t clause_count;
    struct match_tally tally;
    struct tokens tokens;
    uint64_t texts;
};

static enum status variant_open(struct variant *variant, struct span query, struct fault *fault) {
    char *copy = strndup(query.at, query.len);
    if (!copy)
        return fault_memory(fault);
    struct brand brand = {.id = "query", .name = "query", .query = copy, .inflect = true};
    enum status status = query_set_compile(&variant->set, &brand, 1, fault);
    free(copy);
    if (status != STATUS_OK)
        return status;
    return match_scratch_new(&variant->scratch, variant->set, fault);
}

static void variant_close(struct variant *variant) {
    match_scratch_free(variant->scratch);
    query_set_free(variant->set);
    *variant = (struct variant){0};
}

static bool variant_matches(struct variant *variant, const struct post *post,
                            const struct tokens *tokens, enum language language) {
    const struct match *matches;
    bool matched =
        query_set_match(variant->set, variant->scratch, post, tokens, language, &matches) > 0;
    variant->matched += matched;
    return matched;
}

/* `whole`: the bytes of the query that go with the clause. */
static enum status add_clause(struct query_test *test, struct span text, struct span whole,
                              struct fault *fault) {
    size_t len = strlen(test->query), at = (size_t)(whole.at - test->query);
    struct fault none;
    if (test->clause_count == CLAUSES_MAX)
        return STATUS_OK;
    struct clause *clause = &test->clauses[test->clause_count++];
    clause->text = text;
    enum status status = variant_open(&clause->alone, text, fault);
    if (status != STATUS_OK)
        return status;
    char *rest = malloc(len + 1);
    if (!rest)
        return fault_memory(fault);
    memcpy(rest, test->query, at);
    memcpy(rest + at, whole.at + whole.len, len - at - whole.len + 1);
    /* what is left need not be a query (a OR): then the clause has no "without" */
    if (variant_open(&clause->without, span_of(rest), &none) != STATUS_OK)
        variant_close(&clause->without);
    free(rest);
    return STATUS_OK;
}

static size_t clause_end(const char *query, size_t at) {
    size_t depth = 0;
    while (query[at]) {
        if (query[at] == '"')
            at += 1 + strcspn(query + at + 1, "\"");
        if (!query[at])
            break;
        if (query[at] == '(')
            depth++;
        if (query[at] == ')' && depth-- == 0)
            break;
        if (query[at] == ' ' && depth == 0)
            break;
        at++;
    }
    return at;
}

static bool is_operator(struct span word) {
    return span_is(word, "AND") || span_is(word, "OR") || span_is(word, "NOT") ||
           span_starts(word, "NEAR/");
}

/* Clauses are what stands between operators outside parentheses. With a clause the operator before
 * it goes, with the first one the operator behind it. */
static enum status find_clauses(struct query_test *test, struct fault *fault) {
    const char *query = test->query, *operators = NULL;
    enum status status = STATUS_OK;
    for (size_t at = 0, end; query[at] && status == STATUS_OK; at = end) {
        end = at + 1;
        if (query[at] == ' ')
            continue;
        end = clause_end(query, at);
        struct span word = {query + at, end - at};
        if (word.len == 0)
            break;
        if (is_operator(word)) {
            operators = operators ? operators : word.at;
            continue;
        }
        struct span whole = {operators ? operators : word.at, 0};
        size_t stop = end;
        while (!test->clause_count && query[stop] == ' ') {
            size_t next = clause_end(query, stop + 1);
            struct span behind = {query + stop + 1, next - stop - 1};
            if (!is_operator(behind) || span_is(behind, "NOT"))
                break;
            stop = next;
        }
        whole.len = (size_t)(query + stop - whole.at);
        size_t minus = word.at[0] == '-';
        status = add_clause(test, (struct span){word.at + minus, word.len - minus}, whole, fault);
        operators = NULL;
    }
    return status;
}

static enum status test_text(struct query_test *test, struct span text, struct fault *fault) {
    struct post post = {.text = text, .likes = -1, .created_at_us = TIME_NONE};
    enum status status = tokens_read(&test->tokens, text, fault);
    if (status != STATUS_OK)
        return status;
    enum language language = language_detect(&test->tokens, post.language_hint);
    bool matched = variant_matches(&test->whole, &post, &test->tokens, language);
    test->texts++;
    if (test->explain)
        query_set_tally_near(test->whole.set, &test->tokens, &test->tally.near);
    else
        printf("%c\t%.*s\n", matched ? '+' : '-', (int)text.len, text.at);
    for (size_t i = 0; i < test->clause_count; i++) {
        struct clause *clause = &test->clauses[i];
        variant_matches(&clause->alone, &post, &test->tokens, language);
        if (!clause->without.set)
            continue;
        bool without = variant_matches(&clause->without, &post, &test->tokens, language);
        clause->added += matched && !without;
        clause->removed += !matched && without;
    }
    return STATUS_OK;
}

static void print_forms(const struct query_test *test) {
    struct buf out;
    buf_init(&out, OUTPUT_MAX);
    query_set_describe(test->whole.set, &out);
    fwrite(out.at, 1, out.len, stdout);
    buf_release(&out);
}

/* Polish writes products with a capital since 2026. */
static void warn_of_capitals(const struct query_test *test) {
    struct span term;
    if (query_set_wants_capitals(test->whole.set, 0, &term))
        print_message("\"%.*s\" is found by its capitals: posts before 2026 often write a product "
                      "small, so a step at that New Year may be the spelling (burza help names)",
                      (int)term.len, term.at);
}

static enum status print_tallies(const struct query_test *test, struct fault *fault) {
    struct buf out;
    buf_init(&out, OUTPUT_MAX);
    word_tally_print(&test->tally.found, "found", &out);
    word_tally_print(&test->tally.small, "other words without a capital, not counted", &out);
    word_tally_print(&test->tally.counted, "behind a number, not counted", &out);
    word_tally_print(&test->tally.near, "like the name, not counted", &out);
    fwrite(out.at, 1, out.len, stdout);
    bool failed = out.failed;
    buf_release(&out);
    return failed ? fault_memory(fault) : STATUS_OK;
}

static enum status run(struct query_test *test, struct fault *fault) {
    enum status status = variant_open(&test->whole, span_of(test->query), fault);
    bool texts = !isatty(STDIN_FILENO);
    char *line = NULL;
    size_t cap = 0;
    if (status != STATUS_OK)
        return status;
    warn_of_capitals(test);
    if (test->explain) {
        print_forms(test);
        match_scratch_tally(test->whole.scratch, &test->tally);
    }
    if (texts && test->explain)
        status = find_clauses(test, fault);
    for (ssize_t len; texts && status == STATUS_OK && (len = getline(&line, &cap, stdin)) > 0;) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            len--;
        status = test_text(test, (struct span){line, (size_t)len}, fault);
    }
    free(line);
    if (test->texts == 0 && !test->explain && status == STATUS_OK)
        print_forms(test);
    if (status != STATUS_OK || !test->explain || !test->texts)
        return status;
    printf("%llu of %llu texts match\n", (unsigned long long)test->whole.matched,
           (unsigned long long)test->texts);
    for (size_t i = 0; i < test->clause_count; i++) {
        const struct clause *clause = &test->clauses[i];
        printf("  %.*s: in %llu texts", (int)clause->text.len, clause->text.at,
               (unsigned long long)clause->alone.matched);
        if (clause->without.set)
            printf(", adds %llu, removes %llu", (unsigned long long)clause->added,
                   (unsigned long long)clause->removed);
        putchar('\n');
    }
    return print_tallies(test, fault);
}

int command_query(const struct options *options) {
    struct query_test test = {.explain = options->explain};
    struct fault fault = {.exit_code = EXIT_INTERNAL};
    if (options->argument_count != 1) {
        print_message(
            "query takes one query, in quotation marks for the shell: burza query 'QUERY'");
        return EXIT_USAGE;
    }
    test.query = options->arguments[0];
    test.clauses = calloc(CLAUSES_MAX, sizeof *test.clauses);
    tokens_init(&test.tokens);
    enum status status = test.clauses ? run(&test, &fault) : fault_memory(&fault);
    int code = status == STATUS_OK ? EXIT_DONE : print_error(&fault);
    for (size_t i = 0; test.clauses && i < test.clause_count; i++) {
        variant_close(&test.clauses[i].alone);
        variant_close(&test.clauses[i].without);
    }
    variant_close(&test.whole);
    match_tally_release(&test.tally);
    free(test.clauses);
    tokens_release(&test.tokens);
    return close_output(code);
}
