/* burza: offline audit of brands in archived social-media dumps. See ARCHITECTURE.md. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/wrap.h"
#include "stages/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static int usage(FILE *to, int code) {
    struct buf text;
    bool terminal;
    buf_init(&text, 1 << 16);
    options_usage(wrap_width(&terminal), &text);
    fwrite(text.at, 1, text.len, to);
    buf_release(&text);
    return to == stdout ? close_output(code) : code;
}

/* CLD2 takes and frees up to 300 KB for each text that it is asked about: glibc would give the
 * pages back to the system every time. What is larger than KEPT_MAX goes back as ever. */
static void keep_freed_memory(void) {
#ifdef __GLIBC__
    enum { KEPT_MAX = 1 << 20 };
    mallopt(M_MMAP_THRESHOLD, KEPT_MAX);
    mallopt(M_TRIM_THRESHOLD, 4 * KEPT_MAX);
#endif
}

int main(int argc, char **argv) {
    keep_freed_memory();
    store_init();
    show_visibly();
    /* no result depends on the machine's zone, and libarchive need not look for it per entry */
    setenv("TZ", "UTC", 1);
    if (argc < 2)
        return usage(stderr, EXIT_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return usage(stdout, EXIT_DONE);
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    const struct command *command = command_find(name);
    if (!command) {
        print_message("there is no command \"%.40s\"; burza --help lists them", argv[1]);
        return EXIT_USAGE;
    }
    struct options options;
    if (!options_parse(command, argc - 1, argv + 1, &options))
        return EXIT_USAGE;
    if (!options.help)
        return command->run(&options);
    struct buf text;
    bool terminal;
    buf_init(&text, 1 << 16);
    options_help(command, wrap_width(&terminal), &text);
    int code = print_buf(&text);
    buf_release(&text);
    return code;
}
