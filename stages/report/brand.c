/* The sections of the brands. */
#include "stages/report/week.h"

enum { LINES_MAX = 300 };

static void put_quick_figures(struct page *page, const struct brand_view *view) {
    const struct tally_view *all = &view->all;
    int64_t scored = all->negative + all->neutral + all->positive;
    put(page, "<p class=\"intro\">");
    put_count(page, all->mentions);
    put(page, tr_plural(page, all->mentions,
                        " mention: ", " mentions: ", " wzmianka: ", " wzmianki: ", " wzmianek: "));
    put_count(page, view->originals);
    put(page, tr(page, " original, ", " oryginalnych, "));
    put_count(page, view->replies);
    put(page, tr_plural(page, view->replies, " reply, ", " replies, ", " odpowiedź, ",
                        " odpowiedzi, ", " odpowiedzi, "));
    put_count(page, view->reposts);
    put(page, tr_plural(page, view->reposts, " repost. ", " reposts. ", " podanie dalej. ",
                        " podania dalej. ", " podań dalej. "));
    put_share(page, all->negative, scored);
    put(page, tr(page, " negative, ", " negatywnych, "));
    put_share(page, all->neutral, scored);
    put(page, tr(page, " neutral, ", " neutralnych, "));
    put_share(page, all->positive, scored);
    put(page, tr(page, " positive; net sentiment ", " pozytywnych; saldo wydźwięku "));
    put_signed(page, net_sentiment(all), 2);
    put(page, tr(page, ". Shares of ", ". Udziały wśród "));
    put_count(page, scored);
    put(page, tr(page, " scored mentions; without a score: ", " ocenionych wzmianek; bez oceny: "));
    put_count(page, all->mentions - scored);
    put(page, ".</p>\n");
}

/* Which crises there were, with a way to their cards; or what it means that there is none. */
static void put_crises(struct page *page, const struct brand_view *view) {
    if (!view->crisis_count) {
        put(page, "<p class=\"calm\">");
        put_quiet(
            page, view_quiet_reason(page, view),
            tr(page, "No crisis was found for this brand.", "Dla tej marki nie wykryto kryzysu."));
        put(page, "</p>\n");
        return;
    }
    put(page, "<p class=\"ways\">");
    put(page, tr(page, "Crises: ", "Kryzysy: "));
    for (size_t i = 0; i < view->event_count; i++) {
        if (view->events[i].kind != EVENT_CRISIS)
            continue;
        buf_format(page->out, "<a href=\"#e%zu-%zu\">", view->brand, i);
        put_mark(page, &view->events[i]);
        put(page, ", ");
        put_date(page, view->events[i].row->onset);
        put(page, "</a> ");
    }
    put(page, "</p>\n");
}

static void put_burst(struct page *page, const struct brand_view *view,
                      const struct event_view *event) {
    const struct episode_row *row = event->row;
    buf_format(page->out, "<li id=\"e%zu-%zu\"><p class=\"when\">", view->brand,
               (size_t)(event - view->events));
    put_date(page, row->onset);
    buf_format(page->out, "</p><div><h4><span class=\"tag %s\">",
               event->kind == EVENT_FLOOD  ? "flood"
               : event->kind == EVENT_TURN ? "turn"
                                           : "burst");
    put_mark(page, event);
    buf_format(page->out, " \xC2\xB7 %s</span> <span class=\"level\">%s %d %s 4: %s</span></h4>",
               word_kind(page, event->kind), tr(page, "strength", "skala"),
               row->severity < 0   ? 0
               : row->severity > 4 ? 4
                                   : row->severity,
               tr(page, "of", "z"), word_severity(page, event->kind, row->severity));
    put(page, "<p>");
    story_write(page, view, event);
    put(page, "</p>");
    put(page, "</div></li>\n");
}

static void put_bursts(struct page *page, const struct brand_view *view) {
    size_t shown = 0;
    if (view->event_count == view->crisis_count)
        return;
    put(page, "<h3>");
    put(page, tr(page, "Bursts, floods and turns of mood",
                 "Wzrosty zainteresowania, zalewy i zmiany nastroju"));
    put(page, "</h3>\n<p class=\"note\">");
    put(page,
        tr(page,
           "Unusually much talk that criticism does not drive (burst) or that few accounts or "
           "repeated texts make (flood); or as much talk as usual, more of it critical (turn of "
           "mood).",
           "Niezwykle dużo rozmów, których nie napędza krytyka (wzrost zainteresowania) albo "
           "które tworzy kilka kont lub powielany tekst (zalew); albo tyle rozmów co zwykle, ale "
           "więcej krytycznych (zmiana nastroju)."));
    put(page, "</p>\n<ol class=\"events\">\n");
    for (size_t i = 0; i < view->event_count && shown < LINES_MAX; i++)
        if (view->events[i].kind != EVENT_CRISIS) {
            put_burst(page, view, &view->events[i]);
            shown++;
        }
    put(page, "</ol>\n");
}

static void put_brand(struct page *page, const struct brand_view *view) {
    buf_format(page->out, "<section class=\"brand\" id=\"b%zu\">\n<h2><bdi>", view->brand);
    put_text(page, page_brand_name(page, view->brand));
    put(page, "</bdi></h2>\n");
    put_quick_figures(page, view);
    if (view->all.mentions) {
        put_crises(page, view);
        volume_figure(page, view);
        put_bursts(page, view);
        mood_figure(page, view);
        if (!page_is_large(page))
            mentions_week(page, view);
        breakdown_write(page, view);
    } else {
        put(page,
            tr(page,
               "<p class=\"calm\">Nobody mentioned this brand, or the query does not "
               "match what they write: burza query shows what it matches.</p>\n",
               "<p class=\"calm\">Nikt nie wspomniał o tej marce albo zapytanie nie pasuje do "
               "tego, co ludzie piszą: polecenie burza query pokaże, co do niego "
               "pasuje.</p>\n"));
    }
    put(page, "<p class=\"back\"><a href=\"#comparison\">");
    put(page, tr(page, "Back to the brands", "Powrót do marek"));
    put(page, "</a></p>\n</section>\n");
}

/* All brands in the audit's order; of very many, the most mentioned. */
enum status brands_write(struct page *page, struct fault *fault) {
    (void)fault;
    for (size_t i = 0; i < page->brand_count; i++)
        if (view_detailed(&page->brands[i]))
            put_brand(page, &page->brands[i]);
    if (page->shown_count > BRANDS_DETAILED) {
        put(page, "<p class=\"note\">");
        put(page, tr(page, "Only the most mentioned brands are shown in detail: ",
                     "Szczegółowo pokazano tylko marki wzmiankowane najczęściej: "));
        put_count(page, BRANDS_DETAILED);
        put(page, tr(page, " of ", " z "));
        put_count(page, (int64_t)page->shown_count);
        put(page,
            tr(page, ". <code>burza report --brand ID</code> writes any one brand\xE2\x80\x99s.",
               ". Polecenie <code>burza report --brand ID</code> tworzy raport o jednej marce."));
        put(page, "</p>\n");
    }
    return STATUS_OK;
}
