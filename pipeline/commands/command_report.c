/* burza report: the audit as one HTML page. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/report_audit.h"
#include "stages/common/files.h"
#include "stages/report/report.h"
#include "stages/score/score.h"

#include <jansson.h>

/* A text of the object "report" of the audit's configuration; NULL when it has none. */
static const char *head_text(const json_t *config, const char *key) {
    return json_string_value(json_object_get(json_object_get(config, "report"), key));
}

/* Scores a text again, to say which of its words decided. */
struct word_marker {
    struct scorer *scorer;
    struct score_scratch *scratch;
    struct tokens tokens;
};

static size_t mark_words(void *with, struct span text, struct span language,
                         struct report_mark *marks, size_t max) {
    struct word_marker *marker = with;
    struct score_word words[32];
    struct fault fault = {0};
    size_t count = 0, end = 0;
    enum language code = span_is(language, "pl")   ? LANGUAGE_PL
                         : span_is(language, "en") ? LANGUAGE_EN
                                                   : LANGUAGE_OTHER;
    if (code == LANGUAGE_OTHER || tokens_read(&marker->tokens, text, &fault) != STATUS_OK)
        return 0;
    size_t found = scorer_words(marker->scorer, marker->scratch, &marker->tokens, code, words,
                                sizeof words / sizeof *words);
    for (size_t i = 0; i < found && count < max; i++) {
        size_t at = (size_t)(words[i].text.at - text.at);
        if (words[i].text.at < text.at + end || at + words[i].text.len > text.len)
            continue; /* inside the last phrase */
        end = at + words[i].text.len;
        marks[count++] = (struct report_mark){at, words[i].text.len, words[i].points < 0};
    }
    return count;
}

/* Our own lexicons mark only what they scored: an audit of others, or of the user's, stays
 * unmarked. */
static enum status open_marker(struct word_marker *marker, const struct audit *audit,
                               struct report_options *chosen, struct fault *fault) {
    const struct score_options options = {.sentiment_only = true};
    tokens_init(&marker->tokens);
    enum status status = scorer_open(&marker->scorer, &options, fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&marker->scratch, fault);
    if (status == STATUS_OK &&
        strcmp(scorer_digest(marker->scorer), audit_noted(audit, "lexicons_sha256")) == 0) {
        chosen->mark = mark_words;
        chosen->mark_with = marker;
    }
    return status;
}

static void close_marker(struct word_marker *marker) {
    score_scratch_free(marker->scratch);
    scorer_free(marker->scorer);
    tokens_release(&marker->tokens);
}

static enum status write_page(const char *audit_path, const struct audit *audit,
                              struct report_options *chosen, struct buf *page,
                              struct fault *fault) {
    struct zone zone = {0};
    struct word_marker marker = {0};
    char seal[72];
    const char *name = audit_noted(audit, "timezone");
    json_t *config = json_loads(audit_noted(audit, "configuration"), 0, NULL);
    enum status status = store_seal(audit_path, seal, fault);
    if (status == STATUS_OK)
        status = open_marker(&marker, audit, chosen, fault);
    if (status == STATUS_OK && *name)
        status = zone_open(&zone, name, fault);
    chosen->zone = *name ? &zone : NULL;
    chosen->seal = seal;
    chosen->title = head_text(config, "title");
    chosen->client = head_text(config, "client");
    chosen->author = head_text(config, "author");
    if (status == STATUS_OK)
        status = report_write(audit, chosen, page, fault);
    json_decref(config);
    close_marker(&marker);
    zone_release(&zone);
    return status;
}

enum status report_audit(const char *audit_path, const char *path, const char *language,
                         const char *brand, struct fault *fault) {
    struct report_options chosen = {.brand = brand};
    struct audit audit;
    struct buf page;
    if (!report_language_find(language, &chosen.language))
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "--lang wants en or pl, not \"%s\"",
                         language);
    enum status status = output_check(path, OUTPUT_REPORT, fault);
    if (status == STATUS_OK)
        status = audit_read(audit_path, false, &audit, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&page, REPORT_MAX_BYTES);
    status = write_page(audit_path, &audit, &chosen, &page, fault);
    if (status == STATUS_OK)
        status = file_publish(path, buf_as_span(&page), fault);
    buf_release(&page);
    audit_release(&audit);
    return status;
}

void report_path(const char *audit, const char *brand, struct buf *out) {
    struct span stem = span_of(audit);
    if (span_ends(stem, ".h5"))
        stem.len -= 3;
    buf_span(out, stem);
    if (brand)
        buf_format(out, "-%s", brand);
    buf_add(out, ".html", sizeof ".html");
}

int command_report(const struct options *options) {
    struct fault fault = {0};
    struct buf path;
    const char *brand = options->brands.count ? options->brands.at[0] : NULL;
    if (options->argument_count != 1 || options->brands.count > 1) {
        print_message("report wants one audit and at most one brand: burza report AUDIT.h5 "
                      "[-o REPORT.html] [--lang en|pl] [--brand ID]");
        return EXIT_USAGE;
    }
    buf_init(&path, 1 << 16);
    if (options->output)
        buf_add(&path, options->output, strlen(options->output) + 1);
    else
        report_path(options->arguments[0], brand, &path);
    enum status status = path.failed ? fault_memory(&fault)
                                     : report_audit(options->arguments[0], path.at,
                                                    options->language, brand, &fault);
    if (status == STATUS_OK && !options->quiet)
        print_message("wrote %s", path.at);
    buf_release(&path);
    return status == STATUS_OK ? EXIT_DONE : print_error(&fault);
}
