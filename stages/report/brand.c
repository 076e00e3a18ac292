/* The sections of the brands. */
#include "stages/report/page.h"

#include <stdlib.h>

enum { DETAILED_BRANDS = 60, CARDS_MAX = 60, LINES_MAX = 300 };

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
    put(page, ".</p>\n");
}

static void put_cards(struct page *page, const struct brand_view *view) {
    size_t shown = 0;
    if (!view->crisis_count) {
        put(page, "<p class=\"calm\">");
        put_quiet(
            page, view_quiet_reason(page, view),
            tr(page, "No crisis was found for this brand.", "Dla tej marki nie wykryto kryzysu."));
        put(page, "</p>\n");
        return;
    }
    put(page, "<h3>");
    put(page, tr(page, "Crises", "Kryzysy"));
    put(page, "</h3>\n");
    for (size_t i = 0; i < view->event_count && shown < CARDS_MAX; i++)
        if (view->events[i].kind == EVENT_CRISIS) {
            episode_write(page, view, i);
            shown++;
        }
    if (shown < view->crisis_count)
        put(page, tr(page,
                     "<p class=\"note\">Later crises are in the table crises of the "
                     "audit.</p>\n",
                     "<p class=\"note\">Późniejsze kryzysy są w tabeli crises audytu.</p>\n"));
}

static void put_burst(struct page *page, const struct event_view *event) {
    const struct episode_row *row = event->row;
    put(page, "<li><p class=\"when\">");
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
    if (page->polish)
        put_field(page, row->summary_pl);
    else
        put_field(page, row->summary_en);
    put(page, "</p>");
    put(page, "<small>");
    put_count(page, row->mentions);
    put(page, tr_plural(page, row->mentions, " mention", " mentions", " wzmianka", " wzmianki",
                        " wzmianek"));
    put(page, tr(page, ", expected ", ", oczekiwano "));
    put_decimal(page, row->expected, 0);
    put(page, " \xC2\xB7 ");
    put_percent(page, row->negative_share);
    put(page, tr(page, " negative \xC2\xB7 ", " negatywnych \xC2\xB7 "));
    put_duration(page, row->duration_s);
    put(page, "</small>");
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
            put_burst(page, &view->events[i]);
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
        volume_chart(page, view);
        put_cards(page, view);
        put_bursts(page, view);
        mood_chart(page, view);
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
    put(page, "</section>\n");
}

static int compare_mentions(const void *a, const void *b) {
    const struct brand_view *x = *(const struct brand_view *const *)a;
    const struct brand_view *y = *(const struct brand_view *const *)b;
    if (x->all.mentions != y->all.mentions)
        return x->all.mentions > y->all.mentions ? -1 : 1;
    return (x->brand > y->brand) - (x->brand < y->brand);
}

/* All brands in the audit's order; of very many, the most mentioned. */
enum status brands_write(struct page *page, struct fault *fault) {
    size_t shown = page->brand_count < DETAILED_BRANDS ? page->brand_count : DETAILED_BRANDS;
    const struct brand_view **order = malloc((page->brand_count + 1) * sizeof *order);
    if (!order)
        return fault_memory(fault);
    for (size_t i = 0; i < page->brand_count; i++)
        order[i] = &page->brands[i];
    if (shown < page->brand_count)
        qsort(order, page->brand_count, sizeof *order, compare_mentions);
    for (size_t i = 0; i < shown; i++)
        put_brand(page, order[i]);
    if (shown < page->brand_count) {
        put(page, "<p class=\"note\">");
        put(page, tr(page, "Only the most mentioned brands are shown in detail: ",
                     "Szczegółowo pokazano tylko marki wzmiankowane najczęściej: "));
        put_count(page, (int64_t)shown);
        put(page, tr(page, " of ", " z "));
        put_count(page, (int64_t)page->brand_count);
        put(page, ".</p>\n");
    }
    free(order);
    return STATUS_OK;
}
