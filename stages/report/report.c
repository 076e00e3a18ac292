/* The page's frame, and the order of its parts. */
#include "stages/report/report.h"

#include "stages/report/page.h"

#include <stdlib.h>

enum { DETAILED_BRANDS = 60 };

bool report_language_find(const char *name, enum report_language *out) {
    bool polish = name && strcmp(name, "pl") == 0;
    *out = polish ? REPORT_PL : REPORT_EN;
    return polish || !name || strcmp(name, "en") == 0;
}

/* Shading that is told apart without colour; all charts refer to it. */
static void put_patterns(struct page *page) {
    put(page, "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" "
              "focusable=\"false\"><defs>"
              "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
              "patternTransform=\"rotate(45)\"><rect class=\"hatch\" width=\"1.6\" "
              "height=\"6\"/></pattern>"
              "<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
              "<rect class=\"tint1\" width=\"6\" height=\"6\"/>"
              "<circle class=\"dot\" cx=\"2\" cy=\"2\" r=\"0.9\"/></pattern>"
              "<pattern id=\"grid\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
              "<rect class=\"tint2\" width=\"6\" height=\"6\"/>"
              "<path class=\"cross\" d=\"M0 3H6M3 0V6\"/></pattern>"
              "</defs></svg>\n");
}

static void put_title(struct page *page) {
    put(page, tr(page, "Reputation audit", "Audyt reputacji"));
    for (size_t i = 0; i < page->brand_count && i < 3; i++) {
        put(page, i ? ", " : ": ");
        put_text(page, page_brand_name(page, i));
    }
    if (page->brand_count > 3)
        put(page, " \xE2\x80\xA6");
}

static void put_head(struct page *page) {
    put(page, "<!DOCTYPE html>\n<html lang=\"");
    put(page, page->polish ? "pl" : "en");
    put(page, "\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n"
              "<meta name=\"robots\" content=\"noindex\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put_title(page);
    put(page, "</title>\n<style>\n");
    put(page, report_style);
    put(page, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">");
    put(page, tr(page, "Skip to the content", "Przejdź do treści"));
    put(page, "</a>\n");
    put_patterns(page);
}

static int compare_mentions(const void *a, const void *b) {
    const struct brand_view *x = *(const struct brand_view *const *)a;
    const struct brand_view *y = *(const struct brand_view *const *)b;
    if (x->all.mentions != y->all.mentions)
        return x->all.mentions > y->all.mentions ? -1 : 1;
    return (x->brand > y->brand) - (x->brand < y->brand);
}

/* All brands in the audit's order; of very many, the most mentioned. */
static enum status put_brands(struct page *page, struct fault *fault) {
    size_t shown = page->brand_count < DETAILED_BRANDS ? page->brand_count : DETAILED_BRANDS;
    const struct brand_view **order = malloc((page->brand_count + 1) * sizeof *order);
    if (!order)
        return fault_memory(fault);
    for (size_t i = 0; i < page->brand_count; i++)
        order[i] = &page->brands[i];
    if (shown < page->brand_count)
        qsort(order, page->brand_count, sizeof *order, compare_mentions);
    for (size_t i = 0; i < shown; i++)
        brand_write(page, order[i]);
    if (shown < page->brand_count) {
        put(page, "<p class=\"note\">");
        put(page, tr(page, "Only the most mentioned brands are shown in detail: ",
                     "Szczegółowo pokazano tylko marki wzmiankowane najczęściej: "));
        put_count(page, (int64_t)shown);
        put(page, tr(page, " of ", " z "));
        put_count(page, (int64_t)page->brand_count);
        put(page, ".</p>\n");
    }
    free(order);
    return STATUS_OK;
}

enum status report_write(const struct audit *audit, enum report_language language,
                         const struct zone *zone, struct buf *out, struct fault *fault) {
    struct page page = {.out = out, .audit = audit, .zone = zone, .polish = language == REPORT_PL};
    enum status status = views_build(&page, fault);
    if (status == STATUS_OK) {
        put_head(&page);
        front_write(&page);
        status = put_brands(&page, fault);
    }
    if (status == STATUS_OK) {
        sources_write(&page);
        method_write(&page);
        put(&page, "</main>\n</body>\n</html>\n");
    }
    views_release(&page);
    if (status == STATUS_OK && out->failed)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the report would be larger than %zu bytes, or memory is short; audit "
                         "fewer brands at once",
                         out->max);
    return status;
}
