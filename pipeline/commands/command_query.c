/* burza query 'QUERY' [--explain]: tests a query on the texts of standard input, one per line ("+"
 * or "-" and the text); without any, shows what the query became. With --explain it shows that in
 * any case, and how many of the texts each clause matches alone, adds and removes. */
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

/* The query with the bytes of one clause left out, NULL out of memory. What is left need not be a
 * query (a OR): then the clause has no "without". */
static char *query_without(const char *query, struct span clause) {
    size_t len = strlen(query), at = (size_t)(clause.at - query);
    char *rest = malloc(len + 1);
    if (!rest)
        return NULL;
    memcpy(rest, query, at);
    memcpy(rest + at, clause.at + clause.len, len - at - clause.len + 1);
    return rest;
}

static enum status add_clause(struct query_test *test, struct span text, struct span whole,
                              struct fault *fault) {
    if (test->clause_count == CLAUSES_MAX)
        return STATUS_OK;
    struct clause *clause = &test->clauses[test->clause_count++];
    clause->text = text;
    enum status status = variant_open(&clause->alone, text, fault);
    if (status != STATUS_OK)
        return status;
    char *rest = query_without(test->query, whole);
    if (!rest)
        return fault_memory(fault);
    struct fault none;
    if (variant_open(&clause->without, span_of(rest), &none) != STATUS_OK)
        variant_close(&clause->without);
    free(rest);
    return STATUS_OK;
}

static size_t skip_quoted(const char *query, size_t at) {
    for (at++; query[at] && query[at] != '"'; at++)
        ;
    return query[at] ? at + 1 : at;
}

static size_t clause_end(const char *query, size_t at) {
    size_t depth = 0;
    while (query[at]) {
        if (query[at] == '"') {
            at = skip_quoted(query, at);
            continue;
        }
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

/* Where the operators end that begin at `at` (after a blank), or `at` when there are none. */
static size_t operators_end(const char *query, size_t at) {
    while (query[at] == ' ') {
        size_t end = clause_end(query, at + 1);
        struct span word = {query + at + 1, end - at - 1};
        if (!is_operator(word) || span_is(word, "NOT"))
            break;
        at = end;
    }
    return at;
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
        size_t stop = test->clause_count ? end : operators_end(query, end);
        whole.len = (size_t)(query + stop - whole.at);
        size_t minus = word.at[0] == '-';
        status = add_clause(test, (struct span){word.at + minus, word.len - minus}, whole, fault);
        operators = NULL;
    }
    return status;
}

static void test_clauses(struct query_test *test, const struct post *post, enum language language,
                         bool matched) {
    for (size_t i = 0; i < test->clause_count; i++) {
        struct clause *clause = &test->clauses[i];
        variant_matches(&clause->alone, post, &test->tokens, language);
        if (!clause->without.set)
            continue;
        bool without = variant_matches(&clause->without, post, &test->tokens, language);
        clause->added += matched && !without;
        clause->removed += !matched && without;
    }
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
        test_clauses(test, &post, language, matched);
    else
        printf("%c\t%.*s\n", matched ? '+' : '-', (int)text.len, text.at);
    return STATUS_OK;
}

static enum status test_input(struct query_test *test, struct fault *fault) {
    char *line = NULL;
    size_t cap = 0;
    enum status status = STATUS_OK;
    for (ssize_t len; status == STATUS_OK && (len = getline(&line, &cap, stdin)) > 0;) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            len--;
        status = test_text(test, (struct span){line, (size_t)len}, fault);
    }
    free(line);
    return status;
}

static void print_clauses(const struct query_test *test) {
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
}

static void print_forms(const struct query_test *test) {
    struct buf out;
    buf_init(&out, OUTPUT_MAX);
    query_set_describe(test->whole.set, &out);
    fwrite(out.at, 1, out.len, stdout);
    buf_release(&out);
}

static enum status run(struct query_test *test, struct fault *fault) {
    enum status status = variant_open(&test->whole, span_of(test->query), fault);
    bool texts = !isatty(STDIN_FILENO);
    if (status != STATUS_OK)
        return status;
    if (test->explain)
        print_forms(test);
    if (texts && test->explain)
        status = find_clauses(test, fault);
    if (texts && status == STATUS_OK)
        status = test_input(test, fault);
    if (test->texts == 0 && !test->explain && status == STATUS_OK)
        print_forms(test);
    if (status == STATUS_OK && test->explain && test->texts)
        print_clauses(test);
    return status;
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
    free(test.clauses);
    tokens_release(&test.tokens);
    return close_output(code);
}
