#include "pipeline/commands/book_charts.h"

#include <math.h>
#include <stdlib.h>

/* More lines than this nobody tells apart. Fewer months than that are drawn by day. */
enum { SERIES_MAX = 8, MONTHS_LEAST = 5, CHART_ROWS = 23 };
static const char data_name[] = "chart_data";

struct chart_page {
    struct workbook *book;
    struct sheet *at, *data;
    const struct export_view *view;
    bool polish;
    size_t brands[SERIES_MAX]; /* those with most mentions, in the configuration's order */
    uint16_t brand_count;
    uint32_t row, data_row; /* where the next chart and its data go */
};

static const char *say(const struct chart_page *page, const char *english, const char *polish) {
    return page->polish ? polish : english;
}

static int64_t brand_mentions(const struct audit *audit, size_t brand) {
    const struct grid *daily = &audit->grids[GRID_DAILY];
    int64_t sum = 0;
    for (size_t day = 0; day < daily->times; day++)
        sum += daily->points[day * audit->brands.count + brand].mentions;
    return sum;
}

static bool choose_brands(struct chart_page *page) {
    const struct audit *audit = &page->view->audit;
    size_t count = audit->brands.count;
    int64_t *mentions = malloc((count + 1) * sizeof *mentions);
    for (size_t i = 0; mentions && i < count; i++)
        mentions[i] = brand_mentions(audit, i);
    for (size_t i = 0; mentions && i < count; i++) {
        size_t more = 0;
        for (size_t k = 0; k < count; k++)
            more += mentions[k] > mentions[i] || (mentions[k] == mentions[i] && k < i);
        if (more < SERIES_MAX)
            page->brands[page->brand_count++] = i;
    }
    free(mentions);
    return mentions != NULL;
}

/* The heads of a block of data. */
static void put_heads(struct chart_page *page, const char *first) {
    const struct names *names = &page->view->audit.brand_names;
    sheet_text(page->data, page->data_row, 0, CELL_HEADING, span_of(first));
    for (uint16_t i = 0; i < page->brand_count; i++)
        sheet_text(page->data, page->data_row, (uint16_t)(i + 1), CELL_HEADING,
                   span_of(names->at[page->brands[i]]));
}

/* Puts the chart of the block that begins at data_row, `count` rows below its head. */
static void put_chart(struct chart_page *page, struct chart_plan plan, uint32_t count) {
    plan.sheet = data_name;
    plan.row = page->data_row;
    plan.count = count;
    sheet_chart(page->book, page->at, page->row, 0, &plan);
    page->row += CHART_ROWS;
    page->data_row += count + 2;
}

/* ---- over time ---- */

enum measure { MEASURE_MENTIONS, MEASURE_NEGATIVE, MEASURE_VOICE };

static double measure_of(const struct grid_point *point, enum measure measure) {
    int32_t scored = point->positive + point->neutral + point->negative;
    if (measure == MEASURE_MENTIONS)
        return point->mentions;
    if (measure == MEASURE_VOICE)
        return (double)point->share_of_voice;
    return scored ? (double)point->negative / scored : NAN;
}

static void put_times(struct chart_page *page, struct chart_plan plan, enum measure measure) {
    const struct export_view *view = page->view;
    const struct grid *daily = &view->audit.grids[GRID_DAILY];
    size_t brands = view->audit.brands.count;
    bool months = view->month_count >= MONTHS_LEAST;
    uint32_t count = (uint32_t)(months ? view->month_count : daily->times);
    put_heads(page, months ? say(page, "month", "miesiąc") : say(page, "day", "dzień"));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = page->data_row + 1 + i;
        const struct grid_month *month = &view->months[months ? i : 0];
        int64_t start_s = daily->edges_s[i] + zone_offset(&view->zone, daily->edges_s[i]);
        if (months)
            start_s = civil_days(month->year, (unsigned)month->month, 1) * SECONDS_PER_DAY;
        sheet_date(page->data, row, 0, CELL_DAY, start_s);
        for (uint16_t k = 0; k < page->brand_count; k++) {
            struct grid_point point = months
                                          ? grid_month_point(daily, month, page->brands[k], brands)
                                          : daily->points[i * brands + page->brands[k]];
            sheet_number(page->data, row, (uint16_t)(k + 1),
                         measure == MEASURE_MENTIONS ? CELL_WHOLE : CELL_SHARE,
                         measure_of(&point, measure));
        }
    }
    plan.x_name = months ? say(page, "month", "miesiąc") : say(page, "day", "dzień");
    plan.dates = true;
    plan.shares = measure != MEASURE_MENTIONS;
    plan.series = page->brand_count;
    put_chart(page, plan, count);
}

/* ---- how fast ---- */

/* Of all channels and the whole time; NULL: not measured. */
static const struct response_row *response_of(const struct chart_page *page, size_t brand) {
    const struct audit *audit = &page->view->audit;
    const struct response_row *rows = audit->tables[TABLE_RESPONSE].rows;
    for (size_t i = 0; i < audit->tables[TABLE_RESPONSE].count; i++)
        if (strcmp(rows[i].brand, audit->brands.at[brand]) == 0 &&
            strcmp(rows[i].account, "all") == 0 && strcmp(rows[i].channel, "all") == 0 &&
            strcmp(rows[i].period, "all") == 0 && isfinite(rows[i].km_1h))
            return &rows[i];
    return NULL;
}

static void put_response(struct chart_page *page) {
    static const double hours[] = {0, 0.25, 1, 4, 24};
    enum { POINTS = sizeof hours / sizeof *hours };
    bool any = false;
    for (uint16_t k = 0; k < page->brand_count; k++)
        any |= response_of(page, page->brands[k]) != NULL;
    if (!any)
        return;
    put_heads(page, say(page, "hours", "godziny"));
    for (uint32_t i = 0; i < POINTS; i++) {
        sheet_number(page->data, page->data_row + 1 + i, 0, CELL_REAL, hours[i]);
        for (uint16_t k = 0; k < page->brand_count; k++) {
            const struct response_row *row = response_of(page, page->brands[k]);
            double shares[POINTS] = {0, NAN, NAN, NAN, NAN};
            if (row)
                memcpy(shares + 1, (double[]){row->km_15m, row->km_1h, row->km_4h, row->km_24h},
                       4 * sizeof *shares);
            sheet_number(page->data, page->data_row + 1 + i, (uint16_t)(k + 1), CELL_SHARE,
                         row ? shares[i] : NAN);
        }
    }
    put_chart(page,
              (struct chart_plan){.kind = CHART_KIND_CURVE,
                                  .title = say(page, "Answered within (Kaplan-Meier)",
                                               "Odpowiedź w ciągu (Kaplan-Meier)"),
                                  .x_name = say(page, "hours", "godziny"),
                                  .y_name = say(page, "share of first turns", "udział zgłoszeń"),
                                  .series = page->brand_count,
                                  .shares = true},
              POINTS);
}

/* ---- how far ---- */

static const struct journey_row *journey_of(const struct chart_page *page, size_t brand) {
    const struct audit *audit = &page->view->audit;
    const struct journey_row *rows = audit->tables[TABLE_JOURNEY].rows;
    for (size_t i = 0; i < audit->tables[TABLE_JOURNEY].count; i++)
        if (strcmp(rows[i].brand, audit->brands.at[brand]) == 0 &&
            strcmp(rows[i].period, "all") == 0)
            return &rows[i];
    return NULL;
}

static void put_journey(struct chart_page *page) {
    static const char *const stages[2][5] = {
        {"aware", "appeal", "ask", "act", "advocate"},
        {"świadomość", "zainteresowanie", "pytanie", "działanie", "polecanie"}};
    bool any = false;
    for (uint16_t k = 0; k < page->brand_count; k++)
        any |= journey_of(page, page->brands[k]) != NULL;
    if (!any)
        return;
    put_heads(page, say(page, "stage", "etap"));
    for (uint32_t i = 0; i < 5; i++) {
        uint32_t row = page->data_row + 1 + i;
        sheet_text(page->data, row, 0, CELL_PLAIN, span_of(stages[page->polish][i]));
        for (uint16_t k = 0; k < page->brand_count; k++) {
            const struct journey_row *journey = journey_of(page, page->brands[k]);
            if (!journey)
                continue;
            int32_t reach[5] = {journey->reach_aware, journey->reach_appeal, journey->reach_ask,
                                journey->reach_act, journey->reach_advocate};
            sheet_number(page->data, row, (uint16_t)(k + 1), CELL_WHOLE,
                         reach[i] < 0 ? NAN : reach[i]);
        }
    }
    put_chart(page,
              (struct chart_plan){.kind = CHART_KIND_BARS,
                                  .title = say(page, "People who came to a stage or further",
                                               "Osoby, które doszły do etapu lub dalej"),
                                  .x_name = say(page, "stage", "etap"),
                                  .y_name = say(page, "people who write", "piszące osoby"),
                                  .series = page->brand_count},
              5);
}

bool book_charts(struct workbook *book, struct sheet *sheet, const struct export_view *view,
                 bool polish) {
    struct chart_page page = {.book = book,
                              .at = sheet,
                              .data = book_sheet(book, data_name),
                              .view = view,
                              .polish = polish,
                              .row = 2};
    if (!choose_brands(&page))
        return false;
    bool some = page.brand_count < view->audit.brands.count;
    sheet_is_page(sheet);
    sheet_text(sheet, 0, 0, CELL_TITLE, span_of(say(&page, "Charts", "Wykresy")));
    if (some)
        sheet_text(
            sheet, 1, 0, CELL_PLAIN,
            span_of(say(&page, "The eight brands with most mentions; the sheet monthly has all.",
                        "Osiem marek o największej liczbie wzmianek; arkusz monthly ma "
                        "wszystkie.")));
    if (!page.brand_count || !view->audit.grids[GRID_DAILY].times)
        return true;
    put_times(&page,
              (struct chart_plan){.kind = CHART_KIND_LINES,
                                  .title = say(&page, "Mentions", "Wzmianki"),
                                  .y_name = say(&page, "mentions", "wzmianki")},
              MEASURE_MENTIONS);
    put_times(
        &page,
        (struct chart_plan){.kind = CHART_KIND_LINES,
                            .title = say(&page, "Negative share of scored mentions",
                                         "Udział negatywnych wśród ocenionych wzmianek"),
                            .y_name = say(&page, "negative / scored", "negatywne / ocenione")},
        MEASURE_NEGATIVE);
    if (view->audit.brands.count > 1)
        put_times(&page,
                  (struct chart_plan){.kind = CHART_KIND_SHARES,
                                      .title = say(&page, "Share of voice", "Udział w głosie"),
                                      .y_name = say(&page, "share of voice", "udział w głosie")},
                  MEASURE_VOICE);
    put_response(&page);
    put_journey(&page);
    return true;
}
