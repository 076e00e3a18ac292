/* The numbers behind the charts of one brand, for the script of the page: hour by hour, by channel
 * and sentiment; of more than a year only the sums hour by hour and the channels day by day.
 *
 * Written as numbers of seven bits a byte (the upper bit: more follow), series after series, then
 * raw deflate and base64 in a block of JSON, which no browser runs. */
#include "stages/report/page.h"

#include <libdeflate.h>
#include <math.h>
#include <stdlib.h>

enum { CHANNELS_MAX = 7, SENTIMENTS = 4, LEVEL = 9, BLOCK_MAX = 64 << 20 };
#define HOURS_BY_CHANNEL (366 * 24)

/* Which channels have series of their own, by mentions; the rest share the last one. */
struct channel_choice {
    size_t at[CHANNELS_MAX], count;
    size_t *slot; /* [channels of the audit] */
};

static bool choose_channels(const struct page *page, const struct brand_view *view,
                            struct channel_choice *choice) {
    size_t channels = page->audit->channels.count;
    choice->slot = malloc((channels + 1) * sizeof *choice->slot);
    for (size_t i = 0; choice->slot && i <= channels; i++)
        choice->slot[i] = CHANNELS_MAX;
    while (choice->slot && choice->count < CHANNELS_MAX) {
        size_t best = channels;
        for (size_t i = 0; i < channels; i++)
            if (choice->slot[i] == CHANNELS_MAX && view->channel_weight[i] > 0 &&
                (best == channels || view->channel_weight[i] > view->channel_weight[best]))
                best = i;
        if (best == channels)
            break;
        choice->slot[best] = choice->count;
        choice->at[choice->count++] = best;
    }
    return choice->slot != NULL;
}

static void put_number(struct buf *out, uint64_t number) {
    for (; number >= 128; number >>= 7)
        buf_char(out, (char)(number | 128));
    buf_char(out, (char)number);
}

static uint64_t counted(int64_t count) {
    return count > 0 ? (uint64_t)count : 0;
}

/* Negative, neutral, positive, without a score: of every hour. */
static void put_sums(const struct page *page, const struct brand_view *view, struct buf *out) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    for (int sentiment = 0; sentiment < SENTIMENTS; sentiment++)
        for (size_t i = 0; i < grid->times; i++) {
            const struct grid_point *point = page_point(page, GRID_HOURLY, i, view->brand);
            int64_t scored = (int64_t)point->negative + point->neutral + point->positive;
            const int64_t counts[SENTIMENTS] = {point->negative, point->neutral, point->positive,
                                                point->mentions - scored};
            put_number(out, counted(counts[sentiment]));
        }
}

/* The same of every channel, and of all others together. False when out of memory. */
static bool put_channels(const struct page *page, const struct brand_view *view, enum grid_id id,
                         const struct channel_choice *choice, struct buf *out) {
    const struct grid *grid = &page->audit->grids[id];
    size_t slots = CHANNELS_MAX + 1, size = grid->times * slots * SENTIMENTS;
    int64_t *counts = calloc(size + 1, sizeof *counts);
    for (size_t i = 0; counts && i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        if (cell->brand != view->brand || cell->channel >= page->audit->channels.count ||
            cell->time >= grid->times)
            continue;
        int64_t *to = &counts[choice->slot[cell->channel] * SENTIMENTS * grid->times + cell->time];
        to[0] += cell->negative;
        to[grid->times] += cell->neutral;
        to[2 * grid->times] += cell->positive;
        to[3 * grid->times] +=
            (int64_t)cell->mentions - cell->negative - cell->neutral - cell->positive;
    }
    for (size_t slot = 0; counts && slot < slots; slot++)
        for (size_t i = 0;
             (slot < choice->count || slot == CHANNELS_MAX) && i < SENTIMENTS * grid->times; i++)
            put_number(out, counted(counts[slot * SENTIMENTS * grid->times + i]));
    free(counts);
    return counts != NULL;
}

/* What was expected in every hour, in quarters of a mention, as changes; 1 more, because 0 stands
 * for an hour without. */
static void put_expected(const struct page *page, const struct brand_view *view, struct buf *out) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    int64_t last = 0;
    for (size_t i = 0; i < grid->times; i++) {
        double baseline = (double)page_point(page, GRID_HOURLY, i, view->brand)->baseline;
        int64_t now = isfinite(baseline) && baseline >= 0 && baseline < 1e9
                          ? (int64_t)(baseline * 4 + 0.5) + 1
                          : 0;
        int64_t change = now - last;
        put_number(out, change < 0 ? (uint64_t)(-change) * 2 - 1 : (uint64_t)change * 2);
        last = now;
    }
}

static void put_packed(struct page *page, struct span bytes) {
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    size_t room = compressor ? libdeflate_deflate_compress_bound(compressor, bytes.len) : 0;
    char *packed = room ? malloc(room) : NULL;
    size_t size =
        packed ? libdeflate_deflate_compress(compressor, bytes.at, bytes.len, packed, room) : 0;
    if (size)
        put_base64(page->out, (struct span){packed, size});
    else
        page->out->failed = true;
    free(packed);
    libdeflate_free_compressor(compressor);
}

static void put_names(struct page *page, const struct channel_choice *choice) {
    for (size_t i = 0; i < choice->count; i++) {
        struct buf name;
        struct page inner = *page;
        buf_init(&name, 1 << 16);
        inner.out = &name;
        put_channel_name(&inner, span_of(page->audit->channels.at[choice->at[i]]));
        put(page, i ? "," : "");
        put_json_text(page, buf_as_span(&name));
        buf_release(&name);
    }
    put(page, ",");
    put_json_text(page, span_of(tr(page, "all others", "wszystkie inne")));
}

static void put_events(struct page *page, const struct brand_view *view) {
    static const char *const kinds[EVENT_KINDS] = {"crisis", "burst", "flood", "turn"};
    for (size_t i = 0; i < view->event_count; i++) {
        const struct event_view *event = &view->events[i];
        buf_format(page->out, "%s[%lld,%lld,\"%s\",\"", i ? "," : "", (long long)event->row->onset,
                   (long long)event->row->end, kinds[event->kind]);
        put_mark(page, event);
        buf_format(page->out, "\",\"e%zu-%zu\"]", view->brand, i);
    }
}

void figure_data(struct page *page, const struct brand_view *view) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    bool by_hour = grid->times <= HOURS_BY_CHANNEL;
    struct channel_choice choice = {.count = 0};
    struct buf series;
    if (!grid->times ||
        grid->edges_s[grid->times] - grid->edges_s[0] != (int64_t)grid->times * SECONDS_PER_HOUR)
        return;
    buf_init(&series, BLOCK_MAX);
    put_expected(page, view, &series);
    if (!by_hour) /* else they are those of the channels together */
        put_sums(page, view, &series);
    bool room = choose_channels(page, view, &choice) &&
                put_channels(page, view, by_hour ? GRID_HOURLY : GRID_DAILY, &choice, &series);
    if (room && !series.failed) {
        buf_format(page->out,
                   "<script type=\"application/json\" id=\"d%zu\">{\"from\":%lld,\"hours\":%zu,"
                   "\"days\":%zu,\"byHour\":%s,\"channels\":[",
                   view->brand, (long long)grid->edges_s[0], grid->times,
                   page->audit->grids[GRID_DAILY].times, by_hour ? "true" : "false");
        put_names(page, &choice);
        put(page, "],\"events\":[");
        put_events(page, view);
        put(page, "],\"series\":\"");
        put_packed(page, buf_as_span(&series));
        put(page, "\"}</script>\n");
    } else {
        page->out->failed = true;
    }
    free(choice.slot);
    buf_release(&series);
}
