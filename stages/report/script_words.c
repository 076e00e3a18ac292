/* The script of the page: the words and the clock it needs, the library, and itself. */
#include "stages/report/page.h"

void put_script_sources(struct buf *out) {
    put_source_hash(out, span_of(report_library));
    buf_char(out, ' ');
    put_source_hash(out, span_of(report_script));
}

/* The zone's offsets within the time of the audit: from which second, how many seconds. */
static void put_offsets(struct page *page) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    int64_t last = page->zone ? zone_offset(page->zone, page->from_s) : 0;
    buf_format(page->out, "[[%lld,%lld]", (long long)page->from_s, (long long)last);
    for (size_t i = 1; page->zone && i < grid->times; i++) {
        int64_t now = zone_offset(page->zone, grid->edges_s[i]);
        if (now != last)
            buf_format(page->out, ",[%lld,%lld]", (long long)grid->edges_s[i], (long long)now);
        last = now;
    }
    put(page, "]");
}

static void put_word(struct page *page, const char *name, const char *english, const char *polish) {
    buf_format(page->out, ",\"%s\":", name);
    put_json_text(page, span_of(tr(page, english, polish)));
}

static void put_words(struct page *page) {
    static const struct {
        const char *name, *english, *polish;
    } words[] = {
        {"hint", "Point at the chart, or use the arrow keys, to read its values.",
         "Wskaż miejsce na wykresie albo użyj strzałek, aby odczytać wartości."},
        {"mentions", "mentions", "wzmianki"},
        {"negative", "negative", "negatywne"},
        {"expected", "expected", "oczekiwano"},
        {"anHour", "mentions an hour", "wzmianki na godzinę"},
        {"aDay", "mentions a day", "wzmianki dziennie"},
        {"rootNote", " (square root)", " (pierwiastek)"},
        {"zoomIn", "zoom in", "przybliż"},
        {"zoomLess", "zoom out", "oddal"},
        {"zoomOut", "Whole time", "Cały okres"},
        {"root", "Square root", "Skala pierwiastkowa"},
        {"channel", "Channel", "Kanał"},
        {"sentiment", "Sentiment", "Wydźwięk"},
        {"allOf", "all", "wszystkie"},
        {"csv", "CSV of this figure", "CSV tego rysunku"},
        {"csvHours", "CSV, every hour", "CSV, każda godzina"},
        {"hour", "hour_utc", "godzina_utc"},
        {"table", "Table", "Tabela"},
        {"sort", "sort", "sortuj"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put_word(page, words[i].name, words[i].english, words[i].polish);
}

void script_write(struct page *page) {
    static const char *const months[2] = {"[\"Jan\",\"Feb\",\"Mar\",\"Apr\",\"May\",\"Jun\","
                                          "\"Jul\",\"Aug\",\"Sep\",\"Oct\",\"Nov\",\"Dec\"]",
                                          "[\"sty\",\"lut\",\"mar\",\"kwi\",\"maj\",\"cze\","
                                          "\"lip\",\"sie\",\"wrz\",\"paź\",\"lis\",\"gru\"]"};
    for (size_t i = 0; i < page->brand_count; i++)
        if (view_detailed(&page->brands[i]) && page->brands[i].all.mentions)
            figure_data(page, &page->brands[i]);
    buf_format(page->out,
               "<script type=\"application/json\" id=\"words\">{\"lang\":\"%s\",\"point\":\"%s\","
               "\"months\":%s,\"labels\":%s,\"kinds\":%s,\"offsets\":",
               page->polish ? "pl" : "en", page->polish ? "," : ".", months[page->polish],
               tr(page, "[\"negative\",\"neutral\",\"positive\",\"not scored\"]",
                  "[\"negatywne\",\"neutralne\",\"pozytywne\",\"bez oceny\"]"),
               tr(page,
                  "{\"crisis\":\"crisis\",\"burst\":\"burst\",\"flood\":\"flood\",\"turn\":\"turn "
                  "of mood\"}",
                  "{\"crisis\":\"kryzys\",\"burst\":\"wzrost zainteresowania\",\"flood\":\"zalew\","
                  "\"turn\":\"zmiana nastroju\"}"));
    put_offsets(page);
    put_words(page);
    put(page, "}</script>\n<script>");
    put(page, report_library);
    put(page, "</script>\n<script>");
    put(page, report_script);
    put(page, "</script>\n");
}
