/* Who joined when: the channels of an episode in the order in which they rose, hour by hour. */
#include "stages/report/chart.h"

#include <math.h>
#include <stdlib.h>

enum {
    SIZES = 8,
    DOT = 13,
    LANES_MAX = 8,
    LANE = 38,
    INDENT = 140,
    LEAD_S = 6 * SECONDS_PER_HOUR,
    TAIL_S = 42 * SECONDS_PER_HOUR
};

struct spread {
    const struct brand_view *view;
    const struct episode_row *row;
    const struct spread_row *lanes[LANES_MAX];
    size_t channel[LANES_MAX]; /* number in the audit's channels */
    size_t count;
    int64_t from_s, to_s;
};

static size_t channel_number(const struct page *page, struct span name) {
    const struct names *names = &page->audit->channels;
    for (size_t i = 0; i < names->count; i++)
        if (span_is(name, names->at[i]))
            return i;
    return names->count;
}

static void take_lanes(const struct page *page, struct spread *s) {
    const struct spread_row *rows = page->audit->tables[TABLE_SPREAD].rows;
    for (int rank = 1; rank <= LANES_MAX; rank++)
        for (size_t i = 0; i < page->audit->tables[TABLE_SPREAD].count; i++) {
            const struct spread_row *row = &rows[i];
            if (row->rank != rank || row->episode != s->row->onset || s->count == LANES_MAX ||
                !span_is(FIELD_SPAN(row->dimension), "channel") ||
                strncmp(row->brand, s->row->brand, sizeof row->brand) != 0)
                continue;
            s->channel[s->count] = channel_number(page, FIELD_SPAN(row->name));
            s->lanes[s->count++] = row;
        }
}

/* Mentions of the brand in each hour from `first` on, by channel. */
static int64_t *count_hours(const struct page *page, const struct spread *s, size_t first,
                            size_t hours) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    size_t channels = page->audit->channels.count;
    int64_t *counts = calloc(hours * (channels + 1) + 1, sizeof *counts);
    size_t low = 0, high = grid->cell_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (grid->cells[middle].time < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; counts && i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        if (cell->time >= first + hours)
            break;
        if (cell->brand == s->view->brand && cell->channel < channels)
            counts[(cell->time - first) * (channels + 1) + cell->channel] += cell->mentions;
    }
    return counts;
}

static void put_lane_name(struct page *page, const struct spread_row *lane, size_t most) {
    struct span name = FIELD_SPAN(lane->name), part = page_channel_part(name);
    struct span platform = {name.at, part.len ? name.len - part.len - 1 : name.len};
    const char *word = word_platform(platform);
    if (part.len)
        put_cut(page, part, most);
    else
        put_cut(page,
                word                         ? span_of(word)
                : span_is(platform, "other") ? span_of(tr(page, "other sites", "inne miejsca"))
                                             : platform,
                most);
}

static int size_of(int64_t n, int64_t most) {
    return n > 0 ? (int)ceil(SIZES * sqrt((double)n / (double)most)) : 0;
}

/* The hours of all channels with about as many mentions, as round ends of lines without length. */
static void put_dots(struct page *page, const struct chart *chart, const struct spread *s,
                     const int64_t *counts, int size, int64_t most, double lane) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    size_t first = grid_find(grid, s->from_s), channels = page->audit->channels.count;
    buf_format(page->out, "<path class=\"post\" stroke-width=\"%.1f\" d=\"",
               2.4 + (LANE - 18.0) * size / SIZES);
    for (size_t k = 0; k < s->count; k++)
        for (size_t h = 0; first + h < grid->times && grid->edges_s[first + h] < s->to_s; h++)
            if (size_of(counts[h * (channels + 1) + s->channel[k]], most) == size)
                put_path(
                    page, "M* *h0",
                    chart_x(chart, (grid->edges_s[first + h] + grid->edges_s[first + h + 1]) / 2),
                    chart->top + lane * (double)(k + 1) - DOT);
    put(page, "\"/>");
}

static void draw_spread(struct page *page, const struct frame *frame, const void *what) {
    const struct spread *s = what;
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    double lane = LANE;
    struct chart chart = chart_in(frame, 8, lane * (double)s->count);
    if (!frame->narrow) {
        chart.left += INDENT;
        chart.width -= INDENT;
    } else {
        chart.width += chart.left - 6;
        chart.left = 6;
    }
    chart.from_s = s->from_s;
    chart.to_s = s->to_s;
    size_t first = grid_find(grid, s->from_s), hours = 0, channels = page->audit->channels.count;
    while (first + hours < grid->times && grid->edges_s[first + hours] < s->to_s)
        hours++;
    int64_t *counts = count_hours(page, s, first, hours), most = 1;
    if (!counts) {
        page->out->failed = true;
        return;
    }
    for (size_t k = 0; k < s->count; k++)
        for (size_t h = 0; h < hours; h++)
            if (counts[h * (channels + 1) + s->channel[k]] > most)
                most = counts[h * (channels + 1) + s->channel[k]];
    double low = chart_x(&chart, s->row->onset_low), high = chart_x(&chart, s->row->onset_high);
    buf_format(page->out,
               "<rect class=\"onset\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", low,
               chart.top, high > low + 2 ? high - low : 2, chart.height);
    for (size_t k = 0; k < s->count; k++) {
        double foot = chart.top + lane * (double)(k + 1), y = foot - DOT;
        buf_format(page->out,
                   "<path class=\"rule\" d=\"M%.1f %.1fh%.1f\"/><text class=\"note%s\" "
                   "x=\"%.1f\" y=\"%.1f\">",
                   chart.left, foot, chart.width, frame->narrow ? "" : " end",
                   frame->narrow ? chart.left : chart.left - 10,
                   frame->narrow ? foot - LANE + 2 : y + 4);
        put_lane_name(page, s->lanes[k], frame->narrow ? 40 : 17);
        put(page, "</text>");
        double from = chart_x(&chart, s->lanes[k]->left_low),
               to = chart_x(&chart, s->lanes[k]->left_high);
        buf_format(page->out, "<path class=\"interval\" d=\"M%.1f %.1fv-8m0 4H%.1fm0 -4v8\"/>\n",
                   from, foot - 1, to > from + 1 ? to : from + 1);
    }
    chart_scales(page, &chart);
    chart_time_axis(page, &chart, frame_ticks(frame));
    if (chart_shared(page, frame, &chart, INDENT)) {
        for (int size = 1; size <= SIZES; size++)
            put_dots(page, &chart, s, counts, size, most, lane);
        chart_shared_close(page);
    }
    free(counts);
}

static void put_table(struct page *page, const struct spread *s) {
    static const char *const titles[][2] = {{"Channel", "Kanał"},     {"Rose", "Wzrost"},
                                            {"after", "po"},          {"and before", "a przed"},
                                            {"Mentions", "Wzmianki"}, {"Usual", "Zwykle"},
                                            {"Negative", "Negatywne"}};
    figure_table_open(page, titles, 7, 0x7E);
    for (size_t k = 0; k < s->count; k++) {
        put(page, "<tr><th><bdi>");
        put_channel_name(page, FIELD_SPAN(s->lanes[k]->name));
        put(page, "</bdi><td>");
        put_iso_hour(page, s->lanes[k]->left);
        put(page, "<td>");
        put_iso_hour(page, s->lanes[k]->left_low);
        put(page, "<td>");
        put_iso_hour(page, s->lanes[k]->left_high);
        put(page, "<td>");
        put_count(page, s->lanes[k]->mentions);
        put(page, "<td>");
        put_decimal(page, s->lanes[k]->usual, 1);
        put(page, "<td>");
        put_share(page, s->lanes[k]->negative, s->lanes[k]->mentions);
    }
    figure_table_close(page);
}

void spread_figure(struct page *page, const struct brand_view *view, size_t index) {
    static const struct chart_key keys[] = {
        {"k-post", {"mentions in an hour, by area", "wzmianki w godzinie, polem koła"}},
        {"k-int", {"when the channel rose", "kiedy w kanale zaczął się wzrost"}},
        {"k-onset", {"onset of the crisis, 90%", "początek kryzysu, na 90%"}}};
    struct spread s = {.view = view, .row = view->events[index].row};
    if (!moment_known(s.row->onset) || !moment_known(s.row->end) || s.row->end <= s.row->onset)
        return;
    take_lanes(page, &s);
    if (s.count < 2)
        return;
    s.from_s = s.row->onset - LEAD_S;
    s.to_s = s.row->end < s.row->onset + TAIL_S ? s.row->end : s.row->onset + TAIL_S;
    const double height[2] = {38 + LANE * (double)s.count, 38 + LANE * (double)s.count};
    figure_open(page);
    put(page, tr(page, "Who joined when: ", "Kto kiedy dołączył: "));
    put_brand_name(page, view);
    put(page, ", ");
    put_mark(page, &view->events[index]);
    figure_plot(page, height, "", draw_spread, &s);
    figure_keys(page, keys, 3);
    figure_note(page,
                "Channels in the order in which they left their own usual level. Where brackets "
                "overlap, the order is not sure.",
                "Kanały w kolejności, w jakiej przekroczyły swój zwykły poziom. Gdzie klamry na "
                "siebie zachodzą, kolejność nie jest pewna.");
    put_table(page, &s);
    figure_close(page);
}
