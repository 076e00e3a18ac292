#include "pipeline/commands/summary.h"

#include "pipeline/commands/commands.h"
#include "pipeline/commands/wrap.h"
#include "stages/detect/detect.h"
#include "stages/text/text.h"

#include <math.h>
#include <stdio.h>

static const char *const severity_names[] = {"noise", "incident", "elevated", "crisis", "major"};

static void local_minute(const struct zone *zone, int64_t second, char out[ISO_SIZE]) {
    when_iso(second + zone_offset(zone, second), out);
    out[10] = ' ';
    out[16] = 0;
}

static int64_t repaired(const struct audit *audit, const char *reason) {
    const struct reject_row *rows = audit->tables[TABLE_REJECTS].rows;
    int64_t sum = 0;
    for (size_t i = 0; i < audit->tables[TABLE_REJECTS].count; i++)
        sum += strcmp(rows[i].reason, reason) == 0 ? rows[i].records : 0;
    return sum;
}

/* What was decided about times that the dumps state only in part: such posts are used as they are.
 */
static const struct {
    const char *reason, *text;
} time_notes[] = {
    {"rough_time", "posts state only their hour, day or month: they are spread over it, and "
                   "episodes beside them must be clearer"},
    {"repeated_hour", "posts lie in the autumn hour that the clock shows twice: told apart by "
                      "the order of the rows, else taken for the earlier"},
    {"skipped_hour", "posts lie in the spring hour that the clock skips, and were taken for "
                     "the hour after it: is --tz right?"},
};
enum { TIME_NOTES = sizeof time_notes / sizeof *time_notes };

static bool is_time_note(const struct reject_row *row) {
    bool is = false;
    for (int i = 0; i < TIME_NOTES; i++)
        is |= strcmp(row->reason, time_notes[i].reason) == 0;
    return is;
}

static void print_time_notes(const struct audit *audit, struct buf *out) {
    for (int i = 0; i < TIME_NOTES; i++) {
        int64_t count = repaired(audit, time_notes[i].reason);
        if (count)
            buf_format(out, "%lld %s.\n", (long long)count, time_notes[i].text);
    }
}

/* Records of a type in the table of rejects. */
static int64_t sum_class(const struct audit *audit, const char *type) {
    const struct reject_row *rows = audit->tables[TABLE_REJECTS].rows;
    int64_t sum = 0;
    for (size_t i = 0; i < audit->tables[TABLE_REJECTS].count; i++)
        sum += strcmp(rows[i].type, type) == 0 && !is_time_note(&rows[i]) ? rows[i].records : 0;
    return sum;
}

static void add_part(struct buf *out, int64_t records, const char *what) {
    if (records)
        buf_format(out, " + %lld %s", (long long)records, what);
}

struct record_counts count_records(const struct audit *audit) {
    const struct input_row *rows = audit->tables[TABLE_INPUTS].rows;
    struct record_counts counts = {.rejects = sum_class(audit, "reject"),
                                   .notices = sum_class(audit, "notice")};
    for (size_t i = 0; i < audit->tables[TABLE_INPUTS].count; i++) {
        counts.records += rows[i].records;
        counts.posts += rows[i].posts;
        counts.duplicates += rows[i].duplicates;
        if (strcmp(rows[i].status, "duplicate") != 0)
            counts.embedded += rows[i].embedded;
    }
    return counts;
}

/* Every record is in one of the classes. */
static void print_inputs(const struct audit *audit, struct buf *out) {
    struct record_counts counts = count_records(audit);
    buf_format(out, "Read %zu inputs: %lld records = %lld posts", audit->tables[TABLE_INPUTS].count,
               (long long)counts.records, (long long)counts.posts);
    add_part(out, counts.duplicates, "duplicates");
    add_part(out, counts.notices, "notices");
    add_part(out, counts.rejects, "rejects");
    if (counts.embedded)
        buf_format(out, "; %lld more posts were quoted inside them", (long long)counts.embedded);
    if (audit_noted(audit, "first_post")[0])
        buf_format(out, "; from %s to %s", audit_noted(audit, "first_post"),
                   audit_noted(audit, "last_post"));
    buf_text(out, ".\n");
}

static void print_coverage(const struct audit *audit, struct buf *out) {
    const struct audit_table *table = &audit->tables[TABLE_COVERAGE];
    for (size_t at = 0, before = out->len;
         coverage_words(table->rows, table->count, &at, false, out); before = out->len)
        if (out->len > before)
            buf_char(out, '\n');
}

struct brand_total {
    int64_t mentions, positive, neutral, negative;
};

static struct brand_total brand_total(const struct audit *audit, size_t brand) {
    const struct grid *grid = &audit->grids[GRID_HOURLY];
    struct brand_total total = {0};
    for (size_t i = 0; i < grid->times; i++) {
        const struct grid_point *point = &grid->points[i * audit->brands.count + brand];
        total.mentions += point->mentions;
        total.positive += point->positive;
        total.neutral += point->neutral;
        total.negative += point->negative;
    }
    return total;
}

static double percent(int64_t part, int64_t whole) {
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_episode(const struct episode_row *row, const struct zone *zone, struct buf *out) {
    char onset[ISO_SIZE], peak[ISO_SIZE], end[ISO_SIZE];
    local_minute(zone, row->onset, onset);
    local_minute(zone, row->peak, peak);
    local_minute(zone, row->end, end);
    int level = row->severity < 0 || row->severity > 4 ? 0 : row->severity;
    buf_format(out, "  %-6s ", row->kind);
    /* the names are those of criticism: a burst has a number only */
    if (strcmp(row->kind, "crisis") == 0)
        buf_format(out, "severity %d (%s): ", level, severity_names[level]);
    else
        buf_format(out, "severity %d: ", level);
    buf_format(out, "%s to %s, peak %s\n", onset, end, peak);
    buf_format(out,
               "         %d mentions where %.0f were expected, %.1f times the usual in the busiest "
               "hour; %.1f%% negative (%.1f%% before)\n",
               row->mentions, row->expected, row->ratio, 100 * row->negative_share,
               100 * row->negative_share_before);
    if (row->minutes_missing > 0)
        buf_format(out, "         the archive lacks %d min of it and of the hour before\n",
                   row->minutes_missing);
    if (row->terms[0])
        buf_format(out, "         what set it apart: %s\n", row->terms);
}

/* ---- sparklines ---- */

enum { SPARKS = 66, SPARK_LEVELS = 8 };

/* Some days of a brand. */
struct spark {
    int64_t mentions, scored, negative;
    bool known; /* some of it is covered */
};

static struct spark spark_of(const struct audit *audit, size_t brand, size_t from, size_t to) {
    const struct grid *daily = &audit->grids[GRID_DAILY];
    struct grid days = {.times = to - from,
                        .edges_s = daily->edges_s + from,
                        .coverage = daily->coverage + from * audit->channels.count};
    struct spark spark = {.known = grid_known_s(&days, audit->channels.count) > 0};
    for (size_t day = from; day < to; day++) {
        const struct grid_point *point = &daily->points[day * audit->brands.count + brand];
        spark.mentions += point->mentions;
        spark.negative += point->negative;
        spark.scored += point->positive + point->neutral + point->negative;
    }
    return spark;
}

/* A bar of eighths; what is not known is a blank, and what is there is never nothing. */
static void add_bar(struct buf *out, double share, bool known) {
    int level = known ? (int)(share * SPARK_LEVELS + 0.5) : 0;
    level = level > SPARK_LEVELS ? SPARK_LEVELS : known && level < 1 ? 1 : level;
    if (!known)
        buf_char(out, ' ');
    else
        buf_codepoint(out, 0x2580 + (uint32_t)level);
}

/* Mentions by day, and which part of the scored was negative. */
static void print_sparks(const struct audit *audit, size_t brand, const struct zone *zone,
                         struct buf *out) {
    const struct grid *daily = &audit->grids[GRID_DAILY];
    size_t each = (daily->times + SPARKS - 1) / SPARKS, peak = 0;
    struct spark sparks[SPARKS];
    size_t count = 0;
    for (size_t from = 0; from < daily->times; from += each) {
        size_t to = from + each < daily->times ? from + each : daily->times;
        sparks[count] = spark_of(audit, brand, from, to);
        peak = sparks[count].mentions > sparks[peak].mentions ? count : peak;
        count++;
    }
    if (count < 2 || !sparks[peak].mentions)
        return;
    buf_text(out, "  mentions ");
    for (size_t i = 0; i < count; i++)
        add_bar(out, (double)sparks[i].mentions / (double)sparks[peak].mentions, sparks[i].known);
    buf_text(out, "\n  negative ");
    for (size_t i = 0; i < count; i++)
        add_bar(out, sparks[i].scored ? (double)sparks[i].negative / (double)sparks[i].scored : 0,
                sparks[i].known && sparks[i].scored);
    char day[ISO_SIZE];
    local_minute(zone, daily->edges_s[peak * each], day);
    buf_format(out, "\n           a sign is %zu day%s; the highest %lld mentions, from %.10s\n",
               each, each == 1 ? "" : "s", (long long)sparks[peak].mentions, day);
}

static void print_brand(const struct audit *audit, size_t brand, const struct zone *zone,
                        struct buf *out) {
    struct brand_total total = brand_total(audit, brand);
    size_t shown = 0;
    int64_t scored = total.negative + total.neutral + total.positive;
    buf_format(out, "\n%s: %lld mentions", audit->brand_names.at[brand], (long long)total.mentions);
    if (scored)
        buf_format(
            out, "; of %lld in Polish or English %.1f%% negative, %.1f%% neutral, %.1f%% positive",
            (long long)scored, percent(total.negative, scored), percent(total.neutral, scored),
            percent(total.positive, scored));
    buf_char(out, '\n');
    print_sparks(audit, brand, zone, out);
    for (int id = TABLE_CRISES; id <= TABLE_MOOD_TURNS; id++) {
        const struct episode_row *rows = audit->tables[id].rows;
        for (size_t i = 0; i < audit->tables[id].count; i++) {
            if (strcmp(rows[i].brand, audit->brands.at[brand]) != 0)
                continue;
            print_episode(&rows[i], zone, out);
            shown++;
        }
    }
    if (shown)
        return;
    int64_t known_s = grid_known_s(&audit->grids[GRID_HOURLY], audit->channels.count);
    switch (quiet_reason_of(total.mentions, known_s)) {
    case QUIET_NO_MENTIONS:
        buf_text(out, "  nobody mentioned it, or the query does not match what they write: burza "
                      "query shows what it matches\n");
        break;
    case QUIET_TOO_SHORT:
        buf_format(out,
                   "  too little time to tell a crisis from a usual day: %.1f h of posts, and a "
                   "baseline needs %.0f h\n",
                   (double)known_s / SECONDS_PER_HOUR,
                   (double)baseline_needs_s(SECONDS_PER_HOUR) / SECONDS_PER_HOUR);
        break;
    case QUIET_TOO_FEW:
        buf_format(out,
                   "  too few mentions for a crisis to be detected: it needs %d more than "
                   "usual\n",
                   (int)EPISODE_LEAST_EXCESS);
        break;
    default:
        buf_text(out, "  no crisis and no burst\n");
    }
}

/* A note begins with the member that it is about; that may be the input itself. */
static void print_note(const struct input_row *input, struct buf *out) {
    size_t len = strlen(input->input);
    bool named = strncmp(input->note, input->input, len) == 0 && input->note[len] == ':';
    buf_format(out, "%s%s%s\n", named ? "" : input->input, named ? "" : ": ", input->note);
}

/* What of each input was not read as it should be; true when anything of it does not count. */
static bool print_odd_inputs(const struct audit *audit, struct buf *out) {
    const struct input_row *inputs = audit->tables[TABLE_INPUTS].rows;
    bool odd = false;
    for (size_t i = 0; i < audit->tables[TABLE_INPUTS].count; i++) {
        const struct input_row *row = &inputs[i];
        bool whole = strcmp(row->status, "whole") == 0 && !row->members_skipped;
        bool empty = !row->posts && !row->duplicates;
        odd |= !whole || empty || row->duplicates;
        if (!whole)
            buf_format(out, "%s: %s%s%s\n", row->input, row->status, row->note[0] ? ": " : "",
                       row->note);
        else if (empty)
            buf_format(out, "%s: no post was found in it\n", row->input);
        else if (row->note[0])
            print_note(row, out);
        if (whole && row->duplicates)
            buf_format(out, "%s: %lld posts about a brand are copies of others, which count once\n",
                       row->input, (long long)row->duplicates);
    }
    return odd;
}

static void print_class(const struct audit *audit, const char *type, const char *title,
                        struct buf *out) {
    const struct reject_row *rows = audit->tables[TABLE_REJECTS].rows;
    int64_t sum = sum_class(audit, type);
    if (!sum)
        return;
    buf_format(out, "%lld %s:\n", (long long)sum, title);
    for (size_t i = 0; i < audit->tables[TABLE_REJECTS].count; i++)
        if (strcmp(rows[i].type, type) == 0 && !is_time_note(&rows[i]))
            buf_format(out, "  %s: %lld %s (%s)\n", rows[i].input, (long long)rows[i].records,
                       rows[i].reason, rows[i].meaning);
}

static void print_problems(const struct audit *audit, struct buf *out) {
    buf_char(out, '\n');
    bool odd = print_odd_inputs(audit, out);
    print_class(audit, "reject", "records could not be used", out);
    print_time_notes(audit, out);
    const char *outside = audit_noted(audit, "posts_outside_main_time_span");
    if (*outside && strcmp(outside, "0") != 0)
        buf_format(
            out,
            "%s posts lie far outside the time of all others, as of wrong clocks, and are in no "
            "figure (--since and --until choose another time).\n",
            outside);
    print_class(audit, "repair", "repairs were made", out);
    if (!odd && (!*outside || strcmp(outside, "0") == 0) && !sum_class(audit, "reject") &&
        !sum_class(audit, "repair") && audit_noted(audit, "first_post")[0])
        buf_text(out, "Every record could be used.\n");
}

void print_troubles(const struct audit *audit) {
    enum { NAMED = 20 };
    const struct input_row *inputs = audit->tables[TABLE_INPUTS].rows;
    size_t count = 0;
    for (size_t i = 0; i < audit->tables[TABLE_INPUTS].count; i++) {
        const struct input_row *row = &inputs[i];
        bool whole = strcmp(row->status, "whole") == 0 || strcmp(row->status, "duplicate") == 0;
        if ((whole && !row->members_skipped) || ++count > NAMED)
            continue;
        print_message("%s: %s%s%s", row->input, whole ? "partly skipped" : row->status,
                      row->note[0] ? ": " : "", row->note);
    }
    if (count > NAMED)
        print_message("and %zu more inputs; burza export AUDIT.h5 inputs lists them",
                      count - NAMED);
}

void print_filled(struct buf *text) {
    struct buf safe, filled;
    bool terminal;
    int width = wrap_width(&terminal);
    buf_init(&safe, 256 << 20);
    buf_init(&filled, 256 << 20);
    buf_visible(&safe, buf_as_span(text));
    buf_char(&safe, 0);
    for (char *at = safe.at; terminal && !safe.failed && *at; at++) {
        char *end = strchr(at, '\n');
        size_t indent = strspn(at, " ");
        end = end ? end : at + strlen(at);
        bool last = !*end;
        *end = 0;
        /* sparklines hold blanks that mean something */
        if (text_columns(span_of(at)) <= width) {
            buf_format(&filled, "%s\n", at);
        } else {
            buf_add(&filled, at, indent);
            wrap_text(&filled, at + indent, (int)indent, width);
        }
        at = last ? end - 1 : end;
    }
    if (!terminal && !safe.failed)
        fwrite(safe.at, 1, safe.len - 1, stdout);
    else
        fwrite(filled.at, 1, filled.len, stdout);
    buf_release(text);
    buf_release(&safe);
    buf_release(&filled);
}

void print_summary(const struct audit *audit, const struct zone *zone) {
    struct buf text;
    buf_init(&text, 64 << 20);
    print_inputs(audit, &text);
    print_coverage(audit, &text);
    for (size_t i = 0; i < audit->brands.count; i++)
        print_brand(audit, i, zone, &text);
    print_problems(audit, &text);
    buf_format(&text, "Times are %s.\n", audit_noted(audit, "timezone"));
    print_filled(&text);
}

/* ---- replay ---- */

static void print_alarm(const struct alarm_row *row, const struct zone *zone, struct buf *out) {
    char onset[ISO_SIZE], at[ISO_SIZE];
    local_minute(zone, row->episode, onset);
    if (row->at < 0) {
        buf_format(out, "    crisis of %s: no alarm\n", onset);
        return;
    }
    local_minute(zone, row->at, at);
    buf_format(
        out,
        "    crisis of %s: alarm %s, after %d mentions (%d negative), %.1f h and %.0f mentions "
        "%s the peak",
        onset, at, row->seen, row->seen_negative, fabs(row->before_peak),
        fabs(row->mentions_before_peak), row->before_peak >= 0 ? "before" : "after");
    buf_format(out, "%s%s\n", row->channels[0] ? "; " : "", row->channels);
    if (row->terms[0])
        buf_format(out, "      people wrote about: %s\n", row->terms);
}

static bool same_budget(const struct alarm_row *a, const struct alarm_row *b) {
    return memcmp(&a->false_alarms_per_month, &b->false_alarms_per_month, sizeof(double)) == 0 &&
           strcmp(a->brand, b->brand) == 0;
}

/* An alarm within a day of another counts as the same. */
struct alarm_sum {
    int raised, wrong, missed;
};

static void sum_alarm(const struct alarm_row *row, struct alarm_sum *sum) {
    bool told = row->at >= 0;
    sum->raised += told && !row->again;
    sum->wrong += told && !row->again && strcmp(row->verdict, "false") == 0;
    sum->missed += !told;
}

static void print_sum(double budget, const struct alarm_sum *sum, struct buf *out) {
    buf_format(out,
               "  %g false alarms a month accepted: %d raised, %d right, %d false; %d crises "
               "missed\n",
               budget, sum->raised, sum->raised - sum->wrong, sum->wrong, sum->missed);
}

/* The rows [from, to) are one brand's at one number of false alarms. Each crisis by its first
 * alarm. */
static void print_budget(const struct alarm_row *rows, size_t from, size_t to,
                         const struct zone *zone, struct buf *out) {
    struct alarm_sum sum = {0};
    for (size_t i = from; i < to; i++)
        sum_alarm(&rows[i], &sum);
    print_sum(rows[from].false_alarms_per_month, &sum, out);
    for (size_t i = from; i < to; i++) {
        bool first = strcmp(rows[i].kind, "crisis") == 0;
        for (size_t k = from; k < i; k++)
            first &= rows[k].episode != rows[i].episode;
        if (first)
            print_alarm(&rows[i], zone, out);
    }
}

/* Over all brands, at each number of false alarms, the smallest first. */
static void print_totals(const struct alarm_row *rows, size_t count, struct buf *out) {
    double last = -INFINITY;
    buf_text(out, "all brands:\n");
    for (;;) {
        double budget = INFINITY;
        struct alarm_sum sum = {0};
        for (size_t i = 0; i < count; i++)
            if (rows[i].false_alarms_per_month > last && rows[i].false_alarms_per_month < budget)
                budget = rows[i].false_alarms_per_month;
        if (!isfinite(budget))
            return;
        for (size_t i = 0; i < count; i++)
            if (rows[i].false_alarms_per_month > last && rows[i].false_alarms_per_month <= budget)
                sum_alarm(&rows[i], &sum);
        print_sum(budget, &sum, out);
        last = budget;
    }
}

void print_replay(const struct audit *audit, const struct zone *zone) {
    const struct alarm_row *rows = audit->tables[TABLE_ALARMS].rows;
    size_t count = audit->tables[TABLE_ALARMS].count;
    struct buf text;
    buf_init(&text, 64 << 20);
    buf_text(&text, "\nWhen would it have been known?\n");
    for (size_t i = 0, to; i < count; i = to) {
        for (to = i + 1; to < count && same_budget(&rows[i], &rows[to]); to++)
            ;
        if (!i || strcmp(rows[i].brand, rows[i - 1].brand) != 0)
            buf_format(&text, "%s:\n", rows[i].brand);
        print_budget(rows, i, to, zone, &text);
    }
    if (count && strcmp(rows[0].brand, rows[count - 1].brand) != 0)
        print_totals(rows, count, &text);
    if (!count)
        buf_text(&text, "  there was no crisis, and no alarm would have been raised\n");
    print_filled(&text);
}
