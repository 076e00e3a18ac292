/* How every figure is defined, and what made this audit: settings, versions, digests. */
#include "stages/report/page.h"

enum { SHORT_VALUE = 120, DIGESTS_SHOWN = 300 };

static void put_entry(struct page *page, const struct provenance_entry *entry) {
    struct span value = span_of(entry->text);
    bool lengthy = value.len > SHORT_VALUE;
    put(page, "<dt>");
    put_field(page, entry->name);
    put(page, lengthy ? "</dt><dd><details><summary>" : "</dt><dd><code>");
    if (lengthy) {
        put(page, tr(page, "show", "pokaż"));
        put(page, "</summary><pre>");
    }
    put_text(page, value);
    put(page, lengthy ? "</pre></details></dd>\n" : "</code></dd>\n");
}

static void put_digests(struct page *page) {
    const struct input_row *rows = page->audit->tables[TABLE_INPUTS].rows;
    size_t count = page->audit->tables[TABLE_INPUTS].count;
    put(page, "<h3>");
    put(page, tr(page, "SHA-256 of the files", "SHA-256 plików"));
    put(page, "</h3>\n<dl class=\"provenance\">\n");
    for (size_t i = 0; i < count && i < DIGESTS_SHOWN; i++) {
        put(page, "<dt><bdi>");
        put_field(page, rows[i].input);
        put(page, "</bdi></dt><dd><code>");
        if (rows[i].sha256[0])
            put_field(page, rows[i].sha256);
        else
            put(page, DASH);
        put(page, "</code></dd>\n");
    }
    put(page, "</dl>\n");
}

enum status method_write(struct page *page, struct fault *fault) {
    (void)fault;
    put(page, "<dl class=\"definitions\">\n");
    put(page, tr(page, report_definitions_en, report_definitions_pl));
    put(page, "</dl>\n");
    return STATUS_OK;
}

enum status provenance_write(struct page *page, struct fault *fault) {
    (void)fault;
    put(page, "<p class=\"note\">");
    put(page,
        tr(page, "The same inputs, settings and lexicons give the same audit again, byte by byte.",
           "Te same pliki, ustawienia i słowniki dają ponownie ten sam audyt, bajt w bajt."));
    put(page, "</p>\n<dl class=\"provenance\">\n");
    for (size_t i = 0; i < page->audit->provenance_count; i++)
        put_entry(page, &page->audit->provenance[i]);
    put(page, "</dl>\n");
    put_digests(page);
    return STATUS_OK;
}
