/* The page's frame, and the table of its chapters. */
#include "stages/report/report.h"

#include "stages/report/page.h"

bool report_language_find(const char *name, enum report_language *out) {
    bool polish = name && strcmp(name, "pl") == 0;
    *out = polish ? REPORT_PL : REPORT_EN;
    return polish || !name || strcmp(name, "en") == 0;
}

/* Shading that is told apart without colour; all charts refer to it. */
static const char patterns[] =
    "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" "
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
    "</defs></svg>\n";

static void put_head(struct page *page) {
    put(page, "<!DOCTYPE html>\n<html lang=\"");
    put(page, page->polish ? "pl" : "en");
    put(page, "\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"generator\" content=\"burza\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n"
              "<meta name=\"robots\" content=\"noindex\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put(page, tr(page, "Reputation audit", "Audyt reputacji"));
    for (size_t i = 0; i < page->brand_count && i < 3; i++) {
        put(page, i ? ", " : ": ");
        put_text(page, page_brand_name(page, i));
    }
    if (page->brand_count > 3)
        put(page, " \xE2\x80\xA6");
    put(page, "</title>\n<style>\n");
    put(page, report_style);
    put(page, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">");
    put(page, tr(page, "Skip to the content", "Przejdź do treści"));
    put(page, "</a>\n");
    put(page, patterns);
}

static bool has_crises(const struct page *page) {
    return page->crisis_count > 0;
}

/* The chapters, in their order: one row and one file make another. */
static const struct section sections[] = {
    {"comparison", {"The brands at a glance", "Marki w skrócie"}, NULL, comparison_write},
    {"crises", {"What happened", "Co się wydarzyło"}, has_crises, crises_write},
    {"brands", {NULL, NULL}, NULL, brands_write},
    {"sources", {"What was read", "Co odczytano"}, NULL, sources_write},
    {"method", {"How to read the figures", "Jak czytać te liczby"}, NULL, method_write},
    {"provenance", {"Settings and provenance", "Ustawienia i pochodzenie"}, NULL, provenance_write},
};

enum status report_write(const struct audit *audit, enum report_language language,
                         const struct zone *zone, struct buf *out, struct fault *fault) {
    struct page page = {.out = out, .audit = audit, .zone = zone, .polish = language == REPORT_PL};
    enum status status = views_build(&page, fault);
    if (status == STATUS_OK) {
        put_head(&page);
        header_write(&page);
        put(&page, "<main id=\"content\">\n");
    }
    for (size_t i = 0; i < sizeof sections / sizeof *sections && status == STATUS_OK; i++) {
        const struct section *section = &sections[i];
        const char *title = section->title[page.polish];
        if (section->wanted && !section->wanted(&page))
            continue;
        if (title)
            buf_format(out, "<section id=\"%s\">\n<h2>%s</h2>\n", section->id, title);
        status = section->write(&page, fault);
        if (title)
            put(&page, "</section>\n");
    }
    put(&page, "</main>\n</body>\n</html>\n");
    views_release(&page);
    if (status == STATUS_OK && out->failed)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the report would be larger than %zu bytes, or memory is short; audit "
                         "fewer brands at once",
                         out->max);
    return status;
}
