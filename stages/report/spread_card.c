/* How a crisis spread, who carried it, and when it would have been known: parts of its card. */
#include "stages/report/page.h"

#include <math.h>
#include <stdlib.h>

enum { GROUPS_SHOWN = 8, ACCOUNTS_SHOWN = 5, BUDGETS_MAX = 16 };

static bool same_event(const char *brand, int64_t onset, const struct episode_row *row) {
    return onset == row->onset && strncmp(brand, row->brand, sizeof row->brand) == 0;
}

static void open_table(struct page *page, const char *title) {
    buf_format(page->out, "<h5>%s</h5>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>",
               title);
}

static void put_heads(struct page *page, const char *const heads[][2], size_t count) {
    for (size_t i = 0; i < count; i++)
        buf_format(page->out, "<th scope=\"col\"%s>%s</th>", i ? " class=\"num\"" : "",
                   heads[i][page->polish]);
    put(page, "</tr></thead><tbody>\n");
}

static void open_cell(struct page *page) {
    put(page, "</td><td class=\"num\">");
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
    put(page, "<tr><th scope=\"row\">");
    put_group(page, group);
    put(page, "</th><td class=\"num\">");
    put_moment(page, group->left);
    if (moment_known(group->left)) {
        put(page, "<small>");
        put_moment(page, group->left_low);
        put(page, " " DASH " ");
        put_moment(page, group->left_high);
        put(page, "</small>");
    }
    open_cell(page);
    put_count(page, group->mentions);
    put(page, "<small>");
    put(page, tr(page, "usual ", "zwykle "));
    put_decimal(page, group->usual, 1);
    put(page, "</small>");
    open_cell(page);
    put_share(page, group->negative, group->mentions);
    put(page, "</td></tr>\n");
}

/* The groups of one kind that left their baseline, in that order; how many did not. */
static void put_dimension(struct page *page, const struct episode_row *row, const char *dimension,
                          const char *title) {
    static const char *const heads[][2] = {{"", ""},
                                           {"left its usual level", "opuszcza zwykły poziom"},
                                           {"mentions", "wzmianki"},
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
            open_table(page, title);
            put_heads(page, heads, sizeof heads / sizeof *heads);
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

static void put_text_line(struct page *page, const char *name, struct span value) {
    if (!value.len)
        return;
    put(page, "<p class=\"line\"><b>");
    put(page, name);
    put(page, "</b> <bdi>");
    put_text(page, value);
    put(page, "</bdi></p>\n");
}

void spread_write(struct page *page, const struct episode_row *row) {
    if (page->audit->tables[TABLE_SPREAD].count) {
        put_dimension(page, row, "channel",
                      tr(page, "Channels in the order in which they joined",
                         "Kanały w kolejności, w jakiej dołączały"));
        put_dimension(page, row, "language", tr(page, "Languages", "Języki"));
        put_dimension(page, row, "topic", tr(page, "Topics", "Tematy"));
        return;
    }
    /* an audit of an earlier version */
    put_text_line(page,
                  tr(page, "Spread, hours after the onset:", "Kolejność (godziny od początku):"),
                  FIELD_SPAN(row->channels));
    put_text_line(page, tr(page, "Languages:", "Języki:"), FIELD_SPAN(row->languages));
}

/* ---- who carried it ---- */

static void put_carrier(struct page *page, const struct carrier_row *carrier) {
    put(page, "<tr><th scope=\"row\"><bdi>");
    put_field(page, carrier->account);
    put(page, "</bdi>");
    if (carrier->newcomer > 0)
        put(page, tr(page, " <small>new to the brand</small>", " <small>pierwszy raz</small>"));
    put(page, "</th><td class=\"num\"><bdi>");
    put_channel(page, FIELD_SPAN(carrier->platform), (struct span){NULL, 0});
    put(page, "</bdi>");
    open_cell(page);
    if (carrier->reach > 0) {
        put(page, "\xE2\x89\xA5" THIN);
        put_count(page, carrier->reach);
    } else {
        put(page, DASH);
    }
    open_cell(page);
    if (carrier->mentions > 0)
        put_count(page, carrier->mentions);
    else
        put(page, tr(page, "few", "kilka"));
    put(page, "</td></tr>\n");
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
    static const char *const heads[][2] = {
        {"", ""}, {"platform", "platforma"}, {"reach", "zasięg"}, {"mentions", "wzmianki"}};
    const struct carrier_row *rows = page->audit->tables[TABLE_CARRIERS].rows;
    size_t count = page->audit->tables[TABLE_CARRIERS].count, shown = 0;
    for (size_t i = 0; i < count && shown < ACCOUNTS_SHOWN; i++) {
        if (!same_event(rows[i].brand, rows[i].episode, row))
            continue;
        if (!shown++) {
            open_table(page, tr(page, "Accounts that carried it furthest",
                                "Konta, które poniosły go najdalej"));
            put_heads(page, heads, sizeof heads / sizeof *heads);
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

static void put_alarm_row(struct page *page, const struct alarm_row *alarm) {
    put(page, "<tr><th scope=\"row\">");
    put_decimal(page, alarm->false_alarms_per_month, 2);
    put(page, "</th><td class=\"num\">");
    if (!moment_known(alarm->at)) {
        put(page, tr(page, "no alarm", "bez alarmu"));
        open_cell(page);
        open_cell(page);
        put(page, "</td></tr>\n");
        return;
    }
    put_moment(page, alarm->at);
    put(page, "<small>");
    put_hours(page, alarm->before_peak);
    put(page, "</small>");
    open_cell(page);
    put_count(page, alarm->seen);
    put(page, "<small>");
    put_count(page, (int64_t)fabs(alarm->mentions_before_peak));
    put(page, alarm->mentions_before_peak < 0
                  ? tr(page, " since the peak", " od szczytu")
                  : tr(page, " more until the peak", " kolejnych do szczytu"));
    put(page, "</small></td><td>");
    if (alarm->terms[0]) {
        put(page, "<bdi>");
        put_field(page, alarm->terms);
        put(page, "</bdi>");
    } else {
        put(page, tr(page, "no word stood out yet", "żadne słowo jeszcze się nie wyróżniało"));
    }
    put(page, "<small><bdi>");
    put_field(page, alarm->channels);
    put(page, "</bdi></small></td></tr>\n");
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
            open_table(page, tr(page, "When it would have been known while it happened",
                                "Kiedy byłoby wiadomo na bieżąco"));
            put_heads(page, heads, sizeof heads / sizeof *heads);
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
    buf_format(page->out, "<h3>%s</h3>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>",
               tr(page, "Would a watcher have known?", "Czy obserwator by wiedział?"));
    put_heads(page, heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < count; i++) {
        put(page, "<tr><th scope=\"row\">");
        put_decimal(page, sums[i].budget, 2);
        put(page, "</th><td class=\"num\">");
        put_count(page, sums[i].raised);
        open_cell(page);
        put_count(page, sums[i].raised - sums[i].wrong);
        open_cell(page);
        put_count(page, sums[i].wrong);
        open_cell(page);
        put_count(page, sums[i].missed);
        put(page, "</td></tr>\n");
    }
    put(page, "</tbody></table></div>\n<p class=\"note\">");
    put(page, tr(page, "All brands together, by a detector that knows nothing of what comes later.",
                 "Wszystkie marki razem, od detektora, który nie wie nic o tym, co później."));
    put(page, "</p>\n");
}
