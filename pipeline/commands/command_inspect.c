/* burza inspect: what is in these archives. Reads everything, stores nothing. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/input_advice.h"
#include "pipeline/commands/session.h"
#include "pipeline/scan/reject_file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { LANGUAGE_SAMPLE = 16 }; /* one post in so many is asked for its language */

/* What one input turned out to hold. */
struct finding {
    struct batch batch; /* its tally, formats, members, damage */
    struct input_summary summary;
    struct input_seen seen;
};

struct inspector {
    const struct config *config;
    struct budget budget;
    struct worker_shared shared;
    struct worker worker;
    struct work_item item;
};

/* A post, instead of matching it: `visitor` is what the finding has seen. */
static enum status see_post(struct worker *worker, const struct post *post, struct batch *batch,
                            struct fault *fault) {
    struct input_seen *seen = worker->shared->visitor;
    input_seen_post(seen, post, decode_tool(worker->member));
    if (batch->tally.posts % LANGUAGE_SAMPLE != 1)
        return STATUS_OK;
    enum status status = tokens_read(&worker->tokens, post->text, fault);
    if (status == STATUS_OK)
        seen->languages[language_detect(&worker->tokens, post->language_hint)]++;
    return status;
}

/* The scan's own reading and decoding of one input, with nothing kept. */
static enum status see_input(struct inspector *in, const struct input_path *path,
                             struct finding *finding, struct fault *fault) {
    struct input_scan scan;
    struct batch *batch = &finding->batch;
    struct reading reading = *config_reading(in->config, path);
    struct scan_input what = {.path = path, .reading = &reading};
    reading.since_us = INT64_MIN; /* what is there is told, used or not */
    reading.until_us = INT64_MAX;
    in->worker.reading = &reading;
    enum status status =
        input_scan_open(&scan, &what, NULL, NULL, NULL, NULL, DIGEST_WHOLE, &in->budget, fault);
    in->shared.visitor = &finding->seen;
    while (status == STATUS_OK && !(in->shared.suggestion && in->shared.suggestion->len) &&
           (status = input_scan_read(&scan, &in->item, fault)) == STATUS_OK)
        status = in->item.packed ? worker_packed(&in->worker, buf_as_span(&in->item.raw),
                                                 in->item.label, batch, fault)
                                 : worker_block(&in->worker, &in->item.block, batch, fault);
    if (scan.input)
        input_finish(scan.input, &finding->summary);
    utf8_sanitize(finding->summary.damage);
    if (scan.skip_note[0])
        batch_note(batch, scan.damaged, "", scan.skip_note);
    batch->members_skipped += scan.skipped;
    input_scan_close(&scan);
    return status == STATUS_END ? STATUS_OK : status;
}

static bool is_damaged(const struct finding *finding) {
    return finding->batch.damaged || finding->summary.damaged;
}

static const char *trouble(const struct finding *finding) {
    return finding->summary.damage[0] ? finding->summary.damage : finding->batch.note;
}

static void time_text(int64_t us, char out[ISO_SIZE]) {
    if (us == TIME_NONE)
        snprintf(out, ISO_SIZE, "-");
    else
        when_iso(floor_div(us, US_PER_S), out);
}

/* Tools, platforms, what is missing, and the next step. */
static void print_seen(const struct finding *finding, struct buf *out) {
    const struct input_seen *seen = &finding->seen;
    const char *advice[ADVICE_MOST];
    const char *next = input_next_step(&finding->batch, is_damaged(finding));
    size_t count = input_advice(seen, advice);
    for (size_t i = 0; i < SEEN_TOOLS && seen->tools[i][0]; i++)
        buf_format(out, "%s%s", i ? ", " : "  tool             ", seen->tools[i]);
    if (seen->tools[0][0])
        buf_char(out, '\n');
    for (int i = 0, first = 1; i < PLATFORM_COUNT; i++)
        if (seen->platforms[i]) {
            buf_format(out, "%s%s %llu", first ? "  platform         " : ", ",
                       platform_name((enum platform)i), (unsigned long long)seen->platforms[i]);
            first = 0;
        }
    if (seen->posts)
        buf_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        buf_format(out, "  missing          %s\n", advice[i]);
    if (next)
        buf_format(out, "  next             %s\n", next);
}

/* What names of files, ids and the export itself say of the time that is there. */
static void print_coverage(const struct tally *tally, struct buf *out) {
    struct tally_minutes minutes = tally_file_minutes(tally);
    double sampling = tally_sampling(tally);
    char until[ISO_SIZE];
    if (minutes.there)
        buf_format(out, "  minutes          %llu of %lld, by files named by minute or hour\n",
                   (unsigned long long)minutes.there,
                   (long long)(minutes.last - minutes.first + 1));
    if (sampling > 0)
        buf_format(out, "  sample           %g %% of all posts, by the milliseconds of the ids\n",
                   sampling * 100);
    for (size_t i = 0; i < tally->exported.cap; i++)
        if (tally->exported.used[i]) {
            when_iso((int64_t)tally->exported.entries[i].value, until);
            buf_format(out, "  exported         %s\n", until);
        }
}

static void add_coverage(json_t *object, const struct tally *tally) {
    struct tally_minutes minutes = tally_file_minutes(tally);
    double sampling = tally_sampling(tally);
    json_t *exported = json_null();
    for (size_t i = 0; i < tally->exported.cap; i++)
        if (tally->exported.used[i])
            exported = json_integer((json_int_t)tally->exported.entries[i].value);
    json_object_set_new(object, "minutes",
                        minutes.there
                            ? json_pack("{s:I, s:I}", "there", (json_int_t)minutes.there, "of",
                                        (json_int_t)(minutes.last - minutes.first + 1))
                            : json_null());
    json_object_set_new(object, "sampling", sampling > 0 ? json_real(sampling) : json_null());
    json_object_set_new(object, "exported", exported);
}

static void print_text(const struct input_path *path, const struct finding *finding,
                       struct buf *out) {
    const struct batch *batch = &finding->batch;
    char first[ISO_SIZE], last[ISO_SIZE], hex[DIGEST_HEX_SIZE];
    uint64_t asked = 0;
    time_text(batch->tally.first_us, first);
    time_text(batch->tally.last_us, last);
    digest_hex(finding->summary.sha256, hex);
    buf_format(out, "%s\n  %s, %s, %llu bytes, %u members", path->label, finding->summary.container,
               finding->summary.codec, (unsigned long long)finding->summary.bytes_in,
               batch->members);
    buf_text(out, "\n  format          ");
    for (int i = 0; i < SEEN_FORMATS && batch->formats[i]; i++)
        buf_format(out, " %s", batch->formats[i]);
    buf_format(out, "%s\n  records          %llu\n  posts            %llu",
               batch->formats[0] ? "" : " none recognised",
               (unsigned long long)batch->tally.records, (unsigned long long)batch->tally.posts);
    if (batch->tally.embedded)
        buf_format(out, " and %llu inside them", (unsigned long long)batch->tally.embedded);
    buf_format(out, "\n  time             %s to %s\n", first, last);
    print_coverage(&batch->tally, out);
    buf_text(out, "  languages       ");
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        asked += finding->seen.languages[i];
    for (int i = 0; i < LANGUAGE_COUNT && asked; i++)
        buf_format(out, " %s %llu %%", language_name((enum language)i),
                   (unsigned long long)((finding->seen.languages[i] * 100 + asked / 2) / asked));
    buf_char(out, '\n');
    for (int i = 1; i < REJECT_COUNT; i++)
        if (batch->tally.rejects[i])
            buf_format(out, "  %-16s %llu (%s)\n", reject_name((enum reject_reason)i),
                       (unsigned long long)batch->tally.rejects[i],
                       reject_meaning((enum reject_reason)i));
    for (int i = 0; i < REPAIR_COUNT; i++)
        if (batch->tally.repairs[i])
            buf_format(out, "  %-16s %llu (%s)\n", repair_name((enum repair)i),
                       (unsigned long long)batch->tally.repairs[i],
                       i <= REPAIR_NUMBER || i == REPAIR_QUOTE ? "read after repair"
                                                               : repair_meaning((enum repair)i));
    print_seen(finding, out);
    buf_format(out, "  sha256           %s\n", hex);
    if (trouble(finding)[0])
        buf_format(out, "  %-16s %s\n", is_damaged(finding) ? "DAMAGED" : "note", trouble(finding));
}

static json_t *counts_json(const struct tally *tally, bool repairs) {
    json_t *object = json_object();
    for (int i = repairs ? 0 : 1; i < (repairs ? (int)REPAIR_COUNT : (int)REJECT_COUNT); i++) {
        uint64_t count = repairs ? tally->repairs[i] : tally->rejects[i];
        const char *name =
            repairs ? repair_name((enum repair)i) : reject_name((enum reject_reason)i);
        if (count)
            json_object_set_new(object, name, json_integer((json_int_t)count));
    }
    return object;
}

static json_t *time_json(int64_t us) {
    return us == TIME_NONE ? json_null() : json_integer(floor_div(us, US_PER_S));
}

/* What print_seen says. */
static void add_seen(json_t *object, const struct finding *finding) {
    const struct input_seen *seen = &finding->seen;
    const char *advice[ADVICE_MOST];
    const char *next = input_next_step(&finding->batch, is_damaged(finding));
    size_t count = input_advice(seen, advice);
    json_t *tools = json_array(), *platforms = json_object(), *missing = json_array();
    for (size_t i = 0; i < SEEN_TOOLS && seen->tools[i][0]; i++)
        json_array_append_new(tools, json_string(seen->tools[i]));
    for (int i = 0; i < PLATFORM_COUNT; i++)
        if (seen->platforms[i])
            json_object_set_new(platforms, platform_name((enum platform)i),
                                json_integer((json_int_t)seen->platforms[i]));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(missing, json_string(advice[i]));
    json_object_set_new(object, "tools", tools);
    json_object_set_new(object, "platforms", platforms);
    json_object_set_new(object, "missing", missing);
    json_object_set_new(object, "next_step", next ? json_string(next) : json_null());
}

static json_t *finding_json(const struct input_path *path, const struct finding *finding) {
    const struct batch *batch = &finding->batch;
    char hex[DIGEST_HEX_SIZE], first[ISO_SIZE], last[ISO_SIZE];
    json_t *formats = json_array(), *languages = json_object();
    digest_hex(finding->summary.sha256, hex);
    time_text(batch->tally.first_us, first);
    time_text(batch->tally.last_us, last);
    for (int i = 0; i < SEEN_FORMATS && batch->formats[i]; i++)
        json_array_append_new(formats, json_string(batch->formats[i]));
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        json_object_set_new(languages, language_name((enum language)i),
                            json_integer((json_int_t)finding->seen.languages[i]));
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:i, s:i, s:o, s:I, s:I, s:I, s:o, s:s, s:o, s:s, s:o, s:o, "
        "s:o, "
        "s:b, s:s, s:s}",
        "input", path->label, "container", finding->summary.container, "codec",
        finding->summary.codec, "bytes", (json_int_t)finding->summary.bytes_in, "bytes_out",
        (json_int_t)batch->bytes_out, "members", (int)batch->members, "members_skipped",
        (int)(batch->members_skipped + finding->summary.members_skipped), "formats", formats,
        "records", (json_int_t)batch->tally.records, "posts", (json_int_t)batch->tally.posts,
        "embedded", (json_int_t)batch->tally.embedded, "first", time_json(batch->tally.first_us),
        "first_iso", first, "last", time_json(batch->tally.last_us), "last_iso", last,
        "languages_sampled", languages, "rejects", counts_json(&batch->tally, false), "repairs",
        counts_json(&batch->tally, true), "damaged", is_damaged(finding), "note", trouble(finding),
        "sha256", hex);
    if (object) {
        add_seen(object, finding);
        add_coverage(object, &batch->tally);
    }
    return object;
}

/* Prints every input. *trouble_seen: some were damaged or partly passed over. */
static enum status inspect_all(struct inspector *in, const struct inputs *inputs, bool json,
                               bool *trouble_seen, struct fault *fault) {
    enum status status = STATUS_OK;
    if (json)
        fputs("{\"inputs\": [\n", stdout);
    for (size_t i = 0; i < inputs->count && status == STATUS_OK; i++) {
        const struct input_path *path = &inputs->at[i];
        struct finding finding = {.summary = {.container = "file", .codec = "none"}};
        struct buf text, safe;
        buf_init(&text, 1 << 20);
        buf_init(&safe, 4 << 20);
        batch_init(&finding.batch);
        status = see_input(in, path, &finding, fault);
        if (status == STATUS_OK && json) {
            json_t *object = finding_json(path, &finding);
            char *line = object ? json_dumps(object, JSON_COMPACT) : NULL;
            if (line)
                buf_format(&safe, "%s%s", i ? ",\n" : "", line);
            else
                print_message("out of memory: nothing is said about \"%.200s\"", path->label);
            free(line);
            json_decref(object);
        } else if (status == STATUS_OK) {
            print_text(path, &finding, &text);
            buf_visible(&safe, buf_as_span(&text));
        }
        fwrite(safe.at, 1, safe.len, stdout);
        *trouble_seen |= input_next_step(&finding.batch, is_damaged(&finding)) != NULL;
        *trouble_seen |= !safe.len || is_damaged(&finding) || finding.batch.members_skipped ||
                         finding.summary.members_skipped;
        batch_release(&finding.batch);
        buf_release(&text);
        buf_release(&safe);
    }
    if (json)
        fputs("\n]}\n", stdout);
    return status;
}

static enum status prepare(struct inspector *in, const struct options *options,
                           struct config *config, struct fault *fault) {
    struct unpack_limits limits;
    enum status status = config_options(config, options, fault);
    /* reading needs no brand, but the check of the rest of the settings does */
    if (status == STATUS_OK && !config->brand_count)
        status = config_brand(config, "none=none", fault);
    if (status == STATUS_OK)
        status = config_finish(config, fault);
    if (status == STATUS_OK)
        status = session_limits(options, &limits, fault);
    if (status != STATUS_OK)
        return status;
    in->config = config;
    budget_init(&in->budget, limits);
    in->shared = (struct worker_shared){.budget = &in->budget, .visit = see_post};
    work_item_init(&in->item, decode_options_default().max_record_bytes);
    return worker_init(&in->worker, &in->shared, fault);
}

/* What could not be used, in a file of its own. */
static enum status write_rejects(const struct inspector *in, const struct options *options,
                                 const struct inputs *inputs, struct fault *fault) {
    struct unpack_limits limits;
    uint64_t records;
    struct scan_input *what = calloc(inputs->count + 1, sizeof *what);
    enum status status = what ? session_limits(options, &limits, fault) : fault_memory(fault);
    for (size_t i = 0; what && i < inputs->count; i++)
        what[i] = (struct scan_input){.path = &inputs->at[i],
                                      .reading = config_reading(in->config, &inputs->at[i])};
    if (status == STATUS_OK)
        status = reject_file_read(options->rejects, what, inputs->count, limits, &records, fault);
    free(what);
    return status;
}

/* Prints the mapping file that the first member is read with. */
static enum status suggest(struct inspector *in, const struct inputs *inputs, struct fault *fault) {
    struct finding finding = {.summary = {.container = "file", .codec = "none"}};
    struct buf suggestion;
    if (inputs->count != 1)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "--suggest wants one file: a mapping file is for files of one kind");
    buf_init(&suggestion, 1 << 20);
    batch_init(&finding.batch);
    in->shared.suggestion = &suggestion;
    enum status status = see_input(in, &inputs->at[0], &finding, fault);
    if (status == STATUS_OK && !suggestion.len)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA, "%.400s", trouble(&finding));
    fwrite(suggestion.at, 1, suggestion.len, stdout);
    batch_release(&finding.batch);
    buf_release(&suggestion);
    return status;
}

int command_inspect(const struct options *options) {
    struct config config;
    struct inspector in = {0};
    struct inputs inputs = {0};
    struct fault fault = {0};
    bool json = options->format && strcmp(options->format, "json") == 0, trouble_seen = false;
    if (!options->argument_count) {
        print_message("no input: name files, folders, or - for standard input");
        return EXIT_USAGE;
    }
    config_init(&config);
    enum status status = prepare(&in, options, &config, &fault);
    if (status == STATUS_OK)
        status = inputs_expand((const char *const *)options->arguments, options->argument_count,
                               &inputs, &fault);
    if (status == STATUS_OK)
        status = options->suggest ? suggest(&in, &inputs, &fault)
                                  : inspect_all(&in, &inputs, json, &trouble_seen, &fault);
    if (status == STATUS_OK && options->rejects)
        status = write_rejects(&in, options, &inputs, &fault);
    inputs_release(&inputs);
    worker_release(&in.worker);
    work_item_release(&in.item);
    config_release(&config);
    if (status != STATUS_OK)
        return print_error(&fault);
    return close_output(trouble_seen ? EXIT_PARTIAL : EXIT_DONE);
}
