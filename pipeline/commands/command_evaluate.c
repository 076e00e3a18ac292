/* burza evaluate: a labelled file in, how well an engine finds its labels out. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/labelled_rows.h"
#include "pipeline/commands/score_options.h"
#include "stages/common/files.h"
#include "stages/score/metrics.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 1 << 30, WORST = 10 };

/* An error and how sure the engine was of it. */
struct mistake {
    struct span text;
    int gold, found;
    unsigned confidence, line;
};

struct evaluation {
    const struct score_command *command;
    struct scorer *scorer;
    struct score_scratch *scratch;
    struct tokens tokens;
    struct metrics metrics;
    struct metrics_binary intents[INTENT_COUNT], stages[STAGE_COUNT];
    struct mistake worst[WORST];
    unsigned worst_count;
    struct labelled_rows rows;
};

static unsigned read_intents(struct span field) {
    unsigned bits = 0;
    while (field.len) {
        const char *plus = memchr(field.at, '+', field.len);
        struct span name = {field.at, plus ? (size_t)(plus - field.at) : field.len};
        for (unsigned i = 0; i < INTENT_COUNT; i++)
            if (span_is(name, intent_name(i)))
                bits |= 1u << i;
        size_t used = name.len + (plus != NULL);
        field = (struct span){field.at + used, field.len - used};
    }
    return bits;
}

static void count_journey(struct evaluation *evaluation, const struct labelled_row *row,
                          const struct score *score) {
    unsigned gold = read_intents(row->intent);
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        evaluation->intents[i].gold += gold >> i & 1;
        evaluation->intents[i].found += score->intents >> i & 1;
        evaluation->intents[i].right += gold >> i & score->intents >> i & 1;
    }
    for (unsigned i = 0; i < STAGE_COUNT; i++) {
        bool is = span_is(row->stage, stage_name((enum stage)i));
        evaluation->stages[i].gold += is;
        evaluation->stages[i].found += score->stage == i;
        evaluation->stages[i].right += is && score->stage == i;
    }
}

static void remember_mistake(struct evaluation *evaluation, const struct labelled_row *row,
                             const struct score *score) {
    unsigned confidence = score->label == LABEL_NONE ? 0 : score->p_milli[score->label + 1];
    struct mistake mistake = {row->text, row->label, score->label, confidence, row->line};
    unsigned at = evaluation->worst_count;
    while (at > 0 && evaluation->worst[at - 1].confidence < confidence)
        at--;
    if (at == WORST)
        return;
    unsigned moved = evaluation->worst_count < WORST ? evaluation->worst_count : WORST - 1;
    memmove(evaluation->worst + at + 1, evaluation->worst + at,
            (moved - at) * sizeof *evaluation->worst);
    evaluation->worst[at] = mistake;
    evaluation->worst_count = moved + 1;
}

static enum status evaluate_rows(struct evaluation *evaluation, struct fault *fault) {
    for (size_t i = 0; i < evaluation->rows.count; i++) {
        const struct labelled_row *row = &evaluation->rows.at[i];
        struct score score;
        if (tokens_read(&evaluation->tokens, row->text, fault) != STATUS_OK)
            return STATUS_FATAL;
        scorer_score(evaluation->scorer, evaluation->scratch, &evaluation->tokens,
                     score_command_language(evaluation->command, &evaluation->tokens), SCORE_WHOLE,
                     &score);
        metrics_add(&evaluation->metrics, row->label, &score);
        if (evaluation->rows.journeys)
            count_journey(evaluation, row, &score);
        if (score.label != row->label)
            remember_mistake(evaluation, row, &score);
    }
    return STATUS_OK;
}

/* What the file was understood as, line by line. */
static void print_notes(const struct buf *notes) {
    for (struct span rest = buf_as_span(notes); rest.len;) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        print_message("%.*s", (int)len, rest.at);
        len += end != NULL;
        rest = (struct span){rest.at + len, rest.len - len};
    }
}

static const char *const CLASS_NAMES[3] = {"negative", "neutral", "positive"};

/* Units of 1/10000 as 0.1234. */
static void print_ratio(const char *before, uint32_t value, const char *after) {
    printf("%s%u.%04u%s", before, value / 10000, value % 10000, after);
}

static uint32_t mean_f1(const struct metrics_binary *binaries, unsigned count) {
    uint64_t sum = 0;
    unsigned seen = 0;
    for (unsigned i = 0; i < count; i++) {
        seen += binaries[i].gold > 0;
        sum += binaries[i].gold ? metrics_f1(&binaries[i]) : 0;
    }
    return seen ? (uint32_t)(sum / seen) : 0;
}

static void print_journeys(const struct evaluation *evaluation) {
    print_ratio("intent macro-F1    ", mean_f1(evaluation->intents, INTENT_COUNT), "\n");
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        if (evaluation->intents[i].gold)
            printf("  %-10s F1 %.4f of %llu\n", intent_name(i),
                   metrics_f1(&evaluation->intents[i]) / 10000.0,
                   (unsigned long long)evaluation->intents[i].gold);
    print_ratio("stage macro-F1     ", mean_f1(evaluation->stages, STAGE_COUNT), "\n");
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        if (evaluation->stages[i].gold)
            printf("  %-10s F1 %.4f of %llu\n", stage_name((enum stage)i),
                   metrics_f1(&evaluation->stages[i]) / 10000.0,
                   (unsigned long long)evaluation->stages[i].gold);
}

static void print_text(const struct evaluation *evaluation, const struct metrics_summary *summary) {
    printf("texts              %llu\n", (unsigned long long)summary->count);
    if (evaluation->rows.left_out)
        printf("lines left out     %llu\n", (unsigned long long)evaluation->rows.left_out);
    if (evaluation->metrics.unscored)
        printf("label none         %llu\n", (unsigned long long)evaluation->metrics.unscored);
    print_ratio("accuracy           ", summary->accuracy, "\n");
    print_ratio("macro-F1           ", summary->macro_f1, "\n");
    print_ratio("macro-recall       ", summary->macro_recall, "\n");
    print_ratio("calibration error  ", summary->calibration_error, "\n");
    printf("\n%-10s %8s %8s %8s   found as: negative neutral positive\n", "", "recall", "precis.",
           "F1");
    for (int i = 0; i < 3; i++) {
        const uint64_t *row = evaluation->metrics.confusion[i];
        printf("%-10s %8.4f %8.4f %8.4f   %18llu %7llu %8llu\n", CLASS_NAMES[i],
               summary->recall[i] / 10000.0, summary->precision[i] / 10000.0,
               summary->f1[i] / 10000.0, (unsigned long long)row[0], (unsigned long long)row[1],
               (unsigned long long)row[2]);
    }
    printf("\n");
    if (evaluation->rows.journeys)
        print_journeys(evaluation);
    for (unsigned i = 0; i < evaluation->worst_count; i++) {
        const struct mistake *mistake = &evaluation->worst[i];
        printf("%sline %u: %s, found %s (%u.%u %%): %.*s\n", i ? "" : "worst errors:\n",
               mistake->line, label_name((enum label)mistake->gold),
               label_name((enum label)mistake->found), mistake->confidence / 10,
               mistake->confidence % 10, (int)(mistake->text.len < 300 ? mistake->text.len : 300),
               mistake->text.at);
    }
}

static void print_classes(const char *name, const uint32_t values[3]) {
    printf(",\"%s\":{", name);
    for (int i = 0; i < 3; i++)
        printf("%s\"%s\":%.4f", i ? "," : "", CLASS_NAMES[i], values[i] / 10000.0);
    printf("}");
}

static void print_json(const struct evaluation *evaluation, const struct metrics_summary *summary) {
    printf("{\"texts\":%llu,\"left_out\":%llu,\"unscored\":%llu",
           (unsigned long long)summary->count, (unsigned long long)evaluation->rows.left_out,
           (unsigned long long)evaluation->metrics.unscored);
    print_ratio(",\"accuracy\":", summary->accuracy, "");
    print_ratio(",\"macro_f1\":", summary->macro_f1, "");
    print_ratio(",\"macro_recall\":", summary->macro_recall, "");
    print_ratio(",\"calibration_error\":", summary->calibration_error, "");
    print_classes("recall", summary->recall);
    print_classes("precision", summary->precision);
    print_classes("f1", summary->f1);
    printf(",\"confusion\":{");
    for (int i = 0; i < 3; i++) {
        const uint64_t *row = evaluation->metrics.confusion[i];
        printf("%s\"%s\":{\"negative\":%llu,\"neutral\":%llu,\"positive\":%llu}", i ? "," : "",
               CLASS_NAMES[i], (unsigned long long)row[0], (unsigned long long)row[1],
               (unsigned long long)row[2]);
    }
    printf("}");
    if (evaluation->rows.journeys) {
        print_ratio(",\"intent_macro_f1\":", mean_f1(evaluation->intents, INTENT_COUNT), "");
        print_ratio(",\"stage_macro_f1\":", mean_f1(evaluation->stages, STAGE_COUNT), "");
    }
    printf("}\n");
}

static enum status evaluate_file(struct evaluation *evaluation, const char *path,
                                 struct fault *fault) {
    struct buf text;
    struct metrics_summary summary;
    buf_init(&text, FILE_MAX);
    enum status status = file_read(path, &text, fault);
    if (status == STATUS_OK) {
        status = labelled_rows_read(&evaluation->rows, buf_as_span(&text), fault);
        print_notes(&evaluation->rows.notes);
    }
    if (status == STATUS_OK)
        status = evaluate_rows(evaluation, fault);
    if (status == STATUS_OK) {
        metrics_summarise(&evaluation->metrics, &summary);
        if (evaluation->command->json)
            print_json(evaluation, &summary);
        else
            print_text(evaluation, &summary);
    }
    labelled_rows_release(&evaluation->rows);
    buf_release(&text);
    return status;
}

int command_evaluate(const struct options *options) {
    struct score_command command;
    struct fault fault = {0};
    int code = score_command_read(&command, options, "evaluate", "text");
    if (code != EXIT_DONE)
        return code;
    if (options->argument_count != 1) {
        print_message("name one labelled file");
        return EXIT_USAGE;
    }
    struct evaluation evaluation = {.command = &command};
    tokens_init(&evaluation.tokens);
    enum status status = scorer_open(&evaluation.scorer, &command.options, &fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&evaluation.scratch, &fault);
    if (status == STATUS_OK)
        status = evaluate_file(&evaluation, options->arguments[0], &fault);
    if (status != STATUS_OK)
        print_error(&fault);
    tokens_release(&evaluation.tokens);
    score_scratch_free(evaluation.scratch);
    scorer_free(evaluation.scorer);
    return status == STATUS_OK ? close_output(EXIT_DONE) : fault.exit_code;
}
