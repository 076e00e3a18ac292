/* How a crisis spread, who carried it, and when it would have been known: parts of its card. */
#include "stages/report/figure.h"

#include <math.h>
#include <stdlib.h>

enum { GROUPS_SHOWN = 5, ACCOUNTS_SHOWN = 5, BUDGETS_MAX = 16 };

static bool same_event(const char *brand, int64_t onset, const struct episode_row *row) {
    return onset == row->onset && strncmp(brand, row->brand, sizeof row->brand) == 0;
}

static void open_table(struct page *page, const char *title, const char *const heads[][2],
                       size_t count, uint64_t numbers) {
    buf_format(page->out, "<div class=\"scroll\"><table class=\"rows\"><caption>%s</caption>",
               title);
    table_head(page, heads, count, numbers);
}

/* ---- spread ---- */

static void put_group(struct page *page, const struct spread_row *group) {
    struct span name = FIELD_SPAN(group->name);
    if (span_is(FIELD_SPAN(group->dimension), "language")) {
        put(page, word_language(page, name));
        return;
    }
    for (int i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
        if (span_is(FIELD_SPAN(group->dimension), "topic") &&
            span_is(name, topic_name((enum post_topic)i))) {
            put(page, word_topic(page, i));
            return;
        }
    const char *slash = memchr(name.at, '/', name.len);
    put(page, "<bdi>");
    put_channel(page, (struct span){name.at, slash ? (size_t)(slash - name.at) : name.len},
                page_channel_part(name));
    put(page, "</bdi>");
}

static void put_group_row(struct page *page, const struct spread_row *group) {
    put(page, "<tr><th>");
    put_group(page, group);
    put(page, "<td>");
    put_short_moment(page, group->left);
    if (moment_known(group->left) && moment_known(group->left_low) &&
        moment_known(group->left_high)) {
        put(page, " <small>(");
        put_short_range(page, group->left_low, group->left_high);
        put(page, ")</small>");
    }
    put(page, "<td>");
    put_count(page, group->mentions);
    put(page, "<td>");
    put_decimal(page, group->usual, 1);
    put(page, "<td>");
    put_share(page, group->negative, group->mentions);
}

/* The groups of one kind that left their baseline, in that order; how many did not. */
static void put_dimension(struct page *page, const struct episode_row *row, const char *dimension,
                          const char *title) {
    static const char *const heads[][2] = {{"what", "co"},
                                           {"left its usual level", "opuszcza zwykły poziom"},
                                           {"mentions", "wzmianki"},
                                           {"usual", "zwykle"},
                                           {"negative", "negatywne"}};
    const struct spread_row *rows = page->audit->tables[TABLE_SPREAD].rows;
    size_t count = page->audit->tables[TABLE_SPREAD].count, shown = 0;
    int64_t others = 0;
    for (size_t i = 0; i < count; i++) {
        if (!same_event(rows[i].brand, rows[i].episode, row) ||
            !span_is(FIELD_SPAN(rows[i].dimension), dimension))
            continue;
        if (rows[i].rank < 0 || shown == GROUPS_SHOWN) {
            others++;
            continue;
        }
        if (!shown++) {
            open_table(page, title, heads, 5, 0x1E);
        }
        put_group_row(page, &rows[i]);
    }
    if (!shown)
        return;
    put(page, "</tbody></table></div>\n");
    if (others) {
        put(page, "<p class=\"note\">");
        put(page, tr(page, "Further, or never twice the usual: ",
                     "Dalsze albo nigdy dwa razy tyle co zwykle: "));
        put_count(page, others);
        put(page, tr(page, " (table spread).</p>\n", " (tabela spread).</p>\n"));
    }
}

/* Channels have a figure of their own. */
void spread_write(struct page *page, const struct episode_row *row) {
    put_dimension(page, row, "topic",
                  tr(page, "Topics in the order in which they joined",
                     "Tematy w kolejności, w jakiej dołączały"));
    put_dimension(page, row, "language",
                  tr(page, "Languages in the order in which they joined",
                     "Języki w kolejności, w jakiej dołączały"));
}

/* ---- who carried it ---- */

static void put_carrier(struct page *page, const struct carrier_row *carrier) {
    put(page, "<tr><th><bdi>");
    put_field(page, carrier->account);
    put(page, "</bdi>");
    if (carrier->newcomer > 0)
        put(page, tr(page, " <small>new to the brand</small>", " <small>pierwszy raz</small>"));
    put(page, "<td class=\"t\"><bdi>");
    put_channel(page, FIELD_SPAN(carrier->platform), (struct span){NULL, 0});
    put(page, "</bdi>");
    put(page, "<td>");
    if (carrier->reach > 0) {
        put(page, "\xE2\x89\xA5" THIN);
        put_count(page, carrier->reach);
    } else {
        put(page, DASH);
    }
    put(page, "<td>");
    if (carrier->mentions > 0)
        put_count(page, carrier->mentions);
    else
        put(page, tr(page, "few", "kilka"));
}

static void put_participants(struct page *page, const struct episode_row *row) {
    put(page, "<p class=\"line\">");
    put(page, tr(page, "New to the brand: ", "Pierwszy raz o marce: "));
    put_share(page, row->new_authors, row->authors);
    put(page, tr(page, " of ", " z "));
    put_count(page, row->authors);
    put(page,
        tr_plural(page, row->authors, " author", " authors", " autora", " autorów", " autorów"));
    put(page, tr(page, " (the data begin ", " (dane zaczynają się "));
    put_date(page, page->from_s);
    put(page, tr(page, "). Reposts: ", "). Podania dalej: "));
    put_percent(page, row->repost_share);
    put(page, tr(page, " of the mentions.</p>\n", " wzmianek.</p>\n"));
}

void carriers_write(struct page *page, const struct episode_row *row) {
    static const char *const heads[][2] = {{"account", "konto"},
                                           {"platform", "platforma"},
                                           {"reach", "zasięg"},
                                           {"mentions", "wzmianki"}};
    const struct carrier_row *rows = page->audit->tables[TABLE_CARRIERS].rows;
    size_t count = page->audit->tables[TABLE_CARRIERS].count, shown = 0;
    for (size_t i = 0; i < count && shown < ACCOUNTS_SHOWN; i++) {
        if (!same_event(rows[i].brand, rows[i].episode, row))
            continue;
        if (!shown++) {
            open_table(
                page,
                tr(page, "Accounts that carried it furthest", "Konta, które poniosły go najdalej"),
                heads, 4, 0xC);
        }
        put_carrier(page, &rows[i]);
    }
    if (!shown)
        return;
    put(page, "</tbody></table></div>\n");
    put_participants(page, row);
}

/* ---- when would it have been known ---- */

static void put_hours(struct page *page, double hours) {
    put_duration(page, (int64_t)(fabs(hours) * SECONDS_PER_HOUR));
    put(page, hours < 0 ? tr(page, " after the peak", " po szczycie")
                        : tr(page, " before the peak", " przed szczytem"));
}

/* "twitter 21, reddit/Polska 1" by the names of the channels. */
static void put_channel_counts(struct page *page, struct span entries) {
    for (const char *comma = ""; entries.len; comma = ", ") {
        const char *end = memmem(entries.at, entries.len, ", ", 2);
        struct span entry = {entries.at, end ? (size_t)(end - entries.at) : entries.len};
        size_t used = end ? entry.len + 2 : entry.len;
        const char *blank = memrchr(entry.at, ' ', entry.len);
        size_t name = blank ? (size_t)(blank - entry.at) : entry.len;
        put(page, comma);
        put(page, "<bdi>");
        put_channel_name(page, (struct span){entry.at, name});
        put_text(page, (struct span){entry.at + name, entry.len - name});
        put(page, "</bdi>");
        entries = (struct span){entries.at + used, entries.len - used};
    }
}

static void put_alarm_row(struct page *page, const struct alarm_row *alarm) {
    put(page, "<tr><th>");
    put_decimal(page, alarm->false_alarms_per_month, 1);
    put(page, "<td class=\"t\">");
    if (!moment_known(alarm->at)) {
        put(page, tr(page, "no alarm<td><td>", "bez alarmu<td><td>"));
        return;
    }
    put_short_moment(page, alarm->at);
    put(page, "<br><small>");
    put_hours(page, alarm->before_peak);
    put(page, "</small>");
    put(page, "<td>");
    put_count(page, alarm->seen);
    put(page, "<br><small>");
    put_count(page, (int64_t)fabs(alarm->mentions_before_peak));
    put(page, alarm->mentions_before_peak < 0
                  ? tr(page, " since the peak", " od szczytu")
                  : tr(page, " more until the peak", " kolejnych do szczytu"));
    put(page, "</small><td class=\"t\">");
    if (alarm->terms[0]) {
        put(page, "<bdi>");
        put_field(page, alarm->terms);
        put(page, "</bdi>");
    } else {
        put(page, tr(page, "no word stood out yet", "żadne słowo jeszcze się nie wyróżniało"));
    }
    put(page, "<br><small>");
    put_channel_counts(page, FIELD_SPAN(alarm->channels));
    put(page, "</small>");
}

void known_write(struct page *page, const struct episode_row *row) {
    static const char *const heads[][2] = {{"false alarms a month", "fałszywe alarmy w miesiącu"},
                                           {"first alarm", "pierwszy alarm"},
                                           {"mentions by then", "wzmianek do tej chwili"},
                                           {"visible by then", "co już było widać"}};
    const struct alarm_row *alarms = page->audit->tables[TABLE_ALARMS].rows;
    size_t count = page->audit->tables[TABLE_ALARMS].count, shown = 0;
    double budget = NAN;
    for (size_t i = 0; i < count; i++) {
        bool own = same_event(alarms[i].brand, alarms[i].episode, row);
        /* rows are in order of budget, then time: the first of each */
        if (!own || (shown && alarms[i].false_alarms_per_month <= budget))
            continue;
        if (!shown++) {
            open_table(page,
                       tr(page, "When it would have been known while it happened",
                          "Kiedy byłoby wiadomo na bieżąco"),
                       heads, 4, 0x4);
        }
        budget = alarms[i].false_alarms_per_month;
        put_alarm_row(page, &alarms[i]);
    }
    if (shown)
        put(page, "</tbody></table></div>\n");
}

/* What one number of accepted false alarms gives over all brands. */
struct budget_sum {
    double budget;
    int64_t raised, wrong, missed;
};

/* An alarm within a day of another counts as the same. */
static size_t sum_budgets(const struct page *page, struct budget_sum sums[BUDGETS_MAX]) {
    const struct alarm_row *alarms = page->audit->tables[TABLE_ALARMS].rows;
    size_t count = 0;
    for (size_t i = 0; i < page->audit->tables[TABLE_ALARMS].count; i++) {
        size_t at = 0;
        while (at < count && sums[at].budget < alarms[i].false_alarms_per_month)
            at++;
        if (at == count || sums[at].budget > alarms[i].false_alarms_per_month) {
            if (count == BUDGETS_MAX)
                continue;
            memmove(&sums[at + 1], &sums[at], (count++ - at) * sizeof *sums);
            sums[at] = (struct budget_sum){.budget = alarms[i].false_alarms_per_month};
        }
        bool told = moment_known(alarms[i].at) && !alarms[i].again;
        sums[at].raised += told;
        sums[at].wrong += told && span_is(FIELD_SPAN(alarms[i].verdict), "false");
        sums[at].missed += span_is(FIELD_SPAN(alarms[i].verdict), "missed");
    }
    return count;
}

void alarms_write(struct page *page) {
    static const char *const heads[][2] = {
        {"false alarms accepted, a brand and month", "dopuszczalne fałszywe, na markę i miesiąc"},
        {"raised", "podniesione"},
        {"in an event", "słuszne"},
        {"false", "fałszywe"},
        {"crises missed", "przeoczone kryzysy"}};
    struct budget_sum sums[BUDGETS_MAX];
    size_t count = sum_budgets(page, sums);
    if (!count)
        return;
    buf_format(page->out, "<h3>%s</h3>\n",
               tr(page, "Would a watcher have known?", "Czy obserwator by wiedział?"));
    open_table(page, tr(page, "Alarms over all brands", "Alarmy wszystkich marek"), heads, 5, 0x1E);
    for (size_t i = 0; i < count; i++) {
        put(page, "<tr><th>");
        put_decimal(page, sums[i].budget, 2);
        put(page, "<td>");
        put_count(page, sums[i].raised);
        put(page, "<td>");
        put_count(page, sums[i].raised - sums[i].wrong);
        put(page, "<td>");
        put_count(page, sums[i].wrong);
        put(page, "<td>");
        put_count(page, sums[i].missed);
    }
    put(page, "</tbody></table></div>\n<p class=\"note\">");
    put(page, tr(page, "All brands together, by a detector that knows nothing of what comes later.",
                 "Wszystkie marki razem, od detektora, który nie wie nic o tym, co później."));
    put(page, "</p>\n");
}
