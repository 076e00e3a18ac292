/* One crisis as a card: what, when, how bad, why, and the posts that show it. */
#include "stages/report/page.h"

#include <math.h>

enum { BEFORE_S = 28 * SECONDS_PER_DAY, AFTER_S = 30 * SECONDS_PER_DAY, TERMS_SHOWN = 14 };

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
    put(page, tr(page, " times the usual in the busiest hour",
                 " raza tyle co zwykle w najgorętszej godzinie"));
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
    open_fact(page, "Criticism", "Krytyka");
    put_decimal(page, row->excess_negative, 0);
    put(page, tr(page, "<small>negative mentions more than usual: ",
                 "<small>tyle negatywnych ponad zwykłe: "));
    put_decimal(page, row->days_of_criticism, 1);
    put(page, tr(page, " days of usual talk</small>", " dnia zwykłych rozmów</small>"));
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

static void put_pace_facts(struct page *page, const struct episode_row *row) {
    open_fact(page, "Pace", "Tempo");
    put(page, tr(page, "doubled in ", "podwojenie w "));
    put_duration(page, row->doubling_time_s);
    put(page, tr(page, "<small>halved after ", "<small>spadek o połowę po "));
    put_duration(page, row->half_life_s);
    put(page, "</small>");
    close_fact(page);
    open_fact(page, "Back to usual", "Powrót do normy");
    put_moment(page, row->recovered_at);
    if (!moment_known(row->recovered_at))
        put(page,
            tr(page, "<small>not within the data</small>", "<small>poza zakresem danych</small>"));
    close_fact(page);
    open_fact(page, "Concentration", "Koncentracja");
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

static void put_phase(struct page *page, const char *name, double share, double sentiment) {
    put(page, "<tr><th scope=\"row\">");
    put(page, name);
    put(page, "</th><td class=\"track\">");
    if (isfinite(share) && share > 0)
        buf_format(page->out, "<i style=\"width:%.1f%%\"></i>", share > 1 ? 100 : share * 100);
    put(page, "</td><td class=\"num\">");
    put_percent(page, share);
    put(page, "</td><td class=\"num\">");
    put_signed(page, sentiment, 2);
    put(page, "</td></tr>\n");
}

static void put_phases(struct page *page, const struct brand_view *view,
                       const struct episode_row *row) {
    struct tally_view after = {0}, before = {0};
    if (moment_known(row->onset) && moment_known(row->end)) {
        before = view_quiet(page, view, row->onset - BEFORE_S, row->onset);
        after = view_quiet(page, view, row->end, row->end + AFTER_S);
    }
    put(page, "<table class=\"phases\"><thead><tr><td></td><th scope=\"col\" colspan=\"2\">");
    put(page, tr(page, "Negative share", "Udział negatywnych"));
    put(page, "</th><th scope=\"col\" class=\"num\">");
    put(page, tr(page, "Mean sentiment", "Średni wydźwięk"));
    put(page, "</th></tr></thead><tbody>\n");
    put_phase(page, tr(page, "28 days before", "28 dni przed"),
              before.mentions > 0 ? row->negative_share_before : NAN, row->sentiment_before);
    put_phase(page, tr(page, "during", "w trakcie"), row->negative_share, row->sentiment_during);
    put_phase(page, tr(page, "30 days after", "30 dni po"),
              after.mentions > 0 ? (double)after.negative / (double)after.mentions : NAN,
              row->sentiment_after);
    put(page, "</tbody></table>\n");
}

/* ---- why and where ---- */

static void put_terms(struct page *page, const struct episode_row *row) {
    const struct term_row *terms = page->audit->tables[TABLE_TERMS].rows;
    size_t count = page->audit->tables[TABLE_TERMS].count, shown = 0;
    put(page, "<h5>");
    put(page, tr(page, "What people wrote about", "O czym pisano"));
    put(page, "</h5>\n<ul class=\"terms\">");
    for (size_t i = 0; i < count && shown < TERMS_SHOWN; i++) {
        if (terms[i].episode != row->onset ||
            strncmp(terms[i].brand, row->brand, sizeof terms[i].brand) != 0)
            continue;
        shown++;
        put(page, "<li><bdi>");
        put_field(page, terms[i].term);
        put(page, "</bdi> <small>");
        put_count(page, terms[i].mentions);
        put(page, "</small></li>\n");
    }
    if (!shown) {
        put(page, "<li><bdi>");
        put_field(page, row->terms);
        put(page, "</bdi></li>");
    }
    put(page, "</ul>\n");
}

/* "outage 41, billing 7" in the words of the page. */
static void put_topics(struct page *page, struct span topics) {
    if (!topics.len)
        return;
    put(page, "<p class=\"line\"><b>");
    put(page, tr(page, "What negative posts are about:", "Czego dotyczą negatywne wpisy:"));
    put(page, "</b> ");
    for (const char *comma = ""; topics.len; comma = ", ") {
        const char *end = memchr(topics.at, ',', topics.len);
        struct span entry = {topics.at, end ? (size_t)(end - topics.at) : topics.len};
        size_t used = end ? entry.len + 2 : entry.len;
        topics = used < topics.len ? (struct span){topics.at + used, topics.len - used}
                                   : (struct span){NULL, 0};
        const char *blank = entry.len ? memchr(entry.at, ' ', entry.len) : NULL;
        size_t name = blank ? (size_t)(blank - entry.at) : entry.len;
        put(page, comma);
        for (int i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
            if (span_is((struct span){entry.at, name}, topic_name((enum post_topic)i)))
                put(page, word_topic(page, i));
        put_text(page, (struct span){entry.at + name, entry.len - name});
    }
    put(page, "</p>\n");
}

static void put_line(struct page *page, const char *name, struct span value) {
    if (!value.len)
        return;
    put(page, "<p class=\"line\"><b>");
    put(page, name);
    put(page, "</b> <bdi>");
    put_text(page, value);
    put(page, "</bdi></p>\n");
}

void episode_write(struct page *page, const struct brand_view *view, size_t index) {
    const struct event_view *event = &view->events[index];
    const struct episode_row *row = event->row;
    int level = row->severity < 0 ? 0 : row->severity > 4 ? 4 : row->severity;
    buf_format(page->out,
               "<article class=\"card s%d\" id=\"e%zu-%zu\">\n<header><p class=\"mark\">", level,
               view->brand, index);
    put_mark(page, event);
    put(page, "</p><h4>");
    put_moment(page, row->onset);
    /* four boxes, as many filled as the level: read as "3 of 4" without colour */
    put(page, "</h4><p class=\"severity\"><span class=\"meter\" aria-hidden=\"true\">");
    for (int i = 1; i <= 4; i++)
        put(page, i <= level ? "<i class=\"on\"></i>" : "<i></i>");
    buf_format(page->out,
               "</span> <span class=\"level\">%s %d %s 4: %s</span></p></header>\n"
               "<p class=\"story\">",
               tr(page, "severity", "skala"), level, tr(page, "of", "z"),
               word_severity(page, event->kind, level));
    put_text(page, page->polish ? FIELD_SPAN(row->summary_pl) : FIELD_SPAN(row->summary_en));
    put(page, "</p>\n");
    episode_chart(page, view, index);
    put(page, "<dl class=\"facts\">\n");
    put_when_facts(page, row);
    put_size_facts(page, row);
    put_pace_facts(page, row);
    put(page, "</dl>\n<div class=\"two\"><div>\n");
    put_phases(page, view, row);
    put(page, "</div><div>\n");
    put_terms(page, row);
    put(page, "</div></div>\n");
    put_topics(page, FIELD_SPAN(row->topics));
    spread_write(page, row);
    carriers_write(page, row);
    known_write(page, row);
    put_line(page, tr(page, "Why this kind and severity:", "Dlaczego taki rodzaj i skala:"),
             page->polish && row->why_pl[0] ? FIELD_SPAN(row->why_pl) : FIELD_SPAN(row->why));
    evidence_write(page, row);
    put(page, "</article>\n");
}
