/* The crises of all brands: a table by time, then a card each. */
#include "stages/report/figure.h"

enum { CRISES_LISTED = 500, CARDS_MAX = 60, LESS_THAN = 3 };

/* Cards are for the most severe. */
static bool has_card(const struct page *page, const struct crisis_view *crisis) {
    bool fold = page->crisis_count > CRISES_FOLD || page->shown_count > BRANDS_FOLD;
    return crisis->rank < CARDS_MAX && (!fold || crisis_row(crisis)->severity >= LESS_THAN);
}

static void put_line(struct page *page, const struct crisis_view *crisis) {
    const struct event_view *event = &crisis->brand->events[crisis->event];
    const struct episode_row *row = event->row;
    buf_format(page->out, "<tr><th scope=\"row\"><a href=\"#e%zu-%zu\">", crisis->brand->brand,
               crisis->event);
    put_moment(page, row->onset);
    put(page, "</a></th><td>");
    put_brand_name(page, crisis->brand);
    put(page, " <span class=\"code\">");
    put_mark(page, event);
    put(page, "</span></td><td class=\"num\">");
    put_count(page, row->mentions);
    put(page, "</td><td class=\"num opt\">");
    put_decimal(page, row->expected, 0);
    put(page, "</td><td class=\"num\">");
    put_percent(page, row->negative_share);
    put(page, "</td><td class=\"num opt\">");
    put_percent(page, row->negative_share_before);
    put(page, "</td><td class=\"num opt\">");
    put_duration(page, row->duration_s);
    buf_format(page->out, "</td><td class=\"opt\">%d <span class=\"level\">%s</span></td></tr>\n",
               row->severity, word_severity(page, event->kind, row->severity));
}

static void put_table(struct page *page) {
    static const struct {
        const char *title[2], *class;
    } columns[] = {{{"Onset", "Początek"}, ""},        {{"Brand", "Marka"}, ""},
                   {{"Mentions", "Wzmianki"}, "num"},  {{"Usual", "Zwykle"}, "num opt"},
                   {{"Negative", "Negatywne"}, "num"}, {{"Before", "Wcześniej"}, "num opt"},
                   {{"Lasted", "Trwał"}, "num opt"},   {{"Severity", "Skala"}, "opt"}};
    buf_format(
        page->out,
        "<div class=\"scroll\"><table class=\"sorts crises\"><caption>%s</caption><thead><tr>",
        tr(page, "All crises, by time", "Wszystkie kryzysy według czasu"));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        buf_format(page->out, "<th scope=\"col\" class=\"%s\">%s</th>", columns[i].class,
                   columns[i].title[page->polish]);
    put(page, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < page->crisis_count && i < CRISES_LISTED; i++)
        put_line(page, &page->crises[i]);
    put(page, "</tbody></table></div>\n<p class=\"note\">");
    put(page, tr(page, "By time of ", "Według czasu, w którym nastąpił "));
    put_term(page, "onset", "onset", "początek");
    put(page,
        tr(page, ". Negative: share of the mentions, with those that have no score. Severity: ",
           ". Negatywne: udział wśród wzmianek, także tych bez oceny. Skala: "));
    put_term(page, "severity", "0 to 4", "od 0 do 4");
    put(page,
        tr(page,
           ", relative to the brand\xE2\x80\x99s own usual talk: a small brand reaches 4 with few "
           "mentions.",
           ", względem zwykłych rozmów o tej marce: mała marka osiąga 4 przy niewielu "
           "wzmiankach."));
    if (page->crisis_count > CRISES_LISTED)
        put(page, tr(page, " The first 500; all are in the table crises of the audit.",
                     " Pierwsze 500; wszystkie są w tabeli crises audytu."));
    put(page, "</p>\n");
}

/* What a folded event says in one line, at the address of its card. */
static void put_folded(struct page *page, const struct crisis_view *crisis) {
    const struct event_view *event = &crisis->brand->events[crisis->event];
    buf_format(page->out, "<p class=\"folded\" id=\"e%zu-%zu\"><b>", crisis->brand->brand,
               crisis->event);
    put_brand_name(page, crisis->brand);
    put(page, " ");
    put_mark(page, event);
    put(page, "</b> ");
    story_write(page, crisis->brand, event);
    put(page, "</p>\n");
}

static void put_none(struct page *page) {
    bool any = false;
    put(page, "<p class=\"calm\">");
    for (size_t i = 0; i < page->brand_count; i++)
        any |= page->brands[i].shown && view_quiet_reason(page, &page->brands[i]) == QUIET_CALM;
    if (any)
        put(page, tr(page,
                     "No crisis was found where one could have been. What that says of each "
                     "brand stands in its chapter.",
                     "Nie wykryto kryzysu tam, gdzie dałoby się go wykryć. Co to mówi o każdej "
                     "marce, podano w jej rozdziale."));
    else
        put(page, tr(page,
                     "Whether there was a crisis cannot be told from these data; why, stands "
                     "in the chapter of each brand.",
                     "Z tych danych nie da się powiedzieć, czy był kryzys; dlaczego, podano w "
                     "rozdziale każdej marki."));
    put(page, "</p>\n");
}

enum status crises_write(struct page *page, struct fault *fault) {
    if (!page->crisis_count) {
        put_none(page);
        return STATUS_OK;
    }
    size_t folded = 0;
    (void)fault;
    put_table(page);
    for (size_t i = 0; i < page->crisis_count; i++)
        if (has_card(page, &page->crises[i]))
            episode_write(page, page->crises[i].brand, page->crises[i].event);
        else
            folded++;
    if (folded)
        buf_format(page->out, "<h3>%s</h3>\n",
                   tr(page, "Smaller crises, in short", "Mniejsze kryzysy w skrócie"));
    for (size_t i = 0; i < page->crisis_count && folded; i++)
        if (!has_card(page, &page->crises[i]))
            put_folded(page, &page->crises[i]);
    alarms_write(page);
    return STATUS_OK;
}
