/* What happened, in words: of an episode two or three sentences made of its counts. */
#include "stages/report/page.h"

#include <math.h>

static void put_span(struct page *page, const struct episode_row *row) {
    put(page, tr(page, "From ", "Od "));
    put_moment(page, row->onset);
    put(page, tr(page, " for ", " przez "));
    put_duration(page, row->duration_s);
    put(page, tr(page, ", ", " o "));
}

static int64_t whole(double value) {
    return isfinite(value) && value >= 0 && value < 1e15 ? (int64_t)(value + 0.5) : 0;
}

/* "Norvia was mentioned 1,072 times, where 103 are usual" */
static void put_size(struct page *page, const struct brand_view *view,
                     const struct episode_row *row) {
    if (page->polish)
        put(page, "marce ");
    put_brand_name(page, view);
    put(page, tr(page, " was mentioned ", " wspomniano "));
    put_count(page, row->mentions);
    put(page, tr_plural(page, row->mentions, " time, where ", " times, where ", " raz, zwykle ",
                        " razy, zwykle ", " razy, zwykle "));
    put_count(page, whole(row->expected));
    put(page,
        tr_plural(page, whole(row->expected), " is usual", " are usual", " raz", " razy", " razy"));
}

static void put_mood(struct page *page, const struct episode_row *row) {
    put_percent(page, row->negative_share);
    if (isfinite(row->negative_share_before)) {
        put(page, tr(page, " of the mentions were negative, before ",
                     " wzmianek było negatywnych, wcześniej "));
        put_percent(page, row->negative_share_before);
    } else {
        put(page, tr(page, " of the mentions were negative", " wzmianek było negatywnych"));
    }
    put(page, ". ");
}

/* No other channel may have left its baseline before the first: as spread_first_is_sure. */
static bool first_is_sure(const struct page *page, const struct episode_row *row) {
    const struct spread_row *rows = page->audit->tables[TABLE_SPREAD].rows;
    int64_t first_high = -1, second = -1;
    for (size_t i = 0; i < page->audit->tables[TABLE_SPREAD].count; i++) {
        bool own = rows[i].episode == row->onset &&
                   strncmp(rows[i].brand, row->brand, sizeof row->brand) == 0 &&
                   span_is(FIELD_SPAN(rows[i].dimension), "channel");
        if (own && rows[i].rank == 1)
            first_high = rows[i].left_high;
        if (own && rows[i].rank == 2)
            second = rows[i].left;
    }
    return second < 0 || first_high <= second;
}

static void put_channel_first(struct page *page, const struct episode_row *row) {
    struct span channels = FIELD_SPAN(row->channels);
    const char *comma = memchr(channels.at, ',', channels.len);
    struct span first = {channels.at, comma ? (size_t)(comma - channels.at) : channels.len};
    const char *plus = first.len ? memmem(first.at, first.len, " +", 2) : NULL;
    if (plus)
        first.len = (size_t)(plus - first.at);
    if (!first.len || !first_is_sure(page, row))
        return;
    put(page, tr(page, "It rose first on <bdi>", "Najpierw było to widać w: <bdi>"));
    put_channel_name(page, first);
    put(page, "</bdi>. ");
}

void story_write(struct page *page, const struct brand_view *view, const struct event_view *event) {
    const struct episode_row *row = event->row;
    put_span(page, row);
    if (event->kind == EVENT_TURN) {
        put_size(page, view, row);
        put(page, tr(page, ": no more than one would expect, but ",
                     ": nie więcej, niż należało się spodziewać, ale "));
        put_mood(page, row);
        return;
    }
    put_size(page, view, row);
    if (isfinite(row->ratio)) {
        put(page, tr(page, "; the busiest clock hour had ", "; w najgorętszej godzinie było ich "));
        put_decimal(page, row->ratio, 1);
        put(page, tr(page, " times its usual number", " raza tyle, ile w takiej godzinie zwykle"));
    }
    put(page, ". ");
    put_mood(page, row);
    put_channel_first(page, row);
}
