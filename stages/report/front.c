/* The first screen: what was audited, the answer in a few sentences, the brands side by side, and
 * the crises of all brands, the most severe first. */
#include "stages/report/page.h"

enum { BRANDS_LISTED = 500, CRISES_LISTED = 100 };

static int64_t sum_mentions(const struct page *page) {
    int64_t sum = 0;
    for (size_t i = 0; i < page->brand_count; i++)
        sum += page->brands[i].all.mentions;
    return sum;
}

static void put_heading(struct page *page) {
    put(page, "<h1>");
    for (size_t i = 0; i < page->brand_count && i < 5; i++) {
        if (i)
            put(page, i + 1 < page->brand_count ? ", " : tr(page, " and ", " i "));
        put(page, "<bdi>");
        put_text(page, page_brand_name(page, i));
        put(page, "</bdi>");
    }
    if (page->brand_count > 5) {
        put(page, tr(page, " and ", " i jeszcze "));
        put_count(page, (int64_t)page->brand_count - 5);
        put(page, tr(page, " more", ""));
    }
    put(page, "</h1>\n");
}

/* ---- what no crisis means ---- */

void put_quiet(struct page *page, enum quiet_reason reason, const char *calm) {
    if (reason == QUIET_TOO_SHORT) {
        put(page, tr(page, "There is too little time to tell a crisis from a usual day: ",
                     "Za mało czasu, aby odróżnić kryzys od zwykłego dnia: "));
        put_duration(page, page->known_s);
        put(page, tr(page, " of posts, and a baseline needs ",
                     " wpisów, a poziom zwykły można ustalić od "));
        put_decimal(page, (double)baseline_needs_s(SECONDS_PER_HOUR) / SECONDS_PER_HOUR, 0);
        put(page, THIN "h.");
    } else if (reason == QUIET_TOO_FEW) {
        put(page, tr(page, "There are too few mentions for a crisis to be detected: it needs ",
                     "Za mało wzmianek, aby wykryć kryzys: potrzeba co najmniej "));
        put_count(page, EPISODE_LEAST_EXCESS);
        put(page, tr(page, " more than usual.", " ponad zwykły poziom."));
    } else {
        put(page, calm);
    }
}

/* The best that can be said of any brand: calm as soon as one could be judged. */
static enum quiet_reason overall_reason(const struct page *page, size_t *unjudged) {
    enum quiet_reason overall = QUIET_CALM;
    *unjudged = 0;
    for (size_t i = 0; i < page->brand_count; i++) {
        enum quiet_reason reason = view_quiet_reason(page, &page->brands[i]);
        *unjudged += reason != QUIET_CALM;
        if (reason == QUIET_TOO_SHORT || overall == QUIET_CALM)
            overall = reason;
        if (overall == QUIET_NO_MENTIONS && reason == QUIET_TOO_FEW)
            overall = reason;
    }
    return *unjudged == page->brand_count ? overall : QUIET_CALM;
}

static void put_no_crisis(struct page *page) {
    size_t unjudged;
    enum quiet_reason reason = overall_reason(page, &unjudged);
    put_quiet(page, reason, tr(page, "No crisis was found.", "Nie wykryto żadnego kryzysu."));
    if (reason != QUIET_CALM || !unjudged)
        return;
    put(page, tr(page, " Too few mentions to tell: ", " Za mało wzmianek, aby to ocenić: "));
    put_count(page, (int64_t)unjudged);
    put(page, tr(page, " of ", " z "));
    put_count(page, (int64_t)page->brand_count);
    put(page, tr(page, " brands.", " marek."));
}

/* A value below 0 is not known. */
static void put_key(struct page *page, int64_t value, const char *label) {
    put(page, "<div><dd>");
    if (value < 0)
        put(page, DASH);
    else
        put_count(page, value);
    put(page, "</dd><dt>");
    put(page, label);
    put(page, "</dt></div>\n");
}

static void put_keys(struct page *page) {
    int64_t crises = (int64_t)page->crisis_count;
    const struct input_row *inputs = page->audit->tables[TABLE_INPUTS].rows;
    size_t files = page->audit->tables[TABLE_INPUTS].count;
    int64_t posts = 0, mentions = sum_mentions(page);
    for (size_t i = 0; i < files; i++)
        posts += inputs[i].posts;
    put(page, "<dl class=\"keys\">\n");
    put_key(page, (int64_t)files,
            tr_plural(page, (int64_t)files, "file read", "files read", "odczytany plik",
                      "odczytane pliki", "odczytanych plików"));
    put_key(page, posts,
            tr_plural(page, posts, "post read", "posts read", "odczytany wpis", "odczytane wpisy",
                      "odczytanych wpisów"));
    put_key(page, mentions,
            tr_plural(page, mentions, "mention of the brands", "mentions of the brands",
                      "wzmianka o markach", "wzmianki o markach", "wzmianek o markach"));
    size_t unjudged;
    put_key(page, overall_reason(page, &unjudged) == QUIET_CALM ? crises : -1,
            tr_plural(page, crises, "crisis", "crises", "kryzys", "kryzysy", "kryzysów"));
    put(page, "</dl>\n");
}

/* ---- the answer in words ---- */

static void put_worst(struct page *page, const struct crisis_view *worst) {
    const struct episode_row *row = worst->brand->events[worst->event].row;
    put(page, page->crisis_count == 1
                  ? tr(page, " It hit ", " Dotknął markę ")
                  : tr(page, " The worst hit ", " Najpoważniejszy dotknął markę "));
    buf_format(page->out, "<a href=\"#e%zu-%zu\"><bdi>", worst->brand->brand, worst->event);
    put_text(page, page_brand_name(page, worst->brand->brand));
    put(page, tr(page, "</bdi></a> on ", "</bdi></a> "));
    put_date(page, row->onset);
    put(page, ": ");
    put_count(page, row->mentions);
    put(page, tr_plural(page, row->mentions, " mention in ", " mentions in ", " wzmianka w ciągu ",
                        " wzmianki w ciągu ", " wzmianek w ciągu "));
    put_duration(page, row->duration_s);
    put(page, tr(page, ", where about ", " wobec około "));
    put_count(page,
              row->expected >= 0 && row->expected < 1e15 ? (int64_t)(row->expected + 0.5) : 0);
    put(page, tr(page, " would be usual; ", " zwykle; "));
    put_percent(page, row->negative_share);
    put(page, tr(page, " of them were negative.", " z nich było negatywnych."));
}

static void put_lede(struct page *page) {
    int64_t mentions = sum_mentions(page), brands = (int64_t)page->brand_count;
    int64_t crises = (int64_t)page->crisis_count;
    put(page, "<p class=\"lede\">");
    if (brands && !mentions) {
        put(page,
            tr(page, "In this time nobody mentioned the ", "W tym czasie nikt nie wspomniał o "));
        put(page,
            brands == 1 ? tr(page, "brand", "marce") : tr(page, "brands", "badanych markach"));
        put(page, tr(page, ", or the queries do not match what they write.</p>\n",
                     " albo zapytania nie pasują do tego, co ludzie piszą.</p>\n"));
        return;
    }
    put(page, tr(page, "In this time the ", "W tym czasie "));
    if (!page->polish && brands != 1) {
        put_count(page, brands);
        put(page, " ");
    }
    put(page, tr(page, brands == 1 ? "brand was mentioned " : "brands were mentioned ",
                 brands == 1 ? "o marce wspomniano " : "o badanych markach wspomniano "));
    put_count(page, mentions);
    put(page, tr_plural(page, mentions, " time. ", " times. ", " raz. ", " razy. ", " razy. "));
    if (!crises) {
        put_no_crisis(page);
    } else {
        put(page, tr(page, "", "Wykryto "));
        put(page, "<strong>");
        put_count(page, crises);
        put(page,
            tr_plural(page, crises, " crisis was found.</strong>", " crises were found.</strong>",
                      " kryzys.</strong>", " kryzysy.</strong>", " kryzysów.</strong>"));
        put_worst(page, &page->crises[0]);
    }
    put(page, "</p>\n");
}

/* ---- the brands side by side ---- */

static void put_brand_row(struct page *page, const struct brand_view *view) {
    const struct tally_view *all = &view->all;
    int64_t scored = all->negative + all->neutral + all->positive;
    buf_format(page->out, "<tr><th scope=\"row\"><a href=\"#b%zu\"><bdi>", view->brand);
    put_text(page, page_brand_name(page, view->brand));
    put(page, "</bdi></a></th><td class=\"num\">");
    put_count(page, all->mentions);
    put(page, "</td><td class=\"num\">");
    if (view->authors) {
        put_count(page, view->authors);
    } else {
        put(page, DASH);
    }
    put(page, "</td><td>");
    put_sentiment_bar(page, all);
    put(page, "</td><td class=\"num\">");
    put_share(page, all->negative, scored);
    put(page, "</td><td class=\"num\">");
    put_share(page, all->neutral, scored);
    put(page, "</td><td class=\"num\">");
    put_share(page, all->positive, scored);
    put(page, "</td><td class=\"num\">");
    put_signed(page, net_sentiment(all), 2);
    put(page, "</td><td class=\"num\">");
    if (view_quiet_reason(page, view) == QUIET_CALM)
        put_count(page, (int64_t)view->crisis_count);
    else
        put(page, DASH);
    put(page, "</td></tr>\n");
}

enum status comparison_write(struct page *page, struct fault *fault) {
    static const char *const titles[][2] = {
        {"Brand", "Marka"},        {"Mentions", "Wzmianki"},  {"Authors", "Autorzy"},
        {"Sentiment", "Wydźwięk"}, {"Negative", "Negatywne"}, {"Neutral", "Neutralne"},
        {"Positive", "Pozytywne"}, {"Net", "Saldo"},          {"Crises", "Kryzysy"},
    };
    (void)fault;
    put(page, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    put(page, tr(page, "Brands compared", "Porównanie marek"));
    put(page, "\"><table class=\"brands\"><thead><tr>");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        buf_format(page->out, "<th scope=\"col\"%s>%s</th>",
                   i == 0 || i == 3 ? "" : " class=\"num\"", titles[i][page->polish]);
    put(page, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < page->brand_count && i < BRANDS_LISTED; i++)
        put_brand_row(page, &page->brands[i]);
    put(page, "</tbody></table></div>\n<p class=\"note\">");
    put(page, tr(page,
                 "Shares are of the mentions whose sentiment could be scored. Net sentiment runs "
                 "from \xE2\x88\x92"
                 "1 (all criticism) to +1 (all praise), neutral mentions left out.",
                 "Udziały liczono wśród wzmianek, których wydźwięk dało się ocenić. Saldo: od "
                 "\xE2\x88\x92"
                 "1 (sama krytyka) do +1 (same pochwały), z pominięciem wzmianek "
                 "neutralnych."));
    put(page, "</p>\n");
    return STATUS_OK;
}

/* ---- the crises of all brands ---- */

static void put_crisis_line(struct page *page, const struct crisis_view *crisis) {
    const struct event_view *event = &crisis->brand->events[crisis->event];
    const struct episode_row *row = event->row;
    put(page, "<li><p class=\"when\">");
    put_date(page, row->onset);
    put(page, "</p><div><h3>");
    buf_format(page->out, "<a href=\"#e%zu-%zu\"><bdi>", crisis->brand->brand, crisis->event);
    put_text(page, page_brand_name(page, crisis->brand->brand));
    buf_format(page->out, "</bdi></a> <span class=\"tag s%d\">",
               row->severity < 0   ? 0
               : row->severity > 4 ? 4
                                   : row->severity);
    put_mark(page, event);
    put(page, " \xC2\xB7 ");
    put(page, word_severity(page, event->kind, row->severity));
    put(page, "</span></h3><p>");
    if (page->polish)
        put_field(page, row->summary_pl);
    else
        put_field(page, row->summary_en);
    put(page, "</p></div></li>\n");
}

enum status crises_write(struct page *page, struct fault *fault) {
    (void)fault;
    put(page, "<ol class=\"events\">\n");
    for (size_t i = 0; i < page->crisis_count && i < CRISES_LISTED; i++)
        put_crisis_line(page, &page->crises[i]);
    put(page, "</ol>\n");
    if (page->crisis_count > CRISES_LISTED)
        put(page, tr(page,
                     "<p class=\"note\">The 100 most severe are listed here; all are in the "
                     "table crises of the audit.</p>\n",
                     "<p class=\"note\">Tu wymieniono 100 najpoważniejszych; wszystkie są w tabeli "
                     "crises audytu.</p>\n"));
    alarms_write(page);
    return STATUS_OK;
}

void header_write(struct page *page) {
    put(page, "<header class=\"top\">\n<p class=\"eyebrow\">");
    put(page, tr(page, "Reputation audit of archived posts",
                 "Audyt reputacji na podstawie archiwalnych wpisów"));
    put(page, "</p>\n");
    put_heading(page);
    put(page, "<p class=\"span\">");
    put_date(page, page->from_s);
    put(page, " " DASH " ");
    put_date(page, page->to_s - 1);
    put(page, " <span class=\"sep\">\xC2\xB7</span> ");
    put_duration(page, page->to_s - page->from_s);
    put(page, " <span class=\"sep\">\xC2\xB7</span> ");
    put(page, tr(page, "times in ", "godziny w strefie "));
    put_text(page, span_of(page->zone ? page->zone->name : "UTC"));
    put(page, "</p>\n");
    put_lede(page);
    put_keys(page);
    put(page, "</header>\n");
}
