/* What the page needs to know of each brand, added up once. */
#include "stages/common/num.h"
#include "stages/report/page.h"

#include <math.h>
#include <stdlib.h>

const struct grid_point *page_point(const struct page *page, enum grid_id grid, size_t time,
                                    size_t brand) {
    return &page->audit->grids[grid].points[time * page->brand_count + brand];
}

struct span page_brand_name(const struct page *page, size_t brand) {
    const struct names *names = &page->audit->brand_names;
    if (brand >= names->count || !names->at[brand][0])
        names = &page->audit->brands;
    return (struct span){names->at[brand], strnlen(names->at[brand], sizeof names->at[brand])};
}

struct span page_channel_part(struct span channel) {
    const char *slash = memchr(channel.at, '/', channel.len);
    if (!slash)
        return (struct span){channel.at, 0};
    return (struct span){slash + 1, channel.len - (size_t)(slash + 1 - channel.at)};
}

size_t grid_find(const struct grid *grid, int64_t second) {
    size_t low = 0, high = grid->times;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (grid->edges_s[middle + 1] <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_point(struct tally_view *tally, const struct grid_point *point) {
    tally->mentions += point->mentions;
    tally->negative += point->negative;
    tally->neutral += point->neutral;
    tally->positive += point->positive;
}

struct tally_view view_quiet(const struct page *page, const struct brand_view *view, int64_t from_s,
                             int64_t to_s) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    struct tally_view sum = {0};
    size_t event = 0;
    for (size_t i = grid_find(grid, from_s); i < grid->times && grid->edges_s[i + 1] <= to_s; i++) {
        /* events are in order of onset and do not overlap but by an hour */
        while (event < view->event_count && view->events[event].row->end <= grid->edges_s[i])
            event++;
        bool quiet =
            event == view->event_count || view->events[event].row->onset >= grid->edges_s[i + 1];
        if (quiet && grid->edges_s[i] >= from_s)
            add_point(&sum, page_point(page, GRID_HOURLY, i, view->brand));
    }
    return sum;
}

double view_coverage(const struct page *page, const struct brand_view *view, size_t hour) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    size_t channels = page->audit->channels.count;
    double sum = 0, weights = 0;
    if (!grid->coverage)
        return 1;
    for (size_t i = 0; i < channels; i++) {
        sum += view->channel_weight[i] * (double)grid->coverage[hour * channels + i];
        weights += view->channel_weight[i];
    }
    return weights > 0 ? sum / weights : 1;
}

static void count_points(struct page *page, struct brand_view *view) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    for (size_t i = 0; i < grid->times; i++) {
        const struct grid_point *point = page_point(page, GRID_HOURLY, i, view->brand);
        add_point(&view->all, point);
        view->originals += point->originals;
        view->replies += point->replies;
        view->reposts += point->reposts;
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            view->stages[stage] += point->stages[stage];
    }
}

static void weigh_channels(struct page *page) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    for (size_t i = 0; i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        if (cell->brand < page->brand_count && cell->channel < page->audit->channels.count)
            page->brands[cell->brand].channel_weight[cell->channel] += cell->mentions;
    }
}

/* The number that the study noted ("ID<TAB>NUMBER" lines under "authors"). */
static bool noted_authors(const struct page *page, const char *id, int64_t *out) {
    size_t len = strlen(id);
    const char *line = audit_noted(page->audit, "authors");
    while (*line) {
        size_t end = strcspn(line, "\n");
        if (end > len && strncmp(line, id, len) == 0 && line[len] == '\t')
            return num_i64((struct span){line + len + 1, end - len - 1}, out);
        line += end + (line[end] == '\n');
    }
    return false;
}

/* Without the note, the table of authors, which need not list all, gives a lower bound. */
static void count_authors(struct page *page, struct brand_view *view) {
    const struct author_row *rows = page->audit->tables[TABLE_AUTHORS].rows;
    const char *id = page->audit->brands.at[view->brand];
    view->authors_exact = noted_authors(page, id, &view->authors);
    if (view->authors_exact)
        return;
    for (size_t i = 0; i < page->audit->tables[TABLE_AUTHORS].count; i++)
        view->authors += strncmp(rows[i].brand, id, sizeof rows[i].brand - 1) == 0;
}

static int compare_events(const void *a, const void *b) {
    const struct event_view *x = a, *y = b;
    if (x->row->onset != y->row->onset)
        return x->row->onset < y->row->onset ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static size_t gather_events(const struct page *page, const char *id, struct event_view *out) {
    size_t count = 0;
    for (int table = TABLE_CRISES; table <= TABLE_BURSTS; table++) {
        const struct episode_row *rows = page->audit->tables[table].rows;
        for (size_t i = 0; i < page->audit->tables[table].count; i++) {
            if (strncmp(rows[i].brand, id, sizeof rows[i].brand - 1) != 0)
                continue;
            enum event_kind kind = table == TABLE_CRISES                ? EVENT_CRISIS
                                   : strcmp(rows[i].kind, "flood") == 0 ? EVENT_FLOOD
                                                                        : EVENT_BURST;
            if (out)
                out[count] = (struct event_view){.row = &rows[i], .kind = kind};
            count++;
        }
    }
    return count;
}

static bool number_events(struct page *page, struct brand_view *view) {
    const char *id = page->audit->brands.at[view->brand];
    unsigned numbers[3] = {0};
    view->event_count = gather_events(page, id, NULL);
    view->events = calloc(view->event_count + 1, sizeof *view->events);
    if (!view->events)
        return false;
    gather_events(page, id, view->events);
    qsort(view->events, view->event_count, sizeof *view->events, compare_events);
    for (size_t i = 0; i < view->event_count; i++)
        view->events[i].number = ++numbers[view->events[i].kind];
    view->crisis_count = numbers[EVENT_CRISIS];
    return true;
}

/* Edges are added and subtracted freely from here on. */
static bool edges_sound(const struct grid *grid) {
    for (size_t i = 0; grid->times && i <= grid->times; i++)
        if (!moment_known(grid->edges_s[i]) || (i && grid->edges_s[i] <= grid->edges_s[i - 1]))
            return false;
    return true;
}

enum status views_build(struct page *page, struct fault *fault) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    if (!edges_sound(grid) || !edges_sound(&page->audit->grids[GRID_DAILY]))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "the audit's times are not in order");
    page->brand_count = page->audit->brands.count;
    page->brands = calloc(page->brand_count + 1, sizeof *page->brands);
    if (!page->brands)
        return fault_memory(fault);
    for (size_t i = 0; i < page->brand_count; i++) {
        struct brand_view *view = &page->brands[i];
        view->brand = i;
        view->channel_weight = calloc(page->audit->channels.count + 1, sizeof(double));
        if (!view->channel_weight || !number_events(page, view))
            return fault_memory(fault);
        count_points(page, view);
        count_authors(page, view);
    }
    weigh_channels(page);
    page->from_s = grid->times ? grid->edges_s[0] : 0;
    page->to_s = grid->times ? grid->edges_s[grid->times] : 0;
    return STATUS_OK;
}

void views_release(struct page *page) {
    for (size_t i = 0; page->brands && i < page->brand_count; i++) {
        free(page->brands[i].channel_weight);
        free(page->brands[i].events);
    }
    free(page->brands);
    page->brands = NULL;
}
