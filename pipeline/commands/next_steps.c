#include "pipeline/commands/next_steps.h"

#include "pipeline/commands/commands.h"
#include "pipeline/commands/near_misses.h"
#include "pipeline/commands/summary.h"

#include <stdio.h>

/* What kept many records from being used, and what to do about it. */
static const struct {
    const char *reason, *advice;
} remedies[] = {
    {"no_zone",
     "records state local times without a zone: say whose, for example --tz Europe/Warsaw"},
    {"date_order",
     "records have dates such as 03/04/2023 that nothing in their file decides: give --day-first "
     "or --month-first"},
    {"bad_time", "records have times that cannot be read: burza inspect shows how many, burza help "
                 "mapping how to "
                 "name another column"},
    {"no_time",
     "records have no time in a known column: name it in a mapping file (burza help mapping)"},
    {"relative_time", "records have times such as \"2 hours ago\": export dates instead"},
    {"not_a_post",
     "records hold nothing that is known of a post: burza inspect shows the format, a mapping file "
     "names the columns (burza help mapping)"},
};

static int64_t rejected(const struct audit *audit, const char *reason) {
    const struct reject_row *rows = audit->tables[TABLE_REJECTS].rows;
    int64_t sum = 0;
    for (size_t i = 0; i < audit->tables[TABLE_REJECTS].count; i++)
        sum += strcmp(rows[i].type, "reject") == 0 && strcmp(rows[i].reason, reason) == 0
                   ? rows[i].records
                   : 0;
    return sum;
}

/* Of a file that a fifth of its records or more is lost of. */
static void advise_reading(const struct audit *audit, struct buf *out) {
    struct record_counts counts = count_records(audit);
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        int64_t lost = rejected(audit, remedies[i].reason);
        if (lost && lost * 5 >= counts.records)
            buf_format(out, "  %lld %s\n", (long long)lost, remedies[i].advice);
    }
}

static const char *query_of(const struct config *config, const char *id) {
    for (size_t i = 0; i < config->brand_count; i++)
        if (strcmp(config->brands[i].id, id) == 0)
            return config->brands[i].query;
    return "";
}

static void advise_query(const struct config *config, const struct near_misses *misses,
                         const struct brand_row *brand, struct buf *out) {
    struct buf list;
    buf_init(&list, 1 << 16);
    near_misses_list(misses, query_of(config, brand->brand), &list);
    if (list.len)
        buf_format(
            out,
            "  %s: what looks like its query in %llu posts, and in how many: %.*s; if that is it, "
            "add it to the query\n",
            brand->name, (unsigned long long)near_misses_posts(misses), (int)list.len, list.at);
    else if (near_misses_posts(misses))
        buf_format(
            out,
            "  %s: nothing in %llu posts looks like its query; burza query shows what it matches\n",
            brand->name, (unsigned long long)near_misses_posts(misses));
    buf_release(&list);
}

static enum status advise_queries(const struct session *session, const struct audit *audit,
                                  struct buf *out, struct fault *fault) {
    const struct brand_row *brands = audit->tables[TABLE_BRANDS].rows;
    const struct options *options = session->options;
    struct unpack_limits limits;
    struct near_misses *misses = NULL;
    struct inputs inputs = {0};
    size_t silent = 0;
    for (size_t i = 0; i < audit->tables[TABLE_BRANDS].count; i++)
        silent += brands[i].mentions == 0;
    if (!silent)
        return STATUS_OK;
    enum status status = session_limits(options, &limits, fault);
    if (status == STATUS_OK)
        status = inputs_expand((const char *const *)options->arguments, options->argument_count,
                               &inputs, fault);
    if (status == STATUS_OK)
        status = near_misses_new(&misses, fault);
    if (status == STATUS_OK)
        status = near_misses_read(misses, &inputs, &session->config, limits, fault);
    for (size_t i = 0; i < audit->tables[TABLE_BRANDS].count && status == STATUS_OK; i++)
        if (brands[i].mentions == 0)
            advise_query(&session->config, misses, &brands[i], out);
    near_misses_free(misses);
    inputs_release(&inputs);
    return status;
}

enum status print_next_steps(const struct session *session, struct fault *fault) {
    struct audit audit;
    struct buf text;
    buf_init(&text, 1 << 20);
    enum status status = audit_read(session->audit, false, &audit, fault);
    if (status == STATUS_OK) {
        advise_reading(&audit, &text);
        status = advise_queries(session, &audit, &text, fault);
    }
    if (status == STATUS_OK && text.len) {
        printf("\nWhat to do next:\n");
        print_filled(&text);
    } else {
        buf_release(&text);
    }
    audit_release(&audit);
    return status;
}
