/* burza evaluate: a labelled file in, how well an engine finds its labels out. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/labelled_rows.h"
#include "pipeline/commands/score_options.h"
#include "stages/common/files.h"
#include "stages/score/agreement.h"
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

/* What is compared as one class out of several. */
enum compared { COMPARED_LABEL, COMPARED_STAGE, COMPARED_TOPIC, COMPARED_SET, COMPARED_COUNT };
static const unsigned class_counts[COMPARED_COUNT] = {3, STAGE_COUNT, TOPIC_COUNT, 2};

struct evaluation {
    const struct score_command *command;
    struct scorer *scorer;
    struct score_scratch *scratch;
    struct score_reader reader;
    struct metrics metrics; /* for the calibration */
    struct agreement compared[COMPARED_COUNT];
    struct metrics_binary intents[INTENT_COUNT];
    struct mistake worst[WORST];
    unsigned worst_count;
    struct labelled_rows rows;
};

/* A set of intents is found exactly or not: class 1 is found when it is. */
static bool count_extras(struct evaluation *evaluation, const struct labelled_row *row,
                         const struct score *score) {
    struct agreement *compared = evaluation->compared;
    int intents = row->extra[EXTRA_INTENTS];
    bool good = true, none = score->label == LABEL_NONE;
    if (row->extra[EXTRA_STAGE] >= 0)
        good &= agreement_add(&compared[COMPARED_STAGE], (unsigned)row->extra[EXTRA_STAGE],
                              none ? AGREEMENT_NONE : score->stage);
    if (row->extra[EXTRA_TOPIC] >= 0)
        good &= agreement_add(&compared[COMPARED_TOPIC], (unsigned)row->extra[EXTRA_TOPIC],
                              none ? AGREEMENT_NONE : score->topic);
    if (intents < 0)
        return good;
    good &= agreement_add(&compared[COMPARED_SET], 1, !none && intents == score->intents);
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        evaluation->intents[i].gold += intents >> i & 1;
        evaluation->intents[i].found += score->intents >> i & 1;
        evaluation->intents[i].right += intents >> i & score->intents >> i & 1;
    }
    return good;
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
    for (int i = 0; i < COMPARED_COUNT; i++)
        evaluation->compared[i].classes = class_counts[i];
    for (size_t i = 0; i < evaluation->rows.count; i++) {
        const struct labelled_row *row = &evaluation->rows.at[i];
        struct score score;
        const struct tokens *tokens =
            score_reader_read(&evaluation->reader, evaluation->command, row->text, fault);
        if (!tokens)
            return STATUS_FATAL;
        scorer_score(evaluation->scorer, evaluation->scratch, tokens,
                     score_command_language(evaluation->command, tokens), SCORE_WHOLE, &score);
        bool none = score.label == LABEL_NONE, judged = row->label != LABEL_NONE;
        if (judged)
            metrics_add(&evaluation->metrics, row->label, &score);
        if ((judged &&
             !agreement_add(&evaluation->compared[COMPARED_LABEL], (unsigned)(row->label + 1),
                            none ? AGREEMENT_NONE : (unsigned)(score.label + 1))) ||
            !count_extras(evaluation, row, &score))
            return fault_memory(fault);
        if (judged && score.label != row->label)
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

static const char *class_name(enum compared which, unsigned class) {
    return which == COMPARED_LABEL   ? label_name((enum label)((int)class - 1))
           : which == COMPARED_STAGE ? stage_name((enum stage) class)
                                     : topic_name((enum post_topic) class);
}

/* Units of 1/10000 as 0.1234. */
static void print_ratio(const char *before, uint32_t value, const char *after) {
    printf("%s%u.%04u%s", before, value / 10000, value % 10000, after);
}

static void print_with_range(const char *name, uint32_t value, struct agreement_interval range) {
    print_ratio(name, value, "");
    print_ratio("   95 %: ", range.low, "");
    print_ratio(" to ", range.high, "\n");
}

static double share(uint64_t part, uint64_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

/* Cohen's kappa of one intent: given or not, found or not. */
static double intent_kappa(const struct metrics_binary *intent, size_t count) {
    double gold = share(intent->gold, count), found = share(intent->found, count);
    double same = 1 - share(intent->gold + intent->found - 2 * intent->right, count);
    double chance = gold * found + (1 - gold) * (1 - found);
    return chance < 1 ? (same - chance) / (1 - chance) : 0;
}

/* The means over the intents that people gave. */
struct intent_means {
    double recall, f1, kappa;
};

static struct intent_means mean_intents(const struct evaluation *evaluation) {
    struct intent_means means = {0};
    unsigned seen = 0;
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        const struct metrics_binary *intent = &evaluation->intents[i];
        if (!intent->gold)
            continue;
        seen++;
        means.recall += share(intent->right, intent->gold);
        means.f1 += metrics_f1(intent) / 10000.0;
        means.kappa += intent_kappa(intent, evaluation->compared[COMPARED_SET].count);
    }
    if (seen)
        means = (struct intent_means){means.recall / seen, means.f1 / seen, means.kappa / seen};
    return means;
}

/* The classes that people gave or that were found. */
static bool is_seen(const struct agreement_summary *summary, unsigned class) {
    return summary->gold[class] || summary->found[class];
}

static void print_table(const struct agreement *agreement, const struct agreement_summary *summary,
                        enum compared which) {
    printf("\n%-12s %8s %8s %8s %7s   found as:", "", "recall", "precis.", "F1", "given");
    for (unsigned i = 0; i < agreement->classes; i++)
        if (is_seen(summary, i))
            printf(" %s", class_name(which, i));
    printf("\n");
    for (unsigned i = 0; i < agreement->classes; i++) {
        if (!is_seen(summary, i))
            continue;
        printf("%-12s %8.4f %8.4f %8.4f %7llu            ", class_name(which, i),
               summary->recall[i] / 10000.0, summary->precision[i] / 10000.0,
               summary->f1[i] / 10000.0, (unsigned long long)summary->gold[i]);
        for (unsigned k = 0; k < agreement->classes; k++)
            if (is_seen(summary, k))
                printf(" %*llu", (int)strlen(class_name(which, k)),
                       (unsigned long long)agreement->confusion[i][k]);
        printf("\n");
    }
    printf("\n");
}

static void print_agreement(const struct evaluation *evaluation, enum compared which,
                            const char *title) {
    const struct agreement *agreement = &evaluation->compared[which];
    struct agreement_summary summary;
    if (!agreement->count)
        return;
    agreement_summarise(agreement, true, &summary);
    if (title)
        printf("%s, %zu texts\n", title, agreement->count);
    print_with_range("accuracy           ", summary.accuracy, summary.accuracy_95);
    print_with_range("macro-F1           ", summary.macro_f1, summary.macro_f1_95);
    print_with_range("macro-recall       ", summary.macro_recall, summary.macro_recall_95);
    printf("Cohen's kappa      %.4f\n", summary.kappa / 10000.0);
    if (which == COMPARED_LABEL) {
        struct metrics_summary calibration;
        metrics_summarise(&evaluation->metrics, &calibration);
        print_ratio("calibration error  ", calibration.calibration_error, "\n");
    }
    print_table(agreement, &summary, which);
}

static void print_intents(const struct evaluation *evaluation) {
    const struct agreement *sets = &evaluation->compared[COMPARED_SET];
    struct agreement_summary summary;
    if (!sets->count)
        return;
    agreement_summarise(sets, true, &summary);
    printf("intents, %zu texts\n", sets->count);
    print_with_range("exact set          ", summary.accuracy, summary.accuracy_95);
    struct intent_means means = mean_intents(evaluation);
    printf("macro-F1           %.4f\nmacro-recall       %.4f\nmean kappa         %.4f\n", means.f1,
           means.recall, means.kappa);
    printf("\n%-12s %8s %8s %8s %8s %7s %7s %7s\n", "", "recall", "precis.", "F1", "kappa", "given",
           "found", "both");
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        const struct metrics_binary *intent = &evaluation->intents[i];
        if (intent->gold || intent->found)
            printf("%-12s %8.4f %8.4f %8.4f %8.4f %7llu %7llu %7llu\n", intent_name(i),
                   share(intent->right, intent->gold), share(intent->right, intent->found),
                   metrics_f1(intent) / 10000.0, intent_kappa(intent, sets->count),
                   (unsigned long long)intent->gold, (unsigned long long)intent->found,
                   (unsigned long long)intent->right);
    }
    printf("\n");
}

static void print_text(const struct evaluation *evaluation) {
    printf("texts              %zu\n", evaluation->rows.count);
    if (evaluation->rows.left_out)
        printf("lines left out     %llu\n", (unsigned long long)evaluation->rows.left_out);
    if (evaluation->metrics.unscored)
        printf("label none         %llu\n", (unsigned long long)evaluation->metrics.unscored);
    print_agreement(evaluation, COMPARED_LABEL, NULL);
    print_intents(evaluation);
    print_agreement(evaluation, COMPARED_STAGE, "stages");
    print_agreement(evaluation, COMPARED_TOPIC, "topics");
    for (unsigned i = 0; i < evaluation->worst_count; i++) {
        const struct mistake *mistake = &evaluation->worst[i];
        printf("%sline %u: %s, found %s (%u.%u %%): %.*s\n", i ? "" : "worst errors:\n",
               mistake->line, label_name((enum label)mistake->gold),
               label_name((enum label)mistake->found), mistake->confidence / 10,
               mistake->confidence % 10, (int)(mistake->text.len < 300 ? mistake->text.len : 300),
               mistake->text.at);
    }
}

static void print_classes(const char *name, enum compared which,
                          const struct agreement_summary *summary,
                          const uint32_t values[AGREEMENT_CLASSES]) {
    const char *comma = "";
    printf(",\"%s\":{", name);
    for (unsigned i = 0; i < class_counts[which]; i++) {
        if (which != COMPARED_LABEL && !is_seen(summary, i))
            continue;
        printf("%s\"%s\":%.4f", comma, class_name(which, i), values[i] / 10000.0);
        comma = ",";
    }
    printf("}");
}

static void print_range_json(const char *name, struct agreement_interval range) {
    printf(",\"%s\":[%.4f,%.4f]", name, range.low / 10000.0, range.high / 10000.0);
}

static void print_confusion(const struct agreement *agreement,
                            const struct agreement_summary *summary, enum compared which) {
    const char *comma = "";
    printf(",\"confusion\":{");
    for (unsigned i = 0; i < agreement->classes; i++) {
        if (which != COMPARED_LABEL && !is_seen(summary, i))
            continue;
        printf("%s\"%s\":{", comma, class_name(which, i));
        comma = "";
        for (unsigned k = 0; k < agreement->classes; k++) {
            if (which != COMPARED_LABEL && !is_seen(summary, k))
                continue;
            printf("%s\"%s\":%llu", comma, class_name(which, k),
                   (unsigned long long)agreement->confusion[i][k]);
            comma = ",";
        }
        printf("}");
    }
    printf("}");
}

/* The members of an object, each with a comma before it. */
static void print_agreement_json(const struct agreement *agreement, enum compared which) {
    struct agreement_summary summary;
    agreement_summarise(agreement, true, &summary);
    print_ratio(",\"accuracy\":", summary.accuracy, "");
    print_range_json("accuracy_95", summary.accuracy_95);
    print_ratio(",\"macro_f1\":", summary.macro_f1, "");
    print_range_json("macro_f1_95", summary.macro_f1_95);
    print_ratio(",\"macro_recall\":", summary.macro_recall, "");
    print_range_json("macro_recall_95", summary.macro_recall_95);
    printf(",\"kappa\":%.4f", summary.kappa / 10000.0);
    print_classes("recall", which, &summary, summary.recall);
    print_classes("precision", which, &summary, summary.precision);
    print_classes("f1", which, &summary, summary.f1);
    print_confusion(agreement, &summary, which);
}

static void print_intents_json(const struct evaluation *evaluation) {
    const struct agreement *sets = &evaluation->compared[COMPARED_SET];
    struct agreement_summary summary;
    const char *comma = "";
    agreement_summarise(sets, true, &summary);
    struct intent_means means = mean_intents(evaluation);
    printf(",\"intent_macro_f1\":%.4f", means.f1);
    printf(",\"intents\":{\"texts\":%zu,\"macro_f1\":%.4f,\"macro_recall\":%.4f,\"kappa\":%.4f",
           sets->count, means.f1, means.recall, means.kappa);
    print_ratio(",\"exact\":", summary.accuracy, "");
    print_range_json("exact_95", summary.accuracy_95);
    printf(",\"f1\":{");
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        if (!evaluation->intents[i].gold && !evaluation->intents[i].found)
            continue;
        printf("%s\"%s\":%.4f", comma, intent_name(i),
               metrics_f1(&evaluation->intents[i]) / 10000.0);
        comma = ",";
    }
    comma = "";
    printf("},\"classes\":{");
    for (unsigned i = 0; i < INTENT_COUNT; i++) {
        const struct metrics_binary *intent = &evaluation->intents[i];
        if (!intent->gold && !intent->found)
            continue;
        printf("%s\"%s\":{\"recall\":%.4f,\"precision\":%.4f,\"kappa\":%.4f,\"given\":%llu,"
               "\"found\":%llu,\"both\":%llu}",
               comma, intent_name(i), share(intent->right, intent->gold),
               share(intent->right, intent->found), intent_kappa(intent, sets->count),
               (unsigned long long)intent->gold, (unsigned long long)intent->found,
               (unsigned long long)intent->right);
        comma = ",";
    }
    printf("}}");
}

static void print_part_json(const struct evaluation *evaluation, enum compared which,
                            const char *name) {
    const struct agreement *agreement = &evaluation->compared[which];
    if (!agreement->count)
        return;
    printf(",\"%s\":{\"texts\":%zu", name, agreement->count);
    print_agreement_json(agreement, which);
    printf("}");
}

static void print_json(const struct evaluation *evaluation) {
    struct metrics_summary calibration;
    metrics_summarise(&evaluation->metrics, &calibration);
    printf("{\"texts\":%zu,\"left_out\":%llu,\"unscored\":%llu", evaluation->rows.count,
           (unsigned long long)evaluation->rows.left_out,
           (unsigned long long)evaluation->metrics.unscored);
    if (evaluation->compared[COMPARED_LABEL].count) {
        print_ratio(",\"calibration_error\":", calibration.calibration_error, "");
        print_agreement_json(&evaluation->compared[COMPARED_LABEL], COMPARED_LABEL);
    }
    if (evaluation->compared[COMPARED_SET].count)
        print_intents_json(evaluation);
    print_part_json(evaluation, COMPARED_STAGE, "stages");
    print_part_json(evaluation, COMPARED_TOPIC, "topics");
    printf("}\n");
}

static enum status evaluate_file(struct evaluation *evaluation, const char *path,
                                 struct fault *fault) {
    struct buf text;
    buf_init(&text, FILE_MAX);
    enum status status = file_read(path, &text, fault);
    if (status == STATUS_OK) {
        status = labelled_rows_read(&evaluation->rows, buf_as_span(&text), fault);
        print_notes(&evaluation->rows.notes);
    }
    if (status == STATUS_OK)
        status = evaluate_rows(evaluation, fault);
    if (status == STATUS_OK && evaluation->command->json)
        print_json(evaluation);
    else if (status == STATUS_OK)
        print_text(evaluation);
    for (int i = 0; i < COMPARED_COUNT; i++)
        agreement_release(&evaluation->compared[i]);
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
    enum status status = score_reader_init(&evaluation.reader, &command, &fault);
    if (status == STATUS_OK)
        status = scorer_open(&evaluation.scorer, &command.options, &fault);
    if (status == STATUS_OK)
        status = score_scratch_new(&evaluation.scratch, &fault);
    if (status == STATUS_OK)
        status = evaluate_file(&evaluation, options->arguments[0], &fault);
    if (status != STATUS_OK)
        print_error(&fault);
    score_reader_release(&evaluation.reader);
    score_command_release(&command);
    score_scratch_free(evaluation.scratch);
    scorer_free(evaluation.scorer);
    return status == STATUS_OK ? close_output(EXIT_DONE) : fault.exit_code;
}
