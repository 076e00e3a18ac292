/* burza verify: whether an audit is as it was written, and whether dumps are those it was made of.
 */
#include "pipeline/commands/commands.h"
#include "stages/common/digest.h"
#include "stages/store/store.h"
#include "stages/unpack/unpack.h"

#include <stdio.h>
#include <stdlib.h>

/* Which rows of the table inputs have the digest of the file, of their kind; their number. */
static enum status mark_input(const struct audit *audit, const char *path, bool *found,
                              size_t *count, struct fault *fault) {
    const struct audit_table *table = &audit->tables[TABLE_INPUTS];
    const struct input_row *rows = table->rows;
    char digests[DIGEST_KINDS][DIGEST_HEX_SIZE] = {""};
    enum status status = STATUS_OK;
    *count = 0;
    for (size_t i = 0; i < table->count && status == STATUS_OK; i++) {
        enum digest_kind kind = digest_kind_of(rows[i].digest);
        if (!digests[kind][0])
            status = store_file_digest(path, kind, digests[kind], fault);
        if (status == STATUS_OK && strcmp(rows[i].sha256, digests[kind]) == 0) {
            found[i] = true;
            ++*count;
        }
    }
    return status;
}

/* Every dump against the table; then what of the table no dump was. Counts what does not fit. */
static enum status compare_inputs(const struct audit *audit, const struct inputs *inputs,
                                  bool *found, size_t *odd, struct fault *fault) {
    const struct audit_table *table = &audit->tables[TABLE_INPUTS];
    const struct input_row *rows = table->rows;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct input_path *input = &inputs->at[i];
        size_t ours;
        enum status status = mark_input(audit, input->path, found, &ours, fault);
        if (status != STATUS_OK)
            return status;
        printf("%s  %s\n", ours ? "same     " : "different", input->label);
        *odd += !ours;
    }
    for (size_t i = 0; i < table->count; i++)
        if (!found[i]) {
            printf("missing    %s (%s %s)\n", rows[i].input,
                   digest_kind_of(rows[i].digest) == DIGEST_TREE ? rows[i].digest : "SHA-256",
                   rows[i].sha256);
            ++*odd;
        }
    return STATUS_OK;
}

static int verify_inputs(const struct options *options) {
    struct audit audit;
    struct inputs inputs = {0};
    struct fault fault = {0};
    size_t odd = 0, count = 0;
    const char **paths = calloc(options->inputs.count + options->argument_count, sizeof *paths);
    enum status status =
        paths ? audit_read(options->arguments[0], false, &audit, &fault) : fault_memory(&fault);
    if (status != STATUS_OK) {
        free(paths);
        return print_error(&fault);
    }
    for (size_t i = 0; i < options->inputs.count; i++)
        paths[count++] = options->inputs.at[i];
    for (size_t i = 1; i < options->argument_count; i++)
        paths[count++] = options->arguments[i];
    bool *found = calloc(audit.tables[TABLE_INPUTS].count + 1, sizeof *found);
    status = found ? inputs_expand(paths, count, &inputs, &fault) : fault_memory(&fault);
    if (status == STATUS_OK)
        status = compare_inputs(&audit, &inputs, found, &odd, &fault);
    if (status == STATUS_OK && odd)
        status = fault_set(&fault, STATUS_FATAL, EXIT_DATA,
                           "%zu of the dumps and inputs differ: the audit was not made of just "
                           "these files",
                           odd);
    inputs_release(&inputs);
    audit_release(&audit);
    free(found);
    free(paths);
    return status == STATUS_OK ? EXIT_DONE : print_error(&fault);
}

int command_verify(const struct options *options) {
    struct fault fault;
    char digest[DIGEST_HEX_SIZE];
    if (!options->argument_count || (options->argument_count > 1 && !options->inputs.count)) {
        print_message("burza verify wants one file: burza verify AUDIT.h5 [--inputs DUMPS]");
        return EXIT_USAGE;
    }
    const char *path = options->arguments[0];
    if (store_verify(path, &fault) != STATUS_OK ||
        store_file_digest(path, DIGEST_WHOLE, digest, &fault) != STATUS_OK)
        return print_error(&fault);
    printf("%s is whole and unchanged since its seal was made\n"
           "This proves that no accident changed it, not who made it: whoever changes a file can\n"
           "seal it anew. To prove later that it is this one, publish its digest now (the same as\n"
           "sha256sum gives):\n"
           "SHA-256 %s\n",
           path, digest);
    return close_output(options->inputs.count ? verify_inputs(options) : EXIT_DONE);
}
