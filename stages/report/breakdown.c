/* Where, in which language and by whom a brand is talked about. */
#include "stages/report/figure.h"

#include <stdlib.h>

enum { GROUPS_SHOWN = 12, AUTHORS_SHOWN = 8, CHANGE_FROM = 10 };

struct group {
    size_t index;
    struct tally_view tally;
    int64_t later; /* mentions of them in the later half of the time */
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
            groups[at].later += cell->time >= grid->times / 2 ? cell->mentions : 0;
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

static void put_group_figures(struct page *page, const struct group *group, int64_t whole) {
    const struct tally_view *tally = &group->tally;
    int64_t earlier = tally->mentions - group->later;
    put(page, "<td>");
    put_count(page, tally->mentions);
    put(page, "<td>");
    put_share(page, tally->mentions, whole);
    put(page, "<td class=\"opt\">");
    if (earlier >= CHANGE_FROM) {
        double change = (double)(group->later - earlier) / (double)earlier;
        put_signed(page, change * 100, 0);
        put(page, "%");
    } else {
        put(page, DASH);
    }
    put(page, "<td class=\"opt t\">");
    put_sentiment_bar(page, tally);
    put(page, "<td>");
    put_share(page, tally->negative, tally_scored(tally));
    put(page, "<td>");
    put_share(page, tally->positive, tally_scored(tally));
}

static void put_groups(struct page *page, const struct brand_view *view, bool languages) {
    static const struct {
        const char *title[2], *class;
    } columns[] = {{{"Mentions", "Wzmianki"}, ""},  {{"Share", "Udział"}, ""},
                   {{"Change", "Zmiana"}, "opt"},   {{"Sentiment", "Wydźwięk"}, "opt t"},
                   {{"Negative", "Negatywne"}, ""}, {{"Positive", "Pozytywne"}, ""}};
    size_t count;
    struct group rest = {0}, *groups = sum_groups(page, view->brand, languages, &count);
    if (!groups) {
        page->out->failed = true;
        return;
    }
    buf_format(page->out,
               "<div class=\"scroll\"><table class=\"groups rows "
               "sorts\"><caption>%s</caption><thead><tr><th "
               "scope=\"col\">%s",
               languages
                   ? tr(page, "Languages; shares of sentiment are of the scored",
                        "Języki; udziały wydźwięku liczono wśród ocenionych")
                   : tr(page,
                        "Channels; change: the later half of the time against the earlier; "
                        "shares of sentiment are of the scored",
                        "Kanały; zmiana: późniejsza połowa okresu wobec wcześniejszej; udziały "
                        "wydźwięku liczono wśród ocenionych"),
               languages ? tr(page, "Language", "Język") : tr(page, "Channel", "Kanał"));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        buf_format(page->out, "</th><th scope=\"col\" class=\"%s\">%s", columns[i].class,
                   columns[i].title[page->polish]);
    put(page, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count && groups[i].tally.mentions > 0; i++) {
        if (i >= GROUPS_SHOWN) {
            rest.tally.mentions += groups[i].tally.mentions;
            rest.tally.negative += groups[i].tally.negative;
            rest.tally.neutral += groups[i].tally.neutral;
            rest.tally.positive += groups[i].tally.positive;
            rest.later += groups[i].later;
            continue;
        }
        put(page, "<tr><th>");
        put_group_name(page, groups[i].index, languages);
        put_group_figures(page, &groups[i], view->all.mentions);
    }
    if (rest.tally.mentions) {
        put(page, "<tr><th>");
        put(page, tr(page, "all others", "wszystkie inne"));
        put_group_figures(page, &rest, view->all.mentions);
    }
    put(page, "</tbody></table></div>\n");
    free(groups);
}

/* ---- who writes ---- */

static void put_author(struct page *page, const struct author_row *row, int64_t whole) {
    struct span platform = FIELD_SPAN(row->platform);
    put(page, "<tr><th scope=\"row\"><bdi>");
    put_field(page, row->author);
    put(page, "</bdi></th><td><bdi>");
    put_channel(page, platform, (struct span){platform.at, 0});
    put(page, "</bdi></td><td class=\"num\">");
    put_count(page, row->mentions);
    put(page, "</td><td class=\"num\">");
    put_share(page, row->mentions, whole);
    put(page, "</td></tr>\n");
}

/* The most active, as many as the table has at its head; people are pseudonyms. */
static void put_authors(struct page *page, const struct brand_view *view) {
    static const char *const titles[][2] = {{"Author", "Autor"},
                                            {"Platform", "Platforma"},
                                            {"Mentions", "Wzmianki"},
                                            {"Share", "Udział"}};
    const struct author_row *rows = page->audit->tables[TABLE_AUTHORS].rows;
    int64_t sum = 0;
    size_t shown = 0;
    for (size_t i = 0; i < page->audit->tables[TABLE_AUTHORS].count && shown < AUTHORS_SHOWN; i++) {
        if (!span_is(FIELD_SPAN(rows[i].brand), page->audit->brands.at[view->brand]))
            continue;
        if (!shown++) {
            buf_format(page->out,
                       "<details class=\"data\"><summary>%s</summary><div class=\"scroll\"><table>",
                       tr(page, "Who writes most", "Kto pisze najwięcej"));
            table_head(page, titles, 4, 0xC);
        }
        sum += rows[i].mentions;
        put_author(page, &rows[i], view->all.mentions);
    }
    if (!shown)
        return;
    put(page, "</tbody></table></div><p class=\"note\">");
    put(page, tr(page, "Together they wrote ", "Razem to "));
    put_share(page, sum, view->all.mentions);
    put(page, tr(page, " of the mentions.", " wzmianek."));
    put(page, "</p></details>\n");
}

void breakdown_write(struct page *page, const struct brand_view *view) {
    put_groups(page, view, false);
    put_groups(page, view, true);
    put_authors(page, view);
}
