/* The chapter of care: how many asked, how many were answered and how soon, hour by hour of the
 * week, and why some figures are missing. */
#include "stages/report/row_table.h"
#include "stages/report/week.h"

#include <math.h>

enum { BRANDS_SHOWN = 60, REPLIES_SHOWN = 60, CASES_MIN = 31 };

#define COLUMN(name, english, polish, format)                                                      \
    { name, {english, polish}, ROW_FORMAT_##format }
#define LENGTH(columns) (sizeof(columns) / sizeof *(columns))

static bool has_care(const struct page *page) {
    return page->audit->tables[TABLE_RESPONSE].count > 0;
}

/* ---- which rows ---- */

static bool is(const char *field, size_t size, const char *text) {
    return span_is((struct span){field, strnlen(field, size)}, text);
}
#define IS(field, text) is(field, sizeof(field), text)

static bool of_channels(const void *at) {
    const struct response_row *row = at;
    return IS(row->account, "all") && IS(row->period, "all");
}
static bool of_whole(const void *at) {
    const struct response_row *row = at;
    return of_channels(at) && IS(row->channel, "all");
}
static bool of_months(const void *at) {
    const struct response_row *row = at;
    return IS(row->account, "all") && IS(row->channel, "all") && row->period[0] >= '0' &&
           row->period[0] <= '9';
}
static bool of_crises(const void *at) {
    const struct response_row *row = at;
    return IS(row->channel, "all") && span_starts(span_of(row->period), "crisis:");
}
static bool of_accounts(const void *at) {
    const struct response_row *row = at;
    return !IS(row->account, "all");
}
static bool of_all_channels(const void *at) {
    const struct chance_row *row = at;
    return IS(row->channel, "all");
}
static bool of_whole_comparison(const void *at) {
    const struct comparison_row *row = at;
    return IS(row->period, "all");
}

/* ---- care ---- */

#define RESPONSE_COLUMNS                                                                           \
    COLUMN("received", "Messages", "Wiadomości", COUNT),                                           \
        COLUMN("turns", "Requests", "Sprawy", COUNT),                                              \
        COLUMN("answered", "Answered", "Z odpowiedzią", COUNT),                                    \
        COLUMN("response_rate", "Share answered", "Udział odpowiedzi", SHARE),                     \
        COLUMN("rr_1h", "Within 1 h", "W ciągu 1 h", SHARE),                                       \
        COLUMN("rr_24h", "Within 24 h", "W ciągu 24 h", SHARE),                                    \
        COLUMN("frt_median_s", "Median first answer", "Mediana pierwszej odpowiedzi", WAIT),       \
        COLUMN("frt_p90_s", "90 % wait at most", "90 % czeka najwyżej", WAIT),                     \
        COLUMN("resolved_rate", "Resolved", "Rozwiązane", SHARE)

static const struct row_column channel_columns[] = {
    COLUMN("channel", "Channel", "Kanał", CHANNEL),
    COLUMN("basis", "What is there", "Co jest", WORD), RESPONSE_COLUMNS};
static const struct row_column month_columns[] = {COLUMN("period", "Month", "Miesiąc", NAME),
                                                  RESPONSE_COLUMNS};
static const struct row_column account_columns[] = {COLUMN("account", "Account", "Konto", NAME),
                                                    RESPONSE_COLUMNS};
static const struct row_column crisis_columns[] = {
    COLUMN("period", "Crisis", "Kryzys", WORD),
    COLUMN("first_reply_s", "First public word after", "Pierwsze publiczne słowo po", WAIT),
    COLUMN("first_statement_s", "First statement after", "Pierwsze oświadczenie po", WAIT),
    COLUMN("sentiment_answered", "Sentiment, answered", "Wydźwięk, z odpowiedzią", NUMBER),
    COLUMN("sentiment_unanswered", "Sentiment, not answered", "Wydźwięk, bez odpowiedzi", NUMBER),
    RESPONSE_COLUMNS};
static const struct row_column reply_columns[] = {
    COLUMN("account", "Account", "Konto", WORD),
    COLUMN("agent", "Signed by", "Podpis", WORD),
    COLUMN("replies", "Replies", "Odpowiedzi", COUNT),
    COLUMN("auto", "Automatic", "Automatyczne", COUNT),
    COLUMN("signed", "Signed", "Podpisane", COUNT),
    COLUMN("named", "By name", "Po imieniu", COUNT),
    COLUMN("apology", "Apology", "Przeprosiny", COUNT),
    COLUMN("deflected", "Sent to a private channel", "Odesłane do kanału prywatnego", COUNT),
    COLUMN("canned_share", "Canned", "Gotowa formułka", SHARE),
    COLUMN("length_median", "Median characters", "Mediana znaków", COUNT),
    COLUMN("rt_median_s", "Median time", "Mediana czasu", WAIT)};
static const struct row_column chance_columns[] = {
    COLUMN("kind", "What it was", "Co to było", WORD),
    COLUMN("addressed", "Turned to the brand", "Skierowane do marki", WORD),
    COLUMN("chances", "Posts", "Posty", COUNT),
    COLUMN("answered", "Answered", "Z odpowiedzią", COUNT),
    COLUMN("missed", "Missed", "Przeoczone", COUNT),
    COLUMN("open", "Still open", "Jeszcze otwarte", COUNT),
    COLUMN("missed_share", "Share missed", "Udział przeoczonych", SHARE)};
static const struct row_column comparison_columns[] = {
    COLUMN("brand", "Brand", "Marka", BRAND),
    COLUMN("mentions", "Mentions", "Wzmianki", COUNT),
    COLUMN("share_of_voice", "Share of voice", "Udział w rozmowie", SHARE),
    COLUMN("net_sentiment", "Net sentiment", "Wydźwięk netto", NUMBER),
    COLUMN("bhi", "Brand health", "Zdrowie marki", SHARE),
    COLUMN("questions", "Questions", "Pytania", COUNT),
    COLUMN("question_rate", "Questions answered", "Pytania z odpowiedzią", SHARE),
    COLUMN("replies", "Answered", "Z odpowiedzią", COUNT),
    COLUMN("response_rate", "Share answered", "Udział odpowiedzi", SHARE)};

/* The share within the times that people expect, beside what they expect. */
static void put_expectations(struct page *page, struct span brand) {
    const struct response_row *rows = page->audit->tables[TABLE_RESPONSE].rows;
    for (size_t i = 0; i < page->audit->tables[TABLE_RESPONSE].count; i++) {
        const struct response_row *row = &rows[i];
        if (!span_equal(FIELD_SPAN(row->brand), brand) || !of_whole(row) || isnan(row->km_1h))
            continue;
        put(page, "<p>");
        put_percent(page, row->km_1h);
        put(page, tr(page,
                     " of those who ask have an answer within an hour (60 % of people who "
                     "complain expect one by then), ",
                     " pytających ma odpowiedź w ciągu godziny (oczekuje jej wtedy 60 % osób, "
                     "które się skarżą), "));
        if (isnan(row->km_24h))
            put(page, DASH);
        else
            put_percent(page, row->km_24h);
        put(page, tr(page, " within 24 hours (76 % expect one).",
                     " w ciągu 24 godzin (oczekuje jej 76 %)."));
        put(page, "</p>\n");
        return;
    }
}

static void put_hours(struct page *page, struct span brand) {
    const struct hour_row *rows = page->audit->tables[TABLE_HOURS].rows;
    int64_t turns[2] = {0}, observed[2] = {0}, answered[2] = {0};
    for (size_t i = 0; i < page->audit->tables[TABLE_HOURS].count; i++) {
        const struct hour_row *row = &rows[i];
        if (!span_equal(FIELD_SPAN(row->brand), brand) || row->turns < 0)
            continue;
        int away = row->weekday > 5 || row->hour < 8 || row->hour >= 20;
        turns[away] += row->turns;
        observed[away] += row->observed_turns_1h;
        answered[away] += row->answered_1h;
    }
    if (observed[0] < CASES_MIN || observed[1] < CASES_MIN)
        return;
    put(page, "<p>");
    put_count(page, turns[1]);
    put(page, tr(page, " of the requests come in the evening, at night or at weekends; ",
                 " spraw przychodzi wieczorem, w nocy albo w weekend; "));
    put_share(page, answered[1], observed[1]);
    put(page, tr(page, " of them are answered within an hour, by day ",
                 " z nich ma odpowiedź w ciągu godziny, w dzień "));
    put_share(page, answered[0], observed[0]);
    put(page, ".");
    put(page, "</p>\n");
}

static void put_care(struct page *page, const struct brand_view *view) {
    struct span brand = span_of(page->audit->brands.at[view->brand]);
    const struct row_choice channels = {TABLE_RESPONSE, brand, of_channels, 0};
    const struct row_choice months = {TABLE_RESPONSE, brand, of_months, 0};
    const struct row_choice accounts = {TABLE_RESPONSE, brand, of_accounts, 0};
    const struct row_choice crises = {TABLE_RESPONSE, brand, of_crises, 0};
    const struct row_choice replies = {TABLE_REPLIES, brand, NULL, REPLIES_SHOWN};
    const struct row_choice chances = {TABLE_CHANCES, brand, of_all_channels, 0};
    const struct row_choice *const noted[] = {&channels, &crises};
    put_expectations(page, brand);
    put_hours(page, brand);
    requests_week(page, view);
    row_table_write(
        page, tr(page, "What was picked up and what was missed", "Co podjęto, a co przeoczono"),
        &chances, chance_columns, LENGTH(chance_columns));
    row_notes_write(page, noted, 2);
    buf_format(page->out, "<details class=\"data\"><summary>%s</summary>\n",
               tr(page, "Tables: channels, months, accounts, crises, replies",
                  "Tabele: kanały, miesiące, konta, kryzysy, odpowiedzi"));
    row_table_write(page, tr(page, "Channels", "Kanały"), &channels, channel_columns,
                    LENGTH(channel_columns));
    if (row_table_count(page, &months) > 1)
        row_table_write(page, tr(page, "Months", "Miesiące"), &months, month_columns,
                        LENGTH(month_columns));
    row_table_write(page, tr(page, "Accounts turned to", "Konta, do których pisano"), &accounts,
                    account_columns, LENGTH(account_columns));
    row_table_write(page, tr(page, "During each crisis", "Podczas każdego kryzysu"), &crises,
                    crisis_columns, LENGTH(crisis_columns));
    row_table_write(page, tr(page, "How it answers", "Jak odpowiada"), &replies, reply_columns,
                    LENGTH(reply_columns));
    put(page, "</details>\n");
}

enum status care_write(struct page *page, struct fault *fault) {
    (void)fault;
    if (!has_care(page)) {
        put(page,
            tr(page,
               "<p class=\"calm\">How the brands answer is not known: the audit is older than "
               "version 0.2, or holds no mention.</p>\n",
               "<p class=\"calm\">Nie wiadomo, jak marki odpowiadają: audyt jest starszy niż "
               "wersja 0.2 albo nie zawiera żadnej wzmianki.</p>\n"));
        return STATUS_OK;
    }
    put(page, "<p class=\"note\">");
    put(page,
        tr(page,
           "A request is what one person writes until the brand speaks; thanks and emoji alone are "
           "none. Times: Kaplan-Meier over first requests, so that those still waiting when the "
           "archive ends are counted as waiting; limits log-log 95 %, in R survfit(Surv(t, e) ~ 1, "
           "conf.type = \"log-log\"). Requests of one person are not independent: the limits are "
           "somewhat narrow. Shares: limits by Wilson, in R prop.test(x, n, correct = FALSE).",
           "Sprawa to wszystko, co jedna osoba pisze, zanim marka się odezwie; same podziękowania "
           "i "
           "emoji nią nie są. Czasy: metoda Kaplana-Meiera na pierwszych sprawach, więc kto czeka "
           "jeszcze, gdy archiwum się kończy, liczy się jako czekający; przedziały log-log 95 %, w "
           "R "
           "survfit(Surv(t, e) ~ 1, conf.type = \"log-log\"). Sprawy jednej osoby nie są "
           "niezależne: "
           "przedziały są nieco za wąskie. Udziały: przedziały Wilsona, w R prop.test(x, n, "
           "correct "
           "= FALSE)."));
    put(page, "</p>\n");
    care_table(page);
    care_curves(page);
    for (size_t i = 0; i < page->brand_count; i++) {
        const struct response_row *row = response_of(page, &page->brands[i], "all");
        if (!view_detailed(&page->brands[i]) || !row || row->turns < 0)
            continue;
        put(page, "<h3>");
        put_brand_name(page, &page->brands[i]);
        put(page, "</h3>\n");
        put_care(page, &page->brands[i]);
    }
    const struct row_choice all = {TABLE_COMPARISON, {"", 0}, of_whole_comparison, BRANDS_SHOWN};
    if (page->shown_count > 1)
        row_table_write(page, tr(page, "Brands side by side", "Marki obok siebie"), &all,
                        comparison_columns, LENGTH(comparison_columns));
    return STATUS_OK;
}
