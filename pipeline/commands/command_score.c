/* burza score: one text per line in, one scored line out, in order, for any number of threads. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/score_options.h"

#include <errno.h>
#include <fcntl.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BATCH_BYTES = 8 << 20,
    SLICE_BYTES = 64 << 10,
    SLICES = BATCH_BYTES / SLICE_BYTES + 1,
    OUTPUT_MAX = 1 << 30,
    TSV_MAX = 80, /* a line: two names of a dozen bytes, four numbers of seven */
};

/* One thread's own. */
struct worker {
    struct score_reader reader;
    struct score_scratch *scratch;
};

struct score_run {
    const struct score_command *command;
    struct scorer *scorer;
    struct worker *workers;
    int worker_count;
    struct span slices[SLICES]; /* whole lines of the batch */
    struct buf outputs[SLICES];
    bool failed; /* out of memory in a thread */
};

static char *put_name(char *at, const char *name) {
    size_t len = strlen(name);
    memcpy(at, name, len);
    return at + len;
}

static char *put_milli(char *at, int value) {
    unsigned size = (unsigned)abs(value);
    if (value < 0)
        *at++ = '-';
    *at++ = (char)('0' + size / 1000);
    *at++ = '.';
    *at++ = (char)('0' + size / 100 % 10);
    *at++ = (char)('0' + size / 10 % 10);
    *at++ = (char)('0' + size % 10);
    return at;
}

static void add_milli(struct buf *out, int value) {
    char digits[8];
    buf_add(out, digits, (size_t)(put_milli(digits, value) - digits));
}

/* Room is asked for once: lines are short, and there are many. */
static void add_tsv(struct buf *out, const struct score *score, enum language language) {
    if (!buf_reserve(out, TSV_MAX))
        return;
    char *at = put_name(out->at + out->len, label_name((enum label)score->label));
    *at++ = '\t';
    at = put_milli(at, score->score_milli);
    for (int i = 0; i < 3; i++) {
        *at++ = '\t';
        if (score->label != LABEL_NONE)
            at = put_milli(at, score->p_milli[i]);
    }
    *at++ = '\t';
    at = put_name(at, language_name(language));
    *at++ = '\n';
    out->len = (size_t)(at - out->at);
}

static void add_json(struct buf *out, const struct score *score, enum language language) {
    static const char *const names[3] = {"p_negative", "p_neutral", "p_positive"};
    buf_format(out, "{\"label\":\"%s\",\"score\":", label_name((enum label)score->label));
    add_milli(out, score->score_milli);
    for (int i = 0; i < 3; i++) {
        buf_format(out, ",\"%s\":", names[i]);
        if (score->label == LABEL_NONE)
            buf_text(out, "null");
        else
            add_milli(out, score->p_milli[i]);
    }
    buf_format(out, ",\"language\":\"%s\",\"intents\":[", language_name(language));
    const char *comma = "";
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        if (!(score->intents >> i & 1))
            continue;
        buf_format(out, "%s\"%s\"", comma, intent_name(i));
        comma = ",";
    }
    buf_format(out,
               "],\"stage\":\"%s\",\"topic\":\"%s\",\"p\":", stage_name((enum stage)score->stage),
               topic_name((enum post_topic)score->topic));
    if (score->label == LABEL_NONE)
        buf_text(out, "null");
    else
        add_milli(out, score->p_milli[score->label + 1]);
    buf_text(out, "}\n");
}

static bool score_slice(struct score_run *run, struct worker *worker, unsigned number) {
    const struct score_command *command = run->command;
    struct span rest = run->slices[number];
    struct buf *out = &run->outputs[number];
    buf_clear(out);
    while (rest.len && !out->failed) {
        const char *end = memchr(rest.at, '\n', rest.len);
        struct span line = {rest.at, end ? (size_t)(end - rest.at) : rest.len};
        size_t used = line.len + (end != NULL);
        rest = (struct span){rest.at + used, rest.len - used};
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        const struct tokens *tokens = score_reader_read(&worker->reader, command, line, NULL);
        if (!tokens)
            return false;
        enum language language = score_command_language(command, tokens);
        if (command->explain) {
            buf_span(out, line);
            buf_char(out, '\n');
            scorer_explain(run->scorer, worker->scratch, tokens, language, out);
            buf_char(out, '\n');
            continue;
        }
        struct score score;
        scorer_score(run->scorer, worker->scratch, tokens, language, SCORE_WHOLE, &score);
        if (command->json)
            add_json(out, &score, language);
        else
            add_tsv(out, &score, language);
    }
    return !out->failed;
}

static enum status score_batch(struct score_run *run, struct span lines, struct fault *fault) {
    int count = 0;
    while (lines.len) {
        /* whole lines of about SLICE_BYTES */
        size_t len = lines.len;
        if (len > SLICE_BYTES && count + 1 < SLICES) {
            const char *end = memchr(lines.at + SLICE_BYTES, '\n', len - SLICE_BYTES);
            len = end ? (size_t)(end - lines.at) + 1 : len;
        }
        run->slices[count++] = (struct span){lines.at, len};
        lines = (struct span){lines.at + len, lines.len - len};
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(run->worker_count)
    for (int i = 0; i < count; i++)
        if (!score_slice(run, &run->workers[omp_get_thread_num()], (unsigned)i)) {
#pragma omp atomic write
            run->failed = true;
        }
    if (run->failed)
        return fault_memory(fault);
    for (int i = 0; i < count; i++)
        if (fwrite(run->outputs[i].at, 1, run->outputs[i].len, stdout) != run->outputs[i].len)
            return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write the results: %s",
                             strerror(errno));
    return STATUS_OK;
}

/* Reads until `batch` is full or the input ends; false at an error. */
static bool fill(int fd, char *batch, size_t *len) {
    while (*len < BATCH_BYTES) {
        ssize_t got = read(fd, batch + *len, BATCH_BYTES - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        *len += (size_t)got;
    }
    return true;
}

/* Batches end behind a line; a line longer than a whole batch is scored by its beginning. */
static enum status score_input(struct score_run *run, int fd, char *batch, struct fault *fault) {
    size_t len = 0;
    bool inside_long = false;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        if (!fill(fd, batch, &len))
            return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the texts: %s",
                             strerror(errno));
        if (!len)
            break;
        const char *from = inside_long ? memchr(batch, '\n', len) : batch;
        bool last = len < BATCH_BYTES;
        const char *end = last ? batch + len - 1 : memrchr(batch, '\n', len);
        if (!from) {
            len = 0;
            continue;
        }
        from += inside_long;
        bool too_long = !end || end < from;
        size_t used = too_long ? len : (size_t)(end + 1 - batch);
        status = score_batch(run, (struct span){from, (size_t)(batch + used - from)}, fault);
        inside_long = too_long && !last;
        memmove(batch, batch + used, len - used);
        len -= used;
    }
    return status;
}

static enum status workers_make(struct score_run *run, struct fault *fault) {
    run->worker_count = run->command->threads ? run->command->threads : omp_get_max_threads();
    run->workers = calloc((size_t)run->worker_count, sizeof *run->workers);
    if (!run->workers)
        return fault_memory(fault);
    for (int i = 0; i < SLICES; i++)
        buf_init(&run->outputs[i], OUTPUT_MAX);
    for (int i = 0; i < run->worker_count; i++) {
        if (score_reader_init(&run->workers[i].reader, run->command, fault) != STATUS_OK ||
            score_scratch_new(&run->workers[i].scratch, fault) != STATUS_OK)
            return STATUS_FATAL;
    }
    return STATUS_OK;
}

static enum status score_file(struct score_run *run, const char *path, struct fault *fault) {
    bool standard = !path || strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot open \"%s\": %s", path,
                         strerror(errno));
    char *batch = malloc(BATCH_BYTES);
    enum status status = batch ? score_input(run, fd, batch, fault) : fault_memory(fault);
    free(batch);
    if (!standard)
        close(fd);
    if (status == STATUS_OK && fflush(stdout) != 0)
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write the results: %s",
                           strerror(errno));
    return status;
}

int command_score(const struct options *options) {
    struct score_command command;
    struct fault fault = {0};
    int code = score_command_read(&command, options, "score", "tsv");
    if (code != EXIT_DONE)
        return code;
    if (options->argument_count > 1) {
        print_message("one file at most");
        return EXIT_USAGE;
    }
    struct score_run *run = calloc(1, sizeof *run);
    if (!run) {
        print_message("out of memory");
        return EXIT_INTERNAL;
    }
    run->command = &command;
    command.options.sentiment_only = !command.json && !command.explain; /* tsv shows no more */
    enum status status = workers_make(run, &fault);
    if (status == STATUS_OK)
        status = scorer_open(&run->scorer, &command.options, &fault);
    if (status == STATUS_OK)
        status = score_file(run, options->arguments[0], &fault);
    if (status != STATUS_OK)
        print_error(&fault);
    for (int i = 0; run->workers && i < run->worker_count; i++) {
        score_reader_release(&run->workers[i].reader);
        score_scratch_free(run->workers[i].scratch);
    }
    for (int i = 0; i < SLICES; i++)
        buf_release(&run->outputs[i]);
    free(run->workers);
    score_command_release(&command);
    scorer_free(run->scorer);
    free(run);
    return status == STATUS_OK ? EXIT_DONE : fault.exit_code;
}
