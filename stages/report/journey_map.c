/* The customer journey map: of each brand one page with the five stages as columns, and what is
 * known of each as rows; then the tables behind it. */
#include "stages/care/proportion.h"
#include "stages/report/figure.h"
#include "stages/report/row_table.h"

#include <math.h>

enum {
    STAGES = STAGE_ADVOCATE,
    CHANNELS_NAMED = 2,
    PLATFORMS_MAX = 40,
    FEW = 30,
    LEAST = 30,
    PAINS_NAMED = 3,
    QUOTE_CHARACTERS = 150
};

static const char *const codes[STAGES] = {"aware", "appeal", "ask", "act", "advocate"};

/* One platform at one stage, or all. */
struct place {
    struct span channel;
    int64_t posts, turns, answered;
    double median_s;
};

/* What the tables say of one stage. */
struct stage_facts {
    int64_t posts, authors, scored, negative, questions, complaints;
    int64_t turns, answered; /* -1: not known */
    struct place places[PLATFORMS_MAX];
    size_t place_count;
};

struct map {
    const struct brand_view *view;
    struct span brand;
    struct stage_facts stages[STAGES];
    int64_t links[STAGES][STAGES]; /* how often people went from one to the other */
    int64_t most;                  /* of the links */
    const struct journey_row *whole;
    const struct event_view *crisis; /* the most severe; NULL: none */
};

static int stage_of(struct span code) {
    for (int i = 0; i < STAGES; i++)
        if (span_is(code, codes[i]))
            return i;
    return -1;
}

static int64_t known(int32_t count) {
    return count > 0 ? count : 0;
}

static void add_touchpoint(struct stage_facts *to, const struct touchpoint_row *row) {
    to->posts += known(row->posts);
    to->authors += known(row->authors);
    to->scored += known(row->scored);
    to->negative += known(row->negative);
    to->questions += known(row->questions);
    to->complaints += known(row->complaints);
    if (row->turns >= 0 && row->answered >= 0) {
        to->turns = (to->turns < 0 ? 0 : to->turns) + row->turns;
        to->answered = (to->answered < 0 ? 0 : to->answered) + row->answered;
    }
    if (to->place_count < PLATFORMS_MAX)
        to->places[to->place_count++] =
            (struct place){.channel = FIELD_SPAN(row->channel),
                           .posts = known(row->posts),
                           .turns = known(row->turns),
                           .median_s = row->turns > 0 ? row->rt_median_s : NAN};
}

static void read_tables(const struct page *page, struct map *map) {
    const struct audit_table *tables = page->audit->tables;
    const struct touchpoint_row *points = tables[TABLE_TOUCHPOINTS].rows;
    const struct transition_row *steps = tables[TABLE_TRANSITIONS].rows;
    const struct journey_row *periods = tables[TABLE_JOURNEY].rows;
    for (int i = 0; i < STAGES; i++)
        map->stages[i].turns = map->stages[i].answered = -1;
    for (size_t i = 0; i < tables[TABLE_TOUCHPOINTS].count; i++) {
        int stage = stage_of(FIELD_SPAN(points[i].stage));
        if (stage >= 0 && span_equal(FIELD_SPAN(points[i].brand), map->brand))
            add_touchpoint(&map->stages[stage], &points[i]);
    }
    for (size_t i = 0; i < tables[TABLE_TRANSITIONS].count; i++) {
        int from = stage_of(FIELD_SPAN(steps[i].from_stage));
        int to = stage_of(FIELD_SPAN(steps[i].to_stage));
        if (from < 0 || to < 0 || !span_equal(FIELD_SPAN(steps[i].brand), map->brand))
            continue;
        map->links[from][to] = known(steps[i].transitions);
        map->most = map->links[from][to] > map->most ? map->links[from][to] : map->most;
    }
    for (size_t i = 0; i < tables[TABLE_JOURNEY].count; i++)
        if (span_equal(FIELD_SPAN(periods[i].brand), map->brand) &&
            strcmp(periods[i].period, "all") == 0)
            map->whole = &periods[i];
    size_t worst = page->crisis_count;
    for (size_t i = 0; i < page->crisis_count; i++)
        if (page->crises[i].brand == map->view &&
            (worst == page->crisis_count || page->crises[i].rank < page->crises[worst].rank))
            worst = i;
    if (worst < page->crisis_count)
        map->crisis = &map->view->events[page->crises[worst].event];
}

/* ---- headline ---- */

static void put_headline(struct page *page, const struct map *map) {
    const struct journey_row *row = map->whole;
    const int32_t reach[STAGES] = {row->reach_aware, row->reach_appeal, row->reach_ask,
                                   row->reach_act, row->reach_advocate};
    int to = stage_of(FIELD_SPAN(row->bottleneck));
    put(page, "<p class=\"story\">");
    if (row->asked > 0 && isfinite(row->ask_conversion)) {
        put(page, tr(page, "Of ", "Z "));
        put_count(page, row->asked);
        put(page, tr(page, " people who asked, ", " osób, które pytały, "));
        put_count(page, row->asked_then_acted);
        put(page, tr_plural(page, row->asked_then_acted,
                            " was later seen to act or to speak for the brand (",
                            " were later seen to act or to speak for the brand (",
                            " później coś zrobiła lub poleciła markę (",
                            " później coś zrobiły lub poleciły markę (",
                            " później coś zrobiło lub poleciło markę ("));
        put_percent(page, row->ask_conversion);
        put(page, "; 95%: ");
        put_decimal(page, row->ask_conversion_low * 100, 1);
        put(page, DASH);
        put_decimal(page, row->ask_conversion_high * 100, 1);
        put(page, tr(page, "%). ", "%). "));
    }
    if (to > 0 && reach[to - 1] > 0) {
        put(page, "<strong>");
        put(page, tr(page, "The bottleneck: ", "Wąskie gardło: "));
        put(page, word_care(page, span_of(codes[to - 1])));
        put(page, " \xE2\x86\x92 ");
        put(page, word_care(page, span_of(codes[to])));
        put(page, "</strong>: ");
        put_count(page, reach[to]);
        put(page, tr(page, " of ", " z "));
        put_count(page, reach[to - 1]);
        put(page, tr(page, " who came so far or further went on (",
                     " osób, które doszły dotąd lub dalej, poszło dalej ("));
        put_share(page, reach[to], reach[to - 1]);
        put(page, ").");
    }
    put(page, "</p>\n");
}

/* ---- links ---- */

/* Above, links to the next stage; below, links that leave stages out. Width by number. */
static void draw_links(struct page *page, const struct frame *frame, const void *what) {
    const struct map *map = what;
    double head = frame->narrow ? 0 : 128, step = (frame->width - head) / STAGES, line = 40;
    double scale = 16.0 / (double)(map->most ? map->most : 1);
    int below = 0;
    for (int from = 0; from < STAGES; from++)
        for (int to = from + 1; to < STAGES; to++) {
            int64_t n = map->links[from][to];
            double x = head + step * (from + 0.5), end = head + step * (to + 0.5);
            if (n <= 0)
                continue;
            if (to == from + 1) {
                buf_format(
                    page->out,
                    "<path class=\"link\" stroke-width=\"%.1f\" d=\"M%.1f %.1fH%.1f\"/><text "
                    "class=\"note mid\" x=\"%.1f\" y=\"%.1f\">",
                    1 + (double)n * scale, x + 12, line, end - 12, (x + end) / 2, line - 13);
            } else {
                double y = line + 24 + 21 * below++;
                buf_format(
                    page->out,
                    "<path class=\"link\" stroke-width=\"%.1f\" d=\"M%.1f %.1fV%.1fH%.1fV%.1f\"/>"
                    "<text class=\"note count\" x=\"%.1f\" y=\"%.1f\">",
                    1 + (double)n * scale * 0.7, x - 4 + 3.0 * to, line + 8, y,
                    end - 9 + 3.0 * from, line + 10, x + 8 + 3.0 * to, y + 4.5);
            }
            put_count(page, n);
            put(page, "</text>\n");
        }
    for (int i = 0; i < STAGES; i++)
        buf_format(
            page->out,
            "<circle class=\"node\" cx=\"%.1f\" cy=\"%.1f\" r=\"9\"/><text class=\"note mid\" "
            "x=\"%.1f\" y=\"%.1f\">%s</text>\n",
            head + step * (i + 0.5), line, head + step * (i + 0.5), line - 17,
            word_care(page, span_of(codes[i])));
}

/* ---- rows of the map ---- */

typedef void map_cell(struct page *page, const struct map *map, int stage);

static void put_people(struct page *page, const struct map *map, int stage) {
    put(page, "<b>");
    put_count(page, map->stages[stage].authors);
    put(page, "</b><small>");
    put_count(page, map->stages[stage].posts);
    put(page,
        tr_plural(page, map->stages[stage].posts, " post", " posts", " wpis", " wpisy", " wpisów"));
    put(page, "</small>");
}

static void put_mood(struct page *page, const struct map *map, int stage) {
    const struct stage_facts *facts = &map->stages[stage];
    bool few = facts->scored < FEW;
    put(page, few ? "<span class=\"few\">" : "");
    put_track(page, facts->scored ? (double)facts->negative / (double)facts->scored : NAN, "neg");
    put_share_limits(page, facts->negative, facts->scored);
    if (few) {
        put(page, "<small>n = ");
        put_count(page, facts->scored);
        put(page, "</small></span>");
    }
}

static void put_where(struct page *page, const struct map *map, int stage) {
    const struct stage_facts *facts = &map->stages[stage];
    bool named[PLATFORMS_MAX] = {0};
    for (int i = 0; i < CHANNELS_NAMED; i++) {
        size_t best = PLATFORMS_MAX;
        for (size_t k = 0; k < facts->place_count; k++)
            if (!named[k] &&
                (best == PLATFORMS_MAX || facts->places[k].posts > facts->places[best].posts))
                best = k;
        if (best == PLATFORMS_MAX || !facts->places[best].posts)
            break;
        named[best] = true;
        put(page, i ? "<br><bdi>" : "<bdi>");
        put_channel_name(page, facts->places[best].channel);
        put(page, "</bdi> ");
        put_share(page, facts->places[best].posts, facts->posts);
    }
}

static void put_asks(struct page *page, const struct map *map, int stage) {
    const struct stage_facts *facts = &map->stages[stage];
    put_count(page, facts->questions);
    put(page, tr_plural(page, facts->questions, " question", " questions", " pytanie", " pytania",
                        " pytań"));
    put(page, "<br>");
    put_count(page, facts->complaints);
    put(page, tr_plural(page, facts->complaints, " complaint", " complaints", " skarga", " skargi",
                        " skarg"));
}

static void put_answers(struct page *page, const struct map *map, int stage) {
    const struct stage_facts *facts = &map->stages[stage];
    const struct place *most = NULL;
    if (facts->turns < 0) {
        put(page, DASH);
        return;
    }
    put_count(page, facts->answered);
    put(page, tr(page, " of ", " z "));
    put_count(page, facts->turns);
    if (facts->turns >= FEW) {
        put(page, "<br>");
        put_share(page, facts->answered, facts->turns);
    }
    for (size_t k = 0; k < facts->place_count; k++)
        if (isfinite(facts->places[k].median_s) && (!most || facts->places[k].turns > most->turns))
            most = &facts->places[k];
    if (most) {
        put(page, tr(page, "<small>half within ", "<small>połowa w ciągu "));
        put_wait(page, most->median_s);
        put(page, "</small>");
    }
}

/* What the critics at this stage write about: the three most frequent topics. */
static void put_pains(struct page *page, const struct map *map, int stage) {
    const struct stage_row *rows = page->audit->tables[TABLE_STAGES].rows;
    for (size_t i = 0; i < page->audit->tables[TABLE_STAGES].count; i++) {
        struct span topics = FIELD_SPAN(rows[i].topics);
        size_t end = 0;
        if (!span_equal(FIELD_SPAN(rows[i].brand), map->brand) ||
            stage_of(FIELD_SPAN(rows[i].stage)) != stage)
            continue;
        for (int commas = 0; end < topics.len; end++)
            if (topics.at[end] == ',' && ++commas == PAINS_NAMED)
                break;
        if (end)
            put_topic_counts(page, (struct span){topics.at, end});
        else
            put(page, DASH);
        return;
    }
}

static void put_quotes(struct page *page, const struct map *map, int stage) {
    const struct quote_row *rows = page->audit->tables[TABLE_QUOTES].rows;
    size_t shown = 0;
    for (size_t i = 0; i < page->audit->tables[TABLE_QUOTES].count; i++) {
        struct span language = FIELD_SPAN(rows[i].language);
        if (!span_equal(FIELD_SPAN(rows[i].brand), map->brand) ||
            stage_of(FIELD_SPAN(rows[i].stage)) != stage)
            continue;
        shown++;
        put(page, "<q");
        if (span_is(language, "pl") || span_is(language, "en"))
            buf_format(page->out, " lang=\"%s\"", span_is(language, "pl") ? "pl" : "en");
        put(page, "><bdi>");
        put_cut(page, FIELD_SPAN(rows[i].text), QUOTE_CHARACTERS);
        put(page, "</bdi></q>");
    }
    if (!shown)
        put(page, DASH);
}

static void put_crisis(struct page *page, const struct map *map, int stage) {
    const struct episode_row *row = map->crisis->row;
    int64_t before[STAGE_COUNT], during[STAGE_COUNT], sums[2] = {0};
    view_stages(page, map->view, row->onset - 28 * SECONDS_PER_DAY, row->onset, before);
    view_stages(page, map->view, row->onset, row->end, during);
    for (int i = STAGE_AWARE; i < STAGE_COUNT; i++) {
        sums[0] += before[i];
        sums[1] += during[i];
    }
    put_share(page, before[STAGE_AWARE + stage], sums[0]);
    put(page, " \xE2\x86\x92 <b>");
    put_share(page, during[STAGE_AWARE + stage], sums[1]);
    put(page, "</b>");
}

static void put_row(struct page *page, const struct map *map, const char *name, map_cell *cell) {
    buf_format(page->out, "<tr><th scope=\"row\">%s</th>", name);
    for (int stage = 0; stage < STAGES; stage++) {
        buf_format(page->out, "<td data-stage=\"%s\">", word_care(page, span_of(codes[stage])));
        cell(page, map, stage);
        put(page, "</td>");
    }
    put(page, "</tr>\n");
}

static void put_map(struct page *page, const struct map *map) {
    put(page, "<table class=\"map\"><caption>");
    put(page, tr(page, "The same people by stage, as read off the words of their posts",
                 "Te same osoby według etapów odczytanych ze słów ich wpisów"));
    put(page, "</caption><thead><tr><th scope=\"col\">");
    put_term(page, "stages", "Stage", "Etap");
    put(page, "</th>");
    for (int stage = 0; stage < STAGES; stage++)
        buf_format(page->out, "<th scope=\"col\">%s</th>", word_stage(page, STAGE_AWARE + stage));
    put(page, "</tr></thead><tbody>\n");
    put_row(page, map, tr(page, "People", "Osoby"), put_people);
    put_row(page, map, tr(page, "Negative share", "Udział negatywnych"), put_mood);
    put_row(page, map, tr(page, "Where", "Gdzie"), put_where);
    put_row(page, map, tr(page, "What they ask", "O co pytają"), put_asks);
    if (page->audit->tables[TABLE_STAGES].count)
        put_row(page, map, tr(page, "Pain points of critics", "Co boli krytykujących"), put_pains);
    put_row(page, map, tr(page, "The brand answered", "Marka odpowiedziała"), put_answers);
    if (map->crisis)
        put_row(page, map,
                tr(page, "Share of posts before and in the crisis",
                   "Udział wpisów przed kryzysem i w nim"),
                put_crisis);
    if (page->audit->tables[TABLE_QUOTES].count)
        put_row(page, map, tr(page, "In their words", "Ich słowami"), put_quotes);
    put(page, "</tbody></table>\n");
}

/* ---- tables ---- */

#define COLUMN(name, english, polish, format)                                                      \
    { name, {english, polish}, ROW_FORMAT_##format }
#define LENGTH(columns) (sizeof(columns) / sizeof *(columns))

static const struct row_column journey_columns[] = {
    COLUMN("period", "Period", "Okres", WORD),
    COLUMN("authors", "Persons", "Osoby", COUNT),
    COLUMN("reach_aware", "Aware", "Wie", COUNT),
    COLUMN("reach_appeal", "Appeal", "Lubi", COUNT),
    COLUMN("reach_ask", "Ask", "Pyta", COUNT),
    COLUMN("reach_act", "Act", "Kupuje, używa", COUNT),
    COLUMN("reach_advocate", "Advocate", "Poleca", COUNT),
    COLUMN("detractors", "Detractors", "Odradza", COUNT),
    COLUMN("bottleneck", "Breaks at", "Urywa się na", WORD),
    COLUMN("ask_conversion", "Acted after asking", "Kupili po pytaniu", SHARE),
    COLUMN("spar", "sPAR", "sPAR", SHARE),
    COLUMN("sbar", "sBAR", "sBAR", SHARE)};
static const struct row_column transition_columns[] = {
    COLUMN("from_stage", "From", "Z", WORD),
    COLUMN("to_stage", "To", "Do", WORD),
    COLUMN("transitions", "Times", "Razy", COUNT),
    COLUMN("share", "Share", "Udział", SHARE),
    COLUMN("share_low", "from", "od", SHARE),
    COLUMN("share_high", "to", "do", SHARE),
    COLUMN("median_s", "Median time", "Mediana czasu", WAIT)};
static const struct row_column touchpoint_columns[] = {
    COLUMN("channel", "Channel", "Kanał", CHANNEL),
    COLUMN("stage", "Stage", "Etap", WORD),
    COLUMN("posts", "Posts", "Wpisy", COUNT),
    COLUMN("authors", "Authors", "Autorzy", COUNT),
    COLUMN("negative_share", "Negative", "Negatywne", SHARE),
    COLUMN("questions", "Questions", "Pytania", COUNT),
    COLUMN("complaints", "Complaints", "Skargi", COUNT),
    COLUMN("turns", "Requests", "Sprawy", COUNT),
    COLUMN("answered_share", "Answered", "Z odpowiedzią", SHARE),
    COLUMN("rt_median_s", "Median answer", "Mediana odpowiedzi", WAIT)};
static const struct row_column outcome_columns[] = {
    COLUMN("outcome", "Later", "Później", WORD),
    COLUMN("answered_n", "Answered", "Z odpowiedzią", COUNT),
    COLUMN("answered_rate", "of them", "z nich", SHARE),
    COLUMN("unanswered_n", "Not answered", "Bez odpowiedzi", COUNT),
    COLUMN("unanswered_rate", "of them", "z nich", SHARE),
    COLUMN("difference", "Difference", "Różnica", NUMBER),
    COLUMN("difference_low", "from", "od", NUMBER),
    COLUMN("difference_high", "to", "do", NUMBER)};

/* What is rarer says little; all of it is in the audit's tables. */
static bool is_frequent_step(const void *at) {
    return ((const struct transition_row *)at)->transitions >= LEAST;
}
static bool is_frequent_place(const void *at) {
    return ((const struct touchpoint_row *)at)->posts >= LEAST;
}

static void put_tables(struct page *page, struct span brand) {
    const struct row_choice periods = {TABLE_JOURNEY, brand, NULL, 0};
    const struct row_choice transitions = {TABLE_TRANSITIONS, brand, is_frequent_step, 0};
    const struct row_choice touchpoints = {TABLE_TOUCHPOINTS, brand, is_frequent_place, 0};
    const struct row_choice outcomes = {TABLE_OUTCOMES, brand, NULL, 0};
    const struct row_choice *const noted[] = {&periods, &outcomes};
    buf_format(page->out, "<details class=\"data\"><summary>%s</summary>\n",
               tr(page, "As a table: periods, links, touchpoints, outcomes",
                  "Jako tabela: okresy, przejścia, miejsca styku, wyniki"));
    row_table_write(page, tr(page, "How far people came", "Jak daleko ludzie doszli"), &periods,
                    journey_columns, LENGTH(journey_columns));
    row_notes_write(page, noted, 2);
    row_table_write(page,
                    tr(page, "Where they go next, from 30 times on", "Dokąd idą dalej, od 30 razy"),
                    &transitions, transition_columns, LENGTH(transition_columns));
    row_table_write(
        page,
        tr(page, "Where they are met, from 30 posts on", "Gdzie się ich spotyka, od 30 wpisów"),
        &touchpoints, touchpoint_columns, LENGTH(touchpoint_columns));
    row_table_write(page,
                    tr(page, "What they did after asking (association, not cause)",
                       "Co zrobili po pytaniu (związek, nie przyczyna)"),
                    &outcomes, outcome_columns, LENGTH(outcome_columns));
    put(page, "</details>\n");
}

static void put_ratios(struct page *page, const struct journey_row *row) {
    put(page, "<p class=\"note\">");
    put_term(page, "spar", "sPAR", "sPAR");
    put(page, " ");
    put_percent(page, row->spar);
    put(page, ", ");
    put_term(page, "spar", "sBAR", "sBAR");
    put(page, " ");
    put_percent(page, row->sbar);
    put(page,
        tr(page,
           ". <strong>These are people who write, not customers:</strong> who only knows a brand "
           "seldom writes of it. A person on two platforms counts in both. The answers are "
           "those of the platforms that can be watched.",
           ". <strong>To osoby, które piszą, a nie klienci:</strong> kto markę tylko zna, rzadko "
           "o niej pisze. Osoba obecna na dwóch platformach liczy się na obu. Odpowiedzi "
           "dotyczą platform, na których je widać."));
    put(page, "</p>\n");
}

static void put_brand(struct page *page, const struct brand_view *view) {
    const double height[2] = {192, 192};
    struct map map = {.view = view, .brand = span_of(page->audit->brands.at[view->brand])};
    read_tables(page, &map);
    if (!map.whole || map.whole->authors <= 0)
        return;
    put(page, "<div class=\"journey\"><h3>");
    put_brand_name(page, view);
    put(page, "</h3>\n");
    put_headline(page, &map);
    figure_open(page);
    put(page, tr(page, "The journey of those who write of ", "Droga osób, które piszą o marce "));
    put_brand_name(page, view);
    figure_plot(page, height, "", draw_links, &map);
    figure_note(
        page,
        "Above the columns: how often one person was seen to go from one stage to a later one; "
        "links below the line leave stages out.",
        "Nad kolumnami: ile razy widziano, jak jedna osoba przechodzi do dalszego etapu; "
        "przejścia pod linią omijają etapy.");
    put_map(page, &map);
    put_ratios(page, map.whole);
    if (!page_is_large(page))
        put_tables(page, map.brand);
    figure_close(page);
    put(page, "</div>\n");
}

enum status journeys_write(struct page *page, struct fault *fault) {
    const struct journey_row *rows = page->audit->tables[TABLE_JOURNEY].rows;
    bool any = false;
    (void)fault;
    for (size_t i = 0; i < page->audit->tables[TABLE_JOURNEY].count; i++)
        any |= rows[i].authors > 0;
    if (!any) {
        put(page,
            tr(page,
               "<p class=\"calm\">There is no journey to draw: no person with a known account "
               "wrote of the brands, or the audit is older than version 0.2.</p>\n",
               "<p class=\"calm\">Nie ma drogi do narysowania: o markach nie pisał nikt o znanym "
               "koncie albo audyt jest starszy niż wersja 0.2.</p>\n"));
        return STATUS_OK;
    }
    put(page, "<p class=\"note\">");
    put(page,
        tr(page,
           "Each post is read for the stage of its writer: aware, appeal, ask, act, advocate. A "
           "person who came to a later stage has passed the earlier ones; links are what was seen "
           "of the same person. A post that names two brands counts for both.",
           "Każdy wpis odczytano pod kątem etapu piszącego: wie, lubi, pyta, kupuje, poleca. Kto "
           "doszedł do dalszego etapu, minął wcześniejsze; przejścia to to, co widać u tej samej "
           "osoby. Wpis, który wymienia dwie marki, liczy się dla obu."));
    put(page, "</p>\n");
    for (size_t i = 0; i < page->brand_count; i++)
        if (view_detailed(&page->brands[i]))
            put_brand(page, &page->brands[i]);
    return STATUS_OK;
}
