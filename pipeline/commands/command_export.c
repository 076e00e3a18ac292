/* burza export: a table of the audit on standard output, or tables as a workbook. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/export_rows.h"
#include "pipeline/commands/export_workbook.h"
#include "pipeline/commands/output.h"
#include "pipeline/commands/wrap.h"
#include "stages/common/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PIPED_COLUMNS = 80, BOOK_MAX_BYTES = INT32_MAX };

static enum status no_posts(const char *path, struct fault *fault) {
    return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                     "\"%s\" keeps no posts: \"privacy\" in the configuration decides that", path);
}

static int print_table(const struct export_view *view, const struct export_source *source,
                       enum table_writer_format format) {
    struct table_writer writer;
    table_writer_init(&writer, format);
    writer.zone = &view->zone;
    int columns = terminal_columns();
    if (format == TABLE_WRITER_ALIGNED)
        table_writer_align(&writer, columns ? columns : PIPED_COLUMNS,
                           export_preferred(source->name));
    if (format != TABLE_WRITER_JSON_LINES && !writer.failed)
        export_header(&writer, source);
    size_t count = export_count(source, view);
    bool ok = !writer.failed;
    for (size_t i = 0; i < count && ok; i++) {
        table_writer_row_begin(&writer);
        source->write(&writer, view, source->table, i);
        ok = table_writer_row_end(&writer);
    }
    ok = ok && table_writer_end(&writer);
    table_writer_release(&writer);
    if (!ok && !ferror(stdout)) {
        print_message("out of memory");
        return EXIT_INTERNAL;
    }
    return close_output(EXIT_DONE);
}

static int export_table(const char *path, const struct export_source *source,
                        enum table_writer_format format) {
    struct export_view view;
    struct fault fault = {0};
    if (export_view_open(path, source->posts, &view, &fault) != STATUS_OK)
        return print_error(&fault);
    if (source->explain && view.audit.keep_posts) {
        view.explain = true;
        if (score_reasons_open(&view.reasons, &view.audit, &fault) != STATUS_OK) {
            export_view_release(&view);
            return print_error(&fault);
        }
        if (!view.reasons)
            print_message("decided_by is left empty: the audit was scored with other lexicons or "
                          "by another version of burza; burza run with the dumps makes it anew");
    }
    int code = source->posts && !view.audit.keep_posts && no_posts(path, &fault) != STATUS_OK
                   ? print_error(&fault)
                   : print_table(&view, source, format);
    export_view_release(&view);
    return code;
}

/* Beside the audit, with its name. */
static void book_path(const char *audit, struct buf *out) {
    struct span stem = span_of(audit);
    if (span_ends(stem, ".h5"))
        stem.len -= 3;
    buf_span(out, stem);
    buf_add(out, ".xlsx", sizeof ".xlsx");
}

static enum status publish_book(const char *path, const struct buf *book, struct fault *fault) {
    if (strcmp(path, "-") != 0) {
        enum status status = file_publish(path, buf_as_span(book), fault);
        if (status == STATUS_OK)
            print_message("wrote %s", path);
        return status;
    }
    if (!fd_write(STDOUT_FILENO, buf_as_span(book)))
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write the workbook");
    return STATUS_OK;
}

static enum status make_book(const struct options *options, const struct export_source *source,
                             const char *path, struct fault *fault) {
    struct export_view view;
    struct buf book;
    const char *audit = options->arguments[0];
    enum status status =
        strcmp(path, "-") != 0 ? output_check(path, OUTPUT_BOOK, fault) : STATUS_OK;
    if (status == STATUS_OK)
        status = export_view_open(audit, true, &view, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&book, BOOK_MAX_BYTES);
    if (source && source->posts && !view.audit.keep_posts)
        status = no_posts(audit, fault);
    if (status == STATUS_OK)
        status = export_workbook(&view, source, options->language, path, &book, fault);
    if (status == STATUS_OK)
        status = publish_book(path, &book, fault);
    buf_release(&book);
    export_view_release(&view);
    return status;
}

/* To -o; else to standard output, unless that is a terminal: then beside the audit. */
static int export_book(const struct options *options, const struct export_source *source) {
    struct fault fault = {0};
    struct buf path;
    buf_init(&path, 1 << 16);
    if (options->output)
        buf_add(&path, options->output, strlen(options->output) + 1);
    else if (isatty(STDOUT_FILENO))
        book_path(options->arguments[0], &path);
    else
        buf_add(&path, "-", 2);
    enum status status =
        path.failed ? fault_memory(&fault) : make_book(options, source, path.at, &fault);
    buf_release(&path);
    return status == STATUS_OK ? EXIT_DONE : print_error(&fault);
}

void export_tables(struct buf *out) {
    for (int i = 0; i < TABLE_COUNT; i++)
        buf_format(out, "%s ", table_layouts[i].name);
    for (int i = 0; i < GRID_COUNT; i++)
        buf_format(out, "%s ", grid_names[i]);
    buf_text(out, "monthly posts");
}

static int wrong_usage(const char *wrong) {
    struct buf tables;
    buf_init(&tables, 1 << 16);
    export_tables(&tables);
    if (wrong)
        print_message("there is no table \"%.60s\"; choose one of %.*s", wrong, (int)tables.len,
                      tables.at);
    else
        print_message("export wants an audit and a table: burza export AUDIT.h5 TABLE [--format "
                      "csv|jsonl|table], or --format xlsx for all of them; tables are %.*s",
                      (int)tables.len, tables.at);
    buf_release(&tables);
    return EXIT_USAGE;
}

int command_export(const struct options *options) {
    struct export_source source;
    const char *format = options->format;
    bool book = format && strcmp(format, "xlsx") == 0;
    size_t count = options->argument_count;
    if (count < 1 || count > 2 || (count == 1 && !book))
        return wrong_usage(NULL);
    if (count == 2 && !export_find(options->arguments[1], &source))
        return wrong_usage(options->arguments[1]);
    if (options->explain && (book || !source.posts)) {
        print_message("--explain goes with the table posts, as csv, jsonl or table");
        return EXIT_USAGE;
    }
    if (book)
        return export_book(options, count == 2 ? &source : NULL);
    if (options->output) {
        print_message("-o is for --format xlsx; tables go to standard output: burza export ... >%s",
                      options->output);
        return EXIT_USAGE;
    }
    enum table_writer_format shape = TABLE_WRITER_CSV;
    if (format ? strcmp(format, "table") == 0 : isatty(STDOUT_FILENO))
        shape = TABLE_WRITER_ALIGNED;
    if (format && strcmp(format, "jsonl") == 0)
        shape = TABLE_WRITER_JSON_LINES;
    source.explain = options->explain;
    return export_table(options->arguments[0], &source, shape);
}
