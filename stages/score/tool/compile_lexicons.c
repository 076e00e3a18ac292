/* compile_lexicons LANGUAGE OUT FOLDER...: checks the TSV files of the folders and writes the
 * language's compiled lexicon. Problems are told on stderr; only files that cannot be read or
 * built fail the run. */
#include "stages/common/files.h"
#include "stages/score/lexicon.h"

#include <stdio.h>

static enum status compile(enum language language, const char *out, char **folders, int count,
                           struct fault *fault) {
    struct lexicon_source source = {0};
    struct buf messages, blob;
    buf_init(&messages, 16u << 20);
    buf_init(&blob, 256u << 20);
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < count; i++)
        status = lexicon_source_read_folder(&source, folders[i], LANGUAGE_OTHER, &messages, fault);
    if (status == STATUS_OK)
        status = lexicon_build(&source, language, &blob, &messages, fault);
    if (messages.len)
        fwrite(messages.at, 1, messages.len, stderr);
    if (status == STATUS_OK)
        status = file_publish(out, buf_as_span(&blob), fault);
    if (status == STATUS_OK)
        printf("%s: %zu entries, %zu bytes, %zu problems\n", out, source.count, blob.len,
               source.problems);
    lexicon_source_release(&source);
    buf_release(&messages);
    buf_release(&blob);
    return status;
}

int main(int argc, char **argv) {
    struct fault fault = {0};
    enum language language = LANGUAGE_OTHER;
    for (int i = LANGUAGE_PL; argc > 1 && i < LANGUAGE_COUNT; i++)
        if (strcmp(argv[1], language_name((enum language)i)) == 0)
            language = (enum language)i;
    if (argc < 4 || language == LANGUAGE_OTHER) {
        fprintf(stderr, "usage: compile_lexicons pl|en OUT FOLDER...\n");
        return EXIT_USAGE;
    }
    if (compile(language, argv[2], argv + 3, argc - 3, &fault) != STATUS_OK) {
        fprintf(stderr, "compile_lexicons: %s\n", fault.text);
        return fault.exit_code;
    }
    return 0;
}
