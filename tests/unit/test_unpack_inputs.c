/* What the user names becomes a sorted list of files; and labels are cleaned. */
#include "stages/unpack/label.h"
#include "test_unpack_kit.h"

static void make_folder(const char *name) {
    if (mkdir(kit_path(name), 0755) != 0)
        abort();
}

static void make_file(const char *name) {
    kit_write(name, span_of(name));
}

static void check_list(const char *const *given, size_t count, const char *want) {
    struct inputs inputs;
    struct fault fault = {0};
    struct buf labels = kit_buf();
    if (!CHECK_INT(inputs_expand(given, count, &inputs, &fault), STATUS_OK)) {
        printf("# %s\n", fault.text);
        return;
    }
    for (size_t i = 0; i < inputs.count; i++)
        buf_format(&labels, "%s|", inputs.at[i].label);
    CHECK_SPAN(buf_as_span(&labels), want);
    buf_release(&labels);
    inputs_release(&inputs);
}

static void check_given(const char *given, const char *want) {
    check_list(&given, 1, want);
}

static void check_labels(const char *const *names, size_t count, const char *want) {
    char paths[8][256];
    const char *given[8];
    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", kit_folder, names[i]);
        given[i] = strcmp(names[i], "-") == 0 ? "-" : paths[i];
    }
    check_list(given, count, want);
}

#define LABELS(want, ...)                                                                          \
    do {                                                                                           \
        const char *const given[] = {__VA_ARGS__};                                                 \
        check_labels(given, sizeof given / sizeof given[0], want);                                 \
    } while (0)

static void check_fatal(const char *path, int exit_code, const char *says) {
    struct inputs inputs;
    struct fault fault = {0};
    CHECK_INT(inputs_expand(&path, 1, &inputs, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, exit_code);
    CHECK(kit_says(fault.text, says));
}

static void test_expansion(void) {
    make_folder("d");
    make_folder("d/b");
    make_folder("d/b/deep");
    make_folder("d/.git");
    make_folder("d/a.h5.parts");
    make_folder("hollow");
    make_file("d/z.json");
    make_file("d/a.json");
    make_file("d/B.json");
    make_file("d/b/x.json");
    make_file("d/b/deep/ż.json");
    make_file("d/.hidden");
    make_file("d/.git/config");
    make_file("d/a.h5");
    make_file("d/a.h5.parts/shard");
    make_file("d/c.tmp");
    make_file("single.gz");
    CHECK(symlink(kit_path("d"), kit_path("d/loop")) == 0);
    CHECK(symlink("nowhere", kit_path("d/dangling")) == 0);
    CHECK(symlink(kit_path("single.gz"), kit_path("d/link.gz")) == 0);
    CHECK(mkfifo(kit_path("d/fifo"), 0600) == 0);
    LABELS("B.json|a.json|b/deep/ż.json|b/x.json|link.gz|z.json|", "d");
    LABELS("B.json|a.json|b/deep/ż.json|b/x.json|link.gz|z.json|", "d//", "d");
    LABELS("B.json|a.json|b/deep/ż.json|b/x.json|link.gz|z.json|", "d/B.json", "d/z.json", "d/b",
           "d/a.json", "d/link.gz");
    LABELS("-|d/z.json|single.gz|", "single.gz", "-", "d/z.json", "single.gz", "-");
    LABELS("deep/ż.json|x.json|", "d/b", "d/b/deep/../x.json");
    LABELS("deep/ż.json|x.json|", "d/b/.");
    LABELS("z.json|", "d/z.json");
    LABELS("a.h5|", "d/a.h5"); /* named: the user means it */
    /* lists: a path a line, or each with a NUL behind it */
    char list[1000];
    int len = snprintf(list, sizeof list, "%s\r\n\n%s\n", kit_path("d/z.json"), kit_path("d/b"));
    kit_write("list", (struct span){list, (size_t)len});
    snprintf(list, sizeof list, "@%s", kit_path("list"));
    check_given(list, "b/deep/ż.json|b/x.json|z.json|");
    len = snprintf(list, sizeof list, "%s", kit_path("d/z.json")) + 1;
    len += snprintf(list + len, sizeof list - (size_t)len, "%s", kit_path("d/a.json")) + 1;
    kit_write("list", (struct span){list, (size_t)len});
    snprintf(list, sizeof list, "@%s", kit_path("list"));
    check_given(list, "a.json|z.json|");
    check_fatal("@/no/such/list", EXIT_NOINPUT, "/no/such/list");
    /* links to folders are followed, each folder once, under its own name where it has one */
    make_folder("elsewhere");
    make_file("elsewhere/far.json");
    CHECK(symlink(kit_path("elsewhere"), kit_path("d/2022")) == 0);
    CHECK(symlink(kit_path("elsewhere"), kit_path("d/b/again")) == 0);
    CHECK(symlink(kit_path("d"), kit_path("elsewhere/back")) == 0);
    LABELS("2022/far.json|B.json|a.json|b/deep/ż.json|b/x.json|link.gz|z.json|", "d");
    LABELS("d/B.json|d/a.json|d/b/deep/ż.json|d/b/x.json|d/link.gz|d/z.json|elsewhere/far.json|",
           "d", "elsewhere");
    check_fatal(kit_path("absent"), EXIT_NOINPUT, "absent");
    check_fatal(kit_path("hollow"), EXIT_NOINPUT, "nothing to read");
    check_fatal(kit_path("d/fifo"), EXIT_DATA, "neither a file nor a folder");
    check_fatal("/dev/zero", EXIT_DATA, "neither a file nor a folder");
}

static void test_identity(void) {
    struct inputs inputs;
    struct fault fault;
    const char *path = kit_path("single.gz");
    struct stat st;
    CHECK(stat(path, &st) == 0);
    CHECK_INT(inputs_expand(&path, 1, &inputs, &fault), STATUS_OK);
    CHECK_INT(inputs.at[0].size, st.st_size);
    CHECK_INT(inputs.at[0].mtime_ns, (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
    CHECK_STR(inputs.at[0].path, path);
    inputs_release(&inputs);
    path = "-";
    CHECK_INT(inputs_expand(&path, 1, &inputs, &fault), STATUS_OK);
    CHECK_INT(inputs.at[0].size, -1);
    CHECK_INT(inputs.at[0].mtime_ns, 0);
    inputs_release(&inputs);
}

static void check_label(struct span raw, size_t size, const char *want) {
    char out[300];
    const char *label = out;
    label_sanitize(raw, out, size);
    CHECK_STR(label, want);
}

static void test_labels(void) {
    check_label(SPAN_LITERAL("zażółć/gęślą.json"), 256, "zażółć/gęślą.json");
    check_label(SPAN_LITERAL("a\0b\x1b[0m\x7f\r\n"), 256, "a_b_[0m___");
    check_label(SPAN_LITERAL("\xc2\x80\xc2\x9f\xc2\xa0"), 256, "__\xc2\xa0");
    check_label(SPAN_LITERAL("\xe2\x80\xae"
                             "gnp.exe\xe2\x81\xa6\xe2\x80\xa8"),
                256, "_gnp.exe__");
    check_label(SPAN_LITERAL("\xff|\xc0\xaf|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82"), 400 - 144,
                "\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|"
                "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD");
    check_label(SPAN_LITERAL("ąąąą"), 6, "ąą"); /* 5 bytes fit, two letters */
    check_label(SPAN_LITERAL("abcdef"), 4, "abc");
    check_label((struct span){NULL, 0}, 4, "");
}

int main(void) {
    kit_begin();
    test_expansion();
    test_identity();
    test_labels();
    kit_end();
    return tap_done();
}
