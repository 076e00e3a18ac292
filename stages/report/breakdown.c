/* Where, in which language and at which stage of the customer's path a brand is talked about. */
#include "stages/report/page.h"

#include <stdlib.h>

enum { GROUPS_SHOWN = 12 };

struct group {
    size_t index;
    struct tally_view tally;
};

static int compare_groups(const void *a, const void *b) {
    const struct group *x = a, *y = b;
    if (x->tally.mentions != y->tally.mentions)
        return x->tally.mentions > y->tally.mentions ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Sums the brand's cells by channel or by language, largest first. */
static struct group *sum_groups(const struct page *page, size_t brand, bool languages,
                                size_t *count) {
    const struct grid *grid = &page->audit->grids[GRID_DAILY];
    *count = languages ? LANGUAGE_COUNT : page->audit->channels.count;
    struct group *groups = calloc(*count + 1, sizeof *groups);
    for (size_t i = 0; groups && i < *count; i++)
        groups[i].index = i;
    for (size_t i = 0; groups && i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        size_t at = languages ? cell->language : cell->channel;
        if (cell->brand == brand && at < *count) {
            struct tally_view *tally = &groups[at].tally;
            tally->mentions += cell->mentions;
            tally->negative += cell->negative;
            tally->neutral += cell->neutral;
            tally->positive += cell->positive;
        }
    }
    if (groups)
        qsort(groups, *count, sizeof *groups, compare_groups);
    return groups;
}

static void put_group_name(struct page *page, size_t index, bool languages) {
    if (languages) {
        put(page, word_language(page, span_of(language_name((enum language)index))));
        return;
    }
    const struct names *names = &page->audit->channels;
    struct span name = span_of(names->at[index]), part = page_channel_part(name);
    struct span platform = {name.at, part.len ? name.len - part.len - 1 : name.len};
    /* when channels of a platform have lines of their own, its line holds the others */
    bool others = false;
    for (size_t i = 0; i < names->count && !part.len; i++)
        others |= strncmp(names->at[i], name.at, name.len) == 0 && names->at[i][name.len] == '/';
    put(page, "<bdi>");
    put_channel(page, platform, part);
    if (others)
        put(page, tr(page, ", elsewhere", ", gdzie indziej"));
    put(page, "</bdi>");
}

static void put_group_figures(struct page *page, const struct tally_view *tally, int64_t whole) {
    int64_t scored = tally->negative + tally->neutral + tally->positive;
    put(page, "</th><td class=\"num\">");
    put_count(page, tally->mentions);
    put(page, "</td><td class=\"num\">");
    put_share(page, tally->mentions, whole);
    put(page, "</td><td>");
    put_sentiment_bar(page, tally);
    put(page, "</td><td class=\"num\">");
    put_share(page, tally->negative, scored);
    put(page, "</td><td class=\"num\">");
    put_share(page, tally->positive, scored);
    put(page, "</td></tr>\n");
}

static void put_groups(struct page *page, const struct brand_view *view, bool languages) {
    static const char *const titles[][2] = {{"Mentions", "Wzmianki"},
                                            {"Share", "Udział"},
                                            {"Sentiment", "Wydźwięk"},
                                            {"Negative", "Negatywne"},
                                            {"Positive", "Pozytywne"}};
    size_t count;
    struct tally_view rest = {0};
    struct group *groups = sum_groups(page, view->brand, languages, &count);
    if (!groups) {
        page->out->failed = true;
        return;
    }
    buf_format(page->out,
               "<div class=\"scroll\" tabindex=\"0\"><table class=\"groups\"><thead><tr><th "
               "scope=\"col\">%s",
               languages ? tr(page, "Language", "Język") : tr(page, "Channel", "Kanał"));
    for (int i = 0; i < 5; i++)
        buf_format(page->out, "</th><th scope=\"col\"%s>%s", i == 2 ? "" : " class=\"num\"",
                   titles[i][page->polish]);
    put(page, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count && groups[i].tally.mentions > 0; i++) {
        const struct tally_view *tally = &groups[i].tally;
        if (i >= GROUPS_SHOWN) {
            rest.mentions += tally->mentions;
            rest.negative += tally->negative;
            rest.neutral += tally->neutral;
            rest.positive += tally->positive;
            continue;
        }
        put(page, "<tr><th scope=\"row\">");
        put_group_name(page, groups[i].index, languages);
        put_group_figures(page, tally, view->all.mentions);
    }
    if (rest.mentions) {
        put(page, "<tr><th scope=\"row\">");
        put(page, tr(page, "all others", "wszystkie inne"));
        put_group_figures(page, &rest, view->all.mentions);
    }
    put(page, "</tbody></table></div>\n");
    free(groups);
}

void breakdown_write(struct page *page, const struct brand_view *view) {
    buf_format(page->out, "<h3>%s</h3>\n", tr(page, "Channels", "Kanały"));
    put_groups(page, view, false);
    buf_format(page->out, "<h3>%s</h3>\n", tr(page, "Languages", "Języki"));
    put_groups(page, view, true);
    buf_format(page->out,
               "<h3>%s</h3>\n<table class=\"stages\"><thead><tr><th scope=\"col\">%s</th><th "
               "scope=\"col\" colspan=\"2\">%s</th><th scope=\"col\" "
               "class=\"num\">%s</th></tr></thead><tbody>\n",
               tr(page, "Stages of the customer\xE2\x80\x99s path", "Etapy ścieżki klienta"),
               tr(page, "Stage", "Etap"), tr(page, "Mentions", "Wzmianki"),
               tr(page, "Share", "Udział"));
    int64_t largest = 1;
    for (int i = STAGE_AWARE; i < STAGE_COUNT; i++)
        largest = view->stages[i] > largest ? view->stages[i] : largest;
    for (int i = STAGE_AWARE; i < STAGE_COUNT; i++) {
        buf_format(page->out, "<tr><th scope=\"row\">%s</th><td class=\"track\">",
                   word_stage(page, i));
        if (view->stages[i] > 0)
            buf_format(page->out, "<i style=\"width:%.1f%%\"></i>",
                       100.0 * (double)view->stages[i] / (double)largest);
        put(page, "</td><td class=\"num\">");
        put_count(page, view->stages[i]);
        put(page, "</td><td class=\"num\">");
        put_share(page, view->stages[i], view->all.mentions);
        put(page, "</td></tr>\n");
    }
    put(page, "</tbody></table>\n");
}
