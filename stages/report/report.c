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

/* The policy names what stands in the page by its digest: nothing else runs or styles. */
static void put_policy(struct page *page) {
    put(page,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src ");
    put_script_sources(page->out);
    put(page, "; style-src ");
    put_source_hash(page->out, span_of(report_style));
    put(page, "; img-src data:; base-uri 'none'; form-action 'none'\">\n");
}

static void put_page_title(struct page *page) {
    size_t named = 0;
    put(page, "<title>");
    if (page->options->title && *page->options->title) {
        put_text(page, span_of(page->options->title));
        put(page, "</title>\n");
        return;
    }
    put(page, tr(page, "Reputation audit", "Audyt reputacji"));
    for (size_t i = 0; i < page->brand_count && named < 3; i++)
        if (page->brands[i].shown) {
            put(page, named++ ? ", " : ": ");
            put_text(page, page_brand_name(page, i));
        }
    put(page, page->shown_count > 3 ? " \xE2\x80\xA6</title>\n" : "</title>\n");
}

static void put_head(struct page *page) {
    put(page, "<!DOCTYPE html>\n<html lang=\"");
    put(page, page->polish ? "pl" : "en");
    put(page, "\">\n<head>\n<meta charset=\"utf-8\">\n");
    put_policy(page);
    put(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"generator\" content=\"burza\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n"
              "<meta name=\"robots\" content=\"noindex\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n");
    put_page_title(page);
    put(page, "<style>");
    put(page, report_style);
    put(page, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">");
    put(page, tr(page, "Skip to the content", "Przejdź do treści"));
    put(page, "</a>\n");
    put(page, patterns);
}

/* The chapters, in their order: one row and one file make another. */
static const struct section sections[] = {
    {"summary", {"In brief", "W skrócie"}, summary_write},
    {"comparison", {"The brands compared", "Porównanie marek"}, comparison_write},
    {"crises", {"Crises", "Kryzysy"}, crises_write},
    {"brands", {NULL, NULL}, brands_write},
    {"care", {"Care: how the brands answered", "Obsługa: jak marki odpowiadały"}, care_write},
    {"journey", {"The customer journey", "Droga klienta"}, journeys_write},
    {"sources", {"Data and coverage", "Dane i ich zakres"}, sources_write},
    {"method", {"Method", "Metoda"}, method_write},
    {"cite", {"Cite this report", "Jak cytować"}, cite_write},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static enum status write_sections(struct page *page, struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t i = 0; i < SECTIONS && status == STATUS_OK; i++) {
        const struct section *section = &sections[i];
        const char *title = section->title[page->polish];
        if (title)
            buf_format(page->out, "<section id=\"%s\">\n<h2>%s</h2>\n", section->id, title);
        else
            buf_format(page->out, "<div id=\"%s\">\n", section->id);
        status = section->write(page, fault);
        put(page, title ? "</section>\n" : "</div>\n");
    }
    return status;
}

enum status report_write(const struct audit *audit, const struct report_options *options,
                         struct buf *out, struct fault *fault) {
    struct page page = {.out = out,
                        .audit = audit,
                        .options = options,
                        .zone = options->zone,
                        .polish = options->language == REPORT_PL};
    enum status status = views_build(&page, fault);
    if (status == STATUS_OK) {
        put_head(&page);
        header_write(&page);
        put(&page, "<div class=\"frame\">\n");
        contents_write(&page, sections, SECTIONS);
        put(&page, "<main id=\"content\">\n");
        status = write_sections(&page, fault);
        put(&page, "</main>\n</div>\n");
        script_write(&page);
        put(&page, "</body>\n</html>\n");
    }
    views_release(&page);
    if (status == STATUS_OK && page.polish)
        bind_words(out);
    if (status == STATUS_OK && out->failed)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the report would be larger than %zu bytes, or memory is short; audit "
                         "fewer brands at once, or ask for one with --brand ID",
                         out->max);
    return status;
}
