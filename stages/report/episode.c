/* One crisis as a card: what, when, how bad, why, and the posts that show it. */
#include "stages/report/figure.h"
#include "stages/report/row_table.h"

#include <math.h>
#include <stdio.h>

enum { AFTER_S = 30 * SECONDS_PER_DAY, TERMS_SHOWN = 14 };

/* ---- facts ---- */

static void open_fact(struct page *page, const char *english, const char *polish) {
    put(page, "<div><dt>");
    put(page, tr(page, english, polish));
    put(page, "</dt><dd>");
}

static void close_fact(struct page *page) {
    put(page, "</dd></div>\n");
}

/* The clock time alone when it is the same local day as `day`. */
static void put_near(struct page *page, int64_t second, int64_t day) {
    struct civil a = page_local(page, second), b = page_local(page, day);
    if (a.day == b.day && a.month == b.month && a.year == b.year)
        put_clock(page, second);
    else
        put_moment(page, second);
}

static void put_when_facts(struct page *page, const struct episode_row *row) {
    open_fact(page, "Onset", "Początek");
    put_moment(page, row->onset);
    if (moment_known(row->onset) && moment_known(row->onset_low) && moment_known(row->onset_high)) {
        put(page, tr(page, "<small>90% between ", "<small>na 90% między "));
        put_near(page, row->onset_low, row->onset);
        put(page, tr(page, " and ", " a "));
        put_near(page, row->onset_high, row->onset);
        put(page, "</small>");
    }
    close_fact(page);
    open_fact(page, "Peak", "Szczyt");
    put_moment(page, row->peak);
    put(page, "<small>");
    put_decimal(page, row->ratio, 1);
    put(page, tr(page, " times the usual in the busiest clock hour",
                 " raza tyle co zwykle w najgorętszej godzinie zegarowej"));
    put(page, "</small>");
    close_fact(page);
    open_fact(page, "End", "Koniec");
    put_moment(page, row->end);
    put(page, tr(page, "<small>lasted ", "<small>trwał "));
    put_duration(page, row->duration_s);
    if (moment_known(row->end) && moment_known(row->end_low) && moment_known(row->end_high) &&
        row->end_low < row->end_high) {
        put(page, tr(page, "; 90% between ", "; na 90% między "));
        put_near(page, row->end_low, row->end);
        put(page, tr(page, " and ", " a "));
        put_near(page, row->end_high, row->end);
    }
    if (row->waves > 1)
        buf_format(page->out, tr(page, ", in %d waves", ", w %d falach"), row->waves);
    put(page, "</small>");
    close_fact(page);
}

static void put_size_facts(struct page *page, const struct episode_row *row) {
    open_fact(page, "Mentions", "Wzmianki");
    put_count(page, row->mentions);
    put(page, tr(page, "<small>expected ", "<small>oczekiwano "));
    put_decimal(page, row->expected, 0);
    put(page, "</small>");
    close_fact(page);
    open_fact(page, "Negative mentions", "Negatywne wzmianki");
    put_count(page, row->negative);
    put(page, tr(page, "<small>more than usual: ", "<small>ponad zwykłe: "));
    put_decimal(page, row->excess_negative, 0);
    int64_t unscored = (int64_t)row->mentions - row->negative - row->neutral - row->positive;
    put(page, tr(page, "; without a score: ", "; bez oceny: "));
    put_count(page, unscored < 0 ? 0 : unscored);
    put(page, "</small>");
    close_fact(page);
    open_fact(page, "Authors", "Autorzy");
    put_count(page, row->authors);
    put(page, "<small>");
    put(page, tr(page, "new to the brand: ", "pierwszy raz o marce: "));
    put_count(page, row->new_authors);
    put(page, tr(page, "; critics who did not come back: ", "; krytycy, którzy nie wrócili: "));
    put_count(page, row->silent_authors);
    put(page, "</small>");
    close_fact(page);
}

static void put_missing_fact(struct page *page, const struct episode_row *row) {
    if (row->minutes_missing <= 0)
        return;
    open_fact(page, "Not in the archive", "Brak w archiwum");
    put_duration(page, (int64_t)row->minutes_missing * 60);
    put(page, tr(page, "<small>of this time and the hour before it</small>",
                 "<small>tego czasu i godziny przedtem</small>"));
    close_fact(page);
}

static void put_pace_facts(struct page *page, const struct episode_row *row) {
    open_fact(page, "Pace", "Tempo");
    put(page, tr(page, "doubled in ", "podwojenie w "));
    put_duration(page, row->doubling_time_s);
    put(page, tr(page, "<small>halved after ", "<small>spadek o połowę po "));
    put_duration(page, row->half_life_s);
    put(page, "</small>");
    close_fact(page);
    if (row->recovered_at != row->end) {
        open_fact(page, "Back to usual", "Powrót do normy");
        put_moment(page, row->recovered_at);
        if (!moment_known(row->recovered_at))
            put(page, tr(page, "<small>not within the data</small>",
                         "<small>poza zakresem danych</small>"));
        close_fact(page);
    }
    open_fact(page, "Few hands?", "Czy to garstka osób?");
    put_percent(page, row->top_authors_share);
    put(page, tr(page, "<small>by the four busiest accounts; most repeated text ",
                 "<small>od czterech najaktywniejszych kont; najczęstszy tekst "));
    put_percent(page, row->top_text_share);
    put(page, tr(page, "; reposts ", "; podania dalej "));
    put_percent(page, row->repost_share);
    put(page, "</small>");
    close_fact(page);
}

/* ---- negative share before, during, after ---- */

static void put_phase(struct page *page, const char *name, const struct tally_view *tally,
                      double share, double sentiment) {
    put(page, "<tr><th scope=\"row\">");
    put(page, name);
    put(page, "</th><td>");
    put_track(page, share, "neg");
    put(page, "</td><td class=\"num\">");
    if (tally)
        put_share_limits(page, tally->negative, tally->mentions);
    else
        put_percent(page, share);
    put(page, "</td><td class=\"num opt\">");
    put_signed(page, sentiment, 2);
    put(page, "</td></tr>\n");
}

static void put_phases(struct page *page, const struct brand_view *view,
                       const struct episode_row *row) {
    struct tally_view after = {0}, during = {.mentions = row->mentions, .negative = row->negative};
    bool judged = row->mentions > 0 &&
                  fabs((double)row->negative / row->mentions - row->negative_share) < 1e-9;
    if (moment_known(row->onset) && moment_known(row->end))
        after = view_quiet(page, view, row->end, row->end + AFTER_S);
    buf_format(
        page->out,
        "<table class=\"phases\"><caption>%s</caption><thead><tr><th scope=\"col\">%s</th><th "
        "scope=\"col\" colspan=\"2\">%s</th><th scope=\"col\" class=\"num "
        "opt\">%s</th></tr></thead><tbody>\n",
        tr(page, "Of all mentions, with the unscored; in brackets 95% limits",
           "Wśród wszystkich wzmianek, z nieocenionymi; w nawiasach granice 95%"),
        tr(page, "When", "Kiedy"), tr(page, "Negative share", "Udział negatywnych"),
        tr(page, "Mean sentiment", "Średni wydźwięk"));
    put_phase(page, tr(page, "28 days before", "28 dni przed"), NULL, row->negative_share_before,
              row->sentiment_before);
    put_phase(page, tr(page, "during", "w trakcie"), judged ? &during : NULL, row->negative_share,
              row->sentiment_during);
    put_phase(page, tr(page, "30 days after", "30 dni po"), after.mentions > 0 ? &after : NULL,
              after.mentions > 0 ? (double)after.negative / (double)after.mentions : NAN,
              row->sentiment_after);
    put(page, "</tbody></table>\n");
}

/* ---- what about ---- */

static bool is_term_of(const struct term_row *term, const struct episode_row *row) {
    return term->episode == row->onset && strncmp(term->brand, row->brand, sizeof term->brand) == 0;
}

/* Mentions of the brand outside all its events. */
static int64_t usual_mentions(const struct brand_view *view) {
    int64_t sum = view->all.mentions;
    for (size_t i = 0; i < view->event_count; i++)
        sum -= view->events[i].row->mentions;
    return sum;
}

static void put_terms(struct page *page, const struct brand_view *view,
                      const struct episode_row *row) {
    const struct term_row *terms = page->audit->tables[TABLE_TERMS].rows;
    size_t count = page->audit->tables[TABLE_TERMS].count, shown = 0;
    int64_t usual = usual_mentions(view);
    static const char *const titles[][2] = {{"Word", "Wyraz"},
                                            {"Mentions", "Wzmianki"},
                                            {"During", "W trakcie"},
                                            {"Usually", "Zwykle"}};
    for (size_t i = 0; i < count && shown < TERMS_SHOWN; i++) {
        if (!is_term_of(&terms[i], row))
            continue;
        if (!shown++) {
            put(page, "<table class=\"words rows\"><caption>");
            put_term(page, "terms",
                     "What people wrote about: words and their share of the mentions",
                     "O czym pisano: wyrazy i ich udział we wzmiankach");
            put(page, "</caption>");
            table_head(page, titles, 4, 0xE);
        }
        put(page, "<tr><th><bdi>");
        put_field(page, terms[i].term);
        put(page, "</bdi><td>");
        put_count(page, terms[i].mentions);
        put(page, "<td>");
        put_share(page, terms[i].mentions, row->mentions);
        put(page, "<td>");
        put_share(page, terms[i].usual_mentions, usual);
    }
    if (shown)
        put(page, "</tbody></table>\n");
}

/* "outage 41, billing 7" in the words of the page. */
static void put_topics(struct page *page, struct span topics) {
    if (!topics.len)
        return;
    put(page, "<p class=\"line\"><b>");
    put(page, tr(page, "What negative posts are about:", "Czego dotyczą negatywne wpisy:"));
    put(page, "</b> ");
    put_topic_counts(page, topics);
    put(page, "</p>\n");
}

/* ---- why this severity, in words ---- */

static void put_reasons(struct page *page, const struct event_view *event) {
    const struct episode_row *row = event->row;
    put(page, "<p class=\"line\"><b>");
    put(page, tr(page, "Why ", "Dlaczego "));
    put_term(page, "severity", "severity", "skala");
    buf_format(page->out, " %d:</b> ", row->severity);
    put_count(page, row->negative);
    put(page, tr(page, " negative mentions, ", " negatywnych wzmianek, o "));
    put_decimal(page, row->excess_negative, 0);
    put(page, tr(page, " more than usual: as many as the brand gets of all kinds in ",
                 " więcej niż zwykle: tyle, ile marka ma wszystkich wzmianek w ciągu "));
    put_decimal(page, row->days_of_criticism, 1);
    put(page, tr(page, " usual days; ", " zwykłego dnia; "));
    put_decimal(page, row->ratio, 1);
    put(page, tr(page, " times the usual in the busiest hour; ",
                 " raza tyle co zwykle w najgorętszej godzinie; "));
    put_count(page, row->platforms);
    put(page, tr_plural(page, row->platforms, " platform with twice its usual or more",
                        " platforms with twice their usual or more",
                        " platforma z co najmniej podwojonym ruchem",
                        " platformy z co najmniej podwojonym ruchem",
                        " platform z co najmniej podwojonym ruchem"));
    if (row->severity != row->severity_rule)
        buf_format(page->out,
                   tr(page, "; the rule gives %d, platforms or few hands changed it",
                      "; sama reguła daje %d, zmieniły to platformy albo mała liczba piszących"),
                   row->severity_rule);
    put(page, ".</p>\n");
}

/* ---- care during it ---- */

static void put_care(struct page *page, const struct brand_view *view,
                     const struct event_view *event) {
    const struct response_row *rows = page->audit->tables[TABLE_RESPONSE].rows;
    char period[32];
    snprintf(period, sizeof period, "crisis:%u", event->number);
    for (size_t i = 0; i < page->audit->tables[TABLE_RESPONSE].count; i++) {
        const struct response_row *row = &rows[i];
        if (!span_is(FIELD_SPAN(row->brand), page->audit->brands.at[view->brand]) ||
            strcmp(row->period, period) != 0 || strcmp(row->account, "all") != 0 ||
            strcmp(row->channel, "all") != 0 || row->turns < 0)
            continue;
        put(page, "<p class=\"line\"><b>");
        put(page, tr(page, "Care during it:", "Obsługa w tym czasie:"));
        put(page, "</b> ");
        put_count(page, row->answered);
        put(page, tr(page, " of ", " z "));
        put_count(page, row->turns);
        put(page,
            tr_plural(page, row->turns, " request answered", " requests answered",
                      " sprawy z odpowiedzią", " spraw z odpowiedzią", " spraw z odpowiedzią"));
        if (isfinite(row->frt_median_s)) {
            put(page, tr(page, ", half within ", ", połowa w ciągu "));
            put_wait(page, row->frt_median_s);
        }
        if (row->first_reply_s >= 0) {
            put(page,
                tr(page, "; first public reply after ", "; pierwsza publiczna odpowiedź po "));
            put_wait(page, (double)row->first_reply_s);
        }
        if (row->first_statement_s >= 0) {
            put(page, tr(page, ", first statement after ", ", pierwsze oświadczenie po "));
            put_wait(page, (double)row->first_statement_s);
        }
        put(page, tr(page, ". More in <a href=\"#care\">Care</a>.</p>\n",
                     ". Więcej w rozdziale <a href=\"#care\">Obsługa</a>.</p>\n"));
        return;
    }
}

void episode_write(struct page *page, const struct brand_view *view, size_t index) {
    const struct event_view *event = &view->events[index];
    const struct episode_row *row = event->row;
    int level = row->severity < 0 ? 0 : row->severity > 4 ? 4 : row->severity;
    buf_format(page->out, "<article class=\"card s%d\" id=\"e%zu-%zu\">\n<header><h3>", level,
               view->brand, index);
    put_brand_link(page, view);
    put(page, " <span class=\"mark\">");
    put_mark(page, event);
    put(page, "</span> ");
    put_moment(page, row->onset);
    /* four boxes, as many filled as the level: read as "3 of 4" without colour */
    put(page, "</h3><p class=\"severity\"><span class=\"meter\" aria-hidden=\"true\">");
    for (int i = 1; i <= 4; i++)
        put(page, i <= level ? "<i class=\"on\"></i>" : "<i></i>");
    buf_format(page->out, "</span> <span class=\"level\">%s %d %s 4: %s</span></p></header>\n",
               tr(page, "severity", "skala"), level, tr(page, "of", "z"),
               word_severity(page, event->kind, level));
    put(page, "<p class=\"story\">");
    story_write(page, view, event);
    put(page, "</p>\n");
    episode_figure(page, view, index);
    put(page, "<dl class=\"facts\">\n");
    put_when_facts(page, row);
    put_size_facts(page, row);
    put_pace_facts(page, row);
    put_missing_fact(page, row);
    put(page, "</dl>\n<div class=\"two\"><div>\n");
    put_phases(page, view, row);
    put_topics(page, FIELD_SPAN(row->topics));
    put_reasons(page, event);
    put_care(page, view, event);
    put(page, "</div><div>\n");
    put_terms(page, view, row);
    put(page, "</div></div>\n");
    spread_figure(page, view, index);
    spread_write(page, row);
    carriers_write(page, row);
    known_write(page, row);
    evidence_write(page, row);
    put(page, "<p class=\"back\"><a href=\"#crises\">");
    put(page, tr(page, "All crises", "Wszystkie kryzysy"));
    put(page, "</a></p>\n</article>\n");
}
