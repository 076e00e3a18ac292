/* burza export of an audit full of hostile text: CSV that no spreadsheet runs, JSON that parses. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/table_writer.h"
#include "report_sample.h"
#include "stages/common/files.h"
#include "tap.h"

#include <unistd.h>

/* Runs `burza export PATH TABLE --format FORMAT` with standard output in a file; reads it. */
static int export_to(const char *path, const char *table, const char *format, struct buf *out) {
    char name[] = "/tmp/test_pipeline_export.XXXXXX";
    char *arguments[] = {(char *)(uintptr_t)path, (char *)(uintptr_t)table};
    struct options options = {.format = format, .arguments = arguments, .argument_count = 2};
    struct fault fault = {0};
    int file = mkstemp(name), saved = dup(1);
    if (file < 0 || saved < 0)
        return -1;
    fflush(stdout);
    dup2(file, 1);
    int code = command_export(&options);
    fflush(stdout);
    dup2(saved, 1);
    close(saved);
    close(file);
    bool read = file_read(name, out, &fault) == STATUS_OK;
    unlink(name);
    return read ? code : -1;
}

static const char *const tables[] = {"crises",  "bursts", "hourly",   "daily",  "monthly",
                                     "authors", "terms",  "evidence", "inputs", "rejects"};
enum { TABLES = sizeof tables / sizeof *tables };

/* Reads one RFC 4180 cell; false at the end of the record. */
static bool next_cell(const char **at, const char *end, const char **first, bool *last) {
    bool quoted = *at < end && **at == '"';
    if (quoted)
        ++*at;
    *first = *at;
    while (*at < end) {
        if (quoted && **at == '"' && *at + 1 < end && (*at)[1] == '"')
            ++*at;
        else if (quoted && **at == '"')
            quoted = false;
        else if (!quoted && (**at == ',' || **at == '\n'))
            break;
        ++*at;
    }
    *last = *at < end && **at == '\n';
    ++*at;
    return !quoted;
}

struct csv_facts {
    int rows, columns, formulas;
    bool even;
};

/* The hostile texts begin with one of these; numbers may begin with a minus. */
static bool formula(const char *cell, const char *end) {
    if (cell >= end || *cell == 0)
        return false;
    return strchr("=+@\t\r", *cell) || (end - cell > 2 && memcmp(cell, "\xEF\xBC\x9D", 3) == 0);
}

static struct csv_facts read_csv(const struct buf *csv) {
    struct csv_facts facts = {.even = true};
    const char *at = csv->at, *end = csv->at + csv->len;
    int column = 0;
    while (at < end) {
        const char *first;
        bool last;
        facts.even &= next_cell(&at, end, &first, &last);
        facts.formulas += formula(first, end);
        column++;
        if (last) {
            if (facts.rows++ == 0)
                facts.columns = column;
            facts.even &= column == facts.columns;
            column = 0;
        }
    }
    return facts;
}

/* Lines of one object each, all with as many keys; returns how many, -1 when one is broken. */
static int count_lines(const struct buf *lines, size_t keys) {
    int count = 0;
    for (const char *at = lines->at, *end = at + lines->len; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        json_t *row = stop ? json_loadb(at, (size_t)(stop - at), 0, NULL) : NULL;
        bool ok = row && json_object_size(row) == keys;
        json_decref(row);
        if (!ok)
            return -1;
        count++;
        at = stop + 1;
    }
    return count;
}

static void check_tables(const char *path) {
    struct buf csv, lines;
    buf_init(&csv, 64 << 20);
    buf_init(&lines, 64 << 20);
    for (int i = 0; i < TABLES; i++) {
        CHECK_INT(export_to(path, tables[i], "csv", &csv), EXIT_DONE);
        CHECK_INT(export_to(path, tables[i], "jsonl", &lines), EXIT_DONE);
        struct csv_facts facts = read_csv(&csv);
        CHECK(facts.even && facts.columns > 1);
        CHECK_INT(facts.formulas, 0);
        CHECK_INT(count_lines(&lines, (size_t)facts.columns), facts.rows - 1);
    }
    CHECK_INT(export_to(path, "posts", "csv", &csv), EXIT_DATA);
    CHECK_INT(export_to(path, "nothing", "csv", &csv), EXIT_USAGE);
    buf_release(&csv);
    buf_release(&lines);
}

static void check_values(const char *path) {
    struct buf lines;
    json_error_t error;
    buf_init(&lines, 64 << 20);
    if (!CHECK_INT(export_to(path, "crises", "jsonl", &lines), EXIT_DONE))
        return;
    json_t *row = json_loadb(lines.at, strcspn(lines.at, "\n"), 0, &error);
    int64_t onset = SAMPLE_START + 350 * 3600 + 2400;
    CHECK_STR(json_string_value(json_object_get(row, "brand")), "norvia");
    CHECK_INT(json_integer_value(json_object_get(row, "onset")), onset);
    CHECK_STR(json_string_value(json_object_get(row, "onset_iso")), "2023-03-15T13:40:00Z");
    CHECK(json_is_null(json_object_get(row, "recovered_at")));
    CHECK(json_is_null(json_object_get(row, "recovered_at_iso")));
    CHECK_INT(json_integer_value(json_object_get(row, "duration_s")), 42 * 3600);
    CHECK(json_real_value(json_object_get(row, "expected")) == 58.4);
    json_decref(row);
    buf_clear(&lines);
    CHECK_INT(export_to(path, "hourly", "jsonl", &lines), EXIT_DONE);
    row = json_loadb(lines.at, strcspn(lines.at, "\n"), 0, &error);
    CHECK_INT(json_integer_value(json_object_get(row, "time")), SAMPLE_START);
    CHECK(json_is_null(json_object_get(row, "net_sentiment"))); /* NAN */
    json_decref(row);
    buf_release(&lines);
}

static void check_audit(const char *hostile) {
    char path[] = "/tmp/test_pipeline_audit.XXXXXX";
    struct audit audit;
    struct fault fault = {0};
    int file = mkstemp(path);
    if (!CHECK(file >= 0))
        return;
    close(file);
    if (CHECK(sample_audit(&audit, hostile) && audit_write(path, &audit, &fault) == STATUS_OK)) {
        check_tables(path);
        check_values(path);
    }
    audit_release(&audit);
    unlink(path);
}

int main(void) {
    store_init();
    check_audit(NULL);
    check_audit("=HYPERLINK(\"http://e.example\",\"x\")");
    check_audit("@a,\"b\"\r\n+c");
    check_audit("\t-1+2");
    check_audit("\xEF\xBC\x9D"
                "1");
    check_audit("\xFF\xFE not UTF-8, \"quoted\"");
    return tap_done();
}
