/* The contents: a way to every chapter, brand and crisis. */
#include "stages/report/page.h"

enum { ENTRIES_MAX = 60 };

static void put_brands(struct page *page) {
    put(page, "<ol>");
    for (size_t i = 0; i < page->brand_count; i++)
        if (view_detailed(&page->brands[i])) {
            buf_format(page->out, "<li><a href=\"#b%zu\">", page->brands[i].brand);
            put_brand_name(page, &page->brands[i]);
            put(page, "</a></li>");
        }
    put(page, "</ol>");
}

static void put_crises(struct page *page) {
    put(page, "<ol>");
    for (size_t i = 0; i < page->crisis_count; i++) {
        const struct crisis_view *crisis = &page->crises[i];
        if (crisis->rank >= ENTRIES_MAX)
            continue;
        buf_format(page->out, "<li><a href=\"#e%zu-%zu\">", crisis->brand->brand, crisis->event);
        put_brand_name(page, crisis->brand);
        put(page, " ");
        put_mark(page, &crisis->brand->events[crisis->event]);
        put(page, ", ");
        put_short_date(page, crisis_row(crisis)->onset);
        put(page, "</a></li>");
    }
    put(page, "</ol>");
}

void contents_write(struct page *page, const struct section *sections, size_t count) {
    buf_format(page->out,
               "<nav class=\"contents\" id=\"contents\" aria-label=\"%s\">\n<p>%s</p>\n<ol>\n",
               tr(page, "Contents", "Spis treści"), tr(page, "Contents", "Spis treści"));
    for (size_t i = 0; i < count; i++) {
        const struct section *section = &sections[i];
        bool brands = !section->title[0];
        if (brands && !page->shown_count)
            continue;
        buf_format(page->out, "<li><a href=\"#%s\">%s</a>", brands ? "brands" : section->id,
                   brands ? tr(page, "Each brand", "Każda marka") : section->title[page->polish]);
        if (brands)
            put_brands(page);
        else if (strcmp(section->id, "crises") == 0 && page->crisis_count)
            put_crises(page);
        put(page, "</li>\n");
    }
    put(page, "</ol>\n</nav>\n");
}
