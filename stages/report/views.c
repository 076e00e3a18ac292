/* What the page needs to know of each brand, added up once. */
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

enum quiet_reason view_quiet_reason(const struct page *page, const struct brand_view *view) {
    return view->event_count ? QUIET_CALM : quiet_reason_of(view->all.mentions, page->known_s);
}

/* The brand of an id as rows hold it (cut to their column); NULL when there is none. */
static struct brand_view *find_brand(struct page *page, const struct symbols *ids, struct span id) {
    uint32_t brand = symbols_find(ids, id);
    return brand < page->brand_count ? &page->brands[brand] : NULL;
}

static int compare_events(const void *a, const void *b) {
    const struct event_view *x = a, *y = b;
    if (x->row->onset != y->row->onset)
        return x->row->onset < y->row->onset ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

/* Counts each brand's events, or, once there is room for them, takes them. */
static void gather_events(struct page *page, const struct symbols *ids, bool take) {
    for (int table = TABLE_CRISES; table <= TABLE_MOOD_TURNS; table++) {
        const struct episode_row *rows = page->audit->tables[table].rows;
        for (size_t i = 0; i < page->audit->tables[table].count; i++) {
            struct brand_view *view = find_brand(page, ids, FIELD_SPAN(rows[i].brand));
            enum event_kind kind = table == TABLE_CRISES                        ? EVENT_CRISIS
                                   : table == TABLE_MOOD_TURNS                  ? EVENT_TURN
                                   : span_is(FIELD_SPAN(rows[i].kind), "flood") ? EVENT_FLOOD
                                                                                : EVENT_BURST;
            if (view && take)
                view->events[view->event_count] =
                    (struct event_view){.row = &rows[i], .kind = kind};
            if (view)
                view->event_count++;
        }
    }
}

static bool list_events(struct page *page, const struct symbols *ids) {
    gather_events(page, ids, false);
    for (size_t i = 0; i < page->brand_count; i++) {
        struct brand_view *view = &page->brands[i];
        view->events = calloc(view->event_count + 1, sizeof *view->events);
        view->event_count = 0;
        if (!view->events)
            return false;
    }
    gather_events(page, ids, true);
    for (size_t i = 0; i < page->brand_count; i++) {
        struct brand_view *view = &page->brands[i];
        unsigned numbers[EVENT_KINDS] = {0};
        qsort(view->events, view->event_count, sizeof *view->events, compare_events);
        for (size_t e = 0; e < view->event_count; e++)
            view->events[e].number = ++numbers[view->events[e].kind];
        view->crisis_count = numbers[EVENT_CRISIS];
    }
    return true;
}

/* Edges are added and subtracted freely from here on. */
static bool edges_sound(const struct grid *grid) {
    for (size_t i = 0; grid->times && i <= grid->times; i++)
        if (!moment_known(grid->edges_s[i]) || (i && grid->edges_s[i] <= grid->edges_s[i - 1]))
            return false;
    return true;
}

static bool make_brands(struct page *page) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    size_t channels = page->audit->channels.count;
    page->brand_count = page->audit->brands.count;
    page->brands = calloc(page->brand_count + 1, sizeof *page->brands);
    if (!page->brands)
        return false;
    for (size_t i = 0; i < page->brand_count; i++) {
        struct brand_view *view = &page->brands[i];
        const char *only = page->options->brand;
        view->brand = i;
        view->shown = !only || strcmp(only, page->audit->brands.at[i]) == 0;
        page->shown_count += view->shown;
        view->channel_weight = calloc(channels + 1, sizeof *view->channel_weight);
        if (!view->channel_weight)
            return false;
        for (size_t hour = 0; hour < grid->times; hour++) {
            const struct grid_point *point = page_point(page, GRID_HOURLY, hour, i);
            add_point(&view->all, point);
            view->originals += point->originals;
            view->replies += point->replies;
            view->reposts += point->reposts;
            for (int stage = 0; stage < STAGE_COUNT; stage++)
                view->stages[stage] += point->stages[stage];
        }
    }
    for (size_t i = 0; i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        if (cell->brand < page->brand_count && cell->channel < channels)
            page->brands[cell->brand].channel_weight[cell->channel] += cell->mentions;
    }
    return true;
}

/* What the tables say of each brand. Their rows hold its id as far as their column is long. */
static enum status read_tables(struct page *page, struct fault *fault) {
    const struct brand_row *rows = page->audit->tables[TABLE_BRANDS].rows;
    struct symbols ids = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < page->brand_count && status == STATUS_OK; i++) {
        const char *id = page->audit->brands.at[i];
        uint32_t number =
            symbols_intern(&ids, (struct span){id, strnlen(id, sizeof rows->brand - 1)});
        if (number == SYMBOL_NONE)
            status = fault_memory(fault);
        else if (number != i)
            status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                               "two brands of the audit have the id \"%s\"", id);
    }
    if (status == STATUS_OK && !list_events(page, &ids))
        status = fault_memory(fault);
    for (size_t i = 0; i < page->audit->tables[TABLE_BRANDS].count && status == STATUS_OK; i++) {
        struct brand_view *view = find_brand(page, &ids, FIELD_SPAN(rows[i].brand));
        if (view)
            view->authors = rows[i].authors;
    }
    symbols_release(&ids);
    return status;
}

void view_stages(const struct page *page, const struct brand_view *view, int64_t from_s,
                 int64_t to_s, int64_t stages[STAGE_COUNT]) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        stages[stage] = 0;
    for (size_t i = grid_find(grid, from_s); i < grid->times && grid->edges_s[i] < to_s; i++)
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            stages[stage] += page_point(page, GRID_HOURLY, i, view->brand)->stages[stage];
}

const struct episode_row *crisis_row(const struct crisis_view *crisis) {
    return crisis->brand->events[crisis->event].row;
}

static int compare_onset(const void *a, const void *b) {
    const struct crisis_view *x = a, *y = b;
    int64_t left = crisis_row(x)->onset, right = crisis_row(y)->onset;
    if (left != right)
        return left < right ? -1 : 1;
    return (x->brand->brand > y->brand->brand) - (x->brand->brand < y->brand->brand);
}

static int compare_severity(const void *a, const void *b) {
    const struct crisis_view *const *left = a, *const *right = b;
    const struct episode_row *x = crisis_row(*left), *y = crisis_row(*right);
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->excess != y->excess)
        return x->excess > y->excess ? -1 : 1;
    return (x->onset > y->onset) - (x->onset < y->onset);
}

static int compare_mentions(const void *a, const void *b) {
    const struct brand_view *x = *(struct brand_view *const *)a;
    const struct brand_view *y = *(struct brand_view *const *)b;
    if (x->shown != y->shown)
        return x->shown ? -1 : 1;
    if (x->all.mentions != y->all.mentions)
        return x->all.mentions > y->all.mentions ? -1 : 1;
    return (x->brand > y->brand) - (x->brand < y->brand);
}

static bool rank_brands(struct page *page) {
    struct brand_view **order = malloc((page->brand_count + 1) * sizeof *order);
    for (size_t i = 0; order && i < page->brand_count; i++)
        order[i] = &page->brands[i];
    if (order)
        qsort(order, page->brand_count, sizeof *order, compare_mentions);
    for (size_t i = 0; order && i < page->brand_count; i++)
        order[i]->rank = i;
    free(order);
    return order != NULL;
}

static bool rank_crises(struct page *page) {
    struct crisis_view **order = malloc((page->crisis_count + 1) * sizeof *order);
    for (size_t i = 0; order && i < page->crisis_count; i++)
        order[i] = &page->crises[i];
    if (order)
        qsort(order, page->crisis_count, sizeof *order, compare_severity);
    for (size_t i = 0; order && i < page->crisis_count; i++)
        order[i]->rank = i;
    free(order);
    return order != NULL;
}

enum status views_build(struct page *page, struct fault *fault) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    size_t room = page->audit->tables[TABLE_CRISES].count;
    if (!edges_sound(grid) || !edges_sound(&page->audit->grids[GRID_DAILY]))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "the audit's times are not in order");
    page->from_s = grid->times ? grid->edges_s[0] : 0;
    page->to_s = grid->times ? grid->edges_s[grid->times] : 0;
    page->known_s = grid_known_s(grid, page->audit->channels.count);
    page->crises = malloc((room + 1) * sizeof *page->crises);
    if (!page->crises || !make_brands(page))
        return fault_memory(fault);
    if (page->options->brand && !page->shown_count)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "the audit has no brand \"%s\"; burza export AUDIT.h5 brands lists them",
                         page->options->brand);
    enum status status = read_tables(page, fault);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < page->brand_count; i++)
        for (size_t e = 0; e < page->brands[i].event_count && page->crisis_count < room; e++)
            if (page->brands[i].shown && page->brands[i].events[e].kind == EVENT_CRISIS)
                page->crises[page->crisis_count++] =
                    (struct crisis_view){.brand = &page->brands[i], .event = e};
    qsort(page->crises, page->crisis_count, sizeof *page->crises, compare_onset);
    return rank_brands(page) && rank_crises(page) ? STATUS_OK : fault_memory(fault);
}

void views_release(struct page *page) {
    for (size_t i = 0; page->brands && i < page->brand_count; i++) {
        free(page->brands[i].channel_weight);
        free(page->brands[i].events);
    }
    free(page->brands);
    free(page->crises);
    page->brands = NULL;
    page->crises = NULL;
}
