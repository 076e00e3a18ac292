/* Files of all kinds as they are met, each small: what is read of them, against
 * tests/golden/decode/cases.txt. There a case is "=== NAME", the file, "--- FORMAT, N posts, N
 * rejects" and what is read, one line a post. Local times are those of Warsaw; ids that were made
 * stand as "h". All posts are invented.
 *
 * A new case: its name and file, "---", and a run with UPDATE=1; then check every line of it. */
#include "decode_cuts.h"

#include <stdlib.h>

static const char golden[] = "tests/golden/decode/cases.txt";

/* A copy of the log in which made ids are "h". */
static void add_log(struct buf *out, const char *log) {
    for (const char *made; (made = strstr(log, "=h")); log = made + 2) {
        buf_add(out, log, (size_t)(made - log) + 2);
        if (strspn(made + 2, "0123456789abcdef") == 16)
            made += 16;
    }
    buf_text(out, log);
}

static struct buf read_case(struct span file, struct span name) {
    char label[100];
    struct decode_options options = options_of(0);
    struct run run;
    struct buf out;
    buf_init(&out, 1 << 20);
    snprintf(label, sizeof label, "%.*s", (int)name.len, name.at);
    bool read = run_decode(&run, file, label, &options, 1 << 16) == STATUS_OK;
    buf_format(&out, "%s, %llu posts, %llu rejects\n", read ? run.format : "not read",
               (unsigned long long)run.posts, (unsigned long long)run.rejects);
    add_log(&out, run.log.at);
    if (out.at[out.len - 1] != '\n')
        buf_char(&out, '\n');
    run_release(&run);
    return out;
}

/* Up to `mark` at the beginning of a line, or to the end. */
static struct span until(struct span text, const char *mark) {
    const char *at = text.at, *end = text.at + text.len;
    while (at < end && strncmp(at, mark, strlen(mark)) != 0) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        at = feed ? feed + 1 : end;
    }
    return (struct span){text.at, (size_t)(at - text.at)};
}

static void skip(struct span *text, size_t len) {
    len = len < text->len ? len : text->len;
    *text = (struct span){text->at + len, text->len - len};
}

int main(void) {
    struct buf text, made;
    struct fault fault;
    bool update = getenv("UPDATE") != NULL;
    buf_init(&made, 1 << 20);
    buf_init(&text, 1 << 20);
    if (zone_open(&utc, "Europe/Warsaw", &fault) != STATUS_OK ||
        file_read(golden, &text, &fault) != STATUS_OK)
        return 1;
    buf_char(&text, 0);
    struct span rest = {text.at, text.len - 1};
    while (rest.len) {
        struct span name = {rest.at + 4, strcspn(rest.at, "\n") - 4};
        skip(&rest, name.len + 5);
        struct span file = until(rest, "---");
        skip(&rest, file.len + 4);
        struct span want = until(rest, "=== ");
        skip(&rest, want.len);
        struct buf got = read_case(file, name);
        printf("# %.*s\n", (int)name.len, name.at);
        if (!CHECK(update || span_equal(buf_as_span(&got), want)))
            printf("# got:\n%.*s", (int)got.len, got.at);
        buf_format(&made, "=== %.*s\n", (int)name.len, name.at);
        buf_span(&made, file);
        buf_text(&made, "--- ");
        buf_span(&made, buf_as_span(&got));
        buf_release(&got);
    }
    CHECK(tap_count > 80);
    FILE *out = update ? fopen(golden, "w") : NULL;
    if (out && (fwrite(made.at, 1, made.len, out) != made.len || fclose(out) != 0))
        return 1;
    buf_release(&made);
    buf_release(&text);
    zone_release(&utc);
    return tap_done();
}
