/* burza methods: how an audit was made, in words that a thesis or a report can use. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/methods.h"
#include "pipeline/commands/wrap.h"
#include "stages/score/score.h"

#include <stdio.h>

static int print_safe(const struct buf *text) {
    struct buf page, safe;
    bool terminal;
    buf_init(&page, 16 << 20);
    buf_init(&safe, 64 << 20);
    wrap_page(&page, buf_as_span(text), wrap_width(&terminal));
    buf_visible(&safe, buf_as_span(&page));
    int code = print_buf(&safe);
    buf_release(&page);
    buf_release(&safe);
    return code;
}

int command_methods(const struct options *options) {
    struct audit audit;
    struct scorer *scorer;
    struct score_options score = {0};
    struct fault fault = {0};
    struct buf text;
    char seal[72];
    if (options->argument_count != 1) {
        print_message("burza methods wants one audit: burza methods AUDIT.h5 [--lang en|pl]");
        return EXIT_USAGE;
    }
    bool polish = options->language && strcmp(options->language, "pl") == 0;
    enum status status = audit_read(options->arguments[0], false, &audit, &fault);
    if (status == STATUS_OK)
        status = store_seal(options->arguments[0], seal, &fault);
    if (status == STATUS_OK)
        status = scorer_open(&scorer, &score, &fault);
    if (status != STATUS_OK) {
        audit_release(&audit);
        return print_error(&fault);
    }
    buf_init(&text, 16 << 20);
    status = methods_text(&audit, seal, scorer_digest(scorer), polish, &text, &fault);
    int code = status == STATUS_OK ? print_safe(&text) : print_error(&fault);
    buf_release(&text);
    scorer_free(scorer);
    audit_release(&audit);
    return code;
}
